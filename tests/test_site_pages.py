"""The web page's files: whatever the sessions say, valid, safe, complete, and the same every time."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import posixpath
import random
import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from hypothesis import given, settings

import browsing
import groups
from browsing import BERT, HOSTILE, REVERSED, group_files, group_site, made
from groups import TODAY, catalogue_of, files
from readingroom.core import package_files
from readingroom.core.diagnostics import Invalid
from readingroom.io import parallel
from readingroom.site import build, overview_pages
from rendered import headings, links, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from xml.etree.ElementTree import Element

    from groups import Files

GROUPS_FILES = group_files()


def parsed(content: bytes) -> Element:
    """Return a page as a browser reads it, once it is found to be without errors."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page: Element = parser.parse(content, transport_encoding="utf-8")
    return page


@cache
def pages() -> dict[str, Element]:
    """Return the pages of the group with everything, by path."""
    return {path: parsed(content) for path, content in group_site().items() if path.endswith(".html")}


def page(path: str, site: Files | None = None) -> Element:
    """Return a page of a site, or of the group with everything."""
    return pages()[path] if site is None or site is group_site() else parsed(site[path])


def one(**session: Any) -> Element:
    """Return the page of a group's only session."""
    return page("sessions/01-bert.html", made(files({"01-bert": {**BERT, **session}})))


def classed(element: Element, name: str) -> list[Element]:
    return [each for each in element.iter() if name in each.get("class", "").split()]


def test_every_kind_of_page_is_there() -> None:
    wanted = {"index.html", "leads.html", "statistics.html", "upcoming.html", "material.html", "years/2024.html"}
    assert {*wanted, "site.css", "site.js", "search.js", "icon.svg", ".nojekyll", "logo.png"} <= group_site().keys()
    folders = {each.folder for each in catalogue_of(GROUPS_FILES).sessions}
    assert {path for path in group_site() if path.startswith("sessions/") and path.endswith(".html")} == {
        f"sessions/{folder}.html" for folder in folders
    }


ABOVE = "/reading-group/"  # the path of the address of the group that has one


def dead(site: Files, known: Collection[str]) -> Iterator[str]:
    """Yield each link within the site, of a page or of what it loads, that leads to nothing."""
    for path in (path for path in site if path.endswith(".html")):
        for element in page(path, site).iter():
            for target in filter(None, (element.get("href"), element.get("src"))):
                address = urlsplit(target.removeprefix(ABOVE) if path == "404.html" else target)
                there = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address.path)))
                is_here = not address.path and any(e.get("id") == address.fragment for e in page(path, site).iter())
                if not address.scheme and not is_here and (not address.path or there not in known):
                    yield f"{path}: {target}"


def test_every_link_within_the_site_leads_somewhere() -> None:
    assert list(dead(group_site(), group_site())) == []


@settings(max_examples=25)
@given(groups.groups())
def test_whatever_the_sessions_say_pages_are_valid_and_links_lead_somewhere(drawn: Files) -> None:
    site = made(drawn)
    assert list(dead(site, site)) == []


@pytest.mark.parametrize(("name", "title"), HOSTILE.items())
def test_a_hostile_text_is_shown_as_it_is(name: str, title: str) -> None:
    number = 10 + list(HOSTILE).index(name)
    shown = page(f"sessions/{number}-{name}.html")
    assert text(headings(shown)[0]) == " ".join(title.split())
    assert text(classed(shown, "facts")[0]).count(" ".join(title.split())) >= 2
    assert " ".join(title.split()) in [text(each) for each in page("years/2023.html").iter("a")]


def test_what_reverses_or_hides_letters_of_a_line_is_taken_out() -> None:
    hidden, shown = REVERSED
    path = f"sessions/{10 + len(HOSTILE)}-reversed.html"
    assert text(headings(page(path))[0]) == shown
    shown_to_readers = {*pages(), "search.js"} - {path}  # whose abstract is a text of several lines, and keeps them
    assert not [name for name in shown_to_readers if hidden[4].encode() in group_site()[name]]


def test_no_page_holds_a_script_a_style_or_an_event_of_its_own() -> None:
    for path, shown in pages().items():
        scripts = [each for each in shown.iter("script") if each.get("type") != "application/ld+json"]
        home = ABOVE if path == "404.html" else "../" if "/" in path else ""
        wanted = [f"{home}page.js", *(["site.js"] if path == "index.html" else [])]
        assert [each.get("src") for each in scripts] == wanted
        assert not list(shown.iter("style"))
        assert not [name for each in shown.iter() for name in each.keys() if name.startswith("on") or name == "style"]  # noqa: SIM118
        above = {f"{ABOVE}logo.png"} if path == "404.html" else {"logo.png", "../logo.png"}
        assert {each.get("src") for each in shown.iter("img")} <= above


