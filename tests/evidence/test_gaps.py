"""Gaps: which groups are compared, by what, and what the limits bear."""

import math

import pandas as pd
import pytest

from evidence.gaps import GapMethod, gaps
from evidence.limits import LimitsFrom
from evidence.statistics import Verdict
from evidence.vocabulary import Measure

LAMBETH = "tt-2019-20-lambeth-recovery-"
RATIOS = ["risk_ratio", "rate_ratio", "odds_ratio", "hazard_ratio"]
MEASURED = ["ratio", "ratio_lower", "ratio_upper"]
APART = ["difference", "difference_lower", "difference_upper"]


def wilson(percentage, people):
    """Wilson's 95% limits of a percentage, from the formula of 1927."""
    p, z = percentage / 100, 1.959963984540054
    centre = p + z * z / (2 * people)
    spread = z * math.sqrt(p * (1 - p) / people + z * z / (4 * people**2))
    return tuple(100 * (centre + side * spread) / (1 + z * z / people) for side in (-1, 1))


def test_the_gap_in_recovery_in_lambeth_is_worked_out_from_its_two_rows(rows):
    black, white = rows[LAMBETH + "black"], rows[LAMBETH + "white"]
    assert (black["value"], black["denominator"]) == (49, 1045)
    assert (white["value"], white["denominator"]) == (56, 3500)
    assert black["reference_id"] == white["figure_id"]
    assert black["reference_value"] == 56
    # 505 of 1,045 to the nearest 5 allows 47.97% to 48.68%, and 49% allows 48.5% to 49.5%: both
    # allow 48.5% to 48.68%. 1,970 of 3,500 allows 56.17% to 56.40%, all of it within 56%.
    a_ends = (48.5, 100 * 505 / 1045 + 250 * 1.49 / 1045)
    b_ends = tuple(100 * 1970 / 3500 + side * 250 * 1.56 / 3500 for side in (-1, 1))
    a, b = sum(a_ends) / 2, sum(b_ends) / 2
    a_low, a_high = wilson(a_ends[0], 1045)[0], wilson(a_ends[1], 1045)[1]
    b_low, b_high = wilson(b_ends[0], 3500)[0], wilson(b_ends[1], 3500)[1]
    assert white["numerator"] == 1970
    assert black["difference"] == pytest.approx(a - b)
    assert black["difference_lower"] == pytest.approx(a - b - math.hypot(a - a_low, b_high - b))
    assert black["difference_upper"] == pytest.approx(a - b + math.hypot(a_high - a, b - b_low))
    both = a * b
    lower = both - math.sqrt(both**2 - a_low * b_high * (2 * a - a_low) * (2 * b - b_high))
    upper = both + math.sqrt(both**2 - a_high * b_low * (2 * a - a_high) * (2 * b - b_low))
    assert black["ratio"] == pytest.approx(a / b)
    assert black["ratio_lower"] == pytest.approx(lower / (b_high * (2 * b - b_high)))
    assert black["ratio_upper"] == pytest.approx(upper / (b_low * (2 * b - b_low)))
    assert black["verdict"] == Verdict.LOWER
    assert black["gap_limits_from"] == LimitsFrom.ROUNDED_COUNTS


def test_two_groups_with_exact_counts_are_compared_by_their_counts(rows):
    # Stillbirths in England and Wales in 2016: the limits of the ratio are where the score test
    # of two Poisson counts (Graham, Mengersen and Morton 2003) reaches 1.96 standard errors.
    pakistani = rows["births-2016-stillbirth-asian-pakistani"]
    british = rows[pakistani["reference_id"]]
    assert british["ethnic_group"] == "white-british"
    one, other = pakistani["numerator"], british["numerator"]
    times = pakistani["denominator"] / british["denominator"]
    assert pakistani["ratio"] == pytest.approx(one / other / times)
    for name in ("ratio_lower", "ratio_upper"):
        expected = pakistani[name] * times
        score = (one - expected * other) ** 2 / (expected * (one + other))
        assert score == pytest.approx(1.959963984540054**2)
    assert pakistani["difference"] == pytest.approx(
        1000 * (one / pakistani["denominator"] - other / british["denominator"])
    )
    assert pakistani["gap_method"] == GapMethod.COUNTS
    assert pakistani["verdict"] == Verdict.HIGHER


