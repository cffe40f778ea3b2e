"""A GitHub issue form, read from its YAML.

The syntax: https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import yaml

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.store import yaml_codec, yaml_errors
from readingroom.text.phrases import normalize_whitespace


class FieldType(StrEnum):
    """What a form's block shows: text, or a field with one kind of answer."""

    MARKDOWN = "markdown"
    INPUT = "input"
    TEXTAREA = "textarea"
    DROPDOWN = "dropdown"
    CHECKBOXES = "checkboxes"
    UPLOAD = "upload"


TYPES = tuple(FieldType)
WITH_OPTIONS = frozenset({FieldType.DROPDOWN, FieldType.CHECKBOXES})


@dataclass(frozen=True, slots=True)
class Field:
    """A question of a form; ``options`` are a dropdown's choices or the labels of checkboxes."""

    id: str
    label: str
    type: FieldType
    required: bool = False
    options: tuple[str, ...] = ()
    multiple: bool = False
    render: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """An issue form, without its blocks of Markdown: they leave nothing in an issue."""

    name: str
    title: str
    labels: tuple[str, ...]
    fields: tuple[Field, ...]


def read_form(file: str, content: bytes) -> Form:
    """Return the form that a YAML file describes; raise Invalid with all that keeps it from being one."""
    text = yaml_codec.decode_text(file, content)
    try:
        root = _parse_yaml(file, text)
    except yaml.YAMLError as error:
        raise Invalid([yaml_errors.build_syntax_diagnostic(file, error, text)]) from None
    reader = _FormReader(file)
    form = reader.build_form(root)
    if reader.problems:
        raise Invalid(reader.problems)
    return form


def _parse_yaml(file: str, text: str) -> yaml.Node | None:
    yaml_codec.check_nesting_depth(file, text)
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _get_line_number(place: Any) -> int:
    return int(place.start_mark.line) + 1


_FORM_HINT = "Expected: keys and values, with a list of fields under body."
_FIELDS_HINT = "Add one, for example a block with type: input."
_TRUE = frozenset({"true", "yes", "on"})


class _FormReader:
    """Reads a form from YAML's nodes, which keep each value as typed and its line, and gathers the problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Diagnostic] = []

    def add_problem(self, node: yaml.Node | None, key: str, message: str, hint: str) -> None:
        location = Location(self.file, _get_line_number(node) if node else 1, key=key)
        self.problems.append(Diagnostic(location, Code.FORM_INVALID, message, hint))

    def build_form(self, root: yaml.Node | None) -> Form:
        keys = _read_mapping(root)
        if "body" not in keys:
            self.add_problem(root, "", "is not an issue form.", _FORM_HINT)
        fields: list[Field] = []
        for number, node in enumerate(_read_sequence(keys.get("body"))):
            fields += self.read_field(node, f"body[{number}]")
        if not fields and not self.problems:
            self.add_problem(keys["body"], "body", "has no field to fill in.", _FIELDS_HINT)
        self.check_duplicates("id", [field.id for field in fields if field.id], keys)
        self.check_duplicates("label", [normalize_whitespace(field.label) for field in fields], keys)
        return Form(
            _get_text(keys, "name"),
            _get_text(keys, "title"),
            _read_labels(keys.get("labels")),
            tuple(_assign_ids(fields)),
        )

    def check_duplicates(self, what: str, values: list[str], keys: dict[str, yaml.Node]) -> None:
        for value in sorted({each for each in values if values.count(each) > 1}):
            message = f'two fields have the {what} "{value}".'
            self.add_problem(keys["body"], "body", message, "Give one of them another.")

    def read_field(self, node: yaml.Node, key: str) -> Iterator[Field]:
        keys = _read_mapping(node)
        kind = _get_text(keys, "type")
        if kind not in TYPES:
            self.add_problem(node, key, "has no type that GitHub knows.", f"Expected: {', '.join(TYPES)}.")
        if kind not in TYPES or kind == FieldType.MARKDOWN:
            return
        attributes = _read_mapping(keys.get("attributes"))
        label = _get_text(attributes, "label")
        if len(label.splitlines()) != 1:
            self.add_problem(node, key, "has no label in one line.", "Add one below attributes.")
        options = tuple(self.read_options(attributes, f"{key}.attributes.options")) if kind in WITH_OPTIONS else ()
        multiple, render = (
            kind == FieldType.DROPDOWN and _is_true(attributes, "multiple"),
            _get_text(attributes, "render"),
        )
        yield Field(_get_text(keys, "id"), label, FieldType(kind), _is_required(keys), options, multiple, render)

    def read_options(self, attributes: dict[str, yaml.Node], key: str) -> Iterator[str]:
        found: set[str] = set()
        for node in _read_sequence(attributes.get("options")):
            option = _get_text(_read_mapping(node), "label") or _read_scalar(node)
            if not option:
                self.add_problem(node, key, "an option is empty.", "Write it, or remove the dash.")
            elif normalize_whitespace(option) in found:
                self.add_problem(node, key, f'the option "{option}" stands here twice.', "Remove one.")
            found.add(normalize_whitespace(option))
            yield option
        if not found:
            self.add_problem(attributes.get("options"), key, "has no option.", "Add a list of them.")


def _read_mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """Return the values of a mapping by key, or nothing for any other node."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)}


def _read_sequence(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _read_scalar(node: yaml.Node | None) -> str:
    return node.value.strip() if isinstance(node, yaml.ScalarNode) else ""


def _get_text(keys: dict[str, yaml.Node], key: str) -> str:
    return _read_scalar(keys.get(key))


def _is_true(keys: dict[str, yaml.Node], key: str) -> bool:
    return _get_text(keys, key).casefold() in _TRUE


def _is_required(keys: dict[str, yaml.Node]) -> bool:
    """Tell whether a field must be filled in; of checkboxes, whether any must be ticked."""
    boxes = map(_read_mapping, _read_sequence(_read_mapping(keys.get("attributes")).get("options")))
    return _is_true(_read_mapping(keys.get("validations")), "required") or any(
        _is_true(box, "required") for box in boxes
    )


def _read_labels(node: yaml.Node | None) -> tuple[str, ...]:
    """Return an issue's labels, which a form may also hold as one text with commas."""
    found = (
        map(_read_scalar, _read_sequence(node))
        if isinstance(node, yaml.SequenceNode)
        else map(str.strip, _read_scalar(node).split(","))
    )
    return tuple(filter(None, found))


def _assign_ids(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield every field with an id, made from its label where the form gives none."""
    from slugify import slugify  # noqa: PLC0415 -- needed by other people's forms

    fields = tuple(fields)
    taken = {field.id for field in fields}
    for field in fields:
        name = base = field.id or slugify(field.label) or "field"
        number = 1
        while not field.id and name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        yield replace(field, id=name)
