"""Whatever people write in whichever field, pages show its letters and spreadsheets its text."""

import csv
import io
from html import escape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from evidence.attachments import examine
from evidence.models import Figure, Indicator, Source
from evidence.outcomes import DeclineReason, EventKind, Role
from evidence.publication import Programme, Publication
from evidence.review import Step
from evidence.submissions import FORMS, FREE_TEXT, Kind, Suggestion, check, clean
from evidence.typed import safe_cell, starts_formula
from loaders.submissions import SuggestionStore
from pages.shared import community, data
from pages.shared.html import markdown_text
from pages.shared.review_actions import DO
from pages.shared.review_draft import Draft, check_draft, of_publication
from pages.shared.review_steps import known_now
from pages.shared.suggestion_store import limits
from tests.pages.payloads import EVERYTHING, LONG_WORD, MEANT, PAYLOADS, harmless, in_charts

PAGES = Path(__file__).resolve().parents[2] / "pages"
KEPT = clean(EVERYTHING, lines=False)
LAMBETH = "E09000022"


def suggested(store, kind=Kind.STATISTIC, **more):
    """A suggestion of a kind with every payload in every field of people's own words."""
    free = {name: EVERYTHING for name in FORMS[kind].fields if name in FREE_TEXT}
    given = {
        "kind": kind,
        "source_url": "https://www.example.org/?a=1&b='2'",
        "disease_area": "maternity",
        "geography_code": LAMBETH,
        "figure_id": "mat-011",
        "contact": "a@example.org",
    }
    made = check(given | free | more)
    assert isinstance(made, Suggestion), made
    file = examine(f"{PAYLOADS['script']}{PAYLOADS['order']}.csv", b"group,rate\n=1+1,2\n")
    return store.add(made, files=[file]).reference


def stepped(store, reference, kind, role=Role.REVIEWER, **holds):
    who = f"bo@example.org {PAYLOADS['script']}" if role is Role.REVIEWER else None
    store.step(reference, Step(kind=kind, role=role, who=who, **holds), base=known_now())


def figures(number: int) -> Publication:
    """Two figures with a source and an indicator of their own, payloads in every text."""
    text = f"{EVERYTHING} {number}"
    draft = Draft(
        common={
            "indicator_id": "+new",
            "source_id": "+new",
            "geography_code": LAMBETH,
            "period": text,
            "age": text,
            "sex": "all",
            "population": text,
            "adjusted_for": text,
            "measure": "rate",
            "unit": text,
            "standardisation": "not-stated",
            "confidence": "secondary",
            "note": text,
            "comparator_label": text,
        },
        groups=[
            {"ethnic_group": code, "ethnic_group_label": text, "value": value, "numerator": count,
             "denominator": "1000"}
            for code, value, count in (("black", "61", "61"), ("white", "32", "32"))
        ],
        source={
            "title": text,
            "authors": text,
            "publisher": text,
            "published": "2026",
            "kind": "community-research",
            "url": "https://www.example.org/?a=%22&b='2'",
            "licence": text,
            "accessed": "2026-03-14",
            "note": text,
        },
        indicator={
            "name": text,
            "disease_area": "maternity",
            "life_stage": "starting-well",
            "definition": text,
            "measure": "rate",
            "unit": text,
            "direction": "higher-is-worse",
            "people": text.replace("{", "(").replace("}", ")"),
            "outcome": text,
            "phrase": "it holds {value} and {people} " + KEPT.replace("{", "(").replace("}", ")"),
            "caveats": text,
        },
    )  # fmt: skip
    made, errors = check_draft(draft, Kind.STATISTIC, number, None, known_now())
    assert made is not None, errors
    return made


