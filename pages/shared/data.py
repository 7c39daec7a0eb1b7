"""The evidence base for pages, opened once for all readers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from evidence.coverage import knowledge
from evidence.gaps import gaps
from evidence.statements import RowLike
from loaders.build import open_built
from loaders.open import EvidenceBase
from loaders.tables import DATA

__all__ = [
    "against",
    "evidence_base",
    "indicator_row",
    "known_everywhere",
    "source_row",
    "with_gaps",
]


def evidence_base() -> EvidenceBase:
    """The evidence base as the tables stand now; opened once for all readers.

    Public tables alone are in it, so that sharing it is safe. A changed file opens it afresh.
    """
    return _opened(_stamp())


def with_gaps() -> pd.DataFrame:
    """Every figure with its gap: the columns of ``figures`` and, where compared, of ``gaps``."""
    return _joined(_stamp())


def known_everywhere() -> pd.DataFrame:
    """What is known of every borough: :func:`evidence.coverage.knowledge` of the tables."""
    return _known(_stamp())


@st.cache_resource(show_spinner=False, max_entries=2)
def _known(stamp: tuple[tuple[str, int, int], ...]) -> pd.DataFrame:
    base = _opened(stamp)
    return knowledge(base.figures, base.areas, base.boroughs, base.groups)


@st.cache_resource(show_spinner="Opening the evidence…", max_entries=2)
def _opened(stamp: tuple[tuple[str, int, int], ...]) -> EvidenceBase:
    return open_built(DATA)


@st.cache_resource(show_spinner=False, max_entries=2)
def _joined(stamp: tuple[tuple[str, int, int], ...]) -> pd.DataFrame:
    base = _opened(stamp)
    return _join(base.figures, base.gaps)


def _stamp() -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of each table's file: what changes when a curator saves one."""
    files = sorted(path for path in DATA.rglob("*") if path.is_file())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def against(rows: pd.DataFrame, reference: str) -> pd.DataFrame:
    """One comparison set with its gaps worked out against a group that the reader chose."""
    base = evidence_base()
    plain = rows[[*base.figures.columns]].copy()
    plain["reference_group"] = reference
    plain["is_reference"] = plain["ethnic_group"] == reference
    return _join(plain, gaps(plain, base.groups))


def _join(figures: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Figures with the columns of their gaps; a gap's limits_from is kept as gap_limits_from."""
    wanted = found.drop(columns="set_id").rename(columns={"limits_from": "gap_limits_from"})
    return figures.merge(wanted, on="figure_id", how="left", validate="one_to_one")


def indicator_row(indicator_id: str) -> RowLike:
    """The row of an indicator."""
    return _row(evidence_base().indicators, "indicator_id", indicator_id) or {}


def source_row(source_id: str) -> RowLike | None:
    """The row of a source, or None where the table of sources can't be read."""
    return _row(evidence_base().sources, "source_id", source_id)


def _row(frame: pd.DataFrame, key: str, value: str) -> dict[Any, Any] | None:
    found = frame[frame[key] == value]
    return None if found.empty else found.iloc[0].to_dict()
