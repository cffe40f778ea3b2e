"""Files of many kinds, valid and not, and what readingroom and two other programs say of each."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from check_jsonschema.formats import FormatOptions
from check_jsonschema.instance_loader import InstanceLoader
from check_jsonschema.parsers import ParseError
from check_jsonschema.regex_variants import RegexImplementation, RegexVariantName
from check_jsonschema.schema_loader import SchemaLoader

from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import ANNOUNCED_PATH, CONFIGURATION, Tree
from readingroom.store import catalogue, revisions, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PROGRAMS = Path(sys.executable).parent
SCRIPT = Path(__file__).parent / "browser" / "validate-files.mjs"
SCHEMAS = Path(__file__).parent.parent / "schema"
PER_CLASS = 200
Rng = random.Random


class File(NamedTuple):
    """A file of a class; ``schema`` is the name of the schema that it is written for."""

    kind: str
    schema: str
    text: str


# What goes into files: values as they are typed, after the colon of a key.

NOTHING = ["", "null", "~", "Null", "NULL", "# nothing"]
NUMBERS = ["0", "5", "101", "1984", "-5", "3.14", "1.10", "007", "1e3", "0x1F", "0o17", "123456789012", "-0.5", "+1"]
WORDS = ["true", "false", "True", "FALSE", "yes", "NO", "on", "Off", "y", "n"]
TEXTS = ["Rings", "Ada Lovelace", "C# in depth", "it's", "a -- b", "é 🙂 量子", "16:00", "2026-03-20", "1.2.3", "10%"]
QUOTED = ['"Rings: a talk"', "'101'", '"null"', "'~'", '"true"', "'A # B'", '"[x]"', '"\\u00e9"', "'it''s'"]
LISTS = ["[]", "[x]", "[1, 2]", "{}", "{a: b}", "{name: Ada}", "[{name: Ada}]", "[[x]]"]
BLANKS = [
    '""',
    "''",
    '" "',
    "'   '",
    '"\\u200b"',
    '"\\u00a0"',
    '"\\u3164"',
    '"\\u2800 "',
    '"\\t"',
    '"\\n"',
    '"\\U000e0041"',
]
CONTROLS = ['"a\\x07b"', '"\\x1b[0m"', '"a\\0"', '"\\x7f"', '"a\\ufffeb"']
URLS = [
    *("https://example.org", "http://a", "HTTPS://EXAMPLE.ORG/?", "https://a.b/c?d=e#f", "https://u:p@a.b:80/"),
    *("https://[::1]/", "https://[1:2:3:4:5:6:7:8]:80", "https://a/x[1]", "'https://a b'", "https://a.b/℀",
        "https://a?b[c"),
    *("https://é.de", "https://", "https:///x", "'https:// x'", "ftp://a.b", "javascript:alert(1)", "www.a.b", "//a.b"),
    *("https://[abc/", "https://a]b", "https://[::::]/", "https://[1::2::3]", "https://a℀.b/x", "https://a：80",
        "https://[::1]x"),
    *('"https://a\\n"', '"https://a/\\u0007"', "5", "true", "[https://a.b]", "a", "a@b.c", "https:/a"),
    *("https://" + "a" * 2040, "https://" + "a" * 2041),
]  # fmt: skip
DATES = [
    *("2026-03-20", "'2026-03-20'", "2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29"),
    *("2026-3-20", "20.03.2026", "20/03/2026", "20260320", "2026-W12-5", "2026-079", "26-03-20", "March 20", "2026"),
    *("2026-03", "2026-03-20T11:00", "2026-03-20 11:00:00", "2026-03-20T11:00:00Z", "2026/03/20", "0000-01-01",
        "٢٠٢٦-٠٣-٢٠", "soon"),
    *('"2026-03-20\\n"', '" 2026-03-20"', "[2026-03-20]", "2026-03-20 (Friday)", "-2026-03-20", "12026-03-20", "true"),
]  # fmt: skip
NO_DAYS = [
    "2026-02-30",
    "2025-02-29",
    "1900-02-29",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "2026-01-32",
]
TIMES = [
    *("11:00", "'09:30'", "00:00", "23:59", "19:05"),
    *("24:00", "9:30", "11:60", "11", "11.00", "1100", "11:00:00", "11:00 am", "3pm", "11h", '"11:00\\n"', "1１:00"),
    *("noon", "true", "[11:00]", "11:00-12:00", "11:00Z", "''", "-11:00", "11:0", "690", "11:00 # start"),
]  # fmt: skip
COUNTS = [
    *("1", "60", "90", "90.0", "200", "1440", "60.000", "15 # short"),
    *("0", "-5", "1441", "10081", "1.5", "60.5", "'60'", '"60"', "60 min", "1h", "true", "[60]", "{a: 1}", "-0"),
]  # fmt: skip
STATUSES = ["confirmed", "tbc", "postponed", "cancelled", "open", "proposed", "'open'"]
NO_STATUSES = ["Confirmed", "canceled", "shelf", "5", "true", "[open]", "''", "open?", "TBC"]

# Where a value may be: the lines of a file with the value in them, by the key.

Lines = dict[str, str]
TEXT_PLACES: dict[str, Callable[[str], Lines]] = {
    **{key: partial(lambda key, value: {key: value}, key) for key in ("title", "kind", "room", "abstract")},
    "affiliation": lambda value: {"leads": f"\n- name: Ada\n  affiliation: {value}"},
    "heading": lambda value: {"material": f"\n- heading: {value}\n  items:\n  - title: A"},
    "section note": lambda value: {"material": f"\n- note: {value}\n  items: [{{title: A}}]"},
    "item title": lambda value: {"material": f"\n- items:\n  - title: {value}\n    url: https://a.b"},
    "item note": lambda value: {"material": f"\n- items:\n  - title: A\n    note: {value}"},
    "link note": lambda value: {"material": f"\n- heading: A\n  items:\n  - url: http://a\n    note: {value}"},
}  # fmt: skip
REQUIRED_PLACES: dict[str, Callable[[str], Lines]] = {
    "name": lambda value: {"leads": f"\n- url: https://a.b\n  name: {value}"},
    "second name": lambda value: {"leads": f"\n- name: Ada\n- name: {value}"},
    "resource": lambda value: {"resources": f"\n- title: {value}\n  url: https://a.b"},
    "only title": lambda value: {"material": f"\n- items:\n  - title: {value}"},
    "only note": lambda value: {"material": f"\n- note: {value}"},
}
URL_PLACES: dict[str, Callable[[str], Lines]] = {
    "lead": lambda value: {"leads": f"\n- name: Ada\n  url: {value}"},
    "item": lambda value: {"material": f"\n- items:\n  - url: {value}\n    title: A"},
    "only url": lambda value: {"material": f"\n- items:\n  - url: {value}"},
    "resource": lambda value: {"resources": f"\n- title: A\n  url: {value}"},
}
GROUP_TEXTS: dict[str, Callable[[str], Lines]] = {
    **{key: partial(lambda key, value: {key: value}, key) for key in ("room", "venue")},
    "text": lambda value: {"site": f"\n  text: {value}"},
}
COUNT_PLACES: dict[str, Callable[[str], Lines]] = {
    **{key: partial(lambda key, value: {key: value}, key) for key in ("duration", "upcoming", "previous")},
    "alarm": lambda value: {"site": f"\n  alarm: {value}"},
}
TYPED = ["date", "time", "duration", "status", "leads", "material", "resources"]
GROUP_TYPED = ["day", "time", "duration", "rooms", "kinds", "ignore", "order", "upcoming", "previous", "site"]
BASE = {
    "title": ["Rings", "'Rings: a talk'", "1984", "Über Ringe", '"A \\u00e9 B"', ""],
    "date": ["2026-03-20", "'2027-01-31'"],
    "time": ["11:00", "'09:30'", ""],
    "room": ["101", "David Blackwell", "B12 # upstairs"],
    "kind": ["Technical", "true", "Discussion"],
}


def join(lines: Lines) -> str:
    return "".join(f"{key}:{'' if value[:1] in {'', chr(10)} else ' '}{value}\n" for key, value in lines.items())


def session(rng: Rng, own: Lines) -> str:
    """Return a valid session file with some lines of its own."""
    base = {key: rng.choice(values) for key, values in BASE.items() if rng.random() < 0.4}
    lines = [*{**base, **own}.items()]
    rng.shuffle(lines)
    return join(dict(lines))


def group(rng: Rng, own: Lines) -> str:
    """Return a valid group's file with some lines of its own."""
    base = {
        "name": rng.choice(["Robots", "'A: B'", "1984"]),
        "time_zone": rng.choice(["Europe/London", "UTC", "Asia/Tokyo"]),
    }
    more = {
        "time": "11:00",
        "duration": "60",
        "kinds": "[Technical, Discussion]",
        "order": "oldest-first",
        "venue": "5",
    }
    lines = [*{**base, **{key: more[key] for key in more if rng.random() < 0.3}, **own}.items()]
    rng.shuffle(lines)
    return join(dict(lines))


