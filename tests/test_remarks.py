"""What sessions beside each other show: the same for files and for imported pages."""

import datetime as dt
from typing import Any

import pytest

from groups import READING, ROOT, files, run, tree, write
from readingroom.core.tree import Tree
from readingroom.importer import run as importer_run
from readingroom.importer.schedule import ImportOptions
from readingroom.store import catalogue, lint, lint_rules

MONDAYS = [f"2024-01-{day:02}" for day in (1, 8, 15, 22, 29)]


def told(*sessions: dict[str, Any], **group: Any) -> list[str]:
    made = tree(files({f"{number:02}-s": data for number, data in enumerate(sessions, 1)}, **group))
    return [
        f"{each.file.split('/')[1][:2]}:{each.line} {each.message}"
        for each in lint.lint_sessions(catalogue.read_catalogue(made), made)
    ]


def on(date: str, **data: Any) -> dict[str, Any]:
    return {"title": f"Of {date}", "date": date, **data}


def test_a_day_off_the_groups_own_is_told_at_its_line() -> None:
    assert told(on("2024-01-09"), day="Monday") == [
        '01:2 "Of 2024-01-09" (2024-01-09) is on a Tuesday, not on a Monday. Check the date.'
    ]


def test_without_a_usual_day_that_of_most_sessions_counts() -> None:
    assert [each[:4] for each in told(*map(on, MONDAYS), on("2024-02-06"))] == ["06:2"]
    assert told(*map(on, MONDAYS[:2]), on("2024-02-06")) == []


WEDNESDAYS = [f"2023-{day}" for day in ("09-06", "09-13", "09-20", "09-27", "10-04", "10-11")]


def test_each_half_of_a_year_has_a_usual_day_of_its_own() -> None:
    assert told(*map(on, [*WEDNESDAYS, *MONDAYS])) == []
    assert [each[:4] for each in told(*map(on, [*WEDNESDAYS, *MONDAYS, "2024-02-06"]))] == ["12:2"]
    assert told(*map(on, [*WEDNESDAYS, *MONDAYS[:3]])) == []
    assert [each[:4] for each in told(*map(on, [*WEDNESDAYS, "2024-01-04"]))] == ["07:2"]


def test_half_a_year_without_a_clear_day_is_silent() -> None:
    assert told(*map(on, [*WEDNESDAYS, "2024-01-01", "2024-01-03", "2024-01-08", "2024-01-10"])) == []


def test_a_paper_read_twice_is_told_whichever_of_its_addresses_is_given() -> None:
    papers = [f"https://arxiv.org/{form}/1706.03762" for form in ("abs", "pdf")]
    several = [on(day, material=[{"items": [{"url": url}]}]) for day, url in zip(MONDAYS, papers, strict=False)]
    assert [each for each in told(*several) if "is read in" in each] == [
        f'02:5 {papers[1]} is read in "Of 2024-01-01" (2024-01-01) too. If that is meant, there is nothing to do.'
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://doi.org/10.1038/Nature14539", "http://dx.doi.org/10.1038/nature14539"),
        ("https://arxiv.org/abs/2307.08621", "https://doi.org/10.48550/arXiv.2307.08621"),
        ("https://export.arxiv.org/abs/2307.08621v1", "https://arxiv.org/pdf/2307.08621v2.pdf"),
        ("https://arxiv.org/abs/math.GT/0309136", "https://arxiv.org/pdf/math/0309136"),
        ("https://example.org/paper.pdf#page=2", "https://www.example.org/paper.pdf"),
    ],
)
def test_a_check_knows_a_paper_by_the_addresses_that_a_review_knows_it_by(one: str, other: str) -> None:
    several = [on(day, material=[{"items": [{"url": url}]}]) for day, url in zip(MONDAYS, (one, other), strict=False)]
    assert [each.partition(" is read in ")[0] for each in told(*several)] == [f"02:5 {other}"]


def test_a_person_with_two_links_and_two_spellings_is_told() -> None:
    ada = [{"name": "Ada Lovelace", "url": f"https://example.org/{page}"} for page in "ab"]
    assert (
        "Ada Lovelace has two links" in told(*(on(day, leads=[who]) for day, who in zip(MONDAYS, ada, strict=False)))[0]
    )
    spelt = [{"name": name} for name in ("Ada Lovelace", "Ada Lovelance")]
    assert "may be one person" in told(*(on(day, leads=[who]) for day, who in zip(MONDAYS, spelt, strict=False)))[0]


