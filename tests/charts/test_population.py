"""The chart of who lives in a borough."""

import pytest

from charts.population import population_chart
from charts.theme import DARK, LIGHT
from evidence.population import composition


@pytest.fixture(scope="module")
def lambeth(base, groups):
    """The broad groups of Lambeth at the 2021 census."""
    shares = composition(base.population, "E09000022", groups)
    return shares[shares["ethnic_group"].isin(groups.broad)]


@pytest.fixture(scope="module")
def chart(lambeth, groups):
    return population_chart(lambeth, "Lambeth", 2021, groups, LIGHT)


def marks(chart):
    """The marks of London and of the borough, by their shape."""
    found = [trace for trace in chart.figure.data if trace.mode == "markers+text"]
    return {trace.marker.symbol: trace for trace in found}


def test_the_borough_is_a_circle_and_london_a_diamond_so_that_colour_is_not_needed(chart, lambeth):
    found = marks(chart)
    assert set(found) == {"circle", "diamond"}
    assert list(found["circle"].x) == pytest.approx(lambeth["borough"].tolist())
    assert list(found["diamond"].x) == pytest.approx(lambeth["london"].tolist())
    assert found["circle"].marker.color == LIGHT.accent
    assert found["diamond"].marker.color == LIGHT.mark
    assert "Circle: Lambeth. Diamond: London." in chart.subtitle


def test_groups_are_listed_from_the_top_in_the_classifications_order(chart, groups):
    assert list(marks(chart)["circle"].y) == ["Asian", "Black", "Mixed", "White", "Other"]
    assert chart.figure.layout.yaxis.autorange == "reversed"


def test_each_mark_carries_its_percentage(chart, lambeth):
    texts = [text.strip() for text in marks(chart)["circle"].text]
    assert texts == [f"{share:.1f}%" for share in lambeth["borough"]]


def test_labels_stand_on_the_outer_side_of_their_marks(chart, lambeth):
    circle, diamond = marks(chart)["circle"], marks(chart)["diamond"]
    for larger, one, other in zip(
        lambeth["borough"] >= lambeth["london"],
        circle.textposition,
        diamond.textposition,
        strict=True,
    ):
        assert one == ("middle right" if larger else "middle left")
        assert other == ("middle left" if larger else "middle right")


def test_the_axis_leaves_room_for_every_mark(chart, lambeth):
    left, right = chart.figure.layout.xaxis.range
    assert left < 0
    assert right > lambeth[["borough", "london"]].to_numpy().max()


def test_the_title_is_the_widest_difference_from_london(chart):
    # Asian: 7.3% against 20.7% is further apart than Black: 24.0% against 13.5%.
    assert chart.title == (
        "The Asian share of residents is smaller than London's: 7.3% against 20.7%"
    )


def test_a_larger_share_is_called_larger(lambeth, groups):
    black = lambeth[lambeth["ethnic_group"] == "black"]
    chart = population_chart(black, "Lambeth", 2021, groups, DARK)
    assert chart.title == (
        "The Black share of residents is larger than London's: 24.0% against 13.5%"
    )


def test_the_text_alternative_holds_every_groups_two_shares(chart, lambeth, groups):
    for row in lambeth.to_dict("records"):
        name = groups.short(row["ethnic_group"])
        assert f"{name} {row['borough']:.1f}%, London {row['london']:.1f}%" in chart.alt
    assert "in Lambeth and London, Census 2021" in chart.alt


def test_every_borough_has_a_chart_of_all_its_groups(base, groups):
    for borough in base.boroughs.to_dict("records"):
        shares = composition(base.population, borough["borough_code"], groups)
        chart = population_chart(shares, borough["name"], 2021, groups, LIGHT)
        assert len(set(marks(chart)["circle"].y)) == 24
        assert "nan" not in chart.alt.split()
        assert chart.figure.layout.height > 24 * 40
