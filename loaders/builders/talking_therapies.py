"""NHS Talking Therapies by ethnic group, 2017-18 to 2024-25: London's areas and England.

What the publisher does, found by working it out again on the England rows, whose counts are
not rounded (199 rows, all reproduced to the published decimal place):

- recovery and reliable recovery are shares of the referrals that finished a course *less those
  not at caseness*. The published number at caseness is a little smaller (it leaves out
  referrals without paired scores) and doesn't reproduce them;
- improvement and deterioration are shares of all referrals that finished a course.

Counts are of referrals, not of people: one person may be referred more than once.

Below England, counts are rounded to 5, percentages to whole numbers, and numbers under 5 are
replaced by ``*``. No nought is printed anywhere below England, so ``*`` may stand for none as
well as for 1 to 4: every blank is suppressed, and none can be told to be "nobody".

The ethnic groups are those of the 2001 census. Chinese stands under "Other Ethnic Groups", so
the broad group Asian leaves Chinese people out and Other counts them in. There is no group for
Arab, Gypsy or Irish Traveller, or Roma people.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from evidence.strength import INCOMPLETE
from evidence.vocabulary import BlankReason, Confidence, Measure, Standardisation
from loaders.builders.raw import areas, borough_codes, figures, look_up, read_raw

INPUT: Final = ("nhse_talking_therapies_2017_18_to_2024_25_london_ethnicity.csv",)
OUTPUT: Final = "bulk/talking-therapies.parquet"

SOURCE_ID: Final = "nhse-talking-therapies-annual"
HALF: Final = 0.5
COUNT_ROUNDING: Final = 5.0
"""Counts below England are rounded to the nearest 5."""

_FINISHED: Final = "finished_course_treatment_count"
_NOT_AT_CASENESS: Final = "not_at_caseness_count"
_AT_CASENESS: Final = "at_caseness_count"

_DENOMINATOR_WORKED_OUT: Final = (
    "Denominator worked out here as the publisher does: "
    "referrals that finished, less those not at caseness."
)
_DENOMINATOR_AT_CASENESS: Final = (
    "Denominator is the published number at caseness, because the number not at caseness "
    "is suppressed; the publisher's own denominator can be slightly larger."
)
_DENOMINATOR_LEFT_OUT: Final = (
    "Counts left out: the number not at caseness is suppressed, and the published number at "
    "caseness does not give the published percentage."
)
_PARTNERSHIP: Final = (
    "Published for the sustainability and transformation partnership that covered the same area."
)


@dataclass(frozen=True)
class _Indicator:
    indicator_id: str
    short: str
    count: str
    percentage: str | None = None
    of_those_at_caseness: bool = False


_INDICATORS: Final = (
    _Indicator("talking-therapies-referrals", "referrals", "referrals_received_count"),
    _Indicator("talking-therapies-finished-treatment", "finished", _FINISHED),
    _Indicator("talking-therapies-recovery", "recovery", "recovery_count", "recovery_pct", True),
    _Indicator(
        "talking-therapies-reliable-recovery",
        "reliable-recovery",
        "reliable_recovery_count",
        "reliable_recovery_pct",
        True,
    ),
    _Indicator(
        "talking-therapies-improvement", "improvement", "improvement_count", "improvement_pct"
    ),
    _Indicator(
        "talking-therapies-deterioration",
        "deterioration",
        "deterioration_count",
        "deterioration_pct",
    ),
)

_TEXTS: Final = (
    "reporting_period",
    "org_type",
    "org_code",
    "org_name",
    "variable_type",
    "variable_a",
    "variable_b",
)
_NUMBERS: Final = (
    _AT_CASENESS,
    _NOT_AT_CASENESS,
    *(indicator.count for indicator in _INDICATORS),
    *(indicator.percentage for indicator in _INDICATORS if indicator.percentage),
)

_BOROUGH_CCGS: Final = {
    "07L": "Barking and Dagenham",
    "07M": "Barnet",
    "07N": "Bexley",
    "07P": "Brent",
    "07Q": "Bromley",
    "07R": "Camden",
    "07V": "Croydon",
    "07W": "Ealing",
    "07X": "Enfield",
    "07Y": "Hounslow",
    "08A": "Greenwich",
    "08C": "Hammersmith and Fulham",
    "08D": "Haringey",
    "08E": "Harrow",
    "08F": "Havering",
    "08G": "Hillingdon",
    "08H": "Islington",
    "08J": "Kingston upon Thames",
    "08K": "Lambeth",
    "08L": "Lewisham",
    "08M": "Newham",
    "08N": "Redbridge",
    "08P": "Richmond upon Thames",
    "08Q": "Southwark",
    "08R": "Merton",
    "08T": "Sutton",
    "08V": "Tower Hamlets",
    "08W": "Waltham Forest",
    "08X": "Wandsworth",
}
_LARGER_AREAS: Final = {
    "07T": "sub-city-and-hackney",
    "09A": "sub-central-london-ccg",
    "08Y": "sub-west-london-ccg",
    "QRV": "E54000027",
    "QMJ": "E54000028",
    "QMF": "E54000029",
    "QKK": "E54000030",
    "QWE": "E54000031",
    # Partnerships carried their ONS code in 2017-18 to 2019-20.
    "E54000027": "E54000027",
    "E54000028": "E54000028",
    "E54000029": "E54000029",
    "E54000030": "E54000030",
    "E54000031": "E54000031",
    "Y56": "E12000007",
    "All": "E92000001",
}
_MERGED_CCGS: Final = frozenset({"36L", "72Q", "93C", "A3A8R", "W2U3Z"})
"""Clinical commissioning groups of 2020-21 and 2021-22 that covered a whole partnership.

