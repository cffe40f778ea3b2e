"""One dialect, GitHub's: the same text gives the same tables, struck text, boxes, links and footnotes everywhere.

GitHub's own parser is the judge; of alerts and mathematics, which it does not know, the cases are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import html5lib
import icalendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import test_mathml
from groups import TODAY, built, files, tree
from readingroom.proposals import preview
from readingroom.site import build as site_build
from readingroom.text import escape, plain, sanitize
from readingroom.text import html as text_html
from rendered import page, tags, text
from test_pull_request import drafted as draft

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

AGENDA = "| Time | What |\n| --- | --: |\n| 18:00 | Doors |\n| 18:30 | Talk ~~one~~ two |\n"
NOTES = "One[^1] and two[^b].\n\n[^b]: *Second*.\n[^1]: First,\n    with more.\n"
TASKS = "- [ ] to do\n- [x] done\n- other\n"
FOLLOWED = re.compile(r"https?:|mailto:", re.IGNORECASE)


def parse_html(html: str) -> Element:
    parsed: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return parsed


def collect_features(root: Element, *, is_ours: bool = False) -> dict[str, Any]:
    """Return what GitHub adds to CommonMark in a page, in the form of GitHub's parser or of our site."""
    features = {
        "tables": [[[text(cell) for cell in row] for row in table.iter("tr")] for table in root.iter("table")],
        "alignments": [cell.get("class" if is_ours else "align", "") for cell in root.iter("th")],
        "struck": [text(each) for each in root.iter("del")],
        "links": [
            (text(link), unquote(unquote(link.get("href", ""))))
            for link in root.iter("a")
            if FOLLOWED.match(link.get("href", ""))
        ],
        "references": [text(each) for each in root.iter("sup") if each.find("a") is not None and not _is_back(each)],
    }
    if is_ours:
        tasks = [text(item)[:1] == "☑" for item in root.iter("li") if item.get("class") == "task"]
        notes = [item for each in root.iter("ol") if each.get("class") == "notes" for item in each]
    else:
        boxes = [each for item in root.iter("li") for each in (*item.findall("input"), *item.findall("p/input"))[:1]]
        tasks = ["checked" in each.attrib for each in boxes]
        notes = list(root.iterfind(".//section/ol/li"))
    return {**features, "tasks": tasks, "notes": [re.sub(r"( ?↩[0-9]*)+$", "", text(each)) for each in notes]}


def _is_back(reference: Element) -> bool:
    return any((link.get("href") or "").startswith("#fnref") for link in reference.iter("a"))


def show_on_github(source: str) -> dict[str, Any]:
    return collect_features(page(source))


def show_on_site(source: str) -> dict[str, Any]:
    return collect_features(parse_html(text_html.render_html_block(source, 2, "01-a")), is_ours=True)


@pytest.mark.parametrize(
    ("source", "feature", "shown"),
    [
        (AGENDA, "tables", [[["Time", "What"], ["18:00", "Doors"], ["18:30", "Talk one two"]]]),
        (AGENDA, "alignments", ["", "right"]),
        (AGENDA, "struck", ["one"]),
        ("a|b\n-|-\n`x\\|y`|\\|", "tables", [[["a", "b"], ["x|y", "|"]]]),
        ("one\n|-|\n||\n- end", "tables", [[["one"], [""]]]),
        ("not\n-|-", "tables", []),
        ("- a | b\n  - | -", "tables", []),
        ("a\n:-\nb", "tables", [[["a"], ["b"]]]),
        ("~~struck~~ and ~one~", "struck", ["struck", "one"]),
        ("H~2~O", "struck", ["2"]),
        ("~~a ~b~ c~~ ~~~no~~~ ~ no ~", "struck", ["a b c", "b"]),
        ("about ~5 or ~6", "struck", []),
        ("\\~\\~no\\~\\~ `~~no~~`", "struck", []),
        (TASKS, "tasks", [False, True]),
        ("1. [X] one\n2. [y] two\n\n   - [ ] three", "tasks", [True, False]),
        ("- [ ]no\n- \\[ ] no", "tasks", []),
        (NOTES, "references", ["1", "2"]),
        (NOTES, "notes", ["First, with more.", "Second."]),
        ("x[^a] y[^A] z[^none]\n\n[^a]: one\n[^a]: two\n[^unused]: three", "references", ["1", "1"]),
        ("x[^a]\n\n[^a]: one\n\n    | a |\n    | - |", "tables", [[["a"]]]),
        ("www.example.org/a_b.", "links", [("www.example.org/a_b", "http://www.example.org/a_b")]),
        ("https://example.org/a*b*c!", "links", [("https://example.org/a*b*c", "https://example.org/a*b*c")]),
        ("(http://example.org/(a)) x", "links", [("http://example.org/(a)", "http://example.org/(a)")]),
        ("ann@example.org, b@c", "links", [("ann@example.org", "mailto:ann@example.org")]),
        ("xhttps://example.org [in https://example.org] http://a_b.c", "links", []),
        ("\\https://example.org/a", "links", [("https://example.org/a", "https://example.org/a")]),
        ("https://example.org/?a=1&amp;", "links", [("https://example.org/?a=1", "https://example.org/?a=1")]),
    ],
)
def test_what_github_adds_is_the_same_everywhere(source: str, feature: str, shown: object) -> None:
    written = sanitize.sanitize_block(source, "01-a")
    assert [show_on_github(source)[feature], show_on_github(written)[feature], show_on_site(source)[feature]] == [
        shown
    ] * 3
    assert sanitize.sanitize_block(written, "01-a") or not written


