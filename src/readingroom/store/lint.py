"""Warnings about files that are valid, but perhaps not as they were meant."""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from readingroom.core import resources
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location, read_rules
from readingroom.core.models import Session, Status
from readingroom.core.tree import Tree
from readingroom.store import ignores, lint_rules, yaml_codec
from readingroom.store.catalogue import Catalogue
from readingroom.text import characters
from readingroom.text.excerpt import shorten_text
from readingroom.text.matching import suggest_word


def lint_catalogue(catalogue: Catalogue, tree: Tree) -> list[Diagnostic]:
    """Return the warnings that nobody has switched off, in the order of files and lines."""
    sessions = catalogue.sessions
    found = [
        *_check_time_clashes(sessions, tree),
        *_check_unlisted_sessions(sessions, tree),
        *_check_nonexistent_times(catalogue, tree),
        *_check_unused_templates(tree),
    ]
    for each in sessions:
        content = tree.contents[each.file]
        found += yaml_codec.check_truncated_values(each.file, content)
        if not content.isascii():
            found += _check_suspicious_letters(each.file, yaml_codec.decode_text(each.file, content))
    ignored = ignores.read_ignored_codes(tree, catalogue.group)
    return sorted([*ignores.drop_ignored(found, ignored), *ignores.check_ignored_codes(ignored)])


def lint_sessions(catalogue: Catalogue, tree: Tree, today: dt.date | None = None) -> list[Diagnostic]:
    """Return the warnings that it takes several sessions to see, and those about links and private data.

    The rules hold for imported pages too. ``today`` is the day from which on a session need not have slides yet.
    """
    facts = []
    for each in catalogue.sessions:
        text = yaml_codec.decode_text(each.file, tree.contents[each.file])
        lines = {str(key[0]): line for key, line in yaml_codec.map_lines(text).items() if len(key) == 1}
        facts.append(
            lint_rules.build_session_facts(each, list(tree.listings[each.folder]), _find_value_lines(text, lines))
        )
    found = lint_rules.lint_session_facts(facts, catalogue.group.usual_weekday, today)
    return sorted(ignores.drop_ignored(found, ignores.read_ignored_codes(tree, catalogue.group)))


def _find_value_lines(text: str, keys: dict[str, int]) -> dict[str, int]:
    """Return the line of each key, and of each address by the address itself."""
    found = dict(keys)
    for number, line in enumerate(text.split("\n"), 1):
        if "://" in line:
            found.setdefault(line.partition(":")[2].strip().strip("\"'"), number)
    return found


def _build_diagnostic(session: Session, tree: Tree, key: str, code: Code, message: str) -> Diagnostic:
    line = yaml_codec.find_key_line(session.file, tree.contents[session.file], key)
    return Diagnostic(Location(session.file, line, key=key), code, message, read_rules()[code].fix)


def _check_unused_templates(tree: Tree) -> Iterator[Diagnostic]:
    """Yield the group's own templates that no page is made from and no other of them names."""
    own, known = tree.list_own_templates(), resources.read_builtin_templates()
    for name in own.keys() - known.keys():
        if not any(name.encode() in content for other, content in own.items() if other != name):
            hint = suggest_word(name, known, f"Known are: {', '.join(known)}.")
            yield Diagnostic(Location(f"templates/{name}"), Code.TEMPLATE_UNUSED, "is used by no page.", hint)


def _check_time_clashes(sessions: Iterable[Session], tree: Tree) -> Iterator[Diagnostic]:
    """Yield the sessions that take place at the date and time of another."""
    at: defaultdict[tuple[dt.date, str], list[Session]] = defaultdict(list)
    for each in sessions:
        if each.date and each.takes_place:
            at[each.date, each.time].append(each)
    for (date, time), several in at.items():
        for each in several[1:]:
            moment = f"{date} at {time}" if time else f"{date}"
            message = f"takes place on {moment}, like {several[0].path}."
            yield _build_diagnostic(each, tree, "date", Code.SESSION_CLASH, message)


def _check_unlisted_sessions(sessions: Iterable[Session], tree: Tree) -> Iterator[Diagnostic]:
    """Yield the folders that people lead, but that count as material of no session."""
    for each in sessions:
        if each.leads and each.status == Status.SHELF:
            message = "is given, but neither date nor status, so that no list of sessions shows this one."
            yield _build_diagnostic(each, tree, "leads", Code.SESSION_UNLISTED, message)


def _check_nonexistent_times(catalogue: Catalogue, tree: Tree) -> Iterator[Diagnostic]:
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
                message = f"{each.time} does not exist on {each.date} in {zone.key}: the clock skips it."
                yield _build_diagnostic(each, tree, "time", Code.SESSION_TIME_SKIPPED, message)


_WORD = re.compile(r"[^\W\d_]+")
_CONFUSABLE_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def _check_suspicious_letters(file: str, text: str) -> Iterator[Diagnostic]:
    for number, line in enumerate(text.split("\n"), 1):
        for finding in check_letters(line):
            yield Diagnostic(Location(file, number), *finding)


def check_letters(line: str) -> Iterator[Finding]:
    """Yield the characters that hide or reorder text, and words whose letters come from alphabets that look alike."""
    if line.isascii():
        return
    for code in sorted({ord(found) for found in characters.HIDDEN.findall(line)}):
        message = f"holds the invisible character U+{code:04X}, which pages leave out of titles."
        yield Finding(Code.TEXT_INVISIBLE_CHARACTER, message, "Remove it, if it is not meant.")
    for word in _WORD.findall(line):
        scripts = sorted({script for letter in word if (script := _detect_script(letter))})
        if len(scripts) > 1:
            mixed = " and ".join(script.capitalize() for script in scripts)
            message = f'the word "{shorten_text(word)}" mixes {mixed} letters.'
            yield Finding(Code.TEXT_MIXED_ALPHABETS, message, "Type it again in one alphabet.")


def _detect_script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    first = unicodedata.name(letter, "").partition(" ")[0]
    return first if first in _CONFUSABLE_SCRIPTS else ""
