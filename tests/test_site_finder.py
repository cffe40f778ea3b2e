"""What the search finds: typing errors, other spellings, quotes, other scripts, and all that a session says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import browsing
from browsing import made
from groups import files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

SESSIONS: dict[str, dict[str, Any]] = {
    "01-attention": {
        "title": "Attention is all you need", "date": "2024-01-18", "room": "Mae Jemison", "kind": "Technical",
        "leads": [{"name": "Jürgen Müller", "affiliation": "Fraunhofer-Gesellschaft"}],
        "abstract": "We read about *masks* and\nself-attention in [language models](https://example.org/hidden).",
        "resources": [{"title": "Slides", "url": "https://example.org/s"}, {"title": "Film", "url": "https://example.org/v"}],
    },
    "02-size": {"title": "Die Größe der Modelle", "date": "2024-03-08", "leads": [{"name": "Åse Øster"}]},
    "03-models": {"title": "Models of language", "date": "2023-12-28", "leads": [{"name": "Jo Mueller"}]},
    "04-width": {"title": "ＡＢＣ ｶﾞｲﾄﾞ", "date": "2022-05-09"},
    "05-kana": {"title": "深層学習のすべて", "date": "2022-05-16", "abstract": "さくら"},
    "06-greek": {"title": "ΟΔΟΣ", "date": "2022-05-23"},
    "07-quote": {"title": "It’s part of the state–space model", "date": "2022-05-30"},
    "08-slides": {"title": "Only a file", "date": "2022-06-06"},
}  # fmt: skip


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    site = made(files(SESSIONS, {"sessions/08-slides/deck.pdf": b"%PDF"}, locale="de_DE", date_format="d.M.yyyy"))
    with browsing.browser() as browser:
        opened = browser.new_page()
        for path in ("search.js", "finder.js"):
            opened.add_script_tag(content=site[path].decode())
        opened.evaluate("window.finder = readingroomFinder(readingroomSessions, 'de-DE'), null")
        yield opened


def find(page: Page, query: str, **more: str) -> tuple[str, list[str]]:
    """Return what was meant and the numbers of the sessions found."""
    wanted = {"q": query, "kind": "", "year": "", "lead": "", **more}
    got = page.evaluate("wanted => finder.find(wanted)", wanted)
    return got["meant"], [each["folder"][:2] for each in got["found"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # ü and ß, as people without them on their keyboard type them
        ("mueller", ["01", "03"]), ("müller", ["01", "03"]), ("muller", ["01"]), ("MUELLER", ["01", "03"]),
        ("groesse", ["02"]), ("grosse", ["02"]), ("größe", ["02"]), ("GRÖSSE", ["02"]),
        ("aase oester", ["02"]), ("ase oster", ["02"]),
        # Quotes: the words together and whole; of any kind, closed or not yet
        ('"language models"', ["01"]), ('"models language"', []), ("„language models“", ["01"]),
        ("«Models of language»", ["03"]), ('"language mod', ["01"]), ('"art"', []), ('"art of', []), ("art of", ["07"]),
        ('masks "self-attention"', ["01"]), ('""', ["02", "01", "03", "08", "07", "06", "05", "04"]),
        ('"学習"', ["05"]), ('"masks and self"', ["01"]), ('"a(b"', []), ('"c++"', []),
        # Full width, half width, hiragana and katakana
        ("abc", ["04"]), ("ＡＢＣ", ["04"]), ("ガイド", ["04"]), ("ｶﾞｲﾄﾞ", ["04"]), ("がいど", ["04"]), ("カイト", []),
        ("学習", ["05"]), ("サクラ", ["05"]), ("ノスベテ", ["05"]),
        # Other letters that are written in several ways
        ("οδός", ["06"]), ("οδοσ", ["06"]), ("it's", ["07"]), ("it’s", ["07"]), ("state-space", ["07"]),
        # All that a session says
        ("masks", ["01"]), ("jemison", ["01"]), ("fraunhofer", ["01"]), ("slides", ["01", "08"]), ("film", ["01"]),
        ("deck", ["08"]), ("hidden", []), ("technical", ["01"]),
        # Dates
        ("2024-01-18", ["01"]), ("2024-01", ["01"]), ("18.1.2024", ["01"]), ("18 January 2024", ["01"]),
        ("18. Januar 2024", ["01"]), ("18 januar", ["01"]), ("jan", ["01"]), ("märz", ["02"]), ("8 march", ["02"]),
        ("8 2023", []), ("28 2023", ["03"]), ("thursday", ["01", "03"]), ("Donnerstag", ["01", "03"]),
        ("mai 2022", ["07", "06", "05", "04"]), ("maerz", ["02"]),
    ],
)  # fmt: skip
def test_a_query_finds_what_a_reader_means(page: Page, query: str, found: list[str]) -> None:
    assert find(page, query) == ("", found)


@pytest.mark.parametrize(
    ("query", "meant", "found"),
    [
        ("atention", "attention", ["01"]), ("attenttion", "attention", ["01"]), ("attentiom", "attention", ["01"]),
        ("attnetion", "attention", ["01"]), ("tatention", "attention", ["01"]), ("bttention", "attention", ["01"]),
        ("atenti", "attention", ["01"]),  # while it is being typed
        ("nead", "", []),  # four letters
        ("neeed", "need", ["01"]), ("modells", "models", ["02", "03", "01"]),
        ("groese", "Größe", ["02"]), ("jemsion", "Jemison", ["01"]),
        ("frounhofer mueller", "Fraunhofer mueller", ["01"]), ("Mülller", "Müller", ["01", "03"]),
        ('"atention"', "", []),  # in quotes as it is
        ("attention mudels", "attention models", ["01"]), ("attention abc", "", []),
        ("atttenntion", "attention", []), ("atttenntion you", "attention you", []),  # two edits are only suggested
        ("attennttionn", "", []), ("zzzzzz", "", []),
    ],
)  # fmt: skip
def test_a_typing_error_is_found_and_corrected(page: Page, query: str, meant: str, found: list[str]) -> None:
    got, numbers = find(page, query)
    assert (got.lower(), numbers) == (meant.lower(), found)
    if meant:
        assert find(page, got)[1]


def test_a_lead_is_found_by_either_spelling(page: Page) -> None:
    for lead in ("mueller", "müller", "Jürgen Müller", "juergen mueller"):
        assert "01" in find(page, "", lead=lead)[1]


def test_the_filters_hold_for_what_was_meant(page: Page) -> None:
    assert find(page, "atention", kind="Technical") == ("Attention", ["01"])
    assert find(page, "atention", year="2022") == ("", [])


@given(st.sampled_from(["attention", "fraunhofer", "gesellschaft", "language"]), st.data())
@settings(max_examples=60)
def test_every_single_edit_of_a_word_finds_it(page: Page, word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("xqz"))
    typed = data.draw(
        st.sampled_from([
            word[:place] + letter + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        ])
    )  # fmt: skip
    assert "01" in find(page, typed)[1]


@given(st.text(max_size=30))
@settings(max_examples=60)
def test_no_query_is_an_error(page: Page, query: str) -> None:
    find(page, query)
