"""Reviewing suggestions: who may, what they see, what they do, and what comes of it."""

import sqlite3
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evidence.attachments import examine
from evidence.models import Figure, Source
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.publication import Publication, figure_id, known, mark_in
from evidence.review import Step
from evidence.submissions import Kind, Suggestion, check
from loaders.submissions import SuggestionStore
from loaders.tables import FIGURES
from pages.shared import community, data, review_case, review_steps, sign_in
from pages.shared.review_actions import DO, HINTS, who_reads
from pages.shared.review_draft import check_draft, of_publication
from pages.shared.review_known import (
    dois,
    known_already,
    likeliest_source,
    prepared_is_known,
    same_findings,
    same_source,
    similar_title,
)
from pages.shared.review_steps import FASTER
from pages.shared.review_text import careful_link, marked_text
from pages.shared.sign_in import AllowList, Refused, Reviewer, recognised
from tests.loaders.suggested import figure as made_figure
from tests.loaders.suggested import publish

PAGE = Path(__file__).resolve().parents[2] / "pages" / "review.py"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = "One in N people waited longer in Lambeth."


@pytest.fixture
def url(tmp_path, monkeypatch):
    address = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.delenv("REVIEWERS", raising=False)
    monkeypatch.setattr(data, "STAMP_FOR", 0)
    monkeypatch.setattr(community, "LOOK_AFTER", 0)
    monkeypatch.setattr(community, "PATIENCE", 60)
    return address


@pytest.fixture
def store(url):
    kept = SuggestionStore(url)
    kept.create()
    yield kept
    kept.close()


def suggest(store, *files, **answers):
    """Send a suggestion; gives its reference number."""
    form = {"statement": WORDS, "source_title": "A report made for tests"} | answers
    checked = check(form)
    assert isinstance(checked, Suggestion), checked
    return store.add(checked, files=files).reference


def step(store, reference, kind, who="bo@example.org", **content):
    wanted = Step(kind=kind, role=Role.REVIEWER, who=who, **content)
    return store.step(reference, wanted)


def opened(**address):
    page = AppTest.from_file(str(PAGE), default_timeout=300)
    for name, value in address.items():
        page.query_params[name] = str(value)
    return alright(page.run())


def alright(page):
    assert not page.exception, page.exception
    return page


def press(page, label):
    (button,) = [button for button in page.button if button.label == label]
    return alright(button.click().run())


def signed_in(store, who="ama@example.org", **address):
    return press(opened(link=store.make_link(who), **address), "Sign in to review")


def choose(page, kind):
    (radio,) = page.radio
    assert DO[kind][0] in radio.options
    return alright(radio.set_value(kind.value).run())


def widget(page, name):
    """The widget whose key ends so."""
    kinds = (page.text_area, page.text_input, page.selectbox, page.number_input)
    found = [each for kind in kinds for each in kind if str(each.key).endswith(f"_{name}")]
    assert len(found) == 1, (name, [each.key for each in found])
    return found[0]


def fill(page, **answers):
    for name, answer in answers.items():
        widget(page, name).set_value(answer)
    return alright(page.run())


def shown(page):
    kinds = (page.html, page.markdown, page.text, page.error, page.warning, page.info)
    kinds += (page.success, page.button, page.radio, page.selectbox, page.text_area)
    told = [
        str(getattr(each, name))
        for kind in kinds
        for each in kind
        for name in ("label", "value")
        if hasattr(each, name)
    ]
    return "\n".join(told + [f"{title}" for kind in (page.error, page.info) for title in kind])


# Who may review


CLAIMS = {
    "sub": "subject-1",
    "email": "Ama@Example.org",
    "email_verified": True,
    "exp": NOW.timestamp() + 60,
    "is_logged_in": True,
    "provider": "default",
}
LISTED = AllowList(frozenset({"ama@example.org"}))


def test_a_verified_address_on_the_list_may_review_however_it_is_cased():
    assert recognised(CLAIMS, LISTED, NOW) == Reviewer("ama@example.org", "ama@example.org")


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"email": "eve@example.org"}, "not on the list"),
        ({"email_verified": False}, "verified"),
        ({"email_verified": "true"}, "verified"),
        ({"email_verified": None}, "verified"),
        ({"email": None}, "not on the list"),
        ({"email": ["ama@example.org"]}, "not on the list"),
        ({"provider": "another"}, "not on the list"),
        ({"exp": NOW.timestamp()}, "run out"),
        ({"exp": NOW.timestamp() - 1}, "run out"),
        ({"exp": None}, "run out"),
        ({"exp": True}, "run out"),
        ({"exp": str(NOW.timestamp() + 60)}, "run out"),
    ],
)
def test_anyone_else_may_not_review_and_is_told_why(claims, why):
    found = recognised(CLAIMS | claims, LISTED, NOW)
    assert isinstance(found, Refused)
    assert why in found.reason


def test_an_empty_list_lets_nobody_in():
    assert isinstance(recognised(CLAIMS, AllowList(), NOW), Refused)
    assert isinstance(recognised(CLAIMS | {"email": ""}, AllowList(), NOW), Refused)


def test_a_subject_on_the_list_may_review_though_its_address_is_not_verified():
    by_subject = AllowList(subjects=frozenset({"subject-1"}))
    found = recognised(CLAIMS | {"email_verified": False, "name": "Ama"}, by_subject, NOW)
    assert found == Reviewer("subject-1", "Ama (subject-1)")
    assert isinstance(recognised(CLAIMS | {"sub": "subject-2"}, by_subject, NOW), Refused)


