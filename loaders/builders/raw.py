"""What the builders share: reading a raw file, naming what is wrong with it, and area names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from loaders.tables import AREAS, BOROUGHS, BULK, DATA, Table

ADD_AREA = "Add the area to data/reference/areas.csv"
"""How to mend a code that the table of areas doesn't have."""

SUPPRESSED_MARK = "*"
"""What NHS publications print in place of a small number."""


class BuildError(ValueError):
    """A raw file that can't be built from: what is wrong, where, and how to mend it."""

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        super().__init__(f"{where}: {problem}. {remedy}.")


def read_raw(folder: Path, name: str, texts: Iterable[str], numbers: Iterable[str]) -> pd.DataFrame:
    """Read the named columns of a raw CSV file.

    Returns a frame with the columns ``texts`` (``str``; missing where blank) and ``numbers``
    (``float64``; missing where blank or ``*``), in that order.
    Raises :class:`BuildError` for a missing file, a missing column or a cell that is no number.
    """
    file = folder / name
    if not file.is_file():
        raise BuildError(name, f"the file is not in {folder}", "Put it there, or leave it out")
    # Everything is read as text first, so that a code such as 07 keeps its nought.
    raw = pd.read_csv(file, dtype="str", na_values=[SUPPRESSED_MARK])
    texts, numbers = list(texts), list(numbers)
    missing = [column for column in [*texts, *numbers] if column not in raw.columns]
    if missing:
        raise BuildError(
            name,
            f"columns missing: {', '.join(missing)}",
            "Add them, or change the builder if the publisher has renamed them",
        )
    result = raw[[*texts, *numbers]].copy()
    for column in numbers:
        parsed = pd.to_numeric(raw[column], errors="coerce")
        wrong = parsed.isna() & raw[column].notna()
        if wrong.any():
            # The header is line 1, so the first row below it is line 2.
            line = int(wrong.to_numpy().argmax()) + 2
            cell = raw.loc[wrong, column].iloc[0]
            raise BuildError(
                f"{name}, line {line}, column {column}",
                f"{cell!r} is not a number",
                f"Write a number, or leave the cell blank or {SUPPRESSED_MARK} if suppressed",
            )
        result[column] = parsed.astype("float64")
    return result


def look_up(values: pd.Series[str], known: Mapping[str, str], where: str, mend: str) -> pd.Series:
    """Each value's meaning in ``known``; a value that is not there is a :class:`BuildError`."""
    unknown = sorted({str(value) for value in values.dropna().unique()} - set(known))
    if unknown or values.isna().any():
        listed = ", ".join(repr(value) for value in unknown) or "a blank"
        raise BuildError(where, f"not known: {listed}", mend)
    return values.map(dict(known))


def areas() -> pd.DataFrame:
    """The areas that figures may describe, by their code.

    Columns name and level, as in ``data/reference/areas.csv``, and slug: the borough's own, or
    one made of the name of a larger area and of the code of a part of London.
    """
    table = _reference(AREAS).set_index("area_code")
    slugs = _reference(BOROUGHS).set_index("borough_code")["slug"]
    made = table["name"].str.lower().str.replace(" ", "-")
    parts = table.index.to_series().str.removeprefix("sub-")
    made = made.where(table["level"] != "subregion", parts)
    table["slug"] = slugs.reindex(table.index).fillna(made)
    return table[["name", "level", "slug"]]


def located(codes: pd.Series[str], where: str, mend: str = ADD_AREA) -> pd.DataFrame:
    """The area of each row by its code, in the order of the rows.

    Returns the columns geography_level, geography_code, geography_name and slug. A code that is
    not in the table of areas is a :class:`BuildError`, which names ``where`` it stands.
    """
    known = areas()
    code = look_up(codes, {area: area for area in known.index}, where, mend)
    found = known.reindex(code).reset_index(drop=True)
    return pd.DataFrame(
        {
            "geography_level": found["level"],
            "geography_code": code.reset_index(drop=True),
            "geography_name": found["name"],
            "slug": found["slug"],
        }
    )


def borough_codes() -> dict[str, str]:
    """The code of each borough, by name."""
    table = _reference(BOROUGHS)
    return dict(zip(table["name"], table["borough_code"], strict=True))


def icbs_of_boroughs() -> dict[str, tuple[str, str]]:
    """The code and the name of the Integrated Care Board that each borough lies in, by name."""
    table = _reference(BOROUGHS)
    areas = zip(table["icb_code"], table["icb_name"], strict=True)
    return dict(zip(table["name"], areas, strict=True))


def figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as figures: the columns and dtypes of the bulk figures, in a fixed order of rows.

    Columns that ``rows`` doesn't have are empty.
    """
    order = ["indicator_id", "period", "geography_level", "geography_code", "ethnic_group"]
    return (
        rows.reindex(columns=BULK.columns)
        .astype(BULK.dtypes)
        .sort_values(order, ignore_index=True, kind="stable")
    )


def _reference(table: Table) -> pd.DataFrame:
    return pd.read_csv(table.files(DATA)[0], dtype="str")
