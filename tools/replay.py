"""Replay a group's history: what people do in 75 weeks, on a GitHub in a box, and what becomes of the pages.

    python tools/replay.py [--weeks 75] [--seed 1] [--events FILE] [--action] [--write docs/replay.md]

After every event every link and list of every page is looked at as GitHub shows it, a second run must find nothing to
do, and a real bare Git repository takes the commits over. With --action each event goes through webhook, runner,
workflow and action; without, through the same work in this process.
"""

# ruff: noqa: T201 -- a script, not a package; it prints

import argparse
import datetime as dt
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import history
from history import ROOT, Event, Files

sys.path.insert(0, str(ROOT / "tests"))

# The tests and the benchmarks are no packages.
import acting
from box import BOT, Box
from box.bare import Conflict
from box.bridge import Bridge
from box.mirror import Mirror
from generate import README
from groups import tree
from listed import wrong
from proposals import forge
from readingroom.core.tree import FORM_PATH
from readingroom.github.pages_sync import Publisher

GROUP: Files = {"readingroom.yml": (ROOT / "readingroom.yml").read_bytes(), "README.md": README.encode()}


class Wrong(Exception):
    """What is not as it should be after an event."""


class Publication(Protocol):
    """Updates the pages: after a push, every day, or when a person starts it."""

    def on(self, today: dt.date) -> None:
        """Let it be a day."""

    def pushed(self) -> None: ...

    def again(self) -> None: ...


class InProcess:
    """Does what the action's job does, here."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.today = history.START

    def on(self, today: dt.date) -> None:
        self.today = today

    def pushed(self) -> None:
        # Each job gets a token of its own.
        Publisher(forge(self.box), "main", tree(self.box.tree()), lambda _: self.today).publish("commit")

    again = pushed


class ByTheAction:
    """Lets a runner do it, with a group's own workflow, whose input says what day it is."""

    def __init__(self, bridge: Bridge, workflow: Path) -> None:
        self.bridge, self.workflow = bridge, workflow

    def on(self, today: dt.date) -> None:
        self.workflow.write_text(acting.workflow_of_pages(today=str(today)), encoding="utf-8")

    def pushed(self) -> None:
        if failed := [each for each in self.bridge.settle() if each.result == "failure"]:
            raise Wrong(failed[-1].log)

    def again(self) -> None:
        self.bridge.start("workflow_dispatch")
        self.pushed()


class Replay:
    """One history on one box: the events so far, and the bare repository that took over what they led to."""

    def __init__(self, box: Box, publication: Publication, folder: Path) -> None:
        self.box, self.publication = box, publication
        self.second = InProcess(box)
        self.mirror = Mirror(folder, box.repository)
        self.events: Counter[str] = Counter()
        self.today = history.START
        self._on(self.today)
        publication.again()
        self._look("the start")

    def run(self, events: Iterable[Event]) -> None:
        """Let the events happen, one after the other.

        Raises:
            Wrong: something is not as it should be after one of them.
        """
        for event in events:
            self.events[event.kind] += 1
            if event.kind == "day":
                self._on(self.today + dt.timedelta(days=1))
                self.publication.again()
            else:
                self.box.commit("main", history.changes(self.box.tree(), event))
                self.publication.pushed()
            self._look(f"event {self.events.total()}, {event}")
        self.publication.again()
        self._look("a last run")
        if self.mirror.checkout(self.mirror.folder.with_suffix(".checkout")) != self.box.tree():
            raise Wrong("a checkout holds other files than the box")

    def _on(self, today: dt.date) -> None:
        self.today = today
        self.publication.on(today)
        self.second.on(today)

    def _look(self, after: str) -> None:
        """Check pages and history, and that a second run makes no commit."""
        before = self.mirror.head
        self.mirror.follow()
        if self.mirror.head != before:  # a run that made no commit has been the second already
            self.second.again()
            if self.box.repository.branches()["main"] != self.mirror.head:
                raise Wrong(f"after {after}: a second run made a commit")
        if found := wrong(self.box.tree(), self.today):
            raise Wrong(f"after {after}: " + "; ".join(found))

    def counted(self) -> dict[str, int]:
        """Return how often what happened, as Git counts what is about commits."""
        commits = self.mirror.commits()[1:]  # the first is the group as it was set up
        people = [name for name, author, _ in commits if author != BOT]
        return {
            "events": self.events.total(),
            **{f"of them: {kind}": self.events[kind] for kind in history.KEYS if self.events[kind]},
            "sessions at the end": sum(bool(history.SESSION.fullmatch(path)) for path in self.box.tree()),
            "commits of people": len(people),
            "commits of pages": len(commits) - len(people),
            "manual edits of generated pages": sum(map(self._is_manual_edit, people)),
        }

    def _is_manual_edit(self, commit: str) -> bool:
        """Return whether a commit changes generated text: a whole page, the form, or what a region holds."""
        for path in self.mirror.changed(commit):
            before, after = (self.mirror.content(each, path) for each in (f"{commit}^", commit))
            if path == FORM_PATH or any(each.startswith(b"<!-- Made by readingroom") for each in (before, after)):
                return True
            if path == "README.md" and _regions(before) != _regions(after):
                return True
        return False


