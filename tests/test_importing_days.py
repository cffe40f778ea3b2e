"""The days of whole pages as people write them: which are read, and what is asked and reported of them."""

import datetime as dt

import pytest

from groups import outline
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import Tree
from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.import_pages import ImportResult, import_pages
from readingroom.importer.page.document import parse_document
from readingroom.importer.schedule import ImportOptions


def made(page: str, order: str = "", year: int = 0) -> ImportResult:
    return import_pages(
        {"README.md": page.encode()},
        Tree(),
        ImportOptions({0: Answers(DateOptions(order, year))}),
        "",
        dt.date(2026, 3, 1),
    )


def table(*days: str) -> str:
    rows = [f"| {day} | {number}: a talk of its own |" for number, day in enumerate(days)]
    return "\n".join(["| Date | Topic |", "| --- | --- |", *rows, ""])


def days(result: ImportResult) -> list[str]:
    return [str(entry.day) for entry in result.entries]


def messages(result: ImportResult) -> str:
    return "\n".join(each.message for each in (*result.problems, *result.findings, *result.left))


@pytest.mark.parametrize(
    ("page", "expected", "several"),
    [
        (
            "# Spring 2020\n\n" + table("March 24, 31", "April 7,14", "April 7, 14, 2020", "April 21,28"),
            ["2020-03-24", "2020-04-07", "2020-04-07", "2020-04-21"],
            4,
        ),
        ("# 2019/20\n\n" + table("October 3, 10", "October 12, 19"), ["2019-10-03", "2019-10-12"], 1),
        (table("April 7, 9", "April 14 and 16", "April 21, 2020"), ["2020-04-07", "2020-04-14", "2020-04-21"], 2),
        (table("March 5, 24", "March 12, 24", "April 2, 24"), ["2024-03-05", "2024-03-12", "2024-04-02"], 0),
        (table("November 5, 24", "January 7, 25"), ["2024-11-05", "2025-01-07"], 0),
        (table("March 5, 24", "March 12, 2024"), ["2024-03-05", "2024-03-12"], 0),
        (table("March 5, 19", "March 12, 2024"), ["2024-03-05", "2024-03-12"], 1),
        ("# Spring 2024\n\n- March 5, 24: Rings\n", ["2024-03-05"], 0),
    ],
)
def test_two_days_of_a_month_are_no_day_and_year(page: str, expected: list[str], several: int) -> None:
    found = made(page)
    assert days(found) == expected
    assert messages(found).count("is several days") == several
    assert ("--year" in messages(found)) == ("None" in expected)


@pytest.mark.parametrize(
    ("days_of", "expected"),
    [
        (("03.16.2021", "03.02.2021", "11.01.2020"), ["2021-03-16", "2021-03-02", "2020-11-01"]),
        (("03.16.21", "03.02.21"), ["2021-03-16", "2021-03-02"]),
        (("03.02.2021", "04.02.2021"), ["2021-02-03", "2021-02-04"]),
        (("03.16.2021", "23.02.2021", "03.02.2021"), ["2021-03-16", "2021-02-23", "2021-02-03"]),
    ],
)
@pytest.mark.parametrize("form", ["### {}: Rings\n\nWords.\n\n", "- {}: Rings\n", "| {} | Rings |\n"])
def test_a_day_with_dots_that_has_the_month_first_turns_its_column(
    days_of: tuple[str, ...], expected: list[str], form: str
) -> None:
    head = "| Date | Topic |\n|---|---|\n" if "|" in form else ""
    found = made(head + "".join(map(form.format, days_of)))
    assert days(found) == expected


def test_days_with_dots_follow_what_the_organiser_says_of_the_order() -> None:
    assert days(made(table("03.02.2021", "04.02.2021"), "month-first")) == ["2021-03-02", "2021-04-02"]
    assert days(made(table("03.16.2021", "23.02.2021", "03.02.2021"), "day-first"))[2] == "2021-02-03"


