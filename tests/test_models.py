"""What a session is, and the order in which sessions stand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.core import models
from readingroom.core.models import Group, Item, Person, Resource, Section, Status

if TYPE_CHECKING:
    import random

    from readingroom.core.models import Session

GROUP = Group("Robots", "Europe/London", time="11:00", duration=60)
TODAY = dt.date(2024, 1, 15)
STATUSES = ["confirmed", "tbc", "postponed", "cancelled", "open", "proposed"]
DRAWN = st.lists(
    st.tuples(
        st.none() | st.integers(-3, 3).map(lambda days: str(TODAY + dt.timedelta(days))),
        st.none() | st.sampled_from(STATUSES),
        st.sampled_from(["", "09:30", "11:00"]),
    ),
    max_size=8,
)


def made(folder: str = "21-x", files: dict[str, int] | None = None, **data: Any) -> Session:
    return models.build_session(folder, data, GROUP, files or {})


def all_of(drawn: list[tuple[str | None, str | None, str]]) -> list[Session]:
    keys = ("date", "status", "time")
    return [
        made(f"{number:02}-x", None, **{key: value for key, value in zip(keys, each, strict=True) if value})
        for number, each in enumerate(drawn, 1)
    ]


def test_a_session_takes_time_and_length_from_its_group() -> None:
    assert (made().time, made().duration) == ("11:00", 60)
    assert (made(time="14:30", duration=90).time, made(time="14:30", duration=90).duration) == ("14:30", 90)


@pytest.mark.parametrize(
    ("folder", "number"),
    [("21-x", 21), ("007-x", 7), ("21", 21), ("x-21", None), ("miscellaneous", None), ("2x-y", None)],
)
def test_a_folders_number_is_what_stands_before_its_first_hyphen(folder: str, number: int | None) -> None:
    assert made(folder).number == number


def test_a_session_with_a_date_is_confirmed_and_one_without_is_a_shelf() -> None:
    assert made(date="2024-01-15").status == Status.CONFIRMED
    assert made().status == Status.SHELF
    assert made(status="proposed").status == Status.PROPOSED


@pytest.mark.parametrize(("status", "takes_place"), [(each, each in {"confirmed", "tbc"}) for each in STATUSES])
def test_only_a_confirmed_or_uncertain_session_takes_place(status: str, *, takes_place: bool) -> None:
    assert made(date="2024-01-15", status=status).takes_place is takes_place


def test_a_session_without_a_title_is_called_by_its_leads_or_tbc() -> None:
    assert (made().name, made(kind="Technical").headline) == ("TBC", "Technical: TBC")
    assert made(kind="Technical", leads=[{"name": "Ann Lee"}]).headline == "Technical: Talk by Ann Lee"
    names = [{"name": "Ann Lee"}, {"name": "Bob Ray"}, {"name": "Cy Orr"}]
    assert made(leads=names[:2]).name == "Talk by Ann Lee and Bob Ray"
    assert made(leads=names).name == "Talk by Ann Lee, Bob Ray and Cy Orr"
    assert (made(title="BERT").name, made(title="BERT").headline) == ("BERT", "BERT")


def test_leads_have_a_name_and_maybe_more() -> None:
    leads = [{"name": "Ada"}, {"name": "Grace", "url": "https://example.org", "affiliation": "Navy"}]
    assert made(leads=leads).leads == (Person("Ada"), Person("Grace", "https://example.org", "Navy"))


def test_nested_items_follow_the_item_they_belong_to() -> None:
    items = [
        {"title": "a", "items": [{"title": "b", "items": [{"url": "c"}]}, {"title": "d", "note": "e"}]},
        {"title": "f"},
    ]
    assert made(material=[{"heading": "Main", "note": "Read.", "items": items}, {"note": "Nothing."}]).material == (
        Section(
            "Main",
            "Read.",
            (
                Item("a", "", "", 0),
                Item("b", "", "", 1),
                Item("", "c", "", 2),
                Item("d", "", "e", 1),
                Item("f", "", "", 0),
            ),
        ),
        Section("", "Nothing.", ()),
    )


def test_resources_are_the_links_and_then_the_files_by_name() -> None:
    found = made(
        files={"b.pdf": 2, "A.ipynb": 1, "data": -1}, resources=[{"title": "Talk", "url": "https://example.org"}]
    )
    assert found.resources == (
        Resource("Talk", "https://example.org", "Talk"),
        Resource("A.ipynb", "A.ipynb", "Notebook", 1),
        Resource("b.pdf", "b.pdf", "Slides", 2),
        Resource("data", "data", "", -1),
    )


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Slides", "Slides"),
        ("my slides (PDF)", "Slides"),
        ("Jupyter notebook", "Notebook"),
        ("Recorded talk", "Recording"),
        ("talk.pdf", "Slides"),
        ("My talk", "My talk"),
        ("Video", "Video"),
        ("Source code", "Code"),
        ("Blog post", "Blog post"),
    ],
)
def test_a_link_is_called_what_its_title_says(title: str, label: str) -> None:
    assert made(resources=[{"title": title, "url": "https://example.org"}]).resources[0].label == label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("x.pdf", "Slides"),
        ("X.PPTX", "Slides"),
        ("a.b.ipynb", "Notebook"),
        ("talk.mp4", "Recording"),
        ("x.bib", ""),
        ("pdf", "Slides"),
    ],
)
def test_a_file_is_called_what_its_type_says(name: str, label: str) -> None:
    assert made(files={name: 1}).resources[0].label == label


def test_a_session_has_slides_if_a_link_or_a_file_is_called_so() -> None:
    assert made(files={"x.pdf": 1}).has_slides
    assert made(resources=[{"title": "Slides", "url": "https://example.org"}]).has_slides
    assert not made(files={"x.bib": 1}).has_slides


@pytest.mark.parametrize(
    ("title", "url", "has_slides"),
    [
        ("talk.pdf", "https://github.com/user-attachments/files/1/talk.pdf", True),
        ("My talk", "https://example.org/talk.PPTX?download=1#page=2", True),
        ("My talk", "https://example.org/talk", False),
        ("Notebook", "https://example.org/notebook.pdf", False),
        ("code.ipynb", "https://example.org/code.pdf", False),
    ],
)
def test_a_link_to_a_file_of_slides_counts_unless_it_is_called_something_else(
    title: str, url: str, *, has_slides: bool
) -> None:
    assert made(resources=[{"title": title, "url": url}]).has_slides == has_slides


def test_a_person_is_named_with_their_affiliation() -> None:
    assert Person("Ada", "https://example.org", "Ockham").label == "Ada (Ockham)"
    assert Person("Ada").label == "Ada"


def test_a_group_has_the_schemas_defaults() -> None:
    group = Group.build_from_data({"name": "Robots", "time_zone": "UTC", "kinds": ["Technical"]})
    assert (group.duration, group.locale, group.date_format, group.kinds) == (60, "en_GB", "yyyy-MM-dd", ("Technical",))
    assert (group.order, group.upcoming, group.previous) == ("newest-first", 20, 5)


@pytest.mark.parametrize(("day", "weekday"), [("Monday", 0), ("Sunday", 6), ("", None)])
def test_the_usual_day_counts_from_monday(day: str, weekday: int | None) -> None:
    assert Group("Robots", "UTC", day=day).usual_weekday == weekday


@given(DRAWN)
def test_every_session_is_upcoming_or_previous_or_a_shelf_but_a_slot_nobody_took(drawn: list[Any]) -> None:
    sessions = all_of(drawn)
    lost = [each for each in sessions if each.status == Status.OPEN and each.date and each.date < TODAY]
    parts = (
        models.list_upcoming(sessions, TODAY),
        models.list_previous(sessions, TODAY),
        models.list_shelves(sessions),
        lost,
    )
    assert sorted(each.folder for part in parts for each in part) == [each.folder for each in sessions]


@given(DRAWN, st.randoms())
def test_the_order_of_the_files_does_not_matter(drawn: list[Any], chance: random.Random) -> None:
    sessions = all_of(drawn)
    mixed = chance.sample(sessions, len(sessions))
    assert models.list_upcoming(mixed, TODAY) == models.list_upcoming(sessions, TODAY)
    assert models.list_previous(mixed, TODAY) == models.list_previous(sessions, TODAY)
    assert models.list_shelves(mixed) == models.list_shelves(sessions)


def test_a_session_of_today_is_upcoming_and_one_of_yesterday_is_previous() -> None:
    sessions = all_of([("2024-01-14", None, ""), ("2024-01-15", None, "")])
    assert models.list_upcoming(sessions, TODAY) == [sessions[1]]
    assert models.list_previous(sessions, TODAY) == [sessions[0]]


def test_what_looks_for_a_date_comes_after_what_has_one() -> None:
    sessions = all_of([(None, "proposed", ""), ("2024-01-16", None, "14:00"), ("2024-01-16", None, "09:30")])
    assert [each.folder for each in models.list_upcoming(sessions, TODAY)] == ["03-x", "02-x", "01-x"]
