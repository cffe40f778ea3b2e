"""The main job: which files must change so that every page is right, and which are left to their authors."""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import DAYS, READING, README, TODAY, Files, built, files, groups, outcome, outline, region, tree
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import ANNOUNCED_PATH, FORM_PATH
from readingroom.io import parallel
from readingroom.render import build as job
from rendered import column, page

BERT = {"01-bert": {"title": "Bert", "date": "2024-01-08", "material": READING}}
PAGE = "sessions/01-bert/README.md"
ARCHIVE = "sessions/README.md"


def test_a_form_that_no_issue_can_be_read_with_is_reported_with_the_other_problems() -> None:
    made = files({"01-x": {"titel": "x"}}, {FORM_PATH: "name: x\n"})
    with pytest.raises(Invalid) as caught:
        job.check_group(tree(made), lambda _: TODAY)
    assert outline(caught.value.problems) == [
        f"{FORM_PATH}:1 [form-invalid]",
        "sessions/01-x/session.yml:1 [key-unknown] titel",
    ]
    with pytest.raises(Invalid) as caught:
        job.check_group(tree(files({}, {FORM_PATH: "name: x\n"})), lambda _: TODAY)
    assert outline(caught.value.problems) == [f"{FORM_PATH}:1 [form-invalid]"]


def test_a_first_build_writes_a_page_for_each_session_the_archive_and_the_readme() -> None:
    assert set(outcome(files(BERT)).changes) == {PAGE, ARCHIVE, "README.md", FORM_PATH, ANNOUNCED_PATH}


@pytest.mark.parametrize(
    "others",
    [
        {"README.md": "<!-- readingroom:begin nxt -->\n"},
        {"templates/next.md.j2": "{{ nobody }}"},
        {"templates/next.md.j2": "{% if %}"},
        {"sessions/02-y/session.yml": "tite: x\n"},
    ],
)
def test_check_refuses_what_build_refuses(others: dict[str, str]) -> None:
    made = tree(files(BERT, others))
    found = []
    for command in (job.check_group, job.build_pages):
        with pytest.raises(Invalid) as caught:
            command(made, lambda _zone: TODAY)
        found.append(caught.value.problems)
    assert found[0] == found[1]


@given(groups(), DAYS)
def test_a_second_build_changes_nothing(made: Files, today: dt.date) -> None:
    again = outcome(built(made, today), today)
    assert again.changes == {}
    assert again.kept == []


@settings(max_examples=25)
@given(groups(), DAYS, DAYS)
def test_what_was_built_on_another_day_does_not_matter(made: Files, one: dt.date, other: dt.date) -> None:
    twice, once = built(built(made, one), other), built(made, other)
    for each in (twice, once):
        del each[ANNOUNCED_PATH]  # the record of it
    assert twice == once


