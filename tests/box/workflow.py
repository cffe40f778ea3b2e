"""A workflow file as GitHub reads it: which events start it, and what each of its jobs may do and waits for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

Payload = Mapping[str, Any]

# https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
_DEFAULT_TYPES = {"pull_request": ["opened", "synchronize", "reopened"]}


@dataclass(frozen=True, slots=True)
class Job:
    """A job, with its permissions as an App names them."""

    name: str
    permissions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """Jobs that run one after the other, and the concurrency group they wait for, if any."""

    jobs: list[Job]
    group: str
    queues_all: bool


@dataclass(frozen=True)
class Workflow:
    path: Path

    @cached_property
    def data(self) -> dict[str, Any]:
        # The loader that knows no types keeps the key `on` from becoming true.
        return dict(yaml.load(self.path.read_text(encoding="utf-8"), yaml.BaseLoader))  # noqa: S506

    def refuses(self, event: str, payload: Payload, changed: Callable[[], list[str]]) -> str:
        """Return why an event does not start the workflow, or an empty text; ``changed`` tells the paths it touched."""
        on = self.data["on"]
        events = {on: {}} if isinstance(on, str) else dict.fromkeys(on) if isinstance(on, list) else on
        if event not in events:
            return "event"
        filters = events[event] or {}
        types = _listed(filters.get("types")) or _DEFAULT_TYPES.get(event, [])
        if types and payload.get("action") not in types:
            return "types"
        branch = _branch(event, payload)
        if not _passes(filters, "branches", [branch]):
            return "branches"
        if any(key in filters for key in ("paths", "paths-ignore")) and not _passes(filters, "paths", changed()):
            return "paths"
        return ""

    def units(self, context: Mapping[str, Any]) -> list[Unit]:
        """Return the jobs as they wait: all together, or each alone; ``context`` is what `github` is in expressions."""
        jobs = self.data["jobs"]
        if any("needs" in job for job in jobs.values()):
            raise NotImplementedError("the box runs each job by itself, with a token of its own")
        if "concurrency" in self.data:
            return [_unit([self._job(name) for name in jobs], self.data["concurrency"], context)]
        return [_unit([self._job(name)], _limit(job, context), context) for name, job in jobs.items()]

    def _job(self, name: str) -> Job:
        granted = self.data["jobs"][name].get("permissions", self.data.get("permissions")) or {}
        kept = {key: value for key, value in granted.items() if key != "id-token" and value != "none"}
        return Job(name, {key.replace("-", "_"): value for key, value in kept.items()})


def _limit(job: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
    """Return what a job waits for; one that its `if:` skips waits for nothing, and takes nobody's place."""
    limit = job.get("concurrency", "")
    return limit if limit and holds(job.get("if", "true"), {"github": context}) else ""


def _unit(jobs: list[Job], limit: Any, context: Mapping[str, Any]) -> Unit:
    limit = {"group": limit} if isinstance(limit, str) else limit
    if limit.get("cancel-in-progress", "false") != "false":
        raise NotImplementedError("the box does not stop what runs")
    return Unit(jobs, evaluated(limit["group"], {"github": context}), limit.get("queue") == "max")


def evaluated(text: str, values: Mapping[str, Any]) -> str:
    """Return a text with its expressions replaced: names, quoted texts and `||` between them, no more."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: _first([*found[1].split("||")], values), text)


_TOKEN = re.compile(r"\s*(?:('[^']*')|([A-Za-z][\w.-]*)|(==|!=|&&|\|\||[!(),]))\s*")
_PYTHON = {"&&": " and ", "||": " or ", "!": " not "}


def holds(condition: str, values: Mapping[str, Any]) -> bool:
    """Tell what an `if:` says: names, quoted texts, comparisons, `&&`, `||`, `!`, brackets and startsWith, no more."""
    known = {"true": True, "startsWith": lambda text, start: str(text or "").startswith(start)}
    told: list[Any] = []
    made, end = "", 0
    for token in _TOKEN.finditer(condition):
        quoted, name, sign = token.groups()
        if token.start() != end:
            break
        if sign:
            made += _PYTHON.get(sign, sign)
        else:
            made += f"told[{len(told)}]"
            told.append(quoted[1:-1] if quoted else known[name] if name in known else _term(name, values))
        end = token.end()
    if end != len(condition):
        raise NotImplementedError(f"the box does not evaluate {condition[end:]}")
    return bool(eval(made, {"told": told}))  # noqa: S307 -- nothing but signs and numbers of what was told


def _first(terms: list[str], values: Mapping[str, Any]) -> str:
    return next((str(found) for term in terms if (found := _term(term.strip(), values))), "")


def _term(term: str, values: Mapping[str, Any]) -> Any:
    if quoted := re.fullmatch(r"'([^']*)'", term):
        return quoted[1]
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", term):
        raise NotImplementedError(f"the box does not evaluate {term}")
    found: Any = values
    for name in term.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _branch(event: str, payload: Payload) -> str:
    if event.startswith("pull_request"):
        return str(payload["pull_request"]["base"]["ref"])
    return str(payload.get("ref", "")).removeprefix("refs/heads/")


def _passes(filters: Mapping[str, Any], key: str, names: list[str]) -> bool:
    ignored = _listed(filters.get(f"{key}-ignore"))
    if ignored and all(_fits(name, ignored) for name in names):
        return False
    wanted = _listed(filters.get(key))
    return not wanted or any(_fits(name, wanted) for name in names)


def _fits(name: str, patterns: list[str]) -> bool:
    """Tell whether the last pattern that says something about a name wants it."""
    fits = False
    for pattern in patterns:
        if _glob(pattern.removeprefix("!")).fullmatch(name):
            fits = not pattern.startswith("!")
    return fits


def _glob(pattern: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "?", "+": "+", "[": "[", "]": "]"}
    return re.compile(re.sub(r"\*\*/|\*\*|.", lambda part: parts.get(part[0], re.escape(part[0])), pattern))


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
