"""Nothing leaves the machine, only the presenter acts on a shared server, and the rules of accessibility hold."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests import servers
from tests.browser.conftest import is_outside, ready
from tests.servers import ROOT, Server

PAGES = ("", "data", "data?view=pixels", "data?view=typical", "train", "mistakes", "digit")

# Findings in Streamlit's own markup, which no page can change: section lists, and tables without a corner heading.
STREAMLITS_OWN = {"list", "listitem", "empty-table-header", "presentation-role-conflict", "svg-img-alt"}

NAMESPACE = ("unshare", "--net", "--map-root-user")
UP_AND_ASK = """
import json, subprocess, sys, tempfile, urllib.request
from pathlib import Path
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
from tests import servers
with tempfile.TemporaryDirectory() as home, servers.running(Path(home)) as server:
    interfaces = subprocess.run(["ip", "-json", "link"], capture_output=True, text=True, check=True).stdout
    names = [one["ifname"] for one in json.loads(interfaces) if "UP" in one["flags"]]
    with urllib.request.urlopen(server.url, timeout=20) as answer:
        print(json.dumps({"interfaces": names, "status": answer.status}))
"""


def test_the_server_works_where_there_is_no_network_but_loopback() -> None:
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("network namespaces need Linux with unshare and ip")
    if subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this account may not make a network namespace")
    done = subprocess.run(
        [*NAMESPACE, sys.executable, "-c", UP_AND_ASK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"interfaces": ["lo"], "status": 200' in done.stdout


@dataclass(frozen=True)
class Tour:
    """What was found on a visit to all pages: requests to elsewhere, and broken rules of accessibility by page."""

    outside: list[str]
    broken: dict[str, list[str]]


@pytest.fixture(scope="module", params=["light", "dark"])
def tour(request: pytest.FixtureRequest, server: Server, browser: Browser) -> Tour:
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1280, "height": 900})
    page, found = context.new_page(), Tour([], {})
    page.on("request", lambda sent: found.outside.append(sent.url) if is_outside(sent) else None)
    for name in PAGES:
        page.goto(f"{server.url}/{name}")
        ready(page)
        page.wait_for_timeout(500)
        for rule in Axe().run(page).response["violations"]:
            if rule["id"] not in STREAMLITS_OWN:
                found.broken[f"{name or 'home'}: {rule['id']}"] = [node["html"][:200] for node in rule["nodes"]]
    context.close()
    return found


def test_no_page_asks_the_outside_world(tour: Tour) -> None:
    assert not tour.outside


def test_the_rules_of_accessibility_hold(tour: Tour) -> None:
    assert not tour.broken


def test_on_a_shared_server_only_the_presenter_acts(tmp_path: Path, browser: Browser) -> None:
    with servers.running(tmp_path, address="0.0.0.0") as shared:
        code = re.search(r"code ([0-9A-Z]{6})", shared.log.read_text())
        assert code, "the presenter's code is not printed"
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{shared.url}/train")
        ready(page)
        expect(page.get_by_text("Only the presenter starts trainings here.")).to_be_visible()
        expect(page.get_by_role("button", name="Start training")).to_have_count(0)
        field = page.get_by_label("Presenter's code")
        page.get_by_role("button", name="I am the presenter").click()
        field.fill("WRONG1")
        field.press("Enter")
        expect(page.get_by_text("That is not the code")).to_be_visible(timeout=10_000)
        expect(page.get_by_text("Only the presenter starts trainings here.")).to_be_visible()
        expect(page.get_by_role("button", name="Start training")).to_have_count(0)
        field.fill(code[1])
        field.press("Enter")
        expect(page.get_by_role("button", name="Start training")).to_be_enabled(timeout=10_000)
        context.close()


def test_on_this_machine_alone_everyone_acts(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train")
    ready(page)
    expect(page.get_by_role("button", name="Start training")).to_be_enabled()
    expect(page.get_by_text("I am the presenter")).to_have_count(0)
