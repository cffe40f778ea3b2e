"""Words that people spell in several ways, compared and corrected."""

import unicodedata
from collections.abc import Iterable


def normalize_text(text: str) -> str:
    """Return a text such that those that differ only in case, spaces or the encoding of accents are equal."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def find_closest_word(word: str, candidates: Iterable[str]) -> str:
    """Return the candidate closest to ``word``, or an empty text if none is close."""
    import difflib  # noqa: PLC0415 -- needed only for a mistake

    folded = {candidate.casefold(): candidate for candidate in candidates}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def suggest_word(word: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """Return a sentence that suggests the candidate closest to ``word``, or ``otherwise`` if none is close."""
    closest = find_closest_word(word, candidates)
    return f'Did you mean "{closest}"?' if closest else otherwise


def is_similar(one: str, two: str, minimum: float) -> bool:
    """Return whether the ratio of two texts is great enough; its upper bounds take a tenth of the time."""
    if 2 * min(len(one), len(two)) < minimum * (len(one) + len(two)):
        return False
    from difflib import SequenceMatcher  # noqa: PLC0415 -- as above

    matcher = SequenceMatcher(None, one, two)
    return matcher.quick_ratio() >= minimum and matcher.ratio() >= minimum
