"""The methods of two groups: ratio, difference, their limits, and the words for them."""

from __future__ import annotations

from evidence.methods import references as by
from evidence.methods import work_comparisons as work
from evidence.methods.model import Family, Method

_Z = (r"z", "1.96 for 95% limits")
_COUNTS = (
    (r"x_1,\; n_1", "events and people of the group"),
    (r"x_0,\; n_0", "events and people of the reference group"),
)

COMPARISONS = (
    Method(
        key="ratio",
        name="Ratio",
        family=Family.COMPARISON,
        answers="How many times as high is the group's figure as the reference group's?",
        formulas=(r"\text{ratio} = \frac{a}{b}",),
        words="The group's figure divided by the reference group's.",
        symbols=(
            (r"a", "the group's percentage or rate"),
            (r"b", "the reference group's"),
        ),
        used="Percentages and rates of one comparison set, from the counts where there are any.",
        limits_of_use=(
            "Counts, shares and means aren't divided. There is no ratio to a figure of zero. A "
            "large ratio of small numbers can mean few people: read the difference too."
        ),
        references=(),
        function="evidence.gaps.gaps",
        work=work.ratio,
    ),
    Method(
        key="difference",
        name="Difference",
        family=Family.COMPARISON,
        answers="How much more or less is the group's figure than the reference group's?",
        formulas=(r"\text{difference} = a - b",),
        words="The group's figure less the reference group's. Percentages differ by points.",
        symbols=(
            (r"a", "the group's percentage, rate, mean or median"),
            (r"b", "the reference group's"),
        ),
        used="Percentages, rates, means and medians of one comparison set.",
        limits_of_use="The same difference is a larger gap where figures are low.",
        references=(),
        function="evidence.gaps.gaps",
        work=work.difference,
    ),
    Method(
        key="score-proportions",
        name="Score limits for two percentages",
        family=Family.COMPARISON,
        answers="How far could chance have moved the gap between two percentages with counts?",
        formulas=(
            r"V = \left(\frac{\tilde p_1 (1 - \tilde p_1)}{n_1} + \rho^2 "
            r"\frac{\tilde p_0 (1 - \tilde p_0)}{n_0}\right) \frac{N}{N-1}",
            r"\frac{(p_1 - \rho\, p_0)^2}{V} = z^2, \quad \tilde p_1 = \rho\, \tilde p_0",
            r"W = \left(\frac{\tilde p_1 (1 - \tilde p_1)}{n_1} + "
            r"\frac{\tilde p_0 (1 - \tilde p_0)}{n_0}\right) \frac{N}{N-1}",
            r"\frac{(p_1 - p_0 - \delta)^2}{W} = z^2, \quad \tilde p_1 = \tilde p_0 + \delta",
        ),
        words=(
            "The limits of a ratio are the two ratios that a score test only just doesn't refuse: "
            "were it so, the counts would lie 1.96 standard errors from the likeliest percentages "
            "that have that ratio. The same is done for the difference."
        ),
        symbols=(
            *_COUNTS,
            (r"p_1,\; p_0", "the two shares, x ÷ n"),
            (
                r"\tilde p_1,\; \tilde p_0",
                "the likeliest shares that have that ratio or difference",
            ),
            (r"\rho,\; \delta", "a limit of the ratio; a limit of the difference"),
            (r"V,\; W", "the variance of the test for the ratio; for the difference"),
            (r"N", "all people of both groups"),
            _Z,
        ),
        used="Two percentages whose counts are both published without rounding.",
        limits_of_use="The groups must be different people, counted one by one.",
        references=(by.MIETTINEN, by.NAM),
        function="evidence.statistics.compare_counts",
        work=work.score_proportions,
    ),
    Method(
        key="score-rates",
        name="Score limits for two rates",
        family=Family.COMPARISON,
        answers="How far could chance have moved the gap between two rates with counts?",
        formulas=(
            r"\text{ratio: } \frac{W_L}{1 - W_L} \cdot \frac{n_0}{n_1}",
            r"\text{ to } \frac{W_U}{1 - W_U} \cdot \frac{n_0}{n_1}",
            r"\text{difference: } \frac{(r_1 - r_0 - \delta)^2}"
            r"{\tilde r_1 / n_1 + \tilde r_0 / n_0} = z^2",
            r"\tilde r_1 = \tilde r_0 + \delta",
        ),
        words=(
            "Ratio: Wilson's limits of the group's share of all events, as odds, times the "
            "reference group's people over the group's. Difference: the two differences that lie "
            "1.96 standard errors from the one found, by the likeliest rates that differ so much."
        ),
        symbols=(
            *_COUNTS,
            (r"r_1,\; r_0", "the two rates, x ÷ n"),
            (r"\tilde r_1,\; \tilde r_0", "the likeliest rates that differ by that much"),
            (r"W_L,\; W_U", "Wilson's limits of the share x₁ ÷ (x₁ + x₀)"),
            (r"\delta", "a limit of the difference"),
            _Z,
        ),
        used="Two rates whose counts are both published without rounding.",
        limits_of_use="It takes events as independent: outbreaks and repeated events vary more.",
        references=(by.GRAHAM, by.GRAHAM_CORRECTED, by.MIETTINEN),
        function="evidence.statistics.compare_counts",
        work=work.score_rates,
    ),
    Method(
        key="mover",
        name="Limits from limits (MOVER)",
        family=Family.COMPARISON,
        answers="How far could chance have moved a gap when only each group's limits are known?",
        formulas=(
            r"d_L = a - b - \sqrt{(a - l_a)^2 + (u_b - b)^2}",
            r"d_U = a - b + \sqrt{(u_a - a)^2 + (b - l_b)^2}",
            r"A_L = l_a(2a - l_a), \quad A_U = u_a(2a - u_a)",
            r"B_L = l_b(2b - l_b), \quad B_U = u_b(2b - u_b)",
            r"r_L = \frac{ab - \sqrt{(ab)^2 - A_L B_U}}{B_U}",
            r"r_U = \frac{ab + \sqrt{(ab)^2 - A_U B_L}}{B_L}",
        ),
        words=(
            "The method of variance estimates recovery. Difference: less (or plus) the root of the "
            "squared distances of each figure from the limit that matters. Ratio: the same idea, "
            "solved for a quotient."
        ),
        symbols=(
            (r"a,\; l_a,\; u_a", "the group's figure with its lower and upper limit"),
            (r"b,\; l_b,\; u_b", "the reference group's"),
            (r"d_L,\; d_U", "limits of the difference"),
            (r"r_L,\; r_U", "limits of the ratio"),
            (r"A,\; B", "steps on the way"),
        ),
        used="Wherever one group's counts are rounded or not published but both have limits.",
        limits_of_use=(
            "The groups must be different people. It is as good as the limits that it starts from. "
            "The ratio has no upper limit where the reference group's lower limit is zero."
        ),
        references=(by.MOVER,),
        function="evidence.statistics.compare_limits",
        work=work.mover,
    ),
    Method(
        key="standard-errors",
        name="Limits from standard errors",
        family=Family.COMPARISON,
        answers="How far could chance have moved a gap when only standard errors are known?",
        formulas=(
            r"\text{difference: } a - b \pm z \sqrt{s_a^2 + s_b^2}",
            r"\text{ratio: } \frac{a}{b} \exp\left(\pm z "
            r"\sqrt{\frac{s_a^2}{a^2} + \frac{s_b^2}{b^2}}\right)",
        ),
        words=(
            "Difference: either side z times the root of the two squared standard errors. Ratio: "
            "the same on the scale of logarithms, each standard error as a part of its figure."
        ),
        symbols=(
            (r"a,\; b", "the figures of the group and of the reference group"),
            (r"s_a,\; s_b", "their standard errors"),
            _Z,
        ),
        used="Two figures published with standard errors and nothing else.",
        limits_of_use="Rough where a figure is near zero or its standard error is large beside it.",
        references=(by.ARMITAGE,),
        function="evidence.statistics.compare_standard_errors",
        no_example=(
            "No figure of the dashboard uses this yet: its sources publish limits or counts, not "
            "standard errors."
        ),
    ),
    Method(
        key="published-ratio",
        name="Published ratio",
        family=Family.COMPARISON,
        answers="What comparison does the source itself make?",
        formulas=(r"\text{ratio} = \text{ratio}_{\text{source}}",),
        words="The ratio and its limits are those that the source prints.",
        symbols=(
            (r"\text{ratio}_{\text{source}}", "the odds, rate, risk or hazard ratio printed"),
        ),
        used="Whenever a source publishes a ratio. It is never worked out again.",
        limits_of_use=(
            "Odds ratios lie further from 1 than ratios of percentages where the outcome is "
            "common. Ratios adjusted for different things can't be set side by side."
        ),
        references=(),
        function="evidence.gaps.gaps",
        work=work.published_ratio,
    ),
    Method(
        key="published-difference",
        name="Published difference",
        family=Family.COMPARISON,
        answers="How much more or less does the source itself say it is?",
        formulas=(r"\text{difference} = \text{difference}_{\text{source}}",),
        words="The difference and its limits are those that the source prints.",
        symbols=(
            (
                r"\text{difference}_{\text{source}}",
                "the difference printed, in the unit of the figures or as a percentage of the "
                "other group's",
            ),
        ),
        used="Whenever a source publishes a difference. It is never worked out again.",
        limits_of_use=(
            "A source may have adjusted it, so that it isn't the difference of the plain figures. "
            "A percentage more or less isn't the same as percentage points."
        ),
        references=(),
        function="evidence.gaps.gaps",
        work=work.published_difference,
    ),
    Method(
        key="excess",
        name="Excess events",
        family=Family.COMPARISON,
        answers="How many fewer (or more) events would a group have had at the reference's rate?",
        formulas=(
            r"E = \frac{n}{c}\,(a - b)",
            r"E_L = \frac{n}{c}\, d_L, \quad E_U = \frac{n}{c}\, d_U",
            r"\text{fewer: } E, E_L, E_U \le x",
            r"\text{more: } -E, -E_L, -E_U \le n - x",
        ),
        words=(
            "The difference of the two figures times the group's people; its limits are those of "
            "the difference times the group's people. No more can be fewer than were counted, and "
            "of percentages no more can be added than are left, so numbers are cut there."
        ),
        symbols=(
            (r"n", "people (or births) of the group"),
            (r"c", "how many people a figure is of: 100 for percentages"),
            (r"x", "events counted in the group"),
            (
                r"a,\; b",
                "the figures of the group and of the reference group: from the counts, or, where "
                "the source rounds them, the estimates that are compared",
            ),
            (
                r"d_L,\; d_U",
                "limits of the difference: score limits where both groups have exact counts, else "
                "by the MOVER method",
            ),
            (r"E", "the excess: above zero so many fewer, below zero so many more"),
        ),
        used="Crude percentages and rates with counts, against a reference group with limits.",
        limits_of_use=(
            "It says what the gap comes to in people, not that a single cause explains it. Only "
            "fewer of something bad may be called avoidable."
        ),
        references=(by.ROTHMAN, by.MIETTINEN, by.MOVER),
        function="evidence.burden.burden_of_set",
        work=work.excess,
    ),
    Method(
        key="verdict",
        name="Higher, lower, or neither",
        family=Family.COMPARISON,
        answers="What may be said of a gap in words?",
        formulas=(
            r"l > 1 \Rightarrow \text{higher}",
            r"u < 1 \Rightarrow \text{lower}",
            r"l \le 1 \le u,\; \tfrac{u}{l} \le 4 \Rightarrow \text{no clear difference}",
            r"l \le 1 \le u,\; \tfrac{u}{l} > 4 \Rightarrow \text{too uncertain to say}",
        ),
        words=(
            "Limits that lie wholly above 1 mean higher, wholly below 1 lower. Limits that hold 1 "
            "mean no clear difference, or too uncertain to say if the upper limit is more than 4 "
            "times the lower one. For a difference 0 stands in the place of 1, and its width is "
            "not judged. Without limits: no interval published."
        ),
        symbols=((r"l,\; u", "the lower and the upper limit of the ratio"),),
        used="Every gap. These are the only words in which the pages call a gap a gap.",
        limits_of_use=(
            "“No clear difference” doesn't mean equal. The bound of 4 is our choice: limits from "
            "half to twice are the widest of which we still say it. Of many gaps some clear 1 by "
            "luck."
        ),
        references=(),
        function="evidence.statistics.verdict",
        work=work.verdict,
    ),
)
