"""The site is shown to this machine alone, as it is now."""

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest

from readingroom.io import preview_server
from readingroom.io.preview_server import ServedSite

PAGE = b"<!doctype html><title>x</title><body><p>Hello</p></body>"


@pytest.fixture
def shown() -> ServedSite:
    made = ServedSite(poll_timeout=0.05)
    made.update_files({"index.html": PAGE, "site.css": b"p {}", "calendar.ics": b"BEGIN"}, {})
    return made


@pytest.fixture
def port(shown: ServedSite) -> Iterator[int]:
    with preview_server.serve_site(shown, 0) as found:
        yield found


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    content: bytes


def get(port: int, path: str, host: str = "", method: str = "GET") -> tuple[int, str, bytes]:
    """Return status, type and content of what the server answers."""
    answer = asked(port, path, host, method)
    return answer.status, answer.headers["Content-Type"], answer.content


def asked(port: int, path: str, host: str = "", method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection(preview_server.HOST, port, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return Answer(answer.status, answer.headers, content)


def test_a_page_is_shown_with_the_script_that_loads_it_again(port: int) -> None:
    script = b'<script src="/-/reload.js" data-number="1"></script></body>'
    wanted = (200, "text/html; charset=utf-8", PAGE.replace(b"</body>", script))
    assert get(port, "/") == get(port, "/index.html?today") == wanted
    assert b"/-/changes.js?" in get(port, "/-/reload.js")[2]


def test_every_file_has_its_type_and_is_as_it_was_made(port: int) -> None:
    assert get(port, "/site.css") == (200, "text/css; charset=utf-8", b"p {}")
    assert get(port, "/calendar.ics") == (200, "text/calendar; charset=utf-8", b"BEGIN")
    assert get(port, "/site.css", method="HEAD")[2] == b""


@pytest.mark.parametrize("path", ["/nothing", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/sessions/"])
def test_what_is_not_of_the_site_is_not_shown(port: int, path: str) -> None:
    assert get(port, path)[0] == 404


def test_a_name_that_leads_here_from_elsewhere_is_refused(port: int) -> None:
    assert get(port, "/", host=f"evil.example:{port}")[0] == 403
    assert get(port, "/", host=f"localhost:{port}")[0] == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST:80"])
def test_this_machine_may_be_asked_by_each_of_its_names_with_or_without_a_port(port: int, host: str) -> None:
    assert get(port, "/", host=host)[0] == 200


@pytest.mark.parametrize("path", ["http://[", "//[", "/%5b"])
def test_what_is_no_address_is_answered(port: int, path: str) -> None:
    assert get(port, path, host="localhost")[0] in {400, 404}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("evil.html", "application/octet-stream"),
        ("evil.html.gz", "application/octet-stream"),
        ("evil.xhtml", "application/octet-stream"),
        ("evil.js", "application/octet-stream"),
        ("page.HTML", "application/octet-stream"),
        ("notes.md", "text/plain; charset=utf-8"),
        ("logo.svg", "image/svg+xml"),
    ],
)
def test_a_copy_is_never_a_page_and_runs_nothing(
    shown: ServedSite, port: int, tmp_path: Path, name: str, kind: str
) -> None:
    (tmp_path / name).write_bytes(PAGE)
    shown.update_files({}, {name: tmp_path / name})
    answer = asked(port, f"/{name}")
    assert (answer.headers["Content-Type"], answer.content) == (kind, PAGE)
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_copy_is_not_read_through_a_link(shown: ServedSite, port: int, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "slides.pdf").symlink_to(tmp_path / "secret")
    shown.update_files({}, {"slides.pdf": tmp_path / "slides.pdf"})
    assert get(port, "/slides.pdf")[0] == 404


def test_whoever_goes_away_while_waiting_leaves_no_word(
    shown: ServedSite, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    shown.poll_timeout = 30
    for request in (f"GET /-/changes.js?{shown.number} HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HT"):
        gone = socket.create_connection((preview_server.HOST, port))
        gone.sendall(request.encode())
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not an end
        gone.close()
    shown.update_files({}, {})
    get(port, "/site.css")  # whoever came before has been let in by then
    wait_for_all_answers()
    assert capfd.readouterr().err == ""


def wait_for_all_answers() -> None:
    """Wait until no thread answers anybody any more."""
    for each in threading.enumerate():
        if "process_request_thread" in each.name:
            each.join(10)


def test_a_copy_is_read_when_it_is_asked_for(shown: ServedSite, port: int, tmp_path: Path) -> None:
    slides = tmp_path / "slides.pdf"
    shown.update_files({}, {"slides.pdf": slides})
    assert get(port, "/slides.pdf")[0] == 404
    slides.write_bytes(b"%PDF")
    assert get(port, "/slides.pdf") == (200, "application/pdf", b"%PDF")


def test_a_page_that_waits_hears_of_a_new_site_and_else_of_nothing(shown: ServedSite, port: int) -> None:
    assert get(port, "/-/changes.js?1") == (200, "text/javascript", b"")
    shown.poll_timeout = 30
    waiting = threading.Timer(0.05, lambda: shown.update_files({}, {}))
    waiting.start()
    assert get(port, "/-/changes.js?1")[2] == b"location.reload();\n"
    for number in ("nonsense", "9" * 5000, "٣"):
        assert get(port, f"/-/changes.js?{quote(number)}")[2] == b"location.reload();\n"


def test_a_port_that_is_taken_is_an_error(port: int, shown: ServedSite) -> None:
    with pytest.raises(OSError, match="in use"), preview_server.serve_site(shown, port):
        pytest.fail("the port is taken")
