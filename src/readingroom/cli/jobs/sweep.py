"""The job of the action that finds the proposals for which no event has started a run."""

import datetime as dt
import json
from pathlib import Path

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.github_client import translate_github_errors
from readingroom.cli.github_context import GitHubContext
from readingroom.github import proposal_sweep
from readingroom.io import actions_log, cache
from readingroom.proposals.sweep import Sweep
from readingroom.text.phrases import format_count


def find_due_proposals(context: GitHubContext, root: Path, today: dt.date | None) -> ExitCode:
    """Pass the issues that need a run to the job that follows; nothing is written."""
    client = context.create_client()
    with translate_github_errors("read"):
        proposal = context.with_repository(client).build_proposal_context(root)
        day = cache.make_clock(today)(proposal.group.time_zone)
        found = proposal_sweep.find_due_issues(client, proposal, day)
    actions_log.set_outputs({"issues": json.dumps(found.due)})
    message = _describe_sweep(found)
    actions_log.add_summary(message)
    click.echo(message)
    return ExitCode.OK


def _describe_sweep(found: Sweep) -> str:
    if not found.due:
        return "Every proposal has its answer."
    numbers = ", ".join(f"#{number}" for number in found.due)
    left = f" {format_count(found.left, 'other')} will have theirs in the next run." if found.left else ""
    return f"{format_count(len(found.due), 'proposal')} to answer again: {numbers}.{left}"
