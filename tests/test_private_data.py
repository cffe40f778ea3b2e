"""Private data that would become public: found in every text, reported at its line, never repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from groups import files, outline, tree
from proposals import WEB, body, group
from readingroom.core.models import Group
from readingroom.proposals import decision
from readingroom.proposals.decision import Seen
from readingroom.proposals.pull_request import ProposalContext
from readingroom.proposals.records import Issue
from readingroom.render import build
from readingroom.store import catalogue, lint, private_data

if TYPE_CHECKING:
    from readingroom.core.diagnostics import Diagnostic

PRIVATE = "Passcode: 1234, ada@example.org"
FILE = "sessions/01-s/session.yml"


def check(session: str, **configuration: object) -> list[Diagnostic]:
    found = tree({**files({}, **configuration), FILE: session.encode()})
    return private_data.check_private_data(found, Group("Robots", "Europe/London"))


@pytest.mark.parametrize(
    "text",
    [
        "pw: secret", "Kenncode: 1234", "Passcode 34", "The passcode is 3x4", "パスコード: 1234",
        "腾讯会议 123 密码 1234", "PIN: 1234",
        "mot de passe : secret", "Kennwort lautet: x9", "senha é : a1",
    ],
)  # fmt: skip
def test_a_password_is_reported_however_it_is_written(text: str) -> None:
    assert [each.code for each in private_data.find_private_data(text)] == ["private-password"]


@pytest.mark.parametrize(
    "text", ["Password cracking 101", "Password protected files", "Pin the tail", "密码学", "Pwned"]
)
def test_a_talk_on_passwords_is_none(text: str) -> None:
    assert list(private_data.find_private_data(text)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Write to ada@example.org.", "private-email"),
        ("mailto:ada@example.org", "private-email"),
        ("Ann Lee, ada+talks@mail.example.co.uk", "private-email"),
        ("https://zoom.us/j/1?pwd=abcdef", "private-password"),
        ("join https://zoom.us/j/1?x=1&pwd=abcdef now", "private-password"),
        ("https://example.org/file?token=abc", "private-password"),
        ("https://example.org/#access_token=abc", "private-password"),
        ("http://user:pass@example.org/", "private-password"),
        ("Call +49 (0)30 1234 5678", "private-phone"),
        ("Tel. 030 1234567", "private-phone"),
        ("☎ 01632 960123", "private-phone"),
        ("+16465588656", "private-phone"),
    ],
)
def test_each_kind_is_found_and_not_repeated(text: str, code: str) -> None:
    (found,) = private_data.find_private_data(text)
    assert found.code == code
    assert all(part not in found.text for part in ("example.org", "abcdef", "user:", "5678", "1234567", "960123"))


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/abs/2307.08621",
        "https://doi.org/10.1145/3442188.3445922",
        "https://medium.com/@ada/talk",
        "https://www.google.com/maps/@52.3,4.9,15z",
        "@ada and @bob",
        "ISBN 978-3-16-148410-0",
        "10:00-11:30, 2026-01-12",
        "1 + 1 = 2, a+1234567890",
        "https://example.org/?page=2&tokens=4",
        "https://youtu.be/x?t=1234567890",
        "Telephone games and 12 players",
        "the password is required",
        "La clave es importante",
        "Access code is linked",
        "pin 2019 proteins",
        "https://example.org/a?b=c#tokens",
    ],
)
def test_what_only_looks_like_it_is_not_reported(text: str) -> None:
    assert list(private_data.find_private_data(text)) == []


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        (f"title: '{PRIVATE}'\n", "title", 1),
        (f"title: A\nroom: '{PRIVATE}'\n", "room", 2),
        (f"title: A\nkind: '{PRIVATE}'\n", "kind", 2),
        (f"title: A\nabstract: |\n  A.\n  {PRIVATE}\n", "abstract", 2),
        (f"title: A\nleads:\n  - name: Bo\n  - name: '{PRIVATE}'\n", "leads[1].name", 4),
        (f"title: A\nleads: [{{name: Bo,\n  affiliation: '{PRIVATE}'}}]\n", "leads[0].affiliation", 3),
        (f"material:\n  - heading: '{PRIVATE}'\n    note: A\n", "material[0].heading", 2),
        (f"material:\n  - heading: Main\n    note: '{PRIVATE}'\n", "material[0].note", 3),
        (f"material:\n  - items:\n      - title: '{PRIVATE}'\n", "material[0].items[0].title", 3),
        (f"resources:\n  - url: https://a.org\n    title: '{PRIVATE}'\n", "resources[0].title", 3),
    ],
)
def test_private_data_is_reported_at_the_key_whose_value_has_it(text: str, key: str, line: int) -> None:
    assert outline(check(text)) == [f"{FILE}:{line} [private-email] {key}", f"{FILE}:{line} [private-password] {key}"]


def test_private_data_in_the_rooms_of_a_group_is_reported() -> None:
    found = check("title: A\n", room=PRIVATE, rooms=["Enigma", PRIVATE])
    assert [(each.code, each.file, each.key) for each in found] == [
        (code, "readingroom.yml", key) for key in ("room", "rooms[1]") for code in ("private-email", "private-password")
    ]
    assert [each.line > 1 for each in found] == [True] * 4


@pytest.mark.parametrize(
    ("session", "left"),
    [
        ("title: A\nroom: ada@example.org # readingroom: ignore private-email\n", []),
        ("title: A\nabstract: | # readingroom: ignore private-email\n  ada@example.org\n", []),
        ("# readingroom: ignore private-email\ntitle: A\nroom: ada@example.org\n", ["private-email"]),
        ("title: A\nroom: ada@example.org # readingroom: ignore private-phone\n", ["private-email"]),
        ("title: A\nroom: 'ada@example.org # readingroom: ignore private-email'\n", ["private-email"]),
    ],
)
def test_what_is_meant_is_accepted_by_a_comment_on_its_line(session: str, left: list[str]) -> None:
    assert [each.code for each in check(session)] == left


@pytest.mark.parametrize("text", ["https://a", "https://a?", "https://a:", "+1 ", "a@b ", "pw "])
def test_long_texts_take_no_longer_than_they_are(text: str) -> None:
    assert [each for each in private_data.find_private_data(text * 20_000) if each.code == "private-email"] == []


def test_a_comment_in_the_groups_file_is_for_its_own_line_alone() -> None:
    configuration = (
        b"name: A\ntime_zone: Europe/London\nroom: ask ann@example.org # readingroom: ignore private-email\n"
        b"# readingroom: ignore session-clash\n"
    )
    clash = {f"sessions/0{n}-x/session.yml": b"title: B\ndate: 2027-02-01\n" for n in (1, 2)}
    found = tree({"readingroom.yml": configuration, **clash})
    known = catalogue.read_catalogue(found)
    assert private_data.check_private_data(found, known.group) == []
    assert [each.code for each in lint.lint_catalogue(known, found)] == ["session-clash"]


def test_a_proposal_with_private_data_says_so_to_its_submitter_and_to_the_reviewer() -> None:
    text = body(main_reading="- [x](https://example.org/x?token=abc123)")
    found = ProposalContext.build_from_tree(tree(group()), WEB, "main")
    context = replace(found, templates=build.load_templates(found.tree, found.group))
    issue = Issue(1, "A session", text, author="guest")
    wanted = decision.decide_wanted(context, Seen(issue))
    assert wanted.draft
    comment = decision.render_comment(context, wanted, Seen(issue))
    for place in (comment, wanted.draft.body):
        assert "contains a password or a key, which would become public" in place
    assert "Is this meant to be public?" in comment
    assert "abc123" not in comment
