"""Charts, widgets and pages have one type and one set of colours."""

import tomllib
from pathlib import Path

import plotly.graph_objects as go
import pytest

from charts.palettes import DARK, LIGHT, contrast
from charts.theme import FONT, finish, wrap

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
THEMES = {"light": LIGHT, "dark": DARK}


def config():
    with CONFIG.open("rb") as handle:
        return tomllib.load(handle)["theme"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("primaryColor", "accent"),
        ("backgroundColor", "background"),
        ("secondaryBackgroundColor", "surface"),
        ("textColor", "text"),
        ("grayTextColor", "muted"),
    ],
)
def test_the_widgets_have_the_colours_of_the_charts(theme, setting, name):
    assert config()[theme][setting] == getattr(THEMES[theme], name)


@pytest.mark.parametrize("theme", THEMES)
def test_links_and_the_edges_of_widgets_stand_out(theme):
    settings = config()[theme]
    assert contrast(settings["linkColor"], settings["backgroundColor"]) >= 4.5
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(settings["borderColor"], settings[ground]) >= 3, ground


def test_charts_and_pages_are_set_in_the_same_type():
    first = config()["font"].split(",")[0].strip(" '\"")
    assert FONT.split(",")[0] == first
    assert {face["family"] for face in config()["fontFaces"]} == {first}
    served = CONFIG.parents[1] / "static" / "fonts"
    for face in config()["fontFaces"]:
        assert (served / Path(face["url"]).name).is_file()


@pytest.mark.parametrize("theme", THEMES)
def test_every_chart_has_the_same_layout(theme):
    colours = THEMES[theme]
    figure = finish(go.Figure(go.Scatter(x=[1, 2], y=["a", "b"])), colours, height=300)
    assert figure.layout.height == 300
    assert figure.layout.font.family == FONT
    assert figure.layout.font.color == colours.text
    assert figure.layout.showlegend is False
    # Nothing is zoomed by a finger that meant to scroll.
    assert figure.layout.dragmode is False
    assert figure.layout.xaxis.fixedrange
    assert figure.layout.yaxis.fixedrange


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Black", ["Black"]),
        ("Mixed White and Black Caribbean", ["Mixed White and", "Black Caribbean"]),
        ("Gypsy or Irish Traveller", ["Gypsy or Irish", "Traveller"]),
        ("", []),
    ],
)
def test_a_long_label_is_broken_between_words(label, lines):
    assert wrap(label) == "<br>".join(lines)


def test_no_words_are_lost_and_no_line_is_too_long(groups):
    for group in groups.groups:
        broken = wrap(group.label)
        assert broken.replace("<br>", " ") == group.label
        for line in broken.split("<br>"):
            assert len(line) <= 18 or " " not in line
