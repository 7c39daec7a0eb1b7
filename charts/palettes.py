"""The colours of the dashboard, for the light and the dark theme.

Pages, charts, maps and tables take their colours from here and from nowhere else. How a scale is
used:

- ``accent`` is kept for what the reader chose; everything else is grey (``mark``, ``faint``).
- ``sequential`` runs from least to most, always away from the background: more is darker in the
  light theme and lighter in the dark one.
- ``diverging`` has "no difference" in the middle. Which end is worse is said in words.
- ``broad_groups`` has a hue for each of the five broad ethnic groups, for the few charts where
  they must be told apart. They are for marks; the text beside a mark stays in ``text``.

No scale has red (people aren't alarms), reds against greens, or the hues of skin. The greens of
the broad groups never meet a red. ``tests/charts/test_palettes.py`` simulates the three colour
vision deficiencies and greyscale, and says how far apart colours stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

INK, WHITE, BLACK = "#1E1B24", "#FFFFFF", "#000000"
READABLE = 4.5
"""The contrast that WCAG 2.2 AA asks of text (success criterion 1.4.3)."""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, each as "#RRGGBB".

    ``sequential`` and ``diverging`` have seven steps. The steps nearest to the background need an
    outline in ``faint``, as they don't stand out from it. ``broad_groups`` goes by group code.
    """

    background: str
    surface: str
    text: str
    muted: str
    line: str
    mark: str
    faint: str
    accent: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    broad_groups: Mapping[str, str] = field(hash=False)

    def on(self, colour: str) -> str:
        """The colour of text that can be read on a fill: ink, or white, or else black.

        Parameters
        ----------
        colour
            The fill, as "#RRGGBB"; any colour, not only those of the palette.

        Returns
        -------
        str
            A colour with a contrast of at least 4.5 to the fill: one of black and white always
            has that.
        """
        return next(text for text in (INK, WHITE, BLACK) if contrast(text, colour) >= READABLE)

    def variables(self) -> dict[str, str]:
        """The colours by the names of their CSS variables, without the two dashes.

        Scales are numbered from 1 ("sequential-1"), broad groups go by code ("group-asian"), and
        the text on each fill is "on-" and its name ("on-sequential-1").
        """
        plain = ("background", "surface", "text", "muted", "line", "mark", "faint", "accent")
        fills = {f"sequential-{n}": fill for n, fill in enumerate(self.sequential, start=1)}
        fills |= {f"diverging-{n}": fill for n, fill in enumerate(self.diverging, start=1)}
        fills |= {f"group-{code}": fill for code, fill in self.broad_groups.items()}
        texts = {f"on-{name}": self.on(fill) for name, fill in fills.items()}
        return {name: str(getattr(self, name)) for name in plain} | fills | texts


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1 (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


LIGHT = Palette(
    background=WHITE,
    surface="#F5F2F0",
    text=INK,
    muted="#5C5866",
    line="#DDD8E0",
    mark="#55505F",
    faint="#85808E",
    accent="#7A1F5C",
    sequential=("#DDF2F1", "#A6D6D8", "#69BAC3", "#2B9BAF", "#007A99", "#005879", "#083955"),
    diverging=("#063C82", "#3E71BC", "#91B5E9", "#F1F0EC", "#BCB764", "#7C7406", "#464100"),
    broad_groups=MappingProxyType(
        {
            "asian": "#9B82CF",
            "black": "#3C9888",
            "mixed": "#1957BB",
            "other": "#204817",
            "white": "#827608",
        }
    ),
)
DARK = Palette(
    background="#17141C",
    surface="#241F2B",
    text="#F2EFF5",
    muted="#BDB7C8",
    line="#3D3747",
    mark="#C9C3D3",
    faint="#8D8697",
    accent="#F29BCB",
    sequential=("#1F3340", "#255166", "#1F738B", "#2396A9", "#4AB8C3", "#7FD7DC", "#B9F5F4"),
    diverging=("#C6E0FF", "#6EA0E8", "#2F62AC", "#312F34", "#6C6610", "#ABA232", "#EAE381"),
    broad_groups=MappingProxyType(
        {
            "asian": "#8258C9",
            "black": "#1D857E",
            "mixed": "#4AADF5",
            "other": "#ACD9A2",
            "white": "#948827",
        }
    ),
)


def palette(theme: str | None) -> Palette:
    """The palette of a theme's name: "dark", or light for anything else."""
    return DARK if theme == "dark" else LIGHT
