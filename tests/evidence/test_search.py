"""Searching and filtering figures."""

import pytest

from evidence.search import Filters, search
from evidence.strength import Strength


@pytest.fixture(scope="module")
def find(base):
    def look(**wanted):
        return search(base.figures, Filters(**wanted), base.indicators, base.sources)

    return look


def test_an_empty_search_finds_everything(find, base):
    assert set(find()["figure_id"]) == set(base.figures["figure_id"])


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("area", "disease_area", "maternity"),
        ("place", "geography_name", "Lambeth"),
        ("groups", "ethnic_group", ("black-african",)),
        ("confidence", "confidence", "seed"),
        ("strength", "strength", "strong"),
        ("source", "source_id", "nhse-talking-therapies-annual"),
    ],
)
def test_a_filter_lets_through_exactly_what_it_names(find, base, name, column, value):
    found = find(**{name: value})
    assert len(found)
    wanted = value if isinstance(value, tuple) else (value,)
    expected = base.figures.loc[base.figures[column].isin(wanted)]
    assert set(found["figure_id"]) == set(expected.figure_id)


def test_filters_narrow_one_another(find):
    found = find(place="Lambeth", groups=("black",), area="mental-health", since=2020, until=2020)
    assert "tt-2019-20-lambeth-recovery-black" in set(found["figure_id"])
    assert set(found["geography_name"]) == {"Lambeth"}
    assert set(found["ethnic_group"]) == {"black"}
    assert set(found["year"]) == {2020}


def test_figures_are_filtered_by_the_kind_of_their_source(find, base):
    kinds = base.sources.set_index("source_id")["kind"]
    found = find(kind="peer-reviewed")
    assert set(found["source_id"].map(kinds)) == {"peer-reviewed"}
    assert len(found) == (base.figures["source_id"].map(kinds) == "peer-reviewed").sum()
    assert find(kind="unheard-of").empty


def test_years_include_both_ends_and_leave_out_figures_without_a_year(find):
    found = find(since=2018, until=2019)
    assert set(found["year"]) == {2018, 2019}
    assert find(since=1900)["year"].notna().all()
    assert find(until=2100)["year"].notna().all()


@pytest.mark.parametrize("text", ["stillbirth black", "BLACK Stillbirth", "  black\tstillbirth "])
def test_every_word_must_occur_in_whatever_case_and_order(find, text):
    found = set(find(text=text)["figure_id"])
    one, other = (set(find(text=word)["figure_id"]) for word in ("stillbirth", "black"))
    assert found == one & other
    assert 0 < len(found) < min(len(one), len(other))


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("MAT-007", "mat-007"),
        ("Lambeth 2019-20 recovery", "tt-2019-20-lambeth-recovery-black"),
        ("Five X More", None),
        ("teeth decay Bangladeshi", None),
    ],
)
def test_words_are_sought_in_record_place_period_indicator_and_source(find, text, figure):
    found = find(text=text)
    assert len(found)
    assert figure is None or figure in set(found["figure_id"])


@pytest.mark.parametrize("text", ["(", "[a-z", "*", "\\", ".*", "' OR 1=1 --"])
def test_signs_are_sought_as_they_stand_and_never_run(find, text):
    everything = len(find())
    assert len(find(text=text)) < everything


@pytest.mark.parametrize(
    "wanted",
    [{"text": "zebra"}, {"place": "Atlantis"}, {"groups": ("martian",)}, {"source": "none"},
     {"since": 2030}, {"since": 2020, "until": 2010}],
)  # fmt: skip
def test_what_is_not_there_is_not_found(find, base, wanted):
    found = find(**wanted)
    assert found.empty
    assert list(found.columns) == list(base.figures.columns)


def test_the_newest_figures_come_first_then_those_without_a_year_and_history_last(find):
    found = find(area="maternity")
    assert found["history"].is_monotonic_increasing
    for _, part in found.groupby("history"):
        told = part["year"].dropna()
        assert told.is_monotonic_decreasing
        assert part["year"].iloc[: len(told)].notna().all()
    assert found.loc[~found["history"], "year"].isna().any()


def test_figures_of_one_year_come_the_strongest_first(find):
    found = find(area="mental-health", since=2020, until=2020)
    places = found["strength"].dropna().map(list(Strength).index)
    assert places.nunique() > 1
    assert places.is_monotonic_increasing


def test_a_broad_group_holds_its_detailed_groups_and_what_joins_them(base, groups):
    codes = list(base.figures["ethnic_group"].unique())
    black = set(groups.within("black", codes))
    assert {"black", "black-african", "black-other", "black-african+black-caribbean"} <= black
    assert not black & {"all", "ethnic-minority", "asian", "mixed-white-black-african"}
    caribbean = set(groups.within("black-caribbean", codes))
    assert {"black-caribbean", "black-african+black-caribbean"} <= caribbean
    assert all("black-caribbean" in code.split("+") for code in caribbean)
    assert groups.within("all", codes) == ["all"]


@pytest.mark.parametrize("word", ["sectioned", "detained", "involuntary"])
def test_people_find_detention_by_their_own_words(find, word):
    assert set(find(text=word)["figure_id"]) == set(find(text="detention")["figure_id"])
    assert "men-001" in set(find(text=word)["figure_id"])
