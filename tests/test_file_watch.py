"""A touch of a file is seen, once, whatever else happens at that moment."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from groups import write
from readingroom.io import file_watch
from readingroom.io.file_watch import Fingerprints


def made(folder: Path) -> Path:
    return write(folder, {"index.html": "Hello", "sessions/01.html": "one", "sessions/02.html": "two"})


def test_a_seal_changes_when_a_file_is_touched_added_or_removed(tmp_path: Path) -> None:
    folder = made(tmp_path / "site")
    places = [str(folder), str(tmp_path / "missing"), str(folder / "index.html")]
    seals = [file_watch.compute_fingerprint(places)]
    for change in (
        lambda: os.utime(folder / "sessions/01.html", ns=(1, 1)),
        (folder / "new").touch,
        (folder / "index.html").unlink,
    ):
        change()
        seals.append(file_watch.compute_fingerprint(places))
    assert len(set(seals)) == 4
    assert file_watch.compute_fingerprint(places) == seals[-1]


def test_what_goes_while_one_looks_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(tmp_path / "site")
    before = file_watch.compute_fingerprint([folder])
    (folder / "z").touch()
    real = os.scandir

    def scandir(place: str) -> Iterator["os.DirEntry[str]"]:
        entries = [*real(place)]
        (folder / "z").unlink(missing_ok=True)
        return iter(entries)

    monkeypatch.setattr(os, "scandir", scandir)
    assert file_watch.compute_fingerprint([folder]) == before


def heard(*looks: Fingerprints) -> int:
    """Return of how many changes one hears who has seen the first and then looks at the others."""
    times: list[int] = []
    later = iter(looks[1:])
    with pytest.raises(StopIteration):
        file_watch.watch_files(looks[0], lambda: next(later), lambda: None, lambda: times.append(1))
    return len(times)


ONE, TWO, THREE = ({"a": seal} for seal in (b"1", b"2", b"3"))


def test_whoever_watches_hears_of_each_change_once() -> None:
    assert heard(ONE, ONE, TWO, TWO, TWO, THREE, THREE, THREE) == 2


def test_what_changed_before_the_first_look_is_heard_of() -> None:
    assert heard(ONE, TWO) == 1


def test_what_changes_while_a_change_is_taken_up_is_heard_of() -> None:
    assert heard(ONE, TWO, THREE, THREE, THREE) == 2


def test_a_place_that_comes_to_be_watched_is_no_change_and_then_may_have_one() -> None:
    with_logo = {**TWO, "logo": b"1"}
    assert heard(ONE, TWO, with_logo, with_logo) == 1
    assert heard(ONE, TWO, with_logo, {**TWO, "logo": b"2"}) == 2
