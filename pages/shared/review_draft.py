"""From what a reviewer typed to what is published, with every error beside its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from evidence.models import Figure, Indicator, Source
from evidence.numbers import is_blank
from evidence.publication import (
    Known,
    Programme,
    Publication,
    faults,
    figure_id,
    mark_in,
)
from evidence.statements import RowLike
from evidence.submissions import STATEMENT_LIMIT, Kind, Suggestion, clean
from pages.shared.review_fields import NEW

GROUPS_AT_MOST = 20

Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Draft:
    """What stands in the fields: texts by name, for each part of a publication."""

    common: dict[str, Any] = field(default_factory=dict)
    groups: list[dict[str, Any]] = field(default_factory=list)
    source: dict[str, Any] = field(default_factory=dict)
    indicator: dict[str, Any] = field(default_factory=dict)
    programme: dict[str, Any] = field(default_factory=dict)


Errors = dict[str, dict[str, str]]
"""For each part ("common", "group 1", "source") the message of each field; "" is for the whole."""

_WORDS = {
    "missing": "Fill this in.",
    "string_too_short": "Fill this in.",
    "string_type": "Fill this in.",
    "enum": "Choose one from the list.",
    "float_parsing": "Write a number, such as 12.5, with no commas or signs.",
    "float_type": "Write a number, such as 12.5.",
    "string_pattern_mismatch": "Choose one from the list.",
}


def name_from(text: str) -> str:
    """A short name in small letters and hyphens, for a new source or indicator."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.casefold())[:8]) or "not-named"


def first_draft(
    suggestion: Suggestion,
    corrected: RowLike | None,
    source_id: str | None,
    place: str | None,
    today: str,
) -> Draft:
    """What can be filled in of what is known.

    Parameters
    ----------
    suggestion
        The suggestion, as corrected.
    corrected
        The row of the figure that a correction is about.
    source_id
        The source in the evidence base that the suggestion seems to be from.
    place
        The name of the borough that it is about.
    today
        The date, for when its source was looked at.
    """
    title, address = suggestion.source_title or "", suggestion.source_url or ""
    draft = Draft(
        source={"title": title, "url": address, "licence": "not stated", "accessed": today},
        programme={
            "name": title,
            "run_by": suggestion.run_by or "",
            "does": suggestion.statement or "",
            "url": address,
            "disease_area": suggestion.disease_area or "",
            "areas": place or "",
            "ethnic_group": suggestion.ethnic_group or "",
            "outcomes": suggestion.outcomes or "",
        },
        indicator={"disease_area": suggestion.disease_area or "", "people": "people"},
        common={
            "source_id": source_id or NEW,
            "geography_code": suggestion.geography_code or "",
            "period": suggestion.period or "",
            "age": "all",
            "sex": "all",
            "standardisation": "not-stated",
        },
        groups=[{"ethnic_group": suggestion.ethnic_group or ""}],
    )
    if corrected is not None:
        _fill(draft, corrected)
    return draft


def of_publication(publication: Publication) -> Draft:
    """What was prepared before, to be changed."""
    draft = Draft()
    if publication.programme:
        draft.programme = _texts(publication.programme.model_dump(mode="json"))
        return draft
    for figure in publication.figures:
        _fill(draft, figure.model_dump(mode="json"))
    for source in publication.sources:
        draft.source = _texts(source.model_dump(mode="json"))
        draft.common["source_id"] = NEW
    for indicator in publication.indicators:
        draft.indicator = _texts(indicator.model_dump(mode="json"))
        draft.common["indicator_id"] = NEW
    return draft


_OF_GROUP = (
    "ethnic_group",
    "ethnic_group_label",
    "value",
    "lower",
    "upper",
    "numerator",
    "denominator",
    "blank_reason",
)


def _fill(draft: Draft, row: RowLike) -> None:
    texts = _texts(row)
    if mark := mark_in(row["note"]):
        texts["note"] = texts["note"].removeprefix(mark).strip()
    draft.common |= {name: texts[name] for name in texts if name not in _OF_GROUP}
    group = {name: texts[name] for name in _OF_GROUP}
    if draft.groups and "value" in draft.groups[0]:
        draft.groups.append(group)
    else:
        draft.groups = [group]


def _texts(row: RowLike) -> dict[str, str]:
    """The cells of a row as they are typed."""
    return {str(name): _text(value) for name, value in row.items()}


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return str(value[0]) if value else ""
    if is_blank(value):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(float(value))
    return str(value)


