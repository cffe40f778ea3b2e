"""Regions are put where the README's owner says, and every byte that was there stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import outline
from readingroom.core.diagnostics import Diagnostic, Invalid
from readingroom.core.text_file import TextFile
from readingroom.render import region_placement
from readingroom.render.region_placement import HEADINGS, is_insertion_point
from readingroom.store import generated
from rendered import page as shown
from rendered import text as shown_text
from strategies import TEXTS

BLOCK = """\
## Next session

<!-- readingroom:begin next -->
<!-- readingroom:end next -->

## Upcoming sessions

<!-- readingroom:begin upcoming -->
<!-- readingroom:end upcoming -->

## Previous sessions

<!-- readingroom:begin previous -->
<!-- readingroom:end previous -->
"""
OURS = """\
# Quiet Readers

We read on Mondays.

## About us

We are few.

### Where

Upstairs.

## Rules

None.
"""


def refusal(text: str, place: str) -> Diagnostic:
    with pytest.raises(Invalid) as caught:
        insert_regions("README.md", text, place)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("place", "before"),
    [
        ("top", "## About us"),
        ("after: Quiet Readers", "## About us"),
        ("after: About us", "## Rules"),
        ("after: ## about  US", "## Rules"),
    ],
)
def test_regions_go_before_the_section_that_follows(place: str, before: str) -> None:
    assert insert_regions("README.md", OURS, place) == OURS.replace(before, f"{BLOCK}\n{before}")


@pytest.mark.parametrize("place", ["bottom", "after: Rules"])
def test_regions_go_to_the_end(place: str) -> None:
    assert insert_regions("README.md", OURS, place) == f"{OURS}\n{BLOCK}"


def test_headings_are_as_deep_as_the_section_before_them() -> None:
    assert insert_regions("README.md", OURS, "after: Where") == OURS.replace("## Rules", f"{_deeper(BLOCK)}\n## Rules")


def insert_regions(file: str, text: str, place: str) -> str:
    point = region_placement.parse_insertion_point(place)
    return region_placement.insert_regions(file, TextFile.from_text(text), point).encode().decode()


def _deeper(block: str) -> str:
    return block.replace("## ", "### ")


@pytest.mark.parametrize("text", [OURS, OURS.replace("\n", "\r\n"), "\ufeff" + OURS])
def test_none_changes_nothing(text: str) -> None:
    assert insert_regions("README.md", text, "none") == text


@pytest.mark.parametrize("place", ["top", "bottom", "after: Rules", "after: no such heading"])
def test_a_readme_that_has_a_region_stays_as_it_is(place: str) -> None:
    text = f"{OURS}\n<!-- readingroom:begin next -->\n<!-- readingroom:end next -->\n"
    assert insert_regions("README.md", text, place) == text


@pytest.mark.parametrize("place", ["top", "bottom", "after: About us"])
def test_line_ends_are_the_readmes_own(place: str) -> None:
    made = insert_regions("README.md", OURS.replace("\n", "\r\n"), place)
    assert made == insert_regions("README.md", OURS, place).replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", BLOCK),
        ("# A", f"# A\n\n{BLOCK}"),
        ("# A\n", f"# A\n\n{BLOCK}"),
        ("# A\n\n", f"# A\n\n{BLOCK}"),
        ("A\n=", f"A\n=\n\n{BLOCK}"),
        ("\ufeff# A\r\n", f"\ufeff# A\n\n{BLOCK}".replace("\n", "\r\n")),
        ("- a list", f"- a list\n\n{BLOCK}"),
        ("| a |\n| - |", f"| a |\n| - |\n\n{BLOCK}"),
    ],
)
def test_an_empty_line_parts_what_was_there_from_what_is_new(text: str, made: str) -> None:
    assert insert_regions("README.md", text, "bottom") == made


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("## A\n\nx\n", ""),
        ("\ufeff## A\n", "\ufeff"),
        ("x\n\n## A\n", "x\n\n"),
        ("![badge](x)\n\n# Title\n\nx\n\n## A\n", "![badge](x)\n\n# Title\n\nx\n\n"),
        ("# Title\nx\n# A\n", "# Title\nx\n\n"),
        ("---\ntitle: x\n---\n\n## A\n", "---\ntitle: x\n---\n\n"),
        ("# Title\n\n```\n## no heading\n```\n\n## A\n", "# Title\n\n```\n## no heading\n```\n\n"),
        ("# Title\n\n<!--\n## no heading\n-->\n\n## A\n", "# Title\n\n<!--\n## no heading\n-->\n\n"),
        ("# Title\n\n> ## quoted\n\n## A\n", "# Title\n\n> ## quoted\n\n"),
    ],
)
def test_the_top_is_after_the_title_and_what_follows_it(text: str, start: str) -> None:
    assert insert_regions("README.md", text, "top").startswith(f"{start}{BLOCK}")


def test_a_heading_is_found_by_what_it_shows() -> None:
    text = "# A\n\n## **About** `us` [all](x)\n\n## B\n"
    assert insert_regions("README.md", text, "after: About us all") == text.replace("## B", f"{BLOCK}\n## B")


@pytest.mark.parametrize(
    "heading",
    [
        "🚀 Über uns :rocket:",
        "Über uns 👩🏽‍💻",
        "★ Über  uns ★",
        "U\u0308ber uns :+1:",
        "ℹ️ Über uns",
        "1️⃣ Über uns :100:",
        "Über :wave: uns",
    ],
)
@pytest.mark.parametrize("wanted", ["über uns", "Über uns :rocket:", "🚀 Über uns"])
def test_a_heading_is_found_without_its_symbols(heading: str, wanted: str) -> None:
    text = f"# A\n\n## {heading}\n\nx\n\n## B\n"
    assert insert_regions("README.md", text, f"after: {wanted}") == text.replace("## B", f"{BLOCK}\n## B")


@pytest.mark.parametrize(
    ("wanted", "next_one"),
    [("C", "## C++"), ("C++", "## 🚀"), ("🚀", "## About 🚀"), ("About 🚀", "## About"), ("About", "## 12:30: Tea")],
)
def test_a_heading_that_is_the_same_goes_before_one_that_is_so_without_symbols(wanted: str, next_one: str) -> None:
    text = "## C\n\n## C++\n\n## 🚀\n\n## About 🚀\n\n## About\n\n## 12:30: Tea\n"
    assert insert_regions("README.md", text, f"after: {wanted}") == text.replace(
        f"{next_one}\n", f"{BLOCK}\n{next_one}\n", 1
    )


def test_the_nearest_heading_is_suggested_whatever_symbols_it_has() -> None:
    problem = refusal("## 🚀 Über uns :rocket: :tada: :sparkles:\n", "after: Uber unz")
    assert outline([problem]) == ["README.md [region-place-invalid]"]
    assert 'Did you mean "🚀 Über uns :rocket: :tada: :sparkles:"' in problem.hint


@pytest.mark.parametrize("wanted", ["🚀", "Schedule"])
def test_a_heading_of_nothing_but_symbols_is_not_suggested(wanted: str) -> None:
    problem = refusal("## ★\n\n## Us\n", f"after: {wanted}")
    assert outline([problem]) == ["README.md [region-place-invalid]"]
    assert (f'"{wanted}"' in problem.message, "Did you mean" in problem.text) == (True, False)


def test_a_heading_that_is_not_there_is_reported_with_those_that_are() -> None:
    problem = refusal(OURS, "after: Abuot us")
    assert outline([problem]) == ["README.md [region-place-invalid]"]
    assert '"Abuot us"' in problem.message
    assert 'Did you mean "About us"?' in problem.hint
    assert problem.hint.endswith(": Quiet Readers; About us; Where; Rules.")


def test_of_many_headings_only_the_first_are_listed() -> None:
    problem = refusal("".join(f"# {number}\n" for number in range(100)), "after: X")
    assert outline([problem]) == ["README.md [region-place-invalid]"]
    assert problem.hint.endswith(f": {'; '.join(map(str, range(20)))} and 80 more.")


def test_without_a_heading_the_other_places_are_suggested() -> None:
    problem = refusal("We read.\n", "after: X")
    assert outline([problem]) == ["README.md [region-place-invalid]"]
    assert ('"X", and no other' in problem.message, "top or bottom" in problem.hint) == (True, True)


@pytest.mark.parametrize("text", ["# A\n\n```\ncode\n", "# A\n\n<!-- draft\n\n## B\n", "# A\n\n~~~~\n```\n", "<pre>\n"])
def test_what_is_left_open_at_that_place_is_a_problem(text: str) -> None:
    problem = refusal(text, "bottom")
    assert outline([problem]) == [f"README.md:{len(text.splitlines()) + 1} [region-place-invalid]"]
    assert "code or HTML open" in problem.message


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("# A\n\n<details>\n<summary>More</summary>\n\nx\n", "details"),
        ("<div align=center>\n\n# A\n", "div"),
        ("<DETAILS open>\n\n<div>\n\n</div>\n", "details"),
        ("<div>\n\n<details>\n\n</details>\n", "div"),
        ("<div><div>\n\n</div>\n", "div"),
        ("<div/>\n", "div"),
        ("</details>\n\n<details>\n", "details"),
        ("x <details> y\n", "details"),
    ],
)
def test_what_would_fold_the_regions_away_is_a_problem(text: str, tag: str) -> None:
    problem = refusal(text, "bottom")
    assert outline([problem]) == [f"README.md:{len(text.splitlines()) + 1} [region-place-invalid]"]
    assert f"<{tag}> open" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "<details>\n<summary>More</summary>\n\nx\n\n</details>\n",
        "<details>\n\nx </details>\n",
        "<details>\n\n<div>\n\n</details>\n",
        "<div>\n\n<div>\n\n</div></div>\n",
        "<!-- <details> -->\n",
        "```\n<details>\n```\n",
        "`<details>`\n",
        "<divider>\n",
        "- <details>\n",
    ],
)
def test_what_is_closed_before_that_place_does_not_matter(text: str) -> None:
    assert insert_regions("README.md", text, "bottom") == f"{text}\n{BLOCK}"


def test_what_is_open_elsewhere_does_not_matter() -> None:
    text = "# A\n\n## B\n\n<details>\n\nx\n"
    assert insert_regions("README.md", text, "top") == text.replace("## B", f"{BLOCK}\n## B")


@pytest.mark.parametrize("marker", ["<!-- readingroom:begin next -->\n", "<!-- readingroom:end next -->\n"])
def test_a_wrong_marker_is_a_problem(marker: str) -> None:
    problem = refusal(f"# A\n\n{marker}", "bottom")
    assert outline([problem]) == ["README.md:3 [region-marker-invalid]"]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("top", True),
        ("bottom", True),
        ("none", True),
        ("after: A", True),
        ("after:A", True),
        ("after: ", False),
        ("after", False),
        ("", False),
        ("Top", False),
        ("before: A", False),
    ],
)
def test_a_place_is_one_of_three_words_or_a_heading(text: str, right: bool) -> None:  # noqa: FBT001
    assert is_insertion_point(text) is right


@given(st.lists(TEXTS | st.sampled_from(["\n", "\n## B\n", "# A\n", "---\n"]), max_size=6).map("".join), st.data())
def test_whatever_a_readme_holds_it_stays_and_every_region_is_there(text: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(["top", "bottom", "after: B"]))
    try:
        if generated.parse_regions("README.md", text.removeprefix("\ufeff")):
            return
        made = insert_regions("README.md", text, place)
    except Invalid:
        return
    ending = "\r\n" if text.split("\n", maxsplit=1)[0].endswith("\r") else "\n"
    start = made.index("## Next session")
    end = made.index("end previous -->") + len("end previous -->") + len(ending)
    kept = made[:start], made[end:]
    assert [each.name for each in generated.parse_regions("README.md", made.removeprefix("\ufeff"))] == list(HEADINGS)
    assert any(
        text == before.removesuffix(ending * gap) + after.removeprefix(ending * more)
        for gap in range(3)
        for more in range(2)
        for before, after in [kept]
    )
    headings = [shown_text(each) for each in shown(made.encode()).iter("h2")]
    assert [each for each in headings if each in HEADINGS.values()][:3] == list(HEADINGS.values())
