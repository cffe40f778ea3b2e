"""Who has led what: one person once, and each session with the names that its own file has."""

import csv
import io
import json
import re
from typing import Any

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calendars import announced, entries, events
from groups import TODAY, Files, built, catalogue, files, tree
from readingroom.site import build, people
from readingroom.site.people import LeadDirectory
from readingroom.store.leads import parse_handle
from rendered import page, text

Lead = dict[str, str]
LAB, GITHUB, ORCID = "https://lab.example", "https://github.com/jm", "https://orcid.org/0000-0002-1825-0097"


def lead(name: str, url: str = "", affiliation: str = "") -> Lead:
    return {key: value for key, value in (("name", name), ("url", url), ("affiliation", affiliation)) if value}


def of(*leads: list[Lead], **more: Any) -> LeadDirectory:
    sessions = {f"{n}-x": {"date": f"2024-01-0{n}", "leads": each, **more} for n, each in enumerate(leads, 1)}
    known = catalogue(sessions)
    return LeadDirectory(known.sessions, announced(known))


def led(found: LeadDirectory) -> list[tuple[str, list[str]]]:
    return [(each.name, [session.folder for session in each.sessions]) for each in found.all]


def shown(found: LeadDirectory) -> list[list[str]]:
    """Return the names that each session shows."""
    sessions = {session.folder: session for each in found.all for session in each.sessions}
    return [[link.name for link in found.list_session_leads(sessions[folder])] for folder in sorted(sessions)]


# The inputs of public reports


def test_two_people_of_one_lab_are_two_people_and_a_third_is_neither() -> None:
    found = of([lead("Ann", LAB), lead("Bob", LAB)], [lead("Cleo", LAB)])
    assert led(found) == [("Ann", ["1-x"]), ("Bob", ["1-x"]), ("Cleo", ["2-x"])]
    assert shown(found) == [["Ann", "Bob"], ["Cleo"]]


def test_namesakes_with_handles_are_two_people_each_with_an_affiliation_of_their_own() -> None:
    one, two = lead("Li Wei", "https://github.com/liwei1", "Oxford"), lead("Li Wei", "https://github.com/liwei2", "ETH")
    found = of([one], [two], [one])
    assert [(each.affiliation, len(each.sessions)) for each in found.all] == [("Oxford", 2), ("ETH", 1)]
    assert len({each.path for each in found.all}) == 2


def test_namesakes_without_handles_have_on_each_session_the_affiliation_that_its_file_has() -> None:
    found = of([lead("Li Wei", LAB, "Oxford")], [lead("Li Wei", "https://eth.example", "ETH")])
    links = [found.list_session_leads(session)[0] for session in found.all[0].sessions]
    assert [link.affiliation for link in links] == ["Oxford", "ETH"]
    assert found.all[0].affiliation == "ETH, Oxford"


def test_a_spelling_never_replaces_another_on_past_sessions() -> None:
    found = of([lead("Jürgen Müller", GITHUB)], [lead("J. Mueller", GITHUB)], [lead("J. Mueller", GITHUB)])
    assert led(found) == [("J. Mueller", ["1-x", "2-x", "3-x"])]
    assert found.all[0].spellings == ("Jürgen Müller",)
    assert shown(found) == [["Jürgen Müller"], ["J. Mueller"], ["J. Mueller"]]


# The same kind


@pytest.mark.parametrize("shared", [GITHUB, ORCID, LAB])
def test_two_names_of_one_session_are_never_one_person_whatever_they_share(shared: str) -> None:
    found = of([lead("Ann", shared), lead("Bob", shared)], [lead("Ann", shared)], [lead("Bob", shared)])
    assert led(found) == [("Ann", ["1-x", "2-x"]), ("Bob", ["1-x", "3-x"])]


