"""The commands as people and programs use them: real processes, pipes and terminals, and four exit codes."""

import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from groups import READING, TODAY, built, command, files, read, run, stamps, write
from readingroom.cli.main import COMMANDS, load_command
from readingroom.core.tree import ANNOUNCED_PATH, FORM_PATH

OK, TO_FIX, NOT_DONE, FAULT = 0, 1, 2, 3
DAY = ("--today", str(TODAY))
GROUP = files({"01-bert": {"title": "Bert", "date": "2024-01-08", "material": READING}})
PAGE = "sessions/01-bert/README.md"
SESSION = "sessions/01-bert/session.yml"
PROGRAM = Path(sys.executable).with_name("readingroom")
SILENCE = 30  # seconds without output after which a command on a terminal is taken to wait for an answer


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, GROUP)


@pytest.fixture
def done(root: Path) -> Path:
    """Return a group whose pages are right."""
    assert run(root, "build", *DAY).returncode == OK
    return root


def on_terminal(root: Path, *arguments: str, typed: Sequence[tuple[str, str]] = ()) -> tuple[int, str]:
    """Run a command on a terminal and answer its prompts; return its exit code and all that it showed."""
    with terminal(root, *arguments) as (process, ours):
        seen = ""
        for prompt, line in typed:
            seen += read_terminal(ours, prompt)
            os.write(ours, f"{line}\n".encode())
        seen += read_terminal(ours)
    return process.returncode, seen


