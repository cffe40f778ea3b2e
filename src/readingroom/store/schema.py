"""The errors of plain data by JSON Schema, in the words of the schema's descriptions."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from typing import Any

from readingroom.core import package_files
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.text.matching import find_closest_word, suggest_word

LineFinder = Callable[[tuple[str | int, ...]], int]


class SchemaName(StrEnum):
    """The package's schemas: of a session file, of the group's file, of a site's data, and of announced.yml."""

    SESSION = "session"
    GROUP = "group"
    SESSIONS = "sessions"
    ANNOUNCED = "announced"


class Schema:
    """A schema of the package; ``typed`` are its keys of other values than text, such as numbers, dates and lists."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.document: dict[str, Any] = json.loads(text)
        self.typed = frozenset(_iter_typed_keys(self.document))
        self._accepts: Callable[[Any], bool] | None = None

    def is_valid(self, data: Any) -> bool:
        """Return whether data is valid.

        jsonschema describes every error; for valid files this is faster, 2 instead of 250 microseconds each, and a
        property test checks that the two agree.
        """
        if self._accepts is None:
            import jsonschema_rs  # noqa: PLC0415 -- 25 ms that only a build with changes needs

            self._accepts = jsonschema_rs.Draft202012Validator(self.document, validate_formats=True).is_valid
        return self._accepts(data)

    def check_data(self, file: str, data: Any, line: LineFinder) -> list[Diagnostic]:
        """Return every error of data, each with the line that ``line`` gives for its path."""
        errors = sorted(
            _filter_errors(_build_validator(self.text).iter_errors(data)), key=lambda error: list(map(str, error.path))
        )
        return [each for error in errors for each in self._describe_error(file, data, error, line)]

    def _describe_error(self, file: str, data: Any, error: Any, line: LineFinder) -> Iterator[Diagnostic]:
        path = tuple(error.absolute_path)
        if error.absolute_schema_path[0] == "then":
            message = f'is "{data["status"]}" but there is no date.'
            location = Location(file, line(("status",)), key="status")
            yield Diagnostic(location, *Finding.from_rule(Code.SESSION_DATE_MISSING, message))
        elif error.validator == "additionalProperties":
            keys = list(error.schema["properties"])
            for key in error.instance:
                if key not in keys:
                    location = Location(file, line((*path, key)), key=format_key_path((*path, key)))
                    hint = suggest_word(key, keys, f"Expected: {', '.join(keys)}.")
                    yield Diagnostic(location, Code.KEY_UNKNOWN, f'the key "{key}" is not known.', hint)
        elif finding := _describe_invalid_value(error, _resolve_subschema(self.document, path)):
            yield Diagnostic(Location(file, line(path), key=format_key_path(path)), *finding)


@cache
def load_schema(name: SchemaName) -> Schema:
    """Return one of the package's schemas, read once."""
    return Schema(name, (package_files.get_asset_folder("schema") / f"{name}.schema.json").read_text("utf-8"))


def is_address(text: str) -> bool:
    """Return whether a text is a web address that can be split into its parts, as is needed to follow or compare it."""
    return _load_address_schema().is_valid(text)


@cache
def _load_address_schema() -> Schema:
    return Schema("url", json.dumps(load_schema(SchemaName.SESSION).document["$defs"]["url"]))


@cache
def _build_validator(text: str) -> Any:
    import jsonschema  # noqa: PLC0415 -- 40 ms that only an error needs

    return jsonschema.Draft202012Validator(json.loads(text), format_checker=jsonschema.FormatChecker(["date"]))


def format_key_path(path: Iterable[str | int]) -> str:
    """Return a path in the form ``material[0].items[2].url``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _iter_typed_keys(document: dict[str, Any]) -> Iterator[str]:
    for part in (document, *document.get("$defs", {}).values()):
        for key, value in part.get("properties", {}).items():
            if "boolean" not in _follow_references(document, value).get("type", ()):
                yield key


def _follow_references(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what those that it refers to add to it."""
    if "$ref" not in schema:
        return schema
    target = document["$defs"][schema["$ref"].rpartition("/")[2]]
    return {**_follow_references(document, target), **schema}


def _filter_errors(errors: Iterable[Any]) -> Iterator[Any]:
    """Yield the errors, of each value only the first, and of each group of keys the first of every kind."""
    seen = set()
    for error in errors:
        concerns_keys = error.validator in {"additionalProperties", "required", "anyOf"}
        kind = (tuple(error.absolute_path), error.validator if concerns_keys else "")
        if kind not in seen:
            seen.add(kind)
            yield error


