"""GitHub's own OpenAPI description (npm `@octokit/openapi`), and the examples in it."""

import copy
import functools
import json
from typing import Any

from box.server import HERE

DESCRIPTION = HERE / "node_modules" / "@octokit" / "openapi" / "generated" / "api.github.com.json"


@functools.cache
def document() -> dict[str, Any]:
    with DESCRIPTION.open("rb") as file:
        return dict(json.load(file))


def example(path: str) -> Any:
    """Return the first example of what GitHub answers to GET of a path below a repository."""
    answer = document()["paths"][f"/repos/{{owner}}/{{repo}}{path}"]["get"]["responses"]["200"]
    found = next(iter(answer["content"]["application/json"]["examples"].values()))
    if "$ref" in found:
        found = document()["components"]["examples"][found["$ref"].rpartition("/")[2]]
    return copy.deepcopy(found["value"])
