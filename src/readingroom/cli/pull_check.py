"""The check of a pull request: what it does, in annotations, in the summary of the run and, if allowed, a comment."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from readingroom.cli.github_context import GitHubContext, translate_github_errors
from readingroom.cli.options import NEEDS_FIX, OK
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.tree import Tree
    from readingroom.github.client import Client
    from readingroom.proposals.records import Commit

MAX_SECONDS, MAX_MEMORY = 120, 2 * 1024**3  # for templates that may be anybody's
MAX_FETCHED = 200  # files, one request each; a repository's token has 1,000 requests an hour for all of its runs
MAX_COMMENT = 60_000  # characters; GitHub takes 65,536
_COMMENT_MARKER = "<!-- readingroom-check -->"
_TOO_MANY = f"More than {MAX_FETCHED} files change, so it is not shown what readers will see."
_TOO_MUCH = (
    f"The pages take more than {MAX_SECONDS} seconds or {MAX_MEMORY // 1024**3} GB to make. "
    "Look at what the pull request's templates do, and at how much it adds."
)
_TOO_LONG = "What readers will see is too long for a comment: look at the summary of the run."


def check_pull_request(hub: GitHubContext, root: "Path", today: "dt.date | None") -> int:
    """Tell what the pull request that was checked out does; its templates get bounded time and memory."""
    from readingroom.io import actions_log, cache, disk, parallel  # noqa: PLC0415
    from readingroom.proposals import preview  # noqa: PLC0415

    after, forge = disk.read_tree(root), hub.create_client()
    pull = hub.payload["pull_request"]
    with translate_github_errors("read"):
        before = _fetch_base_tree(forge, root, _resolve_base_commit(forge, pull["base"]["sha"]), after)
    parallel.set_resource_limits(seconds=MAX_SECONDS, memory=MAX_MEMORY)
    try:
        found = preview.compare_trees(before or after, after, cache.make_clock(today))
    except (TimeoutError, MemoryError) as error:
        click.echo(actions_log.format_warning("The check was stopped", _TOO_MUCH))
        actions_log.add_summary(_TOO_MUCH)
        raise click.ClickException(_TOO_MUCH) from error
    for remark in (*found.problems, *found.findings):
        click.echo(actions_log.format_annotation(remark))
    summary = found.summary if before else _TOO_MANY
    actions_log.add_summary(summary)
    _sync_comment(forge, pull["number"], summary, is_news=summary != preview.NOTHING)
    click.echo(f"{console.format_count(len(found.problems), 'problem')}.")
    return NEEDS_FIX if found.problems else OK


def _fetch_base_tree(forge: "Client", root: "Path", base: "Commit", after: "Tree") -> "Tree | None":
    """Return the files that a pull request starts from, or nothing if too many of them differ."""
    from readingroom.github import git_tree, pages_sync  # noqa: PLC0415
    from readingroom.io import git_index  # noqa: PLC0415

    numbers = iter(range(MAX_FETCHED))

    def fetch_blob(name: str) -> bytes:
        next(numbers)
        return forge.fetch_blob(name)

    try:
        listing = git_tree.CommitListing(git_index.read_index(root))
        return git_tree.build_tree(pages_sync.list_tree_entries(forge, base.tree, listing), after, fetch_blob)
    except StopIteration:
        return None


def _resolve_base_commit(forge: "Client", base: str) -> "Commit":
    """Return the commit that a pull request is compared with: the one it is merged into by the commit that is checked.

    The event's own is where the base branch stood earlier.
    """
    from readingroom.github.transport import RefusedRequest  # noqa: PLC0415
    from readingroom.io import actions_log  # noqa: PLC0415

    if checked := actions_log.get_commit_sha():
        with suppress(RefusedRequest):
            parents = forge.fetch_commit(checked).parents
            base = parents[0] if len(parents) == 2 else base
    return forge.fetch_commit(base)


def _sync_comment(forge: "Client", number: int, summary: str, *, is_news: bool) -> None:
    """Keep one comment on the pull request; where the token may not, as by default, the summary has to do."""
    from readingroom.github.client import is_same_text  # noqa: PLC0415
    from readingroom.github.transport import InterruptedRequest, RefusedRequest  # noqa: PLC0415

    body = f"{_COMMENT_MARKER}\n{summary if len(summary) <= MAX_COMMENT else _TOO_LONG}"
    with suppress(RefusedRequest, InterruptedRequest):
        ours = next(
            (each for each in forge.fetch_comments(number) if each.has_a_say and each.body.startswith(_COMMENT_MARKER)),
            None,
        )
        if ours is None:
            if is_news:
                forge.add_comment(number, body)
        elif not is_same_text(ours.body, body):
            forge.edit_comment(ours.id, body)
