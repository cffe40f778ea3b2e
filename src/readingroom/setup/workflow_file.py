"""A workflow's file as GitHub reads it: the events that it asks for, and what each of its jobs may do and does.

The syntax: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.store import yaml_codec, yaml_errors

ACTION, CHECKOUT = "readingroom", "actions/checkout"
_NO_WORKFLOW = "is not a workflow. Wanted: the keys on and jobs, with at least one job."
_LEVEL_ALIASES = {"write-all": "write", "read-all": "read"}
# What may be granted to a job's token, as far as this program's jobs are concerned.
PERMISSIONS = ("contents", "issues", "pull-requests", "statuses", "pages", "id-token")


@dataclass(frozen=True, slots=True)
class Step:
    """A step that uses an action: its name, the tag or commit after the @, and its inputs."""

    action: str
    version: str
    inputs: Mapping[str, str]

    @property
    def uses(self) -> str:
        return f"{self.action}@{self.version}" if self.version else self.action

    @property
    def is_local(self) -> bool:
        """Tell whether this is the action at the top of the files that were checked out."""
        return self.action in {"./", "."}

    @property
    def is_ours(self) -> bool:
        """Tell whether this is the program's own action, maybe another's copy of it."""
        return self.is_local or self.action.rpartition("/")[2] == ACTION


@dataclass(frozen=True, slots=True)
class Job:
    """A job; ``permissions`` are None where neither it nor the workflow says any, so that the settings decide."""

    name: str
    permissions: Mapping[str, str] | None
    steps: tuple[Step, ...]

    def find_step(self, *, ours: bool) -> Step | None:
        """Return the step with this program's action, or else that which checks the repository out."""
        fits = (each for each in self.steps if (each.is_ours if ours else each.action == CHECKOUT))
        return next(fits, None)


@dataclass(frozen=True, slots=True)
class Workflow:
    """What a file says; ``events`` have their filters, such as types and paths, as lists."""

    events: Mapping[str, Mapping[str, tuple[str, ...]]]
    jobs: Mapping[str, Job]

    def iter_steps(self) -> Iterator[Step]:
        for job in self.jobs.values():
            yield from job.steps


def read_workflow(file: str, content: bytes) -> Workflow:
    """Return what a workflow's file says; raise Invalid if GitHub could not read it either."""
    text = yaml_codec.decode_text(file, content)
    try:
        yaml_codec.check_nesting_depth(file, text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise Invalid([yaml_errors.build_syntax_diagnostic(file, error, text)]) from None
    found = _ensure_mapping(_convert_node(root, {}))
    events, jobs = found.get("on"), _ensure_mapping(found.get("jobs"))
    if not events or not jobs or not all(isinstance(job, dict) for job in jobs.values()):
        raise Invalid([Diagnostic(Location(file, 1), Code.WORKFLOW_INVALID, _NO_WORKFLOW)])
    shared = _read_permissions(found)
    return Workflow(_read_events(events), {name: _read_job(name, job, shared) for name, job in jobs.items()})


def _convert_node(node: yaml.Node | None, known: dict[int, Any]) -> Any:
    """Return a node's value with every scalar as its text, so that the key ``on`` is not true; aliases are shared."""
    if id(node) in known:
        return known[id(node)]
    if isinstance(node, yaml.MappingNode):
        mapping = known[id(node)] = {}
        mapping |= {
            key.value: _convert_node(value, known) for key, value in node.value if isinstance(key, yaml.ScalarNode)
        }
        return mapping
    if isinstance(node, yaml.SequenceNode):
        listed = known[id(node)] = []
        listed += [_convert_node(each, known) for each in node.value]
        return listed
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _ensure_mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _ensure_strings(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str) and each)


def _read_events(value: Any) -> dict[str, Mapping[str, tuple[str, ...]]]:
    if isinstance(value, dict):
        return {
            name: {key: _ensure_strings(each) for key, each in _ensure_mapping(more).items()}
            for name, more in value.items()
        }
    return {name: {} for name in _ensure_strings(value)}


def _read_permissions(of: Mapping[str, Any]) -> dict[str, str] | None:
    """Return what a job or a workflow grants, or None if it says nothing of it."""
    if "permissions" not in of:
        return None
    value = of["permissions"]
    if isinstance(value, str):
        return dict.fromkeys(PERMISSIONS, _LEVEL_ALIASES[value]) if value in _LEVEL_ALIASES else {}
    return {name: level for name, level in _ensure_mapping(value).items() if isinstance(level, str) and level != "none"}


def _read_job(name: str, data: Mapping[str, Any], shared: Mapping[str, str] | None) -> Job:
    own = _read_permissions(data)
    found = data.get("steps")
    steps = (_read_step(each) for each in (found if isinstance(found, list) else ()))
    return Job(name, shared if own is None else own, tuple(each for each in steps if each))


def _read_step(data: Any) -> Step | None:
    uses = _ensure_mapping(data).get("uses")
    if not isinstance(uses, str):
        return None
    action, _, version = uses.strip().partition("@")
    return Step(
        action, version, {key: _normalize_input(each) for key, each in _ensure_mapping(data.get("with")).items()}
    )


def _normalize_input(value: Any) -> str:
    """Return an input's value, expressions with one blank after and before their braces."""
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", r"${{ \1 }}", value) if isinstance(value, str) else ""
