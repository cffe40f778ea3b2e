"""GitHub in a box: an emulated API with a repository in it, and a proxy that records and fails, for tests."""

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from box import pool
from box.contract import check
from box.deviations import DEVIATIONS
from box.proxy import Exchange, Faults
from box.repository import Changes, Files, Repository
from box.server import BOT, OWNER, PEOPLE, REPOSITORY, TOKENS

__all__ = ["BOT", "DEVIATIONS", "OWNER", "PEOPLE", "REPOSITORY", "Box", "Exchange", "Faults", "check"]

Event = dict[str, Any]


class Box:
    """A GitHub of one's own, empty but for a repository with the given files on main, until the block ends.

    Every request through ``url`` must then have been one that GitHub describes, and every answer too.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.owner_token = TOKENS[OWNER]
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="box-")))
            pair = stack.enter_context(pool.borrowed())
            self.proxy, self.emulator = pair.proxy, pair.emulator
            self.world = self.proxy.serve(self.emulator)
            self.repository = Repository(self.emulator, self.world)
            self.repository.commit("main", self.files, message="Initial commit")
            self.emulator.do("PUT", "/collaborators/organiser", {"permission": "push"})
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """End, and say what was asked or answered through the proxy in another way than GitHub describes."""
        exchanges = self.exchanges
        self._stack.close()
        if kind is None and (wrong := check(exchanges)):
            raise AssertionError("\n".join(wrong))

    @property
    def url(self) -> str:
        """Where a client finds the API."""
        return self.proxy.url

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request through ``url`` so far, with its answer."""
        return self.proxy.exchanges

    @property
    def faults(self) -> Faults:
        return self.proxy.faults

    def token(self, **permissions: str) -> str:
        """Return a token as a workflow gets it, with these permissions and no others: ``token(issues="write")``."""
        named = {name.replace("-", "_"): value for name, value in permissions.items()}
        token = self.emulator.mint(named)
        self.world.granted[token] = named
        return token

    def open_issue(self, title: str, body: str | None, labels: Iterable[str] = (), user: str = OWNER) -> Event:
        """Open an issue and return the event that GitHub sends: action, issue, repository, sender."""
        issue = self.emulator.do("POST", "/issues", {"title": title, "body": body, "labels": [*labels]}, user)
        return self._event("opened", issue, user)

    def edit_issue(self, number: int, user: str = OWNER, **changes: str) -> Event:
        """Change an issue's title or body."""
        before = self.emulator.get(f"/issues/{number}")
        issue = self.emulator.do("PATCH", f"/issues/{number}", changes, user)
        return self._event("edited", issue, user) | {"changes": {key: {"from": before[key]} for key in changes}}

    def close_issue(self, number: int, user: str = OWNER, reason: str = "completed") -> Event:
        change = {"state": "closed", "state_reason": reason}
        return self._event("closed", self.emulator.do("PATCH", f"/issues/{number}", change, user), user)

    def reopen_issue(self, number: int, user: str = OWNER) -> Event:
        change = {"state": "open", "state_reason": "reopened"}
        return self._event("reopened", self.emulator.do("PATCH", f"/issues/{number}", change, user), user)

    def close_pull(self, number: int, user: str = OWNER) -> Event:
        """Close a pull request without merging it and return the `pull_request` event."""
        token = TOKENS[user]
        pull = self.emulator.get(f"/pulls/{number}")
        self.world.heads[number] = self.repository.branches()[pull["head"]["ref"]]
        pull = self.emulator.call("PATCH", f"/repos/{REPOSITORY}/pulls/{number}", {"state": "closed"}, token).data
        return self._event("closed", pull, user, "pull_request")

    def merge(self, number: int, user: str = OWNER) -> Event:
        """Merge a pull request as Git does; return the `pull_request` event, or raise `bare.Conflict`."""
        self.repository.merge(number, user)
        return self._event("closed", self.emulator.get(f"/pulls/{number}"), user, "pull_request")

    def commit(self, branch: str, files: Changes, author: str = "organiser") -> str:
        """Let a person commit to a branch (new ones begin at main; None removes a file); return the commit's name."""
        return self.repository.commit(branch, files, author)

    def tree(self, ref: str = "main") -> Files:
        return self.repository.tree(self.repository.branches().get(ref, ref))

    def state(self) -> dict[str, Any]:
        """Return branches, pull requests, issues, labels and statuses, to compare with those of another run."""
        return self.repository.state()

    def _event(self, action: str, subject: Event, user: str, kind: str = "issue") -> Event:
        sender = self.emulator.call("GET", f"/users/{user}").data
        return {"action": action, kind: subject, "repository": self.emulator.get(""), "sender": sender}
