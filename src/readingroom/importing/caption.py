"""The label that a line begins with, such as "Presenter:", and what stands behind it."""

import re
from functools import lru_cache

from readingroom.importing import columns, cutting
from readingroom.importing.cutting import Runs
from readingroom.importing.words import Run

MAX_WORDS = 3
_LABEL = re.compile(r"\s*([^:：\n]{1,40}?)\s*[:：]\s*")


def of(runs: Runs) -> tuple[str, Runs]:
    """Return the label that a line begins with, and the rest; a bold beginning needs no colon."""
    text = cutting.raw(runs)
    if ":" not in text and "：" not in text and not any(run.strong for run in runs):
        return "", runs
    return _of(text, tuple(runs))


@lru_cache(maxsize=1_000)  # several readers ask of one line, one soon after the other
def _of(text: str, runs: tuple[Run, ...]) -> tuple[str, Runs]:
    bold = bold_start(runs)
    if bold.strip() and columns.role_of(bold.strip(" :：")):
        linked = [run for run in cutting.cut(runs, 0, len(bold)) if run.url]
        rest = cutting.trimmed(cutting.cut(runs, len(bold)), " \n:：", " \n")
        return bold.strip(" :："), (*linked, *rest) if linked else rest
    found = _LABEL.match(text)
    if found and not any(run.url for run in cutting.cut(runs, 0, found.end())):
        return found[1], cutting.cut(runs, found.end())
    return "", runs


def bold_start(runs: Runs) -> str:
    bold = ""
    for run in runs:
        if run.text and not run.strong:
            break
        bold += run.text
    return bold


def is_one(runs: Runs) -> bool:
    """Tell whether each line of a block begins with a label whose meaning is known."""
    found = [of(line) for line in cutting.lines(runs)]
    return bool(found) and all(columns.role_of(name, MAX_WORDS) for name, _ in found)


def is_title(runs: Runs) -> bool:
    """Tell whether a line of a block is labelled as a title, and is no link to a paper."""
    found = [of(line) for line in cutting.lines(runs)]
    return any(
        columns.role_of(name, MAX_WORDS) == columns.TITLE and not any(run.url for run in rest) for name, rest in found
    )
