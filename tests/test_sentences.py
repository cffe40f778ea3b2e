"""Lines that say in words or in quotation marks who speaks about what."""

import pytest

from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import people
from readingroom.importer.records.people import Shape, Split

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
    'Why some "Rings" are hard',
    "深度 学习",
    "Intro to «Rings»",
    "",
    "「",
    "Ann Lee",
]


@pytest.mark.parametrize("line", SAID)
def test_people_and_title_of_a_line_are_recognised_by_its_words(line: str) -> None:
    found = people.split_people(RichText(line), Split.WORDS)
    assert found is not None
    assert (found.who.text, found.title.text) == SAID[line]


@pytest.mark.parametrize("line", SILENT)
def test_a_line_that_names_nobody_is_left_alone(line: str) -> None:
    assert people.split_people(RichText(line), Split.WORDS) is None


@pytest.mark.parametrize("line", ["Guest: Ann Lee: Rings", "Invited - Ann Lee: Rings", "Ann Lee: Rings"])
def test_a_guest_is_a_person_like_any_other(line: str) -> None:
    found = people.find_people(RichText(line), Shape())
    assert found is not None
    assert (found.who.text, found.title.text) == ("Ann Lee", "Rings")
