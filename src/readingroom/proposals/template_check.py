"""A group's own templates, tried on its sessions before anybody waits for what they write."""

from readingroom.core.tree import Tree
from readingroom.proposals import decision
from readingroom.render.build import DateClock

_SITE_TEMPLATES = "templates/site"


def check_group_templates(tree: Tree, today: DateClock) -> None:
    """Raise Invalid if an own template fails of those that a build does not use: of comments and of the site."""
    decision.check_comment_templates(tree)
    if any(path.startswith(_SITE_TEMPLATES) for path in tree.contents):
        from readingroom.site import build  # noqa: PLC0415 -- needed by few groups

        build.build_site(tree, today)
