"""Another name for a session's folder, also in the sessions that continue it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Invalid, Location
from readingroom.core.models import parse_folder_number
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import Files, Tree
from readingroom.edit import yaml_edit
from readingroom.edit.new_session import build_folder_name
from readingroom.edit.reschedule import read_text_value, resolve_session_folder
from readingroom.store.catalogue import is_folder_name
from readingroom.text.matching import normalize_text


class Renaming(NamedTuple):
    """A session's folder, its new name, the files that change before it is renamed, and the tree once all is done."""

    old: str
    new: str
    files: Files
    tree: Tree


def rename_session(tree: Tree, query: str, name: str) -> Renaming:
    """Return the change of a folder's name; without a ``name`` it is made from the session's title.

    A name that begins with no number gets that of the folder. Raises Invalid for an unknown session, a name that
    cannot be a folder's or is another folder's, and a file that refers to the session and cannot be changed in place.
    """
    old = resolve_session_folder(tree, query)
    new = _choose_name(tree, old, name)
    if new == old:
        return Renaming(old, old, {}, tree)
    if not is_folder_name(new):
        message = f'"{new}" cannot be the name of a folder.'
        raise _refuse(old, Finding.from_rule(Code.FOLDER_NAME_INVALID, message))
    if twin := next(
        (each for each in tree.listings if each != old and normalize_text(each) == normalize_text(new)), ""
    ):
        raise _refuse(old, Finding(Code.SESSION_CHANGE_REFUSED, f"{twin} is another session.", "Choose another name."))
    files = {
        path: yaml_edit.update_yaml_values(path, tree.contents[path], {"continues": new})
        for path in _iter_parts(tree, old)
    }
    contents = {_rename_path(path, old, new): content for path, content in {**tree.contents, **files}.items()}
    listings = {new if folder == old else folder: files for folder, files in tree.listings.items()}
    pointers = {_rename_path(path, old, new) for path in tree.pointers}
    return Renaming(old, new, files, replace(tree, contents=contents, listings=listings, pointers=pointers))


def _choose_name(tree: Tree, old: str, name: str) -> str:
    number = parse_folder_number(old)
    if name:
        return name if number is None or parse_folder_number(name) is not None else f"{old.partition('-')[0]}-{name}"
    title = read_text_value(tree, old, "title")
    if number is None or not title:
        raise _refuse(old, Finding(Code.SESSION_CHANGE_REFUSED, "has no number or no title.", "Give the new name."))
    return build_folder_name(number, title, read_text_value(tree, old, "date") or "")


def _iter_parts(tree: Tree, folder: str) -> Iterator[str]:
    """Yield the session files that continue a session."""
    for part in tree.list_session_folders():
        path = SessionPath(part).file
        if folder.encode() in tree.contents[path] and read_text_value(tree, part, "continues") == folder:
            yield path


def _rename_path(path: str, old: str, new: str) -> str:
    prefix = f"{SessionPath(old).directory}/"
    return f"{SessionPath(new).directory}/{path.removeprefix(prefix)}" if path.startswith(prefix) else path


def _refuse(folder: str, finding: Finding) -> Invalid:
    return Invalid([Diagnostic(Location(SessionPath(folder).directory), *finding)])
