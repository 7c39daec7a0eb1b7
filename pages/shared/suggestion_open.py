"""What of the suggestions is still open: since when, and what is missing, by topic and borough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from evidence.days import day_words
from evidence.outcomes import State
from evidence.public_log import PublicEntry
from loaders.open import EvidenceBase
from pages.shared.html import link, table, user_text
from pages.shared.suggestion_log import Outcome, area_of, named_first, place_of, waited

LONGEST_OPEN = 25
"""How many open suggestions the page lists: those that have waited longest."""

WORDS_AT_MOST = 140
"""How many characters of a suggestion stand in the list of what is open."""

MISSING = {
    State.RECEIVED: "A reviewer who looks at it",
    State.CHECKING: "A reviewer's decision",
    State.WAITING: "The sender's answer to a question",
    State.ACCEPTED_ONCE: "A second reviewer who accepts it",
    State.ACCEPTED: "A reviewer who publishes it",
    State.APPEALED: "A reviewer who looks again, as the sender appealed",
}
"""What an open suggestion waits for."""


def open_questions(entries: Sequence[PublicEntry], base: EvidenceBase, today: date) -> str:
    """What still waits for an answer, and from whom, as HTML; ``entries`` is the whole log."""
    waiting = [entry for entry in entries if entry.is_open]
    if not waiting:
        return "<p>Nothing is open. Every suggestion has its answer.</p>"
    told = _table(waiting, base, today)
    if len(waiting) > LONGEST_OPEN:
        every = link(f"See all {len(waiting):,}", "answers", state=Outcome.WAITING)
        told += f"<p>These are the {LONGEST_OPEN} that have waited longest. {every}.</p>"
    return told


def _table(entries: Sequence[PublicEntry], base: EvidenceBase, today: date) -> str:
    ordered = sorted(entries, key=lambda entry: (entry.received, entry.number))[:LONGEST_OPEN]
    ordered.sort(key=lambda entry: (*map(named_first, _about(entry, base)), entry.received))
    rows = [
        [
            escape(", ".join(_about(entry, base))),
            f"<p>{entry.number}. {escape(entry.kind.label)}</p><p>{_first_words(entry)}</p>",
            f"<p>{MISSING.get(entry.state, '')}</p>"
            f"<p class='reading'>Since {day_words(entry.since)}</p>",
            waited(entry, today),
        ]
        for entry in ordered
    ]
    columns = ["About", "Suggestion", "What is missing", "How long"]
    caption = "Suggestions that are still open, by health topic and borough"
    return f'<div class="answers">{table(rows, columns, caption=caption, raw=range(4))}</div>'


def _about(entry: PublicEntry, base: EvidenceBase) -> tuple[str, str]:
    return area_of(entry, base), place_of(entry, base)


def _first_words(entry: PublicEntry) -> str:
    """The first words of an entry, or that they are not shown, as HTML."""
    if entry.withheld:
        return f"<span class='none'>{escape(entry.withheld)}</span>"
    text = " ".join((entry.statement or entry.source_title or "").split())
    return user_text(text if len(text) <= WORDS_AT_MOST else f"{text[:WORDS_AT_MOST]}…")