Written = tuple[str, str]  # the name of a schema, and a text
Places = dict[str, "Callable[[str], Lines]"]


def place(values: Sequence[str], places: Places, others: Places | None = None) -> Callable[[Rng], Written]:
    """Return a writer of files with any of the values at any place: of sessions, and of groups at the others."""

    def write(rng: Rng) -> Written:
        if others and (not places or rng.random() < 0.3):
            return "group", group(rng, rng.choice([*others.values()])(rng.choice(values)))
        return "session", session(rng, rng.choice([*places.values()])(rng.choice(values)))

    return write


def keys(*names: str) -> Places:
    return {name: partial(lambda name, value: {name: value}, name) for name in names}


def write_missing(rng: Rng) -> Written:
    if rng.random() < 0.3:
        lines = {"name": "Robots", "time_zone": "UTC", "room": "5", "day": "Monday", "site": "\n  alarm: 5"}
        return "group", join({key: lines[key] for key in rng.sample([*lines], rng.randint(1, 5))})
    person = rng.sample(["name: Ada", "url: https://a.b", "affiliation: X"], rng.randint(1, 3))
    resource = rng.sample(["title: Slides", "url: https://a.b"], rng.randint(1, 2))
    item = rng.sample(["title: A", "url: https://a.b", "note: x", "items: [{title: B}]"], rng.randint(1, 3))
    section = rng.sample(["heading: Main", "note: x", f"items: [{{{', '.join(item)}}}]"], rng.randint(1, 3))
    lists = {"leads": person, "resources": resource, "material": section}
    chosen = rng.sample([*lists], rng.randint(1, 2))
    return "session", session(rng, {key: "\n- " + "\n  ".join(lists[key]) for key in chosen})


