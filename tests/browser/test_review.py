"""Reviewing in a real Chromium: signing in with a real provider, and from suggestion to page."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from evidence.attachments import examine
from evidence.submissions import Suggestion, check
from loaders.submissions import SuggestionStore
from tests.browser.accessibility import axe_faults
from tests.browser.conftest import Dashboard, free_port, settle
from tests.browser.identity_provider import Provider, identity_provider

pytestmark = pytest.mark.browser

WORDS = "One in N women in Lambeth, by a report made for tests."
SECRETS = """[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "made-for-tests-made-for-tests-made-for-tests"
client_id = "dashboard"
client_secret = "made-for-tests"
server_metadata_url = "{provider}/.well-known/openid-configuration"

[reviewers]
emails = ["ama@example.org"]
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with identity_provider() as running:
        yield running


@pytest.fixture(autouse=True)
def right_again(provider: Provider) -> Iterator[None]:
    yield
    provider.tokens = "right"


@pytest.fixture(scope="module")
def database(postgresql_server: str) -> str:
    from tests import postgresql  # noqa: PLC0415

    return postgresql.new_database(postgresql_server)


@pytest.fixture(scope="module")
def store(database: str) -> Iterator[SuggestionStore]:
    kept = SuggestionStore(database)
    kept.create()
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def copies(
    store: SuggestionStore,
    database: str,
    provider: Provider,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Dashboard, Dashboard]]:
    """Two copies of the app on one PostgreSQL: the second is set up for reviewers to sign in."""
    secrets: Path = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    second = Dashboard(free_port(), database, ("--secrets.files", str(secrets)))
    secrets.write_text(SECRETS.format(address=second.url, provider=provider.url), encoding="utf-8")
    both = (Dashboard(free_port(), database), second)
    for copy in both:
        copy.start()
    yield both
    for copy in both:
        copy.stop()


