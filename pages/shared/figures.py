"""A gap as a card or as a line of a list: its figure, its reference and its sentence together."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd

from evidence.citations import short_citation
from evidence.ethnicity import Classification
from evidence.numbers import is_blank
from evidence.selection import NOT_RANKED, latest_sets
from evidence.statements import (
    RowLike,
    figure_sentence,
    figure_value,
    gap_sentence,
    ratio_told,
    verdict_words,
)
from evidence.statistics import Verdict
from evidence.strength import ORDER
from evidence.vocabulary import DiseaseArea
from pages.shared.chart_download import MOST_SOURCES, sources_of
from pages.shared.data import Tables, evidence_base, indicator_row, tables, with_gaps
from pages.shared.html import (
    area_chip,
    cards,
    figure_card,
    link,
    marks,
    outside_link,
    source_line,
    wrong_link,
)


def sentence(row: RowLike, held: Tables | None = None) -> str:
    """The statement of a figure: its gap where it has one, else the figure alone.

    ``held`` are the tables that hold the figure, where they are not those of every page.
    """
    held = held or tables()
    groups = held.base.groups
    indicator = held.indicator_row(str(row["indicator_id"]))
    if is_blank(row["verdict"]):
        return figure_sentence(row, indicator, groups)
    reference = None
    if not is_blank(row["reference_id"]):
        reference = held.figure_row(str(row["reference_id"]))
    return gap_sentence(row, row, reference, indicator, groups)


def other_source(row: RowLike, held: Tables | None = None) -> RowLike | None:
    """The second source of a figure that we worked out from two, else None."""
    other = row["calculation_source_id"]
    if is_blank(other) or other == row["source_id"]:
        return None
    return (held or tables()).source_row(str(other))


def cited(row: RowLike, held: Tables | None = None) -> str:
    """The source line of a figure."""
    source = (held or tables()).source_row(str(row["source_id"]))
    return source_line(source, row, other_source(row, held))


def sources_line(rows: pd.DataFrame) -> str:
    """The source line under a chart of many figures: its sources, and its first and last period.

    Where there are too many sources to name, how many; each comparison names its own.
    """
    held = [row for row in map(tables().source_row, sources_of(rows)) if row]
    dated = rows[rows["year"].notna()].sort_values("year", kind="stable")["period"]
    ends = dict.fromkeys([*dated.head(1), *dated.tail(1)])
    span = f" Data: {escape(' to '.join(ends))}." if ends else ""
    ours = rows["calculation"].notna().all()
    word = "Calculated by this dashboard from" if ours else f"Source{'s' * (len(held) > 1)}"
    named = "; ".join(outside_link(short_citation(row), str(row["url"])) for row in held)
    if len(held) > MOST_SOURCES:
        named = f"{len(held)} publications; each comparison names its own"
    return f'<p class="source">{word}: {named}.{span}</p>'


def told(figure_id: str) -> str:
    """What a figure says and where it is from, as HTML; nothing for a figure that we don't have."""
    rows = with_gaps()
    found = rows[rows["figure_id"] == figure_id]
    if found.empty:
        return ""
    row = found.iloc[0].to_dict()
    said = f"<p>{escape(sentence(row))}</p>{cited(row)}"
    return f'<blockquote class="suggest-figure">{said}</blockquote>'


def gap_cards(rows: pd.DataFrame, held: Tables | None = None) -> str:
    """Gaps as figure cards, in the order given; ``held`` as in :func:`sentence`."""
    held = held or tables()
    groups = held.base.groups
    items = []
    for row in rows.to_dict("records"):
        indicator = held.indicator_row(str(row["indicator_id"]))
        items.append(
            figure_card(
                row,
                cited(row, held),
                kicker=f"{indicator['name']}: {groups.short(str(row['ethnic_group']))}",
                headline=_headline(row),
                statement=sentence(row, held),
                verdict=_verdict(row, indicator, groups),
            )
        )
    return cards(items)


def statement_list(rows: pd.DataFrame) -> str:
    """Figures as a list of statements, each with its own area and source."""
    items = []
    for row in rows.to_dict("records"):
        indicator = indicator_row(str(row["indicator_id"]))
        more = link("Details", "library", figure=str(row["figure_id"]))
        whole = link(
            "All groups and years",
            "disease-areas",
            area=DiseaseArea(row["disease_area"]).label,
            indicator=str(indicator["name"]),
            place=str(row["geography_name"]),
        )
        name = escape(str(indicator["name"]))
        items.append(
            f'<li><p class="kicker">{name} {area_chip(row)} {marks(row)}</p>'
            f"<p>{escape(sentence(row))} {more} · {whole} · {wrong_link(str(row['figure_id']))}</p>"
            f"{cited(row)}</li>"
        )
    return f'<ul class="statements">{"".join(items)}</ul>'


def _headline(row: RowLike) -> str:
    """The ratio: as published where the source gives it, else ours."""
    if is_blank(row["ratio"]) or is_blank(row["reference_id"]):
        return figure_value(row)
    return f"{ratio_told(row)} times"


def _verdict(row: RowLike, indicator: RowLike, groups: Classification) -> str | None:
    if is_blank(row["verdict"]):
        return None
    reference = groups.short(str(row["reference_group"]))
    words = verdict_words(str(row["verdict"]), str(indicator["direction"]))
    return f"{words[:1].upper()}{words[1:]}, compared with {reference}"


def headline_of_set(rows: pd.DataFrame) -> pd.DataFrame:
    """One figure for each indicator, from the newest set that has a comparison.

    Of its groups the one furthest from the reference among those that the limits set apart from
    it, else the furthest of all. Passed over are percentages of 0 or 100 without counts, as they
    come from a handful of people, and groups that no ranking holds. Where nothing is compared,
    the set's first figure in the classification's order stands for it. The strongest evidence
    comes first.

    ``rows`` are figures with the columns of their gaps.
    """
    base = evidence_base()
    latest = latest_sets(rows).drop_duplicates("indicator_id")
    told = rows[rows["value"].notna() & rows["set_id"].isin(latest["set_id"])]
    handful = told["value"].isin([0, 100]) & (told["unit"] == "%") & told["limit_lower"].isna()
    compared = told["ratio"].gt(0) & ~handful
    compared &= ~told["ethnic_group"].isin(NOT_RANKED)
    clear = compared & told["verdict"].isin([Verdict.HIGHER, Verdict.LOWER])
    # Clear gaps first, then others, then differences of means, then figures without a gap.
    tier = np.select([clear, compared, told["difference"].notna()], [0, 1, 2], 3)
    width = np.log(told["ratio"].where(compared)).abs().fillna(0)
    codes = sorted(told["ethnic_group"].unique(), key=base.groups.order)
    place = told["ethnic_group"].map({code: place for place, code in enumerate(codes)})
    names = told["indicator_id"].map(base.indicators.set_index("indicator_id")["name"])
    strength = told["strength"].map(ORDER)
    ranked = pd.DataFrame(
        {
            "set_id": told["set_id"],
            "tier": tier,
            "width": -width,
            "place": place,
            "strength": strength,
            "name": names,
        }
    ).sort_values(["tier", "width", "place"], kind="stable")
    first = ranked.drop_duplicates("set_id").sort_values(["strength", "name"], kind="stable")
    return told.loc[first.index]
