"""What search engines read first: robots.txt, and the sitemap with every page by its whole address."""

from lxml import etree

from browsing import made
from calendars import URL
from groups import catalogue, files
from readingroom.site import sitemap

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
GROUP = catalogue({}, site={"url": URL}).group


def read(content: bytes, tag: str = "url") -> dict[str, str]:
    """Return the addresses in a sitemap, each with when it last changed."""
    return {
        each.findtext(f"{SPACE}loc", ""): each.findtext(f"{SPACE}lastmod", "")
        for each in etree.fromstring(content).iter(f"{SPACE}{tag}")
    }


def test_every_page_is_listed_by_its_whole_address() -> None:
    files = sitemap.render_sitemap(GROUP, ["sessions/01-a.html", "index.html", "a&b.html"], {})
    assert list(read(files["sitemap.xml"])) == [f"{URL}/a%26b.html", f"{URL}/", f"{URL}/sessions/01-a.html"]


def test_the_order_of_the_pages_does_not_matter() -> None:
    assert sitemap.render_sitemap(GROUP, ["b.html", "a.html"], {}) == sitemap.render_sitemap(
        GROUP, ["a.html", "b.html"], {}
    )


def test_a_site_whose_address_is_not_known_has_no_sitemap() -> None:
    for group in (catalogue({}, site={}).group, catalogue({}).group):
        assert sitemap.render_sitemap(group, ["index.html"], {}) == {"robots.txt": b"User-agent: *\nAllow: /\n"}


def test_robots_txt_names_the_sitemap() -> None:
    robots = sitemap.render_sitemap(GROUP, [], {})["robots.txt"].decode()
    assert robots == f"User-agent: *\nAllow: /\nSitemap: {URL}/sitemap.xml\n"


def test_pages_say_when_they_last_changed() -> None:
    site = made(files({"01-a": {"date": "2024-01-08"}, "02-b": {"date": "2024-01-22"}, "x": {}}, site={"url": URL}))
    found = read(site["sitemap.xml"])
    assert found[f"{URL}/sessions/01-a.html"] == found[f"{URL}/"] == found[f"{URL}/years/2024.html"] != ""
    assert found[f"{URL}/sessions/x.html"] == ""


def test_beyond_fifty_thousand_pages_the_sitemap_is_an_index_of_others() -> None:
    pages = [f"sessions/{number:06}.html" for number in range(50_001)]
    changes = {pages[1]: "2024-01-09T00:00:00Z", pages[2]: "2024-01-08T00:00:00Z"}
    found = sitemap.render_sitemap(GROUP, reversed(pages), changes)
    assert read(found["sitemap.xml"], "sitemap") == {
        f"{URL}/sitemap-1.xml": "2024-01-09T00:00:00Z",
        f"{URL}/sitemap-2.xml": "",
    }
    parts = [read(found[f"sitemap-{number}.xml"]) for number in (1, 2)]
    assert [len(part) for part in parts] == [50_000, 1]
    assert [url for part in parts for url in part] == [f"{URL}/{page}" for page in pages]
    assert len(read(sitemap.render_sitemap(GROUP, pages[1:], {})["sitemap.xml"])) == 50_000