@contextmanager
def terminal(root: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a command on a terminal, and end it at the latest when the test is done with it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command(*arguments), cwd=root, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        yield process, ours
        process.wait(SILENCE)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def read_terminal(ours: int, prompt: str = "") -> str:
    """Return what a terminal shows next: up to a prompt or, without one, until the program on it has ended."""
    shown = b""
    while not (prompt and prompt.encode() in shown):
        assert select.select([ours], [], [], SILENCE)[0], f"silent before {prompt or 'its end'!r}: {shown.decode()!r}"
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux says so once the other side is closed
            part = b""
        if not part:
            assert not prompt, f"ended before {prompt!r}: {shown.decode()!r}"
            break
        shown += part
    return shown.decode()


def test_build_writes_every_page_and_says_which(root: Path) -> None:
    first = run(root, "build", *DAY)
    assert (first.returncode, first.stderr) == (OK, "")
    assert first.stdout.splitlines()[:5] == [
        *(f"wrote   {path}" for path in (FORM_PATH, "README.md", PAGE, "sessions/README.md", ANNOUNCED_PATH))
    ]
    assert "5 files changed." in first.stdout
    assert read(root) == built(GROUP)


def test_build_of_files_that_were_made_in_another_order_gives_the_same(tmp_path: Path) -> None:
    made = files({f"{n:02}-s": {"title": f"T{n}", "date": "2024-01-08", "time": f"{n:02}:00"} for n in range(9)})
    for place, order in (("one", made), ("other", dict(reversed(made.items())))):
        assert run(write(tmp_path / place, order), "build", *DAY).returncode == OK
    assert read(tmp_path / "one") == read(tmp_path / "other") == built(made)


def test_a_group_that_has_no_session_yet_gets_its_pages(tmp_path: Path) -> None:
    made = run(write(tmp_path, files({})), "build", *DAY)
    assert (made.returncode, made.stderr) == (OK, "")
    assert read(tmp_path) == built(files({}))


def test_several_builds_at_once_do_not_disturb_each_other(root: Path) -> None:
    running = [subprocess.Popen(command("build", *DAY), cwd=root, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(60) for process in running] == [OK] * 4
    assert read(root) == built(GROUP)


def test_build_again_says_that_there_is_nothing_to_do(done: Path) -> None:
    before = stamps(done)
    again = run(done, "build", *DAY)
    assert (again.returncode, again.stdout) == (OK, "Every page is up to date.\n")
    assert stamps(done) == before


def test_build_writes_only_what_changed(done: Path) -> None:
    write(done, {"sessions/02-gpt/session.yml": "title: Gpt\ndate: 2024-02-01\n"})
    before = stamps(done)
    assert run(done, "build", *DAY).returncode == OK
    after = stamps(done)
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {"README.md", PAGE, "sessions/02-gpt/README.md", ANNOUNCED_PATH}


def test_build_reports_a_removed_page(done: Path) -> None:
    (done / SESSION).unlink()
    assert f"removed {PAGE}" in run(done, "build", *DAY).stdout


def test_a_session_that_was_deleted_stays_deleted_however_often_one_builds(done: Path) -> None:
    (done / SESSION).unlink()
    assert [run(done, "build", *DAY).returncode for _ in range(3)] == [OK, OK, OK]


def test_build_in_another_folder_than_this_one(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert run(elsewhere, "build", "--root", str(root), *DAY).returncode == OK
    assert read(root) == built(GROUP)
    assert read(elsewhere) == {}


def test_build_on_another_day_moves_a_session(root: Path) -> None:
    write(root, {SESSION: "title: Bert\ndate: 2024-01-15\n"})
    for day, row in (("2024-01-15", False), ("2024-01-16", True)):
        assert run(root, "build", "--today", day).returncode == OK
        assert (b"Bert" in (root / "sessions/README.md").read_bytes()) is row


def test_build_without_a_day_takes_that_of_the_clock(root: Path) -> None:
    write(
        root,
        {SESSION: "title: Bert\ndate: 2000-01-01\n", "sessions/02-gpt/session.yml": "title: Gpt\ndate: 9999-12-31\n"},
    )
    assert run(root, "build").returncode == OK
    archive = (root / "sessions/README.md").read_text()
    assert "Bert" in archive
    assert "Gpt" not in archive


def test_build_writes_nothing_while_a_file_is_wrong(root: Path) -> None:
    write(root, {"sessions/02-gpt/session.yml": "titel: Gpt\ndate: 2024-02-30\n"})
    before = stamps(root)
    refused = run(root, "build", *DAY)
    assert (refused.returncode, refused.stdout) == (TO_FIX, "")
    assert "sessions/02-gpt/session.yml:1: error [key-unknown] titel: " in refused.stderr
    assert "sessions/02-gpt/session.yml:2: error [date-invalid] date: " in refused.stderr
    assert refused.stderr.endswith("2 errors; nothing was written.\n")
    assert stamps(root) == before


@pytest.mark.parametrize(
    "readme",
    ["<!-- readingroom:begin next -->\n", "<!-- readingroom:end next -->\n", "<!-- readingroom:begin nxet -->\n"],
)
def test_build_writes_nothing_while_a_marker_is_wrong(root: Path, readme: str) -> None:
    write(root, {"README.md": f"# Ours\n\n{readme}"})
    before = stamps(root)
    refused = run(root, "build", *DAY)
    assert refused.returncode == TO_FIX
    assert refused.stderr.startswith("README.md:3: error [region-marker-invalid] ")
    assert stamps(root) == before


def test_build_writes_nothing_while_a_template_is_wrong(root: Path) -> None:
    write(root, {"templates/session.md.j2": "# Ours\n\n{{ session.titel }}\n"})
    before = stamps(root)
    refused = run(root, "build", *DAY)
    assert refused.returncode == TO_FIX
    assert refused.stderr.startswith("templates/session.md.j2:3: error [template-failed] ")
    assert "titel" in refused.stderr
    assert stamps(root) == before


def test_build_reports_a_manual_edit_and_keeps_it(done: Path) -> None:
    write(done, {PAGE: (done / PAGE).read_bytes() + b"Mine.\n"})
    before, line = stamps(done), (done / PAGE).read_bytes().count(b"\n")
    checked = run(done, "build", *DAY)
    assert checked.returncode == TO_FIX
    assert re.match(rf"{PAGE}:{line}: warning \[page-edited\] .*{SESSION}", checked.stderr)
    assert stamps(done) == before


def test_build_writes_other_pages_despite_a_manual_edit(done: Path) -> None:
    write(done, {PAGE: (done / PAGE).read_bytes() + b"Mine.\n", "sessions/02-gpt/session.yml": "date: 2024-01-01\n"})
    assert run(done, "build", *DAY).returncode == TO_FIX
    assert (done / PAGE).read_bytes().endswith(b"Mine.\n")
    assert (done / "sessions/02-gpt/README.md").exists()


def test_build_with_force_replaces_a_manual_edit(done: Path) -> None:
    write(done, {PAGE: (done / PAGE).read_bytes() + b"Mine.\n"})
    assert run(done, "build", "--force", *DAY).returncode == OK
    assert read(done) == built(GROUP)


def test_build_with_check_shows_what_would_change_and_changes_nothing(root: Path) -> None:
    before = stamps(root)
    checked = run(root, "build", "--check", *DAY)
    assert checked.returncode == TO_FIX
    assert f"+++ b/{PAGE}" in checked.stdout
    assert "+- [A paper](https://example.org/paper)" in checked.stdout
    assert stamps(root) == before


def test_build_with_check_is_content_when_every_page_is_right(done: Path) -> None:
    assert run(done, "build", "--check", *DAY).returncode == OK


def test_build_with_check_is_not_content_with_a_manual_edit(done: Path) -> None:
    write(done, {PAGE: (done / PAGE).read_bytes() + b"Mine.\n"})
    assert run(done, "build", "--check", *DAY).returncode == TO_FIX


def test_build_with_check_is_not_content_with_a_stale_page(done: Path) -> None:
    write(done, {SESSION: "title: BERT\ndate: 2024-01-08\n"})
    checked = run(done, "build", "--check", *DAY)
    assert checked.returncode == TO_FIX
    assert "-# Bert" in checked.stdout
    assert "+# BERT" in checked.stdout


def test_a_build_that_was_killed_is_finished_by_the_next_one(root: Path) -> None:
    made = {**GROUP, **files({f"{n:03}-s": {"date": "2024-01-08", "material": READING} for n in range(2, 300)})}
    write(root, made)
    after = built(made)
    for delay in (0.15, 0.2, 0.25, 0.3):
        with subprocess.Popen(command("build", *DAY), cwd=root, stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=delay)
            except subprocess.TimeoutExpired:
                process.kill()
        found = {path: content for path, content in read(root).items() if not path.startswith(".")}
        assert {path for path, content in found.items() if content != after[path]} == set()
    assert run(root, "build", *DAY).returncode == OK
    assert read(root) == after


def test_check_counts_the_sessions(done: Path) -> None:
    checked = run(done, "check")
    assert (checked.returncode, checked.stdout, checked.stderr) == (OK, "1 session, 0 errors, 0 warnings.\n", "")


def test_the_form_is_not_counted_as_a_session_for_its_name(root: Path) -> None:
    run(root, "build", *DAY)
    assert (root / FORM_PATH).name == "session.yml"
    assert run(root, "check").stdout == "1 session, 0 errors, 0 warnings.\n"


def test_a_valid_group_is_built_without_what_it_does_not_need(root: Path, tmp_path: Path) -> None:
    run(root, "build", *DAY)
    options = ["-X", "importtime", "-m", "readingroom", "build", "--check", "--today", "2024-01-15"]
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, *options], cwd=root, env=env, capture_output=True, text=True, check=False)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.split("\n")}
    assert imported & {"jinja2", "jsonschema", "tomllib", "babel.dates"} == {"jinja2"}


