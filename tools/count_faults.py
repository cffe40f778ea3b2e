"""Write docs/reliability.md: let every request of every flow fail in every way, and count what the next run ends in.

It takes some ten minutes. ``--check`` only compares the flows and faults of the page with those of the tests.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from faults import FAULTS  # noqa: E402 -- the tests are no package
from flows import FLOWS, Flow, run_undisturbed, run_with_fault  # noqa: E402

PAGE = ROOT / "docs/reliability.md"
INTRODUCTION = """\
# Reliability

What becomes of a group's repository when GitHub does not answer as it should. The tests run the action's code on a
simulated GitHub, with real Git objects behind its API, and compare each answer with GitHub's own description of it. A
flow is what happened before a run, such as an edit of an issue whose proposal has a pull request. The tool
`tools/count_faults.py` lets each request of that run fail in each of these ways, one at a time, and then lets the next
run do the rest:
"""
RESULT = """\
A run counts as recovered if, after the next run, branches, files, pull requests, issues, comments, labels and statuses
are exactly those of an undisturbed run, and the sweep of all proposals finds nothing more to do: nothing is lost,
nothing exists twice. A run that fails says so in one line and ends with an error, without a traceback. The check of a
pull request writes nothing but its comment; the tests let each of its requests fail too.
"""


class Count(NamedTuple):
    flow: str
    requests: int
    runs: int
    recovered: int


def main() -> None:
    if "--check" in sys.argv:
        sys.exit(find_stale_entry(PAGE.read_text("utf-8")))
    counts = [*count_flows()]
    PAGE.write_text(render_page(counts), "utf-8")
    if lost := [each.flow for each in counts if each.recovered != each.runs]:
        sys.exit(f"Not recovered: {', '.join(lost)}")


def find_stale_entry(text: str) -> str | None:
    """Return what the page lacks of the flows and faults, if anything."""
    missing = [name for name in (*FLOWS, *FAULTS) if f"| {name} |" not in text and f"- {name}\n" not in text]
    return f"docs/reliability.md lacks {', '.join(missing)}: run tools/count_faults.py" if missing else None


def count_flows() -> Iterator[Count]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, flow in FLOWS.items():
            methods, expected = run_undisturbed(flow)
            cases = [(flow, fault, at, expected) for fault in FAULTS for at in range(1, len(methods) + 1)]
            recovered = sum(pool.map(has_recovered, cases))
            sys.stderr.write(f"{name}: {recovered} of {len(cases)}\n")
            yield Count(name, len(methods), len(cases), recovered)


def has_recovered(case: tuple[Flow, str, int, Any]) -> bool:
    flow, fault, at, expected = case
    return run_with_fault(flow, fault, at)[0] == expected


def render_page(counts: list[Count]) -> str:
    faults = "".join(f"- {name}\n" for name in FAULTS)
    rows = "".join(f"| {each.flow} | {each.requests} | {each.runs:,} | {each.recovered:,} |\n" for each in counts)
    requests, runs, recovered = (sum(column) for column in zip(*(each[1:] for each in counts), strict=True))
    total = f"| **all** | {requests} | {runs:,} | {recovered:,} |\n"
    head = "| Flow | Requests of its run | Runs with a fault | Recovered |\n| --- | ---: | ---: | ---: |\n"
    return f"{INTRODUCTION}\n{faults}\n{RESULT}\n{head}{rows}{total}"


if __name__ == "__main__":
    main()
