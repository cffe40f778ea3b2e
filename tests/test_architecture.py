"""The shape of the code is the one that docs/architecture.md draws."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/readingroom"
MODULES = sorted(str(path.relative_to(PACKAGE).with_suffix("")).replace("/", ".") for path in PACKAGE.rglob("*.py"))
COMMANDS = {module for module in MODULES if module.startswith("commands.")}
TOP = {"cli", "__main__"} | COMMANDS
RIM = {"tree", "output", "serving", "watching", "checkout", "memo", "actions", "console", "forge", "surroundings"}
JOINT = {"conversation", "notice", "observation", "publication", "survey"}  # where the core meets the forge
MACHINE = {"workers", "opening", "connection"}
CORE = sorted(set(MODULES) - TOP - RIM - JOINT - MACHINE)
NOT_FOR_CORE = {"os", "sys", "subprocess", "github", "click"}
CLOCKS = {"today", "now", "utcnow"}


def parsed(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it, without what stands under ``if TYPE_CHECKING``."""
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        children: Iterable[ast.AST] = node.orelse
    else:
        children = ast.iter_child_nodes(node)
    for below in children:
        yield from running(below)


def imported(source: ast.AST) -> Iterator[str]:
    """Yield the full name of everything that is imported, wherever in the file: ``readingroom.tree``, ``os.path``."""
    for node in running(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(part for part in ("readingroom" if node.level else "", node.module) if part)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("__import__", "import_module")):
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def own_modules(names: Iterator[str]) -> set[str]:
    """Return which modules of the package are among the imported names."""
    below = [name.removeprefix("readingroom.") for name in names if name.startswith("readingroom.")]
    return {module for module in MODULES for name in below if name == module or name.startswith(f"{module}.")}


def clock_readings(source: ast.AST) -> Iterator[str]:
    """Yield every place that asks what time it is."""
    for node in running(source):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            yield f"line {node.lineno}: {ast.unparse(node)}"
    if "time" in {name.partition(".")[0] for name in imported(source)}:
        yield "imports time"


@pytest.mark.parametrize("module", CORE)
def test_core_touches_no_world(module: str) -> None:
    names = set(imported(parsed(module)))
    assert not {name for name in names if name.partition(".")[0] in NOT_FOR_CORE}


@pytest.mark.parametrize("module", CORE)
def test_core_does_not_know_the_rim(module: str) -> None:
    assert not own_modules(imported(parsed(module))) & (RIM | JOINT | MACHINE | TOP)


@pytest.mark.parametrize("module", CORE)
def test_core_never_asks_the_clock(module: str) -> None:
    assert not list(clock_readings(parsed(module)))


@pytest.mark.parametrize("module", sorted(RIM))
def test_rim_modules_do_not_know_each_other(module: str) -> None:
    assert not own_modules(imported(parsed(module))) & ((RIM - {module}) | JOINT | TOP)


@pytest.mark.parametrize("module", sorted(JOINT))
def test_what_joins_core_and_forge_knows_no_other_rim_and_no_world(module: str) -> None:
    names = set(imported(parsed(module)))
    assert own_modules(iter(names)) & (RIM | MACHINE | TOP) == {"forge", "connection"}
    assert not {name for name in names if name.partition(".")[0] in NOT_FOR_CORE}
    assert not list(clock_readings(parsed(module)))


@pytest.mark.parametrize("module", sorted(MACHINE))
def test_what_serves_the_rim_knows_nothing_of_the_package(module: str) -> None:
    assert not own_modules(imported(parsed(module)))


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import os.path",
        "from os import environ",
        "def f():\n    import sys",
        "from click import echo as say",
        "__import__('subprocess')",
    ],
)
def test_hidden_imports_are_seen(source: str) -> None:
    names = set(imported(ast.parse(source)))
    assert {name for name in names if name.partition(".")[0] in NOT_FOR_CORE}


@pytest.mark.parametrize(
    "source",
    [
        "from readingroom import tree",
        "from readingroom.tree import read",
        "from . import tree",
        "from .tree import read",
    ],
)
def test_every_way_to_import_a_module_is_seen(source: str) -> None:
    assert own_modules(imported(ast.parse(source))) == {"tree"}


def test_imports_for_types_alone_do_not_count() -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os\nelse:\n    import sys\n"
    assert set(imported(ast.parse(source))) == {"typing.TYPE_CHECKING", "sys"}


@pytest.mark.parametrize(
    "source",
    [
        "dt.date.today()",
        "date.today()",
        "dt.datetime.now(zone)",
        "datetime.now",
        "import time",
        "from time import time",
    ],
)
def test_every_look_at_the_clock_is_seen(source: str) -> None:
    assert list(clock_readings(ast.parse(source)))


def test_a_time_that_is_built_is_no_look_at_the_clock() -> None:
    assert not list(clock_readings(ast.parse("dt.time.fromisoformat(each.time)\ndt.datetime.combine(day, dt.time())")))


def test_documentation_lists_the_modules_that_exist() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert sorted(path.replace("/", ".") for path in re.findall(r"^\| `([\w/]+)\.py` ", page, re.MULTILINE)) == MODULES


def test_the_map_of_the_importer_names_each_of_its_modules() -> None:
    told = ast.get_docstring(parsed("importing.__init__")) or ""
    named = {module.partition(".")[2] for module in MODULES if module.startswith("importing.")} - {"__init__"}
    assert named == set(re.findall("``([a-z]+)``", told))


def test_documentation_tells_the_imports_that_exist() -> None:
    """The table's second column names what each module imports from the package, at the top or within a function."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w/]+)\.py` \| ([^|]*)\|", page, re.MULTILINE)
    told = {path.replace("/", "."): set(re.findall(r"`([\w.]+)`", cell)) for path, cell in rows}
    true = {module: own_modules(imported(parsed(module))) for module in told}
    assert told == true
