"""A repository's settings, of which the emulator has but a few; answered in the shape of GitHub's own examples.

Which right shows what: https://docs.github.com/rest/authentication/permissions-required-for-github-apps
"""

import re

from box.openapi import example
from box.server import OWNER, TOKENS, Answer
from box.world import Next, Request, World, refusal

# The right that a path asks for; all but the first are asked for in a private repository alone.
_RIGHTS = {
    r"/actions/permissions.*|/branches/.+/protection": "administration",
    r"/actions/workflows/.*": "actions",
    r"/branches/.+": "contents",
    r"/labels": "issues",
    r"/pages": "pages",
}


def rights(world: World, request: Request, then: Next) -> Answer:
    right = next(each for pattern, each in _RIGHTS.items() if re.fullmatch(pattern, request.tail))
    if right != "administration" and not world.settings.is_private:
        return then()
    if request.token not in world.granted:
        return then() if request.token == TOKENS[OWNER] else refusal(404, "Not Found")
    may = world.granted[request.token].get(right) in {"read", "write"}
    return then() if may else refusal(403, "Resource not accessible by integration")


def repository(world: World, _request: Request, then: Next) -> Answer:
    answer = then()
    if answer.status == 200:
        answer.data["private"] = world.settings.is_private
        answer.data["has_pages"] = bool(world.settings.site)
    return answer


def policy(world: World, _request: Request, _then: Next) -> Answer:
    settings = world.settings
    if not settings.is_enabled:
        return Answer(200, {"enabled": False}, {})
    data = {"enabled": True, "allowed_actions": settings.allowed, "sha_pinning_required": settings.by_commit_only}
    if settings.allowed == "selected":
        data["selected_actions_url"] = f"{world.emulator.base_url}/repositories/1/actions/permissions/selected-actions"
    return Answer(200, data, {})


def selected(world: World, _request: Request, _then: Next) -> Answer:
    nothing = {"github_owned_allowed": False, "verified_allowed": False, "patterns_allowed": []}
    return Answer(200, nothing | world.settings.selected, {})


def may_open_pulls(world: World, _request: Request, _then: Next) -> Answer:
    may = {"can_approve_pull_request_reviews": world.settings.may_open_pulls}
    return Answer(200, example("/actions/permissions/workflow") | may, {})


def protection(_world: World, _request: Request, then: Next) -> Answer:
    answer = then()
    if answer.status == 404:
        return refusal(404, "Branch not protected")
    return Answer(answer.status, {key: each for key, each in answer.data.items() if each is not None}, {})


def site(world: World, _request: Request, _then: Next) -> Answer:
    if not world.settings.site:
        return refusal(404, "Not Found")
    return Answer(200, example("/pages") | {"html_url": world.settings.site, "build_type": world.settings.source}, {})


def workflow(world: World, _request: Request, _then: Next) -> Answer:
    if not world.settings.state:
        return refusal(404, "Not Found")
    about = {"name": "readingroom", "path": ".github/workflows/readingroom.yml", "state": world.settings.state}
    return Answer(200, example("/actions/workflows/{workflow_id}") | about, {})


def runs(world: World, _request: Request, _then: Next) -> Answer:
    if not world.settings.state:
        return refusal(404, "Not Found")
    conclusion = world.settings.last_run
    if conclusion is None:
        return Answer(200, {"total_count": 0, "workflow_runs": []}, {})
    data = example("/actions/workflows/{workflow_id}/runs")
    status = "completed" if conclusion else "in_progress"
    data["workflow_runs"][0] |= {"status": status, "conclusion": conclusion or None, "event": "schedule"}
    return Answer(200, data, {})
