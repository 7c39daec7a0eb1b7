"""How numbers are worked out: one method told in full, and the compact note beside a chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from evidence.methods import Example, Method, Reference, method
from evidence.statements import figure_sentence
from pages.shared.data import evidence_base, figure_row, indicator_row
from pages.shared.html import link, outside_link

MOST_FIGURES = 4
"""An example from more figures than this names the first and the last."""

GONE = (
    "The figures of this example are no longer in the tables, so it is left out until others are "
    "chosen."
)


HOW = "How these numbers are worked out"


def method_note(
    keys: Sequence[str] | Callable[[], Sequence[str]], *, key: str, label: str = HOW
) -> None:
    """A closed note that lists the methods behind a set of numbers.

    Parameters
    ----------
    keys
        Keys of :data:`evidence.methods.METHODS`, such as those of
        :func:`evidence.methods.methods_of`. With none nothing is shown. Where it takes a moment
        to find them, a function that gives them, which is asked when the note is opened.
    key
        A name for the element, unique on the page.
    label
        What stands on the closed note.
    """
    if not keys:
        return
    box = st.expander(
        label,
        key=f"{key}-worked-out",
        type="compact",
        on_change="rerun",
    )
    with box:
        if not box.open:
            return
        for one in map(method, keys() if callable(keys) else keys):
            more = link(f"{one.name}: in words, with an example", "formulas", method=one.key)
            with st.container(gap=None):
                st.markdown(f"**{one.name}.** {one.answers}\n\n{_formulas(one)}")
                st.html(f'<p class="reading">{more}{_after(one.references)}</p>')


def show_method(one: Method, *, heading: bool = False) -> None:
    """A method in full: formula, words, symbols, example, use, limits of use and references.

    Parameters
    ----------
    one
        The method.
    heading
        Whether its name stands above it as a heading, for those who go from heading to heading.
    """
    if heading:
        st.html(f"<h3>{escape(one.name)}</h3>")
    # A method is written in the project, so that its Markdown and LaTeX can be trusted.
    symbols = "\n".join(f"- ${sign}$: {meaning}" for sign, meaning in one.symbols)
    st.markdown(f"{_formulas(one)}\n\n**In words.** {one.words}\n\n{symbols}")
    example = one.example(figure_row)
    worked = _example(example) if example else f"<p>{escape(one.no_example or GONE)}</p>"
    st.html(
        f'<div class="method">{worked}'
        f"<p><strong>When it is used.</strong> {escape(one.used)}</p>"
        f"<p><strong>What it can't do.</strong> {escape(one.limits_of_use)}</p>"
        f"{_references(one.references)}</div>"
    )


def _formulas(one: Method) -> str:
    """The formulas of a method as Markdown, a line each."""
    return "\n\n".join(f"$$\n{line}\n$$" for line in one.formulas)


def _example(example: Example) -> str:
    """The steps of an example, under the figures that it is made from."""
    groups = evidence_base().groups
    told = example.figure_ids
    if len(told) > MOST_FIGURES:
        told = (told[0], told[-1])
    items = []
    for figure_id in told:
        row = figure_row(figure_id)
        sentence = figure_sentence(row, indicator_row(str(row["indicator_id"])), groups)
        more = link(f"Details of figure {figure_id}", "library", figure=figure_id)
        items.append(f"<li>{escape(sentence)} {more}</li>")
    others = len(example.figure_ids) - len(told)
    rest = f"<p>And {others} figures of the years between.</p>" if others else ""
    steps = "".join(f"<li>{escape(step)}</li>" for step in example.steps)
    return (
        f"<p><strong>Worked example.</strong> From the tables:</p><ul>{''.join(items)}</ul>{rest}"
        f"<ol>{steps}</ol>"
    )


def _references(references: Sequence[Reference]) -> str:
    if not references:
        return ""
    items = []
    for one in references:
        text = f"{one.authors}. {one.title}. {one.where}, {one.year}."
        doi = f" {outside_link(f'doi {one.doi}', one.url)}" if one.doi else ""
        items.append(f"<li>{escape(text)}{doi}</li>")
    return f"<p><strong>References</strong></p><ul>{''.join(items)}</ul>"


def _after(references: Sequence[Reference]) -> str:
    told = [outside_link(one.short, one.url) if one.url else escape(one.short)
            for one in references]  # fmt: skip
    return f". After {'; '.join(told)}." if told else "."
