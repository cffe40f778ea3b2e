"""The people that a line or a text area names, one on each line or several on one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from readingroom.parsing import names
from readingroom.parsing.lines import iter_lines
from readingroom.parsing.vocabulary import (
    MATERIAL_ROLES,
    build_word_pattern,
    find_role,
    fold_word,
    get_words,
    join_expressions,
)
from readingroom.text import links
from readingroom.text.phrases import normalize_whitespace, shorten_text

MAX_LINE = 1_000
MAX_QUESTIONS = 5
_NO_PERSON = re.compile(r"^[ \t>]*(?:#{1,6}[ \t].*|[-*+][ \t]+\[[ xX]?\][ \t].*)$", re.MULTILINE)
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
    address. ``placeholders`` are the texts that name nobody, such as TBC; ``skipped`` are headings and check boxes.
    """

    people: tuple[ParsedPerson, ...]
    questions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def parse_people(text: str) -> PeopleReading:
    """Return the people that a line or an area of plain Markdown names; placeholders such as TBC name nobody."""
    people: list[ParsedPerson] = []
    questions: list[str] = []
    doubts: list[str] = []
    placeholders: list[str] = []
    for _, _, line in iter_lines(_NO_PERSON.sub("", text)):
        parser = _LineParser(line)
        found = list(parser.iter_people())
        questions += parser.questions[:MAX_QUESTIONS]
        doubts += parser.doubts[:MAX_QUESTIONS]
        placeholders += parser.placeholders
        if len(found) == 1 and not found[0].name and people and not people[-1].url:
            people[-1] = replace(people[-1], url=found[0].url)
        else:
            people += found
    nameless = [shorten_text(each.url) for each in people if not each.name]
    questions += [f'Whose address is "{url}"? Write the name before it, as in "Ann Lee, {url}".' for url in nameless]
    skipped = tuple(line.strip() for line in _NO_PERSON.findall(text))
    return PeopleReading(tuple(people), tuple(dict.fromkeys(questions)), tuple(doubts), tuple(placeholders), skipped)


def is_handle(text: str) -> bool:
    """Return whether a text is a GitHub name after its @, and nothing else."""
    return re.fullmatch(_HANDLE, text) is not None


def has_separator(text: str) -> bool:
    """Return whether a text has a sign or a word, such as "and", that may be between people."""
    return _build_separator_pattern().search(text) is not None


