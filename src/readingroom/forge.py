"""GitHub: the one module that knows PyGithub, and nothing of sessions.

Few requests, each with a limit of time, and one for all of them. Reading, and writing what may be written twice, is
tried again with growing pauses; a comment or a pull request is asked for once, since the answer may be lost and the
thing made all the same.
"""

import base64
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote

import github
import requests
import urllib3
from github import Auth, Github, GithubException

from readingroom.files import Entry
from readingroom.records import Comment, Commit, Issue, Notice, Pull
from readingroom.settings import Policy, Repository, Run, asked_by_protection

T = TypeVar("T")

TIMEOUT = 15  # seconds for one answer; GitHub itself gives up after 10
MOST_SECONDS = 240  # for all that one run does, so that it ends by itself before a job is stopped
RETRIES = (0.5, 1, 2)  # seconds before a request whose answer was lost is sent again
PAUSES = (1, 3)  # seconds before work that was interrupted is begun again
# https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: at least a minute, if nothing is said
LIMIT_PAUSE = 60
CUT = 413  # the status of a refusal to go on with a list that GitHub has cut

# What GitHub refuses is told by whoever asked for it, once.
github.set_log_level(logging.WARNING)


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


class Late(Interrupted):
    """There is no time left to try anything again."""


class _Limited(Exception):
    """GitHub took no request for now; it had no effect."""

    def __init__(self, said: str, seconds: float) -> None:
        super().__init__(said)
        self.seconds = seconds


