"""Use of the Mental Health Act in 2023-24 by ethnic group: England and London's NHS areas.

From the annual figures of NHS England. Counts are of detentions and orders, not of people.

- England has 18 detailed and 5 broad groups with a crude rate and a standardised one. The file
  does not say whether it is standardised for age alone or for sex too. ``Confidence_interval``
  holds half the width of the 95% interval of the standardised rate: it is what the counts give
  (for the White group 68.4 and 31,735 detentions, 1.96 x 68.4 / sqrt(31,735) = 0.75, printed
  0.7).
- The five NHS areas have broad groups and a crude rate alone. Counts there are rounded to 5.
- Rates are for every 100,000 people of the group. The people are not printed. For England the
  broad group Asian leaves Chinese people out and Other holds them. The rates of the NHS areas are
  the counts over the broad groups of the census, where Chinese stands under Asian; under which
  the counts have it is not known.
- The row for everyone in England is of those whose ethnic group is known, from the mental health
  data set; those of the NHS areas hold people whose group is not known, in a set of their own.
  The total that the publisher quotes (52,458 detentions) holds acute hospitals and people whose
  group is not known too, and stands in a set of its own.
- Community treatment orders have no figures by ethnic group below England.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import BlankReason, Confidence, Measure, Standardisation
from loaders.builders.raw import areas, figures, look_up, read_raw

INPUT: Final = ("nhse_mental_health_act_2023_24_england_london_icbs.csv",)
OUTPUT: Final = "bulk/mental-health-act.parquet"

SOURCE_ID: Final = "nhs-england-mental-health-act-2023-24"
PERIOD: Final = "2023-24"
UNIT: Final = "per 100,000 people"
EVERYONE: Final = "all providers, people whose ethnic group is not known among them"
EVERYONE_LOCALLY: Final = "people whose ethnic group is not known among them"
COUNT_ROUNDING: Final = 5.0

_TEXTS: Final = (
    "Measure",
    "measureSubcategory",
    "Demographic",
    "DemographicBreakdown",
    "OrganisationBreakdown",
    "OrgID",
)
_NUMBERS: Final = ("Total_Count", "CrudeRate", "StdRate", "Confidence_interval")


@dataclass(frozen=True)
class _Indicator:
    indicator_id: str
    short: str
    measure: str
    england: str
    """The subcategory that has figures by ethnic group for England."""
    local: str | None = None
    """The one that has them for the NHS areas."""
    population: str | None = None
    """What the subcategory for England narrows the count to."""


_INDICATORS: Final = (
    _Indicator(
        "detention-under-the-mental-health-act", "detention", "All detentions", "All", "All"
    ),
    _Indicator("community-treatment-order", "cto", "Uses of CTOs", "All"),
    _Indicator(
        "short-term-order-under-the-mental-health-act",
        "short-term",
        "Short term orders",
        "Section 136",
        "All",
        "orders under section 136 (police taking a person to a place of safety)",
    ),
)
_ICBS: Final = {
    "QRV": "E54000027",
    "QMJ": "E54000028",
    "QMF": "E54000029",
    "QKK": "E54000030",
    "QWE": "E54000031",
}
_GROUPS: Final = {
    "All": "all",
    "Unknown": "unknown",
    "Asian or Asian British": "asian",
    "Any Other Asian background": "asian-other",
    "Bangladeshi": "asian-bangladeshi",
    "Chinese": "asian-chinese",
    "Indian": "asian-indian",
    "Pakistani": "asian-pakistani",
    "Black or Black British": "black",
    "African": "black-african",
    "Any Other Black background": "black-other",
    "Caribbean": "black-caribbean",
    "Mixed": "mixed",
    "Any Other Mixed background": "mixed-other",
    "White and Asian": "mixed-white-asian",
    "White and Black African": "mixed-white-black-african",
    "White and Black Caribbean": "mixed-white-black-caribbean",
    "Other Ethnic Groups": "other",
    "Any Other Ethnic Group": "other-any",
    "White": "white",
    "Any Other White background": "white-other",
    "British": "white-british",
    "Irish": "white-irish",
}
_PARTS_OF_UNKNOWN: Final = frozenset({"Not Known", "Not Stated"})

_NOTE_UNKNOWN: Final = "No rate can be given, as it is not known how many people these are of."
_NOTE_INTERVAL: Final = (
    "The source calls this rate standardised and does not say in the file for what. Limits from "
    "the half-width that it prints beside the rate."
)
_NOTE_EVERYONE: Final = (
    "The total that the publisher quotes, of every kind of order and with acute hospitals and "
    "people whose ethnic group is not known. The figures by ethnic group leave the last two out."
)
_NOTE_CHINESE: Final = (
    "The rate is the count over the census group, which has Chinese people under Asian; the "
    "source does not say whether the count has them there or under Other, so that the rate may be "
    "too low for Asian and too high for Other."
)


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.BULK`.

    Detentions, community treatment orders and short term orders of 2023-24, as crude and (for
    England) standardised rates per 100,000 people, with the count as numerator.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    no number, and an area or ethnic group that is not known.
    Source: NHS England, Mental Health Act Statistics, Annual Figures 2023-24.
    """
    raw = read_raw(folder, INPUT[0], _TEXTS, _NUMBERS)
    return figures(
        pd.concat([_of_indicator(indicator, raw) for indicator in _INDICATORS], ignore_index=True)
    )


