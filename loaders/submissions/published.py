"""What the community's suggestions add to the evidence base, as frames of its tables."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence.days import london_date
from evidence.history import REPLACES, TAKES_DOWN
from evidence.models import Figure, Indicator, Source
from evidence.outcomes import EventKind
from evidence.publication import (
    FIGURE_IDS,
    Correction,
    Known,
    Publication,
    PublishedProgramme,
    known,
    marked,
    row_digest,
)
from loaders.submissions.tables import EventRow, PublishedRow
from loaders.tables import FIGURES, INDICATORS, SOURCES


@dataclass(frozen=True)
class Published:
    """Everything that is published of suggestions.

    ``figures``, ``sources`` and ``indicators`` have the columns and dtypes of their tables.
    ``corrections`` names the figures that stand in the evidence base already, or did, and are
    corrected; ``digests`` has the digest of each figure that the community brought, before any
    correction. ``lent`` names the sources and indicators whose suggestion was taken down, and
    which stand because others use them. ``version`` is the number of the last event. ``notices``
    tell curators what is left out and why.
    """

    figures: pd.DataFrame
    sources: pd.DataFrame
    indicators: pd.DataFrame
    programmes: tuple[PublishedProgramme, ...]
    version: int
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    lent: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Out:
    """A publication that is out, with the number of its suggestion.

    ``checked`` is the day of its publication, ``event_id`` the event.
    """

    number: int
    checked: date
    publication: Publication
    event_id: int


def published(session: Session) -> Published:
    """What is published now: what was reopened, or is held back, since is not.

    What can't be read any more is left out by itself, and told in ``notices``.
    """
    version = session.scalar(select(func.max(EventRow.event_id))) or 0
    out, notices = _out(session)
    figures: dict[str, dict[str, object]] = {}
    digests: dict[str, str] = {}
    sources, indicators = _sources(out), _indicators(out)
    for one in out:
        for figure in one.publication.figures:
            if _number_in(figure.figure_id) == one.number:
                digests[figure.figure_id] = row_digest(figure.model_dump(mode="json"))
                figures[figure.figure_id] = _shown(figure, one.checked)
    brought = {each.source_id for one in out for each in one.publication.sources}
    brought |= {each.indicator_id for one in out for each in one.publication.indicators}
    corrections: dict[str, Correction] = {}
    for one in out:
        replaces = one.publication.replaces
        for figure in one.publication.figures:
            name = figure.figure_id
            if _number_in(name) == one.number:
                continue
            if replaces and digests.get(name, replaces) != replaces:
                notices.append(
                    f"Suggestion {one.number} corrects {name}, which was published otherwise "
                    "since. The correction is left out: look whether it is still needed."
                )
                continue
            figures[name] = _shown(figure, one.checked)
            corrections[name] = Correction(one.number, replaces, one.event_id)
    return Published(
        figures=FIGURES.frame(list(figures.values())),
        sources=SOURCES.frame([each.model_dump(mode="json") for each in sources.values()]),
        indicators=INDICATORS.frame([each.model_dump(mode="json") for each in indicators.values()]),
        programmes=tuple(
            PublishedProgramme(
                **one.publication.programme.model_dump(), number=one.number, checked=one.checked
            )
            for one in out
            if one.publication.programme
        ),
        version=version,
        corrections=corrections,
        digests=digests,
        lent=frozenset({*sources, *indicators} - brought),
        notices=tuple(notices),
    )


def standing_alone(session: Session, publication: Publication) -> Publication:
    """A publication with copies of the sources and indicators of others that its figures use.

    Only of those that the community brought: those of the tables do not go when a suggestion is
    taken down.
    """
    out, _ = _out(session)
    sources, indicators = _sources(out), _indicators(out)
    own = {each.source_id for each in publication.sources}
    own |= {each.indicator_id for each in publication.indicators}
    used = {each.source_id for each in publication.figures}
    used |= {each.indicator_id for each in publication.figures}
    lent = {
        "lent_sources": tuple(sources[name] for name in sorted(used - own) if name in sources),
        "lent_indicators": tuple(
            indicators[name] for name in sorted(used - own) if name in indicators
        ),
    }
    return publication.model_copy(update=lent)


def _sources(out: list[_Out]) -> dict[str, Source]:
    """The sources of what is out: the first that brought one gives its words, then copies do."""
    own = [each for one in out for each in one.publication.sources]
    copies = [each for one in out for each in one.publication.lent_sources]
    found: dict[str, Source] = {}
    for each in own + copies:
        found.setdefault(each.source_id, each)
    return found


def _indicators(out: list[_Out]) -> dict[str, Indicator]:
    """The indicators of what is out, in the same way."""
    own = [each for one in out for each in one.publication.indicators]
    copies = [each for one in out for each in one.publication.lent_indicators]
    found: dict[str, Indicator] = {}
    for each in own + copies:
        found.setdefault(each.indicator_id, each)
    return found


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
        corrections=now.corrections,
        lent=now.lent,
    )


def _out(session: Session) -> tuple[list[_Out], list[str]]:
    """What is out, in the order in which it was published, and what can't be read.

    The same as :func:`evidence.history.on_pages`, of all suggestions at once.
    """
    marks = {EventKind.RECEIVED, EventKind.PUBLISHED, EventKind.HELD, EventKind.CLEARED}
    marks |= REPLACES | TAKES_DOWN
    numbers: dict[str, int] = {}
    taken_down: dict[str, int] = {}
    held: dict[str, int] = {}
    query = select(EventRow.reference, EventRow.kind, EventRow.event_id)
    query = query.where(EventRow.kind.in_([kind.value for kind in marks]))
    for reference, kind, event_id in session.execute(query.order_by(EventRow.event_id)):
        if kind == EventKind.RECEIVED:
            numbers[reference] = event_id
        elif kind == EventKind.HELD:
            held[reference] = event_id
        elif kind in {EventKind.PUBLISHED, EventKind.CLEARED}:
            held.pop(reference, None)
        elif kind in REPLACES:
            if reference in held:
                taken_down[reference] = event_id
        else:
            taken_down[reference] = event_id
    out: dict[str, _Out] = {}
    notices: dict[str, str] = {}
    both = select(PublishedRow, EventRow).join(EventRow).order_by(PublishedRow.event_id)
    for row, event in session.execute(both):
        reference = row.reference
        if row.event_id <= max(taken_down.get(reference, 0), held.get(reference, 0)):
            continue
        number = numbers.get(reference, 0)
        # What is published again is the last one, and its place is that of the last one.
        out.pop(reference, None)
        try:
            publication = Publication.model_validate_json(row.publication)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            logging.getLogger(__name__).warning("Publication %s can't be read", row.event_id)
            notices[reference] = (
                f"What is published of suggestion {number} can't be read and is left out "
                f"({where}: {first['msg']}). Reopen it, and prepare it anew."
            )
            continue
        notices.pop(reference, None)
        out[reference] = _Out(number, london_date(event.at), publication, row.event_id)
    return list(out.values()), list(notices.values())


def _number_in(figure_id: str) -> int | None:
    """The number of the suggestion that brought a figure; None for a figure of the tables."""
    found = FIGURE_IDS.fullmatch(figure_id)
    return int(found[1]) if found else None


def _shown(figure: Figure, checked: date) -> dict[str, object]:
    return marked(figure, checked).model_dump(mode="json")
