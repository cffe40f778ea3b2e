"""Lines that say in words or in quotation marks who speaks about what: "Ann Lee presents Rings", 山田「量子」."""

import re
from collections.abc import Callable
from functools import cache

from readingroom.parsing.names import is_cjk_name
from readingroom.parsing.vocabulary import join_expressions

SpeakerSplit = tuple[int, int, int]  # where the people begin and end, and where the title begins


def find_speaker(text: str, are_names: Callable[[str], bool]) -> SpeakerSplit | None:
    """Return where people and title are in a sentence about both; ``are_names`` decides which texts name people."""
    for pattern in _build_patterns():
        found = pattern.match(text)
        if found and are_names(found["name"]):
            return found.start("name"), found.end("name"), found.end()
    found = _FAMILY.match(text)
    return (found.start("name"), found.end("name"), found.end()) if found and is_cjk_name(found["name"]) else None


@cache
def _build_patterns() -> tuple[re.Pattern[str], ...]:
    presents, before, about = (join_expressions("people", name) for name in ("presents", "talk_by", "about"))
    return (
        re.compile(rf"\s?(?P<name>[^,:：–—|\"]{{2,60}}?)\s(?:{presents})(?![a-zß-ÿ])\s?(?=\S)", re.IGNORECASE),
        re.compile(rf"\s?(?:{before})\s?(?P<name>[^:：–—|\"]{{2,60}}?)\s(?:{about})\s(?=\S)", re.IGNORECASE),
        _QUOTED,
        re.compile(rf"\s?(?P<name>[^:：–—|\"()]{{4,60}}?)\s(?:{about})\s(?=\S)"),
    )


# A title in quotation marks ends the line, or nearly.
_QUOTED = re.compile(
    r"\s?(?P<name>[^《「『«“„\"]{2,80}?)\s?[,:：，–—-]?\s?"
    r"(?=[《「『«“„\"].+[》」』»”“\"](?:[\s.,;(（\[|–—-].*|vor\b.*)?\Z)",
    re.DOTALL,
)
_FAMILY = re.compile(r"\s?(?P<name>[\u3400-\ud7a3]{2,3})(?:\s?[：:，,、]\s?|\s[–—-]\s|\s)(?=\S)")
