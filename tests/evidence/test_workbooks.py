"""Of a workbook the values of its cells are kept, and nothing else that it holds."""

import io
import struct
import tracemalloc
import zipfile
from datetime import datetime, timedelta

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from evidence import workbooks
from evidence.attachments import examine
from evidence.refused import RefusedFileError
from evidence.workbooks import rewritten_workbook, texts_by_row

AUTHOR = "Ama Mensah"
SHEET = "xl/worksheets/sheet1.xml"


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows or (("group", "rate"), ("Black", 1.5)):
        book.active.append(row)
    return saved(book)


def with_parts(content: bytes, **parts: bytes) -> bytes:
    """A workbook with parts added or changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        held = {name: old.read(name) for name in old.namelist()} | parts
        for name, part in held.items():
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name)


def everything(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        return b"\n".join([*map(str.encode, names), *map(packed.read, names)])


def cells(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def test_values_keep_their_kind_and_their_sheet():
    book = openpyxl.Workbook()
    book.active.title = "Births"
    day = datetime(2026, 3, 14)
    book.active.append(["group", "rate", None, True, day, timedelta(hours=1)])
    book.active.append([])
    book.active.append(["Black", 1.5, 3, False, "  indented", "Łódź 🙂 العربية"])
    share = book.create_sheet("Shares")
    share["B2"] = 0.125
    share["B2"].number_format = "0.00%"
    kept = examine("a.xlsx", saved(book)).content
    assert cells(kept) == {
        "Births": [
            ["group", "rate", None, True, day, timedelta(hours=1)],
            [None] * 6,
            ["Black", 1.5, 3, False, "  indented", "Łódź 🙂 العربية"],
        ],
        "Shares": [[None, None], [None, 0.125]],
    }
    found = openpyxl.load_workbook(io.BytesIO(kept))
    assert found["Shares"]["B2"].number_format == "0.00%"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", " =1", "\uff1d1", "#N/A", "#REF!"],
)
def test_a_text_stays_a_text_and_no_cell_holds_a_formula(text):
    book = openpyxl.Workbook()
    book.active["A1"] = text
    book.active["A1"].data_type = "s"
    book.active["B1"] = "=1+1"
    book.active["C1"] = "kept"
    kept = rewritten_workbook(saved(book))
    sheet = openpyxl.load_workbook(io.BytesIO(kept)).active
    assert (sheet["A1"].value, sheet["A1"].data_type) == (text, "s")
    assert sheet["A1"].quotePrefix
    assert sheet["B1"].value is None, "a formula that was never worked out has no value"
    assert not sheet["C1"].quotePrefix
    assert b"<f" not in part_of(kept, SHEET).replace(b"<font", b"")


def test_a_formula_becomes_what_it_last_came_to():
    content = plain(("=HYPERLINK(A2)", "x"), ("=A1", "y"))
    xml = part_of(content, SHEET)
    assert xml.count(b"<v></v>") + xml.count(b"<v />") + xml.count(b"<v/>") == 2
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        xml = xml.replace(empty, b"<v>7</v>")
    kept = rewritten_workbook(with_parts(content, **{SHEET: xml}))
    assert cells(kept) == {"Sheet": [[7, "x"], [7, "y"]]}
    assert b"HYPERLINK" not in everything(kept)


def test_nothing_but_values_is_kept():
    book = openpyxl.Workbook()
    book.properties.creator = AUTHOR
    book.properties.lastModifiedBy = AUTHOR
    sheet = book.active
    sheet["A1"] = "group"
    sheet["A1"].hyperlink = "https://evil.example/"
    sheet["A1"].comment = Comment("said in private", AUTHOR)
    sheet["B1"] = 3
    sheet["B1"].number_format = f'0 "{AUTHOR}"'
    sheet.oddHeader.left.text = AUTHOR
    book.defined_names["x"] = DefinedName("x", attr_text="WEBSERVICE(A1)")
    content = with_parts(
        saved(book),
        **{
            "xl/vbaProject.bin": b"macro",
            "xl/connections.xml": b'<connections><dbPr connection="evil"/></connections>',
            "xl/queryTables/queryTable1.xml": b"<queryTable/>",
            "xl/externalLinks/externalLink1.xml": b"<externalLink><ddeLink/></externalLink>",
            "xl/embeddings/oleObject1.bin": b"MZ",
            "customXml/item1.xml": b"<secret/>",
        },
    )
    kept = rewritten_workbook(content)
    assert cells(kept) == {"Sheet": [["group", 3]]}
    found = everything(kept)
    for gone in (
        b"Ama", b"Mensah", b"evil", b"said in private", b"macro", b"connections", b"queryTable",
        b"externalLink", b"ddeLink", b"oleObject", b"secret", b"WEBSERVICE", b"comments",
    ):  # fmt: skip
        assert gone not in found, gone


def test_the_same_workbook_sent_twice_is_the_same_file():
    content = plain()
    assert rewritten_workbook(content) == rewritten_workbook(content)
    assert b"creator" not in everything(rewritten_workbook(content))


def test_names_of_sheets_are_kept_without_what_they_may_not_hold():
    book = openpyxl.Workbook()
    names = ["A long name of a sheet, 2026", "right\u202eleft", "Ünïcode 🙂"]
    book.active.title = names[0]
    for name in names[1:]:
        book.create_sheet(name)
    for sheet in book:
        sheet["A1"] = 1
    kept = rewritten_workbook(saved(book))
    assert list(cells(kept)) == [names[0], "rightleft", names[2]]
    xml = part_of(saved(book), "xl/workbook.xml")
    xml = xml.replace("right\u202eleft".encode(), b"a long NAME of a sheet, 2026")
    xml = xml.replace("Ünïcode 🙂".encode(), b"'[a]:*?/\\'")
    kept = rewritten_workbook(with_parts(saved(book), **{"xl/workbook.xml": xml}))
    assert list(cells(kept)) == [names[0], "a long NAME of a sheet, 2 (2)", "a"]


def test_broken_letters_and_numbers_without_end_do_no_harm():
    content = plain(("a", 1.5), ("b", 2.5))
    xml = part_of(content, SHEET).replace(b">1.5<", b">1e999<").replace(b">2.5<", b">-1e999<")
    kept = rewritten_workbook(with_parts(content, **{SHEET: xml}))
    assert cells(kept) == {"Sheet": [["a", "inf"], ["b", "-inf"]]}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({SHEET: b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"}, "broken. Save it again"),
        ({SHEET: '<?xml version="1.0"?><!DOCTYPE a []><worksheet/>'.encode("utf-16")}, "broken"),
        ({SHEET: b'<?xml version="1.0" encoding="utf-7"?><worksheet/>'}, "broken"),
        ({SHEET: b"<worksheet><sheetData><row>"}, "broken"),
        ({SHEET: b"<worksheet/>"}, "nothing in the cells"),
        ({"xl/workbook.xml": b"<a/>"}, "broken|nothing in the cells"),
        ({"xl/styles.xml": b"<styleSheet>" + b"<xf/>" * 300_000}, "too large"),
        ({"../../etc/passwd": b"x"}, "broken"),
        ({"xl/media/big.bin": bytes(60_000_000)}, "too large when it is unpacked"),
    ],
    ids=["entities", "hidden entities", "other letters", "cut off", "empty", "other", "styles",
         "path", "bomb"],
)  # fmt: skip
def test_what_can_not_be_read_safely_is_refused_in_words(parts, message):
    with pytest.raises(RefusedFileError, match=message):
        rewritten_workbook(with_parts(plain(), **parts))


def test_a_workbook_of_too_many_cells_or_rows_is_refused(monkeypatch):
    far = plain(("a", "b"))
    xml = part_of(far, SHEET).replace(b'r="1"', b'r="1048000"').replace(b'A1"', b'A1048000"')
    far = with_parts(far, **{SHEET: xml.replace(b'B1"', b'B1048000"')})
    with pytest.raises(RefusedFileError, match=r"more than 100,000 cells or 50,000 rows"):
        rewritten_workbook(far)
    monkeypatch.setattr(workbooks, "CELLS_LIMIT", 3)
    assert cells(rewritten_workbook(plain(("a", 1), ("b", None)))) == {
        "Sheet": [["a", 1], ["b", None]]
    }
    with pytest.raises(RefusedFileError, match="Send only the sheets that matter"):
        rewritten_workbook(plain(("a", 1), ("b", 2)))


def test_cells_far_to_the_right_are_refused_before_they_fill_the_memory():
    content = plain(("a",))
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 20_001))
    sheet = part_of(content, SHEET)
    start, end = sheet.index(b"<sheetData>"), sheet.index(b"</sheetData>")
    sheet = sheet[:start] + b"<sheetData>" + rows.encode() + sheet[end:]
    small = with_parts(content, **{SHEET: sheet})
    assert len(small) < 150_000
    tracemalloc.start()
    try:
        with pytest.raises(RefusedFileError, match="far to the right of the others"):
            rewritten_workbook(small)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_a_few_cells_far_to_the_right_are_taken():
    book = openpyxl.Workbook()
    book.active["XFD3"] = "far"
    [rows] = cells(rewritten_workbook(saved(book))).values()
    assert (len(rows), rows[2][-1]) == (3, "far")


def test_a_sheet_that_lies_about_its_size_is_read_to_its_last_row():
    content = plain(("a", 1), ("b", 2))
    xml = part_of(content, SHEET).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert b"XFD1048576" in xml
    kept = rewritten_workbook(with_parts(content, **{SHEET: xml}))
    assert cells(kept) == {"Sheet": [["a", 1], ["b", 2]]}


def test_a_part_that_lies_about_its_size_is_not_unpacked():
    content = bytearray(with_parts(plain(), **{"xl/media/big.bin": bytes(3_000_000)}))
    size = struct.pack("<L", 3_000_000)
    assert content.count(size) == 2
    with pytest.raises(RefusedFileError, match="broken"):
        rewritten_workbook(bytes(content.replace(size, struct.pack("<L", 10))))


def test_a_workbook_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "SECONDS_LIMIT", -1.0)
    with pytest.raises(RefusedFileError, match="web address of the workbook"):
        rewritten_workbook(plain())


def test_the_texts_of_a_kept_workbook_can_be_gone_through():
    kept = rewritten_workbook(plain(("group", "rate"), ("Ring 020 7946 0018", 943)))
    assert list(texts_by_row(kept)) == [["group", "rate"], ["Ring 020 7946 0018", "943"]]
