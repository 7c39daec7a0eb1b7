"""The colours, as people with each colour vision see them, in grey, and on their backgrounds.

Sight is simulated by ColorAide with two published models at full strength: Brettel, Viénot and
Mollon 1997, and Machado, Oliveira and Fernandes 2009. Distances are CIEDE2000, of which about 2
is just visible side by side.
"""

import re
from itertools import combinations, pairwise

import pytest
from coloraide.everything import ColorAll as Color
from hypothesis import given
from hypothesis import strategies as st

from charts.palettes import DARK, LIGHT, READABLE, contrast, palette

THEMES = {"light": LIGHT, "dark": DARK}
DEFICIENCIES = [(name, model) for name in ("protan", "deutan", "tritan") for model in
                ("brettel", "machado")]  # fmt: skip
SIGHTS = [None, *DEFICIENCIES]

TOLD_APART = 15
"""CIEDE2000 between any two broad groups, whatever the colour vision."""
NEXT_STEP = 7
"""CIEDE2000 between two neighbouring steps of a scale."""
ARMS_APART = 25
"""CIEDE2000 between two steps that are equally far from the middle of a diverging scale."""

both_themes = pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
every_sight = pytest.mark.parametrize("sight", SIGHTS, ids=str)


def seen(colour, sight):
    return Color(colour).filter(sight[0], 1, method=sight[1]) if sight else Color(colour)


def distance(one, other, sight=None):
    return seen(one, sight).delta_e(seen(other, sight), method="2000")


def lightness(colour, sight=None):
    return seen(colour, sight).convert("lab-d65")["lightness"]


def fills(colours):
    return [*colours.sequential, *colours.diverging, *colours.broad_groups.values()]


def nearest(colours, sight):
    """The two broad groups that look most alike, as their distance."""
    return min(distance(*pair, sight) for pair in combinations(colours, 2))


# The measures themselves


def test_red_and_green_look_alike_to_many_so_these_tests_can_fail():
    red, green = "#B5423A", "#6B7A1F"
    assert distance(red, green) > TOLD_APART
    assert distance(red, green, ("deutan", "brettel")) < TOLD_APART
    assert distance(red, green, ("deutan", "machado")) < TOLD_APART


def test_distances_are_those_that_the_authors_of_ciede2000_print():
    # Sharma, Wu and Dalal 2005, the first pair of their table.
    one, other = (Color("lab-d65", [50, *ab]) for ab in ([2.6772, -79.7751], [0, -82.7485]))
    assert one.delta_e(other, method="2000", space="lab-d65") == pytest.approx(2.0425, abs=1e-3)


def test_contrast_is_what_wcag_gives():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#7A1F5C", "#DDF2F1") == pytest.approx(
        Color("#7A1F5C").contrast("#DDF2F1"), rel=1e-3
    )


# Text, marks and the chosen


@both_themes
@pytest.mark.parametrize("name", ["text", "muted", "accent"])
@pytest.mark.parametrize("ground", ["background", "surface"])
def test_text_stands_out_from_its_background(colours, name, ground):
    assert contrast(getattr(colours, name), getattr(colours, ground)) >= READABLE


@both_themes
@pytest.mark.parametrize("name", ["mark", "faint", "accent"])
def test_marks_and_outlines_stand_out_from_their_background(colours, name):
    assert contrast(getattr(colours, name), colours.background) >= 3


@both_themes
def test_the_chosen_group_is_told_from_the_others_by_its_colour(colours):
    assert distance(colours.accent, colours.mark) >= TOLD_APART
    assert distance(colours.accent, colours.faint) >= TOLD_APART


@both_themes
@pytest.mark.parametrize("sight", DEFICIENCIES, ids=str)
def test_the_chosen_group_is_told_from_uncertain_ones_whatever_the_colour_vision(colours, sight):
    # With deuteranopia accent and mark look nearly alike: the chosen mark is also larger, which
    # test_groups.py keeps.
    assert distance(colours.accent, colours.faint, sight) >= 10
    assert distance(colours.accent, colours.mark, sight) >= 2


@both_themes
@every_sight
def test_a_clear_gap_and_an_unclear_one_differ_in_lightness(colours, sight):
    # They also differ in shape: filled and hollow marks.
    assert abs(lightness(colours.mark, sight) - lightness(colours.faint, sight)) >= 15


@both_themes
def test_the_chosen_area_is_told_from_any_fill_beside_it(colours):
    for fill in fills(colours):
        assert distance(colours.accent, fill) >= TOLD_APART, fill


# The five broad groups


@both_themes
def test_the_five_broad_groups_are_those_of_the_classification(colours, groups):
    assert list(colours.broad_groups) == sorted(groups.broad)


