"""A template of a group's own that fails is reported by a check, not by the run that needs it."""

import datetime as dt

import pytest

from groups import TODAY, files, tree
from readingroom.core.diagnostics import Invalid
from readingroom.proposals import preview, template_check

BERT = {"01-bert": {"title": "Bert", "date": "2024-01-08"}}


def today(_zone: str) -> dt.date:
    return TODAY


@pytest.mark.parametrize("name", ["site-session.html.j2", "site.css.j2", "answer.md.j2"])
def test_an_own_template_that_fails_is_a_problem_with_its_line(name: str) -> None:
    found = tree(files(BERT, {f"templates/{name}": "x\n{{ nothing.here }}\n"}))
    with pytest.raises(Invalid) as refusal:
        template_check.check_group_templates(found, today)
    assert [(each.file, each.line) for each in refusal.value.problems] == [(f"templates/{name}", 2)]
    problems = preview.compare_trees(tree(files(BERT)), found, today).problems
    assert [(each.file, each.line) for each in problems] == [(f"templates/{name}", 2)]


def test_own_templates_that_work_are_no_problem() -> None:
    template_check.check_group_templates(tree(files(BERT, {"templates/site-icon.svg.j2": "<svg/>"})), today)
    template_check.check_group_templates(tree(files(BERT)), today)
