"""Every page with a run of every network of the zoo: it shows what there is, or says what does not apply."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import models
from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints, derived, logits, records
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import fit, network

ROOT = Path(__file__).parents[1]
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "pages").glob("*.py"))
NEW = [name for name in models.ARCHITECTURES if name not in ("fast_cnn", "conv16_32", "mlp")]


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def trained(store: Store, architecture: str, layers: str = "", digits: int = 500) -> Run:
    """A finished run on few digits, with its last checkpoint alone.

    Its answers to whole parts are those to their first 200 digits again and again: pages take as long to draw them.
    """
    recipe = {"batch": 100, "rate": 0.003}
    config = TrainConfig.from_preset(architecture=architecture, layers=layers, digits=digits, device="cpu", **recipe)
    run, model = launch.create(config, store), network(config)
    for record in fit(model, mnist.digits("train"), mnist.digits("val").chosen(np.arange(200)), config):
        if record["kind"] != "checkpoint" or record["step"] == config.steps:
            records.append(run, record)
    checkpoints.save(run, config.steps, model)
    for part, count in (("val", 5_000), ("test", 10_000)):
        answers = logits.predict(model.eval(), mnist.digits(part).images[:200])
        derived.put(run, config.steps, f"logits_{part}", logits.VERSION, np.resize(answers, (count, 10)))
    last = {"step": config.steps, "seconds": 1.0, "images_per_second": 500.0}
    records.append(run, {"kind": "evaluation", "part": "test", "digits": 10_000, "loss": 1.0, "accuracy": 0.5, **last})
    records.append(run, {"kind": "finished", "test_accuracy": 0.5, "val_accuracy": 0.5, **last})
    return run


@pytest.mark.parametrize("architecture", NEW)
def test_every_page_is_whole_with_a_run_of_every_network(store: Store, architecture: str) -> None:
    run = trained(store, architecture)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["run"], app.query_params["part"] = run.id, "val"
    app.run()
    for page in PAGES:
        app.switch_page(page).run()
        assert len(app.title) == 1 and not app.exception and not app.error, f"{page} with {architecture}"
        if page == "pages/features.py":
            unscaled = any("pixels as they are" in said.value for said in app.markdown)
            assert unscaled == (architecture in ("conv32_64", "conv32_64_same"))
        if page == "pages/digit.py":
            refused = any("needs a convolution" in caption.value for caption in app.caption)
            assert refused == (architecture in ("lstm_rows", "vit"))


def attention_page() -> None:
    from mnist_viz.ui import link
    from mnist_viz.ui.inside import attention

    attention.show(link.choice())


def test_the_attention_of_a_transformer_is_drawn_for_the_chosen_digit(store: Store) -> None:
    app = AppTest.from_function(attention_page, default_timeout=120)
    app.session_state["run"] = trained(store, "vit").id
    app.run()
    assert not app.exception and len(app.get("bidi_component")) == 1
    assert "the stronger the colour of a patch" in app.caption[0].value


def test_a_network_without_attention_is_said_to_have_none(store: Store) -> None:
    app = AppTest.from_function(attention_page, default_timeout=120)
    app.run()
    assert not app.exception and not app.get("bidi_component")
    assert app.caption[0].value.startswith("This network has no attention to show: train the network vit")


def test_a_recipe_made_for_a_network_sets_it_and_the_others_leave_what_is_chosen(store: Store) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.switch_page("pages/train.py").run()
    app.selectbox(key="preset_shown").select("padded").run()
    assert app.text_input(key="architecture").value == "conv32_64_same"
    assert app.number_input(key="epochs").value == 10
    app.selectbox(key="preset_shown").select("longer").run()
    assert app.text_input(key="architecture").value == "conv32_64_same"
