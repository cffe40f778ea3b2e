"""The order of day, month and year in a column: it is the right one, or it is asked."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from readingroom.core.tree import Tree
from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.import_pages import import_pages
from readingroom.importer.schedule import ImportOptions

FORMS = {
    "day-first": ("%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d/%m/%Y", "%d/%m/%y (%a)", "%d/%m"),
    "month-first": ("%m/%d/%y", "%m-%d-%y", "%m/%d/%Y", "%a %m/%d/%y", "%m/%d"),
    "year-first": ("%y/%m/%d", "%y.%m.%d", "%y-%m-%d", "%y/%m/%d (%a)"),
}
DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2032, 12, 31))


@st.composite
def schedules(draw: st.DrawFn) -> list[dt.date]:
    """Draw the days of a group that meets every so many weeks, with gaps, forwards or backwards."""
    first, weeks = draw(DAYS), draw(st.integers(1, 5))
    gaps = draw(st.lists(st.integers(1, 3), max_size=12))
    days = [first + dt.timedelta(weeks=weeks * sum(gaps[:place])) for place in range(len(gaps) + 1)]
    return days if draw(st.booleans()) else days[::-1]


def found(days: list[dt.date], form: str, order: str = "") -> tuple[list[str | None], bool]:
    """Return the days that a table of them in a form gives, and whether something is asked."""
    rows = [f"| {day.strftime(form)} | {number}: a talk of its own |" for number, day in enumerate(days)]
    page = "\n".join(["| Date | Topic |", "| --- | --- |", *rows])
    made = import_pages(
        {"README.md": page.encode()}, Tree(), ImportOptions({0: Answers(DateOptions(order, days[0].year))})
    )
    return [str(each["date"]) if each["date"] else None for each in made.list_session_records()], bool(made.problems)


@settings(deadline=None)
@given(schedules(), st.sampled_from([form for several in FORMS.values() for form in several]))
def test_no_day_of_a_schedule_in_numbers_is_wrong(days: list[dt.date], form: str) -> None:
    read, is_asked = found(days, form)
    assert all(each in {None, str(day)} for each, day in zip(read, days, strict=True))
    assert is_asked == (None in read)


@settings(deadline=None)
@given(schedules(), st.sampled_from([(form, order) for order, several in FORMS.items() for form in several]))
def test_every_day_is_right_in_the_order_that_is_said(days: list[dt.date], of_form: tuple[str, str]) -> None:
    assert found(days, *of_form) == (list(map(str, days)), False)
