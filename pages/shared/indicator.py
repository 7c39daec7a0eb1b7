"""What an indicator is, on the page of its figures; and what tells its sets apart."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from evidence.models import NOT_STATED
from evidence.numbers import is_blank
from evidence.statements import RowLike
from evidence.vocabulary import Direction, Measure
from pages.shared.data import source_row
from pages.shared.html import description_list, reference


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
    if source is not None:
        parts.append(str(source["publisher"]))
    measure = Measure(row["measure"])
    if measure.is_published_comparison:
        parts.append(f"published {measure.label}")
    if row["breakdown"]:
        parts.append(f"{row['breakdown']} groups")
    if row["age"] not in {"all", NOT_STATED}:
        parts.append(f"age {row['age']}")
    if row["sex"] != "all":
        parts.append(str(row["sex"]))
    for name in ("population", "adjusted_for"):
        if not is_blank(row[name]):
            prefix = "adjusted for " if name == "adjusted_for" else ""
            parts.append(f"{prefix}{row[name]}")
    return ", ".join(parts)


def _sentence(note: str) -> str:
    return note if note.endswith(".") else f"{note}."


def _date(value: object) -> str:
    return "" if is_blank(value) else str(value)
