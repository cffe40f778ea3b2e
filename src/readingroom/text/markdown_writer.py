"""How what GitHub adds to CommonMark is written, for mdformat's renderer: tables, struck text, footnotes and more."""

import re
from typing import TYPE_CHECKING

from readingroom.text.dialect import footnotes, formulas
from readingroom.text.escape import Destination

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mdformat.renderer import RenderContext, RenderTreeNode

    _Render = Callable[[RenderTreeNode, RenderContext], str]

ESCAPE = "\uf8fe"  # stands for a backslash, which the renderer would escape
_ALIGNMENTS = {"left": ":--", "center": ":-:", "right": "--:"}
_PIPE = re.compile(rf"(?<!{ESCAPE})\|")


class MarkdownWriter:
    """An extension of mdformat; ``prefix`` keeps the footnotes of several texts on a page apart."""

    def __init__(self, prefix: str, destination: Destination) -> None:
        self.prefix = prefix
        self.destination = destination

    @property
    def RENDERERS(self) -> "Mapping[str, _Render]":  # noqa: N802 -- mdformat's name
        return {
            "s": _render_struck_text,
            "table": _render_table,
            "task_box": lambda node, _: "[x] " if node.meta["checked"] else "[ ] ",
            "alert": _render_alert,
            "math_inline": self._render_inline_formula,
            "math_block": lambda node, _: formulas.render_block_formula(
                node.content, is_code=self.destination.choose_delimiter(node.content, "$$") != "$$"
            ),
            "footnote_ref": lambda node, _: f"[^{footnotes.build_label(self.prefix, node.meta)}]",
            "footnote": self._render_footnote,
        }

    POSTPROCESSORS: "Mapping[str, _Render]" = {}  # noqa: RUF012 -- mdformat's name and type

    def _render_footnote(self, node: "RenderTreeNode", context: "RenderContext") -> str:
        text = "\n\n".join(child.render(context) for child in node.children)
        return f"[^{footnotes.build_label(self.prefix, node.meta)}]: {_indent_lines(text)}"

    def _render_inline_formula(self, node: "RenderTreeNode", _context: "RenderContext") -> str:
        above, types = node.parent, set()
        while above is not None:
            types.add(above.type)
            above = above.parent
        delimiter = self.destination.choose_delimiter(node.content, node.markup)
        return formulas.render_formula(
            node.content, delimiter, is_cell=bool(types & {"td", "th"}), is_label="link" in types
        )


def _indent_lines(text: str) -> str:
    return re.sub(r"\n(?=[^\n])", "\n    ", text)


def _render_struck_text(node: "RenderTreeNode", context: "RenderContext") -> str:
    return f"{node.markup}{''.join(child.render(context) for child in node.children)}{node.markup}"


def _render_alert(node: "RenderTreeNode", context: "RenderContext") -> str:
    text = "\n\n".join(child.render(context) for child in node.children if child.type != "alert_title")
    lines = [f"[!{node.meta['kind']}]", *text.splitlines()]
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def _render_table(node: "RenderTreeNode", context: "RenderContext") -> str:
    rows = [row for part in node.children for row in part.children]
    alignments = [_ALIGNMENTS.get(str(cell.attrs.get("class")), "---") for cell in rows[0].children]
    cells = [[_render_cell(cell, context) for cell in row.children] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in (cells[0], alignments, *cells[1:]))


def _render_cell(cell: "RenderTreeNode", context: "RenderContext") -> str:
    """Return a cell's text with a backslash before each bar, also in code."""
    return _PIPE.sub(rf"{ESCAPE}|", "".join(child.render(context) for child in cell.children))
