"""The source of a page repaired as its writer meant it: tables that GitHub does not show, links with a space."""

import re
from collections.abc import Sequence

from readingroom.importer.page.blocks import LineMessage
from readingroom.parsing.lines import repair_links

NumberedLine = tuple[int, str]  # the line of the page, from 1, and its text

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_PIPE = re.compile(r"(?<!\\)\|")
_GRID = re.compile(r"\s*\+[-=+ ]{3,}\+?\s*")
_ITEM = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])\s|\s{0,3}#{1,6}\s")
_NEAR_LINK = re.compile(r"\] ?\(|\) ?\[")
_PART = r"[^\s()<>\"']{1,200}"
_BRACKET = rf"\((?:{_PART}(?: {{1,3}}{_PART}){{0,8}} ?)?\)"
_SPACE_IN_URL = re.compile(
    r"(?<!\\)\[(?P<label>[^\[\]\n]{1,200})\]\((?P<url>(?:https?://|\.{0,2}/)[^\s()<>\"']{1,500}"
    rf"(?: {{1,3}}{_PART}| {{0,3}}{_BRACKET}(?:{_PART})?){{1,8}}) ?\)"
)
_NO_WEB = re.compile(
    r"(?<!\\)\[(?P<label>[^\[\]\n]{1,200})\]\(\s?(?:javascript|vbscript|data|file):[^\s()]{0,500}(?:\([^\s()]{0,200}\)[^\s()]{0,100}){0,3}\)",
    re.IGNORECASE,
)


def repair_lines(lines: Sequence[str]) -> tuple[list[NumberedLine], list[LineMessage]]:
    """Return the lines to parse, each with its number on the page, and a message about each repair."""
    made: list[NumberedLine] = []
    messages: list[LineMessage] = []
    group: list[NumberedLine] = []
    fence = ""
    for number, line in enumerate(lines, 1):
        opened = _FENCE.match(line)
        text = line if fence or opened else _repair_links(line, number, messages)
        if not fence and not opened and _PIPE.search(text):
            group.append((number, text))
        elif fence or not group or not _GRID.fullmatch(text):
            made += [*_repair_table(group, messages), (number, text)]
            group = []
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return [*made, *_repair_table(group, messages)], messages


def _repair_links(line: str, number: int, messages: list[LineMessage]) -> str:
    if "`" in line or not _NEAR_LINK.search(line):
        return line
    repaired = _SPACE_IN_URL.sub(
        lambda m: f"[{m['label']}]({re.sub(' +', '%20', m['url'].strip())})" if " " in m["url"].strip() else m[0],
        repair_links(line),
    )
    repaired = _NO_WEB.sub(r"\g<label>", repaired)
    if repaired != line:
        messages.append((number, "has a link that GitHub does not show; it is read as one. Write [text](https://…)."))
    return repaired


def _split_cells(row: str) -> list[str]:
    row = row.strip().removeprefix("|")
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    return _PIPE.split(row)


def _repair_table(group: Sequence[NumberedLine], messages: list[LineMessage]) -> list[NumberedLine]:
    """Return lines with pipes so that each is a row of a table with room for all its cells."""
    rows = _join_open_rows(group)
    if len(rows) < 2 or not any(len(_split_cells(text)) > 1 for _, text in rows):
        return list(group)
    place = next((n for n, (_, text) in enumerate(rows) if n and _DELIMITER.fullmatch(text) and "-" in text), 0)
    is_table = len(rows) > 2 and all(len(_split_cells(text)) > 1 and not _ITEM.match(text) for _, text in rows)
    if not place and not is_table:
        return list(group)
    width = max(len(_split_cells(text)) for _, text in rows)
    before, head = (rows[: place - 1], rows[place - 1]) if place else ([], rows[0])
    if not place or len(_split_cells(head[1])) != len(_split_cells(rows[place][1])):
        messages.append((head[0], "starts a table that GitHub does not show: it lacks a line of dashes that fits."))
    cells = [*_split_cells(head[1]), *[" "] * width][:width]
    return [
        *before,
        *([(head[0], "")] if before else []),
        (head[0], f"|{'|'.join(cells)}|"),
        (rows[place][0], f"|{'---|' * width}"),
        *((number, text.strip()) for number, text in rows[place + 1 :]),
    ]


def _join_open_rows(group: Sequence[NumberedLine]) -> list[NumberedLine]:
    """Return the rows, those joined that a line break has broken."""
    closed = sum(text.rstrip().endswith("|") and text.lstrip().startswith("|") for _, text in group)
    if 2 * closed < len(group):
        return list(group)
    rows: list[NumberedLine] = []
    for number, text in group:
        is_rest = rows and not text.lstrip().startswith("|") and not rows[-1][1].rstrip().endswith("|")
        if is_rest:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]} {text.strip()}")
        else:
            rows.append((number, text))
    return rows
