"""Every folder in tests/cases: what a small group's files must lead to. The README there has the form."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest

from calendars import PROPERTIES, announced, cells, entries, events, lines
from groups import run, stamps
from readingroom.core.diagnostics import Invalid
from readingroom.io import disk
from readingroom.render import build
from readingroom.site import calendar, csv_table, feed, json_data
from readingroom.store import generated
from rendered import headings, page, targets, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from readingroom.core.diagnostics import Diagnostic
    from readingroom.render.build import BuildResult

FOLDER = Path(__file__).parent / "cases"
CONFIGURATION = "name: Cases\ntime_zone: Europe/London\n"
NOW = "2026-03-01T12:00:00+00:00"

Case = dict[str, Any]


def _read(folder: Path) -> Case:
    return {"folder": folder, **json.loads((folder / "expected.json").read_text("utf-8"))}


CASES = [_read(path.parent) for path in sorted(FOLDER.glob("*/expected.json"))]
REFUSED = [case for case in CASES if "errors" in case]
ACCEPTED = [case for case in CASES if "errors" not in case]
KEYS = frozenset(
    {"folder", "errors", "together", "warnings", "now", "shows", "links", "headings", "never", "never_written"}
    | {"events", "entries", "cells"}
)
# What may stand on a page: nothing here loads or runs anything.
TAGS = frozenset(
    [
        "html",
        "head",
        "body",
        "h1",
        "h2",
        "h3",
        "p",
        "a",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "del",
        "code",
        "pre",
        "blockquote",
        "hr",
        "br",
    ]
)


def name(case: Case) -> str:
    return str(case["folder"].name)


def write(case: Case, root: Path) -> Path:
    """Write the files of a case's group; its make.json describes those that Git would not keep as they are."""
    if (case["folder"] / "group").is_dir():
        shutil.copytree(case["folder"] / "group", root, dirs_exist_ok=True)
    make = case["folder"] / "make.json"
    for path, about in json.loads(make.read_text("utf-8")).items() if make.exists() else ():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        _make(root / path, about)
    configuration = root / "readingroom.yml"
    if not configuration.exists() and not (case["folder"] / "no-configuration").exists():
        configuration.parent.mkdir(parents=True, exist_ok=True)
        configuration.write_text(CONFIGURATION)
    return root


def _make(path: Path, about: Mapping[str, Any]) -> None:
    if "link" in about:
        path.symlink_to(about["link"])
    elif "pipe" in about:
        os.mkfifo(path)
    elif "folder" in about:
        path.mkdir()
    elif "size" in about:
        path.touch()
        os.truncate(path, about["size"])
    elif "bytes" in about:
        path.write_bytes(about["bytes"].encode("latin-1"))
    else:
        unit, times = about.get("then", ("", 0))
        path.write_bytes(f"{about['text']}{unit * times}{about.get('end', '')}".encode())


def result(root: Path, now: str = NOW) -> BuildResult:
    moment = dt.datetime.fromisoformat(now)
    return build.build_pages(disk.read_tree(root), lambda zone: moment.astimezone(ZoneInfo(zone)).date())


def assert_reported(diagnostics: Iterable[Diagnostic], wanted: Sequence[Mapping[str, Any]]) -> None:
    """Assert that the diagnostics are those wanted; the wording of each code has a case in tests/diagnostics."""
    found = [(each.file, each.line, each.key, each.code) for each in sorted(diagnostics)]
    assert found == [(each["file"], each["line"], each.get("key", ""), each["code"]) for each in wanted]


