"""The dashboard in a real Chromium, as people meet it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from loaders.submissions import SuggestionStore
from tests.browser.conftest import Dashboard, settle

pytestmark = pytest.mark.browser

PAGES = {
    "": "Racial health inequalities in London",
    "disease-areas": "Disease areas",
    "boroughs": "Boroughs",
    "maps": "Maps",
    "maps?map=Squares": "Maps",
    "maps?map=Small+multiples": "Maps",
    "maps?map=Groups": "Maps",
    "evidence-gaps": "Evidence gaps",
    "evidence-gaps?by=By+ethnic+group": "Evidence gaps",
    "gap-explorer": "Widest gaps",
    "library": "Evidence library",
    "library?figure=mat-011": "Evidence library",
    "programmes": "What is being done",
    "suggest": "Suggest evidence",
    "follow": "Follow a suggestion",
    "answers": "What became of suggestions",
    "methods": "Sources and methods",
    "formulas?method=score-proportions": "Formulas",
}
LAMBETH = (
    "disease-areas?area=Mental+health&indicator=Recovery+after+Talking+Therapies&place=Lambeth"
)


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box with the keyboard alone."""
    box = page.get_by_role("combobox", name=label, exact=False).first
    box.focus()
    box.press("ControlOrMeta+a")
    page.keyboard.type(option, delay=5)
    page.get_by_role("option", name=option).first.wait_for()
    page.keyboard.press("Enter")
    settle(page)


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize("path", list(PAGES))
def test_each_page_opens_without_asking_anyone_else(
    page: Page, dashboard: Dashboard, path: str
) -> None:
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda request: (
            elsewhere.append(request.url)
            if urlsplit(request.url).hostname not in {"127.0.0.1", None}
            else None
        ),
    )
    page.goto(f"{dashboard.url}/{path}")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path])
    assert page.locator("[data-testid=stException]").count() == 0
    assert elsewhere == []


