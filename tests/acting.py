"""The action as a group has it: the files of a release, its workflow and what a runner gives to its steps."""

import os
import re
import subprocess
from pathlib import Path

from groups import ROOT

NAME = "readingroom/readingroom@v1"
WORKFLOW = ROOT / ".github/workflows/readingroom.yml"
# How this machine reaches the registry that packages come from.
_WAY_OUT = ("PIP_", "UV_", "SSL_", "REQUESTS_", "HTTP", "NO_PROXY")


def release(folder: Path) -> Path:
    """Put what a release of the action holds into a folder: the files that Git knows."""
    listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True)
    for name in listed.split("\n"):
        if name and (ROOT / name).is_file() and not name.startswith(("tests/", "sessions/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


def environment(tools: Path) -> dict[str, str]:
    """Return what a runner's steps find in their environment; ``tools`` is the folder of its tool cache."""
    found = {key: value for key, value in os.environ.items() if key.upper().startswith(_WAY_OUT)}
    return {**found, "RUNNER_TOOL_CACHE": str(tools)}


def users_workflow(**inputs: str) -> str:
    """Return this repository's own workflow as a group would have it, with these inputs for the job of the pages."""
    text, own = re.subn(r"uses: \./ .*", f"uses: {NAME}", on_the_spot(WORKFLOW.read_text("utf-8")))
    pages, propose, rest = text.partition(_PROPOSE)
    if own != 5 or not rest:
        raise ValueError("the workflow has other jobs than these five, and those of the site")
    given = "".join(f'\n          {name}: "{value}"' for name, value in inputs.items())
    return pages + (f"\n        with:{given}" if given else "") + propose + rest


_PROPOSE = "\n\n  propose:\n"
_OF_SITE = re.compile(r"  site:\n.*?(?=  propose:\n)", re.DOTALL)


def on_the_spot(workflow: str) -> str:
    """Return a workflow as the bridge runs it: without the jobs of the site, whose actions need GitHub itself."""
    return _OF_SITE.sub("", workflow)


def workflow_of_pages(**inputs: str) -> str:
    """Return the same with the job of the pages alone."""
    return users_workflow(**inputs).partition(_PROPOSE)[0] + "\n"


def workflow_of_site() -> str:
    """Return the job that makes the site, as it runs once those that it waits for have ended."""
    whole = WORKFLOW.read_text("utf-8")
    head = whole.partition("\njobs:\n")[0]
    job = _OF_SITE.findall(whole)[0].partition("\n\n  deploy:\n")[0]
    job = re.sub(r"uses: \./ .*", f"uses: {NAME}", re.sub(r"\n    (?:needs|if): .*", "", job))
    return f"{head}\njobs:\n{job}\n"


def write(folder: Path, workflow: str) -> Path:
    path = folder / "readingroom.yml"
    path.write_text(workflow, encoding="utf-8")
    return path