def test_a_reviewer_stays_the_same_one_whatever_they_call_themselves():
    """So nobody is two reviewers where two have to accept."""
    by_subject = AllowList(frozenset({"ama@example.org"}), frozenset({"subject-1"}))
    names = ("Ama", "Someone else", None)
    found = [recognised(CLAIMS | {"name": name}, by_subject, NOW) for name in names]
    assert {each.identity for each in found} == {"subject-1"}
    assert len({each.name for each in found}) == 3
    cased = [recognised(CLAIMS | {"email": each}, LISTED, NOW) for each in ("AMA@example.org",)]
    assert cased[0].identity == "ama@example.org"


def test_two_links_of_one_reviewer_are_not_two_reviewers(store, monkeypatch):
    monkeypatch.setenv("REVIEWERS_NEEDED", "2")
    community._opened_store.cache_clear()
    reference = suggest(store)
    step(store, reference, EventKind.TAKEN)
    page = press(prepare(signed_in(store, suggestion=1)), "Prepare for publication")
    press(page, "Accept what is prepared")
    again = signed_in(store, who="Ama@Example.org ", suggestion=1)
    assert "Signed in as Ama@Example.org" in shown(again)
    assert "Accept what is prepared" not in again.radio[0].options
    assert store.get(reference).events[-1].who == "ama@example.org"


def test_the_history_has_a_reviewer_s_name_as_it_was_given(store):
    suggest(store)
    page = press(signed_in(store, who="Ama  Mensah", suggestion=1), "Start looking")
    assert "by the reviewer, Ama Mensah<" in shown(page)


def test_signing_out_at_the_provider_ends_what_was_offered_in_every_session(monkeypatch):
    lasting = CLAIMS | {"exp": datetime.now(UTC).timestamp() + 600, "iat": 1}
    monkeypatch.setattr(sign_in, "_signed_out", {})
    monkeypatch.setattr(sign_in, "allow_list", lambda: LISTED)
    monkeypatch.setattr(sign_in, "provider_is_set_up", lambda: True)
    signed = {"claims": lasting, "out": 0}
    monkeypatch.setattr(sign_in.st, "user", _User(signed))
    monkeypatch.setattr(sign_in.st, "logout", lambda: signed.update(out=signed["out"] + 1))
    offered, in_another_tab = sign_in.lasting_right(), sign_in.lasting_right()
    assert offered()
    assert in_another_tab()
    sign_in.sign_out()
    assert signed["out"] == 1
    assert not offered()
    assert not in_another_tab()
    assert sign_in.reviewer() is None, "the cookie that stays is worth nothing"
    signed["claims"] = lasting | {"iat": 2}
    assert sign_in.reviewer().identity == "ama@example.org", "signing in again is another right"
    assert sign_in.lasting_right()()
    assert not offered()


class _User:
    """The user of a session, as Streamlit gives them."""

    def __init__(self, signed):
        self.signed = signed

    def to_dict(self):
        return self.signed["claims"]


def test_a_right_that_is_taken_off_the_list_ends_for_what_was_offered(monkeypatch):
    lasting = CLAIMS | {"exp": datetime.now(UTC).timestamp() + 600, "iat": 3}
    monkeypatch.setattr(sign_in, "provider_is_set_up", lambda: True)
    monkeypatch.setattr(sign_in.st, "user", _User({"claims": lasting}))
    monkeypatch.setattr(sign_in, "allow_list", lambda: LISTED)
    offered = sign_in.lasting_right()
    assert offered()
    monkeypatch.setattr(sign_in, "allow_list", AllowList)
    assert not offered()


def test_with_neither_provider_nor_link_the_page_is_closed_and_says_so(store):
    suggest(store, contact="ama@example.org")
    for page in (opened(), opened(suggestion=1), opened(suggestion="1 OR 1=1")):
        assert [info.value for info in page.info] != []
        assert WORDS not in shown(page)
        assert "ama@example.org" not in shown(page)
        assert not page.button
        assert not page.get("download_button")


def test_a_link_signs_in_once_in_one_session_and_leaves_the_address(store):
    suggest(store)
    secret = store.make_link("ama@example.org")
    page = opened(link=secret)
    assert "link" not in page.query_params
    assert WORDS not in shown(page), "nothing is shown before it is used"
    page = press(page, "Sign in to review")
    assert "Signed in as ama@example.org" in shown(page)
    assert WORDS in shown(page)
    assert secret not in shown(page)
    again = press(opened(link=secret), "Sign in to review")
    assert "used already, or is too old" in shown(again)
    assert WORDS not in shown(again)
    assert WORDS not in shown(opened())


@pytest.mark.parametrize("link", ["old", "made up", "x" * 5_000])
def test_a_link_that_is_too_old_or_made_up_signs_nobody_in(store, link):
    suggest(store)
    if link == "old":
        link = store.make_link("ama@example.org", timedelta(microseconds=1))
    page = press(opened(link=link), "Sign in to review")
    assert WORDS not in shown(page)
    assert "used already, or is too old" in shown(page)


def test_a_session_that_does_nothing_is_signed_out(store, monkeypatch):
    suggest(store)
    page = signed_in(store)
    later = sign_in.monotonic() + sign_in.IDLE_MINUTES * 60 + 1
    monkeypatch.setattr(sign_in, "monotonic", lambda: later)
    page = alright(page.run())
    assert WORDS not in shown(page)
    assert "signed out after a while" in shown(page)


def test_signing_out_closes_the_page(store):
    suggest(store)
    page = press(signed_in(store), "Sign out")
    assert WORDS not in shown(page)
    assert WORDS not in shown(alright(page.run()))


