"""Days such as "3. Mai 2023" at the start of a line, which Markdown takes for an item and its number."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readingroom.importer.dates import match
from readingroom.importer.dates.match import DateMatch
from readingroom.importer.inline.spans import LineMessage
from readingroom.text.excerpt import shorten_text

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class _NumberedItem:
    """The line at the start of an item: where each item that it starts opens, and where its text is.

    ``day`` is the day of the line, and ``first`` which of the items is the first number of it.
    """

    opens: tuple[int, ...]
    inline: int
    text: str = ""
    first: int = 0
    day: DateMatch | None = None

    @property
    def is_sure(self) -> bool:
        """Return whether the number and the word after it are hardly anything but a day."""
        return self.day is not None and bool(self.day.year or _ENDS.match(self.text, self.day.end))


_ENDS = re.compile(r"\s*(?:[:：,;|(\[–—-]|\Z)")
_MAX_TEXT = 200  # letters of a line that are looked at
_MARKS = re.compile(r"[*_]")


def restore_numbered_days(tokens: "list[Token]") -> "tuple[list[Token], list[LineMessage]]":
    """Return a page's tokens with each number that is a day's in the text of its item, and the messages about them.

    An item keeps the number that it was typed with only where the numbers of its list do more than count.
    """
    if not any(token.type == "ordered_list_open" for token in tokens):
        return tokens, []
    ends = _find_list_ends(tokens)
    dropped, messages = set[int](), list[LineMessage]()
    for items in _iter_item_groups(tokens, ends):
        days = [item for item in items if item.day]
        if not days or 2 * len(days) < len(items) or not _has_day_numbers(tokens, days):
            messages += [_describe_ambiguous_number(tokens, item) for item in days if item.is_sure]
            _clear_item_numbers(tokens, items)
            continue
        messages += _check_list_numbering(tokens, days)
        for item in days:
            dropped |= _move_numbers_into_text(tokens, item, ends)
    return [token for place, token in enumerate(tokens) if place not in dropped], messages


def is_plain_numbering(numbers: Sequence[int]) -> bool:
    """Return whether the numbers of a list do nothing but count its items."""
    first = numbers[0]
    return first <= 1 and (set(numbers) == {first} or _is_consecutive(numbers))


def _is_consecutive(numbers: Sequence[int]) -> bool:
    return list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))


def _has_day_numbers(tokens: "Sequence[Token]", days: Sequence[_NumberedItem]) -> bool:
    """Return whether the numbers of a list are days: they do not count, or count the days of one month."""
    numbers = [int(tokens[item.opens[item.first]].info) for item in days]
    if len(days) > 1 and not is_plain_numbering(numbers) and not _is_consecutive(numbers):
        return True
    return all(item.is_sure for item in days) and len({item.day.month for item in days if item.day}) == 1


def _clear_item_numbers(tokens: "Sequence[Token]", items: Sequence[_NumberedItem]) -> None:
    """Remove the numbers of items if they do nothing but count."""
    inner = [tokens[item.opens[-1]] for item in items if tokens[item.opens[-1]].info]
    if inner and is_plain_numbering([int(token.info) for token in inner]):
        for token in inner:
            token.info = ""


def _find_list_ends(tokens: "Sequence[Token]") -> dict[int, int]:
    """Return where each list and each item closes, by where it opens."""
    found: dict[int, int] = {}
    pending: list[int] = []
    for place, token in enumerate(tokens):
        if "list_" in token.type and token.nesting > 0:
            pending.append(place)
        elif "list_" in token.type and token.nesting < 0:
            found[pending.pop()] = place
    return found


def _iter_item_groups(tokens: "Sequence[Token]", ends: dict[int, int]) -> Iterator[list[_NumberedItem]]:
    """Yield the items of each list that is not itself the start of an item."""
    lists: defaultdict[int, list[_NumberedItem]] = defaultdict(list)
    around: list[int] = []
    place = 0
    while place < len(tokens):
        kind = tokens[place].type
        if kind in _LISTS:
            around.append(place)
        elif kind == "list_item_open":
            item = _read_numbered_item(tokens, place)
            lists[around[-1]].append(item)
            around += [each - 1 for each in item.opens[1:]]
            place = item.opens[-1]
        elif around and place == ends[around[-1]]:
            around.pop()
        place += 1
    yield from lists.values()


_LISTS = frozenset({"ordered_list_open", "bullet_list_open"})


def _read_numbered_item(tokens: "Sequence[Token]", place: int) -> _NumberedItem:
    """Return the item that opens at a place, with those that open in the same line."""
    opens = [place]
    while tokens[opens[-1] + 1].type == "ordered_list_open":
        opens.append(opens[-1] + 2)
    is_empty = tokens[opens[-1] + 1].type == "list_item_close"
    made = _NumberedItem(tuple(opens), opens[-1] if is_empty else opens[-1] + 2)
    own = match.find_date(_get_first_line(tokens[made.inline]))
    if own and not own.start and not own.doubt and (own.year or not own.is_open):
        return made
    read = [each for first in range(len(opens)) if (each := _read_item_day(tokens, made, first))]
    return max(read, key=lambda each: (each.day.year > 0, each.day.end) if each.day else (False, 0), default=made)


def _read_item_day(tokens: "Sequence[Token]", item: _NumberedItem, first: int) -> _NumberedItem | None:
    """Return an item with its day if that begins with the number of one of its items."""
    numbers = [tokens[place].info for place in item.opens[first:]]
    if not all(numbers) or any(tokens[place].markup != "." for place in item.opens[first:]):
        return None
    text = f"{'. '.join(numbers)}. {_get_first_line(tokens[item.inline])}"
    found = match.find_date(text)
    if found is None or found.start or found.end <= len(numbers[0]) + 1 or (found.doubt and not found.year):
        return None
    return _NumberedItem(item.opens, item.inline, text, first, found)


def _get_first_line(token: "Token") -> str:
    """Return the first line of an item."""
    return _MARKS.sub("", token.content[:_MAX_TEXT].split("\n")[0])


def _move_numbers_into_text(tokens: "Sequence[Token]", item: _NumberedItem, ends: dict[int, int]) -> set[int]:
    """Put the numbers of a day into its text; return the places of the lists and items that they no longer are."""
    opens, inline = item.opens[item.first :], tokens[item.inline]
    numbers = " ".join(f"{tokens[place].info}." for place in opens)
    inline.type, inline.content = "inline", f"{numbers} {inline.content}".rstrip()
    dropped = set[int]()
    for place in opens if item.first else opens[1:]:
        if ends[place - 1] == ends[place] + 1:
            dropped |= {place - 1, place, ends[place], ends[place - 1]}
    for place in opens:
        tokens[place].info = ""
    return dropped - {item.inline}


def _describe_ambiguous_number(tokens: "Sequence[Token]", item: _NumberedItem) -> LineMessage:
    message = "may begin with a day, or with the number of an item: it is read as the latter."
    return get_line_number(
        tokens[item.inline]
    ), f'"{shorten_text(item.text)}" {message} If it is a day, write it as 2024-03-31.'


def _check_list_numbering(tokens: "Sequence[Token]", days: Sequence[_NumberedItem]) -> Iterator[LineMessage]:
    """Yield messages about a list whose numbers GitHub shows otherwise than they were typed."""
    outer = [item for item in days if item.first == 0]
    for place, item in enumerate(outer):
        shown = int(tokens[outer[0].opens[0]].info) + place
        if int(tokens[item.opens[0]].info) != shown:
            message = f"is the item of a list to GitHub, which shows it as number {shown}."
            yield (
                get_line_number(tokens[item.inline]),
                f'"{shorten_text(item.text)}" {message} Write its day as 2024-03-31.',
            )
            return


def get_line_number(token: "Token") -> int:
    return (token.map or [0])[0] + 1
