"""The component that tells how unequal a whole set is, run as a page runs it."""

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from evidence.inequality import inequality_of_set
from evidence.methods import METHODS
from pages.shared.inequality import HOW_WORKED, burden_list, measures_table, methods_behind


def page(set_id, opened, note=False):
    import streamlit as st  # noqa: PLC0415

    from pages.shared.data import indicator_row, with_gaps  # noqa: PLC0415
    from pages.shared.inequality import show_inequality  # noqa: PLC0415

    rows = with_gaps()
    rows = rows[rows["set_id"] == set_id]
    indicator = indicator_row(str(rows["indicator_id"].iloc[0]))
    if note:
        st.session_state.setdefault("tested-whole-set-worked-out", True)
    show_inequality(rows, indicator, key="tested", opened=opened)


def shown(set_id, *, opened):
    test = AppTest.from_function(page, kwargs={"set_id": set_id, "opened": opened})
    test.run(timeout=60)
    assert not test.exception
    return unescape(" ".join(str(block.proto.body) for block in test.get("html")))


def set_of(gapped, indicator, **where):
    rows = gapped[(gapped["indicator_id"] == indicator) & gapped["value"].notna()]
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return gapped[gapped["set_id"] == rows["set_id"].iloc[0]]


@pytest.fixture(scope="module")
def stillbirths(gapped):
    return set_of(gapped, "stillbirth", period="2022", breakdown="broad")


def test_closed_it_leads_with_one_sentence_and_works_nothing_out(stillbirths):
    told = shown(stillbirths["set_id"].iloc[0], opened=False)
    assert "How unequal the whole set is" in told
    assert "Of the 5 groups in this source, the highest figure (Black, " in told
    assert "<table>" not in told


def test_open_it_shows_a_real_table_and_the_burden(stillbirths):
    told = shown(stillbirths["set_id"].iloc[0], opened=True)
    assert told.count("<table>") == 1, "the measures for analysts stay folded"
    assert re.search(r'scope="row"><a href="formulas\?method=idisu"[^>]*>Index of disparity<', told)
    assert "there would have been about" in told
    assert "White is the group compared with, not a standard to aim at." in told
    assert "differ in age or in need is not taken into account" in told


@pytest.mark.parametrize(
    ("indicator", "where", "beside"),
    [
        ("stillbirth", {"period": "2022", "breakdown": "broad"}, {"excess", "score-rates"}),
        (
            "talking-therapies-recovery",
            {"geography_name": "London", "period": "2024-25"},
            {"excess", "mover", "rounded-percentage"},
        ),
    ],
)
def test_the_note_tells_every_measure_and_the_burden(
    gapped, indicators, groups, indicator, where, beside
):
    rows = set_of(gapped, indicator, **where)
    test = AppTest.from_function(
        page, kwargs={"set_id": rows["set_id"].iloc[0], "opened": False, "note": True}
    ).run(timeout=60)
    assert not test.exception
    assert HOW_WORKED in [box.label for box in test.expander]
    told = unescape(" ".join(str(block.proto.body) for block in test.get("html")))
    keys = set(re.findall(r'href="formulas\?method=([a-z-]+)"', told))
    found = inequality_of_set(rows, indicators[indicator], groups)
    assert set(found.loc[found["value"] != "", "measure"]) | {"simulated"} | beside <= keys
    assert keys <= set(METHODS)


def test_without_limits_and_burden_the_note_tells_the_measures_alone(gapped, indicators, groups):
    rows = set_of(gapped, "attainment-8")
    keys = methods_behind(rows, indicators["attainment-8"], groups)
    assert {"d", "mdru"} <= set(keys)
    assert not {"simulated", "excess", "r"} & set(keys)


def test_a_set_of_published_ratios_shows_nothing(gapped):
    ratios = gapped[gapped["measure"] == "odds_ratio"]
    assert shown(ratios["set_id"].iloc[0], opened=True) == ""


def test_a_set_without_a_direction_shows_measures_and_no_burden(gapped):
    rows = set_of(gapped, "talking-therapies-referral-rate", geography_name="London")
    told = shown(rows["set_id"].iloc[0], opened=True)
    assert "Difference" in told
    assert "would have been" not in told
    assert "so that no group is best off" in told


def test_measures_that_are_missing_are_named_with_the_reason(gapped, indicators, groups):
    rows = set_of(gapped, "attainment-8")
    told = unescape(measures_table(rows, indicators["attainment-8"], groups, "board"))
    assert "Not given for this set: Ratio, Index of disparity, Population" in told
    assert "No limits, as not every group has them." in told
    assert told.count("<tr>") == 3, "a head, the difference and the mean difference"


def test_the_two_audiences_share_no_measure(stillbirths, indicators, groups):
    board, analysts = (
        measures_table(stillbirths, indicators["stillbirth"], groups, audience)
        for audience in ("board", "analysts")
    )
    assert board.count("<tr>") == 1 + 5
    assert analysts.count("<tr>") == 1 + 12
    assert "Theil index" in analysts
    assert "Theil index" not in board


def test_rounded_counts_are_told(gapped, indicators, groups):
    name = "talking-therapies-recovery"
    rows = set_of(gapped, name, geography_name="London", period="2024-25")
    told = burden_list(rows, indicators[name], groups)
    assert "The source rounds its counts to 5" in told
    assert "worse off than the reference group" in told


def test_names_from_tables_are_escaped(stillbirths, indicators, groups):
    indicator = {**indicators["stillbirth"], "name": "<script>", "phrase": "<b>{people} {value}"}
    assert "<script>" not in measures_table(stillbirths, indicator, groups, "board")
    assert "<b>b" not in burden_list(stillbirths, indicator, groups)
