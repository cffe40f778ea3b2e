"""The documentation says what is true: its links, its commands, its tables and its examples."""

import ast
import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
import yaml
from markdown_it import MarkdownIt

from groups import ROOT, TODAY, Files, built, files, page, region, run, write
from groups import tree as tree_of
from readingroom.cli import main
from readingroom.cli.exit_codes import ExitCode
from readingroom.core import models
from readingroom.core.tree import WORKFLOW_PATH, Tree
from readingroom.github.repository_settings import ActionsPolicy, PagesSite, Repository, RepositorySettings
from readingroom.io import disk
from readingroom.render import archive, region_placement, templates
from readingroom.setup import doctor, workflow_check
from readingroom.setup import init as setup_init
from readingroom.site import calendar_links, people, resource_files, statistics, theme
from readingroom.store import catalogue, yaml_codec
from readingroom.store.schema import load_schema
from rendered import anchored, dead_links, links, rows, text
from rendered import page as shown

SKIPPED = {".git", ".venv", "build", "dist", "node_modules"}
CACHES = re.compile(r"\..*_cache|__pycache__|\.hypothesis|.*\.egg-info")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (".", "docs", ".github", "benchmarks")
    for path in (ROOT / folder).glob("*.md")
)


def content(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def fences(path: str, language: str) -> list[str]:
    """Return the code samples of one language on a page."""
    tokens = MarkdownIt().parse(content(path))
    return [token.content for token in tokens if token.type == "fence" and token.info == language]


def code(cell: str) -> list[str]:
    """Return the code spans of a piece of Markdown."""
    return re.findall(r"`([^`]+)`", cell)


def table(path: str, head: str) -> list[list[str]]:
    """Return the Markdown of the cells of the table whose first line starts with ``head``."""
    below = content(path).partition(f"\n| {head} |")[2]
    lines = below.split("\n\n")[0].split("\n")[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def everything() -> Files:
    """Return all files of this repository; of tests and templates only that they are there."""
    found: Files = {}
    for path in _walk(ROOT):
        name = path.relative_to(ROOT).as_posix()
        is_page = name.endswith(".md") and not name.startswith("tests/")
        found[name] = path.read_bytes() if is_page else b""
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif path.is_dir() and path.name not in SKIPPED and not CACHES.fullmatch(path.name):
            yield from _walk(path)


def test_no_link_in_this_repository_is_dead() -> None:
    made = everything()
    assert {"README.md", "docs/fields.md", ".github/SECURITY.md", "sessions/README.md"} <= made.keys()
    assert list(dead_links(made)) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_a_registry_or_a_machines_folders(path: str) -> None:
    assert not re.findall(
        r"(?i)pypi\.org|pythonhosted|npmjs|(?<![\w.~])/(?:home|work|tmp|root|Users)/\S*", content(path)
    )


# Commands


def command_lines(path: str) -> Iterator[list[str]]:
    """Yield the words of each readingroom command in a page's code samples and code spans."""
    samples = [sample.replace("\\\n", " ") for language in ("sh", "text", "") for sample in fences(path, language)]
    spans = re.findall(r"(?<!`)`(readingroom [^`]+)`(?!`)", content(path))
    for line in [line for sample in samples for line in sample.split("\n")] + spans:
        if found := re.match(r'(?:\$ |eval "\$\()?(?:\.venv/bin/)?readingroom ([^>)#]*)', line):
            yield shlex.split(found[1])


COMMAND_LINES = [
    pytest.param(words, id=f"{path}: {' '.join(words)}") for path in PAGES for words in command_lines(path)
]


@pytest.mark.parametrize("words", COMMAND_LINES)
def test_command_line_exists(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    name, *rest = words
    if name.startswith("-"):
        assert [name] in [
            option.opts for option in main.dispatch_command.get_params(click.Context(main.dispatch_command))
        ] + [["--help"]]
    elif not rest or "[OPTIONS]" in rest:
        assert name in main.COMMANDS  # a command that is named, not called
    else:
        main.load_command(name).make_context(name, [word for word in rest if word != "--help"])


@pytest.mark.parametrize("path", PAGES)
def test_make_has_the_target(path: str) -> None:
    named = re.findall(r"(?:^|`)make ([a-z]+)", content(path), re.MULTILINE)
    assert set(named) <= set(re.findall(r"^([a-z]+):", content("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("path", [".github/CONTRIBUTING.md", "docs/architecture.md", "docs/templates.md"])
def test_named_files_and_folders_exist(path: str) -> None:
    named = re.findall(r"`((?:src|schema|templates|tests|docs|tools|benchmarks|requirements)/[\w./-]*)`", content(path))
    assert [each for each in named if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("path", PAGES)
def test_named_scripts_exist(path: str) -> None:
    named = re.findall(r"(?<![\w/.-])((?:benchmarks|tools)/[\w/-]+\.py)", content(path))
    assert [each for each in named if not (ROOT / each).is_file()] == []


# Generated pages


@pytest.mark.parametrize("script", ["document.py", "show_proposal.py", "count_faults.py"])
def test_generated_pages_are_as_generated(script: str) -> None:
    command = [sys.executable, str(ROOT / "tools" / script), "--check"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, ""), f"{done.stderr}\nrun: make docs"


def properties(of: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the description of every key of a schema and its parts."""
    for each in (of, *of["$defs"].values()):
        yield from each.get("properties", {}).items()


ROWS = [cells for cells in rows(shown(content("docs/fields.md"))) if len(cells) == 5]


@pytest.mark.parametrize("name", ["group", "session"])
def test_every_field_is_described(name: str) -> None:
    documented = [[text(cell) for cell in cells] for cells in ROWS]
    for key, about in properties(json.loads(content(f"schema/{name}.schema.json"))):
        described = [row for row in documented if row[0].split()[0] == key and row[1] == about["title"]]
        defaults = [row[3] for row in described if row[2].startswith(about["description"])]
        assert str(about.get("default", "")) in defaults


def test_every_example_of_a_field_can_be_copied() -> None:
    examples = [text(span) for cells in ROWS for span in cells[4].iter("code")]
    typed = load_schema("session").typed | load_schema("group").typed
    wanted = [
        {key: example}
        for name in ("group", "session")
        for key, about in properties(load_schema(name).document)
        for example in about["examples"]
    ]
    found = [yaml_codec.read_yaml("", line.encode(), typed=typed) for line in examples]
    assert all(each in found for each in wanted)
    assert len(found) == len(wanted)


def test_every_status_is_described() -> None:
    documented = [code(row[0])[0] for row in table("docs/fields.md", "Status")]
    assert [*documented, None] == load_schema("session").document["properties"]["status"]["enum"]


# docs/templates.md

TEMPLATES = "docs/templates.md"


def test_list_of_templates_is_complete() -> None:
    documented = [code(row[0])[0] for row in table(TEMPLATES, "Template")]
    assert sorted(documented) == sorted(path.name for path in (ROOT / "templates").glob("*.j2"))


def test_list_of_filters_is_complete() -> None:
    documented = [code(row[0])[0] for row in table(TEMPLATES, "Filter")]
    assert documented == list(templates._build_markdown_filters(models.Group("", "UTC"), templates.Place()))  # noqa: SLF001 -- it is what the page lists


def test_list_of_filters_of_the_web_page_is_complete() -> None:
    documented = [code(row[0])[0] for row in table(TEMPLATES, "Filter of the website")]
    assert documented == list(templates._build_web_filters(models.Group("", "UTC")))  # noqa: SLF001 -- it is what the page lists


def test_values_of_each_template_are_those_it_gets() -> None:
    documented = {code(row[0])[0]: _names(row[2]) for row in table(TEMPLATES, "Template")}
    given = {name: set[str]() for name in documented}
    for path in (ROOT / "src/readingroom").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "render_template"
            ):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and str(first.value).endswith(".j2"):
                    given[str(first.value)] |= {each.arg for each in node.keywords if each.arg}
    assert documented == given


def _names(cell: str) -> set[str]:
    """Return the names before the parentheses, which say what a value is."""
    return {name for name in code(re.sub(r"\([^)]*\)", "", cell)) if name.isidentifier()}


VALUES = {
    "group": models.Group,
    "site": models.Site,
    "session": models.Session,
    "person": models.Person,
    "section": models.Section,
    "item": models.Item,
    "resource": models.Resource,
    "entry": archive.ArchiveEntry,
    "year": archive.YearPage,
    "lead": people.LeadProfile,
    "link": calendar_links.CalendarLink,
    "each": resource_files.ResourceLink,
    "statistics": statistics.Statistics,
    "plot": statistics.Plot,
    "bar": statistics.Bar,
    "look": theme.Palette,
}


def test_what_values_hold_is_complete() -> None:
    documented = {code(row[0])[0]: _names(row[1]) for row in table(TEMPLATES, "Value")}
    assert documented == {name: _parts(kind) for name, kind in VALUES.items()}


def _parts(kind: Any) -> set[str]:
    computed = {name for name, value in vars(kind).items() if isinstance(value, property | cached_property)}
    return {*inspect.get_annotations(kind)} | computed


PAST = {
    "21-retentive-networks": {
        "title": "Retentive Networks",
        "date": "2024-01-08",
        "leads": [{"name": "Ed Gunn", "url": "https://github.com/egunn-turing"}],
        "material": [{"note": "Read it."}],
    }
}


def test_example_of_a_template_works() -> None:
    [template], [result] = fences(TEMPLATES, "jinja"), fences(TEMPLATES, "markdown")
    made = built(files(PAST, {"templates/previous.md.j2": template}))
    assert region(made, "previous") == result.replace("2024-01-15", "2024-01-08")


def test_archives_heading_can_be_replaced_as_documented() -> None:
    [[before, after]] = re.findall(r"replace `(# [^`]+)` with `(# [^`]+)`", content(TEMPLATES))
    template = content("templates/archive.md.j2")
    assert template.count(before) == 1
    made = built(files(PAST, {"templates/archive.md.j2": template.replace(before, after)}))
    assert "What we have read" in [text(each) for each in anchored(shown(made["sessions/README.md"])).values()]
    assert list(dead_links(made)) == []


@pytest.mark.parametrize(
    "mistake", ["{{ sesions }}", "{{ sessions | txt }}", "{{ sessions[0].x }}", "{% include 'x' %}"]
)
def test_mistake_in_a_template_names_its_line(mistake: str, tmp_path: Path) -> None:
    done = run(write(tmp_path, files(PAST, {"templates/previous.md.j2": f"\n{mistake}\n"})), "build")
    assert done.returncode == ExitCode.NEEDS_FIX
    assert "templates/previous.md.j2:2: " in done.stderr
    assert not (tmp_path / "README.md").exists()


# README.md


def test_readme_says_what_it_is_before_anything_else_and_is_short() -> None:
    title, _, first, *_ = content("README.md").splitlines()
    assert title == "# readingroom"
    assert first.startswith("readingroom keeps the schedule of a reading group")
    assert len(content("README.md").splitlines()) <= MAX_README_LINES


MAX_README_LINES = 150


def test_readme_names_the_two_commands_of_this_repository() -> None:
    *_, last = fences("README.md", "sh")
    assert [line.split()[:2] for line in last.splitlines()] == [["make", "build"], ["make", "test"]]


def test_five_lines_become_the_row_that_is_shown() -> None:
    (lines,) = fences("README.md", "yaml")
    assert len(lines.splitlines()) == 5
    made = {**files({}), "sessions/21-retentive-networks/session.yml": lines.encode()}
    row = next(line for line in page(made).splitlines() if "Retentive" in line and line.startswith("|"))
    assert row in content("README.md").splitlines()


OWN_CLONE = "git clone https://github.com/readingroom/readingroom"
SETTING_UP = ["python3 -m venv .venv", ".venv/bin/pip install ../readingroom", ". .venv/bin/activate"]
ADDRESS = "https://github.com/example/reading-group"


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str, Path], str]:
    """Return what runs a page's lines in a folder; the group's address leads to a repository on this disk.

    The environment in which readingroom is installed is the one that the tests run in.
    """
    who = "[user]\nname = x\nemail = x@example.org\n[init]\ndefaultBranch = main\n"
    (tmp_path / "gitconfig").write_text(f'{who}[url "{tmp_path}/hub"]\ninsteadOf = {ADDRESS}\n')
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }

    def ran(lines: str, folder: Path) -> str:
        kept = "\n".join(
            line for line in lines.splitlines() if line not in SETTING_UP and not line.startswith(OWN_CLONE)
        )
        done = subprocess.run(
            ["bash", "-ec", f"{kept}\npwd"],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    ran("git init --quiet --bare hub", tmp_path)
    return ran


def pushed(shell: Callable[[str, Path], str], tmp_path: Path) -> Path:
    """Return a checkout of what was pushed, once it is found to be a group whose pages are right."""
    shell("git clone --quiet hub pushed\ncd pushed\nreadingroom check\nreadingroom build --check", tmp_path)
    return tmp_path / "pushed"


def test_first_steps_work(shell: Callable[[str, Path], str], tmp_path: Path) -> None:
    install, init, push, _ = fences("README.md", "sh")
    assert install.splitlines() == [f"{OWN_CLONE} ../readingroom", *SETTING_UP]
    shell(f"git clone {ADDRESS} group", tmp_path)
    shell(f"{init}{push}", tmp_path / "group")
    assert (pushed(shell, tmp_path) / ".github/workflows/readingroom.yml").is_file()


START = "docs/start.md"


class Steps(NamedTuple):
    """The code samples of the start page, in order."""

    install: str
    look: str
    import_: str
    init: str
    place: str
    build: str
    push: str
    doctor: str
    pull: str


STEPS = Steps(*fences(START, "sh"))


def start(shell: Callable[[str, Path], str], tmp_path: Path, readme: str) -> Path:
    """Return a checkout of a group that has a README and nothing else."""
    shell(f"git clone {ADDRESS} reading-group", tmp_path)
    group = write(tmp_path / "reading-group", {"README.md": readme})
    shell("git add .\ngit commit --message Start\ngit push", group)
    return group


def changed(shell: Callable[[str, Path], str], group: Path) -> list[str]:
    """Return the lines of ``git status``."""
    return shell("git status --porcelain", group).splitlines()[:-1]


def test_start_from_nothing_works(shell: Callable[[str, Path], str], tmp_path: Path) -> None:
    assert STEPS.install.splitlines()[0] == OWN_CLONE
    assert STEPS.install.splitlines()[3:] == SETTING_UP
    done = shell(f"{STEPS.install}{STEPS.init}{STEPS.build}{STEPS.push}{STEPS.doctor}{STEPS.pull}", tmp_path)
    assert "failed" not in done
    group = catalogue.read_group(disk.read_tree(pushed(shell, tmp_path)))
    assert (group.repository, group.day, group.time) == (ADDRESS, "Monday", "11:00")


def test_start_from_a_schedule_works(shell: Callable[[str, Path], str], tmp_path: Path) -> None:
    schedule = "| Date | Topic | Lead |\n| --- | --- | --- |\n| 18/03/2024 | Fields | Niels Abel |\n"
    group = start(shell, tmp_path, f"# Robots\n\n## Sessions\n\n{schedule}\n## Rules\n")
    assert "+title: Fields" in shell(STEPS.look, group)
    assert changed(shell, group) == []
    shell(f"{STEPS.import_}{STEPS.init}{STEPS.build}{STEPS.push}", group)
    done = pushed(shell, tmp_path)
    assert [each.name for each in (done / "sessions").iterdir() if each.is_dir()] == ["01-fields"]
    readme = (done / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# Robots\n\n## Sessions\n\n<!-- readingroom:begin previous ")
    assert "| 2024-03-18 | [Fields](sessions/01-fields/README.md) |  | Niels Abel |" in readme
    assert readme.endswith("## Rules\n")


def test_start_from_a_readme_without_a_schedule_works(shell: Callable[[str, Path], str], tmp_path: Path) -> None:
    group = start(shell, tmp_path, "# Robots\n\n## About us\n\nWe read.\n\n## Rules\n")
    assert "+## Upcoming sessions" in shell(STEPS.place, group)
    assert changed(shell, group) == []
    shell(STEPS.place.replace(" --dry-run", "") + STEPS.push, group)
    readme = (pushed(shell, tmp_path) / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# Robots\n\n## About us\n\nWe read.\n\n## Next session\n")


def test_a_protected_branch_and_an_upgrade_are_set_up_as_the_page_says(
    shell: Callable[[str, Path], str], tmp_path: Path
) -> None:
    _, protected, upgrade = fences(SETTINGS, "sh")
    group = start(shell, tmp_path, "# Robots\n")
    shell(f"{STEPS.init}{protected}{upgrade}", group)
    assert "publish: pull-request" in (group / ".github/workflows/readingroom.yml").read_text(encoding="utf-8")


def test_every_place_in_a_readme_is_listed() -> None:
    documented = [code(row[0])[0].strip('"') for row in table(START, "`--readme`")]
    assert [each for each in documented if not each.startswith("after: ")] == [
        each for each in region_placement.InsertionPlace if each != region_placement.InsertionPlace.AFTER
    ]
    assert all(region_placement.is_insertion_point(each) for each in documented)


def test_every_file_that_init_writes_is_listed() -> None:
    made = setup_init.plan_init(
        Tree(), setup_init.InitOptions({"name": "x", "time_zone": "UTC"}), lambda _zone: TODAY
    ).changes
    documented = {code(row[0])[0] for row in table(START, "File")}
    assert {"sessions/" if path.startswith("sessions/") else path for path in made} == documented


def test_every_region_is_listed_and_used() -> None:
    documented = [code(row[0])[0] for row in table(START, "Region")]
    used = re.findall(r"^<!-- readingroom:begin (\w+) [0-9a-f]{12} -->$", content("README.md"), re.MULTILINE)
    made = re.findall(r"readingroom:begin (\w+)", content("templates/readme.md.j2"))
    assert documented == used == made


def test_every_input_of_the_action_reaches_the_option_of_its_name() -> None:
    action = yaml.safe_load(content("action.yml"))
    (step,) = action["runs"]["steps"]
    known = {each.name: each for each in main.load_command("run").params}
    for name, declared in action["inputs"].items():
        variable = f"READINGROOM_{name.upper()}"
        assert step["env"][variable] == f"${{{{ inputs.{name} }}}}"
        option = known[name.replace("-", "_")]
        assert variable in (option.envvar if isinstance(option.envvar, list) else [option.envvar])
        assert declared["default"] in {option.default, ""} or declared["default"].startswith("${{ github.")
    assert "${{" not in step["run"]


def test_every_command_is_listed() -> None:
    documented = [each.split() for row in table(START, "Command") for each in code(row[0])]
    assert {words[1] for words in documented} == set(main.COMMANDS)


def test_no_line_of_the_changelog_is_longer_than_those_of_the_code() -> None:
    lines = content("CHANGELOG.md").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []


def test_readme_leads_to_every_page_of_the_documentation() -> None:
    targets = {target for _, target in links(shown(content("README.md")))}
    assert {path for path in PAGES if path.startswith("docs/")} <= targets


# docs/settings.md

SETTINGS = "docs/settings.md"


def test_the_workflow_that_is_shown_and_part_of_the_package_is_the_one_that_this_repository_runs() -> None:
    (shown,) = [each for each in fences(SETTINGS, "yaml") if "jobs:" in each]
    ours = re.sub(r"uses: \./ #.*", "uses: readingroom/readingroom@v1", content(".github/workflows/readingroom.yml"))
    assert shown == content("workflow/readingroom.yml") == ours


@pytest.mark.parametrize(("head", "key"), [("Input", "inputs"), ("Output", "outputs")])
def test_every_input_and_output_of_the_action_is_listed(head: str, key: str) -> None:
    declared = yaml.safe_load(content("action.yml"))[key]
    documented = {code(row[0])[0]: [each.strip("`") for each in row[1:]] for row in table(SETTINGS, head)}
    assert documented == {
        name: [each["description"], *([each["default"]] if key == "inputs" else [])] for name, each in declared.items()
    }


def test_every_permission_of_the_workflow_is_listed_with_what_it_is_for() -> None:
    documented = [[each.strip("`") for each in row] for row in table(SETTINGS, "Job")]
    jobs = yaml.safe_load(content("workflow/readingroom.yml"))["jobs"]
    rights = [(name, key, level) for name, job in jobs.items() for key, level in job["permissions"].items()]
    about = [workflow_check.PERMISSION_REASONS[name][key] for name, key, _ in rights]
    assert documented == [
        [name, f"{key}: {level}", right.purpose, right.without]
        for (name, key, level), right in zip(rights, about, strict=True)
    ]


def test_every_check_of_the_doctor_is_listed() -> None:
    made = tree_of({**files(PAST), WORKFLOW_PATH: (ROOT / "workflow/readingroom.yml").read_bytes()})
    program = doctor.ProgramInfo("1", (3, 12, 0), made.contents[WORKFLOW_PATH])
    about = Repository("o/r", "https://github.com/o/r", "main", *[False] * 4)
    none = frozenset[str]()
    seen = RepositorySettings(
        about, ActionsPolicy(True, "all"), True, none, none, none, none, none, PagesSite(), "active", None
    )
    found = [
        *doctor.check_local_files(made, lambda _: TODAY, program),
        *doctor.check_remote_settings(seen, made, program, ""),
    ]
    assert [code(row[0])[0] for row in table(SETTINGS, "Check")] == [each.name for each in found]


# Other pages


def test_glossary_defines_each_term_once() -> None:
    terms = [term for cells in rows(shown(content("docs/glossary.md"))) for term in text(cells[0]).split(", ")]
    assert len(terms) == len(set(terms)) > 0


def test_performance_has_the_markers_that_the_benchmarks_fill() -> None:
    lines = content("docs/performance.md").splitlines()
    names = ("benchmark", "site", "findings", "search", "action", "importing")
    marks = [f"<!-- {name}:{place} -->" for name in names for place in ("begin", "end")]
    assert [line for line in lines if re.match("<!-- [a-z]+:", line)] == marks
