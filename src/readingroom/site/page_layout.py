"""What stands around every page of the site."""

from typing import NamedTuple

from markupsafe import Markup, escape

from readingroom.core.models import Group
from readingroom.render.templates import Templates
from readingroom.site import calendar_links, paths
from readingroom.text import html as text_html

# Where a title and a page's own part come; no text of a stranger holds this character, and no page may.
_TITLE, _MAIN = Markup("\0title\0"), Markup("\0main\0")


class PageFrame(NamedTuple):
    """What the pages of a folder share, made once: to make it for each took a third of the time."""

    parts: tuple[str, ...]  # between them stands a page's own part

    def wrap_page(self, title: str, main: str) -> bytes:
        shown = str(escape(text_html.clean_value(title)))
        return str.join(main, [part.replace(_TITLE, shown) for part in self.parts]).encode()


def build_page_frame(group: Group, templates: Templates, home: str, here: str = "") -> PageFrame:
    """Return what stands around the pages of a folder, or around the one that is ``here`` among the links.

    ``home`` is the way from there to the site's folder.
    """
    html = templates.render_template(
        "site.html.j2",
        title=_TITLE if here == "index" else Markup("{} · {}").format(_TITLE, text_html.clean_value(group.name)),
        main=_MAIN,
        home=home,
        here=here,
        logo=paths.get_logo_path(group),
        subscriptions=calendar_links.build_subscription_links(group),
    )
    return PageFrame(tuple(str(html).split(_MAIN)))
