"""Every page runs for every area and every borough, keeps its filters, and says what is wrong."""

import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from evidence.coverage import of_groups
from evidence.vocabulary import DiseaseArea
from loaders import maps
from loaders.open import EvidenceBase
from pages.shared import data
from pages.shared.html import OPENS_WITH, address

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(file.stem for file in (ROOT / "pages").glob("*.py") if file.stem != "navigation")
BOROUGHS = list(pd.read_csv(ROOT / "data/reference/boroughs.csv")["name"])


def run(page: str, **query: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / f"pages/{page}.py"), default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def text(test: AppTest) -> str:
    """All the HTML of a page, as people read it."""
    return unescape(" ".join(str(block.proto.body) for block in test.get("html")))


@pytest.mark.parametrize("page", PAGES)
def test_each_page_runs_without_an_exception(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'suggestions.sqlite3'}")
    test = run(page)
    assert not test.exception
    assert "<h1>" in text(test)


def test_the_whole_app_starts_on_the_overview() -> None:
    test = AppTest.from_file(str(ROOT / "pages/navigation.py"), default_timeout=60).run()
    assert not test.exception
    assert "Racial health inequalities in London" in text(test)
    assert "Tables of 22 November 2026" in text(test)


@pytest.mark.parametrize("area", list(DiseaseArea), ids=str)
def test_the_disease_page_runs_for_every_area(base: EvidenceBase, area: DiseaseArea) -> None:
    test = run("disease_areas", area=area.label)
    assert not test.exception
    assert (base.figures["disease_area"] == area).any(), "every area has figures"
    assert test.selectbox(key="area").value == area
    assert not test.warning


@pytest.mark.parametrize("area", ["Maternity and early childhood", "Mental health"])
def test_every_indicator_of_an_area_opens_in_the_sentence(area: str) -> None:
    test = run("disease_areas", area=area)
    for indicator in test.selectbox(key="indicator").options:
        asked = run("disease_areas", area=area, indicator=indicator)
        assert not asked.exception, indicator
        assert not asked.warning, indicator


@pytest.mark.parametrize("borough", BOROUGHS)
def test_the_borough_page_runs_for_every_borough(base: EvidenceBase, borough: str) -> None:
    test = run("boroughs", borough=borough)
    assert not test.exception
    assert not test.warning
    page = text(test)
    assert f"Who lives in {borough}" in page
    own = base.figures[(base.figures["geography_name"] == borough) & ~base.figures["history"]]
    own = own[of_groups(own)]
    assert own["value"].notna().any(), "every borough has figures of ethnic groups"
    assert f"<b>{own['value'].notna().sum():,}</b> figures of ethnic groups here" in page


def test_the_borough_page_labels_borrowed_figures_with_their_own_area() -> None:
    test = run("boroughs", borough="Camden")
    page = text(test)
    borrowed = page[page.index("Borrowed for Camden") :]
    assert 'chip chip-england"' in borrowed
    assert "not about the borough alone" in borrowed


def test_a_link_leaves_out_what_its_page_opens_with() -> None:
    for page, filters in OPENS_WITH.items():
        test = run(page.replace("-", "_"))
        assert address(page, **filters) == page
        for name, value in filters.items():
            box = test.selectbox(key=name)
            assert box.index is not None
            assert box.options[box.index] == value
            other = next(option for option in box.options if option != value)
            assert address(page, **{name: other}) == f"{page}?{urlencode({name: other})}"
            # Elsewhere the same value is a choice of its own.
            assert address("library", **{name: value}) == f"library?{urlencode({name: value})}"


def test_a_link_at_the_head_of_a_borough_leads_to_what_is_known_of_it() -> None:
    page = text(run("boroughs", borough="Brent"))
    link = '<a href="#what-is-known">What is known and what is not in Brent</a>'
    to = '<h2 id="what-is-known" tabindex="-1">What is known and what is not in Brent</h2>'
    assert page.index(link) < page.index("Who lives in Brent") < page.index(to)


def test_an_address_opens_the_view_that_it_names() -> None:
    test = run(
        "disease_areas",
        area="Mental health",
        indicator="Recovery after Talking Therapies",
        place="Lambeth",
        group="people from Asian ethnic groups",
    )
    page = text(test)
    assert "In Lambeth in 2019-20, 44% of people from Asian ethnic groups" in page
    assert test.selectbox(key="with").value == "white"


def test_another_reference_group_changes_the_comparison() -> None:
    asked = {
        "area": "Mental health",
        "indicator": "Recovery after Talking Therapies",
        "place": "Lambeth",
        "group": "people from Asian ethnic groups",
    }
    test = run("disease_areas", **asked, **{"with": "Black"})
    assert "against 49% of people from Black ethnic groups" in text(test)


@pytest.mark.parametrize(
    ("page", "name", "kind"),
    [
        ("disease_areas", "area", "a disease area"),
        ("disease_areas", "indicator", "indicator"),
        ("disease_areas", "place", "place"),
        ("disease_areas", "group", "ethnic group"),
        ("boroughs", "borough", "a borough"),
        ("library", "area", "a disease area"),
        ("library", "place", "a place"),
        ("library", "group", "an ethnic group"),
        ("library", "figure", "a figure"),
        ("library", "source", "a source"),
    ],
)
@pytest.mark.parametrize("value", ["Atlantis", "<script>alert(1)</script>", "[x](//evil.example)"])
def test_an_unknown_value_in_the_address_is_named_and_the_page_stands(
    page: str, name: str, kind: str, value: str
) -> None:
    test = run(page, **{name: value})
    assert not test.exception
    notice = test.warning[0].value
    assert kind in notice
    assert f"`{value}`" in notice, "shown as code, so that it can't become a link"
    assert value not in text(test)


