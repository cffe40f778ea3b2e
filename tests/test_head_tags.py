"""What pages say of themselves to search engines and to programs that show a preview of a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import html5lib
import pytest

from browsing import HOSTILE, group_site, made
from groups import files

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from groups import Files

URL = "https://example.org/group"
ABOUT = "Upcoming and previous sessions of G, with what was read and shown."
BERT: dict[str, Any] = {
    "title": "Bert", "date": "2024-01-08", "time": "11:00", "room": "Enigma", "leads": [{"name": "Ada"}],
    "abstract": "On *masks*, see\n\n[the page](https://example.org/hidden).",
}  # fmt: skip
SESSIONS: dict[str, dict[str, Any]] = {
    "01-bert": BERT,
    "02-cjk": {"title": "深層学習", "date": "2024-01-22"},
    "03-free": {"date": "2024-02-05", "status": "open"},
    "shelf": {"title": "Odds and ends"},
}


def head(site: Files, path: str) -> dict[str, str]:
    """Return what is in a page's head, by its name."""
    page: Element = html5lib.parse(site[path].decode(), namespaceHTMLElements=False)
    found = {}
    for each in page.find("head") or ():
        name = each.get("name") or each.get("property") or each.get("rel") or ""
        key = f"{name} {each.get('media')}" if each.get("media") else name
        assert key not in found or key in {"", "stylesheet"}, f"{key} is there twice"
        found[key] = each.get("content") or each.get("href") or ""
    return found


@pytest.fixture(scope="module")
def site() -> Files:
    return made(files(SESSIONS, site={"url": URL, "colour": "#7a1f3d"}, day="Monday", time="11:00"))


def test_a_session_is_described_with_when_where_by_whom_and_its_abstract(site: Files) -> None:
    found = head(site, "sessions/01-bert.html")
    said = "2024-01-08, 11:00 (Europe/London) · Enigma · Ada. On masks, see the page."
    assert {found[name] for name in ("description", "og:description", "twitter:description")} == {said}
    assert found["og:title"] == found["twitter:title"] == found["og:image:alt"] == "Bert"
    assert found["canonical"] == found["og:url"] == f"{URL}/sessions/01-bert.html"
    assert found["og:image"] == found["twitter:image"] == f"{URL}/sessions/01-bert.png"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert (found["og:type"], found["og:locale"], found["og:site_name"]) == ("article", "en_GB", "Robots in Disguise")
    assert found["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("path", ["sessions/02-cjk.html", "sessions/03-free.html", "sessions/shelf.html",
                                  "index.html", "leads.html", "leads/ada.html", "years/2024.html"])  # fmt: skip
def test_a_page_without_an_image_of_its_own_has_the_groups(site: Files, path: str) -> None:
    assert head(site, path)["og:image"] == f"{URL}/share.png"


def test_every_image_and_icon_that_a_page_names_is_there(site: Files) -> None:
    for path in [path for path in site if path.endswith(".html")]:
        found = head(site, path)
        assert found["og:image"].removeprefix(f"{URL}/") in site
        assert found["apple-touch-icon"].removeprefix("../").removeprefix("/group/") in site


def test_every_page_has_a_description_and_an_address_of_its_own(site: Files) -> None:
    pages = {path: head(site, path) for path in site if path.endswith(".html")}
    assert all(0 < len(found["description"]) <= 200 for found in pages.values())
    assert "canonical" not in pages.pop("404.html")
    addresses = {path: f"{URL}/{path}" for path in pages} | {"index.html": f"{URL}/"}
    assert {path: found["canonical"] for path, found in pages.items()} == addresses


def test_colours_of_the_browser_are_those_of_the_site(site: Files) -> None:
    found = head(site, "index.html")
    assert found["theme-color (prefers-color-scheme: light)"] == "#7a1f3d"
    assert found["theme-color (prefers-color-scheme: dark)"] == "#14171c"


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ({"site": {"text": "We read **papers** on [masks](https://example.org)."}}, "We read papers on masks."),
        ({"day": "Monday", "time": "11:00"}, f"Mondays, 11:00 (Europe/London). {ABOUT}"),
        ({}, ABOUT),
    ],
)  # fmt: skip
def test_the_group_says_what_it_is_or_when_it_meets(group: dict[str, Any], said: str) -> None:
    assert head(made(files({}, **{"name": "G", **group})), "index.html")["description"] == said


def test_without_the_sites_address_there_is_nothing_that_needs_it() -> None:
    found = head(made(files({"01-bert": BERT})), "sessions/01-bert.html")
    assert not found.keys() & {"canonical", "og:url", "og:image", "twitter:image", "og:image:width"}
    assert found["twitter:card"] == "summary"
    assert found["og:title"] == "Bert"


def test_hostile_texts_stay_in_their_places() -> None:
    site = group_site()
    for number, (name, title) in enumerate(HOSTILE.items(), 10):
        found = head(site, f"sessions/{number}-{name}.html")
        assert found["og:title"] == title
        assert title in found["description"]


def test_a_session_without_an_abstract_says_what_is_read() -> None:
    reading = {"date": "2024-01-08", "material": [{"items": [{"title": "A paper"}, {"title": "A book"}]}]}
    found = head(made(files({"01-x": reading})), "sessions/01-x.html")
    assert found["description"] == "2024-01-08. Reading: A paper, A book."
