"""A real Chromium and a real server. Without a Chromium these tests are skipped, loudly, unless they are required."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, expect, sync_playwright

from tests import servers
from tests.servers import Server

REQUIRED = os.environ.get("BROWSER_TESTS") == "required"
USUAL = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
expect.set_options(timeout=20_000)  # these tests ask what comes, benchmarks how soon


def chromium(playwright: Playwright) -> str | None:
    """The browser to click in: CHROMIUM, one in its usual place, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in USUAL]
    own = playwright.chromium.executable_path
    return next((path for path in [*found, own] if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            if REQUIRED:
                pytest.fail("browser tests are required, but there is no Chromium; set CHROMIUM to its path")
            pytest.skip("NO CHROMIUM FOUND")
        instance = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    """One app for all tests that do not break it."""
    with servers.running(tmp_path_factory.mktemp("app")) as one:
        yield one


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh visitor, whose every request outside this machine fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    one = context.new_page()
    outside: list[str] = []
    one.on("request", lambda sent: outside.append(sent.url) if is_outside(sent) else None)
    yield one
    context.close()
    assert not outside, f"the page asked the outside world for {outside}"


def is_outside(request: Request) -> bool:
    local = ("http://127.0.0.1", "http://localhost", "ws://127.0.0.1", "ws://localhost", "data:", "blob:")
    return not request.url.startswith(local)


def ready(page: Page) -> None:
    """Wait until the script has run and the page shows what it found.

    The frame's fields belong to it: Streamlit's browser side forgets the words of the link whose fields are not yet
    mounted when the page is left again.
    """
    page.wait_for_selector('[data-testid="stMain"] h1')
    page.wait_for_selector(".st-key-digit input", state="attached")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
