"""Where a repository is, known from the address that it was cloned from; what its branch's protection asks for."""

from typing import Any

import pytest

from readingroom.github.repository_settings import parse_protection_rules
from readingroom.github.urls import API_URL, get_repository_name, parse_remote_url


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/octo/group", ("github.com", "octo/group")),
        ("https://github.com/octo/group.git", ("github.com", "octo/group")),
        ("https://github.com/octo/group/\n", ("github.com", "octo/group")),
        ("https://somebody:secret@github.com/octo/my.group.git", ("github.com", "octo/my.group")),
        ("http://GitHub.example.org:8080/octo/group.git", ("github.example.org", "octo/group")),
        ("git@github.com:octo/group.git", ("github.com", "octo/group")),
        ("github.com:octo/group", ("github.com", "octo/group")),
        ("ssh://git@ssh.github.com:443/octo/group.git", ("ssh.github.com", "octo/group")),
        ("git://github.com/octo/group.git", ("github.com", "octo/group")),
        ("https://gitlab.com/octo/below/group.git", ("", "")),
        ("https://github.com/octo", ("", "")),
        ("/srv/git/octo/group.git", ("", "")),
        ("../group", ("", "")),
        ("file:///srv/octo/group", ("", "")),
        ("", ("", "")),
    ],
)
def test_an_address_names_a_host_and_a_repository(url: str, found: tuple[str, str]) -> None:
    assert parse_remote_url(url) == found


@pytest.mark.parametrize(
    ("url", "api_url", "name"),
    [
        ("https://github.com/octo/group", API_URL, "octo/group"),
        ("https://www.github.com/octo/group", API_URL, "octo/group"),
        ("ssh://git@ssh.github.com:443/octo/group.git", f"{API_URL}/", "octo/group"),
        ("https://gitlab.com/octo/group", API_URL, ""),
        ("https://github.example.org/octo/group", "https://github.example.org/api/v3", "octo/group"),
        ("/srv/git/group.git", "https://github.example.org/api/v3", ""),
    ],
)
def test_a_repository_has_a_name_on_the_server_that_it_is_on(url: str, api_url: str, name: str) -> None:
    assert get_repository_name(url, api_url) == name


NOTHING = {"enforce_admins": {"enabled": True}, "lock_branch": {"enabled": False}}


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        (NOTHING, set()),
        ({**NOTHING, "required_pull_request_reviews": {"required_approving_review_count": 0}}, {"pull_request"}),
        ({**NOTHING, "required_status_checks": {"strict": False, "contexts": []}}, {"required_status_checks"}),
        ({**NOTHING, "restrictions": {"users": [], "teams": [], "apps": []}}, {"update"}),
        ({"lock_branch": {"enabled": True}}, {"update"}),
    ],
)
def test_an_older_protection_is_reported_in_the_words_of_rules(data: dict[str, Any], asked: set[str]) -> None:
    assert parse_protection_rules(data) == asked
