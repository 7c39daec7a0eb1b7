"""The committed tables: every row sound, every source there, every record decided once.

What was decided of each gathered record is checked against ``data/record_digests.csv``, which
the gathered records gave, so that nothing changes between record and page unless a correction
says so.
"""

from __future__ import annotations

import csv
import re
import string
from collections import Counter
from functools import cache
from itertools import combinations
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest

from evidence.vocabulary import DiseaseArea
from loaders.curate import (
    DECISION_COLUMNS,
    DIGEST_FIELDS,
    FINDING_COLUMNS,
    FINDINGS_FILE,
    LEFT_OUT,
    figure_digests,
    finding_digests,
    row_digest,
)
from loaders.digests import built_tables, changed_tables
from loaders.open import EvidenceBase, open_evidence
from loaders.read import read_table
from loaders.tables import (
    AREAS,
    BOROUGHS,
    DATA,
    ETHNIC_GROUPS,
    FIGURES,
    INDICATORS,
    SOURCES,
    TABLES,
    Table,
)

Cells = dict[str, str]

DECIDED = {
    "access-and-experience": 47,
    "cancer": 109,
    "cardiovascular": 125,
    "cross-cutting": 727,
    "diabetes": 145,
    "infectious-disease": 256,
    "maternity": 216,
    "mental-health": 225,
    "obesity": 146,
    "respiratory": 98,
    "wider-determinants": 201,
}
"""Records gathered of each disease area: 2,295 in all."""

EIGHT_AREAS = (
    *("maternity", "infectious-disease", "diabetes", "cardiovascular"),
    *("respiratory", "obesity", "mental-health", "cancer"),
)
"""The disease areas of the founding page."""

CORRECTION_SPEAKS_OF = {
    "value": r"\b(value|number|figure of)\b",
    "limits": r"\b(limits?|interval)\b",
    "group": r"\b(group|comparator|compared with)\b",
    "area": r"\b(area|place|borough)\b",
    "period": r"\bperiod\b",
    "measure": r"\b(measure|ratio|ratios|rate|percentage)\b",
}
"""What a correction must mention for the published row to differ from its record there."""

ABBREVIATIONS = re.compile(r"\b(BAME|BME)\b", re.IGNORECASE)


@cache
def base() -> EvidenceBase:
    return open_evidence()


@cache
def cells(pattern: str) -> tuple[Cells, ...]:
    """The cells of every file of a pattern as they are printed, each with its file."""
    rows: list[Cells] = []
    for file in sorted(DATA.glob(pattern)):
        with file.open(encoding="utf-8", newline="") as handle:
            rows += [row | {"file": file.stem} for row in csv.DictReader(handle, strict=True)]
    return tuple(rows)


def figures() -> tuple[Cells, ...]:
    return cells("figures/*.csv")


# --- Sound ----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_of_every_table_is_valid(table: Table) -> None:
    read = read_table(table, DATA)
    assert [str(fault) for fault in read.faults] == []
    assert len(read.frame) > 0
    assert {name: str(dtype) for name, dtype in read.frame.dtypes.items()} == table.dtypes


def test_the_tables_agree_with_one_another() -> None:
    assert [str(fault) for fault in base().faults] == []
    assert base().unreadable == []


def test_every_source_named_anywhere_is_in_the_table_of_sources_and_is_used() -> None:
    frames = (base().figures, base().context, base().findings, base().population, base().ages)
    named = {source for frame in frames for source in frame["source_id"]}
    named |= set(base().figures["calculation_source_id"].dropna())
    published = set(base().sources["source_id"])
    assert named <= published
    # The boundaries of the map are the one source that no row names.
    assert published - named == {"gla-london-boundaries"}


def test_every_indicator_is_measured_by_a_figure_and_no_figure_measures_anything_else() -> None:
    measured = {*base().figures["indicator_id"], *base().context["indicator_id"]}
    assert measured == set(base().indicators["indicator_id"])


