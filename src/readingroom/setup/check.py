"""What `readingroom doctor` says of one thing: whether it is as it should be, or what to change and where."""

from dataclasses import dataclass

OK, WARNING, FAILED, UNKNOWN = STATES = ("ok", "warning", "failed", "unknown")


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict on one thing; ``name`` stays the same between releases, ``state`` is one of ``STATES``.

    "failed" says that the action would fail or not do its work, "unknown" that it could not be looked at.
    """

    name: str
    state: str
    message: str


def summed(name: str, found: list[Check], well: str) -> list[Check]:
    """Return what was found, or one check that says that all is well."""
    return found or [Check(name, OK, well)]
