"""Short texts of messages: counted nouns, white space, excerpts."""


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun, which gets an s unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def normalize_whitespace(text: str) -> str:
    """Return a text on one line, with one space for each run of white space and none around it."""
    return " ".join(text.split())


def shorten_text(text: str, limit: int = 60) -> str:
    """Return a text of at most ``limit`` characters; if shortened, it ends in an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
