"""The commands about issue forms."""

import sys
from typing import TYPE_CHECKING

import click

from readingroom.cli.options import OK, TO_MEND, examples, root_option
from readingroom.io import console

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


@click.group(
    invoke_without_command=True,
    epilog=examples("readingroom form", "readingroom form parse --form .github/ISSUE_TEMPLATE/session.yml body.md"),
)
@root_option
@click.pass_context
def form(ctx: click.Context, /, root: "Path") -> None:
    """Print the issue form for proposals, which readingroom build writes into .github/ISSUE_TEMPLATE."""
    if ctx.invoked_subcommand is None:
        from readingroom.io import disk  # noqa: PLC0415
        from readingroom.render import issue_form  # noqa: PLC0415
        from readingroom.store import catalogue  # noqa: PLC0415

        click.echo(issue_form.written(catalogue.read_group(disk.read(root))), nl=False)


@form.command(epilog=examples("readingroom form parse --form .github/ISSUE_TEMPLATE/bug.yml body.md"))
@click.option(
    "--form", "file", type=click.File("rb"), required=True, help="The form's YAML file; any issue form will do."
)
@click.argument("body", type=click.File("rb"))
def parse(file: "BinaryIO", body: "BinaryIO") -> None:
    """Print the answers in the BODY of an issue as JSON: id, label, type, value and questions of each field."""
    from readingroom.proposals import form_answers  # noqa: PLC0415
    from readingroom.store import form_schema as forms  # noqa: PLC0415

    known = forms.read(file.name, file.read())
    found = form_answers.parse(known, body.read().decode("utf-8", "replace"))
    console.print_json(form_answers.as_json(known, found))
    sys.exit(TO_MEND if found.questions else OK)
