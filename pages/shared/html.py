"""The HTML of what pages share, as text: nothing here draws, so that all of it can be tested.

Every value that comes from a table or a reader is escaped here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import urlencode

import pandas as pd

from evidence.citations import citation, doubt, seen, short_citation
from evidence.numbers import is_blank
from evidence.periods import HISTORY_BEFORE
from evidence.publication import mark_in
from evidence.statements import (
    RowLike,
    area_kind,
    area_label,
    figure_limits,
    figure_value,
    people_and_method,
    when,
)
from evidence.strength import QUESTIONS, Strength, answers
from evidence.vocabulary import DiseaseArea, GeographyLevel, Measure

PAGE_PATHS = {
    "overview": "./",
    "disease-areas": "disease-areas",
    "boroughs": "boroughs",
    "maps": "maps",
    "evidence-gaps": "evidence-gaps",
    "gap-explorer": "gap-explorer",
    "library": "library",
    "programmes": "programmes",
    "suggest": "suggest",
    "follow": "follow",
    "answers": "answers",
    "review": "review",
    "methods": "methods",
    "formulas": "formulas",
}
"""The address of each page, as seen from any page of the dashboard."""

OPENS_WITH = {
    "boroughs": {"borough": "Lambeth"},
    "disease-areas": {"area": DiseaseArea.MATERNITY.label},
}
"""What a page shows where its address says nothing, by the filter's name in the address."""

_UNSEEN = re.compile(r'<span class="off-screen">.*?</span>|<[^>]*>')
"""What takes no room in a cell: tags, and words for those who listen."""

WORDY = 26
"""Letters above which a cell breaks over lines in a wide column; "0.79 (0.69 to 0.90)" does not."""


def address(page: str, **filters: str | None) -> str:
    """The address of a page with filters, for a link: ``boroughs?borough=Brent``.

    What the page opens with anyhow is left out. Streamlit would take it out of the address, which
    makes a step in the browser's history: the first press of Back would seem to do nothing.
    """
    known = OPENS_WITH.get(page, {})
    chosen = {name: value for name, value in filters.items() if value and value != known.get(name)}
    return PAGE_PATHS[page] + (f"?{urlencode(chosen)}" if chosen else "")


def link(text: str, page: str, **filters: str | None) -> str:
    """A link to a page of the dashboard."""
    return f'<a href="{escape(address(page, **filters))}" target="_self">{escape(text)}</a>'


def wrong_link(figure_id: str) -> str:
    """The link beside a figure by which a reader says that it is wrong; it opens a filled form."""
    to = escape(address("suggest", about_figure=figure_id))
    which = f'<span class="off-screen"> Tell us about figure {escape(figure_id)}</span>'
    return f'<a class="wrong" href="{to}" target="_self">Is this wrong?{which}</a>'


def user_text(text: str, spans: Iterable[tuple[int, int]] = ()) -> str:
    """What a stranger wrote, as text alone: line breaks stay, and writing runs its own way.

    ``spans`` are the parts to mark, in order, as places of their first and after their last letter.
    """
    parts, done = [], 0
    for start, end in spans:
        parts += [escape(text[done:start]), f"<mark>{escape(text[start:end])}</mark>"]
        done = end
    inside = "".join([*parts, escape(text[done:])])
    # "auto" and "bdi" keep writing from right to left, and the marks that turn it, to themselves.
    return f'<bdi class="user-text" dir="auto">{inside}</bdi>'


def numbers_words(numbers: Sequence[int]) -> str:
    """Suggestions by their public numbers: "Suggestion 12", "Suggestions 12 and 15"."""
    if len(numbers) == 1:
        return f"Suggestion {numbers[0]}"
    return f"Suggestions {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def markdown_text(text: str) -> str:
    """A text for a label, which Streamlit reads as Markdown: every letter stands for itself.

    A backslash takes their meaning from signs; a character without width keeps apart what would
    become a link, an icon, an emoji or a colour even so.
    """
    apart = re.sub(r":(?=\S)|@|\bwww(?=\.)", lambda found: f"{found[0]}\u2060", text)
    return re.sub(r"([\\`*_~\[\]$<>!#|])", r"\\\1", " ".join(apart.split()))


def outside_link(text: str, url: str) -> str:
    """A link to a publisher's page. In print the address follows it, unless it is its text."""
    told = ' class="whole-address"' if text == url else ""
    return (
        f'<a href="{escape(url)}"{told} rel="noopener noreferrer" target="_blank">'
        f"{escape(text)}</a>"
    )


def area_chip(figure: RowLike) -> str:
    """The area label: the figure's own area, marked as borrowed where it is not local."""
    level = GeographyLevel(figure["geography_level"])
    local = level in {GeographyLevel.BOROUGH, GeographyLevel.ICB, GeographyLevel.SUBREGION}
    kind = "local" if local else level.value
    return (
        f'<span class="chip chip-{kind}" title="{escape(area_kind(figure))}">'
        f"{escape(area_label(figure))}</span>"
    )


