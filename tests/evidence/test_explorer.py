"""The gap explorer: which gap stands for a set, how large it is at least, and what is ranked."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.explorer import Sense, Wanted, not_measured_in, points, widest
from evidence.selection import NOT_RANKED, widest_gaps, without_twins

SOURCES = pd.DataFrame({"source_id": ["official"], "kind": ["official-statistics"]})
INDICATORS = pd.DataFrame(
    {
        "indicator_id": ["infant-death", "recovery", "contacts"],
        "direction": ["higher-is-worse", "higher-is-better", "neither"],
    }
)
CLEAR = {
    "measure": "rate_ratio",
    "unit": "ratio",
    "comparator": "white",
    "source_id": "official",
    "value": 2,
    "lower": 1.5,
    "upper": 2.7,
    "period": "2022",
}
UNCLEAR = {"value": 3, "lower": 0.5, "upper": 9}
NO_LIMITS = {"lower": None, "upper": None}
LAMBETH = {"geography_level": "borough", "geography_code": "E09000022"}
HOSPITAL = {"geography_level": "london", "geography_code": "lon-one-hospital"}


def all_points(made, *cells, wanted=None):
    rows = made(*({**CLEAR, **some} for some in cells)).assign(strength="strong")
    return points(rows, INDICATORS, SOURCES, this_year=2026, wanted=wanted)


def only(made, *cells):
    found = all_points(made, *cells)
    assert len(found) == 1
    return found.iloc[0]


@pytest.fixture(scope="module")
def every(base, gapped):
    return points(gapped, base.indicators, base.sources, this_year=base.released.year)


def test_the_size_at_least_is_that_of_the_limit_nearer_to_no_difference(made):
    higher = only(made, {})
    assert (higher["size"], higher["at_least"], higher["across"]) == (2, 1.5, 2)
    lower = only(made, {"indicator_id": "recovery", "value": 0.5, "lower": 0.4, "upper": 0.8})
    assert (lower["size"], lower["at_least"], lower["across"]) == (2, 1.25, 2)


def test_a_gap_that_is_better_for_the_group_lies_on_the_other_side(made):
    found = only(made, {"indicator_id": "recovery"})
    assert found["sense"] == Sense.BETTER
    assert (found["size"], found["across"]) == (2, 0.5)
    neither = only(made, {"indicator_id": "contacts"})
    assert (neither["sense"], neither["across"]) == (Sense.NEITHER, 2)


def test_a_gap_that_is_not_clear_is_at_least_nothing_and_one_without_limits_says_so(made):
    unclear = only(made, UNCLEAR)
    assert not unclear["clear"]
    assert (unclear["size"], unclear["at_least"]) == (3, 1)
    assert np.isnan(only(made, NO_LIMITS)["at_least"])


def test_the_gap_that_is_largest_at_least_stands_for_its_set(made):
    lucky = {"ethnic_group": "asian", "value": 9, "lower": 1.1, "upper": 70}
    assert only(made, lucky, {})["ethnic_group"] == "black"
    wider = {"ethnic_group": "asian", "value": 5, "lower": 4, "upper": 6}
    assert only(made, wider, {})["ethnic_group"] == "asian"
    assert only(made, {**UNCLEAR, "ethnic_group": "asian"}, {})["ethnic_group"] == "black"


def test_a_gap_for_better_stands_for_a_set_only_where_none_is_for_worse(made):
    better = {"ethnic_group": "asian", "value": 0.1, "lower": 0.05, "upper": 0.2}
    assert only(made, better, {})["ethnic_group"] == "black"
    assert only(made, better, UNCLEAR)["ethnic_group"] == "asian"


@pytest.mark.parametrize("group", NOT_RANKED[:-1])
def test_a_group_that_may_hold_people_of_no_known_group_does_not_stand_for_a_set(made, group):
    wider = {"ethnic_group": group, "value": 9, "lower": 8, "upper": 10}
    assert only(made, wider, {"ethnic_group": "black-african"})["ethnic_group"] == "black-african"
    assert widest(all_points(made, wider)).empty


def test_filters_let_through_what_they_name(made):
    cells = [{}, {"ethnic_group": "asian", "value": 5, "upper": 7}, {**LAMBETH, "period": "2015"}]
    assert len(all_points(made, *cells)) == 2
    assert all_points(made, *cells, wanted=Wanted(groups=("black",)))["value"].tolist() == [2, 2]
    near = all_points(made, *cells, wanted=Wanted(near="borough"))
    assert near["geography_code"].tolist() == ["E09000022"]
    assert all_points(made, *cells, wanted=Wanted(since=2020))["year"].tolist() == [2022]
    assert all_points(made, *cells, wanted=Wanted(area="cancer")).empty


@pytest.mark.parametrize(
    "cells",
    [
        UNCLEAR,
        NO_LIMITS,
        {"indicator_id": "recovery"},
        {"indicator_id": "contacts"},
        {"period": "2018"},
        {"qualifier": "about"},
        {"confidence": "seed"},
        {"source_id": "not-in-the-table"},
        LAMBETH,
        HOSPITAL,
    ],
    ids=str,
)
def test_what_a_board_could_not_rely_on_is_a_point_but_not_in_the_ranking(made, cells):
    found = all_points(made, cells)
    assert len(found) == 1
    assert widest(found).empty


def test_boroughs_and_single_hospitals_are_ranked_only_where_they_are_asked_for(made):
    for part in (LAMBETH, HOSPITAL):
        found = all_points(made, part)
        assert widest(found).empty
        assert len(widest(found, parts=True)) == 1


def test_limited_evidence_is_not_ranked(made):
    rows = made(CLEAR).assign(strength="limited")
    found = points(rows, INDICATORS, SOURCES, this_year=2026)
    assert widest(found).empty


def test_of_an_indicator_in_a_place_the_newest_period_is_ranked(made):
    wider = {"value": 5, "lower": 4, "upper": 6, "period": "2020"}
    assert widest(all_points(made, wider, {}))["period"].tolist() == ["2022"]


def test_the_ranking_of_the_tables_is_sorted_by_what_the_gaps_are_at_least(base, gapped, every):
    ranked = widest(every)
    assert len(ranked) >= 10
    assert ranked["at_least"].is_monotonic_decreasing
    assert (ranked["at_least"] > 1).all()
    assert set(ranked["strength"]) <= {"strong", "fair"}
    assert not ranked["ethnic_group"].isin(NOT_RANKED).any()
    assert not ranked.duplicated(["indicator_id", "geography_code"]).any()
    # By the same rules as the widest gaps of the other pages, which take one an indicator.
    others = widest_gaps(gapped, base.indicators, base.sources, this_year=base.released.year)
    assert set(others["indicator_id"]) <= set(ranked["indicator_id"])


def test_every_set_with_a_ratio_is_one_point(gapped, every):
    assert every["set_id"].is_unique
    assert set(every["set_id"]) == set(without_twins(gapped[gapped["ratio"] > 0])["set_id"])
    assert (every["size"] >= 1).all()
    assert (every["at_least"].dropna() >= 1).all()
    assert (every["at_least"].dropna() <= every["size"][every["at_least"].notna()] + 1e-9).all()


OURS = {**CLEAR, "calculation": "Rate of the group ÷ rate of White people.",
        "calculation_source_id": "official"}  # fmt: skip
RATES = {"measure": "rate", "unit": "per 100,000 people", "source_id": "official"}


def rates(lower, upper):
    """Published rates of two groups, with limits or without."""
    black = {**RATES, "value": 20, "lower": lower, "upper": upper}
    white = {**RATES, "ethnic_group": "white", "value": 10}
    return black, white | ({"lower": 9, "upper": 11} if lower else {})


def test_published_rates_and_our_ratios_of_them_are_one_point(made):
    ours = made(OURS).iloc[0]["set_id"]
    limited = [{"lower": None, "upper": None, **one} for one in rates(18, 22)]
    found = only(made, *limited, OURS)
    assert found["set_id"] != ours, "both have limits: the published one stays"
    assert found["ratio"] == 2
    bare = [{"lower": None, "upper": None, **one} for one in rates(None, None)]
    assert only(made, *bare, OURS)["set_id"] == ours, "the one with limits stays"
    unlimited = {**OURS, **NO_LIMITS}
    assert only(made, *bare, unlimited)["set_id"] != ours
    assert only(made, OURS)["set_id"] == ours, "what has no twin stays"


def test_comparisons_that_differ_in_their_people_or_reference_are_no_twins(made):
    for other in (
        {"population": "people at home"},
        {"period": "2021"},
        {"standardisation": "adjusted"},
        {"comparator": "white-british"},
        {"calculation": None, "calculation_source_id": None},
    ):
        both = [{"lower": None, "upper": None, **one} for one in rates(18, 22)]
        assert len(all_points(made, *both, {**OURS, **other})) == 2, other


def test_no_comparison_of_the_tables_is_two_points_or_marked_differently(base, gapped, every):
    ours = gapped[gapped["calculation"].notna() & (gapped["measure"] == "rate_ratio")]
    assert ours["set_id"].nunique() == 9
    assert len(ours) == 48
    of_england = set(ours.loc[ours["geography_name"] == "England", "set_id"])
    elsewhere = set(ours["set_id"]) - of_england
    assert not of_england & set(every["set_id"]), "the published ones have limits too"
    assert elsewhere <= set(every["set_id"]), "the published ones there have no limits"
    ranked = widest_gaps(gapped, base.indicators, base.sources, this_year=base.released.year)
    told = dict(zip(every["set_id"], every["calculation"].notna(), strict=True))
    for row in ranked.to_dict("records"):
        assert told[row["set_id"]] == (row["calculation"] == row["calculation"])


def test_what_a_borough_has_figures_of_is_not_among_what_it_lacks(base):
    lacking, around = not_measured_in(base.figures, base.areas, "E09000022")
    own = base.figures[
        (base.figures["geography_code"] == "E09000022")
        & base.figures["value"].notna()
        & ~base.figures["history"]
        & ~base.figures["ethnic_group"].isin(["all", "unknown"])
    ]
    assert not lacking & set(own["indicator_id"])
    assert "stillbirth" in lacking
    assert "talking-therapies-recovery" not in lacking
    assert {"E09000022", "E12000007", "E92000001"} <= around
    assert "E09000001" not in around, "another borough's figures are not borrowed"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.05, 20), st.floats(1, 3), st.floats(1, 3)), min_size=1, max_size=5
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_rows_changes_nothing(made, some, shuffle):
    groups = ["black", "asian", "mixed", "other", "black-african"]
    cells = [
        {
            "ethnic_group": group,
            "value": round(value, 3),
            "lower": round(value / low, 3),
            "upper": round(value * high, 3),
        }
        for group, (value, low, high) in zip(groups, some, strict=False)
    ]
    rows = made(*({**CLEAR, **one} for one in cells)).assign(strength="strong")
    order = list(range(len(rows)))
    shuffle.shuffle(order)
    one = points(rows, INDICATORS, SOURCES, this_year=2026)
    other = points(rows.iloc[order], INDICATORS, SOURCES, this_year=2026)
    assert one["figure_id"].tolist() == other["figure_id"].tolist()
