"""An author's Markdown as tokens, by the same rules for pages and for plain text."""

from functools import cache
from typing import TYPE_CHECKING

from readingroom.text import escape, sanitize

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def parse_markdown(source: str, *, inline_only: bool = False) -> "list[Token] | None":
    """Return a document's tokens, tamed as on Markdown pages, or None if it is built to take long."""
    tokens = get_markdown_parser(inline_only=inline_only).parse(source)
    if len(tokens) > sanitize.MAX_TOKENS or any(token.level > sanitize.MAX_NESTING for token in tokens):
        return None
    for token in tokens:
        if token.children:
            token.children = [_unescape_href(each) for each in sanitize.sanitize_inline_tokens(token.children)]
    return tokens


def _unescape_href(token: "Token") -> "Token":
    if token.type == "link_open":
        token.attrs["href"] = str(token.attrs["href"]).replace("&amp;", "&")
    return token


@cache
def get_markdown_parser(*, inline_only: bool = False) -> "MarkdownIt":
    """Return what reads Markdown with tables, or no more of it than one line may hold."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- 30 ms that only Markdown beyond prose needs

    made = MarkdownIt("commonmark", {"maxNesting": sanitize.MAX_NESTING + 10})
    # HTML stays text from the start, so that no two tags can meet around what stands between them.
    made.options["html"] = False
    made.validateLink = lambda url: bool(escape.encode_url(url))  # type: ignore[method-assign]
    if inline_only:
        made.block.ruler.enableOnly("paragraph")
    else:
        made.enable("table")
    return made
