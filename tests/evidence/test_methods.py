"""Methods: each has its formula, words and source, and its example is what the pages print."""

import inspect
import re
from dataclasses import fields
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from evidence import statistics
from evidence.burden import burden_of_set
from evidence.inequality import inequality_of_set
from evidence.limits import add_limits
from evidence.methods import METHODS, Reference, method, methods_of, references
from evidence.methods.model import Reader
from evidence.methods.work_summary import GROUPS
from evidence.numbers import limits, ours, ratio
from evidence.statistics.summary_table import MEASURES
from evidence.statistics.trend import GapTrend, Trend

WITH_EXAMPLE = [key for key, one in METHODS.items() if one.work]
WITHOUT = ["standardised", "mean", "standard-errors"]
REFERENCES = [one for one in vars(references).values() if isinstance(one, Reference)]


@pytest.fixture(scope="module")
def examples(rows):
    """The example of each method that has one, from the committed tables."""
    return {key: METHODS[key].example(rows.__getitem__) for key in WITH_EXAMPLE}


def counts(rows, *figures):
    return [rows[name][column] for name in figures for column in ("numerator", "denominator")]


def three(rows, figure):
    return [rows[figure][column] for column in ("estimate", "limit_lower", "limit_upper")]


def own_limits(rows, figure):
    found = add_limits(pd.DataFrame([rows[figure]])).iloc[0]
    names = {"value": "estimate", "lower": "limit_lower", "upper": "limit_upper"}
    return {name: found[column] for name, column in names.items()}


def compared(rows, figures, kind, multiplier):
    return statistics.compare_counts(
        *counts(rows, *figures), kind=kind, multiplier=multiplier
    ).iloc[0]


BLACK = "births-{}-stillbirth-black-african"
WHITE = "births-{}-stillbirth-white-british"
DETAINED = "mha-2023-24-detention-standardised-england-{}"
YEARS = range(2007, 2023)


def trend(rows):
    points = np.array([three(rows, BLACK.format(year)) for year in YEARS]).T
    return statistics.trend(*points, list(YEARS), scale="log").iloc[0]


def gap_trend(rows):
    points = np.array([three(rows, BLACK.format(year)) for year in YEARS]).T
    others = np.array([three(rows, WHITE.format(year)) for year in YEARS]).T
    return statistics.gap_trend(*points, *others, list(YEARS)).xs("relative", level="gap").iloc[0]


def mann_kendall(rows):
    years = ("2017-18", "2018-19", "2021-22", "2022-23", "2023-24", "2024-25")
    figures = [rows[f"attainment-8-{year}-london-black"] for year in years]
    blank = [np.nan] * len(years)
    return statistics.trend(
        [row["value"] for row in figures],
        blank,
        blank,
        [float(row["year"]) for row in figures],
        scale="identity",
    ).iloc[0]


LAMBETH = ("cvd-055", "cvd-052")
STILLBIRTH = (BLACK.format(2022), WHITE.format(2022))

# What the functions that the pages use give for the figures of each example.
FOUND = {
    "published": lambda rows: {n: rows["mat-011"][n] for n in ("value", "lower", "upper")},
    "wilson": lambda rows: own_limits(rows, "cvd-055"),
    "byar": lambda rows: own_limits(rows, BLACK.format(2022)),
    "exact": lambda rows: own_limits(rows, "calc-tt-2018-19-ealing-referral-rate-asian-chinese"),
    "rounded-percentage": lambda rows: own_limits(rows, "tt-2019-20-lambeth-recovery-asian"),
    "rounded-rate": lambda rows: own_limits(rows, "calc-tt-2018-19-lambeth-referral-rate-black"),
    "ratio": lambda rows: compared(rows, LAMBETH, "proportion", 100),
    "difference": lambda rows: compared(rows, LAMBETH, "proportion", 100),
    "score-proportions": lambda rows: compared(rows, LAMBETH, "proportion", 100),
    "score-rates": lambda rows: compared(rows, STILLBIRTH, "rate", 1000),
    "mover": lambda rows: statistics.compare_limits(
        *three(rows, DETAINED.format("black")), *three(rows, DETAINED.format("white"))
    ).iloc[0],
    "published-ratio": lambda rows: {
        f"ratio{end}": rows["dia-044"][name]
        for end, name in (("", "value"), ("_lower", "lower"), ("_upper", "upper"))
    },
    "published-difference": lambda rows: {
        f"difference{end}": rows["mat-010"][name]
        for end, name in (("", "value"), ("_lower", "lower"), ("_upper", "upper"))
    },
    "trend": trend,
    "gap-trend": gap_trend,
    "mann-kendall": mann_kendall,
}

OF_SETS = ["excess", "simulated", *MEASURES]
HELD = [*FOUND, *OF_SETS]