def age_chip(figure: RowLike) -> str:
    """Marks on data from before 2010, which says nothing of today, and on what we worked out."""
    marks = []
    if figure["history"]:
        marks.append(f'<span class="chip chip-history">History: before {HISTORY_BEFORE}</span>')
    if not is_blank(figure["calculation"]):
        marks.append('<span class="chip chip-ours">Calculated by this dashboard</span>')
    return " ".join(marks)


def marks(figure: RowLike) -> str:
    """Every mark on a figure: :func:`age_chip`, and that the community suggested it."""
    return " ".join(filter(None, [age_chip(figure), community_chip(figure)]))


def community_chip(figure: RowLike) -> str:
    """The mark on a figure that the community suggested, with the day when it was checked."""
    suggested = mark_in(figure["note"])
    if suggested is None:
        return ""
    return f'<span class="chip chip-community">{escape(suggested[:-1])}</span>'


def marks_of(rows: pd.DataFrame) -> str:
    """The marks on a map of one set: its age, and the community's if it brought any of it."""
    suggested = rows[rows["note"].map(mark_in).notna()]
    return marks((suggested if len(suggested) else rows).iloc[0].to_dict())


def source_line(source: RowLike | None, figure: RowLike, other: RowLike | None = None) -> str:
    """The source of a figure in one line: body, year, period, how near seen, and its strength.

    ``other`` is the second source of a figure that this dashboard worked out.
    """
    if source is None:
        return '<p class="source">Source not available: the table of sources can\'t be read.</p>'
    unsure = doubt(source, str(figure["confidence"]))
    told = f" {unsure}." if unsure else ""
    named = [outside_link(short_citation(each), each["url"]) for each in (source, other) if each]
    ours = not is_blank(figure["calculation"])
    word = "Calculated by this dashboard from" if ours else "Source"
    strength = "" if is_blank(figure["strength"]) else f" {_strength(figure)}."
    return (
        f'<p class="source">{word}: {" and ".join(named)}.'
        f" Data: {escape(when(figure))}.{escape(told)}{strength}</p>"
    )


def _strength(figure: RowLike) -> str:
    """The strength of a figure's evidence and how many of the questions it meets, as a link."""
    met = sum(answers(figure).values())
    word = Strength(figure["strength"]).label.lower()
    return f"{link('Evidence', 'methods')}: {escape(word)} ({met} of {len(QUESTIONS)})"


def reference(source: RowLike | None) -> str:
    """The whole citation of a source."""
    if source is None:
        return "Source not available"
    whole = escape(citation(source))
    url = escape(str(source["url"]))
    return whole.replace(url, outside_link(str(source["url"]), str(source["url"])), 1)


def figure_card(
    figure: RowLike,
    cited: str,
    *,
    headline: str,
    statement: str,
    kicker: str,
    verdict: str | None = None,
) -> str:
    """A figure card: the number, the sentence, its area, period and source, and a way in.

    ``cited`` is the figure's :func:`source_line`.
    """
    more = link("Everything known of this figure", "library", figure=str(figure["figure_id"]))
    badge = f'<p class="verdict">{escape(verdict)}</p>' if verdict else ""
    return f"""<li class="card">
<p class="kicker">{escape(kicker)}</p>
<p class="headline">{escape(headline)}</p>{badge}
<p class="statement">{escape(statement)}</p>
<p class="where">{area_chip(figure)} {marks(figure)} <span>{escape(when(figure))}</span></p>
{cited}
<p class="more">{more} {wrong_link(str(figure["figure_id"]))}</p>
</li>"""


def cards(items: Iterable[str]) -> str:
    """Cards side by side, as a list."""
    return f'<ul class="cards">{"".join(items)}</ul>'


