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

from readingroom.core.text_file import normalize_typed_text
from readingroom.store.form_schema import Field, Form, normalize_whitespace
from readingroom.text.matching import find_closest_word

AnswerValue = str | list[str] | None

_HEADING = re.compile(r"^### (.*)\n?", re.MULTILINE)
_NO_ANSWER = frozenset({"", "_No response_", r"\_No response\_"})
_NONE = "None"
_WHITESPACE = " \t\n"


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

    values: dict[str, AnswerValue]
    questions: list[Question]


class _UnclearAnswer(Exception):
    """Raised with the question where a value would be a guess."""


@dataclass(frozen=True, slots=True)
class _HeadingMatch:
    """A line that reads like a field's heading: the field's place in the form, and where the line starts and ends."""

    field: int
    start: int
    end: int


def parse_answers(form: Form, body: str) -> Answers:
    """Return the answers to a form in an issue's body, in time that grows with the body's length alone."""
    reading = _BodySections(form, body)
    values: dict[str, AnswerValue] = {field.id: None for field in form.fields}
    if not reading.levels:
        return Answers(values, [Question(None, f'{_NO_HEADING_FOUND} "### {form.fields[0].label}".')])
    questions = []
    for number, field in enumerate(form.fields):
        try:
            values[field.id] = _parse_value(field, reading.extract_section(number))
        except _UnclearAnswer as unclear:
            questions.append(Question(field, str(unclear)))
    return Answers(values, questions)


def matches_form(form: Form, body: str) -> bool:
    """Tell whether a body may come from a form: at least half of its headings are there, in its order."""
    found = len(_BodySections(form, body).levels)
    return found > 0 and found * 2 >= len(form.fields)


def build_json_answers(form: Form, answers: Answers) -> list[dict[str, object]]:
    """Return an entry per field: id, label, type, value and questions; a last one asks about the body as a whole."""
    entries: list[dict[str, object]] = []
    for field in form.fields:
        asked = [question.message for question in answers.questions if question.field == field]
        value = answers.values[field.id]
        entries.append({"id": field.id, "label": field.label, "type": field.type, "value": value, "questions": asked})
    if whole := [question.message for question in answers.questions if question.field is None]:
        entries.append({"id": None, "label": None, "type": None, "value": None, "questions": whole})
    return entries


_NO_HEADING_FOUND = (
    "none of the form's headings was found. Fill in the form, or write the headings yourself, starting with"
)


