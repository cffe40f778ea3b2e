"""What a reader of GitHub sees of Markdown, by GitHub's own renderer. Raw HTML is let through, so that it would be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cmarkgfm
import html5lib
from cmarkgfm.cmark import Options

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def html(markdown: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))


def page(markdown: str) -> Element:
    """Return the body of the page that a browser makes of the Markdown."""
    document: Element = html5lib.parse(html(markdown), namespaceHTMLElements=False)
    body = document.find("body")
    assert body is not None
    return body


def words(element: Element) -> str:
    return "".join(element.itertext())


def tags(element: Element) -> list[str]:
    """Return the tags of all elements below one, in order."""
    return [str(each.tag) for each in element.iter()][1:]


def hrefs(element: Element) -> list[str]:
    return [each.get("href", "") for each in element.iter("a")]
