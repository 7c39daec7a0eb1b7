"""The dashboard running as people run it, and a real Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Dashboard:
    """A running dashboard: its address, its database, and how to stop and start it.

    ``database`` is an SQLite file, or the address of another database.
    """

    port: int
    database: Path | str
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        command += ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        command += self.arguments
        where = self.database if isinstance(self.database, str) else f"sqlite:///{self.database}"
        env = {**os.environ, "DATABASE_URL": where}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2)  # noqa: S310
            except OSError:
                time.sleep(0.25)
            else:
                return
        raise RuntimeError("the dashboard did not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def chromium_path() -> str:
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("no Chromium found: run sh tests/browser/chromium.sh")
    return path


def launch(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    running = Dashboard(free_port(), tmp_path_factory.mktemp("database") / "suggestions.sqlite3")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium_path())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def settle(page: Page) -> None:
    """Wait until the page's script has run to its end and the page is drawn."""
    page.wait_for_selector("footer.foot", timeout=60_000)
    page.wait_for_function(
        "!document.querySelector('[data-testid=stStatusWidget], [data-stale=true]')",
        timeout=60_000,
    )
    page.wait_for_timeout(700)
    # What was stale fades back in; until then its contrast is less than readers have.
    page.wait_for_function(
        "!document.getAnimations().some((one) => one instanceof CSSTransition"
        " && one.playState === 'running')",
        timeout=30_000,
    )
