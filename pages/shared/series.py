"""A comparison over the years: statement, chart, table, the gap with its own, and download."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from charts.chart import Chart
from charts.equiplot import equiplot
from charts.gap_over_time import gap_chart
from charts.trend import trend_chart
from evidence.downloads import download_csv
from evidence.inequality_groups import groups_apart
from evidence.methods import methods_of_years
from evidence.numbers import is_blank, limits
from evidence.selection import series_of
from evidence.statements import (
    RowLike,
    difference_limits,
    difference_unit,
    difference_value,
    figure_limits,
    figure_value,
    ratio_told,
    verdict_words,
)
from evidence.timeline import neighbours, timed
from evidence.trend_words import (
    TESTS,
    figure_words,
    gap_words,
    left_out_words,
    neighbour_words,
    reference_words,
    table_of_tests,
)
from evidence.trends import SeriesTrend, over_the_years
from pages.shared.chart_download import save_buttons, sources_of
from pages.shared.data import against, evidence_base, with_gaps
from pages.shared.figures import sources_line
from pages.shared.html import community_chip, link, table
from pages.shared.layout import statement, theme
from pages.shared.method_note import method_note
from pages.shared.picker import Choice


def show_series(choice: Choice, rows: pd.DataFrame) -> None:
    """Show the chosen group and the reference group in every period of the same series.

    ``rows`` are the figures of the disease area with the columns of their gaps.
    """
    base = evidence_base()
    series = _series(choice)
    references = [str(code) for code in choice.rows["reference_group"].dropna().unique()]
    found = over_the_years(series, choice.group, references[0] if references else None)
    beside = neighbours(rows, series, base.indicators, [choice.group, *references])
    if found.rows.loc[found.rows["value"].notna(), "period"].nunique() + len(beside) < 2:
        st.info("This source has figures for one period alone here, so there is nothing to follow.")
        return
    statement(figure_words(found, choice.indicator, base.groups))
    st.html(f"<p>{escape(reference_words(found, choice.indicator, base.groups)) or ' '}</p>")
    chart = trend_chart(found, choice.indicator, base.groups, theme(), beside=beside)
    _draw(chart, pd.concat([found.rows, beside[series.columns]]), "series")
    notes = filter(None, [HOW_YEARS_READ, left_out_words(found), neighbour_words(beside)])
    st.html(f'<p class="reading">{escape(" ".join(notes))}</p>')
    _figures(found, beside, choice.indicator)
    save_buttons(
        chart,
        download_csv(
            pd.concat([series, beside[series.columns]]), base.indicators, base.sources, base.groups
        ),
        source_ids=sources_of(pd.concat([found.rows, beside])),
        name=f"{choice.indicator['indicator_id']}-over-the-years",
        key="series",
        label="Download every period (CSV)",
        note=HOW_YEARS_READ,
    )
    _gap(found, choice.indicator, beside)
    how = table(
        table_of_tests(found, base.groups), TESTS, caption="Tests over the years", numeric=[4, 5]
    )
    _every_group(series, choice)
    with st.expander("How the years were tested"):
        st.html(f'<p class="reading">{HOW_TESTED}</p>{how}')
    every = pd.concat([series, beside[series.columns]])
    method_note(methods_of_years(found, every), key="series", label=HOW_WORKED)


HOW_YEARS_READ = "Upright lines show the limits. No line is drawn across years without figures."

HOW_WORKED = "How the numbers over the years are worked out"

HOW_TESTED = (
    "At least five periods that share no year are asked for. Where every figure has limits, a "
    "straight line is fitted by weighted least squares, each figure weighted by how sure it is; "
    "where one has none, the Mann-Kendall test asks whether later figures are higher more often "
    "than chance would have it, and gives no size. “No steady change” means that the test found "
    "none, not that nothing changed."
)
"""How a trend is found, for readers."""


def _series(choice: Choice) -> pd.DataFrame:
    """Every period of the chosen set, blanks too, set against the group that the reader chose."""
    first = choice.rows.iloc[0]
    every = with_gaps()
    near = every[
        (every["indicator_id"] == first["indicator_id"])
        & (every["geography_code"] == first["geography_code"])
    ]
    series = series_of(near, choice.rows)
    chosen = choice.rows["reference_group"].dropna().unique()
    usual = near.loc[near["set_id"] == first["set_id"], "reference_group"].dropna().unique()
    if len(chosen) and list(chosen) != list(usual):
        return against(series, str(chosen[0]))
    return series


def _draw(chart: Chart | None, rows: pd.DataFrame, key: str) -> None:
    """The chart with its title and the sources of its figures, ``rows``."""
    if chart is None:
        return
    st.html(f'<h3>{escape(chart.title)}</h3><p class="subtitle">{escape(chart.subtitle)}</p>')
    st.plotly_chart(
        chart.figure, theme=None, key=key, alt=chart.alternative, config={"displayModeBar": False}
    )
    st.html(sources_line(rows))


def _figures(found: SeriesTrend, beside: pd.DataFrame, indicator: RowLike) -> None:
    """The table of the figures, those beside the series among them."""
    groups = evidence_base().groups
    every = pd.concat([found.rows.assign(break_told=None), beside]) if len(beside) else found.rows
    body = [
        [
            f"{row['period']} (history)" if row["history"] else str(row["period"]),
            groups.short(str(row["ethnic_group"])),
            figure_value(row),
            figure_limits(row) or ("" if is_blank(row["value"]) else "not published"),
            _place_in_test(row),
            f"{link('Details', 'library', figure=str(row['figure_id']))} {community_chip(row)}",
        ]
        for row in every.sort_values(["at", "ethnic_group"]).to_dict("records")
    ]
    columns = ["Period", "Ethnic group", "Figure", "95% limits", "In the tests", "More"]
    caption = f"{indicator['name']} over the years"
    st.html(table(body, columns, caption=caption, numeric=[2, 3], raw=[5]))


def _every_group(series: pd.DataFrame, choice: Choice) -> None:
    """All groups of every period as dots on lines, with the same numbers as a table."""
    base = evidence_base()
    ordered = timed(series).sort_values("at")
    parts = [groups_apart(part, base.groups) for _, part in ordered.groupby("period", sort=False)]
    apart = pd.concat(parts)
    chart = equiplot(
        apart,
        choice.indicator,
        base.groups,
        theme(),
        lines="period",
        chosen=choice.group,
        blanks=ordered[ordered["value"].isna()],
    )
    if chart is None:
        return
    _draw(chart, apart, "every-group")
    codes = base.groups.sort(apart["ethnic_group"].unique())
    told = {
        (row["period"], row["ethnic_group"]): _with_limits(row) for row in apart.to_dict("records")
    }
    body = [
        [str(period), *(told.get((period, code), "no figure") for code in codes)]
        for period in apart["period"].unique()
    ]
    with st.expander("Every group by period, as a table"):
        columns = ["Period", *map(base.groups.short, codes)]
        st.html(table(body, columns, caption=chart.title, numeric=range(1, len(columns))))
    _save(chart, apart, "every-group", f"{choice.indicator['indicator_id']}-every-group")


def _with_limits(row: RowLike) -> str:
    between = figure_limits(row)
    return f"{figure_value(row)} ({between})" if between else figure_value(row)


def _save(chart: Chart | None, rows: pd.DataFrame, key: str, name: str) -> None:
    base = evidence_base()
    csv = download_csv(rows, base.indicators, base.sources, base.groups)
    save_buttons(chart, csv, source_ids=sources_of(rows), name=name, key=key)


def _place_in_test(row: RowLike) -> str:
    told = row.get("break_told")
    if not is_blank(told):
        return f"no: {told}"
    return "yes" if is_blank(row["left_out"]) else f"no: {row['left_out']}"


def _gap(found: SeriesTrend, indicator: RowLike, beside: pd.DataFrame) -> None:
    """The gap over the years: statement, chart and table."""
    groups = evidence_base().groups
    if found.reference is None:
        if found.no_gap is not None:
            st.html(f'<p class="reading">{escape(gap_words(found, indicator, groups))}</p>')
        return
    statement(gap_words(found, indicator, groups))
    own = found.rows[found.rows["ethnic_group"] == found.chosen]
    told = own[own["difference"].notna() | own["ratio"].notna()]
    if found.no_gap is not None or told.empty:
        return
    chart = gap_chart(found, indicator, groups, theme(), beside=beside)
    same = beside["ethnic_group"].eq(found.chosen) & beside["reference_group"].eq(found.reference)
    near = beside[same & (beside["ratio"].notna() | beside["difference"].notna())]
    drawn = pd.concat([near[told.columns.intersection(near.columns)], told])
    _draw(chart, drawn, "gap-over-time")
    unit = difference_unit(told.iloc[0].to_dict())
    ratios = told["ratio"].notna().any()
    columns = ["Period", *(["Ratio", "95% limits"] if ratios else [])]
    columns += [f"Difference ({unit})", "95% limits", "In words"]
    body = []
    for row in told.to_dict("records"):
        size = "" if is_blank(row["ratio"]) else ratio_told(row)
        between = limits(row["ratio_lower"], row["ratio_upper"], style="ratio")
        words = verdict_words(str(row["verdict"]), str(indicator["direction"]))
        gap = [difference_value(row, row), difference_limits(row, row), words]
        body.append([str(row["period"]), *([size, between] if ratios else []), *gap])
    caption = f"Gap to the {groups.short(found.reference)} group by period"
    st.html(table(body, columns, caption=caption, numeric=range(1, len(columns) - 1)))
    _save(chart, drawn, "gap-over-time", f"{indicator['indicator_id']}-gap-over-the-years")
