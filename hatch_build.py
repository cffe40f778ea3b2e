"""Write the name of the commit that a release is made from into it, for the workflows that name the action by it."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "commit.txt"
PLACES = {"wheel": f"readingroom/{NAME}", "sdist": NAME}


class Hook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add a file with the commit, if it is known; an editable install asks git when it needs to know."""
        commit = _commit(Path(self.root))
        if commit and version != "editable":
            self.folder = TemporaryDirectory()
            file = Path(self.folder.name, NAME)
            file.write_text(f"{commit}\n", "ascii")
            build_data["force_include"][str(file)] = PLACES[self.target_name]

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        if hasattr(self, "folder"):
            self.folder.cleanup()


def _commit(root: Path) -> str:
    """Return the commit of a checkout, or the one that a source release names."""
    known = root / NAME
    if known.is_file():
        return known.read_text("ascii").strip()
    try:
        asked = ["git", "-C", str(root), "rev-parse", "--show-prefix", "HEAD"]
        prefix, _, commit = subprocess.check_output(asked, encoding="utf-8", stderr=subprocess.DEVNULL).partition("\n")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return "" if prefix else commit.strip()  # below its top, it is another project's repository
