"""What an issue should become: the files of one folder and the text of a pull request, or questions alone."""

import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from readingroom.core.models import Group, parse_folder_number
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import FORM_PATH, Tree
from readingroom.edit import new_session
from readingroom.proposals import form_answers, session_data
from readingroom.proposals.records import MAX_BODY, Issue
from readingroom.render import build, issue_form, pages
from readingroom.render.templates import Templates
from readingroom.store import catalogue, form_schema, lint, review, schema
from readingroom.store.form_schema import Form
from readingroom.text import escape, mentions, sanitize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from readingroom.proposals.form_answers import Question
    from readingroom.proposals.session_data import Proposal
    from readingroom.store.catalogue import Catalogue

BRANCH_PREFIX = "readingroom/issue-"
MAX_HEADER = 300  # of them for the hidden first line
MAX_TITLE = 256
MAX_SENTENCE = 500
MOST_FINDINGS = 20

FileTexts = dict[str, str | None]
LabelledTexts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ProposalContext:
    """What all issues of a group have in common: its files, its form, and where its repository is on the web."""

    tree: Tree
    group: Group
    form: Form
    templates: Templates
    web: str
    default_branch: str

    @classmethod
    def build_from_tree(cls, tree: Tree, web: str, default_branch: str) -> "ProposalContext":
        """Return the setting; raise Invalid if the group's own file or form is wrong."""
        group = catalogue.read_group(tree)
        known = form_schema.read_form(
            FORM_PATH, tree.contents.get(FORM_PATH) or issue_form.render_issue_form(group).encode()
        )
        return cls(tree, group, known, build.load_templates(tree, group), web, default_branch)


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """A pull request to be: a folder's files (None: to be removed), title and body; or questions, and nothing else."""

    questions: "tuple[Question, ...]"
    folder: str = ""
    files: FileTexts | None = None
    title: str = ""
    body: str = ""

    @property
    def digest(self) -> str:
        return compute_text_digest(repr(sorted((self.files or {}).items())))

    @property
    def number(self) -> int:
        return parse_folder_number(self.folder) or 0


@dataclass(frozen=True, slots=True)
class PullHeader:
    """What the hidden first line of a pull request's body tells of it, for the runs to come.

    ``title`` is the digest of the title that was last written, ``author`` the login of the issue's author, and
    ``is_withdrawn`` tells that the pull request was closed because its issue was.
    """

    folder: str = ""
    title: str = ""
    author: str = ""
    is_withdrawn: bool = False

    def __str__(self) -> str:
        told = [f"folder={self.folder}", f"title={self.title}", f"author={self.author}"]
        return f"<!-- readingroom-proposal {' '.join(told)}{' withdrawn' if self.is_withdrawn else ''} -->"

    @classmethod
    def parse_body(cls, body: str) -> "PullHeader":
        """Return the mark of a body, or an empty one."""
        found = _HEADER.match(body)
        return cls(found[1], found[2], found[3], found[4] is not None) if found else cls()


_HEADER = re.compile(
    r"<!-- readingroom-proposal folder=([A-Za-z0-9-]+) title=([0-9a-f]*) author=([A-Za-z0-9-]*)( withdrawn)? -->"
)


def parse_issue_number(branch: str) -> int:
    """Return the number of the issue that a branch is of, or 0."""
    found = re.fullmatch(f"{BRANCH_PREFIX}([1-9][0-9]{{0,9}})", branch)
    return int(found[1]) if found else 0


