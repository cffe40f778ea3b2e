"""The data of session files from entries: kinds taken from titles, addresses resolved, everything valid."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.core.models import Group, Status
from readingroom.importer.records.candidate import Candidate, SessionData
from readingroom.importer.schedule import Schedule
from readingroom.importer.vocabulary import status
from readingroom.store import schema
from readingroom.text import characters, escape
from readingroom.text.phrases import shorten_text

MAX_LINE, MAX_NOTE, MAX_ABSTRACT = 300, 2_000, 20_000
MAX_ITEMS, MAX_SECTIONS, MAX_LEADS = 500, 100, 50
MIN_KIND_COUNT = 3
_PREFIX = re.compile(r"([^\W\d_][^:：]{1,38}?)\s*[:：]\s*(.+)", re.DOTALL)


def extract_kinds(read: Schedule, group: Group) -> None:
    """Take the kind out of titles such as "Technical: KAN": one of the group's, or one that several have."""
    several = [*read.entries, *read.shelves, *(section for _, section in read.joined)]
    entries = list({id(entry): entry for entry in several}.values())
    kinds = set(group.kinds)
    if not kinds:
        found = Counter(match[1] for entry in entries if not entry.kind and (match := _PREFIX.fullmatch(entry.title)))
        kinds = {kind for kind, count in found.items() if count >= MIN_KIND_COUNT and len(kind.split()) <= 4}
    for entry in entries:
        match = _PREFIX.fullmatch(entry.title)
        if match and not entry.kind and (match[1] in kinds or status.is_unknown_title(match[2])):
            entry.kind = entry.prefix = match[1]
            found_status, entry.title = status.split_status(match[2])
            entry.status = entry.status or found_status


def convert_entry(entry: Candidate, group: Group, repository: str) -> tuple[SessionData, list[Diagnostic]]:
    """Return the data of a session file, its keys in the schema's order, and what could not be kept as it was."""
    converter = _Converter(entry, group, (repository or group.repository).rstrip("/"))
    return converter.convert(), converter.findings


