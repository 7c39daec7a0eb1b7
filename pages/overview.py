"""Overview: what this is, for whom, and what stands out."""

from __future__ import annotations

from html import escape

import streamlit as st

from evidence.coverage import boroughs_measured, of_groups
from evidence.numbers import is_blank
from evidence.periods import HISTORY_BEFORE
from evidence.selection import widest_gaps
from evidence.vocabulary import DiseaseArea, GeographyLevel
from pages.shared.data import evidence_base, with_gaps
from pages.shared.figures import gap_cards
from pages.shared.html import link, table
from pages.shared.layout import NAME, page_header, section

base = evidence_base()
rows = with_gaps()

page_header(
    NAME,
    "What is known about unfair differences in health between ethnic groups in London: every "
    "figure with its source, its uncertainty and its comparison.",
)
st.html(
    f"""<ul class="ways">
<li>{link("Browse a disease area", "disease-areas")}
<p>For analysts: definitions, limits, ratios, gaps and downloads.</p></li>
<li>{link("Look at a borough", "boroughs")}
<p>For commissioners: what is known here, and what is borrowed from elsewhere.</p></li>
<li>{link("Suggest evidence", "suggest")}
<p>For everyone: tell us about a statistic that is missing. No account needed.</p></li>
</ul>"""
)

areas = [area for area in DiseaseArea if (rows["disease_area"] == area).any()]
present = rows[rows["value"].notna() & ~rows["history"]]
own = present[(present["geography_level"] == GeographyLevel.BOROUGH) & of_groups(present)]
counts = {
    f"figures since {HISTORY_BEFORE}": len(present),
    "sources of them": int(present["source_id"].nunique()),
    "boroughs with figures of their own": int(own["geography_code"].nunique()),
    "disease areas and determinants": len(areas),
}
items = "".join(f"<li><b>{count:,}</b> {name}</li>" for name, count in counts.items())
st.html(f'<ul class="counts">{items}</ul>')

section(
    "The widest gaps we can be sure of",
    "Recent figures from official statistics, national audits and peer-reviewed papers, whose "
    "95% limits rule out chance. One for each indicator, for London where there is one, else "
    "for England or the UK. Single boroughs are not ranked: among many small numbers the largest "
    "is often luck.",
)
top = widest_gaps(rows, base.indicators, base.sources, this_year=base.released.year).head(6)
if top.empty:
    st.info("No gap in the tables meets these rules.")
else:
    every = link("Every gap by size and strength, and how many boroughs measure it", "gap-explorer")
    st.html(f"{gap_cards(top)}<p>{every}</p>")

section(
    "What is missing",
    "How many of the 33 boroughs have figures of their own by ethnic group. Where a borough has "
    "none, its page shows figures for its NHS area, London or England, and says so.",
)
measured = boroughs_measured(base.figures[~base.figures["history"]])
body = []
for area in DiseaseArea:
    here = measured[measured["disease_area"] == area]
    in_area = rows[(rows["disease_area"] == area) & rows["value"].notna()]
    newest = here["newest"].max() if len(here) else None
    if in_area.empty:
        body.append([escape(area.label), "no figures found", "", "", ""])
        continue
    now = in_area[~in_area["history"]]
    body.append(
        [
            link(area.label, "disease-areas", area=area.label),
            f"{here['geography_code'].nunique()} of {len(base.boroughs)}",
            "none" if here.empty else "not stated" if is_blank(newest) else str(newest),
            f"{len(now):,}",
            f"{len(in_area) - len(now):,}",
        ]
    )
st.html(
    table(
        body,
        [
            "Area",
            "Boroughs with their own figures",
            "Newest borough data",
            "Figures",
            f"Before {HISTORY_BEFORE}",
        ],
        caption="Evidence by disease area and determinant; data from before "
        f"{HISTORY_BEFORE} is history and counted apart",
        numeric=[1, 2, 3, 4],
        raw=[0],
    )
)
st.html(
    f"<p>{link('Every area in every borough: what is known and what is not', 'evidence-gaps')}.</p>"
    f"<p>Do you know of a figure for one of these gaps? {link('Tell us about it', 'suggest')}.</p>"
)
