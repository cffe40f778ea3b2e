"""A group's site for tests: with everything a session can be and hostile texts, on disk, served, and in a browser."""

from __future__ import annotations

import datetime as dt
import functools
import http.server
import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from groups import TODAY, files, tree
from readingroom.site import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser

    from groups import Files

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "jekyll": "{{ site.github.token }}",
    "include": "{% include x %}",
    "attribute": '"><img src=x onerror=alert(1)>',
    "entity": "&lt;b&gt; &amp; &copy",
    "comment": "--><!-- ]]> </title>",
    "quotes": 'it\'s "quoted" `code` *star* $x',
}
REVERSED = ("evil\u202efdp.exe\u2066 \u200bx", "evilfdp.exe x")
LINKS = (
    "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,x) [d](vbscript:x) [e](file:///etc/passwd)"
)
ABSTRACT = (
    f"# Why\n\nSome **bold** text, <img src=x onerror=alert(1)> and {LINKS}\n\n![image](https://example.org/x.png)"
)
BERT = {
    "title": "Bert",
    "date": "2024-01-08",
    "kind": "Technical",
    "room": "Mae Jemison",
    "leads": [{"name": "Ed Gunn", "url": "https://example.org/ed", "affiliation": "Turing"}, {"name": "Zoë Ärger"}],
    "abstract": ABSTRACT,
    "material": [
        {
            "heading": "Main",
            "note": "Read *one*.",
            "items": [
                {
                    "title": "A paper on attention",
                    "url": "https://example.org/paper?a=1&copy=2",
                    "note": "see `x`",
                    "items": [{"title": "Its appendix", "items": [{"title": "A proof"}]}, {"title": "Its code"}],
                },
                {"title": "Another"},
            ],
        },
        {"note": "No heading here."},
    ],
    "resources": [{"title": "Recording", "url": "https://example.org/v"}],
}
STATUSES = {
    "60-next": {"title": "Retentive Networks", "date": "2024-01-18", "time": "11:00", "kind": "Technical",
                "room": "Enigma", "leads": [{"name": "Ed Gunn"}, {"name": "Ada", "url": "https://example.org/ada"}]},
    "61-tbc": {"title": "Perhaps", "date": "2024-01-22", "status": "tbc", "kind": "Discussion"},
    "62-cancelled": {"title": "Not at all", "date": "2024-01-29", "status": "cancelled"},
    "63-postponed": {"title": "Later", "status": "postponed"},
    "64-proposed": {"title": "Some day", "status": "proposed", "leads": [{"name": "Ada"}]},
    "65-open": {"date": "2024-02-05", "status": "open"},
    "66-untitled": {"date": "2024-02-12"},
    "67-bert-again": {"title": "Bert again", "date": "2024-02-19", "continues": "01-bert"},
    "68-early": {"title": "Early", "date": "0099-01-05", "leads": [{"name": "Wanda Wider", "url": "https://github.com/wanda"}]},
    "69-letters": {"title": "Łódź", "date": "2020-06-01", "leads": [{"name": "Ørsted"}],
                   "material": [{"items": [{"title": "Straße"}]}]},
    "shelf": {"title": "Odds and ends", "material": [{"note": "Something."}]},
}  # fmt: skip
GROUP: dict[str, Any] = {
    "name": "Robots & <Disguise>",
    "repository": "https://github.com/example/reading-group",
    "code_of_conduct": "https://example.org/conduct",
    "time": "11:00",
    "date_format": "d MMM yyyy",
    "upcoming": 6,
    "site": {
        "url": "https://example.github.io/reading-group",
        "colour": "#ffcc00",
        "logo": "art/logo.png",
        "text": f"# Who\n\nWe read **papers**. {LINKS}",
    },
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082"
)
BESIDE: Mapping[str, str | bytes] = {
    "sessions/01-bert/slides (1).pdf": b"%PDF",
    "sessions/01-bert/page.html": b"<script>alert(1)</script>",
    "sessions/01-bert/code/x.py": b"x",
    "art/logo.png": PIXEL,
}
MANY = 60
TABLE = "\n".join(["|Column" * 20 + "|", "|-" * 20 + "|", "|cell" * 20 + "|"])


def sessions() -> dict[str, Mapping[str, Any]]:
    """Return sessions of every status, with hostile titles, and so many that a search does not show all at once."""
    found: dict[str, Mapping[str, Any]] = {"01-bert": BERT, **STATUSES}
    for number, (name, title) in enumerate({**HOSTILE, "reversed": REVERSED[0]}.items(), 10):
        found[f"{number}-{name}"] = {
            "title": title, "date": f"2023-11-{number:02}", "kind": title, "room": title,
            "leads": [{"name": title, "affiliation": title}], "abstract": title,
            "material": [{"heading": title, "items": [{"title": title, "note": title}]}],
        }  # fmt: skip
    found["30-long"] = {
        "title": "x" * 300, "date": "2024-01-02", "kind": "k" * 300, "room": "r" * 300,
        "leads": [{"name": "l" * 300, "url": f"https://example.org/{'u' * 300}"}],
        "abstract": f"{'a' * 300} `{'c' * 300}`\n\n|a|b|\n|-|-|\n|{'d' * 99}|{'e' * 99}|\n\n    {'f' * 300}",
        "material": [{"heading": "h" * 300, "items": [{"title": "i" * 300, "note": "n" * 300}]}],
    }  # fmt: skip
    found["31-wide"] = {
        "title": "Wide", "date": "2024-01-03", "leads": [{"name": "Wanda Wide", "url": "https://github.com/wanda"}],
        "abstract": f"#\n\n[](https://example.org/x)\n\n```\n{'code ' * 60}\n```\n\n{TABLE}\n\n{TABLE}\n\n```\nx\n```",
    }  # fmt: skip
    for number in range(MANY):
        day = dt.date(2021, 9, 6) + dt.timedelta(weeks=number)
        found[f"{100 + number}-week"] = {"title": f"Week {number}", "date": str(day), "leads": [{"name": "Weekly"}]}
    return found


def group_files() -> Files:
    return files(sessions(), BESIDE, **GROUP)


# Pages only name their images; the tests of images draw them.
draw = str.encode


def made(given: Files, today: dt.date = TODAY) -> Files:
    """Return the whole site of a group's files."""
    found = build.build_site(tree(given), lambda _zone: today, draw=draw)
    return {**found.files, **{path: given[source] for path, source in found.copies.items()}}


@functools.cache
def group_site() -> Files:
    """Return the site of the group with everything, which nobody may change."""
    return made(group_files())


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: what was asked for is not what a test's output is about."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine while it is needed; yield the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


# The first takes half the time of the others, which draw windows that nobody sees.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What is asked of any other machine fails, and is reported on the console.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser that is installed, and end it."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    assert executable, f"None of {', '.join(NAMES)} is installed. Run: make test"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, ALONE])
        yield started
        started.close()
