"""Work is shared between processes, and bounded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from readingroom.io.parallel import MIN_CHUNK_SIZE, map_parallel, start_parallel, start_task


@pytest.mark.parametrize("least", [1, 3, 100])
def test_what_is_shared_comes_back_in_order(least: int) -> None:
    parts = map_parallel(list, [*range(10)], least)
    assert [each for part in parts for each in part] == [*range(10)]
    assert [each for part in start_parallel(list, [*range(10)], least)() for each in part] == [*range(10)]


@pytest.mark.parametrize("size", [0, MIN_CHUNK_SIZE])
def test_a_task_in_the_background_ends_as_it_would_here(size: int) -> None:
    assert start_task(lambda: b"done", size)() == b"done"
    with pytest.raises(ZeroDivisionError):
        start_task(lambda: 1 // 0, size)()


@pytest.mark.parametrize(
    ("work", "error"),
    [("while True: pass", "TimeoutError: used more than 1 seconds"), ("'x' * 10**10", "MemoryError")],
)
def test_what_takes_too_much_is_stopped(work: str, error: str) -> None:
    assert error in limited(work).stderr


def limited(work: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program with limits, which another may have set before."""
    program = (
        f"{before}\nfrom readingroom.io import parallel\nparallel.set_resource_limits(seconds=1, memory=2**30)\n{work}"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


LOWER = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))"
# What macOS does: https://github.com/python/cpython/issues/78783
REFUSED = """
import resource
set_limit = resource.setrlimit
def refuse(kind, limits):
    if kind == resource.RLIMIT_AS:
        raise ValueError("current limit exceeds maximum limit")
    set_limit(kind, limits)
resource.setrlimit = refuse
"""


def test_a_limit_that_is_lower_already_stays() -> None:
    done = limited("import resource; print(resource.getrlimit(resource.RLIMIT_AS))", LOWER)
    assert done.stdout == f"{(2**29, 2**29)}\n", done.stderr


def test_a_system_that_cannot_limit_memory_limits_time_all_the_same() -> None:
    assert "TimeoutError: used more than 1 seconds" in limited("while True: pass", REFUSED).stderr