def test_the_method_of_a_gap_is_that_of_its_numbers(gapped):
    compared = gapped[gapped["verdict"].notna() & (gapped["verdict"] != Verdict.NOT_COMPARED)]
    published = compared["reference_id"].isna()
    exact = compared["limits_from"] == LimitsFrom.COUNTS
    by_method = dict(list(compared.groupby("gap_method")))
    assert set(by_method) == set(GapMethod)
    assert published[compared["gap_method"] == GapMethod.PUBLISHED].all()
    assert exact[compared["gap_method"] == GapMethod.COUNTS].all()
    assert by_method[GapMethod.COUNTS]["gap_limits_from"].eq(LimitsFrom.COUNTS).all()
    assert by_method[GapMethod.NONE]["verdict"].eq(Verdict.NO_INTERVAL).all()
    limited = compared["gap_method"] != GapMethod.NONE
    assert compared.loc[limited, "verdict"].ne(Verdict.NO_INTERVAL).all()


@pytest.mark.parametrize(
    ("numerator", "reference", "verdict", "direction"),
    [
        (0, 0, Verdict.NO_CLEAR_DIFFERENCE, 0),
        (9, 0, Verdict.HIGHER, 1),
        (0, 9, Verdict.LOWER, -1),
    ],
)
def test_counts_of_nobody_give_no_ratio_but_a_difference(
    made, numerator, reference, verdict, direction
):
    found = made(
        {"value": numerator, "numerator": numerator, "denominator": 100, "ethnic_group": "black"},
        {"value": reference, "numerator": reference, "denominator": 100, "ethnic_group": "white"},
    ).iloc[0]
    assert found["verdict"] == verdict
    assert found["difference"] == numerator - reference
    assert found["difference_lower"] < direction * 9 < found["difference_upper"]
    if not reference:
        assert math.isnan(found["ratio"])
        assert math.isnan(found["ratio_lower"])
        assert math.isnan(found["ratio_upper"])


def test_a_group_is_compared_with_its_own_sets_reference_alone(gapped):
    compared = gapped[gapped["reference_id"].notna()]
    by_id = gapped.set_index("figure_id")
    references = by_id.loc[compared["reference_id"]]
    assert len(compared) > 10_000
    assert (references["set_id"].to_numpy() == compared["set_id"].to_numpy()).all()
    assert (references["ethnic_group"].to_numpy() == compared["reference_group"].to_numpy()).all()
    assert (references["value"].to_numpy() == compared["reference_value"].to_numpy()).all()


def test_the_reference_group_is_not_compared_with_itself(gapped):
    references = gapped[gapped["is_reference"]]
    assert len(references) > 1000
    assert references["verdict"].isna().all()


def test_a_group_is_never_compared_with_a_group_that_holds_some_of_its_people(gapped, groups):
    calculated = gapped[gapped["reference_id"].notna()]
    pairs = calculated[["ethnic_group", "reference_group", "ratio", "difference", "verdict"]]
    shared = [
        groups.overlap(one, other)
        for one, other in zip(pairs["ethnic_group"], pairs["reference_group"], strict=True)
    ]
    told = pairs[shared]
    assert "all" in set(told["ethnic_group"])
    assert told[["ratio", "difference"]].isna().all(axis=None)
    assert (told["verdict"] == Verdict.NOT_COMPARED).all()


def test_all_but_white_british_are_compared_with_white_british_alone(gapped):
    rows = gapped[(gapped["ethnic_group"] == "ethnic-minority") & gapped["ratio"].notna()]
    bulk = rows[rows["record_id"].isna()]
    assert len(bulk) > 100
    assert set(bulk["reference_group"]) == {"white-british"}
    assert set(bulk["breakdown"]) == {"detailed"}


@pytest.mark.parametrize("group", ["all", "unknown"])
def test_neither_the_whole_nor_the_unknown_is_compared_with_a_group(gapped, group):
    calculated = gapped[(gapped["ethnic_group"] == group) & gapped["reference_id"].notna()]
    assert len(calculated) > 100
    assert (calculated["verdict"] == Verdict.NOT_COMPARED).all()
    assert calculated[[*MEASURED, *APART]].isna().all(axis=None)
    assert (calculated["gap_limits_from"] == LimitsFrom.NONE).all()


def test_a_group_that_is_not_compared_says_why_and_no_other_group_does(gapped, rows):
    not_compared = gapped["verdict"] == Verdict.NOT_COMPARED
    assert (gapped["reason"].notna() == not_compared).all()
    assert rows[LAMBETH + "all"]["reason"] == "the two groups hold some of the same people"
    assert "not known" in rows[LAMBETH + "unknown"]["reason"]


