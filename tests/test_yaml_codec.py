"""Reading and writing YAML: every value as it was typed, every refusal with its line."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import outline
from readingroom.core.diagnostics import Invalid
from readingroom.store import schema, yaml_codec, yaml_comments
from strategies import GROUPS, PIECES, SESSIONS, TEXTS

if TYPE_CHECKING:
    from readingroom.core.diagnostics import Diagnostic

TYPED = {"duration", "leads"}
# What YAML gives a meaning, so that a few of them make a file that is nearly right.
TOKENS = st.sampled_from([
    *("a: ", "b: ", "- ", "\n", "  ", "c", "[", "]", "{", "}", ",", "&a ", "*a", "!t ", "<<: ", "---\n", "...\n"),
    *("'", '"'),
    *("|\n", ">-\n", "#", " #", "? ", ":", "\t", "%YAML 1.1\n", "\ufeff", "\r\n", "\x85", "\\", "\0", "<<<<<<< x\n"),
])  # fmt: skip
NEARLY = st.lists(TOKENS | PIECES, max_size=20).map("".join)
FILES = st.binary(max_size=200) | (TEXTS | NEARLY).map(str.encode)


def data(text: str | bytes) -> Any:
    return yaml_codec.read_yaml("session.yml", text.encode() if isinstance(text, str) else text, typed=TYPED)


def refusal(text: str | bytes) -> Diagnostic:
    with pytest.raises(Invalid) as raised:
        data(text)
    (problem,) = raised.value.problems
    return problem


@pytest.mark.parametrize(
    "typed",
    [
        *("NO", "on", "off", "yes", "y", "true", "False", "Null", "null", "~", "nil", "none"),
        *(
            "16:00",
            "9:30",
            "1:30:00",
            "08:30",
            "017",
            "0o17",
            "0b11",
            "0x1F",
            "1_000",
            "1.10",
            "1e3",
            ".inf",
            ".nan",
            "+1",
        ),
        *(
            "2026-03-20",
            "2026-02-30",
            "2026-03-20 11:00:00",
            "20260320",
            "=",
            "C# in depth",
            "a:b",
            "it's",
            "x -- y",
            "é🙂",
        ),
    ],
)
def test_a_value_stays_as_it_was_typed(typed: str) -> None:
    assert data(f"title: {typed}\n") == {"title": typed}
    assert data(f"- {typed}\n") == [typed]


def test_a_whole_number_is_one_only_under_its_key() -> None:
    assert data("title: 90\nduration: 90\nbelow: {duration: -5}\n") == {
        "title": "90",
        "duration": 90,
        "below": {"duration": -5},
    }


@pytest.mark.parametrize(
    "typed", ["090", "9_0", "0b11", "90.5", "9e1", "+90", "'90'", '"90"', "1234567890", "٩٠", "90 min"]
)
def test_what_only_looks_like_a_number_stays_text(typed: str) -> None:
    assert data(f"duration: {typed}\n") == {"duration": typed.strip("'\"")}


@pytest.mark.parametrize("typed", ["90", "90.0", "90.000"])
def test_a_whole_number_may_have_zeros_after_its_point(typed: str) -> None:
    assert data(f"duration: {typed}\n") == {"duration": 90}


@pytest.mark.parametrize("typed", ["", "null", "Null", "NULL", "~", "# nothing"])
def test_null_is_no_value_where_no_text_is_expected(typed: str) -> None:
    assert data(f"leads: {typed}\nduration: {typed}\nroom: x\n") == {"room": "x"}
    assert data("leads: 'null'\n") == {"leads": "null"}
    assert data(f"--- {typed}\n") is None


def test_a_key_without_a_value_is_left_out() -> None:
    assert data("title:\nroom: ''\nleads:\nkind: # later\n") == {"room": ""}


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n", "--- # nothing\n...\n", "\ufeff"])
def test_a_file_without_a_value_is_nothing(text: str) -> None:
    assert data(text) is None


def test_lists_and_groups_of_keys_are_read_in_either_form() -> None:
    assert data("leads:\n- name: Ada\n  url: x\n- {name: Grace}\n") == data(
        "{leads: [{name: Ada, url: x}, {name: Grace}]}"
    )


def test_long_text_keeps_its_lines() -> None:
    assert data("abstract: |\n  one\n\n  # two\n  - three\nnote: >-\n  four\n  five\n") == {
        "abstract": "one\n\n# two\n- three\n",
        "note": "four five",
    }


def test_a_problem_names_file_line_and_key() -> None:
    problem = refusal("title: a\nroom: x\ntitle: b\n")
    assert outline([problem]) == ["session.yml:3 [yaml-duplicate-key]"]
    assert ('"title"' in problem.message, "line 1" in problem.message) == (True, True)


def test_a_file_of_the_largest_size_is_read() -> None:
    filled = "a: " + "x" * (yaml_codec.MAX_BYTES - 3)
    assert len(data(filled)["a"]) == yaml_codec.MAX_BYTES - 3
    problem = refusal(filled + "x")
    assert outline([problem]) == ["session.yml [file-too-large]"]
    assert f"{yaml_codec.MAX_BYTES + 1} bytes; at most {yaml_codec.MAX_BYTES}" in problem.message


def test_a_file_of_the_greatest_depth_is_read() -> None:
    assert data("[" * yaml_codec.MAX_DEPTH + "x" + "]" * yaml_codec.MAX_DEPTH)
    problem = refusal("[" * (yaml_codec.MAX_DEPTH + 1) + "x" + "]" * (yaml_codec.MAX_DEPTH + 1))
    assert outline([problem]) == ["session.yml:1 [yaml-too-deep]"]
    assert f" {yaml_codec.MAX_DEPTH} levels" in problem.message


@pytest.mark.parametrize(
    "unit", ["[", "{a: ", "- ", "? ", "a:\n ", "'", '"', "&a [", "!", "#", "\n", "%", "[[],", "<<: ", ": "]
)
def test_the_largest_files_come_to_an_end(unit: str) -> None:
    assert refusal("a: " + unit * (60_000 // len(unit)) + "\n]").line >= 1


@given(SESSIONS)
@settings(max_examples=150)
def test_a_session_that_is_written_reads_back(session: dict[str, Any]) -> None:
    assert data(yaml_codec.dump_yaml(session)) == session


@given(GROUPS)
def test_a_group_that_is_written_reads_back(group: dict[str, Any]) -> None:
    assert (
        yaml_codec.read_yaml("", yaml_codec.dump_yaml(group).encode(), typed=schema.load_schema("group").typed) == group
    )


@given(SESSIONS)
def test_other_programs_read_the_same_words_from_what_is_written(session: dict[str, Any]) -> None:
    read = yaml.safe_load(yaml_codec.dump_yaml(session))
    assert json.loads(json.dumps(read, default=str)) == session  # a date is a date to them


def test_a_session_is_written_as_people_write_it() -> None:
    session = {
        "title": "BERT: a study",
        "date": "2024-01-15",
        "time": "11:00",
        "leads": [{"name": "Ada", "url": "https://example.org"}],
        "abstract": "One line.\n\nAnother.\n",
    }
    assert yaml_codec.dump_yaml(session) == (
        "title: 'BERT: a study'\ndate: 2024-01-15\ntime: '11:00'\n"
        "leads:\n  - name: Ada\n    url: https://example.org\nabstract: |\n  One line.\n\n  Another.\n"
    )


@given(FILES)
@settings(max_examples=300)
def test_any_bytes_are_data_or_one_problem_in_a_line_of_the_file(content: bytes) -> None:
    try:
        found = data(content)
    except Invalid as invalid:
        (problem,) = invalid.problems
        text = content.decode("utf-8", "replace")
        assert 0 <= problem.line <= len(text.splitlines())
        assert problem.text[-1] in ".?"
    else:
        assert found is None or data(yaml_codec.dump_yaml({"a": found})) == {"a": found}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: a\nroom\n", 2),
        ("title: a\nroom", 2),
        ("title: a\r\nroom\r\n", 2),
        ("title: 'a\n\n", 1),
        ("%YAML 1.1\n", 1),
        ("title: a\u2028b\n", 2),
        ("title: a\n\n\nroom\n\n", 4),
    ],
)
def test_an_error_at_the_end_is_reported_in_a_line_of_the_file(text: str, line: int) -> None:
    with pytest.raises(Invalid) as raised:
        data(text.encode())
    assert outline(raised.value.problems) == [f"session.yml:{line} [yaml-syntax]"]


def test_a_tab_is_found_after_a_line_break_of_unicode() -> None:
    with pytest.raises(Invalid, match=r"session.yml:4: error \[yaml-syntax\] tab on line 4\. Indent with spaces\."):
        data('title: "a\u2028b"\nleads:\n\t- name: Ada\n'.encode())


@given(SESSIONS)
def test_every_place_of_a_file_has_a_line(session: dict[str, Any]) -> None:
    text = yaml_codec.dump_yaml(session)
    places = yaml_codec.map_lines(text)
    assert places.keys() == set(paths(session))
    assert all(1 <= line <= text.count("\n") for line in places.values())


def paths(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(path for key, below in entries for path in paths(below, (*above, key)))]


def test_lines_are_those_of_keys_and_entries() -> None:
    places = yaml_codec.map_lines("title: x\nleads:\n  # who\n  - name: Ada\n    url: |\n      y\n  - name: Grace\n")
    assert places[("leads",)] == 2
    assert places[("leads", 0)] == places[("leads", 0, "name")] == 4
    assert places[("leads", 0, "url")] == 5
    assert places[("leads", 1, "name")] == 7


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("title: a # b\n", [(1, '"# b"')]),
        ("room: x\ntitle: # b\n", [(2, '"# b"')]),
        ("leads:\n  - name: Ada # 1\n  - name: Grace  #2\n", [(2, '"# 1"'), (3, '"#2"')]),
        ("title: 'a # b'\nroom: \"x\" # a note\n", []),
        ("# a # b\ntitle: C#\n\n# c\n", []),
        ("abstract: |\n  a # b\n", []),
        ("title: a\t# b\n", [(1, '"# b"')]),
        ("title: \t# b\n", [(1, '"# b"')]),
        ('title: "a\u2028b"\nroom: x # y\n', [(3, '"# y"')]),
        ("title: a\x85room: x # y\u2029kind: z", [(2, '"# y"')]),
        ("title: a\rroom: x # y\r", [(2, '"# y"')]),
        ("title: a # readingroom: ignore session-clash\nroom: x #readingroom:ignore yaml-cut-value # y\n", []),
        ("title: a # readingroom: ignored\n", [(1, '"# readingroom: ignored"')]),
    ],
)
def test_a_value_that_a_comment_cuts_is_reported(text: str, wanted: list[tuple[int, str]]) -> None:
    found = yaml_comments.check_truncated_values("session.yml", text.encode())
    assert outline(found) == [f"session.yml:{line} [yaml-cut-value]" for line, _ in wanted]
    assert [cut for each, (_, cut) in zip(found, wanted, strict=True) if not each.message.startswith(cut)] == []


def test_nothing_in_the_package_constructs_objects_from_yaml() -> None:
    used = set()
    for path in Path(yaml_codec.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "yaml":
                used.add(node.attr)
    assert used & {name for name in dir(yaml) if "load" in name or name.endswith("Loader")} == {"CSafeLoader"}


_PIECES = st.text(st.sampled_from("ab AZ:,.;()'/+%=_-?!&1#~no"), min_size=1, max_size=12) | st.sampled_from(
    ["yes", "No", "null", "2024-01-01", "https://a.b/c?d=e#f", "14:30", "Foo: bar", "a:", "1e3", "0x1", "- a"]
)
_LINES = st.lists(_PIECES | st.sampled_from(["", "é", "a\u3000b"]), min_size=2, max_size=5).map("\n".join)
_VALUES = _PIECES | TEXTS | st.tuples(_PIECES, TEXTS, _PIECES).map("".join) | _LINES


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "title": _VALUES,
            "duration": st.integers(0, 99),
            "leads": st.lists(st.fixed_dictionaries({"name": _VALUES}, optional={"url": _VALUES}), max_size=2),
        },
    )
)
def test_plain_values_are_written_as_the_emitter_writes_them(data: dict[str, object]) -> None:
    dumped = yaml.dump(data, Dumper=yaml_codec._Dumper, sort_keys=False, allow_unicode=True, width=100_000, indent=2)  # noqa: SLF001
    assert yaml_codec.dump_yaml(data) == dumped
