"""The people that a line or a text area names, one on each line or several on one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from readingroom.parsing import names
from readingroom.parsing.lines import iter_lines, repair_links
from readingroom.parsing.vocabulary import build_word_pattern, find_role, fold_word, get_words, join_expressions
from readingroom.text import links
from readingroom.text.excerpt import shorten_text
from readingroom.text.phrases import normalize_whitespace

MAX_LINE = 1_000
MAX_QUESTIONS = 5
_EDGES = " \t\n–—-:,;|·•†‡＋+/&"


@dataclass(frozen=True, slots=True)
class ParsedPerson:
    """A person as a text names them; ``url`` is as it is written."""

    name: str
    url: str = ""
    affiliation: str = ""

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.affiliation})" if self.affiliation else self.name

    def to_data(self) -> dict[str, str]:
        """Return the entry of a session file."""
        optional = {"url": self.url, "affiliation": self.affiliation}
        return {"name": self.name} | {key: value for key, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class PeopleReading:
    """The people of a text, and a question for each reading that is a guess; a strict user asks, a lenient reports.

    ``doubts`` are the questions about who is meant; the others are about what does not belong there, such as an email
    address. ``placeholders`` are the texts that name nobody, such as TBC.
    """

    people: tuple[ParsedPerson, ...]
    questions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()


@lru_cache(maxsize=1_000)  # several readers ask of one text
def parse_people(text: str) -> PeopleReading:
    """Return the people that a line or an area of plain Markdown names; placeholders such as TBC name nobody."""
    people: list[ParsedPerson] = []
    questions: list[str] = []
    doubts: list[str] = []
    placeholders: list[str] = []
    for _, _, line in iter_lines(text):
        parser = _LineParser(line)
        found = list(parser.parse())
        questions += parser.questions
        doubts += parser.doubts
        placeholders += parser.placeholders
        if len(found) == 1 and not found[0].name and people and not people[-1].url:
            people[-1] = replace(people[-1], url=found[0].url)
        else:
            people += found
    nameless = [shorten_text(each.url) for each in people if not each.name]
    questions += [f'Whose address is "{url}"? Write the name before it, as in "Ann Lee, {url}".' for url in nameless]
    return PeopleReading(tuple(people), tuple(dict.fromkeys(questions)), tuple(doubts), tuple(placeholders))


def is_handle(text: str) -> bool:
    """Return whether a text is a GitHub name after its @, and nothing else."""
    return re.fullmatch(_HANDLE, text) is not None


def has_separator(text: str) -> bool:
    """Return whether a text has a sign or a word, such as "and", that may be between people."""
    return _build_separator_pattern().search(text) is not None


@dataclass(frozen=True, slots=True)
class _Link:
    """A link in a line, which one private-use character represents while the line is split."""

    title: str
    url: str
    typed: str

    @property
    def handle(self) -> str:
        """Return the GitHub name that is the link, without its @; empty for any other link."""
        return self.typed[1:] if self.typed.startswith("@") else ""

    @property
    def names_person(self) -> bool:
        """Return whether the title is a person's name, and no word such as "website" or "slides"."""
        is_other = fold_word(self.title) in get_words("resources", "profile", "generic")
        return bool(self.title) and not is_other and not self.is_resource

    @property
    def is_resource(self) -> bool:
        """Return whether the link leads to something about the session."""
        return find_role(self.title) in {"slides", "recording", "code", "notes", "material", "reading"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is between two separators: a name, its links, and what the brackets after it say."""

    name: str
    url: str = ""
    affiliation: str = ""
    handle: str = ""
    is_linked_name: bool = False

    @property
    def word_count(self) -> int:
        return 2 if self.is_linked_name or self.url else len(self.name.split())


class _LineParser:
    """Reads the people of one line."""

    def __init__(self, line: str) -> None:
        self.links: list[_Link] = []
        self.questions: list[str] = []
        self.doubts: list[str] = []
        self.placeholders: list[str] = []
        line = repair_links(line)
        line = re.sub(r"~~[^~]*~~", "", line if line.isascii() else line.translate(_PRIVATE_USE))
        self.text = self.drop_email(self.mask_links(line))

    def mask_links(self, line: str) -> str:
        """Return the line with one private-use character instead of each link and GitHub name."""
        found = [(each.start, each.end, each.title, each.url) for each in links.find_links(line)]
        for sign, pattern, url in (("://", _OTHER_ADDRESS, ""), ("@", _HANDLE, "https://github.com/")):
            for match in re.finditer(pattern, line) if sign in line else ():
                if not any(start <= match.start() < end for start, end, *_ in found):
                    found.append((match.start(), match.end(), "", url + match[1]))
        text, place = "", 0
        for start, end, title, url in sorted(found)[:6_000]:
            names_of_link = _split_link_title(title, line[:start])
            first = _FIRST_MASK + len(self.links)
            text += line[place:start] + " & ".join(map(chr, range(first, first + len(names_of_link))))
            self.links += [_Link(name, url, line[start:end]) for name in names_of_link]
            place = end
        return text + line[place:]

    def drop_email(self, text: str) -> str:
        """Return a masked line without an email address, about which it asks, unless it is all there is."""
        rest = re.sub(rf"[(<\[]?(?:mailto:)?{links.EMAIL.pattern}[)>\]]?", " ", text) if "@" in text else text
        if rest == text or not any(map(str.isalnum, rest)):
            return text
        self.ask("The files are public: leave out the email address, or write another link.", is_doubt=False)
        return rest

    def ask(self, question: str, *, is_doubt: bool = True) -> None:
        if len(self.questions) < MAX_QUESTIONS:
            self.questions.append(question)
            self.doubts += [question] if is_doubt else []

    def show(self, text: str) -> str:
        """Return a masked text as it was typed, short enough for a message."""
        typed = "".join(self.get_links(each)[0].typed if _is_mask(each) else each for each in text)
        return shorten_text(normalize_whitespace(typed), 80)

    def parse(self) -> Iterator[ParsedPerson]:
        """Yield the people of the line."""
        if len(self.text) > MAX_LINE:
            self.ask("A line has more than 1000 characters. Write one person on each line.")
            return
        text = self.strip_prefix(_strip_emphasis(self.text))
        if not any(map(_is_mask, text)) and names.is_nobody(text):
            self.placeholders.append(self.show(self.text))
            return
        parts = self.split_parts(text)
        several = [self.parse_pieces(part) for part in parts if part.strip(_EDGES)]
        if len(several) == 1 and _alternates_with_given_names(several[0]):
            several = [several[0][place : place + 2] for place in range(0, len(several[0]), 2)]
        is_reversed = _have_family_name_first(several)
        for pieces in several:
            if is_reversed:
                yield ParsedPerson(f"{pieces[1].name} {pieces[0].name}", pieces[0].url or pieces[1].url)
            else:
                yield from self.join_pieces(pieces, is_alone=len(parts) == 1)

    def parse_pieces(self, part: str) -> list[_Piece]:
        return [piece for each in _split_at_commas(part) if (piece := self.parse_piece(each))]

    def strip_prefix(self, text: str) -> str:
        """Return a text without words such as "Speaker:", "presented by" or "and" before its name."""
        text = text.strip(_EDGES)
        before, count = "", 0
        while text != before and count < 3:
            before, count = text, count + 1
            label = re.match(r"([^:：()]{1,40})[:：]\s*(?=\S)", text)
            if label and find_role(label[1]) == "lead":
                text = text[label.end() :]
            elif match := _build_prefix_pattern().match(text):
                text = text[match.end() :]
            text = next((rest for label, rest in _iter_first_words(text) if _is_lead_word(label)), text)
        return text.strip(_EDGES)

    def split_parts(self, text: str) -> list[str]:
        """Return the parts of a line between signs and words that separate people; brackets stay whole."""
        depths, places = _compute_depths(text), [0]
        for match in _build_separator_pattern().finditer(text):
            if depths[match.start()] or (match.lastgroup == "word" and not self.separates(text, match, places[-1])):
                continue
            if match[0] == "/" and not self.is_between_names(text, match, places[-1]):
                continue
            places += [match.start(), match.end()]
        places.append(len(text))
        parts = [text[start:end] for start, end in zip(places[::2], places[1::2], strict=True)]
        parts = [name for part in parts for name in (part.split() if names.is_cjk_list(part) else [part])]
        return [piece for part in parts for piece in self.split_between_links(part)]

    def separates(self, text: str, match: re.Match[str], start: int) -> bool:
        """Return whether a word such as "and" is between people, and not part of one name such as Ramón y Cajal."""
        word = match[0].strip()
        if not (word.islower() or word in {"AND", "UND"}) or not any(map(str.isalpha, word)):
            return not word.isalpha()
        if fold_word(word) in get_words("common", "and_between_names"):
            return True
        before = _split_at_commas(text[start : match.start()])
        after = _build_separator_pattern().split(text[match.end() :], maxsplit=1)[0].split(",")[0]
        sizes = _count_words(before[-1]), _count_words(after)
        return min(sizes) > 1 or (len(before) > 1 and sizes == (1, 1))

    def is_between_names(self, text: str, match: re.Match[str], start: int) -> bool:
        """Return whether a slash is between people, not within a word such as design/email or before a place."""
        before, after = text[start : match.start()], re.split("/", text[match.end() :], maxsplit=1)[0]
        return all(any(map(_is_mask, each)) or names.is_person_name(each.strip(_EDGES)) for each in (before, after))

    def split_between_links(self, part: str) -> list[str]:
        """Return a part cut where one link that names a person follows another."""
        cuts = [
            match.end(1)
            for match in re.finditer(r"([\ue000-\uf8ff])\s*(?=[\ue000-\uf8ff])", part)
            if all(each.names_person or each.handle for each in self.get_links(match[1] + part[match.end()]))
        ]
        return [part[start:end] for start, end in zip([0, *cuts], [*cuts, len(part)], strict=True)]

    def parse_piece(self, text: str) -> _Piece | None:
        """Return the name, the link and the affiliation of what is between two commas; None if it says nothing."""
        found = self.check_links(text)
        bare, affiliation = self.split_brackets(text)
        is_linked_name = any(each.names_person for each in self.get_links(bare))
        name = self.fill_titles(bare).strip(_EDGES)
        if is_linked_name and name.endswith((")", "）")):
            name, within = self.split_brackets(name)
            affiliation = ", ".join(filter(None, (within, affiliation)))
        elif not is_linked_name:
            name, after = self.split_affiliation(name)
            affiliation = ", ".join(filter(None, (after, affiliation)))
        name = self.clean_name(self.strip_prefix(name))
        if names.is_nobody(name) and not found:
            self.placeholders += [self.show(text)] if name else []
            return None
        handle = next((each.handle for each in found if each.handle), "")
        return _Piece(name, found[0].url if found else "", affiliation, handle, is_linked_name)

    def get_links(self, text: str) -> list[_Link]:
        return [self.links[ord(each) - _FIRST_MASK] for each in text if _is_mask(each)] if self.links else []

    def check_links(self, text: str) -> list[_Link]:
        """Return the links of a piece that may be its person's, and ask about others."""
        found = self.get_links(text)
        for each in found:
            if each.is_resource:
                message = f'The link "{shorten_text(each.typed)}" is no person\'s. Write it where slides and files go.'
                self.ask(message, is_doubt=False)
        found = [each for each in found if not each.is_resource]
        if len({each.url for each in found}) > 1:
            self.ask(f'Is "{self.show(text)}" one person? Write one person on each line, with one link.')
        return sorted(found, key=lambda each: not each.names_person)

    def fill_titles(self, text: str) -> str:
        """Return a text with the titles of the links that name a person instead of the links."""
        if self.links:
            titles = (each.title if each.names_person else " " for each in self.get_links(text))
            text = "".join(next(titles) if _is_mask(each) else each for each in text)
        return normalize_whitespace(links.unescape_markdown(text))

    def split_brackets(self, text: str) -> tuple[str, str]:
        """Return a text without brackets at its end, and the affiliation that is in them."""
        affiliations: list[str] = []
        text = text.strip(_EDGES)
        while not _CLOSING.isdisjoint(text) and (
            match := re.fullmatch(r"(.*?)\s?[(（\[]([^()（）\[\]]{0,200})[)）\]]([\s\ue000-\uf8ff.,;:–—-]*)", text)
        ):
            head, inner, tail = match.groups()
            if not head.strip(_EDGES) and not any(map(_is_mask, tail)):
                if inner.islower() and " " in inner:  # perhaps a remark, as in "(note the new room), Ann Lee"
                    self.ask(f'Is "{self.show(inner)}" a name? Write it without brackets, or leave it out.')
                    return "", ""
                text = inner if not any(map(_is_mask, inner)) or inner.strip(_EDGES) else text
                return text.strip(_EDGES), ", ".join(affiliations)
            text = f"{head.rstrip(_EDGES)} {tail}".strip(_EDGES)
            parts = [self.fill_titles(each).strip(_EDGES) for each in inner.split(",")]
            affiliations[:0] = [each for each in parts if names.may_be_affiliation(each)]
        return text, ", ".join(affiliations)

    def split_affiliation(self, text: str) -> tuple[str, str]:
        """Return a name, and the affiliation after a dash, an @ or the word "at"."""
        match = re.search(r"\s(?:[-–—]{1,2}|/|@|at|from)\s|\s@(?=\S)", text)
        if not match or not text[: match.start()].strip(_EDGES):
            return text, ""
        name, affiliation = text[: match.start()].strip(_EDGES), text[match.end() :].strip(_EDGES)
        if names.is_nobody(affiliation) or names.is_remark(affiliation):
            return name, ""
        if match[0].strip()[0] in "-–—/" and not names.is_affiliation(affiliation):
            self.ask_affiliation(name, affiliation)
        return name, affiliation

    def ask_affiliation(self, name: str, affiliation: str) -> None:
        self.ask(
            f'Is "{shorten_text(affiliation)}" the affiliation of {shorten_text(name)}? Write '
            f'"{shorten_text(name)} ({shorten_text(affiliation)})", or each person on a line of their own.'
        )

    def clean_name(self, name: str) -> str:
        """Return a name without the marks around it; ask about one that is doubted."""
        if name.startswith("?") or name.endswith("?"):
            name = name.strip("? ")
            if not names.is_nobody(name):
                self.ask(f'Is it sure that "{shorten_text(name)}" leads? Leave out the question mark, or the name.')
        name = name.removeprefix("@")
        lower = [word for word in name.split() if word.islower() and word.isascii()]
        if len(name.split()) > 3 and len(set(lower) - get_words("people", "particle")) > 1:
            self.ask(f'Is "{shorten_text(name)}" the name of one person? Write only the name.')
        return name[:-1] if re.search(r"[^\W\d_]{3}\.\Z", name) else name

    def join_pieces(self, pieces: list[_Piece], *, is_alone: bool) -> Iterator[ParsedPerson]:
        """Yield the people of the pieces between commas: a piece is a person, or belongs to the one before."""
        people: list[_Piece] = []
        for piece in pieces:
            if not people or self.is_another_person(people, piece, sum(bool(each.name) for each in pieces)):
                people.append(piece)
                continue
            last = people[-1]
            if last.url and piece.url and last.url != piece.url:
                self.ask(f'Is "{self.show(self.text)}" one person? Write one person on each line, with one link.')
            affiliation = ", ".join(filter(None, (last.affiliation, piece.name, piece.affiliation)))
            people[-1] = replace(last, url=last.url or piece.url, affiliation=affiliation)
        if is_alone and len(people) == 2 and not all(map(_is_surely_person, people)):
            one = f', or one as "{people[1].name} {people[0].name}"' if _is_family_name(people[0].name) else ""
            self.ask(f'Is "{self.show(self.text)}" two people? Write each on a line of its own{one}.')
        yield from (ParsedPerson(each.name or each.handle, each.url, each.affiliation) for each in people)

    def is_another_person(self, people: list[_Piece], piece: _Piece, count: int) -> bool:
        """Return whether a piece after a comma is a person of its own; ask if it is rather an affiliation."""
        name = piece.name
        if not name and piece.handle and not people[-1].name:
            return True
        if not name or (not piece.is_linked_name and (names.is_affiliation(name) or names.is_pronoun(name))):
            return False
        last = people[-1]
        is_single = piece.word_count == 1 and name.isascii() and count < 3
        is_after_whole_name = last.url or not _is_family_name(last.name)
        if piece.is_linked_name or (names.is_person_name(name) and not (is_single and is_after_whole_name)):
            return True
        self.ask_affiliation(last.name, name)
        return False


def _is_surely_person(piece: _Piece) -> bool:
    return bool(piece.url or piece.affiliation or piece.name[:1] >= "\u3040")


def _is_mask(letter: str) -> bool:
    return "\ue000" <= letter <= "\uf8ff"


def _iter_first_words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the first words of a text, and the rest if that has two words or more."""
    words = text.split(" ", 3)
    yield from ((" ".join(words[:size]), " ".join(words[size:])) for size in (2, 1) if len(words) >= size + 2)


def _is_lead_word(text: str) -> bool:
    return find_role(text) == "lead" and fold_word(text) not in get_words("weak", "lead")


def _split_link_title(title: str, before: str) -> list[str]:
    """Return the people that the title of one link names, each with its place in brackets; else the title alone.

    What follows a comma, a bracket or "at" may be a place, such as Ernst & Young.
    """
    bare = re.sub(r"\([^()]*\)", "", title)
    may_be_place = re.search(r"(?:[,(@]|\bat)\s*\Z", before) or names.is_institution(bare)
    found = parse_people(title) if has_separator(title) and not may_be_place else PeopleReading(())
    if len(found.people) < 2 or found.questions or not all(names.is_person_name(each.name) for each in found.people):
        return [title]
    return [each.shown for each in found.people]


def _strip_emphasis(text: str) -> str:
    """Return a text without marks of emphasis and code."""
    text = re.sub(r"(?<!\w)(_{1,3})(?=[^\s_])([^_]*)(?<=\S)\1(?!\w)", r"\2", text)
    return re.sub(r"\*+|`+", "", text)


_CLOSING = frozenset("])）")


def _compute_depths(text: str) -> list[int]:
    """Return how many brackets are open at each letter; one that never closes opens none."""
    if _CLOSING.isdisjoint(text):
        return [0] * len(text)
    closing, count = [0] * len(text), 0
    for place in range(len(text) - 1, -1, -1):
        closing[place] = count
        count += (text[place] in ")]）") - (text[place] in "([（" and count > 0)
    depths, depth = [], 0
    for place, letter in enumerate(text):
        depth += (letter in "([（" and closing[place] > depth) - (letter in ")]）" and depth > 0)
        depths.append(depth)
    return depths


def _split_at_commas(text: str) -> list[str]:
    """Return the pieces between commas outside brackets."""
    depths = _compute_depths(text)
    cuts = [place for place, letter in enumerate(text) if letter in ",，" and not depths[place]]
    return [text[start:end].strip(",，") for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _count_words(text: str) -> int:
    return 2 if any(map(_is_mask, text)) else len(text.split())


def _have_family_name_first(several: list[list[_Piece]]) -> bool:
    """Return whether all names of a line have the family name first: Smith, Bob; Ray, A."""
    are_so = bool(several) and all(
        len(pieces) == 2
        and names.is_person_name(pieces[0].name)
        and _is_family_name(pieces[0].name)
        and (len(pieces[1].name.split()) == 1 or _is_given_name(pieces[1].name))
        and not any(each.affiliation or names.is_affiliation(each.name) for each in pieces)
        for pieces in several
    )
    return are_so and (len(several) > 1 or _is_given_name(several[0][1].name))


def _alternates_with_given_names(pieces: list[_Piece]) -> bool:
    """Return whether commas separate family names and given names: LeCun, Y., Bengio, Y."""
    is_even = len(pieces) > 2 and len(pieces) % 2 == 0
    return (
        is_even
        and all(_is_family_name(each.name) for each in pieces[::2])
        and all(_is_given_name(each.name) for each in pieces[1::2])
    )


def _is_family_name(name: str) -> bool:
    """Return whether a name is one word, or several of which all but the last are particles: Van der Berg."""
    *particles, _ = name.split() or [""]
    return {word.casefold() for word in particles} <= get_words("people", "particle")


def _is_given_name(text: str) -> bool:
    return re.fullmatch(r"(?:[^\W\d_]\.[\s-]?){1,3}|[^\W\d_]{2,30}(?:\s[^\W\d_]\.){1,2}", text) is not None


@cache
def _build_separator_pattern() -> re.Pattern[str]:
    """Return what may separate people: signs, words for "and", and words for others who are not named."""
    ands = build_word_pattern("common", "and_between_names", "and_in_names")
    others = rf"(?:et\.?\s?al\b\.?|(?:{ands})\s(?:{join_expressions('people', 'others')})(?!\w))"
    words = rf"(?:(?<=\s)|(?<=[\ue000-\uf8ff]))(?:{ands})(?=\s)"
    cjk = r"[와과](?=\s)|(?<=[\u4e00-\u9fff\u30a0-\u30ff々ん])と(?=\S)|(?<![\u30a0-\u30ff])・|・(?![\u30a0-\u30ff])"
    sign = r"\s&(?:amp;)?\s?|&(?:amp;)?\s|(?<!\b\w)&(?!\w\b)|[;；、／]|(?<![0-9])/|/(?![0-9])|\s[+|•·]\s"
    signs = rf"(?=[\s&;；、／/+|•·와과と・])(?:{sign}|{cjk})"  # which most letters are no part of
    return re.compile(rf"(?P<others>{others})|(?P<sign>{signs})|(?P<word>{words})", re.IGNORECASE)


@cache
def _build_prefix_pattern() -> re.Pattern[str]:
    ands = build_word_pattern("common", "and_between_names")
    prefixes = join_expressions("people", "prefix", "led_by")
    return re.compile(rf"(?:{prefixes}|(?-i:{ands}))\s+(?=\S)(?-i:(?![a-zß-ÿ]))", re.IGNORECASE)


_FIRST_MASK = 0xE000
_PRIVATE_USE = dict.fromkeys(range(_FIRST_MASK, 63744), 65533)
_OTHER_ADDRESS = r"(?<!\S)([A-Za-z][A-Za-z0-9+.-]*://\S*)"
_HANDLE = r"(?:^|(?<=[\s,;(&/`*]))@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})(?![\w@.-])"
