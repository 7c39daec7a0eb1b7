"""A link that is revoked signs nobody in, and ends the session that it signed in."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evidence.outcomes import State
from loaders.submissions import StoreUnavailableError, SuggestionStore
from pages.shared import sign_in
from tests.loaders.suggested import suggestion

PAGE = Path(__file__).resolve().parents[2] / "pages" / "review.py"


@pytest.fixture
def store(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    store = SuggestionStore(url)
    store.create()
    yield store
    store.close()


def signed_in(secret: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=120)
    page.query_params["link"] = secret
    return press(page.run(), "Sign in to review")


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [button for button in page.button if button.label == label]
    page = button.click().run()
    assert not page.exception
    return page


def is_in(page: AppTest) -> bool:
    return any("Signed in as" in text.value for text in page.text)


def test_who_signed_in_by_a_link_is_signed_out_once_it_is_revoked(store):
    page, other = signed_in(store.make_link("Ama")), signed_in(store.make_link("Bo"))
    assert is_in(page)
    store.revoke_links("Ama")
    page = page.run()
    assert not is_in(page)
    assert "You were signed out" in page.error[0].value
    assert is_in(other.run())


def test_a_revoked_link_signs_nobody_in(store):
    secret = store.make_link("Ama")
    store.revoke_links("Ama")
    page = signed_in(secret)
    assert not is_in(page)
    assert page.error


def test_a_database_that_is_away_signs_nobody_out(store, monkeypatch):
    page = signed_in(store.make_link("Ama"))

    def away() -> SuggestionStore:
        raise StoreUnavailableError("no database")

    with monkeypatch.context() as patch:
        patch.setattr(sign_in, "suggestion_store", away)
        page = page.run()
        assert not page.exception
    assert is_in(page.run())


def reads_then_fails(monkeypatch, error: Exception) -> None:
    """Let what is like a suggestion be unreadable, which a page asks for midway."""

    def fails(self, one):
        raise error

    monkeypatch.setattr(SuggestionStore, "like", fails)


def opens_one(store, page: AppTest) -> AppTest:
    store.add(suggestion(statement="Nobody else reads this", source_title="A report"))
    page.query_params["suggestion"] = "1"
    return page.run()


def test_a_database_that_goes_midway_is_told_and_nothing_breaks(store, monkeypatch):
    page = signed_in(store.make_link("Ama"))
    reads_then_fails(monkeypatch, StoreUnavailableError("no database"))
    page = opens_one(store, page)
    assert not page.exception
    assert "can't be reached now" in page.error[0].value
    assert is_in(page)


def test_a_right_that_ends_midway_asks_to_sign_in_again(store, monkeypatch):
    page = signed_in(store.make_link("Ama"))
    read = SuggestionStore.read

    def reads_and_revokes(self):
        kept = read(self)
        self.revoke_links("Ama")
        return kept

    monkeypatch.setattr(SuggestionStore, "read", reads_and_revokes)
    page = opens_one(store, page)
    assert not page.exception
    assert not is_in(page)
    assert "You were signed out" in page.error[0].value
    assert "Nobody else reads this" not in " ".join(str(each.value) for each in page.html)


def test_where_nobody_knows_whether_a_link_was_revoked_nothing_is_written(store, monkeypatch):
    page = opens_one(store, signed_in(store.make_link("Ama")))
    store.revoke_links("Ama")

    def away() -> SuggestionStore:
        raise StoreUnavailableError("no database")

    with monkeypatch.context() as patch:
        # Only what asks about the link: the rest of the database would answer.
        patch.setattr(sign_in, "suggestion_store", away)
        page = press(page, "Start looking")
    assert store.by_number(1).state is State.RECEIVED
    assert "can't be reached" in " ".join(each.value for each in page.error)
