"""What an issue should become: the files of one folder and the text of a pull request, or questions alone."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from readingroom import answers, build, catalogue, draft, form, markdown, proposal, render, review, session
from readingroom.files import FORM, Tree
from readingroom.form import Form
from readingroom.session import Group
from readingroom.templating import Templates

if TYPE_CHECKING:
    from readingroom.catalogue import Catalogue
    from readingroom.proposal import Proposal, Question

BRANCH = "readingroom/issue-"
MAX_BODY = 65_536  # characters that GitHub takes for an issue, a pull request or a comment

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
        return blake2b(repr(sorted((self.files or {}).items())).encode(), digest_size=8).hexdigest()

    @property
    def number(self) -> int:
        return number_of(self.folder)


def number_of(folder: str) -> int:
    """Return the number that a folder's name starts with, or 0."""
    return session.number_of(folder) or 0


def issue_of(branch: str) -> int:
    """Return the number of the issue that a branch is of, or 0."""
    found = re.fullmatch(f"{BRANCH}([1-9][0-9]{{0,9}})", branch)
    return int(found[1]) if found else 0


def drafted(setting: Setting, issue: int, body: str, number: int) -> Draft:
    """Return what an issue's body should become as session ``number``."""
    proposed = proposal.of(setting.form, answers.parse(setting.form, body), setting.group)
    folder = proposal.folder(number, proposed.data)
    known = proposal.judged(setting.tree, setting.form, proposed, folder)
    if proposed.questions or known is None:
        return Draft(tuple(proposed.questions))
    made = next(each for each in known.sessions if each.folder == folder)
    day = f"{made.date}: " if made.date else ""
    return Draft(
        (),
        folder,
        {f"sessions/{folder}/session.yml": draft.written(proposed.data, has_schema=draft.has_schema(setting.tree))},
        markdown.quiet(f"{day}{markdown.one_line(made.name)}"[:200]),
        _body(setting, issue, proposed, known, folder),
    )


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
        text = f"{folder_mark(folder)}\n{markdown.quiet(shown).strip()}\n\nCloses #{issue}\n"
        if len(text) <= MAX_BODY:
            break
    return text


def folder_mark(folder: str) -> str:
    """Return the hidden line of a pull request's body that tells which folder it adds."""
    return f"<!-- readingroom-proposal folder={folder} -->"