@dataclass(frozen=True, slots=True)
class _Link:
    """A link in a line, and what its title says that it leads to."""

    title: str
    url: str
    typed: str
    is_resource: bool  # about the session
    names_person: bool

    @property
    def handle(self) -> str:
        """Return the GitHub name that is the link, without its @; empty for any other link."""
        return self.typed[1:] if self.typed.startswith("@") else ""

    @property
    def is_person(self) -> bool:
        return self.names_person or bool(self.handle)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is between two separators: a name, its links, and what the brackets after it say."""

    name: str
    url: str = ""
    affiliation: str = ""
    handle: str = ""
    is_linked_name: bool = False

    @property
    def is_surely_person(self) -> bool:
        return bool(self.url or self.affiliation or self.name[:1] >= "\u3040")


class _LineParser:
    """Reads the people of one line, in which one private-use character stands for each link and each bracket."""

    def __init__(self, line: str) -> None:
        self.line = line if line.isascii() else line.translate(_PRIVATE_USE)
        self.links: list[_Link] = []
        self.brackets: list[str] = []
        self.questions: list[str] = []
        self.doubts: list[str] = []
        self.placeholders: list[str] = []

    def ask(self, question: str, *, is_doubt: bool = True) -> None:
        self.questions.append(question)
        self.doubts += [question] if is_doubt else []

    def iter_people(self) -> Iterator[ParsedPerson]:
        """Yield the people of the line."""
        if self.is_bare_name():
            yield ParsedPerson(self.line)
            return
        text = self.mask_links(self.line) if len(self.line) <= links.MAX_LINE else self.line
        if len(text) > MAX_LINE:
            self.ask("A line has more than 1000 characters. Write one person on each line.")
            return
        text = self.strip_prefix(self.mask_brackets(self.drop_email(text)))
        plain = self.unfold(text)
        if not _LINK.search(plain) and names.is_nobody(plain):
            self.placeholders.append(shorten_text(self.line, 80))
            return
        parts = self.split_parts(text)
        groups = (map(self.parse_piece, _COMMA.split(part)) for part in parts if part.strip(_EDGES))
        several = [[piece for piece in group if piece] for group in groups]
        pairs = several
        if len(several) == 1:
            pairs = [several[0][place : place + 2] for place in range(0, len(several[0]), 2)]
        if _have_family_name_first(pairs, is_one_list=len(several) == 1):
            yield from (ParsedPerson(f"{given.name} {name.name}", name.url or given.url) for name, given in pairs)
        else:
            for pieces in several:
                yield from self.join_pieces(pieces, is_alone=len(parts) == 1)

    def is_bare_name(self) -> bool:
        """Return whether the line is surely one name and nothing else, as most are."""
        line = self.line
        if not _BARE_NAME.fullmatch(line) or self.strip_prefix(line) != line:
            return False
        return not (has_separator(line) or names.is_nobody(line))

    def mask_links(self, line: str) -> str:
        """Return the line with a character for each link and GitHub name, with a semicolon between two people's."""
        line = re.sub(r"~~[^~]*~~", "", line)
        found = links.find_links(line)
        others = [
            links.LinkMatch(*match.span(), "", match[1] or f"https://github.com/{match[2]}")
            for match in re.finditer(f"{_OTHER_ADDRESS}|{_HANDLE}", line)
            if not any(each.start <= match.start() < each.end for each in found)
        ]
        text, place = "", 0
        for start, end, title, url in sorted([*found, *others]):
            before = self.links[-1:]
            people = [self.mask_link(each, url, line[start:end]) for each in _split_link_title(title, line[:start])]
            are_neighbours = before and before[0].is_person and self.links[-1].is_person
            is_divided = are_neighbours and not line[place:start].strip(" *_`")
            text += (";" if is_divided else line[place:start]) + " & ".join(people)
            place = end
        return _strip_emphasis(text + line[place:])

    def mask_link(self, title: str, url: str, typed: str) -> str:
        """Return the character for a link, with the bracket at the end of its title after it."""
        bracket = re.search(r"(?<=.)\s?[(（][^()（）]*[)）]\Z", title)
        title = title[: bracket.start()] if bracket else title
        is_resource = find_role(title) in MATERIAL_ROLES | {"reading"}
        is_other = is_resource or fold_word(title) in get_words("resources", "profile", "generic")
        self.links.append(_Link(title, url, typed, is_resource, bool(title) and not is_other))
        return chr(_FIRST_LINK + len(self.links) - 1) + (bracket[0] if bracket else "")

    def mask_brackets(self, text: str) -> str:
        """Return a text with a character for each bracket that is closed, the inner ones first."""
        before = ""
        while text != before:
            before, text = text, _BRACKET.sub(self.mask_bracket, text)
        return text

    def mask_bracket(self, match: re.Match[str]) -> str:
        self.brackets.append(match[0])
        return chr(_FIRST_BRACKET + len(self.brackets) - 1)

    def unfold(self, text: str) -> str:
        """Return a text with its brackets."""
        while _MASKED_BRACKET.search(text):
            text = _MASKED_BRACKET.sub(lambda match: self.brackets[ord(match[0]) - _FIRST_BRACKET], text)
        return text

    def get_links(self, text: str) -> list[_Link]:
        return [self.links[ord(each) - _FIRST_LINK] for each in _LINK.findall(text)]

    def fill_titles(self, text: str) -> str:
        """Return a text with its brackets, and the titles of the links that name a person instead of the links."""
        text = self.unfold(text)
        titles = (each.title if each.names_person else " " for each in self.get_links(text))
        return normalize_whitespace(links.unescape_markdown(_LINK.sub(lambda _: next(titles), text)))

    def show(self, text: str) -> str:
        """Return a text as it was typed, short enough for a message."""
        typed = _LINK.sub(lambda match: self.get_links(match[0])[0].typed, self.unfold(text))
        return shorten_text(normalize_whitespace(typed), 80)

    def drop_email(self, text: str) -> str:
        """Return a text without an email address, about which it asks, unless it is all there is."""
        rest = re.sub(rf"[(<\[]?(?:mailto:)?{links.EMAIL.pattern}[)>\]]?", " ", text) if "@" in text else text
        if rest == text or not any(map(str.isalnum, rest)):
            return text
        self.ask("The files are public: leave out the email address, or write another link.", is_doubt=False)
        return rest

    def strip_prefix(self, text: str) -> str:
        """Return a text without words such as "Speaker:", "presented by" or "and" before its name."""
        text = text.strip(_EDGES)
        for _ in range(3):
            before = text
            label = re.match(r"([^:：()\uf000-\uf8ff]{1,40})[:：]\s*(?=\S)", text)
            if label and find_role(label[1]) == "lead":
                text = text[label.end() :]
            elif match := _build_prefix_pattern().match(text):
                text = text[match.end() :]
            words = text.split(" ", 3)
            sizes = (size for size in (2, 1) if len(words) >= size + 2 and _is_lead_word(" ".join(words[:size])))
            text = " ".join(words[next(sizes, 0) :])
            if text == before:
                break
        return text.strip(_EDGES)

    def split_parts(self, text: str) -> list[str]:
        """Return the parts of a line between signs and words that separate people."""
        places = [0]
        for match in _build_separator_pattern().finditer(text):
            if self.is_separator(text, match, places[-1]):
                places += match.span()
        parts = [text[start:end] for start, end in zip(places[::2], [*places[1::2], len(text)], strict=True)]
        return [name for part in parts for name in (part.split() if names.is_cjk_list(part) else [part])]

    def is_separator(self, text: str, match: re.Match[str], start: int) -> bool:
        """Return whether a sign or a word is between people: not in Ramón y Cajal, design/email, or before a place."""
        before, after = text[start : match.start()], text[match.end() :]
        if match[0] == "/":
            sides = (before, after.split("/", 1)[0])
            return all(_LINK.search(each) or names.is_person_name(self.unfold(each.strip(_EDGES))) for each in sides)
        word = match[0].strip()
        if match.lastgroup != "word" or fold_word(word) in get_words("common", "and_between_names"):
            return match.lastgroup != "word" or word.islower() or word in {"AND", "UND"}
        pieces = _COMMA.split(before)
        sizes = (
            _count_words(pieces[-1]),
            _count_words(_build_separator_pattern().split(after, maxsplit=1)[0].split(",")[0]),
        )
        return word.islower() and (min(sizes) > 1 or (len(pieces) > 1 and sizes == (1, 1)))

    def parse_piece(self, text: str) -> _Piece | None:
        """Return the name, the link and the affiliation of what is between two commas; None if it says nothing."""
        found = self.check_links(text)
        bare, affiliations = self.split_brackets(text)
        is_linked_name = any(each.names_person for each in self.get_links(bare))
        name = self.fill_titles(bare).strip(_EDGES)
        if not is_linked_name:
            name, after = self.split_affiliation(name)
            affiliations.insert(0, after)
        name = self.clean_name(self.strip_prefix(name))
        if names.is_nobody(name) and not found:
            self.placeholders += [self.show(text)] if name else []
            return None
        handle = next((each.handle for each in found if each.handle), "")
        return _Piece(name, found[0].url if found else "", _join(affiliations), handle, is_linked_name)

    def check_links(self, text: str) -> list[_Link]:
        """Return the links of a piece that may be its person's, those that name them first, and ask about others."""
        found = self.get_links(self.unfold(text))
        for each in found:
            if each.is_resource:
                message = f'The link "{shorten_text(each.typed)}" is no person\'s. Write it where slides and files go.'
                self.ask(message, is_doubt=False)
        found = [each for each in found if not each.is_resource]
        if len({each.url for each in found}) > 1:
            self.ask_for_lines(text)
        return sorted(found, key=lambda each: not each.names_person)

    def ask_for_lines(self, text: str) -> None:
        self.ask(f'Is "{self.show(text)}" one person? Write one person on each line, with one link.')

    def split_brackets(self, text: str) -> tuple[str, list[str]]:
        """Return a text without the brackets at its end, and the affiliations that are in them."""
        text = text.strip(_EDGES)
        tail = text[len(text.rstrip(_TAIL)) :]
        inners = [self.brackets[ord(each) - _FIRST_BRACKET][1:-1] for each in _MASKED_BRACKET.findall(tail)]
        if inners:
            text = (text.removesuffix(tail) + _MASKED_BRACKET.sub(" ", tail)).strip(f"{_EDGES}.")
        if inners and not text:
            text, *inners = inners
            if text.islower() and " " in text:  # perhaps a remark, as in "(note the new room), Ann Lee"
                self.ask(f'Is "{self.show(text)}" a name? Write it without brackets, or leave it out.')
                return "", []
        said = [self.fill_titles(each).strip(_EDGES) for inner in inners for each in inner.split(",")]
        return text.strip(_EDGES), [each for each in said if names.may_be_affiliation(each)]

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
        name, affiliation = shorten_text(name), shorten_text(affiliation)
        proposal = f'Write "{name} ({affiliation})", or each person on a line of their own.'
        self.ask(f'Is "{affiliation}" the affiliation of {name}? {proposal}')

    def clean_name(self, name: str) -> str:
        """Return a name without the marks around it; ask about one that is doubted."""
        if name.startswith("?") or name.endswith("?"):
            name = name.strip("? ")
            if not names.is_nobody(name):
                self.ask(f'Is it sure that "{shorten_text(name)}" leads? Leave out the question mark, or the name.')
        name = name.removeprefix("@")
        lower = {word for word in name.split() if word.islower() and word.isascii()}
        if len(name.split()) > 3 and len(lower - get_words("people", "particle")) > 1:
            self.ask(f'Is "{shorten_text(name)}" the name of one person? Write only the name.')
        return name[:-1] if re.search(r"[^\W\d_]{3}\.\Z", name) else name

    def join_pieces(self, pieces: list[_Piece], *, is_alone: bool) -> Iterator[ParsedPerson]:
        """Yield the people of the pieces between commas: a piece is a person, or belongs to the one before."""
        people: list[_Piece] = []
        for piece in pieces:
            if not people or self.is_another_person(people[-1], piece, sum(bool(each.name) for each in pieces)):
                people.append(piece)
                continue
            last = people[-1]
            if last.url and piece.url and last.url != piece.url:
                self.ask_for_lines(self.line)
            affiliation = _join([last.affiliation, piece.name, piece.affiliation])
            people[-1] = replace(last, url=last.url or piece.url, affiliation=affiliation)
        if is_alone and len(people) == 2 and not all(each.is_surely_person for each in people):
            one = f', or one as "{people[1].name} {people[0].name}"' if _is_family_name(people[0].name) else ""
            self.ask(f'Is "{self.show(self.line)}" two people? Write each on a line of its own{one}.')
        yield from (ParsedPerson(each.name or each.handle, each.url, each.affiliation) for each in people)

    def is_another_person(self, last: _Piece, piece: _Piece, count: int) -> bool:
        """Return whether a piece after a comma is a person of its own; ask if it is rather an affiliation."""
        name = piece.name
        if not name or piece.is_linked_name:
            return piece.is_linked_name or bool(piece.handle and not last.name)
        if names.is_affiliation(name) or names.is_pronoun(name):
            return False
        is_single = not piece.url and " " not in name and name.isascii() and count < 3
        is_after_whole_name = last.url or not _is_family_name(last.name)
        if names.is_person_name(name) and not (is_single and is_after_whole_name):
            return True
        self.ask_affiliation(last.name, name)
        return False


