"""The page of the widest gaps: the filters, the list, and the comparison that is opened."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from evidence.coverage import boroughs_with
from evidence.explorer import points, widest
from evidence.numbers import ratio
from evidence.selection import without_twins
from evidence.vocabulary import DiseaseArea
from pages.shared.explorer import _comparison
from pages.shared.figures import gap_cards
from tests.pages.test_pages import run, text

LINK = re.compile(r'href="(gap-explorer\?[^"]*open=([0-9a-f]{10}))"')


@pytest.fixture(scope="module")
def ranked(base, gapped):
    return widest(points(gapped, base.indicators, base.sources, this_year=base.released.year))


def listed(test):
    """The sets that the list links to, in its order."""
    return [code for _, code in LINK.findall(text(test))]


def test_the_list_holds_the_gaps_that_are_sure_in_their_order(ranked):
    test = run("explorer")
    assert not test.exception
    assert listed(test) == ranked["set_id"].tolist()[:15]
    page = text(test)
    assert f"{len(ranked)} gaps that we can be sure of" in page
    assert f"Gaps we can be sure of: 1 to 15 of {len(ranked)}" in page
    assert f"<b>{ranked['at_least'].iloc[0]:.2f} times</b> worse" in page
    assert test.get("plotly_chart")


def test_the_chart_has_its_sources_and_can_be_saved_with_its_points():
    test = run("explorer")
    page = text(test)
    assert "publications; each comparison names its own. Data: " in page
    assert "Download chart as PNG" in page
    assert "Download these comparisons (CSV)" in [one.label for one in test.get("download_button")]


def test_the_second_page_goes_on_where_the_first_ends(ranked):
    test = run("explorer", sheet="2")
    assert listed(test) == ranked["set_id"].tolist()[15:30]
    address = unescape(LINK.findall(str(test.get("html")[-1].proto.body) + text(test))[0][0])
    assert parse_qs(urlsplit(address).query)["sheet"] == ["2"], "the list stays where it is"


def test_every_comparison_can_be_listed(gapped):
    test = run("explorer", list="Every comparison")
    count = without_twins(gapped[gapped["ratio"] > 0])["set_id"].nunique()
    assert f"1 to 15 of {count:,}" in text(test)


def test_one_choice_leaves_the_sure_gaps_of_which_we_hold_no_figure_for_a_borough(base, gapped):
    test = run("explorer", unmeasured="Lambeth")
    page = text(test)
    assert "that we can be sure of, of which we hold no figure for Lambeth" in page
    own = gapped[(gapped["geography_name"] == "Lambeth") & ~gapped["history"]]
    measured = set(own.loc[own["value"].notna(), "indicator_id"])
    of_set = gapped.drop_duplicates("set_id").set_index("set_id")["indicator_id"]
    assert listed(test)
    assert not {of_set[code] for code in listed(test)} & measured


def test_an_open_comparison_shows_its_chart_its_table_and_the_way_on(ranked):
    first = ranked.iloc[0]
    test = run("explorer", open=first["set_id"])
    assert not test.exception
    assert len(test.get("plotly_chart")) == 2
    page = text(test)
    assert "All years, groups and places of this indicator" in page
    assert "In words" in page
    assert not test.warning


def test_the_list_says_how_many_boroughs_measure_each_gap(base, ranked):
    counts = boroughs_with(base.figures)
    told = re.findall(r"Measured in (none|\d+) of 33 boroughs", text(run("explorer")))
    wanted = [counts.get(name, 0) for name in ranked["indicator_id"][:15]]
    assert told == [str(count) if count else "none" for count in wanted]
    assert "none" in told


@pytest.mark.parametrize(
    ("page", "asked", "to"),
    [
        ("overview", {}, "gap-explorer"),
        ("overview", {}, "evidence-gaps"),
        ("boroughs", {"borough": "Brent"}, "gap-explorer?unmeasured=Brent"),
        ("gap_map", {"borough": "Brent"}, "gap-explorer?unmeasured=Brent"),
    ],
)
def test_the_widest_gaps_and_what_is_not_measured_are_one_click_away(page, asked, to):
    assert f'href="{to}"' in text(run(page, **asked))


def test_what_we_calculated_is_marked_alike_in_the_ranking_the_list_and_the_library(gapped):
    chip = '<span class="chip chip-ours">Calculated by this dashboard</span>'
    ours = gapped[gapped["calculation"].notna() & gapped["ratio"].notna()].iloc[0]
    theirs = gapped[gapped["calculation"].isna() & gapped["ratio"].notna()].iloc[0]
    for row, marked in ((ours, True), (theirs, False)):
        assert (chip in gap_cards(row.to_frame().T)) == marked
        assert (chip in _comparison(row.to_dict(), {}, 0)) == marked
        library = text(run("library", q=row["figure_id"]))
        assert (chip in library) == marked


def test_ranking_boroughs_comes_with_a_warning_of_luck():
    assert "the largest is often luck" not in text(run("explorer"))
    test = run("explorer", near="Boroughs")
    assert "the largest is often luck" in text(test)
    assert listed(test)


def test_filters_narrow_the_comparisons(gapped):
    test = run("explorer", area="Diabetes", group="Black", list="Every comparison")
    of_set = gapped.drop_duplicates("set_id").set_index("set_id")["disease_area"]
    assert listed(test)
    assert {of_set[code] for code in listed(test)} == {"diabetes"}


def test_what_is_not_drawn_is_counted_among_what_the_filters_let_through(gapped):
    averages = gapped[gapped["ratio"].isna() & gapped["difference"].notna()]
    drawn = gapped.loc[gapped["ratio"].notna(), "set_id"]
    of_area = averages[~averages["set_id"].isin(drawn)].groupby("disease_area")["set_id"].nunique()
    assert f"Not drawn: {of_area.sum():,} comparisons" in text(run("explorer"))
    one = of_area[of_area > 1].index[0]
    page = text(run("explorer", area=DiseaseArea(one).label))
    assert f"Not drawn: {of_area[one]:,} comparisons" in page
    none = next(
        area for area in DiseaseArea if area in set(gapped["disease_area"]) - {*of_area.index}
    )
    assert "Not drawn" not in text(run("explorer", area=none.label))


def test_nothing_found_says_so_and_asks():
    test = run("explorer", area="Cancer", group="Arab", since="2025")
    assert not test.exception
    assert "We hold no comparison that fits" in text(test)


def test_a_row_says_how_a_ratio_below_1_became_its_size(ranked):
    page = text(run("explorer"))
    top = ranked.head(15)
    lower, higher = (top[top["verdict"] == verdict] for verdict in ("lower", "higher"))
    assert len(lower)
    assert len(higher)
    for row in lower.to_dict("records"):
        limit = ratio(row["ratio_upper"])
        assert f"<b>{ratio(row['at_least'])} times</b> worse (1 ÷ {limit})" in page
        assert f" to {limit})" in page, "the limit stands in the row, too"
    assert page.count("(1 ÷ ") == len(lower)


@pytest.mark.parametrize("name", ["area", "group", "near", "since", "unmeasured", "list", "open"])
@pytest.mark.parametrize("value", ["Atlantis", "<script>alert(1)</script>"])
def test_an_unknown_value_in_the_address_of_the_explorer_is_named(name, value):
    test = run("explorer", **{name: value})
    assert not test.exception
    assert f"`{value}`" in test.warning[0].value
    assert value not in text(test)
