"""The sentences that the dashboard writes: every number from its rows, every word in its place."""

import re

import pandas as pd
import pytest

from evidence.findings import finding
from evidence.statements import (
    difference_limits,
    difference_unit,
    difference_value,
    figure_limits,
    figure_sentence,
    figure_value,
    gap_sentence,
    gap_size,
    people_and_method,
    place,
    verdict_words,
    where_and_when,
)
from evidence.statistics import Verdict
from evidence.vocabulary import Direction

LAMBETH = "tt-2019-20-lambeth-recovery-"
NUMBER = re.compile(r"(?<![\w.])[+\u2212]?\d[\d,]*(?:\.\d+)?(?![\w])")
NEVER = re.compile(r"\bBA?ME\b|\bnan\b|\bNone\b|\binf\b|  |people people|\{|\}| [,.;:]|\.\.|;;")


def told(row, rows, indicators, groups):
    """The statement of a figure, as a page writes it."""
    indicator = indicators[row["indicator_id"]]
    if pd.isna(row["verdict"]):
        return figure_sentence(row, indicator, groups)
    reference = rows[row["reference_id"]] if pd.notna(row["reference_id"]) else None
    return gap_sentence(row, row, reference, indicator, groups)


@pytest.fixture(scope="module")
def statements(rows, indicators, groups):
    """The statement of every figure, by figure_id."""
    return {name: told(row, rows, indicators, groups) for name, row in rows.items()}


@pytest.fixture(scope="module")
def findings(gapped, indicators, groups):
    """The title of every curated comparison set's chart and of some others, by set_id."""
    curated = set(gapped.loc[gapped["record_id"].notna(), "set_id"])
    others = gapped.drop_duplicates("set_id")["set_id"].sample(600, random_state=7)
    shown = gapped[gapped["set_id"].isin(curated | set(others))]
    return {
        name: finding(part, indicators[part["indicator_id"].iloc[0]], groups)
        for name, part in shown.groupby("set_id")
    }


def test_recovery_in_lambeth_is_told_with_the_numbers_of_its_two_rows(statements, rows):
    black, white = rows[LAMBETH + "black"], rows[LAMBETH + "white"]
    assert statements[LAMBETH + "black"] == (
        f"In Lambeth in 2019-20, {black['value']:.0f}% of people from Black ethnic groups who "
        "finished a course of Talking Therapies recovered, against "
        f"{white['value']:.0f}% of people from White ethnic groups: "
        f"{black['ratio']:.2f} times (95% limits {black['ratio_lower']:.2f} to "
        f"{black['ratio_upper']:.2f}), allowing for rounding."
    )
    assert "49%" in statements[LAMBETH + "black"]
    assert "56%" in statements[LAMBETH + "black"]


def test_a_share_is_of_those_counted_and_not_of_one_sex_among_all(statements):
    # LON-038 is the make-up of boys with an autism diagnosis.
    assert "38% of young people" in statements["lon-038"]
    assert "were young people from White ethnic groups" in statements["lon-038"]
    assert "Counted: boys and men;" in statements["lon-038"]


def test_a_group_that_is_not_compared_is_told_without_a_ratio(statements):
    assert statements[LAMBETH + "all"] == (
        "In Lambeth in 2019-20, 53% of people of all ethnic groups who finished a course of "
        "Talking Therapies recovered. Not compared: the two groups hold some of the same people."
    )


def test_a_ratio_that_a_source_published_is_told_as_the_source_gives_it(statements):
    assert statements["mat-007"] == (
        "In the United Kingdom in 2005-2013, the odds of severe complications of pregnancy or "
        "birth among women from the Black African ethnic group were 1.83 times those among women "
        "from White ethnic groups (95% limits 1.39 to 2.40). Counted: women with severe "
        "complications, against women who gave birth just before them in the same hospital. "
        "Adjusted (the source seen does not say for what)."
    )


def test_a_ratio_without_limits_says_so(statements):
    assert statements["mat-001"] == (
        "In the United Kingdom in 2018-2020, the risk of maternal death among women from Black "
        "ethnic groups was 3.7 times that among women from White ethnic groups "
        "(no interval published)."
    )


def test_a_difference_that_a_source_published_is_told_as_higher_or_lower(statements):
    joined = " ".join(statements.values())
    assert (
        "stillbirth was 3.83 per 1,000 births higher among babies from the Black African ethnic "
        "group than among babies from White ethnic groups (95% limits 3.35 to 4.32)"
    ) in joined
    assert "12 percentage points lower among children from the Black Caribbean" in joined


