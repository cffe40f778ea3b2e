"""A YAML file to plain data that its schema accepts, or to every problem of it."""

from collections.abc import Mapping
from typing import Any

from readingroom.core.diagnostics import Invalid
from readingroom.core.text_file import decode_file
from readingroom.store import yaml_codec, yaml_errors
from readingroom.store.schema import Schema


def read_valid_file(schema: Schema, file: str, content: bytes) -> Any:
    """Return the plain, valid data of one file; raise Invalid with its problems."""
    data, empty = yaml_codec.read_yaml_with_empty_keys(file, content, typed=schema.typed)
    if data is None:
        data = {}
    if schema.is_valid(data):
        yaml_codec.drop_empty_keys(empty)
        return data
    text = decode_file(file, content).text
    if isinstance(data, str) and (slip := yaml_errors.find_slip_in_text(file, text)):
        raise Invalid([slip])
    lines = yaml_codec.map_lines(text)
    raise Invalid(schema.check_data(file, data, lambda path: _find_nearest_line(lines, path)))


def _find_nearest_line(lines: Mapping[yaml_codec.KeyPath, int], path: yaml_codec.KeyPath) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
