"""A folder to a group's repository: the files that it lacks, and what is told of those that are there."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from readingroom import __version__
from readingroom.core import resources
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Group, Status
from readingroom.core.session_path import SessionPath
from readingroom.core.text_file import TextFile, normalize_line_ends
from readingroom.core.tree import CONFIGURATION, FORM_PATH, README, WORKFLOW_PATH, Files, Tree
from readingroom.edit import new_session
from readingroom.github import repository_settings
from readingroom.render import build, issue_form, region_placement
from readingroom.render.build import DateClock
from readingroom.setup import workflow_check, workflow_file
from readingroom.store import catalogue, generated, schema, yaml_codec

GITIGNORE = ".gitignore"
REPLACEABLE = (CONFIGURATION, WORKFLOW_PATH, FORM_PATH)

_ACTION = "readingroom/readingroom"
_TITLE = "Our first session"


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What somebody wants of a group; what is empty was not said.

    ``group`` has values for keys of readingroom.yml, ``origin`` is the repository's address for a new one. ``publish``
    is how pages get to the default branch, commit or pull-request, and ``place`` where a README's regions go.
    ``commit`` is the one of the action that the workflow names, which ``is_release`` or not, and ``to_replace`` are
    those of REPLACEABLE that may be replaced.
    """

    group: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    publish: str = ""
    place: str = "bottom"
    commit: str = ""
    is_release: bool = True
    to_replace: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InitPlan:
    """The group, the files that change, those that are left though they differ, and what else is worth telling."""

    group: Group
    changes: dict[str, bytes | None]
    left: list[Diagnostic]
    findings: list[Diagnostic]


def plan_init(tree: Tree, wish: InitOptions, today: DateClock) -> InitPlan:
    """Return what makes a group's repository of a folder, so that every page is right.

    What is there stays, unless the wish says that it may be replaced. Raises Invalid with every problem of every file.
    """
    files, left = _plan_config_files(tree, wish)
    problems: set[Diagnostic] = set()
    for step in (_plan_gitignore, _plan_readme, _plan_form):
        try:
            files |= step(_apply_files(tree, files), wish)
        except Invalid as invalid:
            problems |= set(invalid.problems)
    try:
        build.check_group(_apply_files(tree, files), today)
    except Invalid as invalid:
        problems |= set(invalid.problems)
    if problems:
        raise Invalid(problems)
    files |= _plan_first_session(_apply_files(tree, files), today)
    made = build.build_pages(_apply_files(tree, files), today)
    changes = {path: text for path, text in {**files, **made.changes}.items() if text != tree.contents.get(path)}
    of_workflow = list(check_action_pin(wish)) if WORKFLOW_PATH in changes else []
    return InitPlan(made.catalogue.group, changes, left + made.kept, made.findings + of_workflow)


def check_action_pin(wish: InitOptions) -> Iterator[Diagnostic]:
    if not wish.commit:
        message = (
            f"names the action by the tag v{__version__}, since this copy of readingroom does not know its own commit. "
            "A tag can be moved."
        )
        hint = (
            "To pin the action, write the 40 hexadecimal digits of the release's commit in place of the "
            f"tag, and # v{__version__} after them."
        )
        yield Diagnostic(Location(WORKFLOW_PATH), Code.WORKFLOW_UNPINNED, message, hint)
    elif not wish.is_release:
        message = (
            "names the action by the commit of this copy of readingroom, which is not that of the release "
            f"v{__version__}. GitHub has to know that commit."
        )
        hint = "To name a release, install one and run init with --force."
        yield Diagnostic(Location(WORKFLOW_PATH), Code.WORKFLOW_UNPINNED, message, hint)


def _apply_files(tree: Tree, files: Files) -> Tree:
    """Return the tree as it is once the files are written."""
    folders: dict[str, dict[str, int]] = {session.folder: {} for path in files if (session := SessionPath.parse(path))}
    return replace(tree, contents={**tree.contents, **files}, listings={**folders, **tree.listings})


