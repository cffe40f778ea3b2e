"""Write the name of the commit that a package is made from into it, for the workflows that name the action by it.

It is followed by the tag of the version, if that is on the commit: then the package is a release.
"""

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
        commit = _commit(Path(self.root), f"v{self.metadata.version}")
        if commit and version != "editable":
            self.folder = TemporaryDirectory()
            file = Path(self.folder.name, NAME)
            file.write_text(f"{commit}\n", "ascii")
            build_data["force_include"][str(file)] = PLACES[self.target_name]

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        if hasattr(self, "folder"):
            self.folder.cleanup()


def _commit(root: Path, tag: str) -> str:
    """Return the commit of a checkout, with the tag if it is on it, or what a source release says of itself."""
    known = root / NAME
    if known.is_file():
        return known.read_text("ascii").strip()
    try:
        prefix, _, commit = _git(root, "rev-parse", "--show-prefix", "HEAD").partition("\n")
        tags = _git(root, "tag", "--points-at", "HEAD", "--list", tag)
    except (OSError, subprocess.CalledProcessError):
        return ""
    # Below its top, it is another project's repository.
    return "" if prefix else f"{commit.strip()} {tags}".strip()


def _git(root: Path, *question: str) -> str:
    return subprocess.check_output(["git", "-C", str(root), *question], encoding="utf-8", stderr=subprocess.DEVNULL)
