"""The form of *Suggest evidence*: its fields, and what an address fills in.

The fields stand outside ``st.form``, so that each answer reaches the server when it is left and
a draft survives a change of page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from evidence.submissions import FORMS, Kind
from loaders.open import EvidenceBase
from pages.shared.figures import told
from pages.shared.suggestion_questions import KIND_HINTS, KIND_QUESTION, group_named, question

ABOUT = {
    "about_area": ("disease_area", "health topic"),
    "about_borough": ("geography_code", "part of London"),
    "about_group": ("ethnic_group", "ethnic group"),
    "about_figure": ("figure_id", "figure"),
}
"""What an address may fill in: the field, and what the notice calls it."""

ANSWERS = tuple(dict.fromkeys(field for form in FORMS.values() for field in form.fields))
"""Every answer of any kind of suggestion."""

_HEIGHT = {"statement": 160, "method": 110, "should_say": 110, "outcomes": 110, "notes": 110}
_AUTOCOMPLETE = {"source_url": "url", "contact": "email"}


def key(field: str) -> str:
    """The name of a field's widget in the session state."""
    return f"suggest_{field}"


def chosen_kind() -> Kind | None:
    """The kind that is chosen, None while none is."""
    value = st.session_state.get(key("kind"))
    return Kind(value) if value in set(Kind) else None


def answers(kind: Kind) -> dict[str, object]:
    """What stands in the form of a kind."""
    found = {field: st.session_state.get(key(field)) for field in FORMS[kind].fields}
    if figure := found.get("figure_id"):
        found["figure_id"] = figure_named(str(figure))
    return found | {"kind": kind.value}


def figure_named(text: str) -> str:
    """The number of a figure in what was typed: itself, or the address of the figure's page."""
    found = re.search(r"[?&]figure=([^&#\s]+)", text)
    return (found[1] if found else text).strip().casefold()


def fill_from_address(base: EvidenceBase, lists: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Take topic, place, group and figure from the address, once; codes and labels are understood.

    A new address puts an earlier receipt away: the reader came for another form. Returns a
    notice, as Markdown, for each value that is not known.
    """
    notices = []
    asked = {name: st.query_params[name] for name in ABOUT if st.query_params.get(name)}
    state = st.session_state
    new = asked != state.get("suggest_asked", {})
    state.suggest_asked = dict(asked)
    if new and asked:
        state.pop("suggest_receipt", None)
        state.pop("suggest_checked", None)
    slugs = dict(zip(base.boroughs["slug"], base.boroughs["borough_code"], strict=True))
    figures = set(base.figures["figure_id"])
    for name, value in asked.items():
        field, called = ABOUT[name]
        known = lists.get(field, figures)
        codes = {label.casefold(): code for code, label in lists.get(field, {}).items()}
        code = codes.get(value.casefold(), slugs.get(value, value))
        if field == "ethnic_group":
            code = group_named(base.groups, value) or value
        if code not in known:
            shown = " ".join(value.replace("`", "'").split())[:60]
            notices.append(f"We know no {called} called `{shown}`. Choose one in the form below.")
        elif new:
            state[key(field)] = code
            if field == "figure_id":
                state[key("kind")] = Kind.CORRECTION.value
    return notices


def ask_kind(error: str | None = None) -> None:
    """Ask what is suggested; the form below follows."""
    kinds = [kind.value for kind in Kind]
    st.radio(
        _label((KIND_QUESTION, "Choose one. The questions follow below."), error),
        kinds,
        index=None,
        format_func=lambda kind: Kind(kind).label,
        captions=[KIND_HINTS[Kind(kind)] for kind in kinds],
        key=key("kind"),
        persist_state="session",
    )


def ask(
    kind: Kind, field: str, lists: Mapping[str, Mapping[str, str]], error: str | None = None
) -> None:
    """Show a field. Its error is part of its label, so that screen readers tie it to the field.

    Nothing is cut off while people type: the length is checked when the form is looked over, and
    what was typed stays. The value outlives a change of page.
    """
    label = _label(question(kind, field), error)
    name = key(field)
    if field in lists:
        listed = lists[field]
        st.selectbox(
            label,
            list(listed),
            format_func=lambda code: listed[code],
            key=name,
            persist_state="session",
        )
    elif field in _HEIGHT:
        st.text_area(label, key=name, height=_HEIGHT[field], persist_state="session")
    else:
        st.text_input(
            label, key=name, autocomplete=_AUTOCOMPLETE.get(field, "off"), persist_state="session"
        )
    # So that people see which figure they write about.
    if field == "figure_id" and (said := told(figure_named(st.session_state.get(name) or ""))):
        st.html(said)


def _label(asked: tuple[str, str], error: str | None) -> str:
    return "  \n".join([*asked, *([f"**Error: {error}**"] if error else [])])
