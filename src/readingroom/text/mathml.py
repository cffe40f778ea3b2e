"""LaTeX as MathML that can do nothing but show a formula.

The converter's result is never used as it is: what is in it is built again from a list of what may be there.
"""

import re
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from math_core import LatexToMathML

MAX_LENGTH = 2_000  # characters of LaTeX
MAX_GROUPS = 100  # the converter calls itself for each one in another
MAX_ELEMENT_DEPTH = 60
MAX_SIZE = 100_000  # characters of MathML

_GROUP = re.compile(r"\{|\\left(?![a-z])|\\begin(?![a-z])")
_TAGS = frozenset({
    "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts", "mmultiscripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover",
})  # fmt: skip
_WORD = re.compile(r"true|false|normal|block|prefix|infix|postfix|[0-2]")
_LENGTH = re.compile(r"-?[0-9]{0,2}(?:\.[0-9]{1,12})?(?:em|ex|rem|px)?")
_ATTRIBUTES = {
    **dict.fromkeys(
        (
            *("accent", "accentunder", "display", "displaystyle", "fence", "form", "largeop", "mathvariant"),
            *("movablelimits", "scriptlevel", "separator", "stretchy", "symmetric"),
        ),
        _WORD,
    ),
    **dict.fromkeys(("linethickness", "lspace", "maxsize", "minsize", "rspace", "width"), _LENGTH),
    "columnspan": re.compile("[0-9]{1,2}"),
    "notation": re.compile("[a-z ]{1,60}"),
}
_ALIGNMENT = re.compile(r"(?:^|;)\s*text-align:\s*(left|right)")


def render_mathml(formula: str, *, is_block: bool) -> str:
    """Return a formula as MathML, or an empty text if it is wrong, too long, too deep, or has what may not be there."""
    from math_core import LatexError  # noqa: PLC0415 -- only for pages with mathematics

    if len(formula) > MAX_LENGTH or len(_GROUP.findall(formula)) > MAX_GROUPS:
        return ""
    try:
        mathml = _get_converter().convert_with_local_state(formula, displaystyle=is_block)
    except LatexError:
        return ""
    return _rewrite_mathml(mathml) if len(mathml) <= MAX_SIZE else ""


@cache
def _get_converter() -> "LatexToMathML":
    from math_core import LatexToMathML  # noqa: PLC0415

    # Without expansions: commands of an author's own could be deeper than what is written.
    return LatexToMathML(fancy_error=False, max_expansions=0)


class _ForbiddenError(Exception):
    """Says that MathML has what may not be there."""


class _Builder(HTMLParser):
    """Builds MathML again from the tags, attributes and values that may be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: "Sequence[tuple[str, str | None]]") -> None:
        if tag not in _TAGS or (tag == "math") == bool(self.open) or len(self.open) >= MAX_ELEMENT_DEPTH:
            raise _ForbiddenError
        kept = [(name, value) for name, value in attrs if value and name in _ATTRIBUTES]
        kept = [(name, value) for name, value in kept if _ATTRIBUTES[name].fullmatch(value)]
        if tag == "mtd" and (alignment := _ALIGNMENT.search(dict(attrs).get("style") or "")):
            kept.append(("columnalign", alignment[1]))
        attributes = [f'{name}="{value}"' for name, value in kept]
        self.parts.append(f"<{' '.join([tag, *attributes])}>")
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: "Sequence[tuple[str, str | None]]") -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise _ForbiddenError
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.open:
            raise _ForbiddenError
        self.parts.append(escape(data))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 -- the parser's signature
        raise _ForbiddenError

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


def _rewrite_mathml(mathml: str) -> str:
    builder = _Builder()
    try:
        builder.feed(mathml)
        builder.close()
    except _ForbiddenError:
        return ""
    return "" if builder.open else "".join(builder.parts)
