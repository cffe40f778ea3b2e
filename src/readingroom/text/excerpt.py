"""Texts shortened for messages."""


def shorten_text(text: str, limit: int = 60) -> str:
    """Return a text of at most ``limit`` characters; if shortened, it ends in an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
