"""A YAML parser's errors in plain words."""

import pytest

from readingroom.core.diagnostics import Invalid
from readingroom.store import yaml_codec


@pytest.mark.parametrize(
    ("text", "line", "typed"),
    [
        ("title:Graph nets\ndate: 2026-04-06\n", 1, "title:Graph nets"),
        ("title: A\nroom:R1\n", 2, "room:R1"),
        ("leads:\n  - name:Ann\n    url: https://x\n", 2, "- name:Ann"),
    ],
)
def test_a_key_without_a_space_after_its_colon_is_named_with_its_line(text: str, line: int, typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        yaml_codec.read_yaml("session.yml", text.encode())
    (problem,) = caught.value.problems
    assert (problem.location.line, problem.hint) == (line, "Write a space after the colon.")
    assert f'"{typed}" has no space after its colon' in problem.message
