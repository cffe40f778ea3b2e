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
    "500": fail(500),
    "502": fail(502, after=True),
    "a rate limit": fail(403),
    "409": fail(409),
    "422": fail(422),
    "a connection dropped before": fail("drop"),
    "a connection dropped after": fail("drop", after=True),
    "killed": lambda _, way, at: kill(way, at),
}
