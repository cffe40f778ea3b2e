"""The names of months and weekdays in CLDR, and other spellings that people use."""

from collections.abc import Iterable, Iterator, Sequence

from babel import Locale

from readingroom.core.date_format import Width
from readingroom.parsing.vocabulary import load_vocabulary, strip_accents

_WIDTHS = (Width.WIDE, Width.ABBREVIATED)


def iter_month_names(language: str, contexts: Sequence[str] = ("format",)) -> Iterator[tuple[str, int]]:
    """Yield the names of the months in a language, full and abbreviated, each with its number."""
    yield from _add_unaccented(load_vocabulary()["dates"]["months"].get(language, {}).items())
    yield from _add_unaccented(_iter_names(language, "months", contexts, _WIDTHS))


def iter_weekday_names(
    language: str, contexts: Sequence[str] = ("format",), widths: Sequence[Width] = _WIDTHS
) -> Iterator[tuple[str, int]]:
    """Yield the names of the weekdays in a language, each with its number, Monday as 0."""
    yield from _add_unaccented(load_vocabulary()["dates"]["weekdays"].get(language, {}).items())
    yield from _add_unaccented(_iter_names(language, "days", contexts, widths))


def _iter_names(
    language: str, attribute: str, contexts: Sequence[str], widths: Sequence[Width]
) -> Iterator[tuple[str, int]]:
    names = getattr(Locale.parse(language), attribute)
    for context in contexts:
        for width in widths:
            for number, name in names[context][width].items():
                yield name.casefold().rstrip("."), number


def _add_unaccented(names: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Yield each name without its accents, then as it is: of two entries with one name, the latter counts."""
    pairs = list(names)
    yield from ((strip_accents(name), number) for name, number in pairs)
    yield from pairs
