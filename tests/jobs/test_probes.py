"""Regressions on a checkpoint: kept whole, told of, given up, and those that ship are what they say."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import models
from mnist_viz.analysis import probe
from mnist_viz.data import mnist
from mnist_viz.jobs import probes
from mnist_viz.jobs.probes import Probe
from mnist_viz.jobs.queue import Queue
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Run, Store
from tests.jobs.conftest import Wait


def test_what_is_made_is_known_from_then_on_and_told_on_the_way(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "EACH", 20)
    told = list[tuple[int, int]]()
    assert probes.known(run, 0) is None
    assert probes.make(run, 0, lambda done, of: told.append((done, of)))
    found = probes.known(run, 0)
    assert found is not None and list(found) == ["pixels", "numbers", "edges", "network"]
    assert told == [(done, 4) for done in range(4)]
    assert [one.width for one in found.values()] == [784, 60, 784, 128]
    assert all(5000 < one.test < 9000 and 2500 < one.val < 4500 for one in found.values()), found


def test_those_that_ship_are_what_scikit_learn_reads_from_the_features_of_the_last_checkpoint() -> None:
    run = Store.default().run(PRETRAINED)
    found = probes.known(run, run.steps[-1])
    assert found is not None
    train, test = mnist.digits("train"), mnist.digits("test")
    firsts = np.concatenate([np.flatnonzero(train.labels == label)[:500] for label in range(10)])
    model = checkpoints.load(run, run.steps[-1])
    with torch.inference_mode():
        seen = [
            model.features(torch.tensor(images)[:, None].float() / 255).numpy()
            for images in (train.images[firsts], test.images[:2000])
        ]
    reader = make_pipeline(StandardScaler(), LogisticRegression(C=found["network"].strength, max_iter=500))
    right = reader.fit(seen[0], train.labels[firsts]).score(seen[1], test.labels[:2000])
    assert right == pytest.approx(found["network"].test / 10_000, abs=0.012), "2,000 of the 10,000"
    assert 0.98 < found["network"].test / 10_000 < 0.995 and found["pixels"].width == 784


def test_the_queue_fits_them_in_its_process_says_why_it_cannot_and_gives_up(
    tmp_path: Path, run: Run, wait: Wait
) -> None:
    queue = Queue(gently=False)
    try:
        missing, real = Probe(run, 99), Probe(run, 0)
        queue.ask(missing)
        wait(lambda: (look := queue.look(missing)) is not None and not look.alive)
        look = queue.look(missing)
        assert look is not None and look.state == "failed" and look.reason
        queue.ask(real)
        wait(lambda: (look := queue.look(real)) is not None and look.stage == "fits")
        queue.cancel(real)
        look = queue.look(real)
        assert look is not None and look.state == "cancelled"
    finally:
        queue.close()


def test_a_run_that_prepares_its_digits_is_tried_on_prepared_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "EACH", 20)
    store = Store(tmp_path / "runs", tmp_path / "pretrained", tmp_path / "cache")
    tables = dict[str, dict[str, probe.Reached]]()
    for word in ("", "binarise50"):
        run = store.create({"architecture": "mlp", "preparation": word})
        torch.manual_seed(0)
        checkpoints.save(run, 0, models.build("mlp"))
        assert probes.make(run, 0, lambda _done, _of: None)
        found = probes.known(run, 0)
        assert found is not None
        tables[word] = found
    train, test = mnist.digits("train"), mnist.digits("test")
    firsts = probe.stratified(train.labels, 20)
    reader = make_pipeline(
        StandardScaler(), LogisticRegression(C=tables["binarise50"]["pixels"].strength, max_iter=500)
    )
    reader.fit((train.images[firsts].reshape(-1, 784) > 127.5).astype(float), train.labels[firsts])
    right = (reader.predict((test.images.reshape(-1, 784) > 127.5).astype(float)) == test.labels).sum()
    assert abs(right - tables["binarise50"]["pixels"].test) <= 20
    assert abs(right - tables[""]["pixels"].test) > 20
