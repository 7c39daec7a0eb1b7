"""The chart of the gap explorer: a point a comparison, where it stands, and what it says."""

import numpy as np
import pytest

from charts.explorer import explorer_chart
from charts.theme import LIGHT
from evidence.explorer import Wanted, points, widest
from evidence.strength import ORDER


@pytest.fixture(scope="module")
def every(base, gapped):
    return points(gapped, base.indicators, base.sources, this_year=base.released.year)


@pytest.fixture(scope="module")
def draw(base, groups):
    names = dict(zip(base.indicators["indicator_id"], base.indicators["name"], strict=True))

    def chart(found, **more):
        return explorer_chart(found, names, groups, LIGHT, **more)

    return chart


def marks(chart):
    """Every mark: its set, its place, its symbol and its colour."""
    return [
        (code, x, y, symbol, trace.marker.color)
        for trace in chart.figure.data
        for code, x, y, symbol in zip(
            trace.customdata,
            trace.x,
            trace.y,
            np.broadcast_to(trace.marker.symbol, len(trace.x)),
            strict=True,
        )
    ]


def test_every_comparison_is_one_mark_in_the_band_of_its_strength(every, draw):
    drawn = {code: (x, y) for code, x, y, *_ in marks(draw(every))}
    assert len(marks(draw(every))) == len(drawn) == len(every)
    for row in every.to_dict("records"):
        assert abs(drawn[row["set_id"]][1] + ORDER[row["strength"]]) < 0.5


def test_a_mark_stands_where_it_stood_whatever_else_is_drawn(every, draw):
    few = every[every["disease_area"] == "maternity"]
    heights = {code: y for code, _, y, *_ in marks(draw(every))}
    for code, _, y, *_ in marks(draw(few)):
        assert y == heights[code]


def test_worse_lies_right_of_the_line_and_what_is_further_out_points_there(every, draw):
    rows = every.set_index("set_id")
    chart = draw(every)
    low, high = (10**end for end in chart.figure.layout.xaxis.range)
    beyond = 0
    for code, x, _, symbol, _ in marks(chart):
        row = rows.loc[code]
        assert low <= x <= high
        assert (x >= 1) == (row["across"] >= 1)
        if symbol.startswith("triangle"):
            beyond += 1
            assert row["across"] > x if "right" in symbol else row["across"] < x
        else:
            assert x == pytest.approx(row["across"])
    assert 0 < beyond < 0.02 * len(every)


def test_clear_gaps_are_filled_and_the_others_hollow(every, draw):
    clear = every.set_index("set_id")["clear"]
    for code, _, _, symbol, _ in marks(draw(every)):
        assert symbol.endswith("-open") != clear[code]


def test_what_is_listed_is_in_the_accent_and_what_is_open_has_a_ring(every, draw):
    ranked = widest(every).head(5)
    first = ranked["set_id"].iloc[0]
    chart = draw(every, listed=frozenset(ranked["set_id"]), opened=first)
    accented = {code for code, *_, colour in marks(chart) if colour == LIGHT.accent}
    assert accented == set(ranked["set_id"])
    assert list(chart.figure.data[-1].customdata) == [first]
    assert len(draw(every, opened="no-such-set").figure.data[-1].customdata) != 1


def test_the_words_count_what_is_drawn_and_name_the_widest_sure_gap(base, every, draw):
    chart = draw(every)
    assert f"{every['clear'].sum():,} of {len(every):,} comparisons" in chart.title
    assert (
        f"{every['verdict'].eq('no interval published').sum():,} have no limits" in chart.subtitle
    )
    first = widest(every).iloc[0]
    names = base.indicators.set_index("indicator_id")["name"]
    assert names[first["indicator_id"]] in chart.alt
    assert first["geography_name"] in chart.alt
    for strength, count in every["strength"].value_counts().items():
        assert f"{strength} {count:,}" in chart.alt


def test_one_comparison_alone_can_be_drawn(base, gapped, draw):
    wanted = Wanted(area="cancer", near="national")
    found = points(
        gapped, base.indicators, base.sources, this_year=base.released.year, wanted=wanted
    )
    for number in range(len(found)):
        chart = draw(found.iloc[[number]])
        assert len(marks(chart)) == 1
        assert chart.alt
