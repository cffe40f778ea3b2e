"""A session's file is changed in place: every byte stays but those of the values that change."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from readingroom.core.diagnostics import Invalid
from readingroom.edit import yaml_edit
from readingroom.store import yaml_codec

FILE = "sessions/01-x/session.yml"
TEXT = """\
# Ours, kept manually.
title:   'Retentive Networks'   # see the issue
date: 2024-01-15  # a Monday

leads:
    - {name: Ed Gunn, url: "https://a.example"}
abstract: |
  date: not this one

  More.
# the end
"""


def amended(text: str, **values: str | None) -> str:
    return yaml_edit.update_yaml_values(FILE, text.encode(), values).decode()


def test_a_value_is_replaced_and_every_other_byte_stays() -> None:
    assert amended(TEXT, date="2024-02-05") == TEXT.replace("date: 2024-01-15", "date: 2024-02-05")


def test_a_quoted_value_is_replaced_with_its_quotes() -> None:
    assert amended("time: '11:00' # x\n", time="14:00") == "time: '14:00' # x\n"


def test_a_new_key_goes_where_the_schema_has_it() -> None:
    assert amended(TEXT, status="cancelled") == TEXT.replace("# a Monday\n", "# a Monday\nstatus: cancelled\n")
    assert amended("leads:\n  - name: x\n", date="2024-02-05") == "date: 2024-02-05\nleads:\n  - name: x\n"
    assert amended("# only words\n", date="2024-02-05") == "# only words\ndate: 2024-02-05\n"
    assert amended("", date="2024-02-05") == "date: 2024-02-05\n"


def test_a_key_is_taken_out_and_its_comment_stays() -> None:
    assert amended(TEXT, date=None) == TEXT.replace("date: 2024-01-15  # a Monday\n", "# a Monday\n")
    assert amended("title: x\ntime: '11:00'\n", time=None) == "title: x\n"
    assert amended("title: x\n", time=None) == "title: x\n"


def test_a_key_without_a_value_gets_one() -> None:
    assert amended("title: x\ndate:\nroom: y\n", date="2024-02-05") == "title: x\ndate: 2024-02-05\nroom: y\n"


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_and_a_byte_order_mark_stay(ending: str, last: bool) -> None:  # noqa: FBT001
    text = TEXT.replace("\n", ending)
    text = text if last else "title: x" + ending + "date: 2024-01-15"
    made = yaml_edit.update_yaml_values(
        FILE, b"\xef\xbb\xbf" + text.encode(), {"date": "2024-02-05", "status": "tbc"}
    ).decode()
    line = "date: 2024-02-05  # a Monday" if last else "date: 2024-02-05"
    old = "date: 2024-01-15  # a Monday" if last else "date: 2024-01-15"
    more = f"{line}{ending}status: tbc" + ("" if last else ending)
    assert made == "\ufeff" + text.replace(old, more)


@pytest.mark.parametrize(
    "text", ["{title: x, date: 2024-01-15}\n", "title: x\ndate: >\n  2024-01-15\n", "? date\n: x\n"]
)
def test_what_cannot_be_changed_alone_is_refused_with_what_to_do(text: str) -> None:
    try:
        made = amended(text, date="2024-02-05", status="cancelled")
    except Invalid as invalid:
        (problem,) = invalid.problems
        assert problem.hint.endswith("Change it manually: date: 2024-02-05, status: cancelled.")
    else:
        assert yaml_codec.read_yaml(FILE, made.encode()) == {
            **yaml_codec.read_yaml(FILE, text.encode()),
            "date": "2024-02-05",
            "status": "cancelled",
        }


LINES = st.sampled_from(
    ["title: x", "title: 'a: b'", 'date: "2024-01-15"', "date: 2024-01-15 # c", "room: y", "# words", "", "time: 11:00",
     "leads:\n  - name: x", "abstract: |\n  date: 1\n  more", "duration: 60", "status: tbc"]
)  # fmt: skip


@example(lines=["title: x"], values={"title": None}, end="\r\n")  # nothing is left, line ends neither
@example(lines=["title: x"], values={"title": None, "date": "a"}, end="\r\n")  # nothing is left in between
@given(
    st.lists(LINES, max_size=8, unique_by=lambda line: line.partition(":")[0]),
    st.dictionaries(
        st.sampled_from(["title", "date", "time", "room", "status"]),
        st.none() | st.sampled_from(["a", "2024-02-05", "x: y"]),
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_only_the_lines_of_the_keys_that_change_change(
    lines: list[str], values: dict[str, str | None], end: str
) -> None:
    text = "".join(f"{line}\n" for line in lines).replace("\n", end)
    made = yaml_edit.update_yaml_values(FILE, text.encode(), values).decode()
    kept = [line for line in text.split(end) if line and line.partition(":")[0] not in values]
    assert [line for line in made.split(end) if line in kept] == kept
    assert {"\r", "\n"}.isdisjoint(made.replace(end if text else "\n", ""))
    assert yaml_edit.update_yaml_values(FILE, made.encode(), values).decode() == made