PIECES = st.sampled_from(
    [
        *("word", "two words", " ", " ", "\n", "\n", "\n\n", "~", "~~", "~~", "|", "| x ", "\\|", "| a | b |\n"),
        *(
            "|---|:-:|\n",
            "a | b\n",
            "--|--\n",
            "\n:-\n",
            "- [ ] w",
            "- [x] w",
            "- ",
            "1. [x] w",
            "[^1]",
            "[^n]",
            ".",
            ",",
        ),
        *("https://example.org/a ", " http://x.org/(a)_b. ", " www.a.b ", " www.a.b/c~d ", " a@b.org ", "x@y", "H~2~O"),
        *(
            "*",
            "**",
            "`",
            "_",
            "(",
            ")",
            "> ",
            "# ",
            "é",
            ":",
            ";",
            "=",
            "---\n",
            "&amp;",
            "[x](https://a.b)",
            "[",
            "]",
        ),
    ]
)
DEFINITIONS = st.sampled_from(["", "\n\n[^1]: a note", "\n\n[^N]: one\n    two ~three~\n\n[^1]: four"])
SOURCES = st.builds(lambda pieces, notes: "".join(pieces).strip() + notes, st.lists(PIECES, max_size=10), DEFINITIONS)


@given(SOURCES.filter(lambda source: "]:" not in source.partition("\n\n[^")[0]))
@example("| a | b |\n:-\n :-\nx")
@example("~~H~2~O ~a~~b~")
@example("- [ ] one [x]\n> - [ ] two")
@settings(max_examples=400)
def test_github_shows_the_same_of_a_text_and_of_what_is_written_of_it(source: str) -> None:
    judged = show_on_github(source)
    assert show_on_github(sanitize.sanitize_block(source, "01-a")) == judged
    assert show_on_site(source) == judged


def test_the_same_abstract_is_the_same_on_every_page() -> None:
    abstract = f"{AGENDA}\n{TASKS}\n{NOTES}"
    sessions = {"01-a": {"title": "A", "date": "2024-01-08", "abstract": abstract}}
    group = files(sessions, repository="https://github.com/example/group")
    made = built(group)
    shown = [show_on_github(made[path].decode()) for path in ("sessions/01-a/README.md", "sessions/README.md")]
    site = site_build.build_site(tree(group), lambda _: TODAY).files["sessions/01-a.html"].decode()
    shown.append(collect_features(parse_html(site), is_ours=True))
    report = preview.compare_trees(tree(files({})), tree(group), lambda _: TODAY)
    shown.append(show_on_github(report.summary))
    shown.append(show_on_github(draft(abstract=abstract).body))
    boxes = shown[-1]["tasks"]
    assert boxes == [False, True, *boxes[2:]]
    shown[-1]["tasks"] = boxes[:2]  # the others are the reviewer's
    for found in shown:
        assert [["Time", "What"], ["18:00", "Doors"], ["18:30", "Talk one two"]] in found["tables"]
        assert {key: found[key] for key in ("struck", "tasks", "references", "notes")} == {
            "struck": ["one"],
            "tasks": [False, True],
            "references": ["1", "2"],
            "notes": ["First, with more.", "Second."],
        }


BLOCKS = st.sampled_from(
    [
        *("word[^a]", "w[^b] and[^c]", "# h[^1]", "[^a]: A", "[^b]: B[^c]", "[^b]: two[^a]", "> [^c]: in[^a]", "[^1]:"),
        *("- i[^c]\n\n  [^c]: note[^d]", "- [^a]: x[^b]\n- y", "[^D]: d\n\n    more[^É]", "[^é]: e"),
        "[^e]: [^d]: f[^a]",
    ]
)


