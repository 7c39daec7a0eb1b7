"""Hidden counts can't be worked out: proved by trying every table that fits what is shown."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.statistics import suppress
from evidence.statistics.disclosure import POLICIES, TOTAL, Mark, suppression

pytestmark = pytest.mark.filterwarnings("error")

FURTHEST = 11
"""A hidden count that nothing bounds is tried up to here."""


def options(count, mark, threshold, base, zeros_shown):
    """The values that a reader who knows the rule and the mark takes a count to have."""
    if mark == Mark.PRIMARY:
        return list(range(1 if zeros_shown else 0, threshold))
    if mark == Mark.SECONDARY:
        return list(range(threshold, FURTHEST + 1))
    shown = int(np.floor(count / base + 0.5)) * base
    possible = [0, *range(threshold, shown + base + 1)]
    return [value for value in possible if int(np.floor(value / base + 0.5)) * base == shown]


def with_totals(bodies, rows, columns):
    if columns:
        bodies = np.concatenate([bodies, bodies.sum(1, keepdims=True)], axis=1)
    if rows:
        bodies = np.concatenate([bodies, bodies.sum(2, keepdims=True)], axis=2)
    return bodies


def fitting(table, **rule):
    """What is shown, and every table that fits it, with totals: an array of tables."""
    rows, columns = rule.pop("rows"), rule.pop("columns")
    shown = suppress(table, rows=rows, columns=columns, **rule)
    marks = suppression(table, rows=rows, columns=columns, **rule).to_numpy()
    height, width = table.shape
    truth = with_totals(table.to_numpy()[None], rows, columns)[0]
    values = [options(truth[i, j], marks[i, j], **rule) for i, j in np.ndindex(height, width)]
    grid = np.stack(np.meshgrid(*values, indexing="ij"), axis=-1).reshape(-1, height, width)
    whole = with_totals(grid, rows, columns)
    fits = np.ones(len(whole), dtype=bool)
    for i, j in np.ndindex(truth.shape):
        total = i == height or j == width
        if total and marks[i, j] == Mark.SHOWN:
            fits &= np.isin(whole[:, i, j], options(truth[i, j], Mark.SHOWN, **rule))
        elif total and rule["zeros_shown"]:
            fits &= whole[:, i, j] > 0
    assert (whole[fits] == truth).all((1, 2)).any() or truth.max() > FURTHEST
    return shown, whole[fits]


def assert_nothing_can_be_worked_out(table, **rule):
    shown, possible = fitting(table, **rule)
    for i, j in np.argwhere(shown.isna().to_numpy()):
        assert len(np.unique(possible[:, i, j])) >= 2, (shown, i, j)


def tables(largest=9, height=2, width=3):
    cell = st.one_of(st.integers(0, 4), st.integers(0, largest))
    return st.lists(
        st.lists(cell, min_size=width, max_size=width), min_size=height, max_size=height
    ).map(pd.DataFrame)


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(tables(), st.booleans(), st.booleans(), st.booleans())
def test_no_hidden_count_can_be_worked_out_from_exact_totals(table, rows, columns, zeros_shown):
    assert_nothing_can_be_worked_out(
        table, rows=rows, columns=columns, threshold=5, base=1, zeros_shown=zeros_shown
    )


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(tables(largest=11, height=2, width=2), st.booleans(), st.booleans(), st.booleans())
def test_no_hidden_count_can_be_worked_out_from_rounded_totals(table, rows, columns, zeros_shown):
    assert_nothing_can_be_worked_out(
        table, rows=rows, columns=columns, threshold=5, base=5, zeros_shown=zeros_shown
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tables(largest=11, height=1, width=5), st.sampled_from([1, 5]), st.sampled_from([3, 5, 8]))
def test_no_hidden_count_can_be_worked_out_from_one_rows_total(table, base, threshold):
    assert_nothing_can_be_worked_out(
        table, rows=True, columns=False, threshold=threshold, base=base, zeros_shown=True
    )


@settings(max_examples=100, deadline=None, derandomize=True)
@given(tables(largest=8, height=3, width=3))
def test_linear_algebra_solves_for_no_hidden_count(table):
    threshold = 3
    how = {"rows": True, "columns": True, "threshold": threshold, "base": 1}
    shown, marks = suppress(table, **how), suppression(table, **how)
    # The free counts of a table with known margins: solve by linear algebra what can be solved.
    size = table.shape[0] + 1
    unknown = np.argwhere(shown.isna().to_numpy())
    equations = []
    for line in range(size):
        for axis in (0, 1):
            row = [(1 if place[1 - axis] < size - 1 else -1) if place[axis] == line else 0
                   for place in unknown]  # fmt: skip
            equations.append(row)
    if len(unknown):
        matrix = np.array(equations, dtype=float)
        rank = np.linalg.matrix_rank(matrix)
        for column in range(len(unknown)):
            without = np.delete(matrix, column, axis=1)
            # A count that the equations fix is one whose column nothing else can stand in for.
            assert np.linalg.matrix_rank(without) == rank, (shown, unknown[column])
    assert (marks.to_numpy() == Mark.PRIMARY).sum() == shown_small(table, threshold)


def shown_small(table, threshold):
    whole = np.block([
        [table.to_numpy(), table.to_numpy().sum(1, keepdims=True)],
        [table.to_numpy().sum(0), table.to_numpy().sum()],
    ])  # fmt: skip
    return int(((whole > 0) & (whole < threshold)).sum())


WARDS = pd.DataFrame(
    [[3, 10, 20], [15, 22, 30], [7, 9, 1]], index=["a", "b", "c"], columns=["x", "y", "z"]
)


def test_two_small_counts_are_hidden_by_the_two_at_the_other_corners():
    marks = suppression(WARDS, rows=True, columns=True, base=1)
    hidden = {(row, column) for row in marks.index for column in marks.columns
              if marks.loc[row, column] != Mark.SHOWN}  # fmt: skip
    assert hidden == {("a", "x"), ("c", "z"), ("a", "z"), ("c", "x")}
    shown = suppress(WARDS, rows=True, columns=True, base=1)
    assert shown.loc[TOTAL].tolist() == [25, 41, 51, 117]
    assert shown[TOTAL].tolist() == [33, 67, 17, 117]


def test_where_totals_are_rounded_small_counts_alone_are_hidden():
    shown = suppress(WARDS, rows=True, columns=True)
    assert shown.isna().sum().sum() == 2
    assert shown.loc["b"].tolist() == [15, 20, 30, 65]
    assert shown[TOTAL].tolist() == [35, 65, 15, 115]


def test_without_totals_only_small_counts_are_hidden():
    shown = suppress(WARDS, rows=False, columns=False, base=1)
    assert shown.shape == WARDS.shape
    assert shown.isna().sum().sum() == 2


def test_two_ones_of_a_total_of_two_hide_their_total():
    # Both are known to be at least 1, so the total alone would tell them.
    row = pd.DataFrame([[1, 1, 0, 0]])
    shown = suppress(row, rows=True, columns=False, base=1)
    assert shown.iloc[0].isna().tolist() == [True, True, False, False, True]


def test_a_count_at_its_ceiling_is_hidden_with_company_that_leaves_it_room():
    # Hidden together, 4 and 4 of 8 could be nothing else while neither may be 5 or more.
    row = pd.DataFrame([[4, 4, 20, 9]])
    marks = suppression(row, rows=True, columns=False, base=1).iloc[0]
    assert marks.tolist() == ["primary", "primary", "shown", "secondary", "shown"]


def test_a_table_without_small_counts_is_only_rounded():
    table = pd.DataFrame([[12, 0], [23, 48]])
    shown = suppress(table, rows=True, columns=True)
    assert not shown.isna().any(axis=None)
    assert shown.to_numpy().tolist() == [[10, 0, 10], [25, 50, 70], [35, 50, 85]]


def test_halves_are_rounded_up():
    shown = suppress(pd.DataFrame([[15, 25, 35]]), rows=False, columns=False, base=10)
    assert shown.iloc[0].tolist() == [20, 30, 40]


def test_zeros_are_hidden_where_the_rule_says_so():
    table = pd.DataFrame([[0, 12], [23, 48]])
    shown = suppress(table, rows=False, columns=False, zeros_shown=False)
    assert shown.isna().to_numpy().tolist() == [[True, False], [False, False]]
    assert not suppress(table, rows=False, columns=False).isna().any(axis=None)


def test_a_category_called_total_is_one_like_others_where_no_total_is_added():
    table = pd.DataFrame([[9, 20]], columns=["x", TOTAL])
    assert suppress(table, rows=False, columns=True).columns.tolist() == ["x", TOTAL]


@pytest.mark.parametrize("name", POLICIES)
def test_every_named_rule_hides_what_it_says_and_no_less(name):
    rule = POLICIES[name]
    table = pd.DataFrame([[0, rule.threshold - 1, rule.threshold, 60], [70, 80, 90, 100]])
    marks = suppression(table, rows=True, columns=True, threshold=rule.threshold, base=rule.base,
                        zeros_shown=rule.zeros_shown).iloc[0]  # fmt: skip
    assert marks.iloc[1] == Mark.PRIMARY
    assert (marks.iloc[0] == Mark.PRIMARY) == (not rule.zeros_shown)
    assert marks.iloc[2] != Mark.PRIMARY
    assert rule.source


def test_the_largest_tables_of_the_boroughs_are_protected():
    # 33 boroughs by 20 groups, many of them small.
    random = np.random.default_rng(20261122)
    table = pd.DataFrame(random.poisson(random.gamma(0.7, 20, (33, 20))))
    for base in (1, 5):
        shown = suppress(table, rows=True, columns=True, base=base)
        small = (table > 0) & (table < 5)
        assert shown.iloc[:-1, :-1].isna().to_numpy()[small.to_numpy()].all()
        hidden = shown.iloc[:-1, :-1].isna()
        if base == 1:
            # Where both ends of a line are shown no count is hidden alone.
            alone = (hidden.sum(axis=1) == 1) & shown[TOTAL].iloc[:-1].notna()
            assert not alone.any()


@pytest.mark.parametrize(
    ("table", "how", "message"),
    [
        (pd.DataFrame([[1, -2]], index=["Hackney"], columns=["x", "y"]), {},
         "row Hackney, column y: -2.0 is not a count"),
        (pd.DataFrame([[1.5, 2]]), {}, "row 0, column 0: 1.5 is not a count"),
        (pd.DataFrame([[1, None]]), {}, "row 0, column 1: nan is not a count"),
        (pd.DataFrame(), {}, "the table is empty"),
        (pd.DataFrame([[9, 9]], columns=["x", "Total"]), {},
         'a column is called "Total" already: leave totals out of the table'),
        (pd.DataFrame([[9]], index=["Total"]), {}, 'a row is called "Total" already'),
        (pd.DataFrame([[9]]), {"threshold": 2}, "a threshold of 2 leaves"),
        (pd.DataFrame([[9]]), {"base": 11}, "base must lie between 1 and twice"),
        (pd.DataFrame([[9]]), {"base": 0}, "base must lie between"),
    ],
)  # fmt: skip
def test_tables_that_are_no_counts_are_refused_by_name(table, how, message):
    with pytest.raises(ValueError, match=message):
        suppress(table, rows=True, columns=True, **how)