def test_a_softened_number_stays_softened(statements, rows):
    softened = {name: row for name, row in rows.items() if isinstance(row["qualifier"], str)}
    assert len(softened) >= 5
    for name, row in softened.items():
        # A published difference below zero is told as "lower", without its sign.
        assert f"{row['qualifier']} {abs(row['value']):g}" in statements[name]


def test_a_suppressed_figure_is_told_as_suppressed(statements, rows):
    blank = {name for name, row in rows.items() if row["blank_reason"] == "suppressed"}
    assert len(blank) > 1000
    for name in blank:
        assert " is suppressed (small numbers)." in statements[name]
    missing = [name for name, row in rows.items() if row["blank_reason"] == "not-published"]
    assert missing
    assert all(" is not published." in statements[name] for name in missing)


def test_no_statement_holds_an_abbreviation_a_hole_or_a_stumble(statements):
    assert len(statements) > 20_000
    bad = {name: text for name, text in statements.items() if NEVER.search(text)}
    assert bad == {}


def test_every_statement_is_a_sentence(statements):
    for name, text in statements.items():
        assert text[0].isupper(), name
        assert text.endswith("."), name


def test_no_chart_title_holds_an_abbreviation_a_hole_or_a_stumble(findings):
    assert len(findings) > 600
    assert {name: text for name, text in findings.items() if NEVER.search(text)} == {}


def test_every_number_in_a_statement_is_from_its_rows(statements, rows, indicators):
    some = [name for name, row in rows.items() if isinstance(row["record_id"], str)]
    some += list(pd.Series([n for n in rows if n not in set(some)]).sample(3000, random_state=7))
    for name in some:
        row = rows[name]
        reference = rows.get(row["reference_id"], {})
        text = statements[name]
        # What stands in the words about place, time and people is no number of ours.
        indicator = indicators[row["indicator_id"]]
        words = [row["geography_name"], row["period"], row["population"], row["unit"]]
        words += [
            f"age {row['age']}",
            f"aged {row['age']}",
            row["adjusted_for"],
            "just above 1",
            "just below 1",
        ]
        words += [indicator["outcome"], *re.split(r"\{\w+\}", indicator["phrase"])]
        for known in sorted((w for w in words if isinstance(w, str)), key=len, reverse=True):
            text = text.replace(known, " ") if known.strip() not in {"", "%"} else text
        text = text.replace("95% limits", " ")
        sizes = ["ratio", "ratio_lower", "ratio_upper", "limit_lower", "limit_upper"]
        sizes += ["difference", "difference_lower", "difference_upper", "value"]
        allowed = [row[size] for size in sizes] + [reference.get("value")]
        allowed += [abs(row[size]) for size in ("value", "limit_lower", "limit_upper")]
        allowed = [number for number in allowed if pd.notna(number)]
        for found in NUMBER.findall(text):
            plain = found.replace(",", "").replace("\u2212", "-").replace("+", "")
            decimals = len(plain.partition(".")[2])
            slack = 0.5 * 10**-decimals + 1e-9
            assert any(abs(float(plain) - number) <= slack for number in allowed), (name, found)


def test_every_compared_statement_says_both_values(statements, rows):
    compared = [
        row
        for row in rows.values()
        if isinstance(row["reference_id"], str) and row["verdict"] != Verdict.NOT_COMPARED
    ]
    assert len(compared) > 10_000
    for row in compared:
        text = statements[row["figure_id"]]
        before, _, after = text.partition(", against ")
        assert figure_value(row) in before
        assert after.startswith(figure_value(rows[row["reference_id"]]))


def test_a_statement_ends_with_who_was_counted_once(statements, rows):
    for name, row in rows.items():
        if isinstance(row["population"], str):
            age = f"age {row['age']}; " if row["age"][0].isdigit() else ""
            assert statements[name].count(f"{age}{row['population']}.") == 1
            assert statements[name].count(" Counted: ") == 1


def test_an_adjusted_figure_says_for_what(statements, rows):
    adjusted = [row for row in rows.values() if isinstance(row["adjusted_for"], str)]
    assert len(adjusted) > 50
    for row in adjusted:
        assert f" Adjusted for {row['adjusted_for']}." in statements[row["figure_id"]]


def test_limits_of_a_published_difference_have_the_sense_of_its_words(statements):
    assert "4.27 years lower" in statements["lon-117"]
    assert "(95% limits 3.61 to 4.92)" in statements["lon-117"]


def test_a_published_ratio_to_everyone_says_that_everyone_holds_the_group(statements):
    assert statements["mat-107"].endswith("The two groups hold some of the same people.")


