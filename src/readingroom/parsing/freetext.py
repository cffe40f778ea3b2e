"""What people type on a line or in a text area, to the plain data that a session file holds."""

import re
from collections.abc import Iterator
from typing import Any

from readingroom.text import links, references

Data = dict[str, Any]

MAX_DEPTH = 8  # levels of a reading list; what stands further in joins the deepest

_BULLET = re.compile(r"( *)(?:[-*+•]|[0-9]{1,3}[.)])[ ]+(.*)")
_CHECK = re.compile(r"\A\[[ xX]\] +")
_JOINS = " \t–—-:,;|"
_ODD_ADDRESS = re.compile(r"(?<!\S)([A-Za-z][A-Za-z0-9+.-]*://\S*)")  # for the schema to refuse
_HANDLE = re.compile(r"(?:^|(?<=[\s,;(]))@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})(?![\w@.-])")


def lead(line: str) -> Data:
    """Return the person that a line names: ``Name``, ``Name (Place), https://...`` or ``Name @handle``."""
    person: Data = {}
    name = line
    if link := links.first(line):
        person["url"] = link.url
        name = _without(line, link.start, link.end, link.title)
    elif (found := _ODD_ADDRESS.search(line)) or (found := _HANDLE.search(line)):
        person["url"] = found[1] if found.re is _ODD_ADDRESS else f"https://github.com/{found[1]}"
        name = _without(line, found.start(), found.end(), "")
        if found.re is _HANDLE and not name.strip(_JOINS + "()"):
            name = found[1]
    name, place = _parted(name.strip(_JOINS))
    return {"name": name, **person, **({"affiliation": place} if place else {})}


def names_several(name: str) -> bool:
    """Tell whether a name holds an address or a GitHub name still, so that more than one person may be meant."""
    return "://" in name or "](" in name or _HANDLE.search(name) is not None


def _without(line: str, start: int, end: int, title: str) -> str:
    """Return a line with a link's title in its place, and without the marks and the full stop that went with it."""
    before, after = _freed(line[:start], line[end:])
    line = before + title + (after if after.strip(f"{_JOINS}.") else "")
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


