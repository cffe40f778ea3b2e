"""What an issue should become: the files of one folder and the text of a pull request, or only questions."""

import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from readingroom.core.models import Group, parse_folder_number
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import FORM_PATH, Tree
from readingroom.edit import new_session
from readingroom.proposals import form_answers, session_data
from readingroom.proposals.records import MAX_BODY, Issue, format_issue_branch
from readingroom.render import build, issue_form, pages
from readingroom.render.templates import Templates
from readingroom.store import form_schema, lint_texts, private_data, review, schema, yaml_codec
from readingroom.store.catalogue import read_group
from readingroom.store.form_schema import Form
from readingroom.text import escape, mentions, sanitize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from readingroom.proposals.form_answers import Question
    from readingroom.proposals.session_data import Proposal
    from readingroom.store.catalogue import Catalogue

MAX_HEADER = 300  # characters of the hidden first line
MAX_TITLE = 256
MAX_SENTENCE = 500
MAX_FINDINGS = 20

_COMMENT_LINE = re.compile("^#.*\n?", re.MULTILINE)

FileTexts = dict[str, str | None]
LabelledTexts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ProposalContext:
    """What all proposals to a group have in common: its files, its form, and its repository's address on the web."""

    tree: Tree
    group: Group
    form: Form
    templates: Templates
    web: str
    default_branch: str

    @classmethod
    def build_from_tree(cls, tree: Tree, web: str, default_branch: str) -> "ProposalContext":
        """Return the context of a group's files; raise Invalid if readingroom.yml or the form has errors."""
        group = read_group(tree)
        form = form_schema.read_form(
            FORM_PATH, tree.contents.get(FORM_PATH) or issue_form.render_issue_form(group).encode()
        )
        return cls(tree, group, form, build.load_templates(tree, group), web, default_branch)


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """A planned pull request: a folder's files (None: to be removed), title and body; or nothing but questions.

    ``private`` says which private data would become public.
    """

    questions: "tuple[Question, ...]"
    folder: str = ""
    files: FileTexts | None = None
    title: str = ""
    body: str = ""
    private: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """A digest of the files without their comments, which a new release may word differently."""
        files = {path: _COMMENT_LINE.sub("", text or "").strip() for path, text in (self.files or {}).items()}
        return compute_text_digest(repr(sorted(files.items())))

    @property
    def number(self) -> int:
        return parse_folder_number(self.folder) or 0


@dataclass(frozen=True, slots=True)
class PullHeader:
    """The hidden first line of a pull request's body, which later runs read.

    ``title_digest`` is of the title that was last written, ``author`` is the login of the issue's author, and
    ``is_withdrawn`` says that the pull request was closed because its issue was. ``answered`` is the digest of what was
    answered, which is written after everything else: without it, something may be missing.
    """

    folder: str = ""
    title_digest: str = ""
    author: str = ""
    is_withdrawn: bool = False
    answered: str = ""

    def __str__(self) -> str:
        values = f"folder={self.folder} title={self.title_digest} author={self.author}"
        answered = f" answered={self.answered}" if self.answered else ""
        return f"<!-- readingroom-proposal {values}{answered}{' withdrawn' if self.is_withdrawn else ''} -->"

    @classmethod
    def parse_body(cls, body: str) -> "PullHeader":
        """Return the header of a body, or an empty one."""
        match = _HEADER.match(body)
        return cls(match[1], match[2], match[3], match[5] is not None, match[4] or "") if match else cls()


_HEADER = re.compile(
    r"<!-- readingroom-proposal folder=([A-Za-z0-9-]+) title=([0-9a-f]*) author=([A-Za-z0-9-]*)"
    r"(?: answered=([0-9a-f]+))?( withdrawn)? -->"
)


def build_proposal_draft(context: ProposalContext, issue: Issue, number: int) -> ProposalDraft:
    """Return what an issue should become as session ``number``."""
    proposal = session_data.build_proposal(
        context.form, form_answers.parse_answers(context.form, issue.body), context.group
    )
    folder = new_session.build_folder_name(
        number, proposal.data.get("title", ""), proposal.data.get("date") or str(issue.number)
    )
    catalogue = session_data.validate_proposal(context.tree, context.form, proposal, folder)
    if proposal.questions or catalogue is None:
        return ProposalDraft(tuple(proposal.questions))
    session = next(each for each in catalogue.sessions if each.folder == folder)
    day = f"{session.date}: " if session.date else ""
    title = mentions.silence_title(f"{day}{escape.normalize_line(session.name)}")[:MAX_TITLE].strip()
    private = tuple(_describe_private_data(proposal.data))
    text = _render_body(context, issue.number, _build_body_parts(context, issue, proposal, catalogue, folder, private))
    return ProposalDraft(
        (),
        folder,
        {
            SessionPath(folder).file: new_session.render_commented_yaml(
                proposal.data, has_schema=new_session.has_schema(context.tree)
            )
        },
        title,
        f"{PullHeader(folder, compute_text_digest(title), normalize_login(issue.author))}\n{text}",
        private,
    )


