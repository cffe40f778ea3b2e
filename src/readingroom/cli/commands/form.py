"""The command form, and form parse."""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.options import format_examples, root_option
from readingroom.io import console, disk
from readingroom.proposals import form_answers
from readingroom.render import issue_form
from readingroom.store import catalogue, form_schema


@click.group(
    "form",
    invoke_without_command=True,
    epilog=format_examples(
        "readingroom form", "readingroom form parse --form .github/ISSUE_TEMPLATE/session.yml body.md"
    ),
)
@root_option
@click.pass_context
def run_command(ctx: click.Context, /, root: Path) -> None:
    """Print the issue form for proposals.

    It is the form that readingroom build writes into .github/ISSUE_TEMPLATE.
    """
    if ctx.invoked_subcommand is None:
        click.echo(issue_form.render_issue_form(catalogue.read_group(disk.read_tree(root))), nl=False)


@run_command.command(
    "parse", epilog=format_examples("readingroom form parse --form .github/ISSUE_TEMPLATE/bug.yml body.md")
)
@click.option(
    "--form", "form_file", type=click.File("rb"), required=True, help="The form's YAML file; any issue form works."
)
@click.argument("body", type=click.File("rb"))
def parse_command(form_file: BinaryIO, body: BinaryIO) -> None:
    """Print the answers in the BODY of an issue as JSON.

    Each field has its id, label, type, value and questions.
    """
    form = form_schema.read_form(form_file.name, form_file.read())
    answers = form_answers.parse_answers(form, body.read().decode("utf-8", "replace"))
    console.print_json(form_answers.build_json_answers(form, answers))
    sys.exit(ExitCode.NEEDS_FIX if answers.questions else ExitCode.OK)
