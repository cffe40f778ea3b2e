"""What readers see: the regions of the README, and a page for each session."""

import datetime as dt
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given

from groups import DAYS, READING, Data, Files, built, files, groups, region
from rendered import anchored, column, facts, headings, links, page, rows, tags, targets, text

NEWS = "https://example.org/slides.pdf"
FULL: Data = {
    "title": "Retentive Networks",
    "date": "2024-02-05",
    "time": "14:30",
    "duration": 90,
    "kind": "Technical",
    "room": "Enigma",
    "leads": [
        {"name": "Ed Gunn", "url": "https://github.com/egunn-turing", "affiliation": "The Alan Turing Institute"},
        {"name": "Ada Lovelace"},
    ],
    "abstract": "How *attention* can be replaced.\n\n- by a recurrence",
    "material": [
        {
            "heading": "Main",
            "note": "Read any two.",
            "items": [
                {
                    "title": "A paper",
                    "url": "https://example.org/paper",
                    "note": "up to *section 3*",
                    "items": [{"title": "its data", "url": "https://example.org/data"}],
                },
            ],
        },
        {"note": "Nothing else."},
    ],
    "resources": [{"title": "The slides", "url": NEWS}, {"title": "Blog", "url": "https://example.org/blog"}],
}


def shown(made: Files, name: str) -> Element:
    return page(region(built(made), name))


def session(data: Data, others: Mapping[str, str | bytes] | None = None, **group: object) -> Element:
    return page(built(files({"01-s": data}, others, **group))["sessions/01-s/README.md"])


def dated(*dates: str, **data: object) -> dict[str, Data]:
    return {f"{number:02}-s": {"title": date, "date": date, **data} for number, date in enumerate(dates)}


def test_next_is_the_soonest_session_with_its_time_room_and_leads() -> None:
    following = shown(files({"02-later": {"date": "2024-03-01"}, "01-s": FULL}), "next")
    assert text(following) == (
        "Next session: Technical: Retentive Networks "
        "Monday 2024-02-05, 14:30–16:00 (Europe/London), Enigma, "
        "led by Ed Gunn (The Alan Turing Institute), Ada Lovelace."
    )
    assert targets(following) == ["sessions/01-s/README.md", "https://github.com/egunn-turing"]


def test_next_session_may_be_today() -> None:
    assert "2024-01-15" in text(shown(files(dated("2024-01-15", "2024-01-22")), "next"))


def test_next_says_that_nothing_is_planned() -> None:
    assert text(shown(files(dated("2024-01-14")), "next")) == "No session is planned yet."


@pytest.mark.parametrize("status", ["cancelled", "postponed", "open", "proposed"])
def test_next_passes_over_what_does_not_take_place(status: str) -> None:
    made = files({"01-s": {"date": "2024-01-16", "status": status}, "02-s": {"title": "Bert", "date": "2024-01-17"}})
    assert "Bert" in text(shown(made, "next"))


def test_next_says_that_a_session_is_to_be_confirmed() -> None:
    following = shown(files({"01-s": {"title": "Bert", "date": "2024-01-16", "status": "tbc"}}), "next")
    assert "Bert (to be confirmed)" in text(following)


def test_next_links_to_site_calendar_and_feed_where_the_sites_address_is_known() -> None:
    for sessions in (dated("2024-01-22"), {}):
        following = shown(files(sessions, site={"url": "https://example.org/a_b/"}), "next")
        assert targets(following)[-3:] == [
            "https://example.org/a_b/",
            "https://example.org/a_b/calendar.ics",
            "https://example.org/a_b/feed.xml",
        ]
    assert "Calendar" not in text(shown(files(dated("2024-01-22"), site={}), "next"))


def test_upcoming_is_a_table_soonest_first() -> None:
    made = files({"01-s": FULL, "02-s": {"title": "Bert", "date": "2024-01-16"}})
    table = shown(made, "upcoming")
    assert [[text(cell) for cell in row] for row in rows(table)] == [
        ["2024-01-16", "Bert", "", "TBC"],
        ["2024-02-05 14:30", "Technical: Retentive Networks (Slides, Blog)", "Enigma",
         "Ed Gunn (The Alan Turing Institute), Ada Lovelace"],
    ]  # fmt: skip
    assert targets(table)[1:3] == ["sessions/01-s/README.md", NEWS]


def test_a_table_names_the_time_only_where_it_is_not_the_usual_one() -> None:
    made = files({"01-s": FULL, "02-s": {"date": "2024-02-12"}}, time="11:00")
    assert column(shown(made, "upcoming"), 0) == ["2024-02-05 14:30", "2024-02-12"]
    assert text(shown(made, "upcoming")).endswith("Times are those of Europe/London.")


