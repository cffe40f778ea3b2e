"""The package's own files: schemas, templates, workflow and rules."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def get_rules_path() -> Path:
    """Return the file that describes every code of a diagnostic."""
    return _PACKAGE / "core/rules.toml"


def get_asset_folder(name: str) -> Path:
    """Return the folder ``schema``, ``templates`` or ``workflow``: installed in the package, in a checkout above it."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


@cache
def read_builtin_templates() -> dict[str, str]:
    """Return the package's own templates by name."""
    return {path.name: path.read_text("utf-8") for path in sorted(get_asset_folder("templates").glob("*.j2"))}
