"""Whether a repository's settings on GitHub let the action do its work.

Where a setting stands and which right shows it: https://docs.github.com/rest and
https://docs.github.com/repositories/managing-your-repositorys-settings-and-features
"""

import re
from collections.abc import Iterator

from readingroom.core.tree import CONFIGURATION, WORKFLOW_PATH
from readingroom.github.repository_settings import (
    CREATE_PULLS,
    ActionsPolicy,
    PagesSite,
    Repository,
    RepositorySettings,
    UnavailableSetting,
)
from readingroom.proposals.labels import LABELS
from readingroom.setup.check import FAILED, OK, UNKNOWN, WARNING, CheckResult, add_ok_if_empty
from readingroom.setup.workflow_check import get_publish_mode, has_app_token
from readingroom.setup.workflow_file import Step, Workflow

# The kinds of rules that keep a job's commit from a branch; those that keep the action from its own branches, which it
# makes, moves on and removes; and those that do so for the pages alone, whose branch moves on by merge commits.
BLOCKING_RULES = frozenset(
    {"pull_request", "update", "required_status_checks", "merge_queue", "required_deployments", "workflows"}
)
BRANCH_BLOCKING_RULES = BLOCKING_RULES | {"creation", "deletion"}
PAGES_BLOCKING_RULES = BRANCH_BLOCKING_RULES | {"required_linear_history"}
_COMMIT = re.compile("[0-9a-f]{40}")


def check_settings(found: RepositorySettings, workflow: Workflow, branch: str, site: str) -> list[CheckResult]:
    """Return what the settings mean to a workflow.

    ``branch`` is the one that is checked out and ``site`` the address that the group says for its site, or empty.
    """
    about = found.repository
    if isinstance(about, UnavailableSetting):
        return [_build_interrupted_result(found.interrupted) if found.interrupted else _check_repository_access(about)]
    checks = [
        _check_repository(about),
        _check_issues(about, workflow),
        _check_branch(about, branch),
        *_check_actions_policy(about, found.policy, workflow),
        _check_pull_request_setting(about, found.may_open_pulls, workflow),
        _check_branch_protection(about, found, workflow),
        _check_own_branches(about, found, workflow),
        _check_labels(about, found.labels),
        _check_github_pages(about, found.site, site if "deploy" in workflow.jobs else ""),
        _check_workflow_state(about, found.state),
        _check_last_run(about, found),
    ]
    if found.interrupted:
        return [*(each for each in checks if each.state != UNKNOWN), _build_interrupted_result(found.interrupted)]
    return checks


def _build_interrupted_result(why: str) -> CheckResult:
    return CheckResult(
        "settings", UNKNOWN, f"GitHub gave no answer ({why}): run this again to see the repository's settings."
    )


def _check_repository_access(unseen: UnavailableSetting) -> CheckResult:
    if unseen.status == 401:
        return CheckResult(
            "settings", UNKNOWN, "The token is not valid, or no longer: set READINGROOM_TOKEN to another."
        )
    if unseen.status == 404:
        return CheckResult("repository", FAILED, _NO_REPOSITORY)
    return CheckResult("settings", UNKNOWN, f"GitHub does not show the repository to this token ({unseen.said}).")


_NO_REPOSITORY = (
    "There is no such repository on GitHub, or the token may not see it: name the right one with --repository, or give "
    "the token the right Metadata: read."
)


def _build_unseen_result(name: str, what: str, unseen: UnavailableSetting, right: str, where: str) -> CheckResult:
    message = f"GitHub does not show this token {what} ({unseen.said}): give it the right {right}, or look at {where}."
    return CheckResult(name, UNKNOWN, message)


def _format_actions_settings(about: Repository) -> str:
    return f"Settings → Actions → General ({about.web}/settings/actions)"


def _check_repository(about: Repository) -> CheckResult:
    if about.is_archived:
        where = f"Settings → General → Danger Zone ({about.web}/settings)"
        return CheckResult(
            "repository", FAILED, f"{about.name} is archived, so that nothing runs: unarchive it at {where}."
        )
    return CheckResult("repository", OK, f"{about.name} is there and takes changes.")


