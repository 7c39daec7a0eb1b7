"""Preparing what will be published: fields, their errors, and how it will look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from evidence.history import flags_of, published_by
from evidence.publication import Publication
from evidence.review import prepared, without
from evidence.statements import RowLike
from evidence.submissions import Kind, Suggestion
from evidence.vocabulary import GeographyLevel
from loaders.open import EvidenceBase
from loaders.submissions import StoredSuggestion
from pages.shared.data import Tables
from pages.shared.review_draft import (
    GROUPS_AT_MOST,
    Draft,
    Errors,
    check_draft,
    first_draft,
    of_publication,
)
from pages.shared.review_fields import (
    COMMON,
    INDICATOR,
    NEW,
    SOURCE,
    Field,
    comparison_fields,
    draw,
    group_fields,
    group_options,
    programme_fields,
    side_by_side,
)
from pages.shared.review_known import likeliest_source, prepared_is_known
from pages.shared.review_preview import preview
from pages.shared.review_steps import key, known_now
from pages.shared.review_text import held_words

PARTS = ("common", "source", "indicator", "programme")


def ask_what_is_published(one: StoredSuggestion, held: Tables) -> bool:
    """Ask for everything that is published; True once it is checked, and stands as it was checked.

    The checked publication is in the session state under ``key(number, "checked")``.
    """
    number, kind, base = one.number, one.corrected.kind, held.base
    state = st.session_state
    if key(number, "count") not in state:
        _fill_in(one, held)
    errors: Errors = state.get(key(number, "errors"), {})
    if kind is Kind.PROGRAMME:
        side_by_side(
            programme_fields(base), _prefix(number, "programme"), errors.get("programme", {})
        )
    else:
        _ask_figures(one, base, errors)
    st.button("Check and preview", on_click=_check, args=(one, held), key=key(number, "check"))
    if errors:
        whole = errors.get("whole", {}).get("", "")
        st.error(whole or "Something is missing or wrong: look at the fields above.", title="Check")
    checked = state.get(key(number, "checked"))
    if not isinstance(checked, Publication):
        return False
    if _typed(number) != state.get(key(number, "checked_as")):
        st.info("You changed something since it was checked. Check it again.")
        return False
    if private := flags_of(checked):
        st.warning(
            "Take it out, or say why it may be published when you clear it: it can't be published "
            f"before. {held_words(private)}.",
            title="This may hold personal information",
        )
    st.html("<h3>How it will look</h3>")
    st.html(preview(checked, held))
    if known := prepared_is_known(checked, held):
        st.html(f"<h3>What is known already of this</h3>{known}")
    return True


def _prefix(number: int, part: str) -> str:
    return key(number, f"{part.replace(' ', '_')}_")


def _fill_in(one: StoredSuggestion, held: Tables) -> None:
    """Fill the fields in from what was prepared before, or from what the suggestion says."""
    now, figures = one.corrected, held.figures
    row = None
    if now.kind is Kind.CORRECTION and now.figure_id in figures.index:
        row = held.figure_row(str(now.figure_id))
    before = prepared(one.events)
    draft = of_publication(before) if before else _first(now, row, held.base)
    for part in PARTS:
        for name, text in getattr(draft, part).items():
            st.session_state[_prefix(one.number, part) + name] = str(text)
    for count, group in enumerate(draft.groups, start=1):
        for name, text in group.items():
            st.session_state[_prefix(one.number, f"group {count}") + name] = str(text)
    st.session_state[key(one.number, "told")] = draft.common.get("indicator_id")
    st.session_state[key(one.number, "count")] = max(1, len(draft.groups))


def _first(now: Suggestion, row: RowLike | None, base: EvidenceBase) -> Draft:
    names = dict(zip(base.boroughs["borough_code"], base.boroughs["name"], strict=True))
    today = datetime.now(UTC).date().isoformat()
    source = likeliest_source(now, base)
    return first_draft(now, row, source, names.get(now.geography_code), today)


def _ask_figures(one: StoredSuggestion, base: EvidenceBase, errors: Errors) -> None:
    number = one.number
    names = {
        row["indicator_id"]: f"{row['name']} ({row['disease_area']})"
        for row in base.indicators.sort_values("name").to_dict("records")
    }
    titles = {
        row["source_id"]: f"{row['title']} ({row['publisher']}, {row['published']})"
        for row in base.sources.sort_values("title").to_dict("records")
    }
    areas = {
        row["area_code"]: f"{row['name']} ({GeographyLevel(row['level']).label})"
        for row in base.areas.to_dict("records")
    }
    common = errors.get("common", {})
    prefix = _prefix(number, "common")
    st.html("<h3>What is measured</h3>")
    _one_of(Field("indicator_id", "Indicator", options={NEW: "A new indicator"} | names), prefix)
    if st.session_state[f"{prefix}indicator_id"] == NEW:
        side_by_side(INDICATOR, _prefix(number, "indicator"), errors.get("indicator", {}))
    else:
        _take_measure(number, base, st.session_state[f"{prefix}indicator_id"])
    st.html("<h3>Where it is published</h3>")
    _one_of(Field("source_id", "Source", options={NEW: "A new source"} | titles), prefix)
    if st.session_state[f"{prefix}source_id"] == NEW:
        side_by_side(SOURCE, _prefix(number, "source"), errors.get("source", {}))
    st.html("<h3>The figures</h3>")
    place = Field("geography_code", "Area", options={"": "Choose the area"} | areas)
    draw(place, f"{prefix}geography_code", common.get("geography_code"))
    groups = group_options(base)
    side_by_side((*COMMON, *comparison_fields(groups)), prefix, common)
    if one.corrected.kind is Kind.CORRECTION:
        asked = Field("correction", "What the figure was, and why it is corrected", long=True)
        draw(asked, f"{prefix}correction", common.get("correction"))
    _ask_groups(one, groups, errors)


def _take_measure(number: int, base: EvidenceBase, indicator_id: str) -> None:
    """Fill in the measure and unit of an indicator that was just chosen."""
    state = st.session_state
    if state.get(key(number, "told")) != indicator_id:
        state[key(number, "told")] = indicator_id
        row = base.indicators[base.indicators["indicator_id"] == indicator_id].iloc[0]
        for name in ("measure", "unit"):
            state[f"{_prefix(number, 'common')}{name}"] = str(row[name])


def _one_of(asked: Field, prefix: str) -> None:
    draw(asked, prefix + asked.name)


def _ask_groups(one: StoredSuggestion, groups: Mapping[str, str], errors: Errors) -> None:
    count = st.number_input(
        "How many ethnic groups",
        1,
        1 if one.corrected.kind is Kind.CORRECTION else GROUPS_AT_MOST,
        key=key(one.number, "count"),
        width=180,
        persist_state="session",
    )
    for place in range(1, int(count) + 1):
        part = f"group {place}"
        st.html(f"<h4>Group {place}</h4>")
        found = errors.get(part, {})
        if whole := found.get(""):
            st.error(whole)
        side_by_side(group_fields(groups), _prefix(one.number, part), found, across=4)


def _typed(number: int) -> dict[str, dict[str, Any]]:
    """Everything in the fields, by part."""
    state = st.session_state
    parts = [*PARTS, *(f"group {n}" for n in range(1, int(state[key(number, "count")]) + 1))]
    return {
        part: {
            str(name).removeprefix(_prefix(number, part)): value
            for name, value in state.items()
            if str(name).startswith(_prefix(number, part))
        }
        for part in parts
    }


def _check(one: StoredSuggestion, held: Tables) -> None:
    """Check what stands in the fields, and keep what came of it for the next drawing."""
    state, number, now = st.session_state, one.number, one.corrected
    typed = _typed(number)
    groups = [typed[part] for part in typed if part.startswith("group ")]
    draft = Draft(**{part: typed[part] for part in PARTS}, groups=groups)
    corrects = now.figure_id if now.kind is Kind.CORRECTION else None
    base = known_now()
    if out := published_by(one.events):  # after an appeal: what takes its place
        base = without(base, out, number)
    publication, errors = check_draft(draft, now.kind, number, corrects, base)
    state[key(number, "errors")] = errors
    state[key(number, "checked")] = publication
    state[key(number, "checked_as")] = typed
