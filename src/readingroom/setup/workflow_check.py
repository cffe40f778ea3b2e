"""Whether a group's workflow lets the action do its work, measured by the workflow of this release."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import WORKFLOW
from readingroom.setup.check import FAILED, OK, WARNING, Check, summed
from readingroom.setup.workflow_file import Job, Workflow, read

TARGET = "pull_request_target hands a write token to what a stranger sent: ask for pull_request instead."
_GUIDE = "docs/settings.md in readingroom's repository"


@dataclass(frozen=True, slots=True)
class Right:
    """What a job needs a permission for, as the workflow's comments say, what happens without, and if it ``breaks``."""

    purpose: str
    without: str
    breaks: bool = True


RIGHTS: Mapping[str, Mapping[str, Right]] = {
    "pages": {
        "contents": Right("the commit of the pages", "the pages cannot be committed"),
        "issues": Right("the issue that tells of problems", "problems are told in the run alone", breaks=False),
        "pull-requests": Right("for publish: pull-request", "publish: pull-request cannot open one"),
    },
    "site": {
        "contents": Right("what the site is made from", "no site can be made"),
    },
    "deploy": {
        "pages": Right("the site itself", "the site is not published"),
        "id-token": Right("which workflow it comes from", "GitHub Pages does not take the site"),
    },
    "propose": {
        "contents": Right("the proposal's branch", "no branch can be made"),
        "issues": Right("the comment and the labels", "nobody is answered"),
        "pull-requests": Right("the pull request", "somebody has to open it by hand"),
        "statuses": Right("that the proposal was validated", "the run ends with an error"),
    },
    "check": {
        "contents": Right("what the pull request holds, and what it starts from", "nothing can be read"),
    },
}
# What does not happen without an event, and the job that waits for it.
_EVENTS = {
    "push": ("pages", "no push makes the pages right"),
    "schedule": ("pages", "a session that was held stays among those to come"),
    "workflow_dispatch": ("pages", "nobody can start a run by hand"),
    "issues": ("propose", "proposals get no answer"),
    "pull_request": ("check", "pull requests are not checked"),
}
_DEFAULT_TYPES = {"pull_request": ("opened", "synchronize", "reopened")}
_FILTERS = {"types": "the types", "paths": "changes of"}


def of(content: bytes | None, reason: str, release: bytes, *, is_checkout: bool) -> list[Check]:
    """Return the checks of a group's workflow; ``reason`` says why it was not read, ``release`` is this release's.

    ``is_checkout`` tells that the group's folder holds the action itself, so that a job may use it from there.
    """
    if content is None:
        return [Check("workflow", FAILED, _unread(reason))]
    try:
        theirs = read(WORKFLOW, content)
    except Invalid as invalid:
        return [Check("workflow", FAILED, f"{each}") for each in invalid.problems]
    ours = read(WORKFLOW, release)
    return [
        Check("workflow", OK, f"{WORKFLOW} can be read{_likeness(theirs, ours)}."),
        *summed("events", [*_events(theirs, ours)], "Every event that the action works on starts the workflow."),
        *summed("permissions", [*_permissions(theirs, ours)], "Each job may do what it needs, and no more."),
        *summed("action", [*_versions(theirs, ours, is_checkout=is_checkout)], _AT_VERSION),
        *summed("checkout", [*_checkouts(theirs, ours)], "Each job checks out what it needs, and keeps no token."),
    ]


_AT_VERSION = "Each job uses the action of this version."


def _unread(reason: str) -> str:
    if reason:
        return f"{WORKFLOW} {reason}. Replace it by a file."
    return f"There is no {WORKFLOW}, so that nothing runs. Run readingroom init."


def _likeness(theirs: Workflow, ours: Workflow) -> str:
    return " and is as this release has it" if _bare(theirs) == _bare(ours) else ", and has changes of your own"


def _bare(of: Workflow) -> tuple[object, object]:
    """Return a workflow without the versions of the actions that it uses."""
    steps = {
        name: [("" if step.is_ours else step.action, step.inputs) for step in job.steps]
        for name, job in of.jobs.items()
    }
    return of.events, [(steps[name], job.permissions) for name, job in of.jobs.items()]


def publish_mode(of: Workflow) -> str:
    """Return how a workflow's pages get to the default branch: the action's input ``publish``, where it tells."""
    job = of.jobs.get("pages")
    step = job.step(ours=True) if job else None
    mode = step.inputs.get("publish") if step else None
    return mode if mode in {"pull-request", "none"} else "commit"


def has_app_token(of: Workflow, name: str) -> bool:
    """Tell whether the action works in a job with another token than the job's own, such as an App's."""
    job = of.jobs.get(name)
    step = job.step(ours=True) if job else None
    return step is not None and step.inputs.get("token", _OWN[0]) not in _OWN


_OWN = ("${{ github.token }}", "${{ secrets.GITHUB_TOKEN }}")


def _events(theirs: Workflow, ours: Workflow) -> Iterator[Check]:
    if "pull_request_target" in theirs.events:
        yield Check("events", FAILED, f"In {WORKFLOW}, {TARGET}")
    for event, filters in ours.events.items():
        job, without = _EVENTS[event]
        if event in theirs.events:
            yield from _filtered(event, filters, theirs.events[event])
        elif job in theirs.jobs:
            state = WARNING if event == "workflow_dispatch" else FAILED
            yield Check("events", state, f"Without the event {event}, {without}: add it below on: in {WORKFLOW}.")


