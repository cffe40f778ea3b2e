"""Check a group: its local files, and the settings of its repository on GitHub."""

from collections.abc import Collection
from dataclasses import dataclass

from readingroom.core.diagnostics import Invalid
from readingroom.core.text_file import normalize_line_ends
from readingroom.core.tree import (
    ANNOUNCED_PATH,
    CONFIGURATION,
    FORM_PATH,
    README,
    WORKFLOW_PATH,
    ChunkRunner,
    Tree,
    run_in_one_chunk,
)
from readingroom.github.repository_settings import RepositorySettings
from readingroom.render import announcements, build, issue_form
from readingroom.render.build import BuildResult, DateClock
from readingroom.setup import init, repository_check, workflow_check, workflow_file
from readingroom.setup.check_result import FAILED, OK, UNKNOWN, WARNING, CheckResult, add_ok_if_empty
from readingroom.setup.environment import describe_nested_folder
from readingroom.store import form_schema, generated
from readingroom.store.catalogue import read_group
from readingroom.text.phrases import format_count

OLDEST_PYTHON = (3, 11)
MAX_LISTED_PATHS = 5


@dataclass(frozen=True, slots=True)
class ProgramInfo:
    """The program that is running: its version and Python's, its workflow, and whether the group's folder contains it.

    ``prefix`` is the path to that folder from the top of its Git repository.
    """

    version: str
    python: tuple[int, int, int]
    workflow: bytes
    is_checkout: bool = False
    prefix: str = ""


def check_local_files(
    tree: Tree,
    today: DateClock,
    program: ProgramInfo,
    share: ChunkRunner = run_in_one_chunk,
    *,
    lfs_paths: Collection[str] = (),
) -> list[CheckResult]:
    """Return the checks of a group's files; ``lfs_paths`` are those that Git LFS keeps, also where they are fetched."""
    lfs_files = []
    try:
        result = build.build_pages(tree, today, workers=build.Workers(run_chunks=share))
    except Invalid as invalid:
        files = CheckResult("files", FAILED, _describe_problems(invalid))
        pages = [CheckResult(name, UNKNOWN, f"Whether {what} {_LATER}") for name, what in _PAGE_CHECKS.items()]
    else:
        sessions = format_count(len(result.catalogue.sessions), "session")
        files = CheckResult("files", OK, f"{CONFIGURATION} and {sessions} are valid.")
        pages = [*_check_pages(result), _check_record(tree, result)]
        site = result.catalogue.group.site
        lfs_files = sorted(tree.pointers.union(lfs_paths)) if site and site.url else []
    unread = tree.unread.get(WORKFLOW_PATH, "")
    workflow = workflow_check.check_workflow(
        tree.contents.get(WORKFLOW_PATH),
        unread,
        program.workflow,
        is_checkout=program.is_checkout,
        lfs_files=lfs_files,
    )
    return [
        _check_folder(program.prefix),
        files,
        *_check_markers(tree),
        *pages,
        *_check_form(tree),
        *workflow,
        _check_versions(program),
    ]


def check_remote_settings(
    settings: RepositorySettings, tree: Tree, program: ProgramInfo, branch: str
) -> list[CheckResult]:
    """Return the checks of a repository's settings; ``branch`` is the one that is checked out, if that is known.

    They are compared with what the group's workflow needs, or this release's if there is none that can be read.
    """
    try:
        workflow = workflow_file.read_workflow(WORKFLOW_PATH, tree.contents.get(WORKFLOW_PATH, b""))
    except Invalid:
        workflow = workflow_file.read_workflow(WORKFLOW_PATH, program.workflow)
    return repository_check.check_settings(settings, workflow, branch, _read_site_url(tree))


def _read_site_url(tree: Tree) -> str:
    """Return the address of a group's site, or an empty text; another check reports a file with errors."""
    try:
        site = read_group(tree).site
    except Invalid:
        return ""
    return site.url if site else ""


def _check_folder(prefix: str) -> CheckResult:
    if prefix:
        return CheckResult("folder", FAILED, describe_nested_folder(prefix))
    return CheckResult("folder", OK, "The folder is not part of a larger repository.")


_PAGE_CHECKS = {
    "pages": "the pages are up to date",
    "edits": "generated text was edited manually",
    "record": f"{ANNOUNCED_PATH} is kept",
}
_LATER = "cannot be checked until the files are valid."


def _format_paths(paths: list[str]) -> str:
    more = len(paths) - MAX_LISTED_PATHS
    return ", ".join(paths[:MAX_LISTED_PATHS]) + (f" and {more} more" if more > 0 else "")


