"""The command init as people use it: in an empty folder, in one that is there, on a terminal and without one."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from groups import TODAY, files, read, run, stamps, write
from readingroom.core.tree import FORM_PATH, WORKFLOW_PATH
from test_cli import on_terminal, without_rights

OK, TO_FIX, NOT_DONE = 0, 1, 2
DAY = ("--today", str(TODAY))
GIVEN = ("--name", "Quiet Readers", "--time-zone", "Europe/London", *DAY)
MADE = {
    FORM_PATH,
    WORKFLOW_PATH,
    ".gitignore",
    "README.md",
    "readingroom.yml",
    "sessions/01-our-first-session/README.md",
    "sessions/01-our-first-session/session.yml",
    "sessions/README.md",
    "sessions/announced.yml",
}
OURS = """\
# Quiet Readers

We read on Mondays.

## About us

We are few.

## Schedule

| Date | Topic |
| --- | --- |
| [12/08](#1208) | Bert |
"""
PROGRAMS = Path(sys.executable).parent


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository whose origin is on GitHub, as a fresh clone of an empty one is."""
    root = tmp_path / "quiet-readers"
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "remote", "add", "origin", "git@github.com:me/readers.git"], check=True)
    return root


def made(root: Path) -> set[str]:
    return {path for path in read(root) if not path.startswith(".git/")}


def reported(done: subprocess.CompletedProcess[str]) -> str:
    """Return what is reported except that the program is not a release: these tests may run on any commit."""
    lines = done.stderr.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(f"{WORKFLOW_PATH}: warning [workflow-unpinned] "))


def is_right(root: Path) -> bool:
    """Return whether every file is valid and every page as it should be."""
    return [run(root, "check").returncode, run(root, "build", "--check", *DAY).returncode] == [OK, OK]


def configuration(root: Path) -> dict[str, str]:
    return dict(yaml.safe_load((root / "readingroom.yml").read_text("utf-8")))


# In an empty folder


def test_an_empty_folder_becomes_a_group_and_its_new_files_are_listed(tmp_path: Path) -> None:
    done = run(tmp_path, "init", *GIVEN)
    assert (done.returncode, reported(done)) == (OK, "")
    assert set(read(tmp_path)) == MADE
    assert {line.removeprefix("wrote   ") for line in done.stdout.split("\n")[:9]} == MADE
    assert is_right(tmp_path)


def test_the_next_steps_are_listed(repository: Path) -> None:
    steps = run(repository, "init", *GIVEN).stdout.partition("\nNext:\n")[2]
    assert "sessions/01-our-first-session/session.yml" in steps
    assert "https://github.com/me/readers/settings/actions" in steps
    assert '"Allow GitHub Actions to create and approve pull requests"' in steps
    assert "readingroom doctor" in steps


def test_the_repository_is_the_one_of_gits_remote(repository: Path) -> None:
    assert run(repository, "init", *GIVEN).returncode == OK
    assert configuration(repository)["repository"] == "https://github.com/me/readers"


def test_a_remote_that_is_not_on_github_is_left_out(repository: Path) -> None:
    remote = ["git", "-C", str(repository), "remote", "set-url", "origin", "https://git.example.org/me/readers"]
    subprocess.run(remote, check=True)
    assert run(repository, "init", *GIVEN).returncode == OK
    assert "repository" not in configuration(repository)


def test_the_repository_may_be_given_as_git_writes_it(tmp_path: Path) -> None:
    assert run(tmp_path, "init", *GIVEN, "--repository", "git@github.com:me/readers.git").returncode == OK
    assert configuration(tmp_path)["repository"] == "https://github.com/me/readers"


def test_everything_may_be_given(tmp_path: Path) -> None:
    more = ("--day", "Friday", "--time", "16:00", "--room", "Attic", "--publish", "pull-request")
    assert run(tmp_path, "init", *GIVEN, *more).returncode == OK
    assert configuration(tmp_path) == {
        "name": "Quiet Readers",
        "time_zone": "Europe/London",
        "day": "Friday",
        "time": "16:00",
        "room": "Attic",
    }
    assert "publish: pull-request" in (tmp_path / WORKFLOW_PATH).read_text("utf-8")


