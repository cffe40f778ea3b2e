"""Text as a reader of a page sees it: runs of words, each with its link, struck out or strong where it is so."""

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from readingroom.text import commonmark
from readingroom.text.commonmark import ParserUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

MAX_BRACKETS = 200  # that are no link's; the parser takes long for many of them


LineMessage = tuple[int, str]  # a message about a line of the page, counted from 1


class Span(NamedTuple):
    """A piece of text that looks the same throughout; a line break is a run of its own."""

    text: str
    url: str = ""
    struck: bool = False
    strong: bool = False
    image: bool = False


class InlineText(NamedTuple):
    """A line of a page, a cell or an item: its runs, and the Markdown it was typed as."""

    line: int
    runs: tuple[Span, ...] = ()
    source: str = ""

    @property
    def text(self) -> str:
        """The text that is not struck out, on one line."""
        if len(self.runs) == 1 and not self.runs[0].struck:
            return self.whole
        return squeeze_spaces("".join(run.text for run in self.runs if not run.struck and not run.image))

    @property
    def whole(self) -> str:
        """The text, struck out or not."""
        if len(self.runs) == 1:
            return "" if self.runs[0].image else squeeze_spaces(self.runs[0].text)
        return squeeze_spaces("".join(run.text for run in self.runs if not run.image))

    @property
    def is_struck(self) -> bool:
        """Return whether all that is there is struck out."""
        return any(run.struck for run in self.runs) and not self.text

    @property
    def links(self) -> list[Span]:
        """The links in order, those of one label that is set in several ways as one."""
        if len(self.runs) < 2:
            return [run for run in self.runs if run.url and not run.image]
        found: list[Span] = []
        before = ""
        for run in self.runs:
            if run.url and not run.image:
                if found and before == run.url:
                    found[-1] = found[-1]._replace(text=found[-1].text + run.text)
                else:
                    found.append(run)
            before = run.url
        return found


def squeeze_spaces(text: str) -> str:
    """Return a text with every run of spaces and line breaks as one space."""
    return " ".join(text.split())


_PLAIN = re.compile(r"[^\\`*_\[\]<>!&~\n]*")
_BARE = re.compile(r"(?:https?://|www\.)(?:[^\s<>()|]|\([^\s<>()]*\))+(?<![?!.,:;*_~'\"])", re.IGNORECASE)


def parse_simple_inline(source: str, line: int) -> InlineText | None:
    """Return the words of Markdown that holds nothing but words, bold ones and plain links, or None for other."""
    runs = _parse_simple_spans(source)
    return None if runs is None else InlineText(line, tuple(runs), source)


def parse_inline(source: str, line: int, known: "dict[str, Any] | None" = None) -> InlineText:
    """Return the words of one line of Markdown, as GitHub shows it; ``known`` has the references of its page."""
    if source.count("[") > MAX_BRACKETS + 2 * source.count("]("):
        return InlineText(line, tuple(_iter_linked_spans(source)), source)
    if found := parse_simple_inline(source, line):
        return found
    children: list[Token] = []
    made = commonmark.get_parser(ParserUse.IMPORT)
    made.inline.parse(source, made, known or {}, children)
    return InlineText(line, tuple(insert_block_breaks(_iter_token_spans(children))), source)


def _parse_simple_spans(source: str) -> "Iterable[Span] | None":
    """Return the runs of lines that hold nothing but words, bold ones and plain links, or None for others."""
    if _PLAIN.fullmatch(source):
        return _convert_bare_urls(Span(source))
    if _LINKED.fullmatch(source):
        return _iter_linked_spans(source)
    if "\n" not in source:
        return None
    runs: list[Span] = []
    for row in source.split("\n"):
        found = _parse_simple_spans(row.strip(" \t"))
        if found is None:
            return None
        runs += (Span("\n"), *found)
    return runs[1:]


# Words with plain links or bold words mean the same with or without the parser, which takes five times as long.
_LINK = r"\[([^\\`*_\[\]<>!&~\n]+)\]\((https?://(?:[A-Za-z0-9/.:?=%+,;@_-]|&(?!\#?[A-Za-z0-9]+;))+|#[A-Za-z0-9-]+)\)"
_BOLD = r"(?<!\*)\*\*([^\W_](?:[^\\`*_\[\]<>!&~\n]*[^\W_])?(?::(?=\*\*(?:\s|\Z)))?)\*\*(?!\*)"
_LINKED = re.compile(rf"[^\\`*_\[\]<>!&~\n]*(?:(?:{_LINK}|{_BOLD})[^\\`*_\[\]<>!&~\n]*)+")
_LINKS = re.compile(rf"{_LINK}|{_BOLD}")


