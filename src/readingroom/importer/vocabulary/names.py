"""Words in place of a name: a placeholder such as TBA, those of a topic, and what is surely a name."""

from functools import cache

from readingroom.parsing.vocabulary import build_expression_pattern, load_vocabulary

MAX_CELL = 1_000


def is_placeholder(text: str) -> bool:
    """Return whether a text represents what is not known yet."""
    text = text.strip()
    return not text or (len(text) <= MAX_CELL and _is_unknown_person(text.strip("()[]*_ ").strip()))


def _is_unknown_person(text: str) -> bool:
    unknown = build_expression_pattern("people", "placeholder")
    first, _, rest = text.partition(" ")
    is_after_role = bool(rest) and first.rstrip(".:").casefold() in _get_role_words()
    return unknown.fullmatch(text) is not None or (is_after_role and unknown.fullmatch(rest) is not None)


@cache
def _get_role_words() -> frozenset[str]:
    """Return the words that may precede a placeholder for a name: "Speaker TBA", "Prof. N. N."."""
    return frozenset([*load_vocabulary()["roles"]["lead"], "prof", "dr"]).difference(load_vocabulary()["weak"]["lead"])


def is_cjk_name(text: str) -> bool:
    """Return whether a text is surely a name in Chinese or Korean: a family name and one sign or two."""
    return (
        1 < len(text) < 4
        and text[0] in load_vocabulary()["people"]["family"]
        and all("\u3400" <= sign <= "\ud7a3" for sign in text)
    )


def has_topic_word(text: str) -> bool:
    """Return whether words that look like a name hold one that names have not, such as "Deep Learning"."""
    if is_cjk_name(text):
        return False
    words = text.casefold().split() if text.isascii() else [*text.casefold().split(), *text]
    return any(word in _get_topics() for word in words)


@cache
def _get_topics() -> frozenset[str]:
    """Return the words and signs that are hardly ever part of a name."""
    return frozenset([*load_vocabulary()["people"]["topic"], *load_vocabulary()["people"]["topic_sign"]])
