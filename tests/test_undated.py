"""Lists of papers without days: reported, and imported as shelves or as ideas for sessions where that is asked for."""

from pathlib import Path

import pytest

from groups import TODAY, read, reported, run, write
from readingroom.store import yaml_codec

LIST = """\
## Papers to read

- [On the theory of rings](https://example.org/r), a classic
- Paper: Fields and their groups
  Link: https://example.org/f
- [A book about sets](https://example.org/s)
"""
DATED = "# Us\n\n- 2024-03-04: Lattices (Ada Lovelace)\n\n"
LINE = ["import", "README.md", "--today", str(TODAY)]


def imported(root: Path, *options: str) -> dict[str, dict[str, object]]:
    """Return the data of the session files after an import, by folder."""
    done = run(root, *LINE, *options)
    assert done.returncode == 0, done.stderr
    files = {path: content for path, content in read(root).items() if path.endswith("session.yml")}
    return {path.split("/")[1]: yaml_codec.read_yaml(path, content) for path, content in files.items()}


@pytest.mark.parametrize("page", [DATED + LIST, LIST])
def test_a_list_without_days_becomes_a_shelf_once(tmp_path: Path, page: str) -> None:
    root = write(tmp_path, {"README.md": page})
    made = imported(root, "--undated", "shelf")
    shelf = made["papers-to-read"]
    assert (shelf["title"], "date" in shelf, "status" in shelf) == ("Papers to read", False, False)
    assert [url in str(shelf) for url in ("/r", "/f", "/s")] == [True] * 3
    assert imported(root, "--undated", "shelf") == made


@pytest.mark.parametrize("page", [DATED + LIST, LIST])
def test_the_items_of_a_list_without_days_become_ideas_once(tmp_path: Path, page: str) -> None:
    root = write(tmp_path, {"README.md": page})
    made = imported(root, "--undated", "idea")
    ideas = [data["title"] for data in made.values() if data.get("status") == "proposed"]
    assert sorted(map(str, ideas)) == [
        "A book about sets",
        "Fields and their groups",
        "On the theory of rings, a classic",
    ]
    assert imported(root, "--undated", "idea") == made
    assert "--undated idea" not in run(root, *LINE, "--undated", "idea").stderr


def test_a_list_without_days_is_reported_with_the_option_that_imports_it(tmp_path: Path) -> None:
    done = run(write(tmp_path, {"README.md": DATED + LIST}), *LINE)
    assert "README.md:7: info [import-undated-list]" in reported(done.stderr)
    assert [each for each in ("3 items", "--undated shelf", "--undated idea") if each not in done.stderr] == []


def test_links_of_other_kinds_are_no_list_of_papers(tmp_path: Path) -> None:
    page = DATED + "## Contact\n\n" + "".join(f"- Ann | [GitHub](https://github.com/{n})\n" for n in "abcd")
    assert "import-undated-list" not in run(write(tmp_path, {"README.md": page}), *LINE).stderr
