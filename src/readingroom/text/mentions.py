"""Texts for issues and pull requests that notify nobody and reference no issue or commit."""

import re
from collections.abc import Sequence

from readingroom.text.characters import ZERO_WIDTH_SPACE
from readingroom.text.escape import Destination, escape_text
from readingroom.text.references import find_papers

# What GitHub acts on in an issue's text: a mention, an issue's number, a commit; and what skips a workflow, once the
# text is that of a commit.
_ACTIVE = re.compile(
    r"(?<![A-Za-z0-9])@(?=\w)|#(?=[0-9])|\bGH-(?=[0-9])|(?<![A-Za-z0-9])(?P<hex>[0-9a-f]{7,})"
    r"|\[(?=(?:skip|no) (?:ci|actions)\]|(?:ci|actions) skip\])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>()|\]]+", re.IGNORECASE)
# An issue's address: of its page or of the API, maybe with a port or a user.
_ISSUE_URL = re.compile(
    r"^(https?://)(?:[^/@\s]*@)?(?:www\.|api\.)?github\.com(?::[0-9]*)?/+(?:repos/+)?([^/]+)/+([^/]+)/+"
    r"(issue|pull|discussion|commit)(s?)/+",
    re.IGNORECASE,
)


def silence_text(text: str) -> str:
    """Return a plain text with a zero-width space in each mention and reference; a paper's number stays whole."""

    def replace_match(match: re.Match[str]) -> str:
        digits = match["hex"]
        if not digits:
            return match[0] + ZERO_WIDTH_SPACE
        if any(start <= match.start() < end for start, end in papers):
            return digits
        return ZERO_WIDTH_SPACE.join(digits[start : start + 6] for start in range(0, len(digits), 6))

    if not _ACTIVE.search(text):
        return text
    papers = [(paper.start, paper.end) for paper in find_papers(text)]
    return _ACTIVE.sub(replace_match, text)


def silence_title(title: str) -> str:
    """Return the title of a pull request, which may become that of a commit, with no issue's address either."""
    start, parts = 0, []
    for match in _ADDRESS.finditer(title):
        parts += [silence_text(title[start : match.start()]), redirect_issue_url(match[0])]
        start = match.end()
    return "".join([*parts, silence_text(title[start:])])


def redirect_issue_url(address: str) -> str:
    """Return an issue's address through redirect.github.com, which leaves no reference; other addresses as is."""

    def build_redirect(match: re.Match[str]) -> str:
        kind = match[4].lower()
        folder = f"{kind}s" if kind in {"issue", "discussion"} else kind
        return f"{match[1]}redirect.github.com/{match[2]}/{match[3]}/{folder}/"

    return _ISSUE_URL.sub(build_redirect, address)


def silence_markdown(part: str) -> str:
    """Return a part of a page that a group's own template writes; what comes next completes no mention or reference."""
    return _UNFINISHED.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", silence_title(part))


_UNFINISHED = re.compile(r"(?<![A-Za-z0-9])(?:@|#|GH-)\Z", re.IGNORECASE)
COMMENT = Destination(silence_text, redirect_issue_url, silence_markdown)


def render_bullet_list(lines: Sequence[str], most: int = 60_000) -> str:
    """Return a list of plain texts in at most ``most`` characters that notifies nobody, and how many it leaves out."""
    entries: list[str] = []
    for line in lines:
        entry = f"- {escape_text(line.encode('utf-8', 'backslashreplace').decode()[:500], COMMENT)}"
        most -= len(entry) + 1
        if most < 0:
            entries.append(f"- and {len(lines) - len(entries)} more: run `readingroom check` to see all.")
            break
        entries.append(entry)
    return "\n".join(entries)
