"""The one issue that reports to the organisers what keeps the pages of the default branch from being up to date."""

from collections.abc import Sequence

from readingroom.core.diagnostics import Diagnostic
from readingroom.github.client import Client
from readingroom.github.managed_text import sync_text
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.records import Label
from readingroom.text import mentions

_HEADER = "<!-- readingroom-invalid -->"
_TITLE = "The schedule's files have errors"
_EDITED_TITLE = "Generated text was edited manually"
_INTRODUCTION = (
    "The pages are not updated until these errors are fixed. This issue is kept up to date, and closed when nothing is "
    "left to fix."
)
_EDITED_INTRODUCTION = (
    "Each of these texts is generated, and stays as somebody edited it. Make the change in the file that is named; "
    "then get the generated text back: in the tab Actions, choose the workflow readingroom and Run workflow, and tick "
    '"Replace generated text that was edited manually". This issue is kept up to date, and closed when nothing is left '
    "to do."
)
_FIXED = f"{_HEADER}\nEvery error that was listed here is fixed."


def report_problems(client: Client, problems: Sequence[Diagnostic], edits: Sequence[Diagnostic] = ()) -> str:
    """Bring the issue to what the organisers should know, or close it when that is nothing.

    If there are no errors, that is which generated texts were edited manually.
    Returns why that could not be done, or an empty text: neither the pages nor the run's own report depend on it. An
    issue that a person has closed stays closed as long as it would say the same.
    """
    try:
        if problems:
            _sync_issue(client, _TITLE, _INTRODUCTION, problems)
        else:
            _sync_issue(client, _EDITED_TITLE, _EDITED_INTRODUCTION, edits)
    except (RefusedRequest, InterruptedRequest) as error:
        return str(error)
    return ""


def _sync_issue(client: Client, title: str, introduction: str, problems: Sequence[Diagnostic]) -> None:
    current = next((each for each in client.fetch_problem_issues() if each.body.startswith(_HEADER)), None)
    if problems:
        sync_text(
            current,
            f"{_HEADER}\n{introduction}\n\n{mentions.render_bullet_list([str(each) for each in problems])}\n",
            create=lambda body: client.open_issue(title, body, Label.PROBLEMS),
            edit=lambda issue, body: client.edit_issue(issue.number, state="open", title=title, body=body),
        )
    elif current and current.is_open:
        client.edit_issue(current.number, state="closed", body=_FIXED)