@pytest.fixture(scope="module")
def found(rows, gapped, indicators, groups):
    """What the pages print for the figures of each example, by its key."""

    def of_set(figure, work_out):
        one = set_of(gapped, figure)
        return work_out(one, indicators[one["indicator_id"].iloc[0]], groups)

    burden = of_set(BLACK.format(2022), burden_of_set).set_index("ethnic_group")
    measures = of_set(GROUPS[0], inequality_of_set).set_index("measure")
    return (
        {key: work_out(rows) for key, work_out in FOUND.items()}
        | {code: measures.loc[code] for code in MEASURES}
        | {"excess": burden.loc["black-african"], "simulated": measures.loc["mdmw"]}
    )


def test_every_method_has_its_formula_words_and_use():
    for key, one in METHODS.items():
        assert re.fullmatch(r"[a-z][a-z-]*", key), "a key stands in addresses"
        texts = (one.name, one.answers, one.words, one.used, one.limits_of_use)
        assert all(texts), key
        assert one.answers.endswith("?"), key
        assert one.formulas, key
        assert one.symbols, key


def test_every_statistic_that_gives_numbers_is_told():
    told = {one.function.rpartition(".")[2] for one in METHODS.values()}
    functions = {
        name for name in statistics.__all__ if inspect.isfunction(getattr(statistics, name))
    }
    # What a page works out of a whole set names the function of the set.
    of_sets = {"excess_events", "summary_measures", "summary_measures_of_sets"}
    assert functions - of_sets <= told


def test_each_method_names_a_function_that_there_is():
    for key, one in METHODS.items():
        if one.function:
            module, _, name = one.function.rpartition(".")
            assert callable(getattr(import_module(module), name)), key


def test_each_summary_measure_has_a_formula_of_its_own():
    formulas = [method(code).formulas for code in MEASURES]
    assert len(MEASURES) == 17
    assert len(set(formulas)) == 17


def test_an_unknown_key_is_refused():
    with pytest.raises(KeyError):
        method("wald")


@pytest.mark.parametrize("one", REFERENCES, ids=lambda one: one.short)
def test_each_reference_is_complete_and_says_where_it_was_read(one):
    assert all(getattr(one, part.name) for part in fields(one) if part.name != "doi")
    assert 1900 < one.year < 2030
    if one.doi:
        assert re.fullmatch(r"10\.\d{4,9}/\S+", one.doi)
        assert one.url.startswith("https://doi.org/10.")
        assert not set('<>" ') & set(one.url), "safe in a link"


def test_references_are_cited_short_by_their_authors():
    told = {one.short for one in REFERENCES}
    assert {"Wilson 1927", "Donner and Zou 2012", "Dobson and others 1991"} <= told


def test_every_method_has_an_example_or_says_why_it_has_none(examples):
    assert [key for key in METHODS if key not in WITH_EXAMPLE] == WITHOUT
    assert all(METHODS[key].no_example for key in WITHOUT)
    assert all(examples.values()), "every example stands on figures of the tables"


@pytest.mark.parametrize("key", WITH_EXAMPLE)
def test_the_numbers_of_an_example_are_those_of_the_tables(key, examples, rows):
    assert examples[key].inputs
    for figure_id, column, value in examples[key].inputs:
        assert rows[figure_id][column] == value


@pytest.mark.parametrize("key", HELD)
def test_an_example_ends_in_what_the_pages_work_out(key, examples, found):
    results = dict(examples[key].results)
    results.pop("score", None)
    assert results
    for name, value in results.items():
        assert value == pytest.approx(found[key][name], rel=1e-6), name


def test_every_example_is_held_against_the_pages():
    held_below = {"verdict", "suppression"}
    assert set(HELD) | held_below == set(WITH_EXAMPLE)


def shown(value, unit):
    return ours(float(value), unit)


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("wilson", "%"),
        ("byar", "per 1,000 births"),
        ("exact", "per 1,000 residents"),
        ("rounded-percentage", "%"),
        ("rounded-rate", "per 1,000 residents"),
    ],
)
def test_the_limits_of_a_figure_are_printed_as_on_its_page(key, unit, examples, found):
    page, last = found[key], examples[key].steps[-1]
    assert shown(page["lower"], unit) in last
    assert shown(page["upper"], unit) in last


@pytest.mark.parametrize(
    ("key", "unit"),
    [("score-proportions", "%"), ("score-rates", "per 1,000"), ("mover", "per 100,000")],
)
def test_the_limits_of_a_gap_are_printed_as_on_its_page(key, unit, examples, found):
    page, last = found[key], examples[key].steps[-1]
    assert f"{ratio(page['ratio'])} times" in last
    assert limits(page["ratio_lower"], page["ratio_upper"], style="ratio") in last
    assert f"+{shown(page['difference'], unit)}" in last
    ends = page["difference_lower"], page["difference_upper"]
    assert limits(*ends, style="ours", unit=unit) in last


def test_the_gap_of_an_example_is_the_gap_of_the_pages(examples, rows):
    for key, figure in (("score-proportions", "cvd-055"), ("score-rates", BLACK.format(2022))):
        for name, value in examples[key].results.items():
            assert value == pytest.approx(rows[figure][name]), (key, name)


