"""Files are taken by what they hold, never by their name, and nothing in them runs."""

import csv
import io
import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep

import openpyxl
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from evidence import attachments
from evidence.attachments import FILE_LIMIT, Attachment, FileKind, examine, for_download
from evidence.refused import RefusedFileError

PLACE = "51 deg 30 N"


def picture(kind: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (8, 4), 1).save(out, kind, **options)
    return out.getvalue()


def workbook() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["group", 1])
    made.save(out)
    return out.getvalue()


def one_page(title: str = "") -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.docinfo["/Title"] = title
    made.save(out, compress_streams=False)
    return out.getvalue()


PDF = one_page()


def in_words(value):
    """Part of a test's name; bytes that hold a time would give it another name in each run."""
    return "file" if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, FileKind.PDF),
        (picture("PNG"), FileKind.PNG),
        (picture("JPEG"), FileKind.JPEG),
        (workbook(), FileKind.XLSX),
        (b"group,rate\nBlack,1.2\n", FileKind.CSV),
        ("group;rate\nBlåck;1,2\n".encode("cp1252"), FileKind.CSV),
        ("group\trate\nBlack\t1\n".encode("utf-16"), FileKind.CSV),
    ],
    ids=in_words,
)
def test_a_file_is_known_by_its_content_whatever_its_name(content, kind):
    taken = examine("evil.html", content)
    assert taken.kind is kind
    assert taken.name == "evil.html"
    name, media_type, _ = for_download(taken, "LRH-2222-2222", 1)
    assert name == f"LRH-2222-2222-1.{kind}"
    assert "html" not in media_type


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"%PDF-1.7" + b"a" * FILE_LIMIT, r"has 5\.0 MB. The most we can take is 5 MB"),
        (b"<html><body>a,b</body></html>", "web page"),
        (b"a,b\n<script>alert(1)</script>,2\n", "web page"),
        (b"\xff\xd8\xff<script>alert(1)</script>", "broken"),
        (b"GIF89a<script>", "do not know|web page"),
        (b"MZ\x90\x00\x03", "do not know"),
        (b"\x7fELF\x02\x01", "do not know"),
        (b"just a sentence without a table", "not a table"),
        (PDF[:20], "cut off"),
        (one_page("<script>alert(1)</script>"), "web page"),
        (PDF.replace(b"/Type /Catalog", b"/JS (alert(1)) /Type /Catalog"), "a script"),
        (workbook()[:60], "broken"),
    ],
    ids=in_words,
)
def test_what_is_not_taken_is_refused_in_words(content, message):
    with pytest.raises(RefusedFileError, match=message):
        examine("table.csv", content)


