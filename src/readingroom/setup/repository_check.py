"""Whether a repository's settings on GitHub let the action do its work.

Where a setting is and which permission shows it: https://docs.github.com/rest and
https://docs.github.com/repositories/managing-your-repositorys-settings-and-features
"""

import re
from collections.abc import Iterator

from readingroom.core.tree import CONFIGURATION, WORKFLOW_PATH
from readingroom.github.repository_settings import (
    CREATE_PULLS,
    ActionsPolicy,
    AllowedActions,
    PagesSite,
    Repository,
    RepositorySettings,
    RuleKind,
    UnavailableSetting,
    describe_create_pulls_setting,
    format_actions_settings,
)
from readingroom.proposals.events import PublishMode
from readingroom.proposals.records import Label
from readingroom.setup.check_result import FAILED, OK, UNKNOWN, WARNING, CheckResult, add_ok_if_empty
from readingroom.setup.environment import is_commit_id
from readingroom.setup.workflow_check import get_publish_mode, has_app_token
from readingroom.setup.workflow_file import JobName, Step, Workflow

# The kinds of rules that block a job's commit on a branch; those that block the action on its own branches, which it
# creates, moves and deletes; and those that do so only for the pages, whose branch gets merge commits.
BLOCKING_RULES = frozenset(
    {
        RuleKind.PULL_REQUEST,
        RuleKind.UPDATE,
        RuleKind.REQUIRED_STATUS_CHECKS,
        RuleKind.MERGE_QUEUE,
        RuleKind.REQUIRED_DEPLOYMENTS,
        RuleKind.WORKFLOWS,
    }
)
BRANCH_BLOCKING_RULES = BLOCKING_RULES | {RuleKind.CREATION, RuleKind.DELETION}
PAGES_BLOCKING_RULES = BRANCH_BLOCKING_RULES | {RuleKind.REQUIRED_LINEAR_HISTORY}


def check_settings(settings: RepositorySettings, workflow: Workflow, branch: str, site: str) -> list[CheckResult]:
    """Return the checks of a repository's settings for a workflow.

    ``branch`` is the one that is checked out and ``site`` the address of the group's site, or empty.
    """
    about = settings.repository
    if isinstance(about, UnavailableSetting):
        if settings.interrupted:
            return [_build_interrupted_result(settings.interrupted)]
        return [_check_repository_access(about)]
    checks = [
        _check_repository(about),
        _check_issues(about, workflow),
        _check_branch(about, branch),
        *_check_actions_policy(about, settings.policy, workflow),
        _check_pull_request_setting(about, settings.may_create_pulls, workflow),
        _check_branch_protection(about, settings, workflow),
        _check_own_branches(about, settings, workflow),
        _check_labels(about, settings.labels),
        _check_github_pages(about, settings.site, site if JobName.DEPLOY in workflow.jobs else ""),
        _check_workflow_state(about, settings.state),
        _check_last_run(about, settings),
    ]
    if settings.interrupted:
        return [*(each for each in checks if each.state != UNKNOWN), _build_interrupted_result(settings.interrupted)]
    return checks


def _build_interrupted_result(reason: str) -> CheckResult:
    return CheckResult(
        "settings", UNKNOWN, f"GitHub gave no answer ({reason}): run this again to check the repository's settings."
    )


def _check_repository_access(unseen: UnavailableSetting) -> CheckResult:
    if unseen.status == 401:
        return CheckResult(
            "settings", UNKNOWN, "The token is not valid, or has expired: set READINGROOM_TOKEN to another."
        )
    if unseen.status == 404:
        return CheckResult("repository", FAILED, _NO_REPOSITORY)
    return CheckResult("settings", UNKNOWN, f"GitHub does not show the repository to this token ({unseen.message}).")


_NO_REPOSITORY = (
    "There is no such repository on GitHub, or the token may not see it: name the right one with --repository, or give "
    "the token the permission Metadata: read."
)


def _build_unseen_result(name: str, what: str, unseen: UnavailableSetting, permission: str, where: str) -> CheckResult:
    reason = f"GitHub does not show this token {what} ({unseen.message})"
    message = f"{reason}: give it the permission {permission}, or look at {where}."
    return CheckResult(name, UNKNOWN, message)


