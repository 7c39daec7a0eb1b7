"""The rows of the tables: one pydantic model a table, the one place where columns are declared.

A model says what a row of its table must be. What a row may refer to in other tables is
checked by :mod:`loaders.check`, which has all the tables before it.
"""

from __future__ import annotations

import math
import re
from datetime import date
from string import Formatter
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from evidence.vocabulary import (
    BlankReason,
    Confidence,
    Direction,
    DiseaseArea,
    ExclusionReason,
    GeographyLevel,
    LifeStage,
    Measure,
    Qualifier,
    SourceKind,
    Standardisation,
)

NOT_STATED = "not stated"
"""What a column holds where the source does not say, so that silence is never a blank."""


def _blank_to_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _finite(value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise ValueError("not a number that can be shown: it must be finite")
    return value


def _web_address(value: object) -> object:
    if isinstance(value, str):
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or "." not in parts.netloc or " " in value:
            raise ValueError("not a web address: it must start with https:// or http://")
    return value


def _partial_date(value: object) -> object:
    """A year, a year and month, or a full date, as far as the publisher gives it."""
    if isinstance(value, str) and value != NOT_STATED:
        if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
            raise ValueError("not a date: write YYYY, YYYY-MM, YYYY-MM-DD or 'not stated'")
        filled = (value + "-01-01")[:10] if len(value) == 4 else (value + "-01")[:10]
        date.fromisoformat(filled)
    return value


Text = Annotated[str, Field(min_length=1)]
OptionalText = Annotated[str | None, BeforeValidator(_blank_to_none)]
OptionalNumber = Annotated[float | None, BeforeValidator(_blank_to_none), AfterValidator(_finite)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
PartialDate = Annotated[str, BeforeValidator(_partial_date)]
OptionalDate = Annotated[PartialDate | None, BeforeValidator(_blank_to_none)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
OptionalSlug = Annotated[Slug | None, BeforeValidator(_blank_to_none)]
RecordId = Annotated[str, Field(pattern=r"^[A-Z]{3,4}-\d{3,4}$")]
OptionalRecordId = Annotated[RecordId | None, BeforeValidator(_blank_to_none)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
OptionalDigest = Annotated[Digest | None, BeforeValidator(_blank_to_none)]
GroupCode = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*(\+[a-z]+(-[a-z]+)*)*$")]
OptionalGroupCode = Annotated[GroupCode | None, BeforeValidator(_blank_to_none)]


class Row(BaseModel):
    """A row of a table. Unknown columns are a fault, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(Row):
    """A publication: one row for one publication, however many figures it gives."""

    source_id: Slug
    title: Text
    authors: OptionalText = None
    publisher: Text
    published: PartialDate
    kind: SourceKind
    url: WebAddress
    licence: Text
    accessed: PartialDate
    reported_by: OptionalText = None
    note: OptionalText = None


class Indicator(Row):
    """A thing that is measured.

    ``people`` is the noun for who is counted ("women", "babies"); ``outcome`` is what is
    measured as a noun phrase that fits "the rate of ..."; ``phrase`` is a clause with
    ``{value}`` and ``{people}`` from which statements are written.
    """

    indicator_id: Slug
    name: Text
    disease_area: DiseaseArea
    life_stage: LifeStage
    definition: Text
    measure: Measure
    unit: Text
    direction: Direction
    people: Text
    outcome: Text
    phrase: Text
    caveats: OptionalText = None
    owner: OptionalText = None
    last_release: OptionalDate = None
    next_release: OptionalDate = None

    @model_validator(mode="after")
    def _phrase_has_blanks(self) -> Self:
        try:
            # With what may follow a name in a blank: a form such as {value:>9}, which could ask
            # for any number of letters.
            blanks = {
                (name, form, way)
                for _, name, form, way in Formatter().parse(self.phrase)
                if name is not None
            }
        except ValueError:
            blanks = set()
        if blanks != {("value", "", None), ("people", "", None)}:
            raise ValueError("phrase: write a clause that holds both {value} and {people}")
        return self


class Figure(Row):
    """One published number, with everything needed to read, compare and cite it.

    ``population`` narrows who is counted beyond age, sex and area (a hospital, first births);
    ``adjusted_for`` lists what the source adjusted for. Figures of a comparison set agree on
    both. ``value`` is empty only where ``blank_reason`` says why. A figure that this dashboard
    worked out has its formula in ``calculation``, and beside ``source_id`` the source of the
    other number in ``calculation_source_id`` (the same one where one source gave both).
    """

    figure_id: Slug
    record_id: OptionalRecordId = None
    indicator_id: Slug
    geography_level: GeographyLevel
    geography_code: Text
    geography_name: Text
    period: Text
    age: Text
    sex: Annotated[str, Field(pattern="^(all|female|male)$")]
    population: OptionalText = None
    ethnic_group: GroupCode
    ethnic_group_label: Text
    comparator: OptionalGroupCode = None
    comparator_label: OptionalText = None
    measure: Measure
    qualifier: Annotated[Qualifier | None, BeforeValidator(_blank_to_none)] = None
    value: OptionalNumber = None
    lower: OptionalNumber = None
    upper: OptionalNumber = None
    unit: Text
    numerator: OptionalNumber = None
    denominator: OptionalNumber = None
    count_rounding: OptionalNumber = None
    standardisation: Standardisation
    adjusted_for: OptionalText = None
    source_id: Slug
    confidence: Confidence
    blank_reason: Annotated[BlankReason | None, BeforeValidator(_blank_to_none)] = None
    calculation: OptionalText = None
    calculation_source_id: OptionalSlug = None
    correction: OptionalText = None
    note: OptionalText = None

    @model_validator(mode="after")
    def _calculation_is_whole(self) -> Self:
        if (self.calculation is None) != (self.calculation_source_id is None):
            raise ValueError("calculation: give the formula and the other source, or neither")
        return self

    @model_validator(mode="after")
    def _number_or_reason(self) -> Self:
        if (self.value is None) == (self.blank_reason is None):
            raise ValueError("value: give either a number or a blank_reason, and not both")
        return self

    @model_validator(mode="after")
    def _limits_enclose_value(self) -> Self:
        if (self.lower is None) != (self.upper is None):
            raise ValueError("lower: give both limits or neither")
        if self.lower is None or self.upper is None:
            return self
        if self.value is None:
            raise ValueError("lower: a blank figure has no limits")
        if not self.lower <= self.value <= self.upper:
            raise ValueError(
                f"value: {self.value:g} lies outside its limits {self.lower:g} to {self.upper:g}"
            )
        return self

    @model_validator(mode="after")
    def _value_in_range(self) -> Self:
        if self.value is None:
            return self
        if self.measure in {Measure.PERCENTAGE, Measure.SHARE} and not 0 <= self.value <= 100:
            raise ValueError(f"value: {self.value:g} is not a percentage from 0 to 100")
        if self.measure in {Measure.RATE, Measure.COUNT} and self.value < 0:
            raise ValueError(f"value: {self.value:g} is below zero, which a rate or count can't be")
        if self.measure.is_published_ratio and self.value <= 0:
            raise ValueError(f"value: {self.value:g} is not above zero, which a ratio must be")
        return self

    @model_validator(mode="after")
    def _comparison_has_comparator(self) -> Self:
        if self.measure.is_published_comparison and self.comparator is None:
            raise ValueError(
                f"comparator: the measure {self.measure.label} needs the group compared with"
            )
        return self

    @model_validator(mode="after")
    def _counts_are_counts(self) -> Self:
        for name in ("numerator", "denominator"):
            count = getattr(self, name)
            if count is not None and count < 0:
                raise ValueError(f"{name}: {count:g} is below zero, which a count can't be")
        if (
            self.measure is Measure.PERCENTAGE
            and self.numerator is not None
            and self.denominator is not None
            and self.numerator > self.denominator
        ):
            raise ValueError("numerator: more people than the denominator has")
        return self


class Finding(Row):
    """A published conclusion without a number of its own, told in our sentence.

    ``ethnic_group`` holds the groups that it is about, joined by +; ``direction`` says how they
    stand to ``comparator`` (or, where that is empty, to everyone else).
    """

    finding_id: RecordId
    disease_area: DiseaseArea
    sentence: Text
    geography_level: GeographyLevel
    geography_code: Text
    geography_name: Text
    period: Text
    sex: Annotated[str, Field(pattern="^(all|female|male)$")]
    ethnic_group: GroupCode
    comparator: OptionalGroupCode = None
    direction: Annotated[str, Field(pattern="^(higher|lower|mixed)$")]
    source_id: Slug
    confidence: Confidence
    correction: OptionalText = None
    note: OptionalText = None


class Record(Row):
    """A gathered record: short digests of what a published row must share with it.

    ``published`` is a digest of the whole row that came of it, empty where it was left out.
    """

    record_id: RecordId
    value: Digest
    limits: Digest
    group: Digest
    area: Digest
    period: Digest
    measure: Digest
    published: OptionalDigest = None


class Exclusion(Row):
    """A record that was gathered and is not published, with the reason."""

    record_id: RecordId
    disease_area: DiseaseArea
    reason: ExclusionReason
    explanation: Text


class Borough(Row):
    """One of the 33 London local authorities."""

    borough_code: Annotated[str, Field(pattern=r"^E09\d{6}$")]
    name: Text
    slug: Slug
    inner_or_outer: Annotated[str, Field(pattern="^(inner|outer)$")]
    icb_code: Text
    icb_name: Text


class BoroughTile(Row):
    """The square of a borough where each is drawn as large as the next.

    ``column`` counts squares from the west and ``row`` from the north, both from 0. The
    arrangement is After the Flood's London Squared (github.com/aftertheflood/londonsquared).
    """

    borough_code: Annotated[str, Field(pattern=r"^E09\d{6}$")]
    column: Annotated[int, Field(ge=0, lt=33)]
    row: Annotated[int, Field(ge=0, lt=33)]


class Area(Row):
    """An area that figures describe. ``boroughs`` holds the codes of the boroughs in it.

    Boroughs joined by spaces; empty for areas that hold all of London.
    """

    area_code: Text
    name: Text
    level: GeographyLevel
    boroughs: OptionalText = None
    note: OptionalText = None


class EthnicGroup(Row):
    """A group of the harmonised 2021 classification, or an aggregate that sources use.

    ``level`` is broad, detailed or aggregate; ``parent`` is the broad group of a detailed one;
    ``members`` (for aggregates) are the codes that it covers; ``people`` is the group as people;
    ``aliases`` are labels as real sources print them, joined by " | ".
    """

    code: GroupCode
    label: Text
    short_label: Text
    people: Text
    level: Annotated[str, Field(pattern="^(broad|detailed|aggregate)$")]
    parent: OptionalGroupCode = None
    members: OptionalText = None
    order: Annotated[int, Field(ge=0, lt=1_000_000)]
    aliases: OptionalText = None
    note: OptionalText = None


class Population(Row):
    """Residents of an area by ethnic group at a census."""

    census: int
    area_code: Text
    ethnic_group: GroupCode
    ethnic_group_label: Text
    residents: Annotated[int, Field(ge=0)]
    source_id: Slug


class AgeGroup(Row):
    """Residents of an area by age at a census; by ethnic group only where it was published.

    ``age`` is a band of years ("0-15", "65 and over").
    """

    census: int
    area_code: Text
    ethnic_group: GroupCode
    age: Text
    residents: Annotated[int, Field(ge=0)]
    source_id: Slug
