"""The gap explorer's filters, its list, and the comparison that is open."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from charts.chart import Chart
from evidence.coverage import NEARNESS, boroughs_with
from evidence.downloads import download_csv
from evidence.explorer import Wanted, not_measured_in, points, without_ratio
from evidence.numbers import is_blank, ratio
from evidence.statements import RowLike, gap_size, when
from evidence.statistics import Verdict
from evidence.strength import Strength
from evidence.vocabulary import DiseaseArea
from pages.shared.address import choose
from pages.shared.chart import show_set
from pages.shared.chart_download import save_buttons, sources_of
from pages.shared.data import evidence_base, indicator_row
from pages.shared.html import area_chip, link, marks, table
from pages.shared.layout import unknown
from pages.shared.results import choose_sheet, kept_filters

PER_SHEET = 15

LEVELS = {
    "borough": "Boroughs",
    "nhs_area": "NHS areas and parts of London",
    "london": "London",
    "national": "England, England and Wales, UK",
}
"""What the filter calls each of :data:`evidence.coverage.NEARNESS`."""

_FOCUS = """<script data-open="%s">setTimeout(() => {
  const heading = document.querySelector('.st-key-opened h3');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({preventScroll: true});
  heading.scrollIntoView({block: 'center'});
}, 400)</script>"""


@dataclass(frozen=True)
class Chosen:
    """What the reader's filters leave.

    ``points`` are those of :func:`evidence.explorer.points`; ``undrawn`` is how many comparisons
    fit that have no ratio, so that none is a point. ``borough`` is the name of the one that has
    no figure of its own, if the reader chose one.
    """

    points: pd.DataFrame
    undrawn: int
    wanted: Wanted
    borough: str | None


def choose_points(rows: pd.DataFrame) -> Chosen:
    """Let the reader filter the comparisons.

    ``rows`` are all figures with the columns of their gaps.
    """
    base = evidence_base()
    compared = rows[rows["ratio"].notna()]
    first, second, third, fourth = st.columns(4)
    with first:
        area = choose(
            "Disease area",
            [one for one in DiseaseArea if (compared["disease_area"] == one).any()],
            "area",
            kind="a disease area",
            show=lambda one: one.label,
            empty="All areas",
        )
    codes = base.groups.sort(compared["ethnic_group"].unique())
    with second:
        group = choose(
            "Ethnic group",
            codes,
            "group",
            kind="an ethnic group",
            show=base.groups.short,
            empty="The widest gap of any group",
        )
    with third:
        near = choose(
            "Place",
            list(NEARNESS),
            "near",
            kind="a kind of place",
            show=lambda one: LEVELS[one],
            empty="Any place",
        )
    years = sorted(compared["year"].dropna().astype(int).unique(), reverse=True)
    with fourth:
        since = choose(
            "Data from this year or later", years, "since", kind="a year", empty="Any year"
        )
    names = sorted(base.boroughs["name"])
    borough = choose(
        "Show only gaps of which one borough has no figure of its own",
        names,
        "unmeasured",
        kind="a borough",
        empty="Choose a borough",
        width=420,
    )
    wanted = Wanted(
        area=area,
        groups=tuple(base.groups.within(group, codes)) if group else (),
        near=near,
        since=since,
    )
    if borough:
        code = str(base.boroughs.set_index("name")["borough_code"][borough])
        lacking, around = not_measured_in(base.figures, base.areas, code)
        rows = rows[rows["indicator_id"].isin(lacking) & rows["geography_code"].isin(around)]
    found = points(rows, base.indicators, base.sources, this_year=base.released.year, wanted=wanted)
    return Chosen(found, without_ratio(rows, wanted), wanted, borough)


def rank_list(listed: pd.DataFrame, *, caption: str) -> pd.DataFrame:
    """The list beside the chart, a page at a time; returns the rows of the page shown."""
    before = choose_sheet(len(listed), PER_SHEET)
    shown = listed.iloc[before : before + PER_SHEET]
    kept = kept_filters()
    if "sheet" in st.query_params:
        kept["sheet"] = st.query_params["sheet"]
    counts = boroughs_with(evidence_base().figures)
    body = [
        [
            _comparison(row, kept, int(counts.get(row["indicator_id"], 0))),
            _size(row),
            Strength(row["strength"]).label,
        ]
        for row in shown.to_dict("records")
    ]
    numbered = f"{caption}: {before + 1:,} to {before + len(shown):,} of {len(listed):,}"
    html = table(body, ["Comparison", "At least", "Evidence"], caption=numbered, raw=[0, 1])
    st.html(f'<div class="ranking">{html}</div>')
    return shown


def save_points(chart: Chart, found: pd.DataFrame, note: str) -> None:
    """The buttons that save the points as CSV, each with its citation, and their chart.

    The file is made once it is asked for: there are thousands of points.
    """
    base = evidence_base()
    save_buttons(
        chart,
        lambda: download_csv(
            found, base.indicators, base.sources, base.groups, also=["sense", "at_least"]
        ),
        source_ids=sources_of(found),
        name="widest-gaps",
        key="explorer",
        label="Download these comparisons (CSV)",
        note=note,
    )


def _comparison(row: RowLike, kept: dict[str, str], measured: int) -> str:
    """The link that opens a comparison, its statement in short, and how many boroughs have it.

    ``measured`` is how many boroughs have figures of their own of the indicator.
    """
    groups = evidence_base().groups
    name = str(indicator_row(str(row["indicator_id"]))["name"])
    group, other = (groups.short(str(row[key])) for key in ("ethnic_group", "reference_group"))
    opening = link(f"{name}: {group}", "gap-explorer", **kept, open=str(row["set_id"]))
    told = f"{when(row)}, compared with {other}: {gap_size(row, row)}"
    return (
        f"{opening} {area_chip(row)} {marks(row)}"
        f"<p>{escape(told[:1].upper())}{escape(told[1:])}. Measured in {measured or 'none'} of "
        f"{len(evidence_base().boroughs)} boroughs.</p>"
    )


def _size(row: RowLike) -> str:
    """How large a gap is at least, for whom it is worse, and how a ratio below 1 was turned over.

    Beside "0.66 times (0.60 to 0.74)" a bare "1.35 times" would look like another gap.
    """
    if is_blank(row["at_least"]):
        return "no limits published"
    if not row["clear"]:
        return escape(str(row["verdict"]))
    words = {"worse": "worse", "better": "better", "neither": "apart"}[str(row["sense"])]
    turned = ""
    if row["verdict"] == Verdict.LOWER:
        turned = f" (1 ÷ {ratio(float(row['ratio_upper']))})"
    return f"<b>{ratio(float(row['at_least']))} times</b> {words}{turned}"


def opened_set(rows: pd.DataFrame, set_id: str) -> None:
    """The comparison that was opened: its chart and its table, and the way to its other years."""
    one = rows[(rows["set_id"] == set_id) & rows["value"].notna()]
    if one.empty:
        unknown("a comparison", set_id)
        return
    indicator = indicator_row(str(one["indicator_id"].iloc[0]))
    with st.container(key="opened"):
        show_set(one, indicator, key=f"open-{set_id}")
        whole = link(
            "All years, groups and places of this indicator",
            "disease-areas",
            area=DiseaseArea(indicator["disease_area"]).label,
            indicator=str(indicator["name"]),
            place=str(one["geography_name"].iloc[0]),
        )
        st.html(f"<p>{whole}</p>")
    # The code is one of ours: it was found among the sets.
    st.html(_FOCUS % escape(set_id), unsafe_allow_javascript=True)