def check_draft(
    draft: Draft, kind: Kind, number: int, corrects: str | None, base: Known
) -> tuple[Publication | None, Errors]:
    """A draft as what will be published, or every error in it.

    Parameters
    ----------
    draft
        What was typed.
    kind
        The kind of the suggestion.
    number
        Its public number, which its figure ids hold.
    corrects
        The figure that a correction is about.
    base
        What the evidence base holds.
    """
    errors: Errors = {}
    if kind is Kind.PROGRAMME:
        typed = _filled(draft.programme)
        typed["areas"] = tuple(filter(None, [typed.get("areas")]))
        programme = _checked(Programme, typed, "programme", errors)
        publication = None if programme is None else Publication(programme=programme)
    else:
        publication = _figures(draft, number, corrects, base, errors)
    if publication and (found := faults(publication, base, number, kind, corrects)):
        errors["whole"] = {"": " ".join(found)}
    return (None if errors else publication), errors


def _figures(
    draft: Draft, number: int, corrects: str | None, base: Known, errors: Errors
) -> Publication | None:
    common = _filled(draft.common)
    new: dict[str, Any] = {}
    if common.get("source_id") == NEW:
        asked = _filled(draft.source)
        named = name_from(f"{asked.get('publisher', '')} {asked.get('title', '')}")
        common["source_id"] = named
        new["source"] = _checked(Source, asked | {"source_id": named}, "source", errors)
    if common.get("indicator_id") == NEW:
        asked = _filled(draft.indicator)
        common["indicator_id"] = named = name_from(asked.get("name", ""))
        for name in ("measure", "unit"):
            if name in asked:
                common.setdefault(name, asked[name])
        new["indicator"] = _checked(Indicator, asked | {"indicator_id": named}, "indicator", errors)
    code = common.get("geography_code", "")
    if code in base.areas:
        common["geography_name"], common["geography_level"] = base.areas[code]
    else:
        errors.setdefault("common", {})["geography_code"] = "Choose the area."
    figures = []
    for count, group in enumerate(draft.groups, start=1):
        own = {"figure_id": corrects if corrects and count == 1 else figure_id(number, count)}
        row = {name: value for name, value in (common | _filled(group)).items() if name in _COLUMNS}
        part = f"group {count}"
        if not group.get("ethnic_group"):
            errors.setdefault(part, {})["ethnic_group"] = "Choose the ethnic group."
        figure = _checked(Figure, row | own, part, errors)
        _move_common(errors, part)
        if figure is not None:
            figures.append(figure)
    if errors:
        return None
    return Publication(
        figures=tuple(figures),
        sources=tuple(filter(None, [new.get("source")])),
        indicators=tuple(filter(None, [new.get("indicator")])),
        replaces=base.digest_of(corrects) if corrects else None,
    )


_COLUMNS = frozenset(Figure.model_fields)


def _move_common(errors: Errors, part: str) -> None:
    """Errors of what all figures share stand once, beside what they share."""
    of_group = errors.get(part, {})
    for name in [name for name in of_group if name and name not in _OF_GROUP]:
        errors.setdefault("common", {})[name] = of_group.pop(name)
    if part in errors and not of_group:
        del errors[part]


def _filled(texts: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, without what can't be seen and what was left empty."""
    return {
        name: clean(value, lines=True) if isinstance(value, str) else value
        for name, value in texts.items()
        if not (isinstance(value, str) and not value.strip())
    }


def _checked(model: type[Model], row: dict[str, Any], part: str, errors: Errors) -> Model | None:
    long = [name for name, text in row.items() if len(str(text)) > STATEMENT_LIMIT]
    if long:
        told = f"This is too long: the most is {STATEMENT_LIMIT:,} characters."
        errors.setdefault(part, {}).update(dict.fromkeys(long, told))
        return None
    try:
        return model.model_validate(row)
    except ValidationError as error:
        found = errors.setdefault(part, {})
        for each in error.errors(include_url=False):
            name = str(each["loc"][0]) if each["loc"] else ""
            message = _WORDS.get(each["type"], each["msg"].removeprefix("Value error, "))
            first, _, rest = message.partition(": ")
            if not name and first in model.model_fields:
                name, message = first, rest[:1].upper() + rest[1:]
            found.setdefault(name, message)
        return None
