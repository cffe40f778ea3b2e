"""What looks like a token, and what does not."""

import pytest

from readingroom.text import secrets


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a" * 36,
        "github_pat_" + "A1" * 20,
        "xoxb-1234567890-abcdef",
        "xoxe-1-" + "Ab1" * 10,
        "xoxe.xoxp-1-" + "Ab1" * 10,
        "xapp-1-A0123456789-0123456789-abcdef",
        "https://hooks.slack.com/services/T" + "0" * 8 + "/B" + "0" * 8 + "/" + "X" * 24,
        "AKIA" + "A" * 16,
        "sk-" + "a1" * 20,
        "sk-proj-" + "Ab1_" * 20,
        "sk-ant-api03-" + "Ab1-" * 10,
        "sk_live_" + "a1" * 12,
        "rk_live_" + "a1" * 12,
        "SG." + "a" * 22 + "." + "b" * 43,
        "ya29." + "a0-_" * 20,
        "dckr_pat_" + "aB-1" * 7,
        "pypi-AgEIcHlwaS5vcmc" + "a" * 60,
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abc",
    ],
)
@pytest.mark.parametrize("before", ["my key is ", "TOKEN_", "(", "=", "-"])
def test_what_looks_like_a_secret_is_found(secret: str, before: str) -> None:
    assert secrets.contains_secret(f"{before}{secret}, thanks")


@pytest.mark.parametrize(
    "plain",
    [
        "ghp_short",
        "risk-averse-decision-making-under-uncertainty",
        "task-oriented dialogue",
        "sk-learn-pipelines-and-estimators",
        "sk-ant-colony-optimisation-methods",
        "sk-proj-management-for-researchers-and-others",
        "pypi-packages-for-scientific-computing-in-python",
        "xapp-development-guidelines",
        "xoxo-from-the-reading-group",
        "SG.short.short",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----",
        "https://hooks.slack.com/services/",
    ],
)
def test_ordinary_words_are_no_secrets(plain: str) -> None:
    assert not secrets.contains_secret(plain)
