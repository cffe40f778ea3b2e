"""Words that people spell in several ways: compared, and the known one that may be meant suggested."""

import unicodedata
from collections.abc import Iterable


def normalize_text(text: str) -> str:
    """Return what two texts have in common that differ in case, in spaces or in how their accents are encoded."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def find_closest_word(word: str, known: Iterable[str]) -> str:
    """Return the known word that is nearest to ``word``, or an empty text if none is near."""
    import difflib  # noqa: PLC0415 -- needed where something is wrong

    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def suggest_word(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the sentence that suggests the known word nearest to ``word``, or another one if none is near."""
    near = find_closest_word(word, known)
    return f'Did you mean "{near}"?' if near else otherwise
