"""Reading lists and links as people type them, to the plain data of a session file."""

import re
from itertools import pairwise
from typing import Any

from readingroom.core.resource_names import derive_link_name
from readingroom.parsing.bibtex import extract_bibtex
from readingroom.parsing.lines import SEPARATORS, iter_lines, strip_enclosing
from readingroom.parsing.vocabulary import MATERIAL_ROLES, build_word_pattern, find_role
from readingroom.text import links, references

Data = dict[str, Any]

MAX_ITEM_DEPTH = 8  # levels of a reading list; deeper items join the deepest level


def parse_material(text: str, heading: str) -> list[Data]:
    """Return a reading list as sections: one item on each line.

    An indented list entry belongs to the item above it; other indented text is that item's note. A heading starts a
    new section, if anything follows.
    """
    text, entries = extract_bibtex(text)
    sections: list[Data] = [{"heading": heading}]
    open_items: list[tuple[int, Data]] = [(-1, sections[0])]
    latest: Data | None = None
    for indent, is_listed, line in iter_lines(text):
        if latest and indent and not is_listed:
            latest["note"] = "\n".join(filter(None, (latest.get("note"), line)))
            continue
        if not indent and not is_listed and (title := _parse_heading(line)):
            sections.append({"heading": title, "line": line})
            open_items, latest = [(-1, sections[-1])], None
            continue
        while indent <= open_items[-1][0] or len(open_items) > MAX_ITEM_DEPTH:
            open_items.pop()
        items = [entries[line]] if line in entries else parse_items(line)
        open_items[-1][1].setdefault("items", []).extend(items)
        latest = items[-1]
        open_items.append((indent, latest))
    return _fold_empty_sections(sections)


def _parse_heading(line: str) -> str:
    """Return the text of a heading, empty for any other line and for one that names something to read."""
    text = ""
    bold = line.removesuffix(":")
    marks = len(line) - len(line.lstrip("#"))
    if 1 <= marks <= 6 and line[marks : marks + 1] == " ":
        text = line[marks:].strip()
        unclosed = text.rstrip("#")
        text = unclosed.rstrip() if unclosed.endswith(" ") else text
    elif len(bold) > 4 and bold[:2] == bold[-2:] and bold[:2] in {"**", "__"} and bold[:2] not in bold[2:-2]:
        text = bold[2:-2].strip()
    return "" if "://" in line or links.find_first_link(line) or references.find_papers(line) else text


def _fold_empty_sections(sections: list[Data]) -> list[Data]:
    """Return the sections that have items; an empty section's heading becomes an item of the section before."""
    kept = sections[:1]
    for section in sections[1:]:
        line = section.pop("line")
        if "items" in section:
            kept.append(section)
        else:
            is_name = line.startswith("__") and " " not in line  # such as __init__
            kept[-1].setdefault("items", []).append({"title": line if is_name else section["heading"]})
    return [section for section in kept if "items" in section]


def parse_items(line: str) -> list[Data]:
    """Return the items of a line: one for each paper of a list of them, or else one with title, address and note.

    An arXiv number or a DOI anywhere in the line becomes an address.
    """
    line = links.strip_emphasis(line) or line
    return [_parse_item(part) for part in _split_papers(line)]


def _parse_item(line: str) -> Data:
    """Return the item of a line about one paper."""
    if link := links.find_first_link(line):
        before, after = strip_enclosing(line[: link.start], line[link.end :])
        before, after = before.strip(SEPARATORS), after.strip(SEPARATORS + ".")
        title, note = (link.title, " – ".join(filter(None, (before, after)))) if link.title else (before, after)
        return _build_item(title, link.url, note)
    papers = references.find_papers(line)
    return _build_paper_item(line, papers) if papers else {"title": links.strip_markup(line)}


def _split_papers(line: str) -> list[str]:
    """Return the parts of a line that name one paper each."""
    found = [(each.start, each.end, each.title) for each in links.find_links(line)]
    papers = [(each.start, each.end, "") for each in references.find_papers(line)]
    found += [each for each in papers if not any(start <= each[0] < end for start, end, _ in found)]
    found.sort()
    parts, place, has_title = [], 0, bool(found) and _has_title(line[: found[0][0]], found[0][2])
    for (_, start, _), (end, _, title) in pairwise(found):
        cut = _find_cut(line[start:end], title, has_title=has_title)
        if cut is not None:
            parts.append(line[place : start + cut[0]].strip())
            place = start + cut[1]
            has_title = _has_title(line[place:end], title)
    return [*parts, line[place:].strip(" .") if parts else line]


def _has_title(before: str, title: str) -> bool:
    return bool(title or before.strip(f"{SEPARATORS}.&()[]"))


def _find_cut(gap: str, title: str, *, has_title: bool) -> tuple[int, int] | None:
    """Return where a paper's part ends and the next one's begins in the text between two addresses; None if nowhere.

    ``title`` is that of the latter's link, ``has_title`` whether the part so far has one.
    """
    if title and find_role(title) in MATERIAL_ROLES | {"link"}:
        return None
    ands = build_word_pattern("common", "and_between_names")
    match = re.match(rf"(?:[)\]\s]*(?:[,;&|·+]|(?<=\s)(?:{ands})(?=\s)))*[\s.&]*", gap)
    end = match.end() if match else 0
    rest = gap[end:].strip(f"{SEPARATORS}([")
    if not rest:
        return (0, end) if bool(title) == has_title else None
    semicolon = gap.rfind(";")
    if semicolon >= 0 and (title or gap[semicolon + 1 :].strip(f"{SEPARATORS}([")):
        return semicolon, semicolon + 1
    first = rest.split(maxsplit=1)[0]
    is_title = not title and has_title and end > 0 and (not first.islower() or not first.isascii())
    return (0, end) if is_title and first[0] not in "(0123456789" else None


def _build_paper_item(line: str, papers: list[references.PaperMatch]) -> Data:
    """Return the item of a line's first paper; further ones become links in its note."""
    first, *others = papers
    before, rest = line[: first.start], line[first.end :]
    for paper in reversed(others):
        start, end = paper.start - first.end, paper.end - first.end
        rest = f"{rest[:start]}[{rest[start:end]}]({paper.url}){rest[end:]}"
    before, after = strip_enclosing(before, rest)
    title, note = before.strip(SEPARATORS), after.strip()
    is_label = after != rest or note[:1] not in {"(", ",", ";", "."}
    if not title and is_label and not others:  # "2405.04517: xLSTM"
        title, note = note.strip(SEPARATORS), ""
    return _build_item(title or first.label, first.url, note.strip(SEPARATORS + "."))


def _build_item(title: str, url: str, note: str) -> Data:
    return {key: value for key, value in (("title", title), ("url", url), ("note", note)) if value}


def parse_resources(text: str) -> tuple[list[Data], list[str]]:
    """Return the links of a text area, such as dropped files, as resources, and the lines with other text.

    Those are the lines that contain words besides links, or no link.
    """
    resources: list[Data] = []
    other_lines = []
    for _, _, line in iter_lines(text):
        matches = links.find_links(line)
        outside, end = [], 0
        for link in matches:
            before = line[end : link.start].strip(SEPARATORS + "([")
            is_name = not link.title and link is matches[0] and before
            title = link.title or (before if is_name else derive_link_name(link.url))
            resources.append({"title": title, "url": link.url})
            outside += [] if is_name else [before]
            end = link.end
        if not matches or any(map(str.isalnum, "".join([*outside, line[end:]]))):
            other_lines.append(line)
    return resources, other_lines
