"""Boroughs side by side: each of the 33 has a value or a reason, and gaps are the set's own."""

from __future__ import annotations

import pandas as pd
import pytest

from evidence.place_series import series_across
from evidence.place_values import Standing, show_across
from evidence.places import (
    PLACE_KEYS,
    Shown,
    across_boroughs,
    indicators_across,
    london_of,
    references_of,
    ways_to_show,
)
from evidence.statistics import Verdict
from tests.borough_rows import BRENT, LAMBETH, SOUTHWARK, here

RECOVERY = "talking-therapies-recovery"


def by_name(across):
    return across.boroughs.set_index("name")


# --- Joining ---------------------------------------------------------------------------------


def test_joined_sets_differ_in_nothing_but_the_place(joined):
    told = joined[[*PLACE_KEYS]].fillna("").astype(str)
    per_set = told.groupby(joined["set_id"]).nunique()
    assert (per_set == 1).all().all()
    assert (joined["geography_level"] == "borough").all()
    assert joined["set_id"].nunique() < joined.groupby(["geography_code", "set_id"]).ngroups


def test_a_borough_has_one_figure_of_a_group_in_a_joined_set(joined):
    assert not joined.duplicated(["set_id", "geography_code", "ethnic_group"]).any()


def test_no_figure_of_a_borough_is_lost_in_joining(base, joined):
    both = pd.concat([base.figures, base.context])
    own = both[both["geography_level"] == "borough"]
    assert sorted(joined["figure_id"]) == sorted(own["figure_id"])


def test_comparisons_against_different_groups_are_not_joined(made):
    ratio = {"measure": "rate_ratio", "unit": "ratio"}
    rows = across_boroughs(
        made(
            here(LAMBETH, "black", 2.0, comparator="white", **ratio),
            here(BRENT, "black", 2.0, comparator="white-british", **ratio),
            here(SOUTHWARK, "black", 3.0, comparator="white", **ratio),
        )
    )
    sets = rows.groupby("geography_name")["set_id"].first()
    assert sets["Lambeth"] == sets["Southwark"] != sets["Brent"]


def test_nothing_to_join_gives_nothing(base):
    assert across_boroughs(base.figures.head(0)).empty
    assert indicators_across(across_boroughs(base.figures.head(0))).empty


def test_every_indicator_with_borough_figures_is_listed_with_how_many_boroughs(joined, base):
    listed = indicators_across(joined).set_index("indicator_id")
    assert set(listed.index) == set(joined["indicator_id"])
    assert listed.at[RECOVERY, "boroughs"] == 29
    assert listed.at[RECOVERY, "compared"] == 29
    assert listed.at[RECOVERY, "divided"]
    # Means are not divided; context is of everyone and compares nobody.
    assert not listed.at["attainment-8", "divided"]
    assert listed.at["deprivation-score", "compared"] == 0


# --- What can be shown -----------------------------------------------------------------------


def test_a_broad_group_is_held_against_white_and_a_detailed_one_against_white_british(
    recovery, groups
):
    assert references_of(recovery, "black", groups)[0] == "white"
    assert references_of(recovery, "black-african", groups)[0] == "white-british"


def test_no_group_is_held_against_people_that_it_holds_or_against_everyone(recovery, groups):
    found = references_of(recovery, "black", groups)
    assert not {"black", "black-african", "black-caribbean", "all", "unknown"} & set(found)
    assert {"asian", "white-british"} <= set(found)


def test_rates_are_divided_means_are_subtracted_and_counts_are_only_shown(joined, recovery):
    def of(indicator):
        rows = joined[joined["indicator_id"] == indicator]
        return ways_to_show(rows[rows["set_id"] == rows["set_id"].iloc[0]])

    assert ways_to_show(recovery) == [Shown.FIGURE, Shown.RATIO]
    assert of("attainment-8") == [Shown.FIGURE, Shown.DIFFERENCE]
    assert of("talking-therapies-referrals") == [Shown.FIGURE]
    assert of("detention-under-the-mental-health-act") == [Shown.RATIO]


