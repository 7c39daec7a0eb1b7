"""How a source is cited."""

import re

import pytest

from evidence.citations import citation, doubt, seen, short_citation

PAPER = {
    "title": "Common mental disorders in England.",
    "authors": "Ahmad G, McManus S",
    "publisher": "British Journal of Psychiatry",
    "published": "2022-03-01",
    "url": "https://example.org/paper",
    "accessed": "2026-11",
    "reported_by": None,
}


def test_a_paper_is_cited_by_its_authors_year_title_journal_and_address():
    assert citation(PAPER) == (
        "Ahmad G, McManus S (2022). Common mental disorders in England. British Journal of "
        "Psychiatry. https://example.org/paper (seen 2026-11)."
    )


def test_a_body_that_is_author_and_publisher_is_named_once():
    assert citation(PAPER | {"authors": float("nan")}) == (
        "British Journal of Psychiatry (2022). Common mental disorders in England. "
        "https://example.org/paper (seen 2026-11)."
    )
    assert citation(PAPER | {"authors": PAPER["publisher"]}).count(PAPER["publisher"]) == 1


def test_who_reported_a_source_at_second_hand_is_said():
    second = PAPER | {"reported_by": "FaithAction"}
    assert "As reported by FaithAction." in citation(second)
    assert short_citation(second) == (
        "British Journal of Psychiatry, 2022, as reported by FaithAction"
    )


def test_a_date_that_is_not_stated_is_said_to_be():
    undated = PAPER | {"published": "not stated"}
    assert "(date not stated)" in citation(undated)
    assert short_citation(undated) == "British Journal of Psychiatry, date not stated"


def test_every_source_in_the_tables_can_be_cited_in_full(base):
    for source in base.sources.to_dict("records"):
        text = citation(source)
        assert source["url"] in text
        assert source["publisher"] in text
        assert str(source["title"]).rstrip(".") in text
        assert source["accessed"] in text
        assert re.search(r"\((\d{4}|date not stated)\)\. ", text), text
        assert not re.search(r"\bnan\b|\bNone\b|  |\.\.(?!\.)", text), text
        assert source["publisher"] in short_citation(source)


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        ("primary", "Seen at the publisher"),
        ("secondary", "Seen quoted or copied elsewhere"),
        ("seed", "Printed in a founding document, source not given"),
    ],
)
def test_how_near_to_its_publisher_a_figure_was_seen_is_said_in_words(confidence, words):
    assert seen(confidence) == words


def test_a_copy_is_called_a_copy_in_short_and_named_in_full():
    copy = PAPER | {"reported_by": "the public repository someone/something (a copy)"}
    assert short_citation(copy) == "British Journal of Psychiatry, 2022, read from a copy"
    assert "someone/something" in citation(copy)


def test_a_copy_or_a_report_is_told_once(base):
    reported = base.sources[base.sources["reported_by"].notna()].iloc[0].to_dict()
    own = base.sources[base.sources["reported_by"].isna()].iloc[0].to_dict()
    assert re.search("read from a copy|as reported by", short_citation(reported))
    assert doubt(reported, "secondary") == ""
    assert doubt(own, "secondary") == "Seen quoted or copied elsewhere"
    assert doubt(reported, "seed") == seen("seed"), "what is unsure of the figure itself stays"
    assert doubt(own, "primary") == ""
