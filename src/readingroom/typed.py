"""What people type in a line or a text area, to the plain data that a session file holds."""

import re
from collections.abc import Iterator
from typing import Any

Data = dict[str, Any]

_LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.)*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+\"[^\"]*\")?\s*\)")
_ADDRESS = re.compile(r"<?(https?://(?:[^\s()<>]|\([^\s()<>]*\))+(?<![.,;:!?'\"*_]))>?", re.IGNORECASE)
_ODD_ADDRESS = re.compile(r"((?<!\S)[A-Za-z][A-Za-z0-9+.-]*://\S*)")  # for the schema to refuse
_BULLET = re.compile(r"( *)(?:[-*+•]|[0-9]{1,3}[.)])[ ]+(.*)")
_HEADING = re.compile(r"#{1,6} +(.+?)(?: +#+)?|\*\*(.+)\*\*:?|__(.+)__:?")
_CHECK = re.compile(r"\[[ xX]\] +")
_ARXIV = re.compile(r"(?:arxiv: ?)?([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})", re.IGNORECASE)
_DOI = re.compile(r"(?:doi: ?)?(10\.[0-9]{4,9}/[^\s\"<>]+?)[.,;]?", re.IGNORECASE)
_JOINS = " \t–—-:,;|"


def lead(line: str) -> Data:
    """Return the person that a line names: ``Name``, ``Name (Place), https://...`` or ``Name @handle``."""
    person: Data = {}
    if found := _LINK.search(line):
        person["url"] = found[2]
        line = line[: found.start()] + _unescaped(found[1]) + line[found.end() :]
    elif found := _ADDRESS.search(line) or _ODD_ADDRESS.search(line):
        person["url"] = found[1]
        line = _without(line, found)
    elif found := re.search(r"(?:^|(?<=[\s,(]))@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})(?![\w@.-])", line):
        person["url"] = f"https://github.com/{found[1]}"
        line = _without(line, found)
        line = line if line.strip(_JOINS + "()") else found[1]
    name = line.replace("()", "").strip(_JOINS)
    if found := re.fullmatch(r"(.+?) \(([^()]+)\)", name):
        name, person["affiliation"] = found[1].rstrip(_JOINS), found[2]
    return {"name": name, **person}


def _without(line: str, found: re.Match[str]) -> str:
    """Return a line without what was found, nor a full stop behind it."""
    after = line[found.end() :]
    return line[: found.start()] + (after if after.strip(f"{_JOINS}.") else "")


def leads(text: str) -> list[Data]:
    """Return the people of a text area, one on each line."""
    return [lead(line) for _, line in _lines(text)]


def hours(text: str) -> tuple[str, int | None]:
    """Return when a session starts and how many minutes it takes: ``14:00``, ``2.30 pm``, ``14:00-15:30``.

    Raises ValueError with a sentence that says what is wanted.
    """
    parts = re.split(r" *(?:-|–|—|to|until) *", text.strip().casefold())
    found = [_HOUR.fullmatch(part) for part in parts]
    message = f'found "{text.strip()[:40]}". Wanted: a time of the day such as 14:00, or 14:00-15:30.'
    if len(found) > 2 or None in found:
        raise ValueError(message)
    half = next((each[3] for each in reversed(found) if each and each[3]), "")
    minutes = [_minutes(each, half) for each in found if each]
    if any(each is None for each in minutes):
        raise ValueError(message)
    start, *ends = [each or 0 for each in minutes]
    duration = (ends[0] - start) % (24 * 60) if ends else None
    return f"{start // 60:02}:{start % 60:02}", duration or None


