"""An item of a reading list: its title, its address, and what stands around it."""

import re
from collections.abc import Sequence

from readingroom.importing import cutting
from readingroom.importing.entry import Data
from readingroom.importing.words import Run, Words, squeezed

MAX_NOTE = 2_000
MAX_ITEM_WORDS = 300


_AFTER = re.compile(r"^[\s–—:,;.|-]+")


def read(words: Words) -> Data:
    """Return an item of a reading list: the text of its link, the address, and as a note what stands around it."""
    links = [link for link in words.links if not link.url.startswith("#")]
    if len(links) != 1:
        return _unlinked(words, links)
    link = links[0]
    label = link.text.replace("\n", " ")
    place = cutting.raw(words.runs).find(label)
    before = cutting.trimmed(cutting.cut(words.runs, 0, max(place, 0)))
    after = cutting.cut(words.runs, place + len(label))
    tail = _AFTER.sub("", _source_after(words) or cutting.as_markdown(Words(words.line, tuple(after)))).strip()
    if tail.startswith("(") and tail.endswith(")") and tail.count("(") == 1:
        tail = tail[1:-1]
    title, lead = squeezed(link.text), cutting.text(before)
    if title == link.url and lead:
        title, lead = lead, ""
    note = " – ".join(part for part in (lead, tail) if part.strip(" .,;:()"))
    made = {"title": title[:MAX_ITEM_WORDS], "url": link.url}
    return {**made, "note": note[:MAX_NOTE]} if note else made


def _source_after(words: Words) -> str:
    """Return what was typed behind the one link of an item, if that can be told."""
    found = re.search(r"\]\([^()\s]*\)([^\[\]<>]*)\Z", words.source)
    return found[1] if found else ""


def _unlinked(words: Words, links: Sequence[Run]) -> Data:
    """Return an item without a link, or with several, which then are items below it."""
    if not links:
        text = words.whole
        if len(text) <= MAX_ITEM_WORDS:
            return {"title": text}
        return {"title": text[: MAX_ITEM_WORDS - 1] + "…", "note": cutting.as_markdown(words)[:MAX_NOTE]}
    below = [{"title": squeezed(link.text)[:MAX_ITEM_WORDS] or link.url, "url": link.url} for link in links]
    text = cutting.raw(words.runs)
    label = squeezed(text[: text.find(links[0].text.replace("\n", " "))]).strip(" ,;:：|/–—-(")
    rest = squeezed("".join(run.text for run in words.runs if not run.url)).strip()
    note = {"note": cutting.as_markdown(words)[:MAX_NOTE]} if len(rest) > len(label) + 12 else {}
    if note:
        return {"title": label[:MAX_ITEM_WORDS] or below[0]["title"], **note}
    if label:
        return {"title": label[:MAX_ITEM_WORDS], "items": below}
    return {**below[0], "items": below[1:]}
