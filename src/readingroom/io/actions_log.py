"""What a workflow's runner provides and reads: events, annotations, outputs and summaries.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

import json
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from readingroom.core.diagnostics import Diagnostic, Severity
from readingroom.text import mentions

_IN_DATA: dict[str, str | int | None] = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: dict[str, str | int | None] = {**_IN_DATA, ":": "%3A", ",": "%2C"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def format_annotation(diagnostic: Diagnostic) -> str:
    """Return the workflow command that shows a diagnostic at its file and line, with its code as the title."""
    location = diagnostic.location
    line = f",line={location.line}" if location.line else ""
    column = f",col={location.column}" if location.column else ""
    message = f"{location.key}: {diagnostic.text}" if location.key else diagnostic.text
    properties = f"file={_escape_value(location.file, _IN_PROPERTY)}{line}{column},title={diagnostic.code}"
    return f"::{_COMMANDS[diagnostic.severity]} {properties}::{_escape_value(message, _IN_DATA)}"


def report_diagnostics(diagnostics: Sequence[Diagnostic], reason: str = "") -> None:
    """Show diagnostics at their files and lines, and list all of them in the summary, with a reason why they matter.

    Of those at files and lines, GitHub shows ten of a kind for each step.
    """
    for each in diagnostics:
        click.echo(format_annotation(each))
    if diagnostics:
        add_summary(f"{reason}\n\n{mentions.render_bullet_list([str(each) for each in diagnostics])}\n".lstrip())


def _escape_value(text: str, escapes: dict[str, str | int | None]) -> str:
    return text.translate(str.maketrans(escapes))


def read_event(path: Path) -> dict[str, Any]:
    """Return the payload of the event that started a workflow; raise ValueError or TypeError if the file holds none."""
    payload = json.loads(path.read_text("utf-8"))
    if not isinstance(payload, dict):
        message = "is not an event's payload"
        raise TypeError(message)
    return payload


def format_warning(title: str, message: str) -> str:
    """Return the workflow command that shows a warning of the run as a whole."""
    return f"::warning title={_escape_value(title, _IN_PROPERTY)}::{_escape_value(message, _IN_DATA)}"


def get_commit_sha() -> str:
    """Return the commit that a workflow runs on: for a pull request, the one that would merge it."""
    return os.environ.get("GITHUB_SHA", "")


def set_outputs(values: Mapping[str, str]) -> None:
    """Pass values to the steps that follow, if a workflow runs."""
    if path := os.environ.get("GITHUB_OUTPUT"):
        with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            for name, value in values.items():
                end = f"end-{secrets.token_hex(16)}"  # a value cannot contain it, so it cannot set other outputs
                file.write(f"{name}<<{end}\n{value}\n{end}\n")


def create_job_folder(name: str) -> Path | None:
    """Return an empty folder that lasts as long as the job, or None if no job runs."""
    if not (temporary := os.environ.get("RUNNER_TEMP")):
        return None
    folder = Path(temporary, name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def add_summary(markdown: str) -> None:
    """Add to the summary that GitHub shows on the page of the run."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(f"{markdown}\n")
