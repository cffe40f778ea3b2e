"""What a link or a file is called for readers, where nobody has named it."""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from readingroom.core.urls import get_last_part

# The label of a link or a file in tables: by a word of its title, or else by its file type.
_LABELS_BY_WORD = {
    "slide": "Slides",
    "notebook": "Notebook",
    "record": "Recording",
    "video": "Video",
    "code": "Code",
}
_LABELS_BY_FILE_TYPE = {
    "pdf": "Slides", "pptx": "Slides", "ppt": "Slides", "key": "Slides", "odp": "Slides",
    "ipynb": "Notebook", "mp4": "Recording", "webm": "Recording", "mov": "Recording", "m4a": "Recording",
}  # fmt: skip
# What a file with the type of slides is instead, by a word of its name.
_OTHER_LABELS = {"notes": "Notes", "handout": "Handout", "poster": "Poster", "paper": "Paper"}
LABELS = tuple(dict.fromkeys((*_LABELS_BY_WORD.values(), *_LABELS_BY_FILE_TYPE.values(), *_OTHER_LABELS.values())))

# A site, or a part of one, and what it holds.
_WORDS_BY_PLACE = {
    "youtube.com/": "Video", "youtu.be/": "Video", "youtube-nocookie.com/": "Video",
    "vimeo.com/": "Video", "dailymotion.com/": "Video", "loom.com/": "Video",
    "bilibili.com/": "Video", "zoom.us/rec/": "Video", "panopto.com/": "Video", "panopto.eu/": "Video",
    "docs.google.com/presentation/": "Slides", "slideshare.net/": "Slides", "speakerdeck.com/": "Slides",
    "slides.com/": "Slides", "prezi.com/": "Slides",
    "docs.google.com/document/": "Document", "hackmd.io/": "Document", "notion.so/": "Document",
    "docs.google.com/spreadsheets/": "Spreadsheet", "docs.google.com/forms/": "Form", "forms.gle/": "Form",
    "colab.research.google.com/": "Notebook",
    "drive.google.com/drive/": "Folder", "drive.google.com/": "File",
}  # fmt: skip
# What SharePoint and OneDrive write in an address: https://…/:p:/g/… is a presentation.
_WORDS_BY_TYPE = {"p": "Slides", "w": "Document", "b": "Document", "x": "Spreadsheet", "v": "Video", "f": "Folder"}
_SHARED_FILE = re.compile(r"(?:[a-z0-9-]+\.sharepoint\.com/:|1drv\.ms/:?)([a-z])[:/].*")
_ACTION = re.compile(
    r"(?:edit|view|viewer|preview|download|present|pub|embed|watch|raw|share|sharing|open|index|default)(?:\.[a-z]+)?",
    re.IGNORECASE,
)
_MIN_ID_LENGTH, _MAX_NAME_LENGTH = 8, 100


def is_unnamed_link(title: str, url: str) -> bool:
    """Return whether the title of a link is only a piece of its address."""
    return title in {url, url.partition("://")[2], get_last_part(url)}


def derive_link_name(url: str) -> str:
    """Return a word for what a known site holds, or else the last part of an address that people can read."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    if match := _SHARED_FILE.fullmatch(f"{host}{parts.path}"):
        return _WORDS_BY_TYPE.get(match[1], "File")
    names = (unquote(part) for part in reversed(parts.path.split("/")))
    readable = (name for name in names if _is_readable(name))
    return _find_word(host, parts.path.lstrip("/")) or next(readable, "") or (host if host.isprintable() else "") or url


def _find_word(host: str, path: str) -> str:
    """Return the word for a place on a known site, or on one below it, such as a university's on zoom.us."""
    for place, word in _WORDS_BY_PLACE.items():
        site, _, folder = place.partition("/")
        if f".{host}".endswith(f".{site}") and path.startswith(folder):
            return word
    return ""


def _is_readable(name: str) -> bool:
    """Return whether a part of a path says something to people: no identifier, and not what to do with a file."""
    is_text = name.isprintable() and any(map(str.isalnum, name)) and "\ufffd" not in name
    return is_text and len(name) <= _MAX_NAME_LENGTH and not _ACTION.fullmatch(name) and not _is_identifier(name)


def _is_identifier(name: str) -> bool:
    if len(name) < _MIN_ID_LENGTH or not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        return False
    has_digit = any(map(str.isdigit, name))
    is_hexadecimal = re.fullmatch(r"[0-9a-f-]{16,}", name, re.IGNORECASE) is not None
    return has_digit and (is_hexadecimal or not (name.islower() or name.isupper() or name.istitle()))


@lru_cache(maxsize=1_000)
def derive_link_label(title: str) -> str:
    """Return what tables call a link: a word for what its title says it is, or the title."""
    return find_word_label(title) or derive_file_label(title) or title


def find_word_label(title: str) -> str:
    """Return the label that a word of a title stands for, or an empty text."""
    folded = title.casefold()
    return next((label for word, label in _LABELS_BY_WORD.items() if word in folded), "")


def derive_file_label(name: str) -> str:
    """Return what tables call a file of this name, by its type; an empty text if they leave it out."""
    folded = name.casefold()
    label = _LABELS_BY_FILE_TYPE.get(folded.rpartition(".")[2], "")
    if label != "Slides":
        return label
    words = re.split(r"[^a-z]+", folded)
    return next((other for word, other in _OTHER_LABELS.items() if word in words and "slides" not in words), label)
