"""The cache: what the last build and the last site were made from, so that an unchanged group takes no work.

It is in the user's cache folder, since a pull request may bring any file into the repository. Deleting it only costs
time.
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

from readingroom.core import package_files
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from readingroom.core.tree import Tree
    from readingroom.render.build import BuildResult
    from readingroom.site.build import BuiltSite


class CachedBuild(NamedTuple):
    """What the last build reported, and whether it also makes the site."""

    findings: list[Diagnostic]
    makes_site: bool


class CachedSite(NamedTuple):
    """A site that was written: its folder and the files copied into it, and the fingerprint of them all."""

    paths: list[str]
    fingerprint: bytes
    findings: list[Diagnostic]


class Cache:
    """The cache of one group: digests of the files that its last build and its last site were made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_unchanged_build(self, tree: "Tree", today: dt.date | None) -> CachedBuild | None:
        """Return what the last build reported if it left exactly these files on this day, else None."""
        state = self._load("state")
        if state is None or state["digest"] != _compute_state_digest(tree, today or get_today(state["zone"]), {}):
            return None
        return CachedBuild(_load_diagnostics(state["findings"]), state["makes_site"])

    def store_build(self, tree: "Tree", outcome: "BuildResult") -> None:
        """Store what a build reported, once its changes are written: on that day the files then need no change."""
        state = {
            "zone": outcome.catalogue.group.time_zone,
            "makes_site": outcome.catalogue.group.makes_site,
            "digest": _compute_state_digest(tree, outcome.today, outcome.changes),
            "findings": _dump_diagnostics(outcome.findings),
        }
        self._save("state", state)

    def find_unchanged_site(self, tree: "Tree", today: dt.date | None, out: str) -> CachedSite | None:
        """Return the last site written for ``out`` if it was made from these files on this day, else None."""
        state = self._load("site")
        if state is None or state["out"] != out:
            return None
        if state["digest"] != _compute_state_digest(tree, today or get_today(state["zone"]), {}):
            return None
        return CachedSite(state["paths"], state["fingerprint"], _load_diagnostics(state["findings"]))

    def store_site(self, tree: "Tree", built: "BuiltSite", out: str, site: CachedSite) -> None:
        """Store that a site was written from these files, for the option ``out``."""
        state = {
            "out": out,
            "zone": built.group.time_zone,
            "digest": _compute_state_digest(tree, built.today, {}),
            "paths": site.paths,
            "fingerprint": site.fingerprint,
            "findings": _dump_diagnostics(site.findings),
        }
        self._save("site", state)

    def draw_image(self, svg: str, draw: "Callable[[str], bytes]") -> bytes:
        """Return a drawing as PNG; one that was drawn before is not drawn again."""
        name = f"{_IMAGES}/{_compute_digest(svg.encode()).hex()}"
        image: bytes | None = self._load(name)
        if image is None:
            image = draw(svg)
            self._save(name, image)
        return image

    def drop_old_images(self) -> None:
        """Remove the images that were drawn first, if there are too many."""
        with suppress(OSError):
            paths = sorted((self.folder / _IMAGES).iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for path in paths[MAX_IMAGES:]:
                path.unlink()

    def _load(self, name: str) -> Any:
        """Return what this version of the program saved, or None if that is missing or incomplete."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            return None
        digest, saved = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
        return marshal.loads(saved) if digest == _compute_digest(saved) else None  # noqa: S302 -- written by this program, and complete

    def _save(self, name: str, value: Any) -> None:
        with suppress(OSError):
            temporary = self.folder / f"{name}-{os.getpid()}"
            temporary.parent.mkdir(parents=True, exist_ok=True)
            saved = marshal.dumps(value)
            temporary.write_bytes(_compute_digest(saved) + saved)
            temporary.replace(self.folder / name)


_DIGEST_SIZE = 20
_IMAGES = "images"
MAX_IMAGES = 500


def _compute_digest(content: bytes) -> bytes:
    """Return a digest of a content and of the program that wrote it."""
    return blake2b(content, digest_size=_DIGEST_SIZE, key=_compute_program_digest()).digest()


def _dump_diagnostics(diagnostics: "Sequence[Diagnostic]") -> list[Any]:
    return [[list(each.location), each.code.value, each.message, each.hint] for each in diagnostics]


def _load_diagnostics(state: "Sequence[Any]") -> list[Diagnostic]:
    return [Diagnostic(Location(*location), Code(code), message, hint) for location, code, message, hint in state]


def open_cache(root: Path) -> Cache:
    """Return the cache of the group in a folder."""
    name = blake2b(os.fsencode(root.resolve()), digest_size=8).hexdigest()
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
    return Cache(Path(base) / "readingroom" / name)


def make_clock(today: dt.date | None) -> "Callable[[str], dt.date]":
    """Return a function from a time zone to today's date there; if ``today`` is given, it always returns that."""
    return lambda zone: today or get_today(zone)


def get_today(zone: str) -> dt.date:
    """Return today's date in a time zone."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- needed where no day is given

    return dt.datetime.now(ZoneInfo(zone)).date()


@cache
def _compute_program_digest() -> bytes:
    """Return a digest of the program: its code, schemas and templates are inputs like any other."""
    hasher = blake2b(digest_size=32)
    package = Path(__file__).parents[1]
    for top in (package, package_files.get_asset_folder("schema"), package_files.get_asset_folder("templates")):
        for folder, subfolders, names in os.walk(top):  # in half the time of Path.rglob
            subfolders.sort()
            for name in sorted(names):
                if name.endswith((".py", ".json", ".j2", ".toml")):
                    with open(f"{folder}/{name}", "rb", buffering=0) as file:
                        hasher.update(file.read())
    return hasher.digest()


def _compute_state_digest(tree: "Tree", day: dt.date, changes: "Mapping[str, bytes | None]") -> bytes:
    """Return a digest of the program, the day, and the files as they are once the changes are made."""
    hasher = blake2b(f"{day}\0".encode(), key=_compute_program_digest(), digest_size=32)
    for part in _iter_tree_parts(tree, changes):
        hasher.update(part)
    return hasher.digest()


def _iter_tree_parts(tree: "Tree", changes: "Mapping[str, bytes | None]") -> Iterator[bytes]:
    for path in sorted(tree.contents.keys() | changes.keys()):
        content = changes[path] if path in changes else tree.contents[path]
        if content is None:
            continue
        yield f"{path}\0{len(content)}\0".encode("utf-8", "surrogateescape")
        yield content
    for folder in sorted(tree.listings):
        yield f"{folder}\0{sorted(tree.listings[folder].items())}\0".encode("utf-8", "surrogateescape")
    for paths in (tree.pointers, tree.similar):
        yield repr(sorted(paths)).encode("utf-8", "surrogateescape")
    for entries in (tree.unread, tree.pictures, tree.large_blobs):
        yield repr(sorted(entries.items())).encode("utf-8", "surrogateescape")
