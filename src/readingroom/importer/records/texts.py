"""Parts of a cell or a line: what is a title, what a label names, and which links only name files."""

import re
from typing import NamedTuple

from readingroom.importer.page.rich_text import Mark, RichText, join_texts
from readingroom.importer.records import people
from readingroom.importer.vocabulary.roles import Role, find_role, parse_label
from readingroom.parsing.names import is_nobody
from readingroom.parsing.vocabulary import (
    build_expression_pattern,
    build_word_pattern,
    fold_word,
    get_expressions,
    get_words,
    join_expressions,
)

MAX_TITLE = 200
EDGES = " \n,;:：.|·•–—-/*"
_BRACKETS = "()[]"
_AND = build_word_pattern("common", "and_between_names")


def is_resource_label(label: str) -> bool:
    """Return whether the text of a link says what kind of file it leads to, as in "Slides: Rings"."""
    return _find_link_role(label) is Role.RESOURCE


def _find_link_role(label: str) -> Role | None:
    named = re.match(r"(\w+)\s*[:：]", label) if ":" in label or "：" in label else None
    if named and find_role(named[1]) is Role.RESOURCE:
        return Role.RESOURCE
    return find_role(label.strip(EDGES + _BRACKETS), 4) if len(label) <= 40 else None


def is_generic_label(label: str) -> bool:
    """Return whether the text of a link names nothing by itself, such as "paper" or "here"."""
    bare = label.strip(EDGES + _BRACKETS)
    if not bare.strip("0123456789") or is_generic_word(bare) or re.fullmatch(r"https?://\S+", bare, re.IGNORECASE):
        return True
    role = _find_link_role(label)
    is_word = (role is Role.READING and len(label.split()) <= 4) or (role is Role.TITLE and " " not in bare)
    return is_word or role is Role.RESOURCE


def is_generic_word(label: str) -> bool:
    return fold_word(label) in get_words("resources", "generic", "other")


def strip_brackets(label: str) -> str:
    """Return the text of a link without signs and brackets around all of it."""
    label = label.strip(EDGES)
    return label[1:-1].strip(EDGES) if label[:1] in ("(", "[") and label[-1:] in (")", "]") else label


_GENERIC = "\0"  # a letter of a link that only names a file
for _ in range(3):  # brackets in brackets
    _GENERIC = rf"(?:\s*(?:\0|[(（\[【]{_GENERIC}[)）\]】]))+\s*"
_GENERIC_LINKS = re.compile(rf"(?<!\s){_GENERIC}")


def cut_generic_links(text: RichText) -> RichText:
    """Return a text without the links that only name files and their brackets; if all do, the first is kept."""
    generic = [each for each in text.links if is_generic_label(text.get_label(each))]
    if generic and not re.search(r"\w", text.mask(generic)):
        generic.remove(next((each for each in generic if re.search(r"\w", text.get_label(each))), generic[0]))
    if not generic:
        return text
    cuts = [found.span() for found in _GENERIC_LINKS.finditer(text.mask(generic))]
    bounds = zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text.text)], strict=True)
    return join_texts(text.slice_parts(bounds), " ")


_AFTER_LINK = re.compile(rf"[.;]\s|\s(?:{join_expressions('people', 'by')}|from)\s")
_CLEANING = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\[\^[^\[\]]+\]", ""),
        (r"\s*[(（\[]\s*[,;|/&+·–-]*\s*[)）\]]", ""),
        (r"\[([^\[\]]+)\]\[[^\[\]]*\]", r"\1"),
        (r"(?:(?<=[(\[])\s+|(?<![\s,;|/])[\s,;|/]+(?=[)\]]))", ""),
    )
]  # of a title with brackets
_SPACE_BEFORE_SIGN = re.compile(r" ([,.;)])")
_AND_AT_END = re.compile(rf"(?<![\s,])[\s,]+(?:{_AND}|&|\+)\Z", re.IGNORECASE)
_SIGNS_AT_START = re.compile(r"[^\w(\[{\"'“„«「『《<$#@¿¡]+")
_DOT_AT_END = re.compile(r"(?<!\b\w\.\w)(?<!\b\w)(?<!\bal)(?<!\.\.)(?<!\bvs)(?<!\betc)\.\Z")


