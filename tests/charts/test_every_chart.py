"""What every chart says, on real rows: its unit, its place and period, and its main numbers."""

import re

import pytest

from charts.choropleth import choropleth
from charts.equiplot import equiplot
from charts.explorer import explorer_chart
from charts.gap_over_time import gap_chart
from charts.groups import Way, set_chart, ways
from charts.map_parts import Words, classify, look
from charts.population import population_chart
from charts.small_multiples import small_multiples
from charts.theme import LIGHT
from charts.tile_map import tile_map
from charts.trend import trend_chart
from evidence.classes import Method
from evidence.explorer import points
from evidence.inequality_groups import groups_apart
from evidence.place_groups import groups_across, why_no_groups
from evidence.place_series import series_across
from evidence.place_values import show_across
from evidence.places import Shown, references_of, ways_to_show
from evidence.population import composition
from evidence.selection import series_of
from evidence.statements import named
from evidence.trends import over_the_years
from loaders.maps import boundaries, points_inside

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


# --- No chart without units ------------------------------------------------------------------

IN_WORDS = {"%": ("percentage", "%"), "ratio": ("times", "ratio", "compared with")}
"""How charts name units that are not words themselves."""


def names_unit(chart, unit):
    """Whether an axis, a label, the subtitle or what is told at a mark names a unit."""
    told = [units_of(chart), chart.subtitle]
    for trace in chart.figure.data:
        for part in (trace.text, trace.customdata, trace.hovertext):
            told += [part] if isinstance(part, str) else map(str, () if part is None else part)
    # Words break over lines in labels.
    text = " ".join(told).replace("<br>", " ").casefold()
    return any(word in text for word in IN_WORDS.get(unit, (unit.casefold(),)))


def sets_of_each_unit(rows):
    """The largest set of each unit and measure, with its unit."""
    told = rows[rows["value"].notna() & ~rows["ethnic_group"].isin(["all", "unknown"])]
    sizes = told.groupby(["unit", "measure", "set_id"]).size().sort_values(kind="stable")
    last = sizes.reset_index().drop_duplicates(["unit", "measure"], keep="last")
    return [(row["unit"], told[told["set_id"] == row["set_id"]]) for row in last.to_dict("records")]


def unit_of(way, unit):
    """The unit in which a way of showing is drawn."""
    if way is Way.RATIOS:
        return "ratio"
    return "percentage points" if way is Way.DIFFERENCES and unit == "%" else unit


def test_no_chart_of_a_set_is_without_its_unit(gapped, indicators, groups):
    drawn = 0
    for unit, rows in sets_of_each_unit(gapped):
        indicator = indicators[rows["indicator_id"].iloc[0]]
        for way in ways(rows):
            chart = set_chart(rows, indicator, groups, LIGHT, way=way)
            if chart is not None:
                assert names_unit(chart, unit_of(way, unit)), (unit, way, chart.subtitle)
                drawn += 1
        dots = equiplot(groups_apart(rows, groups), indicator, groups, LIGHT, lines="period")
        assert dots is None or names_unit(dots, unit), (unit, dots.subtitle)
    assert drawn > 20


def test_no_chart_over_the_years_is_without_its_unit(gapped, indicators, groups):
    drawn = 0
    for unit, rows in sets_of_each_unit(gapped):
        codes = groups.sort(rows["ethnic_group"].unique())
        references = [code for code in rows["reference_group"].dropna().unique() if code in codes]
        chosen = next(code for code in codes if code not in references or len(codes) == 1)
        near = gapped[gapped["indicator_id"] == rows["indicator_id"].iloc[0]]
        found = over_the_years(series_of(near, rows), chosen, references[0] if references else None)
        indicator = indicators[rows["indicator_id"].iloc[0]]
        trend = trend_chart(found, indicator, groups, LIGHT)
        gap = gap_chart(found, indicator, groups, LIGHT) if references else None
        assert trend is None or names_unit(trend, unit), (unit, trend.subtitle)
        if gap is not None:
            drawn += 1
            pairs = [unit_of(way, unit) for way in (Way.RATIOS, Way.DIFFERENCES)]
            assert any(names_unit(gap, one) for one in pairs), (unit, gap.subtitle)
    assert drawn > 5


def test_no_map_is_without_its_unit(base, joined, groups):
    shapes = boundaries()
    inside = points_inside(shapes)
    drawn = 0
    for unit, rows in sets_of_each_unit(joined):
        codes = groups.sort(rows["ethnic_group"].unique())
        group = "black" if "black" in codes else codes[0]
        others = references_of(rows, group, groups)
        for shown in ways_to_show(rows):
            if shown is not Shown.FIGURE and not others:
                continue
            across = show_across(
                rows,
                base.boroughs,
                groups,
                shown=shown,
                group=group,
                reference=None if shown is Shown.FIGURE else others[0],
            )
            if across.measured.empty:
                continue
            looks = look(across, classify(across, Method.QUANTILE, 5), LIGHT)
            words = Words("A finding", "A subtitle", "Told")
            for chart in (
                tile_map(across, base.tiles, looks, words, LIGHT),
                choropleth(across, shapes, None, inside, looks, words, LIGHT),
            ):
                assert names_unit(chart, "ratio" if shown is Shown.RATIO else across.unit), unit
                drawn += 1
        series = series_across(base.figures, rows, group, None)
        if series["value"].notna().any():
            years = small_multiples(
                series, base.boroughs, base.tiles, groups, words, LIGHT, group=group,
                reference=None, unit=unit,
            )  # fmt: skip
            assert names_unit(years, unit), unit
        lines = groups_across(rows, groups, group=group)
        if not why_no_groups(rows, lines):
            indicator = {"name": "An indicator"}
            dots = equiplot(lines, indicator, groups, LIGHT, lines="geography_name")
            assert names_unit(dots, unit), unit
    assert drawn > 10


# --- No period twice -------------------------------------------------------------------------

TWICE = re.compile(r"\b(\d{4}(?:-\d\d)?), \1\b")


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("Good level of development at age 5", ", 2015-16 to 2018-19"),
        ("Expected development at the end of Reception", ", 2021"),
        ("Death from any cause", ", March to May 2020"),
        ("Attainment 8 score at 16", ", 2015-16 and 2016-17"),
        ("Attainment 8 score at 16, graded by teachers (2020 and 2021)", ""),
        ("Recovery after Talking Therapies", ""),
        ("Deprivation 2019: average score of neighbourhoods", ""),
    ],
)
def test_a_name_stands_beside_a_period_without_the_years_that_end_it(name, years):
    assert named({"name": name + years}) == name


def test_no_chart_says_a_period_twice(gapped, indicators, groups):
    ends_in_years = {key for key, row in indicators.items() if named(row) != row["name"]}
    assert "school-readiness-to-2019" in ends_in_years
    of_these = gapped[gapped["indicator_id"].isin(ends_in_years) & gapped["value"].notna()]
    newest = of_these.sort_values("year").drop_duplicates(["indicator_id", "geography_level"])
    for set_id in [*newest["set_id"]]:
        rows = of_these[of_these["set_id"] == set_id]
        indicator = indicators[rows["indicator_id"].iloc[0]]
        charts = [set_chart(rows, indicator, groups, LIGHT, way=way) for way in ways(rows)]
        apart = groups_apart(rows, groups)
        charts.append(equiplot(apart, indicator, groups, LIGHT, lines="period"))
        for chart in filter(None, charts):
            for text in (chart.subtitle, chart.alt):
                assert not TWICE.search(text), text
                assert indicator["name"] not in text