def through_provider(user, listed=None, /, **address):
    page = AppTest.from_file(str(PAGE), default_timeout=300)
    page.secrets["auth"] = {"client_id": "x", "cookie_secret": "y"}
    page.secrets["reviewers"] = listed or {"emails": ["ama@example.org"]}
    page.user = user
    for name, value in address.items():
        page.query_params[name] = str(value)
    return alright(page.run())


def test_where_a_provider_is_set_up_its_listed_users_alone_review(store):
    suggest(store)
    lasting = CLAIMS | {"exp": datetime.now(UTC).timestamp() + 600}
    assert WORDS in shown(through_provider(lasting))
    for user in (
        {"is_logged_in": False},
        {},
        lasting | {"is_logged_in": False},
        lasting | {"is_logged_in": "yes"},
        lasting | {"email": "eve@example.org"},
        lasting | {"exp": datetime.now(UTC).timestamp() - 1},
    ):
        assert WORDS not in shown(through_provider(user))
        assert WORDS not in shown(through_provider(user, suggestion=1))


def test_where_a_provider_is_set_up_no_link_signs_in(store):
    suggest(store)
    secret = store.make_link("ama@example.org")
    page = through_provider({"is_logged_in": False}, link=secret)
    assert "link" not in page.query_params
    assert WORDS not in shown(page)
    assert "review_link" not in page.session_state
    assert store.use_link(secret) == "ama@example.org", "it was not used up"


def test_the_list_of_reviewers_may_stand_in_the_environment(store, monkeypatch):
    monkeypatch.setenv("REVIEWERS", "bo@example.org, EVE@example.org")
    suggest(store)
    lasting = CLAIMS | {"exp": datetime.now(UTC).timestamp() + 600}
    assert WORDS in shown(through_provider(lasting | {"email": "eve@example.org"}))


def test_a_step_is_refused_when_the_right_was_lost_since_the_page_was_drawn(store):
    reference = suggest(store)
    page = signed_in(store, suggestion=1)
    assert "Start looking" in shown(page)
    del page.session_state["review_session"]
    page = press(page, "Start looking")
    assert store.get(reference).state is State.RECEIVED
    assert WORDS not in shown(page)


def test_nothing_private_is_read_without_the_right(store, monkeypatch):
    reference = suggest(store, examine("table.csv", b"a,b\n1,2\n"))
    monkeypatch.setattr(review_steps, "certain_reviewer", lambda: None)
    with pytest.raises(review_steps.NoRightError):
        review_steps.store_for_reviewer()
    assert b"1,2" not in review_case._content(reference, 1, lambda: False)
    assert b"1,2" in review_case._content(reference, 1, lambda: True)


def test_a_file_that_was_offered_can_be_had_until_the_reviewer_signs_out(store):
    suggest(store)
    page = signed_in(store)
    session = page.session_state["review_session"]
    assert session.right()
    press(page, "Sign out")
    assert not session.right()


# What a reviewer sees


def test_the_list_has_the_oldest_first_with_what_they_are_about_and_their_flags(store):
    suggest(store, disease_area="mental-health", geography_code="E09000022")
    suggest(store, statement="Ring me on 020 7946 0123", kind="read")
    page = signed_in(store)
    titles = [each.label for each in page.button if each.label.startswith("Suggestion")]
    assert titles == [
        f"Suggestion 1: {Kind.STATISTIC.label}",
        f"Suggestion 2: {Kind.READ.label}",
    ]
    text = shown(page)
    assert "Mental health, Lambeth" in text
    assert "May hold personal information: phone number" in text
    assert "Came today. It is received, and not looked at yet." in text


def test_reviewers_are_told_what_is_published_and_not_shown(store):
    reference = suggest(store)
    number = store.get(reference).number
    publish(store, reference, Publication(figures=(made_figure(figure_id(number)),)))
    assert "Something that is published is not shown" in shown(signed_in(store))
    assert f"{figure_id(number)} is left out: the tables lack" in shown(signed_in(store))


HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) :red[x] **bold** $x$",
    '=HYPERLINK("https://evil.example","click")',
    "\u202eevil\u202c \u2066x\u2069 😀 \x00",
    '"><svg onload=alert(1)>',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_stranger_wrote_is_drawn_as_plain_text(store, text):
    fields = ("statement", "source_title", "notes", "period", "source_url", "contact")
    good = dict.fromkeys(fields[:4], text) | {"source_url": "https://www.example.org/?a=1&b='2'"}
    suggest(store, **good)
    for page in (signed_in(store), signed_in(store, suggestion=1)):
        drawn = "\n".join(str(each.value) for kind in (page.html, page.markdown) for each in kind)
        assert "<script>" not in drawn
        assert "<img" not in drawn
        assert "<svg" not in drawn
        assert text not in "\n".join(str(each.value) for each in page.markdown)
        assert "nofollow" in drawn or "Came today" in drawn


def test_a_stranger_s_link_tells_its_page_nothing():
    link = careful_link('https://www.example.org/?a="><script>')
    assert "<script>" not in link
    assert 'rel="noopener noreferrer nofollow"' in link


def test_what_looks_private_is_marked_in_the_text():
    assert marked_text("Ring <b> 020 7946 0123 now").count("<mark>020 7946 0123</mark>") == 1
    assert "<b>" not in marked_text("Ring <b> 020 7946 0123 now")


def test_reference_numbers_are_shown_nowhere_as_they_would_let_a_reviewer_act_as_sender(store):
    first, second = suggest(store), suggest(store, source_url="https://www.example.org/a")
    third = suggest(store, source_url="https://www.example.org/a")
    step(store, second, EventKind.TAKEN)
    step(store, second, EventKind.MERGED, into=first, words="The same")
    for number in (1, 2, 3):
        text = shown(signed_in(store, suggestion=number))
        assert not any(reference in text for reference in (first, second, third))
    assert "Into suggestion 1." in shown(signed_in(store, suggestion=2))


