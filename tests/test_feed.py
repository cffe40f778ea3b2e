"""The feed: what was announced and changed last, valid XML whatever the titles hold."""

import datetime as dt
import random
from typing import Any

import feedparser
import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import escape

from calendars import URL, announced
from groups import DAYS, READING, TODAY, Files, catalogue, groups, tree
from readingroom.site import feed
from readingroom.store import catalogue as reading
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog
from strategies import LINES, SESSIONS

BERT: dict[str, Any] = {"title": "Bert", "date": "2024-01-22", "time": "11:00", "kind": "Talk", "room": "Enigma"}
ATOM = "{http://www.w3.org/2005/Atom}"


def made(sessions: dict[str, dict[str, Any]], **group: Any) -> bytes:
    known = catalogue(sessions, **group)
    return feed.render_feeds(known, announced(known))["feed.xml"]


def read(content: bytes) -> Any:
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_an_entry_says_what_is_planned() -> None:
    lead = {"name": "Ada", "url": "https://example.org/ada"}
    about = {**BERT, "leads": [lead], "abstract": "How *it* works."}
    found = read(made({"01-bert": about}, site={"url": URL}))
    (entry,) = found.entries
    assert (entry.title, entry.link) == ("Talk: Bert", f"{URL}/sessions/01-bert.html")
    assert (entry.published, entry.updated) == ("2024-01-15T00:00:00Z", "2024-01-15T00:00:00Z")
    assert (entry.author_detail.name, entry.author_detail.href) == ("Ada", "https://example.org/ada")
    assert [each.term for each in entry.tags] == ["Talk"]
    assert (entry.content[0].type, entry.get("summary", "")) == ("text/html", entry.content[0].value)
    assert entry.content[0].value.split("\n") == [
        "<p>Monday 2024-01-22, 11:00 (Europe/London), Enigma</p>",
        '<p>Led by <a href="https://example.org/ada">Ada</a>.</p>',
        "<p>How <em>it</em> works.</p>",
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
    log = announced(first)
    before = read(feed.render_feeds(first, log)["feed.xml"]).entries
    after = read(
        feed.render_feeds(second, announced(second, TODAY + dt.timedelta(1), log))["feed.xml"],
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


UNDATED = {"title": "Bert", "status": "postponed", "kind": "Talk", "room": "Enigma"}
LOST = "Postponed. No longer on Monday 2024-01-22, 11:00."


def test_a_session_that_lost_its_date_is_news() -> None:
    first, second = catalogue({"01-bert": BERT}), catalogue({"01-bert": UNDATED})
    (entry,) = read(feed.render_feeds(second, announced(second, TODAY, announced(first)))["feed.xml"]).entries
    assert (entry.title, entry.summary) == ("Talk: Bert (postponed)", LOST)
    assert entry.content[0].value.split("\n")[1] == "<p>No date yet, Enigma</p>"


# What changed


def after_builds(*steps: dict[str, Any] | None, path: str = "feed.xml", **group: Any) -> list[Any]:
    """Return the entries after builds on one day after another, in each of which a session is something else."""
    log, known = RevisionLog(), None
    for number, about in enumerate(steps):
        known = catalogue({} if about is None else {"01-bert": about}, site={"url": URL}, **group)
        log = announced(known, TODAY + dt.timedelta(number), log)
    assert known
    return list(read(feed.render_feeds(known, log)[path]).entries)


SLIDES = {"title": "Slides", "url": "https://example.org/slides"}
VIDEO = {"title": "Recording", "url": "https://example.org/video"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date": "2024-01-29"}, "Moved from Monday 2024-01-22 to Monday 2024-01-29."),
        ({"date": "2024-01-23", "time": "12:00"}, "Moved from Monday 2024-01-22, 11:00 to Tuesday 2024-01-23, 12:00."),
        ({"time": "12:00"}, "Moved from 11:00 to 12:00."),
        ({"status": "cancelled"}, "Cancelled."),
        ({"status": "postponed"}, "Postponed."),
        ({"status": "tbc", "room": "Turing"}, "To be confirmed. Room: Turing."),
        ({"room": ""}, "No room any more."),
        ({"duration": 90}, "Takes 90 minutes."),
        ({"title": "BERT"}, "New title."),
        ({"kind": "Talk <b>"}, "Kind: Talk <b>."),
        ({"leads": [{"name": "Ada"}]}, "Leads changed."),
        ({"abstract": "x"}, "Abstract changed."),
        ({"material": READING}, "Reading changed."),
        ({"resources": [SLIDES]}, "Slides added."),
        ({"resources": [SLIDES, VIDEO]}, "Slides added. Recording added."),
        ({"resources": [{"title": "My <notes>", "url": "https://example.org/n"}]}, "Resources changed."),
        (
            {"date": "2024-01-29", "resources": [SLIDES]},
            "Moved from Monday 2024-01-22 to Monday 2024-01-29. Slides added.",
        ),
    ],
)
def test_an_update_says_what_changed(change: dict[str, Any], said: str) -> None:
    about = {key: value for key, value in {**BERT, **change}.items() if value != ""}
    (entry,) = after_builds(BERT, about)
    assert entry.summary == said
    first, *_ = entry.content[0].value.split("\n")
    assert first == f'<p lang="en"><strong>{escape(said)}</strong></p>'
    (again,) = after_builds(BERT, about, about)
    assert (again.updated, again.content) == (entry.updated, entry.content)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([{**BERT, "resources": [SLIDES, VIDEO]}, {**BERT, "resources": [VIDEO]}], "Resources changed."),
        ([{**BERT, "resources": [SLIDES]}, {**BERT, "resources": [VIDEO]}], "Resources changed."),
        ([{**BERT, "resources": [SLIDES]}, {**BERT, "resources": [SLIDES, VIDEO]}], "Recording added."),
        ([{**BERT, "time": None}, BERT], "Starts at 11:00."),
        ([BERT, {**BERT, "time": None}], "No longer at 11:00."),
        ([BERT, UNDATED, BERT], "Confirmed. On Monday 2024-01-22, 11:00."),
        (
            [BERT, {**BERT, "date": None, "status": "postponed"}, {**BERT, "date": "2024-02-05"}],
            "Confirmed. Moved from Monday 2024-01-22 to Monday 2024-02-05.",
        ),
        ([BERT, {"status": "open", "date": "2024-01-22"}], "Cancelled. No longer on Monday 2024-01-22, 11:00."),
        ([BERT, None], "Cancelled. No longer on Monday 2024-01-22, 11:00."),
    ],
)  # fmt: skip
def test_an_update_says_what_changed_last(steps: list[dict[str, Any] | None], said: str) -> None:
    made = [about and {key: value for key, value in about.items() if value is not None} for about in steps]
    (entry,) = after_builds(*made)
    assert entry.summary == said
    assert len({each[0].id for each in (after_builds(*made[:count]) for count in range(1, len(made) + 1))}) == 1