def test_another_folder_may_be_set_up(tmp_path: Path) -> None:
    (tmp_path / "group").mkdir()
    assert run(tmp_path, "init", *GIVEN, "--root", "group").returncode == OK
    assert {path.removeprefix("group/") for path in read(tmp_path)} == MADE


@pytest.mark.parametrize(
    "name",
    [
        'Robots "in" disguise',
        "Robots: in disguise",
        "{{ 7 * 7 }} {% raw %}",
        "two\nlines",
        "- [x] #1 @all | ` * & ! <!-- readingroom:end next -->",
        "NO",
    ],
)
def test_a_name_may_be_any(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, "init", "--name", name, *GIVEN[2:])
    assert (done.returncode, reported(done)) == (OK, "")
    assert str(configuration(tmp_path)["name"]) in {name, "False"}  # another YAML reader may take NO for false
    assert is_right(tmp_path)
    assert run(tmp_path, "init", *DAY).stdout == "The group is set up already: nothing to do.\n"


# In a folder that holds something


def test_a_readme_gets_the_sessions_where_that_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": OURS})
    assert run(tmp_path, "init", *GIVEN, "--readme", "after: About us").returncode == OK
    text = (tmp_path / "README.md").read_text("utf-8")
    assert text.startswith(OURS.partition("## Schedule")[0] + "## Next session\n")
    assert text.endswith("## Schedule" + OURS.partition("## Schedule")[2])
    assert is_right(tmp_path)


