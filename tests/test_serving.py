"""The site is shown to this machine alone, as it is now."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from readingroom import serving
from readingroom.serving import Shown

PAGE = b"<!doctype html><title>x</title><body><p>Hello</p></body>"


@pytest.fixture
def shown() -> Shown:
    made = Shown(patience=0.05)
    made.show({"index.html": PAGE, "site.css": b"p {}", "calendar.ics": b"BEGIN"}, {})
    return made


@pytest.fixture
def port(shown: Shown) -> Iterator[int]:
    with serving.serving(shown, 0) as found:
        yield found


def get(port: int, path: str, host: str = "", method: str = "GET") -> tuple[int, str, bytes]:
    """Return status, type and content of what the server answers."""
    connection = http.client.HTTPConnection(serving.HOST, port, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers["Content-Type"], content


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


def test_a_copy_is_read_when_it_is_asked_for(shown: Shown, port: int, tmp_path: Path) -> None:
    slides = tmp_path / "slides.pdf"
    shown.show({}, {"slides.pdf": slides})
    assert get(port, "/slides.pdf")[0] == 404
    slides.write_bytes(b"%PDF")
    assert get(port, "/slides.pdf") == (200, "application/pdf", b"%PDF")


def test_a_page_that_waits_hears_of_a_new_site_and_else_of_nothing(shown: Shown, port: int) -> None:
    assert get(port, "/-/changes.js?1") == (200, "text/javascript", b"")
    shown.patience = 30
    waiting = threading.Timer(0.05, lambda: shown.show({}, {}))
    waiting.start()
    assert get(port, "/-/changes.js?1")[2] == b"location.reload();\n"
    assert get(port, "/-/changes.js?nonsense")[2] == b"location.reload();\n"


def test_a_port_that_is_taken_is_an_error(port: int, shown: Shown) -> None:
    with pytest.raises(OSError, match="in use"), serving.serving(shown, port):
        pytest.fail("the port is taken")


def test_whoever_watches_hears_of_each_change_once() -> None:
    seals = iter([b"1", b"1", b"2", b"2", b"3"])
    heard: list[int] = []
    pauses = iter(range(4))

    def pause() -> None:
        next(pauses)

    with pytest.raises(StopIteration):
        serving.watch(lambda: next(seals), pause, lambda: heard.append(1))
    assert len(heard) == 2
