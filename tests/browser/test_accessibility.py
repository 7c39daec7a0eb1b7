"""WCAG 2.2 AA in a real Chromium: every page, at every width, in both themes, by keyboard alone.

The way of a suggestion and the review have tests of their own, which ask the same of each step.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.shared.html import PAGE_PATHS
from tests.browser.accessibility import (
    TEXT_SPACING,
    axe_faults,
    charts,
    covered_controls,
    focus,
    frame_faults,
    lost_words,
    moving,
    paint,
    resize,
    small_targets,
    tabled_numbers,
    told_numbers,
)
from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

LAMBETH = (
    "disease-areas?area=Mental+health&indicator=Recovery+after+Talking+Therapies&place=Lambeth"
)
OF_1000 = "Referrals+to+Talking+Therapies+for+every+1%2C000+residents"
VIEWS = {
    **{name: path for name, path in PAGE_PATHS.items() if name != "overview"},
    "overview": "",
    "a figure": "library?figure=mat-011",
    "over the years": f"{LAMBETH}&show=Over+the+years",
    "map as squares": "maps?map=Squares",
    "map of years": "maps?map=Small+multiples",
    "map of groups": "maps?map=Groups",
    "gaps by group": "evidence-gaps?by=By+ethnic+group",
    "gaps of a borough": "evidence-gaps?borough=Lambeth",
    "a method": "formulas?method=score-proportions",
    "every comparison": "gap-explorer?list=Every+comparison",
    "one group": "disease-areas?area=Access+and+experience&indicator=Use+of+adult+social+care"
    "&place=Barnet",
    "many groups with long names": "disease-areas?area=Maternity+and+early+childhood"
    "&indicator=RSV+vaccination+in+pregnancy&place=England"
    "&set=September+2024%2C+UK+Health+Security+Agency%2C+female",
    "limits near zero": f"disease-areas?area=Mental+health&indicator={OF_1000}&place=Ealing"
    "&set=2018-19%2C+detailed+groups%2C+NHS+England",
}
"""Every page as it opens, and what a reader may have chosen on it."""

FOLDED = {
    "over the years": "How the years were tested",
    "disease-areas": re.compile(r"^Stillbirth \(\d+ sets"),
    "boroughs": re.compile(r"Recovery after Talking Therapies, \d"),
    "suggest": "Privacy: what we keep",
    "every comparison": "Which gaps we can be sure of",
}
"""What is opened on a view beside what stands open."""

WITH_CHARTS = {
    "disease-areas",
    "over the years",
    "boroughs",
    "maps",
    "map as squares",
    "map of years",
    "map of groups",
    "every comparison",
    "gap-explorer",
    "one group",
    "many groups with long names",
    "limits near zero",
}

SIZES = {"on a phone": (390, 844), "at 400%": (320, 256)}
"""1280 by 1024 pixels enlarged four times are 320 by 256 (success criterion 1.4.10)."""


@dataclass
class View:
    """A view, opened once and looked at in many ways."""

    name: str
    page: Page
    scheme: str = "light"

    def look(self, width: int, height: int = 900, scheme: str | None = None) -> Page:
        """The page in a window of this size, in this theme or in the one that it has."""
        if scheme not in {None, self.scheme}:
            paint(self.page, str(scheme))
            self.scheme = str(scheme)
        if self.page.viewport_size != {"width": width, "height": height}:
            resize(self.page, width, height)
        return self.page


@pytest.fixture(scope="module", params=VIEWS)
def view(request: pytest.FixtureRequest, chromium: Browser, dashboard: Dashboard) -> Iterator[View]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    go(page, dashboard, request.param)
    if label := FOLDED.get(request.param):
        page.locator("summary").filter(has_text=label).first.click()
        settle(page)
    yield View(request.param, page)
    context.close()


def go(page: Page, dashboard: Dashboard, view: str) -> None:
    page.goto(f"{dashboard.url}/{VIEWS[view]}")
    settle(page)


def test_headings_landmarks_language_and_title_are_in_order(view: View) -> None:
    assert frame_faults(view.look(1280)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_any_width(view: View, scheme: str) -> None:
    found = []
    for width in (1280, 768, 390):
        page = view.look(width, scheme=scheme)
        faults = axe_faults(page, colours_alone=scheme == "dark") + small_targets(page)
        found += [f"at {width}: {fault}" for fault in faults]
    assert found == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_lost_on_a_small_screen(view: View, size: str) -> None:
    page = view.look(*SIZES[size])
    over = [fault for chart in charts(page) for fault in chart.faults]
    assert lost_words(page) + over == []


def test_no_control_is_covered_at_four_times_the_size(view: View) -> None:
    assert covered_controls(view.look(*SIZES["at 400%"])) == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_lost_when_readers_space_out_the_text(view: View, size: str) -> None:
    page = view.look(*SIZES[size])
    spacing = page.add_style_tag(content=TEXT_SPACING)
    page.wait_for_timeout(300)
    found = lost_words(page)
    spacing.evaluate("tag => tag.remove()")
    assert found == []


def test_nothing_moves_for_those_who_ask_for_stillness(view: View) -> None:
    page = view.look(1280)
    gliding = page.add_style_tag(content="h1 { transition: opacity 1s; scroll-behavior: smooth }")
    others = moving(page)
    page.emulate_media(reduced_motion="reduce")
    found = moving(page)
    page.emulate_media(reduced_motion="no-preference")
    gliding.evaluate("tag => tag.remove()")
    assert others != []
    assert found == []


def test_every_chart_says_its_finding_and_a_table_has_its_numbers(view: View) -> None:
    page = view.look(1280)
    drawn = charts(page)
    assert bool(drawn) == (view.name in WITH_CHARTS)
    assert {chart.role for chart in drawn} <= {"figure"}
    assert max(Counter(chart.name for chart in drawn).values(), default=1) == 1, "names of its own"
    tabled = tabled_numbers(page)
    titles = [text.rstrip(".") for text in page.locator("h3, h4, h5, p.finding").all_inner_texts()]
    for chart in drawn:
        if chart.name.startswith("Choose a borough on the map"):
            continue  # it shows no numbers; the list above it offers the same choice
        finding = next((title for title in titles if title in chart.name), None)
        assert finding is not None, chart.name
        assert re.search(r"\d", chart.name)
        # A finding may sum up: 36% to 53% are 17 percentage points apart.
        assert told_numbers(chart.name.replace(finding, "")) - tabled == set()


def test_the_focus_is_in_sight_on_a_small_screen(view: View) -> None:
    page = view.look(*SIZES["at 400%"])
    page.evaluate("document.querySelector('a[href], button').focus()")
    for key in ["Tab"] * 30 + ["Shift+Tab"] * 15:
        page.keyboard.press(key)
        found = focus(page)
        assert found is None or found.fault == "", found
    moved = page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => e.scrollLeft > 0"
        " && getComputedStyle(e).overflowX === 'hidden').map((e) => e.className)"
    )
    assert moved == [], "what the focus took along can't be scrolled back"


def test_the_page_follows_when_the_system_changes_its_theme(
    page: Page, dashboard: Dashboard
) -> None:
    go(page, dashboard, "suggest")
    page.get_by_role("radiogroup").get_by_text("A published statistic").click()
    field = page.get_by_label(re.compile("^What does it say"))
    field.fill("Half written")
    for scheme, ink in (("dark", "rgb(189, 183, 200)"), ("light", "rgb(92, 88, 102)")):
        paint(page, scheme)
        expect(page.locator("p.lead")).to_have_css("color", ink)
        expect(field).to_have_value("Half written")


# By keyboard alone


def tab_to(page: Page, name: str | re.Pattern[str], *, most: int = 90, key: str = "Tab") -> None:
    """Press Tab until the focus is on what is named; it must be seen wherever it stops."""
    for _ in range(most):
        page.keyboard.press(key)
        found = focus(page)
        if found is None:
            continue  # between the foot and the head the focus is on the browser's own buttons
        assert found.fault == "", found
        if re.search(name, found.name):
            return
    raise AssertionError(f"Tab did not come to {name}")


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of the field that has the focus."""
    tab_to(page, f"^INPUT {label}")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(option, delay=5)
    page.get_by_role("option", name=option).first.wait_for()
    page.keyboard.press("Enter")
    settle(page)


