"""Whatever happens in whatever order, and whichever runs are lost: after the sweep everything is as it should be."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from box import BOT, Box
from box.bare import Conflict
from box.server import Refused
from faults import FAULTS, Killed
from groups import built, tree
from proposals import CONFIGURATION, body, forge, group, setting, settle
from readingroom.core.tree import WORKFLOW_PATH
from readingroom.edit import new_session
from readingroom.github import proposal_sweep
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.decision import CommentHeader, ProposalState, get_claimed_number
from readingroom.proposals.records import parse_issue_branch
from readingroom.proposals.sweep import MAX_WRITES, Sweep
from readingroom.store.catalogue import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = 1  # each takes many seconds; make fuzz tries others
EVENTS = 200
MAX_SWEEPS = 60
LATE = "lists that lack the newest issue or pull request"
# How often each thing happens, for every other thing.
WEIGHTS = {
    "open_issue": 6, "edit_issue": 6, "close_issue": 2, "reopen_issue": 2, "lock_issue": 1, "copy_comment": 1,
    "push_session": 4, "rename_session": 1, "change_kinds": 1, "upgrade_workflow": 1, "merge": 3, "close_pull": 1,
    "reopen_pull": 1, "rewrite_pull": 1, "commit_to_branch": 2, "sweep": 2,
}  # fmt: skip


class Story:
    """A group whose people do things at random, in a box of which some runs are lost or fail halfway."""

    def __init__(self, box: Box, seed: int) -> None:
        self.box, self.random, self.days = box, random.Random(seed), iter(range(1, 10_000))  # noqa: S311
        self.commits: dict[str, str] = {}  # what people have committed to branches of proposals, by its branch
        self.history: list[str] = []

    def go_on(self) -> None:
        """Let one thing happen, and the run that it starts; or no run, or one that fails at some request."""
        name = self.random.choices([*WEIGHTS], [*WEIGHTS.values()])[0]
        do: Callable[[], int | None] = getattr(self, name)
        with suppress(Refused, Conflict, IndexError):  # nobody can do that now
            number = do()
            fate = self.random.choice(["run", "run", "lost", LATE, *FAULTS])
            self.history.append(f"{name} {number or ''}: {fate}")
            if number and fate != "lost":
                self.run(number, fate)

    def run(self, number: int, fate: str) -> None:
        way = forge(self.box)
        self.box.world.lags = fate == LATE
        if fate in FAULTS:
            FAULTS[fate](self.box, way, self.random.randrange(1, 18))
        with suppress(InterruptedRequest, RefusedRequest, Killed):
            settle(self.box, number, way)
        self.box.faults.all.clear()
        self.box.world.lags = False

    def issues(self, state: str) -> list[int]:
        return [each["number"] for each in self.box.world.all(f"/issues?state={state}")]

    def pulls(self, state: str = "open") -> list[dict[str, Any]]:
        return self.box.world.all(f"/pulls?state={state}")

    def text(self) -> str:
        day = dt.date(2024, 2, 5) + dt.timedelta(7 * next(self.days))
        kind = self.random.choice(CONFIGURATION["kinds"])  # type: ignore[arg-type]
        return body(title=f"Talk {day}", date=self.random.choice([*[str(day)] * 4, "nowhen"]), kind=kind)

    def open_issue(self) -> int:
        user = self.random.choice(["guest", "octo"])
        return int(self.box.open_issue("A session", self.text(), user=user)["issue"]["number"])

    def edit_issue(self) -> int:
        number = self.random.choice(self.issues("open"))
        self.box.edit_issue(number, body=self.text())
        return number

    def close_issue(self) -> int:
        number = self.random.choice(self.issues("open"))
        self.box.close_issue(number)
        return number

    def reopen_issue(self) -> int:
        number = self.random.choice(self.issues("closed"))
        self.box.reopen_issue(number)
        return number

    def lock_issue(self) -> int:
        number = self.random.choice(self.issues("open"))
        self.box.emulator.do("PUT", f"/issues/{number}/lock", {"lock_reason": "resolved"})
        return 0

    def copy_comment(self) -> int:
        """Let a stranger post a copy of the action's comment, with another state."""
        number = self.random.choice(self.issues("open"))
        state = self.random.choice([*ProposalState])
        text = f"{CommentHeader(state, self.random.randrange(9), '0' * 16)}\nHello"
        self.box.emulator.do("POST", f"/issues/{number}/comments", {"body": text}, "guest")
        return 0

    def push_session(self) -> int:
        """Add a session with the number after those of the default branch, which a proposal may have too."""
        number = new_session.find_next_number(tree(self.box.tree()).listings)
        path = f"sessions/{number:02}-pushed-{next(self.days)}/session.yml"
        self.box.commit("main", {path: b"title: Pushed\ndate: 2024-01-22\n"})
        return 0

    def rename_session(self) -> int:
        files = self.box.tree()
        path = self.random.choice([each for each in files if "-pushed-" in each])
        folder, _, name = path.rpartition("/")
        self.box.commit("main", {path: None, f"{folder}-renamed/{name}": files[path]})
        return 0

    def upgrade_workflow(self) -> int:
        self.box.commit("main", {WORKFLOW_PATH: b"name: readingroom # %d\n" % next(self.days)})
        return 0

    def change_kinds(self) -> int:
        """Remove a kind, or bring it back."""
        settings = self.box.tree()["readingroom.yml"]
        line = b"- Discussion\n"
        changed = settings.replace(line, b"") if line in settings else settings.replace(b"kinds:\n", b"kinds:\n" + line)
        self.box.commit("main", {"readingroom.yml": changed})
        return 0

    def merge(self) -> int:
        pull = self.random.choice(self.pulls())
        self.box.merge(pull["number"])
        return parse_issue_branch(pull["head"]["ref"])

    def close_pull(self) -> int:
        pull = self.random.choice(self.pulls())
        self.box.close_pull(pull["number"])
        return parse_issue_branch(pull["head"]["ref"])

    def reopen_pull(self) -> int:
        pull = self.random.choice([each for each in self.pulls("closed") if not each["merged_at"]])
        branch = pull["head"]["ref"]
        if branch in self.box.repository.branches() and not self.box.world.pulls(branch):
            self.box.emulator.do("PATCH", f"/pulls/{pull['number']}", {"state": "open"})
        return parse_issue_branch(branch)

    def rewrite_pull(self) -> int:
        """Let an organiser replace the whole text of a pull request."""
        pull = self.random.choice(self.pulls())
        self.box.emulator.do("PATCH", f"/pulls/{pull['number']}", {"title": "Mine", "body": "Looks good"})
        return parse_issue_branch(pull["head"]["ref"])

    def commit_to_branch(self) -> int:
        pull = self.random.choice(self.pulls())
        branch = pull["head"]["ref"]
        added = {*self.box.tree(branch)} - {*self.box.tree()}
        path = self.random.choice(sorted(each for each in added if each.endswith("/session.yml")))
        text = self.box.tree(branch)[path].replace(b"title: ", b"title: Edited ", 1)
        self.commits[self.box.commit(branch, {path: text})] = branch
        return parse_issue_branch(branch)

    def sweep(self) -> int:
        for number in self.find().due:
            self.run(number, self.random.choice(["run", "run", *FAULTS]))
        return 0

    def find(self) -> Sweep:
        return proposal_sweep.find_due_issues(forge(self.box), setting(self.box), dt.datetime.now(dt.UTC).date())

    def end(self) -> None:
        """Let the sweep do what is left, and look at everything."""
        for _ in range(MAX_SWEEPS):
            if not (due := self.find().due):
                break
            before = len(self.box.exchanges)
            for number in due:
                settle(self.box, number)
            sent = [each for each in self.box.exchanges[before:] if each.request.method != "GET"]
            assert sum(each.status < 300 for each in sent) <= MAX_WRITES, due
        assert self.find() == Sweep()
        self.check_answers()
        self.check_numbers()
        self.check_commits()
        assert read_catalogue(tree(built(self.box.tree())))

    def check_answers(self) -> None:
        for issue in self.box.world.all("/issues?state=open"):
            comments = self.box.world.all(f"/issues/{issue['number']}/comments?")
            own = [each for each in comments if each["user"]["login"] == BOT]
            assert len(own) == 1 or (not own and issue["locked"]), issue["number"]
        branches = Counter(each["head"]["ref"] for each in self.pulls())
        assert [branch for branch, number in branches.items() if number > 1] == []

    def check_numbers(self) -> None:
        """No two of what the default branch has and the proposals add have one number, unless a status says so."""
        statuses = self.box.state()["statuses"]
        used = {path.split("/")[1][:2] for path in self.box.tree() if path.startswith("sessions/")}
        green = [
            each
            for each in forge(self.box).fetch_open_pulls()
            if statuses.get(each.branch, {}).get("readingroom", ("",))[0] == "success"
        ]
        numbers = [f"{get_claimed_number(each):02}" for each in green]
        assert len({*numbers}) == len(numbers)
        assert not used.intersection(numbers)

    def check_commits(self) -> None:
        """Every commit of a person is in the history of a branch, or of a pull request, from which it is restored."""
        heads = {*self.box.repository.branches().values(), *self.box.world.heads.values()}
        for commit in self.commits:
            states = {self.box.emulator.get(f"/compare/{commit}...{head}")["status"] for head in heads}
            assert states & {"identical", "ahead"}, commit


@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 2**32 - 1))
def test_after_the_sweep_everything_is_as_it_should_be(seed: int) -> None:
    with Box(group()) as box:
        story = Story(box, seed)
        try:
            for _ in range(EVENTS):
                story.go_on()
            story.end()
        except BaseException:
            print("\n".join(story.history))  # noqa: T201 -- what led there
            raise
