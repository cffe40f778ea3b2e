"""Generated text stays apart from what people write: by markers, and by a digest that shows a manual edit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import outline
from readingroom.core.diagnostics import Diagnostic, Invalid
from readingroom.core.text_file import TextFile
from readingroom.store import generated

KNOWN = {"next": "Next: Bert", "upcoming": "| a |\n| - |\n| b |"}
NEXT = "<!-- readingroom:begin next -->\n<!-- readingroom:end next -->\n"


def filled(text: str, contents: dict[str, str] | None = None, *, force: bool = False) -> str:
    return (
        generated.fill_regions("README.md", TextFile.from_text(text), contents or KNOWN, force=force)[0]
        .encode()
        .decode()
    )


def findings(text: str, contents: dict[str, str] | None = None, *, force: bool = False) -> list[Diagnostic]:
    return generated.fill_regions("README.md", TextFile.from_text(text), contents or KNOWN, force=force)[1]


def problems(text: str) -> list[Diagnostic]:
    with pytest.raises(Invalid) as caught:
        filled(text)
    return caught.value.problems


def test_a_region_is_filled_between_its_markers() -> None:
    lines = filled(f"# Title\n\n{NEXT}\nThe end.\n").split("\n")
    assert lines[:2] + lines[3:] == ["# Title", "", "Next: Bert", "<!-- readingroom:end next -->", "", "The end.", ""]
    assert lines[2].startswith("<!-- readingroom:begin next ")


def test_regions_are_filled_in_any_order() -> None:
    text = filled("<!-- readingroom:begin upcoming -->\n<!-- readingroom:end upcoming -->\n" + NEXT)
    assert text.index("| b |") < text.index("Next: Bert")


def test_a_file_without_markers_stays_as_it_is() -> None:
    assert filled("# Title\n\nWords.") == "# Title\n\nWords."


def test_filling_a_region_again_changes_nothing() -> None:
    assert filled(filled(NEXT)) == filled(NEXT)


def test_a_region_that_nobody_edited_takes_new_text() -> None:
    changed = {**KNOWN, "next": "Next: Gpt"}
    assert "Next: Gpt" in filled(filled(NEXT), changed)
    assert findings(filled(NEXT), changed) == []


def test_text_between_markers_without_a_digest_is_somebodys_own_and_kept() -> None:
    own = NEXT.replace("-->\n<", "-->\nMy words\n<", 1)
    assert filled(own) == own
    assert outline(findings(own)) == ["README.md:2 [region-occupied] region next"]
    assert "My words" not in filled(own, force=True)


@pytest.mark.parametrize("blank", ["\n", "  \n\n", "\r\n"])
def test_blank_lines_between_markers_without_a_digest_are_nobodys(blank: str) -> None:
    assert filled(NEXT.replace("-->\n<", f"-->\n{blank}<", 1)) == filled(NEXT)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a\n<!-- readingroom:begin next -->\nb", "writes the line <!-- readingroom:begin next -->"),
        ("```\ncode", "leaves a block of code open"),
        ("~~~~ text\ncode\n~~~", "leaves a block of code open"),
    ],
)
def test_a_template_whose_text_would_hide_or_double_a_marker_is_refused(body: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        filled(NEXT, {**KNOWN, "next": body})
    (problem,) = caught.value.problems
    assert outline([problem]) == ["templates/next.md.j2 [template-breaks-region]"]
    assert problem.message.startswith(message)


def test_a_manually_edited_region_is_kept_and_reported_with_its_line() -> None:
    edited = "# Title\n" + filled(NEXT).replace("Bert", "Bertha")
    changed = {**KNOWN, "next": "Next: Gpt"}
    assert filled(edited, changed) == edited
    (finding,) = findings(edited, changed)
    assert outline([finding]) == ["README.md:3 [region-edited] region next"]
    assert "session.yml" in finding.hint
    assert "--force" in finding.hint


def test_the_finding_names_the_session_file_of_the_row_that_was_changed() -> None:
    rows = {"next": "| [Bert](sessions/01-bert/README.md) |\n| [Gpt](sessions/02-gpt/README.md) |"}
    edited = filled(NEXT, rows).replace("[Gpt]", "[GPT-2]")
    (finding,) = findings(edited, rows)
    assert outline([finding]) == ["README.md:2 [region-edited] region next"]
    assert "sessions/02-gpt/session.yml" in finding.hint


def test_force_replaces_a_manual_edit() -> None:
    edited = filled(NEXT).replace("Bert", "Bertha")
    assert filled(edited, force=True) == filled(NEXT)
    assert findings(edited, force=True) == []


def test_a_manual_edit_that_says_what_is_right_now_is_none() -> None:
    edited, changed = filled(NEXT).replace("Bert", "Gpt"), {**KNOWN, "next": "Next: Gpt"}
    assert findings(edited, changed) == []
    assert filled(edited, changed) == filled(NEXT, changed)


def test_regions_that_nobody_edited_are_filled_next_to_one_that_is_kept() -> None:
    both = filled(NEXT + NEXT.replace("next", "upcoming")).replace("Bert", "Bertha")
    after = filled(both, {"next": "Next: Gpt", "upcoming": "none"})
    assert "Bertha" in after
    assert "\nnone\n" in after


@pytest.mark.parametrize(
    "text",
    [
        "```\n{}```\n",
        "~~~ markdown\n{}~~~\n",
        "````\n```\n{}```\n````\n",
        "   ```\n{}   ```\n",
        "```\n{}",
    ],
)
def test_markers_in_a_code_fence_are_no_markers(text: str) -> None:
    assert filled(text.format(NEXT)) == text.format(NEXT)


@pytest.mark.parametrize("before", ["> ", "    ", "\t", "`", "- ", "text "])
def test_markers_in_a_quotation_or_in_indented_code_are_no_markers(before: str) -> None:
    text = "".join(f"{before}{line}\n" for line in NEXT.splitlines())
    assert filled(text) == text


@pytest.mark.parametrize(
    "fence",
    [
        "```\ncode\n```\n",
        "~~~\n```\n~~~\n",
        "```` x\n```\n````\n",
        "``` not `a fence\n\n",
        "```code```\n",
        "> ```\n> code\n\n",
        "    ```\n\n",
        "- ```\n  code\n  ```\n\n",
        "1. ```\n   code\n   ```\n\n",
        "- item\n\n  ```\n  code\n  ```\n\n",
    ],
)
def test_markers_after_code_are_markers(fence: str) -> None:
    assert "Next: Bert" in filled(fence + NEXT)


@pytest.mark.parametrize(
    "marker",
    [
        "<!--readingroom:begin next-->",
        "  <!-- readingroom:begin next -->  ",
        "<!--  readingroom:begin  next  -->",
        "<!-- readingroom:begin next 0123456789ab -->",
    ],
)
def test_spaces_in_a_marker_do_not_matter(marker: str) -> None:
    text = f"{marker}\n<!-- readingroom:end next -->\n"
    assert "Next: Bert" in filled(text, force=True)


BEGIN, END = "<!-- readingroom:begin next -->\n", "<!-- readingroom:end next -->\n"
OTHER_BEGIN, OTHER_END = BEGIN.replace("next", "upcoming"), END.replace("next", "upcoming")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (BEGIN, [(1, 'region "next" has no end')]),
        ("# Title\n" + END, [(2, 'region "next" ends without a beginning')]),
        (BEGIN + END + BEGIN + END, [(3, 'region "next" appears a second time'), (4, "ends without a beginning")]),
        (
            BEGIN + OTHER_BEGIN + OTHER_END + END,
            [
                (2, 'region "upcoming" begins before "next" has ended'),
                (3, 'region "upcoming" ends without a beginning'),
            ],
        ),
        (BEGIN + OTHER_END, [(1, 'region "next" has no end'), (2, 'region "upcoming" ends without a beginning')]),
        (
            BEGIN.replace("next", "nxet") + END,
            [(1, 'no region "nxet". Did you mean "next"?'), (2, "ends without a beginning")],
        ),
        (BEGIN.replace("begin", "start"), [(1, "is not a marker")]),
        (BEGIN.replace(" -->", ""), [(1, "is not a marker")]),
        ("<!-- readingroom -->\n", [(1, "is not a marker")]),
        (BEGIN.replace("next", "NEXT") + END, [(1, "is not a marker"), (2, "ends without a beginning")]),
    ],
)
def test_markers_that_do_not_fit_are_refused_with_their_line(text: str, wanted: list[tuple[int, str]]) -> None:
    found = problems(text)
    assert outline(found) == [f"README.md:{line} [region-marker-invalid]" for line, _ in wanted]
    assert [words for each, (_, words) in zip(found, wanted, strict=True) if words not in each.text] == []


def test_all_wrong_markers_are_reported_at_once() -> None:
    found = problems(END + "\n" + OTHER_END + "<!-- readingroom:begin nobody -->\n")
    assert outline(found) == [f"README.md:{line} [region-marker-invalid]" for line in (1, 3, 4)]


def test_line_ends_of_windows_are_kept() -> None:
    text = f"# Title\r\n\r\n{NEXT}\r\nEnd.".replace("\r\n", "\n").replace("\n", "\r\n")
    assert "\n" not in filled(text).replace("\r\n", "")
    assert filled(text).replace("\r\n", "\n") == filled(text.replace("\r\n", "\n"))


def test_line_ends_of_windows_are_no_manual_edit() -> None:
    turned = filled(NEXT).replace("\n", "\r\n")
    assert findings(turned, {**KNOWN, "next": "Next: Gpt"}) == []
    assert filled(turned) == turned


def test_a_byte_order_mark_before_a_marker_hides_nothing() -> None:
    assert filled("\ufeff" + NEXT) == "\ufeff" + filled(NEXT)


ORDINARY = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("#|>-`~ \r\n<!"), max_size=80).filter(
    lambda text: "readingroom" not in text and "``" not in text and "~~" not in text,
)


@given(ORDINARY, ORDINARY, st.sampled_from(["\n", "\r\n"]))
def test_text_outside_of_the_markers_stays_byte_for_byte(before: str, after: str, ending: str) -> None:
    begin, end = (line + ending for line in NEXT.splitlines())
    text = filled(f"{before}\n{begin}{end}{after}")
    assert text.startswith(f"{before}\n<!-- readingroom:begin next ")
    assert text.endswith(f"{end}{after}")
    assert filled(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_stamped_page_is_intact_whatever_its_line_ends(body: str) -> None:
    page = generated.add_page_banner(body, "session.yml")
    assert generated.has_banner(page)
    assert generated.is_intact(page)
    assert generated.is_intact(page.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


@given(st.text(max_size=50), st.integers(0, 50), st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))
def test_a_character_more_is_a_manual_edit(body: str, place: int, more: str) -> None:
    page = generated.add_page_banner(body.encode("utf-8", "replace").decode(), "session.yml").decode()
    start = page.index("\n") + 1
    at = min(start + place, len(page))
    assert not generated.is_intact((page[:at] + more + page[at:]).encode())


@pytest.mark.parametrize(
    "page", [b"", b"# Title\n", b"<!-- Written manually -->\n# Title\n", b"\n" + generated.add_page_banner("x", "y")]
)
def test_a_page_written_manually_is_not_stamped(page: bytes) -> None:
    assert not generated.has_banner(page)
    assert not generated.is_intact(page)


def test_the_stamp_names_what_to_change_instead() -> None:
    assert (
        b"from session.yml: change that, not this page" in generated.add_page_banner("x", "session.yml").splitlines()[0]
    )
