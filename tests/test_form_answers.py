"""A form's YAML to its fields, and an issue's body to its answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from groups import outline
from readingroom.core.diagnostics import Invalid
from readingroom.proposals import form_answers
from readingroom.store import form_schema
from readingroom.store.form_schema import Field, Form
from strategies import PIECES

FORMS = Path(__file__).parent / "forms"
CASES = sorted(path.parent for path in FORMS.glob("*/expected.json"))


def case(folder: Path) -> tuple[Form, str, dict[str, Any]]:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    path = folder / expected.get("form", "form.yml")
    return form_schema.read_form(path.name, path.read_bytes()), (folder / "body.md").read_bytes().decode(), expected


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: str(folder.name))
def test_an_issue_is_read_as_its_case_says(folder: Path) -> None:
    known, body, expected = case(folder)
    found = form_answers.parse_answers(known, body)
    assert found.values == expected["values"]
    asked = [(question.field.id if question.field else None, question.message) for question in found.questions]
    assert [field for field, _ in asked] == [each["field"] for each in expected["questions"]]
    for (_, message), each in zip(asked, expected["questions"], strict=True):
        assert [part for part in each["says"] if part not in message] == [], message
    assert form_answers.matches_form(known, body) == expected["matches"]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: str(folder.name))
def test_line_ends_do_not_matter(folder: Path) -> None:
    known, body, _ = case(folder)
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    assert form_answers.parse_answers(known, lines.replace("\n", "\r\n")) == form_answers.parse_answers(known, body)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: str(folder.name))
def test_no_question_repeats_what_looks_like_a_token(folder: Path) -> None:
    known, body, _ = case(folder)
    assert not [each for each in form_answers.parse_answers(known, body).questions if "ghp_" in each.message]


def test_json_has_every_field_in_order_with_its_questions() -> None:
    known = form_schema.read_form(
        "f.yml", b"body: [{type: input, attributes: {label: A}}, {type: upload, attributes: {label: B}}]"
    )
    assert form_answers.build_json_answers(known, form_answers.parse_answers(known, "### A\n\none")) == [
        {"id": "a", "label": "A", "type": "input", "value": "one", "questions": []},
        {
            "id": "b",
            "label": "B",
            "type": "upload",
            "value": None,
            "questions": ['the heading "### B" was not found. Add it as a line of its own, with the answer below it.'],
        },
    ]


def test_json_of_another_issue_ends_with_a_question_about_the_whole() -> None:
    known = form_schema.read_form("f.yml", b"body: [{type: input, attributes: {label: A}}]")
    field, whole = form_answers.build_json_answers(known, form_answers.parse_answers(known, "hello"))
    assert field["questions"] == []
    assert (whole["id"], whole["label"], whole["type"], whole["value"]) == (None, None, None, None)
    said = "none of the form's headings was found. Fill in the form, or write the headings yourself, starting with"
    assert whole["questions"] == [f'{said} "### A".']


def test_a_form_is_read_with_all_that_its_fields_say() -> None:
    bug = form_schema.read_form("bug.yml", (FORMS / "_forms/bug.yml").read_bytes())
    assert (bug.name, bug.title, bug.labels) == ("🐛 Something is broken", "[Bug]:", ("bug", "needs triage"))
    assert bug.fields[:2] == (
        Field(
            "before-you-start",
            "Before you start",
            "checkboxes",
            required=True,
            options=("I looked for the same problem among the open issues", "I use the newest release"),
        ),
        Field("version", "What", "input", required=True),
    )
    assert [(field.id, field.multiple, field.render) for field in bug.fields[3:]] == [
        ("system", True, ""),
        ("steps", False, ""),
        ("logs", False, "shell"),
        ("severity", False, ""),
    ]


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [("[a, b]", ("a", "b")), ('"a, b c,"', ("a", "b c")), ("", ()), ("[]", ()), ("{a: b}", ())],
)
def test_labels_are_a_list_or_a_text_with_commas(labels: str, wanted: tuple[str, ...]) -> None:
    text = f"labels: {labels}\nbody: [{{type: input, attributes: {{label: A}}}}]"
    assert form_schema.read_form("f.yml", text.encode()).labels == wanted


INPUT = "{type: input, attributes: {label: A}}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", {"1 [form-invalid]": "is not an issue form"}),
        ("- a", {"1 [form-invalid]": "is not an issue form"}),
        ("name: x", {"1 [form-invalid]": "is not an issue form"}),
        ("body: x", {"1 [form-invalid] body": "no field"}),
        ("\nbody: [{type: markdown, attributes: {value: x}}]", {"2 [form-invalid] body": "no field"}),
        (
            f"body:\n- {INPUT}\n- {{type: number}}\n- x",
            {"3 [form-invalid] body[1]": "no type", "4 [form-invalid] body[2]": "no type"},
        ),
        (
            'body:\n- {type: input}\n- {type: input, attributes: {label: "a\\nb"}}',
            {"2 [form-invalid] body[0]": "no label", "3 [form-invalid] body[1]": "no label"},
        ),
        (f"body:\n- {INPUT}\n- {INPUT}", {"2 [form-invalid] body": 'label "A"'}),
        (
            "body:\n- {type: input, id: x, attributes: {label: A}}\n- {type: input, id: x, attributes: {label: B}}",
            {"2 [form-invalid] body": 'id "x"'},
        ),
        (
            "body:\n- type: dropdown\n  attributes:\n    label: A\n    options:\n    - a\n    -\n    - a ",
            {
                "7 [form-invalid] body[0].attributes.options": "is empty",
                "8 [form-invalid] body[0].attributes.options": 'option "a"',
            },
        ),
        (
            "body:\n- {type: checkboxes, attributes: {label: A}}",
            {"1 [form-invalid] body[0].attributes.options": "no option"},
        ),
        ("body: " + "[" * 60_000, {"1 [yaml-too-deep]": "32"}),
    ],
)
def test_what_is_no_form_is_refused_with_the_place(text: str, wanted: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        form_schema.read_form("f.yml", text.encode())
    found = refused.value.problems
    assert outline(found) == [f"f.yml:{each}" for each in wanted]
    assert [words for each, words in zip(found, wanted.values(), strict=True) if words not in each.message] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [("body: [", 1), ("body: *a", 1), ("body: 'x", 1), ("a: b: c", 1), ("\tbody: x", 1), ("body: [x]\n--- \nx: [", 3)],
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(Invalid) as refused:
        form_schema.read_form("f.yml", text.encode())
    assert outline(refused.value.problems) == [f"f.yml:{line} [yaml-syntax]"]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        form_schema.read_form("f.yml", b"body: \xff")
    assert outline(refused.value.problems) == ["f.yml:1 [file-not-utf8]"]


def test_an_anchor_that_holds_itself_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        form_schema.read_form("f.yml", b"body: &a [*a]")
    assert outline(refused.value.problems) == ["f.yml:1 [form-invalid] body[0]"]


LABELS = st.lists(
    st.lists(PIECES, min_size=1, max_size=3)
    .map("".join)
    .map(str.strip)
    .filter(lambda text: len(text.splitlines()) == 1)
    | st.sampled_from(["Title", "Title?", "Agreement", "What", "What now", "C#", "_No response_", "None", "```"]),
    min_size=1,
    max_size=6,
    unique_by=form_schema.normalize_whitespace,
)
OPTIONS = st.lists(
    st.sampled_from(
        ["A", "B", "A, B", "B, A", "C, D", "None / other", ", ", "x  y", "[a](b)", "- [X] A", "### A", "🎉"]
    ),
    min_size=1,
    max_size=5,
    unique_by=form_schema.normalize_whitespace,
)


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Form, dict[str, Any], str]:
    """Draw a form, what someone answers, and the body that GitHub makes of it."""
    labels = draw(LABELS)
    fields, typed, body = [], {}, ""
    for number, label in enumerate(labels):
        field = Field(
            f"f{number}",
            label,
            draw(st.sampled_from(form_schema.TYPES[1:])),
            options=tuple(draw(OPTIONS)),
            multiple=draw(st.booleans()),
            render=draw(st.sampled_from(["", "shell"])),
        )
        value, text = draw(answered(field, labels))
        fields.append(field)
        typed[field.id] = value
        body += f"### {label}\n\n{text}\n\n"
    return Form("", "", (), tuple(fields)), typed, body


def answered(field: Field, labels: list[str]) -> st.SearchStrategy[tuple[Any, str]]:
    """Return answers to a field, each with what GitHub writes for it."""
    lines = st.sampled_from([f"### {label}" for label in labels]) | st.lists(PIECES, max_size=3).map("".join)
    match field.type:
        case "checkboxes":
            return st.sets(st.sampled_from(field.options)).map(lambda ticked: boxes(field, ticked))
        case "dropdown" if field.multiple:
            chosen = st.lists(st.sampled_from(field.options), unique=True)
            return chosen.map(lambda options: (options or None, ", ".join(options) or "_No response_"))
        case "dropdown":
            return st.sampled_from(field.options).map(lambda option: (option, option)) | st.just((None, "None"))
        case "input":
            return lines.map(lambda text: " ".join(text.splitlines())).map(lambda text: (text, text or "_No response_"))
    texts = st.lists(lines, max_size=5).flatmap(
        lambda each: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(each))
    )
    if field.render and field.type == "textarea":
        return texts.map(lambda text: (text, f"```{field.render}\n{text}\n```"))
    return texts.map(lambda text: (text, text or "_No response_"))


def boxes(field: Field, ticked: set[str]) -> tuple[list[str], str]:
    body = "\n".join(f"- [{'X' if option in ticked else ' '}] {option}" for option in field.options)
    return [option for option in field.options if option in ticked], body


def same(field: Field, typed: Any, found: form_answers.AnswerValue) -> bool:
    """Return whether a value is what was typed, but for line ends and spaces around it."""
    if not isinstance(typed, str) or field.type == "dropdown":
        return bool(typed == found)
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip() or text.strip(" \t\n") in {"_No response_", r"\_No response\_"}:
        return found is None or (bool(field.render) and found == text.strip(" \t\n"))
    return isinstance(found, str) and found.strip(" \t\n") == text.strip(" \t\n")


@given(filled_in())
@example(
    (
        Form("", "", (), (Field("a", "A", "input"), Field("b", "B", "checkboxes", options=("C",)))),
        {"a": "### B", "b": []},
        "### A\n\n### B\n\n### B\n\n- [ ] C",
    )
)
def test_answers_come_back_as_typed_or_as_questions(drawn: tuple[Form, dict[str, Any], str]) -> None:
    known, typed, body = drawn
    found = form_answers.parse_answers(known, body)
    asked = {question.field for question in found.questions}
    for field in known.fields:
        value = found.values[field.id]
        assert field in asked or same(field, typed[field.id], value)
        assert field not in asked or value is None
    assert None not in asked
    assert form_answers.matches_form(known, body)


PROSE = st.lists(PIECES.filter(lambda piece: "#" not in piece), max_size=5).map("".join)


@given(st.lists(PROSE, min_size=2, max_size=2))
def test_answers_without_headings_of_the_form_raise_no_question(typed: list[str]) -> None:
    known = Form("", "", (), tuple(Field(f"f{number}", f"Label {number}", "textarea") for number in range(2)))
    body = "".join(f"### Label {number}\n\n{text}\n\n" for number, text in enumerate(typed))
    assert form_answers.parse_answers(known, body).questions == []


@given(st.lists(PIECES | st.sampled_from(["### Title\n", "### Kind\n", "### Agreement\n", "\n"])).map("".join))
def test_no_text_at_all_makes_the_parser_fail(body: str) -> None:
    known = form_schema.read_form("session.yml", (FORMS / "_forms/session.yml").read_bytes())
    found = form_answers.parse_answers(known, body)
    assert list(found.values) == [field.id for field in known.fields]
    assert all(found.values[each.field.id] is None for each in found.questions if each.field)
    assert form_answers.build_json_answers(known, found)


@pytest.mark.parametrize("end", ["", ", b"])
def test_options_that_are_made_of_one_another_are_not_distinguished(end: str) -> None:
    options = tuple(", ".join(["a"] * length) for length in range(1, 201))
    known = Form("", "", (), (Field("f", "F", "dropdown", options=options, multiple=True),))
    body = f"### F\n\n{', '.join(['a'] * 20_000)}{end}"
    (question,) = form_answers.parse_answers(known, body).questions
    assert "more than one way. Choose fewer." in question.message


def test_very_many_options_may_all_be_chosen() -> None:
    options = tuple(f"option {number}" for number in range(400))
    known = Form("", "", (), (Field("f", "F", "dropdown", options=options, multiple=True),))
    assert form_answers.parse_answers(known, f"### F\n\n{', '.join(options)}") == form_answers.FormAnswers(
        {"f": list(options)}, []
    )


@given(st.text() | st.lists(PIECES).map("".join))
def test_no_text_at_all_makes_the_reader_fail(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        form_schema.read_form("f.yml", text.encode("utf-8", "surrogatepass"))
    assert refused.value.problems
