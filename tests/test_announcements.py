"""What was announced: a change is announced once, later than what came before it, and never taken back."""

import datetime as dt
import json
import random
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from groups import DAYS, TODAY, Files, built, files, groups, outcome, outline, tree
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import ANNOUNCED_PATH
from readingroom.render import announcements
from readingroom.render import build as job
from readingroom.store import catalogue, generated, revisions
from readingroom.store.revisions import RevisionLog, SessionRevision

BERT: dict[str, Any] = {"title": "Bert", "date": "2024-01-22", "time": "11:00"}
NEXT_DAY = TODAY + dt.timedelta(1)


def group(about: dict[str, Any] | None = None, **more: Any) -> Files:
    """Return a group that has a site and one session."""
    return files({"01-bert": {**BERT, **(about or {})}}, site={"url": "https://example.org"}, **more)


def get_revision(made: Files, folder: str = "01-bert") -> SessionRevision:
    return revisions.read_revisions(tree(made)).revisions[folder]


def then(made: Files, changed: Files, today: dt.date = NEXT_DAY) -> Files:
    """Return a group after another build, with some files changed in between."""
    return built({**made, **changed}, today)


def test_a_session_is_announced_from_the_start_of_the_day_in_the_groups_time_zone() -> None:
    about = get_revision(built(group(time_zone="Pacific/Auckland")))
    assert (about.sequence, about.announced, about.modified) == (0, "2024-01-14T11:00:00Z", "2024-01-14T11:00:00Z")
    assert (about.start, about.duration, about.status, about.room) == ("2024-01-22T11:00", 60, "confirmed", "")


@pytest.mark.parametrize("more", [{}, {"site": {}}])
def test_every_group_keeps_what_it_announced_from_the_first_build_on(more: dict[str, Any]) -> None:
    assert get_revision(built(files({"01-bert": BERT}, **more))).announced == "2024-01-15T00:00:00Z"


def test_what_was_announced_is_kept_by_a_group_that_takes_its_site_away() -> None:
    made = built(group())
    assert built({**made, **files({"01-bert": BERT})})[ANNOUNCED_PATH] == made[ANNOUNCED_PATH]


@pytest.mark.parametrize(
    "change",
    [{"date": "2024-01-29"}, {"time": "12:00"}, {"duration": 30}, {"status": "cancelled"}, {"room": "Enigma"}],
)
def test_a_change_of_the_slot_raises_the_sequence_and_the_moment(change: dict[str, Any]) -> None:
    about = get_revision(then(built(group()), group(change)))
    assert (about.sequence, about.announced, about.modified) == (1, "2024-01-15T00:00:00Z", "2024-01-16T00:00:00Z")


@pytest.mark.parametrize(
    "change", [{"title": "BERT"}, {"kind": "Talk"}, {"abstract": "x"}, {"leads": [{"name": "Ada"}]}]
)
def test_any_other_change_raises_the_moment_alone(change: dict[str, Any]) -> None:
    about = get_revision(then(built(group()), group(change)))
    assert (about.sequence, about.modified) == (0, "2024-01-16T00:00:00Z")


def test_a_file_beside_a_session_is_a_change_and_its_size_is_none() -> None:
    made = built(group())
    with_slides = {**made, "sessions/01-bert/slides.pdf": b"x"}
    changed = get_revision(then(with_slides, {}))
    assert changed.modified == "2024-01-16T00:00:00Z"
    assert get_revision(then(built(with_slides), {"sessions/01-bert/slides.pdf": b"xx"})) == get_revision(
        built(with_slides)
    )


def test_two_changes_on_one_day_are_a_second_apart() -> None:
    made = built(group())
    made = then(made, group({"title": "B"}), TODAY)
    assert get_revision(made).modified == "2024-01-15T00:00:01Z"
    assert get_revision(then(made, group({"title": "C"}), TODAY)).modified == "2024-01-15T00:00:02Z"


def test_a_day_that_goes_back_takes_no_moment_back() -> None:
    about = get_revision(then(built(group()), group({"title": "B"}), TODAY - dt.timedelta(400)))
    assert about.modified == "2024-01-15T00:00:01Z"


