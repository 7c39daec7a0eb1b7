"""The methods of one figure: how its value and its limits are got."""

from __future__ import annotations

from evidence.methods import references as by
from evidence.methods import work_figures as work
from evidence.methods.model import Family, Method

_Z = (r"z", "1.96 for 95% limits")

FIGURES = (
    Method(
        key="published",
        name="Published figure",
        family=Family.FIGURE,
        answers="What does the source itself say?",
        formulas=(r"\hat{\theta} = \theta_{\text{source}}",),
        words="The figure and its limits are those that the source prints, to its last digit.",
        symbols=(
            (r"\hat{\theta}", "the figure shown"),
            (r"\theta_{\text{source}}", "the figure in the source"),
        ),
        used="Whenever a source publishes the figure. Its own limits are used where it has them.",
        limits_of_use="Sources use different methods for their limits, which they may not name.",
        references=(),
        function="",
        work=work.published,
    ),
    Method(
        key="wilson",
        name="Wilson's limits of a percentage",
        family=Family.FIGURE,
        answers="How far could chance alone have moved a percentage of people?",
        formulas=(
            r"p = \frac{x}{n}",
            r"\text{lower} = \frac{2x + z^2 - z\sqrt{z^2 + 4x(1-p)}}{2(n + z^2)}",
            r"\text{upper} = \frac{2x + z^2 + z\sqrt{z^2 + 4x(1-p)}}{2(n + z^2)}",
        ),
        words=(
            "Twice the people with the outcome, plus z squared, less (or plus) z times the root of "
            "z squared plus four times the people with the outcome times the share without it; "
            "all divided by twice the sum of all people and z squared. Times 100."
        ),
        symbols=(
            (r"x", "people with the outcome"),
            (r"n", "all people in the group"),
            (r"p", "the share with the outcome"),
            _Z,
        ),
        used="Percentages published with counts but without limits.",
        limits_of_use=(
            "It takes people as independent of one another. It says nothing of errors in recording "
            "or of who was left out."
        ),
        references=(by.WILSON, by.EAYRES),
        function="evidence.statistics.proportion_limits",
        work=work.wilson,
    ),
    Method(
        key="byar",
        name="Byar's limits of a rate",
        family=Family.FIGURE,
        answers="How far could chance alone have moved a rate from 10 events or more?",
        formulas=(
            r"\text{lower} = \frac{k}{n}\, x\left(1 - \frac{1}{9x} - \frac{z}{3\sqrt{x}}\right)^3",
            r"\text{upper} = \frac{k}{n}\, m\left(1 - \frac{1}{9m} + \frac{z}{3\sqrt{m}}\right)^3",
            r"m = x + 1",
        ),
        words=(
            "Lower: the events, times the cube of one less a ninth of one over the events less z "
            "over three times the root of the events. Upper: the same with one event more, and z "
            "added. Each is divided by the people and multiplied by the unit of the rate."
        ),
        symbols=(
            (r"x,\; m", "events; one event more"),
            (r"n", "people, births or years lived among which they happened"),
            (r"k", "the unit of the rate, such as 1,000"),
            _Z,
        ),
        used="Rates published with 10 events or more and without limits.",
        limits_of_use="It takes events as independent: outbreaks and repeated events vary more.",
        references=(by.BYAR, by.EAYRES),
        function="evidence.statistics.rate_limits",
        work=work.byar,
    ),
    Method(
        key="exact",
        name="Exact limits of a rate",
        family=Family.FIGURE,
        answers="How far could chance alone have moved a rate from fewer than 10 events?",
        formulas=(
            r"\text{lower} = \frac{k}{n} \cdot \frac{\chi^2_{0.025,\;2x}}{2}",
            r"\text{upper} = \frac{k}{n} \cdot \frac{\chi^2_{0.975,\;2x+2}}{2}",
        ),
        words=(
            "Lower: half the chi-squared value that leaves 2.5% below it, with twice as many "
            "degrees of freedom as events. Upper: half the value that leaves 2.5% above it, with "
            "two degrees more. Each is divided by the people and multiplied by the unit."
        ),
        symbols=(
            (r"x", "events"),
            (r"n", "people among whom they happened"),
            (r"k", "the unit of the rate, such as 1,000"),
            (r"\chi^2_{a,\;d}", "the quantile a of the chi-squared distribution with d degrees"),
        ),
        used="Rates from fewer than 10 events. With no event the lower limit is 0.",
        limits_of_use="Wider than they need be on average, as whole counts come in steps.",
        references=(by.GARWOOD, by.EAYRES),
        function="evidence.statistics.rate_limits",
        work=work.exact,
    ),
    Method(
        key="rounded-percentage",
        name="Percentage with rounded counts",
        family=Family.FIGURE,
        answers="What can a percentage be whose counts are published only to the nearest 5?",
        formulas=(
            r"e = \frac{100\,c\,(1 + P/100)}{2n}",
            r"l = \max\left(P - h,\; \tfrac{100x}{n} - e\right)",
            r"u = \min\left(P + h,\; \tfrac{100x}{n} + e\right)",
            r"\hat{P} = \frac{l + u}{2}",
            r"\text{limits} = W_{\text{lower}}(l, n) \text{ to } W_{\text{upper}}(u, n)",
        ),
        words=(
            "The true percentage lies within half a unit of the printed one, and within what the "
            "rounded counts allow. We compare by the middle of the range that both allow. The "
            "lower limit is Wilson's for the low end, the upper one his for the high end."
        ),
        symbols=(
            (r"P", "the percentage as published"),
            (r"h", "half a unit of its last digit: 0.5 for a whole percentage"),
            (r"x,\; n", "the counts as published"),
            (r"c", "the step that counts are rounded to, here 5"),
            (r"e", "how far rounding can have moved the percentage of the counts"),
            (r"l,\; u", "the ends of the range that both allow"),
            (r"\hat{P}", "what ratios and differences are worked out from"),
            (r"W", "Wilson's limits of a percentage among n people"),
        ),
        used="Percentages whose source rounds its counts, such as Talking Therapies.",
        limits_of_use=(
            "The limits are wider than those of true counts would be. Where the two ranges don't "
            "meet, the narrower stands."
        ),
        references=(by.WILSON,),
        function="evidence.limits.add_limits",
        work=work.rounded_percentage,
    ),
    Method(
        key="rounded-rate",
        name="Rate with rounded counts",
        family=Family.FIGURE,
        answers="What can a rate be whose count is published only to the nearest 5?",
        formulas=(
            r"\text{lower} = L\left(x - \tfrac{c}{2},\; n\right)",
            r"\text{upper} = U\left(x + \tfrac{c}{2},\; n\right)",
        ),
        words=(
            "The lower limit is that of the fewest events that the rounded count allows, the upper "
            "one that of the most."
        ),
        symbols=(
            (r"x", "events as published"),
            (r"n", "people among whom they happened"),
            (r"c", "the step that counts are rounded to, here 5"),
            (r"L,\; U", "Byar's limits, or exact ones for fewer than 10 events"),
        ),
        used="Rates whose source rounds its counts, such as referrals to Talking Therapies.",
        limits_of_use="The limits are wider than those of the true count would be.",
        references=(by.BYAR, by.GARWOOD),
        function="evidence.limits.add_limits",
        work=work.rounded_rate,
    ),
    Method(
        key="standardised",
        name="Directly standardised rate",
        family=Family.FIGURE,
        answers="What would a group's rate be if it were as old or young as a standard population?",
        formulas=(
            r"R = \frac{k}{\sum w_i} \sum w_i \frac{x_i}{n_i}",
            r"V = \frac{k^2}{\left(\sum w_i\right)^2} \sum w_i^2 \frac{x_i}{n_i^2}",
            r"\text{lower} = R + \sqrt{\frac{V}{x}}\,(x_L - x)",
            r"\text{upper} = R + \sqrt{\frac{V}{x}}\,(x_U - x)",
        ),
        words=(
            "The rate at each age, averaged with the standard population's ages as weights. The "
            "limits are Byar's for the number of events, moved and scaled to this rate and its "
            "variance."
        ),
        symbols=(
            (r"x_i,\; n_i", "events and people in an age band"),
            (r"w_i", "people of that age in the European Standard Population of 2013"),
            (r"x", "all events of the group"),
            (r"x_L,\; x_U", "Byar's limits of that number"),
            (r"k", "the unit of the rate, such as 100,000"),
        ),
        used="Where events and people are published by age for each group. Not under 10 events.",
        limits_of_use="One number hides how the gap changes with age.",
        references=(by.DOBSON, by.STANDARD, by.EAYRES),
        function="evidence.statistics.directly_standardised_rate",
        no_example=(
            "No figure of the dashboard uses this yet: none of its sources publishes events by age "
            "for each ethnic group. Standardised rates on the pages are the sources' own."
        ),
    ),
    Method(
        key="mean",
        name="Limits of a mean",
        family=Family.FIGURE,
        answers="How far could chance alone have moved an average?",
        formulas=(r"\bar{x} \pm t_{0.975,\;n-1} \frac{s}{\sqrt{n}}",),
        words=(
            "The mean, and either side of it t times the standard deviation divided by the root of "
            "the number of people measured."
        ),
        symbols=(
            (r"\bar{x}", "the mean"),
            (r"s", "the standard deviation"),
            (r"n", "people measured, at least two"),
            (r"t_{0.975,\;n-1}", "Student's t with one degree of freedom less than people"),
        ),
        used="Means published with a standard deviation and a count.",
        limits_of_use="With few people it needs values that scatter evenly about the mean.",
        references=(by.STUDENT, by.EAYRES),
        function="evidence.statistics.mean_limits",
        no_example=(
            "No figure of the dashboard uses this yet: its means are published without a standard "
            "deviation, or with limits of their own."
        ),
    ),
)
