"""Odd and hostile session files: what is kept as it was typed, and what is refused, with its line."""

import datetime as dt
import os
from pathlib import Path

import cmarkgfm
import pytest

from readingroom import build, catalogue, schema, tree
from readingroom.files import Tree
from readingroom.problems import Invalid

TODAY = dt.date(2026, 6, 1)
CONFIGURATION = b"name: Robots in Disguise\ntime_zone: Europe/London\n"


def tree_of(content: bytes, folder: str = "01-x") -> Tree:
    path = f"sessions/{folder}/session.yml"
    return Tree({"readingroom.yml": CONFIGURATION, path: content}, {folder: {}}, {})


def read(text: str) -> dict[str, object]:
    data: dict[str, object] = catalogue.read_file(schema.load("session"), "session.yml", text.encode())
    return data


def problems(content: str | bytes) -> list[tuple[int, str]]:
    content = content.encode() if isinstance(content, str) else content
    with pytest.raises(Invalid) as raised:
        build.build(tree_of(content), lambda _: TODAY)
    return [(each.line, each.message) for each in raised.value.problems]


def page(text: str) -> str:
    outcome = build.build(tree_of(text.encode()), lambda _: TODAY)
    return str(cmarkgfm.github_flavored_markdown_to_html(outcome.changes["sessions/01-x/README.md"]))


@pytest.mark.parametrize(
    "typed",
    ["NO", "on", "off", "Null", "~", "2001", "017", "0b11", "1_000", "1.10", "1:30:00", "0o17", ".inf", ".nan", "yes"],
)
def test_a_title_stays_as_it_was_typed(typed: str) -> None:
    assert read(f"title: {typed}\n") == {"title": typed}


@pytest.mark.parametrize("typed", ["16:00", "09:30", "08:30"])
def test_a_time_stays_as_it_was_typed(typed: str) -> None:
    assert read(f"date: 2026-03-20\ntime: {typed}\n")["time"] == typed


def test_an_empty_value_is_no_value() -> None:
    assert read("title:\ndate: 2026-03-20\n") == {"date": "2026-03-20"}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("title: x\ndate: 2026-02-30\n", 2, "2026-02-30"),
        ("date: 2026-3-5\n", 1, "YYYY-MM-DD"),
        ("date: 20260320\n", 1, "YYYY-MM-DD"),
        ("date: 2026-W12-5\n", 1, "YYYY-MM-DD"),
        ("date: ٢٠٢٦-٠٣-٢٠\n", 1, "YYYY-MM-DD"),
        ('date: "2026-03-20\\n"\n', 1, "YYYY-MM-DD"),
        ("title: a\ntitle: b\n", 2, "the first is in line 1"),
        ("leads:\n\t- name: x\n", 2, "tab in line 2"),
        ("date: 2026-03-20\ntitle: Foo: bar\n", 2, "quotes"),
        ("title: [draft] x\n", 1, "quotes"),
        ("title: @ada\n", 1, "quotes"),
        ("title: %x\n", 1, "quotes"),
        ("title: `x`\n", 1, "quotes"),
        ("title: - x\n", 1, "quotes"),
        ("title: !important stuff\n", 1, "quotes"),
        ("title: !!python/object/apply:os.system [id]\n", 1, "tag"),
        ("title: &a x\n", 1, "anchor"),
        ("title: &a x\nroom: *a\n", 1, "anchor"),
        ("<<: {title: x}\n", 1, "merge key"),
        ("title: x\n---\ntitle: y\n", 2, "second document"),
        ("? a\n: b\n", 1, "not known"),
        ("2026-03-20: x\n", 1, "not known"),
        ("leeds:\n  - name: x\n", 1, 'Did you mean "leads"?'),
        ('title: "a\\0b"\n', 1, "U+0000"),
        ("title: a\x07b\n", 1, "U+0007"),
        ("<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> x\n", 1, "merge conflict"),
        ("[" * 60_000, 1, "levels deep"),
        ("title: " + "x" * 70_000, 0, "65536"),
        ("title: " + "9" * 301 + "\n", 1, "300"),
        ("- a\n- b\n", 1, "found a list"),
        ("leads: Ada\n", 1, "list of the people"),
        ("leads:\n  - Ada\n", 2, "a person"),
    ],
)
def test_refused_with_the_line_and_the_way_to_mend_it(text: str, line: int, says: str) -> None:
    found = problems(text)
    assert [each for each in found if each[0] == line and says in each[1]], found