def test_check_reports_errors_and_writes_nothing(root: Path) -> None:
    write(root, {SESSION: "titel: Bert\n"})
    before = stamps(root)
    checked = run(root, "check")
    assert (checked.returncode, checked.stdout) == (TO_FIX, "")
    assert checked.stderr.startswith(f"{SESSION}:1: error [key-unknown] titel: ")
    assert checked.stderr.endswith("\n1 session, 1 error, 0 warnings.\n")
    assert stamps(root) == before


def test_check_is_content_with_warnings(root: Path) -> None:
    write(root, {SESSION: "title: a # b\ndate: 2024-01-08\n"})
    checked = run(root, "check")
    assert (checked.returncode, checked.stdout) == (OK, "1 session, 0 errors, 1 warning.\n")
    assert checked.stderr.startswith(f"{SESSION}:1: warning [yaml-cut-value] ")


def test_check_in_json_is_for_programs(root: Path) -> None:
    write(root, {SESSION: "titel: Bert\n"})
    (found,) = json.loads(run(root, "check", "--format", "json").stdout)["diagnostics"]
    assert found.keys() == {"code", "severity", "file", "line", "column", "key", "message", "hint"}
    place = [found[name] for name in ("file", "line", "severity", "code", "key")]
    assert place == [SESSION, 1, "error", "key-unknown", "titel"]


