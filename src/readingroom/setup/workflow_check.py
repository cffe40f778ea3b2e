"""Whether a group's workflow lets the action do its work, compared with the workflow of this release."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import WORKFLOW_PATH
from readingroom.proposals.events import EventName, PublishMode
from readingroom.setup.check_result import FAILED, OK, WARNING, CheckResult, add_ok_if_empty
from readingroom.setup.workflow_file import Job, JobName, PermissionLevel, Workflow, read_workflow
from readingroom.text.phrases import format_count

TARGET_EVENT_WARNING = "pull_request_target gives strangers' changes a token that may write: use pull_request instead."
_GUIDE = "docs/settings.md in readingroom's repository"


@dataclass(frozen=True, slots=True)
class PermissionReason:
    """What a job needs a permission for, as in the workflow's comments, what happens without, and if it ``breaks``."""

    purpose: str
    without: str
    breaks: bool = True


_PROPOSAL_REASONS = {
    "contents": PermissionReason("the proposal's branch", "the branch cannot be created"),
    "issues": PermissionReason("the comment and the labels", "submitters get no answer"),
    "pull-requests": PermissionReason("the pull request", "somebody has to open it manually"),
    "statuses": PermissionReason("the status of the proposal's pull request", "the run ends with an error"),
}
PERMISSION_REASONS: Mapping[str, Mapping[str, PermissionReason]] = {
    "pages": {
        "contents": PermissionReason("the commit of the pages", "the pages cannot be committed"),
        "issues": PermissionReason(
            "the issue that reports errors", "errors are reported only in the run", breaks=False
        ),
        "pull-requests": PermissionReason("for publish: pull-request", "publish: pull-request cannot open one"),
        "statuses": PermissionReason(
            "the status of the pages' pull request", "a required check keeps it from being merged", breaks=False
        ),
    },
    "site": {
        "contents": PermissionReason("the files that the site is built from", "the site cannot be built"),
    },
    "deploy": {
        "pages": PermissionReason("the site itself", "the site is not published"),
        "id-token": PermissionReason("proof of which workflow built it", "GitHub Pages rejects the site"),
    },
    "propose": _PROPOSAL_REASONS,
    "sweep": {
        "contents": PermissionReason("the sessions and the branches of proposals", "nothing can be read"),
        "issues": PermissionReason("the proposals and their comments", "a proposal without an answer is not found"),
        "pull-requests": PermissionReason("the pull requests of proposals", "none of them is looked at again"),
        "statuses": PermissionReason(
            "the branches of locked issues for which no pull request can be opened",
            "in a private repository each of them is tried again every day",
            breaks=False,
        ),
    },
    "settle": _PROPOSAL_REASONS,
    "check": {
        "contents": PermissionReason("the pull request's files and those of its base", "nothing can be read"),
        "pull-requests": PermissionReason(
            "the numbers of open proposals",
            "in a private repository a number that a proposal has is not noticed",
            breaks=False,
        ),
    },
}
# The job that an event starts, and what happens without it.
_EVENT_CONSEQUENCES: Mapping[str, tuple[JobName, str]] = {
    EventName.PUSH: (JobName.PAGES, "the pages are not updated after a push"),
    EventName.SCHEDULE: (JobName.PAGES, "past sessions stay among the upcoming ones"),
    EventName.WORKFLOW_DISPATCH: (JobName.PAGES, "nobody can start a run manually"),
    EventName.ISSUES: (JobName.PROPOSE, "proposals get no answer"),
    EventName.PULL_REQUEST: (JobName.CHECK, "pull requests are not checked"),
    EventName.MERGE_GROUP: (JobName.CHECK, "a merge queue that requires the check waits for it"),
}
_OPTIONAL_EVENTS = frozenset({EventName.WORKFLOW_DISPATCH, EventName.MERGE_GROUP})
_DEFAULT_TYPES: Mapping[str, tuple[str, ...]] = {EventName.PULL_REQUEST: ("opened", "synchronize", "reopened")}
_FILTERS = {"types": "the types", "paths": "changes of", "inputs": "the input"}


def check_workflow(
    content: bytes | None, reason: str, release: bytes, *, is_checkout: bool, lfs_files: Sequence[str] = ()
) -> list[CheckResult]:
    """Return the checks of a group's workflow; ``reason`` says why it was not read, ``release`` is this release's.

    ``is_checkout`` says that the group's folder contains the action itself, so that a job may use it from there.
    ``lfs_files`` are the files for the site that Git LFS keeps.
    """
    if content is None:
        return [CheckResult("workflow", FAILED, _describe_missing_workflow(reason))]
    try:
        theirs = read_workflow(WORKFLOW_PATH, content)
    except Invalid as invalid:
        return [CheckResult("workflow", FAILED, f"{each}") for each in invalid.problems]
    ours = read_workflow(WORKFLOW_PATH, release)
    return [
        CheckResult("workflow", OK, f"{WORKFLOW_PATH} can be read{_describe_difference(theirs, ours)}."),
        *add_ok_if_empty(
            "events", [*_check_events(theirs, ours)], "Every event that the action needs starts the workflow."
        ),
        *add_ok_if_empty(
            "permissions",
            [*_check_permissions(theirs, ours)],
            "Each job has the permissions that it needs, and no more.",
        ),
        *add_ok_if_empty("action", [*_check_action_versions(theirs, ours, is_checkout=is_checkout)], _AT_VERSION),
        *add_ok_if_empty(
            "checkout",
            [*_check_checkouts(theirs, ours), *_check_lfs(theirs, lfs_files)],
            "Each job checks out what it needs, and stores no token.",
        ),
    ]


