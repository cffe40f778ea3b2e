"""The topic of a row or a line: its title, its status, and its links, told apart into reading and resources."""

import re
from collections.abc import Iterator

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Runs
from readingroom.importer.inline.spans import Run, Words, squeezed
from readingroom.importer.session import status
from readingroom.importer.session.entry import Entry
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary import words as vocabulary_words

# A link stands in a text as a sign of its own, so that patterns can see where links are.
_SIGN = "\ue000"
_BRACKETED = re.compile(
    rf"[(\[（【]\s*(?:{_SIGN}\d+{_SIGN}(?:[\s,;/&|+·]|\band\b|\bund\b|\bet\b)*)+[)\]）】]", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")
_LABELLED = re.compile(
    rf"[(\[（]\s*(?P<label>[^()\[\]{_SIGN}]{{1,30}}?)\s*[:：]?\s*{_SIGN}(?P<number>\d+){_SIGN}\s*[)\]）]"
)
_LINK = re.compile(rf"{_SIGN}(\d+){_SIGN}")
_SEVERAL = re.compile(rf"(?<={_SIGN})[ \t]*\n\s*(?={_SIGN})")
_SIDE_BY_SIDE = re.compile(rf"(?:{_SIGN}\d+{_SIGN}\s*){{2,50}}")
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
    """Tell whether a text names a room, or that there is none but the net."""
    return _IS_ROOM.search(text) is not None


def take(entry: Entry, runs: Runs, *, is_ours: bool = False) -> None:
    """Put what a topic says into an entry."""
    shown = [run for run in runs if not run.struck and not run.image]
    is_struck = any(run.struck and run.text.strip() for run in runs) and not "".join(r.text for r in shown).strip("() ")
    is_struck = is_struck or (is_ours and any(run.struck for run in runs))
    text, links = _signed([run for run in runs if not run.image] if is_struck else shown)
    text, beside = _without_beside(text, links)
    if is_ours:
        text = _taken_folder(entry, text, links)
    text = _SEVERAL.sub("; ", _without_footnotes(entry, _with_gaps(text, links)))
    title = squeezed(_LINK.sub(lambda found: links[int(found[1])].text, text))
    told, title, reason = status.read(_LABEL.sub("", _bare(title)))
    if reason:
        entry.said.append((entry.line, f'"{reason}" stands beside the word that says {told}, and was not imported.'))
    if is_struck and told in {"", "tbc"}:
        told = "cancelled"
    if told:
        entry.status = told
    if len(title) <= status.MAX_TITLE and "(" in title and (room := _ROOM.search(title)):
        entry.room = entry.room or _THIS_WEEK.sub("", room[1]).strip()
        title = title[: room.start()].strip()
    entry.title = title
    for found in _LINK.finditer(text):
        link = links[int(found[1])]
        if not link.url.startswith("#"):
            entry.add_item(squeezed(link.text) or title, link.url)
    for label, url in beside:
        take_link(entry, label, url, heading="")


def _with_gaps(text: str, links: list[Run]) -> str:
    """Return a text that is nothing but links with a mark between each two titles of them."""
    if not _SIDE_BY_SIDE.fullmatch(text.strip()):
        return text
    numbers = [int(number) for number in _LINK.findall(text)]
    shown = [f"{_SIGN}{number}{_SIGN}" for number in numbers]
    gaps = ["" if links[number].text[:1].islower() else ";" for number in numbers[1:]]
    return shown[0] + "".join(f"{gap} {each}" for gap, each in zip(gaps, shown[1:], strict=True))


_FOOTNOTE = re.compile(r"\s?\[\^([^\]\s]{1,30})\]")


def _without_footnotes(entry: Entry, text: str) -> str:
    if "[^" not in text:
        return text
    for found in _FOOTNOTE.finditer(text):
        entry.said.append(
            (entry.line, f"the footnote {found[0].strip()} was not imported. Add it to the session's file.")
        )
    return _FOOTNOTE.sub("", text)


def _bare(title: str) -> str:
    """Return a title without what links left behind, and without quotation marks around the whole of it."""
    title = _stripped(_BLANK_BEFORE.sub("", _EMPTY.sub("", title)))
    if not (last := _QUOTES.get(title[:1])):
        return title
    first, title = title[0], title.rstrip(".,")
    within = title[1:-1]
    is_whole = within and title[-1] == last and first not in within and last not in within
    return within.strip() if is_whole else title


_EMPTY = re.compile(r"\s*[(\[（]\s*[)\]）]")
_BLANK_BEFORE = re.compile(r"\s+(?=[,;.!?])")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "《": "》"}
_MARKS = " \t|–—-:：,，;•·"


def _stripped(title: str) -> str:
    """Return a title without marks at its ends; the colons of an emoji such as :pizza: stay."""
    start, end = slicing.edges(title, _MARKS, _MARKS)
    return title[start:end]


def _signed(runs: Runs) -> tuple[str, list[Run]]:
    """Return the text of runs with a sign for each link, and the links."""
    text, links = "", list[Run]()
    before = ""
    for run in runs:
        if run.url and run.url == before:
            links[-1] = links[-1]._replace(text=links[-1].text + run.text)
        elif run.url:
            text += f"{_SIGN}{len(links)}{_SIGN}"
            links.append(run)
        else:
            text += run.text.replace(_SIGN, "")
        before = run.url
    return text, links


