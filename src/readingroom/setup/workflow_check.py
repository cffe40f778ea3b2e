"""Whether a group's workflow lets the action do its work, measured by the workflow of this release."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import WORKFLOW_PATH
from readingroom.setup.check import FAILED, OK, WARNING, CheckResult, add_ok_if_empty
from readingroom.setup.workflow_file import Job, Workflow, read_workflow

TARGET_EVENT_WARNING = "pull_request_target hands a write token to what a stranger sent: ask for pull_request instead."
_GUIDE = "docs/settings.md in readingroom's repository"


@dataclass(frozen=True, slots=True)
class PermissionReason:
    """What a job needs a permission for, as the workflow's comments say, what happens without, and if it ``breaks``."""

    purpose: str
    without: str
    breaks: bool = True


PERMISSION_REASONS: Mapping[str, Mapping[str, PermissionReason]] = {
    "pages": {
        "contents": PermissionReason("the commit of the pages", "the pages cannot be committed"),
        "issues": PermissionReason(
            "the issue that reports errors", "errors are reported only in the run", breaks=False
        ),
        "pull-requests": PermissionReason("for publish: pull-request", "publish: pull-request cannot open one"),
    },
    "site": {
        "contents": PermissionReason("the files that the site is built from", "the site cannot be built"),
    },
    "deploy": {
        "pages": PermissionReason("the site itself", "the site is not published"),
        "id-token": PermissionReason("proof of which workflow built it", "GitHub Pages rejects the site"),
    },
    "propose": {
        "contents": PermissionReason("the proposal's branch", "the branch cannot be created"),
        "issues": PermissionReason("the comment and the labels", "submitters get no answer"),
        "pull-requests": PermissionReason("the pull request", "somebody has to open it manually"),
        "statuses": PermissionReason("the status of the proposal's pull request", "the run ends with an error"),
    },
    "check": {
        "contents": PermissionReason("the pull request's files and those of its base", "nothing can be read"),
    },
}
# What does not happen without an event, and the job that waits for it.
_EVENT_CONSEQUENCES = {
    "push": ("pages", "no push makes the pages right"),
    "schedule": ("pages", "a session that was held stays among those to come"),
    "workflow_dispatch": ("pages", "nobody can start a run by hand"),
    "issues": ("propose", "proposals get no answer"),
    "pull_request": ("check", "pull requests are not checked"),
}
_DEFAULT_TYPES = {"pull_request": ("opened", "synchronize", "reopened")}
_FILTERS = {"types": "the types", "paths": "changes of"}


def check_workflow(content: bytes | None, reason: str, release: bytes, *, is_checkout: bool) -> list[CheckResult]:
    """Return the checks of a group's workflow; ``reason`` says why it was not read, ``release`` is this release's.

    ``is_checkout`` tells that the group's folder holds the action itself, so that a job may use it from there.
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
            "events", [*_check_events(theirs, ours)], "Every event that the action works on starts the workflow."
        ),
        *add_ok_if_empty(
            "permissions", [*_check_permissions(theirs, ours)], "Each job may do what it needs, and no more."
        ),
        *add_ok_if_empty("action", [*_check_action_versions(theirs, ours, is_checkout=is_checkout)], _AT_VERSION),
        *add_ok_if_empty(
            "checkout", [*_check_checkouts(theirs, ours)], "Each job checks out what it needs, and keeps no token."
        ),
    ]


_AT_VERSION = "Each job uses the action of this version."


def _describe_missing_workflow(reason: str) -> str:
    if reason:
        return f"{WORKFLOW_PATH} {reason}. Replace it by a file."
    return f"There is no {WORKFLOW_PATH}, so that nothing runs. Run readingroom init."


def _describe_difference(theirs: Workflow, ours: Workflow) -> str:
    return (
        " and is as this release has it"
        if _strip_versions(theirs) == _strip_versions(ours)
        else ", and has changes of your own"
    )


def _strip_versions(of: Workflow) -> tuple[object, object]:
    """Return a workflow without the versions of the actions that it uses."""
    steps = {
        name: [("" if step.is_ours else step.action, step.inputs) for step in job.steps]
        for name, job in of.jobs.items()
    }
    return of.events, [(steps[name], job.permissions) for name, job in of.jobs.items()]


def get_publish_mode(of: Workflow) -> str:
    """Return how a workflow's pages get to the default branch: the action's input ``publish``, where it tells."""
    job = of.jobs.get("pages")
    step = job.find_step(ours=True) if job else None
    mode = step.inputs.get("publish") if step else None
    return mode if mode in {"pull-request", "none"} else "commit"


def has_app_token(of: Workflow, name: str) -> bool:
    """Tell whether the action works in a job with another token than the job's own, such as an App's."""
    job = of.jobs.get(name)
    step = job.find_step(ours=True) if job else None
    return step is not None and step.inputs.get("token", _DEFAULT_TOKENS[0]) not in _DEFAULT_TOKENS


_DEFAULT_TOKENS = ("${{ github.token }}", "${{ secrets.GITHUB_TOKEN }}")


def _check_events(theirs: Workflow, ours: Workflow) -> Iterator[CheckResult]:
    if "pull_request_target" in theirs.events:
        yield CheckResult("events", FAILED, f"In {WORKFLOW_PATH}, {TARGET_EVENT_WARNING}")
    for event, filters in ours.events.items():
        job, without = _EVENT_CONSEQUENCES[event]
        if event in theirs.events:
            yield from _check_filters(event, filters, theirs.events[event])
        elif job in theirs.jobs:
            state = WARNING if event == "workflow_dispatch" else FAILED
            yield CheckResult(
                "events", state, f"Without the event {event}, {without}: add it below on: in {WORKFLOW_PATH}."
            )


def _check_filters(
    event: str, ours: Mapping[str, tuple[str, ...]], theirs: Mapping[str, tuple[str, ...]]
) -> Iterator[CheckResult]:
    """Yield what a workflow's filters keep from an event that this release's let through."""
    for key, wanted in ours.items():
        default = _DEFAULT_TYPES.get(event, wanted) if key == "types" else wanted
        given = theirs.get(key) or default
        lacking = [each for each in wanted if each not in given and "**" not in given]
        if lacking and key in _FILTERS:
            named = f"the event {event} leaves out {_FILTERS[key]} {', '.join(lacking)}"
            yield CheckResult("events", WARNING, f"In {WORKFLOW_PATH} {named}: add them to {key}.")


def _check_permissions(theirs: Workflow, ours: Workflow) -> Iterator[CheckResult]:
    for name, job in ours.jobs.items():
        found = theirs.jobs.get(name)
        if found is None:
            yield CheckResult(
                "permissions", WARNING, f"{WORKFLOW_PATH} has no job {name}: if its work is to be done, {_COPY}"
            )
        elif found.permissions is None:
            yield CheckResult("permissions", WARNING, f"The job {name} of {WORKFLOW_PATH} {_UNSAID}")
        else:
            needed = (
                _APP_TOKEN_PERMISSIONS
                if has_app_token(theirs, name)
                else _get_needed_permissions(job, get_publish_mode(theirs))
            )
            yield from _check_missing_permissions(name, needed, found.permissions)
            yield from _check_excess_permissions(name, job.permissions or {}, found.permissions)


_COPY = "copy it from the workflow that readingroom init --dry-run --force shows."
_APP_TOKEN_PERMISSIONS = {"contents": "read"}  # all that a job needs itself where the action works with an App's token
_UNSAID = (
    "does not say its permissions, so that the repository's settings decide: "
    "add the block permissions of this release's workflow."
)


def _get_needed_permissions(job: Job, mode: str) -> dict[str, str]:
    """Return what one of this release's jobs must be granted, given how the pages are published."""
    needed = dict(job.permissions or {})
    if job.name == "pages" and mode != "pull-request":
        needed.pop("pull-requests")
    if job.name == "pages" and mode == "none":
        needed["contents"] = "read"
    return needed


