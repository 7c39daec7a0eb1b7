"""The way of a suggestion in a real Chromium: by keyboard, with hostile text, across a loss."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from evidence.outcomes import DeclineReason, EventKind, Role
from evidence.review import Step
from loaders.submissions import SuggestionStore
from tests.browser.accessibility import axe_faults, lost_words
from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.owned=1</script><img src=x onerror=window.owned=1><svg onload=window.owned=1>"
    '<iframe srcdoc="<script>parent.owned=1</script>"></iframe>'
    "</bdi></dd></dl><h1>Mine</h1> [click](javascript:window.owned=1) ![p](x) :red[x] $x$ "
    "=HYPERLINK(1) \u202eabc\u202c \u2067\u0627\u0644\u2069 \U0001f9d1\U0001f3ff\u200d\u2695\ufe0f"
)


def store(dashboard: Dashboard) -> SuggestionStore:
    return SuggestionStore(f"sqlite:///{dashboard.database}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def choose_kind(page: Page, kind: str) -> None:
    page.get_by_role("radiogroup").get_by_text(kind).click()
    page.get_by_role("button", name="Check your answers").wait_for()


def fill(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(re.compile(f"^{label}")).first
    field.fill(text)
    field.blur()


def sent(page: Page) -> str:
    return page.locator(".suggest-reference").inner_text().strip()


def follow(page: Page, dashboard: Dashboard, reference: str) -> None:
    page.goto(f"{dashboard.url}/follow")
    settle(page)
    fill(page, "Reference number", reference)
    press(page, "Follow it")


def reviewed(dashboard: Dashboard, reference: str, words: str) -> None:
    for kind, holds in (
        (EventKind.TAKEN, {}),
        (EventKind.ASKED, {"words": words}),
        (EventKind.DECLINED, {"reason": DeclineReason.NO_SOURCE, "words": words}),
    ):
        step = Step(kind=kind, role=Role.REVIEWER, who="reviewer@example.org", **holds)
        store(dashboard).step(reference, step)


def test_nothing_that_people_write_runs_or_draws_anywhere(page: Page, dashboard: Dashboard) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{dashboard.url}/suggest?about_area={HOSTILE}")
    settle(page)
    choose_kind(page, "Local research")
    for field in ("What did you find", "What is it called", "How did you find", "When did you"):
        fill(page, field, HOSTILE)
    fill(page, "Anything else", HOSTILE)
    press(page, "Check your answers")
    places = [page.locator(".suggest-summary").inner_html()]
    press(page, "Send suggestion")
    reference = sent(page)
    reviewed(dashboard, reference, HOSTILE)
    follow(page, dashboard, reference)
    places.append(page.locator("[data-testid=stMain]").inner_html())
    page.goto(f"{dashboard.url}/answers?area={HOSTILE}")
    settle(page)
    places.append(page.locator("[data-testid=stMain]").inner_html())
    for html in places:
        assert "&lt;script&gt;window.owned=1" in html
        assert "<script>window.owned" not in html
        assert not re.search(r"<(img|svg|iframe)[^>]*(onerror|onload|srcdoc)", html)
        assert 'href="javascript' not in html
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of suggestions")
    assert page.evaluate("window.owned") is None
    assert dialogs == []


def test_the_whole_way_goes_by_keyboard_and_the_focus_follows(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    page.get_by_role("radio", name=re.compile("A published statistic")).focus()
    page.keyboard.press("Space")
    settle(page)
    button = page.get_by_role("button", name="Check your answers")
    button.focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.locator(".st-key-suggest_notice")).to_be_focused(timeout=20_000)
    statement = page.get_by_label(re.compile("^What does it say"))
    expect(statement).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(statement).to_be_focused()
    page.keyboard.type("One in N people waited.")
    page.keyboard.press("Tab")
    settle(page)
    expect(page.get_by_label(re.compile("^Where is it from"))).to_be_focused()
    page.keyboard.type("A council report")
    page.keyboard.press("Tab")
    settle(page)
    button.focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    page.get_by_role("link", name=re.compile("Change.*Where is it from")).focus()
    page.keyboard.press("Enter")
    settle(page)
    source = page.get_by_label(re.compile("^Where is it from"))
    expect(source).to_be_focused()
    expect(source).to_have_value("A council report")
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)
    button.focus()
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Send suggestion").focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert store(dashboard).get(sent(page)) is not None


def test_the_trap_for_programs_is_out_of_sight_and_reach_of_people(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    choose_kind(page, "Something you read or heard")
    trap = page.locator("input[name=company_fax]")
    assert trap.evaluate("each => getComputedStyle(each).display") != "none"
    box = trap.bounding_box()
    assert box is None or box["x"] < 0
    assert trap.get_attribute("tabindex") == "-1"
    assert trap.get_attribute("autocomplete") == "off"
    assert page.get_by_role("textbox", name="Company fax").count() == 0
    fill(page, "What did you read", "One in N")
    trap.evaluate("each => { each.value = 'spam'; each.dispatchEvent(new Event('change')); }")
    press(page, "Check your answers")
    before = store(dashboard).count()
    press(page, "Send suggestion")
    expect(page.get_by_text("A field that people don't see was filled in")).to_be_visible()
    assert store(dashboard).count() == before


def test_a_draft_outlives_a_change_of_page_a_link_a_reload_and_a_new_server(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    choose_kind(page, "A published statistic")
    fill(page, "What does it say", "Mine")
    fill(page, "Email or phone", "ama@example.org")
    statement = page.get_by_label(re.compile("^What does it say"))
    kept = "sessionStorage.getItem('suggestion-draft')"
    settle(page)
    assert "ama@example.org" not in page.evaluate(kept)
    page.get_by_role("link", name="Look first whether we have it").click()
    page.wait_for_url("**/library")
    settle(page)
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    expect(statement).to_have_value("Mine")
    expect(page.get_by_text("We brought back what you wrote")).to_be_visible()
    page.reload()
    settle(page)
    expect(statement).to_have_value("Mine")
    dashboard.stop()
    dashboard.start()
    fill(page, "Where is it from", "A report")
    page.wait_for_function(f"{kept}.includes('A report')", timeout=60_000)
    expect(statement).to_have_value("Mine")
    press(page, "Check your answers")
    press(page, "Send suggestion")
    suggestion = store(dashboard).get(sent(page))
    assert suggestion is not None
    assert suggestion.suggestion.statement == "Mine"
    assert page.evaluate(kept) is None


def test_a_draft_of_something_else_is_offered_and_not_mixed_in(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    choose_kind(page, "A programme that acts")
    fill(page, "What does it do", "Walks")
    page.wait_for_function("sessionStorage.getItem('suggestion-draft')?.includes('Walks')")
    page.goto(f"{dashboard.url}/suggest?about_figure=mat-011")
    settle(page)
    expect(page.get_by_label(re.compile("^What is wrong with it"))).to_have_value("")
    press(page, "Bring it back")
    expect(page.get_by_label(re.compile("^What does it do"))).to_have_value("Walks")


def test_a_file_that_is_not_what_its_name_says_is_refused_before_it_is_sent(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    choose_kind(page, "Something you read or heard")
    field = page.locator("input[type=file]")
    page_of_a_web = b"<html><script>window.owned=1</script></html>,1\n"
    field.set_input_files({"name": "t.csv", "mimeType": "text/csv", "buffer": page_of_a_web})
    expect(page.get_by_text("This file holds parts of a web page")).to_be_visible()
    settle(page)
    expect(field).to_have_count(1, timeout=20_000)
    field.set_input_files({"name": "t.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    expect(page.get_by_text("t.csv (CSV, 0.1 MB)")).to_be_visible()
    settle(page)
    fill(page, "What did you read", "One in N")
    press(page, "Check your answers")
    press(page, "Send suggestion")
    suggestion = store(dashboard).get(sent(page))
    assert suggestion is not None
    assert [file.kind.value for file in suggestion.files] == ["csv"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_off_on_the_way_of_a_suggestion(
    chromium: Browser, dashboard: Dashboard, scheme: str
) -> None:
    context = chromium.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    told: list[str] = []

    def look(where: str) -> None:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(300)
            found = lost_words(page) + axe_faults(page)
            told.extend(f"{where} at {width}: {fault}" for fault in found)

    page.goto(f"{dashboard.url}/suggest?about_figure=mat-011")
    settle(page)
    press(page, "Check your answers")
    look("form with errors")
    fill(page, "What is wrong with it", "Wrong. Ring 020 7946 0018")
    press(page, "Check your answers")
    look("summary")
    press(page, "Send all the same")
    look("receipt")
    reference = sent(page)
    follow(page, dashboard, "LRH-2222-2222")
    look("number not known")
    reviewed(dashboard, reference, "W" * 300)
    follow(page, dashboard, reference)
    look("followed")
    page.goto(f"{dashboard.url}/answers")
    settle(page)
    look("log")
    context.close()
    assert told == []
