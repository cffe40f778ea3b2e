"""What an issue should become: the files of one folder and the text of a pull request, or questions alone."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from readingroom import answers, build, catalogue, draft, form, markdown, proposal, render, review
from readingroom.files import FORM, Tree
from readingroom.form import Form
from readingroom.records import Issue
from readingroom.session import Group, number_of
from readingroom.templating import Templates

if TYPE_CHECKING:
    from readingroom.catalogue import Catalogue
    from readingroom.proposal import Proposal, Question

BRANCH = "readingroom/issue-"
MAX_BODY = 65_536  # characters that GitHub takes for an issue, a pull request or a comment
MAX_MARK = 300  # of them for the hidden first line

Texts = dict[str, str | None]


@dataclass(frozen=True)
class Setting:
    """What all issues of a group have in common: its files, its form, and where its repository is on the web."""

    tree: Tree
    group: Group
    form: Form
    templates: Templates
    web: str
    default_branch: str

    @classmethod
    def of(cls, tree: Tree, web: str, default_branch: str) -> "Setting":
        """Return the setting; raise Invalid if the group's own file or form is wrong."""
        group = catalogue.read_group(tree)
        known = form.read(FORM, tree.contents.get(FORM) or form.written(group).encode())
        return cls(tree, group, known, build.templates(tree, group), web, default_branch)


@dataclass(frozen=True, slots=True)
class Draft:
    """A pull request to be: a folder's files (None: to be removed), title and body; or questions, and nothing else."""

    questions: "tuple[Question, ...]"
    folder: str = ""
    files: Texts | None = None
    title: str = ""
    body: str = ""

    @property
    def digest(self) -> str:
        return digest(repr(sorted((self.files or {}).items())))

    @property
    def number(self) -> int:
        return number_of(self.folder) or 0


@dataclass(frozen=True, slots=True)
class Mark:
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
    def of(cls, body: str) -> "Mark":
        """Return the mark of a body, or an empty one."""
        found = _MARK.match(body)
        return cls(found[1], found[2], found[3], found[4] is not None) if found else cls()


_MARK = re.compile(
    r"<!-- readingroom-proposal folder=([A-Za-z0-9-]+) title=([0-9a-f]*) author=([A-Za-z0-9-]*)( withdrawn)? -->"
)


def issue_number(branch: str) -> int:
    """Return the number of the issue that a branch is of, or 0."""
    found = re.fullmatch(f"{BRANCH}([1-9][0-9]{{0,9}})", branch)
    return int(found[1]) if found else 0


def drafted(setting: Setting, issue: Issue, number: int) -> Draft:
    """Return what an issue should become as session ``number``."""
    proposed = proposal.of(setting.form, answers.parse(setting.form, issue.body), setting.group)
    folder = proposal.folder(number, proposed.data)
    known = proposal.judged(setting.tree, setting.form, proposed, folder)
    if proposed.questions or known is None:
        return Draft(tuple(proposed.questions))
    made = next(each for each in known.sessions if each.folder == folder)
    day = f"{made.date}: " if made.date else ""
    title = markdown.quiet(f"{day}{markdown.one_line(made.name)}"[:200])
    author = re.sub(r"[^A-Za-z0-9-]", "", issue.author)
    text = _body(setting, issue.number, proposed, known, folder)
    return Draft(
        (),
        folder,
        {f"sessions/{folder}/session.yml": draft.written(proposed.data, has_schema=draft.has_schema(setting.tree))},
        title,
        f"{Mark(folder, digest(title), author)}\n{text}",
    )


def digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _body(setting: Setting, issue: int, proposed: "Proposal", known: "Catalogue", folder: str) -> str:
    """Return the text of a pull request; what GitHub would not take for its length is left out, and that is said."""
    row, page = render.preview(known, setting.templates, folder)
    own, files = f"{setting.web}/blob/{BRANCH}{issue}", f"{setting.web}/blob/{setting.default_branch}"
    # The page is made when the session is merged; until then the row leads to the file that it will be made from.
    row = row.replace(f"](sessions/{folder}/README.md)", f"]({own}/sessions/{folder}/session.yml)")
    row, page = markdown.quiet(row, files), markdown.quiet(page, files, f"sessions/{folder}").strip()
    # From all of it to the least.
    for has_page, has_answers in ((True, True), (False, True), (False, False)):
        shown = setting.templates.text(
            "pull-request.md.j2",
            row=row if has_answers else "",
            page=page if has_page else "",
            understood=proposed.understood if has_answers else [],
            left=proposed.left if has_answers else [],
            findings=review.of(known, folder),
            is_cut=not has_page,
        )
        text = f"{markdown.quiet(shown).strip()}\n\nCloses #{issue}\n"
        if len(text) <= MAX_BODY - MAX_MARK:
            break
    return text
