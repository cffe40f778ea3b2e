"""The label that a line begins with, such as "Presenter:", and what follows it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import Span
from readingroom.importer.vocabulary import fields

MAX_WORDS = 3
_LONGEST = 60
_LABEL = re.compile(r"\s*([^:：\n]{1,40}?)\s*[:：]\s*")


def split_label(runs: Spans) -> tuple[str, Spans]:
    """Return the label that a line begins with, and the rest; a bold beginning needs no colon."""
    text = slicing.get_raw_text(runs)
    if ":" not in text and "：" not in text and not any(run.strong for run in runs):
        return "", runs
    return _split_label(text, tuple(runs))


@lru_cache(maxsize=50_000)  # several readers ask of one line
def _split_label(text: str, runs: tuple[Span, ...]) -> tuple[str, Spans]:
    bold = get_bold_prefix(runs)
    has_value = re.search(r"[:：]\s*[^\s:：]", bold[: _LONGEST + 2]) is not None
    if bold.strip() and not has_value and fields.find_role(bold.strip(" :：")):
        linked = [run for run in slicing.slice_spans(runs, 0, len(bold)) if run.url]
        rest = slicing.strip_spans(slicing.slice_spans(runs, len(bold)), " \n:：", " \n")
        return bold.strip(" :："), (*linked, *rest) if linked else rest
    found = _LABEL.match(text)
    if found and _is_label(found[1]) and not any(run.url for run in slicing.slice_spans(runs, 0, found.end())):
        return found[1], slicing.slice_spans(runs, found.end())
    return "", runs


_MARK = re.compile(r"[,;|，；、]|\s[–—-]\s|(?<=[\u3040-\u9fff])\s(?=[\u3040-\u9fff]{1,6}\Z)")
_OPENS = re.compile(r"[(\[（【][^)\]）】]*\Z")


def _is_label(text: str) -> bool:
    """Return whether what precedes a colon is a label as a whole, and no title with a label after it."""
    first, *others = _MARK.split(text)
    is_whole = bool(fields.find_role(first, MAX_WORDS)) or not any(fields.find_role(each, MAX_WORDS) for each in others)
    return is_whole and not _OPENS.search(text)


def get_bold_prefix(runs: Spans) -> str:
    bold = ""
    for run in runs:
        if run.text and not run.strong:
            break
        bold += run.text
    return bold


def split_label_lines(runs: Spans) -> list[Spans]:
    """Return the lines of a block, one with several bold labels as several."""
    return [part for line in slicing.split_lines(runs) for part in _split_at_bold_labels(line)]


def _split_at_bold_labels(line: Spans) -> list[Spans]:
    """Return a line cut before each bold label in it, if it has several."""
    starts, place = [], 0
    for number, run in enumerate(line):
        after = line[number + 1].text if number + 1 < len(line) else ""
        is_label = run.strong and (run.text.rstrip().endswith((":", "：")) or after.lstrip().startswith((":", "：")))
        if is_label and fields.find_role(run.text.strip(" :："), MAX_WORDS):
            starts.append(place)
        place += len(run.text)
    if len(starts) < 2:
        return [line]
    parts = [slicing.slice_spans(line, first, last) for first, last in pairwise([0, *starts[1:], place])]
    return [_strip_trailing_signs(part) for part in parts]


def _strip_trailing_signs(runs: Spans) -> Spans:
    """Return runs without the signs at their end, such as the picture before the next label."""
    text = slicing.get_raw_text(runs)
    return slicing.slice_spans(runs, 0, len(_SIGNS.sub("", text[-_MOST_SIGNS:])) + max(len(text) - _MOST_SIGNS, 0))


_MOST_SIGNS = 20
_SIGNS = re.compile(r"[\s|·•,;\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+\Z")


def parse_label_block(runs: Spans) -> list[tuple[str, Spans]]:
    """Return the labels of a block and what follows each, or nothing if it is no block of labels.

    The first label must be a known one, unless most are; a line without a label goes on with the line before.
    """
    each = [(*split_label(line), line) for line in split_label_lines(runs)]
    roles = [fields.find_role(label, MAX_WORDS) if label else "" for label, _, _ in each]
    if not roles or (roles[0] in {"", fields.NUMBER} and not _has_known_labels([label for label, _, _ in each], roles)):
        return []
    found, last = list[tuple[str, Spans]](), ""
    for (label, rest, line), role in zip(each, roles, strict=True):
        if not found or role or (_is_unknown_label(label) and last != fields.ABSTRACT):
            found.append((label, rest))
            last = role
        else:
            found[-1] = (found[-1][0], (*found[-1][1], Span("\n"), *line))
    return found


_SURE = frozenset({fields.TITLE, fields.LEAD, fields.DATE, fields.TIME, fields.ROOM})


def _has_known_labels(labels: Sequence[str], roles: Sequence[str]) -> bool:
    sure = sum(role in _SURE for role in roles)
    return _is_unknown_label(labels[0]) and (sure > 1 or (sure > 0 and all(map(_is_unknown_label, labels))))


def _is_unknown_label(label: str) -> bool:
    """Return whether the beginning of a line is a label though nobody knows what it means."""
    return bool(label) and len(label.split()) <= MAX_WORDS and not label[0].islower()


def is_label_block(runs: Spans) -> bool:
    """Return whether a block is labels, one in each line."""
    return bool(parse_label_block(runs))


def has_title_label(runs: Spans) -> bool:
    """Return whether a line of a block is labelled as a title, and is no link to a paper."""
    found = [split_label(line) for line in split_label_lines(runs)]
    return any(
        fields.find_role(name, MAX_WORDS) == fields.TITLE and not any(run.url for run in rest) for name, rest in found
    )
