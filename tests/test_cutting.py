"""Runs of words, split where gaps in their text are."""

from hypothesis import given
from hypothesis import strategies as st

from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import Span


@given(st.lists(st.text("ab ", max_size=4), max_size=5), st.lists(st.integers(0, 16), max_size=6))
def test_runs_split_at_gaps_keep_all_that_stands_outside_of_them(texts: list[str], edges: list[int]) -> None:
    whole = "".join(texts)
    edges = sorted(min(edge, len(whole)) for edge in edges)
    gaps = list(zip(edges[::2], edges[1::2], strict=False))
    pieces = slicing.split_spans([Span(text) for text in texts], gaps)
    bounds = [0, *(edge for gap in gaps for edge in gap), len(whole)]
    wanted = [whole[first:last] for first, last in zip(bounds[::2], bounds[1::2], strict=True)]
    assert ["".join(run.text for run in piece) for piece in pieces] == wanted
