"""Commit statuses, which the emulator does not have.

https://docs.github.com/rest/commits/statuses
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from box.server import BOT, TOKENS, Answer
from box.world import Next, Request, World, refusal

_STATES = ("error", "failure", "pending", "success")


def add(world: World, request: Request, _then: Next) -> Answer:
    sha, data = request.path.rpartition("/")[2], request.data or {}
    may = world.granted.get(request.token, {"statuses": "write"}).get("statuses") == "write"
    if not may or request.token in {"", TOKENS["guest"]}:
        return refusal(403, "Resource not accessible by integration")
    if world.sha(sha) != sha:
        return refusal(422, f"No commit found for SHA: {sha}")
    if data.get("state") not in _STATES or len(data.get("description") or "") > 140:
        return refusal(422, "Validation Failed", resource="Status", code="custom", field="state")
    world.statuses.append({**_made(world, request), "_sha": sha})
    return Answer(201, _shown(world.statuses[-1]), {})


def _made(world: World, request: Request) -> dict[str, Any]:
    now, number = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), len(world.statuses) + 1
    login = next((login for login, token in TOKENS.items() if token == request.token), BOT)
    creator = world.emulator.call("GET", f"/users/{quote(login)}")
    return {
        "url": f"{world.emulator.base_url}{request.path}",
        "id": number,
        "node_id": f"S{number}",
        "avatar_url": None,
        "state": request.data["state"],
        "description": request.data.get("description"),
        "target_url": request.data.get("target_url"),
        "context": request.data.get("context", "default"),
        "created_at": now,
        "updated_at": now,
        "creator": {key: creator.data[key] for key in _CREATOR} if creator.status == 200 else None,
    }


_LINKS = "followers following gists starred subscriptions organizations repos events received_events"
_LOOKS = ["login", "id", "node_id", "avatar_url", "gravatar_id", "url", "html_url", "type", "site_admin"]
_CREATOR = [*_LOOKS, *(f"{name}_url" for name in _LINKS.split(" "))]


def _shown(status: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in status.items() if key != "_sha"}


def of(world: World, sha: str | None) -> Iterator[dict[str, Any]]:
    """Yield the statuses of a commit, the newest first."""
    return (_shown(status) for status in reversed(world.statuses) if status["_sha"] == sha)


def read(world: World, request: Request, _then: Next) -> Answer:
    ref = re.sub(r"^/commits/(.+)/status(es)?$|^/statuses/(.+)$", r"\1\3", request.tail)
    sha = world.sha(ref)
    if sha is None:
        return refusal(404, "Not Found")
    found = list(of(world, sha))
    if not request.path.endswith("/status"):
        return Answer(200, found, {})
    latest = list({status["context"]: status for status in reversed(found)}.values())
    states = {status["state"] for status in latest}
    state = "failure" if states & {"error", "failure"} else "success" if states == {"success"} else "pending"
    url = f"{world.emulator.base_url}{request.path}"
    made = {"state": state, "statuses": latest, "sha": sha, "total_count": len(latest), "commit_url": url, "url": url}
    return Answer(200, made | {"repository": world.emulator.get("")}, {})
