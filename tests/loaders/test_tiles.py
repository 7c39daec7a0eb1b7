"""The squares that stand for boroughs, and what the check says of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.open import EvidenceBase, open_evidence
from tests.loaders.tables_to_break import append, change, rows_of, small_copy, write_rows

TILES = "reference/borough_tiles.csv"
BARNET, BRENT, ENFIELD = "E09000003", "E09000005", "E09000010"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return small_copy(tmp_path)


def told(opened: EvidenceBase) -> list[str]:
    return [str(fault) for fault in opened.faults if fault.file == TILES]


def test_each_of_the_33_boroughs_has_one_square_and_no_two_share_one(base: EvidenceBase) -> None:
    tiles = base.tiles
    assert sorted(tiles["borough_code"]) == sorted(base.boroughs["borough_code"])
    assert len(tiles) == 33
    assert not tiles.duplicated(["column", "row"]).any()


def test_the_squares_keep_the_sides_of_london(base: EvidenceBase) -> None:
    tile = base.tiles.set_index("borough_code")
    by_name = tile.loc[base.boroughs["borough_code"]].set_axis(base.boroughs["name"])
    assert by_name.at["Enfield", "row"] == by_name["row"].min()
    assert by_name.at["Sutton", "row"] == by_name["row"].max()
    assert by_name.at["Hillingdon", "column"] == by_name["column"].min()
    assert by_name.at["Havering", "column"] == by_name["column"].max()
    # The City lies between Westminster and Tower Hamlets, north of the river and of Southwark.
    city, row = by_name.loc["City of London"], by_name["row"]
    columns = by_name.loc[["Westminster", "Tower Hamlets"], "column"]
    assert list(columns) == [city["column"] - 1, city["column"] + 1]
    assert row["Southwark"] == city["row"] + 1


def test_two_boroughs_on_one_square_are_a_fault_and_the_second_is_left_out(data: Path) -> None:
    number = change(data, TILES, ENFIELD, column="3", row="1")
    opened = open_evidence(data)
    (fault,) = told(opened)
    assert fault == (
        f"{TILES}, row {number}, column column: {ENFIELD} stands on the square of {BARNET}. "
        "Give it a square of its own"
    )
    assert ENFIELD not in set(opened.tiles["borough_code"])
    assert len(opened.tiles) == 32


def test_a_borough_with_two_squares_is_a_fault(data: Path) -> None:
    number = append(data, TILES, BRENT, row="9")
    opened = open_evidence(data)
    (fault,) = told(opened)
    assert f"row {number}, column borough_code: '{BRENT}' stands already" in fault
    assert len(opened.tiles) == 33


def test_a_borough_without_a_square_is_named(data: Path) -> None:
    rows = rows_of(data / TILES)
    write_rows(data / TILES, [row for row in rows if row[0] != BRENT])
    assert told(open_evidence(data)) == [
        f"{TILES}: Brent ({BRENT}) has no square. Add a row for it"
    ]


def test_a_square_of_no_borough_is_a_fault(data: Path) -> None:
    number = append(data, TILES, BRENT, borough_code="E09000099", row="9")
    (fault,) = told(open_evidence(data))
    assert f"row {number}, column borough_code: 'E09000099' is not in" in fault


def test_a_table_of_squares_that_cannot_be_read_is_told_once_and_takes_nothing_with_it(
    data: Path,
) -> None:
    (data / TILES).write_text("", encoding="utf-8")
    opened = open_evidence(data)
    assert len(told(opened)) == 1
    assert opened.unreadable == ["borough tiles"]
    assert opened.tiles.empty
    assert len(opened.boroughs) == 33
