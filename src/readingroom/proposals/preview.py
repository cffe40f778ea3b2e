"""What a pull request does to a group: its errors, and what readers would see before and after."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.session_path import SessionPath
from readingroom.core.text_file import normalize_line_ends
from readingroom.core.tree import ANNOUNCED_PATH, FORM_PATH, README, Tree
from readingroom.proposals import template_check
from readingroom.render import announcements, build
from readingroom.render import pages as render_pages
from readingroom.render.build import BuildResult, DateClock
from readingroom.store import generated, ignores, private_data
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import read_revisions
from readingroom.text import escape, mentions

NOTHING = "Nothing that readers see changes."
MAX_SHOWN = 20  # sessions whose pages are shown
MAX_SUMMARY = 900_000  # bytes; GitHub accepts a mebibyte


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """``problems`` keep a pull request from being merged; ``summary`` is Markdown for the page of the run."""

    problems: list[Diagnostic] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    summary: str = ""


def compare_trees(before: Tree, after: Tree, today: DateClock, files: str = "") -> ChangeReport:
    """Return what changes between two states of the files, as readers would see it today.

    ``files`` is the address of the later state's files, such as ``https://github.com/octo/group/blob/1a2b3c4``.
    """
    if _is_unchanged(before, after):
        return ChangeReport(summary=NOTHING)
    try:
        new_build = _build_checked(after, today)
    except Invalid as invalid:
        return _report_problems(invalid)
    old_build = _try_build(before, today)
    edited = [
        *_check_edited_texts(before, after, new_build),
        *_check_deleted_pages(before, after, new_build),
        *_check_revisions(before, after, new_build, today),
    ]
    reported = {_get_identity(each) for each in old_build.findings} if old_build else set()
    findings = [each for each in new_build.findings if _get_identity(each) not in reported]
    folders = _list_changed_folders(before, after)
    shown = {README, *(SessionPath(folder).page for folder in folders[:MAX_SHOWN])}
    old, new = _apply_changes(before, old_build), _apply_changes(after, new_build)
    parts = [
        *_render_diagnostics("Problems", edited),
        *_render_diagnostics("Warnings", findings),
        *_render_sessions(before, after, new_build, folders, files),
        *_render_readme_diff(old, new),
    ]
    if old_build:
        parts += _render_other_pages(old, new, shown)
    parts += _render_added_ignores(before, old_build, after, new_build)
    return ChangeReport(edited, findings, _join_parts(parts) or NOTHING)


def check_tree(after: Tree, today: DateClock) -> ChangeReport:
    """Return what is wrong with a state of the files, without a comparison with an earlier one."""
    try:
        findings = _build_checked(after, today).findings
    except Invalid as invalid:
        return _report_problems(invalid)
    return ChangeReport([], findings, "".join(_render_diagnostics("Warnings", findings)))


def _build_checked(tree: Tree, today: DateClock) -> BuildResult:
    result = build.build_pages(tree, today)
    template_check.check_group_templates(tree, today)
    private = private_data.check_private_data(tree, result.catalogue.group)
    return replace(result, findings=sorted([*result.findings, *private]))


def _report_problems(invalid: Invalid) -> ChangeReport:
    return ChangeReport(invalid.problems, [], "".join(_render_diagnostics("Problems", invalid.problems)))


def _join_parts(parts: Iterable[str]) -> str:
    """Return finished parts of a summary, with those that GitHub has no room for replaced by a sentence."""
    text, left = "", MAX_SUMMARY - len(_CUT.encode())
    for part in parts:
        left -= len(part.encode()) + len("\n\n")
        if left < 0:
            return f"{text}\n\n{_CUT}".strip()
        text = f"{text}\n\n{part}" if text else part
    return text


_CUT = "This changes more than can be shown here."


def _render_diagnostics(title: str, diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield all diagnostics: of those at files and lines, GitHub shows ten of a kind."""
    if diagnostics:
        yield f"### {title}\n\n{mentions.render_bullet_list([str(each) for each in diagnostics])}"


