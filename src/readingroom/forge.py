"""GitHub: the one module that knows PyGithub, and nothing of sessions.

Few requests, each with a limit of time. Reading, and writing what may be written twice, is tried again with growing
pauses; a comment or a pull request is asked for once, since the answer may be lost and the thing made all the same.
"""

import base64
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import github
import requests
import urllib3
from github import Auth, Github, GithubException, GithubRetry

from readingroom.files import Entry

T = TypeVar("T")

TIMEOUT = 15  # seconds for one answer; GitHub itself gives up after 10
TRIES = 4
LONGEST_PAUSE = 30  # seconds, whatever a server asks for
CUT = 413  # the status of a refusal to go on with a list that GitHub has cut
PAUSES = (1, 3)  # seconds before interrupted work is done again

# What GitHub refuses is raised, and told by whoever knows what to do then: not here as well.
logging.getLogger("github").addHandler(logging.NullHandler())

_WRITES_TWICE = frozenset({"GET", "PUT", "PATCH", "DELETE", "POST"})


class Refused(Exception):
    """GitHub refused a request; ``status`` is its code, ``fields`` are what it found wrong, and the text its words.

    ``permission`` is what a job needs for such a request, by the name that workflows have for it, or empty.
    """

    def __init__(self, status: int, said: str, fields: frozenset[str] = frozenset(), permission: str = "") -> None:
        super().__init__(said)
        self.status = status
        self.fields = fields
        self.permission = permission


class Interrupted(Exception):
    """GitHub gave no answer to a request, which may have taken effect: look again before the next."""