_AT_VERSION = "Each job uses the action of this version."


def _describe_missing_workflow(reason: str) -> str:
    if reason:
        return f"{WORKFLOW_PATH} {reason}. Replace it with a file."
    return f"There is no {WORKFLOW_PATH}, so nothing runs. Run readingroom init."


def _describe_difference(theirs: Workflow, ours: Workflow) -> str:
    is_same = _strip_versions(theirs) == _strip_versions(ours)
    return " and is the same as in this release" if is_same else ", and has changes of your own"


def _strip_versions(workflow: Workflow) -> tuple[object, object]:
    """Return a workflow without the versions of the actions that it uses."""
    steps = {
        name: [("" if step.is_ours else step.action, step.inputs) for step in job.steps]
        for name, job in workflow.jobs.items()
    }
    return workflow.events, [(steps[name], job.permissions) for name, job in workflow.jobs.items()]


def get_publish_mode(workflow: Workflow) -> PublishMode:
    """Return how a workflow's pages get to the default branch, by the action's input ``publish`` if it is known."""
    step = workflow.find_own_step(JobName.PAGES)
    mode = step.inputs.get("publish") if step else None
    return PublishMode(mode) if mode in _PUBLISH_MODES else PublishMode.COMMIT


_PUBLISH_MODES = frozenset(PublishMode)


def stores_pages(content: bytes | None) -> bool:
    """Return whether a job of a group's workflow commits the pages, directly or by a pull request."""
    try:
        workflow = read_workflow(WORKFLOW_PATH, content or b"")
    except Invalid:
        return False
    return workflow.find_own_step(JobName.PAGES) is not None and get_publish_mode(workflow) != PublishMode.NONE


def has_app_token(workflow: Workflow, name: str) -> bool:
    """Return whether the action gets another token in a job than the job's own, such as an App's."""
    step = workflow.find_own_step(name)
    return step is not None and step.inputs.get("token", _DEFAULT_TOKENS[0]) not in _DEFAULT_TOKENS


_DEFAULT_TOKENS = ("${{ github.token }}", "${{ secrets.GITHUB_TOKEN }}")


def _check_events(theirs: Workflow, ours: Workflow) -> Iterator[CheckResult]:
    if EventName.PULL_REQUEST_TARGET in theirs.events:
        yield CheckResult("events", FAILED, f"In {WORKFLOW_PATH}, {TARGET_EVENT_WARNING}")
    for event, filters in ours.events.items():
        job, without = _EVENT_CONSEQUENCES[event]
        if event in theirs.events:
            yield from _check_filters(event, filters, theirs.events[event])
        elif job in theirs.jobs:
            state = WARNING if event in _OPTIONAL_EVENTS else FAILED
            yield CheckResult(
                "events", state, f"Without the event {event}, {without}: add it under on: in {WORKFLOW_PATH}."
            )


def _check_filters(
    event: str, ours: Mapping[str, tuple[str, ...]], theirs: Mapping[str, tuple[str, ...]]
) -> Iterator[CheckResult]:
    """Yield what the filters of an event leave out that this release's workflow needs."""
    for key, wanted in ours.items():
        default = _DEFAULT_TYPES.get(event, wanted) if key == "types" else () if key == "inputs" else wanted
        values = theirs.get(key) or default
        missing = [each for each in wanted if each not in values and "**" not in values]
        if missing and key in _FILTERS:
            message = f"In {WORKFLOW_PATH} the event {event} leaves out {_FILTERS[key]} {', '.join(missing)}"
            if key == "inputs":
                message += ", with which a run replaces text that was edited manually"
            yield CheckResult("events", WARNING, f"{message}: add {'it' if key == 'inputs' else 'them'} to {key}.")


def _check_permissions(theirs: Workflow, ours: Workflow) -> Iterator[CheckResult]:
    for name, our_job in ours.jobs.items():
        job = theirs.jobs.get(name)
        if job is None:
            message = f"{WORKFLOW_PATH} has no job {name}: if you want it, {_COPY}"
            yield CheckResult("permissions", WARNING, message)
        elif job.permissions is None:
            yield CheckResult("permissions", WARNING, f"The job {name} of {WORKFLOW_PATH} {_UNSPECIFIED}")
        else:
            needed = (
                _APP_TOKEN_PERMISSIONS
                if has_app_token(theirs, name)
                else _get_needed_permissions(our_job, get_publish_mode(theirs))
            )
            yield from _check_missing_permissions(name, needed, job.permissions)
            yield from _check_excess_permissions(name, our_job.permissions or {}, job.permissions)