def described(shown: Element) -> list[Element]:
    """Return the scripts of a page that hold data."""
    return [each for each in shown.iter("script") if each.get("type")]


def test_search_engines_get_a_session_as_data() -> None:
    (script,) = described(page("sessions/10-script.html"))
    expected = json.loads(text(script))
    assert (expected["@type"], expected["name"]) == ("Event", f"{HOSTILE['script']}: {HOSTILE['script']}")
    assert not described(page("sessions/65-open.html"))


def test_each_kind_has_a_calendar_of_its_own() -> None:
    found = dict(links(page("index.html")))
    assert found["Discussion"] == "calendars/discussion.ics"
    assert "calendars/discussion.ics" in group_site()


def test_only_links_to_the_web_and_to_mail_are_links() -> None:
    schemes = {urlsplit(target).scheme for shown in pages().values() for _, target in links(shown)}
    assert schemes == {"", "https", "webcal"}
    shown = text(page("sessions/01-bert.html"))
    assert "javascript:alert(1)" in shown
    assert "data:text/html,x" in shown


def test_every_link_that_leads_away_sends_no_referrer() -> None:
    for shown in pages().values():
        for link in shown.iter("a"):
            if urlsplit(link.get("href", "")).scheme:
                assert link.get("rel") == "noopener noreferrer"


def test_a_second_run_gives_the_same_bytes_in_whatever_order_files_are_read() -> None:
    shuffled = list(GROUPS_FILES.items())
    random.Random(1).shuffle(shuffled)  # noqa: S311 -- an order, not a secret
    assert made(dict(shuffled)) == group_site()


