"""The characters to remove, report or replace, by what they do.

The strings are ranges for a character class of a regular expression; the patterns match one of them. Where Unicode has
a property for a set, it is named (https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt).
"""

import re

# Bidi_Control: what changes the order of the letters around it (https://www.unicode.org/reports/tr9/). A mark acts like
# one letter of its direction; the others stay in force until they are closed.
_BIDI_MARKS = "\u061c\u200e\u200f"
_BIDI_EMBEDDINGS = "\u202a-\u202e\u2066-\u2069"
# The block Tags: an invisible copy of ASCII.
TAGS = "\U000e0000-\U000e007f"
# Default_Ignorable_Code_Point, which includes all of the above, is invisible in every font. These are the ones that no
# word needs: without the joiners, variation selectors and fillers that scripts and emoji use.
_INVISIBLE = (
    "\u00ad\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
# The control characters of ASCII except tab, line feed and carriage return; and the additional ones of ISO 6429.
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_C1_CONTROLS = "\x80-\x9f"
_SURROGATES = "\ud800-\udfff"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))

# Separate accents, and all blocks of marks that combine with any letter.
ACCENTS = "\u0300-\u036f"
COMBINING_MARKS = f"{ACCENTS}\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"

ZERO_WIDTH_SPACE = "\u200b"
# Allowed in JSON, but not in JavaScript before 2019: https://github.com/tc39/proposal-json-superset
SCRIPT_LINE_BREAKS = "\u2028\u2029"

WHITESPACE = re.compile(r"\s+")
# Every line break of str.splitlines except LF.
LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_YAML_LINE_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
BIDI_CONTROLS = re.compile(f"[{_BIDI_MARKS}{_BIDI_EMBEDDINGS}]")
BIDI_EMBEDDINGS = re.compile(f"[{_BIDI_EMBEDDINGS}]")
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
# What reorders or hides parts of a line: "evil\u202Efdp.exe" shows as "evilexe.pdf".
HIDDEN = re.compile(f"[{_INVISIBLE}{_BIDI_MARKS}{_BIDI_EMBEDDINGS}{TAGS}]")
ASCII_CONTROLS = re.compile("[\x00-\x1f\x7f]")
# What YAML forbids in a file (https://yaml.org/spec/1.2.2/#51-character-set), as far as parsers enforce it.
UNWRITABLE = re.compile(f"[{_CONTROLS}{_SURROGATES}\ufffe\uffff]")
# What PyYAML writes only as an escape, in double quotes; as a complement, this takes 5 ms to compile.
YAML_ESCAPED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff\U0010ffff]")
# What XML 1.0 and HTML forbid, and the controls of ISO 6429, which no text needs: https://www.w3.org/TR/xml/#charsets,
# https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream.
FORBIDDEN = re.compile(f"[{_CONTROLS}{_C1_CONTROLS}{_SURROGATES}{_NONCHARACTERS}]")


def normalize_line_breaks(text: str) -> str:
    """Return a text with LF for every line break."""
    return LINE_BREAKS.sub("\n", text)


def split_yaml_lines(text: str) -> list[str]:
    """Return the lines of a text in YAML 1.1, as its parser counts them, without their line breaks."""
    return _YAML_LINE_BREAKS.split(text)


def isolate_direction(text: str) -> str:
    """Return a text whose direction controls do not affect what is around it: it becomes a FIRST STRONG ISOLATE."""
    return f"\u2068{text}\u2069" if BIDI_EMBEDDINGS.search(text) else text
