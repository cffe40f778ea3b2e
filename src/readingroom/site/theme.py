"""The colours of a group's site: the group's own, made readable on light and on dark grounds."""

from collections.abc import Iterator
from typing import NamedTuple

Colour = tuple[int, int, int]

LIGHT, DARK = "#ffffff", "#14171c"
# The grounds of a field or a notice, a shade off those of the page.
LIGHT_SHADE, DARK_SHADE = "#f4f5f7", "#1e2329"
MIN_CONTRAST = 4.6  # 4.5 is wanted, and a browser rounds
BLEND_STEPS = 50


class Palette(NamedTuple):
    """The grounds of the two schemes, and the group's colour as it can be read on each."""

    light: str
    light_shade: str
    light_accent: str
    dark: str
    dark_shade: str
    dark_accent: str


def build_palette(colour: str) -> Palette:
    """Return the colours of a site whose group has chosen one."""
    return Palette(
        LIGHT,
        LIGHT_SHADE,
        ensure_contrast(colour, (LIGHT, LIGHT_SHADE), towards="#000000"),
        DARK,
        DARK_SHADE,
        ensure_contrast(colour, (DARK, DARK_SHADE), towards="#ffffff"),
    )


def ensure_contrast(colour: str, grounds: tuple[str, ...], *, towards: str) -> str:
    """Return a colour, blended with another one step by step until it can be read on all grounds."""
    return next(
        each
        for each in _iter_blends(colour, towards)
        if all(compute_contrast(each, g) >= MIN_CONTRAST for g in grounds)
    )


def compute_contrast(one: str, two: str) -> float:
    """Return the contrast of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    darker, lighter = sorted((_compute_luminance(_parse_colour(one)), _compute_luminance(_parse_colour(two))))
    return (lighter + 0.05) / (darker + 0.05)


def _compute_luminance(colour: Colour) -> float:
    red, green, blue = (_convert_to_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _convert_to_linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parse_colour(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _iter_blends(colour: str, towards: str) -> Iterator[str]:
    start, end = _parse_colour(colour), _parse_colour(towards)
    for step in range(BLEND_STEPS + 1):
        mixed = (round(a + (b - a) * step / BLEND_STEPS) for a, b in zip(start, end, strict=True))
        yield "#" + "".join(f"{part:02x}" for part in mixed)
