"""Charts of a comparison set, read as the data that they draw."""

import json
import math
import re

import pytest

from charts.dots import AROUND_ROWS
from charts.groups import Way, difference_chart, ratio_chart, set_chart, value_chart, ways
from charts.theme import DARK, LIGHT
from evidence.numbers import limits
from evidence.statements import figure_value
from evidence.vocabulary import BlankReason

LAMBETH = "tt-2019-20-lambeth-recovery-"


@pytest.fixture(scope="module")
def recovery(indicators):
    return indicators["talking-therapies-recovery"]


@pytest.fixture(scope="module")
def set_of(gapped):
    """The comparison set of a figure."""
    by_id = gapped.set_index("figure_id")["set_id"]
    return lambda name: gapped[gapped["set_id"] == by_id[name]]


@pytest.fixture(scope="module")
def broad(set_of):
    """Recovery in Lambeth in 2019-20, broad groups."""
    return set_of(LAMBETH + "black")


@pytest.fixture(scope="module")
def detailed(set_of):
    return set_of(LAMBETH + "black-african")


def dots(chart):
    """The trace of the marks, which is the last one."""
    assert chart.figure.data[-1].mode == "markers+text"
    return chart.figure.data[-1]


def shown(chart):
    """The groups of a chart from top to bottom, as words."""
    return [name.replace("<br>", " ") for name in chart.figure.layout.yaxis.categoryarray]


def limits_drawn(chart):
    """The lines of limits by group, with the colour of each."""
    lines = [trace for trace in chart.figure.data if trace.mode == "lines"]
    for line in lines:
        assert len(set(line.y)) == 1
    return {line.y[0].replace("<br>", " "): (*line.x, line.line.color) for line in lines}


def reference_lines(chart):
    """Where upright lines are drawn across the chart."""
    return [shape.x0 for shape in chart.figure.layout.shapes if shape.x0 == shape.x1]


def test_ratios_are_drawn_on_a_log_axis_with_a_line_at_one(broad, recovery, groups):
    chart = ratio_chart(broad, recovery, groups, LIGHT)
    assert chart.figure.layout.xaxis.type == "log"
    assert reference_lines(chart) == [1]
    assert "White" in chart.figure.layout.xaxis.title.text
    assert "log scale" in chart.figure.layout.xaxis.title.text


def test_ticks_of_a_ratio_speak_and_do_not_crowd(broad, recovery, groups):
    axis = ratio_chart(broad, recovery, groups, LIGHT).figure.layout.xaxis
    assert "same" in axis.ticktext
    assert axis.tickvals[axis.ticktext.index("same")] == 1
    assert list(axis.tickvals) == sorted(axis.tickvals)
    left, right = (10**end for end in axis.range)
    assert all(left <= value <= right for value in axis.tickvals)
    width = axis.range[1] - axis.range[0]
    steps = [math.log10(b / a) for a, b in zip(axis.tickvals, axis.tickvals[1:], strict=False)]
    assert all(step > width / 8 for step in steps)


def test_each_compared_group_is_a_mark_at_its_ratio_with_its_limits(broad, recovery, groups):
    chart = ratio_chart(broad, recovery, groups, LIGHT)
    compared = broad[broad["ratio"].notna()].set_index("ethnic_group")
    order = ["asian", "black", "mixed", "other"]
    assert shown(chart) == ["Asian", "Black", "Mixed", "Other"]
    assert list(dots(chart).x) == pytest.approx(compared.loc[order, "ratio"].tolist())
    assert [name.replace("<br>", " ") for name in dots(chart).y] == shown(chart)
    drawn = limits_drawn(chart)
    for code in order:
        low, high, _ = drawn[groups.short(code)]
        assert low == pytest.approx(compared.loc[code, "ratio_lower"])
        assert high == pytest.approx(compared.loc[code, "ratio_upper"])


def test_the_axis_holds_every_mark_and_limit(detailed, recovery, groups):
    chart = ratio_chart(detailed, recovery, groups, LIGHT)
    left, right = (10**end for end in chart.figure.layout.xaxis.range)
    ends = [end for low, high, _ in limits_drawn(chart).values() for end in (low, high)]
    assert all(left < x < right for x in [*dots(chart).x, *ends, 1])


def test_each_mark_carries_its_ratio_in_figures(broad, recovery, groups):
    marks = dots(ratio_chart(broad, recovery, groups, LIGHT))
    assert list(marks.text) == [f"{ratio:.2f}" for ratio in marks.x]


