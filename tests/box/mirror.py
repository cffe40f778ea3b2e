"""A real bare Git repository that takes over a branch of the box as it grows, to ask Git itself what became of it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from box import bare
from box.repository import Repository

_SHOWN = "%H%x1f%an%x1f%P%x1f%T"


class Mirror:
    """A bare repository in a new folder, whose branch main follows that of the box, forward only."""

    def __init__(self, folder: Path, repository: Repository) -> None:
        self.folder = folder
        self.repository = repository
        self.head = ""
        self._known: set[str] = set()
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", ".")

    def git(self, *command: str, given: bytes = b"") -> str:
        """Return what Git prints; raise bare.Conflict with its own words if it fails."""
        return bare.git(self.folder, *command, given=given).decode()

    def follow(self) -> None:
        """Take over the commits that are new.

        Raises:
            bare.Conflict: if the branch has not grown from where it was, or Git finds other files in a commit.
        """
        for commit in reversed([*self._new()]):
            parents = [each["sha"] for each in commit["parents"]]
            if parents != ([self.head] if self.head else []):
                raise bare.Conflict(f"{commit['sha']} does not follow {self.head} alone, but {parents}")
            self._take(commit)

    def _new(self) -> Iterator[dict[str, Any]]:
        for page in range(1, 1000):
            found = self.repository.emulator.get(f"/commits?sha=main&per_page=100&page={page}")
            for commit in found:
                if commit["sha"] == self.head:
                    return
                yield commit
            if len(found) < 100:
                break
        if self.head:
            raise bare.Conflict(f"{self.head} is no longer in the history of main")

    def _take(self, commit: dict[str, Any]) -> None:
        blobs = self.repository.blobs(commit["commit"]["tree"]["sha"])
        stream = b"".join(self._stream(commit, blobs))
        self.git("fast-import", "--quiet", given=stream)  # Git itself refuses a branch that does not move forward
        self._known |= set(blobs.values())
        self.head = commit["sha"]
        listed = self.git("ls-tree", "-r", "-z", "main").split("\0")[:-1]
        if differs := {*listed} ^ {f"100644 blob {sha}\t{path}" for path, sha in blobs.items()}:
            raise bare.Conflict(f"{commit['sha']}: Git has other files: {sorted(differs)}")

    def _stream(self, commit: dict[str, Any], blobs: dict[str, str]) -> Iterator[bytes]:
        marks: dict[str, str] = {}
        for sha in sorted({*blobs.values()} - self._known):
            marks[sha] = f":{len(marks) + 1}"
            content = self.repository.blob(sha)
            yield f"blob\nmark {marks[sha]}\ndata {len(content)}\n".encode() + content + b"\n"
        yield b"commit refs/heads/main\n"
        for role in ("author", "committer"):
            login = (commit[role] or commit["author"])["login"]
            moment = int(datetime.fromisoformat(commit["commit"][role]["date"]).timestamp())
            yield f"{role} {login} <{login}@example.org> {moment} +0000\n".encode()
        message = commit["commit"]["message"].encode()
        yield f"data {len(message)}\n".encode() + message + b"\n"
        yield (b"from refs/heads/main^0\n" if self.head else b"") + b"deleteall\n"
        for path, sha in blobs.items():
            yield f"M 100644 {marks.get(sha, sha)} {path}\n".encode()

    def commits(self) -> list[tuple[str, str, list[str]]]:
        """Return the name, the author and the parents of each commit of main as Git lists them, oldest first."""
        lines = [line.split("\x1f") for line in self.git("log", "--reverse", f"--format={_SHOWN}", "main").splitlines()]
        return [(name, author, parents.split()) for name, author, parents, _ in lines]

    def changed(self, commit: str) -> list[str]:
        """Return the paths that a commit changes."""
        return self.git("diff-tree", "-r", "--root", "--name-only", "--no-commit-id", "-z", commit).split("\0")[:-1]

    def content(self, commit: str, path: str) -> bytes:
        """Return a file of a commit, or nothing if it is not there."""
        try:
            return bare.git(self.folder, "cat-file", "blob", f"{commit}:{path}")
        except bare.Conflict:
            return b""

    def checkout(self, folder: Path) -> dict[str, bytes]:
        """Return the files of a fresh clone, after Git has found nothing wrong with the repository."""
        self.git("fsck", "--strict", "--full")
        self.git("clone", "--quiet", "--no-local", ".", str(folder))
        paths = [path for path in folder.rglob("*") if path.is_file()]
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        return {path: content for path, content in files.items() if not path.startswith(".git/")}
