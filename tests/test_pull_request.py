"""A form's answers to a session, judged by the schema; and what a pull request then says of it."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from box import Box
from groups import built, files, tree
from proposals import CONFIGURATION, WEB, body, group, settle
from readingroom.parsing.people import parse_people
from readingroom.proposals import pull_request
from readingroom.proposals.pull_request import ProposalContext
from readingroom.proposals.records import MAX_BODY, Issue
from readingroom.store import catalogue
from readingroom.text import secrets
from rendered import page, targets, text
from strategies import PIECES

if TYPE_CHECKING:
    from groups import Files
    from readingroom.proposals.pull_request import ProposalDraft

FILES = {"sessions/04-x/session.yml": b"title: X\n", "sessions/04-x/slides.pdf": b"%PDF"}


def setting(made: Files | None = None) -> ProposalContext:
    return ProposalContext.build_from_tree(tree(built(made or files({}, **CONFIGURATION))), WEB, "main")


SETTING = setting()


def drafted(known: ProposalContext = SETTING, **answers: Any) -> ProposalDraft:
    return pull_request.build_proposal_draft(known, Issue(7, body=body(**answers)), 3)


def data(**answers: Any) -> dict[str, Any]:
    draft = drafted(**answers)
    assert draft.questions == (), draft.questions
    assert draft.files is not None
    ((path, content),) = draft.files.items()
    assert path == f"sessions/{draft.folder}/session.yml"
    return dict(yaml.load(content or "", yaml.BaseLoader))  # noqa: S506 -- every value as typed


def asked(**answers: Any) -> list[tuple[str, str]]:
    return [(each.label, each.message) for each in drafted(**answers).questions]


def test_answers_become_the_same_data_that_a_file_holds() -> None:
    assert data(time="14:00-15:30", abstract="What *is* it?\n\nRead on.", extra_reading="2405.04517") == {
        "title": "Retentive Networks",
        "date": "2024-02-05",
        "time": "14:00",
        "duration": "90",
        "kind": "Technical",
        "room": "David Blackwell",
        "leads": [{"name": "Ed Gunn", "url": "https://github.com/egunn-turing"}],
        "abstract": "What *is* it?\n\nRead on.",
        "material": [
            {"heading": "Main", "items": [{"title": "Retentive Network", "url": "https://arxiv.org/abs/2307.08621"}]},
            {"heading": "Extra", "items": [{"title": "arXiv:2405.04517", "url": "https://arxiv.org/abs/2405.04517"}]},
        ],
    }


def test_a_time_in_the_answer_about_the_date_is_taken() -> None:
    answers = data(date="Montag, 5. Februar 2024, 16:00-17:30", time="")
    assert (answers["date"], answers["time"], answers["duration"]) == ("2024-02-05", "16:00", "90")


def test_what_is_proposed_is_a_valid_session_of_the_group() -> None:
    draft = drafted()
    made = {**files({}, **CONFIGURATION), **{path: (content or "").encode() for path, content in draft.files.items()}}
    (session,) = catalogue.read_catalogue(tree(made)).sessions
    assert (session.folder, session.title) == ("03-retentive-networks", "Retentive Networks")


@pytest.mark.parametrize(
    ("answers", "label", "message"),
    [
        ({"title": ""}, "Title", "has no answer, and needs one. For example: Retentive Networks"),
        ({"date": ""}, "Date", "has no answer, and needs one. For example: 2024-01-15"),
        ({"leads": ""}, "Leads", "has no answer, and needs one. For example: Ada Lovelace, https://example.org/ada"),
        ({"title": "x" * 301}, "Title", "Shorten it to 300 characters."),
        ({"date": "2024-02-30"}, "Date", "There is no such day."),
        ({"time": "2-3"}, "Time", 'found "2-3" … a time of the day … Is it 14:00-15:00?'),
        ({"time": "10:00 JST"}, "Time", "a time in JST … Europe/London, the group's time zone"),
        ({"date": "2024-02-05 at 4pm", "time": "14:00"}, "Time", 'found "14:00", but "4pm" next to the date.'),
        ({"kind": "Party"}, "Kind", "is not among the form's options"),
        ({"leads": "Ada javascript://x"}, "Leads", "entry 1"),
        ({"leads": "https://a.example\nAda"}, "Leads", 'Whose address is "https://a.example"?'),
        ({"leads": "Ann Lee, Bob Ray"}, "Leads", 'Is "Ann Lee, Bob Ray" two people? Write each on a line of its own.'),
        ({"leads": "TBC"}, "Leads", 'found "TBC". Expected: who leads it'),
        ({"title": "TBD"}, "Title", 'found "TBD". Expected: what the session is about'),
        ({"leads": "me"}, "Leads", 'found "me". Expected: who leads it'),
        ({"leads": "Ada\nNone"}, "Leads", 'found "None". Expected: who leads it, for example Ada Lovelace, https://'),
        ({"leads": "N/A"}, "Leads", 'found "N/A". Expected: who leads it'),
        ({"leads": "Ada @ada https://a.example"}, "Leads", "Write one person on each line, with one link"),
        ({"leads": "Ada https://[c@octo]"}, "Leads", "What follows ://"),
        ({"main_reading": "[x](ftp://a.example)"}, "Main reading", 'found "ftp://a.example"'),
        ({"main_reading": "- A\n  - [x](https://[abc/)"}, "Main reading", 'found "https://[abc/"'),
        ({"main_reading": "https://a℀.example/x"}, "Main reading", 'found "https://a℀.example/x"'),
        ({"extra_reading": "[x](javascript:alert(1))"}, "Extra reading", 'found "javascript:alert(1)"'),
        ({"main_reading": "A\n# B\nC", "extra_reading": "x" * 301}, "Extra reading", "Shorten it to 300 characters."),
        ({"files": "[x](ftp://a.example/x)"}, "Slides or other files", 'found "ftp://a.example/x"'),
        ({"abstract": "x" * 20_001}, "Abstract", "Shorten it to 20000 characters"),
        ({"agreement": False}, "Agreement", "has no answer, and needs one. Tick the box."),
        ({"title": "a\x07b"}, "Title", "control character U+0007"),
        ({"main_reading": "A\n\nB\x07"}, "Main reading", "control character U+0007"),
        ({"abstract": "a\ud83d"}, "Abstract", "control character U+D83D"),
        ({"anything_else": "a\x00"}, "Anything else", "control character U+0000"),
        ({"leads": "a\n" * 51}, "Leads", "has 51 lines. Keep at most 50."),
        ({"main_reading": "a\n" * 10_000}, "Main reading", "has 10000 lines. Keep at most 500."),
        ({"main_reading": "word " * 5_000}, "Main reading", "Shorten it to 20000 characters"),
        ({"anything_else": "@a " * 20_000}, "Anything else", "Shorten it to 5000 characters"),
        ({"files": "word\n" * 99 + "x" * 6_000}, "Slides or other files", "besides the files. Shorten them to 5000."),
        ({"abstract": "量" * 19_000, "extra_reading": "量\n" * 400}, "Abstract", "takes most of the session's"),
    ],
)
def test_what_does_not_fit_is_asked_with_the_fields_own_label(
    answers: dict[str, Any], label: str, message: str
) -> None:
    ((found, said),) = asked(**answers)
    assert (found, [part for part in message.split(" … ") if part not in said]) == (label, []), said


PEOPLE = ["Ann Lee", "Bob", "TBC", ", ", "; ", " & ", " and ", "@ann", "https://a.example", "[Cy](https://c.example)"]
PEOPLE += [" (Turing)", "**", ", PhD", "Speaker: ", "\n", "- ", "/", "李明", "、", "?"]


@settings(max_examples=30)
@given(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=5).map("".join))
def test_people_that_the_form_accepts_are_read_equally_elsewhere(text: str) -> None:
    draft = drafted(leads=text)
    if not draft.questions:
        reading = parse_people(text)
        assert data(leads=text)["leads"] == [each.to_data() for each in reading.people]
        assert (reading.questions, reading.placeholders) == ((), ())


def test_many_questions_of_a_kind_are_a_few_and_a_number() -> None:
    found = asked(main_reading="\n".join(f"[x](ftp://a.example/{number})" for number in range(20)), title="x" * 301)
    assert [label for label, _ in found] == ["Title"] + ["Main reading"] * 6
    assert found[5][1].startswith('found "ftp://a.example/')
    assert found[6][1] == "and 15 more like these."


def test_a_kind_with_two_spaces_in_readingroom_yml_can_be_chosen() -> None:
    kinds = ["Invited  Talk", "Technical"]
    known = setting(files({}, **{**CONFIGURATION, "kinds": kinds}))
    assert drafted(known, kind="Invited  Talk").questions == ()
    assert drafted(known, kind="Invited Talk").questions == ()


@pytest.mark.parametrize("url", ["https://[abc/", "https://a℀.example/x", "https://[c@octo]"])
def test_an_address_that_another_session_holds_makes_no_proposal_fail(url: str) -> None:
    held = {"title": "X", "material": [{"items": [{"title": "A", "url": url}]}]}
    made = files({"01-x": held, "02-y": {"title": "Y"}}, **CONFIGURATION)
    assert (
        pull_request.build_proposal_draft(
            ProposalContext.build_from_tree(tree(made), WEB, "main"), Issue(7, body=body()), 3
        ).questions
        == ()
    )


def test_everything_that_does_not_fit_is_asked_at_once() -> None:
    wrong = {"title": "", "date": "x", "time": "y", "leads": "", "agreement": False}
    assert [label for label, _ in asked(**wrong)] == ["Title", "Agreement", "Date", "Time", "Leads"]


def test_problems_of_other_sessions_are_not_the_submitters() -> None:
    made = files({}, {"sessions/01-x/session.yml": b"titel: X\n"}, **CONFIGURATION)
    assert (
        pull_request.build_proposal_draft(
            ProposalContext.build_from_tree(tree(made), WEB, "main"), Issue(7, body=body()), 3
        ).questions
        == ()
    )


@pytest.mark.parametrize(
    ("title", "folder"),
    [
        ("../../.github/workflows/x", "03-github-workflows-x"),
        ("!!!", "03-session-2024-02-05"),
        ("-rf", "03-rf"),
        ("CON", "03-con"),
        ("a\x00b", None),
        ("量子", "03-liang-zi"),
        ("x " * 60, "03-" + "-".join("x" * 30)),
    ],
)
def test_a_folder_is_a_name_that_every_system_takes(title: str, folder: str | None) -> None:
    draft = drafted(title=title)
    assert draft.folder == folder if folder else draft.questions


# What a reviewer reads


def shown(draft: ProposalDraft) -> str:
    return text(page(draft.body))


def test_an_ambiguous_date_is_said_aloud_with_its_weekday() -> None:
    said = 'Monday 2024-02-05, read from "05/02/24" with the day first; if 2024-05-02 was meant, say so'
    assert said in shown(drafted(date="05/02/24"))
    assert "read from" not in shown(drafted(date="15/02/24"))


def test_a_weekday_that_chooses_the_order_leaves_nothing_to_say() -> None:
    draft = drafted(date="Thursday 05/02/24")
    assert draft.title.startswith("2024-05-02: ")
    assert "read from" not in shown(draft)


def test_characters_that_reorder_a_line_are_left_out_and_reported() -> None:
    draft = drafted(title="evil\u202efdp.exe", leads="A\u2066da @ada", main_reading="[a\u200fb](https://a.example)")
    text = next(iter((draft.files or {}).values()))
    assert text is not None
    assert ("title: evilfdp.exe\n" in text, "name: Ada\n" in text, "title: ab\n" in text) == (True, True, True)
    said = "without its invisible characters that change the order of letters"
    assert shown(draft).count(said) == 3


def test_letters_that_hide_or_look_like_others_are_worth_a_look() -> None:
    said = shown(drafted(title="Atten\u200btion", leads="Аda @ada", abstract="a\u202eb"))
    assert "Title: contains the invisible character U+200B" in said
    assert 'Leads: the word "Аda" mixes Cyrillic and Latin letters.' in said
    assert "Abstract: contains the invisible character U+202E" in said


AGREEMENT = "### Agreement\n\n- [X] I agree to follow the code of conduct."


@pytest.mark.parametrize("field", ["leads", "abstract", "main_reading"])
def test_an_answer_that_imitates_another_is_named_to_the_reviewer(field: str) -> None:
    draft = drafted(**{field: f"Ada Lovelace\n\n{AGREEMENT}"})
    assert draft.questions == ()
    assert 'The heading "Agreement" is in the issue more than once.' in text(page(draft.body))


@pytest.mark.parametrize("heading", ["## agreement", "### Agreement ###", "**Agreement**", "> ### Agree\u200bment"])
def test_a_heading_that_only_looks_like_one_of_the_form_is_named_too(heading: str) -> None:
    found = text(page(drafted(abstract=f"Of it.\n\n{heading}\n\nI agree").body))
    assert 'The heading "Agreement" is in the issue more than once.' in found


def test_headings_of_an_answer_that_are_none_of_the_form_are_not_named() -> None:
    assert "more than once" not in drafted(abstract="### Background\n\nx\n\n### Background\n\ny").body


def test_headings_and_check_boxes_are_no_people() -> None:
    typed = f"Ada Lovelace\n\n{AGREEMENT}\n* [ ] Somebody else\n# Bob Ray"
    assert data(leads=typed)["leads"] == [{"name": "Ada Lovelace"}]
    shown = text(page(drafted(leads=typed).body))
    assert "There is no place in the session file for this: Leads Agreement" in shown
    assert asked(leads="- [x] Ada Lovelace") == [
        ("Leads", "names nobody. Expected: who leads it, for example Ada Lovelace, https://example.org/ada.")
    ]


def test_findings_name_what_a_reviewer_should_look_at() -> None:
    held = {
        "01-bert": {
            "title": "Bert",
            "date": "2024-02-06",
            "room": "david blackwell",
            "leads": [{"name": "ed gunn"}],
            "material": [{"items": [{"title": "R", "url": "http://www.arxiv.org/pdf/2307.08621v2.pdf"}]}],
        },
        "02-gpt": {"title": "Gpt", "date": "2024-02-06", "status": "cancelled"},
        "03-slot": {"date": "2024-02-06", "status": "open"},
    }
    said = shown(drafted(setting(files(held, **CONFIGURATION)), date="2024-02-06"))
    assert "2024-02-06 is a Tuesday; the group meets on Mondays." in said
    together = "at the same time, in the same room (david blackwell), with the same lead (ed gunn)."
    assert f"Bert (sessions/01-bert) takes place on 2024-02-06 too, {together}" in said
    assert "Retentive Network is in the material of Bert (sessions/01-bert) on 2024-02-06 too." in said
    assert "There are no slides yet." in said
    assert "2024-02-06 is the day of the free slot sessions/03-slot, which is then no longer offered." in said
    assert "sessions/02-gpt" not in said


def test_a_proposal_with_slides_and_nothing_unusual_has_no_findings() -> None:
    assert "Worth a look" not in shown(drafted(files="[Slides](https://a.example/slides.pdf)"))


@pytest.mark.parametrize(
    ("file", "has_slides"),
    [
        ("[talk.pdf](https://github.com/user-attachments/files/1/talk.pdf)", True),
        ("[My talk](https://github.com/user-attachments/files/1/talk.pdf?x#y)", True),
        ("[Notebook](https://a.example/notebook.pdf)", False),
        ("[data.csv](https://github.com/user-attachments/files/1/data.csv)", False),
    ],
)
def test_a_dropped_file_counts_as_slides_by_its_type(file: str, *, has_slides: bool) -> None:
    assert ("There are no slides yet." not in shown(drafted(files=file))) == has_slides


def test_words_beside_a_file_reach_a_person() -> None:
    assert "the last page is missing" in shown(drafted(files="[a](https://a.example), the last page is missing"))


HOSTILE = (
    "@octo/everyone #1 octo/group#2 GH-3 fixes #4 https://github.com/octo/other/issues/5 ![x](https://a.example/x)"
)
LOUD = re.compile(r"(?<![\w`])@\w|#\d|GH-\d|https://github\.com/[^/\s]+/[^/\s]+/(?:issues|pull)/\d|!\[")


@pytest.mark.parametrize("field", ["title", "leads", "abstract", "main_reading", "anything_else", "files"])
def test_a_strangers_text_pings_nobody_closes_nothing_and_loads_nothing(field: str) -> None:
    draft = drafted(**{field: HOSTILE})
    if not draft.questions:
        assert LOUD.findall(draft.title.replace("!", "")) == []  # a title is plain text
        assert LOUD.findall(draft.body) == ["#7"]
        assert list(page(draft.body).iter("img")) == []
        assert draft.body.endswith("\nCloses #7\n")


@pytest.mark.parametrize("words", ["skip ci", "ci skip", "no ci", "skip actions", "actions skip", "Skip CI"])
def test_a_title_that_becomes_a_commits_skips_no_workflow(words: str) -> None:
    assert f"[{words}]" not in drafted(title=f"Retention [{words}]").title


def test_a_commits_message_holds_no_word_of_a_stranger() -> None:
    with Box(group()) as box:
        box.open_issue("Evil", body(title="Evil\tCo-authored-by: Ceo <ceo@example.org>"))
        settle(box, 1)
        (made,) = [each for each in box.exchanges if each.request.url.endswith("/git/commits")]
    message = re.sub(r"[0-9a-f]{16,40}", "*", made.request.data["message"])
    folder = "02-evil-co-authored-by-ceo-ceo-example-org"
    assert message == (f"Propose session 2 from issue 1\n\nReadingroom-Folder: {folder}\nReadingroom-Content: * in *\n")


@given(
    st.sampled_from(["title", "abstract", "anything_else", "main_reading"]), st.lists(PIECES, min_size=1, max_size=6)
)
def test_no_text_leaves_its_place_in_a_pull_request(field: str, pieces: list[str]) -> None:
    draft = drafted(**{field: " ".join(pieces)})
    if draft.questions:
        return
    html = page(draft.body)
    wanted = ["How the answers were read", "Worth a look", "Before merging"]
    assert [text(each) for each in html.iter("h3") if text(each) in wanted] == wanted
    assert not {each.tag for each in html.iter() if isinstance(each.tag, str)} & {"script", "img", "iframe", "style"}
    assert all(target.startswith(("http://", "https://", "mailto:", "#")) for target in targets(html))


def test_what_github_would_not_take_for_its_length_is_left_out_and_that_is_said() -> None:
    whole = drafted(abstract="word " * 3000)
    assert "<details>" in whole.body
    reading = "\n".join(f"[{'*' * 40}](https://a.example/{number})" for number in range(200))
    cut = drafted(abstract="*@a " * 4_900, main_reading=reading, extra_reading=reading, anything_else="_@b " * 1_200)
    assert ("<details>" in cut.body, "Not all of it fits here" in cut.body) == (False, True)
    assert ("Not in the session file" in cut.body, "How the answers were read" in cut.body) == (True, True)
    leads = "\n".join(f"{'*' * 30} {number}, https://a.example/{'x' * 100}" for number in range(50))
    less = drafted(abstract="*@a " * 4_900, leads=leads, extra_reading=reading, anything_else="*@a*\n" * 800)
    assert ROW in less.body
    assert max(len(each.body) for each in (whole, cut, less)) <= MAX_BODY


ROW = "\n| 05/02/24 | [Technical: Retentive Networks]"


def test_what_is_left_out_first_is_the_page_and_last_the_findings() -> None:
    held = {
        f"{number:02}-x": {"title": "*" * 250, "date": "2024-02-05", "leads": [{"name": "Ed Gunn"}]}
        for number in range(10, 400)
    }
    made = drafted(
        ProposalContext.build_from_tree(tree(files(held, **CONFIGURATION)), WEB, "main"), anything_else="Record it"
    )
    assert len(made.body) <= MAX_BODY
    assert ("<details>" in made.body, "How the answers" in made.body, "Record it" in made.body) == (False, False, False)
    findings = [line for line in made.body.split("\n") if line.startswith("- ") and "[ ]" not in line]
    assert len(findings) == 21
    assert findings[-1] == "- and 371 more."
    assert made.body.endswith("\nCloses #7\n")


def test_a_template_that_writes_too_much_is_cut_at_the_end_of_a_line() -> None:
    own = files({}, {"templates/pull-request.md.j2": "{{ row }}\n" + "@octo words\n" * 9_000}, **CONFIGURATION)
    made = drafted(ProposalContext.build_from_tree(tree(own), WEB, "main")).body
    assert MAX_BODY - 400 < len(made) <= MAX_BODY
    assert made.endswith("octo words\n\nCloses #7\n")
    assert "@octo" not in made


def test_a_title_is_made_quiet_before_it_is_cut_to_what_github_takes() -> None:
    title = drafted(title="@a " * 99).title
    assert len(title) <= 256
    assert title == title.strip()
    assert "@a" not in title


def test_a_groups_own_template_writes_the_pull_request() -> None:
    own = files({}, {"templates/pull-request.md.j2": "{{ row }}\n\nThanks!"}, **CONFIGURATION)
    assert drafted(ProposalContext.build_from_tree(tree(own), WEB, "main")).body.endswith("\n\nThanks!\n\nCloses #7\n")


def test_a_group_without_its_form_on_the_branch_has_the_one_it_would_get() -> None:
    bare = ProposalContext.build_from_tree(tree(files({}, **CONFIGURATION)), WEB, "main")
    assert bare.form == SETTING.form
    assert replace(bare, tree=SETTING.tree, templates=SETTING.templates) == SETTING


NASTY = st.sampled_from([
    "https://[abc/", "[x](https://[abc/)", "https://a℀.example/x", "https://[c@octo]", "\x07", "\ud83d", "2405.04517",
    "[x](", "<img src='", "@a", "None", "Monday", "05/02/24", "2-3pm", "\n", "\n  - ", "# ", "**",
])  # fmt: skip
FIELDS = st.sampled_from(["title", "kind", "date", "time", "room", "leads", "abstract", "main_reading", "files"])


@given(st.dictionaries(FIELDS, st.lists(NASTY | PIECES, max_size=5).map("".join), max_size=4))
def test_no_answers_at_all_make_a_draft_fail(answers: dict[str, str]) -> None:
    draft = drafted(**answers)
    assert draft.questions or len(draft.body) <= MAX_BODY
    assert all(each.message for each in draft.questions)


LONG = 60_000
RUNS = {
    "brackets that are escaped": "\\[",
    "a heading with spaces": "# a" + " " * (LONG - 4) + "b",
    "an hour with spaces": "1" + " " * (LONG - 2) + "2",
    "an image without end": '<img alt=""',
    "an image with many attributes": "<img" + ' alt="a"' * 3_000 + ' src="b"' * 3_000,
    "tokens without end": "eyJ-",
    "links without end": "[](",
    "images in images": "![",
    "parentheses": "(",
    "addresses": "https://a(",
    "DOIs": "10.1234/",
    "lines": "a\n",
    "links that are lines": "[](a\n",
    "nested lines": "".join(f"{' ' * depth}- a\n" for depth in range(340)),
}
FIELDS_OF_TEXT = ("title", "date", "time", "leads", "abstract", "main_reading", "files", "anything_else")


def read_runs() -> None:
    """Read every run in every field, as long as an issue may be, and as long as a field and a line may be."""
    for name, unit in RUNS.items():
        text = (unit * (1 + LONG // len(unit)))[:LONG]
        for most in (LONG, 20_000, 4_096, 100):
            print(name, most, flush=True)  # noqa: T201 -- says which one did not end
            secrets.contains_secret(text[:most])
            for field in FIELDS_OF_TEXT:
                drafted(**{field: text[:most]})


def test_long_runs_in_an_answer_come_to_an_end() -> None:
    """One of them alone took from seconds to a minute; all of them together stay far below the limit."""
    program = f"import sys; sys.path[:0] = {sys.path!r}; import {__name__} as own; own.read_runs()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2016-04-04", "2016-04-04 is past: the session was proposed on 2026-04-03."),
        ("2026-04-02", "2026-04-02 is past: the session was proposed on 2026-04-03."),
        ("2062-04-03", "2062-04-03 is more than a year away: the session was proposed on 2026-04-03."),
        ("2026-04-03", ""),
        ("2027-04-03", ""),
    ],
)
def test_a_day_that_is_past_or_far_away_is_worth_a_look(day: str, sentence: str) -> None:
    opened = dt.datetime(2026, 4, 2, 23, 30, tzinfo=dt.UTC)  # already the next day in London
    draft = pull_request.build_proposal_draft(SETTING, Issue(7, body=body(date=day), created=opened), 3)
    assert draft.questions == ()
    assert ("the session was proposed on" in draft.body) == bool(sentence)
    assert sentence in draft.body