def hours(result: ImportResult) -> list[tuple[str, str, int | None, str, str]]:
    return [(str(each.day), each.time, each.duration, each.room, each.title) for each in result.entries]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("5 de septiembre 2022, 14:00 hs: Anillos", ("2022-09-05", "14:00", None, "", "Anillos")),
        ("2022-09-12, 14 hrs: Rings", ("2022-09-12", "14:00", None, "", "Rings")),
        ("2022-09-12, 14:30 hod.: Rings", ("2022-09-12", "14:30", None, "", "Rings")),
        ("19. September 2022, 14 Uhr: Ringe", ("2022-09-19", "14:00", None, "", "Ringe")),
        ("2022-11-02 (14:00-15:00, Room 5): Kinds", ("2022-11-02", "14:00", 60, "Room 5", "Kinds")),
        ("2022-11-16 (Room 5): Fields", ("2022-11-16", "", None, "Room 5", "Fields")),
        ("2022-11-16 (14:00): Fields", ("2022-11-16", "14:00", None, "", "Fields")),
        ("2022-10-26, 14h-15h (SGS): Groups", ("2022-10-26", "14:00", 60, "SGS", "Groups")),
        ("2022年10月12日(水) 16:30--18:00, 環", ("2022-10-12", "16:30", 90, "", "環")),
        ("Genesis 12:10, 13/11/2025", ("2025-11-13", "", None, "", "Genesis 12:10")),
        ("2023-10-28 (Sets): Groups", ("2023-10-28", "", None, "", "(Sets): Groups")),
        ("2022-12-21 (14:00 CET, Room 5): Rings", ("2022-12-21", "14:00", None, "Room 5", "Rings")),
        ("2022-12-20 (14:00 CET): Rings", ("2022-12-20", "14:00", None, "", "Rings")),
        ("2022-11-23 14:00 (Ann Lee & Bo Ray): Rings", ("2022-11-23", "14:00", None, "", "Rings")),
        ("2022-12-16 14:00 (Part 2): Rings", ("2022-12-16", "14:00", None, "", "(Part 2): Rings")),
        ("2022-11-23 3pm In Search of Lost Time", ("2022-11-23", "15:00", None, "", "In Search of Lost Time")),
    ],
)
def test_the_hour_and_the_room_beside_a_day_are_no_title(line: str, expected: tuple[object, ...]) -> None:
    assert hours(made(f"- {line}\n- {line.replace('2022', '2023').replace('2025', '2026')}\n"))[0] == expected
    if not line.startswith(("Rings", "Genesis")):
        assert hours(made(f"### {line}\n\nWords.\n"))[0] == expected


def test_two_dashes_stand_between_two_hours_of_a_cell() -> None:
    assert hours(made(table("06/26/2020 11 -- 11:45am")))[0][:3] == ("2020-06-26", "11:00", 45)


def test_what_is_cancelled_in_the_brackets_of_an_hour_is_no_room() -> None:
    (entry,) = made("- 2023-10-27 (14:00, cancelled): Groups\n").entries
    assert (entry.status, entry.time, entry.room, entry.title) == ("cancelled", "14:00", "", "Groups")


@pytest.mark.parametrize("form", ["- {}\n", "{}\n\n", "* {}\n"])
def test_numbers_of_parts_that_rise_one_by_one_are_no_days(form: str) -> None:
    parts = ("3.1. Add a section", "3.2. Use the template", "4.1. Send it")
    found = made("# Reading group 2023\n\n" + "".join(map(form.format, parts)))
    assert days(found) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("3.1. Ringe", "10.1. Gruppen"), ["2023-01-03", "2023-01-10"]),
        (("Di 3.1. Ringe", "Fr 3.2. Gruppen"), ["2023-01-03", "2023-02-03"]),
        (("3/1: Ringe", "3/2: Gruppen", "31/3: Felder"), ["2023-01-03", "2023-02-03", "2023-03-31"]),
    ],
)
def test_short_days_that_rise_otherwise_or_have_weekdays_stay_days(lines: tuple[str, ...], expected: list[str]) -> None:
    assert days(made("# Lesekreis 2023\n\n" + "".join(map("- {}\n".format, lines)), "day-first")) == expected


_LONG = "This page is that of a group which reads of rings, fields and other such things: our fall 2018 meetings:"


