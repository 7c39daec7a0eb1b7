"""The page of formulas and the note beside a chart, as AppTest runs them."""

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from evidence.methods import METHODS, Family
from pages.shared import method_note
from pages.shared.html import PAGE_PATHS
from tests.pages.test_pages import run, text


def note(*keys: str) -> AppTest:
    """A page with nothing but the note on some methods, opened."""

    def script(keys: list[str]) -> None:
        import streamlit as st  # noqa: PLC0415

        from pages.shared.method_note import method_note  # noqa: PLC0415

        st.session_state.setdefault("set-worked-out", True)
        method_note(keys, key="set")

    return AppTest.from_function(script, args=(list(keys),), default_timeout=60).run()


@pytest.fixture(scope="module")
def page() -> AppTest:
    return run("formulas")


def formulas(test: AppTest) -> str:
    return " ".join(block.value for block in test.markdown)


def test_every_method_is_on_the_page_under_its_family(page: AppTest) -> None:
    assert not page.exception
    labels = [box.label for box in page.expander]
    assert labels == [f"**{one.name}.** {one.answers}" for one in METHODS.values()]
    told = text(page)
    for family in Family:
        assert f"<h2>{family.value}</h2>" in told


def test_every_formula_is_set_and_told_in_words(page: AppTest) -> None:
    signs = formulas(page)
    for one in METHODS.values():
        assert all(line in signs for line in one.formulas), one.key
        assert f"**In words.** {one.words}" in signs, one.key
        assert all(f"${sign}$: {meaning}" in signs for sign, meaning in one.symbols), one.key


def test_every_reference_is_named_and_linked_where_it_can_be(page: AppTest) -> None:
    told = text(page)
    for one in METHODS.values():
        for reference in one.references:
            assert f"{reference.authors}. {reference.title}" in told
            if reference.doi:
                assert f'href="{reference.url}"' in told


def test_a_link_to_a_method_puts_it_on_top() -> None:
    test = run("formulas", method="wilson")
    told = text(test)
    assert told.index("<h2>Wilson's limits of a percentage</h2>") < told.index(
        f"<h2>{Family.FIGURE.value}</h2>"
    )
    assert "The page prints limits 20.8% to 22.3%" in told
    assert "21.6% of people from the Black Caribbean ethnic group" in told
    assert 'href="library?figure=cvd-055"' in told
    assert not test.warning


@pytest.mark.parametrize("value", ["wald", "<script>alert(1)</script>"])
def test_a_method_that_there_is_not_is_named_and_the_page_stands(value: str) -> None:
    test = run("formulas", method=value)
    assert not test.exception
    assert f"`{value}`" in test.warning[0].value
    assert value not in text(test)


def test_a_method_without_an_example_says_why(page: AppTest) -> None:
    assert text(page).count("No figure of the dashboard uses this yet") == 3


def test_the_page_stands_when_the_figures_of_its_examples_are_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(figure_id: str) -> dict[str, object]:
        raise KeyError(figure_id)

    monkeypatch.setattr(method_note, "figure_row", gone)
    test = run("formulas", method="wilson")
    assert not test.exception
    assert method_note.GONE in text(test)


def test_the_note_names_each_method_with_formula_source_and_example() -> None:
    test = note("wilson", "score-proportions")
    assert not test.exception
    assert [box.label for box in test.expander] == ["How these numbers are worked out"]
    told = unescape(" ".join(str(block.proto.body) for block in test.get("html")))
    for key in ("wilson", "score-proportions"):
        one = METHODS[key]
        assert f"**{one.name}.** {one.answers}" in formulas(test)
        assert all(line in formulas(test) for line in one.formulas)
        assert f'href="{PAGE_PATHS["formulas"]}?method={key}"' in told
    assert re.search(r'href="https://doi.org/10\.\S+"[^>]*>Wilson 1927</a>', told)


def test_without_methods_there_is_no_note() -> None:
    assert not note().expander
