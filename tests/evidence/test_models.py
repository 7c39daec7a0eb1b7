"""What a row of a table must be, and what is said of one that isn't."""

import pytest
from pydantic import ValidationError

from evidence.models import (
    Borough,
    EthnicGroup,
    Exclusion,
    Figure,
    Indicator,
    Population,
    Row,
    Source,
)
from evidence.vocabulary import GeographyLevel, LifeStage, Measure
from loaders.tables import TABLES

FIGURE = {
    "figure_id": "mat-007",
    "record_id": "MAT-007",
    "indicator_id": "severe-complications",
    "geography_level": "uk",
    "geography_code": "K02000001",
    "geography_name": "United Kingdom",
    "period": "2005-2013",
    "age": "all",
    "sex": "female",
    "ethnic_group": "black-african",
    "ethnic_group_label": "Black African",
    "comparator": "white",
    "measure": "odds_ratio",
    "value": "1.83",
    "lower": "1.39",
    "upper": "2.40",
    "unit": "ratio",
    "standardisation": "adjusted",
    "source_id": "a-source",
    "confidence": "secondary",
}
PERCENTAGE = {
    "measure": "percentage", "unit": "%", "value": "40", "lower": "", "upper": "",
    "comparator": "",
}  # fmt: skip
SOURCE = {
    "source_id": "ons-2022",
    "title": "A title",
    "publisher": "ONS",
    "published": "2022-05",
    "kind": "official-statistics",
    "url": "https://www.ons.gov.uk/x",
    "licence": "OGL",
    "accessed": "2026-11",
}
INDICATOR = {
    "indicator_id": "stillbirth",
    "name": "Stillbirth",
    "disease_area": "maternity",
    "life_stage": "starting-well",
    "definition": "Babies born dead.",
    "measure": "rate",
    "unit": "per 1,000 births",
    "direction": "higher-is-worse",
    "people": "babies",
    "outcome": "stillbirth",
    "phrase": "the rate among {people} was {value}",
}


