"""Each day that stands on a page is that of a session, stands in one, or is reported: none is lost silently."""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from babel.dates import format_date
from hypothesis import example, given, settings
from hypothesis import strategies as st

from readingroom.core.diagnostics import Diagnostic
from readingroom.core.tree import Tree
from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.import_pages import ImportResult, import_pages
from readingroom.importer.schedule import ImportOptions

Shape = Callable[[Sequence[str]], str]

SHAPES: dict[str, Shape] = {
    "bullets": lambda days: "\n".join(f"- {day}: Rings" for day in days),
    "numbers": lambda days: "\n".join(f"1. {day} Rings (Ada Lovelace)" for day in days),
    "tasks": lambda days: "\n".join(f"- [x] {day}: Rings" for day in days),
    "further in": lambda days: "- Term\n" + "\n".join(f"  - {day}: Rings" for day in days),
    "items in items": lambda days: "\n".join(f"{'  ' * place}- {day}: Rings" for place, day in enumerate(days)),
    "at the end": lambda days: "\n".join(f"- Rings, {day}" for day in days),
    "amidst": lambda days: "\n".join(f"- Rings on {day} by Ada" for day in days),
    "lines": lambda days: "\n".join(f"{day}: Rings" for day in days),
    "bold": lambda days: "\n\n".join(f"**{day}** Rings" for day in days),
    "italics": lambda days: "\n\n".join(f"*{day}* Rings" for day in days),
    "plain": lambda days: "\n\n".join(f"{day} Rings" for day in days),
    "prose": lambda days: "\n\n".join(f"We met on {day} and read." for day in days),
    "long prose": lambda days: "\n\n".join(f"{'words ' * 80} until {day} and on." for day in days),
    "headings": lambda days: "\n\n".join(f"## {day}: Rings\n\nWords." for day in days),
    "headings at the end": lambda days: "\n\n".join(f"### Rings ({day})" for day in days),
    "underlined": lambda days: "\n\n".join(f"{day}\n---\n\nRings" for day in days),
    "labels below headings": lambda days: "\n\n".join(f"## Rings\n\n**When:** {day}\n**Who:** Ada" for day in days),
    "labels in items": lambda days: "\n".join(f"- Rings\n  - Date: {day}" for day in days),
    "labels in paragraphs": lambda days: "\n\n".join(f"Date: {day}\nTitle: Rings" for day in days),
    "labels in lines": lambda days: "\n".join(f"Date: {day}\nTitle: Rings" for day in days),
    "quotes": lambda days: "\n>\n".join(f"> {day}: Rings" for day in days),
    "details": lambda days: "\n".join(f"<details><summary>{day}</summary>Rings</details>\n" for day in days),
    "code": lambda days: "```\n" + "\n".join(f"| {day} | Rings |" for day in days) + "\n```",
    "definitions": lambda days: "<dl>\n" + "\n".join(f"<dt>{day}</dt><dd>Rings</dd>" for day in days) + "\n</dl>",
    "a list in HTML": lambda days: "<ul>\n" + "\n".join(f"<li>{day}: Rings</li>" for day in days) + "\n</ul>",
    "a table": lambda days: "| Date | Topic |\n|---|---|\n" + "\n".join(f"| {day} | Rings |" for day in days),
    "a table of others": lambda days: "| Due | Place |\n|---|---|\n" + "\n".join(f"| {day} | Bonn |" for day in days),
    "a table in HTML": lambda days: (
        "<table><tr><th>Date</th><th>Topic</th></tr>\n"
        + "\n".join(f"<tr><td>{day}</td><td>Rings</td></tr>" for day in days)
        + "\n</table>"
    ),
    "a table on its side": lambda days: (
        f"| Date | {' | '.join(days)} |\n|---|{'---|' * len(days)}\n| Topic |{' Rings |' * len(days)}"
    ),
    "a table in a table": lambda days: (
        "<table><tr><td>Words</td><td><table>\n"
        + "\n".join(f"<tr><td>{day}</td><td>Rings</td></tr>" for day in days)
        + "\n</table></td></tr></table>"
    ),
    "rows alone": lambda days: "\n".join(f"| {day} | Rings |" for day in days),
    "rows without dashes": lambda days: "Date | Topic\n" + "\n".join(f"{day} | Rings" for day in days),
    "tabs": lambda days: "Date\tTopic\n" + "\n".join(f"{day}\tRings" for day in days),
    "commas": lambda days: "Date,Topic,Lead\n" + "\n".join(f"{day},Rings,Ada" for day in days),
    "a grid": lambda days: (
        "+------+-------+\n| Date | Topic |\n+======+=======+\n"
        + "".join(f"| {day} | Rings |\n+------+-------+\n" for day in days)
    ),
    "indented": lambda days: (
        "    | Date | Topic |\n    |---|---|\n" + "\n".join(f"    | {day} | Rings |" for day in days)
    ),
    "indented lines": lambda days: "\n".join(f"    {day}: Rings" for day in days),
    "two in a cell": lambda days: f"| Date | Topic |\n|---|---|\n| {', '.join(days)} | Rings |",
    "two in a line": lambda days: f"- {', '.join(days)}: Rings",
}
FORMS: list[Callable[[dt.date], str]] = [
    str,
    lambda day: f"{day.day} {day:%B %Y}",
    lambda day: f"{day:%b} {day.day}, {day.year}",
    lambda day: f"{day.day}. {format_date(day, 'MMMM', 'de')} {day.year}",
    lambda day: f"{day.day}. {day.month}. {day.year}",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.year}. {day.month}. {day.day}.",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.day}/{day.month}/{day.year}",
]
BETWEEN = st.sampled_from(["", "## Past sessions", "Words and words.", "---", "- an item", "# Seminar", "## Rings"])