def _of_indicator(indicator: _Indicator, raw: pd.DataFrame) -> pd.DataFrame:
    ours = raw[raw["Measure"] == indicator.measure]
    by_group = ours[
        (ours["Demographic"] == "Ethnicity") & ~ours["DemographicBreakdown"].isin(_PARTS_OF_UNKNOWN)
    ]
    everyone = ours[(ours["Demographic"] == "All") & (ours["measureSubcategory"] == "All")]
    england = by_group[
        (by_group["OrganisationBreakdown"] == "All submissions")
        & (by_group["measureSubcategory"] == indicator.england)
    ]
    total = everyone[everyone["OrganisationBreakdown"] == "All submissions"]
    parts = [
        _rows(indicator, england, "CrudeRate").assign(population=indicator.population),
        _rows(indicator, england, "StdRate").assign(population=indicator.population),
        _rows(indicator, total, "CrudeRate").assign(population=EVERYONE, note=_NOTE_EVERYONE),
    ]
    parts[2]["figure_id"] += "-everyone"
    if indicator.local is not None:
        local = by_group["OrganisationBreakdown"] == "ICB"
        local &= by_group["measureSubcategory"] == indicator.local
        of_area = everyone[
            (everyone["OrganisationBreakdown"] == "ICB") & everyone["OrgID"].isin(_ICBS)
        ]
        parts.append(_rows(indicator, by_group[local], "CrudeRate"))
        parts.append(_rows(indicator, of_area, "CrudeRate").assign(population=EVERYONE_LOCALLY))
    return pd.concat(parts, ignore_index=True)


def _rows(indicator: _Indicator, raw: pd.DataFrame, rate: str) -> pd.DataFrame:
    module = "loaders/builders/mental_health_act.py"
    raw = raw.reset_index(drop=True)
    standardised = rate == "StdRate"
    local = raw["OrganisationBreakdown"] == "ICB"
    code = look_up(
        raw["OrgID"].where(local, "England"),
        {**_ICBS, "England": "E92000001"},
        f"{INPUT[0]}, column OrgID",
        f"Add the NHS area to _ICBS in {module}",
    )
    group = look_up(
        raw["DemographicBreakdown"],
        _GROUPS,
        f"{INPUT[0]}, column DemographicBreakdown",
        f"Add the group to _GROUPS in {module}",
    )
    area = areas().reindex(code).reset_index(drop=True)
    half = raw["Confidence_interval"] if standardised else float("nan")
    value = raw[rate]
    unknown = group == "unknown"
    suppressed = pd.Series(BlankReason.SUPPRESSED.value, index=raw.index)
    reason = suppressed.mask(unknown, BlankReason.NOT_APPLICABLE.value)
    note = pd.Series(None, index=raw.index, dtype="str").mask(unknown, _NOTE_UNKNOWN)
    kind = "standardised" if standardised else "crude"
    rows = pd.DataFrame(
        {
            "indicator_id": indicator.indicator_id,
            "geography_level": area["level"],
            "geography_code": code,
            "geography_name": area["name"],
            "period": PERIOD,
            "age": "all",
            "sex": "all",
            "ethnic_group": group,
            "ethnic_group_label": raw["DemographicBreakdown"],
            "measure": Measure.RATE.value,
            "value": value,
            "lower": (value - half).round(1),
            "upper": (value + half).round(1),
            "unit": UNIT,
            "numerator": raw["Total_Count"],
            "count_rounding": pd.Series(COUNT_ROUNDING, index=raw.index).where(local),
            "standardisation": (
                Standardisation.ADJUSTED if standardised else Standardisation.CRUDE
            ).value,
            "source_id": SOURCE_ID,
            "confidence": Confidence.SECONDARY.value,
            "blank_reason": reason.where(value.isna()),
            "note": note.mask(value.notna() & standardised, _NOTE_INTERVAL).mask(
                local & group.isin(["asian", "other"]), _NOTE_CHINESE
            ),
            "figure_id": f"mha-{PERIOD}-{indicator.short}-{kind}-" + area["slug"] + "-" + group,
        }
    )
    # A standardised rate is given for groups alone, not for everyone or for unknown groups.
    return rows[~group.isin(["all", "unknown"])] if standardised else rows
