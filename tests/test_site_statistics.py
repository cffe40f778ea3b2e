"""What a group has done, in numbers, and the plots of them."""

from typing import Any

from calendars import announced
from groups import TODAY, catalogue
from readingroom.site import statistics
from readingroom.site.people import LeadDirectory
from readingroom.site.statistics import Statistics


def of(*sessions: dict[str, Any]) -> Statistics:
    known = catalogue({f"{number:03}-x": each for number, each in enumerate(sessions)})
    people = LeadDirectory(known.sessions, announced(known))
    return statistics.compute_statistics(known.sessions, people, TODAY)


def values(found: Statistics, name: str) -> list[tuple[str, int]]:
    return [(bar.label, bar.value) for plot in found.plots if plot.name == name for bar in plot.bars]


def test_terms_are_spring_summer_and_autumn_those_without_sessions_too() -> None:
    days = ["2022-12-31", "2023-01-01", "2023-04-30", "2023-09-01", "2024-01-15"]
    assert values(of(*({"date": day} for day in days)), "terms") == [
        ("Autumn 2022", 1), ("Spring 2023", 2), ("Summer 2023", 0), ("Autumn 2023", 1), ("Spring 2024", 1),
    ]  # fmt: skip


def test_only_what_was_held_counts() -> None:
    found = of({"date": "2024-01-08"}, {"date": "2024-01-16"}, {"date": "2024-01-08", "status": "cancelled"},
               {"status": "proposed"}, {})  # fmt: skip
    assert (found.held, str(found.first), str(found.last)) == (1, "2024-01-08", "2024-01-08")


def test_centuries_of_sessions_are_recognised_by_the_terms_that_had_some() -> None:
    assert [label for label, _ in values(of({"date": "0001-01-01"}, {"date": "2023-05-01"}), "terms")] == [
        "Spring 1", "Summer 2023",
    ]  # fmt: skip


def test_hosts_of_what_is_read_are_counted_the_most_read_first() -> None:
    urls = ["https://www.b.org/1", "http://B.org:80/2", "https://a.org", "https://c.org/?x"]
    items = [{"title": "x", "url": url} for url in urls]
    found = of({"date": "2024-01-08", "material": [{"items": [*items, {"title": "No link"}]}]})
    assert values(found, "hosts") == [("b.org", 2), ("a.org", 1), ("c.org", 1)]
    assert found.items == 5


def test_other_names_of_a_site_count_as_that_site() -> None:
    urls = ["https://youtu.be/x", "https://www.youtube.com/x", "https://m.youtube.com/x", "https://dx.doi.org/1"]
    found = of({"date": "2024-01-08", "material": [{"items": [{"title": "x", "url": url} for url in urls]}]})
    assert values(found, "hosts") == [("youtube.com", 3), ("doi.org", 1)]


def test_balance_shows_how_many_people_led_how_often() -> None:
    leads = ["Ada"] * 12 + ["Bob", "Cem", "Cem"]
    found = of(*({"date": "2023-01-02", "leads": [{"name": name}]} for name in leads))
    assert values(found, "leads") == [("Ada", 12), ("Cem", 2), ("Bob", 1)]
    assert values(found, "balance")[:2] == [("1", 1), ("2", 1)]
    assert values(found, "balance")[-1] == ("10 or more", 1)
    assert (found.people, found.few, found.share) == (3, 1, 80)


def test_a_group_without_sessions_has_no_plots() -> None:
    assert of().plots == ()


def test_rows_are_as_long_as_their_share_of_the_greatest() -> None:
    plot = statistics.build_row_plot("x", "X", ("", ""), [("a" * 50, 4), ("b", 1)])
    assert [(bar.start, bar.length) for bar in plot.bars] == [(0, 100), (statistics.ROW_HEIGHT, 25)]
    assert plot.bars[0].label == "a" * 39 + "…"
    assert plot.height == 2 * statistics.ROW_HEIGHT


def test_columns_stay_within_the_plot_and_are_marked_as_far_as_there_is_room() -> None:
    terms = [(f"{term} {year}", year % 7) for year in range(1990, 2020) for term in statistics.TERMS]
    plot = statistics.build_column_plot("x", "X", ("", ""), terms, [label.split()[1] for label, _ in terms])
    assert all(bar.start + plot.width <= 100 and bar.length <= plot.height for bar in plot.bars)
    marks = [bar.mark for bar in plot.bars if bar.mark]
    assert marks == [str(year) for year in range(1991, 2020, 4)]
    assert not any(bar.value_mark for bar in plot.bars)


def test_a_year_that_began_late_gives_way_to_the_next_where_both_do_not_fit() -> None:
    years = ["2020", *(f"{year}" for year in range(2021, 2026) for _ in range(3)), "2026"]
    plot = statistics.build_column_plot("x", "X", ("", ""), [(year, 1) for year in years], years)
    assert [bar.mark for bar in plot.bars if bar.mark] == ["2021", "2022", "2023", "2024", "2025", "2026"]


def test_few_columns_take_the_whole_width_and_are_named() -> None:
    terms = [("Autumn 2022", 3), ("Spring 2023", 1), ("Summer 2023", 2), ("Autumn 2023", 4)]
    plot = statistics.build_column_plot("x", "X", ("", ""), terms, ["2022", "2023", "2023", "2023"])
    assert [bar.middle for bar in plot.bars] == [12.5, 37.5, 62.5, 87.5]
    assert [bar.start + plot.width / 2 for bar in plot.bars] == [bar.middle for bar in plot.bars]
    assert [(bar.mark, bar.below) for bar in plot.bars] == [
        ("Autumn", "2022"), ("Spring", "2023"), ("Summer", ""), ("Autumn", ""),
    ]  # fmt: skip


def test_a_plot_of_nothing_but_zeros_has_no_columns() -> None:
    assert [bar.length for bar in statistics.build_column_plot("x", "X", ("", ""), [("a", 0)]).bars] == [0]