def test_the_library_finds_filters_and_downloads(base: EvidenceBase) -> None:
    test = run("library", area="Maternity and early childhood", q="stillbirth")
    found = base.figures[
        (base.figures["disease_area"] == "maternity")
        & base.figures["indicator_id"].str.contains("stillbirth")
    ]
    assert len(found) > 10
    heading = text(test)
    told = re.search(r"<h2>([\d,]+) figures</h2>", heading)
    assert told
    assert int(told[1].replace(",", "")) >= len(found)
    nothing = run("library", q="zzzz")
    assert "0 figures" in text(nothing)
    assert "tell us about it" in text(nothing)


def test_a_label_in_other_letters_is_understood() -> None:
    assert run("boroughs", borough="lambeth").selectbox(key="borough").value == "Lambeth"
    area = run("disease_areas", area="mental-health").selectbox(key="area").value
    assert area == DiseaseArea.MENTAL_HEALTH


def test_newer_figures_of_the_nhs_area_stand_beside_the_boroughs_older_ones() -> None:
    test = run("boroughs", borough="Lambeth")
    labels = [box.label for box in test.expander]
    assert any(re.fullmatch(r"South East London NHS area: \d+ indicators", one) for one in labels)
    assert "Recovery after Talking Therapies, 2019-20" in labels


def test_what_a_borough_lacks_is_told_with_the_nearest_place_that_has_it() -> None:
    page = text(run("boroughs", borough="Lambeth"))
    missing = page[page.index("What is known and what is not in Lambeth") :]
    assert "Measured only elsewhere" in missing
    assert re.search(r"Stillbirth \(nearest: (England|England and Wales|United Kingdom)\)", missing)


def test_history_is_marked_as_such() -> None:
    page = text(run("library", figure="mat-209"))
    assert "History: before 2010" in page
    assert "History: before 2010" not in text(run("library", figure="mat-011"))


def test_the_opened_figure_keeps_the_search() -> None:
    page = text(run("library", q="Lewisham"))
    assert "library?q=Lewisham&figure=" in page


@pytest.mark.parametrize(
    "table",
    [
        "sources.csv",
        "indicators.csv",
        "excluded.csv",
        "figures/mental-health.csv",
        "bulk/school-readiness.parquet",
        "reference/boroughs.csv",
        "reference/areas.csv",
        "reference/ethnic_groups.csv",
        "reference/population.parquet",
        "reference/boroughs.geojson",
    ],
)
def test_no_unreadable_table_takes_a_page_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    (folder / table).write_bytes(b"\xff\xfe\x00")
    monkeypatch.setattr(data, "DATA", folder)
    monkeypatch.setattr("pages.shared.borough.boundaries", lambda: maps.boundaries(folder))
    for page in PAGES:
        assert not run(page).exception, page


def test_a_figure_opens_with_everything_known_of_it(base: EvidenceBase) -> None:
    figure = base.figures[base.figures["record_id"] == "MAT-011"].iloc[0]
    source = base.sources.set_index("source_id").loc[figure["source_id"]]
    page = text(run("library", figure=figure["figure_id"]))
    for known in ("MAT-011", "3.6 per 1,000 births", "2.65 to 4.55", source["url"], "Matthews"):
        assert known in page
    assert "Is this wrong?" in page


def test_bad_rows_show_a_curators_notice_and_the_pages_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    (folder / "bulk/talking-therapies.parquet").write_bytes(b"not a table")
    table = folder / "figures/maternity.csv"
    lines = table.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].replace("risk_ratio", "risk ratio")
    table.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(data, "DATA", folder)
    for page in PAGES:
        test = run(page)
        assert not test.exception, page
    app = AppTest.from_file(str(ROOT / "pages/navigation.py"), default_timeout=60).run()
    assert not app.exception
    notice = next(box for box in app.expander if "For curators" in box.label)
    told = " ".join(block.value for block in notice.text)
    assert "figures/maternity.csv, row 2, column measure" in told
    assert "talking-therapies.parquet" in told
    remaining = text(run("boroughs", borough="Lambeth"))
    assert "figures of ethnic groups here" in remaining, "the other tables still show"


def test_a_table_that_a_curator_saves_shows_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    monkeypatch.setattr(data, "DATA", folder)
    monkeypatch.setattr(data, "STAMP_FOR", 0)
    whole = data.evidence_base()
    assert whole.faults == ()
    table = folder / "figures/maternity.csv"
    lines = table.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].replace("risk_ratio", "risk ratio")
    table.write_text("\n".join(lines), encoding="utf-8")
    assert len(data.evidence_base().figures) == len(whole.figures) - 1
    assert len(data.with_gaps()) == len(whole.figures) - 1


def test_the_address_keeps_the_order_of_the_chosen_set() -> None:
    place = {"area": "Mental health", "indicator": "Recovery after Talking Therapies"}
    by_group, by_size = (
        text(run("disease_areas", **place, order=order)).split("<caption")[1]
        for order in ("By group", "By size")
    )
    assert by_group != by_size
    assert sorted(by_group) == sorted(by_size), "the same rows in another order"
    assert "`Upwards`" in run("disease_areas", order="Upwards").warning[0].value
