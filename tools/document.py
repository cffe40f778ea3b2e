"""Write docs/fields.md and docs/commands.md from the schemas and the commands themselves: python tools/document.py."""

import datetime as dt
import inspect
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from readingroom.cli import main as cli_main
from readingroom.core.diagnostics import Invalid
from readingroom.core.models import TAKES_PLACE, Status
from readingroom.io import disk
from readingroom.render import pages as render_pages
from readingroom.render.templates import Templates
from readingroom.store import catalogue, schema, yaml_codec
from readingroom.text import escape

ROOT = Path(__file__).parent.parent
FILES = {"group": "readingroom.yml", "session": "session.yml"}
STATUSES = {
    "confirmed": "It takes place.",
    "tbc": "It is planned, but not yet certain.",
    "postponed": "It does not take place on its date; a new date is looked for.",
    "cancelled": "It does not take place.",
    "open": "A free slot that somebody may take.",
    "proposed": "A session that looks for a date.",
}
MADE = "<!-- Made by tools/document.py from {}: change that, then run make docs. -->"

FIELDS = """\
A group has one `readingroom.yml` at the top of its repository, and one `session.yml` in each folder of `sessions/`.
`readingroom check` names the file, the line and the key of whatever does not fit.

- A key that is not listed here is a problem, since it is most often a misspelt one. Lines that start with `#` are free.
- A value stays as it is typed: `11:00` is a time and `NO` is a word. Quotes around a value do no harm. It needs them if
  it holds a colon and a blank or a blank and a `#`, or starts with a character that YAML keeps for itself, such as `[`,
  `*` or `@`.
- A key without a value counts as left out.
- Anchors, aliases, tags and merge keys are refused, and so is one key twice."""
SHELF = """\
A session with a date and no status is confirmed. A folder with neither date nor status is a shelf: material that
belongs to no session, which the archive lists last. Only a session that takes place is shown as the next one."""
HELP = """\
In a terminal, `readingroom --help` and `readingroom build --help` say the same as this page, and
`readingroom --version` names the version."""


