"""The pages of a group, and the regions of its README, from its sessions."""

import datetime as dt
import posixpath
from collections.abc import Sequence
from functools import partial

from readingroom.core.models import Session, find_next_session, is_past, list_previous, list_upcoming
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import ChunkRunner, Files, run_in_one_chunk
from readingroom.render.archive import ARCHIVE_SOURCE, ArchiveRenderer, compute_min_table_size, split_into_pages
from readingroom.render.neighbours import Neighbours
from readingroom.render.templates import Templates
from readingroom.store import generated
from readingroom.store.catalogue import Catalogue
from readingroom.store.generated import RegionName


def render_pages(
    catalogue: Catalogue, templates: Templates, today: dt.date, share: ChunkRunner = run_in_one_chunk
) -> Files:
    """Return every page that is generated as a whole, by its path; ``share`` may render parts at once."""
    neighbours = Neighbours(catalogue.sessions)

    def render_part(part: Sequence[Session]) -> tuple[Files, dict[str, str]]:
        files, material = {}, {}
        for session in part:
            text = material[session.folder] = _render_material(session, templates)
            files[f"{session.path}/README.md"] = _render_session_page(
                session, templates, text, neighbours, is_past=is_past(session, today)
            )
        return files, material

    files: Files = {}
    material: dict[str, str] = {}
    for part_files, part_material in share(render_part, catalogue.sessions):
        files |= part_files
        material |= part_material
    files |= ArchiveRenderer(catalogue, templates, material).render_archive(today)
    ahead = list_upcoming(catalogue.sessions, today)
    if len(ahead) > catalogue.group.upcoming:
        files |= _render_upcoming_pages(ahead, templates)
    return files


def _render_upcoming_pages(ahead: Sequence[Session], templates: Templates) -> Files:
    """Return the page of all that is upcoming, or several where GitHub would cut it."""

    def render_upcoming_page(sessions: Sequence[Session]) -> str:
        return templates.render_template("all-upcoming.md.j2", sessions=sessions, following=following)

    following = "upcoming-99999.md"  # as long as any name: what fits with it fits without it
    parts = [part for part, _ in split_into_pages(ahead, render_upcoming_page, compute_min_table_size)]
    files = {}
    for number, part in enumerate(parts, 1):
        following = f"upcoming-{number + 1}.md" if number < len(parts) else ""
        name = f"upcoming-{number}.md" if number > 1 else "upcoming.md"
        files[f"sessions/{name}"] = generated.add_page_banner(render_upcoming_page(part), ARCHIVE_SOURCE)
    return files


def render_regions(catalogue: Catalogue, templates: Templates, today: dt.date) -> dict[RegionName, str]:
    """Return the content of each region of the group's README."""
    group = catalogue.group
    ahead = list_upcoming(catalogue.sessions, today)
    latest = list_previous(catalogue.sessions, today)[: -group.previous - 1 : -1]
    more = max(0, len(ahead) - group.upcoming)
    bodies = {
        RegionName.NEXT: templates.render_template("next.md.j2", session=find_next_session(ahead)),
        RegionName.UPCOMING: templates.render_template("upcoming.md.j2", sessions=ahead[: group.upcoming], more=more),
        RegionName.PREVIOUS: templates.render_template("previous.md.j2", sessions=latest),
    }
    return {name: body.strip("\n") for name, body in bodies.items()}


def render_readme(templates: Templates) -> str:
    """Return the README of a group that has none yet, with empty regions; raise Invalid if its markers are wrong."""
    text = templates.render_template("readme.md.j2")
    generated.parse_regions("templates/readme.md.j2", text)
    return text


def render_session_preview(
    catalogue: Catalogue, templates: Templates, folder: str, files: str = "", row_target: str = ""
) -> tuple[str, str]:
    """Return a table with a session's row, and the session's page, as a reviewer should see them: with what is open.

    Both are for an issue or a pull request. ``files`` is the address of the repository's files, which links lead to,
    and ``row_target`` where the row's link leads: its page only follows a merge.
    """
    session = next(each for each in catalogue.sessions if each.folder == folder)

    def resolve_from(directory: str, path: str) -> str:
        path = posixpath.normpath(f"{directory}/{path}").lstrip("/")
        return f"{files}/{path}" if files else posixpath.relpath(path, directory or ".")

    def resolve_in_row(path: str) -> str:
        return row_target if row_target and path == SessionPath(folder).page else resolve_from("", path)

    for_page = templates.show_in_comment(partial(resolve_from, session.path))
    material = _render_material(session, for_page)
    page = _render_session_page(session, for_page, material, Neighbours(catalogue.sessions)).decode()
    row = templates.show_in_comment(resolve_in_row).render_template("upcoming.md.j2", sessions=[session], more=0)
    return row.strip(), page.partition("\n")[2].strip()


def _render_material(session: Session, templates: Templates) -> str:
    """Return a session's abstract and material, which its page and the archive share."""
    return templates.render_template("material.md.j2", session=session) if session.material or session.abstract else ""


def _render_session_page(
    session: Session, templates: Templates, material: str, neighbours: Neighbours, *, is_past: bool = False
) -> bytes:
    body = templates.render_template(
        "session.md.j2",
        session=session,
        material=material,
        is_past=is_past,
        before=neighbours.before.get(session.folder),
        after=neighbours.after.get(session.folder),
        parts=neighbours.parts.get(session.folder, ()),
        continued=neighbours.folders.get(session.continues),
    )
    return generated.add_page_banner(body, "session.yml")
