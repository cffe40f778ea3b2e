"""The frame around every page of the site."""

from enum import StrEnum
from typing import NamedTuple

from markupsafe import Markup

from readingroom.core.models import Group, Site
from readingroom.render.templates import Templates
from readingroom.site import calendar_links, paths, theme
from readingroom.site.sharing import images
from readingroom.site.sharing.head_tags import PageSummary
from readingroom.text import html as text_html

# Placeholders for what differs between pages: no cleaned text contains this character, but a template may write it.
_TITLE, _DESCRIPTION, _TYPE = Markup("\ufdd0title\ufdd0"), Markup("\ufdd0description\ufdd0"), Markup("\ufdd0type\ufdd0")
_URL, _IMAGE, _MAIN = Markup("\ufdd0url\ufdd0"), Markup("\ufdd0image\ufdd0"), Markup("\ufdd0main\ufdd0")


class NavigationLink(StrEnum):
    """The links of every page's navigation, by their names in the template; NONE leads to no page."""

    NONE = ""
    INDEX = "index"
    LEADS = "leads"
    STATISTICS = "statistics"


class PageFrame(NamedTuple):
    """What the pages of a folder share, made once: making it for each took a third of the time."""

    group: Group
    parts: tuple[str, ...]  # a page's own part goes between them

    def wrap_page(self, summary: PageSummary, main: str) -> bytes:
        # The address of the folder shows the first page.
        path = "" if summary.path == paths.INDEX else summary.path
        values = {
            _TITLE: summary.title,
            _DESCRIPTION: summary.description,
            _TYPE: summary.type,
            _URL: paths.build_absolute_url(self.group, path),
            _IMAGE: paths.build_absolute_url(self.group, summary.image),
        }
        parts = self.parts
        for placeholder, value in values.items():
            escaped = str(text_html.escape_value(value))
            parts = tuple([part.replace(placeholder, escaped) for part in parts])
        return str.join(main, parts).encode()


def build_page_frame(
    group: Group, templates: Templates, home: str, here: NavigationLink, *, has_address: bool = True
) -> PageFrame:
    """Return the frame of the pages of a folder, or of the one page that is ``here`` among the links.

    ``home`` is the relative path from there to the site's folder; ``has_address`` says whether the page has an address
    of its own.
    """
    suffix = "" if here == NavigationLink.INDEX else Markup(" · {}").format(text_html.clean_value(group.name))
    is_known = bool(paths.build_absolute_url(group, ""))
    html = templates.render_template(
        "site.html.j2",
        title=_TITLE + suffix,
        page=SharedPage(
            _TITLE, _DESCRIPTION, _TYPE, _URL if is_known and has_address else "", _IMAGE if is_known else ""
        ),
        main=_MAIN,
        home=home,
        here=here,
        logo=paths.get_logo_path(group),
        look=theme.build_palette((group.site or Site()).colour),
        subscriptions=calendar_links.build_subscription_links(group),
    )
    return PageFrame(group, tuple(str(html).split(_MAIN)))


class SharedPage(NamedTuple):
    """What a page's head says to search engines and to programs that show a preview of a link."""

    title: str
    description: str
    type: str
    url: str
    image: str
    width: int = images.WIDTH
    height: int = images.HEIGHT
