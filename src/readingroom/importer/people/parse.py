"""The people that a cell names, with their links and affiliations; what is unclear is reported."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, Span, squeeze_spaces
from readingroom.importer.people import names as people_names
from readingroom.importer.people import split
from readingroom.importer.people.names import HANDLE, ImportedLead, ImportedLeads
from readingroom.importer.people.tokens import (
    AFFILIATION_SEPARATOR,
    PersonToken,
    find_trailing_bracket,
    has_reversed_names,
    is_given_name,
    is_list_of_people,
    is_profile_link_text,
)
from readingroom.importer.session import status
from readingroom.importer.vocabulary import fields, words


def parse_leads(cell: InlineText) -> ImportedLeads:
    """Return the people that a cell names; who is struck out is not among them."""
    runs = tuple(run for run in cell.runs if run.text and not run.struck and not run.image)
    if sum(len(run.text) for run in runs) > people_names.MAX_CELL:
        return ImportedLeads(is_prose=not people_names.is_placeholder(cell.text))
    found = _parse_leads(runs)
    return ImportedLeads([*found.people], [*found.unclear], [*found.links], found.is_prose, found.status)


@lru_cache(maxsize=50_000)
def _parse_leads(runs: tuple[Span, ...]) -> ImportedLeads:
    text = "".join(run.text for run in runs)
    if len(runs) == 1 and not runs[0].url and _PLAIN.fullmatch(text) and people_names.is_person_name(text):
        return ImportedLeads([ImportedLead(squeeze_spaces(text))])
    if people_names.is_placeholder(text):
        return ImportedLeads(links=[run for run in runs if run.url])
    reader = _LeadsParser()
    parts = split.split_people(runs)
    several = []
    for number, part in enumerate(parts):
        several.append(list(reader.parse_tokens(part.runs)))
        if reader.is_led and any(several[:-1]):
            reader.report_unclear(
                ", ".join(slicing.get_visible_text(each.runs) for each in parts[:number] if each.runs), _NOT_LED
            )
            several = [[] for _ in several[:-1]] + several[-1:]
    reader.is_alone = sum(map(bool, several)) == 1
    turned = has_reversed_names([pieces for pieces in several if pieces])
    for part, pieces in zip(parts, several, strict=True):
        reader.add_segment(part, pieces, is_turned=turned)
    return reader.found if len(reader.found.people) <= people_names.MAX_PEOPLE else ImportedLeads(is_prose=True)


# Most cells are one name in capital letters; the rest of this module takes ten times as long.
_PLAIN = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:[ -][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+){1,3}")


_BY = re.compile(
    r"(?:(?:presented|led|given|hosted|chaired|moderated|organi[sz]ed|vorgestellt|geleitet|présentée?|animée?"
    r"|presentad[oa]|apresentad[oa])\s(?:by|von|par|por)|by|par|por)\s+",
    re.IGNORECASE,
)
_LABEL = re.compile(r"([\w .'’-]{1,30}(?:\([a-z]{1,5}\))?)\s?[:：]\s*(?=\S)")
_SEPARATORS = " \t\n,;|–—-:*†‡"
_UNUSUAL_IN_NAME = re.compile(r"[?!:\"“”=<>{}/\[\]()]|\d")


class _LeadsParser:
    """Adds people to those that are found, part by part."""

    def __init__(self) -> None:
        self.found = ImportedLeads()
        self.is_after_place = False
        self.is_alone = False
        self.is_led = False

    def report_unclear(self, text: str, message: str) -> None:
        self.found.unclear.append(f'"{squeeze_spaces(text)}" {message}')

    def parse_tokens(self, runs: Spans) -> Iterator[PersonToken]:
        """Yield what is between the commas of a part and says something."""
        is_first, self.is_led = True, False
        for each in split.split_at_commas(runs):
            piece = self.parse_token(each)
            if is_first:
                piece = piece._replace(text=self.strip_lead_label(piece.text))
            if piece.text and (piece.url or not people_names.is_placeholder(piece.text)):
                is_first = False
                yield piece

    def parse_token(self, runs: Spans) -> PersonToken:
        """Return the words between two commas; links next to them that lead to no person are put aside."""
        text, url, label = "", "", ""
        for run in _merge_linked_spans(runs):
            is_site = (
                bool(run.url)
                and bool(text.strip())
                and (is_profile_link_text(run.text) or run.url.startswith("mailto:"))
            )
            if is_site and not url and fields.find_role(run.text) != fields.RESOURCE:
                url = run.url
            elif is_site or (run.url and fields.find_role(run.text) in {fields.RESOURCE, fields.READING}):
                self.found.links.append(run)
            else:
                text += run.text
                if run.url and label:
                    self.found.links.append(run)
                elif run.url:
                    url, label = run.url, squeeze_spaces(run.text)
        text = squeeze_spaces(_EMPTY.sub(" ", squeeze_spaces(text))).strip(_SEPARATORS)
        return PersonToken(text, url, label)

    def strip_lead_label(self, text: str) -> str:
        """Return a text without words such as "presented by" or "Speaker:" before its name."""
        if found := _BY.match(text):
            text, self.is_led = text[found.end() :], True
        if not (found := _LABEL.match(text)):
            return text
        rest = text[found.end() :]
        if fields.find_role(found[1], 1) != fields.LEAD or _is_remark(found[1]):
            if not people_names.is_person_name(rest):
                return text
            self.report_unclear(
                text, f'says more than a name: "{rest}" is read as a lead. Move the words before it elsewhere.'
            )
        return rest

    def add_segment(self, part: split.PeopleSegment, pieces: Sequence[PersonToken], *, is_turned: bool) -> None:
        """Add the people of a part, which commas may part further."""
        if part.by == "others":
            self.report_unclear(part.typed, "means people who are not named. Add them.")
        if not pieces:
            return
        whole = ", ".join(piece.text for piece in pieces)
        if part.by == "sign" and self.found.people and {piece.kind for piece in pieces} <= {"place", "degree"}:
            self.add_to_last_affiliation(f", {whole}")
        elif part.by in {"and", "letter"} and self.is_after_place and pieces[0].kind != "person":
            self.add_to_last_affiliation(f" {part.typed} {whole}")
            self.report_unclear(self.found.people[-1].shown, _AS_ONE)
        elif is_turned and len(pieces) == 2:
            self.add_person(PersonToken(f"{pieces[1].text} {pieces[0].text}"))
            if not is_given_name(pieces[1].text):
                self.report_unclear(whole, "was read as one person, the family name first. Check it.")
        elif is_list_of_people(pieces):
            self.add_people(pieces, whole)
        else:
            self.add_people_with_affiliations(pieces, whole)

    def add_people(self, pieces: Sequence[PersonToken], whole: str) -> None:
        if self.is_alone and len(pieces) == 2 and pieces[0].kind == "word" and _is_bare_token(pieces[1]):
            self.report_unclear(whole, "may be one person, the family name first: it was read as two. Check it.")
        for piece in pieces:
            self.add_person(piece)
        self.is_after_place = False

    def add_people_with_affiliations(self, pieces: Sequence[PersonToken], whole: str) -> None:
        """Add people with the places of work and the degrees after them; report what else is there."""
        kinds = [piece.kind for piece in pieces]
        self.add_person(pieces[0])
        is_unclear = False
        for number, piece in enumerate(pieces[1:], 1):
            before, after = kinds[number - 1], kinds[number + 1 : number + 2]
            if kinds[number] == "person" and (piece.url or before in {"person", "word"} or after in _AFFILIATION_KINDS):
                self.add_person(piece)
                continue
            is_unclear = is_unclear or [kinds[number]] not in _AFFILIATION_KINDS
            self.add_to_last_affiliation(f", {piece.text}")
        if is_unclear:
            self.report_unclear(whole, _AS_ONE)
        self.is_after_place = kinds[-1] == "place"

    def add_to_last_affiliation(self, text: str) -> None:
        """Put a text after the affiliation of the last person."""
        if not self.found.people:
            self.found.people.append(ImportedLead(text.strip(_SEPARATORS)))
            return
        last = self.found.people.pop()
        self.found.people.append(ImportedLead(last.name, last.url, squeeze_spaces(last.affiliation + text).strip(", ")))

    def add_person(self, piece: PersonToken) -> None:
        """Add a person; what is in brackets or after a dash is an affiliation, or is reported."""
        names = _split_shared_link(piece)
        if len(names) > 1:
            self.found.people += [ImportedLead(name, piece.url) for name in names]
            return
        text, affiliation = self.split_trailing_brackets(piece.text)
        text, first_affiliation = self.split_affiliation(text, piece)
        name, url = self.clean_name(text), piece.url
        if handle := HANDLE.fullmatch(name):
            name, url = handle[1], url or f"https://github.com/{handle[1]}"
        if words.build_expression_pattern("everyone").fullmatch(name):
            self.report_unclear(
                name, "names nobody, so nobody was taken for the lead. Name who leads, if somebody does."
            )
        elif name and not people_names.is_placeholder(name):
            both = ", ".join(filter(None, [first_affiliation, affiliation]))
            self.found.people.append(ImportedLead(name, url, both))
        elif affiliation or first_affiliation:
            self.report_unclear(piece.text, "names nobody. Add the name.")
        elif re.search(r"[^\W\d_]", piece.text) and self.found.people:
            self.report_unclear(piece.text, "is next to a name and was not imported.")

    def split_trailing_brackets(self, text: str) -> tuple[str, str]:
        """Return a text without the brackets at its end, and what they say of where the person works."""
        remarks: list[str] = []
        whole = text
        while (cut := find_trailing_bracket(text)) is not None:
            text, inner = text[:cut].strip(_SEPARATORS), text[cut + 1 : -1].strip()
            if not text:
                text = inner
            elif (found_status := status.split_status(inner)[0]) in status.INSTEAD:
                self.found.status = self.found.status or found_status
            elif _is_remark(inner) or people_names.is_placeholder(inner):
                self.report_unclear(whole, f'says more than a name: "{inner}" was not imported.')
            elif re.search(r"[^\W\d_]", inner):
                remarks.insert(0, inner)
        return text, ", ".join(remarks)

    def split_affiliation(self, text: str, piece: PersonToken) -> tuple[str, str]:
        """Return the name of a text, and what follows it: after a dash, an @, or its link."""
        if found := AFFILIATION_SEPARATOR.search(text):
            name, affiliation_text = text[: found.start()], text[found.end() :]
            sign = found[0].strip()
        elif len(piece.label.split()) > 1 and text.startswith(piece.label) and text != piece.label:
            name, affiliation_text, sign = piece.label, text[len(piece.label) :], ""
        else:
            return text, ""
        affiliation_text = affiliation_text.strip(_SEPARATORS)
        if _is_remark(affiliation_text) or people_names.is_placeholder(affiliation_text):
            self.report_unclear(text, f'says more than a name: "{affiliation_text}" was not imported.')
            return name, ""
        if (
            not people_names.is_institution(affiliation_text)
            and not people_names.is_degree_or_position(affiliation_text)
            and sign not in {"@", "at", "from"}
        ):
            self.report_unclear(text, f'was read as one lead, of the affiliation "{affiliation_text}". Check it.')
        return name, affiliation_text

    def clean_name(self, text: str) -> str:
        """Return a name without the marks around it; report it if it is doubted or does not look like a name."""
        name = text.strip(_SEPARATORS)
        if name.startswith("?") or name.endswith("?"):
            self.report_unclear(text, "is not sure to lead. Take the name out of the file if it is wrong.")
            name = name.strip("? ")
        name = name.rstrip(" ([（")
        if name.startswith("@") and not name.isascii():
            name = name[1:]
        if _ENDS.search(name):
            name = name[:-1]
        if _LETTER.search(name):
            self.report_unclear(name, _AS_ONE)
        elif len(name) > people_names.MAX_NAME or _UNUSUAL_IN_NAME.search(_WITHIN.sub("", name)):
            self.report_unclear(name, "does not look like a name: it was kept as one lead. Check it.")
        elif _EVENT.fullmatch(name):
            self.report_unclear(name, "may be an event or a group, not a person: it was kept as a lead. Check it.")
        return name


_AS_ONE = "may be one lead or several: it was kept as one. Check it."
_NOT_LED = 'precedes words such as "led by", so it was not read as a lead.'
_AFFILIATION_KINDS = (["place"], ["degree"])
_EMPTY = re.compile(r"\s?[(\[（][\s,;|]{0,9}[)\]）]")
_ENDS = re.compile(r"[^\W\d_]{3}\.\Z")
_LETTER = re.compile(r"\s[ye]\s")
_WITHIN = re.compile(r"\s(?:\([^\W\d_][\w.'’-]{0,20}\)|[\"“][^\W\d_][\w.'’-]{0,20}[\"”])(?=\s)")  # another given name
_EVENT = re.compile(r"[A-Z]{5,}")


def _is_bare_token(piece: PersonToken) -> bool:
    return not piece.url and find_trailing_bracket(piece.text) is None


def _is_remark(text: str) -> bool:
    """Return whether a text next to a name is no place of work: "krank", or how long somebody talks."""
    return (
        words.build_expression_pattern("remark").fullmatch(text) is not None
        or re.match(r"[0-9]+\s?[^\W\d_]", text) is not None
    )


def _merge_linked_spans(runs: Spans) -> Iterator[Span]:
    """Yield runs, those of one link as one."""
    open_run: Span | None = None
    for run in runs:
        if open_run and run.url and run.url == open_run.url:
            open_run = open_run._replace(text=open_run.text + run.text)
            continue
        if open_run:
            yield open_run
        open_run = run
    if open_run:
        yield open_run


def _split_shared_link(piece: PersonToken) -> list[str]:
    """Return the names that share one link."""
    if not piece.label or piece.text != piece.label:
        return []
    several = [each for part in split.split_people([Span(piece.text)]) for each in split.split_at_commas(part.runs)]
    names = [squeeze_spaces("".join(run.text for run in runs)) for runs in several]
    return names if all(map(people_names.is_person_name, names)) else []
