"""The privacy note is true: who answers, how long what is kept, and what is not asked."""

import sqlite3
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evidence.outcomes import EventKind
from evidence.submissions import check
from loaders.submissions import CONTACT_DAYS
from pages.shared.community import Watch
from pages.shared.suggestion_privacy import Organisation, organisation, privacy_note
from tests.pages.test_suggest import GOOD, fill, kept, opened, press, shown, store, written

ROOT = Path(__file__).resolve().parents[2]
__all__ = ["store"]


@pytest.fixture
def unnamed(monkeypatch):
    """Nobody said who runs the dashboard."""
    monkeypatch.delenv("DASHBOARD_ORGANISATION")


def asked(page: AppTest) -> set[str]:
    return {str(field.key) for field in page.text_input}


def test_the_note_names_the_organisation_and_how_to_reach_it(monkeypatch):
    monkeypatch.setenv("DASHBOARD_ORGANISATION", " Fair & <Well> ")
    monkeypatch.setenv("DASHBOARD_CONTACT", "privacy@example.org")
    assert organisation() == Organisation("Fair & <Well>", "privacy@example.org")
    note = privacy_note()
    assert "Fair &amp; &lt;Well&gt; runs this dashboard" in note
    assert "or to delete it: privacy@example.org" in " ".join(note.split())
    assert "has not said here who they are" not in note


@pytest.mark.parametrize("missing", ["DASHBOARD_ORGANISATION", "DASHBOARD_CONTACT"])
def test_where_nobody_is_named_the_note_says_so_and_promises_nothing(monkeypatch, missing):
    monkeypatch.setenv(missing, " ")
    assert organisation() is None
    note = privacy_note()
    assert "has not said here who they are" in note
    assert "nobody named here whom you could ask" in note
    assert "ask us to delete" not in note
    assert "your contact details" not in note
    assert "How long we keep your email" not in note


def test_the_note_tells_the_days_and_minutes_that_are_set(monkeypatch):
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    minutes = settings["server"]["disconnectedSessionTTL"] // 60
    note = " ".join(privacy_note().split())
    assert f"For at most {CONTACT_DAYS} days." in note
    assert "Files sent with advertising or abuse are deleted sooner." in note
    assert f"for up to {minutes} minutes after you close it" in note


def test_without_a_named_organisation_no_contact_is_asked_for_nor_kept(store, unnamed):
    page = opened()
    assert "suggest_contact" not in asked(page)
    page = fill(page, **GOOD)
    # What a browser sends all the same, or stood there before the setting was changed.
    page.session_state["suggest_contact"] = "ama@example.org"
    page = press(page, "Check your answers")
    assert 'href="#change-contact"' not in written(page)
    assert "ama@example.org" not in shown(page)
    page = press(page, "Send suggestion")
    assert kept(store, page).suggestion.contact is None
    assert "can see what you wrote." in shown(page)
    assert "not your email" not in shown(page)


def test_with_a_named_organisation_contact_is_asked_for_and_can_be_changed(store):
    page = opened()
    assert "suggest_contact" in asked(page)
    page = press(fill(page, **GOOD, contact="ama@example.org"), "Check your answers")
    assert 'href="#change-contact"' in written(page)


def test_a_dashboard_that_someone_opens_deletes_contact_details_after_their_days(store):
    receipt = store.add(check(GOOD | {"contact": "ama@example.org"}))
    came = datetime.now(UTC) - timedelta(days=CONTACT_DAYS + 1)
    with sqlite3.connect(store.url.database) as raw:
        raw.execute("UPDATE suggestions SET received_at = ?", [f"{came:%Y-%m-%d %H:%M:%S.%f}"])
    Watch(store.url.render_as_string()).now()
    assert store.get(receipt.reference).events[-1].kind is EventKind.CONTACT_DELETED
