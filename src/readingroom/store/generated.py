"""What marks generated text as generated, and shows whether a hand has changed it since."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from readingroom.core.diagnostics import Finding, Invalid, Problem
from readingroom.core.text_file import TextFile, normalize_line_ends
from readingroom.text import commonmark
from readingroom.text.matching import suggest_word


class RegionName(StrEnum):
    """What a README may have regions for; a template of the same name writes each."""

    NEXT = "next"
    UPCOMING = "upcoming"
    PREVIOUS = "previous"


REGIONS = tuple(RegionName)

_BANNER = re.compile(rb"(?:<!--|#) Made by readingroom from [^\n]* digest ([0-9a-f]{12})(?: -->)?\n")
_MARKER = re.compile(r" {0,3}<!-- *readingroom:(begin|end) +([a-z-]+)(?: +([0-9a-f]{12}))? *-->[ \t]*\r?\n?\Z")
_LOOKS_LIKE_MARKER = re.compile(r" {0,3}<!-- *readingroom\b")


def compute_digest(text: bytes) -> str:
    """Return 12 hexadecimal digits that stand for a text, whatever its line ends."""
    return blake2b(normalize_line_ends(text), digest_size=6).hexdigest()


def add_page_banner(body: str, source: str) -> bytes:
    """Return a whole page with the first line that says what it is made from."""
    return _add_banner(body, source, "page", "<!-- {} -->\n")


def add_yaml_banner(body: str, source: str, noun: str) -> bytes:
    """Return a whole YAML file with the first line that says what it is made from."""
    return _add_banner(body, source, noun, "# {}\n")


def _add_banner(body: str, source: str, noun: str, comment: str) -> bytes:
    text = (body.rstrip("\n") + "\n").encode()
    digest = compute_digest(text)
    banner = f"Made by readingroom from {source}: change that, not this {noun}. digest {digest}"
    return comment.format(banner).encode() + text


def has_banner(page: bytes) -> bool:
    """Tell whether a page says that readingroom made it."""
    return _BANNER.match(normalize_line_ends(page)) is not None


def is_intact(page: bytes) -> bool:
    """Tell whether a page is as readingroom made it."""
    page = normalize_line_ends(page)
    banner = _BANNER.match(page)
    return banner is not None and banner[1].decode() == compute_digest(page[banner.end() :])


@dataclass(frozen=True, slots=True)
class Region:
    """A generated part of a hand-written file: the numbers of its marker lines, from 0, and its text's digest."""

    name: RegionName
    begin: int
    end: int
    digest: str


def parse_regions(file: str, text: str) -> list[Region]:
    """Return the regions of a hand-written file; raise Invalid if a marker is unknown, doubled, nested or alone."""
    found: dict[str, Region] = {}
    problems = []
    opened, begin = None, 0
    for number, marker, line in _iter_markers(text):
        if message := _find_marker_error(marker, line, opened[2] if opened else "", found):
            problems.append(Problem(file, number + 1, "", message))
        elif opened:
            found[opened[2]] = Region(RegionName(opened[2]), begin, number, opened[3] or "")
            opened = None
        else:
            opened, begin = marker, number
    if opened:
        problems.append(Problem(file, begin + 1, "", f'region "{opened[2]}" has no end. {_MARKER_HINT}'))
    if problems:
        raise Invalid(problems)
    return list(found.values())


def _find_marker_error(marker: re.Match[str] | None, line: str, opened: str, found: Container[str]) -> str:
    """Return what is wrong with a marker after those before it, or an empty text."""
    if marker is None:
        return f"{line.strip()[:80]} is not a marker. {_MARKER_HINT}"
    kind, name = marker[1], marker[2]
    if name not in REGIONS:
        return f'there is no region "{name}". Known are: {", ".join(REGIONS)}. {suggest_word(name, REGIONS)}'.rstrip()
    if kind == "end":
        return "" if name == opened else f'region "{name}" ends without a beginning. {_MARKER_HINT}'
    if opened:
        return f'region "{name}" begins before "{opened}" has ended. {_MARKER_HINT}'
    return f'region "{name}" stands here a second time. Remove one of the two.' if name in found else ""


_MARKER_HINT = "Wanted: one line <!-- readingroom:begin NAME --> and, below it, one line <!-- readingroom:end NAME -->."


def _iter_markers(text: str) -> Iterator[tuple[int, re.Match[str] | None, str]]:
    """Yield the lines that are markers, or look like one; a line in code or in a quotation is neither."""
    in_code = _find_code_lines(text)
    for number, line in enumerate(text.split("\n")):
        if _LOOKS_LIKE_MARKER.match(line) and number not in in_code:
            yield number, _MARKER.match(line), line


def _find_code_lines(text: str) -> set[int]:
    """Return the numbers of the lines in fenced code, from 0; where fences begin and end takes a parser to know."""
    if "```" not in text and "~~~" not in text:
        return set()
    spans = [
        token.map for token in commonmark.parse_structure(text) if token.type in {"fence", "code_block"} and token.map
    ]
    return {number for start, end in spans for number in range(start, end)}


def fill_regions(
    file: str, page: TextFile, contents: Mapping[RegionName, str], *, force: bool
) -> tuple[TextFile, list[Finding]]:
    """Return a file with its regions' new contents, and a finding for each region that a hand has changed.

    Such a region keeps its text unless ``force``. Everything outside the markers stays byte for byte.
    Raises Invalid for wrong markers in the file, and for a template that writes markers itself.
    """
    if problems := [
        Problem(f"templates/{name}.md.j2", 0, "", message)
        for name in contents
        for message in _find_body_errors(contents[name])
    ]:
        raise Invalid(problems)
    lines = page.text.split("\n")
    findings = []
    for region in sorted(parse_regions(file, page.text), key=lambda each: -each.begin):
        body = contents[region.name]
        old = normalize_line_ends("\n".join(lines[region.begin + 1 : region.end])).removesuffix("\r")
        if old.strip() and compute_digest(old.encode()) != region.digest and old != body and not force:
            message = describe_manual_edit(old, body) if region.digest else _NOT_OURS
            findings.append(Finding(file, region.begin + 2, f"region {region.name}", message))
            continue
        marker = f"<!-- readingroom:begin {region.name} {compute_digest(body.encode())} -->"
        lines[region.begin : region.end] = page.adapt_lines([marker, *body.split("\n")])
    return page.replace_text("\n".join(lines)), findings


_NOT_OURS = (
    "holds text that readingroom did not write, so it is left as it is. Move it out of the region if you need it, "
    "then run build with --force to replace it."
)


def _find_body_errors(body: str) -> Iterator[str]:
    """Say why a template's text cannot stand between markers: they would be doubled, or hidden in code."""
    for _, _, line in _iter_markers(body):
        yield f"writes the line {line.strip()[:80]}, a marker. Remove it there."
    if body.count("\n") + 2 in _find_code_lines(f"{body}\n\n{_MARKER_AFTER}"):
        yield "leaves a block of code open. Close it."


_MARKER_AFTER = f"<!-- readingroom:end {RegionName.NEXT} -->"


def describe_manual_edit(old: str, new: str, source: str = "") -> str:
    """Return the sentence that tells of a hand edit, naming the file to edit instead."""
    kept = set(new.split("\n"))
    changed = "\n".join(line for line in old.split("\n") if line not in kept)
    folder = re.search(r"\((?:\.\./|sessions/)?([A-Za-z0-9-]+)/README\.md\)", changed)
    wanted = source or (f"sessions/{folder[1]}/session.yml" if folder else "the session's session.yml")
    return f"was changed by hand, so it is left as it is. Make the change in {wanted}, then run build with --force."
