"""Sources and methods: every source, how comparisons are made, what the words mean."""

from __future__ import annotations

from html import escape

import streamlit as st

from evidence.vocabulary import DiseaseArea, SourceKind
from pages.shared.data import evidence_base
from pages.shared.html import description_list, link, reference, table
from pages.shared.layout import page_header, section
from pages.shared.method_notes import (
    HOW_COMPARED,
    WORDS,
    calculations,
    strength_tables,
)

base = evidence_base()
page_header(
    "Sources and methods",
    "Where the figures come from, how they are compared, and what our words mean.",
)

section("How figures are compared")
st.markdown(HOW_COMPARED)
st.html(
    f"<p>{link('Every formula, with its source and an example', 'formulas')} from the figures of "
    "this dashboard.</p>"
)

section(
    "How strong the evidence is",
    "Five questions are asked of every figure; nothing is weighed, and the answers stand with the "
    "figure. The word says how much weight the evidence bears, not how large a gap is.",
)
st.html(strength_tables(base.figures))

section(
    "What we calculate ourselves",
    "These figures are marked “calculated by this dashboard”. Each names the source, or the two "
    "sources, of its numbers.",
)
st.html(calculations(base.figures, base.indicators))

section("What our words mean")
st.html(description_list(WORDS))

section(
    "Ethnic groups",
    "The harmonised classification of the 2021 census, listed alphabetically "
    "within broad groups, Other last. The source's own label is kept with every figure.",
)
groups = base.ethnic_groups.sort_values("order")
st.html(
    table(
        [
            [
                row["label"],
                row["short_label"],
                row["level"],
                "" if row["note"] != row["note"] else row["note"],
            ]
            for row in groups.to_dict("records")
        ],
        ["Group", "Short name here", "Level", "Note"],
        caption="Groups and aggregates",
    )
)

section("What we left out", "Records that were gathered and are not published, with the reason.")
left_out = base.excluded.groupby(["disease_area", "reason"], as_index=False).size()
st.html(
    table(
        [
            [DiseaseArea(row["disease_area"]).label, row["reason"].capitalize(), str(row["size"])]
            for row in left_out.to_dict("records")
        ],
        ["Area", "Reason", "Records"],
        caption=f"{len(base.excluded):,} records left out",
        numeric=[2],
    )
)
with st.expander("Each record left out, with why"):
    st.html(
        table(
            [
                [row["record_id"], row["reason"], row["explanation"]]
                for row in base.excluded.to_dict("records")
            ],
            ["Record", "Reason", "Why"],
            caption="Records left out",
        )
    )


def _other_use(source_id: str) -> str:
    """What a source is used for that no figure by ethnic group names."""
    context = int((base.context["source_id"] == source_id).sum())
    if context:
        return f"{context:,} figures of everyone in an area, on the pages of boroughs"
    findings = int((base.findings["source_id"] == source_id).sum())
    if findings:
        return f"{findings} conclusion{'' if findings == 1 else 's'} without a number"
    return "Used for maps or population"


section(f"Sources ({len(base.sources):,})")
used = base.figures["source_id"].value_counts()
ordered = base.sources.assign(figures=base.sources["source_id"].map(used).fillna(0).astype(int))
for kind in SourceKind:
    of_kind = ordered[ordered["kind"] == kind].sort_values("figures", ascending=False)
    if of_kind.empty:
        continue
    count = len(of_kind)
    with st.expander(f"{kind.label}: {count} source{'' if count == 1 else 's'}"):
        items = "".join(
            f"<li><p>{reference(row)}</p><p class='source'>Licence: {escape(row['licence'])}. "
            + (
                link(
                    f"{row['figures']:,} figures",
                    "library",
                    source=f"{row['title']} ({row['source_id']})",
                )
                if row["figures"]
                else _other_use(row["source_id"])
            )
            + (f". {escape(row['note'])}" if row["note"] == row["note"] else "")
            + "</p></li>"
            for row in of_kind.to_dict("records")
        )
        st.html(f'<ul class="statements">{items}</ul>')
