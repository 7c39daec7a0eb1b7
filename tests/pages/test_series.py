"""Over the years, on the page of a disease area: statement, charts, tables and download."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).resolve().parents[2] / "pages/disease_areas.py")
THERAPY = {"area": "Mental health", "indicator": "Recovery after Talking Therapies"}


def run(**query):
    test = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in {**query, "show": "Over the years"}.items():
        test.query_params[name] = value
    return test.run()


def methods_told(**query):
    """The methods that the note on the years tells, opened."""
    test = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in {**query, "show": "Over the years"}.items():
        test.query_params[name] = value
    test.session_state["series-worked-out"] = True
    told = blocks(test.run())
    assert not test.exception
    return set(re.findall(r'href="formulas\?method=([a-z-]+)"[^>]*>[^<]*in words', " ".join(told)))


def blocks(test):
    return [unescape(str(block.proto.body)) for block in test.get("html")]


def plain(test):
    return re.sub(r"<[^>]+>", " ", " ".join(blocks(test)))


@pytest.fixture(scope="module")
def england():
    return run(**THERAPY, place="England")


def test_the_years_come_with_statement_chart_table_gap_tests_and_download(england):
    assert not england.exception
    told = blocks(england)
    order = [
        next(n for n, text in enumerate(told) if wanted in text)
        for wanted in (
            "Over these eight periods there was no steady change",
            "no steady change for the Black and White groups",
            ">Recovery after Talking Therapies over the years</span></caption>",
            "The gap to people from White ethnic groups showed no steady change",
            "<h3>The gap between the Black and White groups",
            ">Gap to the White group by period</span></caption>",
        )
    ]
    assert order == sorted(order)
    assert "How the years were tested" in [part.label for part in england.expander]
    assert "weighted least squares on log odds" in plain(england)
    assert len(england.get("plotly_chart")) >= 2


def test_each_figure_stands_in_the_table_with_its_place_in_the_tests(england):
    [page] = [text for text in blocks(england) if "In the tests" in text]
    rows = re.findall(r"<tr>.*?</tr>", page)
    assert len(rows) == 17, "a head and eight periods of two groups"
    assert "2020-21" in page
    assert page.count("<td>yes</td>") == 16


def test_the_note_tells_figures_gaps_and_their_trends():
    told = methods_told(**THERAPY, place="England")
    assert {"published", "wilson", "ratio", "score-proportions", "verdict"} <= told
    assert {"trend", "gap-trend", "mover"} <= told
    assert "mann-kendall" not in told


def test_the_note_tells_the_test_of_ranks_where_the_years_have_no_limits():
    told = methods_told(
        area="Wider determinants of health", indicator="Attainment 8 score at 16", place="London"
    )
    assert {"mann-kendall", "gap-trend"} <= told
    assert not {"trend", "mover", "ratio"} & told


def test_a_series_too_short_for_a_test_tells_no_trend():
    told = methods_told(**THERAPY, place="Newham")
    assert {"published", "ratio"} <= told
    assert not {"trend", "gap-trend", "mann-kendall"} & told


def test_records_that_look_incomplete_are_shown_and_left_out():
    page = plain(run(**THERAPY, place="Newham"))
    assert "Left out of the tests: 2020-21 (the records look incomplete)." in page
    assert "can't be told: three periods can be compared; at least five are needed." in page


def test_a_group_that_the_reader_compares_with_has_its_own_gap():
    page = plain(run(**THERAPY, place="England", **{"with": "Asian"}))
    assert "The gap to people from Asian ethnic groups" in page
    assert "Gap to the Asian group by period" in page
    assert "people from White ethnic groups the figure was" not in page


def test_another_definition_stands_in_the_table_as_no_part_of_the_series():
    page = plain(
        run(
            area="Wider determinants of health",
            indicator="Good level of development at age 5",
            place="London",
        )
    )
    assert "no: definition changed" in page
    assert "those of 2015-16, 2016-17, 2017-18 and 2018-19 are by another definition" in page
    assert "four periods can be compared; at least five are needed" in page


@pytest.mark.parametrize(
    ("indicator", "place"),
    [
        ("Stop and search", "England and Wales"),
        ("Attainment 8 score at 16", "Camden"),
        ("Unemployment", "Great Britain"),
    ],
)
def test_published_ratios_scores_and_lone_years_break_nothing(indicator, place):
    test = run(area="Wider determinants of health", indicator=indicator, place=place)
    assert not test.exception
    assert not test.warning
