"""A suggestion as reviewers read it, as HTML: every word of a stranger is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape

from evidence.days import count_words, moment_words
from evidence.ethnicity import Classification
from evidence.history import PREPARED
from evidence.outcomes import EventKind, Role
from evidence.privacy import find
from evidence.review import Event
from evidence.submissions import FORMS, LONDON, Suggestion
from evidence.vocabulary import DiseaseArea
from loaders.open import EvidenceBase
from loaders.submissions import StoredSuggestion
from pages.shared.html import description_list, user_text

ANSWERS = {
    "kind": "Kind",
    "figure_id": "Figure on this site",
    "statement": "What it says",
    "should_say": "What it should say",
    "source_title": "Where it is from",
    "run_by": "Who runs it",
    "method": "How it was found",
    "outcomes": "What changed",
    "source_url": "Web address",
    "period": "When",
    "disease_area": "Health topic",
    "geography_code": "Part of London",
    "ethnic_group": "Ethnic group",
    "notes": "Anything else",
    "contact": "Contact",
}
"""What reviewers call each answer."""


def waited(since: datetime, now: datetime | None = None) -> str:
    """How long ago a moment was, in whole days."""
    days = ((now or datetime.now(UTC)) - since).days
    return count_words(days) if days > 0 else "today"


def places(base: EvidenceBase) -> dict[str, str]:
    """The parts of London that a suggestion can be about, by code."""
    boroughs = zip(base.boroughs["borough_code"], base.boroughs["name"], strict=True)
    return {LONDON: "All of London"} | dict(boroughs)


def chosen(field: str, code: str | None, base: EvidenceBase) -> str:
    """An answer as it is read: codes of lists as their words."""
    if not code:
        return ""
    if field == "disease_area":
        return DiseaseArea(code).label
    if field == "geography_code":
        return places(base).get(code, code)
    if field == "ethnic_group":
        return group_words(code, base.groups)
    return str(code)


def group_words(code: str | None, groups: Classification) -> str:
    """An ethnic group in words; a code that the classification lost stays as it is."""
    return groups.short(code) if code and code in groups else code or ""


def about(suggestion: Suggestion, base: EvidenceBase) -> str:
    """What a suggestion is about, in a line: topic, place and group."""
    fields = ("disease_area", "geography_code", "ethnic_group")
    told = [chosen(field, getattr(suggestion, field), base) for field in fields]
    return ", ".join(filter(None, told)) or "Topic and place not given"


def marked_text(text: str) -> str:
    """A text with what looks private in it marked, as HTML."""
    return f'<div class="sent">{user_text(text, [(s.start, s.end) for s in find(text)])}</div>'


def held_words(held: Mapping[str, Iterable[str]]) -> str:
    """What is held back and why, in a line: each answer, or column of what is prepared."""
    return ". ".join(
        f"{_held_name(name)}: {', '.join(dict.fromkeys(kinds))}" for name, kinds in held.items()
    )


def _held_name(name: str) -> str:
    if name.startswith(PREPARED):
        return f"What is prepared, {name.removeprefix(PREPARED).replace('_', ' ')}"
    return ANSWERS.get(name, name)


def careful_link(url: str) -> str:
    """An address that a stranger gave: as text, with a link beside it that tells it nothing."""
    href = escape(url)
    return (
        f'<div class="sent">{href}</div><a href="{href}" target="_blank" '
        'rel="noopener noreferrer nofollow">Open with care (a stranger gave this address)</a>'
    )


def sent(one: StoredSuggestion, base: EvidenceBase) -> str:
    """Every answer of a suggestion but the contact, corrected, with what was sent below."""
    now, first = one.corrected, one.suggestion
    pairs = [(ANSWERS["kind"], escape(now.kind.label))]
    for field in FORMS[now.kind].fields:
        if field == "contact":
            continue
        told = _answer(field, getattr(now, field), base)
        before = getattr(first, field)
        if before != getattr(now, field):
            told += f'<p class="as-sent">As sent: {_answer(field, before, base) or "nothing"}</p>'
        pairs.append((ANSWERS[field], told or '<span class="as-sent">not given</span>'))
    return description_list(pairs, raw=[name for name, _ in pairs])


def _answer(field: str, value: str | None, base: EvidenceBase) -> str:
    if not value:
        return ""
    if field == "source_url":
        return careful_link(value)
    return marked_text(chosen(field, value, base))


def history(events: Iterable[Event], numbers: Mapping[str, int], base: EvidenceBase) -> str:
    """Every step: when, what, who and why.

    ``numbers`` has the public number of each reference number, which is never shown.
    """
    items = []
    for event in events:
        who = f"{event.role.label}{f', {event.who}' if event.who else ''}"
        items.append(
            f'<li><p class="kicker">{escape(event.kind.label)}</p>'
            f'<p class="where">{moment_words(event.at)}, by the {escape(who)}</p>'
            f"{_what(event, numbers, base)}</li>"
        )
    return f'<ol class="history">{"".join(items)}</ol>'


def _what(event: Event, numbers: Mapping[str, int], base: EvidenceBase) -> str:
    told = []
    if event.reason:
        told.append(f"<p>{escape(event.reason.label)}</p>")
    if event.into:
        told.append(f"<p>Into suggestion {numbers.get(event.into, 'not known')}.</p>")
    if event.words:
        told.append(marked_text(event.words))
    if event.role is Role.SENDER and (spans := find(event.words or "")):
        kinds = ", ".join(sorted({span.kind for span in spans}))
        told.append(f"<p><strong>May hold personal information: {escape(kinds)}.</strong></p>")
    if event.answers:
        named = ", ".join(ANSWERS.get(name, name) for name in event.answers)
        told.append(f"<p>Held back: {escape(named)}.</p>")
    for field, value in (event.fields or {}).items():
        now = chosen(field, value, base) or "nothing"
        told.append(marked_text(f"{ANSWERS.get(field, field)}: {now}"))
    if event.publication and event.kind is EventKind.PREPARED:
        figures = [figure.figure_id for figure in event.publication.figures]
        programme = event.publication.programme
        named = ", ".join(figures) or (programme.name if programme else "")
        told.append(f"<p>{escape(named)}</p>")
    return "".join(told)
