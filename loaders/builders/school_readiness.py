"""A good level of development at age 5, by ethnic group: boroughs, London and England.

From the early years tables of the Department for Education's Local Authority Interactive Tool.
The profile that teachers fill in was changed in September 2021 and the publisher says that
results before and after can't be compared, so there are two indicators and no trend crosses.

- Years are stored as the year in which the school year ends: 2024 is 2023-24.
- 2019-20 and 2020-21 were never collected (the pandemic). The tool nevertheless holds figures
  for Chinese children against 2021, and has none for them against 2022. They are most likely
  those of 2021-22 under the wrong year, but that could not be confirmed, so they are left out
  and Chinese children are blank in 2021-22.
- The only mark for a blank is ``-``. It does not say why. Small numbers may have been hidden in
  the earlier years; from 2021-22 the publisher states that it hides none, so there the group
  most likely had no children. As it can't be told, every blank is "not published".
- Chinese is a group of its own here, outside Asian. Other is given from 2021-22 only.
- A printed 0 is left blank to 2018-19, where it may mean that the group had no children. From
  2021-22 the publisher states that a nought is a true nought. All are in the City of London.
- No counts are given, so no limits can be worked out. Percentages are whole numbers for groups
  to 2018-19 and have one decimal place after that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import BlankReason, Confidence, Measure, Standardisation
from loaders.builders.dfe import AREA_COLUMNS, FILE, check_marks, read_tool, school_year
from loaders.builders.raw import figures, look_up

INPUT: Final = (FILE,)
OUTPUT: Final = "bulk/school-readiness.parquet"

SOURCE_ID: Final = "dfe-lait-early-years"
BEFORE_2022: Final = "school-readiness-to-2019"
FROM_2022: Final = "school-readiness"

_YEARS: Final = {
    "2016": BEFORE_2022,
    "2017": BEFORE_2022,
    "2018": BEFORE_2022,
    "2019": BEFORE_2022,
    "2022": FROM_2022,
    "2023": FROM_2022,
    "2024": FROM_2022,
    "2025": FROM_2022,
}
_YEARS_NOT_COLLECTED: Final = frozenset({"2020", "2021"})

_GROUPS: Final = {
    "FSP_NEW_GOODDEV": ("all", "All children"),
    "FSP_Gooddev_Asian": ("asian", "Asian"),
    "FSP_Gooddev_Black": ("black", "Black"),
    "FSP_Gooddev_Chinese": ("asian-chinese", "Chinese"),
    "FSP_Gooddev_Mixed": ("mixed", "Mixed"),
    "FSP_Gooddev_Other": ("other", "Other Ethnic"),
    "FSP_Gooddev_White": ("white", "White"),
}
_NOT_ETHNIC: Final = ("_FSM", "_FSM_Other", "_With_SENSTATE", "_Without_SENSTATE")
"""Ends of codes of the same measure for other kinds of group (free meals, special needs)."""
_MEASURE_OF_GROUPS: Final = "FSP_Gooddev"
_NOTE_BLANK: Final = "The source prints '-' and does not say why."
_NOTE_NOUGHT: Final = (
    "The source prints 0, which may mean that no child reached the level or that there was no "
    "child in the group, so it is not shown."
)
_NOTE_FEW: Final = (
    "A percentage of 0 or 100 comes from very few children. The source does not say how many."
)
_NOTE_CHINESE_2022: Final = (
    "The source has figures for Chinese children against 2020-21, when none were collected, and "
    "none against 2021-22. They may be those of 2021-22, but this is not confirmed."
)


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.BULK`.

    Percentage of children with a good level of development, as published: 33 boroughs, London
    and England; school years 2015-16 to 2018-19 (``school-readiness-to-2019``) and 2021-22 to
    2024-25 (``school-readiness``); all children and the broad ethnic groups and Chinese. Inner
    and Outer London are left out.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, and a year, ethnic group, area or mark that is not known.
    Source: Department for Education, Local Authority Interactive Tool.
    """
    raw = read_tool(folder)
    ours = raw["measure_code"].str.startswith(_MEASURE_OF_GROUPS) & ~raw[
        "measure_code"
    ].str.endswith(_NOT_ETHNIC)
    ours |= raw["measure_code"] == "FSP_NEW_GOODDEV"
    raw = raw[ours & ~raw["year_as_stored"].isin(_YEARS_NOT_COLLECTED)].reset_index(drop=True)

    module = "loaders/builders/school_readiness.py"
    check_marks(raw, module)
    indicator = look_up(
        raw["year_as_stored"],
        _YEARS,
        f"{INPUT[0]}, column year_as_stored",
        f"Add the year to _YEARS in {module} once you have checked that the profile is the same",
    )
    group = look_up(
        raw["measure_code"],
        {code: group for code, (group, _) in _GROUPS.items()},
        f"{INPUT[0]}, column measure_code",
        f"Add the group to _GROUPS in {module}",
    )
    label = raw["measure_code"].map({code: label for code, (_, label) in _GROUPS.items()})
    rows = pd.DataFrame(
        {
            "indicator_id": indicator,
            **{name: raw[name] for name in AREA_COLUMNS},
            "period": raw["year_as_stored"].map(school_year),
            "ethnic_group": group,
            "ethnic_group_label": label,
            "value": raw["value"],
            "note": pd.Series(_NOTE_BLANK, index=raw.index).where(raw["value"].isna()),
        }
    )
    nought = (rows["indicator_id"] == BEFORE_2022) & (rows["value"] == 0)
    few = rows["value"].isin([0, 100])
    rows["note"] = rows["note"].mask(few, _NOTE_FEW).mask(nought, _NOTE_NOUGHT)
    rows["value"] = rows["value"].mask(nought)
    return figures(_finish(pd.concat([rows, _chinese_2022(rows)], ignore_index=True)))


def _finish(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns that are the same in every row, the reason for a blank, and the id."""
    not_published = pd.Series(BlankReason.NOT_PUBLISHED.value, index=rows.index)
    return rows.assign(
        age="5",
        sex="all",
        measure=Measure.PERCENTAGE.value,
        unit="%",
        standardisation=Standardisation.CRUDE.value,
        source_id=SOURCE_ID,
        confidence=Confidence.SECONDARY.value,
        blank_reason=not_published.where(rows["value"].isna()),
        figure_id="sr-" + rows["period"] + "-" + rows["slug"] + "-" + rows["ethnic_group"],
    )


def _chinese_2022(rows: pd.DataFrame) -> pd.DataFrame:
    """A blank row for Chinese children in each area that has 2021-22 figures but none for them."""
    year = rows[rows["period"] == "2021-22"]
    have = year.loc[year["ethnic_group"] == "asian-chinese", "geography_code"]
    missing = year[~year["geography_code"].isin(have)].drop_duplicates("geography_code")
    return missing.assign(
        ethnic_group="asian-chinese",
        ethnic_group_label="Chinese",
        value=float("nan"),
        note=_NOTE_CHINESE_2022,
    )
