"""What the community brought beside what curators keep: whose row stands, and who is told."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evidence import review
from evidence.days import day_words, london_date
from evidence.derived import REFERRAL_RATE, REFERRALS
from evidence.models import Figure
from evidence.outcomes import EventKind, State
from evidence.publication import Programme, Publication, known, marked, row_digest
from evidence.strength import INCOMPLETE
from loaders.__main__ import main
from loaders.community import REDONE, digests_of, with_community
from loaders.derive import worked_out
from loaders.submissions import SuggestionStore
from loaders.submissions.published import Published
from loaders.submissions.tables import EventRow, PublishedRow
from loaders.tables import FIGURES
from tests.loaders.suggested import by_reviewer, figure, publish, source, suggestion

CORRECTED = "mat-001"


@pytest.fixture
def store(tmp_path):
    kept = SuggestionStore(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    kept.create()
    yield kept
    kept.close()


def cells_of(base, figure_id):
    row = base.figures[base.figures["figure_id"] == figure_id][FIGURES.columns].iloc[0]
    return row.astype(object).where(row.notna(), None).to_dict()


def correct(store, base, figure_id, *, old=False, **cells):
    """Publish a correction of a figure; an ``old`` one does not know what it replaced."""
    right = Figure(**cells_of(base, figure_id) | {"correction": "It was wrong."} | cells)
    replaces = None if old else digests_of(base.figures.query("figure_id == @figure_id"))[figure_id]
    made = Publication(figures=(right,), replaces=replaces)
    reference = store.add(suggestion(kind="correction", figure_id=figure_id)).reference
    publish(store, reference, made, known_of(base))
    return reference


def bring(store, base, **cells):
    """Publish a new figure; gives its reference number and its id."""
    reference = store.add(suggestion()).reference
    name = f"community-{store.get(reference).number}-1"
    cells = {"indicator_id": "maternal-death", "source_id": "community-report"} | cells
    sources = (source(),) if cells["source_id"] == "community-report" else ()
    made = Publication(figures=(figure(name, **cells),), sources=sources)
    publish(store, reference, made, known_of(base))
    return reference, name


def known_of(base):
    return known(base.figures, base.sources, base.indicators, base.areas, base.ethnic_groups)


def curated(base, figure_id, **cells):
    """The evidence base after curators changed a row."""
    figures = base.figures.copy()
    for name, value in cells.items():
        figures.loc[figures["figure_id"] == figure_id, name] = value
    return replace(base, figures=figures)


def value(base, figure_id):
    return base.figures.set_index("figure_id").at[figure_id, "value"]


def reopen(store, reference):
    store.step(reference, by_reviewer(EventKind.REOPENED))


# Whose row stands


def test_a_correction_holds_while_the_tables_have_the_row_that_it_was_made_for(store, base):
    correct(store, base, CORRECTED, value=3.5)
    then = with_community(base, store.published())
    assert value(then, CORRECTED) == 3.5
    assert then.notices == ()


def test_what_curators_changed_since_stands_and_they_are_told(store, base):
    correct(store, base, CORRECTED, value=3.5)
    then = with_community(curated(base, CORRECTED, value=3.1), store.published())
    assert value(then, CORRECTED) == 3.1
    (told,) = then.notices
    assert told.startswith(f"Suggestion 1 corrects {CORRECTED}, which was changed in the tables")


def test_curators_who_took_a_correction_in_are_not_told_of_it_again(store, base):
    correct(store, base, CORRECTED, value=3.5)
    taken = curated(base, CORRECTED, value=3.5, correction="It was wrong.")
    then = with_community(taken, store.published())
    assert value(then, CORRECTED) == 3.5
    assert then.notices == ()
    note = then.figures.set_index("figure_id").at[CORRECTED, "note"]
    assert not str(note).startswith("Suggested by"), "it is the curators' now"


def test_a_correction_of_a_row_that_curators_took_away_is_not_shown(store, base):
    correct(store, base, CORRECTED, value=3.5)
    without = replace(base, figures=base.figures[base.figures["figure_id"] != CORRECTED])
    then = with_community(without, store.published())
    assert CORRECTED not in set(then.figures["figure_id"])
    assert "is not in the tables any more" in then.notices[0]


def test_a_correction_from_before_digests_were_kept_goes_on_as_it_did(store, base):
    correct(store, base, CORRECTED, old=True, value=3.5)
    then = with_community(curated(base, CORRECTED, value=3.1), store.published())
    assert value(then, CORRECTED) == 3.5
    assert then.notices == ()


def test_a_figure_of_the_community_that_stands_in_the_tables_is_the_curators(store, base):
    _, name = bring(store, base)
    row = store.published().figures.iloc[0]
    joined = with_community(base, store.published())
    own = joined.figures[joined.figures["figure_id"] == name]
    for change, notices in (({}, 0), ({"value": 13.0}, 1)):
        with_it = pd.concat([base.figures, own.assign(note=None, **change)], ignore_index=True)
        then = with_community(replace(base, figures=with_it), store.published())
        assert (then.figures["figure_id"] == name).sum() == 1
        assert value(then, name) == change.get("value", row["value"])
        assert len(then.notices) == notices


def test_the_correction_of_a_figure_of_the_community_goes_with_it(store, base):
    reference, name = bring(store, base)
    joined = with_community(base, store.published())
    digest = store.published().digests[name]
    right = figure(
        name,
        indicator_id="maternal-death",
        source_id="community-report",
        value=9.0,
        correction="It was 12.5.",
    )
    second = store.add(suggestion(kind="correction", figure_id=name)).reference
    publish(store, second, Publication(figures=(right,), replaces=digest), known_of(joined))
    assert value(with_community(base, store.published()), name) == 9.0
    reopen(store, reference)
    then = with_community(base, store.published())
    assert name not in set(then.figures["figure_id"])
    assert len(then.notices) == 1
    reopen(store, second)
    assert with_community(base, store.published()).notices == ()


def test_of_two_corrections_the_one_that_was_published_last_holds(store, base):
    first = correct(store, base, CORRECTED, value=3.5)
    correct(store, base, CORRECTED, value=3.6)
    assert value(with_community(base, store.published()), CORRECTED) == 3.6
    reopen(store, first)
    again = review.prepared(store.get(first).events)
    store.step(first, by_reviewer(EventKind.PREPARED, publication=again), base=known_of(base))
    for kind in (EventKind.ACCEPTED, EventKind.PUBLISHED):
        store.step(first, by_reviewer(kind), base=known_of(base))
    assert value(with_community(base, store.published()), CORRECTED) == 3.5


# What can't be read


def spoil(store, reference, **cells):
    """Make the publication of a suggestion one that the checks refuse today."""
    with Session(store._engine) as session:
        out = session.scalars(select(PublishedRow).filter_by(reference=reference)).one()
        kept = json.loads(out.publication)
        kept["figures"][0] |= cells
        out.publication = json.dumps(kept)
        prepared = select(EventRow).filter_by(reference=reference, kind="prepared")
        session.scalars(prepared).one().content = json.dumps({"publication": kept})
        session.commit()


def test_one_publication_that_cannot_be_read_hides_no_other_and_is_told(store, base):
    bad, lost = bring(store, base)
    _, kept = bring(store, base, period="2021", source_id="mbrrace-2025-data-brief-2021-23")
    spoil(store, bad, value=120)
    found = store.published()
    assert list(found.figures["figure_id"]) == [kept]
    (told,) = found.notices
    assert "of suggestion 1 can't be read" in told
    assert "120 is not a percentage" in told
    then = with_community(base, found)
    assert lost not in set(then.figures["figure_id"])
    assert told in then.notices
    assert len(store.public_log()) == len(store.all()) == 2, "the log and the queue are there"
    assert store.get(bad).state is State.PUBLISHED
    reopen(store, bad)
    assert store.published().notices == ()


# What is worked out from a corrected figure


def bulk(base):
    figures = base.figures
    return figures[figures["record_id"].isna() & figures["calculation"].isna()]


def test_what_the_dashboard_works_out_again_is_what_the_tables_hold(base):
    """What is given to the formulas here gives the committed figures, to the last digit."""
    found = worked_out(bulk(base)[FIGURES.columns], base.population, base.areas)
    ours = base.figures[base.figures["calculation"].notna()][FIGURES.columns]
    assert digests_of(found) == digests_of(ours)


def test_a_rate_is_worked_out_again_from_a_corrected_count(store, base):
    rates = base.figures[base.figures["indicator_id"] == REFERRAL_RATE]
    counts = base.figures[base.figures["indicator_id"] == REFERRALS].set_index("figure_id")
    rate = rates[rates["value"].notna() & (rates["ethnic_group"] == "black")].iloc[0]
    of_it = rate["figure_id"].removeprefix("calc-").replace("-referral-rate-", "-referrals-")
    twice = 2 * float(counts.at[of_it, "value"])
    correct(store, base, of_it, value=twice)
    then = with_community(base, store.published())
    now = then.figures.set_index("figure_id")
    again = now.loc[rate["figure_id"]]
    assert again["numerator"] == twice
    assert again["value"] == round(1000 * twice / again["denominator"], 1)
    assert again["note"] == REDONE
    gap = then.gaps.set_index("figure_id").at[rate["figure_id"], "ratio"]
    before = base.gaps.set_index("figure_id").at[rate["figure_id"], "ratio"]
    assert gap == pytest.approx(2 * before, rel=0.01), "and so is its gap"
    others = now.drop([of_it, rate["figure_id"]])
    assert (others["note"] == REDONE).sum() == 0
    assert len(now) == len(base.figures)


def test_a_count_that_looks_incomplete_still_does_with_the_mark_before_its_note(base):
    rows = base.figures[
        base.figures["note"].str.startswith(INCOMPLETE, na=False) & base.figures["record_id"].isna()
    ]
    cells = cells_of(base, rows.iloc[0]["figure_id"]) | {"correction": "It was wrong."}
    shown = marked(Figure(**cells), base.released).model_dump(mode="json")
    new = Published(
        FIGURES.frame([shown]), base.sources.head(0), base.indicators.head(0), (), version=1
    )
    then = with_community(base, new)
    row = then.figures.set_index("figure_id").loc[cells["figure_id"]]
    assert row["note"].startswith("Suggested by the community")
    assert row["strength"] == rows.iloc[0]["strength"]
    assert row_digest(shown) == row_digest(cells)


# Programmes


def test_what_is_published_near_midnight_in_summer_has_londons_day_as_the_log_has(store):
    reference = store.add(suggestion()).reference
    publish(store, reference)
    with store._engine.begin() as connection:
        late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
        connection.execute(update(EventRow).values(at=late))
    assert "2 July 2026" in day_words(store.get(reference).events[-1].at)
    (note,) = store.published().figures["note"]
    assert "2 July 2026" in note


def test_programmes_are_exported_with_the_day_when_they_were_checked(store, tmp_path, monkeypatch):
    sent = {"source_title": "Hearts", "run_by": "A group", "statement": "Visits"}
    reference = store.add(suggestion(kind="programme", **sent)).reference
    made = Programme(name="Hearts", run_by="A group", does="@Visits", url="https://example.org")
    publish(store, reference, Publication(programme=made))
    (one,) = store.published().programmes
    assert (one.name, one.number, one.areas) == ("Hearts", 1, ())
    assert one.checked == london_date(store.get(reference).events[-1].at)
    monkeypatch.setenv("DATABASE_URL", str(store.url))
    assert main(["reviews", "export", str(tmp_path / "out")]) == 0
    with (tmp_path / "out/programmes.csv").open(encoding="utf-8", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert row["does"].lstrip("'") == "@Visits" != row["does"]
    assert row["note"].startswith("Suggested by the community, checked on")
