"""Time `check --findings` on groups in which several names share links: its CPU time grows with the sessions alone.

    python benchmarks/findings.py [--rounds 5] [--write docs/performance.md]

Needs the packages of requirements/dev.txt and a system with os.wait4. See benchmarks/README.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from compare import OWN, Row, machine, table, write
from generate import Session, sessions, write_group

FEW, MANY = 1_000, 3_000
MOST = 3.5  # the ratio of the CPU times
NAMES_OF_A_LINK = 6
INITIALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def share_links(made: dict[str, Session]) -> dict[str, Session]:
    """Return the sessions with two leads each, such that every link is that of several names."""
    for number, session in enumerate(made.values()):
        session["leads"] = [
            {
                "name": f"{INITIALS[(number + place) % len(INITIALS)]}da-{number} Lovelace",
                "url": f"https://example.org/people/{(number + place) // NAMES_OF_A_LINK}",
            }
            for place in range(2)
        ]
    return made


def measure(group: Path) -> float:
    """Return the seconds of CPU time that a check of a group takes."""
    command = (*OWN, "check", "--findings", "--root", str(group))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(command)} failed.")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description="Time check --findings on links that several names share.")
    parser.add_argument("--rounds", type=int, default=5, help="runs for each size (default: %(default)s)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a Markdown page to put the figures into")
    wanted = parser.parse_args()
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    with tempfile.TemporaryDirectory() as work:
        for size in times:
            write_group(Path(work, str(size)), share_links(sessions(size)))
        for _ in range(wanted.rounds):
            for size, taken in times.items():
                taken.append(measure(Path(work, str(size))))
    few, many = (median(taken) for taken in times.values())
    row = Row(f"Check with findings, {MANY:,} sessions", f"{FEW:,} sessions", many, few, MOST)
    lines = [f"Measured with `python benchmarks/findings.py --rounds {wanted.rounds}` on", f"{machine()}.", ""]
    text = "\n".join([*lines, *table([row])]).replace("| Peer |", "| Compared with |")
    print(text)
    if wanted.write:
        write(wanted.write, text, "findings")
    sys.exit(not row.is_met)


if __name__ == "__main__":
    main()
