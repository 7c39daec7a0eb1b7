"""What is known already of what a suggestion says: the same source, the same figure."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

import pandas as pd

from evidence.statements import figure_value, when
from evidence.submissions import Suggestion
from pages.shared.data import Tables
from pages.shared.html import address, table
from pages.shared.review_text import group_words

AT_MOST = 8
"""How many figures are listed; the library has the rest."""


def _same_page(url: object) -> str:
    """An address without what differs between two copies of it: www, scheme, query, last slash."""
    parts = urlsplit(str(url))
    return (parts.netloc.casefold().removeprefix("www.") + parts.path.rstrip("/")).casefold()


def _words(text: object) -> set[str]:
    return {word for word in str(text).casefold().split() if len(word) > 3}


def same_source(suggestion: Suggestion, sources: pd.DataFrame) -> set[str]:
    """The ids of sources with the suggestion's web address, or nearly its title."""
    found: set[str] = set()
    if suggestion.source_url:
        page = _same_page(suggestion.source_url)
        found |= set(sources.loc[sources["url"].map(_same_page) == page, "source_id"])
    asked = _words(suggestion.source_title or "")
    if len(asked) >= 2:
        like = sources["title"].map(lambda title: len(asked & _words(title)) / len(asked) >= 0.75)
        found |= set(sources.loc[like, "source_id"])
    return found


def known_already(suggestion: Suggestion, held: Tables) -> pd.DataFrame:
    """Figures that may be what is suggested, the likeliest first, with ``why`` they are listed."""
    figures, base = held.base.figures, held.base
    itself = figures["figure_id"] == (suggestion.figure_id or "")
    source = figures["source_id"].isin(same_source(suggestion, base.sources))
    near = pd.Series(True, figures.index)
    asked = {
        "disease_area": suggestion.disease_area,
        "geography_code": suggestion.geography_code,
        "ethnic_group": suggestion.ethnic_group,
    }
    given = {name: code for name, code in asked.items() if code}
    for name, code in given.items():
        if name == "ethnic_group" and code in base.groups:
            near &= figures[name].isin(base.groups.within(code, figures[name].unique()))
        else:
            near &= figures[name] == code
    near &= len(given) >= 2  # one alone would list hundreds that say nothing of it
    score = itself * 4 + source * 2 + near * 1
    found = figures.assign(score=score)[score > 0]
    found = found.sort_values(["score", "year"], ascending=False, kind="stable").head(AT_MOST)
    why = {4: "The figure itself", 2: "Same source", 1: "Same topic, place or group"}
    return found.assign(why=[why[4 if n >= 4 else 2 if n >= 2 else 1] for n in found["score"]])


def known_table(suggestion: Suggestion, held: Tables) -> str:
    """The figures of :func:`known_already` as a table, or that there is none; as HTML."""
    found = known_already(suggestion, held)
    if found.empty:
        return (
            "<p>No figure of the same source was found, nor one for the same topic and place.</p>"
        )
    body = []
    for row in found.to_dict("records"):
        source = held.source_row(str(row["source_id"])) or {}
        body.append(
            [
                _new_window(str(held.indicator_row(row["indicator_id"])["name"]), row["figure_id"]),
                row["why"],
                group_words(str(row["ethnic_group"]), held.base.groups),
                figure_value(row),
                str(row["geography_name"]),
                when(row),
                str(source.get("publisher", "")),
            ]
        )
    columns = ["Indicator", "Why it is listed", "Ethnic group", "Figure", "Area", "Period"]
    return table(
        body, [*columns, "Source"], caption="Figures that may say the same", numeric=[3], raw=[0]
    )


def _new_window(text: str, figure_id: str) -> str:
    """A link that leaves this window alone, as a link's sign-in lives in it."""
    href = escape(address("library", figure=figure_id))
    return f'<a href="{href}" target="_blank">{escape(text)}</a>'
