"""Whatever goes wrong with any request of a run: the next run ends as if nothing had."""

from functools import cache
from typing import Any

import pytest

from faults import FAULTS
from flows import FLOWS, run_undisturbed, run_with_fault

# All faults for what happens most; for the rest those that leave most behind. tools/count_faults.py runs all of them.
_OFTEN = {"new", "number taken", "pages committed"}
_WORST = ("the job killed", "a connection closed after the request took effect")
PAIRS = [(flow, fault) for flow in FLOWS for fault in (FAULTS if flow in _OFTEN else _WORST)]


@cache
def undisturbed(flow: str) -> tuple[int, Any]:
    return run_undisturbed(FLOWS[flow])


@pytest.mark.parametrize(("flow", "fault"), PAIRS)
def test_any_request_may_fail(flow: str, fault: str) -> None:
    requests, expected = undisturbed(flow)
    for at in range(1, requests + 1):
        state, exchanges = run_with_fault(FLOWS[flow], fault, at)
        assert state == expected, exchanges