def test_the_contact_and_the_files_are_there_for_a_reviewer(store):
    suggest(store, examine("my table.csv", b"a,b\n1,2\n"), contact="sender@example.org")
    page = signed_in(store, suggestion=1)
    assert "sender@example.org" in shown(page)
    assert "my table.csv (CSV" in shown(page)
    (button,) = page.get("download_button")
    assert button.proto.label == "Download file 1"


def test_a_file_that_looks_private_is_flagged_for_the_reviewer_alone(store):
    files = [
        examine("calls.csv", b"who,told\nRing,020 7946 0018\n"),
        examine("rates.csv", b"group,rate\nBlack,1\n"),
    ]
    suggest(store, *files)
    text = shown(signed_in(store, suggestion=1))
    assert text.count("May hold personal information") == 1
    assert "May hold personal information: phone number." in text
    assert "020 7946 0018" not in text
    assert "May hold personal" not in shown(opened(suggestion=1))


def test_what_is_known_already_is_found_by_source_and_by_place(base):
    held = data.Tables(base)
    real = base.sources[base.sources["url"].str.contains("pmc.ncbi")].iloc[0]
    given = check({"statement": "x", "source_title": "y", "source_url": real["url"] + "/?utm=1"})
    assert real["source_id"] in same_source(given, base.sources)
    given = check({"statement": "x", "source_title": real["title"].upper()})
    assert real["source_id"] in similar_title(given.source_title, base)
    assert real["source_id"] == likeliest_source(given, base)
    assert set(known_already(given, held)["why"]) == {"Source with a similar title"}
    given = check(
        {
            "statement": "x",
            "source_title": "y",
            "disease_area": "mental-health",
            "geography_code": "E09000022",
            "ethnic_group": "black",
        }
    )
    found = known_already(given, held)
    assert len(found) > 3
    assert set(found["geography_code"]) == {"E09000022"}
    assert set(found["disease_area"]) == {"mental-health"}
    assert known_already(check({"statement": "x", "source_title": "zz"}), held).empty


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("https://", "http://"),
        lambda url: url.replace("://www.", "://"),
        lambda url: url.replace("://", "://WWW.") if "://www." not in url else url.upper(),
        lambda url: url + "/",
        lambda url: url + "#page=12",
        lambda url: url + "?utm_source=news&fbclid=1",
        lambda url: url.replace(".org/", ".org:443/").replace(".uk/", ".uk:443/"),
    ],
)
def test_a_source_is_found_however_its_address_is_written(base, change):
    plain = base.sources[~base.sources["url"].str.contains(r"[?#]|10\.")]
    for row in plain.iloc[::40].to_dict("records"):
        given = check({"statement": "x", "source_title": "y", "source_url": change(row["url"])})
        assert row["source_id"] in same_source(given, base.sources), row["url"]
        first = likeliest_source(given, base)
        urls = base.sources.set_index("source_id")["url"]
        assert urls[first].rstrip("/") == row["url"].rstrip("/"), "the one that is filled in"


def test_a_title_that_names_little_but_a_borough_is_like_no_other(base):
    given = {"statement": "x", "source_title": "Lambeth report on access to health in London"}
    for answers in (given, given | {"source_url": "https://www.example.org/report"}):
        assert likeliest_source(check(answers), base) is None
        assert known_already(check(answers), data.Tables(base)).empty


def test_an_address_that_no_source_has_is_that_of_a_new_source_whatever_its_title(base):
    real = base.sources[base.sources["title"].str.contains("From surviving to thriving")].iloc[0]
    given = {"statement": "x", "source_title": real["title"]}
    assert likeliest_source(check(given), base) == real["source_id"]
    elsewhere = check(given | {"source_url": "https://www.example.org/report"})
    assert likeliest_source(elsewhere, base) is None
    found = known_already(elsewhere, data.Tables(base))
    assert set(found["why"]) == {"Source with a similar title"}
    there = known_already(check(given | {"source_url": real["url"]}), data.Tables(base))
    assert there.iloc[0]["why"] == "Same source"


def test_pages_that_a_query_tells_apart_are_two_sources(base):
    asked = base.sources[base.sources["url"].str.contains(r"/\?p=\d")].iloc[0]
    for query, same in ((asked["url"].split("?")[1], True), ("p=1", False), ("", False)):
        url = f"{asked['url'].split('?')[0]}?{query}"
        given = check({"statement": "x", "source_title": "y", "source_url": url})
        assert (asked["source_id"] in same_source(given, base.sources)) is same


def test_a_source_is_found_by_its_doi_wherever_that_is_written(base):
    rows = base.sources[base.sources["url"].str.contains("doi.org/10")]
    real = rows.iloc[0]
    doi = real["url"].split("doi.org/")[1]
    for answers in (
        {"source_url": f"https://www.example.org/doi/full/{doi.upper()}/pdf"},
        {"source_url": f"https://dx.doi.org/{doi.replace('/', '%2F')}"},
        {"notes": f"I read it in (doi:{doi})."},
        {"statement": f"One in ten, says {doi.upper()}."},
    ):
        given = check({"statement": "x", "source_title": "y"} | answers)
        assert same_source(given, base.sources) == {real["source_id"]}, answers
    for row in rows.to_dict("records"):
        assert len(dois(row["url"])) == 1


