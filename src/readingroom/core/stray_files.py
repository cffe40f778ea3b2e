"""Which names in sessions/ are those of stray files: what programs leave behind, which nobody means to publish."""

import re
from collections.abc import Iterable, Mapping

_STRAY = re.compile(
    r"~\$.*|.*~|#.*#"  # files that Office has open; backups and recovery files of editors
    r"|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r"  # Windows, macOS
    r"|.*\.(?:crdownload|part|partial|opdownload|download|filepart)"  # downloads that are not complete
    r"|.*\.(?:tmp|temp|bak|orig|rej|swp|swo|pyc)"
    r"|__pycache__|__macosx|node_modules|_minted.*"
    # What LaTeX writes next to a PDF: https://www.latex-project.org/help/documentation/
    r"|.*\.(?:aux|fls|fdb_latexmk|synctex|synctex\.gz|synctex\(busy\)|nav|snm|vrb|bbl|blg|bcf|run\.xml|lof|lot)",
    re.IGNORECASE | re.DOTALL,
)
# These may also be results that a session is about, unless there is a source file of that name.
_LATEX_PRODUCT = re.compile(r"(.+)\.(?:log|out|toc|idx|ind|ilg|dvi|xdv)", re.IGNORECASE | re.DOTALL)


def is_stray_name(name: str) -> bool:
    """Return whether a name alone says that a file or folder is stray."""
    return _STRAY.fullmatch(name) is not None


def drop_latex_products(listing: Mapping[str, int]) -> dict[str, int]:
    """Return the files of a folder without what LaTeX made of those among them, apart from PDF."""
    sources = {name[:-4].casefold() for name in listing if name.casefold().endswith(".tex")}
    return {name: size for name, size in listing.items() if not _is_product(name, sources)} if sources else {**listing}


def _is_product(name: str, sources: Iterable[str]) -> bool:
    match = _LATEX_PRODUCT.fullmatch(name)
    return match is not None and match[1].casefold() in sources
