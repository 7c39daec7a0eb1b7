"""What people send in: what a suggestion must hold, how it is checked, and what it is called.

A suggestion is plain text from a stranger. It is kept as it was written, and nothing in it is
ever read as HTML, Markdown, a formula or a command. Where it is kept is the business of
:mod:`loaders.submissions`.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from evidence.models import GroupCode
from evidence.vocabulary import DiseaseArea

STATEMENT_LIMIT = 4_000
SOURCE_LIMIT = 500
ADDRESS_LIMIT = 2_000
NOTES_LIMIT = 2_000
CONTACT_LIMIT = 254
GROUP_CODE_LIMIT = 200
"""The most characters that each answer may have. 254 is the longest email address there is."""

LONDON = "E12000007"
"""The code of all of London, where a suggestion is about no single borough."""

REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No 0 or O, no 1, I or L, which are mistaken for each other; no vowels, so that no words form."""

FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""How a formula may begin: the list of OWASP's "CSV injection", with the full-width signs."""

_INVISIBLE = {"Cc", "Cs"}
_ORDER_OVERRIDES = "\u202d\u202e"
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_PHONE = re.compile(r"\+?[\d\s().\-/]+((ext|x)\.?\s*\d{1,6})?", re.IGNORECASE)
_LOCAL_AUTHORITY = re.compile(r"E090000(0[1-9]|[12]\d|3[0-3])")


class EventKind(StrEnum):
    """A step in the life of a suggestion. Its state is the kind of its last event."""

    RECEIVED = "received"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer: the field of :class:`Suggestion` and a message to read."""

    field: str
    message: str


def clean(value: object, *, lines: bool) -> str:
    r"""Typed text without what can't be seen, and otherwise exactly as it was typed.

    Line ends become "\n", letters take their composed form (NFC), and control characters, broken
    characters and the two marks that force the order of letters go. HTML, formulas, emoji and
    right-to-left writing stay as they are.

    Parameters
    ----------
    value
        What a form gave; None and what is not text count as nothing.
    lines
        Whether line breaks stay; they become spaces otherwise.
    """
    if not isinstance(value, str):
        return ""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    text = text if lines else re.sub(r"[\n\t]+", " ", text)
    kept = "".join(
        character
        for character in text
        if character in "\n\t"
        or (unicodedata.category(character) not in _INVISIBLE and character not in _ORDER_OVERRIDES)
    )
    return unicodedata.normalize("NFC", kept).strip()


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("suggestion", "{message}", {"message": message})


_NOT_AN_ADDRESS = (
    "This is not a web address we can use. It starts with https:// or www and has no spaces. "
    "Copy it from the top of your browser, or leave this empty."
)


def _within(text: str, limit: int, instead: str) -> str:
    if len(text) > limit:
        raise _wrong(
            f"Your text has {len(text):,} characters. The most we can take is {limit:,}. {instead}"
        )
    return text


def _answer(limit: int, *, lines: bool, missing: str, instead: str) -> Callable[[object], str]:
    def check_answer(value: object) -> str:
        text = clean(value, lines=lines)
        if not any(unicodedata.category(character)[0] in "LMNPS" for character in text):
            raise _wrong(missing)
        return _within(text, limit, instead)

    return check_answer


def _notes(value: object) -> str | None:
    text = clean(value, lines=True)
    return (
        _within(text, NOTES_LIMIT, "Shorten it, or send us the web address of the document.")
        or None
    )


def _web_address(value: object) -> str | None:
    """A web address; "www.example.org" is taken as "https://www.example.org"."""
    text = _within(
        clean(value, lines=False), ADDRESS_LIMIT, "Give only the web address, from https:// on."
    )
    if not text:
        return None
    address = text if re.match(r"[a-z][a-z0-9+\-]*:", text, re.IGNORECASE) else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise _wrong(_NOT_AN_ADDRESS) from None
    if (
        parts.scheme not in {"http", "https"}
        or "@" in parts.netloc
        or not re.fullmatch(r"[^().]+(\.[^().]+)*\.[^().\d][^().]+", host)
        or re.search(r"[\s<>\"`\\]", address)
    ):
        raise _wrong(_NOT_AN_ADDRESS)
    return address


def _contact(value: object) -> str | None:
    text = _within(
        clean(value, lines=False), CONTACT_LIMIT, "Give one email address or one phone number."
    )
    if not text:
        return None
    digits = sum(character.isdigit() for character in text)
    if _EMAIL.fullmatch(text) or (_PHONE.fullmatch(text) and 7 <= digits <= 20):
        return text
    raise _wrong(
        "This does not look like an email address or a phone number. Check it, or leave this empty."
    )


def _blank_to_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _place(value: object) -> object:
    value = _blank_to_none(value)
    if value in (None, LONDON) or (isinstance(value, str) and _LOCAL_AUTHORITY.fullmatch(value)):
        return value
    raise _wrong("Choose a London borough from the list, all of London, or not sure.")


Statement = Annotated[
    str,
    BeforeValidator(
        _answer(
            STATEMENT_LIMIT,
            lines=True,
            missing="Tell us what the statistic says.",
            instead="Shorten it, or send us the web address of the document.",
        )
    ),
]
SourceTitle = Annotated[
    str,
    BeforeValidator(
        _answer(
            SOURCE_LIMIT,
            lines=False,
            missing="Tell us where it is from. If you are not sure, write what you remember.",
            instead="Give only the name of the report, website or group.",
        )
    ),
]


ShortGroupCode = Annotated[GroupCode, Field(max_length=GROUP_CODE_LIMIT)]


class Suggestion(BaseModel):
    """One suggestion, checked. Only the statement and where it is from must be there.

    Attributes
    ----------
    statement
        What the statistic says, in the sender's words.
    source_title
        Where it is from, in the sender's words.
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
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    statement: Statement
    source_title: SourceTitle
    source_url: Annotated[str | None, BeforeValidator(_web_address)] = None
    disease_area: Annotated[DiseaseArea | None, BeforeValidator(_blank_to_none)] = None
    geography_code: Annotated[str | None, BeforeValidator(_place)] = None
    ethnic_group: Annotated[ShortGroupCode | None, BeforeValidator(_blank_to_none)] = None
    notes: Annotated[str | None, BeforeValidator(_notes)] = None
    contact: Annotated[str | None, BeforeValidator(_contact)] = None


