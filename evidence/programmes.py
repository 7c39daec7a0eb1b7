"""Programmes that act on inequality: which belong to a topic or a place, and how they download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from evidence.downloads import to_csv
from evidence.publication import PublishedProgramme, mark
from evidence.vocabulary import DiseaseArea

COLUMNS = [
    "name",
    "run_by",
    "does",
    "url",
    "disease_area",
    "areas",
    "ethnic_group",
    "outcomes",
    "number",
    "checked",
    "note",
]
"""The columns of a download: those of a published programme, and the mark of the community."""


def that_act(
    programmes: Iterable[PublishedProgramme],
    area: DiseaseArea | None = None,
    place: str | None = None,
) -> list[PublishedProgramme]:
    """The programmes of a health topic, of a borough, or of both, by name.

    A programme without a place acts in all of London, and so in each borough. One without a
    topic belongs to none of them.
    """
    return sorted(
        (
            each
            for each in programmes
            if (area is None or each.disease_area is area)
            and (place is None or not each.areas or place in each.areas)
        ),
        key=lambda each: (each.name.casefold(), each.number),
    )


def programmes_frame(programmes: Sequence[PublishedProgramme]) -> pd.DataFrame:
    """Programmes as a table of the columns :data:`COLUMNS`; places are joined by ``" | "``."""
    rows = [
        each.model_dump(mode="json") | {"areas": " | ".join(each.areas), "note": mark(each.checked)}
        for each in programmes
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({name: "int64" if name == "number" else "str" for name in COLUMNS})


def programmes_csv(programmes: Sequence[PublishedProgramme]) -> bytes:
    """:func:`programmes_frame` as CSV."""
    return to_csv(programmes_frame(programmes))
