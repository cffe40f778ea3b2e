"""A session's file changed in place: every byte stays but those of the values that change."""

import re
from collections.abc import Mapping

import yaml

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.store import schema, yaml_codec

NewValues = Mapping[str, str | None]

_REST_OF_LINE = re.compile(r"[ \t]*(#[^\r\n]*)?(?:\r?\n|\Z)")  # of a line, behind its value


def update_yaml_values(file: str, content: bytes, values: NewValues) -> bytes:
    """Return a file with other values for some keys, in one line each; None takes a key out.

    Comments, order, quoting and line ends of everything else stay. A new key goes behind the last one that stands
    before it in the schema. Raises Invalid if the file has problems, or is written so that this cannot be done.
    """
    of = schema.load_schema(schema.SchemaName.SESSION)
    before = yaml_codec.read_yaml(file, content, integers=of.integers) or {}
    page = yaml_codec.decode_file(file, content)
    text = page.text
    wanted = {key: value for key, value in {**before, **values}.items() if value is not None}
    try:
        for key, value in values.items():
            text = _remove_key(text, key) if value is None else _set_value(text, key, value, page.line_end)
        made = page.replace_text(text).encode()
        is_right = (yaml_codec.read_yaml(file, made, integers=of.integers) or {}) == wanted
    except (Invalid, yaml.YAMLError):
        is_right = False
    if not is_right:
        changes = ", ".join(
            f"{key}: {value}" if value is not None else f"remove {key}" for key, value in values.items()
        )
        message = "could not be changed without touching the rest."
        hint = f"Change it manually: {changes}."
        raise Invalid([Diagnostic(Location(file), Code.SESSION_CHANGE_REFUSED, message, hint)])
    return made


def _parse_nodes(text: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Return the nodes of each key and its value, in the order of the file."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) and not root.flow_style else []
    return {name.value: (name, node) for name, node in pairs}


def _set_value(text: str, key: str, value: str, ending: str) -> str:
    written = yaml_codec.dump_yaml({key: value}).rstrip("\n")
    nodes = _parse_nodes(text)
    if key in nodes:
        _, node = nodes[key]
        scalar = written.removeprefix(f"{key}: ")
        start, end = node.start_mark.index, node.end_mark.index
        if start == end:  # a key without a value
            scalar = f" {scalar}"
        return text[:start] + scalar + text[end:]
    place = _find_insert_position(text, key, nodes)
    gap = "" if place == 0 or text[place - 1] == "\n" else ending
    return f"{text[:place]}{gap}{written}{ending}{text[place:]}"


def _find_insert_position(text: str, key: str, nodes: Mapping[str, tuple[yaml.Node, yaml.Node]]) -> int:
    """Return where the line of a new key starts: below the line of the last key that stands before it."""
    order = list(schema.load_schema(schema.SchemaName.SESSION).document["properties"])
    earlier = [node for name, (_, node) in nodes.items() if name in order[: order.index(key)]]
    single = [node for node in earlier if node.start_mark.line == node.end_mark.line]
    if single:
        end = text.find("\n", single[-1].end_mark.index)
        return len(text) if end < 0 else end + 1
    return min((name.start_mark.index for name, _ in nodes.values()), default=len(text))


def _remove_key(text: str, key: str) -> str:
    nodes = _parse_nodes(text)
    line = _REST_OF_LINE.match(text, nodes[key][1].end_mark.index) if key in nodes else None
    if line is None:
        return text
    rest = line[0].lstrip(" \t") if line[1] else ""
    return text[: nodes[key][0].start_mark.index] + rest + text[line.end() :]