def test_the_same_finding_comes_first_where_indicator_area_group_and_period_are_told(base):
    held = data.Tables(base)
    figures = base.figures[base.figures["geography_level"] == "borough"]
    dated = figures["year"].notna() & figures["period"].str.fullmatch(r"\d{4}")
    row = figures[dated & figures["record_id"].notna()].iloc[0]
    name = str(held.indicator_row(row["indicator_id"])["name"])
    told = {
        "statement": f"I read this: {name} is common here",
        "source_title": "zz",
        "disease_area": row["disease_area"],
        "geography_code": row["geography_code"],
        "ethnic_group": row["ethnic_group"],
    }
    first = known_already(check(told), held).iloc[0]
    assert first["why"] == "May be the same finding"
    assert first["indicator_id"] == row["indicator_id"]
    year = str(int(row["year"]))
    assert known_already(check(told | {"period": year}), held).iloc[0]["why"] == first["why"]
    other = known_already(check(told | {"period": "1901"}), held)
    assert "May be the same finding" not in set(other["why"]), "another year is another finding"


def test_what_is_prepared_is_held_against_what_is_known_of_the_same(base):
    held = data.Tables(base)
    real = base.figures[base.figures["figure_id"] == "mat-001"][FIGURES.columns].iloc[0]
    cells = real.astype(object).where(real.notna(), None).to_dict()
    new = base.sources[base.sources["source_id"] == cells["source_id"]].iloc[0]
    mine = Source(
        **new.astype(object).where(new.notna(), None).to_dict()
        | {"source_id": "new-one", "url": f"{new['url']}#again", "title": "Another title"}
    )
    own = {"figure_id": "community-1-1", "record_id": None, "source_id": "new-one"}
    publication = Publication(figures=(Figure(**cells | own),), sources=(mine,))
    assert "mat-001" in set(same_findings(publication, held)["figure_id"])
    told = prepared_is_known(publication, held)
    assert "Figures that may say the same as what is prepared" in told
    assert "This new source may be one that we have" in told
    other = Publication(figures=(Figure(**cells | own | {"period": "1901"}),), sources=())
    assert prepared_is_known(other, held) == ""


# What a reviewer does


def test_every_step_that_is_offered_can_be_taken_and_no_other_is(store):
    reference = suggest(store)
    page = signed_in(store, suggestion=1)
    assert page.radio[0].options == [
        "Start looking",
        "Write a note",
        "Hold back what it says",
        "Correct an answer",
        "Decline",
        "Merge into another",
    ]
    told = "When you have started looking you can also ask the sender, prepare"
    assert told in shown(page), "what is not offered yet"
    page = press(page, "Start looking")
    assert told not in shown(page)
    assert "Say that it is put right" in page.radio[0].options
    assert store.get(reference).events[-1].who == "ama@example.org"
    assert "Publish" not in page.radio[0].options
    assert "Accept what is prepared" not in page.radio[0].options
    page = choose(page, EventKind.ASKED)
    page = press(page, "Ask the sender")
    assert "Write the question." in shown(page)
    page = press(fill(page, why_asked="Which year was it?"), "Ask the sender")
    assert store.get(reference).state is State.WAITING
    assert "Which year was it?" in shown(page)


def test_declining_asks_for_a_reason_and_for_words_that_hold_nothing_private(store):
    reference = suggest(store)
    step(store, reference, EventKind.TAKEN)
    page = choose(signed_in(store, suggestion=1), EventKind.DECLINED)
    page = press(fill(page, why_declined="Ring 020 7946 0123"), "Decline")
    assert "Choose a reason from the list." in shown(page)
    page = press(fill(page, reason=DeclineReason.NO_SOURCE.value), "Decline")
    assert "These words will be public." in shown(page)
    assert widget(page, "why_declined").value == "Ring 020 7946 0123"
    page = press(fill(page, why_declined="We looked for it."), "Decline")
    assert store.get(reference).state is State.DECLINED
    page = press(fill(choose(page, EventKind.REOPENED), why_reopened="It was found."), "Reopen")
    assert store.get(reference).state is State.CHECKING


def test_every_step_says_who_reads_its_words_as_the_rules_have_it(store):
    assert set(HINTS) == set(DO)
    audiences = {kind: who_reads(kind) for kind in DO}
    everyone = {kind for kind, told in audiences.items() if told.startswith("Everyone")}
    sender = {kind for kind, told in audiences.items() if told.startswith("The sender")}
    assert everyone == {EventKind.DECLINED, EventKind.MERGED, EventKind.PUT_RIGHT}
    assert sender == {EventKind.HELD, EventKind.CORRECTED, EventKind.ASKED, EventKind.REOPENED}
    suggest(store)
    page = signed_in(store, suggestion=1)
    for kind in (EventKind.TAKEN, EventKind.NOTED, EventKind.DECLINED, EventKind.CORRECTED):
        page = choose(page, kind)
        assert audiences[kind] in widget(page, f"why_{kind}").label
        assert HINTS[kind] in shown(page)


def test_before_the_text_is_shown_the_reviewer_is_told_and_can_hold_it_back(store):
    reference = suggest(store)
    page = signed_in(store, suggestion=1)
    assert "From then on everyone can read in the public log what was suggested" in shown(page)
    page = choose(page, EventKind.HELD)
    hold_back = page.multiselect[0]
    assert hold_back.options == ["What it says", "Where it is from"]
    hold_back.set_value(["statement"])
    page = press(fill(page, why_held="It names a neighbour"), "Hold back what it says")
    kept = store.get(reference)
    assert (kept.state, list(kept.held)) == (State.RECEIVED, ["statement"])
    assert "What it says: held back by a reviewer" in "".join(each.value for each in page.warning)
    page = press(choose(page, EventKind.TAKEN), "Start looking")
    assert store.get(reference).public.withheld == "A reviewer holds it back."
    page = fill(choose(page, EventKind.CLEARED), why_cleared="It is a public house")
    press(page, "Clear what is held back")
    assert store.get(reference).public.statement == WORDS


