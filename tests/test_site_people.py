"""Who has led what: one person once, whatever the spelling."""

from typing import Any

from groups import catalogue
from readingroom.site import people
from readingroom.site.people import LeadDirectory

ADA, ADA_LINKED = {"name": "Ada"}, {"name": "Ada", "url": "https://example.org/ada"}
COUNTESS = {"name": "Ada Lovelace", "url": "https://example.org/ada/", "affiliation": "Ockham"}


def of(*leads: list[dict[str, str]], **more: Any) -> LeadDirectory:
    sessions = {f"{n}-x": {"date": f"2024-01-0{n}", "leads": each, **more} for n, each in enumerate(leads, 1)}
    return LeadDirectory(catalogue(sessions).sessions)


def test_people_of_one_link_or_one_name_are_one() -> None:
    found = of([ADA], [ADA_LINKED], [COUNTESS], [{"name": "Bob"}])
    assert [(lead.name, len(lead.sessions)) for lead in found.all] == [("Ada", 3), ("Bob", 1)]
    assert (found.all[0].url, found.all[0].affiliation) == ("https://example.org/ada", "Ockham")


def test_a_link_that_many_names_share_is_nobodys_own() -> None:
    names = ["Ada", "Bob", "Cy", "Di", "Ed"]
    assert [lead.name for lead in of(*([{"name": name, "url": "https://example.org"}] for name in names)).all] == names


def test_people_who_share_neither_are_several() -> None:
    assert [lead.name for lead in of([{"name": "Ada B"}], [{"name": "Ada C"}]).all] == ["Ada B", "Ada C"]


def test_a_person_told_twice_leads_a_session_once() -> None:
    found = of([ADA_LINKED, COUNTESS])
    assert len(found.list_session_leads(found.all[0].sessions[0])) == 1


def test_names_alike_have_pages_of_their_own() -> None:
    paths = [lead.path for lead in of([{"name": "Zoë!"}, {"name": "zoe"}, {"name": "???"}, {"name": "!!"}]).all]
    assert paths == ["leads/person.html", "leads/person-2.html", "leads/zoe.html", "leads/zoe-2.html"]


def test_the_order_of_files_changes_nothing() -> None:
    leads = [[ADA], [ADA_LINKED], [COUNTESS], [{"name": "Bob"}]]
    assert [lead[:4] for lead in of(*leads).all] == [lead[:4] for lead in of(*leads[::-1]).all]


def test_the_most_active_are_counted_over_the_sessions_that_are_given() -> None:
    found = of([ADA], [{"name": "Bob"}], [{"name": "Bob"}])
    assert [(lead.name, n) for lead, n in people.rank_leads(found, {"1-x", "2-x"})] == [("Ada", 1), ("Bob", 1)]
    assert [(lead.name, n) for lead, n in people.rank_leads(found, {"2-x", "3-x"})] == [("Bob", 2)]
