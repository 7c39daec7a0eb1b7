"""What is published of suggestions is on every page it belongs to, and goes from all at once."""

import json
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from evidence.downloads import download_csv
from evidence.outcomes import EventKind
from evidence.publication import Programme, Publication, known, mark
from loaders.community import with_community
from loaders.submissions import SuggestionStore
from loaders.submissions.tables import PublishedRow
from loaders.tables import FIGURES
from pages.shared import community, data
from pages.shared.review_preview import preview
from tests.loaders.suggested import by_reviewer, figure, publish, source, suggestion

PAGES = Path(__file__).resolve().parents[2] / "pages"
PLACE = {
    "geography_level": "borough",
    "geography_code": "E09000022",
    "geography_name": "Lambeth",
}
SET = PLACE | {
    "indicator_id": "stillbirth",
    "source_id": "community-report",
    "period": "2025",
    "measure": "rate",
    "unit": "per 1,000 births",
}
GROUPS = (
    {"ethnic_group": "black", "value": 8.1, "lower": 6.2, "upper": 10.4},
    {"ethnic_group": "white", "value": 3.1, "lower": 2.4, "upper": 4.0},
)


@pytest.fixture
def store(tmp_path, monkeypatch):
    address = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setattr(data, "STAMP_FOR", 0)
    monkeypatch.setattr(community, "LOOK_AFTER", 0)
    monkeypatch.setattr(community, "REST", 0)
    monkeypatch.setattr(community, "PATIENCE", 60)
    kept = SuggestionStore(address)
    kept.create()
    yield kept
    kept.close()


def publish_set(store):
    """Publish a set of two groups; gives its reference number and the ids of its figures."""
    base = data.evidence_base()
    reference = store.add(suggestion()).reference
    number = store.get(reference).number
    ids = [f"community-{number}-{count}" for count in (1, 2)]
    figures = tuple(figure(i, **SET | cells) for i, cells in zip(ids, GROUPS, strict=True))
    tables = known(base.figures, base.sources, base.indicators, base.areas, base.ethnic_groups)
    publish(store, reference, Publication(figures=figures, sources=(source(),)), tables)
    return reference, ids


def publish_years(store):
    """Publish a set of two groups over two periods; gives its reference number."""
    base = data.evidence_base()
    reference = store.add(suggestion()).reference
    number = store.get(reference).number
    years = [(year, cells) for year in ("2024", "2025") for cells in GROUPS]
    figures = tuple(
        figure(f"community-{number}-{count}", **SET | cells | {"period": year})
        for count, (year, cells) in enumerate(years, 1)
    )
    tables = known(base.figures, base.sources, base.indicators, base.areas, base.ethnic_groups)
    publish(store, reference, Publication(figures=figures, sources=(source(),)), tables)
    return reference


def publish_programme(store, **cells):
    """Publish a programme; gives its reference number."""
    made = {"name": "Hearts", "run_by": "A group", "does": "Visits"} | cells
    sent = {"source_title": made["name"], "run_by": "A group"}
    reference = store.add(suggestion(kind="programme", **sent)).reference
    programme = Programme(url="https://www.example.org/", **made)
    publish(store, reference, Publication(programme=programme))
    return reference


def run(page, **address):
    test = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=300)
    for name, value in address.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, test.exception
    return test


def told(page, **address):
    """All the HTML of a page, as people read it."""
    return told_in(run(page, **address))


def told_in(test):
    """All the HTML of a page that is open, as people read it."""
    blocks = [str(block.proto.body) for block in test.get("html")]
    return unescape(" ".join([*blocks, *(str(each.value) for each in test.text)]))


def today():
    return mark(datetime.now(UTC).date())[:-1]


# A figure, on every page


TOPIC = "Maternity and early childhood"
WHERE = {
    "the borough's page": ("boroughs", {"borough": "Lambeth"}),
    "the disease area's page": (
        "disease_areas",
        {"area": TOPIC, "indicator": "Stillbirth", "place": "Lambeth"},
    ),
    "the library": ("library", {"place": "Lambeth", "q": "stillbirth"}),
    "the figure's own page": ("library", {"figure": None}),
    "the map": ("maps", {"area": TOPIC, "indicator": "Stillbirth"}),
    "the widest gaps": (
        "explorer",
        {"area": TOPIC, "near": "Boroughs", "list": "Every comparison"},
    ),
}