def table(
    rows: Sequence[Sequence[str]],
    columns: Sequence[str],
    *,
    caption: str,
    numeric: Iterable[int] = (),
    marked: Iterable[int] = (),
    raw: Iterable[int] = (),
) -> str:
    """A real HTML table, which screen readers can read and a phone can scroll.

    What scrolls has a name and takes the focus. It is a group and no region: a page has so many
    tables that its landmarks would be lost among them.

    Parameters
    ----------
    rows
        The cells as text; the first column heads its row.
    columns
        The column headings.
    caption
        What the table shows.
    numeric
        Columns set in tabular figures and aligned to the right.
    marked
        Rows drawn in the accent: what the reader chose.
    raw
        Columns whose cells are HTML already.
    """
    right, accent, html_columns = set(numeric), set(marked), set(raw)

    def cell(text: str, column: int) -> str:
        return text if column in html_columns else escape(text)

    def css(column: int, text: str = "") -> str:
        told = _UNSEEN.sub("", text) if column in html_columns else text
        kinds = ["number"] * (column in right) + ["wordy"] * (len(told) > WORDY)
        return f' class="{" ".join(kinds)}"' if kinds else ""

    head = "".join(f'<th scope="col"{css(i)}>{escape(name)}</th>' for i, name in enumerate(columns))
    body = []
    for number, row in enumerate(rows):
        cells = [f'<th scope="row">{cell(row[0], 0)}</th>']
        cells += [
            f"<td{css(i, text)}>{cell(text, i)}</td>" for i, text in enumerate(row[1:], start=1)
        ]
        mark = ' class="chosen"' if number in accent else ""
        body.append(f"<tr{mark}>{''.join(cells)}</tr>")
    name = escape(caption)
    return (
        f'<div class="table" role="group" aria-label="{name}" tabindex="0"><table>'
        f"<caption><span>{name}</span></caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def description_list(pairs: Iterable[tuple[str, str]], *, raw: Iterable[str] = ()) -> str:
    """Names with what they are, as a description list; pairs without a text are left out."""
    html_names = set(raw)
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{text if name in html_names else escape(text)}</dd></div>"
        for name, text in pairs
        if text
    )
    return f'<dl class="facts">{items}</dl>'


def figure_facts(
    figure: RowLike,
    indicator: RowLike,
    source: RowLike | None,
    group_label: str,
    other: RowLike | None = None,
) -> list[tuple[str, str]]:
    """Everything that the tables hold of a figure, as names and texts; Source is HTML.

    ``other`` is the second source of a figure that this dashboard worked out.
    """
    sources = [reference(each) for each in (source, other) if each]
    limit_text = figure_limits(figure)
    comparator = "" if is_blank(figure["comparator_label"]) else str(figure["comparator_label"])
    return [
        ("Indicator", str(indicator["name"])),
        ("Definition", str(indicator["definition"])),
        ("Value", figure_value(figure)),
        ("Measure", Measure(figure["measure"]).label.capitalize()),
        ("95% limits", limit_text or "no interval published"),
        ("Ethnic group", group_label),
        ("Label in the source", _label_in_source(str(figure["ethnic_group_label"]))),
        ("Compared in the source with", comparator),
        ("Area", _area(figure)),
        ("Period", when(figure)),
        ("Who and how", people_and_method(figure)),
        ("Numerator", _count(figure["numerator"])),
        ("Denominator", _count(figure["denominator"])),
        ("Counts", "" if is_blank(figure["count_rounding"]) else "rounded to 5 by the source"),
        ("Caveats", "" if is_blank(indicator["caveats"]) else str(indicator["caveats"])),
        ("Note", "" if is_blank(figure["note"]) else str(figure["note"])),
        ("Corrected by us", "" if is_blank(figure["correction"]) else str(figure["correction"])),
        ("Seen", seen(str(figure["confidence"]))),
        ("Calculated by us", "" if is_blank(figure["calculation"]) else figure["calculation"]),
        ("Evidence", _questions(figure)),
        ("Source", "<br>".join(sources) or reference(None)),
        ("Record", "" if is_blank(figure["record_id"]) else str(figure["record_id"])),
        ("Figure", str(figure["figure_id"])),
    ]


def _questions(figure: RowLike) -> str:
    """The strength of a figure with the question that each answer belongs to."""
    if is_blank(figure["strength"]):
        return ""
    told = [f"{QUESTIONS[key]} {'Yes' if met else 'No'}." for key, met in answers(figure).items()]
    met = f"{sum(answers(figure).values())} of {len(QUESTIONS)}"
    return f"{Strength(figure['strength']).label} ({met}). {' '.join(told)}"


def palette_css(colours: Mapping[str, str], printed: Mapping[str, str]) -> str:
    """The theme's colours as CSS variables, and those of print, which is always on white.

    Charts are pictures whose colours CSS can't name: those of a dark theme are turned light.
    """
    screen = _declarations(colours)
    if colours != printed:
        screen += "--print-filter:invert(1) hue-rotate(180deg);"
    return f"<style>:root{{{screen}}}@media print{{:root{{{_declarations(printed)}}}}}</style>"


def _declarations(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def _label_in_source(label: str) -> str:
    """The source's own label; an abbreviation that people asked not to be called is not printed."""
    shortened = re.search(r"\b(BAME|BME)\b", label, flags=re.IGNORECASE)
    return "an abbreviation for ethnic minorities" if shortened else label


def _area(figure: RowLike) -> str:
    name, kind = area_label(figure), area_kind(figure)
    return name if kind == name else f"{name} ({kind})"


def _count(value: object) -> str:
    return "" if is_blank(value) else f"{float(str(value)):,.0f}"
