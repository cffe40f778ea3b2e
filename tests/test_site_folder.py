"""The folder of a site holds the site and nothing else: what changed is written, what is not needed goes."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import read
from readingroom.io import disk, site_folder

FILES = {"index.html": b"<p>Hello", "sessions/01.html": b"one", "sessions/02.html": b"two"}


def laid(folder: Path, files: dict[str, bytes] | None = None, copies: dict[str, Path] | None = None) -> Path:
    site_folder.write_new_site(folder, FILES if files is None else files, copies or {})
    return folder


def written(folder: Path, files: dict[str, bytes], copies: dict[str, Path] | None = None) -> set[str]:
    """Bring an earlier site up to date; return the paths that changed."""
    changes = site_folder.plan_site_update(folder, site_folder.read_manifest(folder), files, copies or {})
    disk.write_files(folder, changes.first)
    disk.write_files(folder, changes.files)
    site_folder.copy_files(folder, changes.copies)
    disk.write_files(folder, changes.last)
    return {*changes.files, *changes.copies}


def held(folder: Path) -> dict[str, bytes]:
    return {path: content for path, content in read(folder).items() if path != site_folder.MANIFEST}


@pytest.mark.parametrize("is_there", [True, False])
def test_a_site_is_laid_into_a_folder_that_is_missing_or_empty(tmp_path: Path, *, is_there: bool) -> None:
    folder = tmp_path / "below" / "site"
    if is_there:
        folder.mkdir(parents=True)
    assert held(laid(folder)) == FILES
    assert site_folder.read_manifest(folder) == sorted(FILES)
    assert os.listdir(folder.parent) == ["site"]


def test_a_site_that_cannot_be_laid_whole_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        laid(tmp_path / "site", copies={"slides.pdf": tmp_path / "gone.pdf"})
    assert os.listdir(tmp_path) == []


def test_only_what_changed_is_written_and_what_is_not_needed_goes(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    files = {"index.html": b"<p>Hello", "sessions/01.html": b"uno", "leads/ada.html": b"Ada"}
    assert written(folder, files) == {"sessions/01.html", "sessions/02.html", "leads/ada.html"}
    assert held(folder) == files
    assert written(folder, files) == set()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_what_a_run_that_was_killed_has_left_is_known_to_the_next(tmp_path: Path, steps: int) -> None:
    folder = laid(tmp_path / "site")
    files = {"index.html": b"<p>Hi", "leads/ada.html": b"Ada", "leads/bob.html": b"Bob"}
    changes = site_folder.plan_site_update(folder, site_folder.read_manifest(folder), files, {})
    for part in (changes.first, {"leads/ada.html": files["leads/ada.html"]}, {"sessions/01.html": None})[:steps]:
        disk.write_files(folder, part)
    written(folder, {**files, "leads/ada.html": b"Ada, again"})
    assert held(folder) == {**files, "leads/ada.html": b"Ada, again"}


def test_a_file_that_was_touched_is_put_right(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (folder / "index.html").write_text("manual")
    (folder / "sessions/02.html").unlink()
    assert written(folder, FILES) == {"index.html", "sessions/02.html"}
    assert held(folder) == FILES


def test_other_files_in_a_sites_folder_stay(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (folder / "CNAME").write_text("example.org")
    assert written(folder, {"index.html": b"x"}) == {"index.html", "sessions/01.html", "sessions/02.html"}
    assert held(folder) == {"index.html": b"x", "CNAME": b"example.org"}


def test_a_file_of_somebody_else_in_the_way_is_not_replaced(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (folder / "leads.html").write_text("mine")
    with pytest.raises(site_folder.OutputFolderError, match=r"leads\.html was not written by readingroom"):
        written(folder, {**FILES, "leads.html": b"ours"})
    assert (folder / "leads.html").read_text() == "mine"


def test_a_folder_with_other_files_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(site_folder.OutputFolderError, match="holds files that readingroom did not write"):
        site_folder.read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["{}", "", "[", "\xff", "[" * 100_000])
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    folder = laid(tmp_path / "site")
    (folder / site_folder.MANIFEST).write_bytes(text.encode("latin-1"))
    with pytest.raises(site_folder.OutputFolderError, match=r"\.readingroom (?:cannot be read|names)"):
        site_folder.read_manifest(folder)


def test_a_file_or_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(laid(tmp_path / "site"))
    for name in ("file", "link"):
        with pytest.raises(site_folder.OutputFolderError, match="not a folder"):
            site_folder.read_manifest(tmp_path / name)


@pytest.mark.parametrize("path", ["../thesis.tex", "/etc/passwd", "a/../../b", "a\\b", "", "./x", 1])
def test_a_list_that_leads_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    folder = laid(tmp_path / "site")
    (folder / site_folder.MANIFEST).write_text(json.dumps(["index.html", path]))
    with pytest.raises(site_folder.OutputFolderError, match="names what readingroom never writes"):
        site_folder.read_manifest(folder)


def test_a_file_of_the_group_is_copied_and_copied_again_when_it_changes(tmp_path: Path) -> None:
    slides = tmp_path / "slides.pdf"
    slides.write_bytes(b"one")
    copies = {"sessions/01/slides.pdf": slides}
    folder = laid(tmp_path / "site", copies=copies)
    assert written(folder, FILES, copies) == set()
    slides.write_bytes(b"two")
    os.utime(slides, ns=(1, 1))
    assert written(folder, FILES, copies) == {"sessions/01/slides.pdf"}
    assert held(folder) == {**FILES, "sessions/01/slides.pdf": b"two"}
    assert written(folder, FILES) == {"sessions/01/slides.pdf"}
    assert held(folder) == FILES


def test_what_a_link_leads_to_is_never_copied(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "slides.pdf").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match=r"slides\.pdf"):
        laid(tmp_path / "site", copies={"slides.pdf": tmp_path / "slides.pdf"})
    assert not (tmp_path / "site").exists()


def outside(tmp_path: Path) -> dict[str, bytes]:
    return {path: content for path, content in read(tmp_path).items() if not path.startswith("site/")}


@pytest.mark.parametrize("path", ["sessions", "sessions/01", "years/a/b"])
def test_a_folder_on_the_way_that_is_a_link_is_refused_before_anything_is_written(tmp_path: Path, path: str) -> None:
    folder = laid(tmp_path / "site", {"index.html": b"old"})
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/01.html").write_text("mine")
    slides = tmp_path / "slides.pdf"
    slides.write_bytes(b"%PDF")
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).symlink_to(tmp_path / "thesis")
    before = outside(tmp_path)
    files = {"index.html": b"new", "sessions/01.html": b"x", "years/a/b/c.html": b"y"}
    with pytest.raises(site_folder.OutputFolderError, match=f"{path} is a link, not a folder"):
        written(folder, files, {"sessions/01/slides.pdf": slides})
    assert outside(tmp_path) == before
    assert (folder / "index.html").read_bytes() == b"old"


def test_nothing_is_removed_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions/01.html").write_text("mine")
    folder = laid(tmp_path / "site", {"index.html": b"x"})
    (folder / site_folder.MANIFEST).write_text(json.dumps(["sessions/01.html"]))
    (folder / "sessions").symlink_to(tmp_path / "sessions")
    with pytest.raises(site_folder.OutputFolderError, match="sessions is a link"):
        written(folder, {"index.html": b"y"})
    assert (tmp_path / "sessions/01.html").read_text() == "mine"


@pytest.mark.parametrize("path", ["index.html", "slides.pdf", site_folder.MANIFEST])
def test_a_file_that_is_a_link_is_refused(tmp_path: Path, path: str) -> None:
    folder = laid(tmp_path / "site")
    (tmp_path / "mine").write_text("[]")
    (tmp_path / "slides").write_text("slides")
    (folder / path).unlink(missing_ok=True)
    (folder / path).symlink_to(tmp_path / "mine")
    with pytest.raises(site_folder.OutputFolderError, match="link"):
        written(folder, FILES, {"slides.pdf": tmp_path / "slides"})
    assert (tmp_path / "mine").read_text() == "[]"


@pytest.mark.parametrize("path", ["slides.pdf", "leads.html"])
def test_a_folder_in_the_way_is_reported_before_anything_is_written(tmp_path: Path, path: str) -> None:
    folder = laid(tmp_path / "site")
    (tmp_path / "slides").write_text("slides")
    (folder / path).mkdir()
    with pytest.raises(site_folder.OutputFolderError, match=rf"{path} is a folder, not a file\. Move it away"):
        written(folder, {"index.html": b"new", "leads.html": b"x"}, {"slides.pdf": tmp_path / "slides"})
    assert (folder / "index.html").read_bytes() == FILES["index.html"]


def test_a_file_in_place_of_a_folder_is_reported(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (folder / "years").touch()
    with pytest.raises(site_folder.OutputFolderError, match="years is a file, not a folder"):
        written(folder, {"years/2024.html": b"x"})


def test_a_copy_replaces_no_file_of_somebody_else(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (folder / "logo.png").write_text("mine")
    (tmp_path / "logo.png").write_text("the group's")
    with pytest.raises(site_folder.OutputFolderError, match=r"logo\.png was not written by readingroom"):
        written(folder, {"index.html": b"new"}, {"logo.png": tmp_path / "logo.png"})
    assert held(folder) == {**FILES, "logo.png": b"mine"}


def test_a_link_that_waits_under_the_name_of_a_file_in_the_making_is_not_followed(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (tmp_path / "slides").write_text("slides")
    (tmp_path / "mine").write_text("mine")
    (folder / f"{site_folder.MANIFEST}-{os.getpid()}").symlink_to(tmp_path / "mine")
    written(folder, FILES, {"slides.pdf": tmp_path / "slides"})
    assert (tmp_path / "mine").read_text() == "mine"
    assert (folder / "slides.pdf").read_text() == "slides"


@pytest.mark.parametrize("link", ["public", "public/site"])
def test_no_folder_between_the_groups_and_the_sites_may_be_a_link(tmp_path: Path, link: str) -> None:
    (tmp_path / "other/site").mkdir(parents=True)
    (tmp_path / "group" / link).parent.mkdir(parents=True)
    (tmp_path / "group" / link).symlink_to(tmp_path / "other")
    with pytest.raises(site_folder.OutputFolderError, match=f"{link} is a link, not a folder"):
        site_folder.read_manifest(tmp_path / "group/public/site", tmp_path / "group")
    assert site_folder.read_manifest(tmp_path / "other/site", tmp_path / "group") == []


def test_a_group_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "group").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "group")
    assert site_folder.read_manifest(tmp_path / "link/site", tmp_path / "link") == []


PATHS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=2).map("/".join)
SITES = st.dictionaries(PATHS.map(lambda path: f"{path}.html"), st.binary(max_size=3), max_size=6)


@given(st.lists(SITES, min_size=1, max_size=4))
def test_a_folder_always_ends_with_just_the_last_site(
    tmp_path_factory: pytest.TempPathFactory, sites: list[dict[str, bytes]]
) -> None:
    folder = laid(tmp_path_factory.mktemp("all") / "site", sites[0])
    for files in sites[1:]:
        written(folder, files)
    assert held(folder) == sites[-1]