def _without_beside(text: str, links: list[Run]) -> tuple[str, list[tuple[str, str]]]:
    """Return a topic without the links that stand beside its title, and these."""
    beside: list[tuple[int, str]] = []

    def is_named(number: int) -> bool:
        return says_only_what(links[number].text.strip())

    def bracketed(found: re.Match[str]) -> str:
        beside.extend((int(number), "") for number in _LINK.findall(found[0]))
        return " "

    def beside_words(found: re.Match[str]) -> str:
        numbers = [int(number) for number in _LINK.findall(found[1])]
        words = squeezed(_LINK.sub(" ", found[1]))
        is_label = not found[1].lstrip().startswith(_SIGN) and not re.search(r"[,;|]", words)
        if is_label or not numbers or not re.search(r"[^\W\d_]", words) or not all(map(is_named, numbers)):
            return found[0]
        beside.extend((number, "") for number in numbers)
        return f"({words.strip(' ,;|·/')})"

    def labelled(found: re.Match[str]) -> str:
        beside.append((int(found["number"]), found["label"].strip()))
        return " "

    def named(found: re.Match[str]) -> str:
        if is_named(int(found[1])):
            beside.append((int(found[1]), ""))
            return " "
        return found[0]

    if len(text) > 4 * len(_SIGN):
        text = _BRACKETED.sub(bracketed, text)
        text = _IN_BRACKETS.sub(beside_words, text)
        text = _LABELLED.sub(labelled, text)
        if _LINK.sub("", text).strip(" \t|–—-:,;•·()[]") or len(_LINK.findall(text)) > 1:
            text = _LINK.sub(named, text)
    return text, [
        (label or _unbracketed(squeezed(links[number].text)), links[number].url) for number, label in sorted(beside)
    ]


def says_only_what(label: str) -> bool:
    """Tell whether a link's words say what it leads to, such as "slides" or "PDF", and name nothing."""
    label = _unbracketed(label)
    if (file := _NAMED_FILE.fullmatch(label)) and re.search(r"[^\W\d_]{3}", file[1]):
        label = file[1]
    return fields.role_of(label) in {fields.RESOURCE, fields.READING} or _is_generic(label) or _is_meeting(label)


def _unbracketed(label: str) -> str:
    """Return the label of a link without the brackets that stand around the whole of it."""
    found = _WHOLE_BRACKET.fullmatch(label)
    return found[1].strip() if found else label


def _is_meeting(label: str) -> bool:
    return fields.folded(label) in _MEETINGS


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


def is_named(words: Words) -> bool:
    """Tell whether all of a line is a link that says what it leads to."""
    return bool(words.links) and says_only_what(words.text)


def _is_generic(label: str) -> bool:
    return fields.folded(label) in GENERIC or re.match(r"https?://|www\.", label) is not None


def _taken_folder(entry: Entry, text: str, links: list[Run]) -> str:
    """Return the text of a row that readingroom wrote with its link as words: it leads to the session's page."""
    for number, link in enumerate(links):
        if found := _OUR_PAGE.fullmatch(link.url):
            entry.folder = found[1]
            return text.replace(f"{_SIGN}{number}{_SIGN}", link.text)
    return text


def take_link(entry: Entry, label: str, url: str, heading: str) -> None:
    """Add a link that stands beside a title: to the resources if it says so, else to what is read."""
    if url.startswith("#"):
        return
    role = fields.role_of(label) or fields.role_of(heading)
    if (
        role != fields.READING
        and not _is_generic(label)
        and (role == fields.RESOURCE or not heading or _FILE.search(url))
    ):
        entry.add_resource(label or heading or "Link", url)
    elif _is_generic(label) or not label:
        entry.add_item(entry.title or label, url)
    else:
        entry.add_item(label, url)


def is_entitled(label: str) -> bool:
    """Tell whether a label is that of a talk's own title, and not of a paper or of a topic."""
    return fields.folded(label) in vocabulary_words.expressions("entitled")


def take_paper(entry: Entry, runs: Runs) -> bool:
    """Take what a label such as "Paper:" names where a title stands beside the day; return whether it has links."""
    made = Entry(entry.page, entry.line, entry.shape)
    take(made, runs)
    for item in (item for section in made.material for item in section.get("items", ())):
        is_whole = made.title and len(made.links) == 1
        entry.add_item(made.title if is_whole else item["title"], item["url"])
    for link in made.resources:
        entry.add_resource(link["title"], link["url"])
    return bool(made.links)


def take_cell(entry: Entry, runs: Runs, head: str, role: str) -> Iterator[str]:
    """Add the links of a column of reading or of resources; yield what stands there without a link."""
    found = False
    for link in _links(runs):
        if link.url.startswith("#"):
            continue
        found = True
        label = squeezed(link.text)
        is_named = bool(label) and not _is_generic(label) and label != link.url
        if role == fields.RESOURCE:
            entry.add_resource(label if is_named else head, link.url)
        elif fields.role_of(label) == fields.RESOURCE:
            entry.add_resource(label, link.url)
        else:
            entry.add_item(label if is_named else entry.title or head, link.url)
    rest = squeezed("".join(run.text for run in runs if not run.url and not run.struck and not run.image))
    if not found and rest:
        yield rest


def _links(runs: Runs) -> list[Run]:
    return [run for run in Words(0, tuple(runs)).links if not run.struck]
