"""The archive: every session once, with what was read, on pages that GitHub shows whole."""

import datetime as dt
import re
from collections import Counter

import pytest
from hypothesis import given, settings

from groups import DAYS, READING, TODAY, Data, Files, built, files, groups, region, tree
from readingroom.core.tree import ANNOUNCED_PATH
from readingroom.store.catalogue import read_catalogue
from rendered import column, headings, links, page, rows, targets, text

ARCHIVE = "sessions/README.md"
GITHUB_CUTS_AT = 512_000


def held(*dates: str, **data: object) -> dict[str, Data]:
    return {f"{number:03}-s": {"title": f"T{number}", "date": date, **data} for number, date in enumerate(dates)}


def archive(made: Files, today: dt.date = TODAY) -> Files:
    """Return the pages of the archive after a build."""
    return pages_of(built(made, today))


def pages_of(after: Files) -> Files:
    beside = {path for path in after if path.startswith("sessions/") and path.count("/") == 1}
    return {path: after[path] for path in sorted(beside - {"sessions/upcoming.md", ANNOUNCED_PATH})}


def listed(pages: Files) -> list[str]:
    """Return the folder of each session that a table's row leads to."""
    found = [
        re.fullmatch(r"(?:sessions/)?([0-9a-z-]+)/README\.md", target)
        for content in pages.values()
        for cells in rows(page(content))
        for target in targets(cells[1])[:1]
    ]
    return [each[1] for each in found if each]


def test_archive_is_a_table_of_date_topic_room_and_leads() -> None:
    data = {"title": "Bert", "date": "2024-01-08", "kind": "Technical", "room": "Enigma", "leads": [{"name": "Ada"}]}
    (cells,) = rows(page(archive(files({"01-s": data}))[ARCHIVE]))
    assert [text(cell) for cell in cells] == ["2024-01-08", "Technical: Bert", "Enigma", "Ada"]
    assert targets(cells[1]) == ["01-s/README.md"]


@pytest.mark.parametrize(("order", "first"), [("newest-first", "T2"), ("oldest-first", "T0"), (None, "T2")])
def test_archive_is_in_the_groups_order(order: str | None, first: str) -> None:
    group = {"order": order} if order else {}
    made = archive(files(held("2022-05-01", "2023-05-01", "2023-06-01"), **group))
    assert column(page(made[ARCHIVE]), 1)[0] == first
    assert len(column(page(made[ARCHIVE]), 1)) == 3


@pytest.mark.parametrize(
    ("order", "titles"), [("newest-first", ["T2", "T1", "T0"]), ("oldest-first", ["T0", "T1", "T2"])]
)
def test_material_is_in_the_order_of_the_table(order: str, titles: list[str]) -> None:
    made = archive(files(held("2022-05-01", "2023-05-01", "2023-06-01", material=READING), order=order))
    assert [text(each) for each in headings(page(made[ARCHIVE])) if each.tag == "h3"] == titles


def test_sessions_of_one_day_are_in_the_order_of_their_times() -> None:
    late, early = {"date": "2024-01-08", "time": "14:00"}, {"date": "2024-01-08", "time": "09:00"}
    made = files({"01-late": {"title": "L", **late}, "02-early": {"title": "E", **early}}, order="oldest-first")
    assert column(page(archive(made)[ARCHIVE]), 1) == ["E", "L"]


def test_material_is_below_the_date_and_the_title() -> None:
    shown = page(archive(files(held("2024-01-08", material=READING)))[ARCHIVE])
    assert [(each.tag, text(each)) for each in headings(shown)] == [
        ("h1", "Previous sessions"),
        ("h1", "Material for sessions"),
        ("h2", "2024-01-08"),
        ("h3", "T0"),
    ]
    assert ("A paper", "https://example.org/paper") in links(shown)


def test_a_session_without_material_has_a_row_without_a_link_and_no_section() -> None:
    shown = page(archive(files(held("2024-01-08")))[ARCHIVE])
    assert targets(rows(shown)[0][0]) == []
    assert [text(each) for each in headings(shown)] == ["Previous sessions"]


def test_a_later_part_links_to_the_session_whose_material_it_shares() -> None:
    sessions = {**held("2024-01-01", material=READING), "001-s": {"date": "2024-01-08", "continues": "000-s"}}
    assert ("000-s", "000-s/README.md") in links(page(archive(files(sessions))[ARCHIVE]))


def test_shelves_come_last_by_name() -> None:
    shelves = {"b-shelf": {"title": "B", "material": READING}, "a-shelf": {"title": "A", "material": READING}}
    shown = page(archive(files({**shelves, **held("2024-01-08", material=READING)}, order="oldest-first"))[ARCHIVE])
    assert [text(each) for each in headings(shown) if each.tag == "h2"] == ["2024-01-08", "A", "B"]


def test_an_archive_of_nothing_says_so() -> None:
    assert (
        text(page(archive(files(held("2024-01-15")))[ARCHIVE])) == "Previous sessions No session has taken place yet."
    )


def test_today_is_not_yet_in_the_archive() -> None:
    made = files(held("2024-01-14", "2024-01-15"))
    assert column(page(archive(made)[ARCHIVE]), 1) == ["T0"]


BIG = [{"note": "word " * 390} for _ in range(12)]  # 23 kB of material


def many(*years: int, each: int, **data: object) -> dict[str, Data]:
    days = [dt.date(year, 1, 1) + dt.timedelta(day) for year in years for day in range(each)]
    return held(*map(str, days), **data)


def test_an_archive_within_the_limits_is_one_page() -> None:
    assert set(archive(files(many(2021, 2022, each=10, material=BIG)))) == {ARCHIVE}