def written(page: str) -> ImportResult:
    return import_pages({"README.md": page.encode()}, Tree(), ImportOptions({0: Answers(DateOptions("day-first"))}))


def is_reported(found: Sequence[Diagnostic], page: str, shown: str) -> bool:
    """Return whether a diagnostic names the line of a day, or that of the table in whose lines it stands."""
    line = page[: page.index(shown)].count("\n") + 1
    tables = [each.line for each in found if each.code == "import-skipped" and "the table" in each.message]
    top = page[: page.index(shown)].rfind("\n\n")
    first = page[: top + 2].count("\n") + 1 if top >= 0 else 1
    return line in {each.line for each in found} or any(first <= each <= line for each in tables)


def assert_nothing_is_lost(page: str, days: Sequence[tuple[dt.date, str]]) -> None:
    made = written(page)
    reported: list[Diagnostic] = [*made.left, *made.findings, *made.problems]
    held = b"".join(made.files.values()).decode()
    read = {entry.day for entry in made.entries}
    lost = [shown for day, shown in days if day not in read and shown not in held]
    assert [shown for shown in lost if not is_reported(reported, page, shown)] == []


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("form", FORMS)
def test_each_day_of_a_shape_is_read_or_reported(name: str, form: Callable[[dt.date], str]) -> None:
    days = [(day, form(day)) for day in (dt.date(2022, 3, 2), dt.date(2022, 3, 9), dt.date(2022, 3, 16))]
    assert_nothing_is_lost(SHAPES[name]([shown for _, shown in days]), days)


PARTS = st.lists(
    st.tuples(st.sampled_from(sorted(SHAPES)), st.integers(1, 3), st.sampled_from(FORMS), BETWEEN), max_size=5
)


@settings(max_examples=400, deadline=None)
@given(PARTS)
@example([("at the end", 1, str, ""), ("labels in items", 1, str, "")])
@example([("headings", 1, FORMS[1], "---"), ("a grid", 1, str, "---")])  # rules that may be those of front matter
def test_each_day_of_a_page_of_many_shapes_is_read_or_reported(
    parts: Sequence[tuple[str, int, Callable[[dt.date], str], str]],
) -> None:
    page, days = "", list[tuple[dt.date, str]]()
    for name, count, form, between in parts:
        start = dt.date(2022, 1, 5) + dt.timedelta(days=7 * len(days))
        own = [start + dt.timedelta(days=7 * place) for place in range(count)]
        shown = [(day, form(day)) for day in own]
        page += f"{between}\n\n{SHAPES[name]([text for _, text in shown])}\n\n"
        days += shown
    assert_nothing_is_lost(page, days)
