"""Adding to the evidence base what the community suggested and reviewers published."""

from __future__ import annotations

import dataclasses

import pandas as pd

from evidence.gaps import gaps
from evidence.limits import add_limits
from evidence.periods import add_years
from evidence.sets import add_sets
from evidence.strength import add_strength
from loaders.open import EvidenceBase
from loaders.submissions.published import Published
from loaders.tables import FIGURES, INDICATORS, SOURCES


def with_community(base: EvidenceBase, published: Published) -> EvidenceBase:
    """The evidence base with what is published of suggestions.

    A figure whose id is there already takes that figure's place. What a curator brought since
    under the same id of a source or an indicator stays. Only the comparison sets that the new
    figures may belong to are worked out again.
    """
    new = published.figures
    if new.empty:
        return base
    sources = _added(base.sources, published.sources, SOURCES.columns, "source_id")
    indicators = _added(base.indicators, published.indicators, INDICATORS.columns, "indicator_id")
    old = base.figures
    # Sets share source and indicator; what a correction replaces is of its old set too.
    touched = pd.concat([new, old[old["figure_id"].isin(new["figure_id"])][FIGURES.columns]])
    pairs = set(zip(touched["source_id"], touched["indicator_id"], strict=True))
    near = pd.Series(zip(old["source_id"], old["indicator_id"], strict=True), old.index).isin(pairs)
    kept = old[near & ~old["figure_id"].isin(new["figure_id"])][FIGURES.columns]
    again = add_sets(add_limits(pd.concat([kept, new], ignore_index=True)), base.groups)
    areas = indicators.set_index("indicator_id")["disease_area"]
    again["disease_area"] = again["indicator_id"].map(areas).astype("str")
    again = add_strength(add_years(again, sources), sources, this_year=base.released.year)
    figures = pd.concat([old[~near], again[old.columns]], ignore_index=True)
    told_again = set(old.loc[near, "figure_id"]) | set(again["figure_id"])
    other_gaps = base.gaps[~base.gaps["figure_id"].isin(told_again)]
    found = gaps(again, base.groups)
    return dataclasses.replace(
        base,
        sources=sources,
        indicators=indicators,
        figures=figures.astype(old.dtypes),
        gaps=pd.concat([other_gaps, found], ignore_index=True) if len(found) else other_gaps,
    )


def _added(old: pd.DataFrame, new: pd.DataFrame, columns: list[str], key: str) -> pd.DataFrame:
    return pd.concat([old, new[~new[key].isin(old[key])][columns]], ignore_index=True)