def _freed(before: str, after: str) -> tuple[str, str]:
    """Return the text before and after a link without the emphasis or the brackets that stood around it alone."""
    for left, right in (("***", "***"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("(", ")"), ("[", "]")):
        if before.endswith(left) and after.startswith(right):
            return before[: -len(left)], after[len(right) :]
    return before, after


def _parted(name: str) -> tuple[str, str]:
    """Return a name, and the place that stands behind it in parentheses."""
    head, _, place = name.removesuffix(")").rpartition(" (")
    if not name.endswith(")") or not head.strip(_JOINS) or not place.strip() or set(place) & set("()"):
        return name, ""
    return head.rstrip(_JOINS), place.strip()


def leads(text: str) -> list[Data]:
    """Return the people of a text area, one on each line."""
    return [lead(line) for _, _, line in _lines(text)]


def material(text: str, heading: str) -> list[Data]:
    """Return a reading list as sections: one item on each line.

    A list's entry that stands further in belongs to the item above it, other text that does so is that item's note.
    A line that is a heading starts a section of its own, if anything follows.
    """
    sections: list[Data] = [{"heading": heading, "items": []}]
    open_items: list[tuple[int, list[Data]]] = [(-1, sections[0]["items"])]
    latest: Data | None = None
    for indent, is_listed, line in _lines(text):
        if latest and indent and not is_listed:
            latest["note"] = "\n".join(filter(None, (latest.get("note"), line)))
            continue
        if not indent and not is_listed and (words := _heading(line)):
            sections.append({"heading": words, "items": [], "line": line})
            open_items, latest = [(-1, sections[-1]["items"])], None
            continue
        while indent <= open_items[-1][0] or len(open_items) > MAX_DEPTH:
            open_items.pop()
        made = items(line)
        open_items[-1][1].extend(made)
        latest = made[-1]
        open_items.append((indent, latest.setdefault("items", [])))
    return _settled(sections)


def _heading(line: str) -> str:
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
    return "" if "://" in line or links.first(line) or references.names(line) else words


def _settled(sections: list[Data]) -> list[Data]:
    """Return the sections that have items; a heading that nothing follows becomes an item of the section before."""
    kept = sections[:1]
    for section in sections[1:]:
        line = section.pop("line")
        if section["items"]:
            kept.append(section)
        else:
            is_name = line.startswith("__") and " " not in line  # such as __init__
            kept[-1]["items"].append({"title": line if is_name else section["heading"]})
    return [{**each, "items": _ordered(each["items"])} for each in kept if each["items"]]


def _ordered(made: list[Data]) -> list[Data]:
    """Return the items with their keys in the schema's order, and without empty lists."""
    for each in made:
        below = each.pop("items", [])
        if below:
            each["items"] = _ordered(below)
    return made


def items(line: str) -> list[Data]:
    """Return the items of a line, one if it has more words: title, address and note.

    An arXiv number or a DOI becomes an address, wherever it stands.
    """
    line = links.without_emphasis(line) or line
    if link := links.first(line):
        before, after = (each.strip(_JOINS) for each in _freed(line[: link.start], line[link.end :]))
        after = after.strip(_JOINS + ".")
        title, note = (link.title, " – ".join(filter(None, (before, after)))) if link.title else (before, after)
        return [_item(title, link.url, note)]
    named = references.names(line)
    if len(named) > 1 and not _outside(line, named).strip(f"{_JOINS}.&()[]"):
        return [_item(each.label, each.url, "") for each in named]
    return [_of_paper(line, named)] if named else [{"title": links.plain(line)}]


def _of_paper(line: str, named: list[references.Name]) -> Data:
    """Return the item of a line's first name of a paper; further ones become links in its note."""
    first, *others = named
    before, rest = line[: first.start], line[first.end :]
    for each in reversed(others):
        here, there = each.start - first.end, each.end - first.end
        rest = f"{rest[:here]}[{rest[here:there]}]({each.url}){rest[there:]}"
    before, after = _freed(before, rest)
    title, note = before.strip(_JOINS), after.strip()
    is_label = after != rest or note[:1] not in {"(", ",", ";", "."}
    if not title and is_label and not others:  # "2405.04517: xLSTM"
        title, note = note.strip(_JOINS), ""
    return _item(title or first.label, first.url, note.strip(_JOINS + "."))


def _outside(line: str, named: list[references.Name]) -> str:
    """Return what stands between the names of papers, without the word that joins them."""
    starts, ends = [0, *(each.end for each in named)], [*(each.start for each in named), len(line)]
    parts = [line[start:end].strip(_JOINS) for start, end in zip(starts, ends, strict=True)]
    return "".join(part for part in parts if part != "and")


def _item(title: str, url: str, note: str) -> Data:
    return {key: value for key, value in (("title", title), ("url", url), ("note", note)) if value}


def resources(text: str) -> tuple[list[Data], list[str]]:
    """Return the links of a text area as resources, such as files that were dropped into it, and the lines with more.

    A line that holds words beside its links, or no link at all, is among those lines.
    """
    made: list[Data] = []
    rest = []
    for _, _, line in _lines(text):
        found = links.found(line)
        outside, end = [], 0
        for link in found:
            before = line[end : link.start].strip(_JOINS + "([")
            is_name = not link.title and link is found[0] and before
            made.append({"title": link.title or (before if is_name else _file(link.url)), "url": link.url})
            outside += [] if is_name else [before]
            end = link.end
        if not found or any(map(str.isalnum, "".join([*outside, line[end:]]))):
            rest.append(line)
    return made, rest


def _file(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2] or url


def _lines(text: str) -> Iterator[tuple[int, bool, str]]:
    """Yield each line that says something without its bullet, how far in it stands, and whether it had one."""
    for line in text.expandtabs(4).splitlines():
        found = _BULLET.fullmatch(line.rstrip())
        indent, words = (len(found[1]), found[2]) if found else (len(line) - len(line.lstrip(" ")), line)
        if words := _CHECK.sub("", words.strip()):
            yield indent, found is not None, words
