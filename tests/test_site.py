"""The whole site: written into a folder of its own, made by a build if it is asked to, and shown while one writes."""

import errno
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote
from urllib.request import urlopen

import pytest
from hypothesis import given

from groups import ROOT, TODAY, command, files, groups, read, reported, run, stamps, tree, write
from readingroom.cli.commands import serve
from readingroom.io import disk
from readingroom.io.preview_server import ServedSite
from readingroom.site import build

DAY = ("--today", str(TODAY))
SESSIONS = {
    "01-bert": {"title": "Bert", "date": "2024-01-08", "leads": [{"name": "Ada"}]},
    "02-gpt": {"title": "Gpt", "date": "2024-01-22", "time": "11:00", "kind": "Technical"},
}
GROUP = files(SESSIONS, {"sessions/01-bert/slides.pdf": b"%PDF"})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "group", GROUP)


def made(root: Path, *more: str) -> dict[str, bytes]:
    """Return the files of the site that the command writes into a folder beside the group."""
    done = run(root, "site", "--out", "../site", *DAY, *more)
    assert done.returncode == 0, done.stderr
    return read(root.parent / "site")


def test_the_site_is_whole(root: Path) -> None:
    assert {
        *("index.html", "leads.html", "statistics.html", "site.css", "search.js", ".nojekyll"),
        *("calendar.ics", "feed.xml", "sessions.json", "sessions.schema.json", "sessions.csv"),
        *("sessions/01-bert.html", "sessions/02-gpt.ics", "calendars/technical.ics", "leads/ada.html"),
        *("years/2024.html", "sessions/01-bert/slides.pdf"),
    } <= made(root).keys()


def test_a_site_lies_below_the_root_if_nobody_says_where(root: Path) -> None:
    run(root, "site", *DAY)
    assert (root / "_site/index.html").is_file()
    write(root, {"readingroom.yml": GROUP["readingroom.yml"] + b"site: {folder: public}\n"})
    run(root, "site", *DAY)
    assert (root / "public/index.html").is_file()


def test_a_second_run_writes_nothing(root: Path) -> None:
    made(root)
    before = stamps(root.parent / "site")
    for _ in range(2):
        done = run(root, "site", "--out", "../site", *DAY)
        assert (done.returncode, done.stdout) == (0, "The site is up to date.\n")
    assert run(root, "site", "--out", "../site", *DAY, env={"XDG_CACHE_HOME": str(root.parent)}).returncode == 0
    assert stamps(root.parent / "site") == before


def test_what_was_touched_in_the_sites_folder_is_put_right(root: Path) -> None:
    before = made(root)
    (root.parent / "site/index.html").write_text("touched")
    (root.parent / "site/sessions/01-bert/slides.pdf").unlink()
    assert made(root) == before


def test_only_what_a_change_calls_for_is_written(root: Path) -> None:
    made(root)
    before = stamps(root.parent / "site")
    write(root, {"sessions/01-bert/session.yml": "title: Bert, again\ndate: 2024-01-08\n"})
    assert b"Bert, again" in made(root)["sessions/01-bert.html"]
    after = stamps(root.parent / "site")
    assert before["sessions.schema.json"] == after["sessions.schema.json"]
    assert before["sessions/02-gpt.ics"] == after["sessions/02-gpt.ics"]
    assert "leads/ada.html" not in after


def test_slides_that_change_are_copied_again(root: Path) -> None:
    made(root)
    write(root, {"sessions/01-bert/slides.pdf": b"%PXF"})
    assert made(root)["sessions/01-bert/slides.pdf"] == b"%PXF"


def test_a_folder_with_other_files_is_refused(root: Path) -> None:
    for out in (".", "sessions"):
        done = run(root, "site", "--out", out, *DAY)
        assert done.returncode == 2
        assert "Name a folder of its own for the site, with --out" in done.stderr
    assert read(root) == GROUP


def test_errors_are_reported_and_nothing_is_written(root: Path) -> None:
    write(root, {"sessions/01-bert/session.yml": "titel: Bert\n"})
    done = run(root, "site", "--out", "../site", *DAY)
    assert done.returncode == 1
    assert reported(done.stderr) == ["sessions/01-bert/session.yml:1: error [key-unknown] titel"]
    assert not (root.parent / "site").exists()


