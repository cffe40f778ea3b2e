"""The form that a group gets: what it asks, and that GitHub takes it whatever the group's configuration holds."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from readingroom.core.models import Group
from readingroom.render import issue_form
from readingroom.store import form_schema, generated

if TYPE_CHECKING:
    from pathlib import Path

FILE = ".github/ISSUE_TEMPLATE/session.yml"
GROUP = Group(
    "Robots in Disguise",
    "Europe/London",
    day="Monday",
    time="11:00",
    room="David Blackwell",
    rooms=("David Blackwell", "Ursula Franklin"),
    kinds=("Technical", "Theory, maths"),
    code_of_conduct="https://example.org/conduct",
)
BARE = Group("Robots in Disguise", "Europe/London")
# What readingroom.yml may hold, and what YAML, Markdown, Ruby or GitHub would make something else of.
UNUSUAL = replace(
    GROUP,
    name="a: b # c",
    room="*x* [y](z): #1 {{ w }}",
    rooms=("None", "none", "A", " A ", "A\tB", "A B"),
    kinds=("2026-01-15", "1,000", ":symbol", "yes", "~", "!x", "- a", "a # b", "12:30", "x\u2028y", "🎉", "\x85"),
    code_of_conduct="https://example.org/a_(b)?c=[d]|`e`",
)


@pytest.mark.parametrize("group", [GROUP, BARE, UNUSUAL], ids=["usual", "bare", "unusual"])
def test_the_groups_form_is_valid_on_github(group: Group, tmp_path: Path) -> None:
    path = tmp_path / "session.yml"
    path.write_text(issue_form.render_issue_form(group), "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-issue-forms", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


IDS = (
    "title", "kind", "date", "time", "room", "leads", "abstract", "main_reading", "extra_reading", "files",
    "anything_else",
)  # fmt: skip


def test_the_groups_form_reads_back() -> None:
    known = form_schema.read_form(FILE, issue_form.render_issue_form(GROUP).encode())
    assert (known.name, known.title, known.labels) == ("Propose a session", "", ("session",))
    assert tuple(field.id for field in known.fields) == (*IDS, "agreement")
    assert {field.id for field in known.fields if field.required} == {"title", "date", "leads", "agreement"}
    options = {field.id: field.options for field in known.fields if field.options}
    assert options == {
        "kind": GROUP.kinds,
        "room": GROUP.rooms,
        "agreement": ("I agree to follow the [code of conduct](https://example.org/conduct).",),
    }


def test_a_group_with_little_gets_lines_to_type_on() -> None:
    known = form_schema.read_form(FILE, issue_form.render_issue_form(BARE).encode())
    assert tuple(field.id for field in known.fields) == IDS
    assert {field.id: field.type for field in known.fields if field.id in {"kind", "room"}} == {
        "kind": "input",
        "room": "input",
    }
    assert "usual" not in issue_form.render_issue_form(BARE).replace("group's usual time", "")


def test_the_groups_form_offers_nothing_that_github_refuses() -> None:
    known = form_schema.read_form(FILE, issue_form.render_issue_form(UNUSUAL).encode())
    options = {field.id: field.options for field in known.fields}
    assert options["room"] == ("A", "A B")
    assert options["kind"] == tuple(kind for kind in UNUSUAL.kinds if kind.strip())
    assert (
        form_schema.read_form(FILE, issue_form.render_issue_form(replace(BARE, rooms=("None",))).encode())
        .fields[4]
        .type
        == "input"
    )


def test_the_groups_form_states_the_usual_day_time_and_room() -> None:
    text = issue_form.render_issue_form(GROUP)
    assert "The group usually meets on Mondays at 11:00 (Europe/London)." in text
    assert "The usual one is David Blackwell." in text
    assert "The group usually meets on Mondays." in issue_form.render_issue_form(replace(BARE, day="Monday"))
    assert "The group usually meets at 11:00 (Europe/London)." in issue_form.render_issue_form(
        replace(BARE, time="11:00")
    )


def test_every_value_of_the_groups_form_is_in_quotes() -> None:
    for event in yaml.parse(issue_form.render_issue_form(UNUSUAL)):
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            assert event.value in {
                *("name", "description", "labels", "body", "type", "id", "attributes", "label", "value"),
                *("placeholder", "options", "validations", "required", "true"),
            }


def test_the_groups_form_says_where_it_comes_from_and_what_it_was() -> None:
    first, _, rest = issue_form.render_issue_form(GROUP).partition("\n")
    said = "# Made by readingroom from readingroom.yml: change that, not this form."
    assert first == f"{said} digest {generated.compute_digest(rest.encode())}"
