"""The choice of what is shown of the boroughs, as one sentence with blanks."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from evidence.place_values import AcrossBoroughs, show_across
from evidence.places import Shown, london_of, references_of, ways_to_show
from evidence.selection import summarise_sets
from evidence.statements import RowLike
from evidence.vocabulary import Direction, DiseaseArea
from pages.shared.address import choose
from pages.shared.data import across_of, evidence_base, figures_of, indicator_row
from pages.shared.indicator import set_label
from pages.shared.picker import blank, distinct

WAYS = {Shown.FIGURE: "figures", Shown.RATIO: "ratios to", Shown.DIFFERENCE: "differences from"}
"""What the sentence calls each way to show the boroughs."""


@dataclass(frozen=True)
class PlaceChoice:
    """What the sentence says: an indicator, one set joined over the boroughs, and what is shown."""

    indicator: RowLike
    rows: pd.DataFrame
    across: AcrossBoroughs


def pick_places(mapped: pd.DataFrame) -> PlaceChoice:
    """Let the reader fill in "[area]: [indicator] from [set] for [group], as [way] [reference]".

    ``mapped`` are the indicators that boroughs have figures of, of which there is one at least.
    """
    base = evidence_base()
    areas = [area for area in DiseaseArea if (mapped["disease_area"] == area).any()]
    area = choose(
        "Disease area", areas, "area", kind="a disease area", show=lambda one: one.label,
        default=DiseaseArea.MENTAL_HEALTH, width=420,
    ) or areas[0]  # fmt: skip
    mapped = mapped[mapped["disease_area"] == area]
    names = base.indicators.set_index("indicator_id")["name"].to_dict()
    ids = sorted(mapped["indicator_id"], key=lambda key: str(names[key]))
    labels = {key: str(names[key]) for key in ids}
    with st.container(horizontal=True, vertical_alignment="center", key="picker"):
        first = first_across(mapped, base.indicators)
        indicator_id = blank("", "Indicator", ids, "indicator", labels, first, width=400)
        rows = across_of(indicator_id)
        sets = _sets(rows)
        set_id = blank("from", "Period and source", list(sets), "set", sets, width=400)
        one = rows[rows["set_id"] == set_id]
        codes = base.groups.sort(one["ethnic_group"].unique())
        people = {code: base.groups.people(code) for code in codes}
        start = "black" if "black" in codes else codes[0]
        group = blank("for", "Ethnic group", codes, "group", people, start, width=330)
        shown, reference = _how(one, group)
    london = london_of(figures_of(indicator_id), one, group)
    across = show_across(
        one, base.boroughs, base.groups, shown=shown, group=group, reference=reference,
        london=london,
    )  # fmt: skip
    return PlaceChoice(indicator_row(indicator_id), one, across)


def first_across(mapped: pd.DataFrame, indicators: pd.DataFrame) -> str:
    """The indicator to open with: compared between groups, of most boroughs, better or worse.

    ``mapped`` are :func:`evidence.places.indicators_across` of one disease area; ``indicators``
    is the table of that name.
    """
    best = mapped.merge(indicators[["indicator_id", "name", "direction"]], on="indicator_id")
    best["judged"] = best["direction"] != Direction.NEITHER
    keys = ["compared", "boroughs", "divided", "judged", "name"]
    best = best.sort_values(keys, ascending=[False, False, False, False, True], kind="stable")
    return str(best["indicator_id"].iloc[0])


def _sets(rows: pd.DataFrame) -> dict[str, str]:
    """The joined sets of an indicator with their labels: of most boroughs first, then newest."""
    told = rows[rows["value"].notna()]
    summary = summarise_sets(told if len(told) else rows.assign(value=0.0))
    boroughs = told.groupby("set_id")["geography_code"].nunique()
    summary["boroughs"] = summary["set_id"].map(boroughs).fillna(0)
    summary = summary.sort_values(["history", "boroughs"], ascending=[True, False], kind="stable")
    return distinct({row["set_id"]: set_label(row) for row in summary.to_dict("records")})


def _how(one: pd.DataFrame, group: str) -> tuple[Shown, str | None]:
    """What is shown of the group, and the group that it is held against."""
    groups = evidence_base().groups
    references = references_of(one, group, groups)
    ways = [way for way in ways_to_show(one) if way is Shown.FIGURE or references]
    ways = ways or [Shown.FIGURE]
    # Ratios first, as this is about inequalities between groups.
    ways = sorted(ways, key=lambda way: way is Shown.FIGURE)
    labels = {way.value: WAYS[way] for way in ways}
    shown = Shown(blank("as", "Shown as", list(labels), "as", labels, width=190))
    if shown is Shown.FIGURE:
        return shown, None
    shorts = {code: groups.short(code) for code in references}
    return shown, blank("", "Compared with", references, "with", shorts, width=220)
