"""What is published fits the evidence base and says who suggested it and when."""

from dataclasses import replace
from datetime import date

import pytest

from evidence.publication import (
    Correction,
    Programme,
    Publication,
    faults,
    figure_id,
    mark,
    mark_in,
    marked,
    row_digest,
)
from evidence.submissions import Kind
from loaders.tables import FIGURES
from tests.loaders.suggested import BASE, figure, source

PROGRAMME = Programme(name="A", run_by="B", does="C", url="https://example.org")


def told(*figures, kind=Kind.STATISTIC, corrects=None, sources=()) -> str:
    made = Publication(figures=figures, sources=sources)
    return " ".join(faults(made, BASE, 7, kind, corrects))


def test_a_figure_that_refers_to_what_is_there_can_be_published():
    assert told(figure(figure_id(7))) == ""
    assert told(figure(figure_id(7, 1)), figure(figure_id(7, 2), ethnic_group="white")) == ""
    new = figure(figure_id(7), source_id="community-report")
    assert told(new, sources=(source(),)) == ""


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"figure_id": "community-8-1"}, "write community-7-1"),
        ({"figure_id": "mat-900"}, "write community-7-1"),
        ({"figure_id": "made-1"}, "write community-7-1"),
        ({"source_id": "nowhere"}, "There is no source nowhere"),
        ({"indicator_id": "nothing"}, "There is no indicator nothing"),
        ({"geography_code": "E09000099"}, "There is no area E09000099"),
        ({"geography_name": "Paris"}, "E12000007 is London"),
        ({"ethnic_group": "martian"}, "no ethnic group martian"),
        ({"record_id": "MAT-001"}, "comes of no gathered record"),
        (
            {"calculation": "a / b", "calculation_source_id": "made-source"},
            "only figures that are worked out here",
        ),
    ],
)
def test_a_figure_that_does_not_fit_is_told_what_is_wrong(cells, problem):
    assert problem in told(figure(cells.pop("figure_id", figure_id(7)), **cells))


def test_a_correction_takes_the_place_of_its_figure_and_says_what_it_was():
    right = figure("made-1", correction="It was 12.")
    assert told(right, kind=Kind.CORRECTION, corrects="made-1") == ""
    silent = told(figure("made-1"), kind=Kind.CORRECTION, corrects="made-1")
    assert "say what the figure was" in silent
    lost = told(figure("made-2", correction="x"), kind=Kind.CORRECTION, corrects="made-2")
    assert "There is no figure made-2" in lost


def test_a_source_that_is_there_or_that_nothing_uses_is_told():
    assert "already" in told(figure(figure_id(7)), sources=(source("made-source"),))
    assert "No figure uses" in told(figure(figure_id(7)), sources=(source(),))


def test_a_programme_is_published_as_a_programme_and_nothing_else_is():
    made = Publication(programme=PROGRAMME)
    assert faults(made, BASE, 7, Kind.PROGRAMME, None) == []
    assert faults(made, BASE, 7, Kind.STATISTIC, None)
    assert told(figure(figure_id(7)), kind=Kind.PROGRAMME)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"figures": (figure("a-1"),), "programme": PROGRAMME},
        {"figures": (figure("a-1"), figure("a-1"))},
    ],
)
def test_nothing_both_or_the_same_twice_is_no_publication(parts):
    with pytest.raises(ValueError, match=r"Give at least one|same figure_id"):
        Publication(**parts)


def test_the_mark_stands_before_the_note_and_is_read_from_there():
    checked = date(2026, 11, 3)
    shown = marked(figure("a-1", note="Table 2."), checked)
    assert shown.note == "Suggested by the community, checked on 3 November 2026. Table 2."
    assert mark_in(shown.note) == mark(checked)
    for other in (None, float("nan"), "Table 2.", "He said: suggested by the community"):
        assert mark_in(other) is None


def test_a_row_has_one_digest_from_a_table_and_from_a_figure_marked_or_not():
    made = figure("a-1", note="Table 2.", lower=12, upper=13.25)
    plain = row_digest(made.model_dump(mode="json"))
    shown = marked(made, date(2026, 11, 3)).model_dump(mode="json")
    assert row_digest(shown) == plain
    (row,) = FIGURES.frame([shown]).to_dict("records")
    assert row_digest(row) == plain
    assert row_digest(row | {"a column of tomorrow": 1}) == plain
    for change in ({"value": 12.51}, {"note": "Table 3."}, {"ethnic_group": "white"}):
        assert row_digest(row | change) != plain


def test_a_correction_of_a_figure_that_changed_since_has_to_be_prepared_again():
    right = Publication(
        figures=(figure("made-1", correction="It was 12."),), replaces="0123456789ab"
    )
    now = replace(BASE, digest_of=lambda name: "0123456789ab")
    assert faults(right, now, 7, Kind.CORRECTION, "made-1") == []
    (told,) = faults(
        right, replace(BASE, digest_of=lambda name: "ffff56789abc"), 7, Kind.CORRECTION, "made-1"
    )
    assert told == "The figure made-1 was changed since this was prepared. Prepare it anew."
    assert faults(right, BASE, 7, Kind.CORRECTION, "made-1") == [], "where it is not known"


@pytest.mark.parametrize(
    ("prepared_by", "undoes"), [(None, False), (11, True), (12, False), (13, False)]
)
def test_a_correction_undoes_no_later_one(prepared_by, undoes):
    right = Publication(figures=(figure("made-1", correction="It was 12."),))
    now = replace(BASE, corrections={"made-1": Correction(5, event_id=12)})
    found = faults(right, now, 7, Kind.CORRECTION, "made-1", prepared_by)
    told = "The figure made-1 was corrected by suggestion 5 since this was prepared."
    assert found == ([f"{told} Prepare it anew."] if undoes else [])


def test_a_source_that_stands_only_as_a_copy_may_be_brought_again():
    new = Publication(figures=(figure(figure_id(7)),), sources=(source("made-source"),))
    assert "already" in " ".join(faults(new, BASE, 7, Kind.STATISTIC, None))
    lent = replace(BASE, lent=frozenset({"made-source"}))
    assert faults(new, lent, 7, Kind.STATISTIC, None) == []
