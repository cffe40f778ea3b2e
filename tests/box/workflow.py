"""A workflow file as GitHub reads it: which events start it, and what each of its jobs may do and waits for."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

Payload = Mapping[str, Any]

# https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
_DEFAULT_TYPES = {"pull_request": ["opened", "synchronize", "reopened"]}


@dataclass(frozen=True, slots=True)
class Job:
    """A job, with its permissions as an App names them, and what `matrix` and `needs` are in its expressions."""

    name: str
    permissions: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unit:
    """Jobs that run one after the other, and the concurrency group they wait for, if any."""

    jobs: list[Job]
    group: str
    queues_all: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended, and what it passes to those that need it."""

    result: str
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workflow:
    path: Path

    @cached_property
    def data(self) -> dict[str, Any]:
        # The loader that knows no types keeps the key `on` from becoming true.
        return dict(yaml.load(self.path.read_text(encoding="utf-8"), yaml.BaseLoader))  # noqa: S506

    def refuses(self, event: str, payload: Payload, changed: Callable[[], list[str]]) -> str:
        """Return why an event does not start the workflow, or an empty text; ``changed`` returns its paths."""
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
        jobs = {name: job for name, job in self.data["jobs"].items() if "needs" not in job}
        values = {"github": context}
        if "concurrency" in self.data:
            if jobs != self.data["jobs"]:
                raise NotImplementedError("the box lets jobs of one workflow wait for a group, or for each other")
            return [_unit([self._job(name) for name in jobs], self.data["concurrency"], values)]
        return [_unit([self._job(name)], _limit(job, values), values) for name, job in jobs.items()]

    def following(self, name: str, ended: Mapping[str, Ended]) -> list[str]:
        """Return the jobs that can be looked at now that a job has ended, all of those that they need."""
        needs = {each: _listed(job.get("needs")) for each, job in self.data["jobs"].items()}
        return [each for each, names in needs.items() if name in names and set(names) <= ended.keys()]

    def units_of(self, name: str, context: Mapping[str, Any], ended: Mapping[str, Ended]) -> list[Unit]:
        """Return a job that needs others as it waits, once for each value of its matrix; nothing if it is skipped."""
        job = self.data["jobs"][name]
        needs = {each: ended[each] for each in _listed(job["needs"])}
        known = {each: {"result": end.result, "outputs": dict(end.outputs)} for each, end in needs.items()}
        values: dict[str, Any] = {"github": context, "needs": known}
        condition = _get_condition(job)
        if not re.search(r"\b(always|cancelled|failure|success)\(", condition):
            condition = f"success() && ({condition})"
        if not holds(condition, values):
            return []
        matrix = job.get("strategy", {}).get("matrix", {})
        found = [values | {"matrix": each} for each in _combinations(matrix, values)]
        return [_unit([self._job(name, each)], job.get("concurrency", ""), each) for each in found]

    def skips(self, job: Job, context: Mapping[str, Any]) -> bool:
        """Return whether a job that needs no other says by its `if:` that it is not meant; then no runner starts."""
        return not job.values and not holds(_get_condition(self.data["jobs"][job.name]), {"github": context})

    def outputs_of(self, name: str, steps: Mapping[str, str]) -> dict[str, str]:
        """Return what a job passes on; ``steps`` are the outputs of its steps as `step.name`."""
        known: dict[str, Any] = {}
        for key, value in steps.items():
            step, _, output = key.partition(".")
            known.setdefault(step, {"outputs": {}})["outputs"][output] = value
        outputs = self.data["jobs"][name].get("outputs", {})
        return {key: evaluated(text, {"steps": known}) for key, text in outputs.items()}

    def find_checkout_ref(self, job: Job, context: Mapping[str, Any]) -> str:
        """Return the branch that a job checks out, or an empty text if it does not say one."""
        steps = [step for step in self.data["jobs"][job.name]["steps"] if _is_checkout(step)]
        ref = next((step["with"]["ref"] for step in steps if "ref" in step.get("with", {})), "")
        return evaluated(ref, {"github": context, **job.values})

    def alone(self, job: Job) -> str:
        """Return a workflow with a job that needs no other, for a runner that starts one job at a time."""
        typed = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        found = typed["jobs"][job.name]
        kept = {key: each for key, each in found.items() if key not in _SEEN_TO or (key == "if" and not job.values)}
        for step in filter(_is_checkout, kept.get("steps", ())):
            step.get("with", {}).pop("ref", None)  # the bridge has put the files there
        # YAML takes the key `on` for true.
        top = {key: each for key, each in typed.items() if key not in {True, "on", "concurrency"}}
        top["on"] = self.data["on"]
        return json.dumps({**top, "jobs": {job.name: _filled(kept, job.values)}}, default=str)

    def _job(self, name: str, values: Mapping[str, Any] | None = None) -> Job:
        granted = self.data["jobs"][name].get("permissions", self.data.get("permissions")) or {}
        kept = {key: value for key, value in granted.items() if key != "id-token" and value != "none"}
        own_values = {key: each for key, each in (values or {}).items() if key != "github"}
        return Job(name, {key.replace("-", "_"): value for key, value in kept.items()}, own_values)


