"""Jinja2 templates, the package's and a group's own, and their filters, named for what they write."""

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplatesNotFound,
    TemplateSyntaxError,
    nodes,
    pass_context,
)
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from readingroom.core import date_format, package_files, session_times
from readingroom.core.codes import Code
from readingroom.core.date_format import Width
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Group, Item, Person, Resource, Session
from readingroom.parsing.times import format_minutes
from readingroom.text import characters, escape, html, mentions, sanitize
from readingroom.text.escape import PAGE, Destination
from readingroom.text.matching import find_closest_word
from readingroom.text.phrases import format_count, shorten_text

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.compiler import Frame
    from jinja2.nodes import Expr


class _LocatingCodeGenerator(CodeGenerator):
    """Keeps the line of whatever a group's own template writes or assigns."""

    def visit_Assign(self, node: nodes.Assign, frame: "Frame") -> None:  # noqa: N802 -- Jinja's name
        self.newline(node)
        super().visit_Assign(node, frame)

    def _output_child_to_const(self, node: "Expr", frame: "Frame", finalize: "CodeGenerator._FinalizeInfo") -> str:
        if not isinstance(node, nodes.TemplateData):  # joined to the text before it, it would have that one's line
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class _EscapingCodeGenerator(_LocatingCodeGenerator):
    """Has the environment's ``finalize`` escape every value, whatever a template says of it.

    To escape after it, as Jinja does, takes an eighth more time for all pages.
    """

    def _output_child_pre(self, node: "Expr", frame: "Frame", finalize: "CodeGenerator._FinalizeInfo") -> None:  # noqa: ARG002
        self.write("environment.finalize(")

    def _output_child_post(self, node: "Expr", frame: "Frame", finalize: "CodeGenerator._FinalizeInfo") -> None:  # noqa: ARG002
        self.write(")")


class _BuiltinEnvironment(Environment):
    """For the package's own templates, which are tested: a missing attribute may fail as it does in Python."""

    # Jinja's own look-up took a tenth of the time.
    getattr = staticmethod(getattr)  # type: ignore[assignment]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return one dict: every render copies it, in a tenth of the time that Jinja's chain of dicts takes."""
        return {**self.globals, **(d or {})}


class _SandboxedEnvironment(ImmutableSandboxedEnvironment):
    """For a group's own templates, which a pull request may bring: the same pages from the same files, on any day.

    Their time and memory are not limited here; the job that builds has its own limits.
    """

    code_generator_class = _LocatingCodeGenerator
    prepare_literal: Callable[[str], str] = staticmethod(str)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _CLOCK_METHODS and super().is_safe_attribute(obj, attr, value)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parser = Parser(self, source, name, filename)
        try:
            parsed = parser.parse()
        except (RecursionError, ValueError) as error:
            raise TemplateSyntaxError(str(error), parser.stream.current.lineno, name, filename) from error
        level: list[nodes.Node] = [parsed]
        for _ in range(_MAX_DEPTH):
            level = [child for node in level for child in node.iter_child_nodes()]
        if level:
            message = f"more than {_MAX_DEPTH} expressions or blocks are within each other"
            raise TemplateSyntaxError(message, level[0].lineno, name, filename)
        for literal in parsed.find_all(nodes.TemplateData):
            if found := characters.UNWRITABLE.search(literal.data):
                line = literal.lineno + literal.data.count("\n", 0, found.start())
                raise TemplateSyntaxError(_describe_unwritable_character(found), line, name, filename)
            literal.data = self.prepare_literal(literal.data)
        for value in (node for output in parsed.find_all(nodes.Output) for node in output.nodes):
            if isinstance(value, nodes.Const) and isinstance(value.value, str):
                value.value = self.prepare_literal(value.value)
        return parsed

    def _compile(self, source: str, filename: str) -> "CodeType":
        try:
            return super()._compile(source, filename)
        except SyntaxError as error:
            lines = [tuple(map(int, pair)) for pair in re.findall(r"(\d+)=(\d+)", source.rpartition("\n")[2])]
            line = max((line for line, made in lines if made <= (error.lineno or 0)), default=1)
            raise TemplateSyntaxError(error.msg, line, filename=filename) from error


