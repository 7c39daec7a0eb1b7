"""The page of maps: the sentence, the finding, the map and its table say the same thing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from charts.map_parts import Fill, KeyEntry, MapChart
from charts.palettes import LIGHT
from evidence.place_groups import groups_across
from evidence.place_series import series_across
from evidence.place_values import show_across
from evidence.places import Shown, indicators_across
from evidence.vocabulary import DiseaseArea
from loaders import maps
from loaders.open import EvidenceBase
from pages.shared import data, place_map
from pages.shared.map_key import map_key, picture_key
from pages.shared.place_groups import figures_of_groups
from pages.shared.place_picker import first_across
from pages.shared.place_table import figures_behind

ROOT = Path(__file__).resolve().parents[2]
FINDING = re.compile(r'<p class="finding">(.*?)</p>')
ROW = re.compile(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>')


def run(**query: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages/maps.py"), default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def text(test: AppTest) -> str:
    """All the HTML of the page, as people read it."""
    return unescape(" ".join(str(block.proto.body) for block in test.get("html")))


def finding(test: AppTest) -> str:
    found = FINDING.search(text(test))
    assert found is not None
    return found.group(1)


def table_rows(test: AppTest) -> dict[str, list[str]]:
    """The cells of the table by borough, with what links say."""
    plain = re.compile(r"<[^>]+>")
    return {
        plain.sub("", head): [plain.sub("", cell) for cell in re.findall(r"<td.*?</td>", cells)]
        for head, cells in ROW.findall(text(test))
    }


def picture_words(test: AppTest) -> dict[str, Any]:
    """The words that go into the picture of the map."""
    found = re.search(r"data-words='?\"?({.*?})\"", text(test))
    assert found is not None
    words: dict[str, Any] = json.loads(found.group(1))
    return words


def alt(test: AppTest) -> str:
    (chart,) = test.get("plotly_chart")
    return str(chart.proto.alt)


def test_the_page_opens_on_a_comparison_of_many_boroughs() -> None:
    test = run()
    assert not test.exception
    assert test.selectbox(key="indicator").value == "talking-therapies-recovery"
    assert finding(test) == (
        "Recovery after Talking Therapies was clearly lower among people from Black ethnic groups "
        "than among people from White ethnic groups in 9 of 29 boroughs measured, and clearly "
        "higher in none."
    )


def test_the_chart_the_table_and_the_finding_agree() -> None:
    test = run(**{"as": "figures", "sort": "Name"})
    rows = table_rows(test)
    assert list(rows) == sorted(rows)
    assert len(rows) == 33
    assert rows["Lambeth"][0] == "49%"
    assert rows["Hackney"] == ["not measured", "", ""]
    assert "Lambeth 49%" in alt(test)
    figures = {name: float(cells[0].rstrip("%")) for name, cells in rows.items() if "%" in cells[0]}
    low, high = min(figures.values()), max(figures.values())
    assert f"({low:g}%) and highest" in finding(test)
    assert f"({high:g}%), of {len(figures)} boroughs" in finding(test)


def test_the_table_is_sorted_by_value_with_what_has_none_last_and_links_to_boroughs() -> None:
    test = run(**{"as": "figures"})
    values = [cells[0] for cells in table_rows(test).values()]
    numbers = [float(value.rstrip("%")) for value in values if "%" in value]
    assert numbers == sorted(numbers, reverse=True)
    assert values[len(numbers) :] == ["not measured"] * 4
    assert '<a href="boroughs?borough=Brent" target="_self">Brent</a>' in text(test)


@pytest.mark.parametrize("kind", ["Boundaries", "Squares", "Small multiples"])
def test_each_kind_of_map_has_its_text_alternative_and_its_table(kind: str) -> None:
    test = run(map=kind)
    assert not test.exception
    assert alt(test).startswith(finding(test))
    assert len(table_rows(test)) == 33


def test_the_key_counts_every_borough_and_names_the_blanks() -> None:
    told = text(
        run(indicator="Reliable deterioration after Talking Therapies", **{"as": "figures"})
    )
    key = re.search(r'<ul class="map-key">(.*?)</ul>', told)
    assert key is not None
    counts = [int(count) for count in re.findall(r'class="count">(\d+)<', key.group(1))]
    assert "not measured" in key.group(1)
    assert "suppressed (small numbers)" in key.group(1)
    unclear = re.search(r"of these, no clear difference.*?count\">(\d+)<", key.group(1))
    assert sum(counts) - (int(unclear.group(1)) if unclear else 0) == 33


def test_what_the_address_says_is_chosen() -> None:
    test = run(
        area="Wider determinants of health",
        indicator="Attainment 8 score at 16",
        group="children from Asian ethnic groups",
        map="Squares",
        classes="Natural breaks",
        count="3",
    )
    assert not test.exception
    assert test.selectbox(key="indicator").value == "attainment-8"
    assert test.selectbox(key="classes").value == "natural-breaks"
    assert test.selectbox(key="count").value == 3


def test_what_the_address_names_and_we_do_not_have_is_said() -> None:
    test = run(map="Globe", indicator="Happiness of cats")
    assert not test.exception
    told = " ".join(warning.value for warning in test.warning)
    assert "a kind of map that we don't have: `Globe`" in told
    assert "an indicator that we don't have: `Happiness of cats`" in told


def test_differences_are_shown_where_nothing_can_be_divided() -> None:
    test = run(area="Wider determinants of health", indicator="Attainment 8 score at 16")
    assert not test.exception
    assert "differences from" in test.selectbox(key="as").options
    assert "ratios to" not in test.selectbox(key="as").options
    assert "no limits are published" in finding(test)


def test_context_of_everyone_is_shown_without_a_comparison(base: EvidenceBase) -> None:
    name = base.indicators.set_index("indicator_id").at["deprivation-score", "name"]
    test = run(area="Wider determinants of health", indicator=name)
    assert not test.exception
    assert not test.warning
    assert test.selectbox(key="as").options == ["figures"]
    assert "of all ethnic groups" in finding(test)


@pytest.mark.parametrize("area", list(DiseaseArea), ids=str)
def test_the_page_opens_for_every_area_with_borough_figures(area: DiseaseArea) -> None:
    held = data.mapped_indicators()
    test = run(area=area.label)
    assert not test.exception
    if (held["disease_area"] == area).any():
        assert test.selectbox(key="area").value == area
        assert not test.warning
        assert finding(test).endswith(".")


@pytest.mark.parametrize("reference", [None, "white", "asian"])
def test_the_download_has_the_figures_and_gaps_of_the_map(
    base: EvidenceBase, recovery: pd.DataFrame, reference: str | None
) -> None:
    across = show_across(
        recovery,
        base.boroughs,
        base.groups,
        shown=Shown.RATIO if reference else Shown.FIGURE,
        group="black",
        reference=reference,
    )
    found = pd.read_csv(BytesIO(figures_behind(recovery, across)))
    assert set(found["ethnic_group"]) == {"black"} | ({reference} if reference else set())
    assert found["citation"].notna().all()
    own = found[found["ethnic_group"] == "black"].set_index("geography_name")
    shown = across.measured.set_index("name")["value"]
    column = own["ratio"] if reference else own["value"]
    assert column.reindex(shown.index).to_dict() == pytest.approx(shown.to_dict(), rel=1e-4)


def test_the_download_is_offered_under_the_map() -> None:
    labels = [button.proto.label for button in run().get("download_button")]
    assert labels == ["Download these figures (CSV)"]


def test_the_years_have_a_finding_a_caution_and_a_picture_of_their_own() -> None:
    years, one = run(map="Small multiples"), run(map="Squares")
    assert finding(years) == (
        "Recovery after Talking Therapies among people from Black ethnic groups was higher in the "
        "newest period than in the first in 22 of 29 boroughs with two or more, and lower in 5."
    )
    assert "No test was made here" in text(years)
    assert "the gap may be chance alone" not in text(years)
    assert "does not start at zero" in text(years)
    assert "No test was made here" not in text(one)
    words = json.loads(re.search(r"data-words='?\"?({.*?})\"", text(years)).group(1))
    assert words["title"] == finding(years).removesuffix(".")
    assert "2017-18 to 2020-21" in words["subtitle"]
    assert "Ratio" not in words["subtitle"]


def test_groups_stand_side_by_side_in_every_borough_with_the_same_numbers_in_the_table() -> None:
    test = run(map="Groups")
    assert not test.exception
    assert not test.warning
    told = finding(test)
    assert alt(test).startswith(told.removesuffix("."))
    rows = table_rows(test)
    assert len(rows) == 29
    assert "Recovery after Talking Therapies by borough and ethnic group, 2019-20" in text(test)
    assert rows["Lambeth"][1] == "49% (45.5 to 51.7)"
    assert list(rows) == sorted(rows)
    apart = sorted((cells[-1] for cells in rows.values()), key=lambda cell: float(cell.split()[0]))
    assert f"groups lie {apart[0].split()[0]} to {apart[-1]} apart" in told
    assert "Black has an outline" in text(test)
    assert "own figures; the ratios to White are in the CSV file" in text(test)
    assert "figures with their 95% limits" in text(test)
    for name, cells in rows.items():
        numbers = [float(cell.split("%")[0]) for cell in cells[:-1] if "%" in cell]
        assert f"{name} from {min(numbers):g}%" in alt(test)
    assert "Without figures of two groups: City of London, Hackney" in text(test)
    assert "NHS England" in text(test)
    words = json.loads(re.search(r"data-words='?\"?({.*?})\"", text(test)).group(1))
    assert words["title"] == told.removesuffix(".")
    assert "Racial health inequalities" in words["citation"]
    assert "may be partly luck" in words["note"]


def test_the_order_of_the_boroughs_is_kept_in_the_address() -> None:
    rows = list(table_rows(run(map="Groups", order="Distance between groups")))
    assert rows[0] == "Barking and Dagenham"
    assert rows != sorted(rows)
    assert sorted(rows) == list(table_rows(run(map="Groups")))
    test = run(map="Groups", order="Colour")
    assert "an order that we don't have: `Colour`" in test.warning[0].value


def test_groups_that_are_not_put_side_by_side_say_why() -> None:
    test = run(map="Groups", area="Mental health", indicator="Referrals to Talking Therapies")
    assert not test.exception
    assert "how many people a group has" in test.info[0].value
    assert not test.get("plotly_chart")


@pytest.mark.parametrize("area", list(DiseaseArea), ids=str)
def test_groups_can_be_asked_for_in_every_area(area: DiseaseArea) -> None:
    test = run(area=area.label, map="Groups")
    assert not test.exception
    assert bool(test.get("plotly_chart")) != bool(test.info)


def test_the_download_of_the_groups_has_every_figure_drawn_and_its_citation(
    base: EvidenceBase, recovery: pd.DataFrame
) -> None:
    apart = groups_across(recovery, base.groups, group="black", reference="white")
    found = pd.read_csv(BytesIO(figures_of_groups(apart, "white")))
    assert sorted(found["figure_id"]) == sorted(apart["figure_id"])
    assert found["citation"].notna().all()
    compared = found[found["ethnic_group"] != "white"]
    white = found[found["ethnic_group"] == "white"].set_index("geography_name")["value"]
    ratio = compared["value"] / compared["geography_name"].map(white)
    assert compared["ratio"].tolist() == pytest.approx(ratio.tolist(), rel=0.05)


def test_the_download_of_the_years_has_every_figure_drawn(
    base: EvidenceBase, recovery: pd.DataFrame
) -> None:
    across = show_across(
        recovery, base.boroughs, base.groups, shown=Shown.RATIO, group="black", reference="white"
    )
    series = series_across(base.figures, recovery, "black", "white")
    found = pd.read_csv(BytesIO(figures_behind(series, across)))
    assert sorted(found["figure_id"]) == sorted(series["figure_id"])
    assert found["period"].nunique() == 4


def test_boundaries_that_cannot_be_read_leave_the_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nothing: tuple[None, None, dict[str, object]] = (None, None, {})
    monkeypatch.setattr(place_map, "_shapes", lambda: nothing)
    test = run()
    assert not test.exception
    assert any("outlines can't be read" in note.value for note in test.info)
    assert len(table_rows(test)) == 33


@pytest.fixture
def without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the tables to break, which the page then reads."""
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    monkeypatch.setattr(data, "DATA", folder)
    yield folder
    data._last_look = None


