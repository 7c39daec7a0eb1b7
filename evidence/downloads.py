"""Downloads: figures as CSV, with limits, definitions and the citation inside.

Every CSV file that readers download is written by :func:`to_csv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from evidence.citations import DASHBOARD, citation
from evidence.ethnicity import Classification
from evidence.typed import safe_cell
from evidence.vocabulary import Measure

FIGURE_COLUMNS = [
    "figure_id",
    "record_id",
    "indicator_id",
    "geography_level",
    "geography_code",
    "geography_name",
    "period",
    "age",
    "sex",
    "population",
    "ethnic_group",
    "ethnic_group_label",
    "comparator",
    "comparator_label",
    "measure",
    "qualifier",
    "value",
    "unit",
    "limit_lower",
    "limit_upper",
    "limits_from",
    "numerator",
    "denominator",
    "count_rounding",
    "standardisation",
    "adjusted_for",
    "reference_group",
    "softened",
    "ratio",
    "ratio_lower",
    "ratio_upper",
    "difference",
    "difference_lower",
    "difference_upper",
    "gap_limits_from",
    "gap_method",
    "verdict",
    "reason",
    "blank_reason",
    "confidence",
    "strength",
    "good_source",
    "in_london",
    "recent",
    "has_limits",
    "seen_at_publisher",
    "history",
    "calculation",
    "calculation_source_id",
    "correction",
    "note",
    "source_id",
]

OURS = f"{DASHBOARD}, which worked out the ratios, differences and verdicts"
"""What a download of figures says beside the publishers' citations."""

VERDICT_OURS = f"{DASHBOARD}, which worked out the verdict"
"""What it says of a comparison that its publisher made."""


def to_csv(frame: pd.DataFrame) -> bytes:
    r"""A table as UTF-8 CSV that spreadsheets open rightly, and in which nothing runs.

    Texts pass through :func:`evidence.typed.safe_cell`, headings too, as suggestions become
    figures and what people write must not become a formula. Line ends within a text become
    "\n": a lone "\r" would go unquoted, and begin a row. Numbers, dates and blanks stay.
    The last column names the dashboard, as files part from the page that they came from.

    Parameters
    ----------
    frame
        The table; its index is left out. A column ``dashboard`` of its own is kept.
    """
    if "dashboard" not in frame:
        frame = frame.assign(dashboard=DASHBOARD)
    safe = frame.rename(columns=lambda name: _safe(str(name)))
    for place, dtype in enumerate(frame.dtypes):
        if not pd.api.types.is_any_real_numeric_dtype(dtype):
            column = frame.iloc[:, place].astype(object)
            # Texts repeat, and hardly any has to change.
            told = {text: _safe(text) for text in column.unique() if isinstance(text, str)}
            if any(text != written for text, written in told.items()):
                safe.isetitem(place, [told.get(cell, cell) for cell in column])
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _safe(text: str) -> str:
    return safe_cell(re.sub(r"\r\n?", "\n", text).replace("\0", ""))


def download_frame(
    rows: pd.DataFrame,
    indicators: pd.DataFrame,
    sources: pd.DataFrame,
    groups: Classification,
) -> pd.DataFrame:
    """Figures as they are downloaded.

    Parameters
    ----------
    rows
        Figures with the columns of their gaps.
    indicators, sources
        The tables of those names.
    groups
        The classification, for the groups in our words.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`FIGURE_COLUMNS` with the indicator's name and definition, the
        harmonised group label, the source's citation, that of the second source of a figure
        that we calculated, and what is this dashboard's own.
    """
    frame = rows[[name for name in FIGURE_COLUMNS if name in rows]].copy()
    names = indicators.set_index("indicator_id")
    frame.insert(2, "indicator", rows["indicator_id"].map(names["name"]))
    frame.insert(3, "definition", rows["indicator_id"].map(names["definition"]))
    labels = {code: groups.short(code) for code in rows["ethnic_group"].unique()}
    frame["ethnic_group_harmonised"] = rows["ethnic_group"].map(labels)
    named = {*rows["source_id"], *rows["calculation_source_id"].dropna()}
    wanted = sources[sources["source_id"].isin(named)]
    cited = {row["source_id"]: citation(row) for row in wanted.to_dict("records")}
    # Numbers that we work out carry no more digits than their limits bear.
    ours = ["limit_lower", "limit_upper", "ratio", "ratio_lower", "ratio_upper"]
    ours += ["difference", "difference_lower", "difference_upper"]
    frame[ours] = frame[ours].map(lambda value: float(f"{value:.6g}"))
    frame["citation"] = rows["source_id"].map(cited)
    second = rows["calculation_source_id"].where(rows["calculation_source_id"] != rows["source_id"])
    frame["second_citation"] = second.map(cited)
    theirs = rows["measure"].isin([one for one in Measure if one.is_published_comparison])
    frame["dashboard"] = theirs.map({True: VERDICT_OURS, False: OURS})
    return frame


def download_csv(
    rows: pd.DataFrame,
    indicators: pd.DataFrame,
    sources: pd.DataFrame,
    groups: Classification,
    *,
    also: Sequence[str] = (),
) -> bytes:
    """:func:`download_frame` as UTF-8 CSV that spreadsheets open rightly.

    ``also`` names further columns of ``rows`` that stand before the citations.
    """
    frame = download_frame(rows, indicators, sources, groups)
    for name in also:
        frame.insert(list(frame).index("citation"), name, rows[name])
    return to_csv(frame)
