"""Time proposals: from an issue to its pull request, the action's start, and reading the longest bodies.

    python benchmarks/propose.py [--rounds 5] [--write docs/performance.md]

Needs what `make test` installs: the proposals run on the GitHub in a box of the tests, by a real runner.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from compare import ROOT, machine, write

sys.path.insert(0, str(ROOT / "tests"))

from box import Box
from box.bridge import Bridge
from proposals import ASKED, body, filled, group, settle
from readingroom import answers, form
from readingroom.files import FORM

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
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    table = "\n".join(["| What | Median | Limit | Met |", "| --- | ---: | ---: | --- |", *rows(options.rounds)])
    words = f"Measured with `python benchmarks/propose.py --rounds {options.rounds}` on\n{machine()}."
    print(table)
    if options.write:
        write(options.write, f"{words}\n\n{table}", "proposals")


def rows(rounds: int) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        installed, cold, warm = starts(folder, rounds)
        found = [
            row("An issue is opened → its pull request and comment are there (s)", proposed(folder, rounds), 1.0),
            row("The action's start on a fresh runner (s)", cold, 3.0),
            row("The same, beside `python -m venv` and pip (ratio)", cold / installed, None),
            row("The action's start where it ran before (s)", warm, 0.6),
        ]
    new, same = requests()
    return [
        *found,
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


def proposed(folder: Path, rounds: int) -> float:
    """Return the seconds from an issue to its comment, through webhook, runner, workflow and action."""
    action = folder / "action"
    for name in ("action.yml", "src", "templates", "schema", "tools", "requirements"):
        source, target = ROOT / name, action / name
        action.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    workflow = folder / "readingroom.yml"
    text = (ROOT / ".github/workflows/readingroom.yml").read_text(encoding="utf-8")
    own = re.sub(r"\n *ref: [^\n]*default_branch[^\n]*", "", text).replace("uses: ./ ", "uses: o/action@v1 ")
    workflow.write_text(own, encoding="utf-8")
    env = environment(folder, folder / "tools")
    (folder / "tools").mkdir()
    took = []
    with Box(group()) as box, Bridge(box, workflow, {"o/action@v1": action}, env) as bridge:
        for _ in range(rounds + 1):  # the first makes the environment
            begun = time.perf_counter()
            number = box.open_issue("A session", body())["issue"]["number"]
            while not box.emulator.get(f"/issues/{number}/comments"):
                time.sleep(0.005)
            took.append(time.perf_counter() - begun)
            bridge.settle()
    return median(took[1:])


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
    known = form.read(FORM, group()[FORM])
    start = filled(known, ASKED)
    bodies = [(start + "\n" + part * LONGEST)[:LONGEST] for part in PARTS]
    return max(median(timed(lambda each=each: answers.parse(known, each)) for _ in range(rounds)) for each in bodies)


if __name__ == "__main__":
    main()
