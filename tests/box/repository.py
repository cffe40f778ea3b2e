"""The repository in the box, as people use it past the recorder: trees, commits, merges, and all of its state."""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from box import bare, rules, statuses
from box.server import OWNER, Emulator, Refused
from box.world import World

Files = dict[str, bytes]
Changes = Mapping[str, bytes | None]  # None removes a file
_CLOSES = re.compile(r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?) #(\d+)")


class Repository:
    """`octo/group`, with what is in it by its content's name, so that nothing is asked for twice."""

    def __init__(self, emulator: Emulator, world: World) -> None:
        self.emulator = emulator
        self.world = world
        self._blobs: dict[str, bytes] = {}
        self._lists: dict[str, dict[str, str]] = {}

    def branches(self) -> dict[str, str]:
        """Return the commit of each branch."""
        return {each["name"]: each["commit"]["sha"] for each in self.world.all("/branches?")}

    def tree(self, ref: str) -> Files:
        """Return the files of a branch or commit."""
        return {path: self.blob(sha) for path, sha in self.blobs(ref).items()}

    def blobs(self, ref: str) -> dict[str, str]:
        """Return Git's names for the contents of the files of a branch, commit or tree."""
        if ref in self._lists:
            return self._lists[ref]
        entries = self.emulator.get(f"/git/trees/{ref}?recursive=1")["tree"]
        found = {each["path"]: each["sha"] for each in entries if each["type"] == "blob"}
        if re.fullmatch("[0-9a-f]{40}", ref):  # what a branch holds may change
            self._lists[ref] = found
        return found

    def commit(self, branch: str, changes: Changes, user: str = OWNER, message: str = "Change files") -> str:
        """Add a commit to a branch, which begins at main if it is new, and return its name."""
        branches = self.branches()
        parent = branches.get(branch, branches.get("main"))
        base = {"base_tree": self.emulator.get(f"/git/commits/{parent}")["tree"]["sha"]} if parent else {}
        tree = base | {"tree": [self._entry(path, content, user) for path, content in changes.items()]}
        parents = [parent] if parent else []
        sha = self._commit(tree, parents, user, message)
        self._move(branch, sha, user, is_new=branch not in branches)
        return sha

    def merge(self, number: int, user: str = OWNER) -> str:
        """Merge a pull request as Git does and close the issues that it says it closes; return the commit's name.

        The emulator alone would take the head's files whole, and from where the head was at first.

        Raises:
            bare.Conflict: if Git cannot.
            Refused: if a rule for the target requires a check that has not passed.
        """
        pull = self.emulator.get(f"/pulls/{number}")
        target, branch = pull["base"]["ref"], pull["head"]["ref"]
        ours, theirs = (self.branches()[each] for each in (target, branch))
        if "required_status_checks" in self.world.settings.list_rules(target) and not rules.has_passed(
            self.world, theirs
        ):
            raise Refused(f'Required status check "{rules.CHECK}" is expected.')
        files = self.merge_files(ours, theirs)
        entries = [self._entry(path, content, user) for path, content in files.items()]
        message = f"Merge pull request #{number} from {OWNER}/{branch}"
        sha = self._commit({"tree": entries}, [ours, theirs], user, message)
        self.world.heads[number] = theirs
        self.emulator.do("PUT", f"/pulls/{number}/merge", {}, user)
        self.emulator.do("PATCH", f"/git/refs/heads/{target}", {"sha": sha, "force": True}, user)
        for issue in _CLOSES.findall(pull["body"] or ""):
            self.emulator.do("PATCH", f"/issues/{issue}", {"state": "closed", "state_reason": "completed"}, user)
        return sha

    def merge_files(self, ours: str, theirs: str) -> Files:
        """Return the files of two commits as Git merges them, or raise `bare.Conflict`."""
        base = self.emulator.get(f"/compare/{ours}...{theirs}")["merge_base_commit"]["sha"]
        return bare.merge(self.tree(base), self.tree(ours), self.tree(theirs))

    def changed(self, base: str, head: str) -> list[str]:
        """Return the paths that differ between where two commits part and the second."""
        found = self.emulator.get(f"/compare/{base}...{head}")["files"]
        return [each["filename"] for each in found]

    def state(self) -> dict[str, Any]:
        """Return all that a person would see, without numbers and dates that differ from run to run."""
        heads = self.branches()
        return {
            "branches": {name: _texts(self.tree(sha)) for name, sha in sorted(heads.items())},
            "pulls": [self._pull(each) for each in self.world.all("/pulls?state=all&direction=asc")],
            "issues": [self._talk(each) for each in self.world.all("/issues?state=all&direction=asc")],
            "labels": {each["name"]: each["color"] for each in self.world.all("/labels?")},
            "statuses": {name: self._statuses(sha) for name, sha in sorted(heads.items()) if self._statuses(sha)},
        }

    def _pull(self, pull: Mapping[str, Any]) -> dict[str, Any]:
        refs = {"head": pull["head"]["ref"], "base": pull["base"]["ref"], "merged": pull["merged"]}
        return self._talk(pull) | refs

    def _talk(self, each: Mapping[str, Any]) -> dict[str, Any]:
        comments = self.world.all(f"/issues/{each['number']}/comments?")
        return {
            **{key: each[key] for key in ("number", "state", "title", "body")},
            "user": each["user"]["login"],
            "labels": sorted(label["name"] for label in each["labels"]),
            "comments": [{"user": comment["user"]["login"], "body": comment["body"]} for comment in comments],
        }

    def _statuses(self, sha: str) -> dict[str, tuple[str, str | None]]:
        newest_last = reversed(list(statuses.of(self.world, sha)))
        return {each["context"]: (each["state"], each["description"]) for each in newest_last}

    def blob(self, sha: str) -> bytes:
        """Return a content by Git's name for it."""
        if sha not in self._blobs:
            self._blobs[sha] = base64.b64decode(self.emulator.get(f"/git/blobs/{sha}")["content"])
        return self._blobs[sha]

    def _entry(self, path: str, content: bytes | None, user: str) -> dict[str, Any]:
        entry = {"path": path, "mode": "100644", "type": "blob"}
        if content is None:
            return entry | {"sha": None}
        sha = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        is_new = sha not in self._blobs
        self._blobs[sha] = content
        if not is_new:
            return entry | {"sha": sha}
        try:
            return entry | {"content": content.decode()}
        except UnicodeDecodeError:
            data = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
            return entry | {"sha": self.emulator.do("POST", "/git/blobs", data, user)["sha"]}

    def _commit(self, tree: Mapping[str, Any], parents: list[str], user: str, message: str) -> str:
        made = self.emulator.do("POST", "/git/trees", tree, user)["sha"]
        commit = {"message": message, "tree": made, "parents": parents}
        return str(self.emulator.do("POST", "/git/commits", commit, user)["sha"])

    def _move(self, branch: str, sha: str, user: str, *, is_new: bool) -> None:
        if is_new:
            self.emulator.do("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha}, user)
        else:
            self.emulator.do("PATCH", f"/git/refs/heads/{branch}", {"sha": sha}, user)


def _texts(files: Files) -> dict[str, str]:
    return {path: content.decode(errors="backslashreplace") for path, content in sorted(files.items())}
