"""Evidence library: every figure, to search, filter, open and download."""

from __future__ import annotations

import streamlit as st

from evidence.downloads import download_csv
from evidence.search import Filters, search
from evidence.vocabulary import Confidence, DiseaseArea, SourceKind
from pages.shared.address import choose
from pages.shared.data import evidence_base, with_gaps
from pages.shared.detail import show_figure
from pages.shared.html import link
from pages.shared.layout import page_header, section, unknown
from pages.shared.results import result_list

base = evidence_base()
rows = with_gaps()
page_header(
    "Evidence library",
    "Every figure, with everything known of it. Filter, open one, or download what you see.",
)
asked = st.query_params.get("figure")
if asked:
    if (rows["figure_id"] == asked).any():
        show_figure(asked)
    else:
        unknown("a figure", asked)
if rows.empty:
    st.info("No figures can be shown: the tables can't be read. See the notice for curators.")
    st.stop()

section("Find figures")
first, second, third = st.columns(3)
with first:
    text = st.text_input(
        "Search in words",
        key="q",
        bind="query-params",
        max_chars=200,
        persist_state="session",
        placeholder="For example: detention, stillbirth, Lewisham",
    )
    areas = [area for area in DiseaseArea if (rows["disease_area"] == area).any()]
    area = choose(
        "Disease area",
        areas,
        "area",
        kind="a disease area",
        show=lambda a: a.label,
        empty="Any area",
    )
    confidence = choose(
        "How near to the publisher",
        list(Confidence),
        "confidence",
        kind="a confidence",
        show=lambda c: c.label,
        empty="Any",
    )
with second:
    known = base.areas[base.areas["area_code"].isin(rows["geography_code"])]
    place = choose("Place", known["name"].tolist(), "place", kind="a place", empty="Any place")
    codes = base.groups.sort(rows["ethnic_group"].unique())
    group = choose(
        "Ethnic group",
        codes,
        "group",
        kind="an ethnic group",
        show=base.groups.short,
        empty="Any group",
    )
    titles = base.sources.set_index("source_id")["title"]
    source = choose(
        "Source",
        titles.index.tolist(),
        "source",
        kind="a source",
        show=lambda key: f"{titles[key]} ({key})",
        empty="Any source",
    )
with third:
    kinds = [kind for kind in SourceKind if (base.sources["kind"] == kind).any()]
    kind = choose(
        "Kind of source",
        kinds,
        "kind",
        kind="a kind of source",
        show=lambda k: k.label,
        empty="Any kind",
    )
    years = sorted(rows["year"].dropna().astype(int).unique(), reverse=True)
    since = choose("Data from this year or later", years, "since", kind="a year", empty="Any year")
    until = choose("Data up to this year", years, "until", kind="a year", empty="Any year")

found = search(
    rows,
    Filters(
        text=text or "",
        area=area,
        place=place,
        group=group,
        kind=kind,
        since=since,
        until=until,
        confidence=confidence,
        source=source,
    ),
    base.indicators,
    base.sources,
)
blank = int(found["value"].isna().sum())
section(
    f"{len(found):,} figures" if len(found) != 1 else "1 figure",
    f"{blank:,} of them blank: suppressed, or not published for the group." if blank else "",
)
if found.empty:
    st.html(
        "<p>No figure fits all of these filters. Take one away, or, if you know of a figure that "
        f"we don't have, {link('tell us about it', 'suggest')}.</p>"
    )
    st.stop()

result_list(found)
st.download_button(
    f"Download all {len(found):,} as CSV",
    lambda: download_csv(found, base.indicators, base.sources, base.groups),
    file_name="racial-health-inequalities-london.csv",
    mime="text/csv",
    on_click="ignore",
)
