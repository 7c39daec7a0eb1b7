"""Summary measures agree with the peer's, hold the truth as often as they say, and refuse."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.statistics.summary import (
    MEASURES,
    REASONS,
    SIMULATIONS,
    summary_measures,
    summary_measures_of_sets,
)

pytestmark = pytest.mark.filterwarnings("error")

# What the World Health Organization's R package healthequal 1.0.1 returned.
REFERENCE = json.loads((Path(__file__).parent / "summary_reference.json").read_text())["sets"]
OF_THE_PEER = pytest.mark.parametrize(
    "one", REFERENCE, ids=lambda one: f"{len(one['groups'])} groups"
)
Z = 1.959963984540054
ENDS = ["estimate", "lower", "upper"]

SIMULATED = ["mdmu", "mdmw", "mdbu", "mdbw", "mdru", "mdrw", "idisu", "idisw"]
NEVER_BELOW_ZERO = ["bgv", "bgsd", "cov", "ti", "mld", *SIMULATED]
RELATIVE = ["r", "cov", "ti", "mld", "idisu", "idisw", "paf"]

# Eight groups that lie well apart, as recovery from talking therapies does by ethnic group.
TRUTH = np.array([21.0, 35, 52, 60, 28, 14, 40, 31])
PEOPLE = np.array([1200, 5000, 800, 2000, 15000, 600, 3000, 2500])
ERROR = np.full(8, 2.0)


def of_groups(groups, *, favourable=True, **options):
    estimate, people, error, place = groups
    return summary_measures(
        estimate,
        population=people,
        standard_error=error,
        favourable=favourable,
        reference=place,
        **options,
    )


def measures_of(one, *, with_reference):
    place = one["reference"] if with_reference else None
    return of_groups((*zip(*one["groups"], strict=True), place), favourable=one["favourable"])


def peer_name(measure, *, with_reference):
    return f"{measure} of the reference" if with_reference and measure in {"d", "r"} else measure


@pytest.mark.parametrize("with_reference", [True, False])
@OF_THE_PEER
def test_every_measure_agrees_with_the_peer_to_the_ninth_digit(one, with_reference):
    found = measures_of(one, with_reference=with_reference)
    for measure in MEASURES:
        if measure in {"mdru", "mdrw"} and not with_reference:
            assert found.loc[measure, "reason"] == "needs a reference group"
            assert found.loc[measure, ENDS].isna().all()
            continue
        expected = one["estimates"][peer_name(measure, with_reference=with_reference)]
        assert found.loc[measure, "estimate"] == pytest.approx(expected, rel=1e-9), measure
        assert found.loc[measure, "reason"] == ""


@pytest.mark.parametrize("with_reference", [True, False])
@OF_THE_PEER
def test_limits_of_difference_ratio_and_variance_agree_with_the_peer(one, with_reference):
    found = measures_of(one, with_reference=with_reference)
    for measure in ("d", "r", "bgv"):
        expected = one["limits"][peer_name(measure, with_reference=with_reference)]
        limits = found.loc[measure, ["lower", "upper"]].tolist()
        assert limits == pytest.approx(expected, rel=1e-9), measure


@OF_THE_PEER
def test_theil_and_mean_log_deviation_scale_their_standard_error_as_the_peer_does_not(one):
    found = measures_of(one, with_reference=False)
    for measure in ("ti", "mld"):
        reach = Z * 1000 * one["standard_errors"][measure]
        middle = one["estimates"][measure]
        assert found.loc[measure, "upper"] == pytest.approx(middle + reach, rel=1e-9)
        assert found.loc[measure, "lower"] == pytest.approx(max(middle - reach, 0), rel=1e-9)


def peers_error_of_the_fraction(estimate, population, *, favourable):
    """Standard error of paf by the peer's way; sets by groups in, one a set out.

    The whole population is one simple random sample in a fourfold table: in the best group or
    not, with the outcome or not.
    """
    share = estimate / 100
    best = np.argmax(share if favourable else -share, axis=-1)[..., None]
    have, not_have = population * share, population * (1 - share)
    have_best, not_best = (
        np.take_along_axis(each, best, axis=-1)[..., 0] for each in (have, not_have)
    )
    people = (have + not_have).sum(axis=-1)
    not_elsewhere = not_have.sum(axis=-1) - not_best
    # What would be left, as a part of all: the best group's share over everybody's.
    left = have_best / (have_best + not_best) / (have.sum(axis=-1) / people)
    with_rest = have.sum(axis=-1) - have_best + not_best
    return left * np.sqrt((not_elsewhere + (1 - left) * with_rest) / (people * have_best))


@OF_THE_PEER
def test_attributable_risk_takes_the_peers_standard_error_from_the_population_alone(one):
    estimate, people, _ = np.array(one["groups"]).T
    error = peers_error_of_the_fraction(estimate, people, favourable=one["favourable"])
    average = (people * estimate).sum() / people.sum()
    for measure, by_population in (("paf", error), ("par", error * average)):
        assert by_population == pytest.approx(one["standard_errors"][measure], rel=1e-9)
        middle, reach = one["estimates"][measure], Z * by_population
        expected = pytest.approx(one["limits"][measure], rel=1e-9)
        assert [middle - reach, middle + reach] == expected, measure


def sets_with(estimate, error):
    """Estimates and their standard errors, sets by groups, as a frame of sets."""
    sets, groups = estimate.shape
    return pd.DataFrame(
        {
            "set": np.repeat(np.arange(sets), groups),
            "estimate": estimate.ravel(),
            "population": np.tile(PEOPLE, sets),
            "standard_error": error.ravel(),
            "is_reference": np.tile(np.arange(groups) == 0, sets),
        }
    )


def drawn_sets(truth, sets=2000, seed=20261122):
    """Percentages of people counted in each group, with their standard errors."""
    random = np.random.default_rng(seed)
    drawn = random.binomial(PEOPLE, truth / 100, (sets, len(truth))) / PEOPLE
    return sets_with(100 * drawn, 100 * np.sqrt(drawn * (1 - drawn) / PEOPLE))


def measures_of_sets(frame, *, favourable=True, simulations=None):
    return summary_measures_of_sets(
        frame,
        by="set",
        favourable=favourable,
        population="population",
        standard_error="standard_error",
        reference="is_reference",
        simulate=simulations is not None,
        simulations=simulations or 0,
    )


def held(frame, truth, *, simulations=1000, reach_of=None):
    """How often limits hold the truth, by measure; `reach_of` gives them another reach."""
    found = measures_of_sets(frame, simulations=simulations)
    true = summary_measures(truth, population=PEOPLE, favourable=True, reference=0)["estimate"]
    truth_of_row = found["measure"].map(true).astype(float)
    slack = 1e-9
    holds = (found["lower"] <= truth_of_row + slack) & (truth_of_row <= found["upper"] + slack)
    if reach_of:
        holds = (truth_of_row - found["estimate"]).abs() <= reach_of(found)
    return holds.groupby(found["measure"], observed=True).mean()


def test_nominal_95_per_cent_limits_hold_the_truth_about_nineteen_times_in_twenty():
    share = held(drawn_sets(TRUTH), TRUTH)
    by_formula = share.drop(index=SIMULATED)
    assert by_formula.between(0.93, 0.97).all(), by_formula.to_dict()
    assert 0.93 <= share["idisu"] <= 0.97
    # Lower limits that also guard against noise make the others a little wide.
    assert share[SIMULATED].between(0.93, 0.98).all(), share.to_dict()


def test_limits_of_theil_and_mean_log_deviation_as_narrow_as_the_peers_would_miss_the_truth():
    # The peer multiplies the two by 1,000, and their standard errors by 1.
    def a_thousandth(found):
        return (found["upper"] - found["estimate"]) / 1000

    share = held(drawn_sets(TRUTH, sets=500), TRUTH, simulations=None, reach_of=a_thousandth)
    assert share[["ti", "mld"]].max() < 0.05


def test_limits_of_attributable_risk_hold_the_truth_of_a_survey_and_the_peers_do_not():
    # A survey asks a few of the people: each estimate has the error given, whatever the population.
    random = np.random.default_rng(20261122)
    frame = sets_with(random.normal(TRUTH, ERROR, (2000, len(TRUTH))), np.tile(ERROR, (2000, 1)))
    estimate = frame["estimate"].to_numpy().reshape(2000, -1)
    error = peers_error_of_the_fraction(estimate, PEOPLE, favourable=True)
    average = (PEOPLE * estimate).sum(axis=1) / PEOPLE.sum()

    def as_the_peer(found):
        of_set = found["set"].to_numpy()
        factor = np.where(found["measure"] == "par", average[of_set], 1)
        return Z * error[of_set] * factor

    ours = held(frame, TRUTH, simulations=None)
    theirs = held(frame, TRUTH, simulations=None, reach_of=as_the_peer)
    assert ours[["par", "paf"]].between(0.93, 0.97).all()
    assert theirs["par"] < 0.8
    assert theirs["paf"] < 0.05


def test_groups_that_are_all_alike_are_not_found_unequal():
    # Plain simulation from the estimates never reaches down to zero here.
    alike = np.full(8, 28.0)
    share = held(drawn_sets(alike, sets=500), alike)
    assert share[NEVER_BELOW_ZERO].min() >= 0.93


def test_limits_of_a_set_do_not_depend_on_the_sets_beside_it():
    frame = drawn_sets(TRUTH, sets=3)
    small = pd.DataFrame({"set": [9, 9], "estimate": [10.0, 20], "population": [5.0, 9],
                          "standard_error": [1.0, 2], "is_reference": [True, False]})  # fmt: skip
    found = measures_of_sets(pd.concat([small, frame]), favourable=False, simulations=SIMULATIONS)
    assert found["set"].unique().tolist() == [9, 0, 1, 2]
    for name, rows in pd.concat([small, frame]).groupby("set"):
        figures = (rows["estimate"], rows["population"], rows["standard_error"])
        alone = of_groups((*figures, 0), favourable=False)
        together = found[found["set"] == name].set_index("measure")[ENDS]
        assert together.to_numpy() == pytest.approx(alone[ENDS].to_numpy(), rel=1e-9)


@st.composite
def sets_of_groups(draw):
    size = draw(st.integers(2, 9))
    figure = st.floats(0.1, 30)
    estimate = draw(st.lists(figure, min_size=size, max_size=size))
    people = draw(st.lists(st.integers(1, 10**6), min_size=size, max_size=size))
    error = [e * draw(st.floats(0.01, 0.3)) for e in estimate]
    return np.array(estimate), np.array(people), np.array(error), draw(st.integers(0, size - 1))


def same(one, other):
    assert one[ENDS].to_numpy() == pytest.approx(
        other[ENDS].to_numpy(), rel=1e-6, abs=1e-6, nan_ok=True
    )


@settings(max_examples=30, deadline=None, derandomize=True)
@given(sets_of_groups(), st.floats(0.1, 3))
def test_a_change_of_unit_changes_absolute_measures_alone(groups, factor):
    estimate, people, error, place = groups
    plain = of_groups(groups, scale=None)
    scaled = of_groups((factor * estimate, people, factor * error, place), scale=None)
    powers = pd.Series(dict.fromkeys(MEASURES, 1) | dict.fromkeys(RELATIVE, 0) | {"bgv": 2})
    same(scaled, plain[ENDS].mul(factor**powers, axis=0))


def test_which_of_equal_groups_is_the_reference_changes_nothing():
    same_groups = (np.ones(3), np.ones(3), np.full(3, 0.25))
    first, last = (of_groups((*same_groups, place), favourable=False) for place in (0, 2))
    same(first, last)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(sets_of_groups(), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_groups_changes_nothing(groups, random, favourable):
    estimate, people, error, place = groups
    order = list(range(len(estimate)))
    random.shuffle(order)
    shuffled = (estimate[order], people[order], error[order], order.index(place))
    plain, again = (of_groups(g, favourable=favourable) for g in (groups, shuffled))
    same(plain, again)


@pytest.mark.parametrize("errors", [[0.25, 0.5, 0.125], [0.125, 0.25, 0.5], [0.5, 0.125, 0.25]])
def test_of_groups_that_tie_the_least_certain_is_taken(errors):
    found = of_groups((np.ones(3), np.ones(3), np.array(errors), int(np.argmin(errors))))
    assert found.loc["d", "upper"] == pytest.approx(Z * np.hypot(0.5, 0.125), rel=1e-6)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(sets_of_groups(), st.booleans())
def test_limits_enclose_the_measure_and_stay_where_it_can_be(groups, favourable):
    found = of_groups(groups, favourable=favourable)
    # Draws of measures whose groups hardly differ may all lie to one side of the estimate.
    formula = found.drop(index=SIMULATED)
    assert (formula["lower"] <= formula["estimate"] + 1e-9).all()
    assert (formula["estimate"] <= formula["upper"] + 1e-9).all()
    assert (found["lower"] <= found["upper"]).all()
    assert (found.loc[NEVER_BELOW_ZERO, "lower"] >= 0).all()
    low, high = found.loc[["paf", "par"], "lower"], found.loc[["paf", "par"], "upper"]
    assert (low >= 0).all() if favourable else (high <= 0).all()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.floats(0.001, 100),
    st.lists(st.tuples(st.integers(1, 10**7), st.floats(0, 5)), min_size=2, max_size=9),
    st.booleans(),
)
def test_groups_without_inequality_have_none(level, others, favourable):
    people, error = zip(*others, strict=True)
    found = of_groups(([level] * len(people), people, error, 0), favourable=favourable)
    none = pd.Series(0.0, index=list(MEASURES))
    none["r"] = 1.0
    assert found["estimate"].tolist() == pytest.approx(none.tolist(), abs=1e-9)
    assert (found["lower"] <= none + 1e-9).all()
    assert (found["upper"] >= none - 1e-9).all()


def test_exact_figures_have_limits_that_meet():
    found = of_groups((TRUTH, PEOPLE, np.zeros(8), 2), favourable=False)
    assert found["lower"].to_numpy() == pytest.approx(found["estimate"].to_numpy(), rel=1e-6)
    assert found["upper"].to_numpy() == pytest.approx(found["estimate"].to_numpy(), rel=1e-6)


def test_a_wider_confidence_level_gives_wider_limits_and_the_same_measures():
    groups = (TRUTH, PEOPLE, ERROR, 0)
    usual, wide = of_groups(groups), of_groups(groups, confidence=0.998)
    assert wide["estimate"].tolist() == usual["estimate"].tolist()
    assert (wide["lower"] < usual["lower"]).all()
    assert (wide["upper"] > usual["upper"]).all()


def test_simulated_percentages_stay_below_a_hundred_and_rates_do_not():
    given = {"standard_error": [1.0, 30], "favourable": True}
    assert summary_measures([10, 95], **given).loc["mdbu", "upper"] <= 50
    assert summary_measures([10, 95], scale=1000, **given).loc["mdbu", "upper"] > 50
    # A figure above its scale counts events, not people, and has no upper bound.
    assert summary_measures([10, 105], **given).loc["mdbu", "upper"] > 52.5


def test_without_standard_errors_there_are_measures_and_no_limits():
    found = summary_measures(TRUTH, population=PEOPLE, favourable=True, reference=0)
    assert found["estimate"].notna().all()
    assert found[["lower", "upper"]].isna().all(axis=None)
    assert set(found["reason"]) == {"limits need standard errors"}


def test_one_missing_standard_error_leaves_limits_to_the_groups_that_have_theirs():
    found = of_groups(([10, 20, 30], [5, 5, 5], [1, np.nan, 1], None))
    assert found.loc[["d", "r"], "lower"].notna().all()
    rest = found.drop(index=["d", "r", "mdru", "mdrw"])
    assert rest[["lower", "upper"]].isna().all(axis=None)
    assert set(rest["reason"]) == {"limits need standard errors"}


@pytest.mark.parametrize("population", [None, [5, np.nan, 5]])
def test_without_everybodys_population_only_unweighted_measures_are_given(population):
    found = of_groups(([10, 20, 30], population, [1, 1, 1], 1))
    unweighted = ["d", "r", "mdbu", "mdru"]
    assert (found.loc[unweighted, "reason"] == "").all()
    assert found.loc[unweighted, ENDS].notna().all(axis=None)
    rest = found.drop(index=unweighted)
    assert (rest["reason"] == "needs population").all()
    assert rest[ENDS].isna().all(axis=None)


def test_groups_without_an_estimate_are_left_out_and_counted():
    found = of_groups(([np.nan, 10, 20, 30], [np.nan, 5, 6, 7], [9, 1, 2, 3], 3))
    whole = of_groups(([10, 20, 30], [5, 6, 7], [1, 2, 3], 2))
    same(found, whole)
    assert set(found["groups"]) == {3}
    assert set(found["left_out"]) == {1}
    assert set(whole["left_out"]) == {0}


def test_a_reference_group_without_an_estimate_leaves_its_measures_out():
    found = summary_measures([10, np.nan, 30], population=[5, 5, 5], favourable=True, reference=1)
    gone = found.loc[["d", "r", "mdru", "mdrw"]]
    assert (gone["reason"] == "the reference group has no estimate").all()
    assert gone["estimate"].isna().all()
    assert found.loc["bgv", "estimate"] == 100


@pytest.mark.parametrize("estimate", [[], [12], [12, np.nan], [np.nan, np.nan]])
def test_fewer_than_two_groups_have_no_measures(estimate):
    rows = len(estimate)
    found = of_groups((estimate, [10] * rows, [1] * rows, 0 if estimate else None))
    assert found.index.tolist() == list(MEASURES)
    assert (found["reason"] == "needs at least two groups").all()
    assert found[ENDS].isna().all(axis=None)


def test_an_estimate_of_zero_leaves_out_what_divides_by_it():
    found = of_groups(([0, 10, 20], [5, 5, 5], [1, 1, 1], None), favourable=False)
    for measure in ("r", "mld"):
        assert found.loc[measure, "reason"] == "not defined where an estimate is zero"
        assert found.loc[measure, ENDS].isna().all()
    assert found.loc["ti", "reason"] == "limits not defined where an estimate is zero"
    assert found.loc["ti", "estimate"] == pytest.approx(1000 / 3 * 2 * np.log(2))
    assert found.loc["paf", "estimate"] == -100
    assert found.loc["paf", "lower"] == -100


def test_nothing_but_zeros_has_no_relative_measure():
    found = summary_measures([0, 0], population=[5, 5], standard_error=[0, 0], favourable=True)
    relative = found.loc[["cov", "ti", "idisu", "idisw", "paf"]]
    assert (relative["reason"] == "not defined where every estimate is zero").all()
    assert relative["estimate"].isna().all()
    assert found.loc[["d", "bgv", "bgsd", "mdbw", "par"], "estimate"].tolist() == [0] * 5


def test_figures_too_large_for_a_computer_are_missing_with_the_reason():
    found = summary_measures([1e200, 3e200], population=[1, 1], favourable=True)
    assert found.loc["bgv", "reason"] == "too large to calculate"
    assert np.isnan(found.loc["bgv", "estimate"])
    assert found.loc["r", "estimate"] == pytest.approx(3)


GOOD = {
    "estimate": [10.0, 20, 30],
    "population": [5.0, 6, 7],
    "standard_error": [1.0, 2, 3],
    "favourable": True,
}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"estimate": [10, -1, 30]}, "row 1: the estimate is below zero"),
        ({"estimate": [10, 20, np.inf]}, "row 2: the estimate is not finite"),
        ({"population": [5, 0, 7]}, "row 1: the population is zero"),
        ({"population": [-5, 6, 7]}, "row 0: the population is below zero"),
        ({"population": [5, 6]}, "2 values of the population for 3 estimates"),
        ({"standard_error": [1, 2, -3]}, "row 2: the standard error is below zero"),
        ({"standard_error": 2}, "1 values of the standard error for 3 estimates"),
        ({"estimate": [[10, 20, 30]]}, "one value a row"),
        ({"reference": 3}, "the reference 3 is no position among 3 groups"),
        ({"reference": -1}, "the reference -1 is no position"),
        ({"reference": True}, "must be the position of a group"),
        ({"reference": "White"}, "must be the position of a group"),
        ({"favourable": 1}, "favourable must be True or False"),
        ({"favourable": None}, "favourable must be True or False"),
        ({"confidence": 95}, "confidence must lie between 0 and 1"),
        ({"scale": 0}, "the scale must be above zero"),
    ],
)
def test_input_that_cannot_be_is_refused_by_its_row(wrong, message):
    given = GOOD | wrong
    estimate = given.pop("estimate")
    with pytest.raises(ValueError, match=message):
        summary_measures(estimate, **given)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("estimate", [10, 20, 30, -4], "row 3: the estimate is below zero"),
        ("better", [True, True, True, False], "row 3: better differs within its set"),
        ("better", [True, True, 1, 1], "row 2: better must be True or False"),
        ("is_reference", [True, False, True, True], "row 3: a second reference group"),
    ],
)
def test_a_frame_that_cannot_be_is_refused_by_its_row(column, values, message):
    frame = pd.DataFrame(
        {
            "set": ["a", "a", "b", "b"],
            "estimate": [10.0, 20, 30, 40],
            "better": [True, True, False, False],
            "is_reference": [True, False, False, True],
        }
    )
    frame[column] = pd.Series(values, dtype=object)
    with pytest.raises(ValueError, match=message):
        summary_measures_of_sets(frame, by="set", favourable="better", reference="is_reference")


def test_many_sets_are_told_apart_by_several_columns_and_unsimulated_limits_say_so():
    frame = pd.DataFrame(
        {
            "borough": ["Camden", "Camden", "Barnet", "Barnet", "Barnet"],
            "year": [2021, 2021, 2021, 2021, 2021],
            "estimate": [10.0, 20, 30, 40, np.nan],
            "error": [1.0, 1, 1, 1, 1],
            "better": [True, True, False, False, False],
        }
    )
    found = summary_measures_of_sets(
        frame, by=["borough", "year"], favourable="better", standard_error="error"
    )
    assert found.columns.tolist() == ["borough", "year", "measure", "estimate", "lower", "upper",
                                      "reason", "groups", "left_out"]  # fmt: skip
    assert len(found) == 2 * len(MEASURES)
    best = found[found["measure"] == "mdbu"].set_index("borough")
    assert best["estimate"].to_dict() == {"Camden": 5, "Barnet": 5}
    assert (best["reason"] == "limits not simulated").all()
    assert best["left_out"].to_dict() == {"Camden": 0, "Barnet": 1}
    assert set(found["reason"]) <= set(REASONS)
    nothing = summary_measures_of_sets(frame.iloc[:0], by="borough", favourable=True)
    assert nothing.empty


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.just(np.nan), st.just(0.0), st.floats(0, 1e300)),
            st.one_of(st.just(np.nan), st.floats(1e-300, 1e300)),
            st.one_of(st.just(np.nan), st.floats(0, 1e300)),
        ),
        max_size=5,
    ),
    st.booleans(),
    st.sampled_from([None, 1, 100]),
)
def test_whatever_is_missing_says_why_and_nothing_warns(groups, favourable, scale):
    estimate, population, standard_error = zip(*groups, strict=True) if groups else ((), (), ())
    place = 0 if groups else None
    found = of_groups(
        (estimate, population, standard_error, place), favourable=favourable, scale=scale
    )
    complete = found[ENDS].notna().all(axis=1)
    assert (complete == (found["reason"] == "")).all()
