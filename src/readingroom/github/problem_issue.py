"""The one issue that tells the organisers what is wrong with the files of the default branch."""

from collections.abc import Sequence

from readingroom.core.diagnostics import Diagnostic
from readingroom.github.client import Client, is_same_text
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.labels import NOTICE
from readingroom.text import mentions

_HEADER = "<!-- readingroom-invalid -->"
_TITLE = "The schedule's files have problems"
_INTRODUCTION = (
    "The pages stay as they are until this is mended. This issue is kept up to date, and closed when all is well."
)
_FIXED = f"{_HEADER}\nAll is well again: every problem that stood here is mended."


def report_problems(forge: Client, problems: Sequence[Diagnostic]) -> str:
    """Bring the issue to what the organisers should know, or close it when that is nothing.

    Returns why that could not be done, or an empty text: neither the pages nor what the run tells depend on it. An
    issue that a person has closed stays closed while it says the same.
    """
    try:
        _sync_notice(forge, problems)
    except (RefusedRequest, InterruptedRequest) as error:
        return str(error)
    return ""


def _sync_notice(forge: Client, problems: Sequence[Diagnostic]) -> None:
    ours = next((each for each in forge.fetch_notices(NOTICE) if each.body.startswith(_HEADER)), None)
    if not problems:
        if ours and ours.is_open:
            forge.edit_issue(ours.number, state="closed", body=_FIXED)
        return
    body = f"{_HEADER}\n{_INTRODUCTION}\n\n{mentions.render_bullet_list([str(each) for each in problems])}\n"
    if ours is None:
        forge.open_issue(_TITLE, body, NOTICE)
    elif not is_same_text(ours.body, body):
        forge.edit_issue(ours.number, state="open", body=body)
