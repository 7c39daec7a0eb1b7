"""What a borough's page says beyond its own figures: what is known, the context, the history."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from evidence.citations import short_citation
from evidence.downloads import to_csv
from evidence.gap_map import Known, group_map
from evidence.numbers import is_blank
from evidence.periods import HISTORY_BEFORE
from evidence.statements import RowLike, figure_value, when
from evidence.vocabulary import DiseaseArea
from pages.shared.data import evidence_base, indicator_row, known_everywhere, source_row
from pages.shared.figures import statement_list
from pages.shared.gap_map import cell_link
from pages.shared.html import description_list, link, outside_link, table
from pages.shared.layout import section

SAME_THING = ["indicator_id", "sex", "age", "population", "measure", "unit", "standardisation"]
"""What two figures of everyone have in common that differ only by place, period or source."""


def known_here(name: str) -> None:
    """For each disease area and broad group, how near the nearest evidence is and how new.

    The cells are those of the evidence gap map, in its words, and open the same figures.
    """
    base = evidence_base()
    every = known_everywhere()
    code = str(base.boroughs.set_index("name")["borough_code"][name])
    cells = group_map(base.figures, base.areas, base.groups, code).assign(borough=name)
    told = {
        (row["disease_area"], row["ethnic_group"]): cell_link(row, Known.OWN, base.groups)
        for row in cells[cells["ethnic_group"].isin(base.groups.broad)].to_dict("records")
    }
    body = [
        [
            link(area.label, "disease-areas", area=area.label),
            *(told[str(area), group] for group in base.groups.broad),
        ]
        for area in DiseaseArea
    ]
    st.html(
        table(
            body,
            ["Area", *(base.groups.short(code) for code in base.groups.broad)],
            caption=f"The nearest figures to {name} by ethnic group: where they are from, how "
            "many there are and the year of the newest",
            raw=range(1 + len(base.groups.broad)),
        )
        + '<p class="reading">This counts what we hold, not what it says. “Nothing found” may mean '
        f"that nobody has measured it or that we have not found it: {link('tell us', 'suggest')}. "
        f"Figures from before {HISTORY_BEFORE} are left out, and “history” says that there is "
        "nothing newer. A cell counts the figures of the nearest place that has any and opens "
        "them; “nearby” is several boroughs together or one hospital's patients. The download "
        "counts those of every place around.</p>"
    )
    st.download_button(
        "Download what is known of every borough (CSV)",
        lambda: to_csv(every),
        file_name="what-is-known-london-boroughs.csv",
        mime="text/csv",
        key="known-download",
        on_click="ignore",
    )


def history_of(rows: pd.DataFrame, name: str) -> None:
    """A borough's own figures from before 2010, apart from those of today."""
    if rows.empty:
        return
    section(
        f"History in {name}",
        f"Data from before {HISTORY_BEFORE}: it shows how long this has been known and says "
        "nothing of today. Every figure, the oldest first.",
    )
    count = rows["indicator_id"].nunique()
    with st.expander(f"{count} indicator{'' if count == 1 else 's'}", key="history"):
        st.html(statement_list(rows.sort_values(["year", "indicator_id"], kind="stable")))


def about_everyone(code: str, name: str) -> None:
    """Context: the newest figures of everyone in the borough, which say nothing of groups."""
    base = evidence_base()
    rows = base.context[base.context["value"].notna()]
    own = rows[rows["geography_code"] == code].sort_values("year", na_position="first")
    own = own.drop_duplicates(SAME_THING, keep="last")
    if own.empty:
        st.info("The tables of context can't be read. See the notice for curators.")
        return
    for area in DiseaseArea:
        in_area = own[own["disease_area"] == area]
        if in_area.empty:
            continue
        count = in_area["indicator_id"].nunique()
        with st.expander(
            f"{area.label}: {count} indicator{'' if count == 1 else 's'}",
            key=f"context-{code}-{area}",
            on_change="rerun",
        ) as box:
            if box.open:
                _context_table(in_area, rows, area, name)


def _context_table(own: pd.DataFrame, rows: pd.DataFrame, area: DiseaseArea, name: str) -> None:
    keys = [*SAME_THING, "period", "source_id"]
    larger = [
        {
            tuple(row[key] if isinstance(row[key], str) else "" for key in keys): row
            for row in rows[rows["geography_code"] == code].to_dict("records")
        }
        for code in ("E12000007", "E92000001")
    ]
    names = own["indicator_id"].map(lambda key: str(indicator_row(key)["name"]))
    ordered = own.assign(name=names).sort_values(["name", "population", "sex"])
    body = []
    for row in ordered.to_dict("records"):
        key = tuple(row[column] if isinstance(row[column], str) else "" for column in keys)
        beside = [_short_value(held[key]) if key in held else "" for held in larger]
        source = source_row(str(row["source_id"]))
        origin = "" if source is None else outside_link(short_citation(source), source["url"])
        body.append([row["name"], _short_value(row), *beside, when(row), _who(row), origin])
    st.html(
        table(
            body,
            ["Indicator", name, "London", "England", "Period", "Who", "Source"],
            caption=f"{area.label}: figures of everyone in {name}, without ethnic breakdown",
            numeric=[1, 2, 3],
            raw=[6],
        )
    )
    told = [indicator_row(key) for key in ordered["indicator_id"].drop_duplicates()]
    st.html(description_list((str(found["name"]), str(found["definition"])) for found in told))


def _short_value(row: RowLike) -> str:
    """A figure's value; one printed to four decimals or more is cut to one."""
    value = float(row["value"])
    if value == round(value, 3):
        return figure_value(row)
    return figure_value({**row, "value": round(value, 1)})


def _who(row: RowLike) -> str:
    """The age, sex and population of a figure of everyone."""
    parts = [] if row["age"] == "all" else [f"age {row['age']}"]
    if row["sex"] != "all":
        parts.append({"female": "girls and women", "male": "boys and men"}[str(row["sex"])])
    if not is_blank(row["population"]):
        parts.append(str(row["population"]))
    return ", ".join(parts)
