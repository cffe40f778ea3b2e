"""Warnings that take several sessions to see, and those about single addresses and texts.

The same rules hold for files that exist and for pages that are imported.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlsplit

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.core.models import WEEKDAYS, Session
from readingroom.core.urls import get_last_part
from readingroom.text.excerpt import shorten_text
from readingroom.text.references import derive_paper_key


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the rules look at of one session: where it stands, and what it says.

    ``people`` are names and addresses, ``reading`` the addresses of what is read, ``links`` all of them, ``text`` is
    what would be shown beside.
    """

    file: str
    line: int
    day: dt.date | None
    title: str
    people: tuple[tuple[str, str], ...] = ()
    reading: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    text: str = ""
    has_resources: bool = False
    is_held: bool = True
    lines: dict[str, int] = field(default_factory=dict)

    def build_diagnostic(self, key: str, finding: Finding) -> Diagnostic:
        return Diagnostic(Location(self.file, self.lines.get(key, self.line)), *finding)

    @property
    def name(self) -> str:
        """The session as a sentence names it."""
        name = f'"{shorten_text(self.title)}"' if self.title else "the session"
        return f"{name} ({self.day})" if self.day else name


def lint_session_facts(
    sessions: Sequence[SessionFacts], usual: int | None, today: dt.date | None = None
) -> list[Diagnostic]:
    """Return what is worth telling on a day; ``usual`` is the group's weekday, that of most days if it is None."""
    found = [
        *_check_weekdays(sessions, usual),
        *_check_repeated_readings(sessions),
        *_check_people(sessions),
        *_check_repeated_titles(sessions),
    ]
    found += _check_missing_resources([each for each in sessions if not today or (each.day and each.day < today)])
    for each in sessions:
        found += [each.build_diagnostic(url, finding) for url in each.links for finding in check_url(url)]
        found += [each.build_diagnostic("", finding) for finding in check_private_data(each.text)]
    return found


def build_session_facts(session: Session, files: Sequence[str], lines: dict[str, int]) -> SessionFacts:
    """Return the facts of a session of the catalogue; the files beside it count as what it left."""
    items = [item for section in session.material for item in section.items]
    linked = [resource.url for resource in session.resources if resource.is_link]
    return SessionFacts(
        session.file,
        1,
        session.date,
        session.title,
        tuple((lead.name, lead.url) for lead in session.leads),
        tuple(item.url for item in items if item.url),
        tuple(filter(None, [*(lead.url for lead in session.leads), *(item.url for item in items), *linked])),
        "\n".join([session.abstract, *(section.note for section in session.material), *(item.note for item in items)]),
        bool(session.resources or files),
        session.takes_place,
        lines,
    )


MIN_WEEKDAY_SHARE = 0.6
MIN_DAYS = 4


def find_usual_weekday(days: Sequence[dt.date]) -> int | None:
    """Return the weekday of most of the days, if there is one."""
    if len(days) < MIN_DAYS:
        return None
    weekday, count = Counter(day.weekday() for day in days).most_common(1)[0]
    return weekday if count >= MIN_WEEKDAY_SHARE * len(days) else None


def _check_weekdays(sessions: Sequence[SessionFacts], usual: int | None) -> Iterator[Diagnostic]:
    held = [each for each in sessions if each.day and each.is_held]
    overall = usual if usual is not None else find_usual_weekday([each.day for each in held if each.day])
    weekdays = {
        half: overall if usual is not None else _find_half_year_weekday(days, overall)
        for half, days in _iter_days_by_half_year(held)
    }
    for each in held:
        if not each.day or (weekday := weekdays[_get_half_year(each.day)]) is None or each.day.weekday() == weekday:
            continue
        message = f"{each.name} is on a {WEEKDAYS[each.day.weekday()]}, not on a {WEEKDAYS[weekday]}."
        yield each.build_diagnostic("date", Finding(Code.SESSION_WEEKDAY_UNUSUAL, message, "Check the date."))


_HalfYear = tuple[int, bool]
_AUGUST = 8


def _get_half_year(day: dt.date) -> _HalfYear:
    """Return the half of a year that a day is in: the terms of most groups begin about August and January."""
    return day.year, day.month >= _AUGUST


def _iter_days_by_half_year(sessions: Sequence[SessionFacts]) -> Iterator[tuple[_HalfYear, list[dt.date]]]:
    days = sorted(each.day for each in sessions if each.day)
    for half, of in groupby(days, key=_get_half_year):
        yield half, list(of)