def write_status(rng: Rng) -> Written:
    lines = {"title": "Rings"}
    if rng.random() < 0.9:
        lines["status"] = rng.choice([*STATUSES, *STATUSES, *NO_STATUSES, *NOTHING])
    if rng.random() < 0.6:
        lines["date"] = rng.choice(["2026-03-20", "2026-03-21", *NOTHING])
    if rng.random() < 0.5:
        lines["room"] = rng.choice(TEXTS)
    order = rng.sample([*lines], len(lines))
    return "session", join({key: lines[key] for key in order})


def write_leads(rng: Rng) -> Written:
    name = rng.choice([*TEXTS, *QUOTED])
    form = rng.choice([
        "{}", "[{}]", "\n- {}", "\n- name: {}", "\n  name: {}", "\n- name: {}\n- name: Bob",
        "[{{name: Ada}}, {{name: Bob}}] # {}", "\n- [{}]", "\n- {{}}", "\n- name: [{}]",
        "\n- name: {}\n  affiliation: 5",
        "\n- Ada\n- name: {}", "\n- name: {}\n  email: a@b.c", "\n-", "\n- name: {}\n-", "\n  ada: {}",
        "\n- - name: {}",
        "\n- name:\n    first: {}", "\n- url: https://a.b\n  name: {}\n- {{name: A, affiliation: B}}",
    ])  # fmt: skip
    return "session", session(rng, {"leads": form.format("'A, B'" if "[" in form and "," in name else name)})


