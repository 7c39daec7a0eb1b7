"""Days and moments in words, as they are in London."""

from datetime import UTC, date, datetime

from evidence.days import count_words, day_words, london_date, moment_words

BEFORE_MIDNIGHT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


def test_a_moment_has_the_day_and_the_time_of_london_in_summer_and_winter():
    assert london_date(BEFORE_MIDNIGHT) == date(2026, 7, 1)
    assert day_words(BEFORE_MIDNIGHT) == day_words(date(2026, 7, 1)) == "1 July 2026"
    assert moment_words(BEFORE_MIDNIGHT) == "1 July 2026, 00:30"
    assert moment_words(BEFORE_MIDNIGHT.replace(month=12)) == "30 December 2026, 23:30"


def test_days_are_counted_up_to_whole_ones():
    told = [count_words(days) for days in (0, 0.5, 1, 2.5, 1_200)]
    assert told == ["the same day", "1 day", "1 day", "3 days", "1,200 days"]