def _plan_config_files(tree: Tree, wish: InitOptions) -> tuple[Files, list[Diagnostic]]:
    """Return the group's file and the workflow where they are missing or may be replaced, and what is left instead."""
    files, left = Files(), []
    for path, content, message, hint in (
        (CONFIGURATION, _plan_configuration(tree, wish), *_CONFIG_DIFFERS),
        (WORKFLOW_PATH, _plan_workflow(tree, wish), *_WORKFLOW_DIFFERS),
    ):
        if content is None:
            continue
        if path in tree.contents and path not in wish.to_replace:
            left.append(Diagnostic(Location(path), Code.SETUP_FILE_KEPT, message, hint))
        else:
            files[path] = content
    return files, left


_CONFIG_DIFFERS = (
    "has other values than those given, so it is left as it is.",
    "Change it manually, or run init with --force to write it again, without its own comments.",
)
_WORKFLOW_DIFFERS = (
    "differs from the one that init writes, so it is left as it is.",
    "Run init with --dry-run --force to see how, or with --force to replace it.",
)


def _plan_configuration(tree: Tree, wish: InitOptions) -> bytes | None:
    """Return the group's file as it should be, or None if the one that is there says just that, or is wrong."""
    content, of = tree.contents.get(CONFIGURATION), schema.load_schema(schema.SchemaName.GROUP)
    data = {"repository": wish.origin, **wish.group}
    if content is not None:
        try:
            there = catalogue.read_valid_file(of, CONFIGURATION, content)
        except Invalid:
            return None
        data = {**there, **wish.group}
        if data == there:
            return None
    ordered = {key: data[key] for key in of.document["properties"] if data.get(key)}
    return new_session.render_commented_yaml(
        ordered, schema.SchemaName.GROUP, has_schema=new_session.has_schema(tree)
    ).encode()


def _plan_workflow(tree: Tree, wish: InitOptions) -> bytes | None:
    """Return the workflow as it should be, or None if the one that is there is the same but for its line ends."""
    there = tree.contents.get(WORKFLOW_PATH, b"")
    mode, zone = wish.publish or _read_publish_mode(there), _resolve_time_zone(tree, wish)
    text = render_workflow(wish.commit, mode, zone=zone, is_release=wish.is_release)
    return None if normalize_line_ends(there) == text.encode() else text.encode()


_DEFAULT_CRON = "17 3 * * *"  # when the workflow of a group in no known time zone runs
_MINUTES_AFTER_MIDNIGHT = 17  # after midnight; GitHub lets runs of the full hour wait
_MINUTES_PER_DAY = 24 * 60


def _resolve_time_zone(tree: Tree, wish: InitOptions) -> str:
    """Return the time zone that is wished for, or that of the group; UTC if neither is known."""
    try:
        there = catalogue.read_group(tree).time_zone if CONFIGURATION in tree.contents else "UTC"
    except Invalid:
        there = "UTC"
    zone = wish.group.get("time_zone", there)
    return "UTC" if find_config_error("time_zone", zone) else zone


