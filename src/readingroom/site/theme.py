"""The colours of a group's site: the group's own, made readable on light and on dark grounds."""

from collections.abc import Iterator
from typing import NamedTuple

Colour = tuple[int, int, int]

LIGHT, DARK = "#ffffff", "#14171c"
# The grounds of a field or a notice, a shade off those of the page.
LIGHT_SHADE, DARK_SHADE = "#f4f5f7", "#1e2329"
LEAST_CONTRAST = 4.6  # 4.5 is wanted, and a browser rounds
STEPS = 50


class Look(NamedTuple):
    """The grounds of the two schemes, and the group's colour as it can be read on each."""

    light: str
    light_shade: str
    light_accent: str
    dark: str
    dark_shade: str
    dark_accent: str


def of(colour: str) -> Look:
    """Return the colours of a site whose group has chosen one."""
    return Look(
        LIGHT,
        LIGHT_SHADE,
        readable(colour, (LIGHT, LIGHT_SHADE), towards="#000000"),
        DARK,
        DARK_SHADE,
        readable(colour, (DARK, DARK_SHADE), towards="#ffffff"),
    )


def readable(colour: str, grounds: tuple[str, ...], *, towards: str) -> str:
    """Return a colour, blended with another one step by step until it can be read on all grounds."""
    return next(each for each in _blends(colour, towards) if all(contrast(each, g) >= LEAST_CONTRAST for g in grounds))


def contrast(one: str, two: str) -> float:
    """Return the contrast of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    darker, lighter = sorted((_luminance(_parts(one)), _luminance(_parts(two))))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _blends(colour: str, towards: str) -> Iterator[str]:
    start, end = _parts(colour), _parts(towards)
    for step in range(STEPS + 1):
        mixed = (round(a + (b - a) * step / STEPS) for a, b in zip(start, end, strict=True))
        yield "#" + "".join(f"{part:02x}" for part in mixed)
