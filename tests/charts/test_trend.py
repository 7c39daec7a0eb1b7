"""A group and its reference over the years, as data."""

import pytest

from charts.theme import LIGHT
from charts.trend import trend_chart
from evidence.selection import series_of


@pytest.fixture(scope="module")
def southwark(gapped):
    one = gapped[
        (gapped["indicator_id"] == "talking-therapies-recovery")
        & (gapped["geography_name"] == "Southwark")
        & (gapped["period"] == "2019-20")
        & (gapped["breakdown"] == "broad")
    ]
    assert len(one) > 4
    return series_of(gapped, one)


def test_a_series_differs_in_its_period_alone(southwark):
    assert sorted(southwark["period"].unique()) == ["2017-18", "2018-19", "2019-20"]
    for name in ("source_id", "indicator_id", "geography_code", "measure", "breakdown"):
        assert southwark[name].nunique() == 1, name


def test_no_series_crosses_the_change_of_the_early_years_profile(gapped):
    one = gapped[gapped["figure_id"] == "sr-2024-25-lambeth-black"]
    assert series_of(gapped, one)["year"].min() == 2022


def test_the_periods_stand_in_order_with_every_value_and_limit(southwark, indicators, groups):
    pair = southwark[southwark["ethnic_group"].isin(["black", "white"])]
    chart = trend_chart(
        pair, indicators["talking-therapies-recovery"], groups, LIGHT, chosen="black"
    )
    lines = {trace.line.color: trace for trace in chart.figure.data if trace.mode != "lines"}
    black = lines[LIGHT.accent]
    assert list(black.x) == ["2017-18", "2018-19", "2019-20"]
    assert list(black.y) == [35, 43, 44]
    assert sum(trace.mode == "lines" for trace in chart.figure.data) == 6, "limits of each figure"
    assert chart.figure.layout.yaxis.rangemode == "tozero"
    for told in ("Black: 2017-18 35%", "2019-20 44%", "White: 2017-18 44%", "2019-20 54%"):
        assert told in chart.alt


INDICATOR = {"name": "Something", "indicator_id": "something"}


def test_periods_before_2010_are_shaded_as_history(made, groups):
    periods = ("2008", "2009", "2010", "2011")
    rows = made(*({"value": 10 + n, "period": period} for n, period in enumerate(periods)))
    chart = trend_chart(rows, INDICATOR, groups, LIGHT, chosen="black")
    [shade] = chart.figure.layout.shapes
    assert (shade.x0, shade.x1) == (-0.5, 1.5)
    assert chart.figure.layout.annotations[0].text == "History: before 2010"
    assert "history and shaded" in chart.subtitle
    later = trend_chart(rows[~rows["history"]], INDICATOR, groups, LIGHT, chosen="black")
    assert later.figure.layout.shapes == ()
    assert "history" not in later.subtitle