# --- Figures ---------------------------------------------------------------------------------


def test_every_borough_has_its_published_figure_or_a_reason(recovery, base, groups):
    london = london_of(base.figures, recovery, "black")
    across = show_across(
        recovery, base.boroughs, groups, shown=Shown.FIGURE, group="black", london=london
    )
    assert len(across.boroughs) == 33
    told = by_name(across)
    own = recovery[recovery["ethnic_group"] == "black"].set_index("geography_name")
    for name, row in own.iterrows():
        assert told.at[name, "value"] == row["value"]
        assert told.at[name, "lower"] == row["limit_lower"]
    lacking = told[told["standing"] == Standing.NOT_MEASURED]
    assert list(lacking.index) == [
        "City of London", "Hackney", "Kensington and Chelsea", "Westminster",
    ]  # fmt: skip
    assert lacking["value"].isna().all()
    assert set(lacking["told"]) == {"not measured"}


def test_a_borough_is_higher_or_lower_only_where_its_limits_leave_londons_figure_out(
    recovery, base, groups
):
    london = london_of(base.figures, recovery, "black")
    across = show_across(
        recovery, base.boroughs, groups, shown=Shown.FIGURE, group="black", london=london
    )
    middle = london["value"]
    assert middle == 50
    for row in across.measured.to_dict("records"):
        if row["verdict"] == Verdict.HIGHER:
            assert row["lower"] > middle
        elif row["verdict"] == Verdict.LOWER:
            assert row["upper"] < middle
        else:
            assert row["lower"] <= middle <= row["upper"]
    assert by_name(across).at["Newham", "verdict"] == Verdict.HIGHER
    assert by_name(across).at["Islington", "verdict"] == Verdict.LOWER


def test_without_a_figure_of_london_no_borough_is_judged(recovery, base, groups):
    across = show_across(recovery, base.boroughs, groups, shown=Shown.FIGURE, group="black")
    assert across.boroughs["verdict"].isna().all()
    assert across.london is None


def test_suppressed_and_not_published_and_not_measured_are_told_apart(made, base, groups):
    rows = across_boroughs(
        made(
            here(LAMBETH, "black"),
            here(BRENT, "black", blank_reason="not-published"),
            here(SOUTHWARK, "black", 12.0),
        )
    )
    told = by_name(show_across(rows, base.boroughs, groups, shown=Shown.FIGURE, group="black"))[
        "standing"
    ]
    assert told["Lambeth"] == Standing.SUPPRESSED
    assert told["Brent"] == Standing.NOT_PUBLISHED
    assert told["Southwark"] == Standing.MEASURED
    assert told["Camden"] == Standing.NOT_MEASURED


def test_a_figure_of_nought_is_measured(made, base, groups):
    rows = across_boroughs(made(here(LAMBETH, "black", 0.0)))
    across = show_across(rows, base.boroughs, groups, shown=Shown.FIGURE, group="black")
    assert by_name(across).at["Lambeth", "standing"] == Standing.MEASURED
    assert list(across.measured["name"]) == ["Lambeth"]


def test_a_group_that_no_borough_has_leaves_every_borough_not_measured(recovery, base, groups):
    across = show_across(
        recovery, base.boroughs, groups, shown=Shown.FIGURE, group="white-gypsy-irish-traveller"
    )
    assert (across.boroughs["standing"] == Standing.NOT_MEASURED).all()
    assert across.measured.empty


# --- Gaps ------------------------------------------------------------------------------------


def test_the_ratio_of_a_borough_is_that_of_its_own_comparison_set(recovery, base, groups, gapped):
    across = show_across(
        recovery, base.boroughs, groups, shown=Shown.RATIO, group="black", reference="white"
    )
    own = gapped.set_index("figure_id")
    assert len(across.measured) == 29
    for row in across.measured.to_dict("records"):
        figure = own.loc[row["figure_id"]]
        assert figure["reference_group"] == "white"
        assert row["value"] == pytest.approx(figure["ratio"])
        assert row["lower"] == pytest.approx(figure["ratio_lower"])
        assert row["verdict"] == figure["verdict"]
    assert across.unit == "times"


