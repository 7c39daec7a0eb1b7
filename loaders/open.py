"""Opening the evidence base: every table read and checked, as one object for the pages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from evidence.ethnicity import Classification
from evidence.gaps import gaps
from evidence.limits import add_limits
from evidence.models import EthnicGroup
from evidence.periods import add_years
from evidence.sets import add_sets
from evidence.strength import add_strength
from loaders.check import TableReport, check_tables, report
from loaders.read import Fault, TableRead, read_table
from loaders.tables import BULK, CONTEXT, DATA, DERIVED, FIGURES, TABLES, Table


@dataclass(frozen=True)
class EvidenceBase:
    """The tables of the evidence base, with only rows that passed every check.

    ``figures`` holds curated and bulk figures together: the columns of the Figure model, those
    that :func:`evidence.limits.add_limits` and :func:`evidence.sets.add_sets` add, the
    indicator's ``disease_area``, ``year``, the last calendar year of the period (missing where
    it is not stated), ``history`` (see :func:`evidence.periods.add_years`), and the columns
    of :func:`evidence.strength.add_strength`. Figures that this dashboard worked out are among
    them. ``gaps`` is :func:`evidence.gaps.gaps` of it.

    ``context`` has the same columns, for figures of everyone in an area without ethnic
    breakdown. ``faults`` is what was found wrong and left out; ``reports`` has one entry a
    table. ``notices`` tell curators which suggestions that are published are not shown, and why.
    """

    sources: pd.DataFrame
    indicators: pd.DataFrame
    figures: pd.DataFrame
    gaps: pd.DataFrame
    context: pd.DataFrame
    findings: pd.DataFrame
    excluded: pd.DataFrame
    boroughs: pd.DataFrame
    tiles: pd.DataFrame
    areas: pd.DataFrame
    ethnic_groups: pd.DataFrame
    population: pd.DataFrame
    ages: pd.DataFrame
    released: date
    faults: tuple[Fault, ...] = ()
    reports: tuple[TableReport, ...] = field(default=())
    notices: tuple[str, ...] = ()

    @cached_property
    def groups(self) -> Classification:
        """The ethnic group classification of the reference table."""
        return classification(self.ethnic_groups)

    @property
    def unreadable(self) -> list[str]:
        """The names of tables of which a file could not be read."""
        return [entry.name for entry in self.reports if entry.unreadable]


def classification(ethnic_groups: pd.DataFrame) -> Classification:
    """The classification of an ethnic groups table (columns of the EthnicGroup model)."""
    rows = ethnic_groups.astype(object).where(ethnic_groups.notna(), None).to_dict("records")
    return Classification(tuple(EthnicGroup.model_validate(row) for row in rows))


def open_evidence(data: Path = DATA) -> EvidenceBase:
    """Read and check every table below ``data``.

    A faulty row is left out and named in ``faults``; an unreadable table is empty and named in
    ``unreadable``. Never raises for what a table holds.
    """
    reads: dict[str, TableRead] = {table.name: read_table(table, data) for table in TABLES}
    clean, faults = check_tables(reads)
    groups = classification(clean["ethnic groups"])
    known = not any(clean[name].empty for name in ("ethnic groups", "indicators", "areas"))
    on = released(data)

    def told(*tables: Table) -> pd.DataFrame:
        """Figures with all that follows from them and from the tables that they refer to."""
        figures = pd.concat([clean[table.name] for table in tables], ignore_index=True)
        if not known:
            figures = figures.head(0)  # without these a figure can't be labelled
        figures = add_sets(add_limits(figures), groups)
        areas = clean["indicators"].set_index("indicator_id")["disease_area"]
        figures["disease_area"] = figures["indicator_id"].map(areas).astype("str")
        figures = add_years(figures, clean["sources"])
        return add_strength(figures, clean["sources"], this_year=on.year)

    figures = told(FIGURES, BULK, DERIVED)
    return EvidenceBase(
        sources=clean["sources"],
        indicators=clean["indicators"],
        figures=figures,
        gaps=gaps(figures, groups),
        context=told(CONTEXT),
        findings=clean["findings"],
        excluded=clean["excluded"],
        boroughs=clean["boroughs"],
        tiles=clean["borough tiles"],
        areas=clean["areas"],
        ethnic_groups=clean["ethnic groups"],
        population=clean["population"],
        ages=clean["ages"],
        released=on,
        faults=tuple(faults),
        reports=tuple(report(reads, clean, faults)),
    )


def released(data: Path = DATA) -> date:
    """The date of the tables, from ``data/release.toml``; the first of 1970 if it can't be read."""
    try:
        with (data / "release.toml").open("rb") as handle:
            found = tomllib.load(handle)["date"]
        return found if isinstance(found, date) else date.fromisoformat(str(found))
    except (OSError, KeyError, ValueError):
        return date(1970, 1, 1)
