"""What people do to a group's files, day by day: drawn in the statistics of a real history, or read from JSON."""

# ruff: noqa: S311 -- scripts, not a package; nothing here is secret

import datetime as dt
import json
import random
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from readingroom.edit import yaml_edit
from readingroom.store import yaml_codec

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from generate import Imitator, models  # noqa: E402 -- the benchmarks are no package

START = dt.date(2023, 3, 20)
WEEKS = 75

# What the Git history of the group in docs/seed.md holds, whose pages were edited manually for 75 weeks: 288 commits,
# of which 64 touch neither of its two pages. The other 224 edit them:
SESSIONS = 48  # a new session, each at least once
SLIDES = 21  # nothing but a link to slides
ROWS = 31  # nothing but rows that go from upcoming to previous: here a day passes, and nobody does anything
REPAIRS = 31  # an earlier edit is mended
EDITS = 224 - SESSIONS - SLIDES - ROWS - REPAIRS  # the rest: what was there is changed
# How many of the edits change the plan cannot be read from it. Here it is every third.
PLANS = {"move": EDITS // 6, "cancel": EDITS // 18, "postpone": EDITS // 18, "remove": EDITS // 18}
COUNTS = {"add": SESSIONS, "edit": EDITS - sum(PLANS.values()) + REPAIRS, "slides": SLIDES, **PLANS}

# What each event needs beside its name.
KEYS = {
    "day": (),
    "add": ("folder", "session"),
    "edit": ("folder", "values"),
    "slides": ("folder", "file"),
    "move": ("folder", "date"),
    "cancel": ("folder",),
    "postpone": ("folder",),
    "remove": ("folder",),
}

SESSION = re.compile(r"sessions/[^/]+/session\.yml")
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens: a kind and what it needs, as in ``KEYS``."""

    kind: str
    about: Mapping[str, Any]

    def __str__(self) -> str:
        return " ".join([self.kind, *(str(value) for key, value in self.about.items() if key != "session")])


def read(text: str) -> list[Event]:
    """Return the events of a JSON list; raise ValueError or TypeError, with the place, if it holds anything else."""
    found = json.loads(text)
    if not isinstance(found, list):
        raise TypeError("the file does not hold a list of events")
    return [_event(number, each) for number, each in enumerate(found)]


def _event(number: int, data: Any) -> Event:
    kind = data.get("event") if isinstance(data, dict) else None
    if kind not in KEYS:
        raise ValueError(f"[{number}]: found the event {kind!r}. Wanted: {', '.join(KEYS)}.")
    about = {key: value for key, value in data.items() if key != "event"}
    if about.keys() != set(KEYS[kind]):
        raise ValueError(f"[{number}]: found {sorted(about)} for {kind}. Wanted: {sorted(KEYS[kind])}.")
    return Event(kind, about)


def changes(files: Files, event: Event) -> dict[str, bytes | None]:
    """Return what a person changes in the files of a group (None: the file goes), where an event is a person's."""
    if event.kind == "day":
        return {}
    about = event.about
    folder = f"sessions/{about['folder']}"
    path = f"{folder}/session.yml"
    match event.kind:
        case "add":
            return {path: yaml_codec.dump_yaml(about["session"]).encode()}
        case "slides":
            return {f"{folder}/{about['file']}": b"%PDF-1.7\n\xff" + random.Random(str(event)).randbytes(2_000)}
        case "remove":  # the page of the session stays for whoever made it
            return {each: None for each in files if each.startswith(f"{folder}/") and each != f"{folder}/README.md"}
        case "move":
            values = {"date": about["date"], "status": None}
        case "cancel":
            values = {"status": "cancelled"}
        case "postpone":
            values = {"status": "postponed", "date": None}
        case _:
            values = about["values"]
    if path not in files:
        raise ValueError(f"{event}: there is no such session at that time.")
    return {path: yaml_edit.update_yaml_values(path, files[path], values)}


class Drawer:
    """Draws what happens, each event possible after those before it; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.imitator = Imitator(models(), seed)
        self.today = START
        self.files: Files = {}
        self.number = 0

    def events(self, weeks: int) -> Iterator[Event]:
        """Yield as many events as so many weeks hold, on days by chance; one that is not possible yet waits."""
        days = weeks * 7
        counts = {kind: round(count * weeks / WEEKS) for kind, count in COUNTS.items()}
        due = [(self.random.randrange(days), kind) for kind, count in counts.items() for _ in range(count)]
        self.random.shuffle(due)
        for day in range(days):
            for each in [each for each in due if each[0] <= day]:
                if event := getattr(self, f"_{each[1]}")():
                    due.remove(each)
                    changed = {**self.files, **changes(self.files, event)}
                    self.files = {path: content for path, content in changed.items() if content is not None}
                    yield event
            self.today += dt.timedelta(days=1)
            yield Event("day", {})

    def _plans(self) -> dict[str, dict[str, Any]]:
        """Return what the session files say, by their folders."""
        files = {path.split("/")[1]: content for path, content in self.files.items() if SESSION.fullmatch(path)}
        return {folder: yaml.load(content, yaml.CBaseLoader) for folder, content in files.items()}  # noqa: S506

    def _some(self, **wanted: bool) -> str:
        """Return a folder by chance whose session is (not) dated, to come, or settled; or an empty text."""
        found = [
            folder
            for folder, plan in self._plans().items()
            if wanted.items()
            <= {
                "dated": "date" in plan,
                "ahead": plan.get("date", "") >= str(self.today),
                "plain": "status" not in plan,
            }.items()
        ]
        return self.random.choice(found) if found else ""

    def _monday(self) -> str:
        weeks = self.random.randint(1, 5)
        return str(self.today + dt.timedelta(days=7 * weeks - self.today.weekday()))

    def _add(self) -> Event:
        self.number += 1
        session = self.imitator.session() | {"date": self._monday()}
        session.pop("status", None)
        before = self._some(dated=True, plain=True)
        if session.pop("continues", None) and before:
            session["continues"] = before
        chance = self.random.random()
        if chance < 0.08:
            session = {"date": session["date"], "status": "open"}
        elif chance < 0.16:
            session = {key: value for key, value in session.items() if key != "date"} | {"status": "proposed"}
        elif chance < 0.2:
            session = {key: value for key, value in session.items() if key != "title"} | {"status": "tbc"}
        words = "".join(letter if letter.isalnum() else " " for letter in session.get("title", "session").lower())
        name = "-".join(words.encode("ascii", "ignore").decode().split()[:4])[:40].strip("-")
        return Event("add", {"folder": f"{self.number:02}-{name or 'session'}", "session": session})

    def _edit(self) -> Event | None:
        if not (folder := self._some()):
            return None
        plan = self._plans()[folder]
        other = self.imitator.session()
        choices: list[dict[str, str | None]] = [
            {"title": other["title"]},
            {"room": self.random.choice(["Enigma", "Mae Jemison", "Ursula Franklin"])},
            {"time": self.random.choice(["14:30", "10:00"])},
        ]
        if plan.get("status") in {"open", "tbc"}:
            choices = [{"title": other["title"], "status": None}]
        return Event("edit", {"folder": folder, "values": self.random.choice(choices)})

    def _slides(self) -> Event | None:
        folder = self._some(dated=True, ahead=False, plain=True)
        name = self.random.choice(["slides.pdf", "Slides (final) #2.pdf", "Größe.pptx", "notebook.ipynb"])
        return Event("slides", {"folder": folder, "file": name}) if folder else None

    def _move(self) -> Event | None:
        folder = self._some(dated=True, ahead=True, plain=True) if self.random.random() < 0.7 else ""
        folder = folder or self._some(dated=False)  # a new date for what was postponed or proposed
        return Event("move", {"folder": folder, "date": self._monday()}) if folder else None

    def _cancel(self) -> Event | None:
        folder = self._some(dated=True, ahead=True, plain=True)
        return Event("cancel", {"folder": folder}) if folder else None

    def _postpone(self) -> Event | None:
        folder = self._some(dated=True, ahead=True, plain=True)
        return Event("postpone", {"folder": folder}) if folder else None

    def _remove(self) -> Event | None:
        folder = self._some()
        if not folder or folder in {plan.get("continues") for plan in self._plans().values()}:
            return None
        return Event("remove", {"folder": folder})
