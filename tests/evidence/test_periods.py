"""Reading the years out of a period."""

import pytest

from evidence.periods import HISTORY_BEFORE, RECENT_YEARS, is_history, is_recent, years


@pytest.mark.parametrize(
    ("period", "span"),
    [
        ("2019", (2019, 2019)),
        ("2019-20", (2019, 2020)),
        ("2019/20", (2019, 2020)),
        ("2019\u201320", (2019, 2020)),
        ("1999-00", (1999, 2000)),
        ("1999/2000", (1999, 2000)),
        ("2013-2016", (2013, 2016)),
        ("2018/19 to 2020/21", (2018, 2021)),
        ("2019-20, 2021-22", (2019, 2022)),
        ("April 2019 to March 2023", (2019, 2023)),
        ("1 March to 14 April 2020", (2020, 2020)),
        ("November 2021 to January 2022", (2021, 2022)),
        ("February 2025", (2025, 2025)),
        ("not stated", None),
        ("", None),
        ("2,019 people", None),
        ("12019", None),
    ],
)
def test_the_first_and_last_year_are_read(period, span):
    assert years(period) == span


def test_every_period_in_the_tables_has_years_or_says_that_it_is_not_stated(base):
    periods = set(base.figures["period"])
    unread = {period for period in periods if years(period) is None}
    assert unread == {"not stated"}
    for period in periods - unread:
        first, last = years(period)
        assert 1980 <= first <= last <= base.released.year, period


def test_the_year_of_a_figure_is_the_one_in_which_its_period_ends(rows):
    assert rows["tt-2019-20-lambeth-recovery-black"]["year"] == 2020


@pytest.mark.parametrize(
    ("period", "old"),
    [("2007", True), ("2008-09", True), ("2009-10", False), ("2010", False), ("not stated", False)],
)
def test_data_that_ended_before_2010_is_history(period, old):
    assert HISTORY_BEFORE == 2010
    assert is_history(period) == old


@pytest.mark.parametrize(
    ("period", "recent"),
    [
        ("2018-19", True),
        ("2019", True),
        ("2018", False),
        ("2011-2019", True),
        ("not stated", False),
    ],
)
def test_data_is_recent_for_seven_years(period, recent):
    assert RECENT_YEARS == 7
    assert is_recent(period, 2026) == recent
