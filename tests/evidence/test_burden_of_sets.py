"""The burden of a committed set: counts, words and limits that agree with the gap beside them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.burden import (
    burden_of_set,
    not_clear_sentence,
    whole,
    why_no_burden,
)
from evidence.statistics import Verdict
from tests.made_sets import percentages

ADVERSE = {
    "name": "Death",
    "direction": "higher-is-worse",
    "people": "babies",
    "outcome": "death",
    "phrase": "{value} of {people} died",
}
FAVOURABLE = {**ADVERSE, "direction": "higher-is-better", "phrase": "{value} of {people} recovered"}
NEITHER = {**ADVERSE, "direction": "neither"}


def made_set(made, counts, **more):
    return made(*percentages(counts, **more))


@pytest.fixture(scope="session")
def rows_of_three(made):
    return made_set(made, {"asian": (30, 1000), "black": (120, 1000), "white": (480, 8000)})


def by_group(found):
    return found.set_index("ethnic_group")


def test_a_bad_event_is_told_as_fewer_for_the_group_that_has_more(rows_of_three, groups):
    found = by_group(burden_of_set(rows_of_three, ADVERSE, groups))
    black = found.loc["black"]
    gap = rows_of_three.set_index("ethnic_group").loc["black"]
    assert black["events"] == pytest.approx(60)
    assert (black["lower"], black["upper"]) == pytest.approx(
        (10 * gap["difference_lower"], 10 * gap["difference_upper"])
    )
    assert black["worse"]
    assert black["sentence"] == (
        "120 of the 1,000 babies from Black ethnic groups died. With the percentage among babies "
        "from White ethnic groups (6%), there would have been about 60 fewer "
        f"(95% limits {whole(black['lower'])} to {whole(black['upper'])} fewer)."
    )


def test_a_good_event_is_told_as_more_for_the_group_that_has_fewer(rows_of_three, groups):
    found = by_group(burden_of_set(rows_of_three, FAVOURABLE, groups))
    assert found.loc["asian", "worse"]
    assert found.loc["asian", "direction"] == "more"
    assert "recovered. With" in found.loc["asian", "sentence"]
    assert "about 30 more (95% limits" in found.loc["asian", "sentence"]
    assert not found.loc["black", "worse"]
    assert "60 fewer" in found.loc["black", "sentence"]


def test_the_worse_off_stand_first_and_the_reference_not_at_all(rows_of_three, groups):
    for indicator, first in ((ADVERSE, "black"), (FAVOURABLE, "asian")):
        found = burden_of_set(rows_of_three, indicator, groups)
        assert found["ethnic_group"].iloc[0] == first
        assert set(found["ethnic_group"]) == {"asian", "black"}


def test_without_a_direction_there_is_no_burden(rows_of_three, groups):
    assert burden_of_set(rows_of_three, NEITHER, groups).empty
    assert why_no_burden(rows_of_three, NEITHER).startswith("neither higher nor lower is better")


def test_where_the_limits_include_no_difference_no_number_is_given(made, groups):
    rows = made_set(made, {"black": (7, 100), "mixed": (5, 100), "white": (480, 8000)})
    found = burden_of_set(rows, ADVERSE, groups)
    assert not found["clear"].any()
    assert found["sentence"].str.contains("too uncertain to say").all()
    assert not found["sentence"].str.contains("about|95%").any()
    assert not_clear_sentence(found, groups).startswith("Too uncertain to say for Black and Mixed:")


def test_groups_that_share_people_with_the_reference_have_no_burden(made, groups):
    rows = made_set(
        made, {"all": (700, 9000), "black": (120, 1000), "unknown": (9, 90), "white": (480, 8000)}
    )
    assert set(burden_of_set(rows, ADVERSE, groups)["ethnic_group"]) == {"black"}


def test_adjusted_figures_have_no_burden(made, groups):
    rows = made_set(
        made,
        {"black": (120, 1000), "white": (480, 8000)},
        standardisation="age-standardised",
        lower=0.1,
        upper=99,
    )
    assert burden_of_set(rows, ADVERSE, groups).empty
    assert "adjusted" in why_no_burden(rows, ADVERSE)


def test_counts_that_do_not_give_the_figure_have_no_burden(made, groups):
    rows = made(
        {"ethnic_group": "black", "value": 12.0, "numerator": 40, "denominator": 1000},
        {"ethnic_group": "white", "value": 6.0, "numerator": 480, "denominator": 8000},
    )
    assert burden_of_set(rows, ADVERSE, groups).empty


def test_no_more_is_spared_than_was_counted_nor_had_than_there_are_people(made, groups):
    rows = made_set(made, {"black": (8, 10), "asian": (1, 10), "white": (20, 8000)})
    found = by_group(burden_of_set(rows, ADVERSE, groups))
    assert found.loc["black", "upper"] <= 8
    many = made_set(made, {"asian": (2, 10), "white": (7990, 8000)})
    assert burden_of_set(many, FAVOURABLE, groups)["upper"].iloc[0] <= 8


def test_rates_are_turned_into_people_by_their_unit(gapped, indicators, groups):
    rows = gapped[(gapped["indicator_id"] == "stillbirth") & (gapped["period"] == "2022")]
    rows = rows[(rows["breakdown"] == "broad") & (rows["geography_name"] == "England and Wales")]
    assert rows["set_id"].nunique() == 1
    found = by_group(burden_of_set(rows, indicators["stillbirth"], groups))
    white = rows.set_index("ethnic_group").loc["white"]
    black = rows.set_index("ethnic_group").loc["black"]
    expected = black["numerator"] - black["denominator"] * white["numerator"] / white["denominator"]
    assert found.loc["black", "events"] == pytest.approx(expected)
    assert found.loc["black", "sentence"].startswith(
        "The stillbirth rate among babies from Black ethnic groups was "
    )
    assert (
        f"({black['numerator']:,.0f} among {black['denominator']:,.0f})"
        in (found.loc["black", "sentence"])
    )


def sets_with_counts(gapped):
    counted = gapped[gapped["numerator"].notna() & gapped["denominator"].notna()]
    chosen = counted.drop_duplicates(["indicator_id", "source_id", "breakdown"])["set_id"]
    return [rows for _, rows in gapped[gapped["set_id"].isin(chosen)].groupby("set_id")]


def test_the_burden_never_says_other_than_the_gap_beside_it(gapped, indicators, groups):
    seen = 0
    for rows in sets_with_counts(gapped):
        verdicts = rows.set_index("ethnic_group")["verdict"]
        found = burden_of_set(rows, indicators[rows["indicator_id"].iloc[0]], groups)
        for row in found.to_dict("records"):
            verdict = verdicts[row["ethnic_group"]]
            assert row["clear"] == (verdict in {Verdict.HIGHER, Verdict.LOWER})
            if row["clear"]:
                assert (verdict == Verdict.HIGHER) == (row["direction"] == "fewer")
            seen += 1
    assert seen > 50


def test_limits_of_rounded_counts_are_wider_than_those_of_the_same_counts(made, groups):
    counts = {"black": (120, 1000), "white": (480, 8000)}
    plain = burden_of_set(made_set(made, counts), ADVERSE, groups).iloc[0]
    rounded = burden_of_set(made_set(made, counts, count_rounding=5), ADVERSE, groups).iloc[0]
    assert rounded["lower"] < plain["lower"]
    assert rounded["upper"] > plain["upper"]


def test_every_sentence_of_the_tables_ends_and_holds_no_blank(gapped, indicators, groups):
    for rows in sets_with_counts(gapped):
        indicator = indicators[rows["indicator_id"].iloc[0]]
        for text in burden_of_set(rows, indicator, groups)["sentence"]:
            assert text[0].isupper() or text[0].isdigit()
            assert text.endswith(".")
            assert "{" not in text
            assert "nan" not in text.split()
            assert "avoidable" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.2, "under 1"), (0.6, "1"), (9.4, "9"), (23.4, "23"), (118, "120"), (1234, "1,230")],
)
def test_people_are_told_in_two_or_three_figures(value, text):
    assert whole(value) == text


@given(st.floats(0.5, 1e7))
def test_a_number_of_people_is_told_within_five_parts_in_a_hundred(value):
    told = float(whole(value).replace(",", ""))
    assert abs(told - value) <= max(0.5, 0.05 * value)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(20, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(20, 9000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_direction_decides_the_words(made, groups, own, other):
    rows = made_set(made, {"black": own, "white": other})
    bad = burden_of_set(rows, ADVERSE, groups)
    good = burden_of_set(rows, FAVOURABLE, groups)
    assert len(bad) == len(good) == 1
    if own[0] / own[1] != pytest.approx(other[0] / other[1]):
        assert bad["worse"].iloc[0] != good["worse"].iloc[0]
    assert bad["clear"].iloc[0] == good["clear"].iloc[0]
    assert np.isclose(bad["events"].iloc[0], good["events"].iloc[0])
    if bad["worse"].iloc[0]:
        assert bad["direction"].iloc[0] == "fewer"
    if good["worse"].iloc[0]:
        assert good["direction"].iloc[0] == "more"
