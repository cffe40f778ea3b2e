"""The colours of a group's site: the group's own, made readable on light and dark backgrounds."""

from collections.abc import Iterator
from typing import NamedTuple

Colour = tuple[int, int, int]

LIGHT, DARK = "#ffffff", "#14171c"
# The backgrounds of a field or a notice, a shade different from those of the page.
LIGHT_SHADE, DARK_SHADE = "#f4f5f7", "#1e2329"
MIN_CONTRAST = 4.6  # WCAG requires 4.5, and a browser rounds
BLEND_STEPS = 50


class Palette(NamedTuple):
    """The backgrounds of the two schemes, and the group's colour as it is readable on each."""

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


def ensure_contrast(colour: str, backgrounds: tuple[str, ...], *, towards: str) -> str:
    """Return a colour, blended with another one step by step until it is readable on all backgrounds."""
    return next(
        blend
        for blend in _iter_blends(colour, towards)
        if all(compute_contrast(blend, background) >= MIN_CONTRAST for background in backgrounds)
    )


def compute_contrast(one: str, two: str) -> float:
    """Return the contrast of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    darker, lighter = sorted((_compute_luminance(_parse_colour(one)), _compute_luminance(_parse_colour(two))))
    return (lighter + 0.05) / (darker + 0.05)


def _compute_luminance(colour: Colour) -> float:
    red, green, blue = (_convert_to_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _convert_to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _parse_colour(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _iter_blends(colour: str, towards: str) -> Iterator[str]:
    start, end = _parse_colour(colour), _parse_colour(towards)
    for step in range(BLEND_STEPS + 1):
        channels = (round(a + (b - a) * step / BLEND_STEPS) for a, b in zip(start, end, strict=True))
        yield "#" + "".join(f"{channel:02x}" for channel in channels)
