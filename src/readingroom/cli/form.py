"""The commands about issue forms."""

import sys
from typing import TYPE_CHECKING

import click

from readingroom.cli.options import NEEDS_FIX, OK, format_examples, root_option
from readingroom.io import console

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


@click.group(
    "form",
    invoke_without_command=True,
    epilog=format_examples(
        "readingroom form", "readingroom form parse --form .github/ISSUE_TEMPLATE/session.yml body.md"
    ),
)
@root_option
@click.pass_context
def print_form_command(ctx: click.Context, /, root: "Path") -> None:
    """Print the issue form for proposals, which readingroom build writes into .github/ISSUE_TEMPLATE."""
    if ctx.invoked_subcommand is None:
        from readingroom.io import disk  # noqa: PLC0415
        from readingroom.render import issue_form  # noqa: PLC0415
        from readingroom.store import catalogue  # noqa: PLC0415

        click.echo(issue_form.render_issue_form(catalogue.read_group(disk.read_tree(root))), nl=False)


@print_form_command.command(
    epilog=format_examples("readingroom form parse --form .github/ISSUE_TEMPLATE/bug.yml body.md")
)
@click.option(
    "--form", "file", type=click.File("rb"), required=True, help="The form's YAML file; any issue form will do."
)
@click.argument("body", type=click.File("rb"))
def parse_command(file: "BinaryIO", body: "BinaryIO") -> None:
    """Print the answers in the BODY of an issue as JSON: id, label, type, value and questions of each field."""
    from readingroom.proposals import form_answers  # noqa: PLC0415
    from readingroom.store import form_schema as forms  # noqa: PLC0415

    known = forms.read_form(file.name, file.read())
    found = form_answers.parse_answers(known, body.read().decode("utf-8", "replace"))
    console.print_json(form_answers.build_json_answers(known, found))
    sys.exit(NEEDS_FIX if found.questions else OK)
