"""The folder of a site holds the site and nothing else: what changed is written, what is not needed goes."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import read
from readingroom import output, tree

FILES = {"index.html": b"<p>Hello", "sessions/01.html": b"one", "sessions/02.html": b"two"}


def laid(folder: Path, files: dict[str, bytes] | None = None, copies: dict[str, Path] | None = None) -> Path:
    output.lay(folder, FILES if files is None else files, copies or {})
    return folder


def written(folder: Path, files: dict[str, bytes], copies: dict[str, Path] | None = None) -> set[str]:
    """Bring an earlier site up to date; return the paths that changed."""
    changes = output.changes(folder, output.listed(folder), files, copies or {})
    tree.write(folder, changes)
    return {*changes, *output.copy(folder, copies or {})}


def held(folder: Path) -> dict[str, bytes]:
    return {path: content for path, content in read(folder).items() if path != output.LIST}


@pytest.mark.parametrize("is_there", [True, False])
def test_a_site_is_laid_into_a_folder_that_is_missing_or_empty(tmp_path: Path, *, is_there: bool) -> None:
    folder = tmp_path / "below" / "site"
    if is_there:
        folder.mkdir(parents=True)
    assert held(laid(folder)) == FILES
    assert output.listed(folder) == sorted(FILES)
    assert os.listdir(folder.parent) == ["site"]


def test_a_site_that_cannot_be_laid_whole_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        laid(tmp_path / "site", copies={"slides.pdf": tmp_path / "gone.pdf"})
    assert os.listdir(tmp_path) == []


def test_only_what_changed_is_written_and_what_is_not_needed_goes(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    files = {"index.html": b"<p>Hello", "sessions/01.html": b"uno", "leads/ada.html": b"Ada"}
    assert written(folder, files) == {"sessions/01.html", "sessions/02.html", "leads/ada.html", output.LIST}
    assert held(folder) == files
    assert written(folder, files) == set()


def test_a_file_that_was_touched_is_put_right(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (folder / "index.html").write_text("by hand")
    (folder / "sessions/02.html").unlink()
    assert written(folder, FILES) == {"index.html", "sessions/02.html"}
    assert held(folder) == FILES


def test_other_files_in_a_sites_folder_stay(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (folder / "CNAME").write_text("example.org")
    assert written(folder, {"index.html": b"x"}) == {"index.html", "sessions/01.html", "sessions/02.html", output.LIST}
    assert held(folder) == {"index.html": b"x", "CNAME": b"example.org"}


def test_a_file_of_somebody_else_in_the_way_is_not_replaced(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    (folder / "leads.html").write_text("mine")
    with pytest.raises(output.Foreign, match=r"leads\.html was not written by readingroom"):
        written(folder, {**FILES, "leads.html": b"ours"})
    assert (folder / "leads.html").read_text() == "mine"


def test_a_folder_with_other_files_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(output.Foreign, match="holds files that readingroom did not write"):
        output.listed(tmp_path)


@pytest.mark.parametrize("text", ["{}", "", "[", "\xff", "[" * 100_000])
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    folder = laid(tmp_path / "site")
    (folder / output.LIST).write_bytes(text.encode("latin-1"))
    with pytest.raises(output.Foreign, match=r"\.readingroom (?:cannot be read|names)"):
        output.listed(folder)


def test_a_file_or_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(laid(tmp_path / "site"))
    for name in ("file", "link"):
        with pytest.raises(output.Foreign, match="is no folder"):
            output.listed(tmp_path / name)


@pytest.mark.parametrize("path", ["../thesis.tex", "/etc/passwd", "a/../../b", "a\\b", "", "./x", 1])
def test_a_list_that_leads_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    folder = laid(tmp_path / "site")
    (folder / output.LIST).write_text(json.dumps(["index.html", path]))
    with pytest.raises(output.Foreign, match="names what readingroom never writes"):
        output.listed(folder)


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
    assert written(folder, FILES) == {"sessions/01/slides.pdf", output.LIST}
    assert held(folder) == FILES


def test_what_a_link_leads_to_is_never_copied(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "slides.pdf").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match=r"slides\.pdf"):
        laid(tmp_path / "site", copies={"slides.pdf": tmp_path / "slides.pdf"})
    assert not (tmp_path / "site").exists()


def test_a_seal_changes_when_a_file_is_touched_added_or_removed(tmp_path: Path) -> None:
    folder = laid(tmp_path / "site")
    places = [str(folder), str(tmp_path / "missing"), str(folder / "index.html")]
    seals = [output.seal(places)]
    for change in (
        lambda: os.utime(folder / "sessions/01.html", ns=(1, 1)),
        (folder / "new").touch,
        (folder / "index.html").unlink,
    ):
        change()
        seals.append(output.seal(places))
    assert len(set(seals)) == 4
    assert output.seal(places) == seals[-1]


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