def test_sessions_that_left_nothing_are_told_where_most_left_something() -> None:
    slides = [{"title": "Slides", "url": "https://example.org/s.pdf"}]
    several = [on(day, resources=slides) for day in MONDAYS[:4]]
    assert [each[:2] for each in told(*several, on(MONDAYS[4])) if "no slides" in each] == ["05"]
    assert told(*map(on, MONDAYS)) == []


def test_sessions_that_are_still_to_come_are_not_asked_for_slides() -> None:
    slides = [{"title": "Slides", "url": "https://example.org/s.pdf"}]
    held = {f"{n:02}-s": on(day, resources=slides if n < 4 else []) for n, day in enumerate(MONDAYS, 1)}
    made = tree(files(held))
    found = lint.lint_sessions(catalogue.read_catalogue(made), made, dt.date(2024, 1, 25))
    assert [each.file.split("/")[1] for each in found if "no slides" in each.message] == ["04-s"]
    page = "| Date | Topic | Slides |\n|---|---|---|\n" + "".join(
        f"| {day} | {day} | {'[s](https://example.org/s)' if n < 3 else ''} |\n" for n, day in enumerate(MONDAYS)
    )
    read = importer_run.run_import(
        {"README.md": page.encode()}, Tree(), ImportOptions(), "", dt.date(2024, 1, 25)
    ).findings
    assert [each.line for each in read if "no slides" in each.message] == [6]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://you.be/abc", "a slip for youtu.be"),
        ("https://github.com/o/r/tree/main/x.pdf", "/blob/main/x.pdf"),
        ("https://zoom.us/j/1?pwd=secret", "with its password"),
        ("https://http://example.org", "malformed"),
        ("https://nowhere/x", "malformed"),
        ("javascript:alert(1)", "no address of the web"),
        ("mailto:ada@example.org", "would become public"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_with_what_to_do(url: str, said: str) -> None:
    (message,) = lint_rules.check_url(url)
    assert said in message
    assert "secret" not in message


@pytest.mark.parametrize(
    "url",
    [
        "https://youtu.be/x",
        "https://arxiv.org/abs/1",
        "https://www.github.com/a",
        "https://de.wikipedia.org/x",
        "a/b.pdf",
        "#x",
    ],
)
def test_an_address_that_may_be_right_is_not_told(url: str) -> None:
    assert list(lint_rules.check_url(url)) == []


def test_personal_data_and_passwords_in_a_text_are_told_and_no_password_is_repeated() -> None:
    messages = list(lint_rules.check_private_data("Write to ada@example.org. Passcode: 12345"))
    assert len(messages) == 2
    assert "12345" not in " ".join(messages)


@pytest.mark.parametrize(
    "text",
    [
        "pw: secret", "Kenncode: 1234", "Passcode 34", "The passcode is 3x4", "パスコード: 1234",
        "腾讯会议 123 密码 1234", "PIN: 1234",
        "mot de passe : secret",
    ],
)  # fmt: skip
def test_a_password_is_told_however_it_is_written(text: str) -> None:
    assert list(lint_rules.check_private_data(text)) == [
        "a password stands here, which would become public. Remove it."
    ]


@pytest.mark.parametrize(
    "text", ["Password cracking 101", "Password protected files", "Pin the tail", "密码学", "Pwned"]
)
def test_a_talk_on_passwords_is_none(text: str) -> None:
    assert list(lint_rules.check_private_data(text)) == []


def test_check_tells_them_only_when_asked(tmp_path: Any) -> None:
    root = write(tmp_path, files({"01-s": on("2024-01-09", material=READING)}, day="Monday"))
    assert "Tuesday" not in run(root, "check").stderr
    asked = run(root, "check", "--findings")
    assert (asked.returncode, "not on a Monday" in asked.stderr) == (0, True)


def test_the_example_in_the_documentation_says_what_comes_of_it() -> None:
    page = (ROOT / "docs/import.md").read_text("utf-8").partition("```markdown\n")[2].partition("```")[0]
    made = importer_run.run_import({"README.md": page.encode()}, Tree(), ImportOptions())
    assert list(made.files) == ["sessions/01-rings/session.yml", "sessions/02-fields/session.yml"]
    assert [
        each.message for each in made.findings if "leads nowhere" in each.message and "Emmy Noether" in each.message
    ]
    assert ["a day without a session" in each.message for each in made.left] == [True]