def test_squares_that_cannot_be_read_leave_the_table(without: Path) -> None:
    (without / "reference" / "borough_tiles.csv").write_text("", encoding="utf-8")
    data._last_look = None
    for kind in ("Squares", "Small multiples"):
        test = run(map=kind)
        assert not test.exception
        assert any("can't be read" in note.value for note in test.info)
        assert len(table_rows(test)) == 33


def test_the_credit_of_what_is_drawn_stands_under_it() -> None:
    shapes = maps.boundaries()
    assert shapes is not None
    assert shapes["metadata"]["attribution"] in text(run())
    assert "London Squared by After the Flood" in text(run(map="Squares"))


@pytest.mark.parametrize(
    ("kind", "credit"),
    [
        ("Boundaries", "Crown copyright"),
        ("Squares", "London Squared by After the Flood"),
        ("Small multiples", "London Squared by After the Flood"),
    ],
)
def test_a_saved_picture_carries_the_credit_of_what_it_is_drawn_with(
    kind: str, credit: str
) -> None:
    assert credit in picture_words(run(map=kind))["source"]


def test_the_thick_lines_are_explained_under_the_map_and_in_its_picture() -> None:
    told = "Thick lines are the borders of London's NHS areas"
    test = run(map="Boundaries")
    assert text(test).count(f'<p class="reading">{told}') == 1
    assert told in picture_words(test)["note"]
    assert told not in text(run(map="Squares"))


