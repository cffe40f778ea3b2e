"""A group's own templates, tried on its sessions before anybody waits for what they write."""

from readingroom.core.tree import Tree
from readingroom.proposals import decision
from readingroom.render.build import Today

_OF_SITE = "templates/site"


def templates(tree: Tree, today: Today) -> None:
    """Raise Invalid if an own template fails of those that a build does not use: of comments and of the site."""
    decision.try_templates(tree)
    if any(path.startswith(_OF_SITE) for path in tree.contents):
        from readingroom.site import build  # noqa: PLC0415 -- needed by few groups

        build.made(tree, today)
