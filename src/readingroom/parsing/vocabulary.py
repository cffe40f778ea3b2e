"""The words by which people's texts are read, from vocabulary.toml."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load_vocabulary() -> dict[str, Any]:
    """Return the whole vocabulary as it is written."""
    import tomllib  # noqa: PLC0415 -- a build needs no vocabulary

    return tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text("utf-8"))


_SYMBOLS = {code: None for code in range(128) if not (chr(code).isalnum() or chr(code) == "#")}


def fold_word(text: str) -> str:
    """Return a text as words are compared: without case, accents, spaces and symbols other than #."""
    if text.isascii():
        return text.lower().translate(_SYMBOLS)
    text = strip_accents(unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in text if letter.isalnum() or letter == "#")


_SOUND_MARKS = "\u3099\u309a"  # of kana, where they make another letter: リンク is a link and リング a ring


def strip_accents(name: str) -> str:
    """Return a name without its accents."""
    decomposed = unicodedata.normalize("NFD", name)
    bare = "".join(each for each in decomposed if each in _SOUND_MARKS or not unicodedata.combining(each))
    return unicodedata.normalize("NFC", bare)


@cache
def get_words(section: str, *names: str) -> frozenset[str]:
    """Return the words of some lists of a section, folded; without names, those of all its lists."""
    lists = load_vocabulary()[section]
    return frozenset(fold_word(word) or word for name in names or lists for word in lists[name])


@cache
def get_roles_by_word() -> dict[str, str]:
    """Return what each folded word of a head or a label is about; the first role counts."""
    roles: dict[str, str] = {}
    for role, words in load_vocabulary()["roles"].items():
        for word in words:
            roles.setdefault(fold_word(word), role)
    return roles


MATERIAL_ROLES = frozenset({"slides", "recording", "code", "notes", "material"})


def find_role(label: str) -> str:
    """Return what a head or a label as a whole is about, such as ``lead`` for "Speaker:"; empty if it is unknown."""
    return get_roles_by_word().get(fold_word(label), "") if len(label) <= 60 else ""


@cache
def get_expressions(section: str, *names: str) -> tuple[str, ...]:
    """Return the expressions of some lists, longest first."""
    lists = load_vocabulary()[section]
    return tuple(sorted(dict.fromkeys(each for name in names for each in lists[name]), key=len, reverse=True))


def join_expressions(section: str, *names: str) -> str:
    """Return the expressions of some lists as one, each an alternative, longest first."""
    return _join_alternatives(get_expressions(section, *names))


_FIRST_LETTER = re.compile(r"(?:\\b)?([^\W\d_])(?![?*+{])(?:[^()|]|\([^()]*\))*")


@cache
def _join_alternatives(expressions: tuple[str, ...]) -> str:
    """Return expressions as one; where all begin with a letter, only those with the letter of a text are tried."""
    first = [found[1] if (found := _FIRST_LETTER.fullmatch(each)) else "" for each in expressions]
    letters = dict.fromkeys(first)
    if "" in letters or len({letter.lower() for letter in letters}) < len(letters):
        return "|".join(expressions)
    groups = {
        letter: "|".join(each for each, own in zip(expressions, first, strict=True) if own == letter)
        for letter in letters
    }
    return f"(?=[{''.join(groups)}])(?:{'|'.join(f'(?={letter})(?:{each})' for letter, each in groups.items())})"


@cache
def build_expression_pattern(section: str, *names: str) -> re.Pattern[str]:
    """Return a pattern of the expressions of some lists, in any case."""
    return re.compile(rf"(?:{join_expressions(section, *names)})", re.IGNORECASE)


@cache
def build_pattern(section: str, *names: str) -> re.Pattern[str]:
    """Return a pattern of the expressions of some lists, as whole words in any case."""
    # Signs have no spaces between words, so only a letter of an alphabet makes another word.
    edge = "[A-Za-z\u00c0-\u024f]"
    return re.compile(rf"(?<!{edge})(?:{join_expressions(section, *names)})(?!{edge})", re.IGNORECASE)


@cache
def build_word_pattern(section: str, *names: str) -> str:
    """Return the words of some lists as alternatives of an expression, as they are written, longest first."""
    lists = load_vocabulary()[section]
    words = sorted(dict.fromkeys(word for name in names for word in lists[name]), key=len, reverse=True)
    return _join_alternatives(tuple(map(re.escape, words)))
