"""A form's answers to the session that they propose, and to what a submitter should change."""

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
from readingroom.parsing import dates, freetext, times
from readingroom.proposals.form_answers import Answers, Question
from readingroom.store import catalogue, schema, yaml_codec
from readingroom.store.catalogue import Catalogue
from readingroom.store.form_schema import Field, Form
from readingroom.text import escape


@dataclass(slots=True)
class Proposal:
    """What an issue proposes: a session file's data, what should change, and how the answers were understood.

    ``understood`` and ``left`` pair a field's label with a sentence, and with text that no key of a session holds.
    ``longest`` is the field whose answer takes the most room.
    """

    data: dict[str, Any] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    understood: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    main_sections: int = 0
    longest: Field | None = None


def build_proposal(form: Form, answers: Answers, group: Group) -> Proposal:
    """Return what the answers to a group's own form propose."""
    reading = _ProposalBuilder(form, answers, group)
    for question in answers.questions:
        reading.add_question(question.field.id if question.field else "", question.message)
    for each in (
        reading.add_text_fields,
        reading.add_date,
        reading.add_time,
        reading.add_leads,
        reading.add_material,
        reading.add_files,
    ):
        each()
    data, keys = reading.proposal.data, schema.load_schema(schema.SchemaName.SESSION).document["properties"]
    reading.proposal.data = {key: data[key] for key in keys if key in data}
    return reading.proposal


# How many characters and lines of an answer are read; what a line of text may hold, the schema says.
_MOST_CHARACTERS = {"leads": 10_000, "abstract": 20_000, "main_reading": 20_000, "extra_reading": 20_000}
_MOST_CHARACTERS |= {"files": 20_000, "anything_else": 5_000, "title": 1_000, "kind": 1_000, "room": 1_000}
_MOST_LINES = {"leads": 50, "main_reading": 500, "extra_reading": 500, "files": 100}
_MOST_LEFT = 5_000
_KEEP_ORDER = frozenset({"abstract", "anything_else"})
_NOBODY = frozenset({"none", "nobody", "n/a", "na", "null", "?"})
_EXAMPLE_LEAD = "Ada Lovelace, https://example.org/ada"


class _ProposalBuilder:
    """Reads one answer after the other into a proposal."""

    def __init__(self, form: Form, answers: Answers, group: Group) -> None:
        self.fields = {each.id: each for each in form.fields}
        self.group = group
        self.proposal = Proposal()
        self.asked: set[str] = set()
        values = {each.id: _format_value(answers.values.get(each.id)) for each in form.fields}
        self.proposal.longest = max(form.fields, key=lambda each: len(values[each.id]), default=None)
        self.values = {key: self.validate_text(key, text) for key, text in values.items()}

    def add_question(self, key: str, message: str) -> None:
        if not key or key not in self.asked:
            self.proposal.questions.append(Question(self.fields.get(key), message))
        self.asked.add(key)

    def add_interpretation(self, key: str, sentence: str) -> None:
        self.proposal.understood.append((self.fields[key].label, sentence))

    def validate_text(self, key: str, text: str) -> str:
        """Return an answer that a file can hold and a person can have typed; ask about any other one."""
        lines = sum(1 for line in text.splitlines() if line.strip())
        if message := yaml_codec.find_character_error(text):
            self.add_question(key, f"{message} Remove it.")
        elif len(text) > (most := _MOST_CHARACTERS.get(key, 20_000)):
            self.add_question(
                key, f"has {len(text)} characters. Shorten it to {most} characters, or link to the long part."
            )
        elif lines > (most := _MOST_LINES.get(key, lines)):
            self.add_question(key, f"has {lines} lines. Keep at most {most}.")
        else:
            is_typed = key not in _KEEP_ORDER and self.fields[key].type != "dropdown"
            shown = escape.strip_bidi_controls(text) if is_typed else text
            if shown != text:
                self.add_interpretation(key, "without the invisible characters in it that change the order of letters")
            return shown
        return ""

    def get_answer(self, key: str) -> str:
        """Return an answer's text, or an empty one; ask for it if it is required."""
        text, known = self.values.get(key, ""), self.fields.get(key)
        if not text.strip() and known and known.required:
            self.add_question(key, f"has no answer, and needs one. {_suggest_answer(known)}".strip())
        return text.strip("\n")

    def add_text_fields(self) -> None:
        """Take what needs no reading."""
        for key in ("title", "kind", "room"):
            if text := " ".join(self.get_answer(key).split()):
                self.proposal.data[key] = text
        if text := self.get_answer("abstract"):
            self.proposal.data["abstract"] = text
        if text := self.get_answer("anything_else"):
            self.proposal.left.append((self.fields["anything_else"].label, text))
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
            typed_as = " ".join(text.split())
            sentence += f', read from "{typed_as}" with the {day.first} first; if {day.other} was meant, say so'
        self.add_interpretation("date", sentence)

    def add_time(self) -> None:
        if not (text := self.get_answer("time")):
            return
        try:
            time, duration = times.parse_time_range(text)
        except ValueError as error:
            self.add_question("time", str(error))
            return
        self.proposal.data["time"] = time
        if duration is not None:
            self.proposal.data["duration"] = duration
        self.add_interpretation("time", f"{time}, {duration} minutes" if duration else time)

    def add_leads(self) -> None:
        people = freetext.parse_leads(self.get_answer("leads"))
        for each in people:
            if each["name"].casefold() in _NOBODY:
                self.add_question(
                    "leads", f'found "{each["name"]}". Wanted: who leads it, for example {_EXAMPLE_LEAD}.'
                )
            elif freetext.contains_another_person(each["name"]):
                found = f'found "{each["name"][:60]}" where one name is wanted.'
                self.add_question(
                    "leads", f"{found} Write one person per line, with one link, for example {_EXAMPLE_LEAD}."
                )
        if people:
            self.proposal.data["leads"] = people
            told = [f"{each['name']} ({each['url']})" if "url" in each else each["name"] for each in people]
            self.add_interpretation("leads", "; ".join(told))

    def add_material(self) -> None:
        sections = []
        for key, heading in READING_HEADINGS.items():
            found = freetext.parse_material(self.get_answer(key), heading)
            sections += found
            self.proposal.main_sections = len(sections) if key == "main_reading" else self.proposal.main_sections
            if found:
                self.add_interpretation(key, _format_count(sum(_count_items(each) for each in found), "item"))
        if sections:
            self.proposal.data["material"] = sections

    def add_files(self) -> None:
        resources, rest = freetext.parse_resources(self.get_answer("files"))
        if resources:
            self.proposal.data["resources"] = resources
            self.add_interpretation("files", ", ".join(each["title"] for each in resources))
        text = "\n".join(rest)
        if len(text) > _MOST_LEFT:
            self.add_question("files", f"holds {len(text)} characters beside the files. Shorten them to {_MOST_LEFT}.")
        elif text:
            self.proposal.left.append((self.fields["files"].label, text))


