"""A group keeps its identity: no reader sees a session twice, whatever the group is called and wherever it lives."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from box import Box
from calendars import entries, events
from groups import README, ROOT, TODAY, Files, built, files, outline, read, reported, run, tree, write
from proposals import forge, group
from readingroom.core.diagnostics import Invalid
from readingroom.core.models import Status
from readingroom.core.tree import ANNOUNCED_PATH
from readingroom.github.pages_sync import PAGES_BRANCH, Publisher, fetch_pending_record
from readingroom.io import disk
from readingroom.proposals import preview
from readingroom.render import build
from readingroom.setup import init
from readingroom.site import build as site
from readingroom.store import generated, revisions
from readingroom.store.schema import SchemaName, load_schema

ONE, OTHER = "6f1c0f0e-9b7e-4c53-9c55-0d6a1c2f5e11", "0b0a4d5c-7f57-4d0e-8d3c-2a7a6f0f1c22"
SESSIONS: dict[str, Any] = {
    "01-bert": {"title": "Bert", "date": "2024-01-22", "time": "11:00"},
    "02-gpt": {"title": "Gpt", "date": "2024-01-29"},
}
LATER = TODAY + dt.timedelta(days=40)


def fresh(**about: Any) -> Files:
    return files(SESSIONS, {"README.md": README}, **{"repository": "https://github.com/example/group", **about})


def build_with(made: Files, new_id: str, today: dt.date = TODAY) -> Files:
    """Return all files after a build in which the group gets this id if it has none."""
    changes = build.build_pages(tree(made), lambda _: today, new_id=new_id).changes
    return {path: text for path, text in {**made, **changes}.items() if text is not None}


def get_id(made: Files) -> str:
    return revisions.read_revisions(tree(made)).id


def identify(made: Files, today: dt.date = TODAY) -> list[tuple[Any, ...]]:
    """Return the identities and moments that a site's events and feed entries have for readers."""
    done = site.build_site(tree(made), lambda _: today).files
    return [
        *((each["UID"], each["SEQUENCE"], each["DTSTAMP"].dt) for each in events(done["calendar.ics"])),
        *((each.id, each.updated) for each in entries(done["feed.xml"])),
        (re.findall(r"<id>([^<]*)</id>", done["feed.xml"].decode())[0],),
    ]


# The first build


def test_two_new_groups_of_one_name_have_nothing_in_common() -> None:
    one, other = (identify(build_with(fresh(), new_id)) for new_id in (ONE, OTHER))
    assert {each[0] for each in one} & {each[0] for each in other} == set()


def test_a_group_gets_its_id_once() -> None:
    once = build_with(fresh(), ONE)
    assert (get_id(once), build_with(once, OTHER)) == (ONE, once)
    assert get_id(build_with(once, OTHER, LATER)) == ONE


@pytest.mark.parametrize(
    "change",
    [
        {"repository": "https://github.com/new-owner/renamed"},
        {"name": "Another name"},
        {"site": {"url": "https://example.org"}},
        {"site": {"folder": "_site"}},
        {"time_zone": "Europe/Lisbon"},
    ],
)
@pytest.mark.parametrize("new_id", [ONE, ""])
def test_no_later_change_of_a_group_gives_its_sessions_other_identities_or_moments(
    change: dict[str, Any], new_id: str
) -> None:
    before = build_with(fresh(), new_id)
    changed = {**before, "readingroom.yml": fresh(**change)["readingroom.yml"]}
    assert identify(changed, LATER) == identify(before)
    assert identify(build_with(changed, OTHER, LATER), LATER) == identify(before)


def test_a_group_that_an_earlier_release_built_keeps_the_identities_that_it_may_have_published() -> None:
    published = identify(fresh())
    without = {path: text for path, text in build_with(fresh(), "").items() if path != ANNOUNCED_PATH}
    assert identify(without) == published
    assert identify(build_with(without, ONE)) == published


def test_a_record_without_a_version_is_continued() -> None:
    made = build_with(fresh(site={}), ONE)
    old = made[ANNOUNCED_PATH].partition(b"\n")[2].replace(b'"version": 1, ', b"").decode()
    earlier = {**made, ANNOUNCED_PATH: generated.add_yaml_banner(old, "every session.yml", "file")}
    assert earlier[ANNOUNCED_PATH] != made[ANNOUNCED_PATH]
    assert build_with(earlier, OTHER, LATER)[ANNOUNCED_PATH] == made[ANNOUNCED_PATH]