def test_shared_work_gives_the_same_bytes() -> None:
    def halves(work: Any, items: Any, least: int = 1) -> list[Any]:
        return parallel.map_parallel(work, items, min(least, max(1, len(items) // 2)))

    shared = build.build_site(groups.tree(GROUPS_FILES), lambda _zone: TODAY, share=halves, draw=browsing.draw)
    assert {**shared.files, **{path: GROUPS_FILES[source] for path, source in shared.copies.items()}} == group_site()


def test_first_view_of_the_index_does_not_grow_with_the_sessions() -> None:
    many = {
        f"{number:04}-x": {"title": f"On {'x' * 60}", "date": str(TODAY - dt.timedelta(days=10 * number - 200))}
        for number in range(1000)
    }
    site = made(files(many))
    head = [(each.get("href"), each.get("rel")) for each in page("index.html", site).iter("link")]
    assert [path for path, kind in head if kind == "stylesheet"] == ["site.css"]
    sizes = [len(gzip.compress(site[path])) for path in ("index.html", "site.css", "page.js", "site.js", "icon.svg")]
    assert sum(sizes) < 9_000


def test_next_session_is_shown_first_with_how_far_off_it_is() -> None:
    (soonest,) = classed(page("index.html"), "next")
    assert "Next session in 3 days Retentive Networks" in text(soonest)
    assert "18 Jan 2024, 11:00–12:00" in text(soonest)


def test_upcoming_sessions_show_the_weekday_and_a_time_that_is_not_the_usual_one() -> None:
    ahead = {f"{n}-x": {"title": f"S{n}", "date": f"2024-01-{15 + n}"} for n in range(1, 5)}
    ahead["2-x"]["time"] = "14:30"
    site = made(files(ahead, time="11:00", date_format="dd/MM/yy"))
    rows = classed(page("index.html", site), "rows")[1].findall("li")
    assert [text(row.findall("time")[0]) for row in rows if row.get("hidden") is None] == [
        "Wed 17/01/24 14:30", "Thu 18/01/24", "Fri 19/01/24",
    ]  # fmt: skip


def test_a_session_is_shown_with_its_time_zone() -> None:
    assert "11:00–12:00 (Europe/London)" in text(classed(page("sessions/60-next.html"), "facts")[0])
    assert "Europe/London" not in text(classed(one(), "facts")[0])


def test_all_sessions_can_be_subscribed_to_beside_the_next_one() -> None:
    (near,) = classed(page("index.html"), "subscribe")
    assert text(near) == "Subscribe Calendar app Google Outlook.com Office 365 Calendar file Feed"
    assert near.tag == "details"
    unknown = made(files({"01-bert": BERT}))
    assert "Calendar file, whose address a calendar program can follow" in text(
        classed(page("index.html", unknown), "subscribe")[0]
    )


def test_one_menu_adds_a_session_to_every_calendar() -> None:
    (add,) = classed(page("sessions/60-next.html"), "add")
    assert text(add) == "Add to calendar Google Outlook.com Office 365 Yahoo Calendar file"
    assert add.tag == "details"


def test_what_the_group_wrote_is_in_its_language_and_the_rest_in_english() -> None:
    site = made(files({"01-bert": {**BERT, "date": "2024-02-05", "status": "tbc"}, "02-x": BERT}, locale="ar"))
    shown = page("sessions/01-bert.html", site)
    assert {each.get("lang") for each in shown.iter() if each.get("dir") == "auto"} == {"ar"}
    assert [each.get("lang") for each in headings(shown) if text(each) in {"Material", "Why"}] == [None, "en"]
    rows = classed(page("years/2024.html", site), "rows")[:1]
    assert [each.get("lang") for each in [*rows, *classed(rows[0], "remark")]] == ["ar", "en"]
    (lede,) = classed(page("statistics.html", site), "lede")
    assert [each.get("lang") for each in lede.iter("bdi")] == ["ar", "ar"]


def test_numbers_of_sessions_have_a_word_and_tables_a_summary_of_their_own() -> None:
    assert "Wanda Wide, Wanda Wider 2 sessions" in text(page("leads.html"))
    assert "Zoë Ärger 1 session " in text(page("leads.html"))
    summaries = [text(each) for each in page("statistics.html").iter("summary")]
    assert len(summaries) == len(set(summaries)) > 3


def test_lists_call_a_person_as_the_sessions_file_does() -> None:
    assert "Early Wanda Wider All" in text(page("years/99.html"))
    assert "Also written Wanda Wider" in text(page("leads/wanda-wide.html"))


def test_without_a_next_session_the_index_says_so() -> None:
    site = made(files({}, repository="https://github.com/example/x"))
    assert text(classed(page("index.html", site), "next")[0]).startswith(
        "Next session Nothing is planned yet Propose a session"
    )


def test_without_a_next_session_the_index_shows_the_latest_one_and_free_slots() -> None:
    known = {
        "01-a": {"title": "Bert", "date": "2024-01-08"},
        "02-b": {"title": "Not held", "date": "2024-01-09", "status": "cancelled"},
        "03-c": {"date": "2024-01-22", "status": "open"},
        "04-d": {"date": "2024-01-29", "status": "open"},
    }
    (empty,) = classed(page("index.html", made(files(known, day="Monday", time="11:00", room="Enigma"))), "next")
    assert text(empty).startswith(
        "Next session Nothing is planned yet "
        "The group usually meets on Mondays, 11:00–12:00 (Europe/London), in Enigma. "
        "The latest session was Bert, on 2024-01-08. Free slots: Mon 2024-01-22, Mon 2024-01-29"
    )
    assert ("Mon 2024-01-22", "sessions/03-c.html") in links(empty)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({"day": "Monday", "time": "11:00", "room": "Enigma"}, "on Mondays, 11:00–12:00 (Europe/London), in Enigma."),
        ({"time": "16:30", "duration": 90, "time_zone": "Asia/Tokyo"}, "at 16:30–18:00 (Asia/Tokyo)."),
        ({"day": "Friday"}, "on Fridays."),
        ({"room": "Enigma"}, "in Enigma."),
        ({}, ""),
    ],
)
def test_index_says_when_and_where_the_group_usually_meets(group: dict[str, Any], expected: str) -> None:
    shown = page("index.html", made(files({"01-a": {"title": "Bert", "date": "2024-01-22"}}, **group)))
    usual = [text(each) for each in classed(shown, "usual")]
    assert usual == ([f"The group usually meets {expected}"] if expected else [])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, "2024-01-08 Bert"),
        ({"time": "11:00", "room": "Enigma"}, "2024-01-08 Bert"),
        ({"time": "14:30", "room": "Hall 2"}, "2024-01-08 14:30 Bert Hall 2"),
        ({"kind": "Talk", "leads": [{"name": "Ada"}], "room": "Hall 2"}, "2024-01-08 Bert Talk · Ada · Hall 2"),
        ({"material": groups.READING}, "2024-01-08 Bert Reading"),
        ({"material": [{"items": [{"title": "A book"}]}]}, "2024-01-08 Bert"),
        (
            {"resources": [{"title": name, "url": "https://example.org/x"} for name in ("Video", "Slides", "Blog")]},
            "2024-01-08 Bert Slides, recording",
        ),
    ],
)
def test_rows_show_what_is_unusual_and_what_there_is_to_look_at(data: dict[str, Any], expected: str) -> None:
    site = made(files({"01-a": {"title": "Bert", "date": "2024-01-08", **data}}, time="11:00", room="Enigma"))
    for path in ("index.html", "years/2024.html"):
        assert text(classed(page(path, site), "rows")[-1]) == expected


