"""What earlier builds learned, kept in the user's cache folder and found again by content alone.

It lies outside the repository, since a pull request may bring any file into that. Losing it costs time, nothing else.
"""

import datetime as dt
import marshal
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from readingroom.core import resources
from readingroom.core.diagnostics import Finding
from readingroom.io.parallel import begin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import BytecodeCache
    from jinja2.bccache import Bucket

    from readingroom.core.tree import Tree
    from readingroom.render.build import Outcome
    from readingroom.site.build import Made
    from readingroom.store.schema import Schema


class Settled(NamedTuple):
    """What the last build had to tell, and whether it also makes the site."""

    findings: list[Finding]
    makes_site: bool


class SettledSite(NamedTuple):
    """A site that was made: the folder that holds it and the files that were copied, as a seal of them all shows."""

    places: list[str]
    seal: bytes
    findings: list[Finding]


class Memo:
    """What is remembered of one group: whether its files are settled, and the data of each valid file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[bytes, bytes] = {}
        self._used: dict[bytes, bytes] = {}
        self._new: Callable[[], list[dict[bytes, bytes]]] = list

    def settled(self, tree: "Tree", today: dt.date | None) -> Settled | None:
        """Return what the last build had to tell if it left just these files on this day, else None."""
        state = self._load("state")
        if state is None or state["digest"] != _digest(tree, today or now(state["zone"]), {}):
            return None
        return Settled([Finding(*each) for each in state["findings"]], state["makes_site"])

    def settle(self, tree: "Tree", outcome: "Outcome") -> None:
        """Remember what a build did, once its changes are written: the files then need no change on that day."""
        state = {
            "zone": outcome.catalogue.group.time_zone,
            "makes_site": outcome.catalogue.group.makes_site,
            "digest": _digest(tree, outcome.today, outcome.changes),
            "findings": [(each.file, each.line, each.where, each.message) for each in outcome.findings],
        }
        self._save("state", state)
        self._save_data()

    def _save_data(self) -> None:
        if self._used.keys() != self._known.keys():
            self._save("data", self._used)

    def site(self, tree: "Tree", today: dt.date | None, out: str) -> SettledSite | None:
        """Return the site that was made last where ``out`` asks for it, if it is of these files on this day."""
        state = self._load("site")
        if state is None or state["out"] != out or state["digest"] != _digest(tree, today or now(state["zone"]), {}):
            return None
        return SettledSite(state["places"], state["seal"], [Finding(*each) for each in state["findings"]])

    def settle_site(self, tree: "Tree", made: "Made", out: str, site: SettledSite) -> None:
        """Remember that a site was made of these files, where ``out`` asked for it."""
        state = {
            "out": out,
            "zone": made.group.time_zone,
            "digest": _digest(tree, made.today, {}),
            "places": site.places,
            "seal": site.seal,
            "findings": [(each.file, each.line, each.where, each.message) for each in site.findings],
        }
        self._save("site", state)
        self._save_data()

    def start_reading(self, tree: "Tree") -> None:
        """Start to read the session files that are not remembered, while this process imports what comes after."""
        self._known = self._load("data") or {}
        files = tree.sessions()
        unknown = {key: file for file in files if (key := _sealed(file[1])) not in self._known}

        def read_part(part: "Sequence[tuple[bytes, tuple[str, bytes]]]") -> dict[bytes, bytes]:
            from readingroom.store import catalogue, schema  # noqa: PLC0415 -- imports the parser, here beside other imports

            data = catalogue.read_files(schema.load("session"), [file for _, file in part])
            read = zip(part, data, strict=True)
            return {key: marshal.dumps(each) for (key, _), each in read if not isinstance(each, Exception)}

        if unknown:
            self._new = begin(read_part, list(unknown.items()))

    def read_files(self, of: "Schema", files: "Sequence[tuple[str, bytes]]") -> Iterator[Any]:
        """Yield what ``catalogue.read_files`` does: what that gave for the same bytes, where it is remembered."""
        from readingroom.store.catalogue import read_files  # noqa: PLC0415 -- imports the parser and the schemas

        known = self._known.copy()
        for part in self._new():
            known |= part
        for file, content in files:
            key = _sealed(content)
            if key in known:
                self._used[key] = known[key]
                yield marshal.loads(known[key])  # noqa: S302 -- our own words
            else:
                yield from read_files(of, [(file, content)])

    def compiled_templates(self) -> "BytecodeCache":
        """Return the compiled form of the package's templates: it spares a build 25 ms."""
        from jinja2 import BytecodeCache  # noqa: PLC0415 -- needed where something is rendered

        memo = self

        class Sealed(BytecodeCache):
            def load_bytecode(self, bucket: "Bucket") -> None:
                if (code := memo._load(f"template-{bucket.key}")) is not None:
                    bucket.bytecode_from_string(code)

            def dump_bytecode(self, bucket: "Bucket") -> None:
                memo._save(f"template-{bucket.key}", bucket.bytecode_to_string())

        return Sealed()

    def _load(self, name: str) -> Any:
        """Return what was saved, or None where there is nothing, or not all of it, or another program's."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            return None
        seal, saved = content[:_SEAL], content[_SEAL:]
        return marshal.loads(saved) if seal == _sealed(saved) else None  # noqa: S302 -- our own words, whole

    def _save(self, name: str, value: Any) -> None:
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"{name}-{os.getpid()}"
            saved = marshal.dumps(value)
            temporary.write_bytes(_sealed(saved) + saved)
            temporary.replace(self.folder / name)


_SEAL = 20


def _sealed(content: bytes) -> bytes:
    """Return the digest that stands for a content and the program that it is an input or a saying of."""
    return blake2b(content, digest_size=_SEAL, key=_program()).digest()


def of(root: Path) -> Memo:
    """Return the memo of the group in a folder."""
    name = blake2b(os.fsencode(root.resolve()), digest_size=8).hexdigest()
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
    return Memo(Path(base) / "readingroom" / name)


def clock(asked: dt.date | None) -> "Callable[[str], dt.date]":
    """Return what gives the day in a time zone: always the one that was asked for, if there is one."""
    return lambda zone: asked or now(zone)


def now(zone: str) -> dt.date:
    """Return today's date in a time zone."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- needed where no day is given

    return dt.datetime.now(ZoneInfo(zone)).date()


