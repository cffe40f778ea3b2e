"""Plain data to problems, by JSON Schema, in the words of the schema's own descriptions."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from readingroom.core import resources
from readingroom.core.diagnostics import Problem

Line = Callable[[tuple[str | int, ...]], int]


class Schema:
    """One of the two schemas of the package: ``session`` or ``group``."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.document: dict[str, Any] = json.loads(text)
        self.integers = frozenset(_keys_of_integers(self.document, self.document.get("$defs", {})))
        self._accepts: Callable[[Any], bool] | None = None

    def accepts(self, data: Any) -> bool:
        """Tell whether data is valid.

        jsonschema judges and words every refusal; this shortcut for the valid files takes 2 instead of
        250 microseconds each, and a property test holds the two to one opinion.
        """
        if self._accepts is None:
            import jsonschema_rs  # noqa: PLC0415 -- 25 ms that only a build with changes needs

            formats = {"address": is_address}
            validator = jsonschema_rs.Draft202012Validator(self.document, formats=formats, validate_formats=True)
            self._accepts = validator.is_valid
        return self._accepts(data)

    def problems(self, file: str, data: Any, line: Line) -> list[Problem]:
        """Return every problem of data, each with the line that ``line`` gives for its path."""
        errors = sorted(_leaves(_validator(self.text).iter_errors(data)), key=lambda error: list(map(str, error.path)))
        return [problem for error in errors for problem in self._told(file, error, line)]

    def _told(self, file: str, error: Any, line: Line) -> Iterator[Problem]:
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for key in error.instance:
                if key not in known:
                    yield Problem(file, line((*path, key)), in_words((*path, key)), _unknown(key, known))
        elif sentence := _sentence(error, _resolved(self.document, path)):
            yield Problem(file, line(path), in_words(path), sentence)


@cache
def load(name: str) -> Schema:
    """Return the package's schema ``session`` or ``group``."""
    return Schema(name, (resources.folder("schema") / f"{name}.schema.json").read_text("utf-8"))


def is_address(value: object) -> bool:
    """Tell whether the parts of an address can be told apart, as they must be to follow it or to compare it."""
    if not isinstance(value, str) or (value.isascii() and "[" not in value and "]" not in value):
        return True
    try:
        return bool(urlsplit(value))
    except ValueError:
        return False


@cache
def _validator(text: str) -> Any:
    import jsonschema  # noqa: PLC0415 -- 40 ms that only a refusal needs

    checker = jsonschema.FormatChecker(["date"])
    checker.checks("address")(is_address)
    return jsonschema.Draft202012Validator(json.loads(text), format_checker=checker)


def in_words(path: Iterable[str | int]) -> str:
    """Return a path as people read it: ``material[0].items[2].url``."""
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is nearest to ``word``, or an empty text if none is near."""
    import difflib  # noqa: PLC0415 -- needed where something is wrong

    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def _keys_of_integers(schema: dict[str, Any], defs: dict[str, Any]) -> Iterator[str]:
    for part in (schema, *defs.values()):
        for key, value in part.get("properties", {}).items():
            name = value.get("$ref", "").rpartition("/")[2]
            if {**defs.get(name, {}), **value}.get("type") == "integer":
                yield key


_OF_KEYS = frozenset({"additionalProperties", "required", "anyOf"})


def _leaves(errors: Iterable[Any]) -> Iterator[Any]:
    """Yield the errors, of each value only the first, and of each group of keys the first of every kind."""
    seen = set()
    for error in errors:
        kind = (tuple(error.absolute_path), error.validator if error.validator in _OF_KEYS else "")
        if kind not in seen:
            seen.add(kind)
            yield error


def _resolved(document: dict[str, Any], path: Iterable[str | int]) -> dict[str, Any]:
    """Return the schema of the place at ``path``, with what a reference adds to it."""
    here = document
    for part in path:
        below = here.get("items", {}) if isinstance(part, int) else here.get("properties", {}).get(part, {})
        target = document["$defs"].get(below.get("$ref", "").rpartition("/")[2], {})
        here = {**target, **below}
    return here


def _unknown(key: str, known: list[str]) -> str:
    near = nearest(key, known)
    if near:
        return f'the key "{key}" is not known. Did you mean "{near}"?'
    return f'the key "{key}" is not known. Known are: {", ".join(known)}.'


def _sentence(error: Any, schema: dict[str, Any]) -> str:
    """Return what was found, what is wanted and how to mend it; nothing if a misspelt key says it already."""
    if error.validator in {"required", "anyOf"}:
        return _missing(error)
    if error.validator == "uniqueItems":
        twice = next(each for number, each in enumerate(error.instance) if each in error.instance[:number])
        return f"holds {_found(twice)} twice. Remove one."
    return f"found {_found(error.instance)}. Wanted: {_lower(schema['description'])} {_hint(error, schema)}"


def _hint(error: Any, schema: dict[str, Any]) -> str:
    found, limit = error.instance, error.validator_value
    match error.validator:
        case "format":
            return "There is no such day." if limit == "date" else _NO_HOST
        case "maxLength" if len(found) > _LONG:
            return f"Shorten it to {limit} characters."
        case "maxItems":
            return f"Keep at most {limit}."
        case "enum" if isinstance(found, str) and (near := nearest(found, schema["enum"])):
            return f'Did you mean "{near}"?'
        case "type" if limit == "integer" and isinstance(found, str) and re.fullmatch("[1-9][0-9]{0,3}", found):
            return f"Write {found} without quotes."
    return f"For example: {_example(schema)}"


def _missing(error: Any) -> str:
    """Say which keys an entry lacks, except those of which a misspelt form is there."""
    keys = error.schema["properties"]
    misspelt = {nearest(key, keys) for key in error.instance if key not in keys}
    if error.validator == "anyOf":
        wanted = [each["required"][0] for each in error.validator_value]
        either = " nor ".join(f'"{key}"' for key in wanted)
        return "" if misspelt & set(wanted) else f"has neither {either}. Add one of them, or remove the entry."
    lacking = [key for key in error.validator_value if key not in error.instance and key not in misspelt]
    said = " and ".join(f'no "{key}"' for key in lacking)
    mend = f"Add {'one' if len(lacking) == 1 else 'both'}, or remove the entry."
    if not error.absolute_path:
        mend = f"For example: {', '.join(f'{key}: {_example(keys[key])}' for key in lacking)}"
    return f"has {said}. {mend}" if lacking else ""


def _example(schema: dict[str, Any]) -> str:
    """Return the schema's first example as a file would hold it, of a list or a group of keys the first line."""
    if "examples" not in schema:
        key, below = next(iter(schema["properties"].items()))
        return f"{key}: {_example(below)}"
    example, start = schema["examples"][0], ""
    while isinstance(example, dict | list):
        start += "- " if isinstance(example, list) else f"{next(iter(example))}: "
        example = example[0] if isinstance(example, list) else next(iter(example.values()))
    return f"{start}{example}"


_NO_HOST = "What follows :// is not the name of a place on the web. Copy the address from the browser's bar."
_LONG = 60


def _found(value: Any) -> str:
    match value:
        case str() if len(value) > _LONG:
            return f'{json.dumps(value[: _LONG - 3], ensure_ascii=False)[:-1]}..." ({len(value)} characters)'
        case dict():
            return "a group of keys"
        case list():
            return "an empty list" if not value else f"a list of {len(value)}"
    return json.dumps(value, ensure_ascii=False)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
