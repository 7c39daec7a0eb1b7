"""What every chart says, on real rows: its unit, its place and period, and its main numbers."""

import re

import pytest

from charts.equiplot import equiplot
from charts.explorer import explorer_chart
from charts.gap_over_time import gap_chart
from charts.groups import set_chart, ways
from charts.population import population_chart
from charts.theme import LIGHT
from charts.trend import trend_chart
from evidence.explorer import points
from evidence.inequality_groups import groups_apart
from evidence.population import composition
from evidence.selection import series_of
from evidence.trends import over_the_years

UNITS = re.compile(
    r"percentage|%|\bper\b|times|ratio|points?\b|compared with|difference|years|days", re.IGNORECASE
)
SETS = [
    ("talking-therapies-recovery", "Southwark", "2019-20", "broad"),
    ("talking-therapies-recovery", "England", "2024-25", "broad"),
    ("key-stage-2-expected-standard", "London", "2024-25", ""),
    ("attainment-8", "Lambeth", "2024-25", ""),
    ("progress-8", "London", "2023-24", ""),
]
"""Percentages with and without limits, and scores: indicator, place, period and breakdown."""


def units_of(chart):
    """Every text in which a chart may tell its unit: titles and ticks of axes, and labels."""
    layout = chart.figure.layout
    texts = [layout.xaxis.title.text, layout.yaxis.title.text]
    texts += [*(layout.xaxis.ticktext or ()), *(layout.yaxis.ticktext or ())]
    texts += [note.text for note in layout.annotations]
    for trace in chart.figure.data:
        texts += [trace.text] if isinstance(trace.text, str) else [*(trace.text or ())]
    return " ".join(text for text in texts if text)


def check(chart, place, periods):
    assert UNITS.search(units_of(chart)), f"a chart without units: {chart.title}"
    assert place in chart.subtitle
    for period in periods:
        assert str(period) in chart.subtitle
    assert re.search(r"\d", chart.alt)
    assert chart.title


@pytest.fixture(params=SETS, ids=lambda one: f"{one[0]} in {one[1]}")
def chosen(request, gapped):
    """A set with its place and period, as the parameters name it."""
    indicator, place, period, breakdown = request.param
    rows = gapped[
        (gapped["indicator_id"] == indicator)
        & (gapped["geography_name"] == place)
        & (gapped["period"] == period)
        & (gapped["breakdown"] == breakdown)
    ]
    assert len(rows)
    return rows


def test_the_charts_of_a_set_in_every_way_in_which_it_can_be_shown(chosen, indicators, groups):
    first = chosen.iloc[0]
    assert len(ways(chosen)) > 1
    for way in ways(chosen):
        chart = set_chart(chosen, indicators[first["indicator_id"]], groups, LIGHT, way=way)
        check(chart, first["geography_name"], [first["period"]])


def test_the_charts_over_the_years(chosen, gapped, indicators, groups):
    first = chosen.iloc[0]
    indicator = indicators[first["indicator_id"]]
    series = series_of(gapped, chosen)
    found = over_the_years(series, "black", "white")
    told = found.rows[found.rows["value"].notna() & found.rows["at"].notna()]
    ends = [told["period"].iloc[0], told["period"].iloc[-1]]
    check(trend_chart(found, indicator, groups, LIGHT), first["geography_name"], ends)
    gap = gap_chart(found, indicator, groups, LIGHT)
    check(gap, first["geography_name"], ends[-1:])
    apart = groups_apart(chosen, groups)
    dots = equiplot(apart, indicator, groups, LIGHT, lines="period")
    check(dots, first["geography_name"], [first["period"]])


def test_the_chart_of_every_comparison(base, gapped, groups):
    names = dict(zip(base.indicators["indicator_id"], base.indicators["name"], strict=True))
    every = points(gapped, base.indicators, base.sources, this_year=base.released.year)
    years = every["year"].dropna().astype(int)
    chart = explorer_chart(every, names, groups, LIGHT)
    check(chart, f"{every['geography_name'].nunique():,} places", [years.min(), years.max()])
    one = every.head(1)
    check(
        explorer_chart(one, names, groups, LIGHT),
        one["geography_name"].iloc[0],
        one["year"].astype(int),
    )


def test_the_chart_of_who_lives_in_a_borough(base, groups):
    shares = composition(base.population, "E09000022", groups)
    check(population_chart(shares, "Lambeth", 2021, groups, LIGHT), "Lambeth", [2021])
