"""Lines that say in words or in quotation marks who speaks about what."""

import pytest

from readingroom.importer.vocabulary import sentences
from readingroom.parsing.names import is_person_name

SAID = {
    "Ann Lee presents Rings": ("Ann Lee", "Rings"),
    'Ann Lee "Rings"': ("Ann Lee", '"Rings"'),
    "Marie Curie présentera « La radioactivité »": ("Marie Curie", "« La radioactivité »"),
    "exposé de Paul Dirac sur le positron": ("Paul Dirac", "le positron"),
    "Vortrag von Anna Lee über Ringe": ("Anna Lee", "Ringe"),
    "Luis Paz hablará de anillos": ("Luis Paz", "anillos"),
    "山田「深層学習」": ("山田", "「深層学習」"),
    "张三 强化学习": ("张三", "强化学习"),
    "王芳：总结": ("王芳", "总结"),
}
SILENT = [
    "Rings and fields",
    'Why "Rings" are hard',
    "深度 学习",
    "Intro to «Rings»",
    "",
    "「",
    "Ann Lee",
]


def is_full_name(text: str) -> bool:
    return is_person_name(text) and (" " in text or not text.isascii())


@pytest.mark.parametrize("line", SAID)
def test_people_and_title_of_a_line_are_told_by_its_words(line: str) -> None:
    found = sentences.find_speaker(line, is_full_name)
    assert found is not None
    first, last, title = found
    assert (line[first:last], line[title:]) == SAID[line]


@pytest.mark.parametrize("line", SILENT)
def test_a_line_that_names_nobody_is_left_alone(line: str) -> None:
    assert sentences.find_speaker(line, is_full_name) is None
