"""Addresses of the site: first come keeps its own, and what is renamed leaves a redirect."""

import posixpath
import random
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import announced, entries, events
from groups import TODAY, Data, Files, built, catalogue, files, tree
from readingroom.core.tree import ANNOUNCED_PATH
from readingroom.site import build
from readingroom.store import generated, revisions
from readingroom.store.addresses import AddressBook, Owner
from readingroom.store.revisions import RevisionLog
from rendered import text

GITHUB = "https://github.com/ada"


def session(number: int = 1, **more: Any) -> Data:
    return {"title": f"Talk {number}", "date": f"2024-02-{number:02}", **more}


def led(*names: str, url: str = "", number: int = 1) -> Data:
    return session(number, leads=[{"name": name, **({"url": url} if url else {})} for name in names])


def group(sessions: dict[str, Data], **more: Any) -> Files:
    return files(sessions, **{"site": {"url": "https://example.org/group"}, **more})


def then(made: Files, sessions: dict[str, Data], **more: Any) -> Files:
    """Return a group after its sessions were replaced by these and it was built again."""
    return built({ANNOUNCED_PATH: made[ANNOUNCED_PATH], **group(sessions, **more)})


def site(made: Files) -> Files:
    return build.build_site(tree(made), lambda _: TODAY).files


def page(content: bytes) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    parsed: Element = parser.parse(content, transport_encoding="utf-8")
    return parsed


def follow(made: Files, path: str) -> str:
    """Return the path that a page of the site redirects to, after its links are found to lead there too."""
    shown = page(made[path])
    (refresh,) = [each.get("content", "") for each in shown.iter("meta") if each.get("http-equiv") == "refresh"]
    target = refresh.removeprefix("0; url=")
    assert [each.get("href") for each in shown.iter("a")] == ["../index.html", target]
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def summaries(content: bytes) -> list[str]:
    return [str(each["SUMMARY"]) for each in events(content)]


# First come keeps the address


def test_a_kind_that_comes_later_takes_no_calendar_away() -> None:
    before = built(group({"01-a": session(1, kind="Talk")}))
    after = site(then(before, {"01-a": session(1, kind="Talk"), "02-b": session(2, kind="TALK")}))
    assert summaries(after["calendars/talk.ics"]) == ["Talk: Talk 1"]
    assert summaries(after["calendars/talk-2.ics"]) == ["TALK: Talk 2"]


def test_a_person_who_comes_later_takes_nobodys_page() -> None:
    before = built(group({"01-a": led("Wei Zhang")}))
    after = site(
        then(before, {"01-a": led("Wei Zhang"), "02-b": led("Wei Zháng", number=2), "03-c": led("WEI ZHANG?")})
    )
    assert text(next(page(after["leads/wei-zhang.html"]).iter("h1"))) == "Wei Zhang"
    assert text(next(page(after["leads/wei-zhang-2.html"]).iter("h1"))) == "WEI ZHANG?"
    assert text(next(page(after["leads/wei-zhang-3.html"]).iter("h1"))) == "Wei Zháng"


@pytest.mark.parametrize("name", ["?!", "!?"])
def test_names_without_letters_keep_their_pages_too(name: str) -> None:
    before = built(group({"01-a": led("???")}))
    after = site(then(before, {"01-a": led("???"), "02-b": led(name, number=2)}))
    assert text(next(page(after["leads/person.html"]).iter("h1"))) == "???"


def test_the_address_of_someone_who_is_gone_leads_to_nobody_else_and_is_kept_for_a_return() -> None:
    gone = then(built(group({"01-a": led("Wei Zhang"), "02-b": session(2)})), {"02-b": session(2)})
    other = then(gone, {"02-b": session(2), "05-e": led("Wei Zháng", number=5)})
    assert "leads/wei-zhang.html" not in site(other)
    back = site(then(other, {"01-a": led("Wei Zhang"), "05-e": led("Wei Zháng", number=5)}))
    assert text(next(page(back["leads/wei-zhang.html"]).iter("h1"))) == "Wei Zhang"
    assert text(next(page(back["leads/wei-zhang-2.html"]).iter("h1"))) == "Wei Zháng"


# What is renamed leaves a redirect


