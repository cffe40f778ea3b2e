"""The columns of a table: what they are, by the words of their heads and by what stands in them."""

import pytest

from readingroom.importer.blocks.page import Row, Table
from readingroom.importer.inline import spans
from readingroom.importer.tables import column_roles
from readingroom.importer.vocabulary import fields

CELLS = {
    "d": ("2024-01-08", "2024-01-15", "2024-01-22"),
    "t": ("What attention is", "Graph nets", "Rings and more of them"),
    "p": ("Ann Lee", "Bob Ray", "Cy Po and Di Qi"),
    "g": ("Ann", "Bob", "Cy"),
    "l": (
        "[Attention](https://example.org/a)",
        "[Graph nets](https://example.org/b)",
        "[Rings](https://example.org/c)",
    ),
    "u": ("[PDF](https://example.org/a)", "[link](https://example.org/b)", "[arXiv](https://example.org/c)"),
    "n": ("1", "2", "Week 3"),
    "c": ("1", "2", "3"),
    "a": ("12", "9", "14"),
    "w": ("red", "green", "blue"),
    "漢": ("张三", "李四", "王五"),
    "員": ("张三（清华大学）", "李四、王五", "待定"),
    "題": ("环与域的理论及其应用", "深度学习中的注意力机制", "图神经网络"),
    "글": ("심층 학습 개론", "그래프 신경망", "확산 모형 읽기"),
    "k": ("Chapter 2", "Chapter3", "Chapter4"),
    "s": ("Session 1", "Session 2", "Session 3"),
    "o": (":o::o::o::o::o:", ":o::o:", ":o:"),
    "x": ("19c4f3a077b2d", "20d5e6b188c3e", "31e6f7c299d4f"),
    "m": ("Rings " * 40, "Fields " * 40, "Groups " * 40),
}
HEADS = {
    ("dlp", "Date|Paper|Discussion Leader"): "date title lead",
    ("dlg", "Date|Paper|Paper Presenter"): "date title lead",
    ("dpt", "Date|Speaker name|Talk title"): "date lead title",
    ("dpt", "Date|Name of speaker|Title of talk"): "date lead title",
    ("dpl", "Date|Discussion leader(s)|Reading"): "date lead title",
    ("dgt", "Date|Who is responsible|What we read"): "date lead title",
    ("dpt", "Date|Nom de l'orateur|Titre de l'exposé"): "date lead title",
    ("dpt", "Fecha|Expone|Trabajo"): "date lead title",
    ("dpt", "Data|Relatore|Titolo"): "date lead title",
    ("dpt", "Datum|Spreker|Onderwerp"): "date lead title",
    ("dgt", "Date|Name|Topic"): "date lead title",
    ("pdt", "Name|Date|Topic"): "lead date title",
    ("dpl", "Datum|Name|Paper"): "date lead title",
    ("dt", "Date|Name"): "date title",
    ("ndl", "Session|Date|Paper discussed"): "number date title",
    ("dnl", "Date|Séance|Article discuté"): "date number title",
    ("dlu", "Date|Session|Paper"): "date title reading",
    ("dll", "Date|Paper 1|Paper 2"): "date title reading",
    ("dl", "Date|Reading"): "date title",
    ("dtp", "Date|Title/Abstract|Speaker"): "date title lead",
    ("dtg", "Date|Title and speaker|Host"): "date title lead",
    ("dtpg", "Date|Topic|Speaker|Host"): "date title lead other",
    ("d漢t", "日期|汇报人|讲题"): "date lead title",
    ("d漢t", "日期|人员|主题"): "date lead title",
    ("d漢t", "日付|氏名|題目"): "date lead title",
    ("dgt", "Date|Student|Topic"): "date lead title",
    ("tdl", "Paper|Date published|Link"): "title other reading",
    ("dkp", "Date|What|Who"): "date title lead",
    ("dkp", "Date|Session|Who"): "date title lead",
    ("dsp", "Date|Session|Who"): "date title lead",
    ("dkg", "날짜|내용|발표자"): "date title lead",
    ("dkul", "Date|What|Link|Paper"): "date number reading title",
    ("dcp", "Date|Session|Who"): "date number lead",
    ("d漢글", "날짜|발표자|발표내용"): "date lead title",
    ("d漢題", "日付|発表者|発表タイトル"): "date lead title",
    ("d漢題", "日付|発表者|発表の内容"): "date lead title",
    ("d漢題漢", "日期|报告人|分享论文|报告人单位"): "date lead title other",
    ("d員", "日期|分享"): "date lead",
    ("dpt", "Data|Convidado|Tema"): "date lead title",
    ("dpt", "Date|Invité·e|Titre"): "date lead title",
    ("dpgt", "Date|Speaker|Guest|Topic"): "date lead other title",
    ("d漢u", "日期|分享|PPT"): "date lead resource",
    ("ad漢", "周数|日期|主讲人"): "number date lead",
    ("adp", "주|날짜|발표자"): "number date lead",
    ("dpm", "Date|Speaker|Description"): "date lead abstract",
    ("tdpd", "Topic|Submission date|Speaker|Date"): "title other lead date",
}
GUESSED = {
    ("dpt", "Data|Xxxx|Topic"): ("date lead title", ['"Xxxx" was taken for the lead']),
    ("d漢t", "Data|Xxxx|Topic"): ("date lead title", ['"Xxxx" was taken for the lead']),
    ("dptw", "Date|Xxxx|Yyyy|Zzzz"): ("date lead title other", ['"Xxxx"', '"Yyyy" was taken for the title', '"Zzzz"']),
    ("dtpw", "Date|Topic|Lead|Xxxx"): ("date title lead other", ['"Xxxx" was not understood']),
    ("dp", "Date|Name"): ("date lead", ['"Name" was taken for the lead']),
    ("cdgt", "Meeting|Date|Lead|Topic"): ("number date lead title", []),
    ("dgta", "Date|Lead|Topic|Attendance"): ("date lead title other", ['"Attendance" was not understood']),
    ("dtu", "Date|Description|Materials"): ("date title resource", ['"Description" was taken for the title']),
    ("dolw", "Date||Pages|Misc."): ("date other title other", ['"Pages" was taken', '"Misc." was not understood']),
    ("dx", "Period|Source"): ("date other", ['"Source" was not understood']),
    ("d漢題", "日期|主讲人|分享"): ("date lead title", ['"分享" was taken for the title']),
    ("d題", "日期|分享"): ("date title", ['"分享" was taken for the title']),
    ("d漢글", "날짜|발표자|발표할 것"): ("date lead title", ['"발표할 것" was taken for the title']),
    ("dtg", "Date|Topic|"): ("date title other", ["the column 3 has no head"]),
    ("dtgw", "Date|Topic|Lead|Bio"): ("date title lead other", []),
}


