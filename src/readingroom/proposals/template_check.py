"""A group's own templates, tested on its sessions before they are needed."""

from readingroom.core.tree import Tree
from readingroom.proposals.decision import ProposalState, Seen, Wanted, choose_number, render_comment
from readingroom.proposals.pull_request import ProposalContext, build_proposal_draft
from readingroom.proposals.records import Issue
from readingroom.render.build import DateClock
from readingroom.store.form_schema import Field, FieldType

_COMMENT_TEMPLATES = tuple(f"templates/{name}" for name in ("answer.md.j2", "pull-request.md.j2", "parts.md.j2"))
_SITE_TEMPLATES = "templates/site"


def check_group_templates(tree: Tree, today: DateClock) -> None:
    """Raise Invalid if a template of the group's own fails that a build does not use: of comments or of the site."""
    check_comment_templates(tree)
    if any(path.startswith(_SITE_TEMPLATES) for path in tree.contents):
        from readingroom.site import build  # noqa: PLC0415 -- needed by few groups

        build.build_site(tree, today, draw=lambda _svg: b"")


def check_comment_templates(tree: Tree) -> None:
    """Raise Invalid if a group's own template of a comment or pull request fails, before a submitter waits for it."""
    if tree.contents.keys().isdisjoint(_COMMENT_TEMPLATES):
        return
    context = ProposalContext.build_from_tree(tree, "https://github.com", "main")
    parts = [f"### {field.label}\n\n{_build_sample_answer(field)}" for field in context.form.fields]
    seen = Seen(Issue(1, body="\n\n".join(parts)))
    draft = build_proposal_draft(context, seen.issue, choose_number(context, seen))
    for state in ProposalState:
        render_comment(context, Wanted(state, draft), seen)


def _build_sample_answer(field: Field) -> str:
    """Return a valid answer to any field of a form."""
    if field.type == FieldType.CHECKBOXES:
        return "\n".join(f"- [X] {option}" for option in field.options)
    return field.options[0] if field.options else "12:00" if field.id == "time" else "2024-01-15"
