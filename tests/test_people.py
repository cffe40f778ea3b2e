"""The people that a line names."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from readingroom.core.tree import Tree
from readingroom.importer.import_pages import import_pages
from readingroom.importer.schedule import ImportOptions
from readingroom.parsing.people import parse_people


def read(text: str) -> list[str]:
    return [
        f"{each.name}{f' ({each.affiliation})' if each.affiliation else ''}{f' {each.url}' if each.url else ''}"
        for each in parse_people(text).people
    ]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ann Lee & Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee and Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("A; B", ["A", "B"]),
        ("Shaun and Edwin", ["Shaun", "Edwin"]),
        ("Ann Lee / Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Sora Kim/Jun Park", ["Sora Kim", "Jun Park"]),
        ("Ann Lee, Bob Ray and Cy Dee", ["Ann Lee", "Bob Ray", "Cy Dee"]),
        ("Ada Lovelace, Charles Babbage, Grace Hopper", ["Ada Lovelace", "Charles Babbage", "Grace Hopper"]),
        ("Kari Nord og Ola Sør", ["Kari Nord", "Ola Sør"]),
        ("Anna Nilsson och Bo Ek", ["Anna Nilsson", "Bo Ek"]),
        ("Anna Kuhn und Ben Ott", ["Anna Kuhn", "Ben Ott"]),
        ("Ana García y Luis Pérez", ["Ana García", "Luis Pérez"]),
        ("Anna Font i Joan Puig", ["Anna Font", "Joan Puig"]),
        ("Jan Vos en Piet Bos", ["Jan Vos", "Piet Bos"]),
        ("李明、王伟", ["李明", "王伟"]),
        ("山田太郎と佐藤花子", ["山田太郎", "佐藤花子"]),
        ("김철수, 이영희", ["김철수", "이영희"]),
        ("Smith, Bob; Ray, Cy", ["Bob Smith", "Cy Ray"]),
        ("Emily Brown, PhD, and Tom Ray, MD", ["Emily Brown (PhD)", "Tom Ray (MD)"]),
        ("Ann Lee (Turing), Bob Ray (MIT)", ["Ann Lee (Turing)", "Bob Ray (MIT)"]),
        ("Ada @ada, Grace @grace", ["Ada https://github.com/ada", "Grace https://github.com/grace"]),
        ("[Ada](https://a.example), [Grace](https://g.example)", ["Ada https://a.example", "Grace https://g.example"]),
        ("[A](https://a.example) [B](https://b.example)", ["A https://a.example", "B https://b.example"]),
        ("LeCun, Y., Bengio, Y.", ["Y. LeCun", "Y. Bengio"]),
        ("@ann, @bob", ["ann https://github.com/ann", "bob https://github.com/bob"]),
        ("@ann @bob", ["ann https://github.com/ann", "bob https://github.com/bob"]),
        ("Ann Lee, Bob Ray and others", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, University of X, Bob Ray, MIT", ["Ann Lee (University of X)", "Bob Ray (MIT)"]),
        ("Ann Lee, https://a.example, Bob Ray, @bob", ["Ann Lee https://a.example", "Bob Ray https://github.com/bob"]),
    ],
)
def test_several_people_on_a_line_are_several(text: str, people: list[str]) -> None:
    assert (read(text), parse_people(text).questions) == (people, ())


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Puig i Cadafalch", "Puig i Cadafalch"),
        ("Ramón y Cajal", "Ramón y Cajal"),
        ("Santiago Ramón y Cajal", "Santiago Ramón y Cajal"),
        ("Costa e Silva", "Costa e Silva"),
        ("Mit Patel", "Mit Patel"),
        ("von Neumann", "von Neumann"),
        ("Charles Ollion, École polytechnique", "Charles Ollion (École polytechnique)"),
        ("Emily Brown, PhD", "Emily Brown (PhD)"),
        ("Smith, B.", "B. Smith"),
        ("Speaker: Ann Lee", "Ann Lee"),
        ("**Speaker:** Ann Lee", "Ann Lee"),
        ("Guest speaker Ann Lee", "Ann Lee"),
        ("Présenté par Ann Lee", "Ann Lee"),
        ("**Ann Lee**", "Ann Lee"),
        ("and Bob", "Bob"),
        ("Ann Lee (she/her)", "Ann Lee"),
        ("Ann Lee (they/them, Turing)", "Ann Lee (Turing)"),
        ("Ann Lee (online)", "Ann Lee"),
        ("Ann Lee et al.", "Ann Lee"),
        ("Ann Lee & TBC", "Ann Lee"),
        ("Ann Lee at Google", "Ann Lee (Google)"),
        ("[Ann] (https://a.example)", "Ann https://a.example"),
        ("Ann Lee [1]", "Ann Lee"),
        ("Ann Lee (MIT).", "Ann Lee (MIT)"),
        ("Ann Lee (MIT (CSAIL))", "Ann Lee (MIT (CSAIL))"),
        ("[Ann Lee (MIT)](https://a.example).", "Ann Lee (MIT) https://a.example"),
        ("Ann Lee ([@annlee](https://github.com/annlee))", "Ann Lee https://github.com/annlee"),
        ("R&D", "R&D"),
        ("ada@example.org", "ada@example.org"),
        ("(Bob)[https://b.example]", "Bob https://b.example"),
        ("Ann Lee ([website](https://a.example))", "Ann Lee https://a.example"),
        ("Ann Lee\nhttps://a.example", "Ann Lee https://a.example"),
    ],
)
def test_one_person_is_one_without_the_words_around(text: str, person: str) -> None:
    assert (read(text), parse_people(text).questions) == ([person], ())


@pytest.mark.parametrize(
    "text", ["TBC", "tbd", "to be announced", "me", "-", "N/A", "Speaker: TBA", "everyone", "none"]
)
def test_a_placeholder_names_nobody(text: str) -> None:
    assert read(text) == []
    assert len(parse_people(text).placeholders) == 1


@pytest.mark.parametrize(
    ("text", "people", "question"),
    [
        (
            "Ann Lee, Bob Ray",
            ["Ann Lee", "Bob Ray"],
            'Is "Ann Lee, Bob Ray" two people? Write each on a line of its own.',
        ),
        (
            "Lovelace, Ada",
            ["Lovelace", "Ada"],
            'two people? Write each on a line of its own, or one as "Ada Lovelace".',
        ),
        ("Ann Lee, Turing", ["Ann Lee (Turing)"], 'Is "Turing" the affiliation of Ann Lee? Write "Ann Lee (Turing)"'),
        ("Ann Lee – Turing", ["Ann Lee (Turing)"], 'Is "Turing" the affiliation of Ann Lee?'),
        ("Van der Berg, Jan", ["Van der Berg", "Jan"], 'or one as "Jan Van der Berg".'),
        ("Ann Lee, ann@example.org", ["Ann Lee"], "leave out the email address"),
        ("Ann will talk about rings", ["Ann will talk about rings"], "the name of one person? Write only the name."),
        ("Ann Lee?", ["Ann Lee"], 'Is it sure that "Ann Lee" leads?'),
        ("Ada @ada, https://a.example", ["Ada https://github.com/ada"], "one person? Write one person on each line"),
        ("https://a.example", [" https://a.example"], 'Whose address is "https://a.example"?'),
        ("Ann Lee ([slides](https://s.example))", ["Ann Lee"], "is no person's"),
        ("x" * 1_001, [], "Write one person on each line."),
    ],
)
def test_a_reading_that_is_a_guess_has_a_question(text: str, people: list[str], question: str) -> None:
    assert read(text) == people
    (asked,) = parse_people(text).questions
    assert question in asked


PIECES = [
    "Ann Lee",
    "Bob",
    "TBC",
    ", ",
    "; ",
    " & ",
    " and ",
    " y ",
    "@ann",
    "https://a.example",
    "[Cy](https://c.example)",
]
PIECES += ["(Turing)", "(", ")", "**", "PhD", "Speaker: ", "\n", "- ", "/", "李明", "、", "?", "\ue000", "~~", " – "]


def test_brackets_in_brackets_are_read_however_deep_they_are() -> None:
    assert len(read("(" * 400 + "Ann Lee" + ")" * 400)) == 1


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join) | st.text(max_size=60))
def test_no_text_makes_reading_fail(text: str) -> None:
    for each in parse_people(text).people:
        assert each.name or each.url or each.affiliation


def test_a_reading_list_of_people_is_linear() -> None:
    parse_people("\n".join(["(" * 400 + "Ann, " * 100] * 50))


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_the_importer_reads_people_as_the_form_does(text: str) -> None:
    cell = text.replace("|", "").replace("\n", " ").strip()
    reading = parse_people(cell)
    assume(reading.people and not reading.questions and not reading.placeholders)
    page = f"| Date | Title | Lead |\n| --- | --- | --- |\n| 2024-05-02 | Rings | {cell} |\n"
    (entry,) = import_pages({"README.md": page.encode()}, Tree(), ImportOptions()).entries
    places = {
        each: {other.affiliation for other in reading.people if other.name == each.name} - {""}
        for each in reading.people
    }
    once = {
        (each.name, each.affiliation if len(places[each]) > 1 else ""): each for each in reversed(reading.people)
    }.values()
    assert {(each.name, each.url, each.affiliation) for each in entry.leads} == {
        (each.name, each.url, each.affiliation) for each in once
    }


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("[Ann Lee (MIT) and Bob Ray (CMU)](https://u.example)", [("Ann Lee", "MIT"), ("Bob Ray", "CMU")]),
        ("Ann Lee at [Ernst & Young](https://u.example)", [("Ann Lee at Ernst & Young", "")]),
        ("Ann Lee / University of Oxford", [("Ann Lee", "University of Oxford")]),
        ("Ann Lee / Bob Ray", [("Ann Lee", ""), ("Bob Ray", "")]),
    ],
)
def test_a_place_in_a_link_or_after_a_slash_is_no_second_person(text: str, people: list[tuple[str, str]]) -> None:
    assert [(each.name, each.affiliation) for each in parse_people(text).people] == people


@pytest.mark.parametrize("text", ["(ann lee)", "(ann lee), Bob Ray", "(bob ray)\nCat Poe"])
def test_a_name_in_brackets_in_small_letters_is_asked_about(text: str) -> None:
    assert "a name? Write it without brackets" in parse_people(text).questions[0]


@pytest.mark.parametrize(
    ("cell", "leads"),
    [
        ("Li Wei (Oxford), Li Wei (ETH)", [("Li Wei", "Oxford"), ("Li Wei", "ETH")]),
        ("[Ann Lee](https://lab.example), [Bob Ray](https://lab.example)", [("Ann Lee", ""), ("Bob Ray", "")]),
    ],
)
def test_the_importer_keeps_namesakes_and_people_who_share_a_link(cell: str, leads: list[tuple[str, str]]) -> None:
    page = f"| Date | Title | Lead |\n| --- | --- | --- |\n| 2024-05-02 | Rings | {cell} |\n"
    (entry,) = import_pages({"README.md": page.encode()}, Tree(), ImportOptions()).entries
    assert [(each.name, each.affiliation) for each in entry.leads] == leads