def test_check_in_json_is_complete_without_errors(done: Path) -> None:
    checked = run(done, "check", "--format", "json")
    assert json.loads(checked.stdout) == {"diagnostics": []}
    assert checked.returncode == OK


def test_check_for_github_annotates_files_and_lines(root: Path) -> None:
    write(root, {SESSION: "title: Bert\n'50%, a: b': x\n"})
    checked = run(root, "check", "--format", "github")
    assert checked.returncode == TO_FIX
    (line,) = checked.stdout.splitlines()
    assert line.startswith(f"::error file={SESSION},line=2,title=key-unknown::50%25, a: b: ")


def test_check_for_github_says_nothing_where_all_is_well(done: Path) -> None:
    checked = run(done, "check", "--format", "github")
    assert (checked.returncode, checked.stdout) == (OK, "")


@pytest.mark.parametrize(
    "arguments", [("check",), ("check", "--format", "github"), ("build", *DAY), ("show", *DAY)], ids=" ".join
)
@pytest.mark.parametrize(
    "session",
    ['"x\\n::add-mask::y": 1\n', 'title: "x\\n::add-mask::y"\ndate: 2024-02-01\n'],
    ids=["a key", "a title"],
)
def test_no_text_of_a_session_begins_a_line_of_the_output(root: Path, arguments: tuple[str, ...], session: str) -> None:
    write(root, {SESSION: session})
    said = run(root, *arguments)
    assert [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("::add-mask")] == []


def test_no_text_of_a_session_steers_a_terminal(root: Path) -> None:
    write(root, {SESSION: '"x\\e[31m\\u009b": 1\n'})
    said = run(root, "check")
    assert "\x1b" not in said.stderr
    assert "\x9b" not in said.stderr


def test_new_writes_a_session_that_a_build_takes(root: Path) -> None:
    given = {
        "title": "Retentive Networks",
        "date": "2024-02-05",
        "time": "14:30",
        "kind": "Technical",
        "room": "Enigma",
    }
    options = [word for key, value in given.items() for word in (f"--{key}", value)]
    made = run(root, "new", *options, "--status", "tbc", "--lead", "Ed, https://ed.example", "--lead", "Ada")
    assert (made.returncode, made.stderr) == (OK, "")
    assert made.stdout.startswith("Wrote sessions/02-retentive-networks/session.yml.")
    written = yaml.safe_load((root / "sessions/02-retentive-networks/session.yml").read_text())
    assert written["leads"] == [{"name": "Ed", "url": "https://ed.example"}, {"name": "Ada"}]
    assert {key: str(written[key]) for key in given} == given
    assert written["status"] == "tbc"
    assert run(root, "build", *DAY).returncode == OK


def test_new_refuses_what_would_not_be_valid_and_writes_nothing(root: Path) -> None:
    before = stamps(root)
    refused = run(root, "new", "--title", "Gpt", "--date", "2024-02-30")
    assert refused.returncode == TO_FIX
    assert refused.stderr.startswith('--date: error [date-invalid] found "2024-02-30".')
    assert stamps(root) == before


ANSWERS = [
    ("Title", "Gpt"),
    ("[2024-01-22]", "some day"),
    ("Expected", ""),
    ("Kind", ""),
    ("Room [Enigma]", ""),
    ("Lead", "Ada"),
    ("Lead", ""),
]


