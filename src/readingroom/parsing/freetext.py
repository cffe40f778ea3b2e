"""What people type on a line or in a text area, to the plain data that a session file holds."""

import re
from collections.abc import Iterator
from typing import Any

from readingroom.core.urls import get_last_part
from readingroom.text import links, references

Data = dict[str, Any]

MAX_DEPTH = 8  # levels of a reading list; what stands further in joins the deepest

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
    elif (found := _OTHER_SCHEME_ADDRESS.search(line)) or (found := _HANDLE.search(line)):
        person["url"] = found[1] if found.re is _OTHER_SCHEME_ADDRESS else f"https://github.com/{found[1]}"
        name = _remove_link(line, found.start(), found.end(), "")
        if found.re is _HANDLE and not name.strip(_SEPARATORS + "()"):
            name = found[1]
    name, place = _split_affiliation(name.strip(_SEPARATORS))
    return {"name": name, **person, **({"affiliation": place} if place else {})}


def contains_another_person(name: str) -> bool:
    """Tell whether a name holds an address or a GitHub name still, so that more than one person may be meant."""
    return "://" in name or "](" in name or _HANDLE.search(name) is not None


def _remove_link(line: str, start: int, end: int, title: str) -> str:
    """Return a line with a link's title in its place, and without the marks and the full stop that went with it."""
    before, after = _strip_enclosing(line[:start], line[end:])
    line = before + title + (after if after.strip(f"{_SEPARATORS}.") else "")
    line = " ".join(line.split())
    for pattern, mended in _LEFT_OVER:
        line = pattern.sub(mended, line)
    return line


_LEFT_OVER = (
    (re.compile(r"\( ?[,;] ?"), "("),
    (re.compile(r" ?[,;] ?\)"), ")"),
    (re.compile(r" ?\( ?\)"), ""),
    (re.compile(r" ?([,;])(?: ?[,;])*"), r"\1"),
)


