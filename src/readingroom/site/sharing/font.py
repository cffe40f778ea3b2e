"""The font of the images that are shown with links: what it can draw, and how wide.

Its tables are described at https://learn.microsoft.com/typography/opentype/spec/.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from readingroom.core import package_files

FAMILY = "Source Serif 4"
_UNICODE_FULL = (3, 10)  # platform and encoding of the table with all characters


@dataclass(frozen=True, slots=True)
class FontMetrics:
    """The width of each character that a font can draw, as a part of its size."""

    advances: Mapping[str, float]

    def can_draw(self, text: str) -> bool:
        return all(character in self.advances for character in text)

    def measure_width(self, text: str) -> float:
        return sum(self.advances[character] for character in text)


def get_font_path() -> Path:
    return package_files.get_asset_folder("fonts") / "SourceSerif4-SemiBold.ttf"


@cache
def load_font_metrics() -> FontMetrics:
    """Return the metrics of the package's font, which are always the same."""
    return parse_font_metrics(get_font_path().read_bytes())


def parse_font_metrics(font: bytes) -> FontMetrics:
    """Return the metrics of a TrueType font."""
    (number,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * index) for index in range(number))
    tables = {tag.decode("ascii"): start for tag, _, start, _ in records}
    (units,) = struct.unpack_from(">H", font, tables["head"] + 18)
    (widths,) = struct.unpack_from(">H", font, tables["hhea"] + 34)
    advances: dict[str, float] = {}
    for code, glyph in _iter_glyphs(font, tables["cmap"]):
        (advance,) = struct.unpack_from(">H", font, tables["hmtx"] + 4 * min(glyph, widths - 1))
        advances[chr(code)] = advance / units
    return FontMetrics(advances)


def _iter_glyphs(font: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield each character's code and glyph, from the groups of the subtable of format 12."""
    (number,) = struct.unpack_from(">H", font, start + 2)
    subtables = (struct.unpack_from(">HHI", font, start + 4 + 8 * index) for index in range(number))
    place = next(start + offset for platform, encoding, offset in subtables if (platform, encoding) == _UNICODE_FULL)
    (groups,) = struct.unpack_from(">I", font, place + 12)
    for index in range(groups):
        first, last, glyph = struct.unpack_from(">III", font, place + 16 + 12 * index)
        yield from ((code, glyph + code - first) for code in range(first, last + 1))