def test_new_asks_on_a_terminal_and_offers_the_next_usual_day_and_room(root: Path) -> None:
    write(root, {"readingroom.yml": "name: A\ntime_zone: UTC\nday: Monday\nroom: Enigma\n"})
    code, seen = on_terminal(root, "new", *DAY, typed=ANSWERS)
    assert code == OK
    assert "Wrote sessions/02-gpt/session.yml." in seen
    written = yaml.safe_load((root / "sessions/02-gpt/session.yml").read_text())
    assert {key: str(value) for key, value in written.items() if key != "leads"} == {
        "title": "Gpt",
        "date": "2024-01-22",
        "room": "Enigma",
    }
    assert written["leads"] == [{"name": "Ada"}]


def test_new_does_not_ask_what_was_given(root: Path) -> None:
    code, seen = on_terminal(root, "new", "--title", "Gpt", "--date", "2024-02-05")
    assert code == OK
    assert "Title" not in seen


def test_new_does_not_ask_where_nobody_can_answer(root: Path) -> None:
    assert run(root, "new", "--date", "2024-02-05").stdout.startswith(
        "Wrote sessions/02-session-2024-02-05/session.yml."
    )


def wait_until_it_waits(process: subprocess.Popen[bytes]) -> None:
    """Return once a process sleeps: Python overlooks a signal between its last look for one and its read."""
    state = Path(f"/proc/{process.pid}/stat")
    while state.exists() and state.read_text("ascii").rpartition(")")[2].split()[0] != "S":
        time.sleep(0.01)


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_new_can_be_left_at_any_prompt(root: Path, key: str) -> None:
    before = stamps(root)
    with terminal(root, "new") as (process, ours):
        seen = read_terminal(ours, "Title (Enter: not known yet): ")
        if key == "\x03":
            wait_until_it_waits(process)
            process.send_signal(signal.SIGINT)
        else:
            os.write(ours, key.encode())
        seen += read_terminal(ours)
    assert process.returncode == NOT_DONE
    assert "Interrupted" in seen
    assert "Traceback" not in seen
    assert stamps(root) == before


def test_show_says_what_is_next(root: Path) -> None:
    write(root, {"sessions/02-gpt/session.yml": "title: Gpt\ndate: 2024-02-01\nleads: [{name: Ada}]\n"})
    shown = run(root, "show", *DAY)
    assert (shown.returncode, shown.stderr) == (OK, "")
    assert "Next: 2024-02-01  Gpt, Ada  (sessions/02-gpt)" in shown.stdout


def test_show_in_json_is_for_programs(root: Path) -> None:
    shown = json.loads(run(root, "show", "--format", "json", *DAY).stdout)
    assert shown["today"] == "2024-01-15"
    assert shown["next"] is None
    assert [each["folder"] for each in shown["without_slides"]] == ["01-bert"]


def test_list_gives_every_session(root: Path) -> None:
    write(root, {"sessions/02-gpt/session.yml": "title: Gpt\n"})
    assert [each["folder"] for each in json.loads(run(root, "list", "--format", "json").stdout)] == [
        "01-bert",
        "02-gpt",
    ]
    assert run(root, "list").stdout.splitlines()[1] == "no date  Gpt [shelf], no lead yet  (sessions/02-gpt)"


def test_show_reports_errors_like_the_others(root: Path) -> None:
    write(root, {SESSION: "titel: Bert\n"})
    refused = run(root, "show")
    assert (refused.returncode, refused.stdout) == (TO_FIX, "")
    assert refused.stderr.startswith(f"{SESSION}:1: error [key-unknown] titel: ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for(shell: str) -> None:
    printed = run(Path.cwd(), "completion", shell)
    assert (printed.returncode, printed.stderr) == (OK, "")
    assert f"_READINGROOM_COMPLETE={shell}_complete" in printed.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_right_for(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(run(tmp_path, "completion", shell).stdout)
    checked = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (OK, "")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["readingroom", "bu"], {"build"}),
        (["readingroom", "build", "--c"], {"--check"}),
        (["readingroom", "check", "--format", "j"], {"json"}),
        (["readingroom", "completion", ""], {"bash", "zsh", "fish"}),
    ],
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes(words: list[str], completed: set[str], tmp_path: Path) -> None:
    script = run(tmp_path, "completion", "bash").stdout
    line = " ".join(map(shlex.quote, words))
    ask = (
        f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _readingroom_completion readingroom; echo ${{COMPREPLY[@]}}"
    )
    environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    replied = subprocess.run(
        ["bash", "-c", f"{script}\n{ask}"], env=environment, capture_output=True, text=True, check=True
    )
    assert set(replied.stdout.split()) == completed


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_a_command_does_and_gives_examples(name: str) -> None:
    helped = run(Path.cwd(), name, "--help")
    assert helped.returncode == OK
    assert "Examples:\n" in helped.stdout
    assert run(Path.cwd(), name, "-h").stdout == helped.stdout


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "completion"])
def test_examples_in_help_have_only_options_that_exist(name: str) -> None:
    examples = run(Path.cwd(), name, "--help").stdout.partition("Examples:\n")[2].splitlines()
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert words[:2] == ["readingroom", name]
        assert run(Path.cwd(), *words[1:], "--help").returncode == OK


