"""YAML text to plain data and back, with every value as it was typed.

YAML 1.1 turns ``16:00`` into 960 and ``NO`` into false. Here every value stays text, except integers and ``null``
under the keys that the schema says, and empty values, which are left out.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.text_file import decode_file
from readingroom.store import yaml_errors
from readingroom.text import characters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class NotPlainError(Exception):
    """Raised for a value that only the emitter can write."""


# PyYAML's own list of what YAML 1.1 turns into something else, by the first sign, but dates, which need no quotes.
_RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
# What a value without quotes does not start with, end with or contain, with spaces as its only white space.
_INDICATOR = re.compile(r"""\A(?:[ #,\[\]{}&*!|>'"%@`]|[?:-](?: |\Z)|---|\.\.\.)|:(?: |\Z)| (?:#|\Z)""")
_SPACE_AT_LINE_END = re.compile(r"[ \n]\Z|\A[ \n]| \n")


def dump_lines(data: Any) -> Iterator[str]:
    """Yield the lines of a mapping as the emitter would write them; raise NotPlainError for other than plain values."""
    if not isinstance(data, dict):
        raise NotPlainError
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(key, str):
            yield f"{key}:"
            for entry in value:
                first, *rest = dump_lines(entry) if entry else [""]
                if not first:
                    raise NotPlainError
                yield f"  - {first}"
                yield from (f"    {line}" if line else "" for line in rest)
        elif isinstance(value, str) and "\n" in value:
            yield from _dump_text(_dump_scalar(key), value)
        else:
            yield f"{_dump_scalar(key)}: {_dump_scalar(value)}"


def _dump_scalar(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value or "\n" in value:
        raise NotPlainError
    if not value.isprintable() and characters.YAML_ESCAPED.search(value):
        raise NotPlainError
    if _INDICATOR.search(value) or any(pattern.match(value) for _, pattern in _RESOLVERS.get(value[0], ())):
        return "'" + value.replace("'", "''") + "'"
    return value


def _dump_text(key: str, value: str) -> Iterator[str]:
    """Yield the lines of a text of several: as they are, or in quotes, where each line break is doubled."""
    text = value.removesuffix("\n") if value.isascii() else value
    if not text or _SPACE_AT_LINE_END.search(text) or characters.YAML_ESCAPED.search(text):
        raise NotPlainError
    if value.isascii():
        yield f"{key}: {'|' if text != value else '|-'}"
        yield from (f"  {line}" if line else "" for line in text.split("\n"))
        return
    if "\n " in text:
        raise NotPlainError
    first, *rest = re.sub("\n+", r"\g<0>\n", text.replace("'", "''")).split("\n")
    yield f"{key}: '{first}"
    yield from (f"  {line}" if line else "" for line in rest[:-1])
    yield f"  {rest[-1]}'"


MAX_BYTES = 64 * 1024
MAX_DEPTH = 32

_INTEGER = re.compile(r"(-?(?:0|[1-9][0-9]{0,8}))(?:\.0{1,8})?")
_NULLS = frozenset({"null", "Null", "NULL", "~"})

_TOO_DEEP, _USE_FEWER_LEVELS = f"is nested more than {MAX_DEPTH} levels deep.", "Use fewer levels."

KeyPath = tuple[str | int, ...]
ValueMap = dict[KeyPath, tuple[str, int]]  # values with their lines
EmptyKeys = list[tuple[dict[str, Any], str]]  # each with the group of keys that it is in


class _UnsupportedYaml(Exception):
    def __init__(self, code: Code, event: Any, message: str, hint: str, key: str = "") -> None:
        super().__init__(message)
        self.code, self.line, self.message, self.hint, self.key = code, get_start_line(event), message, hint, key


def read_yaml(file: str, content: bytes, *, typed: "Collection[str]" = ()) -> Any:
    """Return the plain data of a YAML file: dicts, lists and text; under the keys ``typed`` also integers.

    A key without a value is left out, and so is one of ``typed`` with null or ~. Raises Invalid with one problem if the
    text is not YAML, or uses anchors, tags, merge keys, several documents or one key twice.
    """
    data, empty = read_yaml_with_empty_keys(file, content, typed=typed)
    drop_empty_keys(empty)
    return data


def drop_empty_keys(empty: EmptyKeys) -> None:
    """Remove the keys that ``read_yaml_with_empty_keys`` has listed from the data that they are in."""
    for keys, key in empty:
        del keys[key]


def read_yaml_with_empty_keys(file: str, content: bytes, *, typed: "Collection[str]" = ()) -> tuple[Any, EmptyKeys]:
    """Return data as read_yaml does, but with None for each key that has no value, and the list of these keys."""
    if len(content) > MAX_BYTES:
        message = f"has {len(content)} bytes; at most {MAX_BYTES} are read."
        hint = "Shorten it, or link to the long part."
        raise Invalid([Diagnostic(Location(file), Code.FILE_TOO_LARGE, message, hint)])
    text = decode_file(file, content).text
    try:
        builder = _DataBuilder(text, typed)
        return builder.build_document(), builder.empty
    except _UnsupportedYaml as error:
        location = Location(file, error.line, key=error.key)
        problem = Diagnostic(location, error.code, error.message, error.hint)
    except yaml.YAMLError as error:
        problem = yaml_errors.build_syntax_diagnostic(file, error, text)
    raise Invalid([problem])


class _DataBuilder:
    """Builds plain data from the parser's events, twice as fast as from nodes (docs/performance.md)."""

    __slots__ = ("empty", "next", "typed")

    def __init__(self, text: str, typed: "Collection[str]") -> None:
        self.next: Callable[[], Any] = CParser(text).get_event
        self.typed = typed
        self.empty: EmptyKeys = []

    def build_document(self) -> Any:
        self.next()
        if not isinstance(self.next(), yaml.DocumentStartEvent):
            return None
        root: Any = self.next()
        data = None if _is_null(root) else self.build_value(root, "", 0)
        self.next()
        second: Any = self.next()
        if second.__class__ is yaml.DocumentStartEvent:
            message, hint = "a second document starts here.", "Remove the line ---, or make a second file."
            raise _UnsupportedYaml(Code.YAML_SECOND_DOCUMENT, second, message, hint)
        return data

    def build_value(self, event: Any, key: str, depth: int) -> Any:
        if event.__class__ is ScalarEvent:
            return self.build_scalar(event, key)
        if event.__class__ is AliasEvent:
            raise _UnsupportedYaml(Code.YAML_ANCHOR, event, f"uses the alias *{event.anchor}.", "Write the value out.")
        _check_no_anchor_or_tag(event)
        if depth == MAX_DEPTH:
            raise _UnsupportedYaml(Code.YAML_TOO_DEEP, event, _TOO_DEEP, _USE_FEWER_LEVELS)
        if event.__class__ is MappingStartEvent:
            return self.build_mapping(depth + 1)
        return self.build_sequence(depth + 1)

    def build_mapping(self, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        key_events: dict[str, Any] = {}
        next_event, build_value, build_scalar = self.next, self.build_value, self.build_scalar
        while (event := next_event()).__class__ is not MappingEndEvent:
            if event.__class__ is not ScalarEvent:
                hint = "If a value starts with [ or {, put it in quotes."
                raise _UnsupportedYaml(Code.YAML_INVALID_KEY, event, "a key is not plain text.", hint)
            key = event.value
            if event.anchor or event.tag or key in key_events or key in {"", "<<"}:
                raise _build_key_error(event, key_events.get(key))
            key_events[key] = event
            value_event = next_event()
            value = (
                build_scalar(value_event, key)
                if value_event.__class__ is ScalarEvent
                else build_value(value_event, key, depth)
            )
            data[key] = value
            if value is None:
                self.empty.append((data, key))
        return data

    def build_sequence(self, depth: int) -> list[Any]:
        entries = []
        while (event := self.next()).__class__ is not SequenceEndEvent:
            value = self.build_value(event, "", depth)
            if value is None:
                message, hint = "an entry of this list is empty.", "Write it, or remove the dash."
                raise _UnsupportedYaml(Code.YAML_EMPTY_ENTRY, event, message, hint)
            entries.append(value)
        return entries

    def build_scalar(self, event: Any, key: str) -> str | int | None:
        if event.anchor or event.tag:
            _check_no_anchor_or_tag(event)
        value: str = event.value
        if event.implicit[0]:
            if not value:
                return None
            if key in self.typed:
                if value in _NULLS:
                    return None
                if number := _INTEGER.fullmatch(value):
                    return int(number[1])
        if message := find_character_error(value):
            raise _UnsupportedYaml(Code.YAML_CONTROL_CHARACTER, event, message, "Remove it.", key)
        return value


def _is_null(event: Any) -> bool:
    is_plain = event.__class__ is ScalarEvent and event.implicit[0]
    return is_plain and event.value in _NULLS and not event.anchor


def find_character_error(text: str) -> str:
    """Return what is wrong with a text that YAML cannot contain, or an empty text."""
    match = None if text.isprintable() else characters.UNWRITABLE.search(text)
    return f"contains the control character U+{ord(match[0]):04X}." if match else ""


def _check_no_anchor_or_tag(event: Any) -> None:
    if event.anchor is not None:
        hint = "Write the value out, or put it in quotes."
        raise _UnsupportedYaml(Code.YAML_ANCHOR, event, f"sets the anchor &{event.anchor}.", hint)
    if event.tag is not None:
        hint = "If it is text that starts with !, put it in quotes."
        raise _UnsupportedYaml(Code.YAML_TAG, event, f"has the tag {event.tag}.", hint)


def _build_key_error(event: Any, first: Any) -> _UnsupportedYaml:
    _check_no_anchor_or_tag(event)
    if first is not None:
        message = f'the key "{event.value}" appears a second time; the first is on line {get_start_line(first)}.'
        return _UnsupportedYaml(Code.YAML_DUPLICATE_KEY, event, message, "Keep one.")
    if event.value:
        return _UnsupportedYaml(Code.YAML_ANCHOR, event, "uses the merge key <<.", "Write the values out.")
    return _UnsupportedYaml(Code.YAML_INVALID_KEY, event, "a key is empty.", "Write a name before the colon.")


def get_start_line(element: Any) -> int:
    """Return the line, from 1, where an event or a node starts."""
    return int(element.start_mark.line) + 1


def compose_yaml(file: str, content: bytes) -> yaml.Node | None:
    """Return the nodes of any YAML file; raise Invalid if it is none, or nested so deep that a parser would crash."""
    text = decode_file(file, content).text
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                location = Location(file, get_start_line(event))
                raise Invalid([Diagnostic(location, Code.YAML_TOO_DEEP, _TOO_DEEP, _USE_FEWER_LEVELS)])
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise Invalid([yaml_errors.build_syntax_diagnostic(file, error, text)]) from None
    return root


@lru_cache(maxsize=64)  # several findings are of one file
def map_lines(text: str) -> Mapping[KeyPath, int]:
    """Return the line, from 1, of every key and entry of a text that ``read_yaml`` accepts."""
    return {path: line for path, line, _ in _iter_nodes(text)}


def map_values(text: str) -> ValueMap:
    """Return every value of a text that ``read_yaml`` accepts, as it was typed, and the line, from 1, of its key."""
    return {path: (node.value, line) for path, line, node in _iter_nodes(text) if isinstance(node, yaml.ScalarNode)}


def find_key_line(file: str, content: bytes, *keys: str) -> int:
    """Return the line of a nested key of a file that ``read_yaml`` accepts, or 1 if the file does not have it."""
    return map_lines(decode_file(file, content).text).get(keys, 1)


def iter_texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in plain data, after the key that it is below."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from iter_texts(below, name)
    elif isinstance(value, list):
        for below in value:
            yield from iter_texts(below, key)
    elif isinstance(value, str):
        yield key, value


def _iter_nodes(text: str) -> Iterator[tuple[KeyPath, int, yaml.Node]]:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return _iter_nodes_below(root, (), get_start_line(root)) if root is not None else iter(())


def _iter_nodes_below(node: yaml.Node, path: KeyPath, line: int) -> Iterator[tuple[KeyPath, int, yaml.Node]]:
    yield path, line, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _iter_nodes_below(value, (*path, key.value), get_start_line(key))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _iter_nodes_below(value, (*path, index), get_start_line(value))


class IndentingDumper(yaml.SafeDumper):
    """Indents a list below its key, as people write it, and uses no aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Indent a list too, which only the emitter in Python can do."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


class _Dumper(IndentingDumper):
    """Writes text so that ``read_yaml`` returns it; quotes what YAML 1.1 would turn into something else."""

    yaml_implicit_resolvers = _RESOLVERS


def _build_text_node(dumper: _Dumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value and value.isascii() and not value.startswith((" ", "\n")) else None
    if characters.LINE_BREAKS.search(value):
        style = '"'  # the only style that does not replace them with a space or another line break
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _build_text_node)


def dump_yaml(data: Any) -> str:
    """Return YAML text with LF line ends such that ``read_yaml`` returns ``data``."""
    with suppress(NotPlainError):
        return "".join(f"{line}\n" for line in dump_lines(data)) if data else "{}\n"
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000, indent=2)
    return str(text)
