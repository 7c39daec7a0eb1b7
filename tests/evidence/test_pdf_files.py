"""PDF files are opened as readers of PDF files open them: nothing in them runs or hides."""

import io
import random
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from evidence import pdf_files
from evidence.attachments import FILE_LIMIT, examine
from evidence.pdf_files import UNPACKED_LIMIT, rewritten_pdf
from evidence.refused import RefusedFileError

AUTHOR = "Ama Mensah of Brixton"


def pdf(change=None, **how) -> bytes:
    """A PDF file of one page, changed by ``change`` before it is saved."""
    made = pikepdf.new()
    made.add_blank_page()
    page = made.pages[0]
    page.Contents = made.make_stream(b"BT /F1 12 Tf 72 720 Td (Stillbirth) Tj ET")
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, **how)
    return out.getvalue()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def action(kind: str, **more: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


def remark(made: Pdf, **more: object) -> None:
    note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **more)
    made.pages[0].Annots = Array([made.make_indirect(note)])


def opens(made: Pdf, what: Dictionary) -> None:
    made.Root.OpenAction = what


ACTIVE = {
    "script": (lambda made: opens(made, script()), "a script"),
    "script of the document": (
        lambda made: setattr(
            made.Root,
            "Names",
            Dictionary(JavaScript=Dictionary(Names=Array(["a", script()]))),
        ),
        "a script",
    ),
    "script after a harmless step": (
        lambda made: opens(made, action("Named", N=Name.NextPage, Next=Array([script()]))),
        "a script",
    ),
    "script of a page": (
        lambda made: setattr(made.pages[0].obj, "AA", Dictionary(O=script())),
        "a script",
    ),
    "program": (lambda made: opens(made, action("Launch", F="calc.exe")), "opens a file"),
    "other file": (lambda made: opens(made, action("GoToR", F="//host/x.pdf")), "opens a file"),
    "file inside": (
        lambda made: made.attachments.__setitem__("a.exe", b"MZ"),
        "another file inside it",
    ),
    "file beside a remark": (
        lambda made: remark(made, Subtype=Name.FileAttachment),
        "another file inside it",
    ),
    "other file inside": (lambda made: opens(made, action("GoToE", T=Dictionary())), "opens"),
    "form of another kind": (
        lambda made: setattr(made.Root, "AcroForm", Dictionary(XFA=made.make_stream(b"<a/>"))),
        "sends what is typed",
    ),
    "form that sends itself": (
        lambda made: remark(made, Subtype=Name.Widget, A=action("SubmitForm", F="https://a.b")),
        "sends what is typed",
    ),
    "form that reads a file": (
        lambda made: opens(made, action("ImportData", F="a.fdf")),
        "sends what is typed",
    ),
    "film": (lambda made: remark(made, Subtype=Name.RichMedia), "play"),
    "content in a file elsewhere": (
        lambda made: setattr(made.pages[0].Contents, "F", pikepdf.String("//host/x")),
        "opens a file",
    ),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in object streams"])
@pytest.mark.parametrize("what", ACTIVE)
def test_what_does_more_than_a_page_is_refused_in_words(what, packed):
    change, message = ACTIVE[what]
    how = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    content = pdf(change, object_stream_mode=how)
    if packed:
        assert b"app.alert" not in content
    with pytest.raises(RefusedFileError, match=f"{message}.*Print it to a new PDF"):
        rewritten_pdf(content)


@pytest.mark.parametrize("name", [b"/#4A#53", b"/J#53", b"/#4aS"])
def test_a_name_that_is_written_with_escapes_is_the_same_name(name):
    content = pdf(lambda made: opens(made, script()), compress_streams=False)
    content = content.replace(b"/JS", name).replace(b"/S /JavaScript", b"/S /J#61vaScript")
    assert b"/JS" not in content
    assert b"/JavaScript" not in content
    with pytest.raises(RefusedFileError, match="a script"):
        rewritten_pdf(content)


def test_the_kind_of_an_action_may_stand_elsewhere_in_the_file():
    def apart(made: Pdf) -> None:
        opens(made, Dictionary(S=made.make_indirect(Name.Launch), F="calc.exe"))

    with pytest.raises(RefusedFileError, match="opens a file or a program"):
        rewritten_pdf(pdf(apart))


def test_packed_pictures_are_never_taken_for_scripts():
    chance = random.Random(4)  # noqa: S311 (the same noise in each run)
    suspicious = 0
    for _ in range(1_000):
        noise = zlib.compress(chance.randbytes(2_000) + b"/JS (") + b"/JS " + b"/JavaScript"

        def packed(made: Pdf, noise: bytes = noise) -> None:
            held = made.make_stream(noise)
            held.Filter = Name.DCTDecode  # what is in a picture is never unpacked
            made.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=held))

        content = pdf(packed)
        suspicious += b"/JS" in content
        kept = rewritten_pdf(content)
        with pikepdf.open(io.BytesIO(kept)) as read:
            assert read.pages[0].Resources.XObject.Im0.read_raw_bytes() == noise
    assert suspicious == 1_000


