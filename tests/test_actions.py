"""Annotations in a workflow's log: no text can leave its place in one, or begin another."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.core.diagnostics import Finding, Problem
from readingroom.io.actions_log import format_annotation

# What GitHub's runner reads: https://github.com/actions/runner, ActionCommand.cs
COMMAND = re.compile(r"::(?P<name>[a-z]+) (?P<properties>[^:]*)::(?P<data>[^\r\n]*)\Z")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Return a workflow command's name, properties and data as the runner understands them."""
    found = COMMAND.match(line)
    assert found is not None
    properties = dict(part.split("=", 1) for part in found["properties"].split(","))
    return found["name"], {key: plain(value) for key, value in properties.items()}, plain(found["data"])


def plain(escaped: str) -> str:
    for code, letter in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        escaped = escaped.replace(code, letter)
    return escaped


def test_a_problem_is_an_error_at_its_file_and_line() -> None:
    problem = Problem("sessions/01-a/session.yml", 3, "date", "found no date.")
    assert format_annotation(problem) == "::error file=sessions/01-a/session.yml,line=3::date: found no date."


def test_a_finding_is_a_notice() -> None:
    assert (
        format_annotation(Finding("README.md", 1, "", "was changed.")) == "::notice file=README.md,line=1::was changed."
    )


def test_a_remark_on_a_whole_file_has_no_line() -> None:
    assert format_annotation(Problem("sessions/a", 0, "", "has none.")) == "::error file=sessions/a::has none."


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("100 %", "100 %25"),
        ("a\nb", "a%0Ab"),
        ("a\r\nb", "a%0D%0Ab"),
        ("a: b, c", "a: b, c"),
        ("%0A", "%250A"),
        ("\n::add-mask::x", "%0A::add-mask::x"),
    ],
)
def test_signs_of_the_language_are_escaped_in_a_message(message: str, written: str) -> None:
    assert format_annotation(Problem("a", 0, "", message)) == f"::error file=a::{written}"


@pytest.mark.parametrize(
    ("file", "written"),
    [("a,line=9", "a%2Cline=9"), ("a::b", "a%3A%3Ab"), ("a\n::b", "a%0A%3A%3Ab"), ("100%", "100%25")],
)
def test_signs_of_the_language_are_escaped_in_a_file_name(file: str, written: str) -> None:
    assert format_annotation(Problem(file, 0, "", "x")) == f"::error file={written}::x"


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(":,%\r\n0AD"), min_size=1)


@given(_TEXTS, st.integers(0, 99), _TEXTS, _TEXTS)
def test_the_runner_reads_back_what_was_said(file: str, line: int, where: str, message: str) -> None:
    name, properties, data = read(format_annotation(Problem(file, line, where, message)))
    assert name == "error"
    assert properties == {"file": file} | ({"line": str(line)} if line else {})
    assert data == f"{where}: {message}"
