"""The answers in the body of an issue, found by the form that it was filled in with.

GitHub writes ``### LABEL`` for every field in the form's order and puts the answers below as they were typed, so an
answer may contain headings, half a code block, or a copy of the rest of the form. Code fences are no help: one that is
not closed in an answer would hide all fields after it. The order is: what GitHub wrote is one of the longest paths
through the headings in the form's order. A heading that is on every longest path is a field; where two paths differ,
the answers there are ambiguous, and the submitter is asked. Questions never repeat what was typed: it may be a secret.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from readingroom.core.text_file import normalize_typed_text
from readingroom.store.form_schema import Field, FieldType, Form
from readingroom.text import characters
from readingroom.text.matching import find_closest_word, normalize_text
from readingroom.text.phrases import normalize_whitespace

AnswerValue = str | list[str] | None

_HEADING = re.compile(r"^### (.*)\n?", re.MULTILINE)
_LOOSE_HEADING = re.compile(r"^[ \t>]*(?:#{1,6}[ \t]|\*\*|__)(.*)$", re.MULTILINE)
_NO_ANSWER = frozenset({"", "_No response_", r"\_No response\_"})
_NONE = "None"
_WHITESPACE = " \t\n"


@dataclass(frozen=True, slots=True)
class Question:
    """What the submitter has to add or change, in a sentence; without a field it is about the whole body."""

    field: Field | None
    message: str

    @property
    def label(self) -> str:
        return self.field.label if self.field else ""


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """A value for each field's id: a text, a list of the form's options, or None for no answer or an unclear one.

    ``repeated_labels`` are those of which the body has several headings, whatever their level, case and spaces: one of
    them may be an answer that imitates a field.
    """

    values: dict[str, AnswerValue]
    questions: list[Question]
    repeated_labels: tuple[str, ...] = ()


class _UnclearAnswer(Exception):
    """Raised with the question where a value would be a guess."""


@dataclass(frozen=True, slots=True)
class _HeadingMatch:
    """A line that is the same as a field's heading: the field's number, and where the line starts and ends."""

    field: int
    start: int
    end: int


def parse_answers(form: Form, body: str) -> FormAnswers:
    """Return the answers to a form in an issue's body, in time that only grows with the length of the body."""
    sections = _BodySections(form, body)
    values: dict[str, AnswerValue] = {field.id: None for field in form.fields}
    if not sections.levels:
        return FormAnswers(values, [Question(None, f'{_NO_HEADING_FOUND} "### {form.fields[0].label}".')])
    questions = []
    for number, field in enumerate(form.fields):
        try:
            values[field.id] = _parse_value(field, sections.extract_section(number))
        except _UnclearAnswer as unclear:
            questions.append(Question(field, str(unclear)))
    return FormAnswers(values, questions, tuple(_list_repeated_labels(form, sections.text)))


def _list_repeated_labels(form: Form, text: str) -> list[str]:
    counts = Counter(_normalize_heading(match[1]) for match in _LOOSE_HEADING.finditer(text))
    return [field.label for field in form.fields if counts[_normalize_heading(field.label)] > 1]


def _normalize_heading(line: str) -> str:
    return normalize_text(characters.HIDDEN.sub("", line).strip("#*_: \t"))


def matches_form(form: Form, body: str) -> bool:
    """Return whether a body may come from a form: it has at least half of the form's headings, in their order."""
    headings = len(_BodySections(form, body).levels)
    return headings > 0 and headings * 2 >= len(form.fields)


def build_json_answers(form: Form, answers: FormAnswers) -> list[dict[str, object]]:
    """Return an entry per field: id, label, type, value and questions; the last may be about the body as a whole."""
    entries: list[dict[str, object]] = []
    for field in form.fields:
        questions = [question.message for question in answers.questions if question.field == field]
        about = {"id": field.id, "label": field.label, "type": field.type}
        entries.append({**about, "value": answers.values[field.id], "questions": questions})
    if messages := [question.message for question in answers.questions if question.field is None]:
        entries.append({"id": None, "label": None, "type": None, "value": None, "questions": messages})
    return entries


_NO_HEADING_FOUND = (
    "none of the form's headings was found. Fill in the form, or write the headings yourself, starting with"
)


