"""Random data as people and vandals type it, for Hypothesis."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from readingroom.store import schema

# What a session file may hold: source.read refuses the other control characters.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\t\n\r\x85")

PIECES = st.sampled_from(
    [
        "word", "two words", " ", "  ", "\t", "\n", "\r", "\r\n", "\x85", "\u2028", "\u00a0", "|", "\\",
        "\\|", "`", "``", "```", "~~~", "*", "**", "_", "~~", "[", "]", "(", ")", "](", "![", "[^1]", "[x]: ",
        "<", ">", "<b>", "</b>", "<!--", "-->", "<!-- readingroom:end next -->", "<script>alert(1)</script>",
        "<?", "&", "&copy;", "&#60;", "#", "# ", " #", "##", "-", "- ", "---", "--", "+ ", "=", "===", "1.",
        "2)", "0", ":", ": ", ":-", "-:", ":tada:", "|-|", "$", "$$", "{{ x }}", "{%", "%}", "{", "%", "@",
        "@org/team", "#123", "'", '"', "!", "!x", "?", ",", ".", "http://", "https://example.org/a_b*c",
        "https://example.org/", "www.example.org/a_b", "www.", "ftp://example.org", "a@example.org", "://",
        "(https://example.org)", "<https://example.org>", "(javascript:alert(1))", "[x](javascript:alert(1))",
        "data:text/html,x", "[x](https://example.org)", "![x](https://example.org/x.png)", '"title"', "NO",
        "on", "null", "~", "16:00", "0x1F", "1e3", ".inf", "2026-03-05", "é", "e\u0301", "量子", "🙂", "\u202e",
        "\u200b", "\u2066", "\ufeff", "\u00ad", "\U000e0041", "a" + "\u0301" * 9,
    ]
)  # fmt: skip

TEXTS = st.lists(PIECES | st.text(CHARACTERS, max_size=3), max_size=8).map("".join)


LINE = re.compile(schema.load_schema("session").document["$defs"]["line"]["pattern"])


def _line(text: str) -> bool:
    return LINE.search(text) is not None


LINES = TEXTS.filter(_line).map(lambda text: text[:300]).filter(_line)
NOTES = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
ADDRESSES = st.builds(
    "{}{}".format,
    st.sampled_from(
        [
            "https://example.org",
            "http://example.org/",
            "HTTPS://EXAMPLE.ORG/?",
            "https://[::1]/",
            "https://user:word@example.org",
        ]
    ),
    st.lists(
        st.sampled_from(
            [
                "/",
                "a",
                "b_c",
                "*",
                "(",
                ")",
                "[",
                "]",
                "|",
                "<",
                ">",
                '"',
                "'",
                "\\",
                "`",
                " ",
                "%20",
                "%",
                "&",
                "&amp;",
                "&copy",
                "#",
                "~",
                "$",
                "{{",
                "é",
                "量",
                "\u202e",
                "\u2028",
                "?q=",
                "!",
                ",",
                ".",
                "-",
                ":",
                ";",
                "@",
                "^",
                "\u00a0",
            ]
        ),
        max_size=6,
    ).map("".join),
).filter(schema.is_address)
TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
DATES = st.dates().map(str)


def _with(
    required: dict[str, Any] | None = None, **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required or {}, optional=optional)


PEOPLE = _with({"name": LINES}, url=ADDRESSES, affiliation=LINES)
ITEMS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    _with({"title": LINES}, url=ADDRESSES, note=NOTES) | _with({"url": ADDRESSES}, note=NOTES),
    lambda below: _with({"title": LINES, "items": st.lists(below, min_size=1, max_size=3)}, url=ADDRESSES, note=NOTES),
    max_leaves=4,
)
SECTIONS = _with({"items": st.lists(ITEMS, min_size=1, max_size=3)}, heading=LINES, note=NOTES) | _with(
    {"note": NOTES}, heading=LINES
)
RESOURCES = _with({"title": LINES, "url": ADDRESSES})

_NEED_DATE = frozenset({"confirmed", "tbc", "cancelled", "open"})
SESSIONS = _with(
    title=LINES,
    date=DATES,
    time=TIMES,
    duration=st.integers(1, 1440),
    status=st.sampled_from(["confirmed", "tbc", "postponed", "cancelled", "open", "proposed"]),
    kind=LINES,
    room=LINES,
    leads=st.lists(PEOPLE, max_size=3),
    abstract=st.lists(TEXTS, min_size=1, max_size=4).map("\n".join),
    material=st.lists(SECTIONS, max_size=2),
    resources=st.lists(RESOURCES, max_size=2),
    # `continues` names another folder, which a session alone does not have.
).filter(lambda data: "date" in data or data.get("status") not in _NEED_DATE)

GROUPS = _with(
    {"name": LINES, "time_zone": st.sampled_from(["Europe/London", "UTC", "America/New_York"])},
    day=st.sampled_from(["Monday", "Sunday"]),
    time=TIMES,
    duration=st.integers(1, 1440),
    room=LINES,
    rooms=st.lists(LINES, max_size=3, unique=True),
    kinds=st.lists(LINES, max_size=3, unique=True),
    order=st.sampled_from(["newest-first", "oldest-first"]),
    locale=st.sampled_from(["en_GB", "de_DE"]),
    date_format=st.sampled_from(["dd/MM/yy", "d MMMM yyyy"]),
    upcoming=st.integers(1, 200),
)