@both_themes
@every_sight
def test_the_broad_groups_are_told_apart(colours, sight):
    assert nearest(colours.broad_groups.values(), sight) >= TOLD_APART


@both_themes
def test_the_broad_groups_stand_out_from_the_background(colours):
    for code, colour in colours.broad_groups.items():
        assert contrast(colour, colours.background) >= 3, code


def test_a_group_keeps_its_hue_when_the_theme_changes():
    for code, colour in LIGHT.broad_groups.items():
        turn = abs(Color(colour).convert("oklch")["hue"]
                   - Color(DARK.broad_groups[code]).convert("oklch")["hue"])  # fmt: skip
        assert min(turn, 360 - turn) <= 20, code


@both_themes
def test_no_group_is_as_dark_or_as_light_as_a_word_in_its_name(colours):
    by_lightness = sorted(colours.broad_groups, key=lambda code: lightness(
        colours.broad_groups[code]))  # fmt: skip
    assert by_lightness[0] != "black"
    assert by_lightness[-1] != "white"


# Scales


@both_themes
@every_sight
def test_more_is_further_from_the_background_in_every_sight(colours, sight):
    ground = lightness(colours.background, sight)
    away = [abs(lightness(step, sight) - ground) for step in colours.sequential]
    assert all(later - earlier >= 5 for earlier, later in pairwise(away))


@both_themes
def test_more_is_further_from_the_background_in_a_grey_print(colours):
    ground = Color(colours.background).luminance()
    away = [abs(Color(step).luminance() - ground) for step in colours.sequential]
    assert away == sorted(away)
    told = [contrast(*pair) for pair in pairwise(colours.sequential)]
    assert min(told) >= 1.3


@both_themes
@every_sight
@pytest.mark.parametrize("scale", ["sequential", "diverging"])
def test_neighbouring_steps_are_told_apart(colours, sight, scale):
    steps = getattr(colours, scale)
    assert len(steps) == 7
    assert min(distance(*pair, sight) for pair in pairwise(steps)) >= NEXT_STEP


@both_themes
@every_sight
def test_the_arms_of_a_diverging_scale_are_told_apart(colours, sight):
    low, high = colours.diverging[:3], colours.diverging[:3:-1]
    for one, other in zip(low, high, strict=True):
        assert distance(one, other, sight) >= ARMS_APART, (one, other)


@both_themes
@every_sight
def test_both_arms_go_equally_far_from_a_neutral_middle(colours, sight):
    ground = lightness(colours.background, sight)
    away = [abs(lightness(step, sight) - ground) for step in colours.diverging]
    assert Color(colours.diverging[3]).convert("oklch")["chroma"] < 0.02
    assert away[:4] == sorted(away[:4], reverse=True)
    assert away[3:] == sorted(away[3:])
    for low, high in zip(away[:3], away[:3:-1], strict=True):
        assert abs(low - high) <= 10


@both_themes
@pytest.mark.parametrize("scale", ["sequential", "diverging"])
def test_the_outline_of_a_pale_step_stands_out(colours, scale):
    # Steps near the background are drawn with an outline, as the docstring of Palette says.
    steps = getattr(colours, scale)
    strong = [step for step in steps if contrast(step, colours.background) >= 3]
    assert len(strong) >= 4
    assert contrast(colours.faint, colours.background) >= 3


# What no scale has


@both_themes
def test_no_fill_is_red_or_a_hue_of_skin(colours):
    for fill in fills(colours):
        _, chroma, hue = Color(fill).convert("lch-d65").coords()
        # Skin of every depth lies between about 25 and 80 degrees; red between 0 and 45.
        assert chroma < 8 or 85 <= hue <= 345, fill


# Text on a fill


@both_themes
def test_text_on_every_fill_can_be_read(colours):
    for fill in fills(colours):
        assert contrast(colours.on(fill), fill) >= READABLE, fill


@given(st.integers(0, 0xFFFFFF))
def test_text_on_any_colour_can_be_read(number):
    fill = f"#{number:06X}"
    assert contrast(LIGHT.on(fill), fill) >= READABLE


# The palette as such


@both_themes
def test_all_colours_are_written_in_full(colours):
    variables = colours.variables()
    for name, colour in variables.items():
        assert re.fullmatch(r"#[0-9A-F]{6}", colour), name
    assert variables["sequential-7"] == colours.sequential[6]
    assert variables["group-black"] == colours.broad_groups["black"]
    assert variables["on-diverging-1"] == colours.on(colours.diverging[0])


def test_both_themes_have_the_same_names():
    assert LIGHT.variables().keys() == DARK.variables().keys()


def test_an_unknown_theme_is_shown_in_the_light():
    assert palette("dark") is DARK
    assert palette("light") is LIGHT
    assert palette(None) is LIGHT
