"""Write a group of N sessions in the statistics of this repository's own, and the same sessions as a Hugo site.

    python benchmarks/generate.py N FOLDER [--hugo FOLDER [--whole]]

Each session takes the shape of one of ours, drawn at random: its leads, sections, items, notes and resources, and
the number of words of each text. Its words are drawn from ours, and its addresses keep nothing but host and length,
so that no cache of rendered text helps. The same N gives the same bytes.
"""

import argparse
import datetime as dt
import math
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from readingroom.store import yaml_codec

HERE = Path(__file__).parent
ROOT = HERE.parent
TODAY = dt.date(2026, 1, 1)
UPCOMING = 8
WEEKS = 1_500  # at most, which is 29 years
DIVIDED_FROM = 1_000  # where GitHub's limits make readingroom divide the archive into years

README = """\
# Robots in Disguise

<!-- readingroom:begin next -->
<!-- readingroom:end next -->

## Upcoming sessions

<!-- readingroom:begin upcoming -->
<!-- readingroom:end upcoming -->

## Previous sessions

<!-- readingroom:begin previous -->
<!-- readingroom:end previous -->
"""

_DRAWN = frozenset({"title", "name", "note", "abstract"})
_WITHIN_PATH = re.compile("%..|[A-Za-z0-9]")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Session = dict[str, Any]


class Imitator:
    """Makes sessions like those it is given."""

    def __init__(self, models: list[Session], seed: int) -> None:
        self.models = models
        self.random = random.Random(seed)
        self.words: dict[str, list[str]] = defaultdict(list)
        for key, text in _texts("", models):
            self.words[key] += text.split()

    def session(self) -> Session:
        return {key: self._like(key, value) for key, value in self.random.choice(self.models).items()}

    def _like(self, key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._like(key, each) for each in value]
        if isinstance(value, dict):
            return {inner: self._like(_place(key, inner), each) for inner, each in value.items()}
        if key in _DRAWN:
            return " ".join(self.random.choices(self.words[key], k=len(value.split())))
        return self._address(value) if key == "url" else value

    def _address(self, url: str) -> str:
        scheme, host, path = re.fullmatch("([a-z]+://)([^/]+)(.*)", url).groups()  # type: ignore[union-attr]
        return scheme + host + _WITHIN_PATH.sub(lambda found: self._letter(found[0]), path)

    def _letter(self, found: str) -> str:
        return found if found.startswith("%") else self.random.choice(_LETTERS)


def _place(outer: str, inner: str) -> str:
    """Return a key's name; the titles of resources are words such as Slides, which stay as they are."""
    return "label" if (outer, inner) == ("resources", "title") else inner


def _texts(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(key, each)
    elif isinstance(value, dict):
        for inner, each in value.items():
            yield from _texts(_place(key, inner), each)
    elif key in _DRAWN:
        yield key, value


def models() -> list[Session]:
    """Return this repository's sessions, without the shelf."""
    files = sorted((ROOT / "sessions").glob("*/session.yml"))
    found = [yaml_codec.read_yaml(str(file), file.read_bytes()) for file in files]
    return [each for each in found if "date" in each]


def sessions(count: int) -> dict[str, Session]:
    """Return so many sessions by the names of their folders, in the order of their dates."""
    imitator = Imitator(models(), seed=count)
    made: dict[str, Session] = {}
    previous = ""
    for number, (date, time) in enumerate(_moments(count), 1):
        session = imitator.session() | {"date": date.isoformat()}
        if time:
            session["time"] = time
        if session.pop("continues", None) and previous:
            session["continues"] = previous
        previous = f"{number:0{len(str(count))}}-{_slug(session['title'])}"
        made[previous] = session
    return made


def _slug(title: str) -> str:
    words = re.findall("[a-z0-9]+", title.lower())
    return "-".join(words[:4])[:40].strip("-") or "session"


def _moments(count: int) -> Iterator[tuple[dt.date, str]]:
    """Yield distinct dates and times, the last few still to come; an empty time is the group's usual one."""
    weekly = math.ceil(count / WEEKS)
    first = TODAY - dt.timedelta(weeks=max(0, count - UPCOMING) // weekly)
    for number in range(count):
        week, place = divmod(number, weekly)
        again, day = divmod(place, 7)
        yield first + dt.timedelta(weeks=week, days=day), f"{11 + again // 3}:{again % 3 * 20:02}" if again else ""


def write_group(folder: Path, made: Mapping[str, Session]) -> None:
    """Write a group's repository without its generated pages."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "readingroom.yml", folder)
    (folder / "README.md").write_text(README, "utf-8")
    for name, session in made.items():
        _write(folder / "sessions" / name / "session.yml", yaml_codec.dump_yaml(session))


def write_hugo(folder: Path, made: Mapping[str, Session], *, is_whole: bool = False) -> None:
    """Write the same sessions as a Hugo site: a page bundle each, in a folder for its year where ours divides.

    It makes the pages that ``readingroom build`` writes, or the whole site that ``readingroom site`` does.
    """
    shutil.copytree(HERE / "hugo-site", folder)
    if is_whole:
        shutil.copytree(HERE / "hugo-whole", folder, dirs_exist_ok=True)
    continued = _continued(made)
    years = {each["date"][:4] for each in made.values()} if is_whole or len(made) >= DIVIDED_FROM else ()
    _write(folder / "content/sessions/_index.md", _front_matter({"title": "Previous sessions"}))
    for year in years:
        _write(folder / f"content/sessions/{year}/_index.md", _front_matter({"title": f"Sessions of {year}"}))
    for name, session in made.items():
        place = f"{session['date'][:4]}/{name}" if years else name
        text = _hugo_page(session, continued.get(name, ()), is_whole=is_whole)
        _write(folder / "content/sessions" / place / "index.md", text)


def _continued(made: Mapping[str, Session]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for name, session in made.items():
        if "continues" in session:
            parts[session["continues"]].append(name)
    return parts


def _hugo_page(session: Session, parts: Iterable[str], *, is_whole: bool) -> str:
    """Return a session as Hugo wants it: what it knows at the top, the rest as parameters, the abstract as text.

    For the whole site the leads are a taxonomy too, so that each has a page.
    """
    rest = {key: value for key, value in session.items() if key not in {"title", "date", "time", "abstract"}}
    moment = f"{session['date']}T{session.get('time', '11:00')}:00Z"
    head = {"title": session["title"], "date": moment}
    if is_whole:
        rest["people"] = rest.pop("leads", [])
        head["leads"] = [each["name"] for each in rest["people"]]
    head["params"] = rest | ({"parts": list(parts)} if parts else {})
    return f"{_front_matter(head)}{session.get('abstract', '')}"


def _front_matter(data: Mapping[str, Any]) -> str:
    return f"---\n{yaml_codec.dump_yaml(data)}---\n"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a group of N sessions like this repository's own.")
    parser.add_argument("count", metavar="N", type=int)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a new folder for the group's repository")
    parser.add_argument("--hugo", metavar="FOLDER", type=Path, help="a new folder for the same sessions as a Hugo site")
    parser.add_argument("--whole", action="store_true", help="of the files that readingroom site writes")
    wanted = parser.parse_args()
    made = sessions(wanted.count)
    write_group(wanted.folder, made)
    if wanted.hugo:
        write_hugo(wanted.hugo, made, is_whole=wanted.whole)


if __name__ == "__main__":
    main()
