"""The frame around every page of the site."""

from enum import StrEnum
from typing import NamedTuple

from markupsafe import Markup, escape

from readingroom.core.models import Group, Site
from readingroom.render.templates import Templates
from readingroom.site import calendar_links, paths, theme
from readingroom.text import html as text_html

# Placeholders for a title and a page's own parts: no cleaned text contains this character, and no page may.
_TITLE, _HEAD, _MAIN = Markup("\0title\0"), Markup("\0head\0"), Markup("\0main\0")


class NavigationLink(StrEnum):
    """The links of every page's navigation, by their names in the template; NONE leads to no page."""

    NONE = ""
    INDEX = "index"
    LEADS = "leads"
    STATISTICS = "statistics"


class PageFrame(NamedTuple):
    """What the pages of a folder share, made once: making it for each took a third of the time."""

    parts: tuple[str, ...]  # a page's own part goes between them

    def wrap_page(self, title: str, head: str, main: str) -> bytes:
        escaped_title = str(escape(text_html.clean_value(title)))
        parts = [part.replace(_TITLE, escaped_title).replace(_HEAD, head) for part in self.parts]
        return str.join(main, parts).encode()


def build_page_frame(group: Group, templates: Templates, home: str, here: NavigationLink) -> PageFrame:
    """Return the frame of the pages of a folder, or of the one page that is ``here`` among the links.

    ``home`` is the relative path from there to the site's folder.
    """
    suffix = "" if here == NavigationLink.INDEX else Markup(" · {}").format(text_html.clean_value(group.name))
    html = templates.render_template(
        "site.html.j2",
        title=_TITLE + suffix,
        head=_HEAD,
        main=_MAIN,
        look=theme.build_palette((group.site or Site()).colour),
        home=home,
        here=here,
        logo=paths.get_logo_path(group),
        subscriptions=calendar_links.build_subscription_links(group),
    )
    return PageFrame(tuple(str(html).split(_MAIN)))
