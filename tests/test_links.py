"""No link in anything that is written is dead, and every row of the archive leads to its own section."""

import datetime as dt
from urllib.parse import unquote

import pytest
from hypothesis import given

from groups import DAYS, READING, ROOT, TODAY, Files, built, files, groups, read
from rendered import anchored, dead_links, headings, links, page, rows, text

LATER = dt.date(2024, 12, 24)
BEFORE = dt.date(2023, 1, 1)


def lost(made: Files) -> list[str]:
    """Return the rows of the archive's pages whose date does not lead to the date's heading and the row's title."""
    return [
        f"{path}: {text(cells[0])} {text(cells[1])}"
        for path, content in made.items()
        if path.startswith("sessions/") and path.count("/") == 1 and path.endswith(".md")
        for cells in rows(page(content))
        for _, target in links(cells[0])
        if not leads_to(content, unquote(target.removeprefix("#")), text(cells[0]), text(cells[1]))
    ]


def leads_to(content: bytes, anchor: str, date: str, topic: str) -> bool:
    shown = page(content)
    heading = anchored(shown).get(anchor)
    if heading is None:
        return False
    below = headings(shown)[headings(shown).index(heading) + 1]
    return date.startswith(text(heading)) and text(below) in topic


def of_titles(*titles: str, dates: tuple[str, ...] = ("2024-01-08",), **group: str) -> Files:
    """Return a group with one held session with material for each title; the dates are taken in turn."""
    sessions = {
        f"{number:02}-s": {"title": title, "date": dates[number % len(dates)], "material": READING}
        for number, title in enumerate(titles)
    }
    return files(sessions, **group)


GROUPS = {
    "one title twice": of_titles("Attention", "Attention", dates=("2023-05-01", "2023-05-08")),
    "one date twice": of_titles("Attention", "Bert"),
    "a title that is its date": of_titles("2024-01-08", "Bert"),
    "a title that is another's date": of_titles("2023-05-08", "Bert", dates=("2023-05-01", "2023-05-08")),
    "a title that is a numbered date": of_titles("Bert", "2024-01-08 1", "Gpt"),
    "a title that is the page's": of_titles("Previous sessions", "Material for sessions"),
    "a date without a year": of_titles("A", "B", dates=("2022-05-01", "2023-05-01"), date_format="d MMMM"),
    "titles that make a date": of_titles(
        "May", "May", "X", dates=("2023-05-08", "2023-05-07", "2023-05-01"), date_format="MMMM d"
    ),
    "letters beyond ASCII": of_titles("Größe", "Трансформер", "注意", "Ελλάς", "İstanbul"),
    "letters that are numbers": of_titles("Part Ⅷ", "Part Ⅷ", date_format="d MMMM yyyy"),
    "titles without letters": of_titles("???", "🙂", "!!!"),
    "dates in another language": of_titles(
        "A", "B", dates=("2023-03-06", "2023-03-13"), locale="de_DE", date_format="EEEE, d. MMMM y"
    ),
    "times that differ": files(
        {f"0{n}-s": {"title": "A", "date": "2024-01-08", "time": f"1{n}:00", "material": READING} for n in range(3)},
    ),
    "parts, and a part of a part": files(
        {
            "01-s": {"title": "One", "date": "2024-01-01", "material": READING},
            "02-s": {"title": "Two", "date": "2024-01-08", "continues": "01-s"},
            "03-s": {"title": "Three", "date": "2024-02-01", "continues": "02-s"},
            "04-s": {"title": "Four", "continues": "01-s"},
        },
    ),
    "shelves": files(
        {"shelf": {"title": "2024-01-01", "material": READING}, "nameless": {"material": READING}, "empty": {}},
    ),
    "slides with unusual names": files(
        {"01-s": {"title": "A", "date": "2024-01-01"}},
        {
            "sessions/01-s/a (1) [x] #2 100%.pdf": "x",
            "sessions/01-s/Grüße & <b>.pptx": "x",
            "sessions/01-s/code/run.py": "x",
            "sessions/01-s/a?b=c&copy=d.ipynb": "x",
            "sessions/01-s/back\\slash|pipe.pdf": "x",
        },
    ),
    "nothing": files({}),
}  # fmt: skip


