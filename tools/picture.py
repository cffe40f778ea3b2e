"""Take docs/site.png, the picture of this repository's own page as built on a day: python tools/picture.py."""

import datetime as dt
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import browsing
import groups
from readingroom.io import disk
from readingroom.site import build

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2024, 1, 10)  # some sessions were to come
SIZE = {"width": 1100, "height": 1150}


def write_site(folder: Path) -> None:
    """Write the site of this repository's files as ``readingroom site`` does."""
    groups.write(folder, build.build_site(disk.read_tree(ROOT), lambda _zone: TODAY).files)


def take(folder: Path, picture: Path) -> None:
    """Take the picture of the first page as it was read on the day on which it was built."""
    with browsing.browser() as browser:
        page = browser.new_page(viewport=SIZE, timezone_id="Europe/London")  # type: ignore[arg-type]
        page.clock.set_fixed_time(dt.datetime.combine(TODAY, dt.time(12), dt.UTC))
        page.goto(f"{folder.as_uri()}/index.html")
        page.screenshot(path=picture)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        write_site(Path(name))
        take(Path(name), ROOT / "docs/site.png")
