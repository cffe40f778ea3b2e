"""Annotations in a workflow's log: no text can leave its place in one, or begin another."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import files, run, write
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.io.actions_log import format_annotation
from rendered import page, text

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


def error(file: str, message: str, line: int = 0, key: str = "") -> Diagnostic:
    return Diagnostic(Location(file, line, key=key), Code.FILE_UNREADABLE, message)


def test_an_error_is_at_its_file_and_line() -> None:
    shown = format_annotation(error("sessions/01-a/session.yml", "found no date.", 3, "date"))
    assert shown == "::error file=sessions/01-a/session.yml,line=3,title=file-unreadable::date: found no date."


def test_a_column_follows_the_line() -> None:
    shown = format_annotation(Diagnostic(Location("a", 3, 7), Code.FILE_UNREADABLE, "x"))
    assert shown == "::error file=a,line=3,col=7,title=file-unreadable::x"


def test_a_warning_has_its_hint_after_the_message() -> None:
    shown = format_annotation(Diagnostic(Location("README.md", 1), Code.IMPORT_LINK_BROKEN, "was moved.", "Add one."))
    assert shown == "::warning file=README.md,line=1,title=import-link-broken::was moved. Add one."


def test_an_error_of_a_whole_file_has_no_line() -> None:
    assert format_annotation(error("sessions/a", "has none.")).startswith("::error file=sessions/a,title=")


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
    assert format_annotation(error("a", message)) == f"::error file=a,title=file-unreadable::{written}"


@pytest.mark.parametrize(
    ("file", "written"),
    [("a,line=9", "a%2Cline=9"), ("a::b", "a%3A%3Ab"), ("a\n::b", "a%0A%3A%3Ab"), ("100%", "100%25")],
)
def test_signs_of_the_language_are_escaped_in_a_file_name(file: str, written: str) -> None:
    assert format_annotation(error(file, "x")) == f"::error file={written},title=file-unreadable::x"


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(":,%\r\n0AD"), min_size=1)


@given(_TEXTS, st.integers(0, 99), _TEXTS, _TEXTS)
def test_the_runner_reads_the_same_values_back(file: str, line: int, key: str, message: str) -> None:
    name, properties, data = read(format_annotation(error(file, message, line, key)))
    assert name == "error"
    assert properties == {"file": file, "title": "file-unreadable"} | ({"line": str(line)} if line else {})
    assert data == f"{key}: {message.rstrip()}"


@pytest.mark.parametrize("options", [("build",), ("check",), ("site",)])
@pytest.mark.parametrize("extra", ["", "titel: x\n"])
def test_what_a_job_reports_is_listed_in_its_summary_beyond_the_ten_that_github_shows(
    options: tuple[str], extra: str, tmp_path: Path
) -> None:
    sessions = {f"{number:02}-x": {"title": "X", "leads": [{"name": "Ada"}]} for number in range(12)}
    made = files(sessions)
    if extra:
        made = {path: text + extra.encode() if path.endswith("session.yml") else text for path, text in made.items()}
    root, summary, event = write(tmp_path / "group", made), tmp_path / "summary.md", tmp_path / "event.json"
    event.write_text('{"repository": {"full_name": "octo/group", "default_branch": "main"}}')
    env = {"GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(tmp_path / "job"), "GITHUB_EVENT_PATH": str(event)}
    done = run(root, "run", "--command", *options, "--publish", "none", env={**env, "GITHUB_TOKEN": ""})
    assert done.returncode == (1 if extra else 0), done.stderr
    shown = text(page(summary.read_text("utf-8")))
    assert [path for path in made if path.endswith("session.yml") and path not in shown] == []
