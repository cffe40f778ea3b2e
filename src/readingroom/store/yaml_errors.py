"""A YAML parser's errors in plain words."""

import re
from collections.abc import Sequence

import yaml

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.text import characters
from readingroom.text.phrases import shorten_text


def _find_error_line(error: yaml.YAMLError, text: str, lines: Sequence[str]) -> int:
    """Return the line to look at, from 1, or 0 if the parser does not give it."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.context_mark if error.context in _OPENED else error.problem_mark
        mark = mark or error.problem_mark or error.context_mark
        last = len(lines) - (not lines[-1])  # the parser may name the line after the last line break
        return max(1, min(mark.line + 1, last)) if mark else 0
    position = getattr(error, "position", None)
    if position is None:
        return 0
    return text.encode("utf-8", "surrogatepass").count(b"\n", 0, position) + 1


# For something that was not closed, the line to look at is where it starts, not where the file ends.
_OPENED = frozenset(
    {
        "while scanning a quoted scalar",
        "while scanning a simple key",
        "while parsing a flow sequence",
        "while parsing a flow mapping",
    }
)
_HINTS = (
    ("found character that cannot start any token", "A value that starts with % @ or ` must be in quotes."),
    (
        "mapping values are not allowed",
        "A value that holds a colon and a space must be in quotes, and keys of one level start in one column.",
    ),
    ("while scanning a block scalar", "A value that starts with > or | must be in quotes."),
    ("did not find expected alphabetic or numeric character", "A value that starts with * or & must be in quotes."),
    ("block sequence entries are not allowed", "A value that starts with a dash and a space must be in quotes."),
    ("while scanning a quoted scalar", "A quoted value lacks its closing quote."),
    ("while scanning a simple key", "A key lacks its colon."),
    ("found unknown escape character", "A backslash starts an escape in double quotes; use single quotes."),
    ("did not find expected hexdecimal number", "A backslash starts an escape in double quotes; use single quotes."),
    (
        "found invalid Unicode character escape code",
        "Write the character itself; JSON's pairs of escapes are not YAML.",
    ),
    ("while parsing a flow", "A value that starts with [ or { must be in quotes, or lacks its closing bracket."),
    (
        "did not find expected key",
        "A value that starts with [ { ' or \" must be in quotes as a whole, and keys of one level start in one column.",
    ),
)


def _find_slip(lines: Sequence[str], last: int) -> tuple[int, str, str] | None:
    """Return the line of a likely slip at a parser's error or just before it, from 1, what it is, and its fix."""
    for number in range(min(last, len(lines) - 1), max(last - 2, -1), -1):
        for pattern, message, hint in _SLIPS:
            if pattern.match(lines[number]):
                return number + 1, message, hint
    return None


_KEY = r" *(?:- )?[A-Za-z_]{1,40}"
_NO_BREAK = "\u00a0\u2007\u202f\u3000"
_SLIPS = (
    (re.compile(rf"{_KEY}:[^\s/:]"), "has no space after its colon", "Write a space after the colon."),
    (re.compile(rf"{_KEY}[：﹕︓]"), "has a full-width colon", "Write a colon as on an English keyboard, and a space."),
    (
        re.compile(rf"{_KEY}[{_NO_BREAK}]*:[{_NO_BREAK}]|{_KEY}[{_NO_BREAK}]+:"),
        "has a no-break space next to its colon",
        "Replace it with a space of the space bar.",
    ),
)


def find_slip_in_text(file: str, text: str) -> Diagnostic | None:
    """Return the slip in a file that is one text, because its only key lacks a proper colon."""
    lines = characters.split_yaml_lines(text.rstrip())
    slip = _find_slip(lines, len(lines) - 1)
    return _build_slip_diagnostic(file, lines, *slip) if slip else None


def _build_slip_diagnostic(file: str, lines: Sequence[str], number: int, name: str, hint: str) -> Diagnostic:
    message = f'cannot be read as YAML: "{shorten_text(lines[number - 1].strip())}" {name}.'
    return Diagnostic(Location(file, number), Code.YAML_SYNTAX, message, hint)


def build_syntax_diagnostic(file: str, error: yaml.YAMLError, text: str) -> Diagnostic:
    """Return a parser's error in plain words, with the most likely fix."""
    lines = characters.split_yaml_lines(text)
    location = Location(file, _find_error_line(error, text, lines))
    if not isinstance(error, yaml.MarkedYAMLError):
        code = getattr(error, "character", None)
        character = f"U+{code:04X}" if isinstance(code, int) else "a control character"
        message = f"contains {character}, which YAML does not allow."
        return Diagnostic(location, Code.YAML_CONTROL_CHARACTER, message, "Remove it.")
    mark = error.problem_mark
    if mark and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return Diagnostic(location, Code.YAML_SYNTAX, f"tab on line {mark.line + 1}.", "Indent with spaces.")
    if mark and (slip := _find_slip(lines, mark.line)):
        return _build_slip_diagnostic(file, lines, *slip)
    description = " ".join(part for part in (error.context, error.problem) if part)
    hint = next(
        (hint for sign, hint in _HINTS if sign in description), "A value with special characters may need quotes."
    )
    return Diagnostic(location, Code.YAML_SYNTAX, f"cannot be read as YAML ({description}).", hint)