def test_the_first_group_stands_on_top(broad, recovery, groups):
    for make in (ratio_chart, value_chart):
        axis = make(broad, recovery, groups, LIGHT).figure.layout.yaxis
        assert axis.autorange == "reversed"
        assert axis.categoryorder == "array"


def test_groups_keep_the_classifications_order_whatever_the_rows_order(detailed, recovery, groups):
    mixed_up = detailed.sample(frac=1, random_state=4)
    expected = groups.sort(detailed.loc[detailed["ratio"].notna(), "ethnic_group"])
    found = ratio_chart(mixed_up, recovery, groups, LIGHT)
    assert shown(found) == [groups.short(code) for code in expected]
    assert shown(found)[:2] == ["Bangladeshi", "Chinese"]
    assert list(dots(found).x) == pytest.approx(
        detailed.set_index("ethnic_group").loc[expected, "ratio"].tolist()
    )


def test_long_labels_are_wrapped(detailed, recovery, groups):
    chart = ratio_chart(detailed, recovery, groups, LIGHT)
    long = [name for name in chart.figure.layout.yaxis.categoryarray if "Caribbean" in name]
    assert "Mixed White and<br>Black Caribbean" in long
    for name in chart.figure.layout.yaxis.categoryarray:
        assert max(map(len, name.split("<br>"))) <= 18


def test_marks_are_filled_where_the_limits_show_a_difference_and_hollow_elsewhere(
    detailed, recovery, groups
):
    marks = dots(ratio_chart(detailed, recovery, groups, LIGHT))
    verdicts = detailed.set_index("ethnic_group")["verdict"]
    codes = groups.sort(detailed.loc[detailed["ratio"].notna(), "ethnic_group"])
    hollow = [fill == LIGHT.background for fill in marks.marker.color]
    assert hollow == [verdicts[code] == "no clear difference" for code in codes]
    assert 0 < sum(hollow) < len(hollow)
    # An edge is drawn either way, so that a hollow mark is still a mark.
    assert set(marks.marker.line.color) == {LIGHT.mark, LIGHT.faint}


def test_the_chosen_group_alone_has_the_accent_colour(broad, recovery, groups):
    for make in (ratio_chart, value_chart):
        chart = make(broad, recovery, groups, DARK, chosen="black")
        edges = list(dots(chart).marker.line.color)
        names = [name.replace("<br>", " ").split(" (")[0] for name in dots(chart).y]
        assert [n for n, c in zip(names, edges, strict=True) if c == DARK.accent] == ["Black"]
        assert limits_drawn(chart)["Black"][2] == DARK.accent
        others = {colour for name, (*_, colour) in limits_drawn(chart).items() if name != "Black"}
        assert DARK.accent not in others


@pytest.mark.parametrize("make", [ratio_chart, value_chart])
def test_the_chosen_group_is_larger_too_for_those_who_see_the_colours_alike(
    broad, recovery, groups, make
):
    marks = dots(make(broad, recovery, groups, LIGHT, chosen="black"))
    sizes = dict(zip(marks.y, marks.marker.size, strict=True))
    assert sizes.pop("Black") >= 1.3 * max(sizes.values())


@pytest.mark.parametrize("make", [ratio_chart, value_chart])
def test_no_group_is_accented_where_none_was_chosen(broad, recovery, groups, make):
    chart = make(broad, recovery, groups, LIGHT)
    assert LIGHT.accent not in json.dumps(chart.figure.to_plotly_json(), default=list)


def test_the_text_alternative_of_ratios_holds_every_groups_numbers(detailed, recovery, groups):
    chart = ratio_chart(detailed, recovery, groups, LIGHT)
    for row in detailed[detailed["ratio"].notna()].to_dict("records"):
        interval = limits(row["ratio_lower"], row["ratio_upper"], style="ratio")
        assert (
            f"{groups.short(row['ethnic_group'])} {row['ratio']:.2f} times (95% limits "
            f"{interval}), {row['verdict']}"
        ) in chart.alt
    assert chart.alt.startswith("Ratios to the White British group in Lambeth, 2019-20: ")


def test_the_text_alternative_of_values_holds_every_groups_numbers(broad, recovery, groups):
    chart = value_chart(broad, recovery, groups, LIGHT)
    for row in broad.to_dict("records"):
        words = groups.short(row["ethnic_group"]) + (" (reference)" if row["is_reference"] else "")
        told = f"{words} {figure_value(row)} (95% limits {row['limit_lower']:.1f} to "
        assert told in chart.alt