def _get_identity(diagnostic: Diagnostic) -> tuple[str, str, str, str]:
    """Return what identifies a diagnostic even if its line has moved."""
    return diagnostic.file, diagnostic.key, diagnostic.code, diagnostic.message


def _is_unchanged(before: Tree, after: Tree) -> bool:
    """Return whether nothing of a group changes."""
    paths = before.contents.keys() | after.contents.keys()
    has_same_texts = all(
        _normalize_line_ends(before.contents.get(path)) == _normalize_line_ends(after.contents.get(path))
        for path in paths
    )
    others, others_after = ((each.listings, each.unread, each.pictures, each.large_blobs) for each in (before, after))
    return has_same_texts and others == others_after


def _normalize_line_ends(content: bytes | None) -> bytes | None:
    """Return a text with the line ends that Git stores: a checkout may have others."""
    return normalize_line_ends(content) if content else content


def _check_edited_texts(before: Tree, after: Tree, new_build: BuildResult) -> Iterator[Diagnostic]:
    """Yield the generated texts that a pull request edits manually."""
    for each in new_build.kept:
        if each.file == ANNOUNCED_PATH:
            continue  # _check_revisions reports it
        if _get_generated_text(before, each) != _get_generated_text(after, each):
            was, now = (generated.has_banner(side.contents.get(each.file, b"")) for side in (before, after))
            hint = each.hint
            if was and not now:
                hint = generated.suggest_source_edit("", "", build.find_source_path(each.file))
            yield Diagnostic(each.location, Code.PAGE_EDIT_REFUSED, _EDITED, hint)


_EDITED = "is generated, and this pull request edits it."


def _check_deleted_pages(before: Tree, after: Tree, new_build: BuildResult) -> Iterator[Diagnostic]:
    """Yield the generated pages that a pull request removes though they are needed."""
    for path, content in before.contents.items():
        is_removed = path != ANNOUNCED_PATH and path not in after.contents
        if is_removed and generated.has_banner(content) and new_build.changes.get(path):
            source = build.find_source_path(path) or "the session's session.yml"
            hint = f"To change what it shows, edit {source}."
            yield Diagnostic(Location(path), Code.PAGE_EDIT_REFUSED, "is generated and will be written again.", hint)


def _check_revisions(before: Tree, after: Tree, new_build: BuildResult, today: DateClock) -> Iterator[Diagnostic]:
    """Yield the record of announcements if a pull request changes it to anything but a build's result.

    The digest in its first line proves nothing: anybody can compute it.
    """
    content, old_content = after.contents.get(ANNOUNCED_PATH), before.contents.get(ANNOUNCED_PATH)
    if _normalize_line_ends(old_content) == _normalize_line_ends(content):
        return
    if content is None:
        is_ours = not generated.has_banner(old_content or b"") or ANNOUNCED_PATH not in new_build.changes
    else:
        is_ours = generated.is_intact(content) and _has_built_revisions(before, after, new_build.catalogue, today)
    if not is_ours:
        hint = "Take the change back: the file is written after the merge."
        yield Diagnostic(Location(ANNOUNCED_PATH), Code.ANNOUNCED_EDITED, _WRONG_REVISIONS, hint)


def _has_built_revisions(before: Tree, after: Tree, group_catalogue: Catalogue, today: DateClock) -> bool:
    """Return whether the record of announcements is what a build on this day or an earlier one makes of the old one."""
    try:
        old, new = read_revisions(before), read_revisions(after)
    except Invalid:
        return False
    day = today(group_catalogue.group.time_zone)
    return announcements.matches_revisions(new, announcements.update_revisions(old, group_catalogue, day, new.id))


_WRONG_REVISIONS = "is not what a build makes of it: only readingroom records what was announced."


def _try_build(tree: Tree, today: DateClock) -> BuildResult | None:
    try:
        return build.build_pages(tree, today)
    except Invalid:
        return None


def _apply_changes(tree: Tree, result: BuildResult | None) -> Mapping[str, bytes | None]:
    """Return the files as they are after a build."""
    return {**tree.contents, **(result.changes if result else {})}


