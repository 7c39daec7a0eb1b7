"""Files that people send: which kinds we take, told by their content and never by their name.

Pictures, PDF files and workbooks are written anew, without what a camera, a program or a person
wrote into them beside their content (a place, a name, a macro). No file is ever served as a page:
each goes out as a download under a name of ours.
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import re
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from PIL import Image, ImageOps

from evidence.pdf_files import rewritten_pdf
from evidence.privacy import find
from evidence.refused import KINDS, RefusedFileError
from evidence.typed import clean, safe_cell
from evidence.workbooks import rewritten_workbook, texts_by_row

FILE_LIMIT = 5_000_000
"""The most bytes of a file."""

FILES_LIMIT = 3
"""The most files of a suggestion."""

PIXELS_LIMIT = 40_000_000
NAME_LIMIT = 100
PRIVATE_LETTERS_LIMIT = 300_000
"""How many letters of a table are looked at for what may tell who someone is."""


class FileKind(StrEnum):
    """A kind of file that we take."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """The media type for a download."""
        return {
            FileKind.PDF: "application/pdf",
            FileKind.PNG: "image/png",
            FileKind.JPEG: "image/jpeg",
            FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileKind.CSV: "text/csv",
        }[self]


@dataclass(frozen=True)
class Attachment:
    """A file, checked: its cleaned name, its kind by content, and what is kept of it."""

    name: str
    kind: FileKind
    content: bytes

    @cached_property
    def private(self) -> tuple[str, ...]:
        """What in a table looks as if it tells who someone is, by its kinds, in order.

        Rows are read as texts (:func:`evidence.privacy.find`), up to
        :data:`PRIVATE_LETTERS_LIMIT` letters in all. PDF files and pictures are not looked into.
        """
        found: dict[str, None] = {}
        left = PRIVATE_LETTERS_LIMIT
        for row in _rows_of(self):
            text = " | ".join(filter(None, row))[:left]
            found |= dict.fromkeys(span.kind for span in find(text))
            left -= len(text)
            if left <= 0:
                break
        return tuple(found)

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()


_ACTIVE_HTML = re.compile(
    rb"<(?:!doctype html|html[\s>]|script[\s>/]|iframe[\s>]|object[\s>]|embed[\s>]|foreignobject)"
    rb"|javascript:|<svg[\s>][^>]{0,200}on\w+=",
    re.IGNORECASE,
)
WAIT_SECONDS = 30
"""For how long a file waits for those before it."""

_ONE_AT_A_TIME = threading.Lock()
"""A picture of :data:`PIXELS_LIMIT` needs much memory while it is written anew, however few bytes
it has: a copy of the app that examined many at once would end."""

_BROKEN_PICTURE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning)


def examine(name: str, content: bytes) -> Attachment:
    """A file as it is kept. Files are written anew one after another, whoever sent them.

    Parameters
    ----------
    name
        Its name, as its sender had it; shown to reviewers, and used for nothing.
    content
        Its bytes.

    Raises
    ------
    RefusedFileError
        If it is too large, of a kind that we don't take, broken, or holds something that runs.
    """
    if len(content) > FILE_LIMIT:
        raise RefusedFileError(
            f"This file has {len(content) / 1e6:.1f} MB. The most we can take is "
            f"{FILE_LIMIT / 1e6:.0f} MB. Send us the web address of the document instead."
        )
    if not content:
        raise RefusedFileError("This file is empty.")
    shown = clean(name, lines=False).replace("/", " ").replace("\\", " ")[-NAME_LIMIT:].strip()
    for kind, looks_like, make in (
        (FileKind.PDF, content.startswith(b"%PDF-"), _pdf),
        (FileKind.PNG, content.startswith(b"\x89PNG\r\n\x1a\n"), _picture),
        (FileKind.JPEG, content.startswith(b"\xff\xd8\xff"), _picture),
        (FileKind.XLSX, content.startswith(b"PK\x03\x04"), rewritten_workbook),
    ):
        if looks_like:
            if not _ONE_AT_A_TIME.acquire(timeout=WAIT_SECONDS):
                raise RefusedFileError(
                    "Too many files are being read just now. Try again in a minute."
                )
            try:
                return Attachment(shown or "file", kind, make(content))
            finally:
                _ONE_AT_A_TIME.release()
    return Attachment(shown or "file", FileKind.CSV, _table(content))


def for_download(attachment: Attachment, reference: str, number: int) -> tuple[str, str, bytes]:
    """The name, media type and bytes under which a file may leave the database.

    The name is ours; a CSV file has its formulas made plain text.
    """
    kind = attachment.kind
    content = attachment.content
    if kind is FileKind.CSV:
        content = _without_formulas(content)
    return f"{reference}-{number}.{kind}", kind.media_type, content


def _without_html(content: bytes) -> bytes:
    if _ACTIVE_HTML.search(content):
        raise RefusedFileError(f"This file holds parts of a web page. {KINDS}")
    return content


def _pdf(content: bytes) -> bytes:
    return rewritten_pdf(_without_html(content))


def _picture(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            if opened.width * opened.height > PIXELS_LIMIT:
                raise RefusedFileError("This picture has too many pixels. Make it smaller.")
            picture = ImageOps.exif_transpose(opened)
    except RefusedFileError:
        raise
    except _BROKEN_PICTURE as error:
        raise RefusedFileError("This picture is broken. Save it again, and send that.") from error
    kept = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    if palette := picture.getpalette():
        kept.putpalette(palette)
    out = io.BytesIO()
    kept.save(out, format=opened.format, quality=92)
    return out.getvalue()


def _text(content: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, or Windows-1252 as Excel saves it."""
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    encodings = [marks[content[:2]]] if content[:2] in marks else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
            return text
    raise RefusedFileError(f"We do not know this kind of file. {KINDS}")


def _rows(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _rows_of(file: Attachment) -> Iterator[list[str]]:
    """The rows of a table as texts; nothing for files of other kinds and what can't be read."""
    try:
        if file.kind is FileKind.XLSX:
            yield from texts_by_row(file.content)
        elif file.kind is FileKind.CSV:
            yield from _rows(_text(file.content))
    except Exception:  # a file kept by an earlier version of this module may hold anything
        logging.getLogger(__name__).warning("A table that was kept can't be read")


def _table(content: bytes) -> bytes:
    text = _text(content)
    _without_html(text.encode())
    try:
        rows = _rows(text)
    except csv.Error as error:
        raise RefusedFileError(f"This CSV file can't be read. {KINDS}") from error
    if not any(len(row) > 1 for row in rows):
        raise RefusedFileError(f"This file is not a table. {KINDS}")
    return content


def _without_formulas(content: bytes) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in _rows(_text(content)))
    return out.getvalue().encode("utf-8-sig")
