"""Text for Markdown as GitHub reads it; each function is named for its destination.

The rules are those of the GitHub Flavored Markdown specification (https://github.github.com/gfm/).
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from readingroom.text import characters
from readingroom.text.dialect import formulas

if TYPE_CHECKING:
    from collections.abc import Iterable

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
def escape_text(value: str) -> str:
    """Return plain text for one line of Markdown: a heading, a link's label, a table's cell."""
    return _SPECIAL.sub(_escape_match, normalize_line(value))


def escape_title(value: str, *, is_heading: bool = False) -> str:
    """Return a title for one line of Markdown like ``escape_text``, with the formulas in it as they are.

    Except in a heading, bars and brackets in a formula are written so that neither a table nor a link ends there.
    """
    if "$" not in value:
        return escape_text(value)
    line = normalize_line(value)
    start, parts = 0, []
    for match in formulas.iter_formulas(line):
        formula, delimiter = formulas.get_content(match), formulas.get_delimiter(match)
        parts.append(_SPECIAL.sub(_escape_match, line[start : match.start()]))
        parts.append(formulas.render_formula(formula, delimiter, is_cell=not is_heading, is_label=not is_heading))
        start = match.end()
    return "".join([*parts, _SPECIAL.sub(_escape_match, line[start:])])


def _escape_match(match: re.Match[str]) -> str:
    special = match[0]
    return f"{special}\\" if special.isdecimal() else f"\\{special}"


def encode_url(address: str) -> str:
    """Return a link's target in Markdown: percent-encoded where a table would break it, or empty if unsafe."""
    target = percent_encode_url(address)
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


def render_link(label: str, address: str) -> str:
    """Return a link to the web, or the label alone if the address may not be followed."""
    target = encode_url(address)
    text = escape_title(label) or escape_text(address)
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
