"""Conditions that general practices had on record in 2019-20, by borough of residence.

Practices keep registers of their patients with certain conditions (Quality and Outcomes
Framework). The House of Commons Library shared out each practice's registers and list among the
neighbourhoods where its patients live and added these up. The figures are modelled: they assume
that a condition is nearly as common among all the patients of a practice, wherever they live.

- Registers and lists are modelled too, as numbers with decimals. They are not counts of people
  and are not given as such, so no limits can be worked out.
- Some conditions are counted among people of certain ages alone; ``age`` says which.
- London and England are sums of boroughs and of districts, made for this dashboard's raw file.
- The year ended as the pandemic began. A practice with patients in two boroughs makes them more
  alike than they are.
- Conditions that stand in the dashboard by ethnic group keep that indicator where they are the
  same thing: a condition on the GP record as a share of all patients of those ages. The
  registers for atrial fibrillation, dementia, obesity and stroke are counted otherwise there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from evidence.vocabulary import Confidence, Measure, Standardisation
from loaders.builders.raw import BuildError, figures, located, look_up, read_raw

INPUT: Final = ("qof_prevalence_2019_20_london_boroughs_hocl_modelled.csv",)
OUTPUT: Final = "context/recorded-illness.parquet"

SOURCE_ID: Final = "commons-library-qof-2019-20"

_MODULE: Final = "loaders/builders/recorded_illness.py"
_PERIODS: Final = {"2019/20": "2019-20"}
_LONDON: Final = "E12000007"
_ENGLAND: Final = "E92000001"


@dataclass(frozen=True)
class _Condition:
    """The indicator of a register, and the ages among which it is counted."""

    indicator_id: str
    age: str = "all"


_CONDITIONS: Final = {
    "AF": _Condition("atrial-fibrillation-on-a-gp-register"),
    "AST": _Condition("asthma-on-a-gp-register"),
    "CAN": _Condition("cancer-on-a-gp-register"),
    "CHD": _Condition("coronary-heart-disease-gp-recorded"),
    "CKD": _Condition("chronic-kidney-disease-gp-recorded", "18+"),
    "COPD": _Condition("copd-diagnosed-by-a-gp"),
    "CVDPP": _Condition("cardiovascular-prevention-on-a-gp-register", "30 to 74"),
    "DEM": _Condition("dementia-on-a-gp-register"),
    "DEP": _Condition("depression-diagnosed-by-a-gp", "18+"),
    "DM": _Condition("diagnosed-diabetes", "17+"),
    "EP": _Condition("epilepsy-on-a-gp-register", "18+"),
    "HF": _Condition("heart-failure-on-a-gp-register"),
    "HYP": _Condition("hypertension-gp-recorded"),
    "LD": _Condition("learning-disability-on-a-gp-register"),
    "MH": _Condition("severe-mental-illness"),
    "OB": _Condition("obesity-on-a-gp-register", "18+"),
    "OST": _Condition("osteoporosis-on-a-gp-register", "50+"),
    "PAD": _Condition("peripheral-arterial-disease-on-a-gp-register"),
    "PC": _Condition("palliative-care-on-a-gp-register"),
    "RA": _Condition("rheumatoid-arthritis-on-a-gp-register", "16+"),
    "STIA": _Condition("stroke-or-tia-on-a-gp-register"),
}
POPULATION: Final = "patients of general practices, by where they live"

_NOTE: Final = "Modelled from practices to the borough of residence."
_NOTE_LONDON: Final = (
    "Modelled from practices to the boroughs of residence, and added up from the 33 boroughs here."
)
_NOTE_ENGLAND: Final = (
    "Modelled from practices to the districts of residence, and added up from the districts of "
    "England here."
)
_NOTE_DEPRESSION: Final = (
    "The register holds depression diagnosed since April 2006 that is not recorded as over."
)


def build(folder: Path) -> pd.DataFrame:
    """The figures, in the columns and dtypes of :data:`loaders.tables.CONTEXT`.

    The percentage of patients on each of 21 registers in 2019-20: 33 boroughs, London, England.

    Raises :class:`loaders.builders.raw.BuildError` for a missing file or column, a cell that is
    blank or no number, and a condition, period or area that is not known.
    Source: House of Commons Library, from NHS Digital, Quality and Outcomes Framework 2019-20.
    """
    raw = read_raw(folder, INPUT[0], ("area_code", "qof_code", "period"), ("prevalence_pct",))
    if raw["prevalence_pct"].isna().any():
        raise BuildError(
            f"{INPUT[0]}, column prevalence_pct",
            "a blank, which this file did not have",
            f"Find out what it means and say so in {_MODULE}",
        )
    area = located(raw["area_code"], f"{INPUT[0]}, column area_code")
    indicator = look_up(
        raw["qof_code"],
        {register: condition.indicator_id for register, condition in _CONDITIONS.items()},
        f"{INPUT[0]}, column qof_code",
        f"Add the register to _CONDITIONS in {_MODULE}",
    )
    period = look_up(
        raw["period"],
        _PERIODS,
        f"{INPUT[0]}, column period",
        f"Add the year to _PERIODS in {_MODULE}, and to its source",
    )
    note = pd.Series(_NOTE, index=raw.index).mask(area["geography_code"] == _LONDON, _NOTE_LONDON)
    note = note.mask(area["geography_code"] == _ENGLAND, _NOTE_ENGLAND)
    note = note.mask(raw["qof_code"] == "DEP", note + " " + _NOTE_DEPRESSION)
    ages = {register: condition.age for register, condition in _CONDITIONS.items()}
    rows = pd.DataFrame(
        {
            "indicator_id": indicator,
            "geography_level": area["geography_level"],
            "geography_code": area["geography_code"],
            "geography_name": area["geography_name"],
            "period": period,
            "age": raw["qof_code"].map(ages),
            "sex": "all",
            "population": POPULATION,
            "ethnic_group": "all",
            "ethnic_group_label": "All patients",
            "measure": Measure.PERCENTAGE.value,
            "value": raw["prevalence_pct"],
            "unit": "%",
            "standardisation": Standardisation.CRUDE.value,
            "source_id": SOURCE_ID,
            "confidence": Confidence.SECONDARY.value,
            "note": note,
            "figure_id": "qof-" + period + "-" + area["slug"] + "-" + raw["qof_code"].str.lower(),
        }
    )
    return figures(rows)
