"""Time the import of large pages: how long one of each kind takes, and whether twice the page takes twice the time.

    python benchmarks/importing.py [--rounds 3] [--size 1000000] [--write docs/performance.md]

What is timed is all that the command does between reading the page and writing the session files, as the command runs
it: without collecting cycles. It ends with exit code 1 if a limit is not met.
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median

from compare import machine, write
from readingroom.core.tree import Tree
from readingroom.importer import run
from readingroom.importer.schedule import ImportOptions

SECONDS = 2.0  # for a page of a megabyte
GROWTH = 2.6  # of the time, where the page has twice the size

Part = Callable[[int], str]


def day(number: int) -> str:
    return f"20{number % 80 + 10}-{number % 12 + 1:02}-{number % 28 + 1:02}"


def paper(number: int) -> str:
    return f"[paper {number}](https://arxiv.org/abs/{2000 + number % 100}.{number % 99_999:05})"


def note(number: int) -> str:
    return (
        f"We look at what it says of case {number} and of those like it, ask why the second experiment gives another "
        "result than the first, and go through the appendix. Read at least the introduction before you come."
    )


# As sessions are on real pages, where they take 110 to 840 bytes, half of them more than 500.
KINDS: dict[str, tuple[str, Part]] = {
    "A table": (
        "| Date | Topic | Lead | Room | Slides | Notes |\n| --- | --- | --- | --- | --- | --- |\n",
        lambda n: (
            f"| {day(n)} | Topic {n} about {paper(n)} | Ada N{n % 50} Surname | Room {n % 9} "
            f"| [slides](slides/{n}.pdf) | {note(n)} |\n"
        ),
    ),
    "A table in HTML": (
        "<table>\n<tr><th>Date</th><th>Topic</th><th>Notes</th></tr>\n",
        lambda n: (
            f'<tr>\n<td>{day(n)}</td>\n<td><a href="https://example.org/{n}">Topic {n}</a></td>\n'
            f"<td>{note(n)}</td>\n</tr>\n"
        ),
    ),
    "Bullets": (
        "# Group\n\n",
        lambda n: f"- {day(n)}: Topic {n} about {paper(n)}, Ada N{n % 50} Surname\n  - {note(n)}\n",
    ),
    "Headings": (
        "# Group\n\n",
        lambda n: f"## {day(n)}: Topic {n}\n\nLead: Ada N{n % 50}\n\n{note(n)}\n\n- {paper(n)}\n- {paper(n + 7)}\n\n",
    ),
    "Paragraphs": (
        "# Group\n\n",
        lambda n: f"**{day(n)}**: Topic {n} about {paper(n)}, by Ada N{n % 50}\n\n{note(n)}\n\n",
    ),
    "Labels": (
        "# Group\n\n",
        lambda n: f"## Topic {n}\n\n**When:** {day(n)}\n**Who:** Ada N{n % 50}\n**Abstract:** {note(n)}\n\n",
    ),
}
# As short as one can write them.
SHORT: dict[str, tuple[str, Part]] = {
    "A table": (
        "| Date | Topic | Lead |\n| --- | --- | --- |\n",
        lambda n: f"| {day(n)} | Topic {n} about {paper(n)} | Ada N{n % 50} Surname |\n",
    ),
    "A table in HTML": (
        "<table>\n<tr><th>Date</th><th>Topic</th></tr>\n",
        lambda n: f'<tr><td>{day(n)}</td><td><a href="https://example.org/{n}">Topic {n}</a></td></tr>\n',
    ),
    "Bullets": ("# Group\n\n", lambda n: f"- {day(n)}: Topic {n} about {paper(n)}, Ada N{n % 50} Surname\n"),
    "Headings": ("# Group\n\n", lambda n: f"## {day(n)}: Topic {n}\n\nLead: Ada N{n % 50}\n\n- {paper(n)}\n\n"),
    "Paragraphs": ("# Group\n\n", lambda n: f"**{day(n)}**: Topic {n} about {paper(n)}, by Ada N{n % 50}\n\n"),
    "Lines": ("# Group\n\n", lambda n: f"{day(n)}: Topic {n} about {paper(n)}\n"),
    "Labels": ("# Group\n\n", lambda n: f"## Topic {n}\n\n**When:** {day(n)}\n**Who:** Ada N{n % 50}\n\n"),
}
# What is no schedule, or hostile.
OTHER: dict[str, tuple[str, Part]] = {
    "Words with days": ("# Group\n\n", lambda n: f"We met on {n % 28 + 1} March 2024 and read paper {n} with joy.\n\n"),
    "Words without": (
        "# Group\n\n",
        lambda n: f"We meet to read the papers of group {n}, and all are welcome to come.\n\n",
    ),
    "Brackets": ("| Date | Topic |\n| --- | --- |\n| 2024-03-04 | ", lambda _: "[" * 1_000),
}
PAGES = KINDS | {f"{name}, short": kind for name, kind in SHORT.items()} | OTHER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes of a page (default: %(default)s)")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    gc.disable()
    seconds("Bullets", 10_000, 1)
    found = [row(name, options.size, options.rounds) for name in PAGES]
    head = [
        "| Page | Bytes | Sessions | Seconds | Limit | Twice the page | Limit | Met |",
        f"| --- |{' ---: |' * 6} --- |",
    ]
    command = f"python benchmarks/importing.py --rounds {options.rounds} --size {options.size}"
    said = f"Measured with `{command}` on\n{machine()}."
    table = "\n".join([*head, *found])
    print(table)
    if options.write:
        write(options.write, f"{said}\n\n{table}", "importing")
    sys.exit(1 if any("**no**" in each for each in found) else 0)


def row(name: str, size: int, rounds: int) -> str:
    twice, once = seconds(name, 2 * size, rounds), seconds(name, size, rounds)
    page = page_of(name, size)
    sessions = len(done(page).entries)
    limit, growth = SECONDS * size / 1_000_000, twice / once
    is_met = once <= limit and (growth <= GROWTH or twice < 0.5)
    cells = [name, f"{len(page):,}", f"{sessions:,}", f"{once:.2f}", f"{limit:.2f}", f"{growth:.2f}", str(GROWTH)]
    return f"| {' | '.join(cells)} | {'yes' if is_met else '**no**'} |"


_FIRST = count(100_000, 70_000)


def page_of(name: str, size: int) -> str:
    """Return a page of a size of which no other page has a line, so that nothing of it is remembered."""
    head, part = PAGES[name]
    first = next(_FIRST)
    number = int((size - len(head)) // (sum(len(part(first + each)) for each in range(1_000)) / 1_000))
    return head + "".join(map(part, range(first, first + number)))


def done(page: str) -> run.ImportResult:
    return run.run_import({"README.md": page.encode()}, Tree(), ImportOptions())


def seconds(name: str, size: int, rounds: int) -> float:
    """Return the median of the seconds that the processor spends on a page."""
    found = []
    for _ in range(rounds):
        page = page_of(name, size)
        start = time.process_time()
        done(page)
        found.append(time.process_time() - start)
        gc.collect()
    return median(found)


if __name__ == "__main__":
    main()
