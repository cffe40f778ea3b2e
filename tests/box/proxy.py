"""The way to the emulator: records every exchange, repairs what the emulator lacks, and fails where a test says so."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

from box import deviations
from box.server import Answer, Emulator
from box.world import Request, World, refusal

CALM_WITHIN = 2  # seconds for requests that a test has left

Kind = int | Literal["drop", "html", "cut"]
_PAGE = b"<!DOCTYPE html>\n<title>Unicorn!</title>\n<p>We had issues producing the response to your request.</p>\n"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer; ``fault`` says what befell it, and an answer that was dropped has status 0."""

    request: Request
    status: int
    response: Any
    headers: dict[str, str]
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.request.method} {self.request.url} → {self.status}"


@dataclass(slots=True)
class Fault:
    """What befalls the n-th request that fits, before or after it took effect.

    A status; a connection that ends; a web page with status 200; or JSON that ends too early.
    """

    kind: Kind
    at: int
    when: Callable[[Request], bool]
    after: bool
    then: Callable[[], object]
    message: str
    retry_after: int
    seen: int = 0
    struck: bool = False

    def strikes(self, request: Request) -> bool:
        if self.struck or not self.when(request):
            return False
        self.seen += 1
        self.struck = self.seen == self.at
        return self.struck

    def answer(self) -> Answer:
        if self.kind == "html":
            return Answer(200, None, {}, _PAGE)
        if self.kind == "cut":
            return Answer(200, None, {}, b'{"number": 1, "state": "op')
        words = self.message or _WORDS.get(int(self.kind), "Server Error")
        headers = {"Retry-After": str(self.retry_after)} if self.kind == 403 and not self.message else {}
        answer = refusal(int(self.kind), words)
        return Answer(answer.status, answer.data, headers)


_WORDS = {403: "You have exceeded a secondary rate limit.", 409: "Conflict", 422: "Validation Failed"}


class Faults:
    """What is to go wrong, in the order it was added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.all: list[Fault] = []

    def add(  # noqa: PLR0913 -- each says another thing, all but the first by name
        self,
        kind: Kind,
        *,
        at: int = 1,
        method: str = "",
        path: str = "",
        after: bool = False,
        then: Callable[[], object] = lambda: None,
        message: str = "",
        retry_after: int = 1,
    ) -> Fault:
        """Let the ``at``-th request fail whose method and path (a pattern found in it) fit, counted from now on.

        ``kind`` is the status answered instead, "drop" for a connection that ends without an answer, "html" for a web
        page, "cut" for half of an answer. With ``after``
        the request takes effect first. ``then`` is called at that moment, to kill the client for one. A 403 is a rate
        limit with ``Retry-After``, unless it has a message of its own.
        """

        def fits(request: Request) -> bool:
            return method in {"", request.method} and re.search(path, request.path) is not None

        fault = Fault(kind, at, fits, after, then, message, retry_after)
        self.all.append(fault)
        return fault

    def strike(self, request: Request) -> Fault | None:
        with self._lock:
            return next((fault for fault in [*self.all] if fault.strikes(request)), None)


@dataclass(slots=True)
class Proxy:
    """A server on a free port of the loopback; ``url`` is where a client finds GitHub's API."""

    exchanges: list[Exchange] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    world: World | None = None
    # One change at a time, so that what a repair looks up still holds when the emulator acts.
    changing: threading.RLock = field(default_factory=threading.RLock)
    _server: ThreadingHTTPServer | None = None
    _busy: set[int] = field(default_factory=set)  # threads that are answering a request

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}" if self._server else ""

    def serve(self, emulator: Emulator) -> World:
        self.world = World(emulator)
        return self.world

    def is_calm(self) -> bool:
        """Return whether every request has been answered, once those under way had some time."""
        deadline = time.monotonic() + CALM_WITHIN
        while self._busy and time.monotonic() < deadline:
            time.sleep(0.005)
        return not self._busy

    def forget(self) -> None:
        """Be as new."""
        self.exchanges, self.faults, self.world = [], Faults(), None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count a request as under way."""
        self._busy.add(threading.get_ident())
        try:
            yield
        finally:
            self._busy.discard(threading.get_ident())

    def pass_on(self, request: Request, forward: Callable[[], Answer]) -> Answer | None:
        """Return the answer to a request, or None if the connection is to end without one."""
        fault = self.faults.strike(request)
        answer = None if fault and not fault.after else self._answer(request, forward)
        sent = answer
        if fault:
            fault.then()
            sent = None if fault.kind == "drop" else fault.answer()
        name = f"{fault.kind}{' after' if fault.after else ''}" if fault else ""
        status, data, headers = (sent.status, sent.data, dict(sent.headers)) if sent else (0, None, {})
        self.exchanges.append(Exchange(request, status, data, headers, name))
        return sent

    def _answer(self, request: Request, forward: Callable[[], Answer]) -> Answer:
        if not self.world:
            return refusal(503, "Starting")
        if limited := self.world.limit(request.method):
            return limited
        if request.method == "GET":
            return deviations.answer(self.world, request, forward)
        with self.changing:
            return deviations.answer(self.world, request, forward)


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0)) or None
        token = re.sub(r"(?i)^(bearer|token)\s+", "", self.headers.get("Authorization", ""))
        request = Request(self.command, self.path, _parsed(body), token)
        emulator = self.proxy.world.emulator if self.proxy.world else None
        headers = {key: value for key, value in self.headers.items() if key.lower() in _PASSED}
        with self.proxy.at_work():
            answer = self.proxy.pass_on(
                request,
                lambda: emulator.forward(self.command, self.path, body, headers) if emulator else Answer(503, None, {}),
            )
        if answer is None:
            self.close_connection = True
            return
        text = answer.text or (b"" if answer.data is None else json.dumps(answer.data).encode())
        self.send_response(answer.status)
        for key, value in answer.headers.items():
            if key.lower() in _RETURNED:
                self.send_header(key, value)
        kind = "text/html" if answer.text == _PAGE else "application/json"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 -- http.server's names

    def log_message(self, *_: object) -> None:
        pass


_PASSED = {"accept", "authorization", "content-type", "user-agent", "x-github-api-version"}
_RETURNED = {"link", "location", "retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}


def _parsed(body: bytes | None) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
