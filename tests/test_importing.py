"""Hand-written pages become session files: nothing is lost, nothing is guessed, and doing it twice changes nothing."""

import datetime as dt
import itertools
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import handwritten
import strategies
from groups import README, ROOT, Files, built, files, groups, outline, read, reported, run, tree, write
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import Tree
from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.import_pages import ImportResult, import_pages
from readingroom.importer.schedule import ImportOptions
from readingroom.store import catalogue, yaml_codec
from rendered import page as shown
from rendered import targets

CONFIGURATION = {"readingroom.yml": b"name: A group\ntime_zone: UTC\n"}
TODAY = dt.date(2024, 1, 15)


def imported(page: str, held: Files | None = None, path: str = "README.md", **asked: Any) -> ImportResult:
    options = ImportOptions({0: Answers(DateOptions(asked.get("order", ""), asked.get("year", 0)))})
    return import_pages({path: page.encode("utf-8", "replace")}, tree(held or {}), options, "", TODAY)


DAYS = st.sampled_from(
    [
        "2024-03-04", "12/08/24", "4 March 2024", "Mar 4", "30/02/2024", "2024年3月4日", "TBC", "", "99/99/99",
        "Wed May 13", "12. September 208",
        "6月4日(火)", "0000-00-00", "29 Feb", "２０２４-01-01", "Jun 9 - 15", "20240304", "22/03/04", "22. 3. 4.",
        "7/8 July 2022", "2.-4.3.", "7/20-7/22/2022", "二〇二三年十月二十四日", "05.01.", "28 Dec – 3 Jan 2022",
        "十月", "31/2-1/1/22",
    ]
)  # fmt: skip
BITS = st.sampled_from(
    [
        "[a](https://example.org/1)", "[b](x/y.pdf)", "[c](#z)", "~~x~~", "<br>", "Ada Lovelace", "Slides", "Title: ",
        "cancelled", "[d](mailto:a@example.org)", "<td>", "<table>", "</table>", "<tr>", "<a href='http://[x'>", "TBC",
    ]
)  # fmt: skip
CELLS = st.lists(strategies.PIECES | DAYS | BITS, max_size=5).map(" ".join)
LINES = st.one_of(
    st.lists(CELLS, min_size=1, max_size=5).map(lambda cells: f"| {' | '.join(cells)} |"),
    st.sampled_from(
        ["| Date | Topic | Lead |", "|---|---|---|", "", "<br><br>", "<details>", "---", "**Main**", "Abstract: x"]
    ),
    st.builds("{}{}".format, st.sampled_from(["- ", "  - ", "## ", "", "### ", "> "]), CELLS | DAYS),
    DAYS.map("- **{}**: x".format),
)
PAGES = st.lists(LINES, max_size=14).map("\n".join) | strategies.TEXTS | st.text(max_size=200)


@settings(max_examples=300, deadline=None)
@given(PAGES, st.sampled_from(["", "day-first"]), st.sampled_from([0, 2024]))
def test_whatever_a_page_holds_becomes_valid_sessions_once(page: str, order: str, year: int) -> None:
    try:
        made = imported(page, order=order, year=year)
    except Invalid:
        return  # a text that is not clean UTF-8
    assert {each.code for each in made.problems} <= {"import-date-unclear", "import-nothing-found"}
    assert [each for each in made.problems if " --" not in each.text] == []
    held = {**CONFIGURATION, **made.files}
    catalogue.read_catalogue(tree(held))
    assert imported(page, held, order=order, year=year).files == {}


SIGNS = [
    "+-",
    "+--+",
    "+=+",
    "|",
    "||",
    "| |",
    "|-|",
    "|a|b|",
    "a|b",
    "| 2024-01-02 |",
    "\t",
    "a\tb",
    "a,b",
    ",",
    "-",
    "",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=7).map("\n".join))
def test_a_table_of_signs_is_read_as_something(page: str) -> None:
    imported(page)


WORDS = st.lists(
    st.sampled_from(["rings", "fields", "of", "A", "model", "42", "deep", "Über", "量子"]), min_size=1, max_size=5
).map(" ".join)
ADDRESSES = st.integers(1, 10_000).map("https://example.org/{}?a=1&b=2".format)
LINKS = st.builds("[{}]({})".format, WORDS, ADDRESSES)
ROWS = st.tuples(
    st.dates(dt.date(2020, 1, 1), dt.date(2025, 12, 31)).map(str),
    st.builds("{} ([slides]({}))".format, WORDS, ADDRESSES) | LINKS | WORDS,
    LINKS | WORDS,
    LINKS | st.builds("{} and {}".format, LINKS, LINKS) | st.just(""),
)


