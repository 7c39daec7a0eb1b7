"""What people type: made clean, checked answer by answer, and made safe for a cell of a table.

Every message is one that a person can act on: what is wrong, and what would be right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

STATEMENT_LIMIT = 4_000
SOURCE_LIMIT = 500
ADDRESS_LIMIT = 2_000
NOTES_LIMIT = 2_000
CONTACT_LIMIT = 254
GROUP_CODE_LIMIT = 200
"""The most characters that each answer may have. 254 is the longest email address there is."""

LONDON = "E12000007"
"""The code of all of London, where a suggestion is about no single borough."""

SEND_THE_ADDRESS = "Shorten it, or send us the web address of the document."
"""What to do with a text that is too long."""

FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""How a formula may begin: the list of OWASP's "CSV injection", with the full-width signs."""

_BEFORE_FORMULA = re.compile(
    r"^(?:(?![\t\r\n])[\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0])+"
)
"""Spaces and characters that can't be seen, before which a formula may stand."""

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters (Unicode's Cc), but tab and line end
    r"\ud800-\udfff"  # broken characters (Cs)
    r"\u202d\u202e]"  # the marks that force an order
)
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_PHONE = re.compile(r"\+?[\d\s().\-/]+((ext|x)\.?\s*\d{1,6})?", re.IGNORECASE)
_LOCAL_AUTHORITY = re.compile(r"E090000(0[1-9]|[12]\d|3[0-3])")
_NOT_AN_ADDRESS = (
    "This is not a web address we can use. It starts with https:// or www and has no spaces. "
    "Copy it from the top of your browser, or leave this empty."
)


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
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def wrong(message: str) -> PydanticCustomError:
    """An answer that can't be taken, with the message for the person who gave it."""
    return PydanticCustomError("suggestion", "{message}", {"message": message})


def says_something(text: str) -> bool:
    """Whether a text has anything in it that can be seen."""
    return any(unicodedata.category(character)[0] in "LMNPS" for character in text)


def within(text: str, limit: int, instead: str = SEND_THE_ADDRESS) -> str:
    """The text, refused where it has more characters than the limit; ``instead``: what to do."""
    if len(text) > limit:
        raise wrong(
            f"Your text has {len(text):,} characters. The most we can take is {limit:,}. {instead}"
        )
    return text


def answer(
    limit: int, *, lines: bool, instead: str = SEND_THE_ADDRESS
) -> Callable[[object], str | None]:
    """A check of a free text: cleaned, within its limit, and None where it says nothing."""

    def check_answer(value: object) -> str | None:
        text = clean(value, lines=lines)
        return within(text, limit, instead) if says_something(text) else None

    return check_answer


def web_address(value: object) -> str | None:
    """A web address; "www.example.org" is taken as "https://www.example.org"."""
    text = within(
        clean(value, lines=False), ADDRESS_LIMIT, "Give only the web address, from https:// on."
    )
    if not text:
        return None
    address = text if re.match(r"[a-z][a-z0-9+\-]*:", text, re.IGNORECASE) else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise wrong(_NOT_AN_ADDRESS) from None
    if (
        parts.scheme not in {"http", "https"}
        or "@" in parts.netloc
        or not re.fullmatch(r"[^().]+(\.[^().]+)*\.[^().\d][^().]+", host)
        or re.search(r"[\s<>\"`\\]", address)
    ):
        raise wrong(_NOT_AN_ADDRESS)
    return address


def contact(value: object) -> str | None:
    """An email address or a phone number."""
    text = within(
        clean(value, lines=False), CONTACT_LIMIT, "Give one email address or one phone number."
    )
    if not text:
        return None
    digits = sum(character.isdigit() for character in text)
    if _EMAIL.fullmatch(text) or (_PHONE.fullmatch(text) and 7 <= digits <= 20):
        return text
    raise wrong(
        "This does not look like an email address or a phone number. Check it, or leave this empty."
    )


def blank_to_none(value: object) -> object:
    """None for a text of nothing but spaces, else the value."""
    return None if isinstance(value, str) and not value.strip() else value


def place(value: object) -> object:
    """The code of a London borough or of :data:`LONDON`, or None."""
    value = blank_to_none(value)
    if value in (None, LONDON) or (isinstance(value, str) and _LOCAL_AUTHORITY.fullmatch(value)):
        return value
    raise wrong("Choose a London borough from the list, all of London, or not sure.")


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet might read a text as a formula, also after spaces."""
    first = _BEFORE_FORMULA.sub("", text)[:1]
    return bool(first) and first in FORMULA_STARTS


def safe_cell(text: str) -> str:
    """A text that a spreadsheet shows and never runs, for a cell of a CSV file.

    A text that may start a formula gets an apostrophe before it, which spreadsheets read as
    "this is text" (OWASP, "CSV injection"). Quoting is for the CSV writer.
    """
    return f"'{text}" if starts_formula(text) else text
