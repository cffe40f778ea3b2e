"""The two schemas: what is valid, and what is said of the rest."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groups import outline
from readingroom.store import schema, yaml_codec
from strategies import GROUPS, SESSIONS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readingroom.core.diagnostics import Diagnostic

SESSION, GROUP = schema.load_schema("session"), schema.load_schema("group")
CHECKER = jsonschema.FormatChecker(["date"])
JUDGES = {
    of.name: jsonschema.Draft202012Validator(of.document, format_checker=CHECKER)
    for of in (schema.load_schema("session"), GROUP)
}
UNUSUAL: st.SearchStrategy[Any] = TEXTS | st.sampled_from([
    "", " ", "\n", "\u00a0", "\u200b", "\x1f", "\x7f", "a" * 300, "a" * 301, "é" * 300, "🙂" * 301,
    "2026-03-05", "2026-02-30", "2026-3-5", "2026-03-05\n", "0000-01-01", "0001-01-01", "9999-12-31", "20260305",
    "2026-W10-5", "٢٠٢٦-٠٣-٠٥", "2026-03-05T00:00", "11:00", "11:00\n", "24:00", "9:30", "1１:00",
    "https://x", "https://", "https://\n", "HTTP://a", "https://a\n", "https://a b", "https:///x", "javascript:x", "x",
    "https://[abc/", "https://a]b", "https://[::1]:80/", "https://[::::]/", "https://a℀.example/x", "https://a/x[1]",
    "https://github.com/a/b", "https://github.com/a/b\n", "https://github.com/a/b?x", "confirmed", "Confirmed",
    "a" * 2049, "Monday", "en_GB", "dd", "newest-first",
    None, True, False, 0, 1, 1440, 1441, -1, 1.0, 1.5, 90.0, [], {},
    [1], [[]], ["x", "x"],
    {"name": "x"}, {"title": "x"}, {"url": "https://x.org"}, {"items": []}, {"items": [{"title": "x"}]}, {"note": "x"},
])  # fmt: skip
KEYS = st.sampled_from(
    [*SESSION.document["properties"], *GROUP.document["properties"], "url", "note", "items", "leeds", "x"]
)


@st.composite
def mutated(draw: st.DrawFn, valid: st.SearchStrategy[dict[str, Any]]) -> Any:
    """Draw valid data in which up to three places, at any depth, hold something else, more or nothing."""
    data = copy.deepcopy(draw(valid))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from([each for each in places(data) if isinstance(each, dict | list)]))
        key = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place)))) if place else None
        change = draw(st.sampled_from(["set", "add", "remove"]))
        if change == "remove" and key is not None:
            del place[key]
        elif change == "set" and key is not None:
            place[key] = copy.deepcopy(draw(UNUSUAL))
        elif isinstance(place, dict):
            place[draw(KEYS)] = copy.deepcopy(draw(UNUSUAL))
        else:
            place.append(copy.deepcopy(draw(UNUSUAL)))
    return data


def places(value: Any) -> Iterator[Any]:
    yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from places(below)


def problems(of: schema.Schema, data: Any) -> list[Diagnostic]:
    return of.check_data("f", data, lambda _path: 0)


@pytest.mark.parametrize("url", ["https://[abc/", "https://a]b/", "https://[::::]/", "https://a℀.example/x"])
def test_an_address_whose_parts_cannot_be_distinguished_is_refused(url: str) -> None:
    data = {"resources": [{"title": "Slides", "url": url}]}
    assert not SESSION.is_valid(data)
    (problem,) = problems(SESSION, data)
    assert outline([problem]) == ["f [link-invalid] resources[0].url"]
    assert "What follows ://" in problem.hint


@given(st.text(st.sampled_from([*"[]:@/?#1a.v%", *"℀：＠⩴é"]), max_size=12))
@example("[1::2:3:4:5:6:7]:80/")
@example("u@[::]")
def test_every_valid_address_can_be_split_into_its_parts(rest: str) -> None:
    if schema.is_address(f"https://{rest}"):
        assert urlsplit(f"https://{rest}").netloc == re.split("[/?#]", rest)[0]


@pytest.mark.parametrize(
    "host", ["[::1]", "[1:2:3:4:5:6:7:8]:80", "u@[1::]", "[fe80::1:2]", "a.example:80", "é.example"]
)
def test_an_address_may_have_any_host(host: str) -> None:
    assert schema.is_address(f"https://{host}/a[1]")


@given(SESSIONS)
def test_every_session_of_the_schemas_shape_is_valid(data: dict[str, Any]) -> None:
    assert SESSION.is_valid(data)
    assert problems(SESSION, data) == []


@given(GROUPS)
def test_every_group_of_the_schemas_shape_is_valid(data: dict[str, Any]) -> None:
    assert GROUP.is_valid(data)
    assert problems(GROUP, data) == []


@given(mutated(SESSIONS))
@settings(max_examples=400)
@example({"title": None, "date": None, "duration": 5, "leads": [{"name": "x", "url": None}], "room": 101})
@example({"date": "0000-01-01"})
@example({"date": "2026-03-05\n"})
def test_both_judges_of_a_session_are_of_one_opinion(data: Any) -> None:
    assert SESSION.is_valid(data) == JUDGES["session"].is_valid(data)


@given(mutated(GROUPS))
@settings(max_examples=400)
def test_both_judges_of_a_group_are_of_one_opinion(data: Any) -> None:
    assert GROUP.is_valid(data) == JUDGES["group"].is_valid(data)


@given(mutated(SESSIONS) | mutated(GROUPS), st.sampled_from([SESSION, GROUP]))
@settings(max_examples=200)
@example({"name": "x", "time_zone": "UTC", "date_format": "d" * 61}, GROUP)
def test_what_is_refused_is_reported_in_one_line_and_once(data: Any, of: schema.Schema) -> None:
    found = of.check_data("f", data, lambda _path: 1)
    assert bool(found) is not of.is_valid(data)
    assert len(set(found)) == len(found)
    assert all("\n" not in each.text for each in found)
    too_long = [each for each in found if each.code == "value-too-long"]
    assert [each for each in found if each.hint.startswith(("Shorten", "Keep at most"))] == too_long


def test_a_problem_names_its_file_line_and_key() -> None:
    lines: dict[tuple[str | int, ...], int] = {("leads", 1, "url"): 7}
    data = {"leads": [{"name": "Ada"}, {"name": "Grace", "url": "x"}]}
    found = SESSION.check_data("x.yml", data, lambda path: lines[path])
    assert outline(found) == ["x.yml:7 [link-invalid] leads[1].url"]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (
            {"leads": [{"url": "https://example.org"}]},
            [("[key-missing] leads[0]", 'has no "name".', "Add one, or remove the entry.")],
        ),
        (
            {"resources": [{}]},
            [("[key-missing] resources[0]", 'has no "title" and no "url".', "Add both, or remove the entry.")],
        ),
        ({"material": [{"heading": "Main"}]}, [("[key-missing] material[0]", 'has neither "items" nor "note".', "")]),
        ({"leads": [{"nam": "Ada"}]}, [("[key-unknown] leads[0].nam", '"nam"', 'Did you mean "name"?')]),
        ({"material": [{"itmes": []}]}, [("[key-unknown] material[0].itmes", '"itmes"', 'Did you mean "items"?')]),
        (
            {"leads": [{"mail": "x"}]},
            [
                ("[key-unknown] leads[0].mail", '"mail"', "Expected: name, url, affiliation."),
                ("[key-missing] leads[0]", 'has no "name".', ""),
            ],
        ),
        ({"date": "2026-02-30"}, [("[date-invalid] date", 'found "2026-02-30".', "There is no such day.")]),
        (["x"], [("[value-invalid]", "found a list of 1.", "For example: title: Retentive Networks")]),
        ({"status": "canceled"}, [("[value-invalid] status", 'found "canceled".', 'Did you mean "cancelled"?')]),
        ({"status": "maybe"}, [("[value-invalid] status", 'found "maybe".', "For example: cancelled")]),
        ({"duration": "90"}, [("[value-invalid] duration", 'found "90".', "Write 90 without quotes.")]),
        ({"duration": "017"}, [("[value-invalid] duration", 'found "017".', "For example: 90")]),
        ({"title": ""}, [("[value-invalid] title", 'found "".', "For example: Retentive Networks")]),
        ({"title": "x" * 301}, [("[value-too-long] title", "(301 characters)", "Shorten it to 300 characters.")]),
        ({"title": "one\ntwo" + "x" * 300}, [("[value-too-long] title", "one\\ntwo", "Shorten it to 300 characters.")]),
        ({"leads": [{"name": "Ada"}] * 51}, [("[value-too-long] leads", "found a list of 51.", "Keep at most 50.")]),
        (
            {"leads": "Ada"},
            [("[value-invalid] leads", 'found "Ada". Expected: a list', "For example: - name: Ed Gunn")],
        ),
        ({"leads": ["Ada"]}, [("[value-invalid] leads[0]", 'found "Ada". Expected: a person:', "name: Ada Lovelace")]),
        ({"leads": {"name": "Ada"}}, [("[value-invalid] leads", "found a group of keys.", "- name: Ed Gunn")]),
        (
            {"material": [{"items": []}]},
            [("[value-invalid] material[0].items", "found an empty list.", "- title: Attention is all you need")],
        ),
    ],
)
def test_a_refused_session_is_reported_with_what_was_found_and_how_to_fix_it(
    data: Any, wanted: list[tuple[str, str, str]]
) -> None:
    found = problems(SESSION, data)
    assert outline(found) == [f"f {place}" for place, _, _ in wanted]
    for each, (_, message, hint) in zip(found, wanted, strict=True):
        assert (message in each.message, hint in each.hint) == (True, True), each


def test_a_refused_group_is_reported_with_the_lines_that_it_lacks() -> None:
    (lacking,) = problems(GROUP, {})
    assert outline([lacking]) == ["f [key-missing]"]
    assert [each for each in ('"name"', '"time_zone"') if each not in lacking.message] == []
    assert "time_zone: Europe/London" in lacking.hint
    (twice,) = problems(GROUP, {"name": "x", "time_zone": "UTC", "kinds": ["a", "b", "a"]})
    assert outline([twice]) == ["f [value-duplicate] kinds"]
    assert '"a"' in twice.message


def test_a_place_is_named_as_people_write_it() -> None:
    assert schema.format_key_path(("material", 0, "items", 2, "url")) == "material[0].items[2].url"
    assert schema.format_key_path(()) == ""


def test_the_keys_of_other_values_than_text_are_known() -> None:
    assert SESSION.typed == {
        *("date", "time", "duration", "status", "leads", "material", "resources", "url", "items"),
    }
    texts = {"name", "room", "venue", "folder", "text"}
    assert {key for key, _ in properties(GROUP.document)} - GROUP.typed == texts


def properties(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    parts = [document, *document["$defs"].values()]
    return [pair for part in parts for pair in part.get("properties", {}).items()]


@pytest.mark.parametrize("of", [SESSION, GROUP, schema.load_schema("sessions")], ids=["session", "group", "sessions"])
def test_every_property_explains_itself_with_a_valid_example(of: schema.Schema) -> None:
    jsonschema.Draft202012Validator.check_schema(of.document)
    for key, about in properties(of.document):
        assert about["title"], key
        assert about["description"].endswith("."), key
        judge = jsonschema.Draft202012Validator({**about, "$defs": of.document["$defs"]}, format_checker=CHECKER)
        for each in about["examples"]:
            read = yaml_codec.read_yaml("", yaml_codec.dump_yaml({key: each}).encode(), typed=of.typed)
            assert json.loads(json.dumps(read)) == {key: each}
            assert judge.is_valid(each), key
