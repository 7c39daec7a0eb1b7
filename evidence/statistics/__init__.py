"""Limits for one group, comparisons of two and of many, burden, trends, verdicts, disclosure."""

from evidence.statistics.burden import excess_events
from evidence.statistics.comparison import compare_limits
from evidence.statistics.counts import compare_counts, compare_standard_errors
from evidence.statistics.disclosure import suppress
from evidence.statistics.limits import proportion_limits, rate_limits
from evidence.statistics.means import mean_limits
from evidence.statistics.standardised import (
    EUROPEAN_STANDARD_POPULATION_2013,
    directly_standardised_rate,
)
from evidence.statistics.summary import summary_measures, summary_measures_of_sets
from evidence.statistics.trend import gap_trend, trend
from evidence.statistics.verdicts import Verdict, verdict

__all__ = [
    "EUROPEAN_STANDARD_POPULATION_2013",
    "Verdict",
    "compare_counts",
    "compare_limits",
    "compare_standard_errors",
    "directly_standardised_rate",
    "excess_events",
    "gap_trend",
    "mean_limits",
    "proportion_limits",
    "rate_limits",
    "summary_measures",
    "summary_measures_of_sets",
    "suppress",
    "trend",
    "verdict",
]
