"""The whole evidence base in a few tables of text: by area, level, strength and borough."""

from __future__ import annotations

import pandas as pd

from evidence.strength import Strength
from evidence.vocabulary import DiseaseArea, GeographyLevel
from loaders.open import EvidenceBase

OF_EVERYONE = "all areas"


def by_level(base: EvidenceBase) -> pd.DataFrame:
    """Figures with a value by disease area (rows) and geographical level (columns)."""
    return _counted(base, "geography_level", [str(level) for level in GeographyLevel])


def by_strength(base: EvidenceBase) -> pd.DataFrame:
    """Figures with a value by disease area (rows) and strength of evidence (columns)."""
    return _counted(base, "strength", [str(strength) for strength in Strength])


def by_kind(base: EvidenceBase) -> pd.DataFrame:
    """Curated, bulk and calculated figures, indicators, sources and sets by disease area."""
    told = base.figures[base.figures["value"].notna()]
    ours = told["calculation"].notna()
    curated = told["record_id"].notna()
    parts = {
        "curated": told[curated].groupby("disease_area").size(),
        "bulk": told[~curated & ~ours].groupby("disease_area").size(),
        "calculated": told[ours].groupby("disease_area").size(),
        "history": told[told["history"]].groupby("disease_area").size(),
        "indicators": told.groupby("disease_area")["indicator_id"].nunique(),
        "sources": told.groupby("disease_area")["source_id"].nunique(),
        "sets": told.groupby("disease_area")["set_id"].nunique(),
        "findings": base.findings.groupby("disease_area").size(),
        "excluded": base.excluded.groupby("disease_area").size(),
    }
    table = pd.DataFrame(parts).reindex([str(area) for area in DiseaseArea]).fillna(0).astype(int)
    total = table.sum()
    # Sources serve several areas, so that they are counted afresh.
    total["sources"] = told["source_id"].nunique()
    table.loc[OF_EVERYONE] = total
    return table


def by_borough(base: EvidenceBase) -> pd.DataFrame:
    """Each borough's own figures with a value (rows) by disease area (columns)."""
    told = base.figures[base.figures["value"].notna()]
    own = told[told["geography_level"] == GeographyLevel.BOROUGH]
    names = sorted(base.boroughs["name"])
    table = pd.crosstab(own["geography_name"], own["disease_area"])
    table = table.reindex(index=names, columns=[str(area) for area in DiseaseArea], fill_value=0)
    table["all"] = table.sum(axis=1)
    return table


def exclusions(base: EvidenceBase) -> pd.DataFrame:
    """Records left out by disease area (rows) and reason (columns)."""
    table = pd.crosstab(base.excluded["disease_area"], base.excluded["reason"])
    table.loc[OF_EVERYONE] = table.sum()
    return table


def _counted(base: EvidenceBase, column: str, columns: list[str]) -> pd.DataFrame:
    told = base.figures[base.figures["value"].notna()]
    table = pd.crosstab(told["disease_area"], told[column])
    areas = [str(area) for area in DiseaseArea]
    table = table.reindex(index=areas, columns=columns, fill_value=0)
    table.loc[OF_EVERYONE] = table.sum()
    table["all"] = table.sum(axis=1)
    return table


def summary(base: EvidenceBase) -> str:
    """Every table as text to print, each under its title."""
    tables = {
        "Figures by area": by_kind(base),
        "Figures by area and level": by_level(base),
        "Figures by area and strength of evidence": by_strength(base),
        "Records left out, by area and reason": exclusions(base),
        "Figures of each borough's own, by area": by_borough(base),
    }
    return "\n\n".join(
        f"{title}\n{table.rename_axis(index=None, columns=None).to_string()}"
        for title, table in tables.items()
    )
