"""The form of Suggest evidence, as a person meets it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evidence.submissions import FIELDS, LONDON
from loaders.submissions import StoredSuggestion, SuggestionStore

PAGE = Path(__file__).resolve().parents[2] / "pages" / "suggest.py"


@pytest.fixture
def store(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    store = SuggestionStore(url)
    store.create()
    yield store
    store.close()


@pytest.fixture
def broken(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    return alright(page.run())


def alright(page: AppTest) -> AppTest:
    assert not page.exception, page.exception
    return page


def widget(page: AppTest, field: str):
    found = [
        element
        for kind in (page.text_area, page.text_input, page.selectbox)
        for element in kind
        if element.key == f"suggest_{field}"
    ]
    assert len(found) == 1, field
    return found[0]


def fill(page: AppTest, **answers: str) -> AppTest:
    for field, answer in answers.items():
        widget(page, field).set_value(answer)
    return page


def send(page: AppTest) -> AppTest:
    button = next(button for button in page.button if button.label == "Send suggestion")
    return alright(button.click().run())


def reference(page: AppTest) -> str:
    found = [text for html in page.html if "suggest-reference'>" in (text := html.value)]
    assert found, "no reference number is shown"
    return found[0].split("suggest-reference'>")[1].split("<")[0]


def kept(store: SuggestionStore, page: AppTest) -> StoredSuggestion:
    stored = store.get(reference(page))
    assert stored is not None
    return stored


def shown(page: AppTest) -> str:
    """Everything on the page that is drawn as Markdown or HTML."""
    kinds = (page.markdown, page.html, page.error, page.warning, page.caption, page.success)
    labels = [element.label for kind in (page.text_area, page.text_input) for element in kind]
    return "\n".join([str(element.value) for kind in kinds for element in kind] + labels)


GOOD = {"statement": "One in N people waited longer.", "source_title": "A council report"}


def test_the_page_asks_everything_and_says_what_happens_to_the_answers(store):
    page = opened()
    for field in FIELDS:
        assert widget(page, field)
    text = shown(page)
    assert "You need no account" in text
    assert "What happens next" in text
    assert "Only our reviewers see it" in text
    assert "NHS numbers" in text
    assert not page.error


def test_a_form_without_its_answers_gets_a_message_at_the_top_and_one_at_each_field(store):
    page = send(opened())
    (summary,) = page.error
    assert "[Tell us what the statistic says.](#suggest_statement)" in summary.value
    assert "[Tell us where it is from." in summary.value
    assert "**Error: Tell us what the statistic says.**" in widget(page, "statement").label
    assert "**Error: Tell us where it is from." in widget(page, "source_title").label
    assert "Error" not in widget(page, "notes").label
    assert store.count() == 0


def test_a_missing_source_alone_is_asked_for_and_the_statement_stays(store):
    page = send(fill(opened(), statement="Something I read"))
    assert "where it is from" in page.error[0].value
    assert "what the statistic says" not in page.error[0].value
    assert widget(page, "statement").value == "Something I read"


def test_a_mended_form_is_taken_and_its_messages_go(store):
    page = send(fill(opened(), statement=GOOD["statement"]))
    page = send(fill(page, source_title=GOOD["source_title"]))
    assert not page.error
    assert kept(store, page).suggestion.statement == GOOD["statement"]


@pytest.mark.parametrize(
    ("field", "bad", "message"),
    [
        ("source_url", "javascript:alert(1)", "This is not a web address we can use."),
        ("contact", "ask me", "does not look like an email address or a phone number"),
        ("statement", "a" * 100_000, "Your text has 100,000 characters. The most we can take is"),
        ("notes", "b" * 100_000, "Your text has 100,000 characters. The most we can take is"),
    ],
)
def test_a_bad_answer_gets_its_message_and_nothing_that_was_typed_is_lost(
    store, field, bad, message
):
    typed = GOOD | {"notes": "mine", field: bad}
    page = send(fill(opened(), **typed, disease_area="maternity"))
    assert message in page.error[0].value
    assert message in widget(page, field).label
    for name, answer in typed.items():
        assert widget(page, name).value == answer
    assert widget(page, "disease_area").value == "maternity"
    assert store.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script><b>bold</b>",
        '=HYPERLINK("https://evil.example","click")',
        "[click](https://evil.example) :red[x]",
        "'; DROP TABLE suggestions; --",
    ],
)
def test_html_and_formulas_are_kept_as_plain_text_and_never_drawn(store, text):
    page = send(fill(opened(), statement=text, source_title=text, notes=text, contact="bad"))
    assert widget(page, "statement").value == text
    assert text not in shown(page)
    page = send(fill(page, contact=""))
    assert text not in shown(page)
    suggestion = kept(store, page).suggestion
    assert (suggestion.statement, suggestion.source_title, suggestion.notes) == (text, text, text)


def test_a_good_form_is_written_and_answered_with_its_reference_number(store):
    answers = GOOD | {
        "source_url": "www.example.org/report",
        "disease_area": "mental-health",
        "geography_code": "E09000022",
        "ethnic_group": "black-caribbean",
        "notes": "A friend sent it",
        "contact": "ama@example.org",
    }
    page = send(fill(opened(), **answers))
    assert store.count() == 1
    suggestion = kept(store, page).suggestion
    expected = answers | {"source_url": "https://www.example.org/report"}
    assert suggestion.model_dump(mode="json", exclude_none=True) == expected | {"kind": "statistic"}
    assert "What happens next" in shown(page)


def test_the_receipt_stays_and_nothing_is_kept_twice_however_often_the_page_runs(store):
    page = send(fill(opened(), **GOOD))
    first = reference(page)
    assert reference(alright(page.run())) == first
    assert store.count() == 1


def test_a_second_press_before_the_receipt_came_gets_the_same_receipt(store):
    page = fill(opened(), **GOOD)
    form_id = page.session_state["suggest_form_id"]
    first = reference(send(page))
    # The first run was stopped after the writing and before it could note the receipt.
    del page.session_state["suggest_receipt"]
    page.session_state["suggest_form_id"] = form_id
    page = send(fill(alright(page.run()), **GOOD))
    assert reference(page) == first
    assert store.count() == 1


def test_another_one_starts_with_an_empty_form_and_gets_its_own_number(store):
    page = send(fill(opened(), **GOOD, contact="ama@example.org", disease_area="cancer"))
    first = reference(page)
    again = next(button for button in page.button if button.label == "Suggest something else")
    page = alright(again.click().run())
    assert [widget(page, field).value for field in FIELDS] == [""] * len(FIELDS)
    assert reference(send(fill(page, **GOOD))) != first
    assert store.count() == 2


def test_where_the_database_fails_everything_typed_stays_and_a_copy_is_offered(broken):
    typed = GOOD | {"contact": "ama@example.org"}
    page = send(fill(opened(), **typed, geography_code=LONDON))
    assert "Nothing you wrote is lost" in page.error[0].value
    for field, answer in typed.items():
        assert widget(page, field).value == answer
    assert widget(page, "geography_code").value == LONDON
    assert [button.label for button in page.download_button] == ["Keep a copy"]
    assert "sqlite" not in shown(page)


def test_once_the_database_is_back_the_same_form_is_taken(broken, tmp_path, monkeypatch):
    page = send(fill(opened(), **GOOD))
    assert page.error
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    page = send(page)
    assert not page.error
    assert kept(SuggestionStore(url), page).suggestion.statement == GOOD["statement"]


@pytest.mark.parametrize(
    ("address", "field", "code"),
    [
        ({"about_area": "mental-health"}, "disease_area", "mental-health"),
        ({"about_area": "Mental health"}, "disease_area", "mental-health"),
        ({"about_borough": "E09000022"}, "geography_code", "E09000022"),
        ({"about_borough": "Lambeth"}, "geography_code", "E09000022"),
        ({"about_borough": "tower-hamlets"}, "geography_code", "E09000030"),
        ({"about_group": "black-caribbean"}, "ethnic_group", "black-caribbean"),
        ({"about_group": "Black Caribbean"}, "ethnic_group", "black-caribbean"),
        ({"about_group": "black"}, "ethnic_group", "black"),
        ({"about_group": "south-asian"}, "ethnic_group", "south-asian"),
    ],
)
def test_a_link_fills_in_what_is_known_and_it_is_sent(store, address, field, code):
    page = opened(**address)
    assert not page.warning
    assert widget(page, field).value == code
    page = send(fill(page, **GOOD))
    assert getattr(kept(store, page).suggestion, field) == code


def test_a_choice_of_ones_own_outlives_the_address(store):
    page = opened(about_area="cancer")
    widget(page, "disease_area").set_value("diabetes")
    page = alright(page.run())
    assert widget(page, "disease_area").value == "diabetes"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("about_area", "health topic"),
        ("about_borough", "part of London"),
        ("about_group", "ethnic group"),
    ],
)
def test_an_unknown_value_in_the_address_is_named_as_plain_text(store, name, called):
    page = opened(**{name: "[free](https://evil.example) `<b>`"})
    (notice,) = page.warning
    assert f"no {called} called `[free](https://evil.example) '<b>'`" in notice.value
    assert widget(page, "disease_area").value == ""
    assert reference(send(fill(page, **GOOD)))


def test_a_new_link_after_a_receipt_opens_a_new_form_with_what_it_says(store):
    page = send(fill(opened(about_area="cancer"), **GOOD))
    page.query_params["about_area"] = "diabetes"
    page = alright(page.run())
    assert widget(page, "disease_area").value == "diabetes"
    assert widget(page, "statement").value == ""
