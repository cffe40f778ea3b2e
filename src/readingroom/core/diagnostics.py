"""What is said about an input: a problem when it is wrong, a finding when it is worth a look."""

from collections.abc import Iterable
from typing import NamedTuple


class Remark(NamedTuple):
    """A sentence about one place of one file.

    ``file`` is a path from the repository's top, ``line`` counts from 1 (0: the file as a whole),
    ``where`` is the place in the file in words such as ``leads[1].name``.
    """

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.where, self.message) if part)


class Problem(Remark):
    """Something wrong with an input: nothing is written until it is mended."""

    __slots__ = ()


class Finding(Remark):
    """Something worth telling the organiser: the work goes on."""

    __slots__ = ()


class Invalid(Exception):
    """Raised once per stage, with every problem of that stage."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))
