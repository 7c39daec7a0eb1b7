"""Builders: the large official tables, from the raw file that was fetched to our own.

A builder is a module with three names: ``INPUT``, the files that it reads in a folder;
``OUTPUT``, the table that it makes, as a path below ``data/``; and ``build(folder)``, which makes
it: a frame for Parquet or a mapping for GeoJSON. Building the same files again gives the same
table.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from loaders.builders import (
    ages,
    births,
    boundaries,
    census,
    child_health,
    covid_mortality,
    deprivation,
    icb_boundaries,
    mental_health_act,
    recorded_illness,
    school_attainment,
    school_readiness,
    subnational,
    talking_therapies,
)
from loaders.builders.raw import BuildError

__all__ = ["BUILDERS", "BuildError", "Builder", "write"]


class Builder(Protocol):
    """What a builder module offers."""

    @property
    def INPUT(self) -> tuple[str, ...]:  # noqa: N802
        """The names of the files that are read, below the folder."""

    @property
    def OUTPUT(self) -> str:  # noqa: N802
        """The path of the table that is made, below ``data/``."""

    def build(self, folder: Path) -> pd.DataFrame | dict[str, Any]:
        """The table, made from the files in the folder."""


BUILDERS: tuple[Builder, ...] = (
    talking_therapies,
    mental_health_act,
    births,
    school_readiness,
    school_attainment,
    deprivation,
    recorded_illness,
    covid_mortality,
    subnational,
    child_health,
    census,
    ages,
    boundaries,
    icb_boundaries,
)


def write(folder: Path, data: Path) -> list[Path]:
    """Build every table whose raw files are in ``folder`` and write it below ``data``.

    Returns the paths written. Nothing is written unless every table could be built.
    Raises :class:`BuildError` if the folder holds no raw file of any builder, only some of a
    builder's files, or a file that can't be built from.
    """
    built = {builder.OUTPUT: builder.build(folder) for builder in BUILDERS if _has(folder, builder)}
    if not built:
        names = ", ".join(name for builder in BUILDERS for name in builder.INPUT)
        raise BuildError(str(folder), "no raw file found", f"Put one of these there: {names}")
    for output, table in built.items():
        path = data / output
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(table, pd.DataFrame):
            table.to_parquet(path, index=False, engine="pyarrow", compression="zstd")
        else:
            text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
            path.write_text(text + "\n", encoding="utf-8")
    return [data / output for output in built]


def _has(folder: Path, builder: Builder) -> bool:
    missing = [name for name in builder.INPUT if not (folder / name).is_file()]
    if missing and len(missing) < len(builder.INPUT):
        raise BuildError(
            str(folder),
            f"{builder.OUTPUT} needs {len(builder.INPUT)} files, missing: {', '.join(missing)}",
            "Put them there, or take the others away",
        )
    return not missing
