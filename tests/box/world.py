"""What the proxy knows: requests, what it remembers in addition to the emulator, and GitHub's refusals."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from box.server import OWNER, REPOSITORY, Answer, Emulator

Next = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    data: Any
    token: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def tail(self) -> str:
        """The path below the repository."""
        return self.path.removeprefix(f"/repos/{REPOSITORY}")


@dataclass(slots=True)
class Settings:
    """What a test may set of a repository.

    ``rules`` are the kinds of the rules by the branch's name or the start of it.
    ``state`` is the workflow's, empty where GitHub knows none, and ``last_run`` is how its last run ended, "" while it
    goes on and None if there was none.
    """

    is_private: bool = False
    is_enabled: bool = True
    allowed: str = "all"
    by_commit_only: bool = False
    selected: dict[str, Any] = field(default_factory=dict)
    may_open_pulls: bool = True
    rules: dict[str, list[str]] = field(default_factory=dict)
    site: str = ""
    source: str = "workflow"  # what brings the site: a workflow, or "legacy" for a branch
    state: str = "active"
    last_run: str | None = "success"

    def list_rules(self, branch: str) -> list[str]:
        """Return the kinds of the rules for a branch, whether it exists or not."""
        return [kind for start, kinds in self.rules.items() if branch.startswith(start) for kind in kinds]


@dataclass(slots=True)
class World:
    """What the proxy remembers in addition to the emulator: who holds which token, statuses, heads of closed proposals.

    ``most_listed`` is how many entries of a tree are listed at once; ``former`` has the paths of what was renamed, each
    with the path that it has now. ``touched`` has the day on which an issue was opened and last changed, where it is
    not today. With ``lags``, lists do not have the newest issue or pull request yet. ``remaining`` is how many requests
    may still be sent before the primary rate limit, ``creations`` how many that create something before the secondary
    one, and with ``is_down`` GitHub gives no answer at all. ``checks`` says how the check run of a name last ended on a
    commit; ``verified`` are the commits that GitHub has signed.
    """

    emulator: Emulator
    granted: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    most_listed: int = 100_000
    former: dict[str, str] = field(default_factory=dict)
    touched: dict[int, str] = field(default_factory=dict)
    lags: bool = False
    remaining: int | None = None
    creations: int | None = None
    is_down: bool = False
    checks: dict[tuple[str, str], str] = field(default_factory=dict)
    verified: set[str] = field(default_factory=set)

    def sha(self, ref: str) -> str | None:
        """Return the commit of a branch or of a commit's name."""
        branch = self.emulator.call("GET", f"/repos/{REPOSITORY}/branches/{ref}")
        if branch.status == 200:
            return str(branch.data["commit"]["sha"])
        commit = self.emulator.call("GET", f"/repos/{REPOSITORY}/git/commits/{ref}")
        return commit.data["sha"] if commit.status == 200 else None

    def workflow_files(self, ref: str) -> dict[str, str]:
        """Return the names of the contents of a commit's workflow files, by path; nothing for no commit."""
        answer = self.emulator.call("GET", f"/repos/{REPOSITORY}/git/trees/{ref}?recursive=1")
        listed = answer.data["tree"] if answer.status == 200 else ()
        return {each["path"]: each["sha"] for each in listed if each["path"].startswith(".github/workflows/")}

    def all(self, path: str) -> list[dict[str, Any]]:
        """Return every page of a list, whose path ends in its parameters."""
        found: list[dict[str, Any]] = []
        for page in range(1, 100):
            found += (more := self.emulator.get(f"{path}&per_page=100&page={page}"))
            if len(more) < 100:
                break
        return found

    def limit(self, method: str) -> Answer | None:
        """Return what GitHub says instead of an answer where it gives none, for now."""
        if self.is_down:
            return refusal(502, "Server Error")
        if self.remaining == 0:
            reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + _HOUR)}
            return replace(refusal(403, "API rate limit exceeded for installation ID 1."), headers=reset)
        self.remaining = self.remaining and self.remaining - 1
        if method != "POST":
            return None
        if self.creations == 0:
            return replace(refusal(403, "You have exceeded a secondary rate limit."), headers={"Retry-After": "60"})
        self.creations = self.creations and self.creations - 1
        return None

    def pulls(self, branch: str) -> list[dict[str, Any]]:
        return list(self.emulator.get(f"/pulls?state=open&head={OWNER}:{branch}&per_page=100"))


_HOUR = 3600  # seconds until the requests of the next hour may be sent
_HELP = "https://docs.github.com/rest"


def refusal(status: int, message: str, /, **error: str) -> Answer:
    data: dict[str, Any] = {"message": message, "documentation_url": _HELP, "status": str(status)}
    return Answer(status, data | ({"errors": [error]} if error else {}), {})


def invalid_pull(message: str, /, **more: str) -> Answer:
    return refusal(422, "Validation Failed", resource="PullRequest", **{"code": "custom", "message": message, **more})
