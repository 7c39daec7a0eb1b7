"""The public log as tables: what was suggested, what became of it and why, how long it took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from html import escape

from evidence.days import count_words, day_words
from evidence.outcomes import State
from evidence.public_log import MergedInto, PublicEntry, median_days
from evidence.review import GONE
from evidence.submissions import LONDON
from loaders.open import EvidenceBase
from pages.shared.html import link, table, user_text

PER_SHEET = 25

FEWEST_DECISIONS = 5
"""Below it, half of the decisions are one or two, and say nothing of how long others take."""


class Outcome(StrEnum):
    """What became of a suggestion, as the log's filter and counts have it."""

    WAITING = "Waiting for a decision"
    PUBLISHED = "Published"
    PUT_RIGHT = "Put right"
    DECLINED = "Declined"
    MERGED = "Merged with another"
    WITHDRAWN = "Withdrawn"
    ERASED = "Deleted"


def outcome(entry: PublicEntry) -> Outcome:
    """What became of an entry so far."""
    return {
        State.PUBLISHED: Outcome.PUBLISHED,
        State.PUT_RIGHT: Outcome.PUT_RIGHT,
        State.DECLINED: Outcome.DECLINED,
        State.MERGED: Outcome.MERGED,
        State.WITHDRAWN: Outcome.WITHDRAWN,
        State.ERASED: Outcome.ERASED,
    }.get(entry.state, Outcome.WAITING)


def place_of(entry: PublicEntry, base: EvidenceBase) -> str:
    """The borough of an entry, all of London, or that it names none."""
    if entry.geography_code == LONDON:
        return "All of London"
    names = dict(zip(base.boroughs["borough_code"], base.boroughs["name"], strict=True))
    return str(names.get(entry.geography_code, "No borough named"))


def area_of(entry: PublicEntry, base: EvidenceBase) -> str:
    """The health topic of an entry, or that it names none."""
    return entry.disease_area.label if entry.disease_area else "No topic named"


def counts(entries: Sequence[PublicEntry]) -> str:
    """How many suggestions there are, what became of them, and how long decisions took."""
    found = {"suggestions": len(entries)}
    for each in (Outcome.WAITING, Outcome.PUBLISHED, Outcome.PUT_RIGHT, Outcome.DECLINED):
        found[each.value.lower()] = sum(outcome(entry) is each for entry in entries)
    items = "".join(f"<li><b>{count:,}</b> {name}</li>" for name, count in found.items())
    told = f'<ul class="counts">{items}</ul>'
    if (days := median_days(entries, FEWEST_DECISIONS)) is not None:
        took = "on the day they came" if days == 0 else f"within {count_words(days)}"
        told += f"<p>Half of our decisions were made {took}.</p>"
    return told


def log_table(entries: Sequence[PublicEntry], base: EvidenceBase, today: date, caption: str) -> str:
    """Entries as a table."""
    rows = [
        [
            f"{entry.number}. {escape(entry.kind.label)}",
            _suggested(entry, base),
            _became(entry, base),
            _took(entry, today),
        ]
        for entry in entries
    ]
    columns = ["Suggestion", "What was suggested", "What became of it, and why", "How long"]
    return f'<div class="answers">{table(rows, columns, caption=caption, raw=range(4))}</div>'


def named_first(name: str) -> tuple[bool, str]:
    """The order of names of topics and boroughs: "No borough named" stands last."""
    return name.startswith("No "), name


def count_table(
    entries: Sequence[PublicEntry],
    base: EvidenceBase,
    name_of: Callable[[PublicEntry, EvidenceBase], str],
    *,
    column: str,
    caption: str,
    filter_name: str,
) -> str:
    """How many suggestions there are by topic or borough, and what became of them.

    ``filter_name`` is the name of the log's filter in the address.
    """
    names = [name_of(entry, base) for entry in entries]
    rows = []
    for name in sorted(set(names), key=named_first):
        here = [entry for entry, its in zip(entries, names, strict=True) if its == name]
        counts = [sum(outcome(entry) is each for entry in here) for each in Outcome]
        rows.append(
            [link(name, "answers", **{filter_name: name}), f"{len(here):,}"]
            + [f"{count:,}" for count in counts]
        )
    columns = [column, "Suggested", *(each.value for each in Outcome)]
    return table(rows, columns, caption=caption, numeric=range(1, len(columns)), raw=[0])


