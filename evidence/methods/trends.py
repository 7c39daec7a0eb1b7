"""The methods of change over time, and of hiding small counts."""

from __future__ import annotations

from evidence.methods import references as by
from evidence.methods import work_trends as work
from evidence.methods.model import Family, Method

_LINE = (
    r"w_i = \frac{1}{s_i^2}, \quad s_i = \frac{y(u_i) - y(l_i)}{2z}",
    r"b = \frac{\sum w_i (t_i - \bar t)(y_i - \bar y)}{\sum w_i (t_i - \bar t)^2}",
    r"\phi = \frac{\sum w_i (y_i - \hat y_i)^2}{k - 2}",
    r"\phi \le 1: \quad b \pm z \sqrt{\frac{1}{\sum w_i (t_i - \bar t)^2}}",
    r"\phi > 1: \quad b \pm t_{0.975,\;k-2} \sqrt{\frac{\phi}{\sum w_i (t_i - \bar t)^2}}",
)
_LINE_SYMBOLS = (
    (r"y_i,\; s_i", "the point of a year on the scale, with its standard error"),
    (r"l_i,\; u_i", "the limits of the year's figure; y( ) puts them on the scale"),
    (r"t_i,\; k", "the year, and how many years there are"),
    (r"w_i", "the weight of a year; means are weighted by it"),
    (r"b", "the slope; a year 100(eᵇ − 1) per cent on the log scale, b itself on plain values"),
    (
        r"\phi",
        "the misfit: how far from the line points lie; up to 1, their limits explain it",
    ),
    (r"z", "1.96"),
    (r"t_{0.975,\;k-2}", "Student's t with two degrees of freedom less than years"),
)

TRENDS = (
    Method(
        key="trend",
        name="Trend of a figure",
        family=Family.TIME,
        answers="Is a figure rising, falling, or neither?",
        formulas=(
            r"\text{rates, counts and ratios: } y_i = \ln v_i",
            r"\text{percentages and shares: } y_i = \ln \frac{v_i}{100 - v_i}",
            r"\text{means and others: } y_i = v_i",
            *_LINE,
            r"\text{points a year} = 100 \left(\frac{o\, e^b}{1 + o\, e^b} - q\right), "
            r"\quad q = \frac{\bar v}{100}, \quad o = \frac{q}{1 - q}",
        ),
        words=(
            "A straight line through the logarithms of the figures (through the log odds of "
            "percentages, through means as they are), in which surer years weigh more. It is "
            "rising or falling where the slope's limits leave out 0. The page prints per cent a "
            "year; for percentages, how many percentage points a year of that change in the odds "
            "takes from the mean of the years; for means, the slope itself. Limits alike."
        ),
        symbols=(
            (r"v_i,\; \bar v", "the figure of a year; the plain mean of the years"),
            (r"q,\; o", "that mean as a share, and its odds"),
            *_LINE_SYMBOLS,
        ),
        used="Series of at least five years by one definition, each year with limits.",
        limits_of_use="A line can't show a turn. Years must not overlap, or they seem too sure.",
        references=(by.THOMPSON, by.KNAPP),
        function="evidence.statistics.trend",
        work=work.trend,
    ),
    Method(
        key="gap-trend",
        name="Trend of a gap",
        family=Family.TIME,
        answers="Is the gap to the reference group closing, widening, or neither?",
        formulas=(
            r"\text{relative: } y_i = \ln \frac{a_i}{b_i}",
            r"\text{absolute: } y_i = a_i - b_i",
            *_LINE,
        ),
        words=(
            "The same line through the logarithms of the ratios (the relative gap), and through "
            "the differences (the absolute gap), with limits by the MOVER method. A gap closes "
            "where the line goes towards no gap; where it crosses over, the word is neither."
        ),
        symbols=(
            (r"a_i,\; b_i", "the figures of the group and of the reference group in a year"),
            *_LINE_SYMBOLS,
        ),
        used="Series of at least five years in which both groups have limits.",
        limits_of_use="When both rates fall the difference can shrink while the ratio grows.",
        references=(by.THOMPSON, by.KNAPP, by.MOVER),
        function="evidence.statistics.gap_trend",
        work=work.gap_trend,
    ),
    Method(
        key="mann-kendall",
        name="Mann-Kendall test",
        family=Family.TIME,
        answers="Is a figure rising or falling where its years have no limits?",
        formulas=(
            r"S = \sum_{i<j} \operatorname{sign}(y_j - y_i)",
            r"p = P\left(|S'| \ge |S|\right)",
        ),
        words=(
            "Of every pair of years, count 1 where the later is higher and take 1 off where it is "
            "lower. The p-value is the share of all orders of the same figures whose count lies at "
            "least as far from 0. Rising or falling where p is below 0.05."
        ),
        symbols=(
            (r"y_i", "the figure of a year"),
            (r"S", "pairs in order less pairs out of order"),
            (r"S'", "the same where the years come in any order"),
        ),
        used="Series of at least five years in which a year has no limits. Beyond 20 years, or "
        "with ties, p is from the normal curve.",
        limits_of_use="It gives no size of the change. Few years can hardly pass it.",
        references=(by.MANN, by.KENDALL),
        function="evidence.statistics.trend",
        work=work.mann_kendall,
    ),
)

PROTECTION = (
    Method(
        key="suppression",
        name="Hidden and rounded counts",
        family=Family.PROTECTION,
        answers="How are people protected where only a few are counted?",
        formulas=(
            r"x < m \Rightarrow \text{hidden (by some rules } 0 \text{ is shown)}",
            r"x' = c \left\lfloor \frac{x}{c} + \frac{1}{2} \right\rfloor",
        ),
        words=(
            "Counts under a threshold are hidden, by some rules with 0 and by others not, and "
            "other counts with them where totals would give them away. Counts that are shown are "
            "rounded to the nearest step, halves up."
        ),
        symbols=(
            (r"x,\; x'", "the true count, and what is shown"),
            (
                r"m",
                "the threshold: 5 by the rule of NHS England for mental health, which hides 0 too",
            ),
            (r"c", "the step: 5"),
        ),
        used="By the sources, each by its own rule. Hidden figures are shown as suppressed.",
        limits_of_use="A hidden count is not zero. It is never guessed or filled in.",
        references=(by.FISCHETTI,),
        function="evidence.statistics.suppress",
        work=work.suppression,
    ),
)
