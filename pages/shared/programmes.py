"""Programmes that act on inequality, which the community suggested and reviewers checked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from evidence.publication import Programme
from evidence.vocabulary import DiseaseArea
from loaders.open import EvidenceBase
from pages.shared.data import evidence_base, programmes
from pages.shared.html import outside_link
from pages.shared.layout import section
from pages.shared.review_text import group_words


def programme_list(found: Sequence[Programme], base: EvidenceBase) -> str:
    """Programmes as a list: what each does, for whom, and what it reports; as HTML."""
    items = []
    for each in found:
        about = [
            each.disease_area.label if each.disease_area else "",
            group_words(each.ethnic_group, base.groups),
            *each.areas,
        ]
        told = f"<p>What it reports: {escape(each.outcomes)}</p>" if each.outcomes else ""
        items.append(
            f'<li><p class="kicker">{escape(", ".join(filter(None, about)))} '
            '<span class="chip chip-community">Suggested by the community</span></p>'
            f"<p><strong>{escape(each.name)}</strong>, run by {escape(each.run_by)}. "
            f"{escape(each.does)}</p>{told}"
            f'<p class="source">{outside_link(each.url, each.url)}</p></li>'
        )
    return f'<ul class="statements">{"".join(items)}</ul>'


def programmes_that_act(area: DiseaseArea | None = None, place: str | None = None) -> None:
    """A section with the programmes of a disease area or a place; nothing where there are none."""
    found = [
        each
        for each in programmes()
        if (area is not None and each.disease_area is area)
        or (place is not None and place in each.areas)
    ]
    if found:
        section("Programmes that act", "Suggested by the community, and checked by reviewers.")
        st.html(programme_list(found, evidence_base()))
