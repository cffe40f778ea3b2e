"""Start readingroom on a bare runner: make its environment from the locked requirements, once, and become it.

Needs Python 3.11 or newer with pip, and nothing else; every package is checked against its hash.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
PYTHON = os.path.realpath(sys.executable)
# The lock names every package: to look for more would take several times as long.
LOCKED = ("--no-deps", "--require-hashes", "--only-binary", ":all:")
QUIETLY = ("--quiet", "--disable-pip-version-check", "--root-user-action=ignore")


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit("readingroom needs Python 3.11 or newer as python3 on the runner.")
    environment = _place()
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (environment / "ready").is_file() or not python.exists():  # the Python it was made with may be gone
        _make(environment)
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    os.environ["PYTHONSAFEPATH"] = "1"  # nothing in the group's repository is imported
    os.execv(python, [str(python), "-m", "readingroom", *sys.argv[1:]])


def _place() -> Path:
    """Return the environment's folder, named for the lock and the Python that it is for."""
    lock = hashlib.sha256((REQUIREMENTS / "runtime.txt").read_bytes() + f"{sys.version}{PYTHON}".encode())
    places = [os.environ.get("RUNNER_TOOL_CACHE"), os.environ.get("RUNNER_TEMP"), Path.home() / ".cache"]
    for place in filter(None, places):
        with suppress(OSError):
            Path(place).mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK | os.X_OK):
                return Path(place) / f"readingroom-{lock.hexdigest()[:16]}"
    sys.exit(
        "readingroom needs a folder for its packages: RUNNER_TOOL_CACHE, RUNNER_TEMP or a home that it may write to."
    )


def _make(environment: Path) -> None:
    """Make the environment beside its place: a run that is cut off, or a second one, leaves none that is half made."""
    shutil.rmtree(environment, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=environment.parent) as folder:
        made, tools = Path(folder, "environment"), Path(folder, "tools")
        # uv installs the packages in a quarter of the time that pip takes.
        pip = (sys.executable, "-I", "-m", "pip", "install", *QUIETLY, *LOCKED)
        _run(folder, *pip, "--target", tools, "-r", REQUIREMENTS / "uv.txt")
        uv = shutil.which("uv", path=tools / "bin")
        _run(folder, uv, "venv", "--quiet", "--relocatable", "--python", PYTHON, made)
        _run(folder, uv, "pip", "install", "--quiet", *LOCKED, "--python", made, "-r", REQUIREMENTS / "runtime.txt")
        (made / "ready").touch()
        try:
            made.rename(environment)
        except OSError:
            if not (environment / "ready").is_file():  # else another run was quicker
                raise


def _run(folder: str, *command: object) -> None:
    # Not in the group's repository, which may be a stranger's pull request: pip and uv read modules and settings there.
    done = subprocess.run([str(part) for part in command], cwd=folder, check=False)
    if done.returncode:
        sys.exit("readingroom's packages could not be installed; the lines above say why. Run the job again.")


if __name__ == "__main__":
    main()
