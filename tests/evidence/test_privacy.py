"""What may tell who someone is, is pointed out with its reason; statistics are left in peace."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.privacy import find, is_nhs_number

POINTED_OUT = {
    "NHS number": [
        "Her number is 943 476 5919.",
        "9434765919",
        "943-476-5919",
        "943.476.5919",
        "My number (943.476.5919).",
        "943\u2013476\u20135919",
        "NHS number: 123 456 7890",
    ],
    "phone number": [
        "Call 07700 900123",
        "020 7946 0958",
        "(020) 7946-0958",
        "+44 7700 900 123",
        "+44 (0)20 7946 0958",
        "07700.900.123",
        "+233 24 123 4567",
        "+233241234567",
        "00233 24 123 4567",
        "+1 (212) 555-0123",
        "+880 1711-123456",
        "Ring +92.300.1234567.",
    ],
    "email address": [
        "https://example.org/?to=ama%40example.org",
        "ama@example.org",
        "write to o'neil+x@mail.example.co.uk.",
    ],
    "date of birth": [
        "She was born on 12 March 1980",
        "DOB: 12/03/80",
        "date of birth 1980-03-12",
        "d.o.b. 12.3.1980",
    ],
    "postcode with a name": [
        "Mrs Okafor, SW9 8SQ",
        "Ama Mensah lives near SW98SQ",
        "someone named Kofi at n15 4ab",
        "At 12 High Road, N15 4AB",
    ],
    "a patient's story": [
        "My mother, Grace, was admitted and died.",
        "A 34-year-old woman from Hackney died of sepsis.",
        "I was diagnosed with lupus on 3 May 2021.",
        "A patient who had a stroke waited at Homerton Hospital.",
        "Mr Mensah was sectioned twice.",
        "My baby died at Example Hospital in spring.",
        "My GP at Example Surgery, Dr Mensah, did not believe me when I was 34.",
        "When I was 34 my GP told me that it was nothing.",
        "Dr Mensah at the Example Practice refused me treatment when I was 34.",
        "My midwife, Grace, did not listen.",
    ],
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in POINTED_OUT.items() for text in texts]
)
def test_what_may_tell_who_someone_is_is_pointed_out(kind, text):
    found = find(text)
    assert kind in {span.kind for span in found}
    assert all(
        span.reason.endswith(".") and 0 <= span.start < span.end <= len(text) for span in found
    )


@pytest.mark.parametrize(
    "text",
    [
        "In 2019-20, 1,234,567 people aged 25 to 34 were admitted.",
        "Women aged 35 or over from Black ethnic groups died more often: 3.7 (2.1 to 5.6).",
        "My mum died in hospital.",
        "Lambeth Council, Brixton Hill, London SW2 1RW",
        "SW2 and N15 have the highest rates.",
        "Our patient survey asked 1200 people aged 18 and over at Guy's Hospital.",
        "One patient in ten was treated at Barts Hospital in 2020.",
        "The patient experience of diagnosis at Homerton Hospital",
        "The helpline is 0300 123 4567.",
        "https://doi.org/10.1016/S0140-6736(21)01595-6",
        "Rates from 0.12345678 to 9434765919%",
        "Published on 12 March 2020, by people born in Ghana.",
        "A change of +12.3456789012 points, and of +1.5 to +2.25.",
        "+1,234,567,890 people",
        "On 01-02-2020 100 people and on 01.02.2020 1000 were asked.",
        "Rates of 943.4765919 and 943.476 to 5919.1",
        "https://doi.org/10.1002/943.476.5919",
        "10.943.476.5919",
        "digest 0711818502f4",
        "My GP practice asked 340 people about their care.",
        "Dr Mensah's report says that when people were 34 they were screened.",
    ],
)
def test_statistics_and_what_names_nobody_are_left_in_peace(text):
    assert find(text) == []


COPIED = [
    ("Call 07700\u00ad 900\u200b123 now", "07700\u00ad 900\u200b123"),
    ("Call 077\u206000 900123 now", "077\u206000 900123"),
    ("Call 07700\u2011900123 now", "07700\u2011900123"),
    ("½ ask ama\uff20example.org", "ama\uff20example.org"),
    (
        "\ufb01ve: \u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0661\u0662\u0663.",
        "\u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0661\u0662\u0663",
    ),
    ("NHS number: 943\ufeff 476\u00a05919.", "943\ufeff 476\u00a05919"),
    ("https://example.org/p/07700900123", "07700900123"),
]


@pytest.mark.parametrize(("text", "part"), COPIED, ids=[str(n) for n in range(len(COPIED))])
def test_what_copying_brings_along_hides_nothing_and_the_part_is_that_of_the_text(text, part):
    assert [text[span.start : span.end] for span in find(text)] == [part]


@pytest.mark.parametrize(
    "text",
    [
        "Fatima, 34, lost her baby at Homerton Hospital in June 2023",
        "My sister was 34 when she died at St Thomas'",
        "My sister was just 34, when she died",
    ],
)
def test_the_story_of_one_person_is_found_by_name_or_age(text):
    assert {span.kind for span in find(text)} == {"a patient's story"}


@given(st.text(max_size=60), st.text("\u00ad\u200b\u2060\u200d\ufeff", max_size=3))
def test_what_is_not_seen_never_hides_an_address(before, unseen):
    text = f"{before} ama@exa{unseen}mple.org"
    (*_, last) = find(text)
    assert text[last.start : last.end].endswith(f"exa{unseen}mple.org")


@pytest.mark.parametrize(
    "text",
    [
        "Hackney, 34, Lambeth, 30, Brent, 12, were treated at Homerton Hospital",
        "Rates of 10² and 123456789⁰ by report, of which ½ are treated",
        "https://www.example.org/07123456/07700-900-123456789/0207946095",
        "The rate was 34 when it was adjusted for age, for patients treated at Barts Hospital",
    ],
)
def test_numbers_in_lists_footnotes_and_addresses_are_left_in_peace(text):
    assert find(text) == []


def test_nothing_in_the_words_of_the_committed_tables_is_pointed_out(base):
    words = {
        (name, str(text))
        for name, frame, columns in (
            ("figures", base.figures, ("note", "population", "ethnic_group_label", "period")),
            ("indicators", base.indicators, ("definition", "caveats", "name", "phrase")),
            ("sources", base.sources, ("title", "authors", "note", "url")),
            ("findings", base.findings, ("sentence", "note")),
            ("excluded", base.excluded, ("explanation",)),
        )
        for column in columns
        for text in frame[column].dropna().unique()
    }
    assert len(words) > 3_000
    assert {pair: spans for pair in words if (spans := find(pair[1]))} == {}


@given(st.integers(0, 999_999_999))
def test_of_ten_last_digits_at_most_one_makes_an_nhs_number(first):
    numbers = [f"{first:09d}{last}" for last in range(10)]
    valid = [number for number in numbers if is_nhs_number(number)]
    assert len(valid) <= 1
    for number in valid:
        weights = range(10, 0, -1)
        assert sum(int(d) * w for d, w in zip(number, weights, strict=True)) % 11 == 0


@pytest.mark.parametrize("wrong", ["", "943476591", "94347659190", "٩٤٣٤٧٦٥٩١٩", "0000000000"])
def test_what_is_not_ten_digits_is_no_nhs_number(wrong):
    assert not is_nhs_number(wrong)


@given(st.text(max_size=300))
def test_any_text_is_read_and_what_is_pointed_out_never_overlaps(text):
    found = find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("part", ["a", "0", "a@", "a.", "Aa ", "my mother ", "Mr Aa ", "SW9 8SQ "])
def test_a_text_of_the_greatest_length_is_read_at_once(part):
    text = (part * 4_000)[:4_000]
    start = time.process_time()
    find(text)
    assert time.process_time() - start < 2
