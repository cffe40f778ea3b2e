"""The seed: every fact and link of a real group's page is in the session files, and in the archive made from them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import cmarkgfm
import html5lib
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

ROOT = Path(__file__).parent.parent
SEED = json.loads((ROOT / "tests/seed.json").read_text(encoding="utf-8"))
ROWS = pytest.mark.parametrize("index", range(len(SEED["rows"])), ids=[row["date"] for row in SEED["rows"]])


@pytest.fixture(scope="module")
def sessions() -> list[dict[str, Any]]:
    """Return what the session files say, the oldest session first and the shelf last."""
    files = sorted((ROOT / "sessions").glob("*/session.yml"))
    read = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return sorted(read, key=lambda session: str(session.get("date", "shelf")))


@pytest.fixture(scope="module")
def archive() -> Element:
    """Return the archive as GitHub shows it."""
    text = (ROOT / "sessions/README.md").read_text(encoding="utf-8")
    return parse(cmarkgfm.github_flavored_markdown_to_html(text))


@pytest.fixture(scope="module")
def archive_rows(archive: Element) -> list[list[Element]]:
    return table_rows(archive)


def parse(html: str) -> Element:
    tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return tree


def table_rows(page: Element) -> list[list[Element]]:
    """Return the cells of every row of every table, headings left out."""
    rows = (row.findall("td") for row in page.iter("tr"))
    return [cells for cells in rows if cells]


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def links(element: Element) -> list[tuple[str, str]]:
    """Return text and address of each link."""
    return [(text(link), unquote(link.get("href", ""))) for link in element.iter("a")]


def addresses(value: object) -> Iterator[str]:
    """Yield every `url` below a value."""
    if isinstance(value, dict):
        yield from ([value["url"]] if "url" in value else [])
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            yield from addresses(child)


def test_seed_has_every_row_and_link_of_the_page() -> None:
    assert len(SEED["rows"]) == 48
    assert len(SEED["links"]) == 273


def test_there_is_one_session_per_row_and_one_shelf(sessions: list[dict[str, Any]]) -> None:
    assert [str(session.get("date")) for session in sessions] == [row["date"] for row in SEED["rows"]] + ["None"]


@ROWS
def test_session_has_the_facts_of_its_row(sessions: list[dict[str, Any]], index: int) -> None:
    session = sessions[index]
    facts = {key: session.get(key) for key in ("title", "kind", "time", "room")} | {
        "date": str(session["date"]),
        "leads": [[lead["name"], lead.get("url")] for lead in session["leads"]],
        "resources": [resource["url"] for resource in session.get("resources", [])],
    }
    assert facts == SEED["rows"][index]


def test_sessions_have_the_links_of_the_page_and_no_others(sessions: list[dict[str, Any]]) -> None:
    assert Counter(addresses(sessions)) == Counter(SEED["links"])


def test_archive_has_one_row_per_session(archive_rows: list[list[Element]]) -> None:
    dates = [date.fromisoformat(row["date"]).strftime("%d/%m/%y") for row in SEED["rows"]]
    assert [text(cells[0])[:8] for cells in archive_rows] == dates


@ROWS
def test_archive_row_has_topic_room_and_leads(archive_rows: list[list[Element]], index: int) -> None:
    row = SEED["rows"][index]
    _, topic, room, lead = archive_rows[index]
    title = f"{row['kind']}: {row['title']}" if row["kind"] else row["title"]
    assert text(topic) == title or text(topic).startswith(f"{title} (")
    assert set(map(unquote, row["resources"])) <= {address for _, address in links(topic)}
    assert text(room).startswith(row["room"])
    assert all(name in text(lead) for name, _ in row["leads"])
    assert [address for _, address in links(lead)] == [unquote(url) for _, url in row["leads"] if url]


def test_archive_has_every_link_of_the_page(archive: Element) -> None:
    found = {address for _, address in links(archive)}
    assert [url for url in SEED["links"] if unquote(url) not in found] == []
