"""Whether a repository's settings on GitHub let the action do its work.

Where a setting stands and which right shows it: https://docs.github.com/rest and
https://docs.github.com/repositories/managing-your-repositorys-settings-and-features
"""

import re
from collections.abc import Iterator

from readingroom.core.tree import WORKFLOW
from readingroom.github.repository_settings import CREATE_PULLS, Policy, Published, Repository, Settings, Unseen
from readingroom.proposals.labels import LABELS
from readingroom.setup.check import FAILED, OK, UNKNOWN, WARNING, Check, summed
from readingroom.setup.workflow_check import has_app_token, publish_mode
from readingroom.setup.workflow_file import Step, Workflow
from readingroom.store.catalogue import CONFIGURATION

# The kinds of rules that keep a job's commit from a branch; those that keep the action from its own branches, which it
# makes, moves on and removes; and those that do so for the pages alone, whose branch moves on by merge commits.
BLOCKING = frozenset(
    {"pull_request", "update", "required_status_checks", "merge_queue", "required_deployments", "workflows"}
)
BLOCKING_BRANCHES = BLOCKING | {"creation", "deletion"}
BLOCKING_PAGES = BLOCKING_BRANCHES | {"required_linear_history"}
_COMMIT = re.compile("[0-9a-f]{40}")


def of(found: Settings, workflow: Workflow, branch: str, site: str) -> list[Check]:
    """Return what the settings mean to a workflow.

    ``branch`` is the one that is checked out and ``site`` the address that the group says for its site, or empty.
    """
    about = found.repository
    if isinstance(about, Unseen):
        return [_interrupted(found.interrupted) if found.interrupted else _no_repository(about)]
    checks = [
        _repository(about),
        _issues(about, workflow),
        _branch(about, branch),
        *_policy(about, found.policy, workflow),
        _pulls(about, found.may_open_pulls, workflow),
        _protection(about, found, workflow),
        _own_branches(about, found, workflow),
        _labels(about, found.labels),
        _site(about, found.site, site if "deploy" in workflow.jobs else ""),
        _state(about, found.state),
        _last_run(about, found),
    ]
    if found.interrupted:
        return [*(each for each in checks if each.state != UNKNOWN), _interrupted(found.interrupted)]
    return checks


def _interrupted(why: str) -> Check:
    return Check(
        "settings", UNKNOWN, f"GitHub gave no answer ({why}): run this again to see the repository's settings."
    )


def _no_repository(unseen: Unseen) -> Check:
    if unseen.status == 401:
        return Check("settings", UNKNOWN, "The token is not valid, or no longer: set READINGROOM_TOKEN to another.")
    if unseen.status == 404:
        return Check("repository", FAILED, _NOWHERE)
    return Check("settings", UNKNOWN, f"GitHub does not show the repository to this token ({unseen.said}).")


_NOWHERE = (
    "There is no such repository on GitHub, or the token may not see it: name the right one with --repository, or give "
    "the token the right Metadata: read."
)


def _unseen(name: str, what: str, unseen: Unseen, right: str, where: str) -> Check:
    message = f"GitHub does not show this token {what} ({unseen.said}): give it the right {right}, or look at {where}."
    return Check(name, UNKNOWN, message)


def _general(about: Repository) -> str:
    return f"Settings → Actions → General ({about.web}/settings/actions)"


def _repository(about: Repository) -> Check:
    if about.is_archived:
        where = f"Settings → General → Danger Zone ({about.web}/settings)"
        return Check("repository", FAILED, f"{about.name} is archived, so that nothing runs: unarchive it at {where}.")
    return Check("repository", OK, f"{about.name} is there and takes changes.")


def _issues(about: Repository, workflow: Workflow) -> Check:
    if about.has_issues:
        return Check("issues", OK, "Issues are switched on.")
    state = FAILED if "propose" in workflow.jobs else WARNING
    where = f"Settings → General → Features ({about.web}/settings)"
    return Check(
        "issues", state, f"Issues are switched off, so that nobody can propose a session: tick Issues at {where}."
    )


def _branch(about: Repository, branch: str) -> Check:
    if branch in {"", about.default_branch}:
        return Check("branch", OK, f"The default branch is {about.default_branch}.")
    message = (
        f"Here is the branch {branch}, but the action works on the default branch: check out {about.default_branch}"
    )
    return Check("branch", WARNING, f"{message}, or change the default at Settings → General ({about.web}/settings).")


