"""What import shows: the sessions as they were read, why, what is doubtful, and the line that repeats it all."""

import json
import re
from pathlib import Path

import pytest

from groups import TODAY, run, tree, write
from readingroom.cli.commands import import_
from readingroom.cli.import_answers import collect_answers, format_answers
from readingroom.importer import report
from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.import_pages import import_pages
from readingroom.importer.schedule import ImportOptions
from readingroom.importer.vocabulary import roles
from test_cli import on_terminal
from test_pages import CASES

PAGE = """\
# Us

| Date | Topic | x |
|---|---|---|
| 13/03/2024 | [Rings](https://example.org/r) | Emmy Noether |
| 04/04/2024 | Fields of numbers | Ann Lee |
| 11/04/2024 | Easter break |  |
| 18/04/2024 | Groups of rings | Max Born |
| 25/04/2024 | Lattices | Ada Lovelace |

Words of no session.

- 2 May: Sets (Bob Ray)
- 9 May: Trees (Carl Poe)

  Read the book.
"""
LINE = ["import", "README.md", "--today", str(TODAY)]
ON_THE_ROWS = "--columns 1:date=1,title=2,lead=3"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {"README.md": PAGE})


def test_the_first_middle_and_last_session_of_each_table_and_series_are_shown_with_its_number(root: Path) -> None:
    shown = run(root, *LINE).stdout.splitlines()
    assert shown[:8] == [
        "day | title | lead | links",
        "Table 1 (README.md:3): 5 sessions; date in column 1, title in column 2, lead in column 3 (by its content)",
        "  2024-03-13 | Rings | Emmy Noether | https://example.org/r",
        "  2024-04-18 | Groups of rings | Max Born | -",
        "  2024-04-25 | Lattices | Ada Lovelace | -",
        "Series 2 (README.md:13): 2 sessions",
        "  2024-05-02 | Sets | Bob Ray | -",
        "  2024-05-09 | Trees | Carl Poe | -",
    ]


def test_what_readingroom_made_is_not_shown(root: Path) -> None:
    run(root, *LINE, "--readme")
    write(root, {"readingroom.yml": "name: A\ntime_zone: UTC\n"})
    run(root, "build", "--today", str(TODAY))
    shown = run(root, "import", "sessions/README.md", *LINE[2:]).stdout
    assert "day | title" not in shown


@pytest.mark.parametrize(("answer", "code", "is_written"), [("", 0, True), ("y", 0, True), ("n", 1, False)])
def test_it_asks_on_a_terminal_whether_the_sessions_are_right(
    root: Path, answer: str, code: int, *, is_written: bool
) -> None:
    ended, seen = on_terminal(root, *LINE, typed=[("Were these sessions read correctly?", answer)])
    assert (ended, (root / "sessions").exists()) == (code, is_written), seen
    helped = [option in seen for option in ("--columns N:", "--title N:", "--lead N:", "--year N:", "--explain")]
    assert helped == [not is_written] * 5


@pytest.mark.parametrize("option", ["--yes", "--dry-run", "--format=json", "--explain=5"])
def test_it_does_not_ask_where_nothing_is_written_or_the_answer_is_given(root: Path, option: str) -> None:
    ended, seen = on_terminal(root, *LINE, option, typed=[])
    assert (ended, "Were these sessions read correctly?" in seen) == (0, False)


def test_the_command_that_gives_all_answers_and_decisions_is_printed(root: Path) -> None:
    shown = run(root, *LINE, "--year", "2:2022", "--readme", "--dry-run").stdout
    repeated = (
        f"readingroom import README.md {ON_THE_ROWS} --date-order day-first --year 2:2022 --today 2024-01-15 --readme"
    )
    assert shown.splitlines()[-1] == f"To repeat this import: {repeated}"


@pytest.mark.parametrize("path", CASES, ids=[path.parent.name for path in CASES])
def test_the_command_that_is_printed_leads_to_the_same_sessions(path: Path) -> None:
    page, said = (path.parent / "page.md").read_bytes(), json.loads(path.read_text("utf-8")).get("options", {})
    columns = dict(roles.parse_columns_option(said.get("columns", "")))
    options = ImportOptions({0: Answers(DateOptions(said.get("order"), said.get("year", 0)), columns)})
    before = import_pages({"README.md": page}, tree({}), options, "", TODAY)
    again = parse_answers(format_answers(report.collect_decisions(before.series, options)))
    after = import_pages({"README.md": page}, tree({}), again, "", TODAY)
    assert (after.list_session_records(), after.problems) == (before.list_session_records(), before.problems)


