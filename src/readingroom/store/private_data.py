"""Private data that would become public: e-mail addresses, telephone numbers, and what opens a meeting or a file.

No message repeats what was found, since messages are public too.
"""

import re
from collections.abc import Iterator
from functools import cache

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.core.models import Group
from readingroom.core.text_file import decode_file
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.parsing.vocabulary import get_expressions, join_expressions
from readingroom.store import ignores
from readingroom.text.links import EMAIL

# A user's name and password before a host: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
_USER_IN_URL = re.compile(r"https?://[^\s/@:]{0,200}:[^\s/@]{1,200}@", re.IGNORECASE)
_KEY_IN_URL = re.compile(
    r"[?#&](?:pwd|passw(?:or)?d|passcode|(?:access_?|auth_?)?token|api_?key|secret)=[^&]", re.IGNORECASE
)
_SIX_DIGITS = re.compile(r"[0-9(](?:[ ()./-]{0,2}[0-9]){5}")  # which every telephone number has


def find_private_data(text: str) -> Iterator[Finding]:
    """Yield a finding for each kind of private data in a text, which may be an address."""
    if "@" in text and EMAIL.search(_USER_IN_URL.sub("", text)):
        message = "contains an e-mail address, which would become public."
        yield Finding.from_rule(Code.PRIVATE_EMAIL, message)
    lower = text.lower()
    has_password = any(part in lower for part in _get_password_parts()) and _build_password_pattern().search(lower)
    if has_password or ("://" in text and _has_key_in_url(text)):
        message = "contains a password or a key, which would become public."
        yield Finding.from_rule(Code.PRIVATE_PASSWORD, message)
    if _SIX_DIGITS.search(text) and _build_phone_pattern().search(text):
        yield Finding.from_rule(Code.PRIVATE_PHONE, "contains a telephone number, which would become public.")


@cache
def _get_password_parts() -> tuple[str, ...]:
    """Return what every word for a password has one of, and most texts have none of."""
    return get_expressions("private", "password_part")


@cache
def _build_password_pattern() -> re.Pattern[str]:
    """Return a pattern of passwords in a text in lower case, which takes half the time."""
    names, copulas, unspaced = (join_expressions("private", name) for name in ("password", "is", "unspaced_password"))
    return re.compile(
        rf"\b(?:{names})\b(?:\s?[:=：]\s?\S+|\s(?:(?:{copulas})\s?[:=：]?\s)?[^\s\d]{{0,20}}\d\S*)|\bpin\s?[:=]\s?\d{{4,12}}\b"
        rf"|(?:{unspaced})\s?(?:[:：は]\s?\S+|[a-z0-9]{{3,40}})"
    )


@cache
def _build_phone_pattern() -> re.Pattern[str]:
    """Return a pattern of telephone numbers in international form, or after a word or a sign that says what it is."""
    names, unspaced = (join_expressions("private", name) for name in ("phone", "unspaced_phone"))
    return re.compile(
        r"(?<![\w+./=-])\+[1-9](?:[ ()./-]{0,2}[0-9]){8,14}(?![\w/-])"
        rf"|(?:\b(?:{names})\b\.?|{unspaced})\s?[:：]?\s?\+?[0-9(](?:[ ()./-]{{0,2}}[0-9]){{5,14}}(?![\w/-])",
        re.IGNORECASE,
    )


def _has_key_in_url(text: str) -> bool:
    """Return whether an address in a text holds a password, or a parameter that is a key."""
    words = (word for word in text.split() if "://" in word)
    return any(_USER_IN_URL.search(word) or _KEY_IN_URL.search(word) for word in words)


def check_private_data(tree: Tree, group: Group) -> list[Diagnostic]:
    """Return the private data in valid files that no comment on its line accepts, at the lines of its keys."""
    diagnostics: list[Diagnostic] = []
    for file, content in ((CONFIGURATION, tree.contents[CONFIGURATION]), *tree.list_session_files()):
        text = decode_file(file, content).text
        if any(find_private_data(text)):
            diagnostics += _check_values(file, text)
    return sorted(ignores.drop_ignored(diagnostics, ignores.read_ignored_codes(tree, group)))


def _check_values(file: str, text: str) -> Iterator[Diagnostic]:
    # 8 ms for PyYAML, which files without private data do not need.
    from readingroom.store import yaml_codec  # noqa: PLC0415
    from readingroom.store.schema import format_key_path  # noqa: PLC0415

    for path, (value, line) in yaml_codec.map_values(text).items():
        for finding in find_private_data(value):
            yield Diagnostic(Location(file, line, key=format_key_path(path)), *finding)
