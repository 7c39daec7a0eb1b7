"""Whatever people write in whichever field, pages show its letters and spreadsheets its text."""

import csv
import io
from html import escape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from evidence.models import Indicator, Source
from evidence.outcomes import EventKind, Role
from evidence.review import Step
from evidence.submissions import FORMS, Kind, check
from evidence.typed import safe_cell, starts_formula
from loaders.submissions import SuggestionStore
from pages.shared import community, data
from pages.shared.html import markdown_text
from pages.shared.review_actions import DO
from pages.shared.review_draft import check_draft, of_publication
from pages.shared.review_steps import known_now
from pages.shared.suggestion_store import limits
from tests.pages.payloads import KEPT, MEANT, PAYLOADS, filled, harmless, in_charts

PAGES = Path(__file__).resolve().parents[2] / "pages"


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
    yield filled(store) | {"store": store}
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
        ("programmes", {}),
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


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind in Kind for field in FORMS[kind].fields if field != "figure_id"],
)
def test_a_megabyte_in_a_field_of_a_sender_is_refused_at_that_field(kind, field):
    whole = dict.fromkeys(FORMS[kind].missing, "Said") | {"figure_id": "mat-011"}
    found = check(whole | {"kind": kind, field: "a" * 1_000_000})
    assert isinstance(found, list)
    assert [problem.field for problem in found] == [field]


def test_a_megabyte_in_the_words_of_a_step_is_refused():
    with pytest.raises(ValueError, match="The most we can take is 2,000"):
        Step(kind=EventKind.NOTED, role=Role.REVIEWER, who="a", words="a" * 1_000_000)
    assert Step(kind=EventKind.NOTED, role=Role.REVIEWER, words="\x00a\u202e").words == "a"
