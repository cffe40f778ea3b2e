"""What a line says beside its title: "Rings (Speaker: Ann Lee, slides: …)", "Rings, discussion led by Ann Lee"."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Runs
from readingroom.importer.inline.spans import Words
from readingroom.importer.people import names, parse, split
from readingroom.importer.vocabulary import fields, words
from readingroom.importer.vocabulary.fields import LEAD, OTHER, TITLE


class Aside(NamedTuple):
    """A part of a line that a label names: what it is about, the label as it is typed, and what stands behind it."""

    role: str
    label: str
    runs: Runs


class _Start(NamedTuple):
    """Where the label of an aside begins, where what it names begins, and the label."""

    place: int
    end: int
    label: str


def parted(runs: Runs) -> tuple[Runs, list[Aside]]:
    """Return a line without what labels in brackets or at its end say, if they say who leads; and that."""
    text = _text(runs)
    if len(text) > names.MAX_CELL or not (":" in text or "：" in text or _by().is_in(text)):
        return runs, []
    for found in _BRACKETED.finditer(text):
        if several := whole(slicing.cut(runs, found.start(1), found.end(1))):
            before, behind = slicing.cut(runs, 0, found.start()), slicing.cut(runs, found.end())
            return (*before, *behind), several
    return _at_end(runs, text)


def whole(runs: Runs) -> list[Aside]:
    """Return the asides that runs are and nothing else, if one of them says who leads."""
    text = _text(runs)
    starts = list(_starts(text))
    return _asides(runs, starts) if starts and not text[: starts[0].place].strip() else []


def _at_end(runs: Runs, text: str) -> tuple[Runs, list[Aside]]:
    inside = split.depths(text)
    starts = [start for start in _starts(text) if not inside[start.place]]
    if not starts or (len(starts) == 1 and not _SAYS.search(text, 0, starts[0].place)):
        return runs, []
    several = _asides(runs, starts)
    return (slicing.cut(runs, 0, starts[0].place), several) if several else (runs, [])


def _asides(runs: Runs, starts: Sequence[_Start]) -> list[Aside]:
    """Return what stands behind each label, or nothing if none of them surely says who leads."""
    ends = [start.place for start in starts[1:]]
    found = [
        _aside(start.label, slicing.trimmed(slicing.cut(runs, start.end, end), " \n", " \n,;，；、"))
        for start, end in zip(starts, [*ends, None], strict=True)
    ]
    is_led = any(each.role == LEAD and _are_people(each.runs) for each in found)
    return found if is_led else []


def _aside(label: str, runs: Runs) -> Aside:
    if not label:
        return Aside(LEAD, "", runs)
    head = fields.head_of(label, _MOST)
    if head.role == TITLE and fields.folded(label) in _TALKS and _are_people(runs):
        return Aside(LEAD, label, runs)
    return Aside(OTHER if head.is_weak and head.role == LEAD else head.role, label, runs)


def _starts(text: str) -> Iterator[_Start]:
    """Yield where known labels and words such as "led by" begin, at the start or behind a mark."""
    for found in _label().finditer(text):
        label = found["label"] or ""
        if not label or fields.role_of(label, _MOST):
            yield _Start(found.start(), found.end(), label)


def _are_people(runs: Runs) -> bool:
    found = parse.read(Words(0, tuple(runs)))
    return names.is_placeholder(_text(runs)) or (
        bool(found.people) and all(lead.url or names.is_name(lead.name) for lead in found.people)
    )


def _text(runs: Runs) -> str:
    return "".join(run.text for run in runs)


_MOST = 3  # words of a label
_SAYS = re.compile(r"[^\W\d_]{3}|[\u3040-\ud7a3]")
_BRACKETED = re.compile(r"\s?[(\[（【]((?:[^()\[\]（）【】]|[(（][^()（）]{0,100}[)）]){3,300})[)\]）】]")
_TALKS = frozenset(
    ["talk", "presentation", "lecture", "vortrag", "präsentation", "exposé", "présentation", "charla", "ponencia",
     "presentación", "palestra", "apresentação", "报告", "演讲", "発表", "講演", "발표", "강연"]
)  # fmt: skip


@cache
def _by() -> words.Sought:
    return words.Sought(words.expressions("led_by"))


@cache
def _label() -> re.Pattern[str]:
    mark = r"(?:\A|[,;|·，；、\n.]|\s[–—-]|(?<=[\u3040-\u9fff\ud7a3）》」』])\s(?=[\u3040-\u9fff]{1,6}[:：]))\s{0,3}"
    behind = r"(?<=[\u3040-\u9fff])\s[\u3040-\u9fff]{1,6}[:：]"  # signs have no blanks within a label
    label = rf"(?P<label>[^\W\d_](?:(?!{behind})[^:：,;|·，；、()\[\]（）\n–—]){{0,28}}?)\s?[:：](?!//)\s{{0,3}}"
    return re.compile(rf"{mark}(?:(?:{words.alternatives('led_by')})\s|{label})", re.IGNORECASE)