def test_every_figure_carries_what_a_reader_needs_to_trust_it() -> None:
    needed = ["source_id", "indicator_id", "geography_name", "period", "ethnic_group_label", "unit"]
    for column in needed:
        blank = base().figures[column].fillna("").str.strip() == ""
        assert not blank.any(), f"{column}: {list(base().figures.loc[blank, 'figure_id'])[:5]}"


def test_a_figure_id_stands_for_one_figure_in_all_tables_together() -> None:
    ids = pd.concat([base().figures["figure_id"], base().context["figure_id"]])
    assert list(ids[ids.duplicated()]) == []


def test_no_cell_begins_or_ends_with_a_space_or_holds_a_line_break() -> None:
    patterns = [table.pattern for table in TABLES if table.pattern.endswith(".csv")]
    found = [
        f"{row['file']}: {column}: {cell!r}"
        for pattern in [*patterns, "curation/*.csv"]
        for row in cells(pattern)
        for column, cell in row.items()
        if cell != cell.strip() or "\n" in cell or "\r" in cell
    ]
    assert found == []


# --- Nothing stands twice -------------------------------------------------------------------


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


def bare(address: str) -> str:
    """An address without what may differ between two addresses of one page."""
    parts = urlsplit(address.casefold())
    query = sorted(item for item in parse_qsl(parts.query) if not item[0].startswith("utm_"))
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{query or ''}"


def likeness(one: str, other: str) -> float:
    """How many of the words of two titles are common to both, from 0 to 1."""
    words, others = set(plain(one).split()), set(plain(other).split())
    return len(words & others) / len(words | others)


def test_two_titles_of_one_publication_are_seen_as_alike() -> None:
    title = "Understanding ethnic inequalities in stillbirth rates: a UK population-based study"
    assert likeness(title, title.upper().replace(":", " -")) == 1
    assert likeness(title, "Ethnic variations in severe maternal morbidity in the UK") < 0.5
    assert bare("https://www.bmj.com/a/?utm_source=x") == bare("http://bmj.com/a")


def test_no_publication_stands_twice_among_the_sources_under_titles_nearly_the_same() -> None:
    # Editions of one series are sources of their own: their titles differ in a year or version.
    found = [
        (one["source_id"], other["source_id"])
        for one, other in combinations(cells(SOURCES.pattern), 2)
        if likeness(one["title"], other["title"]) > 0.7
        and set(re.findall(r"\d+", one["title"])) == set(re.findall(r"\d+", other["title"]))
        and not {month for month in MONTHS if (month in one["title"]) != (month in other["title"])}
        and {one["source_id"], other["source_id"]} not in TOLD_APART
    ]
    assert found == []


