"""The tables: where each one lies, what a row of it must be, and so its columns and dtypes.

Columns are declared once, in the models of :mod:`evidence.models`; everything here is read off
them.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evidence.models import (
    AgeGroup,
    Area,
    Borough,
    BoroughTile,
    EthnicGroup,
    Exclusion,
    Figure,
    Finding,
    Indicator,
    Population,
    Record,
    Row,
    Source,
)
from evidence.vocabulary import DiseaseArea

DATA = Path(__file__).resolve().parent.parent / "data"
"""The curated tables of this project."""


@dataclass(frozen=True)
class Table:
    """A table of the evidence base: its name, its files below ``data/``, its row and its key.

    ``expected`` names the files that a table of several must have.
    """

    name: str
    pattern: str
    row: type[Row]
    key: str | None = None
    expected: tuple[str, ...] = ()

    def files(self, data: Path) -> list[Path]:
        """The files of the table, in order of name."""
        return sorted(data.glob(self.pattern))

    @property
    def columns(self) -> list[str]:
        """The columns, in the order in which they are written."""
        return columns(self.row)

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas dtype of each column."""
        return dtypes(self.row)

    def frame(self, rows: list[dict[str, object]]) -> pd.DataFrame:
        """Rows as a frame with the declared columns and dtypes."""
        return pd.DataFrame(rows, columns=self.columns).astype(self.dtypes)


def columns(row: type[Row]) -> list[str]:
    """The columns of a row model, in order."""
    return list(row.model_fields)


def dtypes(row: type[Row]) -> dict[str, str]:
    """The pandas dtype of each column of a row model: ``str``, ``float64`` or ``int64``."""
    return {name: _dtype(field.annotation) for name, field in row.model_fields.items()}


def _dtype(annotation: object) -> str:
    members = (
        typing.get_args(annotation)
        if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union
        else (annotation,)
    )
    if float in members:
        return "float64"
    return "int64" if int in members else "str"


SOURCES = Table("sources", "sources.csv", Source, "source_id")
INDICATORS = Table("indicators", "indicators.csv", Indicator, "indicator_id")
FIGURES = Table(
    "figures",
    "figures/*.csv",
    Figure,
    "figure_id",
    expected=tuple(f"figures/{area}.csv" for area in sorted(DiseaseArea)),
)
BULK = Table(
    "bulk figures",
    "bulk/*.parquet",
    Figure,
    "figure_id",
    expected=tuple(
        f"bulk/{name}.parquet"
        for name in (
            "births",
            "mental-health-act",
            "school-attainment",
            "school-readiness",
            "talking-therapies",
        )
    ),
)
DERIVED = Table(
    "derived figures",
    "derived/*.parquet",
    Figure,
    "figure_id",
    expected=("derived/calculated.parquet",),
)
CONTEXT = Table(
    "context figures",
    "context/*.parquet",
    Figure,
    "figure_id",
    expected=tuple(
        f"context/{name}.parquet"
        for name in (
            "child-health",
            "covid-mortality",
            "deprivation",
            "recorded-illness",
            "subnational",
        )
    ),
)
FINDINGS = Table("findings", "findings.csv", Finding, "finding_id")
RECORDS = Table("records", "record_digests.csv", Record, "record_id")
EXCLUDED = Table("excluded", "excluded.csv", Exclusion, "record_id")
BOROUGHS = Table("boroughs", "reference/boroughs.csv", Borough, "borough_code")
TILES = Table("borough tiles", "reference/borough_tiles.csv", BoroughTile, "borough_code")
AREAS = Table("areas", "reference/areas.csv", Area, "area_code")
ETHNIC_GROUPS = Table("ethnic groups", "reference/ethnic_groups.csv", EthnicGroup, "code")
POPULATION = Table("population", "reference/population.parquet", Population)
AGES = Table("ages", "reference/ages.parquet", AgeGroup)

FIGURE_TABLES = (FIGURES, BULK, DERIVED, CONTEXT)
"""The tables whose rows are figures: curated, from large files, worked out here, and context.

Context figures are of everyone in an area, without ethnic breakdown, and never mixed with the
others.
"""

TABLES = (
    BOROUGHS,
    TILES,
    AREAS,
    ETHNIC_GROUPS,
    POPULATION,
    AGES,
    SOURCES,
    INDICATORS,
    *FIGURE_TABLES,
    FINDINGS,
    EXCLUDED,
    RECORDS,
)
