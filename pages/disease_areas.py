"""Disease areas: choose an area, an indicator, a place and a group; see how they compare."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts.groups import Way, ways
from evidence.periods import HISTORY_BEFORE
from evidence.selection import first_indicator, widest_gaps
from evidence.vocabulary import DiseaseArea
from pages.shared.address import choose
from pages.shared.chart import show_set
from pages.shared.data import evidence_base, with_gaps
from pages.shared.figures import gap_cards, sentence, statement_list
from pages.shared.findings import findings_of
from pages.shared.indicator import about_indicator, indicator_list
from pages.shared.inequality import show_inequality
from pages.shared.layout import page_header, section, statement, unknown
from pages.shared.picker import pick_comparison
from pages.shared.programmes import programmes_that_act
from pages.shared.series import show_series

OVER_THE_YEARS = "Over the years"


def _ask_how(rows: pd.DataFrame) -> str | None:
    """The way in which the reader wants the set shown; the address keeps it."""
    options = [*(way.label for way in ways(rows)), OVER_THE_YEARS]
    asked = st.query_params.get("show", options[0])
    if asked not in options and "show" not in st.session_state:
        unknown("a way to show the figures", asked)
    return st.segmented_control(
        "Show", options, default=options[0], key="show", bind="query-params"
    )


def show() -> None:
    """The page of one disease area."""
    base = evidence_base()
    every = with_gaps()
    page_header(
        "Disease areas",
        "How outcomes, care and experience differ between ethnic groups, one indicator at a time.",
    )
    areas = [area for area in DiseaseArea if (every["disease_area"] == area).any()]
    if not areas:
        st.info("No figures can be shown: the tables can't be read. See the notice for curators.")
        return
    area = choose(
        "Disease area",
        areas,
        "area",
        kind="a disease area",
        show=lambda a: a.label,
        width=420,
        instead={
            a.label: f"We have not gathered evidence on this area yet: {a.label}."
            for a in DiseaseArea
            if a not in areas
        },
    )
    rows = every[(every["disease_area"] == area) & every["value"].notna()]

    top = widest_gaps(rows, base.indicators, base.sources, this_year=base.released.year).head(3)
    section("Compare groups", "Fill in the sentence. The address keeps your choice.")
    first = str(top["indicator_id"].iloc[0]) if len(top) else first_indicator(rows)
    choice = pick_comparison(rows, first)
    own = choice.rows[choice.rows["ethnic_group"] == choice.group]
    if len(own):
        statement(sentence(own.iloc[0].to_dict()))
    asked = _ask_how(choice.rows)
    if asked == OVER_THE_YEARS:
        show_series(choice, rows)
    way = next((way for way in Way if way.label == asked), ways(choice.rows)[0])
    show_set(
        choice.rows, choice.indicator, key="chosen", chosen=choice.group, way=way, in_address=True
    )
    show_inequality(choice.rows, choice.indicator, key="chosen", opened=True)
    about_indicator(choice.indicator, choice.rows)

    if len(top):
        section(
            "Key figures",
            "The widest gaps that are recent, well sourced and clear of chance: one for each "
            "indicator, for London, England or the UK.",
        )
        st.html(gap_cards(top))
    sure = widest_gaps(rows, base.indicators, base.sources, this_year=base.released.year)
    others = rows[~rows["indicator_id"].isin(sure["indicator_id"])]
    unsure = widest_gaps(
        others, base.indicators, base.sources, this_year=base.released.year, without_limits=True
    ).head(3)
    if len(unsure):
        section(
            "Wide gaps published without limits",
            "By the same rules, for indicators that have no gap with limits: how far chance "
            "could have moved these can't be told.",
        )
        st.html(statement_list(unsure))

    section("All indicators", "Open an indicator for its definition and its sets of figures.")
    present = rows[~rows["history"]]
    indicator_list(present, key="open")

    findings_of(base.findings[base.findings["disease_area"] == area])

    programmes_that_act(area=area)

    past = rows[rows["history"]]
    if len(past):
        section(
            f"History: before {HISTORY_BEFORE}",
            "Kept to show how long these inequalities have been known. Nothing is ranked on it, "
            "and it says nothing of today.",
        )
        indicator_list(past, key="past")


show()
