"""Sources and methods: every source, how comparisons are made, what the words mean."""

from __future__ import annotations

from html import escape

import streamlit as st

from evidence.limits import LimitsFrom
from evidence.periods import HISTORY_BEFORE, RECENT_YEARS
from evidence.selection import SMALLEST_ROUNDED
from evidence.vocabulary import BlankReason, Confidence, DiseaseArea, SourceKind
from pages.shared.data import evidence_base
from pages.shared.html import description_list, link, reference, table
from pages.shared.layout import page_header, section

base = evidence_base()
page_header(
    "Sources and methods",
    "Where the figures come from, how they are compared, and what our words mean.",
)

section("How figures are compared")
st.markdown(
    f"""
Figures are compared only when they share the same source, indicator, area, period, age, sex,
people counted, measure and adjustment. We call such figures a **comparison set**. Where a source
gives both broad and detailed ethnic groups, each is a set of its own.

**The reference group.** Each group is set against White British people if the set has them, else
White people, else the group that the source itself compares with. White is not a standard to aim
at: it is the largest group in the country and so the firmest to compare with. On the disease area
pages you can choose another.

**Ratio and difference.** A ratio of 2 means twice as high; a difference of 10 percentage points
means 10 more in every 100 people. The published percentage or rate is always the one shown, and
ratios are worked out from it. Ratios that a source publishes are taken as they are and never
worked out again. Counts and shares of all cases are not divided, as they follow from how many
people a group has.

**95% limits** say how far chance alone could have moved a figure. If the study were repeated many
times, 95 of 100 such intervals would hold the true value. We show the source's own limits. Where
it publishes none but does publish counts, we work them out: for percentages by Wilson's method,
for rates by Byar's method (exact limits below 10 events). Limits of ratios and differences come
from each group's own limits by the MOVER method. Where counts are rounded to 5, limits are those
of the published percentage of the rounded number of people, and so are a little uncertain
themselves.

**Higher, lower, no clear difference.** We call a figure higher or lower only when the limits of
its ratio (or of its difference) leave out “the same”. “No clear difference” does not mean equal:
the numbers may be too small to tell. “No interval published” means that the source gives neither
limits nor counts, so chance can't be ruled out.

**Rankings** use figures whose data ended within {RECENT_YEARS} years of the tables' date, from
official statistics, national audits or peer-reviewed papers, without a softening word such as
“almost”, and leave out groups of fewer than {SMALLEST_ROUNDED} people counted in steps of 5.
Data from before {HISTORY_BEFORE} is history and ranks nothing.
"""
)
st.html(
    "<p>Methods: Wilson EB, Journal of the American Statistical Association 1927;22:209-212. "
    "Breslow NE, Day NE, Statistical methods in cancer research, volume 2, 1987 (Byar). "
    "Garwood F, Biometrika 1936;28:437-442 (exact). Donner A, Zou GY, Statistical Methods in "
    "Medical Research 2012;21:347-359 (MOVER).</p>"
)

section("What our words mean")
st.html(
    description_list(
        [
            ("Figure", "One published number."),
            ("Indicator", "A thing that is measured, such as stillbirth."),
            ("Source", "The publication that a figure was read in."),
            ("Gap", "A group's ratio to, and difference from, the reference group."),
            ("Borrowed", "A figure for a larger area, shown on a borough's page as such."),
            ("Ethnic minorities", "Everyone but White British people."),
            ("Other than White", "What some sources count together and name by an abbreviation."),
            *(
                (f"“{kind.label}”", told)
                for kind, told in {
                    Confidence.PRIMARY: "We read the figure on the publisher's own page or paper.",
                    Confidence.SECONDARY: "We read it where somebody else quotes or copies it.",
                    Confidence.SEED: "A founding document of this project prints it without a source.",
                }.items()
            ),
            *(
                (f"“{reason.label}”", told)
                for reason, told in {
                    BlankReason.SUPPRESSED: "The source hides a small number to protect people.",
                    BlankReason.NOT_COLLECTED: "Nobody recorded it.",
                    BlankReason.NOT_PUBLISHED: "The source does not give it for this group or area.",
                    BlankReason.NOT_APPLICABLE: "There can be no such figure.",
                }.items()
            ),
            *(
                (f"“{kind.label}”", "How the limits of a figure were come by.")
                for kind in (LimitsFrom.SOURCE, LimitsFrom.COUNTS, LimitsFrom.ROUNDED_COUNTS)
            ),
        ]
    )
)

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

section(f"Sources ({len(base.sources):,})")
used = base.figures["source_id"].value_counts()
ordered = base.sources.assign(figures=base.sources["source_id"].map(used).fillna(0).astype(int))
for kind in SourceKind:
    of_kind = ordered[ordered["kind"] == kind].sort_values("figures", ascending=False)
    if of_kind.empty:
        continue
    with st.expander(f"{kind.label}: {len(of_kind)} sources"):
        items = "".join(
            f"<li><p>{reference(row)}</p><p class='source'>Licence: {escape(row['licence'])}. "
            + (
                link(
                    f"{row['figures']:,} figures",
                    "library",
                    source=f"{row['title']} ({row['source_id']})",
                )
                if row["figures"]
                else "Used for maps or population"
            )
            + (f". {escape(row['note'])}" if row["note"] == row["note"] else "")
            + "</p></li>"
            for row in of_kind.to_dict("records")
        )
        st.html(f'<ul class="statements">{items}</ul>')