def _join(affiliations: list[str]) -> str:
    return ", ".join(filter(None, affiliations))


def _is_lead_word(text: str) -> bool:
    return find_role(text) == "lead" and fold_word(text) not in get_words("weak", "lead")


def _split_link_title(title: str, before: str) -> list[str]:
    """Return the people that the title of one link names, each with its place in brackets; else the title alone.

    What follows a comma, a bracket or "at" may be a place, such as Ernst & Young.
    """
    bare = re.sub(r"\([^()]*\)", "", title)
    if not has_separator(title) or re.search(r"(?:[,(@]|\bat)\s*\Z", before[-20:]) or names.is_institution(bare):
        return [title]
    found = parse_people(title)
    if len(found.people) < 2 or found.questions or not all(names.is_person_name(each.name) for each in found.people):
        return [title]
    return [each.shown for each in found.people]


def _strip_emphasis(text: str) -> str:
    """Return a text without marks of emphasis and code."""
    text = re.sub(r"(?<!\w)(_{1,3})(?=[^\s_])([^_]*)(?<=\S)\1(?!\w)", r"\2", text)
    return re.sub(r"\*+|`+", "", text)


def _count_words(text: str) -> int:
    return 2 if _LINK.search(text) else len(text.split())


def _have_family_name_first(pairs: list[list[_Piece]], *, is_one_list: bool) -> bool:
    """Return whether all names of a line have the family name first: Smith, Bob; Ray, A. or LeCun, Y., Bengio, Y."""
    return bool(pairs) and all(
        len(pair) == 2
        and names.is_person_name(pair[0].name)
        and _is_family_name(pair[0].name)
        and (_is_given_name(pair[1].name) or (not is_one_list and len(pair[1].name.split()) == 1))
        and not any(each.affiliation or names.is_affiliation(each.name) for each in pair)
        for pair in pairs
    )


def _is_family_name(name: str) -> bool:
    """Return whether a name is one word, or several of which all but the last are particles: Van der Berg."""
    return {word.casefold() for word in name.split()[:-1]} <= get_words("people", "particle")


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


_FIRST_LINK, _FIRST_BRACKET = 0xE000, 0xF000
_LINK, _MASKED_BRACKET = re.compile("[\ue000-\uefff]"), re.compile("[\uf000-\uf8ff]")
_TAIL = " \t.,;:–—-" + "".join(map(chr, range(_FIRST_LINK, 0xF900)))
_BRACKET = re.compile(r"[(（\[][^()（）\[\]]{0,200}[)）\]]")
_COMMA = re.compile("[,，]")
_BARE_NAME = re.compile(r"(?:[A-Z][A-Za-z0-9]*\.? ){0,4}[A-Z][A-Za-z0-9]*")  # without links, brackets and signs
_PRIVATE_USE = dict.fromkeys(range(_FIRST_LINK, 63744), 65533)
_OTHER_ADDRESS = r"(?<!\S)([A-Za-z][A-Za-z0-9+.-]*://\S*)"
_HANDLE = r"(?:^|(?<=[\s,;(&/`*]))@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})(?![\w@.-])"
