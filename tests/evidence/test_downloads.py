"""Downloads: figures with limits, definitions and the citation inside."""

import csv
import io

import pandas as pd
import pytest

from evidence.citations import citation
from evidence.downloads import FIGURE_COLUMNS, download_csv, download_frame, to_csv

LAMBETH = "tt-2019-20-lambeth-recovery-"


@pytest.fixture(scope="module")
def lambeth(base, gapped, groups):
    """The download of recovery in Lambeth in 2019-20."""
    rows = gapped[gapped["figure_id"].str.startswith(LAMBETH)]
    content = download_csv(rows, base.indicators, base.sources, groups)
    return {
        row["figure_id"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    }


def test_a_figure_is_downloaded_with_its_limits_and_its_gap(lambeth, rows):
    black, expected = lambeth[LAMBETH + "black"], rows[LAMBETH + "black"]
    assert float(black["value"]) == 49
    assert black["unit"] == "%"
    for name in ("limit_lower", "limit_upper", "ratio", "ratio_lower", "ratio_upper",
                 "difference", "difference_lower", "difference_upper"):  # fmt: skip
        assert float(black[name]) == pytest.approx(expected[name], rel=5e-6), name
        assert len(black[name].lstrip("-").replace(".", "").lstrip("0")) <= 6, "no more digits"
    assert black["limits_from"] == "rounded-counts"
    assert black["reference_group"] == "white"
    assert black["verdict"] == "lower"


def test_a_figure_is_downloaded_with_what_it_means_and_where_it_is_from(lambeth, base):
    black = lambeth[LAMBETH + "black"]
    recovery = base.indicators.set_index("indicator_id").loc["talking-therapies-recovery"]
    assert black["indicator"] == recovery["name"]
    assert black["definition"] == recovery["definition"]
    source = base.sources[base.sources["source_id"] == black["source_id"]].iloc[0].to_dict()
    assert black["citation"] == citation(source)
    assert source["url"] in black["citation"]


def test_a_figure_is_downloaded_with_the_name_of_the_dashboard_that_compared_it(lambeth):
    told = lambeth[LAMBETH + "black"]["dashboard"]
    assert told.startswith("Racial health inequalities in London")
    assert "ratios, differences and verdicts" in told


def test_a_comparison_of_its_publisher_is_not_called_ours(base, gapped, groups):
    theirs = gapped[gapped["measure"].eq("risk_ratio")]
    assert len(theirs)
    told = download_frame(theirs, base.indicators, base.sources, groups)["dashboard"]
    assert set(told) == {"Racial health inequalities in London, which worked out the verdict"}


def test_every_file_names_the_dashboard():
    found = cells(to_csv(pd.DataFrame({"place": ["Brent", "Bexley"]})))
    assert [row[-1] for row in found] == [
        "dashboard",
        *["Racial health inequalities in London"] * 2,
    ]


def test_the_sources_label_stands_beside_ours(lambeth):
    black = lambeth[LAMBETH + "black-african"]
    assert black["ethnic_group"] == "black-african"
    assert black["ethnic_group_harmonised"] == "Black African"
    assert black["ethnic_group_label"]


def test_a_group_that_is_not_compared_says_why_in_the_download(lambeth):
    whole = lambeth[LAMBETH + "all"]
    assert whole["verdict"] == "not compared"
    assert whole["reason"] == "the two groups hold some of the same people"
    assert whole["ratio"] == ""


def test_a_blank_is_downloaded_as_a_blank_with_its_reason(base, gapped, groups):
    blank = gapped[gapped["value"].isna()].head(50)
    found = download_frame(blank, base.indicators, base.sources, groups)
    assert found["value"].isna().all()
    assert set(found["blank_reason"]) <= {"suppressed", "not-published", "not-collected",
                                          "not-applicable"}  # fmt: skip


def test_everything_can_be_downloaded_and_nothing_is_lost_or_changed(base, gapped, groups):
    found = download_frame(gapped, base.indicators, base.sources, groups)
    assert len(found) == len(gapped)
    assert found["figure_id"].tolist() == gapped["figure_id"].tolist()
    assert [name for name in FIGURE_COLUMNS if name not in found] == []
    pd.testing.assert_series_equal(found["value"], gapped["value"])
    for name in ("indicator", "definition", "citation", "ethnic_group_harmonised"):
        assert found[name].notna().all(), name


def test_a_spreadsheet_reads_the_file_as_utf8(base, gapped, groups):
    row = gapped[gapped["note"].fillna("").str.contains("\u2019|\u2013|\u00e9")].head(1)
    row = row if len(row) else gapped.head(1)
    content = download_csv(row, base.indicators, base.sources, groups)
    assert content.startswith(b"\xef\xbb\xbffigure_id,")
    assert b"\r" not in content
    assert content.count(b"\n") >= 2


def test_a_search_without_results_downloads_a_header_alone(base, gapped, groups):
    content = download_csv(gapped.head(0), base.indicators, base.sources, groups).decode(
        "utf-8-sig"
    )
    assert content.count("\n") == 1
    assert content.startswith("figure_id,record_id,indicator,definition,")
    assert "citation" in content


def cells(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u200b=1", "\u202e=1", "\ufeff=1", "\uff1d1"],
)
def test_no_text_of_a_download_is_a_formula(text):
    found = cells(to_csv(pd.DataFrame({"note": [text, "plain"], text: [1, 2]})))
    assert [row[:2] for row in found] == [["note", f"'{text}"], [f"'{text}", "1"], ["plain", "2"]]


def test_a_line_end_within_a_text_begins_no_row():
    content = to_csv(pd.DataFrame({"note": ["a\r=1+1,b\r\n=2\0"]}))
    assert [row[0] for row in cells(content)] == ["note", "a\n=1+1,b\n=2"]
    assert b"\r" not in content


def test_numbers_dates_and_blanks_stay_as_they_are():
    frame = pd.DataFrame(
        {
            "number": [-1.5, None],
            "count": [-3, 4],
            "flag": [True, False],
            "day": pd.to_datetime(["2026-03-14", None]),
            "text": ["5-6", None],
            "mixed": [-2, "x=1"],
            "dashboard": ["ours", "ours"],
        }
    )
    assert to_csv(frame) == frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def test_no_text_that_we_publish_is_changed_by_it(base, gapped, groups):
    some = gapped.iloc[::40]
    frame = download_frame(some, base.indicators, base.sources, groups)
    assert to_csv(frame) == frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
