"""The evidence gap map as a real table, each cell of it a link with a name that says it all."""

from __future__ import annotations

from html import escape

import pandas as pd

from evidence.ethnicity import Classification
from evidence.gap_map import BLANKS, Known
from evidence.gap_map_words import blanks, in_words, newest
from evidence.numbers import is_blank
from evidence.periods import HISTORY_BEFORE
from evidence.search import Counted
from evidence.statements import RowLike
from evidence.vocabulary import BlankReason, DiseaseArea
from pages.shared.data import evidence_base
from pages.shared.html import address, table

FROM_A_BOROUGH = {
    Known.OWN: "the borough has figures of its own",
    Known.NHS_AREA: "none of its own; borrowed from its NHS area (Integrated Care Board)",
    Known.PART: "borrowed from several boroughs together or one hospital's patients",
    Known.LONDON: "borrowed from London as a whole",
    Known.WIDER: "borrowed from England, England and Wales, or the UK",
    Known.HISTORY: f"only figures from before {HISTORY_BEFORE}",
    Known.NOTHING: "we hold no figure; the cell opens the form to suggest one",
}
"""What each look of a cell means, seen from a borough."""

FROM_LONDON = {
    Known.LONDON: "there are figures of London as a whole",
    Known.PART: "none of London as a whole, but of a borough or another part of it",
    Known.WIDER: "nothing of London; of England, England and Wales, or the UK",
    Known.HISTORY: FROM_A_BOROUGH[Known.HISTORY],
    Known.NOTHING: FROM_A_BOROUGH[Known.NOTHING],
}
"""What each look of a cell means, seen from London as a whole."""


def map_table(cells: pd.DataFrame, home: Known, *, caption: str, strength: str | None) -> str:
    """The whole map: rows are boroughs or groups, columns disease areas.

    Parameters
    ----------
    cells
        A map of :mod:`evidence.gap_map`; with both ``borough`` and ``ethnic_group`` where one of
        them narrows the other's map (None where it does not).
    home
        What counts as a cell's own.
    caption
        What the table shows.
    strength
        The strength of evidence asked for, as the library's filter calls it.
    """
    by_group = "borough_code" not in cells
    key = "ethnic_group" if by_group else "borough_code"
    areas = [DiseaseArea(area) for area in cells["disease_area"].unique()]
    links = _links(cells, home, strength, long=False)
    body = [
        [_heading(row, by_group), *links[cells[key] == row[key]]]
        for row in cells.drop_duplicates(key).to_dict("records")
    ]
    head = ["Ethnic group" if by_group else "Borough", *(area.label for area in areas)]
    html = table(body, head, caption=caption, raw=range(len(head)))
    return f'<div class="gap-map">{html}</div>'


def list_table(cells: pd.DataFrame, home: Known, *, caption: str, strength: str | None) -> str:
    """A part of the map as a list that fits a phone: one cell a row, written out.

    The rows are what the part holds several of: areas, boroughs or groups.
    """
    by_area = cells["disease_area"].nunique() > 1
    by_group = "borough_code" not in cells
    head = "Disease area" if by_area else "Ethnic group" if by_group else "Borough"
    links = _links(cells, home, strength, long=True)
    body = [
        [
            escape(DiseaseArea(row["disease_area"]).label) if by_area else _heading(row, by_group),
            told,
        ]
        for row, told in zip(cells.to_dict("records"), links, strict=True)
    ]
    html = table(body, [head, "What is known"], caption=caption, raw=[0, 1])
    return f'<div class="gap-map gap-list">{html}</div>'


def _heading(row: RowLike, by_group: bool) -> str:
    """The heading of a row; detailed groups stand below their broad group."""
    if not by_group:
        return escape(str(row["borough"]))
    groups = evidence_base().groups
    code = str(row["ethnic_group"])
    level = "broad" if code in groups.broad else "detailed"
    return f'<span class="{level}">{escape(groups.short(code))}</span>'


def _links(cells: pd.DataFrame, home: Known, strength: str | None, *, long: bool) -> pd.Series:
    groups = evidence_base().groups
    made = [
        cell_link(row, home, groups, strength=strength, long=long)
        for row in cells.to_dict("records")
    ]
    return pd.Series(made, index=cells.index, dtype="object")


