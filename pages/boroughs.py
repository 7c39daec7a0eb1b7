"""Boroughs: who lives in a borough, what is known of it, what is borrowed, what is missing."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from charts.borough_map import borough_map
from charts.groups import set_chart
from charts.population import population_chart
from evidence.coverage import areas_around, nearest_evidence
from evidence.population import composition
from evidence.selection import latest_sets
from evidence.vocabulary import DiseaseArea, GeographyLevel
from loaders.maps import boundaries, centres
from pages.shared.address import choose
from pages.shared.chart import show_set
from pages.shared.data import evidence_base, indicator_row, source_row, with_gaps
from pages.shared.figures import headline_of_set, statement_list
from pages.shared.html import link, reference, table
from pages.shared.layout import page_header, section, theme

base = evidence_base()
rows = with_gaps()
colours = theme()
page_header(
    "Boroughs",
    "What is known about ethnic health inequalities in a borough, and what has to be borrowed "
    "from the NHS area, London or England around it.",
)
if base.boroughs.empty:
    st.info("The table of boroughs can't be read. See the notice for curators.")
    st.stop()


def take_from_map() -> None:
    points = st.session_state["borough-map"]["selection"]["points"]
    if points:
        st.session_state["borough"] = points[0]["customdata"]


names = sorted(base.boroughs["name"])
left, right = st.columns([3, 2], gap="large")
with left:
    name = choose("Borough", names, "borough", kind="a borough", default="Lambeth") or names[0]
borough = base.boroughs[base.boroughs["name"] == name].iloc[0]
code = str(borough["borough_code"])
shapes = boundaries()
with right:
    if shapes:
        outline = borough_map(shapes, centres(shapes), code, colours)
        st.plotly_chart(
            outline.figure,
            theme=None,
            key="borough-map",
            on_select=take_from_map,
            selection_mode="points",
            alt=outline.alt,
            config={"displayModeBar": False},
        )
        st.html(f'<p class="source">{escape(shapes["metadata"]["attribution"])}</p>')
with left:
    st.html(
        f"<p>{escape(name)} is in {borough['inner_or_outer']} London and in the "
        f"{escape(str(borough['icb_name']))} NHS area (Integrated Care Board).</p>"
    )
    around = areas_around(base.areas, code)
    near = nearest_evidence(base.figures, base.areas, code)
    own_count = int(((rows["geography_code"] == code) & rows["value"].notna()).sum())
    here = int((near["level"] == GeographyLevel.BOROUGH).sum())
    st.html(
        f'<ul class="counts"><li><b>{own_count:,}</b> figures of its own</li>'
        f"<li><b>{here}</b> indicators measured here</li>"
        f"<li><b>{len(near) - here}</b> indicators measured only for larger areas</li></ul>"
    )

section(f"Who lives in {name}")
shares = composition(base.population, code, base.groups)
if shares.empty:
    st.info("The census table can't be read. See the notice for curators.")
else:
    broad = shares[shares["ethnic_group"].isin(base.groups.broad)]
    people = population_chart(broad, name, 2021, base.groups, colours)
    st.html(f'<h3>{escape(people.title)}</h3><p class="subtitle">{escape(people.subtitle)}</p>')
    st.plotly_chart(
        people.figure, theme=None, key="who", alt=people.alt, config={"displayModeBar": False}
    )
    body = [
        [
            base.groups[row["ethnic_group"]].short_label,
            f"{row['residents']:,.0f}",
            f"{row['borough']:.1f}%",
            f"{row['london']:.1f}%",
            "not counted apart" if pd.isna(row["before"]) else f"{row['before']:.1f}%",
        ]
        for row in shares.to_dict("records")
    ]
    with st.expander("All 19 groups, with London and the 2011 census"):
        st.html(
            table(
                body,
                ["Ethnic group", "Residents 2021", f"{name} 2021", "London 2021", f"{name} 2011"],
                caption=f"Usual residents of {name} by ethnic group, Census 2021 and 2011",
                numeric=[1, 2, 3, 4],
            )
            + '<p class="reading">Roma people were first counted apart in 2021, so the White '
            "groups of the two censuses are not one to one.</p>"
        )
    cited = [reference(source_row(key)) for key in sorted(base.population["source_id"].unique())]
    st.html(f'<p class="source">Sources: {"<br>".join(cited)}</p>')

section(f"Measured in {name}", "The newest figures for the borough itself, by ethnic group.")
own = rows[(rows["geography_code"] == code) & rows["value"].notna()]
if own.empty:
    st.html(
        f"<p>No figures for {escape(name)} alone were found. "
        f"{link('Do you know of one?', 'suggest', about_borough=name)}</p>"
    )
for number, found in enumerate(latest_sets(own).to_dict("records")):
    one = own[own["set_id"] == found["set_id"]]
    indicator = indicator_row(found["indicator_id"])
    title = f"{indicator['name']}, {found['period']}"
    with st.expander(
        title, key=f"own-{code}-{found['set_id']}", expanded=number == 0, on_change="rerun"
    ) as box:
        if not box.open:
            continue
        chart = set_chart(one, indicator, base.groups, colours)
        show_set(chart, one, indicator, key=f"own-{found['set_id']}")
        more = link(
            "Other years, groups and comparisons",
            "disease-areas",
            area=DiseaseArea(indicator["disease_area"]).label,
            indicator=str(indicator["name"]),
            place=name,
        )
        st.html(f"<p>{more}</p>")

section(
    f"Borrowed for {name}",
    "What is measured only for larger areas. These figures are not about the borough alone: each "
    "carries the label of its own area.",
)
for level, level_name in (
    (GeographyLevel.SUBREGION, f"Parts of London that hold {name}"),
    (GeographyLevel.ICB, f"{borough['icb_name']} NHS area"),
    (GeographyLevel.LONDON, "London"),
    (GeographyLevel.ENGLAND, "England"),
    (GeographyLevel.ENGLAND_AND_WALES, "England and Wales"),
    (GeographyLevel.UK, "United Kingdom"),
):
    wanted = near.loc[near["level"] == level, "indicator_id"]
    held = around.loc[around["level"] == level, "area_code"]
    found_rows = rows[rows["indicator_id"].isin(wanted) & rows["geography_code"].isin(held)]
    lines = headline_of_set(found_rows)
    if lines.empty:
        continue
    with st.expander(f"{level_name}: {len(lines)} indicators"):
        st.html(statement_list(lines))

section(f"What nobody has measured in {name}")
missing = []
for area in DiseaseArea:
    in_area = near[near["disease_area"] == area]
    measured = int((in_area["level"] == GeographyLevel.BOROUGH).sum())
    where = GeographyLevel(in_area["level"].iloc[0]).label if len(in_area) else "nowhere yet"
    ask = link("Suggest evidence", "suggest", about_area=area.label, about_borough=name)
    missing.append(
        [
            area.label,
            str(measured) if measured else "none",
            str(len(in_area) - measured),
            where,
            ask,
        ]
    )
st.html(
    table(
        missing,
        ["Area", "Measured here", "Measured only elsewhere", "Nearest evidence", "Help"],
        caption=f"Indicators by ethnic group, as seen from {name}",
        numeric=[1, 2],
        raw=[4],
    )
)
