"""What the commands print, and ask on a terminal."""

import json
import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from readingroom.text.phrases import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from readingroom.core.diagnostics import Diagnostic
    from readingroom.core.tree import Tree

PROGRESS_THRESHOLD, MAX_SHOWN_CHANGES = 1000, 20


def print_progress(tree: "Tree", step: str) -> None:
    """Print on a terminal what is being done, if there are so many sessions that it takes a while."""
    if len(tree.listings) > PROGRESS_THRESHOLD and sys.stderr.isatty():
        click.echo(f"{step} {format_count(len(tree.listings), 'session')} ...", err=True)


def print_changes(changes: "Mapping[str, bytes | None]") -> None:
    if not changes:
        click.echo("Every page is up to date.")
        return
    for path in sorted(changes)[:MAX_SHOWN_CHANGES]:
        click.echo(f"{'removed' if changes[path] is None else 'wrote  '} {path}")
    if len(changes) > MAX_SHOWN_CHANGES:
        click.echo(f"... and {len(changes) - MAX_SHOWN_CHANGES} more.")
    click.echo(f"{format_count(len(changes), 'file')} changed. Look at README.md and sessions/README.md.")


def print_diff(lines: "Iterable[str]") -> None:
    for line in lines:
        click.secho(escape_control_characters(line), fg={"+": "green", "-": "red"}.get(line[:1]))


_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def print_diagnostics(diagnostics: "Iterable[Diagnostic]") -> None:
    """Print each in a line of its own to standard error, with its severity in colour."""
    for each in diagnostics:
        label = f" {each.severity} "
        before, _, after = escape_control_characters(str(each)).partition(label)
        styled = click.style(each.severity.value, fg=_COLOURS[each.severity], bold=True)
        click.echo(f"{before} {styled} {after}", err=True)


def escape_control_characters(text: str) -> str:
    """Return a text as one line without control characters, which could steer a terminal or a workflow's log."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    # The runner takes commands at the start of a line, and those of an older form anywhere in it.
    return re.sub(
        r"^(\s*):(?=:)|(?<=#)#(?=\[)", lambda match: match[0].replace(":", r"\x3a").replace("#", r"\x23"), shown
    )


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, default=str))


def ask_session(
    default: "Mapping[str, str]", kinds: "Sequence[str]", find_error: "Callable[[str, str], str]"
) -> dict[str, Any]:
    """Ask for the parts of a session, each until it has no error; Enter accepts the default."""
    questions = {
        "title": "Title (Enter: not known yet)",
        "date": "Date, or - if it is not known yet",
        "kind": f"Kind ({', '.join(kinds)})" if kinds else "Kind",
        "room": "Room",
    }
    answers: dict[str, Any] = {
        key: ask_until_valid(question, default.get(key, ""), partial(find_error, key), optional=True)
        for key, question in questions.items()
    }
    answers["leads"] = []
    question = 'Lead, as "Name" or "Name, https://..." (Enter: no more)'
    while lead := ask_until_valid(question, "", partial(find_error, "leads"), optional=True):
        answers["leads"].append(lead)
    return answers


_QUESTIONS = {
    "name": "Name of the group",
    "time_zone": "Time zone",
    "day": "Usual day of the week, or - for none",
    "time": "Usual time, as HH:MM (Enter: none)",
    "room": "Usual room (Enter: none)",
}


def ask_group(
    keys: "Iterable[str]", defaults: "Mapping[str, str]", find_error: "Callable[[str, str], str]"
) -> dict[str, str]:
    """Ask for parts of a group, each until it has no error; Enter accepts the default."""
    answers = {}
    for key in keys:
        optional = key not in {"name", "time_zone"}
        default = defaults.get(key, "" if optional else None)
        answers[key] = ask_until_valid(_QUESTIONS[key], default, partial(find_error, key), optional=optional)
    return answers


def ask_until_valid(
    question: str, default: str | None, find_error: "Callable[[str], str]", *, optional: bool = False
) -> str:
    """Ask until the answer has no error; if it is optional, a dash means no answer."""

    def validate_answer(text: str) -> str:
        if optional and text in {"", "-"}:
            return ""
        if message := find_error(text):
            raise click.UsageError(escape_control_characters(message))
        return text

    return str(click.prompt(question, default=default, show_default=bool(default), value_proc=validate_answer))
