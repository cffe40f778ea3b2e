"""Text for Markdown as GitHub reads it: every filter is named for its destination.

The rules are those of the GitHub Flavored Markdown specification (https://github.github.com/gfm/).
"""

import posixpath
import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

_BREAKS = re.compile("[\\s\x1c-\x1f\x85\u2028\u2029]+")
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
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
_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MAYBE_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&{:#]|^[-+=0-9]|www")  # four times quicker than the rule itself
_MAX_MARKS = 4
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}")


def one_line(value: str) -> str:
    """Return the text on one line, without controls that hide or reorder it, and with few marks on a letter."""
    if value.isascii() and value.isprintable():
        return value.strip()
    shown = HIDDEN.sub("", _BREAKS.sub(" ", value)).strip()
    return _MARKS.sub(lambda marks: marks[0][:_MAX_MARKS], shown)


def in_order(value: str) -> str:
    """Return the text without controls that reorder it, for what is shown on one line."""
    return value if value.isascii() else _REORDERING.sub("", value)


@lru_cache(maxsize=4_000)
def text(value: str) -> str:
    """Return plain text for one line of Markdown: a heading, a link's label, a table's cell."""
    value = one_line(value)
    return _SPECIAL.sub(_escaped, value) if _MAYBE_SPECIAL.search(value) else value


def _escaped(found: re.Match[str]) -> str:
    special = found[0]
    return f"{special}\\" if special.isdecimal() else f"\\{special}"


def url(address: str) -> str:
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


def path(relative: str) -> str:
    """Return a link's target for a path inside the repository."""
    if _PLAIN_PATH.fullmatch(relative):
        return relative
    return quote(relative, safe="/!,-.")


def link(label: str, address: str) -> str:
    """Return a link to the web, or the label alone where the address is not one that may be followed."""
    target = url(address)
    shown = text(label) or text(address)
    return f"[{shown}]({target})" if target else shown


def fence(code: str) -> str:
    """Return a line of backticks longer than any in a text."""
    return "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))


def listed(lines: "Sequence[str]", most: int = 60_000) -> str:
    """Return a list of plain texts that pings nobody, in at most so many characters, and how many it leaves out."""
    shown: list[str] = []
    for line in lines:
        entry = quiet(f"- {text(line.encode('utf-8', 'backslashreplace').decode()[:500])}")
        most -= len(entry) + 1
        if most < 0:
            shown.append(f"- and {len(lines) - len(shown)} more: run `readingroom check` to see all.")
            break
        shown.append(entry)
    return "\n".join(shown)


def quiet(page: str, repository: str = "", folder: str = "") -> str:
    """Return Markdown for an issue or pull request that pings nobody, and refers to no other issue or commit.

    Links within the repository, which lead nowhere from there, start with ``repository``, the address of its files;
    ``folder`` is where the page would stand.
    """

    def replaced(found: re.Match[str]) -> str:
        if target := found["target"]:
            return f"]({_followed(target, repository, folder)})"
        if found["address"]:
            return _redirected(found["address"])
        if found["hex"]:
            return "\u200b".join(found["hex"][start : start + 6] for start in range(0, len(found["hex"]), 6))
        return f"{found[0]}\u200b"

    return _LOUD.sub(replaced, page)


# What GitHub acts on in an issue's text: a mention, the number of an issue, the address of one, a commit; and what
# skips a workflow, once a title has become a commit's.
_LOUD = re.compile(
    r"\]\((?P<target>[^()\s]*)\)|(?P<address>https?://[^\s<>()|\]]+)|@(?=\w)|#(?=\w)|\bGH-(?=[0-9])|(?<![A-Za-z0-9])(?P<hex>[0-9a-f]{7,})"
    r"|\[(?=(?:skip|no) (?:ci|actions)\]|(?:ci|actions) skip\])",
    re.IGNORECASE,
)
# An issue, however its address is written: as a page, as the interface for programs has it, with a port or a user.
_OF_ISSUE = re.compile(
    r"^(https?://)(?:[^/@\s]*@)?(?:www\.|api\.)?github\.com(?::[0-9]*)?/+(?:repos/+)?([^/]+)/+([^/]+)/+"
    r"(issue|pull|discussion|commit)(s?)/+",
    re.IGNORECASE,
)


