"""A whole set of groups: which groups it takes, what it can't say, and in which words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.inequality import inequality_of_set, lead_of_set, missing_told, why_no_inequality
from evidence.inequality_groups import (
    groups_apart,
    left_out_of_inequality,
    warning_of_extremes,
)
from evidence.inequality_words import BOARD, NAMES
from evidence.statistics import summary_measures
from tests.made_sets import percentages

FIVE = {
    "asian": (90, 1000),
    "black": (120, 1000),
    "mixed": (80, 500),
    "other": (60, 600),
    "white": (400, 8000),
}


@pytest.fixture(scope="session")
def five(made):
    return made(*percentages(FIVE))


ADVERSE = {"indicator_id": "infant-death", "name": "Death", "direction": "higher-is-worse"}
FAVOURABLE = {**ADVERSE, "direction": "higher-is-better"}
NEITHER = {**ADVERSE, "direction": "neither"}


def measures(rows, indicator, groups):
    return inequality_of_set(rows, indicator, groups).set_index("measure")


def set_of(gapped, indicator, **where):
    """The first committed set of an indicator, with some of its keys given."""
    rows = gapped[(gapped["indicator_id"] == indicator) & gapped["value"].notna()]
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return gapped[gapped["set_id"] == rows["set_id"].iloc[0]]


def test_the_measures_are_those_of_the_statistics_with_errors_from_the_limits(five, groups):
    found = measures(five, ADVERSE, groups)
    used = groups_apart(five, groups)
    plain = summary_measures(
        used["estimate"],
        population=used["denominator"],
        standard_error=(used["limit_upper"] - used["limit_lower"]) / 3.92,
        favourable=False,
        reference=list(used["ethnic_group"]).index("white"),
    )
    rest = [code for code in NAMES if code not in {"d", "r"}]
    for column in ("estimate", "lower", "upper"):
        np.testing.assert_allclose(found.loc[rest, column], plain.loc[rest, column])
    assert found.index.is_unique
    assert set(found.index) == set(plain.index)


def test_difference_and_ratio_are_of_the_highest_and_the_lowest_not_of_the_reference(made, groups):
    rows = made(*percentages({**FIVE, "white": (800, 8000), "other": (30, 600)}))
    found = measures(rows, ADVERSE, groups)
    assert found.loc["d", "estimate"] == pytest.approx(16 - 5)
    assert found.loc["r", "estimate"] == pytest.approx(16 / 5)
    assert found.loc["d", "says"] == (
        "The highest figure (Mixed, 16%) and the lowest (Other, 5%) lie 11 percentage points apart."
    )


def test_a_board_reads_five_measures_first(five, groups):
    found = inequality_of_set(five, ADVERSE, groups)
    assert list(found["measure"].head(5)) == list(BOARD)
    assert list(found["audience"].head(6)) == ["board"] * 5 + ["analysts"]
    assert (found["says"] != "").all()
    assert (found["limits"] != "").all()


def test_each_line_says_what_its_measure_says_of_this_set(five, groups):
    says = measures(five, ADVERSE, groups)["says"]
    assert says["r"] == "The highest figure (Mixed, 16%) is 3.20 times the lowest (White, 5%)."
    # All together 750 of 11,100 people, which is 6.76%; White stands at 5%: 26% lower.
    assert says["paf"] == (
        "If every group had the figure of the best-off group (White, 5%), that of all groups "
        "together would be 26.0% lower."
    )
    # (4 + 7 + 11 + 5 + 0) / 5 percentage points from White.
    assert says["mdru"].startswith("On average a group's figure lies 5.4 percentage points from")
    assert "compared between years of this set" in says["ti"]


def test_the_best_off_group_is_the_highest_where_higher_is_better(five, groups):
    found = measures(five, FAVOURABLE, groups)
    assert "best-off group (Mixed, 16%)" in found.loc["paf", "says"]
    assert found.loc["paf", "says"].endswith("higher.")
    assert found.loc["paf", "value"].endswith("% higher")


@pytest.mark.parametrize("indicator", [ADVERSE, FAVOURABLE])
def test_what_would_change_is_told_without_signs(five, groups, indicator):
    found = measures(five, indicator, groups)
    for code in ("par", "paf"):
        row = found.loc[code]
        assert "\N{MINUS SIGN}" not in row["value"] + row["limits"] + row["says"]
        low, high = (float(end) for end in row["limits"].split(" to "))
        assert low < abs(row["estimate"]) < high


def test_without_a_direction_no_group_is_best_off(five, groups):
    found = measures(five, NEITHER, groups)
    for code in ("paf", "par", "mdbu", "mdbw"):
        assert found.loc[code, "value"] == ""
        assert found.loc[code, "reason"].startswith("neither higher nor lower is better")
    assert found.loc["d", "value"] != ""
    assert not found["says"].str.contains("best-off").any()


def test_without_the_people_of_one_group_only_measures_that_need_none_remain(made, groups):
    every = percentages(FIVE)
    every[0] |= {"numerator": None, "denominator": None, "lower": 7.3, "upper": 10.9}
    found = measures(made(*every), ADVERSE, groups)
    assert set(found.index[found["value"] != ""]) == {"d", "r", "mdru", "mdbu"}
    reasons = found.loc[found["value"] == "", "reason"].unique()
    assert list(reasons) == ["the source does not say how many people each group has"]
    assert (found.loc[["d", "r", "mdru", "mdbu"], "limits"] != "").all()
    told = missing_told(found)
    assert "Index of disparity, Population attributable fraction" in told
    assert "does not say how many people" in told


@pytest.mark.parametrize("upper", [None, 9.0], ids=["no limits", "limits rounded onto the figure"])
def test_where_one_group_has_no_limits_no_measure_has_any(made, groups, upper):
    every = percentages(FIVE)
    every[0] |= {"numerator": None, "denominator": None, "lower": upper, "upper": upper}
    found = measures(made(*every), ADVERSE, groups)
    told = found[found["value"] != ""]
    assert (told["limits"] == "").all()
    assert (told["reason"] == "no limits, as not every group has them").all()
    assert "chance can't be told" in warning_of_extremes(made(*every), groups)


def test_means_are_never_divided_and_may_lie_below_zero(made, groups):
    rows = made(
        *(
            {"measure": "mean", "unit": "points", "ethnic_group": code, "value": value}
            for code, value in {"asian": 0.5, "black": -0.1, "mixed": 0.0, "white": -0.3}.items()
        )
    )
    found = measures(rows, FAVOURABLE, groups)
    assert found.loc["d", "value"] == "0.8 points"
    assert found.loc["mdru", "estimate"] == pytest.approx((0.8 + 0.2 + 0.3 + 0) / 4)
    assert found.loc["r", "reason"] == found.loc["idisu", "reason"]
    assert found.loc["r", "reason"] == "means and medians are compared by their difference alone"
    assert "\N{MINUS SIGN}0.3 points" in lead_of_set(rows, FAVOURABLE, groups)


def test_medians_are_not_averaged(made, groups):
    rows = made(
        *(
            {"measure": "median", "unit": "years", "ethnic_group": code, "value": value}
            | {"denominator": 50}
            for code, value in {"asian": 51, "black": 48, "white": 60}.items()
        )
    )
    found = measures(rows, NEITHER, groups)
    assert found.loc["bgv", "reason"] == "medians of groups can't be averaged"
    assert found.loc["d", "value"] == "12 years"


def test_totals_unknown_and_all_but_one_group_are_no_groups(made, groups):
    more = {"all": (800, 12000), "unknown": (50, 400), "ethnic-minority-excl-white": (350, 3100)}
    rows = made(*percentages({**FIVE, **more}))
    assert set(groups_apart(rows, groups)["ethnic_group"]) == set(FIVE)
    assert left_out_of_inequality(rows, groups) == ""


def test_groups_that_contain_one_another_are_not_both_taken(made, groups):
    rows = made(*percentages({**FIVE, "black-african": (50, 400)}))
    assert set(groups_apart(rows, groups)["ethnic_group"]) == set(FIVE)
    assert left_out_of_inequality(rows, groups) == (
        "Left out: Black African (people in them are counted in other groups here)."
    )


def test_of_two_levels_that_hold_the_same_people_the_detailed_one_is_taken(made, groups):
    parts = ("black-african", "black-caribbean", "black-other")
    rows = made(*percentages({**FIVE, **dict.fromkeys(parts, (50, 400))}))
    assert set(groups_apart(rows, groups)["ethnic_group"]) == {*FIVE, *parts} - {"black"}


def test_chinese_pupils_are_set_beside_asian_pupils(gapped, indicators, groups):
    rows = set_of(gapped, "attainment-8", ethnic_group="asian-chinese")
    assert (
        "Chinese pupils are not counted in the Asian group"
        in (indicators["attainment-8"]["caveats"])
    )
    assert {"asian", "asian-chinese"} <= set(groups_apart(rows, groups)["ethnic_group"])


def test_no_two_groups_of_any_committed_set_share_people(gapped, groups):
    told = gapped[gapped["value"].notna()].sort_values("ethnic_group")
    listed = told.groupby("set_id")["ethnic_group"].agg(" ".join).drop_duplicates()
    assert len(listed) > 100
    for _, rows in told[told["set_id"].isin(listed.index)].groupby("set_id"):
        codes = [str(code) for code in groups_apart(rows, groups)["ethnic_group"]]
        members = [groups.members(code) for code in codes if code != "asian-chinese"]
        assert sum(map(len, members)) == len(frozenset().union(*members))


def test_two_groups_counts_and_published_ratios_are_not_summed_up(made, groups):
    two = made(*percentages({"black": (12, 100), "white": (400, 8000)}))
    assert "fewer than three groups" in why_no_inequality(two, groups)
    counts = made(
        *({"measure": "count", "unit": "people", "ethnic_group": c, "value": 9.0} for c in FIVE)
    )
    assert why_no_inequality(counts, groups) == (
        "only rates, percentages, means and medians are summed up"
    )
    assert inequality_of_set(counts, ADVERSE, groups).empty
    assert lead_of_set(counts, ADVERSE, groups) == ""


def test_the_lead_calls_nothing_a_difference_that_the_limits_do_not_bear(made, five, groups):
    few = made(*percentages({"asian": (3, 30), "black": (4, 30), "white": (2, 30)}))
    lead = lead_of_set(few, ADVERSE, groups)
    assert lead.endswith("no clear difference.")
    assert "times" not in lead
    clear = lead_of_set(five, ADVERSE, groups)
    assert clear.startswith("Of the 5 groups in this source, the highest figure (Mixed, 16%)")
    assert clear.endswith("the highest is 3.20 times the lowest.")


def test_extremes_that_may_be_luck_are_named(made, five, groups):
    few = made(*percentages({**FIVE, "mixed": (7, 40)}))
    warning = warning_of_extremes(few, groups)
    assert "Mixed is not clearly apart from other groups" in warning
    assert "Mixed is of fewer than 50 people" in warning
    assert "White" not in warning
    apart = made(
        *percentages({"asian": (900, 3000), "black": (1500, 3000), "white": (300, 3000)}),
    )
    assert warning_of_extremes(apart, groups) == ""


def test_a_percentage_of_0_or_100_without_counts_is_said_to_come_from_very_few(gapped, groups):
    flat = gapped[(gapped["indicator_id"] == "school-readiness") & (gapped["value"] == 100)]
    rows = gapped[gapped["set_id"] == flat["set_id"].iloc[0]]
    assert "at 0% or 100%, which comes from very few people" in warning_of_extremes(rows, groups)


def test_one_percentage_point_is_one_point(made, groups):
    rows = made(
        *({"ethnic_group": c, "value": v} for c, v in zip(FIVE, (5, 5, 6, 5, 5), strict=True))
    )
    found = measures(rows, ADVERSE, groups)
    assert found.loc["d", "value"] == "1 percentage point"
    assert "Asian, Black, Other" not in found.loc["d", "says"]
    assert "(4 groups, 5%)" in found.loc["d", "says"]


def test_groups_without_a_difference_are_told_as_alike(made, groups):
    rows = made(*percentages(dict.fromkeys(FIVE, (50, 1000))))
    found = measures(rows, ADVERSE, groups)
    assert found.loc["d", "says"] == "All groups have the same figure."
    assert found.loc["paf", "says"].startswith("No group's figure differs")
    assert lead_of_set(rows, ADVERSE, groups).endswith("all have the same figure: 5%.")


def test_a_zero_figure_has_no_ratio_and_says_why(made, groups):
    rows = made(*percentages({**FIVE, "other": (0, 600)}))
    found = measures(rows, ADVERSE, groups)
    assert found.loc["r", "value"] == ""
    assert "nothing divides by it" in found.loc["r", "reason"]
    assert "times" not in lead_of_set(rows, ADVERSE, groups)


def test_softened_figures_give_softened_measures(made, groups):
    every = percentages(FIVE)
    every[0] |= {"qualifier": "almost"}
    found = measures(made(*every), ADVERSE, groups)
    assert found.loc["d", "value"] == "about 11 percentage points"
    assert found.loc["r", "value"] == "about 3.2 times"


def test_stillbirths_by_group_are_told_from_their_own_rows(gapped, indicators, groups):
    rows = set_of(gapped, "stillbirth", period="2022", breakdown="broad")
    found = measures(rows, indicators["stillbirth"], groups)
    used = groups_apart(rows, groups)
    high, low = used["value"].max(), used["value"].min()
    assert f"{high:g} per 1,000 births" in found.loc["d", "says"]
    assert f"{low:g} per 1,000 births" in found.loc["d", "says"]
    assert found.loc["d", "estimate"] == pytest.approx(high - low, abs=0.11)
    assert found.loc["idisu", "value"].endswith("%")


def test_no_word_claims_a_cause(five, groups):
    for indicator in (ADVERSE, FAVOURABLE, NEITHER):
        told = " ".join(inequality_of_set(five, indicator, groups)["says"])
        told += lead_of_set(five, indicator, groups) + warning_of_extremes(five, groups)
        for word in ("caus", "due to", "because", "avoidable", "race"):
            assert word not in told.lower()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=3,
        max_size=5,
    ),
    st.sampled_from([ADVERSE, FAVOURABLE, NEITHER]),
)
def test_every_measure_has_a_value_with_words_or_a_reason(made, groups, counts, indicator):
    rows = made(
        *percentages(dict(zip(["white", "asian", "black", "mixed", "other"], counts, strict=False)))
    )
    found = inequality_of_set(rows, indicator, groups)
    assert len(found) == len(NAMES)
    told = found["value"] != ""
    assert (told == found["estimate"].notna()).all()
    assert (told == (found["says"] != "")).all()
    assert (told | (found["reason"] != "")).all()
    assert ((found["limits"] != "") == (found["reason"] == "")).all()
    words = " ".join(pd.concat([found["value"], found["limits"], found["says"]]))
    assert "nan" not in words
    assert "-" not in words.replace("best-off", "")
