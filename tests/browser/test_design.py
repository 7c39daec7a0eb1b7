"""How the dashboard looks and behaves where Streamlit leaves it to us, in a real Chromium."""

import json
import re
import struct
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

LAMBETH = "boroughs?borough=Lambeth"
SVG = "{http://www.w3.org/2000/svg}"


def save(page: Page, kind: str, path: Path) -> Path:
    """Press the button of a picture with the keyboard and wait for the file."""
    button = page.get_by_role("button", name=f"Download chart as {kind}").first
    button.focus()
    with page.expect_download(timeout=60_000) as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename == f"who-lives-in-lambeth.{kind.lower()}"
    started.value.save_as(path)
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_is_saved_with_its_words_inside(
    chromium: Browser, dashboard: Dashboard, tmp_path: Path, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{dashboard.url}/{LAMBETH}")
    settle(page)
    assert not any("plotly.min.js" in url for url in asked), "nothing is fetched before it is asked"
    title = page.locator("h3", has_text="share of residents").inner_text()

    png = save(page, "PNG", tmp_path / "chart.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", png[16:24])
    assert wide == 1920
    assert 600 < high < 3000

    root = ET.parse(save(page, "SVG", tmp_path / "chart.svg")).getroot()  # noqa: S314
    assert (int(root.attrib["width"]), int(root.attrib["height"])) == (wide // 2, high // 2)

    def written(kind: str) -> str:
        return " ".join(t.text or "" for t in root.findall(f"{SVG}text[@class='{kind}']"))

    assert written("title") == title
    assert root.findtext(f"{SVG}title") == title
    assert written("source") == "Source: Office for National Statistics, 2022"
    assert written("citation").startswith(
        "Cite as: Racial health inequalities in London, tables of"
    )
    drawn = "".join(text for node in root.findall(f"{SVG}svg") for text in node.itertext())
    assert "Asian" in drawn
    assert "24.0%" in drawn
    # Always in ink on white.
    paper = root.find(f"{SVG}rect")
    assert paper is not None
    assert paper.attrib["fill"] == "#FFFFFF"
    text = ET.tostring(root, encoding="unicode")
    assert "rgb(122, 31, 92)" in text, "the accent of the light theme"
    assert "rgb(242, 155, 203)" not in text, "the accent of the dark theme"

    expect(page.locator("#who-pictures [role=status]")).to_have_text(
        "Saved as who-lives-in-lambeth.svg"
    )
    hosts = {urlsplit(url).hostname for url in asked if urlsplit(url).scheme.startswith("http")}
    assert hosts == {"127.0.0.1"}
    assert sum("plotly.min.js" in url for url in asked) == 1
    context.close()


def test_a_picture_that_cannot_be_made_says_so(page: Page, dashboard: Dashboard) -> None:
    page.route("**/plotly.min.js*", lambda route: route.abort())
    page.goto(f"{dashboard.url}/{LAMBETH}")
    settle(page)
    page.get_by_role("button", name="Download chart as PNG").first.click()
    expect(page.locator("#who-pictures [role=status]")).to_contain_text("could not be made")


def test_a_closed_menu_takes_no_focus_and_an_open_one_closes_after_a_tap(
    chromium: Browser, dashboard: Dashboard
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        left = page.evaluate("document.activeElement.getBoundingClientRect().right")
        assert left > 0, "the focus stays on the screen"
    page.get_by_test_id("stExpandSidebarButton").first.click()
    page.get_by_role("link", name="Evidence library").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Evidence library")
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    context.close()


def test_the_focus_is_seen(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/{LAMBETH}")
    settle(page)
    page.get_by_role("button", name="Download chart as PNG").first.focus()
    page.keyboard.press("Tab")
    style = page.evaluate(
        "(() => { const style = getComputedStyle(document.activeElement);"
        " return [style.outlineStyle, parseFloat(style.outlineWidth), style.outlineColor] })()"
    )
    assert style[0] == "solid"
    assert style[1] >= 2
    assert style[2] == "rgb(122, 31, 92)"


def test_nothing_moves_for_those_who_ask_for_stillness(
    chromium: Browser, dashboard: Dashboard
) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{dashboard.url}/{LAMBETH}")
    settle(page)
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || s.transitionDuration.split(', ').some("
        "d => parseFloat(d) > 0 && s.transitionProperty !== 'none') }).map(e => e.className)"
    )
    context.close()
    assert moving == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_print_is_ink_on_white_and_says_where_it_is_from(
    chromium: Browser, dashboard: Dashboard, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 800, "height": 1100},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{dashboard.url}/{LAMBETH}")
    settle(page)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    told = page.evaluate(
        """(() => {
          const colour = (e) => getComputedStyle(e).color;
          const shown = (e) => e && e.getClientRects().length > 0;
          const away = document.querySelector('.source a[target=_blank]:not(.whole-address)');
          const closed = document.querySelector('details:not([open])');
          const cut = [...document.querySelectorAll('.table')].filter(
            (table) => shown(table) && table.scrollWidth > table.clientWidth + 1);
          return JSON.stringify({
            page: colour(document.querySelector('.foot p')),
            heading: colour(document.querySelector('h2')),
            paper: getComputedStyle(document.querySelector('.stApp')).backgroundColor,
            buttons: [...document.querySelectorAll(
              'header, .stDownloadButton, .downloads')].filter(shown).length,
            closed: getComputedStyle(closed.querySelector('summary'), '::after').content,
            address: getComputedStyle(away, '::after').content,
            cut: cut.map((table) => table.getAttribute('aria-label')),
            printed: document.querySelector('[data-printed]').innerText,
          });
        })()"""
    )
    found = json.loads(told)
    address = page.url
    context.close()
    assert found["heading"] == "rgb(30, 27, 36)"
    assert found["page"] == "rgb(92, 88, 102)"
    assert found["paper"] == "rgb(255, 255, 255)"
    assert found["buttons"] == 0
    assert found["closed"] == '"(closed: open it to print it)"'
    assert re.search(r"\(.*https?://", found["address"])
    assert found["cut"] == []
    assert found["printed"].startswith(f"Printed from {address} on ")
