"""What a line says next to its title: "Rings (Speaker: Ann Lee, slides: …)", "Rings, discussion led by Ann Lee"."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText
from readingroom.importer.people import names, parse, split
from readingroom.importer.vocabulary import fields, words
from readingroom.importer.vocabulary.fields import LEAD, OTHER, TITLE


class LabelledPart(NamedTuple):
    """A part of a line that a label names: what it is about, the label as it is typed, and what follows it."""

    role: str
    label: str
    runs: Spans


class _LabelStart(NamedTuple):
    """Where the label of an aside begins, where what it names begins, and the label."""

    place: int
    end: int
    label: str


def split_asides(runs: Spans) -> tuple[Spans, list[LabelledPart]]:
    """Return a line without what labels in brackets or at its end say, if they say who leads; and that."""
    text = _join_text(runs)
    if len(text) > names.MAX_CELL or not (":" in text or "：" in text or _get_led_by_terms().matches_text(text)):
        return runs, []
    for found in _BRACKETED.finditer(text):
        if several := parse_asides(slicing.slice_spans(runs, found.start(1), found.end(1))):
            before, after = slicing.slice_spans(runs, 0, found.start()), slicing.slice_spans(runs, found.end())
            return (*before, *after), several
    return _split_trailing_asides(runs, text)


def parse_asides(runs: Spans) -> list[LabelledPart]:
    """Return the asides that runs are and nothing else, if one of them says who leads."""
    text = _join_text(runs)
    starts = list(_iter_label_starts(text))
    return _collect_asides(runs, starts) if starts and not text[: starts[0].place].strip() else []


def _split_trailing_asides(runs: Spans, text: str) -> tuple[Spans, list[LabelledPart]]:
    inside = split.compute_bracket_depths(text)
    starts = [start for start in _iter_label_starts(text) if not inside[start.place]]
    if not starts or (len(starts) == 1 and not _SAYS.search(text, 0, starts[0].place)):
        return runs, []
    several = _collect_asides(runs, starts)
    return (slicing.slice_spans(runs, 0, starts[0].place), several) if several else (runs, [])


def _collect_asides(runs: Spans, starts: Sequence[_LabelStart]) -> list[LabelledPart]:
    """Return what follows each label, or nothing if none of them surely says who leads."""
    ends = [start.place for start in starts[1:]]
    found = [
        _build_aside(start.label, slicing.strip_spans(slicing.slice_spans(runs, start.end, end), " \n", " \n,;，；、"))
        for start, end in zip(starts, [*ends, None], strict=True)
    ]
    is_led = any(each.role == LEAD and _is_people(each.runs) for each in found)
    return found if is_led else []


def _build_aside(label: str, runs: Spans) -> LabelledPart:
    if not label:
        return LabelledPart(LEAD, "", runs)
    head = fields.parse_label_role(label, _MOST)
    if head.role == TITLE and fields.normalize_label(label) in _TALKS and _is_people(runs):
        return LabelledPart(LEAD, label, runs)
    return LabelledPart(OTHER if head.is_weak and head.role == LEAD else head.role, label, runs)


def _iter_label_starts(text: str) -> Iterator[_LabelStart]:
    """Yield where known labels and words such as "led by" begin, at the start or after a mark."""
    for found in _build_label_pattern().finditer(text):
        label = found["label"] or ""
        if not label or fields.find_role(label, _MOST):
            yield _LabelStart(found.start(), found.end(), label)


def _is_people(runs: Spans) -> bool:
    found = parse.parse_leads(InlineText(0, tuple(runs)))
    return names.is_placeholder(_join_text(runs)) or (
        bool(found.people) and all(lead.url or names.is_person_name(lead.name) for lead in found.people)
    )


def _join_text(runs: Spans) -> str:
    return "".join(run.text for run in runs)


_MOST = 3  # words of a label
_SAYS = re.compile(r"[^\W\d_]{3}|[\u3040-\ud7a3]")
_BRACKETED = re.compile(r"\s?[(\[（【]((?:[^()\[\]（）【】]|[(（][^()（）]{0,100}[)）]){3,300})[)\]）】]")
_TALKS = frozenset(
    ["talk", "presentation", "lecture", "vortrag", "präsentation", "exposé", "présentation", "charla", "ponencia",
     "presentación", "palestra", "apresentação", "报告", "演讲", "発表", "講演", "발표", "강연"]
)  # fmt: skip


@cache
def _get_led_by_terms() -> words.ExpressionMatcher:
    return words.ExpressionMatcher(words.get_expressions("led_by"))


@cache
def _build_label_pattern() -> re.Pattern[str]:
    mark = r"(?:\A|[,;|·，；、\n.]|\s[–—-]|(?<=[\u3040-\u9fff\ud7a3）》」』])\s(?=[\u3040-\u9fff]{1,6}[:：]))\s{0,3}"
    after = r"(?<=[\u3040-\u9fff])\s[\u3040-\u9fff]{1,6}[:：]"  # signs have no spaces within a label
    label = rf"(?P<label>[^\W\d_](?:(?!{after})[^:：,;|·，；、()\[\]（）\n–—]){{0,28}}?)\s?[:：](?!//)\s{{0,3}}"
    return re.compile(rf"{mark}(?:(?:{words.join_expressions('led_by')})\s|{label})", re.IGNORECASE)