@pytest.mark.parametrize(
    ("folder", "data"),
    [
        ("01-bert", session(1)),
        ("05-talk", session(1)),
        ("01-bert", session(1, title="BERT")),
        ("01-bert", {**session(1), "date": "2024-03-01"}),
    ],
)
def test_a_renamed_folder_leaves_a_page_and_a_calendar(folder: str, data: Data) -> None:
    after = then(built(group({"01-bret": session(1), "02-b": session(2)})), {folder: data, "02-b": session(2)})
    made = site(after)
    assert follow(made, "sessions/01-bret.html") == f"sessions/{folder}.html"
    assert made["sessions/01-bret.ics"] == made[f"sessions/{folder}.ics"]
    assert revisions.read_revisions(tree(after)).revisions[folder].addresses == ("01-bret",)


@pytest.mark.parametrize(("now", "is_kept"), [("01-bert", True), ("01-BRET", False)])
def test_files_of_a_renamed_folder_are_also_where_they_were(now: str, *, is_kept: bool) -> None:
    before, after = (
        {**group({folder: session(1)}), f"sessions/{folder}/slides.pdf": b"x", f"sessions/{folder}/x.html": b"x"}
        for folder in ("01-bret", now)
    )
    made = built({**after, ANNOUNCED_PATH: built(before)[ANNOUNCED_PATH]})
    copies = build.build_site(tree(made), lambda _: TODAY).copies
    source = f"sessions/{now}/slides.pdf"
    assert copies == {source: source, **({"sessions/01-bret/slides.pdf": source} if is_kept else {})}


def test_a_renamed_folder_keeps_its_event_and_its_entry_in_the_feed() -> None:
    before = built(group({"01-bret": session(1)}))
    after = then(before, {"02-bert": session(1, room="Enigma")})
    (was,), (event,) = (events(site(made)["calendar.ics"]) for made in (before, after))
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (was["UID"], 2, "CONFIRMED")
    (old,), (entry,) = (entries(site(made)["feed.xml"]) for made in (before, after))
    assert (entry.id, entry.published) == (old.id, old.published)
    assert entry.summary == "The page has another address. Room: Enigma."
    assert built(after) == after


def test_a_session_that_replaces_one_whose_removal_was_announced_is_another_event() -> None:
    removed = then(built(group({"01-a": session(1), "02-b": session(2)})), {"02-b": session(2)})
    found = events(site(then(removed, {"01-x": session(1), "02-b": session(2)}))["calendar.ics"])
    assert [(str(each["UID"])[:4], each["STATUS"]) for each in found] == [
        ("01-a", "CANCELLED"),
        ("01-x", "CONFIRMED"),
        ("02-b", "CONFIRMED"),
    ]


def test_two_sessions_without_a_date_are_not_one_for_their_number() -> None:
    dated = built(group({"01-a": session(1)}))
    undated = then(dated, {"01-a": {"title": "Talk 1", "status": "postponed"}})
    found = events(site(then(undated, {"01-x": {"title": "An idea", "status": "proposed"}}))["calendar.ics"])
    assert [(str(each["UID"])[:4], str(each["SUMMARY"])) for each in found] == [("01-a", "Cancelled session")]
    moved = events(site(then(undated, {"01-x": {"title": "Talk 1", "status": "postponed"}}))["calendar.ics"])
    assert [(str(each["UID"])[:4], str(each["SUMMARY"])) for each in moved] == [("01-a", "Talk 1 (postponed)")]


def test_a_new_session_in_a_folder_of_an_old_name_is_another_event() -> None:
    renamed = then(built(group({"01-a": session(1)})), {"01-b": session(1)})
    made = then(renamed, {"01-a": session(7), "01-b": session(1)})
    found = {str(each["SUMMARY"]): str(each["UID"]).partition("@")[0] for each in events(site(made)["calendar.ics"])}
    assert found == {"Talk 1": "01-a", "Talk 7": "01-a-2"}
    moved = then(made, {"01-c": session(7), "01-b": session(1)})
    found = {str(each["SUMMARY"]): str(each["UID"]).partition("@")[0] for each in events(site(moved)["calendar.ics"])}
    assert found == {"Talk 1": "01-a", "Talk 7": "01-a-2"}


FOLDERS = st.sampled_from(["01-a", "01-b", "02-a", "02-b", "01-a-2", "03-c"])