TOLD_APART = (
    # Two pages of one needs assessment, on diet and on alcohol.
    {"city-and-hackney-jsna-diet-by-ethnicity", "city-and-hackney-jsna-alcohol-by-ethnicity"},
    # Two papers of one group, on different cancers.
    {"maruthappu-2015-bmc-cancer", "shirley-2014-bmc-cancer"},
)
"""Publications whose titles are alike and that were looked at."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def test_editions_of_a_series_are_told_apart_by_their_title() -> None:
    titles = Counter(plain(row["title"]) for row in cells(SOURCES.pattern))
    assert [title for title, times in titles.items() if times > 1] == []


def test_an_address_belongs_to_one_source_or_to_editions_of_one_series() -> None:
    by_address: dict[str, list[Cells]] = {}
    for row in cells(SOURCES.pattern):
        # A page that quotes another publication is the address of both.
        if not row["reported_by"]:
            by_address.setdefault(bare(row["url"]), []).append(row)
    shared = {
        address: [row["source_id"] for row in rows]
        for address, rows in by_address.items()
        if len(rows) > 1 and len({row["publisher"] for row in rows}) > 1
    }
    assert shared == {}
    # Two papers never share an address.
    papers = [
        bare(row["url"])
        for row in cells(SOURCES.pattern)
        if row["kind"] in {"peer-reviewed", "preprint"}
    ]
    assert len(papers) == len(set(papers))


def test_a_digital_object_identifier_belongs_to_one_source() -> None:
    found = Counter(
        match[0].casefold().rstrip("/")
        for row in cells(SOURCES.pattern)
        for match in [re.search(r"10\.\d{4,}/[^\s?#]+", row["url"])]
        if match
    )
    assert len(found) > 10
    assert [identifier for identifier, times in found.items() if times > 1] == []


def test_no_two_indicators_have_the_same_name_or_definition_in_a_disease_area() -> None:
    for column in ("name", "definition"):
        found = Counter(
            (row["disease_area"], plain(row[column])) for row in cells("indicators.csv")
        )
        assert [key for key, times in found.items() if times > 1] == [], column


def test_a_number_of_a_source_is_not_published_twice_for_the_same_people() -> None:
    same = ["source_id", "geography_code", "period", "age", "sex", "ethnic_group", "comparator"]
    same += ["measure", "value", "lower", "upper", "unit", "population", "adjusted_for"]
    found = Counter(
        (row["indicator_id"], *(row[column] for column in same))
        for row in figures()
        if row["value"]
    )
    assert [key for key, times in found.items() if times > 1] == []


# --- From the records -----------------------------------------------------------------------


def test_every_published_record_is_published_once() -> None:
    times = Counter(row["record_id"] for row in figures())
    assert "" not in times
    assert [record for record, count in times.items() if count > 1] == []


def placed() -> tuple[set[str], list[str]]:
    """The records that are published, as a figure or a finding, and those that are left out."""
    published = {row["record_id"] for row in figures()}
    published |= {row["finding_id"] for row in cells("findings.csv")}
    return published, [row["record_id"] for row in cells("excluded.csv")]


def test_no_record_is_both_published_and_excluded() -> None:
    published, excluded = placed()
    assert len(excluded) == len(set(excluded))
    assert published & set(excluded) == set()


def test_every_gathered_record_has_a_place() -> None:
    published, excluded = placed()
    gathered = {row["record_id"] for row in cells("record_digests.csv")}
    assert published | set(excluded) == gathered
    assert len(gathered) == sum(DECIDED.values()) + 19 == 2_314


def test_enough_is_published_of_every_disease_area() -> None:
    found = Counter(row["file"] for row in figures())
    assert found.total() >= 1_100
    assert {area: found[area] for area in EIGHT_AREAS if found[area] < 40} == {}


@pytest.mark.parametrize(("area", "gathered"), DECIDED.items())
def test_every_gathered_record_of_a_curated_area_is_decided_once(area: str, gathered: int) -> None:
    decisions = [row for row in cells("curation/*.csv") if row["file"] == area]
    decided = [row["record_id"] for row in decisions]
    assert len(decided) == len(set(decided)) == gathered
    published = {row["record_id"] for row in figures() if row["file"] == area}
    excluded = {row["record_id"] for row in cells("excluded.csv") if row["disease_area"] == area}
    excluded = {record for record in excluded if not record.startswith("FND")}
    assert published | excluded == set(decided)
    assert len(published) + len(excluded) == gathered


def test_what_was_decided_is_what_is_published() -> None:
    by_record = {row["record_id"]: row for row in figures()}
    excluded = {row["record_id"]: row for row in cells("excluded.csv")}
    by_record |= {row["finding_id"]: row for row in cells("findings.csv")}
    own = {"record_id", "status", "reason", "explanation", "ethnic_group", "comparator"}
    for decision in cells("curation/*.csv"):
        record = decision["record_id"]
        columns = FINDING_COLUMNS if decision["file"] == FINDINGS_FILE else DECISION_COLUMNS
        assert set(decision) == {*columns, "file"}
        if decision["status"] == "excluded":
            assert excluded[record]["explanation"] == decision["explanation"]
            continue
        row = by_record[record]
        stated = {column: decision[column] for column in columns if column not in own}
        stated = {column: "" if cell == LEFT_OUT else cell for column, cell in stated.items()}
        assert {c: row[c] for c, cell in stated.items() if cell} == {
            c: cell for c, cell in stated.items() if cell
        }, record


def digests() -> dict[str, Cells]:
    return {row["record_id"]: row for row in cells("record_digests.csv")}


def changed(row: Cells) -> set[str]:
    """The digest fields in which a published row differs from its gathered record."""
    record, found = digests()[row["record_id"]], figure_digests(row)
    return {name for name in DIGEST_FIELDS if record[name] != found[name]}


def test_no_cell_of_a_published_row_has_changed_since_it_was_curated() -> None:
    rows = {row["record_id"]: row for row in figures()}
    rows |= {row["finding_id"]: row for row in cells("findings.csv")}
    found = []
    for record, row in rows.items():
        whole = {name: cell for name, cell in row.items() if name != "file"}
        if digests()[record]["published"] != row_digest(whole):
            found.append(record)
    assert found == []
    assert {key for key, row in digests().items() if row["published"]} == set(rows)


def test_no_built_table_has_changed_since_it_was_built() -> None:
    assert [str(fault) for fault in changed_tables(DATA)] == []
    assert len(built_tables(DATA)) == 13


def test_every_record_has_its_digests_once() -> None:
    listed = [row["record_id"] for row in cells("record_digests.csv")]
    assert len(listed) == len(set(listed))
    assert {row["record_id"] for row in figures()} < set(listed)


def test_a_finding_says_of_groups_area_and_period_what_its_record_says() -> None:
    no_period = figure_digests(dict.fromkeys(figures()[0], ""))["period"]
    found = {}
    for row in cells("findings.csv"):
        record, told = digests()[row["finding_id"]], finding_digests(row)
        unsaid = {name for name in DIGEST_FIELDS if record[name] != told[name]}
        unsaid -= {"period"} if record["period"] == no_period else set()
        if unsaid and not row["correction"]:
            found[row["finding_id"]] = unsaid
    assert found == {}
    assert len(cells("findings.csv")) >= 10


def test_a_figure_without_a_correction_says_what_its_record_says() -> None:
    # A period may be filled in where the record has none; nothing else may change unsaid.
    no_period = figure_digests(dict.fromkeys(figures()[0], ""))["period"]
    found = {}
    for row in figures():
        allowed = {"period"} if digests()[row["record_id"]]["period"] == no_period else set()
        if not row["correction"] and changed(row) - allowed:
            found[row["record_id"]] = changed(row)
    assert found == {}


def test_a_corrected_figure_differs_from_its_record_only_in_what_the_correction_speaks_of() -> None:
    corrected = [row for row in figures() if row["correction"]]
    assert len(corrected) > 10
    found = {
        row["record_id"]: unsaid
        for row in corrected
        if (
            unsaid := {
                name
                for name in changed(row)
                if not re.search(CORRECTION_SPEAKS_OF[name], row["correction"], re.IGNORECASE)
            }
        )
    }
    assert found == {}


@pytest.mark.parametrize(
    ("column", "field", "other"),
    [
        ("value", "value", "99.5"),
        ("lower", "limits", "0.01"),
        ("upper", "limits", "98.7"),
        ("ethnic_group", "group", "white-roma"),
        ("comparator", "group", "other-arab"),
        ("geography_level", "area", "moon"),
        ("period", "period", "1066"),
        ("measure", "measure", "threshold"),
    ],
)
def test_a_changed_cell_of_any_published_record_would_show(
    column: str, field: str, other: str
) -> None:
    unseen = [
        row["record_id"]
        for row in figures()
        if not row["correction"] and field not in changed(row | {column: other})
    ]
    assert unseen == []


def test_every_exclusion_has_a_reason_and_explains_it() -> None:
    for row in cells("excluded.csv"):
        assert row["reason"] in {
            "duplicate of another record",
            "no ethnic comparison",
            "ambiguous",
            "contradicts itself or a better source",
            "not checked",
            "out of scope",
        }
        assert len(row["explanation"].split()) >= 4, row["record_id"]


def test_a_record_excluded_as_a_duplicate_names_what_is_kept_in_its_place() -> None:
    sources = {row["source_id"] for row in cells(SOURCES.pattern)}
    doubles = {
        row["record_id"]: row["explanation"]
        for row in cells("excluded.csv")
        if row["reason"] == "duplicate of another record"
    }
    decided = {row["record_id"] for row in cells("curation/*.csv")}
    for record, explanation in doubles.items():
        others = set(re.findall(r"[A-Z]{3,4}-\d{3,4}", explanation)) - {record}
        named = others | (set(re.findall(r"[a-z0-9-]{8,}", explanation)) & sources)
        assert named, record
        # Two records can't each be left out as the double of the other.
        assert not others & decided or others - set(doubles), record


# --- Areas and groups -----------------------------------------------------------------------


def test_there_are_33_boroughs_with_the_codes_of_the_office_for_national_statistics() -> None:
    boroughs = cells(BOROUGHS.pattern)
    assert {row["borough_code"] for row in boroughs} == {f"E090000{n:02d}" for n in range(1, 34)}
    assert len(boroughs) == len({row["name"] for row in boroughs}) == 33
    by_code = {row["borough_code"]: row["name"] for row in boroughs}
    # Codes are given in order of name, with the City of London first.
    assert list(by_code.values())[1:] == sorted(list(by_code.values())[1:])
    assert (by_code["E09000001"], by_code["E09000022"]) == ("City of London", "Lambeth")


def test_each_borough_lies_in_one_of_the_five_integrated_care_boards() -> None:
    found = Counter(row["icb_name"] for row in cells(BOROUGHS.pattern))
    assert found == {
        "North Central London": 5,
        "North East London": 8,
        "North West London": 8,
        "South East London": 6,
        "South West London": 6,
    }
    by_name = {row["name"]: row["icb_name"] for row in cells(BOROUGHS.pattern)}
    assert by_name["Camden"] == "North Central London"
    assert by_name["City of London"] == by_name["Newham"] == "North East London"
    assert by_name["Westminster"] == by_name["Ealing"] == "North West London"
    assert by_name["Lambeth"] == by_name["Bromley"] == "South East London"
    assert by_name["Croydon"] == by_name["Wandsworth"] == "South West London"


def test_the_boroughs_of_an_integrated_care_board_are_the_same_in_both_tables() -> None:
    of_boroughs: dict[str, set[str]] = {}
    for row in cells(BOROUGHS.pattern):
        of_boroughs.setdefault(row["icb_code"], set()).add(row["borough_code"])
    of_areas = {
        row["area_code"]: set(row["boroughs"].split())
        for row in cells(AREAS.pattern)
        if row["level"] == "icb"
    }
    assert of_areas == of_boroughs


def test_inner_london_is_the_14_authorities_of_the_office_for_national_statistics() -> None:
    inner = {row["name"] for row in cells(BOROUGHS.pattern) if row["inner_or_outer"] == "inner"}
    assert inner == {
        *("Camden", "City of London", "Hackney", "Hammersmith and Fulham", "Haringey", "Islington"),
        *("Kensington and Chelsea", "Lambeth", "Lewisham", "Newham", "Southwark", "Tower Hamlets"),
        *("Wandsworth", "Westminster"),
    }


def test_the_boroughs_of_every_area_exist() -> None:
    codes = {row["borough_code"] for row in cells(BOROUGHS.pattern)}
    for row in cells(AREAS.pattern):
        assert set(row["boroughs"].split()) <= codes, row["area_code"]
        if row["level"] == "borough":
            assert row["boroughs"] == row["area_code"]


def test_the_groups_are_the_five_broad_and_nineteen_detailed_ones_of_2021() -> None:
    groups = cells(ETHNIC_GROUPS.pattern)
    levels = Counter(row["level"] for row in groups)
    assert (levels["broad"], levels["detailed"]) == (5, 19)
    by_parent = Counter(row["parent"] for row in groups if row["level"] == "detailed")
    assert by_parent == {"asian": 5, "black": 3, "mixed": 4, "white": 5, "other": 2}


def test_parents_and_members_of_ethnic_groups_are_groups_of_the_table() -> None:
    codes = {row["code"] for row in cells(ETHNIC_GROUPS.pattern)}
    for row in cells(ETHNIC_GROUPS.pattern):
        assert {row["parent"], *row["members"].split()} - {""} <= codes, row["code"]


@pytest.mark.parametrize("file", sorted({*DECIDED} - {"cross-cutting"}))
def test_the_file_of_a_disease_area_is_mostly_of_indicators_of_that_area(file: str) -> None:
    # A record keeps the file of the area that it was gathered under; its indicator may belong
    # to another, such as vaccination in pregnancy to maternity.
    areas = {row["indicator_id"]: row["disease_area"] for row in cells(INDICATORS.pattern)}
    own = [areas[row["indicator_id"]] for row in figures() if row["file"] == file]
    assert own
    assert own.count(file) / len(own) > 0.9


def test_every_file_of_figures_and_of_decisions_is_named_after_a_disease_area() -> None:
    names = {row["file"] for row in (*figures(), *cells("curation/*.csv"))}
    assert names == {*DiseaseArea, FINDINGS_FILE} == {*DECIDED, FINDINGS_FILE}


# --- Words ----------------------------------------------------------------------------------


def test_every_phrase_becomes_a_clause_with_its_value_and_its_people() -> None:
    for row in cells(INDICATORS.pattern):
        blanks = {name for _, name, _, _ in string.Formatter().parse(row["phrase"]) if name}
        assert blanks == {"value", "people"}, row["indicator_id"]
        clause = row["phrase"].format(value="12.5%", people="women from Black ethnic groups")
        assert "12.5%" in clause
        assert "women from Black ethnic groups" in clause
        assert "{" not in clause
        assert not clause.endswith("."), f"{row['indicator_id']}: a clause, not a sentence"


def test_our_own_sentences_never_abbreviate_people() -> None:
    ours = {
        INDICATORS.pattern: INDICATORS.columns,
        SOURCES.pattern: ["note", "reported_by"],
        FIGURES.pattern: ["note", "correction", "population", "adjusted_for"],
        "excluded.csv": ["explanation"],
        AREAS.pattern: ["name", "note"],
        ETHNIC_GROUPS.pattern: ["label", "short_label", "people"],
        "curation/*.csv": ["explanation", "note", "correction"],
        "findings.csv": ["sentence", "note", "correction"],
    }
    found = [
        f"{row['file']}, {column}: {row[column]}"
        for pattern, columns in ours.items()
        for row in cells(pattern)
        for column in columns
        if ABBREVIATIONS.search(row[column])
    ]
    assert found == []


def test_a_group_is_named_in_words_even_where_sources_abbreviate_it() -> None:
    groups = {row["code"]: row for row in cells(ETHNIC_GROUPS.pattern)}
    row = groups["ethnic-minority-excl-white"]
    assert "BME" in row["aliases"].split(" | ")
    assert row["people"] == "from ethnic groups other than White"


def test_borough_rows_are_read_with_their_declared_types() -> None:
    assert base().figures["year"].dtype == pd.Int64Dtype()
    assert base().population["residents"].dtype == "int64"
    assert int(base().population["residents"].min()) >= 0
