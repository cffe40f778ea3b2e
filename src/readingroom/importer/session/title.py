"""The topic of a row or a line: its title, its status, and its links, separated into reading and resources."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from readingroom.core.models import Status
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, Span, squeeze_spaces
from readingroom.importer.session import status
from readingroom.importer.session.entry import ImportedSession
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary import words as vocabulary_words


class TitleLines(NamedTuple):
    """The titles of a cell as one, the lines that are sentences, and the titles that may be one that is wrapped."""

    title: tuple[Span, ...]
    notes: list[Spans]
    unsure: tuple[str, str] | None = None


def parse_title_lines(runs: Spans) -> TitleLines:
    """Return what the lines of a cell of titles are."""
    first, *others = slicing.split_lines(runs) or [()]
    title, before, notes, unsure = list(first), first, list[Spans](), None
    for line in others:
        if _is_title_continued(before, line):
            title += [Span(" "), *line]
        elif before and _is_sentence(line):
            notes.append(line)
            continue
        else:
            title += [Span("; "), *line]
            if _is_plain_title(before) and _is_plain_title(line):
                unsure = unsure or (slicing.get_visible_text(before), slicing.get_visible_text(line))
        before = line
    return TitleLines(tuple(title), notes, unsure)


_SMALL = frozenset(
    ["a", "an", "the", "and", "or", "of", "for", "in", "on", "with", "to", "from", "by", "via", "der", "die", "das",
     "den", "und", "für", "von", "im", "zur", "zum", "la", "le", "les", "de", "du", "des", "et", "el", "los", "las",
     "y", "del", "o", "os", "da", "do", "e"]
)  # fmt: skip
_SPEAKS = re.compile(
    r"\b(?:we|you|i|us|please|note|wir|ihr|bitte|nous|vous|veuillez|nosotros|leeremos|nós|leremos)\b", re.IGNORECASE
)
_LEAST = 5  # words of a sentence


def _is_title_continued(before: Sequence[Span], line: Sequence[Span]) -> bool:
    """Return whether a line belongs to the title of the line before, or is next to it, as a bracket does."""
    head, text = slicing.get_visible_text(before), slicing.get_visible_text(line).lstrip("\"“„«'*_ ")
    if not head or not re.search(r"[^\W\d_]", text):
        return True
    last = head.split()[-1]
    is_open = last.endswith((":", "：", ",", "-", "–", "—", "(", "/", "&", "+")) or last.casefold() in _SMALL
    is_link = any(run.url for run in line) and all(
        is_generic_link_text(run.text.strip()) if run.url else not re.search(r"[^\W\d_]", run.text) for run in line
    )
    return is_open or is_link or text[0].islower() or not (text[0].isalnum() or text[0] in "《「『【")


def _is_sentence(line: Sequence[Span]) -> bool:
    text = slicing.get_visible_text(line)
    if len(text.split()) < _LEAST or text.endswith("?"):
        return False
    return text.endswith((".", "!")) or (not any(run.url for run in line) and _SPEAKS.search(text) is not None)


def _is_plain_title(line: Sequence[Span]) -> bool:
    """Return whether a line has neither a link nor anything else that shows it to be one title, and is one."""
    text = slicing.get_visible_text(line)
    return (
        not any(run.url or run.strong for run in line)
        and not text.endswith((")", "）", "]"))
        and not status.split_status(text)[0]
    )


# A link is one character of a text, so that patterns can find it.
_LINK_PLACEHOLDER = "\ue000"
_BRACKETED = re.compile(
    rf"[(\[（【]\s*(?:{_LINK_PLACEHOLDER}\d+{_LINK_PLACEHOLDER}(?:[\s,;/&|+·]|\band\b|\bund\b|\bet\b)*)+[)\]）】]",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")
_LABELLED = re.compile(
    rf"[(\[（]\s*(?P<label>[^()\[\]{_LINK_PLACEHOLDER}]{{1,30}}?)\s*[:：]?\s*{_LINK_PLACEHOLDER}(?P<number>\d+){_LINK_PLACEHOLDER}\s*[)\]）]"
)
_LINK = re.compile(rf"{_LINK_PLACEHOLDER}(\d+){_LINK_PLACEHOLDER}")
_SEVERAL = re.compile(rf"(?<={_LINK_PLACEHOLDER})[ \t]*\n\s*(?={_LINK_PLACEHOLDER})")
_SIDE_BY_SIDE = re.compile(rf"(?:{_LINK_PLACEHOLDER}\d+{_LINK_PLACEHOLDER}\s*){{2,50}}")
_ROOM_WORD = r"\b(?:room|raum|salle|sala|aula)\b"
_ROOM = re.compile(rf"\s*\((?:in\s+)?(?:the\s+)?([^()]*{_ROOM_WORD}[^()]*)\)\s*$", re.IGNORECASE)
_IS_ROOM = re.compile(rf"{_ROOM_WORD}|\b(?:hörsaal|saal|zoom|online)\b|教室|会议室|會議室|강의실", re.IGNORECASE)
_THIS_WEEK = re.compile(r"\s+(?:this (?:week|time)|diesmal|cette fois)$", re.IGNORECASE)
_FILE = re.compile(r"\.(?:pdf|pptx?|key|odp|ipynb|mp4|webm|mov)(?:[?#]|$)", re.IGNORECASE)
_LABEL = re.compile(r"\A(?:paper|topic|title)s?\s?:\s", re.IGNORECASE)
_OUR_PAGE = re.compile(r"(?:\.{1,2}/|sessions/)*([0-9]+-[A-Za-z0-9-]+|[A-Za-z][A-Za-z0-9-]*)/README\.md")
GENERIC = frozenset(
    ["link", "links", "url", "here", "hier", "ici", "aqui", "aquí", "pdf", "paper", "arxiv", "doi", "html", "web",
     "website", "page", "article", "链接", "论文", "リンク", "링크", "논문"]
)  # fmt: skip


def is_room(text: str) -> bool:
    """Return whether a text names a room, or that there is none but the net."""
    return _IS_ROOM.search(text) is not None


def fill_topic(entry: ImportedSession, runs: Spans, *, is_ours: bool = False) -> None:
    """Put what a topic says into an entry."""
    shown = [run for run in runs if not run.struck and not run.image]
    is_struck = any(run.struck and run.text.strip() for run in runs) and not "".join(r.text for r in shown).strip("() ")
    is_struck = is_struck or (is_ours and any(run.struck for run in runs))
    text, links = _encode_links([run for run in runs if not run.image] if is_struck else shown)
    text, side_links = _extract_side_links(text, links)
    if is_ours:
        text = _extract_session_folder(entry, text, links)
    text = _SEVERAL.sub("; ", _strip_footnotes(entry, _split_adjacent_links(text, links)))
    title = squeeze_spaces(_LINK.sub(lambda found: links[int(found[1])].text, text))
    found_status, title, reason = status.parse_status(_LABEL.sub("", _clean_title(title)))
    if reason:
        entry.remarks.append((entry.line, f'"{reason}" is next to the word for {found_status} and was not imported.'))
    if is_struck and found_status in {"", Status.TBC}:
        found_status = Status.CANCELLED
    if found_status:
        entry.status = found_status
    if len(title) <= status.MAX_TITLE and "(" in title and (room := _ROOM.search(title)):
        entry.room = entry.room or _THIS_WEEK.sub("", room[1]).strip()
        title = title[: room.start()].strip()
    entry.title = title
    for found in _LINK.finditer(text):
        link = links[int(found[1])]
        if not link.url.startswith("#"):
            entry.add_item(squeeze_spaces(link.text) or title, link.url)
    for label, url in side_links:
        add_labelled_link(entry, label, url, heading="")


def _split_adjacent_links(text: str, links: list[Span]) -> str:
    """Return a text that is nothing but links with a mark between each two titles of them."""
    if not _SIDE_BY_SIDE.fullmatch(text.strip()):
        return text
    numbers = [int(number) for number in _LINK.findall(text)]
    shown = [f"{_LINK_PLACEHOLDER}{number}{_LINK_PLACEHOLDER}" for number in numbers]
    gaps = ["" if links[number].text[:1].islower() else ";" for number in numbers[1:]]
    return shown[0] + "".join(f"{gap} {each}" for gap, each in zip(gaps, shown[1:], strict=True))


_FOOTNOTE = re.compile(r"\s?\[\^([^\]\s]{1,30})\]")


def _strip_footnotes(entry: ImportedSession, text: str) -> str:
    if "[^" not in text:
        return text
    for found in _FOOTNOTE.finditer(text):
        entry.remarks.append(
            (entry.line, f"the footnote {found[0].strip()} was not imported. Add it to the session's file.")
        )
    return _FOOTNOTE.sub("", text)


def _clean_title(title: str) -> str:
    """Return a title without what is left of links, and without quotation marks around the whole of it."""
    title = _strip_separators(_SPACE_BEFORE_PUNCTUATION.sub("", _EMPTY.sub("", title)))
    if not (last := _QUOTES.get(title[:1])):
        return title
    first, title = title[0], title.rstrip(".,")
    within = title[1:-1]
    is_whole = within and title[-1] == last and first not in within and last not in within
    return within.strip() if is_whole else title


_EMPTY = re.compile(r"\s*[(\[（]\s*[)\]）]")
_SPACE_BEFORE_PUNCTUATION = re.compile(r"\s+(?=[,;.!?])")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "《": "》"}
_SEPARATORS = " \t|–—-:：,，;•·"


def _strip_separators(title: str) -> str:
    """Return a title without marks at its ends; the colons of an emoji such as :pizza: stay."""
    start, end = slicing.find_strip_bounds(title, _SEPARATORS, _SEPARATORS)
    return title[start:end]


def _encode_links(runs: Spans) -> tuple[str, list[Span]]:
    """Return the text of runs with a sign for each link, and the links."""
    text, links = "", list[Span]()
    before = ""
    for run in runs:
        if run.url and run.url == before:
            links[-1] = links[-1]._replace(text=links[-1].text + run.text)
        elif run.url:
            text += f"{_LINK_PLACEHOLDER}{len(links)}{_LINK_PLACEHOLDER}"
            links.append(run)
        else:
            text += run.text.replace(_LINK_PLACEHOLDER, "")
        before = run.url
    return text, links


def _extract_side_links(text: str, links: list[Span]) -> tuple[str, list[tuple[str, str]]]:
    """Return a topic without the links that are next to its title, and these."""
    side_links: list[tuple[int, str]] = []

    def is_generic_link(number: int) -> bool:
        return is_generic_link_text(links[number].text.strip())

    def collect_bracketed_links(found: re.Match[str]) -> str:
        side_links.extend((int(number), "") for number in _LINK.findall(found[0]))
        return " "

    def replace_bracketed_words(found: re.Match[str]) -> str:
        numbers = [int(number) for number in _LINK.findall(found[1])]
        words = squeeze_spaces(_LINK.sub(" ", found[1]))
        is_label = not found[1].lstrip().startswith(_LINK_PLACEHOLDER) and not re.search(r"[,;|]", words)
        if is_label or not numbers or not re.search(r"[^\W\d_]", words) or not all(map(is_generic_link, numbers)):
            return found[0]
        side_links.extend((number, "") for number in numbers)
        return f"({words.strip(' ,;|·/')})"

    def collect_labelled_link(found: re.Match[str]) -> str:
        side_links.append((int(found["number"]), found["label"].strip()))
        return " "

    def collect_generic_link(found: re.Match[str]) -> str:
        if is_generic_link(int(found[1])):
            side_links.append((int(found[1]), ""))
            return " "
        return found[0]

    if len(text) > 4 * len(_LINK_PLACEHOLDER):
        text = _BRACKETED.sub(collect_bracketed_links, text)
        text = _IN_BRACKETS.sub(replace_bracketed_words, text)
        text = _LABELLED.sub(collect_labelled_link, text)
        if _LINK.sub("", text).strip(" \t|–—-:,;•·()[]") or len(_LINK.findall(text)) > 1:
            text = _LINK.sub(collect_generic_link, text)
    return text, [
        (label or _strip_outer_brackets(squeeze_spaces(links[number].text)), links[number].url)
        for number, label in sorted(side_links)
    ]


def is_generic_link_text(label: str) -> bool:
    """Return whether a link's words say what it leads to, such as "slides" or "PDF", and name nothing."""
    label = _strip_outer_brackets(label)
    if (file := _NAMED_FILE.fullmatch(label)) and re.search(r"[^\W\d_]{3}", file[1]):
        label = file[1]
    return (
        fields.find_role(label) in {fields.RESOURCE, fields.READING}
        or _is_generic_word(label)
        or _is_meeting_link_text(label)
    )


