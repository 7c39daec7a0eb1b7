"""The evidence base for pages, opened once for all readers."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from time import monotonic

import pandas as pd
import streamlit as st

from evidence.coverage import knowledge
from evidence.gaps import OF_GAP, gaps
from evidence.places import across_boroughs, indicators_across
from evidence.statements import RowLike
from loaders.build import open_built
from loaders.open import EvidenceBase
from loaders.tables import DATA

__all__ = [
    "across_of",
    "against",
    "evidence_base",
    "figure_row",
    "figures_of",
    "indicator_row",
    "known_everywhere",
    "mapped_indicators",
    "source_row",
    "with_blanks",
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


def mapped_indicators() -> pd.DataFrame:
    """:func:`evidence.places.indicators_across` of every figure, context too."""
    return _across(_stamp())[0]


def across_of(indicator_id: str) -> pd.DataFrame:
    """An indicator's figures of boroughs as :func:`evidence.places.across_boroughs` joins them."""
    return _across(_stamp())[1][indicator_id]


def figures_of(indicator_id: str) -> pd.DataFrame:
    """An indicator's figures of every place, and the context of everyone there."""
    base = evidence_base()
    own = [frame[frame["indicator_id"] == indicator_id] for frame in (base.figures, base.context)]
    return pd.concat(own, ignore_index=True)


def known_everywhere() -> pd.DataFrame:
    """What is known of every borough: :func:`evidence.coverage.knowledge` of the tables."""
    return _known(_stamp())


@st.cache_resource(show_spinner=False, max_entries=2)
def _known(stamp: str) -> pd.DataFrame:
    base = _opened(stamp)
    return knowledge(base.figures, base.areas, base.boroughs, base.groups)


@st.cache_resource(show_spinner=False, max_entries=2)
def _across(stamp: str) -> tuple[pd.DataFrame, Mapping[str, pd.DataFrame]]:
    """What boroughs have figures of, and those figures by indicator."""
    base = _opened(stamp)
    joined = across_boroughs(pd.concat([base.figures, base.context], ignore_index=True))
    return indicators_across(joined), {
        str(key): rows for key, rows in joined.groupby("indicator_id", sort=False)
    }


@st.cache_resource(show_spinner="Opening the evidence…", max_entries=2)
def _opened(stamp: str) -> EvidenceBase:
    return open_built(DATA)


@st.cache_resource(show_spinner=False, max_entries=2)
def _joined(stamp: str) -> pd.DataFrame:
    base = _opened(stamp)
    return _join(base.figures, base.gaps)


@st.cache_resource(show_spinner=False, max_entries=2)
def _rows(stamp: str) -> tuple[Mapping[str, RowLike], Mapping[str, RowLike], pd.DataFrame]:
    """The rows of indicators and of sources by their id, and the figures with theirs as index."""
    base = _opened(stamp)
    indicators = {str(row["indicator_id"]): row for row in base.indicators.to_dict("records")}
    sources = {str(row["source_id"]): row for row in base.sources.to_dict("records")}
    return indicators, sources, base.figures.set_index("figure_id", drop=False)


STAMP_FOR = 0.5
"""Seconds for which the files are taken to stand as they were last looked at: a page asks for
the evidence hundreds of times."""

_last_look: tuple[float, Path, str] | None = None


def _stamp() -> str:
    """A digest of each table's name, time and size: what changes when a curator saves one."""
    global _last_look  # noqa: PLW0603
    now = monotonic()
    if _last_look is not None:
        when, where, stamp = _last_look
        if where == DATA and now - when < STAMP_FOR:
            return stamp
    digest = sha256()
    for path in sorted(path for path in DATA.rglob("*") if path.is_file()):
        about = path.stat()
        digest.update(f"{path}\0{about.st_mtime_ns}\0{about.st_size}\0".encode())
    _last_look = (now, DATA, digest.hexdigest())
    return _last_look[2]


def against(rows: pd.DataFrame, reference: str) -> pd.DataFrame:
    """One comparison set with its gaps worked out against a group that the reader chose."""
    base = evidence_base()
    plain = rows[[*base.figures.columns]].copy()
    plain["reference_group"] = reference
    plain["is_reference"] = plain["ethnic_group"] == reference
    return _join(plain, gaps(plain, base.groups))


def with_blanks(rows: pd.DataFrame) -> pd.DataFrame:
    """One comparison set with its figures that have no value, each of which says why."""
    every = with_gaps()
    blank = every[(every["set_id"] == rows["set_id"].iloc[0]) & every["value"].isna()]
    blank = blank[~blank["figure_id"].isin(rows["figure_id"])]
    return pd.concat([rows, blank], ignore_index=True) if len(blank) else rows


def _join(figures: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Figures with the columns of their gaps, those of :data:`OF_GAP` under another name."""
    wanted = found.drop(columns="set_id").rename(columns=OF_GAP)
    return figures.merge(wanted, on="figure_id", how="left", validate="one_to_one")


def indicator_row(indicator_id: str) -> RowLike:
    """The row of an indicator."""
    return _rows(_stamp())[0].get(indicator_id) or {}


def source_row(source_id: str) -> RowLike | None:
    """The row of a source, or None where the table of sources can't be read."""
    return _rows(_stamp())[1].get(source_id)


def figure_row(figure_id: str) -> RowLike:
    """The row of a figure."""
    return dict(_rows(_stamp())[2].loc[figure_id])
