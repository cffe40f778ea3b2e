"""arXiv numbers and DOIs in a line, and the addresses of the same paper.

Their syntax: https://info.arxiv.org/help/arxiv_identifier.html and the DOI Handbook.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from readingroom.text.links import MAX_LINE

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    "|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph"
    "|q-alg|q-bio|quant-ph|solv-int|stat|supr-con"
)
_MONTH = r"(?:0[1-9]|1[0-2])"
# Four digits until December 2014, five since; before April 2007 an archive and seven digits.
_NUMBER = (
    rf"(?:(?:0[7-9]|1[0-4]){_MONTH}\.[0-9]{{4}}|(?:1[5-9]|[2-9][0-9]){_MONTH}\.[0-9]{{5}}"
    rf"|(?:{_ARCHIVES})(?:\.[A-Z]{{2}})?/[0-9]{{2}}{_MONTH}[0-9]{{3}})"
)
_ARXIV = re.compile(
    rf"(?<![\w./#=@-])(?<!version )(?<!release )(?:arxiv[:. ] {{0,3}})?({_NUMBER}(?:v[1-9][0-9]?)?)"
    r"( \[[a-z-]+(?:\.[a-z-]{2,})?\])?(?![\w/-]|\.\w)",
    re.IGNORECASE | re.ASCII,
)
_DOI = re.compile(
    r"(?<![\w./])(?:(?:dx\.)?doi\.org/|doi[: ] {0,3})?(10\.[0-9]{4,9}/[^\s\"<>]+)", re.IGNORECASE | re.ASCII
)


class PaperMatch(NamedTuple):
    """An arXiv number or DOI in a line: where it starts and ends, its usual form, and the paper's address."""

    start: int
    end: int
    label: str
    url: str


def find_papers(line: str) -> list[PaperMatch]:
    """Return the arXiv numbers and DOIs of a line in their order, without numbers that may be something else."""
    if len(line) > MAX_LINE:
        return []
    papers = [_build_doi_match(match) for match in _DOI.finditer(line)]
    for match in _ARXIV.finditer(line):
        if not any(paper.start <= match.start() < paper.end for paper in papers):
            label = f"arXiv:{match[1]}{match[2] or ''}"
            papers.append(PaperMatch(match.start(), match.end(), label, f"https://arxiv.org/abs/{match[1]}"))
    return sorted(papers)


def _build_doi_match(match: re.Match[str]) -> PaperMatch:
    """Return the DOI without the punctuation that ends a sentence or closes a parenthesis around it."""
    doi = match[1].rstrip(".,;:!?'*_")
    for left, right in ("()", "[]", "{}"):
        while doi.endswith(right) and doi.count(right) > doi.count(left):
            doi = doi[:-1].rstrip(".,;:!?'*_")
    return PaperMatch(match.start(), match.start(1) + len(doi), f"doi:{doi}", f"https://doi.org/{doi}")


_ARXIV_PATH = re.compile(rf"(?:abs|pdf|html|format|ps|src|e-print)/({_NUMBER})(?:v[0-9]+)?(?:\.pdf)?", re.IGNORECASE)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.({_NUMBER})(?:v[0-9]+)?", re.IGNORECASE)


def derive_paper_key(url: str) -> str:
    """Return the key of a paper, the same for all its addresses."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.casefold().removeprefix("www.")
    path = unquote(parts.path).strip("/")
    if (host == "arxiv.org" or host.endswith(".arxiv.org")) and (match := _ARXIV_PATH.fullmatch(path)):
        return _normalize_arxiv_number(match[1])
    if host in {"doi.org", "dx.doi.org"}:
        match = _ARXIV_DOI.fullmatch(path)
        return _normalize_arxiv_number(match[1]) if match else f"doi:{path.casefold()}"
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _normalize_arxiv_number(number: str) -> str:
    """Return an arXiv number without the subject class, which is not part of it: math.GT/0309136 is math/0309136."""
    archive, _, digits = number.casefold().rpartition("/")
    return f"arxiv:{archive.partition('.')[0]}/{digits}"
