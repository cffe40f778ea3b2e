"""Warnings about one text: its letters, or an address."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import filterfalse
from urllib.parse import urlsplit

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Finding
from readingroom.core.urls import get_last_part
from readingroom.text import characters
from readingroom.text.matching import is_similar
from readingroom.text.phrases import shorten_text

_WORD = re.compile(r"[^\W\d_]+")
_CONFUSABLE_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def check_letters(line: str) -> Iterator[Finding]:
    """Yield the characters that hide or reorder text, and words that mix letters of similar alphabets."""
    if line.isascii():
        return
    for character in sorted(set(characters.HIDDEN.findall(line))):
        message = f"contains the invisible character U+{ord(character):04X}, which pages leave out of titles."
        yield Finding.from_rule(Code.TEXT_INVISIBLE_CHARACTER, message)
    for word in filterfalse(str.isascii, _WORD.findall(line)):
        scripts = sorted({script for letter in word if (script := _detect_script(letter))})
        if len(scripts) > 1:
            mixed = " and ".join(script.capitalize() for script in scripts)
            message = f'the word "{shorten_text(word)}" mixes {mixed} letters.'
            yield Finding(Code.TEXT_MIXED_ALPHABETS, message, "Type it again in one alphabet.")


def _detect_script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    first = unicodedata.name(letter, "").partition(" ")[0]
    return first if first in _CONFUSABLE_SCRIPTS else ""


_FILE_IN_TREE = re.compile(
    r"(https?://github\.com/[^/]+/[^/]+)/tree/([^?#]+\.(?:pdf|pptx?|key|odp|ipynb|md|docx?))(?=$|[?#])", re.IGNORECASE
)
_KNOWN_HOSTS = (
    "youtu.be", "youtube.com", "github.com", "arxiv.org", "docs.google.com", "drive.google.com", "doi.org",
    "openreview.net", "aclanthology.org", "huggingface.co", "wikipedia.org", "medium.com", "zoom.us", "slideshare.net",
)  # fmt: skip
_MIN_HOST_SIMILARITY = 0.85


def check_url(url: str) -> Iterator[Finding]:
    """Yield what is wrong with an address; nothing for a path or an anchor."""
    if not _SCHEME.match(url):
        return
    if url.lower().startswith("mailto:"):
        return  # private data
    excerpt = shorten_text(url, 80)
    if not url.lower().startswith(("https://", "http://")):
        message = f"{excerpt} is not a web address, so it will not be a link."
        yield Finding.from_rule(Code.LINK_UNSAFE, message)
        return
    host = _parse_host(url)
    if " " in url:
        message = f"{excerpt} has a space in it, or is on two lines, and leads nowhere."
        yield Finding(Code.LINK_MALFORMED, message, "Write it on one line; a space that belongs to it is %20.")
        return
    if not host or host.startswith(("http", "https.")):
        yield Finding.from_rule(Code.LINK_MALFORMED, f"{excerpt} is malformed and leads nowhere.")
        return
    if known_host := _find_similar_host(host):
        message = f"{url} leads to {host}, which may be a misspelling of {known_host}."
        yield Finding.from_rule(Code.LINK_HOST_SUSPICIOUS, message)
    if match := _FILE_IN_TREE.match(url):
        message = f"{url} is the address of a folder, and {get_last_part(match[2])} is a file."
        yield Finding(Code.LINK_TO_FOLDER, message, f"Write {match[1]}/blob/{match[2]}.")


def _parse_host(url: str) -> str:
    """Return the host of an address without "www.", or an empty text if it or its port cannot be right."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    labels = host.removesuffix(".").split(".")
    is_host = ":" in host or host == "localhost" or (len(labels) > 1 and all(labels))  # an IPv6 address has colons
    return host.removeprefix("www.") if is_host and is_port else ""


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@lru_cache(maxsize=10_000)
def _find_similar_host(host: str) -> str:
    if host.endswith(_KNOWN_HOSTS) and (
        host in _KNOWN_HOSTS or host.endswith(tuple(f".{known}" for known in _KNOWN_HOSTS))
    ):
        return ""
    return next((known for known in _KNOWN_HOSTS if is_similar(host, known, _MIN_HOST_SIMILARITY)), "")