def publish(store, reference, publication):
    for kind, holds in (
        (EventKind.TAKEN, {"words": EVERYTHING}),
        (EventKind.PREPARED, {"publication": publication, "words": EVERYTHING}),
        (EventKind.ACCEPTED, {"words": EVERYTHING}),
        (EventKind.PUBLISHED, {"words": EVERYTHING}),
    ):
        stepped(store, reference, kind, **holds)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A database in which every field of every suggestion and review holds every payload.

    Gives the reference number of each suggestion by what became of it.
    """
    patch = pytest.MonkeyPatch()
    url = f"sqlite:///{tmp_path_factory.mktemp('payloads') / 'kept.sqlite3'}"
    patch.setenv("DATABASE_URL", url)
    patch.delenv("REVIEWERS", raising=False)
    patch.setattr(data, "STAMP_FOR", 0)
    patch.setattr(community, "LOOK_AFTER", 0)
    patch.setattr(community, "PATIENCE", 60)
    store = SuggestionStore(url)
    store.create()
    found = {"published": suggested(store)}
    whole = figures(1)
    publish(store, found["published"], whole)
    found["programme"] = suggested(store, Kind.PROGRAMME)
    acts = Programme(
        name=KEPT,
        run_by=KEPT,
        does=KEPT,
        outcomes=KEPT,
        url="https://www.example.org/?a=%22&b='2'",
        disease_area="maternity",
        areas=("Lambeth",),
        ethnic_group="black",
    )
    publish(store, found["programme"], Publication(programme=acts))
    found["correction"] = suggested(store, Kind.CORRECTION)
    row = data.evidence_base().figures.set_index("figure_id", drop=False).loc["mat-011"]
    right = {name: row[name] for name in Figure.model_fields if row[name] == row[name]}
    right |= {"correction": KEPT, "note": KEPT}
    publish(store, found["correction"], Publication(figures=(Figure.model_validate(right),)))
    found["declined"] = suggested(store, Kind.RESEARCH)
    stepped(store, found["declined"], EventKind.TAKEN)
    stepped(
        store, found["declined"], EventKind.CORRECTED, words=EVERYTHING, fields={"notes": KEPT[:99]}
    )
    stepped(
        store,
        found["declined"],
        EventKind.DECLINED,
        reason=DeclineReason.NO_SOURCE,
        words=EVERYTHING,
    )
    stepped(store, found["declined"], EventKind.APPEALED, Role.SENDER, words=EVERYTHING)
    found["merged"] = suggested(store, Kind.READ)
    stepped(store, found["merged"], EventKind.TAKEN)
    stepped(store, found["merged"], EventKind.MERGED, into=found["declined"], words=EVERYTHING)
    found["asked"] = suggested(store, notes=LONG_WORD)
    stepped(store, found["asked"], EventKind.TAKEN)
    stepped(store, found["asked"], EventKind.NOTED, words=EVERYTHING)
    stepped(store, found["asked"], EventKind.ASKED, words=EVERYTHING)
    stepped(store, found["asked"], EventKind.ANSWERED, Role.SENDER, words=EVERYTHING)
    stepped(store, found["asked"], EventKind.ASKED, words=EVERYTHING)
    yield found | {"store": store, "whole": whole}
    store.close()
    patch.undo()


@pytest.fixture
def saved(monkeypatch):
    """Every file that the pages of a test offer to save, by its name."""
    held = {}
    button = st.download_button

    def offer(label, content, file_name=None, *rest, **how):
        held[file_name or how.get("file_name")] = content
        return button(label, content, file_name, *rest, **how)

    monkeypatch.setattr(st, "download_button", offer)
    return held


def opened(page, /, **address):
    found = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=300)
    for name, value in address.items():
        found.query_params[name] = str(value)
    return found.run()


def spreadsheet(content):
    """The cells of a CSV file as a spreadsheet reads them."""
    content = content() if callable(content) else content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def runs(cell: str) -> bool:
    """Whether a spreadsheet might run a cell: a number, also a negative one, is none."""
    try:
        float(cell)
    except ValueError:
        return starts_formula(cell)
    return False


DO_OF = {label: kind.value for kind, (label, _) in DO.items()}
STATES = ("published", "programme", "correction", "declined", "merged", "asked")


@pytest.mark.parametrize("which", STATES)
def test_a_sender_reads_back_the_letters_that_were_written(told, which):
    limits.clear()
    page = opened("follow", reference=told[which])
    harmless(page, shows=escape(KEPT))


def test_the_public_log_shows_letters_alone(told):
    harmless(opened("answers"), shows=escape(KEPT))


def reviewing(told, **address):
    """The page of a reviewer who has just signed in."""
    page = opened("review", link=told["store"].make_link("ama@example.org"), **address)
    (enter,) = [button for button in page.button if button.label == "Sign in to review"]
    return enter.click().run()


def test_the_list_of_reviewers_shows_letters_alone(told):
    harmless(reviewing(told), shows=escape("<script>window.__ran"))


@pytest.mark.parametrize("which", STATES)
def test_reviewers_read_letters_alone(told, which):
    page = reviewing(told, suggestion=told["store"].get(told[which]).number)
    assert "What happened so far" in harmless(page, shows=escape(KEPT))
    for what in page.radio[0].options:
        if what in {"Correct an answer", "Merge into another", "Prepare for publication"}:
            page = page.radio[0].set_value(DO_OF[what]).run()
            harmless(page)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("library", {"q": "evil"}),
        ("library", {"q": "evil", "figure": "community-1-1"}),
        ("library", {"q": "evil", "figure": "mat-011"}),
        ("disease_areas", {"area": "Maternity and early childhood"}),
        ("boroughs", {"borough": "Lambeth"}),
        ("methods", {}),
        ("overview", {}),
        ("explorer", {"area": "Maternity and early childhood"}),
        ("gap_map", {"borough": "Lambeth"}),
        ("maps", {"indicator": KEPT + " 1"}),
    ],
)
def test_what_is_published_is_letters_alone_on_every_page_and_in_every_file(
    told, saved, page, address
):
    harmless(opened(page, **address))
    for name, content in saved.items():
        assert "/" not in name
        for row in spreadsheet(content):
            assert not [cell for cell in row if runs(cell)], name


def test_the_figure_and_the_programme_are_on_the_pages_that_these_tests_look_at(told, saved):
    whole = escape(f"{KEPT} 1")
    assert harmless(opened("library", q="evil", figure="community-1-1")).count(whole) >= 5
    area = {"area": "Maternity and early childhood", "indicator": f"{KEPT} 1"}
    for show in ("Ratios", "Differences", "Over the years"):
        harmless(opened("disease_areas", **area, show=show))
    saved.clear()
    page = opened("disease_areas", **area, show="Figures")
    assert whole in harmless(page)
    assert escape(KEPT) + "</strong>, run by " in harmless(page)
    assert "&lt;script" in in_charts(page)
    assert any(safe_cell(f"{KEPT} 1") in row for row in spreadsheet(next(iter(saved.values()))))
    page = opened("boroughs", borough="Lambeth")
    assert escape(KEPT) + "</strong>, run by " in harmless(page)
    own = [each.label for each in page.expander if "HYPERLINK" in each.label]
    assert own, "the published indicator is folded under its name"


def test_a_label_keeps_every_letter_and_loses_every_meaning():
    for text in PAYLOADS.values():
        label = markdown_text(text)
        assert not MEANT.search(label)
        plain = " ".join(text.split())
        assert label.replace("\\", "").replace("\u2060", "") == plain.replace("\\", "")
    assert markdown_text("Stillbirth (1 set): how many") == "Stillbirth (1 set): how many"


@pytest.mark.parametrize("part", ["common", "source", "indicator", "group 1"])
def test_a_megabyte_in_a_field_of_the_reviewer_is_refused_beside_it(told, part):
    draft = of_publication(told["whole"])
    field = {"common": "note", "source": "title", "indicator": "name"}.get(
        part, "ethnic_group_label"
    )
    held = draft.groups[0] if part == "group 1" else getattr(draft, part)
    held[field] = "a" * 1_000_000
    made, errors = check_draft(draft, Kind.STATISTIC, 1, None, known_now())
    assert made is None
    assert "the most is 4,000 characters" in errors[part][field]


def test_characters_that_can_not_be_seen_go_from_what_a_reviewer_writes(told):
    made = told["whole"]
    texts = [*made.figures[0].model_dump().values(), *made.sources[0].model_dump().values()]
    texts += made.indicators[0].model_dump().values()
    assert not [text for text in texts if isinstance(text, str) and {"\x00", "\u202e"} & set(text)]
    assert isinstance(made.sources[0], Source)


def test_a_sentence_can_not_ask_for_any_number_of_letters(told):
    good = told["whole"].indicators[0].model_dump(mode="json")
    for phrase in ("{value:>99999999} {people}", "{value!r} {people}", "{value} {people:{value}}"):
        with pytest.raises(ValueError, match="phrase: write a clause"):
            Indicator.model_validate(good | {"phrase": phrase})
