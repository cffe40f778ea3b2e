"""Footnotes as GitHub reads them, and the order in which it shows them."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_DEFINITION = re.compile(r"\[\^([^\]\s\x00]+)\]:[ \t]*")
_REFERENCE = re.compile(r"\[\^([^\]\s\x00\[]+)\]")
_INDENT = 4


def parse_definition(state: "StateBlock", start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    """Parse the text of a footnote, which goes on in indented lines."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    match = _DEFINITION.match(state.src, start, state.eMarks[start_line])
    if match is None or state.is_code_block(start_line):
        return False
    if silent:
        return True
    label = _fold_label(match[1])
    state.env.setdefault("footnotes", set()).add(label)
    opening = state.push("footnote_open", "li", 1)
    opening.meta, opening.block = {"label": label}, True
    saved = state.bMarks[start_line], state.tShift[start_line], state.sCount[start_line], state.parentType
    state.bMarks[start_line], state.tShift[start_line] = match.end(), 0
    state.blkIndent += _INDENT
    state.sCount[start_line] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, start_line, end_line)
    state.blkIndent -= _INDENT
    state.bMarks[start_line], state.tShift[start_line], state.sCount[start_line], state.parentType = saved
    closing = state.push("footnote_close", "li", -1)
    closing.block = True
    return True


def parse_reference(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001
    """Parse a reference to a footnote that exists."""
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if match is None or _fold_label(match[1]) not in state.env.get("footnotes", ()):
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = {"label": _fold_label(match[1])}
    state.pos = match.end()
    return True


def _fold_label(label: str) -> str:
    return label.casefold()


def number_footnotes(tokens: "Sequence[Token]") -> None:
    """Give references and footnotes their numbers, in the order of a document's first references to each.

    References in a footnote count where it is defined, also if nothing refers to it. Such a footnote has no place in
    the list, and gets a number after all others.
    """
    numbers: dict[str, int] = {}
    references, openings = (list(_iter_tokens(tokens, kind)) for kind in ("footnote_ref", "footnote_open"))
    for token in (*references, *openings):
        token.meta["number"] = numbers.setdefault(token.meta["label"], len(numbers) + 1)
    used = {token.meta["number"] for token in references}
    for token in openings:
        token.meta["is_used"] = token.meta["number"] in used


def move_footnotes(tokens: "Sequence[Token]") -> "list[Token]":
    """Return a document's tokens with its footnotes at the end by number, without those that nothing refers to."""
    body, notes = _split_notes(tokens)
    notes = [note for note in notes if note[0].meta["is_used"]]
    return body + [token for note in sorted(notes, key=lambda note: note[0].meta["number"]) for token in note]


def _iter_tokens(tokens: "Sequence[Token]", kind: str) -> "Iterator[Token]":
    for token in tokens:
        if token.type == kind:
            yield token
        yield from _iter_tokens(token.children or (), kind)


def _split_notes(tokens: "Sequence[Token]") -> "tuple[list[Token], list[list[Token]]]":
    """Return the tokens outside footnotes, and those of each footnote; of two with one label the first counts."""
    body: list[Token] = []
    notes: dict[str, list[Token]] = {}
    places = [body]
    for token in tokens:
        if token.type == "footnote_open":
            place: list[Token] = []
            notes.setdefault(token.meta["label"], place)
            places.append(place)
        places[-1].append(token)
        if token.type == "footnote_close":
            places.pop()
    return body, list(notes.values())


def build_label(prefix: str, meta: "Mapping[str, Any]") -> str:
    """Return the label of a footnote that no other text on the same page has: its last hyphen ends the prefix."""
    label = meta["label"] if _PLAIN_LABEL.fullmatch(meta["label"]) else f"{meta['number']}_"
    return f"{prefix}-{label}"


_PLAIN_LABEL = re.compile("[a-z0-9]{1,60}")
