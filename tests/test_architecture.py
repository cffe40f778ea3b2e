"""The packages form layers: each imports only those below it, and the pure ones touch nothing outside the program."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SOURCE = Path(__file__).parent.parent / "src"
# From the top down, as docs/architecture.md lists them.
LAYERS = (
    "cli", "setup", "github", "io",
    "proposals", "importer", "site", "render", "edit", "store", "parsing", "text", "core",
)  # fmt: skip
PURE = LAYERS[LAYERS.index("proposals") :]
OUTSIDE_WORLD = {"os", "sys", "subprocess", "socket", "github", "click", "time"}
CLOCKS = {"today", "now", "utcnow"}
MAX_MODULES = 20

Sources = dict[str, str]


def read_sources(package: str = "") -> Sources:
    """Return the text of every module by its dotted name, of one package or of all."""
    folder = SOURCE / "readingroom" / package
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def list_imports(source: str) -> Iterator[str]:
    """Yield the full name of all that is imported, within functions and under ``TYPE_CHECKING`` too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "an import names its package in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("__import__", "import_module")):
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def list_clock_readings(source: str) -> Iterator[str]:
    """Yield every place that asks what day or time it is."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            yield f"line {node.lineno}: {ast.unparse(node)}"


def find_upward_imports(package: str, sources: Sources) -> list[str]:
    """Return the imports of a package that name one above it."""
    above = LAYERS[: LAYERS.index(package)]
    return [
        f"{module} imports {name}"
        for module, source in sources.items()
        for name in list_imports(source)
        if name.startswith("readingroom.") and name.split(".")[1] in above
    ]


def read_import_graph(sources: Sources) -> Mapping[str, set[str]]:
    """Return for each module those that it imports."""
    graph: defaultdict[str, set[str]] = defaultdict(set)
    for module, source in sources.items():
        for name in list_imports(source):
            target = name if name in sources else name.rpartition(".")[0]
            if target in sources and target != module:
                graph[module].add(target)
    return graph


def find_cycle(sources: Sources) -> list[str]:
    """Return modules that import each other in a circle, or nothing."""
    try:
        TopologicalSorter(read_import_graph(sources)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_the_packages_are_those_of_the_documentation() -> None:
    folders = {path.name for path in (SOURCE / "readingroom").iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(LAYERS)
    page = (SOURCE.parent / "docs/architecture.md").read_text("utf-8")
    assert [name for line in page.split("\n") if (name := line.partition(" ")[0]) in LAYERS] == list(LAYERS)


@pytest.mark.parametrize("package", LAYERS)
def test_a_package_imports_only_packages_below_it(package: str) -> None:
    assert find_upward_imports(package, read_sources(package)) == []


@pytest.mark.parametrize("package", LAYERS)
def test_no_modules_of_a_package_import_each_other_in_a_circle(package: str) -> None:
    assert find_cycle(read_sources(package)) == []


@pytest.mark.parametrize("package", PURE)
def test_a_pure_package_touches_nothing_outside_the_program(package: str) -> None:
    for module, source in read_sources(package).items():
        assert not {name for name in list_imports(source) if name.partition(".")[0] in OUTSIDE_WORLD}, module
        assert not list(list_clock_readings(source)), module


def test_no_two_public_types_have_one_name() -> None:
    names = Counter(
        node.name
        for source in read_sources().values()
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, number in names.items() if number > 1] == []


@pytest.mark.parametrize("folder", [path for path in (SOURCE / "readingroom").rglob("") if path.name != "__pycache__"])
def test_a_folder_holds_few_enough_modules_to_look_through(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) <= MAX_MODULES


@pytest.mark.parametrize(
    "source",
    [
        "from readingroom.render import pages",
        "import readingroom.render.pages",
        "def f():\n    from readingroom.render.pages import readme",
        "if TYPE_CHECKING:\n    from readingroom.render import pages",
        "importlib.import_module('readingroom.render.pages')",
    ],
)
def test_an_import_against_the_direction_is_found(source: str) -> None:
    assert find_upward_imports("store", {"readingroom.store.lint": source})
    assert not find_upward_imports("site", {"readingroom.site.feed": source})


def test_a_circle_is_found() -> None:
    sources = {
        "readingroom.text.a": "from readingroom.text import b",
        "readingroom.text.b": "def f():\n    from readingroom.text.c import name",
        "readingroom.text.c": "if TYPE_CHECKING:\n    import readingroom.text.a",
    }
    assert set(find_cycle(sources)) == set(sources)


@pytest.mark.parametrize(
    "source", ["import os.path", "from os import environ", "def f():\n    import sys", "__import__('subprocess')"]
)
def test_imports_of_the_outside_world_are_seen(source: str) -> None:
    assert {name.partition(".")[0] for name in list_imports(source)} & OUTSIDE_WORLD


@pytest.mark.parametrize("source", ["dt.date.today()", "date.today()", "dt.datetime.now(zone)", "datetime.now"])
def test_every_look_at_the_clock_is_seen(source: str) -> None:
    assert list(list_clock_readings(source))


def test_a_time_that_is_built_is_no_look_at_the_clock() -> None:
    assert not list(list_clock_readings("dt.time.fromisoformat(each.time)\ndt.datetime.combine(day, dt.time())"))


@pytest.mark.parametrize(
    ("signs", "homes"),
    [
        (r"utf-8-sig|\\ufeff|\\xef\\xbb\\xbf", {"core.text_file", "text.characters"}),
        (r'\.replace\(b?"\\r', {"core.text_file", "text.commonmark"}),
        (r"\bMarkdownIt\(", {"text.commonmark"}),
        (r"\\u061c|\\u200b|\\u202[8-e]|\\u206|\\x85|\\U000e00", {"text.characters"}),
    ],
    ids=["byte order marks", "line ends", "Markdown parsers", "characters that need care"],
)
def test_a_concept_is_at_home_in_one_module(signs: str, homes: set[str]) -> None:
    found = {
        module.removeprefix("readingroom.") for module, source in read_sources().items() if re.search(signs, source)
    }
    assert found == homes
