"""Looking for rows of sources or indicators that stand twice under two ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import urlsplit

import pandas as pd

ALIKE = 0.85
"""Titles that share this part of their words (of all the words of both) look alike."""

_WORD = re.compile(r"[a-z]+|\d+")

Double = tuple[int, int, str]
"""A row, the earlier row that it looks like, and in what."""


def doubled_sources(sources: pd.DataFrame) -> Iterator[Double]:
    """Sources that look like one publication.

    Two rows look alike if they were published in the same year and are reported by the same
    body, and have nearly the same title with the same numbers in it; or have the same address
    and the same publisher. Editions of a year, parts with a number and quotations by another
    body are told apart.

    Parameters
    ----------
    sources
        Columns of the Source model.

    Yields
    ------
    tuple
        The row's index, that of the earlier row, and in what they look alike.
    """
    rows = sources.fillna("")
    same = rows["published"].str[:4] + "|" + rows["reported_by"]
    for _, block in rows.groupby(same, sort=False):
        words = {index: _words(title) for index, title in block["title"].items()}
        places = {
            index: (_address(url), publisher.casefold())
            for index, url, publisher in zip(
                block.index, block["url"], block["publisher"], strict=True
            )
        }
        for first, second in combinations(block.index, 2):
            if _alike(words[first], words[second]):
                yield second, first, "nearly the same title"
            elif places[first] == places[second] and not _numbers(words[first] ^ words[second]):
                yield second, first, "the same address"


def doubled_indicators(indicators: pd.DataFrame) -> Iterator[Double]:
    """Indicators with the same words in their name, or in their definition, as an earlier one.

    Parameters and what is yielded are as for :func:`doubled_sources`, of the Indicator model.
    """
    names = {index: _words(name) for index, name in indicators["name"].items()}
    told = {index: _words(text) for index, text in indicators["definition"].items()}
    for first, second in combinations(indicators.index, 2):
        if names[first] == names[second]:
            yield second, first, "the same name"
        elif told[first] == told[second]:
            yield second, first, "the same definition"


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    alike = len(first & second) >= ALIKE * len(first | second)
    return alike and not _numbers(first ^ second)


def _numbers(words: frozenset[str]) -> set[str]:
    """Numbers tell editions and parts apart."""
    return {word for word in words if word.isdigit()}


def _address(url: str) -> str:
    parts = urlsplit(url.casefold())
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/") + "?" + parts.query