def _check_issues(about: Repository, workflow: Workflow) -> CheckResult:
    if about.has_issues:
        return CheckResult("issues", OK, "Issues are switched on.")
    state = FAILED if "propose" in workflow.jobs else WARNING
    where = f"Settings → General → Features ({about.web}/settings)"
    return CheckResult(
        "issues", state, f"Issues are switched off, so that nobody can propose a session: tick Issues at {where}."
    )


def _check_branch(about: Repository, branch: str) -> CheckResult:
    if branch in {"", about.default_branch}:
        return CheckResult("branch", OK, f"The default branch is {about.default_branch}.")
    message = (
        f"Here is the branch {branch}, but the action works on the default branch: check out {about.default_branch}"
    )
    return CheckResult(
        "branch", WARNING, f"{message}, or change the default at Settings → General ({about.web}/settings)."
    )


def _check_actions_policy(
    about: Repository, policy: ActionsPolicy | UnavailableSetting, workflow: Workflow
) -> Iterator[CheckResult]:
    """Yield whether GitHub Actions may run, and the actions that the workflow uses."""
    if isinstance(policy, UnavailableSetting):
        what = "whether GitHub Actions are switched on, and for which actions"
        yield _build_unseen_result("actions", what, policy, "Administration: read", _format_actions_settings(about))
        return
    if not policy.is_enabled:
        where = _format_actions_settings(about)
        message = f"GitHub Actions are switched off in this repository: choose which actions may run at {where}."
        yield CheckResult("actions", FAILED, message)
        return
    yield CheckResult("actions", OK, "GitHub Actions are switched on.")
    steps = {step.uses: step for step in workflow.iter_steps() if not step.action.startswith(".")}
    owner = about.name.partition("/")[0]
    refused = [each for each, step in steps.items() if not _is_action_allowed(step, policy, owner)]
    loose = [each for each, step in steps.items() if policy.by_commit_only and not _COMMIT.fullmatch(step.version)]
    found = []
    if refused:
        state = UNKNOWN if policy.verified else FAILED
        found.append(
            CheckResult(
                "policy", state, f"{', '.join(refused)} {_REFUSED[policy.verified]} {_format_actions_settings(about)}."
            )
        )
    if loose:
        message = f"Only actions pinned to a full commit may run: in {WORKFLOW_PATH} write the commit after the @ of"
        found.append(CheckResult("policy", FAILED, f"{message} {', '.join(loose)}."))
    yield from add_ok_if_empty("policy", found, "The actions that the workflow uses may run.")


_REFUSED = {
    False: "may not run, by the policy for actions: allow that at",
    True: "may run only if its maker is verified by GitHub: to be sure, allow that at",
}


def _is_action_allowed(step: Step, policy: ActionsPolicy, owner: str) -> bool:
    """Tell whether a policy names an action; one that is made by a verified creator may run without."""
    maker = step.action.partition("/")[0].casefold()
    if policy.allowed == "all" or maker == owner.casefold():
        return True
    if policy.allowed == "local_only":
        return False
    if any(_matches_pattern(step.uses, each[1:]) for each in policy.patterns if each.startswith("!")):
        return False
    is_github = policy.github_owned and maker in {"actions", "github"}
    return is_github or any(_matches_pattern(step.uses, each) for each in policy.patterns)


def _matches_pattern(uses: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), uses, re.IGNORECASE) is not None


def _check_pull_request_setting(about: Repository, may: bool | UnavailableSetting, workflow: Workflow) -> CheckResult:  # noqa: FBT001 -- what was found
    name = "pull-requests"
    makers = _list_pull_request_jobs(workflow)
    if makers and all(has_app_token(workflow, job) for job in makers):
        return CheckResult(name, OK, "Pull requests are made with the token of an App.")
    if isinstance(may, UnavailableSetting):
        return _build_unseen_result(
            name, f'whether "{CREATE_PULLS}" is ticked', may, "Administration: read", _format_actions_settings(about)
        )
    if may:
        return CheckResult(name, OK, "Workflows may create pull requests.")
    where = _format_actions_settings(about)
    message = f'Workflows may not create pull requests: tick "{CREATE_PULLS}" at {where}{_ORGANISATION}.'
    return CheckResult(name, FAILED if makers else WARNING, message)


