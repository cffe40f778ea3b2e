"""What is worth telling an organiser about files that are valid."""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from readingroom.core import resources
from readingroom.core.diagnostics import Finding
from readingroom.core.models import Session, Status
from readingroom.core.tree import Tree
from readingroom.store import lint_rules, yaml_codec
from readingroom.store.catalogue import Catalogue
from readingroom.text import characters
from readingroom.text.matching import suggest_word


def lint_catalogue(catalogue: Catalogue, tree: Tree) -> list[Finding]:
    """Return every finding, in the order of files and lines."""
    sessions = catalogue.sessions
    found = [
        *_check_time_clashes(sessions, tree),
        *_check_unlisted_sessions(sessions, tree),
        *_check_nonexistent_times(catalogue, tree),
        *_check_unused_templates(tree),
    ]
    for each in sessions:
        file = f"{each.path}/session.yml"
        found += yaml_codec.check_truncated_values(file, tree.contents[file])
        if not tree.contents[file].isascii():
            found += _check_suspicious_letters(file, yaml_codec.decode_text(file, tree.contents[file]))
    return sorted(found)


def lint_sessions(catalogue: Catalogue, tree: Tree, today: dt.date | None = None) -> list[Finding]:
    """Return what the sessions beside each other show on a day: the rules that hold for imported pages too."""
    facts = []
    for each in catalogue.sessions:
        file = f"{each.path}/session.yml"
        text = yaml_codec.decode_text(file, tree.contents[file])
        lines = {str(key[0]): line for key, line in yaml_codec.map_lines(text).items() if len(key) == 1}
        facts.append(
            lint_rules.build_session_facts(each, file, list(tree.listings[each.folder]), _find_value_lines(text, lines))
        )
    return sorted(lint_rules.lint_session_facts(facts, catalogue.group.usual_weekday, today))


def _find_value_lines(text: str, keys: dict[str, int]) -> dict[str, int]:
    """Return the line of each key, and of each address by the address itself."""
    found = dict(keys)
    for number, line in enumerate(text.split("\n"), 1):
        if "://" in line:
            found.setdefault(line.partition(":")[2].strip().strip("\"'"), number)
    return found


def _build_diagnostic(session: Session, tree: Tree, key: str, message: str) -> Finding:
    file = f"{session.path}/session.yml"
    return Finding(file, yaml_codec.find_key_line(file, tree.contents[file], key), key, message)


def _check_unused_templates(tree: Tree) -> Iterator[Finding]:
    """Yield the group's own templates that no page is made from and no other of them names."""
    own = tree.list_own_templates()
    for name in own.keys() - resources.read_builtin_templates().keys():
        if not any(name.encode() in content for other, content in own.items() if other != name):
            known = resources.read_builtin_templates()
            hint = suggest_word(name, known, f"Known are: {', '.join(known)}.")
            yield Finding(f"templates/{name}", 0, "", f"is used by no page. {hint}")


def _check_time_clashes(sessions: Iterable[Session], tree: Tree) -> Iterator[Finding]:
    """Yield the sessions that take place at the date and time of another."""
    at: defaultdict[tuple[dt.date, str], list[Session]] = defaultdict(list)
    for each in sessions:
        if each.date and each.takes_place:
            at[each.date, each.time].append(each)
    for (date, time), several in at.items():
        for each in several[1:]:
            moment = f"{date} at {time}" if time else f"{date}"
            message = (
                f"takes place on {moment}, like sessions/{several[0].folder}. Move one of the two, if that is wrong."
            )
            yield _build_diagnostic(each, tree, "date", message)


def _check_unlisted_sessions(sessions: Iterable[Session], tree: Tree) -> Iterator[Finding]:
    """Yield the folders that people lead, but that count as material of no session."""
    for each in sessions:
        if each.leads and each.status == Status.SHELF:
            yield _build_diagnostic(each, tree, "leads", _UNLISTED)


_UNLISTED = (
    "is given, but neither date nor status, so that no list of sessions shows this one. "
    "Add a date, or the line status: proposed until there is one."
)


def _check_nonexistent_times(catalogue: Catalogue, tree: Tree) -> Iterator[Finding]:
    """Yield the times that the clock skips when summer time begins."""
    zone = ZoneInfo(catalogue.group.time_zone)
    for each in catalogue.sessions:
        # Clocks change at night; looking at every session of the day would double the cost of this module.
        if each.date and each.time and each.time < "05:00":
            moment = dt.datetime.combine(each.date, dt.time.fromisoformat(each.time), zone)
            if each.date.year in {dt.MINYEAR, dt.MAXYEAR}:
                continue  # in UTC it may be in a year that has no number
            back = moment.astimezone(dt.UTC).astimezone(zone)
            if back.replace(tzinfo=None) != moment.replace(tzinfo=None):
                message = (
                    f"{each.time} does not exist on {each.date} in {zone.key}: the clock skips it. Choose another time."
                )
                yield _build_diagnostic(each, tree, "time", message)


_WORD = re.compile(r"[^\W\d_]+")
_CONFUSABLE_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def _check_suspicious_letters(file: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.split("\n"), 1):
        for message in describe_suspicious_letters(line):
            yield Finding(file, number, "", message)


def describe_suspicious_letters(line: str) -> Iterator[str]:
    """Yield the characters that hide or reorder text, and words whose letters come from alphabets that look alike."""
    if line.isascii():
        return
    for code in sorted({ord(found) for found in characters.HIDDEN.findall(line)}):
        held = f"holds the invisible character U+{code:04X}, which pages leave out of titles."
        yield f"{held} Remove it, if it is not meant."
    for word in _WORD.findall(line):
        scripts = sorted({script for letter in word if (script := _detect_script(letter))})
        if len(scripts) > 1:
            mixed = " and ".join(script.capitalize() for script in scripts)
            yield f'the word "{word}" mixes {mixed} letters. Type it again in one alphabet.'


def _detect_script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    first = unicodedata.name(letter, "").partition(" ")[0]
    return first if first in _CONFUSABLE_SCRIPTS else ""