@pytest.mark.parametrize(
    ("above", "year"),
    [
        ("For Fall 2024, we meet on Fridays 12pm in room 236.\n\n", "2024"),
        ("For Fall 2024, we meet on Fridays 12pm in room 236.\n\nWrite to us.\n\n", "2024"),
        (f"{_LONG}\n\n", "2018"),
        ("<b>Spring 2024 Schedule</b>\n\nWe meet on Mondays.\n\n", "2024"),
        ("2022（春）学期安排\n\n我们每周一见面。\n\n", "2022"),
        ("# Seminar\n\n2025년 1학기 세미나입니다.\n\n매주 만납니다.\n\n", "2025"),
        ("## 2025-1_Seminar\n\nWords.\n\n## Plan\n\n", "2025"),
        ("In the academic year 2023/24 we meet weekly.\n\nWrite to us.\n\n", "2023"),
        ("For Fall 2024, we meet on Fridays.\n\nFor Fall 2023, see there.\n\nWords.\n\n", None),
        ("The data of Milo, 2019, are ours.\n\nWords.\n\n", None),
        ("We know 2019 of them.\n\nWords.\n\n", None),
    ],
)
def test_prose_names_the_term_of_the_days_below_it(above: str, year: str | None) -> None:
    found = made(above + table("October 11", "October 18"))
    assert days(found) == ([f"{year}-10-11", f"{year}-10-18"] if year else ["None", "None"])
    assert ("--year" in messages(found)) == (year is None)
    assert (f"are read as {year}, after" in messages(found)) == (year is not None)


@pytest.mark.parametrize("title", ["# Spring 2023", "Spring 2023", "**Spring 2023**", "<b>Reading, 2023</b>"])
@pytest.mark.parametrize("between", ["", "We met in Bonn, in a house by the river.\n\n"])
@pytest.mark.parametrize("form", ["- {}: Rings\n", "**{}**: Rings\n\n", "{}: Rings\n\n"])
def test_what_stands_above_days_wins_over_the_year_that_was_said(title: str, between: str, form: str) -> None:
    page = f"{title}\n\n{between}" + "".join(map(form.format, ("Mon Jan 9", "Mon Jan 16")))
    assert days(made(page, year=2024)) == ["2023-01-09", "2023-01-16"]


@pytest.mark.parametrize(
    "page",
    [
        f"# Next\n\n{table('October 11')}\n# Spring 2022 - archive\n\nWords.\n",
        f"# Next\n\n{table('October 11')}\nFor Spring 2022, we met on Fridays.\n",
        "# Autumn 2023\n\n**Oct 4**: Rings\n\n**ICML 2019**\n\n**Oct 11**: Fields\n",
    ],
)
def test_terms_below_the_days_and_years_of_other_things_name_no_year(page: str) -> None:
    assert days(made(page))[-1] in {"None", "2023-10-11"}


def test_days_without_a_year_take_the_year_that_was_said() -> None:
    page = "Spring 2023\n\n- Mon Jan 9: Rings\n\n## Later\n\n- Wed Jan 10: Fields\n"
    assert days(made(page, year=2024)) == ["2023-01-09", "2024-01-10"]


_TABLE = "| Fecha | Tema |\n|---|---|\n| 4 de marzo | Anillos |\n"


def test_front_matter_that_is_deeper_than_toml_goes_is_no_session() -> None:
    assert made(f"+++\na = {'[' * 5000}\n+++\n\n# Rings\n").entries == []


def lines_left(result: ImportResult) -> list[int]:
    return [each.line for each in result.left]


@pytest.mark.parametrize(
    "line",
    [
        "- [Abstract du 03 nov. 2017 - Anne ROY](https://x.example/a.pdf)",
        "An understanding of 3 May 2023 is needed.",
        "- Rings and more (08/13) by Ann",
    ],
)
def test_a_line_with_a_day_that_is_not_read_is_reported_once(line: str) -> None:
    found = made(f"# Seminar\n\n{line}\n")
    assert (found.entries, lines_left(found)) == ([], [3])


@pytest.mark.parametrize(
    "line",
    [
        "The bot (not working as of Aug 13, 2025) is gone.",
        "発売: 2012/06/23",
        "Released on 3 May 2023.",
        "We meet weekly except for June 14.",
        "Wir treffen uns außer am 14. Juni 2023.",
        "Rings (1/2) and fields (10.30)",
    ],
)
def test_a_day_of_something_else_is_no_alarm(line: str) -> None:
    assert lines_left(made(f"# Seminar\n\n{line}\n")) == []


@pytest.mark.parametrize(
    ("line", "is_reported"), [("On Tuesday, March 14 at 3pm, Ann speaks.", 0), ("March 21: Fields", 1)]
)
def test_the_day_of_a_session_that_is_said_again_below_it_is_no_alarm(line: str, is_reported: int) -> None:
    found = made(f'### 59. "Rings" 14.03.2023\n\nWords.\n\n- {line}\n')
    assert messages(found).count("was kept as a part of the session") == is_reported


