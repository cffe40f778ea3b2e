"""The addresses of the site's pages, for search engines (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from readingroom.core.models import Group
from readingroom.core.tree import Files
from readingroom.site import paths

MAX_URLS = 50_000  # the protocol's limit


def render_sitemap(group: Group, pages: Iterable[str]) -> Files:
    """Return the sitemap of pages by its path; no file if the site's address is not known."""
    if not paths.build_absolute_url(group, ""):
        return {}
    url_set = Element("urlset", {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    for page in sorted({*pages} - {paths.NOT_FOUND})[:MAX_URLS]:
        SubElement(SubElement(url_set, "url"), "loc").text = paths.build_absolute_url(group, page)
    indent(url_set)
    return {paths.SITEMAP: tostring(url_set, encoding="utf-8", xml_declaration=True) + b"\n"}