def test_help_of_all_names_every_command() -> None:
    helped = run(Path.cwd(), "--help").stdout
    assert set(re.findall(r"^  ([a-z]+)  ", helped, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_says_what_a_command_says_of_itself(name: str) -> None:
    command, (_, summary) = load_command(name), COMMANDS[name]
    first_sentence = re.match(r".*?\.(?= |$)", " ".join((command.help or "").split("\n\n")[0].split()))
    assert (command.name, first_sentence and first_sentence[0]) == (name, summary)


def list_imported_modules(root: Path, *arguments: str) -> set[str]:
    """Return the names of all modules that a command has imported when it ends."""
    program = (
        "import os, sys; from readingroom.cli.main import main; sys.argv[0] = 'readingroom'; end = os._exit; "
        "os._exit = lambda code: (print(*sys.modules, file=sys.stderr, flush=True), end(code)); main()"
    )
    options = [sys.executable, "-c", program, *arguments]
    env = {**os.environ, "XDG_CACHE_HOME": str(root / ".cache"), "READINGROOM_TOKEN": "", "GITHUB_TOKEN": ""}
    done = subprocess.run(options, cwd=root, env=env, capture_output=True, text=True, check=False)
    imported = set(done.stderr.splitlines()[-1].split())
    assert "readingroom.cli.main" in imported, done.stderr
    return imported


HEAVY = {"jinja2", "jsonschema", "jsonschema_rs", "babel", "markdown_it", "github", "yaml", "requests"}


def test_help_of_all_imports_no_command_and_nothing_that_only_a_command_needs(tmp_path: Path) -> None:
    imported = list_imported_modules(tmp_path, "--help")
    assert {name for name in imported if name.startswith("readingroom.cli.commands")} == set()
    assert imported & {*HEAVY, "pathlib", "readingroom.io.console", "readingroom.core.diagnostics"} == set()


def test_completion_of_a_command_name_imports_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "_READINGROOM_COMPLETE": "bash_complete",
        "COMP_WORDS": "readingroom ",
        "COMP_CWORD": "1",
    }.items():
        monkeypatch.setenv(name, value)
    assert {name for name in list_imported_modules(tmp_path) if name.startswith("readingroom.cli.commands")} == set()


def test_a_build_without_changes_imports_nothing_that_renders_or_validates(done: Path) -> None:
    list_imported_modules(done, "build", *DAY)  # leaves a cache
    imported = list_imported_modules(done, "build", *DAY)
    assert "readingroom.cli.commands.build" in imported
    assert imported & HEAVY == set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no other process that reads")
def test_the_process_that_renders_imports_nothing_that_reads(root: Path) -> None:
    imported = list_imported_modules(root, "build", *DAY)
    assert "readingroom.render.build" in imported
    assert imported & {"yaml", "jsonschema", "jsonschema_rs"} == set()


@pytest.mark.parametrize("arguments", [("run", "--command", "check"), ("run", "--command", "site"), ("doctor",)])
def test_what_does_not_ask_github_does_not_import_its_client(root: Path, arguments: tuple[str, ...]) -> None:
    write(root, {"event.json": "{}"})
    options = ("--event", "event.json") if arguments[0] == "run" else ()
    imported = list_imported_modules(root, *arguments, *options, *DAY)
    assert (f"readingroom.cli.commands.{arguments[0]}" in imported, "github" in imported) == (True, False)


def test_version_is_printed() -> None:
    assert re.fullmatch(r"readingroom, version \d+\.\d+\.\d+\n", run(Path.cwd(), "--version").stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ("biuld",),
        ("build", "--chekc"),
        ("build", "--root", "nowhere"),
        ("build", "--root", "readingroom.yml"),
        ("build", "surplus"),
        ("check", "--format", "xml"),
        ("completion", "powershell"),
        ("new", "--title"),
        *(
            ("build", "--today", day)
            for day in ("tomorrow", "2024-02-30", "2024-1-5", "20240105", "2024-W01-5", "٢٠٢٤-01-05")
        ),
    ],
    ids=" ".join,
)
def test_a_command_line_that_makes_no_sense_is_not_carried_out(root: Path, arguments: tuple[str, ...]) -> None:
    before = stamps(root)
    refused = run(root, *arguments)
    assert (refused.returncode, refused.stdout) == (NOT_DONE, "")
    assert "Error: " in refused.stderr
    assert "Traceback" not in refused.stderr
    assert stamps(root) == before


