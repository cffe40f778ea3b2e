"""The line beside a day: who leads and what it is about, split as most lines of its group can be."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from readingroom.importing import columns, cutting, moment, people, reading, roster, speech, status, topic
from readingroom.importing.cutting import Runs
from readingroom.importing.entry import ROW, Entry
from readingroom.importing.tables import Gathered
from readingroom.importing.words import Run, Words, squeezed


@dataclass
class Draft:
    """An entry that is not split yet into title and leads: the runs that stand beside its day."""

    entry: Entry
    rest: Runs


def settled(drafts: Sequence[Draft], skipped: Sequence[tuple[int, str]]) -> Gathered:
    """Return the entries of a group, the lines beside their days split as most of the group's can be."""
    for draft in drafts:
        _take_opening(draft)
    ways = _ways_of_most([draft for draft in drafts if _is_open(draft)])
    made = Gathered(skipped=list(skipped))
    for draft in drafts:
        _split(draft, ways)
        entry = draft.entry
        if entry.is_empty:
            made.skipped.append((entry.line, "has a day and nothing else, so it is no session."))
        else:
            made.entries.append(entry)
    return made


def _ways_of_most(drafts: Sequence[Draft]) -> frozenset[str]:
    """Return the ways in which most lines can be split, none if there are no such ways."""
    kinds = Counter(kind for draft in drafts for kind in _ways(draft))
    counts = kinds["first"], sum(count for kind, count in kinds.items() if kind != "first")
    most = max(counts)
    if not most or most * 2 < len(drafts):
        return frozenset()
    return frozenset({"first"}) if counts[0] > counts[1] else frozenset(kinds) - {"first"}


_MOST = 0.7


def parted(cells: Sequence[Words], *, is_said: bool) -> list[tuple[Words, Words] | None]:
    """Return the people and the title of each cell that has both: of any where the head says so, else of nearly all."""
    drafts = [Draft(Entry("", cell.line, ROW), cell.runs) for cell in cells]
    ways = _ways_of_most([draft for draft in drafts if _is_open(draft)])
    if not is_said:
        colons = [":" in (text := cutting.raw(draft.rest)) and _head(text) for draft in drafts if _is_open(draft)]
        ways = frozenset({"first"}) if len(colons) > 1 and sum(map(bool, colons)) > _MOST * len(colons) else frozenset()
    return [_parted(draft, ways) if _is_open(draft) else None for draft in drafts]


def _parted(draft: Draft, ways: frozenset[str]) -> tuple[Words, Words] | None:
    runs, line = draft.rest, draft.entry.line
    if "first" in ways and (head := _head(cutting.raw(runs))):
        return Words(line, cutting.cut(runs, *head[:2])), Words(line, cutting.cut(runs, head[2]))
    if ways and "first" not in ways and (found := _told_tail(draft, ways)):
        names = cutting.cut(runs, found.start("name"), found.end("name"))
        return Words(line, names), Words(line, tuple(_take_tail(draft, found)))
    return None


_HOUR = r"[0-9]{1,2}(?:[:.h][0-9]{2})?\s?(?:[ap]\.?m\.?|uhr|h)?"
_OPENING = re.compile(
    rf"\s?[@,]?\s?(?:at|um|à|às|a las)?\s?(?P<time>{_HOUR}(?:\s?[-–]\s?{_HOUR})?)"
    r"(?:,?\s(?:in|at|en|im)\s(?P<room>[^:：–—]{1,30}?))?\s?(?:[:：]|\s[–—-]\s)\s?(?=\S)",
    re.IGNORECASE,
)


def _take_opening(draft: Draft) -> None:
    """Take the hour that a line begins with, and the room behind it."""
    found = _OPENING.match(cutting.raw(draft.rest))
    if found and moment.hours(found["time"])[0]:
        reading.take_time(draft.entry, found["time"])
        draft.entry.room = draft.entry.room or (found["room"] or "").strip()
        draft.rest = cutting.cut(draft.rest, found.end())


def _is_open(draft: Draft) -> bool:
    """Tell whether a line is still to be split, and speaks of a session."""
    text = cutting.text(draft.rest)
    return bool(text) and not draft.entry.leads and not draft.entry.title and not status.of(text)[0]


_FIRST = re.compile(r"\s{0,3}([^,:：，–—|]{2,60}?)\s{0,3}(?:(?:[,:|]|\s[–—-])\s+|[：，])(?=\S)")
_LAST = {
    "led": re.compile(
        r"\s?[,;(]\s?(?:led|presented|given|hosted|vorgestellt|geleitet|animée?|présentée?|presentad[oa]|apresentad[oa])"
        r"\s(?:by|von|par|por)\s(?P<name>[^–—|(),;]{2,60}?)\.?(?:\)\s*)?\Z"
    ),
    "dash": re.compile(r"\s[–—|/-]\s\s?(?P<name>[^–—|]{3,80}?)\s*\Z"),
    "by": re.compile(r",?\s(?:(?:presented|led|given)\s)?(?:by|par|por)\s\s?(?P<name>[^–—|]{3,80}?)\s*\Z"),
    "brackets": re.compile(r"\s\((?:by\s|lead:?\s)?\s?(?P<name>[^()–—|]{3,80}?)(?:\)\s*)?\Z"),
    "comma": re.compile(r",\s(?P<name>[^–—|()]{3,80}?)\.?\s*\Z"),
}


