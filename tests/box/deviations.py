"""What GitHub does and the emulator does not, as far as the product needs it: each by name, with the reason."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from box import rules, settings, statuses
from box.server import OWNER, REPOSITORY, TOKENS, Answer
from box.world import Next, Request, World, invalid_pull, refusal


@dataclass(frozen=True, slots=True)
class Deviation:
    name: str
    reason: str
    methods: str
    path: str
    repair: Callable[[World, Request, Next], Answer]

    def concerns(self, request: Request) -> bool:
        return request.method in self.methods.split() and re.fullmatch(self.path, request.path) is not None


def _credentials(world: World, request: Request, then: Next) -> Answer:
    known = not request.token or request.token.startswith("eyJ")
    if known or request.token in world.granted or request.token in TOKENS.values():
        return then()
    return refusal(401, "Bad credentials")


def _words(_world: World, _request: Request, then: Next) -> Answer:
    answer = then()
    is_bare = answer.status == 403 and answer.data == answer.data | {"message": "Forbidden"}
    return refusal(403, "Resource not accessible by integration") if is_bare else answer


def _label_case(world: World, request: Request, then: Next) -> Answer:
    """Take names of labels that differ only in case for the same."""
    known = {each["name"].casefold(): each["name"] for each in world.emulator.get("/labels?per_page=100")}

    def correct(name: str) -> str:
        return known.get(name.casefold(), name)

    path, _, name = request.path.rpartition("/")
    if request.method == "DELETE":
        if correct(unquote(name)) == unquote(name):
            return then()
        return world.emulator.call("DELETE", f"{path}/{quote(correct(unquote(name)))}", token=request.token)
    names = request.data if isinstance(request.data, list) else (request.data or {}).get("labels", ())
    data = {"labels": [*map(correct, names)]}
    return then() if data["labels"] == [*names] else world.emulator.call("POST", request.path, data, request.token)


def _new_labels(world: World, _request: Request, then: Next) -> Answer:
    known = {each["name"] for each in world.emulator.get("/labels?per_page=100")}
    answer = then()
    for label in answer.data if answer.status == 200 else ():
        if label["name"] not in known:
            world.emulator.do("PATCH", f"/labels/{quote(label['name'])}", {"color": _GREY})
            label["color"] = _GREY
    return answer


_GREY = "ededed"


def _issue_days(world: World, _request: Request, then: Next) -> Answer:
    """Let every issue be opened on one day, so that what is said of a proposed day is the same on any day."""
    answer = then()
    if answer.status == 200:
        for issue in answer.data if isinstance(answer.data, list) else [answer.data]:
            issue["created_at"] = ISSUES_OPENED
            if day := world.touched.get(issue["number"]):
                issue["created_at"] = issue["updated_at"] = f"{day}T09:00:00Z"
    return answer


ISSUES_OPENED = "2024-01-15T09:00:00Z"


def _pulls_among_issues(world: World, request: Request, then: Next) -> Answer:
    """List pull requests among the issues: https://docs.github.com/rest/issues/issues#list-repository-issues."""
    answer, query = then(), request.query
    if answer.status != 200:
        return answer
    kept = "&".join(f"{key}={quote(value)}" for key, value in query.items() if key not in {"page", "per_page"})
    wanted = set(filter(None, query.get("labels", "").split(",")))
    pulls = [
        each
        for each in world.all(f"/pulls?state={query.get('state', 'open')}")
        if wanted <= {label["name"] for label in each["labels"]}
    ]
    found = [*world.all(f"/issues?{kept}"), *map(_as_issue, pulls)]
    size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
    found.sort(key=lambda each: -int(each["number"]))
    return Answer(200, found[size * (page - 1) : size * page], answer.headers)


def _as_issue(pull: dict[str, Any]) -> dict[str, Any]:
    kept = {key: pull[key] for key in _KEYS_OF_BOTH}
    url = str(pull["issue_url"])
    addresses = {"url": url, "repository_url": url.partition("/issues/")[0], "labels_url": f"{url}/labels{{/name}}"}
    addresses |= {"events_url": f"{url}/events", "comments_url": f"{url}/comments"}
    own = {key: pull[key] for key in ("url", "html_url", "diff_url", "patch_url")}
    return kept | addresses | {"comments": 0, "pull_request": own}