@given(st.lists(st.lists(FOLDERS, min_size=3, max_size=3, unique=True), min_size=2, max_size=4))
def test_wherever_sessions_move_no_two_events_are_one_and_none_goes_back(history: list[list[str]]) -> None:
    log, known = RevisionLog(), {}
    for folders in history:
        sessions = {folder: session(number) for number, folder in enumerate(folders, 1)}
        log = announced(catalogue(sessions), before=log)
        events_now = {revision.uid or folder: revision.sequence for folder, revision in log.revisions.items()}
        assert len(events_now) == len(log.revisions)
        assert all(events_now[uid] >= sequence for uid, sequence in known.items())
        known = events_now


def test_a_folder_that_is_renamed_twice_and_back_leads_from_all_its_names() -> None:
    names = ["01-a", "01-b", "01-c", "01-a"]
    made = built(group({names[0]: session(1)}))
    for name in names[1:]:
        made = then(made, {name: session(1)})
        assert built(made) == made
    assert {path: follow(site(made), path) for path in ("sessions/01-b.html", "sessions/01-c.html")} == {
        "sessions/01-b.html": "sessions/01-a.html",
        "sessions/01-c.html": "sessions/01-a.html",
    }


@pytest.mark.parametrize(
    "sessions",
    [
        {"09-x": session(9)},  # another session
        {"01-x": session(9)},  # another one with the number alone
        {"09-x": session(1), "08-y": session(1)},  # two that could be it
        {"09-x": {**session(9), "date": "2024-02-01"}},  # another one at the same time
    ],
)
def test_a_folder_that_may_be_gone_leaves_no_redirect(sessions: dict[str, Data]) -> None:
    assert "sessions/01-a.html" not in site(then(built(group({"01-a": session(1)})), sessions))


def test_a_new_session_in_a_folder_of_an_old_name_has_the_page() -> None:
    renamed = then(built(group({"01-a": session(1)})), {"01-b": session(1)})
    made = site(then(renamed, {"01-a": session(7), "01-b": session(1)}))
    assert text(next(page(made["sessions/01-a.html"]).iter("h1"))) == "Talk 7"


def test_a_folder_whose_name_differs_in_case_alone_leaves_nothing_that_a_disk_would_take_for_its_page() -> None:
    made = site(then(built(group({"01-Bert": session(1)})), {"01-bert": session(1)}))
    assert [path for path in made if path.casefold() == "sessions/01-bert.html"] == ["sessions/01-bert.html"]


def test_a_renamed_kind_leaves_its_calendar_to_those_who_subscribe() -> None:
    sessions = {"01-a": session(1, kind="Talk"), "02-b": session(2, kind="Panel")}
    after = then(built(group(sessions)), {**sessions, "01-a": session(1, kind="Invited Talk")})
    made = site(after)
    assert summaries(made["calendars/invited-talk.ics"]) == ["Invited Talk: Talk 1"]
    assert made["calendars/talk.ics"] == made["calendars/invited-talk.ics"]
    assert built(after) == after


def test_a_kind_that_joins_another_or_gets_its_name_back_leaves_its_calendar() -> None:
    one, two = session(1, kind="Talk"), session(2, kind="Talks")
    joined = then(built(group({"01-a": one, "02-b": two})), {"01-a": {**one, "kind": "Talks"}, "02-b": two})
    made = site(joined)
    assert made["calendars/talk.ics"] == made["calendars/talks.ics"]
    back = site(then(joined, {"01-a": one, "02-b": {**two, "kind": "Talk"}}))
    assert summaries(back["calendars/talk.ics"]) == ["Talk: Talk 1", "Talk: Talk 2"]
    assert back["calendars/talks.ics"] == back["calendars/talk.ics"]


def test_a_kind_that_is_gone_leaves_no_calendar_to_another() -> None:
    after = then(built(group({"01-a": session(1, kind="Talk")})), {"02-b": session(2, kind="Panel")})
    assert [path for path in site(after) if path.startswith("calendars/")] == ["calendars/panel.ics"]


@pytest.mark.parametrize(("old", "new", "url"), [("Ada B", "Ada Lovelace", GITHUB), ("Ed Gun", "Ed Gunn", "")])
def test_a_renamed_person_leaves_a_page(old: str, new: str, url: str) -> None:
    after = then(built(group({"01-a": led(old, url=url)})), {"01-a": led(new, url=url)})
    slugs = [name.lower().replace(" ", "-") for name in (old, new)]
    assert follow(site(after), f"leads/{slugs[0]}.html") == f"leads/{slugs[1]}.html"
    assert built(after) == after


