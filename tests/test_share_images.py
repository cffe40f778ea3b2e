"""The images that are shown with a link, and the icon of a phone's home screen."""

from __future__ import annotations

import hashlib
import re
import struct
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from lxml import etree

from browsing import made
from groups import ROOT, TODAY, catalogue, files, tree
from readingroom.io.cache import MAX_IMAGES, Cache
from readingroom.site import build, theme
from readingroom.site.sharing import font, images
from readingroom.site.sharing.images import Card
from strategies import LINES

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://example.org/group"
PALETTE = theme.build_palette("#7a1f3d")
DAY = {"date": "2024-01-08"}


def size(png: bytes) -> tuple[int, ...]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def drawn(**about: Any) -> set[str]:
    """Return which images there are of a group with one session."""
    known = catalogue({"01-x": {**DAY, **about}}, site={"url": URL})
    return set(images.map_session_images(known))


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in etree.fromstring(svg.encode()).iter() if each.tag.endswith("text")]


def test_a_site_with_an_address_has_an_image_of_the_group_and_of_sessions() -> None:
    group = tree(files({"01-x": {"title": "Bert", **DAY}}, site={"url": URL}))
    site = build.build_site(group, lambda _: TODAY).files
    assert size(site["share.png"]) == size(site["sessions/01-x.png"]) == (1200, 630)
    assert size(site["touch-icon.png"]) == (180, 180)


def test_a_site_without_an_address_has_the_icon_alone() -> None:
    site = made(files({"01-x": {"title": "Bert", **DAY}}))
    assert [path for path in site if path.endswith(".png")] == ["touch-icon.png"]


@pytest.mark.parametrize(
    ("title", "is_drawn"),
    [
        ("Bert", True), ("Žluťoučký kůň – “œuvre” · Ωμέγα · Эйнштейн · 3 × 4", True), ("Zoe\u0308", True),
        ("深層学習", False), ("On 深層学習", False), ("الشبكات", False), ("Rocket 🚀", False), ("", False),
        ("𝒜", False),
    ],
)  # fmt: skip
def test_only_a_title_that_the_font_can_draw_has_an_image(title: str, is_drawn: bool) -> None:  # noqa: FBT001
    assert drawn(**({"title": title} if title else {})) == ({"sessions/01-x.png"} if is_drawn else set())


def test_a_free_slot_and_a_shelf_have_no_image_of_their_own() -> None:
    assert drawn(status="open") == set()
    assert not images.map_session_images(catalogue({"x": {"title": "Shelf"}}, site={"url": URL}))


def test_the_latest_sessions_have_images() -> None:
    many = {f"{number:03}-x": {"title": "x", "date": f"{1900 + number}-01-01"} for number in range(110)}
    found = images.map_session_images(catalogue(many, site={"url": URL}))
    assert next(iter(found)) == "sessions/109-x.png"
    assert len(found) == images.MAX_SESSION_IMAGES


def test_an_image_says_what_when_and_by_whom() -> None:
    about = {"title": "A & <B>", "time": "11:00", "status": "cancelled", "leads": [{"name": "Ada"}, {"name": "李"}]}
    known = catalogue({"01-x": {**DAY, **about}}, site={"url": URL}, name="R & D")
    svgs: list[str] = []
    for job in images.iter_image_jobs(known, lambda svg: svgs.append(svg) or b""):  # type: ignore[func-returns-value]
        job()
    _, group, session = svgs
    assert texts(group) == ["R & D", "example.org/group"]
    assert texts(session) == ["R & D", "A & <B>", "Cancelled · 2024-01-08, 11:00"]  # the font has no 李


@pytest.mark.parametrize("words", ["word " * 40, "x" * 300, "a " + "y" * 200, "W" * 40])
def test_a_long_title_stays_within_the_image(words: str) -> None:
    lines = texts(images.build_card(Card(words.strip(), words, words), PALETTE))
    assert len(lines) <= 6
    assert all(line.endswith("…") for line in (lines[0], lines[-1]))


@given(LINES)
def test_a_drawing_is_valid_and_fits_whatever_its_texts_are(text: str) -> None:
    line = "".join(character for character in text if font.load_font_metrics().can_draw(character)).strip()
    svg = images.build_card(Card(line, line, line), PALETTE)
    found = [each for each in etree.fromstring(svg.encode()).iter() if each.tag.endswith("text")]
    for each in found:
        width = font.load_font_metrics().measure_width(each.text or "") * float(each.get("font-size", ""))
        assert float(each.get("x", "")) + width <= images.WIDTH - 80


def test_a_title_is_drawn_with_the_bundled_font() -> None:
    with_text, without = (images.draw_png(images.build_card(Card(title, "", ""), PALETTE)) for title in ("Bert", ""))
    assert len(with_text) > len(without) + 2_000


def test_the_metrics_are_those_of_the_font() -> None:
    metrics = font.load_font_metrics()
    assert len(metrics.advances) == 918
    assert (metrics.measure_width("W") > metrics.measure_width("i") > 0) is True
    assert metrics.measure_width(" ") < 0.3


def test_the_font_is_the_file_that_its_readme_names() -> None:
    (digest,) = re.findall(r"`([0-9a-f]{64})`", (ROOT / "fonts/README.md").read_text("utf-8"))
    assert hashlib.sha256(font.get_font_path().read_bytes()).hexdigest() == digest


def test_an_image_is_drawn_once_and_again_where_the_cache_is_damaged(tmp_path: Path) -> None:
    drawings: list[str] = []

    def draw(svg: str) -> bytes:
        drawings.append(svg)
        return b"PNG of " + svg.encode()

    cache = Cache(tmp_path)
    for svg in ("<a/>", "<b/>", "<a/>"):
        assert cache.draw_image(svg, draw) == b"PNG of " + svg.encode()
    assert drawings == ["<a/>", "<b/>"]
    for path in (tmp_path / "images").iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert cache.draw_image("<a/>", draw) == b"PNG of <a/>"
    assert drawings == ["<a/>", "<b/>", "<a/>"]


def test_the_cache_keeps_the_images_that_were_drawn_last(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.drop_old_images()
    for number in range(MAX_IMAGES + 3):
        cache.draw_image(f"{number}", str.encode)
    cache.drop_old_images()
    assert len([*(tmp_path / "images").iterdir()]) == MAX_IMAGES


def test_a_second_build_draws_nothing(tmp_path: Path) -> None:
    group = tree(files({"01-x": {"title": "Bert", **DAY}}, site={"url": URL}))
    drawings: list[str] = []

    def draw(svg: str) -> bytes:
        drawings.append(svg)
        return b""

    cache = Cache(tmp_path)
    for _ in range(2):
        build.build_site(group, lambda _: TODAY, draw=lambda svg: cache.draw_image(svg, draw))
    assert len(drawings) == 3
