"""How a source is cited: one form, for pages, tables and downloads."""

from __future__ import annotations

from evidence.models import NOT_STATED
from evidence.numbers import is_blank
from evidence.statements import RowLike
from evidence.vocabulary import Confidence

DASHBOARD = "Racial health inequalities in London"
"""The name of this dashboard, as pages, pictures and downloads give it."""

COPY = "(a copy)"
"""How the body that keeps a copy of a publication is marked; the whole reference names it."""


def citation(source: RowLike) -> str:
    """The whole reference: authors or body, year, title, publisher, address, date seen.

    Parameters
    ----------
    source
        A row of the sources table.
    """
    who = source["publisher"] if is_blank(source["authors"]) else source["authors"]
    year = "date not stated" if source["published"] == NOT_STATED else str(source["published"])[:4]
    parts = [f"{who} ({year}). {str(source['title']).rstrip('.')}."]
    if not is_blank(source["authors"]) and source["publisher"] != who:
        parts.append(f"{source['publisher']}.")
    if not is_blank(source["reported_by"]):
        parts.append(f"As reported by {source['reported_by']}.")
    parts.append(f"{source['url']} (seen {source['accessed']}).")
    return " ".join(parts)


def short_citation(source: RowLike) -> str:
    """The reference for a card or a chart's source line: body, year, and who reported it."""
    year = "date not stated" if source["published"] == NOT_STATED else str(source["published"])[:4]
    text = f"{source['publisher']}, {year}"
    if is_blank(source["reported_by"]):
        return text
    if str(source["reported_by"]).endswith(COPY):
        return f"{text}, read from a copy"
    return f"{text}, as reported by {source['reported_by']}"


def doubt(source: RowLike, confidence: str) -> str:
    """How near a figure was seen, where that was not at its publisher and is not said already.

    The short citation of a source that was read from a copy, or that another body reported, says
    so itself.
    """
    near = Confidence(confidence)
    reported = not is_blank(source["reported_by"])
    if near is Confidence.PRIMARY or (near is Confidence.SECONDARY and reported):
        return ""
    return seen(confidence)


def seen(confidence: str) -> str:
    """How near to its publisher a figure was seen, in words."""
    return Confidence(confidence).label
