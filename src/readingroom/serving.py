"""A site shown on this machine alone, from memory, and made anew when a file of the group changes."""

import functools
import mimetypes
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
CHANGES = "/-/changes.js"  # answers once the site is another than the one that the page was of
SCRIPT = "/-/reload.js"
_PATIENCE = 25.0  # seconds until a page that waits for changes asks anew
_MAY_ASK = frozenset({HOST, "localhost"})
# A page asks for one script after another, since its rules let it load scripts and ask for nothing else.
_RELOAD = b"""\
const number = document.currentScript.dataset.number;
const wait = () => {
  const answer = document.createElement("script");
  answer.src = "/-/changes.js?" + number;
  answer.onload = () => { answer.remove(); wait(); };
  answer.onerror = () => { answer.remove(); setTimeout(wait, 1000); };
  document.head.append(answer);
};
addEventListener("load", wait);
"""
_AGAIN = b"location.reload();\n"


@dataclass(slots=True)
class Shown:
    """The site as it is shown now: its files, the files on disk that go with it, and how often it was made."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    copies: Mapping[str, Path] = field(default_factory=dict)
    number: int = 0
    patience: float = _PATIENCE
    changed: threading.Condition = field(default_factory=threading.Condition)

    def show(self, files: Mapping[str, bytes], copies: Mapping[str, Path]) -> None:
        with self.changed:
            self.files, self.copies, self.number = files, copies, self.number + 1
            self.changed.notify_all()

    def is_other(self, number: int, patience: float) -> bool:
        """Wait until the site is another than the one of that number, or for as many seconds; tell whether it is."""
        with self.changed:
            return self.changed.wait_for(lambda: self.number != number, patience)

    def content(self, path: str) -> bytes | None:
        if path in self.copies:
            try:
                return self.copies[path].read_bytes()
            except OSError:
                return None
        return self.files.get(path)


class _Handler(BaseHTTPRequestHandler):
    server_version, sys_version = "readingroom", ""
    protocol_version = "HTTP/1.1"

    def __init__(self, shown: Shown, *given: object) -> None:
        self.shown = shown
        super().__init__(*given)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if self.headers.get("Host", "").rpartition(":")[0] not in _MAY_ASK:  # a name that leads here is not ours
            self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"Ask for localhost or 127.0.0.1.\n")
        elif url.path == CHANGES:
            number = int(url.query) if url.query.isascii() and url.query.isdigit() else 0
            is_other = self.shown.is_other(number, self.shown.patience)
            self._answer(HTTPStatus.OK, "text/javascript", _AGAIN if is_other else b"")
        elif url.path == SCRIPT:
            self._answer(HTTPStatus.OK, "text/javascript", _RELOAD)
        else:
            self._file(unquote(url.path).lstrip("/") or "index.html")

    do_HEAD = do_GET  # noqa: N815 -- the name that the library calls

    def _file(self, path: str) -> None:
        number = self.shown.number
        content = self.shown.content(path)
        if content is None:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"There is no such page.\n")
            return
        kind = _TYPES.get(path.rpartition(".")[2]) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        if kind == "text/html":
            script = f'<script src="{SCRIPT}" data-number="{number}"></script></body>'
            content = content.replace(b"</body>", script.encode())
        self._answer(HTTPStatus.OK, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, content)

    def _answer(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "ics": "text/calendar",
    "xml": "application/xml",
    "json": "application/json",
}


@contextmanager
def serving(shown: Shown, port: int) -> Iterator[int]:
    """Show a site to this machine's own browsers while the block runs; yield the port, a free one for 0.

    Raises OSError if the port is taken.
    """
    server = ThreadingHTTPServer((HOST, port), functools.partial(_Handler, shown))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def watch(seal: Callable[[], bytes], pause: Callable[[], None], changed: Callable[[], None]) -> None:
    """Call ``changed`` whenever the seal of the files is another after a pause, until the pause ends it by an error."""
    before = seal()
    while True:
        pause()
        now = seal()
        if now != before:
            before = now
            changed()
