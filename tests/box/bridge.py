"""What lies between events and jobs: a webhook's receiver that starts a workflow as GitHub would."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Self

from box import Box, bare
from box.repository import Files
from box.runner import RUN_WITHIN, Act, Run
from box.server import BOT, OWNER, REPOSITORY
from box.workflow import Ended, Job, Unit, Workflow

SECRET = "the box's own"  # noqa: S105 -- it guards nothing
_EVENTS = ["issues", "issue_comment", "pull_request", "push"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that came.

    ``refused`` says why it started nothing: a filter's name, "own token", "signature", "lost", or "approval" where a
    person has to approve the run first.
    """

    event: str
    payload: Mapping[str, Any]
    refused: str

    def __str__(self) -> str:
        return f"{self.event} {self.payload.get('action', '')}".strip() + (f": {self.refused}" if self.refused else "")


@dataclass(frozen=True, slots=True)
class Flow:
    """What one event has started: the jobs that have ended, and how many runs of the others are left."""

    delivery: Delivery
    context: Mapping[str, Any]
    ended: dict[str, Ended] = field(default_factory=dict)
    runs: dict[str, list[Run]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)


class Bridge:
    """Runs a workflow file for what happens in a box, until the block ends.

    ``actions`` are folders by the name that a workflow has for them (`owner/name@ref`); ``env`` reaches every step.
    With ``is_app`` a job's token is that of an App, whose events start runs as a person's do.
    """

    def __init__(
        self,
        box: Box,
        workflow: Path,
        actions: Mapping[str, Path] | None = None,
        env: Mapping[str, str] | None = None,
        *,
        is_app: bool = False,
    ) -> None:
        self.box = box
        self.is_app = is_app
        self.workflow = Workflow(workflow)
        self.act = Act(box.folder, box.url, actions or {}, env or {})
        self.deliveries: list[Delivery] = []
        self.runs: list[Run] = []
        self._changed = threading.Condition()
        self.drops = 0  # how many of the next events GitHub loses
        self._waiting: dict[str, list[tuple[Unit, Flow]]] = {}
        self._busy = 0
        self._numbers = iter(range(10**6))

    def __enter__(self) -> Self:
        # One thread that answers in order: a ping that was answered shows that all earlier events came.
        self._server = HTTPServer(("127.0.0.1", 0), type("Receiver", (_Receiver,), {"bridge": self}))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{self._server.server_port}"
        hook = {"events": _EVENTS, "config": {"url": url, "content_type": "json", "secret": SECRET}}
        self._hook = self.box.emulator.do("POST", "/hooks", hook)["id"]
        return self

    def __exit__(self, *_: object) -> None:
        self.box.emulator.do("DELETE", f"/hooks/{self._hook}")
        self._server.shutdown()
        self._server.server_close()
        with self._changed:
            self._waiting.clear()
            self._changed.wait_for(lambda: not self._busy, RUN_WITHIN)

    def settle(self, within: float = RUN_WITHIN) -> list[Run]:
        """Wait until every event so far was received and every run it started has ended; return all runs."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            before = len(self.deliveries)
            self.box.emulator.do("POST", f"/hooks/{self._hook}/pings")
            with self._changed:
                self._changed.wait_for(lambda: not self._busy, max(0, deadline - time.monotonic()))
                if not self._busy and len(self.deliveries) == before:
                    return self.runs
        raise TimeoutError(f"{self._busy} runs have not ended: {[str(each) for each in self.deliveries]}")

    def receive(self, event: str, body: bytes, signature: str) -> None:
        """Take what a webhook sent."""
        if event == "ping":
            return
        payload = json.loads(body)
        self._accept(Delivery(event, payload, self._refusal(event, payload, body, signature)))

    def start(self, event: str) -> None:
        """Let something happen that no webhook reports: `workflow_dispatch` or `schedule`."""
        repository = self.box.emulator.get("")
        dispatched = {"ref": f"refs/heads/{repository['default_branch']}", "repository": repository}
        # GitHub describes no payload for a schedule, and does not promise that it names the repository.
        payload = {"schedule": "17 3 * * *"} if event == "schedule" else dispatched | {"sender": {"login": OWNER}}
        self._accept(Delivery(event, payload, ""))

    def approve(self) -> None:
        """Let a person start the runs that wait because a job's token opened a pull request or pushed to its branch.

        https://docs.github.com/actions/how-tos/manage-workflow-runs/approve-runs-from-forks
        """
        with self._changed:
            waiting = [each for each in self.deliveries if each.refused == "approval"]
            self.deliveries = [each for each in self.deliveries if each.refused != "approval"]
        for each in waiting:
            self._accept(replace(each, refused=""))

    def _accept(self, delivery: Delivery) -> None:
        with self._changed:
            self.deliveries.append(delivery)
            if not delivery.refused:
                flow = Flow(delivery, self._context(delivery))
                self._submit_all(self.workflow.units(flow.context), flow)

    def _refusal(self, event: str, payload: Mapping[str, Any], body: bytes, signature: str) -> str:
        expected = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            return "signature"
        if self.drops:
            self.drops -= 1
            return "lost"
        refused = self.workflow.refuses(event, payload, lambda: self._paths(payload))
        if payload["sender"]["login"] == BOT and not self.is_app:
            return "approval" if event == "pull_request" and not refused else "own token"
        return refused

    def _paths(self, payload: Mapping[str, Any]) -> list[str]:
        if pull := payload.get("pull_request"):
            return self.box.repository.changed(pull["base"]["ref"], pull["head"]["ref"])
        # The emulator has a merge of its own before ours; GitHub's is the commit that was merged into.
        parents = self.box.emulator.get(f"/git/commits/{payload['after']}")["parents"]
        before = parents[0]["sha"] if len(parents) > 1 else payload["before"]
        return self.box.repository.changed(before, payload["after"])

    def _context(self, delivery: Delivery) -> dict[str, Any]:
        payload = delivery.payload
        context = {"event": payload, "event_name": delivery.event, "ref": payload.get("ref", "refs/heads/main")}
        if "pull_request" in payload:
            context["head_ref"] = payload["pull_request"]["head"]["ref"]
        workflow = self.workflow.data.get("name", self.workflow.path.name)
        context |= {"ref_name": str(context["ref"]).removeprefix("refs/heads/"), "repository": REPOSITORY}
        return context | {"workflow": workflow, "actor": _actor(payload)}

    def _submit_all(self, units: list[Unit], flow: Flow) -> None:
        for unit in units:
            for job in unit.jobs:
                flow.left[job.name] = flow.left.get(job.name, 0) + 1
        for unit in units:
            self._submit(unit, flow)

    def _end(self, run: Run, flow: Flow) -> None:
        """Take down how a job ended, and start those that need it once all of its runs have."""
        self.runs.append(run)
        flow.runs.setdefault(run.job, []).append(run)
        flow.left[run.job] -= 1
        if flow.left[run.job]:
            return
        runs = flow.runs[run.job]
        worst = next((each for each in ("failure", "cancelled", "skipped") if each in {one.result for one in runs}), "")
        steps = {key: value for each in runs for key, value in each.outputs.items()}
        flow.ended[run.job] = Ended(worst or "success", self.workflow.outputs_of(run.job, steps))
        for name in self.workflow.following(run.job, flow.ended):
            if units := self.workflow.units_of(name, flow.context, flow.ended):
                self._submit_all(units, flow)
            else:
                flow.left[name] = 1
                self._end(Run(name, flow.delivery.event, "skipped"), flow)

    def _submit(self, unit: Unit, flow: Flow) -> None:
        """Start jobs, or let them wait for their group; there only the newest wait, unless the group queues all."""
        if not unit.group or unit.group not in self._waiting:
            self._waiting[unit.group] = []
            self._start(unit, flow)
            return
        waiting = self._waiting[unit.group]
        if not unit.queues_all:
            replaced = [*waiting]
            waiting.clear()
            for old, each in replaced:
                for job in old.jobs:
                    self._end(Run(job.name, each.delivery.event, "cancelled"), each)
        waiting.append((unit, flow))

    def _start(self, unit: Unit, flow: Flow) -> None:
        self._busy += 1
        threading.Thread(target=self._work, args=(unit, flow), daemon=True).start()

    def _work(self, unit: Unit, flow: Flow) -> None:
        runs = [self._tried(job, flow.delivery) for job in unit.jobs]
        with self._changed:
            for run in runs:
                self._add_check(run, flow.delivery)
                self._end(run, flow)
            if waiting := self._waiting.get(unit.group):
                self._start(*waiting.pop(0))
            else:
                self._waiting.pop(unit.group, None)
            self._busy -= 1
            self._changed.notify_all()

    def _add_check(self, run: Run, delivery: Delivery) -> None:
        """Add the check run that GitHub shows at the head of a pull request for each job."""
        if pull := delivery.payload.get("pull_request"):
            name = self.workflow.data["jobs"][run.job].get("name", run.job)
            self.box.world.checks[pull["head"]["sha"], name] = run.result

    def _tried(self, job: Job, delivery: Delivery) -> Run:
        try:
            if self.workflow.skips(job, self._context(delivery)):
                return Run(job.name, delivery.event, "skipped")
            return self._run(job, delivery)
        except Exception as error:  # noqa: BLE001 -- a test reads it
            return Run(job.name, delivery.event, "failure", -1, log=repr(error))

    def _run(self, job: Job, delivery: Delivery) -> Run:
        folder = self.box.folder / f"run-{next(self._numbers)}"
        workspace = folder / "group"
        sha, files = self._check_out(self.workflow.find_checkout_ref(job, self._context(delivery)), delivery.payload)
        own = {f".github/workflows/{self.workflow.path.name}": self.workflow.alone(job).encode()}
        for path, content in (files | own).items():
            (workspace / path).parent.mkdir(parents=True, exist_ok=True)
            (workspace / path).write_bytes(content)
        bare.add_index(workspace)
        # As much more of a repository as act reads, to fill in GITHUB_SHA and GITHUB_REF.
        (workspace / ".git/refs/heads/main").write_text(f"{sha}\n", encoding="utf-8")
        event = folder / "event.json"
        event.write_text(json.dumps(delivery.payload), encoding="utf-8")
        token = self.box.token(**job.permissions)
        return self.act.run(workspace, (delivery.event, event), job.name, token, _actor(delivery.payload))

    def _check_out(self, ref: str, payload: Mapping[str, Any]) -> tuple[str, Files]:
        """Return the commit of a run and the files that a checkout of a branch has; without one, those of the event.

        For a pull request these are of its merge into its base.
        """
        repository, branches = self.box.repository, self.box.repository.branches()
        pull = payload.get("pull_request")
        if ref or not pull:
            sha = branches[ref] if ref else payload.get("after") or branches["main"]
            return sha, repository.tree(sha)
        return pull["head"]["sha"], repository.merge_files(branches[pull["base"]["ref"]], pull["head"]["sha"])


def _actor(payload: Mapping[str, Any]) -> str:
    return str(payload.get("sender", {}).get("login", OWNER))


class _Receiver(BaseHTTPRequestHandler):
    bridge: Bridge

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.bridge.receive(self.headers["X-GitHub-Event"], body, self.headers.get("X-Hub-Signature-256", ""))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
