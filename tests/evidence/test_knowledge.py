"""What is known of each disease area, borough and broad group; the ages; what is shown first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from evidence.coverage import NEARNESS, WHOLE_AREAS, knowledge
from evidence.ethnicity import Classification
from evidence.population import LONDON, age_structure
from evidence.selection import NOT_RANKED, first_indicator, widest_gaps
from evidence.vocabulary import DiseaseArea
from loaders.open import EvidenceBase

Cells = dict[str, Any]
Make = Callable[..., pd.DataFrame]

LAMBETH, SOUTHWARK, BROMLEY = "E09000022", "E09000028", "E09000006"
BRENT, CITY, NEWHAM = "E09000005", "E09000001", "E09000025"
BROAD = ["asian", "black", "mixed", "white", "other"]

OF_LAMBETH = {"geography_level": "borough", "geography_code": LAMBETH}
OF_SOUTH_EAST = {"geography_level": "icb", "geography_code": "E54000030"}
OF_LAMBETH_AND_SOUTHWARK = {
    "geography_level": "subregion",
    "geography_code": "sub-lambeth-southwark",
}
OF_LONDON = {"geography_level": "london", "geography_code": LONDON}
OF_ENGLAND = {"geography_level": "england", "geography_code": "E92000001"}
OF_ENGLAND_AND_WALES = {"geography_level": "england-and-wales", "geography_code": "K04000001"}
OF_THE_UK = {"geography_level": "uk", "geography_code": "K02000001"}

Know = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def know(made: Make, base: EvidenceBase, groups: Classification) -> Know:
    """What is known from figures of a few cells each, by disease area, borough and group."""

    def table(*cells: Cells) -> pd.DataFrame:
        figures = made(*({"value": 5, **some} for some in cells))
        found = knowledge(figures, base.areas, base.boroughs, groups)
        return found.set_index(["disease_area", "borough_code", "ethnic_group"]).sort_index()

    return table


@pytest.fixture(scope="module")
def known(base: EvidenceBase) -> pd.DataFrame:
    """What is known from the committed tables."""
    return knowledge(base.figures, base.areas, base.boroughs, base.groups)


def cell(table: pd.DataFrame, borough: str = LAMBETH, group: str = "black") -> Cells:
    """What is known of a group in a borough in maternity care."""
    rows: dict[Any, Cells] = table.to_dict("index")  # type: ignore[assignment]
    return rows["maternity", borough, group]


def boroughs_where(table: pd.DataFrame, column: str, group: str = "black") -> set[str]:
    """The boroughs that have figures of a nearness in maternity care."""
    here = table.loc["maternity"].xs(group, level="ethnic_group")
    return set(here.index[here[column] > 0])


# --- One row for each -----------------------------------------------------------------------


def test_there_is_one_row_for_each_area_borough_and_broad_group_and_none_is_left_out(
    base: EvidenceBase, known: pd.DataFrame
) -> None:
    keys = list(known[["disease_area", "borough_code", "ethnic_group"]].itertuples(index=False))
    wanted = {
        (str(area), code, group)
        for area in DiseaseArea
        for code in base.boroughs["borough_code"]
        for group in BROAD
    }
    assert len(keys) == len(wanted) == 11 * 33 * 5
    assert {tuple(key) for key in keys} == wanted
    names = base.boroughs.set_index("borough_code")["name"]
    assert (known["borough"] == known["borough_code"].map(names)).all()


def test_without_any_figure_every_row_stands_and_nothing_is_known(
    base: EvidenceBase, groups: Classification
) -> None:
    found = knowledge(base.figures.head(0), base.areas, base.boroughs, groups)
    assert len(found) == 11 * 33 * 5
    assert set(found["nearest"]) == {"nothing"}
    counts = [f"{name}_figures" for name in [*NEARNESS, "history"]]
    assert (found[counts] == 0).all(axis=None)
    assert found[[f"{name}_newest" for name in NEARNESS]].isna().all(axis=None)


def test_a_figure_counts_in_its_own_disease_area_alone(know: Know) -> None:
    found = know(OF_LONDON)
    assert set(found.index[found["london_figures"] > 0].get_level_values(0)) == {"maternity"}


# --- Which group ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "broad"),
    [
        ("black", "black"),
        ("black-african", "black"),
        ("asian-chinese", "asian"),
        ("white-british", "white"),
        ("mixed-other", "mixed"),
        ("other-arab", "other"),
        ("south-asian", "asian"),
        ("black-african+black-caribbean", "black"),
        ("asian-chinese+asian-other", "asian"),
        ("black+black-african", "black"),
    ],
)
def test_a_figure_of_a_group_within_a_broad_group_counts_for_that_alone(
    know: Know, code: str, broad: str
) -> None:
    found = know({"ethnic_group": code})
    for group in BROAD:
        here = cell(found, LAMBETH, group)
        assert here["london_figures"] == int(group == broad), group
        assert here["nearest"] == ("london" if group == broad else "nothing"), group


@pytest.mark.parametrize(
    "code",
    [
        *("all", "unknown", "ethnic-minority", "ethnic-minority-excl-white", "latin-american"),
        *("asian+black", "black-caribbean+mixed", "other+south-asian", "asian-indian+white-irish"),
    ],
)
def test_a_figure_of_everyone_or_of_several_broad_groups_is_about_none_of_them(
    know: Know, code: str
) -> None:
    assert set(know({"ethnic_group": code})["nearest"]) == {"nothing"}


# --- How near -------------------------------------------------------------------------------


def test_a_boroughs_own_figures_are_known_of_it_alone(know: Know) -> None:
    assert boroughs_where(know(OF_LAMBETH), "borough_figures") == {LAMBETH}


def test_a_part_of_london_counts_as_nhs_area_for_its_boroughs_and_for_no_others(
    know: Know,
) -> None:
    found = know(OF_LAMBETH_AND_SOUTHWARK)
    assert boroughs_where(found, "nhs_area_figures") == {LAMBETH, SOUTHWARK}
    assert found["nearest"].value_counts()["nhs_area"] == 2


def test_an_integrated_care_board_counts_for_its_boroughs_and_for_no_others(
    know: Know, base: EvidenceBase
) -> None:
    inside = base.boroughs.loc[base.boroughs["icb_code"] == "E54000030", "borough_code"]
    assert len(inside) == 6
    assert boroughs_where(know(OF_SOUTH_EAST), "nhs_area_figures") == set(inside)


def test_a_board_and_a_part_of_london_are_counted_together(know: Know) -> None:
    found = know(OF_SOUTH_EAST, OF_LAMBETH_AND_SOUTHWARK)
    assert cell(found)["nhs_area_figures"] == 2
    assert cell(found, BROMLEY)["nhs_area_figures"] == 1, "it lies in the board alone"


@pytest.mark.parametrize(
    ("place", "near"),
    [
        (OF_LONDON, "london"),
        (OF_ENGLAND, "national"),
        (OF_ENGLAND_AND_WALES, "national"),
        (OF_THE_UK, "national"),
    ],
    ids=["London", "England", "England and Wales", "UK"],
)
def test_london_and_the_nation_count_for_every_borough(know: Know, place: Cells, near: str) -> None:
    found = know(place)
    assert len(boroughs_where(found, f"{near}_figures")) == 33
    assert set(found.loc["maternity"].xs("black", level="ethnic_group")["nearest"]) == {near}


def test_a_region_outside_london_tells_nothing_of_a_borough(
    made: Make, base: EvidenceBase, groups: Classification
) -> None:
    region = base.areas[base.areas["level"] == "region"].iloc[0]
    figures = made({"value": 5, "geography_level": "region", "geography_code": region["area_code"]})
    # Not even if the table of areas gave it boroughs, as the area of some hospitals reaches in.
    reaching = base.areas.assign(
        boroughs=base.areas["boroughs"].mask(base.areas["level"] == "region", LAMBETH)
    )
    for areas in (base.areas, reaching):
        found = knowledge(figures, areas, base.boroughs, groups)
        assert set(found["nearest"]) == {"nothing"}
        assert found.filter(like="_figures").sum().sum() == 0


def test_the_nearest_evidence_is_named_and_what_is_farther_is_counted_too(know: Know) -> None:
    everywhere = [OF_LAMBETH, OF_SOUTH_EAST, OF_LONDON, OF_ENGLAND]
    for left_out, nearest in enumerate(["borough", "nhs_area", "london", "national"]):
        here = cell(know(*everywhere[left_out:]))
        assert here["nearest"] == nearest
        counted = [here[f"{name}_figures"] for name in NEARNESS]
        assert counted == [0] * left_out + [1] * (4 - left_out)


# --- History, blanks and years --------------------------------------------------------------


def test_history_is_counted_apart_from_what_is_known_today(know: Know) -> None:
    here = cell(know(OF_LAMBETH, OF_LAMBETH | {"period": "2009"}, OF_LONDON | {"period": "1998"}))
    assert (here["borough_figures"], here["borough_newest"]) == (1, 2022)
    assert here["london_figures"] == 0
    assert here["history_figures"] == 2
    assert here["nearest"] == "borough"


def test_where_there_is_only_history_or_nothing_the_row_says_so(know: Know) -> None:
    found = know(OF_LAMBETH | {"period": "2008-09"}, OF_LAMBETH | {"period": "2009-2010"})
    assert cell(found)["nearest"] == "borough"
    found = know(OF_LAMBETH | {"period": "2008-09"})
    here = cell(found)
    assert (here["nearest"], here["history_figures"]) == ("history", 1)
    assert found[[f"{name}_figures" for name in NEARNESS]].sum().sum() == 0
    assert cell(found, LAMBETH, "white")["nearest"] == "nothing"
    assert cell(found, SOUTHWARK, "black")["nearest"] == "nothing"


def test_old_evidence_of_the_borough_goes_after_new_evidence_of_the_nation(know: Know) -> None:
    here = cell(know(OF_LAMBETH | {"period": "2005"}, OF_THE_UK))
    assert (here["nearest"], here["history_figures"]) == ("national", 1)


@pytest.mark.parametrize("reason", ["suppressed", "not-published"])
def test_a_blank_figure_is_not_known(know: Know, reason: str) -> None:
    blank = OF_LAMBETH | {"value": None, "blank_reason": reason}
    assert set(know(blank)["nearest"]) == {"nothing"}
    here = cell(know(blank, OF_LAMBETH | {"period": "2015"}))
    assert (here["borough_figures"], here["borough_newest"]) == (1, 2015)


def test_the_newest_year_is_that_of_each_nearness_and_missing_where_none_is_stated(
    know: Know,
) -> None:
    here = cell(
        know(
            OF_LAMBETH | {"period": "2012-2014"},
            OF_LAMBETH | {"period": "2019-20"},
            OF_LAMBETH | {"period": "2018"},
            OF_LONDON | {"period": "2024"},
            OF_ENGLAND | {"period": "not stated"},
        )
    )
    assert (here["borough_newest"], here["london_newest"]) == (2020, 2024)
    assert (here["borough_figures"], here["london_figures"], here["national_figures"]) == (3, 1, 1)
    assert pd.Series([here["national_newest"], here["nhs_area_newest"]]).isna().all()


def test_the_newest_year_of_the_nhs_area_is_the_newest_of_all_areas_that_hold_the_borough(
    know: Know,
) -> None:
    here = cell(
        know(OF_SOUTH_EAST | {"period": "2015"}, OF_LAMBETH_AND_SOUTHWARK | {"period": "2023"})
    )
    assert here["nhs_area_newest"] == 2023


# --- The committed tables -------------------------------------------------------------------


def counted_by_hand(base: EvidenceBase, area: str, borough: str, group: str) -> Cells:
    """The same row, counted figure by figure without the code that it checks."""
    parents = dict(base.ethnic_groups[["code", "parent"]].itertuples(index=False, name=None))
    parents["south-asian"] = "asian"
    places = {row["area_code"]: row for row in base.areas.to_dict("records")}
    nearness = {"borough": "borough", "icb": "nhs_area", "subregion": "nhs_area"}
    found: dict[str, list[Any]] = {name: [] for name in [*NEARNESS, "history"]}
    for row in base.figures[base.figures["disease_area"] == area].to_dict("records"):
        place = places[row["geography_code"]]
        parts = row["ethnic_group"].split("+")
        about = {part if pd.isna(parents[part]) else parents[part] for part in parts}
        if pd.isna(row["value"]) or about != {group} or place["level"] == "region":
            continue
        if place["level"] in nearness:
            if borough not in str(place["boroughs"]).split():
                continue
            near = nearness[place["level"]]
        elif row["geography_code"] not in WHOLE_AREAS:
            continue  # one hospital is no evidence on the area around it
        else:
            near = "london" if place["level"] == "london" else "national"
        found["history" if row["history"] else near].append(row["year"])
    told: Cells = {f"{name}_figures": len(years) for name, years in found.items()}
    for name in NEARNESS:
        years = [int(year) for year in found[name] if not pd.isna(year)]
        told[f"{name}_newest"] = max(years) if years else None
    nearest = next((name for name in found if found[name]), "nothing")
    return told | {"nearest": nearest}


@pytest.mark.parametrize(
    ("area", "borough", "group"),
    [
        ("mental-health", LAMBETH, "black"),
        ("wider-determinants", NEWHAM, "asian"),
        ("maternity", CITY, "white"),
        ("cancer", BRENT, "other"),
        ("infectious-disease", BRENT, "asian"),
    ],
)
def test_the_committed_tables_agree_with_a_count_figure_by_figure(
    base: EvidenceBase, known: pd.DataFrame, area: str, borough: str, group: str
) -> None:
    rows = {
        (row["disease_area"], row["borough_code"], row["ethnic_group"]): row
        for row in known.to_dict("records")
    }
    row = rows[area, borough, group]
    wanted = counted_by_hand(base, area, borough, group)
    told = {name: None if pd.isna(row[name]) else row[name] for name in wanted}
    assert told == wanted
    assert sum(row[f"{name}_figures"] for name in NEARNESS) > 0


def test_the_nearest_evidence_of_every_row_is_the_first_that_has_figures(
    known: pd.DataFrame,
) -> None:
    for row in known.to_dict("records"):
        having = [name for name in [*NEARNESS, "history"] if row[f"{name}_figures"] > 0]
        assert row["nearest"] == (having[0] if having else "nothing"), row


# --- Ages -----------------------------------------------------------------------------------

BANDS = ["0-15", "16-24", "25-44", "45-64", "65 and over"]
SHARES = ["area", "london", "white", "others"]


def test_the_shares_of_ages_make_up_everybody_in_every_borough(base: EvidenceBase) -> None:
    for code in base.boroughs["borough_code"]:
        found = age_structure(base.ages, code)
        assert found["age"].tolist() == BANDS, code
        for column in SHARES:
            assert found[column].sum() == pytest.approx(100, abs=1e-9), (code, column)


def test_the_ages_are_those_of_the_census(base: EvidenceBase) -> None:
    found = age_structure(base.ages, LAMBETH).set_index("age")
    counts = {
        (row["census"], row["ethnic_group"], row["age"]): row["residents"]
        for row in base.ages[base.ages["area_code"] == LAMBETH].to_dict("records")
    }
    for column, census, group in [
        ("area", 2021, "all"),
        ("white", 2011, "white"),
        ("others", 2011, "asian+black+mixed+other"),
    ]:
        everyone = sum(counts[census, group, band] for band in BANDS)
        for band in BANDS:
            share = 100 * counts[census, group, band] / everyone
            assert found.loc[band, column] == pytest.approx(share), (column, band)
    assert found["residents"].to_dict() == {band: counts[2021, "all", band] for band in BANDS}
    # Two tables of one census: each cell is changed a little to protect people.
    population = base.population
    here = (population["census"] == 2021) & (population["area_code"] == LAMBETH)
    residents = population.loc[here & (population["ethnic_group"] == "all"), "residents"].item()
    assert found["residents"].sum() == pytest.approx(residents, rel=0.001)


def test_londons_ages_are_those_that_the_ons_published(base: EvidenceBase) -> None:
    # ONS, Census 2021, "How the population changed": in London 11.9% were 65 or over.
    found = age_structure(base.ages, LAMBETH).set_index("age")["london"]
    assert found["65 and over"] == pytest.approx(11.9, abs=0.051)
    itself = age_structure(base.ages, LONDON)
    assert itself["area"].tolist() == itself["london"].tolist() == found.tolist()


def made_ages(*rows: tuple[int, str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        rows, columns=["census", "area_code", "ethnic_group", "age", "residents"]
    ).assign(source_id="made")


EVERY_AGE = made_ages(
    (2021, "x", "all", "9 and under", 30),
    (2021, "x", "all", "10 and over", 10),
    (2021, LONDON, "all", "9 and under", 1),
    (2021, LONDON, "all", "10 and over", 1),
    (2011, "x", "all", "9 and under", 500),
    (2011, "x", "all", "10 and over", 500),
    (2011, "x", "white", "9 and under", 1),
    (2011, "x", "white", "10 and over", 4),
    (2011, "x", "asian+black+mixed+other", "9 and under", 9),
    (2011, "x", "asian+black+mixed+other", "10 and over", 1),
)


def test_each_share_is_of_its_own_people_at_its_own_census() -> None:
    found = age_structure(EVERY_AGE, "x")
    assert found.to_dict("list") == {
        "age": ["9 and under", "10 and over"],
        "residents": [30, 10],
        "area": [75, 25],
        "london": [50, 50],
        "white": [20, 80],
        "others": [90, 10],
    }


@pytest.mark.parametrize(
    ("ages", "area"),
    [
        (EVERY_AGE, "y"),
        (EVERY_AGE[EVERY_AGE["census"] == 2021], "x"),
        (EVERY_AGE[EVERY_AGE["area_code"] == "x"], "x"),
        (EVERY_AGE[EVERY_AGE["ethnic_group"] != "white"], "x"),
        (EVERY_AGE.head(0), "x"),
    ],
    ids=["unknown area", "one census", "no London", "no White people", "nothing"],
)
def test_an_area_whose_ages_are_not_all_there_has_none(ages: pd.DataFrame, area: str) -> None:
    found = age_structure(ages, area)
    assert found.empty
    assert list(found) == ["age", "residents", *SHARES]


def test_a_borough_that_the_census_does_not_know_has_no_ages(base: EvidenceBase) -> None:
    assert age_structure(base.ages, "E99999999").empty


# --- What is shown first --------------------------------------------------------------------

FIRST = {"indicator_id": "first"}
SECOND = {"indicator_id": "second"}


def of_groups(*codes: str, **cells: Any) -> list[Cells]:
    return [{"value": 5, "ethnic_group": code, **cells} for code in codes]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (
            of_groups("black", period="2012"),
            of_groups("black", "asian", "white", period="2009"),
        ),
        (
            of_groups("black", "white", **OF_LAMBETH),
            of_groups("black", "asian", "mixed"),
        ),
        (
            of_groups("black", "white", **OF_ENGLAND),
            of_groups("black", "asian", "white", **OF_LAMBETH),
        ),
        (
            of_groups("black", "white", **OF_THE_UK),
            of_groups("black", "asian", "white", geography_code="lon-one-hospital"),
        ),
        (
            of_groups("black", "white"),
            of_groups("black", "asian", "white", source_id="a-leaflet", confidence="secondary"),
        ),
        (of_groups("black", "asian", "white"), of_groups("black", "white")),
    ],
    ids=[
        *("of today before history", "compared before not", "a whole area before a borough"),
        *("a whole area before a hospital", "stronger before more groups", "more groups"),
    ],
)
def test_the_indicator_with_the_best_set_is_shown_first_wherever_it_stands(
    made: Make, better: list[Cells], worse: list[Cells]
) -> None:
    mine, other = [row | FIRST for row in better], [row | SECOND for row in worse]
    assert first_indicator(made(*mine, *other)) == "first"
    assert first_indicator(made(*other, *mine)) == "first"


def test_every_area_is_opened_with_an_indicator_of_today_that_is_compared(
    base: EvidenceBase, gapped: pd.DataFrame
) -> None:
    for area in DiseaseArea:
        rows = gapped[(gapped["disease_area"] == area) & gapped["value"].notna()]
        first = rows[rows["indicator_id"] == first_indicator(rows)]
        best = first[
            ~first["history"]
            & first["reference_group"].notna()
            & first["geography_code"].isin(WHOLE_AREAS)
        ]
        assert len(best), area


# --- What is never ranked -------------------------------------------------------------------

SOURCES = pd.DataFrame({"source_id": ["made-source"], "kind": ["official-statistics"]})
INDICATORS = pd.DataFrame({"indicator_id": ["infant-death"], "direction": ["higher-is-worse"]})
CLEAR = {
    "measure": "rate_ratio",
    "unit": "ratio",
    "comparator": "white-british",
    "value": 2,
    "lower": 1.5,
    "upper": 2.7,
}


def ranked(figures: pd.DataFrame, *, this_year: int) -> list[str]:
    found = widest_gaps(figures, INDICATORS, SOURCES, this_year=this_year)
    return [str(code) for code in found["figure_id"]]


@pytest.mark.parametrize("code", NOT_RANKED)
def test_groups_that_hold_people_whose_group_is_not_known_are_never_ranked(
    made: Make, code: str
) -> None:
    figures = made(CLEAR | {"ethnic_group": code, "value": 9, "upper": 30}, CLEAR)
    assert ranked(figures, this_year=2026) == ["made-2"]


def test_history_is_never_ranked_however_near_the_date_of_the_tables(made: Make) -> None:
    assert ranked(made(CLEAR | {"period": "2009"}), this_year=2012) == []
    assert ranked(made(CLEAR | {"period": "2010"}), this_year=2012) == ["made-1"]


@pytest.mark.parametrize("without_limits", [False, True])
def test_no_committed_ranking_holds_history_or_a_group_that_is_not_ranked(
    base: EvidenceBase, gapped: pd.DataFrame, without_limits: bool
) -> None:
    found = widest_gaps(
        gapped,
        base.indicators,
        base.sources,
        this_year=base.released.year,
        without_limits=without_limits,
    )
    assert len(found)
    assert not found["history"].any()
    assert not set(found["ethnic_group"]) & set(NOT_RANKED)
    assert set(found["geography_code"]) <= set(WHOLE_AREAS)
    # There is something to leave out: such groups stand in the same sets, further apart.
    others = gapped[gapped["set_id"].isin(found["set_id"])]
    assert others["ethnic_group"].isin(NOT_RANKED).any()