_KEYS_OF_BOTH = {
    *("id", "node_id", "number", "html_url", "state", "locked", "title", "body", "user", "labels", "assignee"),
    *("assignees", "milestone", "closed_at", "created_at", "updated_at", "author_association"),
}


def _all_comments(world: World, request: Request, _then: Next) -> Answer:
    """List the comments of all issues: https://docs.github.com/rest/issues/comments."""
    issues = world.emulator.call("GET", f"/repos/{REPOSITORY}/issues", token=request.token)
    if issues.status != 200:
        return issues
    numbers = [each["number"] for each in world.all("/issues?state=all")]
    comments = [each for number in numbers for each in world.all(f"/issues/{number}/comments?")]
    comments = [each for each in comments if each["updated_at"] >= request.query.get("since", "")]
    comments.sort(key=lambda each: (each["updated_at"], each["id"]), reverse=request.query.get("direction") == "desc")
    size, page = int(request.query.get("per_page", 30)), int(request.query.get("page", 1))
    return Answer(200, comments[size * (page - 1) : size * page], {})


def _late_lists(world: World, _request: Request, then: Next) -> Answer:
    answer = then()
    if not world.lags or answer.status != 200:
        return answer
    newest = max(int(each["number"]) for kind in ("issues", "pulls") for each in world.all(f"/{kind}?state=all"))
    return Answer(200, [each for each in answer.data if each["number"] != newest], answer.headers)


def _missing_ref(_world: World, _request: Request, then: Next) -> Answer:
    answer = then()
    return refusal(422, "Reference does not exist") if answer.status == 404 else answer


def _ref_urls(_world: World, _request: Request, then: Next) -> Answer:
    answer = then()
    if answer.status < 300 and answer.data:
        for ref in answer.data if isinstance(answer.data, list) else [answer.data]:
            ref["url"] = ref["url"].replace("/git/ref/", "/git/refs/")
    return answer


def _branches(world: World, _request: Request, then: Next) -> Answer:
    answer = then()
    if answer.status == 200 and "commit" in answer.data:
        commit = world.emulator.get(f"/git/commits/{answer.data['commit']['sha']}")
        details = {key: commit[key] for key in ("author", "committer", "message", "tree", "url")}
        answer.data["commit"]["commit"] = {**details, "comment_count": 0}
    return answer