def test_a_folder_that_comes_back_does_not_start_again() -> None:
    made = then(built(group()), group({"date": "2024-01-29"}))
    gone = built({path: text for path, text in made.items() if not path.startswith("sessions/01-bert")}, NEXT_DAY)
    assert (get_revision(gone).sequence, get_revision(gone).announced) == (2, "2024-01-15T00:00:00Z")
    back = then(gone, group(), NEXT_DAY + dt.timedelta(1))
    assert (get_revision(back).sequence, get_revision(back).announced) == (3, "2024-01-15T00:00:00Z")


def test_what_never_had_a_date_is_not_announced() -> None:
    made = built(files({"01-a": {"title": "A"}, "02-b": {"title": "B", "status": "proposed"}}, site={}))
    assert revisions.read_revisions(tree(made)).revisions == {}


def test_a_session_that_loses_its_date_is_announced_until_it_becomes_a_shelf() -> None:
    made = built(group())
    made = then(made, {"sessions/01-bert/session.yml": b"title: Bert\nstatus: postponed\n"})
    assert (get_revision(made).sequence, get_revision(made).start, get_revision(made).is_moved) == (1, "", False)
    shelved = then(made, {"sessions/01-bert/session.yml": b"title: Bert\n"}, NEXT_DAY + dt.timedelta(1))
    assert get_revision(shelved) == get_revision(made)
    again = then(made, group({"date": "2024-02-05"}), NEXT_DAY + dt.timedelta(1))
    assert (get_revision(again).sequence, get_revision(again).before, get_revision(again).is_moved) == (
        2,
        "2024-01-22T11:00",
        True,
    )


def test_a_session_that_only_gets_its_time_is_not_moved() -> None:
    without = files({"01-bert": {"title": "Bert", "date": "2024-01-22"}}, site={})
    about = get_revision(then(built(without), group()))
    assert (about.sequence, about.is_moved) == (1, False)


def test_another_time_zone_moves_what_has_a_time() -> None:
    made = built(files({"01-bert": BERT, "02-day": {"date": "2024-01-29"}}, site={}))
    after = then(made, files({}, site={}, time_zone="Europe/Berlin"))
    assert (get_revision(after).sequence, get_revision(after, "02-day").sequence) == (1, 0)


@pytest.mark.parametrize(("old", "new"), [("Asia/Tokyo", "Japan"), ("Europe/London", "Europe/Lisbon")])
def test_another_name_of_the_same_clock_moves_nothing(old: str, new: str) -> None:
    made = built(group(time_zone=old))
    after = then(made, group(time_zone=new))
    assert get_revision(after) == get_revision(made)
    assert revisions.read_revisions(tree(after)).zone == new


def test_a_time_zone_that_nobody_knows_any_more_is_another_clock() -> None:
    for zone in ("Mars/Olympus", "../../etc/passwd", "", "\0"):
        before = revisions.read_revisions(tree(built(group())))
        known = catalogue.read_catalogue(tree(group()))
        after = announcements.update_revisions(RevisionLog(before.id, zone, before.revisions), known, NEXT_DAY)
        assert after.revisions["01-bert"].sequence == bool(zone)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize("day", ["0001-01-01", "1969-01-01", "1970-01-01", "9998-12-31", "9999-12-31"])
def test_what_is_announced_on_any_day_can_be_read_and_changed_again(zone: str, day: str) -> None:
    today = dt.date.fromisoformat(day)
    made = then(built(group(time_zone=zone), today), group({"room": "Enigma"}, time_zone=zone), today)
    assert get_revision(then(made, group({"room": "Turing"}, time_zone=zone), today)).sequence == 2


def test_a_number_that_was_forged_to_the_last_one_stays_there() -> None:
    made = group({"room": "Enigma"})
    made[ANNOUNCED_PATH] = f"# Written manually\n{line(sequence=2**31 - 2, modified='9998-12-31T23:59:59Z')}".encode()
    after = built(made, force=True)
    assert (get_revision(after).sequence, get_revision(after).modified) == (2**31 - 2, "9998-12-31T23:59:59Z")


