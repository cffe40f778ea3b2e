"""What looks like a token or a private key, so that nobody publishes one by mistake."""

import re

# The prefixes that the issuers document. Every repetition is bounded, or starts where no other one can.
_SECRET = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"gh[pousr]_[A-Za-z0-9]{20}|github_pat_\w{20}|glpat-[\w-]{20}"
    r"|xox[abeprs]-(?=[A-Za-z-]{0,40}[0-9])[A-Za-z0-9-]{10}|xapp-[0-9]-[A-Za-z0-9-]{10}"
    r"|hooks\.slack\.com/services/T\w{1,20}/B\w{1,20}/\w"
    r"|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{35}|ya29\.[\w-]{20}"
    r"|sk-[A-Za-z0-9]{20}|sk-(?:proj|svcacct|admin|or)-(?=[a-z-]{0,40}[A-Z0-9])[\w-]{20}|sk-ant-[a-z]{1,9}[0-9]{2}-[\w-]{10}"
    r"|[sr]k_(?:live|test)_[A-Za-z0-9]{16}|SG\.[\w-]{16,32}\.[\w-]{16}"
    r"|hf_[A-Za-z0-9]{20}|npm_[A-Za-z0-9]{30}|pypi-AgE[\w-]{30}|dckr_pat_[\w-]{20}"
    r"|eyJ[A-Za-z0-9][\w-]{9,500}\.eyJ[\w-]{10,4000}\.[\w-]"
    r")|-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----",
    re.ASCII,
)


def contains_secret(text: str) -> bool:
    """Return whether a text contains what looks like a token or a private key."""
    return _SECRET.search(text) is not None
