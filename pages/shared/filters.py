"""The filters of the evidence library, kept in the address."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from evidence.search import Counted, Filters
from evidence.strength import Strength
from evidence.vocabulary import Confidence, DiseaseArea, SourceKind
from pages.shared.address import choose
from pages.shared.data import evidence_base


def choose_filters(rows: pd.DataFrame) -> Filters:
    """Let the reader search and filter ``rows``, which are all figures."""
    base = evidence_base()
    search, about, where, whom = st.columns([2, 1, 1, 1])
    with search:
        text = st.text_input(
            "Search in words",
            key="q",
            bind="query-params",
            max_chars=200,
            placeholder="For example: detention, stillbirth, Lewisham",
        )
    with about:
        areas = [area for area in DiseaseArea if (rows["disease_area"] == area).any()]
        area = choose(
            "Disease area",
            areas,
            "area",
            kind="a disease area",
            show=lambda one: one.label,
            empty="Any area",
        )
    with where:
        known = base.areas[base.areas["area_code"].isin(rows["geography_code"])]
        place = choose("Place", known["name"].tolist(), "place", kind="a place", empty="Any place")
    with whom:
        codes = base.groups.sort(rows["ethnic_group"].unique())
        group = choose(
            "Ethnic group",
            codes,
            "group",
            kind="an ethnic group",
            show=base.groups.short,
            empty="Any group",
        )
    if group in base.groups.broad:
        st.caption(f"{base.groups.short(str(group))} holds its detailed groups too.")
    hidden = ("strength", "confidence", "source", "kind", "since", "until", "counted")
    with st.expander("More filters", expanded=any(name in st.query_params for name in hidden)):
        more = _more_filters(rows)
    return Filters(
        text=text or "",
        area=area,
        place=place,
        groups=tuple(base.groups.within(group, codes)) if group else (),
        **more,
    )


def _more_filters(rows: pd.DataFrame) -> dict[str, Any]:
    base = evidence_base()
    first, second, third = st.columns(3)
    titles = base.sources.set_index("source_id")["title"]
    kinds = [kind for kind in SourceKind if (base.sources["kind"] == kind).any()]
    years = sorted(rows["year"].dropna().astype(int).unique(), reverse=True)
    with first:
        confidence = choose(
            "How near to the publisher",
            list(Confidence),
            "confidence",
            kind="a confidence",
            show=lambda one: one.label,
            empty="Any",
        )
        kind = choose(
            "Kind of source",
            kinds,
            "kind",
            kind="a kind of source",
            show=lambda one: one.label,
            empty="Any kind",
        )
        counted = choose(
            "Figures of whom",
            list(Counted),
            "counted",
            kind="a choice of figures",
            show=lambda one: one.label,
            empty="All, with blanks and totals",
        )
    with second:
        strength = choose(
            "Strength of evidence",
            list(Strength),
            "strength",
            kind="a strength",
            show=lambda one: one.label,
            empty="Any",
        )
        source = choose(
            "Source",
            titles.index.tolist(),
            "source",
            kind="a source",
            show=lambda key: f"{titles[key]} ({key})",
            empty="Any source",
        )
    with third:
        since = choose(
            "Data from this year or later", years, "since", kind="a year", empty="Any year"
        )
        until = choose("Data up to this year", years, "until", kind="a year", empty="Any year")
    return {
        "confidence": confidence,
        "strength": strength,
        "kind": kind,
        "counted": counted,
        "source": source,
        "since": since,
        "until": until,
    }
