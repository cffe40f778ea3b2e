"""An issue, its branch, its pull request and its comment, on GitHub in a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from box import Box, check
from proposals import body, group, settle

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(group()) as made:
        yield made
        assert check(made.exchanges) == []


def test_a_new_proposal(box: Box) -> None:
    box.open_issue("x", body(), user="guest")
    r = settle(box, 1)
    print(r)
    import json

    print(json.dumps(box.state(), indent=1))
    for e in box.exchanges:
        print(e)
    settle(box, 1)
    for e in box.exchanges:
        print(e)
    assert 0
