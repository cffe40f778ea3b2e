"""The session that a form's answers propose, and what the submitter should change."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from readingroom.core.diagnostics import Diagnostic, Invalid
from readingroom.core.models import WEEKDAYS, Group
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import Tree
from readingroom.edit import new_session
from readingroom.parsing import dates, names, people, reading_items, times
from readingroom.proposals.form_answers import FormAnswers, Question
from readingroom.store import catalogue, ignores, schema, yaml_codec
from readingroom.store.catalogue import Catalogue
from readingroom.store.form_schema import Field, FieldType, Form
from readingroom.text import escape
from readingroom.text.phrases import format_count, normalize_whitespace


@dataclass(slots=True)
class Proposal:
    """What an issue proposes: the data of a session file, what should change, and how the answers were interpreted.

    ``interpretations`` and ``unparsed`` have a field's label with a sentence, or with text that no key of a session
    file has room for. ``longest`` is the field with the longest answer. ``repeated_labels`` are those that an answer
    repeats as a heading.
    """

    data: dict[str, Any] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    interpretations: list[tuple[str, str]] = field(default_factory=list)
    unparsed: list[tuple[str, str]] = field(default_factory=list)
    main_sections: int = 0
    longest: Field | None = None
    repeated_labels: tuple[str, ...] = ()


def build_proposal(form: Form, answers: FormAnswers, group: Group) -> Proposal:
    """Return what the answers to a group's own form propose."""
    builder = _ProposalBuilder(form, answers, group)
    for question in answers.questions:
        builder.add_question(question.field.id if question.field else "", question.message)
    builder.add_text_fields()
    builder.add_date()
    builder.add_time()
    builder.add_leads()
    builder.add_material()
    builder.add_files()
    builder.proposal.repeated_labels = answers.repeated_labels
    data, keys = builder.proposal.data, schema.load_schema(schema.SchemaName.SESSION).document["properties"]
    builder.proposal.data = {key: data[key] for key in keys if key in data}
    return builder.proposal


# How many characters and lines of an answer are read; the schema says how long each text may be.
_MAX_CHARACTERS = {"leads": 10_000, "abstract": 20_000, "main_reading": 20_000, "extra_reading": 20_000}
_MAX_CHARACTERS |= {"files": 20_000, "anything_else": 5_000, "title": 1_000, "kind": 1_000, "room": 1_000}
_MAX_LINES = {"leads": 50, "main_reading": 500, "extra_reading": 500, "files": 100}
_MAX_UNPARSED = 5_000
_KEEP_ORDER = frozenset({"abstract", "anything_else"})
_EXAMPLE_LEAD = "Ada Lovelace, https://example.org/ada"


