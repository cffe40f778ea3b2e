"""Requests to one repository of a GitHub server: the one module that knows PyGithub.

Each request has a time limit, and so have all of them together. What reads, and what writes but may be done twice, is
retried with growing pauses; a comment or a pull request is requested only once, since it may have been created even if
the answer is lost.
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

from readingroom.text.phrases import normalize_whitespace

T = TypeVar("T")
C = TypeVar("C")

TIMEOUT = 15  # seconds without a byte of the answer; GitHub itself gives up after 10
MAX_SECONDS = 240  # for everything that one run does, so that it ends by itself before its job is stopped
RETRY_DELAYS = (0.5, 1, 2)  # seconds before a request whose answer was lost is sent again
RESTART_DELAYS = (1, 3)  # seconds before interrupted work is started again
# https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: at least a minute, unless they say
LIMIT_PAUSE = 60

# A refused request is reported once, by whoever sent it.
github.set_log_level(logging.WARNING)


class RefusedRequest(Exception):
    """GitHub refused a request; ``status`` is the code of its answer, ``fields`` are the invalid ones it names.

    ``permission`` is the one that a job needs for such a request, by its name in workflows, or empty.
    """

    def __init__(self, status: int, message: str, fields: frozenset[str] = frozenset(), permission: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.fields = fields
        self.permission = permission


class InterruptedRequest(Exception):
    """GitHub gave no answer to a request, which may have taken effect: fetch the state again before the next."""


class DeadlineExceeded(InterruptedRequest):
    """There is no time left for another attempt."""


class _RateLimitReached(Exception):
    """GitHub accepts no requests for now; this one had no effect."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Transport:
    """Sends the requests to one repository.

    ``pause`` waits for some seconds and ``clock`` counts them; after MAX_SECONDS of work it gives up.
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
        self.last = ""  # the last request, for messages
        self._requester = _create_github(url, token).requester
        self._pause, self._clock = pause, clock
        self._end = clock() + MAX_SECONDS

    def wait_before_retry(self, seconds: float, reason: str) -> None:
        """Wait before another attempt; raise DeadlineExceeded if there is no time for it."""
        if self._clock() + seconds > self._end:
            wait = f"; GitHub asks to wait {seconds / 60:.0f} minutes" if seconds > MAX_SECONDS else ""
            raise DeadlineExceeded(f"{reason}{wait}")
        self._pause(seconds)

    def _request_json(self, verb: str, path: str, data: Any = None, *, once: bool = False, **query: Any) -> Any:
        """Send a request; send it again after a rate limit and, unless ``once``, where the answer was lost."""
        delays = iter(RETRY_DELAYS)
        while True:
            try:
                return self._send_request(verb, path, data, query)
            except _RateLimitReached as limited:
                self.wait_before_retry(limited.seconds, str(limited))
            except InterruptedRequest as interrupted:
                seconds = None if once else next(delays, None)
                if seconds is None:
                    raise
                self.wait_before_retry(seconds, str(interrupted))

    def _send_request(self, verb: str, path: str, content: Any, query: Mapping[str, Any]) -> Any:
        self.last = f"{verb} {path or '/'}"
        if self._clock() > self._end:
            raise DeadlineExceeded(f"{self.last}: not sent, after {MAX_SECONDS // 60} minutes")
        try:
            _, answer = self._requester.requestJsonAndCheck(
                verb, f"/repos/{self.repository}{path}", parameters=dict(query) or None, input=content
            )
        except GithubException as error:
            data = error.data if isinstance(error.data, Mapping) else {}
            message = normalize_whitespace(f"{self.last}: {error.status} {data.get('message', '')}")
            if isinstance(error, github.RateLimitExceededException) or error.status == 429:
                raise _RateLimitReached(message, _get_retry_delay(error.headers or {})) from error
            if error.status >= 500:
                raise InterruptedRequest(message) from error
            raise RefusedRequest(error.status, message, _collect_error_fields(data), _get_permission(path)) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise InterruptedRequest(f"{self.last}: {type(error).__name__}") from error
        except ValueError as error:
            raise InterruptedRequest(f"{self.last}: the answer ends too early") from error
        if isinstance(answer, Mapping) and isinstance(answer.get("data"), str) and len(answer) == 1:
            # What PyGithub makes of a text that is no JSON: the page of a proxy, which may not have passed this on.
            raise InterruptedRequest(f"{self.last}: the answer is not JSON")
        return answer

    def _request_all_pages(self, path: str, max_pages: int = 1_000, **query: Any) -> list[Any]:
        """Return every entry of a list, 100 with each request, or those on its first pages."""
        entries: list[Any] = []
        while True:
            page = self._request_json("GET", path, per_page=100, page=len(entries) // 100 + 1, **query)
            entries += page
            if len(page) < 100 or len(entries) >= 100 * max_pages:
                return entries


def retry_interrupted(work: Callable[[], T], pause: Callable[[float], None]) -> T:
    """Return the result of work that may be done twice; after a lost answer it is started again after a pause."""
    for seconds in RESTART_DELAYS:
        try:
            return work()
        except DeadlineExceeded:
            raise
        except InterruptedRequest:
            pause(seconds)
    return work()


def reject_malformed_responses(kind: type[C]) -> type[C]:
    """Let every public method of a class treat an answer that does not have GitHub's shape as no answer."""
    for name, method in [*vars(kind).items()]:
        if not name.startswith("_") and callable(method):
            setattr(kind, name, _wrap_method(method))
    return kind


def _wrap_method(method: Callable[..., T]) -> Callable[..., T]:
    @wraps(method)
    def call_method(self: Transport, *args: Any, **kwargs: Any) -> T:
        try:
            return method(self, *args, **kwargs)
        except (AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise InterruptedRequest(f"{self.last}: the answer is not in GitHub's format") from error

    return call_method


def _create_github(url: str, token: str) -> Github:
    # GitHub asks clients that write much to wait a second between writes; a proposal takes ten. Retrying is done here
    # and not by PyGithub, which has no limit for all of its waiting.
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
    """Return the seconds to wait: Retry-After, or until the next hour if the requests of this one are used up."""
    values = {key.lower(): value for key, value in headers.items()}
    if (seconds := values.get("retry-after", "")).isdecimal():
        return max(1, int(seconds))
    reset = values.get("x-ratelimit-reset", "")
    if values.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
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
    """Return the permission that requests for a path of the repository need.

    GitHub's header X-Accepted-GitHub-Permissions has it too, but with alternatives (for a label: issues or
    pull-requests) and under other names than a workflow's. This is the one of them that the workflow grants.
    https://docs.github.com/rest/authentication/permissions-required-for-github-apps
    """
    kind, _, name = path.removeprefix("/").partition("/")
    is_status = kind == "commits" and re.fullmatch("[0-9a-f]+/status", name)
    return "statuses" if is_status else _PERMISSIONS.get(kind, "")


def _collect_error_fields(data: Mapping[str, Any]) -> frozenset[str]:
    errors = [each for each in data.get("errors") or () if isinstance(each, Mapping)]
    return frozenset(str(each["field"]) for each in errors if each.get("field"))