def write_item(rng: Rng, depth: int) -> str:
    """Return an item of the material in one line, with items below it."""
    parts = rng.sample(["title: A", "url: https://a.b", "note: 5", "title: 1984", "url: a", "x: 1"], 2)
    parts = list({part.partition(":")[0]: part for part in parts}.values())
    if depth and rng.random() < 0.8:
        below = [write_item(rng, depth - 1) for _ in range(rng.randint(0, 2))]
        parts.append(f"items: [{', '.join(below)}]")
    return f"{{{', '.join(parts)}}}" if rng.random() < 0.95 else "A"


def write_nested(rng: Rng) -> Written:
    items = ", ".join(write_item(rng, rng.randint(0, 6)) for _ in range(rng.randint(1, 2)))
    return "session", session(rng, {"material": f"\n- heading: Main\n  items: [{items}]"})


def write_deep(rng: Rng, wrong: Sequence[str]) -> str:
    text = rng.choice(wrong if rng.random() < 0.5 else ["{title: A}", "{url: https://a.b}", "{title: 5, note: x}"])
    for _ in range(rng.randint(1, 12)):
        text = f"{{{rng.choice(['title: B', 'url: http://b', 'title: 7, note: true'])}, items: [{text}]}}"
    return text


def write_unknown(rng: Rng) -> Written:
    name = rng.choice(
        ["leeds", "titel", "x", "Title", "date ", "1", "true", "name", "url", "items", "note", "heading", "'a b'"]
    )
    value = rng.choice(["x", "5", "", "null", "[]", "{}", "''", "true"])
    line = f"{name}: {value}"
    own = rng.choice([
        {name: value}, {"leads": f"\n- name: Ada\n  {line}"}, {"resources": f"\n- title: A\n  url: http://a\n  {line}"},
        {"material": f"\n- items:\n  - url: http://a\n    {line}"}, {"material": f"\n- heading: A\n  {line}"},
    ])  # fmt: skip
    if rng.random() < 0.2:
        return "group", group(
            rng, rng.choice([{name: value}, {"site": f"\n  {line}"}]) if name != "name" else {"x": value}
        )
    # A key of which there is one already would be there twice.
    taken = {"leads": {"name"}, "resources": {"url"}, "material": {"url", "heading"}}
    return "session", session(rng, {"x": value} if any(name in taken.get(key, ()) for key in own) else own)


def write_long(rng: Rng) -> Written:
    letter, most = rng.choice(["a", "é", "🙂", "a "]), 300
    make = rng.choice([*TEXT_PLACES.values(), *REQUIRED_PLACES.values()])
    lines = make("X")
    if any("note: X" in each for each in lines.values()):
        most = 2000
    if "abstract" in lines:
        most = rng.choice([300, 20000])
    length = most + rng.choice([-1, 0, 1, 20])
    text = (letter * length)[: length - 1] + "z"
    kind = rng.random()
    if kind < 0.7:
        return "session", session(rng, make(f"'{text}'"))
    if kind < 0.8:
        return "session", session(rng, {"leads": "\n" + "\n".join(["- name: A"] * rng.choice([50, 51]))})
    if kind < 0.9:
        return "group", group(rng, {"rooms": f"[{', '.join(f'R{each}' for each in range(rng.choice([100, 101])))}]"})
    return "group", group(rng, {rng.choice(["room", "venue"]): f"'{text[: rng.choice([300, 301])]}'"})