def test_line_ends_of_a_readme_stay(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": OURS.replace("\n", "\r\n")})
    assert run(tmp_path, "init", *GIVEN).returncode == OK
    text = (tmp_path / "README.md").read_bytes()
    assert text.startswith(OURS.replace("\n", "\r\n").encode())
    assert text.count(b"\n") == text.count(b"\r\n")
    assert is_right(tmp_path)


def test_a_missing_heading_is_reported_with_those_that_are_there(tmp_path: Path) -> None:
    before = stamps(write(tmp_path, {"README.md": OURS}))
    refused = run(tmp_path, "init", *GIVEN, "--readme", "after: Programme")
    assert refused.returncode == TO_FIX
    assert re.match(
        r'README\.md: error \[region-place-invalid\] .*"Programme".*: Quiet Readers; About us; Schedule\.\n',
        refused.stderr,
    )
    assert stamps(tmp_path) == before


def test_a_readme_of_another_name_that_will_be_hidden_is_reported(tmp_path: Path) -> None:
    write(tmp_path, {"README.rst": "Readers\n=======\n"})
    done = run(tmp_path, "init", *GIVEN)
    assert done.returncode == OK
    assert reported(done).startswith("README.rst: warning [readme-hidden] ")


def test_a_folder_below_the_top_of_a_repository_is_reported(repository: Path) -> None:
    (repository / "below").mkdir()
    done = run(repository / "below", "init", *GIVEN)
    assert done.returncode == OK
    assert reported(done).startswith(".github: warning [setup-folder-unsuitable] ")


def test_a_second_time_changes_nothing_and_says_so(tmp_path: Path) -> None:
    run(write(tmp_path, {"README.md": OURS, ".gitignore": "x"}), "init", *GIVEN)
    before = stamps(tmp_path)
    for options in (GIVEN, DAY, (*GIVEN, "--force"), ("--readme", "after: no such heading", *DAY)):
        again = run(tmp_path, "init", *options)
        assert (again.returncode, reported(again)) == (OK, "")
        assert again.stdout == "The group is set up already: nothing to do.\n"
    assert stamps(tmp_path) == before


def test_a_group_that_is_there_needs_no_answers(tmp_path: Path) -> None:
    own = files({"07-bert": {"title": "Bert", "date": "2024-01-22"}})
    assert run(write(tmp_path, own), "init", *DAY).returncode == OK
    assert {path: read(tmp_path)[path] for path in own} == own
    assert is_right(tmp_path)


def test_files_that_differ_are_left_and_named_and_the_rest_is_written(tmp_path: Path) -> None:
    own = {WORKFLOW_PATH: "on: push\n", "readingroom.yml": "name: Others\ntime_zone: UTC\n"}
    done = run(write(tmp_path, own), "init", *GIVEN)
    assert done.returncode == TO_FIX
    assert [line.partition("] ")[0] for line in reported(done).splitlines()] == [
        "readingroom.yml: warning [setup-file-kept",
        f"{WORKFLOW_PATH}: warning [setup-file-kept",
    ]
    assert [line for line in reported(done).splitlines() if "--force" not in line] == []
    assert {path: (tmp_path / path).read_text("utf-8") for path in own} == own
    assert set(read(tmp_path)) == MADE


def test_files_that_differ_are_replaced_where_that_is_said(tmp_path: Path) -> None:
    own = {
        WORKFLOW_PATH: "on: push\n",
        FORM_PATH: "name: x\nbody: [{type: input, attributes: {label: x}}]\n",
        "readingroom.yml": "name: Others\ntime_zone: UTC\n",
    }
    assert run(write(tmp_path, own), "init", *GIVEN, "--force").returncode == OK
    assert configuration(tmp_path)["name"] == "Quiet Readers"
    assert is_right(tmp_path)


def test_a_dry_run_shows_the_difference_and_writes_nothing(tmp_path: Path) -> None:
    before = stamps(write(tmp_path, {"README.md": OURS}))
    shown = run(tmp_path, "init", *GIVEN, "--dry-run")
    assert (shown.returncode, reported(shown)) == (OK, "")
    assert {line.removeprefix("+++ b/") for line in shown.stdout.split("\n") if line.startswith("+++ ")} == MADE
    assert "+name: Quiet Readers" in shown.stdout.split("\n")
    assert " We are few." not in shown.stdout.split("\n")
    assert stamps(tmp_path) == before


# What is wrong


def test_nothing_is_written_while_the_groups_file_is_wrong(tmp_path: Path) -> None:
    before = stamps(write(tmp_path, {"readingroom.yml": "nmae: x\ntime_zone: Mars\n"}))
    for options in ((), ("--force",)):
        refused = run(tmp_path, "init", *GIVEN, *options)
        assert (refused.returncode, refused.stdout) == (TO_FIX, "")
        assert refused.stderr.startswith("readingroom.yml:1: error [key-unknown] nmae: ")
        assert refused.stderr.endswith("1 error; nothing was written.\n")
    assert stamps(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "Give --name and --time-zone, for example: readingroom init --name"),
        (("--name", "x"), "Give --time-zone, for example"),
        (("--time-zone", "UTC", "--name", ""), "Give --name, for example"),
        ((*GIVEN, "--readme", "middle"), 'found "middle". Expected: top, bottom, none, or "after: Some heading".'),
        ((*GIVEN, "--publish", "none"), "--publish"),
        ((*GIVEN, "--root", "nowhere"), "nowhere"),
    ],
)
def test_an_incomplete_command_line_is_reported_and_not_carried_out(
    tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    refused = run(tmp_path, "init", *options)
    assert (refused.returncode, refused.stdout) == (NOT_DONE, "")
    assert says in " ".join(refused.stderr.split())
    assert read(tmp_path) == {}


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--day", "Funday"), "readingroom.yml:4: error [value-invalid] day: "),
        (("--time", "9"), "readingroom.yml:4: error [time-invalid] time: "),
        (("--time-zone", "London"), "readingroom.yml:3: error [time-zone-unknown] time_zone: "),
        (("--name", "\x1b[31m"), "readingroom.yml:2: error [yaml-control-character] name: "),
    ],
)
def test_an_invalid_option_is_reported_and_nothing_is_written(
    tmp_path: Path, options: tuple[str, ...], error: str
) -> None:
    refused = run(tmp_path, "init", *GIVEN, *options)
    assert (refused.returncode, refused.stdout) == (TO_FIX, "")
    assert refused.stderr.startswith(error)
    assert "\x1b" not in refused.stderr
    assert read(tmp_path) == {}