def normalize_login(login: str) -> str:
    """Return a login as the header of a pull request has it: that of a program has brackets, others an underscore."""
    return re.sub(r"[^A-Za-z0-9-]", "", login)


def compute_text_digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _render_body(context: ProposalContext, issue: int, all_parts: "_BodyParts") -> str:
    """Return the text of a pull request; what would be too long for GitHub is left out, and the text says so."""
    tail = f"\n\nCloses #{issue}\n"
    text, limit = "", MAX_BODY - MAX_HEADER - len(tail)
    for parts in (all_parts, *_iter_shortened_parts(all_parts)):
        text = context.templates.render_template(
            "pull-request.md.j2",
            row=parts.row,
            page=parts.page,
            left=parts.unparsed,
            understood=parts.interpretations,
            findings=parts.findings,
            is_cut=parts != all_parts,
        ).strip()
        if len(text) <= limit:
            return f"{text}{tail}"
    # A row of dozens of people with long addresses, or a group's own template that writes more than fits.
    text, _, _ = text[:limit].rpartition("\n")
    return f"{text}{tail}"


@dataclass(frozen=True, slots=True)
class _BodyParts:
    """The parts of a pull request's text; ``row``, ``page`` and the texts in ``unparsed`` are finished Markdown."""

    row: str
    page: str
    unparsed: LabelledTexts
    interpretations: LabelledTexts
    findings: tuple[str, ...]


def _build_body_parts(
    context: ProposalContext,
    issue: Issue,
    proposal: "Proposal",
    catalogue: "Catalogue",
    folder: str,
    private: tuple[str, ...],
) -> _BodyParts:
    own = f"{context.web}/blob/{format_issue_branch(issue.number)}"
    files = f"{context.web}/blob/{context.default_branch}"
    row, page = pages.render_session_preview(
        catalogue, context.templates, folder, files, f"{own}/{SessionPath(folder).file}"
    )
    return _BodyParts(
        row,
        page,
        tuple((label, sanitize.sanitize_block(text, "", mentions.COMMENT)) for label, text in proposal.unparsed),
        tuple(proposal.interpretations),
        (
            *review.check_session(catalogue, folder, issue.created),
            *private,
            *_describe_suspicious_letters(proposal.data),
            *_describe_repeated_labels(proposal.repeated_labels),
        ),
    )


def _iter_shortened_parts(parts: _BodyParts) -> "Iterator[_BodyParts]":
    """Yield fewer and fewer of the parts, always with the row."""
    parts = replace(parts, page="")
    yield parts
    parts = replace(parts, unparsed=())
    yield parts
    parts = replace(parts, interpretations=())
    yield parts
    more = len(parts.findings) - MAX_FINDINGS
    first = [sentence[:MAX_SENTENCE] for sentence in parts.findings[:MAX_FINDINGS]]
    yield replace(parts, findings=(*first, f"and {more} more.") if more > 0 else tuple(first))


def _describe_private_data(data: "Mapping[str, Any]") -> "Iterator[str]":
    """Yield what would become public and may be private, with the keys whose values have it, never the values."""
    for key, value in data.items():
        found = [
            finding for _, text in yaml_codec.iter_texts(value) for finding in private_data.find_private_data(text)
        ]
        yield from dict.fromkeys(f"{_get_key_title(key)}: {finding.message}" for finding in found)


def _describe_repeated_labels(labels: "tuple[str, ...]") -> "Iterator[str]":
    """Yield which headings of the form an answer repeats, as somebody does who imitates another answer."""
    for label in labels:
        yield f'The heading "{label}" is in the issue more than once. Check that each answer belongs to its question.'


def _get_key_title(key: str) -> str:
    return str(schema.load_schema(schema.SchemaName.SESSION).document["properties"][key]["title"])


def _describe_suspicious_letters(data: "Mapping[str, Any]") -> "Iterator[str]":
    """Yield warnings of letters that hide, reorder or look like others, with the keys whose values have them."""
    for key, value in data.items():
        messages = (
            finding.text for _, text in yaml_codec.iter_texts(value) for finding in lint_texts.check_letters(text)
        )
        yield from (f"{_get_key_title(key)}: {message}" for message in dict.fromkeys(messages))
