"""An item of a reading list: its title, its address, and what is around it."""

import re
from collections.abc import Sequence

from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import InlineText, Span, squeeze_spaces
from readingroom.importer.session import title as session_title
from readingroom.importer.session.entry import SessionData
from readingroom.importer.vocabulary import fields

MAX_NOTE = 2_000
MAX_ITEM_WORDS = 300


_EMPTY = re.compile(r"[(\[][\s,;/|&·]{0,9}[)\]]")
_BETWEEN = frozenset({"and", "und", "con", "avec", "plus", "with"})
_AFTER = re.compile(r"^[\s–—:,;.|-]+")


def parse_reading_item(words: InlineText) -> SessionData:
    """Return an item of a reading list: the text of its link, the address, and as a note what is around it."""
    links = [link for link in words.links if not link.url.startswith("#")]
    if len(links) != 1:
        return _build_unlinked_item(words, links)
    link = links[0]
    label = link.text.replace("\n", " ")
    place = slicing.get_raw_text(words.runs).find(label)
    if session_title.is_generic_link_text(label) and (made := _parse_title_before_link(words, link, max(place, 0))):
        return made
    before = slicing.strip_spans(slicing.slice_spans(words.runs, 0, max(place, 0)))
    after = slicing.slice_spans(words.runs, place + len(label))
    tail = _AFTER.sub(
        "", _extract_source_after_link(words) or slicing.render_inline_markdown(InlineText(words.line, tuple(after)))
    ).strip()
    if tail.startswith("(") and tail.endswith(")") and tail.count("(") == 1:
        tail = tail[1:-1]
    title, lead = squeeze_spaces(link.text), slicing.get_visible_text(before)
    if title == link.url and lead:
        title, lead = lead, ""
    if lead.endswith(("(", "[")):
        lead, tail = lead[:-1].rstrip(), tail.replace(")" if lead[-1] == "(" else "]", "", 1)
    note = " – ".join(part for part in (lead, tail) if part.strip(" .,;:()"))
    made = {"title": title[:MAX_ITEM_WORDS], "url": link.url}
    return {**made, "note": note[:MAX_NOTE]} if note else made


_SEPARATORS = " \t\n,;:：|/·–—-"


def _parse_title_before_link(words: InlineText, link: Span, place: int) -> SessionData:
    """Return an item whose title precedes a link such as "slides", if one does; the rest becomes a note."""
    text = slicing.get_raw_text(words.runs)
    head, tail = text[:place], text[place + len(link.text) :]
    opens = max(head.rfind("("), head.rfind("["))
    remarks = ["", tail]
    if opens > max(head.rfind(")"), head.rfind("]")):
        closing = re.search(r"[)\]]", tail)
        end = closing.start() if closing else len(tail)
        remarks = [head[opens + 1 :], tail[:end], tail[end + 1 :]]
        head = head[:opens]
    title = squeeze_spaces(head).strip(_SEPARATORS)
    note = ", ".join(filter(None, (squeeze_spaces(each).strip(_SEPARATORS + ".") for each in remarks)))
    if not re.search(r"[^\W\d_]", title) or fields.find_role(title):
        return {}
    made = {"title": title[:MAX_ITEM_WORDS]} | ({"note": note[:MAX_NOTE]} if note else {})
    if fields.find_role(link.text) == fields.RESOURCE:
        return {**made, "items": [{"title": squeeze_spaces(link.text), "url": link.url}]}
    return {**made, "url": link.url}


def _extract_source_after_link(words: InlineText) -> str:
    """Return what was typed after the one link of an item, if that is clear."""
    found = re.search(r"\]\([^()\s]*\)([^\[\]<>]*)\Z", words.source)
    return found[1] if found else ""


def _build_unlinked_item(words: InlineText, links: Sequence[Span]) -> SessionData:
    """Return an item without a link, or with several, which then are items below it."""
    if not links:
        text = words.whole
        if len(text) <= MAX_ITEM_WORDS:
            return {"title": text}
        return {"title": text[: MAX_ITEM_WORDS - 1] + "…", "note": slicing.render_inline_markdown(words)[:MAX_NOTE]}
    below = [{"title": squeeze_spaces(link.text)[:MAX_ITEM_WORDS] or link.url, "url": link.url} for link in links]
    text = slicing.get_raw_text(words.runs)
    label = squeeze_spaces(text[: text.find(links[0].text.replace("\n", " "))]).strip(" ,;:：|/–—-(")
    rest = squeeze_spaces("".join(run.text for run in words.runs if not run.url)).strip()
    note = {"note": slicing.render_inline_markdown(words)[:MAX_NOTE]} if len(rest) > len(label) + 12 else {}
    if note:
        return {"title": label[:MAX_ITEM_WORDS] or below[0]["title"], **note}
    more = squeeze_spaces(_EMPTY.sub(" ", rest.removeprefix(label))).strip(_SEPARATORS + "()[]")
    note = {"note": more[:MAX_NOTE]} if re.search(r"[^\W\d_]{3}", more) and more not in _BETWEEN else {}
    if label:
        return {"title": label[:MAX_ITEM_WORDS], **note, "items": below}
    return {**below[0], **note, "items": below[1:]}
