"""A session as a page has it, from a row, a section, an item or a paragraph."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from readingroom.core.models import Status
from readingroom.importer.dates.resolve import YearHint
from readingroom.importer.page.blocks import LineMessage
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.vocabulary.status import OFF_DAY
from readingroom.parsing.date_mentions import DateMention
from readingroom.parsing.people import ParsedPerson

SessionData = dict[str, Any]

_LONGEST = 1_000


@dataclass
class Candidate:
    """One session as it is gathered; ``links`` are the addresses that are read, without those of leads and anchors.

    ``remarks`` and ``private`` are warnings by line, the latter about data that would become public; ``last_line`` is 0
    for a row.
    """

    page: str
    line: int
    last_line: int = 0
    is_row: bool = False
    is_section: bool = False
    mention: DateMention | None = None
    hint: YearHint | None = None
    day: dt.date | None = None
    title: str = ""
    kind: str = ""
    prefix: str = ""
    room: str = ""
    time: str = ""
    duration: int | None = None
    status: str = ""
    leads: list[ParsedPerson] = field(default_factory=list)
    abstract: str = ""
    material: list[SessionData] = field(default_factory=list)
    resources: list[SessionData] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchor: str = ""
    under: str = ""
    folder: str = ""
    continues: str = ""
    remarks: list[LineMessage] = field(default_factory=list)
    private: list[LineMessage] = field(default_factory=list)
    _urls: set[str] = field(default_factory=set, repr=False, compare=False)  # of links, of which there may be thousands

    @property
    def heading(self) -> str:
        """The title as it is on the page."""
        return f"{self.prefix}: {self.title}" if self.prefix and self.title else self.title or self.kind

    def is_real_session(self) -> bool:
        return self.status not in {OFF_DAY, Status.CANCELLED}

    def add_link(self, url: str) -> None:
        if url and not url.startswith("#") and url not in self._urls:
            self._urls.add(url)
            self.links.append(url)

    def add_links_of(self, text: RichText) -> None:
        for link in text.links:
            self.add_link(link.url)

    def list_items(self) -> list[SessionData]:
        """Return what is to be read if it is all in one section."""
        return self.material[0].get("items", []) if len(self.material) == 1 else []

    def add_item(self, title: str, url: str) -> None:
        """Add something to read to the section without a heading."""
        item = {key: value for key, value in (("title", title[:_LONGEST]), ("url", url)) if value}
        self.add_link(url)
        sections = [each for each in self.material if "heading" not in each and "items" in each]
        if item and not sections:
            self.material.append({"items": [item]})
        elif item and item not in sections[0]["items"]:
            sections[0]["items"].append(item)

    def add_abstract(self, text: str) -> None:
        self.abstract = "\n\n".join(filter(None, [self.abstract, text]))

    def add_note(self, heading: str, note: str) -> None:
        if note.strip():
            self.material.append({"heading": heading, "note": note} if heading else {"note": note})

    def add_resource(self, title: str, url: str) -> None:
        if url and (resource := {"title": title, "url": url}) not in self.resources:
            self.add_link(url)
            self.resources.append(resource)
