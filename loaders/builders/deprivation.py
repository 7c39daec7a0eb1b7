"""Deprivation of neighbourhoods in 2019 and 2025: boroughs, and NHS areas in 2025.

From the summaries that come with the English Indices of Deprivation. A neighbourhood is a small
area of about 1,500 people; an area's average score is the average of its neighbourhoods' scores,
weighted by the people in them. The indices say how places stand to one another, not who in them
is deprived.

- The Index of Multiple Deprivation of 2025 is made of more and newer data than that of 2019, on
  newer neighbourhoods, and counts income after housing costs. Its scores can't be set beside
  those of 2019, so the two are two indicators. A share in the most deprived tenth says how an
  area stood in England in each year, so that is one indicator.
- The scores for income and for employment are the part of the people who are deprived: 0.284 is
  given as 28.4%. The others are points on a scale of their own; crime and health can be below 0.
- Shares are printed as parts of 1 to four decimals and are given as percentages.
- Left out: ranks, average ranks, extent and local concentration; the scores of 2019 for single
  domains. There is no summary for London or England: the indices compare places within England.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import Confidence, Measure, Standardisation
from loaders.builders.raw import BuildError, figures, located, read_raw

INPUT: Final = (
    "imd2025_london_boroughs.csv",
    "imd2025_london_icbs.csv",
    "imd2019_london_boroughs.csv",
)
OUTPUT: Final = "context/deprivation.parquet"

_MODULE: Final = "loaders/builders/deprivation.py"
_POINTS: Final = "points"


@dataclass(frozen=True)
class _Series:
    """A column of a summary and the indicator that it gives."""

    column: str
    indicator_id: str
    short: str
    percentage: bool = False
    """True where the column holds a part of 1."""


@dataclass(frozen=True)
class _Summary:
    """A raw file: the column of its areas, its edition and its columns of figures."""

    file: str
    area_column: str
    period: str
    source_id: str
    series: tuple[_Series, ...]


_MOST_DEPRIVED: Final = "neighbourhoods-in-the-most-deprived-tenth"
_SERIES_2025: Final = (
    _Series("imd_average_score", "deprivation-score", "score"),
    _Series(
        "imd_proportion_of_lso_as_in_most_deprived_10_percent_nationally",
        _MOST_DEPRIVED,
        "most-deprived-tenth",
        percentage=True,
    ),
    _Series("income_average_score", "income-deprivation", "income", percentage=True),
    _Series("employment_average_score", "employment-deprivation", "employment", percentage=True),
    _Series(
        "education_skills_and_training_average_score", "education-deprivation-score", "education"
    ),
    _Series(
        "health_deprivation_and_disability_average_score", "health-deprivation-score", "health"
    ),
    _Series("crime_average_score", "crime-deprivation-score", "crime"),
    _Series(
        "barriers_to_housing_and_services_average_score",
        "housing-and-services-deprivation-score",
        "housing-and-services",
    ),
    _Series(
        "living_environment_average_score",
        "living-environment-deprivation-score",
        "living-environment",
    ),
)
_SERIES_2019: Final = (
    _Series("Score", "deprivation-score-2019", "score"),
    _Series("Proportion", _MOST_DEPRIVED, "most-deprived-tenth", percentage=True),
)
_SUMMARIES: Final = (
    _Summary(INPUT[0], "ltla24_code", "2025", "mhclg-indices-of-deprivation-2025", _SERIES_2025),
    _Summary(INPUT[1], "icb24_code", "2025", "mhclg-indices-of-deprivation-2025", _SERIES_2025),
    _Summary(INPUT[2], "ltla19_code", "2019", "mhclg-indices-of-deprivation-2019", _SERIES_2019),
)


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.CONTEXT`.

    The average score and the percentage of neighbourhoods in England's most deprived tenth, 2025
    (33 boroughs, five NHS areas) and 2019 (33 boroughs); for 2025 the average score of each of
    the seven domains too, as a percentage of people for income and employment.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    blank or no number, a share that is no part of 1, and an area that is not known.
    Source: Ministry of Housing, Communities and Local Government, English Indices of Deprivation.
    """
    return figures(pd.concat([_rows(one, folder) for one in _SUMMARIES], ignore_index=True))


def _rows(summary: _Summary, folder: Path) -> pd.DataFrame:
    columns = [series.column for series in summary.series]
    raw = read_raw(folder, summary.file, (summary.area_column,), columns)
    _check(raw, summary)
    area = located(raw[summary.area_column], f"{summary.file}, column {summary.area_column}")
    parts = [
        pd.DataFrame(
            {
                "indicator_id": series.indicator_id,
                "geography_level": area["geography_level"],
                "geography_code": area["geography_code"],
                "geography_name": area["geography_name"],
                "measure": (Measure.PERCENTAGE if series.percentage else Measure.MEAN).value,
                # Hundred times a part of 1 is rounded, to be free of the noise of multiplying.
                "value": (
                    (raw[series.column] * 100).round(2) if series.percentage else raw[series.column]
                ),
                "unit": "%" if series.percentage else _POINTS,
                "figure_id": f"imd-{summary.period}-" + area["slug"] + f"-{series.short}",
            }
        )
        for series in summary.series
    ]
    return pd.concat(parts, ignore_index=True).assign(
        period=summary.period,
        age="all",
        sex="all",
        ethnic_group="all",
        ethnic_group_label="All people",
        standardisation=Standardisation.CRUDE.value,
        source_id=summary.source_id,
        confidence=Confidence.SECONDARY.value,
    )


def _check(raw: pd.DataFrame, summary: _Summary) -> None:
    """Refuse a blank, which these summaries don't have, and a share above 1."""
    for series in summary.series:
        cells = raw[series.column]
        wrong = cells.isna()
        if series.percentage:
            wrong |= (cells < 0) | (cells > 1)
        if wrong.any():
            place = raw.loc[wrong, summary.area_column].iloc[0]
            raise BuildError(
                f"{summary.file}, column {series.column}, row of {place}",
                "a blank, or a share that does not lie between 0 and 1",
                f"Correct the cell, or change {_MODULE} if the publisher now prints it otherwise",
            )
