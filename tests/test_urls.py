"""Parts of an address."""

import pytest

from readingroom.core import urls


@pytest.mark.parametrize(
    ("url", "last"),
    [
        ("https://example.org/a/talk.pdf", "talk.pdf"),
        ("https://example.org/a/", "a"),
        ("talk.pdf", "talk.pdf"),
        ("https://example.org/watch?v=1", "watch?v=1"),
        ("", ""),
    ],
)
def test_the_last_part_is_mostly_a_files_name(url: str, last: str) -> None:
    assert urls.get_last_part(url) == last


@pytest.mark.parametrize("rest", ["", "?a=1", "#page=2", "?a=1#page=2", "#a?b", "?"])
def test_query_and_fragment_are_no_part_of_the_path(rest: str) -> None:
    assert urls.strip_query(f"https://example.org/talk.pdf{rest}") == "https://example.org/talk.pdf"
