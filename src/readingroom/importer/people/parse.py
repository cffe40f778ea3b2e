"""The people that a cell names, with their links and affiliations; what cannot be decided is told."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Runs
from readingroom.importer.inline.spans import Run, Words, squeezed
from readingroom.importer.people import names as people_names
from readingroom.importer.people import split
from readingroom.importer.people.names import HANDLE, Lead, Leads
from readingroom.importer.people.tokens import BESIDE, Piece, are_people, are_turned, bracket, is_beside, is_given
from readingroom.importer.session import status
from readingroom.importer.vocabulary import fields, words


def read(cell: Words) -> Leads:
    """Return the people that a cell names; who is struck out is not among them."""
    runs = tuple(run for run in cell.runs if run.text and not run.struck and not run.image)
    if sum(len(run.text) for run in runs) > people_names.MAX_CELL:
        return Leads(is_prose=not people_names.is_placeholder(cell.text))
    found = _read(runs)
    return Leads([*found.people], [*found.unclear], [*found.links], found.is_prose, found.status)


@lru_cache(maxsize=50_000)
def _read(runs: tuple[Run, ...]) -> Leads:
    text = "".join(run.text for run in runs)
    if len(runs) == 1 and not runs[0].url and _PLAIN.fullmatch(text) and people_names.is_name(text):
        return Leads([Lead(squeezed(text))])
    if people_names.is_placeholder(text):
        return Leads(links=[run for run in runs if run.url])
    reader = _Reader()
    parts = split.parts(runs)
    several = []
    for number, part in enumerate(parts):
        several.append(list(reader.pieces(part.runs)))
        if reader.is_led and any(several[:-1]):
            reader.tell(", ".join(slicing.text(each.runs) for each in parts[:number] if each.runs), _NOT_LED)
            several = [[] for _ in several[:-1]] + several[-1:]
    reader.is_alone = sum(map(bool, several)) == 1
    turned = are_turned([pieces for pieces in several if pieces])
    for part, pieces in zip(parts, several, strict=True):
        reader.take(part, pieces, is_turned=turned)
    return reader.found if len(reader.found.people) <= people_names.MAX_PEOPLE else Leads(is_prose=True)


# Most cells are one name in capital letters; the rest of this module takes ten times as long.
_PLAIN = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:[ -][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+){1,3}")


_BY = re.compile(
    r"(?:(?:presented|led|given|hosted|chaired|moderated|organi[sz]ed|vorgestellt|geleitet|présentée?|animée?"
    r"|presentad[oa]|apresentad[oa])\s(?:by|von|par|por)|by|par|por)\s+",
    re.IGNORECASE,
)
_LABEL = re.compile(r"([\w .'’-]{1,30}(?:\([a-z]{1,5}\))?)\s?[:：]\s*(?=\S)")
_MARKS = " \t\n,;|–—-:*†‡"
_ODD = re.compile(r"[?!:\"“”=<>{}/\[\]()]|\d")


class _Reader:
    """Adds people to those that are found, part by part."""

    def __init__(self) -> None:
        self.found = Leads()
        self.is_after_place = False
        self.is_alone = False
        self.is_led = False

    def tell(self, text: str, message: str) -> None:
        self.found.unclear.append(f'"{squeezed(text)}" {message}')

    def pieces(self, runs: Runs) -> Iterator[Piece]:
        """Yield what stands between the commas of a part and says something."""
        is_first, self.is_led = True, False
        for each in split.at_commas(runs):
            piece = self.piece(each)
            if is_first:
                piece = piece._replace(text=self.unlabelled(piece.text))
            if piece.text and (piece.url or not people_names.is_placeholder(piece.text)):
                is_first = False
                yield piece

    def piece(self, runs: Runs) -> Piece:
        """Return the words between two commas; links beside them that lead to no person are put aside."""
        text, url, label = "", "", ""
        for run in _joined(runs):
            is_site = bool(run.url) and bool(text.strip()) and (is_beside(run.text) or run.url.startswith("mailto:"))
            if is_site and not url and fields.role_of(run.text) != fields.RESOURCE:
                url = run.url
            elif is_site or (run.url and fields.role_of(run.text) in {fields.RESOURCE, fields.READING}):
                self.found.links.append(run)
            else:
                text += run.text
                if run.url and label:
                    self.found.links.append(run)
                elif run.url:
                    url, label = run.url, squeezed(run.text)
        text = squeezed(_EMPTY.sub(" ", squeezed(text))).strip(_MARKS)
        return Piece(text, url, label)

    def unlabelled(self, text: str) -> str:
        """Return a text without words such as "presented by" or "Speaker:" before its name."""
        if found := _BY.match(text):
            text, self.is_led = text[found.end() :], True
        if not (found := _LABEL.match(text)):
            return text
        rest = text[found.end() :]
        if fields.role_of(found[1], 1) != fields.LEAD or _is_remark(found[1]):
            if not people_names.is_name(rest):
                return text
            self.tell(text, f'says more than a name: "{rest}" is taken as a lead. Say elsewhere what stands before it.')
        return rest

    def take(self, part: split.Part, pieces: Sequence[Piece], *, is_turned: bool) -> None:
        """Add the people of a part, which commas may part further."""
        if part.by == "others":
            self.tell(part.typed, "stands for people who are not named: add them.")
        if not pieces:
            return
        whole = ", ".join(piece.text for piece in pieces)
        if part.by == "sign" and self.found.people and {piece.kind for piece in pieces} <= {"place", "degree"}:
            self.join(f", {whole}")
        elif part.by in {"and", "letter"} and self.is_after_place and pieces[0].kind != "person":
            self.join(f" {part.typed} {whole}")
            self.tell(self.found.people[-1].shown, _AS_ONE)
        elif is_turned and len(pieces) == 2:
            self.add(Piece(f"{pieces[1].text} {pieces[0].text}"))
            if not is_given(pieces[1].text):
                self.tell(whole, "was read as one person, the family name first. Look it over.")
        elif are_people(pieces):
            self.add_each(pieces, whole)
        else:
            self.add_with_places(pieces, whole)

    def add_each(self, pieces: Sequence[Piece], whole: str) -> None:
        if self.is_alone and len(pieces) == 2 and pieces[0].kind == "word" and _has_no_more(pieces[1]):
            self.tell(whole, "may be one person, the family name first: it was read as two. Look it over.")
        for piece in pieces:
            self.add(piece)
        self.is_after_place = False

    def add_with_places(self, pieces: Sequence[Piece], whole: str) -> None:
        """Add people with the places of work and the degrees behind them; tell where something else stands there."""
        kinds = [piece.kind for piece in pieces]
        self.add(pieces[0])
        is_unclear = False
        for number, piece in enumerate(pieces[1:], 1):
            before, after = kinds[number - 1], kinds[number + 1 : number + 2]
            if kinds[number] == "person" and (piece.url or before in {"person", "word"} or after in _BEHIND):
                self.add(piece)
                continue
            is_unclear = is_unclear or [kinds[number]] not in _BEHIND
            self.join(f", {piece.text}")
        if is_unclear:
            self.tell(whole, _AS_ONE)
        self.is_after_place = kinds[-1] == "place"

    def join(self, text: str) -> None:
        """Put a text behind the affiliation of the last person."""
        if not self.found.people:
            self.found.people.append(Lead(text.strip(_MARKS)))
            return
        last = self.found.people.pop()
        self.found.people.append(Lead(last.name, last.url, squeezed(last.affiliation + text).strip(", ")))

    def add(self, piece: Piece) -> None:
        """Add a person; what stands in brackets or behind a dash is an affiliation, or is told."""
        names = _within(piece)
        if len(names) > 1:
            self.found.people += [Lead(name, piece.url) for name in names]
            return
        text, affiliation = self.without_brackets(piece.text)
        text, beside = self.without_beside(text, piece)
        name, url = self.cleaned(text), piece.url
        if handle := HANDLE.fullmatch(name):
            name, url = handle[1], url or f"https://github.com/{handle[1]}"
        if words.pattern("everyone").fullmatch(name):
            self.tell(name, "names nobody, so nobody was taken for the lead. Name who leads, if somebody does.")
        elif name and not people_names.is_placeholder(name):
            both = ", ".join(filter(None, [beside, affiliation]))
            self.found.people.append(Lead(name, url, both))
        elif affiliation or beside:
            self.tell(piece.text, "names nobody. Add the name.")
        elif re.search(r"[^\W\d_]", piece.text) and self.found.people:
            self.tell(piece.text, "stands beside a name and was not imported.")

    def without_brackets(self, text: str) -> tuple[str, str]:
        """Return a text without the brackets at its end, and what they say of where the person works."""
        said: list[str] = []
        whole = text
        while (cut := bracket(text)) is not None:
            text, inner = text[:cut].strip(_MARKS), text[cut + 1 : -1].strip()
            if not text:
                text = inner
            elif (told := status.of(inner)[0]) in status.INSTEAD:
                self.found.status = self.found.status or told
            elif _is_remark(inner) or people_names.is_placeholder(inner):
                self.tell(whole, f'says more than a name: "{inner}" was not imported.')
            elif re.search(r"[^\W\d_]", inner):
                said.insert(0, inner)
        return text, ", ".join(said)

    def without_beside(self, text: str, piece: Piece) -> tuple[str, str]:
        """Return the name of a text, and what stands behind it: after a dash, an @, or its link."""
        if found := BESIDE.search(text):
            name, beside = text[: found.start()], text[found.end() :]
            sign = found[0].strip()
        elif len(piece.label.split()) > 1 and text.startswith(piece.label) and text != piece.label:
            name, beside, sign = piece.label, text[len(piece.label) :], ""
        else:
            return text, ""
        beside = beside.strip(_MARKS)
        if _is_remark(beside) or people_names.is_placeholder(beside):
            self.tell(text, f'says more than a name: "{beside}" was not imported.')
            return name, ""
        if not people_names.is_place(beside) and not people_names.is_degree(beside) and sign not in {"@", "at", "from"}:
            self.tell(text, f'was read as one lead, of the affiliation "{beside}". Look it over.')
        return name, beside

    def cleaned(self, text: str) -> str:
        """Return a name without the marks around it; tell if it is doubted or does not look like a name."""
        name = text.strip(_MARKS)
        if name.startswith("?") or name.endswith("?"):
            self.tell(text, "is not sure to lead. Take the name out of the file if it is wrong.")
            name = name.strip("? ")
        name = name.rstrip(" ([（")
        if name.startswith("@") and not name.isascii():
            name = name[1:]
        if _ENDS.search(name):
            name = name[:-1]
        if _LETTER.search(name):
            self.tell(name, _AS_ONE)
        elif len(name) > people_names.MAX_NAME or _ODD.search(_WITHIN.sub("", name)):
            self.tell(name, "does not look like a name: it was kept as one lead. Look it over.")
        elif _EVENT.fullmatch(name):
            self.tell(name, "may be an event or a group, and no person: it was kept as a lead. Look it over.")
        return name


_AS_ONE = "may be one lead or several: it was kept as one. Look it over."
_NOT_LED = 'stands before words such as "led by", so nobody there was read as a lead.'
_BEHIND = (["place"], ["degree"])
_EMPTY = re.compile(r"\s?[(\[（][\s,;|]{0,9}[)\]）]")
_ENDS = re.compile(r"[^\W\d_]{3}\.\Z")
_LETTER = re.compile(r"\s[ye]\s")
_WITHIN = re.compile(r"\s(?:\([^\W\d_][\w.'’-]{0,20}\)|[\"“][^\W\d_][\w.'’-]{0,20}[\"”])(?=\s)")  # another given name
_EVENT = re.compile(r"[A-Z]{5,}")


def _has_no_more(piece: Piece) -> bool:
    return not piece.url and bracket(piece.text) is None


def _is_remark(text: str) -> bool:
    """Tell whether a text beside a name is no place of work: "krank", or how long somebody talks."""
    return words.pattern("remark").fullmatch(text) is not None or re.match(r"[0-9]+\s?[^\W\d_]", text) is not None


def _joined(runs: Runs) -> Iterator[Run]:
    """Yield runs, those of one link as one."""
    open_run: Run | None = None
    for run in runs:
        if open_run and run.url and run.url == open_run.url:
            open_run = open_run._replace(text=open_run.text + run.text)
            continue
        if open_run:
            yield open_run
        open_run = run
    if open_run:
        yield open_run


def _within(piece: Piece) -> list[str]:
    """Return the names that share one link."""
    if not piece.label or piece.text != piece.label:
        return []
    several = [each for part in split.parts([Run(piece.text)]) for each in split.at_commas(part.runs)]
    names = [squeezed("".join(run.text for run in runs)) for runs in several]
    return names if all(map(people_names.is_name, names)) else []
