"""Parts of an address of the web."""


def strip_query(url: str) -> str:
    """Return an address without its query and its fragment."""
    return url.partition("#")[0].partition("?")[0]


def get_last_part(url: str) -> str:
    """Return what is after the last slash of an address, or before it at its end: mostly a file's name."""
    return url.rstrip("/").rpartition("/")[2]