def test_several_changes_of_one_day_are_announced_together() -> None:
    first, room, both = (
        {**BERT, **more} for more in ({}, {"room": "Turing"}, {"room": "Turing", "resources": [SLIDES]})
    )
    log = announced(catalogue({"01-bert": first}))
    for about in (room, both):
        known = catalogue({"01-bert": about})
        log = announced(known, TODAY + dt.timedelta(1), log)
    assert read(feed.render_feeds(known, log)["feed.xml"]).entries[0].summary == "Room: Turing. Slides added."
    later = catalogue({"01-bert": {**both, "duration": 30}})
    log = announced(later, TODAY + dt.timedelta(2), log)
    assert read(feed.render_feeds(later, log)["feed.xml"]).entries[0].summary == "Takes 30 minutes."


def test_a_session_that_is_removed_leaves_no_word_and_one_that_was_over_no_news() -> None:
    about = {**BERT, "leads": [{"name": "Ada"}], "abstract": "Words."}
    (entry,) = after_builds(about, None)
    assert (entry.title, entry.get("authors", [{}])) == ("Cancelled session", [{}])
    assert "Bert" not in str(entry)
    assert after_builds({**about, "date": "2023-01-09"}, None) == []


def test_content_is_html_with_links() -> None:
    about = {
        **BERT,
        "abstract": "See [this](https://example.org/p?a=1&b=2) & <b>that</b>.\n\n- one",
        "material": [
            {
                "heading": "Main & more",
                "items": [
                    {"title": "A <paper>", "url": "https://example.org/paper", "note": "Read *it*"},
                    {"title": "B", "items": [{"url": "https://example.org/c"}]},
                    {"title": "D"},
                ],
            }
        ],
        "resources": [SLIDES, {"title": "x", "url": "https://example.org/x"}],
    }
    (entry,) = after_builds(about)
    found = lxml.html.fragment_fromstring(entry.content[0].value, "div")
    assert [each.get("href") for each in found.iter("a")] == [
        *("https://example.org/p?a=1&b=2", "https://example.org/paper", "https://example.org/c"),
        *("https://example.org/slides", "https://example.org/x"),
    ]
    assert [each.text_content() for each in found.iter("h3")] == ["Main & more", "Resources"]
    assert [each.text_content() for each in found.findall("ul/li")[1:3]] == [
        "A <paper> – Read it",
        "Bhttps://example.org/c",
    ]
    assert not list(found.iter("b"))


def test_each_kind_has_a_feed_and_all_name_their_language() -> None:
    sessions = {"01-a": BERT, "02-b": {**BERT, "kind": "Journal  Club"}, "03-c": {"date": "2024-01-22"}}
    known = catalogue(sessions, locale="de_DE", site={"url": URL})
    made = feed.render_feeds(known, announced(known))
    assert list(made) == ["feed.xml", "feeds/journal-club.xml", "feeds/talk.xml"]
    counts = {path: len(read(content).entries) for path, content in made.items()}
    assert list(counts.values()) == [3, 1, 1]
    talk = read(made["feeds/talk.xml"]).feed
    assert talk.title == "Robots in Disguise: Talk"
    assert {each.href for each in talk.links} == {f"{URL}/feeds/talk.xml", f"{URL}/", f"{URL}/calendars/talk.ics"}
    assert len({read(content).feed.id for content in made.values()}) == 3
    for content in made.values():
        assert etree.fromstring(content).get("{http://www.w3.org/XML/1998/namespace}lang") == "de-DE"


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
        "category", "content", "summary",
    }  # fmt: skip
    assert read(content).entries
    for link in root.iter(f"{ATOM}link"):
        assert link.get("href", "").startswith("https://")


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_forbids_is_left_out(letter: str) -> None:
    known = catalogue({"01-bert": BERT})
    unusual = known.sessions[0]._replace(title=f"B{letter}ert", abstract=f"wo{letter}rds")
    found = Catalogue(known.group, (unusual,))
    (entry,) = read(feed.render_feeds(found, announced(known))["feed.xml"]).entries
    assert (entry.title, entry.content[0].value.split("\n")[1]) == ("Talk: Bert", "<p>words</p>")


@given(groups(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_found_does_not_matter(made: Files, today: dt.date, chance: random.Random) -> None:
    shuffled = list(made.items())
    chance.shuffle(shuffled)
    one, other = (reading.read_catalogue(tree(each)) for each in (made, dict(shuffled)))
    assert feed.render_feeds(one, announced(one, today)) == feed.render_feeds(other, announced(other, today))