Their rows equal those of the partnership in every cell. The partnership's are kept, so that one
series of rows runs from 2017-18 to 2021-22.
"""

_GROUPS: Final = {
    "Total": "all",
    "BME": "ethnic-minority",
    "Not stated/Not known/Invalid": "unknown",
    "Asian or Asian British": "asian",
    "Asian or Asian British: Any other Asian background": "asian-other",
    "Asian or Asian British: Bangladeshi": "asian-bangladeshi",
    "Asian or Asian British: Indian": "asian-indian",
    "Asian or Asian British: Pakistani": "asian-pakistani",
    "Black or Black British": "black",
    "Black or Black British: African": "black-african",
    "Black or Black British: Any other Black background": "black-other",
    "Black or Black British: Caribbean": "black-caribbean",
    "Mixed": "mixed",
    "Mixed: Any other Mixed background": "mixed-other",
    "Mixed: White and Asian": "mixed-white-asian",
    "Mixed: White and Black African": "mixed-white-black-african",
    "Mixed: White and Black Caribbean": "mixed-white-black-caribbean",
    "Other Ethnic Groups": "other",
    "Other Ethnic Groups: Any Other Ethnic Group": "other-any",
    "Other Ethnic Groups: Chinese": "asian-chinese",
    "White": "white",
    "White: Any other White background": "white-other",
    "White: British": "white-british",
    "White: Irish": "white-irish",
}


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.BULK`.

    Six indicators: referrals received and courses finished (counts, unit "referrals"), and
    recovery, reliable recovery, improvement and deterioration (percentages as published, with
    the count as numerator). One row for each indicator, area, year and ethnic group: 32
    clinical commissioning groups for 2017-18 to 2019-20 and 15 for 2020-21 (29 of them
    boroughs), the five NHS areas, London and England for every year.

    "BME" is published from 2020-21 and is everyone but White British and unknown: its England
    counts equal the sum of those groups in all five years. The other rows of that breakdown
    repeat rows of the main one and are left out.

    Age is ``all``: the publication doesn't restrict it. Services are for adults, and a few
    referrals are of people under 18.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, and an organisation or ethnic group that is not known.
    Source: NHS England (NHS Digital before 2023), NHS Talking Therapies annual reports.
    """
    raw = read_raw(folder, INPUT[0], _TEXTS, _NUMBERS)
    repeats = (raw["variable_type"] == "BME Group") & (raw["variable_a"] != "BME")
    raw = raw[~repeats & ~raw["org_code"].isin(_MERGED_CCGS)].reset_index(drop=True)

    rows = _areas_and_groups(raw)
    caseness = (raw[_FINISHED] - raw[_NOT_AT_CASENESS]).fillna(raw[_AT_CASENESS])
    made = pd.concat(
        [_of_indicator(indicator, rows, raw, caseness) for indicator in _INDICATORS],
        ignore_index=True,
    )
    return figures(_with_doubtful_years_marked(made))


