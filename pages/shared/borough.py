"""The parts of a borough's page: the choice, who lives there, and what is borrowed."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from charts.borough_map import borough_map
from charts.population import population_chart
from evidence.citations import citation
from evidence.population import age_structure, composition, composition_csv
from evidence.statements import RowLike
from evidence.vocabulary import DiseaseArea, GeographyLevel, Measure
from loaders.maps import boundaries, centres
from pages.shared.chart_download import save_buttons
from pages.shared.data import evidence_base, source_row
from pages.shared.figures import headline_of_set, statement_list
from pages.shared.html import link, reference, table
from pages.shared.layout import theme


def map_to_choose(code: str) -> None:
    """The map of the boroughs; choosing a mark chooses its borough under the key "borough"."""

    def take() -> None:
        points = st.session_state["borough-map"]["selection"]["points"]
        if points:
            st.session_state["borough"] = points[0]["customdata"]

    shapes = boundaries()
    if shapes is None:
        return
    outline = borough_map(shapes, centres(shapes), code, theme())
    st.plotly_chart(
        outline.figure,
        theme=None,
        key="borough-map",
        on_select=take,
        selection_mode="points",
        alt=outline.alternative,
        config={"displayModeBar": False},
    )
    st.html(f'<p class="source">{escape(shapes["metadata"]["attribution"])}</p>')


def who_lives_here(name: str, code: str) -> None:
    """The ethnic groups of a borough at the 2021 census, with London beside them."""
    base = evidence_base()
    shares = composition(base.population, code, base.groups)
    if shares.empty:
        st.info("The census table can't be read. See the notice for curators.")
        return
    broad = shares[shares["ethnic_group"].isin(base.groups.broad)]
    people = population_chart(broad, name, 2021, base.groups, theme())
    st.html(f'<h3>{escape(people.title)}</h3><p class="subtitle">{escape(people.subtitle)}</p>')
    st.plotly_chart(
        people.figure,
        theme=None,
        key="who",
        alt=people.alternative,
        config={"displayModeBar": False},
    )
    census = base.population[base.population["census"] == 2021]
    st.html(_sources([*census["source_id"].unique()]))
    slug = str(base.boroughs.set_index("borough_code").loc[code, "slug"])
    save_buttons(
        people,
        composition_csv(shares, name, base.groups, _citations(base.population)),
        source_ids=census["source_id"],
        name=f"who-lives-in-{slug}",
        key="who",
        label="Download these shares (CSV)",
    )
    with st.expander("All 19 groups, with London and the 2011 census"):
        st.html(_population_table(shares, name))
    with st.expander("Ages of residents"):
        st.html(_age_table(code, name))
    used = pd.concat([base.population["source_id"], base.ages["source_id"]]).unique()
    st.html(_sources(sorted(used)))


def _sources(source_ids: list[str]) -> str:
    """The whole citations of sources, a line each."""
    cited = [reference(source_row(key)) for key in source_ids]
    word = "Source" if len(cited) == 1 else "Sources"
    return f'<p class="source">{word}: {"<br>".join(cited)}</p>'


def _citations(population: pd.DataFrame) -> str:
    """The sources of the census tables in full, as plain text."""
    held = [row for row in map(source_row, population["source_id"].unique()) if row]
    return " ".join(map(citation, held))


def _population_table(shares: pd.DataFrame, name: str) -> str:
    groups = evidence_base().groups
    body = [
        [
            groups[row["ethnic_group"]].short_label,
            f"{row['residents']:,.0f}",
            f"{row['borough']:.1f}%",
            f"{row['london']:.1f}%",
            "not counted apart" if pd.isna(row["before"]) else f"{row['before']:.1f}%",
        ]
        for row in shares.to_dict("records")
    ]
    return (
        table(
            body,
            ["Ethnic group", "Residents 2021", f"{name} 2021", "London 2021", f"{name} 2011"],
            caption=f"Usual residents of {name} by ethnic group, Census 2021 and 2011",
            numeric=[1, 2, 3, 4],
        )
        + '<p class="reading">Roma people were first counted apart in 2021, so the White groups '
        "of the two censuses are not one to one.</p>"
    )


def _age_table(code: str, name: str) -> str:
    shares = age_structure(evidence_base().ages, code)
    body = [
        [
            row["age"],
            f"{row['residents']:,.0f}",
            *(f"{row[column]:.1f}%" for column in ("area", "london", "white", "others")),
        ]
        for row in shares.to_dict("records")
    ]
    headings = [f"{name} 2021", "London 2021", "White people 2011", "Everyone else 2011"]
    return (
        table(
            body,
            ["Age", "Residents 2021", *headings],
            caption=f"Usual residents of {name} by age, Census 2021 and 2011",
            numeric=range(1, 6),
        )
        + '<p class="reading">Many conditions grow with age, so crude rates of a younger group '
        "look lower than they would at the same age. Ages by ethnic group are not published for "
        "boroughs in 2021 in the tables we hold; in 2011 White people alone are told apart.</p>"
    )


def borrowed(
    rows: pd.DataFrame, wanted: pd.DataFrame, around: pd.DataFrame, borough: RowLike
) -> None:
    """What is borrowed from larger areas, the nearest first, labelled as theirs.

    Parameters
    ----------
    rows
        Every figure with the columns of its gap.
    wanted
        :func:`evidence.coverage.borrowed_evidence` of the borough.
    around
        :func:`evidence.coverage.areas_around` of the borough.
    borough
        The borough's row.
    """
    for level, title in (
        (GeographyLevel.ICB, f"{borough['icb_name']} NHS area"),
        (GeographyLevel.SUBREGION, f"Parts of London that hold {borough['name']}"),
        (GeographyLevel.LONDON, "London"),
        (GeographyLevel.ENGLAND, "England"),
        (GeographyLevel.ENGLAND_AND_WALES, "England and Wales"),
        (GeographyLevel.UK, "United Kingdom"),
    ):
        here = wanted.loc[wanted["level"] == level, "indicator_id"]
        held = around.loc[around["level"] == level, "area_code"]
        found = rows[rows["indicator_id"].isin(here) & rows["geography_code"].isin(held)]
        # A figure of everyone or of White people alone tells no inequality: it is in the library.
        alone = found["ethnic_group"].isin(["all", "white", "white-british", "unknown"])
        counted = found["measure"] == Measure.COUNT  # follows from how many people there are
        found = found[found["verdict"].notna() | ~(alone | counted)]
        lines = headline_of_set(found)
        if len(lines):
            count = f"{len(lines)} indicator{'' if len(lines) == 1 else 's'}"
            with st.expander(f"{title}: {count}"):
                st.html(statement_list(lines))


def not_measured(near: pd.DataFrame, name: str) -> None:
    """What has no figures for the borough itself: areas in a table, indicators by name.

    ``near`` is :func:`evidence.coverage.nearest_evidence` of the borough; ``name`` its name.
    """
    names = evidence_base().indicators.set_index("indicator_id")["name"]
    body, lists = [], []
    for area in DiseaseArea:
        in_area = near[near["disease_area"] == area]
        ask = link("Suggest evidence", "suggest", about_area=area.label, about_borough=name)
        if in_area.empty:
            body.append([area.label, "nothing found", "", "", ask])
            continue
        absent = in_area[in_area["level"] != GeographyLevel.BOROUGH]
        levels = sorted(map(GeographyLevel, absent["level"]), key=lambda level: level.distance)
        nearest = levels[0].label if levels else ""
        measured = len(in_area) - len(absent)
        body.append(
            [area.label, str(measured) if measured else "none", str(len(absent)), nearest, ask]
        )
        if len(absent):
            lists.append((area, absent))
    st.html(
        table(
            body,
            [
                "Area",
                "Indicators measured here",
                "Measured only elsewhere",
                "Nearest of these",
                "Help",
            ],
            caption=f"Indicators by ethnic group, as seen from {name}",
            numeric=[1, 2],
            raw=[4],
        )
    )
    for area, absent in lists:
        told = sorted(
            f"{names[key]} (nearest: {GeographyLevel(level).label})"
            for key, level in zip(absent["indicator_id"], absent["level"], strict=True)
        )
        with st.expander(f"{area.label}: what has no figures for {name}"):
            st.html(f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in told)}</ul>")
