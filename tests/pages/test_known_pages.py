"""What the pages say of what is known, of history, of context, of findings and of our own sums.

Each page is run once and read by several tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from evidence.gap_map import Known, borough_map, group_map
from evidence.statements import figure_value, when
from evidence.strength import QUESTIONS, Strength
from evidence.vocabulary import DiseaseArea
from loaders.open import EvidenceBase

ROOT = Path(__file__).resolve().parents[2]
BOROUGH, CODE = "Brent", "E09000005"
OPENED = (DiseaseArea.CARDIOVASCULAR, DiseaseArea.WIDER_DETERMINANTS)


@cache
def run(page: str, opened: tuple[str, ...] = (), **query: str) -> AppTest:
    """A page as it stands at an address, with some of its boxes opened."""
    test = AppTest.from_file(str(ROOT / f"pages/{page}.py"), default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    for key in opened:
        test.session_state[key] = True
    return test.run()


@dataclass
class Section:
    """What stands under one heading: its HTML, and the labels of its boxes in order."""

    html: str = ""
    boxes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The section as people read it."""
        return plain(self.html)

    @property
    def figures(self) -> set[str]:
        """The figures that the section links to."""
        return set(re.findall(r"library\?figure=([a-z0-9-]+)", self.html))


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def nodes(block: Any) -> Iterator[Any]:
    """Every element of a page, boxes before what they hold."""
    for node in getattr(block, "children", {}).values():
        yield node
        yield from nodes(node)


def sections(test: AppTest) -> dict[str, Section]:
    """The sections of a page by their headings, in order; what stands before them under ""."""
    assert not test.exception, test.exception
    found = {"": Section()}
    current = found[""]
    for node in nodes(test.main):
        if node.type == "html":
            body = str(node.proto.body)
            heading = re.search(r"<h2[^>]*>(.*?)</h2>", body)
            if heading:
                current = found.setdefault(unescape(heading[1]), Section())
            current.html += body
        elif node.type == "expander":
            current.boxes.append(str(node.label))
    return found