# Jinja and Python end at a depth that depends on their own state, without the line.
_MAX_DEPTH = 60
_CLOCK_METHODS = frozenset({"today", "now", "utcnow", "fromtimestamp", "utcfromtimestamp"})


class _CompiledTemplates(BytecodeCache):
    """Keeps the package's own templates compiled for this process, which may build more than once: it takes 25 ms."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.code


_COMPILED = _CompiledTemplates()
COMMENT_TEMPLATES = ("answer.md.j2", "pull-request.md.j2")


@dataclass(frozen=True, slots=True)
class Place:
    """Where pages are shown, and what turns a path relative to the page into a link's target there."""

    destination: Destination = PAGE
    resolve: Callable[[str], str] = str


class Templates:
    """The package's templates, and a group's own where they have the same name.

    If a group has its own, all run in a sandbox, since a pull request may bring them and a page is made of both
    kinds. Otherwise the plain environment saves a third of the time.
    """

    def __init__(self, own: Mapping[str, str], group: Group, place: Place | None = None) -> None:
        builtin = package_files.read_builtin_templates()
        self.own = {name: text for name, text in own.items() if builtin.get(name) != text}
        self._sources = {**builtin, **self.own}
        self._group = group
        self._place = place or Place()

    def show_in_comment(self, resolve: Callable[[str], str]) -> "Templates":
        """Return the same templates for an issue or a pull request, where a page's links need full addresses.

        Nobody is notified there, whatever the texts in a page say, or what a template writes between them.
        """
        return Templates(self.own, self._group, Place(mentions.COMMENT, resolve))

    @cached_property
    def _for_markdown(self) -> Environment:
        return self._build_markdown_environment(self._place)

    @cached_property
    def _for_comments(self) -> Environment:
        return self._build_markdown_environment(Place(mentions.COMMENT))

    def _build_markdown_environment(self, place: Place) -> Environment:
        # Each value passes through the filter for its position.
        environment = self._build_environment(_build_markdown_filters(self._group, place), autoescape=False)
        if isinstance(environment, _SandboxedEnvironment):
            environment.prepare_literal = place.destination.prepare_markdown
        return environment

    @cached_property
    def _for_web(self) -> Environment:
        filters = _build_web_filters(self._group)
        environment = self._build_environment(filters, autoescape=True, finalize=html.escape_value)
        environment.code_generator_class = _EscapingCodeGenerator
        environment.filters.pop("safe", None)
        return environment

    def _build_environment(self, filters: Mapping[str, Callable[..., str]], **escaping: Any) -> Environment:
        environment_type = _SandboxedEnvironment if self.own else _BuiltinEnvironment
        environment = environment_type(
            undefined=StrictUndefined,
            loader=FunctionLoader(self._load_source),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            bytecode_cache=None if self.own else _COMPILED,
            auto_reload=False,
            optimized=False,  # templates hold no constants to compute, and to look for them takes a fifth of compiling
            **escaping,
        )
        environment.filters |= filters
        environment.globals["group"] = self._group
        environment.globals.pop("lipsum", None)
        environment.filters.pop("random", None)
        return environment

    def _load_source(self, name: str) -> tuple[str, str, None] | None:
        return (self._sources[name], f"templates/{name}", None) if name in self._sources else None

    def render_template(self, name: str, **values: Any) -> str:
        """Return the text that a template makes of the values, or raise Invalid that names the template's line."""
        try:
            template = self._get_environment(name).get_template(name)
            text = template.render(values)
        except Exception as error:
            if not self.own and not isinstance(error, TemplateError):
                raise
            raise Invalid([_build_template_diagnostic(name, error, self._sources)]) from error
        # No value holds such a character, since it is refused when its file is read.
        if self.own and characters.UNWRITABLE.search(text):
            raise Invalid([_locate_unwritable_character(template, values)])
        return text

    def prepare_templates(self, *names: str) -> None:
        """Compile templates now, before processes are forked that would each do it."""
        for name in names:
            with suppress(TemplateError):  # it is reported when the template is used
                self._get_environment(name).get_template(name)

    def _get_environment(self, name: str) -> Environment:
        if name in COMMENT_TEMPLATES:
            return self._for_comments
        return self._for_markdown if name.endswith(".md.j2") else self._for_web


