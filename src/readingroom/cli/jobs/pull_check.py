"""The job of the action that checks a pull request: annotations, the run's summary and, if allowed, a comment."""

import datetime as dt
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.github_client import describe_fix, translate_github_errors
from readingroom.cli.github_context import GitHubContext
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.core.models import parse_folder_number
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import Tree
from readingroom.github import git_tree, pages_sync
from readingroom.github.client import Client
from readingroom.github.managed_text import find_comment, sync_comment
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.io import actions_log, cache, disk, git_index, parallel
from readingroom.proposals import preview
from readingroom.proposals.decision import get_claimed_number
from readingroom.proposals.records import Commit
from readingroom.text import mentions
from readingroom.text.phrases import format_count

MAX_SECONDS, MAX_MEMORY = 120, 2 * 1024**3  # for templates that anybody may have written
MAX_FETCHED = 200  # files, one request each; a repository's token has 1,000 requests an hour for all of its runs
MAX_COMMENT = 60_000  # characters; GitHub takes 65,536
_COMMENT_MARKER = "<!-- readingroom-check -->"
_TOO_MANY = f"More than {MAX_FETCHED} files change, so there is no preview of what readers will see."
_TOO_MUCH = (
    f"Building the pages takes more than {MAX_SECONDS} seconds or {MAX_MEMORY // 1024**3} GB. "
    "Check what the pull request's templates do, and how much it adds."
)
_TOO_LONG = "The preview is too long for a comment: see the summary of the run."


def check_pull_request(context: GitHubContext, root: Path, today: dt.date | None) -> ExitCode:
    """Report what the checked-out pull request does; its templates get bounded time and memory."""
    after, client = disk.read_tree(root), context.create_client()
    pull = context.payload["pull_request"]
    with translate_github_errors("read"):
        before = _fetch_base_tree(client, root, _resolve_base_commit(client, pull["base"]["sha"]), after)
    parallel.set_resource_limits(seconds=MAX_SECONDS, memory=MAX_MEMORY)
    clock = cache.make_clock(today)
    try:
        if before:
            comparison = preview.compare_trees(before, after, clock, _build_files_url(context))
        else:
            comparison = preview.check_tree(after, clock)
    except (TimeoutError, MemoryError) as error:
        click.echo(actions_log.format_warning("The check was stopped", _TOO_MUCH))
        actions_log.add_summary(_TOO_MUCH)
        raise click.ClickException(_TOO_MUCH) from error
    added = _list_numbered({*after.listings} - {*(before or after).listings})
    proposed, unknown = _fetch_proposed_numbers(client, pull["number"]) if added else ({}, "")
    clashes = [_build_clash(folder, proposed[number]) for folder, number in added.items() if number in proposed]
    for remark in (*comparison.problems, *comparison.findings, *clashes):
        click.echo(actions_log.format_annotation(remark))
    summary = comparison.summary if before else f"{_TOO_MANY}\n\n{comparison.summary}".strip()
    if clashes:
        summary = f"{mentions.render_bullet_list([str(each) for each in clashes])}\n\n{summary}"
    if unknown:
        click.echo(actions_log.format_warning("The numbers of open proposals are not known", unknown))
    actions_log.add_summary(summary)
    _sync_comment(client, pull["number"], summary, is_news=summary != preview.NOTHING)
    click.echo(f"{format_count(len(comparison.problems), 'error')}.")
    return ExitCode.NEEDS_FIX if comparison.problems else ExitCode.OK


def _list_numbered(folders: Collection[str]) -> dict[str, int]:
    """Return the numbers of the folders that have one."""
    return {folder: number for folder in sorted(folders) if (number := parse_folder_number(folder))}


def _fetch_proposed_numbers(client: Client, pull: int) -> tuple[dict[int, int], str]:
    """Return which pull request adds which number, except for one of them, or why that is not known."""
    try:
        pulls = client.fetch_open_pulls()
    except RefusedRequest as refused:
        return {}, f"GitHub refused ({refused}). {describe_fix(refused, 'read')} {_UNKNOWN}"
    except InterruptedRequest as interrupted:
        return {}, f"GitHub gave no answer ({interrupted}). {_UNKNOWN}"
    return {get_claimed_number(each): each.number for each in pulls if each.number != pull and each.branch}, ""


_UNKNOWN = "If a proposal has the number of a session that this adds, the proposal gets another one after the merge."


def _build_clash(folder: str, pull: int) -> Diagnostic:
    message = f"has the number that pull request {pull} adds."
    return Diagnostic(
        Location(SessionPath(folder).directory), *Finding.from_rule(Code.FOLDER_NUMBER_DUPLICATE, message)
    )


def _build_files_url(context: GitHubContext) -> str:
    """Return the address of the pull request's files, which its target has too, wherever it comes from."""
    web = str(context.payload["repository"].get("html_url") or "")
    return f"{web}/blob/{context.payload['pull_request']['head']['sha']}" if web else ""


def _fetch_base_tree(client: Client, root: Path, base: Commit, after: Tree) -> Tree | None:
    """Return the files that a pull request starts from, or nothing if too many of them differ."""
    numbers = iter(range(MAX_FETCHED))

    def fetch_blob(name: str) -> bytes:
        next(numbers)
        return client.fetch_blob(name)

    try:
        listing = git_tree.CommitListing(git_index.read_index(root))
        entries = pages_sync.list_tree_entries(client, base.tree, listing)
        return git_tree.build_tree(entries, after, fetch_blob, listing.entries)
    except StopIteration:
        return None


def _resolve_base_commit(client: Client, base: str) -> Commit:
    """Return the commit that a pull request is compared with: the one it is merged into by the commit that is checked.

    The event's own is where the base branch stood earlier.
    """
    if checked := actions_log.get_commit_sha():
        with suppress(RefusedRequest):
            parents = client.fetch_commit(checked).parents
            base = parents[0] if len(parents) == 2 else base
    return client.fetch_commit(base)


def _sync_comment(client: Client, number: int, summary: str, *, is_news: bool) -> None:
    """Keep one comment on the pull request up to date, if the token may write one: by default it may not."""
    body = f"{_COMMENT_MARKER}\n{summary if len(summary) <= MAX_COMMENT else _TOO_LONG}"
    with suppress(RefusedRequest, InterruptedRequest):
        current = find_comment(client.fetch_comments(number), _has_marker)
        if current or is_news:
            sync_comment(client, number, current, body, _has_marker)


def _has_marker(body: str) -> bool:
    return body.startswith(_COMMENT_MARKER)