def test_a_file_is_kept_without_its_author_and_its_history_and_looks_the_same():
    def signed(made: Pdf) -> None:
        made.docinfo["/Author"] = AUTHOR
        made.Root.Metadata = made.make_stream(f"<x>{AUTHOR}</x>".encode())
        made.pages[0].obj.PieceInfo = Dictionary(Word=Dictionary(Private=AUTHOR))
        remark(made, Subtype=Name.Text, T=AUTHOR, Contents="Look here")
        made.Root.Old = Dictionary(Type=Name.Sig, Name=AUTHOR, Contents=AUTHOR)
        made.make_indirect(Dictionary(Forgotten=AUTHOR))

    content = pdf(signed, compress_streams=False)
    assert AUTHOR.encode() in content
    kept = examine("a.pdf", content).content
    unpacked = io.BytesIO()
    with pikepdf.open(io.BytesIO(kept)) as read:
        assert read.pages[0].Contents.read_bytes() == b"BT /F1 12 Tf 72 720 Td (Stillbirth) Tj ET"
        assert str(read.pages[0].Annots[0].Contents) == "Look here"
        assert "/Info" not in read.trailer
        read.save(unpacked, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert b"Look here" in unpacked.getvalue()
    for part in AUTHOR.split():
        assert part.encode() not in unpacked.getvalue()
        assert part.encode() not in kept


def test_fields_of_a_form_keep_their_names():
    content = pdf(lambda made: remark(made, Subtype=Name.Widget, T="group", FT=Name.Tx))
    with pikepdf.open(io.BytesIO(rewritten_pdf(content))) as read:
        assert str(read.pages[0].Annots[0].T) == "group"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://www.example.org/a?b=c", True),
        ("mailto:a@example.org", True),
        ("annex.html#a:b", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("file://host/share", False),
        ("ms-msdt:/id", False),
        ("data:text/html,a", False),
    ],
)
def test_links_to_the_web_stay_and_no_other_ones(address, kept):
    content = pdf(lambda made: remark(made, Subtype=Name.Link, A=action("URI", URI=address)))
    with pikepdf.open(io.BytesIO(rewritten_pdf(content))) as read:
        found = read.pages[0].Annots[0].A
        assert ("/URI" in found) is kept


def test_the_same_file_sent_twice_is_the_same_file():
    content = pdf(lambda made: made.docinfo.__setitem__("/Author", AUTHOR))
    assert rewritten_pdf(content) == rewritten_pdf(content)


@pytest.mark.parametrize("word", ["", "secret"])
def test_a_locked_file_is_refused_with_how_to_mend_it(word):
    lock = pikepdf.Encryption(owner="owner", user=word)
    with pytest.raises(RefusedFileError, match=r"locked.*Print or save it to a new PDF"):
        rewritten_pdf(pdf(encryption=lock))


@pytest.mark.parametrize(
    "content",
    [
        pdf()[:-40],
        b"%PDF-1.7\n%%EOF\n",
        b"%PDF-1.7\n" + b"1 0 obj << /A " * 50_000 + b"\n%%EOF\n",
        b"%PDF-1.7\n" + b"[" * 1_000_000 + b"\n%%EOF\n",
        b"%PDF-1.7\n" + bytes(range(256)) * 4_000 + b"\n%%EOF\n",
    ],
    ids=["cut off", "empty", "never closed", "deep", "noise"],
)
def test_a_broken_file_is_refused_with_how_to_mend_it(content):
    with pytest.raises(RefusedFileError, match=r"broken or cut off\. Save it again"):
        rewritten_pdf(content)


def test_a_file_that_unpacks_to_far_more_is_not_unpacked():
    def bomb(made: Pdf) -> None:
        made.Root.Extra = made.make_stream(
            zlib.compress(bytes(4 * UNPACKED_LIMIT)), Filter=Name.FlateDecode
        )

    content = pdf(bomb)
    assert len(content) < FILE_LIMIT
    assert len(rewritten_pdf(content)) < FILE_LIMIT


def test_a_file_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_files, "ENTRIES_LIMIT", 100)
    content = pdf(lambda made: setattr(made.Root, "Many", Array(range(200))))
    with pytest.raises(RefusedFileError, match="too many parts"):
        rewritten_pdf(content)


def test_a_file_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_files, "SECONDS_LIMIT", -1.0)
    with pytest.raises(RefusedFileError, match="too many parts"):
        rewritten_pdf(pdf())