@pytest.fixture
def someone(chromium: Browser) -> Iterator[Page]:
    """A window of someone whom no site knows yet."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def open_review(page: Page, copy: Dashboard, **address: Any) -> Page:
    asked = "&".join(f"{name}={value}" for name, value in address.items())
    page.goto(f"{copy.url}/review{f'?{asked}' if asked else ''}")
    settle(page)
    return page


def sign_in(page: Page, copy: Dashboard, user: str) -> Page:
    open_review(page, copy)
    page.get_by_role("button", name="Sign in to review").click()
    page.get_by_role("button", name=user, exact=True).click()
    page.wait_for_url(f"{copy.url}/**")
    settle(page)
    return open_review(page, copy)


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_timeout(300)
    settle(page)


def write(page: Page, name: str, text: str) -> None:
    """Write in the field whose key ends so."""
    field = page.locator(f"[class*='_{name}'] :is(input, textarea)").first
    field.fill(text)
    field.press("Tab")
    settle(page)


def pick(page: Page, name: str, option: str) -> None:
    """Choose in the list whose key ends so."""
    field = page.locator(f"[class*='_{name}'] input").first
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option).first.click()
    settle(page)


@pytest.fixture(scope="module")
def private(store: SuggestionStore) -> str:
    """A suggestion with a contact and a file; gives its words."""
    form = {"statement": "Private words", "source_title": "X", "contact": "sender@example.org"}
    checked = check(form)
    assert isinstance(checked, Suggestion)
    store.add(checked, files=[examine("table.csv", b"group,rate\nBlack,1\n")])
    return "Private words"


def closed(page: Page) -> None:
    """Nothing of any suggestion is on the page."""
    expect(page.locator("h1")).to_have_text("Review suggestions")
    text = page.locator("body").inner_text()
    assert "Private words" not in text
    assert "sender@example.org" not in text
    assert "Signed in as" not in text
    assert page.get_by_role("button", name=re.compile("Suggestion|Download")).count() == 0


def test_without_the_right_nothing_is_shown_at_any_address(
    copies: tuple[Dashboard, Dashboard], someone: Page, private: str
) -> None:
    for copy in copies:
        for address in ({}, {"suggestion": 1}, {"link": "made-up"}):
            closed(open_review(someone, copy, **address))
    expect(someone.get_by_role("link", name="Review", exact=True)).to_have_count(0)
    for path in (
        "media/suggestion-1-file-1.csv",
        "assets/../.streamlit/secrets.toml",
        "assets/..%2f..%2fvar/suggestions.sqlite3",
        ".streamlit/secrets.toml",
    ):
        try:
            with urllib.request.urlopen(f"{copies[1].url}/{path}", timeout=20) as answer:  # noqa: S310
                body = answer.read()
        except urllib.error.HTTPError:
            continue
        assert b"client_secret" not in body
        assert b"SQLite" not in body
        assert b"group,rate" not in body


def test_a_listed_user_of_the_provider_reviews_and_can_sign_out(
    copies: tuple[Dashboard, Dashboard], someone: Page, private: str
) -> None:
    page = sign_in(someone, copies[1], "ama")
    expect(page.get_by_text("Signed in as ama@example.org")).to_be_visible()
    press(page, "Suggestion 1: A published statistic")
    expect(page.get_by_text(private)).to_be_visible()
    expect(page.get_by_text("sender@example.org")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download file 1").click()
    assert started.value.suggested_filename == "suggestion-1-file-1.csv"
    assert "Black" in started.value.path().read_text(encoding="utf-8-sig")
    left_open = page.context.new_page()
    open_review(left_open, copies[1], suggestion=1)
    expect(left_open.get_by_text(private)).to_be_visible()
    press_and_leave(page)
    closed(open_review(page, copies[1], suggestion=1))
    with left_open.expect_download() as started:
        left_open.get_by_role("button", name="Download file 1").click()
    assert "Black" not in started.value.path().read_text(encoding="utf-8-sig")
    press(left_open, "Back to the list")
    closed(left_open)
    # Whoever signs in again is another sign-in, though the same person.
    expect(sign_in(page, copies[1], "ama").get_by_text("Signed in as")).to_be_visible()


def press_and_leave(page: Page) -> None:
    """Sign out, here and at the provider."""
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    page.wait_for_timeout(500)


@pytest.mark.parametrize("user", ["eve", "mallory"])
def test_a_user_without_the_role_sees_nothing(
    copies: tuple[Dashboard, Dashboard], someone: Page, private: str, user: str
) -> None:
    page = sign_in(someone, copies[1], user)
    closed(page)
    expect(page.get_by_text("You can't review")).to_be_visible()
    closed(open_review(page, copies[1], suggestion=1))


@pytest.mark.parametrize("tokens", ["expired", "forged", "unsigned"])
def test_an_identity_that_is_expired_or_forged_signs_nobody_in(
    copies: tuple[Dashboard, Dashboard],
    someone: Page,
    provider: Provider,
    private: str,
    tokens: str,
) -> None:
    provider.tokens = tokens
    page = sign_in(someone, copies[1], "ama")
    closed(page)
    expect(page.get_by_role("button", name="Sign in to review")).to_be_visible()
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert "_streamlit_user" not in names


def test_an_identity_ends_when_its_token_does_though_its_cookie_stays(
    copies: tuple[Dashboard, Dashboard], someone: Page, provider: Provider, private: str
) -> None:
    provider.tokens = "ending"
    page = sign_in(someone, copies[1], "ama")
    page.wait_for_timeout(6_000)
    closed(open_review(page, copies[1]))
    expect(page.get_by_text("Your sign-in has run out.")).to_be_visible()


def test_a_cookie_of_one_s_own_making_is_worth_nothing(
    copies: tuple[Dashboard, Dashboard], someone: Page, private: str
) -> None:
    from streamlit.web.server.starlette.starlette_app_utils import (  # noqa: PLC0415
        create_signed_value,
    )

    claims = (
        '{"email":"ama@example.org","email_verified":true,"exp":9999999999,"is_logged_in":true,'
        f'"origin":"{copies[1].url}","provider":"default"}}'
    )
    made = create_signed_value("another secret", "_streamlit_user", claims).decode()
    for value in (made, claims.replace('"', "%22").replace(",", "%2C")):
        cookie = {"name": "_streamlit_user", "value": value, "url": copies[1].url}
        someone.context.add_cookies([cookie])  # type: ignore[list-item]
        closed(open_review(someone, copies[1], suggestion=1))


def test_a_one_time_link_signs_in_one_window_and_no_second(
    copies: tuple[Dashboard, Dashboard], chromium: Browser, someone: Page, store: SuggestionStore
) -> None:
    link = store.make_link("bo@example.org")
    page = open_review(someone, copies[0], link=link)
    assert page.url == f"{copies[0].url}/review"
    press(page, "Sign in to review")
    expect(page.get_by_text("Signed in as bo@example.org")).to_be_visible()
    page.get_by_role("link", name="Overview").first.click()
    settle(page)
    other = page.context.new_page()
    open_review(other, copies[0], link=link)
    press(other, "Sign in to review")
    closed(other)
    expect(other.get_by_text("used already")).to_be_visible()


def test_a_suggestion_made_in_one_copy_and_published_in_the_other_is_on_the_pages_of_the_first(
    copies: tuple[Dashboard, Dashboard], someone: Page, chromium: Browser, store: SuggestionStore
) -> None:
    first, second = copies
    reader = chromium.new_page()
    reader.set_default_timeout(60_000)
    reader.goto(f"{first.url}/suggest?about_borough=Lambeth")
    settle(reader)
    reader.get_by_role("radiogroup").get_by_text("A published statistic").click()
    for label, text in (("What does it say", WORDS), ("Where is it from", "A report for tests")):
        reader.get_by_label(re.compile(f"^{label}")).first.fill(text)
        reader.keyboard.press("Tab")
        settle(reader)
    press(reader, "Check your answers")
    press(reader, "Send suggestion")
    expect(reader.locator(".suggest-reference")).to_be_visible()
    number = store.all()[-1].number

    page = sign_in(someone, second, "ama")
    press(page, f"Suggestion {number}: A published statistic")
    expect(page.get_by_text(WORDS)).to_be_visible()
    press(page, "Start looking")
    page.get_by_text("Prepare for publication", exact=True).click()
    settle(page)
    pick(page, "common_indicator_id", "Stillbirth (maternity)")
    write(page, "source_publisher", "Made for tests")
    write(page, "source_published", "2026")
    pick(page, "source_kind", "Community research")
    write(page, "source_url", "https://www.example.org/report")
    write(page, "common_period", "2025")
    pick(page, "common_confidence", "Seen at the publisher")
    write(page, "count", "2")
    for place, group, value in ((1, "Black", "6.1"), (2, "White", "3.2")):
        pick(page, f"group_{place}_ethnic_group", group)
        write(page, f"group_{place}_ethnic_group_label", group)
        write(page, f"group_{place}_value", value)
    press(page, "Check and preview")
    expect(page.get_by_text("How it will look")).to_be_visible()
    assert axe_faults(page) == []
    press(page, "Prepare for publication")
    press(page, "Accept what is prepared")
    press(page, "Publish")
    expect(page.get_by_text("Published.", exact=True)).to_be_visible()

    disease = "area=Maternity+and+early+childhood&indicator=Stillbirth&place=Lambeth"
    reader.goto(f"{first.url}/disease-areas?{disease}")
    settle(reader)
    expect(reader.locator("body")).to_contain_text("uggested by the community, checked on")
    expect(reader.get_by_text("Made for tests").first).to_be_attached()
    reader.goto(f"{first.url}/boroughs?borough=Lambeth")
    settle(reader)
    expect(reader.locator(".chip-community").first).to_contain_text("Suggested by the community")
    assert axe_faults(reader) == []
