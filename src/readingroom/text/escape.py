"""Text for Markdown as GitHub reads it: every filter is named for its destination.

The rules are those of the GitHub Flavored Markdown specification (https://github.github.com/gfm/).
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

BREAKS = re.compile("[\\s\x1c-\x1f\x85\u2028\u2029]+")
# Controls that reorder or hide what stands on one line: "evil\u202Efdp.exe" shows as "evilexe.pdf".
HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\U000e0000-\U000e007f]")
_SPECIAL = re.compile(
    r"[\\`*_\[\]<>|~$]"
    r"|&(?=#?\w+;)"  # an entity such as &copy;
    r"|(?<=\{)[{%]"  # Liquid, which GitHub Pages runs over Markdown
    r"|:(?=[A-Za-z0-9_+-]+:)"  # an emoji shortcode
    r"|:(?=//)|(?<=www)\."  # what GitHub makes a link as it stands, with every backslash in it
    r"|^(?:[-+=#]|[0-9]{1,9}(?=[.)]))"  # what would start a list, a rule or a heading
    r"|(?<= )#+$"  # what would close a heading
)
# Those of them that reorder.
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MAYBE_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&{:#]|^[-+=0-9]|www")  # four times quicker than the rule itself
_MAX_MARKS = 4
_COMBINING_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}")


def normalize_line(value: str) -> str:
    """Return the text on one line, without controls that hide or reorder it, and with few marks on a letter."""
    return normalize_fragment(value).strip()


def normalize_fragment(value: str) -> str:
    """Return the same with the blanks around it."""
    if value.isascii() and value.isprintable():
        return value
    shown = HIDDEN.sub("", BREAKS.sub(" ", value))
    return _COMBINING_MARKS.sub(lambda marks: marks[0][:_MAX_MARKS], shown)


def strip_bidi_controls(value: str) -> str:
    """Return the text without controls that reorder it, for what is shown on one line."""
    return value if value.isascii() else _BIDI_CONTROLS.sub("", value)


@lru_cache(maxsize=4_000)
def escape_text(value: str) -> str:
    """Return plain text for one line of Markdown: a heading, a link's label, a table's cell."""
    value = normalize_line(value)
    return _SPECIAL.sub(_escape_match, value) if _MAYBE_SPECIAL.search(value) else value


def _escape_match(found: re.Match[str]) -> str:
    special = found[0]
    return f"{special}\\" if special.isdecimal() else f"\\{special}"


def encode_url(address: str) -> str:
    """Return a link's target: percent-encoded where Markdown or a table would break it, or empty if unsafe."""
    if _PLAIN_URL.fullmatch(address):
        return address
    address = address.strip()
    if not address.lower().startswith(("http://", "https://", "mailto:")):
        return ""
    return _ENTITY.sub("&amp;", quote(address, safe="!#$%&'+,-./:;=?@_~"))


_PLAIN_PATH = re.compile(r"[A-Za-z0-9_.~/-]*")
_PLAIN_URL = re.compile(r"https?://[!#$%&'+,./:=?@A-Za-z0-9_~-]+")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def encode_path(relative: str) -> str:
    """Return a link's target for a path inside the repository."""
    if _PLAIN_PATH.fullmatch(relative):
        return relative
    return quote(relative, safe="/!,-.")


def render_link(label: str, address: str) -> str:
    """Return a link to the web, or the label alone where the address is not one that may be followed."""
    target = encode_url(address)
    shown = escape_text(label) or escape_text(address)
    return f"[{shown}]({target})" if target else shown


def build_fence(code: str) -> str:
    """Return a line of backticks longer than any in a text."""
    return "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))


def build_anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading's plain text, before it numbers repeated ones.

    It drops all but letters, marks, digits, connectors, hyphens and blanks, and turns blanks into hyphens
    (https://github.com/Flet/github-slugger/tree/main/test holds headings with the anchors that GitHub gave them).
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
    found = []
    for heading in headings:
        anchor = base = build_anchor(normalize_line(heading))
        while anchor in counts:
            counts[base] += 1
            anchor = f"{base}-{counts[base]}"
        counts[anchor] = 0
        found.append(anchor)
    return found
