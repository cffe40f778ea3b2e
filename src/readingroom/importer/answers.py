"""What the organiser says about a series: the order and year of its dates, its columns, where title and leads are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.vocabulary.roles import Role


class TitlePlace(StrEnum):
    """Where the title is: below the line with the day, next to the day, the text of a link, or in quotation marks."""

    BELOW = "below"
    BESIDE = "beside"
    LINK = "link"
    QUOTED = "quoted"


class LeadPlace(StrEnum):
    """Where the people are: next to the day, in bold, after a label such as "Speaker:" only, or nowhere."""

    BESIDE = "beside"
    BOLD = "bold"
    LABEL = "label"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Answers:
    """What is said about a series; ``columns`` has roles by number, from 0."""

    dates: DateOptions = field(default_factory=DateOptions)
    columns: Mapping[int, Role] = field(default_factory=dict)
    title: TitlePlace | None = None
    lead: LeadPlace | None = None

    @property
    def has_places(self) -> bool:
        return self.title is not None or self.lead is not None

    def merge_answers(self, others: "Answers") -> "Answers":
        """Return these answers, with those of others where these say nothing."""
        dates = DateOptions(self.dates.order or others.dates.order, self.dates.year or others.dates.year)
        return Answers(dates, self.columns or others.columns, self.title or others.title, self.lead or others.lead)