def test_shares_and_counts_are_neither_divided_nor_subtracted(gapped):
    made_of_people = gapped[gapped["measure"].isin([Measure.SHARE, Measure.COUNT])]
    with_reference = made_of_people[made_of_people["reference_group"].notna()]
    assert set(with_reference["measure"]) == {"share", "count"}
    assert made_of_people["verdict"].isna().all()
    assert made_of_people[[*MEASURED, *APART]].isna().all(axis=None)


def test_means_are_subtracted_and_not_divided(rows):
    # Mean birthweight in England and Wales: Indian 3,033 grams, White 3,400 grams.
    means = [row for row in rows.values() if row["measure"] == "mean"]
    indian = next(r for r in means if (r["ethnic_group"], r["value"]) == ("asian-indian", 3033))
    assert indian["difference"] == -367
    assert indian["verdict"] == Verdict.LOWER
    assert all(pd.isna(row["ratio"]) for row in means)
    compared = [row for row in means if isinstance(row["reference_id"], str)]
    assert len(compared) > 1000
    assert all(pd.notna(row["difference"]) for row in compared)


def test_means_are_judged_by_whether_their_difference_is_zero(made):
    mean = {"measure": "mean", "unit": "grams"}
    found = made(
        {"ethnic_group": "white", "value": 3400, "lower": 3390, "upper": 3410, **mean},
        {"ethnic_group": "black", "value": 3000, "lower": 2980, "upper": 3020, **mean},
        {"ethnic_group": "asian", "value": 3410, "lower": 3380, "upper": 3440, **mean},
        {"ethnic_group": "other", "value": 3500, "lower": 3480, "upper": 3520, **mean},
    ).set_index("ethnic_group")["verdict"]
    assert found["black"] == Verdict.LOWER
    assert found["asian"] == Verdict.NO_CLEAR_DIFFERENCE
    assert found["other"] == Verdict.HIGHER


def test_a_published_ratio_is_never_worked_out_again(gapped):
    published = gapped[gapped["measure"].isin(RATIOS)]
    assert len(published) > 100
    assert (published["ratio"] == published["value"]).all()
    for name in ("lower", "upper"):
        pd.testing.assert_series_equal(
            published[f"ratio_{name}"], published[name], check_names=False
        )
    assert published["reference_id"].isna().all()
    assert published[APART].isna().all(axis=None)


def test_a_published_difference_is_taken_as_it_is(rows):
    # Stillbirths: 3.83 per 1,000 births more (3.35 to 4.32) among Black African babies.
    found = next(
        row for row in rows.values() if row["measure"] == "difference" and row["value"] == 3.83
    )
    assert [found[name] for name in APART] == [3.83, 3.35, 4.32]
    assert math.isnan(found["ratio"])
    assert found["verdict"] == Verdict.HIGHER


@pytest.mark.parametrize(
    ("lower", "upper", "verdict"),
    [
        (1.01, 1.4, Verdict.HIGHER),
        (1.0, 1.4, Verdict.NO_CLEAR_DIFFERENCE),
        (0.99, 1.4, Verdict.NO_CLEAR_DIFFERENCE),
        (0.5, 2.0, Verdict.NO_CLEAR_DIFFERENCE),
        (0.5, 2.01, Verdict.TOO_UNCERTAIN),
        (0, 1.4, Verdict.TOO_UNCERTAIN),
        (None, None, Verdict.NO_INTERVAL),
    ],
)
def test_a_ratio_is_higher_only_where_its_lower_limit_is_above_one(made, lower, upper, verdict):
    ratio = {"measure": "odds_ratio", "unit": "ratio", "comparator": "white", "value": 1.2}
    assert made({"lower": lower, "upper": upper, **ratio}).iloc[0]["verdict"] == verdict


@pytest.mark.parametrize(
    ("upper", "verdict"),
    [(0.99, Verdict.LOWER), (1.0, Verdict.NO_CLEAR_DIFFERENCE)],
)
def test_a_ratio_is_lower_only_where_its_upper_limit_is_below_one(made, upper, verdict):
    ratio = {"measure": "risk_ratio", "unit": "ratio", "comparator": "white", "value": 0.8}
    assert made({"lower": 0.5, "upper": upper, **ratio}).iloc[0]["verdict"] == verdict


