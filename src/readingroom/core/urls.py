"""Parts of a web address."""


def strip_query(url: str) -> str:
    """Return an address without its query and its fragment."""
    return url.partition("#")[0].partition("?")[0]


def get_last_part(url: str) -> str:
    """Return the last part of an address's path, mostly a file's name; slashes at the end do not count."""
    return url.rstrip("/").rpartition("/")[2]
