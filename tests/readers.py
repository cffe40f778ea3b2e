"""Calendars as three other libraries read them: icalendar, vobject and ical.js."""

import atexit
import datetime as dt
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

import icalendar
import vobject
from dateutil import tz

_SCRIPT = Path(__file__).parent / "browser" / "read-calendars.mjs"
Moment = str | int  # a day, or seconds since 1970


class ReadEvent(NamedTuple):
    uid: str
    summary: str
    location: str
    description: str
    status: str
    start: Moment
    end: Moment


def _to_moment(value: dt.date) -> Moment:
    return int(value.timestamp()) if isinstance(value, dt.datetime) else value.isoformat()


def _read_with_icalendar(content: bytes) -> Iterable[ReadEvent]:
    for each in icalendar.Calendar.from_ical(content.decode()).walk("VEVENT"):
        texts = [str(each.get(key, "")) for key in ("UID", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS")]
        yield ReadEvent(*texts, _to_moment(each["DTSTART"].dt), _to_moment(each["DTEND"].dt))


def _read_with_vobject(content: bytes) -> Iterable[ReadEvent]:
    # It keeps the first zone of a name for all calendars, and takes one that was UTC's from 2000 to 2020 for UTC.
    zones = tz.tzical(io.StringIO(content.decode()))
    for name in zones.keys():  # noqa: SIM118 -- it is no mapping
        vobject.icalendar.registerTzid(name, zones.get(name))
    found = vobject.readOne(content.decode())
    for each in found.contents.get("vevent", ()):
        keys = ("uid", "summary", "location", "description", "status")
        texts = [each.contents[key][0].value if key in each.contents else "" for key in keys]
        yield ReadEvent(*texts, _to_moment(each.dtstart.value), _to_moment(each.dtend.value))


def _read_with_ical_js(content: bytes) -> Iterable[ReadEvent]:
    write, read = _start_ical_js()
    write.write(f"{json.dumps(content.decode())}\n")
    write.flush()
    for each in json.loads(read.readline()):
        yield ReadEvent(**{key: "" if value is None else value for key, value in each.items()})


@cache
def _start_ical_js() -> tuple[IO[str], IO[str]]:
    """Start Node once: it takes longer than reading a hundred calendars."""
    node = shutil.which("node", path=str(Path(sys.executable).parent))
    assert node, "make unit installs it"
    process = subprocess.Popen([node, str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    atexit.register(process.kill)
    assert process.stdin
    assert process.stdout
    return process.stdin, process.stdout


READERS: dict[str, Callable[[bytes], Iterable[ReadEvent]]] = {
    "icalendar": _read_with_icalendar,
    "vobject": _read_with_vobject,
    "ical.js": _read_with_ical_js,
}


def read_all(content: bytes) -> dict[str, list[ReadEvent]]:
    """Return the events of a calendar, by the library that has read them."""
    return {name: list(read(content)) for name, read in READERS.items()}
