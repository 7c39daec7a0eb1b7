"""A gathered record with its decision, and hands to write and read small CSV files."""

import csv
from pathlib import Path

from loaders.curate import DECISION_COLUMNS, RECORD_COLUMNS

Cells = dict[str, str]

RECORD = dict.fromkeys(
    ["record_id", "disease_area", "geography_name", *RECORD_COLUMNS.values()], ""
)
RECORD |= {
    "record_id": "MAT-001",
    "disease_area": "maternity",
    "geography_name": "Lambeth",
    "geography_level": "borough",
    "period": "2018-2020",
    "age": "all",
    "sex": "female",
    "ethnic_group_code": "black",
    "ethnic_group_published": "Black women",
    "comparator_code": "white",
    "comparator_published": "White women",
    "measure": "risk_ratio",
    "value": "3.70",
    "lower_ci": "2.9",
    "upper_ci": "4.5",
    "unit": "ratio",
    "standardisation": "crude",
    "confidence": "primary",
}
DECISION = dict.fromkeys(DECISION_COLUMNS, "") | {
    "record_id": "MAT-001",
    "status": "published",
    "indicator_id": "maternal-death",
    "source_id": "a-paper-2022",
}


def write(file: Path, rows: list[Cells]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def rows_of(file: Path) -> list[Cells]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
