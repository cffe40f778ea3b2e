"""Whether recorded exchanges are what GitHub's own OpenAPI description (npm `@octokit/openapi`) says."""

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema_rs import Draft4Validator

from box.openapi import document
from box.proxy import Exchange

# What is wrong and no fault of ours: a pattern for the lines that report it, and the reason.
KNOWN: Mapping[str, str] = {
    r"GET /repos/\{owner\}/\{repo\} → 200: .*(network|subscribers)_count": "the emulator counts no networks",
    r"GET /repos/\{owner\}/\{repo\} → 200/pushed_at: null": "the emulator knows no push before the first",
    r"POST .*/issues/\{issue_number\}/labels body: \[": "a bare list is allowed by the description's prose alone",
    r"GET .*/branches/\{branch\} → 200(/commit)?: .* required": "the emulator has a branch as lists have it",
    r"DELETE .*/git/refs/\{ref\} → 422: .* no body": "GitHub says in a body why, as for every refusal",
    r"/labels/\*/description: null": "GitHub itself has null for a label without a description",
    r"GET .*/commits → 200/\*/commit/tree: \"url\"": "the emulator forgets it in a pull request's commits",
}

# Any request may be answered by these; the description names them for a few operations only.
_EVERYWHERE = {401, 403, 404, 500, 502, 503}
# A name in these places may hold slashes; the description marks some of them only.
_LONG = {"ref", "path", "basehead", "branch", "sha", "tree_sha", "dir", "tag", "name"}


def check(exchanges: Iterable[Exchange], known: Mapping[str, str] = KNOWN) -> list[str]:
    """Return a line for each deviation that is not known, in order and once; injected faults are not judged."""
    lines = (line for each in exchanges if not each.fault for line in deviations(each))
    return [line for line in dict.fromkeys(lines) if not any(re.search(pattern, line) for pattern in known)]


def deviations(exchange: Exchange) -> Iterator[str]:
    """Yield what is wrong with one exchange."""
    request, url = exchange.request, urlsplit(exchange.request.url)
    template = _template(request.method.lower(), url.path)
    if template is None:
        yield f"{request.method} {url.path}: GitHub describes no such request"
        return
    where = f"{request.method} {template}"
    operation = _operation(request.method.lower(), template)
    for complaint in _asked(operation, parse_qsl(url.query, keep_blank_values=True), request.data):
        yield f"{where} {complaint}"
    for complaint in _answered(operation, exchange.status, exchange.response):
        yield f"{where} → {exchange.status}{complaint}"


def _asked(operation: "_Operation", query: list[tuple[str, str]], data: Any) -> Iterator[str]:
    for name, text in query:
        schema = operation.query.get(name)
        if schema is None:
            yield f"?{name}: GitHub describes no such parameter"
        else:
            values = [text] if schema.get("type") == "string" else [_read(text), text]
            if not any(operation.validator(f"?{name}").is_valid(value) for value in values):
                yield f"?{name}={text}: not what GitHub describes"
    if operation.body is None:
        if data:
            yield "body: GitHub describes none"
        return
    if data is None and not operation.needs_body:
        return
    yield from (f"body{line}" for line in _complaints(operation.validator("body"), data))
    if isinstance(data, dict) and (names := operation.body.get("properties")):
        yield from (f"body/{name}: GitHub describes no such key" for name in data if name not in names)


def _answered(operation: "_Operation", status: int, data: Any) -> Iterator[str]:
    if status not in operation.answers:
        if status not in _EVERYWHERE:
            yield ": GitHub describes no such status"
        return
    if operation.answers[status] is None:
        if data is not None:
            yield ": GitHub describes no body"
        return
    yield from _complaints(operation.validator(status), data)


def _complaints(validator: Draft4Validator, data: Any) -> Iterator[str]:
    for error in validator.iter_errors(data):
        place = re.sub(r"(?<=/)\d+(?=/|$)", "*", "".join(f"/{part}" for part in error.instance_path))
        yield f"{place}: {error.message if len(error.message) < 200 else f'… {error.message[-160:]}'}"


class _Operation:
    """One request of the description, with only the schemas that it refers to."""

    def __init__(self, method: str, template: str) -> None:
        path = document()["paths"][template]
        found = path[method]
        parameters = [_resolved(each) for each in (*path.get("parameters", ()), *found.get("parameters", ()))]
        self.query = {each["name"]: _plain(each["schema"]) for each in parameters if each["in"] == "query"}
        body = _resolved(found.get("requestBody", {}))
        self.body = _content(body)
        self.needs_body = body.get("required", False)
        self.answers = {
            int(status): _content(_resolved(each)) for status, each in found["responses"].items() if status.isdigit()
        }
        self._validators: dict[str | int, Draft4Validator] = {}

    def validator(self, place: str | int) -> Draft4Validator:
        """Return what judges a parameter ("?name"), the body that is sent ("body"), or the answer with a status."""
        if place not in self._validators:
            schemas = {**{f"?{name}": each for name, each in self.query.items()}, "body": self.body, **self.answers}
            self._validators[place] = _validator(self._root(schemas[place]))
        return self._validators[place]

    @staticmethod
    def _root(schema: Any) -> str:
        """Return the schema as a document of its own, as text: the key that its validator is kept under."""
        needed: dict[str, Any] = {}
        waiting = [schema]
        while waiting:
            for name in _REFERENCE.findall(json.dumps(waiting.pop())):
                if name not in needed:
                    needed[name] = _plain(document()["components"]["schemas"][name])
                    waiting.append(needed[name])
        return json.dumps({"allOf": [schema], "components": {"schemas": needed}}, sort_keys=True)


_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


@functools.cache
def _operation(method: str, template: str) -> _Operation:
    return _Operation(method, template)


@functools.cache
def _validator(root: str) -> Draft4Validator:
    return Draft4Validator(json.loads(root), validate_formats=True)


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return the paths as patterns, the most literal first."""

    def place(match: re.Match[str]) -> str:
        return ".+" if match[1] in _LONG else "[^/]+"

    paths = sorted(document()["paths"], key=lambda path: len(re.sub(r"\{\w+\}", "", path)), reverse=True)
    return [(re.compile(re.sub(r"\\\{(\w+)\\\}", place, re.escape(path))), path) for path in paths]


@functools.cache
def _template(method: str, path: str) -> str | None:
    fitting = (template for pattern, template in _patterns() if pattern.fullmatch(path))
    return next((template for template in fitting if method in document()["paths"][template]), None)


def _resolved(each: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in each:
        return each
    _, _, kind, name = each["$ref"].split("/")
    return dict(document()["components"][kind][name])


def _content(each: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schema of a body, or None if there is to be none."""
    kinds = each.get("content", {})
    schema = next((kinds[kind].get("schema", {}) for kind in kinds if "json" in kind), None)
    return None if schema is None else _plain(schema)


def _plain(schema: Any) -> Any:
    """Return JSON Schema for what OpenAPI 3.0 writes in its own way; formats only where GitHub keeps to them."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    names = schema.get("properties")
    kept = {key: _plain(value) for key, value in schema.items() if key not in _UNUSED}
    if isinstance(names, dict):
        kept["properties"] = {name: _plain(value) for name, value in names.items()}
    if kept.get("format") not in {"date-time", "date"} or not isinstance(kept.get("format"), str):
        kept.pop("format", None)
    return _nullable(kept) if schema.get("nullable") is True else kept


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str):
        enum = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, **enum, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


_UNUSED = {"nullable", "description", "example", "examples", "default", "title", "deprecated", "properties"}


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