def rows_of(html: str, caption: str) -> list[list[str]]:
    """The rows of the table whose caption begins so, as text."""
    tables = re.findall(r"<table>.*?</table>", html, flags=re.DOTALL)
    [wanted] = [t for t in tables if plain(t).startswith(caption)]
    body = wanted[wanted.index("<tbody>") :]
    rows = re.findall(r"<tr.*?</tr>", body, flags=re.DOTALL)
    return [[plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def names_of(base: EvidenceBase, ids: Any) -> set[str]:
    names = base.indicators.set_index("indicator_id")["name"]
    return {str(names[key]) for key in ids}


def told(base: EvidenceBase) -> pd.DataFrame:
    return base.figures[base.figures["value"].notna()]


# --- A borough ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def borough() -> dict[str, Section]:
    return sections(run("boroughs", borough=BOROUGH))


def test_the_borough_page_says_what_is_known_what_is_history_and_what_is_context_in_order(
    borough: dict[str, Section],
) -> None:
    wanted = [
        f"Measured in {BOROUGH}",
        f"Borrowed for {BOROUGH}",
        f"What is known and what is not in {BOROUGH}",
        f"History in {BOROUGH}",
        f"About everyone in {BOROUGH}",
    ]
    assert [heading for heading in borough if heading in wanted] == wanted


def test_each_cell_of_what_is_known_says_how_near_how_much_and_how_new(
    base: EvidenceBase, borough: dict[str, Section]
) -> None:
    html = borough[f"What is known and what is not in {BOROUGH}"].html
    rows = rows_of(html, f"The nearest figures to {BOROUGH} by ethnic group")
    assert [row[0] for row in rows] == [area.label for area in DiseaseArea]
    table = group_map(base.figures, base.areas, base.groups, CODE)
    here = {(row["disease_area"], row["ethnic_group"]): row for row in table.to_dict("records")}
    for area, row in zip(DiseaseArea, rows, strict=True):
        for group, cell in zip(base.groups.broad, row[1:], strict=True):
            known = here[str(area), group]
            if known["known"] == Known.NOTHING:
                assert "Nothing found" in cell, (area, group)
                continue
            told = f"{known['figures']:,} {Known(known['known']).word}"
            assert told in cell, (area, group)
            undated = pd.isna(known["newest"])
            assert ("undated" if undated else f"newest {known['newest']}") in cell


def test_the_borough_page_and_the_evidence_gap_map_have_the_same_cells(
    base: EvidenceBase, borough: dict[str, Section]
) -> None:
    cells = re.compile(r'<a class="known .*?</a>', flags=re.DOTALL)
    here = cells.findall(borough[f"What is known and what is not in {BOROUGH}"].html)
    assert len(here) == len(DiseaseArea) * len(base.groups.broad)
    test = run("gap_map", by="By ethnic group", borough=BOROUGH)
    there = cells.findall(" ".join(str(block.proto.body) for block in test.get("html")))
    assert set(here) <= set(there)


def test_the_overview_and_the_evidence_gap_map_count_the_same_boroughs(base: EvidenceBase) -> None:
    html = " ".join(str(block.proto.body) for block in run("overview").get("html"))
    rows = rows_of(html, "Evidence by disease area and determinant")
    found = borough_map(base.figures, base.areas, base.boroughs)
    own = (found["known"] == Known.OWN).groupby(found["disease_area"]).sum()
    assert {row[0]: row[1] for row in rows} == {
        area.label: f"{own[area]} of 33" for area in DiseaseArea
    }


def test_what_is_known_is_told_apart_from_what_it_says_and_invites_more(
    borough: dict[str, Section],
) -> None:
    text = borough[f"What is known and what is not in {BOROUGH}"].text
    assert "This counts what we hold, not what it says" in text
    assert "Figures from before 2010 are left out" in text


def test_the_history_of_a_borough_stands_apart_and_says_nothing_of_today(
    base: EvidenceBase, borough: dict[str, Section]
) -> None:
    figures = told(base)
    own = figures[figures["geography_code"] == CODE]
    history = own[own["history"]]
    assert len(history), f"{BOROUGH} has history"
    section = borough[f"History in {BOROUGH}"]
    assert "Data from before 2010" in section.text
    assert "says nothing of today" in section.text
    assert section.figures
    assert section.figures <= set(history["figure_id"])
    named = own[own["figure_id"].isin(section.figures)]["indicator_id"]
    assert set(named) == set(history["indicator_id"])
    assert "History: before 2010" in section.text


def test_no_history_is_told_in_short_or_borrowed_or_counted_as_the_boroughs_own(
    base: EvidenceBase, borough: dict[str, Section]
) -> None:
    figures = told(base)
    history = set(figures.loc[figures["history"], "figure_id"])
    measured = borough[f"Measured in {BOROUGH}"]
    assert "In short" in measured.text
    own = figures[(figures["geography_code"] == CODE) & ~figures["history"]]
    assert measured.figures
    assert measured.figures <= set(own["figure_id"])
    assert not borough[f"Borrowed for {BOROUGH}"].figures & history
    counted = own[~own["ethnic_group"].isin(["all", "unknown"])]
    assert f"{len(counted):,} figures of ethnic groups here" in borough[""].text
    for heading, section in borough.items():
        if not heading.startswith("History"):
            assert "History: before 2010" not in section.text, heading


def test_a_borough_without_history_has_no_section_of_it(base: EvidenceBase) -> None:
    figures = told(base)
    assert not ((figures["geography_name"] == "Camden") & figures["history"]).any()
    headings = list(sections(run("boroughs", borough="Camden")))
    assert "About everyone in Camden" in headings
    assert not [heading for heading in headings if heading.startswith("History")]


def test_the_context_of_a_borough_is_labelled_as_without_ethnic_breakdown(
    base: EvidenceBase, borough: dict[str, Section]
) -> None:
    section = borough[f"About everyone in {BOROUGH}"]
    assert "Context without ethnic breakdown" in section.text
    assert "say nothing of differences between ethnic groups" in section.text
    here = base.context[(base.context["geography_code"] == CODE) & base.context["value"].notna()]
    counts = here.groupby("disease_area")["indicator_id"].nunique()
    assert section.boxes == [
        f"{area.label}: {counts[area]} indicator{'' if counts[area] == 1 else 's'}"
        for area in DiseaseArea
        if area in counts
    ]
    # Context is of everyone, and none of it is a figure of the evidence base.
    assert not set(base.context["figure_id"]) & set(base.figures["figure_id"])
    assert set(base.context["ethnic_group"]) == {"all"}


PEOPLE = ["indicator_id", "sex", "age", "population", "measure", "unit", "standardisation"]
PEOPLE += ["adjusted_for"]
"""What tells the figures of a borough apart but for when they are of and who says so."""


def printed_long(row: dict[str, Any]) -> bool:
    return len(f"{row['value']:.10g}".partition(".")[2]) > 3


@pytest.mark.parametrize("area", OPENED, ids=str)
def test_context_that_is_opened_has_each_newest_figure_with_london_and_england_beside_it(
    base: EvidenceBase, area: DiseaseArea
) -> None:
    opened = tuple(f"context-{CODE}-{area}" for area in OPENED)
    section = sections(run("boroughs", opened, borough=BOROUGH))[f"About everyone in {BOROUGH}"]
    rows = rows_of(section.html, f"{area.label}: figures of everyone in {BOROUGH}")
    assert f"figures of everyone in {BOROUGH}, without ethnic breakdown" in section.text
    # Every figure with a value, by area, period and source, and then by whose it is.
    context = base.context[base.context["value"].notna() & (base.context["disease_area"] == area)]
    held: dict[tuple[Any, ...], Any] = {}
    newest: dict[tuple[Any, ...], Any] = {}
    for row in context.fillna(dict.fromkeys(PEOPLE, "")).to_dict("records"):
        people = tuple(row[name] for name in PEOPLE)
        held[row["geography_code"], row["period"], row["source_id"], people] = row
        if row["geography_code"] == CODE:
            newest[people] = max(newest.get(people, row), row, key=lambda one: one["year"])
    wanted = []
    for people, row in newest.items():
        name = names_of(base, [row["indicator_id"]]).pop()
        beside = [
            held.get((code, row["period"], row["source_id"], people))
            for code in ("E12000007", "E92000001")
        ]
        # Four decimals and more are false precision.
        shown = [
            one | {"value": round(one["value"], 1)} if one and printed_long(one) else one
            for one in (row, *beside)
        ]
        wanted.append([name, *(figure_value(one) if one else "" for one in shown), when(row)])
    assert sorted(row[:5] for row in rows) == sorted(wanted)
    assert any(row[2] and row[3] for row in rows), "London and England stand beside the borough"
    told_of = base.indicators[base.indicators["indicator_id"].isin(context["indicator_id"])]
    for definition in told_of["definition"]:
        assert " ".join(definition.split()) in section.text


# --- A disease area -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def area(base: EvidenceBase) -> DiseaseArea:
    """An area with findings, with history, and with indicators that have nothing newer."""
    figures = told(base)
    newer = figures.loc[~figures["history"], "indicator_id"]
    only = set(figures.loc[~figures["indicator_id"].isin(newer), "disease_area"])
    both = only & set(base.findings["disease_area"])
    return DiseaseArea.CANCER if DiseaseArea.CANCER in both else DiseaseArea(min(both))


@pytest.fixture(scope="module")
def disease(area: DiseaseArea) -> dict[str, Section]:
    return sections(run("disease_areas", area=area.label))


def test_what_is_said_without_a_number_is_listed_in_our_words_with_its_source(
    base: EvidenceBase, area: DiseaseArea, disease: dict[str, Section]
) -> None:
    section = disease["Said without a number"]
    assert "never counted as one" in section.text
    own = base.findings[base.findings["disease_area"] == area]
    links = base.sources.set_index("source_id")["url"]
    for finding in own.to_dict("records"):
        assert " ".join(finding["sentence"].split()) in section.text
        assert f"Finding {finding['finding_id']}." in section.text
        assert links[finding["source_id"]] in unescape(section.html)
    assert section.html.count("<li>") == len(own)
    for other in base.findings[base.findings["disease_area"] != area]["finding_id"]:
        assert other not in section.text


def test_an_area_where_nothing_is_said_without_a_number_has_no_such_section(
    base: EvidenceBase,
) -> None:
    without = DiseaseArea.DIABETES
    assert not (base.findings["disease_area"] == without).any()
    found = sections(run("disease_areas", area=without.label))
    assert "All indicators" in found
    assert "Said without a number" not in found


def indicators_listed(section: Section) -> list[str]:
    """The indicators of a list, from labels such as "Stillbirth (2 sets of figures, 1 place)"."""
    return [re.sub(r" \([\d,]+ sets? of figures, .*\)$", "", label) for label in section.boxes]


def test_history_is_a_list_apart_after_all_that_is_of_today(
    base: EvidenceBase, area: DiseaseArea, disease: dict[str, Section]
) -> None:
    figures = told(base)
    own = figures[figures["disease_area"] == area]
    newer = set(own.loc[~own["history"], "indicator_id"])
    older = set(own.loc[own["history"], "indicator_id"])
    assert older - newer, f"{area.label} has indicators without a newer figure"
    today = indicators_listed(disease["All indicators"])
    past = indicators_listed(disease["History: before 2010"])
    assert len(today) == len(newer)
    assert set(today) == names_of(base, newer)
    assert not set(today) & names_of(base, older - newer)
    assert len(past) == len(older)
    assert set(past) == names_of(base, older)
    assert "Nothing is ranked on it" in disease["History: before 2010"].text
    headings = list(disease)
    assert headings.index("All indicators") < headings.index("History: before 2010")


def test_the_sets_of_an_indicator_are_counted_without_those_of_history(
    base: EvidenceBase, area: DiseaseArea, disease: dict[str, Section]
) -> None:
    figures = told(base)
    own = figures[figures["disease_area"] == area]
    for heading, rows in (
        ("All indicators", own[~own["history"]]),
        ("History: before 2010", own[own["history"]]),
    ):
        sets = rows.groupby("indicator_id")["set_id"].nunique()
        names = dict(base.indicators[["indicator_id", "name"]].itertuples(index=False, name=None))
        for key, count in sets.items():
            start = f"{names[str(key)]} ({count:,} set{'' if count == 1 else 's'} of figures, "
            assert [label for label in disease[heading].boxes if label.startswith(start)], start


def test_no_card_of_a_disease_area_is_history(
    base: EvidenceBase, disease: dict[str, Section]
) -> None:
    history = set(base.figures.loc[base.figures["history"], "figure_id"])
    shown = set().union(*(section.figures for section in disease.values()))
    assert shown
    assert not shown & history


# --- A figure that we calculated ------------------------------------------------------------


def facts_of(section: Section) -> dict[str, str]:
    """The facts of an opened figure by name, as HTML."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", section.html, flags=re.DOTALL))


def test_a_calculated_figure_says_so_with_its_formula_and_both_sources(base: EvidenceBase) -> None:
    ours = told(base)[told(base)["calculation"].notna()]
    two = ours[ours["source_id"] != ours["calculation_source_id"]]
    figure = two.iloc[0]
    section = sections(run("library", figure=figure["figure_id"]))[f"Figure {figure['figure_id']}"]
    assert "Calculated by this dashboard" in section.text
    facts = facts_of(section)
    assert plain(facts["Calculated by us"]) == figure["calculation"]
    sources = base.sources.set_index("source_id")
    for key in ("source_id", "calculation_source_id"):
        source = sources.loc[figure[key]]
        assert source["title"] in plain(facts["Source"])
        assert source["url"] in unescape(facts["Source"])


def test_a_figure_calculated_from_one_source_names_it_once(base: EvidenceBase) -> None:
    ours = told(base)[told(base)["calculation"].notna()]
    figure = ours[ours["source_id"] == ours["calculation_source_id"]].iloc[0]
    section = sections(run("library", figure=figure["figure_id"]))[f"Figure {figure['figure_id']}"]
    facts = facts_of(section)
    title = base.sources.set_index("source_id").loc[figure["source_id"], "title"]
    assert plain(facts["Calculated by us"]) == figure["calculation"]
    assert plain(facts["Source"]).count(str(title)) == 1


def test_a_published_figure_does_not_say_that_we_calculated_it(base: EvidenceBase) -> None:
    figure = told(base)[told(base)["record_id"].notna()].iloc[0]["figure_id"]
    section = sections(run("library", figure=figure))[f"Figure {figure}"]
    assert "Calculated" not in section.text
    assert "Calculated by us" not in facts_of(section)


# --- Methods --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def methods() -> dict[str, Section]:
    return sections(run("methods"))


def test_the_five_questions_stand_with_how_many_figures_answer_yes(
    base: EvidenceBase, methods: dict[str, Section]
) -> None:
    figures = told(base)
    rows = rows_of(methods["How strong the evidence is"].html, "The five questions")
    assert rows == [
        [
            question,
            f"{int(figures[name].sum()):,}",
            f"{100 * figures[name].sum() / len(figures):.0f}%",
        ]
        for name, question in QUESTIONS.items()
    ]
    assert len(rows) == 5


def test_the_words_for_strength_stand_with_their_rules_and_add_up_to_every_figure(
    base: EvidenceBase, methods: dict[str, Section]
) -> None:
    figures = told(base)
    rows = rows_of(methods["How strong the evidence is"].html, "The words for how many")
    assert [row[0] for row in rows] == ["Strong", "Fair", "Limited", "History (before 2010)"]
    assert [row[1] for row in rows] == [strength.rule for strength in Strength]
    counts = [int(row[2].replace(",", "")) for row in rows]
    assert counts == [int((figures["strength"] == strength).sum()) for strength in Strength]
    assert sum(counts) == len(figures)


def test_every_formula_stands_with_its_indicator_and_how_many_figures_it_gave(
    base: EvidenceBase, methods: dict[str, Section]
) -> None:
    ours = base.figures[base.figures["calculation"].notna()]
    names = dict(base.indicators[["indicator_id", "name"]].itertuples(index=False, name=None))
    rows = rows_of(methods["What we calculate ourselves"].html, "Formulas")
    counts = Counter(ours[["indicator_id", "calculation"]].itertuples(index=False, name=None))
    wanted = [[names[key], formula, f"{count:,}"] for (key, formula), count in counts.items()]
    assert sorted(rows) == sorted(wanted)
    assert {row[1] for row in rows} == set(ours["calculation"])


# --- The library ----------------------------------------------------------------------------


@pytest.mark.parametrize("strength", list(Strength), ids=str)
def test_the_library_filters_by_strength(base: EvidenceBase, strength: Strength) -> None:
    test = run("library", strength=strength.label)
    assert not test.warning
    assert test.selectbox(key="strength").value == strength
    count = int((base.figures["strength"] == strength).sum())
    found = sections(test)[f"{count:,} figures"]
    rows = rows_of(found.html, "Figures 1 to")
    assert len(rows) == min(count, 25)
    assert {row[6] for row in rows} == {strength.label}


def test_strength_is_a_filter_beside_the_others(base: EvidenceBase) -> None:
    figures = base.figures
    here = (figures["disease_area"] == "maternity") & (figures["strength"] == "history")
    test = run("library", area="Maternity and early childhood", strength="History (before 2010)")
    found = sections(test)[f"{here.sum():,} figures"]
    titles = {row[0] for row in rows_of(found.html, "Figures 1 to")}
    assert titles <= names_of(base, figures.loc[here, "indicator_id"])


def test_an_unknown_strength_in_the_address_is_named() -> None:
    test = run("library", strength="Mighty")
    assert not test.exception
    assert "a strength" in test.warning[0].value
    assert "`Mighty`" in test.warning[0].value


# --- The overview ---------------------------------------------------------------------------


def test_the_overview_counts_history_apart_in_every_area(base: EvidenceBase) -> None:
    section = sections(run("overview"))["What is missing"]
    rows = rows_of(section.html, "Evidence by disease area and determinant")
    figures = told(base)
    assert [row[0] for row in rows] == [area.label for area in DiseaseArea]
    for area, row in zip(DiseaseArea, rows, strict=True):
        own = figures[figures["disease_area"] == area]
        now, past = own[~own["history"]], own[own["history"]]
        assert row[3:] == [f"{len(now):,}", f"{len(past):,}"], area
        local = now[now["geography_level"] == "borough"]
        assert row[1] == f"{local['geography_code'].nunique()} of 33", area
        years = local["year"].dropna()
        newest = str(years.max()) if len(years) else "not stated"
        assert row[2] == ("none" if local.empty else newest), area
    assert sum(int(row[4].replace(",", "")) for row in rows) == int(figures["history"].sum())
    assert "is history and counted apart" in section.text


def test_no_gap_on_the_overview_is_history(base: EvidenceBase) -> None:
    found = sections(run("overview"))["The widest gaps we can be sure of"]
    history = set(base.figures.loc[base.figures["history"], "figure_id"])
    assert found.figures
    assert not found.figures & history
