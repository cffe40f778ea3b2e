"""Switch off each rule of the importer in turn, and write what it buys on pages of real groups.

    python benchmarks/ablation.py FOLDER... [--write docs/import-rules.md] [--half first]

A rule is a function of the importer that recognises something (it answers "no" when it is off), finds something (it
finds nothing), changes what is read (it returns it as it is), or adds it to a session (it adds nothing). ``serves``
counts the pages whose result gets worse without the rule. The readers of our own pages and the reports are left out:
they serve other purposes than the scores; functions of less than four lines are parts of others.
"""

import argparse
import importlib
import inspect
import pkgutil
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import readingroom.importer
import readingroom.parsing
from real_pages import RealPage, Score, list_pages, load_scorer

BEGIN, END = "<!-- rules:begin -->\n", "<!-- rules:end -->\n"
HEAD = (
    "| Rule | Where | Lines | Pages that run it | Pages it serves | Sessions found | Wholly right | False rows |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
)
OTHER_PURPOSES = frozenset(
    {"generated_pages", "import_pages", "lint", "read_schedule", "replace_tables", "report"}
    | {"session_data", "session_files", "unread_dates"}
)
MIN_LINES = 4
SECONDS = 60  # for all pages; without some rules a loop has no end
WORSE = 1_000  # false rows of a page that cannot be read without a rule


@dataclass(frozen=True)
class Rule:
    """A function, and the code that takes its place when it is off."""

    name: str
    function: FunctionType
    off: CodeType

    @property
    def line_count(self) -> int:
        return len(inspect.getsource(self.function).splitlines())

    @property
    def description(self) -> str:
        said = (inspect.getdoc(self.function) or "").split("\n")[0]
        return said.replace("|", "\\|") or f"`{self.function.__name__}`"


@dataclass(frozen=True)
class Worth:
    """What a rule buys: how many pages run it and get worse without it, and the rows that these lose."""

    rule: Rule
    run_by: int
    serves: int
    lost: Counter[str]


def answer_no(*_: Any, **__: Any) -> bool:
    return False


def find_nothing(*_: Any, **__: Any) -> None:
    return None


def list_nothing(*_: Any, **__: Any) -> list[Any]:
    return []


def write_nothing(*_: Any, **__: Any) -> str:
    return ""


def return_same(first: Any, *_: Any, **__: Any) -> Any:
    return first


def return_same_in_class(_: Any, first: Any, *__: Any, **___: Any) -> Any:
    return first


def iter_rules() -> Iterator[Rule]:
    for module in iter_modules(readingroom.importer):
        short = module.__name__.removeprefix("readingroom.importer.")
        if short.split(".")[0] in OTHER_PURPOSES:
            continue
        for owner in [module, *(each for each in vars(module).values() if inspect.isclass(each))]:
            for function in map(inspect.unwrap, filter(callable, vars(owner).values())):
                is_own = isinstance(function, FunctionType) and function.__module__ == module.__name__
                if is_own and not function.__code__.co_freevars and (off := choose_off(function)):
                    rule = Rule(short, function, off.__code__)
                    yield from [rule] if rule.line_count >= MIN_LINES else ()


def iter_modules(package: ModuleType) -> Iterator[ModuleType]:
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(each.name)


def choose_off(function: FunctionType) -> Any:
    """Return the function that stands for a rule that is off; None for one that is needed for anything to be read."""
    signature = inspect.signature(function)
    kind = inspect.formatannotation(signature.return_annotation)
    in_class = "self" in signature.parameters
    kinds = [inspect.formatannotation(each.annotation) for each in signature.parameters.values()][in_class:]
    if function.__name__.startswith("__") or "dataclass" in function.__qualname__:
        return None
    if kinds and kind == kinds[0]:
        return return_same_in_class if in_class else return_same
    if kind == "bool":
        return answer_no
    if kind == "None" or kind.endswith("| None"):
        return find_nothing
    if kind.startswith(("list[", "collections.abc.Iterator", "Iterator", "tuple[")) and "..." not in kind[:6]:
        return list_nothing
    return write_nothing if kind == "str" else None