def test_slides_in_a_folder_are_shown_in_its_row() -> None:
    assert "Reading, slides, recording" in text(page("years/2024.html"))


def test_the_archive_holds_what_was_and_the_pages_of_the_years_all() -> None:
    dates = ("2023-12-04", "2024-01-08", "2024-02-05", "2025-01-06")
    site = made(files({f"{n}-x": {"title": f"S{n}", "date": date} for n, date in enumerate(dates)}))
    archive = next(
        each for each in page("index.html", site).iter("section") if each.get("aria-labelledby") == "archive"
    )
    assert text(archive) == "Archive 2024 1 session 2023 1 session"
    assert text(page("years/2024.html", site).find(".//main")).startswith(
        "Sessions of 2024 Upcoming Mon 2024-02-05 S2 Previous 2024-01-08 S1"
    )
    assert text(page("years/2025.html", site).find(".//main")).startswith("Sessions of 2025 Mon 2025-01-06 S3")


def test_a_page_shows_a_past_session_and_says_nothing_of_a_lead_it_never_had() -> None:
    past = page("sessions/01-a.html", made(files({"01-a": {"title": "Bert", "date": "2024-01-14"}})))
    assert text(classed(past, "eyebrow")[0]) == "2024 past"
    assert "Who" not in text(classed(past, "facts")[0])
    today = page("sessions/01-a.html", made(files({"01-a": {"title": "Bert", "date": "2024-01-15"}})))
    assert text(classed(today, "eyebrow")[0]) == "2024"
    assert "WhoNot known yet" in text(classed(today, "facts")[0])
    slot = made(files({"01-a": {"date": "2024-01-14", "status": "open"}}, repository="https://github.com/a/b"))
    assert text(classed(page("sessions/01-a.html", slot), "notice")[0]) == "Nobody took this free slot."
    assert "Propose" not in text(page("years/2024.html", slot))


def test_a_session_without_a_title_is_called_by_its_lead() -> None:
    site = made(files({"01-a": {"date": "2024-01-14", "leads": [{"name": "Ann Lee"}]}}))
    assert text(headings(page("sessions/01-a.html", site))[0]) == "Talk by Ann Lee"
    assert "TBC" not in text(page("years/2024.html", site))


def test_a_time_is_a_moment_in_the_groups_zone() -> None:
    (when,) = page("sessions/60-next.html").iter("time")
    assert when.get("datetime") == "2024-01-18T11:00+00:00"


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "today"), (1, "tomorrow"), (2, "in 2 days"), (13, "in 13 days"), (14, "in 2 weeks"), (69, "in 9 weeks"),
     (70, "in 2 months"), (400, "in 13 months")],
)  # fmt: skip
def test_how_far_off_a_day_is(days: int, expected: str) -> None:
    assert overview_pages.format_countdown(TODAY + dt.timedelta(days=days), TODAY) == expected


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("61-tbc", "still to be confirmed"),
        ("62-cancelled", "is cancelled"),
        ("63-postponed", "is postponed. A new date"),
        ("64-proposed", "looks for a date"),
        ("65-open", "Nobody has taken this free slot yet. Propose a session"),
    ],
)
def test_a_sessions_page_says_its_status_plainly(folder: str, expected: str) -> None:
    (notice,) = classed(page(f"sessions/{folder}.html"), "notice")
    assert expected in text(notice)


def test_only_a_session_that_is_to_take_place_can_be_added_to_a_calendar() -> None:
    having = {path.split("/")[1][:2] for path, shown in pages().items() if "/" in path and classed(shown, "add")}
    assert having == {"60", "61", "66", "67"}


def test_files_of_a_session_are_copied_unless_a_browser_could_run_them() -> None:
    assert "sessions/01-bert/slides (1).pdf" in group_site()
    assert "sessions/01-bert/page.html" not in group_site()
    found = dict(links(page("sessions/01-bert.html")))
    assert found["slides (1).pdf"] == "01-bert/slides%20%281%29.pdf"
    start = "https://github.com/example/reading-group"
    assert found["page.html"] == f"{start}/blob/HEAD/sessions/01-bert/page.html"
    assert found["code"] == f"{start}/tree/HEAD/sessions/01-bert/code"


