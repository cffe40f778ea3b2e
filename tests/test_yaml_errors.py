"""A YAML parser's errors in plain words."""

import pytest

from readingroom.core.diagnostics import Invalid
from readingroom.store import yaml_codec
from readingroom.store.data_file import read_valid_file
from readingroom.store.schema import SchemaName, load_schema


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


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("title：Rings\ndate: 2026-04-06\n", 1, "Write a colon as on an English keyboard, and a space."),
        ("title: A\nroom： R1\ndate: 2026-04-06\n", 2, "Write a colon as on an English keyboard, and a space."),
        ("title:\u00a0Rings\ndate: 2026-04-06\n", 1, "Replace it with a space of the space bar."),
        ("title: A\nroom\u202f: R1\ndate:\u3000x\nkind: y\n", 3, "Replace it with a space of the space bar."),
        ('title: A\nroom: "C:\\Users"\n', 2, "A backslash starts an escape in double quotes; use single quotes."),
        ('title: A\nroom: "D:\\x1"\n', 2, "A backslash starts an escape in double quotes; use single quotes."),
        ('title: "\\uD83D\\uDE00"\n', 1, "Write the character itself; JSON's pairs of escapes are not YAML."),
        ("title: A\nroom: *x*\n", 2, "A value that starts with * or & must be in quotes."),
        ("title: > x\n", 1, "A value that starts with > or | must be in quotes."),
        ("title: | P\n", 1, "A value that starts with > or | must be in quotes."),
    ],
)
def test_a_slip_is_reported_with_its_line_and_its_fix(text: str, line: int, hint: str) -> None:
    with pytest.raises(Invalid) as caught:
        yaml_codec.read_yaml("session.yml", text.encode())
    (problem,) = caught.value.problems
    assert (problem.location.line, problem.hint) == (line, hint)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("title:A\n", "Write a space after the colon."),
        ("# A\n\ntitle：A\n", "Write a colon as on an English keyboard, and a space."),
        ("title:\u00a0A\n", "Replace it with a space of the space bar."),
    ],
)
def test_a_slip_in_the_only_line_of_a_file_has_its_fix_too(text: str, hint: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_valid_file(load_schema(SchemaName.SESSION), "session.yml", text.encode())
    (problem,) = caught.value.problems
    assert (problem.location.line, problem.hint) == (text.count("\n"), hint)
