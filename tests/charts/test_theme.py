"""The colours: contrast in both themes, safe for colour vision deficiencies, one for all places."""

import re
import tomllib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from charts.theme import DARK, FONT, LIGHT, finish, palette, wrap

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
THEMES = {"light": LIGHT, "dark": DARK}

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 2009;15:1291-1298: matrices of severity 1.0, for linear RGB.
MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
WHITE_POINT = np.array([0.95047, 1.0, 1.08883])


def linear(colour):
    """A colour as linear light, by the sRGB standard."""
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2.2's contrast ratio."""
    light, dark = sorted((float(TO_XYZ[1] @ linear(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(light):
    """CIE L*a*b* of linear light, under D65."""
    t = TO_XYZ @ np.clip(light, 0, 1) / WHITE_POINT
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_black_on_white_has_the_contrast_that_wcag_gives():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21, rel=1e-3)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["text", "muted", "accent"])
def test_text_stands_out_from_its_background(theme, name):
    colours = THEMES[theme]
    assert contrast(getattr(colours, name), colours.background) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["mark", "faint", "accent"])
def test_marks_stand_out_from_their_background(theme, name):
    colours = THEMES[theme]
    assert contrast(getattr(colours, name), colours.background) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_the_widgets_background_too(theme):
    widget = config()[theme]["secondaryBackgroundColor"]
    for name in ("text", "muted", "accent"):
        assert contrast(getattr(THEMES[theme], name), widget) >= 4.5, name


def apart(colours, vision, one, other):
    """How far apart two colours look: the CIE76 difference, of which 2 is just visible."""
    sight = np.array(MACHADO[vision]) if vision else np.eye(3)
    seen = [lab(sight @ linear(getattr(colours, name))) for name in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("theme", THEMES)
def test_the_chosen_group_is_told_from_the_others_by_its_colour(theme):
    assert apart(THEMES[theme], None, "accent", "mark") >= 25
    assert apart(THEMES[theme], None, "accent", "faint") >= 25


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", MACHADO)
def test_the_chosen_group_is_told_from_uncertain_ones_whatever_the_colour_vision(theme, vision):
    # With deuteranopia accent and mark look nearly alike (a difference of 4): the chosen mark is
    # also larger, which test_groups.py keeps.
    assert apart(THEMES[theme], vision, "accent", "faint") >= 15
    assert apart(THEMES[theme], vision, "accent", "mark") >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", [None, *MACHADO])
def test_a_clear_gap_and_an_unclear_one_differ_in_lightness(theme, vision):
    # They also differ in shape: filled and hollow marks.
    colours = THEMES[theme]
    sight = np.array(MACHADO[vision]) if vision else np.eye(3)
    mark, faint = (lab(sight @ linear(c)) for c in (colours.mark, colours.faint))
    assert abs(mark[0] - faint[0]) >= 15


@pytest.mark.parametrize("theme", THEMES)
def test_all_colours_are_written_in_full(theme):
    for name, colour in asdict(THEMES[theme]).items():
        assert re.fullmatch(r"#[0-9A-F]{6}", colour), name


def config():
    with CONFIG.open("rb") as handle:
        return tomllib.load(handle)["theme"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("primaryColor", "accent"),
        ("backgroundColor", "background"),
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


def test_an_unknown_theme_is_shown_in_the_light():
    assert palette("dark") is DARK
    assert palette("light") is LIGHT
    assert palette(None) is LIGHT


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
