"""Published conclusions that have no number of their own: told in our sentence, never a figure."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from evidence.citations import seen, short_citation
from evidence.models import NOT_STATED
from evidence.numbers import is_blank
from evidence.vocabulary import Confidence
from pages.shared.data import source_row
from pages.shared.html import area_chip, outside_link
from pages.shared.layout import section


def findings_of(findings: pd.DataFrame) -> None:
    """A section with the findings, or nothing where there are none (columns of the model)."""
    if findings.empty:
        return
    section(
        "Said without a number",
        "Conclusions that a source publishes and whose figures we have not seen. They stand "
        "beside the figures and are never counted as one.",
    )
    items = []
    for row in findings.to_dict("records"):
        period = "period not stated" if row["period"] == NOT_STATED else str(row["period"])
        source = source_row(str(row["source_id"]))
        cited = "not available"
        if source is not None:
            cited = outside_link(short_citation(source), str(source["url"]))
        doubt = "" if row["confidence"] == Confidence.PRIMARY else f" {seen(row['confidence'])}."
        note = "" if is_blank(row["note"]) else f" {row['note']}"
        items.append(
            f'<li><p class="kicker">{area_chip(row)} {escape(period)}</p>'
            f"<p>{escape(str(row['sentence']))}</p>"
            f'<p class="source">Source: {cited}.{escape(doubt)}{escape(note)} '
            f"Finding {escape(str(row['finding_id']))}.</p></li>"
        )
    st.html(f'<ul class="statements">{"".join(items)}</ul>')
