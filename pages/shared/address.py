"""Filters that live in the address, so that a link opens the same view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    Returns
    -------
    The option, or None while nothing is chosen.
    """
    asked = st.query_params.get(key)
    labels = [show(option) for option in options]
    if asked and asked not in labels:
        unknown(kind, asked)
    index = options.index(default) if default in options else 0
    return st.selectbox(
        label,
        options,
        index=None if empty else index,
        format_func=show,
        key=key,
        bind="query-params",
        placeholder=empty,
        label_visibility="visible" if visible else "collapsed",
        width=width or "stretch",
    )