def of(kinds: str, heads: str) -> column_roles.TableLayout:
    cells = zip(*(CELLS[kind] for kind in kinds), strict=True)
    rows = [Row(line, tuple(spans.parse_inline(cell, line) for cell in row)) for line, row in enumerate(cells, 3)]
    head = Row(1, tuple(spans.parse_inline(name, 1) for name in heads.split("|")))
    return column_roles.detect_layout(Table(1, 5, head, tuple(rows)), {})


@pytest.mark.parametrize(("kinds", "heads"), HEADS)
def test_columns_are_known_by_their_heads(kinds: str, heads: str) -> None:
    found = of(kinds, heads)
    assert (" ".join(found.roles), found.messages) == (HEADS[kinds, heads], [])


@pytest.mark.parametrize(("kinds", "heads"), GUESSED)
def test_a_column_that_is_guessed_or_not_understood_is_told(kinds: str, heads: str) -> None:
    roles, says = GUESSED[kinds, heads]
    found = of(kinds, heads)
    assert " ".join(found.roles) == roles
    assert len(found.messages) == len(says)
    assert [each for each, text in zip(says, found.messages, strict=True) if each not in text] == []


@pytest.mark.parametrize(
    "label", ["Speaker", "Name of the speaker", "Speaker(s)", "Led by", "报告人姓名", "Presenter's name"]
)
def test_a_label_names_the_lead(label: str) -> None:
    assert fields.find_role(label) == fields.LEAD
