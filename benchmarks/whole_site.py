"""Time the whole site beside Hugo making the same files, and the search in a browser.

    python benchmarks/whole_site.py [--sessions 3000] [--rounds 5] [--write docs/performance.md]

Needs the packages of requirements/dev.txt and bench.txt, Chromium and os.wait4. See benchmarks/README.md.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from compare import OWN, ROOT, TODAY, Duel, Tools, machine, run, tools, write

sys.path.insert(0, str(ROOT / "tests"))

import browsing

COLD, UNCHANGED = "The whole site", "The whole site, nothing changed"
LIMITS = {COLD: 0.5, UNCHANGED: 0.1}
MOST_KB, MOST_MS = 150, 50
WORDS = ("transformer", "language models", "a", "zzz", "arxiv")


def duels(work: Path, sessions: int, rounds: int, found: Tools) -> list[Duel]:
    """Measure both sites in turns, each time in new copies of the group and of Hugo's site."""
    cold, settled = Duel(COLD, "Hugo"), Duel(UNCHANGED, "Hugo")
    generate = (sys.executable, str(ROOT / "benchmarks/generate.py"), str(sessions))
    run((*generate, str(work / "group"), "--hugo", str(work / "hugo"), "--whole"), ROOT, work)
    for number in range(rounds):
        here = work / f"round-{number}"
        shutil.copytree(work / "group", here / "group")
        shutil.copytree(work / "hugo", here / "hugo")
        ours = (*OWN, "site", "--root", str(here / "group"), "--today", TODAY, "--out", str(here / "site"))
        theirs = (found.hugo, "--quiet", "--clock", f"{TODAY}T00:00:00Z")
        for duel in (cold, settled):
            duel.ours.append(run(ours, here, here / "cache"))
            duel.theirs.append(run(theirs, here / "hugo", here / "cache"))
        if number == rounds - 1:
            (here / "site").rename(work / "site")
            (here / "hugo/public").rename(work / "public")
        shutil.rmtree(here)
    return [cold, settled]


def table(measured: list[Duel], kilobytes: float, milliseconds: float) -> Iterator[str]:
    yield "| What | readingroom | Peer | | Ratio | Limit | Met |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | --- |"
    for duel in measured:
        ours, theirs = (median(each.seconds for each in runs) for runs in (duel.ours, duel.theirs))
        ratio, limit = ours / theirs, LIMITS[duel.what]
        figures = f"{ours:.3f} | {duel.peer} | {theirs:.3f} | {ratio:.2f} | {limit:.2f} | {_met(ratio, limit)}"
        yield f"| {duel.what} (s) | {figures} |"
    for what, value, most in (
        ("First view of the index (kB)", kilobytes, MOST_KB),
        ("Search, from a key to the results (ms)", milliseconds, MOST_MS),
    ):
        yield f"| {what} | {value:.0f} | | | | {most} | {_met(value, most)} |"


def _met(value: float, limit: float) -> str:
    return "yes" if value <= limit else "**no**"


@contextmanager
def opened(site: Path) -> Iterator[Page]:
    """Show a site's index in a browser."""
    with browsing.served(site) as url, browsing.browser() as browser:
        page = browser.new_page()
        page.goto(f"{url}/index.html", wait_until="networkidle")
        yield page


def first_view(page: Page) -> float:
    """Return the kilobytes that a browser has fetched to show a page."""
    sizes = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((each) => each.encodedBodySize)"
    )
    return float(sum(sizes)) / 1000


# From the event of a key to the paint that follows.
SEARCH = """async (word) => {
  const field = document.getElementById("q");
  const started = performance.now();
  field.value = word;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done));
  return performance.now() - started;
}"""


def search(page: Page) -> float:
    """Return the milliseconds from a key to the results, once the sessions are loaded: the slowest word's median."""
    page.fill("#q", WORDS[0])
    page.wait_for_selector("#results li")
    return max(median(page.evaluate(SEARCH, word) for _ in range(5)) for word in WORDS)


def _files(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files):,} files of {sum(path.stat().st_size for path in files) / 1e6:.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a Markdown page to put the figures into")
    wanted = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108 -- the folder below it is made by tempfile
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        work = Path(name)
        measured = duels(work, wanted.sessions, wanted.rounds, tools())
        with opened(work / "site") as page:
            lines = [*table(measured, first_view(page), search(page))]
        written = f"Written: readingroom {_files(work / 'site')}, Hugo {_files(work / 'public')}."
    text = "\n".join(
        [
            f"Measured with `python benchmarks/whole_site.py --sessions {wanted.sessions} --rounds {wanted.rounds}` on",
            f"{machine()}.",
            "",
            *lines,
            "",
            written,
        ]
    )
    print(text)
    if wanted.write:
        write(wanted.write, text, "site")
    if "**no**" in text:
        sys.exit(1)


if __name__ == "__main__":
    main()