def write_styles(rng: Rng) -> Written:
    """Write one file in the ways in which YAML allows it."""
    text = rng.choice(["Rings", "A longer title", "Über", "x"])
    title = rng.choice([
        f"title: {text}", f"title: '{text}'", f'title: "{text}"', f"title:    {text}   ", f"title:\n  {text}",
        f"title: >-\n  {text}\n  more",
        f"title: |-\n  {text}", f"title: {text} # why", f"'title': {text}", f'"title": {text}', f"? title\n: {text}",
        f"title: {text}\n  more",
        f'title: "{text}\\\n  more"', f"# first\ntitle: {text}", f"\n\ntitle: {text}\n\n", f"title: {text}\n...",
        f"---\ntitle: {text}",
    ])  # fmt: skip
    if rng.random() < 0.2:
        return "session", json.dumps({"title": text, "leads": [{"name": text}], "duration": rng.choice([60, 0, "60"])})
    more = rng.choice(
        [
            "leads: [{name: Ada}]\n",
            "leads:\n- name: Ada\n",
            "leads:\n  - name: Ada\n",
            "leads:\n    -   name: Ada\n",
            "",
        ]
    )
    wrong = rng.choice(["", "", "", "duration: 0\n", "room: ''\n", "status: no\n", "x: 1\n"])
    made = f"{wrong}{title}\n" if title.endswith("...") else f"{title}\n{more}{wrong}"
    made = made.replace("\n", rng.choice(["\n", "\r\n"]))
    return "session", rng.choice(["", "\ufeff"]) + (
        made if title.startswith("---") else rng.choice(["", "---\n", "# x\n"]) + made
    )


def write_slips(rng: Rng) -> Written:
    """Write files that are not YAML, or are another thing than a group of keys."""
    text = rng.choice(["Rings", "x", "Ada", "é"])
    return "session", rng.choice([
        f"title: {text}: a talk\n", f"title: '{text}\n", f'title: "{text}\n', f"title: [{text}\n",
        f"title: {{a: {text}\n", f"title: @{text}\n",
        f"title: `{text}`\n", f"title: %{text}\n", f"title: {text}\n room: x\n", f"\ttitle: {text}\n",
        f"title: {text}\nroom\n", f'title: "\\q{text}"\n',
        f"- title: {text}\n", f"{text}\n", f"'{text}'\n", f"[{text}]\n", "5\n", "true\n",
        f"title: {text}\n---\ntitle: {text}\n", f"title: '{text}' x\n",
        f"title: ]{text}\n", f"leads: - name: {text}\n", f"title: {text}\nleads:\n- name: Ada\n url: x\n",
        f"title: }}{text}\n", f"<<<<<<< HEAD\ntitle: {text}\n",
        f"title:{text}\n", f"title : {text}\n", f"title: {text} \n", f"room: {text}#1\n", f"[title, {text}]: x\n",
        f": {text}\n",
    ]) + "".join(rng.choices(["# a\n", "# b\n", "\n", "# c\n"], k=rng.randint(0, 4)))  # fmt: skip


