"""Time the action: an issue on its way to a pull request, pushes, the start, and reading the longest bodies.

    python benchmarks/action.py [--rounds 5] [--sessions 10000] [--write docs/performance.md]

Needs what `make test` installs: the action runs on the GitHub in a box of the tests, by a real runner.
"""

import argparse
import datetime as dt
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import generate
from compare import ROOT, machine, write

sys.path.insert(0, str(ROOT / "tests"))

import acting
import groups
from box import Box
from box.bridge import Bridge
from groups import built
from proposals import ASKED, body, filled, forge, group, settle
from readingroom.core.tree import FORM_PATH, GitFile
from readingroom.github.git_tree import CommitListing, compute_blob_id
from readingroom.github.pages_sync import Publisher
from readingroom.proposals import form_answers
from readingroom.store import form_schema, yaml_codec

PART = 500  # files that the box takes at once within its time
LONGEST = 65_536  # characters of an issue's body
PARTS = (
    "### Title\n",
    "```\n",
    "### ",
    "- [x] ",
    "\n",
    "[",
    "### Title\n\n### Kind\n",
    " \t",
    "_No response_\n",
    "a, ",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sessions", type=int, default=10_000, help="of the group that a push is made to")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    found = rows(options.rounds, options.sessions)
    table = "\n".join(["| What | Median | Limit | Met |", "| --- | ---: | ---: | --- |", *found])
    command = f"python benchmarks/action.py --rounds {options.rounds} --sessions {options.sessions}"
    words = f"Measured with `{command}` on\n{machine()}."
    print(table)
    if options.write:
        write(options.write, f"{words}\n\n{table}", "action")


def rows(rounds: int, sessions: int) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        installed, cold, warm = starts(folder, rounds)
        proposed, pushed = through_the_box(folder, rounds)
        found = [
            row("An issue is opened → its pull request and comment are there (s)", proposed, 1.0),
            row("A push with nothing to do → its run has ended (s)", pushed, 1.0),
            row("The action's start on a fresh runner (s)", cold, 3.0),
            row("The same, beside `python -m venv` and pip (ratio)", cold / installed, None),
            row("The action's start where it ran before (s)", warm, 0.6),
        ]
    new, same = requests()
    push = requests_of_push(sessions)
    return [
        *found,
        row(f"Requests for a push of one session to {sessions:,}", push, 8),
        row("Requests for a new proposal", new, 12),
        row("Requests for an edit that changes nothing", same, 6),
        row(f"The slowest of {len(PARTS)} hostile bodies of {LONGEST:,} characters (ms)", parsed(rounds) * 1000, 50),
    ]


def row(what: str, value: float, limit: float | None) -> str:
    told = f"{value:g}" if value == int(value) else f"{value:.2f}"
    met = "" if limit is None else "yes" if value <= limit else "**no**"
    return f"| {what} | {told} | {'' if limit is None else f'{limit:g}'} | {met} |"


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def starts(folder: Path, rounds: int) -> tuple[float, float, float]:
    """Return the seconds that installing takes with venv and pip alone, and that the start takes cold and warm."""
    lock = ROOT / "requirements/runtime.txt"
    start = [sys.executable, str(ROOT / "tools/start.py"), "--version"]
    installed, cold, warm = [], [], []
    for number in range(rounds):
        tools, env = folder / f"tools-{number}", environment(folder / f"home-{number}", folder / f"tools-{number}")
        own = tools / "peer"
        pip = [own / "bin/python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock]
        installed.append(
            timed(lambda own=own, env=env: run([sys.executable, "-m", "venv", own], env))
            + timed(lambda pip=pip, env=env: run(pip, env))
        )
        shutil.rmtree(env["HOME"], ignore_errors=True)
        cold.append(timed(lambda env=env: run(start, env)))
        warm.append(timed(lambda env=env: run(start, env)))
    return median(installed), median(cold), median(warm)


def run(command: list[object], env: Mapping[str, str]) -> None:
    subprocess.run([str(part) for part in command], env=env, check=True, stdout=subprocess.DEVNULL)


def environment(home: Path, tools: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key.startswith(("PATH", "PIP_", "SSL_", "UV_", "HTTP"))}
    return {**kept, "HOME": str(home), "RUNNER_TOOL_CACHE": str(tools)}


def through_the_box(folder: Path, rounds: int) -> tuple[float, float]:
    """Return the seconds from an issue to its comment, and from a push to the end of its run that finds all is right.

    Both go through webhook, runner, workflow and action; of the workflow a push starts the job of the pages alone, as
    GitHub does, where the box's runner would be asked to skip the others.
    """
    (folder / "tools").mkdir()
    env, release = acting.environment(folder / "tools"), acting.release(folder / "action")
    actions = {acting.NAME: release}
    with Box(group()) as box, Bridge(box, acting.write(folder, acting.users_workflow()), actions, env) as bridge:
        proposed = [answered(box, bridge) for _ in range(rounds + 1)]  # the first makes the environment
    with Box(group()) as box, Bridge(box, acting.write(folder, acting.workflow_of_pages()), actions, env) as bridge:
        pushed = [settled(box, bridge, number) for number in range(rounds)]
    return median(proposed[1:]), median(pushed)


def answered(box: Box, bridge: Bridge) -> float:
    begun = time.perf_counter()
    issue = box.open_issue("A session", body())["issue"]["number"]
    while not box.emulator.get(f"/issues/{issue}/comments"):
        time.sleep(0.005)
    took = time.perf_counter() - begun
    bridge.settle()
    return took


def settled(box: Box, bridge: Bridge, number: int) -> float:
    readme = box.tree()["README.md"]
    begun = time.perf_counter()
    box.commit("main", {"README.md": readme + f"\nMore of ours: {number}.\n".encode()})
    runs = bridge.settle()
    took = time.perf_counter() - begun
    assert [each.outputs["pages.state"] for each in runs] == ["nothing"] * (number + 1)
    return took


def requests_of_push(sessions: int) -> int:
    """Return how many requests a push of one session to a large group takes."""
    drawn = generate.sessions(sessions).items()
    made = {f"sessions/{name}/session.yml": yaml_codec.dump_yaml(each).encode() for name, each in drawn}
    own = {"readingroom.yml": (ROOT / "readingroom.yml").read_bytes(), "README.md": generate.README.encode()}
    files = built({**own, **made}, generate.TODAY)
    parts = iter(files.items())
    with Box(dict(itertools.islice(parts, PART))) as box:
        while part := dict(itertools.islice(parts, PART)):
            box.commit("main", part)
        new = {"sessions/new/session.yml": f"title: New\ndate: {generate.TODAY}\n".encode()}
        box.commit("main", new)
        files |= new
        entries = [GitFile(path, "100644", compute_blob_id(files[path]), len(files[path])) for path in sorted(files)]
        publisher = Publisher(forge(box), "main", groups.tree(files), _today, listing=CommitListing(entries))
        assert publisher.publish("commit").state == "committed"
        return len(box.exchanges)


def _today(_zone: str) -> dt.date:
    return generate.TODAY


def requests() -> tuple[int, int]:
    """Return how many requests a new proposal takes, and one whose issue was edited without a change."""
    with Box(group()) as box:
        box.open_issue("A session", body())
        settle(box, 1)
        new = len(box.exchanges)
        settle(box, 1)
        return new, len(box.exchanges) - new


def parsed(rounds: int) -> float:
    """Return the seconds that the slowest of the hostile bodies takes."""
    known = form_schema.read_form(FORM_PATH, group()[FORM_PATH])
    start = filled(known, ASKED)
    bodies = [(start + "\n" + part * LONGEST)[:LONGEST] for part in PARTS]
    return max(
        median(timed(lambda each=each: form_answers.parse_answers(known, each)) for _ in range(rounds))
        for each in bodies
    )


if __name__ == "__main__":
    main()
