"""What people send in: what a suggestion must hold, how it is checked, and what it is called.

A suggestion is plain text from a stranger. It is kept as it was written, and nothing in it is
ever read as HTML, Markdown, a formula or a command. Where it is kept is the business of
:mod:`loaders.submissions`; what becomes of it, of :mod:`evidence.review`.
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from evidence import typed
from evidence.models import GroupCode, Slug
from evidence.typed import (
    FORMULA_STARTS,
    GROUP_CODE_LIMIT,
    LONDON,
    NOTES_LIMIT,
    SOURCE_LIMIT,
    STATEMENT_LIMIT,
    clean,
    safe_cell,
)
from evidence.vocabulary import DiseaseArea

__all__ = [
    "FORMS",
    "FORMULA_STARTS",
    "HONEYPOT",
    "LONDON",
    "SOURCE_LIMIT",
    "STATEMENT_LIMIT",
    "Form",
    "Kind",
    "Problem",
    "Suggestion",
    "check",
    "clean",
    "looks_automatic",
    "new_reference",
    "safe_cell",
]

REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No 0 or O, no 1, I or L, which are mistaken for each other; no vowels, so that no words form."""

HONEYPOT = "company_fax"
"""A field that people don't see and programs fill in."""

FIGURE_ID_LIMIT = 200


class Kind(StrEnum):
    """What sort of thing is suggested."""

    STATISTIC = "statistic"
    RESEARCH = "research"
    CORRECTION = "correction"
    PROGRAMME = "programme"
    READ = "read"

    @property
    def label(self) -> str:
        """The kind as a choice in a list."""
        return {
            Kind.STATISTIC: "A published statistic",
            Kind.RESEARCH: "Local research, or a survey of your own",
            Kind.CORRECTION: "A figure on this site that looks wrong",
            Kind.PROGRAMME: "A programme that acts on inequality",
            Kind.READ: "Something you read or heard, and little more",
        }[self]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer: the field of :class:`Suggestion` and a message to read."""

    field: str
    message: str


@dataclass(frozen=True)
class Form:
    """What one kind of suggestion is asked.

    ``fields`` are in the order of the form; ``missing`` has a message for each one that must be
    answered.
    """

    fields: tuple[str, ...]
    missing: Mapping[str, str]


_PLACE = ("disease_area", "geography_code", "ethnic_group")
_LAST = ("notes", "contact")

FORMS: Mapping[Kind, Form] = {
    Kind.STATISTIC: Form(
        ("statement", "source_title", "source_url", "period", *_PLACE, *_LAST),
        {
            "statement": "Tell us what the statistic says.",
            "source_title": (
                "Tell us where it is from. If you are not sure, write what you remember."
            ),
        },
    ),
    Kind.RESEARCH: Form(
        ("statement", "source_title", "method", "source_url", "period", *_PLACE, *_LAST),
        {
            "statement": "Tell us what you found.",
            "source_title": "Tell us what the research is called, or who did it.",
            "method": "Tell us how you found it: how many people took part and how you asked them.",
        },
    ),
    Kind.CORRECTION: Form(
        ("figure_id", "statement", "should_say", "source_title", "source_url", *_LAST),
        {
            "figure_id": "Tell us which figure it is. Follow the link beside the figure.",
            "statement": "Tell us what is wrong with the figure.",
        },
    ),
    Kind.PROGRAMME: Form(
        ("source_title", "run_by", "statement", "outcomes", "source_url", *_PLACE, *_LAST),
        {
            "source_title": "Tell us what the programme is called.",
            "run_by": "Tell us who runs it. If you are not sure, write what you know.",
            "statement": "Tell us what the programme does, and for whom.",
        },
    ),
    Kind.READ: Form(
        ("statement", "source_title", "source_url", *_PLACE, *_LAST),
        {"statement": "Tell us what you read or heard."},
    ),
}
"""The form of each kind."""

Code = Annotated[GroupCode, Field(max_length=GROUP_CODE_LIMIT)]
FigureId = Annotated[Slug, Field(max_length=FIGURE_ID_LIMIT)]
LongText = Annotated[str | None, BeforeValidator(typed.answer(STATEMENT_LIMIT, lines=True))]
MediumText = Annotated[str | None, BeforeValidator(typed.answer(NOTES_LIMIT, lines=True))]
Title = Annotated[
    str | None,
    BeforeValidator(
        typed.answer(
            SOURCE_LIMIT,
            lines=False,
            instead="Give only the name of the report, website or group.",
        )
    ),
]
ShortText = Annotated[
    str | None, BeforeValidator(typed.answer(SOURCE_LIMIT, lines=False, instead="Shorten it."))
]


class Suggestion(BaseModel):
    """One suggestion, checked. :data:`FORMS` says what each kind must hold.

    Attributes
    ----------
    statement
        What the statistic says, what was found, what is wrong or what a programme does, in the
        sender's words.
    source_title
        Where it is from, or what the research or the programme is called; may be empty for a
        correction and for what was only read.
    source_url
        The web address of the source, with http:// or https://.
    disease_area
        The health topic; None where the sender is not sure.
    geography_code
        The ONS code of a London borough or of :data:`LONDON`; None where not sure.
    ethnic_group
        A code of the classification; None where not sure, or more than one.
    notes
        Anything else: how the sender came across it, what it means.
    contact
        An email address or phone number. Personal: kept apart, and seen by reviewers alone.
    kind
        What sort of thing is suggested.
    figure_id
        The figure on this site that a correction is about.
    should_say
        What the sender thinks that the figure should say.
    method
        How research of one's own was done: how many took part, when, how they were asked.
    run_by
        Who runs a programme.
    outcomes
        What a programme reports to have changed.
    period
        When the statistic is of, in the sender's words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    statement: LongText = None
    source_title: Title = None
    source_url: Annotated[str | None, BeforeValidator(typed.web_address)] = None
    disease_area: Annotated[DiseaseArea | None, BeforeValidator(typed.blank_to_none)] = None
    geography_code: Annotated[str | None, BeforeValidator(typed.place)] = None
    ethnic_group: Annotated[Code | None, BeforeValidator(typed.blank_to_none)] = None
    notes: MediumText = None
    contact: Annotated[str | None, BeforeValidator(typed.contact)] = None
    kind: Kind = Kind.STATISTIC
    figure_id: Annotated[FigureId | None, BeforeValidator(typed.blank_to_none)] = None
    should_say: MediumText = None
    method: MediumText = None
    run_by: ShortText = None
    outcomes: MediumText = None
    period: ShortText = None

    @model_validator(mode="after")
    def _holds_what_its_kind_must(self) -> Self:
        for field in FORMS[self.kind].missing:
            if getattr(self, field) is None:
                raise PydanticCustomError("missing_answer", "{field}", {"field": field})
        return self


