"""The banners and markers of generated text, and how manual edits of it are found."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.session_path import SessionPath
from readingroom.core.text_file import TextFile, normalize_line_ends
from readingroom.text import commonmark
from readingroom.text.matching import suggest_word
from readingroom.text.phrases import shorten_text


class RegionName(StrEnum):
    """The regions of a README; a template of the same name writes each."""

    NEXT = "next"
    UPCOMING = "upcoming"
    PREVIOUS = "previous"


REGIONS = tuple(RegionName)

_BANNER = re.compile(rb"(?:<!--|#) Made by readingroom from [^\n]* digest ([0-9a-f]{12})(?: -->)?\n")
_MARKER = re.compile(r" {0,3}<!-- *readingroom:(begin|end) +([a-z-]+)(?: +([0-9a-f]{12}))? *-->[ \t]*\r?\n?\Z")
_LOOKS_LIKE_MARKER = re.compile(r" {0,3}<!-- *readingroom\b")


def compute_digest(text: bytes) -> str:
    """Return the digest of a text, 12 hexadecimal digits that do not depend on its line ends."""
    return blake2b(normalize_line_ends(text), digest_size=6).hexdigest()


def add_page_banner(body: str, source: str) -> bytes:
    """Return a page with the banner that says what it is generated from."""
    return _add_banner(body, source, "page", "<!-- {} -->\n")


def add_yaml_banner(body: str, source: str, noun: str) -> bytes:
    """Return a YAML file with the banner that says what it is generated from."""
    return _add_banner(body, source, noun, "# {}\n")


def _add_banner(body: str, source: str, noun: str, comment: str) -> bytes:
    text = (body.rstrip("\n") + "\n").encode()
    banner = f"Made by readingroom from {source}: change that, not this {noun}. digest {compute_digest(text)}"
    return comment.format(banner).encode() + text


def has_banner(page: bytes) -> bool:
    """Return whether a page has the banner."""
    return _BANNER.match(normalize_line_ends(page)) is not None


def is_intact(page: bytes) -> bool:
    """Return whether a page is as readingroom wrote it."""
    page = normalize_line_ends(page)
    banner = _BANNER.match(page)
    return banner is not None and banner[1].decode() == compute_digest(page[banner.end() :])


@dataclass(frozen=True, slots=True)
class Region:
    """A generated part of a file that people write: the numbers of its marker lines, from 0, and its text's digest."""

    name: RegionName
    begin: int
    end: int
    digest: str


def parse_regions(file: str, text: str) -> list[Region]:
    """Return the regions of a file; raise Invalid if a marker is unknown, repeated, nested or incomplete."""
    regions: dict[str, Region] = {}
    problems = []
    opened, begin = None, 0
    for number, marker, line in _iter_markers(text):
        if error := _find_marker_error(marker, line, opened[2] if opened else "", regions):
            problems.append(Diagnostic(Location(file, number + 1), Code.REGION_MARKER_INVALID, *error))
        elif opened:
            regions[opened[2]] = Region(RegionName(opened[2]), begin, number, opened[3] or "")
            opened = None
        else:
            opened, begin = marker, number
    if opened:
        error = f'region "{opened[2]}" has no end.', _MARKER_HINT
        problems.append(Diagnostic(Location(file, begin + 1), Code.REGION_MARKER_INVALID, *error))
    if problems:
        raise Invalid(problems)
    return list(regions.values())


def _find_marker_error(
    marker: re.Match[str] | None, line: str, opened: str, regions: Container[str]
) -> tuple[str, str] | None:
    """Return what is wrong with a marker, given those before it, and how to fix it."""
    if marker is None:
        return f"{shorten_text(line.strip())} is not a marker.", _MARKER_HINT
    kind, name = marker[1], marker[2]
    if name not in REGIONS:
        return f'there is no region "{name}".', suggest_word(name, REGIONS, f"Expected: {', '.join(REGIONS)}.")
    if kind == "end":
        return None if name == opened else (f'region "{name}" ends without a beginning.', _MARKER_HINT)
    if opened:
        return f'region "{name}" begins before "{opened}" has ended.', _MARKER_HINT
    return (f'region "{name}" appears a second time.', "Remove one of the two.") if name in regions else None


