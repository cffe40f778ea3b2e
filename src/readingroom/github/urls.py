"""Addresses of GitHub, and of the repositories there."""

import re

API_URL = "https://api.github.com"
REPOSITORY_NAME = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")  # owner/name

_HOSTS = frozenset({"github.com", "www.github.com", "ssh.github.com"})
_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]*@)?([A-Za-z0-9.-]+)(?::[0-9]+)?/|(?:[^@/:]*@)?([A-Za-z0-9.-]+):/?)"
    r"([A-Za-z0-9._-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?"
)


def parse_remote_url(url: str) -> tuple[str, str]:
    """Return the host and the owner/name in an address of a repository, for the web or for Git, or two empty texts."""
    match = _REMOTE.fullmatch(url.strip())
    return ((match[1] or match[2]).casefold(), match[3]) if match else ("", "")


def get_repository_name(url: str, api_url: str = API_URL) -> str:
    """Return the owner/name of a repository on the server of an API, or an empty text for one on another server.

    Which hosts belong to a server is only known for github.com: any address may be of a repository on another one.
    """
    host, name = parse_remote_url(url)
    return name if host in _HOSTS or api_url.rstrip("/") != API_URL else ""


def normalize_github_url(url: str) -> str:
    """Return the web address of a repository on github.com, without a name or password for Git, or an empty text."""
    name = get_repository_name(url)
    return f"https://github.com/{name}" if name else ""