def _format_value(value: str | list[str] | None) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


def _suggest_answer(known: Field) -> str:
    """Return what to do for an answer to a field, if it is known."""
    if known.type == "checkboxes":
        return "Tick the box."
    if known.type == "dropdown":
        return f"For example: {known.options[0]}."
    keys = schema.load_schema(schema.SchemaName.SESSION).document["properties"]
    example = _EXAMPLE_LEAD if known.id == "leads" else keys.get(known.id, {}).get("examples", [""])[0]
    return f"For example: {example}" if example and isinstance(example, str) else ""


READING_HEADINGS = {"main_reading": "Main", "extra_reading": "Extra"}
_FIELD_BY_KEY = {"resources": "files", "duration": "time"}


def _format_count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _count_items(data: Mapping[str, Any]) -> int:
    return sum(1 + _count_items(each) for each in data.get("items", ()))


def validate_proposal(tree: Tree, form: Form, proposal: Proposal, name: str) -> Catalogue | None:
    """Return the catalogue with the proposed session in a folder, or None and ask what the schema and rules ask.

    Sessions whose own files have problems are left out: they are not the submitter's to mend.
    """
    text = new_session.render_commented_yaml(proposal.data, has_schema=new_session.has_schema(tree)).encode()
    if len(text) > yaml_codec.MAX_BYTES:
        size = f"takes most of the session's {len(text)} bytes, of which {yaml_codec.MAX_BYTES} are read."
        proposal.questions.append(Question(proposal.longest, f"{size} Shorten it, or link to the long part."))
        return None
    whole = _exclude_invalid_sessions(tree)
    whole.contents[SessionPath(name).file] = text
    whole.listings[name] = {}
    try:
        return catalogue.read_catalogue(whole)
    except Invalid as invalid:
        proposal.questions += _build_questions(form, proposal, invalid.problems)
        return None


_MOST_QUESTIONS = 5


def _build_questions(form: Form, proposal: Proposal, problems: Iterable[Diagnostic]) -> list[Question]:
    """Return the problems as questions, a few for each field that nothing was asked about yet."""
    fields = {each.id: each for each in form.fields}
    told = {question.field for question in proposal.questions if question.field}
    asked: defaultdict[Field | None, list[str]] = defaultdict(list)
    for problem in problems:
        known = fields.get(_get_field_id(problem, proposal.main_sections))
        if known not in told:
            asked[known].append(f"{_format_lead_number(problem)}{problem.text}")
    for messages in asked.values():
        if (more := len(messages) - _MOST_QUESTIONS) > 0:
            messages[_MOST_QUESTIONS:] = [f"and {more} more like these."]
    return [Question(known, message) for known, messages in asked.items() for message in messages]


def _format_lead_number(problem: Diagnostic) -> str:
    """Return which of the leads a problem is about; any other says itself what was found."""
    found = re.match(r"leads\[([0-9]+)\]", problem.key)
    return f"entry {int(found[1]) + 1}: " if found else ""


def _get_field_id(problem: Diagnostic, main_sections: int) -> str:
    key = re.match(r"\w*", problem.key)
    name = key[0] if key else ""
    if name == "material":
        number = re.match(r"material\[([0-9]+)\]", problem.key)
        return "extra_reading" if number and int(number[1]) >= main_sections else "main_reading"
    return _FIELD_BY_KEY.get(name, name)


def _exclude_invalid_sessions(tree: Tree) -> Tree:
    """Return the tree without the sessions that have problems, and without what is only told of pages."""
    try:
        catalogue.read_catalogue(tree)
    except Invalid as invalid:
        wrong = {found.folder for each in invalid.problems if (found := SessionPath.parse(each.file))}
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
    found = SessionPath.parse(path)
    return found is not None and found.folder in folders
