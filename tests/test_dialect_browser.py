"""GitHub's tables, tasks, footnotes, alerts and mathematics in a browser: readable, in place, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import browsing
from browsing import made
from groups import ROOT, files, write
from test_mathml import FORMULAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

AXE = ROOT / "tests/browser/node_modules/axe-core/axe.min.js"
WIDTHS = (320, 768, 1280)
WIDE = " + ".join(f"x_{{{number}}}" for number in range(60))
ABSTRACT = rf"""
| Time | What |
| --- | --: |
| 18:00 | Doors ~~open~~ $\|x\|$ |

- [ ] read
- [x] done[^1]

> [!NOTE]
> Bring $\frac{{1}}{{2}}$ of it.

$$
{WIDE}
$$

```math
\begin{{aligned}}a &= b \\ cccc &= dddd\end{{aligned}}
```

A mistake: $\mistake{{$, and www.example.org.

[^1]: A note, with $x^2$.
"""
SESSIONS: dict[str, Any] = {
    "01-a": {"title": r"Bounds on $\|x\|_2$", "date": "2024-01-22", "abstract": ABSTRACT},
    # A sample of those that test_mathml looks at.
    "02-b": {
        "title": "Random",
        "date": "2024-01-29",
        "abstract": "\n\n".join(
            f"${formula}$" for formula in FORMULAS[::40] if "$" not in formula and "\0" not in formula
        )[:19_000],
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.browser() as started:
        yield started


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = write(tmp_path_factory.mktemp("web"), made(files(SESSIONS)))
    with browsing.served(folder) as start:
        yield start


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Return a page; at the end nothing may have been asked of another machine, nor any error reported."""
    context = browser.new_context(bypass_csp=True)
    opened = context.new_page()
    asked: list[str] = []
    reported: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: reported.append(message.text))
    opened.on("pageerror", lambda error: reported.append(str(error)))
    opened.on("dialog", lambda dialog: reported.append(dialog.message))
    yield opened
    context.close()
    assert reported == []
    assert [url for url in asked if not url.startswith(address)] == []


@pytest.mark.parametrize("path", ["sessions/01-a.html", "sessions/02-b.html", "index.html"])
def test_axe_finds_nothing_to_fix_and_nothing_is_wider_than_the_window(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}/{path}")
    page.add_script_tag(path=AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = page.evaluate("axe.run", {"resultTypes": ["violations"]})["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_formulas_are_drawn_and_footnotes_lead_there_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/sessions/01-a.html")
    for selector in ("h1 msub", "td math", "blockquote mfrac", "math[display=block] mtable", ".notes msup"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 5
    numerator, denominator = (page.locator(f"mfrac > :nth-child({n})").bounding_box() for n in (1, 2))
    assert numerator is not None
    assert denominator is not None
    assert numerator["y"] < denominator["y"]
    edges = page.evaluate(
        "[...document.querySelectorAll('mtd:first-child')].map(cell => cell.lastChild.getBoundingClientRect().right)"
    )
    assert max(edges) - min(edges) < 1
    page.locator("sup a").click()
    assert page.evaluate("location.hash") == "#note-01-a-1"
    page.get_by_label("Back to the text, 1").click()
    assert page.evaluate("document.querySelector(location.hash).textContent") == "1"


def test_random_formulas_run_nothing_and_hold_only_what_shows(page: Page, address: str) -> None:
    page.goto(f"{address}/sessions/02-b.html")
    assert page.locator(".prose math").count() > 5
    attributes = page.evaluate(
        "[...document.querySelectorAll('.prose math, .prose math *')].flatMap(each => each.getAttributeNames())"
    )
    assert not {name for name in attributes if name.startswith("on") or name in {"href", "style", "class", "id", "src"}}
    assert page.locator(".prose :is(script, mglyph, annotation-xml, maction, a[href^=javascript])").count() == 0
