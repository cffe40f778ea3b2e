"""Lines that say in words or in quotation marks who speaks about what: "Ann Lee presents Rings", 山田「量子」."""

import re
from collections.abc import Callable
from functools import cache

from readingroom.parsing.names import is_cjk_name
from readingroom.parsing.vocabulary import join_expressions

SpeakerSplit = tuple[int, int, int]  # where the people begin and end, and where the title begins

_QUOTES = {"《": "》", "「": "」", "『": "』", "«": "»", "“": "”", "„": "“”", '"': '"'}
_QUOTED = re.compile(r"\s?(?P<name>[^《「『«“„\"]{2,80}?)\s?[,:：，–—-]?\s?(?=(?P<open>[《「『«“„\"]))")
_ASIDE = re.compile(r"[\s.,;(（\[|–—-].*|vor\b.*|", re.DOTALL)


def find_speaker(text: str, are_names: Callable[[str], bool]) -> SpeakerSplit | None:
    """Return where people and title are in a sentence about both; ``are_names`` decides which texts name people."""
    for found in (
        _build_presents_pattern().match(text),
        _build_talk_by_pattern().match(text),
        _match_quoted_title(text),
        _match_family_name(text),
    ):
        if found and are_names(found["name"]):
            return found.start("name"), found.end("name"), found.end()
    return None


@cache
def _build_presents_pattern() -> re.Pattern[str]:
    words = join_expressions("people", "presents")
    return re.compile(rf"\s?(?P<name>[^,:：–—|\"]{{2,60}}?)\s(?:{words})(?![a-zß-ÿ])\s?(?=\S)", re.IGNORECASE)


@cache
def _build_talk_by_pattern() -> re.Pattern[str]:
    before, after = join_expressions("people", "talk_by"), join_expressions("people", "about")
    return re.compile(rf"\s?(?:{before})\s?(?P<name>[^:：–—|\"]{{2,60}}?)\s(?:{after})\s(?=\S)", re.IGNORECASE)


def find_speaker_on_topic(text: str, are_names: Callable[[str], bool]) -> SpeakerSplit | None:
    """Return where people and title are in a line such as "Ann Lee on rings"; a title alone may look like that."""
    found = _build_on_topic_pattern().match(text)
    return (found.start("name"), found.end("name"), found.end()) if found and are_names(found["name"]) else None


@cache
def _build_on_topic_pattern() -> re.Pattern[str]:
    return re.compile(rf"\s?(?P<name>[^:：–—|\"()]{{4,60}}?)\s(?:{join_expressions('people', 'about')})\s(?=\S)")


def _match_quoted_title(text: str) -> re.Match[str] | None:
    """Return the people before a title in quotation marks that ends the line, or nearly."""
    found = _QUOTED.match(text)
    if found is None:
        return None
    ends = [text.find(sign, found.end() + 1) for sign in _QUOTES[found["open"]]]
    end = max(ends)
    return found if end > 0 and _ASIDE.fullmatch(text, end + 1) else None


_FAMILY = re.compile(r"\s?(?P<name>[\u3400-\ud7a3]{2,3})(?:\s?[：:，,、]\s?|\s[–—-]\s|\s)(?=\S)")


def _match_family_name(text: str) -> re.Match[str] | None:
    found = _FAMILY.match(text)
    return found if found and is_cjk_name(found["name"]) else None