def _get_condition(job: Mapping[str, Any]) -> str:
    return str(job.get("if", "true")).removeprefix("${{").removesuffix("}}").strip()


def _is_checkout(step: Mapping[str, Any]) -> bool:
    return str(step.get("uses", "")).startswith("actions/checkout@")


# What the bridge sees to, and act does otherwise or not at all.
_SEEN_TO = {"needs", "if", "strategy", "concurrency", "outputs"}


def _filled(node: Any, values: Mapping[str, Any]) -> Any:
    """Return a part of a job with the expressions that are about needs or the matrix replaced."""
    if isinstance(node, Mapping):
        return {key: _filled(each, values) for key, each in node.items()}
    if isinstance(node, list):
        return [_filled(each, values) for each in node]
    if not isinstance(node, str):
        return node
    return re.sub(r"\$\{\{\s*(?:needs|matrix)\.[^}]*\}\}", lambda found: evaluated(found[0], values), node)


def _combinations(matrix: Mapping[str, Any], values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what `matrix` is in each of a job's runs: one key at most, with a list or fromJSON of an output."""
    if len(matrix) > 1:
        raise NotImplementedError("the box knows a matrix of one key")
    found: list[dict[str, str]] = []
    for key, listed in matrix.items():
        found = [{key: str(each)} for each in _entries(listed, values)]
        if not found:
            raise ValueError("GitHub: Matrix vector does not contain any values")
    return found or [{}]


def _entries(listed: Any, values: Mapping[str, Any]) -> list[Any]:
    if not isinstance(listed, str):
        return list(listed)
    match = re.fullmatch(r"\$\{\{\s*fromJSON\((.*)\)\s*\}\}", listed)
    if not match:
        raise NotImplementedError(f"the box does not evaluate {listed}")
    return list(json.loads(_term(match[1], values)))


def _limit(job: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """Return what a job waits for; one that its `if:` skips waits for nothing, and takes nobody's place."""
    limit = job.get("concurrency", "")
    return limit if limit and holds(job.get("if", "true"), values) else ""


def _unit(jobs: list[Job], limit: Any, values: Mapping[str, Any]) -> Unit:
    limit = {"group": limit} if isinstance(limit, str) else limit
    if limit.get("cancel-in-progress", "false") != "false":
        raise NotImplementedError("the box does not stop what runs")
    return Unit(jobs, evaluated(limit["group"], values), limit.get("queue") == "max")


def evaluated(text: str, values: Mapping[str, Any]) -> str:
    """Return a text with its expressions replaced: names, quoted texts and `||` between them, no more."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: _first([*found[1].split("||")], values), text)


_TOKEN = re.compile(r"\s*(?:('[^']*')|([A-Za-z][\w.-]*)|(==|!=|&&|\|\||[!(),]))\s*")
_PYTHON = {"&&": " and ", "||": " or ", "!": " not "}


def holds(condition: str, values: Mapping[str, Any]) -> bool:
    """Return what an `if:` says: names, quoted texts, comparisons, `&&`, `||`, `!`, brackets and functions, no more."""
    results = {each["result"] for each in values.get("needs", {}).values()}
    known: dict[str, Any] = {
        "true": True,
        "startsWith": lambda text, start: str(text or "").startswith(start),
        "success": lambda: results <= {"success"},
        "cancelled": lambda: False,
    }
    terms: list[Any] = []
    made, end = "", 0
    for token in _TOKEN.finditer(condition):
        quoted, name, sign = token.groups()
        if token.start() != end:
            break
        if sign:
            made += _PYTHON.get(sign, sign)
        else:
            made += f"terms[{len(terms)}]"
            terms.append(quoted[1:-1] if quoted else known[name] if name in known else _term(name, values))
        end = token.end()
    if end != len(condition):
        raise NotImplementedError(f"the box does not evaluate {condition[end:]}")
    return bool(eval(made, {"terms": terms}))  # noqa: S307 -- nothing but signs and numbers of terms


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
    """Return whether the last pattern that says something about a name wants it."""
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