@pytest.mark.parametrize("case", REFUSED, ids=name)
def test_refused_group_gets_every_problem_with_its_line(case: Case, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        result(write(case, tmp_path))
    assert_reported(refusal.value.problems, case["errors"])


@pytest.mark.parametrize("case", ACCEPTED, ids=name)
def test_accepted_group_gets_its_pages(case: Case, tmp_path: Path) -> None:
    root = write(case, tmp_path)
    outcome = result(root, case.get("now", NOW))
    assert_reported([*outcome.findings, *outcome.kept], case.get("warnings", ()))
    disk.write_files(root, outcome.changes)
    assert result(root, case.get("now", NOW)).changes == {}
    written = disk.read_tree(root).contents
    assert_shown(case, {path: text.decode() for path, text in written.items() if path.endswith(".md")})


def assert_shown(case: Case, pages: Mapping[str, str]) -> None:
    """Assert what a page shows, where its links lead, and that nothing in it loads, runs or hides anything."""
    for path, wanted in case.get("shows", {}).items():
        shown = {text(element) for element in page(pages[path]).iter()}
        assert [words for words in wanted if words not in shown] == [], pages[path]
    for path, wanted in case.get("links", {}).items():
        assert [unquote(target) for target in targets(page(pages[path]))] == wanted
    for path, wanted in case.get("headings", {}).items():
        assert [text(heading) for heading in headings(page(pages[path]))] == wanted
    for words in case.get("never", ()):
        assert [path for path, markdown in pages.items() if words in text(page(markdown))] == []
    for words in case.get("never_written", ()):
        assert [path for path, markdown in pages.items() if words in markdown] == []
    for markdown in (each for each in pages.values() if generated.has_banner(each.encode())):
        # The one comment is our own: it keeps a list from being joined to the one before it.
        shown = page(markdown.replace("<!-- section -->\n", ""))
        assert {element.tag for element in shown.iter()} <= TAGS
        assert all(re.match(r"https?://|mailto:|[^:]*\Z", link, re.IGNORECASE) for link in targets(page(markdown)))


@pytest.mark.parametrize("case", ACCEPTED, ids=name)
def test_accepted_group_gets_its_calendar_its_feed_and_its_data(case: Case, tmp_path: Path) -> None:
    outcome = result(write(case, tmp_path), case.get("now", NOW))
    known, log = outcome.catalogue, announced(outcome.catalogue, outcome.today)
    planned = calendar.render_calendars(known, log, outcome.today)["calendar-all.ics"]
    found = {
        "events": events(planned),
        "entries": entries(feed.render_feeds(known, log)["feed.xml"]),
        "cells": cells(csv_table.render_csv(known)["sessions.csv"]),
    }
    for key in found.keys() & case.keys():
        shown = [{each: plain(one[each]) for each in wanted} for one, wanted in zip(found[key], case[key], strict=True)]
        assert shown == case[key]
    assert_links(json.loads(json_data.render_json_files(known, log)["sessions.json"]))
    assert {re.split("[:;]", line)[0] for line in lines(planned)} <= PROPERTIES


def plain(value: Any) -> str:
    return value.to_ical().decode() if hasattr(value, "dt") else str(value)


def assert_links(value: Any) -> None:
    """Assert that whatever the data calls an address may be followed."""
    for key, below in value.items() if isinstance(value, dict) else ():
        if key == "url":
            assert re.match(r"https?://|mailto:", below, re.IGNORECASE)
        assert_links(below)
    for below in value if isinstance(value, list) else ():
        assert_links(below)


def alone(case: Case) -> bool:
    """Return whether a case's problems stay the same in another group, beside the sessions of other cases."""
    files = [each["file"] for each in case["errors"]]
    if "together" in case or (case["folder"] / "group/readingroom.yml").exists():
        return False
    return all(re.fullmatch(r"sessions/[^/]+/session\.yml", file) for file in files)


def test_check_reports_every_problem_of_all_cases_in_one_run(tmp_path: Path) -> None:
    group, wanted = tmp_path / "group", []
    for number, case in enumerate(filter(alone, REFUSED), 1):
        one = write(case, tmp_path / name(case))
        for folder in sorted((one / "sessions").iterdir()):
            new = f"{number:03}{folder.name}"
            shutil.copytree(folder, group / "sessions" / new, symlinks=True)
            old = f"sessions/{folder.name}/session.yml"
            wanted += [
                {**each, "file": f"sessions/{new}/session.yml"} for each in case["errors"] if each["file"] == old
            ]
    (group / "readingroom.yml").write_text(CONFIGURATION)
    before = stamps(group)
    done = run(group, "check", "--format", "json")
    found = json.loads(done.stdout)["diagnostics"]
    assert (done.returncode, done.stderr) == (1, "")
    assert [(each["file"], each["line"], each["code"]) for each in found] == [
        (each["file"], each["line"], each["code"]) for each in wanted
    ]
    assert stamps(group) == before


@pytest.mark.parametrize(
    "case", [case for case in REFUSED if name(case)[:3] in {"a15", "a16", "a23", "f86", "z20"}], ids=name
)
def test_build_of_a_refused_group_says_so_and_writes_nothing(case: Case, tmp_path: Path) -> None:
    root = write(case, tmp_path / "group")
    before = sorted(root.rglob("*"))
    done = run(root, "build", "--root", str(root))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith("nothing was written.\n")
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize("case", CASES, ids=name)
def test_case_is_named_and_described_in_the_form_that_the_readme_gives(case: Case) -> None:
    assert re.fullmatch(r"[a-z][0-9]{2,3}(-[a-z0-9]+)+", name(case))
    assert case.keys() - KEYS == set()
    assert {path.name for path in case["folder"].iterdir()} <= {"expected.json", "make.json", "group"}
