"""A form's answers to the session that they propose, and to what a submitter should change."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from slugify import slugify

from readingroom import catalogue, days, draft, schema, typed
from readingroom.answers import Answers
from readingroom.catalogue import Catalogue
from readingroom.files import Tree
from readingroom.form import Form
from readingroom.problems import Invalid, Problem
from readingroom.session import WEEKDAYS, Group


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a submitter should change: the field's label, or an empty text, and a sentence."""

    label: str
    message: str


@dataclass(slots=True)
class Proposal:
    """What an issue proposes: a session file's data, what should change, and how the answers were understood.

    ``understood`` and ``left`` pair a field's label with a sentence, and with text that no key of a session holds.
    """

    data: dict[str, Any] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    understood: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    main_sections: int = 0


def of(form: Form, answers: Answers, group: Group) -> Proposal:
    """Return what the answers to a group's own form propose."""
    reading = _Reading(form, answers, group)
    for question in answers.questions:
        reading.ask(question.field.id if question.field else "", question.message)
    for each in (reading.lines, reading.day, reading.hours, reading.people, reading.material, reading.files):
        each()
    data, keys = reading.proposal.data, schema.load("session").document["properties"]
    reading.proposal.data = {key: data[key] for key in keys if key in data}
    return reading.proposal


class _Reading:
    """Reads one answer after the other into a proposal."""

    def __init__(self, form: Form, answers: Answers, group: Group) -> None:
        self.labels = {each.id: each.label for each in form.fields}
        self.required = {each.id for each in form.fields if each.required}
        self.values = answers.values
        self.group = group
        self.proposal = Proposal()
        self.asked: set[str] = set()

    def ask(self, key: str, message: str) -> None:
        if not key or key not in self.asked:
            self.proposal.questions.append(Question(self.labels.get(key, ""), message))
        self.asked.add(key)

    def understood(self, key: str, sentence: str) -> None:
        self.proposal.understood.append((self.labels.get(key, key), sentence))

    def answer(self, key: str) -> str:
        """Return an answer's text, or an empty one; ask for it if it is required."""
        value = self.values.get(key)
        text = ", ".join(value) if isinstance(value, list) else value or ""
        if not text.strip() and key in self.required:
            self.ask(key, "has no answer, and needs one.")
        return text.strip("\n")

    def lines(self) -> None:
        """Take what needs no reading."""
        for key in ("title", "kind", "room"):
            if text := " ".join(self.answer(key).split()):
                self.proposal.data[key] = text
        if text := self.answer("abstract"):
            self.proposal.data["abstract"] = text
        if text := self.answer("anything_else"):
            self.proposal.left.append((self.labels["anything_else"], text))
        self.answer("agreement")

    def day(self) -> None:
        if not (text := self.answer("date")):
            return
        try:
            day = days.read(text, self.group.date_format, self.group.locale)
        except ValueError as error:
            self.ask("date", str(error))
            return
        self.proposal.data["date"] = str(day.date)
        sentence = f"{WEEKDAYS[day.date.weekday()]} {day.date}"
        if day.is_ambiguous:
            other = day.date.replace(month=day.date.day, day=day.date.month)
            order = "day" if days.day_first(self.group.date_format, self.group.locale) else "month"
            sentence += f', read from "{" ".join(text.split())}" with the {order} first; if {other} was meant, say so'
        self.understood("date", sentence)

    def hours(self) -> None:
        if not (text := self.answer("time")):
            return
        try:
            time, duration = typed.hours(text)
        except ValueError as error:
            self.ask("time", str(error))
            return
        self.proposal.data["time"] = time
        if duration is not None:
            self.proposal.data["duration"] = duration
        self.understood("time", f"{time}, {duration} minutes" if duration else time)

    def people(self) -> None:
        people = typed.leads(self.answer("leads"))
        if people:
            self.proposal.data["leads"] = people
            told = [f"{each['name']} ({each['url']})" if "url" in each else each["name"] for each in people]
            self.understood("leads", "; ".join(told))

    def material(self) -> None:
        sections = []
        for key, heading in READING.items():
            found = typed.material(self.answer(key), heading)
            sections += found
            self.proposal.main_sections = len(sections) if key == "main_reading" else self.proposal.main_sections
            if found:
                self.understood(key, _counted(sum(_items(each) for each in found), "item"))
        if sections:
            self.proposal.data["material"] = sections

    def files(self) -> None:
        resources, rest = typed.links(self.answer("files"))
        if resources:
            self.proposal.data["resources"] = resources
            self.understood("files", ", ".join(each["title"] for each in resources))
        if rest:
            self.proposal.left.append((self.labels["files"], "\n".join(rest)))