def test_sessions_that_replace_those_of_a_copied_repository_are_a_group_of_their_own() -> None:
    copy = {path: text for path, text in build_with(fresh(), ONE).items() if not path.startswith("sessions/")}
    own = {**copy, "sessions/01-t5/session.yml": b"title: T5\ndate: 2024-01-22\n"}
    assert get_id(build_with(own, OTHER)) == OTHER


# From the command line


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    return write(tmp_path / "group", fresh())


def publish_site(root: Path, day: dt.date) -> dict[str, bytes]:
    """Return the calendar and the feed that the command site alone makes."""
    done = run(root, "site", "--out", "../site", "--today", str(day))
    assert done.returncode == 0, done.stderr
    return {name: (root.parent / "site" / name).read_bytes() for name in ("calendar.ics", "feed.xml")}


def read_identities(made: dict[str, bytes]) -> list[Any]:
    found = [(str(each["UID"]), each["DTSTAMP"].dt) for each in events(made["calendar.ics"])]
    return [*found, *((each.id, each.updated) for each in entries(made["feed.xml"]))]


@pytest.mark.parametrize("options", [[], ["--keep-ids"]])
def test_a_group_without_an_address_that_renames_its_repository_sends_nobody_anything_twice(
    root: Path, options: list[str]
) -> None:
    alone = read_identities(publish_site(root, TODAY))
    assert run(root, "build", *options, "--today", str(TODAY)).returncode == 0
    before = read_identities(publish_site(root, TODAY))
    assert (before == alone) == bool(options)
    renamed = fresh(repository="https://github.com/example/renamed", name="Renamed")
    write(root, {"readingroom.yml": renamed["readingroom.yml"]})
    assert read_identities(publish_site(root, LATER)) == before
    assert run(root, "build", "--today", str(LATER)).returncode == 0
    assert read_identities(publish_site(root, LATER)) == before


