"""A group's sessions as people write them: a table whose days lead to sections with the material."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Data = Mapping[str, Any]


def page(sessions: Sequence[Data]) -> str:
    """Return a page with a row and a section for each session, the last one first."""
    rows = [_row(each) for each in sessions]
    sections = [line for each in sessions if each.get("material") for line in _section(each)]
    head = ["# Previous sessions", "", "| Date | Topic | Time | Room | Lead |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows, "", "---", "", *sections]) + "\n"


def _day(data: Data) -> str:
    year, month, day = str(data["date"]).split("-")
    return f"{day}/{month}/{year[2:]}"


def _link(data: Data) -> str:
    return f"[{data['title']}]({data['url']})" if "url" in data else str(data["title"])


def _row(data: Data) -> str:
    day = _day(data)
    when = f"[{day}](#{day.replace('/', '')})" if data.get("material") else day
    title = f"{data['kind']}: {data['title']}" if "kind" in data else data["title"]
    beside = ", ".join(map(_link, data.get("resources", ())))
    topic = f"{title} ({beside})" if beside else title
    leads = ", ".join(map(_lead, data.get("leads", ())))
    return f"| {when} | {topic} | {data.get('time', '')} | {data.get('room', '')} | {leads} |".replace("\n", " ")


def _lead(data: Data) -> str:
    name = _link({**data, "title": data["name"]})
    return f"{name} ({data['affiliation']})" if "affiliation" in data else name


def _section(data: Data) -> Iterator[str]:
    yield from (f"## {_day(data)}", "", f"**{data['title']}**", "")
    for section in data["material"]:
        if heading := section.get("heading"):
            yield from (f"**{heading}**", "")
        if note := section.get("note"):
            yield from (note.strip(), "")
        yield from _items(section.get("items", ()), "")
        yield ""


def _items(items: Sequence[Data], margin: str) -> Iterator[str]:
    for item in items:
        title = _link(item) if "title" in item else f"<{item['url']}>"
        note = " ".join(item.get("note", "").split())
        yield f"{margin}- {title} ({note})" if note else f"{margin}- {title}"
        yield from _items(item.get("items", ()), margin + "  ")
