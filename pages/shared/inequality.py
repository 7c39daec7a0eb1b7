"""How unequal a whole comparison set is, and what that comes to in people, below its table."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from evidence.burden import CRUDE, ROUNDED, burden_of_set, not_clear_sentence, why_no_burden
from evidence.ethnicity import Classification
from evidence.inequality import (
    inequality_of_set,
    lead_of_set,
    missing_told,
    why_no_inequality,
)
from evidence.inequality_groups import left_out_of_inequality, warning_of_extremes
from evidence.methods import methods_of_burden, methods_of_inequality
from evidence.statements import RowLike, named, place, when
from pages.shared.data import evidence_base
from pages.shared.html import link, table
from pages.shared.method_note import method_note

COLUMNS = ["Measure", "What it says", "Value", "95% limits"]

HOW_WORKED = "How the measures of the whole set are worked out"

NO_CAUSE = "The measures say how far apart the groups are, not why."


def show_inequality(
    rows: pd.DataFrame,
    indicator: RowLike,
    *,
    key: str,
    heading: int = 3,
    opened: bool = False,
) -> None:
    """Show how unequal a comparison set is as a whole, and its burden; nothing where it has none.

    One sentence leads; the tables are worked out only when they are opened, as their limits take
    a moment.

    Parameters
    ----------
    rows
        The set: figures with the columns of their gaps.
    indicator
        The indicator's row.
    key
        A name for the elements, unique on the page.
    heading
        The level of the heading.
    opened
        Whether the measures and the burden stand open at first.
    """
    groups = evidence_base().groups
    has_measures = not why_no_inequality(rows, groups)
    has_burden = not why_no_burden(rows, indicator)
    if not has_measures and not has_burden:
        return
    title = "How unequal the whole set is" if has_measures else "What the gaps come to in people"
    st.html(f"<h{heading}>{title}</h{heading}>")
    if has_measures:
        lines = [lead_of_set(rows, indicator, groups), warning_of_extremes(rows, groups)]
        st.html(_paragraphs(lines[:1]) + _readings(lines[1:]))
        _fold(
            "Summary measures of all groups",
            lambda: measures_table(rows, indicator, groups, "board"),
            key=f"{key}-measures",
            opened=opened,
        )
        _fold(
            "More summary measures, for analysts",
            lambda: measures_table(rows, indicator, groups, "analysts"),
            key=f"{key}-analysts",
        )
    if has_burden:
        _fold(
            "What the gaps come to in people",
            lambda: burden_list(rows, indicator, groups),
            key=f"{key}-burden",
            opened=opened,
        )
    # Below the folds, as a fold within a fold is hard to use on a small screen.
    method_note(
        lambda: methods_behind(rows, indicator, groups), key=f"{key}-whole-set", label=HOW_WORKED
    )


def methods_behind(rows: pd.DataFrame, indicator: RowLike, groups: Classification) -> list[str]:
    """The keys of the methods of every measure and of the burden that a set has."""
    measures = methods_of_inequality(inequality_of_set(rows, indicator, groups))
    return measures + methods_of_burden(rows, burden_of_set(rows, indicator, groups))


def measures_table(
    rows: pd.DataFrame, indicator: RowLike, groups: Classification, audience: str
) -> str:
    """The summary measures of a set for an audience ("board" or "analysts"), as a table."""
    found = inequality_of_set(rows, indicator, groups)
    found = found[found["audience"] == audience]
    told = found[found["value"] != ""]
    first = rows.iloc[0].to_dict()
    body = [
        [
            link(row["name"], "formulas", method=row["measure"]),
            f'<div class="says">{escape(row["says"])}</div>',
            row["value"],
            row["limits"] or "none",
        ]
        for row in told.to_dict("records")
    ]
    without = told.loc[told["limits"] == "", "reason"]
    notes = [f"{_capital(reason)}." for reason in without.unique() if reason]
    notes += [missing_told(found), left_out_of_inequality(rows, groups), NO_CAUSE]
    caption = f"{named(indicator)}: how unequal all groups are, {place(first)}, {when(first)}"
    shown = table(body, COLUMNS, caption=caption, numeric=[2, 3], raw=[0, 1]) if body else ""
    return shown + _readings(notes)


def burden_list(rows: pd.DataFrame, indicator: RowLike, groups: Classification) -> str:
    """The burden of each group as sentences: the worse off first, the uncertain in one line."""
    found = burden_of_set(rows, indicator, groups)
    if found.empty:
        return _readings(["No group has counts and limits from which it could be worked out."])
    clear = found[found["clear"]]
    parts = []
    for title, sentences in (
        ("Groups that are worse off than the reference group", clear[clear["worse"]]["sentence"]),
        ("Groups that are better off", clear[~clear["worse"]]["sentence"]),
    ):
        if len(sentences):
            items = "".join(f"<li><p>{escape(text)}</p></li>" for text in sentences)
            parts.append(f'<p><b>{title}</b></p><ul class="statements">{items}</ul>')
    reference = groups.short(str(rows.loc[rows["is_reference"], "ethnic_group"].iloc[0]))
    standard = f"{reference} is the group compared with, not a standard to aim at."
    rounded = ROUNDED if (rows["count_rounding"] > 1).any() else ""
    overlap = _some_overlap(list(clear["ethnic_group"]), groups)
    notes = [not_clear_sentence(found, groups), overlap, f"{standard} {CRUDE} {rounded}".strip()]
    return "".join(parts) + _readings(notes)


def _some_overlap(codes: list[str], groups: Classification) -> str:
    both = any(
        groups.overlap(one, other) for at, one in enumerate(codes) for other in codes[at + 1 :]
    )
    return "Some of these groups hold the same people, so don't add them up." if both else ""


def _fold(label: str, make: Callable[[], str], *, key: str, opened: bool = False) -> None:
    """HTML under a label that opens it; it is made only while it stands open."""
    with st.expander(label, expanded=opened, key=key, on_change="rerun", type="compact") as box:
        if box.open:
            st.html(make())


def _paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def _readings(lines: list[str]) -> str:
    return "".join(f'<p class="reading">{escape(line)}</p>' for line in lines if line)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
