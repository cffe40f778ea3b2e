"""One Hypothesis profile for all tests, an environment that is not the user's, and the action as a runner has it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

import acting

# A change is judged by the same examples each time it is tested; `make fuzz` looks for new ones.
settings.register_profile(
    "tests",
    deadline=None,
    max_examples=50,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
settings.register_profile(
    "fuzz",
    settings.get_profile("tests"),
    max_examples=500,
    derandomize=False,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tests"))


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Set a cache of the tests, no proxy, and the variable with which builds draw no random id, but always the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("CI", "true")
        patch.setenv("NO_PROXY", "127.0.0.1", prepend=",")
        yield


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what a release of the action holds."""
    return acting.release(tmp_path_factory.mktemp("action"))


@pytest.fixture(scope="session")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the steps of all runs find in their environment, with one tool cache for all."""
    return acting.environment(tmp_path_factory.mktemp("tools"))