def test_a_word_document_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", b"<a/>")
    with pytest.raises(RefusedFileError, match="not an Excel workbook"):
        examine("a.xlsx", out.getvalue())


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked():
    content = bytearray(picture("PNG"))
    content[16:24] = struct.pack(">LL", 60_000, 60_000)
    content[29:33] = struct.pack(">L", zlib.crc32(content[12:29]))
    with pytest.raises(RefusedFileError, match=r"too many pixels|broken"):
        examine("a.png", bytes(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_loses_where_it_was_taken_and_what_hangs_on_it_and_keeps_its_look(kind):
    exif = Image.Exif()
    exif[0x010E] = PLACE
    exif[0x0112] = 6  # turned by a quarter
    content = picture(kind, exif=exif) + b"<script>alert(1)</script>"
    assert PLACE.encode() in content
    kept = examine("a.png", content).content
    assert PLACE.encode() not in kept
    assert b"script" not in kept
    assert Image.open(io.BytesIO(kept)).size == (4, 8)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_pictures_of_every_mode_keep_their_pixels(mode):
    content = picture("PNG", mode)
    kept = Image.open(io.BytesIO(examine("a.png", content).content))
    sent = Image.open(io.BytesIO(content))
    assert kept.convert("RGBA").tobytes() == sent.convert("RGBA").tobytes()


def test_formulas_in_a_table_are_plain_text_once_it_leaves():
    taken = examine("a.csv", b'group,rate\n"=HYPERLINK(""https://evil"",""x"")",+1\n-2,@SUM(A1)\n')
    assert b"\n-2" in taken.content
    _, _, content = for_download(taken, "LRH-2222-2222", 1)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["group", "rate"]
    assert [cell[0] for row in rows[1:] for cell in row] == ["'"] * 4


def test_a_name_can_not_lead_out_of_a_folder_or_turn_its_letters_round():
    taken = examine("../../etc/\u202egnp.exe\x00\n.csv", b"a,b\n1,2\n")
    assert not set("/\\\u202e\x00\n") & set(taken.name)
    assert len(examine("a" * 1_000, b"a,b\n1,2\n").name) == 100


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff"]))
def test_any_bytes_are_taken_or_refused_in_words(content, start):
    try:
        taken = examine("a", start + content)
    except RefusedFileError as error:
        told = str(error)
    else:
        told = for_download(taken, "LRH-2222-2222", 1)[0] + "."
    assert told.endswith(".")


def table_of(*rows, kind=FileKind.CSV):
    """A table with these rows, as it is kept."""
    out = io.BytesIO()
    if kind is FileKind.XLSX:
        made = openpyxl.Workbook()
        for row in rows:
            made.active.append(row)
        made.save(out)
    else:
        out.write("\n".join(",".join(map(str, row)) for row in rows).encode())
    return examine("table", out.getvalue())


@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.XLSX])
def test_what_looks_private_in_a_table_is_named(kind):
    table = table_of(
        ("name", "told"),
        ("Ama Mensah", "SW2 1AA"),
        ("Ring", "020 7946 0018"),
        ("NHS number", 9434765919),
        ("Ring again", "020 7946 0019"),
        kind=kind,
    )
    assert table.kind is kind
    assert table.private == ("postcode with a name", "phone number", "NHS number")


@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.XLSX])
def test_a_table_of_figures_names_nothing_private(kind):
    rows = [("group", "rate", "count"), ("Black", 1.25, 12_345_678), ("White", 3, 2019)]
    assert table_of(*rows, kind=kind).private == ()


def test_pdf_files_and_pictures_are_not_looked_into():
    assert examine("a", one_page("Ring 020 7946 0018")).private == ()
    assert examine("a", picture("PNG")).private == ()


def test_only_so_many_letters_are_looked_at(monkeypatch):
    rows = [("group", "note"), ("Black", "x" * 100), ("Ring", "020 7946 0018")]
    assert table_of(*rows).private == ("phone number",)
    monkeypatch.setattr(attachments, "PRIVATE_LETTERS_LIMIT", 100)
    assert table_of(*rows).private == ()


@pytest.mark.parametrize("kind", FileKind)
def test_a_file_that_can_not_be_read_any_more_names_nothing(kind):
    assert Attachment("old", kind, b"\x00 no such file").private == ()


def test_files_that_come_at_once_are_written_anew_one_after_another(monkeypatch):
    busy, together = Lock(), []

    def rewritten(content):
        if not busy.acquire(blocking=False):
            together.append(content)
            return content
        sleep(0.02)
        busy.release()
        return content

    monkeypatch.setattr(attachments, "_picture", rewritten)
    with ThreadPoolExecutor(4) as people:
        kept = list(people.map(lambda number: examine("a.png", picture("PNG")), range(4)))
    assert (len(kept), together) == (4, [])


def test_a_file_that_is_refused_does_not_hold_up_the_next():
    for _ in range(2):
        with pytest.raises(RefusedFileError):
            examine("a.png", b"\x89PNG\r\n\x1a\nbroken")
    assert examine("a.png", picture("PNG")).kind is FileKind.PNG


def test_a_file_does_not_wait_for_ever_for_those_before_it(monkeypatch):
    monkeypatch.setattr(attachments, "WAIT_SECONDS", 0.01)
    with attachments._ONE_AT_A_TIME, pytest.raises(RefusedFileError, match="in a minute"):
        examine("a.png", picture("PNG"))
    assert examine("a.png", picture("PNG")).kind is FileKind.PNG
