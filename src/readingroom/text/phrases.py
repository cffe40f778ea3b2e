"""Counted nouns and white space in short texts."""


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun, which gets an s unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def normalize_whitespace(text: str) -> str:
    """Return a text on one line, with one space for each run of white space and none around it."""
    return " ".join(text.split())