@given(st.lists(BLOCKS, min_size=1, max_size=6).map("\n\n".join))
@example("x[^a]\n\n[^b]: B[^c]\n\n[^c]: C[^d]\n\n[^d]: D\n\n[^a]: A[^d]")
@example("[^a]: A[^b]\n\nx[^a]\n\n[^b]: B")
@example("x\n\n[^b]: B[^c]\n\n[^c]: C")
def test_footnotes_have_the_numbers_that_github_gives_them_wherever_they_are_defined(source: str) -> None:
    written = sanitize.sanitize_block(source, "01-a")
    for feature in ("references", "notes"):
        judged = show_on_github(source)[feature]
        assert show_on_github(written)[feature] == show_on_site(source)[feature] == judged


def test_footnotes_of_two_sessions_and_of_their_notes_stay_apart() -> None:
    sections = [{"note": "Three[^1].\n\n[^1]: Third.", "heading": "Main"}, {"note": "Four[^1].\n\n[^1]: Fourth."}]
    about = {"date": "2024-01-08", "abstract": NOTES}
    made = built(files({"01-a": {"title": "A", "material": sections, **about}, "02-b": {"title": "B", **about}}))
    archive = made["sessions/README.md"].decode()
    assert {"[^01-a-1]:", "[^01-a-b]:", "[^02-b-1]:", "[^01-a_1-1]:", "[^01-a_2-1]:"} <= set(archive.split())
    assert len(show_on_github(archive)["notes"]) == 6
    pages = site_build.build_site(tree(files({"01-a": {"title": "A", "material": sections, **about}})), lambda _: TODAY)
    ids = re.findall(r' id="((?:note|back)-[^"]+)"', pages.files["sessions/01-a.html"].decode())
    assert len(ids) == len(set(ids)) == 8


def test_texts_without_a_name_have_footnotes_of_their_own() -> None:
    one, two = (sanitize.sanitize_block(f"{word}[^1]\n\n[^1]: x") for word in ("a", "b"))
    assert one.split("[^")[1].split("]")[0] != two.split("[^")[1].split("]")[0]


@pytest.mark.parametrize(
    ("source", "written", "html"),
    [
        (
            "> [!NOTE]\n> Bring a *laptop*.",
            "> [!NOTE]\n> Bring a *laptop*.",
            "<blockquote>\n<p><strong>Note</strong></p>\n<p>Bring a <em>laptop</em>.</p>\n</blockquote>",
        ),
        (
            "> [!warning]\n> - a\n>\n> b",
            "> [!WARNING]\n> - a\n>\n> b",
            "<blockquote>\n<p><strong>Warning</strong></p>\n<ul>\n<li>a</li>\n</ul>\n<p>b</p>\n</blockquote>",
        ),
        ("> [!OTHER]\n> x", "> \\[!OTHER\\]\n> x", "<blockquote>\n<p>[!OTHER]\nx</p>\n</blockquote>"),
        ("> [!TIP] x", "> \\[!TIP\\] x", "<blockquote>\n<p>[!TIP] x</p>\n</blockquote>"),
        ("> [!TIP]", "> \\[!TIP\\]", "<blockquote>\n<p>[!TIP]</p>\n</blockquote>"),
        (
            "- > [!TIP]\n  > x",
            "- > \\[!TIP\\]\n  >\n  > x",
            "<ul>\n<li>\n<blockquote>\n<p>[!TIP]</p>\n<p>x</p>\n</blockquote>\n</li>\n</ul>",
        ),
    ],
)
def test_alerts_are_those_of_github(source: str, written: str, html: str) -> None:
    assert sanitize.sanitize_block(source) == written
    assert text_html.render_html_block(source) == html


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (AGENDA, "Time | What\n18:00 | Doors\n18:30 | Talk ~~one~~ two"),
        (TASKS, "- [ ] to do\n- [x] done\n- other"),
        (NOTES, "One [1] and two [2].\n\n[1] First,\nwith more.\n\n[2] Second."),
        ("> [!NOTE]\n> x", "Note\n\nx"),
        ("H~2~O", "H~2~O"),
    ],
)
def test_plain_text_keeps_what_the_marks_say(source: str, shown: str) -> None:
    assert plain.render_plain_text(source) == shown


FORMULAS = [
    r"$\|x\|_2$",
    r"$\{a\}\,b$",
    r"($x$), $n$-dimensional: $a$.",
    r"$a \$ b$",
    "$`a_1`$",
    r"$$\sum_{i=1}^n x_i \\ y$$",
    "$$\na \\\\\nb\n$$",
    "```math\n\\frac{a}{b} \\\\\n- c\n```",
    "*so $a_1$ and $b_1$*",
    "- $x$\n\n  $$\n  y\n  $$",
]


