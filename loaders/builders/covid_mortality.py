"""Deaths in the first wave of the pandemic, March to May 2020: boroughs, London and England.

From the Office for National Statistics' deaths by local area. Rates are age-standardised, with
the publisher's 95% limits, by sex; deaths are those that occurred from 1 March to 31 May 2020
and were registered by 6 June 2020, of people who lived in the area.

- COVID-19 deaths are those with COVID-19 anywhere on the death certificate.
- The three months are in the file too and are left out: many boroughs have few deaths in one.
- A rate is blank where there were fewer than 3 deaths, all in the City of London. The count
  stays.
- Nothing is said of ethnic groups.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import BlankReason, Confidence, Measure, Standardisation
from loaders.builders.raw import BuildError, figures, located, look_up, read_raw

INPUT: Final = ("ons_covid_mortality_asmr_mar_may_2020_london_boroughs.csv",)
OUTPUT: Final = "context/covid-mortality.parquet"

SOURCE_ID: Final = "ons-2020-deaths-by-local-area-march-to-may"
PERIOD: Final = "March to May 2020"
FEW_DEATHS: Final = 3
"""The file has no rate for fewer deaths than this, and one for every row with as many."""
UNSURE_BELOW: Final = 20
"""Rates from fewer deaths than this carry a note; it is a usual threshold, not in the file."""

_MODULE: Final = "loaders/builders/covid_mortality.py"
_WHOLE_PERIOD: Final = "March - May 2020"
_MONTHS: Final = ("March", "April", "May")
_CAUSES: Final = {
    "All causes": ("death-from-any-cause-in-the-first-wave", "all"),
    "COVID-19": ("covid-19-death", "covid-19"),
    "Non COVID-19": ("death-not-involving-covid-19-in-the-first-wave", "other"),
}
_SEXES: Final = {"Persons": "all", "Females": "female", "Males": "male"}
_NOTE_BLANK: Final = f"No rate is given for fewer than {FEW_DEATHS} deaths."
_NOTE_UNSURE: Final = f"From fewer than {UNSURE_BELOW} deaths, so the rate is very uncertain."


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.CONTEXT`.

    Age-standardised rates per 100,000 people with 95% limits, and deaths as numerator: all
    causes, COVID-19 and all but COVID-19, by sex, 33 boroughs, London and England.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, a cause, sex, period or area that is not known, and a blank rate with many deaths.
    Source: Office for National Statistics, Deaths involving COVID-19 by local area and
    socioeconomic deprivation: deaths occurring between 1 March and 31 May 2020.
    """
    raw = read_raw(
        folder,
        INPUT[0],
        ("cause", "sex", "area_code", "period_2020"),
        ("asmr_per_100000", "lower_ci", "upper_ci", "deaths"),
    )
    periods = {_WHOLE_PERIOD: PERIOD, **{month: f"{month} 2020" for month in _MONTHS}}
    period = _known(raw, "period_2020", periods, "Add the period to _MONTHS")
    raw = raw[period == PERIOD].reset_index(drop=True)
    _check_blanks(raw)
    indicator = _known(
        raw,
        "cause",
        {cause: indicator for cause, (indicator, _) in _CAUSES.items()},
        "Add the cause to _CAUSES",
    )
    sex = _known(raw, "sex", _SEXES, "Add it to _SEXES")
    area = located(raw["area_code"], f"{INPUT[0]}, column area_code")
    blank = raw["asmr_per_100000"].isna()
    note = pd.Series(None, index=raw.index, dtype="str")
    note = note.mask(raw["deaths"] < UNSURE_BELOW, _NOTE_UNSURE).mask(blank, _NOTE_BLANK)
    short = raw["cause"].map({cause: short for cause, (_, short) in _CAUSES.items()})
    rows = pd.DataFrame(
        {
            "indicator_id": indicator,
            "geography_level": area["geography_level"],
            "geography_code": area["geography_code"],
            "geography_name": area["geography_name"],
            "period": PERIOD,
            "age": "all",
            "sex": sex,
            "ethnic_group": "all",
            "ethnic_group_label": "All people",
            "measure": Measure.RATE.value,
            "value": raw["asmr_per_100000"],
            "lower": raw["lower_ci"],
            "upper": raw["upper_ci"],
            "unit": "per 100,000 people",
            "numerator": raw["deaths"],
            "standardisation": Standardisation.AGE.value,
            "source_id": SOURCE_ID,
            "confidence": Confidence.SECONDARY.value,
            "blank_reason": pd.Series(BlankReason.SUPPRESSED.value, index=raw.index).where(blank),
            "note": note,
            "figure_id": "deaths-2020-03-to-05-" + area["slug"] + "-" + short + "-" + sex,
        }
    )
    return figures(rows)


def _known(raw: pd.DataFrame, column: str, known: dict[str, str], mend: str) -> pd.Series:
    return look_up(raw[column], known, f"{INPUT[0]}, column {column}", f"{mend} in {_MODULE}")


def _check_blanks(raw: pd.DataFrame) -> None:
    """Refuse a blank rate that few deaths don't explain, and one with limits or without deaths."""
    blank = raw["asmr_per_100000"].isna()
    limits = raw["lower_ci"].notna() & raw["upper_ci"].notna()
    wrong = raw["deaths"].isna() | (blank == limits) | (blank & (raw["deaths"] >= FEW_DEATHS))
    if wrong.any():
        row = raw[wrong].iloc[0]
        raise BuildError(
            f"{INPUT[0]}, row of {row['area_code']}, {row['cause']}, {row['sex']}",
            f"a rate needs its deaths and limits, and is blank only below {FEW_DEATHS} deaths",
            "Put the cells back as they were published",
        )
