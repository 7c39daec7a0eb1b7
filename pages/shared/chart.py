"""A chart with its title, table, source and downloads: the one way in which charts are shown."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from charts.dots import group_name, in_order
from charts.groups import Way, set_chart, ways
from evidence.downloads import download_csv
from evidence.ethnicity import Classification
from evidence.limits import LimitsFrom
from evidence.methods import methods_of
from evidence.numbers import is_blank, limits
from evidence.publication import mark_in
from evidence.statements import (
    RowLike,
    difference_limits,
    difference_unit,
    difference_value,
    figure_limits,
    figure_value,
    named,
    place,
    ratio_told,
    verdict_words,
    when,
)
from evidence.vocabulary import Measure
from pages.shared.chart_download import save_buttons, sources_of
from pages.shared.data import evidence_base, with_blanks
from pages.shared.figures import cited
from pages.shared.html import age_chip, link, table
from pages.shared.layout import theme, unknown
from pages.shared.method_note import method_note

HOW_MARKS_READ = (
    "Filled marks: the 95% limits exclude “no difference”. Hollow marks: no clear difference, too "
    "uncertain to say, or no interval published. Lines show the limits."
)

BY_GROUP, BY_SIZE = "By group", "By size"


def show_set(
    rows: pd.DataFrame,
    indicator: RowLike,
    *,
    key: str,
    chosen: str | None = None,
    heading: int = 3,
    way: Way | None = None,
    in_address: bool = False,
) -> None:
    """Show a comparison set: its chart where it has one, its table, source and download.

    Parameters
    ----------
    rows
        The set: figures with the columns of their gaps.
    indicator
        The indicator's row.
    key
        A name for the elements, unique on the page.
    chosen
        The group that the reader chose.
    heading
        The level of the title's heading.
    way
        The way in which the set is shown; where it is None the reader is offered every way.
    in_address
        Whether the address keeps the order, under the key "order": for one set of a page alone.
    """
    base = evidence_base()
    rows = with_blanks(rows)
    with st.container(horizontal=True):
        if way is None:
            way = _choose_way(rows, key)
        order = _choose_order(key, in_address=in_address)
    by_value = order == BY_SIZE
    chart = set_chart(
        rows, indicator, base.groups, theme(), chosen=chosen, way=way, by_value=by_value
    )
    first = rows.iloc[0].to_dict()
    title = chart.title if chart else f"{named(indicator)} in {place(first)}, {when(first)}"
    subtitle = f'<p class="subtitle">{escape(chart.subtitle)}</p>' if chart else ""
    old = age_chip(first)
    st.html(f"<h{heading}>{escape(title)}</h{heading}>{subtitle}{f'<p>{old}</p>' if old else ''}")
    if chart:
        st.plotly_chart(
            chart.figure,
            theme=None,
            key=f"{key}-chart",
            alt=chart.alternative,
            config={"displayModeBar": False, "responsive": True},
        )
        st.html(f'<p class="reading">{HOW_MARKS_READ} {link("What limits are", "methods")}.</p>')
    st.html(set_table(rows, indicator, base.groups, chosen=chosen, by_value=by_value))
    st.html(cited(first))
    if not is_blank(first["calculation"]):
        st.html(f'<p class="reading">How it is calculated: {escape(first["calculation"])}</p>')
    method_note(methods_of(rows), key=key)
    save_buttons(
        chart,
        download_csv(rows, base.indicators, base.sources, base.groups),
        source_ids=sources_of(rows),
        name=f"{first['indicator_id']}-{first['set_id']}",
        key=key,
        note=HOW_MARKS_READ,
    )


def _choose_order(key: str, *, in_address: bool) -> str | None:
    """Ask for the order of the groups."""
    orders = [BY_GROUP, BY_SIZE]
    if not in_address:
        return st.segmented_control("Order", orders, default=BY_GROUP, key=f"{key}-order")
    asked = st.query_params.get("order", BY_GROUP)
    if asked not in orders and "order" not in st.session_state:
        unknown("an order", asked)
    return st.segmented_control("Order", orders, default=BY_GROUP, key="order", bind="query-params")


def _choose_way(rows: pd.DataFrame, key: str) -> Way | None:
    """Ask how the set is shown, where there is a choice."""
    possible = ways(rows)
    if len(possible) < 2:
        return None
    return st.segmented_control(
        "Show",
        possible,
        default=possible[0],
        format_func=lambda way: way.label,
        key=f"{key}-way",
    )


def set_table(
    rows: pd.DataFrame,
    indicator: RowLike,
    groups: Classification,
    *,
    chosen: str | None = None,
    by_value: bool = False,
) -> str:
    """The table of a comparison set, in the classification's order or the largest on top."""
    ordered = in_order(rows, groups, "value" if by_value else None)
    first = ordered.iloc[0].to_dict()
    published = Measure(first["measure"]).is_published_comparison
    compared = bool(ordered["reference_group"].notna().any())
    reference = groups.short(str(ordered["reference_group"].dropna().iloc[0])) if compared else ""
    how = "as published" if is_blank(first["calculation"]) else "calculated by us"
    value = f"Compared with {reference}, {how}" if published else "Figure"
    columns = ["Ethnic group", value, "95% limits"]
    if compared and not published:
        columns += [f"Ratio to {reference}", f"Difference ({difference_unit(first)})"]
    numeric = range(1, len(columns))
    columns += ["In words", "More"] if compared else ["More"]
    body = []
    for row in ordered.to_dict("records"):
        cells = [
            group_name(row, groups),
            figure_value(row),
            figure_limits(row) or ("" if is_blank(row["value"]) else "not published"),
        ]
        if compared and not published:
            cells += _gap_cells(row)
        if compared:
            cells.append(_in_words(row, indicator))
        body.append([*cells, link("Details", "library", figure=row["figure_id"])])
    marked = [n for n, code in enumerate(ordered["ethnic_group"]) if chosen and code == chosen]
    origins = sorted({LimitsFrom(name).label for name in rows["limits_from"].unique()})
    note = f'<p class="reading">{escape(". ".join(_capital(text) for text in origins))}.</p>'
    note += _suggested(ordered, groups)
    return (
        table(
            body,
            columns,
            caption=f"{named(indicator)} by ethnic group, {place(first)}, {when(first)}",
            numeric=numeric,
            marked=marked,
            raw=[len(columns) - 1],
        )
        + note
    )


