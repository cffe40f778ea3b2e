"""What `readingroom doctor` says of one thing: whether it is as it should be, or what to change and where."""

from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    """How serious a check's result is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"  # the action would fail, or not do its work
    UNKNOWN = "unknown"  # it could not be checked


OK, WARNING, FAILED, UNKNOWN = CheckState


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check; its name stays the same between releases."""

    name: str
    state: CheckState
    message: str


def add_ok_if_empty(name: str, results: list[CheckResult], message: str) -> list[CheckResult]:
    """Return the results, or if there are none, one which says that everything is right."""
    return results or [CheckResult(name, CheckState.OK, message)]
