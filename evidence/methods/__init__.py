"""How every number of the dashboard is got: formula, words, source, and an example worked out.

The examples are reckoned here by the formulas written out, beside the functions of
:mod:`evidence.statistics` that the pages use; a test holds the two together.
"""

from evidence.methods.catalogue import (
    METHODS,
    method,
    methods_of,
    methods_of_burden,
    methods_of_inequality,
    methods_of_years,
)
from evidence.methods.model import Example, Family, Method, Reference

__all__ = [
    "METHODS",
    "Example",
    "Family",
    "Method",
    "Reference",
    "method",
    "methods_of",
    "methods_of_burden",
    "methods_of_inequality",
    "methods_of_years",
]
