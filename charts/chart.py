"""A chart with the words that belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

_TAG = re.compile(
    r'<(?=[A-Za-z/!?])(?!(?:br|/?b|/?extra|/span|span style="color:#[0-9A-Fa-f]{6}")>)'
)
"""The start of a tag that no chart of ours writes."""


@dataclass(frozen=True)
class Chart:
    """A figure and its words.

    ``title`` is the finding; ``subtitle`` says measure, people, place, period and unit; ``alt``
    is the text alternative with the main numbers.
    """

    figure: go.Figure
    title: str
    subtitle: str
    alt: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "figure", without_tags(self.figure))

    @property
    def alternative(self) -> str:
        """What stands for the chart where it can't be seen: the finding, then its numbers."""
        return self.alt if self.title in self.alt else f"{self.title.rstrip('.')}. {self.alt}"


def without_tags(figure: go.Figure) -> go.Figure:
    """The figure with every tag in its texts made plain text, but those that charts write.

    Plotly reads links and styles in any text of a figure, and some texts (a unit, a period) are
    people's own.
    """
    held = figure.to_dict()
    plain = _plain(held)
    return figure if plain is held else go.Figure(plain)


def _plain(value: Any) -> Any:
    """A value of a figure without tags; the very same one where it holds none."""
    if isinstance(value, str):
        return _TAG.sub("&lt;", value) if _TAG.search(value) else value
    if isinstance(value, dict):
        made = {key: _plain(inside) for key, inside in value.items()}
        return made if any(made[key] is not value[key] for key in made) else value
    if isinstance(value, list | tuple | np.ndarray):
        if isinstance(value, np.ndarray) and value.dtype.kind not in "OU":
            return value
        held = value.tolist() if isinstance(value, np.ndarray) else value
        items = [_plain(inside) for inside in held]
        return items if any(a is not b for a, b in zip(items, held, strict=True)) else value
    return value
