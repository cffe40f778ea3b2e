"""What the organiser answers about the tables and series of a page: where titles and people are, and for which."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groups import TODAY, reported, run, tree, write
from readingroom.importer.answers import Answers, LeadPlace, TitlePlace
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.import_pages import import_pages
from readingroom.importer.schedule import ImportOptions
from test_pages import CASES

LIST = """\
- 2024-03-04 Ann Lee (Paris)

  Rings and fields
- 2024-03-11 **Bob Ray** on "Lattices" [Groups](https://example.org/g)

  More.

  Speaker: Max Born
"""
TABLE = (
    "| a | b | c |\n|---|---|---|\n| 2024-01-08 | Algebra of sets | Emmy Noether |\n| 2024-01-15 | Cosets | Ada Lee |\n"
)


def sessions(root: Path, page: str, *options: str) -> list[dict[str, Any]]:
    """Return the sessions of a page as the command prints them."""
    write(root, {"README.md": page})
    done = run(root, "import", "README.md", "--today", str(TODAY), "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("options", "titles", "leads"),
    [
        (["--title", "below"], ["Rings and fields", "More"], [["Ann Lee (Paris)"], ["Max Born"]]),
        (["--lead", "none"], ["Ann Lee (Paris)", 'Bob Ray on "Lattices" Groups'], [[], []]),
        (["--lead", "label"], ["Ann Lee (Paris)", 'Bob Ray on "Lattices" Groups'], [[], ["Max Born"]]),
        (["--title", "quoted", "--lead", "bold"], ["Rings and fields", "Lattices"], [[], ["Bob Ray", "Max Born"]]),
        (["--title", "link", "--lead", "bold"], ["Rings and fields", "Groups"], [[], ["Bob Ray", "Max Born"]]),
    ],
)
def test_titles_and_people_of_a_list_are_where_the_organiser_says(
    tmp_path: Path, options: list[str], titles: list[str], leads: list[list[str]]
) -> None:
    found = sessions(tmp_path, LIST, *options)
    assert ([each["title"] for each in found], [each["leads"] for each in found]) == (titles, leads)


def test_titles_and_people_in_one_cell_of_a_table_are_where_the_organiser_says(tmp_path: Path) -> None:
    page = "| Date | Talk |\n|---|---|\n| 2024-03-04 | Ann Lee<br>Rings |\n| 2024-03-11 | Bob Ray<br>Fields |\n"
    found = sessions(tmp_path, page, "--title", "below", "--lead", "beside")
    assert [(each["title"], each["leads"]) for each in found] == [("Rings", ["Ann Lee"]), ("Fields", ["Bob Ray"])]
    found = sessions(tmp_path, page, "--lead", "none")
    assert [(each["title"], each["leads"]) for each in found] == [("Ann Lee", []), ("Bob Ray", [])]


def test_an_answer_after_a_number_is_for_the_table_or_series_with_that_number(tmp_path: Path) -> None:
    options = ["--columns", "1:date=1,title=3,lead=2", "--lead", "2:none", "--year", "1:2023"]
    found = sessions(tmp_path, f"{TABLE}\n{LIST}", *options)
    assert [(each["title"], each["leads"]) for each in found[:2]] == [
        ("Emmy Noether", ["Algebra of sets"]),
        ("Ada Lee", ["Cosets"]),
    ]
    assert [each["leads"] for each in found[2:]] == [[], []]


def test_the_order_and_the_year_of_one_table_are_not_those_of_another(tmp_path: Path) -> None:
    head = "| Date | Topic |\n|---|---|\n"
    page = f"{head}| 05/06/2023 | Rings |\n\n{head}| 05/06/2023 | Fields |\n\n{head}| 5 June | Groups |\n"
    options = ["--date-order", "1:day-first", "--date-order", "2:month-first", "--year", "3:2021"]
    found = sessions(tmp_path, page, *options)
    assert [each["date"] for each in found] == ["2023-06-05", "2023-05-06", "2021-06-05"]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--title", "above"], "Expected: below, beside, link, quoted."),
        (["--lead", "1:left"], "Expected: beside, bold, label, none."),
        (["--year", "1:12"], "Expected: a year from 1970 to 2099."),
        (["--title", "1:below", "--title", "1:link"], "--title has two answers for 1. Give one."),
        (["--date-order", "0:day-first"], "Expected: day-first, month-first, year-first."),
    ],
)
def test_an_answer_that_is_none_is_refused(tmp_path: Path, option: list[str], message: str) -> None:
    done = run(write(tmp_path, {"README.md": TABLE}), "import", "README.md", *option)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("option", "code"), [("2:date=1", "import-series-unknown"), ("1:date=1,lead=4", "import-column-unknown")]
)
def test_an_answer_for_what_no_page_has_is_an_error(tmp_path: Path, option: str, code: str) -> None:
    done = run(write(tmp_path, {"README.md": TABLE}), "import", "README.md", "--columns", option)
    assert (done.returncode, [each for each in reported(done.stderr) if "error" in each]) == (
        1,
        [f"README.md:1: error [{code}]"],
    )


def links(page: bytes, options: ImportOptions) -> Iterator[tuple[int, set[str]]]:
    """Yield the line of each session with the addresses that lead somewhere from it, and those of its people."""
    for entry in import_pages({"README.md": page}, tree({}), options).entries:
        yield entry.line, {*entry.links, *(lead.url for lead in entry.leads if lead.url)}


@pytest.mark.parametrize("path", CASES, ids=[path.parent.name for path in CASES])
def test_no_link_is_lost_wherever_the_organiser_says_that_titles_and_people_are(path: Path) -> None:
    page, said = (path.parent / "page.md").read_bytes(), json.loads(path.read_text("utf-8")).get("options", {})
    dates = DateOptions(said.get("order"), said.get("year", 0))
    before = dict(links(page, ImportOptions({0: Answers(dates)})))
    for title, lead in [(None, place) for place in LeadPlace] + [(place, None) for place in TitlePlace]:
        after = dict(links(page, ImportOptions({0: Answers(dates, title=title, lead=lead)})))
        lost = {line: urls - after.get(line, set()) for line, urls in before.items()}
        assert {line: urls for line, urls in lost.items() if urls} == {}, (title, lead)