def _with_doubtful_years_marked(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of every figure of an area and year that its records look incomplete.

    They do where referrals of everyone fell to less than half of the year before: the largest
    other fall in one year is 18%.
    """
    everyone = rows[
        (rows["indicator_id"] == _INDICATORS[0].indicator_id) & (rows["ethnic_group"] == "all")
    ].sort_values("period")
    before = everyone.groupby("geography_code")["value"].shift()
    fell = everyone[everyone["value"] < HALF * before]
    was = {
        (code, period): f"{INCOMPLETE}: referrals fell from {old:,.0f} to {new:,.0f} in a year."
        for code, period, old, new in zip(
            fell["geography_code"],
            fell["period"],
            before[fell.index],
            fell["value"],
            strict=True,
        )
    }
    keys = zip(rows["geography_code"], rows["period"], strict=True)
    told = pd.Series([was.get(key, "") for key in keys], index=rows.index)
    note = (told + " " + rows["note"].fillna("")).str.strip()
    return rows.assign(note=note.where(note != ""))


def _areas_and_groups(raw: pd.DataFrame) -> pd.DataFrame:
    """The columns that the figures of a raw row share, whichever the indicator."""
    module = "loaders/builders/talking_therapies.py"
    boroughs = borough_codes()
    organisations = {code: boroughs[name] for code, name in _BOROUGH_CCGS.items()} | _LARGER_AREAS
    code = look_up(
        raw["org_code"],
        organisations,
        f"{INPUT[0]}, column org_code",
        f"Add the organisation to _BOROUGH_CCGS or _LARGER_AREAS in {module}",
    )
    label = _label(raw)
    # Only the case of a label changes from year to year.
    groups = {published.casefold(): group for published, group in _GROUPS.items()}
    group = look_up(
        label.str.casefold(),
        groups,
        f"{INPUT[0]}, columns variable_a and variable_b",
        f"Add the group to _GROUPS in {module}",
    )
    area = areas().reindex(code).reset_index(drop=True)
    return pd.DataFrame(
        {
            "geography_level": area["level"],
            "geography_code": code,
            "geography_name": area["name"],
            "slug": area["slug"],
            "period": raw["reporting_period"],
            "age": "all",
            "sex": "all",
            "ethnic_group": group,
            "ethnic_group_label": label,
            "count_rounding": pd.Series(COUNT_ROUNDING, index=raw.index).where(
                area["level"] != "england"
            ),
            "standardisation": Standardisation.CRUDE.value,
            "source_id": SOURCE_ID,
            "confidence": Confidence.SECONDARY.value,
            "note": pd.Series(_PARTNERSHIP, index=raw.index).where(raw["org_type"] == "STP", ""),
        }
    )


def _label(raw: pd.DataFrame) -> pd.Series:
    """The group as published: "White: Irish" for a detailed group, "White" for a broad one."""
    broad = raw["variable_a"].where(raw["variable_type"] != "Total", "Total")
    detailed = raw["variable_b"].where(raw["variable_b"] != "All")
    return broad.where(detailed.isna(), broad + ": " + detailed)


def _of_indicator(
    indicator: _Indicator, rows: pd.DataFrame, raw: pd.DataFrame, caseness: pd.Series
) -> pd.DataFrame:
    result = rows.copy()
    result["indicator_id"] = indicator.indicator_id
    if indicator.percentage is None:
        result["measure"] = Measure.COUNT.value
        result["unit"] = "referrals"
        result["value"] = raw[indicator.count]
    else:
        result["measure"] = Measure.PERCENTAGE.value
        result["unit"] = "%"
        result["value"] = raw[indicator.percentage]
        result["numerator"] = raw[indicator.count]
        result["denominator"] = caseness if indicator.of_those_at_caseness else raw[_FINISHED]
    if indicator.of_those_at_caseness:
        result = _with_doubtful_counts_left_out(result, raw[_NOT_AT_CASENESS].notna())
    result["note"] = result["note"].where(result["note"] != "")
    suppressed = pd.Series(BlankReason.SUPPRESSED.value, index=raw.index)
    result["blank_reason"] = suppressed.where(result["value"].isna())
    result["figure_id"] = (
        "tt-" + rows["period"] + "-" + rows["slug"] + f"-{indicator.short}-" + rows["ethnic_group"]
    )
    return result


def _with_doubtful_counts_left_out(rows: pd.DataFrame, worked_out: pd.Series) -> pd.DataFrame:
    """Say where each denominator comes from, and leave out those that can't be right.

    ``worked_out`` is true where the number not at caseness is published. Where it isn't, the
    number at caseness stands in, if it gives the published percentage within rounding.
    """
    half = COUNT_ROUNDING / 2
    lowest = 100 * (rows["numerator"] - half) / (rows["denominator"] + half)
    highest = 100 * (rows["numerator"] + half) / (rows["denominator"] - half)
    # Percentages below England are whole numbers, so half a point either way.
    agrees = rows["value"].between(lowest - 0.5, highest + 0.5) | rows["value"].isna()
    left_out = ~worked_out & ~agrees
    note = pd.Series(_DENOMINATOR_WORKED_OUT, index=rows.index)
    note = note.where(worked_out, _DENOMINATOR_AT_CASENESS).mask(left_out, _DENOMINATOR_LEFT_OUT)
    note = note.where(rows["denominator"].notna(), "")
    return rows.assign(
        numerator=rows["numerator"].mask(left_out),
        denominator=rows["denominator"].mask(left_out),
        note=(rows["note"] + " " + note).str.strip(),
    )
