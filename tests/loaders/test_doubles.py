"""Looking for sources and indicators that stand twice: what looks alike and what is told apart."""

from __future__ import annotations

import pytest

from loaders.doubles import doubled_indicators, doubled_sources
from loaders.tables import INDICATORS, SOURCES

SOURCE = {
    "title": "Saving Lives, Improving Mothers' Care: maternal deaths in the UK and Ireland",
    "publisher": "MBRRACE-UK",
    "published": "2023-10-12",
    "kind": "national-audit",
    "url": "https://www.npeu.ox.ac.uk/mbrrace-uk/reports",
    "licence": "not stated",
    "accessed": "2026-11-01",
}
INDICATOR = {
    "name": "Maternal death",
    "disease_area": "maternity",
    "life_stage": "starting-well",
    "definition": "Women who died during pregnancy or within 42 days of its end",
    "measure": "rate",
    "unit": "per 100,000 maternities",
    "direction": "higher-is-worse",
    "people": "women",
    "outcome": "maternal death",
    "phrase": "{value} of {people} died",
}
APART = {
    "title": "Births and their outcomes",
    "publisher": "Office for National Statistics",
    "url": "https://www.ons.gov.uk/births",
}


def sources(*changes: dict[str, str]) -> list[tuple[int, int, str]]:
    """What looks double among sources, each made of a few cells."""
    rows: list[dict[str, object]] = [
        {**SOURCE, "source_id": f"source-{place}", **some} for place, some in enumerate(changes)
    ]
    return list(doubled_sources(SOURCES.frame(rows)))


def indicators(*changes: dict[str, str]) -> list[tuple[int, int, str]]:
    rows: list[dict[str, object]] = [
        {**INDICATOR, "indicator_id": f"indicator-{place}", **some}
        for place, some in enumerate(changes)
    ]
    return list(doubled_indicators(INDICATORS.frame(rows)))


# --- Sources ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Saving lives, improving mothers care - maternal deaths in the UK and Ireland",
        "Saving Lives, Improving Mothers' Care: maternal deaths in the UK and in Ireland",
        # Of the 13 words of both, 12 are shared: 0.92.
        "Saving Lives, Improving Mothers' Care: maternal deaths in the UK and beyond Ireland",
    ],
)
def test_nearly_the_same_title_in_the_same_year_is_a_double(title: str) -> None:
    elsewhere = {"title": title, "url": "https://example.org/", "publisher": "Someone"}
    assert sources({}, elsewhere) == [(1, 0, "nearly the same title")]


@pytest.mark.parametrize(
    "title",
    [
        "Births and their outcomes",
        # Of the 13 words of both, 11 are shared: 0.846, just short of 0.85.
        "Saving Lives, Improving Mothers' Care: maternal deaths in the UK and Iceland",
    ],
)
def test_a_title_that_shares_fewer_words_is_told_apart(title: str) -> None:
    assert sources({}, {"title": title, "url": "https://example.org/"}) == []


def test_the_same_title_in_another_year_is_another_edition() -> None:
    assert sources({}, {"published": "2024"}) == []


def test_a_year_alone_is_the_year_of_a_full_date() -> None:
    assert sources({}, {"published": "2023"}) == [(1, 0, "nearly the same title")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Stillbirths in London 2019", "Stillbirths in London 2020"),
        ("State of the nation report, part 1", "State of the nation report, part 2"),
        ("Births in England", "Births in England 2023"),
        # Long titles, of whose words no more than the year differs.
        (f"{SOURCE['title']} 2019", f"{SOURCE['title']} 2020"),
        (f"{SOURCE['title']}", f"{SOURCE['title']} 2020"),
    ],
)
def test_titles_with_other_numbers_in_them_are_other_editions(first: str, second: str) -> None:
    assert sources({"title": first}, {"title": second}) == []


def test_the_same_address_and_publisher_is_a_double_whatever_the_title() -> None:
    other = {
        "title": "Confidential enquiry",
        "url": "http://NPEU.ox.ac.uk/mbrrace-uk/reports/",
        "publisher": "mbrrace-uk",
    }
    assert sources({}, other) == [(1, 0, "the same address")]


@pytest.mark.parametrize(
    "change",
    [
        {"publisher": "Office for National Statistics"},
        {"url": "https://www.npeu.ox.ac.uk/mbrrace-uk/data"},
        {"url": "https://www.npeu.ox.ac.uk/mbrrace-uk/reports?year=2"},
    ],
)
def test_another_publisher_or_another_address_is_no_double(change: dict[str, str]) -> None:
    assert sources({}, {"title": "Confidential enquiry", **change}) == []


def test_what_another_body_reports_is_told_apart() -> None:
    assert sources({}, {"reported_by": "Mind"}) == []
    both = {"reported_by": "Mind"}
    assert sources(both, both) == [(1, 0, "nearly the same title")]


def test_each_pair_is_told_once_with_the_later_row_first() -> None:
    assert sources({}, APART, {}, {}) == [
        (2, 0, "nearly the same title"),
        (3, 0, "nearly the same title"),
        (3, 2, "nearly the same title"),
    ]


# --- Indicators ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Maternal death", "maternal death", "Death, maternal"])
def test_indicators_with_the_same_name_are_doubles(name: str) -> None:
    other = {"name": name, "definition": "Women who died"}
    assert indicators({}, other) == [(1, 0, "the same name")]


def test_indicators_with_the_same_definition_are_doubles() -> None:
    assert indicators({}, {"name": "Death of a mother"}) == [(1, 0, "the same definition")]


@pytest.mark.parametrize(
    "definition",
    [
        "Women who died during pregnancy or within 365 days of its end",
        "Women who died during pregnancy",
    ],
)
def test_indicators_with_another_name_and_definition_are_told_apart(definition: str) -> None:
    assert indicators({}, {"name": "Late maternal death", "definition": definition}) == []
