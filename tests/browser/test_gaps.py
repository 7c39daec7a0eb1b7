"""The gap map and the gap explorer in a real Chromium, by keyboard and by mouse."""

import csv
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

FIRST_CELL = re.compile(r"^Maternity and early childhood in Barking and Dagenham: \d+ national")


def test_a_cell_of_the_map_is_reached_and_opened_by_keyboard(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/evidence-gaps")
    settle(page)
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("group", name=re.compile("All disease areas"))).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=FIRST_CELL)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/library?*")
    settle(page)
    expect(page.get_by_role("heading", name=re.compile(r"^[\d,]+ figures$"))).to_be_visible()


def test_the_whole_map_can_be_skipped(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/evidence-gaps")
    settle(page)
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#after-the-map")).to_be_focused()


def test_the_last_cell_can_be_seen_at_four_hundred_percent(
    chromium: Browser, dashboard: Dashboard
) -> None:
    # 1280 by 1024 pixels enlarged four times are 320 by 256.
    context = chromium.new_context(viewport={"width": 320, "height": 256})
    page = context.new_page()
    page.goto(f"{dashboard.url}/evidence-gaps")
    settle(page)
    last = page.locator(".gap-map a.known").last
    last.focus()
    page.wait_for_timeout(300)
    seen = last.evaluate(
        "cell => { const box = cell.getBoundingClientRect();"
        " const top = document.elementFromPoint(box.left + box.width / 2, box.top + 8);"
        " return cell === top || cell.contains(top) }"
    )
    context.close()
    assert seen, "what has the focus is covered by nothing"


def test_headings_stay_while_the_map_scrolls(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/evidence-gaps")
    settle(page)
    region = page.locator(".gap-map .table")
    before = page.locator(".gap-map thead th").last.bounding_box()
    region.evaluate("box => { box.scrollTop = 400 }")
    after = page.locator(".gap-map thead th").last.bounding_box()
    assert before is not None
    assert after is not None
    # The caption scrolls away, the headings stay at the upper edge.
    edge = region.evaluate("box => box.getBoundingClientRect().top")
    assert after["y"] == pytest.approx(edge, abs=2)


def test_a_point_and_a_link_open_the_same_comparison(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/gap-explorer")
    settle(page)
    link = page.locator(".ranking tbody a").first
    wanted = parse_qs(urlsplit(link.get_attribute("href") or "").query)["open"]
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**open=*")
    settle(page)
    heading = page.locator(".st-key-opened h3").first
    expect(heading).to_be_focused()
    told = heading.inner_text()
    page.goto(f"{dashboard.url}/gap-explorer")
    settle(page)
    # The last trace holds the marks of the list; the first of them is the first of the chart's
    # order, which lists the sure gaps first.
    marks = page.locator(".st-key-explorer-chart .scatterlayer .trace").last.locator(".point")
    marks.first.click(force=True)
    page.wait_for_url("**open=*")
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["open"] == wanted
    assert page.locator(".st-key-opened h3").first.inner_text() == told


def test_the_points_are_saved_as_pictures_and_as_a_table_with_their_citation(
    page: Page, dashboard: Dashboard, tmp_path: Path
) -> None:
    page.goto(f"{dashboard.url}/gap-explorer?area=Diabetes")
    settle(page)
    for label, ending in (
        ("Download chart as PNG", "png"),
        ("Download chart as SVG", "svg"),
        ("Download these comparisons (CSV)", "csv"),
    ):
        button = page.get_by_role("button", name=label).first
        button.focus()
        with page.expect_download(timeout=60_000) as started:
            page.keyboard.press("Enter")
        assert started.value.suggested_filename == f"widest-gaps.{ending}"
        started.value.save_as(tmp_path / ending)
    png = (tmp_path / "png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(png) > 20_000
    drawn = " ".join(ElementTree.parse(tmp_path / "svg").getroot().itertext())  # noqa: S314
    assert "Cite as: Racial health inequalities" in " ".join(drawn.split())
    with (tmp_path / "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    points = page.locator(".st-key-explorer-chart .scatterlayer .point")
    assert len(rows) == points.count() > 0
    assert all(row["citation"] for row in rows)


def test_every_comparison_is_drawn(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/gap-explorer")
    settle(page)
    title = page.get_by_role("heading", name=re.compile("clear of chance")).inner_text()
    count = int(title.split(" of ")[1].split()[0].replace(",", ""))
    points = page.locator(".st-key-explorer-chart .scatterlayer .point")
    expect(points).to_have_count(count, timeout=60_000)