def build_proposal_draft(setting: ProposalContext, issue: Issue, number: int) -> ProposalDraft:
    """Return what an issue should become as session ``number``."""
    proposed = session_data.build_proposal(
        setting.form, form_answers.parse_answers(setting.form, issue.body), setting.group
    )
    folder = new_session.build_folder_name(
        number, proposed.data.get("title", ""), proposed.data.get("date") or str(issue.number)
    )
    known = session_data.validate_proposal(setting.tree, setting.form, proposed, folder)
    if proposed.questions or known is None:
        return ProposalDraft(tuple(proposed.questions))
    made = next(each for each in known.sessions if each.folder == folder)
    day = f"{made.date}: " if made.date else ""
    title = mentions.escape_mentions(f"{day}{escape.normalize_line(made.name)}")[:MAX_TITLE].strip()
    author = re.sub(r"[^A-Za-z0-9-]", "", issue.author)
    text = _render_body(setting, issue.number, proposed, known, folder)
    return ProposalDraft(
        (),
        folder,
        {
            SessionPath(folder).file: new_session.render_commented_yaml(
                proposed.data, has_schema=new_session.has_schema(setting.tree)
            )
        },
        title,
        f"{PullHeader(folder, compute_text_digest(title), author)}\n{text}",
    )


def compute_text_digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _render_body(setting: ProposalContext, issue: int, proposed: "Proposal", known: "Catalogue", folder: str) -> str:
    """Return the text of a pull request; what GitHub would not take for its length is left out, and that is said."""
    row, page = pages.render_session_preview(known, setting.templates, folder)
    own, files = f"{setting.web}/blob/{BRANCH_PREFIX}{issue}", f"{setting.web}/blob/{setting.default_branch}"
    # The page is made when the session is merged; until then the row leads to the file that it will be made from.
    session = SessionPath(folder)
    row = row.replace(f"]({session.page})", f"]({own}/{session.file})")
    tail = f"\n\nCloses #{issue}\n"
    told = _BodyParts(
        mentions.escape_mentions(row, files),
        mentions.escape_mentions(page, files, session.directory).strip(),
        tuple((label, sanitize.sanitize_block(text)) for label, text in proposed.left),
        tuple(proposed.understood),
        (*review.check_session(known, folder), *_check_suspicious_letters(proposed.data)),
    )
    shown = ""
    for parts in (told, *_iter_shortened_parts(told)):
        shown = setting.templates.render_template(
            "pull-request.md.j2",
            row=parts.row,
            page=parts.page,
            left=parts.left,
            understood=parts.understood,
            findings=parts.findings,
            is_cut=parts != told,
        )
        shown = mentions.escape_mentions(shown).strip()
        if len(shown) <= (most := MAX_BODY - MAX_HEADER - len(tail)):
            return f"{shown}{tail}"
    # A row of dozens of people with long addresses, or a group's own template that writes more than fits.
    cut, _, _ = shown[:most].rpartition("\n")
    return f"{cut}{tail}"


@dataclass(frozen=True, slots=True)
class _BodyParts:
    """The parts of a pull request's text; ``row``, ``page`` and the texts in ``left`` are finished Markdown."""

    row: str
    page: str
    left: LabelledTexts
    understood: LabelledTexts
    findings: tuple[str, ...]


def _iter_shortened_parts(told: _BodyParts) -> "Iterator[_BodyParts]":
    """Yield the parts with less and less of them, and always the row."""
    told = replace(told, page="")
    yield told
    told = replace(told, left=())
    yield told
    told = replace(told, understood=())
    yield told
    more = len(told.findings) - MOST_FINDINGS
    most = [sentence[:MAX_SENTENCE] for sentence in told.findings[:MOST_FINDINGS]]
    yield replace(told, findings=(*most, f"and {more} more.") if more > 0 else tuple(most))


def _check_suspicious_letters(data: "Mapping[str, Any]") -> "Iterator[str]":
    """Yield what is told of letters that hide, reorder or look like others, by the keys that hold them."""
    keys = schema.load_schema(schema.SchemaName.SESSION).document["properties"]
    for key, value in data.items():
        found = (finding.text for text in _iter_texts(value) for finding in lint.check_letters(text))
        yield from (f"{keys[key]['title']}: {message}" for message in dict.fromkeys(found))


def _iter_texts(value: "Any") -> "Iterator[str]":
    """Yield every text in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _iter_texts(each)
