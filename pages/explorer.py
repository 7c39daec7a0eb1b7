"""Widest gaps: every comparison as one point, with the list of those that can be ranked."""

from __future__ import annotations

from html import escape

import streamlit as st

from charts.explorer import explorer_chart
from evidence.explorer import widest
from pages.shared.data import evidence_base, with_gaps
from pages.shared.explorer import choose_points, opened_set, rank_list, save_points
from pages.shared.figures import sentence, sources_line
from pages.shared.html import link
from pages.shared.layout import page_header, section, statement, theme, unknown

SURE = "Clear of chance, recent, well sourced, and worse for the group; the largest at least first."
RULES = """
- Their 95% limits exclude “no difference”, and the gap is worse for the group.
- They are recent, from official statistics, a national audit or a peer-reviewed paper, and of
  strong or fair evidence. Of each indicator in each place the newest period counts, and of that
  the widest gap.
- They are sorted by how large the gap is **at least**: by the limit nearer to no difference. The
  largest estimates are often the luckiest; the nearer limit draws uncertain ones back. Where the
  group's number is the lower one, 1 is divided by that limit, so that half counts as much as twice.
- Left out are groups called “other”, as records use them for people whose group is not known,
  groups of fewer than 50 people counted in steps of 5, and numbers that the source softens.
- Boroughs, NHS areas and single hospitals are ranked only if you choose them under Place: among
  many small numbers the largest is often luck.
"""
LUCK = (
    "Among many small numbers the largest is often luck: take this as where to look, not as a "
    "league table."
)
EVERY = "All points of the chart, clear gaps first, then by size."
READING = (
    "Filled marks: the 95% limits exclude “no difference”. Hollow marks: no clear difference, too "
    "uncertain to say, or no limits. Diamonds: more is neither better nor worse in itself. "
    "Triangles: further out than the axis. Large marks: on this page of the list. A mark's height "
    "within its band means nothing. Choose a mark to open its comparison; the links of the list "
    "do the same."
)
LISTS = ["Gaps we can be sure of", "Every comparison"]


def take() -> None:
    """Open the comparison whose point was chosen."""
    chosen = st.session_state["explorer-chart"]["selection"]["points"]
    if chosen:
        code = chosen[0]["customdata"]
        st.query_params["open"] = code if isinstance(code, str) else code[0]


def averages(undrawn: int) -> str:
    """How many comparisons can't be drawn, as they have a difference but no ratio."""
    if not undrawn:
        return ""
    many = "1 comparison" if undrawn == 1 else f"{undrawn:,} comparisons"
    return f"Not drawn: {many} of averages, which have no ratio."


def show() -> None:
    """The filters, the finding, the chart with its list, and the comparison that is open."""
    base = evidence_base()
    rows = with_gaps()
    page_header(
        "Widest gaps",
        "Every comparison we hold as one point: how large the gap is, and how much weight the "
        "evidence bears.",
    )
    if rows.empty:
        st.info("No figures can be shown: the tables can't be read. See the notice for curators.")
        return
    chosen = choose_points(rows)
    found = chosen.points
    if found.empty:
        st.html(
            "<p>We hold no comparison that fits. Try fewer filters. If you know of one, "
            f"{link('tell us about it', 'suggest')}.</p>"
        )
        return
    parts = chosen.wanted.near in {"borough", "nhs_area"}
    sure = widest(found, parts=parts)
    if sure.empty:
        statement("Of these comparisons none meets the rules for a gap that we can be sure of.")
    else:
        count = len(sure)
        where = f", of which we hold no figure for {chosen.borough}" if chosen.borough else ""
        many = f"{count} gaps" if count > 1 else "1 gap"
        statement(
            f"{many} that we can be sure of{where}. The largest: {sentence(sure.iloc[0].to_dict())}"
        )
    section("Every comparison, by size and strength")
    left, right = st.columns([5, 4], gap="large")
    with right:
        asked = st.query_params.get("list", LISTS[0])
        if asked not in LISTS and "list" not in st.session_state:
            unknown("a list", asked)
        which = st.segmented_control(
            "List", LISTS, default=LISTS[0], key="list", bind="query-params", required=True
        )
        st.html(f'<p class="reading">{SURE if which == LISTS[0] else EVERY}</p>')
        if parts:
            st.html(f"<p><b>{LUCK}</b></p>")
        listed = sure if which == LISTS[0] else found
        shown = listed.head(0)
        if len(listed):
            shown = rank_list(listed, caption=which)
        else:
            st.html("<p>None of these. “Every comparison” lists them all.</p>")
        with st.expander("Which gaps we can be sure of"):
            st.markdown(RULES)
    names = dict(zip(base.indicators["indicator_id"], base.indicators["name"], strict=True))
    opened = st.query_params.get("open")
    chart = explorer_chart(
        found,
        names,
        base.groups,
        theme(),
        listed=frozenset(shown["set_id"]),
        opened=opened,
    )
    with left:
        st.html(f'<h3>{escape(chart.title)}</h3><p class="subtitle">{escape(chart.subtitle)}</p>')
        st.plotly_chart(
            chart.figure,
            theme=None,
            key="explorer-chart",
            on_select=take,
            selection_mode="points",
            alt=chart.alternative,
            config={"displayModeBar": False, "responsive": True},
        )
        st.html(f'<p class="reading">{READING} {averages(chosen.undrawn)}</p>')
        st.html(sources_line(found))
        save_points(chart, found, READING)
        if opened:
            opened_set(rows, opened)


show()
