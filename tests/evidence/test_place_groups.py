"""Every group in each borough: which stand together, how far apart, and in what order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.place_groups import (
    NAME,
    caution_of_groups,
    distances,
    groups_across,
    in_lines,
    why_no_groups,
)
from evidence.places import across_boroughs
from tests.borough_rows import BRENT, LAMBETH, NAMES, SOUTHWARK, here

BROAD = ["asian", "black", "mixed", "white", "other"]


@pytest.fixture(scope="module")
def apart(recovery, groups):
    return groups_across(recovery, groups, group="black", reference="white")


def test_the_broad_groups_stand_together_where_a_broad_group_was_chosen(apart, recovery, base):
    assert set(apart["ethnic_group"]) == set(BROAD)
    boroughs = set(recovery.loc[recovery["value"].notna(), NAME])
    assert set(apart[NAME]) == boroughs
    assert boroughs <= set(base.boroughs["name"])
    assert set(apart.loc[apart["is_reference"], "ethnic_group"]) == {"white"}


def test_the_detailed_groups_stand_together_where_one_of_them_was_chosen(recovery, groups):
    found = groups_across(recovery, groups, group="black-african", reference="white-british")
    codes = set(found["ethnic_group"])
    assert {"black-african", "white-british", "asian-indian"} <= codes
    assert not codes & set(BROAD[:4])
    assert not any(groups.overlap(one, other) for one in codes for other in codes if one != other)


def test_the_two_chosen_groups_stay_whatever_their_level(recovery, groups):
    found = groups_across(recovery, groups, group="black", reference="white-british")
    assert {"black", "white-british"} <= set(found["ethnic_group"])
    assert "white" not in set(found["ethnic_group"])


def test_every_figure_is_one_of_the_set(apart, recovery):
    told = recovery.set_index("figure_id")["value"]
    assert apart["value"].tolist() == told.loc[apart["figure_id"]].tolist()


def test_boroughs_with_one_group_alone_are_left_out(made, groups):
    rows = across_boroughs(
        made(
            here(LAMBETH, "black", 10.0),
            here(LAMBETH, "white", 30.0),
            here(BRENT, "black", 12.0),
            here(BRENT, "white"),
            here(SOUTHWARK, "all", 12.0),
        )
    )
    found = groups_across(rows, groups, group="black", reference="white")
    assert set(found[NAME]) == {"Lambeth"}
    assert why_no_groups(rows, found) == ""
    none = groups_across(rows[rows["ethnic_group"] != "white"], groups, group="black")
    assert none.empty
    assert "No borough has figures of two groups" in why_no_groups(rows, none)


@pytest.mark.parametrize(
    "cells",
    [{"measure": "count", "unit": "referrals"}, {"measure": "share"}],
    ids=["count", "share"],
)
def test_counts_and_shares_are_not_put_side_by_side_and_it_is_said_why(made, groups, cells):
    rows = across_boroughs(
        made(here(LAMBETH, "black", 10.0, **cells), here(LAMBETH, "white", 30.0, **cells))
    )
    found = groups_across(rows, groups, group="black", reference="white")
    assert "how many people a group has" in why_no_groups(rows, found)


def test_chinese_people_stand_beside_the_broad_groups_where_a_source_lists_them_so(made, groups):
    codes = [*BROAD, "asian-chinese"]
    rows = across_boroughs(made(*(here(LAMBETH, code, 10.0) for code in codes)))
    assert set(groups_across(rows, groups, group="black")["ethnic_group"]) == set(codes)


def test_the_order_is_by_name_or_the_widest_first(apart, groups):
    by_name = in_lines(apart, groups, by_distance=False)[NAME].unique()
    assert list(by_name) == sorted(by_name)
    by_distance = in_lines(apart, groups, by_distance=True)
    wide = distances(apart)
    assert list(by_distance[NAME].unique()) == list(wide.index)
    assert wide.is_monotonic_decreasing
    first = by_distance[by_distance[NAME] == wide.index[0]]
    assert wide.iloc[0] == first["estimate"].max() - first["estimate"].min()
    assert first["ethnic_group"].tolist() == groups.sort(first["ethnic_group"])


def test_the_caution_says_what_is_luck_and_that_nothing_was_tested(apart):
    assert "Among 29 boroughs the widest distance may be partly luck" in caution_of_groups(apart)
    assert "was not tested" in caution_of_groups(apart)
    bare = apart.assign(limit_lower=None)
    assert caution_of_groups(bare).startswith("No limits are published")


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(NAMES)), st.sampled_from(BROAD), st.integers(0, 100)
        ),
        min_size=1, max_size=12, unique_by=lambda cell: cell[:2],
    )
)  # fmt: skip
def test_whatever_is_measured_a_line_has_two_groups_and_no_distance_is_below_zero(
    made, groups, cells
):
    rows = across_boroughs(made(*(here(code, group, value) for code, group, value in cells)))
    found = groups_across(rows, groups, group=cells[0][1])
    assert (found.groupby(NAME)["ethnic_group"].nunique() > 1).all()
    assert (distances(found) >= 0).all()
    assert len(in_lines(found, groups, by_distance=True)) == len(found)
