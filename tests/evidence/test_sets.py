"""Comparison sets: figures that can be compared, and the group they are compared with."""

import pytest

from evidence.sets import IDENTITY_KEYS, SET_KEYS, add_sets

LAMBETH = "tt-2019-20-lambeth-recovery-"


def test_a_set_shares_everything_but_the_group(base):
    shared = base.figures.groupby("set_id")[list(SET_KEYS)].nunique(dropna=False)
    assert len(shared) > 2000
    assert (shared == 1).all(axis=None)


def test_no_two_figures_are_the_same_finding(base):
    assert not base.figures.duplicated(list(IDENTITY_KEYS)).any()


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("indicator_id", "stillbirth"),
        ("source_id", "another-source"),
        ("geography_code", "E09000022"),
        ("period", "2023"),
        ("age", "under 1"),
        ("sex", "female"),
        ("population", "single births"),
        ("measure", "share"),
        ("unit", "per cent"),
        ("standardisation", "age-standardised"),
        ("adjusted_for", "age"),
    ],
)
def test_a_difference_in_any_of_these_makes_another_set(made, column, other):
    white = {"ethnic_group": "white", "value": 10}
    same = made({"ethnic_group": "black", "value": 20}, white)
    apart = made({"ethnic_group": "black", "value": 20, column: other}, white)
    assert same["set_id"].nunique() == 1
    assert apart["set_id"].nunique() == 2
    assert apart["ratio"].isna().all()


@pytest.mark.parametrize("column", ["note", "ethnic_group_label", "confidence", "record_id"])
def test_what_says_nothing_of_comparability_does_not_part_a_set(made, column):
    value = {"confidence": "secondary", "record_id": "MAT-999"}.get(column, "something else")
    found = made(
        {"ethnic_group": "black", "value": 20, column: value},
        {"ethnic_group": "white", "value": 10},
    )
    assert found["set_id"].nunique() == 1


def test_white_british_is_the_reference_where_the_set_has_it(made):
    found = made(
        {"ethnic_group": "white-british", "value": 10},
        {"ethnic_group": "white-irish", "value": 11, "comparator": "white-irish"},
        {"ethnic_group": "black-african", "value": 20},
    )
    assert set(found["reference_group"]) == {"white-british"}
    assert found["is_reference"].tolist() == [True, False, False]


def test_white_is_the_reference_where_there_is_no_white_british(made):
    found = made({"ethnic_group": "white", "value": 10}, {"ethnic_group": "black", "value": 20})
    assert set(found["reference_group"]) == {"white"}
    assert found["is_reference"].tolist() == [True, False]


def test_the_sources_comparator_is_the_reference_where_there_is_neither(made):
    found = made(
        {"ethnic_group": "asian", "value": 10},
        {"ethnic_group": "black", "value": 20, "comparator": "asian"},
    )
    assert set(found["reference_group"]) == {"asian"}
    assert found.set_index("ethnic_group").loc["black", "ratio"] == 2


def test_a_set_without_a_group_to_compare_with_has_no_reference(made):
    found = made(
        {"ethnic_group": "asian", "value": 10},
        {"ethnic_group": "black", "value": 20, "comparator": "white"},
    )
    assert found["reference_group"].isna().all()
    assert not found["is_reference"].any()


def test_a_suppressed_reference_group_is_no_reference(made):
    found = made(
        {"ethnic_group": "white", "blank_reason": "suppressed"},
        {"ethnic_group": "black", "value": 20},
    )
    assert found["reference_group"].isna().all()
    assert found["verdict"].isna().all()


def test_broad_groups_are_compared_with_white_and_detailed_ones_with_white_british(rows):
    for code in ("asian", "black", "mixed", "other", "all", "unknown"):
        assert rows[LAMBETH + code]["reference_group"] == "white", code
    for code in ("black-african", "asian-chinese", "white-irish", "white-other", "other-any"):
        assert rows[LAMBETH + code]["reference_group"] == "white-british", code
    assert rows[LAMBETH + "white"]["breakdown"] == "broad"
    assert rows[LAMBETH + "white-british"]["breakdown"] == "detailed"
    assert rows[LAMBETH + "white"]["set_id"] != rows[LAMBETH + "white-british"]["set_id"]


def test_white_and_white_british_are_never_references_of_one_set(base):
    together = base.figures[base.figures["ethnic_group"].isin(["white", "white-british"])]
    calculated = together[together["comparator"].isna()]
    assert (calculated.groupby("set_id")["ethnic_group"].nunique() == 1).all()


def test_a_source_with_one_breakdown_is_one_set(made):
    found = made(
        {"ethnic_group": "white-british", "value": 10},
        {"ethnic_group": "black", "value": 20},
        {"ethnic_group": "black-african", "value": 25},
    )
    assert set(found["breakdown"]) == {""}
    assert found["set_id"].nunique() == 1


def test_ratios_that_a_source_published_keep_its_own_comparator(made):
    ratio = {"measure": "odds_ratio", "unit": "ratio"}
    found = made(
        {"ethnic_group": "white", "value": 1.5, "comparator": "black", **ratio},
        {"ethnic_group": "asian", "value": 2, "comparator": "all", **ratio},
        {"ethnic_group": "mixed", "value": 3, "comparator": "all", **ratio},
    )
    assert found["reference_group"].tolist() == ["black", "all", "all"]
    assert found["set_id"].nunique() == 2


def test_every_published_comparison_keeps_its_comparator_and_shares_it_with_its_set(base):
    compared = ["risk_ratio", "rate_ratio", "odds_ratio", "hazard_ratio", "difference"]
    published = base.figures[base.figures["measure"].isin(compared)]
    assert len(published) > 100
    assert (published["reference_group"] == published["comparator"]).all()
    assert (published.groupby("set_id")["comparator"].nunique() == 1).all()


def test_a_sets_name_does_not_depend_on_what_else_is_in_the_tables(base, groups):
    before = base.figures.drop(columns=["set_id", "breakdown", "reference_group", "is_reference"])
    own = before[before["geography_name"] == "Lambeth"].sample(frac=1, random_state=1)
    again = add_sets(own, groups).set_index("figure_id")["set_id"]
    whole = base.figures.set_index("figure_id")["set_id"]
    assert (again == whole.loc[again.index]).all()


def test_each_set_has_at_most_one_figure_of_its_reference_group(base):
    references = base.figures[base.figures["is_reference"]]
    assert len(references) > 1000
    assert not references.duplicated("set_id").any()
    assert references["value"].notna().all()