def _check_missing_permissions(
    name: str, needed: Mapping[str, str], granted: Mapping[str, str]
) -> Iterator[CheckResult]:
    for permission, level in needed.items():
        if granted.get(permission) not in {level, "write"}:
            right = PERMISSION_REASONS[name][permission]
            state = FAILED if right.breaks else WARNING
            message = f"The job {name} lacks {permission}: {level}, and so {right.without}"
            yield CheckResult("permissions", state, f"{message}: add it below its permissions in {WORKFLOW_PATH}.")


def _check_excess_permissions(name: str, ours: Mapping[str, str], granted: Mapping[str, str]) -> Iterator[CheckResult]:
    for permission, level in granted.items():
        enough = ours.get(permission)
        if enough not in {level, "write"}:
            wanted = f"make that {permission}: {enough}" if enough else "remove that"
            message = f"The job {name} has {permission}: {level}, more than it needs: {wanted} in {WORKFLOW_PATH}."
            yield CheckResult("permissions", WARNING, message)


def _check_action_versions(theirs: Workflow, ours: Workflow, *, is_checkout: bool) -> Iterator[CheckResult]:
    others: dict[str, list[str]] = {}
    wanted = next(step.uses for step in ours.iter_steps() if step.is_ours)
    for name in (each.name for each in ours.jobs.values() if each.find_step(ours=True) and each.name in theirs.jobs):
        step = theirs.jobs[name].find_step(ours=True)
        if step is None or (step.is_local and not is_checkout):
            told = f"uses {step.uses}, which is not here" if step else "does not use the action"
            yield CheckResult(
                "action", FAILED, f"The job {name} {told}: add the step uses: {wanted} in {WORKFLOW_PATH}."
            )
        elif step.uses != wanted and not step.is_local:
            others.setdefault(step.uses, []).append(name)
    for uses, names in others.items():
        message = (
            f"{_format_jobs(names)} {uses} where this release is {wanted}: to upgrade, change that in {WORKFLOW_PATH}"
        )
        yield CheckResult("action", WARNING, f"{message} as {_GUIDE} tells.")


def _format_jobs(names: list[str]) -> str:
    return f"The job {names[0]} uses" if len(names) == 1 else f"The jobs {', '.join(names)} use"


def _check_checkouts(theirs: Workflow, ours: Workflow) -> Iterator[CheckResult]:
    lacking: dict[tuple[str, str], list[str]] = {}
    for name, job in ours.jobs.items():
        wanted = job.find_step(ours=False)
        if name not in theirs.jobs or wanted is None:
            continue
        step = theirs.jobs[name].find_step(ours=False)
        if step is None:
            message = f"The job {name} checks nothing out, so that the action finds no files"
            yield CheckResult("checkout", FAILED, f"{message}: add the step uses: {wanted.uses} in {WORKFLOW_PATH}.")
            continue
        for key, value in wanted.inputs.items():
            if step.inputs.get(key) != value:
                lacking.setdefault((key, value), []).append(name)
    for (key, value), names in lacking.items():
        message = f"{_format_jobs(names)} a checkout without {key}: {value}, so that {_INPUT_CONSEQUENCES[key]}"
        yield CheckResult("checkout", WARNING, f"{message}: add it below with: in {WORKFLOW_PATH}.")


_INPUT_CONSEQUENCES = {
    "persist-credentials": "the token stays on the disk for the steps that follow",
    "ref": "a job may work on what a pull request holds",
}
