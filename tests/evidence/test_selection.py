"""What is shown first: the sets of an indicator in a place, and the widest gaps."""

import numpy as np
import pandas as pd
import pytest

from evidence.selection import GOOD_KINDS, latest_sets, summarise_sets, widest_gaps

SOURCES = pd.DataFrame(
    {
        "source_id": ["official", "audit", "paper", "news"],
        "kind": ["official-statistics", "national-audit", "peer-reviewed", "news"],
    }
)
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
LOWER = {"value": 0.5, "lower": 0.4, "upper": 0.6}
ENGLAND = {"geography_level": "england", "geography_code": "E92000001"}
LAMBETH = {"geography_level": "borough", "geography_code": "E09000022"}


def ranked(made, *cells):
    found = made(*({**CLEAR, **some} for some in cells))
    return widest_gaps(found, INDICATORS, SOURCES, this_year=2026)["figure_id"].tolist()


def test_a_recent_clear_gap_from_a_good_source_that_is_for_worse_is_ranked(made):
    assert ranked(made, {}) == ["made-1"]
    assert ranked(made, {"source_id": "audit"}) == ["made-1"]
    assert ranked(made, {"source_id": "paper"}) == ["made-1"]
    assert ranked(made, {"indicator_id": "recovery", **LOWER}) == ["made-1"]


@pytest.mark.parametrize(
    "cells",
    [
        {"source_id": "news"},
        {"source_id": "not-in-the-table"},
        {"period": "2018"},
        {"period": "2007"},
        {"period": "not stated"},
        {"lower": 1.0},
        {"lower": None, "upper": None},
        {"qualifier": "about"},
        {"confidence": "seed"},
        LOWER,
        {"indicator_id": "recovery"},
        {"indicator_id": "contacts"},
        LAMBETH,
        {"geography_level": "icb"},
        {"geography_level": "subregion"},
        {"geography_level": "region"},
    ],
    ids=str,
)
def test_a_gap_that_a_board_could_not_rely_on_is_not_ranked(made, cells):
    assert ranked(made, cells) == []


def test_gaps_without_limits_are_ranked_apart_and_by_the_same_rules(made):
    def without(*cells):
        found = made(*({**CLEAR, "lower": None, "upper": None, **some} for some in cells))
        chosen = widest_gaps(found, INDICATORS, SOURCES, this_year=2026, without_limits=True)
        return chosen["figure_id"].tolist()

    assert without({}) == ["made-1"]
    assert without({"lower": 1.5, "upper": 2.7}) == []
    assert without({"value": 0.5}) == []
    assert without({"source_id": "news"}) == []
    assert without({"qualifier": "about"}) == []


def test_the_widest_gap_of_an_indicator_stands_for_it(made):
    wider = {"ethnic_group": "black-african", "value": 4, "lower": 3, "upper": 5}
    assert ranked(made, {}, wider) == ["made-2"]


def test_half_is_as_wide_as_twice_and_the_widest_comes_first(made):
    fewer = {"indicator_id": "recovery", "value": 0.25, "lower": 0.2, "upper": 0.3}
    assert ranked(made, {}, fewer) == ["made-2", "made-1"]


def test_london_comes_before_england_even_where_the_gap_is_narrower(made):
    assert ranked(made, {"value": 5, "upper": 9, **ENGLAND}, {}) == ["made-2"]


def test_the_newest_period_comes_before_a_wider_gap(made):
    assert ranked(made, {"value": 5, "upper": 9, "period": "2020"}, {}) == ["made-2"]


def test_a_few_people_counted_in_steps_of_five_are_not_ranked(made):
    def percentages(people):
        cells = {"measure": "percentage", "unit": "%", "source_id": "official", "period": "2022"}
        found = made(
            {**cells, "ethnic_group": "white", "value": 10, "numerator": 500,
             "denominator": 5000, "count_rounding": 5},
            {**cells, "value": 80, "numerator": 0.8 * people, "denominator": people,
             "count_rounding": 5},
        )  # fmt: skip
        assert found["verdict"].iloc[1] == "higher"
        return len(widest_gaps(found, INDICATORS, SOURCES, this_year=2026))

    assert percentages(45) == 0
    assert percentages(50) == 1


def test_the_ranking_of_the_tables_holds_to_its_own_rules(base, gapped):
    found = widest_gaps(gapped, base.indicators, base.sources, this_year=base.released.year)
    assert len(found) >= 5
    assert found["indicator_id"].is_unique
    widths = np.abs(np.log(found["ratio"]))
    assert widths.is_monotonic_decreasing
    assert (found["year"] >= base.released.year - 7).all()
    assert found["qualifier"].isna().all()
    wide_areas = {"london", "england", "england-and-wales", "uk"}
    assert set(found["geography_level"]) <= wide_areas
    kinds = base.sources.set_index("source_id")["kind"]
    assert set(found["source_id"].map(kinds)) <= {str(kind) for kind in GOOD_KINDS}
    directions = found["indicator_id"].map(base.indicators.set_index("indicator_id")["direction"])
    worse = {"higher-is-worse": "higher", "higher-is-better": "lower"}
    assert (directions.map(worse) == found["verdict"]).all()
    assert ((found["ratio_lower"] > 1) | (found["ratio_upper"] < 1)).all()


def test_a_set_with_a_reference_is_shown_before_a_newer_one_without(made):
    found = summarise_sets(
        made(
            {"ethnic_group": "black", "value": 20, "period": "2024"},
            {"ethnic_group": "black", "value": 20, "period": "2020"},
            {"ethnic_group": "white", "value": 10, "period": "2020"},
        )
    )
    assert found["period"].tolist() == ["2020", "2024"]
    assert found["compared"].tolist() == [True, False]
    assert found["groups"].tolist() == [2, 1]


def test_the_newest_set_is_shown_first_and_one_without_a_year_last(made):
    cells = [
        {"ethnic_group": group, "value": 10, "period": period}
        for period in ("2019", "not stated", "2021-22")
        for group in ("black", "white")
    ]
    assert summarise_sets(made(*cells))["period"].tolist() == ["2021-22", "2019", "not stated"]


def test_broad_groups_are_shown_before_detailed_ones(gapped):
    rows = gapped[
        (gapped["geography_name"] == "Lambeth")
        & (gapped["indicator_id"] == "talking-therapies-recovery")
    ]
    found = summarise_sets(rows)
    first = found[found["period"] == found["period"].iloc[0]]
    assert first["breakdown"].tolist() == ["broad", "detailed"]
    assert found["set_id"].is_unique
    assert found["groups"].sum() == rows["value"].notna().sum()


def test_a_published_ratio_alone_is_a_comparison_and_a_lone_value_is_none(made):
    ratio = made(CLEAR)
    lone = made({"ethnic_group": "white", "value": 10})
    assert summarise_sets(ratio)["compared"].tolist() == [True]
    assert summarise_sets(lone)["compared"].tolist() == [False]


def test_a_set_with_no_value_at_all_is_not_shown(made):
    assert summarise_sets(made({"blank_reason": "suppressed"})).empty


def test_one_set_stands_for_each_indicator_in_each_place(gapped):
    found = latest_sets(gapped)
    assert not found.duplicated(["indicator_id", "geography_code"]).any()
    told = gapped[gapped["value"].notna()]
    pairs = set(told[["indicator_id", "geography_code"]].itertuples(index=False, name=None))
    shown = set(found[["indicator_id", "geography_code"]].itertuples(index=False, name=None))
    assert shown == pairs
