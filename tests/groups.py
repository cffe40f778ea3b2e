"""Groups for tests: from a few words to all the files of a group, in memory or on disk."""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

import strategies
from readingroom.core.diagnostics import Diagnostic
from readingroom.core.stray_files import is_stray_name
from readingroom.core.tree import Tree, find_picture_paths
from readingroom.render import build as job
from readingroom.render.build import BuildResult
from readingroom.store.catalogue import Catalogue, read_catalogue
from warm import warm

Files = dict[str, bytes]
Data = Mapping[str, Any]

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2024, 1, 15)  # a Monday
README = "# A group\n\n" + "\n\n".join(
    f"<!-- readingroom:begin {name} -->\n<!-- readingroom:end {name} -->" for name in ("next", "upcoming", "previous")
)
READING = [{"heading": "Main", "items": [{"title": "A paper", "url": "https://example.org/paper"}]}]


def files(sessions: Mapping[str, Data], others: Mapping[str, str | bytes] | None = None, **group: Any) -> Files:
    """Return the files of a group with these sessions, by path; ``group`` is what its readingroom.yml says."""
    configuration = {"name": "Robots in Disguise", "time_zone": "Europe/London", **group}
    made = {"readingroom.yml": yaml_text(configuration)}
    made |= {f"sessions/{folder}/session.yml": yaml_text(data) for folder, data in sessions.items()}
    return {path: _bytes(text) for path, text in {**made, **(others or {})}.items()}


def yaml_text(data: Data) -> str:
    """Return YAML that another program might have written: every text that could be something else is quoted."""
    return str(yaml.dump(dict(data), Dumper=_Dumper, sort_keys=False, width=100_000)) if data else ""


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- the same list twice is written twice
        return True


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def tree(made: Files) -> Tree:
    """Return what reading the files from disk would give."""
    found = Tree()
    for path, content in made.items():
        top, *below = path.split("/")
        if top == "sessions" and any(map(is_stray_name, below[:2])):
            continue
        if top == "sessions" and len(below) > 1:
            listing = found.listings.setdefault(below[0], {})
            if len(below) > 2:
                listing[below[1]] = -1
            elif below[1] not in {"session.yml", "README.md"}:
                listing[below[1]] = len(content)
                continue
        found.contents[path] = content
    found.pictures.update(dict.fromkeys(find_picture_paths(made.get("readingroom.yml", b"")), ""))
    return found


def catalogue(sessions: Mapping[str, Data], **group: Any) -> Catalogue:
    return catalogue_of(files(sessions, **group))


def catalogue_of(made: Files) -> Catalogue:
    return read_catalogue(tree(made))


def outcome(made: Files, today: dt.date = TODAY, *, force: bool = False) -> BuildResult:
    return job.build_pages(tree(made), lambda _zone: today, force=force)


def built(made: Files, today: dt.date = TODAY, *, force: bool = False) -> Files:
    """Return all files as they are after a build."""
    after = dict(made)
    for path, content in outcome(made, today, force=force).changes.items():
        if content is None:
            del after[path]
        else:
            after[path] = content
    return after


def outline(found: Iterable[Diagnostic]) -> list[str]:
    """Return the place, code and key of each diagnostic: what tests assert of it, as its wording is held once."""
    return [f"{each.location} [{each.code}] {each.key}".rstrip() for each in found]


def reported(printed: str) -> list[str]:
    """Return the place, severity, code and key of each diagnostic in what a command printed."""
    plain = re.sub(r"\x1b\[\d+m", "", printed)
    line = r"^(\S.*?: (?:error|warning|info) \[[a-z0-9-]+\])(?: ((?:region )?[\w.\[\]]+):(?= ))?"
    return [" ".join(filter(None, found)) for found in re.findall(line, plain, re.MULTILINE)]


def region(made: Files, name: str) -> str:
    """Return the text between two markers of the README."""
    marked = re.search(
        rf"<!-- readingroom:begin {name}[^\n]*\n(.*?)^<!-- readingroom:end {name} -->$",
        made["README.md"].decode(),
        re.DOTALL | re.MULTILINE,
    )
    return marked[1] if marked else ""


def page(made: Files, path: str = "README.md", today: dt.date = TODAY) -> str:
    """Return the text of one page after a build."""
    return built(made, today)[path].decode()


def write(root: Path, made: Mapping[str, str | bytes]) -> Path:
    """Put the files on disk, in the order given."""
    for path, content in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(_bytes(content))
    return root


def read(root: Path) -> Files:
    """Return every file below a folder."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    """Return for each file what changes when it is written: its inode and its time of change."""
    found = {path.relative_to(root).as_posix(): path.stat() for path in sorted(root.rglob("*")) if path.is_file()}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "readingroom", *arguments]


def run(root: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command line in a folder, with its output in pipes."""
    whole = {**os.environ, **(env or {})}
    if env and any(key.startswith(("PYTHON", "LC_")) for key in env):  # what Python looks at when it starts
        return subprocess.run(
            command(*arguments), cwd=root, env=whole, stdin=subprocess.DEVNULL, capture_output=True,
            encoding="utf-8", timeout=WITHIN, check=False,
        )  # fmt: skip
    code, out, err = warm().run(root, list(arguments), whole, WITHIN)
    return subprocess.CompletedProcess(command(*arguments), code, out.decode(), err.decode())


WITHIN = 60  # seconds


# Titles that are like the headings around them.
_TITLES = st.sampled_from(
    [
        "2024-01-08",
        "2024-01-08 1",
        "Previous sessions",
        "Material for sessions",
        "Attention",
        "attention 1",
        "???",
        "May",
    ],
)
DAYS = st.dates(dt.date(2022, 12, 20), dt.date(2024, 2, 10))
_DATES = st.sampled_from(["2023-12-31", "2024-01-08", "2024-01-15", "2024-01-22"]) | DAYS.map(str)
_GROUPS = st.fixed_dictionaries(
    {},
    optional={
        "order": st.sampled_from(["newest-first", "oldest-first"]),
        "date_format": st.sampled_from(["dd/MM/yy", "EEEE d MMMM yyyy", "d MMM", "MMMM d"]),
        "locale": st.sampled_from(["en_GB", "de_DE", "el_GR", "tr_TR"]),
        "repository": st.just("https://github.com/example/reading-group"),
        "upcoming": st.integers(1, 3),
        "previous": st.integers(1, 3),
        "time": st.just("11:00"),
    },
)


@st.composite
def _sessions(draw: st.DrawFn, earlier: list[str]) -> Data:
    data = draw(strategies.SESSIONS)
    if draw(st.booleans()):
        data["title"] = draw(_TITLES)
    if earlier and draw(st.booleans()):
        data["continues"] = draw(st.sampled_from(earlier))
    if draw(st.integers(0, 3)):
        return {**data, "date": draw(_DATES)}
    status = draw(st.sampled_from([{}, {"status": "proposed"}, {"status": "postponed"}]))
    return {key: value for key, value in data.items() if key not in {"date", "status"}} | status


@st.composite
def groups(draw: st.DrawFn, max_sessions: int = 6) -> Files:
    """Draw the files of a valid group: any sessions, with titles, names and links that are hard to show."""
    names = [f"{number:02}-s" for number in range(draw(st.integers(0, max_sessions)))]
    sessions = {name: draw(_sessions(names[:place])) for place, name in enumerate(names)}
    others = {"README.md": README} if draw(st.booleans()) else {}
    return files(sessions, others, **draw(_GROUPS))