def _list_pull_request_jobs(workflow: Workflow) -> list[str]:
    """Return the jobs that make branches and pull requests."""
    pages = ["pages"] if get_publish_mode(workflow) == "pull-request" else []
    return pages + (["propose"] if "propose" in workflow.jobs else [])


_ORGANISATION = ", and where it cannot be ticked, in the organisation's settings first"


def _check_branch_protection(about: Repository, found: RepositorySettings, workflow: Workflow) -> CheckResult:
    """Tell whether a rule of the default branch keeps the commit of the pages from it."""
    name, branch, mode = "protection", about.default_branch, get_publish_mode(workflow)
    if mode != "commit":
        return CheckResult(name, OK, f"With publish: {mode} no rule of {branch} is in the way.")
    seen = [each for each in (found.rules, found.protection) if not isinstance(each, UnavailableSetting)]
    if kinds := sorted(BLOCKING_RULES & frozenset[str]().union(*seen)):
        state = WARNING if has_app_token(workflow, "pages") else FAILED
        message = f"The rules of {branch} ({', '.join(kinds)}) keep the commit of the pages from it: {_PUBLISH}"
        return CheckResult(name, state, f"{message} {_format_rules_settings(about)}.")
    if isinstance(found.rules, UnavailableSetting):
        return _build_unseen_result(
            name, f"the rules of {branch}", found.rules, "Metadata: read", _format_rules_settings(about)
        )
    if isinstance(found.protection, UnavailableSetting):
        what = f"how {branch} is protected"
        return _build_unseen_result(
            name, what, found.protection, "Contents: read and Administration: read", _format_rules_settings(about)
        )
    return CheckResult(name, OK, f"No rule keeps the commit of the pages from {branch}.")


_PUBLISH = f"add publish: pull-request to the inputs of the action in {WORKFLOW_PATH}, or let an App pass the rules at"


def _format_rules_settings(about: Repository) -> str:
    return f"Settings → Rules ({about.web}/settings/rules) and Settings → Branches ({about.web}/settings/branches)"


def _check_own_branches(about: Repository, found: RepositorySettings, workflow: Workflow) -> CheckResult:
    """Tell whether a rule keeps the action from the branches of proposals, or from that of the pages."""
    for rules in (found.branch_rules, found.pages_rules):
        if isinstance(rules, UnavailableSetting):
            what = "the rules of the branches readingroom/*"
            return _build_unseen_result("branches", what, rules, "Metadata: read", _format_rules_settings(about))
    barred = _collect_blocking_rules(found, workflow)
    if kinds := sorted(frozenset[str]().union(*barred.values())):
        stopped = [
            job for job in _list_pull_request_jobs(workflow) if barred.get(job) and not has_app_token(workflow, job)
        ]
        message = (
            f"Rules ({', '.join(kinds)}) keep the action from its own branches: exclude readingroom/** from them at"
        )
        return CheckResult("branches", FAILED if stopped else WARNING, f"{message} {_format_rules_settings(about)}.")
    return CheckResult("branches", OK, "No rule keeps the action from its own branches, readingroom/*.")


def _collect_blocking_rules(found: RepositorySettings, workflow: Workflow) -> dict[str, frozenset[str]]:
    """Return the kinds of rules that are in the way of each job's own branches; the pages have one if proposed."""
    rules = {"propose": (found.branch_rules, BRANCH_BLOCKING_RULES)}
    if get_publish_mode(workflow) == "pull-request":
        rules["pages"] = (found.pages_rules, PAGES_BLOCKING_RULES)
    return {job: there & kinds for job, (there, kinds) in rules.items() if not isinstance(there, UnavailableSetting)}


