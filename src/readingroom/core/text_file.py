"""Text files: bytes to text and back, keeping the byte order mark and the line ends."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import AnyStr

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class TextFile:
    """The text of a file with its line ends, and whether a byte order mark comes before it."""

    text: str
    has_bom: bool = False

    @classmethod
    def decode(cls, content: bytes, errors: str = "strict") -> "TextFile":
        """Return the file of bytes in UTF-8; raise UnicodeDecodeError for other bytes unless ``errors`` allows them."""
        return cls.from_text(content.decode("utf-8", errors))

    @classmethod
    def from_text(cls, text: str) -> "TextFile":
        """Return the file of a text, which may start with a byte order mark."""
        if text.startswith(_BYTE_ORDER_MARK):
            return cls(text.removeprefix(_BYTE_ORDER_MARK), has_bom=True)
        return cls(text)

    @property
    def line_end(self) -> str:
        """The line end of the first line, which new lines get too."""
        return "\r\n" if self.text.partition("\n")[0].endswith("\r") else "\n"

    def adapt_lines(self, lines: Iterable[str]) -> list[str]:
        r"""Return new lines with the file's line ends, as ``text.split("\n")`` gives the existing ones."""
        carriage_return = self.line_end.removesuffix("\n")
        return [line + carriage_return for line in lines]

    def replace_text(self, text: str) -> "TextFile":
        return replace(self, text=text)

    def encode(self) -> bytes:
        return (_BYTE_ORDER_MARK + self.text if self.has_bom else self.text).encode()


_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.MULTILINE)
_CONFLICT_HINT = "Keep one of the two versions and remove the lines that start with <<<<<<<, ======= and >>>>>>>."


def decode_file(file: str, content: bytes) -> TextFile:
    """Return the text file of UTF-8 bytes; raise Invalid for others, and for the markers of a merge conflict."""
    try:
        decoded = TextFile.decode(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{content[error.start]:02X} at offset {error.start} is not UTF-8."
        raise Invalid(
            [Diagnostic(Location(file, line), Code.FILE_NOT_UTF8, message, "Save the file as UTF-8.")]
        ) from None
    if (b"<<<<<<< " in content or b">>>>>>> " in content) and (conflict := _CONFLICT.search(decoded.text)):
        line = decoded.text.count("\n", 0, conflict.start()) + 1
        message = "contains the markers of a merge conflict."
        raise Invalid([Diagnostic(Location(file, line), Code.FILE_MERGE_CONFLICT, message, _CONFLICT_HINT)])
    return decoded


def normalize_line_ends(text: AnyStr) -> AnyStr:
    """Return a text, or its bytes, with LF instead of CRLF: as Git stores it, and as two texts are compared."""
    if isinstance(text, bytes):
        return text.replace(b"\r\n", b"\n")
    return text.replace("\r\n", "\n")


def normalize_typed_text(text: str) -> str:
    """Return a typed text without a byte order mark and with LF for every line end, also for a lone CR."""
    return normalize_line_ends(TextFile.from_text(text).text).replace("\r", "\n")