MOMENTS = st.datetimes(
    *map(dt.datetime.fromisoformat, ("1970-01-01T00:00:00", "9998-12-31T23:59:59")),
).map(lambda moment: f"{moment.isoformat(timespec='seconds')}Z")
REVISIONS = st.builds(
    lambda moments, *rest: SessionRevision(*sorted(moments), *rest),
    st.tuples(MOMENTS, MOMENTS),
    st.sampled_from(["", "2024-01-22", "2024-01-22T11:00", "0001-01-01T00:00", "9999-12-31T23:59"]),
    st.just("0123456789ab"),
    st.integers(0, 2**31 - 2) | st.just(2**31 - 2),
    st.integers(0, 1440),
)
ZONES = st.sampled_from(["UTC", "Asia/Tokyo", "Japan", "Pacific/Kiritimati", "America/Los_Angeles", "Europe/London"])


@given(groups(), st.lists(st.tuples(st.dates(), ZONES), min_size=1, max_size=3), st.lists(REVISIONS, max_size=6))
def test_what_is_written_is_never_refused(
    made: Files, days: list[tuple[dt.date, str]], lines: list[SessionRevision]
) -> None:
    known = catalogue.read_catalogue(tree(made))
    before = RevisionLog("0" * 8 + "-0000-5000-8000-" + "0" * 12, "UTC", {f"{n:02}-s": x for n, x in enumerate(lines)})
    for today, zone in days:
        before = announcements.update_revisions(
            before, replace(known, group=replace(known.group, time_zone=zone)), today
        )
        assert revisions.read_revisions(tree({ANNOUNCED_PATH: revisions.render_revisions(before)})) == before


def test_all_conflicts_of_a_merge_are_reported_at_once_with_their_way_out() -> None:
    made = built(group())
    conflict = b"<<<<<<< HEAD\n%b=======\n%b>>>>>>> main\n"
    for path in (ANNOUNCED_PATH, "README.md"):
        made[path] = conflict % (made[path], made[path])
    for run in (outcome, lambda made: job.check_group(tree(made), lambda _: TODAY)):
        with pytest.raises(Invalid) as caught:
            run(made)
        assert outline(caught.value.problems) == [
            "README.md:1 [file-merge-conflict]",
            f"{ANNOUNCED_PATH}:1 [file-merge-conflict]",
        ]
        assert "run readingroom build" in caught.value.problems[1].hint


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_either_side_of_a_merge_and_a_build_give_what_both_branches_say(side: str) -> None:
    two = files({"01-bert": BERT, "02-gpt": {"title": "Gpt", "date": "2024-02-05"}}, site={})
    base = built(two)
    branches = {
        "ours": {**two, **files({"01-bert": {**BERT, "room": "Enigma"}}, site={})},
        "theirs": {**two, **files({"02-gpt": {"title": "Gpt", "date": "2024-02-12"}}, site={})},
    }
    merged = {**base, "sessions/01-bert/session.yml": branches["ours"]["sessions/01-bert/session.yml"]}
    merged["sessions/02-gpt/session.yml"] = branches["theirs"]["sessions/02-gpt/session.yml"]
    merged[ANNOUNCED_PATH] = then(base, branches[side])[ANNOUNCED_PATH]
    after = built(merged, NEXT_DAY)
    assert (get_revision(after).sequence, get_revision(after, "02-gpt").sequence) == (1, 1)
    assert generated.is_intact(after[ANNOUNCED_PATH])


def test_the_groups_id_stays_whatever_the_group_is_called() -> None:
    made = built(group(repository="https://github.com/example/a"))
    after = then(made, group(name="Another", repository="https://github.com/example/b"))
    known = revisions.read_revisions(tree(made)).id
    assert known == revisions.read_revisions(tree(after)).id
    assert known != revisions.read_revisions(tree(built(group(name="Another")))).id


@settings(max_examples=25)
@given(groups(), groups(), DAYS, DAYS)
def test_nothing_that_was_announced_goes_back(first: Files, second: Files, one: dt.date, other: dt.date) -> None:
    known, changed = (catalogue.read_catalogue(tree(each)) for each in (first, second))
    before = announcements.update_revisions(RevisionLog(), known, one)
    after = announcements.update_revisions(before, changed, other)
    assert (after.id, after.revisions.keys() >= before.revisions.keys()) == (before.id, True)
    for folder, was in before.revisions.items():
        now = after.revisions[folder]
        assert now == was or (now.modified > was.modified and now.sequence >= was.sequence)
        assert now.announced == was.announced
    assert announcements.update_revisions(after, changed, other) == after


