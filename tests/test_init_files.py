"""What init makes of a folder: a group whose pages are right, and nothing of what was there is lost."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from groups import ROOT, TODAY, Data, Files, files, groups, outcome, outline, region, tree
from readingroom import __version__
from readingroom.core.diagnostics import Diagnostic, Invalid
from readingroom.core.tree import FORM_PATH, WORKFLOW_PATH
from readingroom.github import urls
from readingroom.render import build
from readingroom.setup import init
from readingroom.setup.init import InitOptions, InitPlan
from readingroom.store import catalogue
from strategies import GROUPS, TEXTS

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAMED = {"name": "Quiet Readers", "time_zone": "Europe/London"}
WISH = InitOptions(NAMED, commit=COMMIT)
FIRST = "sessions/01-our-first-session"
OURS = "# Quiet Readers\n\nWe read on Mondays.\n\n## Schedule\n\n| Date | Topic |\n| - | - |\n| 12/08 | Bert |\n"
ALL = frozenset(init.REPLACEABLE)


def planned(made: Files, wish: InitOptions = WISH, today: dt.date = TODAY) -> InitPlan:
    return init.plan_init(tree(made), wish, lambda _zone: today)


def after(made: Files, wish: InitOptions = WISH) -> Files:
    """Return all files as they are once the plan is carried out."""
    changed = {**made, **planned(made, wish).changes}
    return {path: content for path, content in changed.items() if content is not None}


def configuration(made: Files) -> dict[str, Any]:
    return dict(yaml.safe_load(made["readingroom.yml"]))


def errors(made: Files, wish: InitOptions = WISH) -> list[Diagnostic]:
    with pytest.raises(Invalid) as caught:
        planned(made, wish)
    return caught.value.problems


def kept(made: Files, wish: InitOptions = WISH) -> list[str]:
    return outline(planned(made, wish).kept)


# From nothing


def test_an_empty_folder_becomes_a_group() -> None:
    assert sorted(after({})) == [
        FORM_PATH,
        WORKFLOW_PATH,
        ".gitignore",
        "README.md",
        "readingroom.yml",
        f"{FIRST}/README.md",
        f"{FIRST}/session.yml",
        "sessions/README.md",
        "sessions/announced.yml",
    ]


def test_what_is_made_is_complete_and_valid() -> None:
    made = after({})
    assert build.check_group(tree(made), lambda _zone: TODAY) == []
    assert outcome(made).changes == {}


def test_the_groups_file_says_what_was_given_and_explains_the_rest() -> None:
    wish = InitOptions(
        {**NAMED, "day": "Tuesday", "time": "16:00", "room": "Attic"}, origin="https://github.com/me/group"
    )
    made = after({}, wish)
    assert configuration(made) == {**wish.group, "repository": wish.origin}
    lines = made["readingroom.yml"].decode().splitlines()
    assert lines[0].startswith("# yaml-language-server: $schema=https://")
    assert "# The order of the archive: newest-first or oldest-first." in lines
    assert not any(line.startswith("# time: ") for line in lines)


def test_a_repository_that_is_given_goes_before_the_one_that_git_knows() -> None:
    given = "https://github.example.org/us/group"
    made = after({}, InitOptions({**NAMED, "repository": given}, origin="https://github.com/me/group"))
    assert configuration(made)["repository"] == given


@pytest.mark.parametrize(("day", "date"), [("", "2024-01-16"), ("Monday", "2024-01-22"), ("Sunday", "2024-01-21")])
def test_the_first_session_is_not_certain_and_on_the_next_usual_day(day: str, date: str) -> None:
    made = after({}, replace(WISH, group={**NAMED, "day": day, "room": "Attic"}))
    session = yaml.safe_load(made[f"{FIRST}/session.yml"])
    assert (str(session["date"]), session["status"], session["room"]) == (date, "tbc", "Attic")
    assert "Our first session" in region(made, "next")


def test_there_is_a_next_day_at_the_end_of_time() -> None:
    made = planned({}, replace(WISH, group={**NAMED, "day": "Monday"}), dt.date.max)
    assert b"date: 9999-12-31" in (made.changes[f"{FIRST}/session.yml"] or b"")


def test_a_group_that_has_a_session_gets_no_example() -> None:
    made = after(files({"07-bert": {"title": "Bert", "date": "2024-01-22"}}))
    assert [path for path in made if path.endswith("/session.yml")] == ["sessions/07-bert/session.yml", FORM_PATH]


def test_a_groups_own_template_of_a_readme_is_used() -> None:
    made = after(
        {"templates/readme.md.j2": b"# Us\n\n<!-- readingroom:begin next -->\n<!-- readingroom:end next -->\n"}
    )
    assert made["README.md"].startswith(b"# Us\n")


# The workflow


def steps(text: str, job: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load(text)["jobs"][job]["steps"])


def test_the_workflow_is_the_packages_own_with_the_action_pinned() -> None:
    template = (ROOT / "workflow/readingroom.yml").read_text(encoding="utf-8")
    pinned = f"readingroom/readingroom@{COMMIT} # v{__version__}"
    wanted = template.replace("readingroom/readingroom@v1", pinned).replace("17 3 * * *", "17 0 * * *")
    assert after({})[WORKFLOW_PATH].decode() == wanted
    assert template.count("readingroom/readingroom@v1") == 6


@pytest.mark.parametrize(
    ("zone", "daily"),
    [
        ("UTC", "17 0"),
        ("Europe/London", "17 0"),
        ("Europe/Berlin", "17 23"),
        ("America/New_York", "17 5"),
        ("America/Los_Angeles", "17 8"),
        ("Australia/Sydney", "17 14"),
        ("Asia/Kolkata", "47 18"),
    ],
)
def test_the_daily_run_comes_soon_after_the_groups_midnight(zone: str, daily: str) -> None:
    wish = replace(WISH, group={**WISH.group, "time_zone": zone})
    text = (planned({}, wish).changes[WORKFLOW_PATH] or b"").decode()
    assert f'cron: "{daily} * * *"' in text
    there = {**after({}, wish)}
    assert WORKFLOW_PATH not in planned(there, wish).changes


def test_the_action_publishes_by_pull_request_in_the_job_of_the_pages_alone() -> None:
    plain, changed = init.render_workflow(COMMIT), init.render_workflow(COMMIT, "pull-request")
    assert steps(changed, "pages")[-1] == {**steps(plain, "pages")[-1], "with": {"publish": "pull-request"}}
    for job in ("site", "propose", "check"):
        assert steps(changed, job) == steps(plain, job)


def test_without_a_commit_the_action_is_named_by_its_tag_and_that_is_reported() -> None:
    plan = planned({}, InitOptions(NAMED))
    assert f"uses: readingroom/readingroom@v{__version__}\n".encode() in (plan.changes[WORKFLOW_PATH] or b"")
    assert outline(plan.findings) == [f"{WORKFLOW_PATH} [workflow-unpinned]"]
    assert f"the tag v{__version__}" in plan.findings[0].message
    assert planned({}).findings == []


def test_a_commit_that_is_no_releases_is_not_called_one_and_that_is_reported() -> None:
    plan = planned({}, replace(WISH, is_release=False))
    text = (plan.changes[WORKFLOW_PATH] or b"").decode()
    assert text.count(f"uses: readingroom/readingroom@{COMMIT} # unreleased\n") == 6
    assert f"# v{__version__}" not in text
    assert outline(plan.findings) == [f"{WORKFLOW_PATH} [workflow-unpinned]"]
    assert "by the commit" in plan.findings[0].message


def test_a_workflow_that_publishes_by_pull_request_goes_on_to_when_it_is_replaced() -> None:
    made = after({}, replace(WISH, publish="pull-request"))
    assert planned(made).kept == []
    newer = replace(WISH, commit="f" * 40, to_replace=ALL)
    assert after(made, newer)[WORKFLOW_PATH].decode() == init.render_workflow(
        "f" * 40, "pull-request", zone="Europe/London"
    )
    assert after(made, replace(newer, publish="commit"))[WORKFLOW_PATH].decode() == init.render_workflow(
        "f" * 40, zone="Europe/London"
    )


# What is there


def test_a_second_time_changes_nothing() -> None:
    made = after({})
    assert planned(made) == InitPlan(planned({}).group, {}, [], [])


@pytest.mark.parametrize(
    "wish", [InitOptions(), InitOptions(NAMED), InitOptions({"name": "Quiet Readers"}, origin="https://github.com/a/b")]
)
def test_a_second_time_needs_no_answers(wish: InitOptions) -> None:
    assert planned(after({}), replace(wish, commit=COMMIT)).changes == {}


def test_a_group_that_is_there_gets_what_it_lacks_and_keeps_its_files() -> None:
    own = files({"07-bert": {"title": "Bert", "date": "2024-01-22"}}, day="Friday")
    made = after(own, InitOptions(commit=COMMIT))
    assert {path: made[path] for path in own} == own
    assert set(made) - set(own) == {
        FORM_PATH,
        WORKFLOW_PATH,
        ".gitignore",
        "README.md",
        "sessions/07-bert/README.md",
        "sessions/README.md",
        "sessions/announced.yml",
    }


def test_a_groups_file_that_says_something_else_is_kept_and_reported() -> None:
    own = files({"07-bert": {"title": "Bert"}}, kinds=["Talk"])
    wish = replace(WISH, group={"name": "Robots in Disguise", "day": "Friday"})
    assert kept(own, wish) == ["readingroom.yml [setup-file-kept]"]
    assert after(own, wish)["readingroom.yml"] == own["readingroom.yml"]


def test_a_groups_file_that_may_be_replaced_keeps_what_was_not_said() -> None:
    own = files({"07-bert": {"title": "Bert"}}, kinds=["Talk"], time="11:00")
    made = after(own, replace(WISH, group={"day": "Friday", "time": "12:00"}, to_replace=ALL))
    assert configuration(made) == {
        "name": "Robots in Disguise",
        "time_zone": "Europe/London",
        "day": "Friday",
        "time": "12:00",
        "kinds": ["Talk"],
    }


def test_a_groups_file_that_says_the_same_keeps_its_comments_whatever_may_be_replaced() -> None:
    own = {"readingroom.yml": b"# ours\nname: Quiet Readers\ntime_zone: Europe/London\n"}
    assert after(own, replace(WISH, to_replace=ALL))["readingroom.yml"] == own["readingroom.yml"]


@pytest.mark.parametrize(
    ("path", "own", "warning"),
    [
        (WORKFLOW_PATH, b"on: push\n", f"{WORKFLOW_PATH} [setup-file-kept]"),
        (WORKFLOW_PATH, b"", f"{WORKFLOW_PATH} [setup-file-kept]"),
        (FORM_PATH, b'name: "x"\nbody: [{type: input, attributes: {label: x}}]\n', f"{FORM_PATH}:1 [page-occupied]"),
    ],
)
def test_a_file_that_differs_is_kept_and_reported_unless_it_may_be_replaced(
    path: str, own: bytes, warning: str
) -> None:
    made = after({path: own})
    assert (made[path], kept({path: own})) == (own, [warning])
    replaced = replace(WISH, to_replace=frozenset({path}))
    assert (after({path: own}, replaced)[path], kept({path: own}, replaced)) == (after({})[path], [])


@pytest.mark.parametrize("path", [WORKFLOW_PATH, FORM_PATH])
def test_a_file_that_differs_in_line_ends_alone_is_the_same(path: str) -> None:
    made = after({})
    own = {**made, path: made[path].replace(b"\n", b"\r\n")}
    assert kept(own) == []


def test_a_page_that_was_edited_manually_is_kept_and_reported() -> None:
    made = after({})
    own = {**made, f"{FIRST}/README.md": made[f"{FIRST}/README.md"] + b"Mine.\n"}
    line = own[f"{FIRST}/README.md"].count(b"\n")
    assert kept(own, replace(WISH, to_replace=ALL)) == [f"{FIRST}/README.md:{line} [page-edited]"]


# README.md


def test_a_readme_gets_its_regions_and_they_are_filled() -> None:
    made = after({"README.md": OURS.encode()})
    assert made["README.md"].decode().startswith(f"{OURS}\n## Next session\n")
    assert "Our first session" in region(made, "upcoming")
    assert outcome(made).changes == {}


@pytest.mark.parametrize("place", ["top", "bottom", "after: Schedule"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_the_first_bytes_of_a_readme_stay(place: str, mark: bytes) -> None:
    own = mark + OURS.replace("\n", "\r\n").encode()
    made = after({"README.md": own}, replace(WISH, place=place))["README.md"]
    assert made.count(b"\n") == made.count(b"\r\n")
    assert made.startswith(own[:30])
    assert set(own.split(b"\r\n")) <= set(made.split(b"\r\n"))


def test_a_readme_stays_as_it_is_where_that_is_said() -> None:
    assert after({"README.md": OURS.encode()}, replace(WISH, place="none"))["README.md"] == OURS.encode()


def test_a_readme_that_has_a_region_gets_no_other() -> None:
    own = f"{OURS}\n<!-- readingroom:begin previous -->\n<!-- readingroom:end previous -->\n"
    made = after({"README.md": own.encode()}, replace(WISH, place="after: no such heading"))["README.md"]
    assert made.startswith(OURS.encode())
    assert b"begin next" not in made


def test_whether_a_place_is_needed_is_known() -> None:
    assert init.needs_readme_regions(tree({"README.md": OURS.encode()}))
    assert not init.needs_readme_regions(tree({}))
    assert not init.needs_readme_regions(tree(after({})))
    assert not init.needs_readme_regions(tree({"README.md": b"\xff"}))


def test_what_is_wrong_with_a_place_is_known() -> None:
    found = tree({"README.md": OURS.encode()})
    assert init.find_placement_error(found, "after: Schedule") == ""
    assert init.find_placement_error(found, "after: Shedule").startswith('README.md has no heading "Shedule". Did you')


# .gitignore


@pytest.mark.parametrize(
    ("own", "made"),
    [
        (None, b".venv/\n.readingroom-*\n_site/\n"),
        (b"", b".venv/\n.readingroom-*\n_site/\n"),
        (b"*.pyc\n", b"*.pyc\n.venv/\n.readingroom-*\n_site/\n"),
        (b"*.pyc", b"*.pyc\n.venv/\n.readingroom-*\n_site/\n"),
        (b"*.pyc\r\nx", b"*.pyc\r\nx\r\n.venv/\r\n.readingroom-*\r\n_site/\r\n"),
        (b"/.venv\n", b"/.venv\n.readingroom-*\n_site/\n"),
        (b".venv\r\n.readingroom-*\r\n_site\r\n", b".venv\r\n.readingroom-*\r\n_site\r\n"),
        (b"caf\xe9\n", b"caf\xe9\n.venv/\n.readingroom-*\n_site/\n"),
    ],
)
def test_what_git_ignores_is_added_to(own: bytes | None, made: bytes) -> None:
    assert after({} if own is None else {".gitignore": own})[".gitignore"] == made


# Nothing is made where something is wrong


def test_all_errors_are_reported_at_once() -> None:
    own = {
        "README.md": OURS.encode(),
        ".gitignore": "x\n".encode("utf-16"),
        FORM_PATH: b"no form\n",
        "sessions/01-x/session.yml": b"titel: x\n",
    }
    found = errors(own, replace(WISH, group={**NAMED, "day": "Funday"}, place="after: X"))
    assert outline(found) == [
        f"{FORM_PATH}:1 [form-invalid]",
        ".gitignore [file-not-utf8]",
        "README.md [region-place-invalid]",
        "readingroom.yml:4 [value-invalid] day",
        "sessions/01-x/session.yml:1 [key-unknown] titel",
    ]
    assert '"Funday"' in found[3].message


@pytest.mark.parametrize("group", [{}, NAMED, {"day": "Friday"}])
@pytest.mark.parametrize("to_replace", [frozenset(), ALL])
def test_errors_of_the_groups_file_are_reported(group: Data, to_replace: frozenset[str]) -> None:
    own = {"readingroom.yml": b"nmae: x\ntime_zone: Europe/London\n"}
    found = errors(own, InitOptions(dict(group), to_replace=to_replace))
    assert outline(found) == ["readingroom.yml:1 [key-unknown] nmae"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": "   "}, "2 [value-invalid] name"),
        ({"name": "a\x07b"}, "2 [yaml-control-character] name"),
        ({"time_zone": "Mars/Olympus"}, "3 [time-zone-unknown] time_zone"),
        ({"time": "9:30"}, "4 [time-invalid] time"),
        ({"repository": "me/group"}, "3 [value-invalid] repository"),
    ],
)
def test_an_invalid_answer_is_reported(given: dict[str, str], error: str) -> None:
    assert outline(errors({}, InitOptions({**NAMED, **given}))) == [f"readingroom.yml:{error}"]


def test_a_file_that_is_not_read_is_reported() -> None:
    found = tree({})
    found.unread[WORKFLOW_PATH] = "is not a regular file"
    with pytest.raises(Invalid) as caught:
        init.plan_init(found, WISH, lambda _zone: TODAY)
    assert outline(caught.value.problems) == [f"{WORKFLOW_PATH} [file-unreadable]"]


# What is typed


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/me/group.git", "https://github.com/me/group"),
        ("https://github.com/me/group", "https://github.com/me/group"),
        ("https://github.com/me/group/", "https://github.com/me/group"),
        ("https://me:secret@github.com/me/group.git", "https://github.com/me/group"),
        ("http://www.github.com/me/group", "https://github.com/me/group"),
        ("git@github.com:me/group.git", "https://github.com/me/group"),
        ("github.com:me/my.group", "https://github.com/me/my.group"),
        ("git@github.com:123/456", "https://github.com/123/456"),
        ("ssh://git@github.com/me/group.git", "https://github.com/me/group"),
        ("ssh://git@ssh.github.com:443/me/group.git", "https://github.com/me/group"),
        ("git://github.com/me/group", "https://github.com/me/group"),
        ("git@GitHub.com:Me/Group.git", "https://github.com/Me/Group"),
        ("https://gitlab.com/me/group.git", ""),
        ("https://github.com.example.org/me/group", ""),
        ("https://example.org/github.com/me/group", ""),
        ("https://github.com/me", ""),
        ("/srv/git/group.git", ""),
        ("../group", ""),
        ("", ""),
    ],
)
def test_a_repositorys_address_is_found_in_gits(remote: str, address: str) -> None:
    assert urls.normalize_github_url(remote) == address
    assert not address or init.find_config_error("repository", address) == ""


@given(TEXTS)
def test_an_address_is_valid_whatever_git_says(text: str) -> None:
    for remote in (text, f"https://github.com/{text}", f"git@github.com:{text}", f"https://{text}@github.com/me/x"):
        address = urls.normalize_github_url(remote)
        assert not address or init.find_config_error("repository", address) == ""


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("reading-group", "Reading group"),
        ("NLP_journal-club", "NLP journal club"),
        ("-", ""),
        ("", ""),
        ("a\nb", "A b"),
        ("a\x1bb", ""),
        ("a\udcffb", ""),
        ("x" * 301, ""),
    ],
)
def test_a_folders_name_suggests_the_groups(folder: str, name: str) -> None:
    assert init.guess_group_name(folder) == name


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("day", "Monday", ""),
        ("day", "monday", 'Did you mean "Monday"?'),
        ("time_zone", "London", 'Did you mean "Europe/London"?'),
        ("name", "a\x00b", "control character"),
    ],
)
def test_what_is_wrong_with_an_answer_is_known(key: str, value: str, says: str) -> None:
    assert says in init.find_config_error(key, value)
    assert bool(says) == bool(init.find_config_error(key, value))


# For all inputs


@given(
    GROUPS, st.sampled_from(["", OURS, OURS.replace("\n", "\r\n"), "no heading"]), st.sampled_from(["top", "bottom"])
)
def test_whatever_is_answered_what_is_made_is_valid_and_a_second_time_changes_nothing(
    answers: dict[str, Any], readme: str, place: str
) -> None:
    keys = ("name", "time_zone", "day", "time", "room", "repository")
    wish = replace(WISH, group={key: answers[key] for key in keys if key in answers}, place=place)
    made = after({"README.md": readme.encode()} if readme else {}, wish)
    assert {key: configuration_value(made, key) for key in wish.group} == wish.group
    build.check_group(tree(made), lambda _zone: TODAY)
    assert outcome(made).changes == {}
    assert planned(made, wish).changes == {}


def configuration_value(made: Files, key: str) -> Any:
    data = catalogue.read_group(tree(made))
    return getattr(data, key)


@given(groups())
def test_any_group_keeps_its_files_and_gets_what_it_lacks(own: Files) -> None:
    made = after(own, InitOptions(commit=COMMIT))
    assert {path: made[path] for path in own if path != "README.md"} == {
        path: content for path, content in own.items() if path != "README.md"
    }
    assert planned(made, InitOptions(commit=COMMIT)).changes == {}