def test_names_that_lead_a_session_together_elsewhere_share_no_handle() -> None:
    found = of([lead("Ann", GITHUB)], [lead("Anna", GITHUB)], [lead("Ann"), lead("Anna")])
    assert led(found) == [("Ann", ["1-x", "3-x"]), ("Anna", ["2-x", "3-x"])]


def test_namesakes_of_one_session_are_two_people() -> None:
    found = of([lead("Li Wei", "", "Oxford"), lead("Li Wei", "", "ETH")], [lead("Li Wei", "", "ETH")])
    assert [(each.affiliation, len(each.sessions)) for each in found.all] == [("ETH", 2), ("Oxford", 1)]
    assert len({each.path for each in found.all}) == 2


def test_a_handle_joins_what_a_name_and_another_handle_join() -> None:
    found = of([lead("Ada", GITHUB)], [lead("Ada Lovelace", GITHUB)], [lead("Ada", ORCID)], [lead("Ada")])
    assert led(found) == [("Ada", ["1-x", "2-x", "3-x", "4-x"])]


def test_a_chain_of_handles_does_not_join_two_people_of_one_session() -> None:
    found = of([lead("A", GITHUB)], [lead("B", GITHUB)], [lead("B", ORCID)], [lead("C", ORCID)], [lead("A"), lead("C")])
    together = [each.name for each in found.all if "5-x" in [session.folder for session in each.sessions]]
    assert together == ["A", "C"]


def test_a_handle_that_many_names_share_is_nobodys_own() -> None:
    names = ["Ada", "Bob", "Cy", "Di", "Ed"]
    assert [each.name for each in of(*([lead(name, GITHUB)] for name in names)).all] == names


def test_one_name_is_one_person_whatever_its_case_its_link_and_its_spaces() -> None:
    found = of([lead("Ada B")], [lead("ada b", LAB)], [lead("Ada  B", GITHUB)], [lead("Ada C")], [lead("Ada B")])
    assert [(each.name, len(each.sessions)) for each in found.all] == [("Ada B", 4), ("Ada C", 1)]


@pytest.mark.parametrize(
    ("url", "handle"),
    [
        ("https://github.com/Ada", "github:ada"),
        ("http://www.github.com/ada/", "github:ada"),
        ("https://github.com/ada?tab=repositories", "github:ada"),
        ("https://orcid.org/0000-0002-1694-233x", "orcid:0000-0002-1694-233x"),
        ("https://orcid.org/0000-0002-1694-233X/", "orcid:0000-0002-1694-233x"),
        ("https://github.com/lab/site", ""),
        ("https://github.com/", ""),
        ("https://ada.github.io", ""),
        ("https://lab.example/github.com/ada", ""),
        ("https://orcid.org/ada", ""),
    ],
)
def test_handles_of_github_and_orcid_identify(url: str, handle: str) -> None:
    assert parse_handle(url) == handle


def test_names_alike_have_pages_of_their_own() -> None:
    paths = [each.path for each in of([lead("Zoë!"), lead("zoe"), lead("???"), lead("!!")]).all]
    assert paths == ["leads/person.html", "leads/person-2.html", "leads/zoe.html", "leads/zoe-2.html"]


def test_the_order_of_files_changes_nothing() -> None:
    leads = [[lead("Ada", GITHUB)], [lead("Ada L", GITHUB)], [lead("Ada L")], [lead("Bob")]]
    assert [each[:4] for each in of(*leads).all] == [each[:4] for each in of(*leads[::-1]).all]


def test_the_most_active_are_counted_over_the_sessions_that_are_given() -> None:
    found = of([lead("Ada")], [lead("Bob")], [lead("Bob")])
    assert [(each.name, n) for each, n in people.rank_leads(found, {"1-x", "2-x"})] == [("Ada", 1), ("Bob", 1)]
    assert [(each.name, n) for each, n in people.rank_leads(found, {"2-x", "3-x"})] == [("Bob", 2)]


# On every page

