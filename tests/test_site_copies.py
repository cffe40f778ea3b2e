"""Which files of a session's folder the site has, and where the others are."""

import pytest

from groups import catalogue_of, files
from readingroom.site import resource_files


@pytest.mark.parametrize(
    ("name", "is_copied"),
    [
        ("slides.pdf", True), ("Talk.PPTX", True), ("x.odp", True), ("x.ipynb", True), ("x.png", True), ("x.jpg", True),
        ("x.webp", True), ("x.mp4", True), ("x.zip", True), ("x.txt", True), ("notes.md", True),
        ("x.html", False), ("x.htm", False), ("x.xhtml", False), ("x.svg", False), ("x.xml", False), ("x.js", False),
        ("x.tar.gz", True), ("x.tar.xz", True), ("x.tgz", True), ("x.v1.2.pdf", True), ("x.htmlish.pdf", True),
        ("evil.html.gz", False), ("x.gz", False), ("x.csv.gz", False), ("tar.gz", False), ("x.xz", False),
        ("evil.html.tar.gz", False), ("evil.HTML.npy", False), ("evil.php.jl", False), ("evil.svg.md", False),
        (".pdf", False), ("x.pdf.html", False), ("x.", False), ("pdf", False), ("x.mht", False), ("x.swf", False),
    ],
)  # fmt: skip
def test_only_types_that_run_no_scripts_are_copied(name: str, is_copied: bool) -> None:  # noqa: FBT001
    assert resource_files.is_copyable(name) is is_copied


def test_a_folder_is_never_copied() -> None:
    session = catalogue_of(files({"01-x": {}}, {"sessions/01-x/folder.pdf/a.pdf": b"x"})).sessions[0]
    assert session.resources[0].is_folder
    assert resource_files.map_copies(session) == {}


def test_without_a_repository_what_is_not_copied_is_named_without_a_link() -> None:
    made = files({"01-x": {}}, {"sessions/01-x/a.html": b"x", "sessions/01-x/b.pdf": b"x" * 2000})
    known = catalogue_of(made)
    assert [each[:3] for each in resource_files.iter_resource_links(known.group, known.sessions[0])] == [
        ("a.html", "", ""),
        ("Slides: b.pdf", "01-x/b.pdf", "(2.0 kB)"),
    ]
    assert resource_files.map_copies(known.sessions[0]) == {"sessions/01-x/b.pdf": "sessions/01-x/b.pdf"}