def test_every_new_group_draws_an_id_of_its_own_and_a_second_build_none(root: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", fresh())
    for each in (root, other):
        assert run(each, "build", "--today", str(TODAY)).returncode == 0
    ids = [get_id(read(each)) for each in (root, other)]
    assert len({*ids, get_id(build_with(fresh(), ""))}) == 3
    for each in (root, other):
        assert run(each, "build", "--force", "--today", str(LATER)).returncode == 0
    assert [get_id(read(each)) for each in (root, other)] == ids


@pytest.mark.usefixtures("root")
def test_init_draws_an_id_for_each_group_and_the_next_build_keeps_it(tmp_path: Path) -> None:
    ids = []
    for name in ("one", "two"):
        folder = write(tmp_path / name, {})
        folder.mkdir(exist_ok=True)
        words = ("--name", "Robots", "--time-zone", "Europe/London", "--today", str(TODAY))
        assert run(folder, "init", *words).returncode == 0
        ids.append(get_id(read(folder)))
        assert run(folder, "build", "--today", str(LATER)).returncode == 0
        assert get_id(read(folder)) == ids[-1]
    assert len({*ids, ""}) == 3


def test_a_build_whose_files_are_thrown_away_gives_the_same_identities_each_day(root: Path) -> None:
    ids = set()
    for day in (TODAY, LATER):
        (root / ANNOUNCED_PATH).unlink(missing_ok=True)
        for page in root.glob("sessions/*/README.md"):
            page.unlink()
        assert run(root, "build", "--today", str(day), env={"CI": "true"}).returncode == 0
        ids.add(get_id(read(root)))
    assert ids == {get_id(build_with(fresh(), ""))}


def test_a_first_build_that_is_interrupted_has_written_the_id_that_the_next_one_keeps(tmp_path: Path) -> None:
    made = build_with(fresh(), ONE)
    (tmp_path / "sessions/01-bert/README.md").mkdir(parents=True)  # cannot be replaced by a page
    pages = {path: text for path, text in made.items() if path not in fresh()}
    with pytest.raises(OSError, match="README"):
        disk.write_files(tmp_path, dict(sorted(pages.items(), reverse=True)))
    written = (tmp_path / ANNOUNCED_PATH).read_bytes()
    assert written == made[ANNOUNCED_PATH]
    assert build_with({**fresh(), ANNOUNCED_PATH: written}, OTHER) == made


# Where nothing is kept


def test_check_and_site_say_in_one_line_that_nothing_is_kept_and_a_build_ends_that(root: Path) -> None:
    missing = f"{ANNOUNCED_PATH}: info [announced-missing]"
    for words in (["check"], ["site", "--today", str(TODAY)], ["site", "--today", str(TODAY)]):
        done = run(root, *words)
        assert (done.returncode, reported(done.stderr)) == (0, [missing])
    assert "0 warnings." in run(root, "check").stdout
    assert run(root, "build", "--today", str(TODAY)).returncode == 0
    for words in (["check"], ["site", "--today", str(TODAY)]):
        assert reported(run(root, *words).stderr) == []


def test_a_group_without_sessions_has_nothing_to_keep(tmp_path: Path) -> None:
    assert reported(run(write(tmp_path, files({})), "check").stderr) == []


# A pull request


def compare(before: Files, after: Files) -> list[str]:
    found = preview.compare_trees(tree(before), tree(after), lambda _: TODAY)
    return outline(found.problems)


def test_a_pull_request_may_bring_the_first_id_of_a_group_and_no_other() -> None:
    assert compare(fresh(), build_with(fresh(), ONE)) == []
    kept = build_with(fresh(), ONE)
    assert compare(kept, {**kept, **build_with(fresh(), OTHER)}) == [f"{ANNOUNCED_PATH} [announced-edited]"]


@pytest.mark.parametrize("more", [{"hub": "x"}, {"session": {"addresses": ["01-bret"]}}])
def test_a_pull_request_that_adds_keys_to_the_record_is_refused(more: dict[str, Any]) -> None:
    kept = build_with(fresh(), ONE)
    assert compare(kept, record_with(kept, **more)) == [f"{ANNOUNCED_PATH} [announced-edited]"]
    assert compare(record_with(kept, **more), build_with(record_with(kept, **more), OTHER)) == []


# The action


@pytest.fixture
def box() -> Iterator[Box]:
    fresh_group = {path: text for path, text in group().items() if "README" not in path and path != ANNOUNCED_PATH}
    with Box(fresh_group) as made:
        yield made


def publish(box: Box, mode: str, new_id: str, today: dt.date = TODAY) -> str:
    way = forge(box)
    publisher = Publisher(way, "main", tree(dict(box.files)), lambda _: today, new_id=new_id)
    return str(publisher.publish(mode).state)  # type: ignore[arg-type]


def test_first_runs_at_the_same_time_end_with_one_id(box: Box) -> None:
    ids = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        ended = [each.result() for each in [pool.submit(publish, box, "commit", each) for each in ids]]
    assert ended.count("committed") == 1
    assert get_id(box.tree()) in ids
    kept = get_id(box.tree())
    assert [publish(box, "commit", each) for each in ids] == ["nothing"] * 4
    assert get_id(box.tree()) == kept


def test_a_push_that_brings_an_id_while_the_pages_pull_request_brings_another_wins(box: Box) -> None:
    assert publish(box, "pull-request", ONE) == "proposed"
    box.commit("main", {ANNOUNCED_PATH: build_with(box.tree(), OTHER)[ANNOUNCED_PATH]})
    assert publish(box, "pull-request", "") == "proposed"
    assert get_id(box.tree(PAGES_BRANCH)) == get_id(box.tree()) == OTHER


def test_a_pull_request_that_waits_keeps_its_id_and_its_moments(box: Box) -> None:
    assert publish(box, "pull-request", ONE) == "proposed"
    head, record = box.repository.branches()[PAGES_BRANCH], box.tree(PAGES_BRANCH)[ANNOUNCED_PATH]
    assert publish(box, "pull-request", OTHER) == "proposed"
    assert box.repository.branches()[PAGES_BRANCH] == head
    box.commit("main", {"sessions/02-gpt/session.yml": b"title: Gpt\ndate: 2024-01-29\n"})
    assert publish(box, "pull-request", OTHER, TODAY + dt.timedelta(1)) == "proposed"
    (old, new) = (revisions.read_revisions(tree({ANNOUNCED_PATH: each})) for each in (record, pages_record(box)))
    assert (new.id, new.revisions["01-bert"]) == (ONE, old.revisions["01-bert"])
    assert fetch_pending_record(forge(box)) == pages_record(box)


def pages_record(box: Box) -> bytes:
    return bytes(box.tree(PAGES_BRANCH)[ANNOUNCED_PATH])


def test_a_pull_request_that_a_person_closed_is_not_opened_again_for_another_id(box: Box) -> None:
    assert publish(box, "pull-request", ONE) == "proposed"
    (pull,) = box.state()["pulls"]
    box.close_pull(pull["number"])
    assert publish(box, "pull-request", OTHER, TODAY) == "closed"
    box.emulator.do("DELETE", f"/git/refs/heads/{PAGES_BRANCH}")
    assert publish(box, "pull-request", OTHER, TODAY) == "closed"


@pytest.mark.parametrize("has_token", [True, False])
def test_the_site_is_made_with_the_record_that_waits_in_the_pull_request(
    box: Box, tmp_path: Path, *, has_token: bool
) -> None:
    assert publish(box, "pull-request", ONE) == "proposed"
    root = write(tmp_path / "group", box.tree())
    write(tmp_path, {"event.json": json.dumps({"repository": box.emulator.get("")})})
    token = box.token(contents="read") if has_token else ""
    env = {"READINGROOM_TOKEN": token, "GITHUB_TOKEN": "", "GITHUB_API_URL": box.url, "RUNNER_TEMP": str(tmp_path)}
    words = ("run", "--command", "site", "--today", str(LATER), "--event", str(tmp_path / "event.json"))
    done = run(root, *words, env=env)
    assert (done.returncode, done.stdout.count("announced-missing")) == (0, int(not has_token)), done.stderr
    (path,) = tmp_path.glob("readingroom-site*/calendar.ics")
    (found,) = events(path.read_bytes())
    assert (found["UID"] == f"01-bert@{ONE}", found["DTSTAMP"].dt.date() == TODAY) == (has_token, has_token)
    assert read(root) == box.tree()


# The format


def record_with(made: Files, **about: Any) -> Files:
    """Return a group whose record holds more, as a later release would write it."""
    data = json.loads(made[ANNOUNCED_PATH].partition(b"\n")[2])
    data |= {key: value for key, value in about.items() if key != "session"}
    data["sessions"]["01-bert"] |= about.get("session", {})
    text = json.dumps(data)
    return {**made, ANNOUNCED_PATH: generated.add_yaml_banner(text, "every session.yml", "file")}


LATER_KEYS = {"zone": "Europe/Berlin", "end": "2024-01-22T12:00", "changed": ["room"]}


def test_keys_of_a_later_release_are_kept() -> None:
    more = record_with(
        build_with(fresh(), ONE), hub="x", session={"addresses": ["01-bret"], **LATER_KEYS, "new": {"a": [1, None]}}
    )
    after = build_with(more, OTHER, LATER)
    log = revisions.read_revisions(tree(after))
    assert log.extras == {"hub": "x"}
    assert log.session_extras == {"01-bert": {"new": {"a": [1, None]}}}
    assert log.revisions["01-bert"].addresses == ("01-bret",)
    kept = log.revisions["01-bert"]._asdict()
    assert {key: kept[key] for key in LATER_KEYS if key in kept} == {
        "zone": "Europe/Berlin",
        "end": "2024-01-22T12:00",
        "changed": ("room",),
    }
    assert build_with(after, OTHER, LATER + dt.timedelta(1)) == after
    assert identify(after) == identify(build_with(fresh(), ONE))


def test_a_change_leaves_the_old_addresses_and_drops_what_described_the_last_change() -> None:
    more = record_with(build_with(fresh(), ONE), session={"addresses": ["01-bret"], **LATER_KEYS, "new": 1})
    changed = {**more, "sessions/01-bert/session.yml": b"title: Bert\ndate: 2024-02-05\n"}
    log = revisions.read_revisions(tree(build_with(changed, OTHER, LATER)))
    assert log.session_extras["01-bert"] == {"new": 1}
    found = log.revisions["01-bert"]
    assert (found.sequence, found.zone, found.end, found.changed) == (1, "Europe/Berlin", "", ("start",))
    assert found.addresses == ("01-bret",)


def test_a_record_of_a_later_version_is_reported_and_left_as_it_is(root: Path) -> None:
    newer = record_with(build_with(fresh(), ONE), version=2, sessions_by_id={})
    write(root, newer)
    before = read(root)
    for words in (["check"], ["build"], ["build", "--force"], ["site"]):
        done = run(root, *words)
        assert (done.returncode, reported(done.stderr)) == (1, [f"{ANNOUNCED_PATH}:2: error [announced-newer] version"])
    assert read(root) == before


@pytest.mark.parametrize("version", [2, 10**30])
def test_a_later_version_is_known_as_such_whatever_else_it_holds(version: int) -> None:
    content = f'# x\n{{"version": {version}}}'.encode()
    with pytest.raises(Invalid) as caught:
        revisions.read_revisions(tree({ANNOUNCED_PATH: content}))
    assert outline(caught.value.problems) == [f"{ANNOUNCED_PATH}:2 [announced-newer] version"]


VALUES = {
    "announced": st.sampled_from(["2024-01-15T00:00:00Z", "2024-01-15", "", 5]),
    "modified": st.sampled_from(["2024-01-16T00:00:00Z", "9998-12-31T23:59:59Z", "soon", None]),
    "start": st.sampled_from(["", "2024-01-22", "2024-01-22T11:00", "2024-1-2", "now", 1]),
    "rest": st.sampled_from(["0123456789ab", 1]),
    "sequence": st.sampled_from([0, 2**31 - 2, 2**31 - 1, -1, "1", True]),
    "duration": st.sampled_from([0, 1440, 1441, -1, None]),
    "status": st.sampled_from([*map(str, Status), "gone", 1]),
    "room": st.sampled_from(["", "Enigma", ["x"]]),
    "before": st.sampled_from(["", "2024-01-22", "x"]),
    "addresses": st.sampled_from([[], ["01-bret"], [""], [1], "01-bret", {"01-bret": 1}, None]),
}
RECORDS = st.fixed_dictionaries(
    {key: VALUES[key] for key in ("announced", "start", "rest")},
    optional={key: values for key, values in VALUES.items() if key not in {"announced", "start", "rest"}},
)


BOOKS = st.sampled_from([
    {"ada": ["Ada"]}, {"ada-2": ["Ada", "github:ada"]}, {}, {"ada": []}, {"ada": "Ada"}, {"ada": [1]}, {"Ada": ["Ada"]},
    {"../ada": ["Ada"]}, {"": ["Ada"]}, {"ada\n": ["Ada"]}, ["ada"], None,
])  # fmt: skip


@given(
    RECORDS,
    st.sampled_from([{}, {"version": 1}, {"version": 0}, {"version": "1"}, {"version": None}])
    | st.fixed_dictionaries({}, optional={"kinds": BOOKS, "people": BOOKS}),
)
def test_the_schema_and_the_reader_agree(record: dict[str, Any], version: dict[str, Any]) -> None:
    data = {**version, "id": ONE, "zone": "UTC", "sessions": {"01-bert": record}}
    made = tree({ANNOUNCED_PATH: f"# x\n{json.dumps(data)}".encode()})
    if load_schema(SchemaName.ANNOUNCED).is_valid(data):
        assert revisions.read_revisions(made).id == ONE
    else:
        with pytest.raises(Invalid) as caught:
            revisions.read_revisions(made)
        assert all(each.key for each in caught.value.problems)


def test_every_record_that_is_written_is_valid_by_its_schema() -> None:
    more = record_with(build_with(fresh(), ONE), session=LATER_KEYS)
    for made in (build_with(fresh(), ONE), built(files({})), build_with(more, OTHER)):
        data = json.loads(made[ANNOUNCED_PATH].partition(b"\n")[2])
        assert load_schema(SchemaName.ANNOUNCED).is_valid(data)
        assert data["version"] == revisions.VERSION


@pytest.mark.parametrize(
    ("place", "head"), [((), "Key | What it is |\n"), (("$defs", "session"), "Key | What it is | Default")]
)
def test_the_documentation_lists_every_key_of_the_format(place: tuple[str, ...], head: str) -> None:
    schema = load_schema(SchemaName.ANNOUNCED).document
    for part in place:
        schema = schema[part]
    below = (ROOT / "docs/announced.md").read_text("utf-8").partition(f"| {head}")[2].split("\n\n")[0]
    assert re.findall(r"^\| `([a-z]+)` \|", below, re.MULTILINE) == list(schema["properties"])


def test_the_example_of_the_documentation_is_valid() -> None:
    page = (ROOT / "docs/announced.md").read_text("utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0].encode()
    assert revisions.read_revisions(tree({ANNOUNCED_PATH: example})).revisions["07-bert"].duration == 60


def test_a_new_group_is_set_up_with_the_id_that_it_is_given() -> None:
    options = init.InitOptions({"name": "Robots", "time_zone": "Europe/London"})
    plan = init.plan_init(tree({}), options, lambda _: TODAY, ONE)
    written = {path: text for path, text in plan.changes.items() if text}
    assert get_id(written) == ONE


@pytest.mark.parametrize("folder", ["01-a\r\nATTACH:http://x.org", "../../x", "01-a/../../x", "a b", "", "x" * 81])
def test_a_record_of_what_is_no_folder_is_refused(folder: str) -> None:
    made = build_with(fresh(), ONE)
    data = json.loads(made[ANNOUNCED_PATH].partition(b"\n")[2])
    data["sessions"][folder] = {**data["sessions"]["01-bert"], "withdrawn": "2024-01-20"}
    made[ANNOUNCED_PATH] = generated.add_yaml_banner(json.dumps(data), "every session.yml", "file")
    with pytest.raises(Invalid) as raised:
        revisions.read_revisions(tree(made))
    assert [each.code for each in raised.value.problems] == ["announced-invalid"]
