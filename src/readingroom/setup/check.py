"""What `readingroom doctor` says of one thing: whether it is as it should be, or what to change and where."""

from dataclasses import dataclass

OK, WARNING, FAILED, UNKNOWN = STATES = ("ok", "warning", "failed", "unknown")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A verdict on one thing; ``name`` stays the same between releases, ``state`` is one of ``STATES``.

    "failed" says that the action would fail or not do its work, "unknown" that it could not be looked at.
    """

    name: str
    state: str
    message: str


def add_ok_if_empty(name: str, found: list[CheckResult], well: str) -> list[CheckResult]:
    """Return what was found, or one check that says that all is well."""
    return found or [CheckResult(name, OK, well)]