@pytest.mark.parametrize("sign", ["[", "(", "-", " ("])
def test_a_cell_of_one_sign_only_comes_to_an_end(sign: str) -> None:
    made = imported(f"| Date | Topic |\n| --- | --- |\n| 2024-03-04 | {sign * 5_000}x |\n")
    assert [entry.day for entry in made.entries] == [dt.date(2024, 3, 4)]


def as_html(cell: str) -> str:
    return re.sub(
        r"\[([^]]*)\]\(([^)]*)\)", lambda found: f'<a href="{found[2]}">{found[1]}</a>', cell.replace("&", "&amp;")
    )


def in_table(rows: list[tuple[str, ...]]) -> str:
    head = ["| Date | Topic | Lead | Homework |", "|---|---|---|---|"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])


def in_html(rows: list[tuple[str, ...]]) -> str:
    cells = "".join(f"<tr>{''.join(f'<td>{as_html(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<tr><th>Date</th><th>Topic</th><th>Lead</th><th>Homework</th></tr>\n{cells}</table>\n"


def in_list(rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"- **{day}**: {topic} ({lead})\n  - Read {more or 'on'}" for day, topic, lead, more in rows)


def in_sections(rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"## {day}\n\n{topic}\n\nLead: {lead}\n\n- {more or 'x'}\n" for day, topic, lead, more in rows)


Shape = Callable[[list[tuple[str, ...]]], str]
SHAPES: tuple[Shape, ...] = (in_table, in_html, in_list, in_sections)


@settings(max_examples=100, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=6, unique_by=lambda row: row[0]), st.sampled_from(SHAPES))
def test_no_link_of_a_page_is_lost_on_the_pages_of_its_sessions(rows: list[tuple[str, ...]], shape: Shape) -> None:
    page = shape(rows)
    pages = built({**CONFIGURATION, **imported(page).files}, TODAY)
    found = {unquote(url) for path, content in pages.items() if path.endswith(".md") for url in targets(shown(content))}
    assert {unquote(url) for url in targets(shown(page))} <= found


def own_pages(made: Files) -> Files:
    return {path: content for path, content in made.items() if re.fullmatch(r"sessions/[^/]+/README\.md", path)}


def again(pages: Files, configuration: Files) -> ImportResult:
    return import_pages(pages, tree(configuration), ImportOptions({0: Answers(DateOptions("day-first"))}))


def assert_same(before: Files, configuration: Files) -> None:
    """Assert that the pages of a group's sessions give the same sessions back."""
    made = again(own_pages(built(before)), configuration)
    assert made.problems == []
    known, found = (
        {each.folder: each for each in catalogue.read_catalogue(tree(group)).sessions}
        for group in (before, {**configuration, **made.files})
    )
    assert found == known


def of_folder(root: Path) -> Files:
    """Return the session files of a group on disk and its configuration, without files beside them."""
    return {
        path: content
        for path, content in read(root).items()
        if path == "readingroom.yml" or re.fullmatch(r"sessions/[^/]+/session\.yml", path)
    }


def test_the_pages_of_a_generated_group_give_its_sessions_back(tmp_path: Path) -> None:
    root = tmp_path / "group"
    run_script("benchmarks/generate.py", "40", str(root))
    before = of_folder(root)
    assert_same(before, {"readingroom.yml": before["readingroom.yml"]})


def run_script(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)


def test_the_pages_of_this_repository_give_its_sessions_back() -> None:
    before = {path: content for path, content in of_repository() if not path.startswith("sessions/miscellaneous/")}
    assert_same(before, {"readingroom.yml": before["readingroom.yml"]})


def of_repository() -> Iterator[tuple[str, bytes]]:
    yield "readingroom.yml", (ROOT / "readingroom.yml").read_bytes()
    for path in sorted((ROOT / "sessions").glob("*/session.yml")):
        yield path.relative_to(ROOT).as_posix(), path.read_bytes()