def _redirected(address: str) -> str:
    """Return an address of an issue by way of redirect.github.com, which leaves no reference there; others as is."""

    def by_way(found: re.Match[str]) -> str:
        kind = found[4].lower()
        place = f"{kind}s" if kind in {"issue", "discussion"} else kind
        return f"{found[1]}redirect.github.com/{found[2]}/{found[3]}/{place}/"

    return _OF_ISSUE.sub(by_way, address)


def _followed(target: str, repository: str, folder: str) -> str:
    if re.match(r"[a-z]+:", target, re.IGNORECASE):
        return _redirected(target)
    if target.startswith("#") or not repository:
        return target
    return f"{repository}/{posixpath.normpath(f'{folder}/{target}').lstrip('/')}"


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading's plain text, before it numbers repeated ones.

    It drops all but letters, marks, digits, connectors, hyphens and blanks, and turns blanks into hyphens
    (https://github.com/Flet/github-slugger/tree/main/test holds headings with the anchors that GitHub gave them).
    """
    if heading.isascii():
        return _NOT_IN_ANCHOR.sub("", heading.lower()).replace(" ", "-")
    return "".join(filter(_in_anchor, heading.lower())).replace(" ", "-")


_NOT_IN_ANCHOR = re.compile(r"[^a-z0-9_ -]")  # the same rule for ASCII
_WORD = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})


def _in_anchor(letter: str) -> bool:
    return letter in "- " or unicodedata.category(letter) in _WORD or letter.islower() or letter.isupper()


def anchors(headings: "Iterable[str]") -> list[str]:
    """Return the anchors of all headings of a page, in order; GitHub adds the first free of -1, -2 to repeated ones."""
    counts: dict[str, int] = {}
    found = []
    for heading in headings:
        anchor = base = slug(one_line(heading))
        while anchor in counts:
            counts[base] += 1
            anchor = f"{base}-{counts[base]}"
        counts[anchor] = 0
        found.append(anchor)
    return found


# Lines of words, common punctuation and short code mean the same with or without the parser below, which takes
# twenty times as long. None starts like a list or ends with a blank; no part can match in two ways.
_LINE = (
    r"(?:[A-Za-z(]|[0-9]+(?:\.[0-9]+)*(?![0-9.)])|`[A-Za-z0-9_.#-]+`)"
    r"(?:[A-Za-z0-9,.;()'\"?!/%+=–—’‘“”…-]|:(?=[ \n]|\Z)| (?![ \n]|\Z)|`[A-Za-z0-9_.#-]+`)*"
)
_PROSE = re.compile(rf"{_LINE}(?:\n{{1,2}}{_LINE})*")


def block(source: str) -> str:
    """Return an author's Markdown for a place within a page.

    Headings become bold lines, images become links, HTML becomes text, reference links become plain ones:
    nothing in it can reach the outline, the links or the regions around it, or load anything.
    """
    source = source.strip()
    if _PROSE.fullmatch(source):
        return source
    return _rendered(_NEWLINES.sub("\n", source))


def inline(source: str) -> str:
    """Return an author's Markdown as one line, for a note behind an item or a cell."""
    source = one_line(source)
    if _PROSE.fullmatch(source):
        return source
    return _rendered(source, inline_only=True)


def _rendered(source: str, *, inline_only: bool = False) -> str:
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- 30 ms that only Markdown beyond prose needs
    from mdformat.renderer import MDRenderer  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING + 10})
    if inline_only:
        parser.block.ruler.enableOnly("paragraph")
    tokens = parser.parse(_TAGS.sub("", source))
    if len(tokens) > _MAX_TOKENS or any(token.level > _MAX_NESTING for token in tokens):
        return text(source)
    options = {**parser.options, "mdformat": {}, "parser_extension": [], "codeformatters": {}}
    shown = MDRenderer().render(list(_tamed(tokens)), options, {}, finalize=False)
    return shown.translate(_FROM_STAND_INS).strip()


