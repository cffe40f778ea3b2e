"""The names of papers in a line, and the addresses that lead to the same paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.text import references


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("2405.04517", ["arXiv:2405.04517"]),
        ("arXiv 2405.04517v2", ["arXiv:2405.04517v2"]),
        ("see (arXiv:2405.04517), please", ["arXiv:2405.04517"]),
        ("arXiv:2405.04517 [cs.LG]", ["arXiv:2405.04517 [cs.LG]"]),
        ("hep-th/9901001 and math.GT/0309136", ["arXiv:hep-th/9901001", "arXiv:math.GT/0309136"]),
        ("0704.0001", ["arXiv:0704.0001"]),
        ("DOI 10.1038/nature14539.", ["doi:10.1038/nature14539"]),
        ("(doi:10.1016/S0140-6736(05)12345-6)", ["doi:10.1016/S0140-6736(05)12345-6"]),
        ("doi.org/10.1038/nature14539", ["doi:10.1038/nature14539"]),
        ("10.48550/arXiv.2405.04517", ["doi:10.48550/arXiv.2405.04517"]),
        ("Notes on issue/1234567", []),
        ("Version 2024.10301", []),
        ("version 2012.10301", []),
        ("2301.1234", []),
        ("1301.12345", []),
        ("2405.04517.pdf", []),
        ("12405.04517", []),
        ("$10.50/hour", []),
        ("a/2405.04517", []),
        ("hep-th/9913001", []),
        ("2405.04517 " + "x" * 5_000, []),
    ],
)
def test_a_name_is_found_where_it_is_one(line: str, labels: list[str]) -> None:
    assert [each.label for each in references.find_papers(line)] == labels


@pytest.mark.parametrize(
    "addresses",
    [
        [
            "https://arxiv.org/abs/2307.08621",
            "http://www.arxiv.org/pdf/2307.08621v2.pdf",
            "https://export.arxiv.org/abs/2307.08621v1",
            "https://arxiv.org/html/2307.08621v4/",
            "https://doi.org/10.48550/arXiv.2307.08621",
            "http://dx.doi.org/10.48550/ARXIV.2307.08621v2",
        ],
        ["https://arxiv.org/abs/math.GT/0309136", "https://arxiv.org/pdf/math/0309136v1"],
        ["https://doi.org/10.1038/Nature14539", "http://dx.doi.org/10.1038/nature14539"],
        ["https://doi.org/10.1016/S0140-6736(05)1", "https://doi.org/10.1016/s0140-6736%2805%291"],
        ["https://a.example/p/", "http://www.a.example/p#x"],
    ],
)
def test_all_addresses_of_one_paper_have_one_identity(addresses: list[str]) -> None:
    assert len({references.derive_paper_key(each) for each in addresses}) == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ["https://arxiv.org/abs/hep-th/9901001", "https://arxiv.org/abs/math/9901001"],
        ["https://arxiv.org/list/vision", "https://arxiv.org/a/vision"],
        ["https://arxiv.org/abs/2307.08621", "https://notarxiv.org/abs/2307.08621"],
        ["https://a.example/?q=1", "https://a.example/?q=2"],
        ["https://[abc/", "https://[abd/"],
    ],
)
def test_other_papers_have_another_identity(addresses: list[str]) -> None:
    assert len({references.derive_paper_key(each) for each in addresses}) == 2


@given(st.text() | st.text(st.sampled_from("[]:/@.℀?#arxivog10"), max_size=40).map("https://{}".format))
def test_every_text_has_an_identity(url: str) -> None:
    assert isinstance(references.derive_paper_key(url), str)