ZONES = ("Europe/London", "America/New_York", "America/Argentina/Buenos_Aires", "Etc/GMT-3")
NAMES = st.sampled_from(["Ada Lovelace", "Emmy Noether", "Évariste Galois", "山田太郎", "Max Born"])
PEOPLE = st.fixed_dictionaries({"name": NAMES}, optional={"url": ADDRESSES, "affiliation": st.just("University of X")})
ITEMS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.fixed_dictionaries({"title": WORDS, "url": ADDRESSES}, optional={"note": st.just("read up to section 3")}),
    lambda below: st.fixed_dictionaries(
        {"title": WORDS, "url": ADDRESSES, "items": st.lists(below, min_size=1, max_size=2)}
    ),
    max_leaves=4,
)
SECTIONS = st.fixed_dictionaries(
    {"items": st.lists(ITEMS, min_size=1, max_size=3)},
    optional={
        "heading": st.sampled_from(["Main", "Extra", "Videos", "Guides"]),
        "note": st.just("Two of these, if you can:"),
    },
)
SESSIONS = st.fixed_dictionaries(
    {"title": WORDS, "date": st.dates(dt.date(2020, 1, 1), dt.date(2025, 12, 31)).map(str)},
    optional={
        "time": strategies.TIMES,
        "duration": st.integers(1, 1439),
        "status": st.sampled_from(["tbc", "postponed", "cancelled"]),
        "kind": st.sampled_from(["Technical", "Invited Talk"]),
        "room": st.sampled_from(["Hall 2", "Ada Room", "Room B (online)"]),
        "leads": st.lists(PEOPLE, min_size=1, max_size=3, unique_by=lambda each: each["name"]),
        "abstract": st.sampled_from(["What rings are.", "What rings are.\n\nAnd what they are for."]),
        "material": st.lists(SECTIONS, min_size=1, max_size=3),
        "resources": st.lists(st.fixed_dictionaries({"title": WORDS, "url": ADDRESSES}), min_size=1, max_size=2),
    },
)


@settings(max_examples=80, deadline=None)
@given(st.lists(SESSIONS, min_size=1, max_size=4), st.sampled_from(["yyyy-MM-dd", "dd/MM/yy", "d MMMM yyyy"]))
def test_the_pages_of_any_group_in_plain_words_give_its_sessions_back(sessions: list[Any], pattern: str) -> None:
    named = {f"{number:02}-s": {"duration": 60, "time": "11:00", **data} for number, data in enumerate(sessions, 1)}
    before = files(named, date_format=pattern)
    assert_same(before, {"readingroom.yml": before["readingroom.yml"]})


