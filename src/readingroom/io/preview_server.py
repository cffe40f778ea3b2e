"""A web server on this machine that serves a site from memory; open pages reload when the site changes."""

import functools
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from readingroom.io import safe_open

HOST = "127.0.0.1"
CHANGES_PATH = "/-/changes.js"  # answers once the site has changed since the page was served
RELOAD_SCRIPT_PATH = "/-/reload.js"
_POLL_TIMEOUT = 25.0  # seconds until a page that waits for changes asks again
_ALLOWED_HOSTS = frozenset({HOST, "localhost"})
# A page loads one script after another, since its content security policy allows scripts and no other requests.
_RELOAD_SCRIPT = b"""\
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
_RELOAD_NOW = b"location.reload();\n"


@dataclass(slots=True)
class ServedSite:
    """The site as it is now: its files, the files on disk that belong to it, and how often it was built."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    copies: Mapping[str, Path] = field(default_factory=dict)
    number: int = 0
    poll_timeout: float = _POLL_TIMEOUT
    changed: threading.Condition = field(default_factory=threading.Condition)

    def update_files(self, files: Mapping[str, bytes], copies: Mapping[str, Path]) -> None:
        with self.changed:
            self.files, self.copies, self.number = files, copies, self.number + 1
            self.changed.notify_all()

    def wait_for_change(self, number: int) -> bool:
        """Wait until the site's number is another, for ``poll_timeout`` seconds at most; return whether it is."""
        with self.changed:
            return self.changed.wait_for(lambda: self.number != number, self.poll_timeout)

    def read_copied_file(self, path: str) -> bytes | None:
        """Return the current bytes of a copied file, or None if it cannot be read; links are not followed."""
        try:
            with safe_open.open_regular_file(self.copies[path]) as file:
                return file.read()
        except OSError:
            return None


class _SiteRequestHandler(BaseHTTPRequestHandler):
    server_version, sys_version = "readingroom", ""
    protocol_version = "HTTP/1.1"

    def __init__(self, site: ServedSite, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def handle(self) -> None:
        with suppress(ConnectionError):  # the browser closed the connection
            super().handle()

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        if host.lower() not in _ALLOWED_HOSTS:  # another site's name may resolve to this machine
            self._write_response(HTTPStatus.FORBIDDEN, _PLAIN_TEXT, b"Ask for localhost or 127.0.0.1.\n")
            return
        try:
            url = urlsplit(self.path)
        except ValueError:
            self._write_response(HTTPStatus.BAD_REQUEST, _PLAIN_TEXT, b"This is not a valid address.\n")
            return
        if url.path == CHANGES_PATH:
            has_changed = self.site.wait_for_change(_parse_number(url.query))
            self._write_response(HTTPStatus.OK, "text/javascript", _RELOAD_NOW if has_changed else b"")
        elif url.path == RELOAD_SCRIPT_PATH:
            self._write_response(HTTPStatus.OK, "text/javascript", _RELOAD_SCRIPT)
        else:
            self._send_file(unquote(url.path).lstrip("/") or "index.html")

    do_HEAD = do_GET  # noqa: N815 -- the name that the library calls

    def _send_file(self, path: str) -> None:
        number, extension = self.site.number, path.rpartition(".")[2].lower()
        if path in self.site.copies:
            content = self.site.read_copied_file(path)
            content_type = _COPY_TYPES.get(extension, "application/octet-stream")
            # A sandbox shows no PDF; the PDF viewer runs no scripts with the rights of the site.
            policy = "" if extension == "pdf" else "sandbox"
        else:
            content = self.site.files.get(path)
            content_type, policy = _PAGE_TYPES.get(extension, "application/octet-stream"), ""
            if content and extension == "html":
                script = f'<script src="{RELOAD_SCRIPT_PATH}" data-number="{number}"></script></body>'
                content = content.replace(b"</body>", script.encode())
        if content is None:
            self._write_response(HTTPStatus.NOT_FOUND, _PLAIN_TEXT, b"There is no such page.\n")
        else:
            self._write_response(HTTPStatus.OK, content_type, content, policy=policy)

    def _write_response(self, status: HTTPStatus, content_type: str, content: bytes, *, policy: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Do not log requests."""


def _parse_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


_PLAIN_TEXT = "text/plain; charset=utf-8"
# Files that readingroom makes.
_PAGE_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml",
    "json": "application/json",
    "svg": "image/svg+xml",
}
# Files of the group: shown if none of their scripts can run here, and downloaded otherwise.
_COPY_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    **dict.fromkeys(
        ("txt", "md", "rst", "tex", "bib", "csv", "tsv", "json", "yml", "yaml", "py", "r", "jl"), _PLAIN_TEXT
    ),
}


@contextmanager
def serve_site(site: ServedSite, port: int) -> Iterator[int]:
    """Serve a site to browsers on this machine while the block runs; yield the port, a free one for 0.

    Raises OSError if the port is taken.
    """
    server = ThreadingHTTPServer((HOST, port), functools.partial(_SiteRequestHandler, site))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