def _check_labels(about: Repository, labels: frozenset[str] | UnavailableSetting) -> CheckResult:
    if isinstance(labels, UnavailableSetting):
        return _build_unseen_result(
            "labels", "the labels", labels, "Issues: read", f"Issues → Labels ({about.web}/labels)"
        )
    there = {each.casefold() for each in labels}
    if missing := [each for each in LABELS if each not in there]:
        return CheckResult("labels", OK, f"Made when they are needed: {', '.join(missing)}.")
    return CheckResult("labels", OK, f"There are the labels {', '.join(LABELS[:-1])} and {LABELS[-1]}.")


def _check_github_pages(about: Repository, site: PagesSite | UnavailableSetting, wanted: str) -> CheckResult:
    """Tell whether GitHub Pages publish the site where readingroom.yml says that it is."""
    where = f"Settings → Pages ({about.web}/settings/pages)"
    if isinstance(site, UnavailableSetting):
        return _build_unseen_result("site", "the address on GitHub Pages", site, "Pages: read", where)
    if not wanted:
        publishes = f"GitHub Pages publishes {site.url}" if site.url else "GitHub Pages is switched off, and not needed"
        return CheckResult("site", OK, f"{publishes}.")
    if not site.url or not site.is_by_workflow:
        found = "publishes a branch" if site.url else "is switched off"
        message = f"{CONFIGURATION} says the address of a site, but GitHub Pages {found}"
        return CheckResult("site", FAILED, f'{message}: choose "GitHub Actions" as the source at {where}.')
    if site.url.rstrip("/") != wanted:
        message = f"GitHub Pages publishes {site.url}, but {CONFIGURATION} says {wanted}: correct one of them"
        return CheckResult("site", WARNING, f"{message}, there or at {where}.")
    return CheckResult("site", OK, f"GitHub Pages publishes {site.url}, brought by the workflow.")


def _check_workflow_state(about: Repository, state: str | UnavailableSetting) -> CheckResult:
    """Tell whether the workflow is switched on: GitHub switches off the schedule of a quiet repository by itself."""
    where = f"Actions → readingroom ({about.web}/actions/workflows/{_WORKFLOW_NAME})"
    if isinstance(state, UnavailableSetting):
        if state.status == 404 and not about.is_private:  # which everybody may see
            return CheckResult("state", FAILED, f"GitHub knows no {WORKFLOW_PATH}: push it to {about.default_branch}.")
        return _build_unseen_result(
            "state", f"whether {WORKFLOW_PATH} is there and switched on", state, "Actions: read", where
        )
    if state == "active":
        return CheckResult("state", OK, "The workflow is switched on.")
    why = _INACTIVE_STATES.get(state, f'The workflow is not active, but "{state}"')
    return CheckResult("state", FAILED, f"{why}: choose Enable workflow at {where}.")


_WORKFLOW_NAME = WORKFLOW_PATH.rpartition("/")[2]
_INACTIVE_STATES = {
    "disabled_inactivity": "GitHub switched the workflow off, since the repository was quiet for 60 days",
    "disabled_manually": "Somebody switched the workflow off",
    "disabled_fork": "GitHub switched the workflow off, since this repository is a fork",
    "deleted": f"{WORKFLOW_PATH} was deleted, so push it again",
}
_FAILED_CONCLUSIONS = frozenset({"failure", "timed_out", "startup_failure"})


def _check_last_run(about: Repository, found: RepositorySettings) -> CheckResult:
    run, name = found.last_run, "last-run"
    if isinstance(run, UnavailableSetting):
        if isinstance(found.state, UnavailableSetting) and not about.is_private:
            return CheckResult(name, OK, "There was no run yet.")
        where = f"Actions ({about.web}/actions/workflows/{_WORKFLOW_NAME})"
        return _build_unseen_result(name, "how the last run ended", run, "Actions: read", where)
    if run is None:
        return CheckResult(name, OK, "There was no run yet.")
    if run.conclusion in _FAILED_CONCLUSIONS:
        return CheckResult(
            name, WARNING, f"The last run, of the event {run.event}, ended with {run.conclusion}: see {run.url}."
        )
    return CheckResult(name, OK, f"The last run, of the event {run.event}, {_format_conclusion(run.conclusion)}.")


def _format_conclusion(conclusion: str) -> str:
    return f"ended with {conclusion}" if conclusion else "is still going on"
