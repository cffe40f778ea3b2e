"""Work on many sessions, shared between the machine's cores by forked processes.

Where a system cannot fork, this process does all of it. Forking costs more than it saves where a process would have
fewer than some six hundred sessions.
"""

import marshal
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MIN_CHUNK_SIZE = 600
MAX_CORES = 4
FIRST_CHUNK_BONUS = 0.2  # its results need not be sent, which takes a tenth of the time of computing them


def map_parallel(work: Callable[[Sequence[T]], R], items: Sequence[T], least: int = MIN_CHUNK_SIZE) -> list[R]:
    """Return the result of ``work`` for each part of the items, in order; the results must be plain data.

    Each part has at least ``least`` items, so that it is worth a fork. This process works on the first part.
    """
    first, *others = _split_chunks(items, least, more=FIRST_CHUNK_BONUS)
    wait_for_others = _start_workers(work, others)
    try:
        results = [work(first)]
    finally:
        other_results = wait_for_others()
    return results + other_results


def start_parallel(
    work: Callable[[Sequence[T]], R], items: Sequence[T], least: int = MIN_CHUNK_SIZE
) -> Callable[[], list[R]]:
    """Start on all parts of the items in the background; return a function that waits for their results."""
    return _start_workers(work, _split_chunks(items, least)) if hasattr(os, "fork") else lambda: [work(items)]


def start_task(work: Callable[[], R], size: int) -> Callable[[], R]:
    """Start a task in the background if it is about enough items; return a function that waits for its result."""
    if size < MIN_CHUNK_SIZE or _count_cores() < 2 or not hasattr(os, "fork"):
        return work
    wait_for_results = _start_workers(lambda _: work(), [()])
    return lambda: wait_for_results()[0]


def _split_chunks(items: Sequence[T], least: int, more: float = 0) -> list[Sequence[T]]:
    """Return the items in parts; the first is larger than the others by the share ``more``."""
    number = max(1, min(_count_cores(), len(items) // least)) if hasattr(os, "fork") else 1
    size = max(1, int(len(items) / (number + more)))
    first = len(items) - size * (number - 1)
    return [items[:first], *(items[start : start + size] for start in range(first, len(items), size))]


def _start_workers(work: Callable[[Sequence[T]], R], parts: Sequence[Sequence[T]]) -> Callable[[], list[R]]:
    """Start a worker for each part; this process repeats the work of one that failed, and so raises its error."""
    children = [_start_worker(work, part) for part in parts]

    def wait_for_results() -> list[R]:
        received = [_read_result(*child) for child in children]
        return [work(part) if sent is None else sent[0] for part, sent in zip(parts, received, strict=True)]

    return wait_for_results


def _count_cores() -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, MAX_CORES)


def _start_worker(work: Callable[[Sequence[T]], Any], part: Sequence[T]) -> tuple[int, int]:
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


def _read_result(child: int, pipe: int) -> Any:
    with open(pipe, "rb") as source:
        sent = source.read()
    os.waitpid(child, 0)
    try:
        return marshal.loads(sent)  # noqa: S302 -- from our own child
    except (EOFError, ValueError, TypeError):
        return None


def set_resource_limits(*, seconds: int, memory: int) -> None:
    """Raise TimeoutError after so many seconds of CPU time of this process, and limit its memory to that many bytes.

    A limit that the system does not know is left out: Windows has neither, macOS none of memory.
    """
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return

    def raise_timeout(*_: object) -> NoReturn:
        message = f"used more than {seconds} seconds of CPU time"
        raise TimeoutError(message)

    signal.signal(signal.SIGXCPU, raise_timeout)
    for kind, soft, hard in ((resource.RLIMIT_CPU, seconds, seconds + 5), (resource.RLIMIT_AS, memory, memory)):
        _, highest = resource.getrlimit(kind)
        if highest != resource.RLIM_INFINITY:  # somebody else may have limited it before, and lower
            soft, hard = min(soft, highest), min(hard, highest)  # noqa: PLW2901
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (soft, hard))