def _long_lists(world: World, request: Request, then: Next) -> Answer:
    """Cut a list as GitHub does: https://docs.github.com/rest/git/trees#get-a-tree."""
    answer = then()
    if answer.status == 200 and request.query.get("recursive"):
        found = answer.data["tree"]
        listed = found[: world.most_listed]
        while len(json.dumps(listed, separators=(",", ":"))) > _MOST_BYTES:
            listed = listed[: len(listed) * 9 // 10]
        answer.data.update(tree=listed, truncated=len(listed) < len(found))
    return answer


_MOST_BYTES = 7_000_000


def _new_pull(world: World, request: Request, then: Next) -> Answer:
    head, base = (str((request.data or {}).get(key, "")).removeprefix(f"{OWNER}:") for key in ("head", "base"))
    if head and base and world.granted.get(request.token, {"pull_requests": "write"}).get("pull_requests") == "write":
        for name, branch in (("head", head), ("base", base)):
            if world.emulator.call("GET", f"/repos/{REPOSITORY}/branches/{branch}").status != 200:
                return refusal(422, "Validation Failed", resource="PullRequest", code="invalid", field=name)
        if any(pull["base"]["ref"] == base for pull in world.pulls(head)):
            return invalid_pull(f"A pull request already exists for {OWNER}:{head}.")
        if not world.emulator.get(f"/compare/{base}...{head}")["ahead_by"]:
            return invalid_pull(f"No commits between {base} and {head}")
    return then()


def _heads(world: World, _request: Request, then: Next) -> Answer:
    answer = then()
    if answer.status < 300:
        for pull in answer.data if isinstance(answer.data, list) else [answer.data]:
            _set_head(world, pull)
    return answer


def _set_head(world: World, pull: dict[str, Any]) -> None:
    number, old = pull["number"], pull["head"]["sha"]
    new = world.sha(pull["head"]["ref"]) if pull["state"] == "open" else world.heads.get(number)
    pull["head"]["sha"] = new or old
    pull["statuses_url"] = pull["_links"]["statuses"]["href"] = pull["statuses_url"].replace(old, new or old)


def _closing(world: World, request: Request, then: Next) -> Answer:
    number = int(request.path.rpartition("/")[2])
    before = world.emulator.call("GET", f"/repos/{REPOSITORY}/pulls/{number}").data
    wanted = (request.data or {}).get("state")
    if wanted == "closed" and before.get("state") == "open":
        world.heads[number] = world.sha(before["head"]["ref"]) or before["head"]["sha"]
    if wanted == "open" and before.get("state") == "closed" and (problem := _reopening(world, before)):
        return invalid_pull(f"state cannot be changed. {problem}", code="invalid", field="state")
    return then()


def _reopening(world: World, pull: dict[str, Any]) -> str:
    """Return why GitHub would not open a pull request again, or an empty text."""
    branch, old = pull["head"]["ref"], world.heads.get(pull["number"], pull["head"]["sha"])
    now = world.sha(branch)
    if now is None:
        return f"The {branch} branch has been deleted."
    if world.pulls(branch):
        return f"There is already an open pull request from {OWNER}:{branch} to {OWNER}:{pull['base']['ref']}."
    has_moved_on = world.emulator.get(f"/compare/{old}...{now}")["status"] in {"identical", "ahead"}
    return "" if has_moved_on else f"The {branch} branch was force-pushed or recreated."


def _branch_gone(world: World, request: Request, then: Next) -> Answer:
    branch = request.tail.removeprefix("/git/refs/heads/")
    pulls, sha = world.pulls(branch), world.sha(branch)
    answer = then()
    if answer.status == 204:
        for pull in pulls:
            world.heads[pull["number"]] = sha or pull["head"]["sha"]
            path = f"/repos/{REPOSITORY}/pulls/{pull['number']}"
            world.emulator.call("PATCH", path, {"state": "closed"}, request.token)
    return answer


def _workflow_files(world: World, request: Request, then: Next) -> Answer:
    """Refuse a branch whose workflow files are not the default branch's, without a permission that no job can have.

    https://docs.github.com/rest/authentication/permissions-required-for-github-apps
    """
    granted, sha = world.granted.get(request.token, {"workflows": "write"}), (request.data or {}).get("sha")
    if "workflows" not in granted and sha and world.workflow_files(str(sha)) != world.workflow_files("main"):
        return refusal(403, "Resource not accessible by integration")
    return then()


def _former_names(world: World, request: Request, then: Next) -> Answer:
    """Redirect to what was renamed: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api."""
    for old, new in world.former.items():
        if request.path == old or request.path.startswith(f"{old}/"):
            status, target = (301 if request.method == "GET" else 307), request.path.replace(old, new, 1)
            answer = refusal(status, "Moved Permanently")
            return Answer(status, answer.data, {"Location": f"http://127.0.0.1{target}"})
    return then()


REPO = f"/repos/{re.escape(REPOSITORY)}"
_ANY = "GET POST PUT PATCH DELETE"
_PULL = rf"{REPO}/pulls/\d+"
_REFS = f"{REPO}/git/[^/]*refs?(/.+)?"
_GUARDED = f"{REPO}/(actions/.+|branches/.+|labels|pages)"
_WORKFLOW = f"{REPO}/actions/workflows/readingroom.yml"
_STATUSES = f"{REPO}/(commits/.+/status(es)?|statuses/.+)"
DEVIATIONS = (
    Deviation("wrong tokens", "it takes any text for its first user; GitHub: 401", _ANY, ".*", _credentials),
    Deviation("words of a refusal", 'it says "Forbidden"; GitHub says what an app may not do', _ANY, ".*", _words),
    Deviation("missing references", "it says 404; GitHub: 422", "PATCH DELETE", f"{REPO}/git/refs/.+", _missing_ref),
    Deviation("addresses of references", "they lead nowhere", "GET POST PATCH", _REFS, _ref_urls),
    Deviation("branches", "it has no more than a commit's name", "GET", f"{REPO}/branches/[^?]+", _branches),
    Deviation("long lists", "it lists all; GitHub cuts", "GET", f"{REPO}/git/trees/.+", _long_lists),
    Deviation("moved heads", "it keeps a pull request's first head", "GET POST PATCH", f"{REPO}/pulls|{_PULL}", _heads),
    Deviation(
        "new labels",
        "it makes one by the way in a chance colour; GitHub: grey",
        "POST",
        rf"{REPO}/issues/\d+/labels",
        _new_labels,
    ),
    Deviation("case of labels", "it minds it", "POST DELETE", rf"{REPO}/issues/\d+/labels(/.+)?", _label_case),
    Deviation("late lists", "its own are always up to date", "GET", f"{REPO}/(issues|pulls)", _late_lists),
    Deviation("days of issues", "it has today's", "GET", rf"{REPO}/issues(/\d+)?", _issue_days),
    Deviation("comments", "it takes their list for an issue", "GET", f"{REPO}/issues/comments", _all_comments),
    Deviation("pull requests as issues", "it lists none", "GET", f"{REPO}/issues", _pulls_among_issues),
    Deviation("former names", "it knows none", _ANY, "/repos/.+", _former_names),
    Deviation("branch rules", "it has none", "POST PATCH DELETE", _REFS, rules.refuse),
    Deviation("signed commits", "it signs none", "POST", f"{REPO}/git/commits", rules.verify),
    Deviation("workflow files", "it asks no permission for them", "POST PATCH", _REFS, _workflow_files),
    Deviation("wrong pull requests", "it takes doubles, empty ones, no branch", "POST", f"{REPO}/pulls", _new_pull),
    Deviation("reopening", "it reopens when the branch is gone or was created again", "PATCH", _PULL, _closing),
    Deviation("branches that go", "their proposals stay open", "DELETE", f"{REPO}/git/refs/heads/.+", _branch_gone),
    Deviation("new commit statuses", "it has none", "POST", f"{REPO}/statuses/.+", statuses.add),
    Deviation("commit statuses", "it has none", "GET", _STATUSES, statuses.read),
    Deviation("rights to see settings", "it shows all it has to everybody", "GET", _GUARDED, settings.rights),
    Deviation("kinds of repositories", "its own is public, without a site", "GET", REPO, settings.repository),
    Deviation("policy for actions", "it has none", "GET", f"{REPO}/actions/permissions", settings.policy),
    Deviation(
        "selected actions", "it has none", "GET", f"{REPO}/actions/permissions/selected-actions", settings.selected
    ),
    Deviation(
        "what workflows may do", "it has none", "GET", f"{REPO}/actions/permissions/workflow", settings.may_open_pulls
    ),
    Deviation(
        "protections",
        'it has null for what is not asked for, and "Not Found" where there is none',
        "GET",
        f"{REPO}/branches/.+/protection",
        settings.protection,
    ),
    Deviation("rules", "it has none", "GET", f"{REPO}/rules/branches/.+", rules.read),
    Deviation("sites", "it has none", "GET", f"{REPO}/pages", settings.site),
    Deviation("workflows", "it has none", "GET", _WORKFLOW, settings.workflow),
    Deviation("runs of workflows", "it has none", "GET", f"{_WORKFLOW}/runs", settings.runs),
)


def answer(world: World, request: Request, forward: Next) -> Answer:
    """Return what GitHub would answer, where ``forward`` returns what the emulator does."""
    then = forward
    for deviation in reversed([each for each in DEVIATIONS if each.concerns(request)]):
        then = _around(deviation, world, request, then)
    return then()


def _around(deviation: Deviation, world: World, request: Request, then: Next) -> Next:
    return lambda: deviation.repair(world, request, then)
