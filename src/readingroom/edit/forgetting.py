"""Forget what was announced of a session whose folder is gone."""

from dataclasses import replace

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import ANNOUNCED_PATH, Tree
from readingroom.edit.reschedule import ScheduleChange
from readingroom.store import generated
from readingroom.store.revisions import read_revisions, render_revisions
from readingroom.text.matching import suggest_word
from readingroom.text.phrases import shorten_text


def forget_session(tree: Tree, folder: str) -> ScheduleChange:
    """Return the change that removes a folder's line from announced.yml.

    Raises Invalid for a folder that exists or was never announced, and if the file is not valid or was edited.
    """
    log = read_revisions(tree)
    if folder in tree.list_session_folders():
        raise _refuse(SessionPath(folder).directory, "still exists.", "Remove the folder first, then run this again.")
    if folder not in log.revisions:
        gone = [each for each in log.revisions if each not in tree.list_session_folders()]
        hint = suggest_word(folder, gone, "Expected: the name of a folder that was announced and is gone.")
        location, message = Location(ANNOUNCED_PATH), f'has no line "{shorten_text(folder)}".'
        raise Invalid([Diagnostic(location, Code.SESSION_NOT_FOUND, message, hint)])
    if not generated.is_intact(tree.contents[ANNOUNCED_PATH]):
        raise _refuse(ANNOUNCED_PATH, generated.EDITED_MANUALLY, "Run readingroom build --force first.")
    kept = {each: revision for each, revision in log.revisions.items() if each != folder}
    extras = {each: values for each, values in log.session_extras.items() if each != folder}
    content = render_revisions(replace(log, revisions=kept, session_extras=extras))
    return ScheduleChange({ANNOUNCED_PATH: content}, [f"{ANNOUNCED_PATH}: {folder} is forgotten"], [])


def _refuse(path: str, message: str, hint: str) -> Invalid:
    return Invalid([Diagnostic(Location(path), Code.SESSION_CHANGE_REFUSED, message, hint)])
