"""The layers of a network of one's own go through every door: form, command line, file, checkpoint and parent."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import DamagedRun, Store
from mnist_viz.training import launch, lineage
from mnist_viz.training.config import Refused, TrainConfig, from_words
from mnist_viz.training.fit import network
from models.table import table

OWN = "c4k5s2-m2-r-d12-t"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs", cache=tmp_path / "cache")


def test_form_command_line_and_file_say_the_same_layers() -> None:
    form = TrainConfig.from_preset(architecture="built", layers="c4k5s2p0 m2s2 r d12 t")
    line = from_words("live", "built", set=[f"layers={OWN}"])
    assert form == line == TrainConfig.from_dict(json.loads(json.dumps(form.as_dict())))
    assert form.layers == OWN
    assert [layer.kind for layer in table(network(form))] == ["Conv2d", "MaxPool2d", "ReLU", "Linear", "Tanh", "Linear"]


def test_who_says_no_layers_gets_those_a_builder_begins_with() -> None:
    assert TrainConfig.from_preset(architecture="built").layers == "c16k3-m2-b-r-c32k3-m2-b-r"
    assert TrainConfig.from_preset(architecture="mlp").layers == ""


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"layers": OWN}, f"layers={OWN} belong to a network of one's own: choose architecture=built, or no layers."),
        ({"architecture": "built", "layers": "d5-c3k3"}, "Layer 2 is a convolution behind a dense layer, .*"),
        ({"architecture": "built", "layers": "what"}, "'what' says no layer: .*"),
        ({"architecture": "built", "layers": 7}, "layers=7 is no word for layers: try c16k3-r-d128-r."),
        (
            {"architecture": "built", "layers": "d5-b-r", "digits": 201, "batch": 100},
            "The last batch is a single digit, and norm1 compares the digits of a batch: .*",
        ),
    ],
)
def test_layers_that_make_no_sense_are_refused_in_one_sentence(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=f"^{sentence}$"):
        TrainConfig.from_preset(**settings)


def test_a_checkpoint_is_built_with_the_layers_of_its_run(store: Store) -> None:
    run = launch.create(config := TrainConfig.from_preset(architecture="built", layers=OWN), store)
    assert "-built-" in run.id and run.config["layers"] == OWN
    checkpoints.save(run, 0, model := network(config).eval())
    assert torch.equal(checkpoints.load(run, 0)(picture := torch.rand(2, 1, 28, 28)), model(picture))


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        (
            "d5-m2",
            r"says layers that cannot be built \(Layer 2 is a pooling behind a dense layer, .*\): choose another",
        ),
        ("c256k3-c256k28p14-c256k28p14", r"cannot be built \(With layer 2 .* that fit here: take fewer .*\): choose"),
        (["d5"], r"says layers that cannot be built \(The layers of a network are written as a word .*\): choose"),
        ("d5", "damaged or of another network: choose another"),
        (None, "damaged or of another network: choose another"),
    ],
)
def test_a_config_that_was_tampered_with_is_refused_with_a_reason(store: Store, layers: object, sentence: str) -> None:
    run = launch.create(config := TrainConfig.from_preset(architecture="built", layers=OWN), store)
    checkpoints.save(run, 0, network(config))
    (run.folder / "config.json").write_text(json.dumps({**run.config, "layers": layers}))
    with pytest.raises(DamagedRun, match=sentence):
        checkpoints.load(run, 0)


def test_a_parent_has_the_very_same_layers(store: Store) -> None:
    run = launch.create(config := TrainConfig.from_preset(architecture="built", layers=OWN), store)
    checkpoints.save(run, 9, network(config))
    words = {"architecture": "built", "parent": run.id}
    assert lineage.found(TrainConfig.from_preset("fine_tune", **words, layers=OWN), store).from_step == 9
    with pytest.raises(Refused, match=f"has the layers {OWN}: choose these, or another run to start from."):
        lineage.found(TrainConfig.from_preset("fine_tune", **words, layers="d12-t"), store)
