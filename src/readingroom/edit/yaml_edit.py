"""Edits of a session file in place, which keep every byte but those of the changed values."""

import re
from collections.abc import Mapping

import yaml

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.text_file import decode_file
from readingroom.store import schema, yaml_codec

_REST_OF_LINE = re.compile(r"[ \t]*(#[^\r\n]*)?(?:\r?\n|\Z)")  # after a value


def update_yaml_values(file: str, content: bytes, values: Mapping[str, str | None]) -> bytes:
    """Return a file with new values for some keys, in one line each; None removes a key.

    Comments, order, quoting and line ends of everything else stay. A new key is added after the last one that precedes
    it in the schema. Raises Invalid if the file has problems, or is written such that this is impossible.
    """
    typed = schema.load_schema(schema.SchemaName.SESSION).typed
    before = yaml_codec.read_yaml(file, content, typed=typed) or {}
    page = decode_file(file, content)
    text = page.text
    expected = {key: value for key, value in {**before, **values}.items() if value is not None}
    try:
        for key, value in values.items():
            text = _remove_key(text, key) if value is None else _set_value(text, key, value, page.line_end)
        edited = page.replace_text(text).encode()
        if (yaml_codec.read_yaml(file, edited, typed=typed) or {}) == expected:
            return edited
    except (Invalid, yaml.YAMLError):
        pass
    changes = [f"{key}: {value}" if value is not None else f"remove {key}" for key, value in values.items()]
    message = "cannot be changed without changing the rest."
    hint = f"Change it manually: {', '.join(changes)}."
    raise Invalid([Diagnostic(Location(file), Code.SESSION_CHANGE_REFUSED, message, hint)])


def _parse_nodes(text: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Return the nodes of each key and its value, in the order of the file."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) and not root.flow_style else []
    return {name.value: (name, node) for name, node in pairs}


def _set_value(text: str, key: str, value: str, line_end: str) -> str:
    line = yaml_codec.dump_yaml({key: value}).rstrip("\n")
    nodes = _parse_nodes(text)
    if key in nodes:
        _, node = nodes[key]
        scalar = line.removeprefix(f"{key}: ")
        start, end = node.start_mark.index, node.end_mark.index
        if start == end:  # a key without a value
            scalar = f" {scalar}"
        return text[:start] + scalar + text[end:]
    position = _find_insert_position(text, key, nodes)
    gap = "" if position == 0 or text[position - 1] == "\n" else line_end
    return f"{text[:position]}{gap}{line}{line_end}{text[position:]}"


def _find_insert_position(text: str, key: str, nodes: Mapping[str, tuple[yaml.Node, yaml.Node]]) -> int:
    """Return where a new key's line starts: after the last single-line value that precedes it in the schema."""
    order = list(schema.load_schema(schema.SchemaName.SESSION).document["properties"])
    earlier = [node for name, (_, node) in nodes.items() if name in order[: order.index(key)]]
    single = [node for node in earlier if node.start_mark.line == node.end_mark.line]
    if single:
        end = text.find("\n", single[-1].end_mark.index)
        return len(text) if end < 0 else end + 1
    return min((name.start_mark.index for name, _ in nodes.values()), default=len(text))


def _remove_key(text: str, key: str) -> str:
    nodes = _parse_nodes(text)
    match = _REST_OF_LINE.match(text, nodes[key][1].end_mark.index) if key in nodes else None
    if match is None:
        return text
    comment = match[0].lstrip(" \t") if match[1] else ""
    return text[: nodes[key][0].start_mark.index] + comment + text[match.end() :]
