"""A GitHub issue form, read from its YAML.

The syntax: https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from readingroom.core.diagnostics import Invalid, Problem
from readingroom.store import yaml_codec, yaml_errors

TYPES = ("markdown", "input", "textarea", "dropdown", "checkboxes", "upload")
WITH_OPTIONS = frozenset({"dropdown", "checkboxes"})


@dataclass(frozen=True, slots=True)
class Field:
    """A question of a form; ``options`` are a dropdown's choices or the labels of checkboxes."""

    id: str
    label: str
    type: str
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


def read(file: str, content: bytes) -> Form:
    """Return the form that a YAML file describes; raise Invalid with all that keeps it from being one."""
    text = yaml_codec.decode(file, content)
    try:
        root = _composed(file, text)
    except yaml.YAMLError as error:
        line, message = yaml_errors.line_of(error, text), yaml_errors.in_plain_words(error, text)
        raise Invalid([Problem(file, line, "", message)]) from None
    reader = _Reader(file)
    form = reader.form(root)
    if reader.problems:
        raise Invalid(reader.problems)
    return form


def words(text: str) -> str:
    """Return a text with every run of blanks and line breaks as one blank: how options and labels are compared."""
    return " ".join(text.split())


def _composed(file: str, text: str) -> yaml.Node | None:
    yaml_codec.check_depth(file, text)
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _line(place: Any) -> int:
    return int(place.start_mark.line) + 1


_NO_FORM = "is not an issue form. Wanted: keys and values, with a list of fields under body."
_NO_FIELDS = "has no field to fill in. Add one, for example a block with type: input."
_TRUE = frozenset({"true", "yes", "on"})


class _Reader:
    """Reads a form from YAML's nodes, which keep each value as typed and its line, and gathers the problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def complain(self, node: yaml.Node | None, where: str, message: str) -> None:
        self.problems.append(Problem(self.file, _line(node) if node else 1, where, message))

    def form(self, root: yaml.Node | None) -> Form:
        keys = _entries(root)
        if "body" not in keys:
            self.complain(root, "", _NO_FORM)
        fields: list[Field] = []
        for number, node in enumerate(_items(keys.get("body"))):
            fields += self.field(node, f"body[{number}]")
        if not fields and not self.problems:
            self.complain(keys["body"], "body", _NO_FIELDS)
        self.check_twice("id", [field.id for field in fields if field.id], keys)
        self.check_twice("label", [words(field.label) for field in fields], keys)
        return Form(_text(keys, "name"), _text(keys, "title"), _labels(keys.get("labels")), tuple(_with_ids(fields)))

    def check_twice(self, what: str, values: list[str], keys: dict[str, yaml.Node]) -> None:
        for value in sorted({each for each in values if values.count(each) > 1}):
            self.complain(keys["body"], "body", f'two fields have the {what} "{value}". Give one of them another.')

    def field(self, node: yaml.Node, where: str) -> Iterator[Field]:
        keys = _entries(node)
        kind = _text(keys, "type")
        if kind not in TYPES:
            self.complain(node, where, f"has no type that GitHub knows. Wanted: {', '.join(TYPES)}.")
        if kind not in TYPES or kind == "markdown":
            return
        attributes = _entries(keys.get("attributes"))
        label = _text(attributes, "label")
        if len(label.splitlines()) != 1:
            self.complain(node, where, "has no label in one line. Add one below attributes.")
        options = tuple(self.options(attributes, f"{where}.attributes.options")) if kind in WITH_OPTIONS else ()
        multiple, render = kind == "dropdown" and _is_true(attributes, "multiple"), _text(attributes, "render")
        yield Field(_text(keys, "id"), label, kind, _is_required(keys), options, multiple, render)

    def options(self, attributes: dict[str, yaml.Node], where: str) -> Iterator[str]:
        found: set[str] = set()
        for node in _items(attributes.get("options")):
            option = _text(_entries(node), "label") or _plain(node)
            if not option:
                self.complain(node, where, "an option is empty. Write it, or remove the dash.")
            elif words(option) in found:
                self.complain(node, where, f'the option "{option}" stands here twice. Remove one.')
            found.add(words(option))
            yield option
        if not found:
            self.complain(attributes.get("options"), where, "has no option. Add a list of them.")


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """Return the values of a mapping by key, or nothing for any other node."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)}


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _plain(node: yaml.Node | None) -> str:
    return node.value.strip() if isinstance(node, yaml.ScalarNode) else ""


def _text(keys: dict[str, yaml.Node], key: str) -> str:
    return _plain(keys.get(key))


def _is_true(keys: dict[str, yaml.Node], key: str) -> bool:
    return _text(keys, key).casefold() in _TRUE


def _is_required(keys: dict[str, yaml.Node]) -> bool:
    """Tell whether a field must be filled in; of checkboxes, whether any must be ticked."""
    boxes = map(_entries, _items(_entries(keys.get("attributes")).get("options")))
    return _is_true(_entries(keys.get("validations")), "required") or any(_is_true(box, "required") for box in boxes)


def _labels(node: yaml.Node | None) -> tuple[str, ...]:
    """Return an issue's labels, which a form may also hold as one text with commas."""
    found = (
        map(_plain, _items(node)) if isinstance(node, yaml.SequenceNode) else map(str.strip, _plain(node).split(","))
    )
    return tuple(filter(None, found))


def _with_ids(fields: Iterable[Field]) -> Iterator[Field]:
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