def test_an_invalid_day_is_reported_with_an_example(root: Path) -> None:
    assert "Expected: YYYY-MM-DD, for example 2024-01-15." in run(root, "build", "--today", "soon").stderr


@pytest.mark.parametrize("name", ["build", "check", "show", "new"])
def test_in_a_folder_without_a_group_a_command_says_how_to_create_one(tmp_path: Path, name: str) -> None:
    refused = run(tmp_path, name)
    assert refused.returncode == TO_FIX
    assert re.match(r"readingroom\.yml: error \[group-file-missing\] .*readingroom init.*time_zone: ", refused.stderr)
    assert read(tmp_path) == {}


COLOURED = [("check",), ("build", *DAY), ("build", "--check", *DAY)]


@pytest.mark.parametrize("arguments", COLOURED, ids=" ".join)
def test_there_are_no_colours_in_a_pipe(done: Path, arguments: tuple[str, ...]) -> None:
    write(done, {SESSION: "title: a # b\ndate: 2024-01-08\n"})
    said = run(done, *arguments)
    assert said.stderr.startswith(f"{SESSION}:1: warning [yaml-cut-value] ")
    assert "\x1b" not in said.stdout + said.stderr


@pytest.mark.parametrize("arguments", COLOURED, ids=" ".join)
def test_there_are_colours_on_a_terminal(done: Path, arguments: tuple[str, ...]) -> None:
    write(done, {SESSION: "title: a # b\ndate: 2024-01-08\n"})
    assert "\x1b[" in on_terminal(done, *arguments)[1]