def test_holding_back_what_is_published_says_and_does_that_it_leaves_the_pages(store):
    reference = suggest(store)
    publish(store, reference)
    page = choose(signed_in(store, suggestion=1), EventKind.HELD)
    assert "goes from the pages at once, until a reviewer clears it." in shown(page)
    page = press(fill(page, why_held="It names a neighbour"), "Hold back what it says")
    assert store.published().figures.empty
    warned = "".join(each.value for each in page.warning)
    assert "until you clear it, or reopen and correct it" in warned
    assert "What was published of it is off the pages" in warned
    page = choose(page, EventKind.CLEARED)
    assert "on the pages again at once" in shown(page)
    page = press(fill(page, why_cleared="It is a public house"), "Clear what is held back")
    assert len(store.published().figures) == 1


def test_hostile_text_is_declined_without_ever_being_shown(store):
    reference = suggest(store)
    page = choose(signed_in(store, suggestion=1), EventKind.DECLINED)
    page = fill(page, reason=DeclineReason.ABUSE.value, why_declined="It attacks people.")
    press(page, "Decline")
    assert store.get(reference).state is State.DECLINED
    assert WORDS not in str(store.public_log())


def test_what_is_right_without_a_new_number_is_put_right(store):
    reference = suggest(store)
    step(store, reference, EventKind.TAKEN)
    page = choose(signed_in(store, suggestion=1), EventKind.PUT_RIGHT)
    page = fill(page, **{"why_put-right": "The title said 2019 and says 2020 now."})
    page = press(page, "Say that it is put right")
    assert store.get(reference).state is State.PUT_RIGHT
    assert "Reopen" in page.radio[0].options


def test_what_looks_private_in_an_answer_of_the_sender_is_pointed_out_to_reviewers(store):
    reference = suggest(store)
    step(store, reference, EventKind.TAKEN)
    step(store, reference, EventKind.ASKED, words="Which page?")
    answer = Step(kind=EventKind.ANSWERED, role=Role.SENDER, words="Ring 020 7946 0123 <b>")
    store.step(reference, answer)
    text = shown(signed_in(store, suggestion=1))
    assert "May hold personal information: phone number." in text
    assert "<mark>020 7946 0123</mark>" in text
    assert "<b>" not in text


def test_who_took_the_appealed_decision_is_told_that_another_decides(store, monkeypatch):
    monkeypatch.setenv("REVIEWERS_NEEDED", "2")
    community._opened_store.cache_clear()
    reference = suggest(store)
    declined = {"reason": DeclineReason.NO_SOURCE, "words": "We looked for it."}
    step(store, reference, EventKind.DECLINED, who="Ama@example.org", **declined)
    store.step(reference, Step(kind=EventKind.APPEALED, role=Role.SENDER, words="Look again"))
    page = signed_in(store, suggestion=1)
    assert "You took the decision that the sender appeals." in shown(page)
    assert page.radio[0].options == ["Write a note", "Hold back what it says"]
    page = signed_in(store, who="bo@example.org", suggestion=1)
    assert "Decline" in page.radio[0].options


def test_who_decided_is_told_so_by_whom_they_are_and_not_by_what_they_are_called(
    store, monkeypatch
):
    monkeypatch.setenv("REVIEWERS_NEEDED", "2")
    community._opened_store.cache_clear()
    reference = suggest(store)
    declined = {"reason": DeclineReason.NO_SOURCE, "words": "We looked for it."}
    step(store, reference, EventKind.DECLINED, who="subject-1", **declined)
    store.step(reference, Step(kind=EventKind.APPEALED, role=Role.SENDER, words="Look again"))
    lasting = CLAIMS | {"exp": datetime.now(UTC).timestamp() + 600, "name": "Ama Owusu"}
    listed = {"subjects": ["subject-1"]}
    page = through_provider(lasting, listed, suggestion=1)
    told = "".join(each.value for each in page.info)
    assert "You took the decision that the sender appeals." in told


def test_one_that_can_t_be_read_leaves_the_others_to_review(store, caplog):
    suggest(store, statement="The first")
    bad = suggest(store, statement="Kept by other rules")
    with sqlite3.connect(store.url.database) as kept:
        kept.execute("UPDATE suggestions SET disease_area = 'magic' WHERE reference = ?", (bad,))
    page = signed_in(store)
    assert "Suggestion 2 can't be read" in page.warning[0].value
    assert "The first" in shown(page)
    assert "Suggestion 2 can't be read" in caplog.text
    assert bad not in caplog.text
    page = signed_in(store, suggestion=2)
    assert [warning.value[:26] for warning in page.warning] == ["Suggestion 2 can't be read"]
    page = choose(signed_in(store, suggestion=1), EventKind.NOTED)
    press(fill(page, why_noted="A note"), "Write a note")
    assert store.by_number(1).events[-1].words == "A note"


def test_a_correction_keeps_what_was_sent(store):
    reference = suggest(store, notes="Ring me on 020 7946 0123")
    step(store, reference, EventKind.TAKEN)
    page = choose(signed_in(store, suggestion=1), EventKind.CORRECTED)
    page = fill(page, new_notes="A colleague told them.", why_corrected="A phone number")
    page = press(page, "Correct an answer")
    kept = store.get(reference)
    assert kept.corrected.notes == "A colleague told them."
    assert kept.suggestion.notes == "Ring me on 020 7946 0123"
    assert not kept.held
    assert "As sent: " in shown(page)


