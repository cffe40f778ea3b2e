"""From a folder to a group's repository: which files are missing, and what to report about those that exist."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from readingroom import __version__
from readingroom.core import package_files
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Group, Status
from readingroom.core.session_path import SessionPath
from readingroom.core.text_file import TextFile, decode_file, normalize_line_ends
from readingroom.core.tree import CONFIGURATION, FORM_PATH, README, WORKFLOW_PATH, Files, Tree
from readingroom.edit import new_session
from readingroom.proposals.events import PublishMode
from readingroom.render import build, issue_form, region_placement
from readingroom.render.build import DateClock
from readingroom.setup import workflow_check, workflow_file
from readingroom.store import catalogue, data_file, generated, schema, yaml_codec
from readingroom.store.generated import Region
from readingroom.text.phrases import normalize_whitespace

GITIGNORE = ".gitignore"
REPLACEABLE = (CONFIGURATION, WORKFLOW_PATH, FORM_PATH)

_ACTION = "readingroom/readingroom"
_TITLE = "Our first session"


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What the user wants a group to be; what is empty was not given.

    ``group`` has values for keys of readingroom.yml, ``origin`` is the repository's address for a new one. ``publish``
    is how pages get to the default branch (None: as before), and ``place`` where a README's regions go. ``commit`` is
    that of the action for the workflow, which is a release's or not, and ``to_replace`` are those of REPLACEABLE that
    may be replaced.
    """

    group: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    publish: PublishMode | None = None
    place: str = "bottom"
    commit: str = ""
    is_release: bool = True
    to_replace: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InitPlan:
    """The group, the files that change, those that differ and are kept, and other findings."""

    group: Group
    changes: dict[str, bytes | None]
    kept: list[Diagnostic]
    findings: list[Diagnostic]


def plan_init(tree: Tree, options: InitOptions, today: DateClock, new_id: str = "") -> InitPlan:
    """Return what turns a folder into a group's repository with up-to-date pages.

    Existing files are kept unless the options say otherwise; ``new_id`` is that of ``build_pages``.
    Raises Invalid with every error of every file.
    """
    files, kept = _plan_config_files(tree, options)
    problems: set[Diagnostic] = set()
    for step in (_plan_gitignore, _plan_readme, _plan_form):
        try:
            files |= step(_apply_files(tree, files), options)
        except Invalid as invalid:
            problems |= set(invalid.problems)
    try:
        build.check_group(_apply_files(tree, files), today)
    except Invalid as invalid:
        problems |= set(invalid.problems)
    if problems:
        raise Invalid(problems)
    files |= _plan_first_session(_apply_files(tree, files), today)
    result = build.build_pages(_apply_files(tree, files), today, new_id=new_id)
    changes = {path: text for path, text in {**files, **result.changes}.items() if text != tree.contents.get(path)}
    pin_findings = list(check_action_pin(options)) if WORKFLOW_PATH in changes else []
    return InitPlan(result.catalogue.group, changes, kept + result.kept, result.findings + pin_findings)


def check_action_pin(options: InitOptions) -> Iterator[Diagnostic]:
    """Yield a warning if the workflow names the action by something other than a release's commit."""
    if not options.commit:
        message = (
            f"names the action by the tag v{__version__}, since this copy of readingroom does not know its own commit. "
            "A tag can be moved."
        )
        hint = (
            "To pin the action, write the 40 hexadecimal digits of the release's commit in place of the "
            f"tag, and # v{__version__} after them."
        )
        yield Diagnostic(Location(WORKFLOW_PATH), Code.WORKFLOW_UNPINNED, message, hint)
    elif not options.is_release:
        message = (
            "names the action by the commit of this copy of readingroom, which is not that of the release "
            f"v{__version__}. GitHub has to know that commit."
        )
        hint = "To name a release, install one and run init with --force."
        yield Diagnostic(Location(WORKFLOW_PATH), Code.WORKFLOW_UNPINNED, message, hint)


def _apply_files(tree: Tree, files: Files) -> Tree:
    """Return the tree as it is after the files are written."""
    folders: dict[str, dict[str, int]] = {session.folder: {} for path in files if (session := SessionPath.parse(path))}
    return replace(tree, contents={**tree.contents, **files}, listings={**folders, **tree.listings})


