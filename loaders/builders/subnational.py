"""Health, well-being, work and schooling of people in each borough: the ONS's indicators.

From the file behind the Office for National Statistics' Subnational indicators explorer, as it
stood in March 2024. Most of it comes from other publishers. The file has no limits, no counts
and no figures for London or England.

- Left out: travel times, broadband, value added per hour, homes added, apprenticeships, further
  education, schools' ratings, learning goals at age 5 and key stage 2 (both stand elsewhere with
  ethnic groups), and absences of looked-after children.
- The file prints divisions with all their digits (80.28876334): values are rounded to six
  significant figures, which leaves every shorter number as it is.
- A blank does not say why; nearly all are the City of London, where few people live, and cancer
  stage, which is missing for 21 areas. Obesity of children and circulatory deaths have no row at
  all for Hackney and the City of London: they get a blank here.
- ``mad_score`` says how far an area stands from the rest; it is no limit and is left out.
- Names of areas have stray spaces; codes are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import BlankReason, Confidence, Measure, Standardisation
from loaders.builders.raw import BuildError, areas, figures, look_up, read_raw

INPUT: Final = ("ons_subnational_indicators_london_mar2024.csv",)
OUTPUT: Final = "context/subnational.parquet"

SOURCE_ID: Final = "ons-subnational-indicators-march-2024"
SIGNIFICANT: Final = 6

_MODULE: Final = "loaders/builders/subnational.py"


@dataclass(frozen=True)
class _Series:
    """An indicator of the file that is kept, and what its figures are."""

    indicator_id: str
    short: str
    unit: str
    age: str = "all"
    sex: str = "all"
    measure: Measure = Measure.PERCENTAGE
    standardisation: Standardisation = Standardisation.CRUDE
    label: str = "All people"
    population: str | None = None
    note: str | None = None


_ADULTS: Final = "All adults"
_CHILDREN: Final = "All children"
_PUPILS: Final = "All pupils"
_ASKED: Final = "adults asked in a survey"
_SURVEY: Final = "From a survey, so uncertain for a single borough; no limits are in the file."
_MEASURED: Final = "children measured in school"


def _score(indicator_id: str, short: str) -> _Series:
    """A mean answer, from 0 to 10, to one of the four questions on well-being."""
    return _Series(
        indicator_id,
        short,
        "out of 10",
        "16+",
        measure=Measure.MEAN,
        label=_ADULTS,
        population=_ASKED,
        note=_SURVEY,
    )


def _healthy_life(sex: str) -> _Series:
    return _Series(
        "healthy-life-expectancy",
        f"healthy-life-expectancy-{sex}",
        "years",
        sex=sex,
        measure=Measure.MEAN,
        standardisation=Standardisation.NOT_STATED,
    )


_KEPT: Final = {
    "Female healthy life expectancy": _healthy_life("female"),
    "Male healthy life expectancy": _healthy_life("male"),
    "Circulatory mortality considered preventable in persons aged under 75 (England)": _Series(
        "preventable-circulatory-death-under-75",
        "preventable-circulatory-death",
        "per 100,000 people",
        "0 to 74",
        measure=Measure.RATE,
        standardisation=Standardisation.AGE,
        note="The file does not say that the rate is age-standardised; the ONS says so elsewhere.",
    ),
    "Obesity prevalence in children at Year 6 age (aged 10 to 11 years)": _Series(
        "child-obesity", "year-6-obesity", "%", "10 to 11", label=_CHILDREN, population=_MEASURED
    ),
    "Obesity prevalence in children at reception age (aged four to five years)": _Series(
        "child-obesity", "reception-obesity", "%", "4 to 5", label=_CHILDREN, population=_MEASURED
    ),
    "Adult obesity prevalence (aged 18 years and over)": _Series(
        "obesity-adults",
        "adult-obesity",
        "%",
        "18+",
        label=_ADULTS,
        population=_ASKED,
        note=_SURVEY,
    ),
    "Cigarette smokers": _Series(
        "smoking", "smoking", "%", "18+", label=_ADULTS, population=_ASKED, note=_SURVEY
    ),
    "Cancer diagnosis at stage 1 and 2": _Series(
        "cancer-diagnosed-at-an-early-stage", "early-cancer", "%", label="All people with cancer"
    ),
    "Anxiety": _score("anxiety-score", "anxiety"),
    "Happiness": _score("happiness-score", "happiness"),
    "Life satisfaction": _score("life-satisfaction-score", "life-satisfaction"),
    "Feeling life is worthwhile": _score("life-worthwhile-score", "worthwhile"),
    "Aged 16 to 64 years employment rate (Great Britain)": _Series(
        "employment", "employment", "%", "16 to 64", note=_SURVEY
    ),
    "Aged 16 years and over modelled unemployment": _Series(
        "unemployment",
        "unemployment",
        "%",
        "16+",
        note="Modelled from a survey and from claims for benefits; no limits are in the file.",
    ),
    "Gross median weekly pay": _Series(
        "median-weekly-pay",
        "weekly-pay",
        "pounds a week",
        measure=Measure.MEDIAN,
        label="All employees",
        note=_SURVEY,
    ),
    "Gross disposable household income per head": _Series(
        "disposable-household-income", "income", "pounds a head", measure=Measure.MEAN
    ),
    "Persistent absences for all pupils": _Series(
        "persistent-absence-from-school", "absence", "%", label=_PUPILS
    ),
    "Persistent absences for pupils eligible for free school meals": _Series(
        "persistent-absence-from-school",
        "absence-free-meals",
        "%",
        label=_PUPILS,
        population="pupils eligible for free school meals",
    ),
    "GCSEs (and equivalent) in English and maths by age 19": _Series(
        "english-and-maths-gcse-by-19", "gcse-by-19", "%", "19", label="All young people"
    ),
    "Aged 16 to 64 years NVQ level 3 or above qualifications (Great Britain)": _Series(
        "qualified-to-level-3", "level-3", "%", "16 to 64", note=_SURVEY
    ),
}
_LEFT_OUT: Final = (
    "Aged 19 years and over further education and skills participation",
    "Apprenticeships achievements",
    "Apprenticeships starts",
    "Children at expected level for communication and language by end of early years foundation"
    " stage",
    "Children at expected level for literacy by end of early years foundation stage",
    "Children at expected level for maths by end of early years foundation stage",
    "Cycle to employment centre with 500 to 4999 jobs",
    "Drive to employment centre with 500 to 4999 jobs",
    "Gigabit capable broadband",
    "Gross value added per hour worked",
    "Net additions to the housing stock",
    "Persistent absences for pupils looked after continuously for at least 12 months by local"
    " authorities",
    "Public transport or walk to employment centre with 500 to 4999 jobs",
    "Pupils meeting the expected standard in reading, writing and maths at the end of key stage 2",
    "State-funded schools rated good or outstanding",
)
_PERIODS: Final = {
    "2018 - 2020": "2018-20",
    "2020 - 2022": "2020-22",
    "2021": "2021",
    "2021/22": "2021-22",
    "2022": "2022",
    "2022/23": "2022-23",
    "2023": "2023",
    "16/11/2021 - 15/11/2022": "16 November 2021 to 15 November 2022",
    "04/2022 - 03/2023": "April 2022 to March 2023",
    "10/2022 - 09/2023": "October 2022 to September 2023",
}
_NOTE_BLANK: Final = "The source has a blank and does not say why."
_NOTE_ABSENT: Final = "The source has no row for this area and does not say why."


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.CONTEXT`.

    Twenty indicators of the file, one period each, for the 33 boroughs.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, an indicator, period or area that is not known, and an indicator of two periods.
    Source: Office for National Statistics, Subnational indicators explorer, March 2024.
    """
    raw = read_raw(folder, INPUT[0], ("area_code", "Indicator", "Period"), ("value",))
    kept = look_up(
        raw["Indicator"],
        {**dict.fromkeys(_KEPT, "kept"), **dict.fromkeys(_LEFT_OUT, "left out")},
        f"{INPUT[0]}, column Indicator",
        f"Add the indicator to _KEPT or _LEFT_OUT in {_MODULE}",
    )
    raw = raw[kept == "kept"].reset_index(drop=True)
    raw["period"] = look_up(
        raw["Period"],
        _PERIODS,
        f"{INPUT[0]}, column Period",
        f"Add the period to _PERIODS in {_MODULE}",
    )
    known = areas()
    boroughs = known[known["level"] == "borough"]
    look_up(
        raw["area_code"],
        {area: area for area in boroughs.index},
        f"{INPUT[0]}, column area_code",
        "Only boroughs are known here",
    )
    parts = [
        _of_series(_KEPT[str(name)], rows, boroughs)
        for name, rows in raw.groupby("Indicator", sort=True)
    ]
    return figures(pd.concat(parts, ignore_index=True))