class _BodySections:
    """A body with LF line ends; ``levels`` has, for each step of the longest paths, the headings that may be there."""

    def __init__(self, form: Form, body: str) -> None:
        self.form = form
        self.text = normalize_typed_text(body)
        self.headings = list(_iter_headings(form, self.text))
        self.levels = _find_longest_subsequences([heading.field for heading in self.headings])
        self.level_of = {
            self.headings[number].field: step for step, level in enumerate(self.levels) for number in level
        }

    def extract_section(self, field: int) -> str:
        """Return the text below a field's heading; raise _UnclearAnswer if it may start or end in two places."""
        step = self.level_of.get(field)
        if step is None:
            raise _UnclearAnswer(self.describe_missing_heading(field))
        level = self.levels[step]
        if len(level) > 1:
            raise _UnclearAnswer(self.describe_repeated_heading(field, level))
        following = self.levels[step + 1] if step + 1 < len(self.levels) else []
        if len(following) > 1:
            label = self.format_heading(self.headings[following[0]].field)
            raise _UnclearAnswer(
                f"it is not clear where the answer ends, since {label} may start in more than one place."
            )
        end = self.headings[following[0]].start if following else len(self.text)
        start = self.headings[level[0]].end
        section = self.text[start:end]
        if len(self.levels) < len(self.form.fields) and (heading := _HEADING.search(section)):
            line = self.get_line_number(start + heading.start())
            raise _UnclearAnswer(
                f"line {line} of the issue is a heading that may belong to another field. {_FIX_HEADING_HINT}"
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
        return f"the heading {heading} appears {times}, for example in the lines {lines} of the issue. {_INDENT_HINT}"

    def describe_misplaced_heading(self, field: int) -> str:
        return (
            f"the heading {self.format_heading(field)} appears where the form does not have it. Keep the form's order."
        )

    def format_heading(self, field: int) -> str:
        return f'"### {self.form.fields[field].label}"'

    def get_line_number(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1


_INDENT_HINT = "Put a space before the one that belongs to an answer."
_FIX_HEADING_HINT = "Write it as the form has it, or put a space before it if it belongs to this answer."


def _iter_headings(form: Form, text: str) -> Iterator[_HeadingMatch]:
    numbers = {field.label.strip(): number for number, field in enumerate(form.fields)}
    for match in _HEADING.finditer(text):
        number = numbers.get(match[1].strip())
        if number is not None:
            yield _HeadingMatch(number, match.start(), match.end())


def _find_longest_subsequences(order: Sequence[int]) -> list[list[int]]:
    """Return for each step the entries that can be there in a longest strictly increasing subsequence."""
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
        step = bisect_left(lowest, each)
        lowest[step : step + 1] = [each]
        lengths.append(step + 1)
    return lengths


def _parse_value(field: Field, section: str) -> AnswerValue:
    text = _strip_blank_lines(section)
    if not text.strip() or text in _NO_ANSWER:
        return None
    match field.type:
        case FieldType.CHECKBOXES:
            return _parse_checkboxes(field, text)
        case FieldType.DROPDOWN:
            return _parse_dropdown(field, text)
        case FieldType.INPUT if "\n" in text:
            raise _UnclearAnswer("one line was expected, but there are several. Keep one.")
        case FieldType.INPUT:
            return text.strip(_WHITESPACE)
    return _strip_code_fence(field, text) if field.render else text


def _strip_blank_lines(text: str) -> str:
    """Return a text without empty lines around it; the first line keeps its indent, which may mean code."""
    text = text.rstrip(_WHITESPACE)
    indent = len(text) - len(text.lstrip(_WHITESPACE))
    return text[text.rfind("\n", 0, indent) + 1 :]


def _strip_code_fence(field: Field, text: str) -> str | None:
    """Return the text of a field with ``render``, without the code fence that GitHub puts around it."""
    first, _, rest = text.partition("\n")
    length = len(first) - len(first.lstrip("`"))
    fence, language = first[:length], first[length:]
    if length < 3 or "`" in language:
        return text
    inner, _, last = rest.rpartition("\n")
    if last != fence or (language.strip() != field.render and f"\n{fence}" in f"\n{inner}"):
        raise _UnclearAnswer(
            f"the lines {fence}{field.render} and {fence} around the answer are not as the form sets them."
        )
    inner = _strip_blank_lines(inner)
    return inner if inner.strip() else None


_BOX = re.compile(r" {0,3}[-*+] {1,4}\[([ xX]?)\](.*)")


def _parse_checkboxes(field: Field, text: str) -> list[str]:
    """Return the options of the form that are ticked; a line that is not one of them ticks nothing."""
    options = {normalize_whitespace(option): option for option in field.options}
    ticks: dict[str, bool] = {}
    for ticked, lines in _iter_checkboxes(text):
        labels = (normalize_whitespace(" ".join(lines)), normalize_whitespace(lines[0]))
        option = next((each for each in labels if each in options), "")
        if option and ticks.setdefault(option, ticked) != ticked:
            raise _UnclearAnswer(f'the box "{options[option]}" is both ticked and not. Keep one of them.')
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
        raise _UnclearAnswer("the chosen options contain commas and may be read in more than one way. Choose fewer.")
    if text == _NONE and not field.required:
        return None
    near = find_closest_word(text, options) if len(text) <= 100 else ""
    listed = ", ".join(field.options[:_MAX_LISTED]) + (", ..." if len(field.options) > _MAX_LISTED else "")
    hint = f'Did you mean "{options[near]}"?' if near else f"Expected: {listed}."
    raise _UnclearAnswer(f"the answer is not among the form's options. {hint}")


_MAX_LISTED = 20
_MAX_STEPS = 200_000  # enough for 440 options, all of them chosen
_Path = tuple["_Path", str] | None


def _split_options(text: str, options: Collection[str]) -> tuple[int, list[str]]:
    """Return in how many ways (at most 2) a text consists of options with commas between them, and one of the ways.

    An option may contain commas itself, so the text is not split: it is walked through option by option, each position
    once. If that takes too many steps, which needs options that consist of each other, it counts as more than one way.
    """
    if len(text) > sum(len(option) + 2 for option in options):
        return 0, []
    reached: dict[int, tuple[int, _Path]] = {0: (1, None)}
    steps = 0
    for start in range(len(text)):
        ways, path = reached.pop(start, (0, None))
        steps += len(options) if ways else 0
        if steps > _MAX_STEPS:
            return 2, []
        for option in options if ways else ():
            end = start + len(option)
            if text.startswith(option, start) and (end == len(text) or text.startswith(", ", end)):
                following = end if end == len(text) else end + 2
                reached[following] = (min(2, ways + reached.get(following, (0, None))[0]), (path, option))
    ways, path = reached.get(len(text), (0, None))
    chosen = []
    while path:
        path, option = path
        chosen.append(option)
    return ways, chosen[::-1]
