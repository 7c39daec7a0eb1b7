"""What people write does nothing on any page of the running dashboard, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page

from loaders.submissions import SuggestionStore
from pages.shared import community, data
from tests.browser.conftest import Dashboard, free_port, settle
from tests.pages.payloads import KEPT, filled

pytestmark = pytest.mark.browser

INDICATOR = f"{KEPT} 1"
AREA = "Maternity and early childhood"
PAGES: dict[str, dict[str, str]] = {
    "answers": {},
    "library": {"q": "evil", "figure": "community-1-1"},
    "disease-areas": {"area": AREA, "indicator": INDICATOR, "show": "Figures"},
    "boroughs": {"borough": "Lambeth"},
    "programmes": {},
    "methods": {},
    "gap-explorer": {"area": AREA},
    "evidence-gaps": {"borough": "Lambeth"},
    "maps": {},
    "": {},
}
HARM = """() => ({
  ran: window.__ran ?? null,
  headings: document.querySelectorAll('h1').length,
  links: [...document.querySelectorAll('a')].map(
    link => link.getAttribute('href') ?? link.getAttribute('xlink:href') ?? ''
  ).filter(to => /^\\s*(javascript|data):|^https?:\\/\\/(www\\.)?evil/i.test(to)),
  drawn: document.querySelectorAll(
    'img[src*="evil"], img[onerror], svg[onload], iframe, .katex, [data-testid=stMain] object'
  ).length,
  wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
})"""


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Dashboard, dict[str, Any], SuggestionStore]]:
    """A running dashboard in whose database every field holds what could do harm."""
    database: Path = tmp_path_factory.mktemp("payloads") / "kept.sqlite3"
    store = SuggestionStore(f"sqlite:///{database}")
    store.create()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{database}")
        patch.setattr(data, "STAMP_FOR", 0)
        patch.setattr(community, "LOOK_AFTER", 0)
        patch.setattr(community, "PATIENCE", 60)
        found = filled(store)
    running = Dashboard(free_port(), database)
    running.start()
    yield running, found, store
    running.stop()
    store.close()


def test_nothing_that_was_published_or_sent_runs_opens_or_calls_anyone(
    page: Page, hostile: tuple[Dashboard, dict[str, Any], SuggestionStore]
) -> None:
    dashboard, found, store = hostile
    page.set_default_timeout(60_000)
    dialogs: list[str] = []
    called: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: called.append(request.url))
    visited = 0

    def look() -> None:
        nonlocal visited
        settle(page)
        visited += 1
        harm = page.evaluate(HARM)
        expected = {"ran": None, "headings": 1, "links": [], "drawn": 0, "wide": False}
        assert harm == expected, page.url

    for address, filters in PAGES.items():
        page.goto(f"{dashboard.url}/{address}?{urlencode(filters)}")
        look()
        # What is folded away, under a label with the indicator's name, is looked at too.
        for name in page.locator("summary").filter(has_text=re.compile("HYPERLINK")).all()[:3]:
            name.click()
            look()
    for reference in (found["published"], found["asked"], found["declined"]):
        page.goto(f"{dashboard.url}/follow?reference={reference}")
        look()
        assert "<script>window.__ran=1</script>" in page.locator("body").inner_text()
    page.goto(f"{dashboard.url}/review?link={store.make_link('ama@example.org')}")
    settle(page)
    page.get_by_role("button", name="Sign in to review").click()
    look()
    for view in ("For us", "For the sender", "Published", "Declined or merged"):
        page.get_by_text(re.compile(f"^{view}")).first.click()
        look()
    number = store.get(found["published"]).number  # type: ignore[union-attr]
    page.get_by_text(re.compile("^Published")).first.click()
    settle(page)
    page.get_by_role("button", name=re.compile(f"^Suggestion {number}:")).click()
    page.get_by_text("Everything that is published of community-1-1").click()
    look()
    assert visited > len(PAGES) + 8
    assert dialogs == []
    hosts = {urlsplit(url).hostname for url in called if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
