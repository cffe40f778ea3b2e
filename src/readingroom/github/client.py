"""What is read from and written to a repository on GitHub; nothing here knows of sessions."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from readingroom.core.text_file import normalize_line_ends
from readingroom.core.tree import GitFile
from readingroom.github.repository_settings import (
    ActionsPolicy,
    PagesSite,
    Repository,
    WorkflowRun,
    parse_protection_rules,
)
from readingroom.github.transport import RefusedRequest, Transport, reject_malformed_responses
from readingroom.proposals.records import Comment, Commit, Issue, NoticeIssue, PullRequest

TRUNCATED_STATUS = 413  # the status of a refusal to go on with a list that GitHub has cut


@reject_malformed_responses
class Client(Transport):
    """One repository of a GitHub server. Every method is one request, unless it says more."""

    def fetch_issue(self, number: int) -> Issue:
        return parse_issue(self._request_json("GET", f"/issues/{number}"))

    def fetch_notices(self, label: str) -> list[NoticeIssue]:
        """Return the newest issues with a label that someone who may write to the repository has written."""
        found = self._request_json("GET", "/issues", state="all", labels=label, per_page=100)
        return [
            NoticeIssue(each["number"], each.get("body") or "", each["state"] == "open")
            for each in found
            if "pull_request" not in each and _has_a_say(each)
        ]

    def is_descendant(self, commit: str, earlier: str) -> bool:
        """Tell whether a commit is another or comes after it."""
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
        found = self._request_json("GET", "/pulls", state="all", head=f"{owner}:{branch}", per_page=100)
        pulls = [each for each in map(self._parse_pull, found) if each.branch == branch]
        return max(pulls, key=lambda each: each.number, default=None)

    def _parse_pull(self, data: Mapping[str, Any]) -> PullRequest:
        head = data["head"]
        ours = ((head.get("repo") or {}).get("full_name") or "").casefold() == self.repository.casefold()
        merged = bool(data.get("merged_at"))
        return PullRequest(
            data["number"], head["ref"] if ours else "", head["sha"], data["title"], data.get("body") or "",
            data["state"] == "open", merged, _parse_labels(data),
        )  # fmt: skip

    def open_pull(self, branch: str, base: str, title: str, body: str) -> PullRequest:
        data = {"title": title, "body": body, "head": branch, "base": base, "maintainer_can_modify": True}
        return self._parse_pull(self._request_json("POST", "/pulls", data, once=True))

    def edit_pull(self, number: int, **changes: str) -> PullRequest:
        return self._parse_pull(self._request_json("PATCH", f"/pulls/{number}", changes))

    def fetch_comments(self, number: int) -> list[Comment]:
        return [
            Comment(each["id"], each.get("body") or "", _has_a_say(each), _is_by_program(each))
            for each in self._request_all_pages(f"/issues/{number}/comments")
        ]

    def add_comment(self, number: int, body: str) -> None:
        self._request_json("POST", f"/issues/{number}/comments", {"body": body}, once=True)

    def edit_comment(self, comment: int, body: str) -> None:
        self._request_json("PATCH", f"/issues/comments/{comment}", {"body": body})

    def delete_comment(self, comment: int) -> None:
        try:
            self._request_json("DELETE", f"/issues/comments/{comment}")
        except RefusedRequest as refused:
            if refused.status != 404:
                raise

    def add_label(self, number: int, label: str) -> None:
        """Put a label on an issue or pull request; GitHub makes one that is missing."""
        self._request_json("POST", f"/issues/{number}/labels", {"labels": [label]})

    def remove_label(self, number: int, label: str) -> None:
        try:
            self._request_json("DELETE", f"/issues/{number}/labels/{quote(label)}")
        except RefusedRequest as refused:
            if refused.status != 404:
                raise

    def fetch_default_branch(self) -> str:
        return str(self._request_json("GET", "")["default_branch"])

    def fetch_repository(self) -> Repository:
        return Repository.parse_response(self._request_json("GET", ""))

    def fetch_policy(self) -> ActionsPolicy:
        """Return which actions may run, by a second request where that is a list."""
        found = ActionsPolicy.parse_response(self._request_json("GET", "/actions/permissions"))
        if found.allowed == "selected":
            return found.merge_selected(self._request_json("GET", "/actions/permissions/selected-actions"))
        return found

    def is_pull_creation_allowed(self) -> bool:
        """Tell whether workflows may create pull requests with the token that GitHub gives them."""
        return bool(self._request_json("GET", "/actions/permissions/workflow")["can_approve_pull_request_reviews"])

    def fetch_protection_rules(self, branch: str) -> frozenset[str]:
        """Return what a branch's protection of the older kind asks for, in the words of rules; two requests."""
        path = f"/branches/{quote(branch)}"
        if not self._request_json("GET", path)["protected"]:
            return frozenset()
        try:
            return parse_protection_rules(self._request_json("GET", f"{path}/protection"))
        except RefusedRequest as refused:
            if "Branch not protected" not in str(refused):  # but by rules alone
                raise
            return frozenset()

    def fetch_rules(self, branch: str) -> frozenset[str]:
        """Return the kinds of the rules for a branch, whether it is there or not."""
        found = self._request_json("GET", f"/rules/branches/{quote(branch)}", per_page=100)
        return frozenset(str(each["type"]) for each in found)

    def fetch_labels(self) -> frozenset[str]:
        return frozenset(str(each["name"]) for each in self._request_all_pages("/labels"))

    def fetch_pages_site(self) -> PagesSite:
        """Return what the repository's GitHub Pages publish."""
        found = self._request_json("GET", "/pages")
        return PagesSite(str(found["html_url"]), is_by_workflow=found.get("build_type") == "workflow")

    def fetch_workflow_state(self, file: str) -> str:
        return str(self._request_json("GET", f"/actions/workflows/{quote(file)}")["state"])

    def fetch_last_run(self, file: str) -> WorkflowRun | None:
        """Return the last run of a workflow, if there was one."""
        path = f"/actions/workflows/{quote(file)}/runs"
        return next(map(WorkflowRun.parse_response, self._request_json("GET", path, per_page=1)["workflow_runs"]), None)

    def fetch_head(self, branch: str) -> Commit:
        """Return the newest commit of a branch; asked for as a commit, it would come with all that it changes."""
        commit = self._request_json("GET", f"/branches/{quote(branch)}")["commit"]
        return Commit(commit["sha"], commit["commit"]["tree"]["sha"], commit["commit"]["message"])

    def find_head(self, branch: str) -> Commit | None:
        """Return the newest commit of a branch that may not be there."""
        try:
            return self.fetch_head(branch)
        except RefusedRequest as refused:
            if refused.status != 404:
                raise
            return None

    def fetch_entries(self, tree: str) -> list[GitFile]:
        """Return every file of a tree; raise Refused for one that is too large to be listed."""
        found = self._request_json("GET", f"/git/trees/{tree}", recursive="1")
        if found.get("truncated"):
            raise RefusedRequest(TRUNCATED_STATUS, f"GET /git/trees/{tree}: the list is cut")
        return [_parse_entry(each) for each in found["tree"] if each["type"] != "tree"]

    def fetch_folder(self, tree: str) -> list[GitFile]:
        """Return the files and folders that lie in a tree directly."""
        return [_parse_entry(each) for each in self._request_json("GET", f"/git/trees/{tree}")["tree"]]

    def fetch_blob(self, sha: str) -> bytes:
        """Return a content by Git's name for it."""
        return base64.b64decode(self._request_json("GET", f"/git/blobs/{sha}")["content"])

    def fetch_commit(self, sha: str) -> Commit:
        commit = self._request_json("GET", f"/git/commits/{sha}")
        parents = tuple([each["sha"] for each in commit["parents"]])
        return Commit(commit["sha"], commit["tree"]["sha"], commit["message"], parents)

    def create_tree(self, base: Commit, files: Mapping[str, str | None]) -> str:
        """Return a new tree: that of a commit with these files, without those whose text is None."""
        entries = [
            {"path": path, "mode": "100644", "type": "blob", **({"sha": None} if text is None else {"content": text})}
            for path, text in files.items()
        ]
        return str(self._request_json("POST", "/git/trees", {"base_tree": base.tree, "tree": entries})["sha"])

    def create_commit(self, tree: str, message: str, *parents: Commit) -> Commit:
        data = {"message": message, "tree": tree, "parents": [each.id for each in parents]}
        return Commit(self._request_json("POST", "/git/commits", data)["sha"], tree, message)

    def create_branch(self, branch: str, commit: Commit) -> bool:
        """Make a branch; return False if it is there already."""
        try:
            self._request_json("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit.id})
        except RefusedRequest as refused:
            if "Reference already exists" not in str(refused):
                raise
            return False
        return True

    def move_branch(self, branch: str, commit: Commit) -> None:
        """Move a branch to a commit that follows its head; Refused if it does not, since somebody committed to it."""
        self._request_json("PATCH", f"/git/refs/heads/{quote(branch)}", {"sha": commit.id, "force": False})

    def delete_branch(self, branch: str) -> None:
        try:
            self._request_json("DELETE", f"/git/refs/heads/{quote(branch)}")
        except RefusedRequest as refused:
            if refused.status != 404 and "Reference does not exist" not in str(refused):
                raise

    def fetch_text(self, path: str, commit: str) -> str | None:
        """Return a file's text at a commit, or None if it is not there."""
        try:
            data = self._request_json("GET", f"/contents/{quote(path)}", ref=commit)
        except RefusedRequest as refused:
            if refused.status != 404:
                raise
            return None
        return base64.b64decode(data["content"]).decode("utf-8", "replace")

    def fetch_status(self, sha: str, context: str) -> str:
        """Return the state of a commit's status, or an empty text."""
        found = self._request_json("GET", f"/commits/{sha}/status")["statuses"]
        return next((str(each["state"]) for each in found if each["context"] == context), "")

    def set_status(self, sha: str, context: str, state: str, description: str) -> None:
        data = {"state": state, "context": context, "description": description}
        self._request_json("POST", f"/statuses/{sha}", data)


def is_same_text(text: str, other: str) -> bool:
    """Tell whether two texts are the same but for what GitHub changes: line ends, and blanks around them."""
    return normalize_line_ends(text).strip() == normalize_line_ends(other).strip()


def parse_issue(data: Mapping[str, Any]) -> Issue:
    """Return the issue that an answer of the API or an event describes."""
    return Issue(
        data["number"],
        data["title"],
        data.get("body") or "",
        data["state"] == "open",
        _parse_labels(data),
        data.get("comments", 1),
        bool(data.get("locked")),
        (data.get("user") or {}).get("login", ""),
        _has_a_say(data),
        data.get("created_at", "") == data.get("updated_at"),
    )


def _parse_entry(data: Mapping[str, Any]) -> GitFile:
    return GitFile(data["path"], data["mode"], data["sha"], data.get("size", 0))


def _parse_labels(data: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each["name"] for each in data.get("labels", ()))


def _has_a_say(written: Mapping[str, Any]) -> bool:
    return _is_by_program(written) or written.get("author_association") in {"OWNER", "MEMBER", "COLLABORATOR"}


def _is_by_program(written: Mapping[str, Any]) -> bool:
    return (written.get("user") or {}).get("type") == "Bot"
