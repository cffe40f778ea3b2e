"""The files of a session's folder that the site has a copy of, and where readers find the others."""

from collections.abc import Iterator
from typing import NamedTuple

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.core.models import Group, Resource, Session
from readingroom.core.tree import Tree
from readingroom.render.templates import format_file_size
from readingroom.site import paths
from readingroom.text import escape

# Types of files in which no browser runs scripts; HTML and SVG are not among them.
_SAFE_EXTENSIONS = frozenset({
    "pdf", "ps", "djvu", "epub", "ppt", "pptx", "odp", "key", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods",
    "csv", "tsv", "ipynb", "png", "jpg", "jpeg", "gif", "webp", "avif", "mp3", "m4a", "ogg", "wav", "mp4",
    "webm", "mov", "m4v", "txt", "md", "rst", "tex", "bib", "json", "yml", "yaml", "py", "r", "jl", "m", "ino",
    "c", "h", "cpp", "rs", "go", "java", "zip", "tgz", "7z", "tar", "npz", "npy", "parquet",
})  # fmt: skip
# A server may have a browser unpack these, and treat the content as the rest of the name says.
_COMPRESSED_EXTENSIONS = frozenset({"gz", "bz2", "xz"})
# Servers may go by any part of a name between dots: https://httpd.apache.org/docs/current/mod/mod_mime.html#multipleext
_ACTIVE_EXTENSIONS = frozenset({
    "html", "htm", "xhtml", "xht", "shtml", "shtm", "svg", "svgz", "xml", "xsl", "xslt", "mht", "mhtml", "js", "mjs",
    "wasm", "swf", "hta", "php", "phtml", "phar", "cgi", "fcgi", "pl", "asp", "aspx", "jsp", "var",
})  # fmt: skip

CopyMap = dict[str, str]


class ResourceLink(NamedTuple):
    """A resource of a session: its link's target on the session's page, or an empty text; ``size`` is in words."""

    title: str
    href: str
    size: str
    is_here: bool = False


def map_copies(session: Session, shown_as: Session | None = None) -> CopyMap:
    """Return the files of a session's folder that are copied: paths of the site to paths of the repository.

    ``shown_as`` is the session as it was in an earlier folder, for copies at the earlier addresses.
    """
    return {
        path: f"{session.path}/{resource.url}"
        for resource in session.resources
        if (path := find_copy_path(shown_as or session, resource))
    }


def find_copy_path(session: Session, resource: Resource) -> str:
    """Return the path of the site's copy of a resource, or an empty text if it has none."""
    if resource.is_link or resource.is_folder or resource.is_pointer or not is_copyable(resource.url):
        return ""
    return paths.get_resource_path(session, resource.url)


def is_copyable(name: str) -> bool:
    """Return whether no browser runs scripts in a file of a session's folder, however it is served."""
    stem, *extensions = name.casefold().split(".")
    if not stem or not extensions or not _ACTIVE_EXTENSIONS.isdisjoint(extensions):
        return False
    last = extensions[-1]
    return last in _SAFE_EXTENSIONS or (last in _COMPRESSED_EXTENSIONS and extensions[-2:-1] == ["tar"])


def check_pointers(tree: Tree) -> Iterator[Diagnostic]:
    """Yield the files that the site cannot have a copy of, since the checkout has only Git LFS's pointers to them."""
    for path in sorted(tree.pointers):
        message = "is a Git LFS pointer in this checkout, so the site links to the repository instead of having a copy."
        yield Diagnostic(Location(path), *Finding.from_rule(Code.FILE_NOT_FETCHED, message))


def iter_resource_links(group: Group, session: Session) -> Iterator[ResourceLink]:
    """Yield the links of a session's resources."""
    for resource in session.resources:
        size = format_file_size(resource).strip()
        if resource.is_link:
            yield ResourceLink(resource.name, escape.percent_encode_url(resource.url), size)
        elif path := find_copy_path(session, resource):
            href = paths.build_relative_url(path, paths.get_page_path(session))
            yield ResourceLink(resource.name, href, size, is_here=True)
        else:
            yield ResourceLink(resource.name, build_github_url(group, session, resource), size)


def build_github_url(group: Group, session: Session, resource: Resource) -> str:
    """Return the address at which GitHub shows a file or folder, or an empty text without a repository."""
    if not group.repository:
        return ""
    kind = "tree" if resource.is_folder else "blob"
    return f"{group.repository.rstrip('/')}/{kind}/HEAD/{session.path}/{escape.encode_path(resource.url)}"