UNTITLED = st.fixed_dictionaries(
    {"date": st.dates(dt.date(2024, 1, 1), dt.date(2024, 1, 30)).map(str)},
    optional={
        "time": strategies.TIMES,
        "title": st.sampled_from(["Talk by the sea", "Talk by Ada Lovelace on rings", "Rings"]),
        "kind": st.sampled_from(["Technical", "Invited Talk"]),
        "leads": st.lists(PEOPLE, min_size=1, max_size=3, unique_by=lambda each: each["name"]),
        "abstract": st.just("What rings are."),
        "status": st.just("tbc"),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(UNTITLED, min_size=1, max_size=5, unique_by=lambda each: each["date"]), st.sampled_from(ZONES))
def test_every_page_gives_back_a_session_whose_title_it_makes_from_the_leads(sessions: list[Any], zone: str) -> None:
    named = {f"{number:02}-s": data for number, data in enumerate(sessions, 1)}
    before = files(named, {"README.md": README}, time="11:00", time_zone=zone, kinds=["Technical", "Invited Talk"])
    configuration = {"readingroom.yml": before["readingroom.yml"]}
    after = built(before)
    assert_same(before, configuration)
    made = again({path: after[path] for path in ("README.md", "sessions/README.md")}, configuration)
    known, found = (
        {
            (each.folder, each.title, each.date, each.time, each.status, each.leads)
            for each in catalogue.read_catalogue(tree({**configuration, **group})).sessions
        }
        for group in (before, made.files)
    )
    assert found == known


INVISIBLE_UNDERLINE = {
    "readingroom.yml": b"name: Rings\ntime_zone: Europe/London\n",
    "sessions/00-s/session.yml": b'title: word\nabstract: "words\\n-\\u200B"\n',  # no heading, as the line has a sign
}
SIGNS_OF_TEMPLATING = {
    "readingroom.yml": b"name: Rings\ntime_zone: Europe/London\n",
    "sessions/01-s/session.yml": b"date: '2023-12-31'\nkind: '@{'\nleads: [{name: Ann, affiliation: '%}'}]\n"
    b"title: '2024-01-08'\n",
    "sessions/02-s/session.yml": b"date: '2023-11-30'\ntitle: 'On {{ templates }} :tada: and {% tags %}'\n",
}


@settings(max_examples=40, deadline=None)
@given(groups())
@example(INVISIBLE_UNDERLINE)
@example(SIGNS_OF_TEMPLATING)
def test_own_pages_read_into_their_group_add_nothing(before: Files) -> None:
    assume(not re.search(rb"el_GR|tr_TR", before["readingroom.yml"]))  # languages that the importer does not read
    after = built(before)
    for path, content in after.items():
        if path.endswith(".md"):
            made = import_pages(
                {path: content}, tree(before), ImportOptions({0: Answers(DateOptions("day-first", 2024))})
            )
            assert set(made.files) - set(before) == set() or path == "README.md"


def test_our_archive_gives_back_titles_that_are_signs_and_shelves_that_are_called_like_a_day() -> None:
    read = {"material": [{"heading": "2024-01-08", "note": "2026-03-05"}]}
    before = files(
        {
            "00-s": {"title": "2024-01-08", **read},
            "misc": read,
            "01-s": {"title": ":", "date": "2024-01-08", **read},
            "02-s": {"title": "TBC, or not", "date": "2024-01-08", "status": "cancelled"},
        }
    )
    made = import_pages({"sessions/README.md": built(before)["sessions/README.md"]}, tree(before), ImportOptions())
    assert (made.files, made.known, list(made.left)) == ({}, 4, [])
    fresh = import_pages({"sessions/README.md": built(before)["sessions/README.md"]}, tree({}), ImportOptions()).files
    assert {path.split("/")[1] for path in fresh} >= {"01-s", "02-s"}
    assert b"title: ':'" in fresh["sessions/01-s/session.yml"]


@pytest.mark.parametrize("name", ["README.md", "sessions/README.md"])
def test_this_repositorys_own_tables_add_nothing_to_it(name: str) -> None:
    made = import_pages({name: (ROOT / name).read_bytes()}, tree(dict(of_repository())), ImportOptions())
    assert made.files == {}
    assert made.known > 0


MEETINGS = """\
# Our group

Words before.

## Upcoming

| Date | Topic | Lead |
| --- | --- | --- |
| 2024-03-04 | Rings | Emmy Noether |

Words between.\r

## Previous

| Date | Topic | Lead |
| --- | --- | --- |
| 2023-03-06 | Fields | Evariste Galois |

Words after.
"""


def test_readme_gets_regions_in_place_of_its_tables_and_keeps_every_other_byte() -> None:
    made = imported(MEETINGS)
    assert made.readme is not None
    text = made.readme.decode()
    begin = "<!-- readingroom:begin {0} -->\n<!-- readingroom:end {0} -->\n"
    before, between, after = re.split(r"\| Date.*?(?=\n\n)\n", MEETINGS, flags=re.DOTALL)
    assert text == before + begin.format("upcoming") + between + begin.format("previous") + after


YEARS = """\
# Us

## 2024

| Date | Topic |
| --- | --- |
| 2024-03-04 | Rings |
| 2024-01-08 | Sets |

## 2023

| Date | Topic |
| --- | --- |
| 2023-03-06 | Fields |

## 2022

| Date | Topic |
| --- | --- |
| 2022-03-07 | Ideals |

Words after.
"""


def test_readme_with_a_table_for_each_year_gets_each_region_once_where_it_fits() -> None:
    made = imported(YEARS)
    assert made.readme is not None
    begin = "<!-- readingroom:begin {0} -->\n<!-- readingroom:end {0} -->\n"
    wanted = f"# Us\n\n## 2024\n\n{begin.format('upcoming')}\n## 2023\n\n{begin.format('previous')}\n## 2022\n\n\n"
    assert made.readme.decode() == f"{wanted}Words after.\n"
    (kept,) = made.findings
    assert outline([kept]) == ["README.md:18 [import-table-kept]"]
    assert [each for each in ("--readme", "line 12") if each not in kept.text] == []


def test_readme_without_a_table_is_reported_where_regions_are_asked_for(tmp_path: Path) -> None:
    root = write(tmp_path, {**CONFIGURATION, "README.md": "- 2024-03-04: Rings\n", "OLD.md": MEETINGS})
    lists = run(root, "import", "README.md", "--readme")
    assert "README.md has no table of sessions" in lists.stdout
    other = run(root, "import", "OLD.md", "--readme")
    assert "README.md is not among the pages" in other.stdout


def test_readme_with_its_regions_is_imported_again_without_change() -> None:
    first = imported(MEETINGS)
    assert first.readme is not None
    after = built({**CONFIGURATION, **first.files, "README.md": first.readme}, TODAY)
    second = imported(after["README.md"].decode(), after)
    assert second.files == {}
    assert second.readme in {None, after["README.md"]}


def test_sessions_of_two_pages_are_one_and_what_differs_is_reported() -> None:
    head = b"| Date | Topic | Room | Lead |\n|---|---|---|---|\n"
    pages = {
        "README.md": head + b"| 2024-03-04 | Rings | Hall 1 | |\n",
        "PREVIOUS.md": head + b"| 2024-03-04 | Rings | Hall 2 | Ada Lovelace |\n",
    }
    made = import_pages(pages, Tree(), ImportOptions())
    assert len(made.files) == 1
    assert b"Ada Lovelace" in next(iter(made.files.values()))
    (differs,) = made.findings
    assert outline([differs, *made.left]) == ["PREVIOUS.md:3 [import-page-differs]", "PREVIOUS.md:3 [import-skipped]"]
    assert [each for each in ("README.md:3", "Hall 1", "Hall 2") if each not in differs.message] == []


def test_import_into_a_filled_group_adds_only_what_is_new_and_reports_what_differs() -> None:
    held = files({"01-rings": {"title": "Rings", "date": "2024-03-04", "room": "Hall 1"}})
    page = "| Date | Topic | Room |\n|---|---|---|\n| 2024-03-04 | Rings | Hall 2 |\n| 2024-03-11 | Fields | Hall 2 |\n"
    made = imported(page, held)
    assert list(made.files) == ["sessions/02-fields/session.yml"]
    (differs,) = made.findings
    assert outline([differs]) == ["README.md:3 [import-page-differs]"]
    assert [each for each in ("Hall 1", "Hall 2") if each not in differs.message] == []


def test_a_free_slot_of_the_page_is_the_one_that_is_there_whatever_its_title() -> None:
    held = files({"01-s": {"title": "Rings", "date": "2024-03-04", "status": "open", "leads": [{"name": "Ada"}]}})
    made = imported("| Date | Topic | Lead |\n|---|---|---|\n| 2024-03-04 | Free slot | Emmy Noether |\n", held)
    assert (made.files, made.known) == ({}, 1)


def test_a_title_with_two_spaces_is_found_again() -> None:
    held = files({"01-s": {"title": "word  word"}, "02-s": {"title": "Two  blanks", "date": "2024-03-04"}})
    page = built(held)["sessions/README.md"].decode()
    assert imported(page, held, path="sessions/README.md").files == {}


def test_a_session_that_moved_on_the_page_is_reported_and_not_added() -> None:
    held = files({"01-rings": {"title": "Rings", "date": "2024-03-04"}})
    made = imported("| Date | Topic |\n|---|---|\n| 2024-03-11 | Rings |\n", held)
    assert made.files == {}
    (moved,) = made.findings
    assert outline([moved]) == ["README.md:3 [import-page-differs]"]
    assert "readingroom move 01-rings 2024-03-11" in moved.hint


@pytest.mark.parametrize(
    ("held", "on_page", "new"),
    [
        ("2023-09-04", ["2024-09-04"], ["2024-09-04"]),  # a year later
        ("2024-01-08", ["2024-01-22"], ["2024-01-22"]),  # past on the day of the import
        ("2024-02-05", ["2024-02-05", "2024-03-04"], ["2024-03-04"]),  # both on the page
        ("2024-02-05", ["2024-02-12"], []),
    ],
)
def test_a_title_that_recurs_is_a_new_session_and_one_that_moves_is_not(
    held: str, on_page: list[str], new: list[str]
) -> None:
    rows = "".join(f"| {day} | Organizational meeting |\n" for day in on_page)
    before = files({"01-s": {"title": "Organizational meeting", "date": held}})
    made = imported(f"| Date | Topic |\n|---|---|\n{rows}", before)
    assert [yaml_codec.read_yaml(path, content)["date"] for path, content in made.files.items()] == new
    moved = [each for each in made.findings if "readingroom move" in each.hint]
    assert outline(moved) == ([] if new else ["README.md:3 [import-page-differs]"])


def by_day(made: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    found = [yaml_codec.read_yaml(path, content) for path, content in made.items() if path.endswith("session.yml")]
    return {data["date"]: data for data in found if "date" in data}


def addresses(value: Any) -> Counter[str]:
    return Counter(re.findall(r"https?://[^\s\"\\)]+", json.dumps(value, ensure_ascii=False)))


OURS = by_day(
    {path: (ROOT / path).read_bytes() for path in sorted(map(str, (ROOT / "sessions").glob("*/session.yml")))}
)
HANDWRITTEN = handwritten.page([OURS[day] for day in sorted(OURS, reverse=True)])
FACTS = ("title", "date", "time", "kind", "room", "leads")


def of_hand(page: str, held: Files | None = None) -> ImportResult:
    configuration = {"readingroom.yml": (ROOT / "readingroom.yml").read_bytes()}
    return import_pages(
        {"PREVIOUS.md": page.encode()}, tree({**configuration, **(held or {})}), ImportOptions(), "", TODAY
    )


def test_a_page_written_manually_gives_the_sessions_of_this_repository() -> None:
    made = of_hand(HANDWRITTEN)
    found = by_day(made.files)
    assert made.problems == []
    assert len(found) > 40
    assert {day: [data.get(key) for key in FACTS] for day, data in found.items()} == {
        day: [data.get(key) for key in FACTS] for day, data in OURS.items()
    }


def test_a_page_written_manually_keeps_every_link_of_every_session() -> None:
    found = by_day(of_hand(HANDWRITTEN).files)
    assert {day: addresses(data) for day, data in found.items()} == {day: addresses(data) for day, data in OURS.items()}


def test_a_page_written_manually_that_is_imported_twice_changes_nothing() -> None:
    assert of_hand(HANDWRITTEN, of_hand(HANDWRITTEN).files).files == {}


SLIPS = {
    ("https://youtu.be/", "https://you.be/"): ("link-host-suspicious", "youtu.be"),
    ("/blob/main/sessions/19-", "/tree/main/sessions/19-"): ("link-to-folder", "/blob/main/sessions/19-"),
    ("(https://github.com/philswatton)", "(philswatton)"): ("import-link-broken", '"philswatton"'),
    ("(https://github.com/rchan26)", "(https://example.org/ryan)"): ("person-links-differ", "Ryan Chan"),
    ("| [20/03/23](#200323)", "| [20/03/23](#210323)"): ("import-link-broken", "#210323"),
    ("| [20/03/23](#200323)", "| [20/03/23](#030423)"): ("import-link-broken", '"03/04/23"'),
    ("**Deep Learning Basics**", "**Deep Basics**"): ("import-section-unmatched", '"Deep Basics"'),
    ("| [20/03/23](#200323)", "| [21/03/23](#200323)"): ("session-weekday-unusual", "Tuesday"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_on_a_page_written_manually_is_reported(slip: tuple[str, str]) -> None:
    assert slip[0] in HANDWRITTEN
    page = HANDWRITTEN.replace(*slip, 1)
    before, after = (set(of_hand(text).findings) for text in (HANDWRITTEN, page))
    code, words = SLIPS[slip]
    (found,) = (each for each in after - before if each.code == code and words in each.text)
    assert page.splitlines()[found.line - 1][0] in "|#"  # a row, or the heading of a section


def test_command_writes_sessions_that_build(tmp_path: Path) -> None:
    root = write(tmp_path, {**CONFIGURATION, "README.md": MEETINGS})
    shown_only = run(root, "import", "README.md", "--readme", "--dry-run", "--today", "2024-01-15")
    assert "+title: Rings" in shown_only.stdout
    assert "+<!-- readingroom:begin upcoming -->" in shown_only.stdout
    assert not (root / "sessions").exists()
    done = run(root, "import", "README.md", "--readme", "--today", "2024-01-15")
    assert (done.returncode, "2 sessions new" in done.stdout) == (0, True), done.stderr
    assert run(root, "build", "--today", "2024-01-15").returncode == 0
    assert "Rings" in (root / "README.md").read_text("utf-8")
    second = run(root, "import", "README.md", "--readme", "--today", "2024-01-15")
    assert "Nothing to do: every session is already there." in second.stdout


UNCLEAR = "| Date | Topic |\n|---|---|\n| 05/06/2023 | Rings |\n"


@pytest.mark.parametrize("page", [MEETINGS, UNCLEAR, "- 2024-03-04: Rings\n"])
@pytest.mark.parametrize("options", list(itertools.product(["", "--readme"], ["", "--date-order=day-first"])))
def test_the_preview_of_a_dry_run_is_what_is_written(tmp_path: Path, page: str, options: tuple[str, ...]) -> None:
    root = write(tmp_path, {**CONFIGURATION, "README.md": page})
    line = ["import", "README.md", "--today", "2024-01-15", *filter(None, options)]
    before = read(root)
    preview = run(root, *line, "--dry-run")
    assert read(root) == before
    done = run(root, *line)
    after = read(root)
    written = {path for path, content in after.items() if before.get(path) != content}
    assert set(re.findall(r"^\+\+\+ b/(.+)$", preview.stdout, re.MULTILINE)) == written
    assert (preview.returncode, preview.stderr.splitlines()[:-1]) == (done.returncode, done.stderr.splitlines()[:-1])


def test_command_asks_and_writes_nothing_where_a_date_may_be_two(tmp_path: Path) -> None:
    root = write(tmp_path, {"README.md": "| Date | Topic |\n|---|---|\n| 05/06/2023 | Rings |\n"})
    asked = run(root, "import", "README.md")
    assert asked.returncode == 1
    assert "README.md:3: error [import-date-unclear]" in asked.stderr
    assert "--date-order" in asked.stderr
    assert not (root / "sessions").exists()


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_findings_are_reported_in_three_forms_next_to_the_list_of_sessions(tmp_path: Path, form: str) -> None:
    page = "| Date | Topic | Lead |\n|---|---|---|\n| 2024-03-04 | Rings | [Tom](tomogwen) |\n"
    root = write(tmp_path, {"README.md": page})
    done = run(root, "import", "README.md", "--format", "json", "--findings-format", form)
    assert [each["title"] for each in json.loads(done.stdout)] == ["Rings"]
    assert "tomogwen" in done.stderr
    if form == "json":
        (found,) = json.loads(done.stderr)["diagnostics"]
        assert (found["file"], found["line"], found["code"]) == ("README.md", 3, "import-link-broken")
    elif form == "markdown":
        assert done.stderr.startswith("### Warnings\n\n- README.md")
    else:
        assert done.stderr.startswith("README.md:3: warning [import-link-broken] ")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--columns", "date=1,date=2", "two columns for date"),
        ("--columns", "date=1,title=1", "two names for the column 1"),
        ("--repository", "foo", "an address such as https://github.com/OWNER/NAME"),
    ],
)
def test_options_that_contradict_themselves_or_lead_nowhere_are_refused(
    tmp_path: Path, option: str, value: str, message: str
) -> None:
    root = write(tmp_path, {"README.md": "| Date | Topic |\n|---|---|\n| 2024-03-04 | [Rings](a.pdf) |\n"})
    done = run(root, "import", "README.md", option, value)
    assert (done.returncode, f"'{option}'" in done.stderr, message in done.stderr) == (2, True, True), done.stderr


def test_a_column_that_no_table_has_is_a_problem(tmp_path: Path) -> None:
    root = write(tmp_path, {"README.md": "| Date | Topic |\n|---|---|\n| 2024-03-04 | [Rings](a.pdf) |\n"})
    done = run(root, "import", "README.md", "--columns", "lead=9")
    assert done.returncode == 1
    assert "README.md:1: error [import-column-unknown] --columns lead=9 " in done.stderr
    given = run(root, "import", "README.md", "--repository", "ada/group", "--dry-run")
    assert "https://github.com/ada/group/blob/HEAD/a.pdf" in given.stdout


@pytest.mark.parametrize("columns", ["date", "date=0", "day=1", "date=x"])
def test_columns_that_name_nothing_are_refused(tmp_path: Path, columns: str) -> None:
    root = write(tmp_path, {"README.md": "x"})
    done = run(root, "import", "README.md", "--columns", columns)
    assert done.returncode == 2
    assert ("'--columns'" in done.stderr, "a name and a number such as date=1" in done.stderr) == (True, True)


def test_a_page_without_a_schedule_is_reported(tmp_path: Path) -> None:
    root = write(tmp_path, {"README.md": "# Words\n\nNothing but words.\n"})
    done = run(root, "import", "README.md")
    assert (done.returncode, "README.md:1: error [import-nothing-found] " in done.stderr) == (1, True)
    assert run(root, "import", "README.md", "--format", "json").returncode == 1


@pytest.mark.parametrize("name", ["old page.org", "PAGE.RST"])
def test_a_page_in_a_format_that_pandoc_reads_names_the_command_that_converts_it(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, {name: "* 2024-03-04 Rings\n"})
    done = run(root, "import", name)
    assert done.returncode == 1
    assert reported(done.stderr) == [f"{name}: error [import-page-format]"]
    assert [each for each in ("pandoc -t gfm ", " -o ") if each not in done.stderr] == []


@pytest.mark.parametrize("topic", ["Rings", "Rings ([slides](a.pdf))", "[Rings](rings/b.pdf)"])
def test_a_path_that_leads_nowhere_is_kept_as_text(topic: str) -> None:
    made = imported(f"| Date | Topic | Slides |\n|---|---|---|\n| 2024-03-04 | {topic} | [slides](a.pdf) |\n")
    (written,) = made.files.values()
    assert [path for path in re.findall(r"[a-z/]+\.pdf", topic + " a.pdf") if path not in written.decode()] == []


def test_what_is_no_file_is_reported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    done = run(tmp_path, "import", "pipe.md")
    assert (done.returncode, "pipe.md is not a file." in done.stderr) == (2, True)
    assert run(tmp_path, "import", "folder.md").returncode == 2


def test_a_link_to_the_heading_of_its_day_is_right_in_whatever_order_the_day_is_written() -> None:
    rows = "| [22/03/04](#220304) | Rings |\n| [22/03/11](#220311) | Fields |\n| [22/03/18](#220311) | Groups |\n"
    sections = "".join(f"## {day}\n\n- [A book](https://example.org/{day})\n\n" for day in ("22/03/04", "22/03/11"))
    made = imported(f"| Date | Topic |\n| --- | --- |\n{rows}\n{sections}")
    (found,) = (each for each in made.findings if each.code == "import-link-broken")
    assert outline([found]) == ["README.md:5 [import-link-broken]"]
    assert [each for each in ('"22/03/18"', '"22/03/11"') if each not in found.message] == []


def test_the_link_of_a_picture_is_kept() -> None:
    page = "| Date | Topic |\n| --- | --- |\n| 2024-03-04 | [![Rings](i.png)](https://example.org/rings) |\n"
    (made,) = import_pages({"README.md": page.encode()}, tree({}), ImportOptions()).list_session_records()
    assert (made["title"], made["links"]) == ("Rings", ["https://example.org/rings"])


def test_nothing_is_written_next_to_a_session_that_cannot_be_read() -> None:
    held = {**CONFIGURATION, "sessions/01-rings/session.yml": b"title: Rings\ndate: 2024-02-30\n"}
    made = imported("- 2024-03-04: Fields\n", held)
    assert outline(made.problems) == ["sessions/01-rings/session.yml:2 [date-invalid] date"]


@pytest.mark.parametrize("item", ["[a](http://x (a ", "[pdf](https://example.org/a) "])
def test_what_is_gathered_of_many_links_grows_with_their_number(item: str) -> None:
    few, many = (
        sum(len(str(each)) for each in imported(f"- 2024-03-04: Rings {item * count}\n").entries)
        for count in (400, 800)
    )
    assert many < 3 * few


def test_links_without_text_are_read_once_each() -> None:
    links = "".join(f"[](https://example.org/{number})" for number in range(200))
    entry = imported(f"| Date | Topic |\n| --- | --- |\n| 2024-03-04 | Rings {links} |\n").entries[0]
    assert (entry.title, len(entry.links)) == ("Rings", 200)


@pytest.mark.parametrize("around", ["{} {}", "({}) ({})", "([{}] [{}])", "(({} {}))", "[ ({}) ] {}"])
def test_brackets_that_hold_only_links_to_files_are_no_part_of_a_title(around: str) -> None:
    links = around.format("[pdf](https://example.org/a)", "[slides](https://example.org/b)")
    entry = imported(f"| Date | Topic |\n| --- | --- |\n| 2024-03-04 | Rings {links} and fields |\n").entries[0]
    assert (entry.title, entry.links) == ("Rings and fields", ["https://example.org/a", "https://example.org/b"])


def test_two_tables_in_one_piece_of_html_are_replaced_together() -> None:
    table = "<table><tr><th>Date</th><th>Topic</th></tr>\n<tr><td>2024-0{}-04</td><td>Rings</td></tr></table>\n"
    made = imported(f"# Us\n\n{table.format(1)}{table.format(2)}\nWords.\n")
    assert made.readme is not None
    assert (made.readme.count(b"readingroom:begin"), made.readme.endswith(b"\n\nWords.\n")) == (2, True)
    assert "README.md:5 [import-table-kept]" in outline(made.findings)