FIELDS = tuple(Suggestion.model_fields)
"""The answers of the form, in the order in which they are asked."""

_NOT_ON_THE_LIST = {
    "disease_area": "Choose a health topic from the list, or not sure.",
    "ethnic_group": "Choose an ethnic group from the list, or not sure.",
}


def check(form: Mapping[str, object]) -> Suggestion | list[Problem]:
    """A form as a suggestion, or everything that is wrong with it.

    Parameters
    ----------
    form
        Answers by field name; a field that is not there counts as empty, and what is not a
        field of :class:`Suggestion` is left out.

    Returns
    -------
    Suggestion | list[Problem]
        The suggestion; or one problem for each wrong answer, in the order of the form. Never
        raises for what people type.
    """
    try:
        return Suggestion.model_validate({name: form.get(name) for name in FIELDS})
    except ValidationError as error:
        found: dict[str, str] = {}
        for entry in error.errors(include_url=False):
            name = str(entry["loc"][0])
            own = entry["msg"] if entry["type"] == "suggestion" else None
            found.setdefault(name, own or _NOT_ON_THE_LIST[name])
        return [Problem(name, found[name]) for name in FIELDS if name in found]


def new_reference() -> str:
    """A reference number such as "LRH-7K2M-9QX4", which nobody can guess.

    Eight characters of :data:`REFERENCE_ALPHABET` from the system's secure random numbers (some
    380,000 million possible numbers).
    """
    drawn = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"LRH-{drawn[:4]}-{drawn[4:]}"


def safe_cell(text: str) -> str:
    """A text that a spreadsheet shows and never runs, for a cell of a CSV file.

    A text that may start a formula, also after spaces, gets an apostrophe before it, which
    spreadsheets read as "this is text" (OWASP, "CSV injection"). Quoting is for the CSV writer.
    """
    first = text.lstrip(" \u00a0")[:1]
    return f"'{text}" if first and first in FORMULA_STARTS else text
