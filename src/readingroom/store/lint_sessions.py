"""Warnings that compare sessions, for session files and imported pages."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.core.models import WEEKDAYS, Session
from readingroom.core.text_file import decode_file
from readingroom.core.tree import Tree
from readingroom.store import ignores, leads, lint_texts, yaml_codec
from readingroom.store.catalogue import Catalogue
from readingroom.store.schema import format_key_path
from readingroom.text.matching import is_similar
from readingroom.text.phrases import shorten_text
from readingroom.text.references import derive_paper_key


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the rules need of one session: its location and its content.

    ``people`` are names and addresses, ``reading`` the addresses of the material, ``links`` all addresses, ``texts``
    the values by key, such as ``leads[0].name``, and ``lines`` the lines of the keys. Pages have neither: their key is
    empty.
    """

    file: str
    line: int
    day: dt.date | None
    title: str
    people: tuple[tuple[str, str], ...] = ()
    reading: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    has_resources: bool = False
    is_held: bool = True
    lines: Mapping[str, int] = field(default_factory=dict)

    def build_diagnostic(self, key: str, finding: Finding) -> Diagnostic:
        key = key if key in self.lines else ""
        return Diagnostic(Location(self.file, self.lines.get(key, self.line), key=key), *finding)

    def build_value_diagnostic(self, value: str, finding: Finding) -> Diagnostic:
        """Return a diagnostic at the first key with a value, which may lack the slash at its end."""
        keys = (key for key, text in self.texts.items() if value in {text, text.rstrip("/")})
        return self.build_diagnostic(next(keys, ""), finding)

    @property
    def name(self) -> str:
        """The session as a sentence names it."""
        name = f'"{shorten_text(self.title)}"' if self.title else "the session"
        return f"{name} ({self.day})" if self.day else name


def lint_sessions(catalogue: Catalogue, tree: Tree, today: dt.date | None = None) -> list[Diagnostic]:
    """Return the warnings that compare sessions, and those about links.

    Sessions from ``today`` on need no slides yet.
    """
    facts = []
    for session in catalogue.sessions:
        values = yaml_codec.map_values(decode_file(session.file, tree.contents[session.file]).text)
        facts.append(build_session_facts(session, list(tree.listings[session.folder]), values))
    diagnostics = lint_session_facts(facts, catalogue.group.usual_weekday, today)
    return sorted(ignores.drop_ignored(diagnostics, ignores.read_ignored_codes(tree, catalogue.group)))


def lint_session_facts(
    sessions: Sequence[SessionFacts], usual_weekday: int | None, today: dt.date | None = None
) -> list[Diagnostic]:
    """Return the warnings about sessions; without a ``usual_weekday`` of the group, it is that of most days."""
    diagnostics = [
        *_check_weekdays(sessions, usual_weekday),
        *_check_repeated_readings(sessions),
        *_check_people(sessions),
        *_check_repeated_titles(sessions),
        *_check_missing_resources([each for each in sessions if not today or (each.day and each.day < today)]),
    ]
    for session in sessions:
        diagnostics += [
            session.build_value_diagnostic(url, finding)
            for url in session.links
            for finding in lint_texts.check_url(url)
        ]
    return diagnostics


def build_session_facts(session: Session, files: Sequence[str], values: yaml_codec.ValueMap) -> SessionFacts:
    """Return the facts of a session of the catalogue; ``files`` are the other files of its folder."""
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
        {format_key_path(path): text for path, (text, _) in values.items()},
        bool(session.resources or files),
        session.takes_place,
        {format_key_path(path): line for path, (_, line) in values.items()},
    )


MIN_WEEKDAY_SHARE = 0.6
MIN_DAYS = 4


def find_usual_weekday(days: Sequence[dt.date]) -> int | None:
    """Return the weekday of most of the days, if there is one."""
    if len(days) < MIN_DAYS:
        return None
    weekday, count = Counter(day.weekday() for day in days).most_common(1)[0]
    return weekday if count >= MIN_WEEKDAY_SHARE * len(days) else None


def _check_weekdays(sessions: Sequence[SessionFacts], usual_weekday: int | None) -> Iterator[Diagnostic]:
    dated = [(session.day, session) for session in sessions if session.day and session.is_held]
    overall = usual_weekday if usual_weekday is not None else find_usual_weekday([day for day, _ in dated])
    weekdays = {
        half: overall if usual_weekday is not None else _find_half_year_weekday(list(days), overall)
        for half, days in groupby(sorted(day for day, _ in dated), key=_get_half_year)
    }
    for day, session in dated:
        weekday = weekdays[_get_half_year(day)]
        if weekday is not None and day.weekday() != weekday:
            message = f"{session.name} is on a {WEEKDAYS[day.weekday()]}, not on a {WEEKDAYS[weekday]}."
            yield session.build_diagnostic("date", Finding.from_rule(Code.SESSION_WEEKDAY_UNUSUAL, message))


_AUGUST = 8


def _get_half_year(day: dt.date) -> tuple[int, bool]:
    """Return a day's half of the year: most groups' terms begin about August and January."""
    return day.year, day.month >= _AUGUST


def _find_half_year_weekday(days: Sequence[dt.date], overall: int | None) -> int | None:
    """Return the usual weekday of half a year: the overall one if it has a single day or a few that do not agree."""
    if len(days) >= MIN_DAYS:
        return find_usual_weekday(days)
    return overall if len({day.weekday() for day in days}) > 1 or len(days) == 1 else None


