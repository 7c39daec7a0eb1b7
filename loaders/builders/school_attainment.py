"""Attainment at the end of primary and secondary school, by ethnic group: boroughs and larger.

From the Department for Education's Local Authority Interactive Tool.

- Key stage 2: the share at the expected standard in reading, writing and maths together. No
  tests were held in 2020 and 2021. The publisher says that 2016 and 2017 can't be compared
  with later years, as the assessment of writing changed in 2018: they are an indicator apart.
- Attainment 8: the average score in up to eight subjects. The highest score that could be had
  was 80 in 2016, 87 in 2017 and 90 from 2018, so the first two years are an indicator apart.
  Exams were cancelled in 2020 and 2021 and teachers gave the grades: another indicator.
- Progress 8: how far pupils moved on from the end of primary school, against pupils in England
  with the same starting point (0). None was worked out for 2020, 2021, 2025 and 2026.
- Years are stored as the year in which the school year ends. Chinese is a group apart from
  Asian. The only mark for a blank is ``-`` and it does not say why.
- No numbers of pupils are given, so no limits can be worked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import BlankReason, Confidence, Measure, Standardisation
from loaders.builders.dfe import AREA_COLUMNS, FILE, check_marks, read_tool, school_year
from loaders.builders.raw import figures, look_up

INPUT: Final = (FILE,)
OUTPUT: Final = "bulk/school-attainment.parquet"

_NOTE_BLANK: Final = "The source prints '-' and does not say why."
_NOTE_FEW: Final = (
    "A percentage of 0 or 100 comes from very few pupils. The source does not say how many."
)
_MODULE: Final = "loaders/builders/school_attainment.py"


@dataclass(frozen=True)
class _Series:
    """A measure of the tool, and which indicator holds which of its years."""

    start: str
    end: str
    short: str
    age: str
    measure: Measure
    unit: str
    source_id: str
    years: dict[str, str]
    not_collected: frozenset[str]


def _years(indicator: str, *ends: int) -> dict[str, str]:
    return {str(end): indicator for end in ends}


_KEY_STAGE_4: Final = "dfe-lait-key-stage-4"
_SERIES: Final = (
    _Series(
        "KS2_NEW_",
        "_RWM",
        "ks2",
        "10 to 11",
        Measure.PERCENTAGE,
        "%",
        "dfe-lait-key-stage-2",
        {
            **_years("key-stage-2-expected-standard-to-2017", 2016, 2017),
            **_years("key-stage-2-expected-standard", 2018, 2019, 2022, 2023, 2024, 2025),
        },
        frozenset({"2020", "2021"}),
    ),
    _Series(
        "AVG_Attain8_Score_",
        "",
        "attainment-8",
        "15 to 16",
        Measure.MEAN,
        "points",
        _KEY_STAGE_4,
        {
            **_years("attainment-8-to-2017", 2016, 2017),
            **_years("attainment-8", 2018, 2019, 2022, 2023, 2024, 2025),
            **_years("attainment-8-teacher-graded", 2020, 2021),
        },
        frozenset(),
    ),
    _Series(
        "AVG_Prog8_Score_",
        "",
        "progress-8",
        "15 to 16",
        Measure.MEAN,
        "points",
        _KEY_STAGE_4,
        _years("progress-8", 2016, 2017, 2018, 2019, 2022, 2023, 2024),
        frozenset({"2020", "2021"}),
    ),
)
_GROUPS: Final = {
    "Asian": ("asian", "Asian"),
    "Black": ("black", "Black"),
    "Chine": ("asian-chinese", "Chinese"),
    "Mixed": ("mixed", "Mixed"),
    "Other": ("other", "Other Ethnic"),
    "White": ("white", "White"),
}


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.BULK`.

    Percentages for key stage 2, average points for Attainment 8 and Progress 8: 33 boroughs,
    London and England, school years 2015-16 to 2024-25, broad ethnic groups and Chinese.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, and a year, ethnic group, area or mark that is not known.
    Source: Department for Education, Local Authority Interactive Tool.
    """
    raw = read_tool(folder)
    return figures(pd.concat([_of_series(one, raw) for one in _SERIES], ignore_index=True))


def _of_series(series: _Series, raw: pd.DataFrame) -> pd.DataFrame:
    codes = raw["measure_code"]
    ours = codes.str.startswith(series.start) & codes.str.endswith(series.end)
    ours &= ~raw["year_as_stored"].isin(series.not_collected)
    rows = raw[ours].reset_index(drop=True)
    check_marks(rows, _MODULE)
    indicator = look_up(
        rows["year_as_stored"],
        series.years,
        f"{FILE}, column year_as_stored",
        f"Add the year in {_MODULE} once you have checked that it can be compared",
    )
    name = rows["measure_code"].str.removeprefix(series.start).str.removesuffix(series.end)
    group = look_up(
        name,
        {short: code for short, (code, _) in _GROUPS.items()},
        f"{FILE}, column measure_code",
        f"Add the group to _GROUPS in {_MODULE}",
    )
    period = rows["year_as_stored"].map(school_year)
    blank = rows["value"].isna()
    few = rows["value"].isin([0, 100]) & (series.measure is Measure.PERCENTAGE)
    empty = pd.Series(None, index=rows.index, dtype="str")
    return pd.DataFrame(
        {
            "indicator_id": indicator,
            **{column: rows[column] for column in AREA_COLUMNS},
            "period": period,
            "age": series.age,
            "sex": "all",
            "ethnic_group": group,
            "ethnic_group_label": name.map({short: label for short, (_, label) in _GROUPS.items()}),
            "measure": series.measure.value,
            "value": rows["value"],
            "unit": series.unit,
            "standardisation": Standardisation.CRUDE.value,
            "source_id": series.source_id,
            "confidence": Confidence.SECONDARY.value,
            "blank_reason": empty.mask(blank, BlankReason.NOT_PUBLISHED.value),
            "note": empty.mask(blank, _NOTE_BLANK).mask(few, _NOTE_FEW),
            "figure_id": f"{series.short}-" + period + "-" + rows["slug"] + "-" + group,
        }
    )
