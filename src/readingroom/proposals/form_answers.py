"""The answers in the body of an issue, found by the form that it was filled in with.

GitHub writes ``### LABEL`` for every field in the form's order and puts the answers below as they were typed, so an
answer may hold headings, half a code block, or a copy of the rest of the form. Code fences tell nothing: one that is
left open in an answer would hide all fields after it. The order tells: what GitHub wrote is one longest way through
the headings in the form's order. A heading that is on every longest way is a field; where two ways part, the answers
there are nobody's, and the submitter is asked. Questions never repeat what was typed: it may be a secret.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from readingroom.store import schema
from readingroom.store.form_schema import Field, Form, words

Value = str | list[str] | None

_HEADING = re.compile(r"^### (.*)\n?", re.MULTILINE)
_NOTHING = frozenset({"", "_No response_", r"\_No response\_"})
_NONE = "None"
_BLANK = " \t\n"


@dataclass(frozen=True, slots=True)
class Question:
    """What the submitter has to say or change, in a sentence; without a field it is about the whole body."""

    field: Field | None
    message: str

    @property
    def label(self) -> str:
        return self.field.label if self.field else ""


@dataclass(frozen=True, slots=True)
class Answers:
    """A value for every field's id: text, a list of a form's own options, or None for no answer or an unclear one."""

    values: dict[str, Value]
    questions: list[Question]


class _Unclear(Exception):
    """Raised with the question where a value would be a guess."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """A line that reads like a field's heading: the field's place in the form, and where the line starts and ends."""

    field: int
    start: int
    end: int


def parse(form: Form, body: str) -> Answers:
    """Return the answers to a form in an issue's body, in time that grows with the body's length alone."""
    reading = _Reading(form, body)
    values: dict[str, Value] = {field.id: None for field in form.fields}
    if not reading.levels:
        return Answers(values, [Question(None, f'{_NOT_THE_FORM} "### {form.fields[0].label}".')])
    questions = []
    for number, field in enumerate(form.fields):
        try:
            values[field.id] = _value(field, reading.section(number))
        except _Unclear as unclear:
            questions.append(Question(field, str(unclear)))
    return Answers(values, questions)


def matches(form: Form, body: str) -> bool:
    """Tell whether a body may come from a form: at least half of its headings are there, in its order."""
    found = len(_Reading(form, body).levels)
    return found > 0 and found * 2 >= len(form.fields)


def as_json(form: Form, answers: Answers) -> list[dict[str, object]]:
    """Return an entry per field: id, label, type, value and questions; a last one asks about the body as a whole."""
    entries: list[dict[str, object]] = []
    for field in form.fields:
        asked = [question.message for question in answers.questions if question.field == field]
        value = answers.values[field.id]
        entries.append({"id": field.id, "label": field.label, "type": field.type, "value": value, "questions": asked})
    if whole := [question.message for question in answers.questions if question.field is None]:
        entries.append({"id": None, "label": None, "type": None, "value": None, "questions": whole})
    return entries


_NOT_THE_FORM = "none of the form's headings was found. Fill in the form, or write the headings yourself, starting with"


class _Reading:
    """A body with LF line ends and the ways to read it: ``levels`` holds per step the headings that it may go by."""

    def __init__(self, form: Form, body: str) -> None:
        self.form = form
        self.text = body.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.headings = list(_headings(form, self.text))
        self.levels = _longest_ways([heading.field for heading in self.headings])
        self.level_of = {
            self.headings[number].field: place for place, level in enumerate(self.levels) for number in level
        }

    def section(self, field: int) -> str:
        """Return the text below a field's heading, or raise _Unclear if it may start or end in two places."""
        place = self.level_of.get(field)
        if place is None:
            raise _Unclear(self.missing(field))
        here = self.levels[place]
        if len(here) > 1:
            raise _Unclear(self.parted(field, here))
        following = self.levels[place + 1] if place + 1 < len(self.levels) else []
        if len(following) > 1:
            label = self.label(self.headings[following[0]].field)
            raise _Unclear(f"it is not clear where the answer ends, since {label} may start in more than one place.")
        end = self.headings[following[0]].start if following else len(self.text)
        section = self.text[self.headings[here[0]].end : end]
        if len(self.levels) < len(self.form.fields) and (found := _HEADING.search(section)):
            line = self.line(self.headings[here[0]].end + found.start())
            raise _Unclear(f"line {line} of the issue is a heading that may be another field's. {_MEND_HEADING}")
        return section

    def missing(self, field: int) -> str:
        if any(heading.field == field for heading in self.headings):
            return self.out_of_order(field)
        return f"the heading {self.label(field)} was not found. Add it as a line of its own, with the answer below it."

    def parted(self, field: int, level: Sequence[int]) -> str:
        starts = [self.headings[number].start for number in level if self.headings[number].field == field]
        if len(starts) < 2:
            return self.out_of_order(field)
        times = "twice" if len(starts) == 2 else f"{len(starts)} times"
        lines = f"{self.line(starts[0])} and {self.line(starts[-1])}"
        return f"the heading {self.label(field)} stands here {times}, as in the lines {lines} of the issue. {_INDENT}"

    def out_of_order(self, field: int) -> str:
        return f"the heading {self.label(field)} stands where the form does not have it. Keep the form's order."

    def label(self, field: int) -> str:
        return f'"### {self.form.fields[field].label}"'

    def line(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1


_INDENT = "Put a blank in front of the one that belongs to an answer."
_MEND_HEADING = "Write it as the form has it, or put a blank in front of it if it belongs to this answer."


def _headings(form: Form, text: str) -> Iterator[_Heading]:
    numbers = {field.label.strip(): number for number, field in enumerate(form.fields)}
    for found in _HEADING.finditer(text):
        number = numbers.get(found[1].strip())
        if number is not None:
            yield _Heading(number, found.start(), found.end())


def _longest_ways(order: Sequence[int]) -> list[list[int]]:
    """Return per step which entries can stand there in a longest strictly increasing subsequence."""
    before = _lengths(order)
    after = _lengths([-each for each in reversed(order)])[::-1]
    longest = max(before, default=0)
    levels: list[list[int]] = [[] for _ in range(longest)]
    for number, (left, right) in enumerate(zip(before, after, strict=True)):
        if left + right - 1 == longest:
            levels[left - 1].append(number)
    return levels


def _lengths(order: Iterable[int]) -> list[int]:
    """Return for each entry how long an increasing subsequence that ends there can be, at most."""
    lowest: list[int] = []
    lengths = []
    for each in order:
        place = bisect_left(lowest, each)
        lowest[place : place + 1] = [each]
        lengths.append(place + 1)
    return lengths


def _value(field: Field, section: str) -> Value:
    text = _trimmed(section)
    if not text.strip() or text in _NOTHING:
        return None
    match field.type:
        case "checkboxes":
            return _ticked(field, text)
        case "dropdown":
            return _chosen(field, text)
        case "input" if "\n" in text:
            raise _Unclear("one line was expected, and several stand here. Keep one.")
        case "input":
            return text.strip(_BLANK)
    return _rendered(field, text) if field.render else text


def _trimmed(text: str) -> str:
    """Return a text without blank lines around it; the first line keeps its indent, which may mean code."""
    text = text.rstrip(_BLANK)
    indent = len(text) - len(text.lstrip(_BLANK))
    return text[text.rfind("\n", 0, indent) + 1 :]


def _rendered(field: Field, text: str) -> str | None:
    """Return the text of a field with ``render``, without the code fence that GitHub puts round it."""
    first, _, rest = text.partition("\n")
    marks = len(first) - len(first.lstrip("`"))
    fence = first[:marks]
    if marks < 3 or "`" in first[marks:]:
        return text
    inner, _, last = rest.rpartition("\n")
    if last != fence or (first[marks:].strip() != field.render and f"\n{fence}" in f"\n{inner}"):
        raise _Unclear(f"the lines {fence}{field.render} and {fence} around the answer are not as the form sets them.")
    inner = _trimmed(inner)
    return inner if inner.strip() else None


_BOX = re.compile(r" {0,3}[-*+] {1,4}\[([ xX]?)\](.*)")


def _ticked(field: Field, text: str) -> list[str]:
    """Return the ticked of the form's own options; a line that is none of them ticks nothing."""
    options = {words(option): option for option in field.options}
    ticks: dict[str, bool] = {}
    for ticked, lines in _boxes(text):
        option = next((each for each in (words(" ".join(lines)), words(lines[0])) if each in options), "")
        if option and ticks.setdefault(option, ticked) != ticked:
            raise _Unclear(f'the box "{options[option]}" stands here both ticked and not. Keep one of them.')
    return [option for key, option in options.items() if ticks.get(key)]


def _boxes(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Yield whether each box is ticked, and the lines of its label."""
    ticked, lines = False, list[str]()
    for line in text.split("\n"):
        box = _BOX.fullmatch(line)
        if lines and (box or not line.strip()):
            yield ticked, lines
            lines = []
        if box:
            ticked, lines = box[1] in ("x", "X"), [box[2]]
        elif lines:
            lines.append(line)
    if lines:
        yield ticked, lines


def _chosen(field: Field, text: str) -> Value:
    text = words(text)
    options = {words(option): option for option in field.options}
    if text in options and not field.multiple:
        return options[text]
    ways, keys = _ways(text, options) if field.multiple else (0, [])
    if ways == 1:
        return [options[key] for key in dict.fromkeys(keys)]
    if ways > 1:
        raise _Unclear("the chosen options hold commas and may be read in more than one way. Choose fewer.")
    if text == _NONE and not field.required:
        return None
    near = schema.nearest(text, options) if len(text) <= 100 else ""
    known = ", ".join(field.options[:_MAX_LISTED]) + (", ..." if len(field.options) > _MAX_LISTED else "")
    hint = f'Did you mean "{options[near]}"?' if near else f"Wanted: {known}."
    raise _Unclear(f"the answer is not among the form's options. {hint}")


_MAX_LISTED = 20
_MAX_STEPS = 200_000  # enough for 440 options, all of them chosen
_Path = tuple["_Path", str] | None


def _ways(text: str, options: Collection[str]) -> tuple[int, list[str]]:
    """Return in how many ways a text is made of options with a comma between them, counted to 2, and one of them.

    An option may hold commas itself, so a text is never split: it is walked option by option, each place once. Where
    that takes too many steps, as only options can that are made of one another, it counts as more than one way.
    """
    if len(text) > sum(len(option) + 2 for option in options):
        return 0, []
    reached: dict[int, tuple[int, _Path]] = {0: (1, None)}
    steps = 0
    for place in range(len(text)):
        ways, path = reached.pop(place, (0, None))
        steps += len(options) if ways else 0
        if steps > _MAX_STEPS:
            return 2, []
        for option in options if ways else ():
            end = place + len(option)
            if text.startswith(option, place) and (end == len(text) or text.startswith(", ", end)):
                following = end if end == len(text) else end + 2
                reached[following] = (min(2, ways + reached.get(following, (0, None))[0]), (path, option))
    ways, path = reached.get(len(text), (0, None))
    found = []
    while path:
        path, option = path
        found.append(option)
    return ways, found[::-1]
