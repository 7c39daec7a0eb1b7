"""Programmes that act on inequality, which the community suggested and reviewers checked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from evidence.programmes import that_act
from evidence.publication import PublishedProgramme, mark
from evidence.vocabulary import DiseaseArea
from loaders.open import EvidenceBase
from pages.shared.data import evidence_base, programmes
from pages.shared.html import link, outside_link
from pages.shared.layout import section

EVERYWHERE = "All of London"
NO_TOPIC = "No single health topic"


def programme_list(found: Sequence[PublishedProgramme], base: EvidenceBase) -> str:
    """Programmes as a list: what each does, where, for whom, and what it reports; as HTML."""
    items = []
    for each in found:
        about = [
            each.disease_area.label if each.disease_area else NO_TOPIC,
            ", ".join(each.areas) or EVERYWHERE,
            _for_whom(each, base),
        ]
        reports = (
            f"What it reports: {escape(each.outcomes)}"
            if each.outcomes
            else "We know of no report on what it has changed."
        )
        items.append(
            f'<li><p class="kicker">{escape(" · ".join(filter(None, about)))} '
            f'<span class="chip chip-community">{escape(mark(each.checked)[:-1])}</span></p>'
            f"<p><strong>{escape(each.name)}</strong>, run by {escape(each.run_by)}. "
            f"{escape(each.does)}</p><p>{reports}</p>"
            f'<p class="source">Source: {outside_link(each.url, each.url)}</p></li>'
        )
    return f'<ul class="statements">{"".join(items)}</ul>'


def _for_whom(programme: PublishedProgramme, base: EvidenceBase) -> str:
    group = programme.ethnic_group
    return f"For {base.groups.people(group)}" if group and group in base.groups else group or ""


def programmes_that_act(area: DiseaseArea | None = None, place: str | None = None) -> None:
    """A section with the programmes of a disease area or a place; nothing where there are none."""
    found = that_act(programmes(), area, place)
    if not found:
        return
    own = [each for each in found if each.areas]
    lead = "Suggested by the community, and checked by reviewers."
    if place and len(own) < len(found):
        lead += " Those for all of London say so."
    section("Programmes that act", lead)
    # What is a borough's own stands before what is for all of London.
    shown = [*own, *(each for each in found if not each.areas)] if place else found
    st.html(programme_list(shown, evidence_base()))
    st.html(f"<p>{link('Every programme that we know of', 'programmes')}</p>")
