"""Stillbirths 2007 to 2022 and live births by weeks of pregnancy 2022: England and Wales.

From the Office for National Statistics' tables of birth characteristics. The ethnic group is the
baby's, as recorded when the birth was notified.

- Table 20 has the 12 groups that the publisher uses, every year; table 19 the broad groups Asian,
  Black and White for 2022 alone, which are taken from there. Its other rows repeat table 20 or,
  for small later corrections, nearly so, and are left out.
- A stillbirth rate is stillbirths for every 1,000 births, alive or not: the published rates are
  what the published counts give, so the denominator here is their sum.
- Table 7 counts live births by completed weeks. Rows that could not be dated, or whose dating
  does not fit the baby's weight, are kept as the publisher has them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import Confidence, Measure, Standardisation
from loaders.builders.raw import BuildError, areas, figures, look_up, read_raw

INPUT: Final = ("ons_births_stillbirths_gestation_by_ethnicity_england_wales.csv",)
OUTPUT: Final = "bulk/births.parquet"

SOURCE_ID: Final = "ons-2024-birth-characteristics-2022"
STILLBIRTH: Final = "stillbirth"
LIVE_BIRTHS: Final = "live-births-by-weeks-of-pregnancy"

_AREA: Final = "K04000001"
_GROUPS: Final = {
    "Total": "all",
    "All": "all",
    "Not stated": "unknown",
    "Asian": "asian",
    "Black": "black",
    "White": "white",
    "Bangladeshi": "asian-bangladeshi",
    "Indian": "asian-indian",
    "Pakistani": "asian-pakistani",
    "Any other Asian background": "asian-other",
    "Black African": "black-african",
    "Black Caribbean": "black-caribbean",
    "Any other Black background": "black-other",
    "Mixed/multiple": "mixed",
    "Any other ethnic group": "other",
    "White British": "white-british",
    "Any other White background": "white-other",
    "White Other": "white-other",
}
_BROAD: Final = ("Asian", "Black", "White")
_NOT_DATED: Final = {
    "All gestational ages": None,
    "Gestational age not stated": "weeks of pregnancy not stated",
    "Low gestational age inconsistent with birthweight": (
        "weeks of pregnancy too few for the baby's weight"
    ),
    "Under 22 weeks and birthweight less than 1,000g": (
        "born before 22 weeks and weighing less than 1,000 g"
    ),
    "42 weeks and above": "born at 42 weeks or later",
}
_WEEK: Final = re.compile(r"^\d\d weeks$")
_STILLBIRTH_METRICS: Final = ("number_live_births", "number_stillbirths", "stillbirth_rate")


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.BULK`.

    Stillbirth rates per 1,000 births with stillbirths and all births, 2007 to 2022; and counts
    of live births of 2022 by completed week, told apart in ``population``.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, a group or week that is not known, and a rate without its counts.
    Source: Office for National Statistics, Birth characteristics in England and Wales: 2022.
    """
    raw = read_raw(
        folder,
        INPUT[0],
        ("table", "year", "area_code", "category", "metric", "ethnicity_raw"),
        ("value",),
    )
    raw = raw[raw["area_code"] == _AREA]
    return figures(pd.concat([_stillbirths(raw), _by_week(raw)], ignore_index=True))


def _stillbirths(raw: pd.DataFrame) -> pd.DataFrame:
    broad = (raw["table"] == "Table_19") & raw["ethnicity_raw"].isin(_BROAD)
    ours = raw[((raw["table"] == "Table_20") | broad) & raw["metric"].isin(_STILLBIRTH_METRICS)]
    wide = ours.pivot(index=["year", "ethnicity_raw"], columns="metric", values="value")
    wide = wide.reindex(columns=list(_STILLBIRTH_METRICS))
    missing = wide[wide.isna().any(axis=1)]
    if len(missing):
        raise BuildError(
            f"{INPUT[0]}, rows of {' '.join(str(part) for part in missing.index[0])}",
            "a stillbirth rate needs both counts and a rate",
            "Put the row back",
        )
    wide = wide.reset_index()
    return _finish(wide, wide["year"]).assign(
        indicator_id=STILLBIRTH,
        measure=Measure.RATE.value,
        value=wide["stillbirth_rate"],
        unit="per 1,000 births",
        numerator=wide["number_stillbirths"],
        denominator=wide["number_stillbirths"] + wide["number_live_births"],
        figure_id="births-" + wide["year"] + "-stillbirth-" + _codes(wide),
    )


def _by_week(raw: pd.DataFrame) -> pd.DataFrame:
    rows = raw[
        (raw["table"] == "Table_7") & raw["metric"].isin(["live_births", "total_live_births"])
    ]
    rows = rows.reset_index(drop=True)
    weeks = {name: f"born at {name}" for name in rows["category"].unique() if _WEEK.match(name)}
    known = {**weeks, **{name: told or "" for name, told in _NOT_DATED.items()}}
    population = look_up(
        rows["category"],
        known,
        f"{INPUT[0]}, column category",
        "Add the category to _NOT_DATED in loaders/builders/births.py",
    )
    codes = _codes(rows)
    slug = population.str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True).str.strip("-")
    slug = slug.replace("", "all")
    return _finish(rows, rows["year"]).assign(
        indicator_id=LIVE_BIRTHS,
        population=population.where(population != ""),
        measure=Measure.COUNT.value,
        value=rows["value"],
        unit="live births",
        figure_id="births-" + rows["year"] + "-live-" + slug + "-" + codes,
    )


def _codes(rows: pd.DataFrame) -> pd.Series:
    return look_up(
        rows["ethnicity_raw"],
        _GROUPS,
        f"{INPUT[0]}, column ethnicity_raw",
        "Add the group to _GROUPS in loaders/builders/births.py",
    )


def _finish(rows: pd.DataFrame, period: pd.Series) -> pd.DataFrame:
    """The columns that stillbirths and live births share."""
    area = areas().loc[_AREA]
    codes = _codes(rows)
    return pd.DataFrame(
        {
            "geography_level": area["level"],
            "geography_code": _AREA,
            "geography_name": area["name"],
            "period": period,
            "age": "all",
            "sex": "all",
            "ethnic_group": codes,
            "ethnic_group_label": rows["ethnicity_raw"],
            "standardisation": Standardisation.CRUDE.value,
            "source_id": SOURCE_ID,
            "confidence": Confidence.SECONDARY.value,
        }
    )