NAMES = st.sampled_from(
    ["Ann", "ann", "Bob", "J. Mueller", "Jürgen Müller", "Li Wei", "Wei Zhang", "Wei Zháng", "李伟"]
)
URLS = st.sampled_from(["", LAB, GITHUB, "https://github.com/other", ORCID])
LEADS = st.builds(lead, NAMES, URLS, st.sampled_from(["", "Oxford", "ETH"]))
SESSIONS = st.lists(st.lists(LEADS, max_size=3), min_size=1, max_size=5)


def build_everything(leads: list[list[Lead]]) -> tuple[list[str], Files]:
    """Return the folders of a group, half of whose sessions are past, and all of its files and its site's."""
    sessions = {
        f"{n:02}-x": {"title": f"T{n}", "date": f"2024-01-{10 + 2 * n}", "leads": each} for n, each in enumerate(leads)
    }
    made = built(files(sessions, {"README.md": README}, site={"url": "https://example.org"}))
    return list(sessions), {**made, **build.build_site(tree(made), lambda _: TODAY).files}


def markdown_text(content: bytes) -> str:
    return text(page(content))


def page_text(content: bytes) -> str:
    return text(html5lib.parse(content, namespaceHTMLElements=False))


README = "".join(
    f"<!-- readingroom:begin {each} -->\n<!-- readingroom:end {each} -->\n" for each in ("upcoming", "previous")
)


@settings(max_examples=20)
@given(SESSIONS)
@example([[lead("Ann", LAB), lead("Bob", LAB)], [lead("Cleo", LAB)]])
@example([[lead("Jürgen Müller", GITHUB)], [lead("J. Mueller", GITHUB)]])
@example([[lead("Li Wei", "", "Oxford"), lead("Li Wei", "", "ETH")]])
def test_no_name_of_a_session_file_is_missing_or_replaced_on_any_page(leads: list[list[Lead]]) -> None:
    folders, made = build_everything(leads)
    people_page = page_text(made["leads.html"])
    rows = {row["folder"]: row for row in csv.DictReader(io.StringIO(made["sessions.csv"].decode("utf-8-sig")))}
    data = {each["folder"]: each for each in json.loads(made["sessions.json"])["sessions"]}
    descriptions = {
        str(each["UID"]).partition("@")[0]: str(each.get("DESCRIPTION", "")) for each in events(made["calendar.ics"])
    }
    feed = {
        each.title: [author.get("name") for author in each.get("authors", ()) if author]
        for each in entries(made["feed.xml"])
    }
    search = json.loads(re.sub(r"\A.*? = |;\n\Z", "", made["search.js"].decode()))
    found = {row[0]: [search["leads"][number][0] for number in row[6]] for row in search["rows"]}
    for number, (folder, wanted) in enumerate(zip(folders, leads, strict=True)):
        names = [each["name"] for each in wanted]
        labels = [
            f"{each['name']} ({each['affiliation']})" if "affiliation" in each else each["name"] for each in wanted
        ]
        distinct = list(dict.fromkeys((each["name"], each.get("url"), each.get("affiliation")) for each in wanted))
        assert [each["name"] for each in data[folder].get("leads", [])] == names
        assert rows[folder]["leads"] == "; ".join(names)
        assert (f"Led by {', '.join(labels)}." if names else "") in descriptions[folder]
        assert not names or feed[f"T{number}"] == names
        assert found[folder] == [name for name, *_ in distinct]
        assert ", ".join(labels) in markdown_text(made[f"sessions/{folder}/README.md"])
        facts = ", ".join(f"{name} ({affiliation})" if affiliation else name for name, _, affiliation in distinct)
        assert facts in page_text(made[f"sessions/{folder}.html"])
        assert ", ".join(name for name, *_ in distinct) in page_text(made["years/2024.html"])
        lists = [made["README.md"], *([made["sessions/README.md"]] if number < 3 else [])]
        assert [each for each in lists if ", ".join(labels) not in markdown_text(each)] == []
        assert [name for name in names if name not in people_page] == []