@dataclass(frozen=True, slots=True)
class Issue:
    number: int
    title: str
    body: str
    is_open: bool
    labels: frozenset[str]
    comments: int
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request; ``branch`` is empty where it comes from another repository."""

    number: int
    branch: str
    head: str
    title: str
    body: str
    is_open: bool
    is_merged: bool
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; ``has_a_say`` tells whether someone who may write to the repository wrote it, such as this program."""

    id: int
    body: str
    has_a_say: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """An issue of the program's own."""

    number: int
    body: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; ``parents`` are the names of those it follows, where it was read by its own name."""

    id: str
    tree: str
    message: str
    parents: tuple[str, ...] = ()


class Forge:
    """One repository of a GitHub server. Every method is one request, unless it says more."""

    def __init__(self, url: str, repository: str, token: str) -> None:
        self.repository = repository
        self._patient = _client(url, token, _WRITES_TWICE)
        self._once = _client(url, token, frozenset({"GET"}))

    def _call(self, verb: str, path: str, data: Any = None, *, once: bool = False, **query: Any) -> Any:
        client = self._once if once else self._patient
        try:
            _, answer = client.requester.requestJsonAndCheck(
                verb, f"/repos/{self.repository}{path}", parameters=query or None, input=data
            )
        except GithubException as error:
            data = error.data if isinstance(error.data, Mapping) else {}
            told = f"{verb} {path}: {error.status} {data.get('message', '')}"
            if error.status >= 500 or _is_limit(error):
                raise Interrupted(told) from error
            raise Refused(error.status, told, _fields(data), _permission(path)) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Interrupted(f"{verb} {path}: {type(error).__name__}") from error
        return answer

    def _all(self, path: str, **query: Any) -> list[Any]:
        """Return every entry of a list, 100 with a request."""
        found: list[Any] = []
        while True:
            page = self._call("GET", path, per_page=100, page=len(found) // 100 + 1, **query)
            found += page
            if len(page) < 100:
                return found

    def issue(self, number: int) -> Issue:
        return issue_of(self._call("GET", f"/issues/{number}"))

    def notices(self, label: str) -> list[Notice]:
        """Return the open issues with a label that someone who may write to the repository has written."""
        found = self._all("/issues", state="open", labels=label)
        return [
            Notice(each["number"], each.get("body") or "")
            for each in found
            if "pull_request" not in each and _has_a_say(each)
        ]

    def open_issue(self, title: str, body: str, label: str) -> None:
        self._call("POST", "/issues", {"title": title, "body": body, "labels": [label]}, once=True)

    def edit_issue(self, number: int, **changes: str) -> None:
        self._call("PATCH", f"/issues/{number}", changes)

    def open_pulls(self) -> list[Pull]:
        return [self._pull_of(each) for each in self._all("/pulls", state="open")]

    def pull(self, number: int) -> Pull:
        return self._pull_of(self._call("GET", f"/pulls/{number}"))

    def pull_from(self, branch: str) -> Pull | None:
        """Return the last pull request from a branch, open or not."""
        owner = self.repository.partition("/")[0]
        found = self._call("GET", "/pulls", state="all", head=f"{owner}:{branch}", per_page=100)
        pulls = [each for each in map(self._pull_of, found) if each.branch == branch]
        return max(pulls, key=lambda each: each.number, default=None)

    def _pull_of(self, data: Mapping[str, Any]) -> Pull:
        head = data["head"]
        ours = ((head.get("repo") or {}).get("full_name") or "").casefold() == self.repository.casefold()
        merged = bool(data.get("merged_at"))
        return Pull(
            data["number"], head["ref"] if ours else "", head["sha"], data["title"], data.get("body") or "",
            data["state"] == "open", merged, _labels(data),
        )  # fmt: skip

    def open_pull(self, branch: str, base: str, title: str, body: str) -> Pull:
        data = {"title": title, "body": body, "head": branch, "base": base, "maintainer_can_modify": True}
        return self._pull_of(self._call("POST", "/pulls", data, once=True))

    def edit_pull(self, number: int, **changes: str) -> Pull:
        return self._pull_of(self._call("PATCH", f"/pulls/{number}", changes))

    def comments(self, number: int) -> list[Comment]:
        return [
            Comment(each["id"], each.get("body") or "", _has_a_say(each))
            for each in self._all(f"/issues/{number}/comments")
        ]

    def comment(self, number: int, body: str) -> None:
        self._call("POST", f"/issues/{number}/comments", {"body": body}, once=True)

    def edit_comment(self, comment: int, body: str) -> None:
        self._call("PATCH", f"/issues/comments/{comment}", {"body": body})

    def delete_comment(self, comment: int) -> None:
        try:
            self._call("DELETE", f"/issues/comments/{comment}")
        except Refused as refused:
            if refused.status != 404:
                raise

    def add_label(self, number: int, label: str) -> None:
        """Put a label on an issue or pull request; GitHub makes one that is missing."""
        self._call("POST", f"/issues/{number}/labels", {"labels": [label]})

    def remove_label(self, number: int, label: str) -> None:
        try:
            self._call("DELETE", f"/issues/{number}/labels/{quote(label)}")
        except Refused as refused:
            if refused.status != 404:
                raise

    def default_branch(self) -> str:
        return str(self._call("GET", "")["default_branch"])

    def head(self, branch: str) -> Commit:
        """Return the newest commit of a branch; asked for as a commit, it would come with all that it changes."""
        commit = self._call("GET", f"/branches/{quote(branch)}")["commit"]
        return Commit(commit["sha"], commit["commit"]["tree"]["sha"], commit["commit"]["message"])

    def find_head(self, branch: str) -> Commit | None:
        """Return the newest commit of a branch that may not be there."""
        try:
            return self.head(branch)
        except Refused as refused:
            if refused.status != 404:
                raise
            return None

    def entries(self, tree: str) -> list[Entry]:
        """Return every file of a tree; raise Refused for one that is too large to be listed."""
        found = self._call("GET", f"/git/trees/{tree}", recursive="1")
        if found.get("truncated"):
            raise Refused(CUT, f"GET /git/trees/{tree}: the list is cut")
        return [_entry(each) for each in found["tree"] if each["type"] != "tree"]

    def folder(self, tree: str) -> list[Entry]:
        """Return the files and folders that lie in a tree directly."""
        return [_entry(each) for each in self._call("GET", f"/git/trees/{tree}")["tree"]]

    def blob(self, sha: str) -> bytes:
        """Return a content by Git's name for it."""
        return base64.b64decode(self._call("GET", f"/git/blobs/{sha}")["content"])

    def commit(self, sha: str) -> Commit:
        commit = self._call("GET", f"/git/commits/{sha}")
        parents = tuple([each["sha"] for each in commit["parents"]])
        return Commit(commit["sha"], commit["tree"]["sha"], commit["message"], parents)

    def tree(self, base: Commit, files: Mapping[str, str | None]) -> str:
        """Return a new tree: that of a commit with these files, without those whose text is None."""
        entries = [
            {"path": path, "mode": "100644", "type": "blob", **({"sha": None} if text is None else {"content": text})}
            for path, text in files.items()
        ]
        return str(self._call("POST", "/git/trees", {"base_tree": base.tree, "tree": entries})["sha"])

    def new_commit(self, tree: str, message: str, *parents: Commit) -> Commit:
        data = {"message": message, "tree": tree, "parents": [each.id for each in parents]}
        return Commit(self._call("POST", "/git/commits", data)["sha"], tree, message)

    def create_branch(self, branch: str, commit: Commit) -> bool:
        """Make a branch; return False if it is there already."""
        try:
            self._call("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit.id})
        except Refused as refused:
            if "Reference already exists" not in str(refused):
                raise
            return False
        return True

    def move_branch(self, branch: str, commit: Commit) -> None:
        """Move a branch to a commit that follows its head; Refused if it does not, since somebody committed to it."""
        self._call("PATCH", f"/git/refs/heads/{quote(branch)}", {"sha": commit.id, "force": False})

    def delete_branch(self, branch: str) -> None:
        try:
            self._call("DELETE", f"/git/refs/heads/{quote(branch)}")
        except Refused as refused:
            if refused.status != 404 and "Reference does not exist" not in str(refused):
                raise

    def text(self, path: str, commit: str) -> str | None:
        """Return a file's text at a commit, or None if it is not there."""
        try:
            data = self._call("GET", f"/contents/{quote(path)}", ref=commit)
        except Refused as refused:
            if refused.status != 404:
                raise
            return None
        return base64.b64decode(data["content"]).decode("utf-8", "replace")

    def status(self, sha: str, context: str) -> str:
        """Return the state of a commit's status, or an empty text."""
        found = self._call("GET", f"/commits/{sha}/status")["statuses"]
        return next((str(each["state"]) for each in found if each["context"] == context), "")

    def set_status(self, sha: str, context: str, state: str, description: str) -> None:
        data = {"state": state, "context": context, "description": description}
        self._call("POST", f"/statuses/{sha}", data)


def patiently(work: Callable[[], T], pause: Callable[[float], None]) -> T:
    """Return what work gives, done again after a pause where an answer was lost; it must bear to be done twice."""
    for seconds in PAUSES:
        try:
            return work()
        except Interrupted:
            pause(seconds)
    return work()


def is_same(text: str, other: str) -> bool:
    """Tell whether two texts are the same but for what GitHub changes: line ends, and blanks around them."""
    return text.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def issue_of(data: Mapping[str, Any]) -> Issue:
    """Return the issue that an answer of the API or an event describes."""
    body = data.get("body") or ""
    is_locked = bool(data.get("locked"))
    return Issue(
        data["number"], data["title"], body, data["state"] == "open", _labels(data), data.get("comments", 1), is_locked
    )


def _client(url: str, token: str, methods: frozenset[str]) -> Github:
    retry = GithubRetry(
        total=TRIES - 1,
        backoff_factor=0.5,
        allowed_methods=methods,
        status_forcelist=[500, 502, 503, 504],
        secondary_rate_wait=LONGEST_PAUSE,
        max_rate_limit_wait=LONGEST_PAUSE,
        retry_after_max=LONGEST_PAUSE,
    )
    # GitHub asks for a second between writes of those who make many; a proposal makes ten, and heeds Retry-After.
    return Github(
        auth=Auth.Token(token),
        base_url=url,
        timeout=TIMEOUT,
        retry=retry,
        seconds_between_requests=0,
        seconds_between_writes=0,
        user_agent="readingroom",
        lazy=True,
    )


_PERMISSIONS = {
    "branches": "contents",
    "git": "contents",
    "contents": "contents",
    "commits": "contents",
    "issues": "issues",
    "pulls": "pull-requests",
    "statuses": "statuses",
}


def _permission(path: str) -> str:
    """Return the permission that requests for a path below the repository need.

    GitHub's header X-Accepted-GitHub-Permissions tells it too, but with alternatives (for a label: issues or
    pull-requests) and in other words than a workflow's. This is the one of them that the example workflow grants.
    https://docs.github.com/rest/authentication/permissions-required-for-github-apps
    """
    kind, _, name = path.removeprefix("/").partition("/")
    is_status = kind == "commits" and re.fullmatch("[0-9a-f]+/status", name)
    return "statuses" if is_status else _PERMISSIONS.get(kind, "")


def _entry(data: Mapping[str, Any]) -> Entry:
    return Entry(data["path"], data["mode"], data["sha"], data.get("size", 0))


def _fields(data: Mapping[str, Any]) -> frozenset[str]:
    errors = [each for each in data.get("errors") or () if isinstance(each, Mapping)]
    return frozenset(str(each["field"]) for each in errors if each.get("field"))


def _is_limit(error: GithubException) -> bool:
    return isinstance(error, github.RateLimitExceededException) or error.status == 429


def _labels(data: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each["name"] for each in data.get("labels", ()))


def _has_a_say(comment: Mapping[str, Any]) -> bool:
    kind = (comment.get("user") or {}).get("type")
    return kind == "Bot" or comment.get("author_association") in {"OWNER", "MEMBER", "COLLABORATOR"}
