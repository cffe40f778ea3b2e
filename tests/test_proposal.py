"""A form's answers to a session, judged by the schema; and what a pull request then says of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from box import Box
from groups import built, files, tree
from proposals import CONFIGURATION, WEB, body, group, settle
from readingroom import catalogue, proposal, pull_request
from readingroom.pull_request import MAX_BODY, Setting
from readingroom.records import Issue
from rendered import page, targets, text
from strategies import PIECES

if TYPE_CHECKING:
    from groups import Files
    from readingroom.pull_request import Draft

FILES = {"sessions/04-x/session.yml": b"title: X\n", "sessions/04-x/slides.pdf": b"%PDF"}


def setting(made: Files | None = None) -> Setting:
    return Setting.of(tree(built(made or files({}, **CONFIGURATION))), WEB, "main")


SETTING = setting()


def drafted(known: Setting = SETTING, **answers: Any) -> Draft:
    return pull_request.drafted(known, Issue(7, body=body(**answers)), 3)


def data(**answers: Any) -> dict[str, Any]:
    draft = drafted(**answers)
    assert draft.questions == (), draft.questions
    assert draft.files is not None
    ((path, content),) = draft.files.items()
    assert path == f"sessions/{draft.folder}/session.yml"
    return dict(yaml.load(content or "", yaml.BaseLoader))  # noqa: S506 -- every value as typed


def asked(**answers: Any) -> list[tuple[str, str]]:
    return [(each.label, each.message) for each in drafted(**answers).questions]


def test_answers_become_the_same_data_that_a_file_holds() -> None:
    assert data(time="14:00-15:30", abstract="What *is* it?\n\nRead on.", extra_reading="2405.04517") == {
        "title": "Retentive Networks",
        "date": "2024-02-05",
        "time": "14:00",
        "duration": "90",
        "kind": "Technical",
        "room": "David Blackwell",
        "leads": [{"name": "Ed Gunn", "url": "https://github.com/egunn-turing"}],
        "abstract": "What *is* it?\n\nRead on.",
        "material": [
            {"heading": "Main", "items": [{"title": "Retentive Network", "url": "https://arxiv.org/abs/2307.08621"}]},
            {"heading": "Extra", "items": [{"title": "arXiv:2405.04517", "url": "https://arxiv.org/abs/2405.04517"}]},
        ],
    }


def test_what_is_proposed_is_a_valid_session_of_the_group() -> None:
    draft = drafted()
    made = {**files({}, **CONFIGURATION), **{path: (content or "").encode() for path, content in draft.files.items()}}
    (session,) = catalogue.read(tree(made)).sessions
    assert (session.folder, session.title) == ("03-retentive-networks", "Retentive Networks")


@pytest.mark.parametrize(
    ("answers", "label", "message"),
    [
        ({"title": ""}, "Title", "has no answer, and needs one."),
        ({"title": "x" * 301}, "Title", "Shorten it to 300 characters."),
        ({"date": "2024-02-30"}, "Date", "There is no such day."),
        ({"time": "noon"}, "Time", "Wanted: a time of the day"),
        ({"kind": "Party"}, "Kind", "is not among the form's options"),
        ({"leads": "Ada javascript://x"}, "Leads", "entry 1"),
        ({"leads": "Ada\nhttps://a.example"}, "Leads", "entry 2"),
        ({"main_reading": "[x](ftp://a.example)"}, "Main reading", "entry 1"),
        ({"extra_reading": "[x](javascript:alert(1))"}, "Extra reading", "entry 1"),
        ({"files": "[x](ftp://a.example/x)"}, "Slides or other files", "entry 1"),
        ({"abstract": "x" * 20_001}, "Abstract", "at most 20000 characters"),
        ({"agreement": False}, "Agreement", "has no answer, and needs one."),
    ],
)
def test_what_does_not_fit_is_asked_with_the_fields_own_label(
    answers: dict[str, Any], label: str, message: str
) -> None:
    ((found, said),) = asked(**answers)
    assert (found, message in said) == (label, True), said


def test_everything_that_does_not_fit_is_asked_at_once() -> None:
    wrong = {"title": "", "date": "x", "time": "y", "leads": "", "agreement": False}
    assert [label for label, _ in asked(**wrong)] == ["Title", "Agreement", "Date", "Time", "Leads"]


def test_problems_of_other_sessions_are_not_the_submitters() -> None:
    made = files({}, {"sessions/01-x/session.yml": b"titel: X\n"}, **CONFIGURATION)
    assert pull_request.drafted(Setting.of(tree(made), WEB, "main"), Issue(7, body=body()), 3).questions == ()


@pytest.mark.parametrize(
    ("title", "folder"),
    [
        ("../../.github/workflows/x", "03-github-workflows-x"),
        ("???", "03-session"),
        ("-rf", "03-rf"),
        ("CON", "03-con"),
        ("a\x00b", None),
        ("量子", "03-liang-zi"),
        ("x " * 60, "03-" + "-".join("x" * 30)),
    ],
)
def test_a_folder_is_a_name_that_every_system_takes(title: str, folder: str | None) -> None:
    draft = drafted(title=title)
    assert draft.folder == folder if folder else draft.questions


# What a reviewer reads


def shown(draft: Draft) -> str:
    return text(page(draft.body))


def test_an_ambiguous_date_is_said_aloud_with_its_weekday() -> None:
    said = 'Monday 2024-02-05, read from "05/02/24" with the day first; if 2024-05-02 was meant, say so'
    assert said in shown(drafted(date="05/02/24"))
    assert "read from" not in shown(drafted(date="15/02/24"))


def test_findings_name_what_a_reviewer_should_look_at() -> None:
    held = {
        "01-bert": {
            "title": "Bert",
            "date": "2024-02-06",
            "room": "david blackwell",
            "leads": [{"name": "ed gunn"}],
            "material": [{"items": [{"title": "R", "url": "http://www.arxiv.org/pdf/2307.08621v2.pdf"}]}],
        },
        "02-gpt": {"title": "Gpt", "date": "2024-02-06", "status": "cancelled"},
    }
    said = shown(drafted(setting(files(held, **CONFIGURATION)), date="2024-02-06"))
    assert "2024-02-06 is a Tuesday; the group meets on Mondays." in said
    together = "at the same time, in the same room (david blackwell), with the same lead (ed gunn)."
    assert f"Bert (sessions/01-bert) takes place on 2024-02-06 too, {together}" in said
    assert "Retentive Network is in the material of Bert (sessions/01-bert) on 2024-02-06 too." in said
    assert "There are no slides yet." in said
    assert "sessions/02-gpt" not in said


def test_a_proposal_with_slides_and_nothing_odd_has_no_findings() -> None:
    assert "Worth a look" not in shown(drafted(files="[Slides](https://a.example/slides.pdf)"))


HOSTILE = (
    "@octo/everyone #1 octo/group#2 GH-3 fixes #4 https://github.com/octo/other/issues/5 ![x](https://a.example/x)"
)
LOUD = re.compile(r"(?<![\w`])@\w|#\d|GH-\d|https://github\.com/[^/\s]+/[^/\s]+/(?:issues|pull)/\d|!\[")


@pytest.mark.parametrize("field", ["title", "leads", "abstract", "main_reading", "anything_else", "files"])
def test_a_strangers_text_pings_nobody_closes_nothing_and_loads_nothing(field: str) -> None:
    draft = drafted(**{field: HOSTILE})
    if not draft.questions:
        assert LOUD.findall(draft.title.replace("!", "")) == []  # a title is plain text
        assert LOUD.findall(draft.body) == ["#7"]
        assert list(page(draft.body).iter("img")) == []
        assert draft.body.endswith("\nCloses #7\n")


@pytest.mark.parametrize("words", ["skip ci", "ci skip", "no ci", "skip actions", "actions skip", "Skip CI"])
def test_a_title_that_becomes_a_commits_skips_no_workflow(words: str) -> None:
    assert f"[{words}]" not in drafted(title=f"Retention [{words}]").title


def test_a_commits_message_holds_no_word_of_a_stranger() -> None:
    with Box(group()) as box:
        box.open_issue("Evil", body(title="Evil\tCo-authored-by: Ceo <ceo@example.org>"))
        settle(box, 1)
        (made,) = [each for each in box.exchanges if each.request.url.endswith("/git/commits")]
    message = re.sub(r"[0-9a-f]{16,40}", "*", made.request.data["message"])
    folder = "02-evil-co-authored-by-ceo-ceo-example-org"
    assert message == (f"Propose session 2 from issue 1\n\nReadingroom-Folder: {folder}\nReadingroom-Content: * in *\n")


@given(
    st.sampled_from(["title", "abstract", "anything_else", "main_reading"]), st.lists(PIECES, min_size=1, max_size=6)
)
def test_no_text_leaves_its_place_in_a_pull_request(field: str, pieces: list[str]) -> None:
    draft = drafted(**{field: " ".join(pieces)})
    if draft.questions:
        return
    html = page(draft.body)
    wanted = ["How the answers were read", "Worth a look", "Before merging"]
    assert [text(each) for each in html.iter("h3") if text(each) in wanted] == wanted
    assert not {each.tag for each in html.iter() if isinstance(each.tag, str)} & {"script", "img", "iframe", "style"}
    assert all(target.startswith(("http://", "https://", "mailto:", "#")) for target in targets(html))


def test_what_github_would_not_take_for_its_length_is_left_out_and_that_is_said() -> None:
    whole = drafted(abstract="word " * 3000)
    assert "<details>" in whole.body
    cut = drafted(abstract="*a* " * 4900, anything_else="word " * 9000)
    assert ("<details>" in cut.body, "Not all of it fits here" in cut.body) == (False, True)
    bare = drafted(anything_else="@a " * 20_000)
    assert "For a person to read" not in bare.body
    assert max(len(each.body) for each in (whole, cut, bare)) <= MAX_BODY


def test_a_groups_own_template_writes_the_pull_request() -> None:
    own = files({}, {"templates/pull-request.md.j2": "{{ row }}\n\nThanks!"}, **CONFIGURATION)
    assert drafted(Setting.of(tree(own), WEB, "main")).body.endswith("\n\nThanks!\n\nCloses #7\n")


def test_a_group_without_its_form_on_the_branch_has_the_one_it_would_get() -> None:
    bare = Setting.of(tree(files({}, **CONFIGURATION)), WEB, "main")
    assert bare.form == SETTING.form
    assert replace(bare, tree=SETTING.tree, templates=SETTING.templates) == SETTING


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a" * 36,
        "github_pat_" + "A1" * 20,
        "xoxb-1234567890-abcdef",
        "AKIA" + "A" * 16,
        "sk-" + "a1" * 20,
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abc",
    ],
)
def test_what_looks_like_a_secret_is_found(secret: str) -> None:
    assert proposal.holds_secret(f"my key is {secret}, thanks")


@pytest.mark.parametrize(
    "plain", ["ghp_short", "risk-averse-decision-making-under-uncertainty", "task-oriented dialogue"]
)
def test_ordinary_words_are_no_secrets(plain: str) -> None:
    assert not proposal.holds_secret(plain)
