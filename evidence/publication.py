"""What is published of a suggestion: whole figures with their sources and indicators.

A published suggestion is a figure like any other, and says that the community suggested it and
when it was checked. A correction is published under the id of the figure that it corrects.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from evidence.days import day_words
from evidence.models import (
    Figure,
    GroupCode,
    Indicator,
    OptionalDigest,
    OptionalText,
    Row,
    Source,
    Text,
    WebAddress,
)
from evidence.numbers import is_blank
from evidence.sets import IDENTITY_KEYS
from evidence.submissions import Kind
from evidence.vocabulary import DiseaseArea

FIGURE_IDS = re.compile(r"community-(\d+)-\d+")
"""How the ids of figures of the community look: the public number of the suggestion, a count."""

_MARK = re.compile(r"^Suggested by the community, checked on (\d{1,2} [A-Z][a-z]+ \d{4})\.")


class Programme(Row):
    """A programme that acts on inequality, as it stands on this site."""

    name: Text
    run_by: Text
    does: Text
    url: WebAddress
    disease_area: DiseaseArea | None = None
    areas: tuple[Text, ...] = ()
    ethnic_group: GroupCode | None = None
    outcomes: OptionalText = None


class PublishedProgramme(Programme):
    """A programme with the public number of its suggestion, and the day when it was checked."""

    number: int
    checked: date


class Publication(BaseModel):
    """Everything that is published of one suggestion: figures, or a programme.

    ``sources`` and ``indicators`` are those that the evidence base does not have yet.
    ``replaces`` is the :func:`row_digest` of the figure that a correction was prepared for. It
    takes the place of that row alone: what curators change later stands.

    ``lent_sources`` and ``lent_indicators`` are copies of those that other suggestions brought
    and its figures use. They are added when it is published, so that its figures stand when
    another suggestion is taken down; where that one is published, its words hold.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    figures: Annotated[tuple[Figure, ...], Field(max_length=100)] = ()
    sources: tuple[Source, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    programme: Programme | None = None
    replaces: OptionalDigest = None
    lent_sources: tuple[Source, ...] = ()
    lent_indicators: tuple[Indicator, ...] = ()

    @model_validator(mode="after")
    def _something_is_published(self) -> Self:
        if bool(self.figures) == (self.programme is not None):
            raise ValueError("Give at least one figure, or a programme, and not both.")
        ids = [figure.figure_id for figure in self.figures]
        if len(set(ids)) < len(ids):
            raise ValueError("Two figures have the same figure_id.")
        return self


@dataclass(frozen=True)
class Correction:
    """Which suggestion corrects a figure, and the digest of the row that it takes the place of.

    ``replaces`` is None where that was not kept: then it takes the place of whatever is there.
    ``event_id`` is the event that published it, which tells a later correction from an earlier.
    """

    number: int
    replaces: str | None = None
    event_id: int = 0


def _not_known(figure_id: str) -> str | None:
    return None


@dataclass(frozen=True)
class Known:
    """What the evidence base holds, for a new figure to refer to.

    ``areas`` has the name and level of each area by code; ``identities`` the figure of each
    combination of :data:`~evidence.sets.IDENTITY_KEYS`. ``digest_of`` gives the
    :func:`row_digest` of a figure before any correction of the community, None where that is
    not known. ``corrections`` has the published correction of each figure that has one, the last
    of them. ``lent`` names the sources and indicators that stand only as copies, because the
    suggestion that brought them was taken down: they may be brought again.
    """

    sources: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    areas: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    identities: Mapping[tuple[object, ...], str] = field(default_factory=dict)
    digest_of: Callable[[str], str | None] = _not_known
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    lent: frozenset[str] = frozenset()


def known(
    figures: pd.DataFrame,
    sources: pd.DataFrame,
    indicators: pd.DataFrame,
    areas: pd.DataFrame,
    ethnic_groups: pd.DataFrame,
    digest_of: Callable[[str], str | None] = _not_known,
) -> Known:
    """What the tables of an evidence base hold (columns of their models)."""
    keys = [figures[name].astype(object).where(figures[name].notna(), "") for name in IDENTITY_KEYS]
    identities = dict(zip(zip(*keys, strict=True), figures["figure_id"], strict=True))
    return Known(
        sources=frozenset(sources["source_id"]),
        indicators=frozenset(indicators["indicator_id"]),
        figures=frozenset(figures["figure_id"]),
        groups=frozenset(ethnic_groups["code"]),
        areas={
            code: (name, level)
            for code, name, level in zip(
                areas["area_code"], areas["name"], areas["level"], strict=True
            )
        },
        identities=identities,
        digest_of=digest_of,
    )


def row_digest(row: Mapping[Any, object]) -> str:
    """A short digest of a figure's row, the same from a table as from a :class:`Figure`.

    Empty cells, cells that the model does not have and the mark of the community are left out, so
    that neither a new column nor a figure's way into the tables changes it.
    """
    cells = {name: row.get(name) for name in Figure.model_fields}
    if suggested := mark_in(cells["note"]):
        cells["note"] = str(cells["note"]).removeprefix(suggested).strip()
    told = [
        f"{name}={float(value) if isinstance(value, int | float) else value}"
        for name, value in cells.items()
        if not is_blank(value)
    ]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:12]


