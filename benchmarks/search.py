"""Time the site's search in a browser: from a key to the paint that follows, with an abstract for every session.

    python benchmarks/search.py [--sessions 3000] [--rounds 5] [--write docs/performance.md]

Needs the packages of requirements/dev.txt and Chromium. See benchmarks/README.md.
"""

import argparse
import gzip
import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from compare import OWN, ROOT, TODAY, machine, run, write
from generate import sessions, write_group

sys.path.insert(0, str(ROOT / "tests"))

import browsing

MOST_MS = 50
ABSTRACT_WORDS = 100
WORDS = {
    "a word": "transformer",
    "two words": "language models",
    "a letter": "a",
    "a word in quotes": '"language models"',
    "a date": "january 2010",
    "a typing error": "tranfsormer",
    "nothing": "zzz",
}

# From the event of a key to the paint that follows once the results are there.
SEARCH = """async (word) => {
  const field = document.getElementById("q");
  const started = performance.now();
  field.value = word;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  do await new Promise(requestAnimationFrame);
  while (document.getElementById("count").textContent.startsWith("Loading"));
  await new Promise((done) => setTimeout(done));
  return performance.now() - started;
}"""


def build_site(work: Path, count: int) -> Path:
    """Build the site of a generated group whose sessions all have an abstract."""
    made = sessions(count)
    words = list(chain.from_iterable(str(each["title"]).split() for each in made.values()))
    draw = random.Random(count)
    for session in made.values():
        session.setdefault("abstract", " ".join(draw.choices(words, k=ABSTRACT_WORDS)))
    write_group(work / "group", made)
    run((*OWN, "site", "--root", str(work / "group"), "--today", TODAY, "--out", str(work / "site")), work, work)
    return work / "site"


def table(site: Path, page: Page, url: str, rounds: int) -> Iterator[str]:
    yield "| Search | | Limit | Met |"
    yield "| --- | ---: | ---: | --- |"
    paths = [site / name for name in ("search.js", "finder.js")]
    size = sum(len(gzip.compress(path.read_bytes())) for path in paths) / 1000
    yield f"| What the first key loads, compressed (kB) | {size:.0f} | | |"
    firsts = []
    for _ in range(rounds):
        page.goto("about:blank")
        page.goto(f"{url}/index.html", wait_until="networkidle")
        firsts.append(page.evaluate(SEARCH, WORDS["a word"]))
    yield f"| From the first key to the results, with what it loads (ms) | {median(firsts):.0f} | | |"
    page.wait_for_timeout(3_000)
    for what, word in WORDS.items():
        took = median(page.evaluate(SEARCH, word) for _ in range(rounds))
        met = "yes" if took <= MOST_MS else "**no**"
        yield f"| From a key to the results, {what} (ms) | {took:.0f} | {MOST_MS} | {met} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a Markdown page to put the figures into")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        site = build_site(Path(name), wanted.sessions)
        with browsing.served(site) as url, browsing.browser() as browser:
            lines = [*table(site, browser.new_page(), url, wanted.rounds)]
    command = f"python benchmarks/search.py --sessions {wanted.sessions} --rounds {wanted.rounds}"
    text = "\n".join([f"Measured with `{command}` on", f"{machine()}.", "", *lines])
    print(text)
    if wanted.write:
        write(wanted.write, text, "search")
    if "**no**" in text:
        sys.exit(1)


if __name__ == "__main__":
    main()
