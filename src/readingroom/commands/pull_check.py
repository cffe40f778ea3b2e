"""The check of a pull request: what it does, as annotations and in the summary of the run."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from readingroom import console
from readingroom.commands.hub import Hub, talking
from readingroom.commands.options import OK, TO_MEND

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.forge import Commit, Forge

MAX_SECONDS, MAX_MEMORY = 120, 2 * 1024**3  # of a pull request's check, whose templates may be anybody's


def inspected(hub: Hub, root: "Path", today: "dt.date | None") -> int:
    """Tell what the pull request that was checked out does; its templates get bounded time and memory."""
    from readingroom import actions, checkout, inspection, memo, snapshot, tree, workers  # noqa: PLC0415
    from readingroom.publication import entries  # noqa: PLC0415
    from readingroom.snapshot import Listing  # noqa: PLC0415

    after, forge = tree.read(root), hub.forge()
    with talking("read"):
        base = _base(forge, hub.payload["pull_request"]["base"]["sha"])
        before = snapshot.of(entries(forge, base.tree, Listing(checkout.listed(root))), after, forge.blob)
    workers.limit(seconds=MAX_SECONDS, memory=MAX_MEMORY)
    found = inspection.of(before, after, lambda zone: today or memo.now(zone))
    for remark in (*found.problems, *found.findings):
        click.echo(actions.annotation(remark))
    actions.add_summary(found.summary)
    click.echo(f"{console.counted(len(found.problems), 'problem')}.")
    return TO_MEND if found.problems else OK


def _base(forge: "Forge", base: str) -> "Commit":
    """Return the commit that a pull request is compared with: the one it is merged into by the commit that is checked.

    The event's own is where the base branch stood earlier.
    """
    from readingroom import actions  # noqa: PLC0415
    from readingroom.forge import Refused  # noqa: PLC0415

    if checked := actions.commit():
        with suppress(Refused):
            parents = forge.commit(checked).parents
            base = parents[0] if len(parents) == 2 else base
    return forge.commit(base)
