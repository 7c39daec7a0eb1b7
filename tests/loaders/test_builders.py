"""Each builder on a few raw rows, and what it says of a raw file that it can't build from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evidence.strength import INCOMPLETE
from loaders.builders import (
    BUILDERS,
    BuildError,
    boundaries,
    census,
    icb_boundaries,
    school_readiness,
    talking_therapies,
    write,
)
from loaders.tables import AREAS, BOROUGHS, BULK, DATA, POPULATION

# --- NHS Talking Therapies -------------------------------------------------------------------

ENGLAND_ASIAN = {
    "reporting_period": "2017-18",
    "org_type": "England",
    "org_code": "All",
    "org_name": "ALL",
    "variable_type": "Ethnic Group",
    "variable_a": "Asian or Asian British",
    "variable_b": "All",
    "referrals_received_count": "66453",
    "finished_course_treatment_count": "24718",
    "at_caseness_count": "23160",
    "not_at_caseness_count": "1536",
    "recovery_count": "10513",
    "recovery_pct": "45.3",
    "reliable_recovery_count": "9968",
    "reliable_recovery_pct": "43.0",
    "improvement_count": "15506",
    "improvement_pct": "62.7",
    "deterioration_count": "1856",
    "deterioration_pct": "7.5",
}
BARKING_BANGLADESHI = ENGLAND_ASIAN | {
    "org_type": "CCG",
    "org_code": "07L",
    "org_name": "NHS BARKING AND DAGENHAM CCG",
    "variable_b": "Bangladeshi",
    "referrals_received_count": "145",
    "finished_course_treatment_count": "50",
    "at_caseness_count": "50",
    "not_at_caseness_count": "*",
    "recovery_count": "25",
    "recovery_pct": "46",
    "reliable_recovery_count": "20",
    "reliable_recovery_pct": "38",
    "improvement_count": "35",
    "improvement_pct": "67",
    "deterioration_count": "*",
    "deterioration_pct": "*",
}


def therapies(folder: Path, *rows: dict[str, str]) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / talking_therapies.INPUT[0], index=False)
    return talking_therapies.build(folder)


def figure(built: pd.DataFrame, figure_id: str) -> pd.Series:
    found = built[built["figure_id"] == figure_id]
    assert len(found) == 1, f"{figure_id}: {len(found)} rows"
    return found.iloc[0]


def test_a_raw_therapies_row_gives_one_figure_for_each_of_six_indicators(tmp_path: Path) -> None:
    built = therapies(tmp_path, ENGLAND_ASIAN)
    assert built["indicator_id"].nunique() == len(built) == 6
    assert list(built.columns) == BULK.columns
    assert built.dtypes.astype(str).to_dict() == BULK.dtypes


def test_recovery_is_of_those_who_finished_less_those_not_at_caseness(tmp_path: Path) -> None:
    row = figure(therapies(tmp_path, ENGLAND_ASIAN), "tt-2017-18-england-recovery-asian")
    assert (row["value"], row["numerator"], row["denominator"]) == (45.3, 10513, 24718 - 1536)
    assert "worked out here" in row["note"]


def test_improvement_is_of_all_who_finished(tmp_path: Path) -> None:
    row = figure(therapies(tmp_path, ENGLAND_ASIAN), "tt-2017-18-england-improvement-asian")
    assert (row["value"], row["denominator"]) == (62.7, 24718)


def test_a_year_in_which_referrals_fell_by_more_than_half_is_marked_in_every_figure(
    tmp_path: Path,
) -> None:
    everyone = ENGLAND_ASIAN | {"variable_type": "Total", "variable_a": "Total"}
    years = [("2018-19", "1000"), ("2019-20", "501"), ("2020-21", "250")]
    built = therapies(
        tmp_path,
        *(
            row | {"reporting_period": year, "referrals_received_count": count}
            for year, count in years
            for row in (everyone, ENGLAND_ASIAN)
        ),
    )
    doubtful = built[built["note"].str.startswith(INCOMPLETE, na=False)]
    assert set(doubtful["period"]) == {"2020-21"}
    assert len(doubtful) == 12
    assert doubtful["note"].str.contains("fell from 501 to 250 in a year").all()


def test_counts_are_rounded_below_england_only(tmp_path: Path) -> None:
    built = therapies(tmp_path, ENGLAND_ASIAN, BARKING_BANGLADESHI)
    rounding = built.groupby("geography_level")["count_rounding"].first()
    assert rounding["borough"] == 5
    assert pd.isna(rounding["england"])


def test_a_suppressed_therapies_cell_is_blank_and_says_so(tmp_path: Path) -> None:
    row = figure(
        therapies(tmp_path, BARKING_BANGLADESHI),
        "tt-2017-18-barking-and-dagenham-deterioration-asian-bangladeshi",
    )
    assert pd.isna(row["value"])
    assert pd.isna(row["numerator"])
    assert row["blank_reason"] == "suppressed"


def test_the_number_at_caseness_stands_in_where_the_rest_is_suppressed(tmp_path: Path) -> None:
    row = figure(
        therapies(tmp_path, BARKING_BANGLADESHI),
        "tt-2017-18-barking-and-dagenham-recovery-asian-bangladeshi",
    )
    assert row["denominator"] == 50
    assert "published number at caseness" in row["note"]


def test_counts_that_do_not_give_the_published_percentage_are_left_out(tmp_path: Path) -> None:
    hillingdon = BARKING_BANGLADESHI | {
        "org_code": "08G",
        "finished_course_treatment_count": "70",
        "at_caseness_count": "45",
        "recovery_count": "15",
        "recovery_pct": "22",
    }
    row = figure(
        therapies(tmp_path, hillingdon), "tt-2017-18-hillingdon-recovery-asian-bangladeshi"
    )
    assert row["value"] == 22
    assert pd.isna(row["numerator"])
    assert pd.isna(row["denominator"])
    assert "left out" in row["note"]


def test_an_area_counted_twice_is_kept_once(tmp_path: Path) -> None:
    partnership = BARKING_BANGLADESHI | {"reporting_period": "2021-22", "org_type": "STP"}
    merged = partnership | {"org_type": "CCG", "org_code": "36L"}
    built = therapies(tmp_path, partnership | {"org_code": "QWE"}, merged)
    assert len(built) == 6
    assert built["geography_code"].unique().tolist() == ["E54000031"]
    assert built["note"].str.contains("partnership").all()


def test_rows_that_repeat_a_group_are_dropped_and_bme_is_all_but_white_british(
    tmp_path: Path,
) -> None:
    breakdown = ENGLAND_ASIAN | {"variable_type": "BME Group", "variable_b": ""}
    built = therapies(
        tmp_path,
        breakdown | {"variable_a": "BME"},
        breakdown | {"variable_a": "White British"},
        breakdown | {"variable_a": "Not stated/Not known/Invalid"},
    )
    assert built["ethnic_group"].unique().tolist() == ["ethnic-minority"]
    assert built["ethnic_group_label"].unique().tolist() == ["BME"]


def test_chinese_keeps_its_code_and_its_published_label(tmp_path: Path) -> None:
    chinese = {"variable_a": "Other Ethnic Groups", "variable_b": "Chinese"}
    row = therapies(tmp_path, ENGLAND_ASIAN | chinese).iloc[0]
    assert row["ethnic_group"] == "asian-chinese"
    assert row["ethnic_group_label"] == "Other Ethnic Groups: Chinese"


def test_an_organisation_that_is_not_known_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"column org_code: not known: 'ZZ9'.*_BOROUGH_CCGS"):
        therapies(tmp_path, ENGLAND_ASIAN | {"org_code": "ZZ9"})


def test_an_ethnic_group_that_is_not_known_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="'asian or asian british: sri lankan'"):
        therapies(tmp_path, ENGLAND_ASIAN | {"variable_b": "Sri Lankan"})


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    row = {name: cell for name, cell in ENGLAND_ASIAN.items() if name != "recovery_pct"}
    with pytest.raises(BuildError, match="columns missing: recovery_pct"):
        therapies(tmp_path, row)


def test_a_cell_that_is_no_number_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="line 3, column recovery_pct: 'about 45' is not a number"):
        therapies(tmp_path, ENGLAND_ASIAN, BARKING_BANGLADESHI | {"recovery_pct": "about 45"})


# --- School readiness ------------------------------------------------------------------------

BRENT_ASIAN = {
    "measure_code": "FSP_Gooddev_Asian",
    "area_code": "E09000005",
    "area_name": "Brent",
    "year_as_stored": "2024",
    "value": "70.1",
    "value_as_stored": "",
}
BLANK = {"value": "", "value_as_stored": "-"}


def readiness(folder: Path, *rows: dict[str, str]) -> pd.DataFrame:
    pd.DataFrame(rows).to_csv(folder / school_readiness.INPUT[0], index=False)
    return school_readiness.build(folder)


def test_a_stored_year_is_the_year_in_which_the_school_year_ends(tmp_path: Path) -> None:
    row = readiness(tmp_path, BRENT_ASIAN).iloc[0]
    assert (row["period"], row["age"], row["value"]) == ("2023-24", "5", 70.1)
    assert row["figure_id"] == "sr-2023-24-brent-asian"


def test_no_indicator_crosses_the_change_of_the_profile(tmp_path: Path) -> None:
    built = readiness(tmp_path, BRENT_ASIAN, BRENT_ASIAN | {"year_as_stored": "2019"})
    by_period = built.set_index("period")["indicator_id"].to_dict()
    assert by_period == {"2023-24": "school-readiness", "2018-19": "school-readiness-to-2019"}


def test_a_dash_is_not_published(tmp_path: Path) -> None:
    row = readiness(tmp_path, BRENT_ASIAN | BLANK).iloc[0]
    assert pd.isna(row["value"])
    assert row["blank_reason"] == "not-published"


def test_a_nought_of_the_old_profile_is_not_shown(tmp_path: Path) -> None:
    nought = {"value": "0.0"}
    old = readiness(tmp_path, BRENT_ASIAN | nought | {"year_as_stored": "2019"}).iloc[0]
    new = readiness(tmp_path, BRENT_ASIAN | nought).iloc[0]
    assert pd.isna(old["value"])
    assert old["blank_reason"] == "not-published"
    assert new["value"] == 0


def test_years_without_a_collection_and_other_kinds_of_group_are_left_out(tmp_path: Path) -> None:
    built = readiness(
        tmp_path,
        BRENT_ASIAN,
        BRENT_ASIAN | {"year_as_stored": "2021"},
        BRENT_ASIAN | {"measure_code": "FSP_Gooddev_FSM"},
        BRENT_ASIAN | {"area_code": "", "area_name": "London (Inner)"},
        BRENT_ASIAN | {"measure_code": "InfMort"},
    )
    assert built["figure_id"].tolist() == ["sr-2023-24-brent-asian"]


def test_chinese_children_are_blank_in_the_year_that_the_source_lacks(tmp_path: Path) -> None:
    built = readiness(tmp_path, BRENT_ASIAN | {"year_as_stored": "2022"})
    row = figure(built, "sr-2021-22-brent-asian-chinese")
    assert row["blank_reason"] == "not-published"
    assert "2020-21" in row["note"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"area_code": "E06000001"}, "column area_code: not known: 'E06000001'"),
        ({"year_as_stored": "2026"}, "column year_as_stored: not known: '2026'"),
        ({"measure_code": "FSP_Gooddev_Roma"}, "not known: 'FSP_Gooddev_Roma'"),
        ({"value": "", "value_as_stored": "q"}, "mark for a blank not known: q"),
    ],
)
def test_what_school_readiness_does_not_know_is_named(
    tmp_path: Path, change: dict[str, str], named: str
) -> None:
    with pytest.raises(BuildError, match=named):
        readiness(tmp_path, BRENT_ASIAN | change)


# --- Census ----------------------------------------------------------------------------------


def census_rows(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    columns = ["area_code", "ethnic_group_published", "ethnic_group_code", "count"]
    return pd.DataFrame(rows, columns=columns)


WHITE_2021 = (
    ("E09000001", "White: Irish", "white-irish", 10),
    ("E09000001", "White: Roma", "white-roma", 2),
    ("E09000002", "White: Irish", "white-irish", 30),
    ("E09000002", "White: Roma", "white-roma", 4),
)
WHITE_2011 = (("E09000001", "White: Irish", "white-irish", 7),)


def population(folder: Path, in_2021: pd.DataFrame) -> pd.DataFrame:
    in_2021.to_csv(folder / census.INPUT[0], index=False)
    census_rows(*WHITE_2011).to_csv(folder / census.INPUT[1], index=False)
    return census.build(folder)


def test_broad_groups_and_london_are_sums_and_say_so(tmp_path: Path) -> None:
    built = population(tmp_path, census_rows(*WHITE_2021))
    assert list(built.columns) == POPULATION.columns
    keyed = built.set_index(["census", "area_code", "ethnic_group"])
    residents = keyed["residents"].to_dict()
    assert residents[2021, "E12000007", "white"] == 46
    assert residents[2021, "E12000007", "white-roma"] == 6
    assert residents[2021, "E09000002", "all"] == 34
    assert residents[2011, "E09000001", "all"] == 7
    label = keyed["ethnic_group_label"].to_dict()[2021, "E12000007", "white"]
    assert label == "sum of the groups under White"


def test_a_row_for_london_that_is_not_the_sum_is_refused(tmp_path: Path) -> None:
    london = ("E12000007", "White: Irish", "white-irish", 41)
    with pytest.raises(BuildError, match="not the sum of the boroughs for white-irish"):
        population(tmp_path, census_rows(*WHITE_2021, london))


def test_an_unknown_census_group_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="not known: 'white-cornish'"):
        population(tmp_path, census_rows(("E09000001", "White: Cornish", "white-cornish", 1)))


def test_half_of_a_pair_of_census_files_is_refused(tmp_path: Path) -> None:
    census_rows(*WHITE_2021).to_csv(tmp_path / census.INPUT[0], index=False)
    with pytest.raises(BuildError, match=r"missing: census2011"):
        write(tmp_path, tmp_path / "data")


# --- Boundaries ------------------------------------------------------------------------------


def topology(folder: Path, names: list[str]) -> Path:
    """A TopoJSON file in which every borough is the same unit square, of two arcs of its own."""
    # From the south west corner to the north east one, by the south and by the north.
    arcs = [[[0, 0], [2, 0], [0, 2]], [[0, 0], [0, 2], [2, 0]]]
    shapes = [
        {"type": "Polygon", "arcs": [[2 * place, ~(2 * place + 1)]], "id": name}
        for place, name in enumerate(names)
    ]
    content: dict[str, Any] = {
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [-0.5, 51.0]},
        "arcs": arcs * len(names),
        "objects": {"boroughs": {"geometries": shapes}},
    }
    file = folder / boundaries.INPUT[0]
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return folder


def borough_names() -> list[str]:
    return pd.read_csv(BOROUGHS.files(DATA)[0], dtype="str")["name"].tolist()


def test_arcs_are_laid_on_the_map_and_wound_clockwise(tmp_path: Path) -> None:
    built = boundaries.build(topology(tmp_path, borough_names()))
    assert len(built["features"]) == 33
    first = built["features"][0]
    assert first["properties"] == {"borough_code": "E09000001", "name": "City of London"}
    (ring,) = first["geometry"]["coordinates"]
    assert ring == [(-0.5, 51.0), (-0.5, 52.0), (0.5, 52.0), (0.5, 51.0), (-0.5, 51.0)]


def test_boundaries_carry_the_attribution_that_maps_must_print(tmp_path: Path) -> None:
    built = boundaries.build(topology(tmp_path, borough_names()))
    assert "Ordnance Survey" in built["metadata"]["attribution"]
    assert built["metadata"]["licence"] == "Open Government Licence v3.0"


def test_a_sliver_without_area_is_left_out(tmp_path: Path) -> None:
    file = topology(tmp_path, borough_names()) / boundaries.INPUT[0]
    content = json.loads(file.read_text(encoding="utf-8"))
    square, sliver = [[0, ~1]], [[0, ~0]]
    content["objects"]["boroughs"]["geometries"][0] |= {
        "type": "MultiPolygon",
        "arcs": [square, sliver],
    }
    file.write_text(json.dumps(content), encoding="utf-8")
    first = boundaries.build(tmp_path)["features"][0]
    assert len(first["geometry"]["coordinates"]) == 1


def test_a_borough_that_is_not_known_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="borough not known: 'Middlesex'"):
        boundaries.build(topology(tmp_path, ["Middlesex"]))


def test_a_missing_borough_is_named(tmp_path: Path) -> None:
    names = [name for name in borough_names() if name != "Brent"]
    with pytest.raises(BuildError, match="boroughs missing: Brent"):
        boundaries.build(topology(tmp_path, names))


# --- All of them -----------------------------------------------------------------------------


def test_every_builder_offers_the_same_three_names() -> None:
    outputs = [builder.OUTPUT for builder in BUILDERS]
    assert len(set(outputs)) == len(BUILDERS)
    assert all(builder.INPUT and callable(builder.build) for builder in BUILDERS)


def test_write_makes_the_tables_whose_raw_files_are_there_and_the_same_ones_again(
    tmp_path: Path,
) -> None:
    raw, data = tmp_path / "raw", tmp_path / "data"
    raw.mkdir()
    therapies(raw, ENGLAND_ASIAN, BARKING_BANGLADESHI)
    topology(raw, borough_names())
    written = write(raw, data)
    assert [path.relative_to(data).as_posix() for path in written] == [
        talking_therapies.OUTPUT,
        boundaries.OUTPUT,
        icb_boundaries.OUTPUT,
    ]
    first = [path.read_bytes() for path in written]
    # The order of the raw rows makes no difference.
    therapies(raw, BARKING_BANGLADESHI, ENGLAND_ASIAN)
    assert [path.read_bytes() for path in write(raw, data)] == first


def test_a_folder_without_raw_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no raw file found"):
        write(tmp_path, tmp_path / "data")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="the file is not in"):
        talking_therapies.build(tmp_path)


def test_every_organisation_maps_to_an_area_of_the_reference_table(tmp_path: Path) -> None:
    areas = set(pd.read_csv(AREAS.files(DATA)[0], dtype="str")["area_code"])
    rows = [
        ENGLAND_ASIAN | {"org_code": code}
        for code in [*talking_therapies._BOROUGH_CCGS, *talking_therapies._LARGER_AREAS]
    ]
    built = therapies(tmp_path, *rows)
    assert set(built["geography_code"]) <= areas
    assert built["geography_name"].notna().all()
