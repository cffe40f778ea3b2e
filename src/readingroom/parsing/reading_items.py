"""Reading lists and links as people type them, to the plain data of a session file."""

from typing import Any

from readingroom.core.urls import get_last_part
from readingroom.parsing.lines import SEPARATORS, iter_lines, strip_enclosing
from readingroom.text import links, references

Data = dict[str, Any]

MAX_DEPTH = 8  # levels of a reading list; deeper items join the deepest level


def parse_material(text: str, heading: str) -> list[Data]:
    """Return a reading list as sections: one item on each line.

    An indented list entry belongs to the item above it; other indented text is that item's note. A heading starts a
    new section, if anything follows.
    """
    sections: list[Data] = [{"heading": heading, "items": []}]
    open_items: list[tuple[int, list[Data]]] = [(-1, sections[0]["items"])]
    latest: Data | None = None
    for indent, is_listed, line in iter_lines(text):
        if latest and indent and not is_listed:
            latest["note"] = "\n".join(filter(None, (latest.get("note"), line)))
            continue
        if not indent and not is_listed and (title := _parse_heading(line)):
            sections.append({"heading": title, "items": [], "line": line})
            open_items, latest = [(-1, sections[-1]["items"])], None
            continue
        while indent <= open_items[-1][0] or len(open_items) > MAX_DEPTH:
            open_items.pop()
        items = parse_items(line)
        open_items[-1][1].extend(items)
        latest = items[-1]
        open_items.append((indent, latest.setdefault("items", [])))
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
        if section["items"]:
            kept.append(section)
        else:
            is_name = line.startswith("__") and " " not in line  # such as __init__
            kept[-1]["items"].append({"title": line if is_name else section["heading"]})
    return [{**section, "items": _normalize_items(section["items"])} for section in kept if section["items"]]


def _normalize_items(items: list[Data]) -> list[Data]:
    """Return the items with their keys in the schema's order, and without empty lists."""
    for item in items:
        if nested := item.pop("items", []):
            item["items"] = _normalize_items(nested)
    return items


def parse_items(line: str) -> list[Data]:
    """Return the items of a line: one for each paper of a list of them, or else one with title, address and note.

    An arXiv number or a DOI anywhere in the line becomes an address.
    """
    line = links.strip_emphasis(line) or line
    if link := links.find_first_link(line):
        before, after = (part.strip(SEPARATORS) for part in strip_enclosing(line[: link.start], line[link.end :]))
        after = after.strip(SEPARATORS + ".")
        title, note = (link.title, " – ".join(filter(None, (before, after)))) if link.title else (before, after)
        return [_build_item(title, link.url, note)]
    papers = references.find_papers(line)
    if len(papers) > 1 and not _extract_outside_text(line, papers).strip(f"{SEPARATORS}.&()[]"):
        return [_build_item(paper.label, paper.url, "") for paper in papers]
    return [_build_paper_item(line, papers)] if papers else [{"title": links.strip_markup(line)}]


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


def _extract_outside_text(line: str, papers: list[references.PaperMatch]) -> str:
    """Return the text around the names of papers, without the word "and" between them."""
    starts, ends = [0, *(paper.end for paper in papers)], [*(paper.start for paper in papers), len(line)]
    parts = [line[start:end].strip(SEPARATORS) for start, end in zip(starts, ends, strict=True)]
    return "".join(part for part in parts if part != "and")


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
            title = link.title or (before if is_name else get_last_part(link.url) or link.url)
            resources.append({"title": title, "url": link.url})
            outside += [] if is_name else [before]
            end = link.end
        if not matches or any(map(str.isalnum, "".join([*outside, line[end:]]))):
            other_lines.append(line)
    return resources, other_lines