def _build_daily_cron(zone: str) -> str:
    """Return when a schedule, which knows UTC alone, has to start to be soon after a zone's midnight all year."""
    winter, summer = (dt.datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
    least = min(each for each in (winter, summer) if each is not None)
    hour, minute = divmod((_MINUTES_AFTER_MIDNIGHT - int(least.total_seconds()) // 60) % _MINUTES_PER_DAY, 60)
    return f"{minute} {hour} * * *"


def _read_publish_mode(there: bytes) -> str:
    """Return how the pages get to the default branch by a workflow that is there."""
    try:
        return workflow_check.get_publish_mode(workflow_file.read_workflow(WORKFLOW_PATH, there))
    except Invalid:
        return "commit"


def render_workflow(commit: str, publish: str = "commit", *, zone: str = "", is_release: bool = True) -> str:
    """Return the text of a group's workflow, which names the action by a commit, or else by this version's tag.

    Behind a commit stands which version it is of, if it is the one of a release. Its daily run comes soon after
    midnight in a time zone, if that is known.
    """
    text = (resources.get_asset_folder("workflow") / "readingroom.yml").read_text("utf-8")
    if zone:
        text = text.replace(_DEFAULT_CRON, _build_daily_cron(zone))
    version = f"v{__version__}"
    pinned = f"{commit} # {version if is_release else 'unreleased'}"
    step = f"- uses: {_ACTION}@{pinned if commit else version}\n"
    first, *others = text.split(f"- uses: {_ACTION}@v1\n")
    given = f"        with:\n          publish: {publish}\n" if publish != "commit" else ""
    return first + step + given + step.join(others)


def _plan_gitignore(tree: Tree, _wish: InitOptions) -> Files:
    """Return the list of what Git ignores with the lines that it lacks; every byte that is there stays."""
    content = tree.contents.get(GITIGNORE, b"")
    if b"\0" in content:
        message, hint = "is not a text that Git can read.", "Save it as UTF-8."
        raise Invalid([Diagnostic(Location(GITIGNORE), Code.FILE_NOT_UTF8, message, hint)])
    there = {line.strip().strip(b"/") for line in content.split(b"\n")}
    lacking = [line for line in (b".venv/", b".readingroom-*", b"_site/") if line.strip(b"/") not in there]
    if not lacking:
        return {}
    ending = TextFile.decode(content, "replace").line_end.encode()
    gap = b"" if not content or content.endswith(b"\n") else ending
    return {GITIGNORE: content + gap + b"".join(line + ending for line in lacking)}


def _plan_readme(tree: Tree, wish: InitOptions) -> Files:
    """Return the README with the regions that it lacks; a missing one is written by the build."""
    if README not in tree.contents:
        return {}
    point = region_placement.parse_insertion_point(wish.place)
    return {README: region_placement.insert_regions(README, _decode_readme(tree), point).encode()}


def _decode_readme(tree: Tree) -> TextFile:
    return yaml_codec.decode_file(README, tree.contents[README])


def needs_readme_regions(tree: Tree) -> bool:
    """Tell whether there is a README that regions could be put into."""
    try:
        return README in tree.contents and not generated.parse_regions(README, _decode_readme(tree).text)
    except Invalid:
        return False


def find_placement_error(tree: Tree, place: str) -> str:
    """Return why the README's regions cannot go to a place, or an empty text."""
    try:
        _plan_readme(tree, InitOptions(place=place))
    except Invalid as invalid:
        return f"{README} {invalid.problems[0].message}"
    return ""


def _plan_form(tree: Tree, wish: InitOptions) -> Files:
    """Return the form where it may be replaced; otherwise the build sees to it, and keeps one that was made by hand."""
    return (
        {FORM_PATH: issue_form.render_issue_form(catalogue.read_group(tree)).encode()}
        if FORM_PATH in wish.to_replace
        else {}
    )


def _plan_first_session(tree: Tree, today: DateClock) -> Files:
    """Return a first session on the next usual day, where there is none yet."""
    if tree.list_session_files():
        return {}
    group = catalogue.read_group(tree)
    date = new_session.suggest_session_defaults(tree, group, today(group.time_zone))["date"]
    path, text = new_session.build_session_file(
        tree, group, {"title": _TITLE, "date": date, "status": Status.TBC.value}
    )
    return {path: text.encode()}


def find_config_error(key: str, value: str) -> str:
    """Return what is wrong with a value for a key of readingroom.yml, or an empty text."""
    data = {"name": "x", "time_zone": "UTC", key: value}
    try:
        catalogue.read_group(Tree({CONFIGURATION: yaml_codec.dump_yaml(data).encode()}))
    except Invalid as invalid:
        return invalid.problems[0].message
    return ""


_GITHUB = frozenset({"github.com", "www.github.com", "ssh.github.com"})


def normalize_github_url(remote: str) -> str:
    """Return the web address of a repository on GitHub that Git has an address of, or an empty text.

    No name or password that stands in Git's address is in it.
    """
    host, name = repository_settings.parse_remote_url(remote)
    return f"https://github.com/{name}" if host in _GITHUB else ""


def guess_group_name(folder: str) -> str:
    """Return the name that a folder's name suggests for its group, or an empty text."""
    words = " ".join(re.sub("[-_]", " ", folder).split())
    name = words[:1].upper() + words[1:]
    return name if name and name.isprintable() and not find_config_error("name", name) else ""