def test_the_one_who_comes_second_is_told_and_loses_nothing(store):
    reference = suggest(store)
    page = fill(signed_in(store, suggestion=1), why_taken="I know the source")
    step(store, reference, EventKind.TAKEN)
    page = press(page, "Start looking")
    assert FASTER in shown(page)
    assert store.get(reference).events[-1].who == "bo@example.org"
    page = choose(page, EventKind.NOTED)
    page = fill(page, why_noted="A long note")
    step(store, reference, EventKind.ASKED, words="When?")
    page = press(page, "Write a note")
    assert FASTER in shown(page)
    assert widget(page, "why_noted").value == "A long note"
    page = press(page, "Write a note")
    assert store.get(reference).events[-1].words == "A long note"


def test_merging_offers_the_others_by_their_numbers(store):
    one, two = suggest(store), suggest(store)
    step(store, two, EventKind.TAKEN)
    page = choose(signed_in(store, suggestion=2), EventKind.MERGED)
    assert [option.split(":")[0] for option in widget(page, "into").options] == ["1"]
    page = fill(page, into=one, why_merged="The same report")
    press(page, "Merge into another")
    assert store.get(two).events[-1].into == one


def test_what_was_merged_into_one_that_ended_is_back_in_the_list_for_us(store):
    one, other = suggest(store), suggest(store, statement="The other one")
    merged = {"into": other, "words": "The same report"}
    step(store, one, EventKind.MERGED, **merged)
    page = signed_in(store)
    assert "Suggestion 1:" not in "".join(button.label for button in page.button)
    store.step(other, Step(kind=EventKind.WITHDRAWN, role=Role.SENDER))
    page = signed_in(store)
    assert "Suggestion 1:" in "".join(button.label for button in page.button)
    assert "That one is gone: reopen this one." in shown(page)
    page = signed_in(store, suggestion=1)
    assert "Reopen" in page.radio[0].options


def test_what_is_withdrawn_or_deleted_is_not_offered_to_merge_into(store):
    suggest(store)
    store.step(suggest(store), Step(kind=EventKind.WITHDRAWN, role=Role.SENDER))
    store.erase(suggest(store), "The sender asked", "the owner")
    suggest(store)
    page = choose(signed_in(store, suggestion=1), EventKind.MERGED)
    offered = [option.split(":")[0] for option in widget(page, "into").options]
    assert len(offered) == 1


FIGURE = {
    "indicator_id": "stillbirth",
    "source_id": "+new",
    "geography_code": "E09000022",
    "confidence": "secondary",
}
SOURCE = {
    "source_publisher": "Made for tests",
    "source_published": "2026",
    "source_title": "A report made for tests",
    "source_kind": "community-research",
    "source_url": "https://www.example.org/report",
}
GROUP = {
    "group_1_ethnic_group": "black",
    "group_1_ethnic_group_label": "Black",
    "group_1_value": "6.1",
}


def prepare(page):
    page = choose(page, EventKind.PREPARED)
    page = fill(page, **{f"common_{name}": value for name, value in FIGURE.items()})
    page = fill(page, **SOURCE, **GROUP, common_period="2025")
    return press(page, "Check and preview")


def test_what_is_missing_stands_beside_its_field(store):
    reference = suggest(store, disease_area="maternity", geography_code="E09000022")
    step(store, reference, EventKind.TAKEN)
    page = choose(signed_in(store, suggestion=1), EventKind.PREPARED)
    assert widget(page, "common_geography_code").value == "E09000022", "what is known is filled in"
    assert widget(page, "source_title").value == "A report made for tests"
    page = fill(page, common_indicator_id="stillbirth", group_1_value="about six")
    assert widget(page, "common_measure").value == "rate", "as the indicator has it"
    page = press(page, "Check and preview")
    assert "**Error: Write a number" in widget(page, "group_1_value").label
    assert "**Error: Fill this in.**" in widget(page, "common_period").label
    assert "**Error: Fill this in.**" in widget(page, "source_publisher").label
    assert "**Error: Fill this in.**" in widget(page, "source_kind").label, "nothing is assumed"
    assert "**Error: Fill this in.**" in widget(page, "common_confidence").label
    assert widget(page, "group_1_ethnic_group").value == "", "nobody named a group"
    assert "**Error: Choose the ethnic group.**" in widget(page, "group_1_ethnic_group").label
    assert "Error" not in widget(page, "source_title").label
    assert "How it will look" not in shown(page)
    assert "Prepare for publication" not in [button.label for button in page.button]


def test_a_figure_goes_from_suggestion_to_every_page(store):
    reference = suggest(store, disease_area="maternity", geography_code="E09000022")
    step(store, reference, EventKind.TAKEN)
    before = data.evidence_base()
    page = prepare(signed_in(store, suggestion=1))
    assert "How it will look" in shown(page), shown(page)
    assert "Suggested by the community, checked on" in shown(page)
    changed = fill(page, group_1_value="6.2")
    assert "You changed something" in shown(changed)
    page = press(press(changed, "Check and preview"), "Prepare for publication")
    assert "Once it is published, readers see exactly this." in shown(page)
    page = press(page, "Accept what is prepared")
    assert data.evidence_base() is before, "nothing is published yet, so nothing is opened anew"
    page = press(page, "Publish")
    assert store.get(reference).state is State.PUBLISHED
    figures = data.evidence_base().figures.set_index("figure_id")
    row = figures.loc[figure_id(1)]
    assert (row["value"], row["geography_name"], row["disease_area"]) == (
        6.2,
        "Lambeth",
        "maternity",
    )
    assert mark_in(row["note"])
    assert len(figures) == len(before.figures) + 1
    assert data.source_row(str(row["source_id"]))["title"] == "A report made for tests"
    page = press(fill(choose(page, EventKind.REOPENED), why_reopened="It was wrong"), "Reopen")
    assert figure_id(1) not in set(data.evidence_base().figures["figure_id"])