@pytest.mark.parametrize("made", GROUPS.values(), ids=GROUPS.keys())
@pytest.mark.parametrize("today", [BEFORE, TODAY, LATER], ids=str)
def test_no_link_is_dead_with(made: Files, today: dt.date) -> None:
    assert list(dead_links(built(made, today))) == []


@pytest.mark.parametrize("made", GROUPS.values(), ids=GROUPS.keys())
def test_each_row_leads_to_its_section_with(made: Files) -> None:
    assert lost(built(made, LATER)) == []


@given(groups(), DAYS)
def test_no_link_is_dead_and_each_row_leads_to_its_section_in_any_group(made: Files, today: dt.date) -> None:
    after = built(made, today)
    assert list(dead_links(after)) == []
    assert lost(after) == []


def repository() -> Files:
    """Return this repository's own sessions, with their pages as they are committed."""
    sessions = {f"sessions/{path}": content for path, content in read(ROOT / "sessions").items()}
    return {**sessions, "readingroom.yml": (ROOT / "readingroom.yml").read_bytes()}


def test_no_link_among_this_repositorys_own_sessions_is_dead() -> None:
    assert "sessions/README.md" in repository()
    assert list(dead_links(repository())) == []


@pytest.mark.parametrize("day", ["2023-01-01", "2024-06-04"])
def test_no_link_among_this_repositorys_own_sessions_is_dead_on(day: str) -> None:
    made = built(repository(), dt.date.fromisoformat(day))
    assert list(dead_links(made)) == []
    assert lost(made) == []


def test_no_link_of_a_divided_archive_is_dead() -> None:
    long = [{"note": "word " * 399}] * 10
    sessions = {
        f"{year}{day:02}-s": {"title": f"Part {day % 3}", "date": f"{year}-05-{day:02}", "material": long}
        for year in range(2018, 2022)
        for day in range(1, 11)
    }
    made = built(files({**sessions, "shelf": {"title": "2018", "material": READING}}))
    assert "sessions/2018.md" in made
    assert list(dead_links(made)) == []
    assert lost(made) == []


@pytest.mark.parametrize(
    ("titles", "anchors"),
    [
        (["alpha", "alpha"], ["alpha", "alpha-1"]),
        (["echo", "echo", "echo 1", "echo-1", "echo"], ["echo", "echo-1", "echo-1-1", "echo-1-2", "echo-2"]),
        (["foxtrot-1", "foxtrot", "foxtrot"], ["foxtrot-1", "foxtrot", "foxtrot-2"]),
        (["heading with a - dash", "I ♥ unicode"], ["heading-with-a---dash", "i--unicode"]),
        (["😄_😄 unicode emoji", "Привет non-latin 你好"], ["_-unicode-emoji", "привет-non-latin-你好"]),
        (["Part Ⅷ", "a‿b"], ["part-ⅷ", "a‿b"]),
    ],
)
def test_these_tests_find_the_anchors_that_github_gave(titles: list[str], anchors: list[str]) -> None:
    assert list(anchored(page("\n".join(f"# {title}" for title in titles)))) == anchors


@pytest.mark.parametrize(
    ("markdown", "dead"),
    [
        ("[a](b.md)", ["README.md: b.md leads to no file"]),
        ("# Here\n\n[a](#there)", ["README.md: #there leads to no heading"]),
        ("# Here\n\n[a](#here) [b](sessions) [c](https://example.org/#x)", []),
    ],
)
def test_these_tests_notice_a_dead_link(markdown: str, dead: list[str]) -> None:
    assert list(dead_links({"README.md": markdown.encode(), "sessions/a.txt": b""})) == dead
