"""The form of Suggest evidence, as a person meets it."""

import io
import json
from html import escape, unescape
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from evidence.attachments import FILE_LIMIT, FILES_LIMIT
from evidence.submissions import FORMS, FREE_TEXT, LONDON, Kind
from loaders.submissions import StoredSuggestion, SuggestionStore
from pages.shared.suggestion_draft import readable
from pages.shared.suggestion_store import limits

PAGE = Path(__file__).resolve().parents[2] / "pages" / "suggest.py"


@pytest.fixture
def store(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    store = SuggestionStore(url)
    store.create()
    limits.clear()
    yield store
    store.close()


@pytest.fixture
def broken(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")


def opened(kind: Kind | None = Kind.STATISTIC, **address: str) -> AppTest:
    """The page with a kind chosen, unless the address or None leaves that to be seen."""
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    page = alright(page.run())
    return choose(page, kind) if kind and "about_figure" not in address else page


def choose(page: AppTest, kind: Kind) -> AppTest:
    return alright(page.radio[0].set_value(kind.value).run())


def press(page: AppTest, label: str) -> AppTest:
    return alright(next(button for button in page.button if button.label == label).click().run())


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
    """Look the answers over and, where they are right, send them."""
    if "Check your answers" in labels(page):
        page = press(page, "Check your answers")
    sending = {"Send suggestion", "Send all the same"} & labels(page)
    return press(page, sending.pop()) if sending else page


def labels(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


def reference(page: AppTest) -> str:
    found = [text for html in page.html if "suggest-reference'>" in (text := html.value)]
    assert found, "no reference number is shown"
    return found[0].split("suggest-reference'>")[1].split("<")[0]


def kept(store: SuggestionStore, page: AppTest) -> StoredSuggestion:
    stored = store.get(reference(page))
    assert stored is not None
    return stored


def drawn(page: AppTest) -> str:
    """Everything on the page that is read as Markdown, where a stranger's text must not be."""
    kinds = (page.markdown, page.error, page.warning, page.caption, page.success, page.info)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def written(page: AppTest) -> str:
    return "\n".join(html.value for html in page.html)


def shown(page: AppTest) -> str:
    """Everything on the page that is drawn as Markdown or HTML."""
    kinds = (page.markdown, page.html, page.error, page.warning, page.caption, page.success)
    asked = [element.label for kind in (page.text_area, page.text_input) for element in kind]
    return "\n".join([str(element.value) for kind in kinds for element in kind] + asked)


GOOD = {"statement": "One in N people waited longer.", "source_title": "A council report"}


def test_the_page_asks_first_what_kind_of_thing_it_is_and_shows_no_question_before(store):
    page = opened(kind=None)
    assert [page.radio[0].options[0], page.radio[0].value] == ["A published statistic", None]
    assert not page.text_area
    assert labels(page) == set()
    assert "You need no account" in shown(page)


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_asks_its_own_questions_and_says_which_need_no_answer(store, kind):
    page = opened(kind)
    for field in FORMS[kind].fields:
        optional = "(optional)" in widget(page, field).label
        assert optional is (field not in FORMS[kind].missing), field
    text = shown(page)
    assert "What happens next" in text
    assert "Only our reviewers see it" in text
    assert "NHS numbers" in text
    assert "For at most 180 days" in text
    assert not page.error


def test_what_was_typed_stays_where_another_kind_is_chosen(store):
    page = fill(opened(), statement="One in N", notes="mine", period="2021")
    page = choose(choose(alright(page.run()), Kind.CORRECTION), Kind.READ)
    assert widget(page, "statement").value == "One in N"
    assert widget(page, "notes").value == "mine"
    assert widget(choose(page, Kind.STATISTIC), "period").value == "2021"


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


PAYLOADS = [
    "<script>alert(1)</script><b>bold</b>",
    '<img src=x onerror="alert(1)">',
    '=HYPERLINK("https://evil.example","click")',
    "[click](https://evil.example) :red[x] ![p](https://evil.example/p.png)",
    "'; DROP TABLE suggestions; --",
    "\u202bright to left\u202c \u2067turned\u2069 \u0627\u0644\u0639",
    "</bdi></dd></dl><h1>Mine</h1>",
    "\U0001f9d1\U0001f3ff\u200d\u2695\ufe0f \U0001f600",
]


@pytest.mark.parametrize("kind", list(Kind))
def test_markup_and_formulas_are_kept_and_shown_back_as_plain_text_alone(store, kind):
    text = " ".join(PAYLOADS)
    free = {field: text for field in FORMS[kind].fields if field in FREE_TEXT}
    given = free | ({"figure_id": "mat-011"} if kind is Kind.CORRECTION else {})
    page = press(fill(opened(kind), **given), "Check your answers")
    assert escape(text) in written(page)
    for part in ("<script>alert", "<img src=x", "<h1>Mine", "<b>bold"):
        assert part not in written(page)
    assert "evil" not in drawn(page)
    page = send(page)
    assert "evil" not in written(page) + drawn(page)
    suggestion = kept(store, page).suggestion
    assert {field: getattr(suggestion, field) for field in free} == free


def test_null_bytes_and_a_megabyte_of_text_do_no_harm(store):
    page = send(fill(opened(), statement="a\x00b" * 400_000, source_title="\x00\x00A report\x00"))
    assert "Your text has 800,000 characters" in page.error[0].value
    assert widget(page, "source_title").value
    page = send(fill(page, statement="a\x00b"))
    assert kept(store, page).suggestion.statement == "ab"
    assert kept(store, page).suggestion.source_title == "A report"


def test_every_answer_is_shown_to_be_checked_before_anything_is_kept(store):
    answers = GOOD | {"period": "2021", "notes": "First line\nsecond", "contact": "ama@example.org"}
    page = fill(opened(), **answers, disease_area="cancer", geography_code=LONDON)
    page = press(page, "Check your answers")
    assert store.count() == 0
    text = unescape(written(page))
    for answer in (*answers.values(), "Cancer", "All of London", "No answer", "No files"):
        assert answer in text, answer
    assert text.count('href="#change-') == len(FORMS[Kind.STATISTIC].fields) + 2
    page = press(page, "Change my answers")
    for field, answer in answers.items():
        assert widget(page, field).value == answer
    assert widget(page, "disease_area").value == "cancer"


@pytest.mark.parametrize(
    ("private", "marked", "reason"),
    [
        ("Ring 020 7946 0018 for more", "<mark>020 7946 0018</mark>", "looks like a phone number"),
        ("Ask ama@example.org", "<mark>ama@example.org</mark>", "looks like an email address"),
        ("NHS number 943 476 5919", "<mark>943 476 5919</mark>", "looks like an NHS number"),
        (
            "My mother was diagnosed with cancer aged 43",
            "<mark>My mother</mark>",
            "story of one patient",
        ),
    ],
)
def test_what_looks_private_is_marked_with_its_reason_and_held_back_if_sent_all_the_same(
    store, private, marked, reason
):
    page = press(fill(opened(), **GOOD, notes=private), "Check your answers")
    text = written(page)
    assert marked in text
    assert reason in text
    assert "we hold your suggestion back" in text
    assert "Send suggestion" not in labels(page)
    page = press(page, "Send all the same")
    assert list(kept(store, page).held) == ["notes"]


def test_what_looks_private_can_be_changed_before_it_is_sent(store):
    page = press(fill(opened(), **GOOD, notes="Ring 020 7946 0018"), "Check your answers")
    page = fill(press(page, "Change my answers"), notes="Ring the council")
    page = press(page, "Check your answers")
    assert "we hold your suggestion back" not in written(page)
    assert kept(store, send(page)).held == {}


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
    assert "ama@example.org" not in shown(page)
    assert "What happens next" in shown(page)


def test_the_receipt_stays_and_nothing_is_kept_twice_however_often_the_page_runs(store):
    page = send(fill(opened(), **GOOD))
    first = reference(page)
    assert reference(alright(page.run())) == first
    assert store.count() == 1


def test_a_second_press_before_the_receipt_came_gets_the_same_receipt(store):
    page = press(fill(opened(), **GOOD), "Check your answers")
    form_id = page.session_state["suggest_form_id"]
    checked = page.session_state["suggest_checked"]
    first = reference(send(page))
    # The first run was stopped after the writing and before it could note the receipt.
    del page.session_state["suggest_receipt"]
    page.session_state["suggest_form_id"] = form_id
    page.session_state["suggest_checked"] = checked
    page = send(alright(page.run()))
    assert reference(page) == first
    assert store.count() == 1


def test_another_one_starts_with_an_empty_form_and_gets_its_own_number(store):
    page = send(fill(opened(), **GOOD, contact="ama@example.org", disease_area="cancer"))
    first = reference(page)
    again = next(button for button in page.button if button.label == "Suggest something else")
    page = alright(again.click().run())
    assert page.radio[0].value is None
    page = choose(page, Kind.STATISTIC)
    asked = FORMS[Kind.STATISTIC].fields
    assert [widget(page, field).value for field in asked] == [""] * len(asked)
    assert reference(send(fill(page, **GOOD))) != first
    assert store.count() == 2


def test_where_the_database_fails_everything_typed_stays_and_a_copy_is_offered(broken):
    typed = GOOD | {"contact": "ama@example.org"}
    page = send(fill(opened(), **typed, geography_code=LONDON))
    assert "Nothing you wrote is lost" in page.error[0].value
    assert [button.label for button in page.download_button] == ["Keep a copy"]
    assert "sqlite" not in shown(page)
    page = press(page, "Change my answers")
    for field, answer in typed.items():
        assert widget(page, field).value == answer
    assert widget(page, "geography_code").value == LONDON


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
    page = choose(alright(page.run()), Kind.STATISTIC)
    assert widget(page, "disease_area").value == "diabetes"
    assert widget(page, "statement").value == ""


def test_is_this_wrong_opens_the_form_of_a_correction_with_the_figure_and_its_source(store):
    page = opened(about_figure="mat-011")
    assert page.radio[0].value == Kind.CORRECTION.value
    assert widget(page, "figure_id").value == "mat-011"
    assert "stillbirth was 3.6 per 1,000" in written(page)
    assert "BMJ Open, 2022" in written(page)
    page = send(fill(page, statement="The year is wrong"))
    assert kept(store, page).suggestion.figure_id == "mat-011"


@pytest.mark.parametrize(
    "typed",
    ["mat-011", " MAT-011 ", "https://x.example/library?figure=mat-011", "?q=a&figure=mat-011#b"],
)
def test_a_figure_can_be_named_by_its_number_or_its_address(store, typed):
    page = send(fill(opened(Kind.CORRECTION), figure_id=typed, statement="The year is wrong"))
    assert kept(store, page).suggestion.figure_id == "mat-011"


def test_a_figure_that_we_do_not_have_is_said_so_at_its_field(store):
    page = send(fill(opened(Kind.CORRECTION), figure_id="zzz-999", statement="Wrong"))
    assert "We have no such figure" in widget(page, "figure_id").label
    assert store.count() == 0


def uploaded(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    (uploader,) = page.file_uploader
    for name, content in files:
        uploader.upload(name, content, "application/octet-stream")
    return alright(page.run())


def png(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (4, 4), shade).save(out, "PNG")
    return out.getvalue()


def test_files_are_told_by_their_content_listed_and_kept_with_the_suggestion(store):
    page = uploaded(fill(opened(), **GOOD), ("a.csv", b"group,value\nx,1\n"), ("b.png", png(1)))
    text = written(page)
    assert "<bdi>a.csv</bdi> (CSV, 0.1 MB)" in text
    assert "<bdi>b.png</bdi> (PNG, 0.1 MB)" in text
    page = press(page, "Take away file 1")
    assert "a.csv" not in written(page)
    page = press(page, "Check your answers")
    assert "b.png" in written(page)
    assert [file.name for file in kept(store, send(page)).files] == ["b.png"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("page.csv", b"<html><script>alert(1)</script>,1\n", "parts of a web page"),
        ("big.pdf", b"%PDF-" + b"0" * FILE_LIMIT, "The most we can take is 5 MB"),
        ("empty.csv", b"", "This file is empty"),
        ("<img src=x>.png", b"MZ\x00\x01", "We do not know this kind of file"),
    ],
)
def test_a_file_that_is_not_taken_is_named_with_why_and_the_rest_stays(store, name, content, why):
    page = uploaded(fill(opened(), **GOOD), (name, content), ("good.csv", b"a,b\n1,2\n"))
    text = written(page)
    assert f"we can't take <bdi>{escape(name)}</bdi>" in text
    assert why in text
    assert "good.csv" in text
    assert widget(page, "statement").value == GOOD["statement"]
    assert [file.name for file in kept(store, send(page)).files] == ["good.csv"]


def test_what_looks_private_in_a_table_is_pointed_out_before_it_is_sent(store):
    page = uploaded(fill(opened(), **GOOD), ("a.csv", b"who,told\nRing,020 7946 0018\n"))
    told = "This file may tell who someone is.</strong> We found: phone number."
    assert told in written(page)
    assert "can't look into PDF files and pictures" in page.file_uploader[0].label
    page = press(page, "Check your answers")
    assert told in written(page)
    assert kept(store, send(page)).files


def test_a_table_without_anything_private_is_listed_without_a_warning(store):
    page = uploaded(fill(opened(), **GOOD), ("a.csv", b"group,rate\nBlack,1.5\n"))
    assert "a.csv" in written(page)
    assert "may tell who someone is" not in written(page)


def test_no_more_files_are_taken_than_the_page_says_and_none_twice(store):
    same = ("same.png", png(0))
    page = uploaded(opened(), same, same, *[(f"{n}.png", png(n)) for n in range(1, 4)])
    assert written(page).count("(PNG, ") == FILES_LIMIT
    assert f"We take up to {FILES_LIMIT} files" in written(page)


def test_who_sends_too_often_is_told_to_wait_and_loses_nothing(store):
    page = opened()
    for number in range(11):
        page = send(fill(page, **GOOD | {"statement": f"Number {number}"}))
        if number < 10:
            page = choose(press(page, "Suggest something else"), Kind.STATISTIC)
    assert "too often" in page.error[0].value
    assert store.count() == 10
    page = press(page, "Change my answers")
    assert widget(page, "statement").value == "Number 10"


def test_a_form_that_a_program_filled_in_is_not_kept_at_its_first_press(store, monkeypatch):
    page = press(fill(opened(), **GOOD), "Check your answers")
    monkeypatch.setattr("pages.shared.suggestion_browser._TRAP", lambda **_: {"answer": "spam"})
    page = send(alright(page.run()))
    assert "A field that people don't see was filled in" in page.error[0].value
    assert store.count() == 0
    assert reference(send(page))


def test_a_draft_of_the_tab_is_brought_back_and_a_list_takes_only_what_is_on_it(store):
    draft = {"kind": "statistic", "statement": "Before", "disease_area": "cancer"}
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["suggest_brought"] = draft | {"geography_code": "nowhere", "asked": {}}
    page = alright(page.run())
    assert widget(page, "statement").value == "Before"
    assert widget(page, "disease_area").value == "cancer"
    assert widget(page, "geography_code").value == ""
    assert "We brought back what you wrote" in page.info[0].value


@pytest.mark.parametrize("text", ["", "null", "[1]", "{", '{"kind": ""}', '{"statement": ""}'])
def test_a_tab_that_gives_no_draft_brings_nothing_back(text):
    assert readable(text) == {}


def test_a_draft_holds_no_contact_details():
    assert readable(json.dumps({"statement": "x", "contact": "ama@example.org"})) == {
        "statement": "x",
        "asked": {},
    }


def test_a_web_address_is_read_for_what_looks_private_too(store):
    address = "https://example.org/?to=ama%40example.org"
    page = press(fill(opened(), **GOOD | {"source_url": address}), "Check your answers")
    assert "We found: email address." in written(page)
    assert "<mark>" in written(page)
    assert list(kept(store, send(page)).held) == ["source_url"]
