"""The one issue that reports to the organisers the errors in the files of the default branch."""

from collections.abc import Sequence

from readingroom.core.diagnostics import Diagnostic
from readingroom.github.client import Client
from readingroom.github.managed_text import sync_text
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.records import Label
from readingroom.text import mentions

_HEADER = "<!-- readingroom-invalid -->"
_TITLE = "The schedule's files have errors"
_INTRODUCTION = (
    "The pages are not updated until these errors are fixed. This issue is kept up to date, and closed when nothing is "
    "left to fix."
)
_FIXED = f"{_HEADER}\nEvery error that was listed here is fixed."


def report_problems(client: Client, problems: Sequence[Diagnostic]) -> str:
    """Bring the issue to what the organisers should know, or close it when that is nothing.

    Returns why that could not be done, or an empty text: neither the pages nor the run's own report depend on it. An
    issue that a person has closed stays closed as long as it would say the same.
    """
    try:
        _sync_issue(client, problems)
    except (RefusedRequest, InterruptedRequest) as error:
        return str(error)
    return ""


def _sync_issue(client: Client, problems: Sequence[Diagnostic]) -> None:
    current = next((each for each in client.fetch_problem_issues() if each.body.startswith(_HEADER)), None)
    if problems:
        sync_text(
            current,
            f"{_HEADER}\n{_INTRODUCTION}\n\n{mentions.render_bullet_list([str(each) for each in problems])}\n",
            create=lambda body: client.open_issue(_TITLE, body, Label.PROBLEMS),
            edit=lambda issue, body: client.edit_issue(issue.number, state="open", body=body),
        )
    elif current and current.is_open:
        client.edit_issue(current.number, state="closed", body=_FIXED)
