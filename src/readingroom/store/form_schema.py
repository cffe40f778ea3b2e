"""A GitHub issue form, read from its YAML.

The syntax: https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import yaml

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.store import yaml_codec
from readingroom.text.phrases import normalize_whitespace


class FieldType(StrEnum):
    """The types of a form's blocks: text, or a field for one kind of answer."""

    MARKDOWN = "markdown"
    INPUT = "input"
    TEXTAREA = "textarea"
    DROPDOWN = "dropdown"
    CHECKBOXES = "checkboxes"
    UPLOAD = "upload"


TYPES = tuple(FieldType)


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
    """An issue form, without its blocks of Markdown, which do not become part of an issue."""

    name: str
    title: str
    labels: tuple[str, ...]
    fields: tuple[Field, ...]


def read_form(file: str, content: bytes) -> Form:
    """Return the form that a YAML file describes; raise Invalid with every problem."""
    reader = _FormReader(file)
    form = reader.build_form(yaml_codec.compose_yaml(file, content))
    if reader.problems:
        raise Invalid(reader.problems)
    return form


class _FormReader:
    """Reads a form from YAML's nodes, which keep each value as typed and its line, and collects the problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Diagnostic] = []

    def add_problem(self, node: yaml.Node | None, key: str, message: str, hint: str) -> None:
        location = Location(self.file, yaml_codec.get_start_line(node) if node else 1, key=key)
        self.problems.append(Diagnostic(location, Code.FORM_INVALID, message, hint))

    def build_form(self, root: yaml.Node | None) -> Form:
        keys = _read_mapping(root)
        if "body" not in keys:
            hint = "Expected: keys and values, with a list of fields under body."
            self.add_problem(root, "", "is not an issue form.", hint)
        fields: list[Field] = []
        for number, node in enumerate(_read_sequence(keys.get("body"))):
            fields += self.read_field(node, f"body[{number}]")
        if not fields and not self.problems:
            hint = "Add one, for example a block with type: input."
            self.add_problem(keys["body"], "body", "has no field to fill in.", hint)
        self.check_duplicates("id", [field.id for field in fields if field.id], keys)
        self.check_duplicates("label", [normalize_whitespace(field.label) for field in fields], keys)
        return Form(
            _get_text(keys, "name"),
            _get_text(keys, "title"),
            _read_labels(keys.get("labels")),
            tuple(_assign_ids(fields)),
        )

    def check_duplicates(self, noun: str, values: list[str], keys: dict[str, yaml.Node]) -> None:
        for value in sorted({value for value in values if values.count(value) > 1}):
            message = f'two fields have the {noun} "{value}".'
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
        has_options = kind in {FieldType.DROPDOWN, FieldType.CHECKBOXES}
        options = tuple(self.read_options(attributes, f"{key}.attributes.options")) if has_options else ()
        multiple = kind == FieldType.DROPDOWN and _is_true(attributes, "multiple")
        render = _get_text(attributes, "render")
        yield Field(_get_text(keys, "id"), label, FieldType(kind), _is_required(keys), options, multiple, render)

    def read_options(self, attributes: dict[str, yaml.Node], key: str) -> Iterator[str]:
        seen: set[str] = set()
        for node in _read_sequence(attributes.get("options")):
            option = _get_text(_read_mapping(node), "label") or _read_scalar(node)
            if not option:
                self.add_problem(node, key, "an option is empty.", "Write it, or remove the dash.")
            elif normalize_whitespace(option) in seen:
                self.add_problem(node, key, f'the option "{option}" appears twice.', "Remove one.")
            seen.add(normalize_whitespace(option))
            yield option
        if not seen:
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
    return _get_text(keys, key).casefold() in {"true", "yes", "on"}


def _is_required(keys: dict[str, yaml.Node]) -> bool:
    """Return whether a field must be filled in; for checkboxes, whether any must be ticked."""
    boxes = map(_read_mapping, _read_sequence(_read_mapping(keys.get("attributes")).get("options")))
    return _is_true(_read_mapping(keys.get("validations")), "required") or any(
        _is_true(box, "required") for box in boxes
    )


def _read_labels(node: yaml.Node | None) -> tuple[str, ...]:
    """Return an issue's labels: a list, or one text with commas."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(filter(None, map(_read_scalar, node.value)))
    return tuple(filter(None, map(str.strip, _read_scalar(node).split(","))))


def _assign_ids(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield every field with an id, made from its label if the form gives none."""
    from slugify import slugify  # noqa: PLC0415 -- needed only for forms without ids

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
