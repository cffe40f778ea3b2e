"""Work on many sessions, shared between the machine's cores by forked copies of this process.

Where a system cannot fork, all of it is done here. Below a few hundred sessions, forking costs more than it saves.
"""

import marshal
import os
import signal
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MIN_CHUNK_SIZE = 200
MAX_CORES = 4
FIRST_CHUNK_BONUS = 0.2  # what is worked on here does not have to be sent, which takes a tenth of the time of making it


def map_parallel(work: Callable[[Sequence[T]], R], items: Sequence[T], least: int = MIN_CHUNK_SIZE) -> list[R]:
    """Return what ``work`` makes of each part of the items, in order; what it returns must be plain data.

    Each part stands for ``least`` items or more: what pays for a fork. One part is worked on here.
    """
    first, *others = _split_chunks(items, least, more=FIRST_CHUNK_BONUS)
    rest = _start_workers(work, others)
    try:
        results = [work(first)]
    finally:
        results_of_others = rest()
    return results + results_of_others


def start_parallel(
    work: Callable[[Sequence[T]], R], items: Sequence[T], least: int = MIN_CHUNK_SIZE
) -> Callable[[], list[R]]:
    """Start on all parts of the items in the background; return a function that waits for what they gave."""
    return _start_workers(work, _split_chunks(items, least)) if hasattr(os, "fork") else lambda: [work(items)]


def _split_chunks(items: Sequence[T], least: int, more: float = 0) -> list[Sequence[T]]:
    """Return the items in parts, of which the first has so much ``more`` than each other."""
    number = max(1, min(_count_cores(), len(items) // least)) if hasattr(os, "fork") else 1
    size = max(1, int(len(items) / (number + more)))
    first = len(items) - size * (number - 1)
    return [items[:first], *(items[start : start + size] for start in range(first, len(items), size))]


def _start_workers(work: Callable[[Sequence[T]], R], parts: Sequence[Sequence[T]]) -> Callable[[], list[R]]:
    """Start a worker for each part; what a failed one had to do is done again here, where the failure can be told."""
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
        return marshal.loads(sent)  # noqa: S302 -- our own child's words
    except (EOFError, ValueError, TypeError):
        return None


def set_resource_limits(*, seconds: int, memory: int) -> None:
    """Raise TimeoutError when this process has used so much time of a processor, and give it no more memory."""
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return

    def raise_timeout(*_: object) -> NoReturn:
        message = f"used more than {seconds} seconds of a processor's time"
        raise TimeoutError(message)

    signal.signal(signal.SIGXCPU, raise_timeout)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