@pytest.mark.parametrize("path", [".github", ".github/workflows", ".github/ISSUE_TEMPLATE", "sessions"])
def test_a_file_where_a_folder_is_needed_is_reported(tmp_path: Path, path: str) -> None:
    write(tmp_path, {path: "x"})
    refused = run(tmp_path, "init", *GIVEN)
    assert refused.returncode == TO_FIX
    assert refused.stderr.startswith(f"{path}: error [file-unreadable] is not a folder")
    assert set(read(tmp_path)) == {path}


@pytest.mark.parametrize("path", ["README.md", ".gitignore", WORKFLOW_PATH, "readingroom.yml"])
def test_a_folder_where_a_file_is_needed_is_reported(tmp_path: Path, path: str) -> None:
    (tmp_path / path).mkdir(parents=True)
    refused = run(tmp_path, "init", *GIVEN)
    assert refused.returncode == TO_FIX
    assert refused.stderr.startswith(f"{path}: error [file-unreadable] ")
    assert read(tmp_path) == {}


def test_a_folder_that_may_not_be_written_is_reported(tmp_path: Path) -> None:
    root = tmp_path / "group"
    root.mkdir(mode=0o555)
    refused = subprocess.run(without_rights("init", *GIVEN), cwd=root, capture_output=True, text=True, check=False)
    root.chmod(0o755)
    assert refused.returncode == NOT_DONE
    assert reported(refused).startswith("Cannot continue: Permission denied: ")
    assert read(root) == {}


# On a terminal

ANSWERS = [
    ("Name of the group [Quiet readers]", ""),
    ("Time zone [Europe/London]", "Asia/Tokyo"),
    ("Usual day of the week, or - for none [Monday]", ""),
    ("Usual time, as HH:MM (Enter: none)", "16:00"),
    ("Usual room (Enter: none)", ""),
]


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/London")


@pytest.mark.usefixtures("zone")
def test_it_asks_on_a_terminal_and_offers_what_it_knows(repository: Path) -> None:
    code, seen = on_terminal(repository, "init", *DAY, typed=ANSWERS)
    assert code == OK
    assert "9 files changed." in seen
    assert configuration(repository) == {
        "name": "Quiet readers",
        "repository": "https://github.com/me/readers",
        "time_zone": "Asia/Tokyo",
        "day": "Monday",
        "time": "16:00",
    }
    assert is_right(repository)


@pytest.mark.usefixtures("zone")
def test_it_asks_again_after_an_invalid_answer(repository: Path) -> None:
    typed = [
        ("Name of the group", "-"),
        ("Time zone", "London"),
        ("Did you mean", ""),
        ("Usual day", "Mittwoch"),
        ("Usual day", "-"),
        ("Usual time", "4 pm"),
        ("Usual time", "-"),
        ("Usual room", "Attic"),
    ]
    code, _ = on_terminal(repository, "init", *DAY, typed=typed)
    assert code == OK
    found = configuration(repository)
    assert found.pop("repository")
    assert found == {"name": "-", "time_zone": "Europe/London", "room": "Attic"}


def test_it_asks_where_in_a_readme_the_sessions_go(repository: Path) -> None:
    write(repository, {"README.md": OURS})
    typed = [
        ("Where in README.md", "middle"),
        ("Where in README.md", "after: Abuot us"),
        ('Did you mean "About us"?', "after: About us"),
    ]
    code, seen = on_terminal(repository, "init", *GIVEN, typed=typed)
    assert code == OK
    assert "Name of the group" not in seen
    assert "We are few.\n\n## Next session\n" in (repository / "README.md").read_text("utf-8")


