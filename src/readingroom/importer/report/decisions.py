"""What was decided about the series of the pages, as answers that lead to the same sessions again."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.schedule import ImportOptions, Series
from readingroom.importer.tables import CandidateGroup
from readingroom.importer.vocabulary import roles
from readingroom.parsing.date_mentions import Order


class RoleSource(StrEnum):
    """What says that a column has its role."""

    ANSWER = "as --columns says"
    HEAD = "by its head"
    CONTENT = "by its content"


def find_role_source(group: CandidateGroup, column: int) -> RoleSource:
    """Return what says that a column of a table, from 0, has its role."""
    if group.answers.columns:
        return RoleSource.ANSWER
    named = roles.parse_label_role(group.get_head(column).strip("*:_ "))
    return RoleSource.HEAD if group.roles[column] in {named.role, *named.joined} else RoleSource.CONTENT


def list_guessed_columns(group: CandidateGroup) -> list[int]:
    """Return the columns, from 0, whose roles are known by their content alone; weekdays are sure."""
    named = [column for column, role in sorted(group.roles.items()) if role != roles.NUMBER]
    return [column for column in named if find_role_source(group, column) is RoleSource.CONTENT]


def collect_decisions(series: Sequence[Series], options: ImportOptions) -> dict[int, Answers]:
    """Return what was said and decided, by the numbers of series, 0 for all."""
    found = {each.number: _decide_answers(each) for each in series if each.number and each.group.candidates}
    orders = {answers.dates.order for answers in found.values() if answers.dates.order}
    common = Answers(options.dates, options.columns, options.title, options.lead)
    if len(orders) == 1 and not common.dates.order:
        common = replace(common, dates=replace(common.dates, order=orders.pop()))
    if len(series) == 1 and found:
        return {0: found.popitem()[1].merge_answers(common)}
    return {0: common} | {number: _drop_common(answers, common) for number, answers in sorted(found.items())}


def _drop_common(answers: Answers, common: Answers) -> Answers:
    """Return the answers for a series without those that are the same for all."""
    dates = DateOptions(
        None if answers.dates.order == common.dates.order else answers.dates.order,
        0 if answers.dates.year == common.dates.year else answers.dates.year,
    )
    return Answers(
        dates,
        {} if answers.columns == common.columns else answers.columns,
        None if answers.title == common.title else answers.title,
        None if answers.lead == common.lead else answers.lead,
    )


def _decide_answers(each: Series) -> Answers:
    group, said = each.group, each.answers
    orders = {order for entry in group.candidates if (order := find_decided_order(entry))}
    order = orders.pop() if len(orders) == 1 else None
    year = next((entry.day.year for entry in group.candidates if entry.day and _lacks_year(entry)), 0)
    first = next((entry for entry in group.candidates if _lacks_year(entry)), None)
    dates = DateOptions(order, year if first and first.day else 0)
    return said.merge_answers(Answers(dates, group.roles if list_guessed_columns(group) else {}))


def _lacks_year(entry: Candidate) -> bool:
    return entry.mention is not None and not entry.mention.has_year


def find_decided_order(entry: Candidate) -> Order | None:
    """Return the order in which the numbers of a date were read, if they have several."""
    if entry.day is None or entry.mention is None:
        return None
    readings = entry.mention.readings
    if len({reading.order for reading in readings}) < 2:
        return None
    return next((r.order for r in readings if r.build_date(entry.day.year) == entry.day), None)
