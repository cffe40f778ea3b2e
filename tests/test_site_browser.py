"""The web page in a browser: its search, its keys, its looks, and that it asks nobody else for anything."""

from __future__ import annotations

import datetime as dt
import struct
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

import browsing
import groups
from browsing import MANY, group_site, made
from groups import ROOT, built, files, write
from readingroom.core.tree import ANNOUNCED_PATH
from readingroom.site import overview_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from groups import Files

PHONE, TABLET, DESK = WIDTHS = 360, 768, 1280
NARROW = 320  # https://www.w3.org/TR/WCAG22/#reflow
PLACE = "a group/site"
SERVED = "/a%20group/site"
AXE = ROOT / "tests/browser/node_modules/axe-core/axe.min.js"
# Of the rules, these hang on the width or the colours of a page; nothing is shown at one width alone.
LOOKS: dict[str, Any] = {"runOnly": ["color-contrast", "scrollable-region-focusable", "target-size"]}
AUDITS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (NARROW, "light", {}),
    (NARROW, "dark", LOOKS),
    (TABLET, "light", LOOKS),
    (DESK, "dark", LOOKS),
)
KINDS_OF_PAGE = (
    "sessions/01-bert.html",
    "sessions/30-long.html",
    "sessions/31-wide.html",
    "sessions/62-cancelled.html",
    "years/2023.html",
    "leads.html",
    "leads/ada.html",
    "../../reading-group/404.html",
    "statistics.html",
    "index.html",
    "index.html#q=bert",
    "index.html#q=retentvie",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.browser() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds a site two folders down."""
    site = group_site()
    # The page for any missing one is right only at the site's address.
    places = (PLACE, "reading-group")
    return write(
        tmp_path_factory.mktemp("web"),
        {f"{place}/{path}": content for place in places for path, content in site.items()},
    )


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with browsing.served(folder) as start:
        yield f"{start}{SERVED}"


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    """Return the pages that tests take turns at, by their options: to open one takes longer than most tests."""
    return {}


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Page], address: str) -> Iterator[Callable[..., Page]]:
    """Return what opens a page; at the end nothing may have been asked of another machine, nor any error reported."""
    asked: list[str] = []
    messages: list[str] = []
    heard = {
        "request": lambda request: asked.append(request.url),
        "console": lambda message: messages.append(message.text),
        "pageerror": lambda error: messages.append(str(error)),
    }
    used = []

    def open_page(path: str, width: int = DESK, *, start: str = address, now: str = "", **options: Any) -> Page:
        key = repr(options)
        page = pages[key] = pages.get(key) or browser.new_context(**options).new_page()
        page.set_default_timeout(20_000)
        page.goto("about:blank")
        page.emulate_media(media="null", color_scheme="light")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        if now:
            page.clock.set_fixed_time(now)
        for event, listener in heard.items():
            page.on(event, listener)  # type: ignore[call-overload]
        used.append(page)
        page.goto(f"{start}/{path}")
        return page

    yield open_page
    for page in used:
        for event, listener in heard.items():
            page.remove_listener(event, listener)
    assert messages == []
    assert asked
    assert [url for url in asked if not url.startswith((address.removesuffix(SERVED), "file://"))] == []


def finds(page: Page, *titles: str) -> None:
    """Assert that the search comes to show these titles, in this order."""
    expect(page.locator("#count")).not_to_be_empty()
    expect(page.locator("#results .name a")).to_have_text(list(titles))


def is_painted(page: Page) -> bool:
    """Return whether a picture of the page has more than one colour."""
    picture = page.screenshot()
    parts, place = b"", 8
    while place < len(picture):  # https://www.w3.org/TR/png/#5Chunk-layout
        (length,) = struct.unpack(">I", picture[place : place + 4])
        parts += picture[place + 8 : place + 8 + length] if picture[place + 4 : place + 8] == b"IDAT" else b""
        place += length + 12
    # One colour takes a few numbers, however a row is written; the edges of letters take nearly all there are.
    return len(set(zlib.decompress(parts))) > 40


def state(page: Page) -> str:
    return str(page.evaluate("location.hash"))


@pytest.mark.parametrize("width", WIDTHS)
def test_typing_a_word_shows_the_sessions_that_have_it(opened: Callable[..., Page], width: int) -> None:
    page = opened("index.html", width)
    assert page.locator("#lists").is_visible()
    page.locator("#q").press_sequentially("ger ATT", delay=0)
    expect(page.locator("#count")).to_have_text("1 session")
    finds(page, "Bert")
    assert page.locator("#lists").is_hidden()
    assert state(page) == "#q=ger+ATT"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert is_painted(page)


@pytest.mark.parametrize(
    "path",
    [
        *("index.html", "index.html#year=2024", "sessions/30-long.html", "statistics.html", "leads.html"),
        *("years/2024.html", "sessions/31-wide.html", f"leads/{'l' * 60}.html"),
    ],
)
def test_no_page_is_wider_than_its_window(opened: Callable[..., Page], path: str) -> None:
    page = opened(path)
    for width in (DESK, TABLET, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("word", "found"),
    [("bert", ["Bert again", "Bert"]), ("zoe arger", ["Bert"]), ("appendix", ["Bert"]), ("discussion", ["Perhaps"]),
     ("odds", ["Odds and ends"]), ("orsted strasse", ["Łódź"]), ("lodz", ["Łódź"]), ("STRASSE ØRSTED", ["Łódź"]),
     ("nothing like it", [])],
)  # fmt: skip
def test_search_looks_at_titles_leads_kinds_and_reading(
    opened: Callable[..., Page], word: str, found: list[str]
) -> None:
    finds(opened(f"index.html#q={word}"), *found)


@pytest.mark.parametrize("width", WIDTHS)
def test_filters_work_together_and_stand_in_the_address(opened: Callable[..., Page], width: int) -> None:
    page = opened("index.html", width)
    page.locator("#kind").select_option("Technical")
    finds(page, "Retentive Networks", "Bert")
    page.locator("#lead").fill("ed gunn")
    page.locator("#year").select_option("2024")
    page.locator("#q").fill("retentive")
    assert state(page) == "#q=retentive&kind=Technical&year=2024&lead=ed+gunn"
    finds(page, "Retentive Networks")
    page.reload()
    finds(page, "Retentive Networks")
    assert page.locator("#lead").input_value() == "ed gunn"
    assert is_painted(page)
    page.evaluate("location.hash = '#main'")  # where the link to the content leads
    finds(page, "Retentive Networks")
    page.locator("#clear").click()
    assert page.locator("#lists").is_visible()
    assert page.evaluate("document.activeElement.id") == "q"


def test_what_is_found_is_shown_as_in_the_lists(opened: Callable[..., Page]) -> None:
    collect = """(rows) => Object.fromEntries(rows.map((row) => [
      row.querySelector("a").href, [...row.querySelectorAll("time, .name, .meta, .marks, bdi")].map((part) =>
        [part.className, part.lang, part.dir,
          part.textContent.replace(/\\s+/g, " ").replace(/^[A-Z][a-z]{2} (?=\\d)/, "").trim()])]))"""
    listed = opened("years/2024.html").locator(".rows li").evaluate_all(collect)
    assert "marks" in str(listed)
    assert "Mae Jemison" in str(listed)
    page = opened("index.html#year=2024")
    expect(page.locator("#count")).to_contain_text("sessions")
    found = page.locator("#results li").evaluate_all(collect)
    assert found == {href: row for href, row in listed.items() if href in found}


def test_one_person_is_found_by_every_spelling(opened: Callable[..., Page]) -> None:
    for name in ("Wanda Wide", "Wanda Wider"):
        page = opened("index.html")
        page.locator("#lead").fill(name)
        finds(page, "Wide", "Early")
        assert page.locator("#results .meta").all_inner_texts() == ["Wanda Wide", "Wanda Wider"]
    assert page.locator("#leads option[value^=Wanda]").count() == 2


def test_years_before_the_thousandth_are_found(opened: Callable[..., Page]) -> None:
    page = opened("index.html")
    page.locator("#year").select_option("99")
    finds(page, "Early")
    assert opened("years/99.html").locator("h1").inner_text() == "Sessions of the year 99"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("#kind=nothing", "No session has the kind “nothing”"),
        ("#year=1789&q=bert", "No session has the year “1789”"),
        ("#year=0", "No session has the year “0”"),
        ("#lead=nobody", "No sessions"),
    ],
)
def test_a_kind_or_a_year_that_is_not_there_finds_nothing_and_says_so(
    opened: Callable[..., Page], asked: str, expected: str
) -> None:
    page = opened(f"index.html{asked}")
    expect(page.locator("#count")).to_have_text(expected)
    finds(page)
    page.locator("#clear").click()
    assert page.locator("#lists").is_visible()
    assert page.locator("[data-stranger]").count() == 0


def test_link_to_the_content_leaves_the_search_in_the_address(opened: Callable[..., Page]) -> None:
    page = opened("index.html#q=bert")
    finds(page, "Bert again", "Bert")
    page.locator(".skip").press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    finds(page, "Bert again", "Bert")


@pytest.mark.parametrize("width", WIDTHS)
def test_link_to_a_search_opens_with_what_it_finds_in_view(opened: Callable[..., Page], width: int) -> None:
    page = opened("index.html#q=bert", width)
    expect(page.locator("#results .name").first).to_be_in_viewport()


@pytest.mark.parametrize("width", [DESK, TABLET])
def test_days_of_all_lists_are_one_column(opened: Callable[..., Page], width: int) -> None:
    page = opened("index.html", width)
    names = page.locator("#lists .name:visible")
    assert len(set(names.evaluate_all("all => all.map((each) => each.getBoundingClientRect().left)"))) == 1


def test_long_titles_beside_a_session_do_not_fill_a_phone(opened: Callable[..., Page]) -> None:
    page = opened("sessions/31-wide.html", PHONE)
    box = page.locator(".turn [rel=prev]").bounding_box()
    assert box is not None
    assert box["height"] < 130


@pytest.mark.parametrize("width", WIDTHS)
def test_back_button_undoes_one_step_and_leads_back_to_what_was_found(opened: Callable[..., Page], width: int) -> None:
    page = opened("index.html", width)
    page.locator("#q").press_sequentially("bert", delay=0)
    page.locator("#kind").select_option("Technical")
    finds(page, "Bert")
    page.locator("#results a").click()
    page.wait_for_url("**/sessions/01-bert.html")
    page.go_back()
    finds(page, "Bert")
    page.go_back()
    finds(page, "Bert again", "Bert")
    assert page.locator("#kind").input_value() == ""
    page.go_back()
    page.locator("#lists").wait_for(state="visible")
    assert page.locator("#q").input_value() == ""
    page.go_forward()
    finds(page, "Bert again", "Bert")
    assert is_painted(page)


def test_much_that_is_found_is_shown_in_parts(opened: Callable[..., Page]) -> None:
    page = opened("index.html#q=week")
    expect(page.locator("#results .name a")).to_have_count(50)
    assert page.locator("#count").inner_text() == f"{MANY} sessions"
    page.locator("#further").click()
    expect(page.locator("#results .name a")).to_have_count(MANY)
    assert page.evaluate("document.activeElement.textContent") == "Week 9"
    assert page.locator("#further").is_hidden()


def test_hostile_texts_are_shown_by_the_search_as_they_are(opened: Callable[..., Page]) -> None:
    page = opened("index.html#year=2023")
    finds(page, browsing.REVERSED[1], *reversed(browsing.HOSTILE.values()))
    assert page.locator("#results script, #results img").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_all_can_be_done_by_keyboard(opened: Callable[..., Page], width: int) -> None:
    page = opened("index.html", width)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    assert is_painted(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("bert again")
    finds(page, "Bert again")
    for _ in range(5):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/67-bert-again.html")


def test_sessions_are_loaded_when_the_search_is_used_and_not_before(opened: Callable[..., Page]) -> None:
    page = opened("index.html")
    page.locator("#q").focus()
    page.wait_for_load_state("networkidle")
    assert page.locator("script").count() == 2
    with page.expect_response("**/search.js"), page.expect_response("**/finder.js"):
        page.keyboard.press("b")


def test_a_typing_error_is_shown_with_what_was_meant(opened: Callable[..., Page]) -> None:
    page = opened("index.html")
    page.locator("#q").fill("retentvie")
    expect(page.locator("#count")).to_have_text("1 session. Did you mean Retentive?")
    finds(page, "Retentive Networks")
    page.locator("#q").fill("retetnvie")
    expect(page.locator("#count")).to_have_text("No sessions. Did you mean Retentive?")
    page.keyboard.press("Tab")
    page.locator("#count button").press("Enter")
    expect(page.locator("#count")).to_have_text("1 session")
    assert (page.locator("#q").input_value(), state(page)) == ("Retentive", "#q=Retentive")
    page.go_back()
    expect(page.locator("#count")).to_contain_text("Did you mean")


@pytest.mark.parametrize("field", ["#q", "#lead", "#results a", "#kind"])
def test_escape_clears_the_search(opened: Callable[..., Page], field: str) -> None:
    page = opened("index.html#q=bert&lead=ed")
    finds(page, "Bert")
    page.locator(field).press("Escape")
    if field == "#kind":  # Escape closes its choices
        assert page.locator("#results").is_visible()
        return
    page.locator("#lists").wait_for(state="visible")
    assert [page.locator(each).input_value() for each in ("#q", "#lead")] == ["", ""]
    assert page.evaluate("document.activeElement.id") == "q"
    page.go_back()
    finds(page, "Bert")


def test_without_the_sessions_the_search_says_so(opened: Callable[..., Page], folder: Path) -> None:
    data = folder / f"{PLACE}/search.js"
    kept = data.read_bytes()
    data.write_text("// something else\n")
    try:
        page = opened("index.html#q=bert")
        expect(page.locator("#count")).to_contain_text("could not be loaded")
    finally:
        data.write_bytes(kept)


@pytest.mark.parametrize("width", WIDTHS)
def test_without_scripts_all_but_the_search_is_there(opened: Callable[..., Page], width: int) -> None:
    page = opened("index.html", width, java_script_enabled=False)
    assert page.locator("#q").is_hidden()
    page.locator("#lists .years a", has_text="2021").click()
    page.locator(".rows a", has_text="Week 3").first.click()
    assert page.locator("h1").inner_text().startswith("Week 3")
    assert is_painted(page)


def test_it_works_from_a_folder_without_a_server(opened: Callable[..., Page], folder: Path) -> None:
    start = (folder / f"{PLACE}").as_uri()
    page = opened("index.html", start=start)
    page.locator("#q").fill("bert again")
    finds(page, "Bert again")
    assert page.evaluate("getComputedStyle(document.querySelector('.search form')).display") == "grid"
    page.go_back()
    page.locator("#lists").wait_for(state="visible")
    page.go_forward()
    page.locator("#results a").click()
    assert page.locator("h1").inner_text() == "Bert again"
    page.locator(".brand").click()
    assert page.locator("#next").is_visible()


MOVED = ("sessions/01-bret.html", "leads/ed-gun.html")


@pytest.mark.parametrize("has_server", [True, False])
def test_earlier_addresses_lead_to_the_page_with_and_without_a_server(
    opened: Callable[..., Page], folder: Path, address: str, *, has_server: bool
) -> None:
    write(folder / "moved to/here", moved_site())
    start = address.replace(SERVED, "/moved%20to/here") if has_server else (folder / "moved to/here").as_uri()
    for path, heading in zip(MOVED, ("Bert", "Ed Gunn"), strict=True):
        page = opened(path, start=start)
        expect(page.locator("h1")).to_have_text(heading)


def moved_site() -> Files:
    """Return the site of a group of which a session and a person were renamed."""
    link = "https://github.com/edgunn"
    made: Files = {}
    for folder, name in (("01-bret", "Ed Gun"), ("01-bert", "Ed Gunn")):
        session = {"title": "Bert", "date": "2024-01-08", "leads": [{"name": name, "url": link}]}
        record = {ANNOUNCED_PATH: made[ANNOUNCED_PATH]} if made else {}
        made = built(files({folder: session}, record))
    return browsing.made(made)


@pytest.mark.parametrize("path", KINDS_OF_PAGE)
def test_axe_finds_nothing_to_fix(opened: Callable[..., Page], path: str) -> None:
    page = opened(path, now="2024-01-15T12:00:00Z", bypass_csp=True)
    page.evaluate("document.querySelector('.add')?.setAttribute('open', '')")
    if "#" in path:
        expect(page.locator("#count")).not_to_be_empty()
    page.add_script_tag(path=AXE)
    for width, scheme, rules in AUDITS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate("axe.run", {"resultTypes": ["violations"], **rules})["violations"]
        assert [(width, each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


RETENTIVE, PERHAPS, UNTITLED, AGAIN = "Retentive Networks", "Perhaps", "TBC", "Bert again"


@pytest.mark.parametrize(
    ("now", "label", "expected", "title"),
    [
        ("2023-10-18T12:00:00Z", "Next session", "in 3 months", RETENTIVE),
        ("2023-12-01T12:00:00Z", "Next session", "in 6 weeks", RETENTIVE),
        ("2024-01-16T23:59:00Z", "Next session", "in 2 days", RETENTIVE),
        ("2024-01-17T00:01:00Z", "Next session", "tomorrow", RETENTIVE),
        ("2024-01-18T00:01:00Z", "Next session", "today, in 11 hours", RETENTIVE),
        ("2024-01-18T09:59:30Z", "Next session", "today, in 1 hour", RETENTIVE),
        ("2024-01-18T10:20:00Z", "Next session", "in 40 minutes", RETENTIVE),
        ("2024-01-18T10:59:10Z", "Next session", "in 1 minute", RETENTIVE),
        ("2024-01-18T11:00:00Z", "This session", "now, until 12:00", RETENTIVE),
        ("2024-01-18T11:59:59Z", "This session", "now, until 12:00", RETENTIVE),
        ("2024-01-18T12:00:00Z", "Next session", "in 4 days", PERHAPS),
        ("2024-01-23T12:00:00Z", "Next session", "in 2 weeks", UNTITLED),
        ("2024-02-12T12:00:00Z", "Last session", "today", UNTITLED),
        ("2024-02-13T12:00:00Z", "Last session", "yesterday", UNTITLED),
        ("2024-02-14T12:00:00Z", "Last session", "", UNTITLED),
    ],
)
def test_the_next_session_is_right_whenever_and_wherever_it_is_read(
    opened: Callable[..., Page], now: str, label: str, expected: str, title: str
) -> None:
    page = opened("index.html", now=now, timezone_id="Pacific/Auckland")
    assert page.locator("#next").inner_text() == f"{label} {expected}".strip()
    assert page.locator(".planned:visible h2").inner_text().startswith(title)
    assert page.locator(".planned:visible .add").is_visible() is (label != "Last session")
    day, read = dt.date(2024, 1, 18), dt.date.fromisoformat(now[:10])
    assert read >= day or expected == overview_pages.format_countdown(day, read)


def titles(page: Page, section: str) -> list[str]:
    return page.locator(f"[aria-labelledby={section}] .name a:visible").all_inner_texts()


def test_lists_follow_the_next_session(opened: Callable[..., Page]) -> None:
    page = opened("index.html", now="2024-01-15T12:00:00Z")
    assert titles(page, "upcoming")[:3] == [PERHAPS, "Not at all", "Free slot"]
    assert titles(page, "latest")[0] == "Bert"
    page = opened("index.html", now="2024-01-18T12:00:00Z")
    assert titles(page, "upcoming")[:2] == ["Not at all", "Free slot"]
    assert titles(page, "latest")[:2] == [RETENTIVE, "Bert"]
    page = opened("index.html", now="2024-02-06T12:00:00Z")
    assert titles(page, "upcoming")[0] == AGAIN
    assert titles(page, "latest")[:4] == ["Not at all", PERHAPS, RETENTIVE, "Bert"]


def test_the_next_session_moves_on_while_the_page_is_open(opened: Callable[..., Page]) -> None:
    page = opened("index.html", timezone_id="Europe/Berlin")
    page.clock.install(time="2024-01-18T10:59:00Z")
    page.reload()
    expect(page.locator("#next")).to_have_text("Next session in 1 minute")
    page.clock.run_for(61_000)
    expect(page.locator("#next")).to_have_text("This session now, until 12:00")
    page.clock.run_for(3_600_000)
    expect(page.locator("#next")).to_have_text("Next session in 4 days")


@pytest.mark.parametrize(
    ("zone", "width", "shown"),
    [
        ("Europe/London", DESK, ""),
        ("Europe/Lisbon", PHONE, ""),
        ("Asia/Kolkata", TABLET, "16:30–17:30 your time"),
        ("Pacific/Auckland", PHONE, "Friday 00:00–01:00 your time"),
        ("Pacific/Niue", DESK, "00:00–01:00 your time"),
        ("America/Los_Angeles", TABLET, "03:00–04:00 your time"),
    ],
)
def test_readers_elsewhere_see_their_own_time_too(
    opened: Callable[..., Page], zone: str, width: int, shown: str
) -> None:
    for path in ("index.html", "sessions/60-next.html"):
        page = opened(path, width, now="2024-01-15T12:00:00Z", timezone_id=zone)
        when = page.locator(".when dd:visible")
        assert " ".join(when.inner_text().split()) == (
            f"Thursday 18 Jan 2024, 11:00–12:00 (Europe/London) {shown}".strip()
        )
        assert is_painted(page)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2024-01-16T12:00:00Z", "in 2 days"),
        ("2024-01-18T08:00:00Z", "today, in 3 hours"),
        ("2024-01-18T11:30:00Z", "now, until 12:00"),
        ("2024-01-18T12:00:00Z", "past"),
        ("2025-01-18T12:00:00Z", "past"),
    ],
)
def test_a_sessions_page_says_today_and_past(opened: Callable[..., Page], now: str, expected: str) -> None:
    page = opened("sessions/60-next.html", now=now)
    assert page.locator(".eyebrow").inner_text() == f"2024 · Technical {expected}"
    assert page.locator("article > .add").is_visible() is (expected != "past")
    assert opened("sessions/01-bert.html", now=now).locator(".eyebrow").inner_text() == "2024 · Technical past"
    assert "past" not in opened("sessions/62-cancelled.html", now=now).locator(".eyebrow").inner_text()


def test_the_next_session_follows_the_groups_zone_and_the_day_as_it_passes(opened: Callable[..., Page]) -> None:
    page = opened("index.html", now="2024-01-17T12:00:00Z", timezone_id="Pacific/Auckland")
    countdown = page.locator("#countdown")
    seen = "zone => { document.getElementById('countdown').dataset.zone = zone; dispatchEvent(new Event('pageshow')); }"
    for zone, words in (("Pacific/Auckland", "today, in 23 hours"), ("America/New_York", "tomorrow"),
                        ("No/Where", "tomorrow")):  # fmt: skip
        page.evaluate(seen, zone)
        assert countdown.inner_text() == words


OBSERVED = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    shifts.push([value, sources.map(({ node }) => node?.className || node?.nodeName).join(" ")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("site", ["full", "empty"])
def test_nothing_moves_while_a_page_loads(browser: Browser, folder: Path, address: str, site: str) -> None:
    write(folder / "empty", made(groups.files({"60-next": {"title": "Bert", "date": "2024-01-14"}})))
    start = address if site == "full" else address.replace(SERVED, "/empty")
    page = browser.new_page(viewport={"width": 390, "height": 844}, timezone_id="Pacific/Auckland")
    page.add_init_script(OBSERVED)
    page.route("**/*.js", lambda route: (time.sleep(0.3), route.continue_()))
    for path in ("index.html", "sessions/60-next.html", "years/2024.html", "statistics.html"):
        page.goto(f"{start}/{path}")
        page.wait_for_timeout(300)
        moved = page.evaluate("shifts")
        assert sum(value for value, _ in moved) <= 0.05, (path, moved)
    page.close()


LONG_DATES = {"locale": "pt_PT", "date_format": "EEEE, d 'de' MMMM 'de' yyyy", "time_zone": "America/New_York"}
LINES = """
() => [...document.querySelectorAll("time")].filter((each) => each.offsetParent).map((each) => {
  const range = document.createRange();
  range.selectNodeContents(each);
  return [each.textContent, new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 8))).size];
}).filter(([, lines]) => lines > 2)
"""


def test_long_dates_take_two_lines_at_most(browser: Browser, tmp_path: Path) -> None:
    held = {
        "01-a": {"title": "Bert", "date": "2024-02-19", "time": "14:30"},
        "02-b": {"title": "Later", "date": "2024-09-23", "time": "14:30", "room": "Hall"},
        "03-c": {"title": "Held", "date": "2023-09-18", "time": "14:30"},
    }
    folder = write(tmp_path, made(groups.files(held, time="11:00", **LONG_DATES)))
    with browsing.served(folder) as start:
        page = browser.new_page()
        for path in ("index.html", "sessions/01-a.html", "years/2024.html", "years/2023.html"):
            page.goto(f"{start}/{path}")
            for width in (PHONE, 390, 600, TABLET, DESK):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(LINES) == []
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_statistics_can_be_read_in_the_colours_that_a_reader_forces(opened: Callable[..., Page], scheme: str) -> None:
    page = opened("statistics.html")
    page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    fill = "each => getComputedStyle(each).fill"
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert page.locator(".bars rect.track").first.evaluate(fill) == canvas
    assert page.locator(".bars rect.track").first.evaluate("each => getComputedStyle(each).stroke") == ink
    for shape in (".bars rect:not(.track)", ".bars text", ".bars .value", ".columns rect", ".columns text"):
        assert page.locator(shape).first.evaluate(fill) == ink
    assert ink != canvas
    page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [".planned:visible .add", ".next .subscribe"])
def test_menus_are_used_by_keyboard(opened: Callable[..., Page], name: str, width: int) -> None:
    page = opened("index.html", width, now="2024-01-15T12:00:00Z")
    menu, summary = page.locator(name), page.locator(f"{name} summary")
    below = page.locator("#search").bounding_box()
    summary.focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    assert page.locator("#search").bounding_box() == below
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "a"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.localName") == "summary"
    page.keyboard.press("Enter")
    page.locator("h1").first.dispatch_event("click")
    assert menu.get_attribute("open") is None


def test_menus_work_without_scripts(opened: Callable[..., Page]) -> None:
    page = opened("sessions/60-next.html", java_script_enabled=False)
    page.locator("article > .add summary").click()
    page.locator("article > .add a", has_text="Calendar file").wait_for(state="visible")
    page.locator("footer .subscribe summary").click()
    assert page.locator("footer .subscribe a").first.is_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_dark_and_light_are_as_the_reader_has_it(opened: Callable[..., Page], width: int) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page = opened("index.html", width)
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == "rgb(20, 23, 28)"
    assert is_painted(page)


def test_print_shows_what_is_read_and_nothing_to_click(opened: Callable[..., Page]) -> None:
    page = opened("sessions/60-next.html")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("h1").is_visible()
    assert not any(page.locator(each).first.is_visible() for each in (".top nav", ".add", ".turn", "footer"))
    page.goto(page.url.replace("60-next", "62-cancelled"))
    assert page.locator(".notice").evaluate("each => getComputedStyle(each).color") == "rgb(168, 32, 26)"


@pytest.mark.parametrize("path", ["index.html", "sessions/60-next.html", "statistics.html"])
def test_policy_forbids_what_a_page_does_not_need(opened: Callable[..., Page], path: str) -> None:
    page = opened(path)
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'")
    assert page.locator("main h1").inner_text() != ""