_MAX_NESTING = 40
_MAX_TOKENS = 3000  # the renderer's time grows with the square of a list's length
# Private-use characters stand for a backslash, which the renderer would escape, and for what it does not always escape.
_ESCAPE = "\uf8fe"
_TO_STAND_INS = str.maketrans("<[]", "\uf8fb\uf8fc\uf8fd")
_FROM_STAND_INS = str.maketrans({_ESCAPE: "\\", "\uf8fb": "\\<", "\uf8fc": "\\[", "\uf8fd": "\\]"})
# What GitHub reads otherwise than the parser, or the renderer forgets: Liquid, emoji, bare addresses, tables, fences.
_TO_ESCAPE = re.compile(
    r"(?<=\{)(?=[{%])|(?=:[A-Za-z0-9_+-]+:)|(?=://)|(?<=www)(?=\.)|(?=\|)|(?=:-)|(?<=-)(?=:)|(?<!~)(?=~~~)"
)
# An address as GitHub would link it, without the punctuation that ends a sentence or closes a parenthesis.
_BARE = re.compile(
    r"(?:(?<![A-Za-z])https?://|(?<![^\s*_~(])www\.)(?:[^\s<>()]|\([^\s<>()]*\))+(?<![?!.,:;*_~'\"])", re.IGNORECASE
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Hidden letters, and the stand-ins; where an entity brings one, something must stay, or the line would start otherwise.
_TAGS = re.compile("[\U000e0000-\U000e007f\uf8fb-\uf8fe]")


def _tamed(tokens: "Sequence[Token]") -> "Iterator[Token]":
    """Yield a document's tokens with headings as bold paragraphs and HTML as text."""
    in_heading = False
    for token in tokens:
        if token.type == "html_block":
            yield from _paragraph(token)
            continue
        if token.type in {"heading_open", "heading_close"}:
            in_heading = token.type == "heading_open"
            token.type = token.type.replace("heading", "paragraph")
        elif token.type == "inline":
            token.children = list(_joined(_tamed_inline(token.children or [])))
            if in_heading and token.content:
                token.children = [_mark("strong_open", 1), *token.children, _mark("strong_close", -1)]
        elif token.type == "fence" and not token.content.endswith("\n"):
            token.content += "\n"
        yield token


def _mark(kind: str, nesting: "Literal[-1, 0, 1]") -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415

    return Token(kind, "strong", nesting, markup="**")


def _text(content: str) -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415

    return Token("text", "", 0, content=content)


def _escaped_text(content: str) -> "Token":
    # A line break can be here only as an entity such as &#10;, and would start a line of Markdown.
    content = _TO_ESCAPE.sub(_ESCAPE, _TAGS.sub("\ufffd", _BREAKS.sub(" ", content))).translate(_TO_STAND_INS)
    # FIRST STRONG ISOLATE keeps direction controls from reaching the text around.
    return _text(f"\u2068{content}\u2069" if _BIDI.search(content) else content)


def _paragraph(html: "Token") -> "Iterator[Token]":
    from markdown_it.token import Token  # noqa: PLC0415

    words = _escaped_text(one_line(html.content))
    yield Token("paragraph_open", "p", 1, block=True)
    yield Token("inline", "", 0, content=words.content, children=[words], block=True)
    yield Token("paragraph_close", "p", -1, block=True)


def _joined(tokens: "Iterable[Token]") -> "Iterator[Token]":
    """Yield the tokens with texts side by side made one: the renderer looks within a text for what to escape."""
    for is_text, group in groupby(tokens, key=lambda token: token.type == "text"):
        if is_text:
            yield _escaped_text("".join(token.content for token in group))
        else:
            yield from group


def _tamed_inline(tokens: "Sequence[Token]") -> "Iterator[Token]":
    """Yield a line's tokens with HTML as text, images as links, and no link that may not be followed."""
    followed: list[bool] = []
    for token in tokens:
        match token.type:
            case "text" | "text_special":
                yield from [_text(token.content)] if any(followed) else _with_links(token.content)
            case "html_inline":
                yield _text(token.content)
            case "image":
                yield from _linked(token.content or "image", "" if any(followed) else str(token.attrs["src"]))
            case "link_open":
                token.attrs = {"href": url(str(token.attrs["href"]))}
                followed.append(bool(token.attrs["href"]))
                if followed[-1]:
                    yield token
            case "link_close":
                if followed.pop():
                    yield token
            case _:
                yield token


def _with_links(content: str) -> "Iterator[Token]":
    """Yield a text's tokens with its bare addresses as links, as GitHub shows them."""
    start = 0
    for found in _BARE.finditer(content):
        yield _text(content[start : found.start()])
        yield from _linked(found[0], found[0] if "://" in found[0] else f"http://{found[0]}")
        start = found.end()
    yield _text(content[start:])


def _linked(label: str, address: str) -> "Iterator[Token]":
    """Yield a label's tokens, as a link if the address may be followed."""
    from markdown_it.token import Token  # noqa: PLC0415

    target = url(address)
    if target:
        yield Token("link_open", "a", 1, attrs={"href": target})
    yield _text(label)
    if target:
        yield Token("link_close", "a", -1)
