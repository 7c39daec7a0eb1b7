"""Filters that live in the address, so that a link opens the same view."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from pages.shared.layout import unknown

T = TypeVar("T")


def choose(
    label: str,
    options: Sequence[T],
    key: str,
    *,
    kind: str,
    show: Callable[[T], str] = str,
    default: T | None = None,
    visible: bool = True,
    width: int | None = None,
    empty: str | None = None,
    instead: Mapping[str, str] | None = None,
) -> T | None:
    """A select box whose choice is kept in the address under ``key``, by the option's label.

    Parameters
    ----------
    label
        What is chosen, for the label and for screen readers.
    options
        What can be chosen.
    key
        The name in the address.
    kind
        What the notice calls an unknown value: "a borough", "an indicator".
    show
        The option's label.
    default
        Chosen where the address says nothing; with ``empty`` nothing is.
    visible
        Whether the label is shown.
    width
        In pixels; the whole width if missing.
    empty
        The words shown while nothing is chosen; without it something always is.
    instead
        What to say of values that are known but can't be chosen, in place of the notice.

    Returns
    -------
    The option, or None while nothing is chosen.
    """
    labels = [show(option) for option in options]
    start = options.index(default) if default in options else 0
    index = None if empty else start
    state = st.session_state
    if key in state:
        if state[key] not in options and not (empty and state[key] is None):
            # What was chosen has gone with another choice: the address must not keep it.
            state[key] = None if index is None else options[index]
    elif asked := st.query_params.get(key):
        known = {_plain(label): option for label, option in zip(labels, options, strict=True)}
        if asked not in labels and _plain(asked) in known:
            state[key] = known[_plain(asked)]
        elif instead and asked in instead:
            st.info(instead[asked])
        elif asked not in labels:
            unknown(kind, asked)
    return st.selectbox(
        label,
        options,
        index=index,
        format_func=show,
        key=key,
        bind="query-params",
        placeholder=empty,
        label_visibility="visible" if visible else "collapsed",
        width=width or "stretch",
    )


def switch(label: str, options: Sequence[str], key: str, *, kind: str) -> str:
    """One of a few options side by side, kept in the address under ``key``; the first at first.

    ``kind`` is what the notice calls an unknown value.
    """
    asked = st.query_params.get(key, options[0])
    if asked not in options and key not in st.session_state:
        unknown(kind, asked)
    chosen = st.segmented_control(
        label, options, default=options[0], key=key, bind="query-params", required=True
    )
    return str(chosen or options[0])


def _plain(label: str) -> str:
    """A label without case and punctuation, so that "mental-health" finds "Mental health"."""
    return " ".join(re.findall(r"[a-z0-9]+", label.casefold()))