def clean_title(text: RichText) -> str:
    """Return the visible title: without links that only name files, and the brackets and signs around them.

    Where a title is a link, a sentence after it is not part of it.
    """
    first = text.links[0] if text.links else None
    is_sentence_after = first is not None and first.start < 3 and _AFTER_LINK.match(text.text, first.end)
    if first and is_sentence_after and not is_generic_label(text.get_label(first)):
        text = text.slice(0, first.end)
    shown = cut_generic_links(text).text
    if "://" in shown:
        shown = re.sub(r"https?://\S+", "", shown)
    for pattern, replacement in _CLEANING if any(sign in shown for sign in "()[]（）") else ():
        shown = pattern.sub(replacement, shown)
    shown = _SPACE_BEFORE_SIGN.sub(r"\1", " ".join(shown.split())).lstrip(EDGES).rstrip(EDGES.replace(".", ""))
    shown = _AND_AT_END.sub("", shown)
    if found := _SIGNS_AT_START.match(shown):
        shown = shown[found.end() :]
    return _DOT_AT_END.sub("", shown) if shown.endswith(".") else shown


_QUOTES = re.compile(r"[“\"«„「『《]\s*(?P<title>[^“”\"«»„「」『』《》]{2,300}?)\s*[”\"»“」』》]")


def find_quoted(text: RichText, *, is_all: bool = True) -> tuple[int, int] | None:
    """Return where the text in quotation marks is, if there is one, and if it is nearly all of a text."""
    found = _QUOTES.search(text.text)
    size = len(found["title"]) if found else 0
    if found and (not is_all or (found.start() < 3 < size and (2 * size > len(text.text) or size > 24))):
        return found.span("title")
    return None


def is_all_bold(text: RichText) -> bool:
    return text.is_all(Mark.STRONG)


class LineLabel(NamedTuple):
    """What a line begins with, the role that it names (weakly, where only weak words do), and what follows it."""

    words: str
    role: Role
    is_weak: bool
    value: RichText

    def is_entitled(self, *lists: str) -> bool:
        """Return whether it is one such as "Title:", which is no part of the title."""
        return fold_word(self.words) in get_expressions("headings", "entitled", *lists)


_LABEL_SIGN = re.compile("[:：–—-]")  # without which only what is bold is a label
_LABELS = (
    re.compile(r"\s*(?P<label>[^:：\n]{1,50}?)\s*[:：]\s*"),
    re.compile(r"\s*(?P<label>[^\W\d_][^:：\n–—-]{1,24}?)\s+[-–—]\s+(?=\S)"),
)
_UNKNOWN_LABEL = re.compile(r"(?P<label>[^\W\d_][\w ]{0,24}?)\s*[:：]\s+(?=\S)")


def split_label(text: RichText) -> LineLabel | None:
    """Return the label at the start of a line, if its words name a role."""
    bold = next((each for each in text.iter_marked(Mark.STRONG) if each.start == 0), None)
    if not bold and not _LABEL_SIGN.search(text.text, 0, 60):
        return None
    matches = (pattern.match(text.text) for pattern in _LABELS)
    ends = [(each.end("label"), each.end()) for each in matches if each]
    ends += [(bold.end, bold.end)] if bold and text.text[bold.end :][:1].isspace() else []
    for end, start in ends:
        words = [text.get_label(link).split() for link in text.links if link.start < end]
        found = parse_label(_strip_label(text.text[:end]), 3)
        if found.role and all(len(each) < 3 for each in words):
            return LineLabel(text.text[:end], found.role, found.is_weak, text.slice(start))
    return None


def split_unknown_label(text: RichText) -> tuple[str, RichText] | None:
    """Return the words before the first colon of a line, and what follows it."""
    found = _UNKNOWN_LABEL.match(text.text)
    return (found["label"], text.slice(found.end())) if found else None


