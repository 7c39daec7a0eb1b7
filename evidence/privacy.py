"""What in a text may tell who someone is: simple rules, each with its reason in plain words.

The rules point out; they do not decide. What they point out is shown to the sender before it is
sent, and held back from publication until a reviewer clears it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

NEARBY = 80
"""How many characters from a postcode a name counts as near."""


@dataclass(frozen=True)
class Span:
    """A part of a text that may tell who someone is: its place, its kind, and why."""

    start: int
    end: int
    kind: str
    reason: str


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = (
    r"(?:\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?:19|20)\d{{2}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}})"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’\-]+"  # noqa: RUF001
_NOT_A_NAME = (
    r"(?:NHS|London|Borough|Council|Hospital|Trust|Road|Street|Lane|Avenue|House|Hall|Centre"
    r"|Health|Care|Board|University|College|School|Library|Town|Civic|Public|Greater|North|South"
    r"|East|West|Black|White|Asian|African|Caribbean|British|Hill|Park|Green"
    r"|Square|Common|Court|Surgery|Practice|Clinic|Place|Gardens|Way|Floor|The|At|In|From|Our|For|Community)"
)
_NAME = (
    rf"(?:\b(?:Mr|Mrs|Ms|Miss|Mx)\.? {_CAPITAL}|\b(?:called|named|name is|name was) {_CAPITAL}"
    rf"|\b(?!{_NOT_A_NAME}\b){_CAPITAL} (?!{_NOT_A_NAME}\b){_CAPITAL}(?! {_NOT_A_NAME}))"
)
_GOES_ON = r"(?= (?!were\b|are\b|have\b|and\b|or\b|per\b)[a-z])"
"""What follows a name and an age, and not a place and a number in a list."""

_GAP = r"[ \-\u2013]"
_TEN_DIGITS = re.compile(
    rf"(?<![\w.,/\-])\d{{3}}(?:{_GAP}?\d{{3}}{_GAP}?|\.\d{{3}}\.)\d{{4}}(?![\d%]|[.,]\d)"
)
_TOLD_NHS = re.compile(r"\bNHS (?:number|no)\b[^\d\n]{0,12}$", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,+/\-])(?:\+44[ .\-]?(?:\(0\)[ .\-]?)?|0044[ .\-]?|\(?0)[127]"
    r"(?:[ .\-()]{0,2}\d){8,9}"
    r"(?![\w%]|[.,]\d)"
)
_PHONE_IN_ADDRESS = re.compile(r"(?<=/)(?:\+44|0044|0)7\d{9}(?![\w%]|[.,\-]\d)")
"""A mobile number as a part of a web address: other numbers there name pages and reports."""

_ABROAD = re.compile(
    r"(?<![\w.,+/\-])(?:\+|00)(?!44)[1-9](?:[ .\-()\u00a0]{0,2}\d){8,14}(?![\w%]|[.,]\d)"
)
"""A number as it is dialled from abroad: a country and up to 15 digits (ITU-T E.164)."""

_DATE_FIRST = re.compile(r"\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)\d{2}\b")
_EMAIL = re.compile(
    r"(?<![\w.+'’\-])[\w.+'’\-]{1,64}(?:@|%40)(?:[\w\-]{1,63}\.){1,8}[a-z]{2,63}",  # noqa: RUF001
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
_HOME = re.compile(
    rf"\b(?:\d+[a-z]?|flat \d+),? (?:{_CAPITAL} )+(?:Road|Street|Lane|Avenue|Close|Gardens|Court"
    r"|Terrace|Way|Drive|Crescent|Grove|Place|Estate|Rd|St|Ave)\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"\b(?:d\.? ?o\.? ?b\b\.?|date of birth|birth ?date|birthday|born)\W{0,3}"
    rf"(?:is |was |on )?{_DAY}",
    re.IGNORECASE,
)
_RELATION = (
    r"mother|mum|mom|father|dad|son|daughter|husband|wife|sister|brother|partner|cousin|niece"
    r"|nephew|aunt|auntie|uncle|nan|gran|grandmother|grandfather|baby|child|friend|neighbour"
    r"|colleague|client|patient"
)
_CARER = r"GP|doctor|midwife|nurse|consultant|surgeon|psychiatrist|therapist|health visitor|dentist"
_ONE_PERSON = re.compile(
    rf"\b(?:[Mm]y (?:\w+ )?(?:{_RELATION}|(?:{_CARER})\b)"
    r"|[Ww]hen I was (?:only |just )?(?:aged )?\d{1,3}\b"
    r"|(?:[Aa]|[Oo]ne|[Tt]his|[Tt]he|[Oo]ur) (?:\w+ )?patient"
    r"(?=,? (?:who|was|had|has|is|from|with|died|called|named|told|came|aged)\b)"
    rf"|(?:[Aa]|[Oo]ne|[Tt]his|[Tt]he) (?:{_RELATION}) of mine"
    r"|(?:[Aa]n?|[Oo]ne|[Tt]his|[Tt]he) \d{1,3}[ \-]year[ \-]old (?:\w+ )?"
    r"(?:woman|man|girl|boy|lady|mother|father|patient|resident|baby)"
    rf"|(?!{_NOT_A_NAME}\b){_CAPITAL}, (?:aged )?\d{{1,2}},{_GOES_ON}"
    r"|I (?:was|am|have been|had been|gave birth|had|got) (?:\w+ )?(?:diagnosed|admitted|treated"
    r"|sectioned|pregnant|in labour|discharged|a stroke|a miscarriage|cancer|at)"
    rf"|(?:Mr|Mrs|Ms|Miss|Mx)\.? {_CAPITAL})"
)
_HEALTH = re.compile(
    r"\b(?:diagnos|died|death|passed away|treat(?:ed|ment)|admitted|discharg|section(?:ed|ing)\b"
    r"|pregnan|miscarr|stillb|gave birth"
    r"|lost (?:her|his|my|our|their|the) (?:baby|babies|child|children|son|daughter|twins?)\b"
    r"|in labour|operation|surgery|cancer|diabet|stroke|asthma"
    r"|psychos|depress|suicid|overdos|HIV|tubercul|sickle|A&E|GP\b|ward\b|midwi|detained"
    r"|in pain|symptom|my doctor|my nurse|my consultant|my surgeon|my psychiatrist|my therapist"
    r"|health visitor|my dentist)",
    re.IGNORECASE,
)
_DETAILS = {
    "a name": re.compile(
        rf"(?:\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Nurse|Sister)\.?"
        rf" (?:[A-Z]\.? )?{_CAPITAL}"
        rf"|\b(?:called|named|name is|name was) {_CAPITAL}"
        rf"|\b(?:{_RELATION}|{_CARER}),? (?!{_NOT_A_NAME}\b){_CAPITAL})"
    ),
    "an exact age": re.compile(
        r"\b\d{1,3}[ \-]years?[ \-]old\b|\baged \d{1,3}\b(?! ?(?:to|and|or|-|–|\+))"  # noqa: RUF001
        r"|\bage of \d{1,3}\b|\bwhen (?:I|he|she|they) (?:was|were) (?:only |just )?\d{1,3}\b"
        r"|\b(?:was|were|am|is) (?:only |just )?\d{1,3},? when (?:I|he|she|they|it|my|her|his)\b"
        rf"|(?-i:\b(?!{_NOT_A_NAME}\b){_CAPITAL}, (?:aged )?\d{{1,2}},{_GOES_ON})",
        re.IGNORECASE,
    ),
    "an exact date": re.compile(rf"\b{_DAY}\b", re.IGNORECASE),
    "a named place of care": re.compile(
        rf"\b(?:{_CAPITAL} )+(?:Hospital|Surgery|Practice|Clinic|Hospice|Ward|Care Home|Medical"
        r" Centre|Health Centre|School)\b"
    ),
}
STORY_REACH = 400
STORY_BEFORE = 200
"""How many characters after and before one person is named their story is looked for."""


def find(text: str) -> list[Span]:
    """The parts of a text that may tell who someone is, in order.

    Looks for NHS numbers (ten digits whose last is right by the modulus 11 check of the NHS Data
    Dictionary, or that are called one), UK phone numbers of people (01, 02 and 07; 03 and 08
    belong to organisations), phone numbers of other countries, email addresses, dates of birth,
    postcodes with a name or a house near them, and the story of one patient: one person, what
    happened to their health, and a detail by which they may be recognised. What copying brings
    along changes nothing: :func:`_plain`.
    """
    plain, places = _plain(text)
    found = sorted(
        [span for rule in _RULES for span in rule(plain)], key=lambda span: (span.start, -span.end)
    )
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return [replace(span, start=places[span.start], end=places[span.end - 1] + 1) for span in kept]


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """A text as the rules read it, and for each of its characters its place in the text.

    Without what is not seen (Unicode category Cf, such as soft hyphens), every digit as one of
    0 to 9, and every other character in its plain form (Unicode NFKC), but for superscripts,
    which belong to footnotes, and fractions.
    """
    if text.isascii():
        return text, range(len(text))
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = _folded(character)
        plain.append(folded)
        places += [place] * len(folded)
    return "".join(plain), places


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "No"}:
        return "" if category == "Cf" else character
    if category == "Nd":
        return str(unicodedata.digit(character))
    # U+2010 is the hyphen that NFKC makes of the one that does not break (U+2011).
    return unicodedata.normalize("NFKC", character).replace("\u2010", "-")


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits pass the modulus 11 check of the NHS number.

    The first nine digits are multiplied by 10 down to 2 and summed; 11 less the remainder by 11 is
    the last digit, 11 standing for 0, and 10 for a number that is never given out.
    """
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit():
        return False
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    return (11 - total % 11) % 11 == int(digits[9]) and len(set(digits)) > 1


