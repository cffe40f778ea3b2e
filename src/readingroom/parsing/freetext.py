"""Typed lines and text areas to the plain data of a session file."""

import re
from collections.abc import Iterator
from typing import Any

from readingroom.core.urls import get_last_part
from readingroom.text import links, references
from readingroom.text.phrases import normalize_whitespace

Data = dict[str, Any]

MAX_DEPTH = 8  # levels of a reading list; deeper items join the deepest level

_BULLET = re.compile(r"( *)(?:[-*+•]|[0-9]{1,3}[.)])[ ]+(.*)")
_CHECKBOX = re.compile(r"\A\[[ xX]\] +")
_SEPARATORS = " \t–—-:,;|"
_OTHER_SCHEME_ADDRESS = re.compile(r"(?<!\S)([A-Za-z][A-Za-z0-9+.-]*://\S*)")  # for the schema to refuse
_HANDLE = re.compile(r"(?:^|(?<=[\s,;(]))@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})(?![\w@.-])")


def parse_lead(line: str) -> Data:
    """Return the person that a line names: ``Name``, ``Name (Place), https://...`` or ``Name @handle``."""
    person: Data = {}
    name = line
    if link := links.find_first_link(line):
        person["url"] = link.url
        name = _remove_link(line, link.start, link.end, link.title)
    elif match := _OTHER_SCHEME_ADDRESS.search(line):
        person["url"] = match[1]
        name = _remove_link(line, match.start(), match.end(), "")
    elif match := _HANDLE.search(line):
        person["url"] = f"https://github.com/{match[1]}"
        name = _remove_link(line, match.start(), match.end(), "")
        name = name if name.strip(_SEPARATORS + "()") else match[1]
    name, affiliation = _split_affiliation(name.strip(_SEPARATORS))
    return {"name": name, **person, **({"affiliation": affiliation} if affiliation else {})}


def contains_another_person(name: str) -> bool:
    """Return whether a name still contains an address or a GitHub name, so that it may be several people."""
    return "://" in name or "](" in name or _HANDLE.search(name) is not None


def _remove_link(line: str, start: int, end: int, title: str) -> str:
    """Return a line with a link's title instead of the link, without the punctuation around it."""
    before, after = _strip_enclosing(line[:start], line[end:])
    line = normalize_whitespace(before + title + (after if after.strip(f"{_SEPARATORS}.") else ""))
    for pattern, replacement in _REMNANTS:
        line = pattern.sub(replacement, line)
    return line


_REMNANTS = (
    (re.compile(r"\( ?[,;] ?"), "("),
    (re.compile(r" ?[,;] ?\)"), ")"),
    (re.compile(r" ?\( ?\)"), ""),
    (re.compile(r" ?([,;])(?: ?[,;])*"), r"\1"),
)


def _strip_enclosing(before: str, after: str) -> tuple[str, str]:
    """Return the text before and after a link without emphasis or brackets that enclose only the link."""
    for left, right in (("***", "***"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("(", ")"), ("[", "]")):
        if before.endswith(left) and after.startswith(right):
            return before[: -len(left)], after[len(right) :]
    return before, after


def _split_affiliation(name: str) -> tuple[str, str]:
    """Return a name, and the affiliation after it in parentheses."""
    head, _, affiliation = name.removesuffix(")").rpartition(" (")
    if not name.endswith(")") or not head.strip(_SEPARATORS) or not affiliation.strip() or set(affiliation) & set("()"):
        return name, ""
    return head.rstrip(_SEPARATORS), affiliation.strip()


def parse_leads(text: str) -> list[Data]:
    """Return the people of a text area, one on each line."""
    return [parse_lead(line) for _, _, line in _iter_lines(text)]


def parse_material(text: str, heading: str) -> list[Data]:
    """Return a reading list as sections: one item on each line.

    An indented list entry belongs to the item above it; other indented text is that item's note. A heading starts a
    new section, if anything follows.
    """
    sections: list[Data] = [{"heading": heading, "items": []}]
    open_items: list[tuple[int, list[Data]]] = [(-1, sections[0]["items"])]
    latest: Data | None = None
    for indent, is_listed, line in _iter_lines(text):
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
        before, after = (part.strip(_SEPARATORS) for part in _strip_enclosing(line[: link.start], line[link.end :]))
        after = after.strip(_SEPARATORS + ".")
        title, note = (link.title, " – ".join(filter(None, (before, after)))) if link.title else (before, after)
        return [_build_item(title, link.url, note)]
    papers = references.find_papers(line)
    if len(papers) > 1 and not _extract_outside_text(line, papers).strip(f"{_SEPARATORS}.&()[]"):
        return [_build_item(paper.label, paper.url, "") for paper in papers]
    return [_build_paper_item(line, papers)] if papers else [{"title": links.strip_markup(line)}]


def _build_paper_item(line: str, papers: list[references.PaperMatch]) -> Data:
    """Return the item of a line's first paper; further ones become links in its note."""
    first, *others = papers
    before, rest = line[: first.start], line[first.end :]
    for paper in reversed(others):
        start, end = paper.start - first.end, paper.end - first.end
        rest = f"{rest[:start]}[{rest[start:end]}]({paper.url}){rest[end:]}"
    before, after = _strip_enclosing(before, rest)
    title, note = before.strip(_SEPARATORS), after.strip()
    is_label = after != rest or note[:1] not in {"(", ",", ";", "."}
    if not title and is_label and not others:  # "2405.04517: xLSTM"
        title, note = note.strip(_SEPARATORS), ""
    return _build_item(title or first.label, first.url, note.strip(_SEPARATORS + "."))


def _extract_outside_text(line: str, papers: list[references.PaperMatch]) -> str:
    """Return the text around the names of papers, without the word "and" between them."""
    starts, ends = [0, *(paper.end for paper in papers)], [*(paper.start for paper in papers), len(line)]
    parts = [line[start:end].strip(_SEPARATORS) for start, end in zip(starts, ends, strict=True)]
    return "".join(part for part in parts if part != "and")


def _build_item(title: str, url: str, note: str) -> Data:
    return {key: value for key, value in (("title", title), ("url", url), ("note", note)) if value}


def parse_resources(text: str) -> tuple[list[Data], list[str]]:
    """Return the links of a text area, such as dropped files, as resources, and the lines with other text.

    Those are the lines that contain words besides links, or no link.
    """
    resources: list[Data] = []
    other_lines = []
    for _, _, line in _iter_lines(text):
        matches = links.find_links(line)
        outside, end = [], 0
        for link in matches:
            before = line[end : link.start].strip(_SEPARATORS + "([")
            is_name = not link.title and link is matches[0] and before
            title = link.title or (before if is_name else get_last_part(link.url) or link.url)
            resources.append({"title": title, "url": link.url})
            outside += [] if is_name else [before]
            end = link.end
        if not matches or any(map(str.isalnum, "".join([*outside, line[end:]]))):
            other_lines.append(line)
    return resources, other_lines


def _iter_lines(text: str) -> Iterator[tuple[int, bool, str]]:
    """Yield the indent of each line that has text, whether it has a bullet, and the text without the bullet."""
    for line in text.expandtabs(4).splitlines():
        match = _BULLET.fullmatch(line.rstrip())
        indent, content = (len(match[1]), match[2]) if match else (len(line) - len(line.lstrip(" ")), line)
        if content := _CHECKBOX.sub("", content.strip()):
            yield indent, match is not None, content