def _get_generated_text(tree: Tree, remark: Diagnostic) -> list[str] | bytes | None:
    """Return the generated text that a remark is about, as it is in the files."""
    content = tree.contents.get(remark.file)
    if remark.file != README:
        return content
    return _parse_regions(content or b"").get(remark.key.removeprefix("region "))


def _list_changed_folders(before: Tree, after: Tree) -> list[str]:
    """Return the folders of the sessions that are new or changed."""
    old, new = dict(before.list_session_files()), dict(after.list_session_files())
    return [
        folder
        for folder in sorted(after.listings)
        if (path := SessionPath(folder).file) in new
        and (
            _normalize_line_ends(old.get(path)) != _normalize_line_ends(new[path])
            or before.listings.get(folder) != after.listings[folder]
        )
    ]


def _render_sessions(
    before: Tree, after: Tree, new_build: BuildResult, folders: list[str], files: str
) -> Iterator[str]:
    """Yield the row and the page of each session that is new or changed, with links that lead to its files."""
    templates = build.load_templates(after, new_build.catalogue.group)
    for folder in folders[:MAX_SHOWN]:
        session = SessionPath(folder)
        row_target = "" if session.page in after.contents else f"{files}/{session.file}".lstrip("/")
        row, page = render_pages.render_session_preview(new_build.catalogue, templates, folder, files, row_target)
        yield f"{row}\n\n<details>\n<summary>{session.directory}</summary>\n\n{page}\n\n</details>"
    if len(folders) > MAX_SHOWN:
        yield f"And {len(folders) - MAX_SHOWN} more sessions."
    if removed := sorted(
        path.split("/")[1]
        for path in dict(before.list_session_files()).keys() - dict(after.list_session_files()).keys()
    ):
        yield f"Removed: {', '.join(escape.escape_text(path, mentions.COMMENT) for path in removed)}"


def _render_readme_diff(old: Mapping[str, bytes | None], new: Mapping[str, bytes | None]) -> Iterator[str]:
    """Yield the lines of the README's regions that would change."""
    before, after = (
        [line for region in _parse_regions(files.get(README) or b"").values() for line in region]
        for files in (old, new)
    )
    changes = [*difflib.unified_diff(before, after, n=1, lineterm="")][2:]
    lines = [line for line in changes if not line.startswith("@@")]
    if lines:
        fence = escape.build_fence("\n".join(lines))
        yield "\n".join(["### In the README", "", f"{fence}diff", *lines, fence])


def _render_added_ignores(
    before: Tree, old_build: BuildResult | None, after: Tree, new_build: BuildResult
) -> Iterator[str]:
    """Yield the warnings that a pull request switches off, so that nobody does so unnoticed."""
    old = ignores.read_ignored_codes(before, old_build.catalogue.group).list_entries() if old_build else []
    new = ignores.read_ignored_codes(after, new_build.catalogue.group).list_entries()
    added = [f"{file}: {code}" for file, code in new if (file, code) not in old]
    if added:
        yield f"### Warnings that this switches off\n\n{mentions.render_bullet_list(added)}"


def _render_other_pages(
    old: Mapping[str, bytes | None], new: Mapping[str, bytes | None], shown: set[str]
) -> Iterator[str]:
    """Yield which other pages change: a template or a setting may change all of them."""
    pages = [
        path
        for path in sorted({*old, *new} - shown)
        if (path == FORM_PATH or path.endswith(".md"))
        and _normalize_line_ends(old.get(path)) != _normalize_line_ends(new.get(path))
    ]
    if pages:
        listed = ", ".join(escape.escape_text(path, mentions.COMMENT) for path in pages[:MAX_SHOWN])
        more = f" and {len(pages) - MAX_SHOWN} more" if len(pages) > MAX_SHOWN else ""
        yield f"Generated files that change too: {listed}{more}."


def _parse_regions(content: bytes) -> dict[str, list[str]]:
    """Return the lines of a README's regions by their names; none if the markers are wrong."""
    lines = normalize_line_ends(content.decode("utf-8", "replace")).split("\n")
    try:
        regions = generated.parse_regions(README, "\n".join(lines))
    except Invalid:
        return {}
    return {region.name: lines[region.begin + 1 : region.end] for region in regions}
