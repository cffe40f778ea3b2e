"""The line beside a day: who leads and what it is about, split as most lines of its group can be."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from readingroom.importing import columns, cutting, people, reading, status, topic
from readingroom.importing.cutting import Runs
from readingroom.importing.entry import Entry
from readingroom.importing.tables import Gathered
from readingroom.importing.words import Run, Words, squeezed


@dataclass
class Draft:
    """An entry that is not split yet into title and leads: the runs that stand beside its day."""

    entry: Entry
    rest: Runs


def settled(drafts: Sequence[Draft], skipped: Sequence[tuple[int, str]]) -> Gathered:
    """Return the entries of a group, the lines beside their days split as most of the group's can be."""
    open_ones = [
        draft for draft in drafts if not draft.entry.leads and not draft.entry.title and cutting.text(draft.rest)
    ]
    kinds = Counter(kind for draft in open_ones for kind in _ways(draft))
    kinds = Counter({kind: count for kind, count in kinds.items() if count * 2 >= len(open_ones)})
    is_lead_first = kinds["first"] > kinds["last"]
    made = Gathered(skipped=list(skipped))
    for draft in drafts:
        _split(draft, "first" if is_lead_first else "last" if kinds["last"] else "")
        entry = draft.entry
        if entry.is_empty:
            made.skipped.append((entry.line, "has a day and nothing else, so it is no session."))
        else:
            made.entries.append(entry)
    return made


_FIRST = re.compile(r"\s*([^,:–—|]{3,60}?)\s*(?:[,:|]|\s[–—-])\s+(?=\S)")
_LAST = (
    re.compile(r"(?:\s[–—|/-]\s|,?\s(?:presented )?by\s)\s?(?P<name>[^–—|]{3,80}?)\s*\Z"),
    re.compile(r"\s\((?:by\s|lead:?\s)?\s?(?P<name>[^()–—|]{3,80}?)\)\s*\Z"),
    re.compile(r",\s(?P<name>[^–—|()]{3,80}?)\.?\s*\Z"),
)


def _tail(text: str, end: int) -> re.Match[str] | None:
    """Return where a line ends with people, and who they are."""
    found = (pattern.search(text, 0, end) for pattern in _LAST)
    return next((each for each in found if each and _are_names(each["name"])), None)


def _ways(draft: Draft) -> set[str]:
    """Return how a line may be split: a lead before its title, or behind it."""
    if draft.entry.leads or draft.entry.title:
        return set()
    text, ways = cutting.raw(draft.rest), set[str]()
    if (found := _FIRST.match(text)) and _is_full_name(found[1]):
        ways.add("first")
    if _tail(text, _end(draft.rest)):
        ways.add("last")
    return ways


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
    return people.is_name(text) and (len(text.split()) > 1 or not text.isascii()) and len(text.split()) < 5


def _are_names(text: str) -> bool:
    return all(
        _is_full_name(part) for part in re.split(r"\s*(?:,|&|\band\b|\bund\b|\bet\b|\by\b|\be\b|、)\s*", text) if part
    )


def _split(draft: Draft, way: str) -> None:
    """Put the line beside a day into its entry."""
    entry, runs = draft.entry, draft.rest
    text = cutting.raw(runs)
    if not entry.leads and not entry.title and not status.of(text)[0]:
        if way == "first" and (found := _FIRST.match(text)) and _is_full_name(found[1]):
            reading.take_leads(entry, Words(entry.line, cutting.cut(runs, found.start(1), found.end(1))))
            runs = cutting.cut(runs, found.end())
        elif way == "first" and _is_full_name(squeezed(text)):
            reading.take_leads(entry, Words(entry.line, tuple(runs)))
            runs = ()
        elif way == "last" and (found := _tail(text, _end(runs))):
            reading.take_leads(entry, Words(entry.line, cutting.cut(runs, found.start("name"), found.end("name"))))
            runs = (*cutting.cut(runs, 0, found.start()), Run(" "), *cutting.cut(runs, _end(runs)))
    if not cutting.text(runs) and not any(run.url or run.struck for run in runs):
        return
    if entry.title and not entry.leads and (found := _tail(text, _end(runs))):
        reading.take_leads(entry, Words(entry.line, cutting.cut(runs, found.start("name"), found.end("name"))))
    if entry.title:
        reading.take_value(entry, columns.OTHER, "", Words(entry.line, tuple(runs)))
        return
    material, entry.material = entry.material, []
    topic.take(entry, runs)
    entry.material += material
