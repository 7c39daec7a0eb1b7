"""Searching and filtering figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from evidence.coverage import of_groups
from evidence.periods import HISTORY_BEFORE
from evidence.strength import ORDER


class Counted(StrEnum):
    """The figures that tell of an ethnic group: what is said to be known counts these alone."""

    NOW = "now"
    HISTORY = "history"

    @property
    def label(self) -> str:
        """Which figures these are."""
        since = self is Counted.NOW
        return f"Of ethnic groups, {'since' if since else 'before'} {HISTORY_BEFORE}"


@dataclass(frozen=True)
class Filters:
    """What is looked for; an empty filter lets everything through.

    ``text`` is words that must all occur in the figure's indicator, labels, area, period, note,
    record or source; ``groups`` are codes; ``since`` and ``until`` are years.
    ``counted`` leaves out blanks, and figures that :func:`evidence.coverage.of_groups` does.
    """

    text: str = ""
    area: str | None = None
    place: str | None = None
    groups: tuple[str, ...] = ()
    kind: str | None = None
    since: int | None = None
    until: int | None = None
    confidence: str | None = None
    strength: str | None = None
    source: str | None = None
    counted: Counted | None = None


SYNONYMS = {
    "detained": "detention",
    "sectioned": "detention",
    "sectioning": "detention",
    "involuntary": "detention",
    "iapt": "talking therapies",
    "jab": "vaccin",
    "vaccine": "vaccin",
    "vaccinated": "vaccin",
    "died": "death",
    "dying": "death",
    "deaths": "death",
    "die": "death",
}
"""Words that people search by, and the words of the tables that they mean."""


def search(
    rows: pd.DataFrame, filters: Filters, indicators: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """The figures that pass every filter: the newest first, then the strongest; history last.

    Parameters
    ----------
    rows
        Figures, with ``disease_area``, ``year``, ``history`` and ``strength``.
    filters
        What is looked for.
    indicators, sources
        The tables of those names.
    """
    found = rows
    for column, wanted in (
        ("disease_area", filters.area),
        ("geography_name", filters.place),
        ("confidence", filters.confidence),
        ("strength", filters.strength),
        ("source_id", filters.source),
    ):
        if wanted:
            found = found[found[column] == wanted]
    if filters.counted:
        found = found[of_groups(found) & found["value"].notna()]
        found = found[found["history"] == (filters.counted is Counted.HISTORY)]
    if filters.groups:
        found = found[found["ethnic_group"].isin(filters.groups)]
    if filters.kind:
        of_kind = sources.loc[sources["kind"] == filters.kind, "source_id"]
        found = found[found["source_id"].isin(of_kind)]
    if filters.since:
        found = found[(found["year"] >= filters.since).fillna(False).astype(bool)]
    if filters.until:
        found = found[(found["year"] <= filters.until).fillna(False).astype(bool)]
    words = [SYNONYMS.get(word, word) for word in filters.text.casefold().split()]
    if words:
        text = _text(found, indicators, sources)
        for word in words:
            hit = text.str.contains(word, regex=False)
            found, text = found[hit], text[hit]
    keys = ["history", "year", "place", "indicator_id", "figure_id"]
    return (
        found.assign(place=found["strength"].map(ORDER))
        .sort_values(keys, ascending=[True, False, True, True, True], na_position="last")
        .drop(columns="place")
    )


def _text(rows: pd.DataFrame, indicators: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """All the words of each figure, in small letters."""
    about = indicators.set_index("indicator_id")
    origin = sources.set_index("source_id")
    told_of_indicator = about["name"] + " " + about["definition"]
    told_of_source = origin["title"] + " " + origin["publisher"]
    parts = [
        rows["indicator_id"].map(told_of_indicator),
        rows["source_id"].map(told_of_source),
        *(
            rows[name]
            for name in (
                "figure_id",
                "geography_name",
                "period",
                "age",
                "population",
                "ethnic_group",
                "ethnic_group_label",
                "note",
            )
        ),
    ]
    text = parts[0].fillna("")
    for part in parts[1:]:
        text = text + " " + part.fillna("")
    return text.str.casefold()