def _plan_config_files(tree: Tree, options: InitOptions) -> tuple[Files, list[Diagnostic]]:
    """Return the group's file and the workflow if they are missing or may be replaced, and findings for those kept."""
    files, kept = Files(), []
    for path, content, message, hint in (
        (CONFIGURATION, _plan_configuration(tree, options), *_CONFIG_DIFFERS),
        (WORKFLOW_PATH, _plan_workflow(tree, options), *_WORKFLOW_DIFFERS),
    ):
        if content is None:
            continue
        if path in tree.contents and path not in options.to_replace:
            kept.append(Diagnostic(Location(path), Code.SETUP_FILE_KEPT, message, hint))
        else:
            files[path] = content
    return files, kept


_CONFIG_DIFFERS = (
    "has other values than those given, so it is left as it is.",
    "Change it manually, or run init with --force to write it again, without its own comments.",
)
_WORKFLOW_DIFFERS = (
    "differs from the one that init writes, so it is left as it is.",
    "Run init with --dry-run --force to see how, or with --force to replace it.",
)


def _plan_configuration(tree: Tree, options: InitOptions) -> bytes | None:
    """Return the group's file as it should be, or None if the existing one has the same values, or errors."""
    content, group_schema = tree.contents.get(CONFIGURATION), schema.load_schema(schema.SchemaName.GROUP)
    data = {"repository": options.origin, **options.group}
    if content is not None:
        try:
            current = data_file.read_valid_file(group_schema, CONFIGURATION, content)
        except Invalid:
            return None
        data = {**current, **options.group}
        if data == current:
            return None
    ordered = {key: data[key] for key in group_schema.document["properties"] if data.get(key)}
    return new_session.render_commented_yaml(
        ordered, schema.SchemaName.GROUP, has_schema=new_session.has_schema(tree)
    ).encode()


def _plan_workflow(tree: Tree, options: InitOptions) -> bytes | None:
    """Return the workflow as it should be, or None if the existing one differs only in its line endings."""
    current = tree.contents.get(WORKFLOW_PATH, b"")
    mode, zone = options.publish or _read_publish_mode(current), _resolve_time_zone(tree, options)
    text = render_workflow(options.commit, mode, zone=zone, is_release=options.is_release)
    return None if normalize_line_ends(current) == text.encode() else text.encode()


_DEFAULT_CRON = "17 3 * * *"  # of a group whose time zone is not known
_MINUTES_AFTER_MIDNIGHT = 17  # not on the hour, when GitHub is busy and delays runs
_MINUTES_PER_DAY = 24 * 60


def _resolve_time_zone(tree: Tree, options: InitOptions) -> str:
    """Return the time zone that was given, or that of the group; UTC if neither is known."""
    try:
        current = catalogue.read_group(tree).time_zone if CONFIGURATION in tree.contents else "UTC"
    except Invalid:
        current = "UTC"
    zone = options.group.get("time_zone", current)
    return "UTC" if find_config_error("time_zone", zone) else zone