@pytest.mark.parametrize("source", FORMULAS)
def test_formulas_stay_as_they_were_typed_in_plain_text(source: str) -> None:
    shown = plain.render_plain_text(source)
    assert re.sub(r"[-*\s]|```(math)?", "", shown) == re.sub(r"[-*\s]|```(math)?", "", source)


@pytest.mark.parametrize("source", FORMULAS)
def test_formulas_go_through_to_github_unchanged_and_become_mathml_on_the_site(source: str) -> None:
    assert sanitize.sanitize_block(source) == source
    assert "<math" in text_html.render_html_block(source)


@pytest.mark.parametrize(
    "source",
    [
        *(
            "It costs $5 to $10.",
            "from $10/$20 or ($5) and ($6)",
            "US$ 5 and 6 $",
            "a$x$ and 1$x$",
            "$x$1 and $x$a",
            "$ x $",
        ),
        *(
            "$HOME and $PATH",
            "**$5** or **$6**",
            "$a\n\nb$",
            "cost-$x$",
            r"\$x$ and \$y\$",
            "`$x$`",
            "$$",
            "$$$$",
            "100$-200$",
        ),
        "y\n\n    $x$",
    ],
)
def test_what_github_does_not_take_for_mathematics_is_none(source: str) -> None:
    assert "<math" not in text_html.render_html_block(source)
    written = sanitize.sanitize_block(source)
    assert "<math" not in text_html.render_html_block(written)
    assert text(page(written)) == text(page(source.strip()))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("$a<b$ and $c>d$", "$a< b$ and $c>d$"),
        ("$a <b c> d$", "$a < b c> d$"),
        (r"$\frac{{a}}{b}$ {{ x }}", r"$\frac{ {a}}{b}$ {\{ x }}"),
        ("$[x](javascript:alert(1))$", "$[x] (javascript:alert(1))$"),
        ("$[^1]$", "$[ ^1]$"),
        ("[half open $[0,1)$](https://example.org)", r"[half open $\lbrack0,1)$](https://example.org)"),
        ("| a |\n| - |\n| $\\|x\\|$ |", "| a |\n| --- |\n| $\\vert x\\vert$ |"),
        ("$$\na\n- b\n$$", "```math\na\n- b\n```"),
        ("$$\na % b\nc\n$$", "```math\na % b\nc\n```"),
        ("see $a\nb$", "see $a b$"),
        ("```math\n\\frac{{a}}{b}\n```", "```math\n\\frac{ {a}}{b}\n```"),
        ("$x\u202e\u200b$", "$x$"),
    ],
)
def test_formulas_are_harmless_where_they_are_read_as_anything_else(source: str, written: str) -> None:
    assert sanitize.sanitize_block(source) == written
    assert "<math" in text_html.render_html_block(source)


def test_two_formulas_in_a_row_of_escapes_stay_text() -> None:
    assert sanitize.sanitize_block(r"\$x\$ and \$*y*\$") == r"\$x\$ and \$*y*\$"
    assert sanitize.sanitize_block(r"$x$&dollar; and \$`y`$") == r"$x$\$ and \$`y`\$"


@pytest.mark.parametrize(
    ("title", "cell", "heading"),
    [
        (r"On $\|x\|_2$", r"On $\Vert x\Vert_2$", r"On $\|x\|_2$"),
        ("$|x|$ | $5", r"$\vert x\vert$ \| \$5", r"$|x|$ \| \$5"),
        ("$[0,1)$ [b]", r"$\lbrack0,1)$ \[b\]", r"$[0,1)$ \[b\]"),
        ("From $5 to $10", r"From \$5 to \$10", r"From \$5 to \$10"),
        ("$x_1$ *y*", r"$x_1$ \*y\*", r"$x_1$ \*y\*"),
        (r"$\left|{{a}}\right|$", r"$\left\vert{ {a}}\right\vert$", r"$\left|{ {a}}\right|$"),
    ],
)
def test_titles_hold_formulas(title: str, cell: str, heading: str) -> None:
    assert escape.escape_title(title) == cell
    assert escape.escape_title(title, is_heading=True) == heading