def test_an_interrupted_run_says_so_without_a_traceback(root: Path) -> None:
    write(root, files({f"{year}-s": {"date": f"{year}-01-08", "material": READING} for year in range(1700, 2000)}))
    before = stamps(root)
    with subprocess.Popen(
        command("build", "--check", *DAY), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.read(1)  # more is to come than the pipe takes, so that the command still runs
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == NOT_DONE
    assert error.decode().strip() == "Interrupted; every file is either unchanged or complete."
    assert stamps(root) == before


@pytest.mark.parametrize(
    "arguments",
    [("show", *DAY), ("check",), ("build", *DAY), ("build", "--check", *DAY), ("--help",), ("new", "--help")],
    ids=" ".join,
)
def test_a_reader_that_has_gone_is_no_fault(root: Path, arguments: tuple[str, ...]) -> None:
    write(root, {ANNOUNCED_PATH: built(GROUP)[ANNOUNCED_PATH]})
    with subprocess.Popen(command(*arguments), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        error = process.stderr.read().decode()
    assert process.returncode == NOT_DONE
    assert error == ""


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_a_stream_that_is_closed_is_no_fault(root: Path, closed: str) -> None:
    line = f"{shlex.join(command('build', *DAY))} {closed}"
    ran = subprocess.run(["bash", "-c", line], cwd=root, capture_output=True, text=True, check=False)
    assert "Traceback" not in ran.stderr
    assert read(root) == built(GROUP)


def test_output_that_the_terminals_language_lacks_is_no_fault(root: Path) -> None:
    write(root, {SESSION: "title: 量子 🙂\ndate: 2024-02-01\n"})
    shown = run(root, "show", *DAY, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert (shown.returncode, shown.stderr) == (OK, "")
    assert "量子" in shown.stdout or "\\u91cf" in shown.stdout


def without_rights(*arguments: str) -> list[str]:
    """Return a command line for a user who may not write where only the super-user may."""
    if os.geteuid() != 0:
        return command(*arguments)
    if shutil.which("setpriv") is None:
        pytest.skip("the super-user may write everywhere, and setpriv is not installed")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command(*arguments)]


@pytest.mark.parametrize("folder", [".", "sessions"])
def test_a_folder_that_may_not_be_written_is_reported(root: Path, folder: str) -> None:
    before = stamps(root)
    (root / folder).chmod(0o555)
    try:
        refused = subprocess.run(without_rights("build", *DAY), cwd=root, capture_output=True, text=True, check=False)
    finally:
        (root / folder).chmod(0o755)
    assert refused.returncode == NOT_DONE
    assert refused.stderr.startswith("Cannot continue: Permission denied: ")
    assert {path: stamp for path, stamp in stamps(root).items() if path in before} == before
    assert {path for path in read(root) if path.startswith(".")} == set()


@pytest.mark.parametrize("path", [SESSION, "readingroom.yml", "README.md"])
def test_a_file_that_may_not_be_read_is_reported(done: Path, path: str) -> None:
    (done / path).chmod(0)
    refused = subprocess.run(without_rights("build", *DAY), cwd=done, capture_output=True, text=True, check=False)
    assert refused.returncode == TO_FIX
    assert re.match(rf"{re.escape(path)}: error \[file-unreadable\] .*Permission denied", refused.stderr)


def test_a_file_where_a_folder_is_needed_is_reported(root: Path) -> None:
    shutil.rmtree(root / "sessions")
    write(root, {"sessions": "x"})
    refused = run(root, "new", "--title", "Gpt", "--date", "2024-02-05")
    assert refused.returncode in {TO_FIX, NOT_DONE}
    assert "sessions" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_full_disk_leaves_every_file_whole(root: Path) -> None:
    made = {**GROUP, "sessions/02-long/session.yml": b"title: Long\nabstract: " + b"word " * 3000 + b"\n"}
    write(root, made)
    line = f"ulimit -f 4; exec {shlex.join(command('build', *DAY))}"
    refused = subprocess.run(["bash", "-c", line], cwd=root, capture_output=True, text=True, check=False)
    assert refused.returncode == NOT_DONE
    assert refused.stderr.startswith("Cannot continue: File too large")
    after = built(made)
    assert {path for path, content in read(root).items() if content != after[path]} == set()
    assert run(root, "build", *DAY).returncode == OK
    assert read(root) == after


@pytest.mark.parametrize("name", [b"\xff.pdf", b"a\nb.pdf", b"\x1b[31m.pdf", "é.pdf".encode(), b"%0A<b>|.pdf"])
def test_a_resource_may_have_any_name_that_the_disk_takes(root: Path, name: bytes) -> None:
    with open(os.path.join(os.fsencode(root), b"sessions/01-bert", name), "wb"):
        pass
    made = run(root, "build", *DAY)
    assert made.returncode in {OK, TO_FIX}
    assert "Traceback" not in made.stderr
    assert run(root, "check").returncode == made.returncode


FAULTY = """
import click, sys
from readingroom.cli import main
main.dispatch_command.add_command(click.Command("fail", callback=lambda: 1 / 0))
main.main()
"""


def test_a_fault_of_our_own_is_shown_whole_and_asks_for_a_report() -> None:
    failed = subprocess.run([sys.executable, "-c", FAULTY, "fail"], capture_output=True, text=True, check=False)
    assert failed.returncode == FAULT
    assert "ZeroDivisionError" in failed.stderr
    assert "https://github.com/readingroom/readingroom/issues" in failed.stderr.splitlines()[-1]
