"""Reading the years out of a period."""

import pandas as pd
import pytest

from evidence.periods import HISTORY_BEFORE, RECENT_YEARS, add_years, extent, years


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


@pytest.mark.parametrize(
    ("period", "span"),
    [
        ("2019", (2019, 2020)),
        ("2016-18", (2016, 2019)),
        ("2013-2016", (2013, 2017)),
        ("2019-20", (2019.25, 2020.25)),
        ("2019/20", (2019.25, 2020.25)),
        ("1999-00", (1999.25, 2000.25)),
        ("2013-14 to 2015-16", (2013.25, 2016.25)),
        ("April 2019 to March 2023", (2019.25, 2023.25)),
        ("1 March to 14 April 2020", (2020 + 2 / 12, 2020 + 4 / 12)),
        ("February 2025", (2025 + 1 / 12, 2025 + 2 / 12)),
    ],
)
def test_a_period_has_its_extent_in_decimal_years(period, span):
    assert extent(period) == pytest.approx(span)


def test_a_period_without_a_year_has_no_extent():
    assert extent("not stated") is None


def test_financial_years_touch_and_calendar_years_of_the_same_name_overlap():
    assert extent("2016-17")[1] == extent("2017-18")[0]
    assert extent("2016-18")[1] > extent("2018-20")[0]


def test_every_period_in_the_tables_ends_after_it_begins(base):
    for period in set(base.figures["period"]) - {"not stated"}:
        starts, ends = extent(period)
        assert years(period)[0] <= starts < ends <= years(period)[1] + 1, period


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
    assert with_years((period, "2024"))["history"].iloc[0] == old


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
def test_data_is_recent_for_seven_years(made, period, recent):
    assert RECENT_YEARS == 7
    assert made({"value": 1, "period": period})["recent"].iloc[0] == recent


def with_years(*cells: tuple[str, str]) -> pd.DataFrame:
    """Figures of a period and a source, which is named by when it was published."""
    figures = pd.DataFrame(cells, columns=["period", "source_id"])
    published = figures["source_id"].unique()
    return add_years(figures, pd.DataFrame({"source_id": published, "published": published}))


def test_a_figures_year_is_the_last_of_its_period() -> None:
    found = with_years(("2019-20", "2021"), ("1999/2000", "2021"), ("2013-2016", "2021"))
    assert found["year"].tolist() == [2020, 2000, 2016]
    assert found["history"].tolist() == [False, True, False]


def test_a_figure_whose_period_is_not_stated_has_no_year() -> None:
    found = with_years(("not stated", "2005"), ("2019", "2005"))
    assert found["year"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("published", "old"),
    [
        ("2005", True),
        ("2009-12-31", True),
        ("2010", False),
        ("2015", False),
        ("2015-03", False),
        ("not stated", False),
    ],
)
def test_data_without_a_period_is_history_if_its_source_was_printed_before_2010(
    published: str, old: bool
) -> None:
    assert with_years(("not stated", published))["history"].tolist() == [old]


@pytest.mark.parametrize(
    ("period", "published", "old"), [("2008-09", "2015", True), ("2012", "2005", False)]
)
def test_a_stated_period_says_what_is_history_whatever_the_source(
    period: str, published: str, old: bool
) -> None:
    assert with_years((period, published))["history"].tolist() == [old]


def test_years_go_to_the_rows_they_belong_to_and_change_no_other_column() -> None:
    found = with_years(("2008", "2015"), ("not stated", "2005"), ("2020", "not stated"))
    assert list(found.columns) == ["period", "source_id", "year", "history"]
    assert found["period"].tolist() == ["2008", "not stated", "2020"]
    assert found["history"].tolist() == [True, True, False]
