"""The check of the squares that stand for boroughs: each borough has one, and no two share one."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from loaders.read import Fault, TableRead
from loaders.tables import BOROUGHS


def misplaced_tiles(read: TableRead, boroughs: pd.DataFrame) -> Iterable[tuple[int, Fault]]:
    """Rows of the tiles that stand on another's square or belong to no borough.

    Parameters
    ----------
    read
        The table of tiles as read.
    boroughs
        The table of boroughs; what an empty one holds is not known, and nothing is held to it.

    Returns
    -------
    Iterable
        The index of each such row with its fault.
    """
    frame = read.frame
    for index in frame.index[frame.duplicated(["column", "row"])]:
        same = (frame[["column", "row"]] == frame.loc[index, ["column", "row"]]).all(axis=1)
        first = frame.loc[frame.index[same][0], "borough_code"]
        code = str(frame.at[index, "borough_code"])
        problem = f"{code} stands on the square of {first}"
        yield index, _fault(read, index, "column", problem, "Give it a square of its own")
    if boroughs.empty:
        return
    for index in frame.index[~frame["borough_code"].isin(boroughs["borough_code"])]:
        code = str(frame.at[index, "borough_code"])
        problem = f"{code!r} is not in {BOROUGHS.pattern}"
        yield index, _fault(read, index, "borough_code", problem, "Use the code of a borough")


def untiled(read: TableRead, tiles: pd.DataFrame, boroughs: pd.DataFrame) -> Iterable[Fault]:
    """Boroughs without a square, once the table of tiles is otherwise whole."""
    if read.unreadable or read.faults or len(tiles) < len(read.frame):
        return  # which borough a row that is left out was of is not known
    for row in boroughs[~boroughs["borough_code"].isin(tiles["borough_code"])].to_dict("records"):
        problem = f"{row['name']} ({row['borough_code']}) has no square"
        yield Fault(read.table.pattern, None, None, problem, "Add a row for it")


def _fault(read: TableRead, index: int, column: str, problem: str, remedy: str) -> Fault:
    place = read.origin.loc[index]
    return Fault(str(place["file"]), int(str(place["row"])), column, problem, remedy)
