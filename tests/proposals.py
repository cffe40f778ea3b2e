"""Proposals for tests: what GitHub makes of a form that was filled in, and a group in a box that answers issues."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from box import REPOSITORY
from groups import built, files, tree
from readingroom.core.tree import FORM_PATH
from readingroom.github import proposal_sync
from readingroom.github.client import Client
from readingroom.proposals.pull_request import ProposalContext
from readingroom.render import build
from readingroom.store import form_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from box import Box
    from groups import Files
    from readingroom.github.proposal_sync import ProposalResult
    from readingroom.store.form_schema import Form

WEB = f"https://github.com/{REPOSITORY}"
PERMISSIONS = {"contents": "write", "issues": "write", "pull_requests": "write", "statuses": "write"}
CONFIGURATION = {
    "day": "Monday",
    "time": "11:00",
    "room": "David Blackwell",
    "rooms": ["David Blackwell", "Ursula Franklin"],
    "kinds": ["Technical", "Discussion"],
    "code_of_conduct": "https://example.org/conduct",
    "date_format": "dd/MM/yy",
}
ASKED = {
    "title": "Retentive Networks",
    "kind": "Technical",
    "date": "2024-02-05",
    "room": "David Blackwell",
    "leads": "Ed Gunn @egunn-turing",
    "main_reading": "- [Retentive Network](https://arxiv.org/abs/2307.08621)",
    "agreement": True,
}


def group(sessions: Mapping[str, Mapping[str, Any]] | None = None) -> Files:
    """Return a group's files with all its pages and its form."""
    return dict(_group() if sessions is None else built(files(sessions, **CONFIGURATION)))


@cache
def _group() -> Files:
    return built(files({"01-bert": {"title": "Bert", "date": "2024-01-08"}}, **CONFIGURATION))


def body(**changes: Any) -> str:
    """Return the body of an issue in which the group's form was filled in with ASKED and these changes."""
    return filled(_form(), {**ASKED, **changes})


@cache
def _form() -> Form:
    return form_schema.read_form(FORM_PATH, group()[FORM_PATH])


def filled(known: Form, given: Mapping[str, Any]) -> str:
    """Return what GitHub writes for these answers, by the ids of a form's fields; True ticks every box."""
    parts = []
    for field in known.fields:
        answer = given.get(field.id)
        if field.type == "checkboxes":
            answer = "\n".join(f"- [{'X' if answer else ' '}] {option}" for option in field.options)
        parts.append(f"### {field.label}\n\n{answer or '_No response_'}")
    return "\n\n".join(parts)


def forge(box: Box, permissions: Mapping[str, str] | None = None) -> Client:
    """Return the way to the box with a token that may do what the workflow's may."""
    token = box.token(**(PERMISSIONS if permissions is None else permissions))
    return Client(box.url, REPOSITORY, token, pause=lambda _: None)


def setting(box: Box) -> ProposalContext:
    """Return what a job would read from a fresh checkout of the default branch."""
    found = ProposalContext.build_from_tree(tree(box.tree()), WEB, "main")
    return replace(found, templates=build.load_templates(found.tree, found.group))


def settle(box: Box, number: int, way: Client | None = None) -> ProposalResult:
    """Do what a job would do for an issue, without its pauses."""
    return proposal_sync.reconcile_issue(way or forge(box), setting(box), number)
