"""A group's sessions to its pages."""

import datetime as dt
from collections.abc import Mapping, Sequence

from readingroom.core.models import Session, previous, soonest, upcoming
from readingroom.core.tree import Files, Share, in_turn
from readingroom.render.archive import SOURCE, Archive, divided, least_rows
from readingroom.render.templates import Templates
from readingroom.store import generated
from readingroom.store.catalogue import Catalogue
from readingroom.store.neighbours import Neighbours


def pages(catalogue: Catalogue, templates: Templates, today: dt.date, share: Share = in_turn) -> Files:
    """Return every page that is generated as a whole, by its path; ``share`` may work on parts at once."""
    neighbours = Neighbours(catalogue.sessions)

    def work(part: Sequence[Session]) -> tuple[Files, dict[str, str]]:
        material = {each.folder: _material(each, templates) for each in part}
        return {f"{each.path}/README.md": _page(each, templates, material, neighbours) for each in part}, material

    files: Files = {}
    material: dict[str, str] = {}
    for some_files, some_material in share(work, catalogue.sessions):
        files |= some_files
        material |= some_material
    files |= Archive(catalogue, templates, material).files(today, share)
    ahead = upcoming(catalogue.sessions, today)
    if len(ahead) > catalogue.group.upcoming:
        files |= _all_upcoming(ahead, templates)
    return files


def _all_upcoming(ahead: Sequence[Session], templates: Templates) -> Files:
    """Return the page of all that is upcoming, or several where GitHub would cut it."""

    def page(sessions: Sequence[Session]) -> str:
        return templates.text("all-upcoming.md.j2", sessions=sessions, following=following)

    following = "upcoming-99999.md"  # as long as any: what fits with it fits without
    parts = [part for part, _ in divided(ahead, page, least_rows)]
    files = {}
    for number, part in enumerate(parts, 1):
        following = f"upcoming-{number + 1}.md" if number < len(parts) else ""
        name = f"upcoming-{number}.md" if number > 1 else "upcoming.md"
        files[f"sessions/{name}"] = generated.stamped(page(part), SOURCE)
    return files


def regions(catalogue: Catalogue, templates: Templates, today: dt.date) -> dict[str, str]:
    """Return what stands in each region of the group's README, by the region's name."""
    group = catalogue.group
    ahead, behind = upcoming(catalogue.sessions, today), previous(catalogue.sessions, today)
    latest = behind[: -group.previous - 1 : -1]
    more = max(0, len(ahead) - group.upcoming)
    return {
        "next": templates.text("next.md.j2", session=soonest(ahead)).strip("\n"),
        "upcoming": templates.text("upcoming.md.j2", sessions=ahead[: group.upcoming], more=more).strip("\n"),
        "previous": templates.text("previous.md.j2", sessions=latest).strip("\n"),
    }


def readme(templates: Templates) -> str:
    """Return the README of a group that has none yet, with empty regions."""
    return templates.text("readme.md.j2")


def preview(catalogue: Catalogue, templates: Templates, folder: str) -> tuple[str, str]:
    """Return a session's row in the tables, with their head, and its page, as a reviewer should see them."""
    session = next(each for each in catalogue.sessions if each.folder == folder)
    page = _page(session, templates, {folder: _material(session, templates)}, Neighbours(catalogue.sessions))
    return templates.text("upcoming.md.j2", sessions=[session], more=0), page.decode().partition("\n")[2]


def _material(session: Session, templates: Templates) -> str:
    """Return a session's abstract and material, which its page and the archive share."""
    return templates.text("material.md.j2", session=session) if session.material or session.abstract else ""


def _page(session: Session, templates: Templates, material: Mapping[str, str], neighbours: Neighbours) -> bytes:
    body = templates.text(
        "session.md.j2",
        session=session,
        material=material[session.folder],
        before=neighbours.before.get(session.folder),
        after=neighbours.after.get(session.folder),
        parts=neighbours.parts.get(session.folder, ()),
        continued=neighbours.folders.get(session.continues),
    )
    return generated.stamped(body, "session.yml")