def test_an_area_opens_with_the_comparison_of_most_boroughs(
    base: EvidenceBase, joined: pd.DataFrame
) -> None:
    mapped = indicators_across(joined)
    mental = mapped[mapped["disease_area"] == DiseaseArea.MENTAL_HEALTH]
    assert first_across(mental, base.indicators) == "talking-therapies-recovery"
    diabetes = mapped[mapped["disease_area"] == DiseaseArea.DIABETES]
    best = mapped.set_index("indicator_id").loc[first_across(diabetes, base.indicators)]
    assert best["compared"] == diabetes["compared"].max()


def test_the_key_is_a_list_that_is_read_with_its_counts() -> None:
    key = (
        KeyEntry(Fill("#102030"), "1 & less", 1),
        KeyEntry(Fill("#102030", solid=False), "unclear", 3),
        KeyEntry(Fill(pattern="x"), "suppressed", 2),
        KeyEntry(Fill(), "not measured", 0),
    )
    chart = MapChart(go.Figure(), "", "", "", key)
    told = map_key(chart, LIGHT)
    assert told.count("<li>") == 4
    assert "1 &amp; less" in told
    assert '>1<span class="unseen"> borough</span>' in told
    assert '>3<span class="unseen"> boroughs</span>' in told
    swatches = re.findall(r"swatch swatch-(\w+)", told)
    assert swatches == ["solid", "hollow", "crossed", "empty"]
    striped = map_key(MapChart(go.Figure(), "", "", "", key, striped=True), LIGHT)
    assert "swatch-striped" in striped
    assert "swatch-hollow" not in striped