def _nhs_numbers(text: str) -> Iterator[Span]:
    for match in _TEN_DIGITS.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        told = _TOLD_NHS.search(text[max(0, match.start() - 40) : match.start()])
        if told or (is_nhs_number(digits) and digits[0] != "0"):
            yield Span(
                *match.span(), "NHS number", "This looks like an NHS number. Please take it out."
            )


def _phones(text: str) -> Iterator[Span]:
    patterns = (_PHONE, _ABROAD, _PHONE_IN_ADDRESS)
    for match in (found for pattern in patterns for found in pattern.finditer(text)):
        # A date before a number is no phone number, nor is a number with one point in it.
        if not (_DATE_FIRST.match(match[0]) or re.fullmatch(r"\+?\d+\.\d+", match[0])):
            yield Span(*match.span(), "phone number", "This looks like a phone number.")


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        yield Span(*match.span(), "email address", "This looks like an email address.")


def _births(text: str) -> Iterator[Span]:
    for match in _BIRTH.finditer(text):
        yield Span(*match.span(), "date of birth", "This looks like someone's date of birth.")


def _homes(text: str) -> Iterator[Span]:
    for match in _POSTCODE.finditer(text):
        around = text[max(0, match.start() - NEARBY) : match.end() + NEARBY]
        if re.search(_NAME, around) or _HOME.search(around):
            yield Span(
                *match.span(),
                "postcode with a name",
                "This looks like a postcode with a name or a house, which tells who lives there.",
            )


def _stories(text: str) -> Iterator[Span]:
    for match in _ONE_PERSON.finditer(text):
        story = text[max(0, match.start() - STORY_BEFORE) : match.start() + STORY_REACH]
        if not _HEALTH.search(story):
            continue
        if details := [name for name, pattern in _DETAILS.items() if pattern.search(story)]:
            yield Span(
                *match.span(),
                "a patient's story",
                f"This reads like the story of one patient, with {' and '.join(details)}. "
                "Someone may recognise them.",
            )
            return


_RULES = (_nhs_numbers, _phones, _emails, _births, _homes, _stories)
