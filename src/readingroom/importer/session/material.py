"""Links and notes of a value that has no place of its own: they become material of the session."""

import re

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText
from readingroom.importer.people import names
from readingroom.importer.session import title
from readingroom.importer.session.entry import ImportedSession
from readingroom.importer.session.reading_item import MAX_ITEM_WORDS, MAX_NOTE
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import AUTHORS, RESOURCE, TITLE, VENUE


def add_reading_links(entry: ImportedSession, role: str, head: str, words: InlineText) -> None:
    """Take the links of reading or resources, and what stands there without one."""
    shown = role == TITLE and fields.normalize_label(head) in _SHOWN
    for rest in title.add_cell_links(entry, words.runs, head, RESOURCE if shown else role):
        if names.is_placeholder(rest):
            continue
        if shown or role == RESOURCE:
            entry.add_note(head, rest)
        else:
            entry.add_item(rest[:MAX_ITEM_WORDS], "")
    if words.links and _has_text_next_to_links(words.runs):
        entry.add_note(head, slicing.render_inline_markdown(words)[:MAX_NOTE])


_BETWEEN = re.compile(r"[,;|/·()\[\]:：–—&+\n]|\b(?:and|und|et|y|e)\b")

_MIN = 3  # letters; shorter words such as "see" and "via" say nothing


def _has_text_next_to_links(runs: Spans) -> bool:
    """Tell whether there are words beside links that do more than name what they link to."""
    beside = "\n".join(run.text for run in runs if not run.url and not run.struck and not run.image)
    parts = [part.strip(" .*-") for part in _BETWEEN.split(beside)]
    return any(len(part) > _MIN and not names.is_placeholder(part) and not fields.find_role(part, 2) for part in parts)


def add_value_note(entry: ImportedSession, role: str, head: str, words: InlineText) -> None:
    """Keep what has no place of its own: of a paper beside its item, of the session as a section."""
    note = slicing.render_inline_markdown(words)[:MAX_NOTE]
    items = entry.material[0].get("items", []) if entry.material else []
    if role in {AUTHORS, VENUE} and len(items) == 1:
        before = items[0].get("note", "")
        items[0]["note"] = f"{before}; {note}"[:MAX_NOTE] if before else note
    elif not names.is_placeholder(words.text):
        entry.add_note(head[:MAX_ITEM_WORDS], note)
    add_links(entry, words)


# Labels of a title that, where there is one, name what was shown.
_SHOWN = frozenset({"presentation", "talk", "vortrag", "présentation", "presentación", "apresentação", "발표"})


def add_links(entry: ImportedSession, words: InlineText) -> None:
    for link in words.links:
        entry.add_link(link.url)
