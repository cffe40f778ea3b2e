"""Markdown for an issue or a pull request that pings nobody, and refers to no other issue or commit."""

import posixpath
import re
from collections.abc import Sequence

from readingroom.text.characters import ZERO_WIDTH_SPACE
from readingroom.text.escape import escape_text


def escape_mentions(source: str, repository: str = "", folder: str = "") -> str:
    """Return Markdown for an issue or pull request that pings nobody, and refers to no other issue or commit.

    Links within the repository, which lead nowhere from there, start with ``repository``, the address of its files;
    ``folder`` is where the page would stand.
    """

    def replace_match(found: re.Match[str]) -> str:
        if target := found["target"]:
            return f"]({_resolve_target(target, repository, folder)})"
        if found["address"]:
            return _redirect_issue_url(found["address"])
        if found["hex"]:
            return ZERO_WIDTH_SPACE.join(found["hex"][start : start + 6] for start in range(0, len(found["hex"]), 6))
        return found[0] + ZERO_WIDTH_SPACE

    return _MENTION.sub(replace_match, source)


# What GitHub acts on in an issue's text: a mention, the number of an issue, the address of one, a commit; and what
# skips a workflow, once a title has become a commit's.
_MENTION = re.compile(
    r"\]\((?P<target>[^()\s]*)\)|(?P<address>https?://[^\s<>()|\]]+)|@(?=\w)|#(?=\w)|\bGH-(?=[0-9])|(?<![A-Za-z0-9])(?P<hex>[0-9a-f]{7,})"
    r"|\[(?=(?:skip|no) (?:ci|actions)\]|(?:ci|actions) skip\])",
    re.IGNORECASE,
)
# An issue, however its address is written: as a page, as the interface for programs has it, with a port or a user.
_ISSUE_URL = re.compile(
    r"^(https?://)(?:[^/@\s]*@)?(?:www\.|api\.)?github\.com(?::[0-9]*)?/+(?:repos/+)?([^/]+)/+([^/]+)/+"
    r"(issue|pull|discussion|commit)(s?)/+",
    re.IGNORECASE,
)


def _redirect_issue_url(address: str) -> str:
    """Return an address of an issue by way of redirect.github.com, which leaves no reference there; others as is."""

    def build_redirect(found: re.Match[str]) -> str:
        kind = found[4].lower()
        place = f"{kind}s" if kind in {"issue", "discussion"} else kind
        return f"{found[1]}redirect.github.com/{found[2]}/{found[3]}/{place}/"

    return _ISSUE_URL.sub(build_redirect, address)


def _resolve_target(target: str, repository: str, folder: str) -> str:
    if re.match(r"[a-z]+:", target, re.IGNORECASE):
        return _redirect_issue_url(target)
    if target.startswith("#") or not repository:
        return target
    return f"{repository}/{posixpath.normpath(f'{folder}/{target}').lstrip('/')}"


def render_bullet_list(lines: Sequence[str], most: int = 60_000) -> str:
    """Return a list of plain texts that pings nobody, in at most so many characters, and how many it leaves out."""
    shown: list[str] = []
    for line in lines:
        entry = escape_mentions(f"- {escape_text(line.encode('utf-8', 'backslashreplace').decode()[:500])}")
        most -= len(entry) + 1
        if most < 0:
            shown.append(f"- and {len(lines) - len(shown)} more: run `readingroom check` to see all.")
            break
        shown.append(entry)
    return "\n".join(shown)
