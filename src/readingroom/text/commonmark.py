"""Parsers of GitHub's Markdown for each use. Authors' texts are read as GitHub reads them, whatever they are for.

Limits of nesting and of the number of tokens stop a text that is designed to take long.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from readingroom.core.text_file import normalize_line_ends
from readingroom.text.dialect import autolinks, footnotes, formulas, tables
from readingroom.text.escape import encode_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MAX_NESTING = 40
MAX_TOKENS = 3000  # the renderer's time grows with the square of a list's length


@dataclass(frozen=True, slots=True)
class _Options:
    """How a parser differs from CommonMark's: its limit of nesting, additional rules, and what it does not parse."""

    max_nesting: int
    rules: tuple[str, ...] = ()
    is_authored: bool = False
    is_one_paragraph: bool = False
    has_html: bool = True


class ParserUse(Enum):
    """What Markdown is parsed for: the structure of a file, an author's text for a page or the web, or an import."""

    STRUCTURE = _Options(20)
    MARKDOWN = _Options(MAX_NESTING + 10, is_authored=True)
    MARKDOWN_LINE = _Options(MAX_NESTING + 10, is_authored=True, is_one_paragraph=True)
    # HTML stays text from the start, so that no two tags can meet around the text between them.
    HTML = _Options(MAX_NESTING + 10, is_authored=True, has_html=False)
    HTML_LINE = _Options(MAX_NESTING + 10, is_authored=True, is_one_paragraph=True, has_html=False)
    IMPORT = _Options(50, ("table", "strikethrough"))


@cache
def get_parser(use: ParserUse) -> "MarkdownIt":
    """Return the parser for a use."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- 30 ms that only Markdown beyond prose needs

    options = use.value
    extensions = dict.fromkeys(("strikethrough_single_tilde", "tasklists", "alerts"), options.is_authored)
    parser = MarkdownIt("commonmark", {"maxNesting": options.max_nesting, "html": options.has_html, **extensions})
    parser.enable(list(options.rules))
    if options.is_authored:
        _add_extensions(parser)
    if options.is_one_paragraph:
        parser.block.ruler.enableOnly("paragraph")
    if not options.has_html:
        parser.validateLink = lambda url: bool(encode_url(url))  # type: ignore[method-assign]
    return parser


def _add_extensions(parser: "MarkdownIt") -> None:
    """Teach a parser what GitHub adds to CommonMark."""
    parser.enable("strikethrough")
    parser.inline.ruler.at("strikethrough", _parse_tildes)
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    ends_paragraph: RuleOptionsType = {"alt": ["paragraph", "reference"]}
    parser.block.ruler.before("lheading", "github_table", tables.parse_table, ends_paragraph)
    parser.block.ruler.before("reference", "footnote", footnotes.parse_definition, interrupts)
    parser.block.ruler.before("fence", "math_block", formulas.parse_block_formula, interrupts)
    inline = parser.inline
    inline.ruler.before("escape", "math_inline", formulas.parse_inline_formula)
    inline.ruler.after("image", "footnote_ref", footnotes.parse_reference)
    inline.ruler.before("escape", "autolink_url", autolinks.parse_url)
    inline.ruler.before("escape", "backslash", _parse_single_backslash)
    inline.add_terminator_char("w")
    inline.ruler.before("escape", "autolink_www", autolinks.parse_www)


def _parse_single_backslash(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 -- markdown-it's signature
    """Parse a backslash that escapes nothing on its own, since what follows may be an address."""
    if state.src[state.pos] != "\\" or not state.src[state.pos + 1 : state.pos + 2].isalpha():
        return False
    if not silent:
        state.pending += "\\"
    state.pos += 1
    return True


def _parse_tildes(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 -- markdown-it's signature
    """Parse one or two tildes, which strike out text, by the rules for the lengths of marks of emphasis."""
    from markdown_it.rules_inline.state_inline import Delimiter  # noqa: PLC0415

    if silent or state.src[state.pos] != "~":
        return False
    marks = state.scanDelims(state.pos, True)
    token = state.push("text", "", 0)
    token.content = "~" * marks.length
    if marks.length <= 2:
        place = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord("~"), marks.length, place, -1, marks.can_open, marks.can_close))
    state.pos += marks.length
    return True


def parse_authored(source: str, use: ParserUse) -> "list[Token] | None":
    """Return the tokens of an author's text, or None if it would take long."""
    tokens = get_parser(use).parse(source)
    if len(tokens) > MAX_TOKENS or any(token.level > MAX_NESTING for token in tokens):
        return None
    tokens = _convert_extensions(tokens, source.split("\n"))
    footnotes.number_footnotes(tokens)
    return tokens if use.value.has_html else footnotes.move_footnotes(tokens)


# GitHub looks for a task's box at the start of the line, and for a cross anywhere in it.
_TASK = re.compile(r"\s*(?:[-+*]|[0-9]+.)\s+\[[ xX]\]\s")


def _convert_extensions(tokens: "list[Token]", lines: "Sequence[str]") -> "list[Token]":
    """Return the tokens with the box of each task in its text, and as alerts only those that GitHub shows as such."""
    box = None
    for number, token in enumerate(tokens):
        if token.type == "list_item_open":
            box = _build_task_box(token, lines) if "checked" in token.meta else None
        elif token.type == "alert_open" and (token.level or tokens[number + 4].type == "alert_close"):
            _restore_quotation(tokens[number:])
        elif token.type == "inline" and box is not None:
            token.children = [box, *(token.children or ())]
            box = None
    return tokens


def _build_task_box(item: "Token", lines: "Sequence[str]") -> "Token":
    """Return the box of a list's item, as a text where GitHub shows none."""
    from markdown_it.token import Token  # noqa: PLC0415

    line, is_checked = lines[item.map[0]] if item.map else "", item.meta.pop("checked")
    if not _TASK.match(line):
        return Token("text", "", 0, content="[x] " if is_checked else "[ ] ")
    item.attrs = {"class": "task"}
    return Token("task_box", "", 0, meta={"checked": "[x]" in line.lower()})


def _restore_quotation(tokens: "Sequence[Token]") -> None:
    """Turn an alert, which starts the tokens, into a quotation of its marker and text."""
    opening, title_opening, title, title_closing = tokens[:4]
    closing = next(each for each in tokens if each.type == "alert_close" and each.level == opening.level)
    for token, kind, tag in (
        (opening, "blockquote_open", "blockquote"),
        (title_opening, "paragraph_open", "p"),
        (title_closing, "paragraph_close", "p"),
        (closing, "blockquote_close", "blockquote"),
    ):
        token.type, token.tag, token.attrs = kind, tag, {}
    for text in title.children or ():
        text.content = f"[!{opening.info}]"


def parse_structure(text: str) -> "list[Token]":
    r"""Return the tokens of a file; lines are those of ``text.split("\n")``: a lone CR ends none."""
    return get_parser(ParserUse.STRUCTURE).parse(normalize_line_ends(text).replace("\r", " "))
