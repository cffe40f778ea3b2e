"""The table for spreadsheets: a row for each session, and no cell that is taken for a formula."""

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given

from calendars import URL
from groups import catalogue
from readingroom.site import csv_table
from strategies import SESSIONS

BERT: dict[str, Any] = {"title": "Bert", "date": "2024-01-22", "time": "11:00", "leads": [{"name": "A"}, {"name": "B"}]}


def rows(sessions: dict[str, dict[str, Any]], **group: Any) -> list[list[str]]:
    content = csv_table.render_csv(catalogue(sessions, **group))["sessions.csv"]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_session_is_a_row_below_the_names_of_the_columns() -> None:
    found = rows({"01-bert": BERT, "02-shelf": {"title": "x"}}, site={"url": URL})
    assert found == [
        list(csv_table.COLUMNS),
        [
            "1",
            "2024-01-22",
            "11:00",
            "60",
            "confirmed",
            "",
            "Bert",
            "A; B",
            "",
            "01-bert",
            f"{URL}/sessions/01-bert.html",
        ],
    ]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|calc", "%0A", "＝1", " =1", "\u200b=1"])
def test_what_a_spreadsheet_would_calculate_is_a_text(title: str) -> None:
    assert rows({"01-bert": {**BERT, "title": title}})[1][6].startswith("'")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Rings;=1+1", "Rings;'=1+1"),
        ("Rings; @SUM(A1); -2", "Rings; '@SUM(A1); '-2"),
        ('Rings;"=1+1"', 'Rings;"\'=1+1"'),
        ("Rings; '+1", "Rings; ''+1"),
        ("Rings; fields = more", "Rings; fields = more"),
        ("a-b; c+d", "a-b; c+d"),
    ],
)
def test_what_follows_a_semicolon_is_no_formula_where_cells_are_cut_there(title: str, shown: str) -> None:
    assert rows({"01-bert": {**BERT, "title": title}})[1][6] == shown


def test_a_lead_who_is_not_the_first_is_no_formula() -> None:
    leads = [{"name": "Ann"}, {"name": "=cmd|' /C calc'!A0"}]
    assert rows({"01-bert": {**BERT, "leads": leads}})[1][7].startswith("Ann; '=cmd")


@given(SESSIONS)
def test_no_cell_of_any_session_is_a_formula(about: dict[str, Any]) -> None:
    found = rows({"01-bert": {**about, "date": "2024-01-22"}})
    assert [len(row) for row in found] == [len(csv_table.COLUMNS)] * 2
    assert not [cell for cell in found[1] if re.search(r"(\A|;)\s*[=+\-@\t\r]", cell)]


def test_rows_come_by_date() -> None:
    sessions = {"01-a": {**BERT, "date": "2024-02-05"}, "02-b": BERT, "03-c": {"title": "x", "status": "proposed"}}
    assert [row[9] for row in rows(sessions)[1:]] == ["02-b", "01-a", "03-c"]