_HOUR = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2})?)? ?(am|pm|a\.m\.|p\.m\.)?(?: ?h| o'clock| uhr)?")


def _minutes(found: re.Match[str], half: str) -> int | None:
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3] or half
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    elif found[2] is None and "h" not in found[0]:
        return None
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def material(text: str, heading: str) -> list[Data]:
    """Return a reading list as sections: one item on each line, further in what belongs to the item above.

    A line that is a heading starts a section of its own.
    """
    sections: list[Data] = [{"heading": heading, "items": []}]
    open_items: list[tuple[int, list[Data]]] = [(-1, sections[0]["items"])]
    for indent, line in _lines(text):
        if indent == 0 and (found := _HEADING.fullmatch(line)):
            sections.append({"heading": next(filter(None, found.groups())), "items": []})
            open_items = [(-1, sections[-1]["items"])]
            continue
        while indent <= open_items[-1][0]:
            open_items.pop()
        made = item(line)
        siblings = open_items[-1][1]
        siblings.append(made)
        open_items.append((indent, made.setdefault("items", [])))
    return [_pruned(each) for each in sections if each["items"]]


def _pruned(data: Data) -> Data:
    """Return the data without empty lists."""
    return {
        key: [_pruned(each) for each in value] if key == "items" else value
        for key, value in data.items()
        if value != [] or key != "items"
    }


def item(line: str) -> Data:
    """Return an item of a reading list: its title, address and note; an arXiv number or a DOI becomes an address."""
    if found := _LINK.search(line):
        title, url = _unescaped(found[1]).strip(), found[2]
        before, after = line[: found.start()], line[found.end() :]
    elif found := _ADDRESS.search(line):
        title, url, before, after = "", found[1], line[: found.start()], line[found.end() :]
    elif named := _identifier(line):
        title, url, before, after = named
    else:
        return {"title": line}
    before, after = before.strip(_JOINS), after.strip(_JOINS + ".")
    title, note = (before, after) if not title else (title, " – ".join(part for part in (before, after) if part))
    return {key: value for key, value in (("title", title), ("url", url), ("note", note)) if value}


def _identifier(line: str) -> tuple[str, str, str, str] | None:
    """Return title, address and the text before and after an arXiv number or a DOI that ends or is a line."""
    for words in (line, line.rpartition(", ")[2], " ".join(line.rsplit(" ", 2)[-2:]), line.rpartition(" ")[2]):
        bare = words.strip("()[]")
        before = line[: len(line) - len(words)]
        if found := _ARXIV.fullmatch(bare):
            return "" if before else f"arXiv:{found[1]}", f"https://arxiv.org/abs/{found[1]}", before, ""
        if found := _DOI.fullmatch(bare):
            return "" if before else f"doi:{found[1]}", f"https://doi.org/{found[1]}", before, ""
    return None


def links(text: str) -> tuple[list[Data], list[str]]:
    """Return the links of a text area as resources, such as files that were dropped into it, and the lines without."""
    resources: list[Data] = []
    rest = []
    for _, line in _lines(_IMAGES.sub(lambda found: f"[{found[1] or 'image'}]({found[2]})", text)):
        found = [(_unescaped(each[1]).strip(), each[2]) for each in _LINK.finditer(line)]
        bare = _LINK.sub("", line)
        found += [(bare[: each.start()].strip(_JOINS) or _file(each[1]), each[1]) for each in _ADDRESS.finditer(bare)]
        resources += [{"title": title or _file(url), "url": url} for title, url in found]
        if not found:
            rest.append(line)
    return resources, rest


_IMAGES = re.compile(r"<img\b(?:[^<>]*?\balt=\"([^\"<>]*)\")?[^<>]*?\bsrc=\"([^\"<>]+)\"[^<>]*>")


def _file(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2] or url


def _unescaped(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line that says something, without its bullet, and how far in it stands."""
    for line in text.expandtabs(4).splitlines():
        found = _BULLET.fullmatch(line.rstrip())
        indent, words = (len(found[1]), found[2]) if found else (len(line) - len(line.lstrip(" ")), line)
        if words := _CHECK.sub("", words.strip(), count=1):
            yield indent, words
