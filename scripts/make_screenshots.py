"""Take the README's pictures of the real app, in a real Chromium, with the run that ships."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import servers
from tests.browser.conftest import ARGUMENTS, chromium, ready

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = {
    "mistakes": ("mistakes?cell=4-9", "panel_maps", "light"),
    "train": ("train", "curve", "dark"),
    "convolution": ("convolution?filter=13&then=norm-relu", "window", "light"),
    "prepare": ("prepare?digit=test-18", "prep_mean", "light"),
    "features": ("features?layer=activation2", "opened", "light"),
    "map": ("embedding", "map_figure", "light"),
}


def main() -> None:
    """Write one PNG a picture into docs/."""
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=ARGUMENTS)
        with servers.running(Path(home)) as server:
            for name, (link, key, scheme) in PICTURES.items():
                dark = scheme == "dark"
                context = browser.new_context(
                    viewport={"width": 1280, "height": 1160 if name == "mistakes" else 800},
                    color_scheme="dark" if dark else "light",
                )
                page = context.new_page()
                page.goto(f"{server.url}/{link}")
                ready(page)
                page.wait_for_selector(f".st-key-{key} :is(.main-svg, canvas)")
                page.wait_for_timeout(1500)
                page.screenshot(path=DOCS / f"{name}.png")
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