def test_a_published_set_is_on_every_page_with_its_mark_and_goes_from_all_at_once(store):
    gaps = {"borough": "Lambeth", "area": TOPIC}
    before = told("gap_map", **gaps)
    reference, ids = publish_set(store)
    seen = {}
    for where, (page, asked) in WHERE.items():
        address = {name: value or ids[0] for name, value in asked.items()}
        seen[where] = (page, address)
        text = told(page, **address)
        assert "Made for tests" in text or page == "explorer", where
        assert re.search(r"8\.1|2\.61|2\.6 times", text), where
        assert today() in text, where
    assert told("gap_map", **gaps) != before, "the cell counts two figures more"
    base = data.evidence_base()
    rows = data.with_gaps().set_index("figure_id", drop=False).loc[ids]
    assert list(rows["verdict"].notna()) == [True, False], "one is the reference of the other"
    assert set(rows["strength"].notna()) == {True}
    written = download_csv(rows, base.indicators, base.sources, base.groups).decode("utf-8-sig")
    assert written.count(today()) == 2
    assert "A report made for tests" in written
    store.step(reference, by_reviewer(EventKind.REOPENED))
    for where, (page, address) in seen.items():
        if where == "the map":
            continue  # no other borough has this indicator, so the map opens another
        text = told(page, **address)
        assert "Made for tests" not in text, where
        assert today() not in text, where
    assert told("gap_map", **gaps) == before
    assert not set(ids) & set(data.evidence_base().figures["figure_id"])


def test_a_published_set_over_two_periods_is_followed_over_the_years_in_every_window(store):
    years = {
        "area": TOPIC,
        "indicator": "Stillbirth",
        "place": "Lambeth",
        "show": "Over the years",
    }
    assert "Made for tests" not in told("disease_areas", **years)
    reference = publish_years(store)
    windows = [run("disease_areas", **years) for _ in range(2)]
    for text in map(told_in, windows):
        followed = text[text.index("Stillbirth over the years</h3>") :]
        table = followed[followed.index("<tbody>") : followed.index("</tbody>")]
        rows = table.split("<tr>")[1:]
        shown = [re.sub(r"<[^>]+>", " ", row).split() for row in rows]
        assert [each[:3] for each in shown] == [
            ["2024", "Black", "8.1"],
            ["2024", "White", "3.1"],
            ["2025", "Black", "8.1"],
            ["2025", "White", "3.1"],
        ]
        assert all(today() in row for row in rows), "each figure has its mark"
        assert "Made for tests" in followed[: followed.index("<table>")]
    store.step(reference, by_reviewer(EventKind.REOPENED))
    for window in windows:
        text = told_in(window.run())
        assert not window.exception, window.exception
        assert "Made for tests" not in text
        assert today() not in text


def test_a_correction_can_be_seen_before_it_is_published_whatever_the_tables_have(base):
    row = base.figures[base.figures["figure_id"] == "mat-001"][FIGURES.columns].iloc[0]
    cells = row.drop("figure_id").astype(object).where(row.notna(), None).to_dict()
    cells |= {"value": 3.5}
    right = Publication(
        figures=(figure("mat-001", **cells | {"correction": "Wrong."}),), replaces="0" * 12
    )
    assert "3.5" in preview(right, data.Tables(base))


# Programmes


def test_a_programme_without_a_topic_or_a_place_is_found_and_says_where_it_acts(store):
    publish_programme(store)
    text = told("programmes")
    assert "1 programme." in text
    assert "No single health topic · All of London" in text
    assert today() in text
    assert "run by A group" in text
    assert "https://www.example.org/" in text
    borough = told("boroughs", borough="Barnet")
    assert "Those for all of London say so." in borough
    assert "Hearts" in borough


def test_programmes_are_found_by_topic_and_borough_and_go_at_once_when_reopened(store):
    here = publish_programme(
        store,
        name="Births",
        disease_area="maternity",
        areas=("Lambeth",),
        outcomes="More visits",
        ethnic_group="black",
    )
    publish_programme(store, name="Advice")
    both = told("programmes")
    assert both.index("Advice") < both.index("Births"), "by name"
    assert "What it reports: More visits" in both
    assert "Lambeth · For people from Black ethnic groups" in both
    lambeth = told("boroughs", borough="Lambeth")
    assert lambeth.index("<strong>Births") < lambeth.index("<strong>Advice"), "its own first"
    assert "<strong>Births" not in told("boroughs", borough="Barnet")
    assert "<strong>Births" in told("disease_areas", area=TOPIC)
    assert "<strong>Births" not in told("disease_areas", area="Mental health")
    assert "1 programme, 1 of them for all of London." in told("programmes", borough="Barnet")
    test = run("programmes", area=TOPIC, borough="Barnet")
    assert not test.get("download_button")
    store.step(here, by_reviewer(EventKind.REOPENED))
    assert "<strong>Births" not in told("programmes")
    assert [each.name for each in data.programmes()] == ["Advice"]


