"""Pages of real groups with hand-checked lists of what they contain, and their scores.

The pages are no part of this repository. A folder of them has FILE and FILE.truth.json (or NAME.md and
NAME.truth.json) for each page, a scorer in score.py with the function ``score(truth, entries)``, and in index.tsv for
each file its path in its repository and the answers of its organisers as JSON: ``year``, ``order``, ``columns``.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from readingroom.core.tree import Tree
from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.import_pages import import_pages
from readingroom.importer.schedule import ImportOptions
from readingroom.importer.vocabulary import roles

ANSWERED = {"alan-turing-institute__hut23-logic-reading-group__README.md": 2026}  # the year, which only they know
Score = Callable[[list[dict[str, Any]], list[dict[str, object]]], tuple[Counter[str], list[Any]]]


@dataclass(frozen=True)
class RealPage:
    """A page with its truth: the rows that a careful reader would import."""

    name: str
    path: str
    content: bytes
    truth: list[dict[str, Any]]
    options: ImportOptions = field(default_factory=ImportOptions)

    @property
    def repository(self) -> str:
        return "/".join(self.name.split("__")[:2])

    def import_records(self) -> list[dict[str, object]]:
        """Import the page; return its sessions as ``readingroom import --format json`` prints them."""
        return import_pages({self.path: self.content}, Tree(), self.options).list_session_records()


def load_scorer(folders: Sequence[Path]) -> Score:
    """Return the function that scores the sessions read from a page, from the first folder that has one."""
    file = next(folder / "score.py" for folder in folders if (folder / "score.py").exists())
    module = ModuleType("score")
    module.__file__ = str(file)
    exec(compile(file.read_text("utf-8"), file, "exec"), vars(module))  # noqa: S102 -- a scorer that the user names
    score: Score = module.score
    return score


def list_pages(folder: Path) -> list[RealPage]:
    """Return the pages of a folder in the order of their names."""
    answers = dict(_iter_answers(folder))
    pages = []
    for truth in sorted(folder.glob("*.truth.json")):
        name = truth.name.removesuffix(".truth.json")
        file = folder / name if (folder / name).exists() else folder / f"{name}.md"
        usual = ImportOptions({0: Answers(DateOptions(year=ANSWERED.get(file.name, 0)))})
        path, options = answers.get(file.name, (file.name.split("__")[-1], usual))
        pages.append(RealPage(file.name, path, file.read_bytes(), json.loads(truth.read_text("utf-8")), options))
    return pages


def _iter_answers(folder: Path) -> Iterator[tuple[str, tuple[str, ImportOptions]]]:
    index = folder / "index.tsv"
    if not index.exists():
        return
    with index.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            said = json.loads(row["answers"] or "{}")
            dates = DateOptions(said.get("order", ""), said.get("year", 0))
            columns = dict(roles.parse_columns_option(said.get("columns", "")))
            yield row["file"], (row["path"], ImportOptions({0: Answers(dates, columns)}))