def _suggested(entry: PublicEntry, base: EvidenceBase) -> str:
    """What was suggested, or why it is not shown, and what it is about."""
    if entry.withheld:
        text = f"<p class='none'>{escape(entry.withheld)}</p>"
    else:
        # A stranger's web address is shown and not linked.
        said = [entry.statement, entry.source_title, entry.source_url]
        text = "".join(f"<p>{user_text(part)}</p>" for part in said if part)
    about = [entry.disease_area.label if entry.disease_area else ""]
    about.append(place_of(entry, base) if entry.geography_code else "")
    group = entry.ethnic_group
    about.append(base.groups.short(group) if group and group in base.groups else "")
    named = escape(", ".join(filter(None, about)))
    if entry.figure_id and (base.figures["figure_id"] == entry.figure_id).any():
        figure = link(f"figure {entry.figure_id}", "library", figure=entry.figure_id)
        named = ", ".join(filter(None, [named, figure]))
    return text + (f"<p class='reading'>About: {named}</p>" if named else "")


def _became(entry: PublicEntry, base: EvidenceBase) -> str:
    label = entry.state.label
    parts = [f"<p><strong>{escape(label[:1].upper() + label[1:])}</strong></p>"]
    if entry.reason:
        parts.append(f"<p>{escape(entry.reason.label)}</p>")
    if entry.words:
        parts.append(f"<p>{user_text(entry.words)}</p>")
    if entry.into:
        parts.append(into_words(entry.into, base))
    if links := published_links(entry, base):
        parts.append(f"<p>{links}</p>")
    if entry.appeals:
        times = "once" if entry.appeals == 1 else f"{entry.appeals} times"
        parts.append(f"<p>The sender appealed {times}.</p>")
    return "".join(parts)


def figure_links(figures: Sequence[str], base: EvidenceBase) -> str:
    """Published figures, each as a link where the evidence base has it."""
    shown = set(base.figures["figure_id"])
    return ", ".join(
        link(f"Figure {figure}", "library", figure=figure) if figure in shown else escape(figure)
        for figure in figures
    )


def published_links(one: PublicEntry | MergedInto, base: EvidenceBase) -> str:
    """What is published of a suggestion, as links: its figures, or the page of its programme."""
    if one.programme:
        return link("Programme in “What is being done”", "programmes")
    return figure_links(one.figures, base)


def into_words(into: MergedInto, base: EvidenceBase) -> str:
    """The suggestion in which a merged one lives on, by its public number, as HTML."""
    if into.state in GONE:
        return (
            f"<p>It was merged into suggestion {into.number}, which is "
            f"{escape(into.state.label)}. So this one waits for a reviewer again.</p>"
        )
    words = f"<p>It lives on in suggestion {into.number}, which is {escape(into.state.label)}."
    return f"{' '.join(filter(None, [words, published_links(into, base)]))}</p>"


def _took(entry: PublicEntry, today: date) -> str:
    if entry.state is State.ERASED:
        return ""
    came = f"<p class='reading'>Came on {day_words(entry.received)}</p>"
    if entry.days is not None:
        words = count_words(entry.days)
        return f"<p>{words[:1].upper() + words[1:]}</p>{came}"
    return f"<p>{waited(entry, today)}</p>{came}"


def waited(entry: PublicEntry, today: date) -> str:
    """How long an entry has waited for its decision."""
    days = max((today - entry.received).days, 0)
    return f"Waiting for {count_words(days)}" if days else "Waiting since today"