def _strip_outer_brackets(label: str) -> str:
    """Return the label of a link without the brackets that are around the whole of it."""
    found = _WHOLE_BRACKET.fullmatch(label)
    return found[1].strip() if found else label


def _is_meeting_link_text(label: str) -> bool:
    return fields.normalize_label(label) in _MEETINGS


_NAMED_FILE = re.compile(r"(.{1,200})\.(?:pdf|pptx?|key|odp|ipynb|html?|docx?)", re.IGNORECASE)
_WHOLE_BRACKET = re.compile(r"[(\[（]([^()\[\]（）]{1,60})[)\]）]")
_MEETINGS = frozenset(
    [
        "zoom",
        "zoomlink",
        "joinzoom",
        "zoommeeting",
        "teams",
        "msteams",
        "googlemeet",
        "webex",
        "meetinglink",
        "bbb",
        "jitsi",
    ]
)


def is_generic_link_line(words: InlineText) -> bool:
    """Return whether all of a line is a link that says what it leads to."""
    return bool(words.links) and is_generic_link_text(words.text)


def _is_generic_word(label: str) -> bool:
    return fields.normalize_label(label) in GENERIC or re.match(r"https?://|www\.", label) is not None


def _extract_session_folder(entry: ImportedSession, text: str, links: list[Span]) -> str:
    """Return the text of a row that readingroom wrote with its link as words: it leads to the session's page."""
    for number, link in enumerate(links):
        if found := _OUR_PAGE.fullmatch(link.url):
            entry.folder = found[1]
            return text.replace(f"{_LINK_PLACEHOLDER}{number}{_LINK_PLACEHOLDER}", link.text)
    return text


