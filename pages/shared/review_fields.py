"""The fields in which a reviewer writes what will be published.

Each is a column of a model (:mod:`evidence.models`), which checks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import streamlit as st

from evidence.vocabulary import (
    BlankReason,
    Confidence,
    Direction,
    DiseaseArea,
    LifeStage,
    Measure,
    Qualifier,
    SourceKind,
    Standardisation,
)
from loaders.open import EvidenceBase

NEW = "+new"
"""Chosen in place of a source or an indicator that the evidence base does not have yet."""


CHOOSE = "Choose"
"""What stands in a list until the reviewer chooses: nothing about evidence is assumed."""


@dataclass(frozen=True)
class Field:
    """A field: its column, its label, a hint, and its list where it is chosen from one."""

    name: str
    label: str
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    long: bool = False


def listed(words: Iterable[StrEnum], empty: str | None = None) -> dict[str, str]:
    """A closed list of words as codes with their labels; ``empty`` is what no choice is called."""
    first = {} if empty is None else {"": empty}
    return first | {
        word.value: str(getattr(word, "label", word.value)).capitalize() for word in words
    }


SOURCE = (
    Field("title", "Title"),
    Field("authors", "Authors (optional)"),
    Field("publisher", "Publisher"),
    Field("published", "Published", "As far as it says: 2026, 2026-03 or 2026-03-14"),
    Field("kind", "Kind of source", options=listed(SourceKind, CHOOSE)),
    Field("url", "Web address"),
    Field("licence", "Licence", "Write “not stated” where it says nothing"),
    Field("accessed", "When you looked at it", "2026-03-14"),
    Field("note", "Note (optional)"),
)

INDICATOR = (
    Field("name", "Name", "Such as “Stillbirth”"),
    Field("disease_area", "Disease area", options=listed(DiseaseArea, CHOOSE)),
    Field("life_stage", "Stage of life", options=listed(LifeStage, CHOOSE)),
    Field("definition", "Definition", "Who is counted, out of whom", long=True),
    Field("measure", "Measure", options=listed(Measure, CHOOSE)),
    Field("unit", "Unit", "%, per 1,000 births"),
    Field("direction", "Reading it", options=listed(Direction, CHOOSE)),
    Field("people", "Who is counted, as a noun", "people, women, babies"),
    Field("outcome", "What is measured, to fit “the rate of …”", "stillbirth"),
    Field("phrase", "The sentence", "It holds {value} and {people}", long=True),
    Field("caveats", "Caveats (optional)", long=True),
)

COMMON = (
    Field("period", "Period, as the source has it"),
    Field("age", "Age", "all, or 16 and over"),
    Field("sex", "Sex", options={"all": "All", "female": "Female", "male": "Male"}),
    Field("population", "Who else is left out (optional)", "One hospital, first births"),
    Field("measure", "Measure", options=listed(Measure, CHOOSE)),
    Field("unit", "Unit"),
    Field("qualifier", "Word before the number (optional)", options=listed(Qualifier, "None")),
    Field("standardisation", "Standardised", options=listed(Standardisation)),
    Field("adjusted_for", "Adjusted for (optional)"),
    Field("confidence", "How you saw it", options=listed(Confidence, CHOOSE)),
    Field("note", "Note for readers (optional)", long=True),
)
"""What the figures of one suggestion share."""


def programme_fields(base: EvidenceBase) -> tuple[Field, ...]:
    """What is asked of a programme."""
    topics = {"": "Several, or none"} | {each.value: each.label for each in DiseaseArea}
    places = {"": "All of London"} | {name: name for name in sorted(base.boroughs["name"])}
    groups = {"": "Everyone, or several"} | group_options(base)
    return (
        Field("name", "Name of the programme"),
        Field("run_by", "Who runs it"),
        Field("url", "Web address"),
        Field("disease_area", "Disease area", options=topics),
        Field("areas", "Part of London", options=places),
        Field("ethnic_group", "Ethnic group", options=groups),
        Field("does", "What it does, and for whom", long=True),
        Field("outcomes", "What it reports to have changed (optional)", long=True),
    )


def comparison_fields(groups: Mapping[str, str]) -> tuple[Field, ...]:
    """With whom the source itself compares, for published ratios and differences."""
    return (
        Field("comparator", "Compared in the source with", options={"": "Nobody"} | dict(groups)),
        Field("comparator_label", "Its label in the source (optional)"),
    )


def group_fields(groups: Mapping[str, str]) -> tuple[Field, ...]:
    """What is asked for each ethnic group."""
    return (
        Field("ethnic_group", "Ethnic group", options={"": CHOOSE} | dict(groups)),
        Field("ethnic_group_label", "Its label in the source"),
        Field("value", "Value"),
        Field("lower", "Lower 95% limit (optional)"),
        Field("upper", "Upper 95% limit (optional)"),
        Field("numerator", "Numerator (optional)"),
        Field("denominator", "Denominator (optional)"),
        Field("blank_reason", "If there is no value", options=listed(BlankReason, "There is one")),
    )


def group_options(base: EvidenceBase) -> dict[str, str]:
    """Every ethnic group that figures have, by code."""
    codes = {*base.ethnic_groups["code"], *base.figures["ethnic_group"]}
    return {code: base.groups.short(code) for code in base.groups.sort(codes)}


def draw(asked: Field, name: str, error: str | None = None) -> None:
    """Show a field under a name in the session state; its error is part of its label."""
    parts = [asked.label, asked.hint, f"**Error: {error}**" if error else ""]
    label = "  \n".join(filter(None, parts))
    if asked.options:
        options = list(asked.options)
        if st.session_state.get(name) not in options:
            st.session_state[name] = options[0]
        st.selectbox(
            label,
            options,
            format_func=asked.options.__getitem__,
            key=name,
            persist_state="session",
        )
    elif asked.long:
        st.text_area(label, key=name, height="content", persist_state="session")
    else:
        st.text_input(label, key=name, autocomplete="off", persist_state="session")


def side_by_side(
    fields: Iterable[Field], prefix: str, errors: Mapping[str, str], across: int = 2
) -> None:
    """Show fields beside each other; long ones take the whole width."""
    row: list[Field] = []

    def flush() -> None:
        if row:
            columns = st.columns(across, vertical_alignment="bottom")
            for column, asked in zip(columns, row, strict=False):
                with column:
                    draw(asked, prefix + asked.name, errors.get(asked.name))
            row.clear()

    for asked in fields:
        if asked.long:
            flush()
            draw(asked, prefix + asked.name, errors.get(asked.name))
            continue
        row.append(asked)
        if len(row) == across:
            flush()
    flush()
