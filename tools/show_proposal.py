"""Write docs/proposals.md: a proposal from form to merged page, as the simulated GitHub of the tests shows it."""

import re
import sys
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import yaml  # noqa: E402

from box import Box  # noqa: E402 -- the tests are no package
from groups import built, region  # noqa: E402
from proposals import WEB, body, group, settle  # noqa: E402
from readingroom.core.tree import FORM_PATH as FORM_FILE  # noqa: E402

PAGE = ROOT / "docs/proposals.md"
SESSION = "sessions/02-retentive-networks"
TYPED = {
    "date": "15/02/24",
    "time": "14.30-16:00",
    "leads": "Ed Gunn @egunn-turing\nRyan Chan, https://github.com/rchan26",
    "main_reading": "- [Retentive Network](https://arxiv.org/abs/2307.08621)\n  - Sections 1 and 2\n- 2405.04517",
    "files": "[slides.pdf](https://github.com/user-attachments/files/1/slides.pdf)",
    "anything_else": "Could somebody record it?",
}


def main() -> None:
    text = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == text else "docs/proposals.md is stale: run make docs")
    PAGE.write_text(text, encoding="utf-8")


def page() -> str:
    """Return the page, made from what the box holds after each step."""
    parts = [INTRODUCTION, the_form()]
    with Box(group()) as box:
        box.open_issue("A session", body(**{**TYPED, "date": "some day in February"}), user="guest")
        settle(box, 1)
        parts += [WRONG, quoted(comment(box))]
        box.edit_issue(1, body=body(**TYPED), user="guest")
        settle(box, 1)
        (pull,) = box.state()["pulls"]
        parts += [FORM, fenced(box.state()["issues"][0]["body"])]
        parts += [RIGHT, quoted(comment(box)), f"{PULL} **{pull['title']}**", quoted(pull["body"])]
        parts += [
            FILE,
            fenced(box.tree("readingroom/issue-1")[f"{SESSION}/session.yml"].decode().split("\n\n#")[0], "yaml"),
        ]
        box.merge(2)
        settle(box, 1)
        made = built(box.tree())
        own = made[f"{SESSION}/README.md"].decode()
        parts += [MERGED, quoted(comment(box)), ROW, quoted(region(made, "upcoming")), OWN_PAGE, quoted(own, SESSION)]
    return "\n\n".join([*parts, REST]) + "\n"


def the_form() -> str:
    """Return the form as its reader sees it: each field with what it asks for."""
    known = yaml.safe_load(group()[FORM_FILE])
    lines = ["## The form", "", known["description"], ""]
    for field in known["body"]:
        about = field["attributes"]
        if "label" not in about:
            continue
        needed = " (required)" if field.get("validations", {}).get("required") else ""
        told = [about.get("description", "")]
        if options := about.get("options"):
            shown = [each["label"].rstrip(".") if isinstance(each, dict) else each for each in options]
            told.append(f"To {'tick' if field['type'] == 'checkboxes' else 'choose from'}: {'; '.join(shown)}.")
        lines.append(f"> **{about['label']}**{needed}  ")
        lines += [f"> {' '.join(filter(None, told)).strip()}".rstrip(), ">"]
    return "\n".join(lines[:-1])


def comment(box: Box) -> str:
    (found,) = box.state()["issues"][0]["comments"]
    return str(found["body"])


def quoted(page: str, folder: str = "") -> str:
    """Return Markdown as a quotation, without its hidden marks and with links as they are in the group of the box."""
    base = f"{WEB}/blob/main/{folder}/" if folder else f"{WEB}/blob/main/"
    shown = re.sub(r"(?<=\]\()(?![a-z]+:|#)[^()\s]+", lambda target: urljoin(base, target[0]), page)
    lines = [line for line in shown.strip().split("\n") if not line.startswith("<!--")]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def fenced(text: str, language: str = "markdown") -> str:
    return f"````{language}\n{text.strip()}\n````"


INTRODUCTION = """# A proposal, from form to merged page

This page follows one proposal through all its steps, so that you know what people will see. Quotations show what GitHub
shows; code shows what is stored. (Everything below is real output, from a test run against a simulated GitHub;
`make docs` generates this page.)"""
WRONG = """## Something is unclear

On GitHub, under Issues → New issue, someone fills in the form and gives "some day in February" as the date. No pull
request is opened yet. The issue gets the label `needs changes` and one comment:"""
FORM = """## The issue is edited

The submitter corrects the date. The issue now says:"""
RIGHT = "The comment is updated:"
PULL = "A pull request is opened from the branch `readingroom/issue-1`, with the title"
FILE = f"It adds one file, `{SESSION}/session.yml`:"
MERGED = """## The pull request is merged

You check the pull request and merge it. The issue is closed, the branch is deleted, and the comment says:"""
ROW = "The next build, which follows at once, adds the session to the README:"
OWN_PAGE = "and writes a page for it:"
REST = """## What else can happen

- **The submitter edits the issue again.** The pull request is updated.
- **The submitter closes the issue.** The pull request is closed and its branch deleted. Reopening the issue brings both
  back.
- **You commit to the pull request's branch.** From then on the action leaves the branch alone. If the issue is edited,
  the comment shows what differs.
- **You close the pull request.** It stays closed, whatever happens to the issue, until you reopen it.
- **The schedule changes before you merge.** If another session takes the proposal's number, the proposal gets the next
  free one, and the check of its pull request still passes. If its kind is no longer offered, the check fails, and the
  comment asks for another answer.
- **GitHub loses an event, or gives no answer.** What was not done is done after the next push, or within a day.
- **Someone posts a password or a token.** No pull request is opened. The comment asks them to remove and revoke it.
- **Someone has ten open proposals.** The next one waits until some are merged or closed, and is then
  processed automatically. Whoever may write to the repository can have more.

The form is generated from `readingroom.yml`, so it offers your rooms and kinds of session, and follows when you change
them. [Fields](fields.md) lists what a session can say."""


if __name__ == "__main__":
    main()
