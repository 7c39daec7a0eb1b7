"""What the tables of the Department for Education's Local Authority Interactive Tool share."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from loaders.builders.raw import BuildError, located, read_raw

FILE: Final = "dfe_lait_health_school_readiness_ethnicity_london.csv"
AREA_COLUMNS: Final = ("geography_level", "geography_code", "geography_name", "slug")

_LARGER_AREAS: Final = {"London": "E12000007", "England": "E92000001"}
_AREAS_LEFT_OUT: Final = frozenset({"London (Inner)", "London (Outer)"})
_BLANK_MARK: Final = "-"


def read_tool(folder: Path) -> pd.DataFrame:
    """The rows of the tool for boroughs, London and England.

    Columns measure_code, year_as_stored and value_as_stored as in the file, value (missing where
    the file has a mark), and the columns of an area: geography_level, geography_code,
    geography_name and slug. Inner and Outer London are left out.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, and an area that is not known.
    """
    raw = read_raw(
        folder,
        FILE,
        ("measure_code", "area_code", "area_name", "year_as_stored", "value_as_stored"),
        ("value",),
    )
    raw = raw[~raw["area_name"].isin(_AREAS_LEFT_OUT)].reset_index(drop=True)
    code = raw["area_code"].fillna(raw["area_name"].map(_LARGER_AREAS))
    area = located(code.fillna(raw["area_name"]), f"{FILE}, column area_code")
    return pd.concat([raw.drop(columns=["area_code", "area_name"]), area], axis=1)


def check_marks(raw: pd.DataFrame, module: str) -> None:
    """Refuse a mark for a blank other than ``-``, whose meaning nobody has looked up yet."""
    blank = raw[raw["value"].isna()]
    other = sorted(set(blank["value_as_stored"].fillna("nothing")) - {_BLANK_MARK})
    if other:
        raise BuildError(
            f"{FILE}, column value_as_stored",
            f"mark for a blank not known: {', '.join(other)}",
            f"Find out what it means and say so in {module}",
        )


def school_year(end_year: str) -> str:
    """The school or financial year that ends in a year: "2024" gives "2023-24"."""
    end = int(end_year)
    return f"{end - 1}-{end % 100:02d}"
