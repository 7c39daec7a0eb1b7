"""How something will look once it is published: by the very functions that will show it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import escape

import streamlit as st

from evidence.publication import Correction, Publication, PublishedProgramme, marked
from loaders.submissions.published import Published
from loaders.tables import FIGURES, INDICATORS, SOURCES
from pages.shared.community import joined
from pages.shared.data import Tables
from pages.shared.figures import gap_cards, other_source
from pages.shared.html import description_list, figure_facts
from pages.shared.programmes import programme_list


def preview(publication: Publication, held: Tables, checked: date | None = None) -> str:
    """What is prepared, as readers will see it, with everything that is kept of it; as HTML.

    ``checked`` is when it was checked: today, where it is not published yet.
    """
    checked = checked or datetime.now(UTC).date()
    if publication.programme:
        shown = PublishedProgramme(**publication.programme.model_dump(), number=0, checked=checked)
        return programme_list([shown], held.base)
    # To join the evidence base takes most of a second: kept in this session, for it is not public.
    name = "review_preview"
    asked = (publication.model_dump_json(), id(held), checked)
    before = st.session_state.get(name)
    if not before or before[0] != asked:
        st.session_state[name] = (asked, _figures(publication, held, checked))
    # A link that left this window would sign out whom a one-time link signed in.
    return str(st.session_state[name][1]).replace('target="_self"', 'target="_blank"')


def _figures(publication: Publication, held: Tables, checked: date) -> str:
    shown = [marked(figure, checked).model_dump(mode="json") for figure in publication.figures]
    ids = [figure.figure_id for figure in publication.figures]
    added = Published(
        figures=FIGURES.frame(shown),
        sources=SOURCES.frame([each.model_dump(mode="json") for each in publication.sources]),
        indicators=INDICATORS.frame(
            [each.model_dump(mode="json") for each in publication.indicators]
        ),
        programmes=(),
        version=0,
        # What is prepared is shown, whatever the tables have under its id.
        corrections={name: Correction(0) for name in ids},
    )
    then = Tables(joined(held.base, added))
    rows = then.with_gaps[then.with_gaps["figure_id"].isin(ids)]
    if len(rows) < len(ids):
        return "<p>It refers to something that the tables do not hold any more. Correct that.</p>"
    out = [gap_cards(rows, then)]
    for row in rows.to_dict("records"):
        indicator = then.indicator_row(str(row["indicator_id"]))
        source = then.source_row(str(row["source_id"]))
        group = then.base.groups.people(str(row["ethnic_group"]), str(indicator["people"]))
        facts = figure_facts(row, indicator, source, group, other_source(row, then))
        name = escape(str(row["figure_id"]))
        out.append(
            f"<details><summary>Everything that is published of {name}</summary>"
            f"{description_list(facts, raw=['Source'])}</details>"
        )
    return "".join(out)