class Forge:
    """One repository of a GitHub server. Every method is one request, unless it says more.

    ``pause`` waits for some seconds and ``clock`` tells them; a forge that has been at work for MOST_SECONDS gives up.
    """

    def __init__(
        self,
        url: str,
        repository: str,
        token: str,
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.repository = repository
        self._requester = _client(url, token).requester
        self._pause, self._clock = pause, clock
        self._end = clock() + MOST_SECONDS

    def wait(self, seconds: float, why: str) -> None:
        """Wait before something is tried again; raise Late if there is no time for that."""
        if self._clock() + seconds > self._end:
            asked = f"; GitHub asks to wait {seconds / 60:.0f} minutes" if seconds > MOST_SECONDS else ""
            raise Late(f"{why}{asked}")
        self._pause(seconds)

    def _call(self, verb: str, path: str, data: Any = None, *, once: bool = False, **query: Any) -> Any:
        """Send a request, again after an answer that was lost unless ``once``, and after a limit of their rate."""
        pauses = iter(RETRIES)
        while True:
            try:
                return self._asked(verb, path, data, query)
            except _Limited as limited:
                self.wait(limited.seconds, str(limited))
            except Interrupted as interrupted:
                seconds = None if once else next(pauses, None)
                if seconds is None:
                    raise
                self.wait(seconds, str(interrupted))

    def _asked(self, verb: str, path: str, data: Any, query: Mapping[str, Any]) -> Any:
        if self._clock() > self._end:
            raise Late(f"{verb} {path}: not sent, after {MOST_SECONDS // 60} minutes")
        try:
            _, answer = self._requester.requestJsonAndCheck(
                verb, f"/repos/{self.repository}{path}", parameters=dict(query) or None, input=data
            )
        except GithubException as error:
            said = error.data if isinstance(error.data, Mapping) else {}
            told = " ".join(f"{verb} {path or '/'}: {error.status} {said.get('message', '')}".split())
            if isinstance(error, github.RateLimitExceededException) or error.status == 429:
                raise _Limited(told, _seconds_to_wait(error.headers or {})) from error
            if error.status >= 500:
                raise Interrupted(told) from error
            raise Refused(error.status, told, _fields(said), _permission(path)) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Interrupted(f"{verb} {path or '/'}: {type(error).__name__}") from error
        return answer

    def _seen(self, path: str, of: Callable[[Any], T], **query: Any) -> T:
        """Return what ``of`` makes of GitHub's answer; raise Interrupted if that is no answer of GitHub's."""
        with _understood(path):
            return of(self._call("GET", path, **query))

    def _all(self, path: str, **query: Any) -> list[Any]:
        """Return every entry of a list, 100 with a request."""
        found: list[Any] = []
        while True:
            page = self._call("GET", path, per_page=100, page=len(found) // 100 + 1, **query)
            found += page
            if len(page) < 100:
                return found

    def issue(self, number: int) -> Issue:
        return issue_from(self._call("GET", f"/issues/{number}"))

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
            Comment(each["id"], each.get("body") or "", _has_a_say(each), _is_by_program(each))
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

    def settings(self) -> Repository:
        return self._seen("", Repository.of)

    def policy(self) -> Policy:
        """Return which actions may run, by a second request where that is a list."""
        found = self._seen("/actions/permissions", Policy.of)
        if found.allowed == "selected":
            return self._seen("/actions/permissions/selected-actions", found.selecting)
        return found

    def may_open_pulls(self) -> bool:
        """Tell whether workflows may create pull requests with the token that GitHub gives them."""
        return self._seen("/actions/permissions/workflow", lambda data: bool(data["can_approve_pull_request_reviews"]))

    def protection(self, branch: str) -> frozenset[str]:
        """Return what a branch's protection of the older kind asks for, in the words of rules; two requests."""
        path = f"/branches/{quote(branch)}"
        if not self._seen(path, lambda data: bool(data["protected"])):
            return frozenset()
        try:
            return self._seen(f"{path}/protection", asked_by_protection)
        except Refused as refused:
            if "Branch not protected" not in str(refused):  # but by rules alone
                raise
            return frozenset()

    def rules(self, branch: str) -> frozenset[str]:
        """Return the kinds of the rules for a branch, whether it is there or not."""
        return self._seen(
            f"/rules/branches/{quote(branch)}", lambda data: frozenset(str(each["type"]) for each in data), per_page=100
        )

    def labels(self) -> frozenset[str]:
        with _understood("/labels"):
            return frozenset(str(each["name"]) for each in self._all("/labels"))

    def site(self) -> str:
        """Return the address of the repository's site on GitHub Pages."""
        return self._seen("/pages", lambda data: str(data["html_url"]))

    def workflow_state(self, file: str) -> str:
        return self._seen(f"/actions/workflows/{quote(file)}", lambda data: str(data["state"]))

    def last_run(self, file: str) -> Run | None:
        """Return the last run of a workflow, if there was one."""
        path = f"/actions/workflows/{quote(file)}/runs"
        return self._seen(path, lambda data: next(map(Run.of, data["workflow_runs"]), None), per_page=1)

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
        except Late:
            raise
        except Interrupted:
            pause(seconds)
    return work()


def is_same(text: str, other: str) -> bool:
    """Tell whether two texts are the same but for what GitHub changes: line ends, and blanks around them."""
    return text.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def issue_from(data: Mapping[str, Any]) -> Issue:
    """Return the issue that an answer of the API or an event describes."""
    return Issue(
        data["number"],
        data["title"],
        data.get("body") or "",
        data["state"] == "open",
        _labels(data),
        data.get("comments", 1),
        bool(data.get("locked")),
        (data.get("user") or {}).get("login", ""),
        _has_a_say(data),
        data.get("created_at", "") == data.get("updated_at"),
    )


@contextmanager
def _understood(path: str) -> Iterator[None]:
    """Take an answer in another shape than GitHub's, or a redirection elsewhere, for none."""
    try:
        yield
    except (AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise Interrupted(f"GET {path or '/'}: what came back is not GitHub's") from error


def _client(url: str, token: str) -> Github:
    # GitHub asks for a second between writes of those who make many; a proposal makes ten. It is tried again here and
    # not by PyGithub, whose waiting has no end of its own.
    return Github(
        auth=Auth.Token(token),
        base_url=url,
        timeout=TIMEOUT,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
        user_agent="readingroom",
        lazy=True,
    )


def _seconds_to_wait(headers: Mapping[str, str]) -> float:
    """Return how long GitHub asks to wait: Retry-After, or when the hour's requests are used up, until the next."""
    told = {key.lower(): value for key, value in headers.items()}
    if (asked := told.get("retry-after", "")).isdecimal():
        return max(1, int(asked))
    reset = told.get("x-ratelimit-reset", "")
    if told.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(1.0, int(reset) - time.time())
    return LIMIT_PAUSE


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


def _labels(data: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each["name"] for each in data.get("labels", ()))


def _has_a_say(written: Mapping[str, Any]) -> bool:
    return _is_by_program(written) or written.get("author_association") in {"OWNER", "MEMBER", "COLLABORATOR"}


def _is_by_program(written: Mapping[str, Any]) -> bool:
    return (written.get("user") or {}).get("type") == "Bot"