def test_text_that_is_not_utf_8_is_refused_with_its_byte() -> None:
    assert problems("title: Résumé\n".encode("latin-1")) == [
        (1, "byte 0xE9 at offset 8 is not UTF-8. Save the file as UTF-8.")
    ]


def test_a_billion_laughs_are_refused_at_the_first() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdef", "bcdefg", strict=True))
    assert "anchor &a" in problems(bomb)[0][1]


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert read("\ufefftitle: x\n") == {"title": "x"}


def test_a_value_that_a_comment_cuts_is_told() -> None:
    outcome = build.build(tree_of(b"title: a # b\n"), lambda _: TODAY)
    assert ['"# b" is read as a comment' in each.message for each in outcome.findings] == [True]


@pytest.mark.parametrize(
    "title",
    [
        "P | NP",
        "C:\\",
        "The ` operator",
        "[x](javascript:alert(1))",
        "<script>alert(1)</script>",
        "<!-- readingroom:end next -->",
        "{{ site.github.token }}",
        "{% include x %}",
        "@octocat closes #1",
        ":tada: $x$ ~~y~~ &copy;",
        "1. x",
        "# C #",
        "{{ ''.__class__.__mro__ }}",
        "{0.__class__} %s \\1",
    ],
)
def test_a_title_shows_exactly_what_was_typed(title: str) -> None:
    quoted = "'" + title.replace("'", "''") + "'"
    shown = page(f"title: {quoted}\n").split("<h1>")[1].split("</h1>")[0]
    assert shown == title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def test_direction_controls_do_not_reach_a_title() -> None:
    assert "<h1>evilfdp.exe</h1>" in page('title: "evil\u202efdp.exe"\n')


def test_an_abstract_reaches_nothing_around_it() -> None:
    abstract = (
        "# Big\n\n![](https://x.example/p.png)\n\n<img src=x onerror=alert(1)>\n\n[a]: https://x.example\n\n```\nopen"
    )
    html = page("title: x\nabstract: |\n" + "".join(f"  {line}\n" for line in abstract.split("\n")))
    assert html.count("<h1>") == 1
    assert "<img" not in html
    assert html.index("</code></pre>") < html.index("All sessions")


@pytest.mark.parametrize("name", ["..", "-rf", "con", "aux", "a b", "x" * 90, "été", "a.b"])
def test_a_folder_whose_name_is_not_safe_everywhere_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as raised:
        catalogue.read(tree_of(b"title: x\n", name))
    assert "is not a name for a session's folder" in raised.value.problems[0].message


@pytest.mark.parametrize(("one", "other", "says"), [("7-a", "07-b", "number"), ("1-a", "1-A", "in case alone")])
def test_twins_are_refused(one: str, other: str, says: str) -> None:
    both = tree_of(b"title: x\n", one)
    both.contents[f"sessions/{other}/session.yml"] = b"title: y\n"
    both.listings[other] = {}
    with pytest.raises(Invalid) as raised:
        catalogue.read(both)
    assert any(says in each.message for each in raised.value.problems)


def test_links_and_pipes_in_sessions_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "readingroom.yml").write_bytes(CONFIGURATION)
    (tmp_path / "sessions" / "01-x").mkdir(parents=True)
    (tmp_path / "sessions" / "01-x" / "session.yml").symlink_to("/etc/passwd")
    (tmp_path / "sessions" / "02-y").symlink_to("/etc")
    (tmp_path / "sessions" / "03-z").mkdir()
    os.mkfifo(tmp_path / "sessions" / "03-z" / "session.yml")
    found = tree.read(tmp_path)
    assert sorted(found.unread) == ["sessions/01-x/session.yml", "sessions/02-y", "sessions/03-z/session.yml"]
    assert found.contents.keys() == {"readingroom.yml"}
