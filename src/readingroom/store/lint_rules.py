"""What is worth telling of sessions beside each other: the same rules for files that exist and for pages read in."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlsplit

from readingroom.core.diagnostics import Finding
from readingroom.core.models import WEEKDAYS, Session


@dataclass(frozen=True, slots=True)
class Facts:
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

    def at(self, key: str, message: str) -> Finding:
        return Finding(self.file, self.lines.get(key, self.line), "", message)

    @property
    def name(self) -> str:
        """The session as a sentence names it."""
        told = f'"{self.title[:60]}"' if self.title else "the session"
        return f"{told} ({self.day})" if self.day else told


def of(sessions: Sequence[Facts], usual: int | None, today: dt.date | None = None) -> list[Finding]:
    """Return what is worth telling on a day; ``usual`` is the group's weekday, that of most days if it is None."""
    found = [*_off_days(sessions, usual), *_twice_read(sessions), *_people(sessions), *_twice(sessions)]
    found += _without_resources([each for each in sessions if not today or (each.day and each.day < today)])
    for each in sessions:
        found += [each.at(url, message) for url in each.links for message in of_address(url)]
        found += [each.at("", message) for message in of_text(each.text)]
    return found


def of_session(session: Session, file: str, files: Sequence[str], lines: dict[str, int]) -> Facts:
    """Return the facts of a session of the catalogue; the files beside it count as what it left."""
    items = [item for section in session.material for item in section.items]
    linked = [resource.url for resource in session.resources if resource.size is None]
    return Facts(
        file,
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


MOST = 0.6
LEAST_DAYS = 4


def usual_weekday(days: Sequence[dt.date]) -> int | None:
    """Return the weekday of most of the days, if there is one."""
    if len(days) < LEAST_DAYS:
        return None
    weekday, count = Counter(day.weekday() for day in days).most_common(1)[0]
    return weekday if count >= MOST * len(days) else None


def _off_days(sessions: Sequence[Facts], usual: int | None) -> Iterator[Finding]:
    held = [each for each in sessions if each.day and each.is_held]
    overall = usual if usual is not None else usual_weekday([each.day for each in held if each.day])
    weekdays = {half: overall if usual is not None else _weekday_of(days, overall) for half, days in _halves(held)}
    for each in held:
        if not each.day or (weekday := weekdays[_half(each.day)]) is None or each.day.weekday() == weekday:
            continue
        said = f"is on a {WEEKDAYS[each.day.weekday()]}, not on a {WEEKDAYS[weekday]}. Check the date."
        yield each.at("date", f"{each.name} {said}")


_Half = tuple[int, bool]
_AUGUST = 8


def _half(day: dt.date) -> _Half:
    """Return the half of a year that a day is in: the terms of most groups begin about August and January."""
    return day.year, day.month >= _AUGUST


def _halves(sessions: Sequence[Facts]) -> Iterator[tuple[_Half, list[dt.date]]]:
    days = sorted(each.day for each in sessions if each.day)
    for half, of in groupby(days, key=_half):
        yield half, list(of)


def _weekday_of(days: Sequence[dt.date], overall: int | None) -> int | None:
    """Return the usual weekday of half a year: that of all where it has few days that do not agree, or one alone."""
    if len(days) >= LEAST_DAYS:
        return usual_weekday(days)
    return overall if len({day.weekday() for day in days}) > 1 or len(days) == 1 else None


def _without_resources(sessions: Sequence[Facts]) -> Iterator[Finding]:
    """Yield the sessions that left nothing, in a group where most leave something."""
    held = [each for each in sessions if each.is_held and each.day]
    if sum(each.has_resources for each in held) * 2 <= len(held):
        return
    for each in held:
        if not each.has_resources:
            yield each.at("title", f"{each.name} has no slides, nor anything else that it left. Ask its lead for them.")


_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/([0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7})", re.IGNORECASE)


def paper_of(url: str) -> str:
    """Return what stands for the paper at an address, whichever form of its address it is."""
    if found := _ARXIV.search(url):
        return f"arxiv:{found[1].casefold()}"
    return re.sub(r"^https?://(?:www\.|dx\.)?", "", url).rstrip("/")


def _twice_read(sessions: Sequence[Facts]) -> Iterator[Finding]:
    first: dict[str, Facts] = {}
    for each in sessions:
        for paper in dict.fromkeys(map(paper_of, each.reading)):
            other = first.setdefault(paper, each)
            if other is not each:
                url = next(url for url in each.reading if paper_of(url) == paper)
                yield each.at(url, f"{url} is read in {other.name} too. If that is meant, there is nothing to do.")


def _people(sessions: Sequence[Facts]) -> Iterator[Finding]:
    """Yield the people with two addresses, the addresses of two names, and names that are nearly the same."""
    addresses: defaultdict[str, dict[str, Facts]] = defaultdict(dict)
    names: defaultdict[str, dict[str, Facts]] = defaultdict(dict)
    for each in sessions:
        for name, url in each.people:
            known = addresses[name]
            if url:
                known.setdefault(url.rstrip("/"), each)
                names[url.rstrip("/")].setdefault(name, each)
    for name, several in addresses.items():
        if len(several) > 1:
            (one, _), (two, where) = list(several.items())[:2]
            yield where.at(two, f"{name} has two links: {one} and {two}. Keep one of them.")
    for url, several in names.items():
        if len(several) > 1:
            (one, _), (two, where) = list(several.items())[:2]
            yield where.at(two, f'the link {url} is that of "{one}" and of "{two}". Spell the name in one way.')
    yield from _near_names(sessions, {frozenset(several) for several in names.values() if len(several) > 1})


MAX_COMPARED = 400
NEAR = 0.88


def _near_names(sessions: Sequence[Facts], told: set[frozenset[str]]) -> Iterator[Finding]:
    first: dict[str, Facts] = {}
    for each in sessions:
        for name, _ in each.people:
            first.setdefault(name, each)
    names = sorted(first)[:MAX_COMPARED]
    for place, one in enumerate(names):
        for two in names[place + 1 :]:
            if two[:1] != one[:1]:
                break
            if len(one.split()) > 1 and len(two.split()) > 1 and not any({one, two} <= each for each in told):
                same_last = one.split()[-1].casefold() == two.split()[-1].casefold() or one.split()[0] == two.split()[0]
                if same_last and SequenceMatcher(None, one.casefold(), two.casefold()).ratio() >= NEAR:
                    yield first[two].at(two, f'"{one}" and "{two}" may be one person. Spell the name in one way.')


MAX_REPEATED = 3


def _twice(sessions: Sequence[Facts]) -> Iterator[Finding]:
    """Yield the sessions of one title, unless it is one that many have, such as Journal Club."""
    titles: defaultdict[str, list[Facts]] = defaultdict(list)
    for each in sessions:
        if each.title and each.is_held:
            titles[" ".join(re.findall(r"\w+", each.title.casefold()))].append(each)
    for title, several in titles.items():
        if title and 1 < len(several) <= MAX_REPEATED:
            for place, each in enumerate(several[1:], 1):
                names = {name for name, _ in each.people}
                if not any(names == {name for name, _ in other.people} for other in several[:place]):
                    continue
                yield each.at(
                    "title", f"{each.name} has the title of {several[0].name}. Remove one, or tell them apart."
                )


_FILE_IN_TREE = re.compile(
    r"(https?://github\.com/[^/]+/[^/]+)/tree/([^?#]+\.(?:pdf|pptx?|key|odp|ipynb|md|docx?))(?=$|[?#])", re.IGNORECASE
)
_PASSWORD = re.compile(r"[?&](?:pwd|password|passcode|passwd)=", re.IGNORECASE)
_HOSTS = (
    "youtu.be", "youtube.com", "github.com", "arxiv.org", "docs.google.com", "drive.google.com", "doi.org",
    "openreview.net", "aclanthology.org", "huggingface.co", "wikipedia.org", "medium.com", "zoom.us", "slideshare.net",
)  # fmt: skip
_NEAR_HOST = 0.85


def of_address(url: str) -> Iterator[str]:
    """Yield what is wrong with an address, and how to mend it; nothing for a path or an anchor."""
    if not _SCHEME.match(url):
        return
    if url.lower().startswith("mailto:"):
        yield f"{url} is an e-mail address, which would become public. Link to a page of the person instead."
        return
    if not url.lower().startswith(("https://", "http://")):
        yield f"{url[:80]} is no address of the web, so it will not be a link. Correct or remove it."
        return
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    is_host = "." in host or host == "localhost"
    if not is_host or " " in url or host.startswith(("http", "https.")):
        yield f"{url[:80]} is malformed and leads nowhere. Correct it."
        return
    if near := _near_host(host):
        yield f"{url} leads to {host}, which may be a slip for {near}. Correct it, if it is."
    if found := _FILE_IN_TREE.match(url):
        file = found[2].rpartition("/")[2]
        yield f"{url} is the address of a folder, and {file} is a file: write {found[1]}/blob/{found[2]}."
    if _PASSWORD.search(url):
        yield f"{url.partition('?')[0]} is linked with its password, which would become public. Leave the password out."


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@lru_cache(maxsize=10_000)
def _near_host(host: str) -> str:
    if host.endswith(_HOSTS) and (host in _HOSTS or host.endswith(tuple(f".{known}" for known in _HOSTS))):
        return ""
    return next((known for known in _HOSTS if SequenceMatcher(None, host, known).ratio() >= _NEAR_HOST), "")


_EMAIL = re.compile(r"(?<![\w.+-/])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SAID_PASSWORD = re.compile(
    r"\b(?:pass(?:word|code|wd)|pwd?|kennwort|passwort|(?:kenn|zugangs|access |meeting )code|mot de passe|code d.accès"
    r"|contraseña|clave|senha|wachtwoord|toegangscode|código de (?:acceso|acesso))\b"
    r"(?:\s?(?:[:=：]|\b(?:is|lautet|ist|est|es|é)\b)\s?\S+|\s[^\s\d]{0,20}\d\S*)"
    r"|\bpin\s?[:=]?\s?\d{4,12}\b"
    r"|(?:密码|密碼|口令|パスワード|パスコード|비밀번호|암호)\s?(?:[:：は]\s?\S+|[a-z0-9]{3,40})"
)  # of texts in lower case, which takes half the time


def of_text(text: str) -> Iterator[str]:
    """Yield the personal data and the passwords that a text would make public; a password is not repeated."""
    if "@" in text:
        for address in dict.fromkeys(_EMAIL.findall(text)):
            yield f"{address} is an e-mail address, which would become public. Remove it, if it should not."
    if _SAID_PASSWORD.search(text.lower()):
        yield "a password stands here, which would become public. Remove it."
