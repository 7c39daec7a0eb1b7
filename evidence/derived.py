"""Figures that this dashboard works out from published ones: each carries its formula.

A figure is worked out only where a published count and the people that it comes from are both
known, or where published rates of one set can be divided. The published figures stay as they
are; what is worked out stands beside them, marked, with the source of each number.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.statistics import compare_limits, rate_limits
from evidence.strength import INCOMPLETE
from evidence.vocabulary import Confidence, Measure, Standardisation

CENSUS = 2021
REFERRALS = "talking-therapies-referrals"
REFERRAL_RATE = "talking-therapies-referral-rate"
LIVE_BIRTHS = "live-births-by-weeks-of-pregnancy"
DETENTION = "detention-under-the-mental-health-act"
RATIO_INDICATORS = (DETENTION, "community-treatment-order")

NHS_GROUPS = {
    "asian": ("asian-bangladeshi", "asian-indian", "asian-pakistani", "asian-other"),
    "other": ("other", "asian-chinese"),
    "other-any": ("other",),
    "white-other": ("white-other", "white-gypsy-irish-traveller", "white-roma"),
}
"""NHS records use the groups of the 2001 census, where Chinese stands under Other and there is
no group for Arab, Gypsy or Irish Traveller, or Roma people: the census groups that each holds."""

CERTAIN_LOCALLY = ("black", "mixed", "white")
"""Groups that are the same people in the NHS's local counts and in the census."""

PRETERM_BELOW = 37
VERY_PRETERM_BELOW = 32
PLACES = 1
"""Decimals of a worked out rate or percentage; its counts stand beside it for more."""

RATIO_PLACES = 2
"""Decimals of a worked out ratio and of its limits."""


def residents_of_nhs_groups(
    population: pd.DataFrame, areas: pd.DataFrame, codes: list[str]
) -> pd.Series:
    """Residents at the 2021 census in the groups that NHS records use.

    Parameters
    ----------
    population
        Columns of the Population model.
    areas
        Columns of the Area model: an area's people are those of its boroughs.
    codes
        The area codes wanted. Areas that hold only part of a borough are the caller's to avoid.

    Returns
    -------
    pandas.Series
        Residents, indexed by geography_code and ethnic_group; areas without boroughs that the
        table doesn't have are left out.
    """
    at = population[population["census"] == CENSUS]
    counts = at.pivot_table(index="area_code", columns="ethnic_group", values="residents")
    boroughs = areas.set_index("area_code")["boroughs"]
    found = {}
    for code in codes:
        parts = [code] if code in counts.index else str(boroughs.get(code, "")).split()
        if parts and set(parts) <= set(counts.index):
            found[code] = counts.loc[parts].sum()
    table = pd.DataFrame(found, index=counts.columns).T
    told = {
        group: table[list(NHS_GROUPS.get(group, (group,)))].sum(axis=1) for group in table.columns
    }
    told["ethnic-minority"] = table["all"] - table["white-british"]
    people = pd.DataFrame(told).rename_axis("geography_code").reset_index()
    long = people.melt("geography_code", var_name="ethnic_group", value_name="residents")
    return long.set_index(["geography_code", "ethnic_group"])["residents"].astype("float64")


def referral_rates(
    figures: pd.DataFrame,
    population: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    part_areas: tuple[str, ...],
    census_source: str,
) -> pd.DataFrame:
    """Referrals to Talking Therapies for every 1,000 residents, by area, year and group.

    Parameters
    ----------
    figures
        Columns of the Figure model, the counts of referrals among them.
    population, areas
        The tables of those names.
    part_areas
        Codes of areas that hold only part of a borough, whose people are not known.
    census_source
        The source of the population.

    Returns
    -------
    pandas.DataFrame
        Columns of the Figure model. Referrals are the numerator and keep their rounding;
        residents of all ages at the 2021 census are the denominator. A suppressed count gives
        a suppressed rate; records that look incomplete give none.
    """
    rows = figures[
        (figures["indicator_id"] == REFERRALS) & ~figures["geography_code"].isin(part_areas)
    ]
    people = residents_of_nhs_groups(population, areas, sorted(rows["geography_code"].unique()))
    rows = rows[~rows["note"].str.contains(INCOMPLETE, regex=False, na=False)]
    keys = pd.MultiIndex.from_frame(rows[["geography_code", "ethnic_group"]])
    residents = people.reindex(keys).set_axis(rows.index)
    rows = rows[residents > 0]
    residents = residents[residents > 0]
    return rows.assign(
        figure_id="calc-" + rows["figure_id"].str.replace("-referrals-", "-referral-rate-"),
        indicator_id=REFERRAL_RATE,
        measure=Measure.RATE.value,
        value=(1000 * rows["value"] / residents).round(PLACES),
        unit="per 1,000 residents",
        numerator=rows["value"],
        denominator=residents,
        standardisation=Standardisation.CRUDE.value,
        calculation=(
            "Referrals in the year ÷ thousands of residents of all ages at the 2021 census. Census "
            "groups are put together as the NHS counts them: Chinese under Other."
        ),
        calculation_source_id=census_source,
        note=None,
    )