def test_a_figure_for_one_sex_names_that_sex(statements, rows):
    # MEN-039 is of women alone (29%), MEN-109 of all adults (23%).
    names = {"female": r"\b(women|girls|mothers|births?)\b", "male": r"\b(men|boys)\b"}
    silent = [
        name
        for name, row in rows.items()
        if row["sex"] in names and not re.search(names[row["sex"]], statements[name])
    ]
    assert silent == []


def test_a_value_carries_its_unit(rows):
    assert figure_value(rows[LAMBETH + "black"]) == "49%"
    assert figure_value(rows["mat-001"]) == "3.7 times"
    assert figure_value(rows["mat-064"]) == "9.7 per 100,000 maternities"


def test_published_limits_keep_their_digits_and_ours_have_few(rows):
    assert figure_limits(rows["mat-007"]) == "1.39 to 2.40"
    assert figure_limits(rows[LAMBETH + "black"]) == "45.5 to 51.7"
    assert figure_limits(rows["mat-081"]) == "5.52 to 6.88"
    assert figure_limits(rows["mat-001"]) == ""


def test_the_size_of_a_gap_is_a_ratio_else_a_difference(rows):
    black = rows[LAMBETH + "black"]
    assert gap_size(black, black) == "0.86 times (95% limits 0.80 to 0.93), allowing for rounding"
    mean = next(row for row in rows.values() if row["value"] == 3033 and row["measure"] == "mean")
    assert gap_size(mean, mean) == (
        "a difference of \u2212367 grams (95% limits \u2212420 to \u2212313)"
    )
    whole = rows[LAMBETH + "all"]
    assert gap_size(whole, whole) == "no ratio can be given"


def test_a_difference_has_its_sign_its_unit_and_its_limits(rows):
    black = rows[LAMBETH + "black"]
    assert difference_value(black, black) == "\u22127.7"
    assert difference_unit(black) == "percentage points"
    assert difference_limits(black, black) == "\u221211.3 to \u22124.1"


def test_a_difference_has_the_decimals_of_the_two_numbers_it_is_of(made):
    mean = {"measure": "mean", "unit": "teeth per child"}
    found = made(
        {"ethnic_group": "white-british", "value": 0.56, **mean},
        {"ethnic_group": "asian-bangladeshi", "value": 1.05, **mean},
    ).iloc[1]
    assert difference_value(found, found) == "+0.49"


def test_no_difference_or_limit_is_minus_nothing(rows):
    compared = [row for row in rows.values() if pd.notna(row["difference"])]
    for row in compared:
        text = f"{difference_value(row, row)} {difference_limits(row, row)}"
        assert not re.search(r"[+\u2212]0(\.0+)?(?![\d.])", text), (row["figure_id"], text)


@pytest.mark.parametrize(
    ("verdict", "direction", "words"),
    [
        (Verdict.HIGHER, Direction.HIGHER_IS_WORSE, "higher (worse)"),
        (Verdict.LOWER, Direction.HIGHER_IS_WORSE, "lower (better)"),
        (Verdict.HIGHER, Direction.HIGHER_IS_BETTER, "higher (better)"),
        (Verdict.LOWER, Direction.HIGHER_IS_BETTER, "lower (worse)"),
        (Verdict.HIGHER, Direction.NEITHER, "higher"),
        (Verdict.LOWER, Direction.NEITHER, "lower"),
        (Verdict.NO_CLEAR_DIFFERENCE, Direction.HIGHER_IS_WORSE, "no clear difference"),
        (Verdict.NO_INTERVAL, Direction.HIGHER_IS_BETTER, "no interval published"),
        (Verdict.NOT_COMPARED, Direction.HIGHER_IS_BETTER, "not compared"),
    ],
)
def test_the_direction_decides_whether_a_gap_is_for_worse_or_better(verdict, direction, words):
    assert verdict_words(verdict, direction) == words
    # As tables hold them: plain text.
    assert verdict_words(str(verdict), str(direction)) == words


def test_fewer_recoveries_in_lambeth_are_worse_and_more_deaths_are_worse(rows, indicators):
    black = rows[LAMBETH + "black"]
    direction = indicators["talking-therapies-recovery"]["direction"]
    assert verdict_words(black["verdict"], direction) == "lower (worse)"
    stillbirth = indicators["stillbirth"]["direction"]
    assert verdict_words("higher", stillbirth) == "higher (worse)"


@pytest.mark.parametrize(
    ("name", "opening"),
    [
        (LAMBETH + "black", "In Lambeth in 2019-20"),
        ("mat-001", "In the United Kingdom in 2018-2020"),
        ("tt-2019-20-city-and-hackney-recovery-black", None),
    ],
)
def test_a_statement_opens_with_where_and_when(rows, statements, name, opening):
    if opening:
        assert where_and_when(rows[name]) == opening
    assert statements[name].startswith(where_and_when(rows[name]))