def _policy(about: Repository, policy: Policy | Unseen, workflow: Workflow) -> Iterator[Check]:
    """Yield whether GitHub Actions may run, and the actions that the workflow uses."""
    if isinstance(policy, Unseen):
        what = "whether GitHub Actions are switched on, and for which actions"
        yield _unseen("actions", what, policy, "Administration: read", _general(about))
        return
    if not policy.is_enabled:
        message = (
            f"GitHub Actions are switched off in this repository: choose which actions may run at {_general(about)}."
        )
        yield Check("actions", FAILED, message)
        return
    yield Check("actions", OK, "GitHub Actions are switched on.")
    steps = {step.uses: step for step in workflow.steps() if not step.action.startswith(".")}
    owner = about.name.partition("/")[0]
    refused = [each for each, step in steps.items() if not _is_allowed(step, policy, owner)]
    loose = [each for each, step in steps.items() if policy.by_commit_only and not _COMMIT.fullmatch(step.version)]
    found = []
    if refused:
        state = UNKNOWN if policy.verified else FAILED
        found.append(Check("policy", state, f"{', '.join(refused)} {_REFUSED[policy.verified]} {_general(about)}."))
    if loose:
        message = f"Only actions pinned to a full commit may run: in {WORKFLOW} write the commit after the @ of"
        found.append(Check("policy", FAILED, f"{message} {', '.join(loose)}."))
    yield from summed("policy", found, "The actions that the workflow uses may run.")


_REFUSED = {
    False: "may not run, by the policy for actions: allow that at",
    True: "may run only if its maker is verified by GitHub: to be sure, allow that at",
}


def _is_allowed(step: Step, policy: Policy, owner: str) -> bool:
    """Tell whether a policy names an action; one that is made by a verified creator may run without."""
    maker = step.action.partition("/")[0].casefold()
    if policy.allowed == "all" or maker == owner.casefold():
        return True
    if policy.allowed == "local_only":
        return False
    if any(_fits(step.uses, each[1:]) for each in policy.patterns if each.startswith("!")):
        return False
    is_github = policy.github_owned and maker in {"actions", "github"}
    return is_github or any(_fits(step.uses, each) for each in policy.patterns)


def _fits(uses: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), uses, re.IGNORECASE) is not None


def _pulls(about: Repository, may: bool | Unseen, workflow: Workflow) -> Check:  # noqa: FBT001 -- what was found
    name = "pull-requests"
    makers = _makers(workflow)
    if makers and all(has_app_token(workflow, job) for job in makers):
        return Check(name, OK, "Pull requests are made with the token of an App.")
    if isinstance(may, Unseen):
        return _unseen(name, f'whether "{CREATE_PULLS}" is ticked', may, "Administration: read", _general(about))
    if may:
        return Check(name, OK, "Workflows may create pull requests.")
    message = f'Workflows may not create pull requests: tick "{CREATE_PULLS}" at {_general(about)}{_ORGANISATION}.'
    return Check(name, FAILED if makers else WARNING, message)


def _makers(workflow: Workflow) -> list[str]:
    """Return the jobs that make branches and pull requests."""
    pages = ["pages"] if publish_mode(workflow) == "pull-request" else []
    return pages + (["propose"] if "propose" in workflow.jobs else [])


_ORGANISATION = ", and where it cannot be ticked, in the organisation's settings first"


def _protection(about: Repository, found: Settings, workflow: Workflow) -> Check:
    """Tell whether a rule of the default branch keeps the commit of the pages from it."""
    name, branch, mode = "protection", about.default_branch, publish_mode(workflow)
    if mode != "commit":
        return Check(name, OK, f"With publish: {mode} no rule of {branch} is in the way.")
    seen = [each for each in (found.rules, found.protection) if not isinstance(each, Unseen)]
    if kinds := sorted(BLOCKING & frozenset[str]().union(*seen)):
        state = WARNING if has_app_token(workflow, "pages") else FAILED
        message = f"The rules of {branch} ({', '.join(kinds)}) keep the commit of the pages from it: {_PUBLISH}"
        return Check(name, state, f"{message} {_rules(about)}.")
    if isinstance(found.rules, Unseen):
        return _unseen(name, f"the rules of {branch}", found.rules, "Metadata: read", _rules(about))
    if isinstance(found.protection, Unseen):
        what = f"how {branch} is protected"
        return _unseen(name, what, found.protection, "Contents: read and Administration: read", _rules(about))
    return Check(name, OK, f"No rule keeps the commit of the pages from {branch}.")


_PUBLISH = f"add publish: pull-request to the inputs of the action in {WORKFLOW}, or let an App pass the rules at"


def _rules(about: Repository) -> str:
    return f"Settings → Rules ({about.web}/settings/rules) and Settings → Branches ({about.web}/settings/branches)"


