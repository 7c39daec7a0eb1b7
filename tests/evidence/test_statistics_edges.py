"""What holds of every statistic: nothing missing without its reason, whatever comes in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.statistics import (
    compare_counts,
    compare_limits,
    compare_standard_errors,
    directly_standardised_rate,
    excess_events,
    gap_trend,
    mean_limits,
    proportion_limits,
    rate_limits,
    trend,
)
from evidence.statistics.comparison import COLUMNS as COMPARED

pytestmark = pytest.mark.filterwarnings("error")


@dataclass(frozen=True)
class Case:
    """A statistic, the rows that it takes, and its columns that are whole or have a reason."""

    work: Callable[..., pd.DataFrame]
    row: st.SearchStrategy[tuple[float, ...]]
    columns: tuple[str, ...]
    example: list[tuple[float, ...]]
    level: bool = True
    """Whether it takes a level of confidence."""
    by_row: bool = True
    """Whether it gives one row a row."""


def holed(*numbers: st.SearchStrategy[tuple[float, ...]]) -> st.SearchStrategy[tuple[float, ...]]:
    """Rows of the given numbers, any of which may be missing."""

    def with_holes(row: tuple[float, ...]) -> st.SearchStrategy[tuple[float, ...]]:
        return st.tuples(*(st.sampled_from([number, number, np.nan]) for number in row))

    return st.tuples(*numbers).map(lambda parts: sum(parts, ())).flatmap(with_holes)


def enclosed(number: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[float, ...]]:
    """A value between its limits, some of them alike."""
    ordered = st.tuples(number, number, number).map(sorted)
    return ordered.map(lambda three: (three[1], three[0], three[2]))


count = st.one_of(st.just(0), st.integers(1, 20), st.integers(1, 10**15))
part = st.tuples(count, count).map(lambda pair: tuple(sorted(pair)))
size = st.one_of(st.just(0.0), st.floats(1e-60, 1e60))
score = st.one_of(size, st.floats(-1e9, -1e-9))
standing = enclosed(st.one_of(st.just(0.0), st.floats(0.01, 100)))
ENDS = ("value", "lower", "upper")


def standardised(events, people, standard, **how):
    return directly_standardised_rate(
        events, people, np.nan_to_num(standard), group=["a"] * len(events), **how
    )


def of_years(work, *columns, **how):
    return work(*columns, range(2000, 2000 + len(columns[0])), **how)


CASES = {
    "limits of proportions": Case(proportion_limits, holed(part), ENDS, [(3, 40), (20, 50)]),
    "limits of rates": Case(rate_limits, holed(part), ENDS, [(3, 40), (20, 50)]),
    "limits of means": Case(
        mean_limits,
        holed(st.tuples(score, size), st.tuples(count)),
        ENDS,
        [(3, 1, 40), (2, 1, 50)],
    ),
    "comparisons of limits": Case(
        compare_limits,
        holed(enclosed(score), enclosed(score)),
        COMPARED,
        [(30, 20, 45, 10, 8, 13), (10, 8, 13, 30, 20, 45)],
        level=False,
    ),
    "comparisons of proportions": Case(
        partial(compare_counts, kind="proportion"),
        holed(part, part),
        COMPARED,
        [(3, 40, 9, 50), (20, 50, 3, 40)],
    ),
    "comparisons of rates": Case(
        partial(compare_counts, kind="rate"),
        holed(part, part),
        COMPARED,
        [(3, 40, 9, 50), (20, 50, 3, 40)],
    ),
    "comparisons of standard errors": Case(
        compare_standard_errors,
        holed(st.tuples(score, size), st.tuples(score, size)),
        COMPARED,
        [(3, 1, 4, 1), (5, 1, 4, 1)],
    ),
    "excess events": Case(
        partial(excess_events, kind="proportion", favourable=False),
        holed(part, standing),
        ("events", "lower", "upper", "direction", "worse"),
        [(3, 40, 5, 4, 6), (20, 50, 5, 4, 6)],
    ),
    "standardised rates": Case(
        standardised,
        holed(part, st.tuples(st.sampled_from([0, 1]))),
        ENDS,
        [(30, 400, 1), (20, 50, 1)],
        by_row=False,
    ),
    "trends": Case(
        partial(of_years, partial(trend, scale="logit")),
        holed(standing),
        ("verdict",),
        [(10 + year, 9 + year, 11 + year) for year in range(6)],
        by_row=False,
    ),
    "trends of gaps": Case(
        partial(of_years, gap_trend),
        holed(standing, standing),
        ("verdict",),
        [(10 + year, 9 + year, 11 + year, 10, 9, 11) for year in range(6)],
        by_row=False,
    ),
}
EVERY = pytest.mark.parametrize("name", CASES)


def columns_of(case: Case, rows: list[tuple[float, ...]]) -> list[np.ndarray]:
    """The rows as columns; as many as the case takes where there are no rows."""
    width = len(case.example[0])
    return [np.array([row[place] for row in rows], dtype=float) for place in range(width)]


@EVERY
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_nothing_is_missing_without_its_reason(name, data):
    case = CASES[name]
    rows = data.draw(st.lists(case.row, max_size=8))
    level = {"confidence": data.draw(st.floats(0.5, 0.999))} if case.level else {}
    found = case.work(*columns_of(case, rows), **level)
    if case.by_row:
        assert len(found) == len(rows)
    whole = found[list(case.columns)].notna().all(axis=1)
    assert whole[found["reason"].isna()].all()
    # Groups that change places have a verdict, and the reason why it is "neither".
    places = found["reason"] == "the group and the reference change places"
    assert found["reason"][whole & ~places].isna().all()


@EVERY
def test_no_rows_give_a_frame_without_rows_and_with_every_column(name):
    case = CASES[name]
    some, none = (case.work(*columns_of(case, rows)) for rows in (case.example, []))
    assert none.empty
    assert none.dtypes.to_dict() == some.dtypes.to_dict()


@EVERY
def test_the_index_of_a_column_does_not_matter(name):
    case = CASES[name]
    columns = columns_of(case, case.example)
    indexed = [pd.Series(column, index=[place, *[-7] * (len(column) - 1)])
               for place, column in enumerate(columns)]  # fmt: skip
    pd.testing.assert_frame_equal(case.work(*indexed), case.work(*columns))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.by_row])
def test_a_single_row_is_the_same_among_others_like_it(name):
    case = CASES[name]
    row = case.example[0]
    alone, among = case.work(*row), case.work(*columns_of(case, [row] * 5))
    for place in range(5):
        pd.testing.assert_frame_equal(among[place : place + 1].reset_index(drop=True), alone)


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if case.by_row and case.level]
)
@settings(max_examples=50, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_higher_level_of_confidence_never_narrows_limits(name, data):
    case = CASES[name]
    columns = columns_of(case, [data.draw(case.row)])
    levels = sorted(data.draw(st.tuples(*[st.floats(0.5, 0.999)] * 2)))
    narrow, wide = (case.work(*columns, confidence=level).iloc[0] for level in levels)
    for end, sign in (("lower", -1), ("upper", 1)):
        for column in (each for each in case.columns if each.endswith(end)):
            if pd.notna(narrow[column]) and np.isfinite(wide[column]):
                slack = 1e-9 * abs(wide[column])
                assert sign * (wide[column] - narrow[column]) >= -slack, column


WITH_MULTIPLIER = pytest.mark.parametrize(
    "name",
    [
        "limits of proportions", "limits of rates", "comparisons of proportions",
        "comparisons of rates", "excess events", "standardised rates",
    ],
)  # fmt: skip


@WITH_MULTIPLIER
@pytest.mark.parametrize("multiplier", [0, -100, np.nan, np.inf])
def test_a_multiplier_is_above_zero_and_finite(name, multiplier):
    case = CASES[name]
    with pytest.raises(ValueError, match="the multiplier must be above zero and finite, not"):
        case.work(*columns_of(case, case.example), multiplier=multiplier)


@pytest.mark.parametrize(
    "name", ["limits of rates", "comparisons of rates", "standardised rates", "excess events"]
)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_is_too_large_for_a_number_is_refused_and_never_infinite(name, data):
    case = CASES[name]
    vast = st.one_of(st.just(0.0), st.floats(-300, 300).map(lambda power: 10.0**power))
    if name == "excess events":
        row = st.tuples(vast, vast).map(lambda pair: (*pair, 5.0, 4.0, 6.0))
        work = partial(excess_events, kind="rate", favourable=False)
    else:
        row = st.tuples(*[vast] * (2 if name != "comparisons of rates" else 4))
        row = row.map(lambda four: (*four, 1) if name == "standardised rates" else four)
        work = case.work
    rows = [data.draw(row)]
    multiplier = 10.0 ** data.draw(st.integers(-300, 300))
    try:
        found = work(*columns_of(case, rows), multiplier=multiplier)
    except ValueError as error:
        if "too large" not in str(error) and "infinite" not in str(error):
            raise
        return
    whole = found[list(case.columns)].notna().all(axis=1)
    assert whole[found["reason"].isna()].all()
    numbers = found[whole & found["reason"].isna()].select_dtypes("float")
    assert np.isfinite(numbers.to_numpy()).all()


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].by_row])
def test_a_text_among_numbers_is_refused_with_its_row(name):
    case = CASES[name]
    first, *rest = columns_of(case, case.example)
    for column in ([first[0], "many"], pd.Series([first[0], "many"], dtype=object)):
        with pytest.raises(ValueError, match="row 1, counted from 0: 'many' is not a number"):
            case.work(column, *rest)
