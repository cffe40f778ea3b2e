"""A workflow's file as GitHub reads it: the events that start it, and the permissions and steps of each of its jobs.

The syntax: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.store import yaml_codec

ACTION, CHECKOUT = "readingroom", "actions/checkout"
_NO_WORKFLOW = "is not a workflow. Expected: the keys on and jobs, with at least one job."
# The permissions of a job's token that matter to this program's jobs.
PERMISSIONS = ("contents", "issues", "pull-requests", "statuses", "pages", "id-token")


class JobName(StrEnum):
    """The jobs of the workflow that this program comes with."""

    PAGES = "pages"
    SITE = "site"
    DEPLOY = "deploy"
    PROPOSE = "propose"
    SWEEP = "sweep"
    SETTLE = "settle"
    CHECK = "check"


class PermissionLevel(StrEnum):
    """What a permission allows; to write includes to read."""

    READ = "read"
    WRITE = "write"
    NONE = "none"


_LEVEL_ALIASES = {"write-all": PermissionLevel.WRITE, "read-all": PermissionLevel.READ}


@dataclass(frozen=True, slots=True)
class Step:
    """A step that uses an action: the action's name, the tag or commit after the @, and its inputs."""

    action: str
    version: str
    inputs: Mapping[str, str]

    @property
    def uses(self) -> str:
        return f"{self.action}@{self.version}" if self.version else self.action

    @property
    def is_local(self) -> bool:
        """Whether this is the action at the top of the files that were checked out."""
        return self.action in {"./", "."}

    @property
    def is_ours(self) -> bool:
        """Whether this is the program's own action, or somebody's copy of it."""
        return self.is_local or self.action.rpartition("/")[2] == ACTION


@dataclass(frozen=True, slots=True)
class Job:
    """A job; ``permissions`` are None if neither it nor the workflow has any: then the repository's settings decide."""

    name: str
    permissions: Mapping[str, str] | None
    steps: tuple[Step, ...]

    def find_own_step(self) -> Step | None:
        """Return the step that uses this program's action."""
        return next((each for each in self.steps if each.is_ours), None)

    def find_checkout(self) -> Step | None:
        """Return the step that checks the repository out."""
        return next((each for each in self.steps if each.action == CHECKOUT), None)


@dataclass(frozen=True, slots=True)
class Workflow:
    """What a workflow's file says; ``events`` have their filters, such as types, paths and inputs, as lists."""

    events: Mapping[str, Mapping[str, tuple[str, ...]]]
    jobs: Mapping[str, Job]

    def iter_steps(self) -> Iterator[Step]:
        for job in self.jobs.values():
            yield from job.steps

    def find_own_step(self, name: str) -> Step | None:
        """Return the step of a job that uses this program's action."""
        job = self.jobs.get(name)
        return job.find_own_step() if job else None


def read_workflow(file: str, content: bytes) -> Workflow:
    """Return what a workflow's file says; raise Invalid for one that GitHub cannot read either."""
    data = _ensure_mapping(_convert_node(yaml_codec.compose_yaml(file, content), {}))
    events, jobs = data.get("on"), _ensure_mapping(data.get("jobs"))
    if not events or not jobs or not all(isinstance(job, dict) for job in jobs.values()):
        raise Invalid([Diagnostic(Location(file, 1), Code.WORKFLOW_INVALID, _NO_WORKFLOW)])
    shared = _read_permissions(data)
    return Workflow(_read_events(events), {name: _read_job(name, job, shared) for name, job in jobs.items()})


def _convert_node(node: yaml.Node | None, converted: dict[int, Any]) -> Any:
    """Return a node's value with each scalar as text, so that the key ``on`` is not true; aliases share their value."""
    if id(node) in converted:
        return converted[id(node)]
    if isinstance(node, yaml.MappingNode):
        mapping = converted[id(node)] = {}
        mapping |= {
            key.value: _convert_node(value, converted) for key, value in node.value if isinstance(key, yaml.ScalarNode)
        }
        return mapping
    if isinstance(node, yaml.SequenceNode):
        sequence = converted[id(node)] = []
        sequence += [_convert_node(each, converted) for each in node.value]
        return sequence
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _ensure_mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _ensure_strings(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str) and each)


def _read_events(value: Any) -> dict[str, Mapping[str, tuple[str, ...]]]:
    if isinstance(value, dict):
        return {
            name: {key: _list_filter_values(each) for key, each in _ensure_mapping(filters).items()}
            for name, filters in value.items()
        }
    return {name: {} for name in _ensure_strings(value)}


def _list_filter_values(value: Any) -> tuple[str, ...]:
    """Return the values of a filter of an event; of inputs, their names."""
    return tuple(value) if isinstance(value, dict) else _ensure_strings(value)


def _read_permissions(data: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the permissions that a job or a workflow grants, or None if it does not mention any."""
    if "permissions" not in data:
        return None
    value = data["permissions"]
    if isinstance(value, str):
        return dict.fromkeys(PERMISSIONS, _LEVEL_ALIASES[value]) if value in _LEVEL_ALIASES else {}
    levels = _ensure_mapping(value).items()
    return {name: level for name, level in levels if isinstance(level, str) and level != PermissionLevel.NONE}


def _read_job(name: str, data: Mapping[str, Any], shared: Mapping[str, str] | None) -> Job:
    own = _read_permissions(data)
    entries = data.get("steps")
    steps = (_read_step(each) for each in (entries if isinstance(entries, list) else ()))
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
    """Return an input's value, expressions with one space after and before their braces."""
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", r"${{ \1 }}", value) if isinstance(value, str) else ""
