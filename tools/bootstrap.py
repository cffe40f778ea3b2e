"""Make readingroom's environment from the locked requirements, once, and run it there.

Needs Python 3.11 or newer with pip, and nothing else; every package is checked against its hash.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
PYTHON = os.path.realpath(sys.executable)
# The lock names every package: to look for more would take several times as long.
LOCKED = ("--no-deps", "--require-hashes", "--only-binary", ":all:")
QUIETLY = ("--quiet", "--disable-pip-version-check", "--root-user-action=ignore")


def main() -> NoReturn:
    environment = _place()
    python = environment.joinpath(*(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
    if not (environment / "ready").is_file() or not python.exists():  # the Python it was made with may be gone
        _make(environment)
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    os.environ["PYTHONSAFEPATH"] = "1"  # nothing in the group's repository is imported
    command = [str(python), "-m", "readingroom", *sys.argv[1:]]
    if os.name == "nt":  # there, execv ends this process at once and with success
        sys.exit(run_to_end(command))
    os.execv(command[0], command)


def run_to_end(command: list[str]) -> int:
    """Run a command; return its exit code."""
    return subprocess.run(command, check=False).returncode


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
        uv = shutil.which("uv", path=os.pathsep.join(str(tools / each) for each in ("bin", "Scripts")))
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
    settings = filter_environment(os.environ)
    done = subprocess.run([str(part) for part in command], cwd=folder, env=settings, check=False)
    if done.returncode:
        sys.exit("readingroom's packages could not be installed; the lines above say why. Run the job again.")


# What pip and uv need of the environment to find their caches, their settings and the registry.
_NEEDED = frozenset(
    {
        *("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "NETRC"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),  # where a Python in the tool cache of a runner has its library
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
        *("PROGRAMDATA", "PROGRAMFILES", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    }
)
_NEEDED_PREFIXES = ("PIP_", "UV_", "SSL_", "XDG_")
# Where packages go is said here, whatever the machine's settings say: each of these contradicts it.
_PLACES = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_PREFIX": "", "PIP_ROOT": "", "PIP_TARGET": ""}
_PLACES |= {"UV_SYSTEM_PYTHON": "0", "UV_PYTHON": "", "UV_WORKING_DIRECTORY": "", "UV_PROJECT": ""}


def filter_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what pip and uv need to know: no token of the job, and nothing that would install somewhere else."""
    needed = {
        name: value
        for name, value in variables.items()
        if (name.upper() in _NEEDED or name.upper().startswith(_NEEDED_PREFIXES)) and name.upper() not in _PLACES
    }
    return needed | {name: value for name, value in _PLACES.items() if value}