def write_group_values(rng: Rng) -> Written:
    own = rng.choice([
        {"day": rng.choice(["Monday", "'Sunday'", "monday", "Mon", "1", "", "Montag", "true", "[Monday]"])},
        {"order": rng.choice(["newest-first", "oldest-first", "newest", "", "5", "Newest-first"])},
        {"repository": rng.choice(["https://github.com/a/b", "https://github.com/a", "github.com/a/b",
            "https://github.com/a/b?x", "5", ""])},
        {"locale": rng.choice(["de_DE", "fr_FR", "5", "", "de_DE_and_more_than_twenty", "d", "[de]"])},
        {"date_format": rng.choice(["dd/MM/yy", "d MMMM yyyy", "5", "''", "", "%x", "[d]"])},
        {"code_of_conduct": rng.choice(URLS)},
        {"site": "\n  folder: " + rng.choice(["_site", "public", "2026", "1.5", "../x", "a/b", "true", "", "-x", "-5",
            "''", ".git"])},
        {"site": "\n  colour: " + rng.choice(["'#7a1f3d'", "'#7A1F3D'", "#7a1f3d", "'#7a1f3'", "red", "123456",
            "'7a1f3d'"])},
        {"site": "\n  logo: " + rng.choice(["a.png", "art/logo.svg", "../a.png", "a.gif", "/a.png", "5", "",
            "a.png.exe"])},
        {"site": "\n  url: " + rng.choice(["https://a.b/c", "http://a", "a.b", "https://a.b/c?d", "5", "",
            "https://a_b"])},
        {"site": rng.choice(["", "{}", "[]", "x", "5", "null", "~"])},
    ])  # fmt: skip
    return "group", group(rng, own)


def write_group_lists(rng: Rng) -> Written:
    entries = [
        rng.choice(["A", "B", "101", "102", "true", "'C: D'", "é", "''", "[x]", "{a: b}"])
        for _ in range(rng.randint(0, 4))
    ]
    value = rng.choice(
        [f"[{', '.join(entries)}]", "".join(f"\n- {each}" for each in entries), "A", "", "null", "\n- A\n-", "\n-"]
    )
    return "group", group(rng, {rng.choice(["rooms", "kinds", "ignore"]): value})


def write_twice(rng: Rng) -> Written:
    keys = rng.choices(["title", "room", "kind", "abstract"], k=2)
    lines = [f"{key}: {rng.choice(['A', 'B', '5', '', 'null', 'x'])}\n" for key in keys]
    if rng.random() < 0.3:
        return "session", session(
            rng,
            {"leads": f"\n- name: Ada\n  affiliation: {keys[0]}\n  {rng.choice(['name: Bob', 'url: https://a.b'])}"},
        )
    return "session", "".join(rng.sample([*lines, rng.choice(["", "# x\n", "time: 11:00\n", "date: 2026-03-20\n"])], 3))


def write_anchors(rng: Rng) -> Written:
    """Write what every other program reads: anchors, and tags of YAML itself."""
    text = rng.choice([*TEXTS, "Rings"])
    return "session", join(rng.choice([
        {"title": f"&a {text}"}, {"title": f"&a {text}", "room": "*a"}, {"leads": "\n- &a\n  name: Ada\n- *a"},
        {"kind": f"!!str {text}"},
        {"abstract": "!!str 5"}, {"leads": "&a\n- name: Ada"}, {"leads": "!!seq\n- name: Ada"},
        {"duration": "!!int 60"}, {"room": "! x"},
        {"leads": f"\n- !!map\n  name: {text}"}, {"leads": f"\n- name: &a {text}\n  affiliation: *a"},
        {"duration": "&a 60"},
    ]) | {"time": rng.choice(BASE["time"]), "continues": rng.choice(NUMBERS)})  # fmt: skip


def write_spellings(rng: Rng) -> Written:
    """Write what other programs read otherwise: null as a word, and numbers that are no decimal ones."""
    value = rng.choice(["0x3C", "0o74", "060", "+60", "6e1", "60.", "0x1e"])
    numbers = {key: make(value) for key, make in COUNT_PLACES.items()}
    if rng.random() < 0.3:
        return "group", group(
            rng, rng.choice([*numbers.values(), {"name": "Null"}, {"kinds": "[Null, A]"}, {"rooms": "\n- ~"}])
        )
    word = rng.choice(["null", "Null", "NULL", "~"])
    made = [
        {"duration": value},
        {"room": rng.choice(["'a'#1", '"b"#2'])},
        rng.choice([*REQUIRED_PLACES.values()])(word),
    ]
    made.append(rng.choice([*TEXT_PLACES.values()])(rng.choice([".inf", "-.INF", ".nan", "="])))
    return "session", session(rng, rng.choice(made))