class _ProposalBuilder:
    """Adds one answer after the other to a proposal."""

    def __init__(self, form: Form, answers: FormAnswers, group: Group) -> None:
        self.fields = {each.id: each for each in form.fields}
        self.group = group
        self.proposal = Proposal()
        self.questioned: set[str] = set()
        self.day: dates.ParsedDay | None = None
        values = {each.id: _format_value(answers.values.get(each.id)) for each in form.fields}
        self.proposal.longest = max(form.fields, key=lambda each: len(values[each.id]), default=None)
        self.values = {key: self.validate_text(key, text) for key, text in values.items()}

    def add_question(self, key: str, message: str) -> None:
        if not key or key not in self.questioned:
            self.proposal.questions.append(Question(self.fields.get(key), message))
        self.questioned.add(key)

    def add_interpretation(self, key: str, sentence: str) -> None:
        self.proposal.interpretations.append((self.fields[key].label, sentence))

    def validate_text(self, key: str, text: str) -> str:
        """Return an answer that may be in a file and that a person may have typed; ask about any other one."""
        lines = sum(1 for line in text.splitlines() if line.strip())
        if message := yaml_codec.find_character_error(text):
            self.add_question(key, f"{message} Remove it.")
        elif len(text) > (limit := _MAX_CHARACTERS.get(key, 20_000)):
            self.add_question(
                key, f"has {len(text)} characters. Shorten it to {limit} characters, or link to the long part."
            )
        elif lines > (limit := _MAX_LINES.get(key, lines)):
            self.add_question(key, f"has {lines} lines. Keep at most {limit}.")
        else:
            is_typed = key not in _KEEP_ORDER and self.fields[key].type != FieldType.DROPDOWN
            stripped = escape.strip_bidi_controls(text) if is_typed else text
            if stripped != text:
                self.add_interpretation(key, "without its invisible characters that change the order of letters")
            return stripped
        return ""

    def get_answer(self, key: str) -> str:
        """Return an answer's text, or an empty one; ask for one that is required."""
        text, form_field = self.values.get(key, ""), self.fields.get(key)
        if not text.strip() and form_field and form_field.required:
            self.add_question(key, f"has no answer, and needs one. {_suggest_answer(form_field)}".strip())
        return text.strip("\n")

    def add_text_fields(self) -> None:
        """Add the answers that are taken as they are."""
        for key in ("title", "kind", "room"):
            if text := normalize_whitespace(self.get_answer(key)):
                self.proposal.data[key] = text
        if names.is_unknown(title := self.proposal.data.get("title", "")):
            self.add_question("title", f'found "{title}". Expected: what the session is about, even if it may change.')
        if text := self.get_answer("abstract"):
            self.proposal.data["abstract"] = text
        if text := self.get_answer("anything_else"):
            self.proposal.unparsed.append((self.fields["anything_else"].label, text))
        self.get_answer("agreement")

    def add_date(self) -> None:
        if not (text := self.get_answer("date")):
            return
        try:
            day = dates.parse_day(text, self.group.date_format, self.group.locale)
        except ValueError as error:
            self.add_question("date", str(error))
            return
        self.proposal.data["date"] = str(day.date)
        sentence = f"{WEEKDAYS[day.date.weekday()]} {day.date}"
        if day.other:
            typed = normalize_whitespace(text)
            sentence += f', read from "{typed}" with the {day.first} first; if {day.other} was meant, say so'
        self.add_interpretation("date", sentence)
        self.day = day

    def add_time(self) -> None:
        """Add the time, which may be in the answer about the date."""
        typed = self.day.time if self.day else ""
        if not (text := self.get_answer("time") or typed):
            return
        try:
            time, duration = times.parse_time_range(text, self.group.time_zone, self.day.date if self.day else None)
            if typed and times.parse_time_range(typed, self.group.time_zone)[0] != time:
                self.add_question("time", f'found "{text}", but "{typed}" next to the date. Correct one of them.')
        except ValueError as error:
            self.add_question("time", str(error))
            return
        self.proposal.data["time"] = time
        if duration is not None:
            self.proposal.data["duration"] = duration
        self.add_interpretation("time", f"{time}, {duration} minutes" if duration else time)

    def add_leads(self) -> None:
        reading = people.parse_people(self.get_answer("leads"))
        for each in reading.placeholders:
            self.add_question("leads", f'found "{each}". Expected: who leads it, for example {_EXAMPLE_LEAD}.')
        if reading.questions:
            self.add_question("leads", " ".join(reading.questions))
        if reading.skipped:
            self.proposal.unparsed.append((self.fields["leads"].label, "\n\n".join(reading.skipped)))
            if not reading.people:
                self.add_question("leads", f"names nobody. Expected: who leads it, for example {_EXAMPLE_LEAD}.")
        if reading.people:
            self.proposal.data["leads"] = [each.to_data() for each in reading.people]
            names = [f"{each.name} ({each.url})" if each.url else each.name for each in reading.people]
            self.add_interpretation("leads", "; ".join(names))

    def add_material(self) -> None:
        sections = []
        for key, heading in READING_HEADINGS.items():
            new_sections = reading_items.parse_material(self.get_answer(key), heading)
            sections += new_sections
            self.proposal.main_sections = len(sections) if key == "main_reading" else self.proposal.main_sections
            if new_sections:
                self.add_interpretation(key, format_count(sum(map(_count_items, new_sections)), "item"))
        if sections:
            self.proposal.data["material"] = sections

    def add_files(self) -> None:
        resources, rest = reading_items.parse_resources(self.get_answer("files"))
        if resources:
            self.proposal.data["resources"] = resources
            self.add_interpretation("files", ", ".join(each["title"] for each in resources))
        text = "\n".join(rest)
        if len(text) > _MAX_UNPARSED:
            self.add_question(
                "files", f"has {len(text)} characters besides the files. Shorten them to {_MAX_UNPARSED}."
            )
        elif text:
            self.proposal.unparsed.append((self.fields["files"].label, text))


def _format_value(value: str | list[str] | None) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