def _filtered(
    event: str, ours: Mapping[str, tuple[str, ...]], theirs: Mapping[str, tuple[str, ...]]
) -> Iterator[Check]:
    """Yield what a workflow's filters keep from an event that this release's let through."""
    for key, wanted in ours.items():
        default = _DEFAULT_TYPES.get(event, wanted) if key == "types" else wanted
        given = theirs.get(key) or default
        lacking = [each for each in wanted if each not in given and "**" not in given]
        if lacking and key in _FILTERS:
            named = f"the event {event} leaves out {_FILTERS[key]} {', '.join(lacking)}"
            yield Check("events", WARNING, f"In {WORKFLOW} {named}: add them to {key}.")


def _permissions(theirs: Workflow, ours: Workflow) -> Iterator[Check]:
    for name, job in ours.jobs.items():
        found = theirs.jobs.get(name)
        if found is None:
            yield Check("permissions", WARNING, f"{WORKFLOW} has no job {name}: if its work is to be done, {_COPY}")
        elif found.permissions is None:
            yield Check("permissions", WARNING, f"The job {name} of {WORKFLOW} {_UNSAID}")
        else:
            needed = _CHECKOUT if has_app_token(theirs, name) else _needed(job, publish_mode(theirs))
            yield from _lacking(name, needed, found.permissions)
            yield from _needless(name, job.permissions or {}, found.permissions)


_COPY = "copy it from the workflow that readingroom init --dry-run --force shows."
_CHECKOUT = {"contents": "read"}  # all that a job needs itself where the action works with an App's token
_UNSAID = (
    "does not say its permissions, so that the repository's settings decide: "
    "add the block permissions of this release's workflow."
)


def _needed(job: Job, mode: str) -> dict[str, str]:
    """Return what one of this release's jobs must be granted, given how the pages are published."""
    needed = dict(job.permissions or {})
    if job.name == "pages" and mode != "pull-request":
        needed.pop("pull-requests")
    if job.name == "pages" and mode == "none":
        needed["contents"] = "read"
    return needed


def _lacking(name: str, needed: Mapping[str, str], granted: Mapping[str, str]) -> Iterator[Check]:
    for permission, level in needed.items():
        if granted.get(permission) not in {level, "write"}:
            right = RIGHTS[name][permission]
            state = FAILED if right.breaks else WARNING
            message = f"The job {name} lacks {permission}: {level}, and so {right.without}"
            yield Check("permissions", state, f"{message}: add it below its permissions in {WORKFLOW}.")


def _needless(name: str, ours: Mapping[str, str], granted: Mapping[str, str]) -> Iterator[Check]:
    for permission, level in granted.items():
        enough = ours.get(permission)
        if enough not in {level, "write"}:
            wanted = f"make that {permission}: {enough}" if enough else "remove that"
            message = f"The job {name} has {permission}: {level}, more than it needs: {wanted} in {WORKFLOW}."
            yield Check("permissions", WARNING, message)


def _versions(theirs: Workflow, ours: Workflow, *, is_checkout: bool) -> Iterator[Check]:
    others: dict[str, list[str]] = {}
    wanted = next(step.uses for step in ours.steps() if step.is_ours)
    for name in (each.name for each in ours.jobs.values() if each.step(ours=True) and each.name in theirs.jobs):
        step = theirs.jobs[name].step(ours=True)
        if step is None or (step.is_local and not is_checkout):
            told = f"uses {step.uses}, which is not here" if step else "does not use the action"
            yield Check("action", FAILED, f"The job {name} {told}: add the step uses: {wanted} in {WORKFLOW}.")
        elif step.uses != wanted and not step.is_local:
            others.setdefault(step.uses, []).append(name)
    for uses, names in others.items():
        message = f"{_jobs(names)} {uses} where this release is {wanted}: to upgrade, change that in {WORKFLOW}"
        yield Check("action", WARNING, f"{message} as {_GUIDE} tells.")


def _jobs(names: list[str]) -> str:
    return f"The job {names[0]} uses" if len(names) == 1 else f"The jobs {', '.join(names)} use"


def _checkouts(theirs: Workflow, ours: Workflow) -> Iterator[Check]:
    lacking: dict[tuple[str, str], list[str]] = {}
    for name, job in ours.jobs.items():
        wanted = job.step(ours=False)
        if name not in theirs.jobs or wanted is None:
            continue
        step = theirs.jobs[name].step(ours=False)
        if step is None:
            message = f"The job {name} checks nothing out, so that the action finds no files"
            yield Check("checkout", FAILED, f"{message}: add the step uses: {wanted.uses} in {WORKFLOW}.")
            continue
        for key, value in wanted.inputs.items():
            if step.inputs.get(key) != value:
                lacking.setdefault((key, value), []).append(name)
    for (key, value), names in lacking.items():
        message = f"{_jobs(names)} a checkout without {key}: {value}, so that {_INPUTS[key]}"
        yield Check("checkout", WARNING, f"{message}: add it below with: in {WORKFLOW}.")


_INPUTS = {
    "persist-credentials": "the token stays on the disk for the steps that follow",
    "ref": "a job may work on what a pull request holds",
}