@pytest.mark.parametrize("today", [dt.date(2024, 2, 1), dt.date(2024, 3, 1)])
@pytest.mark.parametrize("usual", ["11:00", "14:30"])
def test_a_table_names_the_zone_of_the_times_in_it(today: dt.date, usual: str) -> None:
    known = {"01-s": FULL, "02-s": {"title": "Bert", "date": "2024-02-12"}}
    after = built(files(known, time=usual, upcoming=1, time_zone="America/New_York"), today)
    others = [after[path].decode() for path in ("sessions/README.md", "sessions/upcoming.md") if path in after]
    for made in (region(after, "upcoming"), region(after, "previous"), *others):
        assert ("2024-02-05 14:30" in made) is ("Times are those of America/New\\_York." in made)
        assert "\n\n\n" not in made


@pytest.mark.parametrize(
    ("status", "topic"),
    [
        ("confirmed", "Bert"),
        ("tbc", "Bert (to be confirmed)"),
        ("postponed", "Bert (postponed)"),
        ("cancelled", "Bert (cancelled)"),
        ("open", "Free slot"),
        ("proposed", "Bert (looks for a date)"),
    ],
)
def test_upcoming_shows_a_sessions_status(status: str, topic: str) -> None:
    made = files({"01-s": {"title": "Bert", "date": "2024-01-16", "status": status}})
    assert column(shown(made, "upcoming"), 1) == [topic]


def test_a_cancelled_session_is_struck_out() -> None:
    made = files({"01-s": {"title": "Bert", "date": "2024-01-16", "status": "cancelled"}})
    (struck,) = shown(made, "upcoming").iter("del")
    assert links(struck) == [("Bert", "sessions/01-s/README.md")]


def test_a_free_slot_links_to_the_form_with_its_date() -> None:
    made = files({"01-s": {"date": "2024-01-16", "status": "open"}}, repository="https://github.com/a/b")
    form = "https://github.com/a/b/issues/new?template=session.yml&date=2024-01-16"
    assert links(shown(made, "upcoming")) == [("propose a session", form)]
    assert form in targets(page(built(made)["sessions/01-s/README.md"]))


def test_a_session_that_looks_for_a_date_comes_last() -> None:
    made = files({"01-s": {"title": "Bert", "status": "proposed"}, "02-s": {"title": "Gpt", "date": "2024-05-01"}})
    assert column(shown(made, "upcoming"), 0) == ["2024-05-01", "TBC"]
    assert column(shown(made, "upcoming"), 1) == ["Gpt", "Bert (looks for a date)"]


def test_a_session_without_a_title_is_shown_as_to_come() -> None:
    assert column(shown(files({"01-s": {"date": "2024-01-16"}}), "upcoming"), 1) == ["TBC"]
    led = {"date": "2024-01-16", "kind": "Technical", "leads": [{"name": "Ann Lee", "affiliation": "X"}]}
    assert column(shown(files({"01-s": led}), "upcoming"), 1) == ["Technical: Talk by Ann Lee"]
    assert text(headings(session(led))[0]) == "Talk by Ann Lee"


def test_of_a_past_session_nobody_waits_for_the_lead() -> None:
    past, ahead = {"title": "Bert", "date": "2024-01-14"}, {"title": "Bert", "date": "2024-01-15"}
    made = files({"01-s": past, "02-s": ahead})
    assert column(shown(made, "previous"), 3) == [""]
    assert column(page(built(made)["sessions/README.md"]), 3) == [""]
    assert column(shown(made, "upcoming"), 3) == ["TBC"]
    assert "Lead" not in facts(session(past))
    assert text(facts(session(ahead))["Lead"]) == "TBC"


def test_nobody_can_propose_a_session_for_a_slot_that_is_past() -> None:
    slot = {"date": "2024-01-14", "status": "open"}
    assert links(facts(session(slot, repository="https://github.com/a/b"))["Lead"]) == []


def test_upcoming_shows_as_many_as_the_group_wants_and_links_to_all() -> None:
    made = built(files(dated("2024-02-01", "2024-02-02", "2024-02-03"), upcoming=2))
    table = page(region(made, "upcoming"))
    assert column(table, 0) == ["2024-02-01", "2024-02-02"]
    assert ("all upcoming sessions", "sessions/upcoming.md") in links(table)
    assert "1 more" in text(table)
    assert column(page(made["sessions/upcoming.md"]), 0) == ["2024-02-01", "2024-02-02", "2024-02-03"]


def test_there_is_no_page_of_upcoming_sessions_while_the_readme_shows_them_all() -> None:
    assert "sessions/upcoming.md" not in built(files(dated("2024-02-01", "2024-02-02"), upcoming=2))


def test_previous_shows_the_latest_sessions_newest_first() -> None:
    made = files(dated("2024-01-01", "2024-01-02", "2024-01-03"), previous=2, order="oldest-first")
    table = shown(made, "previous")
    assert column(table, 0) == ["2024-01-03", "2024-01-02"]
    assert links(table)[-1] == ("All previous sessions", "sessions/README.md")