def _regions(readme: bytes) -> list[bytes]:
    return re.findall(rb"(?ms)^<!-- readingroom:begin .*?^<!-- readingroom:end [a-z]+ -->$", readme)


def replayed(events: Iterable[Event]) -> dict[str, int]:
    """Return the counts of a history that went well, with the action's work done in this process."""
    with tempfile.TemporaryDirectory(prefix="replay-") as name, Box(GROUP) as box:
        return _done(box, InProcess(box), Path(name), events)


def replayed_by(action: Path, env: Mapping[str, str], events: Iterable[Event]) -> dict[str, int]:
    """Return the same with the work done by the action, a release's files in a folder; ``env`` is for its steps."""
    with tempfile.TemporaryDirectory(prefix="replay-") as name, Box(GROUP) as box:
        workflow = acting.write(Path(name), acting.workflow_of_pages())
        with Bridge(box, workflow, {acting.NAME: action}, env) as bridge:
            return _done(box, ByTheAction(bridge, workflow), Path(name), events)


def _done(box: Box, publication: Publication, folder: Path, events: Iterable[Event]) -> dict[str, int]:
    replay = Replay(box, publication, folder / "main.git")
    replay.run(events)
    return replay.counted()


def table(counts: dict[str, int]) -> str:
    lines = [f"| {what} | {count:,} |" for what, count in counts.items()]
    return "\n".join(["| What | Count |", "| --- | ---: |", *lines])


def page(options: argparse.Namespace, counts: dict[str, int]) -> str:
    return PAGE.format(
        command=f"python tools/replay.py --weeks {options.weeks} --seed {options.seed}",
        table=table(counts),
        example=EXAMPLE.strip(),
        **{name.lower(): getattr(history, name) for name in ("SESSIONS", "SLIDES", "ROWS", "REPAIRS", "WEEKS")},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=history.WEEKS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=Path, metavar="FILE", help="a JSON list of events, in place of those drawn")
    parser.add_argument("--action", action="store_true", help="through webhook, runner, workflow and action")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write what came of it as a page")
    options = parser.parse_args()
    try:
        counts = _by_the_action(_events(options)) if options.action else replayed(_events(options))
    except (ValueError, TypeError, OSError, Wrong, Conflict) as error:
        sys.exit(f"{error}")
    print(table(counts))
    if options.write:
        options.write.write_text(page(options, counts), encoding="utf-8")


def _by_the_action(events: Iterable[Event]) -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix="replay-") as name:
        release, tools = acting.release(Path(name) / "action"), Path(name) / "tools"
        tools.mkdir()
        return replayed_by(release, acting.environment(tools), events)


def _events(options: argparse.Namespace) -> Iterable[Event]:
    if options.events:
        return history.read(options.events.read_text("utf-8"))
    return history.Drawer(options.seed).events(options.weeks)


EXAMPLE = """
[
  {"event": "add", "folder": "01-bert", "session": {"title": "Bert", "date": "2023-03-21"}},
  {"event": "day"},
  {"event": "slides", "folder": "01-bert", "file": "Slides #2.pdf"},
  {"event": "postpone", "folder": "01-bert"},
  {"event": "remove", "folder": "01-bert"}
]
"""
PAGE = """# A history, replayed

Does readingroom keep a real group's pages correct? The group in [docs/seed.md](seed.md) kept its pages manually for
{weeks} weeks. Of its 288 commits, 224 edit the two pages: {slides} only add a link to slides, {rows} only move rows
from upcoming to previous, {repairs} fix an earlier edit, and the rest add the {sessions} sessions and change existing
ones. This test replays as many sessions, slides, fixes and edits, at random days of {weeks} weeks, against the
simulated GitHub of the tests. How many of the edits moved, cancelled, postponed or removed a session is not known; here
it is every third. Nobody moves rows: that happens in the daily run.

After every event and every day, the test checks that

- no link in any page or region leads to a file or heading that does not exist, as GitHub renders them;
- every session with a date is in exactly one list, upcoming or previous, and has its page; a free slot that nobody took
  is in neither;
- a second run makes no commit;
- a bare Git repository accepts the commits, each following the one before. At the end `git fsck` finds no error, and a
  clone contains the same files.

`make replay` does this in a few minutes, and writes this page. It runs

```sh
{command}
```

which prints

{table}

A manual edit is a person's commit that changes a generated page, the form, or the text between the markers of the
README. The history in Git shows them.

## Another history

`--events FILE` replays the events of a list instead. The tests run this one through webhook, runner, workflow and
action, as the option `--action` does:

```json
{example}
```
"""


if __name__ == "__main__":
    main()
