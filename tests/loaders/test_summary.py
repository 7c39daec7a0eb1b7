"""The summary that the check prints: its counts against counts made file by file and row by row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from evidence.strength import Strength
from evidence.vocabulary import DiseaseArea, GeographyLevel
from loaders.__main__ import main
from loaders.open import EvidenceBase
from loaders.summary import (
    OF_EVERYONE,
    by_borough,
    by_kind,
    by_level,
    by_strength,
    exclusions,
    summary,
)
from loaders.tables import DATA

AREAS = [str(area) for area in DiseaseArea]
TITLES = [
    "Figures by area",
    "Figures by area and level",
    "Figures by area and strength of evidence",
    "Records left out, by area and reason",
    "Figures of each borough's own, by area",
]

Row = dict[Any, Any]


def csv_rows(pattern: str) -> list[dict[str, str]]:
    rows = []
    for file in sorted(DATA.glob(pattern)):
        with file.open(encoding="utf-8", newline="") as handle:
            rows += list(csv.DictReader(handle))
    return rows


def parquet_rows(pattern: str) -> list[Row]:
    return [
        row
        for file in sorted(DATA.glob(pattern))
        for row in pd.read_parquet(file, columns=["indicator_id", "value"]).to_dict("records")
    ]


@pytest.fixture(scope="module")
def areas_of() -> dict[str, str]:
    """The disease area of each indicator, from its own file."""
    return {row["indicator_id"]: row["disease_area"] for row in csv_rows("indicators.csv")}


@pytest.fixture(scope="module")
def told(base: EvidenceBase) -> list[Row]:
    """The figures with a value, as plain rows."""
    return [row for row in base.figures.to_dict("records") if not pd.isna(row["value"])]


def column(table: pd.DataFrame, name: str) -> dict[str, int]:
    return {str(area): int(count) for area, count in table[name].items()}


def with_total(counts: Counter[str]) -> dict[str, int]:
    """Counts of each disease area, noughts among them, and of all together."""
    return {area: counts[area] for area in AREAS} | {OF_EVERYONE: counts.total()}


def assert_counted(table: pd.DataFrame, pairs: Iterable[tuple[str, str]], names: list[str]) -> None:
    """The table counts pairs of an area and a name, each way and both together."""
    counts = Counter(pairs)
    assert list(table.index) == [*AREAS, OF_EVERYONE]
    assert list(table.columns) == [*names, "all"]
    for name in names:
        of_name = Counter({area: counts[area, name] for area in AREAS})
        assert column(table, name) == with_total(of_name), name
    everything = Counter(area for area, _ in counts.elements())
    assert column(table, "all") == with_total(everything)


# --- By area --------------------------------------------------------------------------------


def test_curated_bulk_and_calculated_figures_are_those_of_the_files(
    base: EvidenceBase, areas_of: dict[str, str]
) -> None:
    table = by_kind(base)
    assert list(table.index) == [*AREAS, OF_EVERYONE]
    curated = Counter(
        areas_of[row["indicator_id"]] for row in csv_rows("figures/*.csv") if row["value"]
    )
    assert column(table, "curated") == with_total(curated)
    for name, pattern in (("bulk", "bulk/*.parquet"), ("calculated", "derived/*.parquet")):
        counts = Counter(
            areas_of[row["indicator_id"]]
            for row in parquet_rows(pattern)
            if not pd.isna(row["value"])
        )
        assert column(table, name) == with_total(counts), name


def test_curated_bulk_and_calculated_figures_together_are_every_figure_with_a_value(
    base: EvidenceBase, told: list[Row]
) -> None:
    table = by_kind(base)
    together = table["curated"] + table["bulk"] + table["calculated"]
    assert together[OF_EVERYONE] == len(told) < len(base.figures)
    assert together.to_dict() == by_level(base)["all"].to_dict()
    assert together.to_dict() == by_strength(base)["all"].to_dict()


@pytest.mark.parametrize(
    ("name", "key"), [("indicators", "indicator_id"), ("sets", "set_id"), ("sources", "source_id")]
)
def test_indicators_sets_and_sources_are_counted_once_each(
    base: EvidenceBase, told: list[Row], name: str, key: str
) -> None:
    counts = column(by_kind(base), name)
    for area in AREAS:
        assert counts[area] == len({row[key] for row in told if row["disease_area"] == area}), area
    assert counts[OF_EVERYONE] == len({row[key] for row in told})


def test_a_source_of_several_areas_is_counted_once_among_all(base: EvidenceBase) -> None:
    counts = column(by_kind(base), "sources")
    assert counts[OF_EVERYONE] < sum(counts[area] for area in AREAS)
    assert counts[OF_EVERYONE] == base.figures.dropna(subset="value")["source_id"].nunique()


def test_history_findings_and_exclusions_are_counted_beside_the_figures(
    base: EvidenceBase, told: list[Row]
) -> None:
    table = by_kind(base)
    history = Counter(row["disease_area"] for row in told if row["history"])
    assert column(table, "history") == with_total(history)
    for name, pattern in (("findings", "findings.csv"), ("excluded", "excluded.csv")):
        counts = Counter(row["disease_area"] for row in csv_rows(pattern))
        assert column(table, name) == with_total(counts), name


def test_an_area_without_figures_or_exclusions_has_noughts_and_no_gap(base: EvidenceBase) -> None:
    bare = replace(
        base,
        figures=base.figures[base.figures["disease_area"] != "cancer"],
        findings=base.findings[base.findings["disease_area"] != "cancer"],
        excluded=base.excluded[base.excluded["disease_area"] != "cancer"],
    )
    for make in (by_kind, by_level, by_strength):
        table = make(bare)
        assert list(table.index) == [*AREAS, OF_EVERYONE], make.__name__
        assert set(table.loc["cancer"]) == {0}, make.__name__
        assert (table.dtypes == "int64").all(), make.__name__
    assert set(by_borough(bare)["cancer"]) == {0}


# --- By level, strength and borough ---------------------------------------------------------


def test_figures_are_counted_by_area_and_level(base: EvidenceBase, told: list[Row]) -> None:
    pairs = [(row["disease_area"], row["geography_level"]) for row in told]
    assert_counted(by_level(base), pairs, [str(level) for level in GeographyLevel])


def test_figures_are_counted_by_area_and_strength(base: EvidenceBase, told: list[Row]) -> None:
    pairs = [(row["disease_area"], row["strength"]) for row in told]
    assert_counted(by_strength(base), pairs, [str(strength) for strength in Strength])


def test_the_strength_history_is_what_the_table_of_areas_calls_history(base: EvidenceBase) -> None:
    assert column(by_strength(base), "history") == column(by_kind(base), "history")


def test_the_row_of_all_areas_adds_up(base: EvidenceBase) -> None:
    for make in (by_level, by_strength, exclusions):
        table = make(base)
        parts = table.drop(index=OF_EVERYONE).sum()
        assert table.loc[OF_EVERYONE].to_dict() == parts.to_dict(), make.__name__
    table = by_kind(base).drop(columns="sources")
    assert table.loc[OF_EVERYONE].to_dict() == table.drop(index=OF_EVERYONE).sum().to_dict()


def test_each_boroughs_own_figures_are_counted_by_area(base: EvidenceBase, told: list[Row]) -> None:
    table = by_borough(base)
    names = [row["name"] for row in csv_rows("reference/boroughs.csv")]
    assert list(table.index) == sorted(names)
    assert len(names) == 33
    codes = {row["name"]: row["borough_code"] for row in csv_rows("reference/boroughs.csv")}
    counts = Counter((row["geography_code"], row["disease_area"]) for row in told)
    for name, code in codes.items():
        own = {area: counts[code, area] for area in AREAS}
        assert table.loc[name].to_dict() == own | {"all": sum(own.values())}, name
    assert table["all"].sum() == by_level(base).loc[OF_EVERYONE, "borough"]


def test_a_borough_without_figures_has_a_row_of_noughts(base: EvidenceBase) -> None:
    bare = replace(base, figures=base.figures[base.figures["geography_name"] != "Lambeth"])
    table = by_borough(bare)
    assert set(table.loc["Lambeth"]) == {0}
    assert len(table) == 33


def test_records_left_out_are_counted_by_area_and_reason(base: EvidenceBase) -> None:
    rows = csv_rows("excluded.csv")
    counts = Counter((row["disease_area"], row["reason"]) for row in rows)
    table = exclusions(base)
    assert set(table.columns) == {reason for _, reason in counts}
    for area in set(table.index) - {OF_EVERYONE}:
        for reason in table.columns:
            assert table.loc[area, reason] == counts[area, reason], (area, reason)
    of_reason = Counter(row["reason"] for row in rows)
    assert table.loc[OF_EVERYONE].to_dict() == dict(of_reason)
    assert of_reason.total() == len(rows)


# --- The text and the command ---------------------------------------------------------------


def line_of(text: str, title: str, name: str) -> list[str]:
    """The numbers of a row of a printed table, found by the table's title and the row's name."""
    part = text[text.index(f"{title}\n") :].split("\n\n", maxsplit=1)[0]
    return next(line for line in part.splitlines() if line.startswith(name))[len(name) :].split()


def test_the_text_has_each_table_under_its_title_with_every_row(base: EvidenceBase) -> None:
    parts = summary(base).split("\n\n")
    assert [part.splitlines()[0] for part in parts] == TITLES
    tables = [by_kind(base), by_level(base), by_strength(base), exclusions(base), by_borough(base)]
    for part, title, table in zip(parts, TITLES, tables, strict=True):
        _, header, *lines = part.splitlines()
        assert header.split() == " ".join(map(str, table.columns)).split(), title
        assert len(lines) == len(table), title
        for name, row in table.iterrows():
            assert line_of(part, title, str(name)) == [str(cell) for cell in row], (title, name)


def test_the_check_prints_every_table_of_the_summary_and_succeeds(
    base: EvidenceBase, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    places = [lines.index(title) for title in TITLES]
    assert places == sorted(places)
    assert summary(base) in printed.out
    assert lines[-1] == "No faults found"
    assert printed.err == ""