def _check_repository(about: Repository) -> CheckResult:
    if about.is_archived:
        where = f"Settings → General → Danger Zone ({about.web}/settings)"
        return CheckResult("repository", FAILED, f"{about.name} is archived, so nothing runs: unarchive it at {where}.")
    return CheckResult("repository", OK, f"{about.name} exists and accepts changes.")


def _check_issues(about: Repository, workflow: Workflow) -> CheckResult:
    if about.has_issues:
        return CheckResult("issues", OK, "Issues are enabled.")
    state = FAILED if JobName.PROPOSE in workflow.jobs else WARNING
    where = f"Settings → General → Features ({about.web}/settings)"
    return CheckResult(
        "issues", state, f"Issues are disabled, so nobody can propose a session: select Issues at {where}."
    )


def _check_branch(about: Repository, branch: str) -> CheckResult:
    if branch in {"", about.default_branch}:
        return CheckResult("branch", OK, f"The default branch is {about.default_branch}.")
    message = f"The branch {branch} is checked out, but the action updates the default branch"
    where = f"Settings → General ({about.web}/settings)"
    fix = f"check out {about.default_branch}, or change the default branch at {where}"
    return CheckResult("branch", WARNING, f"{message}: {fix}.")


def _check_actions_policy(
    about: Repository, policy: ActionsPolicy | UnavailableSetting, workflow: Workflow
) -> Iterator[CheckResult]:
    """Yield whether GitHub Actions may run, and whether the actions that the workflow uses may."""
    if isinstance(policy, UnavailableSetting):
        what = "whether GitHub Actions is enabled, and for which actions"
        yield _build_unseen_result("actions", what, policy, "Administration: read", format_actions_settings(about.web))
        return
    if not policy.is_enabled:
        where = format_actions_settings(about.web)
        message = f"GitHub Actions is disabled in this repository: choose which actions may run at {where}."
        yield CheckResult("actions", FAILED, message)
        return
    yield CheckResult("actions", OK, "GitHub Actions is enabled.")
    steps = {step.uses: step for step in workflow.iter_steps() if not step.action.startswith(".")}
    owner = about.name.partition("/")[0]
    refused = [each for each, step in steps.items() if not _is_action_allowed(step, policy, owner)]
    unpinned = [each for each, step in steps.items() if policy.by_commit_only and not is_commit_id(step.version)]
    results = []
    if refused:
        state = UNKNOWN if policy.verified else FAILED
        message = f"{', '.join(refused)} {_REFUSED[policy.verified]} {format_actions_settings(about.web)}."
        results.append(CheckResult("policy", state, message))
    if unpinned:
        message = f"Only actions pinned to a full commit may run: in {WORKFLOW_PATH} write the commit after the @ of"
        results.append(CheckResult("policy", FAILED, f"{message} {', '.join(unpinned)}."))
    yield from add_ok_if_empty("policy", results, "The actions that the workflow uses may run.")


_REFUSED = {
    False: "may not run because of the policy for actions: allow that at",
    True: "may run only if its owner is verified by GitHub: to be sure, allow that at",
}


def _is_action_allowed(step: Step, policy: ActionsPolicy, owner: str) -> bool:
    """Return whether a policy names an action; without that, actions of verified owners may be allowed to run too."""
    action_owner = step.action.partition("/")[0].casefold()
    if policy.allowed == AllowedActions.ALL or action_owner == owner.casefold():
        return True
    if policy.allowed == AllowedActions.LOCAL_ONLY:
        return False
    if any(_matches_pattern(step.uses, each[1:]) for each in policy.patterns if each.startswith("!")):
        return False
    is_github = policy.github_owned and action_owner in {"actions", "github"}
    return is_github or any(_matches_pattern(step.uses, each) for each in policy.patterns)


def _matches_pattern(uses: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), uses, re.IGNORECASE) is not None


def _check_pull_request_setting(
    about: Repository,
    is_allowed: bool | UnavailableSetting,  # noqa: FBT001 -- the value of the setting
    workflow: Workflow,
) -> CheckResult:
    name = "pull-requests"
    jobs = _list_pull_request_jobs(workflow)
    if jobs and all(has_app_token(workflow, job) for job in jobs):
        return CheckResult(name, OK, "Pull requests are created with the token of an App.")
    if isinstance(is_allowed, UnavailableSetting):
        what = f'whether "{CREATE_PULLS}" is selected'
        return _build_unseen_result(name, what, is_allowed, "Administration: read", format_actions_settings(about.web))
    if is_allowed:
        return CheckResult(name, OK, "Workflows may create pull requests.")
    setting = describe_create_pulls_setting(about.web)
    message = f"Workflows may not create pull requests: select {setting}{_ORGANISATION}."
    return CheckResult(name, FAILED if jobs else WARNING, message)