FREE_TEXT = (
    "statement",
    "source_title",
    "notes",
    "should_say",
    "method",
    "run_by",
    "outcomes",
    "period",
)
"""The answers in people's own words."""

READ_FOR_PRIVACY = (*FREE_TEXT, "source_url", "figure_id", "ethnic_group")
"""The answers in which something private can be typed: all but the contact and closed lists."""

PUBLIC_ANSWERS = ("statement", "source_title", "source_url")
"""The answers in people's own words that the public log shows."""

_NOT_ON_THE_LIST = {
    "kind": "Choose what you want to tell us.",
    "disease_area": "Choose a health topic from the list, or not sure.",
    "ethnic_group": "Choose an ethnic group from the list, or not sure.",
    "figure_id": "We have no such figure. Follow the link beside the figure that looks wrong.",
}


def check(
    form: Mapping[str, object], figures: Container[object] | None = None
) -> Suggestion | list[Problem]:
    """A form as a suggestion, or everything that is wrong with it.

    Parameters
    ----------
    form
        Answers by field name, with ``kind`` (a statistic where there is none). A field that is
        not there counts as empty, and what the form of its kind does not ask is left out.
    figures
        The ids of the figures that this site shows, where a correction is to be checked against
        them.

    Returns
    -------
    Suggestion | list[Problem]
        The suggestion; or one problem for each wrong answer, in the order of the form. Never
        raises for what people type.
    """
    try:
        kind = Kind(typed.clean(form.get("kind"), lines=False) or Kind.STATISTIC)
    except ValueError:
        return [Problem("kind", _NOT_ON_THE_LIST["kind"])]
    asked = FORMS[kind]
    answers = {field: form.get(field) for field in asked.fields}
    found: dict[str, str] = {}
    suggestion = None
    try:
        suggestion = Suggestion.model_validate(answers | {"kind": kind})
    except ValidationError as error:
        for entry in error.errors(include_url=False):
            if entry["type"] == "missing_answer":
                continue
            name = str(entry["loc"][0])
            own = entry["msg"] if entry["type"] == "suggestion" else None
            found.setdefault(name, own or _NOT_ON_THE_LIST[name])
    for field, message in asked.missing.items():
        if not typed.says_something(typed.clean(answers[field], lines=False)):
            found.setdefault(field, message)
    figure = answers.get("figure_id")
    if figures is not None and figure and figure not in figures:
        found.setdefault("figure_id", _NOT_ON_THE_LIST["figure_id"])
    if suggestion is not None and not found:
        return suggestion
    return [Problem(field, found[field]) for field in asked.fields if field in found]


def looks_automatic(form: Mapping[str, object]) -> bool:
    """Whether a program filled in the form: the field that people don't see has an answer."""
    return bool(form.get(HONEYPOT))


def new_reference() -> str:
    """A reference number such as "LRH-7K2M-9QX4", which nobody can guess.

    Eight characters of :data:`REFERENCE_ALPHABET` from the system's secure random numbers (some
    380,000 million possible numbers).
    """
    drawn = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"LRH-{drawn[:4]}-{drawn[4:]}"