def test_a_day_in_brackets_after_the_number_of_a_week_is_read() -> None:
    found = made("* 1주차(08/13): Ann - Item 1, 2\n* 2주차(08/20): Bo - Item 3\n", year=2020)
    assert [(str(each.day), each.title) for each in found.entries] == [
        ("2020-08-13", "Ann - Item 1, 2"),
        ("2020-08-20", "Bo - Item 3"),
    ]


@pytest.mark.parametrize("year", ["", " 2019"])
def test_a_paragraph_of_a_weekday_a_day_an_hour_and_a_place_is_a_session(year: str) -> None:
    page = "".join(
        f"Wed {day}{year} 3pm at EBI; Room 2\n\n- {name}\n\n" for day, name in [("Nov 27", "A"), ("Dec 4", "B")]
    )
    found = made(f"# Club\n\n{page}", year=2019)
    days_and_titles = [("2019-11-27", "A"), ("2019-12-04", "B")]
    assert hours(found) == [(day, "15:00", None, "EBI; Room 2", title) for day, title in days_and_titles]


@pytest.mark.parametrize(
    "prose",
    [
        "Ann spoke on rings, and fields.\n(November 17th, 2023)",
        "We met, and read\non May 3, 2023",
        "Dates, talks and more, by all of us,\nand it was on May 3, 2023, or so,\nand then June 3, 2023, at noon",
    ],
)
def test_prose_with_commas_is_no_table(prose: str) -> None:
    found = made(f"# Club\n\n{prose}\n")
    assert found.entries == []
    assert "looks like a table" not in messages(found)


def test_paragraphs_that_end_with_a_line_of_a_day_are_a_talk_each() -> None:
    talks = [('Ann Lee, "Rings, and fields".', "November 17th, 2023"), ("Bo Ray: Groups", "November 24th, 2023")]
    page = "".join(f"{talk}\n({day})\n\n" for talk, day in talks)
    found = made(f"# Talks\n\nWe meet on Fridays.\n\n{page}Write to us.\n")
    assert [(str(each.day), each.title, each.leads[0].name) for each in found.entries] == [
        ("2023-11-17", "Rings, and fields", "Ann Lee"),
        ("2023-11-24", "Groups", "Bo Ray"),
    ]


def test_prose_that_is_wrapped_and_ends_with_a_day_is_reported_and_not_cut() -> None:
    page = "".join(f"They spoke on rings and what they\nare, and at length.\n({day} May 2023)\n\n" for day in (3, 10))
    found = made(page)
    assert (found.entries, lines_left(found)) == ([], [3, 7])


@pytest.mark.parametrize(
    "start", ["---\ntitle: A\n", "--- \ndate: 2023-01-01\n", "---\ntags:\n- x\n", "+++\ntitle = 'A'\n"]
)
def test_front_matter_without_an_end_is_refused(start: str) -> None:
    with pytest.raises(Invalid) as refused:
        made(f"{start}\n# Talks\n\n{_TABLE}")
    assert outline(refused.value.problems) == ["README.md:1 [import-page-format]"]


@pytest.mark.parametrize(
    "start", ["---\n\nSpeaker: all of us\n", "---\n# Talks: all\n", "---\nhttps://example.org\n", "***\ntitle: A\n"]
)
def test_a_page_may_begin_with_a_rule(start: str) -> None:
    assert len(made(f"{start}\n# Talks of 2023\n\n{_TABLE}").entries) == 1


def test_only_the_first_block_is_front_matter() -> None:
    page = parse_document("x.md", f"---\ntitle: Talks of 2023\n---\n\n{_TABLE}\n---\nlayout: other\n---\n")
    assert page.front == "title: Talks of 2023"
    assert "layout: other" in [each.text.text for each in page.headings]  # a rule below a line


@pytest.mark.parametrize("date", ["Date(2023, 06, 27)", "2023-06-27", '"2023-06-27"'])
def test_front_matter_in_toml_has_the_year_and_is_not_shown(date: str) -> None:
    found = made(f'+++\ntitle = "Seminario de investigación 2023"\ndate = {date}\n+++\n\n{_TABLE}')
    assert [(str(each.day), each.title) for each in found.entries] == [("2023-03-04", "Anillos")]
    assert "after the front matter" in messages(found)
