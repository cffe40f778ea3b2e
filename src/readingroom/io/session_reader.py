"""The files of a group, read by other processes while this one imports what renders them."""

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from readingroom.core.tree import CONFIGURATION, FORM_PATH, Tree
from readingroom.io.parallel import start_parallel

if TYPE_CHECKING:
    from readingroom.core.models import Group
    from readingroom.store.schema import Schema

SessionFile = tuple[str, bytes]


class BackgroundReader:
    """Reads and validates a group's file and its session files in other processes, from when it is made.

    Reading needs PyYAML and the schemas, rendering needs neither, so what both need is imported at the same time: a
    cold build of 50 sessions takes a quarter less time, one of 3,000 an eighth. The issue form needs PyYAML too.
    """

    def __init__(self, tree: Tree, *, renders_form: bool = False) -> None:
        configuration = [(CONFIGURATION, tree.contents[CONFIGURATION])] if CONFIGURATION in tree.contents else []
        read_chunk = partial(_read_chunk, renders_form=renders_form)
        self._wait_for_chunks = start_parallel(read_chunk, [*configuration, *tree.list_session_files()])

    def read_all(self, schema: "Schema", files: Sequence[SessionFile]) -> Iterator[Any]:
        """Yield the data of files, or the Invalid with its problems, once all of them are read."""
        from readingroom.store.catalogue import read_valid_files  # noqa: PLC0415

        for file in files:
            data = self._results[file[0]]
            yield from [data] if data is not None else read_valid_files(schema, [file])

    def render_form(self, group: "Group") -> str:  # noqa: ARG002
        """Return the issue form of the group, which is that of the file that was read."""
        form: str = self._results[FORM_PATH]
        return form

    @cached_property
    def _results(self) -> dict[str, Any]:
        return {path: result for chunk in self._wait_for_chunks() for path, result in chunk}


def _read_chunk(files: Sequence[SessionFile], *, renders_form: bool) -> list[tuple[str, Any]]:
    """Return the data of each valid file, and the issue form if the group's file is among them.

    For an invalid file it is None: its errors cannot be sent to another process.
    """
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.store.data_file import read_valid_file  # noqa: PLC0415
    from readingroom.store.schema import SchemaName, load_schema  # noqa: PLC0415

    results: list[tuple[str, Any]] = []
    for path, content in files:
        schema = load_schema(SchemaName.GROUP if path == CONFIGURATION else SchemaName.SESSION)
        try:
            data = read_valid_file(schema, path, content)
        except Invalid:
            data = None
        results.append((path, data))
        if renders_form and path == CONFIGURATION and data is not None:
            results.append((FORM_PATH, _render_form(data)))
    return results


def _render_form(data: dict[str, Any]) -> str:
    from readingroom.core.models import Group  # noqa: PLC0415
    from readingroom.render.issue_form import render_issue_form  # noqa: PLC0415

    return render_issue_form(Group.build_from_data(data))