_MARKER_HINT = (
    "Expected: one line <!-- readingroom:begin NAME --> and, below it, one line <!-- readingroom:end NAME -->."
)


def _iter_markers(text: str) -> Iterator[tuple[int, re.Match[str] | None, str]]:
    """Yield the lines that are markers or look like one, outside code and quotations."""
    in_code = _find_code_lines(text)
    for number, line in enumerate(text.split("\n")):
        if _LOOKS_LIKE_MARKER.match(line) and number not in in_code:
            yield number, _MARKER.match(line), line


def _find_code_lines(text: str) -> set[int]:
    """Return the numbers of the lines in code, from 0, if the text has any fence."""
    if "```" not in text and "~~~" not in text:
        return set()
    spans = [
        token.map for token in commonmark.parse_structure(text) if token.type in {"fence", "code_block"} and token.map
    ]
    return {number for start, end in spans for number in range(start, end)}


def fill_regions(
    file: str, page: TextFile, contents: Mapping[RegionName, str], *, force: bool
) -> tuple[TextFile, list[Diagnostic]]:
    """Return a file with its regions' new contents, and a warning for each region that was edited manually.

    Such a region keeps its text unless ``force``. Everything outside the markers keeps its bytes.
    Raises Invalid for wrong markers in the file, and for a template that breaks its region.
    """
    if problems := [
        Diagnostic(Location(f"templates/{name}.md.j2"), Code.TEMPLATE_BREAKS_REGION, *error)
        for name in contents
        for error in _find_body_errors(contents[name])
    ]:
        raise Invalid(problems)
    lines = page.text.split("\n")
    findings = []
    for region in sorted(parse_regions(file, page.text), key=lambda region: -region.begin):
        body = contents[region.name]
        old = normalize_line_ends("\n".join(lines[region.begin + 1 : region.end])).removesuffix("\r")
        if old.strip() and compute_digest(old.encode()) != region.digest and old != body and not force:
            location = Location(file, region.begin + 2, key=f"region {region.name}")
            findings.append(_build_region_diagnostic(location, old, body, is_ours=bool(region.digest)))
            continue
        marker = f"<!-- readingroom:begin {region.name} {compute_digest(body.encode())} -->"
        lines[region.begin : region.end] = page.adapt_lines([marker, *body.split("\n")])
    return page.replace_text("\n".join(lines)), findings


def _build_region_diagnostic(location: Location, old: str, body: str, *, is_ours: bool) -> Diagnostic:
    if is_ours:
        return Diagnostic(location, Code.REGION_EDITED, EDITED_MANUALLY, suggest_source_edit(old, body))
    message = "holds text that readingroom did not write, so it is left as it is."
    hint = "Move it out of the region if you need it, then run build with --force to replace it."
    return Diagnostic(location, Code.REGION_OCCUPIED, message, hint)


def _find_body_errors(body: str) -> Iterator[tuple[str, str]]:
    """Yield why a template's text cannot be between markers: it repeats them, or hides them in code."""
    for _, _, line in _iter_markers(body):
        yield f"writes the line {shorten_text(line.strip())}, a marker.", "Remove it there."
    if body.count("\n") + 2 in _find_code_lines(f"{body}\n\n<!-- readingroom:end next -->"):
        yield "leaves a block of code open.", "Close it."


EDITED_MANUALLY = "was edited manually, so it is left as it is."


def suggest_source_edit(old: str, new: str, source: str = "") -> str:
    """Return the hint for a manual edit: to edit the source, by default the session file that the lines link to."""
    kept = set(new.split("\n"))
    changed = "\n".join(line for line in old.split("\n") if line not in kept)
    folder = re.search(r"\((?:\.\./|sessions/)?([A-Za-z0-9-]+)/README\.md\)", changed)
    target = source or (SessionPath(folder[1]).file if folder else "the session's session.yml")
    return f"Make the change in {target}, then run build with --force."
