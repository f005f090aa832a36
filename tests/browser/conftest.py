"""A real Chromium and a real server. Without a Chromium these tests are skipped, loudly, unless they are required."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sized
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FloatRect,
    Locator,
    Page,
    Playwright,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests import servers
from tests.servers import Server

expect.set_options(timeout=20_000)  # milliseconds; by itself it waits for 5 s, in which a busy machine makes no page
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
SIZE = ViewportSize(width=1280, height=720)
FORGET = "if (!window.name) { localStorage.clear(); window.name = 'fresh'; }"  # once in a tab: what others left behind


def chromium(playwright: Playwright) -> str | None:
    """The browser to click in: CHROMIUM, one in its usual place, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in USUAL]
    own = playwright.chromium.executable_path
    return next((path for path in [*found, own] if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="session")
def program(playwright: Playwright) -> str:
    """The path of the Chromium to click in."""
    path = chromium(playwright)
    if path is None:
        if REQUIRED:
            pytest.fail("browser tests are required, but there is no Chromium; set CHROMIUM to its path")
        pytest.skip("NO CHROMIUM FOUND")
    return path


@pytest.fixture(scope="session")
def browser(playwright: Playwright, program: str) -> Iterator[Browser]:
    """For tests that need visitors of their own kind, or several at once."""
    instance = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield instance
    instance.close()


@pytest.fixture(scope="session")
def profile(playwright: Playwright, program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser with a profile on disk: it compiles the app's scripts once, not for each visitor anew."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"), executable_path=program, args=ARGUMENTS, viewport=SIZE
    )
    yield context
    context.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, program: str) -> Iterator[Server]:
    """One app for all tests that do not break it."""
    with servers.running(tmp_path_factory.mktemp("app")) as one:
        yield one


@pytest.fixture
def page(profile: BrowserContext) -> Iterator[Page]:
    """A fresh visitor, whose every request outside this machine fails the test."""
    one = profile.new_page()
    one.add_init_script(FORGET)
    outside: list[str] = []
    one.on("request", lambda sent: outside.append(sent.url) if is_outside(sent) else None)
    yield one
    one.close()
    assert not outside, f"the page asked the outside world for {outside}"


def is_outside(request: Request) -> bool:
    local = ("http://127.0.0.1", "http://localhost", "ws://127.0.0.1", "ws://localhost", "data:", "blob:")
    return not request.url.startswith(local)


def ready(page: Page) -> None:
    """Wait until the script has run and the page shows what it found.

    The frame's fields belong to it: Streamlit's browser side forgets the words of the link whose fields are not yet
    mounted when the page is left again. Each kind of field is loaded when it is first needed, after the script has run
    and after the words beside it are there; meanwhile a grey bar stands in its place.
    """
    page.wait_for_selector('[data-testid="stMain"] h1')
    page.wait_for_selector(".st-key-digit input", state="attached")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_selector('[data-testid="stSkeleton"]', state="detached")


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Ask again until it is true. Who counts what the browser reports needs `quiet`: asleep, nobody hears it."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def still(shown: Locator, seconds: float = 30) -> FloatRect:
    """Where this is on the screen, in pixels, once it has come to rest: what comes late moves what stands below it."""
    end, box = time.monotonic() + seconds, None
    while True:
        before, box = box, shown.bounding_box()
        if box and box == before:
            return box
        assert time.monotonic() < end, f"it does not come to rest: {box}"
        shown.page.wait_for_timeout(250)


def quiet(page: Page, heard: Sized, milliseconds: int = 1000) -> None:
    """Wait until nothing was heard for this long: no script run is left over from what was done before."""
    end, before = time.monotonic() + 60, -1
    while before != len(heard):
        assert time.monotonic() < end, "it does not fall silent"
        before = len(heard)
        page.wait_for_timeout(milliseconds)
