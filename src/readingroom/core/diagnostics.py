"""Messages about an input: code, severity, location, what was found and how to fix it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from readingroom.core import package_files
from readingroom.core.codes import Code


class Severity(StrEnum):
    """An error stops the work, a warning does not; information is listed for completeness."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Rule(NamedTuple):
    """A kind of diagnostic, with its ``cause`` and ``fix`` for docs/diagnostics.md.

    ``is_ignorable``: whether readingroom.yml or a comment may switch it off. Errors and manual edits are always
    reported, and private data unless a comment on its own line accepts it (``is_acceptable``).
    """

    severity: Severity
    cause: str
    fix: str
    is_ignorable: bool = False
    is_acceptable: bool = False


@cache
def read_rules() -> Mapping[Code, Rule]:
    """Return the rule of each code, from rules.toml."""
    import tomllib  # noqa: PLC0415 -- 4 ms that only a run with something to report needs

    tables = tomllib.loads(package_files.get_rules_path().read_text("utf-8"))
    return {
        Code(code): Rule(
            Severity(table["severity"]),
            table["cause"],
            table["fix"],
            is_ignorable=table.get("ignorable", False),
            is_acceptable=table.get("acceptable", False),
        )
        for code, table in tables.items()
    }


class Finding(NamedTuple):
    """What is wrong with a value, before its location is known."""

    code: Code
    message: str
    hint: str = ""

    @classmethod
    def from_rule(cls, code: Code, message: str) -> "Finding":
        """Return a finding whose hint is the rule's way to fix it."""
        return cls(code, message, read_rules()[code].fix)

    @property
    def text(self) -> str:
        """The message and the hint."""
        return f"{self.message} {self.hint}".rstrip()


class Location(NamedTuple):
    """Where in an input something is; ``file`` is a path from the repository's top.

    ``line`` and ``column`` count from 1; 0 means the whole file or line. ``key`` is a path in the file's data, such as
    ``leads[1].name``, or the name of a region.
    """

    file: str
    line: int = 0
    column: int = 0
    key: str = ""

    def __str__(self) -> str:
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])


class Diagnostic(NamedTuple):
    """What is wrong, or worth a look, at one location, by which diagnostics are sorted.

    ``message`` says what was found and what is expected, ``hint`` how to fix it.
    """

    location: Location
    code: Code
    message: str
    hint: str = ""

    @property
    def rule(self) -> Rule:
        return read_rules()[self.code]

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def file(self) -> str:
        return self.location.file

    @property
    def line(self) -> int:
        return self.location.line

    @property
    def key(self) -> str:
        return self.location.key

    @property
    def text(self) -> str:
        """The message and the hint."""
        return f"{self.message} {self.hint}".rstrip()

    def to_record(self) -> dict[str, str | int]:
        """Return it as plain data, for programs."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            **self.location._asdict(),
            "message": self.message,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        return f"{self.location}: {self.severity} [{self.code}] {key}{self.text}"


class Invalid(Exception):
    """Raised once per stage, with every error of that stage."""

    def __init__(self, problems: Iterable[Diagnostic]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))