def test_the_mover_example_gives_the_calculated_ratio_of_the_tables(examples, rows):
    published = rows[f"calc-{DETAINED.format('black')}-ratio"]
    found = examples["mover"].results
    assert round(found["ratio"], 2) == published["value"]
    assert round(found["ratio_lower"], 2) == published["lower"]
    assert round(found["ratio_upper"], 2) == published["upper"]


@pytest.mark.parametrize("code", list(MEASURES))
def test_a_summary_measure_is_printed_with_its_limits(code, examples, found):
    page, last = found[code], examples[code].steps[-1]
    assert page["limits"] in last
    assert page["value"].split()[0] in last


def test_the_burden_is_printed_as_in_its_sentence(examples, found):
    told = "about 84 fewer (95% limits 60 to 110 fewer)"
    assert told in found["excess"]["sentence"]
    assert told in examples["excess"].steps[-1]


def test_the_example_of_the_verdict_says_what_the_verdict_says(examples):
    one = examples["verdict"]
    values = dict.fromkeys(one.figure_ids)
    ends = {(name, column): value for name, column, value in one.inputs}
    for step, figure in zip(one.steps, values, strict=True):
        low, high = ends[figure, "limit_lower"], ends[figure, "limit_upper"]
        (word,) = statistics.verdict([low], [high], 1)
        assert f"“{word}”" in step
    words = [re.findall("“(.*)”", step)[0] for step in one.steps]
    assert words == ["higher", "lower", "no clear difference", "too uncertain to say"]


def test_the_words_of_the_trends_are_those_of_the_trends(examples, found):
    words = {Trend.RISING: "rising", Trend.FALLING: "falling", Trend.NEITHER: "neither rising nor"}
    for key in ("trend", "mann-kendall"):
        assert words[found[key]["verdict"]] in examples[key].steps[-1]
    assert found["gap-trend"]["verdict"] == GapTrend.NEITHER
    assert "neither closing nor widening" in examples["gap-trend"].steps[-1]


def test_the_bounds_of_a_rounded_count_are_those_that_round_to_it(examples, rows):
    found = examples["suppression"].results
    published = rows["tt-2019-20-lambeth-recovery-asian"]["numerator"]
    around = np.arange(published - 10, published + 11, dtype=int)
    told = statistics.suppress(pd.DataFrame({"people": around}), rows=False, columns=False)
    same = around[told["people"].to_numpy() == published]
    assert (found["least"], found["most"]) == (same.min(), same.max())


@pytest.mark.parametrize("key", WITH_EXAMPLE)
def test_an_example_whose_figure_is_gone_is_left_out(key):
    def gone(figure_id):
        raise KeyError(figure_id)

    assert METHODS[key].example(gone) is None


def test_an_example_whose_figure_lost_its_counts_is_left_out(rows):
    blank = {**rows, "cvd-055": {**rows["cvd-055"], "numerator": np.nan}}
    assert METHODS["wilson"].example(blank.__getitem__) is None
    assert METHODS["byar"].example(blank.__getitem__) is not None


def test_a_reader_keeps_what_it_read(rows):
    reader = Reader(rows.__getitem__)
    assert reader.counts("cvd-055") == (2630, 12193)
    assert reader.read == [("cvd-055", "numerator", 2630), ("cvd-055", "denominator", 12193)]


def set_of(gapped, figure_id):
    one = gapped.loc[gapped["figure_id"] == figure_id, "set_id"].iloc[0]
    return gapped[gapped["set_id"] == one]


@pytest.mark.parametrize(
    ("figure_id", "expected"),
    [
        (
            "cvd-055",
            ["published", "wilson", "ratio", "difference", "score-proportions", "verdict"],
        ),
        (
            BLACK.format(2022),
            ["published", "byar", "ratio", "difference", "score-rates", "verdict"],
        ),
        (
            "tt-2019-20-lambeth-recovery-asian",
            ["published", "rounded-percentage", "ratio", "difference", "mover", "verdict"],
        ),
        (
            "calc-tt-2018-19-lambeth-referral-rate-black",
            ["rounded-rate", "ratio", "difference", "mover", "verdict"],
        ),
        (DETAINED.format("black"), ["published", "ratio", "difference", "mover", "verdict"]),
        (f"calc-{DETAINED.format('black')}-ratio", ["ratio", "mover", "verdict"]),
        ("dia-044", ["published-ratio", "verdict"]),
        ("mat-010", ["published-difference", "verdict"]),
        ("can-050", ["published-difference", "verdict"]),
        ("attainment-8-2024-25-london-black", ["published", "difference", "verdict"]),
    ],
)
def test_a_set_names_the_methods_behind_its_numbers(figure_id, expected, gapped):
    assert methods_of(set_of(gapped, figure_id)) == expected


def test_every_set_that_was_gathered_by_hand_names_a_method(gapped):
    told = gapped[gapped["value"].notna() & gapped["record_id"].notna()]
    for _, rows in told.groupby("set_id"):
        assert methods_of(rows)


def test_a_set_of_blanks_names_no_method(gapped):
    assert methods_of(gapped[gapped["value"].isna()].head(3)) == []
