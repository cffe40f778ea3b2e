"""The sitemap: every page by its whole address."""

from lxml import etree

from calendars import URL
from groups import catalogue
from readingroom.site import sitemap

TAG = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def test_every_page_is_told_by_its_whole_address() -> None:
    group = catalogue({}, site={"url": URL}).group
    made = sitemap.render_sitemap(group, ["sessions/01-a.html", "index.html", "a&b.html"])["sitemap.xml"]
    found = [each.text for each in etree.fromstring(made).iter(TAG)]
    assert found == [f"{URL}/a%26b.html", f"{URL}/index.html", f"{URL}/sessions/01-a.html"]


def test_the_order_of_the_pages_does_not_matter() -> None:
    group = catalogue({}, site={"url": URL}).group
    assert sitemap.render_sitemap(group, ["b.html", "a.html"]) == sitemap.render_sitemap(group, ["a.html", "b.html"])


def test_a_site_whose_address_is_not_known_has_none() -> None:
    assert sitemap.render_sitemap(catalogue({}, site={}).group, ["index.html"]) == {}
    assert sitemap.render_sitemap(catalogue({}).group, ["index.html"]) == {}
