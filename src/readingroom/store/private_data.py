"""Private data that would become public: e-mail addresses, telephone numbers, and what opens a meeting or a file.

No message repeats what was found, since messages are public too.
"""

import re
from collections.abc import Iterator

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.core.models import Group
from readingroom.core.text_file import decode_file
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.store import ignores
from readingroom.text.links import EMAIL

_PASSWORD_IN_TEXT = re.compile(
    r"\b(?:pass(?:word|code|wd)|pwd?|kennwort|passwort|(?:kenn|zugangs|access |meeting )code|mot de passe|code d.accès"
    r"|contraseña|clave|senha|wachtwoord|toegangscode|código de (?:acceso|acesso))\b"
    r"(?:\s?[:=：]\s?\S+|\s(?:(?:is|lautet|ist|est|es|é)\s)?[^\s\d]{0,20}\d\S*)"
    r"|\bpin\s?[:=]\s?\d{4,12}\b"
    r"|(?:密码|密碼|口令|パスワード|パスコード|비밀번호|암호)\s?(?:[:：は]\s?\S+|[a-z0-9]{3,40})"
)  # of texts in lower case, which takes half the time
# Most texts have none of these, of which each word for a password has one.
_PASSWORD_PARTS = (
    *("pass", "pw", "wort", "woord", "code", "clave", "senha", "contraseña", "código", "pin"),
    *("密", "口令", "パス", "비밀", "암호"),
)
# A user's name and password before a host: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
_USER_IN_URL = re.compile(r"https?://[^\s/@:]{0,200}:[^\s/@]{1,200}@", re.IGNORECASE)
_KEY_IN_URL = re.compile(
    r"[?#&](?:pwd|passw(?:or)?d|passcode|(?:access_?|auth_?)?token|api_?key|secret)=[^&]", re.IGNORECASE
)
_SIX_DIGITS = re.compile(r"[0-9(](?:[ ()./-]{0,2}[0-9]){5}")  # which every telephone number has
_PHONE_PARTS = ("+", "tel", "phone", "mobile", "handy", "portable", *"☎☏📞📱", "电话", "電話", "전화")
# In international form, or after a word or a sign that says what it is.
_PHONE = re.compile(
    r"(?<![\w+./=-])\+[1-9](?:[ ()./-]{0,2}[0-9]){8,14}(?![\w/-])"
    r"|(?:\b(?:tel|phone|telephone|telefon|téléphone|teléfono|telefone|telefono|mobile|handy|portable)\b\.?|[☎☏📞📱]|电话|電話|전화)"
    r"\s?[:：]?\s?\+?[0-9(](?:[ ()./-]{0,2}[0-9]){5,14}(?![\w/-])",
    re.IGNORECASE,
)


def find_private_data(text: str) -> Iterator[Finding]:
    """Yield a finding for each kind of private data in a text, which may be an address."""
    if "@" in text and EMAIL.search(_USER_IN_URL.sub("", text)):
        message = "contains an e-mail address, which would become public."
        yield Finding.from_rule(Code.PRIVATE_EMAIL, message)
    lower = text.lower()
    has_password = any(part in lower for part in _PASSWORD_PARTS) and _PASSWORD_IN_TEXT.search(lower)
    if has_password or ("://" in text and _has_key_in_url(text)):
        message = "contains a password or a key, which would become public."
        yield Finding.from_rule(Code.PRIVATE_PASSWORD, message)
    has_mark = _SIX_DIGITS.search(text) and any(part in lower for part in _PHONE_PARTS)
    if has_mark and _PHONE.search(text):
        yield Finding.from_rule(Code.PRIVATE_PHONE, "contains a telephone number, which would become public.")


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
