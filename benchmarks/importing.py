"""Time the import of pages beside markdown-it-py rendering the same pages, in one run.

    python benchmarks/importing.py [--rounds 3] [--pages FOLDER] [--write docs/performance.md]

What is timed is all that the command does between reading the page and writing the session files, as the command runs
it: without collecting cycles, and without what it remembers of other pages. markdown-it-py has the rules of GitHub's
Markdown that the importer uses (CommonMark, tables and struck text) and renders HTML. Both take turns. It ends with
exit code 1 if a limit is not met.
"""

import argparse
import functools
import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from statistics import median

from markdown_it import MarkdownIt

from compare import machine, write
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import Tree
from readingroom.importer.import_pages import ImportResult, import_pages
from readingroom.importer.schedule import ImportOptions

LIMIT = 2.5  # times what markdown-it-py takes
SIZES = {"10 kB": 10_000, "100 kB": 100_000, "1 MB": 1_000_000}
OWN_PAGES = Path(__file__).parents[1] / "tests" / "pages"

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
# HTML, which markdown-it-py copies, so that no ratio says anything.
NOT_PARSED = {"A table in HTML", "A table in HTML, short"}


MARKDOWN_IT = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class Times:
    """The medians of the seconds that the processor spends on some pages of a number of bytes together."""

    size: int
    ours: float
    markdown_it: float

    @property
    def ratio(self) -> float:
        return self.ours / self.markdown_it

    @property
    def verdict(self) -> str:
        return "yes" if self.ratio <= LIMIT else "**no**"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=Path, help="a folder of further pages in Markdown")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    gc.disable()
    time_pages([page_of(name, 10_000) for name in PAGES], 1)
    folders = {"The pages of the tests": OWN_PAGES} | ({"Further pages": options.pages} if options.pages else {})
    lines = []
    for line in chain(build_folder_rows(folders, options.rounds), [""], build_kind_rows(options.rounds)):
        print(line, flush=True)
        lines.append(line)
    table = "\n".join(lines)
    further = " --pages FOLDER" if options.pages else ""
    said = f"Measured with `python benchmarks/importing.py --rounds {options.rounds}{further}` on\n{machine()}."
    if options.write:
        write(options.write, f"{said}\n\n{table}", "importing")
    sys.exit(1 if "**no**" in table else 0)


def build_folder_rows(folders: dict[str, Path], rounds: int) -> Iterator[str]:
    yield "| Pages | Number | Bytes | Import (s) | markdown-it-py (s) | Ratio | Limit | Met |"
    yield f"| --- |{' ---: |' * 6} --- |"
    for name, folder in folders.items():
        pages = [path.read_text("utf-8") for path in sorted(folder.rglob("*.md")) if path.name != "README.md"]
        times = time_pages(pages, rounds)
        cells = [name, len(pages), f"{times.size:,}", f"{times.ours:.3f}", f"{times.markdown_it:.3f}"]
        yield f"| {' | '.join(map(str, cells))} | {times.ratio:.1f} | {LIMIT} | {times.verdict} |"


def build_kind_rows(rounds: int) -> Iterator[str]:
    heads = ["Generated page", "Sessions in 1 MB, about", "Import (s)", "markdown-it-py (s)", *SIZES, "Limit", "Met"]
    yield f"| {' | '.join(heads)} |"
    yield f"| --- |{' ---: |' * (len(SIZES) + 4)} --- |"
    for name in PAGES:
        several = [time_pages([page_of(name, size)], rounds) for size in SIZES.values()]
        sessions = 10 * len(done(page_of(name, 100_000)).entries)
        last = several[-1]
        ratios = " | ".join(f"{times.ratio:.1f}" for times in several)
        limit = " | " if name in NOT_PARSED else f"{LIMIT} | {last.verdict}"
        yield f"| {name} | {sessions:,} | {last.ours:.2f} | {last.markdown_it:.2f} | {ratios} | {limit} |"


_FIRST = count(100_000, 70_000)


def page_of(name: str, size: int) -> str:
    """Return a page of a size of which no other page has a line."""
    head, part = PAGES[name]
    first = next(_FIRST)
    number = int((size - len(head)) // (sum(len(part(first + each)) for each in range(1_000)) / 1_000))
    return head + "".join(map(part, range(first, first + number)))


def done(page: str) -> ImportResult:
    return import_pages({"page.md": page.encode()}, Tree(), ImportOptions())


def time_pages(pages: Sequence[str], rounds: int) -> Times:
    """Return how long the import of some pages takes, each by itself, and how long it takes to render them."""
    ours, theirs = [], []
    for _ in range(rounds):
        forget_pages()
        ours.append(time_each(done, pages))
        theirs.append(time_each(MARKDOWN_IT.render, pages))
        gc.collect()
    return Times(sum(len(page.encode()) for page in pages), median(ours), median(theirs))


def time_each(work: Callable[[str], object], pages: Sequence[str]) -> float:
    start = time.process_time()
    for page in pages:
        try:
            work(page)
        except Invalid:
            continue  # a page of the tests that shows an error
    return time.process_time() - start


def forget_pages() -> None:
    """Empty the caches of texts, which have a limit; those of patterns and words, which have none, stay."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and each.cache_parameters()["maxsize"]:  # noqa: SLF001
            each.cache_clear()


if __name__ == "__main__":
    main()