def test_material_below_other_material_is_shown_below_it() -> None:
    outline = next(each for each in page("sessions/01-bert.html").iter("ul") if text(each).startswith("A paper on"))

    def shape(item: Element) -> list[Any]:
        return [shape(each) for below in item.findall("ul") for each in below.findall("li")]

    assert [shape(each) for each in outline.findall("li")] == [[[[]], []], []]


def test_ampersands_of_an_address_stay() -> None:
    assert dict(links(page("sessions/01-bert.html")))["A paper on attention"] == "https://example.org/paper?a=1&copy=2"


def test_sessions_lead_to_those_beside_them_and_to_what_they_continue() -> None:
    first, again = page("sessions/01-bert.html"), page("sessions/67-bert-again.html")
    assert ("Bert again", "67-bert-again.html") in links(first)
    assert ("Bert", "01-bert.html") in links(again)
    assert ("Next Retentive Networks", "60-next.html") in links(first)


def test_headings_go_down_one_level_at_a_time() -> None:
    for path, shown in pages().items():
        levels = [int(each.tag[1]) for each in headings(shown)]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


def test_years_are_in_the_groups_order() -> None:
    names = [text(each) for each in classed(page("years/2022.html"), "name")]
    assert names[0] == "Week 59"
    other = made(files({f"{n}-x": {"title": f"S{n}", "date": f"2023-01-0{n}"} for n in (1, 2)}, order="oldest-first"))
    assert [text(each) for each in classed(page("years/2023.html", other), "name")] == ["S1", "S2"]


def test_a_groups_own_template_takes_the_place_of_the_built_in_one() -> None:
    own = {"templates/site.html.j2": "<footer>Ours, {{ group.name }}</footer>\n"}
    site = made(files({"01-bert": BERT}, own, name="A & B"))
    for path in ("index.html", "sessions/01-bert.html"):
        assert "<footer>Ours, A &amp; B</footer>" in site[path].decode()


def test_copies_of_the_built_in_templates_change_nothing() -> None:
    copies = {f"templates/{name}": source.encode() for name, source in package_files.read_builtin_templates().items()}
    changed = {"templates/other.html.j2": b"x"}  # so that they run in the sandbox
    assert made({**GROUPS_FILES, **copies, **changed}) == group_site()


@pytest.mark.parametrize("mistake", ["{{ group.nme }}", "{{ group.name | safe }}", "{{ ''.__class__.__mro__ }}"])
def test_a_mistake_in_a_groups_own_template_is_reported_with_its_line(mistake: str) -> None:
    with pytest.raises(Invalid) as caught:
        made(files({"01-bert": BERT}, {"templates/site.html.j2": f"<footer>\n{mistake}</footer>\n"}))
    assert groups.outline(caught.value.problems) == ["templates/site.html.j2:2 [template-failed]"]


@pytest.mark.parametrize("way", ["{{ x }}", "{% autoescape false %}{{ x }}{% endautoescape %}", "{{ x ~ '' }}",
                                 "{% autoescape x == 'y' %}{{ x }}{% endautoescape %}", "{{ x if x }}"])  # fmt: skip
def test_a_text_is_escaped_in_whatever_way_a_groups_own_template_writes_it(way: str) -> None:
    own = {"templates/site.html.j2": f"{{% set x = group.room %}}<p>{way}</p>\n"}
    assert made(files({}, own, room="<b>\u202e"))["index.html"].decode() == "<p>&lt;b&gt;</p>\n"


def test_a_text_cannot_leave_its_place_in_a_groups_own_template() -> None:
    own = {
        "templates/site-lead.html.j2": "<!DOCTYPE html>\n<title>{{ lead.name }}</title><p title='{{ lead.name }}'>\n"
    }
    site = made(files({"01-x": {"leads": [{"name": "<'>\u202e\u2028x"}], "date": "2024-01-01"}}, own))
    assert "<title>&lt;&#39;&gt; x</title><p title='&lt;&#39;&gt; x'>" in site["leads/x.html"].decode()


def test_print_and_dark_styles_are_there() -> None:
    style = group_site()["site.css"].decode() + group_site()["content.css"].decode()
    assert "@media print" in style
    assert "prefers-color-scheme: dark" in style
    assert "url(" not in style
    assert not re.search(r"https?:", style)


def test_free_slot_without_a_repository_links_to_no_form() -> None:
    site = made(files({"01-free": {"date": "2024-02-05", "status": "open"}}))
    assert "Propose" not in text(page("sessions/01-free.html", site))
