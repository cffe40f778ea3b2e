"""What is below a session's day and has no label: its abstract, and what is read, by headings and nested items."""

import re

from readingroom.importer.page.blocks import Kind, Line
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import fields
from readingroom.importer.records.candidate import Candidate, SessionData
from readingroom.importer.vocabulary import roles

MAX_NOTE = 2_000
MAX_TITLE = 300
_AROUND = re.compile(r"\A[\s–—:,;.|-]+|(?<![\s–—:,;|-])[\s–—:,;|-]+\Z")
_SHARES = re.compile(r"Shares its material with \[.*\]\((?:\.\./)?([A-Za-z0-9-]+)/README\.md\)\.", re.DOTALL)


class MaterialReader:
    """Adds lines to a session in their order; ``close`` ends the last section."""

    def __init__(self, entry: Candidate, *, is_ours: bool = False) -> None:
        self.entry = entry
        self.is_ours = is_ours
        self.section: SessionData | None = None
        self.open_items: list[tuple[int, SessionData]] = []
        self.wants_abstract = self.has_items = False

    def open_section(self, heading: str) -> None:
        self.close()
        self.wants_abstract = roles.find_role(heading) == roles.ABSTRACT
        self.section = None if self.wants_abstract else ({"heading": heading[:MAX_TITLE]} if heading else {})
        self.has_items = self.has_items or not self.wants_abstract

    def close(self) -> None:
        """Put the open section into the material, unless it stayed empty."""
        if self.section and (self.section.get("items") or self.section.get("note")):
            self.entry.material.append({key: value for key, value in self.section.items() if value})
        self.section, self.open_items = None, []

    def add_line(self, line: Line) -> None:
        if found := _SHARES.fullmatch(line.markdown):
            self.entry.continues = found[1]
        elif line.kind is Kind.ITEM and line.is_first:
            self._add_item(line)
        elif line.kind is Kind.ITEM and self.open_items:
            self._add_item_note(line)
        else:
            self._add_text(line)

    def _add_item(self, line: Line) -> None:
        item = parse_item(line.text, line.source, is_ours=self.is_ours)
        if not item:
            return
        for link in line.text.links:
            self.entry.add_link(link.url)
        self.wants_abstract, self.has_items = False, True
        while self.open_items and self.open_items[-1][0] >= line.level:
            self.open_items.pop()
        if self.open_items:
            self.open_items[-1][1].setdefault("items", []).append(item)
        else:
            if self.section is None:
                self.section = {}
            self.section.setdefault("items", []).append(item)
        self.open_items.append((line.level, item))

    def _add_item_note(self, line: Line) -> None:
        item = self.open_items[-1][1]
        item["note"] = "\n".join(filter(None, [item.get("note", ""), line.markdown]))[:MAX_NOTE]
        for link in line.text.links:
            self.entry.add_link(link.url)

    def _add_text(self, line: Line) -> None:
        for link in line.text.links:
            self.entry.add_link(link.url)
        if self.wants_abstract or (self.section is None and not self.has_items):
            self.entry.abstract = _join(self.entry.abstract, line)
            return
        if self.section is None or self.section.get("items"):
            self.close()
            self.section = {}
        self.section["note"] = _join(self.section.get("note", ""), line)[:MAX_NOTE]


def _join(before: str, line: Line) -> str:
    gap = "\n" if line.is_soft or not line.is_first else "\n\n"
    return f"{before}{gap}{line.markdown}" if before else line.markdown


def parse_item(text: RichText, source: str = "", *, is_ours: bool = False) -> SessionData:
    """Return an item of a reading list: its title, its address, and as a note what is around its link."""
    links = [link for link in text.links if link.url and not link.url.startswith(("#", "mailto:"))]
    if not links:
        return {"title": text.text[:MAX_TITLE]} if text.text else {}
    if len(links) > 1:
        title = fields.clean_title(text)
        items = [
            {"title": " ".join(text.get_label(link).split())[:MAX_TITLE] or link.url, "url": link.url} for link in links
        ]
        return {"title": title[:MAX_TITLE], "items": items} if title else {**items[0], "items": items[1:]}
    link = links[0]
    label = " ".join(text.get_label(link).split())
    before, after = text.text[: link.start], text.text[link.end :]
    if typed := re.search(r"\]\([^()\s]*\)([^\[\]<>]*)\Z", source):
        after = typed[1]
    if not is_ours and fields.is_generic_label(label) and (title := fields.clean_title(text)):
        return {"title": title[:MAX_TITLE], "url": link.url}
    if before.endswith(("(", "[")) and after.startswith((")", "]")):
        before, after = before[:-1], after[1:]
    after = _AROUND.sub("", after)
    if after.startswith("(") and after.endswith(")") and after[1:-1].count("(") == after[1:-1].count(")"):
        after = after[1:-1]
    note = " – ".join(filter(None, (_AROUND.sub("", before).strip(), after.strip(" .") and after.strip())))
    made = {"title": (label or link.url)[:MAX_TITLE], "url": link.url}
    return {**made, "note": note[:MAX_NOTE]} if note else made
