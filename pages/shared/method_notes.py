"""How figures are compared and what our words mean, as the methods page tells it."""

from __future__ import annotations

import pandas as pd

from evidence.limits import LimitsFrom
from evidence.periods import HISTORY_BEFORE, RECENT_YEARS
from evidence.selection import SMALLEST_ROUNDED
from evidence.statistics.verdicts import TOO_WIDE
from evidence.strength import QUESTIONS, Strength
from evidence.vocabulary import BlankReason, Confidence
from pages.shared.html import table

HOW_COMPARED = f"""
Figures are compared only when they share the same source, indicator, area, period, age, sex,
people counted, measure and adjustment. We call such figures a **comparison set**. Where a source
gives both broad and detailed ethnic groups, each is a set of its own.

**The reference group.** Each group is set against White British people if the set has them, else
White people, else the group that the source itself compares with. White is not a standard to aim
at: it is the largest group in the country and so the firmest to compare with. On the disease area
pages you can choose another.

**Ratio and difference.** A ratio of 2 means twice as high; a difference of 10 percentage points
means 10 more in every 100 people. The published percentage or rate is always the one shown.
Ratios are worked out from the counts behind it where they are published, else from it. Ratios
that a source publishes are taken as they are and never worked out again. Counts and shares of all
cases are not divided, as they follow from how many people a group has.

**95% limits** say how far chance alone could have moved a figure. If the study were repeated many
times, 95 of 100 such intervals would hold the true value. We show the source's own limits. Where
it publishes none but does publish counts, we work them out: for percentages by Wilson's method,
for rates by Byar's method (exact limits below 10 events). Where the exact counts of two groups are
known, their ratio and difference have score limits, both from one test; otherwise we work them out
from each group's own limits by the MOVER method. Where a whole percentage is published with counts
rounded to 5, we compare by the middle of what both allow, say “allowing for rounding” where that
changes the ratio, and widen the limits by half of that range.

**Higher, lower, no clear difference, too uncertain to say.** We call a figure higher or lower only
when the limits of its ratio (or of its difference) leave out “the same”. “No clear difference” does
not mean equal. Where the limits of a ratio hold “the same” and the upper one is more than
{TOO_WIDE:g} times the lower one, the numbers are too small to tell anything: we say “too uncertain
to say”. “No interval published” means that the source gives neither
limits nor counts, so chance can't be ruled out.

**Rankings** use figures whose data ended within {RECENT_YEARS} years of the tables' date, from
official statistics, national audits or peer-reviewed papers, without a softening word such as
“almost”. They leave out groups of fewer than {SMALLEST_ROUNDED} people where counts are rounded to
5. They also leave out the detailed groups called “other”, such as “other Black”: records use these
for people whose group is not known, so their rates are thought to be too high.
Data from before {HISTORY_BEFORE} is history and ranks nothing.
"""

WORDS: list[tuple[str, str]] = [
    ("Figure", "One number that a source publishes, or that we calculate from such numbers."),
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
            Confidence.SEED: "A founding document of this project prints it with no source.",
        }.items()
    ),
    *(
        (f"“{reason.label}”", told)
        for reason, told in {
            BlankReason.SUPPRESSED: "The source hides a small number to protect people.",
            BlankReason.NOT_COLLECTED: "Nobody recorded it.",
            BlankReason.NOT_PUBLISHED: "The source does not give it for this group or place.",
            BlankReason.NOT_APPLICABLE: "There can be no such figure.",
        }.items()
    ),
    *(
        (f"“{kind.label}”", told)
        for kind, told in {
            LimitsFrom.SOURCE: "The source's own limits, by its own method.",
            LimitsFrom.CALCULATED: "Ours, of a ratio that we calculated, by the MOVER method.",
            LimitsFrom.COUNTS: "Ours, by Wilson's method for percentages, Byar's for rates.",
            LimitsFrom.ROUNDED_COUNTS: "Ours, and less exact, as the counts are rounded.",
            LimitsFrom.NONE: "The source gives neither limits nor counts.",
        }.items()
    ),
    (
        "Integrated Care Board",
        "The NHS body that plans care for an area. We use the five London areas set up "
        "in July 2022. North Central London and North West London agreed in 2025 to merge.",
    ),
    (
        "Inner and outer London",
        "The statistical areas of the Office for National Statistics.",
    ),
]


def strength_tables(figures: pd.DataFrame) -> str:
    """The five questions and the words for how many are met, with how many figures have each."""
    told = figures[figures["strength"].notna()]
    asked = [
        [question, f"{told[name].sum():,}", f"{100 * told[name].mean():.0f}%"]
        for name, question in QUESTIONS.items()
    ]
    counts = told["strength"].value_counts()
    words = [
        [strength.label, strength.rule, f"{counts.get(str(strength), 0):,}"]
        for strength in Strength
    ]
    return table(
        asked,
        ["Question", "Figures with yes", "Share"],
        caption="The five questions",
        numeric=[1, 2],
    ) + table(
        words,
        ["Strength", "When", "Figures"],
        caption="The words for how many questions are met",
        numeric=[2],
    )


def calculations(figures: pd.DataFrame, indicators: pd.DataFrame) -> str:
    """Every formula that this dashboard uses, with the indicator and how many figures it gave."""
    ours = figures[figures["calculation"].notna()]
    names = indicators.set_index("indicator_id")["name"]
    found = ours.groupby(["indicator_id", "calculation"], as_index=False).size()
    return table(
        [
            [str(names.get(row["indicator_id"])), row["calculation"], f"{row['size']:,}"]
            for row in found.to_dict("records")
        ],
        ["Indicator", "How it is calculated", "Figures"],
        caption="Formulas",
        numeric=[2],
    )