def _strip_enclosing(before: str, after: str) -> tuple[str, str]:
    """Return the text before and after a link without the emphasis or the brackets that stood around it alone."""
    for left, right in (("***", "***"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("(", ")"), ("[", "]")):
        if before.endswith(left) and after.startswith(right):
            return before[: -len(left)], after[len(right) :]
    return before, after


def _split_affiliation(name: str) -> tuple[str, str]:
    """Return a name, and the place that stands behind it in parentheses."""
    head, _, place = name.removesuffix(")").rpartition(" (")
    if not name.endswith(")") or not head.strip(_SEPARATORS) or not place.strip() or set(place) & set("()"):
        return name, ""
    return head.rstrip(_SEPARATORS), place.strip()


def parse_leads(text: str) -> list[Data]:
    """Return the people of a text area, one on each line."""
    return [parse_lead(line) for _, _, line in _iter_lines(text)]


def parse_material(text: str, heading: str) -> list[Data]:
    """Return a reading list as sections: one item on each line.

    A list's entry that stands further in belongs to the item above it, other text that does so is that item's note.
    A line that is a heading starts a section of its own, if anything follows.
    """
    sections: list[Data] = [{"heading": heading, "items": []}]
    open_items: list[tuple[int, list[Data]]] = [(-1, sections[0]["items"])]
    latest: Data | None = None
    for indent, is_listed, line in _iter_lines(text):
        if latest and indent and not is_listed:
            latest["note"] = "\n".join(filter(None, (latest.get("note"), line)))
            continue
        if not indent and not is_listed and (words := _parse_heading(line)):
            sections.append({"heading": words, "items": [], "line": line})
            open_items, latest = [(-1, sections[-1]["items"])], None
            continue
        while indent <= open_items[-1][0] or len(open_items) > MAX_DEPTH:
            open_items.pop()
        made = parse_items(line)
        open_items[-1][1].extend(made)
        latest = made[-1]
        open_items.append((indent, latest.setdefault("items", [])))
    return _fold_empty_sections(sections)


def _parse_heading(line: str) -> str:
    """Return the words of a line that is a heading, or nothing; what names something to read is none."""
    words = ""
    bold = line.removesuffix(":")
    marks = len(line) - len(line.lstrip("#"))
    if 1 <= marks <= 6 and line[marks : marks + 1] == " ":
        words = line[marks:].strip()
        closed = words.rstrip("#")
        words = closed.rstrip() if closed.endswith(" ") else words
    elif len(bold) > 4 and bold[:2] == bold[-2:] and bold[:2] in {"**", "__"} and bold[:2] not in bold[2:-2]:
        words = bold[2:-2].strip()
    return "" if "://" in line or links.find_first_link(line) or references.find_papers(line) else words


def _fold_empty_sections(sections: list[Data]) -> list[Data]:
    """Return the sections that have items; a heading that nothing follows becomes an item of the section before."""
    kept = sections[:1]
    for section in sections[1:]:
        line = section.pop("line")
        if section["items"]:
            kept.append(section)
        else:
            is_name = line.startswith("__") and " " not in line  # such as __init__
            kept[-1]["items"].append({"title": line if is_name else section["heading"]})
    return [{**each, "items": _normalize_items(each["items"])} for each in kept if each["items"]]


def _normalize_items(made: list[Data]) -> list[Data]:
    """Return the items with their keys in the schema's order, and without empty lists."""
    for each in made:
        below = each.pop("items", [])
        if below:
            each["items"] = _normalize_items(below)
    return made


def parse_items(line: str) -> list[Data]:
    """Return the items of a line, one if it has more words: title, address and note.

    An arXiv number or a DOI becomes an address, wherever it stands.
    """
    line = links.strip_emphasis(line) or line
    if link := links.find_first_link(line):
        before, after = (each.strip(_SEPARATORS) for each in _strip_enclosing(line[: link.start], line[link.end :]))
        after = after.strip(_SEPARATORS + ".")
        title, note = (link.title, " – ".join(filter(None, (before, after)))) if link.title else (before, after)
        return [_build_item(title, link.url, note)]
    named = references.find_papers(line)
    if len(named) > 1 and not _extract_outside_text(line, named).strip(f"{_SEPARATORS}.&()[]"):
        return [_build_item(each.label, each.url, "") for each in named]
    return [_build_paper_item(line, named)] if named else [{"title": links.strip_markup(line)}]


def _build_paper_item(line: str, named: list[references.PaperMatch]) -> Data:
    """Return the item of a line's first name of a paper; further ones become links in its note."""
    first, *others = named
    before, rest = line[: first.start], line[first.end :]
    for each in reversed(others):
        here, there = each.start - first.end, each.end - first.end
        rest = f"{rest[:here]}[{rest[here:there]}]({each.url}){rest[there:]}"
    before, after = _strip_enclosing(before, rest)
    title, note = before.strip(_SEPARATORS), after.strip()
    is_label = after != rest or note[:1] not in {"(", ",", ";", "."}
    if not title and is_label and not others:  # "2405.04517: xLSTM"
        title, note = note.strip(_SEPARATORS), ""
    return _build_item(title or first.label, first.url, note.strip(_SEPARATORS + "."))


def _extract_outside_text(line: str, named: list[references.PaperMatch]) -> str:
    """Return what stands between the names of papers, without the word that joins them."""
    starts, ends = [0, *(each.end for each in named)], [*(each.start for each in named), len(line)]
    parts = [line[start:end].strip(_SEPARATORS) for start, end in zip(starts, ends, strict=True)]
    return "".join(part for part in parts if part != "and")


def _build_item(title: str, url: str, note: str) -> Data:
    return {key: value for key, value in (("title", title), ("url", url), ("note", note)) if value}


def parse_resources(text: str) -> tuple[list[Data], list[str]]:
    """Return the links of a text area as resources, such as files that were dropped into it, and the lines with more.

    A line that holds words beside its links, or no link at all, is among those lines.
    """
    made: list[Data] = []
    rest = []
    for _, _, line in _iter_lines(text):
        found = links.find_links(line)
        outside, end = [], 0
        for link in found:
            before = line[end : link.start].strip(_SEPARATORS + "([")
            is_name = not link.title and link is found[0] and before
            made.append(
                {"title": link.title or (before if is_name else get_last_part(link.url) or link.url), "url": link.url}
            )
            outside += [] if is_name else [before]
            end = link.end
        if not found or any(map(str.isalnum, "".join([*outside, line[end:]]))):
            rest.append(line)
    return made, rest


def _iter_lines(text: str) -> Iterator[tuple[int, bool, str]]:
    """Yield each line that says something without its bullet, how far in it stands, and whether it had one."""
    for line in text.expandtabs(4).splitlines():
        found = _BULLET.fullmatch(line.rstrip())
        indent, words = (len(found[1]), found[2]) if found else (len(line) - len(line.lstrip(" ")), line)
        if words := _CHECKBOX.sub("", words.strip()):
            yield indent, found is not None, words
