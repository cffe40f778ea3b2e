"""The links in a line of Markdown as people type it, found in time linear in the line's length."""

import re
from collections.abc import Iterator
from typing import NamedTuple

EMAIL = re.compile(r"(?<![\w.+/-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
MAX_LINE = 4_096  # a longer line is taken as plain text


class LinkMatch(NamedTuple):
    """A link: where it starts and ends in its line, its title (empty for a bare address), and its address."""

    start: int
    end: int
    title: str
    url: str


def find_links(line: str) -> list[LinkMatch]:
    """Return the links of a line in their order: Markdown's, images, and bare addresses."""
    if len(line) > MAX_LINE:
        return []
    links: list[LinkMatch] = []
    for each in sorted([*_find_markdown_links(line), *_iter_html_images(line)]):
        if not links or each.start >= links[-1].end:
            links.append(each)
    return sorted([*links, *_iter_bare_addresses(line, links)])


def find_first_link(line: str) -> LinkMatch | None:
    """Return the first link of a line that has a title, or else its first bare address."""
    links = find_links(line)
    return next((each for each in links if each.title), next(iter(links), None))


def strip_markup(text: str) -> str:
    """Return a title as plain text: no escapes, no image, and no emphasis around the whole of it."""
    return unescape_markdown(strip_emphasis(_IMAGE.sub(lambda tag: _parse_attributes(tag[1]).get("alt", ""), text)))


def strip_emphasis(text: str) -> str:
    """Return a text without marks of emphasis or code around the whole of it."""
    text = text.strip()
    for mark in ("**", "__", "*", "_", "`"):
        inner = text[len(mark) : -len(mark)]
        is_marked = inner and text == f"{mark}{inner}{mark}" and mark[0] not in inner
        if is_marked and (" " in inner or "_" not in mark):  # __init__ is a name
            return inner.strip()
    return text


def unescape_markdown(text: str) -> str:
    """Return a text without Markdown's escaping backslashes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


_BRACKET = re.compile(r"\\.|[\[\]()]")


def _match_brackets(line: str) -> tuple[dict[int, int], dict[int, int]]:
    """Return the opening position of each closing bracket, and the closing one of each opening parenthesis."""
    brackets: dict[int, int] = {}
    parentheses: dict[int, int] = {}
    open_brackets: list[int] = []
    open_parentheses: list[int] = []
    for mark in _BRACKET.finditer(line):
        match mark[0]:
            case "[":
                open_brackets.append(mark.start())
            case "(":
                open_parentheses.append(mark.start())
            case "]" if open_brackets:
                brackets[mark.start()] = open_brackets.pop()
            case ")" if open_parentheses:
                parentheses[open_parentheses.pop()] = mark.start()
    return brackets, parentheses


def _find_markdown_links(line: str) -> list[LinkMatch]:
    """Return Markdown's links and images; an image within a link is part of it, a link contains no other."""
    kept: list[LinkMatch] = []
    if "](" not in line:
        return kept
    brackets, parentheses = _match_brackets(line)
    for closing, opening in sorted(brackets.items()):
        if (kept and closing < kept[-1].end) or not line.startswith("(", closing + 1):
            continue
        if (target := _parse_target(line, closing + 2, parentheses.get(closing + 1))) is None:
            continue
        is_image = line.startswith("!", opening - 1) and opening > 0
        inner = len(kept)
        while inner and kept[inner - 1].start > opening:
            inner -= 1
        if is_image or all(line[each.start] == "!" for each in kept[inner:]):
            title = strip_markup(_replace_inner_links(line, opening + 1, closing, kept[inner:]))
            kept[inner:] = [LinkMatch(opening - is_image, target[1], title, target[0])]
    return kept


def _replace_inner_links(line: str, start: int, end: int, inner: list[LinkMatch]) -> str:
    """Return a part of a line with the titles of the links in it instead of them."""
    words = ""
    for each in inner:
        words += line[start : each.start] + each.title
        start = each.end
    return words + line[start:end]


_TITLE_AND_CLOSING = re.compile(r"\s*+(?:(?<=\s)(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\))\s*+)?\)")


def _parse_target(line: str, start: int, close: int | None) -> tuple[str, int] | None:
    """Return a link's address and where the link ends, or None if no address and closing parenthesis follow."""
    while line.startswith(" ", start):
        start += 1
    if line.startswith("<", start):
        start, end = start + 1, line.find(">", start)
        after = end + 1
    else:
        space = line.find(" ", start, close)
        end = after = space if space >= 0 or close is None else close
    url = line[start:end] if end > start else ""
    rest = _TITLE_AND_CLOSING.match(line, after) if url and "<" not in url else None
    return (unescape_markdown(url), rest.end()) if rest else None


_IMAGE = re.compile(r"<img\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])(alt|src)=(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def _parse_attributes(tag: str) -> dict[str, str]:
    return {
        match[1].lower(): (match[2] or match[3] or "").replace("&quot;", '"').replace("&amp;", "&")
        for match in _ATTRIBUTE.finditer(tag)
    }


def _iter_html_images(line: str) -> Iterator[LinkMatch]:
    """Yield the images in HTML, which GitHub writes for a dropped picture."""
    for tag in _IMAGE.finditer(line):
        attributes = _parse_attributes(tag[1])
        if url := attributes.get("src", "").strip():
            yield LinkMatch(tag.start(), tag.end(), attributes.get("alt", "").strip() or "image", url)


_ADDRESS = re.compile(r"(?<![A-Za-z0-9+.-])https?://(?:[^\s()<>]|\((?:[^\s()<>]|\([^\s()<>]*+\))*+\))++", re.IGNORECASE)


def _iter_bare_addresses(line: str, links: list[LinkMatch]) -> Iterator[LinkMatch]:
    """Yield the bare addresses between the links, without the punctuation that ends a sentence."""
    start = 0
    for end, following in [*((each.start, each.end) for each in links), (len(line), 0)]:
        for address in _ADDRESS.finditer(line, start, end):
            url = address[0].rstrip(".,;:!?'\"*_")
            if not url.endswith("://"):
                first, last = address.start(), address.start() + len(url)
                is_bracketed = line[first - 1 : first] == "<" and line[last : last + 1] == ">"
                yield LinkMatch(first - is_bracketed, last + is_bracketed, "", url)
        start = following