def _tail(text: str, end: int, loose: Iterable[str] = ()) -> tuple[str, re.Match[str]] | None:
    """Return in which way a line ends with people, and where; in a loose way a word that may be a name is enough."""
    for way, pattern in _LAST.items():
        if (found := pattern.search(text, 0, end)) and _are_names(found["name"], is_loose=way == "led" or way in loose):
            return way, found
    return None


def _ways(draft: Draft) -> set[str]:
    """Return how a line may be split: a lead before its title, or in some way behind it."""
    text, ways = cutting.raw(draft.rest), set[str]()
    if (head := _head(text)) or people.has_family_name(text.strip()):
        ways.add("first")
    found = _tail(text, _end(draft.rest))
    if found and not (head and people.has_family_name(text[head[0] : head[1]].strip())):
        ways.add(found[0])
    return ways


def _head(text: str) -> tuple[int, int, int] | None:
    """Return where the people begin and end that a line begins with, and where its title begins."""
    if said := speech.head(text, _are_names):
        return said
    found = _FIRST.match(text)
    if not found or not _are_names(found[1]):
        return None
    place = _FIRST.match(text, found.end())
    if place and text[found.end(1) : found.end()].strip() == "," and people.is_place(place[1]):
        return found.start(1), place.end(1), place.end()
    return found.start(1), found.end(1), found.end()


def _end(runs: Runs) -> int:
    """Return where the words of a line end: before the links that stand in brackets or alone behind them."""
    place, end = 0, 0
    for run in runs:
        place += len(run.text)
        if not run.url and run.text.strip(" ()[],;|·/"):
            end = place - (len(run.text) - len(run.text.rstrip(" ([,;|·/")))
    return end if any(run.url for run in runs) and not (runs and runs[0].url and end == 0) else place


def _is_full_name(text: str) -> bool:
    if re.fullmatch(r"@[A-Za-z0-9-]+", text):
        return True
    if status.is_meeting(text) or columns.role_of(text) or people.is_topic(text):
        return False
    size = len(re.sub(r"\([^()]*\)", "", text[: people.MAX_CELL]).split())
    return people.is_name(text) and (size > 1 or not text.isascii()) and size < 5


def _are_names(text: str, *, is_loose: bool = False) -> bool:
    """Tell whether a text names people and says nothing else; a word alone may be a name if that is enough."""
    if _is_full_name(text):
        return True
    found = roster.read(Words(0, (Run(text),)))
    each = people.is_name if is_loose else _is_full_name
    return bool(found.people) and (is_loose or not found.unclear) and all(each(lead.name) for lead in found.people)


def _split(draft: Draft, ways: frozenset[str]) -> None:
    """Put the line beside a day into its entry."""
    entry, runs = draft.entry, draft.rest
    text = cutting.raw(runs)
    if _is_open(draft):
        is_first = "first" in ways
        if head := _head(text) if is_first else speech.head(text, _are_names):
            reading.take_leads(entry, Words(entry.line, cutting.cut(runs, *head[:2])))
            runs = cutting.cut(runs, head[2])
        elif is_first and _is_full_name(squeezed(text)):
            reading.take_leads(entry, Words(entry.line, tuple(runs)))
            runs = ()
        elif people_at_end := _told_tail(draft, ways):
            runs = _take_tail(draft, people_at_end)
    if not cutting.text(runs) and not any(run.url or run.struck for run in runs):
        return
    if entry.title and not entry.leads and (found := _tail(text, _end(runs))):
        _take_tail(draft, found[1])
    if entry.title:
        reading.take_value(entry, columns.OTHER, "", Words(entry.line, tuple(runs)))
        return
    material, entry.material = entry.material, []
    topic.take(entry, runs)
    entry.material += material


def _told_tail(draft: Draft, ways: frozenset[str]) -> re.Match[str] | None:
    """Return where people end a line, if its group's lines end with people or its words say so."""
    text = cutting.raw(draft.rest)
    found = _tail(text, _end(draft.rest), ways - {"first"})
    if found is None:
        return None
    way, place = found
    is_said = way == "led" or (way == "by" and text[: place.start()].rstrip(" ,").endswith(tuple('»”“"」》』')))
    return place if is_said or (ways and "first" not in ways) else None


def _take_tail(draft: Draft, found: re.Match[str]) -> Runs:
    """Take the people that a line ends with, and return its other runs."""
    entry, runs = draft.entry, draft.rest
    reading.take_leads(entry, Words(entry.line, cutting.cut(runs, found.start("name"), found.end("name"))))
    before, behind = cutting.cut(runs, 0, found.start()), cutting.cut(runs, _end(runs))
    if found[0].count("(") > found[0].count(")"):  # the links behind the people stand in the same brackets
        behind = tuple(run if run.url else run._replace(text=run.text.replace(")", "")) for run in behind)
        behind = tuple(each for run in behind for each in ((Run(" ("), run, Run(") ")) if run.url else (run,)))
    closing = Run(")" if found[0].count("(") < found[0].count(")") else " ")
    return (*before, closing, *behind)