def _list_pull_request_jobs(workflow: Workflow) -> list[JobName]:
    """Return the jobs that create branches and pull requests."""
    pages = [JobName.PAGES] if get_publish_mode(workflow) == PublishMode.PULL_REQUEST else []
    return pages + ([JobName.PROPOSE] if JobName.PROPOSE in workflow.jobs else [])


_ORGANISATION = "; if it cannot be selected, select it in the organisation's settings first"


def _check_branch_protection(about: Repository, settings: RepositorySettings, workflow: Workflow) -> CheckResult:
    """Check whether a rule of the default branch blocks the commit of the pages."""
    name, branch, mode = "protection", about.default_branch, get_publish_mode(workflow)
    if mode != PublishMode.COMMIT:
        return CheckResult(name, OK, f"With publish: {mode} no rule of {branch} matters.")
    fetched = [each for each in (settings.rules, settings.protection) if not isinstance(each, UnavailableSetting)]
    if kinds := sorted(BLOCKING_RULES & frozenset[str]().union(*fetched)):
        state = WARNING if has_app_token(workflow, JobName.PAGES) else FAILED
        message = f"The rules of {branch} ({', '.join(kinds)}) block the commit of the pages: {_PUBLISH}"
        return CheckResult(name, state, f"{message} {_format_rules_settings(about)}.")
    if isinstance(settings.rules, UnavailableSetting):
        return _build_unseen_result(
            name, f"the rules of {branch}", settings.rules, "Metadata: read", _format_rules_settings(about)
        )
    if isinstance(settings.protection, UnavailableSetting):
        what = f"how {branch} is protected"
        return _build_unseen_result(
            name, what, settings.protection, "Contents: read and Administration: read", _format_rules_settings(about)
        )
    return CheckResult(name, OK, f"No rule of {branch} blocks the commit of the pages.")


_PUBLISH = (
    f"add publish: pull-request to the inputs of the action in {WORKFLOW_PATH}, or let an App bypass the rules at"
)


def _format_rules_settings(about: Repository) -> str:
    return f"Settings → Rules ({about.web}/settings/rules) and Settings → Branches ({about.web}/settings/branches)"


def _check_own_branches(about: Repository, settings: RepositorySettings, workflow: Workflow) -> CheckResult:
    """Check whether a rule blocks the action on the branches of proposals, or on that of the pages."""
    for rules in (settings.branch_rules, settings.pages_rules):
        if isinstance(rules, UnavailableSetting):
            what = "the rules of the branches readingroom/*"
            return _build_unseen_result("branches", what, rules, "Metadata: read", _format_rules_settings(about))
    blocking = _collect_blocking_rules(settings, workflow)
    if kinds := sorted(frozenset[str]().union(*blocking.values())):
        blocked_jobs = [
            job for job in _list_pull_request_jobs(workflow) if blocking.get(job) and not has_app_token(workflow, job)
        ]
        message = (
            f"Rules ({', '.join(kinds)}) block the action on its own branches: exclude readingroom/** from them at"
        )
        return CheckResult(
            "branches", FAILED if blocked_jobs else WARNING, f"{message} {_format_rules_settings(about)}."
        )
    return CheckResult("branches", OK, "No rule blocks the action on its own branches, readingroom/*.")


def _collect_blocking_rules(settings: RepositorySettings, workflow: Workflow) -> dict[JobName, frozenset[str]]:
    """Return the kinds of rules that block each job on its own branches; the pages have one if they are proposed."""
    rules = {JobName.PROPOSE: (settings.branch_rules, BRANCH_BLOCKING_RULES)}
    if get_publish_mode(workflow) == PublishMode.PULL_REQUEST:
        rules[JobName.PAGES] = (settings.pages_rules, PAGES_BLOCKING_RULES)
    return {
        job: kinds & blocking for job, (kinds, blocking) in rules.items() if not isinstance(kinds, UnavailableSetting)
    }