def test_a_gap_to_another_group_than_the_usual_one_is_its_reverse_the_other_way(
    recovery, base, groups
):
    one = show_across(
        recovery, base.boroughs, groups, shown=Shown.RATIO, group="black", reference="asian"
    )
    other = show_across(
        recovery, base.boroughs, groups, shown=Shown.RATIO, group="asian", reference="black"
    )
    product = by_name(one)["value"] * by_name(other)["value"]
    assert product.dropna().to_numpy() == pytest.approx(1)
    assert product.notna().sum() == 29


def test_a_gap_needs_both_groups_and_says_which_kind_of_blank_stands_in_its_way(made, base, groups):
    rows = across_boroughs(
        made(
            here(LAMBETH, "black", 12.0),
            here(LAMBETH, "white"),
            here(BRENT, "black", 12.0),
            here(SOUTHWARK, "black", 12.0),
            here(SOUTHWARK, "white", 24.0),
        )
    )
    across = show_across(
        rows, base.boroughs, groups, shown=Shown.RATIO, group="black", reference="white"
    )
    told = by_name(across)
    assert told.at["Lambeth", "standing"] == Standing.SUPPRESSED
    assert told.at["Brent", "standing"] == Standing.NOT_MEASURED
    assert told.at["Southwark", "value"] == 0.5
    assert told.at["Southwark", "told"] == "0.50 times"


def test_a_ratio_to_nothing_is_not_compared_and_not_infinite(made, base, groups):
    rows = across_boroughs(made(here(LAMBETH, "black", 12.0), here(LAMBETH, "white", 0.0)))
    across = show_across(
        rows, base.boroughs, groups, shown=Shown.RATIO, group="black", reference="white"
    )
    assert by_name(across).at["Lambeth", "standing"] == Standing.NOT_COMPARED
    assert across.boroughs["value"].isna().all()


def test_a_published_ratio_is_shown_as_published(joined, base, groups):
    rows = joined[joined["indicator_id"] == "detention-under-the-mental-health-act"]
    one = rows[rows["set_id"] == rows["set_id"].iloc[0]]
    (reference,) = references_of(one, "black", groups)
    across = show_across(
        one, base.boroughs, groups, shown=Shown.RATIO, group="black", reference=reference
    )
    (row,) = across.measured.to_dict("records")
    assert row["name"] == "Lambeth"
    assert row["told"] == "almost 5 times"


def test_means_are_subtracted_in_their_own_unit(joined, base, groups):
    rows = joined[joined["indicator_id"] == "attainment-8"]
    one = rows[rows["period"] == rows["period"].max()]
    across = show_across(
        one, base.boroughs, groups, shown=Shown.DIFFERENCE, group="black", reference="white"
    )
    values = one.pivot_table(index="geography_name", columns="ethnic_group", values="value")
    expected = (values["black"] - values["white"]).dropna()
    assert by_name(across)["value"].dropna().to_dict() == pytest.approx(expected.to_dict())
    assert across.unit == "points"


# --- Years -----------------------------------------------------------------------------------


def test_the_years_of_every_borough_follow_the_same_kind_of_figure(base, recovery):
    series = series_across(base.figures, recovery, "black", "white")
    assert list(series["period"].unique()) == sorted(series["period"].unique())
    assert set(series["ethnic_group"]) == {"black", "white"}
    lambeth = series[(series["geography_code"] == LAMBETH) & (series["ethnic_group"] == "black")]
    assert list(lambeth["period"]) == ["2017-18", "2018-19", "2019-20"]
    assert lambeth["told"].iloc[-1] == "49%"
    assert not series.duplicated(["geography_code", "period", "ethnic_group"]).any()
    assert "E12000007" in set(series["geography_code"])


def test_years_of_one_group_alone_need_no_other(base, recovery):
    series = series_across(base.figures, recovery, "black", None)
    assert set(series["ethnic_group"]) == {"black"}