def test_a_published_programme_is_found_from_its_answer_and_from_its_log_entry(store):
    reference = publish_programme(store)
    way = '<a href="programmes" target="_self">Programme in “What is being done”</a>'
    twin = store.add(suggestion(kind="programme", source_title="Hearts", run_by="A group"))
    store.step(twin.reference, by_reviewer(EventKind.MERGED, into=reference))
    assert told("answers").count(way) == 2, "its own entry, and that of the one merged into it"
    assert f"See what we published: {way}" in told("follow", reference=reference)
    assert way in told("follow", reference=twin.reference)
    store.step(reference, by_reviewer(EventKind.REOPENED))
    assert way not in told("answers")
    assert "See what we published" not in told("follow", reference=reference)


def test_without_programmes_the_page_says_so_and_asks_for_them(store):
    text = told("programmes")
    assert "Nobody has told us of a programme yet." in text
    assert "That does not mean that nothing is being done." in text


# What goes wrong


def test_one_publication_that_cannot_be_read_takes_no_page_down_and_curators_are_told(store):
    bad, lost = publish_set(store)
    with Session(store._engine) as session:
        out = session.scalars(select(PublishedRow).filter_by(reference=bad)).one()
        kept = json.loads(out.publication)
        kept["figures"][0]["value"] = -1
        out.publication = json.dumps(kept)
        session.commit()
    publish_programme(store)
    assert not data.community_is_missing()
    assert not set(lost) & set(data.evidence_base().figures["figure_id"])
    assert [each.name for each in data.programmes()] == ["Hearts"]
    footer = AppTest.from_function(_footer, default_timeout=300).run()
    assert "can't be read and is left out" in footer.text[0].value
    assert "curators" in footer.expander[0].label


def _footer():
    from pages.shared.layout import footer  # noqa: PLC0415

    footer()


def test_a_suggestion_that_cannot_be_joined_takes_no_other_with_it(store, base, monkeypatch):
    first, _ = publish_set(store)
    number = store.get(first).number

    def fails(on, published):
        if f"community-{number}-1" in set(published.figures["figure_id"]):
            raise RuntimeError("It can't be joined")
        return with_community(on, published)

    monkeypatch.setattr(community, "with_community", fails)
    found = store.published()
    other = found.figures.assign(
        figure_id=[f"community-{number + 100}-{count}" for count in (1, 2)], period="2024"
    )
    both = replace(found, figures=data.pd.concat([found.figures, other], ignore_index=True))
    then = community.joined(base, both)
    new = set(then.figures["figure_id"]) - set(base.figures["figure_id"])
    assert new == set(other["figure_id"])
    assert f"suggestion {number} can't be joined" in then.notices[-1]


def test_any_failure_is_logged_and_the_next_look_tries_again(store, monkeypatch, caplog):
    publish_set(store)
    watch = community.Watch(str(store.url))
    look, fails = watch._look_once, [RuntimeError("no reason"), KeyError("x"), MemoryError()]

    def sometimes():
        if fails:
            raise fails.pop()
        return look()

    monkeypatch.setattr(watch, "_look_once", sometimes)
    assert [watch.now().trouble for _ in range(3)] == [True] * 3
    assert sum("can't be read" in record.message for record in caplog.records) == 3
    assert len(watch.now().published.figures) == 2
    assert not watch.now().trouble


def test_where_no_thread_can_be_started_it_is_tried_again(store, monkeypatch):
    publish_set(store)
    watch = community.Watch(str(store.url))

    def none_left(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", none_left)
        assert watch.now().trouble
    assert len(watch.now().published.figures) == 2


def test_a_look_that_never_comes_back_is_given_up_and_another_one_begins(store, monkeypatch):
    publish_set(store)
    watch = community.Watch(str(store.url))
    look, late, hangs = watch._look_once, threading.Event(), [True]

    def hangs_once():
        if hangs:
            hangs.pop()
            late.wait(60)
            return community.Seen("late")
        return look()

    monkeypatch.setattr(watch, "_look_once", hangs_once)
    with monkeypatch.context() as short:
        short.setattr(community, "PATIENCE", 0.05)
        assert watch.now().trouble
        assert watch.now().trouble, "it is not given up at once"
    monkeypatch.setattr(community, "GIVE_UP", 0)
    (stuck,) = [one for one in threading.enumerate() if one.name == "community"]
    assert len(watch.now().published.figures) == 2
    late.set()
    stuck.join(60)
    assert watch.now().key != "late"
    assert not watch.now().trouble


def test_a_database_that_is_made_anew_in_the_same_place_is_read_anew(store, tmp_path):
    publish_set(store)
    watch = community.Watch(str(store.url))
    assert len(watch.now().published.figures) == 2
    opened = community.suggestion_store()
    for file in tmp_path.glob("kept.sqlite3*"):
        file.unlink()
    assert watch.now() == community.Seen()
    fresh = community.suggestion_store()
    assert fresh is not opened
    assert fresh.count() == 0
    reference, _ = publish_set(fresh)
    assert watch.now().published.version == fresh.version()
    assert community.suggestion_store().get(reference) is not None
