"""Maps: one indicator and one ethnic group at a time, across London's boroughs."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts.map_parts import Words
from charts.panel_scale import scale_of
from evidence.classes import Method
from evidence.place_sentences import CAUTION_OF_YEARS, caution_across
from evidence.place_series import series_across
from evidence.places import Shown
from pages.shared.address import choose, switch
from pages.shared.data import figures_of, mapped_indicators
from pages.shared.figures import cited
from pages.shared.html import link, marks_of
from pages.shared.indicator import about_indicator
from pages.shared.layout import page_header, statement
from pages.shared.place_groups import show_groups
from pages.shared.place_map import (
    GROUPS,
    KINDS,
    YEARS,
    Drawn,
    draw_map,
    draw_years,
    go_to_borough,
    save_picture,
    show_map,
    style,
    words,
    words_of_years,
)
from pages.shared.place_picker import PlaceChoice, pick_places
from pages.shared.place_table import BY_NAME, BY_VALUE, figures_behind, place_table, years_table


def ask_classes(choice: PlaceChoice) -> tuple[Method, int]:
    """How values are parted into classes, and into how many."""
    gaps = choice.across.shown is not Shown.FIGURE
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = choose(
            "Classes", list(Method), "classes", kind="a way to part classes",
            show=lambda one: one.label, width=250,
        ) or Method.QUANTILE  # fmt: skip
        counts = [3, 5, 7] if gaps else [3, 4, 5, 6, 7]
        count = choose(
            "How many", counts, "count", kind="a number of classes", default=5, width=110
        )
    st.caption(method.explanation_of_gaps if gaps else method.explanation)
    return method, count or 5


def show_boroughs(choice: PlaceChoice, kind: str) -> Drawn:
    """The map with the table beside it."""
    first = choice.rows.iloc[0].to_dict()
    left, right = st.columns([5, 4], gap="large")
    with left:
        place = st.container()
        method, count = ask_classes(choice)
        with place:
            drawn = show_map(kind, partial(draw_map, choice, kind, method, count))
    with right, st.container(key="map-table"):
        order = switch("Sort by", [BY_VALUE, BY_NAME], "sort", kind="a way to sort")
        st.html(place_table(choice.across, choice.indicator, first, order))
    return drawn


def show_years(choice: PlaceChoice, series: pd.DataFrame, told: Words) -> Drawn:
    """The small charts of every year with their table."""
    scale = scale_of(series, str(choice.rows["unit"].iloc[0]))
    if scale is not None:
        st.html(f'<p class="reading">{escape(scale.told)}</p>')
    drawn = show_map(YEARS, partial(draw_years, choice, series, told))
    st.html(years_table(series, choice.across, choice.indicator, choice.across.reference))
    return drawn


def show_one_group(choice: PlaceChoice, kind: str, opening: DeltaGenerator) -> None:
    """The finding in ``opening``, then the map with its table, its source and its downloads."""
    first = choice.rows.iloc[0].to_dict()
    behind = choice.rows
    if kind == YEARS:
        across = choice.across
        every = figures_of(str(choice.indicator["indicator_id"]))
        behind = series_across(every, choice.rows, across.group, across.reference)
        told, caution = words_of_years(choice, behind), CAUTION_OF_YEARS
    else:
        told, caution = words(choice, Method.QUANTILE, 5), caution_across(choice.across)
    with opening:
        statement(f"{told.title}.")
        more = "" if kind == YEARS else f" {link('What limits are', 'methods')}."
        st.html(
            f'<p class="subtitle">{escape(told.subtitle)}</p><p>{marks_of(choice.rows)}</p>'
            f'<p class="reading">{escape(caution)}{more}</p>'
        )
    drawn = show_years(choice, behind, told) if kind == YEARS else show_boroughs(choice, kind)
    if drawn.chosen:
        go_to_borough(drawn.chosen)
    st.html(cited(first))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download these figures (CSV)",
            partial(figures_behind, behind, choice.across),
            file_name=f"{first['indicator_id']}-boroughs{'-years' if kind == YEARS else ''}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        if drawn.picture:
            save_picture(drawn.picture, choice, kind)


def show() -> None:
    """The page of maps."""
    style()
    page_header(
        "Maps",
        "How one indicator differs between London's 33 boroughs, for one ethnic group or for the "
        "gap between two.",
    )
    mapped = mapped_indicators()
    if mapped.empty:
        st.info("No borough has figures: the tables can't be read. See the notice for curators.")
        return
    choice = pick_places(mapped)
    opening = st.container()
    kind = switch("Show as", KINDS, "map", kind="a kind of map")
    if kind == GROUPS:
        show_groups(choice, opening)
    else:
        show_one_group(choice, kind, opening)
    about_indicator(choice.indicator, choice.rows)


show()
