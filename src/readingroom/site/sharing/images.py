"""The images that are shown with a link to the site, and the icon on a phone's home screen: SVG drawn as PNG.

The SVG is built here and not in a template: a drawing from elsewhere could name any picture on the disk.
"""

import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from markupsafe import escape

from readingroom.core import date_format
from readingroom.core.models import Group, Session, Site, Status, get_sort_key
from readingroom.core.tree import Files
from readingroom.site import paths, theme
from readingroom.site.sharing import font
from readingroom.site.theme import Palette
from readingroom.store.catalogue import Catalogue
from readingroom.text.html import clean_value

# What is recommended for large previews; https://developers.google.com/search/docs/appearance/structured-data/event
# asks for 720 pixels at least.
WIDTH, HEIGHT = 1200, 630
ICON_SIZE = 180  # https://developer.apple.com/design/human-interface-guidelines/app-icons
MAX_SESSION_IMAGES = 100  # of the latest sessions, because drawing takes 30 ms each
_LEFT, _RIGHT = 110, 90
_TITLE_SIZES = ((84, 3), (70, 3), (58, 4))  # each with how many lines there may be
_SMALL = 36
_TEXT, _QUIET = "#1a1d21", "#5a626c"
_BOOK = (  # as in site-icon.svg.j2
    '<path transform="{}" d="M16 11c-2-2-5-2-9-2v13c4 0 7 0 9 2 2-2 5-2 9-2V9c-4 0-7 0-9 2v13" fill="none" '
    'stroke="{}" stroke-width="2" stroke-linejoin="round"/>'
)

ImageRenderer = Callable[[str], bytes]
ImageJob = Callable[[], Files]


class Card(NamedTuple):
    """The texts of an image: a title, and a line above and below it, each left out if it is empty."""

    title: str
    above: str
    below: str


def draw_png(svg: str) -> bytes:
    """Return a drawing as PNG."""
    import resvg_py  # noqa: PLC0415 -- only needed where a drawing has changed

    fonts = [str(font.get_font_path())]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=fonts))


def iter_image_jobs(catalogue: Catalogue, draw: ImageRenderer) -> Iterator[ImageJob]:
    """Yield a job for each image of a site, which draws it.

    Without the site's address there are none of links, because a preview needs the whole address of its image.
    """
    group = catalogue.group
    palette = theme.build_palette((group.site or Site()).colour)
    yield partial(_render_image, paths.TOUCH_ICON, build_icon(palette), draw)
    if paths.build_absolute_url(group, ""):
        yield partial(_render_image, paths.SHARE_IMAGE, build_card(_describe_group(group), palette), draw)
    for path, session in map_session_images(catalogue).items():
        yield partial(_render_image, path, build_card(_describe_session(session, group), palette), draw)


def _render_image(path: str, svg: str, draw: ImageRenderer) -> Files:
    return {path: draw(svg)}


def map_session_images(catalogue: Catalogue) -> dict[str, Session]:
    """Return the paths of the images of sessions, each with its session: of the latest whose titles can be drawn."""
    if not paths.build_absolute_url(catalogue.group, ""):
        return {}
    latest = sorted(catalogue.sessions, key=get_sort_key, reverse=True)
    drawable = islice(filter(has_own_image, latest), MAX_SESSION_IMAGES)
    return {paths.get_session_image_path(session): session for session in drawable}


def has_own_image(session: Session) -> bool:
    """Return whether a session has a title that the font can draw."""
    is_shown = bool(session.title) and session.status not in {Status.OPEN, Status.SHELF}
    return is_shown and bool(_choose_drawable(session.title))


def _describe_group(group: Group) -> Card:
    url = (group.site or Site()).url.partition("://")[2]
    return Card(_choose_drawable(group.name), "", _choose_drawable(url))


def _describe_session(session: Session, group: Group) -> Card:
    day = date_format.format_date(session.date, group.date_format, group.locale) if session.date else ""
    when = ", ".join(filter(None, [day, session.time if session.date else ""]))
    leads = ", ".join(lead.name for lead in session.leads)
    facts = [session.remark.capitalize(), when, leads]
    return Card(
        _choose_drawable(session.title),
        _choose_drawable(group.name),
        " · ".join(filter(None, map(_choose_drawable, facts))),
    )


def _choose_drawable(text: str) -> str:
    """Return a text on one line, or nothing if the font lacks one of its characters."""
    line = unicodedata.normalize("NFC", str(clean_value(text)).strip())
    return line if font.load_font_metrics().can_draw(line) else ""


def build_icon(palette: Palette) -> str:
    """Return the group's icon, filled to its edges: phones round the corners themselves."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{ICON_SIZE}" height="{ICON_SIZE}" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" fill="{palette.light_accent}"/>{_BOOK.format("scale(1)", palette.light)}</svg>'
    )


def build_card(card: Card, palette: Palette) -> str:
    """Return the drawing of an image for a link, in the group's colour."""
    size, lines = _fit_title(card.title)
    top = HEIGHT / 2 - (len(lines) - 1) * size * 0.6 + size * 0.3
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.light}"/>',
        f'<rect width="28" height="{HEIGHT}" fill="{palette.light_accent}"/>',
        _BOOK.format(f"translate({_LEFT - 14} 52) scale(2)", palette.light_accent),
        _build_text(_cut_to_width(card.above, _SMALL, indent=70), _LEFT + 70, 97, _SMALL, palette.light_accent),
        *(
            _build_text(line, _LEFT, top + number * size * 1.2, size, _TEXT)
            for number, line in enumerate(lines)
        ),
        _build_text(_cut_to_width(card.below, _SMALL), _LEFT, HEIGHT - 70, _SMALL, _QUIET),
        "</svg>",
    ]  # fmt: skip
    return "".join(parts)


def _build_text(text: str, left: float, line: float, size: int, colour: str) -> str:
    if not text:
        return ""
    start = f'<text x="{left:g}" y="{line:g}" font-family="\'{font.FAMILY}\'" font-size="{size}" fill="{colour}">'
    return f"{start}{escape(text)}</text>"


def _fit_title(title: str) -> tuple[int, list[str]]:
    """Return the largest size in which a title fits, and its lines; in the smallest it is cut off if it must be."""
    for size, most in _TITLE_SIZES:
        lines = _wrap_words(title, size)
        if len(lines) <= most and all(_fits(line, size) for line in lines):
            return size, lines
    rest = " ".join(lines[most - 1 :])
    return size, [_cut_to_width(line, size) for line in [*lines[: most - 1], rest] if line]


def _wrap_words(title: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in title.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _fits(longer, size):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fits(text: str, size: int, *, indent: int = 0) -> bool:
    return font.load_font_metrics().measure_width(text) * size <= WIDTH - _LEFT - _RIGHT - indent


def _cut_to_width(text: str, size: int, *, indent: int = 0) -> str:
    """Return a text that fits into one line, with an ellipsis where it is cut off."""
    if _fits(text, size, indent=indent):
        return text
    kept = next(end for end in range(len(text), 0, -1) if _fits(f"{text[:end]}…", size, indent=indent))
    return f"{text[:kept].rstrip()}…"
