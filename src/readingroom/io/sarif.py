"""Diagnostics as SARIF, the format of code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from readingroom import __version__
from readingroom.core.diagnostics import Diagnostic, Severity, read_rules

_DOCUMENTATION = "https://github.com/readingroom/readingroom/blob/main/docs/diagnostics.md"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def build_sarif_log(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return the log of one run, with the rules that its results name."""
    rules = {code: read_rules()[code] for code in sorted({each.code for each in diagnostics})}
    driver = {
        "name": "readingroom",
        "version": __version__,
        "informationUri": "https://github.com/readingroom/readingroom",
        "rules": [
            {
                "id": code,
                "shortDescription": {"text": rule.cause},
                "help": {"text": rule.fix},
                "helpUri": f"{_DOCUMENTATION}#{code}",
                "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            }
            for code, rule in rules.items()
        ],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_build_result(each) for each in diagnostics]}],
    }


def _build_result(diagnostic: Diagnostic) -> dict[str, Any]:
    location = diagnostic.location
    column = {"startColumn": location.column} if location.column else {}
    physical = {
        "artifactLocation": {"uri": quote(location.file, errors="surrogateescape")},
        "region": {"startLine": location.line or 1, **column},
    }
    message = f"{location.key}: {diagnostic.text}" if location.key else diagnostic.text
    return {
        "ruleId": diagnostic.code,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": physical}],
    }