def test_what_looks_private_in_what_is_prepared_is_pointed_out_and_not_published(store):
    reference = suggest(store)
    step(store, reference, EventKind.TAKEN)
    page = prepare(signed_in(store, suggestion=1))
    page = press(fill(page, common_note="Ring 020 7946 0123"), "Check and preview")
    told = "What is prepared, note: phone number"
    assert told in shown(page)
    page = press(press(page, "Prepare for publication"), "Accept what is prepared")
    assert told in shown(page)
    page = press(choose(page, EventKind.PUBLISHED), "Publish")
    assert "is held back. Clear it or correct it" in shown(page)
    assert store.get(reference).state is State.ACCEPTED


def test_two_reviewers_must_accept_where_two_are_needed(store, url, monkeypatch):
    monkeypatch.setenv("REVIEWERS_NEEDED", "2")
    community._opened_store.cache_clear()
    reference = suggest(store)
    step(store, reference, EventKind.TAKEN)
    page = press(prepare(signed_in(store, suggestion=1)), "Prepare for publication")
    page = press(page, "Accept what is prepared")
    assert store.get(reference).state is State.ACCEPTED_ONCE
    assert "A second reviewer must accept it too" in shown(page)
    assert "Accept what is prepared" not in page.radio[0].options
    assert "Publish" not in page.radio[0].options
    page = press(signed_in(store, who="bo@example.org", suggestion=1), "Accept what is prepared")
    assert store.get(reference).state is State.ACCEPTED
    assert "Publish" in page.radio[0].options


def test_a_programme_is_published_as_a_programme(store):
    reference = suggest(
        store,
        kind="programme",
        source_title="Hearts made for tests",
        run_by="A group",
        source_url="https://www.example.org/",
        disease_area="cardiovascular",
        geography_code="E09000022",
    )
    step(store, reference, EventKind.TAKEN)
    page = choose(signed_in(store, suggestion=1), EventKind.PREPARED)
    page = press(press(page, "Check and preview"), "Prepare for publication")
    press(press(page, "Accept what is prepared"), "Publish")
    (found,) = data.programmes()
    assert (found.name, found.areas) == ("Hearts made for tests", ("Lambeth",))


def test_a_draft_of_a_real_figure_is_that_figure_again(base):
    """What was prepared comes back into the fields, and out of them, without a change."""
    rows = base.figures[base.figures["calculation"].isna()].iloc[::350]
    everything = known(base.figures, base.sources, base.indicators, base.areas, base.ethnic_groups)
    for row in rows[FIGURES.columns].astype(object).where(rows.notna(), None).to_dict("records"):
        figure = Figure.model_validate(row | {"correction": "It was wrong."})
        publication = Publication(figures=(figure,))
        found, errors = check_draft(
            of_publication(publication), Kind.CORRECTION, 1, figure.figure_id, everything
        )
        assert not errors, (figure, errors)
        assert found == publication
    assert len(rows) > 80


# What every copy of the app sees


def test_no_database_is_made_by_looking(url, tmp_path):
    assert community.seen_now() == community.Seen()
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_fails_takes_down_nothing_but_what_is_in_it(tmp_path, monkeypatch):
    (tmp_path / "broken.sqlite3").write_text("This is no database.")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'broken.sqlite3'}")
    assert data.community_is_missing()
    assert len(data.evidence_base().figures) > 1000
    page = AppTest.from_function(_footer, default_timeout=300).run()
    assert "can't be read just now" in page.warning[0].value


def _footer():
    from pages.shared.layout import footer  # noqa: PLC0415

    footer()


def test_a_database_that_hangs_holds_up_no_page_for_long(url, monkeypatch):
    waiting = threading.Event()
    watch = community.Watch(url)
    monkeypatch.setattr(watch, "_look_once", lambda: waiting.wait(60) and community.Seen("late"))
    monkeypatch.setattr(community, "PATIENCE", 0.2)
    began = time.monotonic()
    assert all(watch.now().trouble for _ in range(500)), "only the first one waits"
    assert time.monotonic() - began < 5
    waiting.set()
    monkeypatch.setattr(community, "REST", 0)
    until = time.monotonic() + 30
    while watch.now().key != "late":
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_database_is_asked_no_more_than_once_in_a_while(store, monkeypatch):
    suggest(store)
    asked = []
    version = SuggestionStore.version
    monkeypatch.setattr(SuggestionStore, "version", lambda self: asked.append(1) or version(self))
    monkeypatch.setattr(community, "LOOK_AFTER", 60)
    watch = community.Watch(str(store.url))
    for _ in range(200):
        watch.now()
    assert len(asked) == 1


def test_only_what_is_published_opens_the_tables_anew(store):
    watch = community.Watch(str(store.url))
    reference = suggest(store)
    first = watch.now().key
    step(store, reference, EventKind.TAKEN)
    step(store, reference, EventKind.NOTED, words="A note")
    assert watch.now().key == first == ""


def test_a_figure_whose_indicator_curators_took_away_is_left_out(store, base):
    published = store.published()
    lost = FIGURES.frame(
        [
            base.figures[FIGURES.columns].iloc[0].dropna().to_dict()
            | {"figure_id": "community-1-1", "indicator_id": "gone"}
        ]
    )
    after = community.joined(base, replace(published, figures=lost))
    assert len(after.figures) == len(base.figures)
