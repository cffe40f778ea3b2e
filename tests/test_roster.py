"""The people of a cell: who they are, what belongs to them, and what is told because it cannot be decided."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from readingroom.importer.inline import spans
from readingroom.importer.people import in_line, names, parse, split
from readingroom.importer.vocabulary import fields

SURE = {
    "Ann Bee, MIT": ["Ann Bee (MIT)"],
    "Ann Bee - MIT": ["Ann Bee (MIT)"],
    "Ann Bee – ETH Zürich": ["Ann Bee (ETH Zürich)"],
    "Ann Bee @ MIT": ["Ann Bee (MIT)"],
    "Ann Bee at Acme": ["Ann Bee (Acme)"],
    "Team MIT": ["Team MIT"],
    "Cy Po w/ Di Qi": ["Cy Po", "Di Qi"],
    "Mit Patel": ["Mit Patel"],
    "Con Edison": ["Con Edison"],
    "Ann Bee mit Carl Dee": ["Ann Bee", "Carl Dee"],
    "Dr. E. Y Chen": ["Dr. E. Y Chen"],
    "Ana García y Luis Pérez": ["Ana García", "Luis Pérez"],
    "Ana, Luis y Juan": ["Ana", "Luis", "Juan"],
    "Ana Luz e Rui Sá": ["Ana Luz", "Rui Sá"],
    "ジョン・スミス": ["ジョン・スミス"],
    "田中・鈴木": ["田中", "鈴木"],
    "김철수와 이영희": ["김철수", "이영희"],
    "Smith, B.": ["B. Smith"],
    "van der Berg, Ann M.": ["Ann M. van der Berg"],
    "Doe, J.; Roe, R.": ["J. Doe", "R. Roe"],
    "Ann van der Berg, Uni X, Bob O'Neil, Uni Y": ["Ann van der Berg (Uni X)", "Bob O'Neil (Uni Y)"],
    "Ann Bee, MIT and Bob Ray, ETH Zürich": ["Ann Bee (MIT)", "Bob Ray (ETH Zürich)"],
    "Ann Bee (MIT), Bob Ray (ETH)": ["Ann Bee (MIT)", "Bob Ray (ETH)"],
    "Ann Bee (she/her) (MIT)": ["Ann Bee (she/her, MIT)"],
    "Ann Bee, PhD, MIT": ["Ann Bee (PhD, MIT)"],
    "Ann [web](https://example.org)": ["Ann <https://example.org>"],
    "[Ann and Ben](https://example.org)": ["Ann <https://example.org>", "Ben <https://example.org>"],
    "[Ann Bee](https://example.org) (MIT)": ["Ann Bee (MIT) <https://example.org>"],
    "[Ann](https://example.org/a) [Ben](https://example.org/b)": [
        "Ann <https://example.org/a>",
        "Ben <https://example.org/b>",
    ],
    "presented by Ann Bee": ["Ann Bee"],
    "led by Hugh Jay.": ["Hugh Jay"],
    "Bob Ray Jr.": ["Bob Ray Jr."],
    "Speaker: Ann Bee": ["Ann Bee"],
    "Speaker(s): Ann Bee": ["Ann Bee"],
    "(Ann Bee)": ["Ann Bee"],
    "@ada": ["ada <https://github.com/ada>"],
    "Ann Bee, TBC": ["Ann Bee"],
    "Ann Bee<br>MIT": ["Ann Bee (MIT)"],
    "Prof. Dr. Ann Bee, TU Berlin / Bob Ray": ["Prof. Dr. Ann Bee (TU Berlin)", "Bob Ray"],
    "Ann Bee <ann@example.org>": ["Ann Bee <mailto:ann@example.org>"],
    "张三（清华大学）": ["张三 (清华大学)"],
    "Ann Bee, Assistant Professor (NMSU)": ["Ann Bee (Assistant Professor (NMSU))"],
    "Ann Bee, Associate Professor of Mathematics (NAU)": ["Ann Bee (Associate Professor of Mathematics (NAU))"],
    "Ann Bee, PhD student, MIT": ["Ann Bee (PhD student, MIT)"],
    "Ann Bee, Engineer at Acme": ["Ann Bee (Engineer at Acme)"],
    "Ann Bee, Postdoc & Bob Ray, Lecturer": ["Ann Bee (Postdoc)", "Bob Ray (Lecturer)"],
    "Ann Bee, Doktorand*in, TU Berlin": ["Ann Bee (Doktorand*in, TU Berlin)"],
    "Ann Bee, doctorante": ["Ann Bee (doctorante)"],
    "Ana Luz, Profesora Titular": ["Ana Luz (Profesora Titular)"],
    "张三，副教授": ["张三 (副教授)"],
    "Prof. Ann Bee": ["Prof. Ann Bee"],
    "Speaker TBA": [],
    "Prof. tbd": [],
    "Referent folgt": [],
    "Ann Bee (Annie) Cee": ["Ann Bee (Annie) Cee"],
    "Chi-Fang (Anthony) Chen": ["Chi-Fang (Anthony) Chen"],
    "[Ann Bee](https://example.org) MIT": ["Ann Bee (MIT) <https://example.org>"],
}
TOLD = {
    "Juan Ortega y Gasset": (["Juan Ortega y Gasset"], ["one lead or several"]),
    "Ann y Ben": (["Ann y Ben"], ["one lead or several"]),
    "Ann Bee et al.": (["Ann Bee"], ["not named"]),
    "Xie et al., led by Dee": (["Dee"], ['"Xie" precedes words', "not named"]),
    "Smith, Bob": (["Smith", "Bob"], ["family name first"]),
    "Doe, Jane; Roe, Richard": (["Jane Doe", "Richard Roe"], ["family name first", "family name first"]),
    "Ann Bee?": (["Ann Bee"], ["not sure"]),
    "Carla (krank)": (["Carla"], ['"krank" was not imported']),
    "Carla - online": (["Carla"], ['"online" was not imported']),
    "Gast: Hans Maier": (["Hans Maier"], ['"Gast: Hans Maier" says more']),
    "Ann Bee, Acme": (["Ann Bee (Acme)"], ["one lead or several"]),
    "Ann Bee – Deep nets": (["Ann Bee (Deep nets)"], ['of the affiliation "Deep nets"']),
    "Ann Bee - Shade Protocol": (["Ann Bee (Shade Protocol)"], ['of the affiliation "Shade Protocol"']),
    "**OOPSLA**": (["OOPSLA"], ["may be an event"]),
    "Ann Bee, Department of Physics and Astronomy": (
        ["Ann Bee (Department of Physics and Astronomy)"],
        ["one lead or several"],
    ),
    "Ann (10 min), Bob (20 min)": (["Ann", "Bob"], ['"10 min"', '"20 min"']),
    "Ann Bee 4/5": (["Ann Bee 4/5"], ["does not look like a name"]),
    "Ann & co.": (["Ann"], ["not named"]),
    "Ann Bee and others": (["Ann Bee"], ["not named"]),
    "everyone": ([], ["names nobody"]),
    "The whole team": ([], ["names nobody"]),
    "3rd-year students": (["3rd-year students"], ["does not look like a name"]),
}


def shown(found: names.ImportedLeads) -> list[str]:
    return [f"{lead.shown} <{lead.url}>" if lead.url else lead.shown for lead in found.people]


@pytest.mark.parametrize("cell", SURE)
def test_people_of_a_cell_are_read_and_nothing_is_asked(cell: str) -> None:
    found = parse.parse_leads(spans.parse_inline(cell, 1))
    assert (shown(found), found.unclear) == (SURE[cell], [])


@pytest.mark.parametrize("cell", TOLD)
def test_what_cannot_be_decided_is_told(cell: str) -> None:
    found = parse.parse_leads(spans.parse_inline(cell, 1))
    wanted, says = TOLD[cell]
    assert shown(found) == wanted
    assert len(found.unclear) == len(says)
    assert [each for each, text in zip(says, found.unclear, strict=True) if each not in text] == []


def test_a_link_beside_a_name_that_leads_to_no_person_is_put_aside() -> None:
    found = parse.parse_leads(spans.parse_inline("Ann Bee & Bob Ray ([slides](https://example.org/s))", 1))
    assert (shown(found), found.unclear) == (["Ann Bee", "Bob Ray"], [])
    assert [(link.text, link.url) for link in found.links] == [("slides", "https://example.org/s")]


def test_a_second_link_of_a_person_is_put_aside() -> None:
    found = parse.parse_leads(spans.parse_inline("[Ann Bee](https://example.org/a) [web](https://example.org/b)", 1))
    assert (shown(found), found.unclear) == (["Ann Bee <https://example.org/a>"], [])
    assert [link.url for link in found.links] == ["https://example.org/b"]


def test_a_text_too_long_to_name_people_names_none() -> None:
    assert parse.parse_leads(spans.parse_inline("word " * 400, 1)) == names.ImportedLeads(is_prose=True)


BITS = st.sampled_from(
    [
        "Ann Bee", "Ben", "MIT", "Uni X", "Google", "PhD", "et al.", "and", "y", "e", "mit", "Mit", "(", ")", "[", "]",
        ",", ";", " - ", "@", "@ada", "?", "(krank)", "(MIT)", "Gast:", "Speaker:", "presented by", "led by", "TBC",
        "J.", "Ortega", "y Gasset", "[Ann](https://example.org/a)", "[slides](https://example.org/s)", ".", ":", "/",
        "[Ann and Ben](https://example.org/a)", "[web](https://example.org/w)", "・", "ジョン", "田中", "&", "|", "van",
        "deep nets", "3rd", "~~Old~~", "**Carl**", "\n",
    ]
)  # fmt: skip
SILENT = re.compile(
    r"presented|led|by|par|por|speaker|tb[acd]|open|free|and|und|et|y|e|mit|con|com|plus|with|avec|amp|web|at|from",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]{2,}")


def lost(cell: spans.InlineText) -> set[str]:
    found = parse.parse_leads(cell)
    kept = [each for lead in found.people for each in (lead.name, lead.affiliation)]
    kept += [*found.unclear, *(link.text for link in found.links)]
    return set(WORD.findall(cell.text)) - set(WORD.findall(" ".join(kept)))


@settings(max_examples=500, deadline=None)
@given(st.lists(BITS | st.text(max_size=6), max_size=9).map(" ".join))
@example("Ann Bee (TBC)")
@example("[Ann Bee](https://example.org/a) Carl Dee")
def test_every_word_of_a_cell_is_a_name_an_affiliation_or_told(text: str) -> None:
    cell = spans.parse_inline(text, 1)
    if names.is_placeholder(cell.text) or parse.parse_leads(cell).is_prose:
        return
    assert {word for word in lost(cell) if not _says_nothing(word)} == set()


def _says_nothing(word: str) -> bool:
    """Tell whether a word parts people, says that they lead, or stands for a name."""
    is_label = fields.find_role(word, 1) == fields.LEAD
    return is_label or SILENT.fullmatch(word) is not None or names.is_placeholder(word)


@pytest.mark.parametrize("unit", ["[", "(", "（", "(a", "a)", "a, ", "A and ", "・ア", "[a](https://a.b) ", "? ", ": "])
def test_a_huge_cell_costs_little(unit: str) -> None:
    """No clock: what is read stays bounded however long the cell is."""
    found = parse.parse_leads(spans.parse_inline(unit * 50_000, 1))
    assert len(found.people) <= names.MAX_PEOPLE


PLAIN_WORDS = st.lists(st.text("abcXYZ019", min_size=1, max_size=6), min_size=1, max_size=6).map(" ".join)
JOINED = st.tuples(PLAIN_WORDS, st.sampled_from(["and", "at", "de", "mit", "of", ","]), PLAIN_WORDS).map(" ".join)


@given(JOINED)
@example("Ann Lee , Rings and fields")
def test_words_that_begin_like_a_sentence_are_no_people_alone(text: str) -> None:
    if split.has_leading_prose(text) and " at " not in text:  # what follows "at" is where a person comes from
        found = parse.parse_leads(spans.parse_inline(text, 1))
        assert not (found.people and all(in_line.is_full_name(lead.name) for lead in found.people))


@pytest.mark.parametrize("place", ["0", "abc", "uni"])
def test_words_after_at_are_an_affiliation_and_no_prose(place: str) -> None:
    (lead,) = parse.parse_leads(spans.parse_inline(f"Ann Lee at {place}", 1)).people
    assert (lead.name, lead.affiliation) == ("Ann Lee", place)


@given(PLAIN_WORDS | JOINED)
@example("by Ann Lee")
@example("Ann from MIT")
def test_words_that_nothing_parts_are_one_person_or_none(text: str) -> None:
    if not split.contains_separator(text):
        found = parse.parse_leads(spans.parse_inline(text, 1))
        assert [lead.shown for lead in found.people] in ([], [text])
