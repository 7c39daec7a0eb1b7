"""The evidence gap map: what is nearest, how much, how new, and why a cell is blank."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.coverage import areas_around, knowledge
from evidence.gap_map import BLANKS, COUNTS, Known, borough_map, group_map
from evidence.vocabulary import DiseaseArea

LAMBETH = "E09000022"
PLACE = {"geography_level": "borough", "geography_code": LAMBETH, "geography_name": "Lambeth"}
ENGLAND = {
    "geography_level": "england",
    "geography_code": "E92000001",
    "geography_name": "England",
}


@pytest.fixture(scope="module")
def by_borough(base):
    return borough_map(base.figures, base.areas, base.boroughs)


@pytest.fixture(scope="module")
def by_group(base):
    return group_map(base.figures, base.areas, base.groups)


def cell(table, area="maternity", **where):
    found = table[table["disease_area"] == area]
    for column, value in where.items():
        found = found[found[column] == value]
    assert len(found) == 1
    return found.iloc[0]


def of_lambeth(made, base, *cells):
    return cell(borough_map(made(*cells), base.areas, base.boroughs), borough_code=LAMBETH)


def test_every_area_of_every_borough_and_group_has_one_cell(base, by_borough, by_group):
    assert len(by_borough) == len(DiseaseArea) * 33
    assert not by_borough.duplicated(["disease_area", "borough_code"]).any()
    assert len(by_group) == len(DiseaseArea) * (5 + 19)
    assert list(by_group["ethnic_group"][:24]) == base.groups.sort(by_group["ethnic_group"][:24])


def test_a_cell_counts_the_figures_of_groups_that_the_library_would_open(base, by_borough):
    found = cell(by_borough, "diabetes", borough_code=LAMBETH)
    figures = base.figures
    own = figures[(figures["geography_code"] == LAMBETH) & (figures["disease_area"] == "diabetes")]
    own = own[own["value"].notna() & ~own["history"] & ~own["ethnic_group"].isin(["all"])]
    assert found["known"] == Known.OWN
    assert found["place"] == "Lambeth"
    assert found["figures"] == len(own) > 0
    assert found["indicators"] == own["indicator_id"].nunique()
    assert found["sources"] == own["source_id"].nunique()
    assert found["newest"] == own["year"].max()


def test_each_cell_is_of_the_nearest_place_that_has_figures(base, by_borough):
    figures = base.figures
    told = figures[figures["value"].notna() & ~figures["ethnic_group"].isin(["all", "unknown"])]
    for code in (LAMBETH, "E09000001", "E09000025"):
        around = areas_around(base.areas, code).set_index("area_code")
        here = told[told["geography_code"].isin(around.index)]
        distance = here["geography_code"].map(around["distance"])
        new = here[~here["history"]].assign(distance=distance).groupby("disease_area")
        for found in by_borough[by_borough["borough_code"] == code].to_dict("records"):
            area = new.get_group(found["disease_area"])
            level = around.loc[around["name"] == found["place"], "distance"].iloc[0]
            assert level == area["distance"].min(), found


def test_the_map_agrees_with_what_the_borough_pages_know(base):
    known = knowledge(base.figures, base.areas, base.boroughs, base.groups)
    names = {
        "borough": {Known.OWN},
        "nhs_area": {Known.NHS_AREA, Known.PART},
        "london": {Known.LONDON},
        "national": {Known.WIDER},
        "history": {Known.HISTORY},
        "nothing": {Known.NOTHING},
    }
    for group in ("black", "other"):
        broad = base.figures["ethnic_group"].map(base.groups.broad_of)
        ours = borough_map(base.figures[broad == group], base.areas, base.boroughs)
        theirs = known[known["ethnic_group"] == group]
        both = theirs.merge(ours, on=["disease_area", "borough_code"])
        assert len(both) == len(ours)
        for one in both.to_dict("records"):
            assert one["known"] in names[one["nearest"]], one


def test_what_is_of_the_borough_comes_before_what_is_of_england(made, base):
    own = {**PLACE, "value": 3, "period": "2015"}
    found = of_lambeth(made, base, own, {**ENGLAND, "value": 3, "period": "2024"})
    assert found["known"] == Known.OWN
    assert found["newest"] == 2015


def test_what_is_borrowed_carries_the_name_of_its_own_place(made, base):
    found = of_lambeth(made, base, {**ENGLAND, "value": 3}, {**ENGLAND, "value": 4, "age": "30"})
    assert (found["known"], found["place"], found["figures"]) == (Known.WIDER, "England", 2)


def test_history_counts_only_where_there_is_nothing_newer(made, base):
    old = {**PLACE, "value": 3, "period": "2001"}
    assert of_lambeth(made, base, old)["known"] == Known.HISTORY
    assert of_lambeth(made, base, old, {**ENGLAND, "value": 3})["known"] == Known.WIDER


def test_figures_of_everyone_tell_nothing_of_a_group(made, base):
    found = of_lambeth(
        made,
        base,
        {**PLACE, "value": 3, "ethnic_group": "all"},
        {**PLACE, "value": 3, "ethnic_group": "unknown"},
    )
    assert found["known"] == Known.NOTHING
    assert found["figures"] == 0


@pytest.mark.parametrize(
    "reason", ["suppressed", "not-collected", "not-published", "not-applicable"]
)
def test_the_four_kinds_of_blank_are_kept_apart_from_nothing_at_all(made, base, reason):
    found = of_lambeth(made, base, {**PLACE, "blank_reason": reason}, {**ENGLAND, "value": 3})
    assert found["known"] == Known.WIDER, "a blank is no figure"
    assert found[BLANKS].sum() == found[reason.replace("-", "_")] == 1
    nothing = of_lambeth(made, base, {**ENGLAND, "value": 3})
    assert nothing[BLANKS].sum() == 0


def test_a_broad_group_holds_its_detailed_groups_and_a_detailed_one_only_itself(made, base):
    figures = made({"value": 3, "ethnic_group": "black-african"})
    found = group_map(figures, base.areas, base.groups).set_index("ethnic_group")
    found = found[found["disease_area"] == "maternity"]
    known = found.index[found["known"] == Known.LONDON]
    assert set(known) == {"black", "black-african"}


def test_london_as_a_whole_is_nearer_to_london_than_one_of_its_boroughs(made, base):
    both = made({"value": 3}, {**PLACE, "value": 3})
    found = cell(group_map(both, base.areas, base.groups), ethnic_group="black")
    assert (found["known"], found["place"]) == (Known.LONDON, "London")
    part = made({**PLACE, "value": 3}, {**ENGLAND, "value": 3})
    found = cell(group_map(part, base.areas, base.groups), ethnic_group="black")
    assert (found["known"], found["place"]) == (Known.PART, "Lambeth")


def test_the_map_of_groups_can_be_seen_from_one_borough(base, by_borough):
    found = group_map(base.figures, base.areas, base.groups, LAMBETH)
    assert cell(found, "mental-health", ethnic_group="black")["known"] == Known.OWN
    assert not ((found["known"] == Known.OWN) & (found["place"] != "Lambeth")).any()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "value": st.one_of(st.none(), st.just(3)),
                "place": st.sampled_from([PLACE, ENGLAND, {}]),
                "period": st.sampled_from(["2001", "2015", "2022", "not stated"]),
                "age": st.integers(1, 99).map(str),
            }
        ),
        max_size=6,
        unique_by=lambda one: one["age"],
    )
)
def test_counts_and_kinds_of_cells_agree_whatever_the_figures(made, base, some):
    cells = []
    for one in some:
        blank = {} if one["value"] else {"blank_reason": "suppressed"}
        cells.append({**one.pop("place"), **one, **blank})
    figures = made(*cells) if cells else base.figures.head(0)
    found = borough_map(figures, base.areas, base.boroughs)
    assert len(found) == len(DiseaseArea) * 33
    nothing = found["known"] == Known.NOTHING
    assert (found.loc[nothing, COUNTS] == 0).all(axis=None)
    assert found.loc[nothing, "place"].isna().all()
    assert (found.loc[~nothing, COUNTS] > 0).all(axis=None)
    years = found.loc[found["known"] == Known.HISTORY, "newest"]
    assert (years.dropna() < 2010).all()
    assert pd.api.types.is_integer_dtype(found["figures"])
