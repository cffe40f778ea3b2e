r"""Mathematics in GitHub's Markdown: which dollars enclose a formula, and how to write one that acts as nothing else.

GitHub describes ``$…$``, ``$`…`$``, ``$$…$$`` and fences called ``math``:
https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions.
"""

import re
from typing import TYPE_CHECKING

from readingroom.text import characters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

# An opening dollar follows no letter, digit, hyphen or slash and has no space after it; a closing one has no space
# before it and no letter or digit after it (https://github.com/github/markup/issues/1742). So "$5 to $10" is prose.
_CONTENT = r"(?:[^$\\`\n]|\n(?![ \t]*\n)|\\[^`])++"
FORMULA = (
    r"(?<![\w\\$/-])\$(?:"
    r"`(?P<code>[^`]+)`\$"
    rf"|\$(?P<display>(?!\s*\$){_CONTENT})\$\$"
    rf"|(?P<inline>(?!\s){_CONTENT})(?<!\s)\$"
    r")(?![^\W_]|\$)"
)
_FORMULA = re.compile(FORMULA)
_BLOCK = re.compile(rf"\$\$({_CONTENT})\$\$[ \t]*", re.DOTALL)
# What starts a block of Markdown at the start of a line.
_BLOCK_START = re.compile(r"\n[ \t]*(?:[-+*>#=<|~:\[]|[0-9]{1,9}[.)])")
_COMMENT = re.compile(r"(?<!\\)%")


CODE_DELIMITER = "$`"  # GitHub takes what is in it for code, which mentions nobody


def find_formula(text: str, position: int) -> re.Match[str] | None:
    """Return the formula that starts at a position; its last group is named for its form and holds its content."""
    return _FORMULA.match(text, position)


def iter_formulas(text: str) -> "Iterator[re.Match[str]]":
    """Yield the formulas of a line of plain text."""
    return _FORMULA.finditer(text)


def get_content(match: re.Match[str]) -> str:
    """Return a formula without its dollars."""
    return match[match.lastgroup or 0]


def get_delimiter(match: re.Match[str]) -> str:
    """Return what opens a formula: its mirror image closes it."""
    return {"code": CODE_DELIMITER, "display": "$$"}.get(match.lastgroup or "", "$")


def parse_inline_formula(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 -- markdown-it's signature
    """Parse a formula in a line, as a rule of markdown-it."""
    match = find_formula(state.src, state.pos) if state.src[state.pos] == "$" else None
    if match is None or match.end() > state.posMax or not _is_one_line(get_content(match)):
        return False
    if not silent:
        token = state.push("math_inline", "", 0)
        token.content = " ".join(get_content(match).split("\n"))
        token.markup = get_delimiter(match)
    state.pos = match.end()
    return True


def _is_one_line(formula: str) -> bool:
    """Return whether a formula means the same on one line: a comment would comment out the rest of it."""
    return "\n" not in formula or not _COMMENT.search(formula)


def parse_block_formula(state: "StateBlock", start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    """Parse a formula that has its lines to itself, as a rule of markdown-it."""
    if not state.src.startswith("$$", state.bMarks[start_line] + state.tShift[start_line]):
        return False
    if state.is_code_block(start_line):
        return False
    line = start_line + ("$$" not in _get_line(state, start_line).removeprefix("$$"))
    while line < end_line and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        line += 1
        if "$$" in _get_line(state, line - 1):
            break
    match = _BLOCK.fullmatch(state.getLines(start_line, line, state.blkIndent, False).lstrip(" "))
    if match is None:
        return False
    if not match[1].strip():
        return False
    if not silent:
        token = state.push("math_block", "", 0)
        token.block, token.content, token.map = True, match[1], [start_line, line]
        state.line = line
    return True


def _get_line(state: "StateBlock", line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def render_formula(formula: str, delimiter: str = "$", *, is_cell: bool = False, is_label: bool = False) -> str:
    r"""Return a formula with its dollars for Markdown, harmless also where it is read as anything else.

    The spaces that this may add do not count in mathematics. A table's cell (``is_cell``) has ``\vert`` for a bar, and
    a link's label (``is_label``) has ``\lbrack`` for a bracket that nothing closes.
    """
    formula = split_special_pairs(formula)
    if is_cell:
        formula = _BAR.sub(_replace_bar, formula)
    if is_label:
        formula = _replace_single_brackets(formula)
    return f"{delimiter}{formula}{delimiter[::-1]}"


# Tags, Liquid, links, references, footnotes and images. Mathematics ignores a space between these characters.
_SPECIAL_PAIR = re.compile(r"(?<=<)(?=[A-Za-z/!?])|(?<=\{)(?=[{%])|(?<=\])(?=[(\[:])|(?<=\[)(?=\^)|(?<=!)(?=\[)")


def is_formula_fence(info: str) -> bool:
    """Return whether a fence with this information holds a formula."""
    return info.split()[:1] == ["math"]


def split_liquid(formula: str) -> str:
    """Return a formula for a fence, where only Liquid would act."""
    return _LIQUID.sub(" ", formula)


_LIQUID = re.compile(r"(?<=\{)(?=[{%])")


def split_special_pairs(formula: str) -> str:
    """Return a formula without what Markdown, HTML or Liquid would take for theirs, and without hidden letters."""
    return _SPECIAL_PAIR.sub(" ", characters.HIDDEN.sub("", formula))


_BAR = re.compile(r"(?:\\(?P<escaped>.)|\|)(?P<letter>(?=[A-Za-z]))?", re.DOTALL)


def _replace_bar(match: re.Match[str]) -> str:
    if match["escaped"] not in {None, "|"}:
        return match[0]
    return f"\\{'V' if match['escaped'] else 'v'}ert{'' if match['letter'] is None else ' '}"


def _replace_single_brackets(formula: str) -> str:
    """Return a formula with commands for the brackets that have no counterpart."""
    single: set[int] = set()
    opened: list[int] = []
    for match in re.finditer(r"\\.|[\[\]]", formula, re.DOTALL):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]" and opened:
            opened.pop()
        elif match[0] == "]":
            single.add(match.start())
    single.update(opened)
    commands = {"[": "\\lbrack", "]": "\\rbrack"}
    parts = []
    for number, letter in enumerate(formula):
        is_joined = number in single and formula[number + 1 : number + 2].isalpha()
        parts.append(f"{commands[letter] if number in single else letter}{' ' * is_joined}")
    return "".join(parts)


def render_block_formula(formula: str, *, is_code: bool = False) -> str:
    """Return a formula with its lines to itself for Markdown, in a fence if a line of it would start a block."""
    formula = split_special_pairs(formula)
    if is_code or _BLOCK_START.search(formula) or ("\n" in formula.strip("\n") and _COMMENT.search(formula)):
        return "```math\n{}\n```".format(formula.strip("\n"))
    return f"$${formula}$$"
