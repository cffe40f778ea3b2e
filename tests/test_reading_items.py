"""What people type: leads, reading lists and files."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.parsing import people, reading_items


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
        ("Ollion, École polytechnique", {"name": "Ollion", "affiliation": "École polytechnique"}),
        ("ada@example.org", {"name": "ada@example.org"}),
        ("Ada javascript://x", {"name": "Ada", "url": "javascript://x"}),
        ("1. Ada", {"name": "Ada"}),
        ("https://a.example", {"name": "", "url": "https://a.example"}),
    ],
)  # fmt: skip
def test_a_line_names_a_person(line: str, person: dict[str, str]) -> None:
    assert [each.to_data() for each in people.parse_people(line).people] == [person]


def test_each_line_that_says_something_names_a_person() -> None:
    assert [each.name for each in people.parse_people("Ada\n\n- Grace\r\n* Edsger\n  ").people] == [
        "Ada",
        "Grace",
        "Edsger",
    ]


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Ada (@ada, Cambridge)", {
            "name": "Ada", "url": "https://github.com/ada", "affiliation": "Cambridge"}),
        ("Ada (Cambridge, @ada)", {
            "name": "Ada", "url": "https://github.com/ada", "affiliation": "Cambridge"}),
        ("Ada, @ada, Cambridge", {
            "name": "Ada", "url": "https://github.com/ada", "affiliation": "Cambridge"}),
        ("**[Ada](https://a.example)**", {"name": "Ada", "url": "https://a.example"}),
        ("[Ada [L]](https://a.example 'Her page')", {"name": "Ada [L]", "url": "https://a.example"}),
        ("Ada (https://a.example)", {"name": "Ada", "url": "https://a.example"}),
        ("Ada () (x)", {"name": "Ada", "affiliation": "x"}),
        ("Ada [x] L", {"name": "Ada [x] L"}),
        ("[x] Ada", {"name": "Ada"}),
    ],
)  # fmt: skip
def test_a_link_leaves_no_mark_in_the_name(line: str, person: dict[str, str]) -> None:
    assert [each.to_data() for each in people.parse_people(line).people] == [person]


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
        ("[[1706.03762] Attention](https://arxiv.org/abs/1706.03762)", {
            "title": "[1706.03762] Attention", "url": "https://arxiv.org/abs/1706.03762"}),
        ("**[A](https://a.example)** (short)", {"title": "A", "url": "https://a.example", "note": "(short)"}),
        ("A paper (https://a.example/p)", {"title": "A paper", "url": "https://a.example/p"}),
        ("[x] of [A](https://a.example)", {"title": "A", "url": "https://a.example", "note": "of"}),
        ("On [x] and y", {"title": "On [x] and y"}),
        ("2405.04517: xLSTM", {"title": "xLSTM", "url": "https://arxiv.org/abs/2405.04517"}),
        ("[2405.04517] xLSTM", {"title": "xLSTM", "url": "https://arxiv.org/abs/2405.04517"}),
        ("2405.04517 (sections 1-2)", {
            "title": "arXiv:2405.04517", "url": "https://arxiv.org/abs/2405.04517", "note": "(sections 1-2)"}),
        ("arXiv:2405.04517 [cs.LG]", {
            "title": "arXiv:2405.04517 [cs.LG]", "url": "https://arxiv.org/abs/2405.04517"}),
        ("xLSTM 2405.04517, section 3", {
            "title": "xLSTM", "url": "https://arxiv.org/abs/2405.04517", "note": "section 3"}),
        ("Deep learning, doi:10.1038/nature14539, pages 1-3", {
            "title": "Deep learning", "url": "https://doi.org/10.1038/nature14539", "note": "pages 1-3"}),
        ("arXiv 2405.04517", {"title": "arXiv:2405.04517", "url": "https://arxiv.org/abs/2405.04517"}),
        ("DOI 10.1038/nature14539", {"title": "doi:10.1038/nature14539", "url": "https://doi.org/10.1038/nature14539"}),
        ("Notes on issue/1234567", {"title": "Notes on issue/1234567"}),
        ("Version 2024.10301", {"title": "Version 2024.10301"}),
        ("**[Attention](https://a.example/p)**", {"title": "Attention", "url": "https://a.example/p"}),
        ("**Attention is all you need**", {"title": "Attention is all you need"}),
        ("- **Attention is all you need**", {"title": "Attention is all you need"}),
        ("**xLSTM 2405.04517**", {"title": "xLSTM", "url": "https://arxiv.org/abs/2405.04517"}),
        ("__init__", {"title": "__init__"}),
        ("# a", {"title": "a"}),
        ("x" * 4_097 + " https://a.example", {"title": "x" * 4_097 + " https://a.example"}),
    ],
)  # fmt: skip
def test_a_line_of_a_reading_list_is_an_item(line: str, item: dict[str, str]) -> None:
    assert reading_items.parse_material(line, "Main") == [{"heading": "Main", "items": [item]}]


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("xLSTM 2405.04517 and RetNet 2307.08621", [
            {"title": "xLSTM", "url": "https://arxiv.org/abs/2405.04517"},
            {"title": "RetNet", "url": "https://arxiv.org/abs/2307.08621"}]),
        ("[A](https://a.example), [B](https://b.example)", [
            {"title": "A", "url": "https://a.example"}, {"title": "B", "url": "https://b.example"}]),
        ("[A](https://a.example), by Ann; [B](https://b.example), by Bob", [
            {"title": "A", "url": "https://a.example", "note": "by Ann"},
            {"title": "B", "url": "https://b.example", "note": "by Bob"}]),
        ("A: https://a.example; B: https://b.example", [
            {"title": "A", "url": "https://a.example"}, {"title": "B", "url": "https://b.example"}]),
        ("https://a.example, https://b.example", [{"url": "https://a.example"}, {"url": "https://b.example"}]),
        ("[A] (https://a.example) & [B] (https://b.example)", [
            {"title": "A", "url": "https://a.example"}, {"title": "B", "url": "https://b.example"}]),
        ("[A](https://a.example), [slides](https://s.example)", [
            {"title": "A", "url": "https://a.example", "note": "[slides](https://s.example)"}]),
        ("[A](https://a.example), see also [B](https://b.example)", [
            {"title": "A", "url": "https://a.example", "note": "see also [B](https://b.example)"}]),
        ("xLSTM 2405.04517, which extends 2307.08621", [
            {"title": "xLSTM", "url": "https://arxiv.org/abs/2405.04517",
             "note": "which extends [2307.08621](https://arxiv.org/abs/2307.08621)"}]),
    ],
)  # fmt: skip
def test_two_papers_on_a_line_are_two_items(line: str, items: list[dict[str, str]]) -> None:
    assert reading_items.parse_material(line, "Main") == [{"heading": "Main", "items": items}]


BIBTEX = """Please read:
```bibtex
@article{lecun2015,
  title={Deep {L}earning, a \\"Uberblick},
  author = "LeCun, Yann and Bengio, Yoshua and Geoffrey Hinton",
  year = 2015,
  doi = {10.1038/nature14539}
}
```
- A book
@misc{xlstm, title="{xLSTM}", eprint={2405.04517}, archivePrefix={arXiv}}
"""


def test_bibtex_entries_are_items() -> None:
    (section,) = reading_items.parse_material(BIBTEX, "Main")
    assert section["items"] == [
        {"title": "Please read:"},
        {
            "title": "Deep Learning, a Überblick",
            "url": "https://doi.org/10.1038/nature14539",
            "note": "Yann LeCun, Yoshua Bengio, Geoffrey Hinton",
        },
        {"title": "A book"},
        {"title": "xLSTM", "url": "https://arxiv.org/abs/2405.04517"},
    ]


@pytest.mark.parametrize("text", ["@article{a, title={x}", "@a{" * 6_000, "@comment{a, title={x}}", "@ada", "@misc{x}"])
def test_what_is_no_whole_entry_is_read_as_lines(text: str) -> None:
    (section,) = reading_items.parse_material(text, "Main")
    assert section["items"]


def test_what_stands_further_in_belongs_to_the_item_above() -> None:
    text = "- A\n  - B\n    - C\n  - D\n- E\n    - F"
    (section,) = reading_items.parse_material(text, "Main")
    assert section["items"] == [
        {"title": "A", "items": [{"title": "B", "items": [{"title": "C"}]}, {"title": "D"}]},
        {"title": "E", "items": [{"title": "F"}]},
    ]


def test_what_stands_further_in_without_a_bullet_is_a_note_of_the_item_above() -> None:
    text = "  A\n- [B](https://b.example), by Ada\n  Read section 3.\n\n  Then *rest*.\n  - C\n    # D\nE"
    (section,) = reading_items.parse_material(text, "Main")
    assert section["items"] == [
        {"title": "A"},
        {
            "title": "B",
            "url": "https://b.example",
            "note": "by Ada\nRead section 3.\nThen *rest*.",
            "items": [{"title": "C", "note": "# D"}],
        },
        {"title": "E"},
    ]
    assert list(section["items"][1]) == ["title", "url", "note", "items"]


def test_what_stands_too_far_in_joins_the_deepest_level() -> None:
    (section,) = reading_items.parse_material("\n".join(" " * depth + f"- {depth}" for depth in range(340)), "Main")
    (item,), levels = section["items"], 1
    while "items" in item:
        item, levels = item["items"][0], levels + 1
    assert levels == reading_items.MAX_ITEM_DEPTH
    assert _texts(section)[1:] == [str(depth) for depth in range(340)]


def test_names_of_papers_alone_on_a_line_are_an_item_each() -> None:
    (section,) = reading_items.parse_material("2405.04517, arXiv:2307.08621 and 10.1038/nature14539.", "Main")
    assert [each["url"] for each in section["items"]] == [
        "https://arxiv.org/abs/2405.04517",
        "https://arxiv.org/abs/2307.08621",
        "https://doi.org/10.1038/nature14539",
    ]


def test_a_heading_in_a_reading_list_starts_a_section() -> None:
    text = "A\n\n## Background ##\nB\n**If you have time:**\nC\n__More__\n- D"
    found = [(each["heading"], each["items"]) for each in reading_items.parse_material(text, "Main")]
    assert found == [
        ("Main", [{"title": "A"}]),
        ("Background", [{"title": "B"}]),
        ("If you have time:", [{"title": "C"}]),
        ("More", [{"title": "D"}]),
    ]


def test_a_heading_that_nothing_follows_is_an_item() -> None:
    found = [(each["heading"], each["items"]) for each in reading_items.parse_material("# A\n# B\nC\n**D**\n", "Main")]
    assert found == [("Main", [{"title": "A"}]), ("B", [{"title": "C"}, {"title": "D"}])]


@pytest.mark.parametrize("line", ["**https://a.example**", "# 2405.04517", "# [A](https://a.example)", "**ftp://x**"])
def test_what_names_something_to_read_is_no_heading(line: str) -> None:
    assert [each["heading"] for each in reading_items.parse_material(f"{line}\nB", "Main")] == ["Main"]


def test_dropped_files_are_resources_and_the_rest_is_left() -> None:
    text = (
        "[slides.pdf](https://github.com/user-attachments/files/1/slides.pdf)\n"
        '<img width="10" alt="A plot" src="https://github.com/user-attachments/assets/2">\n'
        "![photo](https://github.com/user-attachments/assets/3)\n"
        "Notebook: https://a.example/n.ipynb and https://a.example/m.ipynb\n"
        "More to come"
    )
    resources, rest = reading_items.parse_resources(text)
    assert resources == [
        {"title": "slides.pdf", "url": "https://github.com/user-attachments/files/1/slides.pdf"},
        {"title": "A plot", "url": "https://github.com/user-attachments/assets/2"},
        {"title": "photo", "url": "https://github.com/user-attachments/assets/3"},
        {"title": "Notebook", "url": "https://a.example/n.ipynb"},
        {"title": "m.ipynb", "url": "https://a.example/m.ipynb"},
    ]
    assert rest == ["Notebook: https://a.example/n.ipynb and https://a.example/m.ipynb", "More to come"]


@pytest.mark.parametrize(
    ("line", "resource"),
    [
        ("[slides (v2) [final].pdf](https://github.com/user-attachments/files/1/s.pdf)", {
            "title": "slides (v2) [final].pdf", "url": "https://github.com/user-attachments/files/1/s.pdf"}),
        ('<img src="https://a.example/?a=1&amp;b=2" height="3" alt="A [plot]" />', {
            "title": "A [plot]", "url": "https://a.example/?a=1&b=2"}),
        ("<IMG SRC='https://a.example/x'>", {"title": "image", "url": "https://a.example/x"}),
        ("![](https://a.example/x.png)", {"title": "x.png", "url": "https://a.example/x.png"}),
        ("[![A](https://a.example/x.png)](https://a.example)", {"title": "A", "url": "https://a.example"}),
        ("Slides: <https://a.example/s>", {"title": "Slides", "url": "https://a.example/s"}),
        ("- [ ] Slides (https://a.example/s).", {"title": "Slides", "url": "https://a.example/s"}),
    ],
)  # fmt: skip
def test_a_line_with_nothing_but_a_file_is_a_resource(line: str, resource: dict[str, str]) -> None:
    assert reading_items.parse_resources(line) == ([resource], [])


def test_words_beside_a_file_are_left_for_a_person() -> None:
    line = "[Slides](https://a.example/s), but the last page is missing"
    assert reading_items.parse_resources(line) == ([{"title": "Slides", "url": "https://a.example/s"}], [line])


LINES = st.text(st.sampled_from("[]()<>!\\- *#@.:/ax1\n\t \u00a0"), max_size=60)
PIECES = st.sampled_from([
    "**[Attention](https://a.example/p)**", "**Attention is all you need**", "__init__", "# a", "**Main:**", "- ", "  ",
    "2405.04517", "arXiv:2405.04517 [cs.LG]", "10.1038/nature14539", "<img alt='plot' src='https://x.example/y'>",
    "word", "\n", ": ", ", ", "(", ")", "[", "](https://b.example)", " ", "[x] ", "__", "**", "and",
    "; ", " & ", "[slides](https://s.example)", "A b",
])  # fmt: skip


@given(LINES | st.lists(PIECES, max_size=12).map("".join))
def test_no_text_makes_reading_fail_and_no_word_is_lost(text: str) -> None:
    (*sections,) = reading_items.parse_material(text, "Main")
    collected = "".join(_texts(sections))
    assert [word for word in text.split() if word.isalnum() and word not in collected and not _numbers(word)] == []
    people.parse_people(text)
    resources, rest = reading_items.parse_resources(text)
    collected = "".join([*_texts(resources), *rest])
    assert [word for word in text.split() if word.isalnum() and word not in collected and not _numbers(word)] == []


def _numbers(word: str) -> bool:
    return word.isdigit() or word in {"x", "X"}  # may be the number of a list's item, or a box that is ticked


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for each in (value.values() if isinstance(value, dict) else value) for text in _texts(each)]