def _iter_linked_spans(source: str) -> Iterator[Span]:
    """Yield the runs of a line that holds nothing but words, bold ones and plain links."""
    start = 0
    for found in _LINKS.finditer(source):
        if found.start() > start:
            yield from _convert_bare_urls(Span(source[start : found.start()]))
        if found[3]:
            yield from _convert_bare_urls(Span(found[3], strong=True))
        else:
            yield Span(_BLANKS.sub(" ", found[1]) if "  " in found[1] or "\t" in found[1] else found[1], found[2])
        start = found.end()
    if start < len(source):
        yield from _convert_bare_urls(Span(source[start:]))


def _iter_token_spans(tokens: "Iterable[Token]") -> Iterator[Span]:
    """Yield the runs of a line's tokens; HTML in a line counts as far as it links, strikes out or breaks."""
    state, says = Span(""), False
    for token in tokens:
        made, after = _convert_token(token, state)
        yield from made
        says = says or any(run.text.strip() for run in made)
        if after.url != state.url:
            if not says and is_link_to_page(state.url):
                yield state._replace(text=ICON_LINK_TEXT)
            says = False
        state = after
    if not says and is_link_to_page(state.url):
        yield state._replace(text=ICON_LINK_TEXT)


def _convert_token(token: "Token", state: Span) -> "tuple[Iterable[Span], Span]":
    """Return what a token shows, and how the text after it looks."""
    made: Iterable[Span] = ()
    match token.type:
        case "text" | "text_special":
            run = state._replace(text=token.content)
            made = [run] if state.url else list(_convert_bare_urls(run))
        case "code_inline":
            made = [state._replace(text=token.content)]
        case "softbreak" | "hardbreak":
            made = [state._replace(text="\n")]
        case "image":
            made = [build_image_span(token.content, str(token.attrs["src"]), state)]
        case "link_open" | "link_close":
            state = state._replace(url=str(token.attrs.get("href", "")))
        case "strong_open" | "strong_close" | "s_open" | "s_close":
            state = apply_tag_style(state, token.tag, "", opens=token.nesting > 0)
        case "html_inline":
            made, state = _convert_tag(token.content, state)
    return made, state


ICON_LINK_TEXT = "Link"  # the words of a link that shows but an icon


def is_link_to_page(url: str) -> bool:
    """Return whether a link leads to another page; one without words that does not is but an anchor."""
    return bool(url) and not url.startswith("#")


BLOCK_EDGE = "\v"  # of a block of HTML, such as an item or a paragraph in a cell
BLOCK_TAGS = frozenset(
    {"p", "div", "li", "ul", "ol", "summary", "details", "dt", "dd", "dl", "h1", "h2", "h3", "h4", "h5", "h6"}
)


def insert_block_breaks(runs: "Iterable[Span]") -> Iterator[Span]:
    """Yield runs with a line break for the edges of blocks that are between words."""
    is_edge, is_first = False, True
    for run in runs:
        if run.text == BLOCK_EDGE:
            is_edge = True
            continue
        if is_edge and not run.image and not run.text.strip():
            continue
        if is_edge and not is_first:
            yield Span("\n")
        is_edge, is_first = False, False
        yield run


def build_image_span(alt: str, src: str, state: Span) -> Span:
    """Return what a picture shows; within a link it is the link that counts."""
    return state._replace(text=alt or state.url) if state.url else Span(alt, src, image=True)


_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_ATTRIBUTE = re.compile(r"\b(href|src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


def _convert_tag(tag: str, state: Span) -> tuple[list[Span], Span]:
    """Return what a tag within a line shows, and how the text after it looks."""
    found = _TAG.match(tag)
    if not found:
        return [], state
    opens, name = not found[1], found[2].lower()
    values = {key.lower(): unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(tag)}
    if name == "br":
        return [state._replace(text="\n")], state
    if name in BLOCK_TAGS:
        return [Span(BLOCK_EDGE)], apply_tag_style(state, name, "", opens=opens)
    if name == "img":
        return [build_image_span(values.get("alt", ""), values.get("src", ""), state)], state
    return [], apply_tag_style(state, name, values.get("href", ""), opens=opens)


def apply_tag_style(state: Span, name: str, href: str, *, opens: bool = True) -> Span:
    """Return how text looks after a tag of HTML that opens or closes."""
    match name:
        case "a":
            return state._replace(url=href.strip() if opens else "")
        case "b" | "strong" | "th":
            return state._replace(strong=opens)
        case "s" | "del" | "strike":
            return state._replace(struck=opens)
    return state


_BLANKS = re.compile(r"[ \t\f\v]{2,}")


def _convert_bare_urls(run: Span) -> Iterator[Span]:
    """Yield a run with its bare addresses as links, as GitHub shows them, and with single spaces."""
    if "  " in run.text or not run.text.isprintable():
        run = run._replace(text=_BLANKS.sub(" ", run.text))
    if "://" not in run.text and "www." not in run.text:
        yield run
        return
    start = 0
    for found in _BARE.finditer(run.text):
        yield run._replace(text=run.text[start : found.start()])
        yield run._replace(text=found[0], url=found[0] if "://" in found[0] else f"http://{found[0]}")
        start = found.end()
    yield run._replace(text=run.text[start:])
