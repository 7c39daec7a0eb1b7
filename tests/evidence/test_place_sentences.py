"""What is said of a map: nothing, one, two and many boroughs, and how far it can be relied on."""

from __future__ import annotations

import pytest

from evidence.place_sentences import caution_across, finding_across, verdict_across
from evidence.place_values import show_across
from evidence.places import Shown, across_boroughs, london_of
from tests.borough_rows import BRENT, LAMBETH, SOUTHWARK, here

INDICATOR = {"outcome": "recovery", "people": "people", "direction": "higher-is-better"}


def told(rows, base, groups, shown=Shown.FIGURE, reference=None, group="black", london=None):
    across = show_across(
        rows, base.boroughs, groups, shown=shown, group=group, reference=reference, london=london
    )
    return finding_across(across, rows, INDICATOR, groups), across


def test_no_borough_measured_is_said_so(made, base, groups):
    rows = across_boroughs(made(here(LAMBETH, "black")))
    sentence, across = told(rows, base, groups)
    assert sentence == (
        "No borough has a figure to show of recovery among people from Black ethnic groups"
    )
    assert caution_across(across) == ""


def test_one_borough_measured_is_named_and_called_neither_lowest_nor_highest(made, base, groups):
    sentence, _ = told(across_boroughs(made(here(LAMBETH, "black", 49.0))), base, groups)
    assert sentence == (
        "Recovery among people from Black ethnic groups is measured in one borough alone: "
        "Lambeth (49%)"
    )


def test_two_boroughs_measured_are_named_with_their_figures(made, base, groups):
    rows = across_boroughs(made(here(LAMBETH, "black", 49.0), here(BRENT, "black", 50.5)))
    sentence, _ = told(rows, base, groups)
    assert sentence == (
        "Recovery among people from Black ethnic groups was lowest in Lambeth (49%) and highest "
        "in Brent (50.5%), of 2 boroughs measured"
    )


def test_boroughs_that_tie_are_told_together(made, base, groups):
    rows = across_boroughs(
        made(
            here(LAMBETH, "black", 49.0),
            here(BRENT, "black", 49.0),
            here(SOUTHWARK, "black", 60.0),
        )
    )
    assert "lowest in Brent and Lambeth (49%)" in told(rows, base, groups)[0]
    same = across_boroughs(made(here(LAMBETH, "black", 49.0), here(BRENT, "black", 49.0)))
    assert told(same, base, groups)[0].endswith("the same in all 2 boroughs measured, 49%")


def test_the_finding_of_figures_is_that_of_the_published_rows(recovery, base, groups):
    sentence, across = told(
        recovery, base, groups, london=london_of(base.figures, recovery, "black")
    )
    own = recovery[recovery["ethnic_group"] == "black"]
    low = sorted(own.loc[own["value"] == own["value"].min(), "geography_name"])
    assert f"lowest in {' and '.join(low)} ({own['value'].min():g}%)" in sentence
    assert sentence.endswith("of 29 boroughs measured")
    assert caution_across(across).startswith(
        "In 25 of 29 boroughs the limits include London's figure (50%)"
    )


def test_the_finding_of_gaps_counts_only_those_clear_of_chance(recovery, base, groups):
    sentence, across = told(recovery, base, groups, Shown.RATIO, "white")
    lower = int((across.boroughs["verdict"] == "lower").sum())
    assert lower == 9
    assert sentence == (
        "Recovery was clearly lower among people from Black ethnic groups than among people from "
        "White ethnic groups in 9 of 29 boroughs measured, and clearly higher in none"
    )
    assert caution_across(across).startswith("In 20 of 29 boroughs the gap may be chance alone.")


def test_gaps_without_limits_are_counted_and_not_called_clear(made, base, groups):
    rows = across_boroughs(
        made(
            here(LAMBETH, "black", 40.0), here(LAMBETH, "white", 50.0),
            here(BRENT, "black", 60.0), here(BRENT, "white", 50.0),
            here(SOUTHWARK, "black", 40.0), here(SOUTHWARK, "white", 50.0),
        )
    )  # fmt: skip
    sentence, across = told(rows, base, groups, Shown.RATIO, "white")
    assert "was lower among" in sentence
    assert "in 2 of 3 boroughs measured, and higher in 1; no limits are published" in sentence
    assert "clear" not in sentence
    assert "No limits are published" in caution_across(across)


def test_one_gap_alone_is_told_with_its_size(made, base, groups):
    rows = across_boroughs(made(here(LAMBETH, "black", 40.0), here(LAMBETH, "white", 50.0)))
    assert told(rows, base, groups, Shown.RATIO, "white")[0] == (
        "Recovery is compared in one borough alone, Lambeth: 0.80 times as high among people from "
        "Black ethnic groups as among people from White ethnic groups"
    )


def test_a_count_is_called_a_count_and_warned_of(made, base, groups):
    count = {"measure": "count", "unit": "referrals"}
    rows = across_boroughs(
        made(here(LAMBETH, "black", 40.0, **count), here(BRENT, "black", 50.0, **count))
    )
    sentence, across = told(rows, base, groups)
    assert sentence.startswith("The number of referrals for recovery among people from Black")
    assert caution_across(across).startswith("A count follows from how many people live")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("lower", "lower (worse) than London"),
        ("higher", "higher (better) than London"),
        ("no clear difference", "no clear difference"),
        (None, ""),
    ],
)
def test_a_figure_is_held_to_london_in_words(recovery, base, groups, verdict, words):
    _, across = told(recovery, base, groups)
    row = {"standing": "measured", "verdict": verdict}
    assert verdict_across(row, across, "higher-is-better") == words


def test_a_borough_without_a_number_says_why(recovery, base, groups):
    _, across = told(recovery, base, groups)
    row = {"standing": "suppressed", "verdict": None}
    assert verdict_across(row, across, "neither") == "suppressed (small numbers)"