def test_titles_and_subtitles_say_what_who_where_and_when(broad, recovery, groups):
    ratios = ratio_chart(broad, recovery, groups, LIGHT)
    values = value_chart(broad, recovery, groups, LIGHT)
    assert ratios.title == values.title
    assert ratios.title.startswith("Recovery after Talking Therapies: lower for ")
    assert ratios.subtitle == ("Ratio to the White group. Lambeth, 2019-20. Not adjusted (crude).")
    assert values.subtitle.startswith("Percentage. Lambeth, 2019-20.")


def test_values_have_the_reference_as_a_dotted_line_and_a_diamond(broad, recovery, groups):
    chart = value_chart(broad, recovery, groups, LIGHT)
    assert reference_lines(chart) == [56]
    marks = dots(chart)
    symbols = dict(zip([n.replace("<br>", " ") for n in marks.y], marks.marker.symbol, strict=True))
    assert symbols.pop("White (reference)") == "diamond"
    assert set(symbols.values()) == {"circle"}


def test_values_of_percentages_rates_and_counts_start_at_zero(broad, recovery, groups, made):
    assert value_chart(broad, recovery, groups, LIGHT).figure.layout.xaxis.rangemode == "tozero"
    grams = made(
        {"measure": "mean", "unit": "grams", "value": 3400, "ethnic_group": "white"},
        {"measure": "mean", "unit": "grams", "value": 3033, "ethnic_group": "asian-indian"},
    )
    chart = value_chart(grams, {"name": "Mean birthweight"}, groups, LIGHT)
    assert chart.figure.layout.xaxis.rangemode != "tozero"
    assert chart.figure.layout.xaxis.title.text == "Grams"


def test_values_draw_every_groups_own_limits(broad, recovery, groups):
    drawn = limits_drawn(value_chart(broad, recovery, groups, LIGHT))
    assert len(drawn) == len(broad) == 7
    black = broad.set_index("ethnic_group").loc["black"]
    assert drawn["Black"][:2] == pytest.approx((black["limit_lower"], black["limit_upper"]))


PLAIN = {"name": "Recovery", "direction": "higher-is-better"}
RATIO = {"measure": "odds_ratio", "unit": "ratio", "comparator": "white"}


def test_a_set_with_one_group_is_a_chart_of_one_row(made, groups):
    rows = made({"value": 2, "lower": 1.4, "upper": 2.9, **RATIO})
    chart = ratio_chart(rows, PLAIN, groups, LIGHT)
    assert shown(chart) == ["Black"]
    assert list(dots(chart).x) == [2]
    assert "Black 2.00 times (95% limits 1.40 to 2.90), higher" in chart.alt


def test_a_set_without_limits_draws_none_and_says_so(made, groups):
    rows = made({"value": 2, **RATIO}, {"ethnic_group": "asian", "value": 0.5, **RATIO})
    chart = ratio_chart(rows, PLAIN, groups, LIGHT)
    assert limits_drawn(chart) == {}
    assert set(dots(chart).marker.color) == {LIGHT.background}
    assert chart.alt.count("(no interval published)") == 2
    assert chart.title.endswith("(published without limits)")
    values = value_chart(
        made({"value": 20}, {"ethnic_group": "white", "value": 10}), PLAIN, groups, LIGHT
    )
    assert limits_drawn(values) == {}


def test_limits_that_reach_zero_run_off_the_log_axis_and_no_further(made, groups):
    rows = made(
        {"value": 2, "lower": 0, "upper": 9, **RATIO},
        {"ethnic_group": "asian", "value": 1.2, "lower": 1.1, "upper": 1.3, **RATIO},
    )
    chart = ratio_chart(rows, PLAIN, groups, LIGHT)
    low, high, _ = limits_drawn(chart)["Black"]
    left, right = chart.figure.layout.xaxis.range
    assert low == pytest.approx(10**left)
    assert low > 0
    assert high < 10**right
    assert math.isfinite(left)
    assert "Black 2.00 times (95% limits 0.00 to 9.00)" in chart.alt


