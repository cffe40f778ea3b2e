"""LaTeX as MathML: a formula is shown, and nothing else can come of it."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import html5lib
import pytest

from readingroom.text import html as text_html
from readingroom.text import mathml
from readingroom.text.mathml import render_mathml

PARTS = [
    *(r"\frac", r"\sqrt", r"\left(", r"\right)", r"\left.", r"\hat", r"\overline", r"\underbrace", r"\not", r"\limits"),
    *(r"\begin{pmatrix}", r"\end{pmatrix}", r"\begin{aligned}", r"\end{aligned}", r"\begin{cases}", r"\end{cases}"),
    *(r"\text{", r"\mathrm{", r"\operatorname{", r"\color{red}", r"\boxed{", r"\cancel{", r"\hspace{1em}", r"\mathbb"),
    *(
        r"\sum",
        r"\int",
        r"\alpha",
        r"\\",
        r"\,",
        r"\!",
        r"\|",
        r"\{",
        r"\}",
        r"\$",
        r"\%",
        r"\&",
        "&",
        "{",
        "}",
        "^",
        "_",
    ),
    *(r"\href{javascript:alert(1)}", r"\url{https://example.org}", r"\class{a}", r"\style{color:red}", r"\cssId{x}"),
    *(r"\def\a{\a\a}", r"\a", r"\newcommand{\b}[1]{#1}", r"\b", r"\unicode{60}", r"\require{html}", r"\verb|<b>|"),
    *(
        "<script>alert(1)</script>",
        "<b onclick=x>",
        "</math>",
        "<annotation-xml>",
        "<mglyph src=x>",
        "<maction>",
        "<!--",
    ),
    *(
        "]]>",
        "&lt;",
        "&#60;",
        '"',
        "'",
        "`",
        "~",
        "%",
        "x",
        "1",
        "+",
        "=",
        "<",
        ">",
        "|",
        "é",
        "量",
        "🙂",
        "\u202e",
        "\x00",
    ),
]
TAGS = mathml._TAGS  # noqa: SLF001 -- it is the promise
ATTRIBUTES = {*mathml._ATTRIBUTES, "columnalign"}  # noqa: SLF001
FRAME = {"span", "code", "html", "head", "body", "title"}
CHANCE = random.Random(17)  # noqa: S311


def build_random_formula() -> str:
    return "".join(CHANCE.choice(PARTS) + CHANCE.choice(("", "", " ")) for _ in range(CHANCE.randint(1, 12)))


FORMULAS = [build_random_formula() for _ in range(10_000)]


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (r"\|x\|_2", "‖x‖2"),
        (r"a<b", "a<b"),
        (r"\frac{1}{2}", "12"),
        (r"\{a\}\,b", "{a}b"),
        (r"\begin{pmatrix}a & b\\ c & d\end{pmatrix}", "(abcd)"),
        (r"\Vert x\vert", "‖x|"),
        (r"\text{<script>alert(1)</script>}", "<script>alert(1)</script>"),
        (r"\mathbb{E}_{x \sim p}[f(x)]", "𝔼x∼p[f(x)]"),
    ],
)
def test_a_formula_is_shown(formula: str, shown: str) -> None:
    built = ET.fromstring(render_mathml(formula, is_block=False))  # noqa: S314 -- our own
    assert built.tag == "math"
    assert "".join(built.itertext()) == shown


def test_a_formula_with_lines_to_itself_is_a_block() -> None:
    assert render_mathml("x", is_block=True) == '<math display="block"><mi>x</mi></math>'


def test_columns_stay_aligned_without_a_style() -> None:
    built = render_mathml(r"\begin{aligned}a&=b\\c&=d\end{aligned}", is_block=True)
    assert re.findall('columnalign="([a-z]+)"', built) == ["right", "left"] * 2
    assert " style=" not in built


@pytest.mark.parametrize(
    "formula",
    [
        *("{", "x^", "}", r"\left(x", r"\unknown", r"\frac{1}", r"\begin{matrix}", "a & b", r"\end{x}"),
        *(
            r"\href{javascript:alert(1)}{x}",
            r"\def\a{\a}\a",
            r"\newcommand{\a}{b}\a",
            r"\class{a}{b}",
            r"\require{html}",
        ),
        "x" * (mathml.MAX_LENGTH + 1),
        "{" * 300 + "x" + "}" * 300,
        r"\sqrt" * 90 + "x",
        r"\hspace{1000em}" * 2 + r"\frac{1}{",
    ],
)
def test_what_is_wrong_forbidden_long_or_deep_is_no_formula(formula: str) -> None:
    assert render_mathml(formula, is_block=False) == ""


def test_no_length_can_move_what_is_around() -> None:
    assert "width" not in render_mathml(r"a\hspace{1000em}b", is_block=False)


@pytest.mark.parametrize(
    "html",
    [
        "<math><mi>x</mi>",
        "<mi>x</mi>",
        "x<math></math>",
        "<math><script>x</script></math>",
        "<math><annotation-xml>x</annotation-xml></math>",
        "<math><mglyph src='x'></mglyph></math>",
        "<math><maction>x</maction></math>",
        "<math><!-- x --></math>",
        "<math><![CDATA[x]]></math>",
        "<math><?x?></math>",
        "<!DOCTYPE x><math></math>",
        "<math><math></math></math>",
        "<math><mi>x</math></mi>",
        "<math>" + "<mrow>" * 100 + "</mrow>" * 100 + "</math>",
    ],
)
def test_whatever_the_converter_gives_only_the_list_passes(html: str) -> None:
    assert mathml._rewrite_mathml(html) == ""  # noqa: SLF001 -- what the converter would have to be tricked into


def test_attributes_that_do_more_than_show_are_dropped() -> None:
    html = '<math onclick="x" href="y" style="z"><mi class="a" mathvariant="normal" id="b" href="c">&lt;</mi></math>'
    assert mathml._rewrite_mathml(html) == '<math><mi mathvariant="normal">&lt;</mi></math>'  # noqa: SLF001


def test_ten_thousand_formulas_are_shown_as_formulas_or_as_their_source() -> None:
    shown = 0
    for start in range(0, len(FORMULAS), 500):
        part = [text_html.render_html_line(f"${formula}$") for formula in FORMULAS[start : start + 500]]
        document = f"<!DOCTYPE html><title>x</title><p>{'<br>'.join(part)}</p>"
        parsed = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(document)
        elements = [each for each in parsed.iter() if isinstance(each.tag, str)]
        names = {each.tag.removeprefix("{http://www.w3.org/1998/Math/MathML}") for each in elements}
        assert names <= {*TAGS, *FRAME, "p", "br"}
        attributes = {name for each in elements for name in each.attrib}
        assert attributes <= {*ATTRIBUTES, "class", "tabindex", "role", "aria-label"}
        shown += sum("<math" in each for each in part)
    assert shown > 400


def test_pages_without_mathematics_do_not_load_the_converter() -> None:
    program = (
        "import sys; from readingroom.text import html\n"
        "for source in ('*No* mathematics, $5 to $10.', 'Some: $x$.'):\n"
        "    html.render_html_block(source); print('math_core' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