def parse_answers(arguments: list[str]) -> ImportOptions:
    """Return what a command line with these arguments asks for."""
    context = import_.run_command.make_context("import", ["README.md", *arguments])
    return ImportOptions(collect_answers(context.params))


def explained(root: Path, *lines: str) -> list[str]:
    """Return what --explain says, without the place before it."""
    done = run(root, *LINE, *(f"--explain={line}" for line in lines))
    assert done.returncode == 0, done.stderr
    assert not (root / "sessions").exists()
    return [re.sub(r"^README\.md:\d+: ", "", line) for line in done.stdout.splitlines()]


def test_a_row_is_explained_by_its_table_its_date_and_its_columns(root: Path) -> None:
    assert explained(root, "5")[:3] == [
        "It opens a session of table 1 (README.md:3), read as: 2024-03-13 | Rings | Emmy Noether | https://example.org/r",
        '"13/03/2024" is 2024-03-13: its numbers can be read in one order only; its year is written there.',
        "Its table has date in column 1, title in column 2, lead in column 3 (by its content).",
    ]
    order = explained(root, "7")[1]
    assert order == (
        '"11/04/2024" is 2024-04-11: day-first, like "13/03/2024" on line 5, which has no other order; its year is '
        "written there."
    )
    assert explained(root, "7")[-1] == '"Easter break" is a day without a session.'


def test_a_line_below_an_item_is_explained_by_the_item(root: Path) -> None:
    found = explained(root, "README.md:16")
    assert found[0].startswith(
        "It belongs to what line 14 opens: a session of series 2 (README.md:13), read as: 2024-05-09"
    )
    assert "its year 2024 is after the table on line 3." in found[1]
    assert found[2] == "Its series has people in brackets at the end."


def test_a_line_of_no_session_is_explained(root: Path) -> None:
    assert explained(root, "11")[0].startswith("It is in no session.")
    assert explained(root, "3")[0] == "It is in table 1 (README.md:3), but in no session."


def test_an_answer_explains_what_it_decides(root: Path) -> None:
    options = ["--date-order", "day-first", "--year", "2022", "--title", "2:beside", "--columns", "1:date=1,title=2"]
    shown = run(root, *LINE, *options, "--explain", "7", "--explain", "13").stdout
    said = [
        "day-first, as --date-order says",
        "counts from --year",
        "are where --title beside says",
        "as --columns says",
    ]
    assert [each for each in said if each not in shown] == []


def test_an_explanation_is_data_for_a_program(root: Path) -> None:
    (found,) = json.loads(run(root, *LINE, "--explain", "5", "--format", "json").stdout)
    assert (found["file"], found["line"], len(found["reasons"])) == ("README.md", 5, 4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--explain", "x"], "a line such as 14 or README.md:14"),
        (["--explain", "99"], "README.md has 16 lines"),
        (["--explain", "OLD.md:1"], "OLD.md is not among the pages"),
        (["OLD.md", "--explain", "1"], "Give PAGE:1"),
    ],
)
def test_a_line_that_is_none_is_refused(root: Path, options: list[str], message: str) -> None:
    write(root, {"OLD.md": "# Old\n"} if options[0] == "OLD.md" else {})
    done = run(root, *LINE, *options)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


MANY = "| Date | Topic | x |\n|---|---|---|\n" + "".join(
    f"| {day} March 2024 | [Part {day} of it](#part-{day}) | Ann Lee |\n" for day in range(4, 12)
)


def test_doubts_come_first_and_other_findings_as_examples_with_their_number(tmp_path: Path) -> None:
    root = write(tmp_path, {"README.md": MANY})
    lines = run(root, *LINE).stderr.splitlines()
    codes = [code for line in lines for code in re.findall(r"\[([a-z-]+)\]", line)]
    assert codes[0] == "import-column-guessed"
    assert codes.count("import-link-broken") == 4
    assert "... and 5 more [import-link-broken]" in lines
    assert lines[-1] == "Add --findings-format text to list every finding."
    everything = run(root, "import", "README.md", "--dry-run", "--findings-format", "text").stderr
    assert everything.count("import-link-broken") == 8
