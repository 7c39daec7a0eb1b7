"""Writes the figures that this dashboard works out to ``data/derived/calculated.parquet``.

Run it with ``python -m loaders derive`` whenever a bulk table that they come from has changed.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from evidence.derived import (
    LIVE_BIRTHS,
    RATIO_INDICATORS,
    REFERRALS,
    detention_ratios,
    preterm_shares,
    referral_rates,
)
from loaders.tables import AREAS, DERIVED, POPULATION

OUTPUT = "derived/calculated.parquet"
CENSUS_SOURCE = "ons-census-2021-ts021"
PART_AREAS = ("sub-central-london-ccg", "sub-west-london-ccg")
"""They split the borough of Westminster between them, so their residents are not known."""

INPUTS = (REFERRALS, LIVE_BIRTHS, *RATIO_INDICATORS)
"""The indicators whose figures others are worked out from."""


def derive(data: Path) -> pd.DataFrame:
    """The figures worked out from the tables below ``data``, as they are written."""
    bulk = [
        pd.read_parquet(data / f"bulk/{name}.parquet")
        for name in ("talking-therapies", "births", "mental-health-act")
    ]
    figures = pd.concat(bulk, ignore_index=True)
    population = pd.read_parquet(POPULATION.files(data)[0])
    return worked_out(figures, population, pd.read_csv(AREAS.files(data)[0], dtype="str"))


def worked_out(
    figures: pd.DataFrame, population: pd.DataFrame, areas: pd.DataFrame
) -> pd.DataFrame:
    """The figures worked out from bulk figures, in the order in which they are written.

    Parameters
    ----------
    figures, population, areas
        The bulk figures and the tables of those names, in the columns of their models.

    Returns
    -------
    pandas.DataFrame
        Columns of the Figure model.
    """
    parts = [
        referral_rates(
            figures, population, areas, part_areas=PART_AREAS, census_source=CENSUS_SOURCE
        ),
        preterm_shares(figures),
        detention_ratios(figures, population, areas, census_source=CENSUS_SOURCE),
    ]
    rows = pd.concat([part[DERIVED.columns].astype(DERIVED.dtypes) for part in parts])
    order = ["indicator_id", "period", "geography_level", "geography_code", "ethnic_group"]
    return rows.sort_values([*order, "figure_id"], ignore_index=True, kind="stable")


def write_derived(data: Path) -> Path:
    """Write :func:`derive` below ``data``; returns the path."""
    path = data / OUTPUT
    path.parent.mkdir(parents=True, exist_ok=True)
    derive(data).to_parquet(path, index=False, engine="pyarrow", compression="zstd")
    return path
