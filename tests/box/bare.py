"""Real Git, for what the emulator only pretends: merging, and the index of a checkout."""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

Files = Mapping[str, bytes]
GIT_WITHIN = 30  # seconds for one command
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "box" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


class Conflict(Exception):
    """What Git could not do, such as merging two branches; its own words."""


def merge(base: Files, *branches: Files) -> dict[str, bytes]:
    """Return the files after merging branches, all made from ``base``, one after the other.

    Raises:
        Conflict: if Git asks a person.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git(folder, "init", "--quiet", "--bare", ".")
        git(folder, "fast-import", "--quiet", given=b"".join(_stream([base, *branches])))
        git(folder, "update-ref", "refs/heads/main", "refs/heads/branch-0")
        for number in range(1, len(branches) + 1):
            _merge(folder, f"branch-{number}")
        return _files(git(folder, "archive", "--format=tar", "main"))


def add_index(folder: Path) -> None:
    """Make a folder a repository with all of its files in the index, as a checkout does."""
    git(folder, "init", "--quiet", "--initial-branch=main", ".")
    git(folder, "add", "--force", "--all", ".")


def _merge(folder: Path, branch: str) -> None:
    tree = git(folder, "merge-tree", "--write-tree", "main", branch).decode().split("\n")[0]
    parents = ("-p", "main", "-p", branch)
    commit = git(folder, "commit-tree", tree, *parents, "-m", f"Merge {branch}").decode().strip()
    git(folder, "update-ref", "refs/heads/main", commit)


def _stream(states: list[Files]) -> Iterator[bytes]:
    """Yield what git fast-import reads: a commit for each state, all but the first on top of the first."""
    for number, files in enumerate(states):
        yield f"commit refs/heads/branch-{number}\nmark :{number + 1}\n".encode()
        yield b"committer box <box> 0 +0000\ndata 1\nx\n"
        yield b"from :1\ndeleteall\n" if number else b"deleteall\n"
        for path, content in files.items():
            yield f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"


def _files(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        members = [each for each in tar if each.isfile()]
        return {each.name: file.read() for each in members if (file := tar.extractfile(each))}


def git(folder: Path, *command: str, given: bytes = b"") -> bytes:
    """Return what a Git command prints in a folder; raise Conflict with its own words if it fails."""
    ran = subprocess.run(
        ["git", *command],
        cwd=folder,
        env=_ENVIRONMENT,
        input=given,
        capture_output=True,
        timeout=GIT_WITHIN,
        check=False,
    )
    if ran.returncode:
        raise Conflict((ran.stdout + ran.stderr).decode(errors="replace"))
    return ran.stdout
