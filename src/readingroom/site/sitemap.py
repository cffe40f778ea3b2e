"""The addresses of the site's pages, for search engines (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from readingroom.core.models import Group
from readingroom.core.tree import Files
from readingroom.site import paths

MAX_URLS = 50_000  # the protocol's own limit


def render_sitemap(group: Group, pages: Iterable[str]) -> Files:
    """Return the sitemap of pages by its path, or nothing if the site's address is not known."""
    if not paths.build_absolute_url(group, ""):
        return {}
    made = Element("urlset", {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    for page in sorted(pages)[:MAX_URLS]:
        SubElement(SubElement(made, "url"), "loc").text = paths.build_absolute_url(group, page)
    indent(made)
    return {paths.SITEMAP: tostring(made, encoding="utf-8", xml_declaration=True) + b"\n"}