def cell_link(
    cell: RowLike,
    home: Known,
    groups: Classification,
    *,
    strength: str | None = None,
    long: bool = False,
) -> str:
    """A cell as a link: to the figures behind it, or to the form where nothing was found.

    What is seen is part of the link's name, so that people can call it by what they see.

    Parameters
    ----------
    cell
        A row of a map, with borough and ethnic_group (None where it is of no one group or place).
    home
        What counts as the cell's own.
    groups
        The classification.
    strength
        The strength of evidence asked for, as the library's filter calls it.
    long
        Whether the cell is written out, as a list has it, or in short, as the map has it.
    """
    area, known = DiseaseArea(cell["disease_area"]), Known(cell["known"])
    code, borough = cell.get("ethnic_group"), cell.get("borough")
    group = groups.short(str(code)) if code else None
    if known == Known.NOTHING:
        url = address("suggest", about_area=area.label, about_borough=borough, about_group=code)
    else:
        place = str(cell["place"])
        counted = Counted.HISTORY if known == Known.HISTORY else Counted.NOW
        url = address(
            "library",
            area=area.label,
            place=place,
            group=group,
            strength=strength,
            counted=counted.label,
        )
    whose = " ".join([f"in {borough}"] * bool(borough) + [f"for {group}"] * bool(group))
    before = f'<span class="off-screen">{escape(f"{area.label} {whose}: ")}</span>'
    shown = _long(cell, home) if long else _short(cell, home)
    opening = f'<a class="known {_look(known, home)}" href="{escape(url)}" target="_self">'
    return f"{opening}{before}{shown}</a>"


def _long(cell: RowLike, home: Known) -> str:
    words = in_words(cell, home)
    after = ". Suggest evidence" if cell["known"] == Known.NOTHING else ""
    return escape(f"{words[:1].upper()}{words[1:]}{after}")


def _short(cell: RowLike, home: Known) -> str:
    """Two lines: whose figures and how many, and how new; the rest for those who listen."""
    known = Known(cell["known"])
    held_back = f"<br>{_withheld(cell)}" if known != home and blanks(cell) else ""
    if known == Known.NOTHING:
        return f'<b>Nothing found</b>{held_back}<span class="off-screen">, suggest evidence</span>'
    many = "figure" if cell["figures"] == 1 else "figures"
    when = "undated" if is_blank(cell["newest"]) else newest(cell)
    of = "" if known == home else f" of {cell['place']}"
    after = (
        f"{of}, {cell['indicators']} indicator{'' if cell['indicators'] == 1 else 's'}, "
        f"{cell['sources']} source{'' if cell['sources'] == 1 else 's'}"
    )
    return (
        f'<b>{cell["figures"]:,} {known.word}</b><span class="off-screen"> {many},</span><br>'
        f'{when}{held_back}<span class="off-screen">{escape(after)}</span>'
    )


def _withheld(cell: RowLike) -> str:
    """Why a cell's own figures are blank, in a word or two: "own suppressed"."""
    reasons = [reason for reason, column in zip(BlankReason, BLANKS, strict=True) if cell[column]]
    return f"own {' and '.join(reason.value.replace('-', ' ') for reason in reasons)}"


def _look(known: Known, home: Known) -> str:
    """The class of a cell: what is its own is darkest, be it a borough's or London's."""
    return f"known-{Known.OWN if known == home else known}"


def legend(cells: pd.DataFrame, home: Known) -> str:
    """How each kind of cell looks, what it means, and how many of them the map has."""
    meanings = FROM_LONDON if home == Known.LONDON else FROM_A_BOROUGH
    counts = cells["known"].value_counts()
    items = "".join(
        f'<li><span class="known {_look(known, home)}"><b>{escape(known.label)}</b></span> '
        f"<span>{escape(meaning)}: <b>{counts[known]:,}</b> "
        f"{'cell' if counts[known] == 1 else 'cells'}</span></li>"
        for known, meaning in meanings.items()
        if known in counts.index
    )
    return f'<ul class="gap-legend">{items}</ul>'
