"""Markdown as GitHub shows it: rendered by GitHub's own library, with the anchors that GitHub adds, read as HTML."""

import posixpath
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import cmarkgfm
import html5lib
from cmarkgfm.cmark import Options

_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def page(markdown: str | bytes) -> Element:
    """Return the HTML of a Markdown file; raw HTML stays in it, so that tests can see what slipped through."""
    source = markdown.decode() if isinstance(markdown, bytes) else markdown
    html = cmarkgfm.github_flavored_markdown_to_html(source, _OPTIONS)
    parsed: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return parsed


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def rows(element: Element) -> list[list[Element]]:
    """Return the cells of each row of each table, heads left out."""
    return [cells for row in element.iter("tr") if (cells := row.findall("td"))]


def column(element: Element, number: int) -> list[str]:
    """Return the text of one column of all rows."""
    return [text(cells[number]) for cells in rows(element)]


def facts(element: Element) -> dict[str, Element]:
    """Return the second cell of each row of a two-column table, its head included, by the text of the first."""
    found = [[*row.findall("th"), *row.findall("td")] for row in element.iter("tr")]
    return {text(cells[0]): cells[1] for cells in found if len(cells) == 2}


def links(element: Element) -> list[tuple[str, str]]:
    """Return the text and the target of each link."""
    return [(text(link), link.get("href", "")) for link in element.iter("a")]


def targets(element: Element) -> list[str]:
    return [target for _, target in links(element)]


def headings(element: Element) -> list[Element]:
    return [each for each in element.iter() if each.tag in _HEADINGS]


def tags(element: Element) -> set[str]:
    return {each.tag for each in element.iter() if isinstance(each.tag, str)}


def anchored(element: Element) -> dict[str, Element]:
    """Return the headings by the anchors that GitHub gives them.

    The rule is that of GitHub's own table-of-contents filter: letters in lower case, punctuation dropped, blanks to
    hyphens, and the first number after it that makes the anchor new. https://github.com/Flet/github-slugger has
    headings with the anchors that GitHub gave them.
    """
    found: dict[str, Element] = {}
    for heading in headings(element):
        base = "".join(filter(_stays, "".join(heading.itertext()).lower())).replace(" ", "-")
        anchor, number = base, 0
        while anchor in found:
            number += 1
            anchor = f"{base}-{number}"
        found[anchor] = heading
    return found


def _stays(letter: str) -> bool:
    """Return whether it is a space, a hyphen or a word's letter to Ruby, which is what Unicode calls alphabetic."""
    category = unicodedata.category(letter)
    circled = "\u24b6" <= letter <= "\u24e9" or "\U0001f130" <= letter <= "\U0001f189"
    return letter in "- " or category[0] in "LM" or category in {"Nd", "Nl", "Pc"} or (circled and category == "So")


@lru_cache(maxsize=10_000)
def _read(markdown: bytes) -> tuple[list[str], frozenset[str]]:
    """Return where a page's links lead and the anchors that it has; most pages are as they were a moment ago."""
    shown = page(markdown)
    return targets(shown), frozenset(anchored(shown))


def dead_links(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield each link of a Markdown file to a file or an anchor that is not there."""
    pages = {path: _read(content) for path, content in files.items() if path.endswith(".md")}
    folders = {path[:end] for path in files for end in range(len(path)) if path[end] == "/"}
    for path, (found, _) in pages.items():
        for target in found:
            address = urlsplit(target)
            if address.scheme or address.netloc:
                continue
            there = path
            if address.path:
                there = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address.path)))
            if there not in files and there not in folders:
                yield f"{path}: {target} leads to no file"
            elif address.fragment and unquote(address.fragment) not in pages.get(there, ((), ()))[1]:
                yield f"{path}: {target} leads to no heading"
