"""Take docs/site.png, the picture of the web page of this repository's own sessions: python tools/picture.py."""

import datetime as dt
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import browsing
from readingroom import build, catalogue, tree
from readingroom.catalogue import Catalogue
from readingroom.session import Site
from readingroom.site import pages

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2024, 1, 10)
TEXT = "We read one paper on machine learning each week, and talk about it over coffee. **Everyone is welcome.**"
SIZE = {"width": 1100, "height": 1150}


def write_site(folder: Path) -> None:
    """Write the pages of this repository's sessions as of a day on which some were to come."""
    found = tree.read(ROOT)
    known = catalogue.read(found)
    group = replace(known.group, upcoming=3, date_format="d MMMM yyyy", site=Site(text=TEXT))
    made, _ = pages.files(Catalogue(group, known.sessions), build.templates(found, group), TODAY)
    for path, content in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def take(folder: Path, picture: Path) -> None:
    with browsing.browser() as browser:
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.goto(f"{folder.as_uri()}/index.html")
        page.screenshot(path=picture)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        write_site(Path(name))
        take(Path(name), ROOT / "docs/site.png")
