"""The options of import that answer questions about a table or series, and the line that repeats them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import click

from readingroom.importer.answers import Answers, LeadPlace, TitlePlace
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.vocabulary import roles
from readingroom.parsing.date_mentions import FIRST_YEAR, LAST_YEAR, Order

NumberedValue = tuple[int, Any]  # the number of a table or series, 0 for all, and the answer


class _AnswerType(click.ParamType[NumberedValue]):
    """An answer for all tables and series, or after a number and a colon for one."""

    def __init__(self, name: str, parse_value: Callable[[str], Any]) -> None:
        self.name = name
        self.parse_value = parse_value

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> NumberedValue:
        if isinstance(value, tuple):
            return value
        number, text = re.fullmatch(r"(?:([1-9][0-9]{0,4}):)?(.*)", str(value), re.DOTALL).groups()  # type: ignore[union-attr]
        try:
            return int(number or 0), self.parse_value(text)
        except ValueError as error:
            return self.fail(str(error), param, ctx)


def _parse_columns(text: str) -> Mapping[int, roles.Role]:
    return dict(roles.parse_columns_option(text))


def _parse_year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise ValueError(f"found {text!r}. Expected: a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return int(text)


def _create_choice(kind: type[StrEnum]) -> _AnswerType:
    def parse_choice(text: str) -> StrEnum:
        if text not in set(kind):
            raise ValueError(f"found {text!r}. Expected: {', '.join(kind)}.")
        return kind(text)

    return _AnswerType(f"[{'|'.join(kind)}]", parse_choice)


# Each option with its type and its help.
_OPTIONS: Mapping[str, tuple[_AnswerType, str]] = {
    "columns": (
        _AnswerType("NAME=N,...", _parse_columns),
        "What the columns hold, if their headings do not say: date=1,title=2.",
    ),
    "title": (
        _create_choice(TitlePlace),
        "Where titles are: below the line with the day, next to the day, a link, or in quotation marks.",
    ),
    "lead": (
        _create_choice(LeadPlace),
        "Where people are: next to the day, in bold, only after a label such as Speaker:, or nowhere.",
    ),
    "date_order": (
        _create_choice(Order),
        "How to read 05/09/2024 or 05/09/24, if no other date on the pages decides it.",
    ),
    "year": (_AnswerType("YEAR", _parse_year), "The year of the first date that has none."),
}


def add_answer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that answer questions to a command; each may be given once for each table or series."""
    for name, (kind, description) in reversed(list(_OPTIONS.items())):
        function = click.option(
            f"--{name.replace('_', '-')}", name, type=kind, multiple=True, metavar=f"[N:]{kind.name}", help=description
        )(function)
    return function


def collect_answers(given: Mapping[str, Sequence[NumberedValue]]) -> dict[int, Answers]:
    """Return the answers by the number of their table or series, those for all by 0."""
    by_number: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for name in _OPTIONS:
        for number, value in given[name]:
            if name in by_number[number]:
                where = f" for {number}" if number else ""
                raise click.UsageError(f"--{name.replace('_', '-')} has two answers{where}. Give one.")
            by_number[number][name] = value
    return {
        number: Answers(
            DateOptions(found.get("date_order"), found.get("year", 0)),
            found.get("columns", {}),
            found.get("title"),
            found.get("lead"),
        )
        for number, found in sorted(by_number.items())
    }


def format_answers(by_number: Mapping[int, Answers]) -> list[str]:
    """Return answers as the arguments of a command line; what all tables and series share is given once."""
    arguments: list[str] = []
    texts = {number: dict(_iter_texts(answers)) for number, answers in by_number.items()}
    for name in _OPTIONS:
        for number, values in texts.items():
            if name in values and (not number or values[name] != texts.get(0, {}).get(name)):
                text = f"{number}:{values[name]}" if number else values[name]
                arguments += [f"--{name.replace('_', '-')}", text]
    return arguments


def _iter_texts(answers: Answers) -> Iterator[tuple[str, str]]:
    """Yield the names of the options that give answers, each with its value as it is typed."""
    texts = (
        ("columns", ",".join(f"{role}={number + 1}" for number, role in sorted(answers.columns.items()))),
        ("title", str(answers.title or "")),
        ("lead", str(answers.lead or "")),
        ("date_order", str(answers.dates.order or "")),
        ("year", str(answers.dates.year or "")),
    )
    yield from ((name, text) for name, text in texts if text)
