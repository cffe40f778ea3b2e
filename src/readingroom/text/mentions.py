"""Markdown for issues and pull requests that notifies nobody and references no issue or commit."""

import posixpath
import re
from collections.abc import Sequence

from readingroom.text.characters import ZERO_WIDTH_SPACE
from readingroom.text.dialect import formulas
from readingroom.text.escape import escape_text


def escape_mentions(source: str, repository: str = "", folder: str = "") -> str:
    """Return Markdown that notifies nobody and references no issue or commit.

    Relative links, which would be broken there, are resolved against ``repository``, the address of its files, and
    ``folder``, that of the page.
    """

    def replace_match(match: re.Match[str]) -> str:
        separator = ZERO_WIDTH_SPACE
        if match.re is _MENTION:
            if match["formula"]:
                return _MENTION_IN_FORMULA.sub(replace_match, match["formula"])
        else:
            separator = "{}"  # mathematics shows an empty group as nothing, and a character as a character
        if target := match["target"]:
            return f"]({_resolve_target(target, repository, folder)})"
        if match["address"]:
            return _redirect_issue_url(match["address"])
        if digits := match["hex"]:
            return separator.join(digits[start : start + 6] for start in range(0, len(digits), 6))
        return match[0] + separator

    return _MENTION.sub(replace_match, source)


# What GitHub acts on in an issue's text: a mention, an issue's number or address, a commit; and what skips a workflow,
# once the title is that of a commit.
_ACTIVE = (
    r"\]\((?P<target>[^()\s]*)\)|(?P<address>https?://[^\s<>()|\]]+)|@(?=\w)|#(?=\w)|\bGH-(?=[0-9])|(?<![A-Za-z0-9])(?P<hex>[0-9a-f]{7,})"
    r"|\[(?=(?:skip|no) (?:ci|actions)\]|(?:ci|actions) skip\])"
)
_MENTION = re.compile(rf"(?P<formula>{formulas.FORMULA})|{_ACTIVE}", re.IGNORECASE)
_MENTION_IN_FORMULA = re.compile(_ACTIVE, re.IGNORECASE)
# An issue's address: of its page or of the API, maybe with a port or a user.
_ISSUE_URL = re.compile(
    r"^(https?://)(?:[^/@\s]*@)?(?:www\.|api\.)?github\.com(?::[0-9]*)?/+(?:repos/+)?([^/]+)/+([^/]+)/+"
    r"(issue|pull|discussion|commit)(s?)/+",
    re.IGNORECASE,
)


def _redirect_issue_url(address: str) -> str:
    """Return an issue's address through redirect.github.com, which leaves no reference; other addresses as is."""

    def build_redirect(match: re.Match[str]) -> str:
        kind = match[4].lower()
        folder = f"{kind}s" if kind in {"issue", "discussion"} else kind
        return f"{match[1]}redirect.github.com/{match[2]}/{match[3]}/{folder}/"

    return _ISSUE_URL.sub(build_redirect, address)


def _resolve_target(target: str, repository: str, folder: str) -> str:
    if re.match(r"[a-z]+:", target, re.IGNORECASE):
        return _redirect_issue_url(target)
    if target.startswith("#") or not repository:
        return target
    return f"{repository}/{posixpath.normpath(f'{folder}/{target}').lstrip('/')}"


def render_bullet_list(lines: Sequence[str], most: int = 60_000) -> str:
    """Return a list of plain texts in at most ``most`` characters that notifies nobody, and how many it leaves out."""
    entries: list[str] = []
    for line in lines:
        entry = escape_mentions(f"- {escape_text(line.encode('utf-8', 'backslashreplace').decode()[:500])}")
        most -= len(entry) + 1
        if most < 0:
            entries.append(f"- and {len(lines) - len(entries)} more: run `readingroom check` to see all.")
            break
        entries.append(entry)
    return "\n".join(entries)
