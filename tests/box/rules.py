"""Rules for branches, which the emulator does not have: what they refuse to jobs and to those who merge.

https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets
"""

from collections.abc import Iterator
from typing import Any

from box import statuses
from box.openapi import example
from box.server import Answer
from box.world import Next, Request, World, refusal

CHECK = "readingroom"  # the check that a rule of the box requires
_KINDS = {"POST": "creation", "PATCH": "update", "DELETE": "deletion"}
_ABOUT = ("ruleset_source_type", "ruleset_source", "ruleset_id")


def read(world: World, request: Request, _then: Next) -> Answer:
    about = {key: example("/rules/branches/{branch}")[0][key] for key in _ABOUT}
    kinds = world.settings.list_rules(request.tail.removeprefix("/rules/branches/"))
    return Answer(200, [{"type": kind, **about} for kind in kinds], {})


def refuse(world: World, request: Request, then: Next) -> Answer:
    """Refuse a job what the rules for a branch forbid; the box's people are admins, who may bypass them."""
    if request.token not in world.granted:
        return then()
    branch = str((request.data or {}).get("ref", request.tail)).partition("refs/heads/")[2]
    violations = list(_find_violations(world, request, branch))
    return refusal(422, "\n\n".join(["Repository rule violations found", *violations])) if violations else then()


def _find_violations(world: World, request: Request, branch: str) -> Iterator[str]:
    kinds, kind = world.settings.list_rules(branch), _KINDS[request.method]
    if kind in kinds:
        yield f"Cannot {kind} this ref due to a rule."
    sha = str((request.data or {}).get("sha", ""))
    if kind == "deletion" or not sha:
        return
    if kind == "update":
        yield from (words for name, words in _ONLY_BY_MERGE.items() if name in kinds)
    if "required_status_checks" in kinds and not has_passed(world, sha):
        yield f'Required status check "{CHECK}" is expected.'
    if "required_signatures" in kinds and sha not in world.verified:
        yield "Commits must have verified signatures."
    if "required_linear_history" in kinds and len(_get_commit(world, sha)["parents"]) > 1:
        yield "This branch must not contain merge commits."
    if "non_fast_forward" in kinds and kind == "update" and not _is_ahead(world, branch, sha):
        yield "Cannot force-push to this branch"


_ONLY_BY_MERGE = {
    "pull_request": "Changes must be made through a pull request.",
    "merge_queue": "Changes must be made through the merge queue.",
    "required_deployments": "Required deployments have not succeeded.",
    "workflows": "Required workflows have not succeeded.",
}


def verify(world: World, request: Request, then: Next) -> Answer:
    """Remember the commits that GitHub signs: those of an App that are made through the API for itself.

    https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots
    """
    answer = then()
    if answer.status == 201 and request.token in world.granted and not {"author", "committer"} & {*request.data}:
        world.verified.add(answer.data["sha"])
    return answer


def has_passed(world: World, sha: str) -> bool:
    """Return whether the required check of a commit has passed, as a check run or as a commit status.

    A skipped job counts as passed, and of several the newest counts:
    https://docs.github.com/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
    """
    states = [each["state"] for each in statuses.of(world, sha) if each["context"] == CHECK][:1]
    if run := world.checks.get((sha, CHECK)):
        states.append(run)
    return bool(states) and set(states) <= {"success", "skipped"}


def _get_commit(world: World, sha: str) -> dict[str, Any]:
    return dict(world.emulator.get(f"/git/commits/{sha}"))


def _is_ahead(world: World, branch: str, sha: str) -> bool:
    old = world.sha(branch)
    return old is None or world.emulator.get(f"/compare/{old}...{sha}")["status"] in {"identical", "ahead"}