def _describe_problems(invalid: Invalid) -> str:
    files = sorted({each.file for each in invalid.problems})
    count = format_count(len(invalid.problems), "error")
    return f"{count} in {_format_paths(files)}: run readingroom check, which lists them."


def _check_markers(tree: Tree) -> list[CheckResult]:
    """Check which regions the README has; wrong markers are among the errors of the files too."""
    if README not in tree.contents:
        return [
            CheckResult("markers", OK, f"There is no {README} yet: readingroom build writes one with every region.")
        ]
    try:
        regions = init.parse_readme_regions(tree)
    except Invalid as invalid:
        return [CheckResult("markers", FAILED, str(each)) for each in invalid.problems]
    if not regions:
        return [CheckResult("markers", WARNING, _NO_REGION)]
    names = ", ".join(sorted(each.name for each in regions))
    return [CheckResult("markers", OK, f"{README} has the regions {names}.")]


_NO_REGION = (
    f"{README} has no region, so it shows no sessions: add the two lines <!-- readingroom:begin upcoming --> and "
    "<!-- readingroom:end upcoming --> where you want the schedule."
)


def _check_pages(result: BuildResult) -> list[CheckResult]:
    edits = [CheckResult("edits", FAILED, f"{each} {_UNTIL}") for each in result.kept if each.file != FORM_PATH]
    pages = CheckResult("pages", OK, "Every page is up to date.")
    if stale := sorted(result.changes.keys() - {FORM_PATH}):
        fix = "the action updates them on its next run, and so does readingroom build"
        pages = CheckResult("pages", WARNING, f"Not up to date: {_format_paths(stale)}; {fix}.")
    return [pages, *add_ok_if_empty("edits", edits, "No generated text was edited manually.")]


def _check_record(tree: Tree, result: BuildResult) -> CheckResult:
    """Check whether the record of what was announced is kept: a build that is thrown away keeps nothing."""
    if ANNOUNCED_PATH not in result.changes:
        return CheckResult("record", OK, f"{ANNOUNCED_PATH} keeps the identities of events and feed entries.")
    what = f"{ANNOUNCED_PATH} {announcements.NO_RECORD} {announcements.NO_RECORD_HINT}"
    if ANNOUNCED_PATH in tree.contents:
        what = f"{ANNOUNCED_PATH} is not up to date."
    if workflow_check.stores_pages(tree.contents.get(WORKFLOW_PATH)):
        return CheckResult("record", OK, f"The action writes {ANNOUNCED_PATH} on its next run.")
    return CheckResult("record", WARNING, f"{what} {_NOT_STORED}")


_NOT_STORED = "No job of the workflow commits it: without publish: none, the job pages does."
_UNTIL = "Until then the action updates the other pages, and ends with an error."


def _check_form(tree: Tree) -> list[CheckResult]:
    if FORM_PATH not in tree.contents:
        return [
            CheckResult(
                "form", WARNING, f"There is no {FORM_PATH} to propose sessions with: readingroom build writes it."
            )
        ]
    try:
        form_schema.read_form(FORM_PATH, tree.contents[FORM_PATH])
    except Invalid as invalid:
        return [
            CheckResult("form", FAILED, f"{each} Or delete the file: readingroom build writes it.")
            for each in invalid.problems
        ]
    try:
        wanted = issue_form.render_issue_form(read_group(tree)).encode()
    except Invalid:
        return [CheckResult("form", UNKNOWN, f"The form can be compared with {CONFIGURATION} once that is valid.")]
    current = normalize_line_ends(tree.contents[FORM_PATH])
    if current == wanted:
        return [CheckResult("form", OK, "The form matches the schema, the rooms and the kinds.")]
    message = f"{FORM_PATH} does not match the schema and {CONFIGURATION}"
    if generated.is_intact(current):
        return [CheckResult("form", WARNING, f"{message}: readingroom build or the action updates it.")]
    return [CheckResult("form", FAILED, f"{message}: {_EDITED_MANUALLY} {_UNTIL}")]


_EDITED_MANUALLY = "it was edited manually, so run readingroom build --force to write it again."


def _check_versions(program: ProgramInfo) -> CheckResult:
    python = ".".join(map(str, program.python))
    versions = f"readingroom {program.version} on Python {python}"
    if program.python < OLDEST_PYTHON:
        return CheckResult("versions", FAILED, f"{versions}: use Python 3.11 or newer.")
    return CheckResult("versions", OK, f"{versions}.")
