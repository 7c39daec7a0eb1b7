"""Who lives where: shares at the censuses, against what the ONS published."""

import io

import pandas as pd
import pytest

from evidence.population import LONDON, composition, composition_csv

LAMBETH = "E09000022"
BROAD = ["asian", "black", "mixed", "white", "other"]


def test_londons_shares_are_those_that_the_ons_published(base, groups):
    # ONS, "Ethnic group, England and Wales: Census 2021", and table TS021: London.
    found = composition(base.population, LONDON, groups).set_index("ethnic_group")["borough"]
    published = {"asian": 20.7, "black": 13.5, "mixed": 5.7, "white": 53.8, "other": 6.3}
    for code, share in published.items():
        assert found[code] == pytest.approx(share, abs=0.051), code
    assert found["white-british"] == pytest.approx(36.8, abs=0.051)


def test_lambeths_shares_stand_beside_londons_and_its_own_ten_years_before(base, groups):
    found = composition(base.population, LAMBETH, groups).set_index("ethnic_group")
    assert found.loc["black", "borough"] == pytest.approx(24.0, abs=0.05)
    assert found.loc["black", "london"] == pytest.approx(13.5, abs=0.05)
    assert found.loc["black", "before"] == pytest.approx(25.9, abs=0.05)


def test_the_broad_groups_make_up_everybody_in_every_borough(base, groups):
    for code in base.boroughs["borough_code"]:
        found = composition(base.population, code, groups).set_index("ethnic_group")
        for column in ("borough", "london", "before"):
            assert found.loc[BROAD, column].sum() == pytest.approx(100, abs=1e-6), code


def test_the_detailed_groups_make_up_their_broad_group(base, groups):
    found = composition(base.population, LAMBETH, groups).set_index("ethnic_group")["residents"]
    for broad in BROAD:
        inside = [code for code in groups.detailed if groups[code].parent == broad]
        assert found[inside].sum() == found[broad]


def test_the_rows_are_the_24_groups_in_the_classifications_order(base, groups):
    listed = composition(base.population, LAMBETH, groups)["ethnic_group"].tolist()
    assert len(listed) == 24
    assert listed == groups.sort(listed)
    assert "all" not in listed


def test_a_group_that_was_not_counted_apart_in_2011_has_a_gap_and_no_zero(base, groups):
    found = composition(base.population, LAMBETH, groups).set_index("ethnic_group")["before"]
    assert found.index[found.isna()].tolist() == ["white-roma"]


@pytest.mark.parametrize("area", ["E99999999", "E92000001"])
def test_an_area_without_both_censuses_has_no_composition(base, groups, area):
    known = base.population[base.population["area_code"] == area]["census"].unique()
    found = composition(base.population, area, groups)
    assert found.empty == (len(known) < 2)
    assert "borough" in found


def test_an_empty_table_gives_an_empty_composition(base, groups):
    assert composition(base.population.head(0), LAMBETH, groups).empty


def test_the_file_of_shares_holds_every_group_with_its_citation(base, groups):
    shares = composition(base.population, "E09000022", groups)
    told = composition_csv(shares, "Lambeth", groups, "Office, 2022.")
    frame = pd.read_csv(io.BytesIO(told))
    assert frame["ethnic_group"].tolist() == shares["ethnic_group"].tolist()
    assert frame["percentage_2021"].tolist() == pytest.approx(shares["borough"], abs=0.005)
    assert set(frame["citation"]) == {"Office, 2022."}
    assert set(frame["place"]) == {"Lambeth"}