def _find_half_year_weekday(days: Sequence[dt.date], overall: int | None) -> int | None:
    """Return the usual weekday of half a year: that of all where it has few days that do not agree, or one alone."""
    if len(days) >= MIN_DAYS:
        return find_usual_weekday(days)
    return overall if len({day.weekday() for day in days}) > 1 or len(days) == 1 else None


_ASK_FOR_SLIDES = "Ask its lead for them."


def _check_missing_resources(sessions: Sequence[SessionFacts]) -> Iterator[Diagnostic]:
    """Yield the sessions that left nothing, in a group where most leave something."""
    held = [each for each in sessions if each.is_held and each.day]
    if sum(each.has_resources for each in held) * 2 <= len(held):
        return
    for each in held:
        if not each.has_resources:
            message = f"{each.name} has no slides, recording or other file."
            yield each.build_diagnostic("title", Finding(Code.SESSION_RESOURCES_MISSING, message, _ASK_FOR_SLIDES))


def _check_repeated_readings(sessions: Sequence[SessionFacts]) -> Iterator[Diagnostic]:
    first: dict[str, SessionFacts] = {}
    for each in sessions:
        for paper in dict.fromkeys(map(derive_paper_key, each.reading)):
            other = first.setdefault(paper, each)
            if other is not each:
                url = next(url for url in each.reading if derive_paper_key(url) == paper)
                message = f"{url} is read in {other.name} too."
                hint = "If that is meant, there is nothing to do."
                yield each.build_diagnostic(url, Finding(Code.READING_REPEATED, message, hint))


def _check_people(sessions: Sequence[SessionFacts]) -> Iterator[Diagnostic]:
    """Yield the people with two addresses, the addresses of two names, and names that are nearly the same."""
    addresses: defaultdict[str, dict[str, SessionFacts]] = defaultdict(dict)
    names: defaultdict[str, dict[str, SessionFacts]] = defaultdict(dict)
    for each in sessions:
        for name, url in each.people:
            known = addresses[name]
            if url:
                known.setdefault(url.rstrip("/"), each)
                names[url.rstrip("/")].setdefault(name, each)
    for name, several in addresses.items():
        if len(several) > 1:
            (one, _), (two, where) = list(several.items())[:2]
            message = f"{name} has two links: {one} and {two}."
            yield where.build_diagnostic(two, Finding(Code.PERSON_LINKS_DIFFER, message, "Keep one of them."))
    for url, several in names.items():
        if len(several) > 1:
            (one, _), (two, where) = list(several.items())[:2]
            message = f'the link {url} is that of "{one}" and of "{two}".'
            yield where.build_diagnostic(url, Finding(Code.PERSON_NAMES_DIFFER, message, _ONE_SPELLING))
    yield from _check_similar_names(sessions, {frozenset(several) for several in names.values() if len(several) > 1})


_ONE_SPELLING = "Spell the name in one way."
MAX_COMPARED_NAMES = 400
MIN_NAME_SIMILARITY = 0.88


def _check_similar_names(sessions: Sequence[SessionFacts], reported: set[frozenset[str]]) -> Iterator[Diagnostic]:
    first: dict[str, SessionFacts] = {}
    for each in sessions:
        for name, _ in each.people:
            first.setdefault(name, each)
    names = sorted(first)[:MAX_COMPARED_NAMES]
    for place, one in enumerate(names):
        for two in names[place + 1 :]:
            if two[:1] != one[:1]:
                break
            if len(one.split()) > 1 and len(two.split()) > 1 and not any({one, two} <= each for each in reported):
                same_last = one.split()[-1].casefold() == two.split()[-1].casefold() or one.split()[0] == two.split()[0]
                if same_last and SequenceMatcher(None, one.casefold(), two.casefold()).ratio() >= MIN_NAME_SIMILARITY:
                    message = f'"{one}" and "{two}" may be one person.'
                    yield first[two].build_diagnostic(two, Finding(Code.PERSON_NAMES_SIMILAR, message, _ONE_SPELLING))


MAX_REPEATED_TITLES = 3


def _check_repeated_titles(sessions: Sequence[SessionFacts]) -> Iterator[Diagnostic]:
    """Yield the sessions of one title, unless it is one that many have, such as Journal Club."""
    titles: defaultdict[str, list[SessionFacts]] = defaultdict(list)
    for each in sessions:
        if each.title and each.is_held:
            titles[" ".join(re.findall(r"\w+", each.title.casefold()))].append(each)
    for title, several in titles.items():
        if title and 1 < len(several) <= MAX_REPEATED_TITLES:
            for place, each in enumerate(several[1:], 1):
                names = {name for name, _ in each.people}
                if not any(names == {name for name, _ in other.people} for other in several[:place]):
                    continue
                message = f"{each.name} has the title of {several[0].name}."
                hint = "Remove one, or give them titles that differ."
                yield each.build_diagnostic("title", Finding(Code.SESSION_TITLE_REPEATED, message, hint))


