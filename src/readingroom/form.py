"""A GitHub issue form, read from its YAML; and the group's own form for proposals, written.

The syntax: https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from readingroom import generated, markdown, schema, source, syntax
from readingroom.problems import Invalid, Problem
from readingroom.session import Group

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
    text = source.decode(file, content)
    try:
        root = _composed(file, text)
    except yaml.YAMLError as error:
        line, message = syntax.line_of(error, text), syntax.in_plain_words(error, text)
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
    source.check_depth(file, text)
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


def written(group: Group) -> str:
    """Return the text of the group's form for proposals, valid by GitHub's rules whatever readingroom.yml holds."""
    form = {
        "name": "Propose a session",
        "description": "Offer to lead a session: what it is about, when, and what to read.",
        "labels": ["session"],
        "body": [_block("markdown", "", {"value": _INTRODUCTION}), *_blocks(group)],
    }
    body = yaml.dump(form, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)
    return generated.commented(body, "readingroom.yml", "form").decode()


_INTRODUCTION = (
    "A pull request is made from your answers. To change them later, edit the issue: the pull request follows."
)
_LEADS = "One person per line, with a link or a GitHub name if they have one."
_READING = "One link or Markdown list item per line; a note may stand below it, indented."
_FILES = "Drop the files here. They can also be added later, by editing the issue."


def _blocks(group: Group) -> Iterator[dict[str, Any]]:
    yield _asked("title", "input", "Title", _about("title"), required=True)
    yield _choice("kind", "Kind", "The kind of session.", group.kinds)
    yield _asked("date", "input", "Date", _date(group), placeholder="2026-01-15", required=True)
    yield _asked("time", "input", "Time", _about("time"), placeholder=group.time or "14:30")
    yield _choice("room", "Room", _room(group), group.rooms)
    leads = "Ada Lovelace, https://example.org/ada\nGrace Hopper @grace"
    yield _asked("leads", "textarea", "Leads", _LEADS, placeholder=leads, required=True)
    yield _asked("abstract", "textarea", "Abstract", _about("abstract"))
    yield _asked("main_reading", "textarea", "Main reading", _READING)
    yield _asked("extra_reading", "textarea", "Extra reading", _READING)
    yield _asked("files", "textarea", "Slides or other files", _FILES)
    yield _asked("anything_else", "textarea", "Anything else", "What else the organisers should know.")
    if address := markdown.url(group.code_of_conduct):
        options = [{"label": f"I agree to follow the [code of conduct]({address}).", "required": True}]
        yield _block("checkboxes", "agreement", {"label": "Agreement", "options": options})


def _about(key: str) -> str:
    """Return what the schema says of a key of a session, without when it may be left out."""
    description: str = schema.load("session").document["properties"][key]["description"]
    return description.partition(" Leave it out")[0]


def _date(group: Group) -> str:
    day = f" on {group.day}s" if group.day else ""
    time = f" at {group.time} ({group.time_zone})" if group.time else ""
    return _about("date") + (f" The group usually meets{day}{time}." if day or time else "")


def _room(group: Group) -> str:
    usual = f" The usual one is {markdown.text(group.room)}." if group.room else ""
    other = " If it is none of these, leave it and name it under Anything else." if _offered(group.rooms) else ""
    return "Where the session takes place." + usual + other


def _choice(key: str, label: str, description: str, options: Iterable[str]) -> dict[str, Any]:
    """Return a dropdown, or a line to type on where there is nothing to choose from."""
    offered = _offered(options)
    if not offered:
        return _asked(key, "input", label, description)
    return _block("dropdown", key, {"label": label, "description": description, "options": offered})


def _offered(options: Iterable[str]) -> list[str]:
    """Return what a dropdown may offer: no option twice, and not None, which GitHub adds by itself."""
    offered = {words(option): option.strip() for option in options}
    return [option for key, option in offered.items() if key.casefold() not in {"", "none"}]


def _asked(
    key: str, kind: str, label: str, description: str, *, placeholder: str = "", required: bool = False
) -> dict[str, Any]:
    attributes = {"label": label, "description": description}
    if placeholder:
        attributes["placeholder"] = placeholder
    block = _block(kind, key, attributes)
    if required:
        block["validations"] = {"required": True}
    return block


def _block(kind: str, key: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, **({"id": key} if key else {}), "attributes": attributes}


class _Dumper(yaml.SafeDumper):
    """Writes every value in quotes: GitHub reads forms with Ruby, to which ``:x`` and ``1,000`` are no texts."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:  # noqa: FBT001
        node = super().represent_mapping(tag, mapping, flow_style)
        for key, _ in node.value:
            key.style = None
        return node

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
