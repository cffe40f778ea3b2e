"""Score the importer on pages of real groups, and write the table in docs/import.md.

    python benchmarks/import_scores.py FOLDER... [--write docs/import.md] [--verbose]

``real_pages.py`` says what a folder holds. The pages are divided in two halves by their order: rules are tuned on the
first, and the second shows what they are worth on other pages.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from real_pages import RealPage, list_pages, load_scorer

BEGIN, END = "<!-- scores:begin -->\n", "<!-- scores:end -->\n"
HEAD = (
    "| Page | Sessions | Found | Wholly right | Titles | Leads | Links | Wrong dates | False rows |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
)


def main() -> None:
    """Import the pages, score them, and print or write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--verbose", action="store_true", help="show what is wrong, row by row")
    options = parser.parse_args()
    score = load_scorer(options.folders)
    table = HEAD
    for folder in options.folders:
        scored: list[tuple[RealPage, Counter[str]]] = []
        for page in list_pages(folder):
            count, wrong = score(page.truth, page.import_records())
            scored.append((page, count))
            if options.verbose:
                print(page.name, *wrong, sep="\n    ")
        table += "".join(render_rows(folder.name, scored))
    print(table, end="")
    if options.write:
        before, rest = options.write.read_text("utf-8").split(BEGIN)
        options.write.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}", "utf-8")


def render_rows(name: str, scored: Sequence[tuple[RealPage, Counter[str]]]) -> Iterator[str]:
    """Yield a row for each page of a set, for its halves and for all of it."""
    for page, count in scored:
        yield render_row(page.repository, count)
    counts = [count for _, count in scored]
    yield render_row(f"**{name}**: first half", sum(counts[::2], Counter()))
    yield render_row(f"**{name}**: second half", sum(counts[1::2], Counter()))
    yield render_row(f"**{name}**: all", sum(counts, Counter()))


def render_row(name: str, count: Counter[str]) -> str:
    rows, found = count["rows"], count["found"]
    shares = [(found, rows), (count["whole"], rows), *((count[key], found) for key in ("title", "leads", "links"))]
    cells = [f"{part / whole:.3f}" if whole else "–" for part, whole in shares]
    return f"| {' | '.join([name, str(rows), *cells, str(count['wrong_date']), str(count['false'])])} |\n"


if __name__ == "__main__":
    main()
