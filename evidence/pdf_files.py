"""PDF files that people send: read object by object, and written anew without who made them.

The file is opened as a reader of PDF files opens it, so that names with escapes, compressed
object streams and later revisions are seen for what they are. What would run, send or open
something is refused, and its sender is told how to mend it. What is kept has no author, no dates
and no private data of the program that made it; text and pictures on its pages stay as they are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from time import monotonic

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from pikepdf.settings import set_qpdf_limits

from evidence.refused import RefusedFileError

ENTRIES_LIMIT = 1_000_000
"""The most entries of dictionaries and arrays that are looked at."""

SECONDS_LIMIT = 15.0
"""How long a file may take to be looked through."""

UNPACKED_LIMIT = 50_000_000
"""The most bytes that one packed stream of objects may hold once it is unpacked."""

# The limits of the library hold for the whole process, and are set once.
set_qpdf_limits(
    doc_max_warnings=1_000,
    parser_max_nesting=100,
    max_stream_filters=3,
    flate_max_memory=UNPACKED_LIMIT,
    run_length_max_memory=UNPACKED_LIMIT,
    png_max_memory=UNPACKED_LIMIT,
    tiff_max_memory=UNPACKED_LIMIT,
)

_SCRIPT = "a script"
_FILE = "another file inside it"
_SENDS = "a form that sends what is typed"
_OPENS = "a link that opens a file or a program"
_PLAYS = "sound, film or other things that play"

_ACTIVE_KEYS = {
    "/JS": _SCRIPT,
    "/JavaScript": _SCRIPT,
    "/EF": _FILE,
    "/EmbeddedFiles": _FILE,
    "/XFA": _SENDS,
    "/RichMediaContent": _PLAYS,
}
_ACTIVE_KINDS = {
    "/JavaScript": _SCRIPT,
    "/EmbeddedFile": _FILE,
    "/FileAttachment": _FILE,
    "/SubmitForm": _SENDS,
    "/ImportData": _SENDS,
    "/Launch": _OPENS,
    "/GoToR": _OPENS,
    "/GoToE": _OPENS,
    "/RichMedia": _PLAYS,
    "/RichMediaExecute": _PLAYS,
    "/Rendition": _PLAYS,
    "/Movie": _PLAYS,
    "/Sound": _PLAYS,
    "/3D": _PLAYS,
}
_PRIVATE_KEYS = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
_LINK_SCHEMES = {"http", "https", "mailto", "tel"}

BROKEN = "This PDF file is broken or cut off. Save it again, and send that."
LOCKED = (
    "This PDF file is locked with a password or against changes. "
    "Print or save it to a new PDF without a lock, and send that."
)
TOO_LARGE = (
    "This PDF file has too many parts to look through. Send only the pages that matter, or the "
    "web address of the document."
)


def rewritten_pdf(content: bytes) -> bytes:
    """A PDF file written anew, without its author, dates and earlier revisions.

    Parameters
    ----------
    content
        The bytes of the file. The same bytes give the same file again.

    Raises
    ------
    RefusedFileError
        If it is broken, locked, too large to be looked through, or holds something that runs,
        plays, sends or opens something.
    """
    # Readers look for the end in the last kilobyte; a file without it was cut off on its way.
    if b"%%EOF" not in content[-2_048:]:
        raise RefusedFileError(BROKEN)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise RefusedFileError(LOCKED)
            _look_through(pdf)
            for key in pdf.trailer.keys() - {"/Root", "/Size", "/ID"}:
                del pdf.trailer[key]
            out = io.BytesIO()
            pdf.save(
                out,
                deterministic_id=True,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                # What is packed stays as it is: nothing is unpacked that readers don't open.
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
            )
    except RefusedFileError:
        raise
    except pikepdf.PasswordError as error:
        raise RefusedFileError(LOCKED) from error
    except (pikepdf.PikepdfError, ValueError, TypeError, RuntimeError, OverflowError) as error:
        raise RefusedFileError(BROKEN) from error
    return out.getvalue()


def _look_through(pdf: pikepdf.Pdf) -> None:
    """Raise at the first thing that runs, and take out what tells who made the file."""
    until, entries = monotonic() + SECONDS_LIMIT, 0
    for each in pdf.objects:
        for holder in _direct(each):
            entries += (
                len(holder.keys()) if isinstance(holder, Dictionary | Stream) else len(holder)
            )
            if entries > ENTRIES_LIMIT or monotonic() > until:
                raise RefusedFileError(TOO_LARGE)
            if isinstance(holder, Dictionary | Stream):
                if active := _active(holder):
                    raise RefusedFileError(
                        f"This PDF file holds {active}. Print it to a new PDF, and send that."
                    )
                _without_people(holder)


def _direct(start: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """A dictionary, stream or array and those written inside it; what it refers to comes apart."""
    waiting = [start]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, Dictionary | Stream):
            yield holder
            inside = [value for _, value in holder.items()]
        elif isinstance(holder, Array):
            yield holder
            inside = list(holder)
        else:
            continue
        waiting += [
            value
            for value in inside
            if isinstance(value, Dictionary | Array) and not value.is_indirect
        ]


def _active(holder: pikepdf.Object) -> str | None:
    """What a dictionary does that a page alone does not; None where it is nothing."""
    found = _ACTIVE_KEYS.keys() & holder.keys()
    if found:
        return _ACTIVE_KEYS[min(found)]
    for key in ("/S", "/Type", "/Subtype"):
        kind = holder.get(key)
        if isinstance(kind, Name) and str(kind) in _ACTIVE_KINDS:
            return _ACTIVE_KINDS[str(kind)]
    # The content of a stream may stand in a file of its own, which readers would fetch.
    return _OPENS if isinstance(holder, Stream) and "/F" in holder else None


def _without_people(holder: pikepdf.Object) -> None:
    """Take out of a dictionary who made or marked the file, and links that are no web addresses."""
    for key in _PRIVATE_KEYS:
        if key in holder:
            del holder[key]
    if "/Rect" in holder and "/T" in holder and holder.get("/Subtype") != Name.Widget:
        del holder["/T"]  # the author of a remark; of a field of a form it is the name
    if holder.get("/Type") in {Name.Sig, Name.DocTimeStamp}:
        for key in holder.keys() - {"/Type"}:
            del holder[key]  # a signature names its signer, and holds no more for a new file
    if "/URI" in holder and not _harmless(holder["/URI"]):
        del holder["/URI"]


def _harmless(link: pikepdf.Object) -> bool:
    """Whether the address of a link is one of the web, of an email or of a phone."""
    if not isinstance(link, String):
        return False
    scheme = re.match(r"([^/?#]*?):", re.sub(r"[\x00-\x20\x7f-\xa0]", "", str(link)))
    return scheme is None or scheme[1].casefold() in _LINK_SCHEMES
