"""Work on many sessions, shared between the machine's cores by forked copies of this process.

Below a few hundred sessions, forking costs more than it saves.
"""

import marshal
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

LEAST = 200
MOST_CORES = 4


def share(work: Callable[[Sequence[T]], R], items: Sequence[T], least: int = LEAST) -> list[R]:
    """Return what ``work`` makes of each part of the items, in order; what it returns must be plain data.

    A part has ``least`` items at the least: what pays for a fork.
    A part whose worker fails is worked on again here, where the failure can be told.
    """
    number = min(_cores(), len(items) // least) if hasattr(os, "fork") else 1
    if number < 2:
        return [work(items)]
    size = -(-len(items) // number)
    parts = [items[start : start + size] for start in range(0, len(items), size)]
    started = [_start(work, part) for part in parts[1:]]
    try:
        results = [work(parts[0])]
    except BaseException:
        for child in started:
            _received(*child)
        raise
    received = [_received(*child) for child in started]
    return results + [
        work(part) if result is None else result[0] for part, result in zip(parts[1:], received, strict=True)
    ]


def _cores() -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, MOST_CORES)


def _start(work: Callable[[Sequence[T]], Any], part: Sequence[T]) -> tuple[int, int]:
    ours, theirs = os.pipe()
    child = os.fork()
    if child:
        os.close(theirs)
        return child, ours
    try:
        os.close(ours)
        with open(theirs, "wb") as pipe:
            pipe.write(marshal.dumps((work(part),)))
    finally:
        os._exit(0)


def _received(child: int, pipe: int) -> Any:
    with open(pipe, "rb") as source:
        sent = source.read()
    os.waitpid(child, 0)
    try:
        return marshal.loads(sent)  # noqa: S302 -- our own child's words
    except (EOFError, ValueError, TypeError):
        return None
