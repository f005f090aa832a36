"""The run that ships: its checkpoints are read again, and give what its records and its files say."""

import json

import numpy as np
import pytest
import torch

from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.logits import VERSION
from mnist_viz.runs.store import PRETRAINED, SHIPPED, Run, Store


@pytest.fixture(scope="module")
def run() -> Run:
    return Store.default().run(PRETRAINED)


def answers(run: Run, step: int, part: str, count: int) -> np.ndarray:
    """Logits by plain torch, in one batch."""
    pixels = torch.tensor(mnist.digits(part).images[:count]).unsqueeze(1).float() / 255
    with torch.no_grad():
        return np.asarray(checkpoints.load(run, step)(pixels))


def test_every_checkpoint_reads_the_validation_digits_as_recorded(run: Run) -> None:
    looks = [r for r in records.read_all(run) if r["kind"] == "evaluation" and r["part"] == "val"]
    assert {look["step"] for look in looks} == set(run.steps)
    labels = mnist.digits("val").labels
    for look in looks:
        count = look["digits"]
        right = (answers(run, look["step"], "val", count).argmax(1) == labels[:count]).mean()
        assert right == pytest.approx(look["accuracy"], abs=1.5 / count), look["step"]


@pytest.mark.parametrize("part", ["val", "test"])
def test_the_answers_that_ship_are_those_of_the_last_checkpoint(run: Run, part: str) -> None:
    step = run.steps[-1]
    shipped = np.load(SHIPPED / "derived" / f"{step:08d}" / f"logits_{part}-{VERSION}.npy")
    again = answers(run, step, part, len(shipped))
    np.testing.assert_allclose(shipped, again, atol=1e-3)
    assert (shipped.argmax(1) == again.argmax(1)).mean() > 0.9999


def test_its_test_accuracy_is_the_recorded_one(run: Run) -> None:
    ending = records.read_all(run)[-1]
    assert ending["kind"] == "finished"
    read = np.load(SHIPPED / "derived" / f"{run.steps[-1]:08d}" / f"logits_test-{VERSION}.npy").argmax(1)
    assert (read == mnist.digits("test").labels).mean() == pytest.approx(ending["test_accuracy"])


def test_it_is_small_and_holds_no_place_of_the_machine_that_made_it() -> None:
    files = [path for path in SHIPPED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4e6
    assert not [path for path in files if path.suffix not in {".json", ".jsonl", ".safetensors", ".npy"}]
    assert "/" not in json.dumps(json.loads((SHIPPED / "config.json").read_text()))