def test_a_free_slot_that_nobody_took_is_not_among_the_previous_sessions() -> None:
    assert rows(shown(files(dated("2024-01-01", status="open")), "previous")) == []


def test_a_cancelled_session_stays_among_the_previous_sessions() -> None:
    assert column(shown(files(dated("2024-01-01", status="cancelled")), "previous"), 1) == ["2024-01-01 (cancelled)"]


def test_a_group_without_a_readme_gets_one_with_its_name_and_all_regions() -> None:
    readme = page(built(files({}, name="A *nice* group"))["README.md"])
    assert [text(each) for each in headings(readme)] == ["A *nice* group", "Upcoming sessions", "Previous sessions"]


@pytest.mark.parametrize(
    ("pattern", "locale", "written"),
    [
        ("yyyy-MM-dd", "en_GB", "2024-02-05"),
        ("dd/MM/yy", "en_GB", "05/02/24"),
        ("EEEE d MMMM yyyy", "en_GB", "Monday 5 February 2024"),
        ("EEE, d. MMM y", "de_DE", "Mo., 5. Feb. 2024"),
        ("d MMMM y", "fr_FR", "5 février 2024"),
        ("d 'de' MMMM 'de' y", "es_ES", "5 de febrero de 2024"),
        ("y年M月d日", "ja_JP", "2024年2月5日"),
    ],
)
def test_dates_are_in_the_groups_format_and_language(pattern: str, locale: str, written: str) -> None:
    made = built(files(dated("2024-02-05"), date_format=pattern, locale=locale))
    assert column(page(region(made, "upcoming")), 0) == [written]
    assert text(facts(page(made["sessions/00-s/README.md"]))["When"]).endswith(written)


def test_the_weekday_is_in_the_groups_language() -> None:
    assert text(facts(session(FULL, locale="de_DE"))["When"]) == "Montag 2024-02-05, 14:30–16:00 (Europe/London)"


def test_a_session_that_passes_midnight_ends_on_the_clock() -> None:
    late = session({"date": "2024-02-05", "time": "23:30", "duration": 60})
    assert text(facts(late)["When"]) == "Monday 2024-02-05, 23:30–00:30 (Europe/London)"


def test_a_page_has_title_time_room_kind_and_leads() -> None:
    shown_page = session(FULL)
    assert text(headings(shown_page)[0]) == "Retentive Networks"
    values = {key: text(cell) for key, cell in facts(shown_page).items()}
    assert values == {
        "When": "Monday 2024-02-05, 14:30–16:00 (Europe/London)",
        "Where": "Enigma",
        "Kind": "Technical",
        "Lead": "Ed Gunn (The Alan Turing Institute), Ada Lovelace",
    }


def test_a_page_has_abstract_and_material_with_its_notes_and_nested_items() -> None:
    shown_page = session(FULL)
    assert [text(each) for each in shown_page.iter("em")] == ["attention", "section 3"]
    outer = next(each for each in shown_page.iter("li") if text(each).startswith("A paper"))
    assert links(outer) == [("A paper", "https://example.org/paper"), ("its data", "https://example.org/data")]
    assert [text(each) for each in outer.iter("li")][1:] == ["its data"]
    assert "Read any two." in text(shown_page)
    assert "Nothing else." in text(shown_page)


def test_a_page_lists_the_resources_then_the_files_of_the_folder_with_their_sizes() -> None:
    beside = {
        "sessions/01-s/b.pdf": b"x" * 2_345_678,
        "sessions/01-s/A.txt": b"x" * 12,
        "sessions/01-s/code/run.py": b"x",
    }
    listed = [each for each in session(FULL, beside).iter("li") if links(each)][-5:]
    assert [text(each) for each in listed] == ["The slides", "Blog", "A.txt", "Slides: b.pdf (2.3 MB)", "code"]
    assert [targets(each)[0] for each in listed][2:] == ["A.txt", "b.pdf", "code"]


def test_a_table_calls_slides_slides_and_leaves_out_files_of_unknown_kinds() -> None:
    beside = {"sessions/01-s/Talk.PDF": b"x", "sessions/01-s/run.ipynb": b"x", "sessions/01-s/data.csv": b"x"}
    made = files({"01-s": {"title": "Bert", "date": "2024-02-05"}}, beside)
    table = shown(made, "upcoming")
    assert column(table, 1) == ["Bert (Notebook, Slides)"]
    assert targets(table)[1:] == ["sessions/01-s/run.ipynb", "sessions/01-s/Talk.PDF"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("tbc", "to be confirmed"),
        ("postponed", "postponed"),
        ("cancelled", "cancelled"),
        ("proposed", "looks for a date"),
        ("open", "free slot"),
    ],
)
def test_a_page_shows_the_sessions_status(status: str, said: str) -> None:
    shown_page = session({"title": "Bert", "date": "2024-02-05", "status": status})
    assert said in text(shown_page).casefold()


