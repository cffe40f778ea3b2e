"""Bare addresses that GitHub turns into links: https://github.github.com/gfm/#autolinks-extension-."""

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

_SCHEME = re.compile(r"(?<![A-Za-z])(?:https?|ftp)\Z", re.IGNORECASE)
_MAX_SCHEME = 5
_REST = re.compile(r"[^\s<]*")
_ENTITY = re.compile(r"&[A-Za-z]+;\Z")
_BRACKET = re.compile(r"[\[\]]")
_MAX_LABELS = 10
# An e-mail address in a text without other markup.
EMAIL = re.compile(
    r"(?:mailto:)?(?<![A-Za-z0-9.+_-])[A-Za-z0-9.+_-]++"
    r"@[A-Za-z0-9_-]*+(?:\.[A-Za-z0-9][A-Za-z0-9_-]*+)++(?<=[A-Za-z])(?!@)"
)


def parse_url(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 -- markdown-it's signature
    """Parse an address that starts with a scheme, from its colon on: its scheme is in the pending text."""
    if not state.src.startswith("://", state.pos):
        return False
    found = _SCHEME.search(state.src[max(0, state.pos - _MAX_SCHEME - 1) : state.pos])
    scheme = found[0] if found else ""
    if not scheme or not state.pending.endswith(scheme):
        return False
    start = state.pos + len("://")
    domain = _measure_domain(state.src, start, state.posMax)
    if not domain or not _is_host_letter(state.src[start]) or _is_in_bracket(state):
        return False
    end = _find_end(state, state.pos - len(scheme), start + domain)
    if not silent:
        state.pending = state.pending[: -len(scheme)]
        _push_link(state, state.src[state.pos - len(scheme) : end], "")
    state.pos = end
    return True


def parse_www(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001
    """Parse an address that starts with ``www.`` and follows a space or a mark of emphasis."""
    before = state.src[state.pos - 1] if state.pos else " "
    if not state.src.startswith("www.", state.pos) or not (before.isspace() or before in "*_~("):
        return False
    domain = _measure_domain(state.src, state.pos, state.posMax)
    if "." not in state.src[state.pos + 1 : state.pos + domain] or _is_in_bracket(state):
        return False
    end = _find_end(state, state.pos, state.pos + domain)
    if not silent:
        _push_link(state, state.src[state.pos : end], "http://")
    state.pos = end
    return True


def _is_in_bracket(state: "StateInline") -> bool:
    """Return whether the text before is in an open bracket, where GitHub links no address."""
    if state.linkLevel:
        return True
    # What was counted for the addresses before is kept, so that many of them take no longer than the text.
    tokens, number, depth, length, pending_depth = state.env.get("brackets", (None, 0, 0, 0, 0))
    if tokens is not state.tokens or number > len(state.tokens):
        number = depth = 0
    if tokens is not state.tokens or number != len(state.tokens) or length > len(state.pending):
        for each in state.tokens[number:]:
            depth = _count_open(each.content, depth) if each.type == "text" else depth
        length, pending_depth = 0, depth
    pending_depth = _count_open(state.pending[length:], pending_depth)
    state.env["brackets"] = (state.tokens, len(state.tokens), depth, len(state.pending), pending_depth)
    return pending_depth > 0


def _count_open(text: str, depth: int) -> int:
    """Return how many brackets are open after a text, before which ``depth`` are."""
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket == "[" else max(0, depth - 1)
    return depth


def _measure_domain(text: str, start: int, end: int) -> int:
    """Return how long the domain is that begins at a place, or 0 if one of its last two labels has an underscore."""
    before = here = dots = 0
    position = start + 1
    while position < end - 1:
        letter = text[position]
        if letter == "\\" and position < end - 2:
            position += 1
            letter = text[position]
        if letter == "_":
            here += 1
        elif letter == ".":
            before, here, dots = here, 0, dots + 1
        elif letter != "-" and not _is_host_letter(letter):
            break
        position += 1
    return 0 if (before or here) and dots <= _MAX_LABELS else min(position, end) - start


def _is_host_letter(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter)[0] not in "PZ" and letter not in "$+<=>^`|~"


def _find_end(state: "StateInline", start: int, end: int) -> int:
    """Return where an address ends, without the punctuation after it."""
    rest = _REST.match(state.src, end, state.posMax)
    text = state.src[start : rest.end() if rest else end]
    closing = text.count(")") - text.count("(")
    while text:
        if text[-1] == ")" and closing > 0:
            closing -= 1
            text = text[:-1]
        elif text[-1] == ";":
            entity = _ENTITY.search(text)
            text = text[: entity.start()] if entity else text[:-1]
        elif text[-1] in "?!.,:*_~'\"":
            text = text[:-1]
        else:
            break
    return start + len(text)


def _push_link(state: "StateInline", address: str, scheme: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": f"{scheme}{address}"}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