def test_a_build_makes_the_site_where_the_group_names_a_folder(root: Path) -> None:
    write(root, {"readingroom.yml": GROUP["readingroom.yml"] + b"site: {folder: _site}\n"})
    assert run(root, "build", "--check", *DAY).returncode == 1
    assert not (root / "_site").exists()
    assert "of the site changed" in run(root, "build", *DAY).stdout
    (root / "_site/index.html").unlink()
    assert run(root, "build", "--check", *DAY).returncode == 0  # as docs/site.md says: the pages alone
    done = run(root, "build", *DAY)
    assert done.stdout.splitlines()[0] == "Every page is up to date."
    assert (root / "_site/index.html").is_file()
    before = stamps(root)
    assert "The site is up to date." in run(root, "build", *DAY).stdout
    assert stamps(root) == before


def test_a_build_whose_site_fails_writes_no_page(root: Path) -> None:
    settings = GROUP["readingroom.yml"] + b"site: {folder: _site}\n"
    write(root, {"readingroom.yml": settings, "templates/site-index.html.j2": "{{ nothing.at.all }}\n"})
    before = read(root)
    done = run(root, "build", *DAY)
    assert (done.returncode, done.stderr.endswith("1 error; nothing was written.\n")) == (1, True), done.stderr
    assert read(root) == before


@pytest.mark.parametrize("link", ["_site", "_site/sessions", "_site/index.html", "_site/sessions/01-bert"])
def test_a_link_that_a_pull_request_brings_into_the_sites_folder_is_refused(root: Path, link: str) -> None:
    write(root, {"readingroom.yml": GROUP["readingroom.yml"] + b"site: {folder: _site}\n"})
    run(root, "build", *DAY)
    (root / ".github").mkdir(exist_ok=True)
    (root / ".github/01-bert.html").write_text("mine")
    if (root / link).is_dir():
        shutil.rmtree(root / link)
    else:
        (root / link).unlink()
    (root / link).symlink_to(root / ".github")
    write(root, {"sessions/01-bert/slides.pdf": b"%PDF other"})
    before = read(root)
    done = run(root, "build", *DAY)
    assert (done.returncode, f"{link} is a link" in done.stderr.replace("\n", " ")) == (2, True)
    changed = {path for path, content in read(root).items() if before.get(path) != content}
    assert changed == {"sessions/01-bert/README.md"}


def test_the_site_is_the_same_before_and_after_a_build(root: Path) -> None:
    write(root, {"readingroom.yml": GROUP["readingroom.yml"] + b"site: {url: 'https://example.org/x'}\n"})
    before = made(root)
    assert run(root, "build", "--keep-ids", *DAY).returncode == 0
    assert (root / "sessions/announced.yml").is_file()
    assert made(root) == before


def test_every_link_to_the_site_leads_to_a_file_of_it() -> None:
    """In the calendar, the feed and the data, as on the pages; what the site has no copy of is linked to on GitHub."""
    beside = ("evil.html", "p.svg", "slides.pdf", "a folder/x", "odd ünd so?#.pdf", "data.csv.gz", "x.tar.gz", "x.y.md")
    home, repository = "https://example.org/at/home", "https://github.com/example/group"
    group = {"site": {"url": home}, "repository": repository}
    made = build.build_site(
        tree(files(SESSIONS, {f"sessions/02-gpt/{name}": b"x" for name in beside}, **group)), lambda _: TODAY
    )
    held = {*made.files, *made.copies, ""}
    links: set[str] = set()
    for path, content in made.files.items():
        if path.endswith((".ics", ".xml", ".json", ".csv")):
            text = content.decode().replace("\r\n ", "").replace("\\n", "\n")
            links |= {*re.findall(rf"{re.escape(home)}/([^\s\"'<>\\]*)", text)}
            shown = set(re.findall(rf"{repository}/(?:blob|tree)/HEAD/([^\s\"'<>\\]*)", text))
            assert not shown or shown == {
                f"sessions/02-gpt/{name}" for name in ("a%20folder", "data.csv.gz", "evil.html", "p.svg")
            }
    assert {f"sessions/02-gpt/{name}" for name in ("slides.pdf", "x.tar.gz", "odd%20%C3%BCnd%20so%3F%23.pdf")} <= links
    assert {link for link in map(unquote, links) if link not in held} == set()


@given(groups())
def test_a_site_depends_on_no_order_of_files(found: dict[str, bytes]) -> None:
    backwards = dict(reversed(found.items()))
    assert of(found) == of(backwards) == of(found)


def of(found: dict[str, bytes]) -> dict[str, bytes]:
    return build.build_site(tree(found), lambda _: TODAY).files