def test_a_title_with_a_formula_is_one_on_every_page() -> None:
    title = r"Bounds on $\|x\|_2$ & $|y|$"
    about = {"title": title, "abstract": r"Of $\|x\|_2$.", "material": [{"items": [{"title": title}]}]}
    group = files(
        {"01-a": {**about, "date": "2024-01-08"}, "02-b": {**about, "date": "2024-01-22"}},
        repository="https://github.com/example/group",
    )
    made = {path: content.decode() for path, content in built(group).items() if path.endswith(".md")}
    for path in ("README.md", "sessions/README.md"):
        assert r"[Bounds on $\Vert x\Vert_2$ & $\vert y\vert$](" in made[path]
        assert all(len(row) == 4 for row in page(made[path]).iter("tr"))
    assert rf"# {title}" in made["sessions/01-a/README.md"]
    assert rf"### {title}" in made["sessions/README.md"]
    assert r"Of $\|x\|_2$." in made["sessions/README.md"]
    site = site_build.build_site(tree(group), lambda _: TODAY).files
    assert site["sessions/01-a.html"].decode().count("<math") == 7
    assert "<title>Bounds on $\\|x\\|_2$ &amp; $|y|$ · " in site["sessions/01-a.html"].decode()
    assert "<math" in site["index.html"].decode()
    entry = ET.fromstring(site["feed.xml"]).find("{*}entry/{*}title")  # noqa: S314 -- our own
    assert entry is not None
    assert entry.text == title
    assert title in site["sessions.csv"].decode()
    assert "SUMMARY:Bounds on $\\\\|x\\\\|_2$ & $|y|$" in site["calendar.ics"].decode()


def test_a_formula_in_a_title_stays_in_its_line() -> None:
    assert text_html.render_html_line("A $$x$$ <b>") == "A <math><mi>x</mi></math> &lt;b&gt;"


def test_a_pull_request_shows_the_formula_that_was_typed() -> None:
    found = draft(title=r"Bounds on $\|x\|_2$", abstract=r"Of $\|x\|_2$ and $12345678$ and $a@b$.").body
    assert r"# Bounds on $\|x\|_2$" in found
    assert r"Bounds on $\Vert x\Vert_2$](" in found
    assert r"Of $\|x\|_2$ and $`12345678`$ and $a@b$." in found


@pytest.mark.parametrize(
    "unit",
    [
        "$",
        "$$\n",
        "$$a\n",
        "$`",
        "$x ",
        "[^a]",
        "[^a]: ",
        "~",
        "~~a",
        "|",
        "a|b\n-|-\n",
        "www.a.",
        "www. ",
        "https://a.b ",
        "[ https://a.b ",
        "a@b.c ",
        "> [!TIP]\n",
    ],
)
def test_the_longest_runs_come_to_an_end(unit: str) -> None:
    source = unit * (19_000 // len(unit))
    assert "after" in text(page(f"{sanitize.sanitize_block(source)}\n\nafter\n"))
    assert text_html.render_html_block(source)
    assert plain.render_plain_text(f"{source}\n\nafter")


@given(
    st.lists(
        PIECES | st.sampled_from(["$", "$$", "$x$", "$`", r"\|", "{{", "{%", "<b>", "](", "<!--", "$$\n", "```math\n"]),
        max_size=12,
    ).map("".join)
)
@settings(max_examples=300)
def test_no_formula_reaches_what_is_around_it(source: str) -> None:
    shown = page(f"before\n\n{sanitize.sanitize_block(source)}\n\nafter\n").find("body")
    assert shown is not None
    assert "b" not in tags(shown)
    assert (text(shown[0]), "after" in text(shown)) == ("before", True)
    cell = escape.escape_title(source)
    row = page(f"| a | b |\n| - | - |\n| [{cell}](x) | end |\n").find(".//tbody/tr")
    assert row is not None
    assert text(row[1]) == "end"
    assert not {"{{", "{%"} & {cell[at : at + 2] for at in range(len(cell))}


def test_random_formulas_leave_the_feed_and_the_calendar_valid() -> None:
    sample = [formula for formula in test_mathml.FORMULAS[::50] if formula.isprintable()]
    sessions = {
        f"{number:02}-x": {"title": f"About ${formula}$", "date": "2024-01-22", "abstract": f"Of ${formula}$."}
        for number, formula in enumerate(sample, 1)
    }
    site = site_build.build_site(tree(files(sessions)), lambda _: TODAY).files
    entries = ET.fromstring(site["feed.xml"]).findall("{*}entry")  # noqa: S314 -- our own
    wanted = {plain.clean_line(str(about["title"])) for about in sessions.values()}
    titles = {entry.findtext("{*}title", "") for entry in entries}
    assert titles <= wanted
    assert len(titles) > 40
    events = icalendar.Calendar.from_ical(site["calendar.ics"]).walk("VEVENT")
    assert {str(event["SUMMARY"]) for event in events} == wanted