class _Converter:
    def __init__(self, entry: Candidate, group: Group, repository: str) -> None:
        self.entry = entry
        self.group = group
        self.repository = repository
        self.findings: list[Diagnostic] = []

    def convert(self) -> SessionData:
        entry = self.entry
        leads = [self.convert_person(lead.name, lead.url, lead.affiliation) for lead in entry.leads[:MAX_LEADS]]
        links = [self.convert_item(resource) for resource in entry.resources]
        texts = [{"items": [each]} for each in links if "note" in each]
        values: SessionData = {
            "title": _format_line(entry.title),
            "date": str(entry.day) if entry.day else "",
            "time": entry.time if entry.time != self.group.time else "",
            "duration": entry.duration if entry.duration != self.group.duration else None,
            "status": str(entry.status) if entry.status != Status.CONFIRMED else "",
            "kind": self.convert_kind(),
            "room": _format_line(entry.room),
            "leads": list(filter(None, leads)),
            "abstract": _format_text(entry.abstract, MAX_ABSTRACT),
            "material": [*filter(None, map(self.convert_section, entry.material)), *texts][:MAX_SECTIONS],
            "resources": [{"title": "Link", **each} for each in links if "url" in each][:MAX_SECTIONS],
            "continues": entry.continues,
        }
        return _drop_empty(values)

    def add_warning(self, code: Code, message: str, hint: str = "") -> None:
        self.findings.append(Diagnostic(Location(self.entry.page, self.entry.line), code, message, hint))

    def report_link(self, label: str, url: str, message: str, hint: str = "") -> None:
        link = f'the link of "{shorten_text(label)}" is "{shorten_text(url, 80)}"'
        self.add_warning(Code.IMPORT_LINK_BROKEN, f"{link}, {message}", hint)

    def convert_kind(self) -> str:
        kind = _format_line(self.entry.kind)
        if not kind or not self.group.kinds or kind in self.group.kinds:
            return kind
        known = {each.casefold(): each for each in self.group.kinds}
        if kind.casefold() not in known:
            message = f'the kind "{kind}" is not among the kinds in readingroom.yml, so it is left out.'
            self.add_warning(Code.IMPORT_KIND_UNKNOWN, message, "Add it there.")
        return known.get(kind.casefold(), "")

    def convert_person(self, name: str, url: str, affiliation: str) -> SessionData:
        if "@" in name and "." in name.rpartition("@")[2]:
            message = f"{name} is an e-mail address, which would become public."
            self.add_warning(Code.PRIVATE_EMAIL, message, "The part before the @ is taken as the name.")
            name = name.partition("@")[0]
        if url.lower().startswith("mailto:"):
            message = f"{url} is an e-mail address, which would become public: it is left out."
            self.add_warning(Code.PRIVATE_EMAIL, message, f"Link to a page of {name}.")
        address = self.resolve_url(url, name, is_person=True)
        made = _drop_empty({"name": _format_line(name), "url": address, "affiliation": _format_line(affiliation)})
        return made if "name" in made else {}

    def convert_section(self, section: SessionData) -> SessionData:
        items = [each for item in section.get("items", ())[:MAX_ITEMS] if (each := self.convert_item(item))]
        heading, note = _format_line(section.get("heading", "")), self.convert_note(section.get("note", ""))
        return _drop_empty({"heading": heading, "note": note, "items": items}) if note or items else {}

    def convert_item(self, item: SessionData) -> SessionData:
        """Return an item; an address that leads nowhere becomes its note."""
        title, url = _format_line(item.get("title", "")), item.get("url", "")
        note = self.convert_note(item.get("note", ""))
        address = self.resolve_url(url, title)
        if url and not address and not url.lower().startswith("mailto:"):
            shown = escape.escape_text(url[:MAX_LINE])
            note = f"{note} ({shown})" if note else _format_text(shown, MAX_NOTE)
        below = [made for each in item.get("items", ()) if (made := self.convert_item(each))]
        made = {"title": title, "url": address, "note": note[:MAX_NOTE], "items": below[:MAX_ITEMS]}
        return _drop_empty(made) if title or address else {}

    def convert_note(self, text: str) -> str:
        """Return Markdown whose links lead to where they did on the page."""
        return _format_text(_TARGET.sub(self._resolve_note_link, text), MAX_NOTE) if _VISIBLE.search(text) else ""

    def _resolve_note_link(self, found: re.Match[str]) -> str:
        if _SCHEME.match(found[1]) or found[1].startswith("#"):
            return found[0]
        count = len(self.findings)
        address = self.resolve_url(found[1], found[1])
        del self.findings[count:]
        return f"]({address})" if address else found[0]

    def resolve_url(self, url: str, label: str, *, is_person: bool = False) -> str:
        """Return the address that a link leads to, or an empty text, with a finding, where it leads nowhere."""
        url = characters.UNWRITABLE.sub("", characters.ASCII_CONTROLS.sub("", url.strip()))
        url = f"https:{url}" if url.startswith("//") else url
        said = "a path, so it is kept as text alone."
        hint = "Say where your files are, and it becomes a link: --repository https://github.com/OWNER/NAME."
        if re.match(r"https?://[^/\s]", url, re.IGNORECASE):
            if schema.is_address(url):
                return url
            said, hint = "which no browser can follow.", ""
        elif not url or _SCHEME.match(url):
            return ""
        elif is_person or not re.search(r"[/.]", url):
            said = "which is not an address and leads nowhere."
            hint = f"Did you mean https://github.com/{url}?" if re.fullmatch(r"[A-Za-z0-9-]{1,39}", url) else ""
        elif _HOST.match(url) and schema.is_address(f"https://{url}"):
            self.report_link(label, url, "without https:// before it: that was added.")
            return f"https://{url}"
        elif self.repository:
            return self.build_repository_url(url)
        self.report_link(label, url, said, hint)
        return ""

    def build_repository_url(self, url: str) -> str:
        """Return the address of a file of the group's repository."""
        parts = urlsplit(url)
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(self.entry.page), parts.path))
        kind = "tree" if parts.path.endswith("/") or "." not in posixpath.basename(path) else "blob"
        rest = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        return f"{self.repository}/{kind}/HEAD{quote(path, safe='/%!,-.()')}{rest}"


_DOMAINS = r"com org net edu gov io ai ac\.uk de fr es it nl cn jp kr ch at"
_HOST = re.compile(
    r"(?:www\.[\w-]{1,60}|[\w-]{1,60}(?:\.[\w-]{1,60}){0,3})"
    rf"\.(?:{_DOMAINS.replace(' ', '|')})(?:[/?#:]|\Z)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TARGET = re.compile(r"\]\(([^()\s]+)\)")
_VISIBLE = re.compile(schema.load_schema(schema.SchemaName.SESSION).document["$defs"]["line"]["pattern"])


def _drop_empty(values: SessionData) -> SessionData:
    return {key: value for key, value in values.items() if value}


def _format_line(text: str) -> str:
    """Return a text that fits in one line of a session file, or nothing if there is nothing to see."""
    if not text.isprintable():
        text = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    shown = shorten_text(escape.normalize_line(text), MAX_LINE)
    return shown if _VISIBLE.search(shown) else ""


def _format_text(text: str, most: int) -> str:
    """Return a text of several lines without the characters that no YAML file holds."""
    return characters.UNWRITABLE.sub("", text.strip())[:most].strip()


def iter_session_records(entries: Sequence[Candidate]) -> Iterator[dict[str, object]]:
    """Yield what a page says of each session as plain data, for programs: title and links as they are there."""
    for entry in entries:
        is_placeholder = entry.status == Status.OPEN or (entry.status == Status.TBC and not entry.title)
        said = "placeholder" if is_placeholder else entry.status
        yield {
            "date": str(entry.day) if entry.day else None,
            "title": entry.heading,
            "leads": [lead.shown for lead in entry.leads],
            "links": entry.links,
            **({"status": said} if said else {}),
            "page": entry.page,
            "line": entry.line,
        }
