"""The evidence base for pages, opened once for all readers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from time import monotonic

import pandas as pd
import streamlit as st

from evidence.coverage import knowledge
from evidence.gaps import OF_GAP, gaps
from evidence.places import across_boroughs, indicators_across
from evidence.publication import PublishedProgramme, row_digest
from evidence.statements import RowLike
from loaders.build import open_built
from loaders.open import EvidenceBase
from loaders.submissions import Published
from loaders.tables import DATA
from pages.shared.community import Seen, joined, seen_now

__all__ = [
    "Tables",
    "across_of",
    "against",
    "community_is_missing",
    "evidence_base",
    "figure_digest",
    "figure_row",
    "figures_of",
    "indicator_row",
    "known_everywhere",
    "mapped_indicators",
    "programmes",
    "source_row",
    "tables",
    "with_blanks",
    "with_gaps",
]


@dataclass(frozen=True)
class Tables:
    """An evidence base with its rows at hand; what is worked out of it is worked out once."""

    base: EvidenceBase

    @cached_property
    def with_gaps(self) -> pd.DataFrame:
        """Every figure with its gap: the columns of ``figures`` and, if compared, of ``gaps``."""
        return _join(self.base.figures, self.base.gaps)

    @cached_property
    def known_everywhere(self) -> pd.DataFrame:
        """What is known of every borough (:func:`evidence.coverage.knowledge`)."""
        base = self.base
        return knowledge(base.figures, base.areas, base.boroughs, base.groups)

    @cached_property
    def across(self) -> tuple[pd.DataFrame, Mapping[str, pd.DataFrame]]:
        """What boroughs have figures of, and those figures by indicator; context too."""
        every = pd.concat([self.base.figures, self.base.context], ignore_index=True)
        found = across_boroughs(every)
        return indicators_across(found), {
            str(key): rows for key, rows in found.groupby("indicator_id", sort=False)
        }

    @cached_property
    def indicators(self) -> Mapping[str, RowLike]:
        """The rows of indicators by their id."""
        return {str(row["indicator_id"]): row for row in self.base.indicators.to_dict("records")}

    @cached_property
    def sources(self) -> Mapping[str, RowLike]:
        """The rows of sources by their id."""
        return {str(row["source_id"]): row for row in self.base.sources.to_dict("records")}

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures with their ids as index."""
        return self.base.figures.set_index("figure_id", drop=False)

    def indicator_row(self, indicator_id: str) -> RowLike:
        """The row of an indicator."""
        return self.indicators.get(indicator_id) or {}

    def source_row(self, source_id: str) -> RowLike | None:
        """The row of a source, or None where the table of sources can't be read."""
        return self.sources.get(source_id)

    def figure_row(self, figure_id: str) -> RowLike:
        """The row of a figure."""
        return dict(self.figures.loc[figure_id])


def tables() -> Tables:
    """The tables as they stand now, with what is published of suggestions.

    Public tables alone are in them, so that sharing them is safe. A changed file opens them
    afresh; what reviewers publish joins them, in every running copy of the app.
    """
    files, community = _stamp()
    return _opened(files, community.key, community.published)


def evidence_base() -> EvidenceBase:
    """The evidence base of :func:`tables`."""
    return tables().base


def with_gaps() -> pd.DataFrame:
    """Every figure with its gap: the columns of ``figures`` and, where compared, of ``gaps``."""
    return tables().with_gaps


def mapped_indicators() -> pd.DataFrame:
    """:func:`evidence.places.indicators_across` of every figure, context too."""
    return tables().across[0]


def across_of(indicator_id: str) -> pd.DataFrame:
    """An indicator's figures of boroughs as :func:`evidence.places.across_boroughs` joins them."""
    return tables().across[1][indicator_id]


def figures_of(indicator_id: str) -> pd.DataFrame:
    """An indicator's figures of every place, and the context of everyone there."""
    base = evidence_base()
    own = [frame[frame["indicator_id"] == indicator_id] for frame in (base.figures, base.context)]
    return pd.concat(own, ignore_index=True)


def known_everywhere() -> pd.DataFrame:
    """What is known of every borough: :func:`evidence.coverage.knowledge` of the tables."""
    return tables().known_everywhere


def programmes() -> tuple[PublishedProgramme, ...]:
    """The programmes that are published of suggestions."""
    published = _stamp()[1].published
    return published.programmes if published else ()


def figure_digest(figure_id: str) -> str | None:
    """The digest of a figure before any correction of the community, or None."""
    files, community = _stamp()
    figures = _curated(files).figures
    for row in figures[figures["figure_id"] == figure_id].to_dict("records"):
        return row_digest(row)
    return community.published.digests.get(figure_id) if community.published else None


def community_is_missing() -> bool:
    """Whether what the community suggested can't be read now, or may be out of date."""
    return _stamp()[1].trouble


@st.cache_resource(show_spinner="Opening the evidence…", max_entries=2)
def _curated(files: str) -> EvidenceBase:
    return open_built(DATA)


@st.cache_resource(show_spinner=False, max_entries=2)
def _opened(files: str, community: str, _published: Published | None) -> Tables:
    return Tables(joined(_curated(files), _published))


STAMP_FOR = 0.5
"""Seconds for which files and database are taken to stand as they were last looked at: a page
asks for the evidence hundreds of times."""

_last_look: tuple[float, object, tuple[str, Seen]] | None = None


def _stamp() -> tuple[str, Seen]:
    """What the tables are made of now: a digest of the files, and what is published.

    The digest is of each file's name, time and size: what changes when a curator saves one.
    """
    global _last_look  # noqa: PLW0603
    now, where = monotonic(), (DATA, os.environ.get("DATABASE_URL"))
    if _last_look is not None and _last_look[1] == where and now - _last_look[0] < STAMP_FOR:
        return _last_look[2]
    digest = sha256()
    for path in sorted(path for path in DATA.rglob("*") if path.is_file()):
        about = path.stat()
        digest.update(f"{path}\0{about.st_mtime_ns}\0{about.st_size}\0".encode())
    _last_look = (monotonic(), where, (digest.hexdigest(), seen_now()))
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
    return tables().indicator_row(indicator_id)


def source_row(source_id: str) -> RowLike | None:
    """The row of a source, or None where the table of sources can't be read."""
    return tables().source_row(source_id)


def figure_row(figure_id: str) -> RowLike:
    """The row of a figure."""
    return tables().figure_row(figure_id)
