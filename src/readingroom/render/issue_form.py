"""The group's issue form for proposals, made from its configuration and the schema of a session."""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from readingroom.core.models import Group
from readingroom.core.tree import CONFIGURATION
from readingroom.store import generated, schema, yaml_codec
from readingroom.store.form_schema import FieldType
from readingroom.text import escape
from readingroom.text.phrases import normalize_whitespace


def render_issue_form(group: Group) -> str:
    """Return the text of the group's form for proposals, valid by GitHub's rules whatever readingroom.yml holds."""
    form = {
        "name": "Propose a session",
        "description": "Offer to lead a session: what it is about, when, and what to read.",
        "labels": ["session"],
        "body": [_build_block(FieldType.MARKDOWN, "", {"value": _INTRODUCTION}), *_iter_blocks(group)],
    }
    body = yaml.dump(form, Dumper=_QuotingDumper, sort_keys=False, allow_unicode=True, width=100_000)
    return generated.add_yaml_banner(body, CONFIGURATION, "form").decode()


_INTRODUCTION = (
    "A pull request is made from your answers. To change them later, edit the issue: the pull request follows."
)
_LEADS = "One person per line, with a link or a GitHub name if they have one."
_READING = "One link or Markdown list item per line. A note to it goes on the next line, after two spaces."
_FILES = "Drop the files here. They can also be added later, by editing the issue."


def _iter_blocks(group: Group) -> Iterator[dict[str, Any]]:
    yield _build_field("title", FieldType.INPUT, "Title", _get_key_description("title"), required=True)
    yield _build_choice("kind", "Kind", "The kind of session.", group.kinds)
    yield _build_field("date", FieldType.INPUT, "Date", _describe_date(group), placeholder="2026-01-15", required=True)
    yield _build_field("time", FieldType.INPUT, "Time", _get_key_description("time"), placeholder=group.time or "14:30")
    yield _build_choice("room", "Room", _describe_room(group), group.rooms)
    leads = "Ada Lovelace, https://example.org/ada\nGrace Hopper @grace"
    yield _build_field("leads", FieldType.TEXTAREA, "Leads", _LEADS, placeholder=leads, required=True)
    yield _build_field("abstract", FieldType.TEXTAREA, "Abstract", _get_key_description("abstract"))
    yield _build_field("main_reading", FieldType.TEXTAREA, "Main reading", _READING)
    yield _build_field("extra_reading", FieldType.TEXTAREA, "Extra reading", _READING)
    yield _build_field("files", FieldType.TEXTAREA, "Slides or other files", _FILES)
    yield _build_field("anything_else", FieldType.TEXTAREA, "Anything else", "What else the organisers should know.")
    if address := escape.encode_url(group.code_of_conduct):
        options = [{"label": f"I agree to follow the [code of conduct]({address}).", "required": True}]
        yield _build_block(FieldType.CHECKBOXES, "agreement", {"label": "Agreement", "options": options})


def _get_key_description(key: str) -> str:
    """Return the schema's description of a key of a session, up to when it may be left out."""
    description: str = schema.load_schema(schema.SchemaName.SESSION).document["properties"][key]["description"]
    return description.partition(" Leave it out")[0]


def _describe_date(group: Group) -> str:
    day = f" on {group.day}s" if group.day else ""
    time = f" at {group.time} ({group.time_zone})" if group.time else ""
    return _get_key_description("date") + (f" The group usually meets{day}{time}." if day or time else "")


def _describe_room(group: Group) -> str:
    usual = f" The usual one is {escape.escape_text(group.room)}." if group.room else ""
    other = " If yours is not listed, write it under Anything else." if _clean_options(group.rooms) else ""
    return "Where the session takes place." + usual + other


def _build_choice(key: str, label: str, description: str, options: Iterable[str]) -> dict[str, Any]:
    """Return a dropdown, or a line to type on if there is nothing to choose from."""
    if choices := _clean_options(options):
        return _build_block(FieldType.DROPDOWN, key, {"label": label, "description": description, "options": choices})
    return _build_field(key, FieldType.INPUT, label, description)


def _clean_options(options: Iterable[str]) -> list[str]:
    """Return the options of a dropdown: none twice, and not None, which GitHub adds by itself."""
    by_key = {normalize_whitespace(option): option.strip() for option in options}
    return [option for key, option in by_key.items() if key.casefold() not in {"", "none"}]


def _build_field(
    key: str, kind: FieldType, label: str, description: str, *, placeholder: str = "", required: bool = False
) -> dict[str, Any]:
    attributes = {"label": label, "description": description}
    if placeholder:
        attributes["placeholder"] = placeholder
    block = _build_block(kind, key, attributes)
    if required:
        block["validations"] = {"required": True}
    return block


def _build_block(kind: FieldType, key: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind.value, **({"id": key} if key else {}), "attributes": attributes}


class _QuotingDumper(yaml_codec.IndentingDumper):
    """Writes every value in quotes: GitHub reads forms with Ruby, for which ``:x`` and ``1,000`` are not texts."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:  # noqa: FBT001
        node = super().represent_mapping(tag, mapping, flow_style)
        for key, _ in node.value:
            key.style = None
        return node


_QuotingDumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
