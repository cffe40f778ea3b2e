"""The colours of a group's site: the group's own, made readable on light and dark backgrounds."""

import math
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


def find_colour_name(colour: str) -> str:
    """Return the nearest of the named colours, as calendars have them: https://www.w3.org/TR/css-color-3/#svg-color."""
    own = _parse_colour(colour)
    return min(_NAMED, key=lambda name: math.dist(own, _parse_colour(_NAMED[name])))


def _compute_luminance(colour: Colour) -> float:
    red, green, blue = (_convert_to_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _convert_to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _parse_colour(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


_NAMED = {
    "black": "#000000", "dimgray": "#696969", "gray": "#808080", "silver": "#c0c0c0", "white": "#ffffff",
    "slategray": "#708090", "darkslategray": "#2f4f4f", "navy": "#000080", "midnightblue": "#191970",
    "royalblue": "#4169e1", "blue": "#0000ff", "steelblue": "#4682b4", "dodgerblue": "#1e90ff", "skyblue": "#87ceeb",
    "teal": "#008080", "darkcyan": "#008b8b", "turquoise": "#40e0d0", "cyan": "#00ffff", "darkgreen": "#006400",
    "green": "#008000", "seagreen": "#2e8b57", "limegreen": "#32cd32", "lime": "#00ff00", "olive": "#808000",
    "olivedrab": "#6b8e23", "khaki": "#f0e68c", "yellow": "#ffff00", "gold": "#ffd700", "orange": "#ffa500",
    "darkorange": "#ff8c00", "peru": "#cd853f", "chocolate": "#d2691e", "saddlebrown": "#8b4513", "sienna": "#a0522d",
    "tomato": "#ff6347", "red": "#ff0000", "crimson": "#dc143c", "firebrick": "#b22222", "darkred": "#8b0000",
    "maroon": "#800000", "salmon": "#fa8072", "pink": "#ffc0cb", "hotpink": "#ff69b4", "deeppink": "#ff1493",
    "magenta": "#ff00ff", "purple": "#800080", "indigo": "#4b0082", "darkviolet": "#9400d3",
    "mediumpurple": "#9370db", "slateblue": "#6a5acd", "darkslateblue": "#483d8b", "plum": "#dda0dd",
}  # fmt: skip


def _iter_blends(colour: str, towards: str) -> Iterator[str]:
    start, end = _parse_colour(colour), _parse_colour(towards)
    for step in range(BLEND_STEPS + 1):
        channels = (round(a + (b - a) * step / BLEND_STEPS) for a, b in zip(start, end, strict=True))
        yield "#" + "".join(f"{channel:02x}" for channel in channels)