def test_this_repositorys_own_site_has_everything_its_sessions_say() -> None:
    site = build.build_site(disk.read_tree(ROOT), lambda _: TODAY)
    text = b"".join(site.files[f"sessions/{each.folder}.html"] for each in site.catalogue.sessions).decode()
    urls = {item.url for each in site.catalogue.sessions for section in each.material for item in section.items}
    assert [url for url in urls if url and url.replace("&", "&amp;") not in text] == []


# What is shown while one writes


@contextmanager
def serving(root: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Yield the address of a site that is shown, and the process that does so."""
    process = subprocess.Popen(
        command("serve", "--port", "0", *DAY), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout
        found = re.search(r"http://localhost:\d+/", process.stdout.readline())
        assert found
        yield found[0], process
    finally:
        process.kill()
        process.communicate()


def get(url: str) -> str:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 -- our own server
        return str(answer.read().decode())


def test_the_site_is_shown_and_made_again_when_a_file_changes(root: Path) -> None:
    with serving(root) as (url, process):
        assert "Bert" in get(f"{url}sessions/01-bert.html")
        write(root, {"sessions/01-bert/session.yml": "title: Roberta\ndate: 2024-01-08\n"})
        assert process.stdout
        assert process.stdout.readline() == "The site was updated.\n"
        assert "Roberta" in get(f"{url}sessions/01-bert.html")
        write(root, {"sessions/01-bert/session.yml": "titel: Bert\n"})
        assert "sessions/01-bert/session.yml:1" in process.stdout.readline()
        assert process.stdout.readline() == "The site stays as it was until this is fixed.\n"
        assert "Roberta" in get(f"{url}sessions/01-bert.html")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert read(root).keys() == GROUP.keys()


@pytest.mark.parametrize("kind", ["missing", "folder", "link", "below a link"])
def test_a_logo_that_is_no_file_of_the_group_is_left_out_with_a_warning_of_every_command(root: Path, kind: str) -> None:
    write(root, {"readingroom.yml": GROUP["readingroom.yml"] + b"site:\n  logo: art/logo.png\n"})
    write(root.parent / "secret", {"logo.png": b"secret"})
    if kind == "folder":
        (root / "art/logo.png").mkdir(parents=True)
    elif kind == "link":
        (root / "art").mkdir()
        (root / "art/logo.png").symlink_to(root.parent / "secret/logo.png")
    elif kind == "below a link":
        (root / "art").symlink_to(root.parent / "secret")
    for words in (("build", *DAY), ("check",), ("site", *DAY)):
        done = run(root, *words)
        assert (done.returncode, reported(done.stderr)) == (0, ["readingroom.yml:4: warning [logo-unusable] site.logo"])
    assert not (root / "_site/logo.png").exists()
    assert "logo.png" not in (root / "_site/index.html").read_text("utf-8")


def test_a_logo_that_goes_is_reported_by_the_next_build(root: Path) -> None:
    write(root, {"readingroom.yml": GROUP["readingroom.yml"] + b"site: {logo: logo.png}\n", "logo.png": b"x"})
    assert [run(root, "build", *DAY).returncode for _ in range(2)] == [0, 0]
    (root / "logo.png").unlink()
    done = run(root, "build", *DAY)
    assert (done.returncode, reported(done.stderr)) == (0, ["readingroom.yml:3: warning [logo-unusable] site.logo"])


def test_a_logo_that_changes_makes_the_site_again(root: Path) -> None:
    configuration = GROUP["readingroom.yml"] + b"site: {logo: art/logo.png}\n"
    write(root, {"readingroom.yml": configuration, "art/logo.png": b"one", "art/other.png": b"other"})
    with serving(root) as (url, process):
        assert get(f"{url}logo.png") == "one"
        write(root, {"art/logo.png": b"two, longer"})
        assert process.stdout
        assert process.stdout.readline() == "The site was updated.\n"
        assert get(f"{url}logo.png") == "two, longer"


class Unreadable(ServedSite):
    def update_files(self, *_: object) -> None:
        raise OSError(errno.EIO, "Input/output error", "sessions/01-bert")


def test_a_file_that_cannot_be_read_while_one_writes_is_reported_as_such(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve.update_site_on_change(root, TODAY, Unreadable())
    assert capsys.readouterr().err == (
        "sessions/01-bert cannot be read (Input/output error).\nThe site stays as it was until this is fixed.\n"
    )


def test_a_port_that_is_taken_is_reported(root: Path) -> None:
    with serving(root) as (url, _):
        port = re.findall(r"\d+", url)[0]
        done = run(root, "serve", "--port", port, *DAY)
    assert (done.returncode, "Choose another with --port." in done.stderr) == (2, True)
