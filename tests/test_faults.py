"""Whatever goes wrong with any request of a run: the next run ends as if nothing had."""

from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any

import pytest

from faults import FAULTS
from flows import FLOWS, run_undisturbed, run_with_fault

# All faults for what happens most; for the rest those that leave most unfinished. tools/count_faults.py runs all of
# them at every request.
_OFTEN = {"new", "number taken", "pages committed"}
_KILLED = "the job killed"
_WORST = (_KILLED, "a connection closed after the request took effect")
# What a read may be answered with and taken for the truth. After the other faults it is sent again, or the run ends in
# the state that the last write left, as one that is killed does.
_MISLEADING = {"a false 404", "a web page instead of an answer"}
PAIRS = [(flow, fault) for flow in FLOWS for fault in (FAULTS if flow in _OFTEN else _WORST)]


@cache
def undisturbed(flow: str) -> tuple[list[str], Any]:
    return run_undisturbed(FLOWS[flow])


def choose_requests(fault: str, methods: list[str]) -> AbstractSet[int]:
    """Return the places, from 1, of the requests at which a fault leads to a state of its own."""
    if fault in _MISLEADING:
        return {*range(1, len(methods) + 1)}
    writes = {place for place, method in enumerate(methods, 1) if method != "GET"}
    return ({place + 1 for place in writes} if fault == _KILLED else writes) or {1}


@pytest.mark.parametrize(("flow", "fault"), PAIRS)
def test_any_request_may_fail(flow: str, fault: str) -> None:
    methods, expected = undisturbed(flow)
    for at in choose_requests(fault, methods):
        state, exchanges = run_with_fault(FLOWS[flow], fault, at)
        assert state == expected, exchanges
