"""What holds for every input."""

import json
from typing import Any

import cmarkgfm
import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

import strategies
from readingroom import markdown, schema, source
from readingroom.problems import Invalid

SESSION = schema.load("session")
JUDGE = jsonschema.Draft202012Validator(SESSION.document, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
ODD: st.SearchStrategy[Any] = (
    strategies.TEXTS
    | st.integers()
    | st.booleans()
    | st.sampled_from(["2026-02-30", "2026-3-5", "2026-03-20\n", "25:00", "9:30", "open ", "https://", "HTTP://x", ""])
    | st.lists(strategies.TEXTS, max_size=2)
    | st.dictionaries(strategies.TEXTS, strategies.TEXTS, max_size=2)
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """Return a session of which one place, at any depth, holds something else."""
    data = json.loads(json.dumps(draw(strategies.SESSIONS)))
    place = data
    while isinstance(place, dict | list) and place:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or draw(st.booleans()):
            place[key] = draw(ODD)
            break
        place = place[key]
    return data


@given(mutated())
@settings(max_examples=300)
def test_both_judges_of_a_session_are_of_one_opinion(data: Any) -> None:
    assert SESSION.accepts(data) == JUDGE.is_valid(data)


@given(strategies.SESSIONS)
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    assert source.read("session.yml", source.write(data).encode(), integers=SESSION.integers) == data


@given(st.binary(max_size=300) | strategies.TEXTS.map(str.encode))
@settings(max_examples=300)
def test_any_bytes_are_data_or_one_problem(content: bytes) -> None:
    assert _problems(content) <= 1


def _problems(content: bytes) -> int:
    try:
        source.read("session.yml", content)
    except Invalid as invalid:
        return len(invalid.problems)
    return 0


@given(strategies.LINES)
@settings(max_examples=300)
def test_no_text_adds_a_cell_or_a_row(text: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {markdown.text(text)} | end |\n"
    html = cmarkgfm.github_flavored_markdown_to_html(table)
    assert (html.count("<td>"), html.count("<td>end</td>"), html.count("<table>")) == (2, 1, 1)
