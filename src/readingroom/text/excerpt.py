"""A text cut to the length that a message has room for."""

MAX_EXCERPT = 60


def shorten_text(text: str, limit: int = MAX_EXCERPT) -> str:
    """Return a text of at most ``limit`` characters; one that is cut ends in an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
