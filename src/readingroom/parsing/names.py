"""What a few words may be: a person's name, a degree, an institution, or a placeholder for a name."""

import re
from functools import cache

from readingroom.parsing.vocabulary import (
    build_expression_pattern,
    build_word_pattern,
    find_role,
    fold_word,
    get_roles_by_word,
    get_words,
    join_expressions,
    load_vocabulary,
)

MAX_NAME = 60
_ROLES_OF_TEXTS = frozenset({"reading", "link", "abstract", "authors"})


def is_nobody(text: str) -> bool:
    """Return whether a text names no person: ``TBC``, ``me``, ``-``, ``Speaker to be announced``, ``everyone``."""
    text = text.strip("()[]*_ .!\t\n\xa0")
    if not any(map(str.isalnum, text)):
        return True
    first, _, rest = text.partition(" ")
    texts = [text, rest] if rest and find_role(first) == "lead" else [text]
    return len(text) <= MAX_NAME and any(map(_matches_nobody, texts))


def _matches_nobody(text: str) -> bool:
    word = fold_word(text)
    if word in get_words("people", "nobody") or get_roles_by_word().get(word) in _ROLES_OF_TEXTS:
        return True
    return build_expression_pattern("people", "placeholder", "no_session", "everyone").fullmatch(text) is not None


def is_unknown(text: str) -> bool:
    """Return whether a text says that something is not known yet, such as TBC."""
    unknown = build_expression_pattern("people", "placeholder", "no_session")
    return len(text) <= MAX_NAME and unknown.fullmatch(text.strip(" ()[]*_.")) is not None


def is_pronoun(text: str) -> bool:
    """Return whether a text is pronouns, such as she/her."""
    return build_expression_pattern("people", "pronoun").fullmatch(text.strip()) is not None


def is_remark(text: str) -> bool:
    """Return whether a text next to a name is about the session, such as ``online`` or ``20 min``."""
    remark = build_expression_pattern("people", "remark")
    return remark.fullmatch(text) is not None or re.match(r"[0-9]+\s?[^\W\d_]", text) is not None


def is_degree(text: str) -> bool:
    """Return whether a text is what somebody is: PhD, Assistant Professor, Engineer at a place."""
    return len(text) <= 2 * MAX_NAME and _build_degree_pattern().fullmatch(text.strip()) is not None


@cache
def _build_degree_pattern() -> re.Pattern[str]:
    where = rf"(?:,?\s(?:{build_word_pattern('people', 'before_place')})\s.{{1,80}})?"
    return re.compile(
        rf"(?:{join_expressions('people', 'degree')})\.?|(?:{join_expressions('people', 'position')}){where}",
        re.IGNORECASE,
    )


def is_institution(text: str) -> bool:
    """Return whether a text is a place of work: it has the word of one, or is a short form such as MIT."""
    if text.isascii() and text.isalpha() and text.isupper() and len(text) > 1:
        return True
    acronyms = load_vocabulary()["people"]["acronym"]
    return build_expression_pattern("people", "institution").search(text[:200]) is not None or not set(
        re.findall(r"\b[A-Z]{2,5}\b", text)
    ).isdisjoint(acronyms)


def is_affiliation(text: str) -> bool:
    """Return whether a text after a name says where its person works or what they are."""
    return is_degree(text) or is_institution(text)


def may_be_affiliation(text: str) -> bool:
    """Return whether a text in brackets after a name may be an affiliation: no pronoun, remark, number or @name."""
    is_other = is_nobody(text) or is_pronoun(text) or is_remark(text)
    return not is_other and not text.startswith("@") and any(map(str.isalpha, text))


def is_person_name(text: str) -> bool:
    """Return whether a text looks like one person's name: a few words that start like one, or a few CJK signs."""
    text = re.sub(r"\([^()]*\)", "", text[: MAX_NAME * 2]).strip()
    if not text or len(text) > MAX_NAME or re.search(r"[?!:;\"“”„«»「」『』《》：=<>{}@/0-9]", text):
        return False
    if (is_institution(text) and not text.isupper()) or is_degree(text):
        return False
    if any(letter >= "\u3040" for letter in text):
        return len(text.replace(" ", "").replace("・", "")) <= (16 if "・" in text else 8)
    words = text.replace(".", ". ").split()
    particles = get_words("people", "particle")
    return len(words) <= 5 and all(
        word[0].isupper() or word[0] in "'’" or word.casefold() in particles for word in words
    )


def is_cjk_name(text: str) -> bool:
    """Return whether a text is surely a name in Chinese or Korean: a family name and one sign or two."""
    return (
        1 < len(text) < 4 and text[0] in load_vocabulary()["people"]["family"] and _CJK_NAME.fullmatch(text) is not None
    )


def is_cjk_list(text: str) -> bool:
    """Return whether words without Latin letters are names of people each: Korean ones hold no space."""
    words = text.split()
    return len(words) > 1 and all(
        _CJK_NAME.fullmatch(word) and ("\uac00" <= word[0] <= "\ud7a3" or is_cjk_name(word)) for word in words
    )


_CJK_NAME = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]{2,4}")


def has_topic_word(text: str) -> bool:
    """Return whether words that look like a name hold a word or a sign that names have not, such as "Deep Learning"."""
    words = text.split() if text.isascii() else [*text.split(), *text]
    topics = get_words("people", "topic", "topic_sign")
    return not is_cjk_name(text) and any(fold_word(word) in topics for word in words)
