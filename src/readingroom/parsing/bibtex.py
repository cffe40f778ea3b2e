"""BibTeX entries in a text area: their title, address and authors.

Their syntax: https://www.bibtex.org/Format/.
"""

import re
import unicodedata
from typing import Any

from readingroom.text.phrases import normalize_whitespace

_BRACES = r"\{(?:[^{}\\]++|\\.)*+\}"
for _ in range(4):
    _BRACES = rf"\{{(?:[^{{}}\\]++|\\.|{_BRACES})*+\}}"
_ENTRY = re.compile(rf"@(?!comment|string|preamble)[A-Za-z]{{3,20}}\s{{0,3}}{_BRACES}", re.DOTALL | re.IGNORECASE)
_VALUE = rf"(?:({_BRACES})|\"((?:[^\"{{\\]++|\\.|{_BRACES})*+)\"|([^,]*))"
_FIELD = re.compile(rf",\s*([A-Za-z][\w-]{{0,30}})\s*=\s*{_VALUE}", re.DOTALL)
_ACCENTS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307"}
_ACCENTS |= {"c": "\u0327", "v": "\u030c", "u": "\u0306", "k": "\u0328", "H": "\u030b", "r": "\u030a"}
_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "aa": "å", "AA": "Å"}
_LETTERS |= {"i": "i", "j": "j"}
_MAX_AUTHORS = 10


def extract_bibtex(text: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """Return a text with a marker instead of each entry that has a title, and their items by marker."""
    items: dict[str, dict[str, Any]] = {}

    def mark_entry(match: re.Match[str]) -> str:
        item = _parse_entry(match[0])
        if "title" not in item:
            return match[0]
        items[marker := f"\ue000{len(items)}\ue000"] = item
        return f"\n{marker}\n"

    text = _ENTRY.sub(mark_entry, text)
    return re.sub(r"(?m)^ {0,3}(?:```|~~~)[a-z]*\s*$", "", text) if items else text, items


def _parse_entry(entry: str) -> dict[str, Any]:
    """Return an entry as plain data: its title, its address, and its authors as a note."""
    fields: dict[str, str] = {}
    for name, *values in _FIELD.findall(entry.removesuffix("}")):
        fields.setdefault(name.casefold(), _strip_latex("".join(values)))
    authors = [_turn_name(name) for name in re.split(r"\s+and\s+", fields.get("author", ""))]
    others = ["and others"] if len(authors) > _MAX_AUTHORS else []
    note = ", ".join([*authors[:_MAX_AUTHORS], *others])
    item = {"title": fields.get("title", ""), "url": _find_address(fields), "note": note}
    return {key: value for key, value in item.items() if value}


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