def add_labelled_link(entry: ImportedSession, label: str, url: str, heading: str) -> None:
    """Add a link that is next to a title: to the resources if it says so, else to what is read."""
    if url.startswith("#"):
        return
    role = fields.find_role(label) or fields.find_role(heading)
    if (
        role != fields.READING
        and not _is_generic_word(label)
        and (role == fields.RESOURCE or not heading or _FILE.search(url))
    ):
        entry.add_resource(label or heading or "Link", url)
    elif _is_generic_word(label) or not label:
        entry.add_item(entry.title or label, url)
    else:
        entry.add_item(label, url)


def is_talk_title_label(label: str) -> bool:
    """Return whether a label is that of a talk's own title, and not of a paper or of a topic."""
    return fields.normalize_label(label) in vocabulary_words.get_expressions("entitled")


def add_paper(entry: ImportedSession, runs: Spans) -> bool:
    """Take what a label such as "Paper:" names where a title is next to the day; return whether it has links."""
    made = ImportedSession(entry.page, entry.line, entry.shape)
    fill_topic(made, runs)
    for item in (item for section in made.material for item in section.get("items", ())):
        is_whole = made.title and len(made.links) == 1
        entry.add_item(made.title if is_whole else item["title"], item["url"])
    for link in made.resources:
        entry.add_resource(link["title"], link["url"])
    return bool(made.links)


def add_cell_links(entry: ImportedSession, runs: Spans, head: str, role: str) -> Iterator[str]:
    """Add the links of a column of reading or of resources; yield what is there without a link."""
    found = False
    for link in _list_links(runs):
        if link.url.startswith("#"):
            continue
        found = True
        label = squeeze_spaces(link.text)
        is_named = bool(label) and not _is_generic_word(label) and label != link.url
        if role == fields.RESOURCE:
            entry.add_resource(label if is_named else head, link.url)
        elif fields.find_role(label) == fields.RESOURCE:
            entry.add_resource(label, link.url)
        else:
            entry.add_item(label if is_named else entry.title or head, link.url)
    rest = squeeze_spaces("".join(run.text for run in runs if not run.url and not run.struck and not run.image))
    if not found and rest:
        yield rest


def _list_links(runs: Spans) -> list[Span]:
    return [run for run in InlineText(0, tuple(runs)).links if not run.struck]