@cache
def _program() -> bytes:
    """Return a digest of the program: its code, schemas and templates are inputs like any other."""
    whole = blake2b(digest_size=32)
    here = Path(__file__).parent
    folders = (here, here / "site", resources.folder("schema"), resources.folder("templates"))
    for folder in folders:
        for path in sorted(folder.glob("*.*")):
            if path.suffix in {".py", ".json", ".j2", ".css", ".js"}:
                whole.update(path.read_bytes())
    return whole.digest()


def _digest(tree: "Tree", day: dt.date, changes: "Mapping[str, bytes | None]") -> bytes:
    """Return a digest of the program, the day, and the files as they are once the changes are made."""
    whole = blake2b(f"{day}\0".encode(), key=_program(), digest_size=32)
    for part in _parts(tree, changes):
        whole.update(part)
    return whole.digest()


def _parts(tree: "Tree", changes: "Mapping[str, bytes | None]") -> Iterator[bytes]:
    for path in sorted(tree.contents.keys() | changes.keys()):
        content = changes[path] if path in changes else tree.contents[path]
        if content is None:
            continue
        yield f"{path}\0{len(content)}\0".encode("utf-8", "surrogateescape")
        yield content
    for folder in sorted(tree.listings):
        yield f"{folder}\0{sorted(tree.listings[folder].items())}\0".encode("utf-8", "surrogateescape")
    for found in (tree.unread, tree.pictures):
        yield repr(sorted(found.items())).encode("utf-8", "surrogateescape")
