"""What may go wrong with a request to GitHub, for tests of what survives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from box import Box
    from readingroom.github.client import Client

    Fault = Callable[[Box, Client, int], None]


class Killed(BaseException):
    """What a process that is killed does: nothing more."""


def kill(way: Client, at: int) -> None:
    """Let the process end before a request, which is after the one before it took effect."""
    call, numbers = way._request_json, iter(range(1, 100))  # noqa: SLF001 -- all requests pass here

    def counted(*words: Any, **more: Any) -> Any:
        if next(numbers) == at:
            raise Killed
        return call(*words, **more)

    way._request_json = counted  # type: ignore[method-assign]  # noqa: SLF001


def fail(kind: Any, *, after: bool = False) -> Fault:
    return lambda box, _, at: box.faults.add(kind, at=at, after=after, retry_after=0) and None


FAULTS: dict[str, Fault] = {
    "status 500": fail(500),
    "status 502 after the request took effect": fail(502, after=True),
    "a secondary rate limit": fail(403),
    "status 409": fail(409),
    "status 422": fail(422),
    "a false 404": fail(404),
    "a web page instead of an answer": fail("html"),
    "half an answer after the request took effect": fail("cut", after=True),
    "a connection closed before the request took effect": fail("drop"),
    "a connection closed after the request took effect": fail("drop", after=True),
    "the job killed": lambda _, way, at: kill(way, at),
}
