"""The map of what the reader chose, in one of three kinds; a borough on it opens its page."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from charts.choropleth import choropleth
from charts.map_parts import MapChart, Words, classify, look, words_of
from charts.palettes import LIGHT, Palette
from charts.small_multiples import small_multiples
from charts.tile_map import tile_map
from evidence.classes import Method
from evidence.place_sentences import (
    CAUTION_OF_YEARS,
    caution_across,
    finding_across,
    finding_years,
)
from evidence.place_series import ends_of
from evidence.places import Shown
from evidence.statements import named, people_and_method, when
from loaders.maps import boundaries, icb_outlines, points_inside
from pages.shared.chart_download import chart_downloads, cited_in_picture, sources_of
from pages.shared.data import evidence_base
from pages.shared.html import address, outside_link
from pages.shared.layout import STATIC, theme
from pages.shared.map_key import map_key, picture_key
from pages.shared.place_picker import PlaceChoice

BOUNDARIES, SQUARES, YEARS, GROUPS = "Boundaries", "Squares", "Small multiples", "Groups"
KINDS = (BOUNDARIES, SQUARES, YEARS, GROUPS)

KEYS = {BOUNDARIES: "map-shapes", SQUARES: "map-squares", YEARS: "map-years"}
"""The name of each kind's chart, by which the style sheet finds it."""

SQUARES_BY = "London Squared by After the Flood"
SQUARES_AT = "https://github.com/aftertheflood/londonsquared"


def words(choice: PlaceChoice, method: Method, count: int) -> Words:
    """The finding of a choice, what is shown, and the text alternative."""
    across = choice.across
    groups = evidence_base().groups
    first = choice.rows.iloc[0].to_dict()
    shown = groups.short(across.group)
    if across.shown is not Shown.FIGURE:
        what = "Ratio" if across.shown is Shown.RATIO else "Difference"
        joint = "to" if across.shown is Shown.RATIO else "from"
        shown = f"{what}: {shown} {joint} {groups.short(str(across.reference))}"
    unit = "" if across.unit in {"%", "times"} else f", {across.unit}"
    subtitle = (
        f"{named(choice.indicator)}. {shown}{unit}. London's boroughs, {when(first)}. "
        f"{people_and_method(first)}."
    )
    return words_of(
        across,
        classify(across, method, count),
        title=finding_across(across, choice.rows, choice.indicator, groups),
        what=subtitle,
        caution=caution_across(across),
    )


def words_of_years(choice: PlaceChoice, series: pd.DataFrame) -> Words:
    """The words of the small charts of the years; the numbers come from the chart itself."""
    across, groups = choice.across, evidence_base().groups
    first = choice.rows.iloc[0].to_dict()
    shown = groups.short(across.group)
    if across.reference is not None and across.reference in set(series["ethnic_group"]):
        shown = f"{shown} and {groups.short(across.reference)}"
    unit = "" if first["unit"] == "%" else f", {first['unit']}"
    periods = list(series.loc[series["value"].notna() & series["at"].notna(), "period"])
    told = ""
    if periods:
        told = periods[0] if periods[0] == periods[-1] else f"{periods[0]} to {periods[-1]}"
        told = f", {told}"
    ends = ends_of(series, across.group)
    title = finding_years(ends, across, choice.rows, choice.indicator, groups)
    subtitle = (
        f"{named(choice.indicator)}. {shown}{unit}. London's boroughs{told}. "
        f"{people_and_method(first)}."
    )
    return Words(title, subtitle, f"{title}. {CAUTION_OF_YEARS}")


def draw_map(
    choice: PlaceChoice, kind: str, method: Method, count: int, colours: Palette
) -> MapChart | None:
    """The map of a kind: None where the boundaries or squares can't be read."""
    base = evidence_base()
    looks = look(choice.across, classify(choice.across, method, count), colours)
    told = words(choice, method, count)
    if kind == SQUARES:
        if base.tiles.empty:
            return None
        return tile_map(choice.across, base.tiles, looks, told, colours)
    shapes, icbs, inside = _shapes()
    if shapes is None:
        return None
    return choropleth(choice.across, shapes, icbs, inside, looks, told, colours)


