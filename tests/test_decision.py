"""What should become of an issue, from what was seen of it: each case by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groups import tree
from proposals import WEB, body, group
from readingroom.github.repository_settings import describe_create_pulls_setting
from readingroom.proposals import decision, form_answers
from readingroom.proposals.decision import CommentHeader, ProposalState, Seen
from readingroom.proposals.pull_request import ProposalContext, PullHeader
from readingroom.proposals.records import Issue, PullRequest
from readingroom.store.form_schema import Field, FieldType

SETTING = ProposalContext.build_from_tree(tree(group()), WEB, "main")
ISSUE = Issue(1, "A session", body(), author="guest")
WRONG = replace(ISSUE, body=body(date="nowhen"))
OPEN = PullRequest(
    2, "readingroom/issue-1", "a" * 40, "A title", f"{PullHeader('02-x')}\ntext", True, False, frozenset()
)
SHUT = replace(OPEN, is_open=False)
WITHDRAWN = replace(SHUT, body=decision.render_withdrawn_body(1, OPEN.body))
SECRET = replace(ISSUE, body=body(anything_else=f"ghp_{'a1B2' * 9}"))


def other(number: int, folder: str, author: str = "") -> PullRequest:
    """Return the open pull request of another issue."""
    return replace(
        OPEN, number=number, branch=f"readingroom/issue-{number}0", body=f"{PullHeader(folder, '', author)}\nx"
    )


def test_a_new_proposal_leaves_the_next_number_to_one_that_has_to_change_its_own() -> None:
    clashing = (other(3, "01-x"), other(4, "04-x"), other(5, "04-y"))
    assert decision.choose_number(SETTING, Seen(ISSUE, clashing)) == 6
    opened = replace(OPEN, number=6, body=f"{PullHeader('06-x')}\ntext")
    assert decision.choose_number_once_opened(SETTING, Seen(ISSUE, (*clashing, opened), opened), 6) == 6


@pytest.mark.parametrize("login", ["guest", "helper[bot]", "ada_acme"])
def test_every_author_without_write_access_has_a_limit(login: str) -> None:
    header = PullHeader.parse_body(str(decision.build_proposal_draft(SETTING, replace(ISSUE, author=login), 2).body))
    others = tuple(other(at, f"{at:02}-x", header.author) for at in range(3, 13))
    assert decision.decide_wanted(SETTING, Seen(replace(ISSUE, author=login), others)).state == "too-many"


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (Seen(ISSUE), "open"),
        (Seen(WRONG), "questions"),
        (Seen(SECRET), "secret"),
        (Seen(Issue(1, body="A bug")), "none"),
        (Seen(Issue(1, body="A bug", labels=frozenset({"session"}))), "questions"),
        (Seen(Issue(1, body="A bug"), reported_state="open"), "questions"),
        (Seen(replace(ISSUE, is_open=False)), "none"),
        (Seen(replace(ISSUE, is_open=False), reported_state="questions"), "withdrawn"),
        (Seen(replace(ISSUE, is_open=False), pull=OPEN), "withdrawn"),
        (Seen(replace(ISSUE, is_open=False), pull=SHUT), "closed"),
        (Seen(replace(ISSUE, is_open=False), pull=WITHDRAWN), "withdrawn"),
        (Seen(ISSUE, pull=OPEN), "open"),
        (Seen(ISSUE, pull=SHUT), "closed"),
        (Seen(ISSUE, pull=WITHDRAWN), "open"),
        (Seen(ISSUE, pull=replace(SHUT, is_merged=True)), "merged"),
        (Seen(replace(ISSUE, is_open=False), pull=replace(SHUT, is_merged=True)), "merged"),
        (Seen(SECRET, pull=SHUT), "closed"),
        (Seen(ISSUE, tuple(other(at, f"{at:02}-x", "guest") for at in range(3, 13))), "too-many"),
        (Seen(ISSUE, tuple(other(at, f"{at:02}-x", "guest") for at in range(3, 12))), "open"),
        (Seen(ISSUE, tuple(other(at, f"{at:02}-x", "ada") for at in range(3, 13))), "open"),
        (
            Seen(replace(ISSUE, has_write_access=True), tuple(other(at, f"{at:02}-x", "guest") for at in range(3, 13))),
            "open",
        ),
    ],
)
def test_an_issue_becomes(seen: Seen, state: str) -> None:
    assert decision.decide_wanted(SETTING, seen).state == state


# Session 1 is there.
@pytest.mark.parametrize(
    ("own", "others", "said", "number"),
    [
        (None, [], "", 2),
        (None, [(3, "02-a")], "", 3),
        (None, [(3, "02-a"), (4, "07-b")], "", 8),
        ((2, "02-x"), [], "open", 2),
        ((2, "01-x"), [], "open", 2),
        ((2, "02-x"), [(3, "02-a")], "open", 2),
        ((4, "02-x"), [(3, "02-a")], "open", 3),
        ((2, "01-x"), [(3, "02-a")], "open", 3),
        ((2, "02-x"), [(3, "02-a")], "closed", 3),
        ((2, "05-x"), [(3, "02-a")], "closed", 5),
    ],
)
def test_a_proposal_has_the_number(
    own: tuple[int, str] | None, others: list[tuple[int, str]], said: str, number: int
) -> None:
    pull = replace(OPEN, number=own[0], body=f"{PullHeader(own[1])}\nx") if own else None
    pulls = tuple(other(*each) for each in others)
    assert decision.choose_number(SETTING, Seen(ISSUE, pulls, pull, reported_state=said)) == number


def test_proposals_that_chose_the_same_number_at_once_agree_on_their_order() -> None:
    """Each has opened its pull request with the number 2, and sees those that were opened before."""
    numbers = []
    for place in range(5):
        pulls = tuple(other(at, "02-x") for at in range(3, 3 + place))
        pull = replace(OPEN, number=3 + place, body=f"{PullHeader('02-x')}\nx")
        numbers.append(decision.choose_number_once_opened(SETTING, Seen(ISSUE, pulls, pull), 2))
    assert numbers == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "mark", [PullHeader(), PullHeader("02-x"), PullHeader("02-x", "ab12", "octo-cat", is_withdrawn=True)]
)
def test_a_mark_is_read_as_it_was_written(mark: PullHeader) -> None:
    assert PullHeader.parse_body(f"{mark}\nmore") == (mark if mark.folder else PullHeader())


@pytest.mark.parametrize("text", ["", "x", f"x\n{PullHeader('02-x')}", "<!-- readingroom-proposal folder=../x -->"])
def test_text_without_a_mark_at_its_beginning_has_none(text: str) -> None:
    assert PullHeader.parse_body(text) == PullHeader()


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (CommentHeader("open", 2), "<!-- readingroom-proposal state=open pull=2 -->"),
        (CommentHeader("too-many"), "<!-- readingroom-proposal state=too-many -->"),
    ],
)
def test_a_comments_header_is_written_and_read_as_in_earlier_releases(header: CommentHeader, text: str) -> None:
    assert str(header) == text
    assert CommentHeader.parse_body(f"{text}\nmore") == header
    assert CommentHeader.parse_body(f"x\n{text}") is None


def test_a_comment_names_the_setting_as_the_doctor_does() -> None:
    draft = decision.decide_wanted(SETTING, Seen(ISSUE)).draft
    shown = decision.render_comment(SETTING, decision.Wanted(ProposalState.BRANCH_ONLY, draft), Seen(ISSUE))
    assert describe_create_pulls_setting() in shown


def test_a_comment_never_grows_past_what_github_takes() -> None:
    many: Any = [proposal_question(each) for each in range(500)]
    made = decision.Wanted(ProposalState.QUESTIONS, decision.ProposalDraft(tuple(many)))
    text = decision.render_comment(SETTING, made, Seen(ISSUE))
    assert (len(text) < 65_536, "and 480 more" in text) == (True, True)


def proposal_question(number: int) -> Any:
    return form_answers.Question(
        Field("main_reading", "Main reading", FieldType.TEXTAREA), f"entry {number}: " + "x" * 300
    )
