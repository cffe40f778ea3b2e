"""Tables as GitHub reads them: https://github.github.com/gfm/#tables-extension-."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.rules_block import StateBlock

MAX_CELLS = 20_000  # a short row is filled up with empty cells

_SPACES = " \t\v\f"
_MARK = rf"[{_SPACES}]*:?-+:?[{_SPACES}]*"
_DELIMITER_ROW = re.compile(rf"\|?{_MARK}(?:\|{_MARK})*\|?[{_SPACES}]*")
_OTHER_BLOCK = re.compile(rf"-+[{_SPACES}]*\Z|-[{_SPACES}]")  # a heading's underline, a list
_PIPE = re.compile(r"(?<!\\)\|")


def parse_table(state: "StateBlock", start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    """Parse a table: a header, a row of hyphens with as many cells, and rows until a blank line or another block."""
    # A row of hyphens that fits no header says that the paragraph has no table further on either.
    is_refused = state.parentType in {"paragraph", "reference"} and state.env.get("has_no_table", False)
    state.env["has_no_table"] = is_refused
    if is_refused or start_line + 1 >= end_line or state.sCount[start_line + 1] < state.blkIndent:
        return False
    if state.is_code_block(start_line) or state.is_code_block(start_line + 1):
        return False
    marks = _get_line(state, start_line + 1)
    if not _DELIMITER_ROW.fullmatch(marks) or _OTHER_BLOCK.match(marks):
        return False
    header, alignments = split_row(_get_line(state, start_line)), [_get_alignment(each) for each in split_row(marks)]
    if not header or len(header) != len(alignments):
        state.env["has_no_table"] = True
        return False
    if not silent:
        _push_table(state, start_line, end_line, header, alignments)
    return True


def split_row(line: str) -> list[str]:
    r"""Return the cells of a row; ``\|`` is a pipe in a cell, also in code."""
    line = line.strip(_SPACES).removeprefix("|").lstrip(_SPACES)
    cells = _PIPE.split(line)
    if not cells[-1].strip(_SPACES):
        cells.pop()
    return [cell.replace("\\|", "|").strip() for cell in cells]


def _get_alignment(mark: str) -> str:
    return {(True, True): "center", (False, True): "right", (True, False): "left"}.get(
        (mark.startswith(":"), mark.endswith(":")), ""
    )


def _get_line(state: "StateBlock", line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _push_table(
    state: "StateBlock", start_line: int, end_line: int, header: "Sequence[str]", alignments: "Sequence[str]"
) -> None:
    parent_type, state.parentType = state.parentType, "table"
    state.push("table_open", "table", 1).map = lines = [start_line, 0]
    state.push("thead_open", "thead", 1)
    _push_row(state, start_line, "th", header, alignments)
    state.push("thead_close", "thead", -1)
    line = start_line + 2
    while line < end_line and (line - start_line) * len(alignments) <= MAX_CELLS:
        cells = [] if _is_table_end(state, line, end_line) else split_row(_get_line(state, line))
        if not cells:
            break
        if line == start_line + 2:
            state.push("tbody_open", "tbody", 1)
        _push_row(state, line, "td", cells, alignments)
        line += 1
    if line > start_line + 2:
        state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)
    state.parentType = parent_type
    state.line = lines[1] = line


def _is_table_end(state: "StateBlock", line: int, end_line: int) -> bool:
    if state.isEmpty(line) or state.sCount[line] < state.blkIndent or state.is_code_block(line):
        return True
    return any(rule(state, line, end_line, True) for rule in state.md.block.ruler.getRules("blockquote"))


def _push_row(state: "StateBlock", line: int, tag: str, cells: "Sequence[str]", alignments: "Sequence[str]") -> None:
    """Add a row of as many cells as the header has."""
    state.push("tr_open", "tr", 1)
    for number, alignment in enumerate(alignments):
        cell = state.push(f"{tag}_open", tag, 1)
        if alignment:
            cell.attrs = {"class": alignment}
        inline = state.push("inline", "", 0)
        inline.content = cells[number] if number < len(cells) else ""
        inline.map, inline.children = [line, line + 1], []
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)