def write_names(rng: Rng) -> Written:
    """Write names and patterns that are right by their form, and that no library knows."""
    return "group", group(rng, rng.choice([
        {"time_zone": rng.choice(["Europe/Londn", "Mars/Base", "localtime", "CEST", "GMT+25"])},
        {"locale": rng.choice(["xx_YY", "english", "en-US", "none", "zz"])},
        {"date_format": rng.choice(["YYYY-MM-DD", "EEEE", "d", "MMMM yyyy", "d m y"])},
    ]))  # fmt: skip


def write_announced(rng: Rng) -> Written:
    record: dict[str, Any] = {"announced": "2027-01-15T00:00:00Z", "start": "2027-02-01T11:00", "rest": "0123456789ab"}
    data: dict[str, Any] = {
        "version": 1,
        "id": "6f1c0f0e-9b7e-4c53-9c55-0d6a1c2f5e11",
        "zone": "UTC",
        "sessions": {"07-bert": record},
    }
    more = {
        "sequence": 2,
        "duration": 60,
        "status": "tbc",
        "room": "x",
        "changed": ["start"],
        "addresses": ["07-bret"],
        "zone": "UTC",
        "x": 1,
    }
    record |= {key: more[key] for key in rng.sample([*more], 2)}
    place = rng.choice([data, record, record, record])
    key = rng.choice([*place])
    if rng.random() < 0.2:
        del place[key]
    elif rng.random() < 0.7:
        place[key] = rng.choice(
            [None, True, 0, 1, -1, 2.5, "", "x", [], ["x"], [""], {}, "2027-02-01", "2027-1-1", 1441, "open", "shelf"]
        )
    return "announced", f"# made\n{json.dumps(data)}"


WRITERS: dict[str, Callable[[Rng], Written]] = {
    "text": place([*TEXTS, *QUOTED, *LISTS], {**TEXT_PLACES, **REQUIRED_PLACES}, GROUP_TEXTS),
    "number as text": place(NUMBERS + LISTS[:2], {**TEXT_PLACES, **REQUIRED_PLACES, **keys("continues")}, GROUP_TEXTS),
    "word as text": place([*WORDS, "[yes]", "{no: 1}"], {**TEXT_PLACES, **REQUIRED_PLACES, **keys("continues")},
        GROUP_TEXTS),
    "other type": place([*TEXTS, *QUOTED, *WORDS, *LISTS, "-5", "3.14"], keys(*TYPED),
        keys(*GROUP_TYPED[:6], "order", "site")),
    "missing key": write_missing,
    "null": place([*NOTHING, "'null'", "nil", "none"], {**TEXT_PLACES, **keys(*TYPED), "lead": URL_PLACES["lead"]},
        keys(*GROUP_TYPED)),
    "empty value": place(["", "# x", "''", "[]"], {**TEXT_PLACES, **REQUIRED_PLACES, **URL_PLACES, **keys(*TYPED)},
        keys("name", "time_zone", "room", "site")),
    "blank": place([*BLANKS, *CONTROLS, '"x\\u200b"', '"\\ta"'], {**TEXT_PLACES, **REQUIRED_PLACES}, GROUP_TEXTS),
    "date": place(DATES, keys("date")),
    "day that does not exist": place([*NO_DAYS, "2026-02-28", "2024-02-29"], keys("date")),
    "time": place(TIMES, keys("time"), keys("time")),
    "whole number": place(COUNTS, keys("duration"), COUNT_PLACES),
    "status": write_status,
    "address": place(URLS, URL_PLACES, keys("code_of_conduct")),
    "leads": write_leads,
    "nested items": write_nested,
    "deep items": lambda rng: ("session",
        session(rng, {"material": f"\n- items: [{write_deep(rng, ['{x: 1}', '{items: []}', 'A', '{note: x}'])}]"})),
    "unknown key": write_unknown,
    "too long": write_long,
    "style of YAML": write_styles,
    "not YAML": write_slips,
    "value of a group": write_group_values,
    "list of a group": write_group_lists,
    "key twice": write_twice,
    "announced.yml": write_announced,
    "anchor or tag": write_anchors,
    "other spelling": write_spellings,
    "unknown name": write_names,
}  # fmt: skip


