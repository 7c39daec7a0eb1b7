"""What the community's suggestions add to the evidence base, as frames of its tables."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence.outcomes import EventKind
from evidence.publication import Known, Programme, Publication, known, marked
from loaders.submissions.tables import EventRow, PublishedRow
from loaders.tables import FIGURES, INDICATORS, SOURCES


@dataclass(frozen=True)
class Published:
    """Everything that is published of suggestions.

    ``figures``, ``sources`` and ``indicators`` have the columns and dtypes of their tables. A
    figure whose id stands in the evidence base already corrects that one, and takes its place.
    ``version`` is the number of the last event.
    """

    figures: pd.DataFrame
    sources: pd.DataFrame
    indicators: pd.DataFrame
    programmes: tuple[Programme, ...]
    version: int


def published(session: Session) -> Published:
    """What is published now: what was reopened since is not."""
    version = 0
    now: dict[str, tuple[EventRow, Publication]] = {}
    last = select(EventRow.event_id).order_by(EventRow.event_id.desc()).limit(1)
    version = session.scalar(last) or 0
    taken_down: dict[str, int] = {}
    reopened = select(EventRow).where(EventRow.kind == EventKind.REOPENED.value)
    for event in session.scalars(reopened.order_by(EventRow.event_id)):
        taken_down[event.reference] = event.event_id
    query = select(PublishedRow, EventRow).join(EventRow).order_by(PublishedRow.event_id)
    for row, event in session.execute(query):
        if row.event_id > taken_down.get(row.reference, 0):
            now[row.reference] = (event, Publication.model_validate_json(row.publication))
    figures: dict[str, dict[str, object]] = {}
    sources: dict[str, dict[str, object]] = {}
    indicators: dict[str, dict[str, object]] = {}
    for event, publication in now.values():
        for figure in publication.figures:
            shown = marked(figure, event.at.date())
            figures[figure.figure_id] = shown.model_dump(mode="json")
        # The first that brought a source or an indicator gives its words.
        for source in publication.sources:
            sources.setdefault(source.source_id, source.model_dump(mode="json"))
        for indicator in publication.indicators:
            indicators.setdefault(indicator.indicator_id, indicator.model_dump(mode="json"))
    return Published(
        figures=FIGURES.frame(list(figures.values())),
        sources=SOURCES.frame(list(sources.values())),
        indicators=INDICATORS.frame(list(indicators.values())),
        programmes=tuple(p.programme for _, p in now.values() if p.programme),
        version=version,
    )


def with_published(base: Known, now: Published) -> Known:
    """What the evidence base holds, with what is published of suggestions at this moment.

    A page that a reviewer has open may know less: what another one published since.
    """
    no_areas = pd.DataFrame(columns=["area_code", "name", "level"])
    no_groups = pd.DataFrame(columns=["code"])
    new = known(now.figures, now.sources, now.indicators, no_areas, no_groups)
    return replace(
        base,
        sources=base.sources | new.sources,
        indicators=base.indicators | new.indicators,
        figures=base.figures | new.figures,
        identities={**base.identities, **new.identities},
    )
