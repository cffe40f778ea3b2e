"""The files beside a session that the site has a copy of, and where a reader finds the others."""

from collections.abc import Iterator
from typing import NamedTuple

from readingroom.core.models import Group, Resource, Session
from readingroom.render.templates import format_file_size
from readingroom.site import paths
from readingroom.text import escape

# Types of files that no browser runs scripts of; HTML and SVG are not among them.
_SAFE_EXTENSIONS = frozenset({
    "pdf", "ps", "djvu", "epub", "ppt", "pptx", "odp", "key", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods",
    "csv", "tsv", "ipynb", "png", "jpg", "jpeg", "gif", "webp", "avif", "mp3", "m4a", "ogg", "wav", "mp4",
    "webm", "mov", "m4v", "txt", "md", "rst", "tex", "bib", "json", "yml", "yaml", "py", "r", "jl", "m", "ino",
    "c", "h", "cpp", "rs", "go", "java", "zip", "tgz", "7z", "tar", "npz", "npy", "parquet",
})  # fmt: skip
# A browser may be told to unpack these, and to take what is within for what the rest of the name says.
_COMPRESSED_EXTENSIONS = frozenset({"gz", "bz2", "xz"})
# Servers may go by any part of a name between dots: https://httpd.apache.org/docs/current/mod/mod_mime.html#multipleext
_ACTIVE_EXTENSIONS = frozenset({
    "html", "htm", "xhtml", "xht", "shtml", "shtm", "svg", "svgz", "xml", "xsl", "xslt", "mht", "mhtml", "js", "mjs",
    "wasm", "swf", "hta", "php", "phtml", "phar", "cgi", "fcgi", "pl", "asp", "aspx", "jsp", "var",
})  # fmt: skip

CopyMap = dict[str, str]


class ResourceLink(NamedTuple):
    """Something that a session left: where it is, seen from the session's page, or nowhere; ``size`` is in words."""

    title: str
    href: str
    size: str
    is_here: bool = False


def map_copies(session: Session) -> CopyMap:
    """Return the files of a session's folder that are copied: paths of the site to paths of the repository."""
    places = ((find_copy_path(session, each), each) for each in session.resources)
    return {there: f"{session.path}/{each.url}" for there, each in places if there}


def find_copy_path(session: Session, resource: Resource) -> str:
    """Return where the site has its copy of a resource, or an empty text if it has none: the one place that decides."""
    if resource.is_link or resource.is_folder or not is_copyable(resource.url):
        return ""
    return paths.get_resource_path(session, resource.url)


def is_copyable(name: str) -> bool:
    """Tell whether a file of a session's folder is one that no browser runs scripts of, however it is served."""
    stem, *kinds = name.casefold().split(".")
    if not stem or not kinds or not _ACTIVE_EXTENSIONS.isdisjoint(kinds):
        return False
    return kinds[-1] in _SAFE_EXTENSIONS or (kinds[-1] in _COMPRESSED_EXTENSIONS and kinds[-2:-1] == ["tar"])


def iter_resource_links(group: Group, session: Session) -> Iterator[ResourceLink]:
    """Yield what a session left, with a link where there is something to lead to."""
    for each in session.resources:
        if each.is_link:
            yield ResourceLink(each.title, escape.percent_encode_url(each.url), "")
        elif there := find_copy_path(session, each):
            href = paths.build_relative_url(there, paths.get_page_path(session))
            yield ResourceLink(each.title, href, format_file_size(each).strip(), is_here=True)
        else:
            yield ResourceLink(each.title, build_github_url(group, session, each), format_file_size(each).strip())


def build_github_url(group: Group, session: Session, resource: Resource) -> str:
    """Return where GitHub shows a file or a folder of the default branch, or an empty text."""
    if not group.repository:
        return ""
    kind = "tree" if resource.is_folder else "blob"
    return f"{group.repository.rstrip('/')}/{kind}/HEAD/{session.path}/{escape.encode_path(resource.url)}"