def test_a_map_is_saved_with_its_key_and_in_the_light_colours() -> None:
    words = picture_words(run(map="Squares"))
    labels = [mark["label"] for mark in words["legend"]]
    assert "not measured (4)" in labels
    assert "of these, no clear difference between the groups (20)" in labels
    assert "NHS England" in words["source"]
    assert words["title"] == finding(run(map="Squares")).removesuffix(".")


def test_the_key_of_a_picture_has_the_kinds_that_the_picture_knows() -> None:
    key = (KeyEntry(Fill("#102030", solid=False), "unclear", 3), KeyEntry(Fill(), "none", 4))
    rimmed, empty = picture_key(MapChart(go.Figure(), "", "", "", key))
    assert (rimmed.kind, rimmed.label, rimmed.colour) == ("hollow", "unclear (3)", "#102030")
    assert (empty.kind, empty.label) == ("empty", "none (4)")
    assert picture_key(MapChart(go.Figure(), "", "", "", key, striped=True))[0].kind == "striped"


def test_the_table_of_groups_promises_no_limits_where_none_are_published() -> None:
    school = "Attainment 8 score at 16, graded by teachers (2020 and 2021)"
    test = run(area=DiseaseArea.WIDER_DETERMINANTS.label, indicator=school, map="Groups")
    assert "No limits are published" in text(test)
    assert "95% limits, and how far" not in text(test)
    assert ": figures, and how far the lowest" in text(test)
