"""The runner's own language: annotations in a workflow's log.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from readingroom.problems import Problem, Remark

_IN_DATA: dict[str, str | int | None] = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: dict[str, str | int | None] = {**_IN_DATA, ":": "%3A", ",": "%2C"}


def annotation(remark: Remark) -> str:
    """Return the workflow command that shows a remark at its file and line."""
    command = "error" if isinstance(remark, Problem) else "notice"
    line = f",line={remark.line}" if remark.line else ""
    message = f"{remark.where}: {remark.message}" if remark.where else remark.message
    return f"::{command} file={_escaped(remark.file, _IN_PROPERTY)}{line}::{_escaped(message, _IN_DATA)}"


def _escaped(text: str, escapes: dict[str, str | int | None]) -> str:
    return text.translate(str.maketrans(escapes))