def test_the_pages_have_titles_of_their_own(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/boroughs")
    settle(page)
    assert page.title() == "Boroughs - Racial health inequalities in London"


def test_the_type_is_served_by_the_project(page: Page, dashboard: Dashboard) -> None:
    fonts: list[tuple[str, int]] = []
    page.on(
        "response",
        lambda response: (
            fonts.append((response.url, response.status)) if ".woff2" in response.url else None
        ),
    )
    page.goto(f"{dashboard.url}/boroughs?borough=Brent")
    settle(page)
    ours = [status for url, status in fonts if "atkinson-hyperlegible-next-latin" in url]
    assert ours
    assert set(ours) == {200}
    family = page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    assert "Atkinson Hyperlegible Next" in family


@pytest.mark.parametrize("path", ["suggest", "boroughs?borough=Brent"])
def test_a_deep_link_opens_rightly_for_the_first_reader_of_a_new_server(
    page: Page, dashboard: Dashboard, path: str
) -> None:
    dashboard.stop()
    dashboard.start()
    page.goto(f"{dashboard.url}/{path}")
    settle(page)
    expect(page.get_by_role("navigation", name="App pages")).to_contain_text("Evidence library")


def test_a_filter_changes_the_chart_and_the_address(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/{LAMBETH}")
    settle(page)
    before = page.get_by_role("figure", name=re.compile("Ratios to the White group")).first
    told = before.get_attribute("aria-label") or ""
    assert "Lambeth, 2019-20" in told
    choose(page, "Place", "Southwark")
    assert query(page)["place"] == ["Southwark"]
    after = page.get_by_role("figure", name=re.compile("Ratios to the White group in Southwark"))
    expect(after.first).to_be_visible()
    assert "In Southwark in" in page.locator("p.finding").inner_text()


def test_a_choice_that_goes_with_another_leaves_the_address_too(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/{LAMBETH}")
    settle(page)
    choose(page, "Indicator", "Suicide")
    assert "Lambeth" not in page.url
    assert page.get_by_role("alert").count() == 0, "the reader made no mistake"
    choose(page, "Disease area", "Wider determinants of health")
    finding = page.locator("p.finding").inner_text()
    page.goto(page.url)
    settle(page)
    assert page.locator("p.finding").inner_text() == finding


def test_the_page_of_the_library_is_in_the_address(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/library?q=Lewisham&sheet=3")
    settle(page)
    expect(page.locator("caption")).to_contain_text("Figures 51 to 75")
    page.get_by_label("Search in words").fill("Camden")
    page.keyboard.press("Enter")
    settle(page)
    expect(page.locator("caption")).to_contain_text("Figures 1 to 25")


def test_a_page_that_stops_early_has_its_foot(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/library?q=zzzz")
    settle(page)
    expect(page.locator("footer.foot")).to_contain_text("Tables of")


def test_a_link_opens_the_same_view_for_someone_else(
    page: Page, chromium: Browser, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/{LAMBETH}")
    settle(page)
    choose(page, "Ethnic group", "people from Asian ethnic groups")
    finding = page.locator("p.finding").inner_text()
    other = chromium.new_context().new_page()
    other.goto(page.url)
    settle(other)
    assert other.locator("p.finding").inner_text() == finding
    assert "44% of people from Asian ethnic groups" in finding
    other.context.close()


def test_a_borough_is_chosen_on_the_map(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/boroughs")
    settle(page)
    # The last trace holds the marks; Bromley's is far from its neighbours.
    marks = page.locator(".st-key-borough-map .scatterlayer .trace").last.locator(".point")
    assert marks.count() == 33
    marks.nth(5).click(force=True)
    page.wait_for_url(re.compile("borough=Bromley"))
    settle(page)
    expect(page.get_by_role("heading", name="Who lives in Bromley")).to_be_visible()


# Lambeth is the borough that its page opens with: its name in the address would be taken out again.
@pytest.mark.parametrize(
    ("kind", "name"), [("Boundaries", "Bromley"), ("Squares", "Bromley"), ("Squares", "Lambeth")]
)
def test_a_borough_chosen_on_a_map_opens_its_page_and_the_way_back_leads_to_the_map(
    page: Page, dashboard: Dashboard, kind: str, name: str
) -> None:
    page.goto(f"{dashboard.url}/maps?map={kind}&as=figures")
    settle(page)
    # The last trace holds the places to choose; the first of each borough is its middle.
    marks = page.locator(".stPlotlyChart .scatterlayer .trace").last
    marks.locator(".point").first.wait_for(state="attached")
    place = page.evaluate(
        "name => { const chart = document.querySelector('.stPlotlyChart .js-plotly-plot');"
        " return chart.data.at(-1).customdata.indexOf(name) }",
        name,
    )
    marks.locator(".point").nth(place).click(force=True)
    page.wait_for_url(re.compile("/boroughs"))
    settle(page)
    expect(page.get_by_role("heading", name=f"Who lives in {name}")).to_be_visible()
    page.go_back()
    page.wait_for_url(re.compile("maps.*as=figures"))
    settle(page)
    expect(page.get_by_role("radio", name=kind)).to_be_checked()


def test_the_way_back_from_a_link_to_what_a_page_opens_with_takes_one_step(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/boroughs?borough=Brent")
    settle(page)
    page.get_by_role("link", name="Maternity and early childhood", exact=True).first.click()
    page.wait_for_url(re.compile("/disease-areas"))
    settle(page)
    expect(page.get_by_role("combobox", name="Disease area")).to_have_value(
        "Maternity and early childhood"
    )
    page.go_back()
    page.wait_for_url(re.compile("boroughs.*borough=Brent"))
    settle(page)
    expect(page.get_by_role("heading", name="Who lives in Brent")).to_be_visible()


def test_an_indicator_opens_with_its_definition_and_its_table(
    page: Page, dashboard: Dashboard
) -> None:
    page.goto(f"{dashboard.url}/disease-areas?area=Maternity+and+early+childhood")
    settle(page)
    page.get_by_text(re.compile(r"^Stillbirth \(\d+ sets")).first.click()
    settle(page)
    opened = page.locator("[class*=st-key-open-stillbirth]").first
    expect(opened.get_by_text("Definition", exact=True)).to_be_visible()
    expect(opened.locator("table").nth(1)).to_be_attached()


def test_a_suggestion_is_kept_across_a_restart(page: Page, dashboard: Dashboard) -> None:
    formula = '=HYPERLINK("https://example.org","x") <script>document.title="run"</script>'
    page.goto(f"{dashboard.url}/suggest?about_borough=Lambeth")
    settle(page)
    page.get_by_text("A published statistic").click()
    page.get_by_label(re.compile("What does it say")).fill(formula)
    page.get_by_label(re.compile("Where is it from")).fill("A report of our group, 2025")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send suggestion").click()
    reference = page.locator(".suggest-reference")
    reference.wait_for(timeout=30_000)
    number = reference.inner_text().strip()
    assert re.fullmatch(r"LRH-[A-Z0-9]{4}-[A-Z0-9]{4}", number)
    assert page.title() != "run"
    dashboard.stop()
    dashboard.start()
    kept = SuggestionStore(f"sqlite:///{dashboard.database}").get(number)
    assert kept is not None
    assert kept.suggestion.statement == formula
    assert kept.suggestion.geography_code == "E09000022"
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Suggest evidence")


def test_an_empty_form_says_what_is_missing(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/suggest")
    settle(page)
    page.get_by_text("A published statistic").click()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    assert page.locator(".suggest-reference").count() == 0