def figure_id(number: int, count: int = 1) -> str:
    """The id of a suggestion's published figure: its public number, and a count from 1."""
    return f"community-{number}-{count}"


def mark(checked: date) -> str:
    """The sentence by which readers know a figure that the community suggested."""
    return f"Suggested by the community, checked on {day_words(checked)}."


def mark_in(note: object) -> str | None:
    """The mark of a figure, read from its note; None for a figure that curators brought."""
    found = _MARK.match(note) if isinstance(note, str) else None
    return found[0] if found else None


def marked(figure: Figure, checked: date) -> Figure:
    """A figure with the mark before its note."""
    note = " ".join(filter(None, [mark(checked), figure.note]))
    return figure.model_copy(update={"note": note})


def faults(
    publication: Publication,
    base: Known,
    number: int,
    kind: Kind,
    corrects: str | None,
    prepared_by: int | None = None,
) -> list[str]:
    """What keeps a publication from being published, in plain words; empty where nothing does.

    Parameters
    ----------
    publication
        What was prepared.
    base
        What the evidence base holds.
    number
        The public number of the suggestion, which its figure ids hold.
    kind
        The kind of suggestion.
    corrects
        The figure that a correction is about.
    prepared_by
        The event that prepared it, None where it is prepared only now: it does not undo a
        correction of the same figure that was published after it.
    """
    if kind is Kind.PROGRAMME and publication.programme is None:
        return ["A programme is published as a programme, not as a figure."]
    if kind is not Kind.PROGRAMME and publication.programme is not None:
        return ["Only a suggested programme is published as a programme."]
    new_sources = [source.source_id for source in publication.sources]
    new_indicators = [indicator.indicator_id for indicator in publication.indicators]
    found = [
        f"There is a source {name} already."
        for name in new_sources
        if name in base.sources - base.lent
    ]
    found += [
        f"There is an indicator {name} already."
        for name in new_indicators
        if name in base.indicators - base.lent
    ]
    used = {figure.source_id for figure in publication.figures}
    found += [f"No figure uses the source {name}." for name in new_sources if name not in used]
    used = {figure.indicator_id for figure in publication.figures}
    found += [f"No figure uses the indicator {n}." for n in new_indicators if n not in used]
    before = base.digest_of(corrects) if corrects else None
    if publication.replaces and before and publication.replaces != before:
        found.append(f"The figure {corrects} was changed since this was prepared. Prepare it anew.")
    now = base.corrections.get(corrects or "")
    if now and prepared_by is not None and now.event_id > prepared_by:
        found.append(
            f"The figure {corrects} was corrected by suggestion {now.number} since this was "
            "prepared. Prepare it anew."
        )
    for figure in publication.figures:
        found += _figure_faults(figure, base, number, corrects)
        if figure.source_id not in base.sources | set(new_sources):
            found.append(f"There is no source {figure.source_id}: add it, or choose one.")
        if figure.indicator_id not in base.indicators | set(new_indicators):
            found.append(f"There is no indicator {figure.indicator_id}: add it, or choose one.")
    return found


def _figure_faults(figure: Figure, base: Known, number: int, corrects: str | None) -> list[str]:
    found = []
    its_number = FIGURE_IDS.fullmatch(figure.figure_id)
    if figure.figure_id == corrects:
        if corrects not in base.figures:
            found.append(f"There is no figure {corrects} to correct.")
        if figure.correction is None:
            found.append("correction: say what the figure was and why it is corrected.")
    elif its_number is None or int(its_number[1]) != number:
        found.append(f"figure_id: write {figure_id(number)}, or a higher count.")
    elif figure.record_id is not None:
        found.append("record_id: a figure of the community comes of no gathered record.")
    if figure.calculation is not None:
        found.append("calculation: only figures that are worked out here have a formula.")
    area = base.areas.get(figure.geography_code)
    if area != (figure.geography_name, figure.geography_level):
        found.append(
            f"There is no area {figure.geography_code}."
            if area is None
            else f"{figure.geography_code} is {area[0]} ({area[1]})."
        )
    groups = "+".join(filter(None, [figure.ethnic_group, figure.comparator])).split("+")
    found += [f"There is no ethnic group {code}." for code in groups if code not in base.groups]
    return found + doubles([figure], base)


def doubles(figures: Iterable[Figure], base: Known) -> list[str]:
    """The findings that another figure holds already, in plain words."""
    found = []
    for figure in figures:
        row = figure.model_dump(mode="json")
        same = base.identities.get(tuple(row[name] or "" for name in IDENTITY_KEYS))
        if same is not None and same != figure.figure_id:
            found.append(f"The same finding is published already as {same}.")
    return found