@settings(max_examples=25)
@given(groups(), DAYS, st.randoms(use_true_random=False))
def test_the_file_is_the_same_in_any_order_and_reads_back_as_it_was(
    made: Files, today: dt.date, chance: random.Random
) -> None:
    shuffled = list(made.items())
    chance.shuffle(shuffled)
    one, other = (
        announcements.update_revisions(RevisionLog(), catalogue.read_catalogue(tree(each)), today)
        for each in (made, dict(shuffled))
    )
    text = revisions.render_revisions(one)
    assert revisions.render_revisions(other) == text
    assert revisions.read_revisions(tree({ANNOUNCED_PATH: text})) == one
    assert generated.is_intact(text)
    assert yaml.safe_load(text) == json.loads(text.partition(b"\n")[2])


@settings(max_examples=25)
@given(groups(), DAYS)
def test_a_second_build_announces_nothing_new_on_any_day(made: Files, today: dt.date) -> None:
    made = {**made, "readingroom.yml": made["readingroom.yml"] + b"site: {alarm: 5}\n"}
    after = built(made, today)
    assert outcome(after, today).changes == {}
    assert outcome(after, today).kept == []
    assert ANNOUNCED_PATH not in outcome(after, today + dt.timedelta(1)).changes


def test_each_session_has_a_line() -> None:
    made = built(files({f"{n:02}-x": {"date": "2024-01-22", "title": f"{n}"} for n in range(3)}, site={}))
    lines = made[ANNOUNCED_PATH].decode().splitlines()
    assert [line.partition(":")[0] for line in lines[2:5]] == ['"00-x"', '"01-x"', '"02-x"']


def test_ten_thousand_sessions_fit_into_a_file_that_is_read() -> None:
    known = {f"{n:05}-a-session-with-a-name": SessionRevision(MOMENT, MOMENT, "2024-01-22T11:00", DIGEST, 0, 60)
             for n in range(10_000)}  # fmt: skip
    made = revisions.render_revisions(RevisionLog("0" * 8 + "-0000-5000-8000-" + "0" * 12, "Europe/London", known))
    assert len(made) < 2 * 1024 * 1024
    assert revisions.read_revisions(tree({ANNOUNCED_PATH: made})).revisions == known


MOMENT, DIGEST = "2024-01-15T00:00:00Z", "0123456789ab"


def test_a_manually_edited_file_is_reported_and_kept_until_the_build_is_forced() -> None:
    made = built(group())
    made[ANNOUNCED_PATH] = made[ANNOUNCED_PATH].replace(b'"announced": "2024-01-15', b'"announced": "2024-01-10')
    done = outcome(made)
    assert ANNOUNCED_PATH not in done.changes
    assert outline(done.kept) == [f"{ANNOUNCED_PATH}:1 [page-edited]"]
    forced = built(made, force=True)
    assert get_revision(forced).announced == "2024-01-10T00:00:00Z"
    assert outcome(forced).kept == []


