"""What stands around every page of the site."""

from typing import NamedTuple

from markupsafe import Markup

from readingroom.session import Group
from readingroom.site import addresses, invitations
from readingroom.templating import Templates


class Frame(NamedTuple):
    """What stands around a page: ``home`` is the way to the site's folder, ``top`` and ``foot`` are finished HTML.

    The pages of a folder share it: to make it for each would take a third of the time.
    """

    home: str
    top: Markup
    foot: Markup


def of(group: Group, templates: Templates, home: str, here: str = "") -> Frame:
    """Return what stands around the pages of a folder, or around the one that is ``here`` among the links."""
    top = templates.text("site-top.html.j2", home=home, here=here, logo=addresses.logo(group))
    foot = templates.text("site-foot.html.j2", home=home, subscriptions=invitations.of_group(group))
    return Frame(home, Markup(top), Markup(foot))  # noqa: S704 -- the templates escape every value