def test_a_period_that_is_not_stated_is_said_to_be(rows):
    row = next(row for row in rows.values() if row["period"] == "not stated")
    assert where_and_when(row) == f"In {place(row)} (period not stated)"


def test_the_city_of_london_keeps_its_article(rows):
    city = next(row for row in rows.values() if row["geography_code"] == "E09000001")
    assert place(city) == "the City of London"


def test_who_was_counted_and_how_says_only_what_narrows_a_figure(rows):
    assert people_and_method(rows[LAMBETH + "black"]) == "Not adjusted (crude)"
    line = people_and_method(rows["men-039"])
    assert line == (
        "Age 16+; women and girls; people living in private households; adjusted for age"
    )


def set_of(gapped, name):
    return gapped[gapped["set_id"] == gapped.set_index("figure_id").loc[name, "set_id"]]


def test_a_title_says_what_the_chart_shows(gapped, indicators, groups):
    rows = set_of(gapped, LAMBETH + "black")
    recovery = indicators["talking-therapies-recovery"]
    compared = rows[rows["verdict"].isin(["higher", "lower", "no clear difference"])]
    assert set(compared["verdict"]) == {"lower"}
    assert finding(rows, recovery, groups) == (
        "Recovery after Talking Therapies: lower for every group compared than for the White group"
    )


@pytest.mark.parametrize(
    ("verdicts", "title"),
    [
        ({"black": "lower"}, "lower for the Black group than for the White group"),
        (
            {"mixed": "lower", "asian": "lower", "black": "no clear difference"},
            "lower for the Asian and Mixed groups than for the White group",
        ),
        (
            {"black": "higher", "asian": "lower", "mixed": "no clear difference"},
            "lower for the Asian group and higher for the Black group than for the White group",
        ),
        ({"black": "no clear difference"}, "no clear difference from the White group"),
        (
            {"black": "higher", "asian": "higher"},
            "higher for the Asian and Black groups than for the White group",
        ),
        (
            dict.fromkeys(["asian", "black", "mixed", "other"], "higher"),
            "higher for every group compared than for the White group",
        ),
        (
            dict.fromkeys(["asian", "black", "mixed", "other"], "higher")
            | {"white-irish": "no clear difference"},
            "higher for 4 of 5 groups than for the White group",
        ),
    ],
)
def test_a_title_names_the_groups_that_the_limits_set_apart(groups, verdicts, title):
    rows = pd.DataFrame(
        {"ethnic_group": verdicts.keys(), "verdict": verdicts.values(), "reference_group": "white"}
    )
    assert finding(rows, {"name": "Recovery"}, groups) == f"Recovery: {title}"


def test_a_title_without_limits_gives_the_range_and_says_so(made, groups):
    rows = made(
        {"ethnic_group": "white", "value": 57.5},
        {"ethnic_group": "black", "value": 30.5},
        {"ethnic_group": "all", "value": 99},
    )
    assert finding(rows, {"name": "Vaccination"}, groups) == (
        "Vaccination: from 30.5% (Black) to 57.5% (White) (published without limits)"
    )


def test_a_title_without_a_comparison_claims_none(made, groups):
    rows = made({"ethnic_group": "black", "value": 60})
    assert finding(rows, {"name": "Care rated good"}, groups) == "Care rated good by ethnic group"


def test_a_share_is_told_as_a_share_and_not_as_a_rate(statements, rows):
    shares = [name for name, row in rows.items() if row["measure"] == "share"]
    assert len(shares) >= 15
    for name in shares:
        words = (" were ", " taken by ", " made up ", " had ")
        assert any(word in statements[name] for word in words), statements[name]
        assert "among" not in statements[name]


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2019-20", "In London in 2019-20"),
        ("February 2025", "In London in February 2025"),
        ("November 2021 to January 2022", "In London from November 2021 to January 2022"),
        ("1 March to 14 April 2020", "In London from 1 March to 14 April 2020"),
    ],
)
def test_a_span_of_months_opens_with_from(made, period, words):
    assert where_and_when(made({"value": 1, "period": period}).iloc[0]) == words


def test_a_ratio_and_its_limits_are_written_with_the_same_decimals(made):
    row = made(
        {"measure": "odds_ratio", "unit": "ratio", "comparator": "white", "value": 2,
         "lower": 1.5, "upper": 2.75},
    ).iloc[0]  # fmt: skip
    assert figure_value(row) == "2.00 times"
    assert figure_limits(row) == "1.50 to 2.75"
