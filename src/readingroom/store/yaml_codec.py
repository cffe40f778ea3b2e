"""YAML text to plain data and back, with every value as it was typed.

YAML 1.1 turns ``16:00`` into 960 and ``NO`` into false. Here every value stays text, except a whole
number under a key that the schema says holds one, and an empty value, which is no value at all.
"""

import re
from contextlib import suppress
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
from readingroom.core.text_file import TextFile
from readingroom.store import yaml_errors
from readingroom.text import characters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

from collections.abc import Iterator


class NotPlainError(Exception):
    """Raised where only the emitter knows how to write a value."""


# How values begin that the emitter writes as they are, or between quotes.
_BARE = re.compile(r"[A-Za-z(]|[^\x00-\x7f]|[0-9][^ ]* |[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_QUOTED = re.compile(r"[A-Za-z(\[\"'@&*#!|%{}>`]|[^\x00-\x7f]|[0-9][^ ]* ")
_RESERVED_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def dump_lines(data: Any) -> Iterator[str]:
    """Yield the lines of a mapping of plain values, as the emitter would write them; raise NotPlain at any other."""
    if not isinstance(data, dict):
        raise NotPlainError
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(key, str):
            yield f"{key}:"
            for each in value:
                first, *rest = dump_lines(each) if each else [""]
                if not first:
                    raise NotPlainError
                yield f"  - {first}"
                yield from (f"    {line}" for line in rest)
        else:
            yield f"{_dump_scalar(key)}: {_dump_scalar(value)}"


def _dump_scalar(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or value.casefold() in _RESERVED_WORDS:
        raise NotPlainError
    if not value.isprintable() or value.endswith(" "):
        raise NotPlainError
    if _BARE.match(value) and not (": " in value or " #" in value or value.endswith(":")):
        return value
    if _QUOTED.match(value):
        return "'" + value.replace("'", "''") + "'"
    raise NotPlainError


MAX_BYTES = 64 * 1024
MAX_DEPTH = 32

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.MULTILINE)

_TOO_DEEP, _MAKE_FLATTER = f"is nested more than {MAX_DEPTH} levels deep.", "Make it flatter."
_WRITE_OUT = "Write the value out instead."
_CONFLICT_HINT = "Keep one of the two versions and remove the lines that start with <<<<<<<, ======= and >>>>>>>."

KeyPath = tuple[str | int, ...]


class _UnsupportedYaml(Exception):
    def __init__(self, code: Code, event: Any, message: str, hint: str, key: str = "") -> None:
        super().__init__(message)
        self.code, self.line, self.message, self.hint, self.key = code, _get_line(event), message, hint, key


def decode_text(file: str, content: bytes) -> str:
    """Return the text of a file without a byte order mark; raise Invalid if it is not clean UTF-8."""
    return decode_file(file, content).text


def decode_file(file: str, content: bytes) -> TextFile:
    """Return the text file that bytes are; raise Invalid if it is not clean UTF-8, or in the middle of a merge."""
    try:
        decoded = TextFile.decode(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{content[error.start]:02X} at offset {error.start} is not UTF-8."
        raise Invalid(
            [Diagnostic(Location(file, line), Code.FILE_NOT_UTF8, message, "Save the file as UTF-8.")]
        ) from None
    if (b"<<<<<<< " in content or b">>>>>>> " in content) and (conflict := _CONFLICT.search(decoded.text)):
        line = decoded.text.count("\n", 0, conflict.start()) + 1
        message = "holds the markers of a merge conflict."
        raise Invalid([Diagnostic(Location(file, line), Code.FILE_MERGE_CONFLICT, message, _CONFLICT_HINT)])
    return decoded


def read_yaml(file: str, content: bytes, *, integers: "Collection[str]" = ()) -> Any:
    """Return the plain data of a YAML file: dicts, lists, text, and whole numbers under ``integers``.

    A key without a value is left out. Raises Invalid with one problem if the text is not YAML or uses
    what a session file has no need of: anchors, tags, merge keys, several documents, one key twice.
    """
    if len(content) > MAX_BYTES:
        message = f"has {len(content)} bytes; at most {MAX_BYTES} are read."
        hint = "Shorten it, or link to the long part."
        raise Invalid([Diagnostic(Location(file), Code.FILE_TOO_LARGE, message, hint)])
    text = decode_text(file, content)
    try:
        return _DataBuilder(text, integers).build_document()
    except _UnsupportedYaml as refused:
        location = Location(file, refused.line, key=refused.key)
        problem = Diagnostic(location, refused.code, refused.message, refused.hint)
    except yaml.YAMLError as error:
        problem = yaml_errors.build_syntax_diagnostic(file, error, text)
    raise Invalid([problem])


class _DataBuilder:
    """Builds plain data from the parser's events.

    Twice as fast as composing nodes first, which needs a second pass (benchmarks/, docs/performance.md).
    """

    __slots__ = ("integers", "next")

    def __init__(self, text: str, integers: "Collection[str]") -> None:
        self.next: Callable[[], Any] = CParser(text).get_event
        self.integers = integers

    def build_document(self) -> Any:
        self.next()
        if not isinstance(self.next(), yaml.DocumentStartEvent):
            return None
        data = self.build_value(self.next(), "", 0)
        self.next()
        second: Any = self.next()
        if second.__class__ is yaml.DocumentStartEvent:
            raise _UnsupportedYaml(
                Code.YAML_SECOND_DOCUMENT,
                second,
                "a second document starts here.",
                "Remove the line ---, or make a second file.",
            )
        return data

    def build_value(self, event: Any, key: str, depth: int) -> Any:
        if event.__class__ is ScalarEvent:
            return self.build_scalar(event, key)
        if event.__class__ is AliasEvent:
            raise _UnsupportedYaml(Code.YAML_ANCHOR, event, f"uses the alias *{event.anchor}.", _WRITE_OUT)
        _check_no_anchor_or_tag(event)
        if depth == MAX_DEPTH:
            raise _UnsupportedYaml(Code.YAML_TOO_DEEP, event, _TOO_DEEP, _MAKE_FLATTER)
        if event.__class__ is MappingStartEvent:
            return self.build_mapping(depth + 1)
        return self.build_sequence(depth + 1)

    def build_mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        keys: dict[str, Any] = {}
        next_event, value_of, scalar_of = self.next, self.build_value, self.build_scalar
        while (event := next_event()).__class__ is not MappingEndEvent:
            if event.__class__ is not ScalarEvent:
                hint = "If a value starts with [ or {, put it in quotes."
                raise _UnsupportedYaml(Code.YAML_INVALID_KEY, event, "a key is not plain text.", hint)
            key = event.value
            if event.anchor or event.tag or key in keys or key in _FORBIDDEN_KEYS:
                raise _build_key_error(event, keys.get(key))
            keys[key] = event
            below = next_event()
            value = scalar_of(below, key) if below.__class__ is ScalarEvent else value_of(below, key, depth)
            if value is not None:
                found[key] = value
        return found

    def build_sequence(self, depth: int) -> list[Any]:
        found = []
        while (event := self.next()).__class__ is not SequenceEndEvent:
            value = self.build_value(event, "", depth)
            if value is None:
                message, hint = "an entry of this list is empty.", "Write it, or remove the dash."
                raise _UnsupportedYaml(Code.YAML_EMPTY_ENTRY, event, message, hint)
            found.append(value)
        return found

    def build_scalar(self, event: Any, key: str) -> str | int | None:
        if event.anchor or event.tag:
            _check_no_anchor_or_tag(event)
        value: str = event.value
        if event.implicit[0]:
            if not value:
                return None
            if key in self.integers and _INTEGER.fullmatch(value):
                return int(value)
        if message := find_character_error(value):
            raise _UnsupportedYaml(Code.YAML_CONTROL_CHARACTER, event, message, "Remove it.", key)
        return value


def find_character_error(text: str) -> str:
    """Return what is wrong with a text that no file can hold, or nothing."""
    odd = None if text.isprintable() else characters.UNWRITABLE.search(text)
    return f"holds the control character U+{ord(odd[0]):04X}." if odd else ""


def _check_no_anchor_or_tag(event: Any) -> None:
    if event.anchor is not None:
        hint = "Write the value out, or put it in quotes."
        raise _UnsupportedYaml(Code.YAML_ANCHOR, event, f"sets the anchor &{event.anchor}.", hint)
    if event.tag is not None:
        hint = "If it is text that starts with !, put it in quotes."
        raise _UnsupportedYaml(Code.YAML_TAG, event, f"has the tag {event.tag}.", hint)


_FORBIDDEN_KEYS = frozenset({"", "<<"})


def _build_key_error(event: Any, first: Any) -> _UnsupportedYaml:
    _check_no_anchor_or_tag(event)
    if first is not None:
        message = f'the key "{event.value}" stands here a second time; the first is in line {_get_line(first)}.'
        return _UnsupportedYaml(Code.YAML_DUPLICATE_KEY, event, message, "Keep one.")
    if event.value:
        return _UnsupportedYaml(Code.YAML_ANCHOR, event, "uses the merge key <<.", "Write the values out instead.")
    return _UnsupportedYaml(Code.YAML_INVALID_KEY, event, "a key is empty.", "Write a name before the colon.")


def _get_line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def check_nesting_depth(file: str, text: str) -> None:
    """Raise Invalid for a text so deep that a parser which descends by recursion would crash."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            location = Location(file, _get_line(event))
            raise Invalid([Diagnostic(location, Code.YAML_TOO_DEEP, _TOO_DEEP, _MAKE_FLATTER)])


def map_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, counted from 1, of every key and entry in a text that ``read`` accepts."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return dict(_iter_node_lines(root, ())) if root is not None else {}


def find_key_line(file: str, content: bytes, *keys: str) -> int:
    """Return the line of a key of a file that ``read`` accepts, below those before it, or 1 if it is not there."""
    return map_lines(decode_text(file, content)).get(keys, 1)


def _iter_node_lines(node: yaml.Node, path: KeyPath) -> "Iterator[tuple[KeyPath, int]]":
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*path, key.value)
            yield from _iter_node_lines(value, below)
            yield below, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _iter_node_lines(value, (*path, index))


def check_truncated_values(file: str, content: bytes) -> list[Diagnostic]:
    """Return the values that YAML cuts at a space and a number sign: ``title: a # b`` means "a"."""
    if b" #" not in content:
        return []
    text = decode_text(file, content)
    rows = text.split("\n")
    found = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, ScalarEvent) and event.implicit[0]:
            end: Any = event.end_mark
            rest = rows[end.line][end.column :] if end.line < len(rows) else ""
            if rest.lstrip().startswith("#") and not rest.startswith("#"):
                message = f'"{rest.strip()}" is read as a comment.'
                hint = "If it belongs to the text, put the text in quotes."
                found.append(Diagnostic(Location(file, end.line + 1), Code.YAML_CUT_VALUE, message, hint))
    return found


class _Dumper(yaml.SafeDumper):
    """Writes text so that ``read`` gives it back; quotes what YAML 1.1 would turn into something else."""

    # PyYAML's own list without the resolver for dates: a quoted date would look odd, and no reader errs on it.
    yaml_implicit_resolvers = {  # noqa: RUF012 -- PyYAML's own way to configure a class
        first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Indent a list below its key, as people write it; only the emitter in Python can be told so."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _build_text_node(dumper: _Dumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value and value.isascii() and not value.startswith((" ", "\n")) else None
    if characters.LINE_BREAKS.search(value):
        style = '"'  # the only style that does not make a blank or another line break of them
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _build_text_node)


def dump_yaml(data: Any) -> str:
    """Return YAML text with LF line ends such that ``read`` gives ``data`` back."""
    with suppress(NotPlainError):
        return "".join(f"{line}\n" for line in dump_lines(data)) if data else "{}\n"
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000, indent=2)
    return str(text)
