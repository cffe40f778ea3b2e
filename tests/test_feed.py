"""The feed: what was announced and changed last, valid XML whatever the titles hold."""

import datetime as dt
import random
from typing import Any

import feedparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from calendars import URL, announced
from groups import DAYS, TODAY, Files, catalogue, groups, tree
from readingroom.site import feed
from readingroom.store import catalogue as reading
from readingroom.store.catalogue import Catalogue
from strategies import LINES, SESSIONS

BERT: dict[str, Any] = {"title": "Bert", "date": "2024-01-22", "time": "11:00", "kind": "Talk", "room": "Enigma"}
ATOM = "{http://www.w3.org/2005/Atom}"


def made(sessions: dict[str, dict[str, Any]], **group: Any) -> bytes:
    known = catalogue(sessions, **group)
    return feed.render_feed(known, announced(known))["feed.xml"]


def read(content: bytes) -> Any:
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_an_entry_tells_what_is_planned() -> None:
    lead = {"name": "Ada", "url": "https://example.org/ada"}
    about = {**BERT, "leads": [lead], "abstract": "How *it* works."}
    found = read(made({"01-bert": about}, site={"url": URL}))
    (entry,) = found.entries
    assert (entry.title, entry.link) == ("Talk: Bert", f"{URL}/sessions/01-bert.html")
    assert (entry.published, entry.updated) == ("2024-01-15T00:00:00Z", "2024-01-15T00:00:00Z")
    assert (entry.author_detail.name, entry.author_detail.href) == ("Ada", "https://example.org/ada")
    assert [each.term for each in entry.tags] == ["Talk"]
    assert entry.content[0].type == "text/plain"
    assert entry.content[0].value.split("\n\n") == [
        "Monday 2024-01-22, 11:00 (Europe/London), Enigma",
        "Led by Ada.",
        "How it works.",
    ]
    assert (found.feed.title, found.feed.updated) == ("Robots in Disguise", "2024-01-15T00:00:00Z")
    assert {(each.rel, each.type, each.href) for each in found.feed.links} == {
        ("self", "application/atom+xml", f"{URL}/feed.xml"),
        ("alternate", "text/html", f"{URL}/"),
        ("alternate", "text/calendar", f"{URL}/calendar.ics"),
    }


def test_without_the_sites_address_nothing_is_linked() -> None:
    found = read(made({"01-bert": BERT}))
    assert (found.feed.get("links", []), found.entries[0].get("links", [])) == ([], [])


def test_what_changed_last_comes_first_under_the_name_it_had() -> None:
    sessions = {"01-bert": BERT, "02-gpt": {**BERT, "date": "2024-01-29"}}
    first = catalogue(sessions)
    second = catalogue({**sessions, "01-bert": {**BERT, "status": "cancelled"}})
    told = announced(first)
    before = read(feed.render_feed(first, told)["feed.xml"]).entries
    after = read(
        feed.render_feed(second, announced(second, TODAY + dt.timedelta(1), told))["feed.xml"],
    ).entries
    assert [each.title for each in after] == ["Talk: Bert (cancelled)", "Talk: Bert"]
    assert [each.updated for each in after] == ["2024-01-16T00:00:00Z", "2024-01-15T00:00:00Z"]
    assert [each.id for each in after] == [each.id for each in reversed(before)]
    assert all(each.id.startswith("urn:uuid:") for each in after)


def test_a_feed_holds_fifty_entries_at_most() -> None:
    day = dt.date(2024, 1, 1)
    sessions = {f"{n:02}-x": {"title": f"T{n}", "date": str(day + dt.timedelta(n))} for n in range(60)}
    entries = read(made(sessions)).entries
    assert [each.title for each in entries] == [f"T{n}" for n in range(59, 9, -1)]


def test_free_slots_and_what_never_had_a_date_are_no_news() -> None:
    found = read(made({"01-a": {**BERT, "status": "open"}, "02-b": {"title": "x", "status": "proposed"}, "03-c": {}}))
    assert found.entries == []
    assert found.feed.updated == "1970-01-01T00:00:00Z"


def test_a_session_that_lost_its_date_is_news() -> None:
    first, second = catalogue({"01-bert": BERT}), catalogue({"01-bert": {"title": "Bert", "status": "postponed"}})
    (entry,) = read(feed.render_feed(second, announced(second, TODAY, announced(first)))["feed.xml"]).entries
    assert (entry.title, entry.content[0].value) == ("Bert (postponed)", "No date yet")


@given(SESSIONS, LINES)
@example({"title": "]]>&<![CDATA[</title>"}, "<script>")
@example({"title": "x\U0001f642\u2028", "abstract": "a\x85b\ufffd"}, "\ufdd0")
def test_a_feed_is_valid_whatever_the_titles_hold(about: dict[str, Any], name: str) -> None:
    about = {**about, "date": "2024-01-22", "status": "confirmed"}
    content = made({"01-bert": about}, name=name, site={"url": URL})
    parser = etree.XMLParser(resolve_entities=False, recover=False)
    root = etree.fromstring(content, parser)
    assert {each.tag.removeprefix(ATOM) for each in root.iter()} <= {
        "feed", "id", "title", "updated", "author", "name", "uri", "generator", "link", "entry", "published",
        "category", "content",
    }  # fmt: skip
    assert read(content).entries
    for link in root.iter(f"{ATOM}link"):
        assert link.get("href", "").startswith("https://")


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_forbids_is_left_out(letter: str) -> None:
    known = catalogue({"01-bert": BERT})
    odd = known.sessions[0]._replace(title=f"B{letter}ert", abstract=f"wo{letter}rds")
    found = Catalogue(known.group, (odd,))
    (entry,) = read(feed.render_feed(found, announced(known))["feed.xml"]).entries
    assert (entry.title, entry.content[0].value.split("\n\n")[1]) == ("Talk: Bert", "words")


@given(groups(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_found_does_not_matter(made: Files, today: dt.date, chance: random.Random) -> None:
    shuffled = list(made.items())
    chance.shuffle(shuffled)
    one, other = (reading.read_catalogue(tree(each)) for each in (made, dict(shuffled)))
    assert feed.render_feed(one, announced(one, today)) == feed.render_feed(other, announced(other, today))