class _BodySections:
    """A body with LF line ends and the ways to read it: ``levels`` holds per step the headings that it may go by."""

    def __init__(self, form: Form, body: str) -> None:
        self.form = form
        self.text = normalize_typed_text(body)
        self.headings = list(_iter_headings(form, self.text))
        self.levels = _find_longest_subsequences([heading.field for heading in self.headings])
        self.level_of = {
            self.headings[number].field: place for place, level in enumerate(self.levels) for number in level
        }

    def extract_section(self, field: int) -> str:
        """Return the text below a field's heading, or raise _Unclear if it may start or end in two places."""
        place = self.level_of.get(field)
        if place is None:
            raise _UnclearAnswer(self.describe_missing_heading(field))
        here = self.levels[place]
        if len(here) > 1:
            raise _UnclearAnswer(self.describe_repeated_heading(field, here))
        following = self.levels[place + 1] if place + 1 < len(self.levels) else []
        if len(following) > 1:
            label = self.format_heading(self.headings[following[0]].field)
            raise _UnclearAnswer(
                f"it is not clear where the answer ends, since {label} may start in more than one place."
            )
        end = self.headings[following[0]].start if following else len(self.text)
        section = self.text[self.headings[here[0]].end : end]
        if len(self.levels) < len(self.form.fields) and (found := _HEADING.search(section)):
            line = self.get_line_number(self.headings[here[0]].end + found.start())
            raise _UnclearAnswer(
                f"line {line} of the issue is a heading that may be another field's. {_FIX_HEADING_HINT}"
            )
        return section

    def describe_missing_heading(self, field: int) -> str:
        if any(heading.field == field for heading in self.headings):
            return self.describe_misplaced_heading(field)
        heading = self.format_heading(field)
        return f"the heading {heading} was not found. Add it as a line of its own, with the answer below it."

    def describe_repeated_heading(self, field: int, level: Sequence[int]) -> str:
        starts = [self.headings[number].start for number in level if self.headings[number].field == field]
        if len(starts) < 2:
            return self.describe_misplaced_heading(field)
        times = "twice" if len(starts) == 2 else f"{len(starts)} times"
        lines = f"{self.get_line_number(starts[0])} and {self.get_line_number(starts[-1])}"
        heading = self.format_heading(field)
        return f"the heading {heading} stands here {times}, as in the lines {lines} of the issue. {_INDENT_HINT}"

    def describe_misplaced_heading(self, field: int) -> str:
        return (
            f"the heading {self.format_heading(field)} stands where the form does not have it. Keep the form's order."
        )

    def format_heading(self, field: int) -> str:
        return f'"### {self.form.fields[field].label}"'

    def get_line_number(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1


_INDENT_HINT = "Put a blank in front of the one that belongs to an answer."
_FIX_HEADING_HINT = "Write it as the form has it, or put a blank in front of it if it belongs to this answer."


def _iter_headings(form: Form, text: str) -> Iterator[_HeadingMatch]:
    numbers = {field.label.strip(): number for number, field in enumerate(form.fields)}
    for found in _HEADING.finditer(text):
        number = numbers.get(found[1].strip())
        if number is not None:
            yield _HeadingMatch(number, found.start(), found.end())


def _find_longest_subsequences(order: Sequence[int]) -> list[list[int]]:
    """Return per step which entries can stand there in a longest strictly increasing subsequence."""
    before = _compute_subsequence_lengths(order)
    after = _compute_subsequence_lengths([-each for each in reversed(order)])[::-1]
    longest = max(before, default=0)
    levels: list[list[int]] = [[] for _ in range(longest)]
    for number, (left, right) in enumerate(zip(before, after, strict=True)):
        if left + right - 1 == longest:
            levels[left - 1].append(number)
    return levels


def _compute_subsequence_lengths(order: Iterable[int]) -> list[int]:
    """Return for each entry how long an increasing subsequence that ends there can be, at most."""
    lowest: list[int] = []
    lengths = []
    for each in order:
        place = bisect_left(lowest, each)
        lowest[place : place + 1] = [each]
        lengths.append(place + 1)
    return lengths


def _parse_value(field: Field, section: str) -> AnswerValue:
    text = _strip_blank_lines(section)
    if not text.strip() or text in _NO_ANSWER:
        return None
    match field.type:
        case "checkboxes":
            return _parse_checkboxes(field, text)
        case "dropdown":
            return _parse_dropdown(field, text)
        case "input" if "\n" in text:
            raise _UnclearAnswer("one line was expected, and several stand here. Keep one.")
        case "input":
            return text.strip(_WHITESPACE)
    return _strip_code_fence(field, text) if field.render else text


def _strip_blank_lines(text: str) -> str:
    """Return a text without blank lines around it; the first line keeps its indent, which may mean code."""
    text = text.rstrip(_WHITESPACE)
    indent = len(text) - len(text.lstrip(_WHITESPACE))
    return text[text.rfind("\n", 0, indent) + 1 :]


def _strip_code_fence(field: Field, text: str) -> str | None:
    """Return the text of a field with ``render``, without the code fence that GitHub puts round it."""
    first, _, rest = text.partition("\n")
    marks = len(first) - len(first.lstrip("`"))
    fence = first[:marks]
    if marks < 3 or "`" in first[marks:]:
        return text
    inner, _, last = rest.rpartition("\n")
    if last != fence or (first[marks:].strip() != field.render and f"\n{fence}" in f"\n{inner}"):
        raise _UnclearAnswer(
            f"the lines {fence}{field.render} and {fence} around the answer are not as the form sets them."
        )
    inner = _strip_blank_lines(inner)
    return inner if inner.strip() else None


_BOX = re.compile(r" {0,3}[-*+] {1,4}\[([ xX]?)\](.*)")


def _parse_checkboxes(field: Field, text: str) -> list[str]:
    """Return the ticked of the form's own options; a line that is none of them ticks nothing."""
    options = {normalize_whitespace(option): option for option in field.options}
    ticks: dict[str, bool] = {}
    for ticked, lines in _iter_checkboxes(text):
        option = next(
            (
                each
                for each in (normalize_whitespace(" ".join(lines)), normalize_whitespace(lines[0]))
                if each in options
            ),
            "",
        )
        if option and ticks.setdefault(option, ticked) != ticked:
            raise _UnclearAnswer(f'the box "{options[option]}" stands here both ticked and not. Keep one of them.')
    return [option for key, option in options.items() if ticks.get(key)]


def _iter_checkboxes(text: str) -> Iterator[tuple[bool, list[str]]]:
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


def _parse_dropdown(field: Field, text: str) -> AnswerValue:
    text = normalize_whitespace(text)
    options = {normalize_whitespace(option): option for option in field.options}
    if text in options and not field.multiple:
        return options[text]
    ways, keys = _split_options(text, options) if field.multiple else (0, [])
    if ways == 1:
        return [options[key] for key in dict.fromkeys(keys)]
    if ways > 1:
        raise _UnclearAnswer("the chosen options hold commas and may be read in more than one way. Choose fewer.")
    if text == _NONE and not field.required:
        return None
    near = find_closest_word(text, options) if len(text) <= 100 else ""
    known = ", ".join(field.options[:_MAX_LISTED]) + (", ..." if len(field.options) > _MAX_LISTED else "")
    hint = f'Did you mean "{options[near]}"?' if near else f"Wanted: {known}."
    raise _UnclearAnswer(f"the answer is not among the form's options. {hint}")


_MAX_LISTED = 20
_MAX_STEPS = 200_000  # enough for 440 options, all of them chosen
_Path = tuple["_Path", str] | None


def _split_options(text: str, options: Collection[str]) -> tuple[int, list[str]]:
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
