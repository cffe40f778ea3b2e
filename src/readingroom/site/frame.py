"""What stands around every page of the site."""

from typing import NamedTuple

from markupsafe import Markup, escape

from readingroom.session import Group
from readingroom.site import addresses, invitations, prose
from readingroom.templating import Templates

# Where a title and a page's own part come; no text of a stranger holds this character, and no page may.
_TITLE, _MAIN = Markup("\0title\0"), Markup("\0main\0")


class Frame(NamedTuple):
    """What the pages of a folder share, made once: to make it for each took a third of the time."""

    html: str

    def around(self, title: str, main: str) -> bytes:
        return self.html.replace(_TITLE, escape(prose.line(title))).replace(_MAIN, main).encode()


def of(group: Group, templates: Templates, home: str, here: str = "") -> Frame:
    """Return what stands around the pages of a folder, or around the one that is ``here`` among the links.

    ``home`` is the way from there to the site's folder.
    """
    return Frame(
        templates.text(
            "site.html.j2",
            title=_TITLE if here == "index" else Markup("{} · {}").format(_TITLE, prose.line(group.name)),
            main=_MAIN,
            home=home,
            here=here,
            logo=addresses.logo(group),
            subscriptions=invitations.of_group(group),
        )
    )
