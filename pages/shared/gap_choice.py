"""What the reader of the evidence gap map chose, and the cells that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from evidence.gap_map import Known, borough_map, group_map
from evidence.gap_map_words import boroughs_finding, groups_finding, nearest_finding
from evidence.strength import Strength
from evidence.vocabulary import DiseaseArea
from pages.shared.address import choose
from pages.shared.data import evidence_base
from pages.shared.layout import unknown

WAYS = ["By borough", "By ethnic group"]


@dataclass(frozen=True)
class GapView:
    """The filters of the map and its cells."""

    by_group: bool
    area: DiseaseArea | None
    borough: str | None
    group: str | None
    strength: Strength | None
    cells: pd.DataFrame

    @property
    def home(self) -> Known:
        """What counts as a cell's own: the borough's figures, or London's."""
        return Known.LONDON if self.by_group and not self.borough else Known.OWN

    @property
    def is_list(self) -> bool:
        """Whether only one area, borough or group is left, so that a list says it better."""
        return bool(self.area or (self.group if self.by_group else self.borough))

    @property
    def about(self) -> str:
        """What narrows the map beyond its rows and columns, for its caption."""
        parts = []
        if self.borough and self.by_group:
            parts.append(f"in {self.borough}")
        if self.group and not self.by_group:
            parts.append(f"for {evidence_base().groups.people(self.group)}")
        if self.strength:
            parts.append(f"counting {self.strength.label.lower()} evidence alone")
        return ", ".join(parts)

    def finding(self) -> str:
        """The main finding of the map, in words."""
        groups = evidence_base().groups
        if not self.is_list:
            told = (
                groups_finding(self.cells, groups, self.home)
                if self.by_group
                else boroughs_finding(self.cells)
            )
        else:
            what = "ethnic groups" if self.by_group else "boroughs"
            several = self.group if self.by_group else self.borough
            told = nearest_finding(
                self.cells,
                self.home,
                what="disease areas" if several and not self.area else what,
            )
        if not self.about:
            return told
        return f"{self.about[:1].upper()}{self.about[1:]}, {told[:1].lower()}{told[1:]}"


def choose_view() -> GapView:
    """Let the reader choose between the two maps, and narrow them."""
    base = evidence_base()
    asked = st.query_params.get("by", WAYS[0])
    if asked not in WAYS and "by" not in st.session_state:
        unknown("a kind of map", asked)
    way = st.segmented_control(
        "Map", WAYS, default=WAYS[0], key="by", bind="query-params", required=True
    )
    first, second, third, fourth = st.columns(4)
    with first:
        area = choose(
            "Disease area",
            list(DiseaseArea),
            "area",
            kind="a disease area",
            show=lambda one: one.label,
            empty="All areas",
        )
    with second:
        names = sorted(base.boroughs["name"])
        borough = choose("Borough", names, "borough", kind="a borough", empty="All boroughs")
    with third:
        codes = [one.code for one in base.groups.groups if one.level in {"broad", "detailed"}]
        group = choose(
            "Ethnic group",
            codes,
            "group",
            kind="an ethnic group",
            show=base.groups.short,
            empty="All groups",
        )
    with fourth:
        strength = choose(
            "Strength of evidence",
            [one for one in Strength if one != Strength.HISTORY],
            "strength",
            kind="a strength",
            show=lambda one: one.label,
            empty="Any strength",
        )
    by_group = way == WAYS[1]
    cells = _cells(base.figures, by_group, borough, group, strength)
    if area:
        cells = cells[cells["disease_area"] == area]
    return GapView(by_group, area, borough, group, strength, cells.reset_index(drop=True))


def _cells(
    figures: pd.DataFrame,
    by_group: bool,
    borough: str | None,
    group: str | None,
    strength: Strength | None,
) -> pd.DataFrame:
    base = evidence_base()
    if strength:
        # What a source left blank has no strength; that it was measured is still told.
        figures = figures[(figures["strength"] == strength) | figures["value"].isna()]
    if by_group:
        codes = base.boroughs.set_index("name")["borough_code"]
        code = str(codes[borough]) if borough else None
        cells = group_map(figures, base.areas, base.groups, code).assign(borough=borough)
        return cells[cells["ethnic_group"] == group] if group else cells
    if group:
        within = base.groups.within(group, figures["ethnic_group"].unique())
        figures = figures[figures["ethnic_group"].isin(within)]
    cells = borough_map(figures, base.areas, base.boroughs).assign(ethnic_group=group)
    cells = cells.sort_values("borough", kind="stable")
    return cells[cells["borough"] == borough] if borough else cells