def preterm_shares(figures: pd.DataFrame) -> pd.DataFrame:
    """Live births before 37 and before 32 weeks, as a share of those whose weeks are known.

    Parameters
    ----------
    figures
        Columns of the Figure model, the counts of live births by week among them.

    Returns
    -------
    pandas.DataFrame
        Columns of the Figure model, one row a group and threshold.
    """
    rows = figures[figures["indicator_id"] == LIVE_BIRTHS]
    weeks = rows["population"].str.extract(r"born at (\d+) weeks")[0].astype("float64")
    early = rows["population"].str.startswith("born before 22 weeks", na=False)
    weeks = weeks.mask(early, 21)
    dated = rows[weeks.notna()].assign(weeks=weeks)
    keys = ["period", "ethnic_group"]
    everyone = dated.groupby(keys)["value"].sum()
    first = rows.drop_duplicates(keys).set_index(keys, drop=False)
    parts = []
    for below, indicator in (
        (PRETERM_BELOW, "preterm-live-birth"),
        (VERY_PRETERM_BELOW, "very-preterm-live-birth"),
    ):
        early = dated["value"].where(dated["weeks"] < below, 0)
        born = early.groupby([dated[key] for key in keys]).sum()
        parts.append(
            first.assign(
                figure_id=f"calc-{indicator}-" + first["period"] + "-" + first["ethnic_group"],
                indicator_id=indicator,
                population=None,
                measure=Measure.PERCENTAGE.value,
                value=(100 * born / everyone).round(PLACES),
                unit="%",
                numerator=born,
                denominator=everyone,
                calculation=(
                    f"Live births before {below} weeks ÷ live births whose weeks of pregnancy "
                    "are known and fit the baby's weight, as a percentage."
                ),
                calculation_source_id=first["source_id"],
                note=None,
            )
        )
    return pd.concat(parts, ignore_index=True)


def detention_ratios(
    figures: pd.DataFrame, population: pd.DataFrame, areas: pd.DataFrame, *, census_source: str
) -> pd.DataFrame:
    """Ratios of rates under the Mental Health Act to those of White people.

    For England from the published standardised rates, broad groups against White and detailed
    ones against White British; for London's NHS areas, where rates are published without limits,
    from the published counts and the people of the 2021 census. There Asian and Other are left
    out: the published local rates divide them by census groups, with Chinese under Asian, and it
    is not known under which of the two the counts have Chinese people. Limits are recovered from
    each group's own (MOVER, Donner and Zou 2012).

    Parameters
    ----------
    figures
        Columns of the Figure model, the rates of 2023-24 among them.
    population, areas
        The tables of those names.
    census_source
        The source of the population.

    Returns
    -------
    pandas.DataFrame
        Columns of the Figure model, measure rate_ratio.
    """
    rows = figures[
        figures["indicator_id"].isin(RATIO_INDICATORS)
        & (figures["measure"] == Measure.RATE)
        & figures["value"].notna()
        & ~figures["ethnic_group"].isin(["all", "unknown"])
    ]
    england = rows[rows["lower"].notna()]
    broad = ["asian", "black", "mixed", "other", "white"]
    parts = [
        _ratios(
            england[england["ethnic_group"].isin(broad)],
            "white",
            "Standardised rate of the group ÷ standardised rate of White people.",
        ),
        _ratios(
            england[~england["ethnic_group"].isin(broad)],
            "white-british",
            "Standardised rate of the group ÷ standardised rate of White British people.",
        ),
    ]
    local = rows[(rows["geography_level"] == "icb") & (rows["numerator"] > 0)]
    local = local[local["ethnic_group"].isin(CERTAIN_LOCALLY)]
    people = residents_of_nhs_groups(population, areas, sorted(local["geography_code"].unique()))
    keys = pd.MultiIndex.from_frame(local[["geography_code", "ethnic_group"]])
    residents = people.reindex(keys).set_axis(local.index)
    hidden = local["count_rounding"].fillna(0) / 2
    fewest = rate_limits((local["numerator"] - hidden).clip(lower=0), residents)
    most = rate_limits(local["numerator"] + hidden, residents)
    counted = local.assign(
        value=100_000 * local["numerator"] / residents,
        lower=fewest["lower"].to_numpy(),
        upper=most["upper"].to_numpy(),
    )
    parts.append(
        _ratios(
            counted,
            "white",
            "(Detentions of the group ÷ its residents at the 2021 census) ÷ (the same of White "
            "people). Limits allow for counts that are rounded to 5.",
            census_source,
        )
    )
    return pd.concat(parts, ignore_index=True)


def _ratios(
    rows: pd.DataFrame, reference: str, formula: str, other_source: str | None = None
) -> pd.DataFrame:
    """The rows as ratios to the reference group of the same indicator and area."""
    keys = ["indicator_id", "geography_code", "period", "population"]
    joined = rows.merge(
        rows[rows["ethnic_group"] == reference],
        on=keys,
        suffixes=("", "_of_reference"),
        how="inner",
    )
    joined = joined[joined["ethnic_group"] != reference].reset_index(drop=True)
    found = compare_limits(
        joined["value"],
        joined["lower"],
        joined["upper"],
        joined["value_of_reference"],
        joined["lower_of_reference"],
        joined["upper_of_reference"],
    )
    return joined[rows.columns].assign(
        figure_id="calc-" + joined["figure_id"] + "-ratio",
        measure=Measure.RATE_RATIO.value,
        unit="ratio",
        comparator=joined["ethnic_group_of_reference"],
        comparator_label=joined["ethnic_group_label_of_reference"],
        value=found["ratio"].round(RATIO_PLACES),
        lower=found["ratio_lower"].round(RATIO_PLACES),
        upper=found["ratio_upper"].round(RATIO_PLACES),
        numerator=np.nan,
        denominator=np.nan,
        count_rounding=np.nan,
        confidence=Confidence.SECONDARY.value,
        calculation=formula,
        calculation_source_id=other_source or joined["source_id"],
        note=None,
    )
