"""Parsers of GitHub's Markdown for each use.

Limits of nesting and of the number of tokens stop a text that is designed to take long.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from readingroom.core.text_file import normalize_line_ends
from readingroom.text.escape import encode_url

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_NESTING = 40
MAX_TOKENS = 3000  # the renderer's time grows with the square of a list's length


@dataclass(frozen=True, slots=True)
class _Options:
    """How a parser differs from CommonMark's: its limit of nesting, additional rules, and what it does not parse."""

    max_nesting: int
    rules: tuple[str, ...] = ()
    is_one_paragraph: bool = False
    has_html: bool = True


class ParserUse(Enum):
    """What Markdown is parsed for: the structure of a file, an author's text for a page or the web, or an import."""

    STRUCTURE = _Options(20)
    MARKDOWN = _Options(MAX_NESTING + 10)
    MARKDOWN_LINE = _Options(MAX_NESTING + 10, is_one_paragraph=True)
    # HTML stays text from the start, so that no two tags can meet around the text between them.
    HTML = _Options(MAX_NESTING + 10, ("table",), has_html=False)
    HTML_LINE = _Options(MAX_NESTING + 10, is_one_paragraph=True, has_html=False)
    IMPORT = _Options(50, ("table", "strikethrough"))


@cache
def get_parser(use: ParserUse) -> "MarkdownIt":
    """Return the parser for a use."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- 30 ms that only Markdown beyond prose needs

    options = use.value
    parser = MarkdownIt("commonmark", {"maxNesting": options.max_nesting, "html": options.has_html})
    parser.enable(list(options.rules))
    if options.is_one_paragraph:
        parser.block.ruler.enableOnly("paragraph")
    if not options.has_html:
        parser.validateLink = lambda url: bool(encode_url(url))  # type: ignore[method-assign]
    return parser


def parse_authored(source: str, use: ParserUse) -> "list[Token] | None":
    """Return the tokens of an author's text, or None if it would take long."""
    tokens = get_parser(use).parse(source)
    return None if len(tokens) > MAX_TOKENS or any(token.level > MAX_NESTING for token in tokens) else tokens


def parse_structure(text: str) -> "list[Token]":
    r"""Return the tokens of a file; lines are those of ``text.split("\n")``: a lone CR ends none."""
    return get_parser(ParserUse.STRUCTURE).parse(normalize_line_ends(text).replace("\r", " "))