@pytest.mark.usefixtures("zone")
def test_it_asks_for_what_is_needed_and_was_not_given(repository: Path) -> None:
    code, seen = on_terminal(repository, "init", "--name", "Us", *DAY, typed=[("Time zone", "")])
    assert code == OK
    assert "Usual day" not in seen
    assert configuration(repository)["time_zone"] == "Europe/London"


def test_it_asks_file_by_file_whether_to_replace_what_differs(repository: Path) -> None:
    own = {WORKFLOW_PATH: "on: push\n", "readingroom.yml": "name: Others\ntime_zone: UTC\n"}
    write(repository, own)
    typed = [
        ("readingroom.yml differs from what init writes. Replace it? [y/N]", ""),
        (f"{WORKFLOW_PATH} differs from what init writes. Replace it? [y/N]", "y"),
    ]
    code, seen = on_terminal(repository, "init", *GIVEN, typed=typed)
    assert code == TO_FIX
    plain = re.sub(r"\x1b\[\d+m", "", seen)
    assert "\nreadingroom.yml: warning [setup-file-kept] " in plain
    assert f"{WORKFLOW_PATH}: warning [setup-file-kept] " not in plain
    assert configuration(repository)["name"] == "Others"
    assert "readingroom/readingroom@" in (repository / WORKFLOW_PATH).read_text("utf-8")


def test_it_can_be_left_at_a_prompt_and_nothing_is_written(repository: Path) -> None:
    code, seen = on_terminal(repository, "init", typed=[("Name of the group", "\x04")])
    assert code == NOT_DONE
    assert "Interrupted" in seen
    assert made(repository) == set()


# What others say of it


@pytest.mark.parametrize("publish", ["commit", "pull-request"])
def test_the_doctor_finds_everything_in_order(repository: Path, publish: str) -> None:
    assert run(repository, "init", *GIVEN, "--publish", publish).returncode == OK
    results = json.loads(run(repository, "doctor", "--format", "json", *DAY).stdout)
    assert {each["name"]: each["message"] for each in results if each["state"] not in {"ok", "unknown"}} == {}


@pytest.mark.parametrize("publish", ["commit", "pull-request"])
def test_linters_of_workflows_and_forms_find_nothing(repository: Path, publish: str) -> None:
    assert run(repository, "init", *GIVEN, "--room", "Attic", "--publish", publish).returncode == OK
    for line in (
        ("actionlint",),
        ("zizmor", "--offline", "--pedantic", "."),
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW_PATH),
        ("check-jsonschema", "--builtin-schema", "vendor.github-issue-forms", FORM_PATH),
    ):
        done = subprocess.run(
            [str(PROGRAMS / line[0]), *line[1:]], cwd=repository, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout if line[0] == "actionlint" else "") == (OK, ""), done.stdout + done.stderr


def test_the_schema_that_editors_use_finds_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "init", *GIVEN).returncode == OK
    for path, name in (("readingroom.yml", "group"), ("sessions/01-our-first-session/session.yml", "session")):
        schema = Path(__file__).parent.parent / f"schema/{name}.schema.json"
        assert f"readingroom/v1/schema/{name}.schema.json" in (tmp_path / path).read_text("utf-8").split("\n")[0]
        command = [str(PROGRAMS / "check-jsonschema"), "--schemafile", str(schema), str(tmp_path / path)]
        assert subprocess.run(command, capture_output=True, check=False).returncode == OK


def test_git_has_nothing_to_say_of_what_is_ignored(repository: Path) -> None:
    assert run(repository, "init", *GIVEN).returncode == OK
    write(repository, {".venv/x": "", ".readingroom-12": ""})
    listed = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=repository, capture_output=True, text=True, check=True
    )
    assert {line[3:] for line in listed.stdout.splitlines()} == MADE
