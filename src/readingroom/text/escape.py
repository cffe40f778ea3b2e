"""Text for Markdown as GitHub reads it; each function is named for its destination.

The rules are those of the GitHub Flavored Markdown specification (https://github.github.com/gfm/).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

from readingroom.text import characters
from readingroom.text.dialect import formulas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ENTITY = r"&(?=#?\w+;)"  # such as &copy;
_SPECIAL = re.compile(
    r"(?=[\\`*_\[\]<>|~$&{%:.+=#0-9-])(?:"  # all that the rest can start with, which takes a quarter of the time
    r"[\\`*_\[\]<>|~$]"
    rf"|{_ENTITY}"
    r"|(?<=\{)[{%]"  # Liquid, which GitHub Pages runs over Markdown
    r"|:(?=[A-Za-z0-9_+-]+:)"  # an emoji shortcode
    r"|:(?=//)|(?<=www)\."  # what GitHub turns into a link, including any backslash
    r"|^(?:[-+=#]|[0-9]{1,9}(?=[.)]))"  # would start a list, a rule or a heading
    r"|(?<= )#+$"  # would close a heading
    r")"
)
_MAX_MARKS = 4
_TOO_MANY_MARKS = re.compile(f"[{characters.COMBINING_MARKS}]{{{_MAX_MARKS + 1},}}")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where Markdown is shown: what each plain text and each link's target becomes before it is escaped.

    ``prepare_markdown`` is for what a group's own template writes itself.
    """

    prepare_text: "Callable[[str], str]"
    prepare_address: "Callable[[str], str]"
    prepare_markdown: "Callable[[str], str]"

    def acts_on(self, text: str) -> bool:
        """Return whether a text may not be shown as it is."""
        return self.prepare_text(text) != text

    def choose_delimiter(self, formula: str, delimiter: str) -> str:
        """Return what encloses a formula: the delimiter of code where something in it may be acted on."""
        is_code = self is not PAGE and (self.acts_on(unescape(formula)) or "://" in formula)
        return formulas.CODE_DELIMITER if is_code else delimiter


PAGE = Destination(str, str, str)


def normalize_line(value: str) -> str:
    """Return the text on one line, without controls that hide or reorder it, and with few marks on each letter."""
    return normalize_fragment(value).strip()


def normalize_fragment(value: str) -> str:
    """Return the same with the spaces around it."""
    if value.isascii() and value.isprintable():
        return value
    line = characters.WHITESPACE.sub(" ", characters.HIDDEN.sub("", value))
    return _TOO_MANY_MARKS.sub(lambda marks: marks[0][:_MAX_MARKS], line)


def strip_bidi_controls(value: str) -> str:
    """Return the text without controls that reorder it, for a single line."""
    return value if value.isascii() else characters.BIDI_CONTROLS.sub("", value)


@lru_cache(maxsize=4_000)
def escape_text(value: str, destination: Destination = PAGE) -> str:
    """Return plain text for one line of Markdown: a heading, a link's label, a table's cell."""
    return _escape_line(normalize_line(value), destination)


def escape_title(value: str, *, is_heading: bool = False, destination: Destination = PAGE) -> str:
    """Return a title for one line of Markdown like ``escape_text``, with the formulas in it as they are.

    Except in a heading, bars and brackets in a formula are written so that neither a table nor a link ends there.
    """
    if "$" not in value:
        return escape_text(value, destination)
    line = normalize_line(value)
    start, parts = 0, []
    for match in formulas.iter_formulas(line):
        formula = formulas.get_content(match)
        delimiter = destination.choose_delimiter(formula, formulas.get_delimiter(match))
        parts.append(_escape_line(line[start : match.start()], destination))
        parts.append(formulas.render_formula(formula, delimiter, is_cell=not is_heading, is_label=not is_heading))
        start = match.end()
    return "".join([*parts, _escape_line(line[start:], destination)])


def _escape_line(line: str, destination: Destination) -> str:
    """Return a text with what Markdown would act on escaped, and as code the addresses that may not be changed."""
    if not destination.acts_on(line):
        return _SPECIAL.sub(_escape_match, line)
    start, parts = 0, []
    for match in _ADDRESS.finditer(line):
        if destination.acts_on(match[0]):
            parts += [
                _SPECIAL.sub(_escape_match, destination.prepare_text(line[start : match.start()])),
                f"`{match[0]}`",
            ]
            start = match.end()
    return "".join([*parts, _SPECIAL.sub(_escape_match, destination.prepare_text(line[start:]))])


_ADDRESS = re.compile(r"(?<![A-Za-z])https?://[^\s`|]+", re.IGNORECASE)


def _escape_match(match: re.Match[str]) -> str:
    special = match[0]
    return f"{special}\\" if special.isdecimal() else f"\\{special}"


def encode_url(address: str, destination: Destination = PAGE) -> str:
    """Return a link's target in Markdown: percent-encoded where a table would break it, or empty if unsafe."""
    target = destination.prepare_address(percent_encode_url(address))
    return re.sub(_ENTITY, "&amp;", target) if ";" in target else target


def percent_encode_url(address: str) -> str:
    """Return an address, percent-encoded where it must be, or an empty text if it may not be followed."""
    if _PLAIN_URL.fullmatch(address):
        return address
    address = address.strip()
    if not address.lower().startswith(("http://", "https://", "mailto:")):
        return ""
    return quote(address, safe="!#$%&'+,-./:;=?@_~")


_PLAIN_PATH = re.compile(r"[A-Za-z0-9_.~/-]*")
_PLAIN_URL = re.compile(r"https?://[!#$%&'+,./:=?@A-Za-z0-9_~-]+")


def encode_path(relative: str) -> str:
    """Return a link's target for a path inside the repository."""
    if _PLAIN_PATH.fullmatch(relative):
        return relative
    return quote(relative, safe="/!,-.")


def render_link(label: str, address: str, destination: Destination = PAGE) -> str:
    """Return a link to the web, or the label alone if the address may not be followed."""
    target = encode_url(address, destination)
    text = escape_title(label, destination=destination) or escape_text(address, destination)
    return f"[{text}]({target})" if target else text


def build_fence(code: str) -> str:
    """Return a line of backticks longer than any in a text."""
    return "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))


def build_anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading's plain text, before it numbers repeated ones.

    Only letters, marks, digits, connectors, hyphens and spaces stay, and spaces become hyphens
    (https://github.com/Flet/github-slugger/tree/main/test has headings with GitHub's anchors).
    """
    if heading.isascii():
        return _NOT_IN_ANCHOR.sub("", heading.lower()).replace(" ", "-")
    return "".join(filter(_is_anchor_letter, heading.lower())).replace(" ", "-")


_NOT_IN_ANCHOR = re.compile(r"[^a-z0-9_ -]")  # the same rule for ASCII
_ANCHOR_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})


def _is_anchor_letter(letter: str) -> bool:
    return letter in "- " or unicodedata.category(letter) in _ANCHOR_CATEGORIES or letter.islower() or letter.isupper()


def build_unique_anchors(headings: "Iterable[str]") -> list[str]:
    """Return the anchors of all headings of a page, in order; GitHub adds the first free of -1, -2 to repeated ones."""
    counts: dict[str, int] = {}
    anchors = []
    for heading in headings:
        anchor = base = build_anchor(normalize_line(heading))
        while anchor in counts:
            counts[base] += 1
            anchor = f"{base}-{counts[base]}"
        counts[anchor] = 0
        anchors.append(anchor)
    return anchors
