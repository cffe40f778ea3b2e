"""Whether a group is in order: its files here, and the settings of its repository on GitHub."""

from dataclasses import dataclass

from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import FORM, WORKFLOW, Share, Tree, in_turn
from readingroom.github.repository_settings import Settings
from readingroom.render import build, issue_form
from readingroom.render.build import Outcome, Today
from readingroom.setup import repository_check, workflow_check, workflow_file
from readingroom.setup.check import FAILED, OK, UNKNOWN, WARNING, Check, summed
from readingroom.store import form_schema, generated, yaml_codec
from readingroom.store.catalogue import CONFIGURATION, README, read_group

OLDEST_PYTHON = (3, 11)
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Program:
    """The program that runs: its version and Python's, its workflow, and whether the group's folder holds it.

    ``below`` is the path to that folder from the top of its Git repository.
    """

    version: str
    python: tuple[int, int, int]
    workflow: bytes
    is_checkout: bool = False
    below: str = ""


def local(tree: Tree, today: Today, program: Program, share: Share = in_turn) -> list[Check]:
    """Return what can be told of a group's files."""
    try:
        made = build.build(tree, today, share=share)
    except Invalid as invalid:
        found = [Check("files", FAILED, _problems(invalid))]
        pages = [Check(name, UNKNOWN, f"Whether {what} {_LATER}") for name, what in _PAGES.items()]
    else:
        sessions = _counted(len(made.catalogue.sessions), "session")
        found = [Check("files", OK, f"{CONFIGURATION} and {sessions} are valid.")]
        pages = _pages(made)
    unread = tree.unread.get(WORKFLOW, "")
    runs = workflow_check.of(tree.contents.get(WORKFLOW), unread, program.workflow, is_checkout=program.is_checkout)
    return [_folder(program.below), *found, *_markers(tree), *pages, *_form(tree), *runs, _versions(program)]


def remote(found: Settings, tree: Tree, program: Program, branch: str) -> list[Check]:
    """Return what can be told of a repository's settings; ``branch`` is the one that is checked out, if that is known.

    They are held against the group's workflow, or against this release's where there is none that can be read.
    """
    try:
        workflow = workflow_file.read(WORKFLOW, tree.contents.get(WORKFLOW, b""))
    except Invalid:
        workflow = workflow_file.read(WORKFLOW, program.workflow)
    return repository_check.of(found, workflow, branch, _site(tree))


def _site(tree: Tree) -> str:
    """Return the address that a group says for its site, or an empty text; a file with problems is told elsewhere."""
    try:
        site = read_group(tree).site
    except Invalid:
        return ""
    return site.url if site else ""


def _folder(below: str) -> Check:
    if below:
        return Check("folder", FAILED, f"The group lies in {below.rstrip('/')}/ of a larger repository. {_BELOW}")
    return Check("folder", OK, "The folder is no part of a larger repository.")


_BELOW = (
    "GitHub looks for workflows and forms at the top alone, and the action reads and writes there: give the group a "
    "repository of its own."
)
_PAGES = {"pages": "the pages are up to date", "edits": "generated text was changed by hand"}
_LATER = "cannot be told until the files are valid."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _named(paths: list[str]) -> str:
    more = len(paths) - MOST_NAMED
    return ", ".join(paths[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _problems(invalid: Invalid) -> str:
    files = sorted({each.file for each in invalid.problems})
    return f"{_counted(len(invalid.problems), 'problem')} in {_named(files)}: run readingroom check, which tells each."


def _markers(tree: Tree) -> list[Check]:
    """Tell which of the README's regions are there; what is wrong with its markers is among the files' problems."""
    if README not in tree.contents:
        return [Check("markers", OK, f"There is no {README} yet: readingroom build writes one with every region.")]
    try:
        found = generated.regions(README, yaml_codec.decode(README, tree.contents[README]))
    except Invalid as invalid:
        return [Check("markers", FAILED, str(each)) for each in invalid.problems]
    named = ", ".join(sorted(each.name for each in found))
    return [Check("markers", OK, f"{README} has the regions {named}.") if found else Check("markers", WARNING, _NONE)]


_NONE = (
    f"{README} has no region, so that it shows no session: add the two lines <!-- readingroom:begin upcoming --> and "
    "<!-- readingroom:end upcoming --> where the schedule is to stand."
)


def _pages(made: Outcome) -> list[Check]:
    stale = sorted(made.changes.keys() - {FORM})
    told = f"Not up to date: {_named(stale)}; the action mends that on its next run, and so does readingroom build."
    edits = [Check("edits", FAILED, f"{each} {_UNTIL}") for each in made.kept if each.file != FORM]
    return [
        Check("pages", WARNING, told) if stale else Check("pages", OK, "Every page is up to date."),
        *summed("edits", edits, "No generated text was changed by hand."),
    ]


_UNTIL = "Until then the action makes the other pages right, and ends with an error."


def _form(tree: Tree) -> list[Check]:
    if FORM not in tree.contents:
        return [Check("form", WARNING, f"There is no {FORM} to propose sessions with: readingroom build writes it.")]
    try:
        form_schema.read(FORM, tree.contents[FORM])
    except Invalid as invalid:
        return [
            Check("form", FAILED, f"{each} Or delete the file: readingroom build writes it.")
            for each in invalid.problems
        ]
    try:
        wanted = issue_form.written(read_group(tree)).encode()
    except Invalid:
        return [Check("form", UNKNOWN, f"The form can be compared with {CONFIGURATION} once that is valid.")]
    there = tree.contents[FORM].replace(b"\r\n", b"\n")
    if there == wanted:
        return [Check("form", OK, "The form fits the schema, the rooms and the kinds.")]
    told = f"{FORM} is not what the schema and {CONFIGURATION} make of it"
    if generated.is_intact(there):
        return [Check("form", WARNING, f"{told}: readingroom build or the action does that.")]
    return [Check("form", FAILED, f"{told}: {_BY_HAND} {_UNTIL}")]


_BY_HAND = "it was changed by hand, so run readingroom build --force to have it written anew."


def _versions(program: Program) -> Check:
    python = ".".join(map(str, program.python))
    told = f"readingroom {program.version} on Python {python}"
    if program.python < OLDEST_PYTHON:
        return Check("versions", FAILED, f"{told}: use Python 3.11 or newer.")
    return Check("versions", OK, f"{told}.")
