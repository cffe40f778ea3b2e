"""The sessions as a table for spreadsheets: CSV (RFC 4180)."""

import csv
import io
import re
from collections.abc import Iterator

from readingroom.core.models import Group, Session, Status, get_sort_key
from readingroom.core.text_file import TextFile
from readingroom.core.tree import Files
from readingroom.site import paths
from readingroom.store.catalogue import Catalogue
from readingroom.text import plain

COLUMNS = ("number", "date", "time", "duration", "status", "kind", "title", "leads", "room", "folder", "url")
# What spreadsheets read as a formula, at the start of a cell or after a semicolon, where those in languages that write
# decimals with a comma cut it, whatever quotes are around it: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"""(\A|;[\s"']*)(?=[=+\-@|%＝＋－＠])""")


def render_csv(catalogue: Catalogue) -> Files:
    """Return the table by its path: a row for each session, by date."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for session in sorted(catalogue.sessions, key=get_sort_key):
        if session.status != Status.SHELF and not session.is_taken:
            table.writerow([_escape_formula(cell) for cell in _iter_cells(session, catalogue.group)])
    # Without a byte order mark Excel assumes another encoding.
    return {paths.SPREADSHEET: TextFile(text.getvalue(), has_bom=True).encode()}


def _iter_cells(session: Session, group: Group) -> Iterator[str]:
    yield "" if session.number is None else str(session.number)
    yield str(session.date or "")
    yield session.time
    yield str(session.duration)
    yield str(session.status)
    yield plain.clean_line(session.kind)
    yield plain.clean_line(session.title)
    yield "; ".join(plain.clean_name(each.name) for each in session.leads)
    yield plain.clean_line(session.room)
    yield session.folder
    yield paths.build_absolute_url(group, paths.get_page_path(session))


def _escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet reads as a formula, nor a part of it: an apostrophe makes it a text."""
    return _FORMULA.sub(r"\1'", cell)
