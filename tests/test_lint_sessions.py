"""The warnings that it takes several sessions to see: the same for files and for imported pages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from groups import READING, ROOT, files, outline, run, tree, write
from readingroom.core.diagnostics import Diagnostic
from readingroom.core.tree import Tree
from readingroom.importer.import_pages import import_pages
from readingroom.importer.schedule import ImportOptions
from readingroom.store import catalogue, lint_sessions, lint_texts

MONDAYS = [f"2024-01-{day:02}" for day in (1, 8, 15, 22, 29)]


def warnings(*sessions: dict[str, Any], **group: Any) -> list[Diagnostic]:
    made = tree(files({f"{number:02}-s": data for number, data in enumerate(sessions, 1)}, **group))
    return lint_sessions.lint_sessions(catalogue.read_catalogue(made), made)


def places(found: Iterable[Diagnostic], code: str = "") -> list[str]:
    """Return the number of the folder, the line and the code of each, or of those with a code."""
    return [f"{each.file.split('/')[1][:2]}:{each.line} {each.code}" for each in found if code in {"", each.code}]


def on(date: str, **data: Any) -> dict[str, Any]:
    return {"title": f"Of {date}", "date": date, **data}


def test_a_day_off_the_groups_own_is_reported_at_its_line() -> None:
    (found,) = warnings(on("2024-01-09"), day="Monday")
    assert outline([found]) == ["sessions/01-s/session.yml:2 [session-weekday-unusual] date"]
    assert [each for each in ('"Of 2024-01-09"', "Tuesday", "Monday") if each not in found.message] == []


def test_without_a_usual_day_that_of_most_sessions_counts() -> None:
    assert places(warnings(*map(on, MONDAYS), on("2024-02-06"))) == ["06:2 session-weekday-unusual"]
    assert warnings(*map(on, MONDAYS[:2]), on("2024-02-06")) == []


WEDNESDAYS = [f"2023-{day}" for day in ("09-06", "09-13", "09-20", "09-27", "10-04", "10-11")]


def test_each_half_of_a_year_has_a_usual_day_of_its_own() -> None:
    assert warnings(*map(on, [*WEDNESDAYS, *MONDAYS])) == []
    late = warnings(*map(on, [*WEDNESDAYS, *MONDAYS, "2024-02-06"]))
    assert places(late) == ["12:2 session-weekday-unusual"]
    assert warnings(*map(on, [*WEDNESDAYS, *MONDAYS[:3]])) == []
    assert places(warnings(*map(on, [*WEDNESDAYS, "2024-01-04"]))) == ["07:2 session-weekday-unusual"]


def test_half_a_year_without_a_clear_day_is_silent() -> None:
    assert warnings(*map(on, [*WEDNESDAYS, "2024-01-01", "2024-01-03", "2024-01-08", "2024-01-10"])) == []


def test_a_paper_read_twice_is_reported_whichever_of_its_addresses_is_given() -> None:
    papers = [f"https://arxiv.org/{form}/1706.03762" for form in ("abs", "pdf")]
    several = [on(day, material=[{"items": [{"url": url}]}]) for day, url in zip(MONDAYS, papers, strict=False)]
    (found,) = (each for each in warnings(*several) if each.code == "reading-repeated")
    assert places([found]) == ["02:5 reading-repeated"]
    assert [each for each in (papers[1], '"Of 2024-01-01"') if each not in found.message] == []


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
    (found,) = warnings(*several)
    assert places([found]) == ["02:5 reading-repeated"]
    assert found.message.startswith(f"{other} ")


def test_a_person_with_two_links_and_two_spellings_is_reported() -> None:
    ada = [{"name": "Ada Lovelace", "url": f"https://example.org/{page}"} for page in "ab"]
    (links,) = warnings(*(on(day, leads=[who]) for day, who in zip(MONDAYS, ada, strict=False)))
    assert places([links]) == ["02:5 person-links-differ"]
    assert [each["url"] for each in ada if each["url"] not in links.message] == []
    spelt = [{"name": name} for name in ("Ada Lovelace", "Ada Lovelance")]
    (names,) = warnings(*(on(day, leads=[who]) for day, who in zip(MONDAYS, spelt, strict=False)))
    assert places([names]) == ["02:4 person-names-similar"]
    assert [each["name"] for each in spelt if f'"{each["name"]}"' not in names.message] == []


def test_sessions_that_left_nothing_are_reported_where_most_left_something() -> None:
    slides = [{"title": "Slides", "url": "https://example.org/s.pdf"}]
    several = [on(day, resources=slides) for day in MONDAYS[:4]]
    assert places(warnings(*several, on(MONDAYS[4]))) == ["05:1 session-resources-missing"]
    assert warnings(*map(on, MONDAYS)) == []


def test_sessions_that_are_still_to_come_are_not_asked_for_slides() -> None:
    slides = [{"title": "Slides", "url": "https://example.org/s.pdf"}]
    held = {f"{n:02}-s": on(day, resources=slides if n < 4 else []) for n, day in enumerate(MONDAYS, 1)}
    made = tree(files(held))
    found = lint_sessions.lint_sessions(catalogue.read_catalogue(made), made, dt.date(2024, 1, 25))
    assert places(found, "session-resources-missing") == ["04:1 session-resources-missing"]
    page = "| Date | Topic | Slides |\n|---|---|---|\n" + "".join(
        f"| {day} | {day} | {'[s](https://example.org/s)' if n < 3 else ''} |\n" for n, day in enumerate(MONDAYS)
    )
    read = import_pages({"README.md": page.encode()}, Tree(), ImportOptions(), "", dt.date(2024, 1, 25)).findings
    assert [str(each.location) for each in read if each.code == "session-resources-missing"] == ["README.md:6"]


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("https://you.be/abc", "link-host-suspicious", "youtu.be"),
        ("https://github.com/o/r/tree/main/x.pdf", "link-to-folder", "/blob/main/x.pdf"),
        ("https://http://example.org", "link-malformed", "https://http://example.org"),
        ("https://nowhere/x", "link-malformed", "https://nowhere/x"),
        ("https://?", "link-malformed", "https://?"),
        ("https://example.org:99999", "link-malformed", "https://example.org:99999"),
        ("https://example.org:eighty/x", "link-malformed", "https://example.org:eighty/x"),
        ("https://example..org", "link-malformed", "https://example..org"),
        ("https://.", "link-malformed", "https://."),
        ("https://example.org/ long/path", "link-malformed", "has a space in it, or is on two lines"),
        ("javascript:alert(1)", "link-unsafe", "javascript:alert(1)"),
    ],
)
def test_an_address_that_leads_nowhere_is_reported_with_what_to_do(url: str, code: str, said: str) -> None:
    (found,) = lint_texts.check_url(url)
    assert (found.code, said in found.text) == (code, True), found


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
def test_an_address_that_may_be_right_is_not_reported(url: str) -> None:
    assert list(lint_texts.check_url(url)) == []


PRIVATE = "Passcode: 1234, ada@example.org"


def test_an_import_reports_private_data_about_the_people_too() -> None:
    page = f"| Date | Topic | Speaker |\n|---|---|---|\n| 2024-01-01 | A | Ada ({PRIVATE}) |\n"
    made = import_pages({"README.md": page.encode()}, Tree(), ImportOptions(), "", dt.date(2024, 1, 25))
    assert outline(made.findings) == ["README.md:3 [private-email]", "README.md:3 [private-password]"]


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("title: A\nleads:\n  - {name: Ada, url: 'https://you.be/x'}\n", "leads[0].url", 3),
        ("title: A\nmaterial:\n  - items: [{url: https://you.be/x}]\n", "material[0].items[0].url", 3),
        ('title: A\nresources:\n  - title: B\n    url:\n      "https://you.be/x"\n', "resources[0].url", 4),
        ("title: A\nleads:\n  - name: Ada\n    url: https://you.be/ # x\n", "leads[0].url", 4),
    ],
)
def test_an_address_is_reported_at_its_key(text: str, key: str, line: int) -> None:
    made = tree({**files({}), "sessions/01-s/session.yml": text.encode()})
    found = lint_sessions.lint_sessions(catalogue.read_catalogue(made), made)
    assert outline(found) == [f"sessions/01-s/session.yml:{line} [link-host-suspicious] {key}"]


def test_people_are_reported_at_the_key_that_has_their_link_or_name() -> None:
    one, other = (
        [{"name": "Ada Lovelace", "url": "https://a.org/"}],
        [{"name": "Ada Lovelace", "url": "https://b.org/"}],
    )
    (links,) = warnings(on(MONDAYS[0], leads=one), on(MONDAYS[1], leads=other))
    (names,) = warnings(
        on(MONDAYS[0], leads=one), on(MONDAYS[1], leads=[{"name": "A. Lovelace", "url": "https://a.org/"}])
    )
    assert [(each.code, each.key, each.line) for each in (links, names)] == [
        ("person-links-differ", "leads[0].url", 5),
        ("person-names-differ", "leads[0].url", 5),
    ]


def test_people_who_share_a_link_or_most_of_a_name_within_a_session_are_several() -> None:
    lab = [{"name": name, "url": "https://lab.org/"} for name in ("Ada Lovelace", "Bo Ray")]
    alike = [{"name": "Ann Lee"}, {"name": "Anna Lee"}]
    assert warnings(on(MONDAYS[0], leads=lab), on(MONDAYS[1], leads=lab[::-1]), on(MONDAYS[2], leads=alike)) == []
    (found,) = warnings(on(MONDAYS[0], leads=lab), on(MONDAYS[1], leads=[{**lab[0], "name": "A. Lovelace"}]))
    assert (found.code, '"Ada Lovelace" and of "A. Lovelace"' in found.message) == ("person-names-differ", True)


@pytest.mark.parametrize(
    ("url", "other", "codes"),
    [
        ("https://lab.example/team", "Bo Ray", []),
        ("https://lab.example/team", "Ada Lovelac", ["person-names-similar"]),
        ("https://lab.example/ada", "A. Lovelace", ["person-names-differ"]),
        ("https://github.com/ada", "Countess", ["person-names-differ"]),
        ("https://orcid.org/0000-0002-1825-0097", "Ada King", ["person-names-differ"]),
    ],
)
def test_a_link_of_a_lab_is_no_reason_to_spell_names_in_one_way(url: str, other: str, codes: list[str]) -> None:
    sessions = (
        on(day, leads=[{"name": name, "url": url}])
        for day, name in zip(MONDAYS[:2], ("Ada Lovelace", other), strict=True)
    )
    assert [each.code for each in warnings(*sessions)] == codes


def test_check_reports_them_only_when_asked(tmp_path: Any) -> None:
    root = write(tmp_path, files({"01-s": on("2024-01-09", material=READING)}, day="Monday"))
    assert "[session-weekday-unusual]" not in run(root, "check").stderr
    asked = run(root, "check", "--findings")
    assert asked.returncode == 0
    assert "sessions/01-s/session.yml:2: warning [session-weekday-unusual]" in asked.stderr


def test_the_example_in_the_documentation_says_what_comes_of_it() -> None:
    page = (ROOT / "docs/import.md").read_text("utf-8").partition("```markdown\n")[2].partition("```")[0]
    made = import_pages({"README.md": page.encode()}, Tree(), ImportOptions())
    assert list(made.files) == ["sessions/01-rings/session.yml", "sessions/02-fields/session.yml"]
    (broken,), (skipped,) = made.findings, made.left
    assert outline([broken, skipped]) == ["README.md:7 [import-link-broken]", "README.md:9 [import-skipped]"]
    assert ("Emmy Noether" in broken.message, "No meeting" in skipped.message) == (True, True)
