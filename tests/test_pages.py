"""Every page, run as Streamlit runs it: with the shipped run alone, with a finished one, and with a live one."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.files import write_whole
from mnist_viz.runs.store import Run, Store
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import fit, network

ROOT = Path(__file__).parents[1]
PAGES = ["pages/home.py", "pages/data.py", "pages/train.py", "pages/mistakes.py", "pages/digit.py"]


def visit(page: str, **link: str) -> AppTest:
    """A page as a visitor with this link sees it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for word, value in link.items():
        app.query_params[word] = value
    app.run()
    if page != PAGES[0]:
        app.switch_page(page).run()
    return app


def is_whole(app: AppTest) -> bool:
    """Whether the page has its question and neither a traceback nor the frame's sentence for a failure."""
    return len(app.title) == 1 and not app.exception and not app.error


def payload(app: AppTest, key: str) -> dict[str, object]:
    """What a figure or a grid of this key was given."""
    for element in app.get("bidi_component"):
        if f"-{key}" in element.proto.id or element.proto.id.endswith(key):
            found: dict[str, object] = json.loads(element.proto.json)
            return found
    raise AssertionError(f"nothing with the key {key} is on the page")


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


@pytest.fixture
def unfinished(store: Store) -> Iterator[Callable[[], Run]]:
    """Makes a run that has begun and whose pulse goes on beating, as a trainer's does."""
    stop, threads = threading.Event(), []

    def make() -> Run:
        config = TrainConfig.from_preset("live", digits=1024, batch=64)
        run, model = store.create(config.as_dict()), network(config)
        for record in fit(model, mnist.digits("train"), mnist.digits("val"), config):
            records.append(run, record)
            if record["kind"] == "checkpoint":
                checkpoints.save(run, record["step"], model)
                if record["step"] == 8:
                    break

        def beat() -> None:
            count = 0
            while not stop.wait(0.5):
                count += 1
                write_whole(run.folder / "pulse", str(count))

        threads.append(threading.Thread(target=beat))
        threads[-1].start()
        return run

    yield make
    stop.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_with_the_shipped_run_alone(store: Store, page: str) -> None:
    assert is_whole(visit(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_with_a_live_run(unfinished: Callable[[], Run], page: str) -> None:
    assert is_whole(visit(page, run=unfinished().id))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_with_a_run_that_has_no_checkpoint_yet(store: Store, page: str) -> None:
    run = store.create(TrainConfig.from_preset("live").as_dict())
    assert is_whole(visit(page, run=run.id))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_beside_a_damaged_run(store: Store, page: str) -> None:
    run = store.create(TrainConfig.from_preset("live").as_dict())
    (run.folder / "config.json").write_text("{")
    assert is_whole(visit(page))


@pytest.mark.parametrize("view", ["digits", "labels", "pixels", "typical"])
def test_every_view_of_the_digits_is_whole(store: Store, view: str) -> None:
    assert is_whole(visit("pages/data.py", view=view, part="val"))