@pytest.mark.parametrize(
    ("value", "lower", "upper", "verdict"),
    [
        (2, 0.1, 4, Verdict.HIGHER),
        (2, 0, 4, Verdict.NO_CLEAR_DIFFERENCE),
        (-2, -4, 0, Verdict.NO_CLEAR_DIFFERENCE),
        (-2, -4, -0.1, Verdict.LOWER),
        (0.5, 0.2, 0.9, Verdict.HIGHER),
    ],
)
def test_a_published_difference_is_clear_only_off_zero(made, value, lower, upper, verdict):
    cells = {"measure": "difference", "unit": "percentage points", "comparator": "white"}
    found = made({"value": value, "lower": lower, "upper": upper, **cells}).iloc[0]
    assert found["verdict"] == verdict


def test_a_published_limit_of_exactly_one_shows_no_clear_difference(rows):
    # One is the rate ratio of general anaesthesia in emergency caesareans, 1.10 (1.00 to 1.21).
    touching = [r for r in rows.values() if r["measure"] in RATIOS and r["lower"] == 1]
    assert touching
    assert {row["verdict"] for row in touching} == {Verdict.NO_CLEAR_DIFFERENCE}


def test_a_gap_is_called_a_gap_exactly_where_its_limits_leave_out_no_difference(gapped):
    divided = gapped[gapped["ratio"].notna()]
    higher, lower = divided["ratio_lower"] > 1, divided["ratio_upper"] < 1
    assert ((divided["verdict"] == Verdict.HIGHER) == higher).all()
    assert ((divided["verdict"] == Verdict.LOWER) == lower).all()
    assert ((divided["verdict"] == Verdict.NO_INTERVAL) == divided["ratio_lower"].isna()).all()
    assert not (higher & lower).any()


def test_limits_that_only_one_of_the_two_groups_has_make_no_limits_of_a_gap(made):
    found = made(
        {"ethnic_group": "white", "value": 10},
        {"ethnic_group": "black", "value": 20, "lower": 15, "upper": 26},
    ).iloc[1]
    assert found["ratio"] == 2
    assert pd.isna(found["ratio_lower"])
    assert found["gap_limits_from"] == LimitsFrom.NONE
    assert found["verdict"] == Verdict.NO_INTERVAL


@pytest.mark.parametrize(
    ("of_group", "of_reference", "of_gap"),
    [
        ("source", "source", LimitsFrom.SOURCE),
        ("source", "counts", LimitsFrom.COUNTS),
        ("counts", "source", LimitsFrom.COUNTS),
        ("counts", "rounded", LimitsFrom.ROUNDED_COUNTS),
        ("rounded", "source", LimitsFrom.ROUNDED_COUNTS),
    ],
)
def test_a_gaps_limits_are_as_good_as_the_weaker_of_the_two(made, of_group, of_reference, of_gap):
    cells = {
        "source": {"value": 40, "lower": 30, "upper": 50},
        "counts": {"value": 40, "numerator": 40, "denominator": 100},
        "rounded": {"value": 40, "numerator": 40, "denominator": 100, "count_rounding": 5},
    }
    found = made(
        {"ethnic_group": "black", **cells[of_group]},
        {"ethnic_group": "white", **cells[of_reference]},
    ).iloc[0]
    assert found["gap_limits_from"] == of_gap


def test_a_blank_figure_has_no_gap(gapped):
    blank = gapped[gapped["value"].isna()]
    assert len(blank) > 1000
    assert blank["verdict"].isna().all()


def test_a_reference_group_of_zero_leaves_the_ratio_open(made):
    found = made(
        {"ethnic_group": "white", "value": 0},
        {"ethnic_group": "black", "value": 5},
    ).iloc[1]
    assert pd.isna(found["ratio"])
    assert found["difference"] == 5
    assert found["verdict"] == Verdict.NO_INTERVAL


def test_a_reference_group_of_zero_is_judged_by_the_difference(made):
    found = made(
        {"ethnic_group": "white", "value": 0, "numerator": 0, "denominator": 500},
        {"ethnic_group": "black", "value": 5, "numerator": 25, "denominator": 500},
    ).iloc[1]
    assert found["difference_lower"] > 0
    assert found["verdict"] == Verdict.HIGHER


def test_every_figure_has_at_most_one_gap(base):
    assert base.gaps["figure_id"].is_unique
    assert set(base.gaps["figure_id"]) <= set(base.figures["figure_id"])


def test_no_figures_have_no_gaps(base, groups):
    assert gaps(base.figures.head(0), groups).empty
