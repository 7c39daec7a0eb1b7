"""Pictures of every page, in ``screenshots/``: ``make screenshots``, then look at them.

Pages are taken at three widths, in the light and the dark theme, from a dashboard that this
script starts itself.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ROOT, Dashboard, chromium_path, free_port, launch, settle

VIEWS = {
    "overview": "",
    "disease-areas": "disease-areas?area=Mental+health&place=Lambeth"
    "&indicator=Recovery+after+Talking+Therapies",
    "boroughs": "boroughs?borough=Lambeth",
    "evidence-gaps": "evidence-gaps",
    "evidence-gaps-groups": "evidence-gaps?by=By+ethnic+group",
    "evidence-gaps-lambeth": "evidence-gaps?borough=Lambeth",
    "gap-explorer": "gap-explorer",
    "library": "library",
    "figure": "library?figure=mat-011",
    "suggest": "suggest",
    "methods": "methods",
}
WIDTHS = (1280, 768, 390)


def main() -> None:
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as database, sync_playwright() as playwright:
        dashboard = Dashboard(free_port(), Path(database) / "suggestions.sqlite3")
        dashboard.start()
        try:
            browser = launch(playwright, chromium_path())
            for theme in ("light", "dark"):
                for width in WIDTHS:
                    context = browser.new_context(
                        viewport={"width": width, "height": 900}, color_scheme=theme
                    )
                    page = context.new_page()
                    for name, path in VIEWS.items():
                        page.goto(f"{dashboard.url}/{path}")
                        settle(page)
                        height = page.evaluate(
                            "document.querySelector('[data-testid=stMain]').scrollHeight"
                        )
                        page.set_viewport_size({"width": width, "height": min(height + 60, 9000)})
                        settle(page)
                        page.screenshot(path=folder / f"{name}-{width}-{theme}.png")
                        page.set_viewport_size({"width": width, "height": 900})
                    context.close()
            browser.close()
        finally:
            dashboard.stop()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
