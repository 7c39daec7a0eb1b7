"""What is known already of what a suggestion says: the same source, the same figure."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd

from evidence.publication import Publication
from evidence.statements import RowLike, figure_value, when
from evidence.submissions import Suggestion
from loaders.open import EvidenceBase
from pages.shared.data import Tables
from pages.shared.html import address, table
from pages.shared.review_text import group_words

AT_MOST = 8
"""How many figures are listed; the library has the rest."""

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>?#&]+")
"""A digital object identifier, wherever it stands in an address or a text."""

_OF_CAMPAIGNS = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|dopt")
"""Parts of an address that say how somebody came to a page, and not which page it is."""

_SAYS_LITTLE = frozenset(
    {"report", "london", "health", "borough", "council", "from", "with", "that", "this"}
)
"""Words that titles of different sources share, as they share the names of boroughs."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def _page(url: object) -> str:
    """An address without scheme, www, default port, last slash, query and fragment."""
    try:
        parts = urlsplit(str(url).strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:  # no address at all
        return ""
    own = "" if port in {None, 80, 443} else f":{port}"
    path = re.sub(r"/(index|default)\.\w{3,5}$", "", unquote(parts.path)).rstrip("/")
    return f"{host}{own}{path}".casefold()


def _asked(url: object) -> frozenset[tuple[str, str]]:
    """What an address asks of its page, without what campaigns add."""
    pairs = parse_qsl(urlsplit(str(url)).query) if _page(url) else []
    return frozenset(pair for pair in pairs if not _OF_CAMPAIGNS.fullmatch(pair[0].casefold()))


def _same_page(one: object, other: object) -> bool:
    """Whether two addresses are of one page: a query that only one of them has may add nothing."""
    if not _page(one) or _page(one) != _page(other):
        return False
    asked, there = _asked(one), _asked(other)
    # At the root of a site, the query is all that tells one page from the next.
    if "/" not in _page(one):
        return asked == there
    return not asked or not there or asked == there


def dois(*texts: object) -> set[str]:
    """The digital object identifiers in texts and addresses, in lower case."""
    found = _DOI.findall(" ".join(unquote(str(text)) for text in texts if text))
    # Publishers add the format of the page; a sentence, its full stop.
    ends = re.compile(r"(/(full|abstract|pdf|epub|meta)|\.(pdf|full|short)|v\d+)+$")
    return {ends.sub("", doi.rstrip(".,;:)]}").casefold()) for doi in found}


def _words(text: object) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", str(text).casefold()) if len(word) > 3}


def same_source(suggestion: Suggestion, sources: pd.DataFrame) -> set[str]:
    """The ids of sources with the suggestion's web address or DOI."""
    now = suggestion
    texts = (now.source_url, now.source_title, now.statement, now.notes)
    return _sources_of(now.source_url, dois(*texts), sources)


def similar_title(title: str | None, base: EvidenceBase) -> set[str]:
    """The ids of sources that have the title, or most of its words that tell it from others."""
    words = _words(title or "")
    told = words - _SAYS_LITTLE - _words(" ".join(base.boroughs["name"]))

    def is_like(other: object) -> bool:
        theirs = _words(other)
        if len(told) >= 3:
            return len(told & theirs) / len(told) >= 0.75
        return len(words) >= 2 and words == theirs

    like = base.sources["title"].map(is_like).astype(bool)
    return set(base.sources.loc[like, "source_id"])


def likeliest_source(suggestion: Suggestion, base: EvidenceBase) -> str | None:
    """The source to begin with: one with the suggestion's address, else its DOI.

    A title is looked for only where no address is given: an address that no source has is that
    of a new source.
    """
    url, sources = suggestion.source_url, base.sources
    by_address = _sources_of(url, set(), sources)
    exact = {
        str(row["source_id"])
        for row in sources[sources["source_id"].isin(by_address)].to_dict("records")
        if _asked(row["url"]) == _asked(url)
    }
    found = exact or by_address or same_source(suggestion, sources)
    if not found and not url:
        found = similar_title(suggestion.source_title, base)
    return min(found, default=None)


def _sources_of(url: str | None, its_dois: set[str], sources: pd.DataFrame) -> set[str]:
    found: set[str] = set()
    if url:
        same = sources["url"].map(lambda other: _same_page(url, other)).astype(bool)
        found |= set(sources.loc[same, "source_id"])
    if its_dois:
        same = sources["url"].map(lambda other: bool(its_dois & dois(other))).astype(bool)
        found |= set(sources.loc[same, "source_id"])
    return found


def known_already(suggestion: Suggestion, held: Tables) -> pd.DataFrame:
    """Figures that may be what is suggested, the likeliest first, with ``why`` they are listed."""
    figures, base = held.base.figures, held.base
    itself = figures["figure_id"] == (suggestion.figure_id or "")
    source = figures["source_id"].isin(same_source(suggestion, base.sources))
    titled = figures["source_id"].isin(similar_title(suggestion.source_title, base))
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
    finding = near & figures["indicator_id"].isin(_indicators_told(suggestion, base.indicators))
    if years := set(_YEAR.findall(suggestion.period or "")):
        finding &= figures["period"].map(lambda period: bool(years & _years(period))).astype(bool)
    score = itself * 16 + finding * 8 + source * 4 + titled * 2 + near * 1
    found = figures.assign(score=score)[score > 0]
    found = found.sort_values(["score", "year"], ascending=False, kind="stable").head(AT_MOST)
    return found.assign(why=[_why(score) for score in found["score"]])


def _why(score: int) -> str:
    if score >= 16:
        return "The figure itself"
    if score >= 8:
        return "May be the same finding"
    if score >= 4:
        return "Same source"
    return "Source with a similar title" if score >= 2 else "Same topic, place or group"


def _years(period: object) -> set[str]:
    """The years that a period names: "2023/24" names 2023 and 2024."""
    text = str(period)
    short = {f"{first[:2]}{last}" for first, last in re.findall(r"\b(\d{4})[/-](\d\d)\b", text)}
    return set(_YEAR.findall(text)) | short


def _indicators_told(suggestion: Suggestion, indicators: pd.DataFrame) -> set[str]:
    """The indicators whose name, or what they measure, stands in the words of the suggestion."""
    told = _words(" ".join(filter(None, (suggestion.statement, suggestion.source_title))))
    return {
        str(row["indicator_id"])
        for row in indicators.to_dict("records")
        if any(words and words <= told for words in map(_words, (row["name"], row["outcome"])))
    }


def same_findings(publication: Publication, held: Tables) -> pd.DataFrame:
    """Figures of the same indicator, area, group and period as one that is prepared.

    Figures that agree with it in all else, too, can't be published at all
    (:func:`evidence.publication.faults`).
    """
    figures = held.base.figures
    same = pd.Series(False, figures.index)
    for figure in publication.figures:
        one = figures["indicator_id"] == figure.indicator_id
        one &= figures["geography_code"] == figure.geography_code
        one &= figures["ethnic_group"] == figure.ethnic_group
        years = _years(figure.period) or {figure.period}
        one &= figures["period"].map(lambda p, y=years: bool(y & (_years(p) or {p}))).astype(bool)
        same |= one & (figures["figure_id"] != figure.figure_id)
    return figures[same].head(AT_MOST).assign(why="Same indicator, area, group and period")


def prepared_is_known(publication: Publication, held: Tables) -> str:
    """What is known of what is prepared, as HTML: the same finding, a source that is not new."""
    told = []
    found = same_findings(publication, held)
    if len(found):
        told.append(_known_list(found, held, "Figures that may say the same as what is prepared"))
    for source in publication.sources:
        like = _sources_of(source.url, dois(source.url, source.note), held.base.sources)
        like |= similar_title(source.title, held.base)
        for source_id in sorted(like - {source.source_id}):
            row = held.source_row(source_id) or {}
            told.append(
                "<p>This new source may be one that we have: "
                f"{escape(str(row.get('title', source_id)))} "
                f"({escape(str(row.get('publisher', '')))}, "
                f"{escape(str(row.get('published', '')))}). If it is, choose it above.</p>"
            )
    return "".join(told)


def known_table(suggestion: Suggestion, held: Tables) -> str:
    """The figures of :func:`known_already` as a table, or that there is none; as HTML."""
    found = known_already(suggestion, held)
    if found.empty:
        return (
            "<p>No figure of the same source was found, nor one for the same topic and place.</p>"
        )
    return _known_list(found, held, "Figures that may say the same")


def _known_list(found: pd.DataFrame, held: Tables, caption: str) -> str:
    body = []
    for row in found.to_dict("records"):
        source: RowLike = held.source_row(str(row["source_id"])) or {}
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
    return table(body, [*columns, "Source"], caption=caption, numeric=[3], raw=[0])


def _new_window(text: str, figure_id: str) -> str:
    """A link that leaves this window alone, as a link's sign-in lives in it."""
    href = escape(address("library", figure=figure_id))
    return f'<a href="{href}" target="_blank">{escape(text)}</a>'
