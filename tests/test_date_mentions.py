"""The day that a text may mean, on a page that somebody wrote."""

import pytest

from readingroom.parsing.date_mentions import DateMention, Order, Reading, find_dates


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *[
            (text, 0)
            for text in ("May 4 - May 11", "4. Mai - 11. Mai", "Mar 23 / Mar 30", "Mar 2, 14-16h", "Mar 2 10.30")
        ],
        *[(text, 0) for text in ("Mar 2 12-1pm", "2. März 16-18 Uhr", "2 mars 14h30", "2 de marzo, 15 horas")],
        *[(text, 2023) for text in ("4 May 23", "4-May-23", "May 4, 23", "4 May 23: Rings", "4 May '23", "4 May 2023")],
    ],
)
def test_an_hour_and_a_second_day_are_no_year(text: str, year: int) -> None:
    assert find_first(text).readings[0].year == year


def find_first(text: str) -> DateMention:
    return find_dates(text)[0]


def choose(text: str, order: Order = Order.DAY_FIRST) -> Reading:
    """Return the first reading of a text in an order; days with the name of their month have one."""
    readings = find_first(text).readings
    return next((each for each in readings if each.order is order), readings[0])


def read(text: str, order: Order = Order.DAY_FIRST) -> tuple[int, int, int]:
    found = choose(text, order)
    return found.year, found.month, found.day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("7/8 July 2022", (2022, 7, 7)),
        ("7 & 8 July", (0, 7, 7)),
        ("11, 12 and 13 July", (0, 7, 11)),
        ("July 11, 12 and 13, 2022", (2022, 7, 11)),
        ("March 4, 11, 18", (0, 3, 4)),
        ("Mar 30 - 4", (0, 3, 30)),
        ("3+5 March", (0, 3, 3)),
        ("4/5 March", (0, 3, 4)),
        ("du 4 au 6 juillet", (0, 7, 4)),
        ("le 3 et le 4 mars", (0, 3, 3)),
        ("2.-4.3.", (0, 3, 2)),
        ("2., 9. und 16.3.", (0, 3, 2)),
        ("3. - 5.8.2022", (2022, 8, 3)),
        ("3-5/8/2022", (2022, 8, 3)),
        ("30 June–4 July 2021", (2021, 6, 30)),
        ("28 Dec – 3 Jan 2022", (2021, 12, 28)),
        ("4 − 6 March 2022", (2022, 3, 4)),
        ("2023-03-02 & 2023-03-09", (2023, 3, 2)),
        ("2021年5月4日、11日", (2021, 5, 4)),
        ("6月4日(火)・11日(火)", (0, 6, 4)),
        ("Mon 4 – Fri 8 July 2022", (2022, 7, 4)),
        ("5/3, 12/3", (0, 3, 5)),
    ],
)
def test_several_days_give_the_first(text: str, day: tuple[int, ...]) -> None:
    assert (read(text), find_first(text).has_further) == (day, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Week 3, 5 March 2022", (2022, 3, 5)),
        ("Session #12, 15 March 2022", (2022, 3, 15)),
        ("14:30-16:30, 5 March 2022", (2022, 3, 5)),
        ("2023-03-02 - 14:00", (2023, 3, 2)),
        ("March 4 – 8pm", (0, 3, 4)),
        ("March 4, 14-16h", (0, 3, 4)),
        ("4 March 2022, 1/2: Rings", (2022, 3, 4)),
        ("2024-01-15 - 3", (2024, 1, 15)),
    ],
)
def test_hours_and_numbers_that_count_are_no_further_days(text: str, day: tuple[int, ...]) -> None:
    assert (read(text), find_first(text).has_further) == (day, False)


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("22/03/04", {Order.DAY_FIRST, Order.YEAR_FIRST}),
        ("05/09/12", {Order.DAY_FIRST, Order.MONTH_FIRST, Order.YEAR_FIRST}),
        ("22/3/4", {Order.YEAR_FIRST}),
        ("31/05/23", {Order.DAY_FIRST, Order.YEAR_FIRST}),
        ("6/30/20", {Order.MONTH_FIRST}),
        ("05/09/2012", {Order.DAY_FIRST, Order.MONTH_FIRST}),
        ("05.16.2012", {Order.MONTH_FIRST}),
        ("05.01.", {Order.DAY_FIRST}),
        ("25/3: Rings", {Order.DAY_FIRST}),
    ],
)
def test_numbers_may_be_in_the_orders_that_give_a_day(text: str, orders: set[str]) -> None:
    assert {each.order for each in find_first(text).readings} == orders


def test_a_year_of_two_digits_that_stands_first_is_one() -> None:
    assert read("22/3/4", Order.YEAR_FIRST) == (2022, 3, 4)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1º de maio", (0, 5, 1)),
        ("1ro de mayo de 2023", (2023, 5, 1)),
        ("5° marzo", (0, 3, 5)),
        ("4 fevr. 2022", (2022, 2, 4)),
        ("4 fe\u0301vrier 2022", (2022, 2, 4)),
        ("２０２４－０１－０２", (2024, 1, 2)),
        ("2024‑01‑02", (2024, 1, 2)),
        ("05.01.", (0, 1, 5)),
        ("# 5 January 2022", (2022, 1, 5)),
        ("## 5. Januar 2022: Ringe", (2022, 1, 5)),
        ("- # 5 de enero de 2022", (2022, 1, 5)),
    ],
)
def test_ordinals_accents_and_signs_are_read(text: str, day: tuple[int, ...]) -> None:
    assert read(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "pip 22.3.1",
        "22.3.4 Rings",
        "4² March",
        "1.2.3",
        "十",
        "v1.2",
        "10-12",
        "3.2: Rings",
        "R 4.3.1 is out",
        "R4.3.1 is out",
        "K5.4.14",
        "Catalina 10.15.07",
        "10.20.30.40",
        "3.16.21 Rings",
    ],
)
def test_versions_and_numbers_of_sections_are_no_days(text: str) -> None:
    assert all(not each.has_year for each in find_dates(text))


def test_the_weekday_is_that_of_the_first_day() -> None:
    assert find_first("Mon 4 March – Thu 7 March 2024").weekday == 0


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("#4 Sep 16, 2026", [(2026, 9, 16)]),
        ("1. Aug 26", [(2026, 8, 1), (0, 8, 26)]),
        ("Week 12 May 3", [(0, 5, 3)]),
        ("Meeting 4 Sep 16", [(0, 9, 16)]),
        ("Session 2/3, 5 May 2026", [(2026, 5, 5)]),
    ],
)
def test_a_number_before_a_day_is_not_the_day(text: str, days: list[tuple[int, ...]]) -> None:
    assert [(each.year, each.month, each.day) for each in find_first(text).readings] == days