def compile_page_templates() -> None:
    """Compile the package's own templates of pages, for every group without templates of its own."""
    # Filters are looked up by name when a template runs, so those of any group do.
    templates = Templates({}, Group(name="", time_zone="UTC"))
    templates.prepare_templates("session.md.j2", "material.md.j2", "archive.md.j2", "upcoming.md.j2", "previous.md.j2")


def _build_template_diagnostic(name: str, error: Exception, known: Iterable[str]) -> Diagnostic:
    """Return what failed, at the innermost line of a template in the traceback; ``known`` are all templates' names."""
    file, line = getattr(error, "filename", None) or f"templates/{name}", getattr(error, "lineno", 0) or 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith("templates/"):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    location = Location(file, line)
    if isinstance(error, TemplateNotFound):
        return Diagnostic(location, Code.TEMPLATE_FAILED, *_describe_missing_template(error, known))
    message = f"the template fails: {shorten_text(str(error).rstrip('.') or type(error).__name__, 200)}."
    return Diagnostic(location, Code.TEMPLATE_FAILED, message, "Compare it with the built-in one (docs/templates.md).")


def _locate_unwritable_character(template: Template, values: Mapping[str, Any]) -> Diagnostic:
    """Return what a template writes that no page can hold, at the line that writes it."""
    parts: Any = template.root_render_func(template.new_context(dict(values)))
    found = next(filter(None, map(characters.UNWRITABLE.search, parts)))
    location = Location(f"templates/{template.name}", template.get_corresponding_lineno(parts.gi_frame.f_lineno))
    message = f"the template fails: {_describe_unwritable_character(found)}."
    return Diagnostic(location, Code.TEMPLATE_FAILED, message, "Remove it there.")


def _describe_unwritable_character(found: re.Match[str]) -> str:
    return f"it writes U+{ord(found[0]):04X}, which no page can hold"


def _describe_missing_template(error: TemplateNotFound, known: Iterable[str]) -> tuple[str, str]:
    """Return that a template names another that does not exist, and how to fix it."""
    missing = str(next(iter(error.templates), "") if isinstance(error, TemplatesNotFound) else error.name)
    shown = shorten_text(missing)
    stem, _, suffix = missing.partition(".")
    closest = find_closest_word(stem, [each.partition(".")[0] for each in known if each.endswith(f".{suffix}")])
    hint = (
        f'Did you mean "{closest}.{suffix}"?'
        if closest
        else "Remove that line, or if it is one of an earlier release, copy the file from there to "
        f"templates/{shown}. docs/templates.md lists those of this release."
    )
    return f'the template fails: there is no template "{shown}".', hint


def _build_markdown_filters(group: Group, place: Place) -> dict[str, Callable[..., str]]:
    pattern, locale, destination = group.date_format, group.locale, place.destination
    return {
        "text": partial(escape.escape_title, destination=destination),
        "heading": partial(escape.escape_title, is_heading=True, destination=destination),
        "block": partial(sanitize.sanitize_block, destination=destination),
        "inline": partial(sanitize.sanitize_inline, destination=destination),
        "path": escape.encode_path,
        "relative": pass_context(lambda _, path: place.resolve(escape.encode_path(path))),
        "address": partial(escape.encode_url, destination=destination),
        "people": partial(_render_people, destination),
        "item": partial(_render_item, destination),
        "target": partial(_format_resource_target, place),
        "size": format_file_size,
        "hours": _format_session_hours,
        "date": lambda date: escape.escape_text(date_format.format_date(date, pattern, locale)),
        "full_date": lambda date: escape.escape_text(date_format.format_date_with_weekday(date, pattern, locale)),
        "weekday": lambda date: escape.escape_text(date_format.format_weekday(date, locale)),
        "form_link": partial(_build_proposal_form_url, group),
    }


