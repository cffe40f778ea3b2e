"""Write the table of scores in docs/import.md: python tools/score_import.py [FOLDER].

The pages are those of real groups with a hand-checked list of what they contain, and the scorer beside them; they are
no part of this repository. Without them the table stays as it is.
"""

# ruff: noqa: S603 -- a script, not a package; the scorer is a program of its own

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from readingroom.core.tree import Tree
from readingroom.importer import run
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.schedule import ImportOptions

ROOT = Path(__file__).parent.parent
PAGES = ROOT.parent / "shared/data/schedules"
DOCUMENT = ROOT / "docs/import.md"
BEGIN, END = "<!-- scores:begin -->\n", "<!-- scores:end -->\n"
ANSWERED = {"alan-turing-institute__hut23-logic-reading-group__README": 2026}  # what its organisers know
HEAD = (
    "| Page | Sessions | Found | Titles | Leads | Links | False rows |\n| --- | --- | --- | --- | --- | --- | --- |\n"
)


def main() -> None:
    """Import the pages, score them, and write the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    if not folder.is_dir():
        print(f"There are no pages in {folder}: the table stays as it is.")  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as made:
        for page in sorted(folder.glob("*.md")):
            if page.with_suffix(".truth.json").exists():
                (Path(made) / f"{page.stem}.json").write_text(json.dumps(_imported(page)), "utf-8")
        done = subprocess.run(
            [sys.executable, folder / "score_readmes.py", made], check=True, capture_output=True, encoding="utf-8"
        )
    text = DOCUMENT.read_text("utf-8")
    before, rest = text.split(BEGIN)
    table = HEAD + "".join(_rows(done.stdout))
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}", "utf-8")
    print(done.stdout, end="")  # noqa: T201


def _imported(page: Path) -> list[dict[str, object]]:
    options = ImportOptions(DateOptions(year=ANSWERED.get(page.stem, 0)))
    return run.run_import({page.name: page.read_bytes()}, Tree(), options).list_session_records()


def _rows(told: str) -> Iterator[str]:
    for line in told.splitlines()[1:]:
        if line.startswith("ALL"):
            values = dict(part.split("=") for part in line.split() if "=" in part)
            cells = ["all", values["sessions"], values["found"], values["title"], values["leads"], values["links"]]
            yield f"| {' | '.join([*cells, values['false']])} |\n"
        else:
            name, sessions, _, recall, *rates, false = line.split()
            shown = name.split("__")[0] + ("/" + name.split("__")[1] if "__" in name else "")
            yield f"| {shown} | {sessions} | {round(float(recall) * int(sessions))} | {' | '.join(rates)} | {false} |\n"


if __name__ == "__main__":
    main()