def _build_daily_cron(zone: str) -> str:
    """Return the schedule, in UTC, of a daily run soon after midnight in a time zone, in winter and in summer."""
    winter, summer = (dt.datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
    offset = min(each for each in (winter, summer) if each is not None)
    hour, minute = divmod((_MINUTES_AFTER_MIDNIGHT - int(offset.total_seconds()) // 60) % _MINUTES_PER_DAY, 60)
    return f"{minute} {hour} * * *"


def _read_publish_mode(content: bytes) -> PublishMode:
    """Return how the pages get to the default branch in an existing workflow."""
    try:
        return workflow_check.get_publish_mode(workflow_file.read_workflow(WORKFLOW_PATH, content))
    except Invalid:
        return PublishMode.COMMIT


def render_workflow(
    commit: str, publish: PublishMode = PublishMode.COMMIT, *, zone: str = "", is_release: bool = True
) -> str:
    """Return the text of a group's workflow, which names the action by a commit, or if that is empty by a tag.

    A comment after the commit has the version, if it is that of a release. The daily run starts soon after midnight in
    a time zone, if one is given.
    """
    text = (package_files.get_asset_folder("workflow") / "readingroom.yml").read_text("utf-8")
    if zone:
        text = text.replace(_DEFAULT_CRON, _build_daily_cron(zone))
    version = f"v{__version__}"
    pinned = f"{commit} # {version if is_release else 'unreleased'}"
    step = f"- uses: {_ACTION}@{pinned if commit else version}\n"
    first, *others = text.split(f"- uses: {_ACTION}@v1\n")
    inputs = f"        with:\n          publish: {publish}\n" if publish != PublishMode.COMMIT else ""
    return first + step + inputs + step.join(others)


def _plan_gitignore(tree: Tree, _options: InitOptions) -> Files:
    """Return the list of files that Git ignores with the missing lines added, and otherwise the same bytes."""
    content = tree.contents.get(GITIGNORE, b"")
    if b"\0" in content:
        message, hint = "is not a text that Git can read.", "Save it as UTF-8."
        raise Invalid([Diagnostic(Location(GITIGNORE), Code.FILE_NOT_UTF8, message, hint)])
    current = {line.strip().strip(b"/") for line in content.split(b"\n")}
    missing = [line for line in (b".venv/", b".readingroom-*", b"_site/") if line.strip(b"/") not in current]
    if not missing:
        return {}
    ending = TextFile.decode(content, "replace").line_end.encode()
    gap = b"" if not content or content.endswith(b"\n") else ending
    return {GITIGNORE: content + gap + b"".join(line + ending for line in missing)}


def _plan_readme(tree: Tree, options: InitOptions) -> Files:
    """Return the README with regions, if it has none; a README that is missing is written by the build."""
    if README not in tree.contents:
        return {}
    point = region_placement.parse_insertion_point(options.place)
    return {README: region_placement.insert_regions(README, _decode_readme(tree), point).encode()}


def _decode_readme(tree: Tree) -> TextFile:
    return decode_file(README, tree.contents[README])


def parse_readme_regions(tree: Tree) -> list[Region]:
    """Return the regions of the README; raise Invalid if it cannot be read, or if its markers are wrong."""
    return generated.parse_regions(README, decode_file(README, tree.contents[README]).text)


def needs_readme_regions(tree: Tree) -> bool:
    """Return whether there is a README without regions that they can be inserted into."""
    try:
        return README in tree.contents and not parse_readme_regions(tree)
    except Invalid:
        return False


def find_placement_error(tree: Tree, place: str) -> str:
    """Return why the README's regions cannot go to a place, or an empty text."""
    try:
        _plan_readme(tree, InitOptions(place=place))
    except Invalid as invalid:
        return f"{README} {invalid.problems[0].text}"
    return ""


def _plan_form(tree: Tree, options: InitOptions) -> Files:
    """Return the form if it may be replaced; otherwise the build writes it, and keeps one that was edited manually."""
    return (
        {FORM_PATH: issue_form.render_issue_form(catalogue.read_group(tree)).encode()}
        if FORM_PATH in options.to_replace
        else {}
    )


def _plan_first_session(tree: Tree, today: DateClock) -> Files:
    """Return a first session on the next usual day, if there is no session yet."""
    if tree.list_session_files():
        return {}
    group = catalogue.read_group(tree)
    date = new_session.suggest_session_defaults(tree, group, today(group.time_zone))["date"]
    details = {"title": _TITLE, "date": date, "status": Status.TBC.value}
    new = new_session.build_session_file(tree, group, details)
    return {new.path: new.text.encode()}


def find_config_error(key: str, value: str) -> str:
    """Return what is wrong with a value for a key of readingroom.yml, or an empty text."""
    data = {"name": "x", "time_zone": "UTC", key: value}
    try:
        catalogue.read_group(Tree({CONFIGURATION: yaml_codec.dump_yaml(data).encode()}))
    except Invalid as invalid:
        return invalid.problems[0].text
    return ""


def guess_group_name(folder: str) -> str:
    """Return a name for a group that its folder's name suggests, or an empty text."""
    words = normalize_whitespace(re.sub("[-_]", " ", folder))
    name = words[:1].upper() + words[1:]
    return name if name and name.isprintable() and not find_config_error("name", name) else ""