def _check_labels(about: Repository, labels: frozenset[str] | UnavailableSetting) -> CheckResult:
    if isinstance(labels, UnavailableSetting):
        return _build_unseen_result(
            "labels", "the labels", labels, "Issues: read", f"Issues → Labels ({about.web}/labels)"
        )
    if missing := [each for each in Label if each not in labels]:
        return CheckResult("labels", OK, f"Created when they are needed: {', '.join(missing)}.")
    *first, last = Label
    return CheckResult("labels", OK, f"The labels {', '.join(first)} and {last} exist.")


def _check_github_pages(about: Repository, site: PagesSite | UnavailableSetting, wanted: str) -> CheckResult:
    """Check whether GitHub Pages publishes the site where readingroom.yml says that it is."""
    where = f"Settings → Pages ({about.web}/settings/pages)"
    if isinstance(site, UnavailableSetting):
        return _build_unseen_result("site", "the address on GitHub Pages", site, "Pages: read", where)
    if not wanted:
        publishes = f"GitHub Pages publishes {site.url}" if site.url else "GitHub Pages is disabled, and not needed"
        return CheckResult("site", OK, f"{publishes}.")
    if not site.url or not site.is_by_workflow:
        publishes = "publishes a branch" if site.url else "is disabled"
        message = f"{CONFIGURATION} has the address of a site, but GitHub Pages {publishes}"
        return CheckResult("site", FAILED, f'{message}: choose "GitHub Actions" as the source at {where}.')
    if site.url.rstrip("/") != wanted:
        message = f"GitHub Pages publishes {site.url}, but {CONFIGURATION} says {wanted}: correct one of them"
        return CheckResult("site", WARNING, f"{message}, there or at {where}.")
    return CheckResult("site", OK, f"GitHub Pages publishes {site.url} from the workflow.")


def _check_workflow_state(about: Repository, state: str | UnavailableSetting) -> CheckResult:
    """Check whether the workflow is enabled: GitHub disables the schedule of an inactive repository by itself."""
    where = f"Actions → readingroom ({about.web}/actions/workflows/{_WORKFLOW_NAME})"
    if isinstance(state, UnavailableSetting):
        if state.status == 404 and not about.is_private:  # everybody may see a public one
            return CheckResult("state", FAILED, f"{WORKFLOW_PATH} is not on GitHub: push it to {about.default_branch}.")
        return _build_unseen_result(
            "state", f"whether {WORKFLOW_PATH} exists and is enabled", state, "Actions: read", where
        )
    if state == "active":
        return CheckResult("state", OK, "The workflow is enabled.")
    reason = _INACTIVE_STATES.get(state, f'The workflow is not active, but "{state}"')
    return CheckResult("state", FAILED, f"{reason}: choose Enable workflow at {where}.")


_WORKFLOW_NAME = WORKFLOW_PATH.rpartition("/")[2]
_INACTIVE_STATES = {
    "disabled_inactivity": "GitHub disabled the workflow because the repository was inactive for 60 days",
    "disabled_manually": "Somebody disabled the workflow",
    "disabled_fork": "GitHub disabled the workflow because this repository is a fork",
    "deleted": f"{WORKFLOW_PATH} was deleted, so push it again",
}
_FAILED_CONCLUSIONS = frozenset({"failure", "timed_out", "startup_failure"})


def _check_last_run(about: Repository, settings: RepositorySettings) -> CheckResult:
    run, name = settings.last_run, "last-run"
    if isinstance(run, UnavailableSetting):
        if isinstance(settings.state, UnavailableSetting) and not about.is_private:
            return CheckResult(name, OK, "There was no run yet.")
        where = f"Actions ({about.web}/actions/workflows/{_WORKFLOW_NAME})"
        return _build_unseen_result(name, "how the last run ended", run, "Actions: read", where)
    if run is None:
        return CheckResult(name, OK, "There was no run yet.")
    if run.conclusion in _FAILED_CONCLUSIONS:
        return CheckResult(
            name, WARNING, f"The last run, for the event {run.event}, ended with {run.conclusion}: see {run.url}."
        )
    return CheckResult(name, OK, f"The last run, for the event {run.event}, {_format_conclusion(run.conclusion)}.")


def _format_conclusion(conclusion: str) -> str:
    return f"ended with {conclusion}" if conclusion else "has not ended yet"