def line(**about: Any) -> str:
    """Return the text of a file with one line, in which something else stands."""
    known = {"announced": MOMENT, "start": "2024-01-22T11:00", "rest": DIGEST, **about}
    return json.dumps({"id": "0" * 32, "zone": "UTC", "sessions": {"01-bert": known}}).replace(
        '"01-bert"', '\n"01-bert"'
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[" * 100_000, ""),
        ("[]", ":2"),
        ("", ":2"),
        ('{"zone": "UTC", "sessions": {}}', ":2"),
        ('{"id": "x", "zone": "UTC", "sessions": {}}', ":2 id"),
        ('{"id": "00000000000000000000000000000000",\n"zone": 1, "sessions": {}}', ":3 zone"),
        ('{"id": "00000000000000000000000000000000", "zone": "UTC",\n\n"sessions": []}', ":4 sessions"),
        ('{"version": 0, "id": "00000000000000000000000000000000", "zone": "UTC", "sessions": {}}', ":2 version"),
        ('{"version": "1", "id": "00000000000000000000000000000000", "zone": "UTC", "sessions": {}}', ":2 version"),
        ('{"version": true, "id": "00000000000000000000000000000000", "zone": "UTC", "sessions": {}}', ":2 version"),
        ('{"version": -1, "id": "00000000000000000000000000000000", "zone": "UTC", "sessions": {}}', ":2 version"),
        (line(sequence=-1), ":3 sessions.01-bert.sequence"),
        (line(sequence="1"), ":3 sessions.01-bert.sequence"),
        (line(sequence=True), ":3 sessions.01-bert.sequence"),
        (line(sequence=2**31), ":3 sessions.01-bert.sequence"),
        (line(duration=1.5), ":3 sessions.01-bert.duration"),
        (line(announced="yesterday"), ":3 sessions.01-bert.announced"),
        (line(announced="2024-W01-1T00:00:00Z"), ":3 sessions.01-bert.announced"),
        (line(announced="2024-01-15T00:00:00+01:00"), ":3 sessions.01-bert.announced"),
        (line(announced="2024-02-30T00:00:00Z"), ":3 sessions.01-bert.announced"),
        (line(modified="2023-01-15T00:00:00Z"), ":3 sessions.01-bert.modified"),
        (line(modified="9999-12-31T23:59:59Z"), ":3 sessions.01-bert.modified"),
        (line(start="soon"), ":3 sessions.01-bert.start"),
        (line(start="2024-02-30"), ":3 sessions.01-bert.start"),
        (line(start=5), ":3 sessions.01-bert.start"),
        (line(status="gone"), ":3 sessions.01-bert.status"),
        (line(room=["x"]), ":3 sessions.01-bert.room"),
        (line(rest=None), ":3 sessions.01-bert.rest"),
        (line(addresses="01-bret"), ":3 sessions.01-bert.addresses"),
        (line(addresses=[1]), ":3 sessions.01-bert.addresses[0]"),
        (line(zone=1), ":3 sessions.01-bert.zone"),
        (line(end="late"), ":3 sessions.01-bert.end"),
        (line(changed="room"), ":3 sessions.01-bert.changed"),
    ],
)
def test_a_file_that_is_not_ours_is_a_problem_with_its_place(text: str, place: str) -> None:
    made = group()
    made[ANNOUNCED_PATH] = f"# Written manually\n{text}".encode()
    with pytest.raises(Invalid) as caught:
        outcome(made)
    where, _, key = place.partition(" ")
    assert outline(caught.value.problems) == [f"{ANNOUNCED_PATH}{where} [announced-invalid] {key}".rstrip()]
    assert "git log" in caught.value.problems[0].hint


@pytest.mark.parametrize(
    "about",
    [
        {"room": "\ud800"},
        {"rest": "\udfff"},
        {"new": "\ud800"},
        {"\ud800": 1},
        {"new": [{"a": "\ud800"}]},
        {"new": json.loads("[" * 200 + "]" * 200)},
        {"new": json.loads('{"a":' * 200 + "1" + "}" * 200)},
    ],
)
def test_what_cannot_be_written_again_is_refused(about: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        revisions.read_revisions(tree({ANNOUNCED_PATH: f"# x\n{line(**about)}".encode()}))
    assert outline(caught.value.problems) == [f"{ANNOUNCED_PATH}:3 [announced-invalid] sessions.01-bert"]


def test_all_errors_of_the_file_are_reported_at_once() -> None:
    wrong = {"announced": MOMENT, "start": "2024-01-22", "rest": DIGEST, "sequence": -1, "room": 1}
    text = json.dumps({"id": 1, "zone": "UTC", "sessions": {"01-bert": wrong, "02-gpt": {}}}, indent=1)
    with pytest.raises(Invalid) as caught:
        revisions.read_revisions(tree({ANNOUNCED_PATH: f"# x\n{text}".encode()}))
    keys = ["id", "sessions.01-bert.room", "sessions.01-bert.sequence", "sessions.02-gpt"]
    assert [each.key for each in caught.value.problems] == keys


def test_bytes_that_are_no_text_and_a_file_without_its_first_line_are_problems() -> None:
    for content, number in ((b"# x\n\n\xff\xfe", 3), (b"", 1), (b"# x", 1), (line().encode(), 1)):
        with pytest.raises(Invalid) as caught:
            revisions.read_revisions(tree({ANNOUNCED_PATH: content}))
        assert outline(caught.value.problems) == [f"{ANNOUNCED_PATH}:{number} [announced-invalid]"]