def _of_series(series: _Series, raw: pd.DataFrame, boroughs: pd.DataFrame) -> pd.DataFrame:
    """The figures of one indicator of the file: a row for every borough."""
    periods = raw["period"].unique()
    if len(periods) > 1:
        raise BuildError(
            f"{INPUT[0]}, {raw['Indicator'].iloc[0]}",
            f"several periods: {', '.join(periods)}",
            f"Keep one, or tell them apart in the figure ids of {_MODULE}",
        )
    cells = raw.set_index("area_code")["value"]
    value = cells.reindex(boroughs.index).map(lambda number: float(f"{number:.{SIGNIFICANT}g}"))
    absent = ~boroughs.index.isin(cells.index)
    note = pd.Series(series.note, index=boroughs.index, dtype="str")
    note = note.mask(value.isna(), _NOTE_BLANK).mask(absent, _NOTE_ABSENT)
    not_published = pd.Series(BlankReason.NOT_PUBLISHED.value, index=boroughs.index)
    return pd.DataFrame(
        {
            "indicator_id": series.indicator_id,
            "geography_level": boroughs["level"],
            "geography_code": boroughs.index,
            "geography_name": boroughs["name"],
            "period": periods[0],
            "age": series.age,
            "sex": series.sex,
            "population": series.population,
            "ethnic_group": "all",
            "ethnic_group_label": series.label,
            "measure": series.measure.value,
            "value": value,
            "unit": series.unit,
            "standardisation": series.standardisation.value,
            "source_id": SOURCE_ID,
            "confidence": Confidence.SECONDARY.value,
            "blank_reason": not_published.where(value.isna()),
            "note": note,
            "figure_id": "ons-2024-" + boroughs["slug"] + f"-{series.short}",
        }
    )
