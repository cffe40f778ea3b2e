"""The check of a pull request: what it does, in annotations, in the summary of the run and, if allowed, a comment."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from readingroom.cli.github_context import Hub, talking
from readingroom.cli.options import OK, TO_MEND
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.tree import Tree
    from readingroom.github.client import Forge
    from readingroom.proposals.records import Commit

MAX_SECONDS, MAX_MEMORY = 120, 2 * 1024**3  # for templates that may be anybody's
MAX_FETCHED = 200  # files, one request each; a repository's token has 1,000 requests an hour for all of its runs
MAX_COMMENT = 60_000  # characters; GitHub takes 65,536
_MARK = "<!-- readingroom-check -->"
_TOO_MANY = f"More than {MAX_FETCHED} files change, so it is not shown what readers will see."
_TOO_MUCH = (
    f"The pages take more than {MAX_SECONDS} seconds or {MAX_MEMORY // 1024**3} GB to make. "
    "Look at what the pull request's templates do, and at how much it adds."
)
_TOO_LONG = "What readers will see is too long for a comment: look at the summary of the run."


def inspected(hub: Hub, root: "Path", today: "dt.date | None") -> int:
    """Tell what the pull request that was checked out does; its templates get bounded time and memory."""
    from readingroom.io import actions_log, cache, disk, parallel  # noqa: PLC0415
    from readingroom.proposals import preview  # noqa: PLC0415

    after, forge = disk.read(root), hub.forge()
    pull = hub.payload["pull_request"]
    with talking("read"):
        before = _before(forge, root, _base(forge, pull["base"]["sha"]), after)
    parallel.limit(seconds=MAX_SECONDS, memory=MAX_MEMORY)
    try:
        found = preview.of(before or after, after, cache.clock(today))
    except (TimeoutError, MemoryError) as error:
        click.echo(actions_log.warning("The check was stopped", _TOO_MUCH))
        actions_log.add_summary(_TOO_MUCH)
        raise click.ClickException(_TOO_MUCH) from error
    for remark in (*found.problems, *found.findings):
        click.echo(actions_log.annotation(remark))
    summary = found.summary if before else _TOO_MANY
    actions_log.add_summary(summary)
    _comment(forge, pull["number"], summary, is_news=summary != preview.NOTHING)
    click.echo(f"{console.counted(len(found.problems), 'problem')}.")
    return TO_MEND if found.problems else OK


def _before(forge: "Forge", root: "Path", base: "Commit", after: "Tree") -> "Tree | None":
    """Return the files that a pull request starts from, or nothing if too many of them differ."""
    from readingroom.github import git_tree, pages_sync  # noqa: PLC0415
    from readingroom.io import git_index  # noqa: PLC0415

    numbers = iter(range(MAX_FETCHED))

    def fetch(name: str) -> bytes:
        next(numbers)
        return forge.blob(name)

    try:
        listing = git_tree.Listing(git_index.listed(root))
        return git_tree.of(pages_sync.entries(forge, base.tree, listing), after, fetch)
    except StopIteration:
        return None


def _base(forge: "Forge", base: str) -> "Commit":
    """Return the commit that a pull request is compared with: the one it is merged into by the commit that is checked.

    The event's own is where the base branch stood earlier.
    """
    from readingroom.github.transport import Refused  # noqa: PLC0415
    from readingroom.io import actions_log  # noqa: PLC0415

    if checked := actions_log.commit():
        with suppress(Refused):
            parents = forge.commit(checked).parents
            base = parents[0] if len(parents) == 2 else base
    return forge.commit(base)


def _comment(forge: "Forge", number: int, summary: str, *, is_news: bool) -> None:
    """Keep one comment on the pull request; where the token may not, as by default, the summary has to do."""
    from readingroom.github.client import is_same  # noqa: PLC0415
    from readingroom.github.transport import Interrupted, Refused  # noqa: PLC0415

    body = f"{_MARK}\n{summary if len(summary) <= MAX_COMMENT else _TOO_LONG}"
    with suppress(Refused, Interrupted):
        ours = next((each for each in forge.comments(number) if each.has_a_say and each.body.startswith(_MARK)), None)
        if ours is None:
            if is_news:
                forge.comment(number, body)
        elif not is_same(ours.body, body):
            forge.edit_comment(ours.id, body)
