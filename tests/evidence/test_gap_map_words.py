"""What a cell of the evidence gap map means in words, and what the whole map shows."""

import io

import pandas as pd
import pytest

from evidence.gap_map import BLANKS, Known, borough_map, group_map
from evidence.gap_map_words import (
    boroughs_finding,
    groups_finding,
    in_words,
    map_csv,
    nearest_finding,
)

CELL = {
    "known": "own",
    "place": "Lambeth",
    "figures": 4,
    "indicators": 1,
    "sources": 2,
    "newest": 2018,
    **dict.fromkeys(BLANKS, 0),
}


@pytest.fixture(scope="module")
def by_borough(base):
    return borough_map(base.figures, base.areas, base.boroughs)


@pytest.fixture(scope="module")
def by_group(base):
    return group_map(base.figures, base.areas, base.groups)


@pytest.mark.parametrize(
    ("changed", "home", "words"),
    [
        ({}, Known.OWN, "4 figures of its own on 1 indicator from 2 sources, newest 2018"),
        (
            {"known": "wider", "place": "England", "newest": pd.NA},
            Known.OWN,
            "none of its own; the nearest are of England: 4 figures on 1 indicator from 2 sources, "
            "year not stated",
        ),
        (
            {"known": "london", "place": "London", "figures": 1200},
            Known.LONDON,
            "1,200 figures of London as a whole on 1 indicator from 2 sources, newest 2018",
        ),
        (
            {"known": "part"},
            Known.LONDON,
            "none of London as a whole; the nearest are of Lambeth: 4 figures on 1 indicator from "
            "2 sources, newest 2018",
        ),
        (
            {"known": "history", "newest": 1999},
            Known.OWN,
            "only history, before 2010: 4 figures of Lambeth on 1 indicator from 2 sources, "
            "newest 1999",
        ),
        ({"known": "nothing"}, Known.OWN, "nothing found"),
        (
            {"known": "nothing", "suppressed": 3, "not_published": 1},
            Known.OWN,
            "nothing found. Left blank in the source: 3 suppressed (small numbers), "
            "1 not published",
        ),
    ],
)
def test_a_cell_says_in_words_what_it_means(changed, home, words):
    assert in_words({**CELL, **changed}, home) == words


def test_the_finding_of_the_map_by_borough_counts_its_cells(by_borough):
    told = boroughs_finding(by_borough)
    own = by_borough[by_borough["known"] == Known.OWN].groupby("disease_area").size()
    assert f"mental health ({own['mental-health']})" in told
    assert f"wider determinants of health ({own['wider-determinants']})" in told
    rest = own.drop(["mental-health", "wider-determinants"])
    assert f"no more than {rest.max()} boroughs" in told
    assert "nothing was found" not in told, "everything is known at least of England"


def test_the_finding_names_the_groups_of_which_least_is_known(by_group, groups):
    told = groups_finding(by_group, groups, Known.LONDON)
    detailed = by_group[by_group["ethnic_group"].isin(groups.detailed)]
    nothing = detailed[detailed["known"] == Known.NOTHING]
    assert f"in {len(nothing)} nothing was found" in told
    most = nothing["ethnic_group"].value_counts()
    assert f"the {groups.short(most.index[0])} ({most.iloc[0]} of 11 areas" in told


def test_a_group_without_any_figure_leaves_every_cell_empty(base):
    nobody = base.figures[base.figures["ethnic_group"] == "white-roma"]
    told = boroughs_finding(borough_map(nobody, base.areas, base.boroughs))
    assert "On each of the 11 areas no borough has figures of its own" in told
    assert "In 363 of 363 cells nothing was found" in told


def test_the_finding_of_one_area_accounts_for_every_borough(by_borough):
    one = by_borough[by_borough["disease_area"] == "diabetes"]
    told = nearest_finding(one, Known.OWN, "boroughs")
    counts = one["known"].value_counts()
    assert told.startswith(f"{counts['own']} of 33 boroughs have figures of the borough itself.")
    for known, words in (("nhs-area", "the NHS area"), ("london", "London as a whole")):
        assert f"{words} ({counts[known]})" in told


def test_the_download_says_what_each_cell_means_and_how_to_cite_it(by_borough, by_group, groups):
    for table, home in (
        (by_borough.assign(ethnic_group=None), Known.OWN),
        (by_group, Known.LONDON),
    ):
        text = map_csv(table, home, groups, citation="The map. Tables of 1 May 2026.")
        read = pd.read_csv(io.BytesIO(text))
        assert len(read) == len(table)
        assert set(read["citation"]) == {"The map. Tables of 1 May 2026."}
        assert read["in_words"].tolist() == [in_words(c, home) for c in table.to_dict("records")]
        assert read["figures"].sum() == table["figures"].sum()
