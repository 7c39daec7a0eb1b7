"""What is known of a place, from how far away."""

import pytest

from evidence.coverage import areas_around, areas_around_each, boroughs_measured, nearest_evidence

LAMBETH, CITY = "E09000022", "E09000001"
DISTANCES = ["borough", "icb", "subregion", "london", "region", "england", "england-and-wales",
             "uk"]  # fmt: skip


def test_a_borough_stands_first_among_the_areas_around_it_and_the_uk_last(base):
    names = areas_around(base.areas, LAMBETH)["name"].tolist()
    assert names[:2] == ["Lambeth", "South East London"]
    assert names.index("London") < names.index("England") < names.index("England and Wales")
    assert names[-1].startswith("United Kingdom")
    assert "Lambeth and Southwark" in names


def test_the_areas_around_a_borough_leave_out_those_it_does_not_lie_in(base):
    around = areas_around(base.areas, LAMBETH)
    assert "Southwark" not in around["name"].tolist()
    assert "North East London" not in around["name"].tolist()
    assert "region" not in around["level"].tolist()
    assert (around["level"] == "borough").sum() == 1
    assert (around["level"] == "icb").sum() == 1


def test_every_borough_has_its_own_area_and_its_own_icb(base):
    for borough in base.boroughs.to_dict("records"):
        around = areas_around(base.areas, borough["borough_code"])
        assert around.iloc[0]["area_code"] == borough["borough_code"]
        assert around.iloc[0]["distance"] == 0
        icb = around[around["level"] == "icb"]["area_code"].tolist()
        assert icb == [borough["icb_code"]], borough["name"]


def test_a_boroughs_own_figures_are_the_nearest_evidence(base):
    found = nearest_evidence(base.figures, base.areas, LAMBETH).set_index("indicator_id")
    recovery = found.loc["talking-therapies-recovery"]
    own = base.figures[
        (base.figures["geography_code"] == LAMBETH)
        & (base.figures["indicator_id"] == "talking-therapies-recovery")
        & base.figures["value"].notna()
    ]
    assert recovery["level"] == "borough"
    assert recovery["figures"] == len(own)
    assert recovery["newest"] == own["year"].max()


def test_what_a_borough_lacks_is_borrowed_from_the_nearest_area_that_has_it(base):
    found = nearest_evidence(base.figures, base.areas, CITY).set_index("indicator_id")["level"]
    assert found["maternal-death"] == "uk"
    assert found["school-readiness"] == "borough"
    assert found["talking-therapies-recovery"] != "borough"
    assert found["suicide"] == "england-and-wales"


@pytest.mark.parametrize("borough", [LAMBETH, CITY, "E09000025"])
def test_each_indicator_is_told_once_and_from_as_near_as_its_figures_are(base, borough):
    found = nearest_evidence(base.figures, base.areas, borough)
    assert found["indicator_id"].is_unique
    inside = set(areas_around(base.areas, borough)["area_code"])
    known = base.figures[base.figures["geography_code"].isin(inside)]
    known = known[known["value"].notna()]
    assert set(found["indicator_id"]) == set(known["indicator_id"])
    levels = known.groupby("indicator_id")["geography_level"].agg(
        lambda names: min(names, key=DISTANCES.index)
    )
    assert (found.set_index("indicator_id")["level"].sort_index() == levels.sort_index()).all()


def test_a_suppressed_figure_is_no_evidence(made, base):
    rows = made(
        {"geography_level": "borough", "geography_code": LAMBETH, "blank_reason": "suppressed"},
        {"value": 3},
    )
    found = nearest_evidence(rows, base.areas, LAMBETH)
    assert found[["level", "figures"]].to_numpy().tolist() == [["london", 1]]
    assert boroughs_measured(rows).empty


def test_the_boroughs_measured_are_counted_by_disease_area(base):
    found = boroughs_measured(base.figures).set_index(["disease_area", "geography_code"])
    own = base.figures[
        (base.figures["geography_code"] == LAMBETH)
        & (base.figures["disease_area"] == "mental-health")
        & base.figures["value"].notna()
    ]
    # Those of everyone, and of people of no known group, tell of no group.
    of_groups = own[~own["ethnic_group"].isin(["all", "unknown"])]
    assert len(of_groups) < len(own)
    assert found.loc[("mental-health", LAMBETH), "figures"] == len(of_groups)
    assert ("maternity", CITY) not in found.index
    # School readiness gives every borough figures of its own.
    assert len(found.loc["wider-determinants"]) == 33


def test_the_areas_around_all_boroughs_are_those_around_each(base):
    every = areas_around_each(base.areas, base.boroughs).groupby("borough_code")
    for code in base.boroughs["borough_code"]:
        one = areas_around(base.areas, code).set_index("area_code")["distance"]
        found = every.get_group(code).set_index("area_code")["distance"]
        assert found.sort_index().equals(one.sort_index())