def test_limits_without_end_run_off_the_axis_and_are_told(made, groups):
    rows = made(
        {"value": 20, "lower": 10, "upper": 30},
        {"ethnic_group": "white", "value": 5, "lower": 0, "upper": 12},
    )
    assert math.isinf(rows["ratio_upper"].iloc[0])
    chart = ratio_chart(rows, PLAIN, groups, LIGHT)
    _, high, _ = limits_drawn(chart)["Black"]
    assert high == pytest.approx(10 ** chart.figure.layout.xaxis.range[1])
    assert math.isfinite(high)
    assert "no upper limit" in chart.alt


def test_nineteen_groups_have_a_row_each(made, groups):
    cells = [
        {"ethnic_group": code, "value": 40 + n, "lower": 35 + n, "upper": 45 + n}
        for n, code in enumerate(groups.detailed)
    ]
    rows = made(*cells)
    values = value_chart(rows, PLAIN, groups, LIGHT)
    ratios = ratio_chart(rows, PLAIN, groups, LIGHT)
    assert len(shown(values)) == len(set(shown(values))) == 19
    assert len(shown(ratios)) == 18
    assert "White British" not in shown(ratios)
    assert values.figure.layout.height >= 19 * 40
    assert values.figure.layout.height > ratios.figure.layout.height
    assert all(groups.short(code) in values.alt for code in groups.detailed)


def test_nineteen_long_names_leave_the_marks_room_on_a_phone(made, groups):
    cells = [
        {"ethnic_group": code, "value": 40 + n, "lower": 35 + n, "upper": 45 + n}
        for n, code in enumerate(groups.detailed)
    ]
    rows = made(*cells)
    for make in (value_chart, ratio_chart):
        layout = make(rows, PLAIN, groups, LIGHT).figure.layout
        names = layout.yaxis.categoryarray
        line, letter = 1.3 * layout.font.size, 0.55 * layout.font.size
        assert layout.yaxis.automargin
        row = (layout.height - AROUND_ROWS) / len(names)
        for name in names:
            lines = name.split("<br>")
            assert len(lines) * line <= row, name
            # A phone is 390 pixels wide: the names take less than half of it.
            assert max(map(len, lines)) * letter < 390 / 2, name


def test_a_reference_of_white_british_is_named_where_white_is_not(detailed, recovery, groups):
    chart = ratio_chart(detailed, recovery, groups, LIGHT)
    assert chart.figure.layout.xaxis.title.text.startswith("Compared with White British")


def test_a_set_without_ratios_is_drawn_by_its_values(made, groups):
    shares = made(
        {"measure": "share", "value": 20, "ethnic_group": "white"},
        {"measure": "share", "value": 42},
    )
    assert ratio_chart(shares, PLAIN, groups, LIGHT) is None
    chart = set_chart(shares, PLAIN, groups, LIGHT)
    assert list(dots(chart).x) == [42, 20]
    assert shown(chart) == ["Black", "White (reference)"]


def test_a_set_is_drawn_by_its_ratios_unless_another_way_is_asked_for(broad, recovery, groups):
    assert ways(broad) == [Way.RATIOS, Way.DIFFERENCES, Way.FIGURES]
    assert set_chart(broad, recovery, groups, LIGHT).figure.layout.xaxis.type == "log"
    figures = set_chart(broad, recovery, groups, LIGHT, way=Way.FIGURES)
    assert figures.figure.layout.xaxis.type != "log"
    assert figures.alt.startswith("Recovery after Talking Therapies by ethnic group in Lambeth")
    differences = set_chart(broad, recovery, groups, LIGHT, way=Way.DIFFERENCES)
    assert differences.alt.startswith("Differences from the White group in Lambeth")


def test_ratios_that_a_source_published_are_drawn_as_ratios_whatever_is_asked_for(made, groups):
    rows = made({"value": 2, "lower": 1.4, "upper": 2.9, **RATIO})
    assert ways(rows) == [Way.RATIOS]
    for way in Way:
        assert set_chart(rows, PLAIN, groups, LIGHT, way=way).figure.layout.xaxis.type == "log"


def test_differences_are_drawn_from_zero_with_their_limits(broad, recovery, groups):
    chart = difference_chart(broad, recovery, groups, LIGHT)
    assert reference_lines(chart) == [0]
    assert chart.figure.layout.xaxis.title.text == "Difference from White, percentage points"
    told = broad.set_index("ethnic_group").loc[["asian", "black", "mixed", "other"]]
    assert list(dots(chart).x) == pytest.approx(told["difference"].tolist())
    drawn = limits_drawn(chart)
    for code, row in told.iterrows():
        low, high, _ = drawn[groups.short(code)]
        assert (low, high) == (row["difference_lower"], row["difference_upper"])
    # 49% against 56%: the ends of the middle ranges that counts to the nearest 5 allow.
    assert dots(chart).text[1].startswith("\N{MINUS SIGN}7")
    assert "Black \N{MINUS SIGN}7" in chart.alt
    assert "percentage points (95% limits" in chart.alt


