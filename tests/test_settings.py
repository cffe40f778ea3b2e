"""Where a repository is, told by the address that it was cloned from."""

import pytest

from readingroom.settings import place


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
    assert place(url) == found
