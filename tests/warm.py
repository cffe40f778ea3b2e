"""Commands in processes of their own that need not start Python again: forked from one that has imported the package.

Starting Python and importing takes three quarters of a short command's time, and the tests run hundreds of them.
"""

import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NoReturn

MOST_BYTES = 1_000_000  # of a command line with its environment


class Warm:
    """A process that forks one for each command it is given; Python starts once."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, __file__, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        self._answers = self._ours.makefile("r")

    def run(self, cwd: Path, arguments: list[str], env: Mapping[str, str], within: int) -> tuple[int, bytes, bytes]:
        """Run `python -m readingroom` and return its exit code and what it has printed."""
        request = json.dumps({"cwd": str(cwd), "arguments": arguments, "env": dict(env), "within": within}).encode()
        assert len(request) < MOST_BYTES
        (out, their_out), (err, their_err) = os.pipe(), os.pipe()
        self._ours.sendall(len(request).to_bytes(4, "big") + request)
        socket.send_fds(self._ours, [b"x"], [their_out, their_err])
        os.close(their_out)
        os.close(their_err)
        with subprocess.Popen(["cat"], stdin=err, stdout=subprocess.PIPE) as beside:  # so that neither pipe fills up
            os.close(err)
            with open(out, "rb") as printed:
                stdout = printed.read()
            stderr = beside.communicate()[0]
        return int(self._answers.readline()), stdout, stderr


@cache
def warm() -> Warm:
    """Return this test process's own."""
    return Warm()


def _serve(number: int) -> NoReturn:
    package = importlib.import_module("readingroom")
    for module in pkgutil.walk_packages(package.__path__, "readingroom."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("github", "jinja2.sandbox", "jsonschema", "jsonschema_rs", "markdown_it", "mdformat.renderer"):
        importlib.import_module(name)
    transport = importlib.import_module("readingroom.github.transport")
    # No command waits before it sends a request again: how long it would is what the tests of the client are about.
    transport.Transport.__init__.__kwdefaults__["pause"] = lambda _: None
    ours = socket.socket(fileno=number)
    while size := ours.recv(4, socket.MSG_WAITALL):
        request = json.loads(ours.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
        _, (out, err), _, _ = socket.recv_fds(ours, 1, 2)
        child = os.fork()
        if not child:
            ours.close()
            _become(request, out, err)
        os.close(out)
        os.close(err)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        ours.sendall(f"{code}\n".encode())
    os._exit(0)


def _become(request: dict[str, object], out: int, err: int) -> NoReturn:
    """Be the process that the command line would have started."""
    signal.alarm(int(str(request["within"])))
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    # Those that there are know what they were opened on.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(str(request["cwd"]))
    os.environ.clear()
    os.environ.update(request["env"])  # type: ignore[call-overload]
    sys.argv = ["readingroom", *request["arguments"]]  # type: ignore[misc]
    code: object = 1
    try:
        runpy.run_module("readingroom", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 -- as Python does at its end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