def measure(pages: Sequence[RealPage], score: Score) -> list[Counter[str]]:
    """Return the counts of each page; one that cannot be read has many false rows."""
    counts = []
    for page in pages:
        try:
            counts.append(score(page.truth, page.import_records())[0])
        except TimeoutError:
            raise
        except Exception:  # noqa: BLE001 -- without a rule anything may happen
            counts.append(Counter(false=WORSE))
    return counts


def find_runners(rules: Sequence[Rule], pages: Sequence[RealPage], score: Score) -> dict[CodeType, set[int]]:
    """Return for the code of each rule the pages that run it."""
    codes = {rule.function.__code__ for rule in rules}
    runners: defaultdict[CodeType, set[int]] = defaultdict(set)
    for number, page in enumerate(pages):

        def note(frame: Any, event: str, _: Any, number: int = number) -> None:
            if event == "call" and frame.f_code in codes:
                runners[frame.f_code].add(number)

        clear_caches()
        sys.setprofile(note)
        try:
            measure([page], score)
        finally:
            sys.setprofile(None)
    return runners


def clear_caches() -> None:
    for module in [*iter_modules(readingroom.importer), *iter_modules(readingroom.parsing)]:
        for each in vars(module).values():
            if hasattr(each, "cache_clear"):
                each.cache_clear()


def stop(*_: Any) -> None:
    raise TimeoutError


def try_without(rule: Rule, pages: Sequence[RealPage], score: Score) -> list[Counter[str]]:
    code = rule.function.__code__
    clear_caches()
    rule.function.__code__ = rule.off
    signal.alarm(SECONDS)
    try:
        return measure(pages, score)
    except TimeoutError:
        return [Counter(false=WORSE)] * len(pages)
    finally:
        signal.alarm(0)
        rule.function.__code__ = code
        clear_caches()


def iter_worths(rules: Sequence[Rule], pages: Sequence[RealPage], score: Score) -> Iterator[Worth]:
    usual = measure(pages, score)
    runners = find_runners(rules, pages, score)
    for rule in rules:
        numbers = sorted(runners[rule.function.__code__])
        without = try_without(rule, [pages[number] for number in numbers], score)
        lost, serves = Counter[str](), 0
        for number, count in zip(numbers, without, strict=True):
            change = Counter({key: usual[number][key] - count[key] for key in ("found", "whole")})
            change["false"] = (
                count["false"] + count["wrong_date"] - usual[number]["false"] - usual[number]["wrong_date"]
            )
            serves += max(change.values()) > 0
            lost.update(change)
        yield Worth(rule, len(numbers), serves, lost)


def render_row(worth: Worth) -> str:
    rule, lost = worth.rule, worth.lost
    changes = [f"{lost[key]:+}" if lost[key] else "0" for key in ("found", "whole")]
    changes.append("unreadable" if lost["false"] >= WORSE // 2 else f"{-lost['false']:+}" if lost["false"] else "0")
    cells = [rule.description, f"`{rule.name}`", str(rule.line_count), str(worth.run_by), str(worth.serves), *changes]
    return f"| {' | '.join(cells)} |\n"


def main() -> None:
    """Measure the rules, and print or write the table: those that serve most pages first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--half", choices=("first", "second"), help="of the pages of each folder; all without it")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, stop)
    taken = {None: slice(None), "first": slice(0, None, 2), "second": slice(1, None, 2)}[options.half]
    pages = [page for folder in options.folders for page in list_pages(folder)[taken]]
    worths = list(iter_worths(list(iter_rules()), pages, load_scorer(options.folders)))
    worths.sort(key=lambda each: (-each.serves, -each.lost["whole"], each.rule.name))
    idle = [each for each in worths if not each.serves]
    table = HEAD + "".join(render_row(each) for each in worths)
    rest = f"{len(worths)} rules on {len(pages)} pages; {len(idle)} with {sum(w.rule.line_count for w in idle)} lines "
    table += f"\n{rest}serve none of them.\n"
    print(table, end="")
    if options.write:
        before, after = options.write.read_text("utf-8").split(BEGIN)
        options.write.write_text(f"{before}{BEGIN}\n{table}\n{END}{after.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
