"""Requests to one repository of a GitHub server: the one module that knows PyGithub.

Each has a limit of time, and there is one for all of them. Reading, and writing what may be written twice, is tried
again with growing pauses; a comment or a pull request is asked for once, since the answer may be lost and the thing
made all the same.
"""

import logging
import re
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

import github
import requests
import urllib3
from github import Auth, Github, GithubException

T = TypeVar("T")
C = TypeVar("C")

TIMEOUT = 15  # seconds without a byte of an answer; GitHub itself gives up after 10
MOST_SECONDS = 240  # for all that one run does, so that it ends by itself before a job is stopped
RETRY_DELAYS = (0.5, 1, 2)  # seconds before a request whose answer was lost is sent again
RESTART_DELAYS = (1, 3)  # seconds before work that was interrupted is begun again
# https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: at least a minute, if nothing is said
LIMIT_PAUSE = 60

# What GitHub refuses is told by whoever asked for it, once.
github.set_log_level(logging.WARNING)


class RefusedRequest(Exception):
    """GitHub refused a request; ``status`` is its code, ``fields`` are what it found wrong, and the text its words.

    ``permission`` is what a job needs for such a request, by the name that workflows have for it, or empty.
    """

    def __init__(self, status: int, said: str, fields: frozenset[str] = frozenset(), permission: str = "") -> None:
        super().__init__(said)
        self.status = status
        self.fields = fields
        self.permission = permission


class InterruptedRequest(Exception):
    """GitHub gave no answer to a request, which may have taken effect: look again before the next."""


class DeadlineExceeded(InterruptedRequest):
    """There is no time left to try anything again."""


class _RateLimitReached(Exception):
    """GitHub took no request for now; it had no effect."""

    def __init__(self, said: str, seconds: float) -> None:
        super().__init__(said)
        self.seconds = seconds


class Transport:
    """The way to one repository.

    ``pause`` waits for some seconds and ``clock`` tells them; after MOST_SECONDS of work it gives up.
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
        self.last = ""  # what was asked last, in words
        self._requester = _create_github(url, token).requester
        self._pause, self._clock = pause, clock
        self._end = clock() + MOST_SECONDS

    def wait_before_retry(self, seconds: float, why: str) -> None:
        """Wait before something is tried again; raise Late if there is no time for that."""
        if self._clock() + seconds > self._end:
            asked = f"; GitHub asks to wait {seconds / 60:.0f} minutes" if seconds > MOST_SECONDS else ""
            raise DeadlineExceeded(f"{why}{asked}")
        self._pause(seconds)

    def _request_json(self, verb: str, path: str, data: Any = None, *, once: bool = False, **query: Any) -> Any:
        """Send a request, again after an answer that was lost unless ``once``, and after a limit of their rate."""
        pauses = iter(RETRY_DELAYS)
        while True:
            try:
                return self._send_request(verb, path, data, query)
            except _RateLimitReached as limited:
                self.wait_before_retry(limited.seconds, str(limited))
            except InterruptedRequest as interrupted:
                seconds = None if once else next(pauses, None)
                if seconds is None:
                    raise
                self.wait_before_retry(seconds, str(interrupted))

    def _send_request(self, verb: str, path: str, data: Any, query: Mapping[str, Any]) -> Any:
        self.last = f"{verb} {path or '/'}"
        if self._clock() > self._end:
            raise DeadlineExceeded(f"{self.last}: not sent, after {MOST_SECONDS // 60} minutes")
        try:
            _, answer = self._requester.requestJsonAndCheck(
                verb, f"/repos/{self.repository}{path}", parameters=dict(query) or None, input=data
            )
        except GithubException as error:
            said = error.data if isinstance(error.data, Mapping) else {}
            told = " ".join(f"{self.last}: {error.status} {said.get('message', '')}".split())
            if isinstance(error, github.RateLimitExceededException) or error.status == 429:
                raise _RateLimitReached(told, _get_retry_delay(error.headers or {})) from error
            if error.status >= 500:
                raise InterruptedRequest(told) from error
            raise RefusedRequest(error.status, told, _collect_error_fields(said), _get_permission(path)) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise InterruptedRequest(f"{self.last}: {type(error).__name__}") from error
        return answer

    def _request_all_pages(self, path: str, **query: Any) -> list[Any]:
        """Return every entry of a list, 100 with a request."""
        found: list[Any] = []
        while True:
            page = self._request_json("GET", path, per_page=100, page=len(found) // 100 + 1, **query)
            found += page
            if len(page) < 100:
                return found


def retry_interrupted(work: Callable[[], T], pause: Callable[[float], None]) -> T:
    """Return what work gives, done again after a pause where an answer was lost; it must bear to be done twice."""
    for seconds in RESTART_DELAYS:
        try:
            return work()
        except DeadlineExceeded:
            raise
        except InterruptedRequest:
            pause(seconds)
    return work()


def reject_malformed_responses(kind: type[C]) -> type[C]:
    """Let every public method of a class take an answer in another shape than GitHub's for none."""
    for name, method in [*vars(kind).items()]:
        if not name.startswith("_") and callable(method):
            setattr(kind, name, _wrap_method(method))
    return kind


def _wrap_method(method: Callable[..., T]) -> Callable[..., T]:
    @wraps(method)
    def call_method(self: Transport, *words: Any, **more: Any) -> T:
        try:
            return method(self, *words, **more)
        except (AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise InterruptedRequest(f"{self.last}: what came back is not GitHub's") from error

    return call_method


def _create_github(url: str, token: str) -> Github:
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


def _get_retry_delay(headers: Mapping[str, str]) -> float:
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


def _get_permission(path: str) -> str:
    """Return the permission that requests for a path below the repository need.

    GitHub's header X-Accepted-GitHub-Permissions tells it too, but with alternatives (for a label: issues or
    pull-requests) and in other words than a workflow's. This is the one of them that the example workflow grants.
    https://docs.github.com/rest/authentication/permissions-required-for-github-apps
    """
    kind, _, name = path.removeprefix("/").partition("/")
    is_status = kind == "commits" and re.fullmatch("[0-9a-f]+/status", name)
    return "statuses" if is_status else _PERMISSIONS.get(kind, "")


def _collect_error_fields(data: Mapping[str, Any]) -> frozenset[str]:
    errors = [each for each in data.get("errors") or () if isinstance(each, Mapping)]
    return frozenset(str(each["field"]) for each in errors if each.get("field"))