READING = {"main_reading": "Main", "extra_reading": "Extra"}
_FIELDS = {"resources": "files", "duration": "time"}


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _items(data: Mapping[str, Any]) -> int:
    return sum(1 + _items(each) for each in data.get("items", ()))


def folder(number: int, data: Mapping[str, Any]) -> str:
    """Return the folder's name of a proposal with a number."""
    slug = slugify(data.get("title", ""), max_length=draft.MAX_SLUG, word_boundary=True)
    return f"{number:02}-{slug or 'session'}"


def judged(tree: Tree, form: Form, proposal: Proposal, name: str) -> Catalogue | None:
    """Return the catalogue with the proposed session in a folder, or None and ask what the schema and rules ask.

    Sessions whose own files have problems are left out: they are not the submitter's to mend.
    """
    path = f"sessions/{name}/session.yml"
    text = draft.written(proposal.data, has_schema=draft.has_schema(tree))
    whole = _sound(tree)
    whole.contents[path] = text.encode()
    whole.listings[name] = {}
    try:
        return catalogue.read(whole)
    except Invalid as invalid:
        labels = {each.id: each.label for each in form.fields}
        told = {question.label for question in proposal.questions}
        for problem in invalid.problems:
            label = labels.get(_field(problem, proposal.main_sections), "")
            if label not in told or not label:
                proposal.questions.append(Question(label, f"{_place(problem)}{problem.message}"))
        return None


def _place(problem: Problem) -> str:
    """Return which of several entries a problem is about, in words, counted from 1."""
    numbers = re.findall(r"\[([0-9]+)\]", problem.where)
    return f"entry {int(numbers[-1]) + 1}: " if numbers else ""


def _field(problem: Problem, main_sections: int) -> str:
    key = re.match(r"\w*", problem.where)
    name = key[0] if key else ""
    if name == "material":
        number = re.match(r"material\[([0-9]+)\]", problem.where)
        return "extra_reading" if number and int(number[1]) >= main_sections else "main_reading"
    return _FIELDS.get(name, name)


def _sound(tree: Tree) -> Tree:
    """Return the tree without the sessions that have problems, and without what is only told of pages."""
    try:
        catalogue.read(tree)
    except Invalid as invalid:
        wrong = {each.file.split("/")[1] for each in invalid.problems if each.file.startswith("sessions/")}
        return Tree(
            {path: text for path, text in tree.contents.items() if not _is_in(path, wrong) and path != "README.md"},
            {name: listing for name, listing in tree.listings.items() if name not in wrong},
        )
    return replace(tree, contents=dict(tree.contents), listings=dict(tree.listings))


def _is_in(path: str, folders: Iterable[str]) -> bool:
    return path.startswith("sessions/") and path.split("/")[1] in folders


# What a token or a key looks like: the prefixes that their makers document, so that nobody publishes one by mistake.
_SECRET = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}"
    r"|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{35}|sk-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}"
    r"|pypi-[\w-]{30,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+)|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)


def holds_secret(text: str) -> bool:
    """Tell whether a text holds what looks like a token or a private key."""
    return _SECRET.search(text) is not None