def draw_years(
    choice: PlaceChoice, series: pd.DataFrame, told: Words, colours: Palette
) -> MapChart | None:
    """The small charts of the years; None where the squares can't be read."""
    base = evidence_base()
    if base.tiles.empty:
        return None
    across = choice.across
    return small_multiples(
        series,
        base.boroughs,
        base.tiles,
        base.groups,
        told,
        colours,
        group=across.group,
        reference=across.reference,
        unit=str(choice.rows["unit"].iloc[0]),
    )


@dataclass(frozen=True)
class Drawn:
    """A map that was shown: the borough chosen on it, and the map in the light theme's colours."""

    chosen: str | None = None
    picture: MapChart | None = None


def show_map(kind: str, draw: Callable[[Palette], MapChart | None]) -> Drawn:
    """Show a map with its key and its credits, or say that it can't be drawn.

    ``draw`` draws it in the colours of a theme.
    """
    colours = theme()
    chart = draw(colours)
    if chart is None:
        st.info("The map can't be drawn: its outlines can't be read. The table has it all.")
        return Drawn()
    event: Any = st.plotly_chart(
        chart.figure,
        theme=None,
        height="stretch",
        key=KEYS[kind],
        on_select="rerun",
        selection_mode="points",
        alt=chart.alternative,
        config={"displayModeBar": False, "responsive": True},
    )
    if chart.key:
        st.html(map_key(chart, colours))
    if chart.lines:
        st.html(f'<p class="reading">{escape(chart.lines)}</p>')
    credit = escape(credit_of(kind))
    credit = credit.replace(SQUARES_BY, outside_link(SQUARES_BY, SQUARES_AT))
    st.html(f'<p class="source">{credit}</p>')
    points = event["selection"]["points"]
    chosen = str(points[0]["customdata"]) if points else None
    # What is written on a fill has a colour of its own in each theme.
    return Drawn(chosen, chart if colours == LIGHT else draw(LIGHT))


def credit_of(kind: str) -> str:
    """Whose boundaries, or whose arrangement of squares, a kind of map is drawn with.

    It is due wherever the map is seen: under it, and in its picture.
    """
    shapes = _shapes()[0] if kind == BOUNDARIES else None
    if shapes is not None:
        return str(shapes["metadata"]["attribution"])
    return f"Arrangement of squares: {SQUARES_BY}."


def go_to_borough(name: str) -> None:
    """Open the page of a borough as its link in the table does.

    ``st.switch_page`` would put this page without its filters into the browser's history, where
    the way back leads to.
    """
    url = json.dumps(address("boroughs", borough=name))
    st.html(f"<script>location.assign({url})</script>", unsafe_allow_javascript=True)


def save_picture(chart: MapChart, choice: PlaceChoice, kind: str) -> None:
    """Offer a map as a picture; ``chart`` is the map drawn anew in the light theme's colours."""
    source, citation = cited_in_picture(sources_of(choice.rows))
    caution = CAUTION_OF_YEARS if kind == YEARS else caution_across(choice.across)
    chart_downloads(
        chart,
        source=f"{source}. {credit_of(kind)}",
        citation=citation,
        name=f"{choice.indicator['indicator_id']}-{KEYS[kind]}",
        key=KEYS[kind],
        note=" ".join(filter(None, [chart.lines, caution])),
        legend=picture_key(chart),
    )


def style() -> None:
    """Put the style sheet of the maps on the page."""
    st.html(STATIC / "maps.css")


@st.cache_resource(show_spinner=False)
def _shapes() -> tuple[
    dict[str, Any] | None, dict[str, Any] | None, dict[str, Sequence[tuple[float, float]]]
]:
    """The boundaries, the outlines of the NHS areas, and the points in each borough."""
    shapes = boundaries()
    inside: dict[str, Sequence[tuple[float, float]]] = {}
    if shapes is not None:
        inside.update(points_inside(shapes))
    return shapes, icb_outlines(), inside