def test_an_archive_that_github_would_cut_has_a_page_for_each_year() -> None:
    made = archive(
        files({**many(2021, 2022, 2023, each=10, material=BIG), "shelf": {"title": "Shelf", "material": READING}})
    )
    assert set(made) == {ARCHIVE, "sessions/2021.md", "sessions/2022.md", "sessions/2023.md"}
    index = page(made[ARCHIVE])
    assert links(index)[:3] == [("2023", "2023.md"), ("2022", "2022.md"), ("2021", "2021.md")]
    assert text(index).startswith("Previous sessions 2023 (10 sessions) 2022 (10 sessions) 2021 (10 sessions)")
    assert [text(each) for each in headings(index)][1:] == ["Material for sessions", "Shelf"]
    assert column(page(made["sessions/2021.md"]), 1) == [f"T{number}" for number in reversed(range(10))]


def test_years_of_a_divided_archive_are_in_the_groups_order() -> None:
    made = archive(files(many(2021, 2022, 2023, each=10, material=BIG), order="oldest-first"))
    assert [name for name, _ in links(page(made[ARCHIVE]))] == ["2021", "2022", "2023"]
    assert column(page(made["sessions/2021.md"]), 1)[:2] == ["T0", "T1"]


def test_a_year_that_github_would_cut_has_several_pages() -> None:
    made = archive(files(many(2021, each=50, material=BIG)))
    assert set(made) == {ARCHIVE, "sessions/2021.md", "sessions/2021-2.md", "sessions/2021-3.md", "sessions/2021-4.md"}
    assert [name for name, _ in links(page(made[ARCHIVE]))] == ["2021", "2021, part 2", "2021, part 3", "2021, part 4"]
    assert Counter(listed(made)) == Counter(f"{number:03}-s" for number in range(50))


def test_an_archive_of_more_than_a_thousand_entries_is_divided() -> None:
    days = [str(dt.date(2020, 1, 1) + dt.timedelta(number)) for number in range(1001)]
    whole, divided = archive(files(held(*days[:1000]))), archive(files(held(*days)))
    assert set(whole) == {ARCHIVE}
    assert set(divided) == {ARCHIVE, "sessions/2020.md", "sessions/2021.md", "sessions/2022.md"}
    assert len(listed(divided)) == len(set(listed(divided))) == 1001


@pytest.mark.parametrize("each", [10, 35])
def test_no_page_passes_what_github_shows(each: int) -> None:
    made = archive(files(many(2021, 2022, 2023, each=each, material=BIG)))
    assert max(map(len, made.values())) < GITHUB_CUTS_AT
    assert len(listed(made)) == len(set(listed(made))) == 3 * each


def test_pages_of_years_that_are_no_longer_needed_are_removed() -> None:
    divided = built(files(many(2021, 2022, 2023, each=10, material=BIG)))
    fewer = {path: content for path, content in divided.items() if not path.startswith(("sessions/00", "sessions/01"))}
    assert {path for path in fewer if path.endswith(".md") and path.count("/") == 1} > {ARCHIVE, "sessions/2021.md"}
    assert set(archive(fewer)) == {ARCHIVE}


def test_the_page_of_upcoming_sessions_is_removed_when_the_readme_shows_them_all_again() -> None:
    made = built(files(held("2024-02-01", "2024-02-02"), upcoming=1))
    assert "sessions/upcoming.md" in made
    assert "sessions/upcoming.md" not in built(made, dt.date(2024, 2, 2))


def test_upcoming_sessions_that_github_would_cut_have_several_pages() -> None:
    days = [str(dt.date(2030, 1, 1) + dt.timedelta(number)) for number in range(2001)]
    made = built(files(held(*days)))
    pages = ["sessions/upcoming.md", "sessions/upcoming-2.md", "sessions/upcoming-3.md"]
    assert sorted(path for path in made if path.startswith("sessions/upcoming")) == sorted(pages)
    shown = [page(made[path]) for path in pages]
    assert sum(len(rows(each)) for each in shown) == 2001
    following = [[target for name, target in links(each) if target.startswith("upcoming")] for each in shown]
    assert following == [["upcoming-2.md"], ["upcoming-3.md"], []]
    assert max(len(made[path]) for path in pages) < GITHUB_CUTS_AT
    fewer = built(made, dt.date(2034, 1, 1))
    assert not [path for path in fewer if path.startswith("sessions/upcoming-")]


def test_a_hand_written_page_beside_the_archive_stays() -> None:
    made = files(held("2024-01-08"), {"sessions/2021.md": "# Our year\n", "sessions/notes.md": "# Notes\n"})
    assert archive(made)["sessions/2021.md"] == b"# Our year\n"


@given(groups(), DAYS)
def test_every_session_is_either_upcoming_or_past_on_any_day(made: Files, today: dt.date) -> None:
    sessions = [each for each in read_catalogue(tree(made)).sessions if not each.is_taken]
    after = built(made, today)
    ahead = after.get("sessions/upcoming.md", region(after, "upcoming").encode())
    past = pages_of(after)
    coming = {each.folder for each in sessions if (each.date or today) >= today and each.status != "shelf"}
    gone = {each.folder for each in sessions if each.date and each.date < today}
    slots = {each.folder for each in sessions if each.status == "open"}
    assert len(rows(page(ahead))) == len(coming)
    assert Counter(listed({"": ahead})) == Counter(coming - slots)
    assert Counter(listed(past)) == Counter(gone - slots)


@settings(max_examples=25)
@given(groups(), DAYS, DAYS)
def test_as_days_pass_sessions_only_ever_move_from_upcoming_to_past(made: Files, one: dt.date, other: dt.date) -> None:
    earlier, later = sorted((one, other))
    assert set(listed(archive(made, earlier))) <= set(listed(archive(made, later)))
