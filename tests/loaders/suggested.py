"""Suggestions, steps and publications that the tests of the store share."""

from evidence.models import Figure, Source
from evidence.outcomes import DeclineReason, EventKind, Role
from evidence.publication import Known, Publication
from evidence.review import Step
from evidence.submissions import Suggestion, check

REVIEWERS = ("ama@example.org", "bo@example.org")

BASE = Known(
    sources=frozenset({"made-source"}),
    indicators=frozenset({"infant-death"}),
    groups=frozenset({"black", "white"}),
    figures=frozenset({"made-1"}),
    areas={"E12000007": ("London", "london")},
)


def suggestion(**answers: str) -> Suggestion:
    checked = check({"statement": "A number", "source_title": "A report"} | answers)
    assert isinstance(checked, Suggestion), checked
    return checked


def figure(figure_id: str, **cells: object) -> Figure:
    return Figure.model_validate(
        {
            "indicator_id": "infant-death",
            "geography_level": "london",
            "geography_code": "E12000007",
            "geography_name": "London",
            "period": "2022",
            "age": "all",
            "sex": "all",
            "ethnic_group": "black",
            "ethnic_group_label": "as printed",
            "measure": "percentage",
            "value": 12.5,
            "unit": "%",
            "standardisation": "crude",
            "source_id": "made-source",
            "confidence": "primary",
        }
        | cells
        | {"figure_id": figure_id}
    )


def source(source_id: str = "community-report", **cells: object) -> Source:
    return Source.model_validate(
        {
            "source_id": source_id,
            "title": "A report made for tests",
            "publisher": "Made for tests",
            "published": "2023",
            "kind": "community-research",
            "url": "https://www.example.org/report",
            "licence": "not stated",
            "accessed": "2026-11",
        }
        | cells
    )


def by_reviewer(kind: EventKind, who: str = REVIEWERS[0], **content: object) -> Step:
    words = {
        EventKind.NOTED: "I looked",
        EventKind.CLEARED: "It is an office number",
        EventKind.HELD: "It names a neighbour",
        EventKind.PUT_RIGHT: "The title of the source was the old one",
        EventKind.ASKED: "Which page?",
        EventKind.DECLINED: "The report gives another number",
        EventKind.MERGED: "It is the same table",
        EventKind.REOPENED: "The source was mended",
        EventKind.CORRECTED: "As the report has it",
    }.get(kind)
    if kind is EventKind.DECLINED:
        content.setdefault("reason", DeclineReason.CONTRADICTED)
    if kind is EventKind.HELD:
        content.setdefault("answers", ("statement",))
    return Step.model_validate(
        {"kind": kind, "role": Role.REVIEWER, "who": who, "words": words} | content
    )


def by_sender(kind: EventKind, **content: object) -> Step:
    return Step.model_validate({"kind": kind, "role": Role.SENDER, "words": "My words"} | content)


def publication(number: int, **cells: object) -> Publication:
    """A figure of a suggestion; no two suggestions have the same finding."""
    return Publication(figures=(figure(f"community-{number}-1", **{"age": f"{number}"} | cells),))


def publish(store, reference: str, made: Publication | None = None, base: Known = BASE):
    """Take a suggestion from its receipt to its publication."""
    now = store.get(reference)
    made = made or publication(now.number)
    for wanted in (
        by_reviewer(EventKind.TAKEN),
        by_reviewer(EventKind.PREPARED, publication=made),
        by_reviewer(EventKind.ACCEPTED),
        by_reviewer(EventKind.PUBLISHED),
    ):
        now = store.step(reference, wanted, now.last, base)
    return now