def _resolve_subschema(document: dict[str, Any], path: Iterable[str | int]) -> dict[str, Any]:
    """Return the schema of the value at ``path``, with what a reference adds to it."""
    schema = document
    for part in path:
        others = schema.get("additionalProperties") or {}
        child = schema.get("items", {}) if isinstance(part, int) else schema.get("properties", {}).get(part, others)
        schema = _follow_references(document, child)
    return schema


def _describe_invalid_value(error: Any, schema: dict[str, Any]) -> Finding | None:
    """Return what was found, what is expected and how to fix it; None if a misspelt key is reported instead."""
    if error.validator in {"required", "anyOf"}:
        return _describe_missing_keys(error)
    if error.validator == "uniqueItems":
        entry = next(entry for index, entry in enumerate(error.instance) if entry in error.instance[:index])
        return Finding(Code.VALUE_DUPLICATE, f"contains {_format_found_value(entry)} twice.", "Remove one.")
    if error.instance is None:
        return Finding(Code.KEY_MISSING, "has no value.", f"For example: {_format_example(schema)}")
    description = schema["description"]
    expected = description[:1].lower() + description[1:]
    message = f"found {_format_found_value(error.instance)}. Expected: {expected}"
    return Finding(_choose_code(error), message, _suggest_fix(error, schema))


_CODES_BY_KEY = {
    "date": Code.DATE_INVALID,
    "time": Code.TIME_INVALID,
    "url": Code.LINK_INVALID,
    "code_of_conduct": Code.LINK_INVALID,
}


def _choose_code(error: Any) -> Code:
    if error.validator == "maxItems" or (error.validator == "maxLength" and len(error.instance) > _MAX_SHOWN):
        return Code.VALUE_TOO_LONG
    return _CODES_BY_KEY.get(error.absolute_path[-1] if error.absolute_path else "", Code.VALUE_INVALID)


def _suggest_fix(error: Any, schema: dict[str, Any]) -> str:
    value, limit = error.instance, error.validator_value
    match error.validator:
        case "format":
            return "There is no such day."
        case "maxLength" if len(value) > _MAX_SHOWN:
            return f"Shorten it to {limit} characters."
        case "maxItems":
            return f"Keep at most {limit}."
        case "pattern" | "not" if "then" in schema and _URL_START.match(value):
            return _BAD_URL_HINT
        case "type" if "integer" in limit and isinstance(value, str) and re.fullmatch("[1-9][0-9]{0,3}", value):
            return f"Write {value} without quotes."
    words = filter(None, schema.get("enum", ()) if isinstance(value, str) else ())
    return suggest_word(str(value), words, f"For example: {_format_example(schema)}")


def _describe_missing_keys(error: Any) -> Finding | None:
    """Return which keys an entry lacks, except those that it has in a misspelt form."""
    keys = error.schema["properties"]
    misspelt = {find_closest_word(key, keys) for key in error.instance if key not in keys}
    if error.validator == "anyOf":
        alternatives = [schema["required"][0] for schema in error.validator_value]
        if misspelt & set(alternatives):
            return None
        names = " nor ".join(f'"{key}"' for key in alternatives)
        return Finding(Code.KEY_MISSING, f"has neither {names}.", "Add one of them, or remove the entry.")
    lacking = [key for key in error.validator_value if key not in error.instance and key not in misspelt]
    names = " and ".join(f'no "{key}"' for key in lacking)
    hint = f"Add {'one' if len(lacking) == 1 else 'both'}, or remove the entry."
    if not error.absolute_path:
        hint = f"For example: {', '.join(f'{key}: {_format_example(keys[key])}' for key in lacking)}"
    return Finding(Code.KEY_MISSING, f"has {names}.", hint) if lacking else None


def _format_example(schema: dict[str, Any]) -> str:
    """Return the schema's first example as in a file, of a list or a group of keys the first line."""
    if "examples" not in schema:
        key, child = next(iter(schema["properties"].items()))
        return f"{key}: {_format_example(child)}"
    example, start = schema["examples"][0], ""
    while isinstance(example, dict | list):
        start += "- " if isinstance(example, list) else f"{next(iter(example))}: "
        example = example[0] if isinstance(example, list) else next(iter(example.values()))
    return f"{start}{example}"


_URL_START = re.compile("https?://[^/]", re.IGNORECASE)
_BAD_URL_HINT = "What follows :// is not the name of a website. Copy the address from the browser's address bar."
_MAX_SHOWN = 60


def _format_found_value(value: Any) -> str:
    match value:
        case str() if len(value) > _MAX_SHOWN:
            return f'{json.dumps(value[: _MAX_SHOWN - 3], ensure_ascii=False)[:-1]}..." ({len(value)} characters)'
        case dict():
            return "a group of keys"
        case list():
            return "an empty list" if not value else f"a list of {len(value)}"
    return json.dumps(value, ensure_ascii=False)
