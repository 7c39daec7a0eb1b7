"""What an indicator is, on the page of its figures; and what tells its sets apart."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from evidence.models import NOT_STATED
from evidence.numbers import is_blank
from evidence.selection import summarise_sets
from evidence.statements import RowLike
from evidence.vocabulary import Direction, LifeStage, Measure
from pages.shared.chart import show_set
from pages.shared.data import evidence_base, source_row
from pages.shared.html import description_list, markdown_text, reference
from pages.shared.inequality import show_inequality


def about_indicator(indicator: RowLike, rows: pd.DataFrame) -> None:
    """Definition, direction, caveats, owner and sources of an indicator.

    ``rows`` are the figures whose sources are listed.
    """
    notes = [str(note) for note in rows["note"].dropna().unique()]
    sources = [reference(source_row(str(key))) for key in rows["source_id"].unique()]
    st.html(
        description_list(
            [
                ("Definition", str(indicator["definition"])),
                ("Reading it", Direction(indicator["direction"]).label),
                ("Caveats", "" if is_blank(indicator["caveats"]) else str(indicator["caveats"])),
                ("Notes on these figures", " ".join(_sentence(note) for note in notes[:6])),
                ("Owner", "" if is_blank(indicator["owner"]) else str(indicator["owner"])),
                ("Last release", _date(indicator["last_release"])),
                ("Next release", _date(indicator["next_release"])),
                ("Sources", "<br>".join(sources)),
            ],
            raw=["Sources"],
        )
    )


def set_label(row: RowLike) -> str:
    """What tells a comparison set from others of its indicator and place.

    ``row`` is one of :func:`evidence.selection.summarise_sets`.
    """
    source = source_row(str(row["source_id"]))
    parts = ["period not stated" if row["period"] == NOT_STATED else str(row["period"])]
    if row["breakdown"]:
        parts.append(f"{row['breakdown']} groups")
    measure = Measure(row["measure"])
    if measure.is_published_comparison:
        parts.append(f"{'calculated' if row['calculated'] else 'published'} {measure.label}")
    if source is not None:
        parts.append(str(source["publisher"]))
    if row["age"] not in {"all", NOT_STATED}:
        parts.append(f"age {row['age']}")
    if row["sex"] != "all":
        parts.append(str(row["sex"]))
    if row["history"]:
        parts.append("history")
    for name in ("population", "adjusted_for"):
        if not is_blank(row[name]):
            prefix = "adjusted for " if name == "adjusted_for" else ""
            parts.append(f"{prefix}{row[name]}")
    return ", ".join(parts)


def _sentence(note: str) -> str:
    return note if note.endswith(".") else f"{note}."


def _date(value: object) -> str:
    return "" if is_blank(value) else str(value)


SETS_AT_ONCE = 8
"""How many sets an opened indicator shows; the sentence above the list reaches every one."""


def indicator_list(rows: pd.DataFrame, *, key: str) -> None:
    """Every indicator of an area by life stage; one that is opened shows its sets.

    ``rows`` are the area's figures with the columns of their gaps, none blank; ``key`` tells two
    lists of a page apart. What is closed is not drawn, as an area can have hundreds of sets.
    """
    base = evidence_base()
    listed = base.indicators[base.indicators["indicator_id"].isin(rows["indicator_id"])]
    for stage in LifeStage:
        in_stage = listed[listed["life_stage"] == stage].sort_values("name")
        if in_stage.empty:
            continue
        st.html(f"<h3>{stage.label}</h3>")
        for indicator in in_stage.to_dict("records"):
            name = indicator["indicator_id"]
            of_key = rows[rows["indicator_id"] == name]
            sets = _count(of_key["set_id"].nunique(), "set")
            places = _count(of_key["geography_code"].nunique(), "place")
            label = f"{markdown_text(indicator['name'])} ({sets} of figures, {places})"
            with st.expander(label, key=f"{key}-{name}", on_change="rerun", type="compact") as box:
                if box.open:
                    _open_indicator(indicator, of_key, key)


def _open_indicator(indicator: RowLike, rows: pd.DataFrame, key: str) -> None:
    about_indicator(indicator, rows)
    sets = summarise_sets(rows)
    for set_id in sets["set_id"].head(SETS_AT_ONCE):
        one = rows[rows["set_id"] == set_id]
        show_set(one, indicator, key=f"{key}-{set_id}", heading=4)
        show_inequality(one, indicator, key=f"{key}-{set_id}", heading=5)
    more = len(sets) - SETS_AT_ONCE
    if more > 0:
        st.write(f"{_count(more, 'more set')}: choose them in the sentence above.")


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
