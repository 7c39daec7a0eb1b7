"""Children's health and family income: boroughs, London and England, by year, all children.

From the Department for Education's Local Authority Interactive Tool, which gathers figures of
several publishers. They have no breakdown by ethnic group here, no counts and no limits.

- ``year_as_stored`` is the year in which a school or financial year ends: 2024 is 2023-24. For
  calendar years it is the year, for the school census the January of that year; three years
  together are written out.
- The only mark for a blank is ``-`` in these measures. The dictionary does not say what it
  stands for; it says of low birth weight alone that some were hidden. So every blank is "not
  published". Breastfeeding is blank for most boroughs in every year, and children's weight for
  2020-21 and road injuries for 2019-21 are blank everywhere.
- Few children live in the City of London, so its figures swing and have a note. Its printed 0
  for chlamydia in 2017, between rates of 2,349.9 and 3,036.4, is taken for a missing figure.
- The weight of children is by the postcode of their school here and can differ by half a
  percentage point from figures by home.
- Left out: child deaths with modifiable factors, whose unit is given as "% of deaths" where the
  figures are counts of reviews (863 in England), some of them of panels that serve several
  boroughs; free meals at any time in six years; young people whose activity is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import BlankReason, Confidence, Measure, Standardisation
from loaders.builders.dfe import AREA_COLUMNS, FILE, check_marks, read_tool, school_year
from loaders.builders.raw import BuildError, figures

INPUT: Final = (FILE,)
OUTPUT: Final = "context/child-health.parquet"

SOURCE_ID: Final = "dfe-lait-child-health"

_MODULE: Final = "loaders/builders/child_health.py"
_SCHOOL: Final = "school or financial year"
_CALENDAR: Final = "calendar year"
_CENSUS: Final = "school census in January"
_YEARS: Final = {
    _SCHOOL: re.compile(r"20\d\d"),
    _CALENDAR: re.compile(r"20\d\d(-\d\d)?"),
    _CENSUS: re.compile(r"20\d\d"),
}
_THREE_YEARS: Final = re.compile(r"(20\d\d)/(\d\d)-(\d\d)/(\d\d)")


@dataclass(frozen=True)
class _Series:
    """A measure of the tool and what its figures are."""

    indicator_id: str
    short: str
    unit: str
    age: str
    years: str
    label: str = "All children"
    population: str | None = None
    note: str | None = None

    @property
    def measure(self) -> Measure:
        """Every measure here is a percentage or a rate."""
        return Measure.PERCENTAGE if self.unit == "%" else Measure.RATE


_ALL_BABIES: Final = "All babies"
_PUPILS: Final = "All pupils"
_PER_100_000: Final = "per 100,000 people"
_NOTE_SCHOOL: Final = "By the postcode of the school that children go to."
_MEASURED: Final = "children measured in school"
_EXCESS_WEIGHT: Final = "overweight-or-obesity-children"

_SERIES: Final = {
    "Low_Birth_Weight_Babies": _Series(
        "low-birth-weight-at-term", "low-birth-weight", "%", "at birth", _CALENDAR, _ALL_BABIES
    ),
    "InfMort": _Series(
        "infant-death",
        "infant-death",
        "per 1,000 live births",
        "under 1",
        _CALENDAR,
        _ALL_BABIES,
    ),
    "6wksBreast": _Series(
        "breastfeeding-at-6-to-8-weeks",
        "breastfeeding",
        "%",
        "6 to 8 weeks",
        _SCHOOL,
        _ALL_BABIES,
    ),
    "HCP_PHOF": _Series(
        "development-questionnaire-at-two-year-review",
        "asq-3",
        "%",
        "2 to 2½ years",
        _SCHOOL,
    ),
    "ExcessRec": _Series(
        _EXCESS_WEIGHT,
        "reception-excess-weight",
        "%",
        "4 to 5",
        _SCHOOL,
        population=_MEASURED,
        note=_NOTE_SCHOOL,
    ),
    "ExcessYr6": _Series(
        _EXCESS_WEIGHT,
        "year-6-excess-weight",
        "%",
        "10 to 11",
        _SCHOOL,
        population=_MEASURED,
        note=_NOTE_SCHOOL,
    ),
    "CMH_0-17yrs": _Series(
        "mental-health-admission-of-children",
        "mental-health-admission",
        _PER_100_000,
        "0 to 17",
        _SCHOOL,
    ),
    "HospAd0-14": _Series(
        "injury-admission-of-children", "injury-admission", "per 10,000 people", "0 to 14", _SCHOOL
    ),
    "Hosp_Adm_Alc_<18yrs": _Series(
        "alcohol-admission-under-18", "alcohol-admission", _PER_100_000, "0 to 17", _SCHOOL
    ),
    "RTA": _Series(
        "children-killed-or-seriously-injured-on-roads",
        "road-injury",
        _PER_100_000,
        "0 to 15",
        _CALENDAR,
    ),
    "Chlamydia_Diagnosis": _Series(
        "chlamydia-detection-at-15-to-24",
        "chlamydia",
        _PER_100_000,
        "15 to 24",
        _CALENDAR,
        "All young people",
    ),
    "Under18concep": _Series(
        "conception-under-18",
        "conception",
        "per 1,000 girls aged 15 to 17",
        "15 to 17",
        _CALENDAR,
        "All girls",
    ),
    "ChildPov": _Series("children-in-low-income-families", "low-income", "%", "0 to 15", _SCHOOL),
    "PriFSM": _Series(
        "eligible-for-free-school-meals",
        "primary-free-meals",
        "%",
        "all",
        _CENSUS,
        _PUPILS,
        "pupils of state-funded primary schools",
    ),
    "SecFSM": _Series(
        "eligible-for-free-school-meals",
        "secondary-free-meals",
        "%",
        "all",
        _CENSUS,
        _PUPILS,
        "pupils of state-funded secondary schools",
    ),
    "16-17 NEET": _Series(
        "not-in-education-employment-or-training",
        "neet",
        "%",
        "16 to 17",
        _SCHOOL,
        "All young people",
    ),
}
_FEMALE: Final = frozenset({"Under18concep"})
_CITY: Final = "E09000001"
_NOUGHT_DOUBTED: Final = ("Chlamydia_Diagnosis", _CITY, "2017")

_NOTE_BLANK: Final = "The source prints '-' and does not say why."
_NOTE_CITY: Final = "Few children live in the City of London, so one or two can change this much."
_NOTE_NOUGHT: Final = (
    "The source prints 0, between 2,349.9 the year before and 3,036.4 the year after. It is taken "
    "for a missing figure."
)


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.CONTEXT`.

    Sixteen measures, every year of the tool (the first from 2013-14, the last 2025): 33
    boroughs, London and England. Inner and Outer London are left out.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, a year, area or mark that is not known, and a file without any of the measures.
    Source: Department for Education, Local Authority Interactive Tool.
    """
    raw = read_tool(folder)
    raw = raw[raw["measure_code"].isin(list(_SERIES))].reset_index(drop=True)
    check_marks(raw, _MODULE)
    parts = [_of_series(str(code), rows) for code, rows in raw.groupby("measure_code", sort=True)]
    if not parts:
        raise BuildError(
            f"{FILE}, column measure_code",
            f"none of the measures {', '.join(_SERIES)}",
            f"Put the rows back, or change _SERIES in {_MODULE}",
        )
    return figures(pd.concat(parts, ignore_index=True))


