"""How strong the evidence of a figure is: five questions, and the word that follows from them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from evidence.limits import LimitsFrom
from evidence.strength import INCOMPLETE, QUESTIONS, UNIDENTIFIED, Strength, add_strength, answers
from loaders.tables import SOURCES

THIS_YEAR = 2026
KINDS = {
    "official-statistics": True,
    "national-audit": True,
    "peer-reviewed": True,
    "preprint": False,
    "nhs-report": False,
    "government-report": False,
    "council-report": False,
    "charity-report": False,
    "community-research": False,
    "news": False,
}
SOURCE = {
    "title": "Made",
    "publisher": "Made",
    "published": "2024",
    "url": "https://example.org/",
    "licence": "not stated",
    "accessed": "2026",
}
WEAKEST: dict[str, Any] = {
    "source_id": "news",
    "geography_level": "england",
    "year": 2015,
    "history": False,
    "limits_from": LimitsFrom.NONE,
    "note": None,
    "confidence": "secondary",
    "qualifier": None,
    "value": 5.0,
}
"""A figure of which every question is answered no."""

YES: dict[str, dict[str, Any]] = {
    "good_source": {"source_id": "peer-reviewed"},
    "in_london": {"geography_level": "london"},
    "recent": {"year": 2024},
    "has_limits": {"limits_from": LimitsFrom.COUNTS},
    "seen_at_publisher": {"confidence": "primary"},
}
"""What answers each question yes."""


def answered(*cells: dict[str, Any]) -> pd.DataFrame:
    """Figures of a few cells each, with their strength."""
    sources = SOURCES.frame([{**SOURCE, "source_id": kind, "kind": kind} for kind in KINDS])
    frame = pd.DataFrame([{**WEAKEST, **some} for some in cells])
    frame["year"] = frame["year"].astype("Int64")
    return add_strength(frame, sources, this_year=THIS_YEAR)


def answered_yes(*questions: str) -> dict[str, Any]:
    return {name: cell for question in questions for name, cell in YES[question].items()}


def strength_of(*questions: str, **more: Any) -> str | None:
    found = answered({**answered_yes(*questions), **more})["strength"].iloc[0]
    return None if pd.isna(found) else str(found)


# --- The questions ---------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_is_answered_by_its_own_cell_alone(question: str) -> None:
    row = answered(answered_yes(question)).iloc[0]
    assert {name for name in QUESTIONS if row[name]} == {question}


def test_every_question_has_a_column_of_yes_and_no() -> None:
    assert set(QUESTIONS) == set(YES)
    found = answered(WEAKEST, answered_yes(*QUESTIONS))[list(QUESTIONS)]
    assert set(found.dtypes.astype(str)) == {"bool"}
    assert found.sum(axis=1).tolist() == [0, 5]


def test_the_answers_of_one_figure_are_told_by_question() -> None:
    row = answered(answered_yes("in_london", "recent")).iloc[0].to_dict()
    assert answers(row) == {
        "good_source": False,
        "in_london": True,
        "recent": True,
        "has_limits": False,
        "seen_at_publisher": False,
    }


@pytest.mark.parametrize(("kind", "good"), KINDS.items())
def test_good_sources_are_those_checked_before_they_are_published(kind: str, good: bool) -> None:
    assert answered({"source_id": kind})["good_source"].tolist() == [good]


@pytest.mark.parametrize(
    ("level", "inside"),
    [
        ("borough", True),
        ("icb", True),
        ("subregion", True),
        ("london", True),
        ("region", False),
        ("england", False),
        ("england-and-wales", False),
        ("uk", False),
    ],
)
def test_london_is_its_boroughs_its_parts_and_the_whole(level: str, inside: bool) -> None:
    assert answered({"geography_level": level})["in_london"].tolist() == [inside]


@pytest.mark.parametrize(("year", "recent"), [(2018, False), (2019, True), (2026, True)])
def test_data_is_recent_for_seven_years_and_the_question_says_so(year: int, recent: bool) -> None:
    assert answered({"year": year})["recent"].tolist() == [recent]
    assert "7 years" in QUESTIONS["recent"]


def test_data_whose_year_is_not_stated_is_not_recent() -> None:
    row = answered({"year": None}, {"year": 2024})
    assert row["recent"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("origin", "has"),
    [
        (LimitsFrom.SOURCE, True),
        (LimitsFrom.COUNTS, True),
        (LimitsFrom.ROUNDED_COUNTS, True),
        (LimitsFrom.NONE, False),
    ],
)
def test_limits_count_wherever_they_come_from(origin: LimitsFrom, has: bool) -> None:
    assert answered({"limits_from": origin})["has_limits"].tolist() == [has]


@pytest.mark.parametrize(
    ("confidence", "seen"), [("primary", True), ("secondary", False), ("seed", False)]
)
def test_only_what_was_read_at_its_publisher_was_seen_there(confidence: str, seen: bool) -> None:
    assert answered({"confidence": confidence})["seen_at_publisher"].tolist() == [seen]


# --- The word --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yes", "strength"),
    [
        ((), "limited"),
        (("good_source", "recent"), "limited"),
        (("in_london", "recent"), "limited"),
        (("good_source", "in_london", "recent"), "fair"),
        (("in_london", "recent", "has_limits"), "fair"),
        (("in_london", "recent", "has_limits", "seen_at_publisher"), "fair"),
        (("good_source", "recent", "has_limits", "seen_at_publisher"), "strong"),
        (("good_source", "in_london", "recent", "has_limits"), "strong"),
        (tuple(QUESTIONS), "strong"),
    ],
)
def test_the_word_follows_from_how_many_questions_are_met(
    yes: tuple[str, ...], strength: str
) -> None:
    assert strength_of(*yes) == strength


def test_a_softened_number_is_limited_whatever_else_is_known_of_it() -> None:
    assert strength_of(*QUESTIONS, qualifier="almost") == "limited"


def test_records_that_look_incomplete_are_limited_whatever_else_is_known_of_them() -> None:
    assert strength_of(*QUESTIONS, note=f"{INCOMPLETE}: referrals fell.") == "limited"
    assert strength_of(*QUESTIONS, note="Rounded by the source.") == "strong"


def test_a_paper_that_nobody_can_look_up_is_no_good_source() -> None:
    found = SOURCES.frame(
        [{**SOURCE, "source_id": "lost", "kind": "peer-reviewed", "publisher": UNIDENTIFIED[0]}]
    )
    frame = pd.DataFrame([{**WEAKEST, "source_id": "lost"}]).astype({"year": "Int64"})
    assert not add_strength(frame, found, this_year=THIS_YEAR)["good_source"].iloc[0]


def test_data_from_before_2010_is_history_whatever_else_is_known_of_it() -> None:
    assert strength_of(*QUESTIONS, history=True) == "history"
    assert strength_of(history=True) == "history"
    assert strength_of(*QUESTIONS, history=True, qualifier="almost") == "history"


@pytest.mark.parametrize("more", [{}, {"history": True}, {"qualifier": "almost"}])
def test_a_blank_bears_nothing(more: dict[str, Any]) -> None:
    assert strength_of(*QUESTIONS, value=None, **more) is None


def test_strength_goes_to_the_row_it_belongs_to_and_changes_no_other_column() -> None:
    cells = [answered_yes(*QUESTIONS), {"history": True}, WEAKEST, {"value": None}]
    frame = answered(*cells)
    shuffled = frame.drop(columns=[*QUESTIONS, "strength"]).iloc[[2, 0, 3, 1]]
    sources = SOURCES.frame([{**SOURCE, "source_id": kind, "kind": kind} for kind in KINDS])
    again = add_strength(shuffled, sources, this_year=THIS_YEAR)
    pd.testing.assert_frame_equal(again.sort_index(), frame)
    assert frame["strength"].fillna("none").tolist() == ["strong", "history", "limited", "none"]


@pytest.mark.parametrize(
    ("strength", "label", "told"),
    [
        (Strength.STRONG, "Strong", "Four or five"),
        (Strength.FAIR, "Fair", "Three"),
        (Strength.LIMITED, "Limited", "softens its number"),
        (Strength.HISTORY, "History (before 2010)", "before 2010"),
    ],
)
def test_each_strength_has_a_label_and_a_rule(strength: Strength, label: str, told: str) -> None:
    assert strength.label == label
    assert told in strength.rule


def test_strengths_stand_in_order_of_the_weight_they_bear() -> None:
    assert [strength.value for strength in Strength] == ["strong", "fair", "limited", "history"]
