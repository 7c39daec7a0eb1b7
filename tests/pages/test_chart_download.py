"""The buttons of a chart carry all that its picture needs, whatever the words."""

import json
from html.parser import HTMLParser

import plotly.graph_objects as go
import pytest

from charts.chart import Chart
from charts.pictures import KeyMark
from charts.theme import LIGHT, finish
from pages.shared.chart_download import LIBRARY, cited_in_picture, picture_buttons

NASTY = '</div><script>alert(1)</script> "quoted" <b>Caf\u00e9</b> -->'


class Found(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def buttons(title: str = "A finding", **more: object) -> Found:
    figure = finish(go.Figure(go.Scatter(x=[1], y=[title])), LIGHT, height=321)
    chart = Chart(figure, title, "A subtitle", "Told in words")
    found = Found()
    given = {"source": "A body, 2024", "citation": "A body (2024). A title.", "name": "a-name"}
    found.feed(picture_buttons(chart, key="one", **given | more))  # type: ignore[arg-type]
    return found


def words_of(found: Found) -> dict[str, object]:
    told: dict[str, object] = json.loads(str(found.tags[0][1]["data-words"]))
    return told


def test_there_is_a_button_for_each_format_that_says_what_it_does() -> None:
    found = buttons()
    assert [tag for tag, _ in found.tags].count("button") == 2
    assert found.words == ["Download chart as PNG", "Download chart as SVG"]
    box = found.tags[0][1]
    assert box["role"] == "group"
    assert box["aria-label"] == "Pictures of the chart: A finding"
    assert ("span", {"class": "download-status", "role": "status"}) in found.tags


def test_the_picture_has_title_subtitle_source_and_citation() -> None:
    told = words_of(buttons(note="Hollow: not clear"))
    assert told["title"] == "A finding"
    assert told["subtitle"] == "A subtitle"
    assert told["alt"] == "Told in words"
    assert told["note"] == "Hollow: not clear"
    assert told["source"] == "Source: A body, 2024"
    assert told["citation"] == "Cite as: A body (2024). A title."
    assert told["library"] == LIBRARY
    assert told["height"] == 321


def test_a_map_brings_its_key() -> None:
    told = words_of(buttons(legend=[KeyMark("no clear difference (3)", "hollow", "#007A99")]))
    assert told["legend"] == [
        {
            "label": "no clear difference (3)",
            "kind": "hollow",
            "colour": "#007A99",
            "inside": LIGHT.background,
        }
    ]


@pytest.mark.parametrize("part", ["title", "source", "citation", "name"])
def test_no_word_can_break_out_of_the_buttons(part: str) -> None:
    found = buttons(**{part: NASTY})
    assert [tag for tag, _ in found.tags] == ["div", "button", "button", "span"]
    assert NASTY in str(words_of(found)[part])
    # What cleans HTML drops attributes in which it sees a tag or a comment's end.
    for value in found.tags[0][1].values():
        if str(value).startswith("{"):
            assert "<" not in str(value)
            assert ">" not in str(value)


def test_a_picture_names_the_dashboard_its_tables_and_each_source_once() -> None:
    source, citation = cited_in_picture(["ons-census-2011-ks201", "ons-census-2011-ks201"])
    assert source == "Office for National Statistics, 2012"
    assert citation.startswith("Racial health inequalities in London, tables of ")
    assert citation.count("2011 Census: ethnic group") == 1
    assert "https://" in citation
