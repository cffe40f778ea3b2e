"""Work is shared between processes, and bounded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from readingroom.io.parallel import map_parallel, start_parallel


@pytest.mark.parametrize("least", [1, 3, 100])
def test_what_is_shared_comes_back_in_order(least: int) -> None:
    parts = map_parallel(list, [*range(10)], least)
    assert [each for part in parts for each in part] == [*range(10)]
    assert [each for part in start_parallel(list, [*range(10)], least)() for each in part] == [*range(10)]


@pytest.mark.parametrize(
    ("work", "error"),
    [("while True: pass", "TimeoutError: used more than 1 seconds"), ("'x' * 10**10", "MemoryError")],
)
def test_what_takes_too_much_is_stopped(work: str, error: str) -> None:
    program = f"from readingroom.io import parallel\nparallel.set_resource_limits(seconds=1, memory=2**30)\n{work}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert error in done.stderr
