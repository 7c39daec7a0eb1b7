"""Evidence strength: five plain questions asked of each figure, and a word for how many it meets.

Nothing is weighed or hidden: the questions and their answers stand beside every figure, and the
word follows from how many are met. It says how much weight the evidence bears, not how large a
gap is nor whether the study was a good one.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pandas as pd

from evidence.limits import LimitsFrom
from evidence.periods import RECENT_YEARS
from evidence.vocabulary import Confidence, GeographyLevel, SourceKind

GOOD_KINDS = (SourceKind.OFFICIAL_STATISTICS, SourceKind.NATIONAL_AUDIT, SourceKind.PEER_REVIEWED)
"""Kinds of source that are checked before they are published."""

INCOMPLETE = "The records of this area and year look incomplete"
"""How the note of a figure begins that bears little, whatever else is known of it."""

UNIDENTIFIED = ("Journal not shown",)
"""Publishers of papers of which only a library's entry was seen: nobody can look them up."""

IN_LONDON = (
    GeographyLevel.BOROUGH,
    GeographyLevel.ICB,
    GeographyLevel.SUBREGION,
    GeographyLevel.LONDON,
)


class Strength(StrEnum):
    """How much weight a figure bears, the most first."""

    STRONG = "strong"
    FAIR = "fair"
    LIMITED = "limited"
    HISTORY = "history"

    @property
    def label(self) -> str:
        """The strength in words."""
        return {Strength.HISTORY: "History (before 2010)"}.get(self, self.value.capitalize())

    @property
    def rule(self) -> str:
        """When a figure has this strength."""
        return {
            Strength.STRONG: (
                "Four or five of the questions are answered yes, the first and the third among them"
            ),
            Strength.FAIR: "Three are, or four without the first or the third",
            Strength.LIMITED: (
                "Fewer are, or the source softens its number (“almost”), or its records look "
                "incomplete"
            ),
            Strength.HISTORY: "The data ended before 2010, whatever else is known of it",
        }[self]


ORDER = {str(strength): place for place, strength in enumerate(Strength)}
"""The place of each strength among the others: 0 for the strongest."""

QUESTIONS = {
    "good_source": "Official statistics, a national audit or a peer-reviewed paper?",
    "in_london": "About London or a part of it?",
    "recent": f"Data from the last {RECENT_YEARS} years?",
    "has_limits": "Limits published, or counts to work them out from?",
    "seen_at_publisher": "Read at its publisher?",
}
"""The five questions, by the column that holds the answer."""


def add_strength(figures: pd.DataFrame, sources: pd.DataFrame, *, this_year: int) -> pd.DataFrame:
    """Give each figure the answers to the five questions and its strength.

    Parameters
    ----------
    figures
        Figures with the columns that :func:`evidence.limits.add_limits` and
        :func:`evidence.periods.add_years` add.
    sources
        Columns of the Source model.
    this_year
        The year of the tables.

    Returns
    -------
    pandas.DataFrame
        The same rows with one bool column for each of :data:`QUESTIONS`, and strength (a
        :class:`Strength`; missing for a blank, which bears nothing).
    """
    frame = figures.copy()
    about = sources.set_index("source_id")
    good = about["kind"].isin(GOOD_KINDS) & ~about["publisher"].isin(UNIDENTIFIED)
    frame["good_source"] = frame["source_id"].isin(about.index[good])
    frame["in_london"] = frame["geography_level"].isin(IN_LONDON)
    frame["recent"] = (this_year - frame["year"] <= RECENT_YEARS).fillna(False).astype(bool)
    frame["has_limits"] = frame["limits_from"] != LimitsFrom.NONE
    frame["seen_at_publisher"] = frame["confidence"] == Confidence.PRIMARY
    met = frame[list(QUESTIONS)].sum(axis=1)
    strength = pd.Series(Strength.LIMITED.value, index=frame.index, dtype="str")
    strength[met >= 3] = Strength.FAIR.value
    firm = frame["good_source"] & frame["recent"]
    strength[(met >= 4) & firm] = Strength.STRONG.value
    doubtful = frame["note"].str.contains(INCOMPLETE, regex=False, na=False)
    strength[frame["qualifier"].notna() | doubtful] = Strength.LIMITED.value
    strength[frame["history"]] = Strength.HISTORY.value
    frame["strength"] = strength.where(frame["value"].notna())
    return frame


def answers(figure: Mapping[Any, Any]) -> dict[str, bool]:
    """The answers to the five questions for one figure, by the name of the question."""
    return {name: bool(figure[name]) for name in QUESTIONS}