def _suggest_answer(form_field: Field) -> str:
    """Return how to answer a field, or an empty text."""
    if form_field.type == FieldType.CHECKBOXES:
        return "Tick the box."
    if form_field.type == FieldType.DROPDOWN:
        return f"For example: {form_field.options[0]}."
    keys = schema.load_schema(schema.SchemaName.SESSION).document["properties"]
    example = _EXAMPLE_LEAD if form_field.id == "leads" else keys.get(form_field.id, {}).get("examples", [""])[0]
    return f"For example: {example}" if example and isinstance(example, str) else ""


READING_HEADINGS = {"main_reading": "Main", "extra_reading": "Extra"}
_FIELD_BY_KEY = {"resources": "files", "duration": "time"}


def _count_items(data: Mapping[str, Any]) -> int:
    return sum(1 + _count_items(each) for each in data.get("items", ()))


def validate_proposal(tree: Tree, form: Form, proposal: Proposal, name: str) -> Catalogue | None:
    """Return the catalogue with the proposed session in a folder; return None and add questions if it is invalid.

    Sessions whose own files have errors are left out: they are not the submitter's to fix. What the pages only warn of,
    such as an unknown kind, is asked too: the submitter can still change it.
    """
    text = new_session.render_commented_yaml(proposal.data, has_schema=new_session.has_schema(tree)).encode()
    if len(text) > yaml_codec.MAX_BYTES:
        size = f"takes most of the session's {len(text)} bytes; at most {yaml_codec.MAX_BYTES} are read."
        proposal.questions.append(Question(proposal.longest, f"{size} Shorten it, or link to the long part."))
        return None
    valid_tree = _exclude_invalid_sessions(tree)
    valid_tree.contents[SessionPath(name).file] = text
    valid_tree.listings[name] = {}
    try:
        found = catalogue.read_catalogue(valid_tree)
        reported = ignores.drop_ignored(found.findings, ignores.read_ignored_codes(valid_tree, found.group))
        problems = [each for each in reported if each.file == SessionPath(name).file]
    except Invalid as invalid:
        found, problems = None, invalid.problems
    proposal.questions += _build_questions(form, proposal, problems)
    return found if not problems else None


_MAX_QUESTIONS = 5


def _build_questions(form: Form, proposal: Proposal, problems: Iterable[Diagnostic]) -> list[Question]:
    """Return the errors as questions, a few for each field that has no question yet."""
    fields = {each.id: each for each in form.fields}
    questioned = {question.field for question in proposal.questions if question.field}
    by_field: defaultdict[Field | None, list[str]] = defaultdict(list)
    for problem in problems:
        form_field = fields.get(_get_field_id(problem, proposal.main_sections))
        if form_field not in questioned:
            by_field[form_field].append(f"{_format_lead_number(problem)}{problem.text}")
    for messages in by_field.values():
        if (more := len(messages) - _MAX_QUESTIONS) > 0:
            messages[_MAX_QUESTIONS:] = [f"and {more} more like these."]
    return [Question(form_field, message) for form_field, messages in by_field.items() for message in messages]


def _format_lead_number(problem: Diagnostic) -> str:
    """Return which of the leads an error is about; errors of other keys quote what was found."""
    match = re.match(r"leads\[([0-9]+)\]", problem.key)
    return f"entry {int(match[1]) + 1}: " if match else ""


def _get_field_id(problem: Diagnostic, main_sections: int) -> str:
    key = re.match(r"\w*", problem.key)
    name = key[0] if key else ""
    if name == "material":
        number = re.match(r"material\[([0-9]+)\]", problem.key)
        return "extra_reading" if number and int(number[1]) >= main_sections else "main_reading"
    return _FIELD_BY_KEY.get(name, name)


def _exclude_invalid_sessions(tree: Tree) -> Tree:
    """Return the tree without the sessions that have errors, and without what only matters for the pages."""
    try:
        catalogue.read_catalogue(tree)
    except Invalid as invalid:
        wrong = {path.folder for each in invalid.problems if (path := SessionPath.parse(each.file))}
        return replace(
            tree,
            contents={
                path: text
                for path, text in tree.contents.items()
                if not _is_in_folders(path, wrong) and path != "README.md"
            },
            listings={name: listing for name, listing in tree.listings.items() if name not in wrong},
            unread={},
        )
    return replace(tree, contents=dict(tree.contents), listings=dict(tree.listings))


def _is_in_folders(path: str, folders: Iterable[str]) -> bool:
    session_path = SessionPath.parse(path)
    return session_path is not None and session_path.folder in folders