@pytest.mark.parametrize(("count", "moved"), [(3, 3), (230, 0)])
def test_names_are_compared_unless_hundreds_change_at_once(count: int, moved: int) -> None:
    before, after = (
        catalogue(
            {f"{number}-x": led(f"{chr(97 + number % 26)}{number * 7919} Ray{end}") for number in range(1, count + 1)}
        )
        for end in ("", "s")
    )
    assert len([*announced(after, before=announced(before)).people.iter_moved()]) == moved


@pytest.mark.parametrize("url", ["", "https://lab.example"])
def test_another_speaker_gets_no_redirect_of_the_one_who_cannot_come(url: str) -> None:
    made = site(then(built(group({"01-a": led("Ann Lee", url=url)})), {"01-a": led("Bob Ray", url=url)}))
    assert sorted(path for path in made if path.startswith("leads/")) == ["leads/bob-ray.html", "leads/bob-ray.ics"]


def test_a_site_is_the_same_before_and_after_the_build_that_records_its_addresses() -> None:
    before = built(group({"01-a": led("Ed Gun"), "02-b": session(2, kind="Talk")}))
    changed = {**before, **group({"01-a": led("Ed Gunn"), "02-b": session(2, kind="Talks")})}
    assert site(changed) == site(built(changed))


def test_redirects_are_not_in_the_sitemap_nor_is_the_page_of_missing_pages() -> None:
    made = site(then(built(group({"01-a": session(1)})), {"01-b": session(1)}))
    assert b"01-b.html" in made["sitemap.xml"]
    assert b"01-a.html" not in made["sitemap.xml"]
    assert b"404" not in made["sitemap.xml"]


def test_a_record_from_elsewhere_makes_no_file_outside_its_folder() -> None:
    made = built(group({"01-a": session(1)}))
    text = made[ANNOUNCED_PATH].partition(b"\n")[2].decode()
    text = text.replace('"start"', '"addresses": ["../../x", "a/b", "", "con", "01-z"], "start"').replace('"", ', "")
    made[ANNOUNCED_PATH] = generated.add_yaml_banner(text, "every session.yml", "file")
    assert sorted(path for path in site(made) if path.startswith("sessions/")) == [
        "sessions/01-a.html", "sessions/01-a.ics", "sessions/01-a.png", "sessions/01-z.html", "sessions/01-z.ics",
        "sessions/01-z.png",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "start"), [("https://example.org/group", "/group/"), ("https://example.org", "/"), ("", "")]
)
def test_the_page_of_missing_pages_finds_its_way_from_any_folder(url: str, start: str) -> None:
    made = site(built(group({"01-a": session(1)}, site={"url": url} if url else {})))
    shown = page(made["404.html"])
    links = [each.get("href", "") for each in shown.iter("a")] + [each.get("href", "") for each in shown.iter("link")]
    within = [each for each in links if "://" not in each and not each.startswith("#")]
    assert [each for each in within if not each.startswith(start) or each.removeprefix(start) not in made] == []


# Any history

TITLES = st.sampled_from(["Talk", "TALK", "talk", "Talk 2", "Panel", "?", "!", "Wei Zhang", "Wei Zháng"])


@given(st.lists(st.sets(TITLES), min_size=1, max_size=6), st.randoms())
def test_whoever_comes_and_goes_everyone_keeps_the_first_address(
    history: list[set[str]], chance: random.Random
) -> None:
    book, first = AddressBook(), dict[str, str]()
    for titles in history:
        owners = [Owner(title, (title,)) for title in chance.sample(sorted(titles), len(titles))]
        book = book.assign_addresses(owners, "kind")
        assert book.assign_addresses(owners, "kind") == book
        current = book.map_current()
        for title in titles:
            assert first.setdefault(title, current[title,]) == current[title,]
    assert len(set(first.values())) == len(first)


NAMES = st.sampled_from(["Li Wei", "Wei Li", "Ada"])
HANDLES = st.sampled_from(["", GITHUB, "https://github.com/liwei", "https://orcid.org/0000-0002-1825-0097"])
PEOPLE = st.builds(lambda name, url: {"name": name, **({"url": url} if url else {})}, NAMES, HANDLES)


@given(st.lists(st.lists(st.lists(PEOPLE, max_size=2), max_size=4), min_size=1, max_size=3))
def test_whoever_is_who_a_second_build_changes_no_address(history: list[list[list[dict[str, str]]]]) -> None:
    made = built(group({}))
    for leads in history:
        made = then(made, {f"0{n}-a": session(n, leads=each) for n, each in enumerate(leads, 1)})
        assert built(made) == made
