"""What people type: leads, times of the day, reading lists and files."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom import typed


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Ada Lovelace", {"name": "Ada Lovelace"}),
        ("- Ada Lovelace, https://a.example", {"name": "Ada Lovelace", "url": "https://a.example"}),
        ("Ada Lovelace @ada", {"name": "Ada Lovelace", "url": "https://github.com/ada"}),
        ("@ada", {"name": "ada", "url": "https://github.com/ada"}),
        ("Ada (@ada)", {"name": "Ada", "url": "https://github.com/ada"}),
        ("[Ada](https://a.example/a_(b))", {"name": "Ada", "url": "https://a.example/a_(b)"}),
        ("Ada <https://a.example>", {"name": "Ada", "url": "https://a.example"}),
        ("Ada – https://a.example.", {"name": "Ada", "url": "https://a.example"}),
        ("Tim Harris (Microsoft), https://t.example", {
            "name": "Tim Harris", "affiliation": "Microsoft", "url": "https://t.example"}),
        ("Ollion, École polytechnique", {"name": "Ollion, École polytechnique"}),
        ("ada@example.org", {"name": "ada@example.org"}),
        ("Ada javascript://x", {"name": "Ada", "url": "javascript://x"}),
        ("1. Ada", {"name": "Ada"}),
        ("https://a.example", {"name": "", "url": "https://a.example"}),
    ],
)  # fmt: skip
def test_a_line_names_a_person(line: str, person: dict[str, str]) -> None:
    assert typed.leads(line) == [person]


def test_each_line_that_says_something_names_a_person() -> None:
    assert [each["name"] for each in typed.leads("Ada\n\n- Grace\r\n* Edsger\n  ")] == ["Ada", "Grace", "Edsger"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14:00", ("14:00", None)),
        ("9:05", ("09:05", None)),
        ("14.30", ("14:30", None)),
        ("14h", ("14:00", None)),
        ("14h30", ("14:30", None)),
        ("2 pm", ("14:00", None)),
        ("2.30 p.m.", ("14:30", None)),
        ("12 am", ("00:00", None)),
        ("12 pm", ("12:00", None)),
        ("14:00-15:30", ("14:00", 90)),
        ("14:00 – 15:30", ("14:00", 90)),
        ("2-3pm", ("14:00", 60)),
        ("11 am to 1 pm", ("11:00", 120)),
        ("23:30-00:30", ("23:30", 60)),
        (" 14:00 ", ("14:00", None)),
    ],
)
def test_a_time_is_read_in_the_clear_ways(text: str, found: tuple[str, int | None]) -> None:
    assert typed.hours(text) == found


@pytest.mark.parametrize(
    "text", ["14", "25:00", "14:60", "13 pm", "0 am", "noon", "14:00-15:00-16:00", "١٤:٠٠", "14:00 x", "-", "14:00-"]
)
def test_a_time_that_is_not_clear_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(ValueError, match="Wanted: a time of the day such as 14:00, or 14:00-15:30"):
        typed.hours(text)


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("[A paper](https://a.example/p)", {"title": "A paper", "url": "https://a.example/p"}),
        ("A paper: https://a.example/p", {"title": "A paper", "url": "https://a.example/p"}),
        ("https://a.example/p", {"url": "https://a.example/p"}),
        ("https://a.example/p (sections 1-2)", {"url": "https://a.example/p", "note": "(sections 1-2)"}),
        ("- [ ] [A paper](https://a.example/p), by Ada", {
            "title": "A paper", "url": "https://a.example/p", "note": "by Ada"}),
        ("2405.04517", {"title": "arXiv:2405.04517", "url": "https://arxiv.org/abs/2405.04517"}),
        ("arXiv:2405.04517v2", {"title": "arXiv:2405.04517v2", "url": "https://arxiv.org/abs/2405.04517v2"}),
        ("hep-th/9901001", {"title": "arXiv:hep-th/9901001", "url": "https://arxiv.org/abs/hep-th/9901001"}),
        ("xLSTM, arXiv:2405.04517", {"title": "xLSTM", "url": "https://arxiv.org/abs/2405.04517"}),
        ("10.1038/s41586-021-03819-2", {
            "title": "doi:10.1038/s41586-021-03819-2", "url": "https://doi.org/10.1038/s41586-021-03819-2"}),
        ("AlphaFold (doi: 10.1038/s41586-021-03819-2)", {
            "title": "AlphaFold", "url": "https://doi.org/10.1038/s41586-021-03819-2"}),
        ("The book, chapter 3", {"title": "The book, chapter 3"}),
        ("[A \\[b\\]](https://a.example)", {"title": "A [b]", "url": "https://a.example"}),
    ],
)  # fmt: skip
def test_a_line_of_a_reading_list_is_an_item(line: str, item: dict[str, str]) -> None:
    assert typed.material(line, "Main") == [{"heading": "Main", "items": [item]}]


def test_what_stands_further_in_belongs_to_the_item_above() -> None:
    text = "- A\n  - B\n    - C\n  - D\n- E\n    F"
    (section,) = typed.material(text, "Main")
    assert section["items"] == [
        {"title": "A", "items": [{"title": "B", "items": [{"title": "C"}]}, {"title": "D"}]},
        {"title": "E", "items": [{"title": "F"}]},
    ]


def test_a_heading_in_a_reading_list_starts_a_section() -> None:
    text = "A\n\n## Background ##\nB\n**If you have time:**\nC\n# Nothing"
    found = [(each["heading"], each["items"]) for each in typed.material(text, "Main")]
    assert found == [
        ("Main", [{"title": "A"}]),
        ("Background", [{"title": "B"}]),
        ("If you have time:", [{"title": "C"}]),
    ]


def test_dropped_files_are_resources_and_the_rest_is_left() -> None:
    text = (
        "[slides.pdf](https://github.com/user-attachments/files/1/slides.pdf)\n"
        '<img width="10" alt="A plot" src="https://github.com/user-attachments/assets/2">\n'
        "![photo](https://github.com/user-attachments/assets/3)\n"
        "Notebook: https://a.example/n.ipynb and https://a.example/m.ipynb\n"
        "More to come"
    )
    resources, rest = typed.links(text)
    assert resources == [
        {"title": "slides.pdf", "url": "https://github.com/user-attachments/files/1/slides.pdf"},
        {"title": "A plot", "url": "https://github.com/user-attachments/assets/2"},
        {"title": "photo", "url": "https://github.com/user-attachments/assets/3"},
        {"title": "Notebook", "url": "https://a.example/n.ipynb"},
        {"title": "Notebook: https://a.example/n.ipynb and", "url": "https://a.example/m.ipynb"},
    ]
    assert rest == ["More to come"]


@given(st.text(st.sampled_from("[]()<>!\\- *#@.:/ax1\n\t \u00a0"), max_size=60))
def test_no_text_makes_reading_fail_and_no_word_is_lost(text: str) -> None:
    (*sections,) = typed.material(text, "Main")
    told = "".join(_texts(sections))
    assert [word for word in text.split() if word.isalnum() and word not in told and not _numbers(word)] == []
    typed.leads(text)
    typed.links(text)


def _numbers(word: str) -> bool:
    return word.isdigit()  # may be the number of a list's item


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for each in (value.values() if isinstance(value, dict) else value) for text in _texts(each)]