def _own_branches(about: Repository, found: Settings, workflow: Workflow) -> Check:
    """Tell whether a rule keeps the action from the branches of proposals, or from that of the pages."""
    for rules in (found.branch_rules, found.pages_rules):
        if isinstance(rules, Unseen):
            what = "the rules of the branches readingroom/*"
            return _unseen("branches", what, rules, "Metadata: read", _rules(about))
    barred = _barred(found, workflow)
    if kinds := sorted(frozenset[str]().union(*barred.values())):
        stopped = [job for job in _makers(workflow) if barred.get(job) and not has_app_token(workflow, job)]
        message = (
            f"Rules ({', '.join(kinds)}) keep the action from its own branches: exclude readingroom/** from them at"
        )
        return Check("branches", FAILED if stopped else WARNING, f"{message} {_rules(about)}.")
    return Check("branches", OK, "No rule keeps the action from its own branches, readingroom/*.")


def _barred(found: Settings, workflow: Workflow) -> dict[str, frozenset[str]]:
    """Return the kinds of rules that are in the way of each job's own branches; the pages have one if proposed."""
    rules = {"propose": (found.branch_rules, BLOCKING_BRANCHES)}
    if publish_mode(workflow) == "pull-request":
        rules["pages"] = (found.pages_rules, BLOCKING_PAGES)
    return {job: there & kinds for job, (there, kinds) in rules.items() if not isinstance(there, Unseen)}


def _labels(about: Repository, labels: frozenset[str] | Unseen) -> Check:
    if isinstance(labels, Unseen):
        return _unseen("labels", "the labels", labels, "Issues: read", f"Issues → Labels ({about.web}/labels)")
    there = {each.casefold() for each in labels}
    if missing := [each for each in LABELS if each not in there]:
        return Check("labels", OK, f"Made when they are needed: {', '.join(missing)}.")
    return Check("labels", OK, f"There are the labels {', '.join(LABELS[:-1])} and {LABELS[-1]}.")


def _site(about: Repository, site: Published | Unseen, wanted: str) -> Check:
    """Tell whether GitHub Pages publish the site where readingroom.yml says that it is."""
    where = f"Settings → Pages ({about.web}/settings/pages)"
    if isinstance(site, Unseen):
        return _unseen("site", "the address on GitHub Pages", site, "Pages: read", where)
    if not wanted:
        publishes = f"GitHub Pages publishes {site.url}" if site.url else "GitHub Pages is switched off, and not needed"
        return Check("site", OK, f"{publishes}.")
    if not site.url or not site.is_by_workflow:
        found = "publishes a branch" if site.url else "is switched off"
        message = f"{CONFIGURATION} says the address of a site, but GitHub Pages {found}"
        return Check("site", FAILED, f'{message}: choose "GitHub Actions" as the source at {where}.')
    if site.url.rstrip("/") != wanted:
        message = f"GitHub Pages publishes {site.url}, but {CONFIGURATION} says {wanted}: correct one of them"
        return Check("site", WARNING, f"{message}, there or at {where}.")
    return Check("site", OK, f"GitHub Pages publishes {site.url}, brought by the workflow.")


def _state(about: Repository, state: str | Unseen) -> Check:
    """Tell whether the workflow is switched on: GitHub switches off the schedule of a quiet repository by itself."""
    where = f"Actions → readingroom ({about.web}/actions/workflows/{_FILE})"
    if isinstance(state, Unseen):
        if state.status == 404 and not about.is_private:  # which everybody may see
            return Check("state", FAILED, f"GitHub knows no {WORKFLOW}: push it to {about.default_branch}.")
        return _unseen("state", f"whether {WORKFLOW} is there and switched on", state, "Actions: read", where)
    if state == "active":
        return Check("state", OK, "The workflow is switched on.")
    why = _STATES.get(state, f'The workflow is not active, but "{state}"')
    return Check("state", FAILED, f"{why}: choose Enable workflow at {where}.")


_FILE = WORKFLOW.rpartition("/")[2]
_STATES = {
    "disabled_inactivity": "GitHub switched the workflow off, since the repository was quiet for 60 days",
    "disabled_manually": "Somebody switched the workflow off",
    "disabled_fork": "GitHub switched the workflow off, since this repository is a fork",
    "deleted": f"{WORKFLOW} was deleted, so push it again",
}
_BAD = frozenset({"failure", "timed_out", "startup_failure"})


def _last_run(about: Repository, found: Settings) -> Check:
    run, name = found.last_run, "last-run"
    if isinstance(run, Unseen):
        if isinstance(found.state, Unseen) and not about.is_private:
            return Check(name, OK, "There was no run yet.")
        where = f"Actions ({about.web}/actions/workflows/{_FILE})"
        return _unseen(name, "how the last run ended", run, "Actions: read", where)
    if run is None:
        return Check(name, OK, "There was no run yet.")
    if run.conclusion in _BAD:
        return Check(
            name, WARNING, f"The last run, of the event {run.event}, ended with {run.conclusion}: see {run.url}."
        )
    return Check(name, OK, f"The last run, of the event {run.event}, {_ended(run.conclusion)}.")


def _ended(conclusion: str) -> str:
    return f"ended with {conclusion}" if conclusion else "is still going on"
