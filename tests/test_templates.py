"""A group's own templates: found by name, kept in a sandbox, and no mistake in one passes unnoticed."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groups import READING, TODAY, Files, built, files, outcome, outline, page, tree
from readingroom.core import package_files
from readingroom.core.diagnostics import Diagnostic, Invalid
from readingroom.core.models import Resource
from readingroom.proposals import template_check
from readingroom.render import build
from readingroom.render import templates as render_templates
from readingroom.store.catalogue import read_catalogue
from rendered import facts, headings, links, text
from rendered import page as shown

HELD = {"01-bert": {"title": "Bert", "date": "2024-01-08", "material": READING}}
PAGE = "sessions/01-bert/README.md"


def with_templates(**templates: str) -> Files:
    return files(HELD, {f"templates/{name}.md.j2": template for name, template in templates.items()})


def problems(**templates: str) -> list[Diagnostic]:
    with pytest.raises(Invalid) as caught:
        outcome(with_templates(**templates))
    return caught.value.problems


def test_groups_own_template_replaces_the_built_in_one_of_that_name() -> None:
    made = built(with_templates(session="# Our {{ session.title }}\n"))
    assert made[PAGE].decode().endswith("-->\n# Our Bert\n")


def test_other_templates_stay_as_they_are_built_in() -> None:
    plain, own = built(files(HELD)), built(with_templates(session="# Our own\n"))
    assert own["sessions/README.md"] == plain["sessions/README.md"]
    assert own["README.md"] == plain["README.md"]


def test_a_group_can_use_the_built_in_parts_in_its_own_template() -> None:
    own = '{% from "parts.md.j2" import head, row %}{{ head() }}{{ row(sessions[0], "sessions/") }}'
    previous = built(with_templates(previous=own))["README.md"].decode()
    assert "[Bert](sessions/01-bert/README.md)" in previous


def test_a_template_of_another_name_can_be_included() -> None:
    made = built(with_templates(session='{% include "ours.md.j2" %}', ours="# Ours: {{ group.name }}\n"))
    assert made[PAGE].decode().endswith("# Ours: Robots in Disguise\n")


def test_filters_are_there_for_a_groups_own_template() -> None:
    template = "{{ session.date | weekday }}, {{ session.date | date }}, {{ session.title | text }}\n"
    made = files(
        {"01-bert": {"title": "B*", "date": "2024-01-08"}}, {"templates/session.md.j2": template}, locale="de_DE"
    )
    assert built(made)[PAGE].decode().splitlines()[1] == r"Montag, 2024-01-08, B\*"


def test_a_template_that_no_page_is_made_from_is_reported_with_the_name_that_was_meant() -> None:
    (finding,) = outcome(with_templates(nxt="x", ours="x", next='{% include "ours.md.j2" %}')).findings
    assert outline([finding]) == ["templates/nxt.md.j2 [template-unused]"]
    assert '"next.md.j2"' in finding.hint


def test_a_template_that_writes_a_marker_is_refused_before_the_marker_is_in_the_readme() -> None:
    (problem,) = problems(next="<!-- readingroom:end next -->\n")
    assert outline([problem]) == ["templates/next.md.j2 [template-breaks-region]"]
    assert "<!-- readingroom:end next -->" in problem.message


def test_a_template_of_a_region_that_leaves_code_open_is_refused() -> None:
    (problem,) = problems(next="```\n{{ group.name }}\n")
    assert outline([problem]) == ["templates/next.md.j2 [template-breaks-region]"]
    assert "code open" in problem.message


def test_a_wrong_marker_in_the_template_of_a_new_readme_is_reported_there() -> None:
    (problem,) = problems(readme="# {{ group.name }}\n<!-- readingroom:begin nest -->\n")
    assert outline([problem]) == ["templates/readme.md.j2:2 [region-marker-invalid]"]


@pytest.mark.parametrize("written", [r"\ud800", r"\x01", r"\uffff", r"\x7f"])
@pytest.mark.parametrize(
    ("template", "text", "line"),
    [
        ("session", '# {{{{ group.name }}}}\n\n{{{{ session.title ~ "{}" }}}}\n', 3),
        ("upcoming", "{{% if true %}}\n{{{{ group.name ~ '{}' }}}}\n{{% endif %}}\n", 2),
        ("session", "# Title\n\n{{{{ '{}' }}}}\n", 3),
        ("material", '{{% set x = "{}" %}}\nText\n{{{{ x }}}}\n', 3),
    ],
)
def test_a_character_that_no_page_can_hold_is_reported_with_the_line_that_writes_it(
    template: str, text: str, line: int, written: str
) -> None:
    (problem,) = problems(**{template: text.format(written)})
    assert outline([problem]) == [f"templates/{template}.md.j2:{line} [template-failed]"]
    assert f"U+{ord(written.encode().decode('unicode_escape')):04X}" in problem.message


def test_a_template_that_is_included_and_missing_is_reported_by_its_name() -> None:
    (problem,) = problems(session='# Title\n{% include "ours.md.j2" %}\n')
    assert outline([problem]) == ["templates/session.md.j2:2 [template-failed]"]
    assert '"ours.md.j2"' in problem.message


@pytest.mark.parametrize(
    ("own", "hints"),
    [
        ('{% include "schedule.md.j2" %}', ["templates/schedule.md.j2", "an earlier release"]),
        ('{% from "schedule.md.j2" import row %}', ["templates/schedule.md.j2", "an earlier release"]),
        ('{% extends "schedule.html.j2" %}', ["templates/schedule.html.j2", "an earlier release"]),
        ('{% include ["schedule.md.j2", "x/y.md.j2"] %}', ["templates/schedule.md.j2", "an earlier release"]),
        ('{% include "part.md.j2" %}', ['Did you mean "parts.md.j2"?']),
        ('{% from "parts.md.j2" import rwo %}{{ rwo() }}', ["docs/templates.md"]),
    ],
)
def test_a_template_of_an_earlier_release_that_is_missing_is_named_with_the_way_out(own: str, hints: list[str]) -> None:
    (problem,) = problems(session=own)
    assert outline([problem]) == ["templates/session.md.j2:1 [template-failed]"]
    assert [each for each in hints if each not in problem.hint] == []


def test_a_copy_of_a_built_in_template_changes_nothing() -> None:
    copies = {
        f"templates/{path.name}": path.read_bytes() for path in package_files.get_asset_folder("templates").glob("*.j2")
    }
    assert {path: text for path, text in built(files(HELD, copies)).items() if path not in copies} == built(files(HELD))


ESCAPES = [
    "{{ ''.__class__.__mro__ }}",
    "{{ session.title.__class__ }}",
    "{{ [].append.__self__ }}",
    "{{ group.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum.__globals__ }}",
    "{{ '{0.__class__}'.format(session) }}",
    "{{ '%s' | attr('__class__') }}",
    "{{ ().__class__.__base__.__subclasses__() }}",
]


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_template_cannot_leave_its_sandbox(escape: str) -> None:
    assert outline(problems(session=f"# Title\n\n{escape}\n")) == ["templates/session.md.j2:3 [template-failed]"]


@pytest.mark.parametrize(
    "change",
    [
        "{% set _ = session.__setattr__('title', 'x') %}",
        "{{ session.leads.append(1) }}",
        "{{ group.kinds.append('x') }}",
    ],
)
def test_a_template_cannot_change_what_it_is_given(change: str) -> None:
    assert outline(problems(session=f"{change}\n")) == ["templates/session.md.j2:1 [template-failed]"]


@pytest.mark.parametrize(
    "chance",
    [
        "{{ session.date.today() }}",
        "{{ session.date.fromtimestamp(0) }}",
        "{{ lipsum() }}",
        "{{ [1, 2] | random }}",
    ],
)
def test_a_template_makes_the_same_page_from_the_same_files(chance: str) -> None:
    assert outline(problems(session=f"# Title\n{chance}\n")) == ["templates/session.md.j2:2 [template-failed]"]


@pytest.mark.parametrize("file", ["/etc/passwd", "../readingroom.yml", "readingroom.yml", "../../etc/passwd"])
def test_a_template_cannot_read_other_files(file: str) -> None:
    assert outline(problems(session=f"# Title\n{{% include '{file}' %}}\n")) == [
        "templates/session.md.j2:2 [template-failed]"
    ]


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("# {{ sesion.title }}\n", 1, "sesion"),
        ("# Title\n\n{{ session.titel }}\n", 3, "titel"),
        ("# Title\n{% if session.titel %}\n{% endif %}\n", 2, "titel"),
        ("# Title\n{% for lead in session.leeds %}\n{% endfor %}\n", 2, "leeds"),
        ("# Title\n\n{{ session.title | txt }}\n", 3, "txt"),
        ("# Title\n{% if session.title %}\n", 2, "endif"),
        ("# Title\n\n\n{{ session.title \n", 4, "end of print statement"),
        ("# Title\n{% endfor %}\n", 2, "endfor"),
        ("{{ 1 / 0 }}\n", 1, "zero"),
        ("\n{{ session.date.strftime(1) }}\n", 2, "str"),
        ("\n\n{% include 'none.md.j2' %}\n", 3, "none.md.j2"),
        ("\n{% include [] %}\n", 2, 'no template ""'),
        ("# Title\n{% set group.x = 1 %}\n", 2, "namespace"),
        ("# Title\nText\n\n\x07", 4, "U+0007"),
        ("# Title\n{{ session.title | text(a=1, a=2) }}\n", 2, "repeated: a"),
        ("# Title\n" + "{% for x in [1] %}" * 30 + "{% endfor %}" * 30, 2, "too many"),
        ("# Title\n" + "{% if true %}" * 61 + "{% endif %}" * 61, 2, "more than 60"),
        ("# Title\n{{ " + "(" * 9999 + "1" + ")" * 9999 + " }}\n", 2, "recursion"),
        ("# Title\n{{ group" + ".a" * 999 + " }}\n", 2, "more than 60"),
        ("# Title\n{{ " + "9" * 5000 + " }}\n", 2, "4300 digits"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_is_reported_with_its_line(template: str, line: int, said: str) -> None:
    (problem,) = problems(session=template)
    assert outline([problem]) == [f"templates/session.md.j2:{line} [template-failed]"]
    assert (said in problem.message, "docs/templates.md" in problem.hint) == (True, True)


_WORDS = [
    "group",
    "session",
    "sessions",
    "1",
    "'a'",
    "[]",
    "{}",
    "none",
    "nobody",
    r"'\ud800'",
    r"'\x01'",
    "''.__class__",
]
_FILTERS = [
    "text",
    "date",
    "inline",
    "people",
    "item",
    "path",
    "address",
    "nope",
    "list",
    "join(1)",
    "batch(0)",
    "sort",
]
_NAMES = ["'parts.md.j2'", "'session.md.j2'", "'next.md.j2'", "'none.md.j2'", "'../x'", r"'\ud800'", *_WORDS]
_EXPRESSIONS = st.recursive(
    st.sampled_from(_WORDS),
    lambda inner: st.one_of(
        st.builds("({} | {})".format, inner, st.sampled_from(_FILTERS)),
        st.builds("{}({})".format, inner, inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "/", "~", "<", "is", "in", "and"]), inner),
        st.builds("{}.{}".format, inner, st.sampled_from(["title", "x", "__init__", "format(1)"])),
        st.builds("{}[{}]".format, inner, inner),
    ),
    max_leaves=4,
)
_SNIPPETS = st.recursive(
    st.one_of(
        st.text(max_size=5),
        st.sampled_from(["{% endif %}", "{% endfor %}", "{% else %}", "{{", "{%", "{#"]),
        st.sampled_from(["\x00", "\x7f", "\r", "\u2028", "```", "<!-- readingroom:end next -->"]),
        st.builds("{{{{ {} }}}}".format, _EXPRESSIONS),
        st.builds("{{% {} {} %}}".format, st.sampled_from(["include", "extends", "set x ="]), st.sampled_from(_NAMES)),
        st.builds("{{% from {} import {} %}}".format, st.sampled_from(_NAMES), st.sampled_from(["head", "_x"])),
    ),
    lambda inner: st.one_of(
        st.builds("{}\n{}".format, inner, inner),
        st.builds("{{% if {} %}}{}{{% endif %}}".format, _EXPRESSIONS, inner),
        st.builds("{{% for x in {} %}}{}{{% endfor %}}".format, _EXPRESSIONS, inner),
        st.builds("{{% for x in range(9999999) %}}{}{{% endfor %}}".format, inner),
        st.builds("{{% macro m(x) %}}{}{{% endmacro %}}{{{{ m() }}}}".format, inner),
        st.builds("{{% block b %}}{}{{% endblock %}}".format, inner),
    ),
    max_leaves=5,
)  # fmt: skip
_OVERRIDABLE = sorted(package_files.read_builtin_templates())


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(_OVERRIDABLE), _SNIPPETS)
@example("session.md.j2", "{% include none %}")
@example("site-head.html.j2", "{{ {}[group] }}")
def test_whatever_a_template_holds_gives_pages_or_names_its_line(name: str, template: str) -> None:
    made = tree(files(HELD, {f"templates/{name}": f"Text\n{template}".encode("utf-8", "surrogatepass")}))
    try:
        build.build_pages(made, lambda _: TODAY)
        template_check.check_group_templates(made, lambda _: TODAY)
    except Invalid as refused:
        for each in refused.problems:
            assert each.file.startswith("templates/"), outline([each])
            assert each.line or each.code == "template-breaks-region", outline([each])  # that is the whole text's


def test_a_mistake_in_an_included_template_is_reported_where_it_is() -> None:
    assert outline(problems(session='# Title\n{% include "ours.md.j2" %}\n', ours="\n\n{{ nobody }}\n")) == [
        "templates/ours.md.j2:3 [template-failed]"
    ]


def test_a_mistake_in_a_macro_is_reported_where_it_is() -> None:
    assert outline(
        problems(parts="{% macro head() %}\n{{ nobody }}\n{% endmacro %}\n{% macro row() %}{% endmacro %}\n")
    ) == ["templates/parts.md.j2:2 [template-failed]"]


def test_a_template_that_never_ends_its_output_is_stopped() -> None:
    assert outline(problems(session="# Title\n{% for n in range(999999999) %}x{% endfor %}\n")) == [
        "templates/session.md.j2:2 [template-failed]"
    ]


def test_a_template_that_includes_itself_is_stopped() -> None:
    (problem,) = problems(session='# Title\n{% include "session.md.j2" %}\n')
    assert (problem.file, problem.code) == ("templates/session.md.j2", "template-failed")


def test_a_template_that_is_not_utf_8_is_a_problem() -> None:
    with pytest.raises(Invalid) as caught:
        outcome(files(HELD, {"templates/session.md.j2": b"# Gr\xc3\xbcn\n\xfc"}))
    (problem,) = caught.value.problems
    assert outline([problem]) == ["templates/session.md.j2:2 [file-not-utf8]"]
    assert "0xFC at offset 8" in problem.message


SOURCE_TEXTS = [
    "{{ 7*7 }}",
    "{{ ''.__class__.__mro__ }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{# gone #}",
    "{{ group.name }}",
    "{0.__class__} %s ${x} \\1",
]


@pytest.mark.parametrize("title", SOURCE_TEXTS)
@pytest.mark.parametrize("own", [{}, {"templates/next.md.j2": "\n"}], ids=["built-in", "own"])
def test_template_language_in_a_strangers_text_stays_text(title: str, own: dict[str, str]) -> None:
    data = {"title": title, "date": "2024-01-08", "abstract": title, "room": title, "leads": [{"name": title}]}
    data["material"] = [{"heading": title, "items": [{"title": title}]}]
    made = built(files({"01-bert": data}, own))
    assert text(headings(shown(made[PAGE]))[0]) == title
    assert text(facts(shown(made[PAGE]))["Where"]) == title
    assert text(facts(shown(made[PAGE]))["Lead"]) == title
    assert (title, "sessions/01-bert/README.md") in links(shown(made["README.md"]))


def test_liquid_in_a_strangers_text_is_not_left_for_github_pages() -> None:
    made = page(
        files({"01-bert": {"title": "{{ x }} {% y %}", "abstract": "{{ x }} {% y %}", "date": "2024-01-08"}}), PAGE
    )
    assert re.findall(r"\{[{%]", made) == []


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "(0 bytes)"), (999, "(999 bytes)"), (1000, "(1.0 kB)"), (9940, "(9.9 kB)"), (9960, "(10 kB)"),
     (999_499, "(999 kB)"), (999_500, "(1.0 MB)"), (52_428_800, "(52 MB)")],
)  # fmt: skip
def test_a_files_size_is_shown_in_words(size: int, words: str) -> None:
    assert render_templates.format_file_size(Resource("a.pdf", "a.pdf", "Slides", size)).strip() == words


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("@ada {{ '@bob' }}", "@\u200bada @\u200bbob"),
        ("@{{ session.name | text }} #{{ 12 }} GH-{{ 3 }}", "@\u200bBert #\u200b12 GH-\u200b3"),
        ("ada@{{ 'example.org' }} # Title", "ada@example.org # Title"),
        ("[x](https://medium.com/@ada/1234567890)", "[x](https://medium.com/@ada/1234567890)"),
        ("[x](https://github.com/a/b/issues/3)", "[x](https://redirect.github.com/a/b/issues/3)"),
    ],
)
def test_what_a_groups_own_template_writes_into_a_comment_notifies_nobody(template: str, expected: str) -> None:
    made = tree(with_templates(session=template))
    known = read_catalogue(made)
    values = {"session": known.sessions[0], "material": "", "is_past": False}
    own = build.load_templates(made, known.group)
    assert own.show_in_comment(str).render_template("session.md.j2", **values) == expected
    assert "\u200b" not in own.render_template("session.md.j2", **values)
