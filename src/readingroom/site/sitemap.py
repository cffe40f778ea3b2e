"""What search engines read first: robots.txt, and the addresses of the site's pages with the time of their last change.

The formats are those of https://www.rfc-editor.org/rfc/rfc9309 and https://www.sitemaps.org/protocol.html.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from readingroom.core.models import Group
from readingroom.core.tree import Files
from readingroom.site import paths
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog

MAX_URLS = 50_000  # the protocol's limit for each file
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def render_sitemap(group: Group, pages: Iterable[str], changes: Mapping[str, str]) -> Files:
    """Return robots.txt and the sitemap of pages by their paths; no sitemap if the site's address is not known.

    ``changes`` are the moments of the last change of the pages for which it is known. If there are more pages than one
    sitemap may list, it lists others.
    """
    url = paths.build_absolute_url(group, paths.SITEMAP)
    robots = f"User-agent: *\nAllow: /\n{f'Sitemap: {url}' if url else ''}".rstrip()
    files = {paths.ROBOTS: f"{robots}\n".encode()}
    if not url:
        return files
    listed = sorted({*pages} - {paths.NOT_FOUND})
    if len(listed) <= MAX_URLS:
        return files | {paths.SITEMAP: _render_list(group, "urlset", "url", listed, changes)}
    parts = {f"sitemap-{number}.xml": part for number, part in enumerate(_iter_parts(listed), 1)}
    latest = {path: max((changes.get(page, "") for page in part), default="") for path, part in parts.items()}
    files |= {path: _render_list(group, "urlset", "url", part, changes) for path, part in parts.items()}
    return files | {paths.SITEMAP: _render_list(group, "sitemapindex", "sitemap", parts, latest)}


def _iter_parts(pages: list[str]) -> Iterator[list[str]]:
    return (pages[start : start + MAX_URLS] for start in range(0, len(pages), MAX_URLS))


def _render_list(group: Group, root: str, entry: str, listed: Iterable[str], changes: Mapping[str, str]) -> bytes:
    element = Element(root, {"xmlns": _NAMESPACE})
    for path in listed:
        about = SubElement(element, entry)
        SubElement(about, "loc").text = paths.build_absolute_url(group, "" if path == paths.INDEX else path)
        if changed := changes.get(path):
            SubElement(about, "lastmod").text = changed
    indent(element)
    return bytes(tostring(element, encoding="utf-8", xml_declaration=True)) + b"\n"


def map_changes(catalogue: Catalogue, announced: RevisionLog) -> dict[str, str]:
    """Return when each page of a session last changed, and those that list sessions: with the last of theirs."""
    changes: defaultdict[str, str] = defaultdict(str)
    for session in catalogue.sessions:
        if revision := announced.revisions.get(session.folder):
            changes[paths.get_page_path(session)] = revision.modified
            year = [paths.get_year_path(session.date.year)] if session.date else []
            for path in (paths.INDEX, paths.UPCOMING, paths.STATISTICS, paths.LEADS, *year):
                changes[path] = max(changes[path], revision.modified)
    return changes
