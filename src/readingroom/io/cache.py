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
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.io.parallel import start_parallel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import BytecodeCache
    from jinja2.bccache import Bucket

    from readingroom.core.tree import Tree
    from readingroom.render.build import BuildResult
    from readingroom.site.build import BuiltSite
    from readingroom.store.schema import Schema


class CachedBuild(NamedTuple):
    """What the last build had to tell, and whether it also makes the site."""

    findings: list[Diagnostic]
    makes_site: bool


class CachedSite(NamedTuple):
    """A site that was made: the folder that holds it and the files that were copied, as a seal of them all shows."""

    places: list[str]
    seal: bytes
    findings: list[Diagnostic]


class Cache:
    """What is remembered of one group: whether its files are settled, and the data of each valid file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[bytes, bytes] = {}
        self._used: dict[bytes, bytes] = {}
        self._new: Callable[[], list[dict[bytes, bytes]]] = list

    def find_unchanged_build(self, tree: "Tree", today: dt.date | None) -> CachedBuild | None:
        """Return what the last build had to tell if it left just these files on this day, else None."""
        state = self._load("state")
        if state is None or state["digest"] != _compute_state_digest(tree, today or get_today(state["zone"]), {}):
            return None
        return CachedBuild(_load_diagnostics(state["findings"]), state["makes_site"])

    def store_build(self, tree: "Tree", outcome: "BuildResult") -> None:
        """Remember what a build did, once its changes are written: the files then need no change on that day."""
        state = {
            "zone": outcome.catalogue.group.time_zone,
            "makes_site": outcome.catalogue.group.makes_site,
            "digest": _compute_state_digest(tree, outcome.today, outcome.changes),
            "findings": _dump_diagnostics(outcome.findings),
        }
        self._save("state", state)
        self._save_session_data()

    def _save_session_data(self) -> None:
        if self._used.keys() != self._known.keys():
            self._save("data", self._used)

    def find_unchanged_site(self, tree: "Tree", today: dt.date | None, out: str) -> CachedSite | None:
        """Return the site that was made last where ``out`` asks for it, if it is of these files on this day."""
        state = self._load("site")
        if (
            state is None
            or state["out"] != out
            or state["digest"] != _compute_state_digest(tree, today or get_today(state["zone"]), {})
        ):
            return None
        return CachedSite(state["places"], state["seal"], _load_diagnostics(state["findings"]))

    def store_site(self, tree: "Tree", made: "BuiltSite", out: str, site: CachedSite) -> None:
        """Remember that a site was made of these files, where ``out`` asked for it."""
        state = {
            "out": out,
            "zone": made.group.time_zone,
            "digest": _compute_state_digest(tree, made.today, {}),
            "places": site.places,
            "seal": site.seal,
            "findings": _dump_diagnostics(site.findings),
        }
        self._save("site", state)
        self._save_session_data()

    def start_reading_sessions(self, tree: "Tree") -> None:
        """Start to read the session files that are not remembered, while this process imports what comes after."""
        self._known = self._load("data") or {}
        files = tree.list_session_files()
        unknown = {key: file for file in files if (key := _compute_digest(file[1])) not in self._known}

        def read_chunk(part: "Sequence[tuple[bytes, tuple[str, bytes]]]") -> dict[bytes, bytes]:
            from readingroom.store import catalogue, schema  # noqa: PLC0415 -- imports the parser, here beside other imports

            data = catalogue.read_valid_files(schema.load_schema(schema.SchemaName.SESSION), [file for _, file in part])
            read = zip(part, data, strict=True)
            return {key: marshal.dumps(each) for (key, _), each in read if not isinstance(each, Exception)}

        if unknown:
            self._new = start_parallel(read_chunk, list(unknown.items()))

    def read_files(self, of: "Schema", files: "Sequence[tuple[str, bytes]]") -> Iterator[Any]:
        """Yield what ``catalogue.read_files`` does: what that gave for the same bytes, where it is remembered."""
        from readingroom.store.catalogue import read_valid_files  # noqa: PLC0415 -- imports the parser and the schemas

        known = self._known.copy()
        for part in self._new():
            known |= part
        for file, content in files:
            key = _compute_digest(content)
            if key in known:
                self._used[key] = known[key]
                yield marshal.loads(known[key])  # noqa: S302 -- our own words
            else:
                yield from read_valid_files(of, [(file, content)])

    def get_bytecode_cache(self) -> "BytecodeCache":
        """Return the compiled form of the package's templates: it spares a build 25 ms."""
        from jinja2 import BytecodeCache  # noqa: PLC0415 -- needed where something is rendered

        memo = self

        class SealedBytecodeCache(BytecodeCache):
            def load_bytecode(self, bucket: "Bucket") -> None:
                if (code := memo._load(f"template-{bucket.key}")) is not None:
                    bucket.bytecode_from_string(code)

            def dump_bytecode(self, bucket: "Bucket") -> None:
                memo._save(f"template-{bucket.key}", bucket.bytecode_to_string())

        return SealedBytecodeCache()

    def _load(self, name: str) -> Any:
        """Return what was saved, or None where there is nothing, or not all of it, or another program's."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            return None
        seal, saved = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
        return marshal.loads(saved) if seal == _compute_digest(saved) else None  # noqa: S302 -- our own words, whole

    def _save(self, name: str, value: Any) -> None:
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"{name}-{os.getpid()}"
            saved = marshal.dumps(value)
            temporary.write_bytes(_compute_digest(saved) + saved)
            temporary.replace(self.folder / name)


_DIGEST_SIZE = 20


def _compute_digest(content: bytes) -> bytes:
    """Return the digest that stands for a content and the program that it is an input or a saying of."""
    return blake2b(content, digest_size=_DIGEST_SIZE, key=_compute_program_digest()).digest()


def _dump_diagnostics(diagnostics: "Sequence[Diagnostic]") -> list[Any]:
    return [[list(each.location), each.code, each.message, each.hint] for each in diagnostics]


def _load_diagnostics(state: "Sequence[Any]") -> list[Diagnostic]:
    return [Diagnostic(Location(*place), Code(code), message, hint) for place, code, message, hint in state]


def open_cache(root: Path) -> Cache:
    """Return the memo of the group in a folder."""
    name = blake2b(os.fsencode(root.resolve()), digest_size=8).hexdigest()
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
    return Cache(Path(base) / "readingroom" / name)


def make_clock(asked: dt.date | None) -> "Callable[[str], dt.date]":
    """Return what gives the day in a time zone: always the one that was asked for, if there is one."""
    return lambda zone: asked or get_today(zone)


def get_today(zone: str) -> dt.date:
    """Return today's date in a time zone."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- needed where no day is given

    return dt.datetime.now(ZoneInfo(zone)).date()


@cache
def _compute_program_digest() -> bytes:
    """Return a digest of the program: its code, schemas and templates are inputs like any other."""
    whole = blake2b(digest_size=32)
    package = Path(__file__).parents[1]
    for folder in (package, resources.get_asset_folder("schema"), resources.get_asset_folder("templates")):
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in {".py", ".json", ".j2", ".toml"}:
                whole.update(path.read_bytes())
    return whole.digest()


def _compute_state_digest(tree: "Tree", day: dt.date, changes: "Mapping[str, bytes | None]") -> bytes:
    """Return a digest of the program, the day, and the files as they are once the changes are made."""
    whole = blake2b(f"{day}\0".encode(), key=_compute_program_digest(), digest_size=32)
    for part in _iter_tree_parts(tree, changes):
        whole.update(part)
    return whole.digest()


def _iter_tree_parts(tree: "Tree", changes: "Mapping[str, bytes | None]") -> Iterator[bytes]:
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
