"""Where the package's schemas, templates, workflow and words are: beside it when installed, above it in a checkout."""

from pathlib import Path

_HERE = Path(__file__).parent


def vocabulary() -> Path:
    """Return the file of the words that hand-written pages are read by."""
    return _HERE / "importing/vocabulary.toml"


def folder(name: str) -> Path:
    """Return the folder ``schema``, ``templates`` or ``workflow`` of this package."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parents[1] / name