def write_corpus() -> list[File]:
    """Return PER_CLASS different files of each class, the same ones every time."""
    corpus: list[File] = []
    for kind, write in WRITERS.items():
        rng = random.Random(kind)  # noqa: S311 -- the same files every time
        found: dict[Written, None] = {}
        for number in count():
            name, text = write(rng)
            if (name, text) in found and number > 20 * PER_CLASS and name != "announced":
                text += f"# {number}\n"
            found[name, text] = None
            if len(found) == PER_CLASS:
                break
        corpus += [File(kind, *each) for each in found]
    return corpus


# What is said of them.


def judge_with_readingroom(corpus: Sequence[File]) -> list[bool]:
    """Return whether each file has no error, the sessions as those of one group."""
    folders = {number: f"s{number}" for number, file in enumerate(corpus) if file.schema == "session"}
    contents = {f"sessions/{folder}/session.yml": corpus[number].text.encode() for number, folder in folders.items()}
    contents[CONFIGURATION] = b"name: Group\ntime_zone: UTC\n"
    try:
        catalogue.read_catalogue(Tree(contents=contents, listings={folder: {} for folder in folders.values()}))
        wrong = set()
    except Invalid as invalid:
        wrong = {each.file for each in invalid.problems}
    return [
        f"sessions/{folders[number]}/session.yml" not in wrong if number in folders else _is_valid_alone(file)
        for number, file in enumerate(corpus)
    ]


def _is_valid_alone(file: File) -> bool:
    path, read = (
        (CONFIGURATION, catalogue.read_group) if file.schema == "group" else (ANNOUNCED_PATH, revisions.read_revisions)
    )
    try:
        read(Tree(contents={path: file.text.encode()}))
    except Invalid:
        return False
    return True


def judge_with_check_jsonschema(corpus: Sequence[File]) -> list[bool]:
    """Return what check-jsonschema says; its command would need a file for each, and describe every error."""
    regex = RegexImplementation(RegexVariantName.default)
    formats = FormatOptions(regex_impl=regex)
    validators = {
        name: SchemaLoader(str(SCHEMAS / f"{name}.schema.json")).get_validator(
            "", {}, formats, regex, fill_defaults=False
        )
        for name in schema.SchemaName
    }
    loader = InstanceLoader([BytesIO(file.text.encode()) for file in corpus], default_filetype="yaml")
    found = zip(corpus, loader.iter_files(), strict=True)
    return [not isinstance(data, ParseError) and validators[file.schema].is_valid(data) for file, (_, data) in found]


def start_ajv(corpus: Sequence[File]) -> Callable[[], list[bool]]:
    """Start ajv for all files, in a process of its own, and return what waits for its answer."""
    node = shutil.which("node", path=str(PROGRAMS))
    assert node, "make unit installs it"
    schemas = {name: schema.load_schema(name).document for name in schema.SchemaName}
    given = json.dumps({"schemas": schemas, "files": [(file.schema, file.text) for file in corpus]})
    process = subprocess.Popen([node, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdin
    with process.stdin as write:
        write.write(given)
    return partial(_read_answer, process)


def _read_answer(process: subprocess.Popen[str]) -> list[bool]:
    assert process.stdout
    with process, process.stdout as answer:
        found: list[bool] = json.loads(answer.read())
    return found
