"""The files beside a session that the site has a copy of, and where a reader finds the others."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from readingroom.session import Group, Session
from readingroom.site import addresses, plain
from readingroom.templating import size

# Types of files that no browser runs scripts of; HTML and SVG are not among them.
_HARMLESS = frozenset({
    "pdf", "ps", "djvu", "epub", "ppt", "pptx", "odp", "key", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods",
    "csv", "tsv", "ipynb", "png", "jpg", "jpeg", "gif", "webp", "avif", "mp3", "m4a", "ogg", "wav", "mp4",
    "webm", "mov", "m4v", "txt", "md", "rst", "tex", "bib", "json", "yml", "yaml", "py", "r", "jl", "m", "ino",
    "c", "h", "cpp", "rs", "go", "java", "zip", "gz", "tgz", "bz2", "xz", "7z", "tar", "npz", "npy", "parquet",
})  # fmt: skip

Copies = dict[str, str]


class Found(NamedTuple):
    """Something that a session left: where it is, seen from the session's page, or nowhere; ``size`` is in words."""

    title: str
    href: str
    size: str
    is_here: bool = False


def of(session: Session) -> Copies:
    """Return the files of a session's folder that are copied: paths of the site to paths of the repository."""
    return {
        addresses.copy(session, each.url): f"{session.path}/{each.url}"
        for each in session.resources
        if each.size is not None and is_copied(each.url, each.size)
    }


def is_copied(name: str, size: int) -> bool:
    stem, _, kind = name.rpartition(".")
    return size >= 0 and bool(stem) and kind.casefold() in _HARMLESS


def found(group: Group, session: Session) -> Iterator[Found]:
    """Yield what a session left, with a link where there is something to lead to."""
    for each in session.resources:
        if each.size is None:
            yield Found(each.title, plain.url(each.url), "")
        elif is_copied(each.url, each.size):
            yield Found(
                each.title, f"{session.folder}/{quote(each.url, safe='!,-.')}", size(each).strip(), is_here=True
            )
        else:
            yield Found(each.title, _on_github(group, session, each.url, is_folder=each.size < 0), size(each).strip())


def _on_github(group: Group, session: Session, name: str, *, is_folder: bool) -> str:
    """Return where GitHub shows a file or a folder of the default branch, or an empty text."""
    if not group.repository:
        return ""
    kind = "tree" if is_folder else "blob"
    return f"{group.repository.rstrip('/')}/{kind}/HEAD/{session.path}/{quote(name, safe='!,-.')}"