def _suggested(rows: pd.DataFrame, groups: Classification) -> str:
    """Which figures of a set the community suggested, and when each was checked; as HTML."""
    marks: dict[str, list[str]] = {}
    for row in rows.to_dict("records"):
        if mark := mark_in(row["note"]):
            marks.setdefault(mark, []).append(group_name(row, groups))
    told = [f"{_capital(', '.join(names))}: {_lower(mark)}" for mark, names in marks.items()]
    return "".join(f'<p class="reading">{escape(line)}</p>' for line in told)


def _gap_cells(row: RowLike) -> list[str]:
    """Ratio and difference with their limits; empty where nothing is compared."""
    if is_blank(row["verdict"]) or not is_blank(row["reason"]):
        return ["", ""]
    size = ""
    if not is_blank(row["ratio"]):
        interval = limits(row["ratio_lower"], row["ratio_upper"], style="ratio")
        size = _with_limits(ratio_told(row), interval)
    return [size, _with_limits(difference_value(row, row), difference_limits(row, row))]


def _in_words(row: RowLike, indicator: RowLike) -> str:
    if is_blank(row["verdict"]):
        return "reference" if row["is_reference"] else "no figure"
    if not is_blank(row["reason"]):
        return f"not compared: {row['reason']}"
    return verdict_words(str(row["verdict"]), str(indicator["direction"]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _with_limits(text: str, between: str) -> str:
    return f"{text} ({between})" if between else text