@settings(max_examples=25)
@given(groups(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_found_does_not_matter(made: Files, today: dt.date, chance: random.Random) -> None:
    shuffled = list(made.items())
    chance.shuffle(shuffled)
    assert built(dict(shuffled), today) == built(made, today)


def one_by_one(work: Callable[[Sequence[Any]], Any], items: Sequence[Any], least: int = 1) -> list[Any]:
    del least
    return [work([item]) for item in items]


@settings(max_examples=25)
@given(groups(), DAYS)
def test_how_the_work_is_shared_does_not_matter(made: Files, today: dt.date) -> None:
    shared = job.build_pages(tree(made), lambda _zone: today, workers=job.Workers(run_chunks=one_by_one))
    assert shared.changes == outcome(made, today).changes


def test_pages_made_on_several_cores_are_those_made_on_one() -> None:
    day = dt.date(2023, 1, 1)
    made = files(
        {
            f"{n:03}-s": {"title": f"T{n}", "date": str(day + dt.timedelta(n))}
            for n in range(3 * parallel.MIN_CHUNK_SIZE)
        }
    )
    workers = job.Workers(run_chunks=parallel.map_parallel, start_task=parallel.start_task)
    shared = job.build_pages(tree(made), lambda _zone: TODAY, workers=workers)
    assert shared.changes == outcome(made).changes


def test_a_changed_session_changes_its_page_and_the_pages_that_show_it() -> None:
    before = built(files({**BERT, "02-gpt": {"title": "Gpt", "status": "proposed"}}))
    after = {**before, "sessions/01-bert/session.yml": b"title: BERT\ndate: 2024-01-08\n"}
    assert set(outcome(after).changes) == {PAGE, ARCHIVE, "README.md", ANNOUNCED_PATH}


def test_a_day_that_moves_no_session_changes_nothing() -> None:
    assert outcome(built(files(BERT)), TODAY + dt.timedelta(30)).changes == {}


def test_the_day_after_a_session_moves_it_from_upcoming_to_previous() -> None:
    made = files({"01-bert": {"title": "Bert", "date": "2024-01-15"}}, {"README.md": README})
    on, after = built(made, TODAY), built(made, TODAY + dt.timedelta(1))
    assert column(page(region(on, "upcoming")), 1) == ["Bert"]
    assert column(page(region(on, "previous")), 1) == []
    assert column(page(region(after, "upcoming")), 1) == []
    assert column(page(region(after, "previous")), 1) == ["Bert"]


def test_today_is_asked_for_in_the_groups_time_zone() -> None:
    asked = []

    def today(zone: str) -> dt.date:
        asked.append(zone)
        return TODAY

    assert job.build_pages(tree(files(BERT, time_zone="Pacific/Auckland")), today).today == TODAY
    assert asked == ["Pacific/Auckland"]


def test_every_problem_is_reported_at_once_and_nothing_is_to_be_written() -> None:
    wrong = files({"01-a": {"titel": "A"}, "02-b": {"date": "2024-02-30"}}, {"readingroom.yml": "name: A\n"})
    with pytest.raises(Invalid) as caught:
        outcome(wrong)
    assert outline(caught.value.problems) == [
        "readingroom.yml:1 [key-missing]",
        "sessions/01-a/session.yml:1 [key-unknown] titel",
        "sessions/02-b/session.yml:1 [date-invalid] date",
    ]


def test_a_manual_edit_in_a_page_is_reported_with_its_line_and_the_file_to_change() -> None:
    made = built(files(BERT))
    made[PAGE] = made[PAGE].replace(b"A paper", b"A better paper")
    kept = outcome(made)
    assert kept.changes == {}
    (finding,) = kept.kept
    line = made[PAGE].splitlines().index(b"- [A better paper](https://example.org/paper)") + 1
    assert outline([finding]) == [f"{PAGE}:{line} [page-edited]"]
    assert "sessions/01-bert/session.yml" in finding.hint


def test_a_manual_edit_in_the_archive_names_the_session_of_that_row() -> None:
    made = built(files({**BERT, "02-gpt": {"title": "Gpt", "date": "2024-01-01"}}))
    made[ARCHIVE] = made[ARCHIVE].replace(b"[Gpt]", b"[GPT]")
    (finding,) = outcome(made).kept
    assert (finding.file, finding.code) == (ARCHIVE, "page-edited")
    assert "sessions/02-gpt/session.yml" in finding.hint
    assert made[ARCHIVE].splitlines()[finding.line - 1].count(b"[GPT]") == 1


def test_a_manual_edit_is_kept_when_the_session_changes_too() -> None:
    made = built(files(BERT))
    made[PAGE] = made[PAGE].replace(b"A paper", b"A better paper")
    made["sessions/01-bert/session.yml"] = b"title: BERT\ndate: 2024-01-08\n"
    kept = outcome(made)
    assert PAGE not in kept.changes
    assert [(finding.file, finding.code) for finding in kept.kept] == [(PAGE, "page-edited")]


@pytest.mark.parametrize("path", [PAGE, ARCHIVE])
def test_force_replaces_a_page_that_was_edited_manually(path: str) -> None:
    made = built(files(BERT))
    edited = {**made, path: made[path] + b"More.\n"}
    assert outcome(edited).changes == {}
    assert built(edited, force=True) == made


@pytest.mark.parametrize("path", [PAGE, ARCHIVE])
def test_a_page_written_manually_is_not_overwritten(path: str) -> None:
    made = files(BERT, {path: "# Written manually\n"})
    kept = outcome(made)
    assert path not in kept.changes
    assert outline(kept.kept) == [f"{path}:1 [page-occupied]"]
    assert "--force" in kept.kept[0].hint


def test_line_ends_of_windows_in_a_page_are_no_manual_edit() -> None:
    made = {path: content.replace(b"\n", b"\r\n") for path, content in built(files(BERT)).items()}
    made["sessions/01-bert/session.yml"] = b"title: BERT\r\ndate: 2024-01-08\r\n"
    again = outcome(made)
    assert again.kept == []
    assert PAGE in again.changes


def test_a_page_of_a_session_that_is_gone_is_removed() -> None:
    made = built(files({**BERT, "02-gpt": {"title": "Gpt", "date": "2024-01-01"}}))
    del made["sessions/02-gpt/session.yml"]
    assert outcome(made).changes["sessions/02-gpt/README.md"] is None


def test_a_page_that_is_no_longer_needed_but_edited_manually_is_kept_and_reported() -> None:
    made = built(files({"01-a": {"date": "2024-02-01"}, "02-b": {"date": "2024-02-02"}}, upcoming=1))
    made["sessions/upcoming.md"] += b"More.\n"
    later = outcome(made, dt.date(2024, 2, 2))
    assert "sessions/upcoming.md" not in later.changes
    assert outline(later.kept) == ["sessions/upcoming.md:1 [page-obsolete]"]


def test_a_byte_order_mark_and_line_ends_of_windows_in_the_readme_are_kept() -> None:
    readme = "\ufeff" + README.replace("\n", "\r\n")
    after = built(files(BERT, {"README.md": readme}))["README.md"].decode()
    assert after.startswith("\ufeff# A group\r\n")
    assert "[Bert]" in after
    assert "\n" not in after.replace("\r\n", "")
    assert outcome(built(files(BERT, {"README.md": readme}))).changes == {}


def test_a_readme_without_regions_is_left_alone() -> None:
    assert "README.md" not in outcome(files(BERT, {"README.md": "# Ours\n"})).changes


@pytest.mark.parametrize(
    ("readme", "code"),
    [(b"# Gr\xfcn\n", "file-not-utf8"), (b"<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> b\n", "file-merge-conflict")],
)
def test_a_readme_that_cannot_be_filled_safely_is_a_problem(readme: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        outcome(files(BERT, {"README.md": readme}))
    assert outline(caught.value.problems) == [f"README.md:1 [{code}]"]


@pytest.mark.parametrize(
    "title", ["<!-- readingroom:end next -->", "<!-- readingroom:begin upcoming -->", "-->", "```"]
)
def test_a_title_cannot_end_a_region(title: str) -> None:
    made = built(files({"01-s": {"title": title, "date": "2024-02-01"}}, {"README.md": README}))
    assert outcome(made).changes == {}
    assert column(page(region(made, "upcoming")), 1) == [title]
