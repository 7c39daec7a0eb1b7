"""The filters of a comparison as one sentence with blanks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from evidence.coverage import WHOLE_AREAS
from evidence.ethnicity import NOT_GROUPS
from evidence.selection import summarise_sets
from evidence.statements import RowLike
from evidence.vocabulary import GeographyLevel, Measure
from pages.shared.address import choose
from pages.shared.data import against, evidence_base, indicator_row
from pages.shared.indicator import set_label

KINDS = {
    "indicator": "an indicator",
    "place": "a place",
    "set": "a set of figures",
    "group": "an ethnic group",
    "with": "a group to compare with",
    "as": "a way to show it",
}
"""What a notice calls each blank of the sentence."""


@dataclass(frozen=True)
class Choice:
    """What the sentence says: an indicator, one comparison set with its gaps, and a group."""

    indicator: RowLike
    rows: pd.DataFrame
    group: str


def pick_comparison(rows: pd.DataFrame, default_indicator: str) -> Choice:
    """Let the reader fill in "[indicator] in [place], [set], for [group] compared with [group]".

    Parameters
    ----------
    rows
        The figures of one disease area with the columns of their gaps, none blank.
    default_indicator
        The indicator that is shown until another is chosen.
    """
    base = evidence_base()
    names = base.indicators.set_index("indicator_id")["name"]
    ids = sorted(rows["indicator_id"].unique(), key=lambda key: str(names[key]))
    with st.container(horizontal=True, vertical_alignment="center", key="picker"):
        indicator_id = blank(
            "",
            "Indicator",
            ids,
            "indicator",
            {key: str(names[key]) for key in ids},
            default_indicator,
            width=400,
        )
        here = rows[rows["indicator_id"] == indicator_id]
        places = _places(here)
        place = blank("in", "Place", places, "place", {name: name for name in places}, width=240)
        sets = summarise_sets(here[here["geography_name"] == place])
        labels = distinct({row["set_id"]: set_label(row) for row in sets.to_dict("records")})
        set_id = blank("from", "Period and source", list(labels), "set", labels, width=400)
        one = here[here["set_id"] == set_id]
        codes = base.groups.sort(one["ethnic_group"].unique())
        published = Measure(one["measure"].iloc[0]).is_published_comparison
        references = [str(code) for code in one["reference_group"].dropna().unique()]
        rivals = references if published else [code for code in codes if code not in NOT_GROUPS]
        asked = [code for code in codes if code not in {*references, *NOT_GROUPS}] or codes
        people = {code: base.groups.people(code) for code in asked}
        start = "black" if "black" in asked else asked[0]
        group = blank("for", "Ethnic group", asked, "group", people, start, width=330)
        shorts = {code: base.groups.short(code) for code in rivals or codes}
        default = references[0] if references else None
        reference = blank(
            "compared with", "Compared with", list(shorts), "with", shorts, default, width=220
        )
    if references and not published and reference != references[0]:
        one = against(one, reference)
    return Choice(indicator_row(indicator_id), one, group)


def blank(
    word: str,
    label: str,
    options: list[str],
    key: str,
    labels: dict[str, str],
    default: str | None = None,
    *,
    width: int,
) -> str:
    """A blank of the sentence with the word before it, which stay together when lines break."""
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        if word:
            st.markdown(word, width="content")
        chosen = choose(
            label,
            options,
            key,
            kind=KINDS[key],
            show=lambda option: labels.get(option, option),
            default=default,
            visible=False,
            width=width,
        )
    return chosen if chosen is not None else options[0]


def _places(rows: pd.DataFrame) -> list[str]:
    """Places with figures: London, England and the UK as wholes first, then parts by name."""
    first = rows.groupby("geography_name")[["geography_level", "geography_code"]].first()
    order = [
        GeographyLevel.LONDON,
        GeographyLevel.ENGLAND,
        GeographyLevel.ENGLAND_AND_WALES,
        GeographyLevel.UK,
        GeographyLevel.ICB,
        GeographyLevel.SUBREGION,
        GeographyLevel.BOROUGH,
        GeographyLevel.REGION,
    ]
    whole = first["geography_code"].isin(WHOLE_AREAS)
    level = first["geography_level"]
    return sorted(
        first.index, key=lambda name: (not whole[name], order.index(level[name]), str(name))
    )


def distinct(labels: dict[str, str]) -> dict[str, str]:
    """Labels of which no two are the same, as the address tells sets apart by them."""
    seen: Counter[str] = Counter()
    result = {}
    for key, label in labels.items():
        seen[label] += 1
        result[key] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return result
