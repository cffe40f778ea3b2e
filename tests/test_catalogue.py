"""All files of a group to its catalogue, or every problem at once."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import built, files, outline, tree
from groups import write as put
from readingroom.core.diagnostics import Invalid
from readingroom.core.models import Group
from readingroom.core.tree import GitFile, Tree, find_picture_paths
from readingroom.github import git_tree
from readingroom.io import disk
from readingroom.store import catalogue, generated
from strategies import SESSIONS

if TYPE_CHECKING:
    from pathlib import Path

    from readingroom.core.diagnostics import Diagnostic

GROUP = b"name: Robots\ntime_zone: Europe/London\n"


def problems(found: Tree) -> list[Diagnostic]:
    with pytest.raises(Invalid) as raised:
        catalogue.read_catalogue(found)
    return raised.value.problems


def findings(found: Tree) -> list[Diagnostic]:
    """Return what the rules that look across files report of valid ones."""
    return list(catalogue.read_catalogue(found).findings)


def of_folders(*folders: str) -> Tree:
    contents = {f"sessions/{folder}/session.yml": b"title: x\n" for folder in folders}
    return Tree({"readingroom.yml": GROUP, **contents}, {folder: {} for folder in folders})


def continuing(**folders: str) -> list[str]:
    """Return what is reported of sessions a, b, ... that continue others: the folder of each, and the text."""
    sessions = {folder: {"title": folder, "continues": target} for folder, target in folders.items()}
    found = findings(tree(files(sessions)))
    assert {(each.line, each.key, each.code) for each in found} == {(2, "continues", "session-continues-invalid")}
    return [f"{each.file.split('/')[1]}: {each.text}" for each in found]


def test_a_catalogue_has_the_group_and_the_sessions_by_folder() -> None:
    known = catalogue.read_catalogue(tree(files({"02-y": {"title": "GPT"}, "01-x": {"title": "BERT"}}, name="Robots")))
    assert known.group == Group("Robots", "Europe/London")
    assert [(each.folder, each.title) for each in known.sessions] == [("01-x", "BERT"), ("02-y", "GPT")]


def test_a_group_without_sessions_is_a_group() -> None:
    assert catalogue.read_catalogue(Tree({"readingroom.yml": GROUP})).sessions == ()


def test_files_beside_a_session_are_its_resources() -> None:
    found = tree(files({"01-x": {"title": "BERT"}}, {"sessions/01-x/slides.pdf": b"12345"}))
    assert [(each.url, each.size) for each in catalogue.read_catalogue(found).sessions[0].resources] == [
        ("slides.pdf", 5)
    ]


@given(st.dictionaries(st.sampled_from(["01-x", "02-y", "03-z", "more"]), SESSIONS, max_size=4))
def test_every_file_of_the_schemas_shape_is_read_or_reported_one_by_one(sessions: dict[str, dict[str, Any]]) -> None:
    dateless = {
        folder
        for folder, data in sessions.items()
        if "date" not in data and data.get("status", "proposed") not in {"proposed", "postponed"}
    }
    found = tree(files(sessions))
    if dateless:
        assert [(each.file, each.code) for each in problems(found)] == [
            (f"sessions/{each}/session.yml", "session-date-missing") for each in sorted(dateless)
        ]
    else:
        assert [each.folder for each in catalogue.read_catalogue(found).sessions] == sorted(sessions)


def test_every_problem_of_every_file_is_reported_at_once() -> None:
    found = Tree(
        {
            "readingroom.yml": b"name: Robots\ntime_zone: London\n",
            "sessions/01-x/session.yml": b"leeds: Ada\nstatus: canceled\n",
            "sessions/02-y/session.yml": b"title: [x\n",
            "sessions/03-z/session.yml": b"title: z\ncontinues: 04-a\n",
        },
        {"01-x": {}, "02-y": {}, "03-z": {}, "05 b": {"slides.pdf": 9}},
        {"sessions/04-a": "is a link"},
    )
    assert outline(problems(found)) == [
        "readingroom.yml:2 [time-zone-unknown] time_zone",
        "sessions/01-x/session.yml:1 [key-unknown] leeds",
        "sessions/01-x/session.yml:2 [value-invalid] status",
        "sessions/02-y/session.yml:1 [yaml-syntax]",
        "sessions/04-a [file-unreadable]",
        "sessions/05 b [folder-name-invalid]",
    ]


def test_a_missing_groups_file_does_not_hide_the_sessions_problems() -> None:
    assert outline(problems(Tree({"sessions/01-x/session.yml": b"leeds: x\n"}, {"01-x": {}}))) == [
        "readingroom.yml [group-file-missing]",
        "sessions/01-x/session.yml:1 [key-unknown] leeds",
    ]


@pytest.mark.parametrize(
    "zone", ["London", "GMT+1:00", "../../etc/passwd", "/etc/localtime", "Europe", "europe/", "x" * 64, "\ud7ff"]
)
def test_a_time_zone_that_does_not_exist_is_reported(zone: str) -> None:
    (problem,) = problems(tree(files({}, time_zone=zone)))
    assert outline([problem]) == ["readingroom.yml:2 [time-zone-unknown] time_zone"]
    assert f'"{zone}"' in problem.message


@pytest.mark.parametrize("zone", ["Europe/London", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT-14"])
def test_a_time_zone_by_its_iana_name_is_known(zone: str) -> None:
    assert catalogue.read_group(tree(files({}, time_zone=zone))).time_zone == zone


@pytest.mark.parametrize("pattern", ["MMMM yyyy", "yyyy", "EEEE", "d", "EEEE d", "'dd/MM/yy'"])
def test_a_date_format_that_does_not_distinguish_the_days_is_reported(pattern: str) -> None:
    (problem,) = problems(tree(files({}, date_format=pattern)))
    assert outline([problem]) == ["readingroom.yml:3 [date-format-invalid] date_format"]
    assert f'"{pattern}"' in problem.message


@pytest.mark.parametrize(
    ("pattern", "said", "hint"),
    [
        ("YYYY-MM-DD", '"D" (the day of the year) and "Y"', 'Did you mean "yyyy-MM-dd"?'),
        ("dd/MM/YYYY", '"Y" (the year that a week belongs to).', 'Did you mean "dd/MM/yyyy"?'),
        ("D MMM yyyy", '"D" (the day of the year).', 'Did you mean "d MMM yyyy"?'),
        ("dd.mm.yyyy", '"m" (minutes).', 'Did you mean "dd.MM.yyyy"?'),
        ("yyyy-'W'ww-e", '"w" (the week of the year).', "Expected: a pattern"),
        ("F. MMMM", '"F" (the week of the month).', "Expected: a pattern"),
        ("d MMM HH:mm", '"H" (no part of a date) and "m" (minutes).', "Expected: a pattern"),
        ("d g", '"g" (a count of days).', "Expected: a pattern"),
        ("dd MMM 'im' jjjj", '"j" (no part of a date).', "Expected: a pattern"),
    ],
)
def test_letters_that_nobody_means_are_refused_with_the_pattern_that_is_meant(
    pattern: str, said: str, hint: str
) -> None:
    (problem,) = problems(tree(files({}, date_format=pattern)))
    assert outline([problem]) == ["readingroom.yml:3 [date-format-invalid] date_format"]
    assert said in problem.message
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ({"time_zone": "europe/london"}, 'Did you mean "Europe/London"?'),
        ({"time_zone": "Europe/Londn"}, 'Did you mean "Europe/London"?'),
        ({"time_zone": "berlin"}, 'Did you mean "Europe/Berlin"?'),
        ({"time_zone": "localtime"}, "Expected: a time zone"),
        ({"time_zone": "Factory"}, "Expected: a time zone"),
        ({"time_zone": "right/Europe/London"}, 'Did you mean "Europe/London"?'),
        ({"locale": "en-US"}, 'Did you mean "en_US"?'),
        ({"locale": "pt-BR"}, 'Did you mean "pt_BR"?'),
        ({"locale": "german"}, 'Did you mean "de"?'),
        ({"locale": "zz"}, "Expected: a language"),
    ],
)
def test_a_name_that_is_nearly_right_is_suggested(value: dict[str, str], hint: str) -> None:
    (problem,) = problems(tree(files({}, **value)))
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    "pattern", ["dd/MM/yy", "EEEE d MMMM yyyy", "d. MMM", "yyyy-MM-dd", "d MMMM y", "'Y D' d. LLL"]
)
def test_a_date_format_that_distinguishes_the_days_is_accepted(pattern: str) -> None:
    assert catalogue.read_group(tree(files({}, date_format=pattern))).date_format == pattern


@pytest.mark.parametrize("locale", ["xx_YY", "english", "en-", "de_"])
def test_a_language_that_does_not_exist_is_reported(locale: str) -> None:
    (problem,) = problems(tree(files({}, locale=locale)))
    assert outline([problem]) == ["readingroom.yml:3 [locale-unknown] locale"]
    assert f'"{locale}"' in problem.message


@pytest.mark.parametrize(
    "name", ["21-retentive-networks", "7", "miscellaneous", "Attention-2", "a" * 80, "console", "com10"]
)
def test_a_folders_name_is_letters_digits_and_hyphens(name: str) -> None:
    assert [each.folder for each in catalogue.read_catalogue(of_folders(name)).sessions] == [name]


@pytest.mark.parametrize(
    "name",
    [
        "21 x",
        "21_x",
        "21.x",
        "-rf",
        "21-",
        "..",
        "é",
        "x\n",
        "٢١-x",
        "a" * 81,
        "con",
        "AUX",
        "Nul",
        "LPT1",
        "x:y",
        "~",
        "%2e",
    ],
)
def test_a_folder_that_some_system_or_link_would_not_take_is_refused(name: str) -> None:
    assert outline(problems(of_folders(name))) == [f"sessions/{name} [folder-name-invalid]"]


def test_folders_that_differ_in_case_alone_are_refused() -> None:
    (problem,) = problems(of_folders("Attention", "attention"))
    assert outline([problem]) == ["sessions/attention [folder-name-clash]"]
    assert "sessions/Attention" in problem.message


def test_folders_with_one_number_are_reported() -> None:
    (problem,) = findings(of_folders("07-x", "7-y", "8-z"))
    assert outline([problem]) == ["sessions/7-y [folder-number-duplicate]"]
    assert "sessions/07-x" in problem.message


def test_a_folder_without_a_session_is_reported() -> None:
    found = Tree({"readingroom.yml": GROUP}, {"21-x": {"slides.pdf": 9}})
    assert outline(findings(found)) == ["sessions/21-x [folder-without-session]"]


def test_a_folder_that_holds_only_its_old_page_is_no_problem() -> None:
    page = generated.add_page_banner("x", "session.yml")
    found = Tree({"readingroom.yml": GROUP, "sessions/21-x/README.md": page}, {"21-x": {}})
    assert catalogue.read_catalogue(found).sessions == ()


def test_a_folder_that_holds_nothing_is_no_problem_as_git_keeps_none() -> None:
    assert catalogue.read_catalogue(Tree({"readingroom.yml": GROUP}, {"21-x": {}})).sessions == ()


def test_a_folder_with_somebodys_own_page_alone_lacks_a_session() -> None:
    found = Tree({"readingroom.yml": GROUP, "sessions/21-x/README.md": b"My own words\n"}, {"21-x": {}})
    assert outline(findings(found)) == ["sessions/21-x [folder-without-session]"]


def test_a_kind_should_be_one_of_the_groups_if_it_names_any() -> None:
    sessions = {
        "01-x": {"kind": "technical"},
        "02-y": {"kind": "Party"},
        "03-z": {"kind": "Technical"},
        "04-a": {"room": "x"},
    }
    found = findings(tree(files(sessions, kinds=["Technical", "Discussion"])))
    assert outline(found) == [
        "sessions/01-x/session.yml:1 [session-kind-unknown] kind",
        "sessions/02-y/session.yml:1 [session-kind-unknown] kind",
    ]
    assert ('"technical"' in found[0].message, '"Technical"' in found[0].hint) == (True, True)
    assert ('"Party"' in found[1].message, "Technical, Discussion" in found[1].hint) == (True, True)
    assert len(catalogue.read_catalogue(tree(files(sessions))).sessions) == 4


@pytest.mark.parametrize("status", ["confirmed", "tbc", "cancelled", "open"])
def test_a_status_that_needs_a_date_is_reported_without_one(status: str) -> None:
    (problem,) = problems(tree(files({"01-x": {"status": status}})))
    assert outline([problem]) == ["sessions/01-x/session.yml:1 [session-date-missing] status"]
    assert f'"{status}"' in problem.message


def test_a_session_may_continue_one_that_continues_another() -> None:
    sessions = {"a": {"title": "a"}, "b": {"continues": "a"}, "c": {"continues": "b"}}
    assert [each.continues for each in catalogue.read_catalogue(tree(files(sessions))).sessions] == ["", "a", "b"]


def test_a_session_that_continues_itself_or_nothing_is_reported() -> None:
    assert [each.split(".")[0] for each in continuing(a="a")] == ['a: found "a", which leads back here']
    (near,) = continuing(attention="atention")
    (far,) = continuing(a="zebra")
    assert near.startswith('attention: found "atention", which is not a session')
    assert far.startswith('a: found "zebra", which is not a session')
    assert ('"attention"' in near, "Did you mean" in far) == (True, False)


def test_a_circle_is_reported_for_the_sessions_in_it_and_for_no_other() -> None:
    assert [each.split(".")[0] for each in continuing(a="b", b="c", c="a", d="a")] == [
        'a: found "b", which leads back here',
        'b: found "c", which leads back here',
        'c: found "a", which leads back here',
    ]


def test_a_session_may_continue_one_whose_file_is_wrong() -> None:
    found = tree(files({"b": {"title": "b", "continues": "a"}}, {"sessions/a/session.yml": "titel: a\n"}))
    assert outline(problems(found)) == ["sessions/a/session.yml:1 [key-unknown] titel"]


def test_a_thousand_sessions_that_continue_one_another_come_to_an_end() -> None:
    names = [f"{number:04}-x" for number in range(1000)]
    chain = {name: {"title": name, "continues": before} for before, name in itertools.pairwise(names)}
    known = catalogue.read_catalogue(tree(files({names[0]: {"title": "first"}, **chain})))
    assert len(known.sessions) == 1000


def test_fifty_thousand_files_beside_a_session_are_its_resources() -> None:
    found = of_folders("01-x")
    found.listings["01-x"].update({f"{number}.png": 1 for number in range(50_000)})
    assert len(catalogue.read_catalogue(found).sessions[0].resources) == 50_000


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({}, "there is no such file"),
        ({"art/logo.png": "art is a link"}, "art is a link"),
        ({"art/logo.png": "art/logo.png is a folder"}, "art/logo.png is a folder"),
    ],
)
def test_a_logo_that_is_no_file_of_the_group_is_reported_with_its_line(wrong: dict[str, str], reason: str) -> None:
    found = Tree({"readingroom.yml": GROUP + b"site:\n  alarm: 5\n  logo: art/logo.png\n"}, pictures=wrong)
    (problem,) = findings(found)
    assert outline([problem]) == ["readingroom.yml:5 [logo-unusable] site.logo"]
    assert problem.message == f'found "art/logo.png", but {reason}.'


def test_a_logo_that_is_a_file_is_none() -> None:
    found = Tree({"readingroom.yml": GROUP + b"site: {logo: logo.png}\n"}, pictures={"logo.png": ""})
    assert catalogue.read_catalogue(found).group.site


@pytest.mark.parametrize("path", [b'"logo\\x2epng"', b"art//logo.png", b"art/./logo.png"])
def test_a_logo_that_is_written_in_another_way_is_reported_so(path: bytes) -> None:
    (problem,) = findings(Tree({"readingroom.yml": GROUP + b"site: {logo: %b}\n" % path}))
    assert outline([problem]) == ["readingroom.yml:3 [logo-unusable] site.logo"]
    assert "a path must be on one line" in problem.message


def test_a_files_words_are_looked_through_once() -> None:
    """Hostile text takes no longer than friendly text of its length, and names a bounded number of pictures."""
    assert find_picture_paths(b"logo " + b"a" * 2_000_000) == []
    assert len(find_picture_paths(b"logo " + b" ".join(b"%d.png" % n for n in range(100_000)))) == 100
    assert find_picture_paths(b"logo: ../x.png /x.png a/../x.png x.png") == ["x.png"]


@pytest.mark.parametrize(
    ("path", "has_readme", "reported"),
    [
        ("readme.md", False, "readme.md [readme-name-invalid]"),
        ("Readme.MD", True, "Readme.MD [readme-name-invalid]"),
        ("README.MD", False, "README.MD [readme-name-invalid]"),
        ("README.rst", False, "README.rst [readme-hidden]"),
        ("readme", False, "readme [readme-hidden]"),
        ("docs/README.md", False, "docs/README.md [readme-hidden]"),
        (".github/readme.md", True, ".github/readme.md [readme-hidden]"),
        ("README.rst", True, ""),
        ("docs/README.md", True, ""),
        ("docs/other/README.md", False, ""),
        ("README.md.bak.d", False, ""),
    ],
)
def test_another_readme_is_reported_where_readers_would_see_the_wrong_one(
    tmp_path: Path, path: str, reported: str, *, has_readme: bool
) -> None:
    found = files({}, {path: b"# Robots\n"} | ({"README.md": b"# Robots\n"} if has_readme else {}))
    on_disk = disk.read_tree(put(tmp_path, found))
    entries = [GitFile(name, "100644", git_tree.compute_blob_id(text), len(text)) for name, text in found.items()]
    committed = git_tree.build_tree(entries, on_disk, lambda _: b"")
    for each in (on_disk, committed):
        found_names = problems(each) if "name-invalid" in reported else findings(each)
        assert outline(found_names) == [reported] * bool(reported)


@pytest.mark.parametrize("name", ["session.yaml", "Session.yml", "SESSION.YAML", "session.json", "session.yml.txt"])
def test_a_session_file_of_nearly_the_right_name_is_named(name: str) -> None:
    (finding,) = findings(Tree({"readingroom.yml": GROUP}, {"01-x": {name: 20, "slides.pdf": 20}}))
    assert finding.hint == f"Rename {name} to session.yml."


@pytest.mark.parametrize("name", ["readingroom.yaml", "Readingroom.yml", "readingroom.json", "readingroom.yml.txt"])
def test_a_groups_file_of_nearly_the_right_name_is_named(tmp_path: Path, name: str) -> None:
    (problem,) = problems(disk.read_tree(put(tmp_path, {name: GROUP})))
    assert problem.hint == f"Rename {name} to readingroom.yml."


@pytest.mark.parametrize(
    ("status", "is_taken"),
    [
        ("confirmed", True),
        ("tbc", True),
        ("cancelled", False),
        ("postponed", False),
        ("proposed", False),
        ("open", False),
    ],
)
def test_a_free_slot_is_taken_by_a_session_that_takes_place_on_its_day(status: str, *, is_taken: bool) -> None:
    day = {"date": "2024-02-05"}
    made = files(
        {"01-slot": {**day, "status": "open"}, "02-talk": {**day, "title": "Talk", "time": "18:00", "status": status}}
    )
    slot, _ = catalogue.read_catalogue(tree(made)).sessions
    assert slot.is_taken == is_taken
    shown = built(made)
    offers = shown["README.md"].decode().count("Free slot")
    assert offers == (0 if is_taken else 2 if status == "open" else 1), shown["README.md"].decode()
    assert ("Free slot: taken" in shown["sessions/01-slot/README.md"].decode()) == is_taken
