"""Emulators with their proxies, kept for the next test: starting one takes longer than most tests."""

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from box.proxy import Proxy
from box.server import Emulator

MOST_USES = 100  # of one emulator, so that nothing it gathers matters


@dataclass(slots=True)
class Pair:
    proxy: Proxy
    emulator: Emulator
    stack: ExitStack
    uses: int = field(default=0)


_idle: list[Pair] = []


@contextmanager
def borrowed() -> Iterator[Pair]:
    """Lend a proxy and its emulator that nobody has used yet, or that have been reset."""
    pair = _idle.pop() if _idle else _started()
    try:
        yield pair
    finally:
        pair.uses += 1
        if pair.uses < MOST_USES and pair.proxy.is_calm():
            pair.proxy.forget()
            pair.emulator.reset()
            _idle.append(pair)
        else:
            pair.stack.close()


def _started() -> Pair:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="emulator-")))
        proxy = stack.enter_context(Proxy())
        emulator = Emulator(folder, proxy.url)
        stack.callback(emulator.close)
        return Pair(proxy, emulator, stack.pop_all())


@atexit.register
def _close() -> None:
    while _idle:
        _idle.pop().stack.close()
