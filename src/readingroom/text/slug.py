"""Names of files and folders that are made of titles."""

from slugify import slugify

MAX_LENGTH = 60


def build_slug(title: str, fallback: str) -> str:
    """Return whole words of a title as letters, digits and hyphens, or the fallback where it has none."""
    return slugify(title, max_length=MAX_LENGTH, word_boundary=True) or fallback