def _build_web_filters(group: Group) -> dict[str, Callable[..., str]]:
    pattern, locale, zone = group.date_format, group.locale, group.time_zone
    return {
        "text": html.render_html_line,
        "prose": html.render_html_block,
        "phrase": html.render_html_inline,
        "address": escape.percent_encode_url,
        "size": format_file_size,
        "hours": _format_session_hours,
        "start": lambda session: session_times.format_html_start(session, zone),
        "end": lambda session: session_times.format_html_end(session, zone),
        "date": lambda date: date_format.format_date(date, pattern, locale),
        "full_date": lambda date: date_format.format_date_with_weekday(date, pattern, locale),
        "short_date": lambda date: date_format.format_date_with_weekday(date, pattern, locale, Width.ABBREVIATED),
        "weekday": lambda date: date_format.format_weekday(date, locale),
        "form_link": partial(_build_proposal_form_url, group),
    }


def _render_people(destination: Destination, leads: Iterable[Person]) -> str:
    """Return the people's names, each with its link and affiliation if there are any."""
    return ", ".join([escape.render_link(lead.label, lead.url, destination) for lead in leads])


def _render_item(destination: Destination, item: Item) -> str:
    """Return an item of the material as one line."""
    line = escape.render_link(item.title, item.url, destination)
    return f"{line} – {sanitize.sanitize_inline(item.note, destination)}" if item.note else line


def _format_resource_target(place: Place, resource: Resource, folder: str = "") -> str:
    """Return the link's target for a resource, seen from its session's page or from the folder that has ``folder``."""
    if resource.is_link:
        return escape.encode_url(resource.url, place.destination)
    return place.resolve(escape.encode_path(f"{folder}/{resource.url}" if folder else resource.url))


_BINARY_EXTENSIONS = frozenset({
    "pdf", "djvu", "epub", "ppt", "pptx", "odp", "key", "doc", "docx", "odt", "xls", "xlsx", "ods",
    "png", "jpg", "jpeg", "gif", "webp", "avif", "mp3", "m4a", "ogg", "wav", "mp4", "webm", "mov", "m4v",
    "zip", "gz", "tgz", "bz2", "xz", "7z", "tar", "npz", "npy", "parquet",
})  # fmt: skip


def is_size_stable(name: str) -> bool:
    """Return whether a file has the same size in every checkout, by the type that its name says."""
    return name.rpartition(".")[2].casefold() in _BINARY_EXTENSIONS


def format_file_size(resource: Resource) -> str:
    """Return a file's size such as `` (1.2 MB)``; nothing for a link, a folder, or a file that may be a text.

    Git may give a text other line ends, and so another size, in each checkout.
    """
    size = resource.size
    if size is None or resource.is_folder or not is_size_stable(resource.url):
        return ""
    if size < 1000:
        return f" ({format_count(size, 'byte')})"
    amount, unit = (size / 1000, "kB") if size < 999_500 else (size / 1_000_000, "MB")
    return f" ({amount:.0f} {unit})" if amount >= 9.95 else f" ({amount:.1f} {unit})"


def _format_session_hours(session: Session | Group) -> str:
    """Return when a session starts and ends, or usually does, as ``11:00–12:00``."""
    hour, minute = map(int, session.time.split(":"))
    end = (hour * 60 + minute + session.duration) % (24 * 60)
    return f"{session.time}–{format_minutes(end)}"


def _build_proposal_form_url(group: Group, session: Session) -> str:
    """Return the address of the proposal form with a free slot's date filled in."""
    return f"{group.repository.rstrip('/')}/issues/new?template=session.yml&date={session.date}"
