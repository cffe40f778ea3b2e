"""BibTeX entries in a text area: their title, address and authors.

Their syntax: https://www.bibtex.org/Format/.
"""

import re
import unicodedata
from dataclasses import dataclass

from readingroom.text.phrases import normalize_whitespace

_ENTRY = re.compile(r"@([A-Za-z]{3,20})\s{0,3}\{")
_FIELD = re.compile(r"(?:\A|,)\s*([A-Za-z][\w-]{0,30})\s*=\s*")
_OTHER_ENTRIES = frozenset({"comment", "string", "preamble"})
_ACCENTS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307"}
_ACCENTS |= {"c": "\u0327", "v": "\u030c", "u": "\u0306", "k": "\u0328", "H": "\u030b", "r": "\u030a"}
_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "aa": "å", "AA": "Å"}
_LETTERS |= {"i": "i", "j": "j"}


@dataclass(frozen=True, slots=True)
class BibtexEntry:
    """An entry: where it starts and ends in its text, its title, its address, and its authors."""

    start: int
    end: int
    title: str
    url: str
    authors: tuple[str, ...]


def find_bibtex_entries(text: str) -> list[BibtexEntry]:
    """Return the entries of a text that have a title; those after one that is not closed are not read."""
    entries: list[BibtexEntry] = []
    match = _ENTRY.search(text)
    while match and (end := _find_closing(text, match.end() - 1)) is not None:
        fields = _parse_fields(text[match.end() : end])
        if (title := fields.get("title", "")) and match[1].casefold() not in _OTHER_ENTRIES:
            authors = tuple(map(_turn_name, re.split(r"\s+and\s+", fields.get("author", ""))))
            entries.append(
                BibtexEntry(match.start(), end + 1, title, _find_address(fields), tuple(filter(None, authors)))
            )
        match = _ENTRY.search(text, end)
    return entries


def _find_closing(text: str, start: int) -> int | None:
    """Return where the brace at a position closes, or None."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += (match[0] == "{") - (match[0] == "}")
        if not depth and match[0] == "}":
            return match.start()
    return None


def _parse_fields(text: str) -> dict[str, str]:
    """Return the fields of an entry by name, as plain text."""
    fields: dict[str, str] = {}
    place = text.find(",")
    while place >= 0 and (match := _FIELD.search(text, place)):
        place, value = _parse_value(text, match.end())
        fields.setdefault(match[1].casefold(), _strip_latex(value))
    return fields


def _parse_value(text: str, start: int) -> tuple[int, str]:
    """Return where a value in braces, in quotation marks or bare ends, and the value."""
    if text.startswith("{", start):
        end = _find_closing(text, start) or len(text)
        return end + 1, text[start + 1 : end]
    if text.startswith('"', start):
        found = re.compile(r'(?<!\\)"\s*(?=,|\Z)').search(text, start + 1)
        end = found.start() if found else len(text)
        return end + 1, text[start + 1 : end]
    end = text.find(",", start)
    end = end if end >= 0 else len(text)
    return end, text[start:end]


def _strip_latex(text: str) -> str:
    """Return a value without braces, and with the letters that LaTeX commands mean."""
    text = re.sub(
        r"\\([\"'`^~=.]|[cvukHr](?![A-Za-z]))\s?\{?\\?([A-Za-z])\}?",
        lambda found: unicodedata.normalize("NFC", found[2] + _ACCENTS[found[1]]),
        text,
    )
    text = re.sub(r"\\([A-Za-z]+)\s?", lambda found: _LETTERS.get(found[1], ""), text)
    text = re.sub(r"\\(.)", r"\1", text.replace("~", " ").replace("---", "—").replace("--", "–"))
    return normalize_whitespace(text.replace("{", "").replace("}", ""))


def _turn_name(name: str) -> str:
    """Return ``Lovelace, Ada`` as ``Ada Lovelace``."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}".strip() if comma else name


def _find_address(fields: dict[str, str]) -> str:
    """Return the address of an entry: that of its DOI, its own, or that of its arXiv number; empty if it has none."""
    if doi := re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s?)", "", fields.get("doi", ""), flags=re.IGNORECASE):
        return f"https://doi.org/{doi}"
    if url := fields.get("url", ""):
        return url
    eprint = fields.get("eprint", "")
    return f"https://arxiv.org/abs/{eprint}" if re.fullmatch(r"[\w.-]+(?:/[0-9]{7})?", eprint, re.ASCII) else ""