_FILE_IN_TREE = re.compile(
    r"(https?://github\.com/[^/]+/[^/]+)/tree/([^?#]+\.(?:pdf|pptx?|key|odp|ipynb|md|docx?))(?=$|[?#])", re.IGNORECASE
)
_PASSWORD_IN_URL = re.compile(r"[?&](?:pwd|password|passcode|passwd)=", re.IGNORECASE)
_KNOWN_HOSTS = (
    "youtu.be", "youtube.com", "github.com", "arxiv.org", "docs.google.com", "drive.google.com", "doi.org",
    "openreview.net", "aclanthology.org", "huggingface.co", "wikipedia.org", "medium.com", "zoom.us", "slideshare.net",
)  # fmt: skip
_MIN_HOST_SIMILARITY = 0.85


def check_url(url: str) -> Iterator[Finding]:
    """Yield what is wrong with an address, and how to fix it; nothing for a path or an anchor."""
    if not _SCHEME.match(url):
        return
    if url.lower().startswith("mailto:"):
        message = f"{url} is an e-mail address, which would become public."
        yield Finding(Code.PRIVATE_EMAIL, message, "Link to a page of the person instead.")
        return
    shown = shorten_text(url, MAX_SHOWN_URL)
    if not url.lower().startswith(("https://", "http://")):
        message = f"{shown} is not an address of the web, so it will not be a link."
        yield Finding(Code.LINK_UNSAFE, message, "Correct or remove it.")
        return
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    is_host = "." in host or host == "localhost"
    if not is_host or " " in url or host.startswith(("http", "https.")):
        yield Finding(Code.LINK_MALFORMED, f"{shown} is malformed and leads nowhere.", "Correct it.")
        return
    if near := _find_similar_host(host):
        message = f"{url} leads to {host}, which may be a slip for {near}."
        yield Finding(Code.LINK_HOST_SUSPICIOUS, message, "Correct it, if it is.")
    if found := _FILE_IN_TREE.match(url):
        message = f"{url} is the address of a folder, and {get_last_part(found[2])} is a file."
        yield Finding(Code.LINK_TO_FOLDER, message, f"Write {found[1]}/blob/{found[2]}.")
    if _PASSWORD_IN_URL.search(url):
        message = f"{url.partition('?')[0]} is linked with its password, which would become public."
        yield Finding(Code.PRIVATE_PASSWORD, message, "Leave the password out.")


MAX_SHOWN_URL = 80
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@lru_cache(maxsize=10_000)
def _find_similar_host(host: str) -> str:
    if host.endswith(_KNOWN_HOSTS) and (
        host in _KNOWN_HOSTS or host.endswith(tuple(f".{known}" for known in _KNOWN_HOSTS))
    ):
        return ""
    return next(
        (known for known in _KNOWN_HOSTS if SequenceMatcher(None, host, known).ratio() >= _MIN_HOST_SIMILARITY), ""
    )


_EMAIL = re.compile(r"(?<![\w.+-/])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PASSWORD_IN_TEXT = re.compile(
    r"\b(?:pass(?:word|code|wd)|pwd?|kennwort|passwort|(?:kenn|zugangs|access |meeting )code|mot de passe|code d.accès"
    r"|contraseña|clave|senha|wachtwoord|toegangscode|código de (?:acceso|acesso))\b"
    r"(?:\s?(?:[:=：]|\b(?:is|lautet|ist|est|es|é)\b)\s?\S+|\s[^\s\d]{0,20}\d\S*)"
    r"|\bpin\s?[:=]?\s?\d{4,12}\b"
    r"|(?:密码|密碼|口令|パスワード|パスコード|비밀번호|암호)\s?(?:[:：は]\s?\S+|[a-z0-9]{3,40})"
)  # of texts in lower case, which takes half the time


def check_private_data(text: str) -> Iterator[Finding]:
    """Yield the personal data and the passwords that a text would make public; a password is not repeated."""
    if "@" in text:
        for address in dict.fromkeys(_EMAIL.findall(text)):
            message = f"{address} is an e-mail address, which would become public."
            yield Finding(Code.PRIVATE_EMAIL, message, "Remove it, if it should not.")
    if _PASSWORD_IN_TEXT.search(text.lower()):
        yield Finding(Code.PRIVATE_PASSWORD, "a password stands here, which would become public.", "Remove it.")
