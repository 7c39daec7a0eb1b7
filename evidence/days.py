"""Days and moments as people read them, in London's time."""

from __future__ import annotations

from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

_LONDON_TIME = ZoneInfo("Europe/London")


def london_date(at: datetime) -> date:
    """The date in London at a moment, which has its time zone."""
    return at.astimezone(_LONDON_TIME).date()


def day_words(when: date) -> str:
    """A date: "3 December 2026"; of a moment, the date in London."""
    day = london_date(when) if isinstance(when, datetime) else when
    return f"{day.day} {day:%B %Y}"


def moment_words(at: datetime) -> str:
    """A moment in London's time: "3 December 2026, 14:05"."""
    return f"{day_words(at)}, {at.astimezone(_LONDON_TIME):%H:%M}"


def count_words(days: float) -> str:
    """So many days: "the same day", "1 day", "12 days"; a part of a day counts as a whole one."""
    whole = ceil(days)
    return {0: "the same day", 1: "1 day"}.get(whole, f"{whole:,} days")