def test_a_set_without_ratios_has_no_chart_of_differences_unless_it_has_those(made, groups):
    shares = made({"value": 10, "measure": "share", "ethnic_group": "black"})
    assert ways(shares) == [Way.FIGURES]
    assert difference_chart(shares, PLAIN, groups, LIGHT) is None


@pytest.mark.parametrize("way", list(Way))
def test_the_largest_stands_on_top_where_that_is_asked_for(broad, recovery, groups, way):
    chart = set_chart(broad, recovery, groups, LIGHT, way=way, by_value=True)
    sizes = dict(zip(dots(chart).y, dots(chart).x, strict=True))
    from_top = [sizes[name] for name in chart.figure.layout.yaxis.categoryarray]
    assert from_top == sorted(sizes.values(), reverse=True)
    plain = set_chart(broad, recovery, groups, LIGHT, way=way)
    assert dict(zip(dots(plain).y, dots(plain).x, strict=True)) == sizes
    assert shown(plain) != shown(chart)


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("suppressed", "suppressed"),
        ("not-collected", "not collected"),
        ("not-published", "not published"),
        ("not-applicable", "not applicable"),
    ],
)
def test_a_group_without_a_figure_says_why_and_each_reason_has_its_own_words(
    made, groups, way, reason, words
):
    rows = made(
        {"value": 10, "numerator": 100, "denominator": 1000, "ethnic_group": "white"},
        {"value": 20, "numerator": 200, "denominator": 1000, "ethnic_group": "black"},
        {"blank_reason": reason, "ethnic_group": "asian"},
    )
    chart = set_chart(rows, PLAIN, groups, LIGHT, way=way)
    said = [trace for trace in chart.figure.data if trace.mode == "text"]
    assert [list(trace.y) for trace in said] == [["Asian"]]
    assert said[0].text == (BlankReason(reason).label,)
    assert words in said[0].text[0]
    assert "Asian" in shown(chart)
    assert "Asian" not in dots(chart).y
    assert BlankReason(reason).label in chart.alt


def test_a_set_with_nothing_told_has_no_chart(made, groups):
    rows = made({"blank_reason": "suppressed"})
    assert ratio_chart(rows, PLAIN, groups, LIGHT) is None
    assert value_chart(rows, PLAIN, groups, LIGHT) is None
    assert set_chart(rows, PLAIN, groups, LIGHT) is None


def test_a_ratio_of_zero_is_told_even_though_a_log_axis_cannot_show_it(set_of, indicators, groups):
    # School readiness in the City of London in 2022-23: 0% of children from Other groups.
    rows = set_of("sr-2022-23-city-of-london-other")
    chart = ratio_chart(rows, indicators["school-readiness"], groups, LIGHT)
    assert "Other" not in shown(chart)
    assert "Other 0.00 times" in chart.alt


def test_a_chosen_hover_says_ratio_limits_and_what_they_mean(broad, recovery, groups):
    marks = dots(ratio_chart(broad, recovery, groups, LIGHT))
    black = marks.customdata[list(marks.y).index("Black")]
    row = broad.set_index("ethnic_group").loc["black"]
    interval = limits(row["ratio_lower"], row["ratio_upper"], style="ratio")
    assert black == f"{row['ratio']:.2f} times (95% limits {interval}), lower (worse)"


def test_curated_sets_have_charts_with_words_and_finite_numbers(gapped, indicators, groups):
    curated = gapped[gapped["record_id"].notna()]
    names = curated["set_id"].drop_duplicates().sample(80, random_state=5)
    drawn = 0
    for _, rows in curated[curated["set_id"].isin(names)].groupby("set_id"):
        chart = set_chart(rows, indicators[rows["indicator_id"].iloc[0]], groups, LIGHT)
        if chart is None:
            assert rows["value"].isna().all()
            continue
        drawn += 1
        words = f"{chart.title} {chart.subtitle} {chart.alt}"
        assert not re.search(r"\bnan\b|\bNone\b|\bBA?ME\b|  |<br>", words), words
        for trace in chart.figure.data:
            assert all(math.isfinite(x) for x in trace.x), words
    assert drawn > 60
