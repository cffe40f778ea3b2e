"""What the files of a group should be, and which of them must change for that."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Invalid, Location, read_rules
from readingroom.core.models import Group
from readingroom.core.session_path import SESSIONS, SessionPath
from readingroom.core.text_file import TextFile, decode_file, normalize_line_ends
from readingroom.core.tree import (
    ANNOUNCED_PATH,
    CONFIGURATION,
    FORM_PATH,
    README,
    ChunkRunner,
    Files,
    TaskStarter,
    Tree,
    postpone_task,
    run_in_one_chunk,
)
from readingroom.render import announcements, archive
from readingroom.render import pages as render_pages
from readingroom.render.templates import Templates
from readingroom.store import generated, ignores, lint
from readingroom.store.catalogue import Catalogue, FileReader, read_catalogue, read_valid_files
from readingroom.store.revisions import RevisionLog, read_revisions, render_revisions

DateClock = Callable[[str], dt.date]
FormRenderer = Callable[[Group], str]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The changes that bring every page up to date (None: remove the file), and what is worth a look.

    ``kept`` reports generated text that was edited manually; it is left as it is unless the build is forced.
    """

    catalogue: Catalogue
    today: dt.date
    changes: dict[str, bytes | None]
    findings: list[Diagnostic] = field(default_factory=list)
    kept: list[Diagnostic] = field(default_factory=list)


def render_issue_form(group: Group) -> str:
    """Return the text of the group's issue form for proposals."""
    # 10 ms for PyYAML, which a build whose form another process renders does not need.
    from readingroom.render import issue_form  # noqa: PLC0415

    return issue_form.render_issue_form(group)


@dataclass(frozen=True, slots=True)
class Workers:
    """What does the parts of a build that other processes may do: by default, this process does them all."""

    read_all: FileReader = read_valid_files
    render_form: FormRenderer = render_issue_form
    run_chunks: ChunkRunner = run_in_one_chunk
    start_task: TaskStarter = postpone_task


def build_pages(
    tree: Tree,
    today: DateClock,
    *,
    new_id: str = "",
    force: bool = False,
    workers: Workers | None = None,
) -> BuildResult:
    """Return what must change so that every page shows what the session files say.

    ``today`` returns the date in a time zone. ``new_id`` is the id of a group that was never built, random where the
    files are kept; without one the id is derived from the group's name and repository.
    Raises Invalid with every problem of every file.
    """
    workers = workers or Workers()
    catalogue, revisions = read_catalogue_and_revisions(tree, workers.read_all)
    group = catalogue.group
    day = today(group.time_zone)
    templates = load_templates(tree, group)
    if not revisions.id:
        new_id = announcements.choose_group_id(tree, catalogue, new_id)

    def render_announced() -> bytes:
        return render_revisions(announcements.update_revisions(revisions, catalogue, day, new_id))

    wait_for_announced = workers.start_task(render_announced, len(catalogue.sessions))
    pages = render_pages.render_pages(catalogue, templates, day, workers.run_chunks)
    pages[FORM_PATH] = workers.render_form(group).encode()
    readme, kept_regions = _fill_readme(tree, catalogue, templates, day, force=force)
    findings = sorted([*lint.lint_catalogue(catalogue, tree), *_check_page_sizes(tree, group, pages)])
    pages[ANNOUNCED_PATH] = wait_for_announced()
    changes, kept = _compare_pages(tree, pages, force=force)
    if (content := readme.encode()) != tree.contents.get(README):
        changes[README] = content
    return BuildResult(catalogue, day, changes, findings, kept + kept_regions)


def read_catalogue_and_revisions(tree: Tree, read_all: FileReader = read_valid_files) -> tuple[Catalogue, RevisionLog]:
    """Return the catalogue and what was announced of it; raise Invalid with the problems of both."""
    revisions, problems = RevisionLog(), []
    try:
        revisions = read_revisions(tree)
    except Invalid as invalid:
        problems = invalid.problems
    try:
        catalogue = read_catalogue(tree, read_all)
    except Invalid as invalid:
        raise Invalid(sorted([*invalid.problems, *problems])) from None
    if problems:
        raise Invalid(problems)
    return catalogue, revisions


def _check_page_sizes(tree: Tree, group: Group, pages: Files) -> list[Diagnostic]:
    """Return the pages whose end GitHub does not show: nested quotations may be a hundred times as long as typed."""
    long = [
        Diagnostic(
            Location(path),
            *Finding.from_rule(
                Code.PAGE_CUT_OFF, f"has {len(page)} bytes; GitHub shows the first {archive.MAX_BYTES}."
            ),
        )
        for path, page in pages.items()
        if len(page) > archive.MAX_BYTES
    ]
    return list(ignores.drop_ignored(long, ignores.read_ignored_codes(tree, group))) if long else []