_COPY = "copy it from the workflow that readingroom init --dry-run --force shows."
# All that a job needs itself if the action gets the token of an App.
_APP_TOKEN_PERMISSIONS: Mapping[str, str] = {"contents": PermissionLevel.READ}
_UNSPECIFIED = (
    "has no permissions of its own, so the repository's settings decide: "
    "add the block permissions of this release's workflow."
)


def _get_needed_permissions(job: Job, mode: PublishMode) -> Mapping[str, str]:
    """Return the permissions that a job of this release needs, depending on how the pages are published."""
    needed = dict(job.permissions or {})
    if job.name == JobName.PAGES and mode != PublishMode.PULL_REQUEST:
        del needed["pull-requests"], needed["statuses"]
    if job.name == JobName.PAGES and mode == PublishMode.NONE:
        needed["contents"] = PermissionLevel.READ
    return needed


def _check_missing_permissions(
    name: str, needed: Mapping[str, str], granted: Mapping[str, str]
) -> Iterator[CheckResult]:
    for permission, level in needed.items():
        if granted.get(permission) not in {level, PermissionLevel.WRITE}:
            reason = PERMISSION_REASONS[name][permission]
            state = FAILED if reason.breaks else WARNING
            message = f"The job {name} lacks {permission}: {level}, and so {reason.without}"
            yield CheckResult("permissions", state, f"{message}: add it to its permissions in {WORKFLOW_PATH}.")


def _check_excess_permissions(name: str, ours: Mapping[str, str], granted: Mapping[str, str]) -> Iterator[CheckResult]:
    for permission, level in granted.items():
        enough = ours.get(permission)
        if enough not in {level, PermissionLevel.WRITE}:
            fix = f"change that to {permission}: {enough}" if enough else "remove that"
            message = f"The job {name} has {permission}: {level}, more than it needs: {fix} in {WORKFLOW_PATH}."
            yield CheckResult("permissions", WARNING, message)


def _check_action_versions(theirs: Workflow, ours: Workflow, *, is_checkout: bool) -> Iterator[CheckResult]:
    jobs_by_version: dict[str, list[str]] = {}
    wanted = next(step.uses for step in ours.iter_steps() if step.is_ours)
    for name in (each for each in ours.jobs if ours.find_own_step(each) and each in theirs.jobs):
        step = theirs.find_own_step(name)
        if step is None or (step.is_local and not is_checkout):
            error = f"uses {step.uses}, which is not in this repository" if step else "does not use the action"
            message = f"The job {name} {error}: add the step uses: {wanted} in {WORKFLOW_PATH}."
            yield CheckResult("action", FAILED, message)
        elif step.uses != wanted and not step.is_local:
            jobs_by_version.setdefault(step.uses, []).append(name)
    for uses, names in jobs_by_version.items():
        message = f"{_format_jobs(names)} {uses}, but this release is {wanted}: to upgrade, change that in"
        yield CheckResult("action", WARNING, f"{message} {WORKFLOW_PATH} as described in {_GUIDE}.")


def _format_jobs(names: list[str]) -> str:
    return f"The job {names[0]} uses" if len(names) == 1 else f"The jobs {', '.join(names)} use"


def _check_checkouts(theirs: Workflow, ours: Workflow) -> Iterator[CheckResult]:
    jobs_by_input: dict[tuple[str, str], list[str]] = {}
    for name, job in ours.jobs.items():
        wanted = job.find_checkout()
        if name not in theirs.jobs or wanted is None:
            continue
        step = theirs.jobs[name].find_checkout()
        if step is None:
            message = f"The job {name} checks nothing out, so the action finds no files"
            fix = f"add the step uses: {wanted.uses} in {WORKFLOW_PATH}."
            yield CheckResult("checkout", FAILED, f"{message}: {fix}")
            continue
        for key, value in wanted.inputs.items():
            if step.inputs.get(key) != value:
                jobs_by_input.setdefault((key, value), []).append(name)
    for (key, value), names in jobs_by_input.items():
        message = f"{_format_jobs(names)} a checkout without {key}: {value}, so {_INPUT_CONSEQUENCES[key]}"
        yield CheckResult("checkout", WARNING, f"{message}: add it under with: in {WORKFLOW_PATH}.")


def _check_lfs(theirs: Workflow, files: Sequence[str]) -> Iterator[CheckResult]:
    """Yield that the site has no copies of the files that Git LFS keeps, if its job does not fetch them."""
    job = theirs.jobs.get(JobName.SITE)
    step = job.find_checkout() if job else None
    if step and files and step.inputs.get("lfs") != "true":
        count = format_count(len(files), "file")
        message = f"Git LFS keeps {count}, such as {files[0]}, and the job site checks out only pointers to them, so"
        fix = "to have copies, add lfs: true under with: in"
        yield CheckResult("checkout", WARNING, f"{message} the site links to GitHub: {fix} {WORKFLOW_PATH}.")


_INPUT_CONSEQUENCES = {
    "persist-credentials": "the token stays on the disk for the steps that follow",
    "ref": "a job may run on the files of a pull request",
}