def pages() -> dict[str, str]:
    """Return the generated pages of the documentation, by path."""
    return {"docs/fields.md": _page(_fields()), "docs/commands.md": _page(_commands())}


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _table(*rows: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a Markdown table, the first row as its head, and an empty line after it."""
    for number, row in enumerate(rows):
        cells = [cell.replace("|", "\\|") for cell in row]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{' --- |' * len(cells)}"
    yield ""


def _fields() -> Iterator[str]:
    yield MADE.format("the files in schema/")
    yield "# Fields"
    yield ""
    yield from FIELDS.splitlines()
    yield ""
    for name, file in FILES.items():
        document = schema.load_schema(name).document
        yield f"## `{file}`"
        yield ""
        yield from _object(document, document)
        for each in _objects(document):
            yield f"### {each['title']}"
            yield ""
            yield from _object(document, each)
    yield from _statuses()


def _object(document: Mapping[str, Any], of: Mapping[str, Any]) -> Iterator[str]:
    yield of["description"]
    if "anyOf" in of:
        needed = [f"`{each['required'][0]}`" for each in of["anyOf"]]
        yield f"At least one of {' and '.join(needed)} is needed."
    yield ""
    needed = of.get("required", ())
    yield from _table(
        ("Key", "Title", "What it is", "Default", "Example"),
        *(
            (
                f"`{key}`{' (needed)' if key in needed else ''}",
                about["title"],
                about["description"] + _entries(document, about),
                f"`{about['default']}`" if "default" in about else "",
                " or ".join(f"`{_example(key, value)}`" for value in about["examples"]),
            )
            for key, about in of["properties"].items()
        ),
    )


def _entries(document: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """Return a sentence that leads to the table of a list's entries, if they have keys of their own."""
    entry = _target(document, about.get("items", {}))
    if "properties" in entry:
        name = entry["title"].lower()
        return f" Each entry is {'an' if name[0] in 'aeiou' else 'a'} [{name}](#{escape.build_anchor(entry['title'])})."
    if about.get("title") == "Status":
        return " See [statuses](#statuses)."
    return ""


def _target(document: Mapping[str, Any], of: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["$defs"].get(of.get("$ref", "").rpartition("/")[2], {})
    return found


def _objects(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parts of a schema that have keys of their own, in the order of their definition."""
    yield from (each for each in document["$defs"].values() if "properties" in each)


def _example(key: str, value: Any) -> str:
    """Return the line of YAML that gives a key its value."""
    if isinstance(value, dict | list):
        flow = yaml.safe_dump({key: value}, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
        return flow.strip()[1:-1]
    return yaml_codec.dump_yaml({key: value}).strip()


def _statuses() -> Iterator[str]:
    values = schema.load_schema("session").document["properties"]["status"]["enum"]
    if set(values) != set(STATUSES):
        raise click.ClickException(f"Describe each of these in STATUSES: {', '.join(values)}.")
    yield "## Statuses"
    yield ""
    yield from SHELF.splitlines()
    yield ""
    yield from _table(
        ("Status", "What it means", "Takes place", "Needs a date", "Shown in tables as"),
        *(
            (f"`{each}`", STATUSES[each], _yes(Status(each) in TAKES_PLACE), _yes(_needs_date(each)), _shown(each))
            for each in values
        ),
    )


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _catalogue(session: str) -> catalogue.Catalogue:
    """Return the catalogue of a group with one session."""
    configuration = b"name: Group\ntime_zone: Europe/London\nrepository: https://github.com/example/group\n"
    contents = {"readingroom.yml": configuration, "sessions/1-x/session.yml": session.encode()}
    return catalogue.read_catalogue(catalogue.Tree(contents=contents, listings={"1-x": {}}))


def _needs_date(status: str) -> bool:
    try:
        _catalogue(f"status: {status}\n")
    except Invalid:
        return True
    return False


def _shown(status: str) -> str:
    """Return the cell that a table shows for a session of this status, with words in place of links."""
    known = _catalogue(f"title: Retentive Networks\ndate: 2024-01-15\nstatus: {status}\n")
    table = render_pages.render_regions(known, Templates({}, known.group), dt.date(2024, 1, 1))["upcoming"]
    topic = table.splitlines()[2].split(" | ")[1]
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", topic)


def _commands() -> Iterator[str]:
    yield MADE.format("the commands' own help")
    yield "# Commands"
    yield ""
    yield cli_main.dispatch_command.help or ""
    yield ""
    yield from HELP.splitlines()
    yield ""
    for name, command in cli_main.dispatch_command.commands.items():
        yield from _command(name, command)
    yield "## Exit codes"
    yield ""
    yield "Results go to standard output; problems and findings for people go to standard error."
    yield ""
    yield from _table(("Code", "What it says"), *_exit_codes())


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=f"readingroom {name}")
    yield f"## `readingroom {name}`"
    yield ""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield textwrap.fill(" ".join(paragraph.split()), 120)
        yield ""
    yield "```text"
    yield " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield "```"
    yield ""
    options = [each for each in command.params if isinstance(each, click.Option)]
    if options:
        yield from _table(("Option", "What it does"), *(_option(each, context) for each in options))
    if "Examples:\n" in (command.epilog or ""):
        yield "Examples:"
        yield ""
        yield "```sh"
        yield from (line.strip() for line in (command.epilog or "").partition("Examples:\n")[2].splitlines())
        yield "```"
        yield ""


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    return f"`{', '.join(option.opts)}{value}`", option.help or ""


def _exit_codes() -> list[tuple[str, str]]:
    """Return the exit codes as the module that owns them lists them."""
    listed = " ".join((cli_main.__doc__ or "").partition("Exit codes:")[2].split())
    found = re.findall(r"([0-9]) ([^;]+?)[;.](?: |$)", listed)
    if [int(code) for code, _ in found] != [
        cli_main.OK,
        cli_main.NEEDS_FIX,
        cli_main.CANNOT_RUN,
        cli_main.INTERNAL_ERROR,
    ]:
        raise click.ClickException(
            "The docstring of readingroom.cli.main does not list the exit codes in one sentence."
        )
    return [(f"`{code}`", f"{meaning[0].upper()}{meaning[1:]}.") for code, meaning in found]


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if anything would change.")
def main(*, check: bool) -> None:
    """Write docs/fields.md and docs/commands.md."""
    wanted = pages()
    there = {path: (ROOT / path).read_bytes() for path in wanted if (ROOT / path).exists()}
    stale = {path: text.encode() for path, text in wanted.items() if there.get(path) != text.encode()}
    if check:
        click.echo("\n".join(disk.iter_diff(catalogue.Tree(contents=there), stale)), nl=bool(stale))
        sys.exit(bool(stale))
    disk.write_files(ROOT, stale)
    click.echo("\n".join([f"wrote {path}" for path in stale]) or "Nothing to do.")


if __name__ == "__main__":
    main()
