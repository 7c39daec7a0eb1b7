"""Limits for one group, and ratio and difference with limits for two."""

from evidence.statistics.comparison import compare_limits
from evidence.statistics.limits import proportion_limits, rate_limits

__all__ = ["compare_limits", "proportion_limits", "rate_limits"]