def _check_missing_resources(sessions: Sequence[SessionFacts]) -> Iterator[Diagnostic]:
    """Yield the sessions without resources, if most sessions have some."""
    dated = [session for session in sessions if session.is_held and session.day]
    if sum(session.has_resources for session in dated) * 2 <= len(dated):
        return
    for session in dated:
        if not session.has_resources:
            message = f"{session.name} has no slides, recording or other file."
            yield session.build_diagnostic("", Finding.from_rule(Code.SESSION_RESOURCES_MISSING, message))


def _check_repeated_readings(sessions: Sequence[SessionFacts]) -> Iterator[Diagnostic]:
    first: dict[str, SessionFacts] = {}
    for session in sessions:
        papers: dict[str, str] = {}
        for url in session.reading:
            papers.setdefault(derive_paper_key(url), url)
        for paper, url in papers.items():
            other = first.setdefault(paper, session)
            if other is not session:
                finding = Finding.from_rule(Code.READING_REPEATED, f"{url} is read in {other.name} too.")
                yield session.build_value_diagnostic(url, finding)


def _check_people(sessions: Sequence[SessionFacts]) -> Iterator[Diagnostic]:
    """Yield the people with two addresses, the addresses of two names, and very similar names."""
    addresses: defaultdict[str, dict[str, SessionFacts]] = defaultdict(dict)
    names: defaultdict[str, dict[str, SessionFacts]] = defaultdict(dict)
    for session in sessions:
        for name, url in session.people:
            if url:
                addresses[name].setdefault(url.rstrip("/"), session)
                names[url.rstrip("/")].setdefault(name, session)
    for name, several in addresses.items():
        if len(several) > 1:
            (one, _), (two, session) = list(several.items())[:2]
            message = f"{name} has two links: {one} and {two}."
            yield session.build_value_diagnostic(two, Finding.from_rule(Code.PERSON_LINKS_DIFFER, message))
    several_people = _list_people_of_one_session(sessions)
    reported: set[str] = set()
    for url, several in names.items():
        pairs = _iter_names_of_one_person(url, several)
        if pair := next((pair for pair in pairs if {*pair} not in several_people), None):
            reported.add(url)
            one, two = pair
            message = f'the link {url} is that of "{one}" and of "{two}".'
            yield several[two].build_value_diagnostic(url, Finding.from_rule(Code.PERSON_NAMES_DIFFER, message))
    links = {name: several.keys() & reported for name, several in addresses.items()}
    yield from _check_similar_names(sessions, links, several_people)


def _iter_names_of_one_person(url: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a link's names that are one person's: the page of a lab has members of many names."""
    by_family: defaultdict[str, list[str]] = defaultdict(list)
    is_personal = bool(leads.parse_handle(url))
    for name in names:
        by_family["" if is_personal else name.casefold().rpartition(" ")[2]].append(name)
    for several in by_family.values():
        yield from combinations(several, 2)


def _list_people_of_one_session(sessions: Sequence[SessionFacts]) -> set[frozenset[str]]:
    """Return the pairs of names that one session has: they are two people, such as two of one lab."""
    return {frozenset(pair) for each in sessions for pair in combinations(dict.fromkeys(dict(each.people)), 2)}


MAX_COMPARED_NAMES = 400
MIN_NAME_SIMILARITY = 0.88


def _check_similar_names(
    sessions: Sequence[SessionFacts], links: Mapping[str, set[str]], several_people: set[frozenset[str]]
) -> Iterator[Diagnostic]:
    """Yield the similar names, unless they share a link that has its own warning; ``links`` has those of a name."""
    first: dict[str, SessionFacts] = {}
    for session in sessions:
        for name, _ in session.people:
            first.setdefault(name, session)
    several = ((name, name.split()) for name in sorted(first)[:MAX_COMPARED_NAMES])
    names = [(name, words[0], words[-1].casefold()) for name, words in several if len(words) > 1]
    for index, (one, given, family) in enumerate(names):
        for two, other_given, other_family in names[index + 1 :]:
            if two[:1] != one[:1]:
                break
            if family != other_family and given != other_given:
                continue
            if not links.get(one, set()).isdisjoint(links.get(two, ())):
                continue
            is_pair = frozenset({one, two}) not in several_people
            if is_pair and is_similar(one.casefold(), two.casefold(), MIN_NAME_SIMILARITY):
                message = f'"{one}" and "{two}" may be one person.'
                yield first[two].build_value_diagnostic(two, Finding.from_rule(Code.PERSON_NAMES_SIMILAR, message))


MAX_REPEATED_TITLES = 3


def _check_repeated_titles(sessions: Sequence[SessionFacts]) -> Iterator[Diagnostic]:
    """Yield the sessions with the title of another, unless many have it, such as Journal Club."""
    titles: defaultdict[str, list[SessionFacts]] = defaultdict(list)
    for session in sessions:
        if session.title and session.is_held:
            titles[" ".join(re.findall(r"\w+", session.title.casefold()))].append(session)
    for title, several in titles.items():
        if title and 1 < len(several) <= MAX_REPEATED_TITLES:
            for index, session in enumerate(several[1:], 1):
                names = {name for name, _ in session.people}
                if any(names == {name for name, _ in other.people} for other in several[:index]):
                    message = f"{session.name} has the title of {several[0].name}."
                    yield session.build_diagnostic("title", Finding.from_rule(Code.SESSION_TITLE_REPEATED, message))
