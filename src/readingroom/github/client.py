"""What is read from and written to a repository on GitHub; nothing here depends on what a session is."""

import base64
import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from readingroom.core.text_file import normalize_line_ends
from readingroom.core.tree import GitFile
from readingroom.github.repository_settings import (
    ActionsPolicy,
    AllowedActions,
    PagesSite,
    Repository,
    WorkflowRun,
    parse_protection_rules,
)
from readingroom.github.transport import RefusedRequest, Transport, reject_malformed_responses
from readingroom.proposals.records import (
    Comment,
    Commit,
    CommitState,
    Issue,
    Label,
    ProblemIssue,
    PullRequest,
)

MOVED_STATUS = 301  # the status of RefusedRequest for a repository or a branch that has another name now
TRUNCATED_STATUS = 413  # the status of RefusedRequest for a list that GitHub has truncated
MAX_COMMENT_PAGES = 5  # of 100 comments each


@reject_malformed_responses
class Client(Transport):
    """One repository of a GitHub server. Every method is one request, unless it says more."""

    def fetch_issue(self, number: int) -> Issue:
        data = self._request_json("GET", f"/issues/{number}")
        if data["number"] == number:  # another one is that of an issue that was transferred
            self._check_not_moved(data["url"])
        return parse_issue(data)

    def fetch_problem_issues(self) -> list[ProblemIssue]:
        """Return the newest issues with the label for problems whose authors have write access."""
        issues = self._request_json("GET", "/issues", state="all", labels=Label.PROBLEMS, per_page=100)
        return [
            ProblemIssue(each["number"], each.get("body") or "", each["state"] == "open")
            for each in issues
            if "pull_request" not in each and _has_write_access(each)
        ]

    def fetch_open_issues(self) -> list[Issue]:
        """Return every open issue; GitHub lists pull requests among them."""
        issues = self._request_all_pages("/issues", state="open")
        return [parse_issue(each) for each in issues if "pull_request" not in each]

    def fetch_comments_since(self, moment: dt.datetime) -> tuple[dict[int, list[Comment]], bool]:
        """Return the comments since a moment by the number of their issue, and whether these are all.

        They are the newest, from at most MAX_COMMENT_PAGES.
        """
        since = moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        entries = self._request_all_pages(
            "/issues/comments", MAX_COMMENT_PAGES, sort="updated", direction="desc", since=since
        )
        comments: dict[int, list[Comment]] = {}
        for each in entries:
            comments.setdefault(int(each["issue_url"].rpartition("/")[2]), []).append(_parse_comment(each))
        return comments, len(entries) < 100 * MAX_COMMENT_PAGES

    def fetch_branch_heads(self, prefix: str) -> dict[str, str]:
        """Return the newest commits of the branches whose names start with a prefix."""
        refs = self._request_json("GET", f"/git/matching-refs/heads/{quote(prefix)}")
        return {each["ref"].removeprefix("refs/heads/"): each["object"]["sha"] for each in refs}

    def is_descendant(self, commit: str, earlier: str) -> bool:
        """Return whether a commit is the earlier one or comes after it."""
        return self._request_json("GET", f"/compare/{earlier}...{commit}", per_page=1)["status"] in {
            "identical",
            "ahead",
        }

    def open_issue(self, title: str, body: str, label: str) -> None:
        self._request_json("POST", "/issues", {"title": title, "body": body, "labels": [label]}, once=True)

    def edit_issue(self, number: int, **changes: str) -> None:
        self._request_json("PATCH", f"/issues/{number}", changes)

    def fetch_open_pulls(self) -> list[PullRequest]:
        return [self._parse_pull(each) for each in self._request_all_pages("/pulls", state="open")]

    def fetch_pull(self, number: int) -> PullRequest:
        return self._parse_pull(self._request_json("GET", f"/pulls/{number}"))

    def find_pull_by_branch(self, branch: str) -> PullRequest | None:
        """Return the last pull request from a branch, open or not."""
        owner = self.repository.partition("/")[0]
        data = self._request_json("GET", "/pulls", state="all", head=f"{owner}:{branch}", per_page=100)
        pulls = [each for each in map(self._parse_pull, data) if each.branch == branch]
        return max(pulls, key=lambda each: each.number, default=None)

    def _parse_pull(self, data: Mapping[str, Any]) -> PullRequest:
        head = data["head"]
        is_local = ((head.get("repo") or {}).get("full_name") or "").casefold() == self.repository.casefold()
        is_merged = bool(data.get("merged_at"))
        return PullRequest(
            data["number"], head["ref"] if is_local else "", head["sha"], data["title"], data.get("body") or "",
            data["state"] == "open", is_merged, _parse_labels(data),
        )  # fmt: skip

    def open_pull(self, branch: str, base: str, title: str, body: str) -> PullRequest:
        data = {"title": title, "body": body, "head": branch, "base": base, "maintainer_can_modify": True}
        return self._parse_pull(self._request_json("POST", "/pulls", data, once=True))

    def edit_pull(self, number: int, **changes: str) -> PullRequest:
        return self._parse_pull(self._request_json("PATCH", f"/pulls/{number}", changes))

    def fetch_comments(self, number: int) -> list[Comment]:
        return [_parse_comment(each) for each in self._request_all_pages(f"/issues/{number}/comments")]

    def add_comment(self, number: int, body: str) -> None:
        self._request_json("POST", f"/issues/{number}/comments", {"body": body}, once=True)

    def edit_comment(self, comment: int, body: str) -> None:
        self._request_json("PATCH", f"/issues/comments/{comment}", {"body": body})

    def delete_comment(self, comment: int) -> None:
        self._request_or_none("DELETE", f"/issues/comments/{comment}")

    def add_label(self, number: int, label: str) -> None:
        """Add a label to an issue or pull request; GitHub creates one that does not exist."""
        self._request_json("POST", f"/issues/{number}/labels", {"labels": [label]})

    def remove_label(self, number: int, label: str) -> None:
        self._request_or_none("DELETE", f"/issues/{number}/labels/{quote(label)}")

    def fetch_default_branch(self) -> str:
        return str(self._request_json("GET", "")["default_branch"])

    def fetch_repository(self) -> Repository:
        return Repository.parse_response(self._request_json("GET", ""))

    def fetch_policy(self) -> ActionsPolicy:
        """Return which actions may run; if only selected ones may, a second request fetches the list."""
        policy = ActionsPolicy.parse_response(self._request_json("GET", "/actions/permissions"))
        if policy.allowed == AllowedActions.SELECTED:
            return policy.merge_selected(self._request_json("GET", "/actions/permissions/selected-actions"))
        return policy

    def is_pull_creation_allowed(self) -> bool:
        """Return whether workflows may create pull requests with the token that GitHub gives them."""
        return bool(self._request_json("GET", "/actions/permissions/workflow")["can_approve_pull_request_reviews"])

    def fetch_protection_rules(self, branch: str) -> frozenset[str]:
        """Return what a classic branch protection requires, as kinds of rules; two requests."""
        path = f"/branches/{quote(branch)}"
        if not self._request_json("GET", path)["protected"]:
            return frozenset()
        try:
            return parse_protection_rules(self._request_json("GET", f"{path}/protection"))
        except RefusedRequest as refused:
            if "Branch not protected" not in str(refused):  # it is protected only by rules
                raise
            return frozenset()

    def fetch_rules(self, branch: str) -> frozenset[str]:
        """Return the kinds of the rules for a branch, whether it exists or not."""
        rules = self._request_json("GET", f"/rules/branches/{quote(branch)}", per_page=100)
        return frozenset(str(each["type"]) for each in rules)

    def fetch_labels(self) -> frozenset[str]:
        return _parse_labels({"labels": self._request_all_pages("/labels")})

    def fetch_pages_site(self) -> PagesSite:
        """Return what GitHub Pages publishes for the repository."""
        data = self._request_json("GET", "/pages")
        return PagesSite(str(data["html_url"]), is_by_workflow=data.get("build_type") == "workflow")

    def fetch_workflow_state(self, file: str) -> str:
        return str(self._request_json("GET", f"/actions/workflows/{quote(file)}")["state"])

    def fetch_last_run(self, file: str) -> WorkflowRun | None:
        """Return the last run of a workflow, if there was one."""
        path = f"/actions/workflows/{quote(file)}/runs"
        return next(map(WorkflowRun.parse_response, self._request_json("GET", path, per_page=1)["workflow_runs"]), None)

    def fetch_head(self, branch: str) -> Commit:
        """Return the newest commit of a branch; fetched as a commit, it would come with all its changes."""
        data = self._request_json("GET", f"/branches/{quote(branch)}")
        self._check_not_moved(data["commit"]["url"])
        if data["name"] != branch:
            raise RefusedRequest(MOVED_STATUS, f"the branch {branch} is now {data['name']}")
        return _parse_head(data)

    def _check_not_moved(self, url: str) -> None:
        """Raise RefusedRequest if an answer is about a repository of another name: GitHub redirects only what reads."""
        if f"/repos/{self.repository}/".casefold() not in f"{url}/".casefold():
            raise RefusedRequest(MOVED_STATUS, f"{self.last}: the repository {self.repository} has another name now")

    def find_head(self, branch: str) -> Commit | None:
        """Return the newest commit of a branch, or None if there is no such branch."""
        data = self._request_or_none("GET", f"/branches/{quote(branch)}")
        return _parse_head(data) if data is not None else None

    def fetch_entries(self, tree: str) -> list[GitFile]:
        """Return every file of a tree; raise RefusedRequest if GitHub truncates the list."""
        data = self._request_json("GET", f"/git/trees/{tree}", recursive="1")
        if data.get("truncated"):
            raise RefusedRequest(TRUNCATED_STATUS, f"GET /git/trees/{tree}: the list is truncated")
        return [_parse_entry(each) for each in data["tree"] if each["type"] != "tree"]

    def fetch_folder(self, tree: str) -> list[GitFile]:
        """Return the files and folders at the top of a tree."""
        return [_parse_entry(each) for each in self._request_json("GET", f"/git/trees/{tree}")["tree"]]

    def fetch_blob(self, sha: str) -> bytes:
        """Return the content that has a name in Git."""
        return base64.b64decode(self._request_json("GET", f"/git/blobs/{sha}")["content"])

    def fetch_commit(self, sha: str) -> Commit:
        commit = self._request_json("GET", f"/git/commits/{sha}")
        parents = tuple([each["sha"] for each in commit["parents"]])
        return Commit(commit["sha"], commit["tree"]["sha"], commit["message"], parents)

    def create_tree(self, base: Commit, files: Mapping[str, str | GitFile | None]) -> str:
        """Return a new tree: that of a commit with these files, given as texts or as those of another tree.

        A file that is None is removed.
        """
        entries = [{"path": path, "type": "blob", **_format_entry(file)} for path, file in files.items()]
        return str(self._request_json("POST", "/git/trees", {"base_tree": base.tree, "tree": entries})["sha"])

    def create_commit(self, tree: str, message: str, *parents: Commit) -> Commit:
        data = {"message": message, "tree": tree, "parents": [each.id for each in parents]}
        return Commit(self._request_json("POST", "/git/commits", data)["sha"], tree, message)

    def create_branch(self, branch: str, commit: Commit) -> bool:
        """Create a branch; return False if it exists already."""
        try:
            self._request_json("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit.id})
        except RefusedRequest as refused:
            if "Reference already exists" not in str(refused):
                raise
            return False
        return True

    def move_branch(self, branch: str, commit: Commit) -> None:
        """Move a branch to a commit that follows its head; raise RefusedRequest if it does not."""
        self._request_json("PATCH", f"/git/refs/heads/{quote(branch)}", {"sha": commit.id, "force": False})

    def delete_branch(self, branch: str) -> None:
        self._request_or_none("DELETE", f"/git/refs/heads/{quote(branch)}")

    def fetch_text(self, path: str, commit: str) -> str | None:
        """Return a file's text at a commit, or None if there is no such file."""
        data = self._request_or_none("GET", f"/contents/{quote(path)}", ref=commit)
        return base64.b64decode(data["content"]).decode("utf-8", "replace") if data is not None else None

    def fetch_status(self, sha: str, context: str) -> str:
        """Return the state of a commit's status, or an empty text."""
        statuses = self._request_json("GET", f"/commits/{sha}/status")["statuses"]
        return next((str(each["state"]) for each in statuses if each["context"] == context), "")

    def set_status(self, sha: str, context: str, state: CommitState, description: str) -> None:
        data = {"state": state, "context": context, "description": description}
        self._request_json("POST", f"/statuses/{sha}", data)

    def _request_or_none(self, verb: str, path: str, **query: Any) -> Any:
        """Return the answer to a request, or None if what it is about does not exist."""
        try:
            return self._request_json(verb, path, **query)
        except RefusedRequest as refused:
            if refused.status != 404 and "Reference does not exist" not in str(refused):
                raise
            return None


def is_same_text(text: str, other: str) -> bool:
    """Return whether two texts differ only in what GitHub changes: line ends, and white space around them."""
    return normalize_line_ends(text).strip() == normalize_line_ends(other).strip()


def parse_issue(data: Mapping[str, Any]) -> Issue:
    """Return the issue that an answer of the API or an event's payload describes."""
    return Issue(
        data["number"],
        data["title"],
        data.get("body") or "",
        data["state"] == "open",
        _parse_labels(data),
        data.get("comments", 1),
        bool(data.get("locked")),
        (data.get("user") or {}).get("login", ""),
        _has_write_access(data),
        _parse_moment(data.get("created_at")),
        _parse_moment(data.get("updated_at")),
    )


def _parse_moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _parse_comment(data: Mapping[str, Any]) -> Comment:
    return Comment(data["id"], data.get("body") or "", _has_write_access(data), _is_by_program(data))


def _parse_entry(data: Mapping[str, Any]) -> GitFile:
    return GitFile(data["path"], data["mode"], data["sha"], data.get("size", 0))


def _format_entry(file: str | GitFile | None) -> dict[str, str | None]:
    if isinstance(file, GitFile):
        return {"mode": file.mode, "sha": file.id}
    return {"mode": "100644", **({"sha": None} if file is None else {"content": file})}


def _parse_labels(data: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of labels in small letters, since GitHub minds no case."""
    return frozenset(each["name"].casefold() for each in data.get("labels", ()))


def _has_write_access(data: Mapping[str, Any]) -> bool:
    """Return whether the author of an issue or comment is a program or may write to the repository."""
    return _is_by_program(data) or data.get("author_association") in {"OWNER", "MEMBER", "COLLABORATOR"}


def _is_by_program(data: Mapping[str, Any]) -> bool:
    return (data.get("user") or {}).get("type") == "Bot"


def _parse_head(branch: Mapping[str, Any]) -> Commit:
    commit = branch["commit"]
    return Commit(commit["sha"], commit["commit"]["tree"]["sha"], commit["commit"]["message"])
