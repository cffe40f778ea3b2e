"""Broken links, repaired as their writers meant them, and a message about each."""

import re
from collections.abc import Iterator, Mapping

from markdown_it.common.utils import normalizeReference

from readingroom.importer.inline.spans import LineMessage
from readingroom.text.characters import BIDI_EMBEDDINGS, INVISIBLE
from readingroom.text.excerpt import shorten_text

_LABEL = r"(?<!\\)(?<!!)\[(?P<label>[^\[\]\n]{1,200})\]"
_PART = r"[^\s()<>\"']{1,200}"
_BRACKET = rf"\((?:{_PART}(?: {{1,3}}{_PART}){{0,8}} ?)?\)"
_WITH_BLANK = re.compile(
    _LABEL
    + r"\((?P<url>(?:https?://|\.{0,2}/)[^\s()<>\"']{1,500}"
    + rf"(?: {{1,3}}{_PART}| {{0,3}}{_BRACKET}(?:{_PART})?){{1,8}}) ?\)",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"(?<!\\)!\[(?P<label>[^\[\]\n]{0,200})\]\((?P<url>[^\s()<>\"']{1,500}(?: {1,3}[^\s()<>\"']{1,200}){1,8}) ?\)"
)
_OF_NO_WEB = re.compile(
    _LABEL
    + r"\(\s?(?P<url>(?:javascript|vbscript|data|file):[^\s()]{0,500}(?:\([^\s()]{0,200}\)[^\s()]{0,100}){0,3})\)",
    re.IGNORECASE,
)
_WITHOUT_TEXT = re.compile(r"(?<!\\)(?<!!)\[\s{0,3}\]\((?P<url>[^\s()<>]{1,500})\)")
_REFERENCE = re.compile(_LABEL + r"(?:\[(?P<name>[^\[\]\n]{0,100})\]|(?![\[(:]))")


def repair_links(source: str, known: Mapping[str, Mapping[str, str]]) -> tuple[str, list[LineMessage]]:
    """Return Markdown with its broken links repaired or made plain text, and a message about each.

    ``known`` has the page's references, which get their addresses here, so that a text can leave its page; lines are
    counted from 0.
    """
    if "`" in source or not ("](" in source or "][" in source or (known and "[" in source)):
        return source, []
    mender = _LinkRepairer(known)
    source = _WITHOUT_TEXT.sub(mender.fill_link_text, source)
    source = _WITH_BLANK.sub(mender.replace_spaced_link, source)
    source = _PICTURE.sub(mender.replace_spaced_image, source)
    source = _OF_NO_WEB.sub(mender.drop_non_web_link, source)
    return _REFERENCE.sub(mender.resolve_reference, source), mender.messages


class _LinkRepairer:
    """Returns what takes the place of each broken link, and gathers messages about it."""

    def __init__(self, known: Mapping[str, Mapping[str, str]]) -> None:
        self.known = known
        self.messages: list[LineMessage] = []

    def replace_spaced_link(self, found: re.Match[str]) -> str:
        if " " not in found["url"]:
            return found[0]
        url = re.sub(" +", "%20", found["url"])
        self._report_link(
            found,
            f"has a space in its address, so GitHub shows none. It is read as {shorten_text(url, 200)}: write that.",
        )
        return f"[{found['label']}]({url})"

    def replace_spaced_image(self, found: re.Match[str]) -> str:
        url = re.sub(" +", "%20", found["url"])
        self._report_link(
            found, f"has a space in its address, so GitHub shows no picture. Write {shorten_text(url, 200)}."
        )
        return f"![{found['label']}]({url})"

    def drop_non_web_link(self, found: re.Match[str]) -> str:
        message = f'leads to "{found["url"][:40]}", which is no address of the web: its text alone is kept. Correct it.'
        self._report_link(found, message)
        return found["label"]

    def resolve_reference(self, found: re.Match[str]) -> str:
        name = found["name"] or found["label"]
        if held := self.known.get(normalizeReference(name)):
            return f"[{found['label']}]({_escape_url(held['href'])})"
        if found["name"] is None or not re.search(r"[^\W\d_]", found["label"]):
            return found[0]
        where = f"no line of the page says where [{shorten_text(name)}] leads"
        self._report_link(found, f'has no address: {where}. Add one: "[{shorten_text(name)}]: https://…".')
        return found["label"]

    def fill_link_text(self, found: re.Match[str]) -> str:
        message = f"the link to {found['url'][:80]} has no text, so GitHub does not show it. Give it one."
        self.messages.append((_get_line_number(found), message))
        return f"[{found['url']}]({found['url']})"

    def _report_link(self, found: re.Match[str], message: str) -> None:
        self.messages.append((_get_line_number(found), f'the link "{found["label"][:60]}" {message}'))


def _get_line_number(found: re.Match[str]) -> int:
    return found.string.count("\n", 0, found.start())


def _escape_url(url: str) -> str:
    return f"<{url}>" if re.search(r"[()\s]", url) else url


def check_invisible_characters(text: str) -> Iterator[LineMessage]:
    """Yield the lines, counted from 1, that hold signs which nobody sees and which hide or turn what others do."""
    if not INVISIBLE.search(text) and not BIDI_EMBEDDINGS.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        found = {f"U+{ord(sign):04X}" for sign in (*INVISIBLE.findall(line), *BIDI_EMBEDDINGS.findall(line))}
        if found:
            yield (
                number,
                f"holds signs that nobody sees ({', '.join(sorted(found))}): they are left out of titles. Remove them.",
            )
