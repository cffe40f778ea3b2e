"""Each diagnostic: what leads to it, its wording, and how it is switched off."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

import diagnostics
import document_diagnostics
from groups import run, tree
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location, Severity, read_rules
from readingroom.io import sarif
from readingroom.proposals import preview
from readingroom.render import build
from readingroom.store import catalogue, lint
from readingroom.text import characters
from test_cases import write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def test_each_code_has_a_case_and_each_case_a_code() -> None:
    assert {path.name for path in diagnostics.FOLDER.iterdir()} == set(Code) == read_rules().keys()


@pytest.mark.parametrize("code", Code)
def test_what_is_reported_is_worded_as_written_down(code: str) -> None:
    expected = diagnostics.read_expected(code)
    assert expected, "the case does not lead to its diagnostic"
    assert diagnostics.report(code) == expected


@pytest.mark.parametrize("code", Code)
def test_codes_are_words_with_hyphens_and_their_texts_sentences(code: str) -> None:
    rule = read_rules()[Code(code)]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", code)
    assert all(text[0].isupper() and text.endswith(".") for text in (rule.cause, rule.fix))


@pytest.mark.parametrize("code", Code)
def test_only_warnings_can_be_switched_off_and_never_those_about_private_data(code: str) -> None:
    rule = read_rules()[Code(code)]
    assert not rule.is_ignorable or (rule.severity == Severity.WARNING and not code.startswith("private-"))


def test_the_documentation_is_that_of_the_rules() -> None:
    assert document_diagnostics.PAGE.read_text("utf-8") == document_diagnostics.render_page()


GROUP = {"readingroom.yml": b"name: A\ntime_zone: Europe/London\n"}
CLASH = {
    "sessions/01-a/session.yml": b"title: A\ndate: 2027-02-01\n",
    "sessions/02-b/session.yml": b"title: B\ndate: 2027-02-01\n",
}


def codes(files: Mapping[str, bytes]) -> list[str]:
    found = tree({**GROUP, **CLASH, **files})
    return [each.code for each in lint.lint_catalogue(catalogue.read_catalogue(found), found)]


def test_a_warning_is_switched_off_for_the_group() -> None:
    assert codes({}) == ["session-clash"]
    assert codes({"readingroom.yml": GROUP["readingroom.yml"] + b"ignore: [session-clash]\n"}) == []


@pytest.mark.parametrize(
    "comment",
    ["# readingroom: ignore session-clash", "  #readingroom:ignore session-clash, session-unlisted # why"],
)
def test_a_warning_is_switched_off_in_one_file_by_a_comment(comment: str) -> None:
    for position in (b"%s\ntitle: B\ndate: 2027-02-01\n", b"title: B\ndate: 2027-02-01\n%s"):
        assert codes({"sessions/02-b/session.yml": position % comment.encode()}) == []
    assert codes({"sessions/01-a/session.yml": CLASH["sessions/01-a/session.yml"] + comment.encode()}) == [
        "session-clash"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "room: Enigma {}\n",
        "room: Enigma\t{}\n",
        "room: 'Enigma' {}\r\n",
        "leads: [{{name: Ada}}] {}\n",
        "leads: {}\n  - name: Ada\n",
        "leads: [{{name: Ada}}, {}\n  {{name: Bo}}]\n",
        "abstract: | {}\n  a\n",
        "abstract: >- {}\n  a\n",
        "abstract: |\n  a\n {}\n",
        'room: "a\u2028b" {}\n',
        "room: a\x85{}\n",
    ],
)
def test_such_a_comment_may_end_a_line(line: str) -> None:
    session = CLASH["sessions/02-b/session.yml"].decode() + line.format("# readingroom: ignore session-clash, time")
    found = tree({**GROUP, **CLASH, "sessions/02-b/session.yml": session.encode()})
    (unknown,) = lint.lint_catalogue(catalogue.read_catalogue(found), found)
    comment_line = next(n for n, text in enumerate(characters.split_yaml_lines(session), 1) if "readingroom" in text)
    assert (unknown.code, unknown.line) == ("ignore-invalid", comment_line)


@pytest.mark.parametrize(
    "value",
    [
        "abstract: |\n  # readingroom: ignore session-clash\n",
        'abstract: "a\n\n  # readingroom: ignore session-clash"\n',
        "abstract: 'a\n  # readingroom: ignore session-clash\n  b'\n",
        "abstract: >-\n\n  # readingroom: ignore session-clash\n",
        'abstract: "# readingroom: ignore session-clash"\n',
        'abstract: "a # readingroom: ignore session-clash"\n',
        "abstract: 'a\n  b # readingroom: ignore session-clash\n  b'\n",
        "abstract: |\n  a # readingroom: ignore session-clash\n",
        "leads: [{name: 'a # readingroom: ignore session-clash'}]\n",
        "room: 'a' # why # readingroom: ignore session-clash\n",
        "# as in # readingroom: ignore session-clash\n",
        *(
            f'room: "a{line_break}b"\nabstract: |\n  # readingroom: ignore session-clash\n'
            for line_break in ("\r", "\x85", "\u2028", "\u2029")
        ),
    ],
)
def test_a_value_that_looks_like_such_a_comment_switches_nothing_off(value: str) -> None:
    assert codes({"sessions/02-b/session.yml": CLASH["sessions/02-b/session.yml"] + value.encode()}) == [
        "session-clash"
    ]


def test_an_unknown_code_and_one_that_is_always_reported_are_named() -> None:
    ignored = b"ignore: [session-clash, session-clahs, private-email, yaml-syntax]\n"
    assert codes({"readingroom.yml": GROUP["readingroom.yml"] + ignored}) == ["ignore-invalid"] * 3
    comment = b"# readingroom: ignore page-edited\n"
    assert codes({"sessions/02-b/session.yml": comment + b"title: B\ndate: 2027-02-08\n"}) == ["ignore-invalid"]


def test_private_data_is_reported_whatever_is_switched_off() -> None:
    ignored = GROUP["readingroom.yml"] + b"ignore: [private-email]\n"
    session = b"title: B\ndate: 2027-02-08\nabstract: ada@example.org\n# readingroom: ignore private-email\n"
    found = tree({**GROUP, "readingroom.yml": ignored, "sessions/02-b/session.yml": session})
    assert [each.code for each in build.check_group(found, lambda _: diagnostics.TODAY)] == [
        "ignore-invalid",
        "private-email",
    ]


def test_a_pull_request_lists_the_warnings_that_it_switches_off() -> None:
    before = tree({**GROUP, **CLASH})
    ignored = GROUP["readingroom.yml"] + b"ignore: [session-weekday-unusual]\n"
    comment = CLASH["sessions/02-b/session.yml"] + b"# readingroom: ignore session-clash\n"
    after = tree({**GROUP, **CLASH, "readingroom.yml": ignored, "sessions/02-b/session.yml": comment})
    summary = preview.compare_trees(before, after, lambda _: diagnostics.TODAY).summary
    assert "### Warnings that this switches off" in summary
    assert "readingroom.yml: session-weekday-unusual" in summary
    assert "sessions/02-b/session.yml: session-clash" in summary
    assert "switches off" not in preview.compare_trees(after, before, lambda _: diagnostics.TODAY).summary


@pytest.mark.parametrize("code", ["session-clash", "yaml-syntax", "import-skipped", "folder-without-session"])
def test_sarif_is_what_its_schema_asks_for(code: str) -> None:
    where = Location("sessions/01-a/session.yml", 3, 2, "leads[0]")
    found = [Diagnostic(where, Code(code), "found x.", "Remove it."), Diagnostic(Location("a"), Code(code), "y.")]
    log = sarif.build_sarif_log(found)
    (run,) = log["runs"]
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == [code]
    first, second = run["results"]
    assert first["ruleId"] == code
    assert first["message"]["text"] == "leads[0]: found x. Remove it."
    physical = first["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": where.file}, "region": {"startLine": 3, "startColumn": 2}}
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert first["level"] in {"error", "warning", "note"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("sessions/01 a#b/100%.pdf", "sessions/01%20a%23b/100%25.pdf"),
        ("sessions/01-ü", "sessions/01-%C3%BC"),
        ("sessions/\udcff", "sessions/%FF"),
        ("c:a?b", "c%3Aa%3Fb"),
    ],
)
def test_sarif_names_files_as_addresses(path: str, uri: str) -> None:
    found = [Diagnostic(Location(path), Code.FILE_UNREADABLE, "is a link.")]
    (result,) = sarif.build_sarif_log(found)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_the_formats_of_a_check_say_the_same(tmp_path: Path) -> None:
    write({"folder": diagnostics.FOLDER / "session-clash"}, tmp_path)
    run(tmp_path, "build")
    made = {form: run(tmp_path, "check", "--format", form) for form in ("text", "json", "github", "sarif")}
    assert {each.returncode for each in made.values()} == {0}
    (record,) = json.loads(made["json"].stdout)["diagnostics"]
    assert (record["code"], record["severity"], record["line"]) == ("session-clash", "warning", 2)
    assert made["text"].stderr.splitlines() == diagnostics.read_expected("session-clash")
    assert "::warning file=sessions/02-graphs/session.yml,line=2,title=session-clash::" in made["github"].stdout
    assert json.loads(made["sarif"].stdout)["runs"][0]["results"][0]["ruleId"] == "session-clash"