def refused(model, cells):
    """What the model says of the cells, joined."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(cells)
    return "; ".join(
        ".".join([*map(str, error["loc"]), error["msg"]]) for error in caught.value.errors()
    )


def test_a_row_is_read_as_text_from_a_csv():
    figure = Figure.model_validate(FIGURE)
    assert (figure.value, figure.lower, figure.upper) == (1.83, 1.39, 2.40)
    assert figure.measure is Measure.ODDS_RATIO
    assert figure.geography_level is GeographyLevel.UK


def test_empty_cells_are_missing_and_not_empty_text():
    figure = Figure.model_validate(
        FIGURE | {"note": "", "population": "  ", "qualifier": "", "numerator": ""}
    )
    assert [figure.note, figure.population, figure.qualifier, figure.numerator] == [None] * 4


def test_spaces_round_a_cell_are_dropped():
    assert Figure.model_validate(FIGURE | {"period": " 2005-2013 "}).period == "2005-2013"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"value": ""}, "value: give either a number or a blank_reason"),
        ({"blank_reason": "suppressed"}, "and not both"),
        ({"lower": ""}, "lower: give both limits or neither"),
        ({"upper": "1.5"}, "value: 1.83 lies outside its limits 1.39 to 1.5"),
        ({"lower": "2"}, "lies outside its limits"),
        ({"value": "", "blank_reason": "suppressed"}, "lower: a blank figure has no limits"),
        ({"value": "0", "lower": "0", "upper": "1"}, "not above zero, which a ratio must be"),
        ({"value": "-1", "lower": "", "upper": ""}, "not above zero, which a ratio must be"),
        ({"comparator": ""}, "odds ratio needs the group compared with"),
        (PERCENTAGE | {"value": "101"}, "101 is not a percentage from 0 to 100"),
        (PERCENTAGE | {"value": "-0.1"}, "is not a percentage from 0 to 100"),
        (PERCENTAGE | {"measure": "share", "value": "120"}, "is not a percentage"),
        (PERCENTAGE | {"measure": "rate", "value": "-3"}, "-3 is below zero"),
        (PERCENTAGE | {"numerator": "-1"}, "numerator: -1 is below zero"),
        (PERCENTAGE | {"denominator": "-1"}, "denominator: -1 is below zero"),
        (PERCENTAGE | {"numerator": "5", "denominator": "4"}, "more people than the denominator"),
        ({"value": "inf"}, "must be finite"),
        ({"value": "nan"}, "must be finite"),
        ({"value": "1.83*"}, "value.Input should be a valid number"),
        ({"sex": "women"}, "sex"),
        ({"record_id": "maternity 7"}, "record_id"),
        ({"figure_id": "MAT 007"}, "figure_id"),
        ({"ethnic_group": "Black African"}, "ethnic_group"),
        ({"ethnic_group": ""}, "ethnic_group"),
        ({"geography_level": "town"}, "geography_level"),
        ({"measure": "odds"}, "measure"),
        ({"qualifier": "roughly"}, "qualifier"),
        ({"confidence": "high"}, "confidence"),
        ({"blank_reason": "lost", "value": ""}, "blank_reason"),
        ({"period": ""}, "period"),
        ({"colour": "blue"}, "colour"),
    ],
    ids=str,
)
def test_a_figure_that_cannot_be_so_is_refused_with_its_column_and_what_is_wrong(cells, said):
    assert said in refused(Figure, FIGURE | cells)


def test_limits_may_touch_their_value():
    figure = Figure.model_validate(FIGURE | {"lower": "1.83", "upper": "1.83"})
    assert figure.lower == figure.value == figure.upper


def test_a_difference_may_be_below_zero_and_needs_a_comparator():
    cells = {"measure": "difference", "unit": "years", "value": "-4", "lower": "-5", "upper": "-3"}
    assert Figure.model_validate(FIGURE | cells).value == -4
    assert "comparator" in refused(Figure, FIGURE | cells | {"comparator": ""})


def test_a_figure_may_be_about_several_groups_together():
    joined = "black-african+black-caribbean"
    assert Figure.model_validate(FIGURE | {"ethnic_group": joined}).ethnic_group == joined
    assert "ethnic_group" in refused(Figure, FIGURE | {"ethnic_group": "black-african+"})


@pytest.mark.parametrize("when", ["2022", "2022-05", "2022-05-31", "not stated"])
def test_a_date_is_as_exact_as_its_publisher_gives_it(when):
    assert Source.model_validate(SOURCE | {"published": when}).published == when


@pytest.mark.parametrize("when", ["May 2022", "31/05/2022", "2022-13", "2022-02-30", "22", ""])
def test_a_date_that_is_none_is_refused(when):
    assert "published" in refused(Source, SOURCE | {"published": when})


@pytest.mark.parametrize(
    "address",
    ["www.ons.gov.uk", "ftp://ons.gov.uk", "javascript:alert(1)", "https://", "https://localhost",
     "https://a b.org", ""],
)  # fmt: skip
def test_an_address_that_is_no_web_address_is_refused(address):
    assert "not a web address" in refused(Source, SOURCE | {"url": address})


def test_an_indicator_has_a_life_stage_and_a_direction():
    indicator = Indicator.model_validate(INDICATOR)
    assert indicator.life_stage is LifeStage.STARTING_WELL
    assert [stage.label for stage in LifeStage] == [
        "Starting well", "Living well", "Recovering well", "Ageing well",
    ]  # fmt: skip
    assert "life_stage" in refused(Indicator, INDICATOR | {"life_stage": "birth"})
    assert "direction" in refused(Indicator, INDICATOR | {"direction": "up"})


@pytest.mark.parametrize("phrase", ["the rate was {value}", "among {people}", "the rate"])
def test_a_phrase_without_its_blanks_is_refused(phrase):
    assert "both {value} and {people}" in refused(Indicator, INDICATOR | {"phrase": phrase})


def test_a_borough_has_an_ons_code_and_is_inner_or_outer():
    lambeth = {"borough_code": "E09000022", "name": "Lambeth", "slug": "lambeth",
               "inner_or_outer": "inner", "icb_code": "E54000030",
               "icb_name": "South East London"}  # fmt: skip
    assert Borough.model_validate(lambeth).name == "Lambeth"
    assert "borough_code" in refused(Borough, lambeth | {"borough_code": "E08000022"})
    assert "inner_or_outer" in refused(Borough, lambeth | {"inner_or_outer": "middle"})


def test_there_are_33_boroughs_14_of_them_inner(base):
    # The ONS counts Camden to Westminster with Haringey and Newham, and the City, as inner.
    assert len(base.boroughs) == 33
    assert base.boroughs["inner_or_outer"].value_counts().to_dict() == {"inner": 14, "outer": 19}
    assert base.boroughs["icb_code"].nunique() == 5


def test_other_rows_are_checked_too():
    group = {"code": "black", "label": "Black", "short_label": "Black", "people": "x",
             "level": "huge", "order": "1"}  # fmt: skip
    assert "level" in refused(EthnicGroup, group)
    counted = {"census": "2021", "area_code": "E09000022", "ethnic_group": "black",
               "ethnic_group_label": "Black", "residents": "-1", "source_id": "s"}  # fmt: skip
    assert "residents" in refused(Population, counted)
    left_out = {"record_id": "MAT-005", "disease_area": "maternity", "reason": "dull",
                "explanation": "x"}  # fmt: skip
    assert "reason" in refused(Exclusion, left_out)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_refuses_a_column_it_does_not_know(table):
    assert issubclass(table.row, Row)
    assert "surprise" in refused(table.row, {"surprise": "1"})


def test_a_row_cannot_be_changed_after_it_was_checked():
    figure = Figure.model_validate(FIGURE)
    with pytest.raises(ValidationError, match="frozen"):
        figure.value = 3


@pytest.mark.parametrize(
    ("measure", "ratio", "difference", "published"),
    [
        ("rate", True, True, False),
        ("percentage", True, True, False),
        ("mean", False, True, False),
        ("median", False, True, False),
        ("share", False, False, False),
        ("count", False, False, False),
        ("threshold", False, False, False),
        ("odds_ratio", False, False, True),
        ("rate_ratio", False, False, True),
        ("risk_ratio", False, False, True),
        ("hazard_ratio", False, False, True),
        ("difference", False, False, True),
        ("percentage_difference", False, False, True),
    ],
)
def test_a_measure_says_how_it_may_be_compared(measure, ratio, difference, published):
    kind = Measure(measure)
    assert kind.has_ratio == ratio
    assert kind.has_difference == difference
    assert kind.is_published_comparison == published
