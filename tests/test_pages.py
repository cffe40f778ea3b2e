"""Every folder in tests/pages: what must come of a hand-written page. The README there has the form."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from groups import TODAY, built, tree
from readingroom.core.diagnostics import Diagnostic
from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.import_pages import ImportResult, import_pages
from readingroom.importer.schedule import ImportOptions
from readingroom.importer.vocabulary import roles

FOLDER = Path(__file__).parent / "pages"
CASES = sorted(FOLDER.glob("*/expected.json"))
OF_JSON = ("date", "title", "leads", "links", "status")
OF_ENTRY = ("room", "time", "kind", "duration", "abstract", "material")

CONFIGURATION = b"name: A group\ntime_zone: UTC\n"

Case = Mapping[str, Any]


def result(folder: Path, options: Case, held: Mapping[str, bytes] | None = None) -> ImportResult:
    return imported((folder / "page.md").read_bytes(), options, held or {})


def imported(page: bytes, options: Case, held: Mapping[str, bytes], today: dt.date | None = None) -> ImportResult:
    columns = dict(roles.parse_columns_option(options.get("columns", "")))
    asked = ImportOptions({0: Answers(DateOptions(options.get("order", ""), options.get("year", 0)), columns)})
    return import_pages({"README.md": page}, tree(held), asked, options.get("repository", ""), today)


def assert_reported(found: Sequence[Diagnostic], wanted: Sequence[Case]) -> None:
    """Assert that the diagnostics are those wanted: their lines and codes exactly, their words in essence."""
    assert [(each.line, each.code) for each in found] == [(each["line"], each["code"]) for each in wanted]
    for each, words in zip(found, wanted, strict=True):
        assert [word for word in words["says"] if word not in each.text] == []


@pytest.mark.parametrize("path", CASES, ids=[path.parent.name for path in CASES])
def test_page_gives_what_its_case_expects(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    made = result(path.parent, case.get("options", {}))
    assert [{key: each[key] for key in OF_JSON if key in each} for each in made.list_session_records()] == [
        {key: each[key] for key in OF_JSON if key in each} for each in case["sessions"]
    ]
    for entry, wanted in zip(made.entries, case["sessions"], strict=True):
        assert {key: getattr(entry, key) for key in OF_ENTRY if key in wanted} == {
            key: wanted[key] for key in OF_ENTRY if key in wanted
        }
        assert [each["title"] for each in entry.resources] == wanted.get(
            "resources", [r["title"] for r in entry.resources]
        )
        written = b"".join(made.files.values()).decode()
        assert [url for url in wanted.get("urls", ()) if url not in written] == []
    assert_reported(made.left, case.get("left", ()))
    assert_reported(made.problems, case.get("errors", ()))
    for wanted in case.get("warnings", ()):
        there = [each.text for each in made.findings if (each.line, each.code) == (wanted["line"], wanted["code"])]
        assert any(all(word in text for word in wanted["says"]) for text in there), made.findings


@pytest.mark.parametrize("path", CASES, ids=[path.parent.name for path in CASES])
def test_page_that_is_imported_twice_adds_nothing(path: Path) -> None:
    options = json.loads(path.read_text("utf-8")).get("options", {})
    assert result(path.parent, options, result(path.parent, options).files).files == {}


@pytest.mark.parametrize("path", CASES, ids=[path.parent.name for path in CASES])
def test_page_that_is_imported_again_after_its_tables_became_regions_changes_nothing(path: Path) -> None:
    options = json.loads(path.read_text("utf-8")).get("options", {})
    page = (path.parent / "page.md").read_bytes()
    made = imported(page, options, {}, TODAY)
    if made.problems:
        return
    held = {"readingroom.yml": CONFIGURATION, **made.files, "README.md": made.readme or page}
    for after in (held, built(held)):
        again = imported(after["README.md"], options, after, TODAY)
        assert (again.files, again.readme in {None, after["README.md"]}) == ({}, True)


def test_there_are_pages_enough_to_be_a_measure() -> None:
    assert len(CASES) >= 40