def load_templates(tree: Tree, group: Group) -> Templates:
    """Return the package's templates and the group's own."""
    own = tree.list_own_templates()
    return Templates({name: decode_file(f"templates/{name}", text).text for name, text in own.items()}, group)


def collect_generated_files(tree: Tree, result: BuildResult) -> Files:
    """Return every file that holds generated text, as it is once the changes are made."""
    return {
        path: content
        for path, content in {**tree.contents, **result.changes}.items()
        if content is not None and (path in {README, FORM_PATH} or generated.has_banner(content))
    }


def check_group(tree: Tree, today: DateClock) -> list[Diagnostic]:
    """Return the warnings for a group that can be built; raise Invalid as ``build_pages`` would.

    A form with which no issue can be read is a problem too. Nothing is rendered unless the group has templates of its
    own, which may fail.
    """
    from readingroom.store import private_data  # noqa: PLC0415 -- 2 ms that a build does not need

    problems = _check_issue_form(tree)
    try:
        if tree.list_own_templates():
            built = build_pages(tree, today)
            findings, group = built.findings, built.catalogue.group
        else:
            known = read_catalogue_and_revisions(tree)[0]
            findings, group = lint.lint_catalogue(known, tree), known.group
    except Invalid as invalid:
        raise Invalid(sorted([*invalid.problems, *problems])) from None
    if problems:
        raise Invalid(problems)
    return sorted([*findings, *private_data.check_private_data(tree, group)])


def _check_issue_form(tree: Tree) -> list[Diagnostic]:
    if FORM_PATH in tree.contents:
        from readingroom.store import form_schema  # noqa: PLC0415 -- PyYAML, which a build does not need

        try:
            form_schema.read_form(FORM_PATH, tree.contents[FORM_PATH])
        except Invalid as invalid:
            return invalid.problems
    return []


def _fill_readme(
    tree: Tree, catalogue: Catalogue, templates: Templates, day: dt.date, *, force: bool
) -> tuple[TextFile, list[Diagnostic]]:
    """Return the README with its regions filled; a group without a README gets one."""
    if README in tree.contents:
        readme = decode_file(README, tree.contents[README])
    else:
        readme = TextFile(render_pages.render_readme(templates))
    regions = render_pages.render_regions(catalogue, templates, day)
    return generated.fill_regions(README, readme, regions, force=force)


def _compare_pages(tree: Tree, pages: Files, *, force: bool) -> tuple[dict[str, bytes | None], list[Diagnostic]]:
    """Return what to write or to remove, and the diagnostics of files that are left since they were edited."""
    changes: dict[str, bytes | None] = {}
    kept = []
    for path, page in pages.items():
        old = tree.contents.get(path)
        if old is not None and normalize_line_ends(old) == page:
            continue  # a checkout may have other line ends
        if old is None or force or generated.is_intact(old):
            changes[path] = _adapt_line_ends(page, old)
        else:
            kept.append(_build_manual_edit_diagnostic(path, old, page))
    for path in sorted(tree.contents.keys() - pages.keys()):
        old = tree.contents[path]
        if not path.startswith(f"{SESSIONS}/") or not generated.has_banner(old):
            continue
        if force or generated.is_intact(old):
            changes[path] = None
        else:
            message = "is no longer needed, but was edited manually, so it is left as it is."
            hint = "Save what you want to keep, then run build with --force to remove it."
            kept.append(Diagnostic(Location(path, 1), Code.PAGE_OBSOLETE, message, hint))
    return changes, kept


def _adapt_line_ends(page: bytes, old: bytes | None) -> bytes:
    """Return a page with the line ends of the file that it replaces, which a checkout may have changed."""
    return page.replace(b"\n", b"\r\n") if old and TextFile.decode(old, "replace").line_end == "\r\n" else page


def _build_manual_edit_diagnostic(path: str, old: bytes, page: bytes) -> Diagnostic:
    if not generated.has_banner(old):
        message = "was not written by readingroom, so it is left as it is."
        hint = "Rename it, or run build with --force to replace it."
        return Diagnostic(Location(path, 1), Code.PAGE_OCCUPIED, message, hint)
    pairs = zip(normalize_line_ends(old).split(b"\n")[1:], page.split(b"\n")[1:], strict=False)
    line = next((number for number, (old_line, new_line) in enumerate(pairs, 2) if old_line != new_line), 1)
    if path == ANNOUNCED_PATH:
        hint = read_rules()[Code.ANNOUNCED_INVALID].fix
    else:
        hint = generated.suggest_source_edit(old.decode("utf-8", "replace"), page.decode(), find_source_path(path))
    return Diagnostic(Location(path, line), Code.PAGE_EDITED, generated.EDITED_MANUALLY, hint)


def find_source_path(path: str) -> str:
    """Return the file to edit instead of a generated one, or an empty text if there are many."""
    if path == FORM_PATH:
        return CONFIGURATION
    session = SessionPath.parse(path)
    return session.file if session and path == session.page else ""
