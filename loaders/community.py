"""Adding to the evidence base what the community suggested and reviewers published."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from evidence.gaps import gaps
from evidence.limits import add_limits
from evidence.periods import add_years
from evidence.publication import FIGURE_IDS, row_digest
from evidence.sets import add_sets
from evidence.strength import add_strength
from loaders.derive import INPUTS, worked_out
from loaders.open import EvidenceBase
from loaders.submissions.published import Published
from loaders.tables import FIGURES, INDICATORS, SOURCES

REDONE = "Worked out again, as a figure that it comes from was corrected."
"""The note of a figure that this dashboard worked out, once it rests on a correction."""


def with_community(base: EvidenceBase, published: Published) -> EvidenceBase:
    """The evidence base with what is published of suggestions.

    A correction takes the place of its figure as long as the tables have the row that it was
    prepared for. Whatever else stands in the tables stays: a figure, a source or an indicator
    that curators brought since, or a row that they changed since. ``notices`` of the base tell
    them. Figures that this dashboard works out from a corrected one are worked out again. Only
    the comparison sets that the new figures may belong to are made again.
    """
    new, told = _in_force(base, published)
    redone, lost = _worked_out_again(base, new)
    told += [f"{name} can't be worked out from the figure as corrected." for name in lost]
    if told or published.notices:
        base = dataclasses.replace(base, notices=(*base.notices, *published.notices, *told))
    if new.empty:
        return base
    new = pd.concat([new, redone], ignore_index=True) if len(redone) else new
    its_sources = published.sources[published.sources["source_id"].isin(new["source_id"])]
    sources = _added(base.sources, its_sources, SOURCES.columns, "source_id")
    indicators = _added(base.indicators, published.indicators, INDICATORS.columns, "indicator_id")
    old = base.figures
    gone = {*new["figure_id"], *lost}
    # Sets share source and indicator; what a correction replaces is of its old set too.
    touched = pd.concat([new, old[old["figure_id"].isin(gone)][FIGURES.columns]])
    pairs = set(zip(touched["source_id"], touched["indicator_id"], strict=True))
    near = pd.Series(zip(old["source_id"], old["indicator_id"], strict=True), old.index).isin(pairs)
    kept = old[near & ~old["figure_id"].isin(gone)][FIGURES.columns]
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


def digests_of(figures: pd.DataFrame) -> dict[str, str]:
    """The :func:`~evidence.publication.row_digest` of each row, by figure_id."""
    return {str(row["figure_id"]): row_digest(row) for row in figures.to_dict("records")}


def _in_force(base: EvidenceBase, published: Published) -> tuple[pd.DataFrame, list[str]]:
    """The published figures that the tables don't overrule, and what curators should know."""
    new = published.figures
    held = digests_of(base.figures[base.figures["figure_id"].isin(new["figure_id"])])
    reasons: list[str | None] = []
    told = []
    for row in new.to_dict("records"):
        reason = _overruled(row, held, published)
        reasons.append(reason)
        # What curators took into the tables as it was published needs no look.
        if reason and held.get(str(row["figure_id"])) != row_digest(row):
            told.append(reason)
    stands = pd.Series([reason is None for reason in reasons], new.index, dtype=bool)
    return new[stands], told


def _overruled(
    row: Mapping[Any, object], held: Mapping[str, str], published: Published
) -> str | None:
    """Why the tables overrule a published figure, or None where it stands."""
    name = str(row["figure_id"])
    correction, now = published.corrections.get(name), held.get(name)
    if correction is None:
        number = FIGURE_IDS.fullmatch(name)
        if number is None or now is None:
            return None
        return (
            f"{name}, which suggestion {number[1]} brought, stands in the tables now, otherwise "
            "than it was published. The figure of the tables is shown."
        )
    brought = published.digests.get(name) if now is None else now
    if correction.replaces is None or correction.replaces == brought:
        return None
    changed = "is not in the tables any more" if now is None else "was changed in the tables since"
    shown = "is shown nowhere" if now is None else "is left out, and the tables' figure is shown"
    return (
        f"Suggestion {correction.number} corrects {name}, which {changed}. The correction {shown}: "
        "look whether it is still needed."
    )


def _worked_out_again(base: EvidenceBase, new: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The worked out figures that corrections change, and the ids of those they take away."""
    figures = base.figures
    bulk = figures["indicator_id"].isin(INPUTS) & figures["calculation"].isna()
    bulk &= figures["record_id"].isna() & ~figures["figure_id"].str.fullmatch(FIGURE_IDS.pattern)
    before = figures[bulk][FIGURES.columns]
    corrected = new[new["figure_id"].isin(before["figure_id"])]
    if corrected.empty:
        return new.head(0), []
    kept = before[~before["figure_id"].isin(corrected["figure_id"])]
    after = pd.concat([kept, corrected], ignore_index=True)
    ours = set(figures.loc[figures["calculation"].notna(), "figure_id"]) - set(new["figure_id"])
    then = worked_out(before, base.population, base.areas)
    now = worked_out(after, base.population, base.areas)
    was, digest = digests_of(then), digests_of(now)
    changed = [name for name in digest if name in ours and digest[name] != was.get(name)]
    lost = [name for name in was if name in ours and name not in digest]
    return now[now["figure_id"].isin(changed)].assign(note=REDONE), lost
