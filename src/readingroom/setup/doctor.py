"""Whether a group is in order: its files here, and the settings of its repository on GitHub."""

from dataclasses import dataclass

from readingroom.core.diagnostics import Invalid
from readingroom.core.text_file import normalize_line_ends
from readingroom.core.tree import CONFIGURATION, FORM_PATH, README, WORKFLOW_PATH, ChunkRunner, Tree, run_in_one_chunk
from readingroom.github.repository_settings import RepositorySettings
from readingroom.render import build, issue_form
from readingroom.render.build import BuildResult, DateClock
from readingroom.setup import repository_check, workflow_check, workflow_file
from readingroom.setup.check import FAILED, OK, UNKNOWN, WARNING, CheckResult, add_ok_if_empty
from readingroom.store import form_schema, generated, yaml_codec
from readingroom.store.catalogue import read_group

OLDEST_PYTHON = (3, 11)
MAX_LISTED_PATHS = 5


@dataclass(frozen=True, slots=True)
class ProgramInfo:
    """The program that runs: its version and Python's, its workflow, and whether the group's folder holds it.

    ``below`` is the path to that folder from the top of its Git repository.
    """

    version: str
    python: tuple[int, int, int]
    workflow: bytes
    is_checkout: bool = False
    below: str = ""


def check_local_files(
    tree: Tree, today: DateClock, program: ProgramInfo, share: ChunkRunner = run_in_one_chunk
) -> list[CheckResult]:
    """Return what can be told of a group's files."""
    try:
        made = build.build_pages(tree, today, share=share)
    except Invalid as invalid:
        found = [CheckResult("files", FAILED, _describe_problems(invalid))]
        pages = [CheckResult(name, UNKNOWN, f"Whether {what} {_LATER}") for name, what in _PAGE_CHECKS.items()]
    else:
        sessions = _format_count(len(made.catalogue.sessions), "session")
        found = [CheckResult("files", OK, f"{CONFIGURATION} and {sessions} are valid.")]
        pages = _check_pages(made)
    unread = tree.unread.get(WORKFLOW_PATH, "")
    runs = workflow_check.check_workflow(
        tree.contents.get(WORKFLOW_PATH), unread, program.workflow, is_checkout=program.is_checkout
    )
    return [
        _check_folder(program.below),
        *found,
        *_check_markers(tree),
        *pages,
        *_check_form(tree),
        *runs,
        _check_versions(program),
    ]


def check_remote_settings(
    found: RepositorySettings, tree: Tree, program: ProgramInfo, branch: str
) -> list[CheckResult]:
    """Return what can be told of a repository's settings; ``branch`` is the one that is checked out, if that is known.

    They are held against the group's workflow, or against this release's where there is none that can be read.
    """
    try:
        workflow = workflow_file.read_workflow(WORKFLOW_PATH, tree.contents.get(WORKFLOW_PATH, b""))
    except Invalid:
        workflow = workflow_file.read_workflow(WORKFLOW_PATH, program.workflow)
    return repository_check.check_settings(found, workflow, branch, _read_site_url(tree))


def _read_site_url(tree: Tree) -> str:
    """Return the address that a group says for its site, or an empty text; a file with problems is told elsewhere."""
    try:
        site = read_group(tree).site
    except Invalid:
        return ""
    return site.url if site else ""


def _check_folder(below: str) -> CheckResult:
    if below:
        return CheckResult("folder", FAILED, f"The group lies in {below.rstrip('/')}/ of a larger repository. {_BELOW}")
    return CheckResult("folder", OK, "The folder is no part of a larger repository.")


_BELOW = (
    "GitHub looks for workflows and forms at the top alone, and the action reads and writes there: give the group a "
    "repository of its own."
)
_PAGE_CHECKS = {"pages": "the pages are up to date", "edits": "generated text was changed by hand"}
_LATER = "cannot be told until the files are valid."


def _format_count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _format_paths(paths: list[str]) -> str:
    more = len(paths) - MAX_LISTED_PATHS
    return ", ".join(paths[:MAX_LISTED_PATHS]) + (f" and {more} more" if more > 0 else "")


def _describe_problems(invalid: Invalid) -> str:
    files = sorted({each.file for each in invalid.problems})
    count = _format_count(len(invalid.problems), "problem")
    return f"{count} in {_format_paths(files)}: run readingroom check, which tells each."


def _check_markers(tree: Tree) -> list[CheckResult]:
    """Tell which of the README's regions are there; what is wrong with its markers is among the files' problems."""
    if README not in tree.contents:
        return [
            CheckResult("markers", OK, f"There is no {README} yet: readingroom build writes one with every region.")
        ]
    try:
        found = generated.parse_regions(README, yaml_codec.decode_text(README, tree.contents[README]))
    except Invalid as invalid:
        return [CheckResult("markers", FAILED, str(each)) for each in invalid.problems]
    named = ", ".join(sorted(each.name for each in found))
    return [
        CheckResult("markers", OK, f"{README} has the regions {named}.")
        if found
        else CheckResult("markers", WARNING, _NONE)
    ]


_NONE = (
    f"{README} has no region, so that it shows no session: add the two lines <!-- readingroom:begin upcoming --> and "
    "<!-- readingroom:end upcoming --> where the schedule is to stand."
)


def _check_pages(made: BuildResult) -> list[CheckResult]:
    stale = sorted(made.changes.keys() - {FORM_PATH})
    told = (
        f"Not up to date: {_format_paths(stale)}; the action mends that on its next run, and so does readingroom build."
    )
    edits = [CheckResult("edits", FAILED, f"{each} {_UNTIL}") for each in made.kept if each.file != FORM_PATH]
    return [
        CheckResult("pages", WARNING, told) if stale else CheckResult("pages", OK, "Every page is up to date."),
        *add_ok_if_empty("edits", edits, "No generated text was changed by hand."),
    ]


_UNTIL = "Until then the action makes the other pages right, and ends with an error."


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
    there = normalize_line_ends(tree.contents[FORM_PATH])
    if there == wanted:
        return [CheckResult("form", OK, "The form fits the schema, the rooms and the kinds.")]
    told = f"{FORM_PATH} is not what the schema and {CONFIGURATION} make of it"
    if generated.is_intact(there):
        return [CheckResult("form", WARNING, f"{told}: readingroom build or the action does that.")]
    return [CheckResult("form", FAILED, f"{told}: {_EDITED_MANUALLY} {_UNTIL}")]


_EDITED_MANUALLY = "it was changed by hand, so run readingroom build --force to have it written anew."


def _check_versions(program: ProgramInfo) -> CheckResult:
    python = ".".join(map(str, program.python))
    told = f"readingroom {program.version} on Python {python}"
    if program.python < OLDEST_PYTHON:
        return CheckResult("versions", FAILED, f"{told}: use Python 3.11 or newer.")
    return CheckResult("versions", OK, f"{told}.")
