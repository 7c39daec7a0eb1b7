"""Pictures of every page, in ``screenshots/``: ``make screenshots``, then look at them.

Each page of the menu is taken at three widths, in the light and the dark theme, and as it prints
(PDF), from a dashboard that this script starts itself. Some of them alone:
``python -m tests.browser.screenshots boroughs library``.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from pages.shared.html import PAGE_PATHS
from tests.browser.conftest import ROOT, Dashboard, chromium_path, free_port, launch, settle

WIDTHS = (1280, 768, 390)
THEMES = ("light", "dark")
TALLEST = 12_000
"""Pixels; what is longer is cut, as Chromium draws no taller picture reliably."""

CHOICES = {
    "disease-areas": {
        "chosen": "area=Mental+health&place=Lambeth&indicator=Recovery+after+Talking+Therapies",
        "years": "area=Mental+health&place=Lambeth&indicator=Recovery+after+Talking+Therapies"
        "&show=Over+the+years",
    },
    "boroughs": {"chosen": "borough=Lambeth"},
    "maps": {"squares": "map=Squares", "years": "map=Small+multiples", "groups": "map=Groups"},
    "gap-explorer": {"unmeasured": "unmeasured=Lambeth"},
    "evidence-gaps": {"groups": "by=By+ethnic+group", "borough": "borough=Lambeth"},
    "library": {"figure": "figure=mat-011"},
}
"""What a reader may have chosen on a page, by a name for the picture. Every page is also taken
as it opens."""


def views(only: list[str]) -> Iterator[tuple[str, str]]:
    """Names of pictures with their addresses, of all pages or of those named alone."""
    for page, path in PAGE_PATHS.items():
        if only and page not in only:
            continue
        yield page, path
        for name, choice in CHOICES.get(page, {}).items():
            yield f"{page}-{name}", f"{path}?{choice}"


def whole_page(page: Page, width: int, path: Path) -> None:
    """Take a page from its head to its foot: Streamlit scrolls inside the window."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height + 60, TALLEST)})
    settle(page)
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": 900})


def take(browser: Browser, dashboard: Dashboard, folder: Path, only: list[str]) -> None:
    """Take every view at each width in each theme, and once for print."""
    for theme in THEMES:
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if theme == "dark" else "light",
                reduced_motion="reduce",
            )
            page = context.new_page()
            for name, path in views(only):
                page.goto(f"{dashboard.url}/{path}")
                settle(page)
                whole_page(page, width, folder / f"{name}-{width}-{theme}.png")
                if (theme, width) == (THEMES[0], WIDTHS[0]):
                    page.pdf(path=folder / f"{name}.pdf", format="A4", print_background=True)
            context.close()


def main() -> None:
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as database, sync_playwright() as playwright:
        dashboard = Dashboard(free_port(), Path(database) / "suggestions.sqlite3")
        dashboard.start()
        try:
            browser = launch(playwright, chromium_path())
            take(browser, dashboard, folder, sys.argv[1:])
            browser.close()
        finally:
            dashboard.stop()
    print(f"{len(list(folder.iterdir()))} pictures and prints in {folder}")


if __name__ == "__main__":
    main()