def test_a_page_links_to_the_sessions_before_and_after_it_by_date() -> None:
    made = built(
        files(
            {
                "03-c": dated("2024-01-01")["00-s"],
                "01-a": dated("2024-01-08")["00-s"],
                "02-b": dated("2024-02-01")["00-s"],
            }
        )
    )
    ways = links(page(made["sessions/01-a/README.md"]))
    assert ways == [
        ("2024-01-01", "../03-c/README.md"),
        ("All sessions", "../README.md"),
        ("2024-02-01", "../02-b/README.md"),
    ]


def test_the_way_from_page_to_page_passes_free_slots_and_what_has_no_date() -> None:
    made = built(
        files(
            {
                "01-a": {"title": "A", "date": "2024-01-01"},
                "02-b": {"date": "2024-01-08", "status": "open"},
                "03-c": {"title": "C", "date": "2024-01-15"},
                "04-d": {"title": "D", "status": "proposed"},
                "shelf": {"title": "E"},
            },
        ),
    )
    assert ("C", "../03-c/README.md") in links(page(made["sessions/01-a/README.md"]))
    assert targets(page(made["sessions/03-c/README.md"])) == ["../01-a/README.md", "../README.md"]
    assert targets(page(made["sessions/shelf/README.md"])) == ["../README.md"]


def test_the_parts_of_a_session_link_to_each_other() -> None:
    made = built(
        files(
            {
                "01-a": {"title": "Part I", "date": "2024-01-01", "material": READING},
                "02-b": {"title": "Part II", "date": "2024-01-08", "continues": "01-a"},
            },
        ),
    )
    assert "Shares its material with Part I." in text(page(made["sessions/02-b/README.md"]))
    assert ("Part I", "../01-a/README.md") in links(page(made["sessions/02-b/README.md"]))
    assert "continued-in" in anchored(page(made["sessions/01-a/README.md"]))
    assert ("Part II", "../02-b/README.md") in links(page(made["sessions/01-a/README.md"]))


def test_a_shelf_has_a_page_without_a_time_and_a_lead() -> None:
    shelf = session({"title": "Miscellaneous", "material": READING})
    assert text(headings(shelf)[0]) == "Miscellaneous"
    assert facts(shelf) == {}
    assert ("A paper", "https://example.org/paper") in links(shelf)


def test_a_strangers_heading_does_not_reach_the_outline() -> None:
    abstract = "# One\n\nTwo\n===\n\n<h1>Three</h1>\n\n> # Four\n"
    assert [text(each) for each in headings(session({"title": "Bert", "abstract": abstract}))] == ["Bert"]


def test_a_strangers_text_brings_no_element_of_its_own() -> None:
    html = (
        "<script>alert(1)</script> <img src=x onerror=alert(1)> <!-- x --> <b>bold</b> ![x](https://example.org/x.png)"
    )
    data = {
        "title": html,
        "date": "2024-02-05",
        "room": html,
        "kind": html,
        "abstract": html,
        "leads": [{"name": html}],
    }
    assert tags(session(data)) & {"script", "img", "b", "h2"} == set()


def test_pages_end_without_blanks_so_that_git_has_nothing_to_complain_of() -> None:
    later = {"date": "2024-01-08", "continues": "01-s"}
    made = built(
        files({"01-s": {**FULL, "date": "2024-01-01"}, "02-s": later, "03-s": FULL, "shelf": {"material": READING}})
    )
    pages = {path: content.decode() for path, content in made.items() if path.endswith(".md")}
    assert [
        path for path, text in pages.items() if re.search(r"[ \t]$|\n\n\n|\n\n\Z|[^\n]\Z", text, re.MULTILINE)
    ] == []


@given(groups(), DAYS)
def test_every_row_of_every_table_has_four_cells_and_every_page_one_title(made: Files, today: dt.date) -> None:
    for path, content in built(made, today).items():
        if path.endswith(".md") and path.count("/") < 2:
            assert {len(cells) for cells in rows(page(content))} <= {4}
        elif path.endswith(".md"):
            assert [each.tag for each in headings(page(content))][:1] == ["h1"]
            assert {each.tag for each in headings(page(content))[1:]} <= {"h2"}


@given(groups(), DAYS)
def test_no_text_of_a_session_becomes_an_element_on_a_page(made: Files, today: dt.date) -> None:
    found = set().union(*(tags(page(content)) for path, content in built(made, today).items() if path.endswith(".md")))
    known = "html head body h1 h2 h3 p a em strong del code pre ul ol li hr table thead tbody tr th td blockquote br"
    assert found <= set(known.split())
