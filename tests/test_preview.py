"""What a pull request does to a group, reported before it is merged."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groups import READING, TODAY, built, files, outline, tree
from readingroom.core.tree import ANNOUNCED_PATH
from readingroom.proposals import preview
from readingroom.render import build, pages
from readingroom.store import revisions
from readingroom.text import mentions
from rendered import page, targets, text
from strategies import LINE, PIECES, SESSIONS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from groups import Files
    from readingroom.proposals.preview import ChangeReport

HELD = {"01-bert": {"title": "Bert", "date": "2024-01-08"}}
NEW = {"title": "Gpt", "date": "2024-01-22", "material": READING}
BEFORE = built(files(HELD))


def inspected(after: Files, before: Files = BEFORE) -> ChangeReport:
    return preview.compare_trees(tree(before), tree(after), lambda _: TODAY)


def added(**data: Any) -> Files:
    return {**BEFORE, **files({"02-gpt": {**NEW, **data}})}


def test_a_new_session_is_shown_with_its_row_its_page_and_what_the_readme_gains() -> None:
    found = inspected(added())
    assert found.problems == []
    shown = text(page(found.summary))
    assert "| 2024-01-22 | [Gpt](" in found.summary
    assert "sessions/02-gpt" in shown
    assert "A paper" in shown
    assert "\n+| 2024-01-22 | [Gpt](" in found.summary.replace("\u200b", "")
    assert "-No session is planned yet." in found.summary


def test_a_session_that_stays_is_not_shown() -> None:
    assert "Bert" not in inspected(added()).summary.split("### In the README")[0].split("---")[0]


def test_problems_are_reported_and_shown() -> None:
    found = inspected(added(titel="x"))
    assert outline(found.problems) == ["sessions/02-gpt/session.yml:8 [key-unknown] titel"]
    assert "titel" in found.summary


def test_an_edit_of_a_generated_page_names_the_file_to_edit_instead() -> None:
    path = "sessions/01-bert/README.md"
    (problem,) = inspected({**BEFORE, path: BEFORE[path].replace(b"Bert", b"BERT")}).problems
    assert outline([problem]) == [f"{path}:2 [page-edit-refused]"]
    assert "sessions/01-bert/session.yml" in problem.hint


def test_an_edit_that_was_there_before_is_not_this_pull_requests() -> None:
    path = "sessions/01-bert/README.md"
    edited = {**BEFORE, path: BEFORE[path].replace(b"Bert", b"BERT")}
    assert inspected({**edited, **files({"02-gpt": NEW})}, edited).problems == []


def test_nothing_for_readers_is_said_to_be_nothing() -> None:
    assert inspected(BEFORE).summary == "Nothing that readers see changes."


def test_a_session_that_goes_is_named() -> None:
    after = {path: content for path, content in BEFORE.items() if not path.startswith("sessions/01-bert/")}
    assert "Removed: 01-bert" in inspected(after).summary


def test_a_group_that_was_invalid_before_is_shown_as_it_is_after() -> None:
    assert inspected(BEFORE, files({"01-bert": {"titel": "x"}})).problems == []


def test_many_sessions_are_shown_in_part() -> None:
    many = {f"{number:02}-x": {"title": f"X {number}", "date": "2024-02-05"} for number in range(2, 40)}
    assert "And 18 more sessions." in inspected({**BEFORE, **files(many)}).summary


def test_a_strangers_text_pings_nobody() -> None:
    assert loud(page(inspected(added(title="@octo/everyone")).summary)) == []


def loud(element: Element) -> list[str]:
    """Return what GitHub acts on outside code and links."""
    if element.tag in {"a", "code", "pre"}:
        return []
    texts = [element.text or "", *(child.tail or "" for child in element)]
    acting = re.compile(r"(?<![A-Za-z0-9])@\w|#[0-9]|\bGH-[0-9]|(?<![A-Za-z0-9/.-])[0-9a-f]{7}", re.IGNORECASE)
    return [each for part in texts for each in acting.findall(part)] + [
        each for child in element for each in loud(child)
    ]


def squeeze(text: str) -> str:
    """Return a text without spaces, and without the dollars around formulas."""
    return re.sub(r"[\s$\u200b]", "", text)


MENTIONS = st.sampled_from(
    [
        "@ada",
        "#1",
        "octo/group#2",
        "GH-3",
        "1234567",
        "https://github.com/o/r/issues/1",
        "https://x.example/@ada",
        "`@ada`",
    ]
)
SENTENCES = st.lists(PIECES | MENTIONS, min_size=1, max_size=8).map(" ".join)


@settings(max_examples=60)
@given(SESSIONS | st.fixed_dictionaries({"title": SENTENCES.filter(LINE.search), "abstract": SENTENCES}))
@example({"title": "Rings [part](2)", "abstract": "`x[1](2)`\n\n```python\nhandlers[name](event)\n```"})
@example({"title": "`x[1](2)` handlers[name](event) 10.1145/3292500.3330701", "room": "@ada, #1"})
@example({"title": "$12345678$ https://medium.com/@ada", "abstract": "$$x@y$$\n\n$$\n@x\n$$\n\nhttps://x.example/@ada"})
@example({"title": "X", "abstract": "[x](../02-y/slides.pdf) https://github.com/o/r/issues/1 <https://x.example/@a>"})
@example({"title": "X", "material": [{"heading": "(https://x.example)&#60;a@x.example", "items": [{"title": "X"}]}]})
def test_the_preview_of_a_page_has_its_text_its_code_and_its_links(data: dict[str, Any]) -> None:
    made = tree(files({"01-bert": HELD["01-bert"], "02-gpt": {"date": "2024-01-22", **data}}))
    result = build.build_pages(made, lambda _: dt.date.min)
    templates = build.load_templates(made, result.catalogue.group)
    _, markdown = pages.render_session_preview(result.catalogue, templates, "02-gpt", "https://a.example")
    wanted, shown = page(result.changes["sessions/02-gpt/README.md"] or b""), page(markdown)
    assert squeeze(text(shown)) == squeeze(text(wanted))
    codes, in_page = ([text(each) for each in root.iter("code")] for root in (shown, wanted))
    assert Counter(in_page) <= Counter(codes)
    resolved = {f"../{path}": f"https://a.example/sessions/{path}" for path in ("README.md", "01-bert/README.md")}
    if "$" not in str(data):  # an address in a formula is none
        # An e-mail address next to what GitHub would act on is code in a comment.
        as_code = {f"mailto:{word}" for code in codes for word in re.findall(r"[\w.+-]+@[\w.-]+", code)}
        linked = [resolved.get(each, each) for each in targets(wanted) if each not in as_code]
        assert targets(shown) == [mentions.redirect_issue_url(each) for each in linked]
    assert loud(shown) == []


def test_a_template_that_changes_every_page_is_not_passed_over() -> None:
    found = inspected({**BEFORE, "templates/session.md.j2": b"EVERY PAGE\n"})
    assert "Generated files that change too: " in found.summary
    assert "sessions/01-bert/README.md" in found.summary.replace("\\", "")


def test_a_pull_request_that_fixes_the_markers_is_checked() -> None:
    broken = {**BEFORE, "README.md": BEFORE["README.md"] + b"\n<!-- readingroom:begin next -->\n"}
    assert inspected(BEFORE, broken).problems == []


def test_an_old_edit_of_a_region_is_not_blamed_on_a_change_of_another_session() -> None:
    held = {**HELD, "02-gpt": {"title": "Gpt", "date": "2024-01-09"}}
    before = built(files(held))
    before = {**before, "README.md": before["README.md"].replace(b"[Bert]", b"[BERT]")}
    assert before["README.md"].count(b"[BERT]") == 1
    after = {**before, **files({**held, "02-gpt": {**held["02-gpt"], "title": "Gpt 2"}})}
    assert inspected(after, before).problems == []
    (problem,) = inspected({**after, "README.md": after["README.md"].replace(b"[BERT]", b"[Bart]")}, before).problems
    assert outline([problem]) == ["README.md:16 [page-edit-refused] region previous"]


@pytest.mark.parametrize("page", [b"# mine\n", b"<!-- x -->\n# Bert\n"])
def test_a_generated_page_that_is_replaced_names_the_file_to_edit_instead(page: bytes) -> None:
    (problem,) = inspected({**BEFORE, "sessions/01-bert/README.md": page}).problems
    assert outline([problem]) == ["sessions/01-bert/README.md:1 [page-edit-refused]"]
    assert "sessions/01-bert/session.yml" in problem.hint


def test_a_generated_page_that_is_removed_names_the_file_to_edit_instead() -> None:
    after = {path: content for path, content in BEFORE.items() if path != "sessions/01-bert/README.md"}
    (problem,) = inspected(after).problems
    assert outline([problem]) == ["sessions/01-bert/README.md [page-edit-refused]"]
    assert "edit sessions/01-bert/session.yml." in problem.hint


def test_what_touches_nothing_of_the_group_is_not_judged() -> None:
    wrong = files({"01-bert": {"titel": "x"}})
    assert inspected(wrong, wrong) == preview.ChangeReport(summary=preview.NOTHING)


def test_warnings_that_were_there_before_are_not_this_pull_requests() -> None:
    twice = {**HELD, "02-gpt": {"title": "Gpt", "date": "2024-01-08"}}
    before = built(files(twice))
    after = {**before, **files({**twice, "03-t5": {"title": "T5", "date": "2024-02-05"}})}
    assert inspected(after, before).findings == []
    after = {**before, **files({**twice, "03-t5": {"title": "T5", "date": "2024-01-08"}})}
    assert outline(inspected(after, before).findings) == ["sessions/03-t5/session.yml:2 [session-clash] date"]


def test_line_ends_of_a_checkout_are_no_change() -> None:
    after = {path: content.replace(b"\n", b"\r\n") for path, content in BEFORE.items()}
    assert inspected(after) == preview.ChangeReport(summary=preview.NOTHING)
    summary = inspected({**after, **files({"02-gpt": NEW})}).summary
    assert ("<summary>sessions/01-bert" in summary, "<summary>sessions/02-gpt" in summary) == (False, True)


def with_site(**more: dict[str, Any]) -> Files:
    return files({**HELD, **more}, site={})


ANNOUNCED = built(with_site(), TODAY - dt.timedelta(7))


def reannounce(made: Files, **about: Any) -> Files:
    """Return a group in which something else was announced, by a file that says that it is as it was made."""
    known = revisions.read_revisions(tree(made))
    changed_revisions = {folder: each._replace(**about) for folder, each in known.revisions.items()}
    return {
        **made,
        ANNOUNCED_PATH: revisions.render_revisions(revisions.RevisionLog(known.id, known.zone, changed_revisions)),
    }


@pytest.mark.parametrize("days", [0, 1, 6])
def test_a_pull_request_that_brings_what_a_build_made_is_right(days: int) -> None:
    later = TODAY - dt.timedelta(days)
    changed = built(
        {**ANNOUNCED, **with_site(**{"01-bert": {"title": "BERT", "date": "2024-01-09"}, "02-gpt": NEW})}, later
    )
    assert inspected(changed, ANNOUNCED).problems == []
    assert inspected(built(with_site(), later), with_site()).problems == []


@pytest.mark.parametrize(
    "about",
    [{"sequence": 2**31 - 2}, {"modified": "2098-01-01T00:00:00Z"}, {"rest": "0" * 12}, {"before": "2024-01-01"}],
)
def test_a_pull_request_that_announces_something_of_its_own_is_refused(about: dict[str, Any]) -> None:
    assert outline(inspected(reannounce(ANNOUNCED, **about), ANNOUNCED).problems) == [
        f"{ANNOUNCED_PATH} [announced-edited]"
    ]


def test_a_pull_request_that_edits_what_was_announced_is_refused_once() -> None:
    edited = {**ANNOUNCED, ANNOUNCED_PATH: ANNOUNCED[ANNOUNCED_PATH].replace(b"2024-01-08T", b"2024-01-07T")}
    (problem,) = inspected(edited, ANNOUNCED).problems
    assert outline([problem]) == [f"{ANNOUNCED_PATH} [announced-edited]"]
    assert "session.yml" not in problem.text


def test_a_pull_request_that_removes_what_was_announced_is_refused() -> None:
    removed = {path: text for path, text in ANNOUNCED.items() if path != ANNOUNCED_PATH}
    assert outline(inspected(removed, ANNOUNCED).problems) == [f"{ANNOUNCED_PATH} [announced-edited]"]


def test_a_record_whose_first_line_is_replaced_is_reported() -> None:
    replaced = {**ANNOUNCED, ANNOUNCED_PATH: b"# mine\n" + ANNOUNCED[ANNOUNCED_PATH].partition(b"\n")[2]}
    assert outline(inspected(replaced, ANNOUNCED).problems) == [f"{ANNOUNCED_PATH} [announced-edited]"]


def test_a_record_edited_before_is_not_blamed_on_a_pull_request_and_can_be_restored() -> None:
    before = {**ANNOUNCED, ANNOUNCED_PATH: ANNOUNCED[ANNOUNCED_PATH].replace(b"2024-01-08T", b"2024-01-07T")}
    assert inspected({**before, **with_site(**{"02-gpt": NEW})}, before).problems == []
    (kept,) = build.build_pages(tree(before), lambda _: TODAY).kept
    assert outline([kept]) == [f"{ANNOUNCED_PATH}:1 [page-edited]"]
    assert kept.hint == "Restore its last version from Git."


def test_what_was_announced_is_judged_for_a_group_without_a_site_too() -> None:
    bare = {path: text for path, text in ANNOUNCED.items() if path != ANNOUNCED_PATH} | {
        "readingroom.yml": files({})["readingroom.yml"]
    }
    edited = {**bare, ANNOUNCED_PATH: ANNOUNCED[ANNOUNCED_PATH].replace(b"2024-01-08T", b"2024-01-07T")}
    assert outline(inspected(edited, bare).problems) == [f"{ANNOUNCED_PATH} [announced-edited]"]
    removed = inspected(bare, {**bare, ANNOUNCED_PATH: ANNOUNCED[ANNOUNCED_PATH]}).problems
    assert outline(removed) == [f"{ANNOUNCED_PATH} [announced-edited]"]
    added_record = {**bare, ANNOUNCED_PATH: reannounce(ANNOUNCED, sequence=9)[ANNOUNCED_PATH]}
    assert outline(inspected(added_record, bare).problems) == [f"{ANNOUNCED_PATH} [announced-edited]"]
