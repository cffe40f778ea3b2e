"""One issue reports what is wrong with the files of the default branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from box import BOT, Box
from proposals import forge, group
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.github import problem_issue
from readingroom.proposals.records import Label

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "sessions/01-bert/session.yml"
FIRST = [Diagnostic(Location(FILE, 1), Code.KEY_UNKNOWN, 'the key "titel" is not known.', 'Did you mean "title"?')]
OTHER = [Diagnostic(Location(FILE, 2), Code.KEY_UNKNOWN, 'the key "roome" is not known.', 'Did you mean "room"?')]


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(group()) as made:
        yield made


def issues(box: Box) -> list[dict[str, Any]]:
    return list(box.state()["issues"])


def test_problems_are_reported_in_one_issue_that_follows_them_and_is_closed_when_all_is_well(box: Box) -> None:
    for problems in (FIRST, FIRST, OTHER):
        assert problem_issue.report_problems(forge(box), problems) == ""
    (issue,) = issues(box)
    assert (issue["labels"], issue["user"], issue["state"]) == ([Label.PROBLEMS], BOT, "open")
    assert ("roome" in issue["body"], "titel" in issue["body"]) == (True, False)
    assert [part for part in (FILE, "key-unknown", '"room"?') if part not in issue["body"]] == []
    for _ in range(2):
        assert problem_issue.report_problems(forge(box), []) == ""
    (issue,) = issues(box)
    assert (issue["state"], "is fixed" in issue["body"]) == ("closed", True)


def test_the_same_issue_is_opened_again_when_there_is_something_new_to_report(box: Box) -> None:
    for problems in (FIRST, [], FIRST):
        problem_issue.report_problems(forge(box), problems)
    (issue,) = issues(box)
    assert (issue["state"], "titel" in issue["body"]) == ("open", True)


def test_an_issue_that_a_person_closed_stays_closed_while_it_says_the_same(box: Box) -> None:
    problem_issue.report_problems(forge(box), FIRST)
    box.close_issue(1, user="organiser")
    for _ in range(3):
        problem_issue.report_problems(forge(box), FIRST)
    assert [each["state"] for each in issues(box)] == ["closed"]
    problem_issue.report_problems(forge(box), OTHER)
    assert [each["state"] for each in issues(box)] == ["open"]


def test_where_nothing_is_wrong_nothing_is_written(box: Box) -> None:
    problem_issue.report_problems(forge(box), [])
    assert [each.request.method for each in box.exchanges] == ["GET"]


def test_a_strangers_issue_with_the_mark_is_not_taken_for_ours(box: Box) -> None:
    problem_issue.report_problems(forge(box), FIRST)
    body = issues(box)[0]["body"]
    box.edit_issue(1, body="mine now")
    box.open_issue("x", body, [Label.PROBLEMS], user="guest")
    problem_issue.report_problems(forge(box), OTHER)
    assert len(issues(box)) == 3


def test_a_title_in_a_problem_pings_nobody(box: Box) -> None:
    found = Diagnostic(Location(FILE, 1, key="date"), Code.DATE_INVALID, 'found "@octo/everyone fixes #1".')
    problem_issue.report_problems(forge(box), [found])
    (issue,) = issues(box)
    assert ("@octo" in issue["body"], "#1" in issue["body"]) == (False, False)


@pytest.mark.parametrize("kind", [410, 403, 502, "drop"])
def test_what_keeps_the_organisers_from_being_informed_is_returned(box: Box, kind: Any) -> None:
    for _ in range(4):
        box.faults.add(kind, path="/issues$", message="Issues are disabled for this repo")
    assert problem_issue.report_problems(forge(box), FIRST) != ""
