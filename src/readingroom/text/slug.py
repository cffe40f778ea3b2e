"""Names of files and folders made from titles."""

from slugify import slugify


def build_slug(title: str, fallback: str) -> str:
    """Return whole words of a title as letters, digits and hyphens, or the fallback if it has none."""
    return slugify(title, max_length=60, word_boundary=True) or fallback