def period(year: str, years: str) -> str:
    """A year as stored, as a period: "2024" of school or financial years gives "2023-24".

    A calendar year or span of them stays ("2014-16"), a school census is "January 2024", and
    "2013/14-15/16" is "2013-14 to 2015-16". Raises :class:`loaders.builders.raw.BuildError` for
    any other year.
    """
    span = _THREE_YEARS.fullmatch(year)
    if span and years == _SCHOOL:
        return f"{span[1]}-{span[2]} to 20{span[3]}-{span[4]}"
    if not _YEARS[years].fullmatch(year):
        raise BuildError(
            f"{FILE}, column year_as_stored",
            f"{year!r} is no {years}",
            f"Correct it, or say how it is read in {_MODULE}",
        )
    if years == _CALENDAR:
        return year
    return school_year(year) if years == _SCHOOL else f"January {year}"


def _of_series(code: str, raw: pd.DataFrame) -> pd.DataFrame:
    series = _SERIES[code]
    city = raw["geography_code"] == _CITY
    doubted = city & (raw["year_as_stored"] == _NOUGHT_DOUBTED[2]) & (raw["value"] == 0)
    if code != _NOUGHT_DOUBTED[0]:
        doubted[:] = False
    value = raw["value"].mask(doubted)
    note = pd.Series(series.note, index=raw.index, dtype="str")
    note = note.mask(city, _NOTE_CITY).mask(value.isna(), _NOTE_BLANK).mask(doubted, _NOTE_NOUGHT)
    periods = raw["year_as_stored"].map(lambda year: period(year, series.years))
    when = periods.str.lower().str.replace(" ", "-")
    not_published = pd.Series(BlankReason.NOT_PUBLISHED.value, index=raw.index)
    return pd.DataFrame(
        {
            "indicator_id": series.indicator_id,
            **{name: raw[name] for name in AREA_COLUMNS},
            "period": periods,
            "age": series.age,
            "sex": "female" if code in _FEMALE else "all",
            "population": series.population,
            "ethnic_group": "all",
            "ethnic_group_label": series.label,
            "measure": series.measure.value,
            "value": value,
            "unit": series.unit,
            "standardisation": Standardisation.CRUDE.value,
            "source_id": SOURCE_ID,
            "confidence": Confidence.SECONDARY.value,
            "blank_reason": not_published.where(value.isna()),
            "note": note,
            "figure_id": "lait-" + when + "-" + raw["slug"] + f"-{series.short}",
        }
    )
