"""A chart with the words that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go


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

    @property
    def alternative(self) -> str:
        """What stands for the chart where it can't be seen: the finding, then its numbers."""
        return self.alt if self.title in self.alt else f"{self.title.rstrip('.')}. {self.alt}"