def find_label_role(label: str) -> Role | None:
    """Return the role that the words of a label name, or nothing."""
    return find_role(_strip_label(label), 3)


def _strip_label(label: str) -> str:
    return re.sub(r"^[^\w(]+|[^\w)]+$|\(s\)|/in|\*in", "", label)


_INLINE_LABEL = re.compile(
    r"(?:\A|(?<=[.;|,(\[（\n•])\s*|\s+[-–—]\s+|\s{1,3})(?P<label>[^\W\d_][\w/ ]{1,22}?)\s*(?::\s+|：\s*)"
)
_COLON = re.compile("[:：]")
_INLINE_ROLES = frozenset({Role.LEAD, Role.ROOM, Role.TIME, Role.READING, Role.RESOURCE})


def split_inline_labels(text: RichText) -> tuple[RichText, list[tuple[Role, RichText]]]:
    """Return a line without its labelled parts, and those with their roles: "Rings. Discussant: Ann Lee"."""
    if not _COLON.search(text.text):
        return text, []
    cuts = [cut for found in _INLINE_LABEL.finditer(text.text) if (cut := _find_inline_label(text, found))]
    if not cuts:
        return text, []
    starts = [*(start for start, _, _ in cuts[1:]), len(text.text)]
    said = text.slice_parts((end, start) for (_, end, _), start in zip(cuts, starts, strict=True))
    parts = [(role, part.strip(".,;|•–—-()[]（）")) for (_, _, role), part in zip(cuts, said, strict=True)]
    if not all(people.read_names(part) or is_nobody(part.text) for role, part in parts if role is Role.LEAD):
        return text, []
    return text.slice(0, cuts[0][0]).strip(" ,;|•–—-([（"), parts


def _find_inline_label(text: RichText, found: re.Match[str]) -> tuple[int, int, Role] | None:
    """Return where a label in a line begins and ends, with its role: the last words before its colon."""
    if (link := text.find_link(found.start("label"))) and found.end("label") < link.end:
        return None
    said = found["label"].split()
    for number in range(max(0, len(said) - 2), len(said)):
        part = " ".join(said[number:])
        if (role := find_label_role(part)) in _INLINE_ROLES:
            start = found.start("label") + found["label"].rfind(part)
            return (start, found.end(), role) if start and (number == 0 or part > "\u3000") else None
    return None


_IN = join_expressions("headings", "in_place")
PLACE = re.compile(rf"(?:{_IN})\b\s?")
_ROOM_FIRST = re.compile(rf"(?:{_IN})\s+(?P<room>[\w][\w .-]{{0,20}})\s*[:,]\s+(?=\S)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*[(\[](?P<room>[^()\[\]]{3,60})[)\]]")
_COUNT = re.compile(
    rf"[^\w#(\[\"“«„]*(?:(?:{join_expressions('dates', 'unit')})\s?)?"
    r"#?\s?\d{1,3}(?:\s?/\s?\d{1,3})?[\s.:)–—-]+(?=\S)",
    re.IGNORECASE,
)


def names_where(text: str) -> bool:
    return build_expression_pattern("headings", "where").search(text) is not None


def is_place(text: RichText) -> bool:
    """Return whether the rest of a date's line says where a session is."""
    is_said = PLACE.match(text.text) or (len(text.text.split()) <= 4 and names_where(text.text))
    return len(text.text) < 100 and bool(is_said or re.fullmatch(r"\([^()]*\)?", text.text))


def cut_room(text: RichText) -> tuple[RichText, str]:
    """Return a line without the room before it or in brackets, and that: "in B12: Ann Lee, Rings (online)"."""
    if found := _ROOM_FIRST.match(text.text):
        return text.slice(found.end()), found["room"]
    for found in _IN_BRACKETS.finditer(text.text):
        has_link = any(link.start >= found.start() and link.end <= found.end() for link in text.links)
        if not has_link and names_where(found["room"]):
            return text.cut(*found.span()), found["room"]
    return text, ""


def strip_count(text: RichText) -> RichText:
    """Return a title without the number of its session."""
    found = _COUNT.match(text.text)
    return text.slice(found.end()) if found else text
