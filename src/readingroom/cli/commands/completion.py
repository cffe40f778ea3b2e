"""The command completion."""

import click
from click.shell_completion import get_completion_class

from readingroom.cli.options import format_examples


@click.command(
    "completion",
    epilog=format_examples(
        'eval "$(readingroom completion bash)"',
        "readingroom completion fish > ~/.config/fish/completions/readingroom.fish",
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def run_command(ctx: click.Context, /, shell: str) -> None:
    """Print the script that completes commands in a shell."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    click.echo(kind(ctx.find_root().command, {}, "readingroom", "_READINGROOM_COMPLETE").source())
