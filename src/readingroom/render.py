"""A group's sessions to its pages."""

import datetime as dt
from collections.abc import Iterator, Mapping

from readingroom import generated
from readingroom.archive import SOURCE, Archive
from readingroom.catalogue import Catalogue
from readingroom.session import Session, Status, in_order, previous, upcoming
from readingroom.templating import Templates

Files = dict[str, str]


def pages(catalogue: Catalogue, templates: Templates, today: dt.date) -> Files:
    """Return every page that is generated as a whole, by its path."""
    material = _material(catalogue, templates)
    files = dict(_session_pages(catalogue, templates, material))
    files |= Archive(catalogue, templates, material).files(today)
    ahead = upcoming(catalogue.sessions, today)
    if len(ahead) > catalogue.group.upcoming:
        body = templates.text("all-upcoming.md.j2", sessions=ahead)
        files["sessions/upcoming.md"] = generated.stamped(body, SOURCE)
    return files


def regions(catalogue: Catalogue, templates: Templates, today: dt.date) -> dict[str, str]:
    """Return what stands in each region of the group's README, by the region's name."""
    group = catalogue.group
    ahead, behind = upcoming(catalogue.sessions, today), previous(catalogue.sessions, today)
    soonest = next((each for each in ahead if each.takes_place and each.date), None)
    latest = behind[: -group.previous - 1 : -1]
    more = max(0, len(ahead) - group.upcoming)
    return {
        "next": templates.text("next.md.j2", session=soonest).strip("\n"),
        "upcoming": templates.text("upcoming.md.j2", sessions=ahead[: group.upcoming], more=more).strip("\n"),
        "previous": templates.text("previous.md.j2", sessions=latest).strip("\n"),
    }


def readme(templates: Templates) -> str:
    """Return the README of a group that has none yet, with empty regions."""
    return templates.text("readme.md.j2")


def _material(catalogue: Catalogue, templates: Templates) -> dict[str, str]:
    """Return each folder's abstract and material, which its page and the archive share."""
    return {
        each.folder: templates.text("material.md.j2", session=each) if each.material or each.abstract else ""
        for each in catalogue.sessions
    }


def _session_pages(
    catalogue: Catalogue, templates: Templates, material: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    folders = {each.folder: each for each in catalogue.sessions}
    dated = sorted((each for each in catalogue.sessions if each.date and each.status != Status.OPEN), key=in_order)
    before = {each.folder: earlier for earlier, each in zip(dated, dated[1:], strict=False)}
    after = {each.folder: later for each, later in zip(dated, dated[1:], strict=False)}
    parts: dict[str, list[Session]] = {}
    for each in dated:
        parts.setdefault(each.continues, []).append(each)
    for each in catalogue.sessions:
        body = templates.text(
            "session.md.j2",
            session=each,
            material=material[each.folder],
            before=before.get(each.folder),
            after=after.get(each.folder),
            parts=parts.get(each.folder, ()),
            continued=folders.get(each.continues),
        )
        yield f"{each.path}/README.md", generated.stamped(body, "session.yml")