def test_the_whole_journey_goes_by_keyboard_with_the_focus_in_sight(
    page: Page, dashboard: Dashboard, tmp_path: Path
) -> None:
    go(page, dashboard, "overview")
    tab_to(page, "^A Skip to main content")
    tab_to(page, "^A Disease areas")
    page.keyboard.press("Enter")
    page.wait_for_url("**/disease-areas*")
    settle(page)

    choose(page, "Disease area", "Mental health")
    choose(page, "Indicator", "Recovery after Talking Therapies")
    choose(page, "Place", "Lambeth")
    choose(page, "Ethnic group", "people from Asian ethnic groups")
    expect(page.locator("p.finding")).to_contain_text("44% of people from Asian ethnic groups")

    tab_to(page, "^BUTTON Ratios")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    settle(page)
    expect(
        page.get_by_role("figure", name=re.compile("Differences from the White"))
    ).to_be_visible()

    for name, ending in (("Download these figures", "csv"), ("Download chart as PNG", "png")):
        tab_to(page, f"^BUTTON {name}")
        with page.expect_download(timeout=60_000) as started:
            page.keyboard.press("Enter")
        assert started.value.suggested_filename.endswith(f".{ending}")
        started.value.save_as(tmp_path / ending)
    assert "Lambeth" in (tmp_path / "csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"

    tab_to(page, "^A Details", key="Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/library?figure=*")
    settle(page)
    number = page.url.split("figure=")[1]
    tab_to(page, "^A Is this wrong")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suggest?about_figure=*")
    settle(page)

    tab_to(page, "^TEXTAREA What is wrong with it")
    page.keyboard.type("The report says another number.")
    tab_to(page, "^BUTTON Check your answers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    settle(page)
    expect(page.locator(".suggest-summary")).to_contain_text(number)
    tab_to(page, "^BUTTON Send suggestion")
    page.keyboard.press("Enter")
    expect(page.locator(".suggest-reference")).to_be_visible(timeout=30_000)
