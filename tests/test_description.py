"""What a session is about, as plain text."""

from typing import Any

import pytest

from calendars import URL
from groups import catalogue, files, tree
from readingroom.site import description
from readingroom.store import catalogue as reading

HOME = "https://github.com/example/group"


def shown(about: dict[str, Any], **group: Any) -> str:
    known = catalogue({"01-bert": about}, **group)
    return description.render_description(known.sessions[0], known.group)


def test_what_is_not_known_leaves_no_gap() -> None:
    assert shown({"title": "Bert"}) == ""
    assert shown({"leads": [{"name": "Ada"}]}) == "Led by Ada."


def test_material_is_a_list_with_notes_and_depths() -> None:
    items = [
        {"title": "Paper", "url": "https://example.org/p", "note": "read *this*\nfirst", "items": [{"title": "Data"}]},
        {"url": "https://example.org/q"},
    ]
    material = [{"heading": "Main", "note": "Any **two**.", "items": items}, {"note": "And more."}]
    assert shown({"material": material}).split("\n") == [
        "Main",
        "Any two.",
        "- Paper: https://example.org/p – read this first",
        "  - Data",
        "- https://example.org/q",
        "",
        "And more.",
    ]


@pytest.mark.parametrize(
    ("group", "file", "folder"),
    [
        ({}, "- my slides.pdf", "- code"),
        (
            {"repository": f"{HOME}/"},
            f"- my slides.pdf: {HOME}/blob/HEAD/sessions/01-bert/my%20slides.pdf",
            f"- code: {HOME}/tree/HEAD/sessions/01-bert/code",
        ),
        ({"site": {"url": URL}}, f"- my slides.pdf: {URL}/sessions/01-bert/my%20slides.pdf", "- code"),
    ],
)
def test_a_file_leads_to_the_site_or_to_the_repository(group: dict[str, Any], file: str, folder: str) -> None:
    beside = {"sessions/01-bert/code/x.py": "x", "sessions/01-bert/my slides.pdf": "x"}
    known = reading.read_catalogue(tree(files({"01-bert": {"title": "Bert"}}, beside, **group)))
    assert description.render_description(known.sessions[0], known.group).split("\n") == ["Resources", folder, file]


def test_a_title_has_a_word_for_what_may_not_take_place() -> None:
    known = catalogue({"01-bert": {"kind": "Talk", "date": "2024-01-15", "status": "tbc"}})
    assert description.format_headline(known.sessions[0]) == "Talk: TBC (to be confirmed)"
